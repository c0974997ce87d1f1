from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.archive import Kept, open_archive
from crawler.records import Article, CopyOf
from digest.relations import relation, relations

SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: As the fields of an article: published at a minute that is known.
EARLY, LATE = ({"published_utc": SEEN - timedelta(hours=hours), "published_precision": "minute"} for hours in (3, 2))


def article(number: int, **more: Any) -> Article:
    fields: dict[str, Any] = {"first_seen": SEEN, "id": number, "carried_by": f"Outlet {number}"} | more
    return Article(f"http://a.example/{number}", f"outlet{number}", "Title", "A text.", **fields)


@pytest.mark.parametrize(
    ("kind", "proven", "unproven"),
    [
        ("full", "copy of", "same text as"),
        ("partial", "partial copy of", "much the same text as"),
        ("quoted-in", "quotes from", "shares text with"),
    ],
)
def test_an_article_is_called_a_copy_only_where_it_is_proven_that_the_other_was_first(
    kind: str, proven: str, unproven: str
) -> None:
    copy = {"copy_of": 1, "copy_kind": kind}

    assert proven == relation(article(2, **copy, **LATE), article(1, **EARLY))
    assert proven == relation(article(2, **copy, credited_to="Outlet 1"), article(1))
    assert unproven == relation(article(2, **copy), article(1, **EARLY))
    assert unproven == relation(article(2, **copy, **EARLY), article(1, **LATE))
    assert unproven == relation(article(2, **copy, **LATE), None)


def test_a_text_of_its_own_is_nobodys_copy() -> None:
    assert "" == relation(article(1), None)


def test_what_articles_are_is_read_from_the_archive() -> None:
    with open_archive("sqlite:///:memory:") as archive:
        first, undated = article(1, **EARLY), article(2)
        archive.articles.keep([Kept(first)], SEEN)
        archive.articles.keep([Kept(undated, copy=CopyOf(1, "full", 1.0))], SEEN)
        archive.articles.keep([Kept(article(3, **LATE), copy=CopyOf(1, "partial", 0.9))], SEEN)

        assert {1: "", 2: "same text as", 3: "partial copy of"} == relations(archive, archive.articles.many([1, 2, 3]))
