"""The full-text index of an archive on PostgreSQL: one row for each article, numbered by its position.

Its words are a ``tsvector`` (``vectors``) beside those of what filters ask most, the source and the language. GIN finds
words from there, and PostgreSQL keeps it even by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from crawler.archive import fulltext
from crawler.archive.postgres.vectors import vector
from crawler.archive.store import WATCHES_WAIT, Entry, Index, Store
from crawler.tokens import VERSION

#: In the state while all articles are cut anew: those below this position are left.
_LEFT_BELOW = "index_left_below"
_ABOVE_ALL = (1 << 63) - 1


class TsvectorIndex(Index):
    """One row for each article."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, entry: Entry) -> None:
        """Index an article, inside a writing transaction."""
        self._store.later(
            "INSERT INTO index_entries (position, version, whole, length, words) VALUES (?, ?, ?, ?, ?)",
            [(entry.position, VERSION, *vector(entry))],
        )

    def remove(self, position: int) -> None:
        """Take an article out of the index, inside a writing transaction."""
        self._store.execute("DELETE FROM index_entries WHERE position = ?", (position,))

    def forget_removed(self) -> None:
        """Empty the rows of what was removed, where no transaction is open.

        Words alone, without saying whose they were, stay in the index until the server makes it anew (REINDEX), and
        all of it in the server's log and copies for as long as these are kept.
        """
        self._store.execute("VACUUM (SKIP_LOCKED) articles, revisions, index_entries")

    def even_out(self, most: int) -> int:  # noqa: ARG002
        """Leave it: PostgreSQL keeps its index even by itself."""
        return 0

    def is_old(self) -> bool:
        """Tell whether an older Presswatch cut the words of some articles, or watches are yet to be asked again."""
        return self._has_old() or self._store.state(WATCHES_WAIT) is not None

    def rebuild(self, progress: Callable[[int, int], None]) -> int:
        """Cut all articles anew, unless only watches are yet to be asked again; give how many articles there are.

        Every step is a short transaction, between which others search and write; what is interrupted goes on.
        """
        with self._store.writing():
            if self._left_below() is None and (self._has_old() or self._store.state(WATCHES_WAIT) is None):
                self._store.set_state(_LEFT_BELOW, _ABOVE_ALL)
                self._store.execute("DELETE FROM index_entries WHERE position NOT IN (SELECT position FROM articles)")
            self._store.set_state(WATCHES_WAIT, 1)
        total = int(self._store.value("SELECT count(*) FROM articles"))
        while (left := self._left_below()) is not None:
            if self._step(left):
                undone = self._store.value("SELECT count(*) FROM articles WHERE position < ?", (self._left_below(),))
                progress(max(0, total - int(undone)), total)
        return total

    def _step(self, below: int) -> bool:
        """Cut the next articles anew, the newest first; tell whether there were any."""
        with self._store.writing():
            entries = fulltext.read(self._store, "position < ? ORDER BY position DESC LIMIT ?", below, fulltext.AT_ONCE)
            for entry in entries:
                self.remove(entry.position)
                self.add(entry)
            if entries:
                self._store.set_state(_LEFT_BELOW, entries[-1].position)
            else:
                self._store.execute("DELETE FROM state WHERE key = ?", (_LEFT_BELOW,))
        return bool(entries)

    def _has_old(self) -> bool:
        old = "SELECT EXISTS (SELECT 1 FROM index_entries WHERE version < ?)"
        return bool(self._store.value(old, (VERSION,)))

    def _left_below(self) -> int | None:
        below = self._store.state(_LEFT_BELOW)
        return None if below is None else int(below)
