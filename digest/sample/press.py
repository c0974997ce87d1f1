"""Invented and borrowed outlets, and what each of them answers to a crawler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from crawler.records import Source
from crawler.urls import host_of, normalise
from digest.sample import feeds, pages
from digest.sample.server import Reply

#: way into an outlet -> the path on which it usually stands.
WAYS = {
    "rss": "/rss.xml",
    "atom": "/atom.xml",
    "json": "/feed.json",
    "sitemap": "/news-sitemap.xml",
    "section": "/latest/",
}
_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "sitemap": "application/xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One article as an outlet has it on its site."""

    #: Path and query.
    target: str
    title: str
    #: Paragraphs; one that begins with "## " is a subheading.
    text: tuple[str, ...] = ()
    lead: str = ""
    authors: tuple[str, ...] = ()
    #: In the outlet's zone; None where the outlet's feeds give no dates.
    published: datetime | None = None
    updated: datetime | None = None
    #: One of the outlet's sections; "" for none.
    section: str = ""
    #: The publisher that it was taken from, and when that one printed it.
    credit: str = ""
    credit_published: datetime | None = None
    paywalled: bool = False
    #: A page as it was saved, served byte for byte instead of a page made from the text.
    page: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """One host with its articles and the ways into them."""

    #: Key, name, homepage and the channels that a crawler is told of.
    source: Source
    items: tuple[Item, ...] = ()
    #: The ways that its site has at all, of WAYS.
    ways: frozenset[str] = frozenset(WAYS)
    #: Template of its article pages.
    layout: str = "plain"
    #: Path segment -> name of a section, in the order of the menu.
    sections: Mapping[str, str] = field(default_factory=dict)
    #: What the site says around its articles, in its language.
    words: Mapping[str, str] = field(default_factory=dict)
    #: Paths that its robots.txt forbids.
    disallow: tuple[str, ...] = ()
    #: Its feeds answer a page for people.
    broken: bool = False

    @property
    def host(self) -> str:
        """Name the host."""
        return host_of(self.source.homepage)

    def url(self, target: str) -> str:
        """Write a path of this outlet as an address."""
        return f"http://{self.host}{target}"

    def way(self, kind: str) -> str:
        """Give the path of a way in, beside which every article keeps its own."""
        return free_path(WAYS[kind], {item.target for item in self.items})

    def newest(self) -> list[Item]:
        """List the articles, newest first; those without a date keep their order behind them."""
        dated = [item for item in self.items if item.published is not None]
        dated.sort(key=lambda item: item.published.timestamp() if item.published else 0, reverse=True)
        return dated + [item for item in self.items if item.published is None]


class Press:
    """Many outlets behind one server; `advance` publishes what comes later."""

    def __init__(self, outlets: Iterable[Outlet], later: Iterable[tuple[str, Item]] = ()):
        """Take the outlets and, as (host, article), what replaces the article of the same path on `advance`."""
        self._later = list(later)
        self._outlets: dict[str, Outlet] = {}
        self._routes: dict[str, dict[str, Callable[[], Reply]]] = {}
        for outlet in outlets:
            if outlet.host in self._outlets:
                raise ValueError(f"two outlets have the host {outlet.host!r}: give them together as one")
            self._place(outlet)

    @property
    def outlets(self) -> list[Outlet]:
        """List the outlets as they stand now."""
        return list(self._outlets.values())

    def sources(self) -> dict[str, Source]:
        """Define a source for each outlet, as a configuration would."""
        return {outlet.source.key: outlet.source for outlet in self.outlets}

    def advance(self) -> int:
        """Publish what comes later; tell how many articles changed or came."""
        for host, item in self._later:
            outlet = self._outlets[host]
            others = tuple(old for old in outlet.items if old.target != item.target)
            self._place(replace(outlet, items=(*others, item)))
        count = len(self._later)
        self._later = []
        return count

    def reply(self, host: str, target: str) -> Reply | None:
        """Answer a request for path and query; None when nothing is there."""
        routes = self._routes.get(host)
        if routes is None:
            return None
        make = routes.get(target) or routes.get(_normal(host, target))
        return make() if make is not None else None

    def _place(self, outlet: Outlet) -> None:
        self._outlets[outlet.host] = outlet
        self._routes[outlet.host] = _routes(outlet)


def free_path(path: str, taken: Iterable[str]) -> str:
    """Lengthen a path until nothing else stands there."""
    paths = set(taken)
    while path in paths:
        path = "/press" + path
    return path


def _normal(host: str, target: str) -> str:
    """Write path and query as a crawler would that normalises addresses."""
    url = normalise(f"http://{host}{target}")
    if url is None:
        return target
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _routes(outlet: Outlet) -> dict[str, Callable[[], Reply]]:
    """Lay out the site: generated pages first, so that an article of the same path wins and both stay reachable."""
    taken = {item.target for item in outlet.items}
    routes: dict[str, Callable[[], Reply]] = {
        free_path("/", taken): partial(_home, outlet),
        free_path("/robots.txt", taken): partial(_robots, outlet),
    }
    for section in outlet.sections:
        routes[free_path(f"/{section}/", taken)] = partial(_section, outlet, section)
    for kind in sorted(outlet.ways):
        routes[outlet.way(kind)] = partial(_section, outlet, "") if kind == "section" else partial(_feed, outlet, kind)
    for item in outlet.items:
        routes[_normal(outlet.host, item.target)] = partial(_article, outlet, item)
        routes[item.target] = partial(_article, outlet, item)
    return routes


def _home(outlet: Outlet) -> Reply:
    return _page(pages.home(outlet), outlet)


def _section(outlet: Outlet, section: str) -> Reply:
    return _page(pages.section(outlet, section), outlet)


def _robots(outlet: Outlet) -> Reply:
    return Reply(feeds.robots(outlet), "text/plain; charset=utf-8")


def _feed(outlet: Outlet, kind: str) -> Reply:
    if outlet.broken:
        return _page(pages.maintenance(outlet), outlet)
    return Reply(feeds.WRITERS[kind](outlet), _TYPES[kind], modified=_changed(outlet.items))


def _article(outlet: Outlet, item: Item) -> Reply:
    if item.page is not None:
        return Reply(item.page, "text/html")  # the page itself declares its charset, or leaves it to be found
    return Reply(pages.article(outlet, item), pages.CONTENT_TYPES.get(outlet.layout, "text/html; charset=utf-8"),
                 modified=_changed([item]))  # fmt: skip


def _page(body: bytes, outlet: Outlet) -> Reply:
    return Reply(body, modified=_changed(outlet.items))


def _changed(items: Iterable[Item]) -> datetime | None:
    times = [time for item in items if (time := item.updated or item.published) is not None]
    return max(times, default=None)
