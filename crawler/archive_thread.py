"""The one thread on which a visit asks the archive, off the event loop."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from crawler.archive import Archive, open_archive
from crawler.errors import ArchiveFull

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: Seconds between looks whether a full disk has room again; the last one is repeated.
_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)


class ArchiveThread:
    """Owns an open Archive and a thread; every act on the archive runs there, one after another.

    An act is one short transaction. Acts keep their order, so what was written before is seen by what comes after.
    While the disk is full they wait: nothing of an act was written then, so it is done again when there is room.
    """

    def __init__(self, url: str):
        self._room = asyncio.Event()
        self._room.set()
        #: Waits for so many seconds, or raises when nobody wants to wait any longer.
        self.pause: Callable[[float], Awaitable[None]] = asyncio.sleep
        #: Done before anything else when there is room again: keeps what would have run out meanwhile.
        self.refresh: Callable[[Archive], None] = _nothing
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
        try:
            self._archive: Archive = self._executor.submit(open_archive, url).result()
        except BaseException:
            self._executor.shutdown()
            raise

    async def run(self, act: Callable[..., T], *args: Any) -> T:
        """Call ``act(archive, *args)`` on the archive's thread and wait for what it gives."""
        while True:
            await self._room.wait()
            try:
                return await self._do(act, *args)
            except ArchiveFull as error:
                if not self._room.is_set():
                    continue  # another act looks already whether there is room again
                self._room.clear()
                try:
                    return await self._again(error, act, *args)
                finally:
                    self._room.set()

    async def _do(self, act: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, act, self._archive, *args)

    async def _again(self, error: ArchiveFull, act: Callable[..., T], *args: Any) -> T:
        """Try an act until the disk has room for it."""
        _log.warning("%s; waiting for room", error)
        for seconds in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
            try:
                await self.pause(seconds)
            except Exception as ended:
                raise error from ended
            try:
                # The log beside the archive may be most of what fills the disk.
                await self._do(Archive.shrink_log)
                await self._do(self.refresh)
                result = await self._do(act, *args)
            except ArchiveFull as still:
                error = still
            else:
                _log.warning("%s: there is room again; going on", self._archive.path)
                return result
        raise error  # never: the last pause is repeated for ever

    def call(self, act: Callable[..., T], *args: Any) -> T:
        """Do the same where no event loop runs."""
        return self._executor.submit(act, self._archive, *args).result()

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


def _nothing(_archive: Archive) -> None:
    """Do nothing."""
