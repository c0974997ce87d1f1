"""Where an article stands in the index: newest published first is highest position first.

``position = minute << 12 | number``: the minute of its publication (of its first sight when it is undated) and a
number within that minute. A minute that is full (4,096 articles: daily imports dated midnight) spills into the next;
``state.position_spill`` remembers by how many minutes at most, so that a search by date knows how far to look;
``state.position_lag`` by how many minutes articles stand too early that an older Presswatch has put there.
"""

from __future__ import annotations

from datetime import datetime

from crawler.archive.store import Store
from crawler.archive.times import MINUTE, micros_or_none
from crawler.query import dates

NUMBERS = 12
_ROOM = 1 << NUMBERS


def dated(published: str | None, published_utc: datetime | None) -> int | None:
    """Tell when an article was published, in microseconds; None when it is undated."""
    return micros_or_none(dates.published(published, published_utc))


def bounds(store: Store, after: int | None, before: int | None) -> tuple[int | None, int | None]:
    """Give the positions [low, high) in which every article dated [after, before) lies; their rows are checked yet."""
    low = None if after is None else (after // MINUTE - store.state("position_lag", 0)) << NUMBERS
    high = None
    if before is not None:
        spill = store.state("position_spill", 0)
        high = (-(-before // MINUTE) + spill) << NUMBERS
    return low, high


class Positions:
    """Gives out positions; used inside a writing transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        #: A full minute -> the minute to look at instead, so that a great import does not walk them one by one.
        self._full: dict[int, int] = {}

    def take(self, moment: int) -> int:
        """Find the next free position of the minute of this moment."""
        wanted = minute = moment // MINUTE
        while True:
            while minute in self._full:
                minute = self._full[minute]
            first = minute << NUMBERS
            last = self._store.value(
                "SELECT position FROM articles WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT 1",
                (first, first + _ROOM - 1),
            )
            if last is None or last < first + _ROOM - 1:
                break
            self._full[minute] = minute + 1
        if minute != wanted:
            self._full[wanted] = minute
            if minute - wanted > self._store.state("position_spill", 0):
                self._store.set_state("position_spill", minute - wanted)
        return first if last is None else int(last) + 1

    def holds(self, position: int, moment: int) -> bool:
        """Tell whether a position still is one of the minute of this moment (or of the minutes it spilled into)."""
        minute = moment // MINUTE
        return minute <= position >> NUMBERS <= minute + int(self._store.state("position_spill", 0))
