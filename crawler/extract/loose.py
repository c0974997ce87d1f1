"""Reads the dates that a page prints about its headline and below its text, outside byline lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extract import eyes
from crawler.extract.below import is_answer, is_of_others, is_of_site, is_on_card, leads_away
from crawler.extract.datelines import read_dates, read_line
from crawler.extract.dates import Printed, clean, find_spans, may_hold
from crawler.extract.datewords import (
    CHANGE_NAMES,
    CHANGED,
    ELSEWHERE,
    FIRST_BEFORE,
    FIRST_WORDS,
    OF_PAGE,
    ORIGINAL_BEFORE,
    THIS_POST,
)
from crawler.extract.events import is_of_data, is_of_event
from crawler.extract.lines import of_picture
from crawler.extract.mastheads import is_masthead
from crawler.extract.page import Line
from crawler.extract.sameday import change_below

#: Words of names that are written small are no longer than this: "van der".
_SMALL = 3


@dataclass(slots=True)
class Loose:
    """The dates that a page prints about its headline and below its text, outside byline lines."""

    #: With words that say that the text was first published then.
    first: list[Printed] = field(default_factory=list)
    #: With words that say that the text was first published then, here or in another house.
    original: list[Printed] = field(default_factory=list)
    #: Under the headline, the best first.
    under: list[Printed] = field(default_factory=list)
    #: Of these and those above, the days with a word that says that the text was published then.
    labelled: set[str] = field(default_factory=set)
    #: At the start of a paragraph, as in "Hamburg, 3. März 2021 -": the day on which it was written.
    opening: list[Printed] = field(default_factory=list)
    #: Above the headline.
    above: list[Printed] = field(default_factory=list)
    #: Below the text, with a word that says that it was published then.
    below: list[Printed] = field(default_factory=list)
    modified: list[Printed] = field(default_factory=list)
    #: The lines that are nothing but a date.
    lines: list[str] = field(default_factory=list)
    #: The line of the headline, where there is one, and the first and last of the text.
    title_at: int | None = None
    first_at: int = 0
    last_at: int = 0
    #: Where the dates under the headline stand.
    places: list[int] = field(default_factory=list)
    #: The days on which the page as such was changed, whatever text it holds.
    of_page: set[str] = field(default_factory=set)


def read_loose(lines: Sequence[Line], title_at: int | None, first_at: int, last_at: int, language: str) -> Loose:
    """Read the dates that stand alone in a line, or alone between the marks of a line, about the headline and text."""
    loose = Loose(title_at=title_at, first_at=first_at, last_at=last_at)
    title = title_at if title_at is not None and title_at <= first_at + 5 else first_at
    end = min(len(lines), max(first_at, title + 1) + 7, max(last_at, title + 1) + 1)
    head = range(max(0, title - (5 if title_at is not None else 10)), min(end, title + 41))
    # Where the text itself stands in what looks like furniture, that tells nothing.
    framed = first_at < len(lines) and lines[first_at].chrome
    furniture: list[tuple[int, Printed]] = []
    for at in (*head, *range(max(head.stop, first_at - 8), end)):
        line = lines[at]
        chrome = line.chrome and not framed
        beside = at == title - 1 and title < len(lines) and line.block.parent is lines[title].block.parent
        inside = not chrome or beside or title < at < max(first_at, title + 4)
        if at == title_at or (line.linked and at < title) or (not inside and at > first_at + 3):
            continue
        opening = first_at <= at <= first_at + 3
        where = "under" if title < at <= title + 2 and at != first_at else "opening" if opening else ""
        signed = _signer(line) if where == "under" else ""
        said = read_dates(line.text[len(signed) :], language, lines[at - 1].text if at else "", where)
        if (
            _is_beside(line, at, said, language, loose)
            or not said
            or (not inside and said[0][0] != "labelled")
            or is_of_event(lines, at)
        ):
            continue
        if said[0][0] in ("plain", "opening") and (is_of_data(lines, at) or _is_caption(line) or leads_away(line)):
            continue
        if said[0][0] == "plain" and not CHANGE_NAMES.isdisjoint(line.block.names):
            said = [("modified", said[0][1]), *said[1:]]
        loose.modified += [printed for kind, printed in said if kind == "modified"]
        kind, printed = next((item for item in said if item[0] != "modified"), said[0])
        today = at < title and title_at is not None and is_masthead(lines, at, title, first_at)
        if kind == "modified" or (kind == "plain" and today):
            continue
        if kind == "labelled":
            loose.labelled.add(printed.day)
        elif kind == "opening":
            loose.opening.append(printed)
            continue
        elif chrome and at > title + 3:
            furniture.append((at, printed))
            continue
        (loose.under if at > title else loose.above).append(printed)
        if at > title:
            loose.places.append(at)
        if len(line.text) <= 60:
            loose.lines.append(line.text)
    if not loose.under:
        loose.under += [printed for _, printed in furniture]
        loose.places += [at for at, _ in furniture]
    _read_anywhere(lines, language, loose)
    _read_below(lines, max(last_at + 1, end), first_at, framed, language, loose)
    return loose


def _is_beside(line: Line, at: int, said: Sequence[tuple[str, Printed]], language: str, loose: Loose) -> bool:
    """Read a line that stands beside a day of publication: the time of a change, or the day of the original."""
    if said and said[0][0] == "original":
        loose.original.append(said[0][1])
        loose.modified += [printed for kind, printed in said if kind == "modified"]
    elif not said and at - 1 in loose.places and (last := change_below(line.text, loose.under[-1], language)):
        loose.modified.append(last)
    else:
        return False
    loose.lines += [line.text] if len(line.text) <= 60 else []
    return True


def _read_below(lines: Sequence[Line], start: int, first_at: int, framed: bool, language: str, loose: Loose) -> None:
    """Read what is printed below the text, with a label that says whose date it is."""
    for at in range(start, min(len(lines), loose.last_at + 21)):
        said = read_line(lines[at].text, language, lines[at - 1].text, "below")
        if (
            said is None
            or is_answer(lines[at].block)
            or is_of_others(lines, at, loose.last_at)
            or is_of_event(lines, at)
            or is_on_card(lines, at, first_at)
            or is_of_site(lines, at, first_at)
        ):
            continue
        if said[0] == "labelled":
            loose.below.append(said[1])
        elif said[0] == "original":
            loose.original.append(said[1])
        elif said[0] == "modified" and (framed or not lines[at].chrome):
            loose.modified.append(said[1])
            if OF_PAGE.search(lines[at].text):
                loose.of_page.add(said[1].day)


def _is_caption(line: Line) -> bool:
    """Tell whether a line stands below a picture and tells of it; some call a standfirst "caption"."""
    return of_picture(line.block) and (line.tag == "figcaption" or line.images > 0)


def _signer(line: Line) -> str:
    """Give the name at the start of a line whose only link it is, as writers are shown before a date."""
    lead = re.match(r"\D{4,60}(?=\d)", line.text) if line.links == 1 else None
    shown = lead[0].rstrip() if lead else ""
    named = len(shown) == line.link_chars > 0 and len(shown.split()) <= 4
    return shown if named and not any(word[0].islower() and len(word) > _SMALL for word in shown.split()) else ""


def _read_anywhere(lines: Sequence[Line], language: str, loose: Loose) -> None:
    """Read sentences that tell when this very text was published, wherever they stand and are drawn."""
    for at, line in enumerate(lines):
        found = _told_anywhere(line.text, language)
        if found and (seen := eyes.seen(lines, loose.first_at, loose.title_at, language, (at,))[at]) is not line:
            found = _told_anywhere(seen.text, language)
        for kind, printed in found:
            getattr(loose, kind).append(printed)


def _told_anywhere(text: str, language: str) -> list[tuple[str, Printed]]:
    """Give the dates that a sentence tells of the very text that it belongs to, each with what it is."""
    if len(text) >= 300 or not may_hold(text):
        return []
    found: list[tuple[str, Printed]] = []
    if THIS_POST.search(text[:120]) and (said := read_line(text, language, "", "below")):
        kind = {"labelled": "below", "modified": "modified"}.get(said[0])
        found += [(kind, said[1])] if kind else []
    small = text.lower()
    if any(word in small for word in FIRST_WORDS):
        text = clean(text)
        for start, end, printed in find_spans(text, language):
            before, after = text[:start], text[end:]
            if FIRST_BEFORE.search(before) and not ELSEWHERE.match(after):
                here = CHANGED.search(after) or not ORIGINAL_BEFORE.search(before)
                found.append(("first" if here else "original", printed))
    return found
