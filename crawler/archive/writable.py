"""Whether an archive can be written, asked of the file system and not of the file."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from pathlib import Path

#: What a system says when a disk, or somebody's share of it, is full.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

#: Beside the file itself: what SQLite writes while the archive is in use.
_BESIDE = ("-wal", "-shm")


def write_fault(path: Path) -> str | None:
    """Say why an archive cannot be written, or made where there is none, with the remedy; None when it can."""
    folder = path.parent
    if path.is_dir():
        return f"{path}: this is a folder; the archive is a file, such as {path / 'presswatch.db'}"
    if not folder.is_dir():
        return f"{path}: the folder {folder} does not exist; make it, or give another --archive"
    place = path if path.exists() else folder
    if _is_read_only(place):
        remedy = "mount it for writing, or move the archive and give its address with --archive"
        return f"{path}: it cannot be written to (its file system is mounted read-only); {remedy}"
    if not path.exists():
        if os.access(folder, os.W_OK | os.X_OK):
            return None
        return f"{path}: nothing can be written to the folder {folder}; check its rights"
    if not (os.access(path, os.W_OK) and os.access(folder, os.W_OK | os.X_OK)):
        return f"{path}: it cannot be written to (the file or its folder is read-only); check the rights"
    for ending in _BESIDE:
        beside = Path(f"{path}{ending}")
        # Looked at again: whoever closes the archive last takes it away, perhaps just now.
        if beside.exists() and not os.access(beside, os.W_OK) and beside.exists() and not os.access(beside, os.W_OK):
            return f"{path}: it cannot be written to ({beside.name} beside it is read-only); check the rights"
    return None


def _is_read_only(place: Path) -> bool:
    try:
        return bool(os.statvfs(place).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def has_room(path: Path) -> bool:
    """Tell whether the disk of an archive can take a page more: SQLite calls some full disks a failed one."""
    try:
        disk = shutil.disk_usage(path.parent)
        if disk.total and disk.free < 1 << 20:  # /proc and its like have no room that could be made
            return False
        beside = (Path(f"{path}{ending}") for ending in _BESIDE)
        return _has_inode(path.parent) or (path.exists() and all(each.exists() for each in beside))
    except OSError:
        return True


def _has_inode(folder: Path) -> bool:
    """Tell whether one file more can be made: a disk full of small files has bytes that nobody can use."""
    if sys.platform == "win32":
        return True
    found = os.statvfs(folder)
    return found.f_files == 0 or found.f_favail > 0  # they are not counted where they are made as needed


def takes_bytes(path: Path) -> bool:
    """Try whether the disk of an archive takes as much as a page needs, which a quota tells in no other way.

    The try leaves nothing behind: its file has no name, or loses it at once.
    """
    try:
        with tempfile.TemporaryFile(dir=path.parent, buffering=0) as file:
            for _ in range(16):
                file.write(bytes(1 << 16))
    except OSError as error:
        return error.errno not in NO_ROOM
    return True
