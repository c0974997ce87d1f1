"""How everything stands: service, crawl, queue, digests, outbox, disk. What status, metrics and notices are told by."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.archive import WORST_FIRST, Archive, Dispatch, Head, ImportProgress, Numbers, Queue, Waiting
from crawler.archive.runs import of_plan
from crawler.raw import RawSize, raw_folder
from crawler.records import Run, SourceHealth, Work
from digest import locks, plans
from digest.deliver import shown

if TYPE_CHECKING:
    from crawler.config import Config, PlanConfig

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
#: The sources that are asked next, so many of them.
_NEXT = 3


@dataclass(frozen=True, slots=True)
class ServiceState:
    """Whether the service runs on the archive, on this machine."""

    running: bool
    #: presswatch (process 4711); "" when none runs.
    holder: str = ""
    #: When it last said that it is alive.
    beat: datetime | None = None


@dataclass(frozen=True, slots=True)
class CrawlState:
    """The crawls of the service."""

    last: Run | None
    #: When something is due next: a poll, a page, a second look; not in the past.
    next: datetime | None
    #: Since when a poll is due that could have been made; None while none is.
    overdue: datetime | None
    #: The first run in the ledger.
    first: datetime | None


@dataclass(frozen=True, slots=True)
class NextPoll:
    """A source with the time at which it can be asked."""

    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan with its next slot and its last edition."""

    plan: str
    review: bool
    #: In UTC, and as the plan's readers write it: 2026-11-30 07:00 Europe/Berlin.
    next: datetime | None
    next_local: str
    last: Head | None
    #: The newest that is a draft, when nothing was approved or skipped since.
    draft: Head | None
    #: The first slot since the last edition that was made and, with ``review``, approved; None when none is missing.
    missed: datetime | None
    #: Until when the plan lets it be late.
    max_late: float
    #: What the last try failed for; "" when it did not.
    fault: str


@dataclass(frozen=True, slots=True)
class Disk:
    """The room that the archive takes, and that is left beside it; bytes."""

    archive: int
    #: The write-ahead log beside it.
    log: int
    #: Free inside of the archive's file, after a prune.
    unused: int
    #: None where the system does not tell.
    free: int | None
    raw: RawSize | None
    #: What came a day in the last week; None when the archive is too young to tell.
    per_day: float | None
    #: For how many days that will fit; None when nothing is known, or as much goes as comes.
    days_left: float | None


@dataclass(frozen=True, slots=True)
class Condition:
    """How everything stood at one moment."""

    at: datetime
    numbers: Numbers
    service: ServiceState
    crawl: CrawlState
    #: state -> sources, the worst first.
    states: Mapping[str, int]
    sources: tuple[SourceHealth, ...]
    next_polls: tuple[NextPoll, ...]
    queue: Queue
    plans: tuple[PlanState, ...]
    #: Drafts that nobody has approved yet, the oldest first.
    drafts: tuple[Waiting, ...]
    #: Recipients who left, paused or cannot be reached.
    left_out: int
    dispatch: Dispatch
    disk: Disk
    #: Of workers on PostgreSQL; empty without them.
    work: Work
    #: Of WARC files, the last first.
    imports: tuple[ImportProgress, ...]
    #: When the last change came into the archive; None when it never had one.
    last_change: datetime | None


def read(archive: Archive, config: Config, url: str, now: datetime) -> Condition:
    """Look at everything; nothing is changed."""
    numbers = archive.vitals.numbers(now)
    health = sorted(archive.sources.health(now), key=lambda each: (_badness(each.state), each.source))
    changes = archive.changes.since(max(archive.changes.last() - 1, 0))
    return Condition(
        at=now,
        numbers=numbers,
        service=_service(url),
        crawl=_crawl(archive, config, now),
        states=dict(Counter(each.state for each in health)),
        sources=tuple(health),
        next_polls=_next_polls(health),
        queue=archive.vitals.queue(now),
        plans=tuple(_plans(archive, config, now)),
        drafts=tuple(archive.reviews.waiting()),
        left_out=len({veto.recipient for veto in archive.recipients.vetoes(now)}),
        dispatch=_dispatch(archive.vitals.dispatch(now)),
        disk=_disk(archive.path, config, numbers, now),
        work=archive.work(),
        imports=tuple(archive.imports.last()),
        last_change=changes[-1].at if changes else None,
    )


def _badness(state: str) -> int:
    order = (*WORST_FIRST, "new", "paused", "ok")
    return order.index(state) if state in order else 0


def _service(url: str) -> ServiceState:
    holder = locks.holder(url)
    return ServiceState(running=False) if holder is None else ServiceState(True, holder.who, holder.beat)


def _crawl(archive: Archive, config: Config, now: datetime) -> CrawlState:
    keys = list(config.sources)
    poll = archive.channels.standing(now, keys).next_poll
    waits = (poll, archive.pages.wait(now, keys), archive.rechecks.wait(now, config.looked_again()))
    due = min(filter(None, waits), default=None)
    first = archive.runs.first("crawl")
    return CrawlState(
        last=archive.runs.last("crawl"),
        next=None if due is None else max(due, now),
        overdue=poll if poll is not None and poll < now else None,
        first=first.started if first else None,
    )


def _dispatch(found: Dispatch) -> Dispatch:
    """Name recipients as people may read them: the address of a web hook may be a secret."""
    waiting, dead = (
        tuple(replace(parcel, recipient=shown(parcel.recipient)) for parcel in parcels)
        for parcels in (found.waiting, found.dead)
    )
    return replace(found, waiting=waiting, dead=dead)


def _next_polls(health: list[SourceHealth]) -> tuple[NextPoll, ...]:
    found = [NextPoll(each.source, each.next_poll) for each in health if each.next_poll is not None]
    return tuple(sorted(found, key=lambda poll: (poll.at, poll.source))[:_NEXT])


def _plans(archive: Archive, config: Config, now: datetime) -> list[PlanState]:
    heads: dict[str, list[Head]] = {}
    for head in archive.vitals.heads(config.plans):
        heads.setdefault(head.plan, []).append(head)
    return [_plan(archive, plan, heads.get(plan.name, []), now) for plan in config.plans.values()]


def _plan(archive: Archive, plan: PlanConfig, heads: list[Head], now: datetime) -> PlanState:
    job = of_plan(plan.name)
    ended = [head for head in heads if head.state in {"final", "skipped"}]
    finished = max(ended, key=lambda head: head.id, default=None)
    last = max(heads, key=lambda head: head.id, default=None)
    run, upcoming = archive.runs.last(job), plans.next_slot(plan, now)
    if finished is not None:
        missed = next((slot.due for slot in plans.slots(plan, finished.made_at, now)), None)
    else:  # a plan that the service never tried to make is new
        first = archive.runs.first(job)
        missed = first.started if first else None
    local = "" if upcoming is None else f"{upcoming.due.astimezone(ZoneInfo(plan.timezone)):%Y-%m-%d %H:%M}"
    return PlanState(
        plan=plan.name,
        review=plan.review,
        next=upcoming.due if upcoming else None,
        next_local=local and f"{local} {plan.timezone}",
        last=last,
        draft=last if last is not None and last.state == "draft" else None,
        missed=missed,
        max_late=plan.max_late,
        fault=run.note if run is not None and run.state == "failed" else "",
    )


def _disk(path: Path | None, config: Config, numbers: Numbers, now: datetime) -> Disk:
    folder = raw_folder(config, path)
    raw = folder.size() if folder is not None else None
    used, free = numbers.used + numbers.unused, None
    log = 0
    if path is not None:
        with suppress(OSError):
            free = shutil.disk_usage(path.resolve().parent).free
        with suppress(OSError):
            log = Path(f"{path}-wal").stat().st_size
    per_day = _growth(config, numbers, raw, now)
    left = None
    if free is not None and per_day and not _is_even(config, numbers, now):
        left = (free + numbers.unused) / per_day
    return Disk(used, log, numbers.unused, free, raw, per_day, left)


def _growth(config: Config, numbers: Numbers, raw: RawSize | None, now: datetime) -> float | None:
    """Reckon how many bytes a day come, by the articles of a week and what an article takes."""
    if numbers.first_seen is None or now - numbers.first_seen < 2 * _DAY or not numbers.articles:
        return None
    span = min(_WEEK, now - numbers.first_seen) / _DAY
    grown = numbers.used / numbers.articles * numbers.articles_last_week / span
    if raw is not None and raw.first is not None and raw.last is not None:
        days = (raw.last - raw.first).days + 1
        if config.press.raw.keep is None or days * _DAY < timedelta(seconds=config.press.raw.keep):
            grown += raw.bytes / days
    return grown


def _is_even(config: Config, numbers: Numbers, now: datetime) -> bool:
    """Tell whether as much is pruned as comes."""
    keep = config.press.keep.articles
    return keep is not None and numbers.first_seen is not None and now - numbers.first_seen > timedelta(seconds=keep)
