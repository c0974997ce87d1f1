"""The one thread on which a visit asks the archive, off the event loop."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from crawler.archive import PAUSES, Archive, open_archive, when_there_is_room
from crawler.errors import ArchiveBusy, ArchiveFull

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: So many seconds an archive that another process holds is waited for; a full disk is waited for without end.
_LONGEST_HELD = 600.0


class ArchiveThread:
    """Owns an open Archive and a thread; every act on the archive runs there, one after another.

    An act is one short transaction. Acts keep their order, so what was written before is seen by what comes after.
    While the disk is full, or another process holds the archive, they wait: nothing of an act was written then, so it
    is done again when there is room, or the other has ended.
    """

    def __init__(
        self,
        url: str,
        *,
        patience: float | None = None,
        longest: float = _LONGEST_HELD,
        wait: Callable[[float], None] | None = None,
    ):
        """Open an archive; ``wait`` waits so many seconds for room where no event loop runs (None: nobody waits)."""
        self._longest, self._wait = longest, wait
        self._room = asyncio.Event()
        self._room.set()
        #: Waits for so many seconds, or raises when nobody wants to wait any longer.
        self.pause: Callable[[float], Awaitable[None]]
        #: Done before anything else when there is room again: keeps what would have run out meanwhile.
        self.refresh: Callable[[Archive], None]
        self.forget()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
        try:
            self._archive: Archive = self._at_last(lambda: _opened(url, patience))
        except BaseException:
            self._executor.shutdown()
            raise

    def forget(self) -> None:
        """Wait again as it did at first, for whoever uses it next."""
        self.pause, self.refresh = asyncio.sleep, _nothing

    async def run(self, act: Callable[..., T], *args: Any) -> T:
        """Call ``act(archive, *args)`` on the archive's thread and wait for what it gives."""
        while True:
            await self._room.wait()
            try:
                return await self._do(act, *args)
            except (ArchiveFull, ArchiveBusy) as error:
                if not self._room.is_set():
                    continue  # another act looks already whether it can be written to again
                self._room.clear()
                try:
                    return await self._again(error, act, *args)
                finally:
                    self._room.set()

    async def _do(self, act: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, act, self._archive, *args)

    async def _again(self, error: ArchiveFull | ArchiveBusy, act: Callable[..., T], *args: Any) -> T:
        """Try an act until the disk has room for it and nobody else holds the archive."""
        if isinstance(error, ArchiveBusy) and not self._longest:
            raise error
        _log.warning("%s; %s", error, _waiting(error))
        held_until = time.monotonic() + self._longest
        for seconds in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
            if isinstance(error, ArchiveBusy) and time.monotonic() >= held_until:
                break
            try:
                await self.pause(seconds)
            except Exception as ended:
                raise error from ended
            try:
                if isinstance(error, ArchiveFull):
                    # The log beside the archive may be most of what fills the disk.
                    await self._do(Archive.shrink_log)
                await self._do(self.refresh)
                result = await self._do(act, *args)
            except (ArchiveFull, ArchiveBusy) as still:
                error = still
            else:
                _log.warning("%s: %s; going on", self._archive.path, _over(error))
                return result
        raise error

    def call(self, act: Callable[..., T], *args: Any) -> T:
        """Do the same where no event loop runs, also waiting for another process that holds the archive."""
        held_until = time.monotonic() + self._longest
        while True:
            try:
                return self._at_last(lambda: act(self._archive, *args))
            except ArchiveBusy as error:  # a try takes as long as SQLite is patient
                if time.monotonic() >= held_until:
                    raise
                _log.warning("%s; %s", error, _waiting(error))

    def _at_last(self, act: Callable[[], T]) -> T:
        """Do something on the thread, as soon as there is room for it."""

        def done() -> T:
            return self._executor.submit(act).result()

        return done() if self._wait is None else when_there_is_room(done, self._wait)

    def close(self) -> None:
        """Finish what was asked, then close the archive."""
        self._executor.submit(self._archive.close).result()
        self._executor.shutdown()

    def __enter__(self) -> ArchiveThread:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(url: str, patience: float | None) -> Archive:
    return open_archive(url) if patience is None else open_archive(url, patience=patience)


def _waiting(error: ArchiveFull | ArchiveBusy) -> str:
    return "waiting for it" if isinstance(error, ArchiveBusy) else "waiting for room"


def _over(error: ArchiveFull | ArchiveBusy) -> str:
    return "it can be written to again" if isinstance(error, ArchiveBusy) else "there is room again"


def _nothing(_archive: Archive) -> None:
    """Do nothing."""
