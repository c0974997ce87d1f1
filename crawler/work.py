"""Work that is shared by many processes, on one machine or many: the worker that does what others wrote down.

Everything goes through the PostgreSQL that keeps the archive. ``enqueueing`` writes down what is due; each worker takes
jobs from there. A visit does just what ``visit`` does, for one source at a time and several beside each other; other
jobs (``acts``) are done on threads. What keeps two of them apart is in the archive, whoever does them: leases of pages,
channels and runs, and the turns at each host. A worker that dies holds nothing for longer than its leases; its jobs are
given to others.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import scrapy.core.downloader.handlers.http11  # noqa: F401  (see visit.py)
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.worker import Worker as QueueWorker
from scrapy.crawler import AsyncCrawlerProcess

from crawler.acts import ACTS, Act, Hand, Stopping
from crawler.archive import Archive, open_archive
from crawler.archive.away import PAUSE, Absence
from crawler.archive.postgres import connections
from crawler.archive.postgres.store import explain
from crawler.archive.times import SILENT
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.config import Config, Remembered
from crawler.counts import VisitReport
from crawler.enqueueing import CRAWL, take_back
from crawler.errors import ArchiveAway, ArchiveBusy, ArchiveFull, PresswatchError, UsageError
from crawler.extract.workers import Workers
from crawler.places import Places, most_long
from crawler.settings import quiet_process
from crawler.spiders.base import VisitSpider
from crawler.visit import Visit, raw_begun

_log = logging.getLogger(__name__)
#: How often an act is tried that fails, and the minutes until it is tried again.
_TRIES, _REST = 3, 1
#: What passes by itself, and is no fault of an act's; nor is that its worker is stopped.
_PASSING = (ArchiveAway, ArchiveBusy, ArchiveFull)
_NO_FAULT = (Stopping, *_PASSING)
#: So much is remembered of why a job failed.
_LONGEST = 500
_TAKEN_FOR_DEAD = "worker: was not heard of for so long that it was taken for dead; begins anew"


class Worker:
    """Takes jobs until it is told to stop; it runs Scrapy in this process, which can be done once per process."""

    def __init__(
        self,
        archive_url: str,
        config: Callable[[], Config],
        *,
        acts: Mapping[str, Act] = ACTS,
        queues: Collection[str] = (),
        at_once: int = 4,
        silent: timedelta = SILENT,
        say: Callable[[str], None] = _log.info,
    ) -> None:
        """Make a worker of an archive on PostgreSQL; ``config`` reads the configuration, which may have changed.

        ``acts`` gives what is done with the jobs of each queue besides visits; of ``queues`` it takes jobs, of all
        without any. ``at_once`` is how many jobs it does beside each other, of imports and the like at most half where
        it takes others, too; who is ``silent`` for so long is taken for dead.
        """
        known = (CRAWL, *acts)
        if unknown := sorted(set(queues) - set(known)):
            raise UsageError(f"there is no queue {', '.join(unknown)}; there are {', '.join(known)}")
        self._url, self._read, self._say = archive_url, Remembered(config), say
        #: What could be read last of the configuration, and what was wrong with it afterwards.
        self._known: Config
        self._wrong = ""
        self._acts, self.queues, self._at_once = acts, list(queues or known), at_once
        self._silent = silent
        self._absence = Absence(lambda text: say(f"worker: {text}"))
        self._visits: set[Visit] = set()
        self._idle: list[ArchiveThread] = []
        self._stopping = threading.Event()
        self._fault: BaseException | None = None
        #: Set when it is told to stop.
        self._over = asyncio.Event()
        self._working: asyncio.Future[None] | None = None
        self._process: AsyncCrawlerProcess
        self._extraction: Workers

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is under way then is ended in order and found by another worker.

        A server that is away is waited for. ArchiveError when it turns us away, or the archive cannot be used.
        """
        self._known = config = self._read()
        crawl = config.press.crawl
        self._extraction = Workers(crawl.workers, crawl.page_cpu, crawl.page_memory)
        self._process = quiet_process(config)
        try:
            asyncio.get_event_loop().create_task(self._work())
            self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            self._extraction.stop()
            for thread in self._idle:
                thread.close()
        if self._fault is not None:
            raise self._fault

    async def _work(self) -> None:
        # It writes whole tracebacks of what is told here in a line.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_told)
        # A thread for each job, and one for what each asks beside it.
        loop.set_default_executor(ThreadPoolExecutor(2 * self._at_once + 2, "worker"))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        try:
            while not self._over.is_set():
                try:
                    await asyncio.to_thread(self._prepare)
                    self._absence.is_over()
                    await self._take_jobs()
                except (*_PASSING, ConnectorException, psycopg.Error) as error:
                    await self._wait_after(error)
        except BaseException as error:  # noqa: BLE001  (told by ``run``)
            self._fault = error
        finally:
            from twisted.internet import reactor  # that which Scrapy has installed

            reactor.stop()  # type: ignore[misc]  # its types are of an interface

    def _prepare(self) -> None:
        """Make ready what jobs are taken from."""
        with open_archive(self._url) as archive:
            archive.jobs.prepare()

    async def _take_jobs(self) -> None:
        connector = PsycopgConnector(
            conninfo=self._url, kwargs=connections.settings(self._url), configure=self._watched,
            min_size=1, max_size=self._at_once + 4,
        )  # fmt: skip
        app = App(connector=connector)
        app.job_manager = Places(connector, most_long(self.queues, self._at_once))
        # A visit that fails by itself is due again: the source's own intervals tell when.
        app.task(name=CRAWL, queue=CRAWL, retry=_LaterAgain(1), pass_context=True)(self._task(CRAWL, self._crawl))
        for queue, act in self._acts.items():
            task = self._task(queue, self._on_a_thread(act))
            app.task(name=queue, queue=queue, retry=_LaterAgain(_TRIES), pass_context=True)(task)
        async with app.open_async():
            worker = QueueWorker(
                app,
                queues=self.queues,
                concurrency=self._at_once,
                install_signal_handlers=False,
                delete_jobs="successful",
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=self._silent.total_seconds() / 6,
                stalled_worker_timeout=self._silent.total_seconds(),
            )
            self._working = working = asyncio.ensure_future(worker.run())  # type: ignore[no-untyped-call]
            if self._over.is_set():  # meanwhile
                working.cancel()
            looking = asyncio.ensure_future(self._look_for_the_dead(worker))
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await working
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)

    async def _watched(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Let the server look after a connection of the queue's as after the archive's."""
        await connection.execute(connections.watched(self._url).encode())
        await connection.commit()

    async def _wait_after(self, error: Exception) -> None:
        """Say that the server is away, or took us for dead, and let some time pass until it is asked again."""
        cause = error.__cause__ if isinstance(error, ConnectorException) else error
        if isinstance(cause, psycopg.errors.ForeignKeyViolation):
            self._say(_TAKEN_FOR_DEAD)
            return
        told = explain(cause, self._url) if isinstance(cause, psycopg.Error) else error
        if not isinstance(told, _PASSING):
            raise told
        self._absence.tell(told)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), PAUSE)

    def _stop(self) -> None:
        """Take no more jobs, and end what is under way."""
        self._over.set()
        self._stopping.set()
        if self._working is not None:
            self._working.cancel()
        for visit in self._visits:
            visit.end("signal")

    async def _look_for_the_dead(self, worker: QueueWorker) -> None:
        """Give the jobs of workers that died to others, should nobody else look; begin anew when we are one of them."""
        while True:
            await asyncio.sleep(self._silent.total_seconds() / 2)
            with contextlib.suppress(PresswatchError):  # whoever takes jobs tells that the server is away
                if not await asyncio.to_thread(self._take_back, worker.worker_id):
                    self._say(_TAKEN_FOR_DEAD)
                    worker.stop()  # type: ignore[no-untyped-call]

    def _take_back(self, own: int | None) -> bool:
        """Give jobs of the dead to others; tell whether we ourselves are known to be at work."""
        with ArchiveThread(self._url) as archive:
            lost = archive.call(take_back, Clock.starting(None)(), self._silent)
            if again := [_printable(name) for name in lost if lost[name]]:
                self._say(f"of a worker that died or was cut off: {', '.join(again)}; done again")
            if given_up := [_printable(name) for name in lost if not lost[name]]:
                self._say(f"of a worker that died: {', '.join(given_up)}; given up, for others died over it before")
            return own is None or archive.call(lambda kept: kept.jobs.knows(own))

    def _task(self, queue: str, do: Callable[..., Awaitable[str]]) -> Callable[..., Awaitable[None]]:
        """Make what does the jobs of a queue, and says what came of each."""

        async def task(context: JobContext, thing: str, past: object = None, **more: Any) -> None:  # noqa: ARG001
            name = f"{queue} {_printable(thing)}"
            try:
                said = await do(context.job, thing, **more)
            except Stopping:
                self._say(f"{name}: left to another worker")
                raise
            except PresswatchError as error:
                passes = isinstance(error, _PASSING)
                self._say(f"{name}: {'waits, and is done again' if passes else 'failed'}: {error}")
                await asyncio.to_thread(self._remember, context.job, error)
                raise
            except Exception as error:
                _log.exception("%s: failed", name)
                await asyncio.to_thread(self._remember, context.job, error)
                raise
            self._say(f"{name}: {said}")

        return task

    def _remember(self, job: Job, error: Exception) -> None:
        """Let a job remember why it failed, and how often."""
        told = f"{error}" if isinstance(error, PresswatchError) else f"{type(error).__name__}: {error}"
        past: dict[str, object] = {"why": " ".join(_printable(told).split())[:_LONGEST]}
        if not isinstance(error, _NO_FAULT):
            past["faults"] = _past(job, "faults") + 1
        with contextlib.suppress(PresswatchError), open_archive(self._url) as archive:
            assert job.id is not None
            archive.jobs.remember(job.id, past)

    def _on_a_thread(self, act: Act) -> Callable[..., Awaitable[str]]:
        """Do an act on a thread, with the archive open there."""

        def work(job: Job, thing: str, more: Mapping[str, Any]) -> str:
            with open_archive(self._url) as archive:
                came_on = _Revived(archive, job)
                hand = Hand(archive, self._config(), Clock.starting(None), self._extraction, self._stopping, came_on)
                return act(hand, thing, **more)

        async def do(job: Job, thing: str, **more: Any) -> str:
            return await asyncio.to_thread(work, job, thing, more)

        return do

    def _config(self) -> Config:
        """Read the configuration; of a bad one is told what is wrong, and the old one kept."""
        wrong = ""
        try:
            self._known = self._read()
        except PresswatchError as error:
            wrong = str(error)
            if wrong != self._wrong:
                self._say(f"the new configuration has faults, the old one stays:\n{wrong}")
        self._wrong = wrong
        return self._known

    async def _crawl(self, _job: Job, thing: str) -> str:
        """Visit one source."""
        key, config = thing, self._config()
        clock = Clock.starting(None)
        async with self._thread() as thread:
            source = config.sources.get(key) or await thread.run(lambda archive: archive.sources.get(key))
            if source is None:
                return "has left the configuration"
            raw = await thread.run(raw_begun, config, clock())
            visit = Visit(
                config,
                thread,
                self._extraction,
                {key: source},
                clock,
                everything=False,
                progress=None,
                raw=raw,
                listens=False,
            )
            self._visits.add(visit)
            try:
                await self._process.crawl(self._process.create_crawler(VisitSpider), visit=visit)
                report = await asyncio.to_thread(visit.report)
            finally:
                self._visits.discard(visit)
                if raw is not None:
                    await asyncio.to_thread(raw.close)
            return _in_words(key, report)

    @contextlib.asynccontextmanager
    async def _thread(self) -> AsyncIterator[ArchiveThread]:
        """Lend a thread with the archive: what it has read of watches serves the next visit, too."""
        thread = await self._idle_thread()
        if thread is None:
            thread = await asyncio.to_thread(ArchiveThread, self._url)
        try:
            yield thread
        except BaseException:
            await asyncio.to_thread(thread.close)
            raise
        thread.forget()
        self._idle.append(thread)

    async def _idle_thread(self) -> ArchiveThread | None:
        """Give a thread that nobody uses, whose connection stands."""
        while self._idle:
            thread = self._idle.pop()
            try:
                await thread.run(lambda archive: archive.changes.last())
            except PresswatchError:
                await asyncio.to_thread(thread.close)
            else:
                return thread
        return None


class _LaterAgain(BaseRetryStrategy):
    """Tries again what failed: perhaps on a machine that has the file; what failed by no fault of its own always."""

    def __init__(self, tries: int) -> None:
        self._tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide when; never where it failed too often."""
        if isinstance(exception, Stopping):
            return RetryDecision()
        if isinstance(exception, _NO_FAULT) or _past(job, "faults") + 1 < self._tries:
            return RetryDecision(retry_in={"minutes": _REST})
        return None


class _Revived:
    """Lets a job forget who died over it before, as soon as something of it is done."""

    def __init__(self, archive: Archive, job: Job):
        self._archive, self._job = archive, job
        self._deaths = _past(job, "deaths")

    def __call__(self) -> None:
        if self._deaths:
            assert self._job.id is not None
            self._archive.jobs.remember(self._job.id, {"deaths": 0})
            self._deaths = 0


def _printable(text: str) -> str:
    """Keep a text on one line of a log."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _past(job: Job, name: str) -> int:
    """Tell how often something happened to a job before it was taken; see ``Jobs.remember``."""
    past: Any = job.task_kwargs.get("past") or {}
    return int(past.get(name, 0))


def _in_words(key: str, report: VisitReport) -> str:
    counts: Any = report.sources.get(key)
    kept = 0 if counts is None else counts.kept
    fetched = 0 if counts is None else counts.fetched
    return f"{kept} kept of {fetched} fetched ({report.outcome})"


def _told(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell what nobody has listened to; but not that a job has ended that was given to others meanwhile."""
    if not isinstance(context.get("exception"), ConnectorException):
        loop.default_exception_handler(context)
