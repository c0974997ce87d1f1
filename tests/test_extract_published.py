"""The date of a page and what stands in for it: broken JSON-LD, bylines, feeds, furniture that is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.records import Entry
from tests.extracting import URL, made, page


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","headline":"H","datePublished":"2025-03-04T05:06:07Z",}',
        '<!-- {"@type":"NewsArticle","datePublished":"2025-03-04T05:06:07Z"} -->',
        '{"@type":"NewsArticle","headline":"He said "no" today","datePublished":"2025-03-04T05:06:07Z"}',
        '{"@type":"NewsArticle","headline":"line\nbreak","datePublished":"2025-03-04T05:06:07Z"};',
        '{"@type":"NewsArticle","datePublished":"2025-03-04T05:06:07Z","author":{"@type":"Person","name":"Jane Roe"',
    ],
)
def test_broken_json_ld_still_gives_the_date(broken: str) -> None:
    article = made(page(head=f'<script type="application/ld+json">{broken}</script>'))

    assert ("2025-03-04T05:06:07+00:00", "json-ld") == (article.published, article.published_evidence)


def test_a_time_without_zone_is_read_in_the_zone_of_the_source() -> None:
    article = made(page(above="<p>By Jane Roe | Published: 4 July 2025, 15:30</p>"))

    assert ("2025-07-04T15:30", "minute", "byline") == (
        article.published,
        article.published_precision,
        article.published_evidence,
    )
    assert datetime(2025, 7, 4, 13, 30, tzinfo=UTC) == article.published_utc
    assert "source timezone" == article.evidence["published_utc"]
    assert "Jane Roe" not in article.text


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>12.345.678 views since 2014</p>",
        "<p>Only 19.99 instead of 24.12.20 while stocks last</p>",
        "<p>Tel. 2019/11/06-55</p>",
        "<footer>© 2001-2024 Example. Last modified: 3 May 2021</footer>",
        '<div class="comments"><time datetime="2021-05-03T10:00:00Z">3 May 2021</time></div>',
        '<img src="/img/20190405.jpg"><script>var built = "2022-02-02T10:00:00Z"</script>',
        "<p>Version 2020.11.3 build 20190405</p>",
    ],
)
def test_a_page_without_a_date_gets_none(furniture: str) -> None:
    article = made(page(below=furniture), url="https://www.example.com/story")

    assert (None, "none", None, None) == (
        article.published,
        article.published_precision,
        article.published_evidence,
        article.published_utc,
    )


def test_a_date_in_the_future_is_doubted() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T10:00:00Z">'
    article = made(page(head=head, above="<p>Published 4 July 2025</p>"))

    assert ("2025-07-04", "day", "byline") == (
        article.published,
        article.published_precision,
        article.published_evidence,
    )


def test_midnight_is_a_day_and_a_finer_time_of_the_same_day_is_better() -> None:
    head = '<meta property="article:published_time" content="2025-07-04T00:00:00">'

    assert "day" == made(page(head=head)).published_precision
    assert "2025-07-04T15:30" == made(page(head=head, above="<p>Published 4 July 2025, 15:30</p>")).published


def test_the_feed_entry_helps_where_the_page_is_silent() -> None:
    entry = Entry(URL, "T", published="2025-07-04T15:30:00+00:00", authors=("Jane Roe",))
    article = made(page(), entry=entry)

    assert ("2025-07-04T15:30:00+00:00", "feed", ("Jane Roe",)) == (
        article.published,
        article.published_evidence,
        article.authors,
    )
