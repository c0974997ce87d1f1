"""What hosts repeat on every page, as a visit needs it: asked of the archive once a host, then kept up to date here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crawler.archive_thread import ArchiveThread

#: Blocks that are remembered over all hosts; beyond it, hosts that were not met for long are asked for anew.
_MOST = 20_000


@dataclass(slots=True)
class _Host:
    #: Blocks of one article, and those of several with their number: only these are of use, the others wait to be.
    once: set[int] = field(default_factory=set)
    often: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.once) + len(self.often)


class Furniture:
    """Blocks of text by host, with the number of articles that hold them."""

    def __init__(self, archive: ArchiveThread):
        self._archive = archive
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._size = 0

    async def of(self, host: str) -> Mapping[int, int]:
        """Give the blocks that several articles of a host hold."""
        if host not in self._hosts:
            counts = await self._archive.run(lambda archive: archive.articles.host_blocks(host))
            known = _Host()
            for block, number in counts.items():
                self._count(known, block, number)
            self._forget(host)  # asked for twice at once: the later answer knows more
            self._hosts[host] = known
            self._size += len(known)
        self._hosts.move_to_end(host)
        while self._size > _MOST and len(self._hosts) > 1:
            self._forget(next(iter(self._hosts)))
        return dict(self._hosts[host].often)

    def learned(self, host: str, blocks: Iterable[int]) -> None:
        """Count the blocks of an article that was kept."""
        known = self._hosts.get(host)
        if known is not None:
            before = len(known)
            for block in blocks:
                self._count(known, block, 1)
            self._size += len(known) - before

    def _forget(self, host: str) -> None:
        known = self._hosts.pop(host, None)
        if known is not None:
            self._size -= len(known)

    @staticmethod
    def _count(known: _Host, block: int, number: int) -> None:
        if block in known.often:
            known.often[block] += number
        elif block in known.once:
            known.once.discard(block)
            known.often[block] = 1 + number
        elif number > 1:
            known.often[block] = number
        else:
            known.once.add(block)
