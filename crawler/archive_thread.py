"""The one thread on which a visit asks the archive, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from crawler.archive import Archive, open_archive

T = TypeVar("T")


class ArchiveThread:
    """Owns an open Archive and a thread; every act on the archive runs there, one after another.

    An act is one short transaction. Acts keep their order, so what was written before is seen by what comes after.
    """

    def __init__(self, url: str):
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
        try:
            self._archive: Archive = self._executor.submit(open_archive, url).result()
        except BaseException:
            self._executor.shutdown()
            raise

    async def run(self, act: Callable[..., T], *args: Any) -> T:
        """Call ``act(archive, *args)`` on the archive's thread and wait for what it gives."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, act, self._archive, *args)

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
