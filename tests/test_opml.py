from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import UsageError
from crawler.opml import free_key, read_opml, write_opml
from crawler.records import Source
from crawler.urls import normalise

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
 <head><title>Mine</title></head>
 <body>
  <outline text="Asia">
   <outline type="rss" text="Harbour   Herald" xmlUrl="https://herald.example/rss" htmlUrl="https://herald.example/en/"
     language="en"/>
   <outline type="rss" text="海港日报" xmlUrl="https://haigang.example/feed"/>
   <outline type="rss" text="Herald again" xmlUrl="HTTPS://herald.example:443/rss"/>
  </outline>
  <outline type="rss" text="Elsewhere" xmlUrl="https://elsewhere.example/rss" htmlUrl="https://aggregator.example/"/>
  <outline type="rss" text="Burned" xmlUrl="https://feeds.burner.example/x" htmlUrl="https://burned.example/"/>
  <outline type="rss" text="Local" xmlUrl="file:///etc/passwd"/>
 </body>
</opml>
""".encode()


def test_a_feed_list_becomes_sources() -> None:
    imported = read_opml(OPML)

    assert (
        Source(
            key="harbour-herald",
            name="Harbour Herald",
            homepage="https://herald.example/en/",
            language="en",
            feeds=("https://herald.example/rss",),
        ),
        Source("haigang-example", "海港日报", "https://haigang.example/", feeds=("https://haigang.example/feed",)),
        Source("elsewhere", "Elsewhere", "https://elsewhere.example/", feeds=("https://elsewhere.example/rss",)),
        Source("burned", "Burned", "https://burned.example/", feeds=("https://feeds.burner.example/x",)),
    ) == imported.sources


def test_what_is_left_out_is_told() -> None:
    assert (
        "Herald again: Harbour Herald has this feed already",
        "Local: 'file:///etc/passwd' is no address that begins with http:// or https://",
    ) == read_opml(OPML).skipped


def test_feeds_that_are_polled_already_are_left_out() -> None:
    imported = read_opml(OPML, read_opml(OPML).sources)

    assert () == imported.sources
    assert 6 == len(imported.skipped)


def test_a_key_that_is_taken_gets_a_number() -> None:
    known = Source("harbour-herald", "Another", "https://another.example/")

    assert "harbour-herald-2" == read_opml(OPML, [known]).sources[0].key
    assert "a-b-3" == free_key("A & B", {"a-b", "a-b-2"})
    assert "source" == free_key("海港", ())


@pytest.mark.parametrize("content", [b"", b"garbage", b"<html><body>no list</body></html>", b"<opml><body/></opml>"])
def test_what_is_no_feed_list_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"this gives no source: .*; wanted an OPML file"):
        read_opml(content)


def test_a_file_of_this_machine_is_never_read() -> None:
    content = b"""<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]>
    <opml version="2.0"><body><outline type="rss" text="&x;" xmlUrl="https://a.example/"/></body></opml>"""

    assert ["&x;"] == [source.name for source in read_opml(content).sources]


def test_export_puts_feeds_into_folders_by_country() -> None:
    text = write_opml(
        [
            Source("b", "B & <B>", "https://b.example/", country="de", feeds=("https://b.example/1?a=1&b=2",)),
            Source("a", "A", "https://a.example/", language="ar", feeds=("https://a.example/1",)),
            Source("no-feed", "N", "https://n.example/", sitemaps=("https://n.example/map",)),
        ]
    ).decode()

    assert (
        '<outline type="rss" text="A" title="A" xmlUrl="https://a.example/1" htmlUrl="https://a.example/" '
        'language="ar"/>' in text
    )
    assert '<outline text="de">\n      <outline type="rss" text="B &amp; &lt;B&gt;"' in text
    assert "N" not in text.replace("UTF-8", "")


NAMES = st.text(alphabet=string.ascii_letters + string.digits + " &<>\"'é中", min_size=1).filter(str.strip)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["de", "cn", ""])), max_size=6))
def test_what_is_exported_comes_back(rows: list[tuple[str, str]]) -> None:
    sources = [
        Source(
            f"k{n}",
            " ".join(name.split()),
            f"https://h{n}.example/x",
            country,
            "de",
            feeds=(f"https://h{n}.example/f",),
        )
        for n, (name, country) in enumerate(rows)
    ]
    if not sources:
        return
    back = read_opml(write_opml(sources)).sources

    assert {(source.name, source.feeds, normalise(source.homepage), source.language) for source in sources} == {
        (source.name, source.feeds, source.homepage, source.language) for source in back
    }
    assert len({source.key for source in back}) == len(back)
