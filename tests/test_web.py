"""The web page, asked as a browser asks it, on a small real archive."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.archive import Hit, Kept, Move, Poll, open_archive
from crawler.archive import search as searching
from crawler.archive.search import cut_out
from crawler.errors import UsageError
from crawler.query.filters import DEFINITIONS
from crawler.records import CopyOf, Edition, Outlet, Source, Story, SummarySentence, Watch
from digest import differences, feeds
from digest.content import clean
from digest.jobs import regroup
from digest.web import app, facets, histogram, marks, serve, telling
from digest.web.application import PAGES
from digest.web.guard import POLICY
from digest.web.operators import OPERATORS
from digest.web.templating import link
from tests import harbour_sample as harbour
from tests import warm
from tests.archive_sample import DAY, HERALD, HOUR, NOW, POST, article, entries, keep, lease

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)> {{ 7 * 7 }}"
_EDITION = b"<!doctype html><html lang=en><title>Morning</title><style>p{color:red}</style><p>News</p></html>"


class Tags(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


class Browser:
    """Asks the page without a network."""

    def __init__(self, archive_url: str, now: datetime = NOW, public_url: str = "") -> None:
        self.app = app(archive_url, lambda: now, public_url)

    def ask(
        self, path: str, method: str = "GET", host: str = "127.0.0.1:8765", sent: Any = None, **options: Any
    ) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
                return await client.request(method, path, headers={"host": host, **(sent or {})}, **options)

        return asyncio.run(answer())

    def page(self, path: str) -> str:
        response = self.ask(path)
        assert response.status_code == 200, response.text
        return response.text


def without_ours(page: str) -> str:
    """Take the one script out of a page that is ours."""
    return page.replace('<script src="/static/presswatch.js?', "", 1)


@pytest.fixture(scope="module")
def archive_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('web') / 'a.db'}"
    fill(url)
    return url


@pytest.fixture(scope="module")
def browser(archive_url: str) -> Browser:
    return Browser(archive_url)


def fill(url: str) -> None:
    """Keep six articles with all that the pages show: copy, revision, watch, story, edition, dropped page."""
    chinese = article(
        "https://post.test/zh", source="post", title="国家安全部公布间谍案", text="国家安全部周一公布了三起间谍案。",
        language="zh", carried_by="Morning Post",
    )  # fmt: skip
    arabic = article(
        "https://post.test/ar",
        source="post",
        title="الميناء يفتح أبوابه",
        text="فتح الميناء أبوابه يوم الاثنين.",
        language="ar",
    )
    hostile = article(
        "https://post.test/x", source="post", title=HOSTILE, text=f"{HOSTILE}\n\nsecond", lead=HOSTILE,
        authors=(HOSTILE,), credited_to=HOSTILE, carried_by=HOSTILE, site_name=HOSTILE, tags=(HOSTILE,),
        canonical_url="javascript:alert(4)", evidence={"title": HOSTILE}, published_utc=NOW - 2 * DAY,
        published=f"{NOW - 2 * DAY:%Y-%m-%d}", published_precision="day",
    )  # fmt: skip
    undated = article("https://post.test/u", published=None, published_utc=None, published_precision="none")
    with open_archive(url) as archive:
        archive.sources.sync([HERALD, replace(POST, name='Morning "Post" <b>')], NOW)
        keep(archive, article(), at=NOW - HOUR)
        copy = article(
            "https://post.test/copy", source="post", title="Harbour open", credited_to="The Herald", carried_by="Post"
        )
        archive.articles.keep([Kept(copy, copy=CopyOf(1, "partial", 0.62))], NOW)
        keep(archive, chinese, arabic, hostile, undated)
        keep(archive, article(text="The harbour of Eastport reopened on Tuesday.\n\nShips had waited for two days."))
        archive.pages.queue("herald", entries("https://herald.test/gone"), NOW)
        archive.pages.drop(lease(archive).page, "not found", "404 <b>", NOW)
        archive.stories.write([_story(7, (1, 2), 2), _story(8, (5,), 1, HOSTILE)], [], NOW)
        archive.watches.sync([Watch("harbours", "harbour"), Watch('q"<i>', "间谍", muted=True)], NOW)
        edition = Edition(0, "morning", "2026-11-23", 0, 9, NOW, "final", HOSTILE, html=_EDITION)
        archive.editions.commit(edition, [], None, NOW)


def _story(number: int, articles: tuple[int, ...], owners: int, title: str = "Harbour of Eastport reopens") -> Story:
    return Story(
        number, title, articles, (SummarySentence(title, articles[0]),),
        (Outlet("herald", "The Herald", "newspaper", "private", "gb", "Herald Group"), Outlet("post", title)),
        owners, owners, NOW - HOUR, NOW - HOUR, ("en",), ("Eastport", title), NOW,
    )  # fmt: skip


API = [
    f"/api/v1{path}" for path in (
        "/search?q=harbour", "/articles?url=https://herald.test/a", "/articles/1", "/articles/1/revisions",
        "/articles/1/copies", "/articles/1/changes", "/articles/1/mentions", "/articles/1/judgements", "/stories",
        "/stories/7", "/watches", "/watches/harbours", "/watches/harbours/mentions", "/sources", "/sources/herald",
        "/editions", "/editions/1", "/changes", "/stats", "/status", "/judgements",
    )
]  # fmt: skip
ROUTES = [
    "/", "/?all=1", "/search", "/search?q=harbour", "/search?q=title:", "/search/explain?q=a", "/article/1",
    "/article/2", "/article/5", "/article/99", "/article/1/raw", "/story/7", "/story/8", "/story/99", "/story/7/merge",
    "/story/7/merge?other=8", "/digests", "/digests/1", "/digests/99", "/digests/1/about", "/digests/1/text",
    "/digests/1/review", "/digests/next/morning", "/sources",
    "/sources/herald", "/sources/none", "/static/style.css", "/static/icon.svg", "/static/none", "/nowhere", "/metrics",
    "/watches/harbours.xml", "/watches/harbours.json", "/watches/none.xml", "/account",
    "/watches/harbours.xml", "/watches/harbours.json", "/watches/none.xml", "/watches", "/watch?name=harbours",
    "/watch?name=none", "/watches/new", "/watches/new?q=harbour", "/watches/edit?name=harbours",
    "/watches/remove?name=harbours", "/sources?state=ok", "/new-source", "/new-source?look=none", "/status",
    "/watches/harbours.xml", "/watches/harbours.json", "/watches/none.xml", "/search.csv", "/search.jsonl?q=harbour",
    "/search.none", "/judgements", "/judgements?kind=note&who=x", "/judgements?kind=none",
    "/feeds/search.xml?q=harbour", "/feeds/search.json", "/feeds/search.none", "/api",
    "/api/v1/openapi.json", *API,
]  # fmt: skip


#: Of these, what is no page of ours for people.
NO_PAGES = (
    "/static", "/digests/1", "/digests/next", "/watches/harbours", "/metrics", "/search.csv", "/search.jsonl",
    "/search/explain", "/feeds/search.xml", "/feeds/search.json", "/api/",
)  # fmt: skip


# What every answer keeps to.


@pytest.mark.parametrize("path", ROUTES)
def test_every_answer_has_a_strict_policy(browser: Browser, path: str) -> None:
    response = browser.ask(path)

    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; form-action ")
    assert "base-uri 'none'; frame-ancestors 'none'" in policy
    assert ("script-src 'self';" in policy) == (path != "/digests/1")
    assert ("unsafe" in policy) == (path == "/digests/1")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.status_code < 500


def test_every_page_stands_in_the_list_of_this_test() -> None:
    patterns = [
        re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in (page.path for page in PAGES if not page.takes_body)
    ]

    assert all(any(pattern.fullmatch(path.split("?")[0]) for path in ROUTES) for pattern in patterns)


@pytest.mark.parametrize("path", [path for path in ROUTES if not path.startswith(NO_PAGES)])
def test_a_page_has_landmarks_and_asks_nobody_else(browser: Browser, path: str) -> None:
    tags = Tags(browser.ask(path).text)

    assert tags.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert len(tags.all("main")) == len(tags.all("h1")) == 1
    assert tags.all("a")[0] == {"class": "skip", "href": "#main"}
    scripts = [(script["src"] or "").partition("?")[0] for script in tags.all("script")]
    assert scripts == ["/static/presswatch.js"]
    assert not tags.all("style") + tags.all("iframe") + tags.all("img")
    assert not [
        attributes
        for _, attributes in tags.tags
        if "style" in attributes or any(n.startswith("on") for n in attributes)
    ]
    loaded = [attributes["href"] or "" for attributes in tags.all("link")] + [
        form["action"] or "" for form in tags.all("form")
    ]
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    ids = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    fields = {label["for"] for label in tags.all("label") if "for" in label}
    shown = [*tags.all("input"), *tags.all("select"), *tags.all("textarea")]
    asked = {field["id"] for field in shown if field.get("type") != "hidden" and "id" in field}
    assert {field["id"] for field in shown if field.get("type") in {"search", "date"}} <= fields == asked


@pytest.mark.parametrize("path", [path for path in ROUTES if not path.startswith("/static")])
def test_links_lead_to_pages_of_ours_or_to_publishers_without_a_trace(browser: Browser, path: str) -> None:
    for anchor in Tags(browser.ask(path).text).all("a"):
        address = anchor["href"] or ""
        if address.startswith(("/", "#")):
            assert not address.startswith("//")
        else:
            assert address.startswith(("http://", "https://"))
            assert anchor["rel"] == "noreferrer noopener"


@pytest.mark.parametrize(
    "path", ["/", "/?all=1", "/search", "/article/5", "/story/8", "/digests", "/sources", "/sources/post"]
)
def test_hostile_text_is_escaped_everywhere(browser: Browser, path: str) -> None:
    page = without_ours(browser.page(path))

    assert "<script" not in page
    assert "<img" not in page
    assert "<svg onload" not in page
    assert "<b>," not in page
    assert 'href="javascript' not in page
    assert " 49" not in page


@pytest.mark.parametrize("name", ["q", "sort", "cursor", "all"])
def test_hostile_parameters_are_escaped(browser: Browser, name: str) -> None:
    page = without_ours(browser.ask(link("/search", **{name: HOSTILE})).text)
    page += without_ours(browser.ask(link("/", **{name: HOSTILE})).text)

    assert "<script" not in page
    assert "<img" not in page
    assert "<svg onload" not in page


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1", "[::1]:8765", "LOCALHOST:1"])
def test_this_machine_may_ask(browser: Browser, host: str) -> None:
    assert browser.ask("/digests", host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test:8765", "192.168.1.2", "", "127.0.0.1@evil.test"]
)
def test_another_host_name_is_refused(browser: Browser, host: str) -> None:
    response = browser.ask("/search?q=harbour", host=host)

    assert response.status_code == 400
    assert "harbour" not in response.text.lower()
    assert response.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_sent(browser: Browser, method: str) -> None:
    assert {405} == {
        browser.ask(path, method).status_code for path in ("/", "/search", "/article/1", "/static/style.css")
    }


def test_a_port_in_use_is_told_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="choose another --port"):
        serve("sqlite:///none.db", "127.0.0.1", taken.getsockname()[1], lambda: NOW)


def test_a_missing_archive_is_told_calmly(tmp_path: Path) -> None:
    response = Browser(f"sqlite:///{tmp_path / 'none.db'}").ask("/")

    assert response.status_code == 503
    assert "presswatch crawl" in response.text
    assert not (tmp_path / "none.db").exists()


def test_an_empty_archive_has_all_its_pages(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_archive(url).close()
    browser = Browser(url)

    today = browser.page("/")
    assert "The archive is empty" in today
    assert 'href="/watches/new"' in today
    assert 'href="/new-source"' in today
    assert "Nothing matches" in browser.page("/search")
    assert "No digest was made yet" in browser.page("/digests")
    assert "There are no sources yet" in browser.page("/sources")


def test_a_fault_of_ours_is_a_calm_page_with_the_headers(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.archive.readers.Archive", lambda _: 1 / 0)

    response = browser.ask("/")

    assert response.status_code == 500
    assert "A fault of Presswatch" in response.text
    assert response.headers["content-security-policy"] == POLICY


# Today.


def test_today_shows_stories_by_voices_with_watches_and_troubles(browser: Browser) -> None:
    page = browser.page("/")

    assert 0 < page.index("Harbour of Eastport reopens") < page.index("/story/8")
    assert "2 voices" in page
    assert link("/search", q="watch:harbours", sort="seen").replace("&", "&amp;") in page
    assert "<b>3</b> came in 24 hours, <b>3</b> in 14 days" in page
    assert "muted" in page


def test_a_source_that_fails_stands_on_today(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        archive.sources.sync([HERALD], NOW - 10 * DAY)
        channel = archive.channels.claim(archive.channels.of("herald")[0].id, NOW - 10 * DAY, timedelta(minutes=5))
        assert channel is not None
        failing = replace(channel, state="failing", note="404 for three days", last_polled=NOW, next_poll=NOW + DAY)
        archive.channels.polled(failing, Poll(NOW, "failed", 404, "404", 0, 0, 0.1), [], NOW)

    page = Browser(url).page("/")

    assert '<a href="/sources/herald" dir="auto">The Herald</a>' in page
    assert "404 for three days" in page


# Search.


def test_a_search_marks_what_matched_in_titles_and_snippets(browser: Browser) -> None:
    page = browser.page("/search?q=harbour")

    assert "<mark>Harbour</mark> reopens after the storm" in page
    assert "The <mark>harbour</mark> of Eastport" in page
    assert 'Finds <span dir="auto">articles with the word “harbour”</span>' in page
    assert "3 articles" in page


def test_a_search_says_what_was_hardly_meant_so(browser: Browser) -> None:
    assert "Note: " not in browser.page("/search?q=harbour+OR+storm")
    assert "write OR to find one of them" in browser.page("/search?q=harbour+or+storm")


def test_chinese_is_found_and_set_in_its_language(browser: Browser) -> None:
    page = browser.page("/search?q=" + quote("间谍"))

    assert (
        '<h3 class="head" lang="zh" dir="ltr"><a href="/article/3">国家安全部公布<mark>间谍</mark>案</a></h3>' in page
    )
    assert "1 article<" in page


def test_arabic_is_found_and_set_from_right_to_left(browser: Browser) -> None:
    page = browser.page("/search?q=" + quote("الميناء"))

    assert '<h3 class="head" lang="ar" dir="rtl"><a href="/article/4"><mark>الميناء</mark> يفتح أبوابه</a></h3>' in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("title:", "title:"),
        ("port AND (ship", "is not closed"),
        ('"open', "open"),
        ("country:china", "two letters"),
        ("nofield:x", "nofield"),
        ("watch:nobody", "nobody"),
        ("ab*", "ab"),
    ],
)
def test_a_bad_query_is_shown_with_its_place_and_never_a_fault(browser: Browser, text: str, shown: str) -> None:
    response = browser.ask(link("/search", q=text))

    assert response.status_code == 400
    assert shown in response.text
    assert 'role="alert"' in response.text
    assert '<pre class="place"' in response.text


@pytest.mark.parametrize(
    "path", ["/search?sort=best", "/search?cursor=zzz", "/search?q=harbour&sort=relevance&cursor=p12"]
)
def test_a_bad_order_or_cursor_is_told(browser: Browser, path: str) -> None:
    response = browser.ask(path)

    assert response.status_code == 400
    assert 'role="alert"' in response.text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.sampled_from(["", "published", "seen", "relevance"]))
@example("\x00", "")
@example('"' * 39, "relevance")
@example("\u202eharbour", "")
def test_no_query_breaks_the_page(browser: Browser, text: str, sort: str) -> None:
    assert browser.ask(link("/search", q=text, sort=sort)).status_code in {200, 400}


def test_bytes_that_are_no_text_break_nothing(browser: Browser) -> None:
    assert browser.ask("/search?q=%ff%fe%ed%a0%80").status_code in {200, 400}
    assert browser.ask("/sources/%ff").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0", "99999999999999999999999", "%00", "١"])
def test_numbers_that_are_none_lead_nowhere(browser: Browser, number: str) -> None:
    assert {404} == {browser.ask(f"/{room}/{number}").status_code for room in ("article", "story", "digests")}


def test_pages_of_a_search_show_each_article_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        archive.sources.sync([HERALD], NOW)
        keep(archive, *(article(f"https://herald.test/{n}", published_utc=NOW - n * HOUR) for n in range(45)))
    browser, seen, path = Browser(url), [], "/search?q=harbour"

    while path:
        page = browser.page(path)
        seen += re.findall(r'<h3[^>]*><a href="/article/(\d+)"', page)
        more = [anchor["href"] for anchor in Tags(page).all("a") if anchor.get("rel") == "next"]
        path = more[0] if more and more[0] else ""

    assert sorted(map(int, seen)) == list(range(1, 46))


def test_facets_add_a_filter_and_chips_take_it_away(browser: Browser) -> None:
    addresses = [anchor["href"] for anchor in Tags(browser.page("/search?q=harbour")).all("a")]
    narrowed = link("/search", q="harbour source:post")

    assert narrowed in addresses
    page = browser.page(narrowed)
    assert "1 article<" in page
    assert link("/search", q="harbour") in [anchor["href"] for anchor in Tags(page).all("a")]


def test_feeds_of_watches_are_served_where_they_say_that_they_lie(archive_url: str) -> None:
    browser = Browser(archive_url, public_url="https://press.test/watch/")
    with open_archive(archive_url, create=False, read_only=True) as archive:
        for watch in archive.watches.all():
            written = feeds.content(archive, watch.name, "xml", "https://press.test/watch/")
            (itself,) = re.findall('rel="self".* href="https://press.test/watch([^"]*)"', written.decode())
            atom, feed = (browser.ask(path) for path in (itself, itself.replace(".xml", ".json")))

            assert (written, "application/atom+xml") == (atom.content, atom.headers["content-type"].split(";")[0])
            assert f"Presswatch: watch:{watch.name}" == feed.json()["title"]
    assert [404, 404] == [browser.ask(f"/watches/{name}").status_code for name in ("nobody.xml", "harbours.txt")]


def test_what_is_not_known_can_be_asked_for_too(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        keep(archive, article("https://nobody.test/1", source="nobody", language="", title="Harbour of nobody"))
    browser = Browser(f"sqlite:///{tmp_path / 'a.db'}")
    addresses = [anchor["href"] for anchor in Tags(browser.page("/search?q=harbour")).all("a")]

    for name in ("kind", "country", "lang"):
        narrowed = link("/search", q=f"harbour {name}:unknown")
        assert narrowed in addresses
        assert "Harbour</mark> of nobody" in browser.page(narrowed)


def test_a_search_that_finds_too_many_says_what_it_counts(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", 2)
    monkeypatch.setattr("digest.web.searching._A_PAGE", 1)
    page = browser.page("/search")

    assert "More than 2 articles<" in page
    assert "of the newest 2 only" in page
    assert "Counted: the newest 2." in page


def test_the_last_page_by_relevance_says_how_far_it_looks(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Best match looks" not in browser.page("/search?q=harbour&sort=relevance")
    monkeypatch.setattr(searching, "MOST_RANKED", 2)
    page = browser.page("/search?q=harbour&sort=relevance")

    assert "3 articles<" in page
    assert "Best match looks at the newest 2." in page


def test_the_chart_filters_by_its_days(browser: Browser) -> None:
    page = browser.page("/search")
    bars = [anchor["href"] or "" for anchor in Tags(page).all("a") if "from=" in (anchor["href"] or "")]
    asked = browser.ask(bars[-1])

    assert "<title>23 Nov 2026: 4 articles</title>" in page
    assert bars[-1] == link("/search", **{"from": "2026-11-23", "to": "2026-11-23"})
    assert (303, link("/search", q="after:2026-11-23 before:2026-11-24")) == (
        asked.status_code,
        asked.headers["location"],
    )
    assert "4 articles<" in browser.page(asked.headers["location"])


def test_the_help_can_be_read_and_names_every_filter() -> None:
    said = " ".join(f"{operator.example} {operator.meaning}" for operator in OPERATORS)

    assert all(query.parse(operator.example) for operator in OPERATORS)
    assert [name for name in (*DEFINITIONS, *query.FIELDS) if f"{name}:" not in said] == []


# Article, story, digests, sources.


def test_an_article_shows_its_text_evidence_copies_and_revision(browser: Browser) -> None:
    page = browser.page("/article/1")

    assert '<div class="text" lang="en" dir="ltr">' in page
    assert "<p>The <mark>harbour</mark> of Eastport reopened on Tuesday.</p>" in page
    assert "<del>Monday</del><ins>Tuesday</ins>" in page
    assert "Harbour open" in page
    assert "partial copy of 1: 62% of its text stands there" in page
    assert '<a href="https://herald.test/a" rel="noreferrer noopener">Read it at the publisher</a>' in page
    assert link("/search", q="watch:harbours") in page


def test_a_copy_names_its_origin(browser: Browser) -> None:
    page = browser.page("/article/2")

    assert 'Partial copy of <a href="/article/1"' in page
    assert 'credited to <span dir="auto">The Herald</span>' in page


def test_an_arabic_article_is_set_from_right_to_left(browser: Browser) -> None:
    assert '<div class="text" lang="ar" dir="rtl">' in browser.page("/article/4")


def test_an_address_that_is_none_is_text_and_no_link(browser: Browser) -> None:
    page = browser.page("/article/5")

    assert "javascript:alert(4)" in page
    assert not [anchor for anchor in Tags(page).all("a") if (anchor["href"] or "").startswith("javascript")]


def test_a_story_folds_copies_under_their_origin(browser: Browser) -> None:
    page = browser.page("/story/7")

    assert "1 copy" in page
    assert page.index("/article/1") < page.index("/article/2")
    assert '<h3 class="kind">newspaper</h3>' in page
    assert 'private, United Kingdom; <span dir="auto">Herald Group</span>' in page


def test_a_story_shows_other_languages_control_and_who_did_not_carry_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    evening = Source("evening", "Evening <b>", "", control="private")
    with harbour.watched(harbour.STATE, harbour.POST, evening, url=url) as archive:
        english, chinese = (
            harbour.late(archive, harbour.POST, 40, harbour.TEXT),
            harbour.late(archive, harbour.STATE, 39, harbour.CHINESE, "zh"),
        )
        regroup(archive, NOW)
        story, other = (archive.stories.of(number) for number in (english, chinese))
        last = archive.stories.get(story or 0)
        assert last is not None
        archive.stories.write([last], [Move("merge", 900, last.id), Move("split", 901, last.id)], NOW)
        archive.stories.write([replace(last, id=900, articles=())], [Move("merge", 900, last.id)], NOW)
    browser = Browser(url)
    page = browser.page(f"/story/{story}")

    assert "Also in Chinese" in page
    assert f'href="/story/{other}"' in page
    assert "numbers and names agree" in page
    assert "Evening &lt;b&gt;" in page
    assert 'carried <span dir="auto">port</span> on 12 of the 14 days before' in page
    assert "Story 900 was merged into it" in page
    assert "Split from 901" in page
    assert "Story 900 is part of this story now" in browser.page("/story/900")


def test_no_page_calls_a_text_a_copy_while_it_is_open_which_was_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        keep(archive, article("https://post.test/1", title="Lanterns lit", text="Lanterns were lit on the quay."))
        copy = article("https://herald.test/1", title="Quay lit", text="Lanterns were lit on the quay.")
        archive.articles.keep([Kept(copy, copy=CopyOf(1, "full", 1.0))], NOW)
        regroup(archive, NOW)
    browser = Browser(url)

    for page in (browser.page("/story/1"), browser.page("/article/1"), browser.page("/search?q=quay")):
        assert "same text as 1" in page
        assert "copy of" not in page
    assert 'Same text as <a href="/article/1"' in browser.page("/article/2")


def test_a_story_marks_what_was_withdrawn_and_says_of_nobody_that_they_kept_silent(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with harbour.watched(harbour.STATE, harbour.POST, url=url) as archive:
        gone = harbour.late(archive, harbour.STATE, 40, harbour.TEXT)
        stays = harbour.late(archive, harbour.POST, 39, harbour.TEXT + " Nobody was hurt.")
        regroup(archive, NOW)
        archive.articles.withdraw(gone, NOW, "gone")
        regroup(archive, NOW)
        story = archive.stories.of(stays)
    page = Browser(url).page(f"/story/{story}")

    assert 1 == page.count("withdrawn by its publisher")
    assert "no state media yet" not in page
    assert "Did not carry it" not in page


def test_a_story_shows_the_words_of_each_side(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with harbour.watched(harbour.STATE, harbour.POST, url=url) as archive:
        lines = {
            harbour.STATE: "Hostile separatists sabotaged the crane.",
            harbour.POST: "Protesters blame neglect of the crane.",
        }
        numbers = [
            harbour.late(archive, source, 40 - number, f"{harbour.TEXT} {number} " + line * 40)
            for source, line in lines.items()
            for number in (1, 2)
        ]
        archive.stories.write(
            [Story(950, "Crane falls", tuple(numbers), first=NOW, last=NOW, languages=("en",))], [], NOW
        )
    page = Browser(url).page("/story/950")

    assert "Words of each side" in page
    assert re.search(r"separatists</span> <span class=.soft.>80:0<", page)
    assert re.search(r"neglect</span> <span class=.soft.>0:80<", page)


def test_an_edition_is_shown_as_it_was_made(browser: Browser) -> None:
    response = browser.ask("/digests/1")

    assert response.content == _EDITION
    policy = response.headers["content-security-policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "/digests/1" in browser.page("/digests")


def test_sources_say_why_pages_were_not_kept(browser: Browser) -> None:
    assert "the server says that it does not exist (404)" in browser.page("/sources")
    page = browser.page("/sources/herald")
    assert "404 &lt;b&gt;" in page
    assert '<a href="https://herald.test/gone" rel="noreferrer noopener">' in page


# The pure parts.


@given(st.text("ab \n\t…", max_size=900), st.data())
def test_a_snippet_keeps_its_text_and_marks_what_matched(text: str, data: st.DataObject) -> None:
    """Every marked piece of a snippet is a match of the text, with its white space made one."""
    words = [(found.start(), found.end()) for found in re.finditer(r"[ab]+", text)]
    spans = sorted(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=5, unique=True))) if words else []
    shown = cut_out(text, spans[0] if spans else (0, 0))
    pieces = marks.snippet(Hit(article(text=text), {"text": spans} if spans else {}, shown))

    assert "".join(piece for piece, _ in pieces) == shown
    matched = {text[start:end] for start, end in spans}
    assert all(any(piece in word for word in matched) for piece, marked in pieces if marked)
    assert not spans or any(marked for _, marked in pieces)


@given(st.dictionaries(st.dates(), st.integers(1, 10_000), min_size=1, max_size=30), st.integers(0, 5))
def test_a_chart_loses_no_article_and_stays_drawable(days: dict[Any, int], undated: int) -> None:
    counts = {day.isoformat(): number for day, number in days.items()} | ({"undated": undated} if undated else {})
    chart = histogram.draw(counts)

    assert chart is not None
    assert sum(bar.count for bar in chart.bars) == sum(days.values())
    assert chart.undated == undated
    assert len(chart.bars) <= 60
    assert all(0 <= bar.height <= histogram.HEIGHT and (bar.height > 0) == (bar.count > 0) for bar in chart.bars)
    assert all(one.last + DAY == other.first for one, other in zip(chart.bars, chart.bars[1:], strict=False))


@pytest.mark.parametrize("text", ["", "harbour", "a OR b", "source:post", "harbour source:herald lang:zh -sport"])
def test_a_filter_that_is_added_is_one_that_can_be_taken_away(text: str) -> None:
    node = query.parse(text)
    added = facets.with_filter(node, "country", "cn")

    assert added.endswith("country:cn")
    assert query.show(node) in {each.query for each in facets.chosen(query.parse(added))}


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    found = differences.between([before], [after])

    old = "".join(part.text for paragraph in found for part in paragraph if part.kind != "ins")
    new = "".join(part.text for paragraph in found for part in paragraph if part.kind != "del")
    assert (old, new) == ((clean(before), clean(after)) if clean(before) != clean(after) else ("", ""))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "23 Nov 2026, 11:00 UTC"),
        ({"published": "2019-11-06T19:13:40", "published_utc": None}, "6 Nov 2019, 19:13 (zone not known)"),
        ({"published": "2019-11-06", "published_precision": "day"}, "6 Nov 2019"),
        ({"published": None, "published_precision": "none", "first_seen": NOW}, "undated, seen 23 Nov 2026, 12:00 UTC"),
    ],
)
def test_a_time_is_told_no_more_exactly_than_it_is_known(changes: dict[str, Any], told: str) -> None:
    assert telling.when(article(**changes)) == told


# The real server.


@pytest.fixture
def served(archive_url: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = (
        "import sys; from datetime import UTC, datetime; from digest.web import serve; "
        "serve(sys.argv[1], 'localhost', int(sys.argv[2]), lambda: datetime.now(UTC))"
    )
    with warm.script(program, archive_url, str(port), env=os.environ, path=Path(__file__).parents[1]) as process:
        try:
            yield port, process
        finally:
            process.kill()


def test_the_server_answers_and_stops_at_once_when_told(served: tuple[int, subprocess.Popen[str]]) -> None:
    port, process = served
    for _ in range(100):
        try:
            response = httpx.get(f"http://127.0.0.1:{port}/search?q=harbour", trust_env=False)
            break
        except httpx.ConnectError:
            time.sleep(0.1)

    assert response.status_code == 200
    assert "server" not in response.headers
    process.terminate()
    process.wait(10)
    assert process.stderr is not None
    assert process.stderr.read() == ""
