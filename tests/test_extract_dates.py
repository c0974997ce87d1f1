"""When a text was published: what a page declares, marks and prints, and what only looks like a date."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from crawler.extract.dates import find
from crawler.extract.names import is_name
from crawler.records import Article, Fetched, Source
from tests.dateless_pages import dateless_pages

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
DATELESS = dateless_pages()


def made(
    body: bytes | str, url: str = "https://www.example.com/harbour", timezone: str = "", language: str = ""
) -> Article:
    raw = body.encode() if isinstance(body, str) else body
    source = Source("example", "The Example", "https://www.example.com/", timezone=timezone, language=language)
    return extract(Fetched(url, url, raw, "text/html", fetched_at=NOW), source)


@pytest.mark.parametrize("name", DATELESS)
def test_a_page_without_a_date_gets_none(name: str) -> None:
    article = made(DATELESS[name])

    assert (None, "none", None) == (article.published, article.published_precision, article.published_utc), (
        article.published_evidence
    )


def test_there_are_a_hundred_such_pages() -> None:
    assert 100 == len(DATELESS)


_TEXT = (
    "<p>The harbour council of Northport voted for the new breakwater after nine hours, and it passed by one voice.</p>"
    "<p>Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for the boats.</p>"
)


def page(*, head: str = "", above: str = "", under: str = "", below: str = "", lang: str = "en") -> str:
    title = "Harbour council votes for the breakwater"
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
        f"<article>{above}<h1>{title}</h1>{under}{_TEXT}{below}</article></body></html>"
    )


@pytest.mark.parametrize(
    ("lang", "line", "iso"),
    [
        ("en", "Hamburg, 2 November 2021", "2021-11-02"),
        ("en", "News | 2 November 2021 | 5 min read", "2021-11-02"),
        ("en", "September 1st, 2023 By Emily Norwood", "2023-09-01"),
        ("en", "December 18, 2025 ・ 3 min read", "2025-12-18"),
        ("de", "Peter Grimm / 07.11.2023 / 09:30 / Foto", "2023-11-07T09:30"),
        ("de", "Pressemitteilung vom 25. Januar 2022 | Berlin", "2022-01-25"),
        ("de", "Von: Björn Jahner | 31.10.23", "2023-10-31"),
        ("de", "Erstellt am: 01.11.2023", "2023-11-01"),
        ("fr", "Publié le 4 mars 2025 à 10h11", "2025-03-04T10:11"),
        ("es", "Publicado el 4 de marzo de 2025", "2025-03-04"),
        ("it", "Pubblicato il 4 marzo 2025", "2025-03-04"),
        ("ru", "4 марта 2025, 10:11", "2025-03-04T10:11"),
        ("uk", "Опубліковано 4 березня 2025", "2025-03-04"),
        ("pl", "Opublikowano 4 marca 2025", "2025-03-04"),
        ("tr", "Yayınlanma: 4 Mart 2025 10:11", "2025-03-04T10:11"),
        ("vi", "Thứ ba, ngày 4 tháng 3 năm 2025", "2025-03-04"),
        ("zh", "发布时间：2025年3月4日 10:11", "2025-03-04T10:11"),
        ("zh", "二〇二五年三月四日", "2025-03-04"),
        ("zh", "二〇一九年十一月二十六日", "2019-11-26"),
        ("zh-TW", "中華民國114年3月4日", "2025-03-04"),
        ("zh", "<b>2025</b><b><i>03</i>/<i>04</i></b><b>10:11:12</b>", "2025-03-04T10:11:12"),
        ("ja", "時事通信 外信部<span>2025年03月04日10時11分配信</span>", "2025-03-04T10:11"),
        ("bn", "প্রকাশিত: রাত ১০:১১, ৪ মার্চ ২০২৫", "2025-03-04T22:11"),
        ("bn", "প্রকাশিত: সকাল ১০:১১, ৪ মার্চ ২০২৫", "2025-03-04T10:11"),
        ("bn", "প্রকাশ: ০৪ মার্চ ২০২৫, ১০: ১১", "2025-03-04T10:11"),
        ("ko", "기사승인 : 2025-03-04 10:11", "2025-03-04T10:11"),
        ("zh-TW", "發布日期：114/03/04", "2025-03-04"),
        ("zh-TW", "日期：114年3月4日", "2025-03-04"),
        ("zh-TW", "114年3月4日", "2025-03-04"),
        ("zh-TW", "中華民國一百一十四年三月四日", "2025-03-04"),
        ("zh-TW", "中華民國一百零四年十二月二十四日", "2015-12-24"),
        ("fa", "سه شنبه ۱۴ اسفند ماه ۱۴۰۳ ساعت ۱۰:۱۱", "2025-03-04T10:11"),
        ("fa", "۱۴ حوت ۱۴۰۳", "2025-03-04"),
        ("zh-TW", "114/03/04", "2025-03-04"),
        ("ja", "令和7年3月4日 10時11分", "2025-03-04T10:11"),
        ("ja", "平成元年11月6日", None),
        ("ko", "입력 2025.03.04. 오후 2:11", "2025-03-04T14:11"),
        ("ko", "주체114(2025)년 3월 4일", "2025-03-04"),
        ("en", "Pyongyang, March 4, Juche 114 (2025)", "2025-03-04"),
        ("th", "เผยแพร่ 4 มี.ค. 2568", "2025-03-04"),
        ("th", "4 มีนาคม 2568 10:11", "2025-03-04T10:11"),
        ("fa", "تاریخ انتشار: ۱۴ اسفند ۱۴۰۳ - ۱۰:۱۱", "2025-03-04T10:11"),
        ("fa", "۱۴۰۳/۱۲/۱۴", "2025-03-04"),
        ("ar", "الثلاثاء 4 رمضان 1446", "2025-03-04"),
        ("ar", "١٤٤٦/٩/٤", "2025-03-04"),
        ("ar", "4 آذار 2025", "2025-03-04"),
        ("he", "4 במרץ 2025", "2025-03-04"),
        ("hi", "प्रकाशित: 4 मार्च 2025", "2025-03-04"),
    ],
)
def test_a_date_that_stands_under_the_headline_is_the_date(lang: str, line: str, iso: str | None) -> None:
    assert iso == made(page(under=f"<p>{line}</p>", lang=lang)).published


def test_a_printed_local_time_gives_the_day_and_the_offset_of_a_declared_moment() -> None:
    head = '<meta property="article:published_time" content="2025-03-05T03:11:12Z">'
    article = made(page(head=head, under="<p>By Jane Roe | Published: March 4, 2025 7:11 PM</p>"))

    assert "2025-03-04T19:11:12-08:00" == article.published
    assert datetime(2025, 3, 5, 3, 11, 12, tzinfo=UTC) == article.published_utc
    assert "page" == article.evidence["published_utc"]


def test_the_zone_is_the_pages_or_the_sources_or_none() -> None:
    line = "<p>By Jane Roe | Published: 4 July 2025, 15:30</p>"
    known, unknown = made(page(under=line), timezone="Europe/Berlin"), made(page(under=line))

    assert datetime(2025, 7, 4, 13, 30, tzinfo=UTC) == known.published_utc
    assert "source timezone" == known.evidence["published_utc"]
    assert unknown.published_utc is None
    assert "none" == unknown.evidence["published_utc"]
    assert "2025-07-04T15:30" == known.published == unknown.published


@pytest.mark.parametrize(
    ("url", "iso", "evidence"),
    [
        ("https://www.example.com/2025/03/04/harbour", "2025-03-04", "url"),
        ("https://www.example.com/news/2025-03-04/harbour", "2025-03-04", "url"),
        ("https://www.example.com/news/04-03-2025", "2025-03-04", "url"),
        ("https://www.example.com/2025/03/harbour", None, None),
        ("https://www.example.com/2025/harbour-20", None, None),
    ],
)
def test_the_address_dates_a_page_only_by_a_whole_day(url: str, iso: str | None, evidence: str | None) -> None:
    article = made(page(), url=url)

    assert (iso, evidence) == (article.published, article.published_evidence)


def test_a_change_never_beats_the_byline_and_dates_a_page_only_where_nothing_else_does() -> None:
    footer = "<footer><p>Last modified: 5 June 2025</p></footer>"
    both = made(page(under="<p>By Jane Roe, 4 March 2025</p><p>Updated: 5 March 2025</p>", below=footer))
    changed = made(page(under="<p>Updated: 5 March 2025</p>"))

    assert ("2025-03-04", "byline", "2025-03-05") == (both.published, both.published_evidence, both.modified)
    assert ("2025-03-05", "2025-03-05") == (changed.published, changed.modified)
    assert "last change" in (changed.published_evidence or "")


@pytest.mark.parametrize(
    ("markup", "evidence"),
    [
        ('<time datetime="2025-03-04T10:11:12+01:00" class="published">4 March</time>', "time"),
        ('<meta itemprop="datePublished" content="2025-03-04T10:11:12+01:00">', "meta datepublished"),
        ('<span itemprop="datePublished" content="2025-03-04T10:11:12+01:00">4 March</span>', "microdata"),
        ('<span property="schema:datePublished" content="2025-03-04T10:11:12+01:00">4 March</span>', "microdata"),
        ('<span class="entry-date" title="2025-03-04T10:11:12+01:00">4 March</span>', "time"),
    ],
)
def test_marked_dates_are_read_to_the_second(markup: str, evidence: str) -> None:
    article = made(page(under=f"<div>{markup}</div>"))

    assert ("2025-03-04T10:11:12+01:00", "second", evidence) == (
        article.published,
        article.published_precision,
        article.published_evidence,
    )


def test_a_pages_own_script_dates_it_only_when_it_holds_one_text() -> None:
    one = '<script>window.state = {"story":{"publishedAt":"2025-03-04T10:11:12Z"}}</script>'
    two = one.replace("}}<", '},"next":{"publishedAt":"2025-02-01T10:11:12Z"}}<')

    assert ("2025-03-04T10:11:12+00:00", "script") == (
        made(page(below=one)).published,
        made(page(below=one)).published_evidence,
    )
    assert made(page(below=two)).published is None


def test_a_long_word_of_thai_is_read_in_no_more_ways_than_one() -> None:
    sentence = "สภาเมืองท่าเรือลงมติให้สร้างเขื่อนกันคลื่นแห่งใหม่ตามแผนปี2567ที่กรมเจ้าท่าเสนอต่อที่ประชุมในเดือนก่อน(ฉบับที่"

    assert find(sentence, "th") == []
    assert not is_name(f"{sentence[:60]} สมชาย (")
