"""Locks beside an archive: one service on it, one sender at a time.

The system frees them when their holder ends, however it ends, so a lock is never stale. They hold on one machine; those
of an archive on PostgreSQL are its server's, and hold on all.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from crawler import locking
from crawler.archive import (
    NO_ROOM,
    Archive,
    is_postgres,
    open_archive,
    path_of,
    when_it_answers,
    when_there_is_room,
)
from crawler.errors import ArchiveError, ArchiveFull, Locked

if TYPE_CHECKING:
    from crawler.archive import ServerLock

_log = logging.getLogger(__name__)
_LOOK_AGAIN = 0.1
_RUNS = "runs on this archive already; stop it first, or give another --archive"
_SENDS = "is sending from this archive now; try again when it is done"
#: The lock of the service that runs in this process on an archive on PostgreSQL, by the address.
_leading: dict[str, ServerLock] = {}
#: Whoever looks who holds the lock of a service takes it for an instant: that must not turn away one that starts.
_LOOKED_AT = 0.3


@dataclass(frozen=True, slots=True)
class Holder:
    """The service that runs on an archive."""

    #: presswatch (process 4711).
    who: str
    #: When it last said that it is alive.
    beat: datetime


def holder(archive_url: str) -> Holder | None:
    """Say which service runs on an archive; None when none does, or none can."""
    if is_postgres(archive_url):
        found = _server_lock(archive_url, "service").holder()
        return None if found is None else Holder(*found)
    path = _lock_of(archive_url)
    if path is None:
        return None
    try:
        with path.open("r", encoding="utf-8") as handle:
            try:
                locking.take(handle, shared=True)
            except OSError:  # held by somebody
                return Holder(locking.holder(handle), _mtime(path))
    except OSError:
        pass  # nobody ever held it, or it is not for us to see
    return None


def beat(archive_url: str) -> None:
    """Leave a mark of life for ``holder``; for who holds the lock. Locked: it was lost, and another one has it."""
    leading = _leading.get(archive_url)
    if leading is not None and not leading.beat():
        raise _locked(leading, _RUNS)
    path = _lock_of(archive_url)
    if path is not None:
        with suppress(OSError):
            os.utime(path)


def _lock_of(archive_url: str) -> Path | None:
    archive = path_of(archive_url)
    return None if archive is None else Path(f"{archive.resolve()}.lock")


def _mtime(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


@contextmanager
def only_instance(
    archive_url: str,
    *,
    wait: Callable[[float], None] | None = None,
    say: Callable[[str], None] = _log.warning,
    patient: bool = False,
) -> Iterator[None]:
    """Hold an archive as its one service, or say which process does.

    ``wait`` waits so many seconds for room where the disk is full, which ``say`` tells (None: nobody waits). Nobody
    waits beside it: the lock is held meanwhile. Who is ``patient`` also waits for a server that is away.
    """
    try:
        if wait is not None and patient:
            when_it_answers(lambda: open_archive(archive_url).close(), wait, say)
        else:
            open_archive(archive_url).close()
    except ArchiveFull:
        if wait is None:
            raise
    with ExitStack() as stack:

        def hold() -> None:
            if is_postgres(archive_url):
                lock = stack.enter_context(_held_on_server(archive_url, "service", 0, _RUNS))
                _leading[archive_url] = lock
                stack.callback(_leading.pop, archive_url)
            else:
                stack.enter_context(_held(path_of(archive_url), ".lock", _LOOKED_AT, _RUNS))

        if wait is None:
            hold()
        else:
            when_there_is_room(hold, wait, say)
            when_there_is_room(lambda: open_archive(archive_url).close(), wait, say)
        yield


@contextmanager
def only_sender(archive: Archive, patience: float) -> Iterator[None]:
    """Hold the outbox of an archive, waiting some seconds for another sender to end."""
    with (
        _held(archive.path, ".sending.lock", patience, _SENDS)
        if archive.server is None
        else _held_on_server(archive.server, "sending", patience, _SENDS)
    ):
        yield


@contextmanager
def _held_on_server(url: str, name: str, patience: float, busy: str) -> Iterator[ServerLock]:
    lock = _server_lock(url, name)
    if not lock.take(patience):
        raise _locked(lock, busy)
    try:
        yield lock
    finally:
        lock.release()


def _server_lock(url: str, name: str) -> ServerLock:
    from crawler.archive import ServerLock  # its driver is an extra, which most do not need

    return ServerLock(url, name)


def _locked(lock: ServerLock, busy: str) -> Locked:
    found = lock.holder()
    return Locked(f"{lock}: {found[0] if found else 'another process'} {busy}")


@contextmanager
def _held(archive: Path | None, ending: str, patience: float, busy: str) -> Iterator[None]:
    if archive is None:  # in memory: nobody else can open it
        yield
        return
    # Resolved: two names of one file have one lock.
    path = Path(f"{archive.resolve()}{ending}")
    try:
        handle = path.open("a+", encoding="utf-8")
    except OSError as error:
        if error.errno in NO_ROOM:
            raise ArchiveFull(f"{path}: there is no room left on its disk ({error.strerror}); make room") from error
        raise ArchiveError(f"{path}: the lock cannot be made: {error.strerror or error}; check the rights") from error
    with handle:
        if not _take(handle, patience):
            raise Locked(f"{archive}: {locking.holder(handle)} {busy}")
        locking.sign(handle)
        yield


def _take(handle: TextIO, patience: float) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            locking.take(handle)
        except OSError:  # held by somebody
            if time.monotonic() >= end:
                return False
            time.sleep(_LOOK_AGAIN)
        else:
            return True
