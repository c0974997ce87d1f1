"""Which slots of the plans may be worked on now, by what the ledger says of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.archive.runs import of_plan
from digest import plans

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import PlanConfig
    from crawler.records import Edition, Run

#: Minutes until a failed slot is tried again; the last goes on until the slot is later than the plan's max_late.
_PAUSES = (1, 5, 15, 60, 240)
#: A slot at which the process died is tried again at once, unless it has taken so many processes with it.
_CRASHES = 12


def open_slots(
    archive: Archive, configured: Iterable[PlanConfig], now: datetime
) -> list[tuple[PlanConfig, plans.Slot]]:
    """List the slots that are due, not done, and not waiting for another try."""
    due = [(plan, plans.due(plan, now)) for plan in configured]
    return [
        (plan, slot)
        for plan, slot in due
        if slot is not None
        and is_open(archive.runs.get(of_plan(plan.name), slot.key), now)
        and not _is_told(archive.editions.last(plan.name), slot, now)
    ]


def is_open(run: Run | None, now: datetime) -> bool:
    """Decide from a slot's row in the ledger whether it may be worked on now."""
    if run is None or run.state == "running":  # the claim looks at the lease
        return True
    if run.state == "done":
        return False
    if run.state == "lost" and run.attempt < _CRASHES:
        return True
    return now >= (run.finished or run.started) + pause(run)


def pause(run: Run) -> timedelta:
    """Tell how long to wait after a try that failed."""
    return timedelta(minutes=_PAUSES[min(run.attempt, len(_PAUSES)) - 1])


def _is_told(last: Edition | None, slot: plans.Slot, now: datetime) -> bool:
    """Tell whether an edition was made since a slot, so that nothing waits for it: a plan's times may have changed."""
    return last is not None and slot.due <= last.made_at <= now
