"""How everything stands, in lines for people: what the command ``status`` and the page Status say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digest.measures import ago, reasons, size

if TYPE_CHECKING:
    from crawler.archive import Waiting
    from digest.condition import Condition


@dataclass(frozen=True, slots=True)
class Style:
    """How it is said, and to whom."""

    #: Writes a time.
    time: Callable[[datetime | None], str]
    #: With the names of recipients and what was seen where something failed, which are not for everybody.
    names: bool = True


#: The states of jobs, as people read them.
_OF_JOBS = {"todo": "waiting", "doing": "under way"}
#: So many of a kind are named, and imports for so long after their end.
_FEW, _LATE = 5, timedelta(days=1)


def groups(found: Condition, style: Style) -> dict[str, list[str]]:
    """Say what is known, by what it is about: service, crawl, sources, articles, queue, digests, outbox, disk.

    Of imports only where there were some of late.
    """
    told: dict[str, Callable[[Condition, Style], Iterator[str]]] = {
        "service": _service,
        "crawl": _crawl,
        "sources": _sources,
        "articles": _articles,
        "queue": _queue,
        "imports": _imports,
        "digests": _digests,
        "outbox": _outbox,
        "disk": _disk,
    }
    said = {name: list(say(found, style)) for name, say in told.items()}
    return {name: lines for name, lines in said.items() if lines}


def waiting_drafts(drafts: Iterable[Waiting], at: datetime) -> Iterator[str]:
    """Tell which drafts wait for somebody to approve them, and for how long."""
    for each in drafts:
        minutes = int((at - each.since).total_seconds() // 60)
        age = f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"
        command = f"presswatch digest review {each.edition}"
        yield f"draft {each.edition} of {each.plan} ({each.slot}) waits for review, for {age} now: {command}"


def _service(found: Condition, _style: Style) -> Iterator[str]:
    service = found.service
    if service.running:
        beat = f", last sign of life {ago(found.at - service.beat)}" if service.beat else ""
        yield f"runs: {service.holder}{beat}"
    else:
        yield 'does not run now ("presswatch run" starts it)'


def _crawl(found: Condition, style: Style) -> Iterator[str]:
    crawl = found.crawl
    if crawl.last is None and any(each.last_ok for each in found.sources):
        last = 'by workers or "presswatch crawl" alone; the service itself never crawled'
    elif crawl.last is None:
        last = "the service never crawled"
    elif crawl.last.finished is None:
        last = f"{crawl.last.state} since {style.time(crawl.last.started)}"
    else:
        seconds = (crawl.last.finished - crawl.last.started).total_seconds()
        last = f"{crawl.last.state} at {style.time(crawl.last.finished)} after {seconds:.0f} s: {crawl.last.note}"
    yield last
    if crawl.next is not None:
        yield "next: something is due now" if crawl.next <= found.at else f"next at {style.time(crawl.next)}"


def _sources(found: Condition, style: Style) -> Iterator[str]:
    if not found.states:
        yield 'none yet ("presswatch source add" adds one)'
        return
    yield f"{sum(found.states.values())}: " + ", ".join(f"{count} {state}" for state, count in found.states.items())
    if found.next_polls:
        yield "next polls: " + ", ".join(
            f"{poll.source} {_when(poll.at, found.at, style)}" for poll in found.next_polls
        )


def _articles(found: Condition, _style: Style) -> Iterator[str]:
    numbers = found.numbers
    articles = f"{numbers.articles} article{'' if numbers.articles == 1 else 's'}"
    stories = f"{numbers.stories} stor{'y' if numbers.stories == 1 else 'ies'}"
    yield f"{articles}, {numbers.articles_last_day} in the last 24 h; {stories}"


def _queue(found: Condition, style: Style) -> Iterator[str]:
    queue = found.queue
    waiting = f" ({reasons(queue.waiting)})" if queue.waiting else ""
    oldest = f"; the oldest since {style.time(queue.oldest)}" if queue.oldest else ""
    yield f"{queue.queued} pages wait{waiting}, {queue.leased} in the hands of a crawl{oldest}"
    work = found.work
    if work.workers or work.queues:
        jobs = [f"{each.jobs} {each.queue} {_OF_JOBS.get(each.state, each.state)}" for each in work.queues]
        number = len(work.workers)
        yield f"{number} {'worker' if number == 1 else 'workers'}; jobs: {', '.join(jobs) or 'none'}"
    for each in work.failed[:_FEW] if style.names else ():
        yield f"{each.job}: failed {style.time(each.at)}: {each.why or 'the log of a worker says why'}"
    if style.names and work.failures > _FEW:
        yield f"{work.failures - _FEW} more failed before"


def _imports(found: Condition, style: Style) -> Iterator[str]:
    late = [each for each in found.imports if each.ended is None or found.at - each.ended < _LATE]
    for each in late[:_FEW]:
        how = f"done {style.time(each.ended)}" if each.ended else f"{100 * each.read // max(each.size, 1)} % read"
        counts = dict(each.counts)
        dropped = counts.get("dropped") or {}
        lost = f", no article: {reasons(dropped)}" if dropped else ""
        yield f"{each.name}: {how}; {counts.get('kept', 0)} kept, {counts.get('known', 0)} known already{lost}"
        faults = counts.get("faults", ()) if style.names else ()
        yield from faults[:_FEW]
        if len(faults) > _FEW:
            yield f"and {len(faults) - _FEW} more faults of {each.name}: presswatch status --json lists them"
    if len(late) > _FEW:
        yield f"and {len(late) - _FEW} more"


def _digests(found: Condition, style: Style) -> Iterator[str]:
    for plan in found.plans:
        parts = [f"next {plan.next_local}" if plan.next_local else "no time of its own"]
        if plan.last is not None:
            parts.append(f"last {plan.last.slot}, {plan.last.state}, made {style.time(plan.last.made_at)}")
        if plan.missed is not None:
            parts.append(
                f"due since {style.time(plan.missed)}" + (f": {plan.fault}" if plan.fault and style.names else "")
            )
        yield f"{plan.plan}: {'; '.join(parts)}"
    if not found.plans:
        yield "no plan in digests.toml"
    yield from waiting_drafts(found.drafts, found.at)


def _outbox(found: Condition, style: Style) -> Iterator[str]:
    states = found.dispatch.states
    waiting = states.get("waiting", 0) + states.get("sending", 0)
    yield f"{waiting} waiting, {states.get('sent', 0)} sent, {states.get('dead', 0)} dead"
    if not style.names:
        return
    for parcel in found.dispatch.waiting[:5]:
        if parcel.last_error:
            again = f"again {_when(parcel.next_try, found.at, style)}" if parcel.next_try else "under way"
            name = f"{parcel.plan} {parcel.slot}, {parcel.recipient}"
            yield f"{name}: {again}, tries: {parcel.attempts}; {parcel.last_error}"
    for parcel in found.dispatch.dead[:5]:
        yield f"{parcel.plan} {parcel.slot}, {parcel.recipient}: given up; {parcel.last_error}"
    if found.left_out:
        yield f"{found.left_out} recipients left out: presswatch recipient list says who and why"


def _disk(found: Condition, _style: Style) -> Iterator[str]:
    disk = found.disk
    parts = [f"archive {size(disk.archive)}"]
    if disk.unused > disk.archive // 20:
        parts.append(f"of which {size(disk.unused)} are free for what comes")
    parts.append(f"log {size(disk.log)}")
    if disk.raw is not None and disk.raw.files:
        parts.append(f"raw pages {disk.raw.told()}")
    if disk.free is not None:
        parts.append(f"{size(disk.free)} left on the disk")
    yield ", ".join(parts)
    if disk.per_day is not None:
        left = f", enough for {_span(disk.days_left)}" if disk.days_left is not None else ""
        yield f"about {size(disk.per_day)} come a day{left}"


def _when(value: datetime, at: datetime, style: Style) -> str:
    return "now" if value <= at else f"at {style.time(value)}"


def _span(days: float) -> str:
    return f"{days:.0f} days" if days < 730 else f"{min(days / 365.25, 999):.0f} years"
