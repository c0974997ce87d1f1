"""Cards of other texts below news of a sentence or three are none of it; texts that are lists stay whole."""

from __future__ import annotations

import pytest

from crawler.extract import extract, standing, teasers
from crawler.extract.page import parse
from crawler.records import Fetched, Source
from tests.carded_pages import BRIEFINGS, CARDS, LISTS, OUTLETS, PLACES, briefing, listing, page

URL = "https://www.example.com/news/a"
SOURCE = Source("example", "The Example", "https://www.example.com/")
#: Beside the text and without a picture, a date or a link around all, such boxes may be the items of a briefing.
UNSURE = {("no picture", "beside"), ("list item", "beside"), ("no heading", "beside"), ("broken lines", "beside")}


def read(body: str) -> list[str]:
    return extract(Fetched(URL, URL, body.encode(), "text/html"), SOURCE).text.split("\n\n")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("card", CARDS)
def test_cards_below_news_of_two_sentences_are_none_of_it(card: str, place: str) -> None:
    told = OUTLETS["en"]
    for cards, declared in ((3, True), (6, False), (12, True)):
        lines = read(page("en", card, place, 2, cards, declared=declared))
        taken = any(said in line for line in lines for _, said in told.cards)

        assert list(told.sentences[:2]) == [line for line in lines if line in told.sentences]
        assert taken == ((card, place) in UNSURE)


@pytest.mark.parametrize("lang", OUTLETS)
def test_six_cards_below_news_of_one_sentence_are_none_of_it(lang: str) -> None:
    assert [OUTLETS[lang].sentences[0]] == read(page(lang, "all linked", "beside", 1, 6))


@pytest.mark.parametrize("lang", OUTLETS)
@pytest.mark.parametrize("name", LISTS)
def test_a_text_that_is_a_list_stays_whole(name: str, lang: str) -> None:
    told, text = OUTLETS[lang], "\n".join(read(listing(lang, name)))

    assert all(said in text for _, said in told.cards)
    # Linked headings of boxes with one sentence each are left out, as they were before there was a rule for cards.
    assert name.endswith("briefing") or all(head.format(at + 2) in text for at, (head, _) in enumerate(told.cards))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", BRIEFINGS)
def test_items_of_a_briefing_stay_though_they_look_like_cards(name: str, lang: str) -> None:
    """Whatever reads the text: what it finds is not taken off again."""
    body, told = briefing(lang, name).encode(), OUTLETS[lang]
    parsed = parse(body, "text/html", URL)
    shown = [line.text for line in parsed.lines if any(line.text in (*told.sentences, said) for _, said in told.cards)]
    title_at = standing.title_at(parsed, told.headline)

    assert shown == teasers.without(shown, parsed, title_at, lang, declared=True)
    assert len(told.cards) < len(shown)


def test_what_is_too_little_for_an_article_is_left_as_it_is() -> None:
    """A page that declares nothing would be lost without its cards."""
    assert OUTLETS["zh"].sentences[0] in read(page("zh", "all linked", "beside", 1, 6, declared=False))


def test_cards_that_lead_to_other_sites_are_a_list_of_links() -> None:
    told = OUTLETS["en"]
    body = page("en", "no picture", "apart", 2, 4).replace("href='/news/", "href='https://other.example/")

    assert any(told.cards[0][1] in line for line in read(body))
