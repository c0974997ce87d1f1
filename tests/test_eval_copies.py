from __future__ import annotations

from pathlib import Path

import pytest

from tests.eval import copies, tongues
from tests.eval.edits import EDITS, Text, material


def test_copies_are_found_no_worse_than_pinned(corpus: Path):
    """On a sample of the originals; python -m tests.eval.copies asks for all of them."""
    found = copies.run(material(most=60), copies.ours)

    assert copies.faults(found, copies.apart()) == []


def test_an_edit_that_is_not_found_and_a_false_copy_cost_recall_and_precision(corpus: Path):
    given = material(most=12)
    none = copies.run(given, lambda originals, asked: ([None] * len(asked), 0.0))
    lumped = copies.run(given, lambda originals, asked: ([0] * len(asked), 0.0))

    assert (none.recall, none.decisions) == (0, 0)
    assert lumped.precision < 0.3
    assert 0 < lumped.recall < 0.3
    assert copies.faults(lumped, 1.0)


def test_edits_are_the_same_every_time_and_of_nine_kinds(corpus: Path):
    one, two = material(most=6), material(most=6)

    assert one == two
    assert len(EDITS) == 9
    assert all(isinstance(edit.made, Text) and edit.made.text for edit in one.edits)


@pytest.mark.parametrize("batch", [1, 72 + 8])
def test_edits_in_eight_languages_are_found_and_called_what_they_are(batch: int):
    table = tongues.found(batch)

    assert (9, 8) == (len(table), len(table["typography"]))
    assert tongues.faults(table) == []


def test_an_edit_that_is_called_something_else_is_a_fault():
    table = {"first quarter": {"de": "", "zh": "partial"}, "embedded in a round-up": {"ko": "full"}}

    assert ["first quarter in de: not found", "embedded in a round-up in ko: full"] == tongues.faults(table)
