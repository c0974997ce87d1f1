from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archive import Archive, Marked, Move, open_archive
from crawler.records import Outlet, Story, SummarySentence
from tests.archive_sample import DAY, HOUR, NOW, article, keep

STORM = Story(
    1, "Harbour reopens", (3, 1, 2), (SummarySentence("It reopened.", 1),), (Outlet("herald", "The Herald"),), 1, 1,
    NOW - DAY, NOW - HOUR, ("en", "zh"), ("Eastport",), NOW,
)  # fmt: skip


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        keep(opened, *(article(f"https://herald.test/{number}") for number in range(4)))
        yield opened


def test_a_story_is_read_back_the_same(archive: Archive) -> None:
    archive.stories.write([STORM], [], NOW)

    assert [STORM] == archive.stories.list() == archive.stories.window(NOW - 2 * HOUR)
    assert STORM == archive.stories.get(1)
    assert [1, None] == [archive.stories.of(3), archive.stories.of(4)]
    found = archive.articles.get(3)
    assert found is not None
    assert 1 == found.story


def test_the_articles_of_stories_are_listed_in_their_order(archive: Archive) -> None:
    archive.stories.write([replace(STORM, articles=(3, 1)), replace(STORM, id=2, articles=(4,))], [], NOW)

    assert {1: [3, 1], 2: [4]} == archive.stories.members([1, 2, 7])


def test_stories_without_news_since_then_are_not_in_the_window(archive: Archive) -> None:
    old = replace(STORM, id=2, articles=(4,), last=NOW - 3 * DAY)
    archive.stories.write([STORM, old], [], NOW)

    assert [STORM] == archive.stories.window(NOW - DAY)
    assert [STORM, old] == archive.stories.list()


def test_a_merged_story_is_found_under_its_old_id(archive: Archive) -> None:
    archive.stories.write([replace(STORM, articles=(1,)), replace(STORM, id=2, articles=(2, 3))], [], NOW)

    archive.stories.write([STORM], [Move("merge", 2, 1)], NOW + HOUR)

    assert [STORM] == archive.stories.list()
    assert STORM == archive.stories.get(2)
    assert [Move("merge", 2, 1)] == archive.stories.moves(1)
    assert 3 == archive.stories.next_id()


def test_an_article_belongs_to_one_story(archive: Archive) -> None:
    archive.stories.write([STORM, replace(STORM, id=2, articles=(3, 4))], [Move("split", 1, 2)], NOW)

    stories = {story.id: story.articles for story in archive.stories.list()}
    assert {1: (1, 2), 2: (3, 4)} == stories


def test_an_id_is_never_used_again(archive: Archive) -> None:
    assert 1 == archive.stories.next_id()
    archive.stories.write([replace(STORM, id=5, articles=(1,))], [], NOW)
    archive.forget(1, NOW)

    assert [] == archive.stories.list()
    assert archive.stories.get(5) is None
    assert 6 == archive.stories.next_id()


def test_stories_near_a_time_are_listed_with_what_was_found_in_them_since_they_were_written(archive: Archive) -> None:
    day = replace(STORM, languages=("en",), articles=(1,), first=NOW - HOUR, last=NOW)
    late, far = (
        replace(day, id=id_, articles=(id_,), first=at, last=at) for id_, at in ((2, NOW + DAY), (3, NOW + 9 * DAY))
    )
    archive.stories.write([late, day, far, replace(STORM, id=4, articles=(4,))], [], NOW)
    marked = Marked(1, "en", NOW - HOUR, NOW, frozenset({"2300", "Eastport Pier"}), frozenset())

    archive.stories.mark([marked], 7)

    assert [marked, Marked(2, "en", NOW + DAY, NOW + DAY)] == archive.stories.near(NOW, NOW, 4 * DAY, 10, 7)
    assert [marked] == archive.stories.near(NOW, NOW, 4 * DAY, 1, 7)
    assert [None] == [one.anchors for one in archive.stories.near(NOW, NOW, DAY / 2, 10, 8)]
    archive.stories.write([day], [], NOW)
    assert [None] == [one.anchors for one in archive.stories.near(NOW, NOW, DAY / 2, 10, 7)]


def test_on_top_stand_stories_of_most_owners_then_of_most_articles(archive: Archive) -> None:
    told = {10: (2, (1,)), 11: (1, (2, 3)), 12: (1, (4,))}
    archive.stories.write(
        [replace(STORM, id=id_, separate_owners=owners, articles=articles) for id_, (owners, articles) in told.items()],
        [],
        NOW,
    )
    archive.stories.write([replace(STORM, id=13, separate_owners=9, articles=())], [], NOW)
    last = archive.stories.list()[0].last
    assert last is not None

    for most, ids in ((1, [10]), (2, [10, 11]), (9, [10, 11, 12])):
        found, number = archive.stories.top(last, most)
        assert (ids, 3) == ([story.id for story in found], number)
    assert ([], 0) == archive.stories.top(last + timedelta(seconds=1), 9)


def test_new_articles_of_stories_are_counted(archive: Archive) -> None:
    archive.stories.write([replace(STORM, id=10, articles=(1, 2)), replace(STORM, id=11, articles=(3,))], [], NOW)
    seen = archive.articles.many([1])[0].first_seen
    first = archive.stories.list()[0].first
    assert seen is not None
    assert first is not None

    assert {10: 2} == archive.stories.grown([10], seen)
    assert {} == archive.stories.grown([10, 11], seen + timedelta(seconds=1))
    assert (2, 0) == (archive.stories.begun(first), archive.stories.begun(first + timedelta(seconds=1)))
    assert (4, 0) == (archive.arrivals.number(seen), archive.arrivals.number(seen + timedelta(seconds=1)))
