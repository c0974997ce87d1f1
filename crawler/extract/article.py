"""Makes the article of a page: each field from the best evidence there is, with that evidence beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler import agencies, invisible, urls
from crawler.errors import NoArticle
from crawler.extract import (
    authors,
    beside,
    body,
    boxes,
    cards,
    consent_boxes,
    credit,
    dating,
    eyes,
    figures,
    flash,
    forms,
    headline,
    jsonld,
    language,
    makers,
    metadata,
    missing,
    notices,
    pointers,
    refusal,
    reporters,
    rows,
    signature,
    standfirst,
    standing,
    tails,
    teasers,
    trim,
    unseen,
    walls,
)
from crawler.extract.byline import Byline
from crawler.extract.dates import Printed, in_utc, read_machine
from crawler.extract.declared import Declared, Said
from crawler.extract.forms import Shape
from crawler.extract.lines import MOST_LINES, letters, weight
from crawler.extract.long_runs import LONGEST
from crawler.extract.loose import Loose, read_loose
from crawler.extract.overriding import Overriding
from crawler.extract.page import ParsedPage, parse
from crawler.records import Article, Completeness, Entry, Fetched, Source, TakenOut

#: Grows with every change that gives other articles of the same pages.
EXTRACTOR_VERSION = "presswatch-8"

#: So many lines below the first of the text a row of facts stands, where that is a standfirst.
_BELOW_STANDFIRST = 3
#: Lines that weigh more are sentences, of which the first are the lead.
_LEAD = 60
#: Fewer words than this may be the beginning only.
_PAYWALLED_SHORT = 150


@dataclass(frozen=True, slots=True)
class _Body:
    lines: tuple[str, ...]
    #: The lines with the wall below them, and what stands below that.
    shown: tuple[str, ...]
    taken_out: tuple[TakenOut, ...]
    byline: Byline
    loose: Loose
    evidence: str
    #: With its evidence; both "" when there is none.
    lead: Said
    shape: Shape
    #: The line by which the page asks for payment before it shows more; "" where it does not.
    wall: str
    #: For reading dates: declared, or told by the text.
    language: str


def extract(page: Fetched, source: Source, host_blocks: Collection[int] = frozenset()) -> Article:
    """Make the article of a fetched page; raise NoArticle with the reason when it holds none.

    ``host_blocks`` are the lines (by ``block_hashes``) that the host is known to repeat on its pages.
    """
    url = urls.normalise(page.final_url) or page.final_url
    override = Overriding.of(page, url, source)
    try:
        return _extract(page, url, source, host_blocks, override)
    except NoArticle:
        # An override never costs an article.
        if (without := override.without_effect()) is None:
            raise
        return _extract(page, url, source, host_blocks, without)


def _extract(page: Fetched, url: str, source: Source, host_blocks: Collection[int], override: Overriding) -> Article:
    parsed = parse(page.body, page.content_type, url, override.read)
    said = metadata.read_page(parsed)
    entry = page.entry
    found = override.title or headline.choose(said, url, source.name, parsed.lines, parsed.elements)
    title = found or ((invisible.of_title(entry.title), "feed") if entry and entry.title else None)
    read = _read_body(parsed, said, title[0] if title else "", source, host_blocks, override)
    by_hand = override.text is not None
    read = _checked(parsed, said, title[0] if title else "", source, host_blocks, read, by_hand=by_hand)
    text = "\n\n".join(read.lines)
    if override.text is None and (listed := cards.count(parsed, said, read.lines)):
        raise NoArticle("no article", f"the page lists {listed} other texts and has none of its own")
    title = title or (read.lines[0][:120], "text")
    shape = read.shape
    evidence = {"title": title[1], **_of_text(parsed, said, read, url)}
    names = _site_names(said, source, url)
    if pointed := override.signed(names, read.language):
        said.authors.insert(0, pointed)
    signed = pointed or _authors(said, read, entry, names, parsed)
    writers = signed[0] if signed else ()
    if signed:
        evidence["authors"] = signed[1]
    origin = _credit(said, read, entry, url, names, writers)
    writers = tuple(name for name in writers if not (origin and agencies.signing(name, read.language)))
    tongue, evidence["language"] = language.tell(title[0], text, said.language, source.language)
    elsewhere = origin is not None and not agencies.agency(origin[0])
    choice = _published(said, read, entry, parsed, page.fetched_at, override, credited=elsewhere)
    dated = choice.published
    evidence |= {"published_refused": choice.why} if choice.why else {}
    own_zone = not (dated and dated[1] == "byline" and origin and origin[1] == "credit line")
    newest = [(shape.time, "the newest post")] if shape.time else []
    modified = dating.choose_modified([*newest, *said.modified], read.byline, read.loose, page.fetched_at)
    if origin:
        evidence["credited_to"] = origin[1]
    reservation = said.reservation or page.reservation
    evidence |= {"tdm_reserved": reservation.where} if reservation else {}
    evidence |= override.evidence()
    article = Article(
        url=url,
        source=source.key,
        title=title[0],
        text=text,
        canonical_url=said.canonical if said.canonical and urls.same_site(said.canonical, url) else None,
        lead=read.lead[0],
        completeness="lead" if shape.lead or read.wall else _completeness(said, read.lines),
        form=shape.form,
        authors=writers,
        modified=modified[0].iso if modified else None,
        language=tongue,
        credited_to=invisible.of_name(origin[0]) if origin else None,
        carried_by=source.name,
        site_name=invisible.of_name(said.site_name) if said.site_name else None,
        image=urls.join(url, said.image) if said.image else None,
        paywalled=True if read.wall else said.paywalled,
        tdm_reserved=reservation.reserved if reservation else None,
        tdm_policy=(reservation.policy or None) if reservation else None,
        tags=said.tags,
        taken_out=read.taken_out,
        extractor_version=EXTRACTOR_VERSION + override.version(),
    )
    if modified:
        evidence["modified"] = modified[1]
    evidence |= _of_single(article, said)
    return _dated(article, dated, source.timezone if own_zone else None, evidence)


def _of_text(parsed: ParsedPage, said: Declared, read: _Body, url: str) -> dict[str, str]:
    """Tell where the text was read, and what is to be known of it."""
    cut = f", its first {MOST_LINES:,} lines" if len(parsed.lines) >= MOST_LINES else ""
    if parsed.unread and any(2 * len(line) > LONGEST for line in read.lines):
        cut += f", the first {LONGEST:,} characters of a line"
    found = {"text": read.evidence + cut}
    if read.lead[0]:
        found["lead"] = read.lead[1]
    if read.taken_out:
        found |= trim.repeated_by(urls.host_of(url))
    if said.paywalled is not None:
        found["paywalled"] = "page"
    if read.wall:
        found["paywalled"] = f"below the text: {read.wall[:100]}"
    if read.shape.evidence:
        found["form"] = read.shape.evidence
    return found


def _published(
    said: Declared,
    read: _Body,
    entry: Entry | None,
    parsed: ParsedPage,
    now: datetime | None,
    override: Overriding,
    *,
    credited: bool,
) -> dating.Choice:
    if pointed := override.dated(read.language, now):
        return dating.Choice(pointed)
    feed = read_machine(entry.published) if entry and entry.published else None
    if read.shape.form == "live":
        return dating.choose_of_live(said.published, read.byline, feed, parsed.url, now)
    return dating.choose_published(
        said.published, said.modified, read.byline, read.loose, feed, parsed, read.language, now, credited=credited
    )


def _of_single(article: Article, said: Declared) -> dict[str, str]:
    """Tell where the fields of a single value were read."""
    declared = {"canonical_url": "canonical", "site_name": "site_name", "image": "image", "tags": "tags"}
    found = {name: said.where.get(key, "") for name, key in declared.items() if getattr(article, name)}
    return {name: where for name, where in found.items() if where}


def from_entry(entry: Entry, source: Source, reason: str, now: datetime | None = None) -> Article:
    """Make the article that a feed entry gives by itself, when its page cannot be had for ``reason``.

    ``now`` is when the feed was read: what lies after it is no date of publication.
    """
    if not entry.title and not entry.summary:
        raise NoArticle(reason, "the feed gives neither a title nor a summary")
    text = entry.summary.strip()
    if letters(text) == letters(entry.title):
        text = ""
    title = invisible.of_title(entry.title or text[:120])
    names = (source.name, urls.site_of(entry.url))
    evidence = {"title": "feed", "text": f"feed ({reason})"}
    tongue, evidence["language"] = language.tell(title, text, entry.language, source.language)
    printed = read_machine(entry.published) if entry.published else None
    if printed and dating.is_late(printed, now):
        evidence["published_refused"] = dating.Choice(None, (printed, "feed")).why
        printed = None
    writers = authors.clean(entry.authors, names)
    if writers:
        evidence["authors"] = "feed"
    origin = credit.choose(
        line=None,
        node={},
        feed=entry.credited_to,
        author_names=writers,
        paragraphs=[text],
        canonical=None,
        url=entry.url,
        own_names=names,
        language=tongue,
    )
    if origin:
        evidence["credited_to"] = origin[1]
    evidence |= {name: "feed" for name in ("image", "tags") if getattr(entry, name)}
    evidence |= {"lead": "feed"} if text else {}
    evidence |= {"modified": "feed"} if entry.updated else {}
    if field_name := {"paywalled": "paywalled", "tdm reserved": "tdm_reserved"}.get(reason):
        evidence[field_name] = "answer to its page"
    article = Article(
        url=urls.normalise(entry.url) or entry.url,
        source=source.key,
        title=title,
        text=text,
        lead=text,
        completeness="lead" if text else "headline",
        authors=writers,
        modified=entry.updated,
        language=tongue,
        credited_to=invisible.of_name(origin[0]) if origin else None,
        carried_by=source.name,
        image=entry.image,
        paywalled=True if reason == "paywalled" else None,
        tdm_reserved=True if reason == "tdm reserved" else None,
        tags=entry.tags,
        extractor_version=EXTRACTOR_VERSION,
    )
    return _dated(article, (printed, "feed") if printed else None, source.timezone, evidence)


def _dated(article: Article, dated: tuple[Printed, str] | None, zone: str | None, evidence: dict[str, str]) -> Article:
    if dated is None:
        return replace(article, evidence=evidence)
    printed, where = dated
    evidence["published"] = where
    moment = in_utc(printed, zone)
    own = datetime.fromisoformat(printed.iso).tzinfo is not None
    evidence["published_utc"] = "none" if moment is None else "page" if own else "source timezone"
    return replace(
        article,
        published=printed.iso,
        published_utc=moment,
        published_precision=printed.precision,
        published_evidence=where,
        evidence=evidence,
    )


def _read_body(
    parsed: ParsedPage,
    said: Declared,
    title: str,
    source: Source,
    host_blocks: Collection[int],
    override: Overriding,
) -> _Body:
    raw, evidence = override.text or _arbitrate(body.lines(parsed, said), said)
    shape = forms.shape(parsed, said, title, raw)
    if shape.lines is not None and override.text is None:
        raw, evidence = list(shape.lines), shape.where
    title_at = standing.title_at(parsed, title)
    if shape.lines is None and override.text is None:
        raw = teasers.without(raw, parsed, title_at, said.language, declared=flash.declares(parsed, said))
    first_at, last_at = standing.text_at(parsed, raw, title_at)
    tongue = said.language or source.language or language.tell(title, " ".join(raw), "", "")[0]
    tongue = figures.region(tongue, (line.text for line in parsed.lines), said.locale)
    places = eyes.about(parsed.lines, first_at, last_at, title_at)
    seen = eyes.below(eyes.seen(parsed.lines, first_at, title_at, tongue, places), shape.first)
    about = (title, said.description, *said.tags, *[line for line in raw[:4] if weight(line) > _LEAD][:2])
    apart = rows.parted(
        seen, [at for at in places if at <= first_at + _BELOW_STANDFIRST], tongue, title_at=title_at, about=about
    )
    found = signature.read(apart, title_at, first_at, last_at, tongue)
    found = replace(found, lines=rows.as_printed(found.lines, apart, seen))
    loose = read_loose(rows.for_days(apart, seen, tongue), title_at, first_at, last_at, tongue)
    loose.lines = list(rows.as_printed(loose.lines, apart, seen))
    if shape.form == "several" and shape.lines is None:
        found = replace(found, authors=())  # of one of them only
    alone = (*found.authors, found.source or "", said.site_name or "", source.name)
    lines = trim.trim(
        raw,
        title=title,
        byline_lines=(*found.lines, *loose.lines),
        names=alone,
        page_lines=parsed.lines,
        declared=flash.declares(parsed, said),
    )
    lines = tails.without(consent_boxes.without(boxes.without(lines, parsed.lines), parsed.lines, title))
    if override.text is None and shape.form != "live":
        lines = pointers.without(lines, parsed)
    if override.text is None and not said.paywalled:
        lines = unseen.without(lines, parsed.lines)
    lead = standfirst.read(said, parsed, title, title_at, first_at, lines, (*found.lines, *loose.lines)) or ("", "")
    may_end = said.paywalled is not False and _is_short(lines)
    lines = walls.without_offers(parsed, lines) if may_end else lines
    wall = walls.below(parsed, lines) if may_end else ""
    shown = tuple(lines)
    lines = walls.without(lines, wall or ("" if said.paywalled is False else walls.metered(lines)))
    # Last, so that a kept text without these lines is what the page would give.
    lines, taken = trim.without_repeats(lines, host_blocks, lead[0])
    return _Body(tuple(lines), shown, taken, found, loose, evidence, lead, shape, wall, tongue)


def _checked(
    parsed: ParsedPage,
    said: Declared,
    title: str,
    source: Source,
    host_blocks: Collection[int],
    read: _Body,
    *,
    by_hand: bool,
) -> _Body:
    """Give the text of a page if it is an article's; raise NoArticle with the reason when it is none.

    ``by_hand`` says that an override told where the text stands.
    """
    text = "\n\n".join(read.lines)
    try:
        if not by_hand:
            names = _site_names(said, source, parsed.url)
            notices.check(parsed, title, read.shown, names, declared=flash.declares(parsed, said))
        if not by_hand and (none := missing.heading(parsed, said, title, text)):
            raise NoArticle("soft 404", f"the page answers 200 and says {none!r}")
        declared = flash.declares(parsed, said)
        refusal.check(title, text, "\n\n".join(read.shown), declared=declared)
    except NoArticle as why:
        if why.reason == "no article" and (said.paywalled or read.wall):
            raise NoArticle("paywalled", _asks_for_payment(read, len(text))) from why
        walled = why.reason == "consent wall"
        if not by_hand and (short := _flash(parsed, said, title, source, host_blocks, read, walled=walled)):
            return short
        if why.reason == "no article" and parsed.unread:
            raise NoArticle("no article", f"{why.detail}; {parsed.unread}") from why
        raise
    return read


def _flash(
    parsed: ParsedPage,
    said: Declared,
    title: str,
    source: Source,
    host_blocks: Collection[int],
    read: _Body,
    *,
    walled: bool,
) -> _Body | None:
    """Read a page that looked like none as news of a sentence or two; None when it has none either."""
    found = flash.find(parsed, said, title, walled=walled)
    lines = trim.trim(
        found,
        title=title,
        byline_lines=(*read.byline.lines, *read.loose.lines),
        names=(*read.byline.authors, read.byline.source or "", said.site_name or "", source.name),
        page_lines=parsed.lines,
        declared=flash.declares(parsed, said),
    )
    # Of some news the headline is all, and it is told again.
    lines = boxes.without(lines, parsed.lines) or [line for line in found if letters(line) == letters(title)]
    # What the host says on its other pages, too, is no news.
    if all(any(map(host_blocks.__contains__, trim.block_hashes(line))) for line in lines):
        return None
    lines, taken = trim.without_repeats(lines, host_blocks)
    if notices.find(title, lines, _site_names(said, source, parsed.url), declared=True):
        return None
    try:
        refusal.check(title, "\n\n".join(lines), sure=flash.declares(parsed, said), declared=True)
    except NoArticle:
        return None
    return replace(read, lines=tuple(lines), taken_out=taken, evidence="right below the headline")


def _arbitrate(raw: list[str], said: Declared) -> tuple[list[str], str]:
    """Take the declared articleBody where the text that was found is clearly not that article."""
    declared = body.of_article_body(said.article_body)
    size = sum(len(letters(line)) for line in declared)
    if size < 300:
        return raw, "page"
    found = letters(" ".join(raw))
    # Asked in pieces: what a page declares in one run it shows with headings and boxes in between.
    pieces = [key[at : at + 40] for key in map(letters, declared) for at in range(0, max(1, len(key) - 39), 120)]
    missing = sum(piece not in found for piece in pieces) / len(pieces)
    # trafilatura itself falls back on articleBody, and then loses its paragraphs.
    same = len(raw) < len(declared) and found == letters(" ".join(declared))
    if not raw or same or missing > 0.6:
        return declared, "json-ld articleBody"
    return raw, "page"


def _site_names(said: Declared, source: Source, url: str) -> tuple[str, ...]:
    names = [source.name, said.site_name or "", urls.site_of(url)]
    names.append(urls.site_of(url).split(".")[0])
    return tuple(name for name in names if name)


def _authors(
    said: Declared, read: _Body, entry: Entry | None, names: Sequence[str], parsed: ParsedPage
) -> tuple[tuple[str, ...], str] | None:
    candidates = [
        (makers.without(values, parsed.lines, said.generator) if where.startswith("meta") else values, where)
        for values, where in said.authors
    ]
    candidates.insert(1 if candidates and candidates[0][1] == "json-ld" else 0, (read.byline.authors, "byline"))
    if entry:
        candidates.append((entry.authors, "feed"))
    candidates += [(reporters.of_dateline(line), "dateline") for line in read.lines[:2]]
    known = (*names, *said.tags, *said.h1, *(value for value, _ in said.titles))
    candidates.append((beside.beside_dates(parsed, read.loose.places, known, read.language), "line beside the date"))
    return authors.choose(
        candidates,
        names,
        read.language,
        lambda name: authors.is_printed(name, parsed.lines),
        outlets=tuple(jsonld.organisations(said.node)) if jsonld.is_news(said.node) else None,
    )


def _credit(
    said: Declared, read: _Body, entry: Entry | None, url: str, names: Sequence[str], writers: Sequence[str]
) -> Said | None:
    declared = [*writers, *read.byline.authors, *(value for values, _ in said.authors for value in values)]
    line, home = read.byline.source, urls.join(url, read.byline.home) if read.byline.home else None
    if line and not agencies.known(line) and home and urls.same_site(home, url):
        line = None  # a page that names itself as the first
    return credit.choose(
        line=line,
        node=said.node,
        feed=entry.credited_to if entry else None,
        author_names=declared,
        paragraphs=read.lines,
        canonical=said.canonical,
        url=url,
        own_names=names,
        language=read.language,
        rights=read.byline.owner,
    )


def _asks_for_payment(read: _Body, shown: int) -> str:
    told = f"says {read.wall[:100]!r}" if read.wall else "says that it is not free"
    return f"the page {told} and shows {shown} characters of text"


def _completeness(said: Declared, lines: Sequence[str]) -> Completeness:
    return "lead" if said.paywalled and _is_short(lines) else "full"


def _is_short(lines: Sequence[str]) -> bool:
    words = 0
    for line in lines:
        words += len(line.split()) + (weight(line) - len(line)) // 4
        if words >= _PAYWALLED_SHORT:
            return False
    return True
