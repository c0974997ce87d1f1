"""What articles are to those whose text they have, so far as it is proven which was first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.archive import Archive
from crawler.precedence import proof
from crawler.records import Article

#: By the kind of a copy; and where nothing tells which of the two was first.
_RELATIONS = {"full": "copy of", "partial": "partial copy of", "quoted-in": "quotes from"}
_OPEN = {"full": "same text as", "partial": "much the same text as", "quoted-in": "shares text with"}


def is_open(article: Article, other: Article | None) -> bool:
    """Tell whether it is not proven that an article's text comes from the other one; so too where that is not there."""
    return other is None or proof(article, other) == "open"


def relation(article: Article, other: Article | None) -> str:
    """Say what an article is to the one whose text it has: "copy of", "same text as"; "" when the text is its own."""
    if article.copy_of is None:
        return ""
    return (_OPEN if is_open(article, other) else _RELATIONS)[article.copy_kind or "full"]


def relations(archive: Archive, articles: Iterable[Article]) -> Mapping[int, str]:
    """Say of each of some articles what it is to the one whose text it has."""
    articles = list(articles)
    wanted = {article.copy_of for article in articles if article.copy_of is not None}
    others = {article.id: article for article in archive.articles.heads_of(wanted)}
    return {article.id or 0: relation(article, others.get(article.copy_of)) for article in articles}
