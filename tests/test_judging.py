"""Acts of people: what follows from them at once, and that nobody undoes unknowingly what another one did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.archive import Archive, Kept, Move, open_archive
from crawler.errors import Outdated, UsageError
from crawler.records import CopyOf, Story
from digest import judging
from digest.jobs import regroup
from digest.regrouping import keep_up
from tests.archive_sample import DAY, HERALD, HOUR, NOW, POST, article, keep

LATER = NOW + HOUR


@pytest.fixture
def archive() -> Iterator[Archive]:
    """Hold a story of two texts and a copy of the first, and another of one text."""
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], NOW)
        keep(
            opened, article(), article("https://post.test/2", source="post", text="Ships may enter the harbour again.")
        )
        copy = article("https://post.test/3", source="post", published_utc=NOW)
        opened.articles.keep([Kept(copy, copy=CopyOf(1, "full", 0.9))], NOW)
        keep(opened, article("https://post.test/4", source="post", title="Bank raises rates", text="The bank acted."))
        opened.stories.write([Story(1, "Harbour", (1, 2, 3)), Story(2, "Bank", (4,))], [], NOW)
        yield opened


def members(archive: Archive) -> dict[int, tuple[int, ...]]:
    return {story.id: tuple(sorted(story.articles)) for story in archive.stories.list()}


def test_a_story_is_told_without_an_irrelevant_article_at_once(archive: Archive) -> None:
    assert judging.mark(archive, 2, "irrelevant", "mei", LATER)
    assert not judging.mark(archive, 2, "irrelevant", "tom", LATER)

    told = archive.stories.get(1)
    assert told is not None
    assert ({1: (1, 3), 2: (4,)}, 1) == (members(archive), told.separate_owners)
    assert judging.unmark(archive, 2, "irrelevant", "tom", LATER)
    assert {1: (1, 2, 3), 2: (4,)} == members(archive)


def test_what_counts_again_goes_where_its_story_went_meanwhile(archive: Archive) -> None:
    judging.mark(archive, 4, "irrelevant", "mei", LATER)
    assert {1: (1, 2, 3)} == members(archive)
    judging.unmark(archive, 4, "irrelevant", "mei", LATER)
    assert {1: (1, 2, 3), 2: (4,)} == members(archive)

    judging.mark(archive, 2, "irrelevant", "mei", LATER)
    judging.merge(archive, [2, 1], "mei", LATER)
    judging.unmark(archive, 2, "irrelevant", "mei", LATER)
    assert {2: (1, 2, 3, 4)} == members(archive)


def test_what_people_put_apart_does_not_come_back_together(archive: Archive) -> None:
    judging.split(archive, 1, [2], "mei", LATER)
    judging.mark(archive, 2, "irrelevant", "mei", LATER)
    archive.stories.write([], [Move("merge", 3, 1)], LATER)
    judging.unmark(archive, 2, "irrelevant", "mei", LATER)

    assert {1: (1, 3), 2: (4,)} == members(archive)
    keep_up(archive, LATER)
    assert (1, 3) == members(archive)[1]
    assert archive.stories.of(2) is not None


def test_a_copy_that_is_none_speaks_for_itself_at_once(archive: Archive) -> None:
    archive.articles.fold(2, CopyOf(1, "full", 0.9), NOW)
    judging.mark(archive, 2, "not-a-copy", "mei", LATER)

    told = archive.stories.get(1)
    assert told is not None
    assert 2 == told.separate_owners
    (said,) = archive.judgements.of(2)
    judging.take_back(archive, said.id, "tom", LATER)
    told = archive.stories.get(1)
    assert told is not None
    assert 1 == told.separate_owners


def test_a_story_begins_at_the_corrected_date_at_once(archive: Archive) -> None:
    judging.correct(archive, 1, "mei", LATER, date="2026-11-20T10:00:00+00:00")
    told = archive.stories.get(1)

    assert told is not None
    assert told.first is not None
    assert "2026-11-20" == told.first.date().isoformat()
    assert judging.uncorrect(archive, 1, "mei", LATER)
    assert not judging.uncorrect(archive, 1, "mei", LATER)
    again = archive.stories.get(1)
    assert again is not None
    assert again.first is not None
    assert "2026-11-23" == again.first.date().isoformat()


def test_two_editors_never_overwrite_each_other_unknowingly(archive: Archive) -> None:
    seen = archive.articles.get(1)
    assert seen is not None
    date, authors = seen.published, seen.authors
    judging.correct(archive, 1, "mei", LATER, date="2026-11-20", seen_date=date)

    with pytest.raises(Outdated, match=r"the date became 2026-11-20 \(corrected by mei\)"):
        judging.correct(archive, 1, "tom", LATER, date="2026-11-21", seen_date=date)
    judging.correct(archive, 1, "tom", LATER, authors=["Liu Xin"], seen_authors=authors)
    with pytest.raises(Outdated, match=r"the authors became Liu Xin \(corrected by tom\)"):
        judging.correct(archive, 1, "mei", LATER, authors=["A. Kerr"], seen_authors=authors)
    judging.correct(archive, 1, "tom", LATER, date="2026-11-21", seen_date="2026-11-20")

    now = archive.articles.get(1)
    assert now is not None
    assert ("2026-11-21", ("Liu Xin",)) == (now.published, now.authors)
    said = archive.judgements.of(1)[0]
    judging.take_back(archive, said.id, "mei", LATER)
    with pytest.raises(Outdated, match="by mei already"):
        judging.take_back(archive, said.id, "tom", LATER)


def test_a_story_that_changed_meanwhile_is_not_split_or_merged_blindly(archive: Archive) -> None:
    keep(archive, article("https://post.test/5", source="post", text="The pilots went out."))
    archive.stories.write([Story(1, "Harbour", (1, 2, 5))], [], LATER)

    with pytest.raises(Outdated, match="5 came; 3 left"):
        judging.split(archive, 1, [2], "mei", LATER, seen=[1, 2, 3])
    with pytest.raises(Outdated, match="5 came"):
        judging.merge(archive, [1, 2], "mei", LATER, seen=[1, 2, 4])
    assert [] == archive.judgements.list()
    judging.split(archive, 1, [2], "mei", LATER, seen=[5, 1, 2])
    assert (1, 5) == members(archive)[1]


def test_a_split_is_undone_by_a_merge_and_a_merge_by_a_split(archive: Archive) -> None:
    before = members(archive)
    new = judging.split(archive, 1, [2], "mei", LATER)
    judging.merge(archive, [1, new.id], "tom", LATER)
    assert before == members(archive)

    whole = judging.merge(archive, [1, 2], "mei", LATER)
    *_, said = judging.of_story(archive, 1)
    _, brought = archive.judgements.parts(said.id)
    judging.split(archive, whole.id, brought, "tom", LATER)
    assert [(1, 2, 3), (4,)] == sorted(members(archive).values())
    assert ["split", "merge", "merge", "split"] == [each.kind for each in judging.of_story(archive, 1)]


@pytest.mark.parametrize("later", ["regroup", "revision", "correction"])
def test_what_people_said_outlives_what_machines_do_later(archive: Archive, later: str) -> None:
    said = archive.judgements
    archive.articles.fold(2, CopyOf(1, "full", 0.9), NOW)
    said.note(2, "Look again.", "mei", LATER, public=True)
    said.tag(2, ["spies"], "mei", LATER)
    judging.mark(archive, 2, "not-a-copy", "mei", LATER)
    judging.correct(archive, 2, "mei", LATER, date="2026-11-20", authors=["Liu Xin"])
    judging.mark(archive, 4, "irrelevant", "mei", LATER)
    new = judging.split(archive, 1, [2], "mei", LATER)
    page = article("https://post.test/2", source="post", text="Ships enter the harbour.", tags=("port",))
    if later == "revision":
        archive.articles.keep([Kept(page, copy=CopyOf(1, "full", 0.9))], LATER)
    elif later == "correction":
        archive.articles.correct(2, page, "a better extractor", LATER)
    for _ in range(2):
        regroup(archive, LATER + DAY)

    now = archive.articles.get(2)
    assert now is not None
    assert ("2026-11-20", ("Liu Xin",), None) == (now.published, now.authors, now.copy_of)
    assert "spies" in now.tags
    assert {2: ["Look again."]} == said.notes([2])
    assert {4} == said.irrelevant()
    assert {1: (1, 3), new.id: (2,)} == members(archive)


def test_what_cannot_be_done_changes_nothing(archive: Archive) -> None:
    with pytest.raises(UsageError, match="not folded"):
        judging.mark(archive, 1, "not-a-copy", "mei", LATER)
    with pytest.raises(UsageError, match="no date"):
        judging.correct(archive, 1, "mei", LATER, date="soon", authors=["Liu Xin"])

    assert [] == archive.judgements.list()
