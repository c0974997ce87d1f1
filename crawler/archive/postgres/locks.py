"""Locks of a database: who has one is alone on all machines, and loses it when its connection ends, however it does."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime
from zlib import crc32

import psycopg

from crawler.archive.addresses import shown
from crawler.archive.postgres import connections
from crawler.archive.postgres.store import explain
from crawler.errors import ArchiveError

_LOOK_AGAIN = 0.1
#: Locks of PostgreSQL have two numbers; this one says that they are ours.
_OURS = 0x50726573
#: The server cuts names of applications to so many bytes.
_LONGEST_NAME = 63


class ServerLock:
    """One lock of an archive on PostgreSQL, by its name, with a connection of its own."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._number = crc32(name.encode()) & 0x7FFF_FFFF
        self._connection: connections.Connection | None = None

    def take(self, patience: float) -> bool:
        """Take it, waiting some seconds for who has it; tell whether we have it."""
        end = time.monotonic() + patience
        try:
            connection = self._connection = connections.new(self._url)
            connection.execute("SELECT set_config('application_name', %s, false)", (_signature(),))
            while not self._try(connection):
                if time.monotonic() >= end:
                    self.release()
                    return False
                time.sleep(_LOOK_AGAIN)
        except psycopg.Error as error:
            self.release()
            raise explain(error, self._url) from error
        return True

    def beat(self) -> bool:
        """Give a sign of life, and take the lock again if the server has ended the connection; False: another has it.

        While the server does not answer nobody can have it.
        """
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.execute("SELECT 1")
                return True
            self.release()
        try:
            return self.take(0)
        except ArchiveError:  # it is tried again at the next beat
            return True

    def holder(self) -> tuple[str, datetime] | None:
        """Say who has it, and since when there was no sign of life; None when nobody has."""
        try:
            with connections.new(self._url) as connection:
                found = connection.execute(
                    "SELECT a.application_name, extract(epoch FROM a.state_change)::float FROM pg_locks l "
                    "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted "
                    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
                    "AND l.classid = %s AND l.objid = %s AND l.objsubid = 2",
                    (_OURS, self._number),
                ).fetchone()
        except psycopg.Error as error:
            raise explain(error, self._url) from error
        return None if found is None else (found[0], datetime.fromtimestamp(found[1] or 0, UTC))

    def release(self) -> None:
        """Give it back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __str__(self) -> str:
        return shown(self._url)

    def _try(self, connection: connections.Connection) -> bool:
        found = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_OURS, self._number)).fetchone()
        return bool(found and found[0])


def _signature() -> str:
    own = f" (process {os.getpid()} on "
    return f"presswatch{own}{socket.gethostname()[: _LONGEST_NAME - len(own) - 11]})"
