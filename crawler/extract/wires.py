"""Finds the lines of a terminal: news in capitals, or a list of things and their numbers, without full stops."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract import boxes, consent, walls
from crawler.extract.byline import parse_date_line
from crawler.extract.lines import HEADINGS, Block, Line, holds, weight
from crawler.extract.offers import is_offer
from crawler.extract.telling import is_to_reader

#: A line in capitals tells something when it has so many words and is as long as this.
_WORDS, _LEAST = 4, 24
#: So many lines of a thing and its number are a list, or fewer that are long: others are what a page says of a text.
_PAIRS, _FEWER, _LONG = 3, 2, 28
_PAIR = re.compile(r"[^:：]{3,60}[:：]\s?[^:：]*\d.*")


def find(lines: Sequence[Line]) -> list[str]:
    """Give the lines of the first block that tells news in capitals or in pairs; [] without them."""
    home: Block | None = None
    found: list[str] = []
    for line in lines:
        if line.block.hidden or line.chrome or line.linked or not _is_told(line.text):
            continue
        around = line.block.parent or line.block
        if line.tag in HEADINGS or (home is not None and not holds(home, around)):
            break
        home = home or around
        found.append(line.text)
    listed = len(found) >= _PAIRS or (len(found) >= _FEWER and all(weight(line) >= _LONG for line in found))
    return found if listed or any(map(_is_called, found)) else []


def _is_told(line: str) -> bool:
    if not (_is_called(line) or _PAIR.fullmatch(line)):
        return False
    asks = is_to_reader(line) or is_offer(line) or walls.is_wall(line) or consent.is_asked(line) or boxes.speaks(line)
    return not asks and parse_date_line(line) is None


def _is_called(line: str) -> bool:
    """Tell whether a line tells something in capitals."""
    return line.isupper() and len(line.split()) >= _WORDS and weight(line) >= _LEAST
