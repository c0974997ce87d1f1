"""Visits at any time of day, many in one process: what passes between two of them is told, not waited for."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.archive import Archive, Poll, open_archive
from crawler.records import Channel, SourceHealth
from tests import warm
from tests.loopback import ROOT, Reply, Seen, Web, address, configure

_SERVE = """
import asyncio, json, sys
from datetime import datetime, timedelta
from pathlib import Path
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.config import load
from crawler.extract.workers import Workers
from crawler.records import as_json
from crawler.settings import quiet_process
from crawler.spiders.base import VisitSpider
from crawler.visit import Visit, _synchronised

async def visits(process, workers):
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        config = load(Path(asked["folder"]))
        clock = Clock.starting(datetime.fromisoformat(asked["now"]))
        try:
            with ArchiveThread(asked["archive"]) as archive:
                archive.call(_synchronised, config, clock())
                work = Visit(
                    config, archive, workers, dict(config.sources), clock, everything=asked["everything"], progress=None
                )
                await process.crawl(process.create_crawler(VisitSpider), visit=work)
                report = {key: as_json(counts) for key, counts in work.report().sources.items()}
        except Exception as error:
            report = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(report), flush=True)

if __name__ == "__main__":
    first = load(Path(sys.argv[1]))
    process = quiet_process(first)
    from twisted.internet import reactor
    with Workers(1, 10.0, 512 * 2**20) as workers:
        task = reactor._asyncioEventloop.create_task(visits(process, workers))
        task.add_done_callback(lambda done: reactor.stop())
        process.start(stop_after_crawl=False, install_signal_handlers=False)
"""
#: Begins the addresses of pages that cost no request: nobody may ask there.
NOWHERE = "http://10.9.8.7/item/"
#: When every story of a rule begins: a Monday.
BEGIN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class Clockwork:
    """A web on loopback and a process that visits it whenever it is told to."""

    web: Web
    process: subprocess.Popen[str]

    def visit(self, folder: Path, now: datetime, *, everything: bool = False) -> dict[str, Any]:
        """Make a visit at a time, and give its report."""
        asked = {"folder": str(folder), "archive": address(folder), "now": now.isoformat(), "everything": everything}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline() if ready else ""
        assert line, self._end()
        report: dict[str, Any] = json.loads(line)
        assert "error" not in report, report
        return report

    def _end(self) -> str:
        """End the process that gave no answer and say what it told."""
        self.process.kill()
        return f"the process of the visits ended or hangs\n{self.process.communicate()[1]}"


@contextmanager
def clockwork(folder: Path) -> Iterator[Clockwork]:
    """Start the web and the process."""
    with Web() as web, warm.script(_SERVE, str(configure(folder, web)), env=os.environ, path=ROOT) as process:
        yield Clockwork(web, process)
        process.terminate()


@dataclass
class Story:
    """One source with one or more feeds, told through the hours."""

    works: Clockwork
    folder: Path
    name: str
    paths: tuple[str, ...] = ("/feed",)
    #: What stands in sources.toml beside the feeds.
    more: str = ""
    #: path -> what it answers; one list of answers is used up one by one, the last one stays.
    answers: dict[str, Any] = field(default_factory=dict)
    hours: float = 0.0

    def __post_init__(self) -> None:
        self.works.web.hosts[f"{self.name}.example"] = self.answer
        configure(self.folder, self.works.web, crawl='delay = "0s"\ntries = 1\ncontact = "https://desk.example/"')
        feeds = ", ".join(f'"{self.url(path)}"' for path in self.paths)
        (self.folder / "sources.toml").write_text(
            f'[{self.name}]\nname = "{self.name}"\nhomepage = "{self.url("/")}"\nfeeds = [{feeds}]\n{self.more}\n'
        )

    def url(self, path: str) -> str:
        """Write the address of a path of this host."""
        return f"http://{self.name}.example{path}"

    def answer(self, seen: Seen) -> Reply | None:
        """Answer as a server."""
        reply = self.answers.get(seen.path)
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        return reply(seen) if callable(reply) else reply

    def visit(self, hours: float = 0.0, *, everything: bool = False) -> list[Seen]:
        """Let some hours pass, visit, and give the requests for the feeds that were made."""
        self.hours += hours
        before = len(self.works.web.seen)
        self.works.visit(self.folder, self.now, everything=everything)
        own = [seen for seen in self.works.web.seen[before:] if seen.host == f"{self.name}.example"]
        return [seen for seen in own if not seen.path.startswith(("/robots.txt", "/.well-known", "/item"))]

    def due_in(self) -> float:
        """Say in how many hours the first channel is due, after making sure that it is not asked before."""
        due = self.channel().next_poll
        assert due is not None
        hours = (due - self.now).total_seconds() / 3600
        assert self.visit(hours - 0.03) == [], "asked before its time"
        assert self.visit(0.04), "not asked although it was due"
        return hours

    @property
    def now(self) -> datetime:
        """Tell the time of the story."""
        return BEGIN + timedelta(hours=self.hours)

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        """Look into the archive."""
        with closing(open_archive(address(self.folder))) as archive:
            yield archive

    def channel(self, number: int = 0) -> Channel:
        """Read a channel, in the order of the feeds."""
        with self.archive() as archive:
            found = {channel.url: channel for channel in archive.channels.of(self.name)}
            return found.get(self.url(self.paths[number])) or list(found.values())[number]

    def polls(self) -> list[Poll]:
        """List the polls of the first channel, the oldest first."""
        with self.archive() as archive:
            return archive.channels.polls(self.channel().id, 1_000)[::-1]

    def health(self) -> SourceHealth:
        """Say how the source does."""
        with self.archive() as archive:
            (found,) = archive.sources.health(self.now)
            return found


def feed(*items: tuple[str, datetime] | str, head: str = "", status: int = 200, **headers: str) -> Reply:
    """Write a feed of addresses or names with their dates; pages that have a name only are refused at once."""
    entries = []
    for item in items:
        name, time = item if isinstance(item, tuple) else (item, None)
        url = name if "://" in name else NOWHERE + name
        date = f"<pubDate>{time:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if time else ""
        entries.append(f"<item><title>About {url}</title><link>{url}</link>{date}</item>")
    body = f"<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>F</title>{head}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(f"{body}{''.join(entries)}</channel></rss>", status, named, "application/rss+xml")
