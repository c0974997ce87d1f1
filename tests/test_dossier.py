from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.archive import Kept, open_archive
from crawler.records import CopyOf, Mention, Source, Watch
from digest.dossier import First, control, dossier
from digest.regrouping import regroup
from tests.archive_sample import NOW, article, keep

STATE = Source("agency", "State Agency", "", control="state")
POST = Source("post", "The Post", "", control="private")
CLUB = Source("club", "The Club", "")
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


def test_who_did_not_carry_it_is_read_from_mentions_and_polls():
    with open_archive("sqlite:///:memory:") as archive:
        sources = [replace(source, feeds=(f"http://{source.key}.example/feed",)) for source in (STATE, POST)]
        archive.sources.sync(sources, NOW - timedelta(days=20), every=3600)
        archive.watches.sync([Watch("port", "crane")], NOW)
        store = archive.articles._store
        for channel in (1, 2):
            for day in range(20):
                at = NOW - timedelta(days=day, hours=1)
                micros = int(at.timestamp() * 1_000_000)
                with archive.writing():
                    store.execute(
                        "INSERT INTO polls (channel, source, at, outcome, status, detail, entries, new, seconds) "
                        "VALUES (?, (SELECT source FROM channels WHERE id = ?), ?, 'ok', 200, '', 1, 1, 0.1)",
                        (channel, channel, micros),
                    )
        mention = (Mention("port", 0, 1, ("crane",)),)
        kept = [
            Kept(told(STATE, 24 * day + 40, f"A crane stood still on day {day}."), mentions=mention)
            for day in range(2, 14)
        ]
        archive.articles.keep([*kept, Kept(told(POST, 40), mentions=mention)], NOW)
        regroup(archive, NOW)
        number = archive.stories.of(13)
        story = archive.stories.get(number or 0)
        assert story is not None
        (only,) = [replace(story, articles=(13,), outlets=story.outlets[-1:], first=NOW - timedelta(hours=40))]

        found = dossier(archive, only, NOW)

        assert [(one.source, one.watch) for one in found.did_not_carry] == [("agency", "port")]
        assert found.did_not_carry[0].days_with >= 7
