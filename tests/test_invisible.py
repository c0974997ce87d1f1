"""Characters that nobody sees, in the texts, titles and names of a page."""

from __future__ import annotations

import json

import pytest

from crawler import invisible, tokens
from crawler.extract import extract
from crawler.records import Entry, Fetched, Source
from crawler.spiders.text import squeeze

URL = "https://www.example.com/story"
SOURCE = Source("e", "The Example", URL)
WORDS = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice."
)


def read(title: str, text: str, author: str = "Anna Weber", lang: str = "en", head: str = "", shown: bool = True):
    heading = f"<h1>{title}</h1>" if shown else ""
    markup = (
        f"<!doctype html><html lang={lang}><head><meta charset=utf-8><title>{title}</title>{head}"
        f"<meta name=author content='{author}'><meta name=description content='{text}'></head>"
        f"<body><article>{heading}<p>{text}</p><p>{WORDS}</p><p>{WORDS[::-1]}</p></article></body></html>"
    )
    return extract(Fetched(URL, URL, markup.encode(), "text/html"), SOURCE)


@pytest.mark.parametrize("sign", ["\xad", "&shy;", "\u200b", "&#8203;", "\ufeff", "&#xFEFF;", "\u2060", "&NoBreak;"])
def test_what_tells_only_where_a_line_may_break_is_taken_out(sign: str) -> None:
    found = read(
        f"Hafen{sign}behörde stimmt{sign} für Wellen{sign}brecher",
        f"Die Hafen{sign}behörde von Nord{sign}hafen hat {sign} nach neun Stunden für den neuen "
        f"Wellen{sign}brecher ge{sign}stimmt.",
        f"{sign}Anna We{sign}ber{sign}",
        "de",
    )

    assert "Hafenbehörde stimmt für Wellenbrecher" == found.title
    assert (
        "Die Hafenbehörde von Nordhafen hat nach neun Stunden für den neuen Wellenbrecher gestimmt."
        == found.text.split("\n")[0]
    )
    assert ("Anna Weber",) == found.authors


def test_it_is_taken_out_of_what_is_declared_as_json_and_of_feeds() -> None:
    node = {"@type": "NewsArticle", "headline": "Hafen\xadbehörde stimmt", "author": {"name": "Anna We\u200bber"}}
    found = read(
        "Hafenbehörde stimmt", "x" * 60, "", "de", f"<script type=application/ld+json>{json.dumps(node)}</script>"
    )
    given = Entry(
        URL, squeeze("\ufeffHafen\xadbehörde \u2060stimmt"), squeeze("Die Hafen\xadbehörde\u200b hat gestimmt.")
    )

    assert ("Anna Weber",) == found.authors
    assert ("Hafenbehörde stimmt", "Die Hafenbehörde hat gestimmt.") == (given.title, given.summary)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fa", "او می\u200cخواهد خانه\u200cهای نو بسازد"),
        ("hi", "क्\u200dष और क्\u200cष"),
        ("km", "ព្រះ\u200bរាជា\u200bណាចក្រ"),
        ("my", "မြန်မာ\u200bနိုင်ငံ"),
        ("th", "ท่าเรือ\u200bปิด\u200bแล้ว"),
        ("lo", "ທ່າ\u200bເຮືອ"),
        ("he", "הנמל \u200fGPS 5\u200f נסגר"),
        ("ar", "\u202bأغلق الميناء\u202c (25 %) \u2066iPhone 15\u2069 اليوم"),
        ("en", "👩\u200d🚀 in the harbour"),
    ],
)
def test_what_words_and_their_order_need_stays(lang: str, text: str) -> None:
    assert text == invisible.without(text)
    assert "".join(tokens.fold(text).split()) == "".join(tokens.fold(text.replace("\u200b", "")).split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\u200bព្រះ\u200b\u200bរាជា\u200b", "ព្រះ\u200bរាជា"),
        ("ព្រះ\u200b Northport\u200b5", "ព្រះ Northport5"),
        ("ท่าเรือ\xad\u200b\u2060ปิด", "ท่าเรือ\u200bปิด"),
        ("https://\u200bwww.example\u200b.com/\u200bstory", "https://www.example.com/story"),
        ("هاتف \u202d+971 4 123\u202c اليوم", "هاتف \u202a+971 4 123\u202c اليوم"),
        ("\u202eevil\u202c", "\u202bevil\u202c"),
    ],
)
def test_what_is_between_no_such_letters_goes(text: str, left: str) -> None:
    assert left == invisible.without(text)


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("\u202bأغلق الميناء\u202c", "أغلق الميناء"),
        ("\u2067הנמל נסגר\u2069\u200f", "הנמל נסגר"),
        ("\u200fהנמל \u200fGPS\u200f נסגר\u200e", "הנמל \u200fGPS\u200f נסגר"),
        ("\u2067הנמל\u2069 נסגר", "הנמל נסגר"),
        ("הנמל \u2066GPS 5\u2069 נסגר", "הנמל \u2066GPS 5\u2069 נסגר"),
        ("הנמל \u2066GPS\u2069 נסגר \u2068שוב", "הנמל \u2066GPS\u2069 נסגר שוב"),
        ("The harbour closes", "The harbour closes"),
    ],
)
def test_a_title_has_no_marks_of_direction_at_its_ends_and_none_without_its_half(title: str, left: str) -> None:
    assert left == invisible.of_title(title)


def test_titles_and_names_of_a_page_have_none_when_the_site_is_taken_off() -> None:
    text = "أعلنت إدارة الميناء الشمالي يوم الاثنين أن المدخل أغلق حتى صباح الغد بسبب الرياح القوية."
    found = read(
        "\u202bأغلق الميناء الشمالي\u202c | The Example", text, "\u200fأحمد\u200f علي\u202c", "ar", shown=False
    )

    assert "أغلق الميناء الشمالي" == found.title
    assert ("أحمد علي",) == found.authors
