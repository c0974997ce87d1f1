"""A whole archive copied into another database: from SQLite to PostgreSQL, or the other way.

Tables are copied in the order in which they refer to each other, each in batches by its key: what stands in the target
already says where an interrupted copy goes on. Nobody writes to the source meanwhile, since its writer's lock is held;
readers go on. At the end both sides are read once more, and compared table by table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

from crawler.archive import fulltext, sqlite
from crawler.archive.opening import open_store
from crawler.archive.store import COPY_OF, Store
from crawler.errors import ArchiveBusy, UsageError

#: Told so often of each table: what is done, the table, rows that are done and rows that there are.
Progress = Callable[[str, str, int, int], None]

#: Tables of SQLite that it fills by itself, from articles.
_MADE = "'index_parts', 'briefs', 'brief_kinds'"
#: Rows per transaction, and so many values per statement at most.
_BATCH, _VALUES = 500, 30_000
#: How long the lock of the source and the one of the target are waited for, in seconds.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table as both databases have it."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a copy found and left."""

    #: Rows of each table, as both sides have them.
    rows: dict[str, int]
    #: What is not equal or not sound in the target, each with the remedy; nothing when all is well.
    faults: tuple[str, ...]


def tables() -> list[Table]:
    """List what an archive keeps, each table after those that it refers to; without what databases make of it."""
    with closing(sqlite.open_store("sqlite://")) as empty:
        names = empty.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite\\_%' ESCAPE '\\' "
            f"AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' AND name NOT IN ({_MADE}, 'state') ORDER BY rowid"
        )
        return [
            Table(
                name,
                tuple(column for (column,) in empty.rows("SELECT name FROM pragma_table_info(?)", (name,))),
                tuple(
                    column
                    for (column,) in empty.rows("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (name,))
                ),
            )
            for (name,) in names
        ]


def migrate(source: str, target: str, progress: Progress = lambda *_: None) -> Migrated:
    """Copy the archive at one address into the empty database at another, or go on with it, and compare the two.

    The target is one that holds nothing, or a copy that was begun from the same source; what is there stays untouched
    where it is anything else (UsageError). Whoever writes to the source meanwhile waits, and then is told that it is
    busy; while somebody is writing to it, nothing is begun (ArchiveBusy).
    """
    with ExitStack() as opened:
        old = opened.enter_context(closing(open_store(source, create=False, patience=_PATIENCE)))
        new = opened.enter_context(closing(open_store(target, patience=_PATIENCE)))
        if _same(old, new):
            raise UsageError(f"{new.name}: this is the archive that is to be copied; name another one")
        try:
            opened.enter_context(old.writing())
        except ArchiveBusy as error:
            raise ArchiveBusy(f"{error}; stop the service and what else writes before it is copied") from error
        _begin(old, new)
        known = tables()
        for table in known:
            _copy(old, new, table, progress)
        with new.writing():
            new.execute("DELETE FROM state WHERE key <> ?", (COPY_OF,))  # a new archive begins with some
            for key, value in _state(old).items():
                new.set_state(key, value)
            new.set_last_numbers(old.last_numbers())
        migrated = _compare(old, new, known, progress)
        if not migrated.faults:
            with new.writing():
                new.execute("DELETE FROM state WHERE key = ?", (COPY_OF,))
        return migrated


def _same(old: Store, new: Store) -> bool:
    if old.path is not None and new.path is not None:
        return old.path.samefile(new.path)
    return old.name == new.name


def _begin(old: Store, new: Store) -> None:
    """Note in an empty target what it becomes a copy of; refuse one that holds something else."""
    name = old.name if old.path is None else str(old.path.absolute())
    begun = new.state(COPY_OF)
    if begun == name:
        return
    if begun is not None:
        raise UsageError(f"{new.name}: a copy of {begun} was begun there; finish that one, or name an empty database")
    filled = [table.name for table in tables() if new.row(f"SELECT 1 FROM {table.name} LIMIT 1") is not None]
    if filled:
        raise UsageError(
            f"{new.name}: there is an archive already (rows in {', '.join(filled[:3])}), be it a copy that was "
            "finished before; name an empty database"
        )
    with new.writing():
        new.set_state(COPY_OF, name)


def _copy(old: Store, new: Store, table: Table, progress: Progress) -> None:
    """Copy the rows of a table that are not in the target yet."""
    keys = ", ".join(table.key)
    last = new.row(
        f"SELECT {keys} FROM {table.name} ORDER BY {', '.join(f'{each} DESC' for each in table.key)} LIMIT 1"
    )
    all_, done = (int(store.value(f"SELECT count(*) FROM {table.name}")) for store in (old, new))
    for rows in _batches(old, table, last):
        with new.writing():
            _insert(new, table, rows)
            if table.name == "articles":
                _index(new, [row[table.columns.index("position")] for row in rows])
        done += len(rows)
        progress("copied", table.name, done, all_)


def _batches(store: Store, table: Table, after: Sequence[Any] | None = None) -> Iterator[list[tuple[Any, ...]]]:
    """Read a table in the order of its key, from behind one on."""
    at = [table.columns.index(name) for name in table.key]
    keys = ", ".join(table.key)
    size = min(_BATCH, _VALUES // len(table.columns))
    while True:
        where = "" if after is None else f"WHERE ({keys}) > ({', '.join('?' * len(at))})"
        rows = store.rows(
            f"SELECT {_listed(table)} FROM {table.name} {where} ORDER BY {keys} LIMIT ?", (*(after or ()), size)
        )
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = [rows[-1][index] for index in at]


def _insert(store: Store, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write many rows by one statement: PostgreSQL is far away."""
    places = f"({', '.join('?' * len(table.columns))})"
    store.execute(
        f"INSERT INTO {table.name} ({_listed(table)}) VALUES {', '.join([places] * len(rows))}",
        [value for row in rows for value in row],
    )


def _index(store: Store, positions: Sequence[int]) -> None:
    index = store.index()
    marks = ", ".join("?" * len(positions))
    for entry in fulltext.read(store, f"position IN ({marks})", *positions):
        index.add(entry)


def _listed(table: Table) -> str:
    return ", ".join(f'"{column}"' for column in table.columns)


def _state(store: Store) -> dict[str, Any]:
    keys = store.rows("SELECT key FROM state WHERE key <> ? ORDER BY key", (COPY_OF,))
    return {key: store.state(key) for (key,) in keys}


def _compare(old: Store, new: Store, known: Sequence[Table], progress: Progress) -> Migrated:
    counted: dict[str, int] = {}
    faults = []
    for done, table in enumerate(known, 1):
        (there, theirs), (here, ours) = (_digest(store, table) for store in (old, new))
        counted[table.name] = here
        if (there, theirs) != (here, ours):
            what = f"{here} rows instead of {there}" if here != there else "not the same values"
            faults.append(f"{table.name}: the copy has {what}")
        progress("compared", table.name, done, len(known))
    if _sound(sorted(_state(old).items())) != _sound(sorted(_state(new).items())):
        faults.append("state: the copy has not the same values")
    numbers = new.last_numbers()
    for name, number in old.last_numbers().items():
        if numbers.get(name, 0) != number:
            faults.append(f"{name}: the copy would give out numbers from {numbers.get(name, 0)} on, not {number}")
    remedy = f"empty {new.name} (remove the file, or drop and create the database), and copy again"
    own = set(old.faults())  # of those it is a true copy
    sick = (fault for fault in new.faults() if fault not in own)
    return Migrated(counted, (*(f"{fault}; {remedy}" for fault in faults), *sick))


def _digest(store: Store, table: Table) -> tuple[int, str]:
    """Count the rows of a table, and hash what stands in them, in the order of its key."""
    number, digest = 0, hashlib.sha256()
    for rows in _batches(store, table):
        number += len(rows)
        for row in rows:
            digest.update(_sound(row))
    return number, digest.hexdigest()


def _sound(values: object) -> bytes:
    """Write values the same for both databases; PostgreSQL has U+FFFD for each NUL in a text."""
    return repr(values).replace("\\x00", "\ufffd").encode("utf-8", "replace")
