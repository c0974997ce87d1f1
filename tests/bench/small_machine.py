"""A day on a small machine: one core, 200 sources, 5,000 articles, digests by mail; its processor time and memory.

The day is compressed: in each of its 24 steps every source publishes its share of real pages, and the real commands
poll all sources, fetch, extract, keep, group and deliver, pinned to one core. Pages beyond those of the corpus are the
same ones with the words of their paragraphs in another order, so that they are no copies. What the service uses while
nothing is due is measured by itself, and so is a crawl that finds nothing, of which a day may have one a minute.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from crawler.archive import open_archive
from crawler.records import Source
from digest.sample.press import Item, Outlet, Press
from digest.sample.server import Server
from tests import press
from tests.bench import measure, report
from tests.bench.kills import CORPUS
from tests.service_sample import mail_box

_DAY = 86_400
_SETS = ("fundus_eval", "scrapinghub", "wcxb_dev", "traf_eval", "htmldate_default")
#: So many articles stand in a feed, as is usual.
_FEED = 30
#: Runs of text; scripts and styles are passed over whole.
_RUNS = re.compile(rb"<(script|style)\b.*?</\1\s*>|(?<=>)[^<>]{80,}(?=<)", re.DOTALL | re.IGNORECASE)
_PLAN = """
[daily]
title = "Daily"
at = ["06:00", "18:00"]
empty = "send"
recipients = [{recipients}]
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of the day cost."""

    name: str
    cpu: float
    wall: float
    peak: int


def pages(count: int) -> list[bytes]:
    """Read so many pages: those of the corpus, then the same with other texts."""
    found: list[bytes] = []
    for name in _SETS:
        rows = map(json.loads, (CORPUS / name / "gold.jsonl").read_bytes().splitlines())
        found += [gzip.decompress((CORPUS / name / row["page"]).read_bytes()) for row in rows]
    chance = random.Random(7)
    chance.shuffle(found)
    more = (_other(found[number % len(found)], number) for number in range(len(found), count))
    return [*found[:count], *more]


def _other(page: bytes, seed: int) -> bytes:
    """Put the words of a page's paragraphs into another order."""
    chance = random.Random(seed)

    def mixed(run: re.Match[bytes]) -> bytes:
        if run[1]:
            return run[0]
        words = run[0].split(b" ")
        chance.shuffle(words)
        return b" ".join(words)

    return _RUNS.sub(mixed, page)


def days_press(bodies: Sequence[bytes], hosts: int, steps: int, step: int) -> Press:
    """Give the press as it stands at a step of the day, each feed with its newest articles."""
    outlets = []
    for host in range(hosts):
        name = f"outlet{host}.example"
        source = Source(f"outlet{host}", name, f"http://{name}/", feeds=(f"http://{name}/rss.xml",))
        numbers = [number for number in range(host, len(bodies), hosts) if number * steps // len(bodies) <= step]
        items = tuple(Item(f"/news/{number}", f"Report {number}", page=bodies[number]) for number in numbers[-_FEED:])
        outlets.append(Outlet(source, items))
    return Press(outlets)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--recipients", type=int, default=20)
    options = parser.parse_args()
    bodies = pages(options.articles)
    with tempfile.TemporaryDirectory() as temporary, mail_box() as box:
        folder = Path(temporary)
        first = days_press(bodies, options.hosts, options.steps, 0)
        with Server(first) as server:
            press.write_config(folder / "config", first, server.port, crawl='visit_limit = "6h"')
            _add_mail(folder / "config", box.port, options.recipients)
            parts = list(_day(folder, server, bodies, options))
        with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
            kept, size = archive.articles.count(), (folder / "presswatch.db").stat().st_size
    _write(parts, kept, len(box.taken), size, options)


def _add_mail(config: Path, port: int, recipients: int) -> None:
    with (config / "presswatch.toml").open("a") as file:
        file.write(f'\n[mail]\nfrom = "desk@press.test"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n')
    names = ", ".join(f'"reader{number}@press.test"' for number in range(recipients))
    (config / "digests.toml").write_text(_PLAN.format(recipients=names))


def _day(folder: Path, server: Server, bodies: Sequence[bytes], options: argparse.Namespace) -> Iterator[Part]:
    crawls, digests, idle_crawls = [], [], []
    for step in range(options.steps):
        server.site = days_press(bodies, options.hosts, options.steps, step)
        crawls.append(_command(folder, "crawl", "--all"))
        if step in (options.steps // 4, options.steps - 1):
            slot = "06:00" if step < options.steps - 1 else "18:00"
            digests.append(_command(folder, "digest", "make", "daily", "--slot", f"{_yesterday()} {slot}"))
            number = str(len(digests) // 2 + 1)
            digests.append(_command(folder, "digest", "send", number))
        print(f"step {step + 1}: {crawls[-1].cpu:.1f} CPU s, {crawls[-1].peak / 1e6:.0f} MB", file=sys.stderr)
    idle_crawls = [_command(folder, "crawl", "outlet0", "--all") for _ in range(3)]
    yield _sum(f"{options.steps} crawls of all sources", crawls)
    yield _sum("2 digests made (stories grouped) and mailed", digests)
    yield _sum(f"a crawl that finds nothing new, 1 of {len(idle_crawls)}", idle_crawls, of=len(idle_crawls))
    yield _service(folder)


def _yesterday() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - _DAY))


def _command(folder: Path, *words: str) -> measure.Cost:
    cost = measure.run(["taskset", "-c", "0", sys.executable, "-m", "digest.cli", *words], folder, every=0.5)
    if cost.code:
        raise SystemExit(cost.err)
    return cost


def _sum(name: str, costs: Sequence[measure.Cost], of: int = 1) -> Part:
    cpu, wall = (sum(getattr(cost, each) for cost in costs) / of for each in ("cpu", "wall"))
    return Part(name, cpu, wall, max(cost.peak for cost in costs))


def _service(folder: Path, seconds: float = 60.0) -> Part:
    """Measure the service after its start, while nothing is due."""
    command = ["taskset", "-c", "0", sys.executable, "-m", "digest.cli", "run"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
        watched = psutil.Process(process.pid)
        time.sleep(45)
        before = watched.cpu_times()
        time.sleep(seconds)
        after, memory = watched.cpu_times(), sum(measure.memory(process.pid))
        process.send_signal(signal.SIGTERM)
    cpu = after.user + after.system - before.user - before.system
    return Part(f"the service for {seconds:.0f} s while nothing is due", cpu, seconds, memory)


def _write(parts: Sequence[Part], kept: int, mails: int, size: int, options: argparse.Namespace) -> None:
    crawls, digests, idle, service = parts
    scale = 5_000 / options.articles
    beats = service.cpu / service.wall * _DAY
    rests = idle.cpu * (_DAY / 60)
    whole = (crawls.cpu + digests.cpu) * scale + beats
    rows = [(part.name, f"{part.cpu:.1f}", f"{part.wall:.0f}", f"{part.peak / 1e6:.0f}") for part in parts]
    day = f"a day of 5,000 articles: {whole:,.0f} CPU s with the beats of the service"
    most = f"with a crawl a minute that finds nothing ({_DAY // 60} of them): {whole + rests:,.0f} CPU s"
    report.write(
        "small_machine",
        f"{options.articles:,} real pages of {options.hosts} hosts in {options.steps} steps, pinned to one core of a "
        f"machine that others use as well; {kept:,} kept, {mails} mails taken, {size / 1e6:.0f} MB of archive.",
        ("part", "CPU s", "wall s", "most resident MB, all processes"),
        rows,
        [
            "resident MB count memory that processes share once for each of them",
            "parts of the day are reckoned up to 5,000 articles from those above, digests as well",
            f"{day}, {100 * whole / _DAY:.1f} % of one core",
            f"{most}, {100 * (whole + rests) / _DAY:.1f} % of one core",
            f"most memory at once: the service and a crawl, {(service.peak + crawls.peak) / 1e6:.0f} MB",
            "wanted: less than 100 % of one core and 1,000 MB",
        ],
    )


if __name__ == "__main__":
    main()
