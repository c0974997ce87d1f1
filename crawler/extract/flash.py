"""Finds news of a sentence or two where the boxes of its site say more, so that the page looked like none."""

from __future__ import annotations

import re

from crawler.extract import consent, walls
from crawler.extract.asking import is_gate
from crawler.extract.declared import Declared
from crawler.extract.lines import Block, Line, weight
from crawler.extract.page import ParsedPage, letters

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: So many lines below its headline a text begins at the latest: names, dates and ways to share stand between.
_NEAR = 15
#: A line without the mark of a sentence is one when it is so long; some scripts have no such mark.
_LONG = 80
#: Fewer lines than these that are parted by line breaks are no verses.
_VERSES = 3
_LEAST = 12
_ENDS = re.compile(r"[.!?…。！？．।؟۔։][\"'”’»“)\]」』）]*$")


def find(page: ParsedPage, said: Declared, title: str) -> list[str]:
    """Give the sentences or verses right below the headline of a page that declares an article; [] without them."""
    if not declares(page, said) or (at := _headline(page, letters(title))) is None:
        return []
    found = _own(page.lines[at + 1 :])
    verses = sum(line.broken for line in found) + 1 >= _VERSES
    text = [line.text for line in found if verses or _is_sentence(line)]
    return text if sum(len(letters(line)) for line in text) >= _LEAST else []


def declares(page: ParsedPage, said: Declared) -> bool:
    """Tell whether a page says that it is an article: by its type, its date or the mark of its text."""
    return bool(
        said.kind.startswith("article")
        or said.published
        or said.node.get("datePublished")
        or any(line.block.body for line in page.lines)
    )


def _headline(page: ParsedPage, wanted: str) -> int | None:
    """Find the line that shows the title as a heading."""
    lines = zip(page.lines, page.keys, strict=True)
    shown = (at for at, (line, key) in enumerate(lines) if key == wanted and line.tag in _HEADINGS)
    return next(shown, None) if wanted else None


def _own(lines: list[Line]) -> list[Line]:
    """Give the lines of the first block below a headline that says something, without what it asks of its reader."""
    asking: set[int] = set()
    home: Block | None = None
    found: list[Line] = []
    for at, line in enumerate(lines):
        if home is None and at >= _NEAR:
            break
        if line.block.hidden or line.chrome or line.linked:
            continue
        around = _around(line)
        if home is not None and (line.tag in _HEADINGS or not _is_in(around, home)):
            break
        if consent.is_asked(line.text) or walls.is_wall(line.text) or is_gate(line.text, ()):
            asking.add(id(around))
        elif id(around) in asking:
            continue  # it explains what is asked
        elif line.broken or home is not None or _is_sentence(line):
            home = home or around
            found.append(line)
    return [line for line in found if not (id(_around(line)) in asking and consent.is_of_it(line.text))]


def _around(line: Line) -> Block:
    return line.block.parent or line.block


def _is_sentence(line: Line) -> bool:
    return _ENDS.search(line.text) is not None or weight(line.text) >= _LONG


def _is_in(block: Block, home: Block) -> bool:
    at: Block | None = block
    while at is not None:
        if at is home:
            return True
        at = at.parent
    return False
