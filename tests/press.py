"""Serves saved pages as news outlets on loopback, by the same server that serves the demo.

A folder in the form of the corpus (`gold.jsonl` and the gzipped pages that it names) becomes one outlet for each host:
home page, section page, RSS, Atom, JSON Feed, news sitemap and robots.txt around the pages as they were saved, each on
its real path. What the gold says is never served: titles come from the pages' own <title>.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from crawler.records import Source
from crawler.urls import normalise
from digest import sample
from digest.sample.config import sources_toml
from digest.sample.press import WAYS, Item, Outlet
from digest.sample.server import Server

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
#: Where a page without a usable address is served.
_NOWHERE = "no-address.example"


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page, where it is served, and what is known to be on it."""

    #: As links on the press name it, and as a crawler writes it.
    link: str
    url: str
    file: Path
    gold: Mapping[str, Any]
    #: The address in gold.jsonl.
    original: str
    id: str

    def body(self) -> bytes:
        """Read the page's bytes."""
        return gzip.decompress(self.file.read_bytes())


class Press(sample.Press):
    """Outlets made of saved pages; `pages` knows them all."""

    pages: list[Page]

    @classmethod
    def from_corpus(cls, *folders: Path, ways: Sequence[str] = tuple(WAYS)) -> Self:
        """Make an outlet of each host; the ways in by which its source is polled change from host to host."""
        pages = list(_pages(folders))
        hosts: dict[str, list[Page]] = {}
        for page in pages:
            hosts.setdefault(urlsplit(page.link).netloc, []).append(page)
        press = cls(_outlet(host, hosts[host], ways[number % len(ways)]) for number, host in enumerate(sorted(hosts)))
        press.pages = pages
        return press

    def by_url(self) -> dict[str, Page]:
        """Find pages by the address under which a crawler keeps them."""
        return {page.url: page for page in self.pages}


def serve(press: sample.Press) -> Server:
    """Give the server of a press, to be used in a `with` statement."""
    return Server(press)


def sources(press: sample.Press) -> dict[str, Source]:
    """Define one source for each host."""
    return press.sources()


def write_config(folder: Path, press: sample.Press, port: int, *, crawl: str = "") -> None:
    """Write a configuration that reaches the press at the port; `crawl` holds further lines of [crawl]."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "presswatch.toml").write_text(
        'archive = "sqlite:///presswatch.db"\ntimezone = "UTC"\n\n'
        '[crawl]\ndelay = "0s"\nallow_private = ["127.0.0.0/8"]\n'
        f'connect_to = {{ "*" = "127.0.0.1:{port}" }}\n{crawl}\n',
        encoding="utf-8",
    )
    (folder / "sources.toml").write_text(sources_toml(sources(press).values()), encoding="utf-8")
    (folder / "watches.toml").write_text("", encoding="utf-8")
    (folder / "digests.toml").write_text("", encoding="utf-8")


def _pages(folders: Iterable[Path]) -> Iterator[Page]:
    taken: set[str] = set()
    for folder in folders:
        for line in (folder / "gold.jsonl").read_bytes().splitlines():  # of bytes: U+2028 ends no line
            row = json.loads(line)
            link = _link(row.get("url") or "", row["id"])
            # Two pages of one address: the later one moves aside, and both stay reachable.
            while (url := normalise(link)) in taken or url is None:
                link += "&press=again" if "?" in link else "?press=again"
            taken.add(url)
            yield Page(link, url, folder / row["page"], row["gold"], row.get("url") or "", str(row["id"]))


def _link(original: str, name: str) -> str:
    """Write the page's address with plain http and without fragment, path and query as they are."""
    parts = urlsplit(original.strip())
    nowhere = f"http://{_NOWHERE}/{re.sub(r'[^A-Za-z0-9.-]+', '-', name)}"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return nowhere
    host = urlsplit(normalise(f"http://{parts.hostname}/") or nowhere).netloc
    link = SplitResult("http", host, parts.path or "/", parts.query, "").geturl()
    if not link.isascii() or re.search(r"[\s\"<>\\^`{|}]", link):  # no such address can be asked for as it is
        link = normalise(link) or nowhere
    return link


def _outlet(host: str, pages: Sequence[Page], way: str) -> Outlet:
    items = []
    for page in pages:
        body = page.body()
        target = page.link.split(host, 1)[1]
        items.append(Item(target, _title(body) or target, page=body))
    homepage = f"http://{host}/"
    source = Source(key=re.sub(r"[^a-z0-9]+", "-", host).strip("-"), name=host, homepage=homepage)
    outlet = Outlet(source, tuple(items), sections={"news": "News"})
    address = (outlet.url(outlet.way(way)),)
    if way == "sitemap":
        return replace(outlet, source=replace(source, sitemaps=address))
    if way == "section":
        return replace(outlet, source=replace(source, sections=address))
    return replace(outlet, source=replace(source, feeds=address))


def _title(body: bytes) -> str:
    found = _TITLE.search(body)
    if found is None:
        return ""
    charset = _CHARSET.search(body[:4096])
    for name in ("utf-8", charset[1].decode() if charset else "cp1252", "latin-1"):
        try:
            return " ".join(html.unescape(found[1].decode(name)).split())
        except (UnicodeDecodeError, LookupError):
            continue
    return ""
