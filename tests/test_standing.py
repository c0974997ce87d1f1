"""Why a crawl asks nothing, and that a channel that waits for its host is not forgotten without a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive, Held, Poll, open_archive
from crawler.counts import SourceCounts, VisitReport
from digest.cli.crawl import print_report
from tests.archive_sample import HERALD, LEASE, NOW, POST
from tests.clockwork import Clockwork, Story, clockwork, feed
from tests.commands import answer, presswatch
from tests.loopback import Reply, Web, address, configure, outlet

HOUR = timedelta(hours=1)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW)
        yield opened


def poll(archive: Archive, id_: int, **changes: object) -> None:
    """Poll a channel and let it be due again in an hour."""
    claimed = archive.channels.claim(id_, NOW, LEASE)
    assert claimed is not None
    after = replace(claimed, **{"state": "ok", "last_polled": NOW, "next_poll": NOW + HOUR, **changes})  # type: ignore[arg-type]
    archive.channels.polled(after, Poll(NOW, "ok"), [], NOW)


def test_what_is_held_is_named_with_its_time_and_reason(archive: Archive) -> None:
    archive.hosts.hold("herald.test", NOW + 5 * HOUR, "answered 429")
    (post,) = archive.channels.of("post")
    poll(archive, post.id, held_until=NOW + 3 * HOUR, next_poll=NOW + 3 * HOUR, failures=1, note="it said 503")

    found = archive.channels.standing(NOW)

    assert found.held == (
        Held(post.url, NOW + 3 * HOUR, "it said 503", 1),
        Held("herald.test", NOW + 5 * HOUR, "answered 429", 1),
    )
    assert (found.next_poll, found.next_url, found.next_source) == (NOW + 3 * HOUR, post.url, "post")
    assert found.failing == 1
    assert () == archive.channels.standing(NOW, ["post"], asked_since=NOW).held
    assert () == archive.channels.standing(NOW + 6 * HOUR).held


def test_an_address_that_asked_for_a_pause_holds_the_channel_that_leads_there(archive: Archive) -> None:
    (herald,) = archive.channels.of("herald")
    archive.hosts.hold_address(herald.url, NOW + HOUR, NOW)

    (held,) = archive.channels.standing(NOW, ["herald"]).held

    assert (held.what, held.until) == (herald.url, NOW + HOUR)


def test_paused_gone_and_removed_are_counted(archive: Archive) -> None:
    archive.sources.pause("herald", NOW)
    (post,) = archive.channels.of("post")
    poll(archive, post.id, state="gone", next_poll=None)

    found = archive.channels.standing(NOW)

    assert (("herald",), 1, None) == (found.paused, found.gone, found.next_poll)
    archive.sources.sync([replace(HERALD, feeds=())], NOW + HOUR)
    archive.sources.resume("herald", NOW)
    found = archive.channels.standing(NOW)
    assert ((), ("herald",), 1, 1) == (found.paused, found.without_channel, found.removed, found.retired)


def test_a_poll_that_is_free_comes_before_one_that_waits(archive: Archive) -> None:
    archive.hosts.hold("herald.test", NOW + 5 * HOUR, "answered 429")
    (post,) = archive.channels.of("post")
    poll(archive, post.id)

    assert (NOW + HOUR, "post") == ((found := archive.channels.standing(NOW)).next_poll, found.next_source)


def test_a_report_of_nothing_says_all_reasons(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    archive.hosts.hold("herald.test", NOW + 5 * HOUR, "answered 429")
    archive.sources.pause("post", NOW)
    standing = archive.channels.standing(NOW)

    print_report(VisitReport(NOW, NOW, "finished", {}, ("the disk is slow",), standing), everything=True)

    until = f"{NOW + 5 * HOUR:%Y-%m-%d %H:%M} UTC"
    (herald,) = archive.channels.of("herald")
    assert [
        "Nothing could be asked now.",
        f"not asked before {until}: herald.test, 1 channel (answered 429)",
        'paused: 1 source (post); "presswatch source resume KEY" polls it again',
        f"The next poll is due at {until}: {herald.url} (herald).",
        "note: the disk is slow",
    ] == capsys.readouterr().out.splitlines()


def test_a_channel_that_could_not_be_asked_at_all_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Such as one whose pages a browser draws that is not there."""
    counts = SourceCounts("quay", failed_channels=[("https://quay.example/", "there is no browser")])

    print_report(VisitReport(NOW, NOW, "finished", {"quay": counts}))

    assert "there is no browser" in capsys.readouterr().out


def test_a_crawl_of_everything_that_is_held_says_until_when(tmp_path: Path) -> None:
    with Web(good=outlet("good", {})) as web:
        configure(tmp_path / "config", web, "good", crawl='delay = "0s"')
        with open_archive(address(tmp_path)) as archive:
            archive.hosts.hold("good.example", NOW.replace(year=2099), "answered 429")
        command = ("--archive", address(tmp_path), "crawl", "--all")
        told = presswatch(tmp_path, *command).stdout
        again = answer(tmp_path, *command, "--json", schema="crawl")

    assert [] == web.seen
    assert "Nothing could be asked now." in told
    assert f"not asked before {NOW:2099-%m-%d %H:%M} UTC: good.example, 1 channel (answered 429)" in told
    assert ["good.example"] == [each["what"] for each in again["standing"]["held"]]
    assert f"{NOW:2099-%m-%dT%H:%M}" in again["standing"]["next_poll"]


# A channel whose own host is held when its turn comes


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clockwork]:
    with clockwork(tmp_path_factory.mktemp("clockwork")) as found:
        yield found


def test_a_channel_whose_host_is_held_says_so_once_and_is_asked_when_the_pause_is_over(
    works: Clockwork, tmp_path: Path
) -> None:
    story = Story(works, tmp_path / "pause", "pause", paths=("/feed", "/more"))
    story.answers = {"/feed": feed("1"), "/more": feed("2")}
    story.visit()
    with story.archive() as archive:
        archive.hosts.hold("pause.example", story.now + 9 * HOUR, "answered 429")

    asked = [story.visit(hours, everything=True) for hours in (2, 2, 2)]

    assert [[], [], []] == asked
    first, *others = story.polls()
    assert ["ok", "held"] == [first.outcome, *(each.outcome for each in others)], "one entry for one pause"
    assert others[0].detail.startswith(
        "not asked: pause.example answered 429, and is not to be asked before 2026-11-23"
    )
    health = story.health()
    assert ("late", "it is asked again by itself when the pause is over") == (health.state, health.remedy)
    assert "pause.example answered 429" in health.note
    assert 0 == story.channel().failures, "nobody asked, so nothing failed"
    with story.archive() as archive:
        (day,) = archive.sources.coverage(["pause"], story.now - 12 * HOUR, story.now)
    assert (2, 0) == (day.polls, day.failed_polls), "who was not asked was not polled"
    with story.archive() as archive:
        looks = archive.arrivals.looks(story.now - 12 * HOUR)
    assert [(2, 0)] == list(looks.values())
    assert ["/feed", "/more"] == sorted(seen.path for seen in story.visit(4))
    assert "ok" == story.health().state


def test_a_crawl_delay_of_two_days_is_kept_and_leaves_turns_for_feed_and_page(works: Clockwork, tmp_path: Path) -> None:
    story = Story(works, tmp_path / "slow", "slow")
    page = Reply("<title>A</title><article><p>" + "The ferry came late. " * 40 + "</p></article>")
    robots = Reply("User-agent: *\nCrawl-delay: 172800\n", kind="text/plain")
    story.answers = {"/robots.txt": robots, "/feed": feed(story.url("/item/1")), "/item/1": page}
    asked = []
    for hours in (0, 24, 23.9, 0.2, 24, 23.9, 0.2, 47.8, 0.4, 48.1, 48.1, 48.1):
        before = len(works.web.seen)
        story.visit(hours)
        asked.append([seen.path for seen in works.web.seen[before:] if seen.host == "slow.example"])

    assert [1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1] == [len(each) for each in asked], asked
    paths = [each[0] for each in asked if each]
    assert ["/robots.txt", "/feed", "/item/1"] == paths[:3]
    assert 3 == paths.count("/robots.txt"), "of seven turns"


def test_a_delay_of_the_host_s_own_is_no_pause_and_no_entry(archive: Archive) -> None:
    """A Crawl-delay of hours lets its channels wait for each other: that would be an entry for each of them."""
    (herald,) = archive.channels.of("herald")
    claimed = archive.channels.claim(herald.id, NOW, LEASE)
    assert claimed is not None
    turn = archive.hosts.take("herald.test", NOW, LEASE)
    archive.hosts.done(turn, NOW, 7200)  # type: ignore[arg-type]

    archive.channels.unasked(claimed, NOW)

    assert [] == archive.channels.polls(herald.id)
    assert [herald.id] == [channel.id for channel in archive.channels.due(NOW, ["herald"])]
    (held,) = archive.channels.standing(NOW, ["herald"]).held
    assert held.why == "has a long delay between two requests, by its robots.txt or as configured"


# What source test says of a source that gives nothing


def test_source_test_says_what_a_visit_would_not_do(tmp_path: Path) -> None:
    parked = Reply("<html><body>This domain is for sale</body></html>")
    with Web(sale=lambda seen: parked if seen.path == "/feed" else None) as web:
        configure(tmp_path / "config", web, "sale", crawl='delay = "0s"')
        presswatch(tmp_path, "source", "pause", "sale")
        told = presswatch(tmp_path, "source", "test", "sale").stdout.splitlines()

    assert [
        "Sale",
        "note: http://sale.example/feed: the address answers with a web page, not a feed",
        "note: its channel gives nothing: a visit would fetch nothing",
        'note: it is paused, so a visit does not ask it; "presswatch source resume sale" polls it again',
    ] == told
