"""The page of an article: its text, where it comes from, who carried it, how it changed, and what people say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from crawler.errors import NoArticle, Outdated, UsageError
from crawler.extract import charsets
from crawler.raw import RawError, raw_folder
from crawler.records import Article
from digest import judging, reprints, side_by_side
from digest.relations import relations
from digest.web import acts, marks, reading
from digest.web.call import Call, Page

#: A page of somebody else, shown as text.
_SHUT = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#: Other articles of the story that are named.
_KIN = 8
_PROOF = {
    "credit": "it names its origin",
    "time": "it was published later",
    "open": "which of the two was first is open",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A copy beside its original."""

    reprint: reprints.Reprint
    proof: str
    rows: list[side_by_side.Row]


def article(call: Call) -> Response:
    """Show an article with its evidence, origin, copies, revisions, and what people said of it."""
    return _page(call, _found(call))


def _found(call: Call) -> Article:
    found = call.archive.articles.get(call.number("article"))
    if found is None or found.id is None:
        raise HTTPException(404, f"There is no article {call.path['id']} in the archive.")
    return found


def _page(call: Call, found: Article, status: int = 200, fault: str = "", opened: str = "") -> Response:
    """Show an article; ``opened``: the form that stays open, with what was typed, because of a fault."""
    archive, number = call.archive, found.id or 0
    source = archive.sources.get(found.source)
    family = reading.family(archive, found)
    mentions = archive.watches.of([number]).get(number, [])
    spans = marks.of_watches(archive, found, source, mentions)
    holding, undone = acts.of_article(archive, number)
    return call.render(
        "article.html.j2",
        status,
        article=found,
        source=source,
        facts=reading.facts(found),
        forms=reading.FORMS,
        family=family,
        kin=reading.kin(archive, found, _KIN),
        relations=relations(archive, [found, *family.copies]),
        beside=_beside(found, family.origin),
        revisions=reading.revisions(found, archive.articles.revisions(number)),
        mentions=mentions,
        watch_query=reading.watch_query,
        title=marks.pieces(found.title, spans.get("title", ())),
        lead=marks.pieces(found.lead, spans.get("lead", ())),
        paragraphs=marks.paragraphs(found.text, spans.get("text", ())),
        holding=holding,
        undone=undone,
        is_irrelevant=any(said.judgement.kind == "irrelevant" for said in holding),
        fault=fault,
        opened=opened,
        typed=call.form,
    )


def _beside(copy: Article, original: Article | None) -> Beside | None:
    if original is None:
        return None
    reprint = reprints.compare(copy, original)
    return Beside(reprint, _PROOF[reprint.direction], side_by_side.rows(copy, original, reprint))


def judge(call: Call) -> Response:
    """Do what an editor says of an article; where it cannot be done, the page says why and keeps what was typed."""
    found, act = _found(call), call.form.get("act")
    if act not in _ACTS:
        raise UsageError(f"act: found {act[:40]!r}, wanted one of {', '.join(_ACTS)}")
    try:
        said = _ACTS[act](call, found.id or 0)
    except UsageError as error:
        return _page(call, _found(call), 409 if isinstance(error, Outdated) else 400, str(error), act)
    return call.to(f"/article/{found.id}", said)


def _note(call: Call, article: int) -> str:
    public = "public" in call.form
    call.archive.judgements.note(article, call.form.get("text"), call.visitor.name, call.now, public=public)
    return "The note is kept; digests that show this article show it." if public else "The note is kept."


def _tag(call: Call, article: int) -> str:
    tags = [tag for tag in call.form.get("tags").replace("，", ",").replace("،", ",").split(",") if tag.strip()]
    if not tags:
        raise UsageError("write a tag, or several with commas between them")
    given = call.archive.judgements.tag(article, tags, call.visitor.name, call.now)
    return f"Tagged {', '.join(said.value for said in given)}." if given else "It has these tags now."


def _untag(call: Call, article: int) -> str:
    tag = call.form.get("tag")
    call.archive.judgements.untag(article, [tag], call.visitor.name, call.now)
    return f"The tag {tag} is taken off."


def _irrelevant(call: Call, article: int) -> str:
    if judging.mark(call.archive, article, "irrelevant", call.visitor.name, call.now, call.config()):
        return "Marked irrelevant. It stays in the archive and is found by searches, but is in no story and no digest."
    return "It was marked irrelevant already."


def _not_a_copy(call: Call, article: int) -> str:
    if judging.mark(call.archive, article, "not-a-copy", call.visitor.name, call.now, call.config()):
        return "Marked as no copy. It stands for itself now and is never folded again."
    return "It was marked as no copy already."


def _date(call: Call, article: int) -> str:
    date = call.form.get("date")
    if not date:
        raise UsageError("write the date, as 2026-11-23 or 2026-11-23T07:30+08:00")
    seen = call.form.get("seen")
    judging.correct(call.archive, article, call.visitor.name, call.now, date=date, seen_date=seen, config=call.config())
    return "The date is corrected. Digests that showed the other one will say so."


def _authors(call: Call, article: int) -> str:
    authors = [name.strip() for name in call.form.get("authors").replace("；", ";").split(";") if name.strip()]
    if not authors:
        raise UsageError("write who wrote it; several names with ; between them")
    seen = call.form.all("seen")
    judging.correct(
        call.archive, article, call.visitor.name, call.now, authors=authors, seen_authors=seen, config=call.config()
    )
    return "The authors are corrected."


def _take_back(call: Call, article: int) -> str:
    number = call.form.number("judgement")
    said = call.archive.judgements.get(number)
    if said is None or said.article != article:
        raise UsageError("this judgement is about another article")
    judging.take_back(call.archive, number, call.visitor.name, call.now, call.config())
    return "Taken back. The list keeps that it was said."


_ACTS: Mapping[str, Callable[[Call, int], str]] = {
    "note": _note,
    "tag": _tag,
    "untag": _untag,
    "irrelevant": _irrelevant,
    "not-a-copy": _not_a_copy,
    "date": _date,
    "authors": _authors,
    "take-back": _take_back,
}


def raw(call: Call) -> Response:
    """Give the page as its publisher sent it: as plain text, for nothing of it may run here."""
    found, config = _found(call), call.config()
    if found.raw_ref is None:
        raise HTTPException(
            404, f"No raw page is kept of article {found.id}; [raw] keep in presswatch.toml keeps them."
        )
    folder = None if config is None else raw_folder(config, call.archive.path)
    if folder is None:
        raise HTTPException(404, "There is no folder of raw pages.")
    from crawler.importing import raw_page  # reading the page needs half of the crawler, which is slow to load

    try:
        page = raw_page(folder, found.raw_ref, found.url, call.now)
    except (RawError, NoArticle) as error:
        raise HTTPException(404, f"{error}. Raw pages are kept as long as [raw] keep says.") from error
    return PlainTextResponse(charsets.decode(page.body, page.content_type), headers={"Content-Security-Policy": _SHUT})


PAGES = (
    Page("/article/{id}", article),
    Page("/article/{id}/raw", raw),
    Page("/article/{id}/judge", judge, "editor", writes=True),
)
