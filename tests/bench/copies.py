"""Measure the look-up of copies in a large archive: room, processor time of a look-up, of an article in all.

    python -m tests.bench.copies [ARTICLES ...]

Most fingerprints are invented (random hashes, as many as texts of such lengths have); the last 2,000 articles are whole
ones, kept as a crawl keeps them. Then 1,000 more are looked up as a crawl does before it keeps them, one in ten of
which is a reprint. What is told is processor time.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from crawler.archive import Archive, fingerprints, open_archive
from crawler.archive.sqlite import open_store
from crawler.archive.store import Store
from crawler.copies import fingerprint
from crawler.drafts import Draft, keep_drafts
from crawler.lookup import find_copies
from crawler.reading import reading
from crawler.records import Article
from tests.bench.report import write
from tests.bench.stream import BEGIN, SEED, Stream, sources

_BATCH = 100
_WHOLE, _ASKED = 2_000, 1_000
_REPRINTS = 0.1


def invented(count: int) -> Iterator[frozenset[int]]:
    """Invent fingerprints: about one hash for 16 words, of texts as long as the stream's."""
    chance = random.Random(SEED)
    for _ in range(count):
        words = min(2_000, max(40, int(chance.lognormvariate(5.7, 0.6))))
        yield frozenset(chance.getrandbits(63) for _ in range(max(8, words // 16)))


def fill(store: Store, count: int) -> float:
    """Put invented fingerprints into an archive; give CPU ms an article."""
    store.execute("PRAGMA foreign_keys = OFF")  # there are no articles to them
    spent, batch = 0.0, []
    for number, prints in enumerate(invented(count), 1):
        batch.append((number, prints))
        if len(batch) == _BATCH or number == count:
            begun = time.process_time()
            with store.writing():
                for article, hashes in batch:
                    fingerprints.put(store, article, hashes)
            spent += time.process_time() - begun
            batch.clear()
    with store.writing():
        store.execute("INSERT OR REPLACE INTO sqlite_sequence (name, seq) VALUES ('articles', ?)", (count,))
    return 1_000 * spent / count


def size(store: Store, path: Path) -> int:
    """Give the bytes of an archive with all that was written."""
    store.row("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size


def whole(count: int) -> list[Article]:
    """Make articles of the stream, without its own repetitions."""
    made = [item.article for batch, _ in Stream(2 * count).batches(_BATCH) for item in batch if item.copy is None]
    return made[:count]


def look_up(archive: Archive, kept: list[Article], asked: list[Article]) -> tuple[list[float], list[float], int]:
    """Look articles up, one in ten of them a reprint; give CPU ms of fingerprints and look-ups, and copies found."""
    chance, found = random.Random(SEED), 0
    prints, looks = [], []
    for article in asked:
        text = article.text
        if chance.random() < _REPRINTS:
            text = f"Support this site with a donation today.\n{chance.choice(kept).text}"
        new = Article(article.url, article.source, article.title, text, language=article.language)
        begun = time.process_time()
        own = fingerprint(text)
        known = time.process_time()
        verdict = find_copies(archive, new, own, None).verdict
        looks.append(1_000 * (time.process_time() - known))
        prints.append(1_000 * (known - begun))
        found += verdict.copy is not None
    return prints, looks, found


def measure(count: int) -> list[object]:
    """Measure an archive of so many articles; give the row of the table."""
    articles = whole(_WHOLE + _ASKED)
    by_key = {source.key: source for source in sources()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copies.db"
        store = open_store(f"sqlite:///{path}")
        empty = size(store, path)
        put = fill(store, count - _WHOLE)
        room = size(store, path) - empty
        store.close()
        with open_archive(f"sqlite:///{path}") as archive:
            archive.sources.sync(by_key.values(), BEGIN)
            for at in range(0, _WHOLE, _BATCH):
                drafts = [Draft(reading(each), by_key[each.source]) for each in articles[at : at + _BATCH]]
                keep_drafts(archive, drafts, BEGIN)
            prints, looks, found = look_up(archive, articles[:_WHOLE], articles[_WHOLE:])
    p95 = statistics.quantiles(looks, n=20)[-1]
    in_all = statistics.mean(prints) + statistics.mean(looks) + put
    figures = (statistics.mean(prints), statistics.median(looks), p95, max(looks), put, in_all)
    return [f"{count:,}", f"{room / 2**20:.0f} MiB", *(f"{figure:.2f}" for figure in figures), found]


def main() -> None:
    """Measure archives of the sizes that are asked for."""
    counts = [int(each) for each in sys.argv[1:]] or [100_000]
    write(
        "copies",
        "Copies looked up in a large archive: room of the fingerprints, and CPU ms.",
        (
            "articles",
            "fingerprints",
            "make one",
            "look-up p50",
            "p95",
            "most",
            "write one",
            "an article in all",
            "copies",
        ),
        [measure(count) for count in counts],
        [
            f"Looked up: {_ASKED} articles, one in ten a reprint of one of {_WHOLE} whole articles.",
            "An article in all: its fingerprint, its look-up with all comparisons of texts, and writing it.",
        ],
        command="copies 100000 1000000",
    )


if __name__ == "__main__":
    main()
