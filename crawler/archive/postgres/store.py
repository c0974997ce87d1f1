"""The PostgreSQL database behind an archive: a connection, transactions, and what goes wrong said plainly.

Each archive that is open has one connection. Whoever writes holds an advisory lock from before the first statement
until the commit, as SQLite has one writer at a time: so the rooms' rules hold, and changes are numbered in the order
of commits. Reading goes on meanwhile, in all processes and on all machines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from crawler.archive.addresses import shown
from crawler.archive.postgres import schema
from crawler.archive.postgres.sql import of_many_rows, translated
from crawler.archive.store import PATIENCE, Index, Parameters, Store
from crawler.errors import (
    ArchiveAway,
    ArchiveBusy,
    ArchiveError,
    ArchiveFull,
    ArchiveOld,
    ArchiveReadOnly,
    PresswatchError,
    TooLong,
    UsageError,
)
from crawler.records import Work

try:
    import psycopg
    from psycopg import errors
    from psycopg.types.json import Jsonb

    from crawler.archive.postgres import connections
except ImportError as error:  # the extra is not installed
    raise UsageError("an archive on PostgreSQL needs its driver: pip install 'presswatch[postgresql]'") from error

if TYPE_CHECKING:
    from crawler.archive.postgres.jobs import Jobs
    from crawler.archive.search import Search

#: Advisory locks of PostgreSQL are numbers; this is that of who writes.
_WRITER = 0x50726573_0001
#: So many statements that differ in their values alone are sent together.
_AT_ONCE = 500
#: How often it is asked whether a question takes too long, in seconds.
_ASKED_EVERY = 0.02
#: What an error begins with that came before there was a connection, and has no code; without the second part, where it
#: came before any server was asked.
_TRIED, _ASKED = re.compile(r"connection (failed|is bad): "), "connection to server "
#: What passes of such errors: nobody is there, the line is cut, or the server lets nobody in for now.
_PASSES = re.compile(
    r"failed: (Connection (refused|timed out|reset by peer)|Operation timed out|No such file or directory|"
    r"No route to host|Network is (down|unreachable)|Host is (down|unreachable)|Broken pipe|"
    r"Resource temporarily unavailable)|timeout expired|could not translate host name|"
    r"closed the connection unexpectedly|could not (send|receive) |SSL SYSCALL error|unexpected eof|could not fork|"
    r"the database system is |sorry, too many clients|too many connections for |remaining connection slots |"
    r"terminating "
)
#: It runs, and begins or ends just now.
_AT_DOOR = "the database system is "
#: A value of an address, which may be a part of a password that ended too early.
_VALUE = re.compile(r'".*"(?= for connection option)|".*"')
#: What the codes of errors begin with that pass: no connection, no room for one, a server that is stopped or begins.
_AWAY = ("08", "53", "57")
#: The archive's tables whose ids a sequence gives, with the last one; the queue's are Procrastinate's.
_SEQUENCES = (
    "SELECT table_name::text AS name, "
    "pg_sequence_last_value(pg_get_serial_sequence(table_name, 'id')::regclass) AS last "
    "FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND column_name = 'id' AND is_identity = 'YES' "
    "AND NOT starts_with(table_name, 'procrastinate_')"
)


class PostgresStore(Store):
    """An open archive on PostgreSQL."""

    def __init__(self, url: str, *, read_only: bool, patience: float) -> None:
        self._url = self.server = url
        self.name = shown(url)
        self.read_only = read_only
        self._connection: Any = _Closed()
        self._writing = self._reading = False
        self._over: Callable[[], bool] | None = None
        #: What goes to the server in one message with the next statement of the transaction.
        self._waiting: list[bytes] = []
        with self._explained():
            # A writer that waits for another one gives up after its patience, and so does whoever reads a table that
            # is being changed.
            self._connection = connections.take(url, read_only=read_only, patience=patience)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement and give the number of rows that it changed."""
        with self._explained():
            return int(self._run(sql, parameters).rowcount)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row; many of them go to the server as one message."""
        changed = 0
        with self._explained(), self._patient():
            self._send()
            for message in self._messages(sql, rows):
                cursor = self._connection.execute(message)
                changed += sum(result.rowcount for result in cursor.results())
        return changed

    def later(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row, in one message with the next statement of the transaction."""
        if not self._writing:
            self.many(sql, rows)
            return
        with self._explained():
            for message in self._messages(sql, rows):
                self._waiting.append(message)
                if len(self._waiting) >= _AT_ONCE:
                    self._send()

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Read all rows of a query."""
        with self._explained():
            return self._run(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """Read the first row of a query."""
        with self._explained():
            return self._run(sql, parameters).fetchone()

    def run(self, statements: str) -> None:
        """Run the statements of a step."""
        with self._explained():
            self._send()
            self._connection.execute(statements.encode())

    def has_table(self, name: str) -> bool:
        """Tell whether there is a table now: to_regclass remembers that there was none while a lock was waited for."""
        return bool(
            self.value(
                "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = ? AND "
                "schemaname = ANY (current_schemas(false)))",
                (name,),
            )
        )

    def state(self, key: str, default: Any = None) -> Any:
        """Read one of the archive's small values."""
        return unpacked(super().state(key, default))

    def set_state(self, key: str, value: Any) -> None:
        """Write one of the archive's small values."""
        super().set_state(key, packed(value))

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[None]:  # noqa: ARG002 (the server decides)
        """Make everything inside one transaction, alone among all writers; inside another one, be part of it.

        Each is as durable as the server's settings say (``synchronous_commit``).
        """
        if self._writing:
            with self._transaction():
                yield
            return
        self._writing = True
        try:
            with self._transaction():
                self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_WRITER,))
                yield
        finally:
            self._writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let several questions see the archive as it is at one time, whatever others write meanwhile."""
        if self._writing or self._reading:
            yield
            return
        self._reading = True
        try:
            with self._explained(), self._connection.transaction():
                self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
        finally:
            self._reading = False

    def index(self) -> Index:
        """Give the full-text index."""
        from crawler.archive.postgres.index import TsvectorIndex

        return TsvectorIndex(self)

    def search(self) -> Search:
        """Give what finds articles."""
        from crawler.archive.postgres.search import PostgresSearch

        return PostgresSearch(self)

    def jobs(self) -> Jobs:
        """Give the queue of workers."""
        from crawler.archive.postgres.jobs import Jobs

        return Jobs(self)

    def work(self) -> Work:
        """Tell what workers do."""
        return self.jobs().work()

    def last_number(self, table: str) -> int:
        """Give the greatest number that a row of a table has had, be it gone; 0 when there was none."""
        return int(self.value("SELECT last FROM numbers WHERE name = ?", (table,)))

    def last_numbers(self) -> dict[str, int]:
        """Give the greatest number that was given out in each table that numbers its rows."""
        return dict(
            self.rows(f"SELECT name, last FROM numbers UNION ALL SELECT name, coalesce(last, 0) FROM ({_SEQUENCES}) s")
        )

    def set_last_numbers(self, numbers: Mapping[str, int]) -> None:
        """Go on behind these numbers."""
        for name, number in numbers.items():
            if not self.execute("UPDATE numbers SET last = ? WHERE name = ?", (number, name)) and number:
                self.execute("SELECT setval(pg_get_serial_sequence(?, 'id'), ?)", (name, number))

    def marks(self) -> object:
        """Give how far the server's log has been written: each commit moves it, though others' databases do, too."""
        return self.value("SELECT pg_current_wal_insert_lsn()::text")

    def stop_when(self, over: Callable[[], bool] | None) -> None:
        """End every question as soon as this says so: whoever asked gets TooLong. None ends none any more."""
        self._over = over

    def is_current(self) -> bool:
        """Tell whether its tables are those that this program knows, and its connection still stands."""
        try:
            return bool(self.value("SELECT step FROM presswatch") == len(schema.STEPS))
        except PresswatchError:
            return False

    def size(self) -> tuple[int, int]:
        """Give the bytes of its tables and indexes; PostgreSQL keeps what is free in them to itself."""
        return int(self.value("SELECT pg_database_size(current_database())")), 0

    def engine(self) -> str:
        """Name the server and its version."""
        return f"PostgreSQL {self.value('SHOW server_version')}".partition(" (")[0]

    def faults(self) -> Iterable[str]:
        """Look whether the archive is whole, and tell what is not, each with the remedy."""
        from crawler.archive.postgres import soundness

        return soundness.faults(self)

    def backup(self, file: Path) -> None:
        """Refuse: PostgreSQL has better ways."""
        raise UsageError(
            f"{file}: an archive on PostgreSQL is copied by the server's own means: pg_dump, or pg_basebackup; "
            "`presswatch migrate` copies it into a file of SQLite"
        )

    def checkpoint(self) -> None:
        """Leave it to the server."""

    def close(self) -> None:
        """Give the connection back; statements after that are refused."""
        connection, self._connection = self._connection, _Closed()
        if not isinstance(connection, _Closed):
            connections.give(self._url, connection)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Begin a transaction, or a part of one; what waits is sent before it begins, and before it ends."""
        with self._explained():
            self._send()
            try:
                with self._connection.transaction():
                    yield
                    self._send()
            finally:
                self._waiting.clear()

    def _run(self, sql: str, parameters: Parameters) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run one statement, in one message with what waits."""
        with self._patient():
            statement = translated(sql)
            cursor: psycopg.ClientCursor[tuple[Any, ...]] = self._connection.cursor()
            if not self._waiting:
                return cursor.execute(statement, parameters)
            message = b"; ".join([*self._waiting, cursor.mogrify(statement, parameters).encode()])
            self._waiting.clear()
            cursor.execute(message)
            while cursor.nextset():
                pass
            return cursor

    def _messages(self, sql: str, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
        """Write one statement for each row as few messages."""
        statement, left, cursor = translated(sql), iter(rows), self._connection.cursor()
        while some := list(islice(left, _AT_ONCE)):
            if (of_all := of_many_rows(statement, len(some))) is not None:
                yield cursor.mogrify(of_all, list(chain.from_iterable(some))).encode()
            else:
                yield "; ".join(cursor.mogrify(statement, row) for row in some).encode()

    def _send(self) -> None:
        """Run what waits."""
        if self._waiting:
            message = b"; ".join(self._waiting)
            self._waiting.clear()
            self._connection.execute(message)

    @contextmanager
    def _patient(self) -> Iterator[None]:
        """Cancel what is asked meanwhile as soon as whoever asks has lost patience."""
        over = self._over
        if over is None:
            yield
            return
        if over():  # between many questions that each end in time
            raise errors.QueryCanceled
        done = Event()
        watcher = Thread(target=_watch, args=(self._connection, over, done), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (psycopg.Error, OverflowError) as error:
            raise explain(error, self._url) from error


def packed(value: Any) -> Jsonb:
    """Write a small value as JSON, which has no bytes."""
    return Jsonb({"bytes": value.hex()} if isinstance(value, bytes) else value)


def unpacked(value: Any) -> Any:
    """Read a small value; none of them is a JSON object."""
    return bytes.fromhex(value["bytes"]) if isinstance(value, dict) else value


class _Closed:
    """Stands in the place of a connection that was given back."""

    def __getattr__(self, name: str) -> Any:
        raise psycopg.InterfaceError("the archive is closed")


def _watch(connection: psycopg.Connection[Any], over: Callable[[], bool], done: Event) -> None:
    while not done.wait(_ASKED_EVERY):
        if over():
            with suppress(psycopg.Error):
                connection.cancel_safe()
            return


def open_store(url: str, *, create: bool = True, read_only: bool = False, patience: float = PATIENCE) -> PostgresStore:
    """Open the archive in a database, make its tables or bring them up to date, and give it."""
    store = PostgresStore(url, read_only=read_only, patience=patience)
    try:
        step = _step(store)
        if step != len(schema.STEPS):
            _bring_up_to_date(store, step, create=create)
    except BaseException:
        store.close()
        raise
    return store


def _step(store: PostgresStore) -> int | None:
    """Tell how many steps the tables have taken; None where there are none of ours."""
    return int(store.value("SELECT step FROM presswatch")) if store.has_table("presswatch") else None


def _bring_up_to_date(store: PostgresStore, step: int | None, *, create: bool) -> None:
    if step is not None and step > len(schema.STEPS):
        raise ArchiveError(
            f"{store.name}: a newer Presswatch wrote this archive (its tables are at {step}, "
            f"this program knows {len(schema.STEPS)}); install the newer one"
        )
    if step is None and (store.read_only or not create):
        raise ArchiveError(
            f"{store.name}: there is no archive here; `presswatch crawl` makes one, or give another --archive"
        )
    if store.read_only:
        raise ArchiveOld(
            f"{store.name}: an older Presswatch wrote this archive; any command that writes brings it up to date"
        )
    with store.writing():  # whoever came first meanwhile has made them
        step = _step(store)
        if step is None and store.value("SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema())"):
            raise ArchiveError(
                f"{store.name}: this database holds tables of something else; give Presswatch one of its own"
            )
        if step is None:
            store.execute(schema.VERSION_TABLE)
            store.execute("INSERT INTO presswatch VALUES (0)")
        for number in range(step or 0, len(schema.STEPS)):
            store.run(schema.statements(number))
        store.execute("UPDATE presswatch SET step = ?", (len(schema.STEPS),))


def explain(error: Exception, url: str) -> PresswatchError:
    """Turn an error of PostgreSQL into one that names the archive, what was found and the remedy."""
    name, text = shown(url), shown(str(error).partition("\n")[0])
    match error:
        case errors.LockNotAvailable() | errors.DeadlockDetected():
            return ArchiveBusy(
                f"{name}: another process is writing to it and did not finish in time ({text}); "
                "nothing was written: try again when it has ended"
            )
        case errors.QueryCanceled():
            return TooLong(
                "this takes too long to find; ask for fewer words at once, or for fewer days, with after: and before:"
            )
        case OverflowError() | errors.NumericValueOutOfRange():
            return UsageError("this number is larger than any in the archive")
        case errors.DiskFull():
            return ArchiveFull(
                f"{name}: there is no room left on the server's disk ({text}); everything committed is safe; "
                "make room: what was begun goes on by itself, or at the next `presswatch crawl`"
            )
        case errors.ReadOnlySqlTransaction() | errors.InsufficientPrivilege():
            return ArchiveReadOnly(f"{name}: it cannot be written to ({text}); check the rights of the database's user")
        case psycopg.ProgrammingError() if error.sqlstate is None:
            return _no_address(name)  # the message may hold it
        case psycopg.OperationalError() if _TRIED.match(text) and not _PASSES.search(str(error)):
            return _turned_away(name, text)
        case psycopg.OperationalError() if (error.sqlstate or _AWAY[0])[:2] in _AWAY:
            remedy = (
                "wait for it"
                if _AT_DOOR in text
                else "check the address, the user and the password, and whether it runs"
            )
            return ArchiveAway(f"{name}: the server does not answer ({text}); {remedy}")
    return ArchiveError(f"{name}: {text}")


def _turned_away(name: str, text: str) -> ArchiveError:
    """Say why there is no connection, and will be none until somebody changes something."""
    if _ASKED not in text:
        why = _VALUE.sub('"…"', _TRIED.sub("", text), count=1)
        return _no_address(name, f" ({why})")
    if text.endswith("does not exist") and "database" in text:
        return ArchiveError(f"{name}: there is no such database ({text}); createdb makes one, which is empty at first")
    return ArchiveError(f"{name}: the server turns us away ({text}); check the address, the user and the password")


def _no_address(name: str, why: str = "") -> ArchiveError:
    return ArchiveError(
        f"{name}: not an archive's address{why}; it must be like postgresql://user:password@host:5432/presswatch"
    )
