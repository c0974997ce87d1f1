"""Articles are told from navigation on real pages at least as well as the pinned floors say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.eval import sections

WHOLE = bool(os.environ.get("CI"))
#: What a sample may lie below the floor of the whole.
SLACK = 0.05


@pytest.mark.parametrize("half", ["tuned on", "held out"])
def test_articles_are_told_from_navigation(corpus: Path, half: str) -> None:
    scores = sections.run(sections.SETS if WHOLE else ("fundus_eval",), None if WHOLE else 40)[0][half]

    assert scores.labels > 100
    for name, floor in sections.floors().items():
        assert getattr(scores, name) >= (floor if WHOLE else floor - SLACK)


def test_labels_come_from_addresses_alone() -> None:
    known = {"https://a.example/news/the-ferry-will-sail-again-on-tuesday"}
    shapes = {sections.shape(url) for url in known}

    assert "article" == sections.label("https://a.example/news/harbour-board-meets-in-the-old-hall", known, shapes)
    assert "navigation" == sections.label("https://a.example/tag/harbour", known, shapes)
    assert "navigation" == sections.label("https://a.example/politics/", known, shapes)
