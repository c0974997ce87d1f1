"""Which jobs a worker takes: of those that take hours only so many at once that others still find a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from crawler.enqueueing import EXTRACT, WARC

#: Years of old news: each job of these may take hours.
_LONG = (WARC, EXTRACT)


def most_long(queues: Iterable[str], at_once: int) -> int:
    """Tell how many of the jobs that are done at once may take hours: half of them, and all where there are no others.

    Whoever does one at a time does that, whichever it is.
    """
    return max(at_once // 2, 1) if set(queues) - set(_LONG) else at_once


class Places(JobManager):
    """Takes jobs for one worker."""

    def __init__(self, connector: BaseConnector, most: int):
        super().__init__(connector)
        self._most = most
        #: The long jobs under way, by their numbers.
        self._long: set[int | None] = set()

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take the next job; none of hours while there are enough of them."""
        full = len(self._long) >= self._most
        job = await super().fetch_job([name for name in queues or () if not (full and name in _LONG)], worker_id)
        if job is not None and job.queue in _LONG:
            self._long.add(job.id)
        return job

    async def finish_job(self, job: Job, *args: Any, **more: Any) -> None:
        """Note that a job has ended."""
        self._long.discard(job.id)
        await super().finish_job(job, *args, **more)

    async def retry_job(self, job: Job, *args: Any, **more: Any) -> None:
        """Note that a job is to be done again."""
        self._long.discard(job.id)
        await super().retry_job(job, *args, **more)
