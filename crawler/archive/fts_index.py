"""The full-text index of an SQLite archive, as its rooms ask for it."""

from __future__ import annotations

from collections.abc import Callable

from crawler.archive import fulltext, reindexing
from crawler.archive.store import Entry, Index, Store


class FtsIndex(Index):
    """Tables of FTS5, one for each stretch of time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, entry: Entry) -> None:
        """Index an article, inside a writing transaction."""
        fulltext.add(self._store, entry)

    def remove(self, position: int) -> None:
        """Take an article out of the index, inside a writing transaction."""
        fulltext.remove(self._store, position)

    def forget_removed(self) -> None:
        """Leave nothing of what was removed in the file."""
        fulltext.forget_removed(self._store)

    def even_out(self, most: int) -> int:
        """Keep searches quick; give how many articles were moved or merged."""
        return fulltext.even_out(self._store, most)

    def is_old(self) -> bool:
        """Tell whether an older Presswatch cut the words of some part."""
        return reindexing.is_old(self._store)

    def rebuild(self, progress: Callable[[int, int], None]) -> int:
        """Make the index anew, part by part; give how many articles there are."""
        return reindexing.rebuild(self._store, progress)
