"""A process that the service starts and always ends: a crawl, the web page."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field


class Overtime(Exception):
    """The process did not end within its time and was ended."""


@dataclass(slots=True)
class Child:
    """A process in a group of its own, so that it can be ended with everything that it started."""

    #: How long it may take to end in order, in seconds.
    grace: float = 10.0
    _process: asyncio.subprocess.Process | None = None
    _unwanted: bool = False
    _ending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, command: Sequence[str], limit: float) -> tuple[int, bytes]:
        """Run a command and give its exit code and output; after its time it is ended, and Overtime raised."""
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        self._process = process
        try:
            if self._unwanted:  # told to stop while it was being started
                await self._end(process)
            output, _ = await asyncio.wait_for(process.communicate(), limit)
        except TimeoutError:
            raise Overtime from None
        finally:
            await self._end(process)
            self._process = None
        return process.returncode or 0, output

    async def accompany(self, command: Sequence[str], heard: Callable[[str], None]) -> int:
        """Run a command as long as it likes, hear each line that it says, and give its exit code.

        It holds the other end of a pipe to us, so that it can end with us, however we end.
        """
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True)
        self._process = process
        try:
            if self._unwanted:  # told to stop while it was being started
                await self._end(process)
            assert process.stdout is not None
            async for line in process.stdout:
                heard(line.decode(errors="replace").rstrip())
            await process.wait()
        finally:
            await self._end(process)
            self._process = None
        return process.returncode or 0

    async def stop(self) -> None:
        """End what runs, and what may be about to."""
        self._unwanted = True
        if self._process is not None:
            await self._end(self._process)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """Ask, wait, ask again, then kill; nothing of its group is left."""
        async with self._ending:
            # Only the leader is asked: a signal to the whole group would kill its workers under it.
            for patience in (self.grace, min(self.grace, 2.0)):
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        process.terminate()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(process.wait(), patience)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
