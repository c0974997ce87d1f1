"""What reading pages from files shares: many at once in workers and still in order, and what their hosts repeat."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from crawler import extract, urls
from crawler.archive import Archive

T = TypeVar("T")
R = TypeVar("R")
#: Hosts whose blocks are held in memory.
_MOST_HOSTS = 200


def in_order(jobs: Iterable[tuple[T, Callable[[], R]]], at_once: int) -> Iterator[tuple[T, R]]:
    """Run jobs on threads and give what each is about with its result, in the order in which they came.

    ``jobs`` itself runs where the results are taken, and is never more than a few ahead of them.
    """
    waiting: deque[tuple[T, Future[R]]] = deque()
    with ThreadPoolExecutor(at_once, thread_name_prefix="reading") as threads:
        for about, job in jobs:
            waiting.append((about, threads.submit(job)))
            if len(waiting) > 2 * at_once:
                first, result = waiting.popleft()
                yield first, result.result()
        for first, result in waiting:
            yield first, result.result()


class HostBlocks:
    """What the pages of each host repeat, as the archive knows it."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._hosts: dict[str, dict[int, int]] = {}

    def of(self, url: str, own: str = "") -> Mapping[int, int]:
        """Give the blocks that several other pages of an address's host have; ``own`` is the text that it has there."""
        known = self._of(urls.host_of(url))
        mine = set(extract.block_hashes(own)) if own else set()
        return {block: number for block, all_of_them in known.items() if (number := all_of_them - (block in mine)) > 1}

    def learned(self, url: str, blocks: Iterable[int]) -> None:
        """Note the blocks of a page that was kept just now."""
        known = self._hosts.get(urls.host_of(url))
        if known is not None:
            for block in set(blocks):
                known[block] = known.get(block, 0) + 1

    def _of(self, host: str) -> dict[int, int]:
        if host not in self._hosts:
            if len(self._hosts) >= _MOST_HOSTS:
                self._hosts.clear()
            self._hosts[host] = dict(self._archive.articles.host_blocks(host))
        return self._hosts[host]
