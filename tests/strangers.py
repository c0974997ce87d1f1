"""Hosts whose answers are faulty or hostile, each in a way of its own."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.loopback import Host, Reply, Seen, article, outlet


def hang(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(10)
    handler.connection.recv(1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    while True:
        handler.wfile.write(b"<p>more and more</p>" * 1000)


def words_of_strangers(corpus: Path) -> list[str]:
    """Take naughty strings and script injections, a few of each kind, as far as XML can hold them."""
    blns: list[str] = json.loads((corpus / "hostile" / "blns.json").read_text())
    xss = [
        line.strip()
        for file in sorted((corpus / "hostile" / "xss" / "Intruders").iterdir())
        for line in file.read_text(errors="replace").splitlines()
        if "<" in line
    ]
    outside = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    return [outside.sub("", text) for text in [*blns[::25], *xss[::90]] if text.strip()]


def strangers(texts: Sequence[str]) -> Host:
    """Make a host whose titles, authors and links are such words; every fifth page can be had."""

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/feed":
            items = "".join(
                f"<item><title>{escape(escape(text))}</title><author>{escape(text)}</author>"
                f"<description>{escape(escape(text))} at the harbour</description>"
                f"<link>http://strangers.example/n/{number}</link></item>"
                f"<item><title>Link {number}</title><link>{escape(text)}</link></item>"
                for number, text in enumerate(texts)
            )
            return Reply(f"<rss version='2.0'><channel><title>S</title>{items}</channel></rss>", kind="text/xml")
        if not seen.path.startswith("/n/"):
            return None
        number = int(seen.path[3:])
        if number % 5:
            return Reply("", 403)
        text = escape(texts[number])
        page = article("TITLE").replace("TITLE</h1>", f"{text}</h1><p class='byline'>By {text}</p>")
        return Reply(page.replace("<title>TITLE", f"<title>{text}").encode("utf-8", "replace"))

    return host


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + ']><rss version="2.0"><channel><title>&l9;</title><item><title>&l9;</title>'
    "<link>http://bomb.example/a</link></item></channel></rss>"
)
XXE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
    "<title>&x;</title><item><title>Title &x;</title><link>http://xxe.example/a</link>"
    "<description>Lead &x;</description></item></channel></rss>"
)
FAR = "<rss version='2.0'><channel><ttl>99999999999999999999</ttl>" + "".join(
    f"<item><title>Far {number}</title><link>http://far.example/{number}</link><pubDate>{date}</pubDate></item>"
    for number, date in enumerate(("Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 01 Jan 0001 00:00:00 +1200"))
)


def pages() -> dict[str, Reply]:
    return {
        "/nothing": Reply(""),
        "/failing": Reply("oh", 500),
        "/hang": Reply(act=hang),
        "/endless": Reply(act=endless),
        "/bomb": Reply(gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
        "/deep": Reply("<html><body>" + "<div>" * 100_000 + "deep" + "</div>" * 100_000),
        "/attributes": Reply(
            "<html><body><p " + " ".join(f"a{n}='v{n}'" for n in range(41_000)) + f">{article('Many attributes')}"
        ),
        "/charset": Reply(article("Ärger mit Öl", "Über Öl ärgert sich das Hafenamt. " * 9).encode("cp1252")),
        "/unknown-charset": Reply(article("Unknown charset"), kind="text/html; charset=klingon"),
        "/utf16": Reply(article("Sixteen bits").encode("utf-16")),
        "/nul": Reply(article("Nul\0 bytes", "A text with \0 in it about the harbour. " * 5)),
        "/escapes": Reply(article("Esc \x1b[31m\x9b31m red", "A text with \x1b]0;title\x07 in it. " * 5)),
        "/long-title": Reply(
            article("TITLE", "A text of the harbour. " * 9).replace("TITLE</", "Long " * 20_000 + "</")
        ),
        "/circle": Reply("", 302, {"Location": "/circle"}),
        "/nowhere": Reply("", 302),
        "/broken-way": Reply("", 302, {"Location": "http://["}),
        "/elsewhere": Reply("", 301, {"Location": "http://good.example/one"}),
        "/not-gzip": Reply(b"plainly not", headers={"Content-Encoding": "gzip"}),
        "/unknown-packing": Reply("zz", headers={"Content-Encoding": "zzz"}),
        "/status": Reply("", 999),
    }


def only_feed(body: str | bytes, **rest: Any) -> Host:
    reply = Reply(body, kind="application/rss+xml", **rest)
    return lambda seen: reply if seen.path == "/feed" else None


def hosts(texts: Sequence[str]) -> dict[str, Host]:
    crawl_delay = Reply("User-agent: *\nCrawl-delay: 99999999999999\n", kind="text/plain")
    later = {"Retry-After": "99999999999999999999"}
    return {
        "good": outlet("good", {"/one": Reply(article("The harbour opens"))}),
        "odd": outlet("odd", pages()),
        "strangers": strangers(texts),
        "bomb": only_feed(BOMB),
        "xxe": only_feed(XXE),
        "far": only_feed(FAR, headers={"Cache-Control": "max-age=99999999999999999999"}),
        "html": lambda seen: Reply("<html><body>Welcome to our new site</body></html>"),
        "empty": only_feed(""),
        "binary": only_feed(bytes(range(256)) * 100),
        "deepfeed": only_feed("<rss version='2.0'><channel>" + "<item>" * 100_000),
        "deepjson": only_feed('{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 100_000),
        "oddjson": only_feed('{"version":"https://jsonfeed.org/version/1","items":[null,3,{"url":4},{"title":[1]}]}'),
        "round": only_feed("", status=301, headers={"Location": "/feed"}),
        "later": only_feed("", status=503, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}),
        "muchlater": outlet("muchlater", {"/a": Reply("", 429, later)}),
        "closed": outlet("closed", {"/a": Reply(article("A"))}, robots=Reply("", 500)),
        "slow": outlet("slow", {"/a": Reply(article("A"))}, robots=crawl_delay),
        "binaryrobots": outlet("binaryrobots", {"/a": Reply(article("A"))}, robots=Reply(bytes(range(256)) * 99)),
    }
