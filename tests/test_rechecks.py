"""Pages of articles are looked at again: when, how, and what it means when they are gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import rechecks
from crawler.archive import Archive, Leased, open_archive
from crawler.archive_thread import ArchiveThread
from crawler.counts import Tally
from crawler.net import Answer
from crawler.pipelines import Got, Keeper
from crawler.rechecks import Again
from crawler.records import Article, Entry, Recheck, Source, Watch
from tests.archive_sample import DAY, HOUR, NOW
from tests.loopback import Reply, Web, address, article, configure, end_visit, outlet, start_visit
from tests.test_pipelines import Here

SOURCE = Source("one", "One", "http://one.example/", feeds=("http://one.example/feed",))
WEEK = (3600.0, 86400.0, 604800.0)
LEASE = timedelta(minutes=5)
STORY = "Lanterns were hung along the quay while the council spoke of tolls, barges, eels and the price of rope. "


class Desk:
    """An archive and a keeper whose clock is moved by hand."""

    def __init__(self, archive: ArchiveThread, delays: tuple[float, ...] = WEEK):
        self.archive, self.now = archive, NOW
        self.tally = Tally(["one"])
        self.keeper = Keeper(
            archive, Here(), {"one": SOURCE}, self.clock, self.tally, tries=3, recheck=delays, seconds=0.01
        )
        archive.call(lambda each: each.sources.sync([SOURCE], NOW))
        archive.call(lambda each: each.watches.sync([Watch("rope", "rope"), Watch("bridge", "bridge")], NOW))

    def clock(self) -> datetime:
        return self.now

    def answer(self, leased: Leased | None, body: str = "", status: int = 200, **more: object) -> None:
        assert leased is not None
        page = leased.page
        self.archive.call(lambda archive: archive.hosts.done(leased.turn, self.now, 0))
        headers = {"content-type": "text/html", **dict(more.get("headers", {}))}  # type: ignore[call-overload]
        at = str(more.get("at", page.url))
        hops = ((301, at),) if at != page.url else ()
        got = Got(page, Answer(page.url, at, status, headers, body.encode(), hops))
        asyncio.run(self.keeper.take(got))

    def publish(self, path: str, title: str = "Rope is dear", story: str = STORY, **headers: str) -> Article:
        url = f"http://one.example{path}"
        self.archive.call(lambda archive: archive.pages.queue("one", [Entry(url, title)], self.now))
        leased = self.archive.call(lambda archive: archive.pages.lease(self.now, LEASE, ["one"]))
        self.answer(leased, article(title, story), headers={k.replace("_", "-"): v for k, v in headers.items()})
        return self.find(url)

    def lease(self, after: timedelta = timedelta()) -> Leased | None:
        self.now += after
        return self.archive.call(lambda archive: archive.rechecks.lease(self.now, LEASE, ["one"], turn=LEASE))

    def find(self, url: str) -> Article:
        found = self.archive.call(lambda archive: archive.articles.get(url))
        assert found is not None
        return found

    def kinds(self, kept: Article) -> list[str]:
        return [change.kind for change in self.archive.call(lambda archive: archive.changes.of(kept.id or 0))]

    def due(self, kept: Article) -> Recheck | None:
        page = self.archive.call(lambda archive: archive.pages.find(kept.url))
        assert page is not None
        return self.archive.call(lambda archive: archive.rechecks.of(page.id))

    def count(self) -> int:
        return self.archive.call(lambda archive: archive.articles.count())


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ArchiveThread("sqlite://") as archive:
        yield Desk(archive)


def test_a_page_is_looked_at_after_an_hour_a_day_and_a_week_and_never_again(desk: Desk) -> None:
    kept = desk.publish("/a")
    seen = []
    for _ in range(6 * 24 * 12):
        leased = desk.lease(timedelta(minutes=20))
        if leased is not None:
            seen.append(desk.now - NOW)
            desk.answer(leased, article("Rope is dear", STORY))

    assert [HOUR, DAY, 7 * DAY] == [
        least for least, real in zip((HOUR, DAY, 7 * DAY), seen, strict=True) if real > least
    ]
    assert all(
        real <= least * 1.1 + timedelta(minutes=20) for least, real in zip((HOUR, DAY, 7 * DAY), seen, strict=True)
    )
    assert desk.due(kept) is None
    assert desk.kinds(kept) == ["new"]


def test_what_was_slept_through_is_not_made_up_for(desk: Desk) -> None:
    desk.publish("/a")
    desk.answer(desk.lease(3 * DAY), article("Rope is dear", STORY))

    assert desk.lease(3 * DAY) is None
    assert desk.lease(2 * DAY) is not None


def test_a_page_that_is_unchanged_costs_no_reading_and_moves_last_checked(desk: Desk) -> None:
    kept = desk.publish("/a", etag='"v1"', last_modified="Mon, 23 Nov 2026 11:00:00 GMT")
    leased = desk.lease(2 * HOUR)
    assert leased is not None
    asked = leased.page.recheck
    desk.answer(leased, status=304)

    assert asked is not None
    assert rechecks.headers(asked.etag, asked.last_modified) == {
        "If-None-Match": '"v1"',
        "If-Modified-Since": "Mon, 23 Nov 2026 11:00:00 GMT",
    }
    assert desk.find(kept.url).last_checked == NOW + 2 * HOUR
    assert desk.tally.of("one").unchanged == 1
    # Also the next question carries them.
    later = desk.due(kept)
    assert later is not None
    assert later.etag == '"v1"'


def test_an_edit_is_a_revision_of_the_same_article_with_new_mentions(desk: Desk) -> None:
    kept = desk.publish("/a")
    desk.answer(desk.lease(2 * HOUR), article("Rope is dear", STORY + "The old bridge fell on Monday. "))
    revised = desk.find(kept.url)
    found = desk.archive.call(lambda archive: archive.search("bridge", now=desk.now))
    mentions = desk.archive.call(lambda archive: archive.watches.of([kept.id]))[kept.id]

    assert desk.count() == 1
    assert (revised.id, revised.revision) == (kept.id, 2)
    assert desk.kinds(kept) == ["new", "revised"]
    assert [hit.article.id for hit in found.hits] == [kept.id]
    assert {mention.watch for mention in mentions} == {"rope", "bridge"}


def test_a_page_that_moved_stays_the_same_article(desk: Desk) -> None:
    kept = desk.publish("/a")
    body = article("Rope is dear", STORY).replace("</p></article>", " The harbour master agreed.</p></article>")
    desk.answer(desk.lease(2 * HOUR), body, at="http://one.example/news/a")

    assert desk.count() == 1
    assert desk.find(kept.url).copy_of is None
    assert desk.kinds(kept) == ["new", "revised"]


def test_a_page_that_leads_to_another_article_changes_nothing(desk: Desk) -> None:
    kept = desk.publish("/a")
    other = "Forty swans were counted on the lake by volunteers in yellow coats before the frost came down. "
    desk.answer(desk.lease(2 * HOUR), article("Swans counted", other), at="http://one.example/b")

    assert desk.count() == 1
    assert desk.find(kept.url).text == kept.text
    assert desk.kinds(kept) == ["new"]


def test_a_410_withdraws_at_once_and_the_text_stays(desk: Desk) -> None:
    kept = desk.publish("/a")
    desk.answer(desk.lease(2 * HOUR), status=410)
    gone = desk.find(kept.url)
    changes = desk.archive.call(lambda archive: archive.changes.of(kept.id or 0))

    assert gone.withdrawn_at == NOW + 2 * HOUR
    assert gone.text == kept.text
    assert [(change.kind, change.note) for change in changes] == [("new", ""), ("withdrawn", "its page is gone (410)")]
    assert desk.tally.of("one").withdrawn == 1


def test_a_404_withdraws_when_it_is_seen_again_hours_later(desk: Desk) -> None:
    kept = desk.publish("/a")
    desk.answer(desk.lease(2 * HOUR), status=404)
    desk.now += HOUR
    well = desk.publish("/b", "Eels are cheap", STORY.upper())

    assert desk.find(kept.url).withdrawn_at is None

    asked = desk.lease(4 * HOUR)
    if asked is not None and asked.page.article == well.id:
        desk.answer(asked, article("Eels are cheap", STORY.upper()))
    assert desk.find(kept.url).withdrawn_at is None
    desk.answer(desk.lease(2 * HOUR), status=404)

    assert desk.find(kept.url).withdrawn_at == desk.now
    assert desk.find(well.url).withdrawn_at is None
    note = desk.archive.call(lambda archive: archive.changes.of(kept.id or 0))[-1].note
    assert note == "its page was not found (404), first seen 2026-11-23 14:00 UTC"


def test_a_404_of_a_whole_host_is_no_withdrawal(desk: Desk) -> None:
    kept = [desk.publish(f"/{name}", f"Title of {name}", STORY + name * 9) for name in "abc"]
    for _ in range(40):
        leased = desk.lease(HOUR)
        if leased is not None:
            desk.answer(leased, status=404)

    assert [desk.find(each.url).withdrawn_at for each in kept] == [None, None, None]


def test_a_404_is_not_asked_without_end(desk: Desk) -> None:
    desk.publish("/a")
    asked = 0
    for _ in range(24 * 12):
        leased = desk.lease(HOUR)
        if leased is not None:
            asked += 1
            desk.answer(leased, status=404)

    assert asked <= len(WEEK) + rechecks.MOST_MISSES


def test_a_page_that_leads_to_the_front_page_counts_as_not_found(desk: Desk) -> None:
    kept = desk.publish("/a")
    desk.answer(desk.lease(2 * HOUR), article("Welcome to One", STORY), at="http://one.example/")
    doubted = desk.due(kept)

    assert desk.count() == 1
    assert desk.find(kept.url).text == kept.text
    assert doubted is not None
    assert doubted.misses == 1


def test_a_page_that_comes_back_is_told(desk: Desk) -> None:
    kept = desk.publish("/a")
    desk.answer(desk.lease(2 * HOUR), status=410)
    desk.answer(desk.lease(DAY + 3 * HOUR), article("Rope is dear", STORY))

    assert desk.find(kept.url).withdrawn_at is None
    assert desk.kinds(kept) == ["new", "withdrawn", "restored"]


@pytest.mark.parametrize("said", ["This article has been withdrawn.", "This story was removed because it was wrong."])
def test_a_note_withdraws_and_the_text_stays(desk: Desk, said: str) -> None:
    kept = desk.publish("/a")
    page = f"<html><head><title>Rope is dear</title></head><body><article><h1>Rope is dear</h1><p>{said}</p></article>"
    desk.answer(desk.lease(2 * HOUR), page)
    gone = desk.find(kept.url)

    assert gone.withdrawn_at == desk.now
    assert gone.text == kept.text
    assert desk.kinds(kept) == ["new", "withdrawn"]
    assert said in desk.archive.call(lambda archive: archive.changes.of(kept.id or 0))[-1].note


def test_a_note_above_the_text_withdraws_too(desk: Desk) -> None:
    kept = desk.publish("/a")
    body = article("Rope is dear", STORY).replace(
        "</h1>", "</h1><p>This article has been retracted by its authors.</p>"
    )
    desk.answer(desk.lease(2 * HOUR), body)

    assert desk.find(kept.url).withdrawn_at == desk.now


def test_a_headline_withdraws_though_the_declared_title_stays(desk: Desk) -> None:
    kept = desk.publish("/a")
    page = (
        "<html><head><title>Rope is dear</title></head><body><nav>News</nav><article><h1>Retraction: Rope is dear</h1>"
        "<p>What we wrote about the price of rope could not be verified, and we apologise to our readers.</p></article>"
    )
    desk.answer(desk.lease(2 * HOUR), page)

    assert desk.find(kept.url).withdrawn_at == desk.now
    assert desk.find(kept.url).text == kept.text


def test_an_article_that_is_about_a_retraction_from_the_first_is_not_withdrawn(desk: Desk) -> None:
    story = "The editors have retracted this article, the notice says. " + STORY
    kept = desk.publish("/a", story=story)
    desk.answer(desk.lease(2 * HOUR), article("Rope is dear", story).replace("dear", "dear and scarce"))

    assert desk.find(kept.url).withdrawn_at is None


def test_an_article_that_always_said_so_is_not_withdrawn(desk: Desk) -> None:
    said = "This article has been withdrawn. " + STORY
    kept = desk.publish("/a", story=said)
    desk.answer(desk.lease(2 * HOUR), article("Rope is dear", said))

    assert desk.find(kept.url).withdrawn_at is None


@pytest.mark.parametrize("status", [500, 403, 401, 402, 302])
def test_a_failure_teaches_nothing(desk: Desk, status: int) -> None:
    kept = desk.publish("/a")
    desk.answer(desk.lease(2 * HOUR), "no", status=status)
    page = desk.archive.call(lambda archive: archive.pages.find(kept.url))

    assert desk.find(kept.url).last_checked == kept.last_checked
    assert page is not None
    assert (page.state, page.reason) == ("stored", "")
    assert desk.lease(2 * HOUR) is None
    assert desk.lease(DAY + 3 * HOUR) is not None


def test_a_wall_takes_nothing_away(desk: Desk) -> None:
    kept = desk.publish("/a")
    opening = kept.text[:200].rsplit(" ", 1)[0]
    page = (
        f"<html><head><title>Rope is dear</title></head><body><article><h1>Rope is dear</h1><p>{opening}…</p></article>"
    )
    desk.answer(desk.lease(2 * HOUR), page)

    assert desk.find(kept.url).text == kept.text
    assert desk.kinds(kept) == ["new"]


def test_a_notice_in_place_of_the_article_takes_nothing_away(desk: Desk) -> None:
    kept = desk.publish("/a")
    said = "Sorry, we are down for maintenance at the moment. Please check back in a few hours."
    desk.answer(
        desk.lease(2 * HOUR), f"<html><head><title>One</title></head><body><h1>One</h1><p>{said}</p></body></html>"
    )

    assert desk.find(kept.url).text == kept.text
    assert desk.kinds(kept) == ["new"]


def test_an_empty_list_never_looks_again() -> None:
    with ArchiveThread("sqlite://") as archive:
        desk = Desk(archive, ())
        kept = desk.publish("/a")

        assert desk.due(kept) is None


def test_old_news_and_imports_are_not_looked_at_again(desk: Desk) -> None:
    old = article("Rope was dear", STORY).replace("<h1>", "<p>By Ada Holm Published: 2019/11/6 19:13:40</p><h1>")
    url = "http://one.example/old"
    desk.archive.call(lambda archive: archive.pages.queue("one", [Entry(url, published="2019-11-06")], NOW))
    desk.answer(desk.archive.call(lambda archive: archive.pages.lease(NOW, LEASE)), old)

    assert desk.find(url).backfill
    assert desk.due(desk.find(url)) is None


def test_new_pages_come_first_but_a_late_look_does_not_starve(tmp_path: Path) -> None:
    from crawler.scheduler import _NEW_FIRST, _lease

    class Visit:
        keys, turn_lease, looked_again = None, LEASE, ["one"]

    with ArchiveThread("sqlite://") as archive:
        desk = Desk(archive)
        kept = desk.publish("/a")
        desk.now += 5 * HOUR
        new = [Entry(f"http://one.example/{number}") for number in range(3)]
        archive.call(lambda each: each.pages.queue("one", new, desk.now))

        def first(each: Archive, late: bool) -> bool:
            leased, _ = _lease(each, desk.now, Visit(), late)
            assert leased is not None
            each.hosts.done(leased.turn, desk.now, 0)
            return leased.page.article == kept.id

        assert archive.call(first, False) is False
        assert archive.call(first, True) is True
    assert _NEW_FIRST > 1


def test_a_crawl_that_dies_looks_again_and_loses_nothing(desk: Desk) -> None:
    kept = desk.publish("/a")
    first = desk.lease(2 * HOUR)
    assert first is not None
    desk.now += 2 * LEASE
    nothing = desk.archive.call(lambda archive: archive.pages.lease(desk.now, LEASE))
    page = desk.archive.call(lambda archive: archive.pages.find(kept.url))

    assert nothing is None
    assert page is not None
    assert page.state == "stored"
    second = desk.lease()
    assert second is not None
    assert second.page.recheck is not None
    assert second.page.recheck.attempts == 2
    # What the dead one might still send is refused.
    desk.answer(first, status=410)
    assert desk.find(kept.url).withdrawn_at is None


def test_a_look_that_kills_every_crawl_is_let_go(desk: Desk) -> None:
    desk.publish("/a")
    desk.now += HOUR
    leased = 0
    for _ in range(20):
        leased += desk.lease(2 * LEASE) is not None
        desk.archive.call(lambda archive: archive.pages.lease(desk.now + 2 * LEASE, LEASE))

    assert leased == 5


def test_a_look_that_was_given_back_is_due_at_once(desk: Desk) -> None:
    kept = desk.publish("/a")
    leased = desk.lease(2 * HOUR)
    assert leased is not None
    desk.archive.call(lambda archive: archive.pages.give_back([leased.page], desk.now))
    desk.archive.call(lambda archive: archive.hosts.done(leased.turn, desk.now, 0))
    page = desk.archive.call(lambda archive: archive.pages.find(kept.url))
    again = desk.lease()

    assert page is not None
    assert page.state == "stored"
    assert again is not None
    assert again.page.recheck is not None
    assert again.page.recheck.attempts == 1


def test_a_server_that_asks_for_a_pause_gets_it(desk: Desk) -> None:
    desk.publish("/a")
    desk.answer(desk.lease(2 * HOUR), "", 429, headers={"retry-after": "1800"})

    assert desk.lease(timedelta(minutes=29)) is None
    assert desk.lease(timedelta(minutes=2)) is not None


def test_what_was_due_long_ago_is_let_go(desk: Desk) -> None:
    desk.publish("/a")

    assert desk.lease(30 * DAY) is None
    assert desk.archive.call(lambda archive: archive.rechecks.wait(desk.now, ["one"])) is None


def test_an_old_archive_begins_without_a_storm(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with ArchiveThread(url) as archive:
        Desk(archive, ()).publish("/a")
    with open_archive(url) as opened:
        opened.rechecks._store.execute("DROP TABLE rechecks")
        opened.rechecks._store.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0005_rechecks'")
        opened.rechecks._store.execute("PRAGMA user_version = 2")
    with open_archive(url) as opened:
        assert opened.rechecks.wait(NOW + 30 * DAY, ["one"]) is None
        assert opened.articles.count() == 1


@given(st.lists(st.floats(60, 1e6), max_size=5), st.floats(0, 1), st.lists(st.floats(0, 3e5), max_size=30))
def test_the_list_is_never_exceeded(delays: list[float], luck: float, gaps: list[float]) -> None:
    again = Again(tuple(delays), luck)
    now, asked = NOW, 0
    due = rechecks.next_due(NOW, again, now)
    for gap in gaps:
        now += timedelta(seconds=gap)
        if due is not None and due <= now:
            asked += 1
            due = rechecks.next_due(NOW, again, now)
        assert due is None or due > now - timedelta(seconds=gap)

    assert asked <= len(set(delays))


@pytest.mark.parametrize(
    ("asked", "answered", "home"),
    [
        ("http://one.example/a", "http://one.example/", True),
        ("http://one.example/a", "https://one.example/index.html", True),
        ("http://one.example/a", "http://one.example/en/", False),
        ("http://one.example/a", "http://one.example/?p=12", False),
        ("http://one.example/a", "http://other.example/", False),
        ("http://one.example/", "http://one.example/", False),
    ],
)
def test_a_front_page_is_told_from_an_article(asked: str, answered: str, home: bool) -> None:
    assert rechecks.led_home(asked, answered, "http://one.example/") is home


def test_a_visit_asks_again_with_the_validators_of_the_page(tmp_path: Path) -> None:
    """The whole way, with a real server: kept, asked again an hour later with If-None-Match, answered 304."""
    body = article("Rope is dear")

    def page(status: int) -> Reply:
        return Reply("" if status == 304 else body, status, {"ETag": '"one"'})

    pages = {"/a": page(200)}
    with Web(one=outlet("one", pages)) as web:
        folder = configure(tmp_path / "config", web, "one", crawl='delay = "0s"')
        end_visit(start_visit(folder))
        early = end_visit(start_visit(folder, later=1800))
        pages["/a"] = page(304)
        later = end_visit(start_visit(folder, later=2 * 3600))
        asked = [seen.headers.get("If-None-Match") for seen in web.seen if seen.path == "/a"]

    assert asked == [None, '"one"']
    assert early["one"]["unchanged"] == 0
    assert later["one"]["unchanged"] == 1
    with open_archive(address(folder)) as opened:
        kept = opened.articles.get("http://one.example/a")
        assert kept is not None
        assert kept.last_checked is not None
        assert kept.first_seen is not None
        assert kept.last_checked - kept.first_seen > HOUR
        assert replace(kept, last_checked=None).revision == 1
