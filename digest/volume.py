"""How many articles matched on each of the last days, and what may be concluded from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from digest.content import Bar
from digest.plans import Window, days_before

if TYPE_CHECKING:
    from crawler.archive import Archive, CoverageRow
    from crawler.config import PlanConfig

#: A day on which more of the sources than this were not seen as usual says nothing about the news.
_TROUBLED_SHARE = 0.1


def days(archive: Archive, plan: PlanConfig, until: datetime, watches: Collection[str], now: datetime) -> list[Bar]:
    """Count matching articles by publication; days before the archive began are not whole.

    What sources published that came later, or were not seen on all days, is left out of what is compared.
    """
    query = " OR ".join(f"watch:{name}" for name in plan.watches or watches if name in watches)
    windows = days_before(until, plan.timezone)
    first = archive.changes.since(0, limit=1)
    began = first[0].at if first else now
    rows = archive.sources.coverage(None, windows[0].since, until)
    unsteady = {row.source for row in rows if _is_ill(row)}
    unsteady |= {source for source, at in archive.sources.added().items() if at > max(began, windows[0].since)}
    ill = _ill_days(rows)
    bars = []
    for day in windows:
        found = archive.stats(query, "source", day.since, day.until, now=now)
        bars.append(_bar(day, found, unsteady, began, ill))
    return bars


def _bar(day: Window, found: Mapping[str, int], unsteady: Collection[str], began: datetime, ill: set[date]) -> Bar:
    count = sum(found.values())
    whole = began <= day.since and not {day.since.date(), day.until.date()} & ill
    steady = sum(number for source, number in found.items() if source not in unsteady)
    # That nothing is kept of a day before the archive began says nothing about the day.
    return Bar(day.until, count if count or began < day.until else None, whole, steady)


def _is_ill(row: CoverageRow) -> bool:
    return row.failed_polls * 10 > row.polls or row.gaps > 0


def _ill_days(rows: Sequence[CoverageRow]) -> set[date]:
    """Name the days on which many of the sources that were polled were not seen as usual."""
    polled = [row for row in rows if row.polls]
    counts = {day: [_is_ill(row) for row in polled if row.day == day] for day in {row.day for row in polled}}
    return {day for day, found in counts.items() if sum(found) > _TROUBLED_SHARE * len(found)}
