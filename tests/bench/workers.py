"""Workers on PostgreSQL: `kill -9` at random, and how much more two of them do than one.

    python -m tests.bench.workers [--kills N]

Every page of a press of 60 outlets is crawled by a service and its workers, each a process; the press' log tells what
was asked for, and when. Each round is a new archive. It ends with 1 where a page is lost or kept twice, a host is asked
twice at once, or something is left.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import open_archive
from tests.bench import report
from tests.bench.kills import corpus_press
from tests.databases import Server
from tests.press import Press
from tests.workforce import Workforce, all_done, used_by

HOSTS, PAGES = 60, 540
#: The press takes so many seconds for each answer, as publishers do.
SLOW = 0.8


@dataclass(frozen=True, slots=True)
class Shared:
    """What one crawl by workers showed."""

    workers: int
    kills: int
    #: From the first request to the end of the last page.
    seconds: float
    #: In that time, of service and workers with all that they started, but not of those that were killed; and of the
    #: server of the database.
    cpu: float
    database: float
    stored: int
    dropped: int
    #: Pages that nobody asked for, or that have come to no end.
    lost: int
    #: Articles that no stored page leads to, and those that were told a second time as new.
    twice: int
    #: Pages that were asked for again, and pairs of requests to one host of which one came before the other's answer.
    again: int
    beside: int
    #: Jobs that were left.
    jobs: int

    def is_well(self) -> bool:
        """Tell whether nothing is lost, done twice or left; only a killed worker's pages are asked for again."""
        return not (self.lost or self.twice or self.beside or self.jobs or (self.again and not self.kills))


def crawl(folder: Path, press: Press, postgres: Server, *, workers: int, kills: int, luck: random.Random) -> Shared:
    """Crawl the press once, killing and replacing workers meanwhile."""
    url = postgres.new()
    with Workforce(folder, press, url, crawl="workers = 1", cold=True) as force:
        force.server.rule(delay=SLOW if not kills else 0.05)
        for _ in range(workers):
            force.start_worker()
        force.wait(lambda archive: len(archive.work().workers) == workers)
        force.start_service()
        while not force.server.log:
            time.sleep(0.01)
        begun, start, database = time.monotonic(), force.used(), used_by(postgres.pid)
        for _ in range(kills):
            wanted = len(force.server.log) + luck.randint(2, 2 * PAGES // max(kills, 1))
            end = time.monotonic() + 30
            while len(force.server.log) < wanted and time.monotonic() < end:
                time.sleep(0.01)
            force.kill_worker(luck.randrange(workers))
            force.start_worker()
        with suppress(AssertionError):  # what has come to no end is counted as lost, and told
            force.wait(all_done(press), 1_200)
        took, cpu, database = time.monotonic() - begun, force.used() - start, used_by(postgres.pid) - database
        with suppress(AssertionError):
            force.wait(lambda archive: not archive.work().queues, 120)
        force.stop()
    with open_archive(url) as archive:
        fates = {page.url: archive.pages.find(page.url) for page in press.pages}
        left = sum(queue.jobs for queue in archive.work().queues)
        twice = archive._store.value(
            "SELECT (SELECT count(*) FROM articles) "
            "- (SELECT count(DISTINCT article) FROM pages WHERE state = 'stored') "
            "+ (SELECT coalesce(sum(times - 1), 0) "
            "FROM (SELECT count(*) AS times FROM changes GROUP BY article, kind) AS told)"
        )
    postgres.drop(url)
    asked = force.asked()
    states = [fate.state if fate else "lost" for fate in fates.values()]
    return Shared(
        workers,
        kills,
        took,
        cpu,
        database,
        states.count("stored"),
        states.count("dropped"),
        sum(state not in ("stored", "dropped") for state in states),
        int(twice),
        sum(count - 1 for count in asked.values()),
        len(force.beside_each_other()),
        left,
    )


def main() -> None:
    """Run the bench: with ``--kills`` how a crawl fares whose workers are killed, else what more workers give."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    luck = random.Random(options.seed)
    plan = [(3, options.kills)] if options.kills else [*[(1, 0), (2, 0)] * options.turns, (3, 0)]
    found: list[Shared] = []
    with tempfile.TemporaryDirectory() as temporary:
        top, postgres = Path(temporary), Server()
        press = corpus_press(top, PAGES, sets=("traf_eval",), outlet=PAGES // HOSTS)
        for number, (workers, kills) in enumerate(plan):
            folder = top / f"round{number}"
            folder.mkdir()
            found.append(crawl(folder, press, postgres, workers=workers, kills=kills, luck=luck))
            print(found[-1], file=sys.stderr)
        postgres.close()
    notes = ["s from the first request to the end of the last page; CPU of service and workers, not of the killed"]
    if options.kills:
        notes.append("the press takes 0.05 s for each answer; a page is asked for again where its worker was killed")
    else:
        ones, twos = ([each for each in found if each.workers == number] for number in (1, 2))
        faster = statistics.median(each.seconds for each in ones) / statistics.median(each.seconds for each in twos)
        dearer = statistics.median(each.cpu for each in twos) / statistics.median(each.cpu for each in ones)
        notes.append(f"the press takes {SLOW:g} s for each answer")
        notes.append(
            f"two workers are {faster:.2f} times as fast as one, at {dearer:.2f} times the CPU (at least 1.6 "
            "and at most 1.15 are wanted)"
        )
    report.write(
        "worker_kills" if options.kills else "workers",
        f"{PAGES} real pages of {HOSTS} outlets crawled by workers on one PostgreSQL, each with one extractor.",
        ("workers", "kill -9", "wall s", "CPU s", "of PostgreSQL", "stored", "dropped with a reason", "lost", "twice",
         "asked for again", "at one host at once", "jobs left"),
        [
            (str(e.workers), str(e.kills), f"{e.seconds:.0f}", f"{e.cpu:.0f}", f"{e.database:.0f}", str(e.stored),
             str(e.dropped), str(e.lost), str(e.twice), str(e.again), str(e.beside), str(e.jobs))
            for e in found
        ],
        notes,
        f"workers --kills {options.kills}" if options.kills else "workers",
    )  # fmt: skip
    if not all(each.is_well() for each in found):
        raise SystemExit("failed: see the table")


if __name__ == "__main__":
    main()
