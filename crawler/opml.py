"""Sources from and to OPML, the list that feed readers exchange."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import listparser
from lxml import etree

from crawler import invisible
from crawler.errors import UsageError
from crawler.records import Source
from crawler.urls import normalise, same_site

_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML file gave."""

    sources: tuple[Source, ...]
    #: Sentences about entries that were left out.
    skipped: tuple[str, ...]


def read_opml(content: bytes, known: Iterable[Source] = ()) -> Imported:
    """Turn an OPML file into sources, one for each feed, leaving out feeds that are known already.

    A feed list names no home page, so the root of the feed's own host stands for it.
    """
    found = listparser.parse(content)
    if not found.feeds:
        raise UsageError(f"this gives no source: {found.bozo_exception or 'no feed stands in it'}; wanted an OPML file")
    sources: list[Source] = []
    skipped: list[str] = []
    known = list(known)
    keys = {source.key for source in known}
    addresses = {normalise(url): source.name for source in known for _, url in source.channels()}
    for feed in found.feeds:
        name = invisible.fit(" ".join(feed.title.split()))
        url = normalise(feed.url)
        if url is None:
            skipped.append(f"{name or feed.url}: {feed.url!r} is no address that begins with http:// or https://")
        elif url in addresses:
            skipped.append(f"{name or url}: {addresses[url]} has this feed already")
        else:
            parts = urlsplit(url)
            name = name or parts.netloc
            key = free_key(name if name.isascii() else parts.netloc, keys)
            keys.add(key)
            addresses[url] = name
            homepage = f"{parts.scheme}://{parts.netloc}/"
            sources.append(Source(key=key, name=name, homepage=homepage, feeds=(url,)))
    return Imported(tuple(_with_homepages(sources, content)), tuple(skipped))


def write_opml(sources: Iterable[Source], title: str = "Presswatch sources") -> bytes:
    """Write the feeds of sources as OPML 2.0, a folder for each country."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for source in sorted(sources, key=lambda source: (source.country, source.key)):
        for url in source.feeds:
            attributes = {"type": "rss", "text": source.name, "title": source.name, "xmlUrl": url}
            attributes["htmlUrl"] = source.homepage
            if source.language:
                attributes["language"] = source.language
            etree.SubElement(_folder(body, source.country), "outline", attributes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def free_key(name: str, taken: Collection[str]) -> str:
    """Make a key out of a name that no other source has: "Global Times" -> "global-times"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LONGEST_KEY - 5].rstrip("-") or "source"
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}"
    return free


def _folder(body: etree._Element, country: str) -> etree._Element:
    if not country:
        return body
    last = body[-1] if len(body) else None
    if last is not None and last.get("text") == country and last.get("xmlUrl") is None:
        return last
    return etree.SubElement(body, "outline", text=country)


def _with_homepages(sources: list[Source], content: bytes) -> list[Source]:
    """Take the home pages and languages that the file gives; listparser leaves them out."""
    # No entity is expanded and nothing is fetched: the file comes from somebody else.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    root = etree.fromstring(content, parser)
    given: dict[str | None, etree._Element] = {}
    for item in root.iter("outline"):
        given.setdefault(normalise(item.get("xmlUrl", "")), item)
    result = []
    for source in sources:
        outline = given.get(source.feeds[0])
        homepage = normalise(outline.get("htmlUrl", "")) if outline is not None else None
        language = (outline.get("language", "") if outline is not None else "").strip()
        # An aggregator's page is not the outlet's: only one of the same site, or of a feed service's customer.
        if homepage and (same_site(homepage, source.feeds[0]) or "feed" in urlsplit(source.feeds[0]).netloc):
            source = replace(source, homepage=homepage)  # noqa: PLW2901
        if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
            source = replace(source, language=language)  # noqa: PLW2901
        result.append(source)
    return result
