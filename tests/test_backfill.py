"""crawl --backfill: older articles through sitemaps and archive pages, on small sites on loopback."""

from __future__ import annotations

import gzip
import itertools
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.archive import open_archive
from tests.loopback import Host, Reply, Seen, Web, address, article, configure, end_visit, start_python

NOW = datetime.now(UTC)

_BACKFILL = """
import json, sys
from datetime import timedelta
from pathlib import Path
from crawler.config import load
from crawler.visit import visit
from crawler.records import as_json
folder, archive, days = sys.argv[1:4]
report = visit(archive, load(Path(folder)), backfill=timedelta(days=float(days)))
print(json.dumps({"outcome": report.outcome, **{key: as_json(counts) for key, counts in report.sources.items()}}))
"""


def start_backfill(folder: Path, days: float = 30) -> Any:
    return start_python(_BACKFILL, str(folder), address(folder), str(days))


def backfill(folder: Path, days: float = 30) -> dict[str, Any]:
    """Backfill the one source of a folder and give its counts."""
    report = end_visit(start_backfill(folder, days))
    report["press"]["outcome"] = report["outcome"]
    found: dict[str, Any] = report["press"]
    return found


def at(path: str) -> str:
    return f"http://press.example{path}"


def day(ago: float) -> datetime:
    return NOW - timedelta(days=ago)


def story(title: str, ago: float | None = None) -> Reply:
    """Write an invented article, dated so many days ago."""
    meta = "" if ago is None else f'<meta property="article:published_time" content="{day(ago).isoformat()}">'
    return Reply(article(title).replace("<head>", f"<head>{meta}"))


def urlset(pages: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f"<url><loc>{at(path)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"
        for path, changed in pages
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'


def index(children: Iterable[tuple[str, str]]) -> Reply:
    listed = "".join(
        f"<sitemap><loc>{at(path)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for path, changed in children
    )
    return Reply(f"<sitemapindex>{listed}</sitemapindex>", kind="application/xml")


def listing(paths: Iterable[str], *others: str, head: str = "") -> Reply:
    """Write a page that lists articles under their headlines, and links to other pages."""
    items = "".join(
        f"<li><h3><a href='{path}'>The harbour board says that {path} is so</a></h3></li>" for path in paths
    )
    nav = "".join(f"<a href='{path}'>{path}</a> " for path in others)
    return Reply(f"<html><head>{head}</head><body><main><ul>{items}</ul></main><div>{nav}</div></body></html>")


def site(pages: dict[str, Reply | Callable[[Seen], Reply | None]], sitemap: str = "") -> Host:
    """Make a host with an empty feed of these pages; robots.txt names the sitemap."""

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/robots.txt":
            return Reply(
                f"User-agent: *\nDisallow: /secret/\nSitemap: {at(sitemap)}\n" if sitemap else "User-agent: *\n"
            )
        if seen.path == "/feed":
            return Reply("<rss version='2.0'><channel><title>Press</title></channel></rss>", kind="application/rss+xml")
        found = pages.get(seen.path)
        return found(seen) if callable(found) else found

    return host


def set_up(folder: Path, web: Web, budget: int = 200) -> Path:
    return configure(folder, web, "press", crawl=f'delay = "0s"\nbackfill_budget = {budget}')


def kept(folder: Path) -> dict[str, bool]:
    """Give the paths of the kept articles, and whether they are old news."""
    with open_archive(address(folder)) as archive:
        found = archive.search("", limit=500, now=NOW).hits
        return {hit.article.url.removeprefix(at("")): hit.article.backfill for hit in found}


def test_sitemaps_give_what_was_published_in_the_window_and_only_that(tmp_path: Path) -> None:
    old, older = f"{day(400):%Y-%m-%d}", f"{day(60):%Y-%m-%d}"
    pages: dict[str, Any] = {
        "/index.xml": index(
            [("/new.xml.gz", f"{day(1):%Y-%m-%d}"), ("/old.xml", old), (f"/sitemap-{day(90):%Y-%m}.xml", ""),
             ("/tag-sitemap.xml", "")]
        ),
        "/new.xml.gz": Reply(
            gzip.compress(
                urlset(
                    [("/a", f"{day(2):%Y-%m-%d}"), ("/b", day(9).isoformat()), ("/c", older), ("/d", ""),
                     ("/late", f"{day(3):%Y-%m-%d}"), ("/about", ""), ("/secret/x", ""),
                     (f"/{day(70):%Y/%m/%d}/e", ""), (":99999/f", "")]
                ).encode()
            ),
            kind="application/gzip",
        ),
        **{f"/{name}": story(f"Ferry {name}", ago) for name, ago in (("a", 2), ("b", 9), ("c", 60), ("d", None))},
        "/late": story("An old tale that was edited lately", 200),
    }  # fmt: skip
    with Web(press=site(pages, "/index.xml")) as web:
        counts = backfill(set_up(tmp_path, web))
        asked = web.asked("press")

    assert {"/a": True, "/b": True, "/d": True} == kept(tmp_path)
    with open_archive(address(tmp_path)) as archive:
        # Never new, never alerted, however young.
        assert {True} == {change.backfill for change in archive.changes.since(0)}
    assert {"too old": 1, "robots": 1} == counts["dropped"]
    assert counts["left"] == {"too old": 2, "not an article": 1, "address refused": 1}
    with open_archive(address(tmp_path)) as archive:
        (covered,) = archive.sources.coverage(None, day(1), day(-1))
    assert {"too old": 3, "not an article": 1, "address refused": 1, "robots": 1} == covered.dropped
    assert {"outside the window": 2, "not found": 1} == counts["lists_left"]  # there is no home page
    assert "whole" == counts["backfilled"]
    assert not {"/old.xml", "/c", "/secret/x", "/about"} & set(asked)
    assert len(asked) == len(set(asked))


def test_what_is_known_is_not_asked_for_again(tmp_path: Path) -> None:
    lastmod = day(1).isoformat()
    pages: dict[str, Any] = {
        "/index.xml": index([("/one.xml", lastmod)]),
        "/one.xml": Reply(urlset([("/a", lastmod), ("/b", "")]), kind="application/xml"),
        "/a": story("Ferry a", 1),
        "/b": story("Ferry b", 90),
    }
    with Web(press=site(pages, "/index.xml")) as web:
        folder = set_up(tmp_path, web)
        backfill(folder)
        first = len(web.asked("press"))
        backfill(folder)
        again = web.asked("press")[first:]
        wider = backfill(folder, days=120)

    # The index may have grown; its part has not changed, and the pages are known.
    assert {"/index.xml"} == set(again) - {"/feed", "/", "/robots.txt"}
    assert ["/a", "/b"] == sorted(kept(folder))
    assert 1 == wider["kept"]


def test_a_sitemap_bomb_ends(tmp_path: Path) -> None:
    """An index that names itself and a thousand others, each of which names fifty thousand pages."""
    many = urlset((f"/story-{number}-of-the-harbour", "") for number in range(50_000))

    def nested(seen: Seen) -> Reply:
        return Reply(many, kind="application/xml")

    pages: dict[str, Any] = {
        "/index.xml": index([("/index.xml", ""), *((f"/part{number}.xml", "") for number in range(1_000))]),
        **{f"/part{number}.xml": nested for number in range(1_000)},
    }
    with Web(press=site(pages, "/index.xml")) as web:
        folder = set_up(tmp_path, web, budget=30)
        counts = backfill(folder)
        asked = web.asked("press")

    lists = [path for path in asked if path.endswith(".xml")]
    assert 1 == lists.count("/index.xml")
    assert len(asked) <= 30 + 3  # and the feed, robots.txt and tdmrep.json
    assert counts["left"]["over budget"] >= 49_000
    with open_archive(address(folder)) as archive:
        assert (
            counts["left"]["over budget"] == archive.sources.coverage(None, day(1), day(-1))[0].dropped["over budget"]
        )
    assert counts["lists_left"]["over budget"] > 0
    assert "in part" == counts["backfilled"]


def test_an_archive_of_numbered_pages_is_read_until_it_is_too_old(tmp_path: Path) -> None:
    def page(number: int) -> Reply:
        # Two days a page.
        paths = [f"/{day(2 * number + half):%Y/%m/%d}/story-{number}-{half}" for half in (0, 1)]
        return listing(paths, f"/archive?page={number + 1}", f"/archive?page={number + 7}", "/archive")

    def numbered(seen: Seen) -> Reply | None:
        path, _, query = seen.path.partition("?page=")
        if path == "/archive":
            return page(int(query or 0))
        return story(f"The ferry of {path}") if "story-" in path else None

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/":
            return listing([], "/archive")
        return numbered(seen) or site({})(seen)

    with Web(press=host) as web:
        folder = set_up(tmp_path, web)
        backfill(folder, days=10)
        asked = web.asked("press")

    pages = [path for path in asked if path.startswith("/archive")]
    assert ["/archive", *(f"/archive?page={number}" for number in range(1, len(pages)))] == pages
    assert 6 <= len(pages) <= 7
    assert 10 <= len(kept(folder)) <= 13


def test_a_calendar_is_walked_inside_the_window_only(tmp_path: Path) -> None:
    """Each day links to the next and the one before for ever, and to all the months there ever were."""

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/":
            return listing([], f"/calendar/{NOW:%Y/%m/%d}/")
        if seen.path.startswith("/calendar/"):
            shown = datetime.strptime(seen.path, "/calendar/%Y/%m/%d/").replace(tzinfo=UTC)
            step = timedelta(days=1)
            others = [f"/calendar/{each:%Y/%m/%d}/" for each in (shown + step, shown - step)]
            ages = [f"/calendar/{year}/01/01/" for year in range(1990, 2060)]
            head = f"<link rel='next' href='{others[0]}'>"
            return listing([f"/{shown:%Y%m%d}-harbour-news-of-the-day"], *others, *ages, head=head)
        return (
            story(seen.path, (NOW - datetime.strptime(seen.path[1:9], "%Y%m%d").replace(tzinfo=UTC)).days)
            if ("harbour-news" in seen.path)
            else site({})(seen)
        )

    with Web(press=host) as web:
        folder = set_up(tmp_path, web)
        counts = backfill(folder, days=8)
        days = [path for path in web.asked("press") if path.startswith("/calendar/")]

    assert 9 <= len(days) <= 11
    assert len(days) == len(set(days))
    assert 8 <= len(kept(folder)) <= 10
    assert counts["lists_left"]["outside the window"] >= 69
    assert "whole" == counts["backfilled"]


def test_each_day_of_a_calendar_has_its_share_however_often_a_site_renames_it(tmp_path: Path) -> None:
    """Each link to a day is a new address of it: later runs come to the older days, and to an end."""
    made = itertools.count()

    def host(seen: Seen) -> Reply | None:
        path = seen.path.partition("?")[0]
        if path == "/":
            return listing([], f"/calendar/{NOW:%Y/%m/%d}/")
        if path.startswith("/calendar/"):
            shown = datetime.strptime(path, "/calendar/%Y/%m/%d/").replace(tzinfo=UTC)
            others = [f"/calendar/{shown + timedelta(days=by):%Y/%m/%d}/?v={next(made)}" for by in (1, -1, 2)]
            return listing([f"/{shown:%Y%m%d}-harbour-news-of-the-day"], *others)
        return None if "harbour-news" in path else site({})(seen)

    with Web(press=host) as web:
        days, reports = [], []
        for budget in (80, 80, 2_000):
            begin = len(web.asked("press"))
            reports.append(backfill(set_up(tmp_path, web, budget), days=8))
            days.append([path[:20] for path in web.asked("press")[begin:] if path.startswith("/calendar/")])

    wanted = {f"/calendar/{day(ago):%Y/%m/%d}" for ago in range(9)}
    assert max(map(len, days[:2])) <= 20, "a quarter of the budget"
    assert len(wanted.intersection(days[0])) >= 5
    assert wanted <= {*days[0], *days[1]}
    assert ["in part", "in part", "whole"] == [each["backfilled"] for each in reports]
    assert reports[-1]["lists_left"]["repetition"] > 0


def test_a_trap_of_ever_new_pages_ends_with_the_budget_and_is_told(tmp_path: Path) -> None:
    """Each "next" page lists articles that nobody ever saw, without a date."""

    def host(seen: Seen) -> Reply | None:
        number = int(seen.path.rsplit("-", 1)[-1]) if seen.path.startswith("/more-") else 0
        if seen.path == "/" or number:
            head = f"<link rel='next' href='/more-{number + 1}'>"
            return listing([f"/item-{number}-{each}-of-the-harbour-board" for each in range(3)], head=head)
        return story(seen.path) if seen.path.startswith("/item-") else site({})(seen)

    with Web(press=host) as web:
        folder = set_up(tmp_path, web, budget=40)
        counts = backfill(folder)
        first = web.asked("press")
        again = backfill(folder)
        second = web.asked("press")[len(first) :]

    assert len(first) <= 40 + 6
    assert counts["lists_left"]["over budget"] >= 1
    assert ("in part", "in part") == (counts["backfilled"], again["backfilled"])
    assert not {path for path in first if path.startswith(("/more-", "/item-"))} & set(second)
    assert again["kept"] > 0


def test_a_numbered_list_that_repeats_itself_ends(tmp_path: Path) -> None:
    def host(seen: Seen) -> Reply | None:
        path, _, query = seen.path.partition("?page=")
        if path == "/":
            number = int(query or 1)
            return listing(["/one-story-of-the-harbour", "/two-stories-of-the-harbour"], f"/?page={number + 1}")
        return story(path) if "harbour" in path else site({})(seen)

    with Web(press=host) as web:
        folder = set_up(tmp_path, web)
        assert "whole" == backfill(folder)["backfilled"]
        pages = [path for path in web.asked("press") if path.startswith("/?page=")]

    assert len(pages) <= 3


def test_a_killed_backfill_goes_on_where_it_was(tmp_path: Path) -> None:
    lastmod = day(1).isoformat()
    parts = {f"/part{part}.xml": [f"/story-{part}-{number}-of-the-harbour" for number in range(6)] for part in range(5)}
    pages: dict[str, Any] = {
        "/index.xml": index((path, lastmod) for path in parts),
        **{path: Reply(urlset((each, lastmod) for each in listed), kind="application/xml")
           for path, listed in parts.items()},
        **{each: story(each, 1) for listed in parts.values() for each in listed},
    }  # fmt: skip
    with Web(press=site(pages, "/index.xml")) as web:
        folder = configure(tmp_path, web, "press", crawl='delay = "0.03s"')
        with start_backfill(folder) as process:
            while "/part0.xml" not in web.asked("press"):
                assert process.poll() is None
                time.sleep(0.02)
            time.sleep(0.5)
            process.kill()
        first = web.asked("press")
        # What the killed one held comes back when its leases end; nobody waits for that here.
        with open_archive(address(folder)) as archive, archive.writing():
            archive._store.execute("UPDATE pages SET lease_until = 0 WHERE state = 'leased'")
            archive._store.execute("UPDATE hosts SET lease_until = 0")
        backfill(folder)
        asked = web.asked("press")

    wanted = {each for listed in parts.values() for each in listed}
    assert wanted == set(kept(folder))
    # Asked twice: what was under way when it was killed, and no list that had been read.
    twice = [path for path in asked[len(first) :] if path in first and path.startswith(("/part", "/story"))]
    assert len(set(twice)) <= 18
    assert 1 >= len([path for path in twice if path.endswith(".xml")])


def test_news_goes_before_old_news(tmp_path: Path) -> None:
    from crawler.records import Entry, Source

    with open_archive("sqlite://") as archive:
        archive.sources.sync([Source("press", "Press", at("/"))], NOW)
        old = [Entry(at(f"/old-{number}")) for number in range(3)]
        archive.backfills.fill("press", old, day(30), NOW, 10)
        archive.pages.queue("press", [Entry(at("/new"))], NOW + timedelta(seconds=5))

        leased = archive.pages.lease(NOW + timedelta(seconds=6), timedelta(seconds=60))

    assert leased is not None
    assert at("/new") == leased.page.url


def test_the_command_tells_what_it_did(tmp_path: Path) -> None:
    from tests.commands import answer, presswatch

    pages: dict[str, Any] = {
        "/map.xml": Reply(urlset([("/a", day(2).isoformat()), ("/b", day(99).isoformat())]), kind="application/xml"),
        "/a": story("Ferry a", 2),
    }
    with Web(press=site(pages, "/map.xml")) as web:
        set_up(tmp_path / "config", web)
        shown = presswatch(tmp_path, "crawl", "press", "--backfill", "30d").stdout
        document = answer(tmp_path, "crawl", "press", "--backfill", "30d", "--json")
        refused = presswatch(tmp_path, "crawl", "press", "--backfill", "a month", code=2).stderr

    assert "backfill: " in shown
    assert "not queued: 1 too old" in shown
    assert "1 articles kept" in shown
    assert "whole" == document["sources"]["press"]["backfilled"]
    assert "--backfill: found 'a month', wanted a number and s, m, h, d or w" in refused
    assert json.dumps(document)
