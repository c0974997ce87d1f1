"""The keys of the web page, its chart and htmx, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from crawler.archive import open_archive
from crawler.records import Watch
from tests.archive_sample import DAY, HERALD, HOUR, NOW, article, keep
from tests.browser import needs_chromium
from tests.web_pages import chromium, served

pytestmark = needs_chromium
_FOCUSED = "document.activeElement.textContent"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('keys') / 'a.db'}"
    with open_archive(url) as archive:
        archive.sources.sync([HERALD], NOW)
        archive.watches.sync([Watch("harbours", "harbour")], NOW)
        keep(
            archive,
            *(
                article(
                    f"https://herald.test/{n}",
                    title=f"Harbour {n}",
                    published=f"{NOW - n * DAY - HOUR:%Y-%m-%dT%H:%M:%SZ}",
                    published_utc=NOW - n * DAY - HOUR,
                )
                for n in range(8)
            ),
        )
    with served(url, NOW) as found:
        yield found


@pytest.fixture(scope="module")
def opened() -> Iterator[Callable[..., Any]]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(address: str, opened: Callable[..., Any]) -> Iterator[Any]:
    shown = opened(base_url=address)
    yield shown
    faults = shown.faults
    shown.context.close()
    assert [] == faults


def test_j_and_k_walk_through_what_was_found_and_o_opens_it(page: Any) -> None:
    page.goto("/search?q=harbour")
    page.keyboard.press("j")
    assert "Harbour 0" == page.evaluate(_FOCUSED)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "Harbour 1" == page.evaluate(_FOCUSED)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("o")
    page.wait_for_url("**/article/*")
    title = page.text_content("h1")
    page.keyboard.press("u")
    page.wait_for_url("**/search?q=harbour")

    assert "solid" == outline
    assert "Harbour 1" == title


def test_the_list_stays_within_its_ends_and_in_sight(page: Any) -> None:
    page.set_viewport_size({"width": 600, "height": 300})
    page.goto("/search?q=harbour")
    for _ in range(12):
        page.keyboard.press("j")
    at = page.evaluate("document.activeElement.getBoundingClientRect().top")

    assert "Harbour 7" == page.evaluate(_FOCUSED)
    assert 0 <= at < 300


def test_a_slash_goes_to_the_search_and_letters_typed_there_are_letters(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("j?o/")

    assert "j?o/" == page.input_value("#quick")
    assert 0 == page.locator("dialog").count()


def test_keys_with_modifiers_are_the_browsers(page: Any) -> None:
    page.goto("/search?q=harbour")
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+j")

    assert "BODY" == page.evaluate("document.activeElement.tagName")


def test_a_question_mark_tells_the_keys_of_the_page_and_turns_them_off(page: Any) -> None:
    page.goto("/search?q=harbour")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    told = dialog.inner_text()
    page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("axe.run().then(found => found.violations.map(v => v.id + v.nodes[0].html))")
    dialog.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("?")

    assert "next item" in told
    assert "on the chart" in told
    assert [] == violations
    assert 0 == page.locator("dialog").count()
    assert "Keys" == page.evaluate(_FOCUSED) or "BODY" == page.evaluate("document.activeElement.tagName")
    page.reload()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    assert "Harbour 0" == page.evaluate(_FOCUSED)


def test_a_page_without_a_list_says_nothing_of_one(page: Any) -> None:
    page.goto("/article/1")
    page.keyboard.press("?")

    assert "next item" not in page.get_by_role("dialog").inner_text()
