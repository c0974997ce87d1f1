from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.config import Config, PlanConfig
from crawler.records import Source
from digest import asides, edition, jobs, render
from digest.content import AlsoIn, EditionContent
from digest.plans import Slot
from tests.archive_sample import NOW
from tests.edition_sample import a_morning
from tests.harbour_sample import CHINESE, POST, STATE, TEXT, late, watched

EVENING = Source("evening", "Evening", "", control="private")
PLAN = PlanConfig(name="daily", title="Daily", watches=["port"], top=1, at=["07:00"])


def made(archive: Archive) -> EditionContent:
    edition = jobs.make_edition(archive, Config(Path()), PLAN, Slot("2026-11-23", NOW), NOW).edition
    assert edition is not None
    return EditionContent.from_json(edition.content)


def test_stories_of_one_event_stand_apart_and_name_each_other() -> None:
    with watched(STATE, POST) as archive:
        english, chinese = late(archive, POST, 2, TEXT), late(archive, STATE, 3, CHINESE, "zh")
        content = made(archive)
        stories = {item.carrier.article: item for item in content.items}

        assert stories[english].also_in == (
            AlsoIn(stories[chinese].story, "zh", "Crane falls into Sundhaven basin", "http://agency.example/3-zh"),
        )
        assert [one.story for one in stories[chinese].also_in] == [stories[english].story]
        assert {stories[number].control for number in (english, chinese)} == {""}


def test_a_story_names_no_first_report_where_an_earlier_one_stands_in_another_language() -> None:
    with watched(STATE, POST, EVENING) as archive:
        english = late(archive, POST, 3, TEXT)
        late(archive, EVENING, 2, TEXT + " Nobody was hurt, the port said.")
        late(archive, STATE, 4, CHINESE, "zh")
        item = next(item for item in made(archive).items if english in item.articles)

        assert (item.owners, item.first) == (2, None)


def test_that_no_voice_is_outside_state_control_is_not_said_where_another_language_has_some() -> None:
    with watched(STATE, POST) as archive:
        late(archive, POST, 2, TEXT)
        chinese = late(archive, STATE, 3, CHINESE, "zh")
        content = made(archive)
        item = next(item for item in content.items if chinese in item.articles)

        assert (item.owners, item.control, item.outside) == (1, "", "")
        for page in (render.text(content), render.web_html(content), render.mail_html(content)):
            assert b"none outside" not in page


@pytest.mark.parametrize(
    ("elsewhere", "said"),
    [(False, "3 separate owners, none of them outside state control."), (True, "3 separate owners.")],
)
def test_the_lead_says_that_no_owner_is_outside_state_control_only_where_no_other_language_has_some(
    elsewhere: bool, said: str
) -> None:
    papers = [STATE, *(replace(STATE, key=key, name=key.title()) for key in ("herald", "tribune"))]
    with watched(POST, *papers) as archive:
        for number, source in enumerate(papers):
            late(archive, source, 3 + number, f"{TEXT} {source.name} asked {number + 12} sailors what they saw.")
        if elsewhere:
            late(archive, POST, 2, CHINESE, "zh")

        assert f"has {said}" in " ".join(render.text(made(archive)).decode().split())


def test_who_did_not_carry_it_is_told_of_top_stories_only() -> None:
    with watched(STATE, POST, EVENING) as archive:
        late(archive, POST, 40, TEXT)
        late(archive, POST, 41, "A crane of another kind, a bird, was seen on the roof of the town hall of Ostby.")
        content = made(archive)
        (top,) = content.top

        assert {("agency", "port", 14), ("evening", "port", 14)} == {
            (one.source, one.watch, one.days) for one in top.did_not_carry
        }
        assert [one.days_with for one in top.did_not_carry] == [12, 12]
        assert {()} == {item.did_not_carry for item in content.items if item is not top}
        assert top.control == "no state media yet"


def test_a_claim_is_left_out_that_a_story_in_another_language_beside_it_may_belie() -> None:
    content = edition.choose(a_morning())
    claimed = replace(content.top[0], control="no state media yet", watch="Counter-intelligence", also_watches=())
    beside = next(item for item in content.sections[0].items if item.carrier.language == "zh")
    other = replace(
        claimed, story=901, watch="Sanctions", also_in=(AlsoIn(beside.story, "zh", "as the story is called"),)
    )

    mended = asides._beside_each_other(replace(content, top=(claimed, other)))

    assert "state" == beside.carrier.control
    assert ["", "no state media yet"] == [item.control for item in mended.top]
    assert beside.carrier.headline == mended.top[1].also_in[0].title
