"""Feeds in whatever state they come. All of them are invented; the corpus is read by tests/eval/feeds.py."""

# ruff: noqa: E501 - whole lines of invented feeds

from __future__ import annotations

import codecs
import json
import pickle
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records import Entry
from crawler.spiders.dates import find, iso
from crawler.spiders.feed import Feed, parse_feed
from crawler.spiders.text import decode, plain

URL = "https://coast.example/feeds/news.xml"


def rss(items: str, head: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Coast Press</title>{head}{items}</channel></rss>'.encode()


def item(inside: str) -> Entry:
    (entry,) = parse_feed(rss(f"<item>{inside}</item>"), "application/rss+xml", URL).entries
    return entry


LINK = "<link>https://coast.example/a</link>"
# What is read


def test_an_rss_item_becomes_an_entry() -> None:
    entry = item(
        f"""{LINK}<title>Ferry returns</title><description>&lt;p&gt;It &lt;b&gt;sails&lt;/b&gt; again.&lt;/p&gt;</description>
        <pubDate>Fri, 20 Nov 2026 08:15:00 +0100</pubDate><guid isPermaLink="false">x-1</guid>
        <author>desk@coast.example (Ina Berg)</author><source url="https://hill.example/rss">Hill Radio</source>
        <category>Sea</category><category>Traffic</category>
        <media:content url="/ferry.jpg" medium="image"/><dc:language>en-GB</dc:language>"""
    )

    assert entry == Entry(
        url="https://coast.example/a",
        title="Ferry returns",
        summary="It sails again.",
        authors=("Ina Berg",),
        published="2026-11-20T08:15:00+01:00",
        guid="x-1",
        language="en-GB",
        credited_to="Hill Radio",
        tags=("Sea", "Traffic"),
        image="https://coast.example/ferry.jpg",
    )


def test_an_atom_entry_becomes_an_entry() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://blatt.example/x/"><title type="html">Das &lt;i&gt;Blatt&lt;/i&gt;</title>
    <link rel="hub" href="https://hub.example/"/><link rel="self" href="https://blatt.example/atom"/>
    <entry><id>tag:blatt.example,2026:1</id><title type="text">Mehr &lt; weniger</title><link rel="related" href="https://elsewhere.example/"/>
    <link href="../politik/1.html"/><published>2026-11-20T08:15Z</published><updated>2026-11-20T09:00:00.5+01:00</updated>
    <author><name>Jo Lind</name><email>jo@blatt.example</email></author><author><name>Ina Berg</name></author>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Ein Satz.</p><script>x()</script></div></content></entry></feed>"""

    feed = parse_feed(body, "application/atom+xml", URL)

    assert ("Das Blatt", "https://hub.example/", "https://blatt.example/atom") == (feed.title, feed.hub, feed.self_url)
    assert feed.entries == (
        Entry(
            url="https://blatt.example/politik/1.html",
            title="Mehr < weniger",
            summary="Ein Satz.",
            authors=("Jo Lind", "Ina Berg"),
            published="2026-11-20T08:15+00:00",
            updated="2026-11-20T09:00:00+01:00",
            guid="tag:blatt.example,2026:1",
            language="de",
        ),
    )


def test_an_rdf_item_is_dated_by_its_dublin_core() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel rdf:about="https://a.example/"><title>A</title></channel>
    <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link><dc:date>2026-11-20T08:15:00+09:00</dc:date></item></rdf:RDF>"""

    assert parse_feed(body, "", URL).entries[0].published == "2026-11-20T08:15:00+09:00"


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_a_json_feed_is_read(version: str) -> None:
    person = {"name": "Ina Berg"}
    data = {
        "version": version,
        "title": "Coast Press",
        "language": "en",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [
            {"id": 7, "url": "/a", "title": "A < B", "content_html": "<p>One</p><p>Two</p>", "author": person, "authors": [person],
             "date_published": "2026-11-20T08:15:00+01:00", "tags": ["Sea"], "image": "https://coast.example/f.jpg"},
            {"id": "no address", "title": "x"},
            "not an item",
        ],
    }  # fmt: skip

    feed = parse_feed(json.dumps(data).encode(), "application/feed+json", URL)

    assert ("Coast Press", "https://hub.example/", 1) == (feed.title, feed.hub, len(feed.nameless))
    assert feed.entries == (
        Entry(
            url="https://coast.example/a",
            title="A < B",
            summary="One Two",
            authors=("Ina Berg",),
            published="2026-11-20T08:15:00+01:00",
            guid="7",
            language="en",
            tags=("Sea",),
            image="https://coast.example/f.jpg",
        ),
    )


def test_what_the_feed_asks_for_is_read() -> None:
    head = """<ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>5</hour></skipHours><skipDays><day>Sunday</day></skipDays>"""

    feed = parse_feed(rss("", head), "", URL)

    assert (5400.0, frozenset({0, 5}), frozenset({"sunday"})) == (feed.ttl_seconds, feed.skip_hours, feed.skip_days)


def test_the_update_period_is_a_ttl() -> None:
    head = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"

    assert parse_feed(rss("", head), "", URL).ttl_seconds == 21_600


# Which address


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (LINK + "<guid>https://coast.example/g</guid>", "https://coast.example/a"),
        ("<guid>https://coast.example/g</guid>", "https://coast.example/g"),
        ('<guid isPermaLink="false">https://coast.example/?p=1</guid>', "https://coast.example/?p=1"),
        ("<link>/news/1</link>", "https://coast.example/news/1"),
        ("<link>//cdn.coast.example/1</link>", "https://cdn.coast.example/1"),
        ("<link>https://coast.example/?a=1&amp;b=2</link>", "https://coast.example/?a=1&b=2"),
        ("<link><![CDATA[ https://coast.example/c ]]></link>", "https://coast.example/c"),
        ('<link xmlns="http://www.w3.org/2005/Atom" href="https://coast.example/h"/>', "https://coast.example/h"),
    ],
)
def test_the_address_of_an_entry(inside: str, expected: str) -> None:
    assert item(f"<title>t</title>{inside}").url == expected


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<link>javascript:alert(1)</link>",
        "<link>mailto:a@b.example</link>",
        "<guid>urn:x:1</guid>",
        "<link>http://[bad/</link>",
    ],
)
def test_an_entry_without_an_address_is_counted(inside: str) -> None:
    feed = parse_feed(rss(f"<item><title>t</title>{inside}</item><item>{LINK}</item>"), "", URL)

    assert (1, 1, None) == (len(feed.entries), len(feed.nameless), feed.problem)


LONG = f"https://coast.example/{'l' * 2_000}"


@pytest.mark.parametrize(
    ("served", "kept"),
    [
        ("ftp://coast.example/a", "ftp://coast.example/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://coast.example:99999/a", "http://coast.example:99999/a"),
        ("http://[bad]/a", "http://[bad]/a"),
        ("http://bad]/a", "http://bad]/a"),
        (LONG, LONG),
        (LONG.removeprefix("https://coast.example"), LONG),
    ],
)
def test_an_address_that_cannot_be_fetched_is_kept_as_it_was_served(served: str, kept: str) -> None:
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><link href="{served}"/></entry></feed>'
    data = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "7", "title": "t", "url": served}]}

    feeds = [
        parse_feed(rss(f"<item><title>t</title><link>{served}</link></item>"), "", URL),
        parse_feed(atom.encode(), "", URL),
        parse_feed(json.dumps(data).encode(), "", URL),
    ]

    assert [()] * 3 == [feed.entries for feed in feeds]
    assert [[kept]] * 3 == [[entry.url for entry in feed.nameless] for feed in feeds]


def test_an_address_of_ipv6_is_one() -> None:
    assert item("<title>http://[bad]/</title><link>http://[2001:db8::1]/a</link>").url == "http://[2001:db8::1]/a"


@pytest.mark.parametrize(("guid", "kept"), [("urn:x:1", ""), ("ftp://coast.example/a", "ftp://coast.example/a")])
def test_a_guid_that_is_no_address_names_no_page(guid: str, kept: str) -> None:
    (entry,) = parse_feed(rss(f"<item><title>t</title><guid>{guid}</guid></item>"), "", URL).nameless

    assert kept == entry.url


# Only text leaves


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("Fish &amp; chips", "Fish & chips"),
        ("<![CDATA[Fish & <b>chips</b>]]>", "Fish & chips"),
        ("1 &lt; 2", "1 < 2"),
        ("caf&amp;eacute; &#8217;24", "café ’24"),
        ("<![CDATA[a<script>alert(1)</script>b</i>]]>", "ab"),
        ("  two\n\n words\u200b\u00a0here ", "two words here"),
        ("&amp;amp;lt;b&amp;amp;gt;", "&lt;b&gt;"),
        ("Off&lt;!' she cried, &lt;i&gt;off&lt;/i&gt; at noon", "Off<!' she cried, off at noon"),
        ("&lt;i&gt;One&lt;/i&gt;&lt;!-- two --&gt; three", "One three"),
    ],
)
def test_a_title_is_plain_text_decoded_once(markup: str, expected: str) -> None:
    assert item(f"{LINK}<title>{markup}</title>").title == expected


def test_an_author_who_is_only_an_address_is_nobody() -> None:
    assert item(f"{LINK}<author>desk@coast.example</author>").authors == ()


@given(st.text(max_size=300))
def test_text_without_markup_is_only_squeezed(text: str) -> None:
    harmless = text.translate({ord("<"): None, ord("&"): None})

    assert plain(plain(harmless)) == plain(harmless)


def test_no_script_survives_as_markup(corpus: Path) -> None:
    vectors = [p for p in sorted((corpus / "hostile" / "xss").rglob("*")) if p.is_file()]
    lines = {line for path in vectors for line in path.read_text("utf-8", "replace").splitlines()}

    for line in sorted(lines)[:400]:
        plain(line)  # must not raise; what it gives is text, and text is escaped where it is shown


# Dates


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Fri, 20 Nov 2026 08:15:00 GMT", "2026-11-20T08:15:00+00:00"),
        ("Fri, 20 Nov 26 08:15 EST", "2026-11-20T08:15-05:00"),
        ("Fri,20 Nov 2026 08:15:00 +08:00", "2026-11-20T08:15:00+08:00"),
        ("Fri, 20 Nov 2026 08:15:00 GMT+8", "2026-11-20T08:15:00+08:00"),
        ("Fri Nov 20 08:15:00 CST 2026", "2026-11-20T08:15:00"),
        ("Fri Nov 20 2026 08:15:00 GMT+0800 (China Standard Time)", "2026-11-20T08:15:00+08:00"),
        ("Fri, 20 Nov 2026 08:15:00 BST", "2026-11-20T08:15:00"),
        ("2026-11-20 08:15:00 +0000 UTC", "2026-11-20T08:15:00+00:00"),
        ("2026-11-20T08:15:00.123456Z", "2026-11-20T08:15:00+00:00"),
        ("20261120T081500Z", "2026-11-20T08:15:00+00:00"),
        ("2026/11/20 08:15", "2026-11-20T08:15"),
        ("2026年11月20日 08:15", "2026-11-20T08:15"),
        ("20.11.2026 08:15", "2026-11-20T08:15"),
        ("20 ноября 2026 г., 08:15", "2026-11-20T08:15"),
        ("20. November 2026, 08:15 Uhr", "2026-11-20T08:15"),
        ("November 20th, 2026 8:15 PM", "2026-11-20T20:15"),
        ("٢٠٢٦-١١-٢٠ ٠٨:١٥", "2026-11-20T08:15"),
        ("1795162500", "2026-11-20T08:15:00+00:00"),
        ("Thu, 19 Nov 2026 24:00:00 GMT", "2026-11-20T00:00:00+00:00"),
        ("2026-11-20", "2026-11-20"),
        ("11/05/2026", None),
        ("1405/08/29", None),
        ("Fri, 31 Feb 2026 08:15:00 GMT", None),
        ("2026-11", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_printed_date(printed: str | None, expected: str | None) -> None:
    assert iso(printed) == expected


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.timezones() | st.none()))
def test_an_iso_date_is_read_back(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is not None and (offset.total_seconds() % 60 or abs(offset.total_seconds()) > 14 * 3600):
        return  # before zones were whole minutes
    written = moment.replace(microsecond=0).isoformat()

    assert iso(written) == written


@given(st.text(max_size=120) | st.text("0123456789-/:.TZ+ GMTnov,年月日", max_size=60))
def test_no_date_breaks_the_reader(printed: str) -> None:
    for written in (iso(printed), find(printed)):
        assert written is None or datetime.fromisoformat(written)


# Characters


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("utf-8", "", "text/xml; charset=us-ascii"),
        ("windows-1251", "windows-1251", "text/xml"),
        ("windows-1251", "", "text/xml; charset=windows-1251"),
        ("koi8-r", "koi8-r", "text/xml; charset=utf-8"),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16", ""),
        ("utf-8-sig", "utf-8", ""),
    ],
)
def test_wrong_declarations_are_not_believed(encoding: str, declared: str, header: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = f"{head}<rss><channel><item><title>Снег идёт</title>{LINK}</item></channel></rss>".encode(encoding)

    assert parse_feed(body, header, URL).entries[0].title == "Снег идёт"


@pytest.mark.parametrize("encoding", ["gb2312", "big5", "euc-kr", "shift_jis", "iso-2022-jp"])
def test_east_asian_encodings_are_read_as_declared(encoding: str) -> None:
    text = {"euc-kr": "서울 전철", "shift_jis": "東京の天気", "iso-2022-jp": "東京の天気"}.get(
        encoding, "中文新聞" if encoding == "big5" else "中文新闻"
    )

    assert text in decode(f'<?xml version="1.0" encoding="{encoding}"?><a>{text}</a>'.encode(encoding))


@pytest.mark.parametrize("name", ["zip", "rot13", "unicode_escape", "idna", "undefined", "no-such", "hex", "punycode"])
def test_a_codec_that_is_no_charset_is_not_run(name: str) -> None:
    assert "\\x41 é" in decode(f'<?xml version="1.0" encoding="{name}"?><a>\\x41 é</a>'.encode("latin-1"))


@given(st.binary(max_size=200), st.sampled_from(["", "text/xml; charset=gbk", "text/xml; charset=utf-16"]))
def test_all_bytes_are_some_text(body: bytes, header: str) -> None:
    assert "\x00" not in decode(body, header)
    assert decode(codecs.BOM_UTF8 + "é".encode()) == "é"


# Broken ones


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the answer is empty"),
        (b" \r\n ", "the answer is empty"),
        (b"<!DOCTYPE html><html><head><title>Blocked</title></head></html>", "the address answers with a web page, not a feed"),
        (b"<!-- x --><html><body>rss</body></html>", "the address answers with a web page, not a feed"),
        (b"{broken", "the answer looks like JSON, but cannot be read as such"),
        (b'{"error": 7}', "the answer is JSON, but not a JSON Feed: it has no list of items"),
        (b"hello there", "the answer is not a feed: it begins with 'hello there'"),
        (b"[" * 100_000, "the answer looks like JSON, but cannot be read as such"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_what_is_no_feed_says_so(body: bytes, problem: str) -> None:
    assert parse_feed(body, "", URL) == Feed(problem=problem)


def test_an_empty_feed_is_a_feed() -> None:
    assert (None, (), "Coast Press") == ((feed := parse_feed(rss(""), "", URL)).problem, feed.entries, feed.title)


def test_a_cut_feed_gives_its_whole_entries() -> None:
    """Half an address leads somewhere else."""
    body = rss(
        f"<item>{LINK}<title>Whole</title></item><item><title>Half</title><link>https://coast.example/bcd</link></item>"
    )

    feed = parse_feed(body[: body.index(b"/bcd") + 2], "", URL)

    assert ["https://coast.example/a"] == [entry.url for entry in feed.entries]


@pytest.mark.parametrize(
    "before", [b"\n\n", b"Warning: mysql_connect() failed in feed.php\n", b"\xef\xbb\xbf", b"<!-- cached -->\n"]
)
def test_junk_before_the_feed_does_not_hide_it(before: bytes) -> None:
    assert len(parse_feed(before + rss(f"<item>{LINK}</item>"), "", URL).entries) == 1


@pytest.mark.parametrize(
    "title", ["Fish & chips", "a \x0b b", "caf&eacute; &nbsp; x", "1 < 2", "<b>unclosed", "&undefined;", "]]>"]
)
def test_a_feed_that_is_not_well_formed_is_read_all_the_same(title: str) -> None:
    feed = parse_feed(rss(f"<item><title>{title}</title>{LINK}</item><item>{LINK}b</item>"), "", URL)

    assert len(feed.entries) == 2


def test_entities_do_not_explode() -> None:
    entities = '<!ENTITY e0 "boom">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f"<!DOCTYPE rss [{entities}]><rss><channel><item><title>&e11;</title>{LINK}</item></channel></rss>"

    feed = parse_feed(body.encode(), "", URL)

    assert len(pickle.dumps(feed)) < 10_000


@pytest.mark.parametrize(
    "body",
    [
        b"<!-- a -->" * 20_000 + b"x",
        b"<rss>" + b"<skipHours>" * 20_000,
        b"<rss><channel>" + b"<link " * 20_000,
        b"<?xml " * 30_000,
        b"<rss><channel><item><title>" + b"<![CDATA[" * 6_000,
    ],
    ids=lambda body: str(body[:24]),
)
def test_a_hostile_feed_costs_little_time(body: bytes) -> None:
    started = time.process_time()
    parse_feed(body, "", URL)

    assert time.process_time() - started < 3


def test_a_feed_cut_in_its_first_entry_is_broken() -> None:
    feed = parse_feed(b"<rss><channel><title>A</title><item><link>https://coast.exam", "", URL)

    assert ("the feed is broken: it ends in its first entry", ()) == (feed.problem, feed.entries)


def test_a_local_file_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss(f"<item>{LINK}</item>"))

    assert parse_feed(str(secret).encode(), "", URL).entries == ()


@given(st.binary(max_size=300) | st.text("<>&;/![]rsitemnkl=\"' 0", max_size=200).map(rss))
def test_no_feed_breaks_the_reader(body: bytes) -> None:
    feed = parse_feed(body, "", URL)

    assert pickle.loads(pickle.dumps(feed)) == feed


def test_the_readers_do_not_need_scrapy() -> None:
    """They run in worker processes, which are many and start often."""
    import subprocess

    code = "import sys; import crawler.spiders.feed, crawler.spiders.sitemap, crawler.spiders.section; print('scrapy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"False\n"
