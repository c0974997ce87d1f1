"""Whether an archive on PostgreSQL is sound."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.archive.soundness import of_outbox
from crawler.archive.store import Store

_UNMATCHED = (
    "SELECT count(*) FROM articles a FULL JOIN index_entries e ON e.position = a.position "
    "WHERE a.position IS NULL OR e.position IS NULL"
)


def faults(store: Store) -> Iterator[str]:
    """Tell what is wrong with an archive: its index, and what waits to go out; pages of files are the server's."""
    unmatched = store.value(_UNMATCHED)
    if unmatched:
        yield f"the index and the articles differ in {unmatched} places; run doctor --reindex"
    yield from of_outbox(store)
