from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, Kept, Queued, open_archive
from crawler.errors import LeaseLost
from crawler.records import Entry
from tests.archive_sample import DAY, HERALD, LEASE, NOW, POST, article, entries, keep, lease, turn

SECOND = timedelta(seconds=1)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW)
        yield opened


def test_a_page_is_queued_once_whatever_its_address_is_written_like(archive: Archive) -> None:
    first = archive.pages.queue("herald", entries("https://herald.test/a", "https://HERALD.test:443/a#top"), NOW)
    again = archive.pages.queue("post", entries("https://herald.test/a?utm_source=rss", "https://post.test/b"), NOW)

    assert [Queued(1, 0), Queued(1, 1)] == [first, again]
    page = archive.pages.find("https://herald.test/a#middle")
    assert page is not None
    assert ("herald", "herald.test", "queued", 0) == (page.source, page.host, page.state, page.attempts)


def test_an_entry_comes_back_with_its_page(archive: Archive) -> None:
    entry = Entry("https://herald.test/a", "Título 标题", "A summary", ("A. Person",), "2026-11-23", tags=("x", "y"))

    archive.pages.queue("herald", [entry], NOW, channel=7)

    page = lease(archive).page
    assert (entry, 7, 1, NOW + LEASE) == (page.entry, page.channel, page.attempts, page.lease_until)


def test_what_can_never_be_fetched_is_dropped_with_a_reason(archive: Archive) -> None:
    queued = archive.pages.queue("herald", entries("javascript:void(0)", "https://herald.test/a"), NOW)

    assert Queued(2, 0) == queued
    assert {"herald": {"queued": 1, "address refused": 1}} == archive.pages.counts()


@pytest.mark.parametrize(
    ("served", "why"),
    [
        ("ftp://herald.test/a", '"ftp:" is neither http nor https'),
        ("javascript:alert(1)", '"javascript:" is neither http nor https'),
        ("//", "it names no scheme"),
        ("http:///a", "it names no host that can exist"),
        ("http://herald.test:99999/a", "it cannot be read as an address (Port out of range 0-65535)"),
        ("http://[bad]/", "it cannot be read as an address ('bad' does not appear to be an IPv4 or IPv6 address)"),
        (f"http://herald.test/{'l' * 2_000}", "it is longer than 2,000 characters"),
    ],
)
def test_an_address_that_is_refused_is_kept_and_says_why(archive: Archive, served: str, why: str) -> None:
    archive.pages.queue("herald", entries(served), NOW)

    (page,) = archive.pages.dropped("herald")
    assert page.entry is not None
    assert (served, "address refused", why) == (page.entry.url, page.reason, page.detail)
    assert page.url.startswith(served[:1_900])


def test_two_addresses_that_are_too_long_are_two(archive: Archive) -> None:
    long = f"http://herald.test/{'l' * 20_000}"

    assert Queued(2, 0) == archive.pages.queue("herald", entries(f"{long}1", f"{long}2"), NOW)
    assert Queued(0, 2) == archive.pages.queue("herald", entries(f"{long}2", f"{long}1"), NOW)


def test_an_entry_that_names_no_page_is_counted_once_with_its_title(archive: Archive) -> None:
    nameless = [Entry("", "Ferry sails"), Entry("", "Ferry sinks")]

    assert Queued(2, 0) == archive.pages.queue("herald", nameless, NOW)
    assert Queued(0, 2) == archive.pages.queue("herald", nameless, NOW + SECOND)
    assert {"herald": {"no address": 2}} == archive.pages.counts()
    assert {"Ferry sails", "Ferry sinks"} == {page.detail for page in archive.pages.dropped("herald")}


def test_a_broken_letter_in_a_feed_does_not_stop_its_other_entries(archive: Archive) -> None:
    broken = Entry("https://herald.test/\ud83d", title="\udfff")

    assert Queued(2, 0) == archive.pages.queue("herald", [broken, *entries("https://herald.test/a")], NOW)


def test_a_host_is_asked_by_one_at_a_time(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a", "https://herald.test/b"), NOW)
    archive.pages.queue("post", entries("https://post.test/a"), NOW + SECOND)

    first, second = lease(archive, NOW + SECOND), lease(archive, NOW + SECOND)

    assert ["https://herald.test/a", "https://post.test/a"] == [first.page.url, second.page.url]
    assert archive.pages.lease(NOW + SECOND, LEASE) is None


def test_a_host_rests_after_each_page(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a", "https://herald.test/b"), NOW)
    archive.hosts.done(lease(archive).turn, NOW, 2.0)

    assert archive.pages.lease(NOW + SECOND, LEASE) is None
    assert NOW + 2 * SECOND == archive.pages.wait(NOW)
    assert "https://herald.test/b" == lease(archive, NOW + 2 * SECOND).page.url


def test_a_host_that_asked_for_a_pause_is_left_alone(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    archive.hosts.hold("herald.test", NOW + DAY, "429")

    assert archive.pages.lease(NOW, LEASE) is None
    assert NOW + DAY == archive.pages.wait(NOW)


def test_nothing_queued_is_nothing_to_wait_for(archive: Archive) -> None:
    assert archive.pages.wait(NOW) is None
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    assert NOW == archive.pages.wait(NOW)
    assert archive.pages.wait(NOW, ["post"]) is None


def test_only_the_sources_that_were_asked_for_are_leased(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    archive.pages.queue("post", entries("https://post.test/a"), NOW)

    leased = archive.pages.lease(NOW, LEASE, ["post"])

    assert leased is not None
    assert "https://post.test/a" == leased.page.url
    assert archive.pages.lease(NOW, LEASE, ["post"]) is None


def test_pages_of_a_paused_source_wait(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    archive.sources.pause("herald", NOW)

    assert [None, None] == [archive.pages.lease(NOW, LEASE), archive.pages.wait(NOW)]


def test_a_lease_that_ran_out_gives_the_page_to_the_next(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    dead = lease(archive)

    assert archive.pages.lease(NOW + LEASE - SECOND, LEASE) is None
    next_ = lease(archive, NOW + LEASE)

    assert (dead.page.id, 1) == (next_.page.id, next_.page.attempts), "that a crawl died was no try of the page"
    assert next_.page.token > dead.page.token
    for act in (
        lambda: archive.pages.drop(dead.page, "timeout", "", NOW),
        lambda: archive.pages.retry(dead.page, NOW, "timeout", "", NOW),
        lambda: archive.pages.renew([dead.page], NOW + DAY),
        lambda: archive.pages.give_back([dead.page], NOW),
    ):
        with pytest.raises(LeaseLost, match="the lease ran out"):
            act()


def test_a_page_that_every_crawl_dies_of_ends_with_that_reason(archive: Archive) -> None:
    """Far later than one that fails by itself: who kills crawls is mostly somebody else."""
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    for died in range(50):
        assert lease(archive, NOW + died * LEASE).page.attempts == 1

    assert archive.pages.lease(NOW + 50 * LEASE, LEASE) is None
    found = archive.pages.find("https://herald.test/a")
    assert found is not None
    assert ("dropped", "crawls died") == (found.state, found.reason)
    assert "50 crawls in a row died while they held it" == found.detail


def test_a_page_that_was_answered_once_is_not_what_crawls_die_of(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    for died in range(120):
        held = lease(archive, NOW + died * LEASE).page
        if died == 40:
            archive.pages.retry(held, NOW, "timeout", "", NOW)
        if died == 80:
            archive.pages.give_back([held], NOW)

    found = archive.pages.find("https://herald.test/a")
    assert found is not None
    assert "leased" == found.state


def test_renewing_keeps_what_is_held_though_another_lease_is_lost(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    archive.pages.queue("post", entries("https://post.test/a"), NOW)
    lost, held = lease(archive).page, lease(archive).page
    archive.pages.drop(lost, "timeout", "", NOW)

    with pytest.raises(LeaseLost):
        archive.pages.renew([lost, held], NOW + DAY)

    found = archive.pages.find(held.url)
    assert found is not None
    assert NOW + DAY == found.lease_until


def test_a_page_given_back_was_not_tried(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    leased = lease(archive)
    archive.pages.give_back([leased.page], NOW)
    archive.hosts.done(leased.turn, NOW, 0)

    assert 1 == lease(archive).page.attempts


def test_a_page_to_be_tried_again_waits_for_its_time(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    leased = lease(archive)
    archive.hosts.done(leased.turn, NOW, 0)
    archive.pages.retry(leased.page, NOW + DAY, "server error", "503", NOW)

    assert NOW + DAY == archive.pages.wait(NOW)
    assert archive.pages.lease(NOW, LEASE) is None
    again = lease(archive, NOW + DAY).page
    assert (2, "server error", "503") == (again.attempts, again.reason, again.detail)


def test_dropped_pages_are_counted_and_listed_by_reason(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a", "https://herald.test/b"), NOW)
    for number, reason in enumerate(("not found", "paywalled")):
        leased = lease(archive, NOW + number * SECOND)
        archive.hosts.done(leased.turn, NOW, 0)
        archive.pages.drop(leased.page, reason, f"status {number}", NOW + number * SECOND)

    assert {"herald": {"not found": 1, "paywalled": 1}} == archive.pages.counts(["herald"])
    assert {} == archive.pages.counts(["post"])
    assert [("paywalled", "status 1"), ("not found", "status 0")] == [
        (page.reason, page.detail) for page in archive.pages.dropped("herald", 10)
    ]


def test_a_reason_that_no_user_could_look_up_is_refused(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)

    with pytest.raises(ValueError, match="none of the reasons"):
        archive.pages.drop(lease(archive).page, "because", "", NOW)


def test_a_forgotten_address_is_never_queued_again(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    keep(archive, article("https://herald.test/a"))
    archive.forget("https://herald.test/a", NOW)

    assert Queued(0, 0) == archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    assert archive.pages.find("https://herald.test/a") is None


STEPS = st.lists(
    st.tuples(st.sampled_from(["queue", "lease", "done", "drop", "retry", "back", "later"]), st.integers(0, 11)),
    max_size=60,
)


@settings(max_examples=60)
@given(STEPS)
def test_no_page_is_lost_held_twice_or_asked_for_beside_another_of_its_host(steps: list[tuple[str, int]]) -> None:
    with open_archive("sqlite://") as archive:
        now, held, urls = NOW, [], set()
        for act, number in steps:
            if act == "queue":
                url = f"https://h{number % 3}.test/{number}"
                urls.add(url)
                archive.pages.queue(f"s{number % 2}", entries(url), now)
            elif act == "lease":
                leased = archive.pages.lease(now, LEASE)
                waiting = archive.pages.wait(now)
                held = [one for one in held if one.turn.until > now]
                if leased is not None:
                    assert leased.page.host not in {one.page.host for one in held}
                    held.append(leased)
                else:
                    assert waiting is None or waiting > now
            elif act == "later":
                now += timedelta(minutes=number)
            elif held:
                one = held.pop(number % len(held))
                archive.hosts.done(one.turn, now, number)
                if one.page.lease_until is not None and one.page.lease_until <= now:
                    continue
                if act == "drop":
                    archive.pages.drop(one.page, "timeout", "", now)
                elif act == "retry":
                    archive.pages.retry(one.page, now + timedelta(minutes=number), "timeout", "", now)
                else:
                    archive.pages.give_back([one.page], now)
            counts = archive.pages.counts().values()
            assert len(urls) == sum(sum(states.values()) for states in counts)


def test_a_turn_is_free_again_when_its_holder_died(archive: Archive) -> None:
    dead = turn(archive, "herald.test")
    fresh = turn(archive, "herald.test", NOW + LEASE)
    archive.hosts.done(dead, NOW + LEASE, 0)

    assert fresh.token > dead.token
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    assert archive.pages.lease(NOW + LEASE, LEASE) is None


def dated(url: str, updated: str | None) -> Entry:
    return Entry(url, published="2026-11-20T08:00:00Z", updated=updated)


def stored(archive: Archive, *urls: str) -> None:
    archive.pages.queue("herald", [dated(url, None) for url in urls], NOW)
    for number in range(len(urls)):
        at = NOW + number * DAY
        leased = lease(archive, at)
        archive.articles.keep([Kept(article(leased.page.url), leased.page)], at)
        archive.hosts.done(leased.turn, at, 0.0)


def test_a_page_whose_entry_says_that_it_changed_is_fetched_again(archive: Archive) -> None:
    stored(archive, "https://herald.test/a", "https://herald.test/b")

    changed = dated("https://herald.test/a", "2026-11-21T09:00:00Z")
    archive.pages.queue("herald", [changed, dated("https://herald.test/b", None)], NOW + 9 * DAY)
    leased = lease(archive, NOW + 9 * DAY)

    assert ("https://herald.test/a", changed, 1) == (leased.page.url, leased.page.entry, leased.page.attempts)
    assert {"herald": {"leased": 1, "stored": 1}} == archive.pages.counts()


def test_a_changed_page_is_fetched_again_once_only(archive: Archive) -> None:
    stored(archive, "https://herald.test/a")
    changed = dated("https://herald.test/a", "2026-11-21T09:00:00Z")
    archive.pages.queue("herald", [changed], NOW + DAY)
    leased = lease(archive, NOW + DAY)
    archive.articles.keep([Kept(article("https://herald.test/a", text="Another text."), leased.page)], NOW + DAY)

    archive.pages.queue("herald", [changed], NOW + 2 * DAY)

    assert {"herald": {"stored": 1}} == archive.pages.counts()


def test_a_feed_that_writes_its_own_clock_into_all_entries_is_not_believed(archive: Archive) -> None:
    urls = [f"https://herald.test/{number}" for number in range(8)]
    stored(archive, *urls)

    archive.pages.queue("herald", [dated(url, "2026-11-30T00:00:00Z") for url in urls], NOW + 20 * DAY)

    assert {"herald": {"stored": 8}} == archive.pages.counts()


def test_new_entries_are_told_by_the_addresses_under_which_they_were_served(archive: Archive) -> None:
    """However often and in whatever form; what was forgotten by command was seen before."""
    archive.pages.queue("herald", entries("https://herald.test/forgotten"), NOW)
    keep(archive, article("https://herald.test/forgotten"))
    archive.forget("https://herald.test/forgotten", NOW)
    archive.pages.queue("herald", entries("https://herald.test/known"), NOW)

    sifted = archive.pages.sift(
        "herald",
        entries(
            "https://HERALD.test/known#top", "https://herald.test/forgotten", "https://HERALD.test/a",
            "https://herald.test/a#x", "https://herald.test/a",
        ),
    )  # fmt: skip

    assert {"https://HERALD.test/a", "https://herald.test/a#x", "https://herald.test/a"} == sifted.served_new
    assert (1, 1) == (sifted.known, len(sifted.new))
