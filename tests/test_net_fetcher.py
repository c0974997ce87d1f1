"""Fetching through the real downloader: robots.txt in all its states, broken answers, headers without end."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.bench import ssrf
from tests.bench.bombs import bombs
from tests.fetching import fetch
from tests.loopback import Host, Reply, Seen, Web, configure

#: How many kinds of bombs there are.
BOMBS = 6
PAGE = Reply("<html><body><p>A page.</p></body></html>")
FORBIDS = "User-agent: *\nDisallow: /private\n"
TEXT = "text/plain"


def says(raw: bytes) -> Reply:
    """Answer with bytes as they are, and close."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(raw)

    return Reply(act=write)


def hang(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(10)
    handler.connection.recv(1)


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        time.sleep(0.1)


def headers_without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-Filler: y\r\n" * 1000)


def line_without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Filler: ")
    while True:
        handler.wfile.write(b"y" * 100_000)


def hints_without_end(handler: BaseHTTPRequestHandler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 1000)


def body_without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.wfile.write(b"<p>more</p>" * 10_000)


def chunks_without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"400\r\n" + b"x" * 0x400 + b"\r\n")


def host(robots: Reply | None, pages: dict[str, Reply] | None = None) -> Host:
    def answer(seen: Seen) -> Reply | None:
        if seen.path == "/robots.txt":
            return robots
        return (pages or {}).get(seen.path, PAGE)

    return answer


def moved(to: str) -> Reply:
    return Reply("", 301, {"Location": to})


def chain(seen: Seen) -> Reply | None:
    """Lead robots.txt over more and more hops."""
    if seen.path == "/robots.txt":
        return moved("/r1")
    if seen.path.startswith("/r"):
        return moved(f"/r{int(seen.path[2:]) + 1}")
    return PAGE


#: More than [crawl] max_size, of which only the beginning counts; it does not pack well.
HUGE = FORBIDS.encode() + b"# " + random.Random(7).randbytes(1_500_000).hex().encode() + b"\nDisallow: /\n"
BIG = Reply(FORBIDS + "#" * 1_000_000 + "\nDisallow: /late\n", kind=TEXT)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BROKEN: dict[str, tuple[Reply, str, str]] = {
    "/short": (says(HEAD + b"Content-Length: 999\r\n\r\n<p>Half"), "connection", "ended early"),
    "/chunk-cut": (says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n<p>Half"), "connection", "ended early"),
    "/chunk-odd": (says(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>Half"), "connection", ""),
    "/gzip-cut": (
        Reply(gzip.compress(b"<p>A page" * 900)[:-9], headers={"Content-Encoding": "gzip"}),
        "connection",
        "gzip body is broken or ends early",
    ),
    "/br-cut": (
        Reply(brotli.compress(b"<p>A page %d" % 7 * 900)[:-3], headers={"Content-Encoding": "br"}),
        "connection",
        "br body is broken or ends early",
    ),
    "/no-http": (says(b"220 mail.example ESMTP\r\n\r\n"), "connection", "no HTTP"),
    "/nothing": (says(b""), "connection", "closed the connection before it had answered"),
    "/reset": (Reply(act=reset), "connection", "closed the connection before it had answered"),
    "/many-headers": (Reply(act=headers_without_end), "too large", "more than 256 header lines"),
    "/long-line": (Reply(act=line_without_end), "too large", "header line of more than"),
    "/hints": (Reply(act=hints_without_end), "too large", "more than 256 header lines"),
    "/big-headers": (
        says(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: " % n + b"y" * 2000 + b"\r\n" for n in range(100)) + b"\r\n"),
        "too large",
        "128 kB of headers",
    ),
    "/drip": (Reply(act=drip_headers), "timeout", "2"),
    "/hang": (Reply(act=hang), "timeout", "2"),
    "/endless": (Reply(act=body_without_end), "too large", ""),
    "/endless-chunks": (Reply(act=chunks_without_end), "too large", ""),
    "/packed-often": (Reply(b"x", headers={"Content-Encoding": "gzip, gzip, gzip, gzip"}), "too large", "4 times"),
    "/odd-packing": (Reply(b"x", headers={"Content-Encoding": "compress"}), "not html", "compress"),
    "/circle": (moved("/circle"), "redirects", ""),
    "/metadata": (moved("http://169.254.169.254/latest/"), "address refused", "link-local"),
    "/userinfo": (moved("http://good.example@10.0.0.1/"), "address refused", "private"),
    "/script": (moved("javascript:alert(1)"), "address refused", "redirects to"),
}


@dataclass
class Fetched:
    web: Web
    folder: Path
    found: dict[str, dict[str, Any]]
    #: The peak of the process that fetched all of it.
    megabytes: int

    def of(self, url: str) -> str:
        answer = self.found[url]
        return str(answer.get("reason") or answer["status"])


ROBOTS: dict[str, Host] = {
    "rules": host(Reply(FORBIDS, kind=TEXT)),
    "bom": host(Reply(b"\xef\xbb\xbf" + FORBIDS.encode(), kind=TEXT)),
    "wide": host(Reply(FORBIDS.encode("utf-16"), kind=TEXT)),
    "missing": host(Reply(FORBIDS, 404, kind=TEXT)),
    "closed": host(Reply(FORBIDS, 403, kind=TEXT)),
    "failing": host(Reply("oh", 500)),
    "busy": host(Reply("wait", 429)),
    "hanging": host(Reply(act=hang)),
    "reset": host(Reply(act=reset)),
    "html": host(Reply("<html><body>User-agents are welcome<br>Disallow nothing</body></html>")),
    "big": host(BIG),
    "moved": host(moved("/robots2.txt"), {"/robots2.txt": Reply(FORBIDS, kind=TEXT)}),
    "away": host(moved("http://rules.example/robots.txt")),
    "inside": host(moved("http://169.254.169.254/robots.txt")),
    "chain": chain,
    "endless": host(Reply(act=body_without_end)),
    "huge": host(Reply(HUGE, kind=TEXT)),
    "huge-packed": host(Reply(gzip.compress(HUGE, 1), headers={"Content-Encoding": "gzip"}, kind=TEXT)),
}
EXPECTED = {
    "rules": ("200", "robots"),
    "bom": ("200", "robots"),
    "wide": ("200", "robots"),
    "missing": ("200", "200"),
    "closed": ("200", "200"),
    "failing": ("robots unreachable", "robots unreachable"),
    # The first to hear of its pause tells why; from then on the host is held.
    "busy": ("robots unreachable", "too many requests"),
    "hanging": ("robots unreachable", "robots unreachable"),
    "reset": ("robots unreachable", "robots unreachable"),
    "html": ("200", "200"),
    "big": ("200", "robots"),
    "moved": ("200", "robots"),
    "away": ("200", "robots"),
    "inside": ("robots unreachable", "robots unreachable"),
    "chain": ("200", "200"),
    # Its first 500 kB are read, and hold no rules.
    "endless": ("200", "200"),
    "huge": ("200", "robots"),
    "huge-packed": ("200", "robots"),
}


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    """Fetch everything at once in one process."""
    broken = {path: reply for path, (reply, _, _) in BROKEN.items()}
    #: A host for each of them: one host is asked one at a time.
    names = {path: f"bad-{path[1:]}" for path in broken}

    def only(path: str) -> Host:
        return lambda seen: broken[path] if seen.path == path else None

    away = {
        "/start": Reply("", 302, {"Location": "http://other.example/landed", "Set-Cookie": "id=7"}),
    }
    hosts: dict[str, Callable[[Seen], Reply | None]] = {
        **ROBOTS,
        **{names[path]: only(path) for path in broken},
        "away2": host(None, away),
        **{f"bomb{number}": host(None, {"/bomb": bomb}) for number, bomb in enumerate(bombs(60).values())},
        "other": host(None),
    }
    with Web(**hosts) as web:
        folder = configure(tmp_path_factory.mktemp("fetch") / "config", web, crawl='timeout = "2s"\nmax_size = "2MB"\n')
        urls = [f"http://{name}.example{path}" for name in ROBOTS for path in ("/news", "/private/x")]
        urls += [f"http://bad-{path[1:]}.example{path}" for path in broken]
        urls += [f"http://bomb{number}.example/bomb" for number in range(BOMBS)]
        urls += ["http://user:hunter2@other.example/x", "http://big.example/late"]
        carrying: dict[str, Any] = {
            "url": "http://away2.example/start",
            "headers": {"If-None-Match": '"secret"', "Authorization": "Basic c2VjcmV0", "Cookie": "id=1"},
        }
        result = fetch(folder, *urls, carrying)
        found = dict(zip([*urls, "http://away2.example/start"], result["answers"], strict=True))
        yield Fetched(web, folder, found, result["megabytes"])


@pytest.mark.parametrize("name", EXPECTED)
def test_robots_txt_means_what_rfc_9309_says(fetched: Fetched, name: str) -> None:
    seen = fetched.of(f"http://{name}.example/news"), fetched.of(f"http://{name}.example/private/x")

    assert EXPECTED[name] == seen


def test_rules_behind_the_first_half_megabyte_are_not_read(fetched: Fetched) -> None:
    assert fetched.of("http://big.example/late") == "200"


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_answer_is_an_error_that_says_what_it_is(fetched: Fetched, path: str) -> None:
    _, reason, detail = BROKEN[path]
    answer = fetched.found[f"http://bad-{path[1:]}.example{path}"]

    assert reason == answer.get("reason"), answer
    assert detail in answer["detail"]
    assert "twisted" not in answer["detail"].lower()


@pytest.mark.parametrize("number", range(BOMBS))
def test_a_bomb_is_refused_while_it_is_unpacked(fetched: Fetched, number: int) -> None:
    """The whole, with 900 MB and each in a process of its own: python -m tests.bench.bombs."""
    assert fetched.of(f"http://bomb{number}.example/bomb") == "too large"


def test_bombs_and_endless_answers_at_once_do_not_fill_the_memory(fetched: Fetched) -> None:
    assert fetched.megabytes < 256


def test_nothing_of_ours_follows_a_redirect_to_another_origin(fetched: Fetched) -> None:
    landed = next(seen for seen in fetched.web.seen if seen.path == "/landed")

    assert fetched.of("http://away2.example/start") == "200"
    assert {"Host", "User-Agent", "Accept", "Accept-Encoding"} >= set(landed.headers)


def test_parts_of_a_page_obey_robots_txt_on_every_host(tmp_path: Path) -> None:
    """They do not wait for a Crawl-delay, but are not asked for where it is so long that no page could be drawn."""
    slow, slower = (Reply(f"User-agent: *\nCrawl-delay: {delay}\n", kind=TEXT) for delay in (100, 1000))
    with Web(cdn=host(Reply(FORBIDS, kind=TEXT)), slow=host(slow), slower=host(slower)) as web:
        folder = configure(tmp_path, web)
        urls = [f"http://{at}" for at in ("cdn.example/x.js", "cdn.example/private/x.js", "slow.example/1.js")]
        urls += ["http://slow.example/2.js", "http://slower.example/1.js"]
        before = "import functools, crawler.errand as e\ne.make_fetcher = functools.partial(e.make_fetcher, parts=True)"
        began = time.monotonic()
        found = fetch(folder, *urls, before=before, one_by_one=True)["answers"]

    assert [200, "robots", 200, 200, "robots"] == [each.get("status") or each["reason"] for each in found]
    assert time.monotonic() - began < 90
    assert ["/robots.txt", "/x.js"] == web.asked("cdn")
    assert ["/robots.txt"] == web.asked("slower")


def test_a_host_rests_for_its_crawl_delay_when_another_ones_robots_txt_led_to_it(tmp_path: Path) -> None:
    moved = Reply("", 301, {"Location": "http://hub.example/robots.txt"})
    with Web(hub=host(Reply("User-agent: *\nCrawl-delay: 0.5\n", kind=TEXT)), a=host(moved)) as web:
        folder = configure(tmp_path, web)
        fetch(folder, "http://hub.example/1", "http://a.example/1", "http://hub.example/2", one_by_one=True)
        asked = [seen for seen in web.seen if seen.host == "hub.example"]

    assert ["/robots.txt", "/1", "/robots.txt", "/2"] == [seen.path for seen in asked]
    for before, after in itertools.pairwise(asked[1:]):
        assert after.began - before.ended >= 0.48, (before.path, after.path)


def test_user_names_in_an_address_are_refused(fetched: Fetched) -> None:
    answer = fetched.found["http://user:hunter2@other.example/x"]

    assert answer["reason"] == "address refused"
    assert "hunter2" not in answer["detail"]
    assert not [seen for seen in fetched.web.seen if "Authorization" in seen.headers and seen.host == "other.example"]


def test_no_forbidden_address_is_reached(corpus: Path, tmp_path: Path) -> None:
    """Directly and by redirect, with robots.txt before: python -m tests.bench.ssrf does it without as well."""
    listed = json.loads((corpus / "hostile" / "ssrf_urls.json").read_text(encoding="utf-8"))
    result = ssrf.run(tmp_path, [*listed, *ssrf.MORE], robots=False)

    assert result.reached == ()
    assert result.answered == ()
    assert set(result.begun) == set(ssrf.PUBLIC), "the stub that stands for connections was asked"
