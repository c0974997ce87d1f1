"""The rules of polling, one test each: a real server on loopback, a real visit, and a clock that is moved on.

What a server says is written down as it says it; what is looked at is what it was asked, and when.
"""

from __future__ import annotations

import gzip
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.clockwork import BEGIN, NOWHERE, Clockwork, Story, clockwork, feed
from tests.loopback import Reply, Seen, article, start_visit

Tell = Callable[..., Story]
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clockwork]:
    with clockwork(tmp_path_factory.mktemp("clockwork")) as found:
        yield found


@pytest.fixture
def tell(works: Clockwork, tmp_path: Path, request: pytest.FixtureRequest) -> Tell:
    """Begin a story about a host of its own."""
    number = 0

    def begin(answers: dict[str, object], *paths: str, more: str = "") -> Story:
        nonlocal number
        number += 1
        name = f"h{abs(hash(request.node.name)) % 10**12}-{number}"
        return Story(works, tmp_path / name, name, paths or ("/feed",), more, answers)

    return begin


def hourly(count: int, newest: datetime, prefix: str = "n") -> list[tuple[str, datetime]]:
    """Name entries of a steady feed, one an hour, the newest first."""
    return [(f"{prefix}{(newest - HOUR * n):%d-%H-%M}", newest - HOUR * n) for n in range(count)]


def steady(story: Story, count: int = 20, **headers: str) -> Callable[[Seen], Reply]:
    """Answer with a feed that gets a new entry every hour on the hour."""
    return lambda _: feed(*hourly(count, story.now.replace(minute=0, second=0)), **headers)


# What is asked


def test_the_first_request_is_unconditional(tell: Tell) -> None:
    (asked,) = tell({"/feed": feed("1", ETag='"1"')}).visit()

    assert not {"If-None-Match", "If-Modified-Since"} & set(asked.headers)


def test_a_poll_falls_just_before_the_digest(tell: Tell) -> None:
    """The visits begin at 08:00, about an hour apart, so that none would fall into the quarter before 12:30."""
    story = tell({})
    story.answers["/feed"] = steady(story)
    (story.folder / "digests.toml").write_text('[noon]\nat = "12:30"\n')
    story.visit()
    while story.now < BEGIN + 4.5 * HOUR:
        before, due = story.now, story.channel().next_poll
        assert due is not None
        story.visit((due - story.now).total_seconds() / 3600 + 0.01)

    assert BEGIN + 4.25 * HOUR <= before < BEGIN + 4.5 * HOUR


def test_validators_are_sent_back_byte_for_byte(tell: Tell) -> None:
    etag, modified = 'W/"a  b-é\xff--gzip"', "a day or two ago"
    story = tell({"/feed": feed("1", ETag=etag, Last_Modified=modified)})
    story.visit()

    (asked,) = story.visit(2)

    assert (etag, modified) == (asked.headers["If-None-Match"], asked.headers["If-Modified-Since"])


def test_both_validators_are_stored_after_each_200(tell: Tell) -> None:
    answers = [feed("1", ETag='"1"', Last_Modified="one"), feed("2", "1", ETag='"2"', Last_Modified="two")]
    story = tell({"/feed": answers})
    story.visit()
    story.visit(2)

    (asked,) = story.visit(2)

    assert ('"2"', "two") == (asked.headers["If-None-Match"], asked.headers["If-Modified-Since"])


def test_a_304_updates_a_validator_and_blanks_none(tell: Tell) -> None:
    first = feed("1", ETag='"1"', Last_Modified="one")
    story = tell({"/feed": [first, Reply("", 304, {"ETag": '"2"'}), Reply("", 304)]})
    story.visit()
    story.visit(2)
    story.visit(2)

    (asked,) = story.visit(2)

    assert ('"2"', "one") == (asked.headers["If-None-Match"], asked.headers["If-Modified-Since"])


def test_validators_outlive_failures_and_restarts(tell: Tell) -> None:
    """Each visit opens the archive anew; in between the server answers with errors that carry validators, too."""
    error = Reply("<html>Sorry</html>", 500, {"ETag": '"error"'})
    page = Reply("<html><body>Welcome</body></html>", 200, {"ETag": '"page"'})
    story = tell({"/feed": [feed("1", ETag='"1"'), error, page, Reply("", 304)]})
    for _ in range(3):
        story.visit(6)

    (asked,) = story.visit(6)

    assert asked.headers["If-None-Match"] == '"1"'


def test_nothing_is_sent_that_was_not_asked_for(tell: Tell) -> None:
    """No cookie, though one was set, no Referer, no invented query; who asks, and that gzip is understood."""
    story = tell({"/feed": feed("1", ETag='"1"', Set_Cookie="id=1; Path=/")})
    story.visit()

    (asked,) = story.visit(2)

    known = {"Host", "User-Agent", "Accept", "Accept-Encoding", "If-None-Match", "Connection"}
    assert (set(asked.headers) <= known, asked.path) == (True, "/feed")
    assert asked.headers["User-Agent"].endswith("(+https://desk.example/)")
    assert "gzip" in asked.headers["Accept-Encoding"]


def test_a_packed_feed_is_unpacked(tell: Tell) -> None:
    plain = feed("1", "2", "3")
    packed = Reply(gzip.compress(str(plain.body).encode()), 200, {"Content-Encoding": "gzip"}, plain.kind)
    story = tell({"/feed": packed})

    story.visit()

    assert story.polls()[0].new == 3


def honest(*names: str, etag: str) -> Callable[[Seen], Reply]:
    """Answer as a server that knows what it gave."""
    return lambda seen: Reply("", 304) if seen.headers.get("If-None-Match") == etag else feed(*names, ETag=etag)


@pytest.mark.parametrize("status", [302, 307])
def test_validators_are_sent_to_the_address_that_gave_them_behind_a_redirect(tell: Tell, status: int) -> None:
    story = tell({"/feed": Reply("", status, {"Location": "/real?utm_source=us"})})
    story.answers["/real?utm_source=us"] = honest("1", etag='"1"')
    story.visit()

    asked = story.visit(2)

    assert [("/feed", None), ("/real?utm_source=us", '"1"')] == [
        (seen.path, seen.headers.get("If-None-Match")) for seen in asked
    ]
    assert ("not modified", 304) == (story.polls()[-1].outcome, story.polls()[-1].status)


def test_validators_go_to_no_other_address_when_a_redirect_leads_elsewhere(tell: Tell) -> None:
    """Also not when it leads to another host; a validator of one address is never sent with one of another."""
    far = tell({"/feed": honest("9", etag='"far"')})
    to = [Reply("", 302, {"Location": at}) for at in ("/real", far.url("/feed"), far.url("/feed"), "/real")]
    near = feed("1", ETag='"near"', Last_Modified="near")
    story = tell({"/feed": to, "/real": near})
    sent = []
    for _ in range(4):
        before = len(story.works.web.seen)
        story.visit(2.5)
        sent += [
            (
                seen.host == f"{far.name}.example",
                seen.headers.get("If-None-Match"),
                seen.headers.get("If-Modified-Since"),
            )
            for seen in story.works.web.seen[before:]
            if (seen.host, seen.path) in ((f"{far.name}.example", "/feed"), (f"{story.name}.example", "/real"))
        ]

    assert [(False, None, None), (True, None, None), (True, '"far"', None), (False, None, None)] == sent
    assert story.channel().state == "ok"


# When it is asked


def test_a_feed_is_not_asked_before_its_interval_is_over(tell: Tell) -> None:
    """Sixty minutes at first, and up to a tenth more, so that not everything is asked at once."""
    story = tell({"/feed": feed("1", "2")})
    story.visit()

    assert 1.0 <= story.due_in() <= 1.101


def test_feeds_do_not_stay_in_step(tell: Tell) -> None:
    paths = [f"/{number}" for number in range(5)]  # of two the times may happen to be the same
    story = tell({path: feed(path) for path in paths}, *paths)
    story.visit()

    polls = [story.channel(number).next_poll or BEGIN for number in range(5)]
    assert max(polls) - min(polls) > timedelta(seconds=5)


def test_an_interval_that_the_user_named_is_kept(tell: Tell) -> None:
    story = tell({"/feed": lambda _: feed(*hourly(5, story.now))}, more='every = "7h"')
    story.visit()

    assert 7.0 <= story.due_in() <= 7.701


def test_a_busy_feed_is_asked_more_often_but_not_more_than_every_ten_minutes(tell: Tell) -> None:
    minutes = [(f"m{n}", BEGIN - timedelta(minutes=n)) for n in range(60)]
    story = tell({"/feed": feed(*minutes)})
    story.visit()

    assert 1 / 6 <= story.due_in() <= 1.1 / 6 + 0.001


def test_a_quiet_feed_is_asked_less_often_but_once_a_day(tell: Tell) -> None:
    story = tell({"/feed": feed(*[(f"w{n}", BEGIN - timedelta(weeks=n)) for n in range(10)])})
    story.visit()

    assert story.due_in() == pytest.approx(24, abs=0.01)


def test_a_feed_is_never_left_alone_until_it_has_rolled_over(tell: Tell) -> None:
    """Every day at eight ten entries come within an hour, into a feed that holds twenty: nothing is missed."""

    came = [BEGIN + timedelta(days=day, minutes=6 * n) for day in range(-3, 4) for n in range(10)]

    def burst(_: Seen) -> Reply:
        return feed(*[(f"{at:%d-%H-%M}", at) for at in reversed(came) if at <= story.now][:20])

    story = tell({"/feed": burst})
    story.visit(0.5)
    first = story.now
    while story.hours < 60:
        due = story.channel().next_poll
        assert due is not None
        story.visit(max((due - story.now).total_seconds() / 3600 + 0.005, 0.005))

    assert {"overrun"} & {poll.outcome for poll in story.polls()} == set()
    assert sum(poll.new for poll in story.polls()) == 20 + sum(first < at <= story.now for at in came)


def test_the_next_poll_survives_a_crash(tell: Tell) -> None:
    """Killed right after the poll, while the first page is fetched: the feed is not asked again before its time."""
    visits = []

    def kill(_: Seen) -> Reply:
        os.kill(visits[0].pid, signal.SIGKILL)
        return Reply("")

    story = tell({"/feed": lambda _: feed(story.url("/item/1"), ETag='"1"'), "/item/1": kill})
    visits.append(start_visit(story.folder, later=(BEGIN - datetime.now(BEGIN.tzinfo)).total_seconds()))
    with visits[0] as visit:
        visit.communicate(timeout=30)
    story.answers["/item/1"] = Reply("", 404)

    assert story.visit(0.5) == []
    assert len(story.visit(0.7)) == 1
    assert story.polls()[0].new == 1


@pytest.mark.parametrize("asks", ["max-age", "Expires"])
def test_what_a_server_calls_fresh_is_not_asked_again(tell: Tell, asks: str) -> None:
    # The server's own clock shows the real time; only what lies between its two times counts.
    fresh = {"Cache_Control": "max-age=10800"}, {"Expires": format_datetime(datetime.now(UTC) + 3 * HOUR)}
    story = tell({"/feed": feed("1", **fresh[asks == "Expires"])})
    story.visit()

    assert 2.99 <= story.due_in() <= 3.31


@pytest.mark.parametrize(
    "head",
    [
        "<ttl>180</ttl>",
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>8</sy:updateFrequency>",
        "<skipHours><hour>9</hour><hour>10</hour></skipHours>",
    ],
)
def test_what_a_feed_asks_for_is_kept_also_after_a_304(tell: Tell, head: str) -> None:
    story = tell({"/feed": [feed("1", ETag='"1"', head=head), Reply("", 304)]})
    story.visit()

    first = story.due_in()

    assert 2.99 <= first <= 3.31
    if "skip" not in head:
        assert 2.99 <= story.due_in() <= 3.31


def test_a_day_to_skip_is_skipped(tell: Tell) -> None:
    story = tell({"/feed": feed("1", head="<skipDays><day>Tuesday</day></skipDays>")}, more='every = "23h"')
    story.visit()
    due = story.channel().next_poll

    # Not on Tuesday, but not later than a day after the last time either.
    assert due == pytest.approx(BEGIN + timedelta(days=1), abs=timedelta(seconds=5))


def test_no_wish_keeps_a_feed_from_being_asked_once_a_day(tell: Tell) -> None:
    story = tell({"/feed": feed("1", head="<ttl>999999</ttl>", Cache_Control="max-age=31536000")})
    story.visit()

    assert story.due_in() == pytest.approx(24, abs=0.01)


# Pauses


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_pause_is_kept_to_the_second(tell: Tell, status: int, form: str) -> None:
    """Also when everything is asked for (crawl --all), and though the interval is shorter."""
    until = "180000" if form == "seconds" else format_datetime(BEGIN + 50 * HOUR, usegmt=True)
    story = tell({"/feed": [Reply("", status, {"Retry-After": until}), feed("1")]})
    story.visit()

    assert [] == story.visit(30, everything=True) + story.visit(19.9, everything=True)
    assert len(story.visit(0.4)) == 1


def test_an_absurd_pause_ends_after_a_month(tell: Tell) -> None:
    story = tell({"/feed": [Reply("", 429, {"Retry-After": "9" * 30}), feed("1")]})
    story.visit()

    assert story.visit(29 * 24, everything=True) == []
    assert len(story.visit(2 * 24)) == 1


def test_a_429_without_a_time_is_no_invitation(tell: Tell) -> None:
    story = tell({"/feed": Reply("", 429)})
    story.visit()

    assert story.visit(0.07, everything=True) == []
    assert story.visit(0.8) == []
    assert len(story.visit(0.4)) == 1


def test_one_limited_feed_waits_alone(tell: Tell) -> None:
    story = tell({"/a": Reply("", 429, {"Retry-After": "36000"}), "/b": feed("1")}, "/a", "/b")
    story.visit()

    assert [seen.path for seen in story.visit(2)] == ["/b"]


def test_several_limited_feeds_hold_their_whole_host(tell: Tell) -> None:
    """The third feed, which was never refused, and all pages of the host wait with them; also in later visits."""
    pause = Reply("", 429, {"Retry-After": "36000"})
    story = tell({"/a": [pause, feed("1")], "/b": [feed("2"), pause, feed("2")], "/c": feed("3")}, "/a", "/b", "/c")
    story.visit()
    story.visit(2)
    story.hours += 4

    assert story.visit(everything=True) == []
    assert {seen.path for seen in story.visit(6.2, everything=True)} == {"/a", "/b", "/c"}


def test_a_pause_asked_for_at_a_part_of_a_sitemap_holds_the_sitemap(tell: Tell) -> None:
    index = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</sitemapindex>"
    part = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{}</loc></url></urlset>"
    story = tell({})
    text = (story.folder / "sources.toml").read_text()
    (story.folder / "sources.toml").write_text(text.replace("feeds", "sitemaps"))
    parts = "".join(f"<sitemap><loc>{story.url(f'/{n}.xml')}</loc></sitemap>" for n in (1, 2, 3))
    story.answers = {
        "/feed": Reply(index.format(parts), kind="application/xml"),
        "/1.xml": Reply(part.format(story.url("/item/1")), kind="application/xml"),
        "/2.xml": Reply("", 429, {"Retry-After": "36000"}),
    }

    assert [seen.path for seen in story.visit()] == ["/feed", "/1.xml", "/2.xml"]
    assert story.visit(9.9, everything=True) == []
    assert story.polls()[0].new == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_pause_asked_for_at_robots_txt_holds_the_whole_host(tell: Tell, status: int, form: str) -> None:
    until = "36000" if form == "seconds" else format_datetime(BEGIN + 10 * HOUR, usegmt=True)
    story = tell({"/robots.txt": Reply("", status, {"Retry-After": until}), "/feed": feed("1")})
    for hours in (0, 1.2, 2.4, 6.3):
        story.visit(hours, everything=True)
    assert ["/robots.txt"] == everything(story)
    story.answers["/robots.txt"] = Reply("", 404)

    assert [seen.path for seen in story.visit(0.2, everything=True)] == ["/feed"]


def test_a_host_whose_known_robots_txt_asks_for_a_pause_is_left_at_once(tell: Tell) -> None:
    """Its rules are still known, but neither tdmrep.json nor pages nor feeds are asked for in the same visit."""
    rules = Reply("User-agent: *\nDisallow: /private", kind="text/plain")
    story = tell({"/robots.txt": rules, "/item/1": Reply("", 404)})
    story.answers["/feed"] = feed(story.url("/item/1"))
    story.visit()
    before = len(everything(story))
    story.answers["/feed"] = feed(story.url("/item/2"))
    story.answers["/robots.txt"] = Reply("", 503, {"Retry-After": "7200"})
    story.visit(26)
    story.visit(1.9, everything=True)

    assert ["/robots.txt"] == everything(story)[before:]
    story.answers["/robots.txt"] = rules
    assert ["/feed"] == [seen.path for seen in story.visit(0.2)]


def test_a_pause_asked_for_at_tdmrep_json_holds_the_pages(tell: Tell) -> None:
    story = tell({"/.well-known/tdmrep.json": Reply("", 429, {"Retry-After": "7200"})})
    story.answers["/feed"] = feed(story.url("/item/1"), story.url("/item/2"))
    story.visit()
    story.visit(1.9)

    assert ["/robots.txt", "/feed", "/.well-known/tdmrep.json"] == everything(story)
    with story.archive() as archive:
        assert {"queued": 2} == archive.pages.counts()[story.name]
    story.answers["/.well-known/tdmrep.json"] = Reply("", 404)
    story.visit(0.2)
    assert {"/item/1", "/item/2"} <= set(everything(story))


def test_an_address_that_asked_for_a_pause_is_asked_by_no_feed_that_leads_to_it(tell: Tell) -> None:
    """The pause is known by the address that answered; another feed of that host is not in it."""
    limited = Story(tell({}).works, (begun := tell({})).folder / "far", f"{begun.name}-far")
    limited.answers = {"/limited": Reply("", 429, {"Retry-After": "7200"}), "/free": feed("1")}
    away = {"/a": "/limited", "/b": "/limited", "/c": "/free"}
    story = tell({path: Reply("", 302, {"Location": limited.url(to)}) for path, to in away.items()}, *away)
    story.visit()
    story.visit(1.9, everything=True)

    assert 1 == everything(limited).count("/limited")
    assert 2 == everything(limited).count("/free")
    asked = everything(story)
    assert (1, 1) == (asked.count("/a"), asked.count("/b")), "the addresses that lead there wait, too"
    assert "is not to be asked before" in story.channel(1).note + story.channel(0).note
    limited.answers["/limited"] = feed("2")
    story.visit(1)
    assert ["ok"] * 3 == [story.channel(number).state for number in range(3)]


# Sitemaps


def sitemap(*urls: str) -> Reply:
    items = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return Reply(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{items}</urlset>", kind="text/xml")


def indexed(tell: Tell, count: int) -> Story:
    """Begin a story about a source with a sitemap of some sitemaps, undated, each with a page."""
    story = tell({})
    text = (story.folder / "sources.toml").read_text()
    (story.folder / "sources.toml").write_text(text.replace("feeds", "sitemaps"))
    parts = "".join(f"<sitemap><loc>{story.url(f'/s{n}.xml')}</loc></sitemap>" for n in range(count))
    index = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{parts}</sitemapindex>"
    story.answers = {"/feed": Reply(index, kind="text/xml")}
    story.answers |= {f"/s{n}.xml": sitemap(f"{NOWHERE}{story.name}/{n}") for n in range(count)}
    return story


def test_all_sitemaps_of_an_index_are_read_over_the_polls_and_what_is_left_is_told(tell: Tell) -> None:
    story = indexed(tell, 8)

    assert [seen.path for seen in story.visit()] == ["/feed", "/s7.xml", "/s6.xml", "/s5.xml", "/s4.xml", "/s3.xml"]
    assert "5 sitemaps of this index were read; 3 follow at the next polls" in story.polls()[-1].detail
    assert [seen.path for seen in story.visit(26)][1:4] == ["/s2.xml", "/s1.xml", "/s0.xml"]
    assert (story.polls()[-1].outcome, story.polls()[-1].new) == ("ok", 3)
    assert story.health().state == "ok"
    assert "follow at the next polls" in story.health().channels[0].note


def test_a_sitemap_of_an_index_that_fails_is_told_and_costs_only_itself(tell: Tell) -> None:
    story = indexed(tell, 3)
    story.answers["/s1.xml"] = [Reply("", 500), Reply("", 500), sitemap(f"{NOWHERE}{story.name}/new")]
    story.visit()

    assert (story.polls()[-1].outcome, story.polls()[-1].new) == ("ok", 2)
    for _ in range(2):
        health = story.health()
        assert health.state == "truncated"
        assert f"1 of 3 sitemaps of this index cannot be read ({story.url('/s1.xml')}: the server answered (500))" in (
            health.note
        )
        assert "source test" in health.remedy
        story.visit(26)
    assert (story.health().state, story.polls()[-1].new) == ("ok", 1)


def test_an_index_within_an_index_is_followed(tell: Tell) -> None:
    story = indexed(tell, 2)
    story.answers["/s1.xml"] = Reply(
        f"<sitemapindex><sitemap><loc>{story.url('/in.xml')}</loc></sitemap></sitemapindex>", kind="text/xml"
    )
    story.answers["/in.xml"] = sitemap(f"{NOWHERE}{story.name}/within")

    assert [seen.path for seen in story.visit()] == ["/feed", "/s0.xml", "/s1.xml", "/in.xml"]
    assert story.polls()[-1].new == 2


def nested(to: str) -> Reply:
    return Reply(f"<sitemapindex><sitemap><loc>{to}</loc></sitemap></sitemapindex>", kind="text/xml")


def test_indexes_without_end_are_told_and_what_stands_beside_them_is_read(tell: Tell) -> None:
    story = indexed(tell, 2)
    story.answers |= {"/s1.xml": nested(story.url("/i2.xml"))}
    story.answers |= {f"/i{n}.xml": nested(story.url(f"/i{n + 1}.xml")) for n in range(2, 9)}

    assert [seen.path for seen in story.visit()] == ["/feed", "/s0.xml", "/s1.xml", "/i2.xml", "/i3.xml"]
    assert story.polls()[-1].new == 1
    told = f"{story.url('/i3.xml')} is an index within 3 others and not followed: name the sitemaps that list pages"
    for _ in range(2):
        health = story.health()
        assert health.state == "truncated"
        assert told in health.note
        story.visit(26)


@pytest.mark.parametrize("leads_to", ["/feed", "/s0.xml"])
def test_an_index_that_leads_to_itself_is_told(tell: Tell, leads_to: str) -> None:
    story = indexed(tell, 1)
    story.answers["/s0.xml"] = nested(story.url(leads_to))
    story.visit()

    assert story.health().state == "truncated"
    assert "all are indexes again, and none lists a page: name the sitemaps that list pages" in story.health().note


# What is gone, fails, moves


def test_410_stops_and_tells(tell: Tell) -> None:
    story = tell({"/feed": [feed("1"), Reply("", 410)]})
    story.visit()
    story.visit(2)

    assert story.visit(24 * 90, everything=True) == []
    assert story.health().state == "gone"
    assert "410" in story.health().note
    assert "resume" in story.health().remedy


def test_a_temporary_redirect_to_a_410_takes_nothing_away(tell: Tell) -> None:
    story = tell({"/feed": [Reply("", 302, {"Location": "/old"}), feed("1")], "/old": Reply("", 410)})
    story.visit()

    assert len(story.visit(24)) == 1
    assert story.health().state == "ok"


@pytest.mark.parametrize("answer", [Reply("", 404), Reply("", 500), Reply("<html>Our new site</html>"), Reply("")])
def test_a_failing_feed_backs_off_to_once_a_day_and_is_revived(tell: Tell, answer: Reply) -> None:
    story = tell({"/feed": answer})
    story.visit()
    waits = [story.due_in() for _ in range(7)]
    assert ("failing", True) == (story.health().state, story.health().since is not None)
    story.answers["/feed"] = feed("1")

    assert waits[:4] == pytest.approx([1.05, 2.1, 4.2, 8.4], rel=0.06)
    assert waits[5:] == pytest.approx([24, 24], abs=0.01)
    assert 23 < story.due_in() < 24.1
    assert ("ok", 0) == (story.channel().state, story.channel().failures)
    assert 1.0 <= story.due_in() <= 1.4


@pytest.mark.parametrize(
    "answer",
    [
        Reply("<html></html>", 503, {"CF-Mitigated": "challenge", "Retry-After": "1"}),
        Reply("<html><head><title>Just a moment...</title></head></html>", 429),
        Reply("<html><head><title>h.example</title></head></html>", 200, {"cf-mitigated": "challenge"}),
    ],
)
def test_a_feed_that_answers_with_a_challenge_is_blocked_and_asked_less(tell: Tell, answer: Reply) -> None:
    story = tell({"/feed": answer})
    story.visit()
    (poll,) = story.polls()

    assert (poll.outcome, story.health().state) == ("blocked", "blocked")
    assert "with a challenge" in story.health().channels[0].note
    assert [story.due_in() for _ in range(2)] == pytest.approx([1.05, 2.1], rel=0.06)


def test_a_challenge_at_a_part_of_a_sitemap_ends_the_poll(tell: Tell) -> None:
    challenge = Reply("", 503, {"cf-mitigated": "challenge"})
    story, other = indexed(tell, 3), indexed(tell, 3)
    story.answers["/s0.xml"] = challenge
    other.answers["/s1.xml"] = challenge

    assert [seen.path for seen in story.visit()] == ["/feed", "/s0.xml"]
    assert (story.polls()[-1].outcome, story.health().state) == ("blocked", "blocked")
    assert [seen.path for seen in other.visit()] == ["/feed", "/s0.xml", "/s1.xml"]
    assert (other.polls()[-1].new, other.health().state) == (1, "truncated")


def test_a_feed_whose_server_cannot_be_reached_keeps_everything_that_is_known(tell: Tell) -> None:
    def hang_up(handler: object) -> None:
        """Close the connection without a word."""

    story = tell({"/feed": [feed("1", ETag='"1"'), Reply(act=hang_up), Reply("", 304)]})
    story.visit()
    story.visit(2)
    assert (story.channel().etag, story.channel().state) == ('"1"', "failing")

    (asked,) = story.visit(3)

    assert asked.headers["If-None-Match"] == '"1"'
    assert story.channel().state == "ok"


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_followed_at_once_from_then_on(tell: Tell, status: int) -> None:
    story = tell({"/feed": Reply("", status, {"Location": "/new"}), "/new": feed("1", ETag='"1"')})
    story.visit()

    (asked,) = story.visit(2)

    assert (asked.path, asked.headers["If-None-Match"]) == ("/new", '"1"')
    assert story.health().state == "moved"
    assert story.url("/new") in story.health().remedy


def test_a_feed_that_moved_to_an_address_that_is_gone_is_found_again_where_it_was(tell: Tell) -> None:
    moved = [feed("1", ETag='"1"'), Reply("", 410)]
    story = tell({"/feed": [Reply("", 301, {"Location": "/new"}), feed("2")], "/new": moved})
    story.visit()
    story.visit(2)
    assert story.channel().state == "failing"

    (asked,) = story.visit(3)

    assert asked.path == "/feed"
    assert "If-None-Match" not in asked.headers
    assert (story.channel().state, story.channel().url) == ("ok", story.url("/feed"))


def test_a_permanent_redirect_counts_though_the_feed_is_the_same_as_before(tell: Tell) -> None:
    story = tell({"/feed": [feed("1"), Reply("", 301, {"Location": "/new"})], "/new": feed("1")})
    story.visit()
    story.visit(2)

    assert [seen.path for seen in story.visit(2)] == ["/new"]


def test_a_permanent_redirect_to_something_else_moves_nothing(tell: Tell) -> None:
    parked = Reply("<html><body>This domain is for sale</body></html>")
    story = tell({"/feed": [Reply("", 301, {"Location": "/sale"}), feed("1")], "/sale": parked})
    story.visit()

    assert [seen.path for seen in story.visit(3)] == ["/feed"]
    assert story.channel().url == story.url("/feed")


def test_a_circle_of_permanent_redirects_over_polls_is_told_and_moves_nothing_any_more(tell: Tell) -> None:
    def to(path: str) -> Reply:
        return Reply("", 301, {"Location": path})

    story = tell(
        {"/feed": [to("/b"), feed("1"), to("/b"), to("/b")], "/b": [feed("1"), to("/feed"), feed("1"), feed("1", "2")]}
    )

    assert [["/feed", "/b"], ["/b", "/feed"], ["/feed", "/b"], ["/feed", "/b"]] == [
        [seen.path for seen in story.visit(30)] for _ in range(4)
    ]
    health = story.health()
    assert (story.url("/feed"), "moved") == (story.channel().url, health.state)
    assert "lead in a circle" in health.note
    assert "write the address that lasts into sources.toml" in health.remedy
    assert "lead in a circle" in story.polls()[-1].detail


@pytest.mark.parametrize("status", [302, 307])
def test_a_temporary_redirect_moves_nothing(tell: Tell, status: int) -> None:
    story = tell({"/feed": Reply("", status, {"Location": "/today"}), "/today": feed("1")})
    story.visit()

    assert [seen.path for seen in story.visit(2)] == ["/feed", "/today"]


def test_feeds_that_turn_out_to_be_one_are_asked_once(tell: Tell) -> None:
    story = tell({"/a": Reply("", 301, {"Location": "/b"}), "/b": feed("1", ETag='"1"')}, "/a", "/b")
    story.visit()

    (asked,) = story.visit(2)

    assert (asked.path, asked.headers.get("If-None-Match")) == ("/b", '"1"')
    assert ("ok", 1) == (story.health().state, len(story.health().channels))


def also(story: Story, *paths: str, key: str = "weekly") -> None:
    """Let another source have feeds on the host of a story."""
    feeds = ", ".join(f'"{story.url(path)}"' for path in paths)
    with (story.folder / "sources.toml").open("a") as file:
        file.write(f'[{key}]\nname = "The Weekly"\nhomepage = "{story.url("/")}"\nfeeds = [{feeds}]\n')


def test_a_feed_that_leads_for_good_to_another_source_s_is_asked_there_alone(tell: Tell) -> None:
    """Its own pages and polls stay with it, what comes then is the first source's, and each says what to do."""
    story = tell({"/a": feed("1", ETag='"a"'), "/b": feed("own", ETag='"b"')}, "/a")
    also(story, "/b")
    assert sorted(seen.path for seen in story.visit()) == ["/a", "/b"]
    news = {'"a"': feed("1", "2", ETag='"a2"'), None: feed("1", "2", "3", ETag='"a3"')}
    story.answers = {
        "/a": lambda seen: news.get(seen.headers.get("If-None-Match"), Reply("", 304)),
        "/b": Reply("", 301, {"Location": "/a"}),
    }
    assert sorted(seen.path for seen in story.visit(2)) == ["/a", "/a", "/b"]

    (asked,) = story.visit(2)

    assert (asked.path, asked.headers.get("If-None-Match")) == ("/a", '"a2"')
    assert [seen.path for seen in story.visit(everything=True)] == ["/a"]
    with story.archive() as archive:
        channels = {key: archive.channels.of(key)[0] for key in (story.name, "weekly")}
        pages = {name: archive.pages.find(f"{NOWHERE}{name}") for name in ("own", "1", "2", "3")}
        polls = [[poll.status for poll in archive.channels.polls(channel.id)] for channel in channels.values()]
        health = {each.source: each for each in archive.sources.health(story.now)}
    assert {"own": "weekly", "1": story.name, "2": story.name, "3": story.name} == {
        name: page.source for name, page in pages.items() if page
    }
    assert polls == [[304, 304, 200, 200], [200, 200]]
    assert ("ok", "moved") == (health[story.name].state, health["weekly"].state)
    assert f'{story.url("/b")} leads for good to {story.url("/a")}, a feed of the source "{story.name}"' in (
        health["weekly"].note
    )
    (way,) = health["weekly"].channels
    assert f'the same feed as {story.url("/a")} of the source "{story.name}": take it out of weekly' in way.remedy
    assert health["weekly"].remedy == way.remedy


@pytest.mark.parametrize("first", [Reply("", 410), Reply("", 301, {"Location": "/elsewhere"})], ids=["gone", "moves"])
def test_a_feed_is_asked_at_its_own_address_again_when_nobody_asks_in_its_place(tell: Tell, first: Reply) -> None:
    story = tell({"/a": feed("1", ETag='"a"'), "/b": Reply("", 301, {"Location": "/a"})}, "/a")
    also(story, "/b")
    story.visit()
    assert [seen.path for seen in story.visit(2)] == ["/a"]
    story.answers |= {"/a": first, "/b": feed("1", "2", ETag='"b"'), "/elsewhere": feed("1")}

    again = [seen for _ in range(2) for seen in story.visit(2) if seen.path == "/b"]

    assert [None, '"b"'][: len(again)] == [seen.headers.get("If-None-Match") for seen in again]
    with story.archive() as archive:
        (channel,) = archive.channels.of("weekly")
    assert (story.url("/b"), "ok", None, True) == (
        channel.url,
        channel.state,
        channel.folded_into,
        channel.next_poll is not None,
    )


def test_two_feeds_that_lead_to_one_another_in_turns_are_not_both_left_alone(tell: Tell) -> None:
    """Each is led to the other for good, never both at once: at each round one of the two addresses is read."""
    to_a, to_b = Reply("", 301, {"Location": "/a"}), Reply("", 301, {"Location": "/b"})
    story = tell({}, "/a")
    also(story, "/b")
    read = []
    for turn in range(8):
        news = feed("0", f"{turn}", ETag=f'"{turn}"')
        story.answers = {"/a": to_b, "/b": news} if turn % 2 else {"/a": news, "/b": to_a}
        asked = [seen.path for seen in story.visit(26)]
        read.append({"/b" if turn % 2 else "/a"} <= set(asked))
        with story.archive() as archive:
            ways = [*archive.channels.of(story.name), *archive.channels.of("weekly")]
        assert [way for way in ways if way.next_poll is not None], "nobody is asked any more"

    assert read == [True] * 8


# Servers that do not say the truth


def test_a_feed_that_answers_200_with_the_same_bytes_is_not_news(tell: Tell) -> None:
    """Whatever its ETag says."""
    story = tell({"/feed": [feed("1", ETag='"1"'), feed("1", ETag='"2"')]})
    story.visit()

    (asked,) = story.visit(2)

    assert asked.headers["If-None-Match"] == '"1"'
    assert story.polls()[-1].outcome == "not modified"
    assert story.channel().etag == '"2"'


def test_a_server_that_says_not_modified_for_ever_is_found_out(tell: Tell) -> None:
    """It never changes its ETag: after a day the body is asked for, and from then on the server is not believed."""

    def lie(seen: Seen) -> Reply:
        if "If-None-Match" in seen.headers:
            return Reply("", 304)
        return feed(*hourly(50, story.now.replace(minute=0, second=0)), ETag='"for ever"')

    story = tell({"/feed": lie}, more='every = "1h"')
    for _ in range(30):
        story.visit(1.2)
    outcomes = [poll.outcome for poll in story.polls()]
    found = next(number for number, poll in enumerate(story.polls()) if "not modified" in poll.detail)

    assert set(outcomes[1:found]) == {"not modified"}
    assert story.polls()[found].new >= 20
    assert story.polls()[found].at - BEGIN < timedelta(hours=27)
    assert set(outcomes[found + 1 :]) == {"ok"}


def test_an_honest_server_is_asked_for_the_body_once_a_day_at_most(tell: Tell) -> None:
    def honest(seen: Seen) -> Reply:
        return Reply("", 304) if seen.headers.get("If-None-Match") == '"1"' else feed("1", ETag='"1"')

    story = tell({"/feed": honest}, more='every = "2h"')
    whole = [seen for _ in range(30) for seen in story.visit(2.3) if "If-None-Match" not in seen.headers]

    assert len(whole) == 2
    assert story.health().state == "ok"


def test_not_modified_is_no_answer_to_an_unconditional_request(tell: Tell) -> None:
    story = tell({"/feed": Reply("", 304)})
    story.visit()

    assert ("failing", None) == (story.channel().state, story.channel().last_ok)


# Bodies that end early


def closing(reply: Reply, part: float, *, head: bytes = b"") -> Reply:
    """Answer with a part of a body whose end nothing but the end of the connection tells."""
    body = reply.body if isinstance(reply.body, bytes) else reply.body.encode()
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n" % reply.kind.encode()
    return Reply(act=lambda handler: handler.wfile.write(raw + head + b"\r\n" + body[: int(len(body) * part)]))


def test_a_feed_that_ends_early_is_told_and_asked_for_again_whole(tell: Tell) -> None:
    whole = feed("1", "2", "3", "4", ETag='"1"')
    story = tell({"/feed": [closing(whole, 0.6, head=b'ETag: "1"\r\n'), whole]})
    story.visit()

    assert (2, "ok") == (story.polls()[0].new, story.polls()[0].outcome)
    assert ("truncated", None) == (story.health().state, story.channel().etag)
    assert "ends early" in story.health().note
    (asked,) = story.visit(2)
    assert "If-None-Match" not in asked.headers
    assert (2, "ok", '"1"') == (story.polls()[1].new, story.health().state, story.channel().etag)


def test_a_feed_without_a_length_that_is_closed_is_whole(tell: Tell) -> None:
    story = tell({"/feed": closing(feed("1"), 1.0, head=b'ETag: "1"\r\n')})
    story.visit()

    assert ("ok", '"1"') == (story.health().state, story.channel().etag)


def test_a_feed_of_which_a_part_is_sent_is_no_feed(tell: Tell) -> None:
    story = tell({"/feed": feed("1", status=206, ETag='"1"', Content_Range="bytes 0-9/99")})
    story.visit()

    assert ("failing", None) == (story.channel().state, story.channel().etag)
    assert "a part only (206)" in story.channel().note


def test_a_page_that_ends_early_is_asked_for_again(tell: Tell) -> None:
    """What is cut for good is kept as what it is; what always ends so, at the same byte, is how the page is."""
    page = Reply(article("The harbour"))
    story = tell({})
    crawl = (story.folder / "presswatch.toml").read_text().replace("tries = 1", "tries = 2")
    (story.folder / "presswatch.toml").write_text(crawl)
    story.answers = {
        "/feed": feed(*[story.url(f"/page/{name}") for name in ("mended", "cut", "so")]),
        "/page/mended": [closing(page, 0.5), page],
        "/page/cut": [closing(page, 0.5), closing(page, 0.6)],
        "/page/so": closing(Reply(article("The bridge").replace("</body></html>", "")), 1.0),
    }
    story.visit()
    with story.archive() as archive:
        assert {"queued": 3} == archive.pages.counts()[story.name]
    story.visit(0.5)

    with story.archive() as archive:
        found = {name: archive.articles.get(story.url(f"/page/{name}")) for name in ("mended", "cut", "so")}
    kept = {name: each.completeness for name, each in found.items() if each is not None}
    assert {"mended": "full", "cut": "lead", "so": "full"} == kept
    assert "ends with its connection" in found["cut"].evidence["completeness"]  # type: ignore[union-attr]


# Gaps


def test_an_overrun_is_told_counted_and_followed_by_more_polls(tell: Tell) -> None:
    story = tell({"/feed": steady_and_short(lambda: story)}, more="")
    story.visit()
    before = story.channel().interval
    story.visit(48)

    health, (row,) = story.health(), coverage(story)
    assert ("overrun", 1) == (health.state, row.gaps)
    assert "none of the 5 entries was known" in health.note
    assert story.channel().interval <= before / 2
    # The next poll is well, but whoever reads of this day is told.
    story.visit(1)
    assert story.channel().state == "ok"
    assert story.health().state == "overrun"
    for _ in range(30):
        story.visit(1)
    assert story.health().state == "ok"


def test_a_pinned_entry_hides_no_overrun(tell: Tell) -> None:
    """The feed rolled over but for one old entry that stays; what had only slowed down is told as nothing."""
    pin = ("pin", BEGIN - timedelta(days=200))
    story = tell({"/feed": lambda _: feed(pin, *hourly(30, story.now.replace(minute=0, second=0, microsecond=0)))})
    story.visit()
    story.visit(20)
    assert [(31, "ok"), (20, "ok")] == [(poll.new, poll.outcome) for poll in story.polls()]

    story.visit(48)

    health, (row,) = story.health(), coverage(story)
    assert ("overrun", 1, 30) == (health.state, row.gaps, story.polls()[-1].new)
    assert "only 1 of the 31 entries was known" in health.note
    story.visit(2)
    assert story.channel().state == "ok"


def test_what_went_by_is_looked_for_in_the_sitemap(tell: Tell) -> None:
    """Its robots.txt names the sitemap; only what is dated after the last good poll is taken from it."""
    story = tell({"/feed": steady_and_short(lambda: story)})

    def sitemap(_: Seen) -> Reply:
        items = "".join(
            f"<url><loc>{NOWHERE}{name}</loc><lastmod>{at.isoformat()}</lastmod></url>"
            for name, at in hourly(100, story.now.replace(minute=0, second=0, microsecond=0))
        )
        return Reply(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{items}</urlset>", kind="text/xml")

    story.answers |= {
        "/robots.txt": Reply(f"Sitemap: {story.url('/news.xml')}\n", kind="text/plain"),
        "/news.xml": sitemap,
    }
    story.visit()

    assert [seen.path for seen in story.visit(48)] == ["/feed", "/news.xml"]
    assert "the sitemaps named 43 more" in story.health().note
    assert story.polls()[-1].new == 5 + 43


def steady_and_short(story: Callable[[], Story]) -> Callable[[Seen], Reply]:
    return lambda _: feed(*hourly(5, story().now.replace(minute=0, second=0, microsecond=0)))


def coverage(story: Story) -> list:  # type: ignore[type-arg]
    with story.archive() as archive:
        rows = archive.sources.coverage([story.name], BEGIN, story.now + HOUR)
    return [row for row in rows if row.gaps]


def everything(story: Story) -> list[str]:
    """List all that the host of a story was asked for, also what is about the whole host."""
    return story.works.web.asked(story.name)
