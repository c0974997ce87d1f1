"""Search on PostgreSQL: the same articles in the same order as on SQLite, with their words found by ``tsvector``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from crawler.archive.conditions import Conditions
from crawler.archive.postgres import relevance
from crawler.archive.postgres.conditions import TsConditions, compile_query
from crawler.archive.search import GROUPS, Facts, Search, most_ranked, page_of_ranked
from crawler.archive.store import ALL, Store
from crawler.query import Node

#: Among so many of the newest is looked first: so many times as are wanted, or at least so many.
_LOOKS = ((4, 500), (20, 4_000))
#: Where more are wanted PostgreSQL finds them by their words.
_MANY = 1_001
#: What articles are ordered by -> a table that has the same keys.
_KEYS = {"position": "index_entries", "id": "articles"}
_LARGEST = (1 << 63) - 1


class PostgresSearch(Search):
    """Finds articles by queries."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _compile(self, node: Node, now: datetime) -> Conditions:
        return compile_query(self._store, node, now)

    def _stretches(self, found: Conditions) -> Iterator[tuple[str, list[Any]]]:
        assert isinstance(found, TsConditions), "they come from _compile"
        return found.stretches(self._store)

    def _facts(self, found: Conditions, most: int) -> Facts:
        """Count the newest articles that match, one more than so many at most, and what so many of them are."""
        newest = self._newest(found, f"{GROUPS['day']}, a.source, a.language", most + 1)
        days, sources, languages = (Counter(row[column] for row in newest[:most]) for column in range(3))
        return len(newest), days, sources, languages

    def _counts(self, found: Conditions, column: str) -> Counter[Any]:
        """Count all articles that match by a column."""
        counts: Counter[Any] = Counter()
        for tables, parameters in self._stretches(found):
            counted = self._store.rows(f"SELECT {column} AS of, count(*) {tables} GROUP BY 1", parameters)
            counts.update(dict(counted))
        return counts

    def _count(self, found: Conditions, limit: int | None) -> int:
        """Count what matches, up to a limit."""
        counted = 0
        with self._store.reading():
            for tables, parameters in self._stretches(found):
                asked = f"SELECT count(*) {tables}"
                if limit is not None:
                    asked = f"SELECT count(*) FROM (SELECT 1 {tables} LIMIT {limit - counted}) counted"
                counted += int(self._store.value(asked, parameters))
                if counted == limit:
                    break
        return counted

    def _newest(
        self, found: Conditions, columns: str, limit: int | None, before: int | None = None
    ) -> list[tuple[Any, ...]]:
        """Read columns of the newest articles, or of those before a position, until it is enough."""
        if before is not None:
            found = _narrowed(found, "a.position < ?", before)
        read: list[tuple[Any, ...]] = []
        for stretch in self._stretches(found):
            most = None if limit is None else limit - len(read)
            read += self._last(found, stretch, "position", columns, most, before)
            if len(read) == limit:
                break
        return read

    def _latest(self, found: Conditions, limit: int, before: int | None) -> list[tuple[Any, ...]]:
        """Read ids, twice each, of the articles that came last: any stretch may hold them."""
        if before is not None:
            found = _narrowed(found, "a.id < ?", before)
        read: list[tuple[Any, ...]] = []
        for stretch in self._stretches(found):
            read += self._last(found, stretch, "id", "a.id, a.id", limit, before)
        return sorted(read, reverse=True)[:limit]

    def _last(
        self,
        found: Conditions,
        stretch: tuple[str, list[Any]],
        key: str,
        columns: str,
        limit: int | None,
        before: int | None,
    ) -> list[tuple[Any, ...]]:
        """Read columns of those articles of a stretch that have the highest keys, downwards.

        PostgreSQL knows how frequent frequent words are, and takes each other one for more frequent than it is: to find
        its newest articles it would go through a whole archive. It is let go through the newest thousands, where what
        is frequent is found; the rest is found by its words, and then ordered.
        """
        assert isinstance(found, TsConditions), "they come from _compile"
        tables, parameters = stretch
        read: list[tuple[Any, ...]] = []
        high, order = _LARGEST if before is None else before, f"a.{key}"
        if limit is not None and limit <= _MANY and found.is_decided:
            for times, least in _LOOKS:
                low = self._store.value(
                    f"SELECT {key} FROM {_KEYS[key]} WHERE {key} < ? ORDER BY {key} DESC OFFSET ? LIMIT 1",
                    (high, max(times * limit, least)),
                )
                if low is None:
                    break
                read += self._store.rows(
                    f"SELECT {columns} {tables} AND a.{key} >= ? AND a.{key} < ? ORDER BY a.{key} DESC LIMIT ?",
                    [*parameters, low, high, limit - len(read)],
                )
                if len(read) == limit:
                    return read
                high = low
            order = f"a.{key} + 0"  # no index has that
        most = ALL if limit is None else limit - len(read)
        asked = f"SELECT {columns} {tables} AND a.{key} < ? ORDER BY {order} DESC LIMIT ?"
        return read + self._store.rows(asked, [*parameters, high, most])

    def _ranked(self, found: Conditions, limit: int, at: tuple[int, ...] | None) -> tuple[list[int], str | None]:
        """Order the newest hits by bm25; later pages rank the same articles, though others may have come."""
        assert isinstance(found, TsConditions), "it comes from _compile"
        assert found.relevant is not None, "filters alone make no article more relevant than another"
        of_then = found if at is None else _narrowed(found, "a.id <= ?", at[0])
        newest = self._newest(of_then, "a.id, a.position", most_ranked(found))
        scores = relevance.scores(self._store, found.relevant, [position for _, position in newest])
        ranked = [id_ for id_, position in sorted(newest, key=lambda row: (-scores[row[1]], -row[1]))]
        return page_of_ranked(ranked, limit, at)


def _narrowed(found: Conditions, condition: str, value: int) -> Conditions:
    return replace(found, where=[*found.where, condition], parameters=[*found.parameters, value])
