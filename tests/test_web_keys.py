"""The web page in a real Chromium: its keys, its chart, htmx, and what Search and Today look like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from crawler.archive import open_archive
from crawler.records import CopyOf, Story
from tests.archive_sample import DAY, NOW
from tests.browser import needs_chromium
from tests.web_pages import chromium, fill
from tests.web_server import web_page

pytestmark = needs_chromium
_WIDE = """() => [document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll("body *")]
    .filter(e => !e.closest(".scroll") && e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + "." + e.className)]"""
#: How far parts of a page moved while it came, from before its first byte.
_SHIFTS = """window.shifts = []; new PerformanceObserver(list => window.shifts.push(
    ...list.getEntries().map(entry => entry.value))).observe({type: "layout-shift", buffered: true})"""
_AXE = "rules => axe.run(rules).then(found => found.violations.map(v => v.id + ': ' + v.nodes[0].html))"
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_FOCUSED = "document.activeElement.textContent"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('keys') / 'a.db'}"
    fill(url)
    with open_archive(url) as archive:
        archive.stories.write([Story(7, "Harbour reopens", (38, 39, 40), first=NOW - 40 * DAY, last=NOW)], [], NOW)
        archive.articles.fold(39, CopyOf(40, "full", 0.95), NOW)
    with web_page(url, NOW) as found:
        yield found


@pytest.fixture(scope="module")
def opened() -> Iterator[Callable[..., Any]]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def window(address: str, opened: Callable[..., Any]) -> Any:
    """Open a window for all tests: each window is a process, which costs more than ten pages."""
    return opened(base_url=address)


def _press(page: Any, key: str) -> None:
    """Press a key once something was painted: before that browsers pass over keys."""
    page.evaluate(_PAINTED)
    page.keyboard.press(key)


def _after(key: str, page: Any) -> str:
    _press(page, key)
    return str(page.evaluate(_FOCUSED)).split(" reopens")[0]


@pytest.fixture
def page(window: Any) -> Iterator[Any]:
    """Give the window as if it were a new one, with nothing that a test before kept in it."""
    window.faults = []
    window.set_viewport_size({"width": 1280, "height": 900})
    yield window
    faults = window.faults
    window.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    window.goto("about:blank")
    assert [] == faults


def test_j_and_k_walk_through_what_was_found_and_o_opens_it(page: Any) -> None:
    page.goto("/search?q=harbour")
    _press(page, "j")
    assert "Harbour 0 reopens after the storm" == page.evaluate(_FOCUSED)
    _press(page, "j")
    _press(page, "j")
    _press(page, "k")
    assert "Harbour 1 reopens after the storm" == page.evaluate(_FOCUSED)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    _press(page, "o")
    page.wait_for_url("**/article/*")
    title = page.text_content("h1")
    _press(page, "u")
    page.wait_for_url("**/search?q=harbour")

    assert "solid" == outline
    assert "Harbour 1 reopens after the storm" == title


def test_j_and_k_walk_through_the_timeline_of_a_story_and_its_copies_once_they_are_open(page: Any) -> None:
    page.goto("/story/7")
    _press(page, "?")
    told = page.get_by_role("dialog").inner_text()
    _press(page, "Escape")
    page.get_by_role("dialog").wait_for(state="detached")  # keys pressed before are the dialog's
    walked = [_after(key, page) for key in "jjj"]
    page.locator(".timeline summary").click()
    walked_with_copies = [_after(key, page) for key in "kkkjj"]
    _press(page, "o")
    page.wait_for_url("**/article/*")
    title = page.text_content("h1")
    _press(page, "u")
    page.wait_for_url("**/story/7")

    assert "next item" in told
    assert ["Harbour 39", "Harbour 37", "Harbour 37"] == walked
    assert ["Harbour 38", "Harbour 39", "Harbour 39", "Harbour 38", "Harbour 37"] == walked_with_copies
    assert "Harbour 37 reopens after the storm" == title


def test_the_list_stays_within_its_ends_and_in_sight(page: Any) -> None:
    page.set_viewport_size({"width": 600, "height": 300})
    page.goto("/search?q=harbour")
    for _ in range(25):
        _press(page, "j")
    at = page.evaluate("document.activeElement.getBoundingClientRect().top")

    assert "Harbour 19 reopens after the storm" == page.evaluate(_FOCUSED)
    assert 0 <= at < 300


def test_a_slash_goes_to_the_search_and_letters_typed_there_are_letters(page: Any) -> None:
    page.goto("/")
    _press(page, "/")
    page.keyboard.type("j?o/")

    assert "j?o/" == page.input_value("#quick")
    assert 0 == page.locator("dialog").count()


def test_keys_with_modifiers_are_the_browsers(page: Any) -> None:
    page.goto("/search?q=harbour")
    _press(page, "Control+j")
    _press(page, "Alt+j")

    assert "BODY" == page.evaluate("document.activeElement.tagName")


def test_a_question_mark_tells_the_keys_of_the_page_and_turns_them_off(page: Any) -> None:
    page.goto("/search?q=harbour")
    _press(page, "?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    told = dialog.inner_text()
    page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(_AXE, {})
    dialog.get_by_label("Use these keys").uncheck()
    _press(page, "Escape")
    dialog.wait_for(state="detached")
    _press(page, "j")
    _press(page, "?")

    assert "next item" in told
    assert "on the chart" in told
    assert [] == violations
    assert 0 == page.locator("dialog").count()
    assert "Keys" == page.evaluate(_FOCUSED) or "BODY" == page.evaluate("document.activeElement.tagName")
    page.reload()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close").click()
    _press(page, "j")
    assert "Harbour 0 reopens after the storm" == page.evaluate(_FOCUSED)


def test_a_page_without_a_list_says_nothing_of_one(page: Any) -> None:
    page.goto("/article/1")
    _press(page, "?")

    assert "next item" not in page.get_by_role("dialog").inner_text()


# A query that is being written.


def test_what_is_typed_is_explained_at_once_by_htmx(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("?")[0].rpartition("/")[2]))
    page.goto("/search?q=harbour")
    before = [*asked]
    page.locator("#q").fill("间谍")
    page.locator("#explained b").wait_for()

    assert "htmx.min.js" not in before
    assert 1 == asked.count("htmx.min.js")
    assert "“间谍”" in page.inner_text("#explained")
    assert "1 article" == page.inner_text("#explained b")


@contextmanager
def _held_up(page: Any) -> Iterator[None]:
    """Let htmx come only after what is done meanwhile."""
    held: list[Any] = []
    page.route("**/htmx.min.js*", lambda route: held.append(route.continue_))
    with page.expect_request("**/htmx.min.js*"):
        yield
    while not held:
        page.wait_for_timeout(20)
    held[0]()


def test_what_is_typed_before_htmx_has_come_is_explained_though_its_writer_went_on(page: Any) -> None:
    page.goto("/search?q=harbour")
    with _held_up(page):
        # Not by keys: a browser passes over those that are pressed before it has painted a page.
        page.locator("#q").fill("间谍")
        page.locator("#q").blur()
    page.locator("#explained b").wait_for()
    page.unroute_all()

    assert "1 article" == page.inner_text("#explained b")


def test_what_is_chosen_before_htmx_has_come_is_tried(page: Any) -> None:
    page.goto("/watches/new?q=harbour")
    with page.expect_response("**/watches/try"), _held_up(page):
        chosen = page.select_option("#span", index=1)[0]
    page.locator(f"#tried:has-text('in {chosen} days')").wait_for()
    page.unroute_all()


# What a browser fetches.


@pytest.mark.parametrize("path", ["/", "/search", "/search?q=harbour"])
def test_the_first_view_weighs_less_than_60_kilobytes_also_under_a_pointer_that_moves(
    address: str, opened: Callable[..., Any], path: str
) -> None:
    page = opened(base_url=address)  # a new window: this one has kept nothing
    fetched: dict[str, Any] = {}
    page.on("requestfinished", lambda request: fetched.update({request.url: request}))
    page.goto(path)
    for across in range(20, 1280, 180):
        for down in range(20, 900, 110):
            page.mouse.move(across, down)
    page.wait_for_load_state("networkidle")
    weights = {url: request.sizes()["responseBodySize"] for url, request in fetched.items()}
    page.context.close()

    assert {"style.css", "presswatch.js"} <= {url.rpartition("/")[2].split("?")[0] for url in weights}
    assert sum(weights.values()) < 60_000


# The chart.


def test_days_are_chosen_by_dragging_over_the_chart(page: Any) -> None:
    page.goto("/search?q=harbour")
    box = page.locator(".chart svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 45, steps=4)
    chosen = page.locator(".chart a.in").count()
    page.mouse.up()
    page.wait_for_url("**after**")

    assert 4 < chosen < 9
    assert f"{chosen} articles" == page.inner_text("#counted")


def test_days_are_chosen_by_keys_on_the_chart(page: Any) -> None:
    page.goto("/search?q=harbour")
    page.locator(".chart a").last.focus()
    _press(page, "ArrowLeft")
    _press(page, "Shift+ArrowLeft")
    _press(page, "Shift+ArrowLeft")
    told = page.inner_text("output")
    _press(page, "Enter")
    page.wait_for_url("**after**")

    assert "2026-11-20 to 2026-11-22 chosen" == told
    assert "harbour after:2026-11-20 before:2026-11-23" == page.input_value("#q")
    assert "3 articles" == page.inner_text("#counted")


def test_a_bar_alone_is_a_link(page: Any) -> None:
    page.goto("/search?q=harbour")
    page.locator(".chart a").last.click()
    page.wait_for_url("**after**")

    assert "1 article" == page.inner_text("#counted")


# How they look.


@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/search?q=" + quote('"open')])
def test_nothing_moves_sticks_out_or_keeps_people_from_reading(
    address: str, opened: Callable[..., Any], path: str
) -> None:
    page = opened(base_url=address)  # a new window: in one that changes its width, things move
    page.add_init_script(_SHIFTS)
    page.goto(path)
    page.wait_for_timeout(100)
    shifts = page.evaluate("window.shifts")
    for width in (1600, 320, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert [0] == page.evaluate(_WIDE), width
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(_AXE, {})
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(_AXE, {"runOnly": ["color-contrast"]})
    page.faults = [said for said in page.faults if "400 (Bad Request)" not in said]
    page.context.close()

    assert [] == found
    assert [] == shifts
    assert [] == page.faults
