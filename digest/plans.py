"""What a plan's slots mean for its digests: which one a person names, and what time each one covers.

When they are is told by ``crawler.slots``, for the crawl polls before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.errors import UsageError
from crawler.slots import Slot, forwards, instant, last_slot, next_slot, of_day, slots
from crawler.slots import due_slot as due

if TYPE_CHECKING:  # pydantic costs a tenth of a second, and nothing here needs it
    from crawler.config import PlanConfig

__all__ = [
    "Slot",
    "Window",
    "days_before",
    "due",
    "first_window",
    "in_words",
    "last_slot",
    "next_slot",
    "read_slot",
    "slots",
    "upcoming",
]


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, its end not included. In UTC."""

    since: datetime
    until: datetime


def upcoming(plan: PlanConfig, now: datetime, number: int = 3) -> list[Slot]:
    """List the plan's next slots; none for a plan without times."""
    return list(islice(forwards(plan, now), number))


def in_words(slot: Slot, plan: PlanConfig) -> str:
    """Write when a slot is due, in the plan's zone, as a person would: Mon 30 Nov 2026 07:00."""
    local = slot.due.astimezone(ZoneInfo(plan.timezone))
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local:%Y %H:%M}"


def read_slot(plan: PlanConfig, text: str) -> Slot:
    """Find the slot that a person named: a date, a date with a time, or an instant with its offset."""
    wanted = text.strip()
    form = 'a date such as "2026-11-23", with a time "2026-11-23 07:00", or an instant "2026-11-23T06:00:00Z"'
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError:
        raise UsageError(f"slot {text!r} is no time; wanted {form}") from None
    if re.fullmatch(r"\d{4}-?\d\d-?\d\d", wanted):
        found = of_day(plan, moment.date()) if plan.every is None else []
        if len(found) == 1:
            return found[0]
        if found:
            keys = ", ".join(slot.key for slot in found)
            raise UsageError(f"plan {plan.name} has several slots on {moment.date()}: name one of {keys}")
    elif moment.tzinfo is None and plan.every is None:
        for slot in of_day(plan, moment.date()):
            if slot.due == instant(moment.date(), moment.time(), ZoneInfo(plan.timezone)):
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
    cuts = [instant(local.date() - timedelta(days=back), local.time(), ZoneInfo(zone)) for back in range(days, 0, -1)]
    cuts.append(until.astimezone(UTC))
    return [Window(since, then) for since, then in pairwise(cuts)]


def first_window(slot: Slot, plan: PlanConfig) -> Window:
    """Give the window of a plan's first edition: the time between two of its slots, a day at least."""
    previous = last_slot(plan, slot.due - timedelta(seconds=1))
    since = previous.due if previous else slot.due
    return Window(min(since, slot.due - timedelta(days=1)), slot.due)
