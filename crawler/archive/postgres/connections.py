"""Connections of this process to databases: those that were given back are taken again, and made ready for each taker.

A connection is made by whoever asks for one, so that a server that refuses it, or is not there, is told at once.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from contextlib import suppress
from threading import Lock
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import IntDumper
from psycopg.types.string import StrDumper

from crawler.archive.addresses import check, shown
from crawler.errors import ArchiveError

Connection = psycopg.Connection[Any]

#: So many stay open beyond their use, each until somebody gives another one back after so many seconds.
_MOST_IDLE, _RESTS = 4, 60.0
#: A server that does not answer at all is given up after so many seconds, unless the address says otherwise.
_ANSWERS_WITHIN = 10
#: A line that is cut, or whose other end has lost its power, is noticed by both ends after 20 s, unless the address
#: says otherwise. Else we would wait for a quarter of an hour, and the server, where a writer's lock stands, two hours.
_CUT = {"keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}

#: Older ones lack what the rooms of an archive say.
OLDEST_SERVER = 16

#: Each with the time since when it rests, the longest first; by process, for none may come along into one that is
#: forked from it, and by address.
_idle: defaultdict[tuple[int, str], list[tuple[float, Connection]]] = defaultdict(list)
_lock = Lock()


def take(url: str, *, read_only: bool, patience: float) -> Connection:
    """Give a connection that works; who waits for a lock gives up after so many seconds."""
    prepared = (
        f"RESET ALL; {watched(url)}; SET lock_timeout = {max(int(patience * 1000), 1)}; "
        f"SET default_transaction_read_only = {'on' if read_only else 'off'}"
    )
    while (resting := _pop(url)) is not None:
        try:
            resting.execute(prepared.encode())
        except psycopg.Error:  # the server ended it, or was stopped
            resting.close()
        else:
            return resting
    fresh = new(url)
    try:
        fresh.execute(prepared.encode())
    except BaseException:
        fresh.close()
        raise
    return fresh


def new(url: str) -> Connection:
    """Make a connection that reads and writes values as SQLite does."""
    check(url)
    connection = psycopg.connect(
        url, autocommit=True, cursor_factory=psycopg.ClientCursor, client_encoding="UTF8", **settings(url)
    )
    try:
        _check(connection, url)
        connection.execute(watched(url).encode())
    except BaseException:
        connection.close()
        raise
    adapters = connection.adapters
    adapters.register_loader("numeric", _NumberLoader)
    adapters.register_dumper(bool, _BoolDumper)
    adapters.register_dumper(str, _TextDumper)
    return connection


def settings(url: str) -> dict[str, Any]:
    """Give what an address leaves open of how a connection is made."""
    known = conninfo_to_dict(url)
    ours = {"application_name": "presswatch", "connect_timeout": _ANSWERS_WITHIN, **_CUT}
    return {name: value for name, value in ours.items() if not known.get(name)}


def watched(url: str) -> str:
    """Let the server look after a connection as we do: the statements."""
    known = conninfo_to_dict(url)
    try:
        named = {f"tcp_{name.removeprefix('tcp_')}": int(known.get(name) or ours) for name, ours in _CUT.items()}
    except ValueError as error:
        raise psycopg.ProgrammingError("not a number of seconds, or of milliseconds") from error
    return "; ".join(f"SET {name} = {number}" for name, number in named.items())


def _check(connection: Connection, url: str) -> None:
    version, encoding = connection.info.server_version // 10_000, connection.info.parameter_status("server_encoding")
    if version < OLDEST_SERVER:
        raise ArchiveError(
            f"{shown(url)}: PostgreSQL is {version}, but an archive needs {OLDEST_SERVER} or newer; update the server"
        )
    if encoding != "UTF8":
        raise ArchiveError(
            f"{shown(url)}: the encoding of this database is {encoding}, but an archive needs UTF8, for texts of all "
            "languages; make it with createdb --encoding UTF8 --template template0"
        )


def give(url: str, connection: Connection) -> None:
    """Give a connection back."""
    dropped = []
    if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
        dropped.append(connection)
    now = time.monotonic()
    with _lock:
        idle = _idle[os.getpid(), url]
        if not dropped:
            idle.append((now, connection))
        while idle and (len(idle) > _MOST_IDLE or idle[0][0] < now - _RESTS):
            dropped.append(idle.pop(0)[1])
    for each in dropped:
        each.close()


def close_all(url: str | None = None) -> None:
    """Close the connections to a database, or to all, that nobody has; as a server needs that is to be stopped."""
    with _lock:
        keys = [key for key in _idle if key[0] == os.getpid() and url in (None, key[1])]
        resting = [connection for key in keys for _, connection in _idle.pop(key)]
    for connection in resting:
        with suppress(psycopg.Error):
            connection.close()


def _pop(url: str) -> Connection | None:
    with _lock:
        idle = _idle[os.getpid(), url]
        return idle.pop()[1] if idle else None


class _NumberLoader(Loader):
    """Reads sums: whole ones as int, which PostgreSQL gives as numeric."""

    def load(self, data: Any) -> int | float:
        written = bytes(data)
        return float(written) if b"." in written or b"N" in written else int(written)


class _BoolDumper(IntDumper):
    """Writes True as 1: SQLite has no other, and the tables have numbers."""

    def dump(self, obj: Any) -> Any:
        return super().dump(int(obj))

    def quote(self, obj: Any) -> Any:
        return super().quote(int(obj))


class _TextDumper(StrDumper):
    """Writes texts; U+FFFD stands for the NUL that PostgreSQL takes in none."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd"))

    def quote(self, obj: str) -> Any:
        return super().quote(obj.replace("\0", "\ufffd"))
