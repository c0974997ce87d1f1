"""Bylines, credits, datelines and dates as the press of many countries prints them, each on an invented page."""

# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from crawler.records import Article
from tests.test_extract_dates import made, page

BYLINES = [
    ('en', 'By Jane Roe', 'Jane Roe'),
    ('de', 'Von Erika Muster', 'Erika Muster'),
    ('fr', 'Par Jeanne Martin', 'Jeanne Martin'),
    ('es', 'Por Juana García', 'Juana García'),
    ('pt', 'Por Joana Silva', 'Joana Silva'),
    ('it', 'di Giovanna Rossi', 'Giovanna Rossi'),
    ('nl', 'Door Jan Jansen', 'Jan Jansen'),
    ('sv', 'Av Anna Svensson', 'Anna Svensson'),
    ('da', 'Af Anna Hansen', 'Anna Hansen'),
    ('pl', 'Autor: Anna Nowak', 'Anna Nowak'),
    ('ru', 'Автор: Анна Иванова', 'Анна Иванова'),
    ('uk', 'Автор: Анна Шевченко', 'Анна Шевченко'),
    ('zh', '作者：刘欣', '刘欣'),
    ('zh', '记者 刘欣', '刘欣'),
    ('ja', '記者：山田太郎', '山田太郎'),
    ('ko', '홍길동 기자', '홍길동'),
    ('ar', 'بقلم: محمد علي', 'محمد علي'),
    ('fa', 'نویسنده: علی رضایی', 'علی رضایی'),
    ('tr', 'Yazan: Ayşe Yılmaz', 'Ayşe Yılmaz'),
    ('id', 'Oleh Siti Aminah', 'Siti Aminah'),
    ('vi', 'Tác giả: Nguyễn An', 'Nguyễn An'),
    ('hi', 'लेखक: राम शर्मा', 'राम शर्मा'),
    ('el', 'Από Μαρία Παπαδοπούλου', 'Μαρία Παπαδοπούλου'),
    ('cs', 'Autor: Jana Nováková', 'Jana Nováková'),
    ('fi', 'Teksti: Anna Virtanen', 'Anna Virtanen'),
    ('no', 'Av Kari Nordmann', 'Kari Nordmann'),
    ('hu', 'Szerző: Kiss Anna', 'Kiss Anna'),
    ('ro', 'Autor: Ana Popescu', 'Ana Popescu'),
    ('bg', 'Автор: Анна Петрова', 'Анна Петрова'),
    ('he', 'מאת: דנה כהן', 'דנה כהן'),
    ('th', 'โดย สมชาย ใจดี', 'สมชาย ใจดี'),
]  # fmt: skip
CREDITS = [
    ('en', 'Source: Global Times', 'Global Times'),
    ('de', 'Quelle: dpa', 'dpa'),
    ('fr', 'Source : AFP', 'AFP'),
    ('es', 'Fuente: EFE', 'EFE'),
    ('it', 'Fonte: ANSA', 'ANSA'),
    ('pt', 'Fonte: Lusa', 'Lusa'),
    ('ru', 'Источник: ТАСС', 'ТАСС'),
    ('uk', 'Джерело: Укрінформ', 'Укрінформ'),
    ('zh', '来源：新华社', '新华社'),
    ("zh-tw", '來源：中央社', '中央社'),
    ('ja', '出典：共同通信', '共同通信'),
    ('ko', '출처: 연합뉴스', '연합뉴스'),
    ('ar', 'المصدر: رويترز', 'رويترز'),
    ('fa', 'منبع: ایرنا', 'ایرنا'),
    ('tr', 'Kaynak: Anadolu', 'Anadolu'),
    ('nl', 'Bron: ANP', 'ANP'),
    ('pl', 'Źródło: PAP', 'PAP'),
    ('el', 'Πηγή: Reuters', 'Reuters'),
    ('he', 'מקור: רויטרס', 'רויטרס'),
]  # fmt: skip
DATELINES = [
    ('BEIJING, Nov. 6 (Xinhua) -- ', 'Xinhua'),
    ('МОСКВА, 6 ноября. /ТАСС/. ', 'ТАСС'),
    ('MOSCOW, November 6. /TASS/. ', 'TASS'),
    ('МОСКВА, 6 ноя - РИА Новости. ', 'РИА Новости'),
    ('NEW YORK (AP) — ', 'AP'),
    ('LONDON (Reuters) - ', 'Reuters'),
    ('LONDON, Nov 6 (Reuters) - ', 'Reuters'),
    ('PARIS (AFP) - ', 'AFP'),
    ('【共同】', '共同'),
    ('(서울=연합뉴스) 홍길동 기자 = ', '연합뉴스'),
    ('SEOUL, Nov. 6 (Yonhap) -- ', 'Yonhap'),
    ('Pyongyang, November 6 (KCNA) -- ', 'KCNA'),
    ('(평양 11월 6일발 조선중앙통신)', '조선중앙통신'),
    ('(ANSA) - ROMA, 06 NOV - ', 'ANSA'),
    ('Madrid, 6 nov (EFE).- ', 'EFE'),
    ('Berlin (dpa) - ', 'dpa'),
    ('Tehran, IRNA – ', 'IRNA'),
    ('تهران - ایرنا - ', 'ایرنا'),
    ('Damascus, SANA- ', 'SANA'),
    ('دمشق-سانا ', 'سانا'),
    ('KYIV, Nov 6 (Ukrinform) - ', 'Ukrinform'),
    ('BEIJING, Nov. 6 (Global Times) -- ', 'Global Times'),
    ('BEIJING (CGTN) - ', 'CGTN'),
    ("BEIJING, Nov. 6 (People's Daily) -- ", "People's Daily"),
    ('新华社北京11月6日电 ', '新华社'),
    ('新华社北京11月6日电（记者刘欣）', '新华社'),
    ('人民网北京11月6日电 ', '人民网'),
    ('TOKYO, Nov. 6, Kyodo - ', 'Kyodo'),
    ('Москва. 6 ноября. INTERFAX.RU - ', 'Interfax'),
    ('باريس (أ ف ب) - ', 'أ ف ب'),
    ('الرياض 6 نوفمبر (واس) - ', 'واس'),
]  # fmt: skip
DATES = [
    ('fa', 'تاریخ انتشار: ۱۵ آبان ۱۳۹۸ - ۱۴:۲۰', '2019-11-06T14:20'),
    ('fa', '۱۳۹۸/۰۸/۱۵', '2019-11-06'),
    ('ar', '9 ربيع الأول 1441', '2019-11-06'),
    ('ar', '6 تشرين الثاني 2019', '2019-11-06'),
    ('ar', 'الأربعاء 6 نوفمبر 2019 - 14:20', '2019-11-06T14:20'),
    ('th', '6 พฤศจิกายน 2562', '2019-11-06'),
    ('th', '6 พ.ย. 2562 14:20 น.', '2019-11-06T14:20'),
    ('zh-tw', '中華民國108年11月6日', '2019-11-06'),
    ('zh-tw', '108/11/06', '2019-11-06'),
    ('zh', '2019年11月06日19:13', '2019-11-06T19:13'),
    ('zh', '2019-11-06 19:13:40', '2019-11-06T19:13:40'),
    ('zh', '二〇一九年十一月六日', '2019-11-06'),
    ('ja', '令和元年11月6日', '2019-11-06'),
    ('ja', '2019年11月6日 19時13分', '2019-11-06T19:13'),
    ('ko', '입력 2019.11.06. 오후 7:13', '2019-11-06T19:13'),
    ('ko', '2019년 11월 6일 19:13', '2019-11-06T19:13'),
    ('vi', '6 tháng 11, 2019', '2019-11-06'),
    ('hi', '6 नवंबर 2019', '2019-11-06'),
    ('el', '6 Νοεμβρίου 2019', '2019-11-06'),
    ('he', '6 בנובמבר 2019', '2019-11-06'),
    ('tr', '6 Kasım 2019 19:13', '2019-11-06T19:13'),
    ('ru', '6 ноября 2019, 19:13', '2019-11-06T19:13'),
    ('uk', '6 листопада 2019 19:13', '2019-11-06T19:13'),
    ('en', 'Juche 108 (2019). 11. 6.', '2019-11-06'),
    ('en', 'Nov 6, 2019, 7:13 p.m. EST', '2019-11-06T19:13-05:00'),
    ('fr', 'Publié le 6 novembre 2019 à 19h13', '2019-11-06T19:13'),
    ('bn', '৬ নভেম্বর ২০১৯', '2019-11-06'),
    ('ur', '6 نومبر 2019', '2019-11-06'),
    ('ar', '١٤٤١/٣/٩ هـ', '2019-11-06'),
    ('fa', 'چهارشنبه ۱۵ آبان ۱۳۹۸', '2019-11-06'),
    ('zh', '发布时间：2019年11月6日 下午7:13', '2019-11-06T19:13'),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "line", "name"), BYLINES)
def test_bylines_are_read_in_the_languages_of_the_press(lang: str, line: str, name: str) -> None:
    assert (name,) == made(page(under=f"<p>{line}</p>", lang=lang)).authors


@pytest.mark.parametrize(("lang", "line", "name"), CREDITS)
def test_credit_lines_are_read_in_the_languages_of_the_press(lang: str, line: str, name: str) -> None:
    article = made(page(under=f"<p>{line}</p>", lang=lang))

    assert (name, "credit line") == (article.credited_to, article.evidence["credited_to"])


@pytest.mark.parametrize("line", ["(c) Reuters", "© AFP", "Copyright 2019 Reuters. All rights reserved."])
def test_copyright_lines_credit_an_agency(line: str) -> None:
    assert (made(page(below=f"<p>{line}</p>")).credited_to or "") in line


@pytest.mark.parametrize(("line", "name"), DATELINES)
def test_datelines_credit_the_agencies_and_state_media(line: str, name: str) -> None:
    article = made(page().replace("<p>", f"<p>{line}", 1))

    assert name == article.credited_to
    assert None is article.published  # a credited time never dates the carrier


@pytest.mark.parametrize(("lang", "line", "iso"), DATES)
def test_dates_are_read_in_the_calendars_of_the_press(lang: str, line: str, iso: str) -> None:
    assert iso == made(page(under=f"<p>{line}</p>", lang=lang)).published


NEWS = {
    "@type": "NewsArticle",
    "headline": "Harbour council votes for the breakwater",
    "author": {"@type": "Person", "name": "Jane Roe"},
    "datePublished": "2021-05-03T10:11:12+02:00",
}
WHOLE = json.dumps(NEWS)


def script(text: str) -> str:
    return f"<script type='application/ld+json'>{text}</script>"


@pytest.mark.parametrize(
    "head",
    [
        script(WHOLE),
        script(json.dumps({"@graph": [{"@type": "WebSite"}, {**NEWS, "author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "Jane Roe"}]})),
        script(json.dumps([{"@type": "BreadcrumbList"}, NEWS])),
        script(json.dumps({**NEWS, "@type": ["CreativeWork", "NewsArticle"]})),
        script(WHOLE[:-1] + ",}"),
        script(WHOLE[:-1] + ', "description": "he said "no" then"}'),
        script(WHOLE[:-1] + ', "description": "two\nlines"}'),
        script(WHOLE[:-1] + ', "articleBody": "cut off'),
        script(WHOLE.replace('"', "&quot;")),
        script(f"<!-- {WHOLE} -->"),
        script(f"//<![CDATA[\n{WHOLE}\n//]]>"),
        "<meta property='article:published_time' content='2021-05-03T10:11:12+02:00'><meta property='article:author' content='Jane Roe'>",
        "<meta name='DC.date.issued' content='2021-05-03T10:11:12+02:00'><meta name='DC.creator' content='Roe, Jane'>",
        "<meta name='parsely-pub-date' content='2021-05-03T10:11:12+02:00'><meta name='parsely-author' content='Jane Roe'>",
        """<meta name='parsely-page' content='{"pub_date": "2021-05-03T10:11:12+02:00", "author": "Jane Roe"}'>""",
        "<meta name='sailthru.date' content='2021-05-03T10:11:12+02:00'><meta name='sailthru.author' content='Jane Roe'>",
        "<div itemscope itemtype='https://schema.org/NewsArticle'><meta itemprop='datePublished' content='2021-05-03T10:11:12+02:00'><span itemprop='author' itemscope><span itemprop='name'>Jane Roe</span></span></div>",
    ],
)  # fmt: skip
def test_what_a_page_declares_is_read_in_every_form(head: str) -> None:
    article: Article = made(page(head=head))

    assert (("Jane Roe",), "2021-05-03T10:11:12+02:00") == (article.authors, article.published)
