"""Whole texts above offers of newsletters, channels, comments and papers, and stubs above walls, in many languages."""

from __future__ import annotations

import pytest

from crawler.errors import NoArticle
from crawler.extract import extract, walls
from crawler.extract.asking import is_gate
from crawler.records import Article, Fetched, Source
from tests.wall_lines import OFFERS, WALLS

URL = "https://www.example.com/news/story"
TITLE = "Storm at Northport"
TEXT = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
    "The engineers answered that model tests had shown no danger, and that work begins after the herring season only.",
)
#: Where a line stands below a text.
LAYOUTS = (
    "<main><article><h1>{title}</h1>{text}<p>{line}</p></article></main>",
    "<main><article><h1>{title}</h1><div>{text}</div></article><div class='box'><p>{line}</p></div></main>",
    "<div class='content'><h1>{title}</h1><div>{text}<div class='more-x'><h3>{line}</h3></div></div></div>",
    "<div class='c1'><h1>{title}</h1><div class='c2'>{text}</div><div class='c3'><span>{line}</span></div></div>",
)


def made(body: str, lang: str = "en") -> Article:
    page = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>{body}'
        "<footer><p>© 2001-2026 The Example</p></footer></body></html>"
    )
    return extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))


def below(line: str, layout: str, lang: str = "en") -> Article:
    return made(layout.format(title=TITLE, text="".join(f"<p>{part}</p>" for part in TEXT), line=line), lang)


def read(article: Article) -> tuple[str, bool | None, list[str]]:
    return article.completeness, article.paywalled, [line for line in article.text.split("\n\n") if line in TEXT]


@pytest.mark.parametrize("lang", OFFERS)
def test_an_offer_of_something_else_is_no_wall(lang: str) -> None:
    assert [] == [line for line in OFFERS[lang] if walls.is_wall(line) or is_gate(line, TEXT)]


@pytest.mark.parametrize("lang", OFFERS)
def test_a_text_above_an_offer_is_whole(lang: str) -> None:
    for at, line in enumerate(OFFERS[lang][:4]):
        assert ("full", None, list(TEXT)) == read(below(line, LAYOUTS[at % len(LAYOUTS)], lang)), line


@pytest.mark.parametrize("lang", WALLS)
def test_a_text_above_a_wall_is_its_beginning(lang: str) -> None:
    for at, line in enumerate(WALLS[lang]):
        assert ("lead", True, list(TEXT)) == read(below(line, LAYOUTS[at % len(LAYOUTS)], lang)), line


@pytest.mark.parametrize("name", ["class='paywall'", "class='story-paywall__box'", "data-paywall='1'"])
@pytest.mark.parametrize("line", ["Abone olun", "Оформите подписку", "Subscribe now", "Jetzt abonnieren"])
def test_a_box_that_its_page_calls_a_wall_is_one(name: str, line: str) -> None:
    layout = f"<main><h1>{{title}}</h1><div>{{text}}</div><div {name}><p>{{line}}</p><p>4.99</p></div></main>"

    assert ("lead", True, list(TEXT)) == read(below(line, layout))
    assert ("full", None, list(TEXT)) == read(below(line, layout.replace(name, "class='box'")))


def test_a_text_within_a_box_that_is_called_a_wall_is_whole() -> None:
    layout = "<main><div class='paywall'><h1>{title}</h1><div>{text}</div><p>{line}</p></div></main>"

    assert "full" == below("Subscribe now", layout).completeness


@pytest.mark.parametrize(
    "label", ["Nur für Abonnenten", "Réservé aux abonnés", "Solo per abbonati", "会員限定", "Subscribers only"]
)
def test_the_label_of_another_text_is_no_wall(label: str) -> None:
    card = f"<div class='card'><span>{label}</span><h3><a href='/2'>Ferry runs aground off Eastport</a></h3></div>"
    layout = (
        f"<main><h1>{{title}}</h1><div>{{text}}</div><div class='more-x'><h2>{{line}}</h2>{card}{card}</div></main>"
    )

    assert ("full", None, list(TEXT)) == read(below("More stories", layout))


@pytest.mark.parametrize(
    "line", ["Bültenimize abone olun ve haberleri ilk siz okuyun.", "Subscribe to our newsletter for more."]
)
def test_an_offer_alone_is_no_news(line: str) -> None:
    page = f"<main><div><h1>{TITLE}</h1><p>{line}</p></div></main>"

    with pytest.raises(NoArticle):
        made(page)


def test_news_of_a_sentence_stays_below_an_offer() -> None:
    told = "A storm broke the northern crane of the port of Northport on Monday night, the council said."
    page = f"<main><div><h1>{TITLE}</h1><p>Share this article</p><p>{told}</p></div></main>"

    assert told == made(page).text
