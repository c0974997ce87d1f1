"""News with the words of walls is kept, boxes that ask for consent are taken off, error pages are known by headings."""

from __future__ import annotations

import pytest

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.records import Article, Fetched, Source
from tests.short_pages import article_head, page, shown

URL = "https://www.example.com/news/a"
#: Each with its language, its headline and its paragraphs: short news that has a wall's words in its beginning.
NEWS = {
    "denied": (
        "en",
        "Access denied: court keeps files of harbour shut",
        ("Access denied was all that reporters read in Northport on Monday.", "The papers hold names, a court said."),
    ),
    "moment": (
        "en",
        "Just a moment: how Northport waits for its ferry",
        (
            "Just a moment, says the bell of Northport, and nine hundred people wait. It was cast in 1840.",
            "A new one will cost 9,000 crowns. Nobody has found the money yet.",
        ),
    ),
    "robot": (
        "en",
        "Are you a robot? Museum asks its visitors",
        ("Verify you are human: a museum greets its guests with a captcha of oak. Its maker said that 12 had failed.",),
    ),
    "not found": (
        "en",
        "Error 404 becomes name of new café",
        ("Error 404 is the name of a café that opened on Saturday at the quay of Northport. It serves nothing.",),
    ),
    "nicht gefunden": (
        "de",
        "Seite nicht gefunden",
        ("Wer die Seite des Rathauses aufruft, liest seit Montag nur diese Worte. Ein Techniker hatte sie gelöscht.",),
    ),
    "no encontrada": (
        "es",
        "Página no encontrada, la novela del año",
        ("Página no encontrada, de Marta Ferrol, ganó el domingo el premio de la ciudad. Cuenta la vida de un sabio.",),
    ),
    "gone": (
        "en",
        "Harbour archive taken offline",
        (("This page is no longer available, guests have read since Monday. It moved, its head, Ida Pell, said."),),
    ),
    "subscribe": (
        "en",
        "Theatre of Northport tries a club",
        ("Subscribe to continue, the theatre will tell its guests from autumn. A year costs 90, its head said.",),
    ),
    "suscríbase": (
        "es",
        "El diario cierra su web",
        ("Suscríbase para seguir leyendo: es lo que verán desde junio los lectores, anunció el lunes su directora.",),
    ),
    "会員": (
        "ja",
        "北港新聞、有料会員制へ",
        ("北港新聞は6月から「この記事は会員限定です」と示し、続きを読むには会員登録が必要になると発表した。",),
    ),
    "Pur-Abo": (
        "de",
        "Nordhafener Bote führt Pur-Abo ein",
        (
            "Der Bote stellt seine Leser vor die Wahl: mit Werbung lesen oder zahlen. Das teilte er am Montag mit.",
            "Das Pur-Abo ohne Tracking kostet drei Euro im Monat. Wer Cookies akzeptiert, liest weiter kostenlos.",
        ),
    ),
}
#: What a page asks, with a line of its own that is no question.
ASKED = {
    "en": (
        (
            "We and our 842 partners use cookies to store information on your device. By clicking “Accept all” you "
            "agree to personalised advertising. You can withdraw your consent at any time."
        ),
        "Manage settings",
    ),
    "de": (
        (
            "Wir und unsere 842 Partner verwenden Cookies, um Informationen auf Ihrem Gerät zu speichern. Sie können "
            "Ihre Einwilligung jederzeit widerrufen."
        ),
        "Einstellungen",
    ),
    "fr": (
        (
            "Nous et nos 842 partenaires utilisons des cookies sur votre appareil. Vous pouvez retirer votre "
            "consentement à tout moment."
        ),
        "Paramètres",
    ),
    "zh": ("我们和合作伙伴使用Cookie在您的设备上存储信息。点击“全部接受”即表示您同意。您可以随时撤回同意。", "设置"),
    "ja": ("当サイトと提携先はクッキーを使用します。「すべて同意」をクリックすると同意したことになります。", "設定"),
}
TOLD = {
    "en": (
        "Bridge closed after barge strikes pier",
        "The bridge of Northport was closed on Friday after a barge struck its pier.",
        "Nobody was hurt, but trams will go the long way round until the pier has been looked at by divers.",
    ),
    "de": (
        "Gericht rügt Cookie-Banner der Fähre",
        "Das Gericht in Nordhafen hat am Dienstag das Cookie-Banner der Fährlinie gerügt.",
        "Die Fährlinie hatte Daten ohne Zustimmung gespeichert, sagte die Richterin, und muss sie nun löschen.",
    ),
    "fr": (
        "Le pont de Valmont est fermé",
        "Le pont de Valmont est fermé depuis vendredi midi après le choc d’une péniche contre sa pile nord.",
        "Personne n’a été blessé, mais les trams feront un détour jusqu’à la visite des plongeurs.",
    ),
    "zh": (
        "北桥封闭",
        "北港大桥中午封闭，一艘驳船撞上了北侧桥墩，无人受伤，电车将绕行，直到潜水员检查完毕为止。",
        "市长表示，修复工程最早将于下周开始，费用约为四十万元，由驳船的保险公司承担。",
    ),
    "ja": (
        "北港大橋が通行止め",
        "北港大橋は正午、はしけが北側の橋脚に衝突し、通行止めとなった。けが人はいない。",
        "市によると、橋脚の検査が終わるまで路面電車は迂回する。費用は四十万円と見込まれている。",
    ),
}
BOXES = {
    "platform": "<div id='onetrust-consent-sdk'><div class='row'>{}</div></div>",
    "named": "<div class='gdpr-box'><h2>Cookies</h2>{}</div>",
    "unnamed": "<div class='c-modal'><div class='c-modal__body'>{}</div></div>",
    "section": "<section><h2>Cookies</h2>{}</section>",
}
CARDS = "".join(
    f"<article><h3><a href='/{at}'>Mill {at} sold</a></h3><p>The clerk of works counted {at * 97} letters about the "
    f"old map of the mill before the last train had left, and sent those of house {at} to the capital.</p></article>"
    for at in range(1, 9)
)


def read(html: str) -> Article:
    return extract(Fetched(URL, URL, html.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize("name", NEWS)
def test_short_news_with_the_words_of_a_wall_is_an_article_where_its_page_declares_one(name: str) -> None:
    lang, title, told = NEWS[name]
    article = read(
        page(lang, title, article_head(title), f"<main><article><h1>{title}</h1>{shown(told)}</article></main>")
    )

    assert ("\n\n".join(told), "full", None) == (article.text, article.completeness, article.paywalled)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Just a moment...", "Checking your browser. Please wait, you will be sent on. Sorry for the wait."),
        ("Page not found", "Sorry, the page you were looking for could not be found. Try our latest stories below."),
        ("Harbour", "This article is no longer available. It was removed on Monday because its licence ended."),
    ],
)
def test_a_declared_page_that_tells_nothing_is_none(title: str, told: str) -> None:
    with pytest.raises(NoArticle):
        read(page("en", title, article_head(title), f"<main><article><h1>{title}</h1><p>{told}</p></article></main>"))


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("name", BOXES)
def test_a_box_that_asks_for_consent_neither_costs_an_article_nor_stands_in_it(name: str, lang: str) -> None:
    title, *told = TOLD[lang]
    box = BOXES[name].format(shown(ASKED[lang]))
    heads = ("", article_head(title))
    for lines, head in ((told, heads[0]), (told[:1], heads[lang in ("zh", "ja")])):
        text = f"<main><div><h1>{title}</h1>{shown(lines)}</div></main>"
        for body in (box + text, text + box):
            assert "\n\n".join(lines) == read(page(lang, title, head, body)).text


@pytest.mark.parametrize("name", BOXES)
def test_a_box_that_is_all_of_its_page_is_a_wall(name: str) -> None:
    box = BOXES[name].format(shown(ASKED["en"]))
    with pytest.raises(NoArticle) as caught:
        read(page("en", "The Example", "", f"{box}<p>The Example is printed in Northport.</p>"))

    assert "consent wall" == caught.value.reason


@pytest.mark.parametrize("name", ["cookie-law", "tag-gdpr"])
def test_news_in_a_block_of_such_a_name_is_kept(name: str) -> None:
    title, *told = TOLD["de"]
    body = f"<main><h1>{title}</h1></main><div class='{name}'>{shown(told)}</div><p>Nordhafen liegt an der See.</p>"

    assert told[0] in read(page("de", title, article_head(title), body)).text


@pytest.mark.parametrize(
    ("title", "heading", "below"),
    [
        ("Courier", "Page not found", "Sorry, the page you were looking for could not be found."),
        ("Courier", "Page not found", "Perhaps you will like one of these stories:"),
        ("404 - Courier", "Oops!", "This story has moved or is no longer available."),
        ("Error | Courier", "Something went wrong", "The page you asked for could not be found."),
        ("Fehler 404 | Bote", "Hoppla!", "Diese Seite gibt es leider nicht (mehr). Vielleicht interessiert Sie das:"),
        ("Courrier", "Page introuvable", "La page demandée est introuvable."),
        ("北港日报", "页面不存在", "您访问的页面不存在。"),
        ("الميناء", "الصفحة غير موجودة", "الصفحة المطلوبة غير موجودة."),
    ],
)
@pytest.mark.parametrize("tag", ["h1", "h2"])
def test_an_error_page_is_known_by_its_heading_above_the_beginnings_of_other_texts(
    tag: str, title: str, heading: str, below: str
) -> None:
    body = f"<main><{tag}>{heading}</{tag}><p>{below}</p><section>{CARDS}</section></main>"
    with pytest.raises(NoArticle) as caught:
        read(page("en", title, "", body))

    assert "soft 404" == caught.value.reason


def test_a_long_text_with_such_a_heading_is_kept() -> None:
    title = "Page not found"
    lines = [
        f"The clerk counted {at * 97} letters about the map of mill {at} and sent them off." for at in range(1, 40)
    ]

    assert lines[-1] in read(page("en", title, "", f"<main><h1>{title}</h1>{shown(lines)}</main>")).text
