"""The slots of a plan: when it is due, in its own zone, over every change of the clocks. Pure.

A slot's key is what the ledger of runs keeps: the local date for a plan with one time a day, the local date with the
time for several, the UTC instant for ``every`` and for cron's "every hour". So a local date has its digest once,
whatever the clocks do that night: a time that is skipped comes at the next valid instant, one that is repeated the
first time. What goes by the hours that pass comes as often as it is read on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.recurrence import WEEKDAYS, Days, Recurrence

if TYPE_CHECKING:  # pydantic costs a tenth of a second, and nothing here needs it
    from crawler.config import PlanConfig

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Weekday and date of 29 February meet again within so many years, also over 2100.
_YEARS = 40


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment at which a plan makes a digest."""

    #: 2026-11-23, 2026-11-23 07:00 (several a day) or 2026-11-23T06:00:00Z (every).
    key: str
    #: In UTC.
    due: datetime


def last_slot(plan: PlanConfig, now: datetime) -> Slot | None:
    """Give the newest slot that is due at this moment; None for a plan without times."""
    return next(backwards(plan, now), None)


def due_slot(plan: PlanConfig, now: datetime) -> Slot | None:
    """Give the slot that should have been made by now, unless it is later than the plan's max_late allows."""
    since = now - timedelta(seconds=plan.max_late)
    slot = next(backwards(plan, now, since), None)
    return slot if slot is not None and slot.due >= since else None


def next_slot(plan: PlanConfig, now: datetime) -> Slot | None:
    """Give the first slot after this moment; None for a plan without times."""
    return next(forwards(plan, now), None)


def slots(plan: PlanConfig, since: datetime, until: datetime) -> list[Slot]:
    """List the slots after `since` up to `until`, oldest first."""
    found = []
    for slot in backwards(plan, until, since):
        if slot.due <= since:
            break
        found.append(slot)
    return found[::-1]


def forwards(plan: PlanConfig, now: datetime) -> Iterator[Slot]:
    """Give the slots after this moment, the next one first; they end after years without one."""
    if plan.every is not None:
        number, quiet = int((now - _EPOCH).total_seconds() // plan.every), 0
        # Weekdays may rule out a whole week but one, never more.
        while quiet < int(8 * 86_400 // plan.every) + 2:
            number, quiet = number + 1, quiet + 1
            slot = _instant(plan, number)
            if _wanted(plan, slot.due):
                quiet = 0
                yield slot
        return
    if not plan.at:
        return
    last = now
    # Yesterday too: a time that a change of the clocks skipped may fall on the next day.
    day = now.astimezone(ZoneInfo(plan.timezone)).date() - timedelta(days=1)
    end = day.year + _YEARS
    while day.year <= end:
        for slot in of_day(plan, day):
            if slot.due > last:
                last = slot.due
                yield slot
        day += timedelta(days=1)


def backwards(plan: PlanConfig, now: datetime, since: datetime = _EPOCH) -> Iterator[Slot]:
    """Give the slots up to this moment, newest first; nobody looks for those before `since`."""
    if plan.every is not None:
        for number in range(int((now - _EPOCH).total_seconds() // plan.every), -1, -1):
            slot = _instant(plan, number)
            if slot.due < since:
                return
            if _wanted(plan, slot.due):
                yield slot
        return
    if not plan.at:
        return
    zone = ZoneInfo(plan.timezone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    first = since.astimezone(zone).date() - timedelta(days=1)
    while day >= first:
        yield from (slot for slot in reversed(of_day(plan, day)) if slot.due <= now)
        day -= timedelta(days=1)


def of_day(plan: PlanConfig, day: date) -> list[Slot]:
    """List the slots that belong to a local date, in their order; those that fall on one instant are one."""
    zone = ZoneInfo(plan.timezone)
    several = _times_a_day(plan) > 1
    found: dict[datetime, Slot] = {}
    for each in recurrences(plan):
        if not each.days.has(day):
            continue
        for at in each.times:
            if each.hourly:
                found |= {due: Slot(f"{due:%Y-%m-%dT%H:%M:%SZ}", due) for due in _readings(day, at, zone)}
            else:
                due = instant(day, at, zone)
                found[due] = Slot(f"{day} {at:%H:%M}" if several else f"{day}", due)
    return [found[due] for due in sorted(found)]


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Turn a local time into its instant: the first one when it comes twice, the next valid one when it is skipped."""
    local = datetime.combine(day, at.replace(fold=0, tzinfo=None), tzinfo=zone)
    due = local.astimezone(UTC)
    if due.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return due
    # Skipped: the clocks go forward somewhere between its readings with the old and with the new offset.
    early = local.replace(fold=1).astimezone(UTC)
    late = due
    offset = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late


def recurrences(plan: PlanConfig) -> list[Recurrence]:
    """Give the plan's times with their days; those that name none have the plan's."""
    # In the order in which they are read on a clock: of those that fall on one instant the last one counts.
    plain = tuple(sorted(each for each in plan.at if isinstance(each, time)))
    numbers = frozenset((WEEKDAYS.index(day), 0) for day in plan.days)
    own = [Recurrence("", plain, Days(weekdays=numbers))] if plain else []
    return [*own, *(each for each in plan.at if isinstance(each, Recurrence))]


def _readings(day: date, at: time, zone: ZoneInfo) -> set[datetime]:
    """Find every instant at which the clocks show a local time: one, two, or none where it is skipped."""
    local = datetime.combine(day, at.replace(tzinfo=None))
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return {due for due in both if due.astimezone(zone).replace(tzinfo=None) == local}


def _times_a_day(plan: PlanConfig) -> int:
    """Count the different times of day that a plan has."""
    return len({at for each in recurrences(plan) for at in each.times if not each.hourly})


def _instant(plan: PlanConfig, number: int) -> Slot:
    due = _EPOCH + timedelta(seconds=number * (plan.every or 0.0))
    return Slot(f"{due:%Y-%m-%dT%H:%M:%SZ}", due)


def _wanted(plan: PlanConfig, due: datetime) -> bool:
    return WEEKDAYS[due.astimezone(ZoneInfo(plan.timezone)).weekday()] in plan.days
