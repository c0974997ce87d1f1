"""What is asked for next: channels that are due, and pages leased from the archive, one at a time for a free host."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from crawler import urls
from crawler.archive import Archive, Leased
from crawler.errors import LeaseLost
from crawler.records import Channel, Page

_log = logging.getLogger(__name__)
#: How long a page or channel is ours without a sign of life.
LEASE = timedelta(seconds=90)
#: A visit waits this long for the next page that may be asked for; what is due later is left to a later visit.
PATIENCE = timedelta(seconds=120)
#: Answers that may wait for extraction and writing, beside those under way.
_BACKLOG = 64


class Hand:
    """The pages that are leased and not yet written: what must be renewed, and given back at the end."""

    def __init__(self) -> None:
        self._pages: dict[int, Page] = {}
        self._under_way: set[int] = set()
        self._changed = asyncio.Event()
        #: Begun when the visit was told to stop: given back at its end.
        self.left: list[Page] = []

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def under_way(self) -> int:
        """How many of them are being fetched."""
        return len(self._under_way)

    def pages(self) -> list[Page]:
        """List them."""
        return list(self._pages.values())

    def take(self, page: Page) -> None:
        """Note a page that was leased."""
        self._pages[page.id] = page
        self._under_way.add(page.id)

    def answered(self, page: Page) -> None:
        """Note that a page needs the network no longer."""
        self._under_way.discard(page.id)
        self._changed.set()

    def settle(self, page: Page) -> None:
        """Note that a page is stored, dropped or queued again."""
        self._pages.pop(page.id, None)
        self.answered(page)

    def leave(self, page: Page) -> None:
        """Note a page that was not brought to its end."""
        self.left.append(page)
        self.settle(page)

    def stir(self) -> None:
        """Wake whoever waits for a change."""
        self._changed.set()

    async def change(self, seconds: float | None) -> None:
        """Wait until something happens, or for so many seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)
        self._changed.clear()


class FrontierScheduler(BaseScheduler):
    """Scrapy's scheduler: what it gives out was leased the moment before, so nothing lies in memory to be lost."""

    def __init__(self, crawler: Any):
        self._crawler = crawler
        self._ready: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Any) -> FrontierScheduler:
        """Make the scheduler of a crawl."""
        return cls(crawler)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that was leased."""
        self._ready.append(request)
        return True

    def next_request(self) -> Request | None:
        """Give out the next request; None while none is leased."""
        return self._ready.popleft() if self._ready else None

    def has_pending_requests(self) -> bool:
        """Tell whether a leased request waits to be given out."""
        return bool(self._ready)

    def close(self, reason: str) -> Deferred[None]:
        """Give back what is still in hand."""
        _log.debug("closing (%s)", reason)
        visit = self._crawler.spider.visit
        return deferred_from_coro(give_back(visit))

    async def run(self) -> None:
        """Send out everything that may be asked for now, until nothing is left or the visit is told to stop."""
        visit, crawl = self._crawler.spider.visit, self._crawler.engine.crawl
        spider = self._crawler.spider
        polls = [
            asyncio.ensure_future(poll_host(visit, channels, lambda channel, done: crawl(spider.poll(channel, done))))
            for channels in _by_host(await visit.due_channels())
        ]
        renewing = asyncio.ensure_future(renew(visit))
        try:
            await lease_pages(visit, polls, lambda leased: crawl(spider.page(leased)))
        finally:
            renewing.cancel()
            for poll in polls:
                poll.cancel()
            await asyncio.gather(renewing, *polls, return_exceptions=True)


def _by_host(channels: list[Channel]) -> list[list[Channel]]:
    """Group channels by host: those of one host wait for each other anyway."""
    hosts: dict[str, list[Channel]] = {}
    for channel in channels:
        hosts.setdefault(urls.host_of(channel.url), []).append(channel)
    return list(hosts.values())


async def poll_host(visit: Any, channels: list[Channel], send: Callable[[Channel, asyncio.Future[None]], None]) -> None:
    """Poll the due channels of one host, one after another."""
    for channel in channels:
        async with visit.polling:
            if visit.stop:
                return
            claimed = await visit.archive.run(_claim, channel.id, visit.clock(), LEASE)
            if claimed is None:
                continue
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            send(claimed, done)
            await done
        visit.hand.stir()


def _claim(archive: Archive, identity: int, now: Any, lease: timedelta) -> Channel | None:
    return archive.channels.claim(identity, now, lease)


async def lease_pages(visit: Any, polls: Sequence[asyncio.Future[None]], send: Callable[[Leased], None]) -> None:
    """Lease pages whose host is free and send them, until none is left for this visit."""
    hand: Hand = visit.hand
    while not visit.stop:
        if hand.under_way >= visit.concurrency or len(hand) >= visit.concurrency + _BACKLOG:
            await hand.change(None)
            continue
        now = visit.clock()
        leased, at = await visit.archive.run(_lease, now, visit.keys, visit.turn_lease)
        if leased is not None:
            hand.take(leased.page)
            send(leased)
            continue
        if at is not None and at <= now + PATIENCE:
            # A turn that is given back early frees its host before its time.
            await hand.change(min(max((at - now).total_seconds(), 0.01), 1.0))
        elif len(hand) or not all(poll.done() for poll in polls):
            if not hand.under_way:
                visit.keeper.flush()  # nothing more comes for the batch in hand
            await hand.change(0.1 if len(hand) and not hand.under_way else 1.0)
        else:
            break
        for poll in polls:
            if poll.done() and not poll.cancelled():
                poll.result()  # a fault of ours ends the visit; those of channels are kept in the archive
    while len(hand):
        visit.keeper.flush()
        await hand.change(0.1)


def _lease(archive: Archive, now: Any, keys: list[str], turn: timedelta) -> tuple[Leased | None, Any]:
    leased = archive.pages.lease(now, LEASE, keys, turn=turn)
    return leased, None if leased is not None else archive.pages.wait(now, keys)


async def renew(visit: Any) -> None:
    """Keep the leases of what waits for its delay, its answer, its worker or its batch."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        try:
            await visit.archive.run(lambda archive: archive.pages.renew(visit.hand.pages(), visit.clock() + LEASE))
        except LeaseLost as lost:
            _log.warning("%s", lost)


async def give_back(visit: Any) -> None:
    """Put the pages in hand back into the queue."""
    pages = visit.hand.pages() + visit.hand.left
    if pages:
        with contextlib.suppress(LeaseLost):
            await visit.archive.run(lambda archive: archive.pages.give_back(pages, visit.clock()))
