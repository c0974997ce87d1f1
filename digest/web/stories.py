"""The page of a story: what happened, who told it when, and who did not; and how people group it otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler import query, tokens
from crawler.archive import Archive
from crawler.errors import Outdated, QueryError, UsageError
from crawler.records import Edition, Outlet, Story, SummarySentence
from digest import judging, news
from digest.dossier import dossier, history
from digest.relations import relations
from digest.signs import signs
from digest.timeline import timeline
from digest.web import acts, telling
from digest.web.call import Call, Page

#: So many articles that match are looked at for the stories that they are in, and so many of these are offered.
_LOOKED_AT, _OFFERED = 60, 12
#: Stories are offered that have one of so many names of a story.
_NAMES = 8
_A_DAY = timedelta(days=1)
#: So many sentences that are new are shown at first.
_NEW = 4


@dataclass(frozen=True, slots=True)
class Share:
    """How many outlets are of a kind or a country."""

    name: str
    count: int


def story(call: Call) -> Response:
    """Show a story: summary, timeline, outlets, and what is known beside: other languages, framing, who is absent."""
    return _page(call, _found(call))


def _found(call: Call) -> Story:
    found = call.archive.stories.get(call.number("story"))
    if found is None:
        raise HTTPException(404, f"There is no story {call.path['id']} in the archive.")
    return found


def _page(call: Call, found: Story, status: int = 200, fault: str = "") -> Response:
    """Show a story; after a fault, with the articles chosen that were chosen."""
    archive = call.archive
    articles = archive.articles.many(found.articles)
    known = dossier(archive, found, call.now)
    linked = ((link, archive.stories.get(link.story)) for link in known.also_in)
    shown = archive.editions.showing(found.id)
    return call.render(
        "story.html.j2",
        status,
        story=found,
        asked=call.number("story"),
        languages={article.id: article.language for article in articles},
        timeline=timeline(articles),
        relations=relations(archive, articles),
        signs=signs(archive, found.articles),
        names=archive.source_names(),
        known=known,
        linked=[(link, other) for link, other in linked if other is not None],
        history=history(found.id, known.moves),
        kinds=_shares(outlet.kind for outlet in found.outlets),
        countries=_shares(outlet.country or "unknown" for outlet in found.outlets),
        by_kind=_by_kind(found.outlets),
        told=shown,
        since=call.now - _A_DAY if shown is None else shown.made_at,
        new=_new(archive, found, shown, call.now, None if "new" in call.query else _NEW),
        is_all_new="new" in call.query,
        record=acts.of_story(archive, found.id),
        out=_chosen(call),
        fault=fault,
    )


def _new(
    archive: Archive, story: Story, shown: Edition | None, now: datetime, most: int | None
) -> Sequence[SummarySentence]:
    """List what is new since the last edition that showed a story, else in the last day."""
    if shown is not None and shown.content != "{}":
        return news.since_edition(archive, story, shown.id, sentences=most)
    return news.since(archive, story, now - _A_DAY if shown is None else shown.made_at, sentences=most)


def _shares(names: Iterable[str]) -> list[Share]:
    return [Share(*counted) for counted in sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))]


def _by_kind(outlets: Sequence[Outlet]) -> dict[str, list[Outlet]]:
    """Group outlets by kind, the most frequent kind first."""
    return {
        share.name: [each for each in outlets if each.kind == share.name]
        for share in _shares(each.kind for each in outlets)
    }


def _chosen(call: Call) -> list[int]:
    """Read which articles are chosen to go out, by a form or a link."""
    return _numbers(call.form.all("out") or call.query.get("out", "").split(","))


def _seen(call: Call) -> list[int]:
    return _numbers(call.form.get("seen").split())


def _numbers(texts: Iterable[str]) -> list[int]:
    """Read those that may be numbers of articles; what SQLite cannot count to is none."""
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= 18]


def split(call: Call) -> Response:
    """Take chosen articles out of a story into one of their own."""
    found, chosen = _found(call), _chosen(call)
    try:
        if not chosen:
            raise UsageError("choose the articles that tell of another event")
        new = judging.split(call.archive, found.id, chosen, call.visitor.name, call.now, _seen(call), call.config())
    except UsageError as error:
        return _page(call, _found(call), _status(error), str(error))
    numbers = ", ".join(map(str, new.articles))
    return call.to(
        f"/story/{new.id}", f"This story now has article {numbers}, out of story {found.id}. A merge undoes it."
    )


@dataclass(frozen=True, slots=True)
class Other:
    """A story that may be merged, with the reason why it is offered."""

    story: Story
    why: str = ""


def merging(call: Call) -> Response:
    """Look for the other story, and show both before they are made one."""
    return _merging(call, _found(call))


def _merging(call: Call, found: Story, status: int = 200, fault: str = "") -> Response:
    text = call.query.get("q", "").strip()
    other = _other(call, call.form.get("other") or call.query.get("other", ""), found)
    offered: list[Other] = []
    if other is None and text:
        try:
            offered = _offered(call, query.parse(text), text, found)
        except QueryError as error:
            status, fault = 400, str(error.args[2])
    elif other is None and (words := _words(found)):
        offered = _offered(call, query.any_of(words), "", found)
    return call.render(
        "merge.html.j2",
        status,
        story=found,
        other=other,
        offered=offered,
        q=text,
        fault=fault,
        seen=sorted({*found.articles, *(other.articles if other is not None else ())}),
    )


def _other(call: Call, text: str, found: Story) -> Story | None:
    """Find the story that was chosen; None while none is."""
    if not text:
        return None
    chosen = _numbered(call.archive, text)
    if chosen is None:
        raise UsageError(f"there is no story {text[:40]!r} that has articles; search for it by its words")
    if chosen.id == found.id:
        raise UsageError(f"story {text} is story {found.id} already")
    return chosen


def _words(story: Story) -> tuple[query.Node, ...]:
    """Take the names of a story, or else the words of its title, to find others like it."""
    texts = story.names[:_NAMES] or tuple(tokens.words(story.title)[:_NAMES])
    return tuple(query.Term(text) for text in texts if tokens.words(text))


def _offered(call: Call, node: query.Node, text: str, found: Story) -> list[Other]:
    """Find stories by number, or by what their articles say, the best first."""
    numbered = _numbered(call.archive, text.removeprefix("story:").strip())
    ids = call.archive.best(node, call.now, _LOOKED_AT)
    homes = call.archive.stories.homes(ids)
    counts = Counter(homes[id_] for id_ in ids if id_ in homes)
    stories = {each.id: each for each in call.archive.stories.many(counts)}
    ranked = [
        Other(stories[id_], telling.count(count, "article that matches", "articles that match"))
        for id_, count in counts.most_common()
        if id_ in stories
    ]
    first = [] if numbered is None else [Other(numbered, f"story {text}")]
    kept = {other.story.id: other for other in reversed([*first, *ranked]) if other.story.id != found.id}
    return list(reversed(kept.values()))[:_OFFERED]


def _numbered(archive: Archive, text: str) -> Story | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        return None
    found = archive.stories.get(int(text))
    return found if found is not None and found.articles else None


def merge(call: Call) -> Response:
    """Make one story of two; the one that was asked for stays."""
    found = _found(call)
    other = call.form.number("other")
    try:
        whole = judging.merge(call.archive, [found.id, other], call.visitor.name, call.now, _seen(call), call.config())
    except Outdated as error:
        return _merging(call, _found(call), 409, str(error))
    return call.to(
        f"/story/{whole.id}", f"Story {other} is part of this story now, with {len(whole.articles)} articles."
    )


def _status(error: UsageError) -> int:
    return 409 if isinstance(error, Outdated) else 400


PAGES = (
    Page("/story/{id}", story),
    Page("/story/{id}/merge", merging, "editor"),
    Page("/story/{id}/split", split, "editor", writes=True),
    Page("/story/{id}/merge", merge, "editor", writes=True),
)
