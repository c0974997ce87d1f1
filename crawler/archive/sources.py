"""Sources as the archive knows them: definitions with their history, pauses, and what may be said of each."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from crawler.archive import folding, health, rows
from crawler.archive.conditions import note_facts
from crawler.archive.pages import leave
from crawler.archive.positions import NUMBERS
from crawler.archive.store import Store
from crawler.archive.times import DAY, MINUTE, micros, moment
from crawler.archive.wholeness import KnownArticles
from crawler.records import Source, SourceHealth

#: Days after its publication in which an article comes as news; later it is a backfill.
_LATEST_NEWS = 3


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What was seen of one source on one day (UTC)."""

    source: str
    day: date
    polls: int
    failed_polls: int
    #: New entries that its channels served.
    entries: int
    #: Pages that became articles, those of ``from_entry`` included.
    kept: int
    #: reason -> pages, with those that lists of a backfill name and that it left: they are no ``entries``.
    dropped: dict[str, int]
    #: Polls that found a channel with nothing known left in it but pinned entries: something went by unseen.
    gaps: int
    #: reason -> articles that could only be kept as far as their feed entry goes.
    from_entry: dict[str, int] = field(default_factory=dict)
    #: Entries that its channels served and that were known already, or served twice at once; of lists that are too long
    #: nobody looked at those that were not taken, which count as new, and as dropped.
    known: int = 0


@dataclass(frozen=True, slots=True)
class SourceDay:
    """What came from a source on one day (UTC)."""

    #: Articles that were seen first on that day, without what was imported or filled in later.
    articles: int = 0
    polls: int = 0
    failed_polls: int = 0


class Sources:
    """The outlets that are watched."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def sync(self, sources: Iterable[Source], now: datetime, *, every: float = 3600.0) -> None:
        """Take over what the configuration says; this is the whole list, and what is not in it has left.

        ``every`` is the first interval of channels whose source names none, in seconds.
        """
        wanted = {source.key: source for source in sources}
        definitions = {key: rows.packed_source(source) for key, source in wanted.items()}
        hashes = {key: hashlib.sha256(text.encode()).hexdigest() for key, text in definitions.items()}
        store, at = self._store, micros(now)
        query = "SELECT key, sha256 FROM sources WHERE removed_at IS NULL"
        if dict(store.rows(query)) == hashes:  # nothing changed: not even the lock is needed
            return
        with store.writing():
            known = dict(store.rows(query))
            facts = self._facts()
            for key in known.keys() - wanted.keys():
                self._remove(key, at)
            for key, source in wanted.items():
                if known.get(key) != hashes[key]:
                    self._define(source, definitions[key], hashes[key], at, every)
            if self._facts() != facts:
                note_facts(store)
            folding.unfold(store, now)

    def _facts(self) -> list[tuple[object, ...]]:
        """List what filters ask of sources."""
        return self._store.rows("SELECT key, name, kind, control, owner, country FROM sources ORDER BY key")

    def get(self, key: str) -> Source | None:
        """Find a source, also one that has left the configuration."""
        definition = self._store.value("SELECT definition FROM sources WHERE key = ?", (key,))
        return None if definition is None else rows.source(definition)

    def all(self) -> list[Source]:
        """List the sources of the configuration."""
        found = self._store.rows("SELECT definition FROM sources WHERE removed_at IS NULL ORDER BY key")
        return [rows.source(definition) for (definition,) in found]

    def pause(self, key: str, now: datetime) -> None:
        """Poll a source no more until it is resumed; its queued pages wait."""
        with self._store.writing():
            self._store.execute(
                "UPDATE sources SET paused_at = ? WHERE key = ? AND paused_at IS NULL", (micros(now), key)
            )
            folding.unfold(self._store, now)

    def resume(self, key: str, now: datetime) -> None:
        """Poll a source again, also channels that had said that they are gone."""
        with self._store.writing():
            self._store.execute("UPDATE sources SET paused_at = NULL WHERE key = ?", (key,))
            self._store.execute(
                "UPDATE channels SET state = 'new', note = '', failures = 0, next_poll = ? "
                "WHERE source = ? AND state = 'gone' AND retired_at IS NULL",
                (micros(now), key),
            )

    def added(self) -> dict[str, datetime]:
        """Tell since when each source of the configuration is known."""
        return {
            key: moment(at)
            for key, at in self._store.rows("SELECT key, added_at FROM sources WHERE removed_at IS NULL")
        }

    def paused(self) -> set[str]:
        """Name the sources that are paused."""
        return {key for (key,) in self._store.rows("SELECT key FROM sources WHERE paused_at IS NOT NULL")}

    def health(self, now: datetime) -> list[SourceHealth]:
        """Say how each source of the configuration does."""
        return health.read(self._store, now)

    def states(self, now: datetime, known: KnownArticles | None = None) -> list[SourceHealth]:
        """Say how each source does as ``health`` does, but quicker: pages are not counted, overrides not told.

        Who asks again and again gives what is ``known`` since the last time, which is written down there.
        """
        return health.read(self._store, now, full=False, known=known)

    def coverage(self, keys: Collection[str] | None, since: datetime, until: datetime) -> list[CoverageRow]:
        """Count what was seen of sources (None: all) from one time to another, for each day on which anything was."""
        scope = "" if keys is None else "source IN (SELECT value FROM json_each(:keys)) AND"
        values = {"keys": rows.packed(list(keys or ())), "since": micros(since), "until": micros(until), "day": DAY}
        counted: dict[tuple[str, int], CoverageRow] = {}
        for source, day, polls, failed, new, gaps, known in self._store.rows(
            "SELECT source, at / :day, count(*), sum(outcome IN ('failed', 'blocked', 'gone')), sum(new), "
            "sum(outcome = 'overrun'), sum(entries) - sum(new) FROM polls "
            f"WHERE {scope} at >= :since AND at < :until AND outcome <> 'held' GROUP BY 1, 2",
            values,
        ):
            counted[source, day] = CoverageRow(source, _day(day), polls, failed, new, 0, {}, gaps, known=known)
        for source, day, state, reason, number in self._store.rows(
            "SELECT source, closed_at / :day, state, reason, count(*) FROM pages "
            f"WHERE {scope} closed_at >= :since AND closed_at < :until GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            values,
        ):
            row = counted.setdefault((source, day), CoverageRow(source, _day(day), 0, 0, 0, 0, {}, 0))
            if state == "dropped":
                row.dropped[reason] = number
                continue
            counted[source, day] = replace(row, kept=row.kept + number)
            if reason:
                row.from_entry[reason] = row.from_entry.get(reason, 0) + number
        within = f"{scope} day >= :since / :day AND day * :day < :until"
        for source, day, reason, number, entries in self._store.rows(
            f"SELECT source, day, 'list too long', sum(pages), sum(pages) FROM surplus WHERE {within} GROUP BY 1, 2 "
            "UNION ALL "
            f"SELECT source, day, reason, sum(pages), 0 FROM backfill_left WHERE {within} GROUP BY 1, 2, 3 "
            "ORDER BY 1, 2, 3",
            values,
        ):
            row = counted.setdefault((source, day), CoverageRow(source, _day(day), 0, 0, 0, 0, {}, 0))
            row.dropped[reason] = row.dropped.get(reason, 0) + number
            counted[source, day] = replace(row, entries=row.entries + entries)
        return [counted[key] for key in sorted(counted)]

    def days(self, keys: Collection[str], since: datetime) -> dict[str, dict[date, SourceDay]]:
        """Count, for each day on which there was anything, what came from some sources and how often asking failed."""
        found: dict[str, dict[date, SourceDay]] = {key: {} for key in keys}
        begin = micros(since)
        # What came as news was published shortly before, so that the rest of a source need not be looked at.
        position = (begin - _LATEST_NEWS * DAY) // MINUTE << NUMBERS
        values = {"keys": rows.packed(list(keys)), "since": begin, "position": position, "day": DAY}
        for key, day, number in self._store.rows(
            "SELECT source, first_seen / :day, count(*) FROM articles INDEXED BY articles_by_source "
            "WHERE source IN (SELECT value FROM json_each(:keys)) AND position >= :position AND backfill = 0 "
            "AND first_seen >= :since GROUP BY 1, 2",
            values,
        ):
            found[key][_day(day)] = SourceDay(number)
        for key, day, polls, failed in self._store.rows(
            "SELECT source, at / :day, count(*), sum(outcome IN ('failed', 'blocked', 'gone')) FROM polls "
            "WHERE source IN (SELECT value FROM json_each(:keys)) AND at >= :since AND outcome <> 'held' GROUP BY 1, 2",
            values,
        ):
            known = found[key].get(_day(day), SourceDay())
            found[key][_day(day)] = replace(known, polls=polls, failed_polls=failed)
        return found

    def _define(self, source: Source, definition: str, sha256: str, at: int, every: float) -> None:
        store = self._store
        columns = (
            source.name, source.homepage, source.country, source.language, source.timezone, source.kind,
            source.control, source.owner, definition, sha256,
        )  # fmt: skip
        store.execute(
            "INSERT INTO sources (key, name, homepage, country, language, timezone, kind, control, owner, definition, "
            "sha256, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "name = excluded.name, homepage = excluded.homepage, country = excluded.country, "
            "language = excluded.language, timezone = excluded.timezone, kind = excluded.kind, "
            "control = excluded.control, owner = excluded.owner, definition = excluded.definition, "
            "sha256 = excluded.sha256, removed_at = NULL",
            (source.key, *columns, at),
        )
        store.execute(
            "INSERT INTO source_history (source, sha256, definition, at) VALUES (?, ?, ?, ?)",
            (source.key, sha256, definition, at),
        )
        # It may have left and come back: what was dropped only for that is wanted again.
        store.execute(
            "UPDATE pages SET state = 'queued', reason = '', detail = '', closed_at = NULL, due = ?, token = token + 1 "
            "WHERE source = ? AND state = 'dropped' AND reason = 'source removed'",
            (at, source.key),
        )
        self._define_channels(source, at, every)

    def _define_channels(self, source: Source, at: int, every: float) -> None:
        store = self._store
        wanted = {url: kind for kind, url in reversed(source.channels())}
        # Whoever writes the address to which a channel moved into the configuration means the same channel.
        for url in wanted:
            store.execute(
                "UPDATE channels SET defined = url, moved_at = NULL, left_behind = '[]' "
                "WHERE id = (SELECT id FROM channels c WHERE source = ? AND url = ? AND defined != url "
                "AND merged_into IS NULL AND retired_at IS NULL AND defined NOT IN (SELECT value FROM json_each(?)) "
                "AND NOT EXISTS (SELECT 1 FROM channels k WHERE k.source = c.source AND k.defined = c.url) "
                "ORDER BY id LIMIT 1)",
                (source.key, url, rows.packed(list(wanted))),
            )
        known: dict[str, tuple[int, int | None]] = {
            url: (id_, retired)
            for id_, url, retired in store.rows(
                "SELECT id, defined, retired_at FROM channels WHERE source = ?", (source.key,)
            )
        }
        for url in known.keys() - wanted.keys():
            store.execute("UPDATE channels SET retired_at = ? WHERE id = ? AND retired_at IS NULL", (at, known[url][0]))
        for url, kind in wanted.items():
            if url not in known:
                store.execute(
                    "INSERT INTO channels (source, kind, defined, url, interval, next_poll, failures, state, note) "
                    "VALUES (?, ?, ?, ?, ?, ?, 0, 'new', '')",
                    (source.key, kind, url, url, source.every or every, at),
                )
            else:
                store.execute(
                    "UPDATE channels SET kind = ?, retired_at = NULL, interval = coalesce(?, interval), "
                    "next_poll = iif(retired_at IS NULL, next_poll, max(coalesce(next_poll, 0), ?)) WHERE id = ?",
                    (kind, source.every, at, known[url][0]),
                )
        # What was merged into a channel that left is polled again by itself.
        store.execute(
            "UPDATE channels SET merged_into = NULL, state = 'new', note = '', next_poll = ? WHERE source = ? "
            "AND merged_into IN (SELECT id FROM channels WHERE retired_at IS NOT NULL)",
            (at, source.key),
        )

    def _remove(self, key: str, at: int) -> None:
        """Let a source leave: what it has under way ends here, whoever holds it; his result is refused."""
        store = self._store
        store.execute("UPDATE sources SET removed_at = ? WHERE key = ?", (at, key))
        # A poll under way loses its lease, too: what it brings would wait for ever.
        store.execute(
            "UPDATE channels SET retired_at = ?, token = token + 1, lease_until = NULL WHERE source = ? "
            "AND retired_at IS NULL",
            (at, key),
        )
        leave(store, "source = ?", (key,), at)


def _day(number: int) -> date:
    return moment(number * DAY).astimezone(UTC).date()
