"""What needs somebody's attention, decided from how everything stands; nothing is asked or written here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.enqueueing import CRAWL
from digest.condition import Condition, PlanState

if TYPE_CHECKING:
    from crawler.archive import Parcel, Waiting
    from crawler.config import Config

#: On a disk with less room than this, or for so few days, something will soon fail.
LITTLE_ROOM = 1_000_000_000
_FEW_DAYS = 7.0
#: A poll and a slot that are so much overdue while no service runs are nobody's any more.
_POLL_LATE, _SLOT_LATE = timedelta(hours=1), timedelta(minutes=15)
#: A service that gave no sign of life for so long hangs.
_SILENT = timedelta(minutes=10)
#: A job that failed for good needs attention for so long; presswatch status names it for some days more.
_LATELY = timedelta(days=1)
#: How often a delivery may fail before somebody should know, by what the mail server answered: it often puts off (4xx)
#: whom it does not know yet, and takes the mail within minutes; what it refuses for good but for our settings (5xx)
#: waits for the operator alone. Others: a server that is not there may be back in a minute.
_PATIENCE, _NO_ANSWER = {"4": 3, "5": 1}, 2
_ANSWERED = re.compile(r"(?:^|\banswered )([45])\d\d\b")
#: So many failing sources, and so great a share, are this machine's fault and not theirs.
_MANY, _SHARE = 3, 0.5


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that does not mend itself."""

    #: The same for as long as it lasts: stored, digest daily, dead ann@example.org ...
    kind: str
    #: What is seen, and the remedy.
    text: str


def find(condition: Condition, config: Config) -> list[Incident]:
    """List what needs attention, the gravest first."""
    after = timedelta(seconds=config.press.operator.notice_after)
    return [
        *_disk(condition),
        *_service(condition),
        *_workers(condition, config),
        *_failed(condition),
        *_nothing_stored(condition, config, condition.at - after),
        *_failing(condition),
        *(each for plan in condition.plans for each in _not_made(plan, condition.at - after)),
        *(each for draft in condition.drafts for each in _not_reviewed(draft, condition.at - after)),
        *_mail(condition),
    ]


def _disk(condition: Condition) -> Iterator[Incident]:
    disk = condition.disk
    if disk.free is not None and disk.free + disk.unused < LITTLE_ROOM:
        yield Incident("disk", f"Only {disk.free / 1e6:.0f} MB are free beside the archive; make room.")
    elif disk.days_left is not None and disk.days_left < _FEW_DAYS:
        yield Incident(
            "disk",
            f"The disk of the archive is full in {disk.days_left:.0f} days if as much comes as in the last week; make "
            "room, or let [keep] articles in presswatch.toml remove old ones.",
        )


def _service(condition: Condition) -> Iterator[Incident]:
    service, now = condition.service, condition.at
    if service.running and service.beat is not None and now - service.beat > _SILENT:
        text = f"{service.holder} gave no sign of life since {_time(service.beat)}; start the service again."
        yield Incident("service", text)
    elif not service.running:
        poll = condition.crawl.overdue
        slots = [plan.missed for plan in condition.plans if plan.missed is not None and plan.draft is None]
        late = [slot for slot in slots if now - slot > _SLOT_LATE]
        if poll is not None and now - poll > _POLL_LATE:
            late.append(poll)
        if late:
            remedy = 'start it ("presswatch run"), or see that cron calls "presswatch run --once"'
            yield Incident("service", f"No service runs, and something is due since {_time(min(late))}; {remedy}.")


def _workers(condition: Condition, config: Config) -> Iterator[Incident]:
    """Find what the service leaves to workers and none of them takes."""
    work, poll, now = condition.work, condition.crawl.overdue, condition.at
    remedy = 'start one ("presswatch worker"), or take by_workers out of presswatch.toml'
    jobs = {each.state: each.jobs for each in work.queues if each.queue == CRAWL}
    if not work.workers and work.waits_since is not None and now - work.waits_since > _SLOT_LATE:
        waiting = sum(each.jobs for each in work.queues if each.state == "todo")
        text = f"No worker is at work, and {waiting} jobs wait since {_time(work.waits_since)}"
        yield Incident("workers", f"{text}; {remedy}.")
    elif not config.press.crawl.by_workers or not condition.service.running:
        return
    elif poll is not None and now - poll > _POLL_LATE and "doing" not in jobs:
        yield Incident("workers", f"No worker visits sources, and something is due since {_time(poll)}; {remedy}.")


def _failed(condition: Condition) -> Iterator[Incident]:
    """Find what workers have given up."""
    failed = [each for each in condition.work.failed if condition.at - each.at < _LATELY]
    if failed:
        work = condition.work
        least = " or more" if len(failed) == len(work.failed) < work.failures else ""
        number = "A job of the workers" if len(failed) == 1 else f"{len(failed)}{least} jobs of the workers"
        which, why = "it was" if len(failed) == 1 else "the last was", f" ({failed[0].why})" if failed[0].why else ""
        text = f"{number} failed for good within a day; {which} {failed[0].job}{why}"
        yield Incident("jobs", f"{text}; mend that and order it again, as before.")


def _nothing_stored(condition: Condition, config: Config, before: datetime) -> Iterator[Incident]:
    # An archive in which nothing was ever stored counts from the first crawl that the ledger knows.
    last = condition.last_change or condition.crawl.first
    if config.sources and last is not None and last < before:
        yield Incident(
            "stored", f"No article was stored since {_time(last)}; presswatch status says how each source does."
        )


def _failing(condition: Condition) -> Iterator[Incident]:
    asked = sum(number for state, number in condition.states.items() if state not in {"new", "paused"})
    failing = sum(condition.states.get(state, 0) for state in ("failing", "blocked"))
    if failing >= _MANY and failing >= asked * _SHARE:
        remedy = "see whether this machine reaches the network, and what presswatch status says of each"
        yield Incident("network", f"{failing} of {asked} sources fail at once; {remedy}.")


def _not_made(plan: PlanState, before: datetime) -> Iterator[Incident]:
    if plan.draft is None and plan.missed is not None and plan.missed <= before:
        why = f" ({plan.fault})" if plan.fault else ""
        text = f"No digest {plan.plan} was made since {_time(plan.missed)}{why}; presswatch doctor may say more."
        yield Incident(f"digest {plan.plan}", text)


def _not_reviewed(draft: Waiting, before: datetime) -> Iterator[Incident]:
    """Find a draft that nobody looks at: no reader has its news."""
    if draft.since <= before:
        text = (
            f"No draft of {draft.plan} was approved since {_time(draft.since)}, so nobody got its news. Draft "
            f"{draft.edition} ({draft.slot}) waits: {draft.subject}\n"
            f"presswatch digest review {draft.edition} shows it; with --approve it goes out."
        )
        yield Incident(f"draft {draft.plan}", text)


def _mail(condition: Condition) -> Iterator[Incident]:
    if stuck := [parcel for parcel in condition.dispatch.waiting if parcel.attempts >= _patience(parcel)]:
        oldest = min(stuck, key=lambda parcel: parcel.made_at)
        text = f"{_deliveries(len(stuck))} since {_time(oldest.made_at)}: {oldest.last_error}"
        yield Incident("delivery", f"{text}; presswatch doctor asks the mail server.")
    for parcel in condition.dispatch.dead:
        text = f"The digest {parcel.plan} of {parcel.slot} did not reach {parcel.recipient}: {parcel.last_error}"
        yield Incident(f"dead {parcel.channel} {parcel.recipient}", f"{text}; mend or remove the recipient.")


def _patience(parcel: Parcel) -> int:
    answered = _ANSWERED.search(parcel.last_error) if parcel.channel == "email" else None
    return _PATIENCE[answered[1]] if answered else _NO_ANSWER


def _deliveries(number: int) -> str:
    return "One delivery cannot go out" if number == 1 else f"{number} deliveries cannot go out"


def _time(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC"
