from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crawler.config import FILES, load
from crawler.config.begin import HostPolls, init_folder, polls_of
from crawler.errors import ConfigError, UsageError
from crawler.packs import as_toml, catalogue, chosen, packs
from crawler.urls import host_of, normalise

FOLDER = Path(__file__).parents[1] / "config" / "packs"
ASKED_FOR = {
    "world", "europe", "americas", "africa", "asia", "china", "russia", "ukraine", "iran", "east-asia", "middle-east",
    "agencies", "republishers",
}  # fmt: skip


def test_there_are_enough_sources_countries_and_languages() -> None:
    sources = catalogue().values()

    assert 300 <= len(sources)
    assert 60 <= len({source.country for source in sources} - {""})
    assert 30 <= len({source.language for source in sources} - {""})


def test_the_outlets_that_were_asked_for_are_there() -> None:
    names = {key: (source.name, source.control) for key, source in catalogue().items()}

    assert {
        "global-times": ("Global Times", "state"),
        "xinhua": ("Xinhua (English)", "state"),
        "peoples-daily": ("People's Daily (人民网)", "state"),
        "tass": ("TASS", "state"),
        "irna": ("IRNA (English)", "state"),
        "globalsecurity": ("GlobalSecurity.org", "private"),
    }.items() <= names.items()
    assert names.keys() >= {"xinhua", "tass"}


def test_every_pack_has_a_title_and_known_sources() -> None:
    assert packs().keys() >= ASKED_FOR
    for pack in packs().values():
        assert pack.title
        assert pack.sources
        assert set(pack.sources) <= catalogue().keys()
        assert len(set(pack.sources)) == len(pack.sources)


def test_every_source_is_in_a_pack_and_defined_once() -> None:
    defined = [key for path in FOLDER.glob("*.toml") if path.name != "packs.toml" for key in _tables(path)]

    assert len(set(defined)) == len(defined)
    assert set(defined) == {key for pack in packs().values() for key in pack.sources}


def test_nobody_claims_to_have_checked_a_source() -> None:
    """The facts were collected in 2026 and no person has looked at them here."""
    for path in FOLDER.glob("*.toml"):
        if path.name != "packs.toml":
            assert {"never"} == {table["verified"] for table in _tables(path).values()}, path.name


def test_no_channel_was_invented(corpus: Path) -> None:
    known = {
        normalise(url)
        for name in ("publishers", "feeds", "state_and_republishers")
        for entry in json.loads((corpus / "sources" / f"{name}.json").read_text(encoding="utf-8"))
        for field in ("feeds", "news_sitemaps", "sections", "url")
        for url in ([entry[field]] if field == "url" and field in entry else entry.get(field, []))
    }
    hosts = {host_of(url) for url in known if url}
    homepages = {
        normalise(entry["homepage"])
        for name in ("publishers", "state_and_republishers")
        for entry in json.loads((corpus / "sources" / f"{name}.json").read_text(encoding="utf-8"))
    }

    for source in catalogue().values():
        assert {normalise(url) for _, url in source.channels()} <= known, source.key
        # An outlet that is known by its feed only has the root of that feed's host as its home page.
        assert normalise(source.homepage) in homepages or host_of(source.homepage) in hosts, source.key


def test_every_publisher_of_the_lists_is_in_the_catalogue(corpus: Path) -> None:
    homepages = {normalise(source.homepage) for source in catalogue().values()}
    missing = [
        entry["name"]
        for name in ("publishers", "state_and_republishers")
        for entry in json.loads((corpus / "sources" / f"{name}.json").read_text(encoding="utf-8"))
        if normalise(entry["homepage"]) not in homepages
    ]

    # The Guardian stands in both lists and is one source.
    assert ["The Guardian"] == missing


@pytest.mark.parametrize("name", sorted(packs()))
def test_a_pack_becomes_a_configuration(tmp_path: Path, name: str) -> None:
    init_folder(tmp_path / "config", [name])

    config = load(tmp_path / "config")

    assert {key: catalogue()[key] for key in packs()[name].sources} == config.sources


def test_all_packs_together_poll_no_address_twice(tmp_path: Path) -> None:
    init_folder(tmp_path, list(packs()))

    assert catalogue() == load(tmp_path).sources


def test_init_writes_commented_files_and_says_which(tmp_path: Path) -> None:
    written = init_folder(tmp_path / "new" / "config", ["iran", "iran"])
    text = (tmp_path / "new/config/sources.toml").read_text(encoding="utf-8")

    assert [tmp_path / "new/config" / name for name in FILES] == written
    assert 1 == text.count('# From the pack "iran": Iran: state media, and the BBC in Persian.')
    assert "# Sources: one table for each outlet." in text
    assert '[irna]\nname = "IRNA (English)"\n' in text


def test_a_source_of_two_packs_is_written_once() -> None:
    text = as_toml(chosen(["china", "east-asia"]))

    assert 1 == text.count("[global-times]")
    assert set(packs()["china"].sources) | set(packs()["east-asia"].sources) == tomllib.loads(text).keys()


def test_comments_of_the_catalogue_come_along() -> None:
    assert "[globalsecurity]\n# It republishes agencies and state media" in as_toml(chosen(["republishers"]))


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "watches.toml").write_text("# mine\n")
    with pytest.raises(ConfigError, match=r"watches.toml: the file: found one that exists, wanted a folder without it"):
        init_folder(tmp_path)

    assert ["watches.toml"] == [path.name for path in tmp_path.iterdir()]
    assert "# mine\n" == (tmp_path / "watches.toml").read_text()


def test_init_where_no_folder_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"the folder: found .*, wanted a place where a folder can be made"):
        init_folder(tmp_path / "file" / "config")


def test_an_unknown_pack_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='there is no pack "chine"; wanted a known one, perhaps "china"'):
        init_folder(tmp_path / "config", ["world", "chine"])

    assert [] == list(tmp_path.iterdir())


def test_it_is_known_who_will_be_asked_and_how_often(tmp_path: Path) -> None:
    init_folder(tmp_path)
    (tmp_path / "sources.toml").write_text(
        '[a]\nname = "A"\nhomepage = "https://a.example/"\n'
        'feeds = ["https://a.example/1", "https://a.example/2", "https://feeds.example/a"]\nevery = "6h"\n'
        '[b]\nname = "B"\nhomepage = "https://b.example/"\nsections = ["https://a.example/b/"]\n'
        '[c]\nname = "C"\nhomepage = "https://c.example/"\n'
    )

    assert [HostPolls("a.example", 3, 3600.0), HostPolls("feeds.example", 1, 21600.0)] == polls_of(load(tmp_path))


def _tables(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
