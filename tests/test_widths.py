"""How wide texts stand, and where they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.widths import clip_to, fold, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [("press", 5), ("报道", 4), ("тиждень", 7), ("e\u0301", 1), ("\u2068خبر\u2069", 3), ("한국", 4)],
)
def test_letters_of_east_asia_are_two_columns_wide_and_marks_none(text: str, columns: int):
    assert columns == width(text)


@given(st.text(max_size=60), st.integers(4, 30))
def test_a_clipped_text_is_never_wider_than_it_may_be(text: str, columns: int):
    assert width(clip_to(text, columns)) <= max(columns, 4)


def test_chinese_is_folded_between_letters_but_no_line_begins_with_a_full_stop():
    folded = fold("外交部发言人周三表示，双方将继续对话。" * 4, 20, "  ").splitlines()

    assert len(folded) > 6
    assert all(line.startswith("  ") and line[2] not in "，。" and width(line) <= 20 for line in folded)


def test_addresses_stay_whole():
    address = "https://example.org/a/very/long/address/that-is-longer-than-a-line"

    assert f"see\n{address}\nnow" == fold(f"see {address} now", 30)


@given(st.text(st.characters(categories=["L", "P", "N"]), max_size=80).map(lambda text: " ".join(text.split())))
def test_folding_loses_nothing(text: str):
    assert text.replace(" ", "") == fold(text, 16).replace("\n", "").replace(" ", "")
