"""Which sitemaps of an index are read at a poll."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.polling.parts import MOST, Choice, choose
from crawler.records import SitemapPart
from tests.archive_sample import DAY, HOUR, NOW


def read(choice: Choice, listed: list[tuple[str, str]], known: dict[str, SitemapPart], at: timedelta) -> None:
    """Read what was chosen; its entries are not dated."""
    for url in choice.chosen:
        known[url] = SitemapPart(url, dict(listed)[url], NOW + at, NOW + at)


def names(choice: Choice) -> list[str]:
    return [url.rsplit("/", 1)[1].removesuffix(".xml") for url in choice.chosen]


def index(*names: str) -> list[tuple[str, str]]:
    return [
        (f"https://herald.test/{name}.xml", changed) for name, _, changed in (each.partition("@") for each in names)
    ]


def test_what_fits_is_read_in_the_order_of_its_index() -> None:
    assert ["b", "a1", "c"] == names(choose(index("b", "a1", "c"), {}, NOW))


def test_an_index_without_dates_is_read_in_turns_the_last_number_first() -> None:
    listed, known = index(*(f"s{n}" for n in range(8))), dict[str, SitemapPart]()
    turns = []
    for poll in range(4):
        choice = choose(listed, known, NOW + poll * HOUR)
        read(choice, listed, known, poll * HOUR)
        turns.append(names(choice))

    assert ["s7", "s6", "s5", "s4", "s3"] == turns[0]
    assert ["s2", "s1", "s0"] == turns[1][:3]
    assert 2 <= min(Counter(name for turn in turns for name in turn).values())
    assert 3 == choice.waiting


def test_the_sitemap_that_had_the_newest_entry_is_read_at_each_poll() -> None:
    listed = index(*(f"s{n}" for n in range(12)))
    known = {url: SitemapPart(url, "", NOW, NOW, NOW - DAY) for url, _ in listed}
    known[listed[0][0]] = replace(known[listed[0][0]], newest=NOW)

    for poll in range(1, 6):
        choice = choose(listed, known, NOW + poll * HOUR)
        read(choice, listed, known, poll * HOUR)
        known[listed[0][0]] = replace(known[listed[0][0]], newest=NOW + poll * HOUR)

        assert "s0" == names(choice)[0]


def test_names_tell_the_days_of_sitemaps_and_old_ones_are_left() -> None:
    listed = index(*(f"sitemap-{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 12)))

    first = choose(listed, {}, NOW)
    assert [f"sitemap-2026-{month:02}" for month in (11, 10, 9, 8, 7)] == names(first)
    assert (0, 28) == (first.waiting, first.old)
    known: dict[str, SitemapPart] = {}
    read(first, listed, known, HOUR)
    assert ["sitemap-2026-11"] == names(choose(listed, known, NOW + 2 * HOUR))


def test_what_was_changed_since_it_was_read_is_read_and_what_was_not_once_a_day() -> None:
    listed, known = index("a@2026-11-20", "b@2026-11-01", "c@2025-01-01"), dict[str, SitemapPart]()
    read(choose(listed, known, NOW), listed, known, timedelta())

    assert [] == names(choose(listed, known, NOW + HOUR))
    assert ["b"] == names(choose(index("a@2026-11-20", "b@2026-11-23", "c@2025-01-01"), known, NOW + HOUR))
    assert ["a", "b", "c"] == names(choose(listed, known, NOW + DAY))


def test_many_that_change_all_the_time_take_turns() -> None:
    seen: Counter[str] = Counter()
    known: dict[str, SitemapPart] = {}
    for poll in range(8):
        at = NOW + poll * HOUR
        listed = index(*(f"section{n}@{at.isoformat()}" for n in range(16)))
        choice = choose(listed, known, at)
        read(choice, listed, known, poll * HOUR)
        seen.update(names(choice))

    assert 16 == len(seen)


def test_an_index_whose_dates_are_wrong_is_not_believed() -> None:
    listed = index(*(f"s{n}@2020-01-01" for n in range(8)))
    first = choose(listed, {}, NOW)
    known = {url: SitemapPart(url, "2020-01-01", NOW, NOW, NOW - HOUR) for url in first.chosen}

    second = choose(listed, known, NOW + HOUR)

    assert {f"s{n}" for n in range(3)} < set(names(second))
    assert 0 == second.old


HOURS = st.integers(1, 40)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["", "2026-11-23", "2026-11-22T20:00:00Z"]), min_size=1, max_size=30), HOURS)
def test_whatever_may_have_news_has_its_turn(changed: list[str], hours: int) -> None:
    listed, known = [(f"https://herald.test/{n}", each) for n, each in enumerate(changed)], dict[str, SitemapPart]()
    for poll in range(8):
        choice = choose(listed, known, NOW + poll * hours * HOUR)

        assert len(set(choice.chosen)) == len(choice.chosen) <= MOST
        read(choice, listed, known, poll * hours * HOUR)
    assert {url for url, _ in listed} == set(known)
