"""Visits of a small web on loopback, each in a process of its own, as the service makes them."""

from __future__ import annotations

import gzip
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawler.archive import Archive, open_archive
from crawler.records import Page
from tests.loopback import (
    ROOT,
    Reply,
    Seen,
    Web,
    address,
    article,
    configure,
    end_visit,
    outlet,
    packed,
    rss,
    run_visit,
    start_python,
    start_visit,
)


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing until the other side gives up."""
    handler.connection.settimeout(10)
    handler.connection.recv(1)


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then: never idle, never done."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    for _ in range(60):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    while True:
        handler.wfile.write(b"<p>more and more</p>" * 1000)


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n<html><p>Half a")


BROKEN = {
    "/nothing": Reply(""),
    "/missing": Reply("gone home", 404),
    "/taken": Reply("", 410),
    "/teapot": Reply("", 418),
    "/failing": Reply("oh", 500),
    "/forbidden": Reply("no", 403),
    "/login": Reply("no", 401),
    "/legal": Reply("no", 451),
    "/pay": Reply("no", 402),
    "/picture": Reply(b"\x89PNG\r\n\x1a\n" + b"0" * 100, kind="image/png"),
    "/pdf": Reply(b"%PDF-1.7 " + b"0" * 100, kind="text/html"),
    "/large": Reply(b"<html>" + b"x" * 300_000),
    "/endless": Reply(act=endless),
    "/bomb": Reply(gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
    "/half": Reply(gzip.compress(article("Half").encode())[:-20], headers={"Content-Encoding": "gzip"}),
    "/short": Reply(act=cut_short),
    "/hang": Reply(act=hang),
    "/drip": Reply(act=drip),
    "/reset": Reply(act=reset),
    "/circle": Reply("", 302, {"Location": "/circle2"}),
    "/circle2": Reply("", 302, {"Location": "/circle"}),
    "/inside": Reply("", 302, {"Location": "http://169.254.169.254/latest/meta-data/"}),
    "/decimal": Reply("", 302, {"Location": "http://2852039166/latest/"}),
    "/mapped": Reply("", 302, {"Location": "http://[::ffff:10.0.0.1]/"}),
    "/evil": Reply("", 302, {"Location": "http://evil.example/"}),
    "/file": Reply("", 302, {"Location": "file:///etc/passwd"}),
    "/shell": Reply("<html><body><div id='app'></div></body></html>"),
}
ROBOTS = Reply("User-agent: *\nDisallow: /private/\n", kind="text/plain")


def long_way(seen: Seen) -> Reply | None:
    if seen.path.startswith("/hop"):
        return Reply("", 301, {"Location": f"/hop{int(seen.path[4:]) + 1}"})
    return rss("long", "/hop1") if seen.path == "/feed" else None


@dataclass
class Visited:
    """What was there, what came of it, and how to look at it."""

    web: Web
    folder: Path
    report: dict[str, Any]
    archive: Archive

    def page(self, host: str, path: str) -> Page:
        page = self.archive.pages.find(f"http://{host}.example{path}")
        assert page is not None
        return page

    def fate(self, host: str, path: str) -> tuple[str, str]:
        page = self.page(host, path)
        return page.state, page.reason


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    """Visit good and bad hosts at once, with one try for each page."""
    good = {
        "/one": Reply(article("The harbour opens")),
        "/two": packed(article("A bridge is closed")),
        "/three": Reply("", 302, {"Location": "/four?utm_source=feed"}),
        "/marked": Reply("", 302, {"Location": "/marked?guccounter=1&a=%7eb"}),
        "/five": Reply("", 301, {"Location": "http://other.example/six"}),
        "/untyped": Reply(article("A page without a type"), kind=""),
    }
    marked = Reply(article("A ferry is named"))
    later = {
        "/marked?guccounter=1&a=%7eb": marked,
        "/four?utm_source=feed": Reply(article("Rain on Sunday")),
        "/four": Reply(article("Rain on Sunday")),
    }
    other = {"/six": Reply(article("Elsewhere a mill burns"))}
    closed = {"/private/a": Reply(article("Secret")), "/public": Reply(article("Open to all"))}
    good_host = outlet("good", good)

    def good_and_later(seen: Seen) -> Reply | None:
        return later.get(seen.path) or good_host(seen)

    hosts: dict[str, Any] = {
        "good": good_and_later,
        "other": outlet("other", other),
        "bad": outlet("bad", BROKEN),
        "closed": outlet("closed", closed, "http://down.example/a", robots=ROBOTS),
        "down": outlet("down", {"/a": Reply(article("Never seen"))}, robots=Reply("", 503)),
        "html": lambda seen: Reply("<html><body>Welcome to our new site</body></html>"),
        "long": long_way,
    }
    folder = tmp_path_factory.mktemp("visited")
    with closing(socket.create_server(("127.0.0.1", 0))) as unused:
        port = unused.getsockname()[1]
    with Web(**hosts) as web:
        sources = ("good", "bad", "closed", "down", "html", "long", "dead", "evil")
        configure(
            folder,
            web,
            *sources,
            crawl='delay = "0s"\ntimeout = "2s"\nmax_size = "200kB"\ntries = 1\ncontact = "https://desk.example/"',
            connect_to={"evil.example": "10.1.2.3:80", "dead.example": f"127.0.0.1:{port}"},
        )
        report = run_visit(folder)
        with open_archive(address(folder)) as archive:
            yield Visited(web, folder, report, archive)


def test_what_a_feed_names_is_fetched_and_kept(visited: Visited) -> None:
    counts = visited.report["good"]

    assert counts["queued"] == 6
    assert counts["kept"] == 6
    assert counts["dropped"] == {}
    kept = visited.archive.articles.get("http://good.example/one")
    assert kept is not None
    assert kept.title == "The harbour opens"
    assert "harbour master" in kept.text
    assert kept.carried_by == "Good"


def test_an_article_is_known_by_the_address_it_was_found_at(visited: Visited) -> None:
    same_host = visited.archive.articles.get("http://good.example/four")
    other_host = visited.archive.articles.get("http://other.example/six")

    assert same_host is not None
    assert other_host is not None
    assert other_host.source == "good"


def test_a_redirect_is_followed_as_it_is_written(visited: Visited) -> None:
    """Many servers want to see a mark of theirs in the address; what it leads to is known without the mark."""
    kept = visited.archive.articles.get("http://good.example/marked?a=%7Eb")

    assert kept is not None
    assert ["/marked", "/marked?guccounter=1&a=%7eb"] == [at for at in visited.web.asked("good") if "marked" in at]


def test_a_packed_page_is_unpacked(visited: Visited) -> None:
    kept = visited.archive.articles.get("http://good.example/two")

    assert kept is not None
    assert "Paragraph 5" in kept.text


def test_watches_are_matched_when_an_article_is_kept(visited: Visited) -> None:
    mentions = visited.archive.watches.mentions("harbour")

    assert {visited.archive.articles.get(mention.article).url for mention in mentions} >= {  # type: ignore[union-attr]
        "http://good.example/one"
    }


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "empty"),
        ("/missing", "not found"),
        ("/taken", "gone"),
        ("/teapot", "http status"),
        ("/failing", "server error"),
        ("/picture", "not html"),
        ("/pdf", "not html"),
        ("/large", "too large"),
        ("/endless", "too large"),
        ("/bomb", "too large"),
        ("/half", "connection"),
        ("/short", "connection"),
        ("/reset", "connection"),
        ("/hang", "timeout"),
        ("/drip", "timeout"),
        ("/circle", "redirects"),
        ("/inside", "address refused"),
        ("/decimal", "address refused"),
        ("/mapped", "address refused"),
        ("/evil", "address refused"),
        ("/file", "address refused"),
    ],
)
def test_each_bad_page_is_dropped_with_its_reason(visited: Visited, path: str, reason: str) -> None:
    assert visited.fate("bad", path) == ("dropped", reason)


@pytest.mark.parametrize(
    ("host", "path", "reason"),
    [
        ("bad", "/forbidden", "blocked"),
        ("bad", "/login", "blocked"),
        ("bad", "/legal", "blocked"),
        ("bad", "/pay", "paywalled"),
        ("bad", "/shell", "no article"),
        ("closed", "/private/a", "robots"),
        ("down", "/a", "robots unreachable"),
    ],
)
def test_what_cannot_be_had_is_kept_from_its_feed_entry(visited: Visited, host: str, path: str, reason: str) -> None:
    kept = visited.archive.articles.get(f"http://{host}.example{path}")

    assert visited.fate(host, path) == ("stored", reason)
    assert kept is not None
    assert kept.title in {f"Title of {path}", f"Title of http://{host}.example{path}"}
    assert kept.completeness == "lead"
    assert kept.text.startswith("What the feed says of ")


def test_every_page_of_a_feed_ends_somewhere(visited: Visited) -> None:
    counts = visited.report["bad"]

    assert counts["queued"] == len(BROKEN)
    assert counts["kept"] + sum(counts["dropped"].values()) == len(BROKEN)
    assert visited.archive.pages.counts(["bad"])["bad"].get("queued") is None


def test_robots_txt_is_asked_for_once_and_obeyed(visited: Visited) -> None:
    asked = visited.web.asked("closed")

    assert asked.count("/robots.txt") == 1
    assert "/private/a" not in asked
    assert visited.fate("closed", "/public") == ("stored", "")


def test_a_failing_robots_txt_forbids_the_host(visited: Visited) -> None:
    assert visited.web.asked("down") == ["/robots.txt"]
    assert "robots.txt" in visited.report["down"]["failed_channels"][0][1]


def test_robots_txt_is_asked_before_anything_else(visited: Visited) -> None:
    for host in ("good", "bad", "closed", "html", "other"):
        assert visited.web.asked(host)[0] == "/robots.txt"


def test_a_web_page_in_place_of_a_feed_is_told(visited: Visited) -> None:
    ((url, detail),) = visited.report["html"]["failed_channels"]

    assert url == "http://html.example/feed"
    assert "web page" in detail


def test_redirects_end_after_five(visited: Visited) -> None:
    assert visited.fate("long", "/hop1") == ("dropped", "redirects")
    assert visited.web.asked("long").count("/hop7") == 0


def test_a_dead_host_and_a_forbidden_one_are_failed_channels(visited: Visited) -> None:
    (dead,), (evil,) = (visited.report[host]["failed_channels"] for host in ("dead", "evil"))

    assert "could not be reached" in dead[1]
    assert "10.1.2.3 is private" in evil[1]


def test_we_say_who_we_are_and_nothing_else(visited: Visited) -> None:
    for seen in visited.web.seen:
        assert seen.headers["User-Agent"].endswith("(+https://desk.example/)")
        assert set(seen.headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_a_second_visit_fetches_nothing_twice(visited: Visited) -> None:
    before = len(visited.web.seen)
    report = run_visit(visited.folder, everything=True)
    asked = [(seen.host, seen.path) for seen in visited.web.seen[before:]]

    assert report["outcome"] == "finished"
    assert {path for _, path in asked} <= {"/feed", "/robots.txt"}
    assert report["good"]["queued"] == report["good"]["fetched"] == 0


# Politeness


def test_a_pause_that_was_asked_for_is_kept(tmp_path: Path) -> None:
    """429 with Retry-After: the host is left alone, by every later visit too, and the page is not lost."""
    busy = outlet("busy", {"/a": Reply("", 429, {"Retry-After": "3600"}), "/b": Reply(article("B"))})
    with Web(busy=busy, calm=outlet("calm", {"/c": Reply(article("C"))})) as web:
        folder = configure(tmp_path, web, "busy", "calm", crawl='delay = "0s"')
        first = run_visit(folder)
        asked = len(web.asked("busy"))
        second = run_visit(folder, everything=True)
        with open_archive(address(folder)) as archive:
            page = archive.pages.find("http://busy.example/a")
            left = archive.pages.find("http://busy.example/b")

    assert page is not None
    assert left is not None
    assert (page.state, page.reason) == ("queued", "too many requests")
    assert first["busy"]["waiting"] == {"too many requests": 1}
    assert left.state == "queued"
    assert len(web.asked("busy")) == asked
    assert second["busy"]["polled"] == 0
    assert first["calm"]["kept"] == 1


def test_a_short_pause_is_waited_for(tmp_path: Path) -> None:
    answers = iter([Reply("", 503, {"Retry-After": "1"}), Reply(article("Back again"))])
    times: list[float] = []

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/a":
            times.append(seen.began)
            return next(answers)
        return rss("slow", "/a") if seen.path == "/feed" else None

    with Web(slow=host) as web:
        report = run_visit(configure(tmp_path, web, "slow", crawl='delay = "0s"'))

    assert report["slow"]["kept"] == 1
    assert len(times) == 2
    assert times[1] - times[0] >= 1.0


def test_two_visits_at_once_never_ask_one_host_together(tmp_path: Path) -> None:
    """Both work on the same sources; the gate in the archive keeps them apart, redirects and robots.txt included."""

    def pages(host: str) -> dict[str, Reply]:
        found = {f"/{number}": Reply(article(f"{host} {number}")) for number in range(4)}
        return found | {"/moved": Reply("", 302, {"Location": "/target"}), "/target": Reply(article(f"{host} moved"))}

    delayed = Reply("User-agent: *\nCrawl-delay: 0.4\n", kind="text/plain")
    hosts = {"a": outlet("a", pages("a")), "b": outlet("b", pages("b"), robots=delayed)}
    with Web(**hosts) as web:
        folder = configure(tmp_path, web, "a", "b", crawl='delay = "0.2s"')
        visits = [start_visit(folder), start_visit(folder)]
        reports = [end_visit(visit) for visit in visits]
        asked = {host: [seen for seen in web.seen if seen.host == f"{host}.example"] for host in hosts}

    for host, delay in (("a", 0.2), ("b", 0.4)):
        for before, after in zip(asked[host], asked[host][1:], strict=False):
            # The first request is robots.txt itself, before its Crawl-delay is known.
            least = 0.2 if before.path == "/robots.txt" else delay
            assert after.began - before.ended >= least - 0.02, (before.path, after.path)
        paths = [seen.path for seen in asked[host]]
        assert len(paths) == len(set(paths)) + paths.count("/target") - 1
    assert sum(report[host]["kept"] for report in reports for host in hosts) == 10


# Other ways in, and single pages


def test_the_sitemaps_of_an_index_are_read(tmp_path: Path) -> None:
    def host(seen: Seen) -> Reply | None:
        maps = {
            "/index.xml": "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            "<sitemap><loc>http://maps.example/a.xml</loc></sitemap>"
            "<sitemap><loc>http://maps.example/b.xml.gz</loc></sitemap></sitemapindex>",
            "/a.xml": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            "<url><loc>http://maps.example/one</loc></url></urlset>",
        }
        pages = {"/one": "One and only", "/two": "Two of a kind"}
        if seen.path in maps:
            return Reply(maps[seen.path], kind="application/xml", headers={"ETag": '"1"'})
        if seen.path == "/b.xml.gz":
            return Reply(gzip.compress(maps["/a.xml"].replace("/one", "/two").encode()), kind="application/gzip")
        return Reply(article(pages[seen.path])) if seen.path in pages else None

    with Web(maps=host) as web:
        folder = configure(tmp_path, web, "maps", crawl='delay = "0s"')
        sources = folder / "sources.toml"
        sources.write_text(sources.read_text().replace("feeds", "sitemaps").replace("/feed", "/index.xml"))
        report = run_visit(folder)

    assert report["maps"]["failed_channels"] == []
    assert report["maps"]["kept"] == 2
    assert web.asked("maps").count("/a.xml") == 1


def test_one_page_is_fetched_by_the_same_rules(tmp_path: Path) -> None:
    pages = {"/a": Reply(article("Alone")), "/private/b": Reply(article("Not for us")), "/gone": Reply("", 410)}
    with Web(good=outlet("good", pages, robots=ROBOTS)) as web:
        folder = configure(tmp_path, web, "good", crawl='delay = "0s"')
        started = [
            start_python(_FETCH, str(folder), f"http://good.example{path}") for path in ("/a", "/private/b", "/gone")
        ]
        found, closed, gone = (end_visit(process) for process in started)

    assert found == {"url": "http://good.example/a", "alone": True}
    assert closed == {"reason": "robots"}
    assert gone == {"reason": "gone"}
    assert web.asked("good").count("/private/b") == 0


_FETCH = """
import json, sys
from pathlib import Path
from crawler.config import load
from crawler.errors import FetchRefused
from crawler.visit import fetch_one
try:
    page = fetch_one(sys.argv[2], load(Path(sys.argv[1])))
    print(json.dumps({"url": page.final_url, "alone": b"Alone" in page.body}))
except FetchRefused as refused:
    print(json.dumps({"reason": refused.reason}))
"""


# Endings


def test_ctrl_c_ends_an_extraction_without_a_traceback(tmp_path: Path) -> None:
    with Web(slow=lambda seen: Reply(act=hang)) as web:
        folder = configure(tmp_path / "config", web)
        command = [sys.executable, "-m", "digest.cli", "--config", str(folder), "extract", "http://slow.example/a"]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        deadline = time.monotonic() + 30
        while not web.seen and time.monotonic() < deadline:
            time.sleep(0.05)
        children = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers as well
        out, err = process.communicate(timeout=30)
        _, left = psutil.wait_procs(children, timeout=5)

    assert (process.returncode, out, err) == (130, "", "")
    assert left == []


def test_a_stopped_visit_gives_back_what_it_began(tmp_path: Path) -> None:
    """SIGTERM: what is written stays, what was begun is queued again, and the next visit finds it."""
    calm = outlet("calm", {f"/{number}": Reply(article(f"Calm {number}")) for number in range(30)})
    slow = outlet("slow", {"/hang": Reply(act=hang)})
    with Web(calm=calm, slow=slow) as web:
        folder = configure(tmp_path, web, "calm", "slow", crawl='delay = "0.1s"\ntimeout = "20s"')
        visit = start_visit(folder)
        deadline = time.monotonic() + 40
        while not ("/hang" in web.asked("slow") and len(web.asked("calm")) > 7) and time.monotonic() < deadline:
            time.sleep(0.02)
        visit.send_signal(signal.SIGTERM)
        report = end_visit(visit)
        with open_archive(address(folder)) as archive:
            calm_pages = archive.pages.counts(["calm"])["calm"]
            page = archive.pages.find("http://slow.example/hang")

    assert report["outcome"] == "signal"
    assert report["calm"]["kept"] == calm_pages["stored"] > 0
    assert calm_pages["stored"] + calm_pages["queued"] == 30
    assert page is not None
    assert (page.state, page.attempts) == ("queued", 0)


def test_a_visit_ends_when_its_time_is_over(tmp_path: Path) -> None:
    pages = {f"/{number}": Reply(article(f"Page {number}")) for number in range(50)}
    with Web(wide=outlet("wide", pages)) as web:
        report = run_visit(configure(tmp_path, web, "wide", crawl='delay = "0.5s"\nvisit_limit = "5s"'))

    assert report["outcome"] == "limit"
    assert 0 < report["wide"]["kept"] < 12


def test_what_failed_is_tried_again_later_and_then_dropped(tmp_path: Path) -> None:
    with Web(weak=outlet("weak", {"/a": Reply("", 500)})) as web:
        folder = configure(tmp_path, web, "weak", crawl='delay = "0s"\ntries = 2')
        first = run_visit(folder)
        with open_archive(address(folder)) as archive:
            page = archive.pages.find("http://weak.example/a")

    assert first["weak"]["waiting"] == {"server error": 1}
    assert page is not None
    assert (page.state, page.attempts) == ("queued", 1)


def test_a_feed_is_asked_with_its_validators(tmp_path: Path) -> None:
    def host(seen: Seen) -> Reply | None:
        if seen.path != "/feed":
            return Reply(article("One")) if seen.path == "/a" else None
        if seen.headers.get("If-None-Match") == 'W/"x--gzip"':
            return Reply("", 304)
        return Reply(rss("tagged", "/a").body, headers={"ETag": 'W/"x--gzip"'}, kind="application/rss+xml")

    with Web(tagged=host) as web:
        folder = configure(tmp_path, web, "tagged", crawl='delay = "0s"')
        run_visit(folder)
        report = run_visit(folder, everything=True)
        headers = [dict(seen.headers) for seen in web.seen if seen.path == "/feed"]

    assert [header.get("If-None-Match") for header in headers] == [None, 'W/"x--gzip"']
    assert report["tagged"]["polled"] == 1
    assert report["tagged"]["failed_channels"] == []
