"""What the tests of the archive share: a day, a source and an article, all invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.archive import Archive, Kept, Leased, Turn
from crawler.records import Article, Entry, Source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

HERALD = Source(
    "herald",
    "The Herald",
    "https://herald.test/",
    country="gb",
    language="en",
    timezone="Europe/London",
    kind="newspaper",
    control="private",
    owner="Herald Group",
    feeds=("https://herald.test/rss",),
)
POST = Source("post", "Morning Post", "https://post.test/", kind="agency", feeds=("https://post.test/rss",))


def article(url: str = "https://herald.test/a", **changes: Any) -> Article:
    """Make an article of an hour ago."""
    made = Article(
        url,
        "herald",
        "Harbour reopens after the storm",
        "The harbour of Eastport reopened on Monday.\n\nShips had waited for two days.",
        published="2026-11-23T11:00:00+00:00",
        published_utc=NOW - HOUR,
        published_precision="second",
        language="en",
        carried_by="The Herald",
    )
    return replace(made, **changes)


def entries(*urls: str) -> list[Entry]:
    """Make the entries of a feed."""
    return [Entry(url, title=f"Title of {url}") for url in urls]


def lease(archive: Archive, at: datetime = NOW) -> Leased:
    """Take a page that must be there."""
    leased = archive.pages.lease(at, LEASE)
    assert leased is not None
    return leased


def turn(archive: Archive, host: str, at: datetime = NOW) -> Turn:
    """Take a turn that must be free."""
    taken = archive.hosts.take(host, at, LEASE)
    assert isinstance(taken, Turn)
    return taken


def keep(archive: Archive, *articles: Article, at: datetime = NOW) -> list[int]:
    """Keep articles as an import does, and give their ids."""
    return [result.id for result in archive.articles.keep([Kept(item) for item in articles], at)]


#: A report, and the first sentence of its update.
BUS = (
    "A bus carrying miners plunged into a ravine near Kosh on Sunday, killing 9 people, the emergencies ministry said.",
    "The bus left the road on a bend some 12 km from the town after its brakes failed, according to first findings.",
    "Fourteen passengers were taken to hospital in Kosh, five of them by helicopter.",
    "The mine's operator, Kosh Copper, promised compensation to the families and opened a hotline.",
    "The road through the gorge was closed for several hours and reopened in the afternoon.",
)
TOLL = "The death toll from the bus that plunged into a ravine near Kosh rose to 17 on Sunday, the ministry said."
