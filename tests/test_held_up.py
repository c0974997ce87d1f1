"""What waits for the archive is told once, and once that it goes on."""

from __future__ import annotations

from crawler.errors import ArchiveAway, ArchiveFull
from digest.held_up import HeldUp

AWAY, FULL = ArchiveAway("the server does not answer"), ArchiveFull("no room")


def test_a_second_outage_is_told_though_something_failed_otherwise_after_the_first() -> None:
    said: list[str] = []
    held = HeldUp(said.append, said.append)
    held.waits("digest", AWAY)
    held.waits("crawl", AWAY)
    held.goes_on("crawl")
    held.goes_on("digest")
    held.waits("crawl", AWAY)

    waits, over = "the server does not answer; waiting for it", "the server answers again; going on"
    assert [waits, over, waits] == said


def test_what_waits_for_a_server_no_longer_waits_for_room() -> None:
    said: list[str] = []
    held = HeldUp(said.append, said.append)
    held.waits("crawl", FULL)
    held.waits("crawl", AWAY)
    held.goes_on("crawl")

    assert ["no room; waiting for room", "the server does not answer; waiting for it"] == said[:2]
    assert ["the server answers again; going on"] == said[2:]
