"""How long a page is worked at: until whoever asked has left, or so long that others should have their turn.

A thread cannot be ended from outside, and few pages are read at once. So a handful of questions that take minutes would
keep everybody waiting, also after whoever asked them has closed the window or asked anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.requests import Request

#: Seconds of the processor that one page may take; most take some hundredths.
LONGEST = 10.0


class Patience:
    """Tells when it is enough; it counts from when ``begin`` is called, by the thread that works."""

    def __init__(self) -> None:
        #: Whoever asked has closed the connection.
        self.left = False
        self._until = float("inf")

    def begin(self) -> None:
        """Begin to count what this thread works."""
        self._until = time.thread_time() + LONGEST

    def is_over(self) -> bool:
        """Tell whether to stop."""
        return self.left or time.thread_time() > self._until


@asynccontextmanager
async def patience(request: Request) -> AsyncIterator[Patience]:
    """Give the patience for a request without a body, and notice meanwhile when its connection is closed."""
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
