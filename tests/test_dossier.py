from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archive import Archive, Kept, open_archive
from crawler.records import CopyOf, Source
from digest import marking
from digest.dossier import First, control, dossier
from digest.regrouping import regroup
from tests.archive_sample import NOW, entries, keep, lease
from tests.harbour_sample import CHINESE, CLUB, CRANES, POST, STATE, TEXT, late, told, watched


def test_a_story_is_told_with_its_first_report_its_timeline_and_who_controls_its_outlets():
    with open_archive("sqlite:///:memory:") as archive:
        archive.sources.sync([STATE, POST, CLUB], NOW)
        keep(archive, told(POST, 30), told(POST, 20, TEXT + " Nobody was hurt, the port said."))
        archive.articles.keep([Kept(told(CLUB, 10), copy=CopyOf(1, "full", 1.0))], NOW)
        regroup(archive, NOW)
        story = archive.stories.get(1)
        assert story is not None

        found = dossier(archive, story, NOW)

        assert found.first_report == First(1, "post", "The Post")
        assert [(step.article, step.copies) for step in found.timeline] == [(1, (3,)), (2, ())]
        assert found.framing == found.did_not_carry == found.also_in == ()
        assert found.control == ""  # nobody knows who controls the club


@pytest.mark.parametrize(("hours", "first"), [(4, None), (1, First(1, "post", "The Post"))])
def test_who_was_first_is_told_only_where_that_holds_in_all_languages(hours: float, first: First | None):
    with open_archive("sqlite:///:memory:") as archive:
        archive.sources.sync([STATE, POST, CLUB], NOW)
        keep(archive, told(POST, 3), told(CLUB, 2, TEXT + " Nobody was hurt."), told(STATE, hours, CHINESE, "zh"))
        regroup(archive, NOW)
        story = archive.stories.get(archive.stories.of(1) or 0)
        assert story is not None

        found = dossier(archive, story, NOW)

        assert [link.language for link in found.also_in] == ["zh"]
        assert found.first_report == first


@pytest.mark.parametrize(
    ("edited", "credited", "first"),
    [
        (2.5, None, First(1, "post", "The Post")),
        (1, None, None),
        # Who is named as the origin by all others was first, whatever was edited later.
        (1, "The Post", First(1, "post", "The Post")),
    ],
)
def test_who_edited_a_text_after_others_were_seen_was_not_first_by_its_time(
    edited: float, credited: str | None, first: First | None
):
    """What tells the event may have come by the edit, into an article on something else."""
    with open_archive("sqlite:///:memory:") as archive:
        archive.sources.sync([STATE, POST, CLUB], NOW)
        own, other = told(POST, 3), replace(told(CLUB, 2, TEXT + " Nobody was hurt."), credited_to=credited)
        revised = replace(own, text=TEXT + " The mayor came to the port at noon.")
        kept = [(3.0, own), (2.0, other), (edited, revised)]
        for hours, each in sorted(kept, key=lambda pair: -pair[0]):
            seen = NOW - timedelta(hours=hours)
            keep(archive, replace(each, first_seen=seen), at=seen)
        regroup(archive, NOW)
        story = archive.stories.get(archive.stories.of(1) or 0)
        assert story is not None

        found = dossier(archive, story, NOW)

        assert ["new", "revised"] == [change.kind for change in archive.changes.of(1)]
        assert story.articles == (1, 2)
        assert found.first_report == first


def test_by_what_stories_agree_is_found_when_they_are_told_and_again_where_it_is_not_known():
    with open_archive("sqlite:///:memory:") as archive:
        archive.sources.sync([STATE, POST], NOW)
        keep(archive, told(POST, 3), told(STATE, 2, CHINESE, "zh"))
        regroup(archive, NOW)
        near = [archive.stories.near(NOW, NOW, timedelta(days=1), 9, marking.VERSION)]
        story = archive.stories.get(1)
        assert story is not None
        found = [dossier(archive, story, NOW).also_in]
        archive.stories.write(archive.stories.list(), [], NOW)
        near.append(archive.stories.near(NOW, NOW, timedelta(days=1), 9, marking.VERSION))
        found.append(dossier(archive, story, NOW).also_in)
        near.append(archive.stories.near(NOW, NOW, timedelta(days=1), 9, marking.VERSION))

        assert [2, 0, 2] == [sum(one.anchors is not None for one in those) for those in near]
        assert near[0] == near[2]
        assert ["zh"] == [link.language for link in found[0]]
        assert found[0] == found[1]


APART = (
    "Dockers of Sundhaven walked out on Monday after a crane had fallen. Families waited at the gates, and the mayor "
    "promised an inquiry into old machines and long shifts. The union had asked for new brakes since spring, and wants "
    "those who refused them to resign."
)


@pytest.mark.parametrize(("hours", "first"), [(5, None), (1, First(1, "post", "The Post"))])
def test_nobody_was_first_while_an_earlier_text_that_may_tell_the_event_stands_apart(hours: float, first: First | None):
    with open_archive("sqlite:///:memory:") as archive:
        archive.sources.sync([STATE, POST, CLUB], NOW)
        keep(archive, told(POST, 3), told(CLUB, 2, TEXT + " Nobody was hurt."))
        keep(archive, told(STATE, hours, APART, title="Dockers angry in Sundhaven"))
        keep(archive, *(told(CLUB, 20 + number, text, title=text[:30]) for number, text in enumerate(OTHER_NEWS)))
        regroup(archive, NOW)
        story = archive.stories.get(archive.stories.of(1) or 0)
        assert story is not None
        assert story.articles == (1, 2)

        assert dossier(archive, story, NOW).first_report == first
        archive.bags.drop(range(1, 10))  # as of old stories
        assert dossier(archive, story, NOW).first_report == first


OTHER_NEWS = (
    "The central bank of Ostby raised its rate by half a point, and its governor spoke of prices that will not fall.",
    "A court in Lanport sentenced the former minister Pavel Drozd to four years for bribes over contracts.",
    "Growers of the Talmar valley expect the best harvest of apricots since 2011 after a mild spring.",
    "The orchestra of Berhan opens its season with a symphony that was thought to be lost for a century.",
)


def test_what_is_said_of_control_is_only_what_is_known():
    sources = {source.key: source for source in (STATE, POST, CLUB)}
    with open_archive("sqlite:///:memory:") as archive:
        archive.sources.sync(sources.values(), NOW)
        keep(
            archive,
            told(STATE, 3),
            replace(told(POST, 2, "The central bank raised its rate, and the governor resigned."), title="Rate raised"),
        )
        regroup(archive, NOW)
        state, post = (archive.stories.get(number) for number in (1, 2))
        assert state is not None
        assert post is not None

        assert control([state], sources) == "state-controlled only"
        assert control([post], sources) == "no state media yet"
        assert control([post], {"post": POST}) == ""  # no state media are watched
        assert control([state, post], sources) == control([post, state], sources) == ""
        unknown = tuple(replace(outlet, control="unknown") for outlet in post.outlets)
        assert control([replace(post, outlets=unknown)], sources) == ""


EXPLOSION = {
    "zh": "据省应急管理厅通报，青岩县石桥沟煤矿发生瓦斯爆炸，九人死亡，十四人受伤，另有三人被困。",
    "en": "Nine miners died and three are trapped after an explosion in the coal mine of Stonebridge, officials say.",
}
SURVIVORS = {
    "zh": "先是一声闷响，全是烟。从石桥沟煤矿升井的矿工王德顺说。他在井下工作了十二年，家属在医院门口等待消息。",
    "en": "He heard a thud, and then all was smoke. He left Stonebridge alive, but fears for his brother.",
}
ELSEWHERE = {
    "zh": "国家统计局公布，前三季度国内居民消费价格同比上涨，专家认为物价将保持平稳，政策仍有空间。",
    "en": "The central bank raised its rate by half a point, and its governor spoke of prices that will not fall.",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_nobody_else_tells_is_not_said_while_a_follow_up_stands_apart(language: str):
    with watched(STATE, POST) as archive:
        report = late(archive, STATE, 40, EXPLOSION[language], language, "Explosion in a mine")
        follow_up = late(archive, POST, 39, SURVIVORS[language], language, "A survivor remembers")
        other = late(archive, POST, 38, ELSEWHERE[language], language, "Rates and prices")
        regroup(archive, NOW)
        stories = [archive.stories.get(archive.stories.of(number) or 0) for number in (report, follow_up, other)]
        found = [dossier(archive, story, NOW) for story in stories if story is not None]

        assert [(one.control, one.stands_alone) for one in found] == [
            ("", False),
            ("", False),
            ("no state media yet", True),
        ]
        assert [[each.source for each in one.did_not_carry] for one in found] == [[], [], ["agency"]]


def test_a_follow_up_of_the_same_side_takes_nothing_away_from_what_is_said():
    with watched(STATE, POST) as archive:
        report = late(archive, POST, 40, EXPLOSION["en"], "en", "Explosion in a mine")
        late(archive, POST, 39, SURVIVORS["en"], "en", "A survivor remembers")
        regroup(archive, NOW)
        story = archive.stories.get(archive.stories.of(report) or 0)
        assert story is not None
        found = dossier(archive, story, NOW)

        assert (found.control, found.stands_alone) == ("no state media yet", False)


def absent(archive: Archive, number: int) -> list[tuple[str, str, bool]]:
    regroup(archive, NOW)
    story = archive.stories.get(archive.stories.of(number) or 0)
    assert story is not None
    found = dossier(archive, story, NOW)
    return [(one.source, one.watch, one.days_with >= 7) for one in found.did_not_carry]


def test_who_did_not_carry_it_is_read_from_mentions_and_polls():
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, TEXT)

        assert absent(archive, number) == [("agency", "port", True)]


def test_who_carried_it_in_another_language_is_not_said_to_have_left_it_out():
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, TEXT)
        other = late(archive, STATE, 39, CHINESE, "zh")

        assert absent(archive, number) == absent(archive, other) == []


@pytest.mark.parametrize(("reason", "named"), [("blocked", False), ("not found", False), ("not an article", True)])
def test_an_outlet_that_lost_a_page_since_is_not_said_to_have_left_it_out(reason: str, named: bool):
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, TEXT)
        archive.pages.queue("agency", entries("http://agency.example/crane"), NOW - timedelta(hours=38))
        page = lease(archive, NOW - timedelta(hours=38)).page
        archive.pages.drop(page, reason, "", NOW - timedelta(hours=38))

        assert bool(absent(archive, number)) is named


def test_an_outlet_whose_pages_wait_is_not_said_to_have_left_it_out():
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, TEXT)
        archive.pages.queue("agency", entries("http://agency.example/crane"), NOW - timedelta(hours=38))

        assert absent(archive, number) == []


@pytest.mark.parametrize(
    ("text", "language", "matches", "named"),
    [
        (
            "Ein Kran ist umgestürzt. Anwohner mussten ihre Wohnungen verlassen, die Ursache ist unklar.",
            "de",
            True,
            False,
        ),
        ("Im Hafenbecken liegen seit Montag 3400 Tonnen Schienen. Taucher suchen nach ihnen.", "de", False, False),
        ("Fähren nach Sundhaven fallen aus. Die Reederei rechnet mit Tagen.", "de", False, False),
        ("Das Orchester eröffnet seine Saison mit einer verschollenen Sinfonie.", "de", False, True),
        (APART.partition(". ")[2] + " So does the mayor of Sundhaven.", "en", False, False),
        (OTHER_NEWS[0], "en", True, True),
    ],
)
def test_an_outlet_with_a_text_that_may_tell_it_is_not_said_to_have_left_it_out(
    text: str, language: str, matches: bool, named: bool
):
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, TEXT)
        apart = told(STATE, 39, text, language, "Montag" if language == "de" else "Long shifts")
        archive.articles.keep([Kept(apart, mentions=CRANES if matches else ())], NOW)

        assert bool(absent(archive, number)) is named
        assert archive.stories.of(number) != archive.stories.of(number + 1)


def test_an_outlet_that_told_it_much_later_in_another_language_is_said_to_have_left_it_out():
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, TEXT)
        late(archive, STATE, 2, "Ein Kran ist umgestürzt. Die Ursache ist unklar.", "de", "Unfall")

        assert absent(archive, number) == [("agency", "port", True)]


@pytest.mark.parametrize(("first", "then"), [(STATE, POST), (POST, STATE)])
def test_what_was_withdrawn_is_marked_and_its_outlets_are_not_said_to_have_kept_silent(first: Source, then: Source):
    with watched(STATE, POST) as archive:
        gone = late(archive, first, 40, TEXT)
        stays = late(archive, then, 39, TEXT + " Nobody was hurt, the port said.")
        copy = replace(told(first, 38, TEXT), url="http://other.example/copy")
        (copied,) = archive.articles.keep([Kept(copy, copy=CopyOf(stays, "full", 1.0))], NOW)
        regroup(archive, NOW)
        for number in (gone, copied.id):
            archive.articles.withdraw(number, NOW, "gone")
        regroup(archive, NOW)
        story = archive.stories.get(archive.stories.of(stays) or 0)
        assert story is not None
        assert [outlet.key for outlet in story.outlets] == [then.key]
        found = dossier(archive, story, NOW)

        assert [step.withdrawn for step in found.timeline] == [(gone,), (copied.id,)]
        assert found.control == ""
        assert found.did_not_carry == ()
        assert found.stands_alone is (first is STATE)


@pytest.mark.parametrize(("source", "said"), [(STATE, "state-controlled only"), (POST, "no state media yet")])
def test_what_an_outlet_of_the_same_side_withdrew_takes_nothing_away_from_what_is_said(source: Source, said: str):
    with watched(STATE, POST) as archive:
        gone = late(archive, source, 40, TEXT)
        stays = late(archive, source, 39, TEXT + " Nobody was hurt, the port said.")
        regroup(archive, NOW)
        archive.articles.withdraw(gone, NOW, "gone")
        regroup(archive, NOW)
        story = archive.stories.get(archive.stories.of(stays) or 0)
        assert story is not None

        assert dossier(archive, story, NOW).control == said
