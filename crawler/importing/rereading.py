"""What reading pages from files shares: many at once in workers and still in order, and what their hosts repeat."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


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
