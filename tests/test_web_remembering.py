"""What pages see: always what is in the files and in the archive, and read only when these have changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import open_archive
from crawler.config import Config, Remembered, load
from crawler.errors import ConfigErrors
from digest.web.remembering import Finding
from tests.archive_sample import NOW, article, keep


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "presswatch.toml").write_text("")
    (tmp_path / "watches.toml").write_text("[a]\nquery = 'x'\n")
    return tmp_path


def counted(folder: Path) -> tuple[Callable[[], Config | None], list[int]]:
    reads: list[int] = []

    def read() -> Config:
        reads.append(1)
        return load(folder)

    return Remembered(read), reads


def test_files_that_stay_as_they_were_are_not_read_again(folder: Path) -> None:
    config, reads = counted(folder)

    names = [list(found.watches) for _ in range(9) if (found := config()) is not None]

    assert [["a"]] * 9 == names
    assert 2 == len(reads)


def test_a_change_is_seen_at_once(folder: Path) -> None:
    config, _ = counted(folder)
    for _ in range(3):
        config()
    (folder / "watches.toml").write_text("[b]\nquery = 'x'\n")
    (folder / "sources.toml").write_text("[s]\nname = 'S'\nhomepage = 'https://s.test/'\n")

    found = config()

    assert found is not None
    assert (["b"], ["s"]) == (list(found.watches), list(found.sources))


def test_a_fault_is_told_each_time_until_it_is_mended(folder: Path) -> None:
    config, _ = counted(folder)
    for _ in range(3):
        config()
    (folder / "watches.toml").write_text("[b\n")

    for _ in range(3):
        with pytest.raises(ConfigErrors):
            config()
    (folder / "watches.toml").write_text("[c]\nquery = 'x'\n")

    found = config()
    assert found is not None
    assert ["c"] == list(found.watches)


def test_no_configuration_is_none_until_there_is_one() -> None:
    given: list[Config | None] = [None, None, Config(folder=Path("nowhere"))]
    config = Remembered(lambda: given.pop(0))

    assert [config(), config()] == [None, None]
    assert config() is not None


def test_a_finding_holds_until_somebody_writes_or_a_minute_is_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    found = Finding(lambda archive, _: archive.articles.count())

    def ask(now: datetime = NOW) -> int:
        with open_archive(url, read_only=True) as archive:
            return found(archive, now)

    with open_archive(url) as writer:
        for number in range(5):
            keep(writer, article(f"https://herald.test/{number}"))
            assert [number + 1] * 3 == [ask() for _ in range(3)]
        found._find = lambda *_: 99
        assert [5, 99] == [ask(), ask(NOW + timedelta(minutes=1))]


def test_a_finding_about_one_archive_is_none_about_another(tmp_path: Path) -> None:
    found = Finding(lambda archive, _: archive.articles.count())
    counts = []
    for name in ("a.db", "b.db", "a.db"):
        with open_archive(f"sqlite:///{tmp_path / name}") as archive:
            if name == "b.db":
                keep(archive, article())
            counts.append(found(archive, NOW))

    assert [0, 1, 0] == counts
