from __future__ import annotations

from dataclasses import replace

import pytest

from tests.eval import additions


@pytest.mark.parametrize(("name", "aside"), [("known", False), ("aside", True)])
def test_what_copies_add_is_told_no_worse_than_pinned(name: str, aside: bool):
    found, least = additions.scores(additions.run(aside=aside)), additions.floors()[name]

    assert found.told >= least["told"]
    assert found.false <= least["false"]


def test_news_that_is_lost_and_noise_that_is_told_cost():
    copies = additions.run(aside=True)
    all_told = additions.scores([replace(copy, is_told=True) for copy in copies])
    none_told = additions.scores([replace(copy, is_told=False) for copy in copies])

    assert (all_told.told, all_told.false) == (1, 1)
    assert (none_told.told, none_told.false) == (0, 0)
