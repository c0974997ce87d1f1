"""Locks of files, which the system frees when their holder ends, however it ends; they hold on one machine.

In the file stands who holds it, for those who wait.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def take(handle: IO[Any], *, shared: bool = False) -> None:
    """Take the lock of an open file, or raise the OSError that somebody has it; several share a ``shared`` one."""
    if sys.platform == "win32":
        handle.seek(1 << 20)  # a byte that nobody reads: locked ones cannot be read there
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def sign(handle: IO[Any]) -> None:
    """Write into a file whose lock we have that we have it."""
    with suppress(OSError):  # on a full disk it holds all the same, without saying who does
        handle.seek(0)
        handle.truncate()
        os.write(handle.fileno(), f"presswatch (process {os.getpid()})\n".encode())


def holder(handle: IO[Any]) -> str:
    """Name who has the lock of an open file, as far as that can be told."""
    try:
        handle.seek(0)
        said = handle.read(200)
    except OSError:
        said = ""
    text: str = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return text.strip() or "another process"
