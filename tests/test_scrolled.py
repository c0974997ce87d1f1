"""Of a page that goes on with the next articles of its site only its own is kept; one long text stays whole."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.records import Article, Fetched, Source
from tests.scrolled_pages import (
    ADDRESSES,
    OPINIONS,
    SCROLLED,
    SLUGS,
    TOLD,
    WHOLE,
    marked,
    opinions,
    page,
    shown,
    text,
)

URL = "https://www.example.com/news/breakwater"
SOURCE = Source("example", "The Example", "https://www.example.com/")
#: They have no names in them.
NAMELESS = {"dates only"}
#: Their title is that of the whole, and none of the parts'.
COLLECTIONS = {"a list with headings", "opinions, each signed"}


def read(body: bytes) -> Article:
    return extract(Fetched(URL, URL, body, "text/html"), SOURCE)


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("name", SCROLLED)
def test_of_a_page_that_goes_on_with_other_articles_only_its_own_is_kept(name: str, lang: str) -> None:
    told = TOLD[lang]
    article = read(page(lang, SCROLLED[name](told), og=name != "flat"))

    assert text(told, 0) == article.text.split("\n\n")
    assert ("several", told.headlines[0]) == (article.form, article.title)
    assert article.authors == (() if name in NAMELESS else (told.names[0],))


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("name", WHOLE)
def test_chapters_posts_and_cards_end_no_text(name: str, lang: str) -> None:
    told = TOLD[lang]
    title = told.chapters[0] if name in COLLECTIONS else ""
    lines = read(page(lang, WHOLE[name](told), title=title)).text.split("\n\n")

    assert [line for at in range(3) for line in text(told, at)] == [line for line in lines if line in _all(lang)]


@pytest.mark.parametrize("what", ["body", "chapters", "apart"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_the_body_or_of_chapters_ends_no_text(address: str, what: str) -> None:
    told = TOLD["en"]
    lines = read(page("en", marked(told, address, what))).text.split("\n\n")

    assert [line for at in range(3) for line in text(told, at)] == [line for line in lines if line in _all("en")]


def test_another_article_without_names_is_told_by_its_address() -> None:
    told = TOLD["en"]
    parts = "".join(
        f"<div data-url='/news/{slug}'><h2>{told.headlines[at]}</h2>{shown(text(told, at))}</div>"
        for at, slug in enumerate(SLUGS)
    )

    assert text(told, 0) == read(page("en", parts)).text.split("\n\n")


@pytest.mark.parametrize(("tag", "place"), OPINIONS)
def test_opinions_that_are_signed_and_dated_each_stay_below_their_introduction(tag: str, place: str) -> None:
    told = TOLD["en"]
    article = read(page("en", opinions(told, tag, place)))

    lines = [line for line in article.text.split("\n\n") if line in _all("en")]
    assert ("article", [line for at in range(3) for line in text(told, at)]) == (article.form, lines)


def _all(lang: str) -> set[str]:
    return {line for at in range(3) for line in text(TOLD[lang], at)}


def test_a_short_text_above_others_is_not_parted_from_them() -> None:
    """A roundup begins like this."""
    told = TOLD["en"]
    roundup = SCROLLED["bare divs, h2"](told).replace("".join(f"<p>{line}</p>" for line in text(told, 0)[1:]), "")

    assert text(told, 1)[0] in read(page("en", roundup)).text
