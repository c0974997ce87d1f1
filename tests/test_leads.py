"""Before a digest its sources are polled, and no rule of politeness is broken for it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.config import PlanConfig
from crawler.leads import leads
from crawler.polling.pace import Settings, before_digest
from crawler.slots import slots

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def plan(**fields: Any) -> PlanConfig:
    return PlanConfig(name="brief", **{"timezone": "Europe/Kyiv", **fields})


def test_a_lead_is_the_time_before_a_slot() -> None:
    found = leads([plan(at="07:00")], MONDAY, MONDAY + DAY)

    assert [(MONDAY + 4.75 * HOUR, MONDAY + 5 * HOUR)] == [(lead.begin, lead.end) for lead in found]
    assert MONDAY + 4.75 * HOUR + 5 * MINUTE == found[0].polled


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"at": ["07:00", "17:30"]}, 2),
        ({"at": ["07:00", "07:30"]}, 1),
        ({"at": "07:00", "poll_before": "0s"}, 0),
        ({"every": "1h"}, 24),
        ({"every": "30m"}, 0),
        ({"every": "30m", "poll_before": "7m"}, 48),
        ({"at": "* * * * *"}, 0),
        ({"at": "@hourly"}, 24),
    ],
)
def test_a_plan_whose_digests_come_often_has_what_the_usual_rhythm_brings(fields: dict[str, Any], number: int) -> None:
    assert number == len(leads([plan(**fields)], MONDAY, MONDAY + DAY))


def polls(
    interval: timedelta, begin: datetime, days: int, *, fixed: bool = False, asked: float = 0.0
) -> list[datetime]:
    """Poll a channel of this interval for some days, each poll up to three minutes late, as crawls are."""
    dice, moments, wait = random.Random(20261123), [begin], max(interval.total_seconds(), asked)
    rules = Settings(fixed=fixed, leads=tuple(leads([plan(at="07:00")], begin, begin + (days + 2) * DAY)))
    while moments[-1] < begin + days * DAY:
        now, luck = moments[-1], dice.random()
        wanted = before_digest(now, wait, asked, rules, luck)
        usual = now + timedelta(seconds=min(wait * (1 + rules.jitter * luck), max(rules.cap, wait)))
        moments.append((wanted or usual) + dice.random() * 3 * MINUTE)
    return moments


def polled_before(moments: list[datetime], skip: int) -> list[bool]:
    """Tell for every digest but the first ones whether a poll fell into its lead."""
    due = [slot.due for slot in slots(plan(at="07:00"), moments[0], moments[-1])]
    return [any(end - 15 * MINUTE <= moment < end for moment in moments) for end in due[skip:]]


@settings(max_examples=20)
@given(
    st.sampled_from([17, 45, 60, 90, 120, 180, 240, 360, 600, 1430, 1440]),
    st.datetimes(datetime(2026, 10, 22), datetime(2026, 10, 23)),
)
def test_every_digest_has_a_poll_just_before_it_also_when_the_clocks_change(minutes: int, begin: datetime) -> None:
    moments = polls(minutes * MINUTE, begin.replace(tzinfo=UTC), 6 if minutes <= 360 else 20)
    waits = [later - sooner for sooner, later in pairwise(moments)]

    # What is asked seldom needs some days until its hour is right.
    assert all(polled_before(moments, 1 if minutes <= 360 else 8))
    assert all(max(10, minutes * 0.8) * MINUTE <= wait <= minutes * 1.25 * MINUTE + 3 * MINUTE for wait in waits)


@settings(max_examples=20)
@given(
    st.sampled_from([17, 30, 45, 60, 90, 120, 700, 1440]),
    st.datetimes(datetime(2026, 10, 22), datetime(2026, 10, 23)),
    st.booleans(),
)
def test_nobody_is_asked_sooner_than_he_or_the_user_wants(minutes: int, begin: datetime, fixed: bool) -> None:
    asked = 0.0 if fixed else minutes * 60.0
    moments = polls(minutes * MINUTE, begin.replace(tzinfo=UTC), 6, fixed=fixed, asked=asked)

    assert minutes * MINUTE <= min(later - sooner for sooner, later in pairwise(moments))
    assert minutes > 120 or all(polled_before(moments, 1))
