"""Fill an archive with realistic articles and ask it a fixed mix of queries, beside other engines.

    python -m tests.bench.search [ARTICLES] [FOLDER]

The archive is made in FOLDER (else in a temporary one) and used again when it is there: a million articles take an hour
of one core. What is told is processor time, of each query the best of three, of each kind the 95th percentile. The
other engines (tests/bench/peers.py) get the same articles in the same run; at a million only with ``--peers``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from crawler.archive import Archive, Kept, fulltext, open_archive
from crawler.archive.sqlite import open_store
from crawler.archive.store import Store
from tests.bench import peers
from tests.bench.measure import ROOT
from tests.bench.mix import queries
from tests.bench.peers import Peer
from tests.bench.report import write
from tests.bench.stream import BEGIN, SPAN, Stream, sources

_NOW = BEGIN + SPAN + timedelta(days=1)
_BATCH = 100
#: So many batches make a crawl, after which the index is evened out.
_CRAWL = 50
#: From so many articles on the peers are left out, if they are not asked for.
_MOST_FOR_PEERS = 200_000
#: The index alone is measured over the first so many.
_MOST_FOR_INDEX = 100_000
_KINDS_HELD_TO_A_MILLISECOND = ("words", "phrases", "AND", "NEAR", "date ranges")


class Filling(NamedTuple):
    """What filling took."""

    #: CPU seconds of keep(), and of cutting words and writing the index for the first _MOST_FOR_INDEX.
    keeping: float
    indexing: float
    #: Of each peer.
    peers: Mapping[str, float]
    #: Bytes of titles, leads and texts in UTF-8.
    text: int


def cpu(act: Callable[[], object], clock: Callable[[], float] = time.process_time, turns: int = 3) -> float:
    """Measure the processor time of the best of some turns, in milliseconds."""
    best = float("inf")
    for _ in range(turns):
        begun = clock()
        act()
        best = min(best, clock() - begun)
    return 1_000 * best


def fill(path: Path | None, count: int, others: Sequence[Peer]) -> Filling:
    """Give so many articles to our archive (None: it is there already), to an index alone, and to the peers."""
    keeping = indexing = 0.0
    text = 0
    spent = {peer.name: 0.0 for peer in others}
    with ExitStack() as stack:
        archive = stack.enter_context(open_archive(f"sqlite:///{path}")) if path else None
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        alone = open_store(f"sqlite:///{folder}/index.db")
        if archive:
            archive.sources.sync(sources(), BEGIN)
        for number, (kept, now) in enumerate(Stream(count).batches(_BATCH)):
            begun = time.process_time()
            if archive:
                archive.articles.keep(kept, now)
                if number % _CRAWL == _CRAWL - 1:
                    archive.even_out()
            keeping += time.process_time() - begun
            if number * _BATCH < _MOST_FOR_INDEX:
                indexing += _index(alone, kept, number * _BATCH)
            for peer in others:
                begun = peer.cpu()
                peer.add(kept)
                spent[peer.name] += peer.cpu() - begun
            text += sum(
                len(part.encode())
                for item in kept
                for part in (item.article.title, item.article.lead, item.article.text)
            )
        alone.close()
        for peer in others:
            begun = peer.cpu()
            peer.finish()
            spent[peer.name] += peer.cpu() - begun
    return Filling(keeping, indexing, spent, text)


def _index(store: Store, kept: Sequence[Kept], first: int) -> float:
    """Cut the words of a batch and write them into an index that is alone in its file; give the CPU seconds."""
    begun = time.process_time()
    entries = [
        fulltext.cut(first + at, it.title, it.lead, it.text, it.authors, it.source, it.language)
        for at, it in enumerate((item.article for item in kept), start=1)
    ]
    with store.writing():
        for entry in entries:
            fulltext.add(store, entry)
    return time.process_time() - begun


def p95(values: Sequence[float]) -> float:
    """Give the 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def measure(archive: Archive) -> dict[str, list[list[float]]]:
    """Ask every query: of each kind the times of ids, ranked ids, the count, a page as a user sees it, and facets."""
    acts: list[Callable[[str], object]] = [
        lambda query: archive.ids(query, _NOW, 20),
        lambda query: archive.best(query, _NOW, 20),
        lambda query: archive.total(query, _NOW),
        lambda query: archive.search(query, now=_NOW),
        lambda query: archive.facets(query, _NOW),
    ]
    return {kind: [[cpu(partial(act, query)) for query in asked] for act in acts] for kind, asked in queries().items()}


def measure_peer(peer: Peer) -> dict[str, list[list[float]]]:
    """Ask a peer what it can be asked: of each kind the times of the newest 20 and of the best 20."""
    found: dict[str, list[list[float]]] = {}
    for kind, asked in queries().items():
        for make in (peer.newest, peer.best):
            acts = [act for query in asked if (act := make(kind, query)) is not None]
            if acts:
                found.setdefault(kind, []).append([cpu(act, peer.cpu) for act in acts])
    return found


def command(path: Path, query: str) -> float:
    """Give the wall seconds of a search as a command, the best of five; its modules are compiled, as after a first."""
    asked = [sys.executable, "-P", "-m", "digest.cli", "--archive", f"sqlite:///{path}", "search", query]
    best = float("inf")
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(6):
            begun = time.monotonic()
            subprocess.run(asked, check=True, capture_output=True, cwd=path.parent, env=environment)
            best = min(best, time.monotonic() - begun)
    return best


def main() -> None:
    """Fill an archive, or take the one that is there, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--peers", action="store_true", help="fill the other engines too, however many articles")
    options = parser.parse_args()
    count: int = options.articles
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        path = (options.folder or Path(temporary)) / f"search-{count}.db"
        there, remembered = path.exists(), path.with_suffix(".json")
        beside = peers.installed() if count <= _MOST_FOR_PEERS or options.peers else []
        others = [make() for make in beside]
        for peer in others:
            stack.callback(peer.close)
        notes = []
        if not there or others:
            filling = fill(None if there else path, count, others)
            if not there:
                remembered.write_text(json.dumps({"keeping": filling.keeping, "text": filling.text}), encoding="utf-8")
            notes += _filled(filling, count, others)
        if remembered.exists():
            notes += _kept(path, count, **json.loads(remembered.read_text(encoding="utf-8")))
        with open_archive(f"sqlite:///{path}", read_only=True) as archive:
            ours = measure(archive)
        theirs = {peer.name: measure_peer(peer) for peer in others}
        notes += _held(ours)
        notes.append(f"`presswatch search WORD`, as a command: {command(path, queries()['words'][3]):.2f} s wall")
    columns = ["newest 20 ids", "best 20", "count to 10,000", "page of 20, shown", "facets"]
    write(
        "search" if count == 100_000 else f"search-{count}",
        f"{count:,} articles in four scripts, 20 % of them late; CPU ms, 95th percentile of each kind of query.",
        ["queries", "number", *columns, *(f"{name} {what}" for name in theirs for what in columns[:2])],
        [
            [kind, len(queries()[kind]), *(f"{p95(row):.2f}" for row in rows), *_beside(kind, rows, theirs)]
            for kind, rows in ours.items()
        ],
        notes,
        f"search {count}",
    )


def _beside(kind: str, ours: list[list[float]], theirs: Mapping[str, dict[str, list[list[float]]]]) -> list[str]:
    """Write what the peers took, and how many times ours that is."""
    cells = []
    for found in theirs.values():
        for number in (0, 1):
            rows = found.get(kind)
            if rows is None:
                cells.append("-")
            else:
                theirs_, ours_ = p95(rows[number]), p95(ours[number])
                cells.append(f"{theirs_:.2f} ({theirs_ / ours_:.1f}x)")
    return cells


def _kept(path: Path, count: int, keeping: float, text: int) -> list[str]:
    spent = f"{1_000 * keeping / count:.2f} CPU ms an article in batches of {_BATCH}, evened out after {_CRAWL}"
    return [
        f"keep(), everything: {spent}",
        f"disk: {path.stat().st_size / text:.2f} bytes for a byte of text ({text / count:,.0f} an article)",
    ]


def _filled(filling: Filling, count: int, others: Sequence[Peer]) -> list[str]:
    indexed = min(count, _MOST_FOR_INDEX)
    notes = [f"index alone (words cut, index written): {indexed / filling.indexing:,.0f} articles a CPU second"]
    for peer in others:
        spent, disk = filling.peers[peer.name], peer.disk() / filling.text
        notes.append(f"{peer.name}: {count / spent:,.0f} articles a CPU second indexed; disk {disk:.2f} for a byte")
    return notes


def _held(ours: Mapping[str, list[list[float]]]) -> list[str]:
    """Tell the 95th percentiles over all queries, which are held to figures."""
    newest = [value for kind in _KINDS_HELD_TO_A_MILLISECOND for value in ours[kind][0]]
    best, counted, facets = ([value for rows in ours.values() for value in rows[number]] for number in (1, 2, 4))
    of_all = f"best 20 {p95(best):.1f} ms (wanted: 20), count {p95(counted):.1f} (10), facets {p95(facets):.1f} (40)"
    return [
        f"newest 20 of {', '.join(_KINDS_HELD_TO_A_MILLISECOND)}: p95 {p95(newest):.2f} ms (wanted: 1)",
        f"prefixes: p95 {p95(ours['prefixes'][0]):.1f} ms (wanted: 50)",
        f"over all queries, p95: {of_all}",
    ]


if __name__ == "__main__":
    main()
