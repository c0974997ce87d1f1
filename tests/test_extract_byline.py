from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import credit
from crawler.extract.byline import parse_date_line, parse_line
from crawler.extract.dates import Printed, find, in_utc, read, read_machine
from crawler.extract.names import is_name


@pytest.mark.parametrize(
    ("line", "language", "authors", "source", "published"),
    [
        (
            "By Liu Xin Source:Global Times Published: 2019/11/6 19:13:40",
            "en",
            ("Liu Xin",),
            "Global Times",
            "2019-11-06T19:13:40",
        ),
        ("Nov 6, 2019 | By Jane Roe", "en", ("Jane Roe",), None, "2019-11-06"),
        ("By Jane Roe Wed, Nov 6, 2019 7:13 PM EST", "en", ("Jane Roe",), None, "2019-11-06T19:13-05:00"),
        ("Source: Xinhua | 2019-11-06 19:13:40 | Editor: Li Xia", "en", (), "Xinhua", "2019-11-06T19:13:40"),
        (
            "Von Anna Müller und Max Groß | 6. November 2019, 19:13 Uhr",
            "de",
            ("Anna Müller", "Max Groß"),
            None,
            "2019-11-06T19:13",
        ),
        ("Quelle: dpa | Stand: 06.11.2019, 19:13 Uhr", "de", (), "dpa", None),
        ("Par Jean Dupont | Publié le 6 novembre 2019 à 19h13", "fr", ("Jean Dupont",), None, "2019-11-06T19:13"),
        ("Publié le 06/11/2019 à 19:13, mis à jour le 07/11/2019 à 08:00", "fr", (), None, "2019-11-06T19:13"),
        ("Por Ana Ruiz 6 de noviembre de 2019", "es", ("Ana Ruiz",), None, "2019-11-06"),
        ("Fuente: EFE", "es", (), "EFE", None),
        ("Автор: Иван Петров 6 ноября 2019, 19:13", "ru", ("Иван Петров",), None, "2019-11-06T19:13"),
        ("Источник: ТАСС", "ru", (), "ТАСС", None),
        ("Джерело: Укрінформ, опубліковано 6 листопада 2019", "uk", (), "Укрінформ", "2019-11-06"),
        ("2019-11-06 19:13:40 来源：新华网 作者：刘欣", "zh", ("刘欣",), "新华网", "2019-11-06T19:13:40"),
        ("来源：新华社 | 2019年11月06日 19:13 责任编辑：王伟", "zh", (), "新华社", "2019-11-06T19:13"),
        ("المصدر: سبوتنيك", "ar", (), "سبوتنيك", None),
        ("بقلم: أحمد محمود ٦ نوفمبر ٢٠١٩", "ar", ("أحمد محمود",), None, "2019-11-06"),
        ("منبع: ایرنا تاریخ انتشار: ۱۵ آبان ۱۳۹۸ - ۱۹:۱۳", "fa", (), "ایرنا", "2019-11-06T19:13"),
        ("Por Maria Silva | Publicado em 6 de novembro de 2019", "pt", ("Maria Silva",), None, "2019-11-06"),
        ("Di Mario Rossi - Pubblicato il 6 novembre 2019", "it", ("Mario Rossi",), None, "2019-11-06"),
        ("Kaynak: Anadolu | Yayınlanma: 6 Kasım 2019 19:13", "tr", (), "Anadolu", "2019-11-06T19:13"),
        ("By Jane Roe in London and John Doe in Nairobi", "en", ("Jane Roe", "John Doe"), None, None),
        ("By Jane Roe for The Example Outlet", "en", ("Jane Roe",), None, None),
        ("Von Jana Rohe aus Berlin, dpa", "de", ("Jana Rohe", "dpa"), None, None),
        ("Par Jeanne Roux avec AFP", "fr", ("Jeanne Roux", "AFP"), None, None),
        ("كتب سمير الحداد الخميس", "ar", ("سمير الحداد",), None, None),
        ("田中太郎 記者　2019年11月6日 19時13分", "ja", ("田中太郎",), None, "2019-11-06T19:13"),
        ("[서울=김민수 기자]", "ko", ("김민수",), None, None),
        ("연합뉴스 | 2019.11.06 19:13", "ko", (), "연합뉴스", "2019-11-06T19:13"),
        ("입력: 2019.11.06 19:13 출처: 연합뉴스", "ko", (), "연합뉴스", "2019-11-06T19:13"),
    ],
)
def test_a_byline_is_read_in_its_language(
    line: str, language: str, authors: tuple[str, ...], source: str | None, published: str | None
) -> None:
    found = parse_line(line, language)

    assert found is not None
    dated = found.published or found.aside
    assert (authors, source, published) == (found.authors, found.source, dated and dated.iso)
    assert (line,) == found.lines


@pytest.mark.parametrize(
    "line",
    [
        "By the time the war ended, 2019 was over",
        "By Tuesday Night",
        "Source: people familiar with the matter said on Tuesday that it was so",
        "On 6 November 2019 the court sentenced him",
        "Von der Leyen will gehen",
        "By 2030 the city wants to be without cars",
        "Date: to be announced",
        "In",
        "Foto: Jane Roe | Source: Getty",
        "Source: Ministry of Ports (2019)",
        "From: a reader of this paper, who asks whether the harbour is safe?",
    ],
)
def test_a_sentence_is_no_byline(line: str) -> None:
    assert parse_line(line, "en") is None


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("Wednesday 6th of November 2019 at 7pm", "en", "2019-11-06T19:00"),
        ("19:13, 06 November 2019 (GMT+3)", "en", "2019-11-06T19:13+03:00"),
        ("6 de noviembre de 2019 19:13 CET", "es", "2019-11-06T19:13+01:00"),
        ("6 ноября 2019, 19:13 МСК", "ru", "2019-11-06T19:13+03:00"),
        ("民國108年11月6日", "zh", "2019-11-06"),
        ("1398/08/15", "fa", "2019-11-06"),
        ("6 تشرين الثاني 2019", "ar", "2019-11-06"),
        ("6 พฤศจิกายน 2562", "th", "2019-11-06"),
        ("2019년 11월 6일 오후 7:13", "ko", "2019-11-06T19:13"),
        ("6 stycznia 2020", "pl", "2020-01-06"),
        ("06.11.2019 19.13 Uhr", "de", "2019-11-06T19:13"),
        ("03/04/2019", "fr", "2019-04-03"),
        ("03/04/2019", "en-US", "2019-03-04"),
        ("03/04/2019", "en", None),
        ("03/04/2019", "", None),
        ("31/02/2019", "fr", None),
        ("Copyright 2000-2024", "en", None),
        ("version 1.2.2019.4", "", None),
        ("call 2019-11-06-77", "", None),
    ],
)
def test_a_printed_date_is_read_as_its_readers_read_it(text: str, language: str, iso: str | None) -> None:
    found = read(text, language)

    assert iso == (found and found.iso)


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2019-11-06T19:13:40+0800", "2019-11-06T19:13:40+08:00", "second"),
        ("2019-11-06T19:13:40.123Z", "2019-11-06T19:13:40+00:00", "second"),
        ("2019-11-06 19:13", "2019-11-06T19:13", "minute"),
        ("20191106", "2019-11-06", "day"),
        ("Wed, 06 Nov 2019 19:13:40 GMT", "2019-11-06T19:13:40+00:00", "second"),
        ("2019-11-06T00:00:00Z", "2019-11-06T00:00:00+00:00", "day"),
    ],
)
def test_a_date_for_machines_is_kept_as_printed(text: str, iso: str, precision: str) -> None:
    assert Printed(iso, precision) == read_machine(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "2014", "0001-01-01", "2019-13-06", "tomorrow", "99999999999", "2019-11-06T25:00:00Z"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_machine(text) is None


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_moment_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    found = read_machine(moment.isoformat())

    assert found is not None
    assert moment == in_utc(found, None)


@pytest.mark.parametrize(
    ("year", "new_year"),
    [(1357, "1978-03-21"), (1375, "1996-03-20"), (1379, "2000-03-20"), (1387, "2008-03-20"), (1388, "2009-03-21"),
    (1395, "2016-03-20"), (1398, "2019-03-21"),
     (1399, "2020-03-20"), (1400, "2021-03-21"), (1403, "2024-03-20"), (1404, "2025-03-21"), (1408, "2029-03-20")],
)  # fmt: skip
def test_jalali_years_begin_in_spring(year: int, new_year: str) -> None:
    first = read(f"1 فروردین {year}", "fa")

    assert Printed(new_year, "day") == first


@given(st.integers(1330, 1449), st.integers(1, 12), st.integers(1, 29))
def test_a_jalali_day_is_followed_by_the_next_one(year: int, month: int, day: int) -> None:
    one, following = (read(f"{year}/{month}/{number}", "fa") for number in (day, day + 1))

    assert one is not None
    if month < 12 or day < 29:
        assert following is not None
        assert date.fromisoformat(one.day) + timedelta(days=1) == date.fromisoformat(following.day)


@given(st.text(max_size=200), st.sampled_from(["", "en", "de", "fa", "zh", "xx-yy", "_"]))
def test_no_text_breaks_the_readers(text: str, language: str) -> None:
    find(text, language)
    read_machine(text)
    parse_line(text, language)
    parse_date_line(text, language)
    credit.dateline(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BEIJING, Nov. 6 (Xinhua) -- Three cases were unveiled", "Xinhua"),
        ("LONDON (Reuters) - The council voted", "Reuters"),
        ("NORTHPORT, Maine (AP) — The council voted", "AP"),
        ("Berlin (dpa) - Der Rat stimmte", "dpa"),
        ("TOKYO, Nov 6 (Kyodo) -- The council", "Kyodo"),
        ("SEOUL, Nov. 6 (Yonhap) -- The council", "Yonhap"),
        ("(서울=연합뉴스) 홍길동 기자 = 의회가", "연합뉴스"),
        ("МОСКВА, 6 ноября. /ТАСС/. Совет порта", "ТАСС"),
        ("МОСКВА, 6 ноя — РИА Новости. Совет порта", "РИА Новости"),
        ("新华社北京11月6日电 国家安全机关", "新华社"),
        ("中新网11月6日电 国家安全机关", "中新网"),
        ("TEHRAN, Nov. 06 (MNA) – The council", "MNA"),
        ("Pyongyang, November 6 (KCNA) -- The council", "KCNA"),
        ("Madrid, 6 nov (EFE).- El consejo", "EFE"),
        ("ROMA (ANSA) - Il consiglio", "ANSA"),
        ("The council voted, sources told Reuters on Monday.", None),
        ("He opened the app and read the news.", None),
        ("Reuters was founded in 1851, and it grew.", None),
        ("The agency (AP, founded 1846) was right", None),
    ],
)
def test_a_dateline_names_its_agency(text: str, name: str | None) -> None:
    assert name == credit.dateline(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Liu Xin", True),
        ("Ursula von der Leyen", True),
        ("刘欣", True),
        ("Harbour", False),
        ("the council", False),
        ("Jane Roe 2", False),
    ],
)
def test_a_name_has_the_form_of_a_name(text: str, expected: bool) -> None:
    assert expected is is_name(text)


def credited(**more: object) -> tuple[str, str] | None:
    given_: dict[str, object] = {
        "line": None, "node": {}, "feed": None, "author_names": (), "paragraphs": ("A text.",), "canonical": None,
        "url": "https://www.example.com/a", "own_names": ("The Example", "example.com"), "language": "en", **more,
    }  # fmt: skip
    return credit.choose(**given_)  # type: ignore[arg-type]


def test_each_kind_of_credit_is_found_and_named() -> None:
    assert ("Xinhua", "credit line") == credited(line="Xinhua")
    assert ("Other Paper", "json-ld") == credited(node={"sourceOrganization": {"name": "Other Paper"}})
    assert ("Reuters", "json-ld") == credited(node={"publisher": {"name": "Reuters"}})
    assert ("Other Paper", "feed") == credited(feed="Other Paper")
    assert ("AP", "dateline") == credited(paragraphs=("NORTHPORT (AP) - A text.",))
    assert ("AFP", "byline") == credited(author_names=("AFP",))
    assert ("Reuters", "copyright line") == credited(paragraphs=("A text.", "© 2025 Reuters. All rights reserved."))
    assert ("other.org", "canonical") == credited(canonical="https://other.org/a")


def test_the_own_house_is_no_credit() -> None:
    assert credited() is None
    assert credited(line="Example") is None
    assert credited(author_names=("AP",), own_names=("AP News", "apnews.com", "apnews")) is None
    assert credited(paragraphs=("A text.", "© 2025 Example Holding. All rights reserved.")) is None
    assert credited(node={"publisher": {"name": "Example Media Holding GmbH"}}) is None
    assert credited(canonical="https://m.example.com/a") is None
    assert credited(canonical="https://www.example.co.uk/a") is None
    assert credited(paragraphs=("A text.", "© 2025 The Example")) is None
