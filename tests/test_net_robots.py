"""robots.txt: what an answer means, and how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive import Robots
from crawler.errors import FetchRefused
from crawler.net.robots import read, record

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FILE = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n\nUser-agent: presswatch\nDisallow: /not-us/\n"


def robots(status: int, body: bytes | None = None) -> Robots:
    return Robots("news.example", body, status, NOW, NOW + timedelta(days=1))


def allowed(status: int, body: bytes | None, path: str) -> str:
    try:
        read(robots(status, body)).check(f"http://news.example{path}")
    except FetchRefused as refused:
        return refused.reason
    return "allowed"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 310])
def test_a_missing_file_allows_everything(status: int) -> None:
    assert allowed(status, b"User-agent: *\nDisallow: /", "/any") == "allowed"


@pytest.mark.parametrize("status", [0, 429, 500, 502, 503, 599])
def test_a_failing_server_forbids_everything(status: int) -> None:
    assert allowed(status, None, "/any") == "robots unreachable"


def test_our_own_group_counts_before_the_common_one() -> None:
    assert allowed(200, FILE, "/private/page") == "allowed"
    assert allowed(200, FILE, "/not-us/page") == "robots"
    assert allowed(200, FILE, "/page") == "allowed"


def test_the_longest_rule_wins() -> None:
    body = b"User-agent: *\nDisallow: /a/\nAllow: /a/open/\n"

    assert allowed(200, body, "/a/open/page") == "allowed"
    assert allowed(200, body, "/a/page") == "robots"


@pytest.mark.parametrize("body", [b"", b"<html><body>Not here</body></html>", b"\xff\xfe\x00broken", b"Disallow: /"])
def test_a_file_without_rules_allows_everything(body: bytes) -> None:
    assert allowed(200, body, "/page") == "allowed"


def test_a_byte_order_mark_hides_no_rule() -> None:
    assert allowed(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/page") == "robots"


def test_crawl_delay_and_request_rate_are_read() -> None:
    assert read(robots(200, b"User-agent: *\nCrawl-delay: 7")).delay == 7
    assert read(robots(200, b"User-agent: *\nRequest-rate: 1/10")).delay == 10
    assert read(robots(200, b"User-agent: *\nDisallow:")).delay == 0
    assert read(robots(404)).delay == 0


def test_a_file_is_kept_for_a_day_and_a_failure_for_an_hour() -> None:
    assert record("h", 200, FILE, NOW, None).expires == NOW + timedelta(hours=24)
    assert record("h", 404, b"", NOW, None).expires == NOW + timedelta(hours=24)
    assert record("h", 503, b"", NOW, None).expires == NOW + timedelta(hours=1)


def test_a_file_that_was_read_outlives_an_outage() -> None:
    kept = record("news.example", 0, None, NOW, robots(200, FILE))

    assert kept.body == FILE
    assert kept.status == 200
    assert kept.expires == NOW + timedelta(hours=1)


def test_only_the_first_half_megabyte_counts() -> None:
    body = b"User-agent: *\nDisallow: /early\n" + b"#" * 600_000 + b"\nDisallow: /late\n"
    kept = record("h", 200, body, NOW, None)

    assert kept.body is not None
    assert len(kept.body) == 500 * 1024
    assert allowed(200, body, "/early") == "robots"
    assert allowed(200, body, "/late") == "allowed"
