"""Reads the dates that elements are marked with about a page's headline: by class, by label, and <time>."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.dates import Printed, clean, find_spans, read, read_machine
from crawler.extract.datewords import DATES, NOT_THE_TEXT, TAKES_PLACE
from crawler.extract.events import is_event_field
from crawler.extract.eyes import hides
from crawler.extract.moments import as_shown
from crawler.extract.own import Own, is_told_of, text_before
from crawler.extract.page import squeeze

_PUBLISHED = re.compile(
    r"publish|entry-date|post-date|postdate|pubdate|article-?date|dateline|posted|timestamp|created", re.IGNORECASE
)
_MODIFIED = re.compile(
    r"modif|updat|upd-|revis|aktualis|geändert|mis à jour|aggiornat|actualizad|(?:^|[\s_-])changed(?=$|[\s_-])",
    re.IGNORECASE,
)
#: What the time of an event or of an end is called, and today's.
_EVENT = re.compile(
    r"event|countdown|termin(?![aeiou])|veranstalt|concert|konzert|agenda|calendar|kalender|deadline|expir|birth|(?:start|end)-?(?:date|time)|"
    r"(?:^|[\s_-])(?:today|current|now)(?=$|[\s_-])",
    re.IGNORECASE,
)


def read_times(elements: Sequence[HtmlElement], own: Own, language: str) -> tuple[list[Printed], list[Printed]]:
    """Read the dates of publication, the best first, and those of changes."""
    modified: list[Printed] = []
    sure: list[tuple[int, Printed]] = []
    found: list[tuple[int, Printed]] = []
    beside: list[Printed] = []
    for element in elements:
        if element.tag == "h1" or (element.tag != "time" and not _is_dated(element)) or _is_unseen(element):
            continue
        if not own.has(element) or own.is_of_others(element):
            if own.has_beside(element) and (printed := of_element(element, language)):
                beside.append(printed)
            continue
        printed = of_element(element, language)
        if printed is None:
            continue
        names = " ".join(filter(None, (element.get("class"), element.get("itemprop"), _class_of_parent(element))))
        if _is_change(element, names, language):
            modified.append(printed)
        elif element.get("pubdate") is not None or _PUBLISHED.search(names):
            sure.append((own.steps(element), printed))
        elif not (_EVENT.search(names) or own.is_masthead(element) or is_told_of(element) or _is_of_event(element)):
            found.append((own.steps(element), printed))
    # The nearest to the headline; of those equally near, the first.
    published = [min(dates, key=lambda item: item[0])[1] for dates in (sure, found) if dates]
    if not published and len({printed.day for printed in beside}) == 1:
        published = beside[:1]
    return published, modified


def _is_unseen(element: HtmlElement) -> bool:
    """Tell whether a printed date is not drawn; what is written for machines need not be."""
    if element.tag == "time" or element.get("content") or element.get("datetime"):
        return False
    return any(hides(node) for node in (element, *islice(element.iterancestors(), 2)))


def _is_of_event(element: HtmlElement) -> bool:
    """Tell whether what stands before an element or close behind it says that its date is another thing's."""
    label = text_before(element)
    if NOT_THE_TEXT.search(label) or TAKES_PLACE.search(label) or is_event_field(label):
        return True
    parent = element.getparent()
    if label.rstrip(" :：").casefold() not in DATES or parent is None:
        return False
    return any(
        is_event_field(squeeze("".join(islice(node.itertext(), 4)))) for node in islice(parent.itersiblings(), 3)
    )


def _is_change(element: HtmlElement, names: str, language: str) -> bool:
    """Tell whether an element's date is that of a change: by what readers see in it, else by its names and label."""
    text = _shown(element)[:80]
    if _PUBLISHED.search(text):
        return False
    if change := _MODIFIED.search(text):
        # "March 3, 2026 8:12 AM Updated 3 hours ago": what is behind another's word is not this date.
        dated = find_spans(clean(text[: change.start()]), language)
        return not (dated and any(map(str.isdigit, text[change.end() :])))
    changed = _MODIFIED.search(f"{names} {text_before(element)}") is not None
    return changed and not _PUBLISHED.search(element.get("class") or "")


def _is_dated(element: HtmlElement) -> bool:
    names = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", element.get("class") or "")
    return (
        re.search(
            r"(?:^|[\s_-])(?:date|datum|fecha|published?|publish(?:ed)?-?(?:date|time|on|at)?|entry-date|post-?date|pubdate|"
            r"article-?date|updated|dateline|timestamp|created|(?:post|entry|article|news|meta|item)[_-]?time)(?=$|[\s_])",
            names,
            re.IGNORECASE,
        )
        is not None
        and len(element.text_content()) < 90
    )


def of_element(element: HtmlElement, language: str) -> Printed | None:
    """Read the date of an element: what is written for machines, else what is printed."""
    if within := _of_time_within(element, language):
        return within
    text = _shown(element)
    for value in (element.get("content"), element.get("datetime"), element.get("title"), text):
        if value:
            printed = read_machine(value) or read(value, language)
            if printed:
                shown = read(text, language) if any(map(str.isdigit, text)) else None
                return as_shown(printed, shown)
    return None


def _of_time_within(element: HtmlElement, language: str) -> Printed | None:
    """Read the <time> that an element marked as a date holds: it is finer, or has a zone."""
    inner = next(element.iter("time"), None) if len(element) and element.tag != "time" else None
    if inner is None or not inner.get("datetime"):
        return None
    found, shown = of_element(inner, language), read(_shown(element), language)
    same = found is not None and (shown is None or as_shown(found, shown).day == shown.day)
    return found if same else None


def _shown(element: HtmlElement) -> str:
    """Give the text of an element, whose parts stand apart: <span>3 March 2026</span><span>8:12</span>."""
    return squeeze(" ".join(islice(element.itertext(), 12)))[:120]


def _class_of_parent(element: HtmlElement) -> str:
    parent = element.getparent()
    return (parent.get("class") or "") if parent is not None else ""
