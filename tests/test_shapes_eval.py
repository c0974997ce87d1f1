"""Texts of hard shapes, among furniture of hard shapes, lose no more and keep no more than is accepted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crawler.extract.lines import letters
from crawler.extract.page import parse
from tests.eval import invented, made_pages, shape_pages, shapes
from tests.eval.score import Case


@pytest.mark.parametrize("name", shape_pages.SHAPES)
def test_a_shape_keeps_its_text_and_not_its_furniture(name: str) -> None:
    assert [] == shapes.below({name: shapes.measure(shape_pages.SHAPES[name])})


@pytest.mark.parametrize("name", shape_pages.SHAPES)
def test_what_is_said_of_a_shapes_lines_is_shown_by_its_page(name: str) -> None:
    page, body = shape_pages.make(shape_pages.SHAPES[name], 3)
    shown = {letters(line.text) for line in parse(body, "", "https://ostby.test/").lines}

    assert page.text
    assert set(map(letters, page.text)) <= shown
    assert not page.furniture or set(map(letters, page.furniture)) & shown


def test_a_shape_that_loses_more_is_told() -> None:
    found = {"3 paragraphs": shapes.Shares(1.0, 0.0)}

    (told,) = shapes.below(found)
    assert told.startswith("3 paragraphs: lost 1.000, accepted 0.0")
    assert "| 3 paragraphs | 100.0 % | 0.0 % |" in shapes.table(found)


OWN = [invented.Page(random.Random(seed), "en").prose(3) for seed in range(8)]
OTHERS = [invented.Page(random.Random(seed), "de").prose(3) for seed in range(100, 140)]


@pytest.mark.parametrize("seed", range(12))
def test_a_made_page_shows_the_text_that_it_is_marked_with(seed: int) -> None:
    case = Case("1", "https://ostby.test/1", Path("never-read"), {"text": "\n".join(OWN)})
    made = made_pages.plain(case, OTHERS, seed)

    assert made is not None
    shown = {letters(line.text) for line in parse(made.body(), "", case.url).lines}
    assert {letters(line) for line in made.gold["text"].split("\n")} <= shown
