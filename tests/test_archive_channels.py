from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.archive import Archive, Poll, Queued, open_archive
from crawler.errors import LeaseLost
from crawler.records import Channel
from tests.archive_sample import DAY, HERALD, HOUR, LEASE, NOW, POST, entries


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW, every=1_800.0)
        yield opened


def claim(archive: Archive, id_: int = 1) -> Channel:
    channel = archive.channels.claim(id_, NOW, LEASE)
    assert channel is not None
    return channel


def due(archive: Archive, at_hours: float = 0, *, everything: bool = False) -> list[str]:
    return [channel.source for channel in archive.channels.due(NOW + at_hours * HOUR, everything=everything)]


def test_a_new_channel_is_due_at_once(archive: Archive) -> None:
    assert ["herald", "post"] == due(archive)
    assert ["post"] == [channel.source for channel in archive.channels.due(NOW, ["post"])]
    assert [1_800.0, "new"] == [claim(archive).interval, claim(archive, 2).state]


def test_what_a_poll_brought_is_kept_all_together(archive: Archive) -> None:
    channel = replace(
        claim(archive),
        etag='W/"a b"', last_modified="Mon, 23 Nov 2026 11:00:00 GMT", body_sha256="ff", interval=900.0,
        next_poll=NOW + HOUR, last_polled=NOW, last_ok=NOW, newest_entry=NOW - HOUR, state="ok",
    )  # fmt: skip
    poll = Poll(NOW, "ok", 200, "", 3, 0, 0.25)

    queued = archive.channels.polled(channel, poll, entries("https://herald.test/a", "https://herald.test/a"), NOW)

    assert Queued(1, 0) == queued
    assert channel == archive.channels.get(1)
    assert [replace(poll, new=1)] == archive.channels.polls(1)
    assert (["post"], ["herald", "post"]) == (due(archive), sorted(due(archive, 1)))


def test_a_channel_is_polled_by_one(archive: Archive) -> None:
    claim(archive)

    assert archive.channels.claim(1, NOW, LEASE) is None
    assert ["post"] == due(archive)


def test_a_claim_whose_poller_died_is_free_again_and_its_result_refused(archive: Archive) -> None:
    dead = claim(archive)
    assert archive.channels.claim(1, NOW + LEASE, LEASE) is not None

    with pytest.raises(LeaseLost, match="somebody else polled it"):
        archive.channels.polled(replace(dead, etag="old"), Poll(NOW, "ok"), entries("https://herald.test/a"), NOW)

    assert [None, {}, []] == [archive.channels.of("herald")[0].etag, archive.pages.counts(), archive.channels.polls(1)]


def test_a_released_channel_can_be_claimed(archive: Archive) -> None:
    archive.channels.release(claim(archive))

    assert ["herald", "post"] == due(archive)


def test_everything_ignores_the_interval_but_not_what_the_server_asked_for(archive: Archive) -> None:
    waiting = replace(claim(archive), next_poll=NOW + DAY)
    held = replace(claim(archive, 2), next_poll=NOW + HOUR, held_until=NOW + DAY)
    for channel in (waiting, held):
        archive.channels.polled(channel, Poll(NOW, "ok"), [], NOW)

    assert ([], ["herald"]) == (due(archive), due(archive, everything=True))
    assert ["herald", "post"] == sorted(due(archive, 24))


def test_a_channel_that_is_gone_is_not_asked_again(archive: Archive) -> None:
    archive.channels.polled(replace(claim(archive), state="gone"), Poll(NOW, "gone", 410), [], NOW)

    assert ["post"] == due(archive, 24, everything=True)


def test_a_channel_that_moved_keeps_its_new_address_over_the_next_sync(archive: Archive) -> None:
    moved = replace(claim(archive), url="https://herald.test/feed", state="ok")
    archive.channels.polled(moved, Poll(NOW, "ok"), [], NOW)

    archive.sources.sync([replace(HERALD, name="Herald"), POST], NOW + HOUR)

    assert ["https://herald.test/feed"] == [channel.url for channel in archive.channels.of("herald")]


def test_channels_that_lead_to_one_address_are_polled_once(archive: Archive) -> None:
    archive.sources.sync([replace(HERALD, feeds=("https://herald.test/rss", "https://herald.test/feed"))], NOW)
    old = next(channel for channel in archive.channels.of("herald") if channel.url.endswith("rss"))
    moved = replace(claim(archive, old.id), url="https://herald.test/feed", state="ok", next_poll=NOW)

    archive.channels.polled(moved, Poll(NOW, "ok"), [], NOW)

    assert ["https://herald.test/feed"] == [channel.url for channel in archive.channels.due(NOW, everything=True)]
    kept = archive.channels.get(old.id)
    assert kept is not None
    assert "moved" == kept.state


def test_what_a_feed_asked_for_is_remembered(archive: Archive) -> None:
    due = archive.channels.due(NOW)[0]
    claimed = archive.channels.claim(due.id, NOW, LEASE)
    assert claimed is not None
    archive.channels.polled(replace(claimed, wishes="ttl=7200"), Poll(NOW, "ok", 200, "", 0, 0, 0.1), [], NOW)

    found = archive.channels.get(due.id)
    assert found is not None
    assert "ttl=7200" == found.wishes
