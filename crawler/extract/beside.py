"""Reads a name that stands alone in a line by the date of a text, where nothing else says whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.extract.dates import find_spans, may_hold
from crawler.extract.names import is_certain, is_name
from crawler.extract.page import ParsedPage
from crawler.extract.reporters import is_japanese_name
from crawler.extract.roles import NO_PERSON
from crawler.extract.signing import signed

#: A quotation's, or a picture's: "Jane Roe/AP".
_QUOTED = re.compile(r"^[-–—―\"“„«'‘]|\w/\w")
_NO_NAMES = frozenset(("h1", "h2", "h3", "button", "figcaption", "blockquote"))


def beside_dates(page: ParsedPage, dates: Sequence[int], known: Iterable[str], language: str = "") -> tuple[str, ...]:
    """Read a name that stands alone in a line by the date of a text, when the page shows elsewhere that it is a person.

    ``dates`` are the places of the lines of its date, ``known`` what is no name: title, site, sections.
    Without a second sign, sections and buttons were read as names on 16 of 28 pages.
    """
    others = " ".join(known).casefold()
    for at in dates or _dated_under_title(page, language):
        if found := _certain_about(page, at, others, language):
            return found
    for near in dict.fromkeys(at + step for at in dates for step in (-1, 1, -2, 2)):
        if not 0 <= near < len(page.lines) or near in dates or page.lines[near].tag in ("h1", "h2", "h3", "button"):
            continue
        text = page.lines[near].text
        glued = re.fullmatch(r"(?:By|Von|Par|Por)([A-ZÀ-Þ].+)", text)
        name = glued[1] if glued else text
        if not 2 <= len(name.split()) <= 4 or not is_name(name) or NO_PERSON.search(name) or name.isupper():
            continue
        if name.casefold() not in others and (glued or _is_shown(name, page)):
            return (name,)
    return ()


def _dated_under_title(page: ParsedPage, language: str) -> list[int]:
    """Give the place of the first short line with a date close under the headline, of whatever that is the date."""
    title = next((at for at, line in enumerate(page.lines) if line.tag == "h1"), None)
    if title is None:
        return []
    for at in range(title + 1, min(title + 7, len(page.lines))):
        text = page.lines[at].text
        if len(text) > 100:
            break  # the text itself, behind which readers answer
        if len(text) <= 60 and not page.lines[at].chrome and may_hold(text) and find_spans(text, language):
            return [at]
    return []


def _certain_about(page: ParsedPage, dated: int, others: str, language: str) -> tuple[str, ...]:
    """Read the names above a date, else below it, that are persons' for certain, each in a line with nothing else.

    Between them may stand what they are, where, and for whom.
    """
    for places in (range(dated - 1, max(-1, dated - 6), -1), range(dated + 1, min(len(page.lines), dated + 4))):
        found: list[tuple[str, ...]] = []
        for at in places:
            line = page.lines[at]
            if len(line.text) > 80 or line.tag in _NO_NAMES or _QUOTED.search(line.text):
                break
            said = signed(line.text)
            persons = said.persons if said else ()
            if persons and all(_is_sure(each, language) and each.casefold() not in others for each in persons):
                found.append(persons)
            elif persons or (said is None and len(line.text.split()) > 5 and not may_hold(line.text)):
                break
        if found:
            return tuple(dict.fromkeys(name for names in (found[::-1] if places.step < 0 else found) for name in names))
    return ()


def _is_sure(name: str, language: str) -> bool:
    return is_certain(name) or (language[:2] == "ja" and is_japanese_name(name))


def _is_shown(name: str, page: ParsedPage) -> bool:
    """Tell whether a page has a picture of a name, or a line that goes on after it as only a person's does."""
    if any(line.text.startswith(f"{name} ") and line.text[len(name) + 1].islower() for line in page.lines):
        return True
    wanted = name.casefold()
    return any(wanted in (image.get("alt") or "").casefold()[:80] for image in page.tree.iter("img"))
