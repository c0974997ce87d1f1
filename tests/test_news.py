"""What is new in a story since a moment or an edition, as `story show` tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import open_archive
from crawler.drafts import Draft, keep_drafts
from crawler.reading import reading
from crawler.records import Source
from digest import jobs, plans
from digest.regrouping import regroup
from tests.archive_sample import BUS, TOLL, article, keep
from tests.commands import answer, presswatch
from tests.service_sample import a_plan, address, configure

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SACKED = (
    "The harbour board of Sundhaven sacked its director on Monday after an audit found that 14 million were missing."
)
SEARCHED = "Prosecutors searched the offices of the harbour board and took away 60 boxes of papers."
CHANGED = SACKED.replace("14 million", "16 million")
ARRESTED = "The sacked director was arrested in Brest."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tell of a story in edition 1; a day later its article is revised, and another outlet has more."""
    place = tmp_path_factory.mktemp("news")
    config = configure(place, a_plan())
    title = "Harbour board of Sundhaven sacks director"
    with open_archive(address(place)) as archive:
        page = article("https://herald.test/board", title=title, text=f"{SACKED}\n{SEARCHED}")
        keep(archive, page, at=SEVEN - timedelta(hours=1))
        plan = config.plans["morning"]
        slot = plans.last_slot(plan, SEVEN)
        assert slot is not None
        assert jobs.make_edition(archive, config, plan, slot, SEVEN).edition is not None
        keep(archive, article("https://herald.test/board", title=title, text=f"{CHANGED}\n{SEARCHED}"), at=SEVEN + DAY)
        page = article("https://post.test/board", source="post", title=title, text=f"{SEARCHED}\n{ARRESTED}")
        keep(archive, page, at=SEVEN + DAY)
        regroup(archive, SEVEN + DAY)
        assert [(1, 2)] == [story.articles for story in archive.stories.list()]
    return place


@pytest.mark.parametrize("since", [("--since", "2026-11-23T07:00"), ("--since-edition", "1")])
def test_sentences_that_are_new_are_listed_with_their_articles(folder: Path, since: tuple[str, str]):
    found = answer(folder, "story", "show", "1", *since, "--json", schema="story_show")

    assert [{"text": CHANGED, "article": 1}, {"text": ARRESTED, "article": 2}] == found["news"]
    printed = presswatch(folder, "story", "show", "1", *since).stdout
    assert f"  {CHANGED} [1]\n  {ARRESTED} [2]\n" in printed


def test_nothing_is_new_since_the_last_change(folder: Path):
    assert [] == answer(folder, "story", "show", "1", "--since", "2026-11-24T08:00", "--json")["news"]
    assert (
        "new since 2026-11-24T08:00: nothing"
        in presswatch(folder, "story", "show", "1", "--since", "2026-11-24T08:00").stdout
    )


def test_everything_is_new_since_before_a_story_began(folder: Path):
    found = answer(folder, "story", "show", "1", "--since", "2026-11-01", "--json")["news"]

    assert [CHANGED, SEARCHED, ARRESTED] == [line["text"] for line in found]


def test_news_are_told_only_to_those_who_ask(folder: Path):
    assert "news" not in answer(folder, "story", "show", "1", "--json", schema="story_show")


def test_an_edition_that_is_not_there_and_two_moments_are_refused(folder: Path):
    absent = presswatch(folder, "story", "show", "1", "--since-edition", "9", code=2)
    both = presswatch(folder, "story", "show", "1", "--since-edition", "1", "--since", "1d", code=2)

    assert "there is no edition 9; presswatch digest list shows what there is" in absent.stderr
    assert "give one of them" in both.stderr


def test_the_new_lead_of_a_copy_is_new_and_the_rest_of_it_is_not(tmp_path: Path):
    configure(tmp_path, a_plan())
    with open_archive(address(tmp_path)) as archive:
        first = article("https://herald.test/9", title="Bus falls into ravine near Kosh, 9 killed", text="\n".join(BUS))
        herald = Source("herald", "The Herald", "")
        keep_drafts(archive, [Draft(reading(first), herald)], SEVEN)
        text = "\n".join((TOLL, *BUS[1:]))
        copy = article("https://herald.test/17", title="Death toll in Kosh climbs to 17", text=text)
        found = keep_drafts(archive, [Draft(reading(copy), herald)], SEVEN + DAY)
        regroup(archive, SEVEN + DAY)
        (kept,) = archive.articles.many([each.id for each in found])
        assert (1, True) == (kept.copy_of, kept.is_folded)

    since = ("story", "show", "1", "--since", "2026-11-23T08:00", "--json")
    assert [{"text": TOLL, "article": 2}] == answer(tmp_path, *since)["news"]


def test_a_story_tells_of_what_is_left_when_its_oldest_articles_were_pruned(tmp_path: Path):
    configure(tmp_path, a_plan())
    now = datetime.now(UTC)
    with open_archive(address(tmp_path)) as archive:
        keep(archive, article("https://herald.test/old", title="Harbour board of Sundhaven meets"), at=now - 60 * DAY)
        keep(archive, article("https://post.test/new", source="post", title="Harbour board sacks director"), at=now)
        regroup(archive, now)
        assert [{1, 2}] == [{*story.articles} for story in archive.stories.list()]
    presswatch(tmp_path, "prune", "--older", "30d")

    with open_archive(address(tmp_path)) as archive:
        (story,) = archive.stories.list()
    assert ((2,), "Harbour board sacks director") == (story.articles, story.title)
    assert {2} == {line.article for line in story.summary}
