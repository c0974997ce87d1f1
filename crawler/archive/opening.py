"""Which database an address names."""

from __future__ import annotations

from crawler.archive import sqlite
from crawler.archive.addresses import is_postgres
from crawler.archive.store import PATIENCE, Store


def open_store(url: str, *, create: bool = True, read_only: bool = False, patience: float = PATIENCE) -> Store:
    """Open the archive at an address, bring its tables up to date, and give it."""
    if is_postgres(url):
        from crawler.archive import postgres  # read where it is used: its driver is an extra

        return postgres.open_store(url, create=create, read_only=read_only, patience=patience)
    return sqlite.open_store(url, create=create, read_only=read_only, patience=patience)
