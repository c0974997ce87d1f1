"""The press on loopback behaves like real outlets, and serves every saved page as it was saved."""

from __future__ import annotations

import gzip
import http.client
import json
import time
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree
from lxml import html as lxml_html

from crawler.records import Source
from digest.sample import Item, Outlet, Reply, Server
from tests import press as corpus_press
from tests.press import Press

WHEN = datetime(2026, 11, 6, 10, 0, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(server: Server, url: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        return ask_on(connection, url, method, **headers)
    finally:
        connection.close()


def ask_on(connection: http.client.HTTPConnection, url: str, method: str = "GET", **headers: str) -> Answer:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = {"Host": parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, headers=sent)
    response = connection.getresponse()
    return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


def outlet(host: str, *items: Item) -> Outlet:
    return Outlet(Source(key=host.split(".", maxsplit=1)[0], name=f"The {host}", homepage=f"http://{host}/"), items)


@pytest.fixture
def server() -> Iterator[Server]:
    words = ("A ship left the harbour. " * 20,)
    first = Item("/a", "First <b>", words, published=WHEN)
    press = Press(
        [outlet("one.example", first, Item("/b?id=2", "Second", words)), outlet("two.example", Item("/a", "Other"))],
        later=[("one.example", Item("/a", "First, again", words, published=WHEN, updated=WHEN + timedelta(hours=1)))],
    )
    with corpus_press.serve(press) as running:
        yield running


@pytest.fixture(scope="module")
def real(corpus: Path) -> Press:
    return Press.from_corpus(corpus / "extraction" / "scrapinghub", corpus / "extraction" / "fundus_eval")


def test_hosts_are_told_apart_by_the_host_header(server: Server) -> None:
    assert b"First &lt;b&gt;" in ask(server, "http://one.example/a").body
    assert b"Other" in ask(server, "http://two.example/a").body
    assert ask(server, "http://two.example:8080/a").status == 200
    assert ask(server, "http://three.example/a").status == 404
    assert ask(server, "http://two.example/b?id=2").status == 404


def test_an_article_is_found_under_its_address_as_crawlers_write_it(server: Server) -> None:
    assert ask(server, "http://one.example/b?id=2&utm_source=feed").status == 200


def test_a_page_that_did_not_change_is_not_sent_again(server: Server) -> None:
    first = ask(server, "http://one.example/a")
    by_tag = ask(server, "http://one.example/a", If_None_Match=first.headers["etag"])
    by_time = ask(server, "http://one.example/a", If_Modified_Since=first.headers["last-modified"])
    other_tag = ask(
        server, "http://one.example/a", If_None_Match='"x"', If_Modified_Since=first.headers["last-modified"]
    )

    assert first.headers["last-modified"] == "Fri, 06 Nov 2026 10:00:00 GMT"
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert first.headers["etag"] == by_tag.headers["etag"]
    assert (by_time.status, by_time.body) == (304, b"")
    assert other_tag.status == 200


def test_a_tag_belongs_to_one_encoding_and_is_known_in_both(server: Server) -> None:
    plain = ask(server, "http://one.example/a")
    zipped = ask(server, "http://one.example/a", Accept_Encoding="gzip, br")

    assert zipped.headers["content-encoding"] == "gzip"
    assert plain.body == gzip.decompress(zipped.body)
    assert plain.headers["etag"] != zipped.headers["etag"]
    assert ask(server, "http://one.example/a", If_None_Match=zipped.headers["etag"]).status == 304


def test_a_connection_is_kept_and_a_head_has_no_body(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    bodies = [ask_on(connection, "http://one.example/a").body for _ in range(3)]
    head = ask_on(connection, "http://one.example/a", "HEAD")
    after = ask_on(connection, "http://two.example/a")
    connection.close()

    assert len(set(bodies)) == 1
    assert (b"", str(len(bodies[0]))) == (head.body, head.headers["content-length"])
    assert b"Other" in after.body
    assert ask(server, "http://one.example/a", "POST").status == 405


def test_a_proxy_request_names_its_host_in_the_first_line(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "http://two.example/a", headers={"Host": "proxy.example"})
    body = connection.getresponse().read()
    connection.close()

    assert b"Other" in body


def test_a_delay_holds_one_path_and_nothing_else(server: Server) -> None:
    server.rule("one.example", "/a", delay=0.5)
    with ThreadPoolExecutor() as pool:
        begun = time.monotonic()
        slow = pool.submit(ask, server, "http://one.example/a")
        fast = ask(server, "http://two.example/a")
        fast_took = time.monotonic() - begun
        slow.result()
        slow_took = time.monotonic() - begun

    assert fast.status == 200
    assert fast_took < 0.4
    assert slow_took >= 0.5


def test_a_status_can_be_forced_and_taken_back(server: Server) -> None:
    server.fail("one.example", status=503, headers={"Retry-After": "120"})
    failing = ask(server, "http://one.example/a")
    server.mend("one.example")

    assert (failing.status, failing.headers["retry-after"]) == (503, "120")
    assert ask(server, "http://one.example/a").status == 200


def test_another_answer_can_be_given_for_one_path(server: Server) -> None:
    server.rule("one.example", "/old", reply=Reply(b"", status=301, headers={"Location": "/a"}))

    assert ask(server, "http://one.example/old").headers["location"] == "/a"


def test_a_body_can_end_too_early(server: Server) -> None:
    server.rule("one.example", "/a", cut=True)

    with pytest.raises(http.client.IncompleteRead):
        ask(server, "http://one.example/a")


def test_everything_asked_is_in_the_log(server: Server) -> None:
    before = datetime.now(UTC)
    ask(server, "http://one.example/b?id=2", User_Agent="Test/1")
    ask(server, "http://two.example/nothing")
    first, second = server.log

    assert (first.host, first.target, first.path, first.status) == ("one.example", "/b?id=2", "/b", 200)
    assert first.headers["user-agent"] == "Test/1"
    assert (second.host, second.target, second.status) == ("two.example", "/nothing", 404)
    assert before <= first.at <= second.at <= datetime.now(UTC)
    assert [second] == server.requests("two.example")
    assert [first] == server.requests(path="/b")


def test_many_clients_at_once_each_get_their_own_answer(server: Server) -> None:
    urls = ["http://one.example/a", "http://one.example/b?id=2", "http://two.example/a"] * 40
    single = {url: ask(server, url).body for url in set(urls)}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda url: ask(server, url).body, urls))

    assert [single[url] for url in urls] == answers
    assert len(urls) + 3 == len(server.log)


def test_what_comes_later_is_served_after_advance(server: Server) -> None:
    before = ask(server, "http://one.example/a")
    count = server.site.advance()  # type: ignore[attr-defined]
    after = ask(server, "http://one.example/a", If_None_Match=before.headers["etag"])
    feed = feedparser.parse(ask(server, "http://one.example/atom.xml").body)
    entry = next(entry for entry in feed.entries if entry.link == "http://one.example/a")

    assert count == 1
    assert after.status == 200
    assert b"First, again" in after.body
    assert entry.updated == "2026-11-06T11:00:00+00:00"
    assert entry.published == "2026-11-06T10:00:00+00:00"


def test_a_server_stops_while_clients_still_hold_connections() -> None:
    with Server(Press([outlet("one.example", Item("/a", "First"))])) as server:
        server.rule("one.example", "/a", delay=60)
        held = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        held.request("GET", "/a", headers={"Host": "one.example"})
        begun = time.monotonic()
    took = time.monotonic() - begun
    held.close()

    assert took < 5


def test_a_home_page_moves_aside_for_an_article_at_the_root() -> None:
    site = outlet("one.example", Item("/", "The article"), Item("/rss.xml", "An article with an odd name"))
    with Server(Press([site])) as server:
        assert b"<h1>The article</h1>" in ask(server, "http://one.example/").body
        assert b"odd name" in ask(server, "http://one.example/press/").body
        assert b"<rss" not in ask(server, "http://one.example/rss.xml").body
        assert b"<rss" in ask(server, "http://one.example/press/rss.xml").body


def test_every_saved_page_is_reachable_byte_for_byte(real: Press) -> None:
    with corpus_press.serve(real) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        wrong = [
            url
            for page in real.pages
            for url in {page.link, page.url}
            if (answer := ask_on(connection, url)).status != 200 or answer.body != page.body()
        ]
        connection.close()

    assert len(real.pages) == 261
    assert wrong == []


def test_every_saved_page_stands_in_its_hosts_channel_with_a_title_and_nothing_of_the_gold(real: Press) -> None:
    found: set[str] = set()
    with corpus_press.serve(real) as server:
        for source in corpus_press.sources(real).values():
            [(kind, url)] = source.channels()
            body = ask(server, url).body
            found |= linked(kind, url, body)

    assert {page.link for page in real.pages} == found
    assert all(item.title and not item.text and item.published is None for o in real.outlets for item in o.items)


def linked(kind: str, url: str, body: bytes) -> set[str]:
    """List the articles that a channel's answer names, read by libraries that are not ours."""
    if kind == "sitemap":
        return set(etree.fromstring(body).xpath("//*[local-name()='loc']/text()"))
    if kind == "section":
        page = lxml_html.fromstring(body, base_url=url)
        page.make_links_absolute()
        return {str(link) for link in page.xpath("//main//a/@href")}
    if url.endswith(".json"):
        return {item["url"] for item in json.loads(body)["items"]}
    feed = feedparser.parse(body)
    assert not feed.bozo, feed.bozo_exception
    return {entry.link for entry in feed.entries}


def test_all_ways_in_are_used_over_the_hosts(real: Press) -> None:
    ways = [source.channels()[0] for source in corpus_press.sources(real).values()]
    endings = {url.rsplit("/", 1)[1] or "section" for _, url in ways}

    assert endings == {"rss.xml", "atom.xml", "feed.json", "news-sitemap.xml", "section"}
    assert len(ways) == len({urlsplit(page.link).netloc for page in real.pages})


def test_robots_txt_allows_the_corpus_and_names_the_sitemap(real: Press) -> None:
    host = real.outlets[0].host
    with corpus_press.serve(real) as server:
        lines = ask(server, f"http://{host}/robots.txt").body.decode().splitlines()

    assert ["User-agent: *", "Disallow: ", "", f"Sitemap: http://{host}/news-sitemap.xml"] == lines


def test_two_pages_of_one_address_stay_reachable_both(tmp_path: Path) -> None:
    rows = [("a", "https://x.example/p?utm_source=1"), ("b", "http://x.example/p#top"), ("c", "not an address")]
    (tmp_path / "pages").mkdir()
    for name, _ in rows:
        (tmp_path / "pages" / f"{name}.html.gz").write_bytes(gzip.compress(f"<title>{name}</title>".encode()))
    (tmp_path / "gold.jsonl").write_text(
        "".join(json.dumps({"page": f"pages/{n}.html.gz", "url": u, "id": n, "gold": {"text": "secret"}}) + "\n"
                for n, u in rows)
    )  # fmt: skip
    press = Press.from_corpus(tmp_path)
    with corpus_press.serve(press) as server:
        bodies = [ask(server, page.url).body for page in press.pages]
        links = [ask(server, page.link).body for page in press.pages]
        sources = corpus_press.sources(press)
        channels = [ask(server, url).body for source in sources.values() for _, url in source.channels()]

    assert [page.body() for page in press.pages] == bodies == links
    assert not any(b"secret" in body for body in channels)


def test_a_configuration_reaches_the_press(real: Press, tmp_path: Path) -> None:
    corpus_press.write_config(tmp_path / "config", real, 8123, crawl="workers = 1")
    settings = tomllib.loads((tmp_path / "config" / "presswatch.toml").read_text())
    defined = tomllib.loads((tmp_path / "config" / "sources.toml").read_text())

    assert settings["crawl"]["connect_to"] == {"*": "127.0.0.1:8123"}
    assert settings["crawl"]["workers"] == 1
    assert set(real.sources()) == set(defined)
