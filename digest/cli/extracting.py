"""extract: cleaning pages that are kept nowhere."""

from __future__ import annotations

import select
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import PresswatchError, UsageError
from digest.cli.output import print_json, write_now
from digest.cli.session import now, session

if TYPE_CHECKING:
    from io import FileIO

    from crawler.extract.workers import Workers


def register(app: typer.Typer) -> None:
    """Put the command into the application."""
    app.command(epilog="Example: presswatch extract page.html --url https://example.org/news/1 --json")(extract)


def extract(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="FILE|URL|-", help='A saved page, an address, or "-" for stdin.')] = "",
    url: Annotated[str, typer.Option(help="Where a saved page came from.")] = "",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines {"url","html"|"file"} from FILE or "-", write article lines.')
    ] = False,
    processes: Annotated[
        int, typer.Option("--workers", metavar="N", min=0, max=64, help="Processes; default [crawl] workers.")
    ] = 0,
    as_json_: Annotated[bool, typer.Option("--json", help="JSON, which is the only form; kept for symmetry.")] = False,
) -> None:
    """Clean one page, or with --jsonl many, and print the article as JSON.

    With --jsonl each line gets one line, in the same order and as soon as it is ready: the article, or {"url","error"}
    with the reason. The lines are the same with any number of workers. "file" is looked for beside FILE; "url" may be
    missing.

    A page whose address is that of a configured source is read as that source's: with its overrides and time zone.
    """
    from crawler.extract.workers import WorkerFault, Workers
    from crawler.page_lines import Owners, page_of, record_of, told
    from crawler.source_finder import SourceFinder

    current = session(context)
    config = current.config_if_any()
    limits = config.press.crawl
    processes = processes or limits.workers
    owners = Owners(SourceFinder(config), now().date())
    with Workers(processes, limits.page_cpu, limits.page_memory, shared=owners) as workers:
        if jsonl:
            _extract_lines(page or "-", workers, processes)
            return
        if not page:
            raise UsageError('name a saved page, an address, or "-" for stdin')
        if page.startswith(("http://", "https://")):
            from crawler.visit import fetch_one

            fetched = fetch_one(page, config, current.archive_address(config))
        else:
            fetched = page_of(sys.stdin.buffer.read() if page == "-" else _read(Path(page)), url)
        article = workers.call_now(record_of, fetched)
    if isinstance(article, WorkerFault):
        raise PresswatchError(f"{page}: {told(article)}")
    print_json(article)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error


def _extract_lines(path: str, workers: Workers, processes: int) -> None:
    """Answer each line, in order; a line or page that fails costs nothing but itself."""
    from crawler import page_lines
    from crawler.extract.in_order import InOrder, cut
    from crawler.extract.workers import WorkerFault

    folder = str(Path.cwd() if path == "-" else Path(path).parent.absolute())

    def answer(number: int, line: bytes) -> bytes:
        if (told := page_lines.without_answer(number, line)) is not None:
            return told
        answered = workers.call_now(page_lines.answer, number, line, folder)
        return page_lines.fault_answer(line, answered) if isinstance(answered, WorkerFault) else bytes(answered)

    with _opened(path) as file:
        lines = _told(path, cut(lambda size: _read_some(file, size), page_lines.LONGEST_LINE))
        # Twice as many as workers: the next page is ready when a worker has done with one.
        for answers in InOrder(lines, answer, 2 * processes):
            write_now(answers)


def _opened(path: str) -> FileIO:
    """Open what is read line by line, without a buffer: a thread that waits for a line must hold no lock at the end."""
    if path == "-" and sys.stdin is None:
        raise UsageError("stdin is closed: name a file")
    try:
        return open(0, "rb", buffering=0, closefd=False) if path == "-" else Path(path).open("rb", buffering=0)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error


def _read_some(file: FileIO, size: int) -> bytes:
    while (found := file.read(size)) is None:  # whoever opened it told it not to wait
        select.select([file], [], [])
    return found


def _told(path: str, lines: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from lines
    except OSError as error:
        raise PresswatchError(f"{path}: cannot be read further: {error.strerror or error}") from error
