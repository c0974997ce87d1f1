"""source add, source test: from an address to articles, as a user does it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import open_archive
from crawler.config import Config
from crawler.config.models import PresswatchConfig
from crawler.errors import UsageError
from crawler.extract import block_hashes
from crawler.records import Source
from crawler.visit import Discovery
from digest import sample
from digest.naming import new_source
from tests.archive_sample import NOW, article, keep
from tests.commands import answer, presswatch

HAND_WRITTEN = """# The desk's own list: ask Ines before you change it.

[old-hand]
name = "Old Hand"  # on paper until 2019
homepage = "http://old-hand.example/"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[sample.Server]:
    with sample.serve(sample.demo_press(datetime.now(UTC))) as server:
        yield server


@pytest.fixture
def folder(server: sample.Server, tmp_path: Path) -> Path:
    """Give a folder with a configuration that has one source, written by hand."""
    sample.demo_config(tmp_path / "config", server.port, tmp_path)
    (tmp_path / "config" / "sources.toml").write_text(HAND_WRITTEN, encoding="utf-8")
    return tmp_path


def sources(folder: Path) -> dict[str, dict[str, object]]:
    return tomllib.loads((folder / "config" / "sources.toml").read_text(encoding="utf-8"))


def test_a_home_page_becomes_a_source_that_is_crawled(folder: Path) -> None:
    added = presswatch(folder, "source", "add", "http://www.northgate-courier.example/", "--country", "gb")
    crawled = answer(folder, "crawl", "the-northgate-courier", "--json")
    found = answer(folder, "search", "source:the-northgate-courier", "--json")

    assert "added the-northgate-courier (The Northgate Courier)" in added.stdout
    assert "feed     http://www.northgate-courier.example/rss.xml" in added.stdout
    assert "Next: presswatch crawl the-northgate-courier" in added.stdout
    assert {
        "name": "The Northgate Courier",
        "homepage": "http://www.northgate-courier.example/",
        "country": "gb",
        "language": "en",
        "feeds": ["http://www.northgate-courier.example/rss.xml"],
    } == sources(folder)["the-northgate-courier"]
    assert crawled["sources"]["the-northgate-courier"]["failed_channels"] == []
    assert found["total"] > 3


def test_what_a_person_wrote_stays_as_it_was(folder: Path) -> None:
    presswatch(folder, "source", "add", "http://news.haiyun-tv.example/", "--timezone", "Asia/Shanghai")

    text = (folder / "config" / "sources.toml").read_text(encoding="utf-8")
    assert text.startswith(HAND_WRITTEN)
    assert sources(folder)["haiyun-tv"]["name"] == "海云电视台"
    assert sources(folder)["haiyun-tv"]["timezone"] == "Asia/Shanghai"


def test_an_outlet_without_feeds_is_added_by_the_page_that_lists_its_articles(folder: Path) -> None:
    added = answer(folder, "source", "add", "http://stepova-hazeta.example/", "--key", "stepova", "--json")
    presswatch(folder, "crawl", "stepova")

    assert added["source"]["sections"] == ["http://stepova-hazeta.example/"]
    assert len(added["samples"]["http://stepova-hazeta.example/"]) == 3
    assert answer(folder, "search", "source:stepova", "--json")["total"] > 0


def test_an_outlet_is_not_added_twice(folder: Path) -> None:
    presswatch(folder, "source", "add", "http://www.kuestendepesche.example/")
    again = presswatch(folder, "source", "add", "http://www.kuestendepesche.example/feed.json", code=2)

    assert '"kustendepesche" (Küstendepesche) polls what was found there already' in again.stderr
    assert {"old-hand", "kustendepesche"} == set(sources(folder))


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["http://www.velmar-gazette.example/"], 2, "rss.xml: the address answers with a web page, not a feed"),
        (["http://169.254.169.254/latest/"], 1, "169.254.169.254"),
        (["not an address"], 2, "is no address; wanted"),
        (["http://www.radio-litoral.example/", "--kind", "magazine"], 2, "kind: found 'magazine', wanted"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(
    folder: Path, arguments: list[str], code: int, told: str
) -> None:
    done = presswatch(folder, "source", "add", *arguments, code=code)

    assert told in done.stderr
    assert (folder / "config" / "sources.toml").read_text(encoding="utf-8") == HAND_WRITTEN


def test_source_test_shows_what_is_there_and_keeps_nothing(folder: Path) -> None:
    shown = presswatch(folder, "source", "test", "http://www.harbour-wire.example/").stdout

    assert "Harbour Wire (en)" in shown
    assert "feed     http://www.harbour-wire.example/rss.xml" in shown
    assert "note: http://www.harbour-wire.example/atom.xml: it lists the same pages" in shown
    assert (folder / "config" / "sources.toml").read_text(encoding="utf-8") == HAND_WRITTEN


def test_source_test_reads_one_article_and_says_where_each_value_came_from(folder: Path) -> None:
    presswatch(folder, "source", "add", "http://www.harbour-wire.example/", "--key", "wire")
    shown = presswatch(folder, "source", "test", "wire").stdout
    trial = answer(folder, "source", "test", "wire", "--json")

    assert re.search(r"6 entries, the newest of \d{4}-\d\d-\d\d \d\d:\d\d, about \d", shown)
    assert "a visit would fetch those of 6 pages that are not known yet" in shown
    assert "robots.txt allows it" in shown
    assert "text and data mining: says nothing" in shown
    assert re.search(r"published +\S+ +\[json-ld\]", shown)
    assert trial["article"]["title"] in shown
    assert trial["sample"] == trial["newest"]
    assert 0 == answer(folder, "search", "source:wire", "--json")["total"]


def test_source_test_leaves_out_what_the_archive_knows_that_the_host_repeats(folder: Path) -> None:
    presswatch(folder, "source", "add", "http://www.harbour-wire.example/", "--key", "wire")
    before = answer(folder, "source", "test", "wire", "--json")["article"]
    line = before["text"].split("\n\n")[1]
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        for number in range(5):
            (id_,) = keep(archive, article(f"https://x.test/{number}", title=f"T {number}", text=f"t {number}"))
            archive.blocks.learn("www.harbour-wire.example", block_hashes(line), id_, NOW)
    shown = presswatch(folder, "source", "test", "wire").stdout

    assert [] == before["taken_out"]
    assert f"taken out    {line[:200]}   [lines that www.harbour-wire.example repeats on its pages]" in shown


def test_source_test_shows_a_page_without_and_with_the_override_that_speaks_of_it(folder: Path) -> None:
    source = '[wire]\nname = "Wire"\nhomepage = "http://www.harbour-wire.example/"\n'
    feeds = 'feeds = ["http://www.harbour-wire.example/rss.xml"]\n'
    override = '\n[[wire.overrides]]\nvalid_until = 2100-01-01\ntitle = "title"\nbody = "p"\n'
    (folder / "config" / "sources.toml").write_text(source + feeds + override)
    outlets = sample.demo_press(datetime.now(UTC)).outlets
    (path,) = [outlet.items[0].target for outlet in outlets if "harbour-wire" in outlet.source.homepage]
    address = f"http://www.harbour-wire.example{path}"
    trial = answer(folder, "source", "test", address, "--json")

    assert (trial["sample"], trial["feeds"]) == (address, [])
    assert trial["article"] == trial["comparison"]["after"]
    assert trial["comparison"]["before"]["evidence"]["title"] == "h1"
    assert trial["comparison"]["after"]["evidence"]["title"] == "override title"
    assert trial["comparison"]["changed"]


# Naming alone


def found(name: str, homepage: str, *feeds: str) -> Discovery:
    return Discovery(homepage, name, homepage, "en", feeds or (f"{homepage}feed",), (), (), {}, ())


def config(*known: Source) -> Config:
    return Config(folder=Path(), press=PresswatchConfig(), sources={source.key: source for source in known})


@pytest.mark.parametrize(
    ("name", "homepage", "key"),
    [
        ("The Northgate Courier", "https://northgate.example/", "the-northgate-courier"),
        ("Küstendepesche", "https://www.kd.example/", "kustendepesche"),
        ("海云电视台", "https://news.haiyun-tv.co.uk/", "haiyun-tv"),
        ("Степова газета", "https://www.stepova.example/", "stepova"),
        ("海云", "http://127.0.0.1:8080/", "127-0-0-1"),
        ("", "https://www.herald.co.uk/", "www-herald-co-uk"),
    ],
)
def test_a_key_is_made_of_the_name_or_of_the_domain(name: str, homepage: str, key: str) -> None:
    assert key == new_source(found(name, homepage), config(), key="", given={}).key


def test_a_key_that_is_taken_is_not_taken_again() -> None:
    known = config(Source("herald", "Herald", "https://other.example/"))

    assert new_source(found("Herald", "https://herald.example/"), known, key="", given={}).key == "herald-2"


def test_what_is_given_is_taken_before_what_the_site_says() -> None:
    given = {"name": "My Herald", "kind": "agency", "language": "fr", "timezone": "", "country": ""}
    source = new_source(found("Herald", "https://herald.example/"), config(), key="", given=given)

    assert ("my-herald", "My Herald", "agency", "fr", None) == (
        source.key, source.name, source.kind, source.language, source.timezone,
    )  # fmt: skip


def test_a_feed_that_is_polled_already_is_left_to_its_source() -> None:
    old = "https://herald.example/old"
    known = config(Source("herald", "Herald", "https://herald.example/", feeds=(old,)))
    source = new_source(
        found("More", "https://herald.example/", old, "https://herald.example/new"), known, key="", given={}
    )

    assert ("https://herald.example/new",) == source.feeds
    with pytest.raises(UsageError, match='the source "herald"'):
        new_source(found("More", "https://herald.example/", old), known, key="", given={})
