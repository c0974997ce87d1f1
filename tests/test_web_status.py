"""The page that tells how everything stands: calm when all is well, and to whom it names what."""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from crawler.archive import FileIdentity, Poll
from crawler.records import Delivery, Edition
from digest import incidents, notice
from digest.incidents import Incident
from digest.web import application
from digest.web.call import Visitor
from tests import warm
from tests.archive_sample import DAY, HOUR, LEASE, NOW, article, keep
from tests.commands import presswatch
from tests.newsroom import Newsroom, words

PLANS = '[morning]\nat = "07:00"\ntimezone = "UTC"\n'


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = Newsroom(tmp_path, plans=PLANS)
    with made.archive() as archive:
        keep(archive, article(), at=NOW - HOUR)
        for key in ("herald", "post"):
            archive.sources.pause(key, NOW)
        run = archive.runs.claim("crawl", "2026-11-23T11:00:00Z", NOW - HOUR, timedelta(minutes=5))
        assert run is not None
        archive.runs.finish(run, "done", "3 new, 1 not kept: 1 not found", NOW - HOUR + timedelta(seconds=42))
    return made


def as_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))


def test_one_sentence_tells_that_all_is_well(room: Newsroom) -> None:
    page = words(room.page("/status"))

    assert "All is well: no service runs, and nothing is overdue; the archive last changed 60 min ago." in page
    assert "attention" not in page
    assert "done at 23 Nov 2026, 11:00 UTC after 42 s: 3 new, 1 not kept: 1 not found" in page
    assert "1 article, 1 in the last 24 h; 0 stories" in page
    assert "morning: next 2026-11-24 07:00 UTC" in page
    assert "2: 2 paused" in page


def test_imports_of_late_are_told(room: Newsroom) -> None:
    with room.archive() as archive:
        begun = archive.imports.begin(FileIdentity("a.warc.gz", 100, "digest"), "", NOW)
        archive.imports.note(replace(begun, offset=40, counts={"kept": 3}), NOW)

    assert "Imports a.warc.gz: 40 % read; 3 kept, 0 known already" in words(room.page("/status"))


def test_not_all_is_well_where_sources_do_not_answer(room: Newsroom) -> None:
    with room.archive() as archive:
        archive.sources.resume("herald", NOW)
        channel = archive.channels.claim(1, NOW, LEASE)
        assert channel is not None
        failing = replace(channel, last_polled=NOW, next_poll=NOW + HOUR, state="failing", failures=9)
        archive.channels.polled(failing, Poll(NOW, "failed", 503, "503"), [], NOW)

    page = words(room.page("/status"))

    assert "No alarm: no service runs, and nothing is overdue;" in page
    assert "1 of 2 sources do not answer as usual" in page
    assert "All is well" not in page


def test_what_needs_attention_stands_first_with_its_age(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.now = NOW + 5 * DAY
    with room.archive() as archive:
        run = archive.runs.claim(notice._NOTICE, "stored @ 2026-11-26T12:00:00Z", NOW + 3 * DAY, timedelta(minutes=5))
        assert run is not None
        archive.runs.finish(run, "done", "No article was stored", NOW + 3 * DAY)

    page = words(room.page("/status"))

    assert "All is well" not in page
    assert page.index("needs attention") < page.index("No article was stored since 2026-11-23 11:00 UTC")
    assert "(noticed 2 days ago)" in page
    assert page.index("(noticed 2 days ago)") < page.index("Pages on their way")


def _deliver(room: Newsroom) -> None:
    """Let a delivery fail for good."""
    edition = Edition(0, "morning", "2026-11-23", 0, 1, NOW - HOUR, "final", "Morning")
    parcel = Delivery(0, 0, "morning", "2026-11-23", "ann@reader.test", "email", "<1@press.test>", b"")
    with room.archive() as archive:
        archive.editions.commit(edition, [parcel], None, NOW - HOUR)
        for claimed in archive.outbox.claim(NOW, timedelta(minutes=5)):
            archive.outbox.failed(claimed, "550 no such user in /var/mail", None, NOW)


def test_an_editor_is_told_who_was_not_reached(room: Newsroom) -> None:
    _deliver(room)

    page = words(room.page("/status"))

    assert "did not reach ann@reader.test: 550 no such user" in page


def test_a_reader_is_told_neither_addresses_nor_folders(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    _deliver(room)
    as_reader(monkeypatch)

    page = room.page("/status")

    assert "A delivery did not reach its recipient." in page
    assert "ann@reader.test" not in page
    assert "/var/mail" not in page
    assert str(room.folder.parent) not in page


@pytest.mark.parametrize("role", ["editor", "reader"])
def test_a_configuration_that_cannot_be_read_is_told(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    room.file("digests").write_text("[morning\n", encoding="utf-8")
    if role == "reader":
        as_reader(monkeypatch)

    page = room.page("/status")

    assert "The configuration cannot be read just now" in page
    assert (str(room.folder) in page) is (role == "editor")


def test_every_incident_has_words_for_readers(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [
        "disk",
        "service",
        "stored",
        "network",
        "digest morning",
        "draft morning",
        "delivery",
        "dead email a@b.test",
    ]
    monkeypatch.setattr(incidents, "find", lambda *_: [Incident(kind, f"Text of {kind}.") for kind in kinds])
    as_reader(monkeypatch)

    page = words(room.page("/status"))

    assert "8 things need attention" in page
    assert "The digest morning was not made in time." in page
    assert "a@b.test" not in page
    assert "Something needs an editor's attention" not in page


def with_dead_deliveries(room: Newsroom) -> int:
    """Let a mail and a web hook die; give the number of the edition."""
    edition = Edition(0, "morning", "2026-11-23", 0, 1, NOW - HOUR, "final", "Morning")
    wanted = (("eve@press.test", "email"), ("https://hooks.test/T0/SECRET", "webhook"), ("/srv/digests", "files"))
    rows = [Delivery(0, 0, "morning", "2026-11-23", to, how, f"<{how}@d>", b"") for to, how in wanted]
    with room.archive() as archive:
        archive.editions.commit(edition, rows, None, NOW - HOUR)
        made = archive.editions.find("morning", "2026-11-23")
        assert made is not None
        for delivery in archive.outbox.claim(NOW, timedelta(minutes=5)):
            archive.outbox.failed(delivery, f"{delivery.recipient}: mail.test answered 550 no eve", None, NOW)
        run = archive.runs.claim("prune", "now", NOW - HOUR, timedelta(minutes=5))
        assert run is not None
        archive.runs.finish(run, "failed", "/srv/archive is full", NOW)
    return made.id


def test_a_reader_is_told_no_addresses_and_no_words_of_what_failed(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = with_dead_deliveries(room)
    paths = ("/api/v1/status", f"/digests/{edition}/about", "/status", "/metrics")
    editors = [room.page(path) for path in paths]
    as_reader(monkeypatch)
    readers = [room.page(path) for path in paths]

    assert ["eve@press.test" in page for page in editors] == [True, True, True, False]
    for path, page in zip(paths, readers, strict=True):
        for secret in ("eve@press.test", "SECRET", "no eve", "/srv"):
            assert secret not in page, path
    told = json.loads(readers[0])
    assert {"e…@press.test", "https://hooks.test/…", "the plan's folder"} == {
        each["recipient"] for each in told["outbox"]["dead"]
    }
    assert {"dead"} <= {each["kind"] for each in told["attention"]}
    assert "e…@press.test" in readers[1]


def test_a_page_without_a_configuration_tells_that(tmp_path: Path, room: Newsroom) -> None:
    (room.folder / "presswatch.toml").unlink()

    assert "The configuration cannot be read" in room.page("/status")


def test_who_has_just_begun_is_served_before_the_first_crawl(tmp_path: Path) -> None:
    presswatch(tmp_path, "init", "config")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with warm.module("digest.cli", "serve", "--port", str(port), cwd=tmp_path, env=dict(os.environ)) as process:
        try:
            pages = [_answer(f"http://127.0.0.1:{port}{path}") for path in ("/status", "/watches", "/sources")]
        finally:
            process.terminate()
            process.communicate(timeout=20)

    for page, told in zip(pages, ("All is well", "No search is saved yet", "There are no sources yet"), strict=True):
        assert told in page


def _answer(url: str) -> str:
    """Ask a server that may still be starting."""
    until = time.monotonic() + 30
    while True:
        try:
            return words(httpx.get(url, trust_env=False).raise_for_status().text)
        except httpx.ConnectError:
            assert time.monotonic() < until
            time.sleep(0.1)
