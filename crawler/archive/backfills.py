"""Backfills: which lists of older articles are known, asked and still to be asked, source by source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crawler.archive import rows
from crawler.archive.pages import close, hold
from crawler.archive.queueing import count_surplus, is_forgotten
from crawler.archive.store import Store
from crawler.archive.times import DAY, micros, micros_or_none
from crawler.records import Entry, Page
from crawler.urls import host_of, normalise


@dataclass(frozen=True, slots=True)
class Offer:
    """A list that was found."""

    url: str
    kind: str
    #: How many lists led to it, and how many of the last of them brought nothing.
    depth: int = 0
    barren: int = 0
    #: When it was changed, as its index prints it; "" when nothing says that.
    changed: str = ""


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list that is to be asked for."""

    id: int
    source: str
    url: str
    kind: str
    depth: int = 0
    barren: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of the entries of a list."""

    new: int
    known: int
    #: New ones for which there was no room.
    over: int


class Backfills:
    """What the backfills of the sources have asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, source: str, since: datetime, now: datetime) -> bool:
        """Begin a backfill, or go on with one that did not end; tell whether it goes on.

        A new one asks again for all lists but those of days that are over. One that reaches further back asks for all.
        """
        at, start = micros(now), micros(since)
        with self._store.writing():
            known = self._store.row("SELECT since, ended FROM backfills WHERE source = ?", (source,))
            wider = known is None or start < known[0] - _SLACK
            if known is not None and known[1] is None and not wider:
                return True
            self._store.execute(
                "UPDATE backfill_lists SET state = 'stale', attempts = 0, changed = iif(:wider = 1, '', changed) "
                "WHERE source = :source AND (:wider = 1 OR final = 0)",
                {"source": source, "wider": wider},
            )
            self._store.execute(
                "INSERT INTO backfills (source, since, started) VALUES (?, ?, ?) ON CONFLICT (source) DO UPDATE "
                "SET since = excluded.since, started = excluded.started, ended = NULL",
                (source, start, at),
            )
        return False

    def end(self, source: str, now: datetime) -> bool:
        """Note that a backfill is done, if no list of it is open; tell whether it is."""
        with self._store.writing():
            self._store.execute(
                "UPDATE backfills SET ended = ? WHERE source = ? AND NOT EXISTS "
                "(SELECT 1 FROM backfill_lists WHERE source = backfills.source AND state = 'open')",
                (micros(now), source),
            )
            return self._store.value("SELECT ended FROM backfills WHERE source = ?", (source,)) is not None

    def offer(self, source: str, offers: Iterable[Offer]) -> list[OpenList]:
        """Take in lists that were found, and give those that are to be asked for and were not known to be."""
        found = []
        with self._store.writing():
            for each in offers:
                found += self._store.rows(
                    "INSERT INTO backfill_lists (source, url, kind, state, depth, barren, changed) "
                    "VALUES (:source, :url, :kind, 'open', :depth, :barren, :changed) ON CONFLICT (source, url) DO "
                    "UPDATE SET state = iif(excluded.changed != '' AND excluded.changed = backfill_lists.changed, "
                    "'read', 'open'), "
                    "kind = excluded.kind, depth = excluded.depth, barren = excluded.barren, "
                    "changed = excluded.changed WHERE backfill_lists.state = 'stale' "
                    f"RETURNING state, {_OPEN}",
                    {
                        "source": source, "url": each.url, "kind": each.kind, "depth": each.depth,
                        "barren": each.barren, "changed": each.changed,
                    },
                )  # fmt: skip
        return [OpenList(*row[1:]) for row in found if row[0] == "open"]

    def open(self, source: str) -> list[OpenList]:
        """List what is still to be asked for."""
        found = self._store.rows(
            f"SELECT {_OPEN} FROM backfill_lists WHERE source = ? AND state = 'open' ORDER BY id", (source,)
        )
        return [OpenList(*row) for row in found]

    def calendars(self, source: str) -> list[tuple[str, str]]:
        """List the calendars' lists that are done with, in the order in which they were asked for, and their ends."""
        found = self._store.rows(
            "SELECT url, detail FROM backfill_lists WHERE source = ? AND kind = 'calendar' "
            "AND state IN ('read', 'failed') ORDER BY read_at, id",
            (source,),
        )
        return [(url, detail) for url, detail in found]

    def fill(self, source: str, entries: Sequence[Entry], since: datetime, now: datetime, room: int) -> Filled:
        """Queue the pages of entries that are not known, as many as there is room for, in their order.

        What an earlier backfill left because of its narrower window is queued again. These pages give way to those
        that channels serve.
        """
        new = over = known = 0
        with self._store.writing():
            if self._store.row("SELECT 1 FROM sources WHERE key = ? AND removed_at IS NOT NULL", (source,)):
                return Filled(0, 0, 0)  # it left meanwhile, and nobody would ask for them
            before = self._before(entries)
            for entry in entries:
                state = _state(before.get(normalise(rows.sound(entry.url)) or ""), since)
                if state == "known":
                    known += 1
                elif new >= room:
                    over += 1
                elif state == "again":
                    self._again(entry, since, now)
                    new += 1
                elif self._insert(source, entry, since, now):
                    new += 1
                else:
                    known += 1
        return Filled(new, known, over)

    def _before(self, entries: Sequence[Entry]) -> dict[str, tuple[Any, ...]]:
        """Read what is known of the pages of entries, in one go: there may be fifty thousand."""
        wanted = [url for entry in entries if (url := normalise(rows.sound(entry.url)))]
        found = self._store.rows(
            "SELECT url, state, reason, dated, since FROM pages WHERE url IN (SELECT value FROM json_each(?))",
            (rows.packed(wanted),),
        )
        return {url: tuple(row) for url, *row in found}

    def _insert(self, source: str, entry: Entry, since: datetime, now: datetime) -> bool:
        url = normalise(rows.sound(entry.url))
        if url is None or is_forgotten(self._store, url):
            return False
        said = rows.sound(rows.packed_entry(replace(entry, url=url)))
        added = self._store.execute(
            "INSERT INTO pages (url, source, host, state, due, queued_at, entry, since) "
            "VALUES (?, ?, ?, 'queued', ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (url, source, host_of(url), micros(now), micros(now), said, micros(since)),
        )
        return added > 0

    def _again(self, entry: Entry, since: datetime, now: datetime) -> None:
        self._store.execute(
            "UPDATE pages SET state = 'queued', reason = '', detail = '', attempts = 0, closed_at = NULL, "
            "dated = NULL, due = ?, since = ? WHERE url = ?",
            (micros(now), micros(since), normalise(rows.sound(entry.url))),
        )

    def too_old(self, page: Page, published: datetime | None, detail: str, now: datetime) -> None:
        """Drop a leased page whose article was published before the window; a wider backfill may ask for it again."""
        with self._store.writing():
            hold(self._store, page)
            close(self._store, page.id, "dropped", now, reason="too old", detail=detail)
            self._store.execute("UPDATE pages SET dated = ? WHERE id = ?", (micros_or_none(published), page.id))

    def read(self, done: OpenList, state: str, detail: str, now: datetime, *, final: bool = False) -> None:
        """Note how asking for a list ended: read, failed, or open (to be asked for again)."""
        self._store.execute(
            "UPDATE backfill_lists SET state = ?, detail = ?, final = ?, attempts = attempts + 1, read_at = ? "
            "WHERE id = ?",
            (state, detail[:500], int(final), micros(now), done.id),
        )

    def leave(
        self, done: OpenList, left: Mapping[str, int], now: datetime, *, surplus: Iterable[tuple[str, int]] = ()
    ) -> None:
        """Note how many pages of a list were left, by reason, in place of what was noted of it that day.

        ``surplus`` are those beyond what a list may name, as polls note them.
        """
        day = micros(now) // DAY
        with self._store.writing():
            self._store.execute(
                "DELETE FROM backfill_left WHERE source = ? AND day = ? AND url = ?", (done.source, day, done.url)
            )
            self._store.many(
                "INSERT INTO backfill_left (source, day, url, reason, pages) VALUES (?, ?, ?, ?, ?)",
                ((done.source, day, done.url, reason, pages) for reason, pages in left.items() if pages),
            )
            count_surplus(self._store, done.source, surplus, now)


_OPEN = "id, source, url, kind, depth, barren, attempts"
#: "30d" is asked for a little later on every run: that is no wider window.
_SLACK = 3600 * 1_000_000


def _state(row: tuple[Any, ...] | None, since: datetime) -> str:
    """Say whether a page is new, known, or was left by a backfill with a narrower window: again."""
    if row is None:
        return "new"
    state, reason, dated, before = row
    missed = state == "dropped" and reason == "too old" and before is not None and before > micros(since)
    return "again" if missed and (dated is None or dated >= micros(since)) else "known"
