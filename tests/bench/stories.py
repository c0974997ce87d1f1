"""Measure what stories cost in a large archive: a full window, what comes into it, the window again, and copies.

    python -m tests.bench.stories [ARTICLES IN THE ARCHIVE] [ARTICLES IN THE WINDOW]

What is told is processor time, and memory beyond what the process had before.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive import Archive, Kept, open_archive
from crawler.copies import fingerprint
from crawler.drafts import Draft, keep_drafts
from crawler.lookup import find_copies
from crawler.reading import Reading, reading
from crawler.records import Article
from digest.regrouping import WINDOW, keep_up, regroup
from tests.bench import events
from tests.bench.report import write
from tests.bench.stream import SEED, sources

NOW = datetime(2026, 11, 20, tzinfo=UTC)
_BATCH, _COMING = 100, 1_000


def memory() -> float:
    """Give the resident memory of this process, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


def spent(act: Callable[[], object]) -> float:
    """Give the processor time of something, in milliseconds."""
    begun = time.process_time()
    act()
    return 1_000 * (time.process_time() - begun)


def fill(archive: Archive, articles: Sequence[Article], now: datetime) -> None:
    """Keep articles with their fingerprints, without looking for copies."""
    for at in range(0, len(articles), _BATCH):
        batch = articles[at : at + _BATCH]
        archive.articles.keep([Kept(article, None, fingerprint(article.text)) for article in batch], now)


def keep(archive: Archive, articles: Sequence[Article], now: datetime) -> float:
    """Keep articles as a crawl does; give the CPU ms that copies took."""
    by_key = {source.key: source for source in sources()}
    copies = 0.0
    for at in range(0, len(articles), _BATCH):
        batch = articles[at : at + _BATCH]
        drafts: list[Draft] = []
        begun = time.process_time()
        prints = [fingerprint(article.text) for article in batch]
        for article, own in zip(batch, prints, strict=True):
            find_copies(archive, article, own, None)
        copies += 1_000 * (time.process_time() - begun)
        for article, own in zip(batch, prints, strict=True):
            made: Reading = replace(reading(article), fingerprints=own)
            drafts.append(Draft(made, by_key[article.source]))
        keep_drafts(archive, drafts, now)
    return copies


def measure(archive: Archive, count: int, window: int) -> list[tuple[object, ...]]:
    """Fill an archive week by week, group its window, and let articles come; give the rows of the table."""
    rows: list[tuple[object, ...]] = []
    archive.sources.sync(sources(), NOW)
    weeks = -(-(count - window) // window)
    for week in range(weeks, 0, -1):
        now = NOW - week * WINDOW
        fill(archive, events.articles(window, now - WINDOW, now, SEED + week), now)
        regroup(archive, now)
    fill(archive, told := events.articles(window, NOW - WINDOW, NOW, SEED), NOW)
    before = memory()
    first = spent(lambda: regroup(archive, NOW))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    rows.append(("the window for the first time: bags, clusters, names, summaries", len(told), f"{first / window:.2f}"))
    # Before the window is due to be clustered as a whole.
    coming = events.articles(_COMING, NOW, NOW + timedelta(hours=5), SEED - 1)
    copies, adding = 0.0, []
    for at in range(0, _COMING, _BATCH):
        batch = coming[at : at + _BATCH]
        now = batch[-1].first_seen or NOW
        copies += keep(archive, batch, now)
        adding.append(spent(lambda now=now: keep_up(archive, now)))  # type: ignore[misc]
    each = statistics.mean(adding) / _BATCH
    rows.append((f"what comes, {_BATCH} at a time: bags, assignment, stories told anew", _COMING, f"{each:.2f}"))
    again = spent(lambda: regroup(archive, NOW + timedelta(hours=12)))
    rows.append(("the window again", window + _COMING, f"{again / (window + _COMING):.2f}"))
    rows.append(("copies of what comes: fingerprint and look-up", _COMING, f"{copies / _COMING:.2f}"))
    rows.append(("memory for the window, MB", window, f"{peak:.0f}"))
    return rows


def main() -> None:
    """Measure, and write the table."""
    count, window = (int(each) for each in (sys.argv[1:] + ["100000", "20000"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder, open_archive(f"sqlite:///{folder}/stories.db") as archive:
        rows = measure(archive, count, window)
    write(
        "stories",
        f"Stories in an archive of {count:,} articles with {window:,} in the window: CPU ms an article.",
        ("step", "articles", "ms"),
        rows,
    )


if __name__ == "__main__":
    main()
