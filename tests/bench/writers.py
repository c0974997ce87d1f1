"""Bench: four processes that write into one archive at once, article by article and list by list."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive import Kept, open_archive
from crawler.errors import ArchiveBusy
from crawler.records import Article, Entry, Source
from tests.bench.measure import ROOT
from tests.bench.report import write

WRITERS = 4
#: What each writer keeps, one transaction each, and the entries of the list that it queues meanwhile.
ARTICLES = 1_000
ENTRIES = 5_000


def work(where: str, name: int, articles: int) -> dict[str, int]:
    """Write as one of the four; count how often the archive was locked."""
    errors = 0
    with open_archive(where) as archive:
        links = [Entry(f"https://herald.test/{name}/list/{number}") for number in range(ENTRIES)]
        portions = archive.pages.sift("herald", links).portions()
        channel = archive.channels.claim(name, datetime.now(UTC), timedelta(minutes=30))
        assert channel is not None, "each writer has a channel of its own"
        for number in range(articles):
            try:
                if portions:
                    archive.channels.serve(channel, portions.pop(), datetime.now(UTC))
            except ArchiveBusy:
                errors += 1
            url = f"https://herald.test/{name}/{number}"
            kept = Kept(Article(url=url, source="herald", title="A title", text=f"Text {number} of writer {name}."))
            try:
                archive.articles.keep([kept], datetime.now(UTC))
            except ArchiveBusy:
                errors += 1
    return {"errors": errors}


def run(folder: Path, articles: int = ARTICLES) -> tuple[int, int, int, float]:
    """Let all write at once; give the lock errors, the articles kept, the entries queued and the seconds."""
    where = f"sqlite:///{folder / 'archive.db'}"
    lists = tuple(f"https://herald.test/{number}.xml" for number in range(WRITERS))
    with open_archive(where) as archive:
        archive.sources.sync([Source("herald", "Herald", "https://herald.test/", sitemaps=lists)], datetime.now(UTC))
    begun = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.writers", where]
    writers = [
        subprocess.Popen([*command, str(name), str(articles)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in range(1, WRITERS + 1)
    ]
    told = [writer.communicate()[0] for writer in writers]
    seconds = time.monotonic() - begun
    if any(writer.returncode for writer in writers):
        sys.exit("a writer failed; its error stands above")
    with open_archive(where) as archive:
        kept, queued = archive.articles.count(), archive.pages.counts()["herald"]["queued"]
    return sum(json.loads(line)["errors"] for line in told), kept, queued, seconds


def main() -> int:
    """Print the table; fail when the archive was locked for anybody, or anything is missing."""
    if len(sys.argv) == 4:
        print(json.dumps(work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        errors, kept, queued, seconds = run(Path(folder))
    about = (
        f"{WRITERS} processes; each keeps {ARTICLES:,} articles one by one and queues {ENTRIES:,} entries meanwhile."
    )
    header = ("writers at once", "lock errors", "articles kept", "entries queued", "wall s")
    write("writers", about, header, [(WRITERS, errors, f"{kept:,}", f"{queued:,}", f"{seconds:.1f}")])
    return 0 if (errors, kept, queued) == (0, WRITERS * ARTICLES, WRITERS * ENTRIES) else 1


if __name__ == "__main__":
    sys.exit(main())
