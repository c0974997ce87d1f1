"""Search on PostgreSQL."""

from __future__ import annotations

from crawler.archive.search import Search
from crawler.archive.store import Store


class PostgresSearch(Search):
    """Finds articles by queries."""

    def __init__(self, store: Store) -> None:
        self._store = store  # type: ignore[assignment]
