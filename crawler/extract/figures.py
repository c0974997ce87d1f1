"""Tells which way round a page of English writes the figures of its days, where it does not name its country."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: 3/4/2025 and 03-04-2025; with points, the day stands first everywhere.
_FIGURES = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(?:19|20)\d\d(?![\d/-])")
#: Longer lines are sentences, in which people quote what others wrote.
_LONGEST = 60


def region(language: str, lines: Iterable[str], locale: str) -> str:
    """Add to plain "en" the country whose order of day and month the page shows, or else the one that it declares.

    ``locale`` is what the page declares beside its language, such as "en_US". A page that shows both orders tells
    nothing: 3/4/2025 stays no date.
    """
    if language != "en":
        return language
    shown = _orders(lines)
    if len(shown) == 1:
        return shown.pop()
    declared = locale.replace("_", "-").lower()
    return declared if not shown and re.fullmatch("en-[a-z]{2}", declared) else language


def _orders(lines: Iterable[str]) -> set[str]:
    found = set()
    for line in lines:
        if len(line) > _LONGEST or ("/" not in line and "-" not in line):
            continue
        for match in _FIGURES.finditer(line):
            first, second = int(match[1]), int(match[3])
            if second > 12 >= first:
                found.add("en-us")
            elif first > 12 >= second:
                found.add("en-gb")
    return found
