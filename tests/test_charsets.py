"""Text in the charset that a page declares, in another one, in none, and spoilt by the page's own system."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.charsets import decode
from crawler.records import Fetched, Source
from tests.hostile_pages import recipes

URL = "https://www.example.com/story"
TEXTS = {
    "ar": "قالت مديرة الميناء الشمالي إن العبارات ستبقى في الميناء بسبب الرياح القوية وإن المدخل أغلق حتى صباح الغد.",
    "he": "מנהלת הנמל הצפוני אמרה כי המעבורות יישארו בנמל בגלל הרוחות החזקות וכי הכניסה נסגרה עד מחר בבוקר.",
    "ru": "Портовое управление сообщило, что из-за сильного ветра все паромы остаются в гавани, а вход закрыт до утра.",
    "el": "Η λιμενική αρχή ανακοίνωσε ότι λόγω των ισχυρών ανέμων όλα τα πλοία παραμένουν στο λιμάνι μέχρι το πρωί.",
    "zh": "北港港务局五月一日表示，由于风力达到十级，所有渡轮停航，港口入口已经封闭，船只必须留在港内等待通知。",
    "zh-tw": "北港港務局五月一日表示，由於風力達到十級，所有渡輪停航，港口入口已經封閉，船隻必須留在港內等待通知。",
    "ja": "北港の港湾局は一日、強風のためすべてのフェリーを欠航とし、港の入り口を翌朝まで閉鎖すると発表した。",
    "ko": "북항 항만청은 1일 강풍으로 모든 여객선의 운항을 중단하고 항구 입구를 다음 날 아침까지 폐쇄한다고 밝혔다.",
    "th": "ผู้ว่าการท่าเรือเหนือกล่าวว่าเรือเฟอร์รี่จะจอดอยู่ในท่าเพราะลมแรง และทางเข้าปิดจนถึงเช้าวันพรุ่งนี้",
    "pl": "Zarząd portu poinformował, że z powodu silnego wiatru wszystkie promy zostają w porcie, wejście zamknięto.",
    "cs": "Správa přístavu uvedla, že kvůli silnému větru zůstávají všechny přívozy v přístavu a vjezd je uzavřen.",
    "hu": "A kikötő közölte, hogy az erős szél miatt minden komp a kikötőben marad, és a bejáratot lezárták.",
    "lt": "Uosto direkcija pranešė, kad dėl stipraus vėjo visi keltai lieka uoste, o įplauka uždaryta iki ryto.",
    "tr": "Liman müdürlüğü, şiddetli rüzgâr nedeniyle bütün feribotların limanda kalacağını söyledi.",
    "de": "Die Hafenmeisterin erklärte, dass größere Fähren bei diesem Wind im Hafen bleiben müssten, „vorerst“.",
}


def page(text: str, lang: str, declared: str = "") -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return (
        f'<!doctype html><html lang="{lang}"><head>{meta}<title>{text[:30].strip()}</title></head><body>'
        f"<div id=content><h1>{text[:30].strip()}</h1><p>{text}</p><p>{text[::-1]}</p></div></body></html>"
    )


@pytest.mark.parametrize(
    ("lang", "charset", "declared", "header"),
    [
        ("ar", "cp1256", "windows-1256", ""), ("ar", "cp1256", "", ""), ("ar", "iso8859-6", "utf-8", ""),
        ("he", "cp1255", "iso-8859-8-i", ""), ("he", "cp1255", "", "ISO-8859-1"),
        ("ru", "cp1251", "windows-1251", ""), ("ru", "koi8-r", "", ""), ("ru", "cp1251", "", "utf-8"),
        ("ru", "cp1251", "iso-8859-1", ""), ("ru", "utf-16-le", "utf-16", ""), ("ru", "utf-16-be", "", ""),
        ("el", "cp1253", "", "ISO-8859-1"), ("el", "iso8859-7", "", ""),
        ("zh", "gb18030", "gb2312", ""), ("zh", "gbk", "utf-8", ""), ("zh", "gbk", "", "ISO-8859-1"),
        ("zh", "utf-8", "", "ISO-8859-1"), ("zh-tw", "big5hkscs", "big5", ""), ("zh-tw", "big5hkscs", "", ""),
        ("ja", "cp932", "shift_jis", ""), ("ja", "euc_jp", "", ""), ("ja", "iso2022_jp", "iso-2022-jp", ""),
        ("ja", "iso2022_jp", "", ""), ("ja", "cp932", "utf-8", ""), ("ru", "koi8-r", "windows-1251", ""),
        ("tr", "cp1254", "iso-8859-1", ""), ("tr", "cp1254", "utf-8", ""),
        ("ko", "cp949", "euc-kr", ""), ("ko", "cp949", "utf-8", ""),
        ("ko", "iso2022_kr", "", ""), ("th", "cp874", "tis-620", ""), ("th", "cp874", "", "windows-1252"),
        ("pl", "iso8859-2", "iso-8859-2", ""), ("pl", "cp1250", "", ""),
        ("pl", "iso8859-2", "", ""), ("pl", "iso8859-2", "utf-8", ""), ("pl", "cp1250", "", "ISO-8859-1"),
        ("pl", "cp1250", "iso-8859-2", ""), ("cs", "cp1250", "utf-8", ""), ("cs", "iso8859-2", "iso-8859-1", ""),
        ("cs", "iso8859-2", "windows-1250", ""), ("hu", "cp1250", "iso-8859-1", ""), ("lt", "cp1257", "utf-8", ""),
        ("tr", "cp1254", "", ""), ("tr", "iso8859-9", "", ""), ("ja", "cp932", "iso-8859-1", ""),
        ("tr", "cp1254", "iso-8859-9", ""), ("de", "cp1252", "utf-8", ""), ("de", "cp1252", "", ""),
    ],
)  # fmt: skip
def test_a_page_is_read_whole_whatever_it_declares(lang: str, charset: str, declared: str, header: str) -> None:
    text = TEXTS[lang]
    kind = f"text/html; charset={header}" if header else "text/html"
    body = page(text, lang, declared).encode(charset, "xmlcharrefreplace")

    article = extract(Fetched(URL, URL, body, kind), Source("e", "E", URL))
    assert [text, text[::-1]] == article.text.split("\n\n")
    assert text[:30].strip() == article.title


@pytest.mark.parametrize(
    ("lang", "charset", "declared"),
    [
        ("zh-tw", "big5hkscs", "big5"), ("ja", "euc_jp", "euc-jp"), ("ko", "cp949", "euc-kr"),
        ("ja", "cp932", "shift_jis"),
        ("ja", "iso2022_jp", "iso-2022-jp"), ("zh", "gbk", "gb2312"), ("ru", "cp1251", "windows-1251"),
    ],
)  # fmt: skip
def test_a_few_stray_bytes_do_not_undo_a_right_declaration(lang: str, charset: str, declared: str) -> None:
    stray = b"<footer>\xff\xfe\x81 Caf\xe9 \xc3\xa9</footer></body>"
    body = page(TEXTS[lang], lang, declared).encode(charset).replace(b"</body>", stray)

    assert TEXTS[lang] in decode(body)


@pytest.mark.parametrize("lang", ["pl", "tr", "lt"])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1"])
def test_the_language_of_a_template_makes_no_other_letters_of_a_text(lang: str, declared: str) -> None:
    french = "L’été dernier, où l’on était à Saint-Étienne, ça s’est bien passé, même pour la forêt et le château."

    assert french in decode(page(french, lang, declared).encode("cp1252"))
    assert TEXTS["ru"] in decode(page(TEXTS["ru"], lang, "windows-1251").encode("cp1251"))


@pytest.mark.parametrize("lang", ["de", "ru", "zh", "ar"])
def test_what_was_written_twice_as_utf8_is_undone(lang: str) -> None:
    spoilt = TEXTS[lang].encode().decode("latin-1")
    body = f"<html><head><title>T</title></head><body><p>{spoilt}</p><p>{spoilt}</p></body></html>"

    assert TEXTS[lang] in decode(body.encode())
    assert spoilt in decode(body.replace("</body>", f"<p>{TEXTS['ru'] * 9}").encode()), "the rest of the page is right"


def test_cyrillic_that_was_taken_for_western_letters_is_undone() -> None:
    text = TEXTS["ru"] * 3

    assert text in decode(f"<html><body><p>{text.encode('cp1251').decode('cp1252')}".encode())


@pytest.mark.parametrize(
    "text",
    [
        "Þórður og Ægir sögðu að höfnin yrði lokuð; „hún er ófær“, æðislegt. ÞÆTTIR ÁRSINS: ÍSLAND ÖÐLAST.",
        "»»»» Ä Ö Ü «««« Größe, Maße, Füße, Übermut täte gut, ÄÖÜÄÖÜ ÄÖÜÄÖÜ »»»»»»»»»»»»»»»»»»»»»»»»»»»»»»",
        "L’été dernier, où l’on était à Saint-Étienne, ça s’est bien passé – « très bien » même.",
        "Trời ơi! Bão đổ bộ vào cảng, tàu thuyền không được ra khơi cho đến sáng mai.",
        "Â£5 and Ã© stand in a text about charsets, which shows what “Ã¶” comes from.",
    ],
)
def test_western_text_stays_as_it_is(text: str) -> None:
    assert text in decode(page(text, "x").encode())


@pytest.mark.parametrize("lang", ["ar", "he"])
def test_text_from_right_to_left_keeps_its_order_and_marks(lang: str) -> None:
    marked = f"\u202b{TEXTS[lang]}\u202c (25 %) \u200f2024\u200f"
    body = page(TEXTS[lang], lang).replace(f"<p>{TEXTS[lang]}</p>", f"<p dir='rtl'>{marked}</p>")

    article = extract(Fetched(URL, URL, body.encode(), "text/html"), Source("e", "E", URL))
    assert marked == article.text.split("\n\n")[0]
    assert lang == article.language


def test_escapes_on_which_the_decoder_itself_fails_cost_no_page() -> None:
    """Of random bytes some make CPython's decoder of ISO-2022 give up with "internal codec error"."""
    noise = next(recipe.body() for recipe in recipes() if recipe.name == "noise 4")

    assert len(decode(noise)) > 1_000_000
