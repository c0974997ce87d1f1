"""News of a sentence or two is kept whatever its site says beside it; pages without any are refused."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from crawler.errors import NoArticle
from crawler.extract import block_hashes, extract
from crawler.records import Article, Fetched, Source
from tests.short_pages import TONGUES, Item, article_head, items, page, shown, walls
from tests.test_refusal import CONSENT, GONE
from tests.test_walls import ASKED

URL = "https://www.example.com/news/a"
ITEMS = dict(items())
WALLS = dict(walls())
#: Lists whose teasers are whole sentences are taken for texts.
LISTS = {"search", "tag"}
TITLE = "Storm at Northport"


def read(html: str, host_blocks: Collection[int] = ()) -> Article:
    return extract(Fetched(URL, URL, html.encode(), "text/html"), Source("example", "The Example", URL), host_blocks)


@pytest.mark.parametrize("name", ITEMS)
def test_news_of_a_sentence_or_two_is_an_article(name: str) -> None:
    item: Item = ITEMS[name]
    article = read(item.html)
    lines = article.text.split("\n\n")

    assert list(item.sentences) == [line for line in lines if line in item.sentences]
    assert not any(line in article.text for line in TONGUES["en"].cookies)
    assert article.title == item.title


@pytest.mark.parametrize("name", [name for name in WALLS if name.split(", ")[1] not in LISTS])
def test_a_page_without_news_is_refused(name: str) -> None:
    with pytest.raises(NoArticle):
        read(WALLS[name])


@pytest.mark.parametrize("lang", CONSENT)
def test_a_wall_right_below_a_headline_is_no_news(lang: str) -> None:
    """Each of its sentences stands alone, as news would."""
    asked = [[*text.split("\n\n")] for _, text in CONSENT[lang]]
    asked += [[text] for text in GONE.get(lang, ())] + [wall.split("|") for wall in ASKED.get(lang, ())]
    for lines in asked:
        told = [part for line in lines for part in line.replace(". ", ".\n").split("\n")]
        body = f"<main><article><h1>{TITLE}</h1><div>{shown(told)}</div></article></main>"
        with pytest.raises(NoArticle):
            read(page(lang, TITLE, article_head(TITLE), body))


def test_verses_are_text_and_labels_are_none() -> None:
    verses = "<article><h1>Storm at Northport</h1><p>The sea<br>came in<br>at night<br>again</p></article>"
    labels = "<article><h1>Storm at Northport</h1><p>Photo</p><p>Gallery</p><p>Map of the port</p></article>"

    assert read(page("en", TITLE, article_head(TITLE), verses)).text == "The sea\n\ncame in\n\nat night\n\nagain"
    with pytest.raises(NoArticle):
        read(page("en", TITLE, article_head(TITLE), labels))


def test_news_that_only_tells_its_headline_again_is_kept() -> None:
    body = f"{shown(TONGUES['en'].cookies)}<article><h1>{TITLE}</h1><p>{TITLE}.</p></article>"

    assert read(page("en", TITLE, article_head(TITLE), body)).text == f"{TITLE}."


def test_news_counts_only_where_the_page_declares_an_article_and_shows_its_headline() -> None:
    told = f"{shown(TONGUES['en'].cookies)}<div><h1>{TITLE}</h1><p>The sea came in.</p></div>"
    headless = f"{shown(TONGUES['en'].cookies)}<div><p>The sea came in.</p></div>"
    for head, body in (("", told), (article_head(TITLE), headless)):
        with pytest.raises(NoArticle):
            read(page("en", TITLE, head, body))


def test_what_the_host_says_on_every_page_is_no_news() -> None:
    body = f"<article><h1>{TITLE}</h1><p>This video cannot be shown here.</p></article>"
    html = page("en", TITLE, article_head(TITLE), body)

    assert read(html).text == "This video cannot be shown here."
    with pytest.raises(NoArticle):
        read(html, block_hashes("This video cannot be shown here."))
