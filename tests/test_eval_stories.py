from __future__ import annotations

from pathlib import Path

import pytest

from tests.eval import stories


@pytest.mark.parametrize("name", stories.SETS)
def test_stories_are_grouped_no_worse_than_pinned(name: str, corpus: Path):
    found = stories.run(name, stories.ours)

    assert found.f1 >= stories.floors()[name]["bcubed_f1"]


def test_summaries_are_no_worse_than_pinned(corpus: Path):
    one, two, _ = stories.summaries(stories.our_summary)

    least = stories.floors()["summary_neus_val"]
    assert (one >= least["rouge_1"], two >= least["rouge_2"]) == (True, True)


def test_bcubed_scores_a_perfect_and_a_lumped_grouping():
    events = ["a", "a", "b", "b"]

    assert stories.bcubed([[0, 1], [2, 3]], events) == (1, 1, 1)
    assert stories.bcubed([[0, 1, 2, 3]], events) == (0.5, 1, pytest.approx(2 / 3))
    assert stories.bcubed([[0], [1], [2], [3]], events) == (1, 0.5, pytest.approx(2 / 3))
