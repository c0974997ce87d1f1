"""A calendar's lists in turns: each day gets its share, however many addresses a site makes of it. Pure.

A site that puts a number into each link to a day ("?v=17") has no last list of any day; its newest days must not use up
the budget of the older ones, run after run, and lists that only repeat what is known come to an end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from crawler.backfill.window import Period, period_of
from crawler.urls import host_of

#: So many lists of a day are asked for before the next ones of it wait for all other days.
_SHARE = 3
#: So many lists of one shape and day in a row that name nothing new end that day's lists of that shape.
_BARREN = 10


@dataclass(slots=True)
class Days:
    """What was asked for of each day of a source's calendars, in earlier runs of a backfill too."""

    #: (host, day) -> lists that were asked for or wait.
    _lists: Counter[tuple[str, Period | None]] = field(default_factory=Counter)
    #: shape -> its last lists in a row that named nothing new.
    _barren: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def recall(self, asked: Iterable[tuple[str, bool]]) -> None:
        """Take in what earlier runs asked for, in order: addresses, and whether they named something new."""
        for url, brought in asked:
            self.turn(url)
            self.note(url, brought=brought)

    def turn(self, url: str) -> int:
        """Say in which turn a list is asked for that was found just now."""
        day = host_of(url), period_of(url)
        self._lists[day] += 1
        return (self._lists[day] - 1) // _SHARE

    def note(self, url: str, *, brought: bool) -> None:
        """Note whether a list named something new."""
        shape = _shape(url)
        self._barren[shape] = 0 if brought else self._barren[shape] + 1

    def is_over(self, url: str) -> bool:
        """Tell whether the lists like this one, of its day, only repeat what is known."""
        return self._barren[_shape(url)] >= _BARREN


def _shape(url: str) -> tuple[str, ...]:
    """Name what the addresses of a day have in common when only numbers in them or values of their query differ."""
    parts = urlsplit(url)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return (parts.netloc, re.sub(r"\d+", "0", parts.path), *names, str(period_of(url)))
