from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.query import Document, is_match, parse
from crawler.query.foreseeing import may_match
from crawler.records import Article, Source

SOURCE = Source("herald", "The Herald", "https://herald.test/", country="cn")
WORDS = ["eels", "quay", "tide", "spring", "间谍", "案"]
QUERIES = st.recursive(
    st.sampled_from(
        [
            *WORDS,
            "spr*",
            '"eels quay"',
            "title:eels",
            "eels NEAR/2 tide",
            "quay W/1 eels",
            "lang:zh",
            "source:herald",
            "country:ru",
        ]
    ),
    lambda part: st.one_of(
        st.tuples(part, part).map(lambda two: f"({two[0]} {two[1]})"),
        st.tuples(part, part).map(lambda two: f"({two[0]} OR {two[1]})"),
        part.map(lambda one: f"(eels -{one})"),
    ),
    max_leaves=5,
)


@given(QUERIES, st.lists(st.sampled_from(WORDS), max_size=4), st.lists(st.sampled_from(WORDS), max_size=4))
def test_what_matches_is_never_denied(written: str, title: list[str], text: list[str]) -> None:
    document = Document(
        Article("https://herald.test/1", "herald", " ".join(title), " ".join(text), language="zh"), SOURCE
    )
    node = parse(written)

    def has(token: str, prefix: bool) -> bool:
        return any(word == token or (prefix and word.startswith(token)) for word in document.vocabulary)

    assert may_match(node, SOURCE, has) or not is_match(node, document)


@pytest.mark.parametrize(
    ("query", "may"),
    [
        ("eels", True),
        ("quay", False),
        ("eels quay", False),
        ("eels OR quay", True),
        ("eels -quay", True),
        ("eels -eels", True),
        ('"eels quay"', False),
        ("eels NEAR/5 quay", False),
        ("quay*", False),
        ("title:quay", False),
        ("lang:zh", True),
        ("quay lang:zh", False),
        ("source:herald", True),
        ('source:"the herald"', True),
        ("source:post", False),
        ("eels source:post", False),
        ("quay OR source:herald", True),
        ("-source:herald", False),
        ("-source:post", True),
        ("eels -country:cn", False),
        ("country:ru", False),
        ("kind:unknown owner:x", False),
    ],
)
def test_a_query_is_denied_where_a_word_of_it_is_missing(query: str, may: bool) -> None:
    assert may == may_match(parse(query), SOURCE, lambda token, prefix: token == "eels")
