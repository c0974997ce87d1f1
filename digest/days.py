"""Days of counts: also those on which nothing was found, since a day of silence is news as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

#: What stands among the days for articles without one.
UNDATED = "undated"
#: For programs, a longer gap is not filled, so that one article of 1901 does not make 45,000 days.
LONGEST_GAP = 3_660
#: For people, more days in a row without anything are one line.
_FOLDED = 31
_DAY = timedelta(days=1)


def whole_span(
    found: Collection[str],
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    *,
    longest_gap: int | None = None,
) -> list[str]:
    """List all days of a span that was asked for, until today at the latest, else from the first day found to the last.

    Of more days than ``longest_gap`` in a row on which nothing was found, none is listed.
    """
    dated = sorted(date.fromisoformat(day) for day in found if day != UNDATED)
    if since is None and not dated:
        return []
    first = dated[0] if since is None else since.date()
    latest = max([now.date(), *dated[-1:]])
    if until is not None:
        last = min((until - timedelta(microseconds=1)).date(), latest)
    else:
        last = dated[-1] if since is None else latest
    return [day.isoformat() for day in _every_day(sorted({first, *dated, last}), longest_gap)] if first <= last else []


def filled(counts: Mapping[str, int], days: Iterable[str]) -> dict[str, int]:
    """Count 0 on those days that have no count; the undated stand last."""
    ordered = sorted({*days, *counts}, key=lambda day: (day == UNDATED, day))
    return {day: counts.get(day, 0) for day in ordered}


def folded(days: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """Put "first … last" in place of more than a month of days in a row on which nothing was found."""
    lines: list[str] = []
    for is_empty, run in groupby(days, key=lambda day: not counts[day]):
        row = list(run)
        lines += [f"{row[0]} … {row[-1]}"] if is_empty and len(row) > _FOLDED else row
    return lines


def _every_day(known: Sequence[date], longest_gap: int | None) -> Iterator[date]:
    """Give these days and those between them."""
    for day, following in pairwise(known):
        gap = (following - day).days - 1
        yield day
        if longest_gap is None or gap <= longest_gap:
            yield from (day + number * _DAY for number in range(1, gap + 1))
    yield known[-1]
