"""The kept pages that are to be looked at again, and what was found when they were."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from crawler.archive import rows
from crawler.archive.hosts import LOOK_AGAIN, Turn, take
from crawler.archive.pages import Leased, close, hold
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none
from crawler.rechecks import STALE, Again, Neighbours, believed, next_after_miss, next_due
from crawler.records import Page, Recheck

#: What became of a page that was not found: its article counts as withdrawn now, did already, or is doubted.
Missing = Literal["withdrawn", "known", "doubted"]

# One step for each source and host, each to its row that is due first: see pages.py.
_QUEUES = """
WITH RECURSIVE
    step(source, host, due) AS (
        SELECT * FROM (SELECT source, host, due FROM rechecks INDEXED BY rechecks_queues
            ORDER BY source, host, due LIMIT 1)
        UNION ALL
        SELECT following.source, following.host, following.due FROM step CROSS JOIN rechecks AS following
        WHERE following.page = coalesce(
            (SELECT page FROM rechecks INDEXED BY rechecks_queues
                WHERE source = step.source AND host > step.host ORDER BY source, host, due LIMIT 1),
            (SELECT page FROM rechecks INDEXED BY rechecks_queues
                WHERE source > step.source ORDER BY source, host, due LIMIT 1))
    ),
    queues AS (
        SELECT step.source, step.host, step.due, coalesce(max(h.next_at, h.held_until), 0) AS free,
            coalesce(h.lease_until, 0) AS leased
        FROM step LEFT JOIN hosts h ON h.host = step.host
        WHERE step.due <= :due AND step.source IN (SELECT value FROM json_each(:sources))
            AND NOT EXISTS (SELECT 1 FROM sources WHERE key = step.source
                AND (paused_at IS NOT NULL OR removed_at IS NOT NULL))
    )
"""
# Mostly one of those that wait longest can be had, and the others need not be looked at.
_NEAREST = """
SELECT nearest.source, nearest.host
FROM (SELECT source, host, due FROM rechecks INDEXED BY rechecks_due WHERE due <= :due ORDER BY due LIMIT 100) nearest
    LEFT JOIN hosts h ON h.host = nearest.host
WHERE nearest.source IN (SELECT value FROM json_each(:sources))
    AND NOT EXISTS (SELECT 1 FROM sources WHERE key = nearest.source
        AND (paused_at IS NOT NULL OR removed_at IS NOT NULL))
    AND coalesce(max(h.next_at, h.held_until, h.lease_until), 0) <= :now
ORDER BY nearest.due LIMIT 1
"""
_FREE = "SELECT source, host FROM queues WHERE free <= :now AND leased <= :now ORDER BY due LIMIT 1"
_RECHECK = "coalesce(leased, due), etag, last_modified, missing_since, misses, attempts"
#: A page over which so many crawls have died is let go.
_MOST_ATTEMPTS = 5
#: What is leased stands at the end of every queue until its turn is over.
_AWAY = 1 << 62
#: A page that its feed has queued is fetched for that; its own turn comes after.
_LATER = timedelta(minutes=10)


class Rechecks:
    """The pages that are asked for again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def lease(
        self, now: datetime, lease: timedelta, sources: Collection[str], *, turn: timedelta, due: datetime | None = None
    ) -> Leased | None:
        """Take the page whose second look is due longest among those whose host is free.

        ``due`` asks only for what was due by then. What was due long ago is let go: nobody wants a storm after a pause.
        """
        if not self._any_due(due or now):
            return None
        values = self._values(now, sources, due)
        if self._free(values) is None:
            return None
        with self._store.writing():
            self._store.execute("DELETE FROM rechecks WHERE due < ?", (micros(now - STALE),))
            free = self._free(values)
            if free is None:
                return None
            source, host = free
            row = self._store.row(
                f"SELECT page, {_RECHECK} FROM rechecks INDEXED BY rechecks_queues WHERE source = ? AND host = ? "
                "AND due <= ? ORDER BY due LIMIT 1",
                (source, host, values["due"]),
            )
            if row is None:
                return None
            if row[-1] >= _MOST_ATTEMPTS:
                self._store.execute("DELETE FROM rechecks WHERE page = ?", (row[0],))
                return None
            leased = self._store.rows(
                "UPDATE pages SET state = 'leased', token = token + 1, lease_until = ? WHERE id = ? "
                f"AND state = 'stored' RETURNING {rows.PAGE}",
                (micros(now + lease), row[0]),
            )
            if not leased:
                # It is asked for anyway, because its feed says that it has changed; or it was pruned.
                self._store.execute("UPDATE rechecks SET due = ? WHERE page = ?", (micros(now + _LATER), row[0]))
                return None
            taken = take(self._store, host, now, turn)
            assert isinstance(taken, Turn), "the host was free, in this very transaction"
            self._store.execute(
                "UPDATE rechecks SET leased = due, due = ?, attempts = attempts + 1 WHERE page = ?", (_AWAY, row[0])
            )
        found = _recheck(row[1:])
        return Leased(replace(rows.page(leased[0]), recheck=replace(found, attempts=found.attempts + 1)), taken)

    def ready(self, now: datetime, sources: Collection[str]) -> list[str]:
        """Name the sources of which a page can be looked at again now."""
        if not self._any_due(now):
            return []
        asked = "SELECT DISTINCT source FROM queues WHERE free <= :now AND leased <= :now ORDER BY 1"
        return [key for (key,) in self._store.rows(_QUEUES + asked, self._values(now, sources, None))]

    def wait(self, now: datetime, sources: Collection[str]) -> datetime | None:
        """Say when the next page that is due can be leased; None when none is due."""
        if not self._any_due(now):
            return None
        values = self._values(now, sources, None)
        found = self._store.value(
            _QUEUES + "SELECT min(max(free, iif(leased > :now, min(leased, :now + :again), 0))) FROM queues",
            values | {"again": LOOK_AGAIN // timedelta(microseconds=1)},
        )
        return None if found is None else max(now, moment(found))

    def of(self, page: int) -> Recheck | None:
        """Say when a page is looked at again; None when it is not."""
        row = self._store.row(f"SELECT {_RECHECK} FROM rechecks WHERE page = ?", (page,))
        return None if row is None else _recheck(row)

    def unchanged(self, page: Page, again: Again, now: datetime) -> bool:
        """Note that a page is as it was (304); tell whether that brought a withdrawn article back."""
        with self._store.writing():
            article = self._held(page)
            close(self._store, page.id, "stored", now)
            self._store.execute("UPDATE articles SET last_checked = ? WHERE id = ?", (micros(now), article))
            follow(self._store, page, article, again, now)
            return restore(self._store, article, now)

    def missing(self, page: Page, again: Again, note: str, now: datetime, *, at_once: bool = False) -> Missing:
        """Note that a page was not found, and withdraw its article when that is to be believed."""
        with self._store.writing():
            article = self._held(page)
            close(self._store, page.id, "stored", now)
            self._store.execute("UPDATE articles SET last_checked = ? WHERE id = ?", (micros(now), article))
            known = self.of(page.id)
            misses = (known.misses if known else 0) + 1
            since = (known and known.missing_since) or now
            backfill, withdrawn, first_seen = self._article(article)
            outcome: Missing = "known" if withdrawn else "doubted"
            sure = at_once or believed(misses, since, now, self._neighbours(page, since))
            if sure and not withdrawn:
                told = note if at_once else f"{note}, first seen {since:%Y-%m-%d %H:%M} UTC"
                withdraw(self._store, article, now, told, backfill=backfill)
                outcome = "withdrawn"
            due = (
                next_due(first_seen, again, now)
                if sure or withdrawn
                else next_after_miss(first_seen, again, misses, now)
            )
            _put(self._store, page, article, due, _validators(known), missing_since=since, misses=misses)
            return outcome

    def missed(self, page: Page, again: Again, now: datetime, until: datetime | None = None, tries: int = 3) -> None:
        """Note that nothing was learned; the page's next turn comes, or this one at the time that its server named."""
        with self._store.writing():
            article = self._held(page)
            close(self._store, page.id, "stored", now)
            known = self.of(page.id)
            _, _, first_seen = self._article(article)
            due, attempts = next_due(first_seen, again, now), 0
            if known is not None and until is not None and known.attempts < tries and (due is None or until < due):
                due, attempts = until, known.attempts
            if known is not None:
                _put(
                    self._store, page, article, due, _validators(known), missing_since=known.missing_since,
                    misses=known.misses, attempts=attempts,
                )  # fmt: skip

    def _free(self, values: dict[str, Any]) -> tuple[str, str] | None:
        """Name the source and the host whose page is due longest and can be asked for now."""
        found = self._store.rows(_NEAREST, values) or self._store.rows(_QUEUES + _FREE, values)
        return (found[0][0], found[0][1]) if found else None

    def _held(self, page: Page) -> int:
        hold(self._store, page)
        assert page.article is not None, "only a page that gave an article is looked at again"
        return page.article

    def _article(self, id_: int) -> tuple[bool, bool, datetime]:
        row = self._store.row("SELECT backfill, withdrawn_at, first_seen FROM articles WHERE id = ?", (id_,))
        assert row is not None, "pages let go of an article that is removed"
        return bool(row[0]), row[1] is not None, moment(row[2])

    def _neighbours(self, page: Page, since: datetime) -> Neighbours:
        """Look at the other pages of a host: one page that is gone tells more than a site that is."""
        answered, missing = self._store.row(
            "SELECT count(*) FILTER (WHERE answered > :since), count(*) FILTER (WHERE missing_since >= :near) "
            "FROM rechecks WHERE source = :source AND host = :host AND page <> :page",
            {
                "since": micros(since), "near": micros(since - timedelta(days=1)), "source": page.source,
                "host": page.host, "page": page.id,
            },
        ) or (0, 0)  # fmt: skip
        channel = self._store.value(
            "SELECT 1 FROM channels WHERE source = ? AND last_ok > ? LIMIT 1", (page.source, micros(since))
        )
        return Neighbours(answered, missing, channel is not None)

    def _any_due(self, at: datetime) -> bool:
        return self._store.row("SELECT 1 FROM rechecks WHERE due <= ? LIMIT 1", (micros(at),)) is not None

    @staticmethod
    def _values(now: datetime, sources: Collection[str], due: datetime | None) -> dict[str, Any]:
        return {"now": micros(now), "due": micros(due or now), "sources": rows.packed(list(sources))}


def follow(store: Store, page: Page, article: int, again: Again, now: datetime) -> None:
    """Plan the next look at a page that gave its article just now, inside a writing transaction."""
    row = store.row("SELECT first_seen, backfill FROM articles WHERE id = ?", (article,))
    if row is None or row[1]:
        return
    _put(store, page, article, next_due(moment(row[0]), again, now), (again.etag, again.last_modified), answered=now)


def withdraw(store: Store, article: int, now: datetime, note: str, *, backfill: bool) -> None:
    """Record that an article was taken away, inside a writing transaction."""
    store.execute("UPDATE articles SET withdrawn_at = ? WHERE id = ?", (micros(now), article))
    _note(store, article, "withdrawn", now, note, backfill=backfill)


def restore(store: Store, article: int, now: datetime) -> bool:
    """Take a withdrawal back when the page is there again, inside a writing transaction; tell whether there was one."""
    row = store.row("SELECT backfill FROM articles WHERE id = ? AND withdrawn_at IS NOT NULL", (article,))
    if row is None:
        return False
    store.execute("UPDATE articles SET withdrawn_at = NULL WHERE id = ?", (article,))
    _note(store, article, "restored", now, "its page is there again", backfill=bool(row[0]))
    return True


def _note(store: Store, article: int, kind: str, now: datetime, note: str, *, backfill: bool) -> None:
    store.execute(
        "INSERT INTO changes (article, kind, at, backfill, note) VALUES (?, ?, ?, ?, ?)",
        (article, kind, micros(now), int(backfill), rows.sound(note)),
    )


def _put(
    store: Store,
    page: Page,
    article: int,
    due: datetime | None,
    validators: tuple[str | None, str | None],
    *,
    answered: datetime | None = None,
    missing_since: datetime | None = None,
    misses: int = 0,
    attempts: int = 0,
) -> None:
    if due is None:
        store.execute("DELETE FROM rechecks WHERE page = ?", (page.id,))
        return
    etag, modified = (None if value is None else rows.sound(value) for value in validators)
    store.execute(
        "INSERT INTO rechecks (page, article, source, host, due, etag, last_modified, answered, missing_since, misses, "
        "attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (page) DO UPDATE SET due = excluded.due, "
        "etag = excluded.etag, last_modified = excluded.last_modified, leased = NULL, attempts = excluded.attempts, "
        "answered = coalesce(excluded.answered, rechecks.answered), missing_since = excluded.missing_since, "
        "misses = excluded.misses",
        (
            page.id, article, page.source, page.host, micros(due), etag, modified, micros_or_none(answered),
            micros_or_none(missing_since), misses, attempts,
        ),
    )  # fmt: skip


def _validators(known: Recheck | None) -> tuple[str | None, str | None]:
    return (known.etag, known.last_modified) if known else (None, None)


def _recheck(row: tuple[Any, ...]) -> Recheck:
    return Recheck(moment(row[0]), row[1], row[2], moment_or_none(row[3]), row[4], row[5])
