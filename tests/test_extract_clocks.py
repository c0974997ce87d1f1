"""Times of day, and days of few figures, as the press of many languages prints them."""

from __future__ import annotations

from datetime import datetime

import pytest
from babel.dates import format_date, format_time

from crawler.extract.byline import parse_line
from crawler.extract.dates import clean, find, find_spans
from tests.test_extract_dates import made, page

LANGUAGES = (
    "ar", "bn", "de", "el", "en", "es", "fa", "fr", "gu", "hi", "it", "ja", "ko", "ml", "mr", "ms", "pa", "pl", "ru",
    "sw", "ta", "te", "tr", "vi", "zh", "zh_Hant",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "printed", "clock"),
    [
        ("ar", "14/3/2024 - 05:05 مساءً", "17:05"),
        ("ar", "14/3/2024 - 05:05 مساء", "17:05"),
        ("ar", "14/3/2024 - 09:05 صباحاً", "09:05"),
        ("ar", "14/3/2024 - 12:05 ص", "00:05"),
        ("ar", "14 مارس 2024م - 05:05 م", "17:05"),
        ("ar", "14 مارس 2024 م 05:05", "05:05"),
        ("ar", "14 مارس 2024 11:30 ظهرا", "11:30"),
        # Pages often declare another language than they are written in.
        ("en", "14/3/2024 - 05:05 مساءً", "17:05"),
        ("fa", "۲۴ اسفند ۱۴۰۲ ۰۵:۰۵ ب.ظ", "17:05"),
        ("fa", "۲۴ اسفند ۱۴۰۲ ۰۵:۰۵ عصر", "17:05"),
        ("fa", "۲۴ اسفند ۱۴۰۲ ۰۵:۰۵ صبح", "05:05"),
        ("ur", "14 مارچ، 2024 شام 5:05", "17:05"),
        ("th", "14 มีนาคม 2567 17.05 น.", "17:05"),
        ("th", "14 มีนาคม 2567 5:05 หลังเที่ยง", "17:05"),
        ("zh", "2024年3月14日 下午 5:05", "17:05"),
        ("zh", "2024年3月14日 晚上11点05分", "23:05"),
        ("zh", "2024年3月14日 凌晨 1:05", "01:05"),
        ("zh", "2024年3月14日 中午12:05", "12:05"),
        ("zh-tw", "2024/03/14 PM 05:05", "17:05"),
        ("ja", "2024年3月14日 午後5時05分", "17:05"),
        ("ja", "2024年3月14日 午後0時05分", "12:05"),
        ("ko", "2024년 3월 14일 오후 5시 5분", "17:05"),
        ("ko", "2024.03.14 PM 5:05", "17:05"),
        ("es", "14 de marzo de 2024, 5:05 p. m.", "17:05"),
        ("es", "14 de marzo de 2024, 5:05 de la tarde", "17:05"),
        ("el", "14 Μαρτίου 2024, 5:05 μ.μ.", "17:05"),
        ("el", "14 Μαρτίου 2024, 9:05 π.μ.", "09:05"),
        ("hi", "14 मार्च 2024 5:05 अपराह्न", "17:05"),
        ("hi", "14 मार्च 2024 शाम 5:05", "17:05"),
        ("vi", "14 tháng 3, 2024 5:05 CH", "17:05"),
        ("tr", "14 Mart 2024 ÖS 5:05", "17:05"),
        ("sv", "14 mars 2024 5:05 em", "17:05"),
        ("de", "14. März 2024, am 5:05 Uhr", "05:05"),
        ("en", "March 14, 2024 17:05 in the afternoon", "17:05"),
        ("en", "17:05, 14-Mar-2024", "17:05"),
        ("es", "14/mar/2024 17:05", "17:05"),
        ("en", "17:05, Mar.14,2024", "17:05"),
    ],
)
def test_the_half_of_the_day_is_read_as_it_is_printed(language: str, printed: str, clock: str) -> None:
    assert [f"2024-03-14T{clock}"] == [date.iso for date in find(printed, language)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "moment", [datetime(2024, 3, 14, 17, 5), datetime(2023, 12, 2, 9, 7), datetime(2025, 8, 23, 0, 30)]
)
def test_a_clock_of_twelve_hours_is_never_taken_for_another(language: str, moment: datetime) -> None:
    """By CLDR's own forms: morning, afternoon, "am" before and after the time."""
    day = format_date(moment, "long", locale=language)
    told = [format_time(moment, pattern, locale=language) for pattern in ("h:mm a", "h:mm B")]
    found = [date.iso for clock in told for date in find(f"{day} {clock}", language.replace("_", "-"))]

    assert {iso for iso in found if len(iso) > 10} <= {moment.isoformat(timespec="minutes")}
    assert {iso[:10] for iso in found} == {moment.date().isoformat()}


@pytest.mark.parametrize(
    ("language", "printed", "day"),
    [
        ("fa", "۰۲/۱۲/۲۴", "2024-03-14"),
        ("fa", "۹۸/۱۲/۲۴", "2020-03-14"),
        ("ko", "24.03.14", "2024-03-14"),
        ("zh", "24/03/14", "2024-03-14"),
        ("de", "14.03.24", "2024-03-14"),
        ("fr", "14/03/24", "2024-03-14"),
        ("de", "AFP 14.03.24", "2024-03-14"),
        ("zh", "24/14/03", None),
        ("", "$12.03.24", None),
        ("de", "€ 12.03.24", None),
        ("de", "CHF 12.03.24", None),
        ("pl", "12.03.24 zł", None),
        ("ja", "¥12.03.24", None),
        ("hi", "Rs. 12.03.24", None),
        ("en", "v12.03.24", None),
    ],
)
def test_a_year_of_two_figures_stands_where_its_language_puts_it(language: str, printed: str, day: str | None) -> None:
    found = find_spans(clean(printed), language, short_years=True)

    assert day == (found[0][2].iso if found else None)


@pytest.mark.parametrize(
    ("language", "line", "iso"),
    [
        ("fa", "پنج‌شنبه ۲۴ اسفند ۱۴۰۲ ساعت ۱۷:۰۵", "2024-03-14T17:05"),
        ("fa", "۰۲/۱۲/۲۴", "2024-03-14"),
        ("ar", "14/3/2024 - 05:05 مساءً", "2024-03-14T17:05"),
        ("en", "17:05, 14-Mar-2024<br>CGTN", "2024-03-14T17:05"),
        ("ja", "田中太郎 記者　2024年3月14日 17時05分", "2024-03-14T17:05"),
        ("en", "$12.03.24", None),
    ],
)
def test_a_line_under_the_headline_gives_day_and_time(language: str, line: str, iso: str | None) -> None:
    assert iso == made(page(under=f"<div class='info'>{line}</div>", lang=language)).published


@pytest.mark.parametrize(
    ("line", "author", "iso"),
    [
        ("田中太郎 記者　2024年3月14日 17時05分", "田中太郎", "2024-03-14T17:05"),
        ("2024年3月14日 【田中太郎記者】", "田中太郎", "2024-03-14"),
        ("홍길동 기자 2024.03.14 17:05", "홍길동", "2024-03-14T17:05"),
        ("홍길동 기자", "홍길동", None),
    ],
)
def test_a_reporter_may_stand_beside_the_date(line: str, author: str, iso: str | None) -> None:
    read = parse_line(line)

    assert read is not None
    assert ((author,), iso) == (read.authors, read.published.iso if read.published else None)


def test_a_sentence_about_a_reporter_is_no_byline() -> None:
    assert parse_line("記者は2024年3月14日に会見した") is None
