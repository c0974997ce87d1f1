from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import query, tokens
from crawler.query import Document, in_order
from crawler.records import Article

WORDS = ["a1", "b2", "storm", "Störme", "中国人", "报", "سلام", "กรุงเทพ", "x", "-", ".", "\n", "“", "，"]
PARTS = ["a1", "b2", "stor*", '"a1 b2"', "(storm OR b2)", "中国", "报", '"x 中国"', "سلام", "กรุง", "(报 OR stor*)"]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from(PARTS), st.sampled_from(PARTS), st.integers(1, 4),
       st.sampled_from(["", " "]))  # fmt: skip
def test_the_expression_matches_where_the_query_does(
    words: list[str], first: str, then: str, distance: int, between: str
) -> None:
    text = between.join(words)
    node = query.parse(f"{first} W/{distance} {then}")
    pattern = in_order.pattern(node)

    assert pattern is not None
    found = pattern.search(tokens.indexed(text)) is not None
    assert found == query.is_match(node, Document(Article(url="", source="", title="", text=text)))


@pytest.mark.parametrize("text", ["storm NEAR/3 sea", "storm W/3 sea W/3 ship", "storm sea", "title:(storm W/3 sea)"])
def test_what_is_no_ordered_pair_is_left_to_the_whole_evaluation(text: str) -> None:
    assert in_order.pattern(query.parse(text)) is None
