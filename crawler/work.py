"""Work that is shared by many processes, on one machine or many: what is to be done, and the worker that does it.

Everything goes through the PostgreSQL that keeps the archive. ``enqueueing`` writes down which sources are due; each
worker takes jobs from there and does just what ``visit`` does, for one source at a time and several beside each other.
What keeps two visits apart is in the archive, whoever makes them: leases of pages and channels, and the turns at each
host. A worker that dies holds nothing for longer than its leases; its jobs are given to others.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import scrapy.core.downloader.handlers.http11  # noqa: F401  (see visit.py)
from procrastinate import App, PsycopgConnector
from scrapy.crawler import AsyncCrawlerProcess

from crawler.archive.times import SILENT
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.config import Config
from crawler.counts import VisitReport
from crawler.enqueueing import CRAWL, take_back
from crawler.errors import UsageError
from crawler.extract.workers import Workers
from crawler.settings import quiet_process
from crawler.spiders.base import VisitSpider
from crawler.visit import Visit, raw_begun

_log = logging.getLogger(__name__)
#: What a worker may take.
QUEUES = (CRAWL,)


class Worker:
    """Takes jobs until it is told to stop; it runs Scrapy in this process, which can be done once per process."""

    def __init__(
        self,
        archive_url: str,
        config: Callable[[], Config],
        *,
        queues: Collection[str] = QUEUES,
        at_once: int = 4,
        silent: timedelta = SILENT,
        say: Callable[[str], None] = _log.info,
    ) -> None:
        """Make a worker of an archive on PostgreSQL; ``config`` reads the configuration, which may have changed.

        ``at_once`` is how many sources it visits beside each other; who is ``silent`` for so long is taken for dead.
        """
        if unknown := sorted(set(queues) - set(QUEUES)):
            raise UsageError(f"there is no queue {', '.join(unknown)}; there are {', '.join(QUEUES)}")
        self._url, self._config, self._say = archive_url, config, say
        self._queues, self._at_once = list(queues), at_once
        self._silent = silent
        self._visits: set[Visit] = set()
        self._fault: BaseException | None = None
        self._process: AsyncCrawlerProcess
        self._extraction: Workers

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is under way then is ended in order and found by another worker."""
        config = self._config()
        with ArchiveThread(self._url) as archive:
            archive.call(lambda kept: kept.jobs.prepare())
        crawl = config.press.crawl
        self._extraction = Workers(crawl.workers, crawl.page_cpu, crawl.page_memory)
        self._process = quiet_process(config)
        try:
            asyncio.get_event_loop().create_task(self._work())
            self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            self._extraction.stop()
        if self._fault is not None:
            raise self._fault

    async def _work(self) -> None:
        try:
            await self._take_jobs()
        except BaseException as error:  # noqa: BLE001  (told by ``run``)
            self._fault = error
        finally:
            from twisted.internet import reactor  # that which Scrapy has installed

            reactor.stop()  # type: ignore[misc]  # its types are of an interface

    async def _take_jobs(self) -> None:
        app = App(connector=PsycopgConnector(conninfo=self._url, max_size=self._at_once + 4))

        @app.task(name=CRAWL, queue=CRAWL)
        async def crawl(source: str) -> None:
            await self._crawl(source)

        loop = asyncio.get_running_loop()
        async with app.open_async():
            working = asyncio.ensure_future(
                app.run_worker_async(
                    queues=self._queues,
                    concurrency=self._at_once,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    fetch_job_polling_interval=2.0,
                    update_heartbeat_interval=self._silent.total_seconds() / 6,
                    stalled_worker_timeout=self._silent.total_seconds(),
                )
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stop, working)
            looking = asyncio.ensure_future(self._look_for_the_dead())
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await working
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)

    def _stop(self, working: asyncio.Future[None]) -> None:
        """Take no more jobs, and end what is under way."""
        working.cancel()
        for visit in self._visits:
            visit.end("signal")

    async def _look_for_the_dead(self) -> None:
        """Give the jobs of workers that died to others, should nobody else look."""
        while True:
            await asyncio.sleep(self._silent.total_seconds() / 2)
            await asyncio.to_thread(self._take_back)

    def _take_back(self) -> None:
        with ArchiveThread(self._url) as archive:
            if lost := archive.call(take_back, Clock.starting(None)(), self._silent):
                self._say(f"of a worker that died: {', '.join(lost)}; done again")

    async def _crawl(self, key: str) -> None:
        """Visit one source."""
        config = self._config()
        clock = Clock.starting(None)
        thread = await asyncio.to_thread(ArchiveThread, self._url)
        try:
            source = config.sources.get(key) or await thread.run(lambda archive: archive.sources.get(key))
            if source is None:
                return  # it has left since
            raw = await thread.run(raw_begun, config, clock())
            visit = Visit(
                config,
                thread,
                self._extraction,
                {key: source},
                clock,
                everything=False,
                progress=None,
                raw=raw,
                listens=False,
            )
            self._visits.add(visit)
            try:
                await self._process.crawl(self._process.create_crawler(VisitSpider), visit=visit)
                report = await asyncio.to_thread(visit.report)
            finally:
                self._visits.discard(visit)
                if raw is not None:
                    await asyncio.to_thread(raw.close)
            self._say(_in_words(key, report))
        finally:
            await asyncio.to_thread(thread.close)


def _in_words(key: str, report: VisitReport) -> str:
    counts: Any = report.sources.get(key)
    kept = 0 if counts is None else counts.kept
    fetched = 0 if counts is None else counts.fetched
    return f"{key}: {kept} kept of {fetched} fetched ({report.outcome})"
