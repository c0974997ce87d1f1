"""status, metrics: how everything stands, for people, for programs and for Prometheus."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.digests import waiting_drafts
from digest.cli.output import print_json, print_table, reasons, say, say_line, size, tell, width, write_out
from digest.cli.session import now, session

if TYPE_CHECKING:
    from crawler.records import SourceHealth
    from digest.condition import Condition, Disk
    from digest.incidents import Incident

#: So many sources are listed even when they are well.
_FEW = 25
_HANG = 11
#: A screen of so many columns has room for all that is known of a source.
_WIDE = 100


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog="Example: presswatch status")(status)
    app.command(epilog="Example: presswatch metrics -o /var/lib/node_exporter/presswatch.prom")(metrics)


def status(
    context: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="List all sources, also when many are well.")] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Print only what needs attention, and end with code 1 when something does."),
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say how everything stands: service, sources, queue, digests, outbox, disk, and what needs attention.

    Times are in UTC. A failing source needs no attention by itself, for it is tried again; "coverage" tells of each.
    """
    from crawler import overrides
    from digest import answers, condition, incidents

    current = session(context)
    config = current.config_if_any()
    with current.archive(config, read_only=True) as archive:
        found = condition.read(archive, config, current.archive_address(config), now())
        runs = archive.runs.list(10)
    attention = incidents.find(found, config)
    endings = overrides.endings(config.sources.values(), now().date())
    if as_json_:
        print_json(answers.status(found, attention, endings, runs))
    elif check:
        for incident in attention:
            say_line(f"{incident.kind}: {incident.text}")
    else:
        _say_condition(found, attention)
        _say_sources(found.sources, all_=all_)
        for ending in endings:
            say(f"{ending}")
        if runs:
            print_table(
                ("job", "slot", "state", "attempt", "started", "note"),
                ((run.job, run.slot, run.state, run.attempt, _time(run.started), run.note) for run in runs),
            )
    if check and attention:
        raise typer.Exit(1)


def metrics(
    context: typer.Context,
    output: Annotated[str, typer.Option("-o", "--output", help='File to write; "-" is stdout.')] = "-",
) -> None:
    """Write how everything stands for Prometheus, such as for the textfile collector of its node_exporter.

    The file is written whole or not at all. The web page has the same at /metrics.
    """
    from digest import condition
    from digest import metrics as exposition

    current = session(context)
    config = current.config_if_any()
    with current.archive(config, read_only=True) as archive:
        found = condition.read(archive, config, current.archive_address(config), now())
    write_out(output, [exposition.write(found, config).encode()])
    if output != "-":
        tell(f"wrote {output}")


def _say_condition(found: Condition, attention: list[Incident]) -> None:
    for group, lines in (
        ("service", _service(found)),
        ("crawl", _crawl(found)),
        ("sources", _sources(found)),
        ("articles", _articles(found)),
        ("queue", _queue(found)),
        ("digests", _digests(found)),
        ("outbox", _outbox(found)),
        ("disk", _disk(found.disk)),
        ("attention", [f"{each.kind}: {each.text}" for each in attention] or ["nothing needs any"]),
    ):
        _say_group(group, list(lines))


def _say_group(group: str, lines: list[str]) -> None:
    """Print the lines of a group behind its name, folded where they are longer than the screen."""
    hang = " " * _HANG
    for number, line in enumerate(lines):
        first = f"{group:{_HANG}}" if number == 0 else hang
        plain = " ".join(line.split())
        folded = textwrap.wrap(plain, max(width(), 40), initial_indent=first, subsequent_indent=hang + "  ")
        for part in folded or [first]:
            say(part.rstrip())


def _service(found: Condition) -> Iterator[str]:
    service = found.service
    if service.running:
        beat = f", last sign of life {_ago(found.at - service.beat)}" if service.beat else ""
        yield f"runs: {service.holder}{beat}"
    else:
        yield 'does not run now ("presswatch run" starts it)'


def _crawl(found: Condition) -> Iterator[str]:
    crawl = found.crawl
    if crawl.last is None:
        last = "the service never crawled"
    elif crawl.last.finished is None:
        last = f"{crawl.last.state} since {_time(crawl.last.started)}"
    else:
        seconds = (crawl.last.finished - crawl.last.started).total_seconds()
        last = f"{crawl.last.state} at {_time(crawl.last.finished)} after {seconds:.0f} s: {crawl.last.note}"
    yield last
    if crawl.next is not None:
        yield "next: something is due now" if crawl.next <= found.at else f"next at {_time(crawl.next)}"


def _sources(found: Condition) -> Iterator[str]:
    if not found.states:
        yield 'none yet ("presswatch source add" adds one)'
        return
    yield f"{sum(found.states.values())}: " + ", ".join(f"{count} {state}" for state, count in found.states.items())
    if found.next_polls:
        yield "next polls: " + ", ".join(f"{poll.source} {_when(poll.at, found.at)}" for poll in found.next_polls)


def _articles(found: Condition) -> Iterator[str]:
    numbers = found.numbers
    yield f"{numbers.articles} articles, {numbers.articles_last_day} in the last 24 h; {numbers.stories} stories"


def _queue(found: Condition) -> Iterator[str]:
    queue = found.queue
    waiting = f" ({reasons(queue.waiting)})" if queue.waiting else ""
    oldest = f"; the oldest since {_time(queue.oldest)}" if queue.oldest else ""
    yield f"{queue.queued} pages wait{waiting}, {queue.leased} in the hands of a crawl{oldest}"


def _digests(found: Condition) -> Iterator[str]:
    for plan in found.plans:
        parts = [f"next {plan.next_local}" if plan.next_local else "no time of its own"]
        if plan.last is not None:
            parts.append(f"last {plan.last.slot}, {plan.last.state}, made {_time(plan.last.made_at)}")
        if plan.missed is not None:
            parts.append(f"due since {_time(plan.missed)}" + (f": {plan.fault}" if plan.fault else ""))
        yield f"{plan.plan}: {'; '.join(parts)}"
    if not found.plans:
        yield "no plan in digests.toml"
    yield from waiting_drafts(found.drafts, found.at)


def _outbox(found: Condition) -> Iterator[str]:
    states = found.dispatch.states
    waiting = states.get("waiting", 0) + states.get("sending", 0)
    yield f"{waiting} waiting, {states.get('sent', 0)} sent, {states.get('dead', 0)} dead"
    for parcel in found.dispatch.waiting[:5]:
        if parcel.last_error:
            again = f"again {_when(parcel.next_try, found.at)}" if parcel.next_try else "under way"
            name = f"{parcel.plan} {parcel.slot}, {parcel.recipient}"
            yield f"{name}: {again}, tries: {parcel.attempts}; {parcel.last_error}"
    for parcel in found.dispatch.dead[:5]:
        yield f"{parcel.plan} {parcel.slot}, {parcel.recipient}: given up; {parcel.last_error}"
    if found.left_out:
        yield f"{found.left_out} recipients left out: presswatch recipient list says who and why"


def _disk(disk: Disk) -> Iterator[str]:
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


def _say_sources(health: tuple[SourceHealth, ...], *, all_: bool) -> None:
    """Print how sources do, the worst first, and what can be done; of many those that are well only when asked for."""
    listed = [each for each in health if all_ or len(health) <= _FEW or each.state != "ok"]
    if listed:
        _print_sources(listed)
    if well := len(health) - len(listed):
        say(f'{well} sources are well; "presswatch status --all" lists them')
        say()
    for each in health:
        ill = [way for way in each.channels if way.remedy] if len(each.channels) > 1 else []
        if each.remedy:
            say(f"{each.source}, {each.state}: {each.remedy}")
        for way in ill:
            since = f" since {_time(way.since)}" if way.since else ""
            remedy = f"; {way.remedy}" if way.state != each.state else ""
            say(f"  {way.kind} {way.url}, {way.state}{since}: {way.note}{remedy}")
    for each in health:
        for one in each.overrides:
            say(f'{each.source}: {one.note}, since {_time(one.since)}; "presswatch source test {each.source}" compares')
    if any(each.remedy or each.overrides for each in health):
        say()


def _print_sources(health: list[SourceHealth]) -> None:
    """Print the table of sources; on a narrow screen without the counts of its pages."""
    header = ("source", "state", "since", "what is seen", "last answer", "next poll")
    counts = ("queued", "stored", "not kept") if width() >= _WIDE else ()
    rows = []
    for each in health:
        since = _time(each.since) if each.remedy else ""
        cells = (each.source, each.state, since, each.note, _time(each.last_ok), _time(each.next_poll))
        rows.append((*cells, each.queued, each.stored, reasons(each.dropped)) if counts else cells)
    print_table((*header, *counts), rows)


def _time(value: datetime | None) -> str:
    if value is None:
        return "-"
    return f"{value:%m-%d %H:%M}" if value.year == now().year else f"{value:%Y-%m-%d %H:%M}"


def _when(value: datetime, at: datetime) -> str:
    return "now" if value <= at else f"at {_time(value)}"


def _ago(span: timedelta) -> str:
    seconds = max(span.total_seconds(), 0.0)
    if seconds < 120:
        return f"{seconds:.0f} s ago"
    return f"{seconds / 60:.0f} min ago" if seconds < 7_200 else f"{seconds / 3_600:.0f} h ago"


def _span(days: float) -> str:
    return f"{days:.0f} days" if days < 730 else f"{min(days / 365.25, 999):.0f} years"
