"""What is written whole or not at all, and what others see of it meanwhile; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.errors import ArchiveBusy, ArchiveError
from tests.archive_sample import NOW, article, entries, keep


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "press.db"


@pytest.fixture
def archive(file: Path) -> Iterator[Archive]:
    with open_archive(f"sqlite:///{file}") as opened:
        yield opened


def test_what_is_kept_is_there_after_opening_again(file: Path) -> None:
    with open_archive(f"sqlite:///{file}") as archive:
        (id_,) = keep(archive, article())

    with open_archive(f"sqlite:///{file}", create=False) as archive:
        kept = archive.articles.get(id_)

    assert kept is not None
    assert "Harbour reopens after the storm" == kept.title


def test_a_read_only_archive_can_be_read_while_another_writes(archive: Archive, file: Path) -> None:
    keep(archive, article())

    with open_archive(f"sqlite:///{file}", read_only=True) as reader:
        keep(archive, article("https://herald.test/b"))

        assert 2 == reader.search("harbour", now=NOW).total
        with pytest.raises(ArchiveError, match="cannot be written to"):
            keep(reader, article("https://herald.test/c"))


def fail_inside(archive: Archive) -> None:
    with archive.writing():
        keep(archive, article())
        archive.changes.move("digests", 5)
        raise RuntimeError


def test_an_error_rolls_the_whole_transaction_back(archive: Archive) -> None:
    with pytest.raises(RuntimeError):
        fail_inside(archive)

    assert [0, 0] == [archive.articles.count(), archive.changes.position("digests")]


def test_an_inner_error_that_is_caught_undoes_the_inner_part_only(archive: Archive) -> None:
    with archive.writing():
        archive.changes.move("digests", 1)
        try:
            with archive.writing():
                archive.changes.move("digests", 2)
                raise RuntimeError
        except RuntimeError:
            pass
        keep(archive, article())

    assert [1, 1] == [archive.changes.position("digests"), archive.articles.count()]


def test_a_writer_that_waits_too_long_is_told_that_the_archive_is_busy(archive: Archive, file: Path) -> None:
    with open_archive(f"sqlite:///{file}", patience=0.05) as impatient:
        with archive.writing(), pytest.raises(ArchiveBusy, match="another process is writing"):
            keep(impatient, article())

        keep(impatient, article())
        assert 1 == archive.articles.count()


def test_the_views_for_people_show_times_written_out(archive: Archive) -> None:
    keep(archive, article())
    archive.pages.queue("herald", entries("https://herald.test/b"), NOW)
    shown = archive._store.rows("SELECT title, published_utc, first_seen FROM v_articles")

    assert [("Harbour reopens after the storm", "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z")] == shown
    assert [[], [], []] == [
        archive._store.rows(f"SELECT * FROM {view}") for view in ("v_mentions", "v_stories", "v_judgements")
    ]
