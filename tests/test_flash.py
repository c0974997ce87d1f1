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


#: A headline, its news, whose it is, what else the site has, and how it asks for payment.
IN_ONE_BOX = {
    "en": (
        "Port workers vote to end their strike",
        "Workers at the country's largest port voted on Thursday to accept a pay deal, ending a strike of three weeks.",
        "By Miriam Falk",
        ("Car makers warn of shortage of parts", "What the strike costs the economy"),
        "This article is for subscribers only. Subscribe to continue reading.",
    ),
    "ru": (
        "Портовики проголосовали за окончание забастовки",
        "Рабочие крупнейшего порта страны в четверг одобрили соглашение о зарплате, и забастовка закончилась.",
        "Мария Фальк",
        ("Автозаводы предупредили о нехватке деталей", "Сколько стоит забастовка экономике"),
        "Этот материал доступен только подписчикам. Оформите подписку, чтобы читать дальше.",
    ),
    "zh": (
        "港口工人投票结束三周罢工",
        "该国最大集装箱港口的工人星期四投票接受薪资协议，结束了使大部分货运中断三周的罢工。",
        "记者 李明华",
        ("汽车制造商警告零件短缺", "罢工给经济造成的损失"),
        "本文仅限会员阅读。登录后继续阅读全文。",
    ),
    "ja": (
        "港湾労働者がスト終結を可決",
        "国内最大のコンテナ港の労働者は十二日、賃金協定の受け入れを可決し、三週間のストライキを終えた。",
        "三浦 里奈",
        ("自動車各社が部品不足を警告", "ストの経済的な損失"),
        "この記事は会員限定です。続きを読むには会員登録が必要です。",
    ),
    "ar": (
        "عمال الميناء يصوتون لإنهاء الإضراب",
        "صوت العاملون في أكبر ميناء للحاويات في البلاد الخميس لصالح اتفاق بشأن الأجور، منهين إضرابا دام ثلاثة أسابيع.",
        "ليلى حداد",
        ("شركات السيارات تحذر من نقص القطع", "كلفة الإضراب على الاقتصاد"),
        "هذا المحتوى للمشتركين فقط. سجل الدخول لمتابعة القراءة.",
    ),
}


def in_one_box(lang: str, wall: str = "") -> str:
    title, news, writer, others, _ = IN_ONE_BOX[lang]
    more = "".join(f"<li><a href='/n/{number}'>{other}</a></li>" for number, other in enumerate(others))
    box = f"<div class='byline'>{writer}</div><p>{news}</p>{wall}<ul>{more}</ul>"
    return page(lang, title, article_head(title), f"<main><article><h1>{title}</h1>{box}</article></main>")


@pytest.mark.parametrize("lang", IN_ONE_BOX)
def test_of_a_box_with_all_that_belongs_to_it_only_the_news_is_text(lang: str) -> None:
    assert IN_ONE_BOX[lang][1] == read(in_one_box(lang)).text


@pytest.mark.parametrize("lang", IN_ONE_BOX)
def test_the_beginning_of_a_text_that_must_be_paid_for_is_kept(lang: str) -> None:
    _, news, _, _, asked = IN_ONE_BOX[lang]
    article = read(in_one_box(lang, f"<div class='box'><p>{asked}</p></div>"))

    assert ("lead", True, news) == (article.completeness, article.paywalled, article.text)
