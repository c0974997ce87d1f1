"""run, worker, serve, mcp: the service, those who work for it, the web page, and the archive for assistants."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import flush, say, tell, tell_as
from digest.cli.session import now, session
from digest.journal import Journal, line

if TYPE_CHECKING:
    from crawler.config import Config
    from digest.cli.session import Session


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog="Example: presswatch run --once")(run)
    app.command(epilog="Example: presswatch worker --queues crawl")(worker)
    app.command(epilog="Example: presswatch serve --port 8765")(serve)
    app.command(epilog="Example: presswatch mcp")(mcp)


def run(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then end: for cron.")] = False,
    web: Annotated[
        bool | None, typer.Option("--web/--no-web", help="Serve the web page, too; default as configured.")
    ] = None,
) -> None:
    """Crawl, make digests and deliver them at their times, until SIGTERM."""
    import asyncio
    import os
    import time

    from crawler.archive import shown
    from digest.locks import only_instance
    from digest.schedule import Service
    from digest.systemd import Notifier

    current = session(context)
    config = current.config()
    address = current.archive_address(config)
    in_json = (current.log_format or config.press.log.format) == "json"
    if in_json:
        tell_as(Journal("json"))
    notifier = Notifier.found_in(os.environ)
    os.environ.pop("NOTIFY_SOCKET", None)  # what we start is not what is watched
    with only_instance(address, wait=time.sleep, say=tell, patient=not once):
        service = Service(config.folder, address, config, say=tell, notifier=notifier, web=web)
        if in_json:
            service.program = (*service.program, "--log-format", "json")
        if once:
            asyncio.run(service.once())
            if service.faults:
                raise typer.Exit(3)
            return
        sources, plans = len(config.sources), len(config.plans)
        text = (
            f"presswatch runs: {sources} sources, {plans} digests, archive {shown(address)}; SIGTERM or Ctrl-C stops it"
        )
        tell(line(text, "start", sources=sources, digests=plans))
        asyncio.run(service.run())
        tell(line("stopped", "stop"))


def worker(
    context: typer.Context,
    queues: Annotated[
        str,
        typer.Option(
            metavar="NAME,...", help="What it takes: crawl, warc, extract, digest, group; default all of these."
        ),
    ] = "",
    at_once: Annotated[int, typer.Option(min=1, max=8, help="Jobs that it does beside each other.")] = 4,
    silent: Annotated[float, typer.Option("--silent", hidden=True, help="Who is dead, in seconds.")] = 30.0,
) -> None:
    """Do what a service leaves to workers, on this machine or another, until SIGTERM.

    Any number of them share one archive on PostgreSQL, each with the same configuration as the service, in which
    [crawl] by_workers is true: visits of sources (crawl), digests (digest), what came put into stories (group); and
    what "presswatch import --by-workers" (warc) and "presswatch reextract --by-workers" (extract) give them. These two
    may take hours: of the jobs that a worker does at once at most half are such, save where it takes no others. What
    one leaves behind when it dies is done by the others; digests and stories that none of them takes the service makes.
    """
    try:
        from crawler.acts import ACTS
        from crawler.work import Worker
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("procrastinate", "psycopg"):
            raise
        raise UsageError("this needs an extra that is not installed: pip install 'presswatch[workers]'") from error

    from datetime import timedelta

    from crawler.archive import is_postgres, shown
    from digest import working

    current = session(context)
    config = current.config()
    address = current.archive_address(config)
    if not is_postgres(address):
        raise UsageError(
            f"{shown(address)}: workers share an archive on PostgreSQL; give its address as --archive, or as archive = "
            "in presswatch.toml (`presswatch migrate` takes along what is there)"
        )
    names = [name.strip() for name in queues.split(",") if name.strip()]
    made = Worker(
        address, current.config, acts={**ACTS, **working.ACTS}, queues=names, at_once=at_once,
        silent=timedelta(seconds=silent), say=tell,
    )  # fmt: skip
    tell(line(f"worker: takes {', '.join(made.queues)} from {shown(address)}; SIGTERM or Ctrl-C stops it", "start"))
    made.run()
    tell(line("stopped", "stop"))


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default as configured, 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default as configured, 8765.")] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=64,
            help="Processes that serve it; 0 is one for each core, four at most; default as configured, 0. "
            "Each beyond the first takes 20 MB of memory, and up to 150 MB when several people search at once.",
        ),
    ] = None,
    beside: Annotated[bool, typer.Option("--beside", hidden=True, help="End with who holds our stdin.")] = False,
) -> None:
    """Show the archive as a web page: on this machine only, unless there are users, who log in."""
    from digest.web import serve as serve_pages
    from digest.web.processes import number_of

    current = session(context)
    config = current.config_if_any()
    web, archive = config.press.web, current.archive_address(config)
    address, own_port = host or web.host, port or web.port

    def tell_address(text: str) -> None:
        say(text if beside else f"{text}  (Ctrl-C stops it)")
        flush()

    _begin(current, config, archive)
    serve_pages(
        archive,
        address,
        own_port,
        now,
        web.public_url,
        current.config_if_any,
        hosts=web.hosts,
        proxies=web.proxy,
        processes=number_of(web.processes if processes is None else processes),
        lifeline=sys.stdin.fileno() if beside else None,
        say=tell_address,
    )


def _begin(current: Session, config: Config, archive: str) -> None:
    """Make the archive that a configuration names, so that sources and watches can be added before the first crawl."""
    from crawler.archive import path_of
    from digest.definitions import synchronise

    path = path_of(archive)
    named = current.archive_url is not None or not (config.folder / "presswatch.toml").exists()
    if named or path is None or path.exists():
        return
    with current.archive(config, create=True) as made:
        synchronise(made, config, now())


def mcp(context: typer.Context) -> None:
    """Let an assistant read the archive, by the Model Context Protocol on stdin and stdout; it can change nothing.

    Name this command, with --archive or --config, in the settings of the assistant.
    """
    try:
        from digest.mcp_server import serve as serve_assistant
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise UsageError("this needs an extra that is not installed: pip install 'presswatch[mcp]'") from error

    current = session(context)
    address = current.archive_address()
    with current.archive(read_only=True):
        pass  # what cannot be opened is told before anybody asks
    serve_assistant(address, now)
