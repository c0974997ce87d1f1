"""Reservations of text and data mining: read, recorded with the article, and obeyed where that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Robots, open_archive
from crawler.net.hostfiles import Said
from crawler.net.reservations import of_headers, read, record
from crawler.records import Article, Page, Reservation
from tests.loopback import Host, Reply, Seen, Web, address, article, configure, outlet, run_visit

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TERMS = "https://news.example/terms.json"


def file(body: object, status: int = 200) -> Robots:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Robots("news.example", raw, status, NOW, NOW + timedelta(days=1))


def told(body: object, path: str) -> Reservation | None:
    return read(file(body)).of(f"https://news.example{path}")


RULES = [
    {"location": "/", "tdm-reservation": 0},
    {"location": "/news/", "tdm-reservation": 1, "tdm-policy": TERMS},
    {"location": "/news/*.pdf$", "tdm-reservation": 0},
    {"location": "/news/open/", "tdm-reservation": 0},
]


def test_the_longest_location_decides() -> None:
    assert told(RULES, "/sport/1") == Reservation(False, "", "tdmrep.json")
    assert told(RULES, "/news/1") == Reservation(True, TERMS, "tdmrep.json")
    assert told(RULES, "/news/1.pdf") == Reservation(False, "", "tdmrep.json")
    assert told(RULES, "/news/open/1") == Reservation(False, "", "tdmrep.json")


def test_where_two_rules_say_otherwise_it_is_reserved() -> None:
    rules = [{"location": "/", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]
    found = told(rules, "/x")

    assert found is not None
    assert found.reserved


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Not here</html>", b"[1, null]", b'{"location": 7}', b"[" * 100_000, b'[{"location": "/"}]', b"\xff"],
)
def test_a_file_that_says_nothing_reserves_nothing(body: bytes) -> None:
    assert read(file(body)).of("https://news.example/x") is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["location", "tdm-reservation", "tdm-policy"]), x),
        max_leaves=8,
    )
)
def test_any_json_is_read(body: object) -> None:
    read(file(body)).of("https://news.example/x")


def test_a_missing_file_says_nothing_and_is_kept_for_a_day() -> None:
    kept = record("news.example", Said(404, b"Not found"), NOW, None)

    assert kept.expires == NOW + timedelta(hours=24)
    assert read(kept).rules == ()


def test_of_a_part_that_nobody_asked_for_nothing_is_known_and_that_is_told() -> None:
    kept = record("news.example", Said(206, json.dumps(RULES).encode()), NOW, None)
    said = read(kept)

    assert (kept.status, kept.body, kept.expires) == (206, None, NOW + timedelta(hours=1))
    assert said.of("https://news.example/news/1") is None
    assert said.problem.startswith("tdmrep.json of news.example answered 206")
    assert read(record("news.example", Said(206, b"[]"), NOW, file(RULES))).rules, "what was read before counts"


def test_a_visit_tells_of_which_host_it_knows_no_reservations(tmp_path: Path) -> None:
    pages = {
        "/a": Reply(article("Alone")),
        "/.well-known/tdmrep.json": Reply('[{"location": "/", "tdm-reservation": 1}]', 206, kind="application/json"),
    }
    with Web(half=outlet("half", pages)) as web:
        configure(tmp_path, web, "half", crawl='delay = "0s"')
        report = run_visit(tmp_path)
    with open_archive(address(tmp_path)) as archive:
        found = archive.articles.get("http://half.example/a")

    (remark,) = report["remarks"]
    assert remark.startswith("tdmrep.json of half.example answered 206, a part only, which nobody had asked for: ")
    assert found is not None
    assert found.tdm_reserved is None


def test_a_file_that_was_read_outlives_an_outage() -> None:
    kept = record("news.example", Said(0, None), NOW, file(RULES))

    assert len(read(kept).rules) == 4
    assert kept.expires == NOW + timedelta(hours=1)


def test_the_header_says_one_or_nought() -> None:
    assert of_headers({"tdm-reservation": "1", "tdm-policy": TERMS}) == Reservation(True, TERMS, "header")
    assert of_headers({"tdm-reservation": "0"}) == Reservation(False, "", "header")
    assert of_headers({"tdm-reservation": "yes"}) is None
    assert of_headers({}) is None


def test_a_policy_is_an_address() -> None:
    assert of_headers({"tdm-reservation": "1", "tdm-policy": "javascript:alert(1)"}) == Reservation(True, "", "header")


PAGES = {
    "/news/by-file": Reply(article("A harbour by file")),
    "/by-header": Reply(article("A bridge by header"), headers={"TDM-Reservation": "1", "TDM-Policy": TERMS}),
    "/by-meta": Reply(article("A mill by meta").replace("<title>", '<meta name="tdm-reservation" content="1"><title>')),
    "/news/opened": Reply(article("A ferry opened by header"), headers={"tdm-reservation": "0"}),
    "/silent": Reply(article("A market without a word")),
}


def press(name: str) -> Host:
    pages = outlet(name, PAGES)

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/.well-known/tdmrep.json":
            return Reply(json.dumps(RULES[1:2]), kind="application/json")
        return pages(seen)

    return host


def kept(folder: Path, web: Web) -> dict[str, Article]:
    with open_archive(address(folder)) as archive:
        found = {path: archive.articles.get(f"http://press.example{path}") for path in PAGES}
    assert "/.well-known/tdmrep.json" in web.asked("press")
    return {path: each for path, each in found.items() if each is not None}


def test_every_article_says_what_its_publisher_reserves(tmp_path: Path) -> None:
    with Web(press=press("press")) as web:
        folder = configure(tmp_path / "config", web, "press", crawl='delay = "0s"')
        run_visit(folder)
        found = kept(folder, web)

    said = {
        path: (each.tdm_reserved, each.tdm_policy, each.evidence.get("tdm_reserved")) for path, each in found.items()
    }
    assert said == {
        "/news/by-file": (True, TERMS, "tdmrep.json"),
        "/by-header": (True, TERMS, "header"),
        "/by-meta": (True, None, "meta"),
        "/news/opened": (False, None, "header"),
        "/silent": (None, None, None),
    }
    assert web.asked("press").count("/.well-known/tdmrep.json") == 1
    assert {each.completeness for each in found.values()} == {"full"}


@dataclass
class Obeyed:
    web: Web
    report: dict[str, Any]
    found: dict[str, Article]
    meta: Page | None


@pytest.fixture(scope="module")
def obeyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Obeyed]:
    """Visit with obey_tdm, and a host with a Crawl-delay of an hour beside."""
    robots = Reply("User-agent: *\nCrawl-delay: 3600\n", kind="text/plain")
    slow = outlet("slow", {f"/{number}": Reply(article(f"Slow {number}")) for number in range(3)}, robots=robots)
    quick = outlet("quick", {}, *(f"http://slow.example/{number}" for number in range(3)))
    with Web(press=press("press"), slow=slow, quick=quick) as web:
        crawl = 'delay = "0s"\nobey_tdm = true'
        folder = configure(tmp_path_factory.mktemp("obeyed") / "config", web, "press", "quick", crawl=crawl)
        report = run_visit(folder)
        found = kept(folder, web)
        with open_archive(address(folder)) as archive:
            yield Obeyed(web, report, found, archive.pages.find("http://press.example/by-meta"))


def test_where_reservations_are_obeyed_only_the_feed_entry_is_kept(obeyed: Obeyed) -> None:
    assert {path: (each.completeness, each.tdm_reserved) for path, each in obeyed.found.items()} == {
        "/news/by-file": ("lead", True),
        "/by-header": ("lead", True),
        "/by-meta": ("lead", True),
        "/news/opened": ("lead", True),
        "/silent": ("full", None),
    }
    assert obeyed.report["press"]["from_entry"] == {"tdm reserved": 4}
    assert obeyed.meta is not None
    assert (obeyed.meta.state, obeyed.meta.reason) == ("stored", "tdm reserved")


def test_what_the_file_reserves_is_not_even_asked_for(obeyed: Obeyed) -> None:
    assert {"/news/by-file", "/news/opened"}.isdisjoint(obeyed.web.asked("press"))


def test_pages_that_wait_for_a_crawl_delay_are_told(obeyed: Obeyed) -> None:
    (remark,) = obeyed.report["remarks"]

    assert remark.startswith("slow.example: 3 pages wait, it is not asked before ")
    assert "its robots.txt asks for 3600 s between two requests" in remark
