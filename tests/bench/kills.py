"""`kill -9` at random moments of crawls of tests/press.py: nothing lost, nothing twice, the file sound.

A round is one archive: its crawl is killed some times, each time at a random moment after its start, and then let run
to its end. Then the archive must tell the same of every address that the feeds served as after a crawl that nobody
disturbed, and the press' log tells how often a page was asked for again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from crawler.archive import open_archive, parts
from crawler.archive.sqlite import open_store
from digest.sample.server import Server
from tests import press
from tests.bench import report

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "extraction"
#: Between two crawls the clock is moved on by so many seconds, past the leases of the dead.
AHEAD = 300
#: (state, reason) of a page.
Fate = tuple[str, str]

# Everything is imported once; each crawl is a fork of this process, before it has a thread or an event loop, and so is
# the process from which its extraction workers are forked.
_NURSERY = """
import json, os, sys, traceback
import scrapy.core.downloader.handlers.http11, scrapy.core.engine
import crawler.ready
from datetime import UTC, datetime, timedelta
from multiprocessing import util
from pathlib import Path
from crawler.config import load
from crawler.visit import visit
from tests import warm
if sys.platform == "linux":
    util.spawnv_passfds = warm.forked_helper
for line in sys.stdin:
    folder, archive, later, everything = json.loads(line)
    child = os.fork()
    if child == 0:
        try:
            visit(archive, load(Path(folder)), everything=everything, now=datetime.now(UTC) + timedelta(seconds=later))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Nursery:
    """Starts crawls, each a process of its own."""

    def __enter__(self) -> Self:
        # The semaphores that a killed process leaves are cleaned up, with a warning.
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore:resource_tracker"}
        command = [sys.executable, "-c", _NURSERY]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.communicate()

    def crawl(
        self, folder: Path, later: float, *, everything: bool = False, wait: Callable[[], None] | None = None
    ) -> bool:
        """Run a crawl, kill it after ``wait``, and tell whether that met it alive. One that fails is an error."""
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        given.write(json.dumps([str(folder), address(folder), later, everything]) + "\n")
        given.flush()
        child = int(told.readline())
        if wait is not None:
            wait()
            os.kill(child, signal.SIGKILL)  # nobody has waited for it yet, so the number is still its own
        status = int(told.readline())
        if status not in (0, signal.SIGKILL):
            raise RuntimeError(f"a crawl ended with status {status}; what it said stands above")
        return status == signal.SIGKILL


@dataclass
class Round:
    """What one round showed."""

    kills: int
    crawls: int
    fates: Mapping[str, Fate]
    #: Addresses that are not as after the undisturbed crawl: (address, wanted, found).
    lost: list[tuple[str, Fate, Fate | None]]
    #: Articles that no stored page leads to, index rows beyond one for each article, changes told a second time.
    twice: int
    #: Pages that were asked for more than once, and the most that the kills explain: what was leased at each of them.
    again: int
    in_flight: int
    integrity: str
    counts: Counter[str] = field(default_factory=Counter)


def address(folder: Path) -> str:
    """Name the archive of a folder."""
    return f"sqlite:///{folder / 'presswatch.db'}"


def play(
    nursery: Nursery, folder: Path, site: press.Press, kills: int, luck: random.Random, most: int,
    wanted: Mapping[str, Fate] | None = None,
    addresses: Iterable[str] | None = None,
) -> Round:  # fmt: skip
    """Play one round; ``wanted`` is what another round showed, ``addresses`` what is served (else the saved pages)."""
    with Server(site) as server:
        press.write_config(folder, site, server.port, crawl="concurrency = 8\ntries = 10")
        done = in_flight = later = 0
        crawls = 0
        while done < kills:
            crawls += 1
            # Every third one polls all feeds again; the others go on with the pages that are queued.
            wait = partial(moment, server, luck, most)
            done += nursery.crawl(folder, later, everything=crawls % 3 == 1, wait=wait)
            in_flight += leased(folder)
            later += AHEAD
        for _ in range(10):
            crawls += 1
            nursery.crawl(folder, later)
            later += 86_400
            if not queued(folder):
                break
        asked = Counter(f"http://{request.host}{request.target}" for request in server.requests())
    links = {item.link for item in site.pages} if addresses is None else set(addresses)
    pages = {item.url for item in site.pages} if addresses is None else links
    again = sum(number - 1 for link, number in asked.items() if link in links)
    return _looked_at(folder, pages, Round(done, crawls, {}, [], 0, again, in_flight, ""), wanted)


def _looked_at(folder: Path, pages: Iterable[str], played: Round, wanted: Mapping[str, Fate] | None) -> Round:
    with closing(open_store(address(folder))) as store:
        found = {url: (state, reason) for url, state, reason in store.rows("SELECT url, state, reason FROM pages")}
        played.integrity = str(store.value("PRAGMA integrity_check"))
        indexed = 0
        for part in parts.newest_first(store):
            store.execute(f"INSERT INTO {part.table} ({part.table}) VALUES ('integrity-check')")
            indexed += store.value(f"SELECT count(*) FROM {part.table}")
        articles, addresses, pages_of, changes = store.row(
            "SELECT count(*), count(DISTINCT url), (SELECT count(DISTINCT article) FROM pages WHERE state = 'stored'), "
            "(SELECT total(times - 1) FROM (SELECT count(*) AS times FROM changes GROUP BY article, kind)) "
            "FROM articles"
        ) or (0, 0, 0, 0)
    # Two pages may be one article, where one names the other as its canonical address.
    played.twice = abs(articles - pages_of) + abs(addresses - articles) + abs(indexed - articles)
    played.twice += int(changes)  # changes told a second time
    played.fates = found
    expected = wanted if wanted is not None else {url: found.get(url, ("missing", "")) for url in pages}
    played.lost = [(url, fate, found.get(url)) for url, fate in expected.items() if found.get(url) != fate]
    played.lost += [
        (url, ("stored or dropped", "with a reason"), fate)
        for url in pages
        if not ((fate := found.get(url)) and (fate[0] == "stored" or (fate[0] == "dropped" and fate[1])))
    ]
    played.counts = Counter(reason or state for state, reason in found.values())
    return played


def moment(server: Server, luck: random.Random, most: int) -> None:
    """Wait for a random moment of a crawl: some requests after its start, whatever the speed of the machine."""
    wanted, late = len(server.log) + luck.randint(0, most), time.monotonic() + 30
    while len(server.log) < wanted and time.monotonic() < late:
        time.sleep(0.002)
    time.sleep(luck.uniform(0, 0.2))


def leased(folder: Path) -> int:
    """Count the pages that somebody had in hand."""
    return _count(folder, "leased")


def queued(folder: Path) -> int:
    """Count the pages that are not at their end."""
    return _count(folder, "queued") + _count(folder, "leased")


def _count(folder: Path, state: str) -> int:
    if not (folder / "presswatch.db").exists():
        return 0
    with open_archive(address(folder)) as archive:
        return sum(states.get(state, 0) for states in archive.pages.counts().values())


def corpus_press(
    folder: Path, pages: int, *, sets: Sequence[str] = ("fundus_eval", "scrapinghub"), outlet: int = 0
) -> press.Press:
    """Make a press of some pages of the corpus, with feeds of every kind that names its pages one by one.

    The pages of an outlet are those of one real host; with ``outlet``, so many pages of whatever hosts.
    """
    rows: list[dict[str, Any]] = []
    for name in sets:
        for line in (CORPUS / name / "gold.jsonl").read_bytes().splitlines():
            row = json.loads(line)
            rows.append({**row, "page": str(CORPUS / name / row["page"])})
    count = min(pages, len(rows))
    chosen = [rows[number * len(rows) // count] for number in range(count)]
    if outlet:
        for number, row in enumerate(chosen):
            path = (row.get("url") or f"/{row['id']}").partition("//")[2]
            row["url"] = f"http://outlet-{number // outlet}.example/{path}"
    (folder / "gold.jsonl").write_text("\n".join(map(json.dumps, chosen)))
    return press.Press.from_corpus(folder, ways=("rss", "atom", "json", "sitemap"))


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    luck = random.Random(options.seed)
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as temporary, Nursery() as nursery:
        top = Path(temporary)
        site = corpus_press(top, options.pages)
        calm = play(nursery, top / "calm", site, 0, luck, 0)
        assert not calm.lost, calm.lost
        for number in range(options.rounds):
            folder = top / f"round{number}"
            rounds.append(play(nursery, folder, site, options.kills // options.rounds, luck, 25, calm.fates))
            print(f"round {number + 1}: {rounds[-1].kills} kills, lost {rounds[-1].lost[:3]}", file=sys.stderr)
    rows = [row(str(number), each, len(site.pages)) for number, each in enumerate(rounds, 1)]
    rows.append(row("**all**", total(rounds), len(site.pages) * len(rounds)))
    report.write(
        "kills",
        f"`kill -9` at random moments of crawls of {len(site.pages)} real pages on {len(site.outlets)} hosts; "
        "each round is a new archive.",
        ("round", "kills", "addresses served", "stored", "dropped with a reason", "lost", "twice", "asked for again",
         "in flight when killed", "integrity_check"),
        rows,
        [
            "lost: addresses without a fate, or with another one than after a crawl that nobody disturbed",
            "twice: articles that no stored page leads to, more index rows than articles, changes told a second time",
            "in flight: pages leased when the crawl died; only these may be asked for again",
        ],
    )  # fmt: skip
    if any(each.lost or each.twice or each.again > each.in_flight or each.integrity != "ok" for each in rounds):
        raise SystemExit("failed: see the table")


def row(name: str, each: Round, served: int) -> tuple[object, ...]:
    """Write a round as a row of the table."""
    stored = each.counts["stored"]
    dropped = sum(each.counts.values()) - stored
    return (
        name, each.kills, served, stored, dropped, len(each.lost), each.twice, each.again, each.in_flight,
        each.integrity,
    )  # fmt: skip


def total(rounds: list[Round]) -> Round:
    """Add up rounds."""
    counts: Counter[str] = Counter()
    for each in rounds:
        counts += each.counts
    return Round(
        sum(each.kills for each in rounds),
        sum(each.crawls for each in rounds),
        {},
        [lost for each in rounds for lost in each.lost],
        sum(each.twice for each in rounds),
        sum(each.again for each in rounds),
        sum(each.in_flight for each in rounds),
        "ok" if all(each.integrity == "ok" for each in rounds) else "not ok",
        counts,
    )


if __name__ == "__main__":
    main()
