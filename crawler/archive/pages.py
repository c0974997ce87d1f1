"""The frontier: every address that a channel served, until it is stored or dropped with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.archive import rows
from crawler.archive.hosts import LOOK_AGAIN, Turn, take
from crawler.archive.queueing import Queued, Sifted, is_forgotten, queue, sift
from crawler.archive.store import Store
from crawler.archive.times import micros, moment
from crawler.errors import REASONS, LeaseLost
from crawler.records import Entry, Page
from crawler.urls import normalise

# One step for each source and host that has queued pages, each to the page that is due first, by the index alone: a
# long queue costs nothing. (A comparison of row values would be shorter, but SQLite uses only its first column.)
_QUEUES = """
WITH RECURSIVE
    step(source, host, due) AS (
        SELECT * FROM (SELECT source, host, due FROM pages INDEXED BY pages_queued WHERE state = 'queued'
            ORDER BY source, host, due LIMIT 1)
        UNION ALL
        SELECT following.source, following.host, following.due FROM step CROSS JOIN pages AS following
        WHERE following.id = coalesce(
            (SELECT id FROM pages INDEXED BY pages_queued WHERE state = 'queued'
                AND source = step.source AND host > step.host ORDER BY source, host, due LIMIT 1),
            (SELECT id FROM pages INDEXED BY pages_queued WHERE state = 'queued'
                AND source > step.source ORDER BY source, host, due LIMIT 1))
    ),
    queues AS (
        SELECT step.source, step.host, step.due, coalesce(max(h.next_at, h.held_until), 0) AS free,
            coalesce(h.lease_until, 0) AS leased
        FROM step LEFT JOIN hosts h ON h.host = step.host
        WHERE (:sources IS NULL OR step.source IN (SELECT value FROM json_each(:sources)))
            AND NOT EXISTS (SELECT 1 FROM sources WHERE key = step.source
                AND (paused_at IS NOT NULL OR removed_at IS NOT NULL))
    )
"""


# A kept page that was leased only for another look (rechecks.py) is stored, not queued, when it comes back unseen.
_AGAIN = "id IN (SELECT page FROM rechecks WHERE leased IS NOT NULL)"
_BACK = f"iif({_AGAIN}, 'stored', 'queued')"
_AGAIN_LATER = "UPDATE rechecks SET due = leased, leased = NULL"
#: When so many leases of a page ran out, one after another, it is taken for what kills the crawls.
_MOST_LOST = 50
_AGAIN_FREE = " WHERE leased IS NOT NULL AND page IN (SELECT id FROM pages WHERE state = 'stored')"


@dataclass(frozen=True, slots=True)
class Leased:
    """A page to fetch, with the turn at its host."""

    page: Page
    turn: Turn


class Pages:
    """The addresses on their way to being articles."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def queue(self, source: str, entries: Sequence[Entry], now: datetime, channel: int | None = None) -> Queued:
        """Queue the pages of entries; an address that is known, in whatever state, is not queued again."""
        sifted = self.sift(source, entries)
        with self._store.writing():
            return queue(self._store, sifted, now, channel)

    def sift(self, source: str, entries: Sequence[Entry]) -> Sifted:
        """Find out what of a source's entries is new and what has changed, so that queueing them is short."""
        return sift(self._store, source, entries)

    def lease(
        self,
        now: datetime,
        lease: timedelta,
        sources: Collection[str] | None = None,
        *,
        turn: timedelta | None = None,
    ) -> Leased | None:
        """Take the page that has waited longest among those whose host is free, and the turn at that host.

        Pages whose lease ran out go back to the queue first. ``turn`` is how long the host waits for a fetcher that
        died; without it as long as the page.
        """
        store, values = self._store, _values(now, sources)
        if self._stale(now):
            with store.writing():
                self._return_expired(now)
        queue = store.row(_QUEUES + _FREE, values)
        if queue is None:
            return None
        values |= {"until": micros(now + lease), "source": queue[0], "host": queue[1]}
        with store.writing():
            # Another crawl may have come between: then there is no page any more, or no turn.
            page = store.value(
                "SELECT id FROM pages INDEXED BY pages_queued WHERE state = 'queued' AND source = :source "
                "AND host = :host AND due <= :now ORDER BY due, id LIMIT 1",
                values,
            )
            taken = None if page is None else take(store, queue[1], now, turn or lease)
            if not isinstance(taken, Turn):
                return None
            (row,) = store.rows(
                "UPDATE pages SET state = 'leased', token = token + 1, attempts = attempts + 1, lease_until = :until "
                f"WHERE id = :page RETURNING {rows.PAGE}",
                values | {"page": page},
            )
        return Leased(rows.page(row), taken)

    def ready(self, now: datetime) -> list[str]:
        """Name the sources of which a queued page can be leased now."""
        if self._stale(now):
            with self._store.writing():
                self._return_expired(now)
        asked = "SELECT DISTINCT source FROM queues WHERE due <= :now AND free <= :now AND leased <= :now ORDER BY 1"
        return [key for (key,) in self._store.rows(_QUEUES + asked, _values(now, None))]

    def abandon(self, source: str, now: datetime) -> None:
        """Let the leases of a source's pages run out: whoever had them is known to be dead."""
        self._store.execute(
            "UPDATE pages SET lease_until = ? WHERE state = 'leased' AND source = ?", (micros(now), source)
        )

    def wait(self, now: datetime, sources: Collection[str] | None = None) -> datetime | None:
        """Say when the next queued page can be leased, at the earliest now; None when nothing is queued."""
        if self._stale(now):
            return now
        found = self._store.value(
            _QUEUES + "SELECT min(max(due, free, iif(leased > :now, min(leased, :now + :again), 0))) FROM queues",
            _values(now, sources) | {"again": LOOK_AGAIN // timedelta(microseconds=1)},
        )
        return None if found is None else max(now, moment(found))

    def renew(self, pages: Iterable[Page], until: datetime) -> None:
        """Keep leases for longer; LeaseLost names those that are gone, after the others are renewed."""
        self._all_held(
            "UPDATE pages SET lease_until = :until WHERE id = :id AND token = :token AND state = 'leased'",
            pages,
            {"until": micros(until)},
        )

    def give_back(self, pages: Iterable[Page], now: datetime) -> None:
        """Put pages back that were not tried."""
        try:
            self._all_held(
                f"UPDATE pages SET state = {_BACK}, lease_until = NULL, "
                f"attempts = attempts - iif({_AGAIN}, 0, 1), token = token + 1, lost = 0 "
                "WHERE id = :id AND token = :token AND state = 'leased'",
                pages,
                {"now": micros(now)},
            )
        finally:
            with self._store.writing():
                self._store.execute(_AGAIN_LATER + ", attempts = attempts - 1" + _AGAIN_FREE)

    def drop(self, page: Page, reason: str, detail: str, now: datetime) -> None:
        """End a page's way with one of REASONS."""
        if reason not in REASONS:
            raise ValueError(f"{reason!r} is none of the reasons in crawler.errors.REASONS")
        with self._store.writing():
            hold(self._store, page)
            self._end(page.id, page.article if page.state == "leased" else None, reason, detail, now)

    def retry(self, page: Page, at: datetime, reason: str, detail: str, now: datetime) -> None:
        """Queue a page again for a later time, with what stood in the way and as many tries as the page says."""
        with self._store.writing():
            hold(self._store, page)
            self._store.execute(
                "UPDATE pages SET state = 'queued', lease_until = NULL, token = token + 1, due = ?, reason = ?, "
                "detail = ?, attempts = ?, lost = 0 WHERE id = ?",
                (micros(max(at, now)), reason, detail, page.attempts, page.id),
            )

    def is_forgotten(self, url: str) -> bool:
        """Tell whether an address was forgotten by command."""
        return is_forgotten(self._store, normalise(url) or url)

    def find(self, url: str) -> Page | None:
        """Find a page by its address."""
        row = self._store.row(f"SELECT {rows.PAGE} FROM pages WHERE url = ?", (normalise(url) or url,))
        return None if row is None else rows.page(row)

    def counts(self, sources: Collection[str] | None = None) -> dict[str, dict[str, int]]:
        """Count the pages of each source by state; dropped ones by reason."""
        counted: dict[str, dict[str, int]] = {}
        for source, state, number in self._store.rows(
            "SELECT source, iif(state = 'dropped', reason, state), count(*) FROM pages "
            "WHERE :sources IS NULL OR source IN (SELECT value FROM json_each(:sources)) GROUP BY 1, 2 ORDER BY 1, 2",
            {"sources": None if sources is None else rows.packed(list(sources))},
        ):
            counted.setdefault(source, {})[state] = number
        return counted

    def dropped(self, source: str, limit: int = 50) -> list[Page]:
        """List the pages of a source that were dropped, the latest first."""
        found = self._store.rows(
            f"SELECT {rows.PAGE} FROM pages WHERE source = ? AND closed_at IS NOT NULL AND state = 'dropped' "
            "ORDER BY closed_at DESC, id DESC LIMIT ?",
            (source, limit),
        )
        return [rows.page(row) for row in found]

    def _stale(self, now: datetime) -> bool:
        """Tell whether any lease ran out."""
        query = "SELECT 1 FROM pages WHERE state = 'leased' AND lease_until <= ? LIMIT 1"
        return self._store.row(query, (micros(now),)) is not None

    def _return_expired(self, now: datetime) -> None:
        for id_, article in self._store.rows(
            "SELECT id, article FROM pages WHERE state = 'leased' AND lease_until <= ? AND lost + 1 >= ? "
            f"AND NOT {_AGAIN}",
            (micros(now), _MOST_LOST),
        ):
            self._end(id_, article, "crawls died", f"{_MOST_LOST} crawls in a row died while they held it", now)
        # That a crawl died says nothing of the pages that it held: it was no try.
        self._store.execute(
            f"UPDATE pages SET state = {_BACK}, lease_until = NULL, token = token + 1, "
            f"attempts = attempts - iif({_AGAIN}, 0, 1), lost = lost + iif({_AGAIN}, 0, 1) "
            "WHERE state = 'leased' AND lease_until <= ?",
            (micros(now),),
        )
        self._store.execute(_AGAIN_LATER + _AGAIN_FREE)

    def _end(self, id_: int, article: int | None, reason: str, detail: str, now: datetime) -> None:
        if article is not None:
            # What its page gave once is kept, whatever it says today.
            close(self._store, id_, "stored", now)
        else:
            close(self._store, id_, "dropped", now, reason=reason, detail=detail)

    def _all_held(self, sql: str, pages: Iterable[Page], values: dict[str, Any]) -> None:
        with self._store.writing():
            lost = [
                page for page in pages if not self._store.execute(sql, values | {"id": page.id, "token": page.token})
            ]
        if lost:
            raise LeaseLost(_lost(lost))


# The longest waiting page among free hosts stands in the queue of the smallest due.
_FREE = "SELECT source, host FROM queues WHERE due <= :now AND free <= :now AND leased <= :now ORDER BY due LIMIT 1"


def _values(now: datetime, sources: Collection[str] | None) -> dict[str, Any]:
    return {"now": micros(now), "sources": None if sources is None else rows.packed(list(sources))}


def leave(store: Store, where: str, values: Sequence[Any], at: int) -> None:
    """End the way of all open pages of sources that left, inside a writing transaction.

    Nobody would ever come for them, also not for what a crawl holds just now: it may be killed. A page that gave an
    article stays with it; the change that its feed told of is forgotten, so that it counts anew if the source returns.
    """
    store.execute(
        "UPDATE pages SET state = 'stored', reason = '', detail = '', lease_until = NULL, token = token + 1, "
        f"entry = iif({_AGAIN}, entry, json_remove(entry, '$.updated')) "
        f"WHERE {where} AND state IN ('queued', 'leased') AND article IS NOT NULL",
        values,
    )
    store.execute(_AGAIN_LATER + _AGAIN_FREE)
    store.execute(
        "UPDATE pages SET state = 'dropped', reason = 'source removed', detail = '', closed_at = ?, "
        f"lease_until = NULL, token = token + 1 WHERE {where} AND state IN ('queued', 'leased')",
        (at, *values),
    )


def hold(store: Store, page: Page) -> None:
    """Make sure that a page is still ours, inside a writing transaction."""
    row = store.row("SELECT token, state FROM pages WHERE id = ?", (page.id,))
    if row is None or row[0] != page.token or row[1] not in ("queued", "leased"):
        raise LeaseLost(_lost([page]))


def close(
    store: Store, id_: int, state: str, now: datetime, *, reason: str = "", detail: str = "", article: int | None = None
) -> None:
    """End a page's way, inside a writing transaction."""
    at = micros(now)
    store.later(
        # A day's count of what was kept does not change with every later look.
        "UPDATE pages SET state = ?, reason = ?, detail = ?, lease_until = NULL, lost = 0, "
        "closed_at = iif(article IS NULL, ?, coalesce(closed_at, ?)), article = coalesce(?, article) WHERE id = ?",
        [(state, reason, detail, at, at, article, id_)],
    )


def _lost(pages: Sequence[Page]) -> str:
    named = ", ".join(page.url for page in pages[:3])
    more = f" and {len(pages) - 3} more" if len(pages) > 3 else ""
    return f"{named}{more}: the lease ran out and somebody else has the page; this result is not kept"
