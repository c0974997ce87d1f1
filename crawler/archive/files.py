"""The files of an archive: itself, its write-ahead log and the index of that log."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_LOG = "-wal"
_ENDINGS = ("", _LOG, "-shm")

#: Sizes and times of the files of an archive.
Marks = tuple[tuple[int, int], ...]
#: Device and number of each file of an archive; None for one that is not there.
Identity = tuple[tuple[int, int] | None, ...]


def marks(path: Path) -> Marks:
    """Say how the files of an archive are; each commit changes the log beside it, or the archive itself."""
    found = []
    for file in (path, Path(f"{path}{_LOG}")):
        with suppress(FileNotFoundError):
            status = file.stat()
            found.append((status.st_size, status.st_mtime_ns))
    return tuple(found)


def identity(path: Path | None) -> Identity:
    """Say which files these are: others that are put in their place are known by it; () in memory."""
    return () if path is None else tuple(_file(Path(f"{path}{ending}")) for ending in _ENDINGS)


def log_size(path: Path) -> int:
    """Count the bytes of an archive's write-ahead log."""
    try:
        return Path(f"{path}{_LOG}").stat().st_size
    except OSError:
        return 0


def _file(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
