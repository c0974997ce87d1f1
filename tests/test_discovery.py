"""Finding the ways into a site: what pages and answers tell, and whole looks at small sites on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import discovery, languages
from crawler.discovery import Find, choose, fault_of, is_home, look, rotates, samples, usual_feeds
from crawler.discovery.frontpage import Lead, feed_name, read_front_page, title_name
from crawler.errors import UsageError
from crawler.polling import Contents
from crawler.records import Entry
from crawler.spiders.feed import Feed
from crawler.spiders.sitemap import SitemapPage
from crawler.urls import is_fetchable, meant
from tests.loopback import Host, Reply, Seen, Web, configure, run_python

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = "https://herald.example/"


def entries(*paths: str, days: float = 0, base: str = HOME) -> tuple[Entry, ...]:
    """Make entries of pages, an hour apart, the newest some days old."""
    times = [NOW - timedelta(days=days, hours=number) for number in range(len(paths))]
    return tuple(
        Entry(f"{base}{path}", f"Title of {path}", published=time.isoformat())
        for path, time in zip(paths, times, strict=True)
    )


def feed(path: str, *listed: str, days: float = 0, base: str = HOME) -> Find:
    return Find(
        Lead(f"{HOME}{path}", "declared"), f"{HOME}{path}", Feed(entries=entries(*listed, days=days, base=base))
    )


def page(head: str = "", body: str = "", lang: str = "en") -> bytes:
    return f"<!doctype html><html lang='{lang}'><head>{head}</head><body>{body}</body></html>".encode()


def leads(head: str = "", body: str = "") -> list[tuple[str, str]]:
    found = read_front_page(page(head, body), "text/html", HOME)
    assert found is not None
    return [(lead.how, lead.url.removeprefix(HOME)) for lead in found.leads]


# Where to look


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("https://Herald.example", ("https://herald.example/",)),
        ("herald.example", ("https://herald.example/", "http://herald.example/")),
        (" herald.example/world/ ", ("https://herald.example/world/", "http://herald.example/world/")),
        ("localhost:8080", ("https://localhost:8080/", "http://localhost:8080/")),
        ("feed:https://herald.example/rss", ("https://herald.example/rss",)),
        ("feed://herald.example/rss", ("https://herald.example/rss", "http://herald.example/rss")),
    ],
)
def test_what_a_person_writes_becomes_addresses(given_: str, expected: tuple[str, ...]) -> None:
    assert expected == meant(given_)


@pytest.mark.parametrize(
    "given_", ["", "mailto:desk@herald.example", "file:///etc/passwd", "herald", "ftp://a.example/"]
)
def test_what_is_no_address_is_told(given_: str) -> None:
    with pytest.raises(UsageError, match="is no address; wanted"):
        meant(given_)


@given(st.text(max_size=80))
def test_any_text_becomes_fetchable_addresses_or_a_clear_error(text: str) -> None:
    try:
        found = meant(text)
    except UsageError:
        return

    assert found
    assert all(is_fetchable(address) for address in found)


def test_a_home_page_is_told_from_a_section() -> None:
    homes = ["https://a.example/", "https://a.example/index.html", "https://a.example/home"]

    assert all(is_home(url) for url in homes)
    assert not any(is_home(url) for url in ["https://a.example/world/", "https://a.example/?section=3"])
    assert usual_feeds("https://a.example/index.html")[0].url == "https://a.example/feed"
    assert usual_feeds("https://a.example/world")[0].url == "https://a.example/world/feed"


def test_sitemaps_of_news_come_first_and_those_of_pictures_and_other_sites_not_at_all() -> None:
    declared = [
        "/sitemap.xml", "https://herald.example/news.xml", "/image-sitemap.xml", "https://elsewhere.example/news.xml",
    ]  # fmt: skip

    found = discovery.robots_sitemaps(declared, HOME)

    assert ["https://herald.example/news.xml", "https://herald.example/sitemap.xml"] == [lead.url for lead in found]


def test_a_sitemap_that_names_a_day_rotates() -> None:
    assert rotates("https://herald.example/sitemap-2026-11.xml")
    assert not rotates("https://herald3.example/news-sitemap.xml")


# What a page tells


def test_declared_feeds_come_before_linked_ones_and_each_once() -> None:
    head = (
        "<link rel='alternate' type='application/rss+xml' title='Herald' href='/rss'>"
        "<link rel='alternate' type='application/feed+json' href='feed.json'>"
        "<link rel='alternate' hreflang='fr' href='/fr/'>"
        "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/pages/1'>"
        "<link rel='alternate' type='application/json+oembed' href='/oembed?format=json'>"
    )
    body = "<a href='/world/'>World</a><a href='/rss'>RSS</a><a href='/world/rss.xml'>World</a><a href='/a/7'>RSS</a>"

    assert [("declared", "rss"), ("declared", "feed.json"), ("linked", "world/rss.xml"), ("linked", "a/7")] == leads(
        head, body
    )


def test_links_that_only_look_a_little_like_feeds_are_none() -> None:
    body = (
        "<a href='/feedback'>Feedback</a><a href='/rss.png'>RSS</a><a href='/news/feeding-the-hungry'>Feeding</a>"
        "<a href='https://reader.example/add?u=herald'>RSS</a><a href='http://[bad]/rss'>RSS</a>"
        "<a href='https://www.facebook.com/dialog/feed?app_id=1'>Share</a><a href='/author/ines/feed'>RSS</a>"
        "<a href='#'>RSS</a>"
    )

    assert [] == leads("", body)


@pytest.mark.parametrize(
    "lead",
    [
        Lead(f"{HOME}comments/feed/", "declared", "Herald » Comments Feed"),
        Lead(f"{HOME}a", "declared", "Küste » Kommentar-Feed"),
        Lead(f"{HOME}a", "declared", "Journal » Flux des commentaires"),
        Lead(f"{HOME}a", "declared", "Газета » Лента комментариев"),
        Lead(f"{HOME}podcasts/feed", "linked"),
    ],
)
def test_feeds_of_comments_and_podcasts_are_left_out(lead: Lead) -> None:
    assert lead.unwanted


@pytest.mark.parametrize(
    "lead",
    [
        Lead(f"{HOME}commentisfree/rss", "linked"),
        Lead(f"{HOME}comment/rss", "linked", "Comment"),
        Lead(f"{HOME}kommentar/rss", "linked", "Kommentar"),
        Lead(f"{HOME}a", "declared", "评论"),
    ],
)
def test_feeds_of_opinion_are_not_taken_for_comments(lead: Lead) -> None:
    assert lead.unwanted == ""


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Home | The Northgate Courier", "The Northgate Courier"),
        ("Northgate: news from the coast", "Northgate"),
        ("World news - Northgate Courier", "Northgate Courier"),
        ("Главная — Степова газета", "Степова газета"),
        ("", ""),
    ],
)
def test_a_name_is_found_in_a_title(title: str, name: str) -> None:
    assert name == title_name(title, "https://www.the-northgate-courier.co.uk/")


def test_a_feeds_title_loses_what_says_that_it_is_a_feed() -> None:
    titles = ["Herald » Feed", "Herald RSS Feed", "RSS: Herald", "Herald - RSS 2.0", "The Feed"]

    assert ["Herald", "Herald", "Herald", "Herald", "The Feed"] == [feed_name(title) for title in titles]


def test_languages_are_written_as_the_configuration_wants_them() -> None:
    assert ["en-US", "zh-Hans-CN", "pt", ""] == [
        languages.code(each) for each in ("EN_US", "zh-Hans-CN", "PT", "{{x}}")
    ]


# What an answer is


@pytest.mark.parametrize(
    ("body", "kind", "what"),
    [
        (b"<rss version='2.0'><channel><item><link>https://a.example/1</link></item></channel></rss>", "", "feed"),
        (b'{"items": [{"url": "https://a.example/1"}]}', "text/html", "feed"),
        (b"<?xml version='1.0'?><urlset><url><loc>https://a.example/1</loc></url></urlset>", "text/html", "sitemap"),
        (page(body="<a href='/rss'>RSS</a>"), "application/rss+xml", "page"),
        (b"", "text/html", "page"),
        (b"\x1f\x8bbroken", "", "sitemap"),
    ],
)
def test_an_answer_is_what_it_holds_whatever_it_is_called(body: bytes, kind: str, what: str) -> None:
    assert what == look(body, kind, HOME).what


@given(st.binary(max_size=300) | st.text(alphabet="<>/arsfedhtml{}[]= \"'\u4e00", max_size=120).map(str.encode))
def test_any_answer_is_looked_at_without_a_crash(body: bytes) -> None:
    assert look(body, "text/html", HOME).what in ("feed", "sitemap", "page")


def test_a_list_elsewhere_is_kept_only_when_the_page_declares_it() -> None:
    there = "https://burner.example/herald"
    ours, theirs = Feed(entries=entries("a", "b")), Feed(entries=entries("a", "b", base="https://burner.example/"))

    def fault(how: Any, contents: Contents) -> str:
        return fault_of(Find(Lead(there, how), there, contents), "feed", HOME, NOW)

    assert "" == fault("declared", theirs) == fault("linked", ours)
    assert "it belongs to another site" == fault("linked", theirs) == fault("usual", ours) == fault("robots", theirs)


def test_a_sitemap_is_kept_for_its_news_or_its_recent_pages() -> None:
    def fault(*listed: Entry) -> str:
        lead = Lead(f"{HOME}sitemap.xml", "robots")
        return fault_of(Find(lead, lead.url, SitemapPage(entries=listed)), "sitemap", HOME, NOW)

    recent = [Entry(f"{HOME}{number}", updated="2026-11-20") for number in range(3)]
    old = [Entry(f"{HOME}old/{number}", updated="2019-01-01") for number in range(9)]

    assert "" == fault(*recent) == fault(*entries("a", days=400))
    assert "it lists 12 pages of the site, not its news" == fault(*recent, *old)
    assert "it lists 1 pages of the site, not its news" == fault(Entry(f"{HOME}undated"))


# Which of them


def test_of_two_feeds_with_the_same_entries_the_first_is_kept() -> None:
    choice = choose([feed("rss", "a", "b", "c"), feed("atom", "a", "b", "c")], [], None, NOW)

    assert [f"{HOME}rss"] == [find.url for find in choice.feeds]
    assert (f"{HOME}atom: it lists the same pages as what is kept",) == choice.notes


def test_the_fresher_of_two_twins_is_kept() -> None:
    choice = choose([feed("old", "b", "c", "d", days=3), feed("new", "a", "b", "c", "d")], [], None, NOW)

    assert [f"{HOME}new"] == [find.url for find in choice.feeds]


def test_a_feed_of_one_section_yields_to_the_feed_of_everything() -> None:
    choice = choose([feed("world", "a", "b"), feed("all", "a", "b", "c", "d")], [], None, NOW)

    assert [f"{HOME}all"] == [find.url for find in choice.feeds]


def test_feeds_of_different_sections_are_all_kept_in_the_pages_order() -> None:
    choice = choose([feed("world", "a", "b", days=2), feed("sport", "c", "d"), feed("arts", "e")], [], None, NOW)

    assert ["world", "sport", "arts"] == [find.url.removeprefix(HOME) for find in choice.feeds]


def test_a_sitemap_is_kept_when_it_lists_what_the_feeds_leave_out() -> None:
    few = choose([feed("rss", "a")], [feed("news.xml", "a", "b", "c")], None, NOW)
    same = choose([feed("rss", "a", "b")], [feed("news.xml", "a", "b")], None, NOW)

    assert [f"{HOME}news.xml"] == [find.url for find in few.sitemaps]
    assert () == same.sitemaps


def test_a_dead_feed_yields_to_the_page_that_lists_articles() -> None:
    section = feed("", "x", "y", "z")
    choice = choose([feed("rss", "a", "b", days=900)], [], section, NOW)

    assert ((), (section,)) == (choice.feeds, choice.sections)
    assert "its newest entry is of 2024-06-06" in choice.notes[0]
    assert (f"{HOME}rss",) == tuple(find.url for find in choose([feed("rss", "a", days=900)], [], None, NOW).feeds)


def test_a_page_that_lists_articles_is_the_last_resort() -> None:
    assert () == choose([feed("rss", "a")], [], feed("", "x", "y"), NOW).sections


def test_a_date_in_the_future_makes_nothing_fresh() -> None:
    dead = feed("rss", "a", "b", days=900)
    lying = Find(dead.lead, dead.url, Feed(entries=(*dead.contents.entries, *entries("z", days=-400))))

    assert () == choose([lying], [], feed("", "x"), NOW).feeds


def test_samples_are_the_newest_entries_with_their_dates_as_printed() -> None:
    listed = (
        Entry(f"{HOME}a", "Old", published="2026-11-01"),
        Entry(f"{HOME}b", "New", published="2026-11-23T07:30:12+08:00"),
        Entry(f"{HOME}c"),
        Entry(f"{HOME}d", "Older", published="2025-11-01T10:00"),
    )

    assert ("2026-11-23 07:30  New", "2026-11-01  Old", "2025-11-01 10:00  Older") == samples(listed)
    assert (f"{HOME}c",) == samples(listed[2:3])


# Whole looks, all of them in one process


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")


def xml_feed(host: str, *paths: str, days: float = 1, title: str = "") -> Reply:
    items = "".join(
        f"<entry><title>Harbour news {path}</title><link href='http://{host}.example/{path}'/>"
        f"<updated>{ago(days + number / 24)}</updated></entry>"
        for number, path in enumerate(paths)
    )
    name = title or f"The {host.title()} » Feed"
    return Reply(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{name}</title>{items}</feed>", kind="text/xml")


def xml_sitemap(host: str, *paths: str, days: float = 1, news: bool = False) -> Reply:
    urls = "".join(
        f"<url><loc>http://{host}.example/{path}</loc><lastmod>{ago(days)}</lastmod>"
        + (f"<news:news><news:title>Harbour news {path}</news:title></news:news>" if news else "")
        + "</url>"
        for path in paths
    )
    return Reply(f"<urlset xmlns:news='urn:news'>{urls}</urlset>", kind="application/xml")


def xml_index(host: str, *paths: str) -> Reply:
    maps = "".join(f"<sitemap><loc>http://{host}.example/{path}</loc></sitemap>" for path in paths)
    return Reply(f"<sitemapindex>{maps}</sitemapindex>", kind="application/xml")


def front(head: str = "", body: str = "", articles: int = 0) -> Reply:
    listed = "".join(
        f"<li><h2><a href='/news/2026/11/{number + 10}/harbour-board-meets-again-{number}'>The harbour board of Lower "
        f"Wexcombe meets again for day {number}</a></h2><time datetime='{ago(number)}'>then</time></li>"
        for number in range(articles)
    )
    return Reply(page(head, f"<nav><a href='/about'>About</a></nav><main><ul>{listed}</ul>{body}</main>"))


def site(robots: str = "", **pages: Reply) -> Host:
    """Make a host; the name of a page is its path with "__" for "/" and "_dot_" for "."; "home" is "/"."""
    paths = {"/" + name.replace("__", "/").replace("_dot_", "."): reply for name, reply in pages.items()}

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/robots.txt":
            return Reply(robots, kind="text/plain") if robots else None
        return paths.get("/home" if seen.path == "/" else seen.path)

    return host


def alternate(*hrefs: str, title: str = "") -> str:
    return "".join(f"<link rel='alternate' type='application/rss+xml' title='{title}' href='{href}'>" for href in hrefs)


NAMED = "<title>Home | Herald of Wexcombe</title><meta property='og:site_name' content='Wexcombe Herald'>"
SITES = {
    "herald": site(
        home=front(NAMED + alternate("/feed", "/atom.xml", "/comments/feed"), articles=6),
        feed=xml_feed("herald", "a", "b", "c"),
        atom_dot_xml=xml_feed("herald", "a", "b", "c"),
        comments__feed=xml_feed("herald", "a#1", "b#1"),
    ),
    "hub": site(
        home=front("<title>Hub</title>", "<a href='/rss/'>RSS feeds</a>"),
        rss__=front("", "<a href='/rss/world.xml'>World</a><a href='/rss/sport.xml'>Sport</a>"),
        rss__world_dot_xml=xml_feed("hub", "a", "b"),
        rss__sport_dot_xml=xml_feed("hub", "c", "d"),
    ),
    "usual": site(home=front(), atom_dot_xml=xml_feed("usual", "a", "b")),
    "mapped": site(
        robots="User-agent: *\nSitemap: http://mapped.example/sitemap_index.xml\n",
        home=front(articles=5),
        sitemap_index_dot_xml=xml_index("mapped", "pages.xml", "googlenews.xml"),
        pages_dot_xml=xml_sitemap("mapped", *map(str, range(30)), days=800),
        googlenews_dot_xml=xml_sitemap("mapped", "a", "b", news=True),
    ),
    "rotating": site(
        robots="Sitemap: http://rotating.example/all.xml\n",
        home=front(),
        all_dot_xml=xml_index("rotating", "news-2026-11.xml", "news-2026-10.xml"),
        **{"news-2026-11_dot_xml": xml_sitemap("rotating", "a", "b", news=True)},
    ),
    "burned": site(
        home=front(
            alternate("http://burner.example/burned"), "<a href='http://burner.example/other/feed'>Partners' feed</a>"
        )
    ),
    "burner": site(
        burned=xml_feed("burned", "a", "b", title="Burned"), other__feed=xml_feed("other", "a", "b", title="Other")
    ),
    "dead": site(home=front(alternate("/feed"), articles=6), feed=xml_feed("dead", "a", "b", days=900)),
    "guarded": site(home=Reply("no", 403), feed=xml_feed("guarded", "a", "b")),
    "closed": site(robots="User-agent: *\nDisallow: /\n", home=front(articles=5)),
    "empty": site(home=front("<title>Nothing</title>")),
    "failing": site(home=Reply("oops", 500)),
    "moved": site(home=Reply("", 301, {"Location": "http://herald.example/"})),
    "bare": site(home=front(NAMED, articles=6)),
    "story": site(
        home=front(alternate("/feed")),
        a=front("<meta property='og:type' content='article'>", articles=5),
        feed=xml_feed("story", "a", "b"),
    ),
    "greedy": site(
        home=front(alternate(*(f"/f/{number}/feed" for number in range(40)))),
        **{f"f__{number}__feed": xml_feed("greedy", f"{number}-a", f"{number}-b") for number in range(40)},
    ),
    "heavy": site(home=Reply("<a " + "".join(f"x{number}=1 " for number in range(90_000)) + ">")),
    "odd": site(
        home=front("<title>Odd Times</title>", articles=3),
        rss=xml_feed("odd", "a"), world__=front("<title>World | Odd Times</title>", articles=6),
    ),
}  # fmt: skip
ASKED = {
    **{name: f"http://{name}.example/" for name in SITES if name not in ("burner", "bare", "odd", "story")},
    "bare": "bare.example",
    "feed": "http://herald.example/feed",
    "sitemap": "http://mapped.example/sitemap_index.xml",
    "section": "http://odd.example/world/",
    "story": "http://story.example/a",
    "inside": "http://10.0.0.1/",
    "missing": "http://herald.example/no/such/page",
}

_LOOK = """
import json, sys
from pathlib import Path
from crawler.clock import Clock
from crawler.config import load
from crawler.errand import run
from crawler.errors import PresswatchError
from crawler.extract.workers import Workers
from crawler.records import as_json
from crawler.discovery.scout import Scout
config, found = load(Path(sys.argv[1])), {}
async def work(fetcher):
    for name, url in json.loads(sys.argv[2]).items():
        try:
            found[name] = as_json(await Scout(fetcher, workers, 0.0, Clock()()).find(url))
        except PresswatchError as error:
            found[name] = {"error": type(error).__name__, "told": str(error)}
with Workers(1, 1.0, 2**29) as workers:
    run(config, work)
print(json.dumps(found))
"""


class Looked:
    def __init__(self, found: dict[str, Any], web: Web):
        self.found, self.web = found, web

    def channels(self, name: str) -> dict[str, list[str]]:
        assert "error" not in self.found[name], self.found[name]["told"]
        return {kind: self.found[name][kind] for kind in ("feeds", "sitemaps", "sections") if self.found[name][kind]}

    def notes(self, name: str) -> str:
        return "\n".join(self.found[name]["notes"])


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    with Web(**SITES) as web:
        folder = configure(tmp_path_factory.mktemp("discovery"), web, crawl='delay = "0s"\ntimeout = "2s"')
        yield Looked(run_python(_LOOK, str(folder), json.dumps(ASKED)), web)


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("herald", {"feeds": ["http://herald.example/feed"]}),
        ("hub", {"feeds": ["http://hub.example/rss/world.xml", "http://hub.example/rss/sport.xml"]}),
        ("usual", {"feeds": ["http://usual.example/atom.xml"]}),
        ("mapped", {"sitemaps": ["http://mapped.example/googlenews.xml"]}),
        ("rotating", {"sitemaps": ["http://rotating.example/all.xml"]}),
        ("burned", {"feeds": ["http://burner.example/burned"]}),
        ("dead", {"sections": ["http://dead.example/"]}),
        ("guarded", {"feeds": ["http://guarded.example/feed"]}),
        ("moved", {"feeds": ["http://herald.example/feed"]}),
        ("bare", {"sections": ["http://bare.example/"]}),
        ("feed", {"feeds": ["http://herald.example/feed"]}),
        ("sitemap", {"sitemaps": ["http://mapped.example/sitemap_index.xml"]}),
        ("section", {"sections": ["http://odd.example/world/"]}),
        ("story", {"feeds": ["http://story.example/feed"]}),
    ],
)
def test_the_best_way_into_a_site_is_found(looked: Looked, name: str, channels: dict[str, list[str]]) -> None:
    assert channels == looked.channels(name)


def test_what_was_left_out_is_told_with_its_reason(looked: Looked) -> None:
    assert "/atom.xml: it lists the same pages as what is kept" in looked.notes("herald")
    assert "/comments/feed: it is a feed of readers' comments" in looked.notes("herald")
    assert "/pages.xml: it lists 30 pages of the site, not its news" in looked.notes("mapped")
    assert "/other/feed: it belongs to another site" in looked.notes("burned")
    assert "/feed: its newest entry is of " in looked.notes("dead")
    assert "http://guarded.example/: the server answered 403" in looked.notes("guarded")
    assert "it is one article; its site's home page was looked at instead" in looked.notes("story")


def test_a_site_says_its_name_language_and_home_page(looked: Looked) -> None:
    def told(name: str) -> tuple[str, str, str]:
        found = looked.found[name]
        return found["name"], found["language"], found["homepage"]

    assert ("Wexcombe Herald", "en", "http://herald.example/") == told("herald") == told("moved")
    assert ("The Usual", "en", "http://usual.example/") == told("usual")
    assert ("Odd Times", "en", "http://odd.example/") == told("section")
    assert ("The Herald", "en", "http://herald.example/") == told("feed")


def test_each_channel_is_shown_with_its_newest_titles(looked: Looked) -> None:
    shown = looked.found["herald"]["samples"]["http://herald.example/feed"]

    assert len(shown) == 3
    assert shown[0].endswith("  Harbour news a")
    assert shown[0].startswith(ago(1)[:10])


def test_usual_places_are_tried_only_when_the_page_declares_no_feed(looked: Looked) -> None:
    assert "/rss.xml" in looked.web.asked("usual")
    assert "/rss.xml" not in looked.web.asked("herald")
    assert "/rss" not in looked.web.asked("odd")


def test_comments_are_not_even_asked_for_and_robots_txt_once(looked: Looked) -> None:
    assert "/comments/feed" not in looked.web.asked("herald")
    assert looked.web.asked("mapped").count("/robots.txt") == 1


def test_a_site_is_asked_a_limited_number_of_times(looked: Looked) -> None:
    assert len(looked.web.asked("greedy")) <= 21
    assert "not tried" in looked.notes("greedy")


def test_nothing_found_says_what_was_tried_and_what_to_do(looked: Looked) -> None:
    error = looked.found["empty"]

    assert error["error"] == "UsageError"
    assert "found no feed, no news sitemap and no list of articles" in error["told"]
    assert "http://empty.example/feed.json: the server answered 404" in error["told"]
    assert "presswatch source add http://empty.example/news/" in error["told"]


def test_a_site_whose_robots_txt_forbids_everything_is_asked_for_nothing_else(looked: Looked) -> None:
    assert looked.web.asked("closed") == ["/robots.txt"]
    assert "http://closed.example/: robots.txt forbids it" in looked.found["closed"]["told"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("failing", "http://failing.example/: the server answered 500"),
        ("missing", "http://herald.example/no/such/page: the server answered 404"),
        ("inside", "http://10.0.0.1/: 10.0.0.1 is private"),
        ("heavy", "http://heavy.example/: it could not be read: more than 1 s of processor time"),
    ],
)
def test_an_address_that_cannot_be_had_is_told_with_its_cause(looked: Looked, name: str, told: str) -> None:
    assert looked.found[name]["error"] == "FetchRefused"
    assert looked.found[name]["told"].startswith(told)
