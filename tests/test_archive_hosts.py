from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive import Archive, Robots, Wait, open_archive
from tests.archive_sample import DAY, HOUR, LEASE, NOW, turn


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        yield opened


def test_a_turn_is_taken_by_one(archive: Archive) -> None:
    turn(archive, "herald.test")

    second = archive.hosts.take("herald.test", NOW, LEASE)

    assert isinstance(second, Wait)
    assert NOW < second.until <= NOW + LEASE


def test_two_processes_share_the_gate(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/press.db"
    with open_archive(address) as one, open_archive(address) as other:
        taken = turn(one, "herald.test")
        assert isinstance(other.hosts.take("herald.test", NOW, LEASE), Wait)

        one.hosts.done(taken, NOW, 60)

        assert Wait(NOW + HOUR / 60) == other.hosts.take("herald.test", NOW, LEASE)
        turn(other, "herald.test", NOW + HOUR / 60)


def test_a_hold_is_never_shortened(archive: Archive) -> None:
    archive.hosts.hold("herald.test", NOW + DAY, "429 with Retry-After")
    archive.hosts.hold("herald.test", NOW + HOUR, "503")

    assert Wait(NOW + DAY) == archive.hosts.take("herald.test", NOW, LEASE)
    assert {"herald.test": (NOW + DAY, "429 with Retry-After")} == archive.hosts.held(NOW)
    assert {} == archive.hosts.held(NOW + DAY)


def test_robots_are_kept_byte_for_byte(archive: Archive) -> None:
    robots = Robots("herald.test", b"User-agent: *\xff\r\nDisallow: /x", 200, NOW, NOW + DAY, "as it came")
    archive.hosts.keep_robots(replace(robots, body=None, status=0))
    archive.hosts.keep_robots(robots)

    assert robots == archive.hosts.robots("herald.test")
    assert archive.hosts.robots("post.test") is None
