"""Pages that list other texts on cards, and texts whose sections only look like cards."""

from __future__ import annotations

import pytest

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/news/coast"
SENTENCE = {
    "en": "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one",
    "de": "Der Hafenrat von Nordhafen hat nach neun Stunden über die neue Mole abgestimmt, und der Plan wurde mit",
    "fr": "Le conseil du port a voté après neuf heures sur la nouvelle digue, et le projet est passé d'une",
    "es": "El consejo del puerto votó tras nueve horas sobre el nuevo dique, y el plan salió adelante por un",
    "it": "Il consiglio del porto ha votato dopo nove ore sulla nuova diga, e il piano è passato per un",
    "ru": "Совет гавани после девяти часов проголосовал за новый волнорез, и план прошёл с перевесом в один",
    "ar": "صوت مجلس الميناء بعد تسع ساعات على حاجز الأمواج الجديد، وأقرت الخطة بفارق صوت",
    "zh": "北港港务委员会经过九个小时的讨论后对新防波堤进行了投票，计划以一票之差获得通过，渔民表示将提起诉讼",
    "ja": "北港の港湾評議会は九時間の議論の末に新しい防波堤について採決し、計画は一票差で可決され、漁師は提訴する",
    "ko": "북항 항만위원회는 아홉 시간의 논의 끝에 새 방파제에 대해 표결했고 계획은 한 표 차이로 통과되었다고 어민들이",
}
WHOLE = (
    "It is the boat that we would take home: dry in every weather, quick in the harbour, and cheap to mend in winter."
)
CARDS = (
    "<div class=card><h3><a href=/{n}>{title}</a></h3><p>{text}</p></div>",
    "<article><h2><a href=/{n}>{title}</a></h2><p>{text}</p><a href=/{n}>Read more</a></article>",
    "<li><a href=/{n}><h4>{title}</h4></a><div class=words><p>{text}</p></div></li>",
    "<div class=item><p><a href=/{n}>{title}</a></p><p>{text}</p><p>28 November 2026</p></div>",
)


def made(body: str, *, title: str = "Example Outlet - News of the coast", head: str = "") -> Article:
    markup = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body>"
    return extract(Fetched(URL, URL, f"{markup}</html>".encode(), "text/html"), Source("example", "The Example", URL))


def cards(card: str, text: str, count: int = 8) -> str:
    return "".join(card.format(n=n, title=f"Headline {n} of the harbour", text=f"{n}: {text}") for n in range(count))


@pytest.mark.parametrize("lang", SENTENCE)
@pytest.mark.parametrize("card", CARDS)
def test_a_page_of_cards_whose_texts_are_cut_off_is_no_article(lang: str, card: str) -> None:
    end = (" …", "...", " [...]", "…")[CARDS.index(card)]
    with pytest.raises(NoArticle, match="lists 8 other texts") as caught:
        made(f"<main><h1>Coast</h1>{cards(card, SENTENCE[lang] + end)}</main>")

    assert "no article" == caught.value.reason


@pytest.mark.parametrize("card", CARDS)
def test_sections_with_linked_headings_are_text(card: str) -> None:
    article = made(f"<main><h1>Eight boats</h1>{cards(card, WHOLE)}</main>", title="Eight boats for winter")

    assert 8 == article.text.count(WHOLE)


@pytest.mark.parametrize("card", CARDS)
def test_an_article_above_cards_is_kept(card: str) -> None:
    paragraphs = "".join(f"<p>{n}: {WHOLE}</p>" for n in range(3))
    body = f"<main><h1>One boat</h1>{paragraphs}</main><section>{cards(card, SENTENCE['en'] + ' …')}</section>"

    assert made(body, title="One boat").text.startswith(f"0: {WHOLE}")


def test_a_page_that_declares_its_article_is_one() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Eight boats"}</script>'
    article = made(f"<main><h1>Eight boats</h1>{cards(CARDS[0], SENTENCE['en'] + ' …')}</main>", head=head)

    assert SENTENCE["en"] in article.text
