"""The pages Search and Today: what they say and what they weigh."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from digest.web.templating import link
from tests.test_web import Browser, Tags
from tests.web_pages import fill


@pytest.fixture(scope="module")
def archive_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('search') / 'a.db'}"
    fill(url)
    return url


@pytest.fixture(scope="module")
def browser(archive_url: str) -> Browser:
    return Browser(archive_url)


# Days.


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"from": "2026-11-01", "to": "2026-11-02"}, "harbour after:2026-11-01 before:2026-11-03"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "harbour after:2026-11-01 before:2026-11-03"),
        ({"from": "2026-11-01", "to": ""}, "harbour after:2026-11-01"),
        ({"to": "9999-12-31"}, "harbour before:9999-12-31"),
        ({"from": "", "to": ""}, "harbour"),
    ],
)
def test_days_that_are_chosen_become_a_part_of_the_query(browser: Browser, asked: dict[str, str], found: str) -> None:
    answer = browser.ask(
        link("/search", q="harbour after:2020 before:7d") + "".join(f"&{n}={v}" for n, v in asked.items())
    )

    assert (303, link("/search", q=found)) == (answer.status_code, answer.headers["location"])


def test_days_that_are_none_are_told(browser: Browser) -> None:
    answer = browser.ask("/search?q=harbour&from=<b>2026")

    assert 400 == answer.status_code
    assert "wanted a day such as 2026-11-01" in answer.text
    assert "<b>2026" not in answer.text


def test_the_days_of_a_query_stand_in_the_form(browser: Browser) -> None:
    fields = Tags(browser.page("/search?q=harbour+after:2026-11-01+before:2026-11-03")).all("input")

    assert ["2026-11-01", "2026-11-02"] == [field["value"] for field in fields if field["type"] == "date"]


# What a query would find.


def test_a_query_is_explained_and_counted_before_it_is_asked(browser: Browser) -> None:
    told = browser.page("/search/explain?q=harbour+or+storm")

    assert "<html" not in told
    assert "articles with the word “harbour” and with the word “or”" in told
    assert "<b>0 articles</b>" in told
    assert "write OR to find one of them" in told
    assert "<b>40 articles</b>" in browser.page("/search/explain?q=harbour")


def test_a_query_that_cannot_be_read_yet_shows_the_place(browser: Browser) -> None:
    told = browser.page("/search/explain?q=" + quote('harbour "open'))

    assert '<div class="fault">' in told
    assert "<mark>" in told


# What they weigh.


def test_the_first_view_weighs_less_than_60_kilobytes(browser: Browser) -> None:
    for path in ("/", "/search?q=harbour"):
        shown = browser.page(path)
        tags = Tags(shown)
        links = [tag for tag in tags.all("link") if tag["rel"] in {"stylesheet", "icon"}]
        loaded = [tag["href"] for tag in links] + [tag["src"] for tag in tags.all("script")]
        bodies = [browser.ask(str(address)) for address in loaded]

        assert 3 == len(bodies)
        assert len(shown.encode()) + sum(len(body.content) for body in bodies) < 60_000
        assert {"public, max-age=31536000, immutable"} == {body.headers["cache-control"] for body in bodies}
    assert "private, no-cache" == browser.ask("/static/style.css").headers["cache-control"]
    assert "private, no-cache" == browser.ask("/static/style.css?123").headers["cache-control"]


# What can be taken along.


def test_what_was_found_can_be_saved_and_watched(browser: Browser) -> None:
    addresses = {anchor["href"] for anchor in Tags(browser.page("/search?q=harbour")).all("a")}
    wanted = ("/search.csv", "/search.jsonl", "/feeds/search.xml", "/feeds/search.json", "/watches/new")

    assert {link(address, q="harbour") for address in wanted} <= addresses
    assert "Save as a watch" not in browser.page("/search")
