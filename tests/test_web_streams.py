"""Searches as streams and feeds, asked as spreadsheets, scripts and feed readers ask them."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import open_archive
from crawler.errors import ArchiveBusy
from digest import exports
from digest.web import streams
from digest.web.streams import attachment
from tests.archive_sample import DAY, HOUR, NOW, article, keep
from tests.commands import presswatch
from tests.conftest import ROOT
from tests.test_web import HOSTILE, Browser, Tags, fill


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = f"sqlite:///{tmp_path_factory.mktemp('streams') / 'a.db'}"
    fill(made)
    return made


@pytest.fixture(scope="module")
def browser(url: str) -> Browser:
    return Browser(url)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_is_that_of_the_command(browser: Browser, url: str, tmp_path: Path) -> None:
    response = browser.ask("/search.csv?q=harbour")
    command = presswatch(tmp_path, "--archive", url, "search", "harbour", "--csv").stdout

    assert rows(command) == rows(response.text)
    assert "text/csv; charset=utf-8" == response.headers["content-type"]
    assert "3" == response.headers["x-total-count"]
    assert 'attachment; filename="presswatch-harbour-2026-11-23.csv"' in response.headers["content-disposition"]


def test_who_asks_for_the_head_alone_gets_it_alone(browser: Browser) -> None:
    response = browser.ask("/search.csv?q=harbour", "HEAD")

    assert (b"", "3") == (response.content, response.headers["x-total-count"])


def test_lines_are_those_of_the_export(browser: Browser, url: str, tmp_path: Path) -> None:
    response = browser.ask("/search.jsonl?q=harbour")
    without = browser.ask("/search.jsonl?q=harbour&text=false&limit=1").text.splitlines()

    assert presswatch(tmp_path, "--archive", url, "export", "harbour").stdout == response.text
    assert [""] == [json.loads(line)["text"] for line in without]


def test_a_table_does_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    made = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(made) as archive:
        keep(archive, article(title="=HYPERLINK(1)", authors=("@SUM(1)", "+1"), carried_by="-2", language="\t=3"))
    (row,) = rows(Browser(made).ask("/search.csv").text)

    assert not [value for value in row.values() if re.match(r"[=+@-]|[\t\r\n]", value)]
    assert "'=HYPERLINK(1)" == row["title"]


def test_a_table_for_excel_begins_with_its_mark(browser: Browser) -> None:
    assert browser.ask("/search.csv?bom=true").content.startswith(b"\xef\xbb\xbfid,")


@pytest.mark.parametrize("path", ["/search.csv", "/search.jsonl", "/feeds/search.xml", "/feeds/search.json"])
def test_what_cannot_be_read_is_told_in_words(browser: Browser, path: str) -> None:
    query, name = browser.ask(f"{path}?q=port+AND+(ship"), browser.ask(f"{path}?query=port")

    assert (400, 400) == (query.status_code, name.status_code)
    assert "is not closed" in query.text
    assert "no parameter 'query'" in name.text
    assert "text/plain; charset=utf-8" == query.headers["content-type"]


@given(st.text(max_size=300))
def test_a_file_name_obeys_nobody(text: str) -> None:
    said = attachment(text, NOW, "csv")

    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9-]+\.csv\"; filename\*=UTF-8''[A-Za-z0-9_.~%-]+\.csv", said)
    assert len(said) < 1_500


@pytest.mark.parametrize(
    "query", ['"a\r\nSet-Cookie: x=1"', '"../../etc/passwd"', f'"{HOSTILE.replace(chr(34), "")}"', '"国家 安全"']
)
def test_hostile_queries_name_no_hostile_files(browser: Browser, query: str) -> None:
    response = browser.ask("/search.csv", params={"q": query})

    assert 200 == response.status_code
    assert "set-cookie" not in response.headers
    assert not re.search(r"[<>/\\]", response.headers["content-disposition"])
    assert "nosniff" == response.headers["x-content-type-options"]


def test_a_stream_that_fails_in_the_middle_says_so_at_its_end(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened = 0

    def open_once(*arguments: Any, **options: Any) -> Any:
        nonlocal opened
        opened += 1
        if opened > 1:
            raise ArchiveBusy("another process is writing to it")
        return open_archive(*arguments, **options)

    monkeypatch.setattr(streams, "_BATCH", 2)
    monkeypatch.setattr(streams, "open_archive", open_once)
    with caplog.at_level(logging.WARNING):
        lines = browser.ask("/search.jsonl").text.splitlines()
    opened = 0
    table = list(csv.reader(io.StringIO(browser.ask("/search.csv").text, newline="")))

    assert 3 == len(lines)
    assert "This is not all: another process" in json.loads(lines[-1])["error"]["problem"]
    assert ["error", "This is not all: another process is writing to it"] == table[-1]
    assert "ended after 2 of 6 articles" in caplog.text


def test_a_long_stream_is_never_in_memory(tmp_path: Path) -> None:
    """20,000 rows of 4 kB are 80 MB; what writes them may grow by a fraction of that."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        text = "The harbour reopened on Monday. " * 125
        keep(archive, *(article(f"https://herald.test/{n}", text=f"{n} {text}", backfill=True) for n in range(500)))
    program = (
        "import resource, sys; from array import array\n"
        "from digest.web import streams\n"
        "most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "def count(times):\n"
        "    ids = array('q', [*range(1, 501)] * times)\n"
        "    return sum(len(piece) for piece in streams.pieces(sys.argv[1], ids, streams.jsonl(True), 'jsonl'))\n"
        "count(1); before = most(); print(count(40), most() - before)"
    )
    command = [sys.executable, "-c", program, url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    written, grown = map(int, done.stdout.split())
    assert written > 80_000_000
    assert grown < 16_000


# Feeds.


def test_the_search_page_names_its_feeds(browser: Browser) -> None:
    links = [each for each in Tags(browser.page("/search?q=harbour+OR+间谍")).all("link") if each["rel"] == "alternate"]

    assert ["application/atom+xml", "application/feed+json"] == [each["type"] for each in links]
    for each in links:
        response = browser.ask(each["href"] or "")
        assert 200 == response.status_code
        assert each["type"] == response.headers["content-type"].split(";")[0]
    assert "alternate" not in browser.ask("/search?q=title:").text


def test_a_feed_holds_what_came_last_as_news(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        keep(archive, *(article(f"https://herald.test/{n}", published_utc=NOW - n * HOUR / 2) for n in range(60)))
        old = article("https://herald.test/old", published_utc=NOW - 90 * DAY, published="2026-08-25T12:00:00Z")
        keep(archive, replace(old, title="Old harbour"))
        archive.articles.withdraw(59, NOW, "gone")
        archive.judgements.mark(58, "irrelevant", "ann", NOW)
        keep(archive, replace(article("https://herald.test/50"), text="Revised."), at=NOW + HOUR)
    browser = Browser(url)
    feed = feedparser.parse(browser.ask("/feeds/search.xml?q=harbour").content)
    items = browser.ask("/feeds/search.json?q=harbour").json()["items"]

    assert 50 == len(feed.entries) == len(items)
    assert [entry.id for entry in feed.entries] == [item["id"] for item in items]
    assert not {"https://herald.test/58", "https://herald.test/57", "https://herald.test/old"} & {
        item["id"] for item in items
    }
    revised = {item["id"]: item.get("date_modified") for item in items}
    assert "2026-11-23T13:00:00Z" == revised["https://herald.test/50"]
    assert "urn:presswatch:harbour" == feed.feed.id


def test_a_feed_is_sent_when_it_has_changed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        keep(archive, article())
    browser, path = Browser(url), "/feeds/search.xml?q=harbour"
    first = browser.ask(path)
    again = browser.ask(path, sent={"if-none-match": first.headers["etag"]})
    with open_archive(url) as archive:
        keep(archive, article("https://herald.test/sport", title="Sport", text="Sport."))
    unrelated = browser.ask(path, sent={"if-none-match": first.headers["etag"]})
    with open_archive(url) as archive:
        keep(archive, article("https://herald.test/b", title="Harbour shut"))
    new = browser.ask(path, sent={"if-none-match": first.headers["etag"]})

    assert [200, 304, 304, 200] == [each.status_code for each in (first, again, unrelated, new)]
    assert 2 == len(feedparser.parse(new.content).entries)


def test_hostile_text_is_escaped_in_feeds(browser: Browser) -> None:
    atom = browser.ask("/feeds/search.xml")

    assert "<script" not in atom.text
    assert {"nosniff"} == {atom.headers["x-content-type-options"]}
    assert HOSTILE in [entry["title"] for entry in browser.ask("/feeds/search.json").json()["items"]]


def test_a_row_of_a_hit_has_all_its_columns(url: str) -> None:
    with open_archive(url) as archive:
        (hit,) = archive.hits("harbour", [1])

    row = dict(zip(exports.FOUND_FIELDS, exports.found_row(hit), strict=True))
    assert (1, "herald", "Harbour reopens after the storm") == (row["id"], row["source"], row["title"])
    assert {"title": ((0, 7),)} == {
        name: tuple(map(tuple, spans)) for name, spans in hit.highlights.items() if name == "title"
    }
