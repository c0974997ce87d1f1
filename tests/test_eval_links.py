from __future__ import annotations

import pytest

from tests.eval import links


@pytest.mark.parametrize("size", links.SIZES)
def test_links_are_no_worse_than_pinned(size: str):
    found, least = links.run(size), links.floors()[size]

    assert found.precision >= least["precision"]
    assert found.recall >= least["recall"]


def test_the_stories_are_the_same_every_time():
    assert links.stories(6, 4, seed=1) == links.stories(6, 4, seed=1)
