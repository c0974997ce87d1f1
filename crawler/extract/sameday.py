"""Reads what a page prints of one day twice: by two calendars, or with a second time of day for a change."""

from __future__ import annotations

import re
from datetime import datetime

from crawler.extract.dates import Printed, clean, find_spans
from crawler.extract.datewords import CHANGE_SAID

#: So far behind a day the word for a change stands, and so far behind that its time.
_NEAR, _BEHIND = 12, 40
_FIGURE = re.compile(r"\d")
#: A time of day and no day: what stands before it is "at" only, and no other figure is beside it.
_CLOCK = re.compile(
    r"[\s:：.,|]*(?:(?:at|um|à|a las?|alle(?: ore)?|ore|às|as|om|o|godz\.?|klo|kl\.?|saat|ve?|ob|la|ora|στις|lúc|pukul|"
    r"jam|в|во|о|об|الساعة|ساعت|בשעה|เวลา|上午|下午|晚上|早上|凌晨|中午|午前|午後|오전|오후)[\s.:：]*)?"
    r"\d{1,2}\s?(?:[:.h]|時|时|點|点|시)\s?\d{2}(?::\d{2})?(?![\d./-]|[^\d]{0,20}\d)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[\s|•·⋅,;(（\[—–-]*")


def change_of(after: str, published: Printed, language: str) -> Printed | None:
    """Read the time of a change that is printed without its day behind the day of publication, which is its day, too.

    "4 de marzo de 2024 | Última actualización: 10:35". ``after`` is what stands behind the day.
    """
    said = CHANGE_SAID.search(after)
    if said is None or said.start() > _NEAR or _FIGURE.search(after[: said.start()]):
        return None
    if _CLOCK.match(after, said.end()) is None:
        return None  # another day, or "yesterday"
    whole = find_spans(f"{published.day}, {after[said.end() :][:_BEHIND].lstrip(' :：.')}", language)
    if len(whole) != 1 or whole[0][2].precision == "day":
        return None
    first, last = datetime.fromisoformat(published.iso), datetime.fromisoformat(whole[0][2].iso)
    if published.precision == "day":
        return whole[0][2]
    if last.tzinfo is None and first.tzinfo is not None:
        last = last.replace(tzinfo=first.tzinfo)
    if (last.tzinfo is None) != (first.tzinfo is None) or last < first:
        return None  # past midnight, perhaps
    precision = whole[0][2].precision
    return Printed(last.isoformat(timespec="seconds" if precision == "second" else "minutes"), precision)


def change_below(text: str, published: Printed, language: str) -> Printed | None:
    """Read a line right below the day of publication that tells no more than the time of a change."""
    if len(text) > _NEAR + _BEHIND:
        return None
    text = clean(text)
    said = CHANGE_SAID.match(text, _LABEL.match(text).end())  # type: ignore[union-attr]  # it matches nothing, too
    return change_of(text[said.start() :], published, language) if said else None
