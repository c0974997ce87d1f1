"""Locks beside an archive: one service on it, one sender at a time.

The system frees them when their holder ends, however it ends, so a lock is never stale. They hold on one machine.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from crawler.archive import open_archive
from crawler.errors import ArchiveError, Locked

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOOK_AGAIN = 0.1


@contextmanager
def only_instance(archive_url: str) -> Iterator[None]:
    """Hold an archive as its one service, or say which process does."""
    with open_archive(archive_url) as archive:
        path = archive.path
    with _held(path, ".lock", 0, "runs on this archive already; stop it first, or give another --archive"):
        yield


@contextmanager
def only_sender(archive: Path | None, patience: float) -> Iterator[None]:
    """Hold the outbox of an archive, waiting some seconds for another sender to end."""
    with _held(archive, ".sending.lock", patience, "is sending from this archive now; try again when it is done"):
        yield


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
        raise ArchiveError(f"{path}: the lock cannot be made: {error.strerror or error}; check the rights") from error
    with handle:
        if not _take(handle, patience):
            handle.seek(0)
            raise Locked(f"{archive}: {handle.read().strip() or 'another process'} {busy}")
        handle.seek(0)
        handle.truncate()
        handle.write(f"presswatch (process {os.getpid()})\n")
        handle.flush()
        yield


def _take(handle: TextIO, patience: float) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            _lock(handle)
        except OSError:  # held by somebody
            if time.monotonic() >= end:
                return False
            time.sleep(_LOOK_AGAIN)
        else:
            return True


def _lock(handle: TextIO) -> None:
    if sys.platform == "win32":
        handle.seek(1 << 20)  # a byte that nobody reads: locked ones cannot be read there
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
