"""Parts rows of facts that a page shows apart and writes without anything between: source, date, author, editor.

``<span>By Jane Roe</span><span>6 November 2019</span>`` is one line of a page. Where it cannot be read as it is, and
its elements can, they are what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.extract.byline import parse_date_line, parse_line
from crawler.extract.dates import clean, find_spans, may_hold
from crawler.extract.lines import INLINE, Line, letters, squeeze
from crawler.extract.names import is_certain
from crawler.extract.reporters import is_eastern_name, is_japanese_name, reporter

#: Longer lines are sentences; so many elements one row has.
_LONGEST, _MOST = 220, 8
#: No last name is looked for alone that is not longer.
_SHORT = 3
#: Between two parts, as pages print it.
_BAR = " | "
_MARKS = " |·•/–—-,"
#: The names of elements that hold who wrote a text, and of those that hold what it is about.
_SIGNED = re.compile(
    r"(?<![a-z])(?:authors?|by-?line|writers?|reporters?|contributors?|journalists?|columnists?|autor(?:es|en)?)"
    r"(?![a-z])"
)
_OF_TOPIC = re.compile(
    r"topic|kicker|categor|keyword|eyebrow|overline|rubri|(?<![a-z])(?:hash|main|sub)?tags?(?![a-z])|"
    r"(?<![a-z])(?:section|label|theme|channel|series)s?(?![a-z])"
)


def parted(
    lines: Sequence[Line],
    places: Iterable[int],
    language: str,
    *,
    title_at: int | None = None,
    about: Sequence[str] = (),
) -> Sequence[Line]:
    """Give the lines with the rows at ``places`` parted where that tells what they say.

    ``title_at`` is the headline's line, above which topics stand; ``about`` says what the text is about: its headline,
    lead and tags. Who is named there is no author without a label.
    """
    changed: dict[int, str] = {}
    for at in places:
        line = lines[at]
        if not 6 <= len(line.text) <= _LONGEST or not may_hold(line.text) or not len(line.block.element):
            continue
        parts = _parts(line)
        above = title_at is not None and at < title_at
        if len(parts) > 1 and (text := _told(line, parts, language, None if above else about)):
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


def _told(line: Line, elements: Sequence[HtmlElement], language: str, about: Sequence[str] | None) -> str:
    """Give a row with its parts apart, or "" where it is read as it is, or tells nothing that way either."""
    parts = [squeeze(element.text_content()) for element in elements]
    glued = squeeze(" ".join(parts)) not in line.text
    dates = [part for part in parts if parse_date_line(part, language)]
    marks = [_marks(line, element) for element in elements]
    if dates and (rest := _without_topics(line, parts, marks, about, glued=glued)) is not None:
        return rest
    if not glued and parse_line(line.text, language) is not None:
        return ""
    free = not line.link_chars
    named = [_labelled(*each, language, free=free) for each in zip(parts, marks, strict=True)] if dates else parts
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


def _without_topics(
    line: Line, parts: Sequence[str], marks: Sequence[str], about: Sequence[str] | None, *, glued: bool
) -> str | None:
    """Give a row with a date without the persons in it that are its topics; None where there are none.

    Without ``about`` the row stands above the headline.
    """
    left = []
    for part, mark in zip(parts, marks, strict=True):
        named = is_certain(part) or is_japanese_name(part)
        topic = named and (
            _OF_TOPIC.search(mark) is not None
            or (
                _SIGNED.search(mark) is None
                and (about is None or bool(glued and line.link_chars) or _is_told_of(part, line, about))
            )
        )
        if not topic:
            left.append(part)
    return _BAR.join(left) if len(left) < len(parts) else None


def _labelled(part: str, marks: str, language: str, *, free: bool) -> str:
    """Put the word for an author before a name that has none; ``free``: nothing of its row is a link."""
    if (named := reporter(part, language)) is not None and named[1] is None:
        return f"記者 {' '.join(named[0])}"
    if _OF_TOPIC.search(marks):
        return part
    marked = _SIGNED.search(marks) is not None
    if (marked and is_eastern_name(part, language, marked=True)) or (free and is_japanese_name(part)):
        return f"記者 {part}"
    return f"by {part}" if (marked or free) and is_certain(part) else part


def _marks(line: Line, element: HtmlElement) -> str:
    """Give in small letters what an element of a row, those in it and the row are called, and where they lead."""
    held = [each for each in element.iter() if isinstance(each.tag, str)]
    inner = " ".join(each.get(name) or "" for each in held for name in ("class", "rel", "itemprop", "href"))
    return f"{inner} {' '.join(line.block.names)}".lower()


def _is_told_of(name: str, line: Line, about: Sequence[str]) -> bool:
    """Tell whether a text is about whom a row names, by the whole name or by what it ends with."""
    last = re.escape(name.rsplit(maxsplit=1)[-1]) if " " in name else ""
    # Short ones are words, too: "Thu Hà" beside Hà Nội.
    wanted = re.compile(rf"(?<!\w){last}(?!\w)", re.IGNORECASE) if len(last) > _SHORT else None
    return any(
        letters(name) in letters(text) or (wanted is not None and wanted.search(text) is not None)
        for text in about
        if letters(line.text) not in letters(text)
    )


def _parts(line: Line) -> list[HtmlElement]:
    """Give the elements of which a line is made; none where any of it stands outside them."""
    element = line.block.element
    found: list[HtmlElement] = []
    waiting = [element]
    while len(waiting) == 1:  # a link around a row, a wrapper in it
        element = waiting[0]
        if (element.text or "").strip(_MARKS).strip() or len(element) > _MOST:
            return []
        waiting = [child for child in element if isinstance(child.tag, str) and squeeze(child.text_content())]
    for child in waiting:
        if child.tag not in INLINE or (child.tail or "").strip().strip(_MARKS):
            return []
        found.append(child)
    told = "".join(child.text_content() for child in found)
    return found if letters(told) == letters(line.text) else []
