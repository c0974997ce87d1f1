"""Whether an archive on PostgreSQL is sound."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.archive.soundness import of_outbox
from crawler.archive.store import Store


def faults(store: Store) -> Iterator[str]:
    """Tell what is wrong with an archive: its index, and what waits to go out; pages of files are the server's."""
    yield from of_outbox(store)
