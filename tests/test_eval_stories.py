from __future__ import annotations

from pathlib import Path

import pytest

from tests.eval import stories, summaries


@pytest.mark.parametrize("label", stories.HELD)
@pytest.mark.parametrize("name", stories.SETS)
def test_stories_are_grouped_no_worse_than_pinned(name: str, label: str, corpus: Path):
    found = stories.run(name, stories.GROUPERS[label])

    assert found.f1 >= stories.floors()[name][stories.HELD[label]]


@pytest.mark.parametrize("name", stories.DAYS)
def test_the_events_of_one_day_are_told_apart_no_worse_than_pinned(name: str):
    found = stories.run(name, stories.ours)

    assert found.f1 >= stories.floors()[name]["bcubed_f1"]


def test_events_in_one_form_are_told_apart_and_told_again_they_are_one_story_no_worse_than_pinned(corpus: Path):
    found = stories.forms()

    assert found.apart >= stories.floors()["forms"]["apart"]
    assert found.together >= stories.floors()["forms"]["together"]


def test_events_that_are_told_again_later_stay_one_story_no_worse_than_pinned(corpus: Path):
    assert stories.followed() >= stories.floors()["later"]["one_story"]


def test_summaries_are_no_worse_than_pinned(corpus: Path):
    found = summaries.run(summaries.ours)

    assert dict.fromkeys(summaries.floors(), True) == {
        name: getattr(found, name) >= least for name, least in summaries.floors().items()
    }


def test_rouge_counts_the_words_that_two_texts_share_with_and_without_their_endings():
    assert summaries.rouge("Ships sailed at dawn.", "ships sailed at dawn", 2) == 1
    assert summaries.rouge("two ships sail", "a ship sailed", 1) == 0
    assert summaries.rouge("two ships sail", "a ship sailed", 1, stemmed=True) == pytest.approx(2 / 3)


def test_bcubed_scores_a_perfect_and_a_lumped_grouping():
    events = ["a", "a", "b", "b"]

    assert stories.bcubed([[0, 1], [2, 3]], events) == (1, 1, 1)
    assert stories.bcubed([[0, 1, 2, 3]], events) == (0.5, 1, pytest.approx(2 / 3))
    assert stories.bcubed([[0], [1], [2], [3]], events) == (1, 0.5, pytest.approx(2 / 3))
