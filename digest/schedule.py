"""The service: crawls, stories, digests and deliveries at their times, with the ledger of runs as the truth.

APScheduler only wakes us. What is due is read from the archive at every beat, so a slot that was slept through, or
whose holder was killed, is found again; and what is done there is never done twice. Crawling, making digests and
sending go on beside each other: none of them can hold up or stop another.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crawler.archive import Archive, is_postgres, shown
from crawler.archive.runs import of_plan
from crawler.config import Config, Marks, PlanConfig, file_marks, load
from crawler.errors import Locked, PresswatchError, UsageError
from crawler.leads import leads
from digest import alerting, crawling, feeds, jobs, making, notice, plans, regrouping, retention, working
from digest.aside import aside
from digest.child import Child, Overtime
from digest.crawling import Crawled
from digest.held_up import PASSING, HeldUp
from digest.journal import Line, line
from digest.locks import beat
from digest.page_process import PageProcess
from digest.pulse import Jumps, Pulse, give_back_memory
from digest.systemd import Notifier
from digest.tries import is_open, open_slots

_log = logging.getLogger(__name__)
T = TypeVar("T")
_BEAT = 20.0
_NOTICE_BEAT = 600.0
#: Seconds between two crawls, and at most so many when crawls fail or find nothing to do.
_REST, _LONGEST_REST = 60.0, 1800.0
#: How often the volumes of watches are judged.
_VOLUMES = timedelta(minutes=10)
#: How often what came is put into stories, between two digests.
_GROUPING = timedelta(minutes=10)
#: Nothing that we do ourselves shows no sign of life for so many seconds.
_LONG = 1800.0


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
    #: A digest that no worker has begun within so many seconds is made by the service.
    untaken: float = 15.0
    #: How much longer than its own limit a crawl may take before it is ended.
    overtime: float = 120.0
    #: How long a stop waits for a digest or a mail under way; what is left then is found by the next start.
    leave: float = 5.0
    #: presswatch, as a command; -P keeps modules of the folder in which we were started out of it.
    program: Sequence[str] = (sys.executable, "-P", "-m", "digest.cli")
    child: Child = field(default_factory=Child)
    #: Told how we do, and given signs of life.
    notifier: Notifier = field(default_factory=Notifier)
    #: Goes only forward; at rest while the machine sleeps.
    steady: Callable[[], float] = time.monotonic
    #: Whether the web page is served, too; None: as configured.
    web: bool | None = None
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
    #: The day on which what is old was removed, or was tried to be.
    _tidied: date | None = None
    _idle_crawls: int = 0
    _scheduler: AsyncIOScheduler | None = None
    _held_up: HeldUp = field(init=False)
    #: When was looked last for what is to be crawled, and when the last crawl began that did all of it.
    _looked: datetime | None = None
    _fresh: datetime | None = None
    _page: PageProcess | None = None
    _pulse: Pulse = field(init=False)
    _jumps: Jumps = field(init=False)
    #: The files of the configuration as they were when they were read.
    _read: Marks = field(init=False)

    def __post_init__(self) -> None:
        self._pulse, self._jumps = Pulse(self.steady), Jumps(self.clock, self.steady)
        self._held_up = HeldUp(self._complain, self.say)
        self._read = file_marks(self.folder)

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
        self.notifier.ready(self._status())
        self._serve_page()
        minders = [asyncio.create_task(self._mind_the_clock()), asyncio.create_task(self._give_signs_of_life())]
        await self._stopping.wait()
        self.notifier.stopping()
        self._scheduler.remove_all_jobs()
        if self._page is not None:
            await self._page.stop()
        # The child first: the scheduler's own end would cancel the job that waits for it and leave it an orphan.
        await self._end()
        self._scheduler.shutdown(wait=False)
        await asyncio.gather(*minders)

    async def _mind_the_clock(self) -> None:
        """Look at the clock at every beat: the scheduler would wait for a time that has been put back to come again."""
        while not await self._stops_within(self.beat):
            await self._told(self.look_at_the_clock)
            give_back_memory()
            self.notifier.status(self._status())

    async def look_at_the_clock(self) -> None:
        """Go by the new time when the clock has jumped."""
        jump = self._jumps.look()
        if not jump:
            return
        back = jump < timedelta()
        way = "back by {}; going on by the new time" if back else "forward by {} ({}); what is due is caught up"
        text = "the clock went " + way.format(_in_words(abs(jump)), "the machine slept, or the clock was set")
        self.say(line(text, "clock", "warning" if back else "info", seconds=round(jump.total_seconds())))
        self._next_crawl = self._next_grouping = self._next_volumes = self._looked = self._fresh = None
        if self._scheduler is not None:
            self._plan_wakes()
        if back and (ahead := await self._aside(lambda archive: archive.ahead(self.clock()))):
            self._complain(ahead)

    async def _give_signs_of_life(self) -> None:
        """Tell the watchdog that the loop goes round and that nothing hangs; otherwise let it start us again."""
        if self.notifier.watchdog is None:
            return
        told: list[str] = []
        while not await self._stops_within(self.notifier.watchdog / 2):
            if not (hung := self._pulse.hangs()):
                self.notifier.alive()
            elif hung != told:
                self._complain(line(f"no sign of life from: {', '.join(hung)}; the watchdog is told no more", "hang"))
            told = hung

    async def _stops_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    def _status(self) -> str:
        """Say in a line what goes on and what comes next."""
        now = self.clock()
        coming = [(slot.due, plan, slot) for plan in self.config.plans.values() if (slot := plans.next_slot(plan, now))]
        text = f"{len(self.config.sources)} sources, {len(self.config.plans)} digests"
        if not coming:
            return text
        _, plan, slot = min(coming, key=lambda each: each[0])
        return f"{text}; next: {plan.name}, {plans.in_words(slot, plan)} ({plan.timezone})"

    async def do_all(self) -> None:
        """Do everything that is due, one after the other."""
        for act in (self.crawl, self.alert, self.digest, self.send, self.group, self.tidy, self.watch):
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

    def follow(self) -> None:
        """Read the configuration again when its files have changed: by hand, by a command or on the web page.

        The archive is brought to what it says whenever something is due, and must not be brought back to what it said.
        """
        if file_marks(self.folder) != self._read:
            self.reload()

    def reload(self) -> None:
        """Read the configuration again; a bad one is told and the old one kept."""
        self.notifier.reloading()
        self._reload()
        self.notifier.ready(self._status())

    def _reload(self) -> None:
        self._read = file_marks(self.folder)
        try:
            config = load(self.folder)
        except PresswatchError as error:
            self._complain(line(f"the new configuration has faults, the old one stays:\n{error}", "reload", "error"))
            return
        if config.press.archive != self.config.press.archive:
            self.say(f"the archive stays {shown(self.archive_url)} until the service is started again")
        self.config = config
        self._fed = None
        sources, digests = len(config.sources), len(config.plans)
        text = f"configuration read again: {sources} sources, {digests} digests"
        self.say(line(text, "reload", sources=sources, digests=digests))
        if self._scheduler is not None:
            self._plan_wakes()
            self._serve_page()

    def _serve_page(self) -> None:
        """Serve the web page beside all else, or no longer, as the configuration has it now."""
        web = self.config.press.web
        wanted = web.serve if self.web is None else self.web
        command = [*self.program, "--config", str(self.folder), "--archive", self.archive_url, "serve", "--beside"]
        if self._page is None:
            self._page = PageProcess(command, self.say, self._complain)
        self._page.serve_as(repr(web) if wanted else "")

    def _plan_wakes(self) -> None:
        """Wake at every beat and at every plan's own time, in its own zone."""
        assert self._scheduler is not None
        self._scheduler.remove_all_jobs()
        for act in (self.crawl, self.alert, self.digest, self.send, self.group, self.tidy):
            self._wake(act, IntervalTrigger(seconds=self.beat, timezone=UTC), act.__name__, at_once=True)
        self._wake(self.leave_mark, IntervalTrigger(seconds=self.beat, timezone=UTC), "mark of life", at_once=True)
        self._wake(self.watch, IntervalTrigger(seconds=_NOTICE_BEAT, timezone=UTC), "watch")
        for plan in self.config.plans.values():
            self._wake(self.digest, _Slots(plan), f"at the times of {plan.name}")

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
        # A crawl may wait for the one before it.
        limit = {"crawl": 2 * (self._limit() + 60), "digest": self.patience + 2 * _LONG}.get(name, _LONG)
        try:
            with self._pulse.at_work(name, limit):
                await act()
        except PASSING as error:
            self._held_up.waits(name, error)
            return
        except PresswatchError as error:
            self._complain(str(error))
            self._held_up.failed(name)
        else:
            self._held_up.goes_on(name)

    async def _at_last(self, act: Callable[[Archive], T]) -> T | None:
        """Use the archive as soon as it can be used; None when the service is told to stop before."""
        while True:
            try:
                done = await self._aside(act)
            except PASSING as error:
                self._held_up.waits("", error)
                if await self._stops_within(self.beat):
                    return None
            else:
                self._held_up.goes_on("")
                return done

    def _complain(self, text: str) -> None:
        self.faults += 1
        self.say(text if isinstance(text, Line) else line(text, "fault", "warning"))

    async def crawl(self) -> None:
        """Crawl in a process of its own when something is due; one crawl at a time."""
        async with self._crawling:
            self.follow()
            if self.config.press.crawl.by_workers:
                await self._hand_out()
                return
            begun = self.clock()
            rests = self._next_crawl is not None and begun < self._next_crawl
            if self._stopping.is_set() or (rests and not self._is_awaited(begun)):
                return
            self._looked = begun
            run = await self._aside(lambda archive: crawling.claim(archive, self.config, self.clock(), self._limit()))
            if run is None:
                self._fresh = begun
                return
            crawled = await self._crawled()
            if crawled.state == "done":
                self._fresh = begun
            self._idle_crawls = self._idle_crawls + 1 if crawled.idle else 0
            rest = min(_REST * 2**self._idle_crawls, _LONGEST_REST)
            self._next_crawl = self.clock() + timedelta(seconds=rest)
            await self._at_last(lambda archive: crawling.record(archive, run, crawled, self.clock()))
            text = f"crawl: {crawled.note}"
            if crawled.state == "failed":
                self._complain(line(text, "crawl", "warning", state=crawled.state))
            else:
                self.say(line(text, "crawl", state=crawled.state))

    async def _hand_out(self) -> None:
        """Let workers visit what is due."""
        if self._stopping.is_set():
            return
        begun = self.clock()
        added, left = await self._aside(lambda archive: working.hand_out_visits(archive, self.config, begun))
        if added:
            self.say(line(f"crawl: {added} sources are due and wait for workers", "crawl", jobs=added))
        if not left:
            self._fresh = begun

    async def _work_off(self) -> None:
        """Hand out what is due, and wait until workers have done it, as long as there are some that do."""
        self._fresh, until = None, self.steady() + self.untaken
        await self.crawl()
        while self._fresh is None and not self._stopping.is_set():
            if await self._aside(working.is_crawled):
                until = self.steady() + self.untaken
            elif self.steady() >= until:
                self._complain("no worker visits sources (presswatch worker starts one): what is due is not crawled")
                return
            if await self._stops_within(1.0):
                return
            await self.crawl()

    def _is_awaited(self, now: datetime) -> bool:
        """Tell whether a digest is near for which nobody has looked yet what is new."""
        near = leads(self.config.plans.values(), now, now)
        return any(lead.polled <= now and (self._looked is None or self._looked < lead.polled) for lead in near)

    def _limit(self) -> float:
        return self.config.press.crawl.visit_limit + self.overtime

    def _crawl_command(self) -> list[str]:
        return [*self.program, "--config", str(self.folder), "--archive", self.archive_url, "crawl", "--json"]

    async def _crawled(self) -> Crawled:
        """Run the crawl and tell how it ended."""
        try:
            code, output = await self.child.run(self._crawl_command(), self._limit())
        except Overtime:
            text = f"ended by force after {self._limit():.0f} s, the most that a crawl may take"
            return Crawled("failed", text, idle=True)
        except OSError as error:
            return Crawled("failed", f"cannot be started: {error.strerror or error}", idle=True)
        return crawling.ended(code, output, stopping=self._stopping.is_set())

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
            self.follow()
            due = await self._aside(lambda archive: open_slots(archive, self.config.plans.values(), self.clock()))
            if due and not self._stopping.is_set() and not self._was_polled([plan for plan, _ in due]):
                await self._crawl_first()
                self.follow()
            # Plans may have been changed or taken away while the crawl was waited for.
            due = [(self.config.plans[plan.name], slot) for plan, slot in due if plan.name in self.config.plans]
            if due and self._hands_out():
                await self._let_make(due)
            for plan, slot in due:
                if not self._stopping.is_set():
                    await self._aside(partial(self._make, plan, slot))
        if due:
            await self.send()

    async def _crawl_first(self) -> None:
        """Let what is due be polled before a digest says what is new, as long as that does not make it late."""
        by_workers = self.config.press.crawl.by_workers
        crawl = asyncio.create_task(self._told(self._work_off if by_workers else self.crawl))
        _, late = await asyncio.wait({crawl}, timeout=self.patience)
        if by_workers:
            crawl.cancel()
        if late and not self._stopping.is_set():
            text = f"the crawl before the digest is not done after {self.patience:.0f} s; it is made of what is there"
            self.say(line(text, "digest", "warning"))

    def _was_polled(self, due: list[PlanConfig]) -> bool:
        """Tell whether a crawl has just brought what these digests need; another one would only make them late."""
        lead = timedelta(seconds=min(plan.poll_before for plan in due))
        return self._fresh is not None and timedelta() <= self.clock() - self._fresh <= lead

    def _make(self, plan: PlanConfig, slot: plans.Slot, archive: Archive) -> None:
        """Make the edition of a slot that nobody has made, or has just tried to make, in the meantime."""
        if not is_open(archive.runs.get(of_plan(plan.name), slot.key), self.clock()):
            return
        told = making.make(archive, self.config, plan, slot, self.clock)
        if told is not None:
            (self._complain if told.level == "error" else self.say)(told)

    def _hands_out(self) -> bool:
        """Tell whether workers do what is due; those of a file cannot."""
        return self.config.press.crawl.by_workers and is_postgres(self.archive_url)

    async def _let_make(self, due: list[tuple[PlanConfig, plans.Slot]]) -> None:
        """Let workers make editions, and wait for them; what none begins within a moment is left to us."""
        try:
            await self._aside(lambda archive: working.hand_out_digests(archive, due))
        except UsageError as error:
            self._complain(f"{error}; digests are made by the service")
            return
        until = self.steady() + self.untaken
        for plan, slot in due:
            while await self._aside(partial(self._is_waited_for, plan, slot, patient=self.steady() < until)):
                if await self._stops_within(1.0):
                    return

    def _is_waited_for(self, plan: PlanConfig, slot: plans.Slot, archive: Archive, *, patient: bool) -> bool:
        return working.is_waited_for(archive, plan, slot, self.clock(), patient=patient)

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
                archive, self.config, self.clock, stopping=self._sends_no_more, patience=0 if self._scheduler else 60
            )
        except Locked as error:  # `digest send` is at it
            _log.info("%s", error)
            return
        for result in results:
            if result.error:
                later = f"again at {result.next_try:%Y-%m-%d %H:%M} UTC" if result.next_try else "given up"
                who, why = result.recipient, result.error
                told = {"recipient": who, "channel": result.channel, "given_up": result.next_try is None}
                self._complain(line(f"{who} ({result.channel}): {why}; {later}", "delivery", "warning", **told))
            elif result.left:
                who = result.recipient
                self.say(line(f"{who}: not sent, {result.left}", "delivery", recipient=who, left=result.left))
        if sent := sum(not (result.error or result.left) for result in results):
            self.say(line(f"{sent} deliveries sent", "delivery", sent=sent))

    def _sends_no_more(self) -> bool:
        """Tell between two deliveries whether to stop; a thousand of them are no sign that something hangs."""
        self._pulse.goes_on()
        return self._stopping.is_set()

    async def group(self) -> None:
        """Put what came into stories now and then, so that who looks between two digests sees them."""
        if self._stopping.is_set() or self._grouping.locked() or self._digesting.locked():
            return
        if self._next_grouping is not None and self.clock() < self._next_grouping:
            return
        async with self._grouping:
            self._next_grouping = self.clock() + _GROUPING
            if self._hands_out() and await self._aside(working.hand_out_grouping):
                return
            await self._aside(lambda archive: regrouping.keep_up(archive, self.clock(), self.config))

    async def tidy(self) -> None:
        """Remove once a day what is older than the configuration keeps, while nothing else is made."""
        if self._stopping.is_set() or self._digesting.locked() or self.clock().date() == self._tidied:
            return
        self._tidied = self.clock().date()
        if removed := await self._aside(lambda archive: retention.once_a_day(archive, self.config, self.clock)):
            self.say(f"removed what is old: {removed}")

    async def leave_mark(self) -> None:
        """Leave a mark of life beside the lock, which status reads; stop when another service has the lock by now."""
        try:
            await asyncio.to_thread(beat, self.archive_url)
        except Locked as error:
            self.say(f"{error}; this service lost its lock while the server was away, and stops")
            self._stopping.set()

    async def watch(self) -> None:
        """Tell the operator when nothing is stored or made any more."""
        for text in await self._aside(
            lambda archive: notice.give(archive, self.config, self.archive_url, self.clock())
        ):
            self.say(text)

    def _aside(self, act: Callable[[Archive], T]) -> asyncio.Future[T]:
        return aside(self.archive_url, act)


def _in_words(span: timedelta) -> str:
    minutes = max(round(span.total_seconds() / 60), 1)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


class _Slots(BaseTrigger):  # type: ignore[misc]
    """Wakes at a plan's own times. APScheduler's would know neither our rules for nights with two hours nor cron's."""

    def __init__(self, plan: PlanConfig):
        self._plan = plan

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        slot = plans.next_slot(self._plan, max(now, previous_fire_time or now))
        return slot.due if slot else None
