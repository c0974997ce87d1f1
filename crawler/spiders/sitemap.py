"""Sitemaps: lists of pages, with the news extension that most crawlers drop, and lists of such lists.

Runs in a worker process.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from crawler.polling import Contents
from crawler.records import Entry
from crawler.spiders.dates import iso
from crawler.spiders.feed import parse_feed
from crawler.spiders.text import decode, squeeze
from crawler.urls import is_fetchable, normalise

#: What a packed sitemap may unpack to: the protocol's own limit.
LONGEST = 50 * 1024 * 1024
_MOST_ENTRIES = 50_000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENDED = re.compile(r"</(?:\w{1,20}:)?(?:urlset|sitemapindex)\s*>")
_ITEM_END = re.compile(r"</(?:\w{1,20}:)?(?:url|sitemap)\s*>")
_HTML_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)")
_FEED = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapPage(Contents):
    """One file of a sitemap."""

    #: The sitemaps that an index lists, the one that changed last first where the index tells that.
    children: tuple[str, ...] = ()
    #: When each of them was changed, ISO 8601; "" where the index does not tell.
    changed: tuple[str, ...] = ()
    #: Whom the news entries name as their publication.
    publication: str = ""


def parse_sitemap(body: bytes, content_type: str, url: str) -> SitemapPage:
    """Read a sitemap, packed or not: XML, an index of sitemaps, a list of addresses, or a feed in its place."""
    try:
        body = unpacked(body)
    except _Unpackable as why:
        return SitemapPage(problem=str(why))
    text = decode(body, content_type).strip()
    if not text:
        return SitemapPage(problem="the answer is empty")
    if not text.startswith("<"):
        return _plain_list(text, url)
    start = text[:2_000]
    if "<urlset" not in start and "sitemapindex" not in start:
        if _FEED.search(start):
            feed = parse_feed(body, content_type, url)
            return SitemapPage(
                entries=feed.entries, problem=feed.problem, nameless=feed.nameless,
                lacking=feed.lacking, surplus=feed.surplus,
                ttl_seconds=feed.ttl_seconds, skip_hours=feed.skip_hours, skip_days=feed.skip_days,
            )  # fmt: skip
        if _HTML.search(start):
            return SitemapPage(problem="the address answers with a web page, not a sitemap")
    return _xml(text, url)


class _Unpackable(Exception):
    """A packed body is broken or too large."""


def unpacked(body: bytes) -> bytes:
    """Unpack gzip, also twice packed, without ever holding more than the limit."""
    for _ in range(2):
        if not body.startswith(b"\x1f\x8b"):
            return body
        pieces, size, rest = [], 0, body
        while rest.startswith(b"\x1f\x8b"):
            unpack = zlib.decompressobj(wbits=31)
            try:
                piece = unpack.decompress(rest, LONGEST + 1 - size)
            except zlib.error as error:
                raise _Unpackable(f"the packed sitemap is broken: {error}") from error
            size += len(piece)
            if size > LONGEST:
                raise _Unpackable(f"the packed sitemap unpacks to more than {LONGEST // 1024 // 1024} MB")
            if not unpack.eof:
                raise _Unpackable("the packed sitemap ends early")
            pieces.append(piece)
            rest = unpack.unused_data
        body = b"".join(pieces)
    return body


def _xml(text: str, url: str) -> SitemapPage:
    # No entity is expanded, nothing is loaded, nothing larger than libxml2's own limits is built.
    parser = etree.XMLParser(
        resolve_entities=False, huge_tree=False, no_network=True, load_dtd=False, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(_mended(text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return SitemapPage(problem=f"the sitemap is broken: {error.msg}")
    kind = _name(root) if root is not None else ""
    if kind == "sitemapindex":
        return _index(root)
    if kind == "urlset":
        return _pages(root, url)
    return SitemapPage(problem=f"the answer is not a sitemap: it begins with {squeeze(text[:60])!r}")


def _mended(text: str) -> str:
    """Cut a list that ends early after its last whole item, and write out the entities that only HTML knows."""
    text = _DECLARATION.sub("", text)
    ends = [] if _ENDED.search(text[-200:]) else [found.end() for found in _ITEM_END.finditer(text)]
    text = text[: ends[-1]] if ends else text
    return _HTML_ENTITY.sub(lambda found: html5.get(found[1], found[0]), text)


def _index(root: etree._Element) -> SitemapPage:
    found: list[tuple[str, str]] = []
    for child in _children(root, "sitemap"):
        address = _first(child, "loc")
        if normalise(address) is not None:
            found.append((iso(_first(child, "lastmod")) or "", address))
    # By what is printed: the zones of one index are the same, and nothing is decided by the order but the order.
    found.sort(key=lambda item: item[0], reverse=True)
    problem = None if found else "the sitemap index lists no sitemap"
    # Of one that is listed twice the later change counts: it comes last here, and first in the list.
    changed = {address: lastmod for lastmod, address in reversed(found)}
    children = tuple(dict.fromkeys(address for _, address in found))
    return SitemapPage(children=children, changed=tuple(changed[url] for url in children), problem=problem)


def _pages(root: etree._Element, url: str) -> SitemapPage:
    entries: list[Entry] = []
    nameless: list[Entry] = []
    publication = ""
    pages = list(_children(root, "url"))
    listed = len(pages)
    if listed > _MOST_ENTRIES:  # the newest are taken, in their order
        newest = sorted(range(listed), key=lambda at: _dated(pages[at]), reverse=True)[:_MOST_ENTRIES]
        pages = [pages[at] for at in sorted(newest)]
    for page in pages:
        entry = _entry(page)
        if not is_fetchable(entry.url):
            nameless.append(entry)
            continue
        publication = publication or _news(page).get("publication", "")
        entries.append(entry)
    return SitemapPage(
        entries=tuple(entries),
        publication=publication,
        nameless=tuple(nameless),
        lacking=_told(listed),
        surplus=_surplus(listed, url),
    )


def _surplus(listed: int, url: str) -> tuple[tuple[str, int], ...]:
    return ((url, listed - _MOST_ENTRIES),) if listed > _MOST_ENTRIES else ()


def _told(listed: int) -> str:
    """Say how much of a list is not taken; "" when all is."""
    if listed <= _MOST_ENTRIES:
        return ""
    return (
        f"it lists {listed} pages, more than a sitemap may ({_MOST_ENTRIES}): "
        f"{listed - _MOST_ENTRIES} of them, the oldest as far as it dates them, are not taken"
    )


def _dated(page: etree._Element) -> str:
    """Read a page's date as far as it orders pages of one list."""
    return iso(_news(page).get("publication_date")) or iso(_first(page, "lastmod")) or ""


def _entry(page: etree._Element) -> Entry:
    address = _first(page, "loc")
    news = _news(page)
    return Entry(
        url=address,
        title=news.get("title", ""),
        published=iso(news.get("publication_date")),
        updated=iso(_first(page, "lastmod")),
        language=news.get("language", ""),
        tags=tuple(dict.fromkeys(word for raw in news.get("keywords", "").split(",") if (word := raw.strip())))[:50],
        image=_image(page),
    )


def _news(page: etree._Element) -> dict[str, str]:
    """Read the news extension: title, publication_date, keywords; name and language stand inside publication."""
    found: dict[str, str] = {}
    for news in _children(page, "news"):
        for item in news:
            if _name(item) == "publication":
                found.setdefault("publication", _first(item, "name"))
                found.setdefault("language", _first(item, "language"))
            else:
                found.setdefault(_name(item), _content(item))
    return found


def _image(page: etree._Element) -> str | None:
    for image in _children(page, "image"):
        address = _first(image, "loc")
        if normalise(address) is not None:
            return address
    return None


def _plain_list(text: str, url: str) -> SitemapPage:
    """Read a sitemap that is nothing but one address a line."""
    lines = text.splitlines()
    urls = [line.strip() for line in lines if normalise(line) is not None]
    if not urls:
        return SitemapPage(problem=f"the answer is not a sitemap: it begins with {squeeze(text[:60])!r}")
    taken = tuple(Entry(url=each) for each in urls[:_MOST_ENTRIES])
    return SitemapPage(entries=taken, lacking=_told(len(urls)), surplus=_surplus(len(urls), url))


# Names are compared without their namespaces: half of the press declares wrong ones.


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _name(child) == name)


def _first(element: etree._Element, name: str) -> str:
    return next((_content(child) for child in _children(element, name)), "")


def _content(element: etree._Element) -> str:
    # A document of entities of its own is a trick: what it would write is not what is fetched.
    if any(isinstance(child, etree._Entity) for child in element):
        return ""
    return squeeze("".join(element.itertext()))
