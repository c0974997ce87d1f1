"""The time before a digest in which its sources are polled for it, so that it says what is new at its hour. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.slots import forwards, last_slot, recurrences

if TYPE_CHECKING:
    from crawler.config import PlanConfig

#: Digests that come so much more often than their lead is long have what the usual rhythm brings.
_RARER = 4
#: What is polled for a digest is due in the first third: the rest is for fetching what it names.
_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Lead:
    """The time before one slot."""

    begin: datetime
    #: The slot itself.
    end: datetime

    def moment(self, luck: float) -> datetime:
        """Name a moment for a poll by a random number from 0 to 1, so that not everything is asked at once."""
        return self.begin + (self.end - self.begin) * (_SHARE * luck)

    @property
    def polled(self) -> datetime:
        """Name the moment from which on a crawl polls all that was put into this lead."""
        return self.moment(1.0)


def leads(plans: Iterable[PlanConfig], now: datetime, until: datetime) -> list[Lead]:
    """List the leads that end after now and begin before another moment, the first one first."""
    return sorted({lead for plan in plans for lead in _of_plan(plan, now, until)}, key=lambda lead: lead.end)


def _of_plan(plan: PlanConfig, now: datetime, until: datetime) -> Iterable[Lead]:
    length = timedelta(seconds=plan.poll_before)
    if not length or _is_often(plan, length):
        return
    last = last_slot(plan, now)
    before = last.due if last else None
    for slot in forwards(plan, now):
        if slot.due - length >= until:
            return
        if before is None or slot.due - before >= _RARER * length:
            yield Lead(slot.due - length, slot.due)
        before = slot.due


def _is_often(plan: PlanConfig, length: timedelta) -> bool:
    """Tell whether all slots of a plan come too often to be polled for, which saves looking at each of them."""
    if plan.every is not None:
        return plan.every < _RARER * length.total_seconds()
    return sum(len(each.times) for each in recurrences(plan)) > timedelta(days=1) / length
