"""An archive that was written when the clock was ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive, Poll, open_archive
from tests.archive_sample import HERALD, HOUR, LEASE, NOW, POST, entries
from tests.clockwork import Clockwork, Story, clockwork, feed
from tests.commands import presswatch
from tests.loopback import address

YEARS = timedelta(days=3 * 365)
AHEAD = NOW + YEARS


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clockwork]:
    with clockwork(tmp_path_factory.mktemp("clockwork")) as found:
        yield found


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW)
        yield opened


def poll(archive: Archive, key: str, **changes: object) -> None:
    """Poll the channel of a source when the clock is years ahead."""
    (channel,) = archive.channels.of(key)
    claimed = archive.channels.claim(channel.id, AHEAD, LEASE)
    assert claimed is not None
    after = {"state": "ok", "last_polled": AHEAD, "last_ok": AHEAD, "next_poll": AHEAD + HOUR, **changes}
    archive.channels.polled(
        replace(claimed, **after),  # type: ignore[arg-type]
        Poll(AHEAD, "ok", 200),
        entries(f"https://{key}.test/a"),
        AHEAD,
    )


def test_it_is_told_and_planned_anew_when_a_person_says_that_the_clock_is_right(
    works: Clockwork, tmp_path: Path
) -> None:
    story = Story(works, tmp_path / "ahead", "ahead", answers={"/feed": feed("1")})
    assert story.visit(3 * 365 * 24)
    story.hours = 0.0

    assert [] == story.visit(2)
    health = story.health()
    with story.archive() as archive:
        assert "2029-11-22" in archive.ahead(story.now)
        assert archive.take_back(story.now)
        assert "" == archive.ahead(story.now)

    assert ("late", "it was last asked at a time to come") == (health.state, health.note)
    assert story.visit()
    assert "ok" == story.health().state


def test_nothing_is_taken_back_from_an_archive_whose_times_are_past(archive: Archive) -> None:
    poll(archive, "herald")

    assert ("", False) == (archive.ahead(AHEAD), archive.take_back(AHEAD))
    assert "1095 days ahead" in archive.ahead(NOW)


def test_what_waits_for_a_time_to_come_can_be_had_and_what_does_not_stays(archive: Archive) -> None:
    archive.hosts.hold("post.test", NOW + 9 * HOUR, "answered 429")
    poll(archive, "herald")
    assert archive.pages.lease(AHEAD, LEASE), "which takes its host, too"
    assert archive.runs.claim("morning", "2029-11-22", AHEAD, LEASE)

    archive.take_back(NOW)

    (channel,) = archive.channels.of("herald")
    assert (channel.next_poll, channel.last_polled, channel.last_ok) == (NOW, NOW, NOW)
    assert [channel.id] == [each.id for each in archive.channels.due(NOW, ["herald"])]
    assert archive.pages.lease(NOW, LEASE)
    assert archive.runs.claim("morning", "2029-11-22", NOW, LEASE)
    (held,) = archive.channels.standing(NOW).held
    assert ("post.test", NOW + 9 * HOUR) == (held.what, held.until), "it was asked for by a clock that was right"


def test_a_pause_that_was_asked_for_keeps_its_length(archive: Archive) -> None:
    archive.hosts.hold("herald.test", AHEAD + 5 * HOUR, "answered 429")
    archive.hosts.hold_address("https://post.test/rss", AHEAD + 7 * HOUR, AHEAD)
    poll(archive, "herald", held_until=AHEAD + 2 * HOUR)

    archive.take_back(NOW)

    assert [("herald.test", NOW + 5 * HOUR), ("https://post.test/rss", NOW + 7 * HOUR)] == [
        (held.what, held.until) for held in archive.channels.standing(NOW).held
    ]


def test_doctor_tells_of_it_and_mends_it(tmp_path: Path) -> None:
    with open_archive(address(tmp_path)) as archive:
        archive.sources.sync([HERALD], NOW)
        (channel,) = archive.channels.of("herald")
        archive.channels.claim(channel.id, AHEAD, LEASE)
    command = ("--archive", address(tmp_path), "doctor")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "presswatch.toml").write_text("")
    (tmp_path / "config" / "sources.toml").write_text("")

    told = presswatch(tmp_path, *command, code=None)
    mended = presswatch(tmp_path, *command, "--clock-is-right", code=None)

    assert "warning  clock: the archive was last written at 2029-11-21" in told.stdout
    assert "planned anew" in mended.stderr
    assert "clock" not in mended.stdout
