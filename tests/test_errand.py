"""What is fetched outside of a visit keeps the turns, delays and pauses of the archive that crawls use."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from crawler import errand
from crawler.archive import open_archive
from crawler.errors import ArchiveBusy
from tests.commands import presswatch
from tests.loopback import Reply, Web, address, article, configure, outlet

HOUR = timedelta(hours=1)


@dataclass
class Desk:
    """A folder with a configuration, and the web that it sees."""

    folder: Path
    web: Web

    def held(self, host: str) -> datetime:
        """Let a host be held by what a crawl has learned."""
        until = datetime.now(UTC) + 5 * HOUR
        with open_archive(address(self.folder)) as archive:
            archive.hosts.hold(host, until, "answered 429")
        return until


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    pages = {"/a": Reply(article("Alone"))}
    with Web(good=outlet("good", pages)) as web:
        configure(tmp_path / "config", web, "good", crawl='delay = "0s"')
        yield Desk(tmp_path, web)


@pytest.mark.parametrize(
    "command",
    [
        ("extract", "http://good.example/a"),
        ("source", "test", "http://good.example/feed"),
        ("source", "add", "http://good.example/feed", "--key", "again"),
    ],
)
def test_a_host_that_asked_for_a_pause_is_not_asked_by_a_command_either(desk: Desk, command: tuple[str, ...]) -> None:
    until = desk.held("good.example")

    told = presswatch(desk.folder, "--archive", address(desk.folder), *command, code=1)

    assert [] == desk.web.seen
    assert f"good.example is not to be asked before {until:%Y-%m-%d %H:%M}" in told.stderr


def test_a_pause_that_a_command_is_asked_for_is_kept_by_crawls(desk: Desk) -> None:
    with open_archive(address(desk.folder)):
        pass
    desk.web.hosts["good.example"] = lambda seen: Reply("", 429, {"Retry-After": "7200"})

    presswatch(desk.folder, "--archive", address(desk.folder), "extract", "http://good.example/a", code=1)

    with open_archive(address(desk.folder)) as archive:
        assert ["good.example"] == list(archive.hosts.held(datetime.now(UTC) + 1.9 * HOUR))
        assert 429 == getattr(archive.hosts.robots("good.example"), "status", None)


def test_a_page_is_read_without_an_archive_and_none_is_made(desk: Desk) -> None:
    presswatch(desk.folder, "extract", "http://good.example/a")

    assert ["config"] == [path.name for path in desk.folder.iterdir()]


def test_where_the_archive_cannot_be_written_its_pauses_are_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.held("good.example")
    with open_archive(address(desk.folder)) as archive:
        now = datetime.now(UTC)
        archive.hosts.hold_address("http://good.example/feed", now + HOUR, now)
    monkeypatch.setattr(errand.os, "access", lambda _, mode: mode != os.W_OK)

    with errand._hosts_of(address(desk.folder)) as found:
        held = found.call(lambda archive: archive.hosts.held(now))
        addresses = found.call(lambda archive: archive.hosts.held_addresses(now))
        path = found.call(lambda archive: archive.path)

    assert ({"good.example"}, {"http://good.example/feed"}, None) == (set(held), set(addresses), path)


def test_a_look_at_a_source_waits_seconds_for_whoever_holds_the_archive_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(errand, "_LONGEST_HELD", 0.01)
    open_archive(address(desk.folder)).close()
    with closing(sqlite3.connect(str(desk.folder / "archive.db"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with errand._hosts_of(address(desk.folder)) as found, pytest.raises(ArchiveBusy, match="try again when it has"):
            asyncio.run(found.run(lambda archive: archive.hosts.take("herald.test", datetime.now(UTC), HOUR)))

    assert caplog.messages == [], "nobody waits any longer"
