"""Poll rules, each a test: what is sent, what is remembered, and when a channel is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import REASONS
from crawler.polling import Answer, Contents, Decision, decide, headers, permanent_address, wants_body
from crawler.polling.pace import Settings, backoff
from crawler.polling.wishes import LONGEST_PAUSE, Wishes, awake, cache_floor, retry_after
from crawler.records import Channel, ChannelKind, Entry

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
NEW = Channel(id=1, source="coast", kind="feed", url="https://coast.example/feed")
KNOWN = replace(
    NEW,
    etag='W/"a  b"',
    last_modified="Mon, 23 Nov 2026 10:00:00 GMT",
    body_sha256="old",
    body_seen=NOW - timedelta(hours=1),
    last_ok=NOW - timedelta(hours=1),
    newest_entry=NOW - timedelta(hours=2),
    state="ok",
)
SETTINGS = Settings()


def entries(count: int, *, gap: timedelta, newest: datetime = NOW) -> tuple[Entry, ...]:
    """Make entries of a steady feed, the newest first."""
    times = (newest - gap * number for number in range(count))
    return tuple(Entry(f"https://coast.example/{n}", published=time.isoformat()) for n, time in enumerate(times))


HOURLY = entries(20, gap=timedelta(hours=1))


def served(items: tuple[Entry, ...] = HOURLY, sha: str = "new", **more: object) -> Answer:
    told: dict[str, str] = more.pop("headers", {})  # type: ignore[assignment]
    return Answer(200, told, sha, Contents(entries=items, **more))  # type: ignore[arg-type]


def polled(
    channel: Channel,
    answer: Answer,
    settings: Settings = SETTINGS,
    luck: float = 0.0,
    *,
    known: int | None = None,
    limited: int = 0,
) -> Decision:
    """Decide; the last ones of the served entries, so many, were known (None: nobody looked)."""
    items = answer.contents.entries if answer.contents else ()
    new = None if known is None else frozenset(entry.url for entry in items[: len(items) - known])
    return decide(channel, answer, settings, NOW, luck, new=new, limited=limited)


def wait(decision: Decision) -> float:
    assert decision.channel.next_poll is not None
    return (decision.channel.next_poll - NOW).total_seconds()


# What is sent


def test_the_first_poll_is_unconditional() -> None:
    assert {"Accept"} == set(headers(NEW, NOW))


def test_validators_are_sent_back_byte_for_byte() -> None:
    sent = headers(KNOWN, NOW)

    assert ('W/"a  b"', "Mon, 23 Nov 2026 10:00:00 GMT") == (sent["If-None-Match"], sent["If-Modified-Since"])


@pytest.mark.parametrize("kind", ["feed", "sitemap", "section"])
def test_nothing_is_sent_that_a_reader_need_not_send(kind: ChannelKind) -> None:
    sent = headers(replace(KNOWN, kind=kind), NOW)

    assert {"Accept", "If-None-Match", "If-Modified-Since"} == set(sent)


# What is remembered


def test_both_validators_are_stored_after_a_200() -> None:
    answer = served(headers={"ETag": '"é"-x', "LAST-MODIFIED": "yesterday, more or less"})

    channel = polled(NEW, answer).channel

    assert ('"é"-x', "yesterday, more or less") == (channel.etag, channel.last_modified)


def test_a_304_updates_a_validator_and_blanks_none() -> None:
    decision = polled(KNOWN, Answer(304, {"etag": '"2"'}))

    assert decision.outcome == "not modified"
    assert ('"2"', KNOWN.last_modified) == (decision.channel.etag, decision.channel.last_modified)


def test_an_empty_validator_blanks_none() -> None:
    channel = polled(KNOWN, served(headers={"ETag": "", "Last-Modified": ""})).channel

    assert (KNOWN.etag, KNOWN.last_modified) == (channel.etag, channel.last_modified)


def test_validators_of_an_error_page_are_not_believed() -> None:
    answer = Answer(200, {"ETag": '"error page"'}, "x", Contents(problem="a web page, not a feed"))

    assert polled(KNOWN, answer).channel.etag == KNOWN.etag


def test_a_304_to_an_unconditional_request_is_a_failure() -> None:
    decision = polled(NEW, Answer(304))

    assert ("failed", None) == (decision.outcome, decision.channel.last_ok)


def test_a_feed_that_lies_is_found_by_its_bytes() -> None:
    decision = polled(KNOWN, served(sha="old", headers={"ETag": '"2"'}))

    assert ("not modified", (), '"2"') == (decision.outcome, decision.entries, decision.channel.etag)


def test_entries_are_handed_on_when_there_is_news() -> None:
    decision = polled(KNOWN, served(), known=3)

    assert ("ok", HOURLY) == (decision.outcome, decision.entries)
    assert ("new", NOW) == (decision.channel.body_sha256, decision.channel.newest_entry)


def test_a_date_in_the_future_does_not_become_the_newest_entry() -> None:
    items = (*HOURLY, Entry("https://coast.example/f", published="2031-01-01T00:00:00+00:00"))

    assert polled(KNOWN, served(items), known=3).channel.newest_entry == NOW


def test_a_date_without_a_zone_is_read_in_the_zone_of_the_source() -> None:
    items = (Entry("https://coast.example/z", published="2026-11-23T19:30:00"),)

    channel = polled(KNOWN, served(items), Settings(timezone="Asia/Shanghai"), known=0).channel

    assert channel.newest_entry == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


# Moves


def test_a_permanent_redirect_is_kept_after_a_valid_feed() -> None:
    answer = replace(served(), hops=((301, "https://new.example/1"), (308, "https://new.example/2")))

    decision = polled(KNOWN, answer, known=1)

    assert ("https://new.example/2", "moved", KNOWN.url) == (
        decision.channel.url,
        decision.channel.state,
        decision.moved_from,
    )


def test_a_permanent_redirect_to_a_web_page_moves_nothing() -> None:
    answer = Answer(200, {}, "x", Contents(problem="a web page"), hops=((301, "https://parked.example/"),))

    assert polled(KNOWN, answer).channel.url == KNOWN.url


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_moves_nothing(status: int) -> None:
    answer = replace(served(), hops=((status, "https://other.example/"),))

    assert (KNOWN.url, None) == ((decision := polled(KNOWN, answer, known=1)).channel.url, decision.moved_from)


MOVED = replace(KNOWN, url="https://new.example/feed", defined=KNOWN.url, moved_at=NOW, etag='"new"')


@pytest.mark.parametrize(("failures", "status"), [(4, 404), (4, 500), (9, 403), (0, 410)])
def test_a_moved_channel_whose_new_address_is_lost_is_asked_at_its_old_one(failures: int, status: int) -> None:
    after = polled(replace(MOVED, failures=failures), Answer(status)).channel

    assert (after.url, after.moved_at, after.failures, after.next_poll is not None) == (KNOWN.url, None, 0, True)
    assert (after.etag, after.last_modified, after.body_seen) == (None, None, None)
    assert f"{KNOWN.url} is asked again" in after.note


def test_a_moved_channel_that_fails_now_and_then_stays_where_it_is() -> None:
    assert polled(replace(MOVED, failures=3), Answer(404)).channel.url == MOVED.url


A, B, C = (f"https://{name}.example/feed" for name in "abc")


def led(channel: Channel, *targets: str) -> Channel:
    """Poll once for each address that a redirect for good leads to."""
    for target in targets:
        channel = polled(channel, replace(served(), hops=((301, target),), url=target), known=1).channel
    return channel


def test_a_circle_of_permanent_redirects_over_polls_ends_at_the_address_of_the_configuration() -> None:
    start = replace(KNOWN, url=A, defined=A)

    assert [B, A, A, A] == [led(start, *targets).url for targets in ([B], [B, A], [B, A, B], [B, A, B, B])]
    assert (A, None, "moved") == ((after := led(start, B, A, B)).url, after.moved_at, after.state)
    assert after.note == f"its redirects for good lead in a circle from poll to poll ({A}, {B}); it stays at {A}"
    assert led(start, B, A, B, B) == replace(after, body_seen=NOW), "from then on nothing changes"
    assert ("ok", A) == ((well := polled(after, served(), known=1).channel).state, well.url)


def test_a_circle_that_does_not_hold_the_configured_address_ends_there_too() -> None:
    start = replace(KNOWN, url=A, defined=A)

    assert [B, C, B, A] == [led(start, *[B, C, B, C][:polls]).url for polls in range(1, 5)]
    assert led(start, B, C, B, C, "https://new.example/").url == "https://new.example/", "where it never was it may go"


def test_redirects_that_lead_ever_further_end_too() -> None:
    after = led(replace(KNOWN, url=A, defined=A), *(f"{A}?session={number}" for number in range(14)))

    assert (A, None) == (after.url, after.moved_at)
    assert "lead ever further from poll to poll" in after.note


def test_a_not_modified_through_such_a_redirect_does_not_hide_it() -> None:
    after = led(replace(KNOWN, url=A, defined=A), B, A, B)

    through = polled(after, Answer(304, hops=((301, B),), url=B)).channel
    directly = polled(after, Answer(304, url=A)).channel

    assert (("moved", after.note), ("ok", "")) == ((through.state, through.note), (directly.state, directly.note))


def test_only_the_leading_permanent_redirects_count() -> None:
    assert permanent_address("a", [(301, "b"), (302, "c"), (301, "d")]) == "b"


# Failures


def test_410_behind_a_temporary_redirect_stops_nothing() -> None:
    decision = polled(KNOWN, Answer(410, hops=((302, "https://other.example/"),)))

    assert ("failed", True) == (decision.outcome, decision.channel.next_poll is not None)


def test_410_stops_and_tells() -> None:
    channel = polled(KNOWN, Answer(410)).channel

    assert ("gone", None) == (channel.state, channel.next_poll)
    assert "410" in channel.note


@pytest.mark.parametrize(
    "answer", [Answer(404), Answer(500), Answer(None, reason="connection", detail="no such host")], ids=str
)
def test_a_failing_channel_backs_off_and_keeps_everything(answer: Answer) -> None:
    decision = polled(replace(KNOWN, failures=2), answer)

    assert ("failed", "failing", 3) == (decision.outcome, decision.channel.state, decision.channel.failures)
    assert (KNOWN.etag, KNOWN.body_sha256, KNOWN.last_ok) == (
        decision.channel.etag,
        decision.channel.body_sha256,
        decision.channel.last_ok,
    )
    assert wait(decision) == 4 * 3600
    assert decision.channel.note


def test_a_failing_channel_is_revived_by_one_good_answer() -> None:
    channel = polled(replace(KNOWN, failures=40, state="failing", note="gone fishing"), served(), known=1).channel

    assert (0, "ok", "") == (channel.failures, channel.state, channel.note)


@pytest.mark.parametrize("answer", [Answer(401), Answer(403), Answer(451), Answer(None, reason="robots")], ids=str)
def test_a_refusal_is_told_apart_from_a_failure(answer: Answer) -> None:
    assert ("blocked", "blocked") == ((decision := polled(KNOWN, answer)).outcome, decision.channel.state)


def test_a_host_that_cannot_be_reached_fails_and_refuses_nobody() -> None:
    """Its robots.txt is asked for first, so that is what is told: to ask the publisher to let us in would not help."""
    decision = polled(KNOWN, Answer(None, reason="robots unreachable", detail="robots.txt could not be reached"))

    assert ("failed", "failing") == (decision.outcome, decision.channel.state)


def test_a_feed_that_names_nothing_says_so_and_is_well() -> None:
    decision = polled(KNOWN, served(()), known=0)

    assert ("ok", "ok") == (decision.outcome, decision.channel.state)
    assert ("it is well-formed, but names nothing",) * 2 == (decision.detail, decision.channel.note)
    assert "" == polled(KNOWN, served(), known=1).channel.note


def test_a_web_page_in_place_of_a_feed_says_so() -> None:
    problem = "the address answers with a web page, not a feed"

    decision = polled(NEW, Answer(200, {}, "x", Contents(problem=problem)))

    assert ("failed", problem) == (decision.outcome, decision.channel.note)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_gives_a_sentence(reason: str) -> None:
    assert polled(NEW, Answer(None, reason=reason)).channel.note == REASONS[reason]


# Pauses


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_kept(status: int) -> None:
    assert wait(polled(KNOWN, Answer(status, {"Retry-After": "200000"}))) >= 200_000


def test_retry_after_as_a_date_is_kept() -> None:
    until = NOW + timedelta(hours=30)

    decision = polled(KNOWN, Answer(503, {"retry-after": format_datetime(until, usegmt=True)}))

    assert decision.channel.next_poll is not None
    assert decision.channel.next_poll >= until


def test_retry_after_is_not_shorter_because_their_clock_is_behind() -> None:
    theirs = NOW - timedelta(hours=10)
    told = format_datetime(theirs + timedelta(hours=5), usegmt=True)

    assert retry_after(told, format_datetime(theirs, usegmt=True), NOW) == NOW + timedelta(hours=5)


def test_one_limited_channel_holds_itself_and_several_hold_the_host() -> None:
    answer = Answer(429, {"Retry-After": "7200"})

    assert polled(KNOWN, answer).hold is None
    assert polled(KNOWN, answer, limited=1).hold == NOW + timedelta(hours=2)


@pytest.mark.parametrize("value", ["", "soon", "-5", "Wed, 99 Foo 2026", "1e9", "٣٠"])
def test_a_retry_after_that_cannot_be_read_is_a_plain_failure(value: str) -> None:
    assert wait(polled(KNOWN, Answer(429, {"Retry-After": value}))) == 3600


def test_a_mistaken_retry_after_does_not_silence_a_channel_for_ever() -> None:
    decision = polled(KNOWN, Answer(503, {"Retry-After": "999999999999"}))

    assert wait(decision) == LONGEST_PAUSE.total_seconds()


# The rhythm


def test_a_busy_feed_is_asked_more_often_and_a_quiet_one_less() -> None:
    busy = polled(KNOWN, served(entries(20, gap=timedelta(minutes=4))), known=1)
    quiet = polled(KNOWN, served(entries(20, gap=timedelta(days=3))), known=1)

    assert (600, 86_400) == (round(wait(busy)), wait(quiet))


def test_a_feed_is_never_left_alone_until_it_has_rolled_over() -> None:
    """Ten entries an hour in a feed of ten: every 18 minutes at the latest."""
    decision = polled(KNOWN, served(entries(10, gap=timedelta(minutes=6))), known=1)

    assert wait(decision) <= 9 * 6 * 60 / 3


def test_days_without_times_do_not_make_a_rhythm() -> None:
    items = tuple(Entry(f"https://coast.example/{n}", published="2026-11-23") for n in range(20))

    assert wait(polled(KNOWN, served(items), known=3)) == 3600


def test_an_interval_that_the_user_named_is_not_adapted() -> None:
    settings = Settings(every=7200, fixed=True)

    assert wait(polled(KNOWN, served(entries(50, gap=timedelta(minutes=1))), settings, known=1)) == 7200


def test_a_long_silence_slows_a_channel_down_little_by_little() -> None:
    channel = replace(KNOWN, newest_entry=NOW - timedelta(days=30))

    first = polled(channel, Answer(304)).channel
    second = polled(first, Answer(304)).channel

    assert (4500, 5625) == (first.interval, second.interval)


def test_an_undated_page_that_never_changes_is_asked_less() -> None:
    items = (Entry("https://coast.example/a"), Entry("https://coast.example/b"))

    assert polled(KNOWN, served(items), known=2).channel.interval == 4500


@pytest.mark.parametrize(
    "told",
    [
        {"Cache-Control": "public, max-age=7200"},
        {"Cache-Control": "max-age=7300", "Age": "100"},
        {"Expires": "Mon, 23 Nov 2026 14:00:00 GMT"},
        {"Expires": "Mon, 23 Nov 2026 16:00:00 GMT", "Date": "Mon, 23 Nov 2026 14:00:00 GMT"},
    ],
    ids=str,
)
def test_what_the_server_calls_fresh_is_not_asked_again(told: dict[str, str]) -> None:
    assert wait(polled(KNOWN, served(headers=told), known=1)) == 7200
    assert wait(polled(KNOWN, Answer(304, told))) == 7200


@pytest.mark.parametrize(
    "told",
    [
        {"Cache-Control": "no-cache, max-age=7200"},
        {"Cache-Control": "s-maxage=7200"},
        {"Expires": "0"},
        {"Expires": "-1"},
    ],
    ids=str,
)
def test_what_is_stale_at_once_changes_nothing(told: dict[str, str]) -> None:
    assert wait(polled(KNOWN, Answer(304, told))) == 3600


def test_the_wish_of_a_server_is_kept_for_a_day_at_most() -> None:
    assert wait(polled(KNOWN, served(headers={"Cache-Control": "max-age=31536000"}), known=1)) == 86_400


def test_the_ttl_of_a_feed_outlives_a_304() -> None:
    first = polled(NEW, served(entries(20, gap=timedelta(minutes=4)), ttl_seconds=10_800.0))

    assert wait(first) == 10_800
    assert wait(polled(first.channel, Answer(304))) == 10_800


def test_skipped_hours_and_days_are_skipped() -> None:
    hours = polled(NEW, served(skip_hours=frozenset({13, 14, 15})))
    days = awake(NOW + timedelta(hours=13), Wishes(skip_days=frozenset({"tuesday"})), NOW + timedelta(hours=72))

    assert hours.channel.next_poll == NOW.replace(hour=16)
    assert days == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


def test_skipping_everything_means_once_a_day() -> None:
    assert wait(polled(NEW, served(skip_hours=frozenset(range(24))))) == 86_400


# Gaps


def test_a_feed_without_a_known_entry_is_an_overrun() -> None:
    decision = polled(KNOWN, served(), known=0)

    assert ("overrun", "overrun") == (decision.outcome, decision.channel.state)
    assert "none of the 20 entries was known" in decision.channel.note
    assert decision.channel.interval <= KNOWN.interval / 2


def test_dates_tell_an_overrun_when_nobody_looked() -> None:
    items = entries(10, gap=timedelta(minutes=5))

    assert polled(KNOWN, served(items)).outcome == "overrun"
    assert polled(KNOWN, served()).outcome == "ok"


def pinned(rolled: tuple[Entry, ...], *days_ago: float) -> tuple[Entry, ...]:
    """Put old entries behind those of a feed; where they stand does not count."""
    old = (Entry(f"https://coast.example/pin{n}", published=ago(days=days)) for n, days in enumerate(days_ago))
    return (*rolled, *old)


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat()


#: Thirty entries within the hour and a half since KNOWN was read.
ROLLED = entries(30, gap=timedelta(minutes=2))


def test_a_feed_that_rolled_over_under_a_pinned_entry_is_an_overrun() -> None:
    decision = polled(KNOWN, served(pinned(ROLLED, 300)), known=1)

    assert ("overrun", "overrun") == (decision.outcome, decision.channel.state)
    assert "only 1 of the 31 entries was known, older than all others, and the newest one from before" in (
        decision.channel.note
    )
    assert "(2026-11-23 10:00 UTC) is no longer served" in decision.channel.note
    assert "none of" not in decision.channel.note
    assert decision.channel.interval <= KNOWN.interval / 2


@pytest.mark.parametrize(
    ("items", "known"),
    [
        (pinned(ROLLED[:2], 300, 299), 2),
        (pinned(ROLLED, 300, 299, 298), 3),
        (pinned(entries(2, gap=timedelta(minutes=150)), 300), 1),  # one is dated half an hour before it came
    ],
)
def test_a_few_pinned_entries_hide_no_gap(items: tuple[Entry, ...], known: int) -> None:
    assert polled(KNOWN, served(items), known=known).outcome == "overrun"


AT_TEN = Entry("https://coast.example/ten", published=ago(hours=2))


@pytest.mark.parametrize(
    ("items", "known"),
    [
        (pinned(ROLLED[:1], 300), 1),  # a slow feed got one entry
        (pinned(ROLLED[:3], 300, 299, 298), 3),  # several, and keeps its old ones
        ((*ROLLED, AT_TEN), 1),  # what was its newest entry is still there
        ((*ROLLED, replace(AT_TEN, published=ago(hours=1.5))), 1),  # with a later date
        ((*ROLLED, AT_TEN, *pinned((), 300)), 1),  # or under a new address
        (pinned((*ROLLED, Entry("https://coast.example/undated")), 300), 1),
        ((*ROLLED, Entry("https://coast.example/pin")), 1),
        (pinned((*ROLLED, replace(AT_TEN, published="2026-11-23")), 300), 1),
        (
            (
                *ROLLED,
                replace(AT_TEN, url=AT_TEN.url + "-late", published=ago(minutes=140)),
                replace(AT_TEN, published=ago(minutes=130)),
            ),
            1,
        ),  # a known one is newer than a new one that came late
        (entries(31, gap=timedelta(days=10)), 1),  # in no order: new ones are from long before
        ((*ROLLED, replace(AT_TEN, published=ago(minutes=5))), 1),  # a known one among the new
        (pinned((*ROLLED, replace(AT_TEN, published=ago(hours=-48))), 300), 1),  # dated in the future
    ],
)
def test_a_feed_that_may_have_missed_nothing_tells_no_gap(items: tuple[Entry, ...], known: int) -> None:
    assert polled(KNOWN, served(items), known=known).outcome == "ok"


@pytest.mark.parametrize("told", [{"cut": True}, {"lacking": "an entry cannot be read"}, {"partial": True}], ids=str)
def test_what_was_read_in_part_does_not_tell_that_the_newest_entry_is_gone(told: dict[str, object]) -> None:
    assert polled(KNOWN, served(pinned(ROLLED, 300), **told), known=1).outcome == "ok"


def test_a_newest_entry_that_was_taken_away_is_not_missed_for_ever() -> None:
    """It had gone before the last poll, which read the two that are still served."""
    left = pinned((), 300, 2)
    seen = polled(KNOWN, served(left, sha="left"), known=2).channel

    decision = polled(seen, served((*ROLLED[:3], *left)), known=2)

    assert (KNOWN.newest_entry, NOW - timedelta(days=2)) == (seen.newest_entry, seen.body_newest)
    assert decision.outcome == "ok"


def test_the_first_poll_is_no_overrun() -> None:
    assert polled(NEW, served(pinned(ROLLED, 300)), known=1).outcome == "ok"
    assert polled(NEW, served(), known=0).outcome == "ok"


# What holds whatever comes

moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
header_values = st.one_of(
    st.text(max_size=20),
    st.integers(-10, 10**13).map(str),
    moments.map(lambda time: format_datetime(time, usegmt=True)),
    st.integers(0, 10**10).map(lambda age: f"max-age={age}"),
)
names = st.sampled_from(["ETag", "Last-Modified", "Retry-After", "Cache-Control", "Expires", "Date", "Age", "X"])
printed = st.one_of(st.none(), st.text(max_size=12), moments.map(datetime.isoformat), st.just("2026-11-23"))
addresses = st.integers(0, 9).map("https://a.example/{}".format)
unseen = st.none() | st.frozensets(addresses)
contents = st.builds(
    Contents,
    entries=st.lists(st.builds(Entry, url=addresses, published=printed), max_size=8).map(tuple),
    problem=st.none() | st.just("broken"),
    ttl_seconds=st.none() | st.floats(0, 1e9),
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.sampled_from(["monday", "tuesday", "sunday"])),
)
answers = st.builds(
    Answer,
    st.sampled_from([None, 200, 204, 301, 304, 400, 401, 403, 404, 410, 429, 500, 503]),
    st.dictionaries(names, header_values, max_size=5),
    st.none() | st.sampled_from(["old", "new"]),
    st.none() | contents,
    st.lists(st.tuples(st.sampled_from([301, 302, 307, 308]), st.just("https://b.example/f")), max_size=2),
    st.sampled_from(["", "", "timeout", "robots"]),
)
channels = st.builds(
    replace,
    st.sampled_from([NEW, KNOWN, MOVED]),
    interval=st.floats(1, 1e6),
    failures=st.integers(0, 10_000),
    newest_entry=st.none() | moments,
    body_seen=st.none() | moments,
    distrusted=st.none() | moments,
    ceiling=st.none() | st.floats(0, 1e7),
    wishes=st.sampled_from(["", "ttl=3600", "hours=1,2 days=monday"]),
)


@given(channels, answers, st.floats(0, 1), unseen, st.integers(0, 2))
def test_no_answer_breaks_a_rule(
    channel: Channel, answer: Answer, luck: float, new: frozenset[str] | None, limited: int
) -> None:
    decision = decide(channel, answer, SETTINGS, NOW, luck, new=new, limited=limited)
    after = decision.channel
    returned = after.url == channel.defined != channel.url

    assert after.last_polled == NOW
    # Another address's validators are never sent to the one that is asked again.
    assert not returned or (after.etag, after.last_modified) == (None, None)
    kept = (
        ("last_ok", "newest_entry") if returned else ("etag", "last_modified", "body_sha256", "last_ok", "newest_entry")
    )
    for name in kept:
        assert getattr(after, name) is not None or getattr(channel, name) is None, f"{name} was blanked"
    if decision.outcome == "gone":
        assert after.next_poll is None
        return
    assert after.next_poll is not None
    seconds = wait(decision)
    assert seconds >= SETTINGS.shortest
    lower = {name.lower(): value for name, value in answer.headers.items()}
    until = retry_after(lower.get("retry-after"), lower.get("date"), NOW)
    if decision.outcome in ("failed", "blocked") and until is not None:
        assert after.next_poll >= until
        assert seconds <= max(SETTINGS.longest, LONGEST_PAUSE.total_seconds()) + SETTINGS.shortest
    else:
        assert seconds <= SETTINGS.longest
    # A sitemap that asked for a pause in its midst may have served a part before.
    assert decision.outcome in ("ok", "overrun") or answer.status in (429, 503) or decision.entries == ()
    assert after.url == channel.url or decision.moved_from == channel.url or returned


@given(channels, answers, st.floats(0, 1), unseen)
def test_the_same_answer_at_the_same_time_gives_the_same_decision(
    channel: Channel, answer: Answer, luck: float, new: frozenset[str] | None
) -> None:
    once, again = (decide(channel, answer, SETTINGS, NOW, luck, new=new) for _ in range(2))

    assert once == again


@given(channels, answers, st.floats(0, 1), unseen)
def test_no_poll_is_sooner_than_what_the_server_and_the_feed_ask_for(
    channel: Channel, answer: Answer, luck: float, new: frozenset[str] | None
) -> None:
    """Up to a day, which caps every wish but Retry-After."""
    decision = decide(channel, answer, SETTINGS, NOW, luck, new=new)
    if decision.outcome not in ("ok", "overrun", "not modified"):
        return
    lower = {name.lower(): value for name, value in answer.headers.items()}
    wishes = Wishes.read(decision.channel.wishes)

    assert wait(decision) >= min(cache_floor(lower, NOW), SETTINGS.cap) - 0.001
    assert wait(decision) >= min(wishes.ttl_seconds or 0, SETTINGS.cap) - 0.001
    due = decision.channel.next_poll
    assert due is not None
    assert due.hour not in wishes.skip_hours or wait(decision) >= SETTINGS.cap - 3600


@given(channels, answers)
def test_no_validator_is_ever_changed_by_us(channel: Channel, answer: Answer) -> None:
    """What is sent is what came in this answer, or what was known before it."""
    after = decide(channel, answer, SETTINGS, NOW, 0.5).channel
    came = {name.lower(): value for name, value in answer.headers.items()}
    sent = headers(replace(after, body_seen=NOW, distrusted=None), NOW)

    if after.url == channel.defined != channel.url:
        assert not {"If-None-Match", "If-Modified-Since"} & sent.keys(), "another address gave them"
        return
    assert sent.get("If-None-Match") in (channel.etag, came.get("etag"))
    assert sent.get("If-Modified-Since") in (channel.last_modified, came.get("last-modified"))


@given(st.floats(0, 1), st.integers(0, 30), st.sampled_from([Answer(404), Answer(500), Answer(429), Answer(403)]))
def test_the_wait_never_shrinks_while_a_channel_fails(luck: float, failures: int, answer: Answer) -> None:
    first = polled(replace(KNOWN, failures=failures), answer, luck=luck)
    second = polled(first.channel, answer, luck=luck)

    assert wait(first) <= wait(second) <= SETTINGS.cap


@given(channels, st.integers(0, 40 * 24))
def test_a_body_is_asked_for_at_least_once_a_week_and_not_twice_a_day(channel: Channel, hours: int) -> None:
    channel = replace(KNOWN, interval=channel.interval, body_seen=NOW - timedelta(hours=hours))

    assert wants_body(channel, NOW) or hours < 7 * 24
    assert not wants_body(channel, NOW) or hours >= 24


@settings(max_examples=60)
@given(
    st.integers(6, 40),
    st.lists(st.integers(0, 1439), min_size=4, max_size=40, unique=True),
    st.floats(0, 1),
)
def test_a_feed_whose_days_are_alike_never_overruns(size: int, minutes: list[int], luck: float) -> None:
    """Simulated for a week, of which the first half teaches; what fills half the feed in ten minutes is too fast."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    came = sorted(start + timedelta(days=day, minutes=minute) for day in range(20) for minute in minutes)
    halves = zip(came, came[size // 2 :], strict=False)
    if min(later - sooner for sooner, later in halves) < timedelta(minutes=12):
        return
    channel, now, seen = NEW, start + timedelta(days=8), set[datetime]()
    while now < start + timedelta(days=15):
        served = [time for time in came if time <= now][-size:]
        items = tuple(Entry(f"https://coast.example/{time:%d%H%M}", published=time.isoformat()) for time in served)
        new = frozenset(item.url for item, time in zip(items, served, strict=True) if time not in seen)
        answer = Answer(200, {}, str(served), Contents(entries=items))
        decision = decide(channel, answer, SETTINGS, now, luck, new=new)
        # The first days teach how fast it fills.
        assert decision.outcome != "overrun" or now < start + timedelta(days=12), (now, channel.interval)
        seen |= set(served)
        channel = decision.channel
        assert channel.next_poll is not None
        now = channel.next_poll


minutes = st.integers(1, 100_000)


@given(
    st.lists(minutes, min_size=1, max_size=30, unique=True),
    st.lists(minutes, min_size=2, max_size=60, unique=True),
    st.lists(minutes, max_size=2, unique=True),
    st.randoms(),
)
def test_a_feed_that_rolled_over_under_its_pins_is_always_told(
    before: list[int], since: list[int], pins: list[int], dice: Random
) -> None:
    """Its former entries are all gone but one or two that were not the newest, in whatever order it stands."""
    channel, newest = read_before(before)
    old = [Entry(f"https://coast.example/pin{n}", published=at(newest, -each)) for n, each in enumerate(pins)]
    came = [Entry(f"https://coast.example/new{n}", published=at(newest, each)) for n, each in enumerate(since)]
    items = [*old, *came]
    dice.shuffle(items)

    new = frozenset(entry.url for entry in came)
    decision = decide(channel, served(tuple(items)), SETTINGS, newest + timedelta(days=100), 0, new=new)

    assert decision.outcome == "overrun"
    assert bool(pins) == decision.detail.startswith(f"only {len(pins)} of the {len(items)} entries ")


@given(
    st.lists(minutes, min_size=1, max_size=30, unique=True),
    st.lists(st.integers(-100_000, 100_000), max_size=60),
    st.integers(1, 30),
    st.integers(0, 60),
)
def test_a_feed_that_still_serves_its_former_newest_entry_never_tells_a_gap(
    before: list[int], since: list[int], kept: int, ever: int
) -> None:
    """Whatever came to it, dated whenever, however few of its old entries are left, and whatever it once served."""
    channel, newest = read_before(before)
    channel = replace(channel, newest_entry=newest + timedelta(minutes=ever))
    stayed = [Entry(f"https://coast.example/{each}", published=at(NOW, -each)) for each in before]
    stayed = sorted(stayed, key=lambda entry: entry.published or "", reverse=True)[:kept]
    came = [Entry(f"https://coast.example/new{n}", published=at(newest, each)) for n, each in enumerate(since)]

    new = frozenset(entry.url for entry in came)
    decision = decide(channel, served((*came, *stayed)), SETTINGS, newest + timedelta(days=100), 0, new=new)

    assert decision.outcome == "ok"


def read_before(minutes: list[int]) -> tuple[Channel, datetime]:
    """Read a feed whose entries are dated so many minutes before a moment; give the channel and its newest date."""
    items = tuple(Entry(f"https://coast.example/{each}", published=at(NOW, -each)) for each in minutes)
    channel = decide(NEW, served(items, sha="before"), SETTINGS, NOW, 0, new=frozenset()).channel
    return channel, NOW - timedelta(minutes=min(minutes))


def at(time: datetime, minutes: int) -> str:
    return (time + timedelta(minutes=minutes)).isoformat()


@given(st.floats(1, 1e6), st.integers(1, 10_000))
def test_backing_off_never_shortens_and_never_passes_the_cap(interval: float, failures: int) -> None:
    assert backoff(interval, failures, SETTINGS) <= backoff(interval, failures + 1, SETTINGS) <= SETTINGS.longest


@given(
    st.builds(
        Wishes,
        st.none() | st.integers(1, 10**9).map(float),
        st.frozensets(st.integers(0, 23)),
        st.frozensets(st.sampled_from(["monday", "sunday"])),
    )
)
def test_wishes_are_read_as_they_were_written(wishes: Wishes) -> None:
    assert Wishes.read(wishes.written()) == wishes


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_luck_is_never_an_earlier_poll(one: float, other: float) -> None:
    first, second = sorted([one, other])

    assert wait(polled(KNOWN, Answer(304), luck=first)) <= wait(polled(KNOWN, Answer(304), luck=second))
