"""The one face of crawling, for commands, jobs and workers: visit these sources, fetch this page, import this file."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from crawler.archive import Archive
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.config import Config
from crawler.counts import Progress, SourceCounts, Tally, VisitReport
from crawler.discovery import Discovery
from crawler.errand import fetch_one, make_fetcher
from crawler.errors import UsageError
from crawler.extract.workers import Workers
from crawler.importing import ImportReport, import_jsonl
from crawler.net import Answer, Ask, Fetcher, Gate, Stop
from crawler.net.middleware import GRACE
from crawler.pipelines import Keeper
from crawler.polls import Poller
from crawler.records import Channel, Source
from crawler.scheduler import PATIENCE, Hand
from crawler.scout import discover
from crawler.settings import quiet_process
from crawler.spiders.base import VisitSpider

__all__ = [
    "Discovery",
    "ImportReport",
    "Progress",
    "SourceCounts",
    "VisitReport",
    "discover",
    "fetch_one",
    "import_jsonl",
    "visit",
]

_log = logging.getLogger(__name__)


def visit(
    archive_url: str,
    config: Config,
    keys: Collection[str] | None = None,
    *,
    everything: bool = False,
    now: datetime | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> VisitReport:
    """Poll the channels that are due, fetch and keep their pages, and tell what was done.

    ``keys`` names the sources (None: all); ``everything`` also polls channels that are not due, but none whose server
    asked for a pause. ``now`` shifts the visit's clock. It runs Scrapy in this process, which can be done once per
    process; SIGTERM and SIGINT end it early and in order.
    """
    if config.press.raw.keep is not None:
        # Whoever asks for raw pages counts on them: going on without would lose them in silence.
        raise UsageError('presswatch.toml: raw.keep: keeping raw pages is not built yet, so wanted ""')
    sources = _chosen(config, keys)
    clock = Clock.starting(now)
    crawl = config.press.crawl
    workers = Workers(crawl.workers, crawl.page_cpu, crawl.page_memory)
    try:
        with ArchiveThread(archive_url) as archive:
            archive.call(_synchronised, config, clock())
            work = Visit(config, archive, workers, sources, clock, everything=everything, progress=progress)
            process = quiet_process(config)
            process.crawl(process.create_crawler(VisitSpider), visit=work)
            process.start(install_signal_handlers=False)
            return work.report()
    finally:
        workers.stop()


def _chosen(config: Config, keys: Collection[str] | None) -> dict[str, Source]:
    if keys is None:
        return dict(config.sources)
    if unknown := sorted(set(keys) - set(config.sources)):
        known = ", ".join(sorted(config.sources)) or "none"
        raise UsageError(f"no source has the key {', '.join(unknown)}; the configuration has: {known}")
    return {key: config.sources[key] for key in keys}


def _synchronised(archive: Archive, config: Config, now: datetime) -> None:
    archive.sources.sync(config.sources.values(), now, every=config.press.crawl.every)
    archive.watches.sync(config.watches.values(), now)


class Visit:
    """Everything that the parts of one visit share."""

    def __init__(
        self,
        config: Config,
        archive: ArchiveThread,
        workers: Workers,
        sources: dict[str, Source],
        clock: Clock,
        *,
        everything: bool,
        progress: Callable[[Progress], None] | None,
    ):
        crawl = config.press.crawl
        self.sources, self.keys = sources, list(sources)
        self.archive, self.clock = archive, clock
        self.concurrency = crawl.concurrency
        self.hand = Hand()
        self.stop = Stop()
        self.polling = asyncio.Semaphore(crawl.concurrency)
        self.tally = Tally(self.keys, progress)
        self.gate = Gate(archive, clock, self.stop, timeout=crawl.timeout, patience=PATIENCE.total_seconds())
        self.turn_lease: timedelta = self.gate.lease
        self.keeper = Keeper(archive, workers, sources, clock, self.tally, tries=crawl.tries)
        self.poller = Poller(archive, workers, clock, self.tally, every=crawl.every)
        self.fetcher: Fetcher
        self._config, self._everything = config, everything
        self._started = clock()
        self._fault: BaseException | None = None
        self._limit: asyncio.TimerHandle | None = None

    def connect(self, crawler: Any) -> None:
        """Let requests go out through the engine of a crawler."""
        self.fetcher = make_fetcher(self._config, crawler, self.archive, self.clock, self.gate)

    async def fetch(self, ask: Ask) -> Answer:
        """Fetch something beside the requests of the scheduler, unless the visit ends."""
        return await self.stop.bound(self.fetcher.get(ask), GRACE)

    def begin(self) -> None:
        """Start the visit's time, and listen to signals."""
        loop = asyncio.get_running_loop()
        self._limit = loop.call_later(self._config.press.crawl.visit_limit, self._end, "limit")
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, self._signalled, number)
            except (ValueError, RuntimeError):  # not in the main thread: whoever runs us there listens
                return

    def _signalled(self, number: int) -> None:
        """End in order; a second signal ends the process as if we had never listened."""
        asyncio.get_running_loop().remove_signal_handler(number)
        self._end("signal")

    def _end(self, why: str) -> None:
        self.stop.ask(why)
        self.hand.stir()

    def failed(self, error: BaseException) -> None:
        """End the visit because of a fault that is not one page's or one source's."""
        self._fault = self._fault or error
        self._end("failed")

    def delay(self, source: Source) -> float:
        """Say how long to wait between requests to a source's host."""
        return max(self._config.press.crawl.delay, source.delay or 0.0)

    async def due_channels(self) -> list[Channel]:
        """List the channels to poll now."""
        now = self.clock()
        return await self.archive.run(lambda archive: archive.channels.due(now, self.keys, everything=self._everything))

    def report(self) -> VisitReport:
        """Tell what was done; raise what ended the visit."""
        if self._limit is not None:
            self._limit.cancel()
        if self._fault is not None:
            raise self._fault
        return VisitReport(self._started, self.clock(), self.stop.why or "finished", self.tally.sources)
