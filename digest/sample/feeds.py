"""The machine-readable ways into an outlet: RSS, Atom, JSON Feed, news sitemap, robots.txt."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from digest.sample.press import Item, Outlet

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
#: What XML 1.0 cannot hold.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rss(outlet: Outlet) -> bytes:
    """Write the outlet's RSS 2.0 feed."""
    root = etree.Element("rss", version="2.0", nsmap={"dc": _DC})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", outlet.source.name)
    _add(channel, "link", outlet.source.homepage)
    _add(channel, "description", outlet.words.get("slogan", outlet.source.name))
    _add(channel, "language", outlet.source.language)
    for item in outlet.newest():
        entry = etree.SubElement(channel, "item")
        _add(entry, "title", item.title)
        _add(entry, "link", outlet.url(item.target))
        _add(entry, "description", summary(item))
        _add(entry, "guid", outlet.url(item.target))
        if item.published is not None:
            _add(entry, "pubDate", format_datetime(item.published))
        for author in item.authors:
            _add(entry, f"{{{_DC}}}creator", author)
        _add(entry, "category", outlet.sections.get(item.section, ""))
    return _bytes(root)


def atom(outlet: Outlet) -> bytes:
    """Write the outlet's Atom feed."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    times = [time for item in outlet.items if (time := item.updated or item.published)]
    _add(root, f"{{{_ATOM}}}title", outlet.source.name)
    _add(root, f"{{{_ATOM}}}id", outlet.source.homepage)
    _add(root, f"{{{_ATOM}}}updated", max(times, default=_EPOCH).isoformat())
    etree.SubElement(root, f"{{{_ATOM}}}link", href=outlet.source.homepage)
    etree.SubElement(root, f"{{{_ATOM}}}link", rel="self", href=outlet.url(outlet.way("atom")))
    for item in outlet.newest():
        entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
        _add(entry, f"{{{_ATOM}}}title", item.title)
        _add(entry, f"{{{_ATOM}}}id", outlet.url(item.target))
        etree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=outlet.url(item.target))
        if item.published is not None:
            _add(entry, f"{{{_ATOM}}}published", item.published.isoformat())
            _add(entry, f"{{{_ATOM}}}updated", (item.updated or item.published).isoformat())
        for author in item.authors:
            _add(etree.SubElement(entry, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", author)
        _add(entry, f"{{{_ATOM}}}summary", summary(item))
    return _bytes(root)


def json_feed(outlet: Outlet) -> bytes:
    """Write the outlet's JSON Feed 1.1."""
    entries = []
    for item in outlet.newest():
        entry: dict[str, object] = {"id": outlet.url(item.target), "url": outlet.url(item.target), "title": item.title}
        if summary(item):
            entry["summary"] = summary(item)
        if item.published is not None:
            entry["date_published"] = item.published.isoformat()
        if item.updated is not None:
            entry["date_modified"] = item.updated.isoformat()
        if item.authors:
            entry["authors"] = [{"name": author} for author in item.authors]
        entries.append(entry)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.source.name,
        "home_page_url": outlet.source.homepage,
        "feed_url": outlet.url(outlet.way("json")),
        "items": entries,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def news_sitemap(outlet: Outlet) -> bytes:
    """Write the outlet's news sitemap; unlike a real one it may hold articles older than two days."""
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={None: _SITEMAP, "news": _NEWS})
    for item in outlet.newest():
        url = etree.SubElement(root, f"{{{_SITEMAP}}}url")
        _add(url, f"{{{_SITEMAP}}}loc", outlet.url(item.target))
        if item.updated is not None:
            _add(url, f"{{{_SITEMAP}}}lastmod", item.updated.isoformat())
        news = etree.SubElement(url, f"{{{_NEWS}}}news")
        publication = etree.SubElement(news, f"{{{_NEWS}}}publication")
        _add(publication, f"{{{_NEWS}}}name", outlet.source.name)
        _add(publication, f"{{{_NEWS}}}language", outlet.source.language)
        if item.published is not None:
            _add(news, f"{{{_NEWS}}}publication_date", item.published.isoformat())
        _add(news, f"{{{_NEWS}}}title", item.title)
    return _bytes(root)


def robots(outlet: Outlet) -> bytes:
    """Write the outlet's robots.txt."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in outlet.disallow or ("",))]
    if "sitemap" in outlet.ways:
        lines += ["", f"Sitemap: {outlet.url(outlet.way('sitemap'))}"]
    return "\n".join([*lines, ""]).encode()


def summary(item: Item) -> str:
    """Give what a feed says of an article: its lead, or the beginning of its text."""
    return item.lead or (item.text[0] if item.text else "")


WRITERS: Mapping[str, Callable[[Outlet], bytes]] = {
    "rss": rss,
    "atom": atom,
    "json": json_feed,
    "sitemap": news_sitemap,
}


def _add(parent: etree._Element, tag: str, text: str) -> None:
    if text:
        etree.SubElement(parent, tag).text = _NOT_XML.sub(" ", text)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
