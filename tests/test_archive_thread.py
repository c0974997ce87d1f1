"""A visit's archive while another process holds it: it waits, says so, goes on, and ends with a plain message."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.archive.holders import writer
from crawler.archive_thread import ArchiveThread
from crawler.errors import ArchiveBusy
from tests.archive_sample import NOW, entries
from tests.loopback import Reply, Seen, Web, address, configure, rss, start_python


class Other:
    """Somebody else who writes to an archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._writing = ExitStack()

    def begin(self) -> None:
        self._writing.enter_context(self._archive.writing())

    def end(self) -> None:
        self._writing.close()

    close = end


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Other]:
    """Give somebody else who has an archive open."""
    with open_archive(address(tmp_path)) as archive, closing(Other(archive)) as found:
        yield found


def queue(archive: Archive) -> int:
    return archive.pages.queue("herald", entries("https://herald.test/a"), NOW).new


def test_an_act_waits_for_another_writer_and_says_so(
    tmp_path: Path, other: Other, caplog: pytest.LogCaptureFixture
) -> None:
    with ArchiveThread(address(tmp_path), patience=0.01) as archive:
        waited: list[float] = []

        async def pause(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                other.end()

        archive.pause = pause
        other.begin()

        assert asyncio.run(archive.run(queue)) == 1
    assert len(waited) == 3
    assert "another process is writing to it" in caplog.messages[0]
    assert "waiting for it" in caplog.messages[0]
    assert "it can be written to again; going on" in caplog.messages[-1]


@pytest.mark.parametrize("loop", [True, False])
def test_an_act_does_not_wait_for_ever_for_another_writer(tmp_path: Path, other: Other, loop: bool) -> None:
    with ArchiveThread(address(tmp_path), patience=0.01, longest=0.0) as archive:
        other.begin()

        with pytest.raises(ArchiveBusy, match="nothing was written: try again when it has ended"):
            asyncio.run(archive.run(queue)) if loop else archive.call(queue)

        other.end()
        assert archive.call(queue) == 1


@pytest.mark.sqlite_only
def test_who_writes_is_read_from_the_table_of_locks(tmp_path: Path) -> None:
    shared = tmp_path / "archive.db-shm"
    shared.touch()
    locks, inode = tmp_path / "locks", shared.stat().st_ino
    locks.write_text(
        f"1: POSIX  ADVISORY  READ 11 fe:00:{inode} 120 120\n"
        f"2: POSIX  ADVISORY  WRITE 12 fe:00:{inode} 123 123\n"
        f"3: -> POSIX  ADVISORY  WRITE 13 fe:00:{inode} 120 120\n"
        f"4: POSIX  ADVISORY  WRITE {os.getpid()} fe:00:{inode} 120 120\n"
        f"5: POSIX  ADVISORY  WRITE 999999999 fe:00:{inode} 120 120\n"
    )

    assert writer(str(tmp_path / "archive.db"), locks) == "process 999999999"
    assert writer(str(tmp_path / "archive.db"), tmp_path / "none") == ""


_CRAWL = """
import functools, sys
from crawler import visit
from crawler.archive_thread import ArchiveThread
from digest.cli import main
visit.ArchiveThread = functools.partial(ArchiveThread, patience=0.05, longest=0.0)
sys.argv[1:] = ["--config", sys.argv[1], "--archive", sys.argv[2], "crawl"]
main()
"""


@pytest.mark.sqlite_only
def test_a_crawl_that_waited_too_long_ends_with_the_message_only(tmp_path: Path, other: Other) -> None:
    def locking(seen: Seen) -> Reply | None:
        if seen.path != "/feed":
            return None
        other.begin()
        return rss("a", "/1", "/2")

    with Web(a=locking) as web:
        process = start_python(_CRAWL, str(configure(tmp_path, web, "a")), address(tmp_path))
        out, err = process.communicate(timeout=120)

    assert process.returncode == 1, (out, err)
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith(f"presswatch: {tmp_path / 'archive.db'}: another process is writing to it")
    assert f"just now process {os.getpid()} (" in err
