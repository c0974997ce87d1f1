"""The service through hundreds of scheduled crawls: the memory of its own process stays flat.

The real service with its scheduler, its crawls in processes of their own, and digests, on a clock that goes faster; a
press on loopback has something new every hour. Each tenth crawl asks it, the others keep an article without asking.
The service's memory in each quarter of the crawls is the mean over its time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from crawler.config import load
from digest.schedule import Service
from tests.bench import report
from tests.loopback import Reply, Seen, Web, article, configure

_SOURCES = ("herald", "gazette", "courier")
_HOUR = timedelta(hours=1)


def fast(begin: datetime, factor: float) -> Callable[[], datetime]:
    """Make a clock that has shown the right time once, and goes faster since."""
    return lambda: begin + (datetime.now(UTC) - begin) * factor


def press(clock: Callable[[], datetime], name: str) -> Callable[[Seen], Reply]:
    """Make an outlet that publishes once an hour."""

    def answer(seen: Seen) -> Reply:
        if seen.path != "/feed":
            return Reply(article(f"The harbour of {name} on {seen.path.strip('/')}"))
        newest = clock().replace(minute=0, second=0, microsecond=0)
        entries = "".join(
            f"<item><title>Harbour {at:%d %H}</title><link>http://{name}.example/{at:%Y-%m-%d-%H}</link>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for at in (newest - number * _HOUR for number in range(6))
        )
        feed = f"<rss version='2.0'><channel><title>{name}</title>{entries}</channel></rss>"
        return Reply(feed, 200, {}, "application/rss+xml")

    return answer


def serve(folder: Path, archive: str, begin: datetime, factor: float) -> None:
    """Run the service."""

    def say(text: str) -> None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    service = Service(folder, archive, load(folder), fast(begin, factor), say)
    service.steady = lambda: time.monotonic() * factor
    service.beat, service.patience = 0.5, 20.0
    service._jumps.__init__(service.clock, service.steady)  # type: ignore[misc]
    service.program = (sys.executable, "-m", "tests.bench.soak_crawl", begin.isoformat(), str(factor))
    asyncio.run(service.run())


def soak(crawls: int, factor: float, minutes: float) -> tuple[list[tuple[int, float]], list[str]]:
    """Run the service until it has crawled so often; give (crawls so far, resident MB) over time, and its log."""
    begin = datetime.now(UTC)
    clock, end = fast(begin, factor), time.monotonic() + 60 * minutes
    moments: list[tuple[int, float]] = []
    log: list[str] = []
    with Web() as web, tempfile.TemporaryDirectory() as temporary:
        for name in _SOURCES:
            web.hosts[f"{name}.example"] = press(clock, name)
        folder = configure(Path(temporary) / "config", web, *_SOURCES, crawl='delay = "0s"\nrecheck = []')
        digests = Path(temporary) / "digests"
        (folder / "digests.toml").write_text(
            f'[brief]\ntitle = "Brief"\nevery = "6h"\nfolder = "{digests}"\nwatches = ["harbour"]\n'
        )
        archive = f"sqlite:///{temporary}/press.db"
        own = ("--serve", "--begin", begin.isoformat(), "--factor", str(factor))
        command = [sys.executable, "-m", "tests.bench.soak", *own, "--config", str(folder), "--archive", archive]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            reader = threading.Thread(target=lambda: log.extend(process.stderr or ()))
            reader.start()
            member = psutil.Process(process.pid)
            done = 0
            while done < crawls and process.poll() is None and time.monotonic() < end:
                moments.append((done, member.memory_info().rss / 1e6))
                time.sleep(0.5)
                done = sum(text.startswith("crawl:") for text in list(log))
            process.terminate()
            process.wait(60)
            reader.join()
    return moments, log


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crawls", type=int, default=200)
    parser.add_argument("--factor", type=float, default=600.0)
    parser.add_argument("--minutes", type=float, default=120.0, help="it ends then, however often it has crawled")
    parser.add_argument("--begin", type=datetime.fromisoformat)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--archive")
    options, _ = parser.parse_known_args()
    if options.serve:
        serve(options.config, options.archive, options.begin, options.factor)
        return
    moments, log = soak(options.crawls, options.factor, options.minutes)
    crawls = moments[-1][0] + 1
    quarters = [[mb for done, mb in moments if at <= done / crawls * 4 < at + 1] for at in range(4)]
    means = [statistics.mean(quarter) for quarter in quarters]
    # The last one is ended with the service, when the time is over.
    ended = [text for text in log if text.startswith("crawl:") and "ended with the service" not in text]
    faults = [text for text in ended if " kept of " not in text]
    made = sum(": made" in text for text in log)
    report.write(
        "soak",
        f"The service through {len(ended)} scheduled crawls: mean resident MB of its process in each quarter of them.",
        ("process", "1st quarter", "2nd", "3rd", "4th", "4th against 1st", "4th against 2nd"),
        [
            (
                "service",
                *(f"{mean:.1f}" for mean in means),
                *(f"{100 * (means[3] / mean - 1):+.1f} %" for mean in means[:2]),
            )
        ],
        [
            f"{made} digests made on the way, {len(faults)} crawls failed, on a clock {options.factor:g} times as fast",
            "wanted: the last quarter within 10 % of the first",
        ],
    )
    if faults:
        raise SystemExit(json.dumps(faults[:5], indent=2))


if __name__ == "__main__":
    main()
