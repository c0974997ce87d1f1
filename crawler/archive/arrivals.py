"""What watches match as it comes, and how much of it: what alerts and feeds are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crawler.archive.rows import IRRELEVANT, NOT_FOLDED
from crawler.archive.store import Store
from crawler.archive.times import micros, moment
from crawler.records import Arrival

_HOUR = 3_600_000_000
#: An article that arrives later than this after its publication is old news (backfill) and never counted.
_LATE = timedelta(hours=48)
# When an article came out: its own time where it is exact and can be true, else when it was first seen.
_EXACT = (
    "(a.published_precision IN ('second', 'minute') AND a.published_utc <= a.first_seen "
    f"AND a.published_utc > a.first_seen - {_LATE // timedelta(microseconds=1)})"
)


@dataclass(frozen=True, slots=True)
class Volume:
    """How many articles of one source a watch matched in one hour."""

    source: str
    #: Hours since 1970, in UTC.
    hour: int
    articles: int
    #: The hour is theirs; else it is the one in which they were first seen.
    exact: bool = True


class Arrivals:
    """What came: in all, and what of it watches match."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def new(self, watch: str, after: int, until: int, since: datetime) -> list[Arrival]:
        """List what a watch newly matched by the changes after one number up to another, and not before a time.

        What a new query found among old articles, what was filled in later, and what is withdrawn is no news.
        """
        found = self._store.rows(
            "SELECT c.seq, m.article, m.at, (SELECT o.article FROM mentions o WHERE o.watch = m.watch "
            "AND o.article = a.copy_of AND a.copy_kind = 'full') "
            "FROM mentions m JOIN watches w ON w.id = m.watch JOIN articles a ON a.id = m.article "
            # A mention is made in the moment of the change that brought it, and keeps that moment.
            "JOIN changes c ON c.article = m.article AND c.at = m.at AND c.kind IN ('new', 'copy', 'revised') "
            "WHERE w.name = ? AND w.removed_at IS NULL AND m.at >= ? AND m.historic = 0 AND c.backfill = 0 "
            "AND c.seq > ? AND c.seq <= ? AND a.withdrawn_at IS NULL ORDER BY c.seq",
            (watch, micros(since), after, until),
        )
        return [Arrival(seq, article, moment(at), copy_of) for seq, article, at, copy_of in found]

    def volumes(self, watch: str, since: datetime) -> list[Volume]:
        """Count what a watch matched by source and hour; a text counts once, whoever copied it."""
        found = self._store.rows(
            f"SELECT a.source, iif({_EXACT}, a.published_utc, a.first_seen) / {_HOUR} AS hour, count(*), {_EXACT} "
            "FROM mentions m JOIN watches w ON w.id = m.watch JOIN articles a ON a.id = m.article "
            f"WHERE w.name = ? AND m.at >= ? AND a.backfill = 0 AND {NOT_FOLDED} "
            f"AND a.id NOT IN ({IRRELEVANT}) GROUP BY 1, 2, 4",
            (watch, micros(since)),
        )
        return [Volume(source, hour, articles, bool(exact)) for source, hour, articles, exact in found]

    def looked(self, since: datetime) -> dict[str, list[int]]:
        """List of each source the hours since 1970 (UTC) in which it was polled with success, the first one first."""
        looked: dict[str, list[int]] = {}
        for source, hour in self._store.rows(
            f"SELECT DISTINCT source, at / {_HOUR} AS hour FROM polls "
            "WHERE at >= ? AND outcome NOT IN ('failed', 'blocked', 'gone', 'held') ORDER BY source, hour",
            (micros(since),),
        ):
            looked.setdefault(source, []).append(hour)
        return looked

    def newest(self, watch: str, limit: int) -> list[int]:
        """List the articles that a watch matched last, the last first; without what was filled in or withdrawn."""
        found = self._store.rows(
            "SELECT m.article FROM mentions m JOIN watches w ON w.id = m.watch JOIN articles a ON a.id = m.article "
            "WHERE w.name = ? AND w.removed_at IS NULL AND a.backfill = 0 AND a.withdrawn_at IS NULL "
            "ORDER BY m.at DESC, m.article DESC LIMIT ?",
            (watch, limit),
        )
        return [article for (article,) in found]

    def number(self, since: datetime) -> int:
        """Count the articles that were first seen since a time."""
        return int(self._store.value("SELECT count(*) FROM articles WHERE first_seen >= ?", (micros(since),)))

    def since(self) -> dict[str, datetime]:
        """Tell of each source that is defined and not paused since when it is."""
        found = self._store.rows("SELECT key, added_at FROM sources WHERE removed_at IS NULL AND paused_at IS NULL")
        return {key: moment(added_at) for key, added_at in found}

    def looks(self, since: datetime) -> dict[tuple[str, date], tuple[int, int]]:
        """Count the polls of each source on each day (UTC) on which there were any, and those that failed."""
        found = self._store.rows(
            f"SELECT source, at / {24 * _HOUR}, count(*), sum(outcome IN ('failed', 'blocked', 'gone')) FROM polls "
            "WHERE at >= ? AND outcome <> 'held' GROUP BY 1, 2",
            (micros(since),),
        )
        return {(source, moment(day * 24 * _HOUR).date()): (polls, failed) for source, day, polls, failed in found}
