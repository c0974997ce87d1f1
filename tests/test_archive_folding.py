"""One feed that two sources lead to: it is asked once, and by the other again as soon as the first leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from crawler.archive import Archive, Poll, open_archive
from crawler.archive.schema import migrations
from crawler.polling.deciding import STRAYED
from crawler.records import Channel, Entry, SourceHealth
from tests.archive_sample import DAY, HERALD, HOUR, LEASE, NOW, POST, entries
from tests.test_cli_judgement import presswatch

FIRST, LATER = HERALD.feeds[0], POST.feeds[0]


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW)
        yield opened


def poll(archive: Archive, source: str, *served: str, at: datetime = NOW, number: int = 0, **found: object) -> Channel:
    """Poll a channel of a source at some address, well unless it is told otherwise; give what is known of the first."""
    claimed = archive.channels.claim(archive.channels.of(source)[number].id, at, LEASE)
    assert claimed is not None, f"{source} is not asked"
    well = {
        "state": "ok",
        "last_ok": at,
        "last_polled": at,
        "next_poll": at + HOUR,
        "etag": f'"{source}"',
        "failures": 0,
    }
    well |= found
    archive.channels.polled(replace(claimed, **well), Poll(at, "ok", 200), entries(*served), at)  # type: ignore[arg-type]
    return the(archive, source)


def the(archive: Archive, source: str) -> Channel:
    return archive.channels.of(source)[0]


def fold(archive: Archive) -> Channel:
    """Let the post's feed lead to the herald's; it had served pages of its own before."""
    poll(archive, "herald", "https://herald.test/a")
    poll(archive, "post", "https://post.test/own", body_sha256="own", newest_entry=NOW)
    return lead(archive, NOW + HOUR)


def lead(archive: Archive, at: datetime) -> Channel:
    return poll(
        archive, "post", "https://herald.test/a", "https://herald.test/b", at=at, url=FIRST, state="moved", moved_at=at
    )


def health(archive: Archive, source: str) -> SourceHealth:
    return next(each for each in archive.sources.health(NOW + HOUR) if each.source == source)


def due(archive: Archive) -> list[str]:
    return [channel.source for channel in archive.channels.due(NOW + DAY)]


def test_who_is_led_to_another_source_s_feed_is_not_asked(archive: Archive) -> None:
    channel = fold(archive)

    assert (the(archive, "herald").id, "moved", None) == (channel.folded_into, channel.state, channel.next_poll)
    assert ["herald"] == due(archive)
    assert archive.channels.claim(channel.id, NOW + DAY, LEASE) is None
    assert (True, None) == (channel.merged_into is None, the(archive, "herald").folded_into)


def test_what_it_has_stays_and_what_it_brought_is_the_first_source_s(archive: Archive) -> None:
    channel = fold(archive)

    pages = {
        name: archive.pages.find(f"https://{name}") for name in ("post.test/own", "herald.test/a", "herald.test/b")
    }
    first = the(archive, "herald")
    assert [("post", channel.id), ("herald", first.id), ("herald", first.id)] == [
        (page.source, page.channel) for page in pages.values() if page
    ]
    assert [2, 1] == [len(archive.channels.polls(each.id)) for each in (channel, first)]
    assert ('"herald"', HOUR) == (first.etag, (first.next_poll or NOW) - NOW)


def test_a_long_list_that_is_queued_in_portions_is_the_first_source_s_from_the_beginning(archive: Archive) -> None:
    poll(archive, "herald")
    claimed = archive.channels.claim(the(archive, "post").id, NOW, LEASE)
    assert claimed is not None
    led = replace(claimed, url=FIRST, state="moved", next_poll=NOW + HOUR, last_ok=NOW)
    *ahead, last = archive.pages.sift("post", [Entry(f"https://herald.test/{n}") for n in range(2_500)]).portions()

    for portion in ahead:
        archive.channels.serve(led, portion, NOW)
    archive.channels.polled(led, Poll(NOW, "ok"), last, NOW, served=2_000)
    archive.channels.found(led, entries("https://herald.test/went-by"), NOW)

    assert {"herald": {"queued": 2_501}} == archive.pages.counts()
    assert "sitemaps" not in the(archive, "post").note
    assert "the sitemaps named 1 more" in archive.channels.polls(led.id)[0].detail


def test_its_health_names_the_other_source_and_what_to_do(archive: Archive) -> None:
    fold(archive)

    found = health(archive, "post")
    (way,) = found.channels
    assert ("moved", "moved", "ok") == (found.state, way.state, health(archive, "herald").state)
    assert f'{LATER} leads for good to {FIRST}, a feed of the source "herald", which is asked in its place' == way.note
    assert (
        f'it is the same feed as {FIRST} of the source "herald": take it out of post in sources.toml, or that one out '
        "of herald if its articles are to be those of post" == found.remedy == way.remedy
    )


@pytest.mark.sqlite_only
@pytest.mark.parametrize("other", ["", "https://post.test/2"], ids=["alone", "beside one that fails"])
def test_status_and_doctor_tell_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "presswatch.toml").write_text("[crawl]\nworkers = 1\n")
    (tmp_path / "config" / "sources.toml").write_text("")
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.sources.sync([HERALD, POST], NOW)
        fold(archive)
        if other:
            archive.sources.sync([HERALD, replace(POST, feeds=(LATER, other))], NOW)
            poll(archive, "post", number=1, state="failing", failures=2, note="the server failed (500)")
    note = f'{LATER} leads for good to {FIRST}, a feed of the source "herald", which is asked in its place'
    remedy = f'it is the same feed as {FIRST} of the source "herald": take it out of post'

    status = presswatch("status")
    (found,) = [each for each in json.loads(presswatch("status", "--json"))["sources"] if each["source"] == "post"]

    assert remedy in status
    assert ("failing" if other else "moved") == found["state"]
    assert [note] == [way["note"] for way in found["channels"] if way["state"] == "moved"]
    assert [True] == [way["remedy"].startswith(remedy) for way in found["channels"] if way["state"] == "moved"]
    assert other or f"post: moved: {note}" in presswatch("doctor")
    assert note in status or not other


def gone(archive: Archive) -> None:
    poll(archive, "herald", at=NOW + DAY, state="gone", next_poll=None)


def failing(archive: Archive) -> None:
    poll(archive, "herald", at=NOW + DAY, state="failing", failures=STRAYED)


def moves(archive: Archive) -> None:
    poll(archive, "herald", at=NOW + DAY, state="moved", url="https://herald.test/new", moved_at=NOW + DAY)


LEAVES: dict[str, Callable[[Archive], None]] = {
    "paused": lambda archive: archive.sources.pause("herald", NOW + DAY),
    "removed": lambda archive: archive.sources.sync([POST], NOW + DAY),
    "retired": lambda archive: archive.sources.sync([replace(HERALD, feeds=()), POST], NOW + DAY),
    "taken over": lambda archive: archive.sources.sync([replace(POST, feeds=(FIRST,))], NOW + DAY),
    "gone": gone,
    "failing": failing,
    "moved": moves,
}


@pytest.mark.parametrize("leave", LEAVES)
def test_it_is_asked_at_its_own_address_again_when_the_first(archive: Archive, leave: str) -> None:
    id_ = fold(archive).id

    LEAVES[leave](archive)

    channel = the(archive, "post")
    own = FIRST if leave == "taken over" else LATER
    assert (id_, own, own) == (channel.id, channel.url, channel.defined)
    assert (None, None, None, "new", "") == (
        channel.folded_into, channel.etag, channel.body_sha256, channel.state, channel.note,
    )  # fmt: skip
    assert (NOW + DAY, NOW) == (channel.next_poll, channel.newest_entry)
    assert "post" in due(archive)


@pytest.mark.parametrize("failures", [1, STRAYED - 1])
def test_a_first_that_only_stumbles_is_relied_upon_still(archive: Archive, failures: int) -> None:
    fold(archive)

    poll(archive, "herald", at=NOW + DAY, state="failing", failures=failures)

    assert (None, "moved") == (the(archive, "post").next_poll, health(archive, "post").state)


def test_nobody_is_folded_into_a_channel_that_is_not_asked_well(archive: Archive) -> None:
    for leave in ("paused", "removed", "retired", "gone", "failing", "moved"):
        with open_archive("sqlite://") as other:
            other.sources.sync([HERALD, POST], NOW)
            LEAVES[leave](other)
            assert lead(other, NOW + 2 * DAY).folded_into is None, leave
    poll(archive, "herald", failures=1, state="failing")

    assert lead(archive, NOW + HOUR).folded_into is None
    poll(archive, "herald", at=NOW + DAY)
    assert lead(archive, NOW + DAY).folded_into == the(archive, "herald").id


def test_a_poll_that_fails_folds_nothing_and_one_of_another_kind_neither(archive: Archive) -> None:
    poll(archive, "herald")
    assert poll(archive, "post", at=NOW, url=FIRST, failures=1, state="failing").folded_into is None
    archive.sources.sync([HERALD, replace(POST, feeds=(), sitemaps=POST.feeds)], NOW + HOUR)

    assert lead(archive, NOW + HOUR).folded_into is None


def test_a_pause_that_its_server_asked_for_outlives_the_fold(archive: Archive) -> None:
    id_ = fold(archive).id
    archive._store.execute("UPDATE channels SET held_until = ? WHERE id = ?", (int(2e15), id_))

    archive.sources.pause("herald", NOW + DAY)

    channel = the(archive, "post")
    assert channel.held_until == channel.next_poll
    assert channel.held_until is not None
    assert channel.held_until > NOW + DAY


def test_when_the_first_comes_back_it_is_folded_again(archive: Archive) -> None:
    fold(archive)
    archive.sources.pause("herald", NOW + DAY)
    archive.sources.resume("herald", NOW + DAY)

    assert the(archive, "post").folded_into is None
    assert lead(archive, NOW + DAY).folded_into == the(archive, "herald").id


def test_a_folded_channel_that_leaves_and_comes_back_begins_at_its_own_address(archive: Archive) -> None:
    fold(archive)
    archive.sources.sync([HERALD], NOW + DAY)

    archive.sources.sync([HERALD, POST], NOW + 2 * DAY)

    channel = the(archive, "post")
    assert (LATER, None, NOW + 2 * DAY) == (channel.url, channel.folded_into, channel.next_poll)


def test_of_two_that_are_led_to_a_third_address_who_came_first_is_asked(archive: Archive) -> None:
    poll(archive, "post", url="https://third.test/rss", state="moved", moved_at=NOW)

    poll(archive, "herald", at=NOW + HOUR, url="https://third.test/rss", state="moved", moved_at=NOW)

    assert (the(archive, "post").id, None) == (the(archive, "herald").folded_into, the(archive, "post").folded_into)


def test_whose_own_address_it_is_goes_before_who_was_led_there(archive: Archive) -> None:
    wire = replace(POST, key="wire", feeds=("https://wire.test/rss",))
    archive.sources.sync([HERALD, POST, wire], NOW)
    poll(archive, "post", failures=1, state="failing")
    poll(archive, "herald", url=LATER, state="moved", moved_at=NOW)
    poll(archive, "post", at=NOW + HOUR)

    poll(archive, "wire", at=NOW + HOUR, url=LATER, state="moved", moved_at=NOW)

    assert the(archive, "wire").folded_into == the(archive, "post").id


def test_what_was_merged_at_the_address_that_is_left_is_asked_again_too(archive: Archive) -> None:
    third, feeds = "https://third.test/rss", (LATER, "https://post.test/2")
    archive.sources.sync([replace(POST, feeds=feeds)], NOW)
    for number in range(2):
        poll(archive, "post", number=number, url=third, state="moved", moved_at=NOW)
    assert [None, the(archive, "post").id] == [each.merged_into for each in archive.channels.of("post")]
    archive.sources.sync([replace(HERALD, feeds=(third,)), replace(POST, feeds=feeds)], NOW)
    poll(archive, "herald")
    poll(archive, "post", at=NOW + HOUR)
    assert ["herald"] == due(archive)

    archive.sources.pause("herald", NOW + DAY)

    assert [(url, None, NOW + DAY) for url in feeds] == [
        (each.url, each.merged_into, each.next_poll) for each in archive.channels.of("post")
    ]


def test_what_was_merged_at_the_own_address_of_a_folded_channel_stays_merged(archive: Archive) -> None:
    feeds = (LATER, "https://post.test/2")
    archive.sources.sync([HERALD, replace(POST, feeds=feeds)], NOW)
    poll(archive, "herald")
    poll(archive, "post", number=1, url=LATER, state="moved", moved_at=NOW)
    lead(archive, NOW + HOUR)
    assert ["herald"] == due(archive)

    archive.sources.pause("herald", NOW + DAY)

    assert [None, the(archive, "post").id] == [each.merged_into for each in archive.channels.of("post")]
    assert ["post"] == due(archive)


def test_two_feeds_of_one_source_that_lead_to_another_s_are_both_folded(archive: Archive) -> None:
    archive.sources.sync([HERALD, replace(POST, feeds=(LATER, "https://post.test/2"))], NOW)
    poll(archive, "herald")
    lead(archive, NOW)
    poll(archive, "post", number=1, url=FIRST, state="moved", moved_at=NOW)

    assert [1, 1] == [each.folded_into for each in archive.channels.of("post")]
    assert "2 of 2 channels" in health(archive, "post").note


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["herald", "post", "wire"]), st.sampled_from(["herald", "post", "wire", "third", "gone"])
    ),
    max_size=12,
)


@settings(max_examples=30)
@given(STEPS)
def test_wherever_they_lead_each_address_that_answers_is_asked_by_somebody(steps: list[tuple[str, str]]) -> None:
    """Each step polls a source, if it is asked at all, and lets it be led to the address of one of them."""
    three = [HERALD, POST, replace(POST, key="wire", feeds=("https://wire.test/rss",))]
    with open_archive("sqlite://") as archive:
        archive.sources.sync(three, NOW)
        for number, (source, to) in enumerate(steps):
            channel = the(archive, source)
            if channel.next_poll is None:
                continue
            changed: dict[str, object] = {"url": f"https://{to}.test/rss"}
            if to == "gone":
                changed = {"state": "gone", "next_poll": None}
            poll(archive, source, at=NOW + number * HOUR, **changed)

            channels = {each.id: each for key in ("herald", "post", "wire") for each in archive.channels.of(key)}
            for each in channels.values():
                first = channels.get(each.folded_into or 0)
                if first is None:
                    assert each.next_poll is not None or each.state == "gone"
                    continue
                assert each.next_poll is None
                assert first.next_poll is not None
                assert (first.url, None) == (each.url, first.folded_into)


@pytest.mark.sqlite_only
def test_an_archive_of_before_learns_to_fold(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    old = Database(str(file))
    migrations.apply(old, stop_before="m0018_channels")
    old.execute("INSERT INTO sources VALUES ('s', 'S', '', '', '', NULL, '', '', '', '{}', '', 0, NULL, NULL)")
    old.execute(
        "INSERT INTO channels (id, source, kind, defined, url, interval, next_poll, failures, state, note) "
        "VALUES (1, 's', 'feed', 'https://s.test/1', 'https://s.test/1', 3600, 9, 0, 'ok', '')"
    )
    old.execute("PRAGMA user_version = 16")
    old.execute("PRAGMA journal_mode = WAL")
    old.conn.commit()
    old.close()

    with open_archive(f"sqlite:///{file}") as archive:
        (channel,) = archive.channels.of("s")

    assert (None, None, "ok") == (channel.folded_into, channel.body_newest, channel.state)
