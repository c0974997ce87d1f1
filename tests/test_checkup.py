"""What the doctor finds out about an archive before a crawl does."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.archive import open_archive
from digest.checkup import Finding, examine
from tests.commands import presswatch

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def as_somebody() -> Iterator[None]:
    """Be a user who has no rights here, also when root runs the tests."""
    root = os.geteuid() == 0
    if root:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if root:
            os.setresuid(0, 0, 0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder with an archive and a configuration, which others may look into (pytest's own are closed)."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        (place / "config").mkdir()
        (place / "config" / "presswatch.toml").write_text('[crawl]\ncontact = "https://desk.example/"\n')
        open_archive(f"sqlite:///{place / 'press.db'}").close()
        yield place
        for each in (place, *place.iterdir()):
            each.chmod(0o755)


def findings(folder: Path, name: str = "press.db") -> dict[str, Finding]:
    """Examine, and give the worst finding of each subject."""
    found = examine(folder / "config", f"sqlite:///{folder / name}", NOW)
    return {each.subject: each for each in sorted(found, key=lambda each: ("ok", "warning", "error").index(each.grade))}


def test_an_archive_that_can_be_written_is_well(folder: Path) -> None:
    assert "ok" == findings(folder)["archive"].grade


@pytest.mark.skipif(os.name != "posix", reason="rights are others there")
@pytest.mark.parametrize(
    ("place", "mode", "said"),
    [
        ("press.db", 0o444, "(the file or its folder is read-only); check the rights"),
        (".", 0o555, "(the file or its folder is read-only); check the rights"),
        ("press.db-wal", 0o444, "(press.db-wal beside it is read-only); check the rights"),
    ],
)
def test_an_archive_that_cannot_be_written_is_an_error_with_the_remedy(
    folder: Path, place: str, mode: int, said: str
) -> None:
    (folder / "press.db-wal").touch()
    folder.chmod(0o777)
    for each in folder.glob("press.db*"):
        each.chmod(0o666)
    with as_somebody():
        well = findings(folder)["archive"]
        assert "ok" == well.grade, well.text
    (folder / place).chmod(mode)
    with as_somebody():
        found = findings(folder)["archive"]

    assert ("error", True) == (found.grade, said in found.text), found.text


@pytest.mark.skipif(os.name != "posix", reason="rights are others there")
def test_an_archive_that_cannot_be_made_is_an_error_and_one_that_is_not_there_yet_is_none(folder: Path) -> None:
    assert "warning" == findings(folder, "new.db")["archive"].grade
    folder.chmod(0o555)
    with as_somebody():
        found = findings(folder, "new.db")["archive"]
    missing = findings(folder, "nowhere/new.db")["archive"]

    assert ("error", True) == (found.grade, f"nothing can be written to the folder {folder}" in found.text)
    assert ("error", True) == (missing.grade, "nowhere does not exist; make it" in missing.text)


def test_a_file_system_that_is_mounted_read_only_is_told_as_that(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "statvfs", lambda place: SimpleNamespace(f_flag=os.ST_RDONLY, f_files=0))
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(total=10**12, free=10**10))
    found = findings(folder)["archive"]

    assert "error" == found.grade
    assert "its file system is mounted read-only); mount it for writing" in found.text


@pytest.mark.parametrize(
    ("free", "grade", "said"),
    [
        (900_000, "error", "no room is left beside the archive"),
        (400_000_000, "warning", "only 400 MB are free beside the archive"),
    ],
)
def test_a_disk_with_little_room_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, free: int, grade: str, said: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(total=10**12, free=free))
    found = findings(folder)["disk"]

    assert (grade, True) == (found.grade, said in found.text)


def test_what_is_no_archive_is_an_error_and_the_command_ends_with_one(folder: Path) -> None:
    (folder / "press.db").write_text("this is no archive, however long one looks at it")

    done = presswatch(folder, "--archive", "sqlite:///press.db", "doctor", code=1)

    assert "error    archive: press.db: this file is no Presswatch archive" in done.stdout


@pytest.mark.parametrize(
    ("web", "users", "level", "said"),
    [
        ("", 0, "ok", "no users: this machine alone reaches it"),
        ("", 1, "ok", "users: 1"),
        ('host = "0.0.0.0"', 0, "error", "presswatch user add NAME --role editor"),
        ('host = "0.0.0.0"', 1, "warning", "travel in the clear to 0.0.0.0"),
        ('host = "press.test"', 1, "error", "no address of a machine"),
        ('public_url = "https://press.test"', 1, "warning", "wait for each other's wrong passwords"),
        ('public_url = "https://press.test"\nproxy = "127.0.0.1"', 1, "ok", "users: 1"),
        ('public_url = "https://press.test"', 0, "ok", "no users"),
    ],
)
def test_it_is_told_who_reaches_the_web_page(folder: Path, web: str, users: int, level: str, said: str) -> None:
    with (folder / "config" / "presswatch.toml").open("a") as file:
        file.write(f"\n[web]\n{web}\n")
    with open_archive(f"sqlite:///{folder / 'press.db'}") as archive:
        for number in range(users):
            archive.users.add(f"user{number}", "editor", "$hash$", NOW)

    found = findings(folder)["web page"]
    assert level == found.grade
    assert said in found.text
