from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Constraints, Move
from crawler.records import Article, Story
from digest.grouping import fold
from digest.judged import Judged, apply, following, without


def story(id_: int, *articles: int) -> Story:
    return Story(id_, f"Story {id_}", articles)


def members(judged: Judged) -> dict[int, list[int]]:
    return {one.id: sorted(one.articles) for one in judged.stories}


def split(*out: int, rest: tuple[int, ...]) -> Constraints:
    return Constraints([(one, other) for one in out for other in rest], list(pairwise(out)))


def test_without_a_word_everything_stays() -> None:
    stories = (story(1, 1, 2), story(2, 3))
    moves = [Move("merge", 9, 1)]

    assert Judged(stories, frozenset(), tuple(moves)) == apply(stories, Constraints([], []), 3, stories, moves)
    assert stories == apply(stories, Constraints([(1, 3)], []), 3).stories


def test_a_split_survives_a_grouping_that_puts_it_together_again() -> None:
    before = [story(7, 1, 2, 3), story(30, 4, 5)]
    judged = apply([story(7, 1, 2, 3, 4, 5, 6)], split(4, 5, rest=(1, 2, 3)), 31, before, [Move("merge", 30, 7)])

    assert {7: [1, 2, 3, 6], 30: [4, 5]} == members(judged)
    assert {7, 30} == judged.changed
    assert () == judged.moves


def test_a_split_off_part_keeps_what_came_to_it() -> None:
    before = [story(7, 1, 2), story(30, 4)]
    judged = apply([story(7, 1, 2), story(30, 4, 8)], split(4, rest=(1, 2)), 31, before)

    assert {7: [1, 2], 30: [4, 8]} == members(judged)
    assert frozenset() == judged.changed


def test_a_merge_survives_a_grouping_that_takes_it_apart_again() -> None:
    before = [story(7, 1, 2, 3, 4)]
    found = [story(7, 3, 4, 9), story(8, 1, 2)]
    judged = apply(found, Constraints([], [(1, 2), (2, 3), (3, 4)]), 9, before, [Move("split", 7, 8)])

    assert {7: [1, 2, 3, 4, 9]} == members(judged)
    assert () == judged.moves


def test_stories_that_are_merged_for_the_first_time_are_told_as_merged() -> None:
    before = [story(7, 1, 2), story(8, 3)]

    assert (Move("merge", 8, 7),) == apply(before, Constraints([], [(1, 3)]), 9, before).moves


def test_a_story_split_for_the_first_time_gets_an_id_that_nobody_had() -> None:
    judged = apply([story(7, 1, 2), story(40, 5)], split(2, rest=(1,)), 9, [story(7, 1, 2)])

    assert {7: [1], 41: [2], 40: [5]} == members(judged)
    assert (Move("split", 7, 41),) == judged.moves


def test_where_stories_clash_only_what_must_be_together_moves() -> None:
    judged = apply([story(1, 1, 2, 3), story(2, 4, 5)], Constraints([(5, 2)], [(1, 4)]), 3)

    assert {1: [1, 2, 3, 4], 2: [5]} == members(judged)


def test_copies_follow_the_article_that_they_are_copies_of() -> None:
    copies = [
        Article("u", "s", "t", "x", id=6, copy_of=4, copy_kind="full"),
        Article("v", "s", "t", "x", id=7, copy_of=4, copy_kind="quoted-in"),
        Article("w", "s", "t", "x", id=8, copy_of=9, copy_kind="full"),
    ]
    constraints = following(split(4, rest=(1, 2)), fold(copies))

    assert {1: [1, 2, 7, 8], 9: [4, 6]} == members(apply([story(1, 1, 2, 4, 6, 7, 8)], constraints, 9))


def test_a_copy_that_was_taken_from_its_original_stays_away_from_it() -> None:
    copy = Article("u", "s", "t", "x", id=6, copy_of=4, copy_kind="full")
    constraints = following(split(6, rest=(4, 5)), fold([copy]))

    assert {1: [4, 5], 9: [6]} == members(apply([story(1, 4, 5, 6)], constraints, 9))


def test_irrelevant_articles_are_left_out() -> None:
    assert [story(1, 2), story(2), story(3, 5)] == without([story(1, 1, 2), story(2, 3), story(3, 5)], {1, 3})


NUMBERS = st.integers(1, 12)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=10)


@st.composite
def groupings(draw: st.DrawFn) -> list[Story]:
    """Draw stories in which every article stands once."""
    where = draw(st.dictionaries(NUMBERS, st.integers(1, 4), max_size=12))
    return [story(id_, *(article for article, at in where.items() if at == id_)) for id_ in sorted(set(where.values()))]


@given(groupings(), groupings(), PAIRS, PAIRS)
def test_every_article_stays_in_exactly_one_story(
    stories: list[Story], before: list[Story], apart: list[tuple[int, int]], together: list[tuple[int, int]]
) -> None:
    judged = apply(stories, Constraints(apart, together), 5, before)

    assert sorted(a for one in stories for a in one.articles) == sorted(
        a for one in judged.stories for a in one.articles
    )
    assert len({one.id for one in judged.stories}) == len(judged.stories)
    assert all(one.articles for one in judged.stories)
    assert all(one in stories for one in judged.stories if one.id not in judged.changed)
    for one, other in apart:
        assert one == other or not any({one, other} <= set(kept.articles) for kept in judged.stories)


@given(groupings(), groupings(), PAIRS)
def test_what_must_be_together_is_together(
    stories: list[Story], before: list[Story], together: list[tuple[int, int]]
) -> None:
    judged = apply(stories, Constraints([], together), 5, before)
    home = {article: one.id for one in judged.stories for article in one.articles}

    assert all(home[one] == home[other] for one, other in together if one in home and other in home)


@given(groupings(), groupings(), PAIRS, PAIRS)
def test_what_was_judged_once_is_judged_the_same_again(
    stories: list[Story], before: list[Story], apart: list[tuple[int, int]], together: list[tuple[int, int]]
) -> None:
    """A grouping that finds the same again must not move articles or ids to and fro."""
    constraints = Constraints(apart, together)
    once = apply(stories, constraints, 5, before)
    twice = apply(stories, constraints, 99, once.stories)

    assert members(once) == members(twice)
