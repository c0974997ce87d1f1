"""Asking again for the page of an article: when, what an answer means, and what makes it a withdrawal. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.urls import host_of, normalise

#: Two 404s are believed when they lie so far apart.
CONFIRM = timedelta(hours=6)
#: So often a 404 is asked to repeat itself before it is left at that: the last one was as unclear as the first.
MOST_MISSES = 3
#: What was due so long ago is not asked for any more: after a long pause there is no storm.
STALE = timedelta(days=7)
#: A page that is due at once with many others comes up to this part of its delay later.
JITTER = 0.1
#: What is due for longer than this does not wait for every new page.
LATE = timedelta(hours=1)
_HOME = frozenset({"", "/", "/index.html", "/index.htm", "/index.php", "/home", "/home/", "/default.aspx"})


@dataclass(frozen=True, slots=True)
class Again:
    """How an article's page is to be asked for again, as configured, and what its server said to send then."""

    #: Seconds after its arrival; empty for never.
    delays: tuple[float, ...] = ()
    #: 0..1, for spreading what arrived at once.
    luck: float = 0.0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What became of the other pages of a host since one of them was missed."""

    answered: int
    missing: int
    #: One of the source's channels answered.
    channel: bool


def next_due(first_seen: datetime, again: Again, now: datetime) -> datetime | None:
    """Say when a page is asked for again; None when its list is over.

    Times count from the article's arrival, so what was slept through is not made up for: the list is never exceeded.
    """
    for delay in sorted(again.delays):
        if first_seen + timedelta(seconds=delay) > now:
            return first_seen + timedelta(seconds=delay * (1 + JITTER * again.luck))
    return None


def headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Write the headers of a question that can be answered with "not modified"; both byte for byte."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if value}


def led_home(asked: str, answered: str, homepage: str) -> bool:
    """Tell whether a page was redirected to the site's front page: servers say "not found" that way too."""
    if normalise(asked) == normalise(answered) or urlsplit(asked).path in _HOME:
        return False
    if normalise(answered) == normalise(homepage):
        return True
    parts = urlsplit(answered)
    return host_of(answered) in (host_of(asked), host_of(homepage)) and parts.path in _HOME and not parts.query


def believed(misses: int, missing_since: datetime, now: datetime, others: Neighbours) -> bool:
    """Tell whether a page that is not found was taken away: seen twice, hours apart, while its host was well."""
    if misses < 2 or now - missing_since < CONFIRM * 0.9:
        return False
    if others.missing > others.answered:
        return False  # the whole site is ill, or has moved
    return others.answered > 0 or others.channel


def next_after_miss(first_seen: datetime, again: Again, misses: int, now: datetime) -> datetime | None:
    """Say when a page that was not found is asked for once more."""
    following = next_due(first_seen, again, now)
    if misses >= MOST_MISSES:
        return following
    confirm = now + CONFIRM
    return confirm if following is None else min(confirm, max(following, now + CONFIRM / 2))
