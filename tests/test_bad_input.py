"""What comes from outside is faulty or hostile: a clear message, the right exit code, and everything else goes on."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest

from crawler import urls
from crawler.archive import Archive, Robots, open_archive
from crawler.errors import FetchRefused
from crawler.net.guard import Guard
from crawler.net.robots import read
from digest.cli import main
from tests.commands import answer, presswatch
from tests.loopback import Host, Reply, Seen, Web, address, article, configure, end_visit, outlet, rss, start_visit

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def hang(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(10)
    handler.connection.recv(1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    while True:
        handler.wfile.write(b"<p>more and more</p>" * 1000)


def kept(folder: Path) -> Archive:
    return open_archive(f"sqlite:///{folder / 'presswatch.db'}")


def crawl(folder: Path, *arguments: str, code: int = 0) -> Any:
    return answer(folder, "crawl", "--json", *arguments, code=code)


@dataclass(frozen=True)
class Ended:
    """How a command ended, as subprocess tells it."""

    returncode: int
    stdout: str
    stderr: str


class Desk:
    """Runs many small commands quickly: as the program does, but without a new process for each."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch):
        self._capsys, self._patch = capsys, patch

    def run(self, folder: Path, *arguments: str, code: int = 0) -> Ended:
        self._patch.chdir(folder)
        self._patch.setattr(sys, "argv", ["presswatch", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        found = Ended(int(ended.value.code or 0), *self._capsys.readouterr())

        assert found.returncode == code, found
        return found


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(capsys, monkeypatch)


# A faulty configuration


FAULTS: dict[str, tuple[str, str | bytes, str]] = {
    "no TOML": ("sources.toml", "[a\nname = 3\n", "sources.toml:1: the file: found '[a', wanted valid TOML"),
    "no UTF-8": ("watches.toml", b"[a]\nquery = '\xff'\n", "watches.toml:2: the file: found the byte 0xff"),
    "a table twice": ("sources.toml", "[b]\nname='B'\nhomepage='http://b.example/'\n[b]\n", "sources.toml:4: the file"),
    "an unknown key": (
        "presswatch.toml",
        "[crawl]\ndelai = '2s'\n",
        "presswatch.toml:2: crawl.delai: found an unknown",
    ),
    "a word for a number": ("presswatch.toml", "[crawl]\nworkers = 'two'\n", "presswatch.toml:2: crawl.workers: found"),
    "an unknown unit": ("presswatch.toml", "[crawl]\ndelay = '2 parsecs'\n", "presswatch.toml:2: crawl.delay: found"),
    "a port too high": (
        "presswatch.toml",
        "[crawl]\nconnect_to = { '*' = '127.0.0.1:99999' }\n",
        "presswatch.toml:2: crawl.connect_to",
    ),
    "an unknown zone": ("presswatch.toml", "timezone = 'Mars/Olympus'\n", "presswatch.toml:1: timezone: found 'Mars"),
    "no web address": (
        "sources.toml",
        "[b]\nname = 'B'\nhomepage = 'http://b.example/'\nfeeds = ['ftp://b.example/feed']\n",
        "sources.toml:4: b.feeds[0]: found 'ftp://b.example/feed'",
    ),
    "one feed of two sources": (
        "sources.toml",
        "".join(f"[{k}]\nname = '{k}'\nhomepage = 'http://b.example/'\nfeeds = ['http://b.example/f']\n" for k in "bc"),
        "c.feeds[0]: found 'http://b.example/f', wanted an address that stands here once; b.feeds[0] has it (line 4)",
    ),
    "a strange source key": (
        "sources.toml",
        '["\\u001b[31m; DROP TABLE <b>"]\nname = "B"\nhomepage = "http://b.example/"\n',
        'wanted a key of small letters, digits and "-"',
    ),
    "a query with a hole": ("watches.toml", "[w]\nquery = 'a AND ('\n", "watches.toml:2: w.query: found 'a AND ('"),
    "an unknown watch": (
        "digests.toml",
        "[d]\ntitle='D'\nat='07:00'\nwatches=['nope']\n",
        "digests.toml:4: d.watches[0]: found 'nope', wanted a watch of watches.toml",
    ),
    "no time of day": ("digests.toml", "[d]\ntitle='D'\nat='25:00'\n", "digests.toml:3: d.at: found '25:00'"),
    "an unknown archive": ("presswatch.toml", "archive = 'mysql://x'\n", "presswatch.toml:1: archive: found 'mysql"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_configuration_is_told_with_file_and_line(name: str, tmp_path: Path, desk: Desk) -> None:
    file, text, told = FAULTS[name]
    with Web() as web:
        configure(tmp_path / "config", web, "a")
    (tmp_path / "config" / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    done = desk.run(tmp_path, "config", "check", code=2)

    assert told in done.stderr
    assert "\x1b" not in done.stderr
    assert not (tmp_path / "presswatch.db").exists()


def test_a_mapped_host_without_an_address_is_told(tmp_path: Path) -> None:
    with Web() as web:
        configure(tmp_path / "config", web, "a", connect_to={"b.example": "a..b:80"})
    done = presswatch(tmp_path, "crawl", code=2)

    assert "connect_to" in done.stderr


def test_a_configuration_that_cannot_be_written_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    """Root may write to a read-only folder; so the folder is a read-only mount, where that is allowed."""
    with Web() as web:
        configure(tmp_path / "plain", web, "a")
    folder = tmp_path / "config"
    folder.mkdir()
    with ExitStack() as stack:
        mount(stack, folder, "-o", "ro,bind", str(tmp_path / "plain"))
        before = (folder / "watches.toml").read_bytes()
        done = presswatch(tmp_path, "watch", "add", "spies", "espionage", code=2)

        assert "watches.toml" in done.stderr
        assert "cannot be written" in done.stderr
        assert (folder / "watches.toml").read_bytes() == before
        assert answer(tmp_path, "watch", "list", "--json")["watches"][0]["name"] == "harbour"


def mount(stack: ExitStack, folder: Path, *arguments: str) -> None:
    """Mount something for a test, or skip it with the reason."""
    command = ["mount", *arguments, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    stack.callback(subprocess.run, ["umount", str(folder)], check=True)


# An archive that cannot be written


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("/proc/presswatch.db", "check"),
        ("/nowhere/at/all/presswatch.db", "/nowhere/at/all does not exist"),
        ("{folder}", "this is a folder"),
        ("{folder}/taken.db", "no Presswatch archive"),
    ],
)
def test_an_archive_that_cannot_be_written_ends_the_crawl_with_a_message(
    tmp_path: Path, place: str, told: str, desk: Desk
) -> None:
    (tmp_path / "taken.db").write_text("somebody's letters")
    with Web(a=outlet("a", {"/1": Reply(article("One"))})) as web:
        configure(tmp_path / "config", web, "a", crawl='delay = "0s"')
        done = desk.run(tmp_path, "--archive", f"sqlite:///{place.format(folder=tmp_path)}", "crawl", code=1)

        assert told in done.stderr
        assert done.stderr.startswith("presswatch: ")
        assert web.seen == []
    assert (tmp_path / "taken.db").read_text() == "somebody's letters"


def test_a_crawl_on_a_disk_too_small_for_its_archive_waits_and_loses_nothing(tmp_path: Path) -> None:
    """It does not end: whoever makes room need not know what was under way."""
    pages = {f"/{number}": Reply(article(f"Page {number}", "harbour " * 3000)) for number in range(16)}
    disk = tmp_path / "disk"
    disk.mkdir()
    with ExitStack() as stack, Web(wide=outlet("wide", pages)) as web:
        mount(stack, disk, "-t", "tmpfs", "-o", "size=1200k", "none")
        configure(disk, web, "wide", crawl='delay = "0s"')
        visit = start_visit(disk)
        assert visit.stderr is not None
        told = visit.stderr.readline()
        subprocess.run(["mount", "-o", "remount,size=60m", str(disk)], check=True)
        end_visit(visit)
        with closing(open_archive(address(disk))) as archive:
            counts, articles = archive.pages.counts(), archive.articles.count()

    assert "no room left" in told
    assert "waiting for room" in told
    assert counts == {"wide": {"stored": 16}}
    assert articles == 16


# Faulty and hostile answers


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
PAGES = {
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
    "/long-title": Reply(article("TITLE", "A text of the harbour. " * 9).replace("TITLE</", "Long " * 20_000 + "</")),
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
        "odd": outlet("odd", PAGES),
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


@dataclass
class Crawled:
    """A crawl of all that at once, as a command, and what it left."""

    folder: Path
    report: Any
    stderr: str
    archive: Archive
    texts: Sequence[str]


@pytest.fixture(scope="module")
def crawled(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("hostile")
    texts = words_of_strangers(corpus)
    web_hosts = hosts(texts)
    with Web(**web_hosts) as web:
        limits = 'delay = "0s"\ntimeout = "2s"\nmax_size = "2MB"\ntries = 1\npage_cpu = "3s"'
        configure(folder / "config", web, *web_hosts, crawl=limits)
        (folder / "config" / "digests.toml").write_text('[all]\ntitle = "All <b>"\nat = "07:00"\nper_watch = 100\n')
        done = presswatch(folder, "crawl", "--json")
    with kept(folder) as archive:
        yield Crawled(folder, json.loads(done.stdout), done.stderr, archive, texts)


def test_the_good_source_is_kept_whatever_the_others_do(crawled: Crawled) -> None:
    assert crawled.report["outcome"] == "finished"
    assert crawled.report["sources"]["good"]["kept"] == 1
    assert "Traceback" not in crawled.stderr


def test_every_page_ends_stored_or_dropped_with_a_reason(crawled: Crawled) -> None:
    for source, counts in crawled.archive.pages.counts().items():
        assert set(counts) <= {
            "stored", "empty", "server error", "timeout", "too large", "redirects", "http status", "address refused",
            "connection", "no address", "not html", "not found", "too many requests", "blocked", "duplicate",
            "extraction limit",
        }, source  # fmt: skip


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "empty"),
        ("/failing", "server error"),
        ("/hang", "timeout"),
        ("/endless", "too large"),
        ("/bomb", "too large"),
        ("/circle", "redirects"),
        ("/nowhere", "http status"),
        ("/broken-way", "address refused"),
        ("/not-gzip", "connection"),
        ("/unknown-packing", "not html"),
        ("/status", "server error"),
    ],
)
def test_a_bad_page_is_dropped_with_its_reason(crawled: Crawled, path: str, reason: str) -> None:
    page = crawled.archive.pages.find(f"http://odd.example{path}")

    assert page is not None
    assert (page.state, page.reason) == ("dropped", reason)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/attributes", "Many attributes"),
        ("/charset", "Ärger mit Öl"),
        ("/unknown-charset", "Unknown charset"),
        ("/utf16", "Sixteen bits"),
        ("/nul", "Nul bytes"),
        ("/deep", "Title of /deep"),
    ],
)
def test_an_odd_page_is_kept_as_far_as_it_can_be_read(crawled: Crawled, path: str, title: str) -> None:
    found = crawled.archive.articles.get(f"http://odd.example{path}")

    assert found is not None
    assert found.title == title
    assert "\0" not in found.text


def test_a_title_of_100_000_characters_is_cut(crawled: Crawled) -> None:
    found = crawled.archive.articles.get("http://odd.example/long-title")

    assert found is not None
    assert found.title.startswith("Long Long ")
    assert len(found.title) <= 501


def test_a_page_that_leads_to_a_page_of_another_source_is_kept_once(crawled: Crawled) -> None:
    first, second = (
        crawled.archive.articles.get(url) for url in ("http://good.example/one", "http://odd.example/elsewhere")
    )

    assert first is not None
    assert first == second


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("html", "web page"),
        ("empty", "empty"),
        ("binary", "not a feed"),
        ("deepfeed", "broken"),
        ("deepjson", "cannot be read"),
        ("round", "redirects"),
        ("later", "asks for a pause"),
        ("closed", "answered 500"),
    ],
)
def test_a_bad_feed_is_told(crawled: Crawled, source: str, told: str) -> None:
    ((_, detail),) = crawled.report["sources"][source]["failed_channels"]

    assert told in detail


def test_entities_are_neither_blown_up_nor_read_from_files(crawled: Crawled) -> None:
    for url in ("http://bomb.example/a", "http://xxe.example/a"):
        page = crawled.archive.pages.find(url)
        if page is not None and page.entry is not None:
            assert "root:" not in page.entry.title + page.entry.summary
            assert len(page.entry.title) < 1000


def test_dates_at_both_ends_of_the_calendar_stop_nothing(crawled: Crawled) -> None:
    assert crawled.report["sources"]["far"]["queued"] == 2


def test_a_pause_for_ever_holds_one_host_for_a_while(crawled: Crawled) -> None:
    now = datetime.now(UTC)
    until, _ = crawled.archive.hosts.held(now)["muchlater.example"]

    assert timedelta(hours=1) < until - now < timedelta(days=40)


def test_the_words_of_strangers_are_kept_as_text(crawled: Crawled) -> None:
    for number, text in enumerate(crawled.texts):
        page = crawled.archive.pages.find(f"http://strangers.example/n/{number}")
        assert page is not None, text
        assert page.state == "stored" or page.reason, text


def test_the_words_of_strangers_stay_text_in_a_digest(crawled: Crawled, desk: Desk) -> None:
    """No tag, no handler and no address comes out of them: only what the template itself writes."""
    for form in ("html", "txt", "json"):
        desk.run(crawled.folder, "digest", "preview", "all", "--since", "1d", "-o", f"out.{form}")
    page = lxml.html.fromstring((crawled.folder / "out.html").read_bytes())
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    links = {urlsplit(link.get("href")).scheme for link in page.iter("a")}

    assert not tags & {"script", "img", "svg", "iframe", "object", "embed", "form", "input", "base", "link", "math"}
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []
    assert links <= {"http", "https", "mailto", ""}
    assert "All <b>" in page.text_content()
    for form in ("html", "txt"):
        assert CONTROLS.search((crawled.folder / f"out.{form}").read_bytes().decode()) is None


def test_the_words_of_strangers_stay_text_in_every_export_and_list(crawled: Crawled, desk: Desk) -> None:
    for form in ("jsonl", "csv", "md", "atom", "ris"):
        desk.run(crawled.folder, "export", "", "--format", form, "-o", f"all.{form}")
    listed = desk.run(crawled.folder, "search", "--limit", "1000").stdout
    status = desk.run(crawled.folder, "status").stdout

    assert CONTROLS.search(listed.replace("\r", "")) is None
    assert CONTROLS.search(status) is None
    assert len(lxml.html.fromstring((crawled.folder / "all.atom").read_bytes()).xpath("//entry")) > 25
    assert b"<script" not in (crawled.folder / "all.md").read_bytes().lower()


def test_a_second_crawl_finds_nothing_left_over(crawled: Crawled) -> None:
    report = crawl(crawled.folder)

    assert report["totals"]["kept"] == report["totals"]["fetched"] == 0


def test_a_feed_of_10_000_entries_is_queued_whole_and_fetched_bit_by_bit(tmp_path: Path) -> None:
    """One request at a time and little time: it ends in order, the rest stays queued, the next crawl goes on."""
    many = [f"/p{number}" for number in range(10_000)]

    def host(seen: Seen) -> Reply | None:
        return rss("many", *many) if seen.path == "/feed" else Reply(article(seen.path)) if seen.path in many else None

    with Web(many=host, calm=outlet("calm", {"/1": Reply(article("Calm"))})) as web:
        limits = 'delay = "0.1s"\nconcurrency = 1\nvisit_limit = "{}s"'
        configure(tmp_path / "config", web, "many", "calm", crawl=limits.format(5))
        first = crawl(tmp_path)
        configure(tmp_path / "config", web, "many", "calm", crawl=limits.format(2))
        second = crawl(tmp_path)
        asked = [path for path in web.asked("many") if path.startswith("/p")]
        with kept(tmp_path) as archive:
            counts = archive.pages.counts(["many"])["many"]

    assert (first["outcome"], second["outcome"]) == ("limit", "limit")
    assert first["sources"]["many"]["queued"] == 10_000
    assert second["sources"]["many"]["kept"] > 0
    assert counts["stored"] + counts["queued"] == 10_000
    assert len(asked) - len(set(asked)) <= 1
    assert first["totals"]["kept"] + second["totals"]["kept"] - counts["stored"] in (0, 1)


def test_no_address_of_the_list_is_connected_to(corpus: Path) -> None:
    """The guard stands before the connection; nothing here reaches a socket."""
    guard = Guard.of((), {"*": "127.0.0.1:9"})
    addresses: list[str] = json.loads((corpus / "hostile" / "ssrf_urls.json").read_text())
    for named in addresses:
        url = urls.normalise(named)
        if url is None:
            continue  # never becomes a page
        parts = urlsplit(url)
        target = guard.target(parts.hostname or "", parts.port or 80)
        with pytest.raises(FetchRefused) as refused:
            guard.check(*(target or (parts.hostname or "", parts.port or 80)))

        assert refused.value.reason == "address refused"


def test_a_crawl_delay_that_nobody_can_wait_for_is_bounded() -> None:
    now = datetime.now(UTC)
    longest = 30 * 86_400
    for asked, kept in (("99999999999999", longest), ("1e308", longest), ("inf", 0), ("nan", 0), ("30", 30)):
        body = f"User-agent: *\nCrawl-delay: {asked}\n".encode()

        assert read(Robots("a.example", body, 200, now, now)).delay == kept, asked


# Commands


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a configuration and an archive in which nothing is."""
    folder = tmp_path_factory.mktemp("nothing")
    with Web() as web:
        configure(folder / "config", web)
    (folder / "config" / "digests.toml").write_text('[d]\ntitle = "D"\nat = "07:00"\n')
    presswatch(folder, "watch", "list")
    return folder


@pytest.mark.parametrize(
    "command",
    [
        "search", "status", "coverage", "stats x", "story list", "watch list", "watch test x", "watch mentions harbour",
        "watch backtest harbour", "digest list", "digest make d", "doctor", "source list", "config check",
    ],
)  # fmt: skip
def test_a_command_prints_one_document_where_there_is_nothing(nothing: Path, command: str, desk: Desk) -> None:
    assert isinstance(json.loads(desk.run(nothing, *command.split(), "--json").stdout), dict)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("show 1", "no such article"),
        ("show http://[", "no such article"),
        (f"show {'9' * 5000}", "no such article"),
        ("story show 1", "no story 1"),
        ("story show 99999999999999999999", "larger than any"),
        ("digest send 99999999999999999999", "larger than any"),
        ("forget 3", "no such article"),
        ("source pause nope", 'no source "nope"'),
        ("source resume nope", 'no source "nope"'),
        ("watch mute nope", 'no watch "nope"'),
        ("watch mentions nope", 'no watch "nope"'),
        ("digest preview nope", 'no plan "nope"; there is: d'),
        ("digest make nope", 'no plan "nope"; there is: d'),
        ("digest make d --slot 9999-99", "no time"),
        ("digest preview d --since 0001-01-01", "no press"),
        ("digest preview d -o x.exe", ".html"),
        ("coverage --until 9999-12-31", "no press"),
        ("stats x --since soon", "no time"),
        ("search --cursor xx a", "no cursor"),
        ("crawl nope", "sources.toml"),
        ("import nowhere.jsonl", "no such file"),
        ("import .", "cannot be read"),
        ("extract .", "cannot be read"),
    ],
)
def test_what_is_not_there_is_told(nothing: Path, command: str, told: str, desk: Desk) -> None:
    assert told in desk.run(nothing, *command.split(), code=2).stderr


@pytest.mark.parametrize(
    "query",
    [
        '"', "'", "*", "()", "AND", "NOT x", "a NEAR/9999999999 b", "after:99999999d", "title:", ":", "\x01", "a*",
        "x:y",
        "id:99999999999999999999999", "story:99999999999999999999", "a " * 3000, "(" * 2000, "a OR " * 2000 + "x",
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_told(nothing: Path, query: str, desk: Desk) -> None:
    done = desk.run(nothing, "search", "--", query, code=2)

    assert done.stderr.startswith("presswatch: ")


@pytest.mark.parametrize("query", ["", "before:9999-12-31", "before:0001-01-01", "NOT " * 500 + "a b"])
def test_an_odd_query_finds_nothing(nothing: Path, query: str, desk: Desk) -> None:
    assert json.loads(desk.run(nothing, "search", "--json", "--", query).stdout)["articles"] == []


@pytest.mark.parametrize("place", ["/proc/nowhere/x", "."])
def test_an_export_that_cannot_be_written_is_told(nothing: Path, place: str, desk: Desk) -> None:
    assert "cannot be written" in desk.run(nothing, "export", "", "-o", place, code=1).stderr


def test_a_full_output_is_told(nothing: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    for command in ("search --json", "status"):
        with Path("/dev/full").open("wb") as full:
            done = run(nothing, *command.split(), stdout=full)

        assert (done.returncode, done.stderr) == (
            1,
            b"presswatch: the output cannot be written: No space left on device\n",
        )


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    """As in presswatch search | head -1."""
    lines = (json.dumps({"title": f"Title {n}", "text": f"word {n} " * 300, "id": n}) for n in range(10))
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    presswatch(tmp_path, "import", "in.jsonl")
    for command in ("search --limit 1000 --json", "export word --format jsonl", "search --limit 1"):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            done = run(tmp_path, *command.split(), stdout=pipe)

        assert (done.returncode, done.stderr) == (0, b""), command


def run(folder: Path, *arguments: str, stdout: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "digest.cli", *arguments]
    return subprocess.run(command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False)


LINES = r"""{"title": "Good", "text": "A text of the harbour", "url": "http://a.example/1"}
[1]
null
{"title": [1], "text": "x"}
{"title": true, "text": "x"}
{"title": "t", "text": NaN}
{"title": "t", "text": "x", "id": 1e400}
{"title": "t", "text": "x", "published": "9999-12-31T23:59:59-12:00"}
{"title": "t", "text": "x", "published": "0001-01-01T00:00:00+12:00"}
{"title": "t", "text": "x", "published": "yesterday"}
{"html": "<p>", "url": "http://a.example/6"}
{"html": 3, "url": "http://a.example/6"}
{bad
{"title": "t\u0000x", "text": "x\u0000y", "url": "http://a.example/4"}
{"title": "\ud800", "text": "\ud800 lone", "url": "http://a.example/5"}
{"title": "Strange source", "text": "x", "source": "../../etc", "url": "javascript:alert(1)"}
"""


def test_lines_of_wrong_types_are_told_and_the_others_imported(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(LINES.encode() + b"\xff\xfe\n")
    report = answer(tmp_path, "import", "in.jsonl", "--json")

    assert report["kept"] == 4
    assert [fault.split(":")[0] for fault in report["faults"]] == [f"line {n}" for n in (*range(2, 14), 17)]


def test_a_cut_off_gzip_is_imported_up_to_the_cut(tmp_path: Path) -> None:
    lines = [json.dumps({"title": f"Title {n}", "text": os.urandom(300).hex(), "id": str(n)}) for n in range(30)]
    whole = gzip.compress("\n".join(lines).encode())
    (tmp_path / "in.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    report = answer(tmp_path, "import", "in.jsonl.gz", "--json")

    assert 5 < report["kept"] < 30
    assert len(report["faults"]) == 1
    assert "damaged" in report["faults"][0]


# Endings


def start_crawl(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "digest.cli", "crawl", "--json"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_crawl_that_is_interrupted_reports_and_gives_back_its_leases(tmp_path: Path) -> None:
    pages = {f"/{number}": Reply(article(f"Page {number}")) for number in range(40)}
    with Web(calm=outlet("calm", pages)) as web:
        configure(tmp_path / "config", web, "calm", crawl='delay = "0.1s"')
        with start_crawl(tmp_path) as process:
            deadline = time.monotonic() + 20
            while len(web.asked("calm")) < 6 and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
    with kept(tmp_path) as archive:
        counts = archive.pages.counts()

    assert process.returncode in (0, 130)
    assert b"Traceback" not in err
    assert json.loads(out)["outcome"] == "signal"
    assert counts["calm"]["stored"] + counts["calm"]["queued"] == 40


def test_two_crawls_at_once_in_a_new_archive_keep_each_page_once(tmp_path: Path) -> None:
    pages = {f"/{number}": Reply(article(f"Page {number}", f"Text {number}. ")) for number in range(6)}
    names = ("a", "b", "c")
    with Web(**{name: outlet(name, pages) for name in names}) as web:
        configure(tmp_path / "config", web, *names, crawl='delay = "0.02s"')
        processes = [start_crawl(tmp_path) for _ in range(2)]
        reports = []
        for process in processes:
            with process:
                out, err = process.communicate(timeout=60)
            assert process.returncode == 0, err
            reports.append(json.loads(out))
        asked = [(seen.host, seen.path) for seen in web.seen if seen.path[1:].isdigit()]
    with kept(tmp_path) as archive:
        counts = archive.pages.counts()

    assert counts == {name: {"stored": 6} for name in names}
    assert sum(report["totals"]["kept"] for report in reports) == 18
    assert len(asked) == len(set(asked)) == 18


def test_an_archive_is_made_in_the_development_mode_of_python(tmp_path: Path) -> None:
    with Web() as web:
        configure(tmp_path / "config", web)
    command = [sys.executable, "-X", "dev", "-P", "-m", "digest.cli", "watch", "list", "--json"]
    together = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    for process in together:
        with process:
            out, err = process.communicate(timeout=60)

        assert process.returncode == 0, err
        assert json.loads(out)["watches"][0]["name"] == "harbour"
