"""Which sitemaps of an index are read at a poll: news first, and over the polls all that may have any. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from crawler.backfill.window import latest_moment, period_of
from crawler.records import SitemapPart

#: How many sitemaps of an index are read at a poll.
MOST = 5
#: So many indexes are followed into each other; the protocol knows no index within an index at all.
DEEPEST = 3
_NAME_THEM = 'name the sitemaps that list pages in "sitemaps" of this source'
#: A date may lack its hour: what was changed on a day may have been changed again since it was read on that day.
_DAY = timedelta(days=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
_NUMBER = re.compile(r"\d{1,15}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What of an index is read now."""

    chosen: tuple[str, ...]
    #: How many follow at later polls, because there were too many for one.
    waiting: int = 0
    #: How many were not changed since before the channel was polled first, and were never read.
    old: int = 0


def choose(
    listed: Sequence[tuple[str, str]], known: Mapping[str, SitemapPart], now: datetime, most: int = MOST
) -> Choice:
    """Choose among (address, last change or "") in the order of their index.

    The one with the newest news is read at each poll, the others in turns, the longest unread first; those that were
    certainly not changed since they were read are read once a day.
    """
    believed = not any(_is_wrong(part, now) for part in known.values())
    dates = {url: _date(url, changed, now) if believed else None for url, changed in listed}
    since = min((part.tried_at for part in known.values()), default=now)
    wanted: list[str] = []
    old: list[str] = []
    for url, changed in listed:
        part, date = known.get(url), dates[url]
        if part is None:
            (wanted if date is None or date >= since - _DAY else old).append(url)
        elif not _is_quiet(part, changed, date, now):
            wanted.append(url)

    def turn(url: str) -> tuple[datetime, float, int]:
        date, part = dates[url], known.get(url)
        return part.tried_at if part else _NEVER, -date.timestamp() if date else 0.0, -_number(url)

    def news(url: str) -> tuple[datetime, datetime]:
        part = known.get(url)
        return (part.newest if part and part.newest else dates[url] or _NEVER), dates[url] or _NEVER

    crowded = len(listed) > most
    ordered = sorted(wanted, key=turn) if crowded else wanted
    newest = max(ordered, key=news, default=None) if crowded else None
    if newest is not None and news(newest) != (_NEVER, _NEVER):
        ordered.remove(newest)
        ordered.insert(0, newest)
    if not known:  # at first something is read, however old it is
        spare = sorted(old, key=turn)[: max(most - len(ordered), 0)]
        ordered += spare
        old = [url for url in old if url not in spare]
    return Choice(tuple(ordered[:most]), max(len(ordered) - most, 0), len(old))


def too_deep(url: str) -> str:
    """Say that an index is not followed."""
    return f"{url} is an index within {DEEPEST} others and not followed: {_NAME_THEM}"


def only_indexes(read: int) -> str:
    """Say that an index leads to nothing but indexes."""
    return f"{read} sitemaps of this index were read; all are indexes again, and none lists a page: {_NAME_THEM}"


def _is_quiet(part: SitemapPart, changed: str, date: datetime | None, now: datetime) -> bool:
    if part.read_at is None or date is None:
        return False
    return changed == part.changed and date + _DAY < part.read_at and now - part.read_at < _DAY


def _is_wrong(part: SitemapPart, now: datetime) -> bool:
    """Tell whether a sitemap held newer entries than its index or its name let one think."""
    date = _date(part.url, part.changed, now)
    return part.newest is not None and date is not None and part.newest > date + _DAY


def _date(url: str, changed: str, now: datetime) -> datetime | None:
    """Say by when a sitemap was changed last: as its index tells, else by the days that its name tells."""
    if (told := latest_moment(changed)) is not None:
        return min(told, now)
    period = period_of(url, anywhere=True)
    return min(datetime.combine(period.last, time.max, UTC), now) if period else None


def _number(url: str) -> int:
    """Read the last number of a name: most sites add a sitemap behind those that are full."""
    parts = urlsplit(url)
    found = _NUMBER.findall(f"{parts.path}?{parts.query}")
    return int(found[-1]) if found else 0
