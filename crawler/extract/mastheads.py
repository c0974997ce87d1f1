"""Tells a day that is today's, in the head of a site, from that of the text below it."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.datewords import HEAD_NAMES, TODAY
from crawler.extract.lines import HEADER, NAV, TEXT, Block
from crawler.extract.page import Line

#: So many lines that are links are a navigation.
_NAVIGATION = 3
#: A masthead's day stands among so many lines of a page that are no links.
_FIRST_LINES = 6


def is_masthead(lines: Sequence[Line], at: int, title: int, first_at: int) -> bool:
    """Tell whether a date above the headline is that of today: in the head of the site, or before its navigation.

    The first lines of a page that stand outside of what holds the headline and the text are not of the text.
    """
    if shows_today(lines[at], bool(lines[title].block.inside & HEADER)):
        return True
    if lines[title].block.inside & TEXT and not lines[at].block.inside & TEXT:
        return True
    if first_at < len(lines) and _is_among_first(lines, at):
        about = _around(lines[title].block)
        whole = _shared(about, lines[first_at].block)
        shared = _shared(about, lines[at].block)
        if whole not in _around(lines[at].block) and (shared is None or shared.tag in ("body", "html")):
            return True
    between = lines[at + 1 : title]
    return any(line.block.inside & NAV for line in between) or sum(line.linked for line in between) >= _NAVIGATION


def _is_among_first(lines: Sequence[Line], at: int) -> bool:
    return at < _FIRST_LINES or sum(not line.linked for line in lines[:at]) < _FIRST_LINES


def _around(block: Block) -> list[Block]:
    """List a block and those around it, from the inside out."""
    found = [block]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def _shared(about: Sequence[Block], other: Block) -> Block | None:
    """Give the smallest block that holds another one, too."""
    held = _around(other)
    return next((block for block in about if block in held), None)


def shows_today(line: Line, title_in_head: bool) -> bool:
    """Tell whether a line's date is today's: it says so, is named so, or stands in the head of the site."""
    if line.block.inside & HEADER and not (line.block.inside & TEXT or title_in_head):
        return True
    return not HEAD_NAMES.isdisjoint(line.block.names) or TODAY.match(line.text) is not None
