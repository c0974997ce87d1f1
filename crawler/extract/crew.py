"""One pool of pebble's processes, and whether what was asked of it will ever be answered.

A worker that is killed from outside may take with it a call that it had taken and not told of, or the lock that all
workers share; a pool that broke down leaves behind what it had not handed out. Such futures never end by themselves, so
whoever waits for one looks every second whether it is lost. A lost call is made again: nothing of it was kept.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any

from pebble import ProcessPool

#: Seconds between two looks.
_LOOK = 1.0
#: So much longer than any call may take, a pool that answers nothing is given.
_SPARE = 20.0


class Crew:
    """A pool that is replaced as a whole when it is lost."""

    def __init__(self, pool: ProcessPool, wall_seconds: float) -> None:
        self._pool = pool
        self._wall_seconds = wall_seconds
        self._lock = threading.Lock()
        self._begun = self._open = 0
        #: The latest call that was answered, and when that was; calls are taken in their order.
        self._answered, self._moved = 0, time.monotonic()
        self._stuck = False
        self._ending: threading.Thread | None = None

    @property
    def active(self) -> bool:
        """Tell whether it takes calls, and answers any."""
        with self._lock:
            # For good: whoever gives up waiting must not make it look alive again.
            self._stuck |= self._open > 0 and time.monotonic() - self._moved > self._wall_seconds + _SPARE
            stuck = self._stuck
        return not stuck and bool(self._pool.active)

    def schedule(self, function: Callable[..., bytes], args: tuple[Any, ...]) -> Call:
        """Hand out a call."""
        future = self._pool.schedule(function, args=args, timeout=self._wall_seconds)
        with self._lock:
            self._begun += 1
            self._open += 1
            number = self._begun
            if self._open == 1:
                self._moved = time.monotonic()
        future.add_done_callback(lambda done: self._settled(number, done))
        return Call(self, number, future)

    def lost(self, number: int, *, begun: bool) -> bool:
        """Tell whether a call will never be answered: it was passed over, or nothing is answered any more."""
        with self._lock:
            passed_over = not begun and self._answered > number
        return passed_over or not self.active

    def end(self) -> None:
        """End all its processes, beside whatever goes on here."""
        with self._lock:
            if self._ending is not None:
                return
            self._ending = threading.Thread(target=self._end, name="workers end", daemon=True)
        self._ending.start()

    def end_now(self) -> None:
        """End all its processes and wait for that."""
        self.end()
        assert self._ending is not None, "begun just now or before"
        self._ending.join(_SPARE)

    def _end(self) -> None:
        with suppress(RuntimeError, OSError, BrokenProcessPool):
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()

    def _settled(self, number: int, future: futures.Future[Any]) -> None:
        with self._lock:
            self._open -= 1
            if not future.cancelled():
                self._moved = time.monotonic()
                self._answered = max(self._answered, number)


class Call:
    """One call that a crew was asked for."""

    def __init__(self, crew: Crew, number: int, future: futures.Future[bytes]) -> None:
        self._crew, self._number, self._future = crew, number, future

    async def result(self) -> bytes:
        """Wait for what it gives; raise BrokenProcessPool when it is lost."""
        awaited = asyncio.wrap_future(self._future)
        try:
            while not (await asyncio.wait({awaited}, timeout=_LOOK))[0]:
                self._look()
            return await awaited
        finally:
            awaited.cancel()

    def result_now(self) -> bytes:
        """Do as ``result`` does where no event loop runs."""
        while not futures.wait([self._future], timeout=_LOOK).done:
            self._look()
        return self._future.result()

    def _look(self) -> None:
        if self._crew.lost(self._number, begun=self._future.running()) and not self._future.done():
            self._future.cancel()
            raise BrokenProcessPool("its worker was killed")
