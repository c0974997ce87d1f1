"""Tables for people fit the screen and lose nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from digest.cli.tables import lay_out

_WORDS = st.lists(st.text("abcdé新華社ก", min_size=1, max_size=30), max_size=8).map(" ".join)


def test_columns_stand_below_each_other_and_numbers_to_the_right() -> None:
    assert list(lay_out(("source", "kept"), [("新華社", "7"), ("wire", "112")], 40)) == [
        "source   kept",
        "─────────────",
        "新華社      7",
        "wire      112",
    ]


def test_what_is_too_wide_is_folded_at_its_spaces() -> None:
    assert list(lay_out(("source", "remark"), [("wire", "the feed was not found")], 21)) == [
        "source   remark",
        "─────────────────────",
        "wire     the feed was",
        "         not found",
    ]


@given(st.lists(st.tuples(_WORDS, _WORDS, _WORDS), max_size=6), st.integers(30, 120))
def test_no_line_is_wider_than_the_screen_and_no_letter_is_lost(rows: list[tuple[str, str, str]], width: int) -> None:
    header = ("first", "second", "third")
    lines = list(lay_out(header, rows, width))
    assert max(map(cell_len, lines)) <= width
    shown = "".join(lines).replace(" ", "").replace("─", "")
    assert sorted(shown) == sorted("".join(("".join(header), *map("".join, rows))).replace(" ", ""))
