from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archive import Archive, Kept, open_archive
from crawler.records import CopyOf, Mention, Source, Watch
from digest.dossier import First, control, dossier
from digest.regrouping import regroup
from tests.archive_sample import NOW, article, entries, keep, lease

STATE = Source("agency", "State Agency", "", control="state")
POST = Source("post", "The Post", "", control="private")
CLUB = Source("club", "The Club", "")
CRANES = (Mention("port", 0, 1, ("crane",)),)
TEXT = (
    "A crane fell into the basin of Sundhaven on Monday. Ferries to the islands were cancelled, "
    "and eleven ships wait outside the harbour while divers look for 3,400 tons of rail."
)


def told(source: Source, hours: float, text: str = TEXT, language: str = "en"):
    return article(
        f"http://{source.key}.example/{hours}-{language}",
        source=source.key,
        carried_by=source.name,
        title="Crane falls into Sundhaven basin",
        text=text,
        language=language,
        published=None,
        published_utc=NOW - timedelta(hours=hours),
        published_precision="minute",
        first_seen=NOW,
    )


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

        assert control(state, sources) == "state-controlled only"
        assert control(post, sources) == "no state media yet"
        assert control(post, {"post": POST}) == ""  # no state media are watched
        unknown = tuple(replace(outlet, control="unknown") for outlet in post.outlets)
        assert control(replace(post, outlets=unknown), sources) == ""


@contextmanager
def watched(*sources: Source) -> Iterator[Archive]:
    """Open an archive whose sources were seen well for three weeks and carried news of cranes on most days."""
    with open_archive("sqlite:///:memory:") as archive:
        fed = [replace(source, feeds=(f"http://{source.key}.example/feed",)) for source in sources]
        archive.sources.sync(fed, NOW - timedelta(days=20), every=3600)
        archive.watches.sync([Watch("port", "crane")], NOW)
        store = archive.articles._store
        for channel in range(1, len(sources) + 1):
            for day in range(20):
                with archive.writing():
                    store.execute(
                        "INSERT INTO polls (channel, source, at, outcome, status, detail, entries, new, seconds) "
                        "VALUES (?, (SELECT source FROM channels WHERE id = ?), ?, 'ok', 200, '', 1, 1, 0.1)",
                        (channel, channel, int((NOW - timedelta(days=day, hours=1)).timestamp() * 1_000_000)),
                    )
        for source in sources:
            kept = [told(source, 24 * day + 16, f"A crane of {source.key} stood still.") for day in range(3, 15)]
            archive.articles.keep([Kept(each, mentions=CRANES) for each in kept], NOW)
        yield archive


def absent(archive: Archive, number: int) -> list[tuple[str, str, bool]]:
    regroup(archive, NOW)
    story = archive.stories.get(archive.stories.of(number) or 0)
    assert story is not None
    found = dossier(archive, story, NOW)
    return [(one.source, one.watch, one.days_with >= 7) for one in found.did_not_carry]


def late(archive: Archive, source: Source, hours: float, text: str, language: str = "en") -> int:
    (kept,) = archive.articles.keep([Kept(told(source, hours, text, language), mentions=CRANES)], NOW)
    return kept.id


def test_who_did_not_carry_it_is_read_from_mentions_and_polls():
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, TEXT)

        assert absent(archive, number) == [("agency", "port", True)]


def test_who_carried_it_in_another_language_is_not_said_to_have_left_it_out():
    chinese = "桑德港一台起重机周一倒塌，3400吨钢轨落水，11艘船等候，损失1.75百万。"
    with watched(STATE, POST) as archive:
        number = late(archive, POST, 40, f"{TEXT} The damage is 1.75 million.")
        other = late(archive, STATE, 39, chinese, "zh")

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
