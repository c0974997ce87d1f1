"""How everything stands: one sentence when all is well, what needs attention first when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler import overrides
from crawler.archive import Archive
from crawler.config import Config
from crawler.records import Run
from digest import condition, incidents, notice
from digest.condition import Condition, Disk, PlanState
from digest.web import telling
from digest.web.call import Call, Page
from digest.web.watches import known_config

_RUNS = 12
_PARCELS = 5
#: A fault of these is in the words of a program: it may hold addresses and folders, which only editors see.
_PLAIN = frozenset({"disk", "stored", "network"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident, with how long it has lasted where that is known."""

    text: str
    age: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is told, and what is known of it."""

    label: str
    values: tuple[str, ...]


def status(call: Call) -> Response:
    """Tell how service, crawl, sources, queue, digests, outbox and disk stand."""
    config, trouble = known_config(call)
    if config is None:
        if not trouble:
            raise HTTPException(404, "There is no configuration, of which the status could tell.")
        return call.render("status.html.j2", trouble=trouble, troubles=[], lines=[], runs=[], calm="", endings=[])
    found = condition.read(call.archive, config, call.archive_url, call.now)
    editor = call.visitor.may("editor")
    troubles = _troubles(call.archive, found, config, editor=editor)
    return call.render(
        "status.html.j2",
        trouble="",
        troubles=troubles,
        calm="" if troubles else _calm(found),
        lines=[
            Line(label, tuple(values))
            for label, values in (
                ("Service", _service(found)),
                ("Crawl", _crawl(found)),
                ("Sources", _sources(found)),
                ("Articles", _articles(found)),
                ("Pages on their way", _queue(found)),
                ("Digests", _digests(found, editor=editor)),
                ("Outbox", _outbox(found, editor=editor)),
                ("Disk", _disk(found.disk)),
            )
        ],
        kept=_counts(found.numbers.dropped_last_day),
        polls=_counts(found.numbers.polls_last_day),
        runs=_runs(call.archive, editor=editor),
        endings=[str(ending) for ending in overrides.endings(config.sources.values(), call.now.date())]
        if editor
        else [],
    )


def _calm(found: Condition) -> str:
    """Say in one sentence that nothing needs attention, and how that is known."""
    runs = "the service runs" if found.service.running else "no service runs, and nothing is overdue"
    last = "no article came yet"
    if found.last_change is not None:
        last = f"the archive last changed {_ago(found, found.last_change)}"
    ill = sum(number for state, number in found.states.items() if state not in {"ok", "new", "paused"})
    asked = f"; {ill} of {telling.count(sum(found.states.values()), 'source')} do not answer as usual" if ill else ""
    return f"All is well: {runs}; {last}{asked}."


def _troubles(archive: Archive, found: Condition, config: Config, *, editor: bool) -> list[Trouble]:
    since = notice.begun(archive, found.at)
    told = []
    for incident in incidents.find(found, config):
        text = incident.text if editor or incident.kind in _PLAIN else _without_names(incident.kind)
        begun = since.get(incident.kind)
        told.append(Trouble(text, f"noticed {_ago(found, begun)}" if begun is not None else ""))
    return told


def _without_names(kind: str) -> str:
    """Say an incident to a reader: without addresses, folders and commands."""
    said = {
        "service": "The service does not run as it should.",
        "delivery": "Deliveries cannot go out.",
        "dead": "A delivery did not reach its recipient.",
        "digest": f"The {kind} was not made in time.",
        "draft": f"A {kind} waits for its review.",
    }
    return said.get(kind.split(" ", 1)[0], "Something needs an editor's attention.")


def _service(found: Condition) -> list[str]:
    service = found.service
    if not service.running:
        return ["does not run now; presswatch run starts it"]
    beat = f", last sign of life {_ago(found, service.beat)}" if service.beat else ""
    return [f"runs: {service.holder}{beat}"]


def _crawl(found: Condition) -> list[str]:
    crawl = found.crawl
    if crawl.last is None:
        said = ["the service never crawled"]
    elif crawl.last.finished is None:
        said = [f"{crawl.last.state} since {telling.moment(crawl.last.started)}"]
    else:
        seconds = (crawl.last.finished - crawl.last.started).total_seconds()
        said = [f"{crawl.last.state} {_ago(found, crawl.last.finished)} after {seconds:.0f} s: {crawl.last.note}"]
    if crawl.next is not None:
        due = crawl.next <= found.at
        said.append("something is due now" if due else f"next at {telling.moment(crawl.next)}")
    return said


def _sources(found: Condition) -> list[str]:
    if not found.states:
        return ["none yet"]
    total = telling.count(sum(found.states.values()), "source")
    said = [f"{total}: " + ", ".join(f"{number} {state}" for state, number in found.states.items())]
    if found.next_polls:
        told = (
            f"{poll.source} {'now' if poll.at <= found.at else telling.moment(poll.at)}" for poll in found.next_polls
        )
        said.append("asked next: " + ", ".join(told))
    return said


def _articles(found: Condition) -> list[str]:
    numbers = found.numbers
    lately = f"{numbers.articles_last_day:,} in 24 hours, {numbers.articles_last_week:,} in 7 days"
    return [
        f"{telling.count(numbers.articles, 'article')}, {lately}; {telling.count(numbers.stories, 'story', 'stories')}"
    ]


def _queue(found: Condition) -> list[str]:
    queue = found.queue
    waiting = f" ({_counts(queue.waiting)})" if queue.waiting else ""
    oldest = f", the oldest since {telling.moment(queue.oldest)}" if queue.oldest else ""
    return [f"{telling.count(queue.queued, 'page')} waiting{waiting}{oldest}; {queue.leased:,} in the hands of a crawl"]


def _digests(found: Condition, *, editor: bool) -> list[str]:
    said = [_plan(found, plan, editor=editor) for plan in found.plans] or ["no plan in digests.toml"]
    said += [
        f"draft {draft.edition} of {draft.plan} ({draft.slot}) waits for its review since {telling.moment(draft.since)}"
        for draft in found.drafts
    ]
    return said


def _plan(found: Condition, plan: PlanState, *, editor: bool) -> str:
    parts = [f"next {plan.next_local}" if plan.next_local else "no time of its own"]
    if plan.last is not None:
        parts.append(f"last {plan.last.slot}, {plan.last.state}, made {_ago(found, plan.last.made_at)}")
    if plan.missed is not None:
        parts.append(f"due since {telling.moment(plan.missed)}" + (f": {plan.fault}" if plan.fault and editor else ""))
    return f"{plan.plan}: {'; '.join(parts)}"


def _outbox(found: Condition, *, editor: bool) -> list[str]:
    states = found.dispatch.states
    waiting = states.get("waiting", 0) + states.get("sending", 0)
    said = [f"{waiting:,} waiting, {states.get('sent', 0):,} sent, {states.get('dead', 0):,} given up"]
    if not editor:
        return said
    for parcel in found.dispatch.waiting[:_PARCELS]:
        if parcel.last_error:
            again = f"again at {telling.moment(parcel.next_try)}" if parcel.next_try else "under way"
            tries = telling.count(parcel.attempts, "try", "tries")
            said.append(f"{parcel.plan} {parcel.slot} to {parcel.recipient}: {tries}, {again}; {parcel.last_error}")
    said += [
        f"{parcel.plan} {parcel.slot} to {parcel.recipient}: given up; {parcel.last_error}"
        for parcel in found.dispatch.dead[:_PARCELS]
    ]
    if found.left_out:
        said.append(
            f"{telling.count(found.left_out, 'recipient')} left out: presswatch recipient list says who and why"
        )
    return said


def _disk(disk: Disk) -> list[str]:
    parts = [f"archive {_size(disk.archive)}"]
    if disk.unused > disk.archive // 20:
        parts.append(f"of which {_size(disk.unused)} are free for what comes")
    if disk.raw is not None and disk.raw.files:
        parts.append(f"raw pages {disk.raw.told()}")
    if disk.free is not None:
        parts.append(f"{_size(disk.free)} left on the disk")
    said = [", ".join(parts)]
    if disk.per_day is not None:
        left = f", enough for {telling.count(round(disk.days_left), 'day')}" if disk.days_left is not None else ""
        said.append(f"about {_size(disk.per_day)} come a day{left}")
    return said


def _runs(archive: Archive, *, editor: bool) -> list[Run]:
    """List what was done last; notices name people, and notes of what failed name folders: those are for editors."""
    runs = archive.runs.list(_RUNS if editor else 4 * _RUNS)
    return runs if editor else [run for run in runs if not run.job.startswith(("notice", "all-clear"))][:_RUNS]


def _counts(counts: Mapping[str, int]) -> str:
    """Write counts by name in a line, the most first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number:,} {name}" for name, number in ordered)


def _size(count: float) -> str:
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= one:
            return f"{count / one:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"


def _ago(found: Condition, moment: datetime) -> str:
    return telling.ago(moment, found.at)


PAGES: tuple[Page, ...] = (Page("/status", status),)
