from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.archive import Archive, CoverageRow, Kept, Offer, Poll, SourceDay, open_archive
from crawler.errors import LeaseLost
from crawler.rechecks import Again
from crawler.records import Source, SourceHealth
from tests.archive_sample import DAY, HERALD, HOUR, LEASE, NOW, POST, article, entries, keep, lease


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW)
        yield opened


def poll(archive: Archive, key: str = "herald", *urls: str, outcome: str = "ok", **changes: object) -> None:
    """Poll the channels of a source that answer with entries."""
    for channel in archive.channels.of(key):
        claimed = archive.channels.claim(channel.id, NOW, LEASE)
        assert claimed is not None
        good = {"state": "ok", "last_ok": NOW} if outcome == "ok" else {"state": outcome}
        after = replace(claimed, **{"last_polled": NOW, "next_poll": NOW + HOUR, **good, **changes})  # type: ignore[arg-type]
        archive.channels.polled(after, Poll(NOW, outcome, 200), entries(*urls), NOW)


def health(archive: Archive, key: str = "herald", at: timedelta = timedelta()) -> SourceHealth:
    return next(found for found in archive.sources.health(NOW + at) if found.source == key)


def test_sources_are_taken_over_as_the_configuration_says(archive: Archive) -> None:
    assert [HERALD, POST] == archive.sources.all()
    assert HERALD == archive.sources.get("herald")
    assert archive.sources.get("nobody") is None


def test_taking_over_the_same_again_writes_nothing(archive: Archive) -> None:
    poll(archive)
    channels = archive.channels.of("herald")

    archive.sources.sync([POST, HERALD], NOW + DAY)

    assert channels == archive.channels.of("herald")


def test_a_new_address_becomes_a_channel_and_one_that_left_is_retired(archive: Archive) -> None:
    poll(archive, etag='"x"')
    changed = replace(HERALD, feeds=("https://herald.test/atom",), sections=("https://herald.test/world",))

    archive.sources.sync([changed, POST], NOW + HOUR)

    assert [("section", "https://herald.test/world"), ("feed", "https://herald.test/atom")] == [
        (channel.kind, channel.url) for channel in archive.channels.of("herald")
    ]
    archive.sources.sync([HERALD, POST], NOW + DAY)
    (back,) = archive.channels.of("herald")
    assert ('"x"', NOW + DAY) == (back.etag, back.next_poll)


def test_a_source_that_left_keeps_its_articles_and_drops_what_is_queued(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a", "https://herald.test/b"), NOW)
    leased = lease(archive)
    archive.articles.keep([Kept(article(), leased.page)], NOW)

    archive.sources.sync([POST], NOW)

    assert [POST] == archive.sources.all()
    assert HERALD == archive.sources.get("herald")
    assert {"stored": 1, "source removed": 1} == archive.pages.counts()["herald"]
    assert [] == archive.channels.of("herald")
    assert 1 == archive.articles.count()
    assert ["post"] == [found.source for found in archive.sources.health(NOW)]

    archive.sources.sync([HERALD, POST], NOW)
    assert {"stored": 1, "queued": 1} == archive.pages.counts()["herald"]


@pytest.mark.parametrize("end", ["killed", "kept", "dropped", "tried later", "given back"])
def test_what_a_crawl_holds_when_its_source_leaves_ends_with_it(archive: Archive, end: str) -> None:
    """Whatever its crawl does afterwards, and whether that is before or after the source returns."""
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    page = lease(archive).page
    ends = {
        "kept": lambda: archive.articles.keep([Kept(article(), page)], NOW),
        "dropped": lambda: archive.pages.drop(page, "timeout", "", NOW),
        "tried later": lambda: archive.pages.retry(page, NOW + HOUR, "timeout", "", NOW),
        "given back": lambda: archive.pages.give_back([page], NOW),
    }

    for sources, fate in (([POST], "source removed"), ([HERALD, POST], "queued"), ([POST], "source removed")):
        archive.sources.sync(sources, NOW)
        if end == "kept":
            assert ["lease lost"] == [result.outcome for result in ends[end]()]
        elif end != "killed":
            with pytest.raises(LeaseLost):
                ends[end]()
        archive.pages.lease(NOW + DAY, LEASE, ["post"])  # gives back what ran out

        assert {"herald": {fate: 1}} == archive.pages.counts()


def test_what_comes_for_a_source_after_it_left_is_accounted_for_and_wanted_when_it_returns(archive: Archive) -> None:
    channel = archive.channels.of("herald")[0]
    claimed = archive.channels.claim(channel.id, NOW, LEASE)
    assert claimed is not None
    archive.sources.sync([POST], NOW)

    with pytest.raises(LeaseLost):
        archive.channels.polled(claimed, Poll(NOW, "ok", 200), entries("https://herald.test/a"), NOW)
    archive.channels.found(claimed, entries("https://herald.test/b"), NOW)
    archive.backfills.fill("herald", entries("https://herald.test/c"), NOW, NOW, 9)

    assert {"herald": {"source removed": 1}} == archive.pages.counts()
    archive.sources.sync([HERALD, POST], NOW + HOUR)
    assert {"herald": {"queued": 1}} == archive.pages.counts()
    assert {"herald", "post"} == {each.source for each in archive.channels.due(NOW + HOUR)}


def test_an_article_stays_kept_when_its_source_leaves_before_its_change_is_fetched(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    archive.articles.keep([Kept(article(), lease(archive).page)], NOW)
    changed = [replace(entries("https://herald.test/a")[0], updated="2026-11-23T14:00:00Z")]
    archive.pages.queue("herald", changed, NOW)
    assert {"herald": {"queued": 1}} == archive.pages.counts()

    archive.sources.sync([POST], NOW)
    archive.pages.queue("herald", changed, NOW)

    assert {"herald": {"stored": 1}} == archive.pages.counts()
    archive.sources.sync([HERALD, POST], NOW)
    archive.pages.queue("herald", changed, NOW)
    assert {"herald": {"queued": 1}} == archive.pages.counts()


def test_a_second_look_at_a_page_of_a_source_that_left_is_over(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    archive.articles.keep([Kept(article(), lease(archive).page, again=Again((3600.0,)))], NOW)
    at = NOW + 2 * HOUR
    assert archive.rechecks.lease(at, LEASE, ["herald"], turn=LEASE) is not None

    archive.sources.sync([POST], at)

    assert {"herald": {"stored": 1}} == archive.pages.counts()
    assert archive.rechecks.lease(at + DAY, LEASE, ["herald"], turn=LEASE) is None


def test_a_paused_source_is_not_due(archive: Archive) -> None:
    archive.sources.pause("herald", NOW)

    assert {"herald"} == archive.sources.paused()
    assert ["post"] == [channel.source for channel in archive.channels.due(NOW)]
    assert ("paused", "paused since 2026-11-23") == (health(archive).state, health(archive).note)

    archive.sources.resume("herald", NOW)
    assert ["herald", "post"] == [channel.source for channel in archive.channels.due(NOW)]


def test_resuming_revives_a_channel_that_said_it_is_gone(archive: Archive) -> None:
    poll(archive, outcome="gone", next_poll=None)
    assert "gone" == health(archive).state

    archive.sources.resume("herald", NOW)

    assert "herald" in {channel.source for channel in archive.channels.due(NOW)}


def test_a_source_is_new_until_it_was_polled(archive: Archive) -> None:
    archive.sources.sync([HERALD, Source("bare", "Bare", "https://bare.test/")], NOW)

    assert ("new", "not polled yet") == (health(archive).state, health(archive).note)
    assert ("new", "no feed, sitemap or section page is known yet") == (
        health(archive, "bare").state,
        health(archive, "bare").note,
    )


def test_a_source_that_answers_with_news_is_ok(archive: Archive) -> None:
    poll(archive, "herald", "https://herald.test/a", newest_entry=NOW - HOUR)

    found = health(archive)
    assert ("ok", "", 1, NOW - HOUR, NOW, NOW + HOUR) == (
        found.state, found.note, found.queued, found.newest_entry, found.last_ok, found.next_poll,
    )  # fmt: skip


def test_a_source_that_answers_with_old_entries_only_is_silent(archive: Archive) -> None:
    poll(archive, newest_entry=NOW - 7 * DAY - HOUR)
    assert ("silent", "no new items for 7 days") == (health(archive).state, health(archive).note)

    poll(archive, newest_entry=NOW - 7 * DAY + HOUR)
    assert "ok" == health(archive).state


def test_a_weekly_is_not_silent_after_four_days(archive: Archive) -> None:
    for week in range(5):
        for number in range(10):
            at = NOW - timedelta(weeks=week, days=4, minutes=number)
            keep(archive, article(f"https://herald.test/{week}/{number}", published_utc=at))
    poll(archive, newest_entry=NOW - 4 * DAY)
    assert "ok" == health(archive).state

    poll(archive, newest_entry=NOW - 22 * DAY)
    assert ("silent", "no new items for 22 days") == (health(archive).state, health(archive).note)


def test_a_source_whose_channels_give_no_dates_is_silent_by_what_they_brought(archive: Archive) -> None:
    poll(archive, "herald", "https://herald.test/a")

    assert "ok" == health(archive).state
    poll(archive, "herald", last_ok=NOW + 8 * DAY, next_poll=NOW + 9 * DAY)
    assert "no new items for 8 days" == health(archive, at=8 * DAY).note


def test_a_source_that_is_not_polled_in_time_is_late(archive: Archive) -> None:
    poll(archive, newest_entry=NOW)

    assert "ok" == health(archive, at=2 * HOUR).state
    found = health(archive, at=5 * HOUR)
    assert ("late", "should have been polled 4 hours ago") == (found.state, found.note)


@pytest.mark.parametrize("state", ["failing", "blocked", "overrun", "gone", "moved"])
def test_a_channel_in_trouble_speaks_for_its_source(archive: Archive, state: str) -> None:
    poll(archive, outcome=state, note="HTTP 503")
    assert (state, "HTTP 503") == (health(archive).state, health(archive).note)


def test_a_part_of_the_channels_in_trouble_is_told_as_a_part(archive: Archive) -> None:
    archive.sources.sync([replace(HERALD, sections=("https://herald.test/world",))], NOW)
    poll(archive)
    first = archive.channels.claim(archive.channels.of("herald")[0].id, NOW, LEASE)
    assert first is not None
    archive.channels.polled(replace(first, state="failing"), Poll(NOW, "failed"), [], NOW)

    assert ("failing", "1 of 2 channels: last answered within the last hour") == (
        health(archive).state,
        health(archive).note,
    )


def test_coverage_counts_what_backfills_left(archive: Archive) -> None:
    """A list is read again in later runs: what it had left last that day counts, and lists add up."""
    archive.backfills.offer("herald", [Offer("https://herald.test/map1", "sitemap"), Offer("/map2", "sitemap")])
    one, other = archive.backfills.open("herald")
    too_long = [("https://herald.test/map1", 5)]

    archive.backfills.leave(one, {"too old": 7, "over budget": 90}, NOW, surplus=too_long)
    archive.backfills.leave(one, {"too old": 8, "over budget": 40}, NOW + HOUR, surplus=too_long)
    archive.backfills.leave(other, {"too old": 2, "over budget": 0}, NOW + HOUR)
    archive.backfills.leave(one, {"too old": 8}, NOW + DAY)

    first, second = archive.sources.coverage(["herald"], NOW - HOUR, NOW + 2 * DAY)
    assert {"too old": 10, "over budget": 40, "list too long": 5} == first.dropped
    assert ({"too old": 8}, 0) == (second.dropped, second.entries)
    assert [] == archive.sources.coverage(["post"], NOW - DAY, NOW + 2 * DAY)

    archive.prune(NOW + DAY)
    assert [second] == archive.sources.coverage(None, NOW - DAY, NOW + 2 * DAY)


def test_coverage_counts_each_day(archive: Archive) -> None:
    poll(archive, "herald", "https://herald.test/a", "https://herald.test/b")
    poll(archive, outcome="failed")
    poll(archive, outcome="overrun")
    leased = lease(archive)
    archive.hosts.done(leased.turn, NOW, 0)
    archive.articles.keep([Kept(article(), leased.page)], NOW)
    archive.pages.drop(lease(archive).page, "not found", "", NOW + DAY)

    expected = [
        CoverageRow("herald", date(2026, 11, 23), 3, 1, 2, 1, {}, 1, {}, 0),
        CoverageRow("herald", date(2026, 11, 24), 0, 0, 0, 0, {"not found": 1}, 0),
    ]
    assert expected == archive.sources.coverage(None, NOW - DAY, NOW + 2 * DAY)
    assert expected[:1] == archive.sources.coverage(["herald"], NOW, NOW + HOUR)
    assert [] == archive.sources.coverage(["post"], NOW - DAY, NOW + 2 * DAY)


def test_the_next_poll_is_told_as_what_it_can_be(archive: Archive) -> None:
    """Not before the end of a pause, of the host or of the address alone; and never of a paused source."""
    poll(archive)
    poll(archive, "post")
    assert NOW + HOUR == health(archive).next_poll

    archive.hosts.hold_address("https://herald.test/rss", NOW + 5 * HOUR, NOW)
    archive.hosts.hold("post.test", NOW + 3 * HOUR, "answered 429")
    held = [health(archive).next_poll, health(archive, "post").next_poll]
    later = health(archive, at=2 * HOUR)
    archive.sources.pause("herald", NOW)

    assert [NOW + 5 * HOUR, NOW + 3 * HOUR] == held
    assert (
        f"not asked before {NOW + 5 * HOUR:%Y-%m-%d %H:%M} UTC: https://herald.test/rss asked for a pause" in later.note
    )
    assert health(archive).next_poll is None


def test_days_tell_what_came_from_a_source_and_how_often_asking_it_failed(archive: Archive) -> None:
    keep(archive, article(), article("https://herald.test/b"))
    keep(archive, article("https://herald.test/old", backfill=True))
    poll(archive, "herald")
    poll(archive, "herald", outcome="failed")

    found = archive.sources.days(["herald", "post"], NOW - 30 * DAY)

    assert {"post": {}, "herald": {NOW.date(): SourceDay(2, 2, 1)}} == found
