from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler import page_lines
from crawler.config import Config
from crawler.errors import NoArticle
from crawler.extract import workers
from crawler.extract.workers import WorkerFault
from crawler.source_finder import SourceFinder

TEXT = "".join(f"<p>Sentence {at} tells of the harbour, of its boats and of their crews.</p>" for at in range(9))
PAGE = f"<html><body><article><h1>Harbour reopens</h1>{TEXT}</article></body></html>"


@pytest.fixture(autouse=True)
def _inside_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    owners = page_lines.Owners(SourceFinder(Config(folder=Path())), date(2026, 11, 28))
    monkeypatch.setattr(workers, "_shared", owners)


def answered(line: bytes | str | dict[str, Any], folder: Path = Path(), number: int = 7) -> dict[str, Any]:
    given = json.dumps(line) if isinstance(line, dict) else line
    told = page_lines.answer(number, given.encode() if isinstance(given, str) else given, str(folder))
    assert told.count(b"\n") == 1
    assert len(told.decode().splitlines()) == 1
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.mark.parametrize(
    ("line", "url", "said"),
    [
        ("{", "", "Expecting property name"),
        ('{"url": "http://a.example/", "html": "<p>', "", "Unterminated string"),
        ("null", "", "found null, wanted an object"),
        ("[1]", "", "found a list, wanted an object"),
        ("7", "", "found a number, wanted an object"),
        ('{"url": 7, "html": "<p>"}', "", '"url" is a number, wanted a string'),
        ('{"url": "http://a.example/", "html": 7}', "http://a.example/", '"html" is a number, wanted a string'),
        ('{"url": "http://a.example/", "file": ["a"]}', "http://a.example/", '"file" is a list, wanted a string'),
        ('{"url": "http://a.example/"}', "http://a.example/", 'neither "html" nor "file" is there'),
        ('{"url": "http://a.example/", "html": null}', "http://a.example/", 'neither "html" nor "file" is there'),
        ('{"url": "http://a.example/", "file": "a\\u0000b"}', "http://a.example/", "null byte"),
        ("[" * 100_000, "", "nested too deeply"),
        (b"\xff\xfe{}", "", "can't decode byte 0xff"),
        (b"\x00\x00", "", "Expecting value"),
        ('{"html": ' + "9" * 5_000 + "}", "", "Exceeds the limit"),
    ],
)
def test_a_bad_line_gets_its_number_and_what_is_wrong(line: str | bytes, url: str, said: str) -> None:
    told = answered(line)

    assert {"url", "error"} == set(told)
    assert url == told["url"]
    assert told["error"].startswith('line 7 is no {"url","html"|"file"}: ')
    assert said in told["error"]


@pytest.mark.parametrize(("name", "said"), [("nowhere.html", "No such file"), (".", "directory")])
def test_a_file_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, name: str, said: str) -> None:
    told = answered({"url": "http://a.example/1", "file": name}, tmp_path)

    assert told["url"] == "http://a.example/1"
    assert told["error"].startswith("line 7: ")
    assert said in told["error"] or sys.platform == "win32"


def test_a_page_is_read_from_the_line_or_from_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    in_line = answered({"url": "http://a.example/1", "html": PAGE})
    in_file = answered({"url": "http://a.example/1", "html": None, "file": "page.html"}, tmp_path)

    assert in_line == in_file
    assert in_line["title"] == "Harbour reopens"
    assert in_line["words"] == 9 * 13
    assert len(in_line["text_sha256"]) == 64


def test_the_first_line_may_begin_with_a_mark_of_its_encoding() -> None:
    line = json.dumps({"url": "http://a.example/1", "html": PAGE}).encode("utf-8-sig")

    assert "Harbour reopens" == answered(line)["title"]


def test_a_page_without_an_address_stays_without() -> None:
    assert "" == answered({"html": PAGE})["url"]


def test_halves_of_characters_in_pages_and_addresses_break_no_line() -> None:
    """JSON-LD may write \\ud800, which no output can hold."""
    elsewhere = {"name": "Wire \ud800", "url": "http://wire.example/\ud800"}
    said = {"@type": "NewsArticle", "headline": "Harbour \ud800 reopens", "publisher": elsewhere, "image": "/\ud800"}
    script = f'<head><script type="application/ld+json">{json.dumps(said)}</script></head><body>'
    told = answered({"url": "http://a.example/\ud800", "html": PAGE.replace("<body>", script)})

    assert ("http://a.example/%EF%BF%BD", "Harbour reopens") == (told["url"], told["title"])


def test_what_ends_a_line_for_some_is_escaped() -> None:
    record = {"url": "", "error": "a\u2028b\u2029c\x85d\ud800e\n"}
    line = page_lines.written(record)

    assert 1 == len(line.decode().splitlines())
    assert record | {"error": "a\u2028b\u2029c\x85d?e\n"} == json.loads(line)


def test_control_characters_are_in_no_field_as_in_the_archive() -> None:
    said = json.dumps({"@type": "NewsArticle", "headline": "Harbour\x00 reopens", "author": "Ann\x01 Other"})
    page = PAGE.replace("<h1>Harbour reopens</h1>", "").replace(
        "<body>", f'<head><script type="application/ld+json">{said}</script></head><body>'
    )
    told = answered({"url": "http://a.example/1", "html": page})

    assert ("Harbour reopens", ["Ann Other"]) == (told["title"], told["authors"])


def test_a_page_without_an_article_is_told_with_its_address_and_the_reason_first() -> None:
    line = json.dumps({"url": "http://a.example/1", "html": "<html><body></body></html>"}).encode()
    with pytest.raises(NoArticle) as raised:
        page_lines.answer(1, line, "")
    told = page_lines.fault_answer(line, WorkerFault(raised.value.reason, ""))

    assert {"url": "http://a.example/1", "error": "no article: no article text was found on the page"} == json.loads(
        told
    )


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"[" * 100_000])
def test_a_fault_on_a_line_that_cannot_be_read_is_told_without_an_address(line: bytes) -> None:
    told = json.loads(page_lines.fault_answer(line, WorkerFault("workers died", "nine times")))

    assert {"url": "", "error": "workers died: nine times"} == told


def test_empty_and_overlong_lines_are_answered_without_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_lines, "LONGEST_LINE", 2**20)
    empty, long, fit = (page_lines.without_answer(3, line) for line in (b" \r", b"x" * (2**20 + 1), b"x" * 2**20))

    assert {"url": "", "error": "line 3 is empty"} == json.loads(empty or b"")
    assert {"url": "", "error": 'line 3 is longer than 1 MB: give its page as "file"'} == json.loads(long or b"")
    assert fit is None
