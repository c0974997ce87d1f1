"""Makes the tables of an archive once, and gives a copy of them to whoever begins a new one in this process.

The migrations, one by one, take 40 ms, and tests begin thousands of archives. The one that is copied was made by them,
as are all archives of commands that run in processes of their own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import sqlite


@contextmanager
def copied() -> Iterator[None]:
    """Let new archives be copies."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        made = Path(folder) / "archive.db"
        sqlite.open_store(f"sqlite:///{made}").close()
        with closing(sqlite.sqlite3.connect(made, check_same_thread=False)) as source:
            patch.setattr(sqlite, "_connect", _copying(sqlite._connect, made, source))
            yield


def _copying(connect: Callable[..., Any], made: Path, source: Any) -> Callable[..., Any]:
    def connected(path: Path | None, *, read_only: bool, patience: float) -> Any:
        if path is not None and not read_only and not path.exists():
            with suppress(OSError):  # SQLite tells what is wrong with the place
                _place(made, path)
        connection = connect(path, read_only=read_only, patience=patience)
        if path is None:
            connection.execute("PRAGMA page_size = 16384")  # or it takes no pages of that size
            source.backup(connection)
        return connection

    return connected


def _place(made: Path, path: Path) -> None:
    """Put a copy where nothing is; whoever begins the same archive meanwhile finds all of it or nothing."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        shutil.copyfile(made, beside)
        os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
