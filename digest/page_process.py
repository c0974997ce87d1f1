"""The web page beside the service, in a process of its own: no fault there ever stops a crawl or a digest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from digest.child import Child
from digest.journal import line

#: Seconds until a page that ended by itself is served again; each time twice as long, until it has lasted a while.
_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_LASTED = 60.0


@dataclass(slots=True)
class PageProcess:
    """Serves the page, and serves it again when it ends."""

    command: Sequence[str]
    #: Told when the page is there.
    say: Callable[[str], None]
    #: Told when it is not.
    complain: Callable[[str], None]
    pause: float = _PAUSE
    #: The settings by which it is served; "" when it is not.
    _settings: str = ""
    _child: Child = field(default_factory=Child)
    #: Set when the page is no longer wanted as it is.
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    def serve_as(self, settings: str) -> None:
        """Serve the page, by other settings perhaps than until now, or no longer ("")."""
        if settings == self._settings:
            return
        self._settings = settings
        self._over.set()
        before, self._child, self._over = (self._task, self._child), Child(), asyncio.Event()
        wanted = (self._child, self._over) if settings else None
        self._task = asyncio.get_running_loop().create_task(self._after(*before, wanted))

    async def stop(self) -> None:
        """Serve the page no longer, and wait until it has ended."""
        self.serve_as("")
        if self._task is not None:
            await self._task

    async def _after(
        self, task: asyncio.Task[None] | None, old: Child, wanted: tuple[Child, asyncio.Event] | None
    ) -> None:
        """End the process that is there, and then keep another one."""
        await old.stop()
        if task is not None:
            await task
        if wanted is not None:
            await self._keep(*wanted)

    async def _keep(self, child: Child, over: asyncio.Event) -> None:
        pause, loop = self.pause, asyncio.get_running_loop()
        while not over.is_set():
            begun = loop.time()
            why = await self._serve(child)
            if over.is_set():
                return
            pause = self.pause if loop.time() - begun > _LASTED else pause
            self.complain(line(f"the web page {why}; it is served again in {pause:.0f} s", "web", "warning"))
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _serve(self, child: Child) -> str:
        """Serve the page once; say how it ended."""
        try:
            code = await child.accompany(self.command, lambda text: self.say(line(f"web page: {text}", "web")))
        except OSError as error:
            return f"cannot be started: {error.strerror or error}"
        return f"ended with code {code}; what it said stands in the log"
