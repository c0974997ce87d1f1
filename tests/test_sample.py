"""The demo's press says what the demo has to show, at every hour of the day."""

from __future__ import annotations

import http.client
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from crawler import query
from crawler.config import load
from crawler.records import Article
from digest.sample import Item, Outlet, Press, Server, demo_config, demo_press, demo_sources, serve

NOW = datetime(2026, 11, 23, 21, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(demo_press(NOW)) as running:
        yield running


def ask(server: Server, host: str, target: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", target, headers={"Host": host})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def everything(press: Press) -> list[tuple[Outlet, Item]]:
    return [(outlet, item) for outlet in press.outlets for item in outlet.items]


def times(press: Press) -> list[datetime]:
    return [item.published for _, item in everything(press) if item.published]


def outlet_of(press: Press, key: str) -> Outlet:
    return next(outlet for outlet in press.outlets if outlet.source.key == key)


@settings(max_examples=60)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_at_any_hour_there_is_fresh_news_some_history_and_nothing_from_the_future(now: datetime) -> None:
    published = times(demo_press(now))

    assert max(published) <= now - timedelta(minutes=11)
    assert sum(now - time <= DAY for time in published) >= 15
    assert len({(now - time).days for time in published if now - time < 7 * DAY}) >= 6


@settings(max_examples=30)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_at_any_hour_a_copy_is_younger_than_what_it_was_copied_from(now: datetime) -> None:
    copies = [item for _, item in everything(demo_press(now)) if item.credit]

    assert len(copies) == 4
    assert all(c.credit_published and c.published and c.credit_published < c.published for c in copies)


def test_the_press_is_as_large_and_as_mixed_as_a_demo_needs() -> None:
    press = demo_press(NOW)
    sources = demo_sources()

    assert len(sources) == 10
    assert {"en", "zh", "ar", "uk", "de", "es"} == {source.language for source in sources}
    assert {"agency", "newspaper", "broadcaster", "online", "republisher"} == {source.kind for source in sources}
    assert {"state", "private", "public", "unknown"} == {source.control for source in sources}
    assert {"feed", "sitemap", "section"} == {kind for source in sources for kind, _ in source.channels()}
    assert 45 <= len(everything(press)) <= 60


def test_no_outlet_could_be_a_real_one() -> None:
    assert all(outlet.host.endswith(".example") for outlet in demo_press(NOW).outlets)


def test_no_text_has_a_placeholder_left() -> None:
    texts = [text for _, item in everything(demo_press(NOW)) for text in (item.title, item.lead, *item.text)]

    assert not [text for text in texts if "{" in text or "}" in text]


def test_days_are_named_in_the_language_of_the_outlet() -> None:
    text: dict[str, str] = defaultdict(str)
    for outlet, item in everything(demo_press(NOW)):
        text[outlet.source.language] += " ".join(item.text)

    assert "Monday" in text["en"]
    assert "11月23日" in text["zh"]
    assert "الاثنين" in text["ar"]
    assert "23 листопада" in text["uk"]
    assert "Montag" in text["de"]


def test_every_article_can_be_read_with_all_its_paragraphs(server: Server) -> None:
    wrong = []
    for outlet, item in everything(demo_press(NOW)):
        status, body = ask(server, outlet.host, item.target)
        encoding = "iso-8859-1" if outlet.layout == "republisher" else "utf-8"
        page = lxml_html.fromstring(body, parser=lxml_html.HTMLParser(encoding=encoding))
        seen = " ".join(page.text_content().split())
        if status != 200 or any(text.removeprefix("## ") not in seen for text in (item.title, *item.text)):
            wrong.append(outlet.url(item.target))

    assert wrong == []


def test_every_article_stands_in_its_outlets_channel_but_for_the_broken_one(server: Server) -> None:
    for outlet in demo_press(NOW).outlets:
        [(kind, url)] = outlet.source.channels()
        status, body = ask(server, outlet.host, url.split(outlet.host)[1])
        assert status == 200
        if outlet.broken:
            assert b"<!DOCTYPE html>" in body
            assert feedparser.parse(body).entries == []
        else:
            assert {outlet.url(item.target) for item in outlet.items} <= set(links(kind, url, body))


def links(kind: str, url: str, body: bytes) -> list[str]:
    if kind == "sitemap":
        return [str(loc) for loc in etree.fromstring(body).xpath("//*[local-name()='loc']/text()")]
    if kind == "section":
        page = lxml_html.fromstring(body, base_url=url)
        page.make_links_absolute()
        return [str(link) for link in page.xpath("//a/@href")]
    if url.endswith(".json"):
        return [item["url"] for item in json.loads(body)["items"]]
    feed = feedparser.parse(body)
    assert not feed.bozo, feed.bozo_exception
    assert all(entry.published_parsed and entry.title and entry.summary for entry in feed.entries)
    return [entry.link for entry in feed.entries]


def test_a_republished_article_has_the_credit_line_of_the_sample() -> None:
    press = demo_press(NOW)
    library = outlet_of(press, "openfile-security")
    item = next(item for item in library.items if "State TV" in item.title)
    reply = press.reply(library.host, item.target)

    assert reply is not None
    assert reply.content_type == "text/html"
    assert re.search(rb"<p>By Fang Yiming Source:Haiyun News Agency Published: 2026/11/23 13:\d\d:\d\d</p>", reply.body)
    assert b"charset=iso-8859-1" in reply.body


def test_copies_are_whole_shortened_edited_and_quoted() -> None:
    press = demo_press(NOW)
    texts = {item.title: item.text for _, item in everything(press)}
    agency = texts["State TV details three espionage cases and warns of foreign job offers"]
    wire = texts["Trade council puts 27 companies on entity list over ship electronics"]
    edited = texts["Atlantic Trade Council adds 27 companies to entity list over ship electronics"]
    quoting = texts["Banks review loans to shipyards after council widens sanctions"]
    shortened = texts["Sundhaven port partly reopens after cyber attack"]
    reopens = texts["First Sundhaven terminal reopens by hand as queue grows to 22 ships"]

    assert sum(item.text == agency for _, item in everything(press)) == 2
    assert shortened[:2] == reopens[:2]
    assert len(shortened) < len(reopens)
    assert len(set(edited) & set(wire)) == len(edited) - 2
    assert len(set(quoting) & set(wire)) == 2


def test_one_article_changes_on_advance_and_its_feed_says_so() -> None:
    press = demo_press(NOW)
    wire = outlet_of(press, "harbour-wire")
    target = next(item.target for item in wire.items if "first-terminal-reopens" in item.target)
    before = press.reply(wire.host, target)
    assert press.advance() == 1
    after = press.reply(wire.host, target)
    feed = press.reply(wire.host, "/atom.xml")
    assert before is not None
    assert after is not None
    assert feed is not None
    entry = next(e for e in feedparser.parse(feed.body).entries if e.link.endswith(target))

    assert b"22 ships" in before.body
    assert b"22 to 31" in after.body
    assert datetime.fromisoformat(entry.updated) == NOW
    assert datetime.fromisoformat(entry.published) < NOW
    assert len(outlet_of(press, "harbour-wire").items) == len(wire.items)


def test_the_paywalled_article_says_so_and_shows_little() -> None:
    press = demo_press(NOW)
    [(outlet, item)] = [pair for pair in everything(press) if pair[1].paywalled]
    reply = press.reply(outlet.host, item.target)

    assert reply is not None
    assert b'"isAccessibleForFree": false' in reply.body
    assert sum(len(text) for text in item.text) < 300


def test_one_source_is_silent_and_one_article_is_forbidden_by_robots() -> None:
    press = demo_press(NOW)
    silent = outlet_of(press, "radio-litoral")
    courier = outlet_of(press, "northgate-courier")
    robots = press.reply(courier.host, "/robots.txt")

    assert all(item.published and NOW - item.published > 7 * DAY for item in silent.items)
    assert robots is not None
    assert b"Disallow: /syndication/" in robots.body
    assert sum(item.target.startswith("/syndication/") for item in courier.items) == 1


def test_json_ld_can_be_read_where_a_page_has_it(server: Server) -> None:
    found = 0
    for outlet, item in everything(demo_press(NOW)):
        for script in re.findall(rb'ld\+json">(.*?)</script>', ask(server, outlet.host, item.target)[1], re.DOTALL):
            data = json.loads(script)
            data = data.get("@graph", [data])[-1]
            found += 1
            assert data["headline"] == item.title
            assert datetime.fromisoformat(data["datePublished"]) == item.published

    assert found >= 15


def test_the_configuration_names_the_press_and_its_port(tmp_path: Path) -> None:
    demo_config(tmp_path / "config", 8123)
    read = {p.stem: tomllib.loads(p.read_text("utf-8")) for p in (tmp_path / "config").glob("*.toml")}

    assert set(read) == {"presswatch", "sources", "watches", "digests"}
    assert read["presswatch"]["crawl"]["connect_to"] == {"*": "127.0.0.1:8123"}
    assert set(read["sources"]) == set(demo_press(NOW).sources())
    assert set(read["digests"]["morning"]["watches"]) == set(read["watches"])
    assert read["digests"]["morning"]["at"] == "07:00"


def test_the_configuration_is_accepted_as_it_is(tmp_path: Path) -> None:
    demo_config(tmp_path, 8123)
    config = load(tmp_path)

    assert list(config.sources.values()) == demo_sources()
    assert list(config.plans) == ["morning"]


def test_every_watch_finds_fresh_articles_in_several_languages(tmp_path: Path) -> None:
    demo_config(tmp_path, 8123)
    for watch in load(tmp_path).watches.values():
        node = query.parse(watch.query)
        found = [
            outlet.source.language
            for outlet, item in everything(demo_press(NOW))
            if item.published
            and NOW - item.published <= 2 * DAY
            and query.matches(node, query.Document(as_article(outlet, item), outlet.source), NOW)
        ]

        assert len(found) >= 3, watch.name
        assert len(set(found)) >= 3, watch.name


def as_article(outlet: Outlet, item: Item) -> Article:
    return Article(outlet.url(item.target), outlet.source.key, item.title, "\n".join(item.text), lead=item.lead)
