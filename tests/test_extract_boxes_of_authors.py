"""Whom a box for the author names: persons, and neither desks, agencies, the outlet itself, places nor labels."""

from __future__ import annotations

import pytest

from tests.extracting import ld, made, page

_PEOPLE = (
    ("zh", "新华社记者李明华", ("李明华",), "新华社"),
    ("zh", "新华社记者李明华、王芳", ("李明华", "王芳"), "新华社"),
    ("zh", "环球时报记者 李明华 王芳", ("李明华", "王芳"), "环球时报"),
    ("zh", "环球时报 记者 李明华", ("李明华",), "环球时报"),
    ("zh", "北港日报记者李明华", ("李明华",), None),
    ("zh", "本报记者王芳", ("王芳",), None),
    ("ko", "김민지 기자, 이영희 기자", ("김민지", "이영희"), None),
    ("ar", "بيروت - ليلى حداد", ("ليلى حداد",), None),
    ("ar", "ليلى حداد - بيروت", ("ليلى حداد",), None),
    ("tr", "Meryem Şahin / İstanbul", ("Meryem Şahin",), None),
    ("es", "Julia Núñez / Puerto Este / EFE", ("Julia Núñez",), "EFE"),
    ("pl", "oprac. Maria Nowak", ("Maria Nowak",), None),
    ("pl", "Opracowała Maria Nowak", ("Maria Nowak",), None),
    ("th", "เขียนโดย สมชาย ใจดี", ("สมชาย ใจดี",), None),
    ("th", "โดย สมชาย ใจดี", ("สมชาย ใจดี",), None),
    ("en", "By Miriam Falk Political Correspondent", ("Miriam Falk",), None),
    ("en", "Miriam Falk Chief Foreign Affairs Correspondent", ("Miriam Falk",), None),
    ("de", "Von Miriam Falk Politische Korrespondentin", ("Miriam Falk",), None),
    ("en", "By Miriam Falk, AFP News", ("Miriam Falk",), "AFP"),
    # Counter-examples: persons, whatever their names look like.
    ("nl", "Theo Jansen", ("Theo Jansen",), None),
    ("en", "By Theo Walcot", ("Theo Walcot",), None),
    ("tr", "Ahmet Efe", ("Ahmet Efe",), None),
    ("en", "By Jamie Staff", ("Jamie Staff",), None),
    ("en", "By Ana Maria Lopez Ruiz", ("Ana Maria Lopez Ruiz",), None),
    ("en", "By Tim Falk", ("Tim Falk",), None),
    ("zh", "文／李明华", ("李明华",), None),
    ("en", "By Brian Royal", ("Brian Royal",), None),
    ("en", "By Ann Foreign", ("Ann Foreign",), None),
    ("ja", "佐藤美咲", ("佐藤美咲",), None),
    ("ko", "김민지", ("김민지",), None),
    ("en", "By Ons Jabeur", ("Ons Jabeur",), None),
    ("fr", "Par Ons Hajji", ("Ons Hajji",), None),
    ("nl", "Door Nos Maas", ("Nos Maas",), None),
    ("no", "Vår Lunde", ("Vår Lunde",), None),
    ("vi", "Theo Lê", ("Theo Lê",), None),
    ("vi", "Theo Nguyên", ("Theo Nguyên",), None),
    ("en", "By The Harbour Team", ("The Harbour Team",), None),
)
_NOBODY = (
    ("vi", "Theo TTXVN", "TTXVN"),
    ("vi", "Theo Reuters", "Reuters"),
    ("vi", "Theo TTXVN/Vietnam+", "TTXVN"),
    ("vi", "Theo VnThuyen", None),
    ("vi", "Theo Bến Cảng Trẻ", None),
    ("fa", "به گزارش خبرنگار مهر", "مهر"),
    ("fa", "به گزارش خبرگزاری ایسنا", "ایسنا"),
    ("fa", "خبرگزاری ایسنا", "ایسنا"),
    ("fa", "گروه سیاسی", None),
    ("pl", "Źródło: PAP", "PAP"),
    ("de", "Quelle: dpa", "dpa"),
    ("de", "Von unserem Korrespondenten", None),
    ("de", "Redaktion Politik", None),
    ("fr", "De notre correspondant", None),
    ("es", "De nuestra corresponsal", None),
    ("it", "Redazione ANSA", "ANSA"),
    ("it", "di Redazione Online", None),
    ("pt", "Da Redação", None),
    ("es", "Redacción", None),
    ("es", "Por Redacción Internacional", None),
    ("fr", "Par La rédaction", None),
    ("fr", "Rédaction web", None),
    ("en", "By Our Correspondent", None),
    ("en", "By Our Own Foreign Correspondent", None),
    ("fr", "De notre envoyé spécial", None),
    ("fr", "De nos envoyés spéciaux", None),
    ("nl", "Van onze verslaggever", None),
    ("nl", "Van ons eigen redactieteam", None),
    ("no", "Vår korrespondent", None),
    ("sv", "Från vår reporter", None),
    ("it", "dal nostro inviato", None),
    ("ru", "От нашего корреспондента", None),
    ("en", "By News Desk", None),
    ("en", "By Harbour News Service", None),
    ("en", "By The Editorial Board", None),
    ("en", "By AFP News", "AFP"),
    ("tr", "Haber Merkezi", None),
    ("tr", "Dış Haberler Servisi", None),
    ("ja", "編集部", None),
    ("ja", "ニュース編集部", None),
    ("ja", "北港新聞社", None),
    ("zh", "本刊编辑部", None),
    ("zh", "綜合報導", None),
    ("ko", "온라인뉴스팀", None),
    ("ko", "디지털뉴스팀", None),
    ("ru", "Отдел новостей", None),
    ("ru", "Служба новостей", None),
    ("uk", "Редакція", None),
    ("ar", "كتب: محرر الشؤون الدولية", None),
    ("ar", "قسم التحرير", None),
    ("hi", "न्यूज़ डेस्क", None),
    ("hi", "एजेंसी", None),
    ("vi", "Nhóm PV", None),
    ("th", "โดย กองบรรณาธิการ", None),
    ("id", "Tim Redaksi", None),
    ("id", "Tim harianutara - harianNews", None),
    ("th", "โดย ท่าเรือออนไลน์", None),
    ("vi", "PV", None),
    ("zh", "文／中央社", "中央社"),
    ("he", "מערכת האתר", None),
    ("he", "סוכנויות הידיעות", None),
    ("pl", "Redakcja", None),
)


def _boxes() -> tuple[str, ...]:
    return (
        '<div class="byline">{}</div><div class="date">{}</div>',
        '<div class="author">{}</div><div class="date">{}</div>',
        '<div class="x9">{}</div><div>{}</div>',
    )


@pytest.mark.parametrize(("lang", "printed", "authors", "credited"), _PEOPLE)
def test_persons_are_named_without_what_is_about_them(
    lang: str, printed: str, authors: tuple[str, ...], credited: str | None
) -> None:
    for box in _boxes()[:2]:
        article = made(page(above=box.format(printed, "2026-01-05 14:35"), lang=lang))

        assert (authors, credited) == (article.authors, article.credited_to), box


@pytest.mark.parametrize(("lang", "printed", "credited"), _NOBODY)
def test_what_is_no_person_is_no_author(lang: str, printed: str, credited: str | None) -> None:
    for box in _boxes():
        article = made(page(above=box.format(printed, "2026-01-05 14:35"), lang=lang))

        assert ((), credited) == (article.authors, article.credited_to), box


def test_an_editors_letters_beside_an_agency_are_nobody() -> None:
    article = made(page(above='<p class="byline">oprac. MS, PAP</p>', lang="pl"))

    assert ((), "PAP") == (article.authors, article.credited_to)


@pytest.mark.parametrize("printed", ["By Harbour Staff", "Por Redação Porto", "Von Hafenpost Redaktion"])
def test_a_desk_that_tells_its_house_may_sign(printed: str) -> None:
    name = printed.partition(" ")[2]

    assert (name,) == made(page(above=f'<p class="author">{printed}</p>')).authors


def test_a_desk_that_tells_no_house_signs_where_it_is_declared_and_printed() -> None:
    declared = ld({"@type": "BlogPosting", "headline": "Harbour council votes for breakwater", "author": "Redaktion"})

    assert ("Redaktion",) == made(page(head=declared, above="<p>Von Redaktion</p>")).authors
    assert () == made(page(head=declared)).authors
    assert () == made(page(above='<p class="author">Von Redaktion</p>')).authors


def test_who_has_his_own_site_is_its_author() -> None:
    head = '<meta property="og:site_name" content="Anna Weber">'
    node = {"@type": "NewsArticle", "headline": "Harbour council votes for breakwater", "author": "Anna Weber"}

    assert ("Anna Weber",) == made(page(head=head + ld(node), above="<p>Anna Weber</p>")).authors
    head, node = head.replace("Anna", "Anumati"), {**node, "author": {"@type": "Person", "name": "Anumati Weber"}}
    assert ("Anumati Weber",) == made(page(head=head + ld(node), above="<p>Anumati Weber</p>")).authors


@pytest.mark.parametrize("name", ["The Example", "Example", "Harbour Gazette"])
def test_the_outlet_itself_is_no_author(name: str) -> None:
    head = '<meta property="og:site_name" content="Harbour Gazette">'
    node = {"@type": "NewsArticle", "headline": "Harbour council votes for breakwater"}
    declared = ld({**node, "author": {"@type": "Organization", "name": name}, "publisher": {"name": "Harbour Gazette"}})

    assert () == made(page(head=head + declared)).authors
    assert ("Jane Roe",) == made(page(head=head + declared, above='<p class="byline">By Jane Roe</p>')).authors
