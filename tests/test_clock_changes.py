"""The real service over every change of the clocks of two years, on a clock of ours and a real archive."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.archive import open_archive
from digest.schedule import Service
from tests.service_sample import a_plan, address, mail_box, news
from tests.test_schedule import DAY, HOUR, MINUTE, SEVEN, Stage, a_quiet_plan, stage, with_a_source

QUARTER = 15 * MINUTE
#: The local dates on which the clocks change; where they never do, some dates.
NIGHTS = {
    "Europe/Kyiv": ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"],
    "America/New_York": ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"],
    "Australia/Sydney": ["2026-04-05", "2026-10-04", "2027-04-04", "2027-10-03"],
    # By half an hour only.
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04", "2027-04-04", "2027-10-03"],
    "Asia/Kathmandu": ["2026-03-29", "2027-10-31"],
    "Asia/Tehran": ["2026-03-22", "2027-09-22"],
}
#: The hours that are skipped or come twice lie elsewhere in each zone.
NIGHTLY = {"Europe/Kyiv": time(3, 30), "America/New_York": time(2, 30), "Australia/Sydney": time(2, 30)}


def first_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Find the first quarter of an hour at which the clocks of a zone show this time of this day, or a later one."""
    moment = datetime.combine(day, time(), tzinfo=UTC) - 15 * HOUR
    while (local := moment.astimezone(zone)).date() < day or (local.date() == day and local.time() < at):
        moment += QUARTER
    return moment


@pytest.mark.parametrize("zone", NIGHTS)
def test_each_local_date_has_one_edition_of_each_plan_at_its_hour(tmp_path: Path, zone: str) -> None:
    at = {"morning": time(7), "night": NIGHTLY.get(zone, time(2, 15)), "early": time(3, 30)}
    plans = [a_quiet_plan(name=name, at=f'"{each:%H:%M}"', timezone=f'"{zone}"') for name, each in at.items()]
    found = stage(tmp_path, *plans)
    place = ZoneInfo(zone)
    expected = {}

    async def nights() -> None:
        service = found.service()
        for night in map(date.fromisoformat, NIGHTS[zone]):
            expected.update({(name, str(night)): first_moment(night, each, place) for name, each in at.items()})
            midnight = first_moment(night, time(), place)
            for number in range(4 * 8 + 2):
                found.clock.now = midnight + number * QUARTER
                await service.digest()

    asyncio.run(nights())
    with open_archive(address(tmp_path)) as archive:
        editions = archive.editions.list(limit=1000)
    # At midnight the slots of the day before are caught up, which are none of ours.
    made = {(each.plan, each.slot): each.made_at for each in editions if each.slot in NIGHTS[zone]}

    assert expected == made
    assert {1} == set(Counter((each.plan, each.slot) for each in editions).values())


def test_the_nights_are_those_on_which_the_clocks_change() -> None:
    for zone, nights in NIGHTS.items():
        place = ZoneInfo(zone)
        days = [datetime(2026, 1, 1, 12, tzinfo=UTC) + number * DAY for number in range(730)]
        changes = [f"{day.astimezone(place).date()}" for day in days if offset(day, place) != offset(day - DAY, place)]

        assert changes == (nights if "Asia" not in zone else [])


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def test_an_hourly_cron_plan_has_an_edition_in_each_hour_that_passes(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan(at='"@hourly"', timezone='"Europe/Kyiv"'))
    begin = datetime(2026, 10, 24, 23, tzinfo=UTC)  # 02:00; two hours later it is 03:00 for the second time

    async def night() -> None:
        service = found.service()
        for number in range(8):
            found.clock.now = begin + number * HOUR / 2
            await service.digest()

    asyncio.run(night())

    assert [f"{begin + number * HOUR:%Y-%m-%dT%H:%M:%SZ}" for number in range(4)] == found.slots()


def test_a_slot_is_caught_up_once_on_the_night_of_25_hours_and_not_after_max_late(tmp_path: Path) -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 03:30 in Kyiv, for the first time
    found = stage(tmp_path, a_quiet_plan(at='"03:30"', timezone='"Europe/Kyiv"', max_late='"2h"'))

    assert [] == found.beat(night + 2 * HOUR + MINUTE, night + 5 * HOUR)
    assert ["2026-10-26"] == found.beat(night + DAY + HOUR + 2 * HOUR, night + DAY + HOUR + 2 * HOUR + MINUTE)


def polled(found: Stage, folder: Path) -> Service:
    """Give a service whose crawls write down when they begin, and do nothing."""
    note = '{"totals": {"kept": 0, "fetched": 0, "polled": 1, "dropped": 0}, "outcome": "finished"}'
    service = with_a_source(found, f"open({str(folder / 'crawls')!r}, 'a').write('x'); print({note!r})")
    object.__setattr__(service.config.press.crawl, "visit_limit", 60.0)
    return service


def crawls(folder: Path) -> int:
    path = folder / "crawls"
    return len(path.read_text()) if path.exists() else 0


def test_a_digest_does_not_wait_for_another_crawl_when_one_has_just_ended(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    service = polled(found, tmp_path)
    numbers = []

    async def morning() -> None:
        for moment in (SEVEN - 5 * MINUTE, SEVEN):
            found.clock.now = moment
            await service.crawl()
            numbers.append(crawls(tmp_path))
            service._next_crawl = None  # another one would be due
            await service.digest()
            numbers.append(crawls(tmp_path))

    asyncio.run(morning())

    assert [1, 1, 2, 2] == numbers
    assert ["2026-11-23"] == found.slots()


def test_what_was_crawled_long_ago_is_not_fresh(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    service = polled(found, tmp_path)

    async def late() -> None:
        found.clock.now = SEVEN - 5 * MINUTE
        await service.crawl()
        found.clock.now = SEVEN + 2 * HOUR
        await service.digest()

    asyncio.run(late())

    assert 2 == crawls(tmp_path)


def test_a_crawl_that_rests_is_woken_before_a_digest_and_only_once(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    service = polled(found, tmp_path)
    numbers = []

    async def morning() -> None:
        for minutes in (60, 30, 12, 9.5, 9, 2):
            found.clock.now = SEVEN - minutes * MINUTE
            service._next_crawl = SEVEN
            await service.crawl()
            numbers.append(crawls(tmp_path))

    asyncio.run(morning())

    assert [0, 0, 0, 1, 1, 1] == numbers


def test_a_digest_that_waited_in_vain_says_so(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    service = with_a_source(found, "import time; time.sleep(60)")
    object.__setattr__(service.config.press.crawl, "visit_limit", 60.0)
    service.patience = 0.3

    async def slot() -> None:
        await service.digest()
        await service.child.stop()
        async with service._crawling:
            return

    asyncio.run(slot())

    assert any("the crawl before the digest is not done after 0 s" in text for text in found.said)


def jumped(found: Stage, folder: Path, jump: timedelta) -> int:
    """Let a service rest after a crawl, let the clock jump, and count what it crawls then."""
    service = polled(found, folder)

    async def beats() -> None:
        await service.crawl()
        found.clock.now += 4 * HOUR
        await service.look_at_the_clock()
        await service.crawl()
        found.clock.now += jump
        await service.look_at_the_clock()
        await service.crawl()
        await service.digest()

    asyncio.run(beats())
    return crawls(folder)


def test_a_clock_that_is_put_back_holds_up_no_crawl(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())

    assert 3 == jumped(found, tmp_path, -3 * HOUR)
    assert any("the clock went back by 3 h 0 min; going on by the new time" in text for text in found.said)


def test_a_machine_that_slept_catches_up_once(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    found.clock.now = SEVEN - 5 * HOUR

    assert 3 == jumped(found, tmp_path, 3 * HOUR)
    assert any("the clock went forward by 3 h 0 min (the machine slept" in text for text in found.said)
    assert ["2026-11-23"] == found.slots()


def test_a_plan_whose_times_change_does_not_tell_again_what_it_has_told(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan())
    found.beat(SEVEN)
    news(tmp_path, SEVEN + HOUR)
    found.config = stage(tmp_path, a_quiet_plan(at='["07:00", "17:30"]')).config

    assert ["2026-11-23"] == found.beat(SEVEN + 3 * HOUR)
    assert ["2026-11-23", "2026-11-23 17:30"] == found.beat(SEVEN + 10.5 * HOUR)


def test_an_edition_of_a_clock_that_was_ahead_hides_no_slot(tmp_path: Path) -> None:
    found = stage(tmp_path, a_quiet_plan(at='["07:00", "17:30"]'))
    found.beat(SEVEN + 30 * DAY)

    assert "2026-11-23 07:00" in found.beat(SEVEN)


def test_a_plan_that_is_removed_leaves_its_mail_to_be_sent(tmp_path: Path) -> None:
    with mail_box() as box:
        box.refused = {"ann@reader.test": "451 later"}
        found = stage(tmp_path, a_plan(), mail=box.port)
        news(tmp_path, SEVEN - HOUR)
        found.beat(SEVEN)
        found.config = stage(tmp_path, mail=box.port).config
        box.refused = {}
        found.beat(SEVEN + 2 * HOUR)

    assert ["ann@reader.test"] == [recipient for recipient, _ in box.taken]


def test_a_plan_may_have_the_name_of_one_of_our_acts(tmp_path: Path) -> None:
    names = ("crawl", "digest", "watch", "send")
    found = stage(tmp_path, *(a_quiet_plan(name=name) for name in names))
    found.clock.now = datetime.now(UTC)

    async def briefly() -> None:
        service = found.service()
        running = asyncio.create_task(service.run())
        await asyncio.sleep(0.3)
        service._stopping.set()
        await running

    asyncio.run(briefly())
