"""Every page of the web in a real Chromium: it fits every screen, keeps nobody out, and asks no other host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from crawler.archive import Kept, open_archive
from crawler.config import load
from crawler.records import Article, Watch
from digest import accounts, jobs, leaving, plans
from digest.definitions import synchronise
from digest.regrouping import regroup
from digest.web.application import PAGES
from tests import hostile_feeds
from tests import loopback as crawling
from tests.archive_sample import NOW, article
from tests.browser import needs_chromium, open_browser
from tests.loopback import Web
from tests.service_sample import a_plan, configure, store_news
from tests.test_hostile import naughty, vectors
from tests.test_web import HOSTILE, fill
from tests.test_web_access import SESSION
from tests.test_web_parameters import ADDRESSES
from tests.web_server import web_page

pytestmark = needs_chromium

#: Each page as a browser asks it, by its route.
PATHS = {
    "/": ["/"],
    "/search": ["/search", "/search?q=harbour", "/search?q=title:"],
    "/article/{id}": ["/article/1", "/article/2", "/article/3", "/article/5"],
    "/story/{id}": ["/story/7", "/story/8"],
    "/digests": ["/digests"],
    "/digests/{id}/about": ["/digests/1/about"],
    "/digests/{id}/review": ["/digests/2/review"],
    "/watches": ["/watches"],
    "/watch": ["/watch?name=harbours"],
    "/watches/new": ["/watches/new?q=harbour"],
    "/watches/edit": ["/watches/edit?name=harbours"],
    "/watches/remove": ["/watches/remove?name=harbours"],
    "/sources": ["/sources"],
    "/new-source": ["/new-source"],
    "/story/{id}/merge": ["/story/7/merge", "/story/7/merge?other=8"],
    "/status": ["/status"],
    "/judgements": ["/judgements"],
    "/api": ["/api"],
    "/sources/{key}": ["/sources/herald"],
}
#: What is no page of ours: bytes of an edition, feeds, figures.
RAW = {
    "/metrics", "/account", "/digests/{id}", "/digests/{id}/text", "/digests/next/{plan}", "/watches/{name}.{ending}",
    "/search/explain", "/api/v1/openapi.json", "/search.{ending}", "/feeds/search.{ending}", "/article/{id}/raw",
}  # fmt: skip
_ALL = [path for paths in PATHS.values() for path in paths] + ["/nowhere"]

#: What asks to be pressed or filled in, and headings of forms, which would stand there alone.
_PRESSED = """() => [...document.querySelectorAll("button, input, select, textarea, .act, #split h2")]
    .filter(e => e.getClientRects().length && e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))"""
_WIDE = """() => [document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll("body *")]
    .filter(e => !e.closest(".scroll, .skip, .unseen") && e.getClientRects().length)
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
    .map(e => e.tagName + "." + e.className + ": " + e.textContent.trim().slice(0, 60))]"""
#: Tables that can be pushed sideways: no finger or key knows that there is more.
_PUSHED = """() => [...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth)
    .map(e => e.getAttribute("aria-label"))"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(found => [
    found.passes.length, ...found.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 200)))])"""
#: Tells of what a page tried and the policy forbade: such a thing would have run without it.
_LISTEN = """addEventListener("securitypolicyviolation", e => console.error("policy " + e.violatedDirective + " "
    + e.blockedURI + " " + e.sample));"""


class Window:
    """A window of a browser, in which one page is opened after the other; it notes what a page should not do."""

    def __init__(self, context: Any) -> None:
        #: The site that is looked at.
        self.base = ""
        self.page = context.new_page()
        self.faults: list[str] = []
        self.page.add_init_script(_LISTEN)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", self._dismiss)
        context.route("**/*", self._own_host_only)
        context.on("page", lambda other: self.faults.append(f"window {other.url}"))

    def _heard(self, said: Any) -> None:
        # That a query cannot be read, or that there is no such page, is an answer.
        if said.type == "error" and not re.search(r"responded with a status of 40[04]", said.text):
            self.faults.append(said.text)

    def _dismiss(self, dialog: Any) -> None:
        self.faults.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _own_host_only(self, route: Any) -> None:
        if self.base and route.request.url.startswith(self.base):
            route.continue_()
        else:
            self.faults.append(f"asked {route.request.url}")
            route.abort()

    def open(self, path: str, width: int = 360) -> Any:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.goto(self.base + path, wait_until="load")
        return self.page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    config = configure(folder, a_plan("evening", review="true"))
    fill(config.press.archive)
    with open_archive(config.press.archive) as archive:
        store_news(archive, NOW - timedelta(hours=2), "eastport", "westport", HOSTILE)
        slot = plans.last_slot(config.plans["evening"], NOW)
        assert slot is not None
        jobs.make_edition(archive, config, config.plans["evening"], slot, NOW)
    with web_page(config.press.archive, NOW, lambda: load(config.folder)) as base:
        yield base


@dataclass(frozen=True)
class House:
    """A site that has a user, who is logged in, and a recipient."""

    base: str
    session: str
    #: Of the recipient's link.
    key: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    config = configure(folder, a_plan())
    fill(config.press.archive)
    session = accounts.new_secret()
    with open_archive(config.press.archive) as archive:
        archive.users.add("ann", "editor", "no hash", NOW)
        archive.users.open_session(session, "ann", NOW, NOW + timedelta(days=1))
        key = leaving.token(archive.recipients.secret(), "page", "morning", "ben@reader.test")
        archive.recipients.keep_links([(key, "page", "morning", "ben@reader.test")])
    with web_page(config.press.archive, NOW, lambda: load(config.folder)) as base:
        yield House(base, session, key)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened.chromium


@pytest.fixture(scope="module")
def window(chromium: Any) -> Window:
    """Open a window for all pages: each window is a process, which costs more than ten pages."""
    return Window(chromium.new_context())


@pytest.fixture(scope="module")
def scriptless(chromium: Any) -> Window:
    return Window(chromium.new_context(java_script_enabled=False))


@contextmanager
def looking(window: Window, base: str) -> Iterator[Window]:
    """Look at a site in a window, from an empty page to an empty page."""
    window.base = base
    try:
        yield window
    finally:
        window.page.goto("about:blank")
        window.page.emulate_media(color_scheme="light")
        window.faults.clear()


def test_every_page_is_looked_at() -> None:
    assert {page.path for page in PAGES if not page.is_for_programs and not page.takes_body} - RAW == PATHS.keys()


@pytest.mark.parametrize("path", _ALL)
def test_a_page_fits_every_screen_and_keeps_nobody_from_reading(window: Window, site: str, path: str) -> None:
    with looking(window, site) as found:
        _look(found, path)


@pytest.mark.parametrize("path", ["/login", "/login?ended=1", "/leave/{key}", "/leave/nobody"])
def test_pages_for_who_is_not_logged_in_do_so_too(window: Window, house: House, path: str) -> None:
    with looking(window, house.base) as found:
        _look(found, path.format(key=house.key))


@pytest.mark.parametrize("path", ["/account", "/", "/article/1", "/story/7"])
def test_pages_tell_who_is_logged_in_and_do_so_too(chromium: Any, house: House, path: str) -> None:
    context = chromium.new_context()
    context.add_cookies([{"name": SESSION, "value": house.session, "url": house.base}])
    with looking(Window(context), house.base) as found:
        _look(found, path)

        assert "Logged in as ann" in found.page.inner_text("footer")
    context.close()


def _look(found: Window, path: str) -> None:
    """axe-core: WCAG 2.2 A and AA and its best practice, in the light and in the dark, narrow and wide."""
    page = found.open(path)
    assert path == page.evaluate("location.pathname + location.search")
    page.evaluate(AXE_SCRIPT)
    for width, scheme in ((360, "light"), (360, "dark"), (1280, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        passed, *violations = page.evaluate(_AXE, _RULES)

        assert [] == violations, (width, scheme)
        assert passed > 12
    for width in (320, 360, 820, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})

        assert [0] == page.evaluate(_WIDE), width
        assert [] == page.evaluate(_PUSHED), width
    assert [] == found.faults


@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/article/1", "/story/7", "/digests", "/sources"])
def test_reading_and_searching_need_no_script(scriptless: Window, site: str, path: str) -> None:
    with looking(scriptless, site) as found:
        page = found.open(path, 1280)
        page.fill("input[name=q]", "harbour")
        page.press("input[name=q]", "Enter")
        page.wait_for_url("**/search?**")

        assert "Harbour" in page.text_content("main")
        assert [] == found.faults


@pytest.mark.parametrize(
    "path", ["/search?q=harbour", "/article/1", "/story/7", "/watches", "/sources", "/sources/herald", "/judgements"]
)
def test_on_paper_stands_what_is_read_and_nothing_to_press(window: Window, site: str, path: str) -> None:
    with looking(window, site) as found:
        page = found.open(path, 1280)
        page.emulate_media(media="print")
        shown = page.evaluate(_PRESSED)
        page.emulate_media(media="screen")

        assert [] == shown
        assert [] == found.faults


@pytest.mark.parametrize(("path", "part"), [("/article/1", "#evidence"), ("/story/7", "#outlets")])
def test_on_paper_stands_what_an_article_or_a_story_rests_on(window: Window, site: str, path: str, part: str) -> None:
    with looking(window, site) as found:
        page = found.open(path, 1280)
        page.emulate_media(media="print")
        shown = page.is_visible(part)
        page.emulate_media(media="screen")

        assert shown


# What attackers write.


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve an archive in which each vector stands, with five others, in every field of an article."""
    folder = tmp_path_factory.mktemp("hostile")
    config = configure(folder, a_plan(title='"<img src=x onerror=alert(1)>"'))
    every = [text.encode("utf-8", "replace").decode() for text in [*vectors(corpus), *naughty(corpus), HOSTILE]]
    texts = [" ".join(every[start : start + 6]) for start in range(0, len(every), 6)]
    with open_archive(config.press.archive) as archive:
        for number, text in enumerate(texts):
            kept = article(
                f"https://herald.test/{number}?{text}", title=text, text=f"harbour {text}\n\n{text}", lead=text,
                authors=(text,), credited_to=text, carried_by=text, site_name=text, tags=(text,), canonical_url=text,
                image=text, language=text[:8], evidence={"title": text}, published_evidence=text,
            )  # fmt: skip
            archive.articles.keep([Kept(kept)], NOW - timedelta(minutes=number % 600))
        for number, text in enumerate(texts[::100]):
            archive.judgements.note(number + 1, text or "-", text or "-", NOW)
        name = re.sub(r'[\s":()/\\]', "", HOSTILE)
        archive.watches.sync([Watch(name, "harbour")], NOW)
        regroup(archive, NOW, config)
    with web_page(config.press.archive, NOW, lambda: load(config.folder)) as base:
        yield base, texts


def test_no_vector_in_any_field_of_an_article_is_executed(window: Window, hostile: tuple[str, list[str]]) -> None:
    base, texts = hostile
    with looking(window, base) as found:
        pages = ["/", "/?all=1", "/search?q=harbour", *(f"/article/{number}" for number in range(1, len(texts), 40))]
        for path in pages:
            found.open(path)
            found.page.mouse.move(200, 300)
        cursor = "/search?q=harbour"
        while cursor:
            page = found.open(cursor)
            more = page.locator("a[rel=next]")
            cursor = more.get_attribute("href") if more.count() else ""

        assert [] == found.faults


def test_no_vector_in_any_parameter_is_executed(window: Window, hostile: tuple[str, list[str]]) -> None:
    """That no other text becomes markup is held by tests/test_web_parameters.py, of every parameter."""
    base, texts = hostile
    with looking(window, base) as found:
        for start in range(0, len(texts), 20):
            found.open(f"/search?q={quote(' '.join(texts[start : start + 20])[:6000])}")
        for number, address in enumerate(path for paths in ADDRESSES.values() for path in paths):
            if not address.startswith(("/search.", "/feeds/")):  # what is no page is kept as a file
                found.open(address.replace("{}", quote(f"{HOSTILE} {texts[number]}"[:2000], safe="")))
        for path in ("/article/", "/story/", "/sources/", "/digests/next/"):
            for text in (HOSTILE, texts[-1]):
                found.open(path + quote(text, safe=""))

        assert [] == found.faults


@dataclass(frozen=True)
class Crawled:
    """A site on which is shown what was crawled, and the pages that show it."""

    base: str
    paths: list[str]
    articles: list[Article]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[Crawled]:
    """Crawl outlets whose feeds and pages are hostile in every field, and make a digest of what was kept."""
    texts = [text.encode("utf-8", "replace").decode() for text in [HOSTILE, *vectors(corpus), *naughty(corpus)]]
    spread = hostile_feeds.Spread(texts, at_once=5)
    hosts = hostile_feeds.outlets(spread)
    assert spread.given >= spread.number, "each text is in some field"
    folder = tmp_path_factory.mktemp("crawled")
    with Web(**hosts) as web:
        mail = '[mail]\nhost = "127.0.0.1"\nport = 9\nfrom = "desk@press.test"\nsecurity = "none"'
        crawling.configure(folder, web, *hosts, crawl=f'delay = "0s"\n{mail}')
        (folder / "digests.toml").write_text(a_plan(watches='["harbour"]'))
        told = crawling.run_visit(folder)
    assert [hostile_feeds.ENTRIES] * len(hosts) == [told[name]["kept"] for name in hosts]
    url, config, now = crawling.address(folder), load(folder), datetime.now(UTC)
    with open_archive(url) as archive:
        synchronise(archive, config, now)
        regroup(archive, now, config)
        slot = plans.last_slot(config.plans["morning"], now)
        assert slot is not None
        jobs.make_edition(archive, config, config.plans["morning"], slot, now)
        articles = archive.articles.many(range(1, archive.articles.count() + 1))
        stories = archive.stories.homes([article.id for article in articles]).values()
        editions = archive.editions.heads(None, 1)
    paths = ["/", "/?all=1", "/search?q=harbour", "/watches", "/watch?name=harbour", "/sources", "/status", "/digests"]
    paths += [*(f"/article/{article.id}" for article in articles), *(f"/sources/{name}" for name in hosts)]
    paths += [f"/story/{number}" for number in sorted(set(stories))[:3]]
    paths += [path for one in editions for path in (f"/digests/{one.id}", f"/digests/{one.id}/about")]
    with web_page(url, None, lambda: load(folder)) as base:
        yield Crawled(base, paths, articles)


def test_no_vector_in_any_field_of_a_feed_is_executed(window: Window, crawled: Crawled) -> None:
    with looking(window, crawled.base) as found:
        for path in crawled.paths:
            found.open(path, 1280)
            found.page.mouse.move(200, 300)

            assert [] == found.faults, path
        text = found.open("/search?q=harbour").text_content("main")

    said = "".join(article.title + article.text + "".join(article.authors) for article in crawled.articles)
    for tell in ("<script", "onerror=", "javascript:"):
        assert tell in said, "it was kept as text"
    assert "javascript:" in text


def test_what_would_run_is_noticed(window: Window, site: str) -> None:
    """What the tests above listen with does hear something."""
    with looking(window, site) as found:
        page = found.open("/")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=https://evil.test/x>')")
        page.wait_for_timeout(200)

        assert any(fault.startswith("policy script-src") for fault in found.faults)
        assert any("evil.test" in fault for fault in found.faults)
