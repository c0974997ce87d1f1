"""That everything is accounted for, and that a source that does badly is told in time and with the reason."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import rhythm
from crawler.archive import Archive, Kept, KnownArticles, Poll, open_archive
from crawler.archive.health import _REMEDIES, WORST_FIRST
from crawler.archive.times import micros
from crawler.archive.wholeness import _newest, articles, judge
from crawler.archive_thread import ArchiveThread
from crawler.counts import Tally
from crawler.errors import REASONS
from crawler.net import Answer
from crawler.polling.polls import Poller
from crawler.records import Channel, Completeness, Entry, SourceHealth
from crawler.shells import needs_javascript
from crawler.spiders.sitemap import SitemapPage
from digest.edition import _TROUBLES
from digest.texts import Words
from tests.archive_sample import HERALD, LEASE, NOW, POST, article, entries, lease
from tests.clockwork import BEGIN, Clockwork, Story, clockwork
from tests.commands import answer, presswatch
from tests.loopback import Reply
from tests.loopback import article as page

ROOT = Path(__file__).parents[1]
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MONDAY = datetime(2026, 10, 5, tzinfo=UTC)


# The rhythm of a source


def published(*, weeks: int, days: range, hours: range, until: datetime) -> list[datetime]:
    """List the moments of a source that publishes on some days at some hours."""
    return [
        moment
        for week in range(weeks)
        for day in days
        for hour in hours
        if (moment := MONDAY + WEEK * week + DAY * day + HOUR * hour + timedelta(minutes=20)) <= until
    ]


def silent(moments: list[datetime], until: datetime) -> bool:
    return rhythm.judge(map(rhythm.hour, moments), max(moments), until).too_long


@given(
    weeks=st.integers(3, 9),
    first=st.integers(0, 20),
    length=st.integers(1, 12),
    hours_later=st.integers(0, 47),
)
def test_a_source_that_never_publishes_on_weekends_is_not_silent_on_one(
    weeks: int, first: int, length: int, hours_later: int
) -> None:
    saturday = MONDAY + WEEK * (weeks - 1) + DAY * 5
    moments = published(weeks=weeks, days=range(5), hours=range(first, min(first + length, 24)), until=saturday)

    assert not silent(moments, saturday + HOUR * hours_later)


@given(st.integers(3, 8), st.sampled_from([range(5), range(7), range(3)]), st.integers(0, 18), st.integers(0, 167))
def test_who_goes_on_as_ever_is_never_silent(weeks: int, days: range, first: int, hour: int) -> None:
    until = MONDAY + WEEK * weeks + HOUR * hour

    assert not silent(published(weeks=weeks + 1, days=days, hours=range(first, first + 5), until=until), until)


@given(st.integers(3, 8), st.integers(0, 18), st.integers(1, 6))
def test_who_stops_is_told_within_a_week(weeks: int, first: int, length: int) -> None:
    until = MONDAY + WEEK * weeks
    moments = published(weeks=weeks, days=range(5), hours=range(first, min(first + length, 24)), until=until)

    assert silent(moments, until + WEEK)


@given(st.integers(3, 6), st.integers(0, 400), st.integers(0, 400))
def test_a_silence_that_is_too_long_stays_so(weeks: int, one: int, other: int) -> None:
    until = MONDAY + WEEK * weeks
    moments = published(weeks=weeks, days=range(6), hours=range(7, 20, 3), until=until)

    assert silent(moments, until + HOUR * min(one, other)) <= silent(moments, until + HOUR * max(one, other))


def test_an_agency_that_writes_by_day_and_night_is_missed_within_a_day() -> None:
    until = MONDAY + WEEK * 4
    moments = published(weeks=4, days=range(7), hours=range(24), until=until)

    assert not silent(moments, until + 3 * HOUR)
    assert silent(moments, until + 8 * HOUR)


def test_a_weekday_on_which_something_always_comes_is_missed_sooner_than_a_weekend() -> None:
    """Friday's last item at six: all is well on Monday morning, and not on Tuesday morning."""
    saturday = MONDAY + WEEK * 5 + DAY * 5
    moments = published(weeks=6, days=range(5), hours=range(8, 19), until=saturday)

    assert not silent(moments, saturday + 2 * DAY + 9 * HOUR)
    assert silent(moments, saturday + 3 * DAY + 9 * HOUR)


def test_one_outage_of_long_ago_does_not_hide_the_next_one() -> None:
    until = MONDAY + WEEK * 7
    moments = [
        moment
        for moment in published(weeks=7, days=range(7), hours=range(8, 20), until=until)
        if not MONDAY + WEEK * 2 < moment < MONDAY + WEEK * 2 + DAY * 5
    ]

    assert silent(moments, until + 2 * DAY)


def test_a_rhythm_of_less_than_fourteen_days_is_not_believed() -> None:
    until = MONDAY + DAY * 13
    moments = published(weeks=2, days=range(7), hours=range(24), until=until)

    assert not silent(moments, until + 5 * DAY)
    assert silent(moments, until + 8 * DAY)


# Texts that are suddenly cut short


def rows(count: int, words: int, *, whole: bool = True) -> list[tuple[int, int, int]]:
    return [(int(whole), words + number % 7, number) for number in range(count)]


def test_leads_in_place_of_texts_are_told() -> None:
    found = judge(rows(8, 40, whole=False) + rows(4, 500), rows(60, 500))

    assert found is not None
    assert found.state == "truncated"
    assert "8 of the last 12 articles came as a lead or headline only" in found.note


def test_a_source_that_always_gave_leads_only_is_not_suddenly_truncated() -> None:
    assert judge(rows(12, 40, whole=False), rows(60, 40, whole=False)) is None


def test_texts_that_are_much_shorter_than_their_sources_history_are_told() -> None:
    found = judge(rows(12, 80), rows(60, 500))

    assert found is not None
    assert (found.state, found.note) == ("truncated", "its texts have 82 words of late; before, they had 503")


@pytest.mark.parametrize(
    ("recent", "before"),
    [
        (rows(12, 300), rows(60, 500)),  # somewhat shorter
        (rows(6, 80) + rows(6, 900), rows(60, 500)),  # some short ones
        (rows(12, 80), rows(30, 70) + rows(30, 900)),  # short ones were always among them
        (rows(5, 80), rows(60, 500)),  # too few
        (rows(12, 80), rows(10, 500)),  # too little is known
    ],
)
def test_a_slow_news_day_is_no_truncation(recent: list, before: list) -> None:  # type: ignore[type-arg]
    assert judge(recent, before) is None


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_texts_are_judged_the_same_though_the_old_ones_are_seldom_read(data: st.DataObject) -> None:
    """What asks whether a judgement is needed at all never hides one."""
    usual, late = data.draw(st.integers(40, 900)), data.draw(st.integers(40, 900))
    number, recent = data.draw(st.integers(0, 130)), data.draw(st.integers(0, 25))
    with open_archive("sqlite://") as archive:
        for kept in range(number):
            is_late = kept >= number - recent
            at = NOW - HOUR * (number - kept) if is_late else NOW - 30 * DAY + HOUR * kept
            words = (late if is_late else usual) + data.draw(st.integers(-20, 40), label="words")
            whole: Completeness = data.draw(st.sampled_from(["full", "full", "full", "lead"]), label="whole")
            one = article(f"https://herald.test/{kept}", text="word " * words, completeness=whole, published_utc=at)
            archive.articles.keep([Kept(replace(one, published=at.isoformat()))], at)
        kept_rows = _newest(archive._store, "herald", 120)
        within = [row for row in kept_rows[:20] if row[2] >= micros(NOW - WEEK)]

        assert judge(within, kept_rows[len(within) :]) == articles(archive._store, "herald", NOW)


# What is told of a source


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW)
        yield opened


def poll(archive: Archive, at: datetime = NOW, outcome: str = "ok", **changes: object) -> Channel:
    """Poll the channel of the Herald."""
    claimed = archive.channels.claim(1, at, LEASE)
    assert claimed is not None
    well = {"last_ok": at, "state": "ok"} if outcome in ("ok", "not modified") else {"state": outcome}
    after = replace(claimed, **{"last_polled": at, "next_poll": at + HOUR, **well, **changes})  # type: ignore[arg-type]
    archive.channels.polled(after, Poll(at, outcome, newest=after.newest_entry), [], at)
    return after


def health(archive: Archive, now: datetime = NOW) -> SourceHealth:
    found = archive.sources.health(now)
    uncounted = {"queued": 0, "stored": 0, "dropped": {}, "from_entry": {}, "overrides": ()}
    assert [replace(each, **uncounted) for each in found] == archive.sources.states(now)  # type: ignore[arg-type]
    return next(each for each in found if each.source == "herald")


def test_what_is_known_of_articles_holds_until_newer_ones_come(archive: Archive) -> None:
    poll(archive)
    known, states = KnownArticles(), []
    for number in range(60):
        at = NOW - HOUR * (60 - number)
        text, whole = ("word " * 300, "full") if number < 44 else ("word", "lead")
        late = article(f"https://herald.test/{number}", text=text, completeness=whole, published_utc=at)
        archive.articles.keep([Kept(replace(late, published=at.isoformat()))], at)
        (herald,) = (each for each in archive.sources.states(NOW, known) if each.source == "herald")
        states.append(herald.state)

    assert [herald] == [each for each in archive.sources.states(NOW, known) if each.source == "herald"]
    assert "truncated" == states[-1] == health(archive).state
    assert "ok" == states[43]


def test_a_failure_is_told_with_since_when_and_what_to_do(archive: Archive) -> None:
    poll(archive)
    poll(archive, NOW + 2 * HOUR, "failing", note="the server failed (500)")
    poll(archive, NOW + 4 * HOUR, "failing", note="the server failed (502)")

    found = health(archive, NOW + 4 * HOUR)

    assert ("failing", "the server failed (502)", NOW + 2 * HOUR) == (found.state, found.note, found.since)
    assert "presswatch source test https://herald.test/rss" in found.remedy.replace('"', "")
    (channel,) = found.channels
    assert ("feed", "https://herald.test/rss", "failing") == (channel.kind, channel.url, channel.state)


def test_a_gap_is_told_for_a_day_and_counted(archive: Archive) -> None:
    poll(archive, NOW, "overrun", note="none was known")
    poll(archive, NOW + 2 * HOUR, "overrun", note="none was known")
    poll(archive, NOW + 4 * HOUR)

    found = health(archive, NOW + 5 * HOUR)

    assert ("overrun", NOW, True) == (found.state, found.since, "(2 times in a day)" in found.note)
    poll(archive, NOW + 27 * HOUR)
    assert "ok" == health(archive, NOW + 27 * HOUR).state
    (row,) = archive.sources.coverage(["herald"], NOW - HOUR, NOW + 6 * HOUR)
    assert 2 == row.gaps


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("blocked", "blocked"),
        ("robots", "blocked"),
        ("server error", "failing"),
        ("robots unreachable", "failing"),
        ("", "ok"),
    ],
)
def test_a_source_whose_pages_are_refused_is_told_though_its_feed_is_well(
    archive: Archive, reason: str, state: str
) -> None:
    poll(archive)
    archive.pages.queue("herald", entries(*(f"https://herald.test/{n}" for n in range(10))), NOW, 1)
    for number in range(10):
        leased = lease(archive)
        archive.hosts.done(leased.turn, NOW, 0)
        if reason and number % 5:
            archive.pages.drop(leased.page, reason, "", NOW)
        else:
            archive.articles.keep([Kept(article(leased.page.url), leased.page)], NOW)

    found = health(archive)

    assert state == found.state
    if reason:
        assert f"8 of the last 10 ({reason})" in found.note


def test_a_feed_that_stopped_is_told_though_the_other_feed_goes_on(archive: Archive) -> None:
    """By its own rhythm, known from its own polls."""
    archive.sources.sync([replace(HERALD, feeds=("https://herald.test/rss", "https://herald.test/world"))], NOW)
    start = NOW - 40 * DAY
    for day in range(40):
        for hour in (8, 14, 20):
            at = start + DAY * day + HOUR * hour
            newest = min(at, start + 25 * DAY)
            for channel in archive.channels.of("herald"):
                claimed = archive.channels.claim(channel.id, at, LEASE)
                assert claimed is not None
                after = replace(
                    claimed, state="ok", last_polled=at, last_ok=at, next_poll=at + 6 * HOUR,
                    newest_entry=newest if channel.url.endswith("world") else at,
                )  # fmt: skip
                archive.channels.polled(after, Poll(at, "ok", newest=after.newest_entry), [], at)

    found = health(archive, at)

    assert "silent" == found.state
    assert "1 of 2 channels: no new items for 14 days; usual is one every 6 hours" == found.note
    assert ["ok", "silent"] == sorted(channel.state for channel in found.channels)


def test_nobody_is_silent_while_nobody_looked(archive: Archive) -> None:
    """Our own outage is told as what it is."""
    poll(archive, newest_entry=NOW)

    assert "late" == health(archive, NOW + 20 * DAY).state


def test_each_state_but_the_good_one_says_what_to_do_and_has_a_word_in_the_digest() -> None:
    assert {*WORST_FIRST, "paused", "new"} == set(_REMEDIES)
    assert set(WORST_FIRST) - {"moved"} <= set(_TROUBLES)
    words = Words("en", "UTC")
    assert [state for state in _TROUBLES if words(f"state.{state}") == f"state.{state}"] == []


# Every entry is accounted for


SHELL = "<html><head><script src='/app.js'></script></head><body><div id='root'></div></body></html>"
HOSTILE = {
    "/good": Reply(page("The harbour opens")),
    "/again": Reply("", 302, {"Location": "/good"}),
    "/shell": Reply(SHELL),
    "/missing": Reply("", 404),
    "/soft": Reply("<html><head><title>Page not found</title></head><body><p>Page not found</p></body></html>"),
    "/taken": Reply("", 410),
    "/teapot": Reply("", 418),
    "/failing": Reply("", 500),
    "/busy": Reply("", 429),
    "/forbidden": Reply("", 403),
    "/pay": Reply("", 402),
    "/nothing": Reply(""),
    "/bare": Reply("<html><body><p>Too little.</p></body></html>"),
    "/picture": Reply(b"\x89PNG\r\n\x1a\n000", kind="image/png"),
    "/large": Reply(gzip.compress(b"x" * 300_000), headers={"Content-Encoding": "gzip"}),
    "/half": Reply(gzip.compress(b"<html>" * 99)[:-9], headers={"Content-Encoding": "gzip"}),
    "/circle": Reply("", 302, {"Location": "/circle"}),
    "/inside": Reply("", 302, {"Location": "http://169.254.169.254/"}),
    "/private/page": Reply(page("Secret")),
    "/deep": Reply("<html><body>" + "<div>" * 50_000 + "</body></html>"),
}


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clockwork]:
    with clockwork(tmp_path_factory.mktemp("clockwork")) as found:
        yield found


def test_every_entry_that_was_served_is_kept_known_or_dropped_with_a_reason(works: Clockwork, tmp_path: Path) -> None:
    served = [*HOSTILE, "/good", "mailto:desk@example.org", "ftp://nowhere.example/file", "http://[broken/"]

    def feed() -> Reply:
        items = "".join(
            f"<item><title>Title of {path.replace('<', '')}</title><description>What is said of it.</description>"
            f"<link>{path if ':' in path else story.url(path)}</link></item>"
            for path in served
        )
        return Reply(f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>", kind="text/xml")

    story = Story(works, tmp_path / "mixed", "mixed")
    settings = story.folder / "presswatch.toml"
    settings.write_text(settings.read_text() + 'max_size = "200kB"\n')
    story.answers = {
        "/feed": lambda _: feed(),
        "/robots.txt": Reply("User-agent: *\nDisallow: /private/\n", kind="text/plain"),
        **HOSTILE,
    }
    for _ in range(4):
        story.visit(6)
        served.append(f"/late{len(served)}")

    with story.archive() as archive:
        days = archive.sources.coverage(["mixed"], BEGIN, story.now + HOUR)
        counts = archive.pages.counts(["mixed"])["mixed"]
        polls = archive.channels.polls(1)
        kept = archive.articles.count()
    kept_pages = sum(day.kept for day in days)
    dropped = {reason: number for day in days for reason, number in day.dropped.items()}
    entries_served = sum(poll.entries for poll in polls)

    assert entries_served == sum(day.known + day.entries for day in days)
    assert sum(day.entries for day in days) == kept_pages + sum(sum(day.dropped.values()) for day in days)
    assert {"queued", "leased"} & set(counts) == set()
    assert set(dropped) <= set(REASONS)
    assert kept_pages == counts["stored"] == kept
    from_entry = {reason: number for day in days for reason, number in day.from_entry.items()}
    assert set(from_entry) == {"robots", "blocked", "paywalled", "no article", "needs javascript"}
    assert {"duplicate", "not found", "soft 404", "gone", "http status", "server error", "too many requests", "empty",
            "not html", "too large", "connection", "redirects", "address refused"} <= set(dropped)  # fmt: skip


def test_entries_that_name_no_page_or_are_served_twice_are_counted(tmp_path: Path) -> None:
    """What a poll served is what was new and what was not: seven entries, of which two are doubles, then one more."""
    file = f"sqlite:///{tmp_path / 'archive.db'}"
    pages = entries("https://herald.test/1", "https://herald.test/2", "https://herald.test/1", "https://herald.test/2")
    nameless = [Entry("", "Ferry sails"), Entry("", "Ferry sinks"), Entry("ftp://herald.test/a")]
    lists = iter([(pages, nameless), ([*pages, *entries("https://herald.test/3")], nameless)])

    class AtOnce:
        async def call(self, function: object, *arguments: object) -> SitemapPage:
            named, others = next(lists)
            return SitemapPage(entries=tuple(named), nameless=tuple(others))

    async def nothing(*_: object) -> object:
        raise AssertionError("nothing else is asked for")

    with open_archive(file) as archive:
        archive.sources.sync([replace(HERALD, feeds=(), sitemaps=("https://herald.test/map",))], NOW)
    for now in (NOW, NOW + 2 * DAY):
        with ArchiveThread(file) as thread:
            poller = Poller(thread, AtOnce(), lambda now=now: now, Tally(["herald"]), every=3600)  # type: ignore[arg-type, misc]
            channel = thread.call(lambda archive, now=now: archive.channels.claim(1, now, LEASE))
            assert channel is not None
            answer = Answer(channel.url, channel.url, 200, {}, f"<urlset>{now}</urlset>".encode())
            told = poller.answered(
                channel, HERALD, answer, started=0.0, source_delay=0.0, fetch=nothing, sitemaps=nothing,  # type: ignore[arg-type]
            )  # fmt: skip
            asyncio.run(told)
    with open_archive(file) as archive:
        days = archive.sources.coverage(["herald"], NOW - DAY, NOW + 3 * DAY)
        polls = archive.channels.polls(1)

    assert [(8, 1), (7, 5)] == [(poll.entries, poll.new) for poll in polls]
    assert [(5, 2), (1, 7)] == [(day.entries, day.known) for day in days]


def test_what_lists_that_are_too_long_name_beyond_is_counted_once_a_day(tmp_path: Path) -> None:
    """Each poll sees the same again: a list counts once, with the most that was seen."""
    file = f"sqlite:///{tmp_path / 'archive.db'}"
    lists = iter([(("u1", 7), ("u2", 3)), (("u1", 9),), (("u2", 2),), (("u1", 4),)])

    class AtOnce:
        async def call(self, function: object, *arguments: object) -> SitemapPage:
            return SitemapPage(entries=entries("https://herald.test/1")[:1], surplus=next(lists), lacking="too long")

    async def nothing(*_: object) -> object:
        raise AssertionError("nothing else is asked for")

    with open_archive(file) as archive:
        archive.sources.sync([replace(HERALD, feeds=(), sitemaps=("https://herald.test/map",))], NOW)
    for hours in (0, 1, 2, 24):
        now = NOW.replace(hour=1) + timedelta(hours=hours)
        with ArchiveThread(file) as thread:
            poller = Poller(thread, AtOnce(), lambda now=now: now, Tally(["herald"]), every=3600)  # type: ignore[arg-type, misc]
            channel = thread.call(lambda archive, now=now: archive.channels.claim(1, now, LEASE))
            assert channel is not None
            body = f"<urlset>{hours}</urlset>".encode()
            answer = Answer(channel.url, channel.url, 200, {}, body)
            told = poller.answered(
                channel, HERALD, answer, started=0.0, source_delay=0.0, fetch=nothing, sitemaps=nothing,  # type: ignore[arg-type]
            )  # fmt: skip
            asyncio.run(told)
    with open_archive(file) as archive:
        first, second = archive.sources.coverage(["herald"], NOW.replace(hour=0), NOW + 2 * DAY)

        assert [{"list too long": 12}, {"list too long": 4}] == [first.dropped, second.dropped]
        assert [13, 4] == [first.entries, second.entries], "one page was new and waits"
        archive.prune(NOW + 10 * DAY)
        assert [] == archive.sources.coverage(["herald"], NOW - DAY, NOW + 2 * DAY)


def test_a_page_that_leads_to_a_host_that_is_held_is_not_given_up(works: Clockwork, tmp_path: Path) -> None:
    """However often: nobody asked for it, so it was not tried."""
    story = Story(works, tmp_path / "waits", "waits")
    link = f"<item><title>Far</title><link>{story.url('/a')}</link></item>"
    story.answers = {
        "/feed": Reply(f"<rss version='2.0'><channel><title>F</title>{link}</channel></rss>", kind="text/xml"),
        "/a": Reply("", 302, {"Location": "http://held.example/a"}),
    }
    works.web.hosts["held.example"] = lambda seen: Reply(page("At last")) if seen.path == "/a" else None
    seen = []
    for hours in (1, 1, 1, 0):
        with story.archive() as archive:
            archive.hosts.hold("held.example", story.now + 5 * HOUR + hours * HOUR, "answered 429")
        story.visit(5 + (not hours))
        with story.archive() as archive:
            found = archive.pages.find(story.url("/a"))
        assert found is not None
        seen.append((found.state, found.reason))

    assert seen == [("queued", "too many requests")] * 3 + [("stored", "")]


def test_coverage_is_told_as_table_csv_and_json(works: Clockwork, tmp_path: Path) -> None:
    story = Story(works, tmp_path / "told", "told")
    story.answers = {
        "/feed": Reply(
            "<rss version='2.0'><channel><title>F</title>"
            f"<item><title>Closed</title><link>{story.url('/a')}</link></item>"
            f"<item><title>Missing</title><link>{story.url('/b')}</link></item></channel></rss>",
            kind="text/xml",
        ),
        "/a": Reply("", 403),
    }
    story.visit()
    told = ["--config", ".", "--archive", "sqlite:///archive.db", "coverage"]
    times = ["--since", "2026-11-22", "--until", "2026-11-24"]

    table = presswatch(story.folder, *told, *times).stdout
    (row,) = answer(story.folder, *told, "told", *times, "--json")["coverage"]
    csv = presswatch(story.folder, *told, *times, "--csv").stdout.splitlines()

    assert "1 blocked" in table
    assert (row["day"], row["entries"], row["known"], row["kept"], row["gaps"]) == ("2026-11-23", 2, 0, 1, 0)
    assert (row["from_entry"], row["dropped"]) == ({"blocked": 1}, {"not found": 1})
    assert csv == [
        "source,day,polls,failed,entries,known,kept,from the entry,dropped,gaps",
        "told,2026-11-23,1,0,2,0,1,1 blocked,1 not found,0",
    ]
    assert "the archive knows no source" in presswatch(story.folder, *told, "nobody", code=2).stderr


def test_each_reason_is_given_somewhere() -> None:
    """A reason that nothing gives would be a promise that nothing keeps."""
    code = "\n".join(file.read_text() for file in (ROOT / "crawler").rglob("*.py") if file.name != "errors.py")
    given = {reason for reason in REASONS if re.search(rf"[\"']{reason}[\"']", code)}

    assert given == set(REASONS)
    assert 'NoArticle("language"' in code, "the word alone is also the name of a field"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SHELL, True),
        ("<script>1</script><app-root></app-root>", True),
        ("<script>1</script><noscript>You need to enable JavaScript to run this app.</noscript>", True),
        ("<div id='root'></div>", False),
        ("<script>1</script><div id='root'><p>Text</p></div>", False),
        ("<p>Nothing but text</p>", False),
    ],
)
def test_an_empty_shell_is_told_from_a_page_without_text(body: str, expected: bool) -> None:
    assert needs_javascript(body.encode()) == expected
