"""What attackers write in titles, links, authors and texts: through a real feed and page into the archive, as text."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import open_archive
from crawler.errors import REASONS
from crawler.extract.workers import WorkerFault, Workers
from crawler.reading import Reading, read_channel, read_page
from crawler.records import Article, Fetched, Source
from crawler.spiders.feed import Feed
from crawler.urls import follow, is_fetchable, join, normalise, refusal
from tests.hostile_pages import recipes, run
from tests.loopback import Reply, Seen, Web, address, article, configure, run_visit

SOURCE = Source("hostile", "Hostile", "http://hostile.example/")
AT = "http://hostile.example/page"
#: XML has no place for these.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SCHEMES = re.compile(r"^(https?://[^\s]+)$")


def naughty(corpus: Path) -> list[str]:
    """Read the big list of naughty strings, with one of our own for each thing that it lacks."""
    listed: list[str] = json.loads((corpus / "hostile" / "blns.json").read_text(encoding="utf-8"))
    own = [
        "\ud800 lone",
        "a\0b",
        "\u202egnp.exe",
        "{{7*7}}",
        "${jndi:ldap://x/}",
        "%s%n%x",
        "'; DROP TABLE articles;--",
    ]
    return [*listed, *own]


def vectors(corpus: Path) -> list[str]:
    """Read the code blocks and lists of the XSS collection, a line each."""
    found: list[str] = []
    for file in sorted((corpus / "hostile" / "xss").rglob("*")):
        if file.suffix in {".md", ".txt"}:
            text = file.read_text(encoding="utf-8", errors="replace")
            blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) if file.suffix == ".md" else [text]
            found += [line for block in blocks for line in block.splitlines() if line.strip()]
    return list(dict.fromkeys(found))


def test_half_a_character_in_an_address_is_written_as_browsers_write_it() -> None:
    """A publisher's address in JSON-LD cost the article."""
    assert "http://a.example/%EF%BF%BD?q=%EF%BF%BD" == normalise("http://a.example/\ud800?q=\udfff")
    assert "http://a.example/%EF%BF%BD" == join("http://a.example/", "\ud800") == follow("http://a.example/", "\ud800")
    assert "" == refusal("http://a.example/\ud800")


@given(
    st.text("a1%:/\\@[].?&=# \t\n\ufdfa\ud800ü中", max_size=220).map("http://".__add__) | st.text()
    | st.text("ü%/", min_size=140, max_size=400).map("http://a.example/".__add__)
)  # fmt: skip
def test_an_address_is_fetchable_when_it_has_its_one_form(url: str) -> None:
    assert (normalise(url) is not None) == is_fetchable(url)


def page(title: str, author: str, link: str) -> bytes:
    """Write a page that says them raw and escaped, in every place from which we read."""
    raw, data = (
        title,
        json.dumps({"@type": "NewsArticle", "headline": title, "author": {"name": author}, "image": link}),
    )
    body = article("The harbour opens").replace(
        "<article>",
        f"<meta name=author content={quoteattr(author)}><link rel=canonical href={quoteattr(link)}><article>",
    )
    body = body.replace("<h1>The harbour opens", f"<h1>{html.escape(title)}").replace("<p>", f"<p>{raw} ", 1)
    body = body.replace("</head>", f'<script type="application/ld+json">{data}</script></head>')
    return body.encode("utf-8", "surrogatepass")


def feed(entries: list[tuple[str, str]]) -> bytes:
    """Write a feed whose titles, authors and summaries are hostile, twice: as text, and as markup within."""
    items = []
    for at, text in entries:
        clean = _NO_XML.sub("", text)
        items.append(
            f"<item><title>{escape(clean)}</title><link>{escape(_NO_XML.sub('', at))}</link>"
            f"<author>{escape(clean)}</author><guid>{escape(clean)}</guid><category>{escape(clean)}</category>"
            f"<description><![CDATA[{clean.replace(']]>', '')}]]></description></item>"
        )
    return f"<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>".encode("utf-8", "replace")


def assert_sound(kept: Article) -> None:
    """Fail unless an article holds text and addresses, and nothing that SQLite, JSON or a browser trips over."""
    for value in (kept.title, kept.text, kept.lead, *kept.authors, *kept.tags, kept.site_name or ""):
        value.encode()
        assert "\0" not in value
    for link in (kept.url, kept.canonical_url, kept.image, kept.tdm_policy):
        assert link is None or _SCHEMES.match(link), link


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, cpu_seconds=2, memory_bytes=256 * 2**20) as pool:
        yield pool


def test_every_hostile_string_is_read_from_feeds_as_text(corpus: Path, workers: Workers) -> None:
    listed = [*naughty(corpus), *vectors(corpus)]
    assert len(listed) > 1_000
    for start in range(0, len(listed), 400):
        some = listed[start : start + 400]
        body = feed([(f"http://hostile.example/{start + number}", text) for number, text in enumerate(some)])
        found = workers.call_now(read_channel, "feed", body, "application/rss+xml", "http://hostile.example/feed")

        assert isinstance(found, Feed)
        assert len(found.entries) == len(some), "each entry has an address, so each is one"
        # What looks like markup in them is text, which every reader of the archive escapes (see test_web).
        for entry in found.entries:
            assert not _NO_XML.search(entry.title + entry.summary)


def test_hostile_links_are_no_addresses_or_are_harmless(corpus: Path, workers: Workers) -> None:
    listed = [*naughty(corpus), *vectors(corpus)]
    for start in range(0, len(listed), 400):
        links = feed([(text, "x") for text in listed[start : start + 400]])
        found = workers.call_now(read_channel, "feed", links, "text/xml", AT)

        assert isinstance(found, Feed)
        for entry in found.entries:
            assert normalise(entry.url) is not None
            assert entry.url.startswith(("http://", "https://"))


def test_every_hostile_string_is_read_from_pages_as_text(corpus: Path, workers: Workers) -> None:
    listed = [*naughty(corpus), *vectors(corpus)[::3]]
    for text in listed[::4]:
        result = workers.call_now(read_page, Fetched(AT, AT, page(text, text, text), "text/html"), SOURCE, {})

        if isinstance(result, Reading):
            assert_sound(result.article)
        else:
            assert result.reason in REASONS


@dataclass
class Visited:
    listed: list[str]
    folder: Path
    found: list[Article]


@pytest.fixture(scope="module")
def visited(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Visited:
    """Visit a feed with a sample of both lists; half of its pages are there."""
    listed = [*naughty(corpus)[::16], *vectors(corpus)[::60]]

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/feed":
            links = [(f"http://hostile.example/{number}", text) for number, text in enumerate(listed)]
            return Reply(feed(links), kind="application/rss+xml")
        number = seen.path[1:]
        if not number.isdigit():
            return None
        text = listed[int(number)]
        return Reply("no", 403) if int(number) % 2 else Reply(page(text, text, text))

    with Web(hostile=host) as web:
        folder = configure(tmp_path_factory.mktemp("hostile") / "config", web, "hostile", crawl='delay = "0s"')
        run_visit(folder)
    with open_archive(address(folder)) as archive:
        found = [archive.articles.get(f"http://hostile.example/{number}") for number in range(len(listed))]
        pages = [archive.pages.find(f"http://hostile.example/{number}") for number in range(len(listed))]
    assert {one.state for one in pages if one is not None} <= {"stored", "dropped"}
    assert len([one for one in pages if one is not None]) == len(listed), "no entry was lost"
    return Visited(listed, folder, [one for one in found if one is not None])


def test_hostile_entries_and_pages_are_kept_as_text(visited: Visited) -> None:
    assert len(visited.found) > 0.8 * len(visited.listed)
    for kept in visited.found:
        assert_sound(kept)


def test_nothing_hostile_is_active_in_a_kept_archive(visited: Visited) -> None:
    """Reading them back gives what was kept, and each of the strings may be searched for."""
    with open_archive(address(visited.folder)) as archive:
        assert archive.articles.count() == len(visited.found)
        for kept in visited.found:
            assert archive.articles.get(kept.url) == kept


HOSTILE: dict[str, bytes] = {
    "attributes": b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">",
    "nested elements": b"<html><body>" + b"<div>" * 400_000,
    "a million anchors": b"<html><body>" + b"<a href=x>y" * 300_000,
    "nested json": b"<script type='application/ld+json'>" + b"[" * 1_000_000 + b"</script><p>x",
    "spaces": b"<html><body><h1>T</h1><p>x" + b" \n" * 1_000_000 + b"y",
    "bylines": b"<html><body><article><h1>T</h1><p>" + b"By A, " * 200_000,
    "surrogates": b"<p>x" + b"\xed\xa0\x80" * 1_000_000,
    "zeros": b"<p>x" + bytes(2_000_000),
}
HOSTILE_FEEDS: dict[str, bytes] = {
    "a billion laughs": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><rss><channel><item><title>&j;</title><link>http://hostile.example/1</link></item></channel></rss>",
    "a file": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>'
    b"<title>&x;</title><link>http://hostile.example/1</link></item></channel></rss>",
    "namespaces": b"<rss " + b" ".join(b'xmlns:a%d="x"' % n for n in range(60_000)) + b"><channel/></rss>",
    "nested items": b"<rss>" + b"<item>" * 500_000,
    "nested json": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 2_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_no_more_than_its_worker(workers: Workers, name: str) -> None:
    begun = time.monotonic()
    result = workers.call_now(read_page, Fetched(AT, AT, HOSTILE[name], "text/html"), SOURCE, {})
    good = workers.call_now(read_page, Fetched(AT, AT, article("After it").encode(), "text/html"), SOURCE, {})

    assert isinstance(result, Reading) or result.reason in REASONS
    assert isinstance(good, Reading)
    assert time.monotonic() - begun < 40


@pytest.mark.parametrize("name", HOSTILE_FEEDS)
def test_a_hostile_feed_costs_no_more_than_its_worker(workers: Workers, name: str) -> None:
    result = workers.call_now(read_channel, "feed", HOSTILE_FEEDS[name], "text/xml", "http://hostile.example/feed")

    assert isinstance(result, Feed | WorkerFault)
    if isinstance(result, Feed):
        assert sum(len(entry.title) for entry in result.entries) < 100_000
        assert not any("root:" in entry.title for entry in result.entries)


#: Of the 200 pages of ``python -m tests.bench.hostile`` the cheapest of the recipes that ask for other things.
SAMPLE = ("attributes 4", "charsets 0", "controls 2", "surrogates 1", "nesting 3", "json-ld 0", "containers 2")


@pytest.mark.parametrize("name", SAMPLE)
def test_a_page_of_the_bench_ends_as_an_article_or_with_a_reason(workers: Workers, name: str) -> None:
    (recipe,) = (each for each in recipes() if each.name == name)
    outcome = run(workers, recipe)

    assert not outcome.crashed, outcome


def test_the_bench_has_two_hundred_pages_that_are_always_the_same() -> None:
    listed = recipes()

    assert 200 == len({recipe.name for recipe in listed})
    assert listed[8].body() == recipes()[8].body() != listed[9].body()


def test_a_tag_of_fifty_thousand_attributes_costs_its_attributes_only(workers: Workers) -> None:
    body = HOSTILE["attributes"] + article("A tag that is too long").encode()
    result = workers.call_now(read_page, Fetched(AT, AT, body, "text/html"), SOURCE, frozenset())

    assert isinstance(result, Reading)
    assert "harbour board of Lower Wexcombe" in result.article.text
