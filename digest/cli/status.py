"""status, metrics: how everything stands, for people, for programs and for Prometheus."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import print_json, print_table, say, say_line, tell, width, write_out
from digest.cli.session import now, session
from digest.measures import reasons

if TYPE_CHECKING:
    from crawler.records import SourceHealth
    from digest.condition import Condition
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
    from digest import bulletin

    told = bulletin.groups(found, bulletin.Style(_time))
    told["attention"] = [f"{each.kind}: {each.text}" for each in attention] or ["nothing needs any"]
    for group, lines in told.items():
        _say_group(group, lines)


def _say_group(group: str, lines: list[str]) -> None:
    """Print the lines of a group behind its name, folded where they are longer than the screen."""
    hang = " " * _HANG
    for number, line in enumerate(lines):
        first = f"{group:{_HANG}}" if number == 0 else hang
        plain = " ".join(line.split())
        folded = textwrap.wrap(plain, max(width(), 40), initial_indent=first, subsequent_indent=hang + "  ")
        for part in folded or [first]:
            say(part.rstrip())


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
