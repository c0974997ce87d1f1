"""The configuration that pages see: always that of the files, and read only when they have changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.config import Config, load
from crawler.errors import ConfigErrors
from digest.web.remembering import Remembered


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
