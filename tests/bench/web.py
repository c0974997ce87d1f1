"""Measure what Search and Today of the web page cost in a large archive, and whether they answer while a crawl writes.

    python -m tests.bench.web [ARTICLES] [FOLDER] [--quick]

A folder keeps the archive for another time: to fill it takes minutes. The pages come from the server of `presswatch
serve`, whose clock stands at the time of the archive. Told is the processor time that it takes for each request, where
one process serves; how many it answers is measured with one and with as many as serve by default. wrk (Debian package
``wrk``) asks as fast as it is answered, and since it cannot hold a pace, a client of ours asks 20 times a second.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import psutil

from crawler.archive import Archive, open_archive
from crawler.archive.sqlite import open_store
from crawler.archive.times import micros
from crawler.records import Watch
from digest.web.processes import number_of
from tests.bench import edition, events
from tests.bench.measure import ROOT
from tests.bench.mix import queries
from tests.bench.report import write
from tests.bench.search import p95
from tests.bench.stories import keep
from tests.bench.stream import SEED, language, sources

_NOW = edition.NOW
#: Of the articles in the archive, so many are of the last fortnight.
_WINDOW = 5_000
_WATCHES = 50
_DAYS_OF_POLLS = 30
_POLLS_A_DAY = 24
_TURNS = 3
#: Times a second that Search is asked, and for how many seconds.
_PACE, _SPAN = 20, 60
#: Articles of a batch, and seconds between two.
_BATCH, _PAUSE = 20, 0.5
_SERVE = (
    "import sys; import digest.cli; from datetime import datetime; from digest.web import serve; "
    "now = datetime.fromisoformat(sys.argv[3]); "
    "serve(sys.argv[1], '127.0.0.1', int(sys.argv[2]), lambda: now, processes=int(sys.argv[4]))"
)


def searches() -> dict[str, list[str]]:
    """Write what a newsroom asks, by kind: queries of the mix of the bench of searching, sorted, filtered, paged."""
    asked = {kind: [{"q": query} for query in some] for kind, some in queries().items()}
    words = [query for kind in ("words", "AND", "phrases") for query in queries()[kind]]
    asked["best match"] = [{"q": query, "sort": "relevance"} for query in words[::3]]
    asked["newest seen"] = [{"q": query, "sort": "seen"} for query in ["", *words[::4]]]
    asked["watches"] = [{"q": f"watch:{name}"} for name in ("common", "rare", "w7")]
    asked["the last days"] = [{"q": f"{query} after:2026-11-17"} for query in ["", *words[:6]]]
    return {kind: [f"/search?{urlencode(each)}" for each in some] for kind, some in asked.items()}


def furnish(url: str) -> None:
    """Give an archive what years of crawling leave: channels with polls, pages, and many watches."""
    with open_archive(url) as archive:
        if len(archive.watches.all()) >= _WATCHES:
            return
        fed = [replace(source, feeds=(f"{source.homepage}feed.xml",)) for source in sources()]
        archive.sources.sync(fed, _NOW - timedelta(days=90))
        archive.watches.sync([*edition.watches(), *_more_watches()], _NOW)
    store = open_store(url)
    hour = 3_600_000_000
    with store.writing():
        store.execute(
            "UPDATE channels SET state = 'ok', last_polled = :at, last_ok = :at, newest_entry = :at, next_poll = :next",
            {"at": micros(_NOW) - hour // 2, "next": micros(_NOW) + hour // 2},
        )
        store.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO polls (channel, source, at, outcome, status, detail, entries, new, seconds, newest) "
            "SELECT c.id, c.source, ? - i * ?, 'new', 200, '', 20, 2, 0.1, ? - i * ? FROM channels c, n",
            (_DAYS_OF_POLLS * _POLLS_A_DAY, micros(_NOW), hour, micros(_NOW), hour),
        )
        store.execute(
            "INSERT INTO pages (url, source, host, channel, state, reason, due, queued_at, closed_at, article) "
            "SELECT a.url, a.source, a.source || '.test', c.id, 'stored', '', a.first_seen, a.first_seen, "
            "a.first_seen, a.id FROM articles a JOIN channels c ON c.source = a.source"
        )
        store.execute(
            "INSERT INTO pages (url, source, host, channel, state, reason, due, queued_at, closed_at) "
            "SELECT url || '?dropped', source, host, channel, 'dropped', "
            "iif(id % 3, 'too short', 'not found'), due, queued_at, closed_at FROM pages WHERE id % 7 = 0"
        )
    store.execute("PRAGMA optimize")
    store.close()


def _more_watches() -> list[Watch]:
    """Watch words from common to rare, in three languages."""
    words = {code: language(code).words for code in ("en", "ru", "zh")}
    return [
        Watch(f"w{number}", " OR ".join(f'"{words[code][300 + 60 * number]}"' for code in words))
        for number in range(_WATCHES - len(edition.watches()))
    ]


def crawl(url: str) -> None:
    """Keep articles without end, as a crawl does."""
    seed = SEED + 1_000
    with open_archive(url) as archive:
        while True:
            seed += 1
            keep(archive, events.articles(_BATCH, _NOW - timedelta(hours=6), _NOW, seed), _NOW)
            time.sleep(_PAUSE)


@contextmanager
def process(program: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python program until it is not needed any more."""
    with subprocess.Popen([sys.executable, *program], cwd=ROOT) as running:
        try:
            yield running
        finally:
            running.terminate()


class Server:
    """The server in processes of its own, and a connection to it."""

    def __init__(self, url: str, processes: int = 1) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.program = ["-c", _SERVE, url, str(self.port), _NOW.isoformat(), str(processes)]

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return

    def ask(self, path: str, connection: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
        """Ask for a page."""
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        own.request("GET", path)
        answer = own.getresponse()
        body = answer.read()
        if connection is None:
            own.close()
        return answer.status, body


def spent(running: subprocess.Popen[bytes]) -> float:
    """Give the processor seconds of a process so far, all its threads together (Linux's clock of another process)."""
    return time.clock_gettime((~running.pid << 3) | 2)


def costs(
    server: Server,
    running: subprocess.Popen[bytes],
    paths: Sequence[str],
    before: Callable[[], None] = lambda: None,
) -> list[float]:
    """Ask for pages one by one, in some turns; give of each the processor milliseconds, the median of the turns.

    What happens ``before`` each is not counted.
    """
    found: list[list[float]] = [[] for _ in paths]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for turn in range(_TURNS + 1):
        for path, times in zip(paths, found, strict=True):
            before()
            begun = spent(running)
            status, body = server.ask(path, connection)
            if status != 200:
                raise RuntimeError(f"{path}: {status} {body[:500]!r}")
            if turn:
                times.append(1_000 * (spent(running) - begun))
    return [statistics.median(times) for times in found]


def paced(server: Server, paths: Sequence[str], seconds: int) -> tuple[list[float], int]:
    """Ask at a fixed pace; give the wall milliseconds of all answers, and how many were faults."""
    chance = random.Random(SEED)
    begun = time.monotonic() + 0.2
    waits, faults = [], 0

    def one(number: int) -> tuple[float, bool]:
        due = begun + number / _PACE
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            status, _ = server.ask(chance.choice(paths))
        except OSError:
            status = 0
        return 1_000 * (time.monotonic() - due), status == 200

    with ThreadPoolExecutor(32) as pool:
        for wait, is_well in pool.map(one, range(_PACE * seconds)):
            waits.append(wait)
            faults += not is_well
    return waits, faults


def flooded(server: Server, paths: Sequence[str], seconds: int) -> str:
    """Let wrk ask as fast as it is answered; give what it tells in a line."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return "wrk is not installed"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "paths.lua"
        listed = ", ".join(f'"{path}"' for path in paths)
        script.write_text(
            f"paths = {{{listed}}}\nat = 0\n"
            "request = function() at = at % #paths + 1; return wrk.format('GET', paths[at]) end\n"
        )
        command = [wrk, "-t1", "-c8", f"-d{seconds}s", "--latency", "--timeout", "30s", f"-s{script}"]
        told = subprocess.run(
            [*command, f"http://127.0.0.1:{server.port}"], check=True, capture_output=True, text=True
        ).stdout
    pace = re.search(r"Requests/sec:\s*([\d.]+)", told)
    number = re.search(r"(\d+) requests in", told)
    bad = re.findall(r"(?:Socket errors|Non-2xx).*", told)
    assert pace is not None, told
    assert number is not None, told
    return f"{number[1]} answers, {pace[1]} a second, errors: {'; '.join(bad) or 'none'}"


@contextmanager
def _written(url: str) -> Iterator[Callable[[], None]]:
    """Give what writes something into the archive: nothing that was remembered of it holds then."""
    store = open_store(url)

    def write_something() -> None:
        with store.writing():
            store.set_state("bench", store.state("bench", 0) + 1)

    try:
        yield write_something
    finally:
        store.close()


def _row(name: str, found: Sequence[float]) -> list[object]:
    return [name, len(found), f"{statistics.median(found):.1f}", f"{p95(found):.1f}", f"{max(found):.1f}"]


def fill(archive: Archive, count: int, folder: Path) -> None:
    """Fill an archive as the bench of editions does."""
    edition.fill(archive, edition.configuration(folder), count, _WINDOW)


def main() -> None:
    """Fill an archive, or take the one that is there, measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--quick", action="store_true", help="ask once, under no load, and keep the table")
    parser.add_argument("--crawl", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.crawl:
        crawl(options.crawl)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"web-{options.articles}.db"
        url = f"sqlite:///{path}"
        if not path.exists():
            with open_archive(url) as archive:
                fill(archive, options.articles, folder / "config")
        furnish(url)
        _measure(url, options.articles, quick=options.quick)


def _paces(url: str, paths: Sequence[str], processes: int) -> list[str]:
    """Tell how many answers so many processes give, and how long they are waited for."""
    server = Server(url, processes)
    with process(server.program) as running:
        server.wait()
        server.ask("/healthz")
        before = memory(running)
        alone = flooded(server, paths, 20)
        with process(["-m", "tests.bench.web", "--crawl", url]):
            time.sleep(3)
            waits, faults = paced(server, paths, _SPAN)
            beside = flooded(server, paths, _SPAN)
        after = memory(running)
    told = f"served by {processes} process{'' if processes == 1 else 'es'}"
    return [
        (
            f"{told}: Search {_PACE} times a second for {_SPAN} seconds while another process keeps {_BATCH} articles "
            f"every {_PAUSE} s and the time that takes: {len(waits):,} answers, {faults} errors; wall ms until "
            f"answered: median {statistics.median(waits):.0f}, p95 {p95(waits):.0f}, most {max(waits):.0f}"
        ),
        (
            f"{told}: wrk, 8 connections: for 20 seconds, nothing else running, {alone}; for {_SPAN} seconds beside "
            f"that process {beside}"
        ),
        f"{told}: memory (PSS) at the start {before}; after all that {after}",
    ]


def memory(running: subprocess.Popen[bytes]) -> str:
    """Tell what a process and those that it started take, with what they share divided among them (PSS)."""
    first = psutil.Process(running.pid)
    found = [each.memory_full_info().pss / 1e6 for each in (first, *first.children())]
    return f"{sum(found):.0f} MB" + (f" ({' + '.join(f'{each:.0f}' for each in found)})" if found[1:] else "")


def _measure(url: str, count: int, *, quick: bool) -> None:
    kinds = searches()
    paths = [path for some in kinds.values() for path in some]
    server = Server(url)
    with process(server.program) as running:
        server.wait()
        before = os.getloadavg()[0]
        found = costs(server, running, paths)
        by_path = dict(zip(paths, found, strict=True))
        rows = [_row(f"Search: {kind}", [by_path[path] for path in some]) for kind, some in kinds.items()]
        rows.append(_row("**Search: all of these**", found))
        rows.append(_row("**Today**", costs(server, running, ["/"] * 5)))
        with _written(url) as written:
            rows.append(_row("**Today**, just after something was written", costs(server, running, ["/"] * 5, written)))
        rows.append(_row("Today with 200 stories", costs(server, running, ["/?all=1"])))
        sizes = [len(server.ask(path)[1]) for path in (*paths, "/")]
        said = (
            f"load average before {before:.1f}, after the costs were measured {os.getloadavg()[0]:.1f}; where it is "
            "above 1, others worked on the same cores and caches, and all figures are too high"
        )
        notes = [said, f"bytes of a page: Search {statistics.median(sizes[:-1]):,.0f} (median), Today {sizes[-1]:,}"]
        if quick:
            for row in rows:
                print(*row)
            return
    for processes in dict.fromkeys((1, number_of(0))):
        notes += _paces(url, paths, processes)
    write(
        "web",
        f"{count:,} articles, {len(sources())} sources that were polled every hour for a month, {_WATCHES} watches; "
        "CPU ms of the serving process for a request, the median of three turns after a first of each address.",
        ["page", "addresses", "median", "p95", "most"],
        rows,
        notes,
        f"web {count}",
    )


if __name__ == "__main__":
    main()
