"""The full-text index of an archive on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from crawler.archive.store import Entry, Index, Store


class TsvectorIndex(Index):
    """One row for each article."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, entry: Entry) -> None:
        """Index an article, inside a writing transaction."""

    def remove(self, position: int) -> None:
        """Take an article out of the index, inside a writing transaction."""

    def forget_removed(self) -> None:
        """Leave nothing of what was removed."""

    def even_out(self, most: int) -> int:  # noqa: ARG002
        """Leave it: PostgreSQL keeps its index even by itself."""
        return 0

    def is_old(self) -> bool:
        """Tell whether an older Presswatch cut the words of some articles."""
        return False

    def rebuild(self, progress: Callable[[int, int], None]) -> int:  # noqa: ARG002
        """Cut all articles anew."""
        return 0
