from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Kept, open_archive
from crawler.records import Article, CopyOf, Watch
from tests.archive_sample import DAY, HERALD, NOW, POST, article, keep
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


def old(published: str) -> Article:
    at = datetime.fromisoformat(published)
    return article(f"https://herald.test/{at.year}", title="Ancient", published=published, published_utc=at)


def test_counts_are_told_by_day_of_each_watch(folder: Path) -> None:
    told = answer(folder, "stats", "brand", "rival", "--json")

    assert told["counts"] == {
        "brand": {"2026-11-22": 2, "2026-11-23": 1},
        "rival": {"2026-11-22": 2, "2026-11-23": 0},
    }
    assert told["totals"] == {"brand": 3, "rival": 2}


def test_days_without_articles_are_told_as_days_with_none(folder: Path) -> None:
    spans = ["--since", "2026-11-20", "--until", "2026-11-24"]
    told = answer(folder, "stats", "brand", "rival", *spans, "--share", "--json")
    found = csv.reader(io.StringIO(presswatch(folder, "stats", "brand", *spans, "--csv").stdout))
    table = presswatch(folder, "stats", "brand", *spans).stdout.splitlines()
    chart = presswatch(folder, "stats", "brand", *spans, "--chart").stdout.splitlines()

    days = {"2026-11-20": 0, "2026-11-21": 0, "2026-11-22": 2, "2026-11-23": 1, "2026-11-24": 0}
    assert told["counts"]["brand"] == days
    assert told["all"] == days | {"2026-11-22": 3, "2026-11-23": 3}
    assert list(found)[1:-1] == [[day, str(number)] for day, number in days.items()]
    assert [line.split() for line in table if line.startswith("2026")] == [[d, str(n)] for d, n in days.items()]
    assert [line.split()[:2] for line in chart if line.startswith("  2026")] == [[d, str(n)] for d, n in days.items()]


def test_a_span_in_which_nothing_was_found_is_shown_as_well(folder: Path) -> None:
    spans = ["--since", "2026-11-22", "--until", "2026-11-23"]

    assert answer(folder, "stats", "nothing", *spans, "--json")["counts"] == {
        "nothing": {"2026-11-22": 0, "2026-11-23": 0}
    }
    assert answer(folder, "stats", "nothing", "--json")["counts"] == {"nothing": {}}


def test_no_day_is_told_that_is_yet_to_come(folder: Path) -> None:
    told = answer(folder, "stats", "brand", "--since", "2026-11-22", "--until", "2999", "--json")["counts"]["brand"]

    assert max(told) <= f"{datetime.now(UTC):%Y-%m-%d}"


def test_many_empty_days_in_a_row_are_one_line_for_people_and_left_out_after_ten_years(folder: Path) -> None:
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        keep(archive, *(old(f"{year}-01-01T10:00:00+00:00") for year in (1901, 2026)))
    table = presswatch(folder, "stats", "ancient", "brand").stdout.splitlines()
    chart = presswatch(folder, "stats", "ancient", "brand", "--chart").stdout.splitlines()
    told = answer(folder, "stats", "ancient", "brand", "--json")["counts"]["ancient"]

    lines = [
        "1901-01-01",
        "1901-01-02 … 2025-12-31",
        "2026-01-01",
        "2026-01-02 … 2026-11-21",
        "2026-11-22",
        "2026-11-23",
    ]
    assert [" ".join(line.split()[:-2]) for line in table if line[:1].isdecimal()] == lines
    assert [line[2:26].strip() for line in chart if line.startswith(("  1", "  2"))] == 2 * lines
    assert len(told) == 1 + (date(2026, 11, 23) - date(2026, 1, 1)).days + 1


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


def test_a_table_without_any_result_has_a_total_as_well(folder: Path) -> None:
    said = presswatch(folder, "stats", "nothing", "--by", "source", "--csv").stdout

    assert "source,nothing\ntotal,0\n" == said


def test_a_query_that_begins_with_a_minus_is_named_as_it_was_typed(folder: Path) -> None:
    told = answer(folder, "stats", "-lang:zh", "=acme", "--json")
    header = presswatch(folder, "stats", "-lang:zh", "=acme", "--csv").stdout.splitlines()[0]

    assert ["-lang:zh", "=acme"] == list(told["counts"])
    assert "day,'-lang:zh,'=acme" == header


def test_a_chart_is_drawn_for_people_only(folder: Path) -> None:
    for form in ("--json", "--csv"):
        assert "--chart draws for people" in presswatch(folder, "stats", "brand", "--chart", form, code=2).stderr


def test_a_chart_is_drawn_to_one_scale(folder: Path) -> None:
    lines = presswatch(folder, "stats", "brand", "rival", "--chart").stdout.splitlines()

    bars = [line.count("█") for line in lines if line.startswith("  2026")]
    assert bars == [48, 24, 48, 0]


def test_a_fault_in_a_query_is_shown_at_its_place_though_copies_are_folded(folder: Path) -> None:
    told = presswatch(folder, "stats", "acme AND", "--fold", code=2).stderr

    assert "acme AND\n" in told
    assert "copies" not in told


def test_a_span_that_ends_before_it_begins_and_two_forms_at_once_are_refused(folder: Path) -> None:
    told = presswatch(folder, "stats", "brand", "--since", "2026-11-23", "--until", "2026-11-20", code=2).stderr
    assert "--since 2026-11-23 is not before --until 2026-11-20" in told
    for command in (("stats", "brand"), ("search", "brand"), ("coverage",)):
        assert "take one" in presswatch(folder, *command, "--json", "--csv", code=2).stderr
