"""The host gate: before each request, wait until the host may be asked, as the archive says.

The archive counts hosts for all processes and machines; here is only the waiting.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, TypeVar

from crawler.archive import Archive, Turn, Wait
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.errors import FetchRefused, LeaseLost, PresswatchError

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Stopped(PresswatchError):
    """The visit is ending: what was begun is given back, not failed."""


class Stop:
    """Tells everything that waits that the visit is ending."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        #: "signal" or "limit" once it was asked for; "" before.
        self.why = ""

    def __bool__(self) -> bool:
        return self._event.is_set()

    def ask(self, why: str) -> None:
        """End the visit soon."""
        self.why = self.why or why
        self._event.set()

    async def sleep(self, seconds: float) -> None:
        """Wait, or raise Stopped as soon as the visit ends."""
        if seconds <= 0 and not self:
            return
        try:
            await asyncio.wait_for(self._event.wait(), max(seconds, 0))
        except TimeoutError:
            return
        raise Stopped(self.why)

    async def bound(self, work: Coroutine[Any, Any, T], grace: float) -> T:
        """Await some work; when the visit ends give it ``grace`` seconds more, then cut it off with Stopped."""
        task = asyncio.ensure_future(work)
        ending = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({task, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait({task}, timeout=grace)
            if task.done():
                return task.result()
            task.cancel()
            await asyncio.wait({task})
            raise Stopped(self.why)
        finally:
            ending.cancel()
            task.cancel()


class Gate:
    """Lets one request at a time through to a host, with the host's delay between them."""

    def __init__(self, archive: ArchiveThread, clock: Clock, stop: Stop, *, timeout: float, patience: float):
        self._archive = archive
        self.clock = clock
        self.stop = stop
        #: How long one request may take; a turn with less left is taken anew.
        self.timeout = timeout
        #: A host that is not free within this many seconds is left for a later visit.
        self.patience = patience
        #: How long a host waits for a crawl that died.
        self.lease = timedelta(seconds=2 * timeout + 10)

    async def take(self, host: str) -> Turn | Wait:
        """Try to get the host's turn now."""

        def act(archive: Archive) -> Turn | Wait:
            return archive.hosts.take(host, self.clock(), self.lease)

        return await self._archive.run(act)

    async def wait_for(self, host: str) -> Turn:
        """Get the host's turn, waiting for it; refuse when that would take too long."""
        give_up = self.clock() + timedelta(seconds=self.patience)
        while isinstance(answer := await self.take(host), Wait):
            if answer.until > give_up:
                raise HostBusy(host, answer.until)
            # At least a little, so that a clock that stands does not spin.
            await self.stop.sleep(max(0.02, (answer.until - self.clock()).total_seconds()))
        return answer

    async def leave(self, turn: Turn, delay: float) -> None:
        """Give the turn back; the host is free again after ``delay`` seconds."""
        try:
            await self._archive.run(lambda archive: archive.hosts.done(turn, self.clock(), delay))
        except LeaseLost:
            _log.debug("the turn of %s had run out before it was given back", turn.host)

    async def hold(self, host: str, until: datetime, why: str) -> None:
        """Keep everybody from asking a host before ``until``."""
        await self._archive.run(lambda archive: archive.hosts.hold(host, until, why))

    async def hold_address(self, url: str, until: datetime) -> None:
        """Keep everybody from asking one address before ``until``, also those whom a redirect leads there."""
        await self._archive.run(lambda archive: archive.hosts.hold_address(url, until, self.clock()))

    async def check_address(self, url: str) -> None:
        """Refuse an address that asked for a pause."""
        until = await self._archive.run(lambda archive: archive.hosts.address_held(url, self.clock()))
        if until is not None:
            raise HostBusy(url, until)

    def passage(self, delay: float, turn: Turn | None = None) -> Passage:
        """Begin a series of requests that take turns at hosts; ``turn`` is one that is held already."""
        return Passage(self, delay, turn)


class HostBusy(FetchRefused):
    """A host or address is held, or asked by others, for longer than a visit waits: it was not asked."""

    def __init__(self, what: str, until: datetime):
        told = f"{what} is not to be asked before {until:%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(what, "too many requests", told, until)

    @property
    def what(self) -> str:
        """The host, or the address where it is held alone."""
        return str(self.args[0])

    def __str__(self) -> str:
        return self.detail

    def __reduce__(self) -> tuple[type[HostBusy], tuple[str, datetime | None]]:
        return HostBusy, (self.what, self.until)


class Passage:
    """The right to ask hosts one after another, for one page or channel with its robots.txt and redirects.

    At most one turn is held; it is kept between two requests to the same host, with the delay slept in between, and
    given back at the end.
    """

    def __init__(self, gate: Gate, delay: float, turn: Turn | None):
        self._gate = gate
        self._turn = turn
        #: When the last request to the host of the turn ended, on the monotonic clock; None before the first.
        self._asked: float | None = None
        self._least = delay
        #: Seconds between requests to the host of the turn.
        self.delay = delay
        #: Hosts that asked for a pause meanwhile: whoever holds their turn asks them no more either.
        self._held: dict[str, datetime] = {}

    async def __aenter__(self) -> Passage:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Also when the task is cancelled: a turn that is not given back keeps the host closed until its lease ends.
        await asyncio.shield(self.leave())

    async def leave(self) -> None:
        """Give back the turn that is held, if any."""
        turn, self._turn = self._turn, None
        if turn is not None:
            await self._gate.leave(turn, self.delay if self._asked is not None else 0.0)
        self._asked, self.delay = None, self._least

    def slow_down(self, delay: float) -> None:
        """Keep the Crawl-delay of the host of the turn, where it is longer than ours."""
        self.delay = max(self._least, delay)

    async def hold(self, host: str, until: datetime, why: str) -> None:
        """Leave a host alone that asks for a pause, before its turn is given back and somebody else gets it."""
        self._held[host] = until
        await self._gate.hold(host, until, why)

    async def enter(self, host: str) -> None:
        """Come to where this host may be asked now."""
        if host in self._held:
            raise HostBusy(host, self._held[host])
        if self._turn is not None and self._turn.host == host:
            if self._asked is not None:
                if self.delay > self._gate.patience:
                    raise HostBusy(host, self._gate.clock() + timedelta(seconds=self.delay))
                await self._gate.stop.sleep(self._asked + self.delay - time.monotonic())
            left = (self._turn.until - self._gate.clock()).total_seconds()
            if left > self._gate.timeout + 5:
                return
        await self.leave()
        self._turn = await self._gate.wait_for(host)

    def rest(self) -> None:
        """Let the delay of the host of the turn begin now."""
        self._asked = time.monotonic()

    async def ask(self, host: str, request: Callable[[], Awaitable[T]]) -> T:
        """Enter, make one request, and note when it ended."""
        await self.enter(host)
        try:
            return await request()
        finally:
            self._asked = time.monotonic()
