"""robots.txt: what an answer means, and how long."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Robots
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.errors import FetchRefused
from crawler.net.hostfiles import Said
from crawler.net.robots import files, read, record
from tests.eval import robots as evaluation

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


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("10s", 10), ("10 seconds", 10), ("1,5", 1.5), (".5", 0.5), ("500 ms", 0.5), ("2 min", 120), ("1h", 3600),
        ("-1", 0), ("inf", 0), ("nan", 0), ("soon", 0), ("9" * 400, 0),
    ],
)  # fmt: skip
def test_a_crawl_delay_may_name_its_unit(written: str, seconds: float) -> None:
    assert read(robots(200, f"User-agent: *\nCrawl-delay: {written}".encode())).delay == seconds


def test_a_file_is_kept_for_a_day_and_a_failure_for_an_hour() -> None:
    assert record("h", Said(200, FILE), NOW, None).expires == NOW + timedelta(hours=24)
    assert record("h", Said(404, b""), NOW, None).expires == NOW + timedelta(hours=24)
    assert record("h", Said(503, b""), NOW, None).expires == NOW + timedelta(hours=1)
    assert record("h", Said(503, b"", NOW + timedelta(hours=9)), NOW, None).expires == NOW + timedelta(hours=9)


def test_a_crawl_delay_is_kept_up_to_a_month_and_its_file_longer_than_a_turn() -> None:
    slow = b"User-agent: *\nCrawl-delay: 172800"

    kept = record("h", Said(200, slow), NOW, None)
    outage = record("h", Said(503, b""), NOW + timedelta(days=3), kept)

    assert read(kept).delay == 172_800
    assert read(robots(200, b"User-agent: *\nCrawl-delay: 99999999")).delay == 30 * 86_400
    assert kept.expires == NOW + timedelta(days=5)
    assert outage.expires == NOW + timedelta(days=8), "an outage of the file takes not every turn"


def test_a_file_that_was_read_outlives_an_outage() -> None:
    kept = record("news.example", Said(0, None), NOW, robots(200, FILE))

    assert kept.body == FILE
    assert kept.status == 200
    assert kept.expires == NOW + timedelta(hours=1)


def test_why_a_host_gave_no_answer_is_kept_with_it() -> None:
    kept = record("news.example", Said(0, detail="connection refused"), NOW, None)

    with pytest.raises(FetchRefused, match=r"robots.txt of news.example could not be reached \(connection refused\)"):
        read(kept).check("https://news.example/a")


def test_a_part_that_nobody_asked_for_is_no_file() -> None:
    """What it does not hold may forbid: RFC 9309 forbids all where the file cannot be had."""
    part = b"User-agent: *\nAllow: /\n"
    first = record("news.example", Said(206, part), NOW, None)
    again = record("news.example", Said(206, part), NOW, robots(200, FILE))

    assert (first.status, first.body, first.expires) == (206, None, NOW + timedelta(hours=1))
    with pytest.raises(FetchRefused) as refused:
        read(first).check("https://news.example/a")
    assert refused.value.reason == "robots unreachable"
    assert "answered 206, a part only, which nobody had asked for" in refused.value.detail
    assert (again.status, again.body) == (200, FILE)
    kept_before = Robots("news.example", part, 206, NOW, NOW + timedelta(hours=24))
    assert not read(kept_before).allowed, "an older Presswatch kept it as if it were the whole"
    assert record("news.example", Said(0), NOW, kept_before).body is None


def test_only_the_first_half_megabyte_counts() -> None:
    body = b"User-agent: *\nDisallow: /early\n" + b"#" * 600_000 + b"\nDisallow: /late\n"
    kept = record("h", Said(200, body), NOW, None)

    assert kept.body is not None
    assert len(kept.body) == 500 * 1024
    assert allowed(200, body, "/early") == "robots"
    assert allowed(200, body, "/late") == "allowed"


def test_the_product_token_is_compared_whole_and_in_any_case() -> None:
    for line in ("PressWatch", "presswatch/2.0", "Presswatch the crawler", "presswatch*"):
        assert allowed(200, f"User-agent: *\nDisallow:\n\nUser-agent: {line}\nDisallow: /".encode(), "/x") == "robots"
    for line in ("press", "presswatcher", "watch", "press-watch"):
        assert allowed(200, f"User-agent: {line}\nDisallow: /".encode(), "/x") == "allowed"


def test_groups_of_one_name_count_together() -> None:
    body = (
        b"User-agent: presswatch\nDisallow: /a\n\nUser-agent: x\nUser-agent: presswatch\nDisallow: /b\nCrawl-delay: 9"
    )

    assert [allowed(200, body, path) for path in ("/a", "/b", "/c")] == ["robots", "robots", "allowed"]
    assert read(robots(200, body)).delay == 9


def test_allow_wins_where_two_rules_are_as_long() -> None:
    assert allowed(200, b"User-agent: *\nDisallow: /page\nAllow: /page", "/page") == "allowed"


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        ("/*.php", "/a/b.php?x", "robots"),
        ("/*.php$", "/a/b.php?x", "allowed"),
        ("/*.php$", "/a/b.php", "robots"),
        ("/a*b*c", "/axxbxxc/d", "robots"),
        ("/a*b*c", "/axxcxxb", "allowed"),
        ("/?id=*&print", "/?id=7&print=1", "robots"),
        ("/\u4e2d\u6587", "/%E4%B8%AD%e6%96%87", "robots"),
        ("/%7Ejoe", "/~joe/x", "robots"),
        ("/a%2Fb", "/a/b", "allowed"),
        ("news", "/news/1", "robots"),
        ("https://news.example/x", "/x/1", "robots"),
        ("*", "/any", "robots"),
        ("/$", "/", "robots"),
        ("/$", "/x", "allowed"),
    ],
)
def test_patterns_are_read_as_the_rfc_says(rule: str, path: str, expected: str) -> None:
    assert allowed(200, f"User-agent: *\nDisallow: {rule}".encode(), path) == expected


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_are_rules(body: bytes, path: str) -> None:
    read(robots(200, b"User-agent: *\n" + body)).delay  # noqa: B018
    allowed(200, b"User-agent: *\nDisallow: /" + body, f"/{path}")


@pytest.mark.parametrize(
    "line",
    [b"Disallow: /" + b"*a" * 8_000 + b"b\n", b"Disallow: /*a*a*a*a*b\n", b"Disallow\n", b"User-agent: a\n", b"\r"],
)
def test_a_file_made_to_be_slow_is_not(line: bytes) -> None:
    body = b"User-agent: *\n" + line * (500_000 // len(line))
    begun = time.process_time()
    rules = read(robots(200, body))
    for _ in range(3):
        with suppress(FetchRefused):
            rules.check("http://news.example/" + "a" * 1_900)

    assert time.process_time() - begun < 4


def test_google_and_real_files_are_read_as_well_as_ever(corpus: Path) -> None:
    assert evaluation.faults(evaluation.run(corpus / "robots")) == []


def test_a_file_is_kept_over_restarts_and_outlives_an_outage(tmp_path: Path) -> None:
    answers = [Said(200, FILE), Said(503), Said(404, b"")]
    asked: list[timedelta] = []

    async def check(archive: ArchiveThread, later: timedelta) -> str:
        async def fetch() -> Said:
            asked.append(later)
            return answers[len(asked) - 1]

        # The clock cannot stand still: it is moved on, as after a restart.
        rules = await files(archive, Clock(later)).of("news.example", fetch)
        try:
            rules.check("http://news.example/not-us/page")
        except FetchRefused as refused:
            return refused.reason
        return "allowed"

    day, hour = timedelta(days=1), timedelta(hours=1)
    found = []
    for later in (0 * hour, 23 * hour, 25 * hour, 25.5 * hour, 27 * hour, 27 * hour + 0.9 * day):
        with ArchiveThread(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
            found.append(asyncio.run(check(archive, later)))

    # Read once; failed after a day; answered 404 an hour later, and that holds for a day again.
    assert found == ["robots", "robots", "robots", "robots", "allowed", "allowed"]
    assert asked == [0 * hour, 25 * hour, 27 * hour]
