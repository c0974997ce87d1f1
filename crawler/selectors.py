"""Selectors, by which people point at parts of a page: CSS, or XPath where it begins with "/", "./" or "(".

They are written into the configuration, checked when it is read, and run in the extraction workers. XPath is that of
the standard without extensions: no files, no regular expressions, no functions but its own 27.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html

#: What a selector finds: elements, or the texts that an XPath gives.
Found = html.HtmlElement | str

LONGEST = 500
_XPATH = re.compile(r"\.?/|\(")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"(?<![\w.:-])([\w.-]+)\s*\(")
_PREFIX = re.compile(r"(?<![\w.-])(?<![^:]:)(?!xml:)([\w.-]+):(?=[\w*])")
_FUNCTIONS = frozenset((
    "last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat", "starts-with",
    "contains", "substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate",
    "boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "round",
))  # fmt: skip
#: They stand before a bracket, too.
_NO_FUNCTIONS = frozenset(("node", "text", "comment", "processing-instruction", "and", "or", "div", "mod"))
#: The end of an XPath that gives no elements.
_GIVES_TEXT = re.compile(r"(?:^|/|::)\s*(?:@\s*[\w:*.-]+|text\(\s*\))[\s)]*$|attribute::\s*[\w:*.-]+[\s)]*$")
_SAMPLE = html.document_fromstring("<html><head><title>t</title></head><body><p id='a'>x</p></body></html>")


def is_xpath(selector: str) -> bool:
    """Tell whether a selector is XPath; all others are CSS."""
    return _XPATH.match(selector) is not None


def check(selector: str, *, elements: bool) -> str:
    """Give a selector that can be used, without the space about it; raise ValueError with what is wanted instead.

    ``elements``: it must point at elements; a text is not enough.
    """
    selector = selector.strip()
    if not selector:
        raise ValueError('a selector, such as "div.story" or "//div[@id=\'story\']"')
    if len(selector) > LONGEST:
        raise ValueError(f"a selector of at most {LONGEST} characters")
    found = _probe(selector)
    if isinstance(found, bool | float):
        raise ValueError("an XPath that gives elements or texts, not a number or a truth")  # noqa: TRY004
    if elements and (isinstance(found, str) or (is_xpath(selector) and _GIVES_TEXT.search(selector))):
        raise ValueError("an XPath that gives elements, not texts")
    return selector


def find(selector: str, tree: html.HtmlElement) -> list[Found]:
    """List what a selector finds on a page, in the page's order; nothing where it cannot be run."""
    try:
        found = _compiled(selector)(tree)
    except (etree.XPathError, ValueError):  # checked already, so a page did it
        return []
    if isinstance(found, str):
        return [found] if found.strip() else []
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, str) or isinstance(getattr(item, "tag", None), str)]


def find_elements(selector: str, tree: html.HtmlElement) -> list[html.HtmlElement]:
    """List the elements that a selector finds, without those that stand in another one of them."""
    found = [item for item in find(selector, tree) if not isinstance(item, str)]
    known = set(found)
    return [item for item in found if not any(outer in known for outer in item.iterancestors())]


def _probe(selector: str) -> object:
    """Run a selector on a small page; raise ValueError when it cannot be run on any."""
    plain = _LITERAL.sub("''", _path(selector))
    # libxml2 tells of these only on a page on which it comes to them.
    strange = [name for name in _CALL.findall(plain) if name not in _FUNCTIONS | _NO_FUNCTIONS]
    if strange:
        raise ValueError(f"an XPath without the function {strange[0]}(), which XPath 1.0 does not have")
    if prefixes := _PREFIX.findall(plain):
        raise ValueError(f'a selector without the prefix "{prefixes[0]}"; elements of HTML have none')
    if "$" in plain:
        raise ValueError('an XPath without variables ("$")')
    try:
        return _compiled(selector)(_SAMPLE)
    except etree.XPathError as error:
        raise ValueError(f"a selector that can be read ({_said(error)})") from None


@lru_cache(maxsize=1_000)
def _compiled(selector: str) -> etree.XPath:
    try:
        return etree.XPath(_path(selector), regexp=False, smart_strings=False)
    except (etree.XPathError, ValueError) as error:  # ValueError: of an escaped control character
        raise ValueError(f"a selector that can be read ({_said(error)})") from None


def _path(selector: str) -> str:
    """Write a selector as XPath."""
    if is_xpath(selector):
        return selector
    try:
        return HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        xpath = 'such as "//time/@datetime"' if "::" in selector else 'which begins with "/", "./" or "("'
        raise ValueError(f"a CSS selector that can be read ({str(error).rstrip('.')}), or an XPath, {xpath}") from None


def _said(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
