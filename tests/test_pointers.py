"""Links to other texts, signatures of posts and offers to listen between paragraphs, and links that are the text."""

from __future__ import annotations

import pytest

from crawler.extract import extract, pointers
from crawler.extract.page import parse
from crawler.records import Article, Fetched, Source
from tests.extracting import PARAGRAPHS as FOUR

URL = "https://www.example.com/news/story"
TITLE = "Storm at Northport"
PARAGRAPHS = (
    *FOUR,
    "The oldest of the boats, built ninety years ago, is to be shown in the hall of the market until the end of May.",
    "Nobody in the council would say on Tuesday evening who had ordered the stone that lies on the quay since June.",
)
#: A label before a link, and a headline that is a link.
POINTERS = {
    "en": ("Read also", "What the strike in the port costs the country"),
    "de": ("Lesen Sie auch", "Was der Streik im Hafen das Land kostet"),
    "fr": ("À lire aussi", "Ce que la grève du port coûte au pays"),
    "es": ("Lea también", "Lo que la huelga del puerto cuesta al país"),
    "ru": ("Читайте также", "Сколько стране стоит забастовка в порту"),
    "uk": ("Читайте також", "Скільки країні коштує страйк у порту"),
    "tr": ("İlgili haberler", "Limandaki grevin ülkeye maliyeti ne kadar"),
    "ar": ("اقرأ أيضا", "كم يكلف إضراب الميناء اقتصاد البلاد"),
    "fa": ("بیشتر بخوانید", "هزینه اعتصاب بندر برای اقتصاد کشور"),
    "he": ("כתבות נוספות", "כמה עולה השביתה בנמל למשק המדינה"),
    "hi": ("संबंधित खबरें", "बंदरगाह की हड़ताल से देश को कितना नुकसान"),
    "zh": ("相关阅读", "港口罢工给国家经济造成多大损失"),
    "ja": ("関連記事", "港のストライキが国の経済に与える損失"),
    "ko": ("관련 기사", "항만 파업이 나라 경제에 미친 손실"),
    "th": ("ข่าวที่เกี่ยวข้อง", "การหยุดงานที่ท่าเรือทำเศรษฐกิจเสียหายเท่าใด"),
    "vi": ("Tin liên quan", "Đình công ở cảng gây thiệt hại bao nhiêu"),
    "id": ("Berita Terkait", "Berapa kerugian akibat mogok di pelabuhan"),
    "pl": ("Czytaj także", "Ile strajk w porcie kosztuje gospodarkę kraju"),
}
FORMS = (
    "<p><strong>{label}:</strong> <a href='/n/1'>{headline}</a></p>",
    "<p><a href='/n/1'><strong>{headline}</strong></a></p>",
    "<p><strong><a href='https://www.example.com/n/1'>{headline}</a></strong></p>",
    "<p>{label}: <a href='https://other.example/n/1'>{headline}</a></p>",
)
#: What stands between paragraphs and is of the text.
TOLD = {
    "a subheading in bold": "<p><strong>What the strike in the port costs</strong></p>",
    "a sentence": "<p><a href='/n/1'>The court has published its ruling on the port.</a></p>",
    "a link in a sentence": "<p>Her answer: <a href='/n/1'>the letter of the council</a> was never sent</p>",
    "a link to a place of the page": "<p><a href='#notes'>The notes of the engineers in full</a></p>",
    "a document": "<p><a href='/files/plan.pdf'>The plan of the breakwater in full</a></p>",
    "a registration": "<p>Registration: <a href='https://www.example.com/fair'>https://www.example.com/fair</a></p>",
    "a picture": "<p>Pictured: <a href='/n/1'>The northern quay with its old crane</a></p>",
    "a homepage": "<p><strong>Homepage:</strong> <a href='https://o.example/'>Otto-Huus auf Nordhafen</a></p>",
    "a name of a list": "<p><a href='/n/1'>The Lounge and Supper Club of Northport</a></p>",
    "an offer of another site": "<p><b><a href='https://o.example/1'>The Warbonnet Blackbird for three</a></b></p>",
    "an address": "<p><a href='mailto:a@example.com'>Write to the harbour office of Northport</a></p>",
    "a quotation": "<p>“We were never asked”: <a href='/n/1'>Jane Roe</a></p>",
    "a line of a poem": "<p>— and the sea came in (again) at 9 that night</p>",
    "a book of another site": "<p>Must read: <a href='https://o.example/b'>The Long Way Home, Anna Berg</a></p>",
    "a tip for another site": "<p>Don't miss: <a href='https://o.example/b'>The Last Ferry, a film by Tom Lund</a></p>",
    "a linked subheading": "<p><b><a href='/topics/harbour'>What the harbour costs the whole town</a></b></p>",
    "a short linked subheading": "<p><b><a href='/n/12'>The stone of the quay</a></b></p>",
    "a result": "<p>– Platz 3 (@home) 12:10 gegen Milton</p>",
    "a linked result": "<p>– Platz 3 (@home) <a href='/n/12'>12:10</a> gegen Milton</p>",
    "goals": "<p>– Platz 3 (@home) 12 Tore</p>",
    "a score of another site": "<p>Also: <a href='https://o.example/b'>Milton United 3 Northport City 1</a></p>",
    "a page of its own": "<p>Подробнее: <a href='https://o.example/b'>закон о мостах от 1934 года</a></p>",
    "what a podcast is of": "<div class='podcast'><p>Episode 12: the tired quay of Northport</p></div>",
    "facts of a podcast": "<div class='podcast'><p>Episode 12 of it was heard by two million people.</p></div>",
    "a platform that changes": "<p>Podcasts on Spotify now carry adverts that listeners cannot skip.</p>",
    "a platform that charges": "<p>Podcast-Riese Spotify erhöht die Preise für Familien und Studenten.</p>",
    "listeners": "<p>Listeners in Russia can no longer pay for Apple Podcasts.</p>",
    "subscribers": "<p>Subscribers to Amazon Music pay more from May on than those of Spotify.</p>",
    "what is heard": "<p>Hört man Spotify, so hört man vor jedem Podcast drei Minuten lang Werbung.</p>",
    "a question": "<p>Hört das ganze Land seine Podcasts nur noch auf Spotify?</p>",
    "an attempt": "<p>Listen to a podcast on Spotify for an hour, and six minutes of it are adverts.</p>",
    "news of a platform": "<p>Listen to her on Spotify, the mayor said, and not to me when it is about the quay.</p>",
}


def made(between: str, lang: str = "en", paragraphs: tuple[str, ...] = PARAGRAPHS) -> Article:
    parts = [f"<p>{paragraph}</p>" for paragraph in paragraphs]
    body = "".join((*parts[:3], between, *parts[3:]))
    page = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{TITLE}</title></head>'
        f"<body><div class='single'><h1>{TITLE}</h1><div class='the-content'>{body}</div></div></body></html>"
    )
    return extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize("form", range(len(FORMS)))
@pytest.mark.parametrize("lang", POINTERS)
def test_a_link_to_another_text_between_paragraphs_is_none_of_the_text(lang: str, form: int) -> None:
    label, headline = POINTERS[lang]

    assert list(PARAGRAPHS) == made(FORMS[form].format(label=label, headline=headline), lang).text.split("\n\n")


@pytest.mark.parametrize("told", TOLD)
def test_what_looks_like_one_stays(told: str) -> None:
    text = made(TOLD[told]).text.split("\n\n")

    assert [*PARAGRAPHS[:3], *PARAGRAPHS[3:]] == [line for line in text if line in PARAGRAPHS]
    assert len(PARAGRAPHS) + 1 == len(text)


def test_linked_subheadings_of_a_text_stay() -> None:
    heads = [f"The boats of the {name} quay" for name in ("northern", "southern")]
    parts = (f"<p><a href='/n/{at}'><b>{head}</b></a></p><p>{PARAGRAPHS[at]} {at}</p>" for at, head in enumerate(heads))
    text = made("".join(parts), paragraphs=PARAGRAPHS).text.split("\n\n")

    assert set(heads) < set(text)


def test_a_linked_subheading_counts_with_those_that_may_be_links_to_other_texts() -> None:
    parts = "".join(
        f"<p><a href='{to}'><b>{head}</b></a></p><p>{PARAGRAPHS[at]} {at}</p>"
        for at, (to, head) in enumerate(
            (("/n/1", "The boats of the quay and who owns them"), ("/port", "The port and its law"))
        )
    )

    assert "The boats of the quay and who owns them" in made(parts).text


def test_news_of_a_platform_begins_a_text() -> None:
    """Where a text begins no offer stands, whatever its words are."""
    lead = "Listen to all podcasts on Spotify and Deezer"

    assert lead in made("", paragraphs=(lead, *PARAGRAPHS)).text.split("\n\n")


def test_a_list_whose_headlines_are_links_is_whole() -> None:
    headlines = [f"The harbour of {name} and its boats" for name in ("Northport", "Eastport", "Westport", "Southport")]
    items = "".join(
        f"<p><a href='/n/{at}'><b>{name}</b></a></p><p>{told}</p>"
        for at, (name, told) in enumerate(zip(headlines, PARAGRAPHS[1:], strict=False))
    )
    text = made(items, paragraphs=(PARAGRAPHS[0], PARAGRAPHS[5])).text.split("\n\n")

    assert set(headlines) < set(text)


@pytest.mark.parametrize(
    "day", ["12 Nov", "November 12, 2026", "12. November 2026", "12 ноября 2026 г.", "2026年11月12日"]
)
def test_a_post_stays_in_the_text_that_shows_it(day: str) -> None:
    post = "<p>The quay is under water and nobody comes.</p>&mdash; Tom (@tom_1) <a href='https://x.test/1'>{}</a>"
    text = made(f"<blockquote class='twitter-tweet'>{post.format(day)}</blockquote>").text.split("\n\n")

    assert [*PARAGRAPHS[:3], "The quay is under water and nobody comes.", *PARAGRAPHS[3:]] == text


@pytest.mark.parametrize("day", ["12 Nov", "Nov 12, 2026", "12. November 2026", "12 ноября 2026 г.", "2026年11月12日"])
def test_who_posted_and_when_is_told_by_the_day_with_its_link(day: str) -> None:
    line = f"— Tom (@tom_1) {day}"
    for written, kept in ((line.replace(day, f"<a href='https://x.test/1'>{day}</a>"), False), (line, True)):
        body = f"<p>{PARAGRAPHS[0]}</p><p>{written}</p><p>{PARAGRAPHS[1]}</p>".encode()
        text = pointers.without([PARAGRAPHS[0], line, PARAGRAPHS[1]], parse(body, "text/html", URL))

        assert kept == (line in text)


@pytest.mark.parametrize(
    "box",
    [
        "<section class='podcast'><h3>Podcast</h3><p>Der Hafen von innen: Folge 12 mit den Fischern</p></section>",
        "<p>Listen: The harbour from within. Subscribe on Apple Podcasts or Spotify.</p>",
        "<p>Écoutez notre podcast sur Spotify et Deezer.</p>",
        "<p>Слушайте наш подкаст в Apple Podcasts и на «Яндекс Музыке».</p>",
        "<p>收听我们的播客：Apple Podcasts、Spotify</p>",
        "<p>ポッドキャストはSpotifyとApple Podcastsで配信中</p>",
        "<p>استمع إلى البودكاست على Spotify</p>",
    ],
)
def test_an_offer_to_listen_is_none_of_the_text(box: str) -> None:
    assert list(PARAGRAPHS) == made(box).text.split("\n\n")


def test_a_text_in_a_box_that_is_called_podcast_is_kept() -> None:
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    page = f"<html><body><main class='podcast'><h1>{TITLE}</h1>{text}</main></body></html>"
    found = extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))

    assert list(PARAGRAPHS) == found.text.split("\n\n")
