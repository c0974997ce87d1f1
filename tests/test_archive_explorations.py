from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crawler.archive import Archive, open_archive
from tests.archive_sample import DAY, NOW

LIMIT = timedelta(minutes=5)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        yield opened


def state(archive: Archive, id_: str = "a", after: timedelta = timedelta()) -> str:
    found = archive.explorations.get(id_)
    assert found is not None
    return found.state(NOW + after)


def test_an_exploration_runs_until_it_tells_what_it_found(archive: Archive) -> None:
    archive.explorations.begin("a", "herald.test", "ann", NOW, LIMIT)
    assert "running" == state(archive)

    archive.explorations.end("a", NOW, found={"name": "Die Welt \ud83d", "feeds": ["https://herald.test/rss"]})

    found = archive.explorations.get("a")
    assert found is not None
    assert "found" == found.state(NOW + DAY)
    assert ["https://herald.test/rss"] == found.found["feeds"]


def test_one_whose_process_died_is_lost_when_its_time_is_over(archive: Archive) -> None:
    archive.explorations.begin("a", "herald.test", "ann", NOW, LIMIT)

    assert "lost" == state(archive, after=LIMIT)


def test_one_that_failed_tells_why_and_a_later_word_does_not_count(archive: Archive) -> None:
    archive.explorations.begin("a", "herald.test", "ann", NOW, LIMIT)
    archive.explorations.end("a", NOW, fault="nobody is there", reason="connection")
    archive.explorations.end("a", NOW, fault="its process ended with 1")

    found = archive.explorations.get("a")
    assert found is not None
    assert ("failed", "nobody is there", "connection") == (found.state(NOW), found.fault, found.reason)


def test_an_address_is_explored_once_at_a_time(archive: Archive) -> None:
    first = archive.explorations.begin("a", "herald.test", "ann", NOW, LIMIT)

    assert first == archive.explorations.begin("b", "herald.test", "bob", NOW, LIMIT)
    assert "c" == archive.explorations.begin("c", "post.test", "bob", NOW, LIMIT).id
    archive.explorations.end("a", NOW, fault="x")
    assert "d" == archive.explorations.begin("d", "herald.test", "bob", NOW, LIMIT).id


def test_what_was_explored_is_forgotten_after_days(archive: Archive) -> None:
    archive.explorations.begin("a", "herald.test", "ann", NOW, LIMIT)
    archive.explorations.begin("b", "herald.test", "ann", NOW + 3 * DAY, LIMIT)

    assert ["b"] == [each.id for each in archive.explorations.list()]
