"""Fetch a few addresses outside of a visit, by the same rules: for one page, for looking at a new source."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Generic, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawler.archive import Archive, is_postgres, open_archive, path_of
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.config import Config
from crawler.errors import ArchiveFull, FetchRefused
from crawler.net import Answer, Ask, Fetcher, Gate, Stop, reservations, robots
from crawler.net.fetcher import stop_behind_head, user_agent
from crawler.records import Fetched
from crawler.scheduler import PATIENCE, Hand
from crawler.settings import quiet_process
from crawler.verdicts import fault

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: Whoever looks at a source waits so many seconds for another process that holds the archive, and is told then.
_LONGEST_HELD = 5.0


def make_fetcher(
    config: Config, crawler: Crawler, archive: ArchiveThread, clock: Clock, gate: Gate, *, parts: bool = False
) -> Fetcher:
    """Make the fetcher whose requests go out through the engine of a crawler.

    ``parts``: for the scripts and data of pages that a browser draws.
    """
    crawl = config.press.crawl
    crawler.signals.connect(stop_behind_head, signals.bytes_received)

    async def download(request: Request) -> Response:
        return await crawler.engine.download_async(request)

    return Fetcher(
        download,
        gate,
        robots.files(archive, clock) if crawl.robots else None,
        crawler.settings["PRESSWATCH_GUARD"],
        reserved=None if parts else reservations.files(archive, clock),
        obey_tdm=crawl.obey_tdm,
        agent=user_agent(crawl.contact),
        max_size=crawl.max_size,
        proxy=crawl.proxy,
        parts=parts,
    )


def run(config: Config, work: Callable[[Fetcher], Awaitable[T]], archive_url: str = "") -> T:
    """Run some work that fetches; Scrapy lets a process do this once.

    Where there is an archive, its hosts are asked in turn with the crawls that use it: their turns, delays, pauses and
    robots.txt hold here, too. Otherwise none is made.
    """
    with _hosts_of(archive_url) as archive:
        errand = _Errand(config, archive, work)
        process = quiet_process(config, {"ITEM_PIPELINES": {}})
        process.crawl(process.create_crawler(_ErrandSpider), visit=errand)
        process.start(install_signal_handlers=True)
        return errand.result()


def _hosts_of(url: str) -> ArchiveThread:
    """Open what is known of hosts: the archive itself, or a copy where it cannot be written or there is none."""
    if is_postgres(url):
        return ArchiveThread(url, patience=_LONGEST_HELD, longest=0)
    path = path_of(url) if url else None
    if path is None or not path.exists():
        return ArchiveThread("sqlite://")
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        with contextlib.suppress(ArchiveFull):
            return ArchiveThread(url, patience=_LONGEST_HELD, longest=0)
    now = Clock()()
    with open_archive(url, create=False, read_only=True) as kept:
        hosts, addresses = kept.hosts.held(now), kept.hosts.held_addresses(now)
    _log.warning("%s cannot be written to: pauses that it knows are kept, but no turns with a crawl that runs", path)

    def take_over(archive: Archive) -> None:
        for host, (until, why) in hosts.items():
            archive.hosts.hold(host, until, why)
        for address, until in addresses.items():
            archive.hosts.hold_address(address, until, now)

    thread = ArchiveThread("sqlite://")
    thread.call(take_over)
    return thread


def fetch_one(url: str, config: Config, archive_url: str = "") -> Fetched:
    """Fetch one page by all the rules; raise FetchRefused with the reason when there is no page to be had."""

    async def work(fetcher: Fetcher) -> Answer:
        return await fetcher.get(Ask(url, config.press.crawl.delay, page=True))

    answer = run(config, work, archive_url)
    bad = fault(answer.status, answer.headers, answer.body)
    if bad is not None:
        raise FetchRefused(url, *bad)
    content_type = answer.header("content-type")
    return Fetched(url, answer.final_url, answer.body, content_type, answer.status, Clock()())


class _Errand(Generic[T]):
    """What the scheduler and the middleware need to know of a visit, and the work itself."""

    def __init__(self, config: Config, archive: ArchiveThread, work: Callable[[Fetcher], Awaitable[T]]):
        crawl = config.press.crawl
        self.archive, self.clock = archive, Clock()
        self.hand, self.stop = Hand(), Stop()
        self.gate = Gate(archive, self.clock, self.stop, timeout=crawl.timeout, patience=PATIENCE.total_seconds())
        self.fetcher: Fetcher
        self._config, self._work = config, work
        self._done: list[T] = []
        self._fault: BaseException = FetchRefused("", "connection", "stopped before it was done")

    def connect(self, crawler: Crawler) -> None:
        """Let requests go out through a crawler."""
        self.fetcher = make_fetcher(self._config, crawler, self.archive, self.clock, self.gate)
        # From here on only Ctrl-C and SIGTERM, to which Scrapy listens, end the reactor before the work has ended.
        self._fault = KeyboardInterrupt()

    async def get(self, ask: Ask) -> Answer:
        """Answer a request of the engine."""
        return await self.fetcher.get(ask)

    async def do(self) -> None:
        """Do the work and remember how it ended."""
        try:
            self._done.append(await self._work(self.fetcher))
        except asyncio.CancelledError:
            self._fault = KeyboardInterrupt()
            raise  # by the engine, which is stopping: it must not be asked to close its spider a second time
        except Exception as error:  # noqa: BLE001 (raised again by result)
            self._fault = error

    def result(self) -> T:
        """Give what the work gave, or raise what it raised."""
        if not self._done:
            raise self._fault
        return self._done[0]


class _ErrandSpider(Spider):
    name = "errand"

    def __init__(self, visit: _Errand[Any], **kwargs: Any):
        super().__init__(**kwargs)
        self.visit = visit

    async def start(self) -> AsyncIterator[Any]:
        self.visit.connect(self.crawler)
        await self.visit.do()
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # makes it the iterator that Scrapy wants
            yield request
        raise CloseSpider("finished")
