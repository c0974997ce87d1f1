"""The SQLite file behind an archive: opening it, writing to it, saying what is wrong with it.

Only the SQLite that sqlite-utils chose (pysqlite3 where it is installed) opens an archive: two SQLite libraries in one
process break each other's locks. FTS5's own syntax stands in ``fulltext.py``, ``conditions.py`` and ``search.py`` only.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # its choice of library, documented as ours to use

from crawler.archive import schema
from crawler.archive.addresses import path_of
from crawler.archive.files import Identity, Marks, identity, log_size, marks
from crawler.archive.holders import writer
from crawler.archive.store import PATIENCE, Index, Parameters, Store
from crawler.archive.writable import has_room, takes_bytes, write_fault
from crawler.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveFull,
    ArchiveOld,
    ArchiveReadOnly,
    PresswatchError,
    TooLong,
    UsageError,
)

if TYPE_CHECKING:
    from crawler.archive.search import Search

#: Before it, WAL could corrupt an archive that two processes write to.
OLDEST_SQLITE = (3, 51, 3)
#: A write-ahead log of more bytes is moved into the file as soon as readers let it; they are waited for so many
#: milliseconds.
LONGEST_LOG = 64_000_000
_PAUSE_FOR_LOG = 1_000
#: What a statement may raise; the second for a number of more than 64 bits.
_FAULTS = (sqlite3.Error, OverflowError)
#: What SQLite calls a disk that lacks room for a file's bytes by a quota, or for one file more.
_SAID_OF_FULL = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
#: Steps of SQLite's machine between two times that it is asked whether to go on: some milliseconds at most.
_STEPS = 20_000


class SqliteStore(Store):
    """An open SQLite archive."""

    def __init__(self, db: Database, path: Path | None, *, read_only: bool = False, follows: bool = True) -> None:
        self.db = db
        self.path = path
        self.name = str(path or "the archive in memory")
        self.read_only = read_only
        self.follows = follows
        self._identity: Identity = ()
        #: Bytes of the write-ahead log at which it is moved into the file by force.
        self._longest_log = LONGEST_LOG
        self._connection = db.conn
        self._writing = False

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement and give the number of rows that it changed."""
        try:
            return int(self._connection.execute(sql, parameters).rowcount)
        except _FAULTS as error:
            raise self.explain(error) from error

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row."""
        try:
            return int(self._connection.executemany(sql, rows).rowcount)
        except _FAULTS as error:
            raise self.explain(error) from error

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one INSERT and give the id of the new row."""
        try:
            return int(self._connection.execute(sql, parameters).lastrowid or 0)
        except _FAULTS as error:
            raise self.explain(error) from error

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Read all rows of a query."""
        try:
            found: list[tuple[Any, ...]] = self._connection.execute(sql, parameters).fetchall()
        except _FAULTS as error:
            raise self.explain(error) from error
        return found

    def row(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """Read the first row of a query."""
        try:
            cursor = self._connection.execute(sql, parameters)
            found: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()  # an unfinished SELECT would keep its snapshot, and the WAL from shrinking
        except _FAULTS as error:
            raise self.explain(error) from error
        return found

    def index(self) -> Index:
        """Give the full-text index."""
        from crawler.archive.fts_index import FtsIndex

        return FtsIndex(self)

    def search(self) -> Search:
        """Give what finds articles."""
        from crawler.archive.search import Search

        return Search(self)

    def last_number(self, table: str) -> int:
        """Give the greatest number that a row of a table has had, be it gone; 0 when there was none."""
        return int(self.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)) or 0)

    def last_numbers(self) -> dict[str, int]:
        """Give the greatest number that was given out in each table that numbers its rows."""
        numbered = self.rows(
            "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%' AND name <> 'index_parts'"
        )
        return {name: self.last_number(name) for (name,) in numbered}

    def set_last_numbers(self, numbers: Mapping[str, int]) -> None:
        """Go on behind these numbers."""
        self.many("DELETE FROM sqlite_sequence WHERE name = ?", ((name,) for name in numbers))
        self.many("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", numbers.items())

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[None]:
        """Make everything inside one transaction; inside another one, be part of it.

        The lock is taken at once (BEGIN IMMEDIATE): a reader that turns writer is refused at once, without waiting.
        A durable transaction survives a power cut as well as a kill: for what has left the house, such as a sent mail.
        """
        if self._writing:
            with self._part():
                yield
            return
        if durable:
            self.execute("PRAGMA synchronous = FULL")
        self._writing = True
        try:
            self.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled back already
                    self._connection.execute("ROLLBACK")
                raise
            self._shorten_log()
        finally:
            self._writing = False
            if durable:
                self._connection.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let several questions see the archive as it is at one time, whatever other processes write meanwhile."""
        if self._writing or self._connection.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()  # nothing was written; an error may have ended it already

    @contextmanager
    def _part(self) -> Iterator[None]:
        """Undo only this part when it fails and its caller goes on."""
        self.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO part")
                self._connection.execute("RELEASE part")
            raise
        self.execute("RELEASE part")

    def note_files(self) -> None:
        """Remember which files these are, for ``is_current``; before the first question not all of them are there."""
        self._identity = identity(self.path)

    def is_current(self) -> bool:
        """Tell whether its files still are those at their place, with the tables that this program knows."""
        try:
            return identity(self.path) == self._identity and self.value("PRAGMA user_version") == len(schema.NAMES)
        except ArchiveError:
            return False

    def stop_when(self, over: Callable[[], bool] | None) -> None:
        """End every question as soon as this says so, which is asked all the while: whoever asked gets TooLong.

        None ends none any more.
        """
        self._connection.set_progress_handler(over, _STEPS)

    def close(self) -> None:
        """Close the file; statements after that are refused."""
        with suppress(sqlite3.Error):  # a courtesy to the next reader: nobody waits for it
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA optimize")
        self._connection.close()

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the file and empty it, as far as readers let us."""
        self.row("PRAGMA wal_checkpoint(TRUNCATE)")

    def marks(self) -> Marks | None:
        """Give sizes and times of its files; None in memory."""
        return marks(self.path) if self.path else None

    def size(self) -> tuple[int, int]:
        """Give the bytes of its file, and how many of them are free for what comes."""
        size, pages, free = (self.value(f"PRAGMA {name}") for name in ("page_size", "page_count", "freelist_count"))
        return size * pages, size * free

    def engine(self) -> str:
        """Name the SQLite that opens archives."""
        return f"SQLite {sqlite3.sqlite_version} ({sqlite3.__name__.partition('.')[0]})"

    def faults(self) -> Iterable[str]:
        """Read the whole file and tell what is wrong with it."""
        from crawler.archive import soundness

        return soundness.faults(self)

    def backup(self, file: Path) -> None:
        """Write a whole copy of the archive while it is in use; copying its file would not do."""
        from crawler.archive import copying

        copying.backup(self, file)

    def _shorten_log(self) -> None:
        """Move a log into the file that has grown while somebody read all the time, in a moment between two readers.

        SQLite by itself waits for no reader: as long as they overlap, it never gets to begin the log anew.
        """
        if self.path is None or log_size(self.path) < self._longest_log:
            return
        with suppress(sqlite3.Error):
            patience = self._connection.execute("PRAGMA busy_timeout").fetchone()[0]
            self._connection.execute(f"PRAGMA busy_timeout = {_PAUSE_FOR_LOG}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._connection.execute(f"PRAGMA busy_timeout = {patience}")
        # Where a reader takes longer, it is tried again when the log has grown by as much once more.
        self._longest_log = LONGEST_LOG + log_size(self.path)

    def explain(self, error: Exception) -> PresswatchError:
        """Turn an error of SQLite into one that says what to do."""
        if isinstance(error, OverflowError):  # only somebody's question holds such a number
            return UsageError("this number is larger than any in the archive")
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            return TooLong(
                "this takes too long to find; ask for fewer words at once, or for fewer days, with after: and before:"
            )
        return explain(error, self.name)


def _takes_more(path: Path) -> bool:
    """Tell whether something else than a full disk, or a quota that is used up, made SQLite fail."""
    return has_room(path) and takes_bytes(path)


def explain(error: Exception, name: str) -> ArchiveError:
    """Turn an error of SQLite into one that names the file, what was found and the remedy."""
    code = int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    text = str(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or "locked" in text:
        who = writer(name)
        return ArchiveBusy(
            f"{name}: another process is writing to it and did not finish in time ({text}); "
            f"{f'just now {who} holds it' if who else 'which one the system does not tell'}; "
            "nothing was written: try again when it has ended"
        )
    if code == sqlite3.SQLITE_FULL or (code in _SAID_OF_FULL and not _takes_more(Path(name))):
        return ArchiveFull(
            f"{name}: there is no room left on its disk ({text}); everything committed is safe; "
            "make room: what was begun goes on by itself, or at the next `presswatch crawl`"
        )
    if code == sqlite3.SQLITE_READONLY:
        return ArchiveReadOnly(
            f"{name}: it cannot be written to ({text}); check the rights of the file and of its folder"
        )
    if code == sqlite3.SQLITE_NOTADB:
        return ArchiveError(f"{name}: this file is no Presswatch archive ({text}); give another --archive")
    if code == sqlite3.SQLITE_CORRUPT:
        return ArchiveError(
            f"{name}: the file is damaged ({text}); restore a copy made by `presswatch backup`, "
            "or save what can be read with the command line of SQLite: .recover"
        )
    if code == sqlite3.SQLITE_IOERR:
        return ArchiveError(f"{name}: its disk failed ({text}); check the disk and the room that is left on it")
    if code == sqlite3.SQLITE_CANTOPEN:
        return ArchiveError(f"{name}: it cannot be opened ({text}); check that its folder exists and may be written to")
    return ArchiveError(f"{name}: {text}")


def open_store(url: str, *, create: bool = True, read_only: bool = False, patience: float = PATIENCE) -> SqliteStore:
    """Open the archive of a sqlite: address, bring its tables up to date, and give it."""
    try:
        return _open(url, create=create, read_only=read_only, patience=patience)
    except ArchiveOld:
        path = path_of(url)
        if path is None or not os.access(path, os.W_OK):
            raise
    _open(url, create=False, read_only=False, patience=patience).close()
    return _open(url, create=False, read_only=True, patience=patience)


def _open(url: str, *, create: bool, read_only: bool, patience: float) -> SqliteStore:
    _check_version(sqlite3.sqlite_version_info)
    path = path_of(url)
    if path is not None:
        _check_file(path, create=create, read_only=read_only)
    name = str(path or "the archive in memory")
    if path is not None and read_only and not os.access(path.parent, os.W_OK) and not log_size(path):
        return open_copy(path, patience)
    try:
        return _store(_connect(path, read_only=read_only, patience=patience), path, create=create, read_only=read_only)
    except sqlite3.Error as error:
        fault = explain(error, name)
        if path is None or not read_only or not isinstance(fault, ArchiveFull) or not os.access(path, os.W_OK):
            raise fault from error
    try:
        return _store(_connect_alone(path, patience), path, create=False, read_only=True, follows=False)
    except sqlite3.Error as error:
        alone = explain(error, name)
        if not isinstance(alone, ArchiveFull) or log_size(path):
            raise alone from error
    return open_copy(path, patience)  # not even an empty log can be made: all is in the file, and nobody can write


def _store(connection: Any, path: Path | None, *, create: bool, read_only: bool, follows: bool = True) -> SqliteStore:
    try:
        store = SqliteStore(Database(connection, execute_plugins=False), path, read_only=read_only, follows=follows)
        _prepare(store, create=create)
        store.note_files()
    except BaseException:
        connection.close()
        raise
    return store


def open_copy(path: Path, patience: float = PATIENCE) -> SqliteStore:
    """Open an archive that nobody else has open, to read it; nothing is made beside it."""
    try:
        return _store(_connect_as_it_lies(path, patience), path, create=False, read_only=True, follows=False)
    except sqlite3.Error as error:
        raise explain(error, str(path)) from error


def _check_version(found: tuple[int, ...]) -> None:
    if found < OLDEST_SQLITE:
        raise ArchiveError(
            f"SQLite is {'.'.join(map(str, found))}, but an archive needs {'.'.join(map(str, OLDEST_SQLITE))} or newer "
            "(older ones can damage it); install pysqlite3, or a Python that has a newer SQLite"
        )


def _check_file(path: Path, *, create: bool, read_only: bool) -> None:
    """Refuse at once what SQLite would only tell at the first write, or would quietly do otherwise."""
    if path.is_dir():
        raise ArchiveError(f"{path}: this is a folder; the archive is a file, such as {path / 'presswatch.db'}")
    if not path.exists() and (not create or read_only):
        raise ArchiveError(f"{path}: there is no archive here; `presswatch crawl` makes one, or give another --archive")
    if path.exists() and not os.access(path, os.R_OK):
        raise ArchiveError(f"{path}: the file cannot be read; check its rights")
    if not read_only and (fault := write_fault(path)) is not None:
        raise ArchiveReadOnly(fault)


def _connect(path: Path | None, *, read_only: bool, patience: float) -> Any:
    if path is None:
        return sqlite3.connect(":memory:", **_options(patience))
    if not read_only:
        # It holds passwords' hashes and addresses of readers: its owner alone reads it, and the files beside it.
        with suppress(OSError):  # SQLite says what is wrong with the place
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return sqlite3.connect(str(path), **_options(patience))
    return sqlite3.connect(_uri(path, "mode=ro"), uri=True, **_options(patience))


def _connect_as_it_lies(path: Path, patience: float) -> Any:
    """Open a file that nobody writes as it is: SQLite wants to make its -shm file even to read, and cannot."""
    return sqlite3.connect(_uri(path, "mode=ro&immutable=1"), uri=True, **_options(patience))


def _connect_alone(path: Path, patience: float) -> Any:
    """Open an archive to read it where its disk has no room for the -shm file that SQLite wants even for that.

    Whoever holds it alone needs none, and still sees what stands in the write-ahead log. Nobody holds it meanwhile
    who could write: a crawl that waits for room has its -shm file, so that reading beside it needs no way like this.
    """
    connection = sqlite3.connect(_uri(path, "mode=rw"), uri=True, **_options(patience))
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _options(patience: float) -> dict[str, Any]:
    # A search asks the parts of the index one by one; each question is read (by SQLite) once only.
    kept = {"cached_statements": 512}
    return {"timeout": patience, "isolation_level": None, "check_same_thread": False, **kept}


def _uri(path: Path, query: str) -> str:
    return f"file:{quote(str(path.absolute()))}?{query}"


def _prepare(store: SqliteStore, *, create: bool) -> None:
    connection = store.db.conn
    connection.execute("BEGIN")  # another process may just make it
    application, version, filled = (
        connection.execute(question).fetchone()[0]
        for question in (
            "PRAGMA application_id",
            "PRAGMA user_version",
            "SELECT EXISTS (SELECT 1 FROM sqlite_master)",
        )
    )
    connection.rollback()
    empty = not filled
    if application != schema.APPLICATION_ID and not (empty and create and not store.read_only):
        raise ArchiveError(f"{store.path}: this is an SQLite file, but no Presswatch archive; give another --archive")
    if version > len(schema.NAMES):
        raise ArchiveError(
            f"{store.path}: a newer Presswatch wrote this archive (its tables are at {version}, "
            f"this program knows {len(schema.NAMES)}); install the newer one"
        )
    if empty:
        connection.execute("PRAGMA page_size = 16384")  # before WAL: afterwards it cannot be changed
    if not store.read_only:
        _use_wal(connection)
    # secure_delete always: what `forget` removes may have left earlier forms of itself in pages that are free by now.
    for pragma in (
        "secure_delete = ON",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -16384",
        "wal_autocheckpoint = 256",  # 4 MB: beyond it the log is moved into the file, so that it fills no disk
    ):
        connection.execute(f"PRAGMA {pragma}")
    if version < len(schema.NAMES):
        _migrate(store)


def _use_wal(connection: Any) -> None:
    """Change to WAL; two processes that make one new archive may meet here, where SQLite does not wait by itself."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if time.monotonic() > until or "locked" not in str(error):
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(store: SqliteStore) -> None:
    if store.read_only:
        raise ArchiveOld(
            f"{store.path}: an older Presswatch wrote this archive, and it cannot be written to here; any command "
            "brings its tables up to date where it can"
        )
    with store.writing():  # the migrations' own transactions become savepoints of this one
        schema.migrations.apply(store.db)
        store.execute(f"PRAGMA user_version = {len(schema.NAMES)}")
