"""The service: crawls, stories, digests and deliveries at their times, with the ledger of runs as the truth.

APScheduler only wakes us. What is due is read from the archive at every beat, so a slot that was slept through, or
whose holder was killed, is found again; and what is done there is never done twice. Crawling, making digests and
sending go on beside each other: none of them can hold up or stop another.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crawler.archive import Archive, open_archive
from crawler.config import Config, PlanConfig, load
from crawler.errors import ArchiveFull, Locked, PresswatchError
from crawler.records import Run
from digest import alerting, feeds, jobs, notice, plans, regrouping
from digest.child import Child, Overtime
from digest.definitions import synchronise

_log = logging.getLogger(__name__)
T = TypeVar("T")
_BEAT = 20.0
_NOTICE_BEAT = 600.0
#: One edition is made within this; only a second service on the same archive would ever see it run out.
_RUN_LEASE = timedelta(minutes=10)
#: Minutes until a failed slot is tried again; the last goes on until the slot is later than the plan's max_late.
_PAUSES = (1, 5, 15, 60, 240)
#: A slot at which the process died is tried again at once, unless it has taken so many processes with it.
_CRASHES = 12
#: Seconds between two crawls, and at most so many when crawls fail or find nothing to do.
_REST, _LONGEST_REST = 60.0, 1800.0
#: How often the volumes of watches are judged.
_VOLUMES = timedelta(minutes=10)
#: How often what came is put into stories, between two digests.
_GROUPING = timedelta(minutes=10)
#: How long a finished crawl stays in the ledger.
_KEPT = timedelta(days=30)


@dataclass(slots=True)
class Service:
    """One running instance; whoever makes it holds the lock of the archive."""

    folder: Path
    archive_url: str
    config: Config
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: Told in a line what was done, and what went wrong.
    say: Callable[[str], None] = _log.info
    beat: float = _BEAT
    #: How long a digest waits for the crawl that is due or under way at its slot, in seconds.
    patience: float = 600.0
    #: How much longer than its own limit a crawl may take before it is ended.
    overtime: float = 120.0
    #: How long a stop waits for a digest or a mail under way; what is left then is found by the next start.
    leave: float = 5.0
    #: presswatch, as a command; -P keeps modules of the folder in which we were started out of it.
    program: Sequence[str] = (sys.executable, "-P", "-m", "digest.cli")
    child: Child = field(default_factory=Child)
    #: How often something went wrong.
    faults: int = 0
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _crawling: asyncio.Lock = field(default_factory=asyncio.Lock)
    _digesting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    _alerting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _grouping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _next_grouping: datetime | None = None
    _next_volumes: datetime | None = None
    #: The last change and the version of the watches when feeds were renewed.
    _fed: tuple[int, int] | None = None
    _next_crawl: datetime | None = None
    _idle_crawls: int = 0
    _scheduler: AsyncIOScheduler | None = None
    #: What waits for room on the disk of the archive.
    _full: set[str] = field(default_factory=set)

    async def once(self) -> None:
        """Do what is due now and end: crawl, digests, deliveries."""
        await self._begin()
        work = asyncio.create_task(self.do_all())
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        await self._end()
        if work.done():
            work.result()

    async def run(self) -> None:
        """Do what is due, when it is due, until SIGTERM or SIGINT."""
        await self._begin()
        # It warns at every beat that finds the one before at work, which is how a crawl goes.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._plan_wakes()
        self._scheduler.start()
        await self._stopping.wait()
        self._scheduler.remove_all_jobs()
        # The child first: the scheduler's own end would cancel the job that waits for it and leave it an orphan.
        await self._end()
        self._scheduler.shutdown(wait=False)

    async def do_all(self) -> None:
        """Do everything that is due, one after the other."""
        for act in (self.crawl, self.alert, self.digest, self.send, self.group, self.watch):
            await self._told(act)

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        # The lock is ours, so whatever is running in the ledger belongs to a process that died.
        if lost := await self._at_last(lambda archive: archive.runs.lose(self.clock())):
            self.say(f"{lost} runs of a process that died are taken up again")

    async def _end(self) -> None:
        """End the crawl in order, and give what else is under way a moment."""
        await self.child.stop()
        try:
            await asyncio.wait_for(self._finished(), self.leave)
        except TimeoutError:
            self.say("left a digest or delivery under way; the next start takes it up")

    async def _finished(self) -> None:
        for lock in (self._crawling, self._alerting, self._digesting, self._sending, self._grouping):
            async with lock:
                pass

    def reload(self) -> None:
        """Read the configuration again; a bad one is told and the old one kept."""
        try:
            config = load(self.folder)
        except PresswatchError as error:
            self._complain(f"the new configuration has faults, the old one stays:\n{error}")
            return
        if config.press.archive != self.config.press.archive:
            self.say(f"the archive stays {self.archive_url} until the service is started again")
        self.config = config
        self._fed = None
        self.say(f"configuration read again: {len(config.sources)} sources, {len(config.plans)} digests")
        if self._scheduler is not None:
            self._plan_wakes()

    def _plan_wakes(self) -> None:
        """Wake at every beat and at every plan's own time, in its own zone."""
        assert self._scheduler is not None
        self._scheduler.remove_all_jobs()
        for act in (self.crawl, self.alert, self.digest, self.send, self.group):
            self._wake(act, IntervalTrigger(seconds=self.beat, timezone=UTC), act.__name__, at_once=True)
        self._wake(self.watch, IntervalTrigger(seconds=_NOTICE_BEAT, timezone=UTC), "watch")
        for plan in self.config.plans.values():
            self._wake(self.digest, _Slots(plan), plan.name)

    def _wake(self, act: Callable[[], Awaitable[None]], trigger: Any, name: str, *, at_once: bool = False) -> None:
        assert self._scheduler is not None
        # Every wake that was slept through is one, however late it comes: the ledger says what is due.
        rules: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        if at_once:
            rules["next_run_time"] = datetime.now(UTC)
        self._scheduler.add_job(self._told, trigger, args=(act,), id=name, **rules)

    async def _told(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do one of our acts; what stands in its way is told, and tried again at the next beat."""
        name = getattr(act, "__name__", "")
        try:
            await act()
        except ArchiveFull as error:
            self._no_room(name, error)
        except PresswatchError as error:
            self._complain(str(error))
        else:
            self._room_again(name)

    async def _at_last(self, act: Callable[[Archive], T]) -> T | None:
        """Use the archive as soon as its disk has room for it; None when the service is told to stop before."""
        while not self._stopping.is_set():
            try:
                done = await self._aside(act)
            except ArchiveFull as error:
                self._no_room("", error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self.beat)
            else:
                self._room_again("")
                return done
        return None

    def _no_room(self, act: str, error: ArchiveFull) -> None:
        """Tell once, not at every beat, that what is due waits for room."""
        if not self._full:
            self._complain(f"{error}; waiting for room")
        self._full.add(act)

    def _room_again(self, act: str) -> None:
        """Tell that all goes on when that is done for which there was no room."""
        if act in self._full:
            self._full.discard(act)
            if not self._full:
                self.say("there is room again; going on")

    def _complain(self, text: str) -> None:
        self.faults += 1
        self.say(text)

    async def crawl(self) -> None:
        """Crawl in a process of its own when something is due; one crawl at a time."""
        async with self._crawling:
            if self._stopping.is_set() or (self._next_crawl and self.clock() < self._next_crawl):
                return
            run = await self._aside(self._claim_crawl)
            if run is None:
                return
            state, note, idle = await self._crawled()
            self._idle_crawls = self._idle_crawls + 1 if idle else 0
            rest = min(_REST * 2**self._idle_crawls, _LONGEST_REST)
            self._next_crawl = self.clock() + timedelta(seconds=rest)
            await self._at_last(lambda archive: self._record_crawl(archive, run, state, note))
            if state == "failed":
                self._complain(f"crawl: {note}")
            else:
                self.say(f"crawl: {note}")

    def _claim_crawl(self, archive: Archive) -> Run | None:
        """Take a run in the ledger when a channel, a page or a second look is due; none is written when nothing is."""
        now, keys = self.clock(), list(self.config.sources)
        synchronise(archive, self.config, now)
        if not archive.channels.due(now, keys):
            waits = (archive.pages.wait(now, keys), archive.rechecks.wait(now, self.config.looked_again()))
            if not any(at is not None and at <= now for at in waits):
                return None
        limit = timedelta(seconds=self._limit() + 60)
        return archive.runs.claim("crawl", f"{now:%Y-%m-%dT%H:%M:%SZ}", now, limit)

    def _record_crawl(self, archive: Archive, run: Run, state: Literal["done", "failed"], note: str) -> None:
        archive.runs.finish(run, state, note, self.clock())
        archive.runs.trim("crawl", self.clock() - _KEPT)

    def _limit(self) -> float:
        return self.config.press.crawl.visit_limit + self.overtime

    def _crawl_command(self) -> list[str]:
        return [*self.program, "--config", str(self.folder), "--archive", self.archive_url, "crawl", "--json"]

    async def _crawled(self) -> tuple[Literal["done", "failed"], str, bool]:
        """Run the crawl; tell how it ended, and whether there was nothing to do for it or it failed."""
        try:
            code, output = await self.child.run(self._crawl_command(), self._limit())
        except Overtime:
            return "failed", f"ended by force after {self._limit():.0f} s, the most that a crawl may take", True
        except OSError as error:
            return "failed", f"cannot be started: {error.strerror or error}", True
        if code != 0:
            if self._stopping.is_set():
                return "failed", "ended with the service", False
            return "failed", f"ended with code {code}; what it said stands in the log", True
        report = json.loads(output)
        totals = report["totals"]
        note = f"{totals['kept']} kept of {totals['fetched']} fetched, {totals['polled']} channels polled"
        idle = not (totals["polled"] or totals["fetched"] or totals["dropped"])
        ending = {"limit": "; its time was over", "signal": "; told to stop"}.get(report["outcome"], "")
        return "done", note + ending, idle

    async def alert(self) -> None:
        """Make the alerts that are due and send them, also while a crawl is under way; renew the feeds of watches."""
        wanted = any(rules.alerts or rules.feed for rules in self.config.rules.values())
        if not wanted or self._stopping.is_set() or self._alerting.locked():
            return
        async with self._alerting:
            made = await self._aside(self._make_alerts)
        for text in made:
            self.say(text)
        if made:
            await self.send()

    def _make_alerts(self, archive: Archive) -> list[str]:
        now, state = self.clock(), (archive.changes.last(), archive.watches.version())
        volumes = self._next_volumes is None or now >= self._next_volumes
        if volumes:
            self._next_volumes = now + _VOLUMES
        made = alerting.give(archive, self.config, now, volumes=volumes)
        # While a crawl is under way news comes all the time; a feed is for who looks now and then.
        if state != self._fed and not self._crawling.locked():
            self._fed = state
            feeds.renew(archive, self.config)
        return made

    async def digest(self) -> None:
        """Make the digests that are due, after the crawl that is due before them, and send them."""
        if self._digesting.locked():
            return
        async with self._digesting:
            due = await self._aside(self._open_slots)
            if due and not self._stopping.is_set():
                await self._crawl_first()
            for plan, slot in due:
                if not self._stopping.is_set():
                    await self._aside(partial(self._make, plan, slot))
        if due:
            await self.send()

    async def _crawl_first(self) -> None:
        """Let what is due be polled before a digest says what is new, as long as that does not make it late."""
        crawl = asyncio.create_task(self._told(self.crawl))
        await asyncio.wait({crawl}, timeout=self.patience)

    def _open_slots(self, archive: Archive) -> list[tuple[PlanConfig, plans.Slot]]:
        """List the slots that are due, not done, and not waiting for another try."""
        now = self.clock()
        due = [(plan, plans.due(plan, now)) for plan in self.config.plans.values()]
        return [
            (plan, slot)
            for plan, slot in due
            if slot is not None and is_open(archive.runs.get(_job(plan), slot.key), now)
        ]

    def _make(self, plan: PlanConfig, slot: plans.Slot, archive: Archive) -> None:
        run = archive.runs.claim(_job(plan), slot.key, self.clock(), _RUN_LEASE)
        if run is None:
            return
        try:
            synchronise(archive, self.config, self.clock())
            made = jobs.make_edition(archive, self.config, plan, slot, self.clock(), run)
        except ArchiveFull:
            raise  # no fault of the plan's: the slot is made when there is room, once the lease of this try is over
        except Exception as error:  # noqa: BLE001  whatever is wrong with one plan, the others and the crawls go on
            if not isinstance(error, PresswatchError):
                _log.exception("%s %s", plan.name, slot.key)
            why = str(error).encode(errors="replace").decode()  # it may quote what no database takes
            again = self.clock() + _pause(run)
            self._complain(f"{plan.name} {slot.key}: attempt {run.attempt} failed, again at {again:%H:%M} UTC: {why}")
            archive.runs.finish(run, "failed", why, self.clock())
            return
        number = f", edition {made.edition.id}" if made.edition else ""
        remedy = f"; presswatch digest send {made.edition.id} sends it" if made.edition and plan.review else ""
        self.say(f"{plan.name} {slot.key}: {made.outcome}{number}{remedy if made.outcome == 'draft' else ''}")

    async def send(self) -> None:
        """Send what is due in the outbox."""
        if self._sending.locked():
            return
        async with self._sending:
            if await self._aside(self._something_to_send):
                await self._aside(self._send)

    def _something_to_send(self, archive: Archive) -> bool:
        return not self._stopping.is_set() and archive.outbox.waiting() > 0

    def _send(self, archive: Archive) -> None:
        try:
            results = jobs.send_waiting(
                archive, self.config, self.clock, stopping=self._stopping.is_set, patience=0 if self._scheduler else 60
            )
        except Locked as error:  # `digest send` is at it
            _log.info("%s", error)
            return
        for result in results:
            if result.error:
                later = f"again at {result.next_try:%Y-%m-%d %H:%M} UTC" if result.next_try else "given up"
                self._complain(f"{result.recipient} ({result.channel}): {result.error}; {later}")
        if sent := sum(not result.error for result in results):
            self.say(f"{sent} deliveries sent")

    async def group(self) -> None:
        """Put what came into stories now and then, so that who looks between two digests sees them."""
        if self._stopping.is_set() or self._grouping.locked() or self._digesting.locked():
            return
        if self._next_grouping is not None and self.clock() < self._next_grouping:
            return
        async with self._grouping:
            self._next_grouping = self.clock() + _GROUPING
            await self._aside(lambda archive: regrouping.keep_up(archive, self.clock(), self.config))

    async def watch(self) -> None:
        """Tell the operator when nothing is stored or made any more."""
        for text in await self._aside(lambda archive: notice.give(archive, self.config, self.clock())):
            self.say(text)

    def _aside(self, act: Callable[[Archive], T]) -> asyncio.Future[T]:
        """Use the archive in a thread of its own, which nobody waits for at the end of the process.

        asyncio.to_thread would: a mail server that hangs for a minute would hold up a stop for a minute.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # type: ignore[arg-type]  # None only when T is None

        def work() -> None:
            result: T | None = None
            failure: BaseException | None = None
            try:
                with open_archive(self.archive_url) as archive:
                    result = act(archive)
            except BaseException as error:  # noqa: BLE001  (raised where the result is awaited)
                failure = error
            with suppress(RuntimeError):  # the loop is closed: the service has left
                loop.call_soon_threadsafe(settle, result, failure)

        threading.Thread(target=work, name="archive", daemon=True).start()
        return future


class _Slots(BaseTrigger):  # type: ignore[misc]
    """Wakes at a plan's own times. APScheduler's would know neither our rules for nights with two hours nor cron's."""

    def __init__(self, plan: PlanConfig):
        self._plan = plan

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        slot = plans.next_slot(self._plan, max(now, previous_fire_time or now))
        return slot.due if slot else None


def is_open(run: Run | None, now: datetime) -> bool:
    """Decide from a slot's row in the ledger whether it may be worked on now."""
    if run is None or run.state == "running":  # the claim looks at the lease
        return True
    if run.state == "done":
        return False
    if run.state == "lost" and run.attempt < _CRASHES:
        return True
    return now >= (run.finished or run.started) + _pause(run)


def _pause(run: Run) -> timedelta:
    return timedelta(minutes=_PAUSES[min(run.attempt, len(_PAUSES)) - 1])


def _job(plan: PlanConfig) -> str:
    return f"digest:{plan.name}"
