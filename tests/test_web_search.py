"""The pages Search and Today: what they say and what they weigh."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from crawler.archive import Poll, open_archive
from crawler.records import Edition, Story, Watch
from digest.web import application
from digest.web.templating import link
from tests.archive_sample import DAY, HERALD, HOUR, NOW, article, keep
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
    for path in ("/", "/search", "/search?q=harbour"):
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


# Today.


def test_today_says_what_is_new_what_waits_and_which_watches_found_most(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        archive.sources.sync([HERALD], NOW)
        keep(archive, article("https://herald.test/1"), at=NOW - 2 * DAY)
        keep(archive, article("https://herald.test/2"), article("https://herald.test/3"), at=NOW - HOUR)
        watches = [Watch(f"nothing {number}", f"nothing{number}") for number in range(12)]
        archive.watches.sync([*watches, Watch("harbours", "harbour")], NOW)
        archive.stories.write([Story(7, "Harbour", (1, 2, 3), first=NOW - 2 * DAY, last=NOW - HOUR)], [], NOW)
        final = Edition(0, "morning", "2026-11-23", 0, 1, NOW - DAY, "final", "Morning of <b>Monday</b>")
        archive.editions.commit(final, [], None, NOW)
        draft = Edition(0, "evening", "2026-11-23", 0, 2, NOW, "draft", "Evening")
        archive.editions.commit(draft, [], None, NOW)
    page = Browser(url).page("/")

    assert 'seen-after%3A24h&amp;sort=seen">2 articles</a> came in and 0 stories began' in page
    assert "3 articles, <b>2 came in 24 hours</b>" in page
    assert '1 draft waits for a review: <a href="/digests/2/review" dir="auto">evening, 2026-11-23</a>' in page
    assert '<a href="/digests/1" dir="auto">Morning of &lt;b&gt;Monday&lt;/b&gt;</a>' in page
    assert page.index(">harbours</a>") < page.index(">nothing 0</a>")
    assert "<b>2</b> came in 24 hours, <b>3</b> in 14 days" in page
    assert ">nothing 9</a>" not in page
    assert '<a href="/watches">all 13 watches</a>' in page


def test_today_says_how_many_sources_need_attention(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        sources = [replace(HERALD, key=f"herald{number}", name=f"Herald {number}") for number in range(14)]
        archive.sources.sync(sources, NOW - 10 * DAY)
        for number in range(1, 15):
            channel = archive.channels.claim(number, NOW - DAY, 5 * HOUR)
            assert channel is not None
            failing = replace(channel, state="failing", note="404 for days", last_polled=NOW, next_poll=NOW + DAY)
            archive.channels.polled(failing, Poll(NOW, "failed", 404, "404", 0, 0, 0.1), [], NOW)
    page = Browser(url).page("/")

    assert 12 == page.count("404 for days")
    assert "And 2 more of 14 sources" in page


def test_htmx_is_what_its_notice_says() -> None:
    folder = Path(application.__file__).parent / "static"
    told = re.findall(r"\b[0-9a-f]{64}\b", (folder / "htmx.NOTICE.txt").read_text(encoding="utf-8"))

    assert [hashlib.sha256((folder / "htmx.min.js").read_bytes()).hexdigest()] == told


def test_more_are_answered_than_are_read_at_once(browser: Browser) -> None:
    async def ask() -> list[int]:
        transport = httpx.ASGITransport(browser.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answers = await asyncio.gather(*(client.get(f"/search?q=harbour+{number}") for number in range(12)))
        return [answer.status_code for answer in answers]

    assert [200] * 12 == asyncio.run(ask()) == asyncio.run(ask())
