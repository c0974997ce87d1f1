"""Articles are told from navigation on a sample of real pages; `python -m tests.eval.sections` holds them on all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.eval import sections

#: Pages of each set, and what such a sample may lie below the floor of the whole.
SAMPLE, SLACK = 50, 0.05


@cache
def scores() -> dict[str, sections.Scores]:
    return sections.run(sections.SETS, SAMPLE)[0]


@pytest.mark.parametrize("half", ["tuned on", "held out"])
def test_articles_are_told_from_navigation(corpus: Path, half: str) -> None:
    found = scores()[half]

    assert found.labels > 100
    for name, floor in sections.floors().items():
        assert getattr(found, name) >= floor - SLACK


def test_labels_come_from_addresses_alone() -> None:
    known = {"https://a.example/news/the-ferry-will-sail-again-on-tuesday"}
    shapes = {sections.shape(url) for url in known}

    assert "article" == sections.label("https://a.example/news/harbour-board-meets-in-the-old-hall", known, shapes)
    assert "navigation" == sections.label("https://a.example/tag/harbour", known, shapes)
    assert "navigation" == sections.label("https://a.example/politics/", known, shapes)
