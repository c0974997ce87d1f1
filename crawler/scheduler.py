"""What is asked for next: channels that are due, and pages leased from the archive, one at a time for a free host."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from crawler import urls
from crawler.archive import Archive, Leased, Turn
from crawler.errors import ArchiveError, LeaseLost
from crawler.rechecks import LATE
from crawler.records import Channel, Page

_log = logging.getLogger(__name__)
#: How long a page or channel is ours without a sign of life.
LEASE = timedelta(seconds=90)
#: A visit waits this long for the next page that may be asked for; what is due later is left to a later visit.
PATIENCE = timedelta(seconds=120)
#: One page in so many may be a late second look while new pages wait.
_NEW_FIRST = 10
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
        polls = Polls(visit, await visit.due_channels(), lambda claimed, done: crawl(spider.poll(claimed, done)))
        # A backfill begins when all is polled: what a channel serves today is news, not old news.
        work = Then(polls, visit.fill_back) if visit.backfill else polls
        renewing = asyncio.ensure_future(renew(visit))
        try:
            await lease_pages(visit, work, lambda leased: crawl(spider.page(leased)))
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, work.close(), return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A channel to poll, with the turn at its host where that was free."""

    channel: Channel
    turn: Turn | None


class Polls:
    """The polls of a visit: hosts come one after another, and channels of one host wait for each other."""

    def __init__(self, visit: Any, due: Iterable[Channel], send: Callable[[Claimed, asyncio.Future[bool]], None]):
        self._visit, self._send = visit, send
        #: The channels of each host, with the tokens that they had when they were due.
        hosts: dict[str, deque[tuple[int, int]]] = {}
        for channel in due:
            hosts.setdefault(urls.host_of(channel.url), deque()).append((channel.id, channel.token))
        self._waiting = deque(hosts.values())
        # Not a task for each host: ten thousand of them would be most of the memory of a visit.
        self._tasks = [asyncio.ensure_future(self._work()) for _ in range(min(visit.concurrency, len(hosts)))]

    def done(self) -> bool:
        """Tell whether everything was polled; raise what went wrong with us (faults of channels are kept)."""
        ended = [task for task in self._tasks if task.done()]
        for task in ended:
            task.result()
        return len(ended) == len(self._tasks)

    async def close(self) -> None:
        """Begin nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self) -> None:
        while self._waiting and not self._visit.stop:
            channels = self._waiting.popleft()
            if await self._poll(*channels.popleft()):
                self._visit.hand.stir()
            if channels:
                self._waiting.append(channels)
        self._visit.hand.stir()

    async def _poll(self, channel: int, seen: int) -> bool:
        """Poll one channel, unless somebody else does or has done; tell whether it served pages to fetch."""
        visit = self._visit
        claimed = await visit.archive.run(_claim, channel, seen, visit.clock(), visit.turn_lease)
        if claimed is None:
            return False
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._send(claimed, done)
        return await done


class Then:
    """Something that is done once the polls are, while their pages are fetched already."""

    def __init__(self, polls: Polls, work: Callable[[], Coroutine[Any, Any, None]]):
        self._polls, self._work = polls, work
        self._task: asyncio.Task[None] | None = None

    def done(self) -> bool:
        """Tell whether the polls and the work are done; raise what went wrong with us."""
        if self._task is None and self._polls.done():
            self._task = asyncio.ensure_future(self._work())
        if self._task is None or not self._task.done():
            return False
        self._task.result()
        return True

    async def close(self) -> None:
        """Begin nothing more."""
        await self._polls.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


def _claim(archive: Archive, identity: int, seen: int, now: Any, turn_lease: timedelta) -> Claimed | None:
    with archive.writing():
        channel = archive.channels.claim(identity, now, LEASE, seen=seen)
        if channel is None:
            return None
        if archive.hosts.address_held(channel.url, now) is not None:
            return Claimed(channel, None)  # by another source's channel; it is told that when it asks
        turn = archive.hosts.take(urls.host_of(channel.url), now, turn_lease)
    return Claimed(channel, turn if isinstance(turn, Turn) else None)


async def lease_pages(visit: Any, polls: Polls | Then, send: Callable[[Leased], None]) -> None:
    """Lease pages whose host is free and send them, until none is left for this visit."""
    hand: Hand = visit.hand
    count = 0
    while not visit.stop:
        if hand.under_way >= visit.concurrency or len(hand) >= visit.concurrency + _BACKLOG:
            await hand.change(None)
            continue
        now = visit.clock()
        count += 1
        leased, at = await visit.archive.run(_lease, now, visit, count % _NEW_FIRST == 0)
        if leased is not None:
            await visit.meet(leased.page.source)
            hand.take(leased.page)
            send(leased)
            continue
        if at is not None and at <= now + PATIENCE:
            # A turn that is given back early frees its host before its time.
            await hand.change(min(max((at - now).total_seconds(), 0.01), 1.0))
        elif len(hand) or not polls.done():
            if not hand.under_way:
                visit.keeper.flush()  # nothing more comes for the batch in hand
            await hand.change(0.1 if len(hand) and not hand.under_way else 1.0)
        else:
            break
        polls.done()  # a fault of ours ends the visit
    while len(hand):
        visit.keeper.flush()
        await hand.change(0.1)


def _lease(archive: Archive, now: Any, visit: Any, late_first: bool) -> tuple[Leased | None, Any]:
    """Lease the next page: new ones before second looks, but those that are late wait only for most of them."""
    keys, turn, again = visit.keys, visit.turn_lease, visit.looked_again
    leased = archive.rechecks.lease(now, LEASE, again, turn=turn, due=now - LATE) if late_first else None
    leased = leased or archive.pages.lease(now, LEASE, keys, turn=turn)
    leased = leased or archive.rechecks.lease(now, LEASE, again, turn=turn)
    if leased is not None:
        return leased, None
    times = (archive.pages.wait(now, keys), archive.rechecks.wait(now, again))
    return None, min(filter(None, times), default=None)


async def renew(visit: Any) -> None:
    """Keep the leases of what waits for its delay, its answer, its worker or its batch."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        try:
            await visit.archive.run(lambda archive: archive.pages.renew(visit.hand.pages(), visit.clock() + LEASE))
        except LeaseLost as lost:
            _log.debug("%s", lost)  # mostly written the moment before; what really was lost is refused when written


async def give_back(visit: Any) -> None:
    """Put the pages in hand back into the queue."""
    pages = visit.hand.pages() + visit.hand.left
    if pages:
        with contextlib.suppress(ArchiveError):  # where nothing can be written, the leases run out
            await visit.archive.run(lambda archive: archive.pages.give_back(pages, visit.clock()))
