"""status, coverage, doctor, backup, prune, forget: the archive and its health."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import as_json, print_csv, print_json, print_table, reasons, say
from digest.cli.search import find_article
from digest.cli.session import moment, now, session
from digest.cli.sources import status_rows


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog="Example: presswatch status")(status)
    app.command(epilog="Example: presswatch coverage tass --since 7d")(coverage)
    app.command(epilog="Example: presswatch doctor")(doctor)
    app.command(epilog="Example: presswatch backup presswatch-backup.db")(backup)
    app.command(epilog="Example: presswatch prune --older 365d --dry-run")(prune)
    app.command(epilog="Example: presswatch forget 12")(forget)


def status(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say how each source does, what waits, and what the service did last."""
    with session(context).archive(read_only=True) as archive:
        numbers = {
            "articles": archive.articles.count(),
            "stories": len(archive.stories.list()),
            "deliveries_waiting": archive.outbox.waiting(),
        }
        runs = archive.runs.list(10)
        health = archive.sources.health(now())
    if as_json_:
        print_json({**numbers, "sources": [as_json(each) for each in health], "runs": [as_json(each) for each in runs]})
        return
    say(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in numbers.items()))
    status_rows(context)
    if runs:
        print_table(
            ("job", "slot", "state", "attempt", "started", "note"),
            ((run.job, run.slot, run.state, run.attempt, f"{run.started:%Y-%m-%d %H:%M}", run.note) for run in runs),
        )


def coverage(
    context: typer.Context,
    key: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Sources; default all.")] = None,
    since: Annotated[str, typer.Option(help="From when on: 2026-11-01, 7d.")] = "7d",
    until: Annotated[str | None, typer.Option(help="Up to this day, included.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
) -> None:
    """Tell per source and day what was polled, kept and dropped, and why."""
    begin = moment(since) or now()
    with session(context).archive(read_only=True) as archive:
        rows = archive.sources.coverage(key or None, begin, moment(until, end=True) or now())
    if as_json_:
        print_json({"coverage": [as_json(row) for row in rows]})
        return
    header = ("source", "day", "polls", "failed", "entries", "kept", "dropped", "gaps")
    table = [
        (row.source, row.day, row.polls, row.failed_polls, row.entries, row.kept, reasons(row.dropped), row.gaps)
        for row in rows
    ]
    if as_csv:
        print_csv(header, table)
    else:
        print_table(header, table)


def doctor(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Look for what will go wrong: configuration, archive, mail, contact address."""
    from digest.checkup import examine

    current = session(context)
    findings = examine(current.config_folder(), current.archive_url, now())
    if as_json_:
        print_json({"findings": [as_json(finding) for finding in findings]})
    else:
        for finding in findings:
            say(f"{finding.grade:8} {finding.subject}: {finding.text}")
    if any(finding.grade == "error" for finding in findings):
        raise typer.Exit(1)


def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="File to write; must not exist.")]
) -> None:
    """Write a whole, consistent copy of the archive, also while it is in use."""
    with session(context).archive() as archive:
        archive.backup(file)
    say(f"wrote {file}")


def prune(
    context: typer.Context,
    older: Annotated[str, typer.Option(help="Age of what goes: 365d, or a day.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Remove articles older than an age."""
    before = moment(older)
    assert before is not None
    with session(context).archive() as archive:
        pruned = archive.prune(before, dry_run=dry_run)
    if as_json_:
        print_json({"before": before, "dry_run": dry_run, **as_json(pruned)})
        return
    say(f"{'would remove' if dry_run else 'removed'} {pruned.articles} articles from before {before:%Y-%m-%d}")


def forget(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="Number or address of an article.")],
) -> None:
    """Remove every trace of an article and never fetch it again."""
    with session(context).archive() as archive:
        found = find_article(archive, article)
        assert found.id is not None
        archive.articles.forget(found.id, now())
    say(f"{found.url} is forgotten")
