"""When a plan is due: its slots, in its own zone, over every change of the clocks.

A slot's key is what the ledger of runs keeps: the local date for a plan with one time a day, the local date with the
time for several, the UTC instant for ``every``. So a local date has its digest once, whatever the clocks do that night.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.errors import UsageError

if TYPE_CHECKING:  # pydantic costs a tenth of a second, and nothing here needs it
    from crawler.config import PlanConfig

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment at which a plan makes a digest."""

    #: 2026-11-23, 2026-11-23 07:00 (several a day) or 2026-11-23T06:00:00Z (every).
    key: str
    #: In UTC.
    due: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, its end not included. In UTC."""

    since: datetime
    until: datetime


def last_slot(plan: PlanConfig, now: datetime) -> Slot | None:
    """Give the newest slot that is due at this moment; None for a plan without times."""
    return next(_backwards(plan, now), None)


def due(plan: PlanConfig, now: datetime) -> Slot | None:
    """Give the slot that should have been made by now, unless it is later than the plan's max_late allows."""
    slot = last_slot(plan, now)
    return slot if slot is not None and now - slot.due <= timedelta(seconds=plan.max_late) else None


def next_slot(plan: PlanConfig, now: datetime) -> Slot | None:
    """Give the first slot after this moment; None for a plan without times."""
    if plan.every is not None:
        number = int((now - _EPOCH).total_seconds() // plan.every) + 1
        # Weekdays may rule out a whole week but one, never more.
        for ahead in range(int(8 * 86_400 // plan.every) + 2):
            slot = _instant(plan, number + ahead)
            if _wanted(plan, slot.due):
                return slot
        return None
    today = now.astimezone(ZoneInfo(plan.timezone)).date()
    # Yesterday too: a time that a change of the clocks skipped may fall on the next day.
    ahead_slots = (slot for days in range(-1, 9) for slot in _of_day(plan, today + timedelta(days=days)))
    return min((slot for slot in ahead_slots if slot.due > now), key=lambda slot: slot.due, default=None)


def slots(plan: PlanConfig, since: datetime, until: datetime) -> list[Slot]:
    """List the slots after `since` up to `until`, oldest first."""
    found = []
    for slot in _backwards(plan, until):
        if slot.due <= since:
            break
        found.append(slot)
    return found[::-1]


def read_slot(plan: PlanConfig, text: str) -> Slot:
    """Find the slot that a person named: a date, a date with a time, or an instant with its offset."""
    wanted = text.strip()
    form = 'a date such as "2026-11-23", with a time "2026-11-23 07:00", or an instant "2026-11-23T06:00:00Z"'
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError:
        raise UsageError(f"slot {text!r} is no time; wanted {form}") from None
    if re.fullmatch(r"\d{4}-?\d\d-?\d\d", wanted):
        of_day = _of_day(plan, moment.date()) if plan.every is None else []
        if len(of_day) == 1:
            return of_day[0]
        if of_day:
            keys = ", ".join(slot.key for slot in of_day)
            raise UsageError(f"plan {plan.name} has several slots on {moment.date()}: name one of {keys}")
    elif moment.tzinfo is None and plan.every is None:
        for slot in _of_day(plan, moment.date()):
            if slot.key in {f"{moment:%Y-%m-%d %H:%M}", f"{moment:%Y-%m-%d}"} and _has(plan, moment.time()):
                return slot
    elif moment.tzinfo is not None:
        slot_then = last_slot(plan, moment.astimezone(UTC))
        if slot_then is not None and slot_then.due == moment:
            return slot_then
    near = last_slot(plan, moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(plan.timezone)))
    remedy = f"; the one before it is {near.key}" if near else ""
    raise UsageError(f"plan {plan.name} has no slot at {text!r}{remedy}; wanted {form}")


def days_before(until: datetime, zone: str, days: int = 14) -> list[Window]:
    """Cut the days before a moment at its own local time of day, oldest first: what a digest's chart counts.

    A digest at seven would show a stump for today if days began at midnight.
    """
    local = until.astimezone(ZoneInfo(zone))
    cuts = [_utc(local.date() - timedelta(days=back), local.time(), ZoneInfo(zone)) for back in range(days, 0, -1)]
    cuts.append(until.astimezone(UTC))
    return [Window(since, then) for since, then in pairwise(cuts)]


def first_window(slot: Slot, plan: PlanConfig) -> Window:
    """Give the window of a plan's first edition: the time between two of its slots, a day at least."""
    previous = last_slot(plan, slot.due - timedelta(seconds=1))
    since = previous.due if previous else slot.due
    return Window(min(since, slot.due - timedelta(days=1)), slot.due)


def _backwards(plan: PlanConfig, now: datetime) -> Iterator[Slot]:
    """Give the slots up to this moment, newest first, without end."""
    if plan.every is not None:
        for number in range(int((now - _EPOCH).total_seconds() // plan.every), -1, -1):
            slot = _instant(plan, number)
            if _wanted(plan, slot.due):
                yield slot
        return
    if not plan.at:
        return
    day = now.astimezone(ZoneInfo(plan.timezone)).date() + timedelta(days=1)
    while day.year > 1970:
        yield from (slot for slot in reversed(_of_day(plan, day)) if slot.due <= now)
        day -= timedelta(days=1)


def _instant(plan: PlanConfig, number: int) -> Slot:
    instant = _EPOCH + timedelta(seconds=number * (plan.every or 0.0))
    return Slot(f"{instant:%Y-%m-%dT%H:%M:%SZ}", instant)


def _wanted(plan: PlanConfig, instant: datetime) -> bool:
    return _DAYS[instant.astimezone(ZoneInfo(plan.timezone)).weekday()] in plan.days


def _has(plan: PlanConfig, wanted: time) -> bool:
    return any((at.hour, at.minute) == (wanted.hour, wanted.minute) for at in plan.at)


def _of_day(plan: PlanConfig, day: date) -> list[Slot]:
    """List the slots that belong to a local date, in their order."""
    if _DAYS[day.weekday()] not in plan.days:
        return []
    zone = ZoneInfo(plan.timezone)
    several = len(plan.at) > 1
    return [Slot(f"{day} {at:%H:%M}" if several else f"{day}", _utc(day, at, zone)) for at in sorted(plan.at)]


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Turn a local time into its instant: the first one when it comes twice, the next valid one when it is skipped."""
    local = datetime.combine(day, at.replace(fold=0, tzinfo=None), tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # Skipped: the clocks go forward somewhere between its readings with the old and with the new offset.
    early = local.replace(fold=1).astimezone(UTC)
    late = instant
    offset = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late
