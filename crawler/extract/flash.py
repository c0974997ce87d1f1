"""Finds news of a sentence or two where the boxes of its site say more, so that the page looked like none."""

from __future__ import annotations

from crawler.extract import boxes, consent, walls, wires
from crawler.extract.asking import is_gate
from crawler.extract.declared import Declared
from crawler.extract.lines import HEADINGS, Block, Line, holds
from crawler.extract.page import ParsedPage, letters
from crawler.extract.telling import is_to_reader, reports

#: So many lines below its headline a text begins at the latest: names, dates and ways to share stand between.
_NEAR = 15
#: Fewer lines than these that are parted by line breaks are no verses.
_VERSES = 3
_LEAST = 12


def find(page: ParsedPage, said: Declared, title: str, *, walled: bool = False) -> list[str]:
    """Give the sentences or verses right below the headline of a page that declares an article; [] without them.

    ``walled`` says that a box that asks for consent was taken for the page: an article beside that need not be
    declared, but tells nothing of what is asked.
    """
    declared = declares(page, said)
    if not (declared or walled) or (at := _headline(page, letters(title))) is None:
        return []
    found = _own(page.lines[at + 1 :])
    verses = sum(line.broken for line in found) + 1 >= _VERSES
    text = [line.text for line in found if verses or consent.is_sentence(line.text)]
    if declared and not text:
        text = wires.find(page.lines[at + 1 : at + 1 + _NEAR])
    if not declared and (consent.is_asked(title) or any(map(_may_be_of_wall, text))):
        return []
    return text if sum(len(letters(line)) for line in text) >= _LEAST else []


def _may_be_of_wall(line: str) -> bool:
    return not reports(line) and (consent.is_of_it(line) or is_to_reader(line))


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
    shown = (at for at, (line, key) in enumerate(lines) if key == wanted and line.tag in HEADINGS)
    return next(shown, None) if wanted else None


def _own(lines: list[Line]) -> list[Line]:
    """Give the lines of the first block below a headline that says something, without what it asks of its reader."""
    asking: set[int] = set()
    home: Block | None = None
    found: list[Line] = []
    for at, line in enumerate(lines):
        if home is None and at >= _NEAR:
            break
        if line.block.hidden or line.chrome or line.linked or boxes.speaks(line.text):
            continue
        around = _around(line)
        if home is not None and (line.tag in HEADINGS or not holds(home, around)):
            break
        if consent.is_asked(line.text) or walls.is_wall(line.text) or is_gate(line.text, ()):
            asking.add(id(around))
        elif id(around) in asking:
            continue  # it explains what is asked
        elif line.broken or home is not None or consent.is_sentence(line.text):
            home = home or around
            found.append(line)
    return [line for line in found if not (id(_around(line)) in asking and consent.is_of_it(line.text))]


def _around(line: Line) -> Block:
    return line.block.parent or line.block
