from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.archive import open_archive
from crawler.query import Document
from crawler.records import Article
from tests.archive_sample import NOW, article, keep

WORDS = ["a1", "b2", "storm", "Störme", "Straße", "中国人", "报", "سَلام", "กรุงเทพ", "x", "-", ".", "\n", "。", "п’ять"]
WORDS += [" ".join(["filler"] * 40) + ". ", "。".join(["填充"] * 110)]
ASKED = [
    "a1",
    '"a1 b2"',
    "stor*",
    "strasse",
    "中国",
    "报",
    "سلام",
    "กรุง",
    "a1 b2",
    "a1 OR 中国",
    "a1 -b2",
    "text:storm",
]
ASKED += [
    "a1 NEAR/3 storm",
    "报 W/4 中国",
    "(a1 b2) OR storm",
    "(a1 -b2) OR storm",
    "title:a1",
    "п'ять",
    "lang:en a1",
    "",
]


def marked_in(node: query.Node, text: str, start: int, end: int) -> list[tuple[int, int]]:
    document = Document(Article("", "", "a1", text[start:end]))
    found = query.highlights_in_part(node, document).get("text", [])
    return [(first + start, behind + start) for first, behind in found]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from(ASKED), st.sampled_from(["", " "]))
def test_what_is_marked_in_a_stretch_is_marked_in_the_whole_text(words: list[str], asked: str, between: str) -> None:
    text = between.join(words)
    node = query.parse(asked)
    document = Document(Article("", "", "a1", text, language="en"))
    assume(query.is_match(node, document))
    whole = query.highlights(node, document).get("text", [])

    for start, end in query.stretches(node, text):
        marked = marked_in(node, text, start, end)
        assert marked == [span for span in whole if span in marked]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from(ASKED[:8]), st.sampled_from(["", " "]))
def test_the_first_word_of_a_text_stands_in_the_first_stretch_that_has_one(
    words: list[str], asked: str, between: str
) -> None:
    text = between.join(words)
    node = query.parse(asked)
    whole = query.highlights(node, Document(Article("", "", "", text))).get("text", [])
    found = [
        (start + first, start + behind)
        for start, end in query.stretches(node, text)
        for first, behind in query.highlights_in_part(node, Document(Article("", "", "", text[start:end]))).get(
            "text", []
        )
    ]

    assert whole[:1] == found[:1] or not found  # what a stretch does not show is looked for in the whole text


def test_a_word_is_seen_between_letters_of_a_script_without_spaces() -> None:
    text = "蘋果Apple公司。" + "何もない。" * 200 + "Apple"

    assert [0] == [start for start, _ in query.stretches(query.parse("apple"), text)][:1]


@pytest.mark.parametrize(
    "asked", ["(harbour -sugar) OR ferry", "(title:reopens crane) OR ferry", "ferry OR (harbour sugar)"]
)
def test_words_that_count_only_where_others_are_are_marked_as_a_search_marks_them(asked: str) -> None:
    dull = "Nothing of it is said here, but much else. " * 30
    with open_archive("sqlite://") as archive:
        keep(
            archive,
            article(text=f"The harbour is shut. {dull}The sugar is sold, and the crane. {dull}The ferry waits."),
        )

        assert archive.search(asked, now=NOW).hits == archive.overview(asked, now=NOW)[0].hits


@pytest.mark.parametrize("asked", ["harbour", "harbour crane", '"the crane"', "crane NEAR/99 harbour", "title:reopens"])
def test_an_overview_cuts_out_and_marks_what_a_search_does_around_the_first_word(asked: str) -> None:
    dull = "Nothing of it is said here, but much else. " * 30
    with open_archive("sqlite://") as archive:
        keep(archive, article(text=f"{dull}The crane of the harbour fell. {dull}The harbour is shut. {dull}"))
        whole = archive.search(asked, now=NOW).hits[0]
        brief = archive.overview(asked, now=NOW)[0].hits[0]

        assert whole.snippet == brief.snippet
        assert whole.article == brief.article
        assert whole.highlights.get("title") == brief.highlights.get("title")
        marked = brief.highlights.get("text", [])
        assert whole.highlights.get("text", [])[: len(marked)] == marked
