"""Tells pages that only list other texts: cards with a linked headline and the beginning of what stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.extract.counts import kind_of
from crawler.extract.declared import Declared
from crawler.extract.lines import Block, Line, weight
from crawler.extract.page import ParsedPage, letters

_LEAST_CARDS = 5
_PROSE = 40
#: So much of a page's text stands on cards, and so many cards are cut off: sections with links are whole.
_ALL = 0.9
_MOST = 0.6
_CUT = ("…", "...", "[...]", "[…]", "…]")


def count(page: ParsedPage, said: Declared, text: Sequence[str]) -> int:
    """Tell how many cards a page is made of that has nothing else to say; 0 for any other page."""
    prose = [line for line in text if weight(line) >= _PROSE]
    if said.node or not prose:
        return 0
    size = sum(map(weight, prose))
    keys = set(map(letters, prose))
    for cards in _cards(page):
        cut = sum(line.text.endswith(_CUT) for line in cards)
        if len(cards) >= _LEAST_CARDS and cut >= _MOST * len(cards):
            on_cards = keys & {letters(line.text) for line in cards}
            if sum(weight(line) for line in prose if letters(line) in on_cards) >= _ALL * size:
                return len(cards)
    return 0


def _cards(page: ParsedPage) -> Iterable[Sequence[Line]]:
    """Give the paragraphs that stand below a link in one card, those of one template together."""
    found: dict[object, list[Line]] = {}
    for at, line in enumerate(page.lines):
        if at and weight(line.text) >= _PROSE and _is_below_link(page.lines[at - 1], line.block):
            found.setdefault(kind_of(line.block), []).append(line)
    return found.values()


def _is_below_link(above: Line, block: Block) -> bool:
    """Tell whether a paragraph stands below a linked line in one card."""
    return above.linked and not {id(each) for each in _chain(block)}.isdisjoint(map(id, _chain(above.block)))


def _chain(block: Block) -> list[Block]:
    """Give a block and those around it, as far as a card reaches."""
    found: list[Block] = []
    at: Block | None = block.parent
    while at is not None and len(found) < 2 and at.tag not in ("body", "main", "ul", "ol"):
        found.append(at)
        at = at.parent
    return found
