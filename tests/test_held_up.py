"""What waits for the archive is told once, and once that it goes on."""

from __future__ import annotations

import pytest

from crawler.errors import ArchiveAway, ArchiveFull
from digest.held_up import HeldUp

AWAY, FULL = ArchiveAway("the server does not answer"), ArchiveFull("no room")
WAITS, OVER = "the server does not answer; waiting for it", "the server answers again; going on"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def held(said: list[str]) -> HeldUp:
    return HeldUp(said.append, said.append)


def test_a_second_outage_is_told(held: HeldUp, said: list[str]) -> None:
    held.waits("digest", AWAY)
    held.waits("crawl", AWAY)
    held.goes_on("crawl")
    held.goes_on("digest")
    held.waits("crawl", AWAY)

    assert [WAITS, OVER, WAITS] == said


def test_what_fails_for_another_reason_does_not_tell_that_a_server_answers_nor_keep_others_from_it(
    held: HeldUp, said: list[str]
) -> None:
    held.waits("digest", AWAY)
    held.waits("crawl", AWAY)
    held.goes_on("crawl")
    held.failed("digest")
    held.goes_on("watch")  # which has never asked for the archive
    told = [*said]
    held.goes_on("crawl")
    held.failed("digest")

    assert ([WAITS], [WAITS, OVER]) == (told, said)


def test_what_waited_for_room_and_for_a_server_has_both(held: HeldUp, said: list[str]) -> None:
    held.waits("crawl", FULL)
    held.waits("crawl", AWAY)
    held.goes_on("crawl")

    assert ["no room; waiting for room", WAITS, "there is room again; going on", OVER] == said
