from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.archive import Archive, FileIdentity, open_archive
from tests.archive_sample import DAY, NOW

FILE = FileIdentity("a.warc.gz", 1000, "abc")


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        yield opened


def test_an_import_goes_on_where_it_was(archive: Archive) -> None:
    begun = archive.imports.begin(FILE, "all", NOW)
    archive.imports.note(replace(begun, offset=700, inside=3, counts={"kept": 2, "faults": ["\ud83d"]}), NOW)

    again = archive.imports.begin(FILE, "all", NOW + DAY)

    assert (0, 0, {}, None) == (begun.offset, begun.inside, begun.counts, begun.ended)
    assert (700, 3, 2, None) == (again.offset, again.inside, again.counts["kept"], again.ended)


def test_an_import_that_is_done_says_when(archive: Archive) -> None:
    begun = archive.imports.begin(FILE, "all", NOW)
    archive.imports.note(replace(begun, offset=1000, ended=NOW), NOW)

    assert NOW == archive.imports.begin(FILE, "all", NOW + DAY).ended
    assert archive.imports.begin(FILE, "all", NOW + DAY, anew=True).ended is None


@pytest.mark.parametrize(
    ("file", "asked"),
    [
        (replace(FILE, name="b.warc.gz"), "all"),
        (replace(FILE, size=1001), "all"),
        (replace(FILE, digest="abd"), "all"),
        (FILE, "some"),
    ],
)
def test_another_file_and_another_wish_are_another_import(archive: Archive, file: FileIdentity, asked: str) -> None:
    archive.imports.note(replace(archive.imports.begin(FILE, "all", NOW), offset=700), NOW)

    assert 0 == archive.imports.begin(file, asked, NOW).offset
