"""One at a time changes the files of a configuration, whichever process or thread it is.

The lock is a file beside them, which the system frees when its holder ends, however it ends; who lets it go takes the
file away. An editor of texts knows nothing of it: ``crawler.config.edit`` looks again before it replaces a file.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from crawler import locking
from crawler.config.faults import Words
from crawler.errors import ConfigError, Locked

_log = logging.getLogger(__name__)
NAME = ".presswatch.lock"
#: Seconds that somebody waits for the others: a new watch is matched against a whole archive while it is held.
PATIENCE = 20.0
_LOOK_AGAIN = 0.03
#: What a file system says that is asked for a lock and has it given to somebody else.
_HELD = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}


class _Mine(threading.local):
    """The folders that this thread holds: it does not wait for itself."""

    def __init__(self) -> None:
        self.folders: set[Path] = set()


_mine = _Mine()


@contextmanager
def only_editor(folder: Path) -> Iterator[None]:
    """Hold a configuration from reading to writing, or say who does.

    Who holds it already goes on. Where there is no folder there is nothing to hold: whoever reads it says so.
    """
    place = folder.resolve()
    if place in _mine.folders or not place.is_dir():
        yield
        return
    handle = _taken(place / NAME)
    _mine.folders.add(place)
    try:
        yield
    finally:
        _mine.folders.discard(place)
        # Before it is let go: who waits for it sees that it is gone, and makes one anew.
        with suppress(OSError):
            (place / NAME).unlink()
        handle.close()


def _taken(path: Path) -> BinaryIO:
    end = time.monotonic() + PATIENCE
    while True:
        handle = _opened(path)
        if _lock(handle) and _is_still(handle, path):
            locking.sign(handle)
            return handle
        with handle:
            if time.monotonic() >= end:
                who = locking.holder(handle)
                raise Locked(f"{who} is changing the configuration; nothing was changed here: try again in a moment")
        time.sleep(_LOOK_AGAIN)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("a+b", buffering=0)
    except OSError as error:
        found = Words(f"a place that cannot be written ({error.strerror or error})")
        raise ConfigError(path.parent, None, "the folder", found, "write access, or the change made by hand") from error


def _is_still(handle: BinaryIO, path: Path) -> bool:
    """Tell whether it is the file that others find: who held it before has perhaps taken it away."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except OSError:
        return False


def _lock(handle: BinaryIO) -> bool:
    """Take it, unless somebody has it."""
    try:
        locking.take(handle)
    except OSError as error:
        if error.errno in _HELD:
            return False
        # A network's disk without locks: what was written meanwhile is still seen before a file is replaced.
        _log.warning("%s: this disk knows no locks (%s)", handle.name, error.strerror or error)
    return True
