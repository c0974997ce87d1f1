"""Takes boxes that ask for consent off a page and its text, where news of a few sentences stands beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from lxml import html

from crawler.extract.consent import (
    LONGEST,
    asks,
    explains,
    has_core_word,
    is_asked,
    is_of_it,
    is_sentence,
    is_told,
)
from crawler.extract.lines import HEADINGS, Block, Line, is_of_platform, letters, weight

#: A box stands so many lines at most above the end of a text, or below its beginning.
_EDGE = 5
#: What is left without the boxes is a text when it is longer, even where no heading says so.
_TEXT = 400
#: Boxes are taken off a page before its text is sought where there are no longer sentences beside them.
_LITTLE = 1_500


def boxes(lines: Sequence[Line]) -> set[Block]:
    """Give the blocks that are named as such and ask for consent beside a text; none when they are all of a page."""
    held: dict[Block, list[Line]] = {}
    for line in lines:
        if line.block.consent is not None:
            held.setdefault(line.block.consent, []).append(line)
    found = {block for block, shown in held.items() if _is_box(block.element, shown)}
    if not found:
        return found
    left = [line for line in lines if line.block.consent not in found]
    shown = [line for line in left if not (line.block.hidden or line.chrome or line.linked)]
    told = sum(weight(line.text) for line in shown if is_sentence(line.text))
    # A long text stands out by itself, and is told from furniture by all that stands around it.
    if not 0 < told <= _LITTLE:
        return set()
    return found if any(line.tag in HEADINGS and not asks(line.text) for line in shown) else set()


def _is_box(element: html.HtmlElement, lines: Sequence[Line]) -> bool:
    if sum(weight(line.text) for line in lines) > LONGEST:
        return False
    if is_of_platform(element):
        return True
    texts = [line.text for line in lines]
    return any(map(is_asked, texts)) and not any(map(is_told, texts))


def without(text: Sequence[str], page_lines: Sequence[Line], title: str) -> list[str]:
    """Give a text without the boxes above and below it that ask for consent."""
    edges = dict.fromkeys((*text[:_EDGE], *text[-_EDGE:]))
    worded = [line for line in edges if has_core_word(line)]
    below = _below_asking(worded, page_lines)
    asking = [line for line in worded if _is_asking(line)]
    if not asking and not below:
        return list(text)
    keys = set(map(letters, text))
    around: dict[str, set[int]] = {}
    for shown in page_lines:
        if (key := letters(shown.text)) in keys:
            around.setdefault(key, set()).add(id(shown.block.parent or shown.block))
    homes = {home for line in text if not _is_of_box(line) for home in around.get(letters(line), ())}
    beside = {home for line in asking for home in around.get(letters(line), ())} - homes
    kept = [
        line
        for line in text
        if not (line in asking and asks(line))
        and line not in below
        and not (line in edges and _is_of_box(line) and around.get(letters(line), set()) & beside)
    ]
    return kept if _is_left(kept, page_lines, title) else list(text)


def _below_asking(lines: Collection[str], page_lines: Sequence[Line]) -> set[str]:
    """Give those of some lines with words of consent that stand on the page right below one that asks for it."""
    keys = {letters(line): line for line in lines if not is_told(line)}
    return {
        keys[key]
        for above, line in (pairwise(page_lines) if keys else ())
        if (key := letters(line.text)) in keys
        and line.block.parent is above.block.parent
        and letters(above.text) not in keys
        and asks(above.text)
    }


def _is_asking(line: str) -> bool:
    """Tell whether a line with a word of consent asks for it or explains what is asked."""
    if weight(line) > LONGEST or is_told(line):
        return False
    return explains(line) or asks(line)


def _is_of_box(line: str) -> bool:
    """Tell whether a line beside one that asks may belong to it: it explains, or is a heading or a button."""
    return not is_sentence(line) or (is_of_it(line) and not is_told(line))


def _is_left(text: Sequence[str], page_lines: Sequence[Line], title: str) -> bool:
    """Tell whether a text without boxes of consent is one: a wall without what asks explains what is asked."""
    told = [line for line in text if is_sentence(line) and (not is_of_it(line) or is_told(line))]
    if not told or asks(title):
        return False
    wanted = letters(title)
    return sum(map(weight, told)) > _TEXT or any(
        line.tag in HEADINGS and letters(line.text) == wanted for line in page_lines
    )
