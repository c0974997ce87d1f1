"""Pages that are read in spite of their charset, and those that are no article."""

from __future__ import annotations

import pytest

from crawler.errors import REASONS, NoArticle
from crawler.records import Source
from tests.extracting import PARAGRAPHS, bare, made, page


@pytest.mark.parametrize(
    ("charset", "declared", "text", "language"),
    [
        (
            "gb18030",
            "gb2312",
            "中国国家安全机关公布了三起间谍案件，提醒公众提高国家安全意识，防范境外情报机构的活动。" * 4,
            "zh",
        ),
        (
            "cp1251",
            "windows-1251",
            "Совет порта после девяти часов споров одним голосом решил строить новый мол, сообщили в мэрии. " * 4,
            "ru",
        ),
        (
            "cp1252",
            "iso-8859-1",
            "Le conseil du port a voté « à une voix près » la nouvelle digue – après neuf heures de débats, l’été "
            "dernier. " * 3,
            "fr",
        ),
        (
            "utf-8",
            "iso-8859-1",
            "Der Hafenrat stimmte nach neun Stunden für die neue Mole, und die Fischer kündigten schon größte "
            "Klagen an. " * 3,
            "de",
        ),
        (
            "shift_jis",
            "",
            "港湾評議会は九時間の議論の末、新しい防波堤の建設を一票差で可決した。漁師たちは裁判に訴えると述べた。" * 4,
            "ja",
        ),
        (
            "cp1256",
            "windows-1256",
            "صوت مجلس الميناء بعد تسع ساعات من النقاش لصالح بناء حاجز الأمواج الجديد بفارق صوت واحد فقط. " * 4,
            "ar",
        ),
    ],
)
def test_text_is_read_in_its_charset(charset: str, declared: str, text: str, language: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    body = f"<html><head>{meta}<title>T</title></head><body><article><h1>T</h1><p>{text}</p></article>".encode(charset)
    article = made(body, source=Source("x", "X", "https://x.example/"))

    assert " ".join(text.split()) == article.text
    assert language == article.language


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \n\0", "", "empty"),
        (b"%PDF-1.7 ...", "text/html", "not html"),
        (b'{"a": 1}', "application/json", "not html"),
        (b"plain words without any markup", "text/plain", "not html"),
        (
            bare("Page not found", "Sorry, we looked everywhere for this page."),
            "text/html",
            "soft 404",
        ),
        (
            bare("Just a moment...", "Checking your browser before accessing the site."),
            "text/html",
            "blocked",
        ),
        (
            bare("Before you continue", "We use cookies and other data to deliver our services."),
            "",
            "consent wall",
        ),
        (
            b"<html><head><title>Video</title></head><body><div id=player></div></body></html>",
            "text/html",
            "no article",
        ),
    ],
)
def test_what_is_no_article_says_why(body: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(NoArticle) as caught:
        made(body, content_type=content_type)

    assert reason == caught.value.reason
    assert reason in REASONS


def test_an_article_about_errors_is_still_an_article() -> None:
    assert made(page(title="Why error 404 became famous", body=PARAGRAPHS * 4)).text


@pytest.mark.parametrize(
    "heading",
    [
        "Sorry, the page you are looking for could not be found. It may have been moved or deleted.",
        "Die Seite, die Sie suchen, wurde nicht gefunden. Sie wurde verschoben oder gelöscht.",
        "La page que vous recherchez n’existe pas. Elle a peut-être été déplacée.",
        "К сожалению, страница не найдена. Возможно, она была удалена.",
        "抱歉，您访问的页面不存在或已被删除。",
        "Aradığınız sayfa bulunamadı. Silinmiş olabilir.",
    ],
)
def test_a_heading_that_says_that_the_page_is_gone_ends_it_whatever_teasers_stand_below(heading: str) -> None:
    card = '<div class="card"><a href="/{0}"><h4>Council votes {0}</h4></a><p>The plan for the breakwater…</p></div>'
    cards = "".join(card.format(number) for number in range(3))
    body = f"<main><h1>{heading}</h1><section><h2>Read also</h2>{cards}</section></main>"
    with pytest.raises(NoArticle) as caught:
        made(f"<html><head><title>Portal</title></head><body>{body}</body></html>".encode())
    assert "soft 404" == caught.value.reason
