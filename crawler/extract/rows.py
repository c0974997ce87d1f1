"""Parts rows of facts that a page shows apart and writes without anything between: source, date, author, editor.

``<span>By Jane Roe</span><span>6 November 2019</span>`` is one line of a page. Where it cannot be read as it is, and
its elements can, they are what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.extract.byline import parse_date_line, parse_line
from crawler.extract.dates import clean, find_spans, may_hold
from crawler.extract.lines import INLINE, Line, letters, squeeze
from crawler.extract.names import is_certain
from crawler.extract.reporters import is_japanese_name, reporter

#: Longer lines are sentences; so many elements one row has.
_LONGEST, _MOST = 220, 8
#: Between two parts, as pages print it.
_BAR = " | "
_MARKS = " |·•/–—-,"


def parted(lines: Sequence[Line], places: Iterable[int], language: str) -> Sequence[Line]:
    """Give the lines with the rows at ``places`` parted where that tells what they say."""
    changed: dict[int, str] = {}
    for at in places:
        line = lines[at]
        if not 6 <= len(line.text) <= _LONGEST or not may_hold(line.text) or not len(line.block.element):
            continue
        parts = _parts(line)
        if len(parts) > 1 and (text := _told(line, parts, language)):
            changed[at] = text
    if not changed:
        return lines
    found = list(lines)
    for at, text in changed.items():
        found[at] = replace(lines[at], text=text)
    return found


def for_days(apart: Sequence[Line], lines: Sequence[Line], language: str) -> Sequence[Line]:
    """Give the lines in which days are looked for: rows are parted there only where no day is read otherwise."""
    if apart is lines:
        return lines
    return [
        line if one is line or find_spans(clean(line.text), language, short_years=True) else one
        for one, line in zip(apart, lines, strict=True)
    ]


def as_printed(said: Iterable[str], apart: Sequence[Line], lines: Sequence[Line]) -> tuple[str, ...]:
    """Give lines as their page has them, of those that ``parted`` changed, too."""
    printed = {one.text: line.text for one, line in zip(apart, lines, strict=True)} if apart is not lines else {}
    return tuple(printed.get(text, text) for text in said)


def _told(line: Line, parts: Sequence[str], language: str) -> str:
    """Give a row with its parts apart, or "" where it is read as it is, or tells nothing that way either."""
    glued = squeeze(" ".join(parts)) not in line.text
    if not glued and parse_line(line.text, language) is not None:
        return ""
    dates = [part for part in parts if parse_date_line(part, language)]
    named = [_labelled(part, language, sure=not line.link_chars) for part in parts] if dates else parts
    joined = _BAR.join(named)
    said = parse_line(joined, language)
    if said and said.modified and not said.published:
        # What is declared tells better when a text was changed, and that it was not published then.
        joined = _BAR.join(part for part in named if not find_spans(clean(part), language, short_years=True))
        said = parse_line(joined, language)
    # A day alone is read where a line has anything beside it, too.
    if said and (said.authors or said.source):
        return joined
    unread = glued and dates and not find_spans(clean(line.text), language, short_years=True)
    return _BAR.join(parts) if unread else ""


def _labelled(part: str, language: str, *, sure: bool) -> str:
    """Put the word for an author before a name that has none; ``sure``: it is no link to what is told of a person."""
    if (named := reporter(part, language)) is not None and named[1] is None:
        return f"記者 {' '.join(named[0])}"
    if is_japanese_name(part):
        return f"記者 {part}"
    return f"by {part}" if sure and is_certain(part) else part


def _parts(line: Line) -> list[str]:
    """Give the texts of the elements of which a line is made; none where any of it stands outside them."""
    element = line.block.element
    found: list[str] = []
    waiting = [element]
    while len(waiting) == 1:  # a link around a row, a wrapper in it
        element = waiting[0]
        if (element.text or "").strip(_MARKS).strip() or len(element) > _MOST:
            return []
        waiting = [child for child in element if isinstance(child.tag, str) and squeeze(child.text_content())]
    for child in waiting:
        if child.tag not in INLINE or (child.tail or "").strip().strip(_MARKS):
            return []
        found.append(squeeze(child.text_content()))
    return found if letters("".join(found)) == letters(line.text) else []
