from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crawler.records import Article
from digest.timeline import in_order, timeline, told_at

SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)


def article(number: int, **more: Any) -> Article:
    fields: dict[str, Any] = {"first_seen": SEEN, "id": number, "copy_kind": "full" if more.get("copy_of") else None}
    return Article(f"http://a.example/{number}", "a", f"Title {number}", "A text.", **fields | more)


def shown(articles: list[Article]) -> list[tuple[int | None, list[int | None]]]:
    return [(moment.article.id, [copy.id for copy in moment.copies]) for moment in timeline(articles)]


def test_a_copy_of_a_copy_stands_under_the_first_text_and_what_quotes_it_by_itself() -> None:
    given = [article(1), article(2, copy_of=1), article(3, copy_of=2), article(4, copy_of=3, copy_kind="quoted-in")]

    assert [(1, [2, 3]), (4, [])] == shown(given)


def test_a_copy_whose_text_is_in_another_story_stands_by_itself() -> None:
    assert [(2, []), (3, [])] == shown([article(2, copy_of=1), article(3)])


def test_texts_that_are_copies_of_each_other_stand_under_the_earliest() -> None:
    given = [
        article(1, copy_of=2),
        article(2, copy_of=1, first_seen=SEEN - timedelta(hours=1)),
        article(3, copy_of=1),
        article(4, copy_of=4),
    ]

    assert [(2, [1, 3]), (4, [])] == shown(given)


@given(st.lists(st.tuples(st.none() | st.integers(1, 9), st.integers(0, 5)), max_size=8))
def test_every_article_stands_in_the_timeline_once(made: list[tuple[int | None, int]]) -> None:
    given = [
        article(number, copy_of=origin, first_seen=SEEN + timedelta(hours=hours))
        for number, (origin, hours) in enumerate(made, 1)
    ]

    told = [one.id for moment in timeline(given) for one in (moment.article, *moment.copies)]

    assert sorted(filter(None, told)) == list(range(1, len(given) + 1))


def test_a_bare_day_is_the_day_that_is_printed_and_never_that_of_an_import() -> None:
    bare = article(1, published="2019-11-06", published_precision="day")
    zoned = article(
        2,
        published="2019-11-07",
        published_precision="day",
        published_utc=datetime(2019, 11, 6, 16, tzinfo=UTC),
    )
    exact = datetime(2019, 11, 6, 18, tzinfo=UTC)
    timed = article(3, published=exact.isoformat(), published_precision="minute", published_utc=exact)

    assert [1, 3, 2] == [one.id for one in in_order([zoned, timed, bare])]
    assert told_at(bare) == datetime(2019, 11, 6, tzinfo=UTC)
    assert told_at(article(4)) == SEEN
