"""How long a page is worked at: until whoever asked has left, or so long that others should have their turn.

A thread cannot be ended from outside, and few pages are read at once. So a handful of questions that take minutes would
keep everybody waiting, also after whoever asked them has closed the window or asked anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from starlette.requests import Request

from crawler.archive import Archive

#: Seconds of the processor that one page may take; most take some hundredths.
LONGEST = 10.0
#: Seconds after which the clock of the processor is looked at again, which is dear to look at.
_GLANCE = 0.05
#: So long it may then take to say what took too long, and to show what was typed.
_LAST_WORDS = 2.0


class Patience:
    """Tells when it is enough; it counts from when ``begin`` is called, by the thread that works."""

    def __init__(self) -> None:
        #: Whoever asked has closed the connection.
        self.left = False
        self._until = float("inf")
        self._look = 0.0

    def begin(self) -> None:
        """Begin to count what this thread works."""
        self._until = time.thread_time() + LONGEST

    def is_over(self) -> bool:
        """Tell whether to stop what is done just now."""
        now = time.monotonic()
        if self.left or now < self._look:
            return self.left
        self._look = now + _GLANCE
        worked = time.thread_time()
        over = worked > self._until
        if over:
            self._until = worked + _LAST_WORDS
        return over


@contextmanager
def bounded(archive: Archive) -> Iterator[None]:
    """Ask in a page that writes, before it has written or after, only for as long as a page that reads may.

    What such a page writes is never ended, and neither is what it asks beside: that stands outside of this.
    """
    enough = Patience()
    enough.begin()
    archive.stop_when(enough.is_over)
    try:
        yield
    finally:
        archive.stop_when(None)


@asynccontextmanager
async def patience(request: Request) -> AsyncIterator[Patience]:
    """Give the patience for a request whose body was read, and notice meanwhile when its connection is closed."""
    found = Patience()

    async def listen() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        found.left = True

    listening = asyncio.ensure_future(listen())
    try:
        yield found
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
