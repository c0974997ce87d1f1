"""Feeds: RSS, RDF, Atom and JSON Feed in whatever state they come, read into plain records.

Runs in a worker process: a hostile feed costs one worker at most.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.polling import Contents
from crawler.records import Entry
from crawler.spiders.dates import iso
from crawler.spiders.text import decode, plain, squeeze
from crawler.urls import is_fetchable, normalise

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_HTML_START = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|div|script)\b", re.IGNORECASE)
_FEED_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel|xml)\b", re.IGNORECASE)
_LINK_URI = re.compile(r"""(<link\b[^<>]{0,500}?)\s+uri=(?:"[^"<>]*"|'[^'<>]*')""", re.IGNORECASE)
_BRACKETED = re.compile(
    r"""(<link\b[^<>]{0,500}?(?:>\s*(?:<!\[CDATA\[\s*)?|\shref=["']\s*)\w{1,20}://)([^\s<>"'/?#]*[\[\]][^\s<>"'/?#]*)""",
    re.IGNORECASE,
)
#: Stand for the brackets of a host that cannot be, until feedparser has read it: it blanks the whole link.
_MASK, _UNMASK = str.maketrans("[]", "\ue000\ue001"), str.maketrans("\ue000\ue001", "[]")
_COMMENT = re.compile(r"<!--.*?-->\s*|<\?.*?\?>\s*", re.DOTALL)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENDED = re.compile(r"</(?:\w{1,20}:)?(?:rss|feed|rdf|channel|xml)\s*>", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ENTRY_START = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_SKIPPED = re.compile(r"<skip(hours|days)\b[^<>]*>([^!]{0,2000}?)</skip", re.IGNORECASE)
_SKIPPED_ITEM = re.compile(r"<(?:hour|day)\b[^>]*>\s*(\w+)\s*<", re.IGNORECASE)
_PERIODS = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
_TAGGED = re.compile(r"</[a-z][a-z0-9]*\s*>|<(?:br|img|hr|wbr)\b[^<>]*>", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONGEST_SUMMARY = 10_000
_MOST_TAGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Contents):
    """A feed as it was served."""

    title: str = ""
    language: str = ""
    #: Where the feed says that it stands, and its WebSub hub.
    self_url: str | None = None
    hub: str | None = None


def parse_feed(body: bytes, content_type: str, url: str) -> Feed:
    """Read a feed; what cannot be read as one says so in its problem."""
    text = decode(body, content_type).strip()
    if not text:
        return Feed(problem="the answer is empty")
    if text[0] in "{[":
        return _json_feed(text, url)
    if _HTML_START.match(_COMMENT.sub("", text[:5_000])) and not _FEED_ROOT.search(text[:2_000]):
        return Feed(problem="the address answers with a web page, not a feed")
    # What stands before the first tag (warnings of broken scripts) hides the feed from every parser.
    served = text[max(text.find("<"), 0) :]
    document = _whole(served)
    if len(document) < len(served) and not _ENTRY_END.search(document):
        return Feed(problem="the feed is broken: it ends in its first entry")
    document = _DECLARATION.sub("", document)
    # feedparser prefers the attribute to the text; Bluesky's is "at://...", which no browser opens.
    document = _BRACKETED.sub(_masked, _LINK_URI.sub(r"\1", document))
    parsed = _feedparser(document, url)
    if not parsed.entries:
        return _second_reading(document, url, parsed)
    return _feed(parsed, document, url)


def _feedparser(document: str, url: str) -> Any:
    import feedparser  # only in workers: the crawl itself knows this module for its records

    # A file object, because feedparser opens files and addresses that it is handed as plain strings.
    stream = io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + document.encode("utf-8", "replace"))
    told = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    # Its sanitiser lets scripts through and is slow; nothing but text leaves this module anyway.
    return feedparser.parse(stream, response_headers=told, sanitize_html=False, resolve_relative_uris=False)


def _masked(found: re.Match[str]) -> str:
    try:
        urlsplit(f"//{found[2]}")
    except ValueError:
        return found[1] + found[2].translate(_MASK)
    return found[0]


def _whole(text: str) -> str:
    """Cut a feed that ends early after its last whole entry: half an address leads somewhere else."""
    if _ENDED.search(text[-2_000:]) or not _ENTRY_START.search(text):
        return text
    ends = [found.end() for found in _ENTRY_END.finditer(text)]
    unfinished = _ENTRY_START.search(text, ends[-1] if ends else 0)
    return text[: unfinished.start()] if unfinished and not _ENDED.search(text) else text


def _feed(parsed: Any, document: str, url: str) -> Feed:
    rss = not str(parsed.get("version") or "").startswith("atom")
    language = squeeze(str(parsed.feed.get("language") or ""))
    entries, nameless = _divided(_entry(item, url, language, rss=rss) for item in parsed.entries)
    links = {str(link.get("rel")): link.get("href") for link in parsed.feed.get("links") or ()}
    hours, days = _skipped(document)
    return Feed(
        title=_title(parsed.feed, rss=rss),
        language=language,
        entries=entries,
        nameless=nameless,
        ttl_seconds=_ttl(parsed.feed),
        skip_hours=hours,
        skip_days=days,
        self_url=links.get("self"),
        hub=links.get("hub"),
    )


def _divided(read: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Part the entries that name a page from those that name none, or one that nobody could fetch."""
    entries: list[Entry] = []
    nameless: list[Entry] = []
    for entry in read:
        (entries if is_fetchable(entry.url) else nameless).append(entry)
    return tuple(entries), tuple(nameless)


# One entry of RSS or Atom


def _entry(item: Any, url: str, language: str, *, rss: bool) -> Entry:
    address = _address(item, url)
    published, updated = iso(dict.get(item, "published")), iso(dict.get(item, "updated"))
    if rss and published is None:
        # RSS knows no updates: its dc:date is when the text came out.
        published, updated = updated or iso(dict.get(item, "created")), None
    detail = item.get("title_detail") or {}
    return Entry(
        url=address,
        title=_title(item, rss=rss),
        summary=_summary(item),
        authors=_people(item),
        published=published,
        updated=updated,
        guid=squeeze(str(dict.get(item, "id") or "")),
        language=squeeze(str(dict.get(item, "language") or detail.get("language") or language)),
        credited_to=_credit(item),
        tags=_distinct(tag.get("label") or tag.get("term") or "" for tag in item.get("tags") or ())[:_MOST_TAGS],
        image=_image(item, url),
    )


def _address(item: Any, url: str) -> str:
    """Choose the page of an entry: the publisher's own link, its link, an alternate link, an address as guid.

    Where none of them can be fetched it is the first that was served, "" without any.
    """
    links: Sequence[Mapping[str, Any]] = item.get("links") or ()
    alternate = [link for link in links if link.get("rel", "alternate") == "alternate"]
    pages = [link for link in alternate if str(link.get("type", "text/html")) in _HTML_TYPES]
    candidates = [
        item.get("feedburner_origlink"),
        dict.get(item, "link"),
        *[link.get("href") for link in pages],
        *[link.get("href") for link in alternate],
        dict.get(item, "id"),
    ]
    for position, candidate in enumerate(candidates):
        # A guid is no reference: only a whole address is one.
        resolved = _resolved(candidate, url if position < len(candidates) - 1 else "")
        if resolved is not None:
            return resolved
    # feedparser takes a guid for a link, but "urn:x:1" names no page.
    guid = candidates.pop()
    return _unfetchable((each for each in candidates if each != guid or "://" in str(each)), url)


def _unfetchable(references: Iterable[object], url: str) -> str:
    """Take the first address that was served, whole where that can be told."""
    served = next((text for each in references if (text := str(each or "").strip().translate(_UNMASK))), "")
    try:
        return urljoin(url, served) if served else ""
    except ValueError:
        return served


def _resolved(reference: object, url: str) -> str | None:
    reference = str(reference or "").strip()
    if not reference:
        return None
    try:
        address = urljoin(url, reference)
    except ValueError:
        return None
    return address if normalise(address) is not None else None


def _text(holder: Any, name: str) -> str:
    """Take the text of a title or the like, decoding HTML once where the feed wrote HTML."""
    value = str(dict.get(holder, name) or "")
    # feedparser copies content into a missing summary without saying its type.
    unknown = "text/html" if name == "summary" else "text/plain"
    kind = str((holder.get(f"{name}_detail") or {}).get("type", unknown))
    # Only what is declared to be plain may hold a "<" that is one.
    return squeeze(value) if kind in ("text/plain", "text") else plain(value)


def _title(holder: Any, *, rss: bool) -> str:
    """Take a title; RSS does not say whether it is HTML, and what has whole tags in it is."""
    value = str(dict.get(holder, "title") or "")
    return plain(value) if rss and _TAGGED.search(value) else _text(holder, "title")


def _summary(item: Any) -> str:
    summary = _text(item, "summary")
    if not summary:
        contents = (
            {"summary": content.get("value"), "summary_detail": content} for content in item.get("content") or ()
        )
        summary = next((text for content in contents if (text := _text(content, "summary"))), "")
    return _shortened(summary)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SUMMARY else text[:_LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"


def _people(item: Any) -> tuple[str, ...]:
    authors = item.get("authors") or ()
    printed = str(dict.get(item, "author") or "")
    if len(authors) == 1 and "@" in printed:
        # feedparser cuts addresses after four letters of the last domain and leaves the rest in the name.
        return _authors([printed])
    return _authors(person.get("name") for person in authors)


def _authors(names: Iterable[object]) -> tuple[str, ...]:
    """List the names of people: without addresses, and none who is nothing but an address."""
    texts = (plain(_MAIL.sub("", str(name or ""))) for name in names)
    return _distinct(text.strip(" ()<>,;") for text in texts)


def _credit(item: Any) -> str | None:
    source = item.get("source") or {}
    return (_text(source, "title") or None) if isinstance(source, Mapping) else None


def _image(item: Any, url: str) -> str | None:
    candidates: list[object] = [medium.get("url") for medium in item.get("media_content") or () if _is_image(medium)]
    candidates += [medium.get("url") for medium in item.get("media_thumbnail") or ()]
    candidates += [
        link.get("href") for link in item.get("links") or () if link.get("rel") == "enclosure" and _is_image(link)
    ]
    if isinstance(item.get("image"), Mapping):
        candidates.append(item["image"].get("href"))
    return next((found for candidate in candidates if (found := _resolved(candidate, url))), None)


def _is_image(medium: Mapping[str, Any]) -> bool:
    return medium.get("medium") == "image" or str(medium.get("type", "")).startswith("image/")


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for raw in names if (name := squeeze(str(raw)))))


# What the feed asks for


def _ttl(head: Mapping[str, Any]) -> float | None:
    """Read how long the feed asks to be left alone: ttl in minutes, sy:updatePeriod over sy:updateFrequency."""
    wishes = []
    if re.fullmatch(r"\d{1,9}", ttl := str(head.get("ttl") or "").strip()):
        wishes.append(60.0 * int(ttl))
    period = _PERIODS.get(str(head.get("sy_updateperiod") or "").strip().lower())
    if period is not None:
        frequency = str(head.get("sy_updatefrequency") or "1").strip()
        wishes.append(period / max(int(frequency), 1) if re.fullmatch(r"\d{1,6}", frequency) else period)
    return max(wishes, default=0.0) or None


def _skipped(document: str) -> tuple[frozenset[int], frozenset[str]]:
    """Read skipHours and skipDays, of which feedparser keeps only the last item."""
    hours: set[int] = set()
    days: set[str] = set()
    for name, inside in islice(_SKIPPED.findall(document[:20_000]), 4):
        for item in _SKIPPED_ITEM.findall(inside):
            if name.lower() == "hours" and item.isdecimal() and len(item) <= 2 and int(item) <= 24:
                hours.add(int(item) % 24)
            elif item.lower() in _DAYS:
                days.add(item.lower())
    return frozenset(hours), frozenset(days)


# A second reading of what feedparser found nothing in


def _second_reading(document: str, url: str, first: Any) -> Feed:
    """Ask fastfeedparser, which repairs other things; decide between an empty feed and no feed."""
    found = _fastfeedparser(document)
    entries, nameless = _divided(_fast_entry(item, url) for item in found)
    head = _feed(first, document, url)
    # Comments may stand before the root.
    is_feed = _FEED_ROOT.search(_COMMENT.sub("", document[:10_000])[:200]) is not None
    if entries or (is_feed and _ENDED.search(document)) or first.get("version"):
        if not entries and not nameless and _ENTRY_START.search(document):
            return Feed(title=head.title, problem="the feed is broken: it has entries, but none could be read")
        return Feed(
            title=head.title, language=head.language, entries=entries, nameless=nameless,
            ttl_seconds=head.ttl_seconds, skip_hours=head.skip_hours, skip_days=head.skip_days,
            self_url=head.self_url, hub=head.hub,
        )  # fmt: skip
    if is_feed:
        return Feed(problem="the feed is broken: it ends before any entry")
    start = squeeze(document[:60])
    return Feed(problem=f"the answer is not a feed: it begins with {start!r}")


def _fastfeedparser(document: str) -> Sequence[Mapping[str, Any]]:
    if not _FEED_ROOT.search(document[:2_000]):
        return ()
    import fastfeedparser

    try:
        found = fastfeedparser.parse(document.encode("utf-8", "replace"))
    except Exception:  # noqa: BLE001 - it documents ValueError and raises others on hostile input; no entries, then
        return ()
    entries: Sequence[Mapping[str, Any]] = found.get("entries") or ()
    return entries


def _fast_entry(item: Mapping[str, Any], url: str) -> Entry:
    address = _resolved(item.get("link"), url) or _resolved(item.get("id"), "") or _unfetchable([item.get("link")], url)
    # Its dates are converted to UTC: what was printed is lost, and with it whether a zone was printed at all.
    return Entry(
        url=address,
        title=plain(str(item.get("title") or "")),
        summary=_shortened(plain(str(item.get("description") or ""))),
        authors=_authors([item.get("author")]),
        guid=squeeze(str(item.get("id") or "")),
    )


# JSON Feed 1.0 and 1.1


def _json_feed(text: str, url: str) -> Feed:
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return Feed(problem="the answer looks like JSON, but cannot be read as such")
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        return Feed(problem="the answer is JSON, but not a JSON Feed: it has no list of items")
    language = _string(data.get("language"))
    entries, nameless = _divided(_json_entry(item, url, language) for item in items if isinstance(item, dict))
    hubs = [hub.get("url") for hub in _list(data.get("hubs")) if isinstance(hub, dict)]
    return Feed(
        title=_string(data.get("title")),
        language=language,
        entries=entries,
        nameless=nameless,
        self_url=_string(data.get("feed_url")) or None,
        hub=next((_string(hub) for hub in hubs if hub), None),
    )


def _json_entry(item: dict[str, Any], url: str, language: str) -> Entry:
    guid = _string(item.get("id"))
    address = _resolved(_string(item.get("url")), url) or _resolved(guid, "")
    external = _string(item.get("external_url"))
    address = address or _resolved(external, url) or _unfetchable([_string(item.get("url")), external], url)
    summary = _string(item.get("summary")) or _string(item.get("content_text"))
    people = _list(item.get("authors")) or [item.get("author")]
    return Entry(
        url=address,
        title=_string(item.get("title")),
        summary=_shortened(summary or plain(str(item.get("content_html") or ""))),
        authors=_authors(_string(person.get("name")) for person in people if isinstance(person, dict)),
        published=iso(_string(item.get("date_published"))),
        updated=iso(_string(item.get("date_modified"))),
        guid=guid,
        language=_string(item.get("language")) or language,
        tags=_distinct(_string(tag) for tag in _list(item.get("tags")))[:_MOST_TAGS],
        image=_resolved(_string(item.get("image")) or _string(item.get("banner_image")), url),
    )


def _string(value: object) -> str:
    """Take a text of JSON Feed, where ids may be numbers and nothing but the content is HTML."""
    return squeeze(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
