"""What hosts answer is faulty or hostile: it is told with a reason, and everything else goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from markdown_it import MarkdownIt

from crawler import urls
from crawler.archive import Archive, Robots, open_archive
from crawler.errors import FetchRefused
from crawler.net.guard import Guard
from crawler.net.robots import read
from tests.commands import answer, presswatch
from tests.desk import Desk
from tests.loopback import Reply, Seen, Web, article, configure, outlet, rss
from tests.strangers import hosts, words_of_strangers

ACTIVE = {"script", "img", "svg", "iframe", "object", "embed", "form", "input", "base", "link", "math"}
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def kept(folder: Path) -> Archive:
    return open_archive(f"sqlite:///{folder / 'presswatch.db'}")


def crawl(folder: Path, *arguments: str, code: int = 0) -> Any:
    return answer(folder, "crawl", "--json", *arguments, code=code)


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
        limits = 'delay = "0s"\ntimeout = "5s"\nmax_size = "2MB"\ntries = 1\npage_cpu = "3s"'
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


@pytest.mark.parametrize(("name", "span", "drawn"), [("digest", [], set()), ("report", ["--since", "1d"], {"svg"})])
def test_the_words_of_strangers_stay_text_in_digests_and_reports(
    crawled: Crawled, desk: Desk, name: str, span: list[str], drawn: set[str]
) -> None:
    """No tag, no handler and no address comes out of them: only what the template itself writes."""
    for form in ("html", "txt", "md", "json"):
        desk.run(crawled.folder, "digest", "preview", "all", *span, "-o", f"{name}.{form}")
    whole = (crawled.folder / f"{name}.html").read_bytes()
    markdown = MarkdownIt("commonmark").enable("table").render((crawled.folder / f"{name}.md").read_text())
    for page in (lxml.html.fromstring(whole), lxml.html.fromstring(markdown)):
        tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
        links = {urlsplit(link.get("href")).scheme for link in page.iter("a")}

        assert not tags & ACTIVE - drawn
        assert [
            attribute for element in page.iter() for attribute in element.attrib if attribute.startswith("on")
        ] == []
        assert links <= {"http", "https", "mailto", ""}
        assert "All <b>" in page.text_content()
    for form in ("html", "txt", "md"):
        assert CONTROLS.search((crawled.folder / f"{name}.{form}").read_bytes().decode()) is None


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
        configure(tmp_path / "config", web, "many", "calm", crawl=limits.format(5))
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
