"""Writes the raw pages of a visit on a thread of their own, many at a time; no article is ever lost or late by it."""

from __future__ import annotations

import asyncio
import logging
import threading
from queue import SimpleQueue

from crawler.errors import PresswatchError
from crawler.raw.folder import RawFolder, RawPage

_log = logging.getLogger(__name__)
#: An article waits no longer than this for its raw page, in seconds.
_PATIENCE = 15.0
#: Pages that are written and synced together.
_MOST = 64

_Waiting = tuple[RawPage, "asyncio.Future[str | None]"]


class RawThread:
    """Takes raw pages from the event loop to their folder."""

    def __init__(self, folder: RawFolder, *, patience: float = _PATIENCE):
        self.folder = folder
        self._patience = patience
        self._queue: SimpleQueue[list[_Waiting] | None] = SimpleQueue()
        self._waiting: list[_Waiting] = []
        self._busy = False
        self._stuck = False
        #: Why pages were not written -> how many.
        self.faults: dict[str, int] = {}
        # A daemon: a disk that never answers must not keep the process from ending.
        self._thread = threading.Thread(target=self._work, name="raw", daemon=True)
        self._thread.start()

    async def keep(self, page: RawPage) -> str | None:
        """Write a page and give where it lies once it is safe; None when it could not be written in time."""
        if self._stuck:
            self.failed("the disk did not answer", 1)
            return None
        done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((page, done))
        self._send()
        try:
            return await asyncio.wait_for(done, self._patience)
        except TimeoutError:
            self._stuck = True
            self.failed("the disk did not answer", 1)
            return None

    async def take_back(self, ref: str) -> None:
        """Blot a page out again; where that fails it is told."""
        try:
            await asyncio.get_running_loop().run_in_executor(None, self.folder.take_back, ref)
        except PresswatchError as error:
            self.failed(f"a page that is not to be kept is still there: {error}", 1)

    def remarks(self) -> list[str]:
        """Tell what was not written, for people."""
        return [
            f"{number} raw {'page was' if number == 1 else 'pages were'} not kept: {why} (the articles are kept)"
            if number
            else f"raw pages that are too old were not removed: {why}"
            for why, number in sorted(self.faults.items())
        ]

    def close(self) -> None:
        """Let the thread end."""
        self._queue.put(None)
        self._thread.join(self._patience)

    def _send(self) -> None:
        """Hand over what waits, unless a write is under way: it takes along what comes meanwhile."""
        if self._waiting and not self._busy:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            self._busy = True
            self._queue.put(batch)

    def _work(self) -> None:
        while (batch := self._queue.get()) is not None:
            refs: list[str] | None = None
            why = ""
            try:
                refs = self.folder.append([page for page, _ in batch])
            except PresswatchError as error:
                why = str(error)
            except Exception as error:  # noqa: BLE001  # a fault of ours must not end the thread: it is told
                why = f"{type(error).__name__}: {error}"
            try:
                batch[0][1].get_loop().call_soon_threadsafe(self._written, batch, refs, why)
            except RuntimeError:  # the loop has ended
                _log.warning("raw pages were written after the visit had ended")

    def _written(self, batch: list[_Waiting], refs: list[str] | None, why: str) -> None:
        self._busy = self._stuck = False
        if refs is None:
            self.failed(why, len(batch))
        for number, (_, done) in enumerate(batch):
            if not done.done():
                done.set_result(None if refs is None else refs[number])
        self._send()

    def failed(self, why: str, number: int) -> None:
        """Note that so many pages were not written."""
        if why not in self.faults:
            _log.warning("raw pages are not kept: %s", why)
        self.faults[why] = self.faults.get(why, 0) + number
