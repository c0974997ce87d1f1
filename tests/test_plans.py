"""Slots fall on the right instant, once, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config.models import PlanConfig
from crawler.errors import UsageError
from digest import plans


def plan(**fields: Any) -> PlanConfig:
    defaults: dict[str, Any] = {"name": "brief", "title": "Brief", "at": ["07:00"], "timezone": "Europe/Kyiv"}
    return PlanConfig(**{key: value for key, value in {**defaults, **fields}.items() if value != []})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_daily_slot_is_keyed_by_its_local_date() -> None:
    slot = plans.last_slot(plan(), utc("2026-11-23 05:00"))

    assert plans.Slot("2026-11-23", utc("2026-11-23 05:00")) == slot


def test_before_its_hour_yesterdays_slot_is_the_newest() -> None:
    slot = plans.last_slot(plan(), utc("2026-11-23 04:59:59"))

    assert slot is not None
    assert slot.key == "2026-11-22"


def test_several_times_a_day_carry_the_time_in_the_key() -> None:
    found = plans.slots(plan(at=["07:00", "19:30"]), utc("2026-11-22 12:00"), utc("2026-11-23 12:00"))

    assert [slot.key for slot in found] == ["2026-11-22 19:30", "2026-11-23 07:00"]


def test_every_is_keyed_by_its_utc_instant() -> None:
    slot = plans.last_slot(plan(at=[], every="6h"), utc("2026-11-23 07:20"))

    assert plans.Slot("2026-11-23T06:00:00Z", utc("2026-11-23 06:00")) == slot


def test_days_without_a_digest_are_passed_over() -> None:
    weekdays = plan(days=["mon", "tue", "wed", "thu", "fri"])
    found = plans.slots(weekdays, utc("2026-11-20 00:00"), utc("2026-11-24 00:00"))

    assert [slot.key for slot in found] == ["2026-11-20", "2026-11-23"]
    assert utc("2026-11-23 05:00") == plans.next_slot(weekdays, utc("2026-11-20 06:00")).due  # type: ignore[union-attr]


def test_a_plan_without_times_is_never_due() -> None:
    by_hand = plan().model_copy(update={"at": ()})

    assert plans.due(by_hand, utc("2026-11-23 07:00")) is None
    assert plans.next_slot(by_hand, utc("2026-11-23 07:00")) is None


def test_a_slot_that_is_too_late_is_not_made() -> None:
    late = plan(max_late="2h")

    assert plans.due(late, utc("2026-11-23 07:00")) is not None
    assert plans.due(late, utc("2026-11-23 07:01")) is None


def test_a_skipped_local_time_runs_at_the_next_valid_instant() -> None:
    """In Kyiv 03:00 became 04:00 on 29 March 2026, at 01:00 UTC."""
    slot = plans.last_slot(plan(at=["03:30"]), utc("2026-03-29 12:00"))

    assert plans.Slot("2026-03-29", utc("2026-03-29 01:00")) == slot


def test_a_repeated_local_time_runs_once_and_the_first_time() -> None:
    """In Kyiv 04:00 became 03:00 on 25 October 2026, at 01:00 UTC: 03:30 comes at 00:30 and at 01:30 UTC."""
    found = plans.slots(plan(at=["03:30"]), utc("2026-10-24 12:00"), utc("2026-10-25 12:00"))

    assert [plans.Slot("2026-10-25", utc("2026-10-25 00:30"))] == found


@pytest.mark.parametrize(
    "zone",
    ["Europe/Kyiv", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Tehran"],
)
@pytest.mark.parametrize("at", [["07:00"], ["02:15"], ["03:30"], ["00:00"]])
def test_each_local_date_of_two_years_has_one_digest_at_its_hour(zone: str, at: list[str]) -> None:
    daily = plan(at=at, timezone=zone)
    found = plans.slots(daily, utc("2026-01-01 00:00"), utc("2027-12-31 00:00"))
    days = [slot.key for slot in found]

    first = date.fromisoformat(days[0])
    assert [(first + timedelta(days=n)).isoformat() for n in range(len(days))] == days
    assert len(days) >= 728
    for slot in found:
        local = slot.due.astimezone(ZoneInfo(zone))
        assert slot.key == local.date().isoformat()
        if local.time() != time.fromisoformat(at[0]):  # only where the clocks skipped it
            assert (slot.due - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).utcoffset() != local.utcoffset()


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "UTC"]),
    st.sets(st.times().map(lambda t: f"{t:%H:%M}"), min_size=1, max_size=3),
)
def test_the_next_slot_becomes_the_last_one_when_its_moment_comes(now: datetime, zone: str, at: set[str]) -> None:
    daily = plan(at=sorted(at), timezone=zone)
    slot = plans.next_slot(daily, now.replace(tzinfo=UTC))

    assert slot is not None
    assert slot.due > now.replace(tzinfo=UTC)
    then = plans.last_slot(daily, slot.due)
    assert then is not None
    assert slot.due == then.due


def test_a_person_names_a_slot_by_date_time_or_instant() -> None:
    twice = plan(at=["07:00", "19:00"])

    assert plans.read_slot(plan(), "2026-11-23").key == "2026-11-23"
    assert plans.read_slot(plan(), "2026-11-23T07:00").key == "2026-11-23"
    assert plans.read_slot(twice, "2026-11-23 19:00").key == "2026-11-23 19:00"
    assert plans.read_slot(twice, "2026-11-23T05:00:00Z").key == "2026-11-23 07:00"
    assert plans.read_slot(plan(at=[], every="6h"), "2026-11-23T06:00:00+00:00").key == "2026-11-23T06:00:00Z"


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-23 08:00", "2026-11-23T05:00:01Z", "2026-13-01", ""])
def test_a_slot_that_is_none_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(UsageError, match="wanted a date such as"):
        plans.read_slot(plan(), text)


def test_a_date_with_several_slots_asks_which() -> None:
    with pytest.raises(UsageError, match="name one of 2026-11-23 07:00, 2026-11-23 19:00"):
        plans.read_slot(plan(at=["07:00", "19:00"]), "2026-11-23")


def test_the_charts_days_end_at_the_digests_own_hour() -> None:
    """Over the change of the clocks on 25 October a day has 25 hours."""
    days = plans.days_before(utc("2026-10-26 05:00"), "Europe/Kyiv", 3)

    assert [(day.until - day.since).total_seconds() / 3600 for day in days] == [24, 25, 24]
    assert utc("2026-10-26 05:00") == days[-1].until


def test_the_first_edition_covers_a_day_at_least() -> None:
    hourly = plan(at=[], every="1h")
    weekly = plan(days=["mon"])
    monday = plans.read_slot(weekly, "2026-11-23")

    assert timedelta(days=7) == monday.due - plans.first_window(monday, weekly).since
    slot = plans.read_slot(hourly, "2026-11-23T06:00:00Z")
    assert timedelta(days=1) == slot.due - plans.first_window(slot, hourly).since
