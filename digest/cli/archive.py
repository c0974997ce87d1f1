"""coverage, doctor, backup, migrate, prune, forget: the archive and its health."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, print_csv, print_json, print_table, say, take_one_form, tell
from digest.cli.search import find_article
from digest.cli.session import UNTIL, moment, now, session, span
from digest.measures import reasons, size

if TYPE_CHECKING:
    from crawler.archive import Archive

#: How far a table is copied is told so many seconds after the last line, and when it is done.
_TELLS_AFTER = 5.0


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog="Example: presswatch coverage tass --since 7d")(coverage)
    app.command(epilog="Example: presswatch doctor")(doctor)
    app.command(epilog="Example: presswatch backup presswatch-backup.db")(backup)
    app.command(epilog="Example: presswatch migrate sqlite:///presswatch.db postgresql://presswatch@db/press")(migrate)
    app.command(epilog="Example: presswatch prune --older 365d --dry-run")(prune)
    app.command(epilog="Example: presswatch forget 12")(forget)


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
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the mail server.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Read the whole archive, and look whether it is sound.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Look for what will go wrong: configuration, archive, disk, clock, secrets, contact address, mail.

    The mail server of [mail] is asked as for a mail, up to the login; none is sent. It ends with code 1 at an error.
    """
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
    findings = examine(current.config_folder(), current.archive_url, now(), offline=offline, deep=deep)
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
        place = archive.path
    say(f"wrote {file}, {size(file.stat().st_size)}, and read it back: it is sound")
    if place is not None:
        say(
            f"to restore it: stop the service and each `presswatch serve`, remove {place}-wal and {place}-shm, "
            f"copy it to {place}, and start again"
        )
    if raw is not None and (pages := raw.size()).files:
        say(f"not in it: raw pages, {pages.told()}; copy the folder {raw.folder} as well")


def migrate(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="Address of the archive: sqlite:///presswatch.db.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Address of an empty database: postgresql://db/press.")],
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Copy a whole archive into another database, from SQLite to PostgreSQL or back, and compare the two.

    Stop the service first: nobody can write to the archive meanwhile, though everybody can read. What was interrupted
    goes on with the same words. The archive that is copied stays as it is. It ends with code 1 where the copy is not
    equal, or not sound.
    """
    from crawler.archive import migrate as copy
    from crawler.archive import path_of
    from crawler.archive.addresses import shown
    from crawler.raw import raw_folder

    told = monotonic()

    def progress(what: str, table: str, number: int, of: int) -> None:
        nonlocal told
        if number == of or monotonic() - told >= _TELLS_AFTER:
            told = monotonic()
            tell(f"{what} {table}: {number} of {of}")

    done = copy(source, target, progress)
    if as_json_:
        print_json({"rows": done.rows, "faults": list(done.faults)})
    else:
        for fault in done.faults:
            say(f"error: {fault}")
    if done.faults:
        raise typer.Exit(1)
    if as_json_:
        return
    say(f"copied {sum(done.rows.values()):,} rows of {len(done.rows)} tables, and compared them: both sides are equal")
    say(f'what comes next: write archive = "{shown(target)}" into presswatch.toml, then start the service again')
    raw = raw_folder(session(context).config_if_any(), path_of(source))
    if raw is not None and (pages := raw.size()).files:
        say(
            f"not in it: raw pages, {pages.told()}; they stay in {raw.folder}: name that as folder under [raw], "
            "and let each machine that crawls reach it"
        )


def prune(
    context: typer.Context,
    older: Annotated[
        str | None, typer.Option(help="Age of the articles that go: 365d, or a day; default [keep] articles.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    everything: Annotated[bool, typer.Option("--everything", help="Also when no article is left by --older.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Remove what is older than [keep] and [raw] in presswatch.toml say; the service does so once a day.

    With --older articles of that age and their raw pages go, too. The file keeps its size: the room in it is used for
    what comes; "backup" writes a copy without it.
    """
    from digest import retention

    current = session(context)
    config = current.config_if_any()
    cut = retention.cuts(config, now(), moment(older))
    with current.archive(config, read_only=dry_run) as archive:
        if older is not None and cut.articles is not None and not (dry_run or everything):
            _refuse_to_empty(archive, cut.articles, older)
        removed = retention.apply(archive, config, cut, now(), dry_run=dry_run)
    if as_json_:
        told = {name: as_json(getattr(removed, name)) for name in ("raw", "tidied", "pages")}
        print_json(
            {"before": cut.articles, "dry_run": dry_run, "cuts": as_json(cut), **as_json(removed.pruned), **told}
        )
        return
    verb = "would remove" if dry_run else "removed"
    if cut.articles is not None:
        say(f"{verb} {removed.pruned.articles} articles from before {cut.articles:%Y-%m-%d}")
    if cut.raw is not None and (removed.raw.files or cut.articles is None):
        raw = removed.raw.told() if removed.raw.files else "there are none"
        say(f"{verb} raw pages from before {cut.raw:%Y-%m-%d}: {raw}")
    tidied = removed.tidied
    if cut.digests is not None and tidied.digests:
        stay = "" if cut.pages else "; their pages in the plans' folders stay, as [keep] pages is empty"
        say(f"{verb} {tidied.digests} digests from before {cut.digests:%Y-%m-%d}{stay}")
    if cut.pages is not None and removed.pages:
        say(f"{verb} the pages of {removed.pages} digests from before {cut.pages:%Y-%m-%d}, and renewed the lists")
    if cut.mails is not None and tidied.mails:
        say(
            f"{verb} the bytes of {tidied.mails} deliveries from before {cut.mails:%Y-%m-%d}: {size(tidied.mail_bytes)}"
        )
    if cut.log is not None and tidied.polls + tidied.runs:
        say(f"{verb} {tidied.polls} polls and {tidied.runs} runs from before {cut.log:%Y-%m-%d}")
    if not removed.told() and cut.articles is None and cut.raw is None:
        say("nothing is old enough; [keep] in presswatch.toml says what is, or --older 365d for articles")


def _refuse_to_empty(archive: Archive, before: datetime, older: str) -> None:
    articles = archive.vitals.numbers(now()).articles
    if articles and archive.prune(before, dry_run=True).articles == articles:
        raise UsageError(
            f"--older {older} would remove every article ({articles}); if that is meant, say --everything, too"
        )


def forget(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="Number or address of an article.")],
) -> None:
    """Remove every trace of an article, its raw pages and digests that carried it too, and never fetch it again."""
    from crawler.raw import raw_folder
    from digest import feeds
    from digest.deliver import files
    from digest.regrouping import keep_up
    from digest.skin import templates_of

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        found = find_article(archive, article)
        assert found.id is not None
        editions = archive.editions.carrying(found)
        addresses = archive.articles.addresses(found.id)
        raw = raw_folder(config, archive.path)
        written = [row for each in editions for row in archive.outbox.list(each.id) if row.channel == "files"]
        more = (templates_of(config), config.press.web.public_url)
        gone = [path for row in written for path in files.erase(Path(row.recipient), row.plan, row.slot, *more)]
        # First, so that a failure leaves an article that can be forgotten again; and once more for what a crawl wrote
        # meanwhile, which cannot come back once the archive has its tombstone.
        if raw is not None:
            raw.erase(addresses)
        archive.articles.forget(found.id, now())
        if raw is not None:
            raw.erase(addresses)
        keep_up(archive, now(), config)  # its stories tell of what is left
        feeds.renew(archive, config)
    say(f"{found.url} is forgotten")
    for edition in editions:
        what = "the draft was removed; make it anew" if edition.state == "draft" else "is empty now"
        say(f"{edition.plan} {edition.slot}, which carried it, {what}")
    for path in gone:
        say(f"removed {path}")
    if editions:
        say("What was mailed before cannot be called back.")
