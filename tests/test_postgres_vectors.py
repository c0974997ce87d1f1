"""What the full-text index of PostgreSQL cannot hold: nothing of it is lost to searches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.archive import Archive, Kept
from crawler.archive.opening import open_store
from crawler.archive.postgres import relevance
from crawler.archive.postgres.vectors import held_as
from crawler.archive.store import Store
from crawler.errors import TooLong
from crawler.records import Article
from tests.archive_sample import NOW, article
from tests.databases import Server


@pytest.fixture
def store(postgres: Server) -> Iterator[Store]:
    url = postgres.new()
    opened = open_store(url)
    yield opened
    opened.close()
    postgres.drop(url)


def keep(store: Store, text: str, **more: object) -> int:
    made = Article(**{"url": "https://herald.test/long", "source": "herald", "title": "Long"} | more, text=text)  # type: ignore[arg-type]
    return Archive(store).articles.keep([Kept(made)], NOW)[0].id


def whole(store: Store) -> list[int]:
    return [number for (number,) in store.rows("SELECT whole FROM index_entries ORDER BY position")]


@pytest.mark.parametrize(
    ("text", "found", "missed"),
    [
        # More places than a vector has, words that stand too often, and both in Chinese.
        (
            "spring " + "word " * 20_000 + "the red spy was caught",
            [
                '"red spy"',
                "text:spy",
                "caug*",
                "red W/1 was",
                "spring NEAR/1 word",
                "spy -nobody",
                'url:https://herald.test/long -"spy red"',
            ],
            ['"spy red"', "title:spy", '"spring spy"', "spring W/9 spy", '"word spring"', "lead:word"],
        ),
        (
            "的国家" * 9_000 + "间谍被捕",
            ["间谍", "国家的", "家间谍", "谍被捕", "text:间谍", "捕", "国家 W/20 间谍"],
            ["谍间", "捕被", "title:间谍", "间谍 W/9 国家", "捕的"],
        ),
        # More words than fit into a megabyte.
        (
            "spring " + " ".join(f"{number}x{'y' * 20}" for number in range(45_000)) + " the red spy",
            ['"red spy"', "spring", "44999x*", "text:spy -nobody", "spring source:herald"],
            ['"spy red"', "autumn", "title:spy", "spring -spy", "url:https://herald.test/long -spy", "45000x*"],
        ),
        # Words longer than any in a vector.
        (
            "spy " + "a" * 3_000 + " " + "b" * 3_000 + "c",
            [f'"spy {"a" * 3_000}"', "b" * 3_000 + "c", "b" * 3_000 + "*", "a" * 30 + "*"],
            ["a" * 2_999, "b" * 3_000, "b" * 2_999 + "c*", f'"{"a" * 3_000} spy"'],
        ),
    ],
)
def test_of_a_long_text_every_word_and_phrase_is_found(
    store: Store, text: str, found: list[str], missed: list[str]
) -> None:
    archive = Archive(store)
    archive.articles.keep([Kept(article())], NOW)
    id_ = keep(store, text)

    assert {query: archive.ids(f"({query})", NOW) for query in found} == {query: [id_] for query in found}
    assert {query: archive.ids(query, NOW) for query in missed} == {query: [] for query in missed}


def test_a_usual_article_is_held_whole(store: Store) -> None:
    keep(store, "The harbour reopened. " * 200)

    assert whole(store) == [1]


def test_an_index_that_lost_a_row_is_told_of_and_mended(store: Store) -> None:
    archive = Archive(store)
    keep(store, "The harbour reopened.")
    store.execute("UPDATE index_entries SET position = position + 1")

    assert ["the index and the articles differ in 2 places; run doctor --reindex"] == list(store.faults())
    archive.reindex(NOW)

    assert [] == list(store.faults())
    assert archive.count("harbour", NOW) == 1


def test_few_words_stand_where_they_stand_among_many(store: Store) -> None:
    more = {"lead": "Spring 2019 spies", "authors": ("Ann Spring",)}
    keep(store, "The spy, О’Коннор and п'ять spies of spring; 间谍 and spy again, springs", **more)
    articles = "e.position > 0"

    for wanted, begun in (
        ({"spy", "spring", "间谍", "none"}, set()),
        ({"п'ять", "spies"}, {"sp", "спу"}),
        (set(), {"s", "2"}),
    ):
        few, many = (
            {word: places for _, word, places in read(store, articles, {held_as(word) for word in wanted}, begun)}
            for read in (relevance._places_of_few, relevance._places_of_many)
        )
        assert few == many
        assert few


def test_what_is_forgotten_leaves_the_index(store: Store) -> None:
    archive = Archive(store)
    keep(store, "zebrafinch")
    archive.forget("https://herald.test/long", NOW)

    assert whole(store) == []
    assert archive.count("zebrafinch", NOW) == 0


def test_a_search_that_takes_too_long_ends(store: Store) -> None:
    archive = Archive(store)
    keep(store, "spy word " * 30_000)
    store.stop_when(lambda: True)

    with pytest.raises(TooLong):
        archive.ids("spy W/1 spy W/1 word", NOW)
