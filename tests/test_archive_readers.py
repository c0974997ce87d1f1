from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from crawler.archive import Readers, open_archive
from crawler.archive.store import Store
from crawler.errors import ArchiveError, UsageError
from tests.archive_sample import NOW, article, keep


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return new(tmp_path / "press.db", 1)


@pytest.fixture
def readers(file: Path) -> Iterator[Readers]:
    with closing(Readers(f"sqlite:///{file}")) as opened:
        yield opened


def new(file: Path, articles: int) -> Path:
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, *(article(f"https://herald.test/{number}") for number in range(articles)))
    return file


def used(readers: Readers) -> Store:
    with readers.lend() as archive:
        return archive._store


def count(readers: Readers) -> int:
    with readers.lend() as archive:
        return archive.articles.count()


def test_an_archive_stays_open_and_sees_what_is_kept_meanwhile(readers: Readers, file: Path) -> None:
    first, before = used(readers), count(readers)
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, article("https://herald.test/b"))

    assert (1, 2) == (before, count(readers))
    assert used(readers) is first


def test_nobody_is_lent_what_another_has(readers: Readers) -> None:
    with ExitStack() as lent:
        stores = {id(lent.enter_context(readers.lend())._store) for _ in range(3)}

    assert 3 == len(stores)


@pytest.mark.sqlite_only
def test_a_file_that_takes_the_place_of_the_other_is_read(readers: Readers, file: Path) -> None:
    before = count(readers)
    new(file.with_name("restored.db"), 3).replace(file)

    assert (1, 3) == (before, count(readers))


@pytest.mark.sqlite_only
def test_a_file_that_is_gone_is_told_and_found_again(readers: Readers, file: Path) -> None:
    count(readers)
    file.rename(file.with_name("away.db"))
    with pytest.raises(ArchiveError, match="there is no archive here"):
        count(readers)
    file.with_name("away.db").rename(file)

    assert 1 == count(readers)


def restore(file: Path, copy: Path) -> None:
    """Do what `presswatch backup` says."""
    for ending in ("-wal", "-shm"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
    shutil.copyfile(copy, file)


@pytest.mark.sqlite_only
def test_what_is_restored_in_place_is_read_and_written(readers: Readers, file: Path) -> None:
    copy = file.with_name("copy.db")
    with open_archive(f"sqlite:///{file}") as archive:
        archive.backup(copy)
        keep(archive, article("https://herald.test/b"))
    lost = count(readers)
    restore(file, copy)
    restored = count(readers)
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, article("https://herald.test/c"), article("https://herald.test/d"))

    assert (2, 1, 3) == (lost, restored, count(readers))


@pytest.mark.sqlite_only
def test_who_has_rested_holds_no_file(file: Path) -> None:
    with closing(Readers(f"sqlite:///{file}", rests=0.05)) as readers:
        store = used(readers)
        until = time.monotonic() + 10
        while store in [each for _, each in readers._idle] and time.monotonic() < until:
            time.sleep(0.02)
        with pytest.raises(sqlite3.ProgrammingError):
            store.db.conn.execute("SELECT 1")

        assert 1 == count(readers)


def test_after_a_rush_some_stay_open_and_no_more(readers: Readers) -> None:
    with ExitStack() as lent:
        for _ in range(9):
            lent.enter_context(readers.lend())

    assert 4 == len(readers._idle)


@pytest.mark.sqlite_only
def test_tables_that_a_newer_program_changed_are_refused(readers: Readers, file: Path) -> None:
    count(readers)
    with closing(sqlite3.connect(str(file))) as newer:
        newer.execute("PRAGMA user_version = 999")

    with pytest.raises(ArchiveError, match="a newer Presswatch wrote this archive"):
        count(readers)


def test_the_patience_of_one_question_is_not_that_of_the_next(readers: Readers) -> None:
    with readers.lend() as archive:
        archive.stop_when(lambda: True)

    assert 1 == count(readers)


def test_after_a_fault_it_is_opened_anew(readers: Readers) -> None:
    first = used(readers)
    with pytest.raises(UsageError), readers.lend() as archive:
        archive.search('"', now=NOW)

    assert used(readers) is not first


@pytest.mark.sqlite_only
def test_a_file_as_it_lies_is_not_kept_open_for_it_may_change(
    readers: Readers, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = os.access
    with monkeypatch.context() as locked:
        locked.setattr(os, "access", lambda path, mode: path != file.parent and granted(path, mode))
        before = count(readers)
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, article("https://herald.test/b"))

    assert (1, 2) == (before, count(readers))
