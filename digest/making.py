"""Makes the edition of a slot that is due: by the service, or by a worker that it leaves it to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.archive.runs import of_plan
from crawler.errors import ArchiveFull, PresswatchError
from digest import jobs
from digest.definitions import synchronise
from digest.journal import Line, line
from digest.tries import pause

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config, PlanConfig
    from digest.plans import Slot

_log = logging.getLogger(__name__)
#: One edition is made within this; only another process on the same archive would ever see it run out.
_RUN_LEASE = timedelta(minutes=10)


def make(archive: Archive, config: Config, plan: PlanConfig, slot: Slot, clock: Callable[[], datetime]) -> Line | None:
    """Make the edition of a slot, and say so or, as an error, why not; None when somebody else is at it, or was.

    What fails is in the ledger then, with its time to be tried again.
    """
    run = archive.runs.claim(of_plan(plan.name), slot.key, clock(), _RUN_LEASE)
    if run is None:
        return None
    try:
        synchronise(archive, config, clock())
        made = jobs.make_edition(archive, config, plan, slot, clock(), run)
    except ArchiveFull:
        raise  # no fault of the plan's: the slot is made when there is room, once the lease of this try is over
    except Exception as error:  # noqa: BLE001  whatever is wrong with one plan, the others and the crawls go on
        if not isinstance(error, PresswatchError):
            _log.exception("%s %s", plan.name, slot.key)
        why = str(error).encode(errors="replace").decode()  # it may quote what no database takes
        again = clock() + pause(run)
        text = f"{plan.name} {slot.key}: attempt {run.attempt} failed, again at {again:%H:%M} UTC: {why}"
        told = {"plan": plan.name, "slot": slot.key, "attempt": run.attempt, "again": again.isoformat()}
        archive.runs.finish(run, "failed", why, clock())
        return line(text, "digest", "error", outcome="failed", **told)
    edition = made.edition.id if made.edition else None
    number = f", edition {edition}" if edition else ""
    remedy = f"; presswatch digest review {edition} shows it" if made.outcome == "draft" else ""
    text = f"{plan.name} {slot.key}: {made.outcome}{number}{remedy}"
    return line(text, "digest", plan=plan.name, slot=slot.key, outcome=made.outcome, edition=edition)
