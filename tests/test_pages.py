"""Mails and pages in a real Chromium: they fit every screen, nobody is kept from reading them, nothing leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from digest import render
from tests.browser import Browser, needs_chromium, open_browser
from tests.page_samples import mails, pages, quiet_edition, without_styles

pytestmark = needs_chromium
#: All samples, but those of which another has everything.
_SHOWN = (
    "mail", "mail-worst", "mail-full", "alert", "alert-worst", "mail-no-style", "mail-worst-no-style",
    "mail-full-no-style", "alert-no-style", "alert-worst-no-style", "web", "web-linked", "web-worst", "web-full",
    "alert-page", "alert-page-worst", "index-worst",
)  # fmt: skip
_NOT_SHOWN = re.compile("mail-linked|.*quiet|alert-rise|index$")
#: What is wider than the window, and what sticks out of it to the left or right.
_WIDE = """() => [document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
    .map(e => e.tagName + "." + e.className + ": " + e.textContent.trim().slice(0, 60))]"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(found => [
    found.passes.length, ...found.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 200)))])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module")
def samples() -> dict[str, bytes]:
    found = {**mails(), **pages()}
    assert _SHOWN == tuple(name for name in found if not _NOT_SHOWN.match(name))
    return found


@pytest.mark.parametrize("name", _SHOWN)
def test_no_page_is_wider_than_its_window_or_asks_for_anything(
    browser: Browser, samples: dict[str, bytes], name: str
) -> None:
    shown = browser.show(samples[name], 320)
    for width in (320, 360, 600):
        shown.set_viewport_size({"width": width, "height": 900})

        assert [0] == shown.evaluate(_WIDE), width
    assert [] == browser.asked + browser.opened


@pytest.mark.parametrize("name", ["mail-linked", "mail-quiet-no-style", "web-linked", "alert", "index"])
def test_nothing_keeps_people_from_reading(browser: Browser, samples: dict[str, bytes], name: str) -> None:
    """axe-core: WCAG 2.2 A and AA and its best practice, in the light and in the dark."""
    shown = browser.show(samples[name], 360)
    shown.evaluate(AXE_SCRIPT)
    for scheme in ("light", "dark"):
        shown.emulate_media(color_scheme=scheme)
        passed, *violations = shown.evaluate(_AXE, _RULES)

        assert [] == violations, scheme
        assert passed > 15


def test_a_page_that_keeps_people_from_reading_is_found(browser: Browser) -> None:
    """What the tests above measure with does see something."""
    page = render.mail_html(quiet_edition()).replace(b"color:#5b544a", b"color:#c0bab0")
    shown = browser.show(without_styles(page).replace(b"<h1", b"<h4"), 320)
    shown.evaluate(AXE_SCRIPT)
    found = {violation.partition(":")[0] for violation in shown.evaluate(_AXE, _RULES)[1:]}

    assert {"color-contrast", "page-has-heading-one"} <= found


def test_dark_pages_are_dark(browser: Browser, samples: dict[str, bytes]) -> None:
    for name in ("mail-quiet", "index"):
        shown = browser.show(samples[name], 360, dark=True)
        for part in (".page", ".c"):
            colour = shown.eval_on_selector(part, "e => getComputedStyle(e).backgroundColor")

            assert sum(map(int, re.findall(r"\d+", colour)[:3])) < 3 * 60, (name, part)


def test_a_link_of_a_digest_does_ask_when_it_is_followed(browser: Browser, samples: dict[str, bytes]) -> None:
    """Who listens to requests does hear them."""
    shown: Any = browser.show(samples["mail"], 600)
    before = len(browser.asked)
    shown.locator("a.hl").first.click()
    shown.wait_for_timeout(200)

    assert before < len(browser.asked)
    browser.asked.clear()
