"""The copy of an SQLite archive for a bad day."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from crawler.archive.sqlite import SqliteStore, open_copy
from crawler.errors import ArchiveError, ArchiveFull


def backup(store: SqliteStore, file: Path) -> None:
    """Write a whole and compact copy of the archive while it is in use, and look whether it can be read.

    Copying its file would not do.
    """
    if file.exists():
        raise ArchiveError(f"{file}: there is a file already; give another name or remove it")
    if not file.parent.is_dir():
        raise ArchiveError(f"{file}: the folder {file.parent} does not exist; make it first")
    try:
        _check_room(store, file)
        store.execute("PRAGMA query_only = OFF")  # on, on a full disk, it forbids writing elsewhere, too
        store.execute("VACUUM INTO ?", (str(file),))
        _check_copy(file)
    except ArchiveError as error:
        file.unlink(missing_ok=True)  # a part of a copy must not be taken for one
        raise type(error)(f"{file}: the copy was not made: {error}") from error


def _check_room(store: SqliteStore, file: Path) -> None:
    size, pages, unused = (store.value(f"PRAGMA {name}") for name in ("page_size", "page_count", "freelist_count"))
    needed, free = (pages - unused) * size, shutil.disk_usage(file.parent).free
    if free < needed:
        raise ArchiveFull(
            f"it needs about {needed / 1e6:.0f} MB, but only {free / 1e6:.0f} MB are free there; make room, or write "
            "it to another disk"
        )


def _check_copy(file: Path) -> None:
    """Put a copy on its disk and read it through; VACUUM INTO leaves both to whoever asks for it."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    copy = open_copy(file)
    try:
        said = [text for (text,) in copy.rows("PRAGMA quick_check(3)")]
    finally:
        copy.close()
    if said != ["ok"]:
        raise ArchiveError(
            f"it cannot be read back ({'; '.join(said)}); look for faults of its disk and of the archive"
        )
