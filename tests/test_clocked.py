"""Live blogs in plain markup: posts below a clock each, and other lists with clocks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crawler.extract import extract
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/news/story"
TITLE = "Storm at Northport"
PARAGRAPHS = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
    "The engineers answered that model tests had shown no danger, and that work begins after the herring season only.",
)
#: How pages print the times of their posts, from the newest on.
CLOCKS = {
    "en": ("17:00 GMT", "16:01 GMT", "15:02 GMT"), "am": ("5:00 pm", "4:01 pm", "11:02 am"),
    "de": ("17.00 Uhr", "16:01 Uhr", "9:02 Uhr"), "fr": ("17h00", "16h01", "9h02"),
    "es": ("17:00 h", "16:01 h", "9:02"),
    "zh": ("下午5:00", "下午4:01", "上午9:02"), "ja": ("午後5時00分", "午後4時01分", "午前9時02分"),
    "ko": ("오후 5:00", "오후 4:01", "오전 9:02"), "night": ("00:15", "23:50", "22:02"),
    "fa": ("۱۷:۰۰", "۱۶:۰۱", "۰۹:۰۲"),
    "dated": ("28 November 2026, 17:00", "28 November 2026, 16:01", "27 November 2026, 23:02"),
}  # fmt: skip
MARKUP = ("<span class='time'>{}</span>", "<div class='stamp'>{}</div>", "<h3>{}</h3>", "<time>{}</time>")


def made(clocks: Sequence[str], name: str, shown: str = MARKUP[0], title: str = TITLE) -> Article:
    posts = (
        f"<div class='{name}'>{shown.format(clock)}<p>{text}</p></div>"
        for clock, text in zip(clocks, PARAGRAPHS, strict=False)
    )
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1>{''.join(posts)}</main></body></html>"
    )
    return extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize("lang", CLOCKS)
@pytest.mark.parametrize("shown", MARKUP)
def test_a_live_blog_is_known_by_the_clocks_above_its_posts(lang: str, shown: str) -> None:
    article = made(CLOCKS[lang], "liveblog-post", shown)

    assert ("live", "3 posts with their own clocks") == (article.form, article.evidence["form"])
    assert ("2026-11-28T17:00" if lang == "dated" else None) == article.modified
    assert sorted(PARAGRAPHS, key=article.text.index) == list(PARAGRAPHS)


@pytest.mark.parametrize("lang", CLOCKS)
def test_the_clocks_themselves_are_no_text(lang: str) -> None:
    article = made(CLOCKS[lang], "liveblog-post", MARKUP[1])

    assert list(PARAGRAPHS) == article.text.split("\n\n")


@pytest.mark.parametrize("lang", CLOCKS)
def test_the_newest_post_comes_first_where_it_stands_last(lang: str) -> None:
    article = made(CLOCKS[lang][::-1], "liveblog-post")

    assert "page, the newest of 3 posts first (posts with clocks)" == article.evidence["text"]
    assert sorted(PARAGRAPHS, key=article.text.index) == [PARAGRAPHS[2], PARAGRAPHS[0], PARAGRAPHS[1]]


def test_a_title_that_says_live_is_enough_where_the_newest_post_is_the_first() -> None:
    assert "live" == made(CLOCKS["en"], "entry", title="Storm live: water rises - as it happened").form


@pytest.mark.parametrize(
    ("title", "clocks", "name"),
    [
        ("The programme of the harbour feast", CLOCKS["en"], "event"),
        ("Harbour feast live: all concerts", CLOCKS["en"][::-1], "event"),
        ("Storm live: what readers say", CLOCKS["en"], "reader reply"),
        ("Storm live: what the harbour says", ("3. Place", "2. Place", "1. Place"), "liveblog-post"),
        ("Storm live: what the harbour says", CLOCKS["en"][:2], "liveblog-post"),
    ],
    ids=["programme", "live programme", "comments", "places", "two"],
)
def test_other_lists_are_no_live_blog(title: str, clocks: Sequence[str], name: str) -> None:
    assert "article" == made(clocks, name, title=title).form
