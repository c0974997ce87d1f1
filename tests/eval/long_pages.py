"""Makes speeches and transcripts of marked pages: the corpus has few long texts, and lines far down are judged, too.

The paragraphs of a text are mixed into many more of the same size, which stand where they stand.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from crawler.extract.lines import letters
from crawler.extract.page import parse
from tests.eval.score import Case

#: How many paragraphs are added.
SIZES = (60, 150, 400, 1_000)
_FEWEST = 6


@dataclass(frozen=True, slots=True)
class LongCase(Case):
    """A marked page with a longer text."""

    page: bytes = b""

    def body(self) -> bytes:
        """Give the page."""
        return self.page


def lengthened(case: Case, more: int, seed: int) -> LongCase | None:
    """Add so many paragraphs to the text of a page; None where its paragraphs are not found in one place."""
    draw = random.Random(seed)  # a draw, no secret
    tree = parse(case.body(), "", case.url).tree
    own = paragraphs_of(tree, case.gold.get("text") or "")
    if len(own) < _FEWEST:
        return None
    words = [word for element in own for word in element.text_content().split()]
    added = []
    for number in range(more):
        element = copy.deepcopy(own[1 + number % (len(own) - 2)])
        size = len(element.text_content().split())
        for child in list(element):
            element.remove(child)
        at = draw.randrange(len(words))
        text = " ".join((words[at : at + 2] + draw.choices(words, k=size))[:size]).strip(" .,") + "."
        element.text, element.tail = text, None
        own[-1].addprevious(element)
        added.append(text)
    page = html.tostring(tree, encoding="utf-8", include_meta_content_type=True)
    text = "\n".join((case.gold["text"], *added))
    return LongCase(f"{case.id}+{more}", case.url, case.path, {**case.gold, "text": text}, page)


def all_of(cases: Sequence[Case], every: int) -> list[LongCase]:
    """Lengthen one page in so many, each by another size."""
    made = (lengthened(case, SIZES[number % len(SIZES)], number) for number, case in enumerate(cases[::every]))
    return [case for case in made if case is not None]


def paragraphs_of(tree: html.HtmlElement, text: str) -> list[html.HtmlElement]:
    """Give the paragraphs of a text that stand in one place; those of the place that has most."""
    gold = letters(text)
    found = (_paragraphs(parent, gold) for parent in tree.iter("div", "article", "section", "td"))
    return max(found, key=len, default=[])


def _paragraphs(parent: html.HtmlElement, gold: str) -> list[html.HtmlElement]:
    return [
        child
        for child in parent
        if child.tag == "p" and len(child.text_content()) >= 80 and letters(child.text_content()) in gold
    ]
