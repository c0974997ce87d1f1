from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from crawler.records import Outlet, Source, Story
from digest.absence import DAYS, Absent, absent, days_before

FIRST = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = FIRST + timedelta(days=2)
STORY = Story(1, "Crane", (1,), outlets=(Outlet("post", "The Post", owner="Holding"),), first=FIRST, last=FIRST)
AGENCY = Source("agency", "State Agency", "", control="state")
SOURCES = [AGENCY, Source("post", "The Post", "", owner="Holding"), Source("evening", "Evening", "", owner="Holding")]
BEFORE = days_before(STORY)
WELL = {source.key: {*BEFORE, date(2026, 11, 20), date(2026, 11, 21)} for source in SOURCES}
USUAL = {"port": {day: {"agency", "post", "evening"} for day in BEFORE[:10]}}


def test_an_outlet_that_usually_carries_the_topic_and_is_absent_is_named_with_its_rate():
    assert absent(STORY, USUAL, WELL, SOURCES, NOW) == (Absent("agency", "State Agency", "port", 10, DAYS),)


def test_who_seldom_carries_the_topic_is_not_absent():
    seldom = {"port": {day: {"agency"} for day in BEFORE[:6]}}

    assert absent(STORY, seldom, WELL, SOURCES, NOW) == ()


def test_nothing_is_said_where_a_day_was_not_seen_well():
    for missing in (BEFORE[0], BEFORE[7], date(2026, 11, 21)):
        ill = {**WELL, "agency": WELL["agency"] - {missing}}

        assert absent(STORY, USUAL, ill, SOURCES, NOW) == ()


def test_a_story_of_today_was_left_out_by_nobody_yet():
    assert absent(STORY, USUAL, WELL, SOURCES, FIRST + timedelta(hours=20)) == ()


def test_an_owner_that_carried_it_in_another_outlet_is_not_absent():
    by_agency = replace(STORY, outlets=(Outlet("agency", "State Agency"), Outlet("post", "The Post", owner="Holding")))

    assert absent(by_agency, USUAL, WELL, SOURCES, NOW) == ()


def test_an_outlet_of_the_same_house_is_not_absent_however_the_house_is_written():
    spaced = [replace(source, owner=" holding ") if source.key == "evening" else source for source in SOURCES]

    assert [one.source for one in absent(STORY, USUAL, WELL, spaced, NOW)] == ["agency"]


def test_who_carried_it_in_another_language_or_is_its_origin_is_not_absent():
    assert absent(STORY, USUAL, WELL, SOURCES, NOW, also={"agency"}) == ()
    assert absent(STORY, USUAL, WELL, SOURCES, NOW, credited={"STATE AGENCY"}) == ()

    xinhua = replace(AGENCY, name="Xinhua")

    assert absent(STORY, USUAL, WELL, [xinhua], NOW, credited={"新华社"}) == ()


def test_an_outlet_of_which_something_was_lost_is_not_absent():
    assert absent(STORY, USUAL, WELL, SOURCES, NOW, unseen={"agency"}) == ()
