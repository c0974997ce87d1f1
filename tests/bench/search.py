"""Fill an archive with realistic articles and ask it a fixed mix of queries.

    python -m tests.bench.search [ARTICLES] [FOLDER]

The archive is made in FOLDER (else in a temporary one) and used again when it is there: a million articles take an hour
of one core. What is told is processor time, of each query the best of three, of each kind the 95th percentile.
tantivy (``pip install tantivy``) stands beside it where it is installed: the same articles, its default tokenizer.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from crawler.archive import Archive, fulltext, open_archive
from crawler.archive.sqlite import open_store
from tests.bench.measure import ROOT
from tests.bench.mix import queries
from tests.bench.report import write
from tests.bench.stream import BEGIN, SPAN, Stream, sources

_NOW = BEGIN + SPAN + timedelta(days=1)
_BATCH = 100
#: Peers are filled once more in each run; at a million that would take too long.
_MOST_FOR_PEERS = 200_000


class Filling(NamedTuple):
    """What filling an archive took."""

    #: CPU seconds of keep(), of which for the index alone (cutting the words, and writing them).
    keeping: float
    indexing: float
    #: Bytes of titles, leads and texts in UTF-8.
    text: int


def cpu(act: Callable[[], object], turns: int = 3) -> float:
    """Measure the processor time of the best of some turns, in milliseconds."""
    best = float("inf")
    for _ in range(turns):
        begun = time.process_time()
        act()
        best = min(best, time.process_time() - begun)
    return 1_000 * best


def fill(path: Path, count: int) -> Filling:
    """Make an archive of so many articles; the index is measured apart, on the first 20,000 of them."""
    keeping, text = 0.0, 0
    with open_archive(f"sqlite:///{path}") as archive:
        archive.sources.sync(sources(), BEGIN)
        for kept, now in Stream(count).batches(_BATCH):
            begun = time.process_time()
            archive.articles.keep(kept, now)
            keeping += time.process_time() - begun
            text += sum(
                len(part.encode())
                for item in kept
                for part in (item.article.title, item.article.lead, item.article.text)
            )
    return Filling(keeping, _index_alone(min(count, 20_000)), text)


def _index_alone(count: int) -> float:
    """Measure cutting and index writing for so many articles in batches of 100; CPU ms an article."""
    spent = 0.0
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/index.db")
        for number, (kept, _) in enumerate(Stream(count).batches(_BATCH)):
            begun = time.process_time()
            entries = [
                fulltext.cut(
                    number * _BATCH + at, item.article.title, item.article.lead, item.article.text, item.article.authors
                )
                for at, item in enumerate(kept, start=1)
            ]
            with store.writing():
                fulltext.add(store, entries)
            spent += time.process_time() - begun
        store.close()
    return 1_000 * spent / count


def p95(values: list[float]) -> str:
    """Give the 95th percentile."""
    return f"{(statistics.quantiles(values, n=20, method='inclusive')[-1] if len(values) > 1 else values[0]):.2f}"


def measure(archive: Archive) -> dict[str, list[str]]:
    """Ask every kind of query: the 95th percentiles of ids, ranked ids, a page as a user sees it, and facets."""
    found: dict[str, list[str]] = {}
    for kind, asked in queries().items():
        acts: list[Callable[[str], object]] = [
            lambda query: archive.ids(query, _NOW, 20),
            lambda query: archive.search(query, sort="relevance", limit=1, now=_NOW),
            lambda query: archive.search(query, now=_NOW),
            lambda query: archive.facets(query, _NOW),
        ]
        found[kind] = [p95([cpu(partial(act, query)) for query in asked]) for act in acts]
    return found


def measure_tantivy(count: int) -> tuple[float, dict[str, str]]:
    """Give tantivy's CPU ms an article to index, and its 95th percentiles for what its own language can say."""
    import tantivy

    schema = tantivy.SchemaBuilder()
    for name in ("title", "lead", "text", "author"):
        schema.add_text_field(name)
    schema.add_integer_field("published", stored=True, fast=True)
    with tempfile.TemporaryDirectory() as folder:
        index = tantivy.Index(schema.build(), path=folder)
        writer = index.writer(num_threads=1)
        spent = 0.0
        for kept, _ in Stream(count).batches(_BATCH):
            begun = time.process_time()
            for item in kept:
                made = item.article
                at = int(made.published_utc.timestamp()) if made.published_utc else 0
                writer.add_document(
                    tantivy.Document(
                        title=made.title, lead=made.lead, text=made.text, author=list(made.authors), published=at
                    )
                )
            spent += time.process_time() - begun
        begun = time.process_time()
        writer.commit()
        writer.wait_merging_threads()
        spent += time.process_time() - begun
        index.reload()
        searcher = index.searcher()

        def ask(text: str) -> object:
            query = index.parse_query(text, ["title", "lead", "text", "author"], conjunction_by_default=True)
            return searcher.search(query, 20, order_by_field="published").hits

        said = {kind: queries()[kind] for kind in ("words", "phrases", "AND", "OR")}
        return 1_000 * spent / count, {kind: p95([cpu(partial(ask, query)) for query in said[kind]]) for kind in said}


def main() -> None:
    """Fill an archive, or take the one that is there, and write the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        path = folder / f"search-{count}.db"
        notes = []
        if not path.exists():
            filling = fill(path, count)
            disk = path.stat().st_size
            notes += [
                f"keep(): {1_000 * filling.keeping / count:.2f} CPU ms an article in batches of {_BATCH}",
                f"index alone (words cut, index written): {1_000 / filling.indexing:,.0f} articles a CPU second",
                f"disk: {disk / filling.text:.2f} bytes for a byte of text ({filling.text / count:,.0f} an article)",
            ]
        with open_archive(f"sqlite:///{path}", read_only=True) as archive:
            ours = measure(archive)
        asked = [
            sys.executable,
            "-P",
            "-m",
            "digest.cli",
            "--archive",
            f"sqlite:///{path}",
            "search",
            queries()["words"][3],
        ]
        begun = time.monotonic()
        subprocess.run(asked, check=True, capture_output=True, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)})
        notes.append(f"`presswatch search WORD`, as a command: {time.monotonic() - begun:.2f} s wall")
        theirs: dict[str, str] = {}
        if importlib.util.find_spec("tantivy") and count <= _MOST_FOR_PEERS:
            indexing, theirs = measure_tantivy(count)
            notes.append(f"tantivy: {indexing:.2f} CPU ms an article to index; it finds nothing inside Chinese runs")
    write(
        "search" if count == 100_000 else f"search-{count}",
        f"{count:,} articles in four scripts, 20 % of them late; CPU ms, 95th percentile of each kind of query.",
        ["queries", "number", "newest 20 ids", "best 20", "page of 20 with highlights", "facets", "tantivy newest 20"],
        [[kind, len(queries()[kind]), *row, theirs.get(kind, "-")] for kind, row in ours.items()],
        notes,
        f"search {count}",
    )


if __name__ == "__main__":
    main()
