from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from crawler.archive import Archive, Poll, Queued, open_archive
from crawler.archive.schema import migrations
from crawler.archive.sqlite import open_store
from crawler.errors import LeaseLost
from crawler.polling.deciding import STRAYED
from crawler.records import Channel, Entry
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
    assert replace(channel, since=NOW) == archive.channels.get(1)
    assert [replace(poll, new=1)] == archive.channels.polls(1)
    assert (["post"], ["herald", "post"]) == (due(archive), sorted(due(archive, 1)))


LONG = [Entry(f"https://herald.test/{number}", updated="2026-11-23T10:00:00Z") for number in range(5_000)]


def test_a_long_list_is_looked_up_before_and_written_in_short_transactions(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'press.db'}")) as store:
        archive = Archive(store)
        archive.sources.sync([HERALD], NOW)
        for again in range(2):
            claimed = archive.channels.claim(1, NOW + again * DAY, LEASE)
            assert claimed is not None
            *ahead, last = archive.pages.sift("herald", LONG).portions()
            statements: list[str] = []
            store.db.conn.set_trace_callback(statements.append)
            new = sum(archive.channels.serve(claimed, portion, NOW).new for portion in ahead)
            queued = archive.channels.polled(claimed, Poll(NOW, "ok", 200, entries=5_000), last, NOW, served=new)
            store.db.conn.set_trace_callback(None)
            held = "\n".join(statements).split("COMMIT")

            assert max(part.count("INSERT") for part in held) == (1 if again else 2_000)
            assert max(part.count("SELECT") + part.count("UPDATE") for part in held) <= 10
            assert (5_000 - again * 5_000, again * 5_000) == (queued.new, queued.known)
        assert [5_000, 0] == [poll.new for poll in archive.channels.polls(1)][::-1]


def test_a_poll_that_is_killed_between_its_portions_has_kept_no_validator_and_loses_nothing(archive: Archive) -> None:
    before = claim(archive)
    first, *_ = archive.pages.sift("herald", LONG).portions()
    archive.channels.serve(before, first, NOW)

    later = archive.channels.claim(before.id, NOW + LEASE, LEASE)
    assert later is not None
    assert (before.etag, before.body_sha256, before.last_ok) == (later.etag, later.body_sha256, later.last_ok)
    with pytest.raises(LeaseLost):
        archive.channels.serve(before, first, NOW)
    archive.channels.polled(later, Poll(NOW, "ok", 200), LONG, NOW)
    assert {"herald": {"queued": 5_000}} == archive.pages.counts()


def test_a_channel_is_polled_by_one(archive: Archive) -> None:
    claim(archive)

    assert archive.channels.claim(1, NOW, LEASE) is None
    assert ["post"] == due(archive)


def test_two_who_found_a_channel_due_at_once_poll_it_once(archive: Archive) -> None:
    one, other = (archive.channels.due(NOW)[0] for _ in range(2))
    taken = archive.channels.claim(one.id, NOW, LEASE, seen=one.token)
    assert taken is not None
    archive.channels.polled(replace(taken, next_poll=NOW + DAY), Poll(NOW, "ok", 200), [], NOW)

    assert archive.channels.claim(other.id, NOW, LEASE, seen=other.token) is None
    (again,) = (channel for channel in archive.channels.due(NOW + DAY) if channel.id == one.id)
    assert archive.channels.claim(again.id, NOW + DAY, LEASE, seen=again.token) is not None


def test_a_channel_is_not_claimed_before_its_server_allows_it(archive: Archive) -> None:
    """Its Retry-After may have been learned since it was found to be due."""
    first, second = claim(archive), claim(archive, 2)
    held = replace(first, next_poll=NOW, held_until=NOW + HOUR)
    archive.channels.polled(held, Poll(NOW, "failed", 429), [], NOW)
    archive.channels.release(second)

    assert archive.channels.claim(1, NOW + HOUR - HOUR / 3_600, LEASE) is None
    assert archive.channels.claim(2, NOW, LEASE) is not None
    assert archive.channels.claim(1, NOW + HOUR, LEASE) is not None


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


def merged(archive: Archive) -> tuple[Channel, Channel]:
    """Let the first of two channels move to where the second one stands; give both."""
    archive.sources.sync([replace(HERALD, feeds=("https://herald.test/rss", "https://herald.test/feed"))], NOW)
    archive.channels.polled(
        replace(claim(archive), state="ok", last_ok=NOW), Poll(NOW, "ok"), entries("https://herald.test/a"), NOW
    )
    later = archive.channels.claim(1, NOW + LEASE, LEASE)
    assert later is not None
    moved = replace(
        later, url="https://herald.test/feed", state="moved", note="moved for good", etag='"new"', last_ok=NOW + HOUR,
        last_polled=NOW + HOUR, next_poll=NOW + DAY, newest_entry=NOW, moved_at=NOW + HOUR,
    )  # fmt: skip
    archive.channels.polled(moved, Poll(NOW + HOUR, "ok"), entries("https://herald.test/b"), NOW + HOUR)
    old, new = archive.channels.get(1), next(c for c in archive.channels.of("herald") if c.id != 1)
    assert old is not None
    return old, new


def test_what_a_merged_channel_knew_goes_on_with_the_other_one(archive: Archive) -> None:
    old, new = merged(archive)

    assert (new.id, None) == (old.merged_into, old.next_poll)
    assert ('"new"', "ok", NOW + HOUR, NOW, NOW + DAY) == (
        new.etag, new.state, new.last_ok, new.newest_entry, new.next_poll,
    )  # fmt: skip
    assert ["ok", "ok"] == [poll.outcome for poll in archive.channels.polls(new.id)]
    assert [] == archive.channels.polls(old.id)
    pages = [archive.pages.find(f"https://herald.test/{name}") for name in "ab"]
    assert [new.id, new.id] == [page.channel for page in pages if page]


def test_a_merged_channel_makes_its_source_neither_moved_nor_late(archive: Archive) -> None:
    merged(archive)

    (found,) = archive.sources.health(NOW + HOUR)

    assert ("ok", 1) == (found.state, len(found.channels))


def test_a_merged_channel_is_polled_again_when_the_other_one_leaves_the_configuration(archive: Archive) -> None:
    old, _ = merged(archive)

    archive.sources.sync([HERALD], NOW + DAY)

    assert [(old.id, None, NOW + DAY)] == [
        (channel.id, channel.merged_into, channel.next_poll) for channel in archive.channels.of("herald")
    ]


SHARED = "https://herald.test/shared"


def led_to_one(archive: Archive) -> Channel:
    """Let both channels of a source be led for good to a third address; give the one that is asked there."""
    archive.sources.sync([replace(HERALD, feeds=("https://herald.test/rss", "https://herald.test/feed"))], NOW)
    for channel in archive.channels.due(NOW):
        led = replace(claim(archive, channel.id), url=SHARED, state="moved", moved_at=NOW, next_poll=NOW + HOUR)
        archive.channels.polled(led, Poll(NOW, "ok"), [], NOW)
    (asked,) = archive.channels.due(NOW, everything=True)
    return asked


@pytest.mark.parametrize(
    ("ending", "asked_again"),
    [
        ({"url": "https://herald.test/rss", "moved_at": None, "state": "failing"}, True),
        ({"state": "gone", "next_poll": None}, True),
        ({"state": "failing", "failures": STRAYED}, True),
        ({"state": "failing", "failures": STRAYED - 1}, False),
        ({"url": "https://herald.test/further", "state": "moved"}, False),
    ],
)
def test_a_merged_channel_is_asked_again_when_nobody_is_asked_at_the_shared_address(
    archive: Archive, ending: dict[str, Any], asked_again: bool
) -> None:
    """It may serve what the other one does not, and nobody would ever look."""
    asked = led_to_one(archive)
    (other,) = (channel for channel in archive.channels.of("herald") if channel.id != asked.id)
    assert (asked.defined, other.merged_into) == ("https://herald.test/rss", asked.id)
    claimed = archive.channels.claim(asked.id, NOW + HOUR, LEASE)
    assert claimed is not None
    archive.channels.polled(replace(claimed, **ending), Poll(NOW + HOUR, "failed"), [], NOW + HOUR)

    found = archive.channels.get(other.id)
    assert found is not None
    if asked_again:
        assert (found.merged_into, found.url, found.next_poll) == (None, "https://herald.test/feed", NOW + HOUR)
    else:
        assert (found.merged_into, found.next_poll) == (asked.id, None)


def test_a_gone_channel_is_merged_into_the_one_that_leads_to_its_address(archive: Archive) -> None:
    archive.sources.sync([replace(HERALD, feeds=("https://herald.test/rss", "https://herald.test/feed"))], NOW)
    gone = next(channel for channel in archive.channels.of("herald") if channel.url.endswith("feed"))
    left = replace(claim(archive, gone.id), state="gone", next_poll=None)
    archive.channels.polled(left, Poll(NOW, "gone", 410), [], NOW)
    moved = replace(claim(archive), url="https://herald.test/feed", state="moved", next_poll=NOW + HOUR)

    archive.channels.polled(moved, Poll(NOW, "ok"), [], NOW)

    assert ["https://herald.test/feed"] == [channel.url for channel in archive.channels.due(NOW, everything=True)]
    assert [1, None] == sorted((channel.merged_into for channel in archive.channels.of("herald")), key=str)


def test_whoever_writes_the_new_address_into_the_configuration_keeps_the_channel(archive: Archive) -> None:
    moved = replace(
        claim(archive), url="https://herald.test/feed", etag='"x"', state="ok", moved_at=NOW, last_polled=NOW,
        last_ok=NOW, next_poll=NOW + HOUR,
    )  # fmt: skip
    archive.channels.polled(moved, Poll(NOW, "ok"), [], NOW)
    assert "moved" == archive.sources.health(NOW)[0].state

    archive.sources.sync([replace(HERALD, feeds=("https://herald.test/feed",)), POST], NOW)

    assert [(1, '"x"')] == [(channel.id, channel.etag) for channel in archive.channels.of("herald")]
    assert "ok" == archive.sources.health(NOW)[0].state


def test_what_a_feed_asked_for_is_remembered(archive: Archive) -> None:
    due = archive.channels.due(NOW)[0]
    claimed = archive.channels.claim(due.id, NOW, LEASE)
    assert claimed is not None
    archive.channels.polled(replace(claimed, wishes="ttl=7200"), Poll(NOW, "ok", 200, "", 0, 0, 0.1), [], NOW)

    found = archive.channels.get(due.id)
    assert found is not None
    assert "ttl=7200" == found.wishes


@pytest.mark.sqlite_only
def test_an_archive_of_before_learns_the_new_columns_and_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    old = Database(str(file))
    migrations.apply(old, stop_before="m0007_polls")
    old.execute("INSERT INTO sources VALUES ('s', 'S', '', '', '', NULL, '', '', '', '{}', '', 0, NULL, NULL)")
    for id_, url, state, due in (
        (1, "https://s.test/new", "moved", None), (2, "https://s.test/new", "ok", 9), (3, "https://s.test/3", "ok", 9),
    ):  # fmt: skip
        old.execute(
            "INSERT INTO channels (id, source, kind, defined, url, etag, interval, next_poll, last_polled, failures, "
            "state, note) VALUES (?, 's', 'feed', ?, ?, '\"x\"', 3600, ?, 7, 0, ?, '')",
            (id_, f"https://s.test/{id_}", url, due, state),
        )
    old.execute("INSERT INTO polls VALUES (1, 2, 's', 7, 'ok', 200, '', 3, 3, 0.1)")
    old.execute("PRAGMA user_version = 2")
    old.execute("PRAGMA journal_mode = WAL")
    old.conn.commit()
    old.close()

    with open_archive(f"sqlite:///{file}") as archive:
        channels = archive.channels.of("s")
        polls = archive.channels.polls(2)

    assert [2, None, None] == [channel.merged_into for channel in channels]
    assert ['"x"'] * 3 == [channel.etag for channel in channels]
    assert [False, False, True] == [channel.moved_at is None for channel in channels]
    assert [(3, None)] == [(poll.new, poll.newest) for poll in polls]


def test_a_source_that_is_hastened_is_due_at_once_but_a_pause_that_was_asked_for_holds(archive: Archive) -> None:
    for id_, changes in ((1, {}), (2, {"held_until": NOW + 2 * HOUR})):
        asked = replace(claim(archive, id_), next_poll=NOW + 9 * HOUR, state="ok", **changes)
        archive.channels.polled(asked, Poll(NOW, "ok"), [], NOW)
    assert [] == due(archive)

    assert 1 == archive.channels.hasten("herald", NOW)
    assert 1 == archive.channels.hasten("post", NOW)

    assert ["herald"] == due(archive)
    assert ["herald", "post"] == due(archive, 2)


def test_a_channel_that_is_gone_is_not_hastened(archive: Archive) -> None:
    archive.channels.polled(replace(claim(archive), state="gone"), Poll(NOW, "gone"), [], NOW)

    assert 0 == archive.channels.hasten("herald", NOW)
