"""Dates and names that a page holds of other things: comments, lists, events, other texts, the site, today."""

# ruff: noqa: E501

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.records import Article
from tests.test_extract_dates import made, page

TITLE = "Harbour council votes for the breakwater"


def saying(*nodes: dict[str, Any]) -> str:
    return "".join(f"<script type='application/ld+json'>{json.dumps(node)}</script>" for node in nodes)


def told(article: Article) -> tuple[str | None, tuple[str, ...]]:
    return article.published, article.authors


_TROLL = {"@type": "Comment", "datePublished": "2024-04-01T10:00:00", "author": {"name": "Tom Poe"}}
_CATS = {
    "@type": "NewsArticle",
    "headline": "Other thing entirely about cats",
    "datePublished": "2022-01-01",
    "author": {"name": "Peter Falk"},
}


@pytest.mark.parametrize(
    "nodes",
    [
        [{"@type": "NewsArticle", "headline": TITLE, "comment": [_TROLL]}],
        [_TROLL],
        [{"@type": "ItemList", "itemListElement": [_CATS]}],
        [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": _CATS}]}],
        [{"@type": "WebSite", "name": "X", "datePublished": "2010-01-01", "dateModified": "2025-11-28T00:00:00Z"}],
        [{"@type": "Product", "name": "Rope", "review": [{"@type": "Review", "datePublished": "2022-01-01"}]}],
        [{"@type": "Review", "datePublished": day, "author": {"name": "Tom Poe"}} for day in ("2022-01-01", "2022-01-02")],
        [_CATS | {"url": "https://www.example.com/cats"}],
        [_CATS | {"mainEntityOfPage": {"@type": "WebPage", "@id": "/2022/01/cats.html"}}],
        [_CATS | {"headline": "猫についての全く別の話題、港とは無関係", "url": "https://www.example.com/cats"}],
        [_CATS | {"headline": "Совсем другое о кошках", "url": "https://www.example.com/cats"}],
    ],
)  # fmt: skip
def test_json_ld_of_something_else_gives_no_date_and_no_author(nodes: list[dict[str, Any]]) -> None:
    assert (None, ()) == told(made(page(head=saying(*nodes))))


@pytest.mark.parametrize(
    "node",
    [
        # Under another address, but with the page's headline; or with another headline, but of this address; or of none.
        {"@type": "NewsArticle", "headline": TITLE, "url": "https://amp.example.com/x/harbour"},
        {"@type": "NewsArticle", "headline": "Mole gets its money", "url": "https://www.example.com/harbour?amp=1"},
        {"@type": "NewsArticle", "headline": "Mole gets its money", "mainEntityOfPage": "/harbour"},
        {"@type": "NewsArticle", "headline": "Mole gets its money", "url": "https://www.example.com/"},
        {"@type": "NewsArticle", "headline": "Mole gets its money"},
        {"@type": "NewsArticle", "headline": "Harbour: council votes for breakwater after nine hours", "url": "https://www.example.com/y"},
        {"@type": "Review", "name": TITLE},
        # Of a rare kind, but with the address of the page.
        {"@type": "HowTo", "name": "A breakwater", "mainEntityOfPage": "https://www.example.com/harbour"},
    ],
)  # fmt: skip
def test_json_ld_of_the_page_itself_does(node: dict[str, Any]) -> None:
    article = made(page(head=saying(node | {"datePublished": "2022-01-01", "author": {"name": "Jane Roe"}})))

    assert ("2022-01-01", ("Jane Roe",)) == told(article)


def test_broken_json_ld_is_read_where_it_names_a_text() -> None:
    broken = (
        '<script type=\'application/ld+json\'>{{"@type": "{}", \'x": , "headline": \''
        + TITLE
        + "', \"datePublished\": '2022-01-01'</script>"
    )

    assert "2022-01-01" == made(page(head=broken.format("NewsArticle"))).published
    assert made(page(head=broken.format("ItemList"))).published is None


_ITEM = (
    "<div itemscope itemtype='http://schema.org/{}'><a itemprop='url' href='{}'><span itemprop='headline'>{}</span></a>"
    "<meta itemprop='datePublished' content='2022-01-01'><span itemprop='author'>Peter Falk</span></div>"
)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (_ITEM.format("NewsArticle", "/cats", "Other thing about cats"), (None, ())),
        (_ITEM.format("BlogPosting", "https://www.example.com/katzen", "Ganz andere Katzen"), (None, ())),
        (_ITEM.format("Comment", "/harbour#c1", TITLE), (None, ())),
        (_ITEM.format("Review", "/harbour#r1", TITLE), (None, ())),
        (_ITEM.format("NewsArticle", "/harbour", "Mole gets its money"), ("2022-01-01", ("Peter Falk",))),
        (_ITEM.format("NewsArticle", "/amp/x", TITLE), ("2022-01-01", ("Peter Falk",))),
    ],
)
def test_microdata_of_another_text_gives_no_date_and_no_author(
    item: str, expected: tuple[str | None, tuple[str, ...]]
) -> None:
    assert expected == told(made(page(below=item)))
