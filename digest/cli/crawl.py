"""crawl, import, reextract: bringing articles in."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, console, print_json, print_table, say
from digest.cli.session import moment, now, session
from digest.cli.standing import held_lines, standing_lines
from digest.measures import reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crawler.visit import ImportReport, LeftToWorkers, Progress, VisitReport


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog="Example: presswatch crawl tass xinhua --backfill 30d")(crawl)
    app.command("import", epilog="Example: presswatch import articles.jsonl.gz CC-NEWS-20191106.warc.gz")(import_)
    app.command(epilog="Example: presswatch reextract tass --since 30d")(reextract)


def crawl(
    context: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Sources; default all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Poll every channel, due or not.")] = False,
    backfill: Annotated[
        str,
        typer.Option(metavar="30d", help="Also find what was published in so long a time: sitemaps, archive pages."),
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="End with code 3 when a channel failed.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Poll what is due, fetch, clean and keep the articles; tell what became of every page."""
    from crawler.visit import visit

    current = session(context)
    config = current.config()
    if not config.sources:
        raise UsageError(
            f'{config.folder / "sources.toml"} has no source yet: add one with "presswatch source add URL", '
            'or begin with a catalogue: "presswatch init DIR --pack world"'
        )
    span = _span(backfill)
    with _progress(shown=not as_json_) as progress:
        report = visit(
            current.archive_address(config),
            config,
            keys or None,
            everything=everything,
            backfill=span,
            progress=progress,
        )
    if as_json_:
        print_json(report_json(report))
    else:
        print_report(report, everything=everything)
    if strict and report.total("failed_channels"):
        raise typer.Exit(3)


def _span(backfill: str) -> timedelta | None:
    from crawler.config.units import read_duration

    if not backfill:
        return None
    try:
        return timedelta(seconds=read_duration(backfill))
    except ValueError as error:
        raise UsageError(f"--backfill: found {backfill!r}, wanted {error}") from None


_BY_REASON = ("from_entry", "override_missed", "dropped", "waiting", "left", "lists_left")


def report_json(report: VisitReport) -> dict[str, Any]:
    """Write what a visit did, for programs."""
    names = ("polled", "queued", "fetched", "kept", "revised", "unchanged", "corrected", "withdrawn", "lists")
    totals: dict[str, Any] = {name: report.total(name) for name in names}
    totals |= {name: report.by_reason(name) for name in _BY_REASON}
    return {
        "outcome": report.outcome,
        "started": as_json(report.started),
        "ended": as_json(report.ended),
        "totals": totals,
        "remarks": list(report.remarks),
        "standing": as_json(report.standing),
        "sources": {key: as_json(counts) for key, counts in sorted(report.sources.items())},
    }


def print_report(report: VisitReport, *, everything: bool = False) -> None:
    """Print what a visit did: a line for each source that had something, and the counts by reason."""
    shown = [
        counts
        for _, counts in sorted(report.sources.items())
        if counts.polled or counts.fetched or counts.waiting or counts.backfilled or counts.failed_channels
    ]
    if not shown:
        say("Nothing could be asked now." if everything else "Nothing was due.")
        for line in (*standing_lines(report, everything=everything), *(f"note: {each}" for each in report.remarks)):
            say(line)
        return
    header = ("source", "channels", "queued", "fetched", "kept", "revised", "dropped", "later", "remarks")
    table = [
        (
            counts.source, counts.polled, counts.queued, counts.fetched, counts.kept, counts.revised,
            sum(counts.dropped.values()), sum(counts.waiting.values()),
            "; ".join(f"{note}" for _, note in counts.failed_channels),
        )
        for counts in shown
    ]  # fmt: skip
    print_table(header, table)
    for label, name in (
        ("kept from the feed entry only", "from_entry"),
        ("dropped", "dropped"),
        ("tried again later", "waiting"),
    ):
        if found := report.by_reason(name):
            say(f"{label}: {reasons(found)}")
    for counts in shown:
        if missed := counts.override_missed:
            say(f"overrides without a match, so found the general way: {counts.source}: {reasons(missed)}")
    _print_backfill(report)
    for line in held_lines(report):
        say(line)
    for remark in report.remarks:
        say(f"note: {remark}")
    if corrected := report.total("corrected"):
        say(f"earlier articles corrected, lines that their hosts repeat taken out: {corrected}")
    if withdrawn := report.total("withdrawn"):
        say(f"withdrawn by their publishers: {withdrawn}")
    seconds = (report.ended - report.started).total_seconds()
    ending = {"limit": "; its time was over, the rest is queued", "signal": "; it was told to stop, the rest is queued"}
    say(f"{report.total('kept')} articles kept in {seconds:.0f} s{ending.get(report.outcome, '')}")


def _print_backfill(report: VisitReport) -> None:
    """Print what a backfill asked for, what it left, and whether another run goes on."""
    filled = [counts for counts in report.sources.values() if counts.backfilled]
    if not filled:
        return
    say(f"backfill: {report.total('lists')} sitemaps and archive pages read")
    for label, name in (("not queued", "left"), ("lists not read", "lists_left")):
        if found := report.by_reason(name):
            say(f"  {label}: {reasons(found)}")
    unended = sorted(counts.source for counts in filled if counts.backfilled != "whole")
    if unended:
        say(f"  not at its end for {', '.join(unended[:10])}: the same command goes on where it was")


@contextlib.contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show a live table of sources on a terminal."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.live import Live
    from rich.table import Table

    latest: dict[str, Progress] = {}

    def table() -> Table:
        rows = Table("source", "queued", "fetched", "kept", "dropped", "later", box=None)
        # The busiest sources: a terminal has no room for hundreds.
        for each in sorted(latest.values(), key=lambda one: -(one.queued - one.fetched))[:20]:
            rows.add_row(each.source, *map(str, (each.queued, each.fetched, each.kept, each.dropped, each.waiting)))
        every = latest.values()
        numbers = [
            sum(getattr(one, name) for one in every) for name in ("queued", "fetched", "kept", "dropped", "waiting")
        ]
        rows.add_row(f"{len(latest)} sources", *map(str, numbers), style="bold")
        return rows

    with Live(get_renderable=table, console=console(), refresh_per_second=4, transient=True):

        def update(each: Progress) -> None:
            latest[each.source] = each

        yield update


def import_(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="FILE.jsonl or FILE.warc, also with .gz; warc.paths: a list of such files."
        ),
    ],
    source: Annotated[
        str, typer.Option(metavar="KEY", help="Source of what names none; default by the host of each address.")
    ] = "",
    hosts: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="WARC: only pages of these hosts and of those below them, one a line."),
    ] = None,
    languages: Annotated[str, typer.Option(metavar="zh,en", help="WARC: only articles in these languages.")] = "",
    query: Annotated[str, typer.Option(metavar="QUERY", help="WARC: only articles that it finds.")] = "",
    since: Annotated[str | None, typer.Option(help="WARC: nothing that was published before: 2019-11-01, 30d.")] = None,
    under: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the files of a list lie; default beside the list.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read WARC files again that were imported already.")] = False,
    by_workers: Annotated[
        bool, typer.Option("--by-workers", help="WARC: leave each file to a worker, who sees it at the same path.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Take in articles (JSON lines) or web pages (WARC) from elsewhere; search finds them, and they are never news.

    A line of JSON holds title and text, and may hold id, url, published, source, language (or lang), lead, authors,
    tags and credited_to, as export writes them; or it holds url and html. The text tells a language that is not given;
    the id is kept as evidence.import_id. Nothing is fetched. Pages whose address is known are left as they are. The
    import of a WARC file that was stopped goes on where it was; one that is done is not read again. What a damaged file
    still gives is kept, and the damage told. Ends with code 3 when a file of a list is not there.
    """
    from crawler.visit import (
        ImportReport,
        Wanted,
        import_files,
        leave_to_workers,
        read_hosts,
        read_languages,
        read_query,
    )

    current = session(context)
    config = current.config_if_any()
    asked = Wanted(read_hosts(hosts) if hosts else frozenset(), read_languages(languages), moment(since), since or "")
    with current.archive(config, create=True) as archive, _counting("articles kept", shown=not as_json_) as tell:
        known = (*archive.watches.all(), *config.watches.values()) if query else ()
        watches = {watch.name: watch.query for watch in known}
        asked = replace(asked, node=read_query(query, watches))
        report: ImportReport | LeftToWorkers
        if by_workers:
            report = leave_to_workers(archive, files, source=source, wanted=asked, under=under, again=again)
        else:
            report = import_files(
                archive, config, files, now(), source=source, wanted=asked, under=under, again=again, tell=tell
            )
    if as_json_:
        print_json(report)
    elif isinstance(report, ImportReport):
        _print_import(report)
    else:
        _print_left(report)
    if report.missing:
        raise typer.Exit(3)


def _print_import(report: ImportReport) -> None:
    refused = len(report.faults)
    completed = f"{report.completed} completed, " if report.completed else ""
    say(f"{report.kept} kept, {completed}{report.revised} revised, {report.unchanged} known already, {refused} refused")
    if report.dropped:
        say(f"no article: {reasons(dict(report.dropped))}")
    if report.corrected:
        say(f"earlier articles corrected, lines that their hosts repeat taken out: {report.corrected}")
    for label, names in (
        ("went on where it was stopped, what came of it before is counted", report.went_on),
        ("imported already, --again reads it again", report.done_before),
    ):
        for name in names[:20]:
            say(f"{label}: {name}")
        if len(names) > 20:
            say(f"{label}: {len(names) - 20} more")
    _say_faults(report.missing)
    _say_faults(report.faults)


def _print_left(report: LeftToWorkers) -> None:
    already = f", {report.waited_already} of them already" if report.waited_already else ""
    files = "1 file waits" if report.files == 1 else f"{report.files} files wait"
    say(f'{files} for workers{already}; "presswatch status" tells how far each is')
    _say_faults(report.missing)
    _say_faults(report.faults)


def reextract(
    context: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Sources; default all.")] = None,
    since: Annotated[str | None, typer.Option(help="Articles first seen since: 2026-11-01, 7d.")] = None,
    by_workers: Annotated[
        bool, typer.Option("--by-workers", help="Leave each source to a worker, who sees the raw pages, too.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Read kept raw pages again with today's extractor; what comes out otherwise corrects its article.

    Needs pages that were crawled with [raw] keep in presswatch.toml. Nothing is fetched. A correction is no news: the
    earlier text stays to be seen with "show", what people said of the article stays, and no digest calls it new. Pages
    that gave no article at all are tried again by importing the raw files: presswatch import presswatch-raw/*.warc.gz
    """
    from crawler.enqueueing import enqueue_reextraction
    from crawler.importing.reextracting import check_keys
    from crawler.raw import raw_folder
    from crawler.visit import reextract as read_again

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive, _counting("pages read", shown=not as_json_) as tell:
        folder = raw_folder(config, archive.path)
        if folder is None:
            raise UsageError("this archive has no raw pages: set [raw] folder in presswatch.toml")
        if by_workers:
            if keys:
                check_keys(archive, config, keys)
            wanted = keys or [source.key for source in archive.sources.all()]
            added = enqueue_reextraction(archive, wanted, moment(since))
            if as_json_:
                print_json({"sources": len(wanted), "waited_already": len(wanted) - added})
            else:
                say(f"{len(wanted)} sources wait for workers")
            return
        report = read_again(archive, config, folder, now(), keys or None, since=moment(since), tell=tell)
    if as_json_:
        print_json(report)
        return
    if not report.articles:
        say(f'No article here has a raw page in {folder.folder}. [raw] keep = "90d" in presswatch.toml keeps them.')
        return
    say(f"{report.articles} read again: {report.corrected} corrected, {report.unchanged} as they were")
    if report.left:
        say(f"left as they were: {reasons(dict(report.left.most_common()))}")
    _say_faults(report.faults)


def _say_faults(faults: Sequence[str]) -> None:
    for fault in faults[:20]:
        say(f"  {fault}")
    if len(faults) > 20:
        say(f"  and {len(faults) - 20} more; --json lists them")


@contextlib.contextmanager
def _counting(what: str, *, shown: bool) -> Iterator[Callable[[int], None] | None]:
    """Show a growing number on a terminal."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.status import Status

    with Status(f"0 {what}", console=console()) as status:
        yield lambda number: status.update(f"{number} {what}")
