"""Runs every selector of an override on a page and tells what each finds, for people who write one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from crawler import selectors
from crawler.extract.lines import read as read_lines
from crawler.extract.overriding import removable
from crawler.extract.page import parse
from crawler.records import Fetched, Override

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Match:
    """What one selector finds on one page."""

    key: str
    selector: str
    #: So many elements or texts.
    found: int
    #: How the first of them begins; "" when it shows nothing.
    first: str = ""


def try_selectors(page: Fetched, override: Override) -> tuple[Match, ...]:
    """Run the selectors of an override as a reading does: values on the page as it came, ``body`` on what is left."""
    told: list[Match] = []

    def first(tree: html.HtmlElement) -> None:
        told.extend(
            _match(key, selector, selectors.find(selector, tree))
            for key in ("title", "date", "author")
            for selector in getattr(override, key)
        )
        for selector in override.remove:
            found = removable(selector, tree)
            told.append(_match("remove", selector, found))
            for element in found:
                element.drop_tree()
        told.extend(_match("body", each, selectors.find_elements(each, tree)) for each in override.body)

    parse(page.body, page.content_type, page.final_url, first)
    return tuple(told)


def _match(key: str, selector: str, found: Sequence[selectors.Found]) -> Match:
    texts = (each for each in map(_text, found) if each)
    return Match(key, selector, len(found), next(texts, "")[:_LONGEST])


def _text(found: selectors.Found) -> str:
    if isinstance(found, str):
        return " ".join(found.split())
    machine = found.get("content") or found.get("datetime") or ""
    return " ".join(line.text for line in read_lines(found)) or machine
