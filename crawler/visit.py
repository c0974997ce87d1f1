"""The one face of crawling, for commands, jobs and workers: visit these sources, fetch this page, import this file."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

# Before anything of ours: at its import, Scrapy looks through all frames and all modules that are there by then, which
# from deep inside our own imports takes 0.3 s of processor time.
import scrapy.core.downloader.handlers.http11  # noqa: F401

from crawler import overrides
from crawler.archive import Archive
from crawler.archive_thread import ArchiveThread
from crawler.backfill.walk import Backfill, Rules
from crawler.clock import Clock
from crawler.config import Config
from crawler.counts import Progress, SourceCounts, Tally, VisitReport
from crawler.discovery import Discovery
from crawler.discovery.scout import discover
from crawler.discovery.trial import Trial, try_out
from crawler.errand import fetch_one, make_fetcher
from crawler.errors import FetchRefused, LeaseLost, UsageError
from crawler.extract.workers import Workers
from crawler.importing import (
    ImportReport,
    LeftToWorkers,
    ReextractReport,
    Wanted,
    WarcReport,
    import_files,
    import_jsonl,
    import_warc_file,
    leave_to_workers,
    read_hosts,
    read_languages,
    read_query,
    reextract,
)
from crawler.leads import leads
from crawler.net import Answer, Ask, Fetcher, Gate, Stop, Stopped, reservations, robots
from crawler.net.browser import Browser, lacking
from crawler.net.fetcher import user_agent
from crawler.net.middleware import GRACE
from crawler.pipelines import Keeper
from crawler.polling.polls import Poller
from crawler.raw import RawError, RawThread, cut_day, expiry, raw_to_keep
from crawler.records import Channel, Source
from crawler.scheduler import LEASE, PATIENCE, Hand
from crawler.settings import quiet_process
from crawler.spiders.base import VisitSpider
from crawler.verdicts import fault

__all__ = [
    "Discovery",
    "ImportReport",
    "LeftToWorkers",
    "Progress",
    "ReextractReport",
    "SourceCounts",
    "Trial",
    "VisitReport",
    "Wanted",
    "WarcReport",
    "discover",
    "fetch_one",
    "import_files",
    "import_jsonl",
    "import_warc_file",
    "leave_to_workers",
    "read_hosts",
    "read_languages",
    "read_query",
    "reextract",
    "try_out",
    "visit",
]

_log = logging.getLogger(__name__)
#: Hosts that may be asked again within so many seconds need no word.
_SOON = 20.0
#: No poll is planned for later than a day after the end of a visit, save where a server asks for a pause.
_FORESIGHT = timedelta(days=2)


def visit(
    archive_url: str,
    config: Config,
    keys: Collection[str] | None = None,
    *,
    everything: bool = False,
    backfill: timedelta | None = None,
    now: datetime | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> VisitReport:
    """Poll the channels that are due, fetch and keep their pages, and tell what was done.

    ``keys`` names the sources (None: all); ``everything`` also polls channels that are not due, but none whose server
    asked for a pause; ``backfill`` also looks for what was published in so long a time, through sitemaps and archive
    pages, however long that takes. ``now`` shifts the visit's clock. It runs Scrapy in this process, which can be done
    once per process; SIGTERM and SIGINT end it early and in order.
    """
    sources = _chosen(config, keys)
    clock = Clock.starting(now)
    crawl = config.press.crawl
    workers = Workers(crawl.workers, crawl.page_cpu, crawl.page_memory)
    try:
        with ArchiveThread(archive_url, wait=time.sleep) as archive:
            archive.call(_synchronised, config, clock())
            raw = archive.call(raw_begun, config, clock())
            work = Visit(config, archive, workers, sources, clock, everything=everything, progress=progress, raw=raw)
            work.look_back(backfill)
            process = quiet_process(config)
            process.crawl(process.create_crawler(VisitSpider), visit=work)
            process.start(install_signal_handlers=False)
            if raw is not None:
                raw.close()
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


def raw_begun(archive: Archive, config: Config, now: datetime) -> RawThread | None:
    """Begin to keep raw pages, if they are wanted, and let go of those that are too old."""
    folder = raw_to_keep(config, archive.path)
    if folder is None:
        return None
    before = expiry(config.press.raw.keep or 0.0, now)
    failed = ""
    try:
        if folder.prune(before, dry_run=True).files:
            # Before the files: whoever is stopped between them does both again.
            archive.articles.drop_raw(cut_day(before))
            folder.prune(before)
    except RawError as error:
        failed = str(error)
    thread = RawThread(folder)
    if failed:
        thread.failed(failed, 0)
    return thread


def _synchronised(archive: Archive, config: Config, now: datetime) -> None:
    archive.sources.sync(config.sources.values(), now, every=config.press.crawl.every)
    archive.watches.sync(config.watches.values(), now)


def _undrawn(config: Config, sources: dict[str, Source]) -> dict[str, str]:
    """Name the sources whose pages cannot be drawn here, with the remedy; their pages wait in the queue."""
    drawn = [key for key, source in sources.items() if source.render]
    told = lacking(config.press.crawl.browser) if drawn else ""
    return dict.fromkeys(drawn, told) if told else {}


def closed_hosts(archive: Archive, keys: Collection[str] | None, now: datetime) -> list[str]:
    """Tell of pages that wait because their host lets itself be asked seldom: a visit leaves them without a word."""
    told = []
    for closed in archive.hosts.closed(now + timedelta(seconds=_SOON), keys):
        kept = archive.hosts.robots(closed.host)
        delay = robots.read(kept).delay if kept is not None else 0.0
        asked = (
            f"its robots.txt asks for {delay:g} s between two requests" if delay else "for the delay that is set for it"
        )
        why = f"it {closed.why}" if closed.why else asked
        pages = "1 page waits" if closed.pages == 1 else f"{closed.pages} pages wait"
        told.append(f"{closed.host}: {pages}, it is not asked before {closed.until:%Y-%m-%d %H:%M} UTC ({why})")
    return told


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
        raw: RawThread | None = None,
        listens: bool = True,
    ):
        crawl = config.press.crawl
        self.sources = sources
        self._watched = dict(sources)
        #: The sources whose pages are fetched; None: of all, which need not be named a thousand times.
        self.keys = None if sources.keys() == config.sources.keys() else list(sources)
        self._polled = self.keys
        undrawn = _undrawn(config, sources)
        if undrawn:
            self.keys = [key for key in sources if key not in undrawn]
        #: The sources whose kept pages are looked at again.
        self.looked_again = [key for key in config.looked_again() if key in sources and key not in undrawn]
        self.archive, self.clock = archive, clock
        self.concurrency = crawl.concurrency
        self.hand = Hand()
        self.stop = Stop()
        archive.pause, archive.refresh = self.stop.sleep, self._keep_leases
        self.tally = Tally(sources, progress)
        for key, told in undrawn.items():
            self.tally.channel_failed(key, sources[key].homepage, told)
        self.gate = Gate(archive, clock, self.stop, timeout=crawl.timeout, patience=PATIENCE.total_seconds())
        self.turn_lease: timedelta = self.gate.lease
        self.keeper = Keeper(
            archive,
            workers,
            sources,
            clock,
            self.tally,
            tries=crawl.tries,
            raw=raw,
            obey_tdm=crawl.obey_tdm,
            recheck=crawl.recheck,
        )
        wanted = leads(config.plans.values(), clock(), clock() + _FORESIGHT)
        self.poller = Poller(archive, workers, clock, self.tally, every=crawl.every, leads=tuple(wanted))
        self.fetcher: Fetcher
        self.backfill: Backfill | None = None
        self._config, self._everything, self._raw, self._workers = config, everything, raw, workers
        #: To signals, alone in its process; a worker has many visits, and listens for all of them.
        self._listens = listens
        self._started = clock()
        self._fault: BaseException | None = None
        self._limit: asyncio.TimerHandle | None = None

    def connect(self, crawler: Any) -> None:
        """Let requests go out through the engine of a crawler."""
        self.fetcher = make_fetcher(self._config, crawler, self.archive, self.clock, self.gate)
        crawl = self._config.press.crawl
        gate = Gate(self.archive, self.clock, self.stop, timeout=min(crawl.timeout, 10), patience=10)
        parts = make_fetcher(self._config, crawler, self.archive, self.clock, gate, parts=True)
        self.browser = Browser(
            parts.get,
            executable=crawl.browser,
            agent=user_agent(crawl.contact),
            max_size=crawl.max_size,
            max_memory=crawl.page_memory,
        )

    async def get(self, ask: Ask) -> Answer:
        """Answer a request of the scheduler; a page whose scripts write it is drawn first."""
        answer = await self.fetcher.get(ask)
        if not ask.render or fault(answer.status, answer.headers, answer.body) is not None:
            return answer
        try:
            return await self.browser.draw(answer)
        finally:
            # A page's parts come at once, as browsers ask for them; the host rests after the last.
            with contextlib.suppress(FetchRefused, Stopped):
                await self.fetcher.rest(answer.final_url, ask.delay)

    async def fetch(self, ask: Ask) -> Answer:
        """Fetch something beside the requests of the scheduler, unless the visit ends."""
        return await self.stop.bound(self.fetcher.get(ask), GRACE)

    async def sitemaps(self, url: str, delay: float) -> tuple[str, ...]:
        """List the sitemaps that the robots.txt of an address's host names, unless the visit ends."""
        return await self.stop.bound(self.fetcher.sitemaps(url, delay), GRACE)

    def _keep_leases(self, archive: Archive) -> None:
        """Renew what is in hand; what somebody else has taken meanwhile is told when it is written."""
        with contextlib.suppress(LeaseLost):
            archive.pages.renew(self.hand.pages(), self.clock() + LEASE)

    def begin(self) -> None:
        """Start the visit's time, and listen to signals."""
        loop = asyncio.get_running_loop()
        if self.backfill is None:  # it ends by its budget
            self._limit = loop.call_later(self._config.press.crawl.visit_limit, self.end, "limit")
        if not self._listens:
            return
        gc.freeze()  # what lives as long as the process is not looked through at every collection
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, self._signalled, number)
            except (ValueError, RuntimeError):  # not in the main thread: whoever runs us there listens
                return

    def _signalled(self, number: int) -> None:
        """End in order; a second signal ends the process as if we had never listened."""
        asyncio.get_running_loop().remove_signal_handler(number)
        self.end("signal")

    def end(self, why: str) -> None:
        """End the visit in order, and say why: "signal", "limit" or "failed"."""
        self.stop.ask(why)
        self.hand.stir()

    def may_tidy(self) -> bool:
        """Tell whether there is time for what need not be done at once: nobody wants the visit to end now."""
        return self.stop.why not in ("signal", "failed")

    def failed(self, error: BaseException) -> None:
        """End the visit because of a fault that is not one page's or one source's."""
        self._fault = self._fault or error
        self.end("failed")

    def delay(self, source: Source) -> float:
        """Say how long to wait between requests to a source's host."""
        return max(self._config.press.crawl.delay, source.delay or 0.0)

    async def meet(self, key: str) -> None:
        """Learn a source that came into the archive, by another process, since this visit began."""
        if key not in self.sources:
            source = await self.archive.run(lambda archive: archive.sources.get(key))
            if source is None:
                raise UsageError(f"a page is queued for {key}, but the archive knows no such source")
            self.sources[key] = source

    def look_back(self, span: timedelta | None) -> None:
        """Make the visit a backfill of so long a time, too."""
        if span is None:
            return
        rules = Rules(self.clock() - span, self._config.press.crawl.backfill_budget)
        self.backfill = Backfill(
            self.archive,
            self._workers,
            self.clock,
            self.tally,
            rules,
            fetch=self.fetch,
            sitemaps=self.sitemaps,
            delay=self.delay,
            concurrency=self.concurrency,
        )

    async def fill_back(self) -> None:
        """Queue what the sources published before they were watched."""
        assert self.backfill is not None, "asked for only then"
        await self.backfill.run({key: source for key, source in self.sources.items() if key in self._config.sources})
        self.hand.stir()

    async def due_channels(self) -> list[Channel]:
        """List the channels to poll now."""
        now, keys = self.clock(), self._polled
        return await self.archive.run(lambda archive: archive.channels.due(now, keys, everything=self._everything))

    def report(self) -> VisitReport:
        """Tell what was done; raise what ended the visit."""
        if self._limit is not None:
            self._limit.cancel()
        if self._fault is not None:
            raise self._fault
        remarks = () if self._raw is None else tuple(self._raw.remarks())
        remarks += tuple(map(str, overrides.endings(self._watched.values(), self.clock().date(), soon=-1)))
        if ahead := self.archive.call(Archive.ahead, self.clock()):
            remarks += (ahead,)
        remarks += tuple(self.archive.call(closed_hosts, self.keys, self.clock()))
        remarks += tuple(
            reservations.read(file).problem
            for file in self.archive.call(lambda archive: archive.hosts.reservations_in_part(self._started))
        )
        standing = self.archive.call(
            lambda archive: archive.channels.standing(self.clock(), self._polled, asked_since=self._started)
        )
        why = self.stop.why or "finished"
        return VisitReport(self._started, self.clock(), why, self.tally.sources, remarks, standing)
