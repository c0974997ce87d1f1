from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.web import marks

LINES = st.lists(st.sampled_from(["", "one two three", "x", "  behind spaces", "…", "a b"]), max_size=12).map("\n".join)
SPANS = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30)), max_size=8)


def marked(paragraphs: list[list[marks.Piece]]) -> str:
    return "".join(text for each in paragraphs for text, is_marked in each if is_marked)


@given(LINES, SPANS)
def test_each_paragraph_is_cut_where_it_would_be_alone(text: str, given_spans: list[tuple[int, int]]) -> None:
    spans = sorted((start, min(start + length, len(text))) for start, length in given_spans if start < len(text))
    alone, place = [], 0
    for line in text.split("\n"):
        here = [(max(start - place, 0), min(end - place, len(line.rstrip()))) for start, end in spans]
        cut = marks.pieces(line.rstrip(), [(start, end) for start, end in here if start < end])
        alone += [cut] if any(piece.strip() for piece, _ in cut) else []
        place += len(line) + 1

    assert alone == marks.paragraphs(text, spans)


@pytest.mark.timeout(20)
def test_of_a_long_text_that_repeats_a_word_the_first_ones_are_marked() -> None:
    text = "okapi walks.\n" * 100_000  # in a time that grows with its square it would take hours

    found = marks.paragraphs(text, [(at, at + 5) for at in range(0, len(text), 13)])

    assert 100_000 == len(found)
    assert "okapi" * 2_000 == marked(found)
