"""status, coverage, doctor, backup, prune, forget: the archive and its health."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.errors import UsageError
from digest.cli.digests import waiting_drafts
from digest.cli.output import (
    as_json,
    print_csv,
    print_json,
    print_table,
    reasons,
    say,
    say_line,
    take_one_form,
    tell,
)
from digest.cli.search import find_article
from digest.cli.session import UNTIL, moment, now, session, span
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
    from crawler import overrides
    from crawler.raw import raw_folder

    current = session(context)
    config = current.config_if_any()
    with current.archive(config, read_only=True) as archive:
        numbers = {
            "articles": archive.articles.count(),
            "stories": len(archive.stories.list()),
            "deliveries_waiting": archive.outbox.waiting(),
            "recipients_left_out": len({veto.recipient for veto in archive.recipients.vetoes(now())}),
        }
        raw = raw_folder(config, archive.path)
        size = raw.size() if raw is not None else None
        drafts = archive.reviews.waiting()
        runs = archive.runs.list(10)
        health = archive.sources.health(now())
    if as_json_:
        ending = as_json(overrides.endings(config.sources.values(), now().date()))
        more = {
            "drafts_waiting": as_json(drafts),
            "raw": as_json(size),
            "sources": as_json(health),
            "overrides": ending,
            "runs": as_json(runs),
        }
        print_json({**numbers, **more})
        return
    say(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in numbers.items()))
    if raw is not None and size is not None and size.files:
        say(f"raw pages: {size.told()} in {raw.folder}")
    for told in waiting_drafts(drafts):
        say_line(told)
    status_rows(context, config)
    if runs:
        print_table(
            ("job", "slot", "state", "attempt", "started", "note"),
            ((run.job, run.slot, run.state, run.attempt, f"{run.started:%Y-%m-%d %H:%M}", run.note) for run in runs),
        )


def coverage(
    context: typer.Context,
    key: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Sources; default all.")] = None,
    since: Annotated[str, typer.Option(help="From when on: 2026-11-01, 7d.")] = "7d",
    until: Annotated[str | None, typer.Option(help=UNTIL)] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
) -> None:
    """Tell per source and day (UTC) what was polled, kept and dropped, and why.

    Entries are those that were new, known those that were not, or that a channel served twice. Of the kept ones some
    are kept only as far as their feed entry goes, for the reason that is told. A gap is a poll in which nothing was
    known any more, pinned entries aside: older ones may have gone by.

    What the lists of a backfill name and it left (too old, over budget, an address of another site ...) is only
    counted: each list as it was last read that day, a page as often as lists name it, and not among the entries. Of
    pages that were asked for, or that channels served, each is kept with its reason: serve shows the last ones.
    """
    take_one_form(as_json_=as_json_, as_csv=as_csv)
    begin, end = span(since, until)
    begin = begin or now()
    with session(context).archive(read_only=True) as archive:
        for each in key or ():
            if archive.sources.get(each) is None:
                known = ", ".join(source.key for source in archive.sources.all()) or "none yet"
                raise UsageError(f'the archive knows no source "{each}"; it has: {known}')
        rows = archive.sources.coverage(key or None, begin, end or now())
    if as_json_:
        print_json({"coverage": [as_json(row) for row in rows]})
        return
    header = ("source", "day", "polls", "failed", "entries", "known", "kept", "from the entry", "dropped", "gaps")
    table = [
        (
            row.source, row.day, row.polls, row.failed_polls, row.entries, row.known, row.kept,
            reasons(row.from_entry), reasons(row.dropped), row.gaps,
        )
        for row in rows
    ]  # fmt: skip
    if not table and not as_csv:
        say(f"Nothing was polled from {begin:%Y-%m-%d %H:%M} UTC on.")
        return
    if as_csv:
        print_csv(header, table)
    else:
        print_table(header, table)


def doctor(
    context: typer.Context,
    reindex: Annotated[
        bool, typer.Option("--reindex", help="First make the full-text index anew; searches go on meanwhile.")
    ] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="First plan anew what a clock planned that was ahead.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Look for what will go wrong: configuration, archive, mail, contact address."""
    from digest.checkup import examine

    current = session(context)
    if reindex:
        with current.archive() as archive:
            done = archive.reindex(now(), lambda done, of: tell(f"{done} of {of} articles indexed"))
        tell(f"{done} articles are indexed anew, and all watches were asked again")
    if clock_is_right:
        with current.archive() as archive:
            planned = archive.take_back(now())
        tell(
            "what was planned ahead of the clock is planned anew"
            if planned
            else "nothing was planned ahead of the clock"
        )
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
    """Write a whole, consistent copy of the archive, also while it is in use.

    Raw pages are not in it: they lie in a folder of their own (see presswatch status), whose files can be copied as
    they are at any time.
    """
    from crawler.raw import raw_folder

    current = session(context)
    config = current.config_if_any()
    with current.archive(config, read_only=True) as archive:
        archive.backup(file)
        raw = raw_folder(config, archive.path)
    say(f"wrote {file}")
    if raw is not None and (size := raw.size()).files:
        say(f"not in it: raw pages, {size.told()}; copy the folder {raw.folder} as well")


def prune(
    context: typer.Context,
    older: Annotated[
        str | None, typer.Option(help="Age of the articles that go: 365d, or a day; without it only raw pages go.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Remove articles older than an age, and raw pages older than that or than [raw] keep in presswatch.toml."""
    from crawler.archive import Pruned
    from crawler.raw import RawSize, cut_day, expiry, raw_folder
    from digest.regrouping import keep_up

    before = moment(older)
    current = session(context)
    config = current.config_if_any()
    keep = config.press.raw.keep
    if before is None and keep is None:
        raise UsageError("say the age of the articles that go, such as --older 365d; there is no [raw] keep to go by")
    raw_before = max(each for each in (before, keep and expiry(keep, now())) if each)
    with current.archive(config, read_only=dry_run) as archive:
        pruned = archive.prune(before, dry_run=dry_run) if before else Pruned(0, 0)
        if pruned.articles and not dry_run:
            keep_up(archive, now(), config)  # stories tell of what is left
        folder = raw_folder(config, archive.path)
        raw = folder.prune(raw_before, dry_run=dry_run) if folder is not None else RawSize(0, 0)
        if not dry_run:
            archive.articles.drop_raw(cut_day(raw_before))
    if as_json_:
        print_json({"before": before, "dry_run": dry_run, **as_json(pruned), "raw": as_json(raw)})
        return
    verb = "would remove" if dry_run else "removed"
    if before is not None:
        say(f"{verb} {pruned.articles} articles from before {before:%Y-%m-%d}")
    if raw.files or before is None:
        say(f"{verb} raw pages from before {raw_before:%Y-%m-%d}: {raw.told() if raw.files else 'there are none'}")


def forget(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="Number or address of an article.")],
) -> None:
    """Remove every trace of an article, its raw pages too, and never fetch it again."""
    from crawler.raw import raw_folder
    from digest.regrouping import keep_up

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        found = find_article(archive, article)
        assert found.id is not None
        addresses = archive.articles.addresses(found.id)
        raw = raw_folder(config, archive.path)
        # First, so that a failure leaves an article that can be forgotten again; and once more for what a crawl wrote
        # meanwhile, which cannot come back once the archive has its tombstone.
        if raw is not None:
            raw.erase(addresses)
        archive.articles.forget(found.id, now())
        if raw is not None:
            raw.erase(addresses)
        keep_up(archive, now(), config)  # its stories tell of what is left
    say(f"{found.url} is forgotten")
