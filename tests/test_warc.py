"""WARC files: read however they are packed or broken, taken in without the network, and read again."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import signal
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, Kept, open_archive
from crawler.config import Config, load
from crawler.errors import NoArticle, UsageError
from crawler.extract.workers import Workers
from crawler.importing import (
    ImportReport,
    ReextractReport,
    Wanted,
    import_files,
    import_warc_file,
    read_hosts,
    read_languages,
    read_query,
    reextract,
)
from crawler.importing.wanted import glance, read_written
from crawler.net import bodies
from crawler.raw import RawFolder, RawPage
from crawler.records import Article, Entry, Watch
from crawler.spiders.warc import Capture, Damage, page_of, read_warc
from tests.commands import answer, presswatch
from tests.loopback import article, start_python
from tests.warc_sample import HTML, put, record, story

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIMIT = 1_000_000
GZIP, BROTLI = {"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}


def captures(data: bytes) -> list[Capture]:
    return [found for found in read_warc(io.BytesIO(data), LIMIT) if isinstance(found, Capture)]


def damages(data: bytes) -> list[str]:
    return [str(found) for found in read_warc(io.BytesIO(data), LIMIT) if isinstance(found, Damage)]


def html_of(data: bytes) -> bytes:
    (capture,) = captures(data)
    return page_of(capture, capture.url, LIMIT, NOW).body


URLS = [f"https://x.test/{number}" for number in range(6)]
RECORDS = [record(url, f"<html>{url} {'eels ' * 50 * number}</html>".encode()) for number, url in enumerate(URLS)]
PLAIN = b"".join(RECORDS)
BY_RECORD = b"".join(map(gzip.compress, RECORDS))
#: As bgzip does: members that know nothing of records.
IN_BLOCKS = b"".join(gzip.compress(PLAIN[at : at + 700]) for at in range(0, len(PLAIN), 700))
FORMS = {"plain": PLAIN, "by record": BY_RECORD, "whole": gzip.compress(PLAIN), "in blocks": IN_BLOCKS}


def test_a_query_may_name_a_watch_that_no_crawl_has_brought_into_the_archive(tmp_path: Path) -> None:
    presswatch(tmp_path, "init", "config")
    (tmp_path / "config" / "watches.toml").write_text('[eels]\nquery = "eels"\n')
    put(tmp_path, "a.warc.gz", story("https://quay.example/1", "One"))
    done = answer(tmp_path, "import", "a.warc.gz", "--query", "watch:eels -One", "--json")

    assert {"not asked for": 1} == done["dropped"]


def test_what_workers_are_told_may_be_longer_than_any_query_that_is_typed() -> None:
    watches = {name: " OR ".join(f"{name}word{number}" for number in range(400)) for name in ("sea", "quay", "eel")}
    wanted = Wanted(node=read_query("(watch:sea OR watch:quay) -watch:eel lang:en", watches))

    assert wanted == read_written(json.loads(json.dumps(wanted.written())))
    assert Wanted() == read_written(json.loads(json.dumps(Wanted().written())))


@pytest.mark.parametrize("form", FORMS)
def test_every_way_of_packing_gives_the_same_pages(form: str) -> None:
    assert URLS == [capture.url for capture in captures(FORMS[form])]
    assert captures(PLAIN) == captures(FORMS[form])
    assert damages(FORMS[form]) == []


def test_bodies_come_out_as_the_reader_of_the_page_saw_them() -> None:
    text = b"<html>Eels are back</html>"
    chunked = b"5\r\n<html\r\n15;x=y\r\n>Eels are back</html>\r\n0\r\n\r\n"
    for body, headers in (
        (text, HTML),
        (gzip.compress(text), HTML | {"Content-Encoding": "gzip"}),
        (zlib.compress(text), HTML | {"Content-Encoding": "deflate"}),
        (brotli.compress(text), HTML | {"Content-Encoding": "br"}),
        (bodies.zstd.compress(text), HTML | {"Content-Encoding": "zstd"}),
        (chunked, HTML | {"Transfer-Encoding": "chunked"}),
        (text, HTML | {"Transfer-Encoding": "chunked"}),  # a tool undid it and left the header
        (text, HTML | {"Content-Encoding": "gzip"}),
        (text, {}),
        (text, {"Content-Type": "application/octet-stream"}),
    ):
        assert html_of(record("https://x.test/", body, headers=headers)) == text, headers


@pytest.mark.parametrize(
    ("reason", "made"),
    [
        ("not html", record("https://x.test/robots.txt", b"User-agent: *\n", headers={"Content-Type": "text/plain"})),
        ("not html", record("https://x.test/feed", b"<rss><title>x</rss>", headers={"Content-Type": "text/xml"})),
        ("not html", record("https://x.test/i", b"\x89PNG\r\n\x1a\n", headers={"Content-Type": "image/png"})),
        ("not found", record("https://x.test/", status="404 Not Found")),
        ("http status", record("https://x.test/", b"moved", status="301 Moved")),
        ("server error", record("https://x.test/", status="503 Oh")),
        ("empty", record("https://x.test/", b" ")),
        ("connection", record("https://x.test/", WARC_Truncated="length")),
        ("connection", record("https://x.test/", headers=HTML | {"Content-Length": "900"})),
        ("connection", record("https://x.test/", b"5\r\n<html", headers=HTML | {"Transfer-Encoding": "chunked"})),
        ("connection", record("https://x.test/", brotli.compress(b"<p>" * 99)[:-2], headers=HTML | BROTLI)),
        ("too large", record("https://x.test/", b"<html>" + b"x" * 2 * LIMIT)),
        ("too large", record("https://x.test/", gzip.compress(b"\0" * 3 * LIMIT), headers=HTML | GZIP)),
    ],
)  # fmt: skip
def test_what_is_no_page_says_why(reason: str, made: bytes) -> None:
    (capture,) = captures(made)
    with pytest.raises(NoArticle) as why:
        page_of(capture, capture.url, LIMIT, NOW)

    assert why.value.reason == reason


def test_a_capture_that_points_to_another_is_told_as_a_duplicate() -> None:
    (capture,) = captures(record("https://x.test/r", b"", kind="revisit"))
    with pytest.raises(NoArticle) as why:
        page_of(capture, capture.url, LIMIT, NOW)

    assert (capture.url, why.value.reason) == ("https://x.test/r", "duplicate")


def test_only_responses_count(capsys: pytest.CaptureFixture[str]) -> None:
    request = record("https://x.test/", b"", status="GET / HTTP/1.1", kind="request")
    data = request + record("https://x.test/r", b"", kind="metadata") + RECORDS[1] + request

    assert [URLS[1]] == [capture.url for capture in captures(data)]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("form", FORMS)
def test_of_a_file_that_ends_early_the_whole_records_are_read(form: str) -> None:
    data = FORMS[form]
    for left in range(0, len(data), max(1, len(data) // 40)):
        found = captures(data[:left])

        assert captures(data)[: len(found)] == found
        assert len(found) >= (len(URLS) * left // len(data)) - 3 or form == "whole"


def test_members_whose_headers_have_a_checksum_are_read_however_they_are_cut() -> None:
    """ISA-L takes them for damaged where a header goes on in another piece of the file."""

    def packed(text: bytes) -> bytes:
        head = b"\x1f\x8b\x08" + bytes((2 | 8, 0, 0, 0, 0, 0, 3)) + b"name.warc" * 900 + b"\0"
        whole = gzip.compress(text, mtime=0)
        return head + zlib.crc32(head).to_bytes(4, "little")[:2] + whole[10:]

    records = [record(f"https://a.example/{number}") for number in range(9)]
    found = read_warc(io.BytesIO(b"".join(map(packed, records))), LIMIT)

    assert [f"https://a.example/{number}" for number in range(9)] == [getattr(each, "url", each) for each in found]


def with_length(made: bytes, length: bytes) -> bytes:
    return re.sub(rb"(?<=\nContent-Length: )[0-9]+", length, made, count=1)


def pages_and_damages(data: bytes) -> tuple[list[int], list[str]]:
    found = list(read_warc(io.BytesIO(data), 10_000_000))
    pages = [int(each.url.rpartition("/")[2]) for each in found if isinstance(each, Capture)]
    return pages, [each.text for each in found if isinstance(each, Damage)]


@pytest.mark.parametrize("length", [b"90000", b"1500000", b"20000000"])
@pytest.mark.parametrize("every", [60, 20])
def test_a_length_that_leads_into_another_record_costs_only_its_own(length: bytes, every: int) -> None:
    made = [record(f"https://x.test/{number}", b"<html>Eels" + b" " * 3_000) for number in range(60)]
    wrong = range(2, 60, every)
    made = [with_length(each, length) if number in wrong else each for number, each in enumerate(made)]
    filling = record("https://x.test/60", b"<html>Eels" + b" " * 24_000_000)
    pages, damages = pages_and_damages(b"".join((*made, filling)))

    assert [number for number in range(61) if number not in wrong] == pages
    assert len(wrong) == len(damages)
    for number, told in zip(wrong, damages, strict=True):
        behind = len(b"".join(made[:number])) + made[number].index(b"\r\n\r\n") + 4
        assert f"the length of the record at byte {behind} leads into another one; looked for the next one" == told


def test_a_page_that_quotes_a_record_is_kept_whatever_stands_behind_it() -> None:
    quoting = record("https://x.test/0", b"<pre>\nWARC/1.0\nWARC-Type: response\nContent-Length: 0\n\n")
    broken = record("https://x.test/1").replace(b"WARC/1.0", b"CRAW/1.0")

    assert [0, 2] == pages_and_damages(quoting + broken + record("https://x.test/2"))[0]
    assert [0] == pages_and_damages(quoting + bytes(1_000))[0]


def test_a_packed_file_whose_beginning_is_torn_off_costs_only_its_first_record() -> None:
    packed = b"".join(gzip.compress(record(f"https://a.example/{n}")) for n in range(4))
    plain = b"".join(record(f"https://a.example/{n}", gzip.compress(b"Eels"), headers=HTML | GZIP) for n in range(4))
    wanted = [f"https://a.example/{n}" for n in (1, 2, 3)]

    assert wanted == [capture.url for capture in captures(packed[50:])]
    assert wanted == [capture.url for capture in captures(plain[50:])], "the gzip in it is that of its pages"
    assert [1, 1] == [len(damages(packed[50:])), len(damages(plain[50:]))]


def test_a_broken_record_costs_only_itself() -> None:
    for victim in range(len(RECORDS)):
        packed = [gzip.compress(each) for each in RECORDS]
        broken = bytearray(packed[victim])
        broken[len(broken) // 2] ^= 0xFF
        packed[victim] = bytes(broken)
        cut = [gzip.compress(each) for each in RECORDS]
        cut[victim] = cut[victim][: len(cut[victim]) // 2]
        lying = [each.replace(b"\r\nContent-Length: ", b"\r\nContent-Length: 9", 1) if number == victim else each
                 for number, each in enumerate(RECORDS)]  # fmt: skip
        short = [each.replace(b"\r\nContent-Length: ", b"\r\nContent-Length: 0 ", 1) if number == victim else each
                 for number, each in enumerate(RECORDS)]  # fmt: skip
        others = [url for number, url in enumerate(URLS) if number != victim]
        for data in (packed, cut, list(map(gzip.compress, lying)), list(map(gzip.compress, short)), short):
            whole = b"".join(data)

            assert others == [capture.url for capture in captures(whole) if capture.url != URLS[victim]]
            assert damages(whole)


CHANGES = ("flip", "cut", "insert", "repeat")


def goes_on_alike(data: bytes) -> None:
    """From behind each capture and damage on, a file reads as it does when it is read through."""
    whole = list(read_warc(io.BytesIO(data), LIMIT))
    for number, found in enumerate(whole, start=1):
        rest = list(read_warc(io.BytesIO(data), LIMIT, found.after))

        assert whole[number:] == rest, found


@pytest.mark.parametrize("form", FORMS)
def test_reading_goes_on_behind_any_record(form: str) -> None:
    goes_on_alike(FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_reading_goes_on_behind_any_damage(form: str) -> None:
    for at in range(0, len(FORMS[form]), 211):
        broken = bytearray(FORMS[form])
        broken[at] ^= 0x55
        goes_on_alike(bytes(broken))
        goes_on_alike(FORMS[form][:at] + FORMS[form][at + 60 :])


@given(
    st.sampled_from(sorted(FORMS)),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(CHANGES), st.binary(max_size=40)), max_size=6),
)
@settings(max_examples=400, deadline=2000)
def test_no_damage_stops_the_reading(form: str, changes: list[tuple[float, str, bytes]]) -> None:
    data = bytearray(FORMS[form])
    for place, kind, extra in changes:
        at = int(place * len(data))
        if kind == "flip" and at < len(data):
            data[at] ^= 0x55
        elif kind == "cut":
            del data[at : at + 100]
        elif kind == "repeat":
            data[at:at] = data[at : at + 500]
        else:
            data[at:at] = extra
    for found in read_warc(io.BytesIO(bytes(data)), LIMIT):
        if isinstance(found, Capture):
            try:
                page_of(found, found.url, LIMIT, NOW)
            except NoArticle:
                continue


@pytest.mark.parametrize(
    "made",
    [
        lambda: b"",
        lambda: b"\x1f\x8b",
        lambda: b"not a warc at all\n" * 100_000,
        lambda: b"\x1f\x8b\x08\0" * 200_000,
        lambda: gzip.compress(b"") * 100_000,
        lambda: gzip.compress(b"\0" * 200_000_000),
        lambda: gzip.compress(b"WARC/1.0\r\n" + b"A: b\r\n" * 2_000_000),
        lambda: gzip.compress(
            b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999999999\r\n\r\n" + b"\0" * 10**8
        ),
        lambda: b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\n" * 20_000,
        lambda: b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999999999\r\n\r\n" * 5_000,
        lambda: b"\nWARC/" * 500_000,
        lambda: b"WARC/1.0\r\n" + b"x" * 5_000_000,
    ],
    ids=range(12),
)
def test_hostile_files_end_soon(made: Callable[[], bytes]) -> None:
    data = made()
    begun = time.process_time()
    pages = captures(data)

    assert [capture for capture in pages if capture.block] == []
    assert time.process_time() - begun < 10


def test_a_bomb_is_left_where_it_begins() -> None:
    data = gzip.compress(RECORDS[1]) + gzip.compress(b"\0" * 100_000_000) + gzip.compress(RECORDS[2])

    assert any("a bomb" in each for each in damages(data))
    assert URLS[1:3] == [capture.url for capture in captures(data)]


# Into an archive


@pytest.fixture
def config(tmp_path: Path) -> Config:
    folder = tmp_path / "config"
    folder.mkdir()
    for file in ("presswatch.toml", "digests.toml"):
        (folder / file).write_text("")
    (folder / "watches.toml").write_text("[eels]\nquery = 'eels'\n")
    (folder / "sources.toml").write_text(
        '[quay]\nname = "The Quay"\nhomepage = "https://quay.example/"\n'
        '[persian]\nname = "Quay Persian"\nhomepage = "https://fa.quay.example/"\n'
        '[tide]\nname = "The Tide"\nhomepage = "https://www.example.org/"\n'
    )
    return load(folder)


def bring(archive: Archive, config: Config, *files: Path, source: str = "") -> ImportReport:
    archive.watches.sync([Watch("eels", "eels")], NOW)
    return import_files(archive, config, files, NOW, source=source)


def test_pages_become_articles_of_their_sources_and_no_news(tmp_path: Path, config: Config) -> None:
    file = put(
        tmp_path,
        "a.warc.gz",
        story("https://quay.example/1", "One"),
        story("https://fa.quay.example/2", "Two"),
        story("https://live.example.org/3", "Three"),
        story("https://elsewhere.test/4", "Four"),
        story("https://quay.example/1?utm_source=x", "One"),
        record("https://quay.example/robots.txt", b"User-agent: *", headers={"Content-Type": "text/plain"}),
        record("https://quay.example/none", b"<html><body></body></html>"),
        record("dns:quay.example", b"x"),
    )
    plain = tmp_path / "b.warc"
    plain.write_bytes(story("https://quay.example/5", "Five", WARC_Date="2999-01-01T00:00:00Z"))
    with open_archive("sqlite://") as archive:
        report = bring(archive, config, file, plain)
        articles = {each.title: each for each in archive.articles.many(range(1, 20))}
        mentions = archive.watches.mentions("eels")
        changes = archive.changes.since(0)
        done = bring(archive, config, file, plain)
        again = import_files(archive, config, [file, plain], NOW, again=True)

    assert {name: each.source for name, each in articles.items()} == {
        "One": "quay", "Two": "persian", "Three": "tide", "Four": "elsewhere.test", "Five": "quay",
    }  # fmt: skip
    assert (report.kept, report.unchanged, report.faults) == (5, 1, ())
    assert report.dropped == {"not html": 1, "no article": 1, "address refused": 1}
    assert len(mentions) == 5
    assert all(change.backfill for change in changes)
    assert (done.kept, done.unchanged, done.done_before) == (0, 0, (f"{file}: 2026-11-23", f"{plain}: 2026-11-23"))
    assert (again.kept, again.unchanged, again.done_before) == (0, 6, ())


def test_what_is_known_stays_as_it_is(tmp_path: Path, config: Config) -> None:
    """Nobody knows which of two texts from elsewhere is the later one."""
    first = put(tmp_path, "a.warc.gz", story("https://quay.example/1", "One"))
    other = put(tmp_path, "b.warc.gz", story("https://quay.example/1", "Another"))
    with open_archive("sqlite://") as archive:
        bring(archive, config, first)
        report = bring(archive, config, other)
        found = archive.articles.get(1)

    assert (report.kept, report.revised, report.unchanged) == (0, 0, 1)
    assert found is not None
    assert (found.title, found.revision) == ("One", 1)


def test_a_source_can_be_said_and_must_be_known(tmp_path: Path, config: Config) -> None:
    file = put(tmp_path, "a.warc.gz", story("https://elsewhere.test/4", "Four"))
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"title": "Lines", "text": "Some text."}\n')
    with open_archive("sqlite://") as archive:
        report = bring(archive, config, file, lines, source="persian")

        assert report.kept == 2
        assert {each.source for each in archive.articles.many(range(1, 9))} == {"persian"}
        with pytest.raises(UsageError, match=r"nobody.*persian, quay, tide"):
            bring(archive, config, file, source="nobody")


def test_an_article_known_from_its_feed_only_is_completed(tmp_path: Path, config: Config) -> None:
    file = put(tmp_path, "a.warc.gz", story("https://quay.example/1", "One"))
    lead = Article("https://quay.example/1", "quay", "One", "The feed says so.", completeness="lead", language="en")
    with open_archive("sqlite://") as archive:
        archive.articles.keep([Kept(lead)], NOW)
        report = bring(archive, config, file)
        found = archive.articles.get(lead.url)
        revisions = archive.articles.revisions(1)
        kinds = [change.kind for change in archive.changes.since(0)]

    assert (report.kept, report.completed) == (0, 1)
    assert found is not None
    assert (found.completeness, found.id) == ("full", 1)
    assert [(each.kind, each.text) for each in revisions] == [("corrected", "The feed says so.")]
    assert kinds == ["new", "corrected"]


def test_of_damaged_files_what_is_readable_is_kept_and_the_damage_told(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    for name in ("presswatch", "sources", "watches", "digests"):
        (tmp_path / "config" / f"{name}.toml").write_text("")
    records = [story(f"https://quay.example/{number}", f"Title {number}") for number in range(4)]
    file = put(tmp_path, "a.warc.gz", *records)
    file.write_bytes(file.read_bytes()[:-100])
    noise = tmp_path / "noise.warc.gz"
    noise.write_bytes(random.Random(1).randbytes(5000))
    done = presswatch(tmp_path, "import", "a.warc.gz", "noise.warc.gz")

    assert done.stdout.startswith("3 kept, 0 revised, 0 known already, ")
    assert "a.warc.gz: byte" in done.stdout
    assert "noise.warc.gz: byte" in done.stdout
    assert "no such file" in presswatch(tmp_path, "import", "b.warc", code=2).stderr
    put(tmp_path, "c.warc.gz", story("https://quay.example/c", "C"))
    assert "b.warc: there is no such file" in presswatch(tmp_path, "import", "c.warc.gz", "b.warc", code=2).stderr
    assert presswatch(tmp_path, "import", "c.warc.gz").stdout.startswith("1 kept")  # nothing was begun before


def test_a_file_in_which_nothing_is_says_so(tmp_path: Path) -> None:
    put(tmp_path, "asked.warc.gz", record("https://quay.example/1", b"", status="GET / HTTP/1.1", kind="request"))
    for name in ("a.warc.gz", "b.jsonl", "c.paths"):
        (tmp_path / name).write_bytes(b"")
    done = answer(tmp_path, "import", "asked.warc.gz", "a.warc.gz", "b.jsonl", "c.paths", "--json")
    put(tmp_path, "b.warc.gz", story("https://quay.example/1", "One"))

    assert done["faults"] == [
        "b.jsonl: no line is in it", "c.paths: no file is named in it", "asked.warc.gz: no page is in it",
        "a.warc.gz: no page is in it",
    ]  # fmt: skip
    assert answer(tmp_path, "import", "b.warc.gz", "--query", "cranes", "--json")["faults"] == []


def test_an_import_that_was_killed_goes_on(tmp_path: Path, config: Config) -> None:
    many = 120
    file = put(tmp_path, "a.warc.gz", *(story(f"https://quay.example/{n}", f"Title {n}") for n in range(many)))
    script = """
import sys
from pathlib import Path
from digest.cli import main
sys.argv = ["presswatch", "--config", sys.argv[1], "--archive", sys.argv[2], "import", sys.argv[3]]
main()
"""
    address = f"sqlite:///{tmp_path / 'a.db'}"
    process = start_python(script, str(config.folder), address, str(file))
    begun = time.monotonic()
    kept = 0
    while not kept and process.poll() is None and time.monotonic() < begun + 60:
        time.sleep(0.05)
        if (tmp_path / "a.db").exists():
            with open_archive(address) as archive:
                kept = archive.articles.count()
    process.send_signal(signal.SIGKILL)
    with process:
        process.communicate()
    with open_archive(address) as archive:
        half = archive.articles.count()
        report = bring(archive, config, file)
        whole = archive.articles.count()

    assert 0 < half < many
    assert (report.kept, report.unchanged, report.went_on) == (many, 0, (str(file),))
    assert whole == many


class Weighing(Workers):
    """Workers that note how many pages are handed over to be glanced at."""

    handed: list[int]

    def call_now(self, function: Callable[..., Any], *args: Any) -> Any:
        if function is glance:
            self.handed.append(len(args[0]))
        return super().call_now(function, *args)


def test_large_pages_are_glanced_at_few_at_a_time(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [story(f"https://quay.example/{number}", f"Story {number}") for number in range(7)]
    file = put(tmp_path, "a.warc.gz", *stories)
    (size,) = {
        len(each.block or b"") for each in read_warc(io.BytesIO(b"".join(stories)), LIMIT) if isinstance(each, Capture)
    }
    monkeypatch.setattr("crawler.importing.warc._LARGE", 2 * size)
    wanted = Wanted(node=read_query("lighthouse", {}))
    with Weighing(1) as workers, open_archive(f"sqlite:///{tmp_path}/a.db") as archive:
        workers.handed = []
        report = import_warc_file(archive, config, file, NOW, wanted=wanted, workers=workers)

    assert [1, 2, 2, 2] == sorted(workers.handed)
    assert {"not asked for": 7} == report.counts.dropped


STOPPING = """
import os, signal, sys
from pathlib import Path
from datetime import datetime, UTC
from crawler.archive import open_archive
from crawler.archive.imports import Imports
from crawler.config import load
from crawler.importing import import_warc_file

left, note = int(sys.argv[4]), Imports.note

def stopping(self, one, now):
    global left
    note(self, one, now)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

Imports.note = stopping
if __name__ == "__main__":
    with open_archive(sys.argv[2]) as archive:
        import_warc_file(archive, load(Path(sys.argv[1])), Path(sys.argv[3]), datetime(2026, 11, 23, 12, tzinfo=UTC))
"""


def everything(archive: Archive) -> list[tuple[str, str, str]]:
    return [(each.url, each.title, each.text) for each in archive.articles.many(range(1, 1000))]


def test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path, config: Config) -> None:
    """Killed just before what it keeps is committed, which is then done again, and at any time."""
    records = [story(f"https://quay.example/{n}", f"Title {n}") for n in range(150)]
    for at in range(0, 150, 7):
        records[at] = record(f"https://quay.example/none/{at}", status="404 Not Found")
    records[40] = records[41][:-50]
    file = put(tmp_path, "a.warc.gz", *records, records[3])
    address = f"sqlite:///{tmp_path / 'a.db'}"
    for kill in (1, 2, 3):
        with start_python(STOPPING, str(config.folder), address, str(file), str(kill)) as process:
            process.communicate()
        assert -signal.SIGKILL == process.returncode, "it was to be killed"
    with open_archive(address) as archive, open_archive("sqlite://") as other:
        resumed, whole = bring(archive, config, file), bring(other, config, file)

        assert replace(resumed, went_on=()) == whole
        assert everything(archive) == everything(other)
    assert (whole.kept, whole.unchanged) == (150 - 22 - 1, 1)
    assert whole.dropped == {"not found": 22, "damaged": 1}
    assert resumed.went_on == (str(file),)


def test_an_import_ends_when_it_is_done_and_not_when_it_began(tmp_path: Path, config: Config) -> None:
    file = put(tmp_path, "a.warc.gz", story("https://quay.example/1", "One"))
    with open_archive("sqlite://") as archive:
        bring(archive, config, file)
        (told,) = archive.imports.last()

    assert told.ended is not None
    assert NOW <= told.begun < told.ended
    assert told.begun < told.changed


def test_a_file_that_has_changed_begins_anew(tmp_path: Path, config: Config) -> None:
    one, two = (story(f"https://quay.example/{n}", f"Title {n}") for n in (1, 2))
    file = put(tmp_path, "a.warc.gz", one)
    with open_archive("sqlite://") as archive:
        bring(archive, config, file)
        put(tmp_path, "a.warc.gz", one, two)
        report = bring(archive, config, file)

    assert (report.kept, report.unchanged, report.done_before, report.went_on) == (1, 1, (), ())


# What is wanted


def test_a_file_that_was_damaged_is_read_again(tmp_path: Path, config: Config) -> None:
    noise = random.Random(1).randbytes(100_000)
    pages = [
        story(f"https://quay.example/{n}", f"Title {n}", WARC_Noise=noise[n * 9_000 :][:9_000].hex()) for n in range(9)
    ]
    file = put(tmp_path, "a.warc.gz", *pages)
    whole = file.read_bytes()
    with open_archive("sqlite://") as archive:
        middle = len(whole) // 2
        file.write_bytes(whole[: middle - 100] + bytes(200) + whole[middle + 100 :])
        damaged = import_warc_file(archive, config, file, NOW)
        file.write_bytes(whole)
        mended = import_warc_file(archive, config, file, NOW)
        again = import_warc_file(archive, config, file, NOW)

    assert damaged.counts.dropped["damaged"] > 0
    assert (damaged.counts.kept + mended.counts.kept, mended.counts.dropped) == (9, {})
    assert again.done_before is not None


def test_what_is_not_wanted_says_why(tmp_path: Path, config: Config) -> None:
    french = article(
        "Les anguilles", "Les anguilles sont revenues dans le port, disent les pêcheurs de la région. " * 4
    )
    file = put(
        tmp_path,
        "a.warc.gz",
        story("https://quay.example/eels", "Eels are back"),
        story("https://fa.quay.example/below", "Also eels"),
        story("https://notquay.example/other", "Other eels"),
        story("https://quay.example/cranes", "Cranes of steel"),
        story("https://quay.example/old", "Old eels", WARC_Date="2018-01-01T00:00:00Z"),
        record("https://quay.example/fr", french.encode()),
        record("https://quay.example/gone", status="404 Not Found"),
        record("https://quay.example/revisit", b"", kind="revisit"),
    )
    (tmp_path / "hosts").write_text("# ours\nQuay.example.  # and below\n\n")
    wanted = Wanted(
        read_hosts(tmp_path / "hosts"),
        ("en",),
        datetime(2019, 1, 1, tzinfo=UTC),
        node=read_query("(eels OR anguilles) -cranes", {}),
    )
    with open_archive("sqlite://") as archive:
        report = import_files(archive, config, [file], NOW, wanted=wanted)
        titles = {each.title for each in archive.articles.many(range(1, 20))}
        other = import_files(archive, config, [file], NOW, wanted=replace(wanted, hosts=frozenset()))

    assert titles == {"Eels are back", "Also eels"}
    assert report.dropped == {
        "other host": 1, "not asked for": 1, "too old": 1, "language": 1, "not found": 1, "duplicate": 1,
    }  # fmt: skip
    assert (other.kept, other.unchanged, other.went_on) == (1, 2, ()), "who wants something else reads it again"


def test_pages_of_sources_that_a_query_does_not_mean_are_not_looked_at(tmp_path: Path, config: Config) -> None:
    nothing = record("https://www.example.org/1", b"no page", headers={"Content-Type": "image/png"})
    file = put(tmp_path, "a.warc.gz", story("https://quay.example/1", "One"), nothing)
    wanted = Wanted(node=read_query("source:quay eels", {}))
    with open_archive("sqlite://") as archive:
        report = import_warc_file(archive, config, file, NOW, wanted=wanted)

    assert (report.counts.kept, report.counts.dropped) == (1, {"not asked for": 1})


def test_what_was_published_before_is_dropped_whenever_it_was_captured(tmp_path: Path, config: Config) -> None:
    def dated(day: str) -> bytes:
        page = article("Eels", "Eels came back to the quay and stayed there. ")
        return page.replace("<head>", f'<head><meta property="article:published_time" content="{day}">').encode()

    days = ("2019-11-05", "2019-11-05T23:59:00Z", "2019-11-06", "2019-11-06T00:00:00Z")
    file = put(tmp_path, "a.warc.gz", *(record(f"https://quay.example/{day}", dated(day)) for day in days))
    with open_archive("sqlite://") as archive:
        report = import_files(archive, config, [file], NOW, wanted=Wanted(since=datetime(2019, 11, 6, tzinfo=UTC)))
        kept = {each.published for each in archive.articles.many(range(1, 9))}

    assert report.dropped == {"too old": 2}
    assert len(kept) == 2


@pytest.mark.parametrize(
    "line", ["https://quay.example/", "quay example", "-", "a..b", "quay.example/x", "*.quay.example"]
)
def test_a_line_that_is_no_host_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "hosts").write_text(f"quay.example\n{line}\n")

    with pytest.raises(UsageError, match=r"hosts:2: .* is no host"):
        read_hosts(tmp_path / "hosts")


def test_what_is_only_known_of_kept_articles_cannot_be_asked_of_pages() -> None:
    with pytest.raises(UsageError, match="copies: is known only of articles that are kept"):
        read_query("eels copies:no", {})
    with pytest.raises(UsageError, match="no code of a language"):
        read_languages("zh,english!")


def test_languages_are_named_by_codes_that_there_are() -> None:
    with pytest.raises(UsageError, match="there is no language 'xx', wanted codes of ISO 639 such as zh,en"):
        read_languages("zh,xx")
    with pytest.raises(UsageError, match="there is no language 'qq-Latn'"):
        read_languages("qq-Latn")

    assert read_languages("zh-Hant, en,zh, pt_BR,iw,cn,prs,yue,tl") == ("zh", "en", "pt", "he", "prs", "yue", "fil")
    assert read_languages("") == ()
    with pytest.raises(UsageError, match="names no language"):
        read_languages(" , ")


def test_a_language_of_three_letters_is_that_of_two_by_which_articles_know_it() -> None:
    assert read_languages("eng,deu,chi,zho,als") == ("en", "de", "zh", "als")


def test_a_list_names_files_and_what_is_not_there_is_told(tmp_path: Path, config: Config) -> None:
    folder = tmp_path / "crawl-data" / "2019"
    folder.mkdir(parents=True)
    put(folder, "a.warc.gz", story("https://quay.example/1", "One"))
    put(tmp_path, "b.warc.gz", story("https://quay.example/2", "Two"))
    names = ["crawl-data/2019/a.warc.gz", "crawl-data/2019/b.warc.gz", "crawl-data/2019/c.warc.gz", "../a.warc.gz"]
    (tmp_path / "warc.paths.gz").write_bytes(gzip.compress("\n".join(names).encode()))
    elsewhere = tmp_path / "lists"
    elsewhere.mkdir()
    (elsewhere / "warc.paths").write_text(names[0])
    done = presswatch(tmp_path, "import", "warc.paths.gz", code=3)
    there = answer(tmp_path, "import", "lists/warc.paths", "--under", ".", "--again", "--json")

    assert done.stdout.startswith("2 kept")
    assert "c.warc.gz: there is no such file" in done.stdout
    assert "line 4" in done.stdout
    assert (there["unchanged"], there["missing"]) == (1, [])


def test_the_command_takes_what_is_wanted(tmp_path: Path) -> None:
    put(tmp_path, "a.warc.gz", *(story(f"https://quay.example/{name}", name) for name in ("Cranes", "Boats")))
    (tmp_path / "hosts.txt").write_text("quay.example\n")
    options = "--hosts", "hosts.txt", "--languages", "en", "--query", "cranes", "--since", "2019"
    done = presswatch(tmp_path, "import", "a.warc.gz", *options)
    again = presswatch(tmp_path, "import", "a.warc.gz", *options)

    assert done.stdout.startswith("1 kept, 0 revised, 0 known already, 0 refused\nno article: 1 not asked for")
    assert "imported already, --again reads it again: a.warc.gz" in again.stdout
    assert (
        "a.warc.gz: cannot be read"
        in presswatch(tmp_path, "import", "a.warc.gz", "--hosts", "a.warc.gz", code=2).stderr
    )


# Reading again


@pytest.fixture
def read(tmp_path: Path, config: Config) -> tuple[Archive, RawFolder]:
    """An archive whose articles were cleaned badly: the text has a line that is none, the author is missing."""
    raw = RawFolder(tmp_path / "raw")
    archive = open_archive("sqlite://")
    archive.watches.sync([Watch("eels", "eels"), Watch("banner", "donate")], NOW)
    for number in range(3):
        url = f"https://quay.example/{number}"
        body = article(f"Title {number}", f"Eels came back, says number {number}. ").encode()
        (ref,) = raw.append([RawPage(url, url, 200, {"content-type": "text/html"}, body, NOW)])
        text = "Donate now to keep this page."
        made = Article(url, "quay", f"Title {number}", text, extractor_version="old", raw_ref=ref, tags=("harbour",))
        archive.articles.keep([Kept(made, mentions=archive.watches.match(made, None, NOW))], NOW)
    return archive, raw


def again(archive: Archive, config: Config, raw: RawFolder, *keys: str) -> ReextractReport:
    return reextract(archive, config, raw, NOW, keys or None)


def test_reading_again_corrects_and_is_no_news(read: tuple[Archive, RawFolder], config: Config) -> None:
    archive, raw = read
    archive.judgements.correct_authors(1, ["Anna Reed"], "desk", NOW)
    archive.judgements.correct_date(1, "2026-11-20", "desk", NOW)
    archive.judgements.tag(1, ["mine"], "desk", NOW)
    before, seq = archive.articles.get(1), archive.changes.last()
    with archive:
        report = again(archive, config, raw)
        found = archive.articles.get(1)
        (earlier,) = archive.articles.revisions(1)
        changes = archive.changes.since(seq)
        second = again(archive, config, raw)
        mentions = {name: len(archive.watches.mentions(name)) for name in ("eels", "banner")}
        hits = archive.count("eels", NOW), archive.count("donate", NOW)

    assert (report.articles, report.corrected, report.left, report.faults) == (3, 3, {}, [])
    assert found is not None
    assert before is not None
    assert found.text.startswith("Eels came back, says number 0.")
    assert (earlier.kind, earlier.text) == ("corrected", "Donate now to keep this page.")
    assert earlier.reason.startswith("read again from its raw page by presswatch-")
    assert (found.authors, found.published) == (("Anna Reed",), "2026-11-20")
    assert "mine" in found.tags
    assert (found.raw_ref, found.last_checked, found.first_seen) == (before.raw_ref, before.last_checked, NOW)
    assert {change.kind for change in changes} == {"corrected"}
    assert mentions == {"eels": 3, "banner": 0}
    assert hits == (3, 0)
    assert (second.corrected, second.unchanged) == (0, 3)


def test_what_cannot_be_read_again_stays_and_is_told(read: tuple[Archive, RawFolder], config: Config) -> None:
    archive, raw = read
    raw.erase(["https://quay.example/1"])
    with archive:
        report = again(archive, config, raw, "quay")
        stays = archive.articles.get(2)
        with pytest.raises(UsageError, match="nobody"):
            again(archive, config, raw, "nobody")

    assert (report.corrected, len(report.faults)) == (2, 1)
    assert stays is not None
    assert stays.text.startswith("Donate")


def test_a_page_that_gives_less_than_is_kept_changes_nothing(
    tmp_path: Path, read: tuple[Archive, RawFolder], config: Config
) -> None:
    archive, raw = read
    (ref,) = raw.append([RawPage("https://q.test/", "https://q.test/", 200, {}, b"<html><p></p></html>", NOW)])
    with archive:
        archive._store.execute("UPDATE articles SET raw_ref = ? WHERE id = 1", (ref,))
        report = again(archive, config, raw)
        stays = archive.articles.get(1)

    assert sum(report.left.values()) == 1
    assert stays is not None
    assert stays.text.startswith("Donate")


def test_a_revision_without_a_raw_page_does_not_keep_the_old_one(read: tuple[Archive, RawFolder]) -> None:
    """Read again from the page of an earlier text, the publisher's own change would be undone."""
    archive, _ = read
    with archive:
        old = archive.articles.get(1)
        assert old is not None
        archive.articles.keep([Kept(replace(old, raw_ref=None))], NOW)
        same = archive.articles.get(1)
        archive.articles.keep([Kept(replace(old, text="Another text altogether.", raw_ref=None))], NOW)
        other = archive.articles.get(1)

    assert same is not None
    assert same.raw_ref == old.raw_ref
    assert other is not None
    assert (other.text, other.raw_ref) == ("Another text altogether.", None)


def test_the_feed_entry_helps_again_when_a_page_is_read_again(tmp_path: Path, config: Config) -> None:
    raw = RawFolder(tmp_path / "raw")
    url = "https://quay.example/1"
    body = article("One", "Eels came back. ").encode()
    (ref,) = raw.append([RawPage(url, url, 200, {"content-type": "text/html"}, body, NOW)])
    with open_archive("sqlite://") as archive:
        archive.pages.queue("quay", [Entry(url, "One", published="2026-11-20T10:00:00Z")], NOW)
        archive.articles.keep([Kept(Article(url, "quay", "One", "Badly cleaned.", raw_ref=ref))], NOW)
        again(archive, config, raw)
        found = archive.articles.get(url)

    assert found is not None
    assert found.published is not None
    assert found.published.startswith("2026-11-20T10:00")


def test_the_command_says_when_there_is_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "Lines", "text": "Some text."}\n')
    presswatch(tmp_path, "import", "a.jsonl")
    done = presswatch(tmp_path, "reextract")

    assert "No article here has a raw page in presswatch-raw." in done.stdout
    assert answer(tmp_path, "reextract", "--json")["articles"] == 0
