"""The whole way of the data on real pages: 261 of them on 136 hosts, served on loopback under their own names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import open_archive
from tests.commands import answer, presswatch
from tests.eval.score import text_f1
from tests.press import Press, serve, write_config

pytestmark = pytest.mark.timeout(400)

SETS = {"scrapinghub": 0.94, "fundus_eval": 0.93}


@dataclass
class Crawled:
    """A press that was crawled twice."""

    folder: Path
    press: Press
    first: Any
    second: Any
    #: Article pages that the second crawl asked for.
    asked_again: list[str]


@pytest.fixture(scope="module")
def crawled(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("press")
    press = Press.from_corpus(*(corpus / "extraction" / name for name in SETS))
    with serve(press) as server:
        write_config(folder / "config", press, server.port)
        first = answer(folder, "crawl", "--all", "--json", schema="crawl")
        before = len(server.log)
        second = answer(folder, "crawl", "--all", "--json", schema="crawl")
        pages = {(page.link.split("/", 3)[2], "/" + page.link.split("/", 3)[3]) for page in press.pages}
        asked = [f"{r.host}{r.path}" for r in server.log[before:] if (r.host, r.path) in pages]
    return Crawled(folder, press, first, second, asked)


def test_nearly_every_page_is_kept_and_each_missing_one_has_a_reason(crawled: Crawled):
    with open_archive(f"sqlite:///{crawled.folder}/presswatch.db", read_only=True) as archive:
        fates = {page.url: archive.pages.find(page.url) for page in crawled.press.pages}
    kept = [url for url, fate in fates.items() if fate is not None and fate.state == "stored"]
    missing = {url: fate.reason if fate else "never seen" for url, fate in fates.items() if url not in kept}

    assert len(kept) >= 258, missing
    assert all(fate is not None for fate in fates.values()), missing
    assert all(missing.values()), missing
    assert sum(crawled.first["totals"]["dropped"].values()) >= len(missing)


def test_a_second_crawl_downloads_no_article(crawled: Crawled):
    assert [] == crawled.asked_again
    assert 0 == crawled.second["totals"]["fetched"]
    assert 0 == crawled.second["totals"]["kept"]


@pytest.mark.parametrize("name", SETS)
def test_the_texts_in_the_archive_are_the_articles(crawled: Crawled, corpus: Path, name: str):
    pairs: list[tuple[str, str]] = []
    with open_archive(f"sqlite:///{crawled.folder}/presswatch.db", read_only=True) as archive:
        for page in crawled.press.pages:
            if page.file.is_relative_to(corpus / "extraction" / name):
                article = archive.articles.get(page.url)
                pairs.append((page.gold["text"], article.text if article else ""))

    assert text_f1(pairs) >= SETS[name]


def test_search_stories_and_digest_work_on_it(crawled: Crawled):
    folder = crawled.folder
    every = answer(folder, "search", "", "--limit", "5", "--json", schema="search")
    found = answer(folder, "search", '"climate change" OR election', "--json", schema="search")
    stories = answer(folder, "story", "list", "--json", schema="stories")["stories"]
    grouped = Counter(number for story in stories for number in story["articles"])
    (folder / "config" / "digests.toml").write_text('[morning]\ntitle = "Morning"\n')
    presswatch(folder, "digest", "preview", "morning", "--since", "2018-01-01", "-o", "morning.html")

    assert every["total"] >= 258
    assert found["articles"]
    assert all(hit["highlights"] for hit in found["articles"])
    assert every["total"] == len(grouped)
    assert {1} == set(grouped.values())
    assert b"<html" in (folder / "morning.html").read_bytes()
