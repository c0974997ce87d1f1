"""Bench: `presswatch extract --jsonl` with one worker and two, beside the same extraction in one process.

    python -m tests.bench.extract_jsonl [--pages N]

Real pages of four sets of the corpus, as lines. It fails when any way gives another byte than the others.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from tests.bench.measure import ROOT, run
from tests.bench.report import write

CORPUS = ROOT.parent / "shared" / "corpus" / "extraction"
SETS = ("scrapinghub", "fundus_eval", "wcxb_dev", "traf_eval")
#: Of each set, unless it has fewer: 1,061 in all.
PAGES = 400
WORKERS = (1, 2)


@dataclass(frozen=True, slots=True)
class Way:
    """What one way of extracting all pages took."""

    name: str
    cpu: float
    #: Of the process that was started, without its workers.
    own: float
    wall: float
    #: None where nothing is written.
    written: bytes | None


def lines_of(corpus: Path, pages: int) -> Iterator[bytes]:
    """Write the first pages of each set as lines."""
    for name in SETS:
        with (corpus / name / "gold.jsonl").open(encoding="utf-8") as gold:
            for line in islice(gold, pages):
                told = json.loads(line)
                html = gzip.decompress((corpus / name / told["page"]).read_bytes()).decode("utf-8", "replace")
                yield f"{json.dumps({'url': told['url'], 'html': html})}\n".encode()


def work(file: Path) -> None:
    """Extract every page twice in this process, from pages to articles and from lines to lines; tell what it took."""
    import crawler.ready  # noqa: F401  # what the workers have loaded when they begin
    from crawler import page_lines, reading
    from crawler.config import Config
    from crawler.errors import NoArticle
    from crawler.extract import workers
    from crawler.extract.workers import WorkerFault
    from crawler.source_finder import SourceFinder

    owners = page_lines.Owners(SourceFinder(Config(folder=file.parent)), datetime.now(UTC).date())
    workers._begin(owners)  # this process is what a worker is
    lines = file.read_bytes().splitlines()
    told = [json.loads(line) for line in lines]
    pages = [page_lines.page_of(each["html"].encode(), each["url"], "text/html; charset=utf-8") for each in told]
    began, wall = time.process_time(), time.monotonic()
    for page in pages:
        with contextlib.suppress(NoArticle):
            reading.read_article(page, owners.of(page))
    extracted, at = time.process_time() - began, time.monotonic() - wall
    began, wall = time.process_time(), time.monotonic()
    with file.with_suffix(".out").open("wb") as out:
        for number, line in enumerate(lines, 1):
            try:
                out.write(page_lines.answer(number, line, str(file.parent)))
            except NoArticle as why:
                out.write(page_lines.fault_answer(line, WorkerFault(why.reason, str(why))))
    print(json.dumps([extracted, at, time.process_time() - began, time.monotonic() - wall]))


def measured(folder: Path, file: Path) -> Iterator[Way]:
    """Extract the pages of a file of lines in every way."""
    cost = run([sys.executable, "-m", "tests.bench.extract_jsonl", "--work", str(file)], folder)
    if cost.code:
        sys.exit(cost.err)
    extracted, at, answered, until = json.loads(cost.out)
    written = file.with_suffix(".out").read_bytes()
    yield Way("one process, pages to articles", extracted, extracted, at, None)
    yield Way("one process, lines to lines", answered, answered, until, written)
    for number in WORKERS:
        yield command(folder, file, number)


def command(folder: Path, file: Path, workers: int) -> Way:
    """Extract the pages of a file of lines by the command."""
    name = f"extract --jsonl --workers {workers}"
    cost = run([sys.executable, "-m", "digest.cli", *name.split(), str(file)], folder)
    if cost.code:
        sys.exit(cost.err)
    return Way(name, cost.cpu, cost.own_cpu, cost.wall, cost.out.encode())


def row(way: Way, pages: int, first: bytes) -> tuple[str, str, str, str, str]:
    """Write a way as a row of the table."""
    own = f"{100 * way.own / way.cpu:.1f} %" if way.own != way.cpu else ""
    same = "" if way.written is None else "yes" if way.written == first else "NO"
    return way.name, f"{1_000 * way.cpu / pages:.1f}", own, f"{pages / way.wall:.1f}", same


def main() -> int:
    """Print the table; fail when an output differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, help="of each set")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work)
        return 0
    if not CORPUS.is_dir():
        sys.exit("the corpus is not beside this checkout (../shared/corpus/extraction)")
    with tempfile.TemporaryDirectory() as top:
        file = Path(top) / "pages.jsonl"
        with file.open("wb") as stream:
            stream.writelines(lines_of(CORPUS, options.pages))
        size = file.stat().st_size / 2**20
        ways = list(measured(Path(top), file))
        file.write_bytes(file.read_bytes().partition(b"\n")[0])
        start = command(Path(top), file, 1)
    first = next(way.written for way in ways if way.written)
    pages = first.count(b"\n")
    about = f"{pages:,} real pages of {len(SETS)} sets ({size:.0f} MB of lines) read, extracted and written."
    header = ("way", "CPU ms a page", "of it the parent's", "pages a wall s", "same output")
    notes = (
        f"of the command, CPU counts all processes from the start of Python: {start.cpu:.1f} s for the first page",
        "of one process, what was loaded before is not counted",
        "pages a wall second say something only of a machine that has nothing else to do",
    )
    write("extract_jsonl", about, header, [row(way, pages, first) for way in ways], notes)
    return 0 if all(way.written in (None, first) for way in ways) else 1


if __name__ == "__main__":
    sys.exit(main())
