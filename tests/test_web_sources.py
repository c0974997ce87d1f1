"""The pages of sources: how each does, what can be done with it, and how a new one is found and added."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Poll
from crawler.records import Override
from digest import exploring
from digest.web import application
from digest.web.call import Visitor
from tests.archive_sample import DAY, HOUR, LEASE, NOW, article, entries, keep, lease
from tests.loopback import Host, Reply, Seen, Web, rss
from tests.newsroom import SOURCES, Newsroom, filled, words


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = Newsroom(tmp_path)
    with made.archive() as archive:
        keep(archive, article(), at=NOW - HOUR)
        archive.pages.queue("herald", entries(*(f"https://herald.test/gone{number}" for number in range(7))), NOW)
        for _ in range(7):
            leased = lease(archive)
            archive.pages.drop(leased.page, "not found", "404 <b>", NOW)
            archive.hosts.done(leased.turn, NOW, 0.0)
        for at, outcome, status, detail in ((NOW - 2 * DAY, "failed", 503, "503 <i>"), (NOW - HOUR, "ok", 200, "")):
            channel = archive.channels.claim(1, at, LEASE)
            assert channel is not None
            after = replace(
                channel, etag='"x"', last_polled=at, last_ok=at, next_poll=NOW + 9 * HOUR, state="ok", interval=7200.0
            )
            archive.channels.polled(after, Poll(at, outcome, status, detail, entries=3, new=0), [], at)
    return made


def sources(room: Newsroom) -> dict[str, Any]:
    return tomllib.loads(room.file("sources").read_text(encoding="utf-8"))


# How they do


def test_sources_are_listed_with_what_came_and_the_days_on_which_asking_failed(room: Newsroom) -> None:
    page = room.page("/sources")

    assert "1 of 2 sources answer as usual; 1 was not asked yet." in words(page)
    assert "1 article in 30 days, at most 1 a day; asking failed on 1 day" in page
    assert '<path class="failed"' in page
    assert "21 Nov 2026: 0 articles, 1 of 1 poll failed" in room.page("/sources/herald")


def test_sources_are_filtered_by_state(room: Newsroom) -> None:
    page = room.page("/sources?state=new")

    assert 'href="/sources/post"' in page
    assert 'href="/sources/herald"' not in page
    assert "No source is nowhere" in words(room.page("/sources?state=nowhere"))


def test_many_sources_are_turned_over(tmp_path: Path) -> None:
    many = "".join(
        f'[s{number:03}]\nname = "S{number:03}"\nhomepage = "https://s{number}.test/"\n' for number in range(70)
    )
    room = Newsroom(tmp_path, sources=many)

    first, second = room.page("/sources"), room.page("/sources?from=40")

    assert (40, 30) == (first.count('href="/sources/s'), second.count('href="/sources/s'))
    assert "41 to 70 of 70" in words(second)
    assert room.ask("/sources?from=9999999999999999999").status_code == 200


def test_the_page_of_a_source_tells_what_was_fetched_and_why_pages_were_not_kept(room: Newsroom) -> None:
    page = room.page("/sources/herald")
    told = words(page)

    assert "23 Nov 2026, 11:00 UTC ok (200) 3 0" in told
    assert "21 Nov 2026, 12:00 UTC failed (503) 503 <i>" in told
    assert "2 h ETag" in told
    assert "7 not found: the server says that it does not exist (404)" in told
    assert 5 == page.count('rel="noreferrer noopener">https://herald.test/gone')
    assert "Harbour reopens after the storm" in told


def test_overrides_are_shown_with_their_last_day(room: Newsroom) -> None:
    override = Override((NOW - DAY).date(), title=("h1",), hosts=("herald.test",))
    with room.archive() as archive:
        herald = archive.sources.get("herald")
        assert herald is not None
        archive.sources.sync([replace(herald, overrides=(override,))], NOW)

    assert "title on herald.test , ended 22 Nov 2026" in words(room.page("/sources/herald"))


# What can be done


def test_a_source_is_paused_and_resumed(room: Newsroom) -> None:
    paused = room.press({}, room.page("/sources/herald"), "/sources/herald/pause")

    assert "herald is paused" in paused
    assert "Ask it now" not in paused
    assert 1 == words(paused).count(" since ")
    assert "0 of 2 sources answer as usual; 1 was not asked yet, 1 is paused." in words(room.page("/sources"))
    assert "herald is polled again" in room.press({}, paused, "/sources/herald/resume")
    with room.archive() as archive:
        assert set() == archive.sources.paused()


def test_a_source_that_is_to_be_asked_now_is_due(room: Newsroom) -> None:
    with room.archive() as archive:
        assert "herald" not in [channel.source for channel in archive.channels.due(NOW)]

    told = room.press({}, room.page("/sources/herald"), "/sources/herald/poll")

    assert "1 channel of herald is due now: the service asks with its next crawl" in words(told)
    with room.archive() as archive:
        assert "herald" in [channel.source for channel in archive.channels.due(NOW)]


def test_a_paused_source_is_not_asked(room: Newsroom) -> None:
    room.send("/sources/herald/pause", {})

    refused = room.send("/sources/herald/poll", {})

    assert refused.status_code == 400
    assert "resume it first" in refused.text


def test_only_an_editor_does_that_and_sees_what_can_be_done(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))

    assert "<form method" not in room.page("/sources/herald")
    assert "Add a source" not in room.page("/sources")
    for path in ("/sources/herald/pause", "/sources/herald/poll", "/new-source/look", "/new-source/add"):
        assert room.send(path, {}).status_code == 403
    assert room.ask("/new-source").status_code == 403


# Adding one


def front(seen: Seen) -> Reply | None:
    """Answer as an outlet that names its feed."""
    head = "<title>The Lower Wexcombe Times</title><link rel='alternate' type='application/rss+xml' href='/feed'>"
    if seen.path == "/":
        return Reply(f"<!doctype html><html lang='en'><head>{head}</head><body><p>News</p></body></html>")
    return rss("times", "/a", "/b") if seen.path == "/feed" else None


HOSTS: dict[str, Host] = {"times": front}


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web(**HOSTS) as web:
        yield web


@pytest.fixture
def near(tmp_path: Path, web: Web) -> Newsroom:
    """Give a newsroom that reaches the web of this machine."""
    targets = ", ".join(f'"{name}.example" = "127.0.0.1:{web.port}"' for name in HOSTS)
    press = f'[crawl]\nallow_private = ["127.0.0.0/8"]\nconnect_to = {{ {targets} }}\ndelay = "0s"\ntimeout = "2s"\n'
    return Newsroom(tmp_path, press=press)


def look(room: Newsroom, address: str) -> str:
    """Look at an address, and wait for what is found."""
    response = room.send("/new-source/look", {"address": address})
    assert response.status_code == 303, response.text
    place = response.headers["location"]
    until = time.monotonic() + 60
    while "Looking at" in (page := room.page(place)):
        assert time.monotonic() < until
        time.sleep(0.1)
    return page


def test_an_outlet_is_looked_at_shown_and_added(near: Newsroom) -> None:
    response = near.send("/new-source/look", {"address": "http://times.example/"})
    waiting = near.page(response.headers["location"])
    page = look(near, "http://times.example/")

    assert "Its home page, the feeds and sitemaps that it names" in waiting
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    assert "refresh" not in page
    assert "Title of /a" in page
    assert "2 entries" in page
    assert set(tomllib.loads(SOURCES)) == set(sources(near))
    form = filled(page, "/new-source/add")
    assert (["times"], ["http://times.example/feed"]) == (form["key"], form["way"])

    told = near.press(
        {"name": "The Times", "country": "gb", "kind": "newspaper", "owner": "Times Group"}, page, "/new-source/add"
    )

    assert "is added. The service asks it with its next crawl" in told
    assert {
        "name": "The Times",
        "homepage": "http://times.example/",
        "country": "gb",
        "language": "en",
        "kind": "newspaper",
        "owner": "Times Group",
        "feeds": ["http://times.example/feed"],
    } == sources(near)["times"]
    assert near.file("sources").read_text(encoding="utf-8").startswith(SOURCES)


def test_an_address_of_a_private_network_is_refused_with_the_remedy(near: Newsroom) -> None:
    page = look(near, "http://169.254.169.254/latest/")

    assert "a private network. If that is meant, [crawl] allow_private" in words(page)
    assert ["Look again"] == re.findall(r">(Look again)<", page)
    assert SOURCES == near.file("sources").read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["not a url", "http://", "ftp://x", "localhost:99999", "times"])
def test_what_is_no_address_is_not_looked_at(room: Newsroom, address: str) -> None:
    refused = room.send("/new-source/look", {"address": address})

    assert 400 == refused.status_code
    assert f"'{address}' is no address; wanted a home page, feed" in words(refused.text)
    assert [address] == filled(refused.text, "/new-source/look")["address"]
    with room.archive() as archive:
        assert [] == archive.explorations.list()


@pytest.mark.parametrize(
    ("reason", "told"),
    [("robots", "give that one, or ask the outlet"), ("connection", "Look whether the address is right"), ("", "")],
)
def test_why_nothing_was_found_is_told_with_the_remedy(room: Newsroom, reason: str, told: str) -> None:
    with room.archive() as archive:
        archive.explorations.begin("ab", "times.test", "ann", NOW, timedelta(minutes=5))
        archive.explorations.end("ab", NOW, fault="found no feed. Tried:\n  <b>this", reason=reason)

    page = words(room.page("/new-source?look=ab"))

    assert "found no feed. Tried: <b>this" in page
    assert told in page


def explored(room: Newsroom, **changes: Any) -> str:
    """Keep what an exploration found, and give the address of its page."""
    site = {
        "url": "https://times.test/", "name": "The Times", "homepage": "https://times.test/", "language": "en",
        "feeds": ["https://times.test/rss", "https://herald.test/rss"], "sitemaps": [], "sections": [],
        "samples": {"https://times.test/rss": ["2026-11-23  <b>Harbour"]}, "fresh": {}, "notes": ["<i>tried"],
    }  # fmt: skip
    with room.archive() as archive:
        archive.explorations.begin("ab", "times.test", "ann", NOW, timedelta(minutes=5))
        archive.explorations.end("ab", NOW, found={**site, **changes})
    return "/new-source?look=ab"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"key": "herald"}, "There is a source “herald” already"),
        ({"key": "Big Key"}, "key: found 'Big Key', wanted a key of small letters, digits"),
        ({"country": "England"}, "country"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"kind": "magazine"}, "Kind: found 'magazine', wanted one of"),
        ({"way": []}, "No way in is chosen"),
    ],
)
def test_what_cannot_be_added_is_told_beside_what_was_typed(
    room: Newsroom, form: dict[str, str | list[str]], told: str
) -> None:
    page = room.page(explored(room))

    refused = room.send("/new-source/add", {**filled(page, "/new-source/add"), "owner": "Typed by hand", **form})

    assert refused.status_code == 400
    assert told in words(refused.text)
    assert "Typed by hand" in refused.text
    assert SOURCES == room.file("sources").read_text(encoding="utf-8")


def test_what_another_source_polls_already_is_not_proposed(room: Newsroom) -> None:
    page = room.page(explored(room))

    assert ["https://times.test/rss"] == filled(page, "/new-source/add")["way"]
    assert "&lt;b&gt;Harbour" in page


def test_a_look_whose_process_died_is_not_told_to_go_on(room: Newsroom) -> None:
    with room.archive() as archive:
        archive.explorations.begin("ab", "times.test", "ann", NOW - HOUR, timedelta(minutes=5))

    assert "The look was interrupted" in room.page("/new-source?look=ab")
    assert "was interrupted" in room.page("/new-source")
    assert room.ask("/new-source?look=none").status_code == 404


def test_an_address_is_looked_at_once_at_a_time_and_few_at_once(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(exploring, "_start", lambda _folder, _url, id_: started.append(id_))
    one, two, again, three, four = (
        room.send("/new-source/look", {"address": address})
        for address in ("one.test", "two.test", "https://One.test/", "three.test", "four.test")
    )

    assert one.headers["location"] == again.headers["location"]
    assert 3 == len(started)
    assert [303, 303, 400] == [response.status_code for response in (two, three, four)]
    assert "3 sites are being looked at" in four.text


def test_a_process_that_ends_without_a_word_is_told(near: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exploring.sys, "executable", "/bin/false")

    assert "Its process ended too early (1)" in words(look(near, "http://times.example/"))
