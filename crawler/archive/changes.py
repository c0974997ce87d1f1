"""What happened in the archive, in the order in which it was committed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from crawler.archive.rows import packed
from crawler.archive.store import ALL, Store
from crawler.archive.times import micros, moment
from crawler.records import Change


class Changes:
    """The numbered events, and how far each follower has read them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def since(self, seq: int, until: int | None = None, limit: int | None = None) -> list[Change]:
        """Read the changes after one number, up to another (with it) or so many."""
        found = self._store.rows(
            "SELECT seq, article, kind, at, backfill, note FROM changes WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",  # noqa: E501
            (seq, (1 << 62) if until is None else until, ALL if limit is None else limit),
        )
        return [_change(row) for row in found]

    def articles(self, seq: int, until: int) -> set[int]:
        """Name the articles that changed after one number, up to another (with it)."""
        found = self._store.rows("SELECT DISTINCT article FROM changes WHERE seq > ? AND seq <= ?", (seq, until))
        return {article for (article,) in found}

    def of(self, article: int) -> list[Change]:
        """List what happened to one article, the oldest first."""
        found = self._store.rows(
            "SELECT seq, article, kind, at, backfill, note FROM changes WHERE article = ? ORDER BY seq", (article,)
        )
        return [_change(row) for row in found]

    def first(self, articles: Collection[int]) -> dict[int, int]:
        """Give the number of the first change of each article: that with which it came."""
        found = self._store.rows(
            "SELECT article, min(seq) FROM changes WHERE article "
            "IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) GROUP BY article",
            (packed(list(articles)),),
        )
        return dict(found)

    def revised(self, articles: Collection[int]) -> dict[int, datetime]:
        """Tell when articles were revised or corrected last; those that never were are left out."""
        found = self._store.rows(
            "SELECT article, max(at) FROM changes WHERE kind IN ('revised', 'corrected') "
            "AND article IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) GROUP BY article",
            (packed(list(articles)),),
        )
        return {article: moment(at) for article, at in found}

    def last(self) -> int:
        """Give the number of the last change; 0 when there is none yet."""
        # Not max(seq): the last change may have been forgotten together with its article, its number stays used.
        return self._store.last_number("changes")

    def before(self, at: datetime) -> int:
        """Give the number of the last change before a time; 0 when there is none."""
        return int(
            self._store.value("SELECT seq FROM changes WHERE at < ? ORDER BY seq DESC LIMIT 1", (micros(at),)) or 0
        )

    def position(self, follower: str) -> int:
        """Say up to which number a follower has read; 0 for a new one."""
        return int(self._store.value("SELECT seq FROM followers WHERE name = ?", (follower,)) or 0)

    def followers(self, beginning: str) -> dict[str, int]:
        """List the followers whose names begin like this, with the numbers up to which they have read."""
        found = self._store.rows(
            "SELECT name, seq FROM followers WHERE substr(name, 1, ?) = ?", (len(beginning), beginning)
        )
        return dict(found)

    def leave(self, follower: str) -> None:
        """Forget a follower; when it comes back it is a new one."""
        with self._store.writing():
            self._store.execute("DELETE FROM followers WHERE name = ?", (follower,))

    def move(self, follower: str, seq: int) -> None:
        """Note up to which number a follower has read."""
        with self._store.writing():
            self._store.execute(
                "INSERT INTO followers VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
                (follower, seq),
            )


def _change(row: tuple[Any, ...]) -> Change:
    seq, article, kind, at, backfill, note = row
    return Change(seq, article, kind, moment(at), bool(backfill), note)
