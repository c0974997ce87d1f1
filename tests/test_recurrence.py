"""Times as people write them mean what they say, and cron expressions what cron(5) says."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.config import PlanConfig
from crawler.config.models import PlanTable
from crawler.recurrence import Recurrence, read_recurrence
from crawler.slots import forwards, slots
from tests.commands import presswatch
from tests.service_sample import a_plan, configure


def plan(*at: str, zone: str = "UTC") -> PlanConfig:
    return PlanConfig(name="brief", at=list(at), timezone=zone)


def moments(text: str, since: datetime, number: int, zone: str = "UTC") -> list[datetime]:
    """List the first moments of a plan."""
    found = forwards(plan(text, zone=zone), since)
    return [slot.due for slot, _ in zip(found, range(number), strict=False)]


def days_of(text: str, number: int = 4) -> list[str]:
    """List the first days on which something comes, from a Monday on."""
    begin = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(seconds=1)
    return [f"{moment:%m-%d}" for moment in moments(text, begin, number)]


WEEK = ["11-23", "11-24", "11-25", "11-26", "11-27", "11-30"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("07:00 on weekdays", WEEK),
        ("07:00 on monday to friday", WEEK),
        ("07:00 on Mon-Fri", WEEK),
        ("07:00 on weekends", ["11-28", "11-29", "12-05"]),
        ("07:00 on mon, wed and Fridays", ["11-23", "11-25", "11-27", "11-30"]),
        ("07:00 on Tues, thurs", ["11-24", "11-26", "12-01"]),
        ("07:00 on fri-mon", ["11-23", "11-27", "11-28", "11-29", "11-30", "12-04"]),
        ("07:00 on every day", ["11-23", "11-24"]),
        ("07:00 on every sunday", ["11-29", "12-06"]),
        ("on mondays at 07:00", ["11-23", "11-30", "12-07"]),
        ("first monday of the month at 09:00", ["12-07", "01-04", "02-01", "03-01"]),
        ("09:00 on the first and third monday", []),
        ("09:00 on the first monday and third monday", ["12-07", "12-21", "01-04"]),
        ("09:00 on the last friday of each month", ["11-27", "12-25", "01-29"]),
        ("09:00 on the 1st and 15th of the month", ["12-01", "12-15", "01-01"]),
        ("09:00 on the 31st", ["12-31", "01-31", "03-31"]),
        ("09:00 on the last day", ["11-30", "12-31", "01-31", "02-28"]),
        ("30 6 * * mon-fri", WEEK),
        ("30 6 * * 1-5", WEEK),
        ("0 7 * * 0", ["11-29", "12-06"]),
        ("0 7 * * 7", ["11-29", "12-06"]),
        ("0 7 * * sat-sun", ["11-28", "11-29", "12-05"]),
        ("0 7 * * Sunday", ["11-29", "12-06"]),
        ("0 7 1 * *", ["12-01", "01-01"]),
        ("0 7 l * *", ["11-30", "12-31", "01-31"]),
        ("0 7 ? * 5L", ["11-27", "12-25"]),
        ("0 7 * * friL", ["11-27", "12-25"]),
        ("0 7 * * mon#1", ["12-07", "01-04"]),
        ("0 7 29 feb *", ["02-29"]),
        # Either the 1st or a Friday, as in cron; but "*/2" restricts nothing, so both must hold.
        ("0 7 1 * fri", ["11-27", "12-01", "12-04", "12-11"]),
        ("0 7 */2 * fri", ["11-27", "12-11", "12-25"]),
        ("@weekly", ["11-29", "12-06"]),
        ("@monthly", ["12-01", "01-01"]),
        ("@yearly", ["01-01", "01-01"]),
    ],
)
def test_days_are_those_that_were_named(text: str, days: list[str]) -> None:
    if not days:
        with pytest.raises(ValueError, match='days after "on"'):
            read_recurrence(text)
        return
    assert days == days_of(text, len(days))


def test_times_of_a_phrase_are_read_in_any_order() -> None:
    found = read_recurrence("17:30, 07:00 and 12:15 on weekdays")

    assert isinstance(found, Recurrence)
    assert (time(7), time(12, 15), time(17, 30)) == found.times
    assert ("mon", "tue", "wed", "thu", "fri") == found.weekdays()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("7:00", 'a time of day, such as "07:00", or a list of them'),
        ("noon", 'a time of day, such as "07:00", or a list of them'),
        ("25:00 on mon", '"07:00 and 17:30 on weekdays"'),
        ("07:00 on", '"on" and days'),
        ("07:00 mon", '"on" and days'),
        ("07:00 on moonday", 'days after "on", such as "mon, wed"'),
        ("07:00 on mo", 'days after "on"'),
        ("07:00 on 31th", 'days after "on"'),
        ("07:00 on the 32nd", 'days after "on"'),
        ("07:00 on mon and the 1st", "either weekdays or days of the month"),
        ("0 0 30 2 *", "none of the months 2 has a day 30, so this is never due"),
        ("0 0 31 2,4,jun *", "none of the months 2,4,jun has a day 31"),
        ("60 * * * *", "0 to 59 in the field of the minute, where '60' stands"),
        ("0 24 * * *", "0 to 23 in the field of the hour"),
        ("0 7 0 * *", "1 to 31 in the field of the day of month"),
        ("0 7 * 13 *", '1 to 12 or a name such as "feb" in the field of the month'),
        ("0 7 * * 8", '0 to 7 or a name such as "mon" in the field of the weekday'),
        ("0 22-2 * * *", 'write "22-23,0-2"'),
        ("5/15 * * * *", 'a range before the step in the field of the minute, such as "5-59/15"'),
        ("*/0 * * * *", "a step from 1 on"),
        ("0 7 15W * *", "1 to 31"),
        ("0 7 * *", "the five fields of cron: minute, hour, day of month, month and weekday"),
        ("0 0 7 * * mon", "these are 6"),
        (", * * * *", "0 to 59"),
        ("1, * * * *", "0 to 59"),
        ("@reboot", 'one of "@yearly"'),
        ("\u0661 * * * *", "0 to 59"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wanted(text: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wanted)):
        read_recurrence(text)


@given(st.text(max_size=40) | st.from_regex(r"[0-9*,/L#@a-z: -]{1,40}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    found: object = None
    with suppress(ValueError):
        found = read_recurrence(text)

    assert isinstance(found, None | time) or (isinstance(found, Recurrence) and found.times)


def a_field(least: int, most: int) -> st.SearchStrategy[str]:
    """Write a field of cron in every way that it has."""
    number = st.integers(least, most)
    span = st.tuples(number, number).map(sorted).map(lambda ends: f"{ends[0]}-{ends[1]}")
    step = st.tuples(st.just("*") | span, st.integers(1, 20)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    return st.just("*") | st.lists(number.map(str) | span | step, min_size=1, max_size=3).map(",".join)


@settings(max_examples=40)
@given(
    st.tuples(a_field(0, 59), a_field(0, 23), a_field(1, 28), a_field(1, 12), a_field(0, 6)).map(" ".join),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),
)
def test_cron_expressions_come_when_another_reader_says(text: str, begin: datetime) -> None:
    since = begin.replace(tzinfo=UTC, microsecond=0)
    theirs = CronSim(text, since)

    assert [next(theirs) for _ in range(5)] == moments(text, since, 5)


KYIV_AUTUMN, KYIV_SPRING = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)


def utc_times(text: str, night: datetime, hours: int) -> list[str]:
    found = slots(plan(text, zone="Europe/Kyiv"), night - timedelta(seconds=1), night + timedelta(hours=hours))
    return [f"{slot.due:%H:%M}" for slot in found]


def test_every_half_hour_goes_by_the_hours_that_pass() -> None:
    """In Kyiv the hour from 03:00 comes twice on 25 October and not at all on 29 March, both at 01:00 UTC."""
    every_half_hour = ["00:00", "00:30", "01:00", "01:30", "02:00"]

    assert every_half_hour == utc_times("*/30 * * * *", KYIV_AUTUMN, 2)
    assert every_half_hour == utc_times("*/30 * * * *", KYIV_SPRING, 2)


def test_named_hours_come_once_also_when_they_are_repeated_or_skipped() -> None:
    assert ["00:00", "00:30", "02:00"] == utc_times("*/30 3,4 * * *", KYIV_AUTUMN, 2)
    # 03:00, 03:30 and 04:00 are one moment then, and one digest.
    assert ["01:00", "01:30"] == utc_times("*/30 3,4 * * *", KYIV_SPRING, 2)


def test_slots_of_every_hour_are_keyed_by_their_instant() -> None:
    found = slots(plan("@hourly", zone="Europe/Kyiv"), KYIV_AUTUMN, KYIV_AUTUMN + timedelta(hours=2))

    assert ["2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"] == [slot.key for slot in found]


def test_one_time_a_day_is_keyed_by_its_date_however_it_is_written() -> None:
    begin = datetime(2026, 11, 23, tzinfo=UTC)
    written = [("07:00",), ("07:00 on weekdays",), ("0 7 * * *",), ("07:00 on weekdays", "07:00 on the 1st")]

    for at in written:
        assert "2026-11-23" == next(forwards(plan(*at), begin)).key


def test_times_that_name_no_days_have_those_of_the_plan() -> None:
    both = PlanConfig(name="brief", at=["07:00", "10:00 on sat"], days=["mon"])
    begin = datetime(2026, 11, 23, tzinfo=UTC)
    found = slots(both, begin, begin + timedelta(days=8))

    assert ["2026-11-23 07:00", "2026-11-28 10:00", "2026-11-30 07:00"] == [slot.key for slot in found]


def test_a_table_takes_a_phrase_a_list_of_them_or_cron() -> None:
    assert 1 == len(PlanTable(at="07:00 on weekdays").at)  # type: ignore[arg-type]
    assert (time(7),) == PlanTable(at=["07:00", "07:00"]).at  # type: ignore[arg-type]
    assert 2 == len(PlanTable(at=["@daily", "07:00"]).at)  # type: ignore[arg-type]


def test_days_beside_times_that_have_their_own_are_a_fault_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"digests.toml:5: morning.days: found \['mon'\], wanted left out") as caught:
        configure(tmp_path, a_plan(at='"07:00 on weekdays"', days='["mon"]', recipients="[]"))

    assert 'every time of "at" names its days' in str(caught.value)


def test_a_fault_in_a_list_names_the_time(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"morning.at: .* days after .*not '07:00 on moonday'"):
        configure(tmp_path, a_plan(at='["07:00", "07:00 on moonday"]', recipients="[]"))


def test_config_check_says_when_a_digest_is_due_next(tmp_path: Path) -> None:
    configure(tmp_path, a_plan(at='"0 7 29 feb *"', timezone='"Europe/Kyiv"', recipients="[]"))
    told = presswatch(tmp_path, "config", "check").stdout

    assert re.search(r"morning: next Tue 29 Feb 2028 07:00, \w+ 29 Feb 2032 07:00, .* \(Europe/Kyiv\)", told)


def test_a_time_that_never_comes_is_a_fault_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"digests.toml:3: morning.at: found '0 0 30 2 \*', wanted days that there are"):
        configure(tmp_path, a_plan(at='"0 0 30 2 *"', recipients="[]"))
