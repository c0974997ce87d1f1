"""Who is writing to an archive just now, where the system tells that (Linux)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: Where in the file beside a write-ahead log SQLite locks the right to write (WAL_WRITE_LOCK).
_WRITE_LOCK = 120


def writer(file: str, table: Path = Path("/proc/locks")) -> str:
    """Name the process that holds an archive for writing, like "process 4711 (sqlite3)"; "" when that is not told."""
    with suppress(OSError, ValueError):
        inode = Path(f"{file}-shm").stat().st_ino
        for line in table.read_text().splitlines():
            words = line.split()
            if len(words) != 8 or words[3] != "WRITE" or not words[5].endswith(f":{inode}"):
                continue  # somebody who waits has one word more
            process, first, last = int(words[4]), int(words[6]), words[7]
            if first <= _WRITE_LOCK and (last == "EOF" or int(last) >= _WRITE_LOCK) and process != os.getpid():
                name = ""
                with suppress(OSError):
                    name = f" ({Path(f'/proc/{process}/comm').read_text().strip()})"
                return f"process {process}{name}"
    return ""
