"""What the service leaves to workers: visits, digests and stories; and what of it workers do on threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from crawler import enqueueing
from crawler.enqueueing import DIGEST, GROUP
from digest import making, regrouping
from digest.definitions import synchronise
from digest.plans import Slot

if TYPE_CHECKING:
    from crawler.acts import Act, Hand
    from crawler.archive import Archive
    from crawler.config import Config, PlanConfig

#: Of stories, all that changed is one job.
_ALL = "all"


def hand_out_visits(archive: Archive, config: Config, now: datetime) -> tuple[int, int]:
    """Let workers visit what is due; give how many jobs are new, and how many are not done yet."""
    synchronise(archive, config, now)
    archive.jobs.prepare()
    added = enqueueing.enqueue(archive, config, now)
    queues = archive.work().queues
    return added, sum(
        each.jobs for each in queues if each.queue == enqueueing.CRAWL and each.state in ("todo", "doing")
    )


def is_crawled(archive: Archive) -> bool:
    """Tell whether a worker visits a source now; some leave that to others."""
    return any(each.queue == enqueueing.CRAWL and each.state == "doing" for each in archive.work().queues)


def hand_out_digests(archive: Archive, due: Iterable[tuple[PlanConfig, Slot]]) -> None:
    """Let workers make the editions of slots."""
    archive.jobs.prepare()
    for plan, slot in due:
        archive.jobs.add(DIGEST, {_thing(plan, slot): 2}, {"due": slot.due.isoformat()})


def is_waited_for(archive: Archive, plan: PlanConfig, slot: Slot, now: datetime, *, patient: bool) -> bool:
    """Tell whether the edition of a slot is a worker's; who is not patient takes it back if none has begun it."""
    enqueueing.take_back(archive, now)
    state = archive.jobs.state(DIGEST, _thing(plan, slot))
    if state == "todo" and not patient:
        return not archive.jobs.withdraw(DIGEST, _thing(plan, slot))
    return state != ""


def hand_out_grouping(archive: Archive) -> bool:
    """Let a worker put what came into stories; False when none has begun what was asked for the last time."""
    archive.jobs.prepare()
    if archive.jobs.withdraw(GROUP, _ALL):
        return False
    archive.jobs.add(GROUP, {_ALL: 0})
    return True


def _thing(plan: PlanConfig, slot: Slot) -> str:
    return f"{plan.name} {slot.key}"


def _make(hand: Hand, thing: str, *, due: str) -> str:
    """Make the edition of a slot."""
    name, _, key = thing.partition(" ")
    plan = hand.config.plans.get(name)
    if plan is None:
        return "there is no such digest in the configuration of this worker"
    told = making.make(hand.archive, hand.config, plan, Slot(key, datetime.fromisoformat(due)), hand.clock)
    return told or "made by another process, or under way there"


def _group(hand: Hand, thing: str) -> str:  # noqa: ARG001  (there is one such job only)
    """Put what came into stories."""
    return f"{regrouping.keep_up(hand.archive, hand.clock(), hand.config)} stories written"


#: What workers do for the service besides visits.
ACTS: Mapping[str, Act] = {DIGEST: _make, GROUP: _group}
