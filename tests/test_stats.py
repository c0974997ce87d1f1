from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive import Kept, open_archive
from crawler.records import CopyOf, Watch
from tests.archive_sample import DAY, HERALD, NOW, POST, article
from tests.commands import answer, presswatch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six articles: acme in three (one of them a copy), bolt in two, neither in one; over two days."""
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.sources.sync([HERALD, POST], NOW)
        archive.watches.sync([Watch("brand", "acme"), Watch("rival", "bolt")], NOW)

        def made(number: int, title: str, source: str, age: timedelta) -> Kept:
            at = NOW - age
            url = f"https://{source}.test/{number}"
            return Kept(article(url, title=title, source=source, published=at.isoformat(), published_utc=at))

        first = [made(1, "Acme grows", "herald", DAY), made(2, "Acme and bolt", "herald", DAY)]
        archive.articles.keep([*first, made(3, "Bolt shrinks", "post", DAY), made(4, "Rain", "post", 0 * DAY)], NOW)
        copy = made(5, "Acme grows", "post", 0 * DAY)
        archive.articles.keep(
            [Kept(copy.article, copy=CopyOf(1, "full", 1.0)), made(6, "Snow", "herald", 0 * DAY)], NOW
        )
    return tmp_path


def test_counts_are_told_by_day_of_each_watch(folder: Path) -> None:
    told = answer(folder, "stats", "brand", "rival", "--json")

    assert told["counts"] == {
        "brand": {"2026-11-22": 2, "2026-11-23": 1},
        "rival": {"2026-11-22": 2},
    }
    assert told["totals"] == {"brand": 3, "rival": 2}


@pytest.mark.parametrize(
    ("since", "until", "total"),
    [
        ("2026-11", "2026-11", 3),  # a month is included whole, as a day is
        ("2026", "2026", 3),
        ("2026-11-23", "2026-11-23", 1),
        ("2026-11", "2026-11-22", 2),
        ("2026-12", "2027", 0),
        ("2025", "2026-10", 0),
        ("40000d", "2026-11-22t23:30", 2),
    ],
)
def test_a_time_is_given_as_a_query_gives_it(folder: Path, since: str, until: str, total: int) -> None:
    told = answer(folder, "stats", "brand", "--since", since, "--until", until, "--json")

    assert told["totals"] == {"brand": total}


@pytest.mark.parametrize("wrong", ["2026-13", "26", "last week", "9999", "2026-11-23T25:00", "-1d", ""])
def test_what_is_no_time_is_refused_with_what_is_one(folder: Path, wrong: str) -> None:
    told = presswatch(folder, "stats", "brand", f"--until={wrong}", code=2).stderr

    assert repr(wrong) in told


def test_shares_are_told_among_the_named_and_of_all_collected(folder: Path) -> None:
    told = answer(folder, "stats", "brand", "rival", "--by", "source", "--share", "--json")

    assert told["share"]["brand"] == {"herald": 2 / 3, "post": 0.5}
    assert told["all"] == {"herald": 3, "post": 3}
    assert told["share_of_all"]["brand"] == {"herald": 2 / 3, "post": 1 / 3}


def test_copies_can_be_folded(folder: Path) -> None:
    told = answer(folder, "stats", "brand", "--by", "source", "--share", "--fold", "--json")

    assert told["counts"]["brand"] == {"herald": 2}
    assert told["all"] == {"herald": 3, "post": 2}
    assert told["copies"] is False


def test_the_table_and_the_csv_end_with_a_total(folder: Path) -> None:
    rows = list(csv.reader(io.StringIO(presswatch(folder, "stats", "brand", "rival", "--share", "--csv").stdout)))

    shares = [f"{query}{share}" for query in ("brand", "rival") for share in ("", " % of named", " % of all")]
    assert rows[0] == ["day", *shares]  # no two columns have one name
    assert rows[-1] == ["total", "3", "60.0", "50.0", "2", "40.0", "33.3"]
    assert "total" in presswatch(folder, "stats", "brand").stdout


def test_a_chart_is_drawn_to_one_scale(folder: Path) -> None:
    lines = presswatch(folder, "stats", "brand", "rival", "--chart").stdout.splitlines()

    bars = [line.count("█") for line in lines if line.startswith("  2026")]
    assert bars == [48, 24, 48, 0]


def test_a_fault_in_a_query_is_shown_at_its_place_though_copies_are_folded(folder: Path) -> None:
    told = presswatch(folder, "stats", "acme AND", "--fold", code=2).stderr

    assert "acme AND\n" in told
    assert "copies" not in told
