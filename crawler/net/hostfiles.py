"""Files that are about a whole host (robots.txt, tdmrep.json): asked for once a day and kept over restarts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from crawler.archive import Archive, Robots
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock

_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a host answered when it was asked for its file."""

    #: 0: no answer.
    status: int
    body: bytes | None = None
    #: Until when it wants to be left alone, where it says that.
    until: datetime | None = None
    #: Why there was no answer, for people.
    detail: str = ""


def is_whole(status: int) -> bool:
    """Tell whether an answer holds the file: not a part of it (206), which nobody asks for."""
    return 200 <= status < 300 and status != 206


#: Asks a host for its file.
Fetch = Callable[[], Awaitable[Said]]


class Read(Protocol):
    """What a file says; good until it expires."""

    @property
    def expires(self) -> datetime:
        """When the host is asked again."""


R = TypeVar("R", bound=Read)


class HostFiles(Generic[R]):
    """Gives what the files of hosts say: from memory, from the archive, or from the host itself."""

    def __init__(
        self,
        archive: ArchiveThread,
        clock: Clock,
        *,
        load: Callable[[Archive, str], Robots | None],
        keep: Callable[[Archive, Robots], None],
        read: Callable[[Robots], R],
        record: Callable[[str, Said, datetime, Robots | None], Robots],
    ):
        self._archive = archive
        self._clock = clock
        self._load = load
        self._keep = keep
        self._read = read
        self._record = record
        self._known: OrderedDict[str, R] = OrderedDict()

    async def of(self, host: str, fetch: Fetch) -> R:
        """Give what a host's file says; ``fetch`` is called when it has to be asked for."""
        now = self._clock()
        known = self._known.get(host)
        if known is not None and known.expires > now:
            self._known.move_to_end(host)
            return known
        kept = await self._archive.run(self._load, host)
        if kept is None or kept.expires <= now:
            said = await fetch()
            kept = self._record(host, said, self._clock(), kept)
            await self._archive.run(self._keep, kept)
        self._known[host] = read = self._read(kept)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return read

    async def known(self, host: str) -> R | None:
        """Give what is kept of a host's file, however old; None when it was never asked for."""
        kept = await self._archive.run(self._load, host)
        return None if kept is None else self._read(kept)

    async def forget(self, host: str) -> None:
        """Ask a host for its file anew at the next request: it was asked by a scheme that it does not speak."""
        self._known.pop(host, None)
        kept = await self._archive.run(self._load, host)
        if kept is not None:
            await self._archive.run(self._keep, replace(kept, expires=self._clock()))
