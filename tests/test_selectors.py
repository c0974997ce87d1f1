"""Selectors in the configuration: what is CSS, what is XPath, what is refused, and what they find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from crawler import selectors

PAGE = html.document_fromstring(
    "<html><head><meta name='who' content='Jane Roe'></head><body><div class='story' id='s'><p>One.</p>"
    "<div class='story'><p>Two.</p></div></div><p title='t'>Three.</p></body></html>"
)


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("div.story", 2),
        ("#s > p, body > p", 2),
        ("DIV.story p:first-child", 2),
        ('meta[name="who"]', 1),
        ("//div[@class='story']", 2),
        ("./body/p", 1),
        ("(//p)[last()]", 1),
        ("//p/@title", 1),
        ("//p[not(@title) and (contains(., 'One') or position() = 9)]/text()", 1),
        ('(substring-before(//p[1], "."))', 1),
        ("//p[@title = 'foo(x) a:b $c']", 0),
        ("//*[@xml:lang]", 0),
    ],
)
def test_a_selector_that_can_be_used_finds_what_it_says(selector: str, found: int) -> None:
    assert selectors.check(f" {selector} ", elements=False) == selector
    assert len(selectors.find(selector, PAGE)) == found


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        ("", "a selector, such as"),
        ("div[", "a CSS selector that can be read"),
        ("div::attr(class)", 'or an XPath, such as "//time/@datetime"'),
        ("p:unheard-of", "a CSS selector that can be read"),
        ("string(//p)", 'begins with "/"'),
        ("//div[", "can be read"),
        ("//p[", "can be read"),
        ("//p[document('file:///etc/passwd')]", r"without the function document\(\)"),
        ("//p[re:test(., '(a+)+$')]", r"without the function re:test\(\)|without the prefix"),
        ("//svg:path", 'without the prefix "svg"'),
        ("svg|path", 'without the prefix "svg"'),
        ("p:has(a[svg|href])", 'without the prefix "svg"'),
        ("\\1", "can be read"),
        ("//p[. = $name]", "without variables"),
        ("(count(//p))", "not a number"),
        ("(1 = 1)", "not a number or a truth"),
        ("div " * 200, "at most 500"),
    ],
)
def test_a_selector_that_cannot_be_used_on_any_page_is_refused_with_what_is_wanted(selector: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        selectors.check(selector, elements=False)


@pytest.mark.parametrize(
    "selector", ["//a/@href", "//p/text()", "(string(//h1))", "//p/attribute::title", "(//a/@href)"]
)
def test_what_must_be_elements_is_no_text(selector: str) -> None:
    selectors.check(selector, elements=False)

    with pytest.raises(ValueError, match="elements, not texts"):
        selectors.check(selector, elements=True)


def test_an_element_within_another_one_that_is_found_is_found_once() -> None:
    (outer,) = selectors.find_elements(".story", PAGE)

    assert outer.get("id") == "s"


@given(st.text(max_size=40) | st.text(alphabet="/.()[]@*:'\"=pdiv $,#>+~0", max_size=40))
def test_any_text_is_a_selector_or_is_refused_with_words(text: str) -> None:
    told = found = None
    try:
        found = selectors.find(selectors.check(text, elements=False), PAGE)
    except ValueError as error:
        told = str(error)

    assert isinstance(found, list) if told is None else told.startswith(("a selector", "a CSS selector", "an XPath"))
