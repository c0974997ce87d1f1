"""What is to be said of a query beside what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.query import Filter, parse, unknown_sources

if TYPE_CHECKING:
    from crawler.archive import Archive


def strangers(archive: Archive, query: str, now: datetime) -> Iterator[str]:
    """Tell which names of sources in a query nobody has, and which are close."""
    names = archive.source_names()
    for value, close in unknown_sources(parse(query), names).items():
        # What was imported may have a source that is not configured.
        if not archive.count(Filter("source", value), now):
            known = ", ".join(f"{key} ({names[key]})" for key in close)
            remedy = f"there is {known}" if known else "presswatch source list shows all"
            yield f"no source is called {value}; {remedy}"
