"""A glance at a page denies nothing that reading it finds."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from crawler import reading, tokens
from crawler.errors import NoArticle
from crawler.extract.charsets import decode
from crawler.extract.glance import Glance
from crawler.query import Document
from crawler.records import Article, Fetched, Source

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "extraction"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOURCE = Source("x", "x", "https://x.test/")
FRENCH = (
    "Les anguilles sont revenues dans le port, disent les pêcheurs, qui ne les avaient plus vues depuis dix ans. " * 5
)
ENGLISH = (
    "The eels came back to the harbour, say the fishermen, who had not seen them there for the last ten years. " * 5
)
#: No stretch of it is long.
LINKED = "".join(f"<p>The eels came back to <a href=/>harbour {number}</a>, said its people" for number in range(30))
CHINESE = "<p>".join(["鳗鱼又回到了港口，渔民们说，他们已经有十年没有在那里见过鳗鱼了。"] * 10)


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ("<p>Eels came</p>", "eels"),
        ("<p><span class=dropcap>E</span>els came", "eels"),
        ("<p>Ee<!-- -->ls", "eels"),
        ("<p>Ee&shy;ls", "eels"),
        ("<p><b>E<i></b>e</i>&shy;<em title='more'>ls</em>", "eels"),
        ('<p>Mor<a title="Eels">ay', "eels"),
        ('<meta name="description" content="How the <script> tag is used"><p>Eels</p><script>x()</script>', "eels"),
        ("<a onclick=\"document.write('<script src=x>')\">More</a><p>Eels</p><script>x()</script>", "eels"),
        ('<div data-html="<style>"><p>Eels', "eels"),
        ('<script type="application/ld+json">{"articleBody": "<script>x()<\\/script> Eels"}</script>', "eels"),
        ("<!-- <script> --!><p>Eels</p><script>x()</script>", "eels"),
        ('<meta name="description" content="5 > 3 and the <script> tag"><p>Eels</p><script>x()</script>', "eels"),
        ("<a onclick=\"document.write('<b>x</b><script src=x><\\/script>')\">More</a><p>Eels</p>", "eels"),
        ("<title>Use of the <script> tag</title><p>Eels</p><script>x()</script>", "eels"),
        ("<textarea><style></textarea><p>Eels", "eels"),
        ("<style-guide><p>Eels</p></style-guide><style>x</style>", "eels"),
        ("<p>E<![CDATA[x]]>els", "eels"),
        ("<p>E<?pi?>els", "eels"),
        ("<p>E<!x>els", "eels"),
        ("<p>E</foo>els", "eels"),
        ("<p>E</ br>els", "eels"),
        ("<p>E<input>els", "eels"),
        ("<p>E<link rel=x>els", "eels"),
        ("<p>E<picture><rb>els", "eels"),
        (f"<p>&#{'0' * 5000}69; Eels", "eels"),
        ("<p>Ee<!-- a > <i>b</i> -->ls", "eels"),
        ("<p>间<!-- a>b -->谍", "间谍"),
        ("<p>News&amp;notes", "notes"),
        ("<p>Arts&amp;times", "times"),
        ("<p>news\\reports", "reports"),
        ("<p>C:\\temp\\results", "results"),
        ("<p>&#69;els &amp;amp; more", "eels"),
        ("<p>&Eacute;tat", "etat"),
        ("<p>caf&eacute", "cafe"),
        ('<meta property="og:title" content="Eels came">', "eels"),
        ('<script type="application/ld+json">{"headline": "\\u0045els"}</script>', "eels"),
        ('<script type="application/ld+json">{"headline": "\\ud835\\udc04els"}</script>', "eels"),
        ('<script type="application/ld+json">{"articleBody": "One.\\nEels<\\/p>"}</script>', "eels"),
        ("<!-- <script> --><p>Eels</p><script>x()</script>", "eels"),
        ("<script src=x /><p>Eels</p><script>x()</script>", "eels"),
        ("<p>1 < 2 and eels > 3", "eels"),
        ("<b>The</b></p><p class=x><i>Eels</i> came", "eels"),
        ("<b>The</b></p>\n<p>Eels</p><p>came", "eels"),
        ("<p>E</foo class=x><b>els</b></p><p>came", "eels"),
        ("<p>The</foo>Eels", "eels"),
        ("<p>25eels", "25eels"),
        ("<p><span>By</span><span>Eels</span>", "eels"),
        ("<p>By<!-- -->Eels", "eels"),
        ("<p>ByEels", "eels"),
        ("<p>VonJürgen", "jurgen"),
        ("<p>By<span>E</span>els", "eels"),
        ("<p>By Ann Eels20.11.2026", "eels"),
        ("<p>By Ann EelsNov 20", "eels"),
        ('<script type="application/ld+json">//<![CDATA[\n{"articleBody": "Eels"}\n//]]></script>', "eels"),
        ('<script type="application/ld+json"><!-- {"articleBody": "Eels"} --></script>', "eels"),
        ('<script type="application/ld+json">{"description": "<a href=", "articleBody": "Eels"}</script>', "eels"),
        ('<script type="application/ld+json">{"articleBody": "<b>E</b>els"}</script>', "eels"),
        ('<script type="application/ld+json">{"articleBody": "\\u003cb>E\\u003c/b\\u003eels"}</script>', "eels"),
        ('<script type="application/ld+json">{"articleBody": "&lt;b&gt;E&lt;/b&gt;els"}</script>', "eels"),
        ('<script type="application/ld+json">{"articleBody": "&#60;b&#x3E;E&LT;/b&gt;els"}</script>', "eels"),
        (f'<script type="application/ld+json">{{"articleBody": "E<a href={"x" * 900}>els"}}</script>', "eels"),
        ('<script data-x="a>b" type="application/ld+json">{"articleBody": "Eels"}</script>', "eels"),
        ("<p>在2019年", "2019"),
        ("<p>間諜", "间谍"),
        ("<p>王 伟", "王伟"),
    ],
)
def test_words_are_seen_however_they_are_written(page: str, word: str) -> None:
    assert Glance(page).has(word)


@pytest.mark.parametrize("page", ["<p>Reels", "<p>eelsome", "<script>eels()</script>", "<p class=eels>", "<p>ee</p>ls"])
def test_what_is_no_word_of_the_page_is_denied(page: str) -> None:
    assert not Glance(page).has("eels")


def test_a_beginning_is_asked_for_by_itself() -> None:
    glance = Glance("<p>espionage")

    assert (glance.has("espio", prefix=True), glance.has("espio"), glance.has("pionage")) == (True, False, False)


@pytest.mark.parametrize(
    ("page", "foreign"),
    [
        (f"<p>{FRENCH}</p>", True),
        (f"<p>{ENGLISH}</p>", False),
        (f"<p>{FRENCH}</p><p>{ENGLISH}</p>", False),
        (f"<html lang=en><p>{FRENCH}</p>", False),
        (f"<p>{FRENCH}</p>{LINKED}", False),
        (f'<meta property="og:locale" content="en_US"><p>{FRENCH}</p>', False),
        ("<p>Les anguilles</p>", False),
        ("", False),
    ],
)
def test_a_page_is_foreign_only_where_all_of_it_is(page: str, foreign: bool) -> None:
    assert foreign == Glance(page).is_foreign(["en"])


def pages() -> Iterator[tuple[Fetched, Article]]:
    for gold in sorted(CORPUS.glob("*/gold.jsonl")):
        for line in islice(gold.read_bytes().splitlines(), 5, None, 40):  # of bytes: U+2028 ends no line
            told = json.loads(line)
            body = gzip.decompress((gold.parent / told["page"]).read_bytes())
            page = Fetched(
                told.get("url") or "https://x.test/", told.get("url") or "https://x.test/", body, fetched_at=NOW
            )
            try:
                yield page, reading.read_page(page, SOURCE, ()).article
            except NoArticle:
                continue


def test_short_paragraphs_beside_a_long_footer_tell_the_language() -> None:
    assert not Glance(f"<p>{CHINESE}<footer>{ENGLISH}").is_foreign(["zh"])


@pytest.mark.parametrize(
    ("language", "paragraph"),
    [
        (
            "de",
            "Die Aale sind in den Hafen zurückgekehrt, sagen die Fischer, die sie dort seit zehn Jahren nicht sahen. "
            * 2,
        ),
        ("zh", "鳗鱼又回到了港口，渔民们说，他们已经有十年没有在那里见过鳗鱼了。" * 2),
    ],
)
def test_an_article_between_longer_paragraphs_in_another_language_tells_its_language(
    language: str, paragraph: str
) -> None:
    article = "".join(f"<p>{number} {paragraph}" for number in range(8))

    others = "".join(f"<div>{number} {ENGLISH}" for number in range(4))

    for page in (article + others, others + article):
        assert not Glance(page).is_foreign([language])


@pytest.mark.parametrize("others", [1, 2, 3])
def test_each_of_few_pieces_is_looked_at(others: int) -> None:
    english = "".join(f"<div>{number} {ENGLISH}" for number in range(3 + others - 1))

    assert not Glance(f"{english}<p>{FRENCH[:200]}").is_foreign(["fr"])


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real pages is not there")
def test_nothing_that_real_pages_say_is_denied() -> None:
    """Save words that reading glues together of two, which nobody asks for."""
    for page, article in pages():
        glance = Glance(decode(page.body, page.content_type), page.final_url)
        words = set(tokens.words(f"{glance._words._plain} {glance._words._others}"))
        spaced = {word for word in Document(article).vocabulary if not tokens.is_unspaced(word)} - {tokens.BETWEEN}
        dense = {word for word in Document(article).vocabulary if tokens.is_unspaced(word)}

        assert [word for word in spaced if not (glance._is_somewhere(word) or word in glance._dense)] == [], page.url
        assert [word for word in spaced if not (glance._is_apart(word, False) or word in glance._dense)] == [], page.url
        assert [word for word in spaced - words if not glance.has(word) and word not in glance._dense] == [], page.url
        assert [word for word in dense if not glance.has(word)] == [], page.url
        assert not glance.is_foreign([article.language.partition("-")[0]]), page.url


@pytest.mark.parametrize(
    "made",
    [
        "<" * 500_000,
        "<script>" * 60_000,
        "&" * 500_000,
        "\\u0041" * 80_000,
        "<a " * 150_000,
        "<a <script>" * 50_000,
        "<script>-->" * 50_000,
        "a<!--" * 100_000,
        "a<b" * 150_000,
        "a<!-- -->" * 50_000 + " ",
        "<meta og:locale'" * 30_000,
        "a&amp;" * 80_000,
        "word\\n" * 80_000,
        ">word word word" * 30_000,
        "a" + "<b>" * 150_000 + " ",
        "a</foo>" * 60_000,
        "<style><script>" * 30_000,
        "<p>\u0430" + "\u0315\u0300" * 75_000,
        '<script type="application/ld+json">' + "<a" * 200_000 + "</script>",
        "<script a='>" * 40_000,
        '<script type="application/ld+json">' + "&lt;a " * 100_000 + "</script>",
        "eelseels" * 60_000,
        ">" + "/" * 300_000 + "[",
    ],
)
def test_hostile_pages_are_glanced_at_soon(made: str) -> None:
    begun = time.process_time()
    glance = Glance(made)
    glance.has("eels")
    glance.is_foreign(["en"])

    assert time.process_time() - begun < 5
