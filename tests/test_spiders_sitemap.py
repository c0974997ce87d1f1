"""Sitemaps: news lists, indexes, packed ones, and what is offered in their place. All of them are invented."""

# ruff: noqa: E501 - whole lines of invented sitemaps

from __future__ import annotations

import gzip
import pickle
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records import Entry
from crawler.spiders import sitemap
from crawler.spiders.sitemap import LONGEST, SitemapPage, parse_sitemap

URL = "https://coast.example/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://coast.example/a?x=1&amp;y=2 </loc><lastmod>2026-11-20T09:00:00Z</lastmod>
 <news:news><news:publication><news:name>Coast Press</news:name><news:language>zh-cn</news:language></news:publication>
  <news:publication_date>2026-11-20T08:15:00+08:00</news:publication_date><news:title><![CDATA[渡轮 & 港口]]></news:title>
  <news:keywords>sea, ferry ,sea</news:keywords></news:news>
 <image:image><image:loc>https://coast.example/a.jpg</image:loc></image:image></url>
<url><loc>https://coast.example/b</loc></url>
<url><loc>not an address</loc></url>
</urlset>"""


def test_a_news_sitemap_gives_titles_dates_and_languages() -> None:
    page = parse_sitemap(NEWS.encode(), "application/xml", URL)

    assert page == SitemapPage(
        entries=(
            Entry(
                url="https://coast.example/a?x=1&y=2",
                title="渡轮 & 港口",
                published="2026-11-20T08:15:00+08:00",
                updated="2026-11-20T09:00:00+00:00",
                language="zh-cn",
                tags=("sea", "ferry"),
                image="https://coast.example/a.jpg",
            ),
            Entry(url="https://coast.example/b"),
        ),
        publication="Coast Press",
        nameless=(Entry(url="not an address"),),
    )


@pytest.mark.parametrize("times", [1, 2])
def test_a_packed_sitemap_is_unpacked(times: int) -> None:
    body = NEWS.encode()
    for _ in range(times):
        body = gzip.compress(body)

    assert len(parse_sitemap(body, "application/gzip", URL).entries) == 2


def test_a_sitemap_packed_in_pieces_is_read_whole() -> None:
    half = len(NEWS) // 2
    body = gzip.compress(NEWS[:half].encode()) + gzip.compress(NEWS[half:].encode())

    assert len(parse_sitemap(body, "", URL).entries) == 2


def test_a_bomb_is_refused_without_being_held() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (3 * LONGEST), compresslevel=9)
    tracemalloc.start()

    problem = parse_sitemap(bomb, "", URL).problem
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert problem == "the packed sitemap unpacks to more than 50 MB"
    assert peak < 3 * LONGEST


def test_a_packed_sitemap_that_ends_early_says_so() -> None:
    assert parse_sitemap(gzip.compress(NEWS.encode())[:-20], "", URL).problem == "the packed sitemap ends early"
    assert "broken" in (parse_sitemap(b"\x1f\x8b\x08\x00" + b"x" * 50, "", URL).problem or "")


def test_an_index_gives_its_sitemaps_the_newest_first() -> None:
    body = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>https://coast.example/2025.xml</loc><lastmod>2025-12-31</lastmod></sitemap>
    <sitemap><loc>https://coast.example/2026.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap>
    <sitemap><loc>https://coast.example/undated.xml</loc></sitemap></sitemapindex>"""

    page = parse_sitemap(body.encode(), "", URL)

    assert [url.rsplit("/", 1)[1] for url in page.children] == ["2026.xml.gz", "2025.xml", "undated.xml"]
    assert ((), None) == (page.entries, page.problem)


def test_an_index_of_nothing_says_so() -> None:
    assert parse_sitemap(b"<sitemapindex/>", "", URL).problem == "the sitemap index lists no sitemap"


def test_a_list_of_addresses_is_a_sitemap() -> None:
    page = parse_sitemap(b"https://coast.example/a\r\nhttps://coast.example/b\n\nnonsense\n", "text/plain", URL)

    assert ["https://coast.example/a", "https://coast.example/b"] == [entry.url for entry in page.entries]


def test_a_feed_serves_as_a_sitemap() -> None:
    body = b"<rss><channel><item><title>One</title><link>https://coast.example/a</link></item></channel></rss>"

    assert parse_sitemap(body, "", URL).entries == (Entry("https://coast.example/a", title="One"),)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the answer is empty"),
        (b"<!DOCTYPE html><html></html>", "the address answers with a web page, not a sitemap"),
        (b"<note>hello</note>", "the answer is not a sitemap: it begins with '<note>hello</note>'"),
        (b"hello", "the answer is not a sitemap: it begins with 'hello'"),
    ],
)
def test_what_is_no_sitemap_says_so(body: bytes, problem: str) -> None:
    assert parse_sitemap(body, "", URL) == SitemapPage(problem=problem)


def test_an_empty_list_of_pages_is_a_sitemap() -> None:
    assert parse_sitemap(b"<urlset></urlset>", "", URL) == SitemapPage()


def test_a_cut_sitemap_gives_its_whole_pages() -> None:
    """Half an address leads somewhere else."""
    cut = NEWS[: NEWS.index("/b</loc>") + 1]

    assert ["https://coast.example/a?x=1&y=2"] == [entry.url for entry in parse_sitemap(cut.encode(), "", URL).entries]


def test_the_entities_of_html_are_read() -> None:
    body = NEWS.replace("<![CDATA[渡轮 & 港口]]>", "Caf&eacute; &amp; bar&nbsp;&hellip;")

    assert parse_sitemap(body.encode(), "", URL).entries[0].title == "Café & bar …"


def test_entities_do_not_explode_and_no_file_is_read() -> None:
    entities = '<!ENTITY e0 "boom">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE urlset [{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]>' + NEWS.split("?>", 1)[1].replace(
        "<![CDATA[渡轮 & 港口]]>", "&e11;&f;"
    )

    page = parse_sitemap(body.encode(), "", URL)

    assert len(pickle.dumps(page)) < 10_000
    assert "root:" not in repr(page)


@pytest.mark.parametrize("plain", [False, True])
def test_what_is_beyond_the_longest_list_is_counted(monkeypatch: pytest.MonkeyPatch, plain: bool) -> None:
    monkeypatch.setattr(sitemap, "_MOST_ENTRIES", 3)
    urls = [f"https://coast.example/{number}" for number in range(8)]
    body = "\n".join(urls) if plain else f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"

    page = parse_sitemap(body.encode(), "", URL)

    assert (3, ((URL, 5),)) == (len(page.entries), page.surplus)
    assert () == parse_sitemap(NEWS.encode(), "", URL).surplus


def test_wrong_namespaces_are_forgiven() -> None:
    body = NEWS.replace("sitemap-news/0.9", "news").replace("http://www.sitemaps.org", "https://sitemaps.org")

    assert parse_sitemap(body.encode(), "", URL) == parse_sitemap(NEWS.encode(), "", URL)


@given(
    st.binary(max_size=300) | st.text("<>/urlsetoc:&;! ", max_size=200).map(lambda t: f"<urlset>{t}</urlset>".encode())
)
def test_no_sitemap_breaks_the_reader(body: bytes) -> None:
    page = parse_sitemap(body, "", URL)

    assert pickle.loads(pickle.dumps(page)) == page


def test_what_is_beyond_the_limit_of_a_sitemap_is_counted_and_it_is_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.spiders.sitemap._MOST_ENTRIES", 3)
    pages = "".join(f"<url><loc>https://a.test/{n}</loc><lastmod>2026-11-0{n}</lastmod></url>" for n in (1, 5, 2, 4, 3))

    found = parse_sitemap(f"<urlset>{pages}</urlset>".encode(), "text/xml", "https://a.test/map.xml")

    assert ["https://a.test/5", "https://a.test/4", "https://a.test/3"] == [entry.url for entry in found.entries]
    assert "it lists 5 pages, more than a sitemap may (3): 2 of them" in found.lacking
    plain = parse_sitemap("\n".join(f"https://a.test/{n}" for n in range(5)).encode(), "text/plain", "")
    assert (3, True) == (len(plain.entries), "2 of them" in plain.lacking)
