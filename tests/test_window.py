"""The window of a backfill: which days an address names, which entries are certainly too old."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.backfill.window import Period, Window, article_is_too_old, period_in, period_of, sift
from crawler.records import Article, Entry
from crawler.spiders import sitemap
from crawler.spiders.back_issues import next_page, read_listing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=30), NOW)
HOME = "https://herald.example/"


def days(first: str, last: str = "") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("path", "period"),
    [
        ("2026/11/05/", days("2026-11-05")),
        ("world/2026-11-05", days("2026-11-05")),
        ("archive/20261105/index.html", days("2026-11-05")),
        ("2026/11/", days("2026-11-01", "2026-11-30")),
        ("2026/", days("2026-01-01", "2026-12-31")),
        ("archive?date=2026-11-05", days("2026-11-05")),
        ("archive?year=2026&month=2", days("2026-02-01", "2026-02-28")),
        ("calendar?month=2026-11", days("2026-11-01", "2026-11-30")),
        ("2026/11/05/a-story-of-that-day", None),
        ("archive?page=20", None),
        ("2026/13/45/", None),
    ],
)
def test_the_days_of_a_list_stand_at_the_end_of_its_address(path: str, period: Period | None) -> None:
    assert period == period_of(HOME + path)


@pytest.mark.parametrize(
    ("path", "period"),
    [
        ("sitemap-2026-11.xml", days("2026-11-01", "2026-11-30")),
        ("sitemaps/2019/posts.xml", days("2019-01-01", "2019-12-31")),
        ("sitemap.xml?yyyy=2026&mm=11&dd=05", days("2026-11-05")),
        ("sm-201912.xml.gz", days("2019-12-01", "2019-12-31")),
        ("sitemap12.xml", None),
    ],
)
def test_the_days_of_a_sitemap_stand_anywhere(path: str, period: Period | None) -> None:
    assert period == period_of(HOME + path, anywhere=True)


def test_a_headline_about_a_day_is_not_of_that_day() -> None:
    assert period_in(f"{HOME}news/forty-years-after-1986-04-26") is None
    assert days("2026-11-20") == period_in(f"{HOME}n1/2026/1120/c1002-40123456.html")


@pytest.mark.parametrize(
    ("entry", "old"),
    [
        (Entry(f"{HOME}a", published="2026-10-01T10:00:00+00:00"), True),
        (Entry(f"{HOME}a", updated="2026-10-01"), True),
        (Entry(f"{HOME}2026/09/30/a"), True),
        (Entry(f"{HOME}2026/09/30/a", updated="2026-11-20"), True),
        (Entry(f"{HOME}a", published="2026-10-24"), False),  # some of that day lies inside
        (Entry(f"{HOME}a", published="2026-10-24T09:00:00"), False),  # nobody knows in what zone
        (Entry(f"{HOME}a", updated="1970-01-01T00:00:00+00:00"), False),  # that clock tells nothing
        (Entry(f"{HOME}a"), False),
    ],
)
def test_only_what_is_certainly_too_old_is_left(entry: Entry, old: bool) -> None:
    assert old == WINDOW.is_too_old(entry)


@given(st.datetimes(datetime(1995, 1, 1), datetime(2026, 11, 23)), st.sampled_from(["published", "updated"]))
def test_nothing_of_the_window_is_left_out_for_its_age(time: datetime, name: str) -> None:
    aware = time.replace(tzinfo=UTC)
    for printed in (aware.isoformat(), time.isoformat(), f"{time:%Y-%m-%d}"):
        entry = Entry(f"{HOME}a", **{name: printed})  # type: ignore[arg-type]
        assert not (aware >= WINDOW.since and WINDOW.is_too_old(entry))


def test_the_newest_comes_first_and_the_rest_is_counted() -> None:
    entries = [
        Entry(f"{HOME}older", published="2026-11-10"),
        Entry(f"{HOME}newer", published="2026-11-20"),
        Entry(f"{HOME}tag/harbour"),
        Entry("https://elsewhere.example/a"),
        Entry(f"{HOME}old", published="2019-11-10"),
        Entry("mailto:desk@herald.example"),
    ]

    sifted = sift(entries, WINDOW, HOME)

    assert [f"{HOME}newer", f"{HOME}older"] == [entry.url for entry in sifted.wanted]
    assert {"not an article": 1, "other site": 1, "too old": 1, "address refused": 1} == sifted.left


def test_an_article_that_turns_out_to_be_old_says_when_it_was_published() -> None:
    article = Article(f"{HOME}a", "herald", "A", "Text", published="2026-01-05T10:00:00", published_precision="minute")

    assert "published 2026-01-05T10:00:00, before 2026-10-24" == article_is_too_old(article, WINDOW.since)
    assert "" == article_is_too_old(Article(f"{HOME}a", "herald", "A", "Text"), WINDOW.since)


@pytest.mark.parametrize(
    ("url", "others", "following"),
    [
        ("news", ["news?page=2", "news?page=7"], "news?page=2"),
        ("news?page=2", ["news?page=1", "news?page=3", "sport?page=3"], "news?page=3"),
        ("news?lang=en&page=4", ["news?lang=en&page=5", "news?lang=de&page=5"], "news?lang=en&page=5"),
        ("world/", ["world/page/2/"], "world/page/2/"),
        ("world/page/2/", ["world/page/1/", "world/page/3/"], "world/page/3/"),
        ("china/index.html", ["china/index_2.html", "china/index_5.html"], "china/index_2.html"),
        ("news", ["2026/11/05/story", "about"], None),
    ],
)
def test_the_next_page_is_found_by_its_number(url: str, others: list[str], following: str | None) -> None:
    found = next_page(HOME + url, [HOME + other for other in others])

    assert following == (found and found.removeprefix(HOME))


def test_an_archive_page_leads_to_days_and_to_its_next_page() -> None:
    page = (
        "<html><head><link rel='next' href='/news/older'></head><body><main><ul>"
        "<li><h3><a href='/2026/11/20/ferry-to-the-islands-sails-again'>Ferry to the islands sails again</a></h3></li>"
        "<li><h3><a href='/2026/11/20/harbour-board-meets-on-tuesday'>Harbour board meets on Tuesday</a></h3></li>"
        "<li><h3><a href='/2026/11/20/market-hall-opens-in-spring'>Market hall opens in spring</a></h3></li></ul>"
        "</main><a href='/2026/11/19/'>19</a> <a href='/archive/'>All the years</a></body></html>"
    )

    listing = read_listing("calendar", page.encode(), "text/html", f"{HOME}2026/11/20/")

    assert 3 == len(listing.entries)
    assert [("paging", "news/older"), ("calendar", "2026/11/19/"), ("archive", "archive/")] == [
        (lead.kind, lead.url.removeprefix(HOME)) for lead in listing.leads
    ]


def test_a_sitemap_that_names_more_than_is_taken_says_so_to_a_backfill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "_MOST_ENTRIES", 2)
    body = "\n".join(f"{HOME}story-{number}" for number in range(5)).encode()

    listing = read_listing("sitemap", body, "text/plain", f"{HOME}map.txt")

    assert (2, ((f"{HOME}map.txt", 3),)) == (len(listing.entries), listing.surplus)
