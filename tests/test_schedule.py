"""The service's beats against a clock of our own: every slot once, at its time, whatever happened before."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest

from crawler.archive import open_archive
from crawler.config import Config, load
from crawler.errors import Locked
from crawler.records import Edition
from digest.child import Child, Overtime
from digest.definitions import synchronise
from digest.locks import only_instance
from digest.schedule import Service
from tests.service_sample import a_plan, address, configure, mail_box, news, store_news

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Shows what it is told to."""

    now: datetime = SEVEN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Stage:
    """A service with its clock, and what it said."""

    folder: Path
    config: Config
    clock: Clock = field(default_factory=Clock)
    said: list[str] = field(default_factory=list)

    def service(self) -> Service:
        """Start again, as after the end of the process."""
        return Service(self.folder / "config", address(self.folder), self.config, self.clock, self.said.append)

    def beat(self, *moments: datetime) -> list[str]:
        """Let one service beat at these moments; list the slots that have an edition."""

        async def beats() -> None:
            service = self.service()
            for moment in moments:
                self.clock.now = moment
                await service.do_all()

        asyncio.run(beats())
        return self.slots()

    def slots(self) -> list[str]:
        with open_archive(address(self.folder)) as archive:
            return [edition.slot for edition in reversed(archive.editions.list(limit=1000))]

    def runs(self, job: str = "digest:morning") -> list[tuple[str, str, int]]:
        with open_archive(address(self.folder)) as archive:
            return [(run.slot, run.state, run.attempt) for run in archive.runs.list(1000) if run.job == job]


def stage(folder: Path, *plans: str, **settings: Any) -> Stage:
    return Stage(folder, configure(folder, *plans, **settings))


def a_quiet_plan(**fields: str) -> str:
    return a_plan(recipients="[]", empty='"send"', **fields)


CHANGES = {
    "Europe/Kyiv": [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)],
}


@pytest.mark.parametrize(("zone", "night"), [(zone, night) for zone, nights in CHANGES.items() for night in nights])
def test_a_night_on_which_the_clocks_change_has_one_edition(tmp_path: Path, zone: str, night: date) -> None:
    hour = '"03:30"' if zone == "Europe/Kyiv" else '"02:30"'
    found = stage(tmp_path, a_quiet_plan(at=hour, timezone=f'"{zone}"'))
    midnight = datetime(night.year, night.month, night.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    slots = found.beat(*(midnight + number * 30 * MINUTE for number in range(-6, 70)))

    assert [f"{night}", f"{night + DAY}"] == slots
    with open_archive(address(tmp_path)) as archive:
        edition, _ = reversed(archive.editions.list())
        local = edition.made_at.astimezone(ZoneInfo(zone))
    assert (night, True) == (local.date(), "02:30" <= f"{local:%H:%M}" <= "04:00")


def test_a_slot_that_was_slept_through_is_caught_up_once(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan(max_late='"3h"'))
    found.beat(SEVEN - MINUTE)

    assert ["2026-11-24"] == found.beat(SEVEN + DAY + 2 * HOUR, SEVEN + DAY + 2.5 * HOUR)
    assert [("2026-11-24", "done", 1)] == found.runs()


def test_a_slot_that_is_later_than_max_late_is_not_made(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan(max_late='"3h"'))

    assert [] == found.beat(SEVEN - MINUTE, SEVEN + 3 * HOUR + MINUTE, SEVEN + 20 * HOUR)
    assert [] == found.runs()


def test_a_slot_is_not_made_before_its_time(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan(max_late='"3h"'))

    assert [] == found.beat(SEVEN - timedelta(seconds=1))
    assert ["2026-11-23"] == found.beat(SEVEN)


def test_a_clock_that_jumps_back_makes_nothing_twice(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())

    assert ["2026-11-23"] == found.beat(SEVEN, SEVEN - HOUR, SEVEN, SEVEN + HOUR)


def test_a_broken_plan_stops_no_other_and_is_tried_with_growing_pauses(tmp_path: Path) -> None:
    found = stage(tmp_path, a_plan("evening", at='"07:00"'), a_quiet_plan())
    news(tmp_path, SEVEN - HOUR)
    with open_archive(address(tmp_path)) as archive:  # no digest can be made of what is no edition
        broken = Edition(0, "evening", "2026-11-22", 0, 0, SEVEN - DAY, "final", "", b"", b"", "{broken")
        archive.editions.commit(broken, [], None, SEVEN - DAY)
    found.beat(*(SEVEN + number * MINUTE for number in range(60)))

    assert ["2026-11-22", "2026-11-23"] == found.slots()  # the broken one, and the morning's
    assert [("2026-11-23", "done", 1)] == found.runs()
    assert [("2026-11-23", "failed", 4)] == found.runs("digest:evening")
    assert any("evening 2026-11-23: attempt 1 failed, again at 07:01 UTC" in line for line in found.said)


def test_what_a_dead_process_was_at_is_done_at_the_next_start(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    with open_archive(address(tmp_path)) as archive:
        archive.runs.claim("digest:morning", "2026-11-23", SEVEN, HOUR)

    assert [] == found.beat(SEVEN + MINUTE)
    found.clock.now = SEVEN + 2 * MINUTE
    asyncio.run(found.service().once())
    assert [("2026-11-23", "done", 2)] == found.runs()


def test_files_that_cannot_be_written_hold_up_no_mail(tmp_path: Path) -> None:
    (tmp_path / "digests").write_text("a file where the folder should be")
    with mail_box() as box:
        found = stage(tmp_path, a_plan(), mail=box.port)
        news(tmp_path, SEVEN - HOUR)
        found.beat(SEVEN, SEVEN + timedelta(seconds=20))
        (tmp_path / "digests").unlink()
        found.beat(SEVEN + MINUTE)

    assert ["ann@reader.test"] == [recipient for recipient, _ in box.taken]
    assert (tmp_path / "digests" / "morning" / "2026-11-23.html").is_file()
    assert 1 == sum("(files)" in line for line in found.said)


def test_without_anything_due_no_crawl_is_recorded(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    found.beat(*(SEVEN + number * HOUR for number in range(5)))

    assert [] == found.runs("crawl")


def test_what_came_is_put_into_stories_between_two_digests(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    found.beat(SEVEN)
    with open_archive(address(tmp_path)) as archive:
        store_news(archive, SEVEN + HOUR, "eastport")
    found.beat(SEVEN + HOUR, SEVEN + 2 * HOUR)

    with open_archive(address(tmp_path)) as archive:
        assert 1 == len(archive.stories.list())
    assert 1 == len(found.slots())


def test_the_operator_is_told_once_that_a_digest_is_not_made(tmp_path: Path) -> None:
    with mail_box() as box:
        found = stage(tmp_path, a_quiet_plan(), mail=box.port, more='[operator]\nmail = "ops@r.test"\n')
        found.beat(SEVEN)
        broken = found.config.plans["morning"].model_copy(update={"max_late": 1.0})
        found.config = Config(folder=found.config.folder, press=found.config.press, plans={"morning": broken})
        found.beat(*(SEVEN + number * 5.3 * HOUR for number in range(1, 20)))

    assert ["ops@r.test"] == [recipient for recipient, _ in box.taken]
    assert b"No digest morning was made since 2026-11-24 07:00 UTC" in box.bodies[0]


def test_the_operator_is_told_once_that_nothing_is_stored_and_again_the_next_time(tmp_path: Path) -> None:
    with mail_box() as box:
        found = stage(tmp_path, mail=box.port, more='[operator]\nmail = "ops@r.test"\n')
        service = with_a_source(found, "raise SystemExit(7)")
        for day in (0, 3):
            news(tmp_path, SEVEN + day * DAY, f"port-{day}")
            for hours in (1, 23, 25, 26, 60):
                found.clock.now = SEVEN + day * DAY + hours * HOUR
                asyncio.run(service.watch())

    assert [
        b"No article was stored since 2026-11-23 07:00 UTC",
        b"Over: No article was stored since 2026-11-23 07:",
        b"No article was stored since 2026-11-26 07:00 UTC",
    ] == [body.partition(b"\r\n\r\n")[2][:48] for body in box.bodies]


def test_what_is_old_is_removed_once_a_day(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan(), more='[keep]\narticles = "30d"\nmails = "1d"\n')
    news(tmp_path, SEVEN - 40 * DAY, "eastport")
    news(tmp_path, SEVEN, "westport")
    found.beat(SEVEN, SEVEN + HOUR, SEVEN + 2 * DAY)

    assert [("2026-11-25", "done", 1), ("2026-11-23", "done", 1)] == found.runs("tidy")
    assert "removed what is old: 1 articles" in found.said
    with open_archive(address(tmp_path)) as archive:
        assert ["https://herald.test/westport"] == [hit.article.url for hit in archive.search("", now=SEVEN).hits]
        assert 0 in {len(row.body) for row in archive.outbox.list()}


def with_a_source(found: Stage, script: str) -> Service:
    """Give a service whose crawl is due, and is this script."""
    sources = found.folder / "config" / "sources.toml"
    sources.write_text('[herald]\nname = "Herald"\nhomepage = "http://h.test/"\nfeeds = ["http://h.test/feed"]\n')
    service = found.service()
    service.reload()
    object.__setattr__(service.config.press.crawl, "visit_limit", 0.5)
    service.overtime = 0.0
    service.child.grace = 0.3
    service.program = (sys.executable, "-c", script)
    return service


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
open(PATH, "w").write(str(child.pid))
time.sleep(60)
"""


def lives(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_hanging_crawl_is_ended_at_its_limit_with_all_that_it_started(tmp_path: Path) -> None:
    found = stage(tmp_path)
    service = with_a_source(found, f"PATH = {str(tmp_path / 'pid')!r}\n{STUBBORN}")
    asyncio.run(service.do_all())

    assert ["failed"] == [state for _, state, _ in found.runs("crawl")]
    assert any("ended by force after" in line for line in found.said)
    assert not lives(int((tmp_path / "pid").read_text()))


def test_a_crawl_whose_time_is_over_before_anything_answered_has_failed(tmp_path: Path) -> None:
    found = stage(tmp_path)
    report = {"outcome": "limit", "totals": {"kept": 0, "fetched": 0, "polled": 0, "dropped": 0}}
    asyncio.run(with_a_source(found, f"print({json.dumps(report)!r})").do_all())

    assert ["failed"] == [state for _, state, _ in found.runs("crawl")]
    assert any("before anything answered" in line for line in found.said)


def test_a_crawl_that_ends_with_the_service_ends_in_the_ledger(tmp_path: Path) -> None:
    found = stage(tmp_path)
    begun = tmp_path / "begun"
    service = with_a_source(found, f"import time; open({str(begun)!r}, 'w'); time.sleep(60)")
    object.__setattr__(service.config.press.crawl, "visit_limit", 60.0)

    async def stopped() -> None:
        work = asyncio.create_task(service.once())
        while not begun.exists():
            await asyncio.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)
        await work

    asyncio.run(stopped())

    assert ["failed"] == [state for _, state, _ in found.runs("crawl")]
    assert any("crawl: ended with the service" in line for line in found.said)


def test_crawls_that_fail_are_started_less_and_less_often(tmp_path: Path) -> None:
    found = stage(tmp_path)
    service = with_a_source(found, "raise SystemExit(7)")

    async def beats() -> None:
        for minute in range(30):
            found.clock.now = SEVEN + minute * MINUTE
            await service.do_all()

    asyncio.run(beats())

    assert 4 == len(found.runs("crawl"))
    assert any("crawl: ended with code 7" in line for line in found.said)


def test_a_digest_waits_for_the_crawl_before_it_and_not_for_ever(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    service = with_a_source(found, "import time; time.sleep(60)")
    object.__setattr__(service.config.press.crawl, "visit_limit", 60.0)
    service.patience = 0.5

    async def slot() -> list[str]:
        await service.digest()
        slots = found.slots()
        await service.child.stop()
        async with service._crawling:
            return slots

    assert ["2026-11-23"] == asyncio.run(slot())
    assert ["failed"] == [state for _, state, _ in found.runs("crawl")]


def test_a_digest_goes_by_what_its_plan_says_after_the_crawl_that_it_waited_for(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan(), a_plan("evening", at='"07:00"', recipients="[]", empty='"send"'))
    plans = tmp_path / "config" / "digests.toml"
    changed = a_plan("evening", at='"07:00"', recipients="[]", empty='"send"', title='"Dusk"')
    asyncio.run(with_a_source(found, f"open({str(plans)!r}, 'w').write({changed!r})\nraise SystemExit(7)").digest())

    with open_archive(address(tmp_path)) as archive:
        (edition,) = archive.editions.list()
    assert ("evening", True) == (edition.plan, "Dusk" in edition.subject)


def test_a_bad_new_configuration_leaves_the_old_one(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    service = found.service()
    plans = tmp_path / "config" / "digests.toml"
    plans.write_text('[morning]\nat = "noon"\n')
    service.reload()
    old = service.config
    plans.write_text(a_quiet_plan() + "\n" + a_plan("evening", recipients="[]"))
    service.reload()

    assert found.config is old
    assert "digests.toml:2: morning.at" in found.said[0]
    assert ["morning", "evening"] == list(service.config.plans)


def test_a_configuration_that_is_changed_meanwhile_is_read_before_the_archive_is_brought_to_it(tmp_path: Path) -> None:
    found = stage(tmp_path)
    service = found.service()
    file = tmp_path / "config" / "watches.toml"
    file.write_text("[harbours]\nquery = 'harbour'\n", encoding="utf-8")
    with open_archive(address(tmp_path)) as archive:
        synchronise(archive, load(tmp_path / "config"), SEVEN)

    asyncio.run(service.crawl())
    told = len(found.said)
    asyncio.run(service.crawl())

    with open_archive(address(tmp_path)) as archive:
        assert ["harbours"] == [watch.name for watch in archive.watches.all()]
    assert "configuration read again" in found.said[0]
    assert told == len(found.said)


def test_a_change_with_a_fault_is_told_once_and_the_old_configuration_stays(tmp_path: Path) -> None:
    found = stage(tmp_path)
    service = found.service()
    old = service.config
    (tmp_path / "config" / "watches.toml").write_text("[harbours\n", encoding="utf-8")

    for _ in range(2):
        asyncio.run(service.crawl())

    assert service.config is old
    assert 1 == sum("has faults, the old one stays" in each for each in found.said)


def test_a_lock_names_its_holder_and_dies_with_it(tmp_path: Path) -> None:
    script = (
        "import sys, time; from digest.locks import only_instance\n"
        f"with only_instance({address(tmp_path)!r}): print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Locked, match=rf"process {holder.pid}\) runs on this archive already"):
            only_instance(address(tmp_path)).__enter__()
        holder.kill()

    with only_instance(address(tmp_path)):
        pass


def test_two_names_of_one_archive_have_one_lock(tmp_path: Path) -> None:
    (tmp_path / "other.db").symlink_to(tmp_path / "press.db")

    with only_instance(address(tmp_path)), pytest.raises(Locked):
        only_instance(f"sqlite:///{tmp_path / 'other.db'}").__enter__()


def run_child(act: Callable[[Child], Any]) -> Any:
    async def inside() -> Any:
        return await act(Child(grace=0.3))

    return asyncio.run(inside())


def test_a_child_gives_its_output_and_code() -> None:
    assert (3, b"out\n") == run_child(
        lambda child: child.run([sys.executable, "-c", "print('out'); raise SystemExit(3)"], 20)
    )


def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Overtime):
        run_child(lambda child: child.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2))


def test_a_child_that_is_unwanted_before_it_began_is_ended_at_once() -> None:
    async def stopped(child: Child) -> int:
        await child.stop()
        return (await child.run([sys.executable, "-c", "import time; time.sleep(60)"], 20))[0]

    assert -signal.SIGTERM == run_child(stopped)


def test_a_child_that_is_killed_from_outside_is_told_by_its_code() -> None:
    script = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"

    assert -signal.SIGKILL == run_child(lambda child: child.run([sys.executable, "-c", script], 20))[0]
    assert os.getpid() == psutil.Process().pid
