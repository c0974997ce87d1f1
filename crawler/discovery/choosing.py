"""Finding the ways into a site: where to look, what an answer is, and which of what was found is worth polling.

Everything here is pure: ``scout`` asks for the addresses and hands in what came back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from crawler import languages
from crawler.discovery.frontpage import FrontPage, Lead, feed_name, read_front_page, title_name
from crawler.errors import UsageError
from crawler.polling import Contents
from crawler.records import Entry
from crawler.spiders.feed import Feed, parse_feed
from crawler.spiders.section import links
from crawler.spiders.sitemap import SitemapPage, parse_sitemap
from crawler.spiders.text import decode
from crawler.urls import join, normalise, same_site

_USUAL_FEEDS = ("feed", "rss", "rss.xml", "atom.xml", "feed.json", "index.xml")
_USUAL_SITEMAP = "/news-sitemap.xml"
_MOST_SITEMAPS = 3
_SAMPLES = 3
#: What has had nothing new for so long is polled only when there is nothing better.
_STALE = timedelta(days=90)
#: A sitemap without news entries is one of news when most of its pages are younger than this, and they are not legion.
_RECENT = timedelta(days=30)
_MOST_RECENT = 5_000
#: A list of which so much stands in the chosen ones brings nothing new.
_SAME = 0.8
_INDEX_FILE = re.compile(r"/(?:(?:index|home|default)(?:\.\w{2,5})?)?", re.IGNORECASE)
_SITEMAP_START = re.compile(r"<(?:\w{1,20}:)?(?:urlset|sitemapindex)\b")
_FEED_START = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_NO_NEWS = re.compile(r"image|video|author|tag|categor|page-sitemap|archive", re.IGNORECASE)

What = Literal["feed", "sitemap", "page"]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at an address."""

    #: As it was asked for, with its scheme.
    url: str
    #: What the site calls itself; "" when it does not say.
    name: str
    homepage: str
    #: BCP 47; "" when not known.
    language: str
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    sections: tuple[str, ...]
    #: Address -> its newest entries, each with its date as printed.
    samples: Mapping[str, tuple[str, ...]]
    #: What was tried, and why it was left out.
    notes: tuple[str, ...]
    #: Address -> how much it lists and how fast it fills.
    fresh: Mapping[str, Freshness] = field(default_factory=dict)
    #: The page of the newest entry of all; "" when there is none.
    newest: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How much a list holds, and how fast it fills."""

    entries: int
    #: The newest date as it is printed there; "" where nothing is dated.
    newest: str = ""
    #: New entries a day, from the dates; None where they do not tell.
    per_day: float | None = None

    def __str__(self) -> str:
        told = [f"{self.entries} entr{'y' if self.entries == 1 else 'ies'}"]
        told += [f"the newest of {self.newest[:16].replace('T', ' ')}"] if self.newest else ["none is dated"]
        told += [f"about {self.per_day:.{0 if self.per_day >= 10 else 1}f} a day"] if self.per_day is not None else []
        return ", ".join(told)


@dataclass(frozen=True, slots=True)
class Look:
    """What an answer turned out to be."""

    what: What
    contents: Contents
    #: For a page: what it tells of its site.
    page: FrontPage = field(default_factory=FrontPage)


@dataclass(frozen=True, slots=True)
class Find:
    """A lead that led to a list of pages."""

    lead: Lead
    #: The address to poll.
    url: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class Choice:
    """What is worth polling."""

    feeds: tuple[Find, ...] = ()
    sitemaps: tuple[Find, ...] = ()
    sections: tuple[Find, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def finds(self) -> tuple[Find, ...]:
        """All that is worth polling."""
        return self.feeds + self.sitemaps + self.sections

    @property
    def lacking(self) -> bool:
        """Tell whether something was found that does not say what site it is of, or in what language."""
        return bool(self.finds) and not (_titles(self.finds) and _language(self.finds))


# Where to look


def is_home(url: str) -> bool:
    """Tell whether an address is the front of its host, rather than one section of it."""
    parts = urlsplit(url)
    return _INDEX_FILE.fullmatch(parts.path) is not None and not parts.query


def root_of(url: str) -> str:
    """Name the home page of an address's host."""
    return join(url, "/") or url


def usual_feeds(url: str) -> tuple[Lead, ...]:
    """List where feeds usually stand: at the root of a home page, below a section."""
    base = root_of(url) if is_home(url) else url.partition("?")[0].rstrip("/") + "/"
    return tuple(Lead(address, "usual") for path in _USUAL_FEEDS if (address := join(base, path)))


def robots_sitemaps(declared: Iterable[str], url: str) -> tuple[Lead, ...]:
    """Choose among the sitemaps that robots.txt names: those of news first, none of another site."""
    found = [address for each in declared if (address := join(url, each)) and same_site(address, url)]
    wanted = [address for address in dict.fromkeys(found) if not _NO_NEWS.search(urlsplit(address).path)]
    return _newsy([Lead(address, "robots") for address in wanted])


def usual_sitemap(url: str) -> Lead:
    """Name the place at which news sitemaps usually stand."""
    return Lead(join(url, _USUAL_SITEMAP) or url, "usual")


def children(index: SitemapPage) -> tuple[Lead, ...]:
    """Choose among the sitemaps of an index."""
    wanted = [address for address in index.children if not _NO_NEWS.search(urlsplit(address).path)]
    return _newsy([Lead(address, "index") for address in wanted if normalise(address)])


def _newsy(leads: list[Lead]) -> tuple[Lead, ...]:
    return tuple(sorted(leads, key=lambda lead: "news" not in urlsplit(lead.url).path.lower()))[:_MOST_SITEMAPS]


def rotates(url: str) -> bool:
    """Tell whether a sitemap's address names a day or a number, so that another takes its place."""
    parts = urlsplit(url)
    return re.search(r"\d", f"{parts.path}?{parts.query}") is not None


# What an answer is


def look(body: bytes, content_type: str, url: str) -> Look:
    """Tell what an answer is and read it; runs in a worker process."""
    if body.startswith(b"\x1f\x8b"):
        return Look("sitemap", parse_sitemap(body, content_type, url))
    start = decode(body[:4_000], content_type).lstrip()[:2_000]
    if _SITEMAP_START.search(start):
        return Look("sitemap", parse_sitemap(body, content_type, url))
    if _FEED_START.search(start) or start[:1] in ("{", "["):
        return Look("feed", parse_feed(body, content_type, url))
    page = read_front_page(body, content_type, url)
    if page is None:
        return Look("page", Contents(problem="the answer cannot be read as a web page"))
    return Look("page", links(body, content_type, url), page)


def fault_of(find: Find, what: What, home: str, now: datetime) -> str:
    """Say why a list is not worth polling whatever else there is; "" when it may be."""
    contents = find.contents
    if contents.problem:
        return contents.problem
    if not contents.entries:
        return f"the {what} lists nothing"
    if isinstance(contents, Feed) and Lead("", find.lead.how, contents.title).unwanted:
        return Lead("", find.lead.how, contents.title).unwanted
    ours = _mostly(same_site(entry.url, home) for entry in contents.entries[:50])
    if not same_site(find.url, home) and (find.lead.how not in ("declared", "linked", "given") or not ours):
        # A page that declares a feed elsewhere means it; one that links there may speak of another site.
        return "" if find.lead.how in ("declared", "given") else "it belongs to another site"
    return _sitemap_fault(contents, now) if what == "sitemap" and find.lead.how != "given" else ""


def _sitemap_fault(contents: Contents, now: datetime) -> str:
    if any(entry.title for entry in contents.entries):
        return ""
    recent = _mostly((time := moment(entry)) is not None and now - time < _RECENT for entry in contents.entries)
    if recent and len(contents.entries) <= _MOST_RECENT:
        return ""
    return f"it lists {len(contents.entries)} pages of the site, not its news"


def _mostly(facts: Iterable[bool]) -> bool:
    told = list(facts)
    return 2 * sum(told) > len(told)


# Which of them


def choose(feeds: Sequence[Find], sitemaps: Sequence[Find], section: Find | None, now: datetime) -> Choice:
    """Choose the best set: what is fresh, and nothing that another list of it holds as well."""
    notes: list[str] = []
    known: set[str | None] = set()
    chosen_feeds = _distinct(feeds, known, notes, now)
    chosen_sitemaps = _distinct(sitemaps, known, notes, now)
    fresh = [find for find in (*chosen_feeds, *chosen_sitemaps) if not _stale(find, now)]
    sections = (section,) if section is not None and not fresh else ()
    if fresh or sections:
        old = [find for find in (*chosen_feeds, *chosen_sitemaps) if find not in fresh]
        notes += [f"{find.url}: its newest entry is of {_newest(find, now):%Y-%m-%d}" for find in old]
        chosen_feeds = [find for find in chosen_feeds if find in fresh]
        chosen_sitemaps = [find for find in chosen_sitemaps if find in fresh]
    return Choice(tuple(chosen_feeds), tuple(chosen_sitemaps), sections, tuple(notes))


def _distinct(finds: Sequence[Find], known: set[str | None], notes: list[str], now: datetime) -> list[Find]:
    """Leave out what lists the same as others; of two equal ones the fresher stays, then the larger, then the first."""

    def rank(find: Find) -> tuple[bool, int, int]:
        newest = _newest(find, now)
        return _stale(find, now), -newest.toordinal() if newest else 0, -len(find.contents.entries)

    chosen = []
    for find in sorted(finds, key=rank):
        pages = {normalise(entry.url) for entry in find.contents.entries}
        if len(pages & known) >= _SAME * len(pages):
            notes.append(f"{find.url}: it lists the same pages as what is kept")
            continue
        known |= pages
        chosen.append(find)
    # As the page names them: the first one is the publisher's own choice.
    return sorted(chosen, key=finds.index)


def _newest(find: Find, now: datetime) -> datetime | None:
    # A date in the future is somebody's mistake, and would make any list look fresh.
    times = [time for entry in find.contents.entries if (time := moment(entry)) and time < now + timedelta(days=1)]
    return max(times, default=None)


def _stale(find: Find, now: datetime) -> bool:
    newest = _newest(find, now)
    return newest is not None and now - newest > _STALE


def moment(entry: Entry) -> datetime | None:
    """Read an entry's date for comparing; without a zone it counts as UTC."""
    printed = entry.published or entry.updated
    if not printed:
        return None
    try:
        time = datetime.fromisoformat(printed)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


# What is told


def conclude(url: str, at: str, start: Look, home: FrontPage, choice: Choice, notes: Iterable[str]) -> Discovery:
    """Put together what was found from an address that answered as ``at``; raise UsageError when that is nothing."""
    notes = (*notes, *choice.notes)
    finds = choice.finds
    if not finds:
        raise UsageError(_nothing(url, notes))
    titles, language = _titles(finds), _language(finds)
    # A page speaks for its site; a feed that was asked for speaks for itself.
    if start.what == "page":
        homepage = at if is_home(at) else root_of(at)
        names, languages = [home.site_name, *titles, title_name(home.title, homepage)], [home.language, language]
    else:
        homepage = homepage_of(at, choice)
        names, languages = [*titles, home.site_name, title_name(home.title, homepage)], [language, home.language]
    return Discovery(
        url=url,
        name=next(filter(None, names), ""),
        homepage=homepage,
        language=next(filter(None, languages), ""),
        feeds=tuple(find.url for find in choice.feeds),
        sitemaps=tuple(find.url for find in choice.sitemaps),
        sections=tuple(find.url for find in choice.sections),
        samples={find.url: samples(find.contents.entries) for find in finds},
        notes=notes,
        fresh={find.url: freshness(find.contents.entries) for find in finds},
        newest=newest_page(finds),
    )


def homepage_of(at: str, choice: Choice) -> str:
    """Name the home page of a feed: of the host that its entries stand on, which is often not the feed's own."""
    hosts = Counter(root_of(entry.url) for find in choice.finds for entry in find.contents.entries)
    host, count = max(hosts.items(), key=lambda item: item[1], default=("", 0))
    return host if 2 * count > hosts.total() else root_of(at)


def samples(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Show the newest entries with their dates as printed."""
    oldest = datetime.min.replace(tzinfo=UTC)
    newest = sorted(entries, key=lambda entry: moment(entry) or oldest, reverse=True)[:_SAMPLES]
    return tuple(f"{_printed(entry)}{entry.title or entry.url}" for entry in newest)


def freshness(entries: Sequence[Entry]) -> Freshness:
    """Say how much a list holds and how fast it fills."""
    dated = sorted((time, entry.published or entry.updated or "") for entry in entries if (time := moment(entry)))
    if not dated:
        return Freshness(len(entries))
    days = (dated[-1][0] - dated[0][0]) / timedelta(days=1)
    # Of one burst, or of one entry, nobody can tell a rhythm.
    return Freshness(len(entries), dated[-1][1], (len(dated) - 1) / days if days >= 1 / 24 else None)


def newest_page(finds: Iterable[Find]) -> str:
    """Choose the page that a visit would be likely to fetch first: the newest, else the first that is listed."""
    oldest = datetime.min.replace(tzinfo=UTC)
    listed = [entry for find in finds for entry in find.contents.entries]
    return max(listed, key=lambda entry: moment(entry) or oldest).url if listed else ""


def _printed(entry: Entry) -> str:
    printed = entry.published or entry.updated or ""
    return f"{printed[:16].replace('T', ' ')}  " if printed else ""


def _titles(finds: Sequence[Find]) -> list[str]:
    told = [feed_name(find.contents.title) for find in finds if isinstance(find.contents, Feed)]
    told += [find.contents.publication for find in finds if isinstance(find.contents, SitemapPage)]
    return [title for title in told if title]


def _language(finds: Sequence[Find]) -> str:
    told = [find.contents.language for find in finds if isinstance(find.contents, Feed)]
    told += [find.contents.entries[0].language for find in finds]
    return next((code for each in told if (code := languages.code(each))), "")


def _nothing(url: str, notes: Iterable[str]) -> str:
    tried = "".join(f"\n  {note}" for note in notes)
    return (
        f"{url}: found no feed, no news sitemap and no list of articles. Tried:{tried}\n"
        "Give the address of a feed, or of the section page that lists the newest articles, such as: "
        f"presswatch source add {root_of(url)}news/"
    )
