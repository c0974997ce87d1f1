"""Source, date, author and editor in one row under the headline, as state media and news agencies print them."""

from __future__ import annotations

import pytest

from tests.extracting import PARAGRAPHS, made, page

#: Language, label and source, date, label and editor, label and author.
_WORDS = {
    "en": ("Source: Reuters", "November 12, 2025 2:35 PM", "Editor: Miriam Falk", "By Jane Roe"),
    "de": ("Quelle: dpa", "12.11.2025, 14:35 Uhr", "Redaktion: Miriam Falk", "Von Jana Roth"),
    "fr": ("Source : AFP", "Publié le 12 novembre 2025 à 14h35", "Rédaction : Mireille Faure", "Par Jeanne Roux"),
    "es": ("Fuente: EFE", "12 de noviembre de 2025, 14:35", "Edición: Miriam Falcón", "Por Julia Núñez"),
    "it": ("Fonte: ANSA", "12 novembre 2025 alle 14:35", "Redazione: Miriam Falchi", "di Giulia Rossi"),
    "pt": ("Fonte: Agência Brasil", "12/11/2025 14h35", "Edição: Míriam Falcão", "Por Júlia Nunes"),
    "nl": ("Bron: ANP", "12 november 2025 14:35", "Eindredactie: Miriam Valk", "Door Anna de Vries"),
    "ru": ("Источник: ТАСС", "12 ноября 2025, 14:35", "Редактор: Мария Соколова", "Автор: Анна Котова"),
    "uk": ("Джерело: Укрінформ", "12 листопада 2025, 14:35", "Редакторка: Марія Соколенко", "Автор: Анна Коваль"),
    "zh": ("来源：新华社", "2025年11月12日 14:35", "责任编辑：李明华", "记者 王芳"),
    "ja": ("提供：共同通信", "2025年11月12日 14時35分", "編集：佐藤美咲", "山田 花子"),
    "ko": ("출처: 연합뉴스", "2025.11.12 14:35", "편집: 김민지", "이서연 기자"),
    "ar": ("المصدر: سانا", "12 نوفمبر 2025 - 14:35", "تحرير: ليلى حداد", "بقلم: سمير الحداد"),
    "fa": ("منبع: ایرنا", "۲۱ آبان ۱۴۰۴ - ۱۴:۳۵", "ویراستار: مریم رضایی", "نویسنده: مریم رضایی"),
    "tr": ("Kaynak: AA", "12 Kasım 2025 14:35", "Editör: Meryem Şahin", "Haber: Zeynep Kaya"),
    "hi": ("स्रोत: पीटीआई", "12 नवंबर 2025, 02:35 PM", "संपादक: मीरा शर्मा", "लेखक: मीरा शर्मा"),
    "vi": ("Nguồn: TTXVN", "Thứ tư, 12/11/2025, 14:35", "Biên tập: Nguyễn Minh Anh", "Nguyễn Thu Hà"),
    "th": ("ที่มา: ซินหัว", "12 พฤศจิกายน 2568 เวลา 14:35 น.", "บรรณาธิการ: สมชาย ใจดี", "โดย สมชาย ใจดี"),
    "id": ("Sumber: ANTARA", "Rabu, 12 November 2025 14:35", "Editor: Maya Lestari", "Oleh Dewi Lestari"),
    "he": ("מקור: רויטרס", "12 בנובמבר 2025, 14:35", "עורך: מיכל לוי", "מאת יעל כהן"),
    "pl": ("Źródło: PAP", "12 listopada 2025, 14:35", "Redaktor: Maria Nowak", "Autor: Maria Nowak"),
}
_AT = "2025-11-12T14:35"


@pytest.mark.parametrize("lang", _WORDS)
def test_source_date_and_editor_in_one_row_are_read(lang: str) -> None:
    source, date, editor, _ = _WORDS[lang]
    credited = source.replace("：", ":").partition(":")[2].strip()
    for spans in ((source, date, editor), (date, source, editor), (source, date), (date, source)):
        row = " ".join(f"<span>{part}</span>" for part in spans)
        article = made(page(above=f'<div class="info">{row}</div>', lang=lang))

        assert (credited, _AT, ()) == (article.credited_to, article.published, article.authors), spans
        assert article.text.startswith("The harbour council")


@pytest.mark.parametrize("lang", _WORDS)
def test_what_elements_part_needs_nothing_between(lang: str) -> None:
    source, date, editor, author = _WORDS[lang]
    name = author.partition(" ")[2] if lang not in ("ja", "vi", "ko") else author.removesuffix(" 기자")
    name = name.removeprefix("de Vries") and name
    for row in (f"<span>{author}</span><span>{date}</span>", f"<span>{date}</span><span>{author}</span>"):
        article = made(page(above=f'<div class="css-5e">{row}</div>', lang=lang))

        assert ((name,), _AT) == (article.authors, article.published), row
        assert article.text.startswith("The harbour council")
    row = f"<span>{date}</span><span>{author}</span><span>{source}</span><span>{editor}</span>"
    article = made(page(above=f'<div class="css-5e">{row}</div>', lang=lang))

    assert ((name,), _AT) == (article.authors, article.published)


@pytest.mark.parametrize(
    ("lang", "row"),
    [
        ("en", "<span>By the sea</span><span>November 12, 2025</span>"),
        ("en", "<b>Read more</b><i>November 12, 2025</i>"),
        ("ja", "<span>北港市議会</span><span>2025年11月12日</span>"),
        ("zh", "<span>王国大选</span><span>2025年11月12日</span>"),
        ("es", "<span>Por fin</span><span>12 de noviembre de 2025</span>"),
    ],
)
def test_a_row_of_other_things_names_nobody(lang: str, row: str) -> None:
    assert () == made(page(above=f"<div>{row}</div>", lang=lang)).authors


def test_a_name_that_is_a_weekday_stays_whole() -> None:
    article = made(page(above="<p>Por Plácido Domingo 12 de noviembre de 2025</p>", lang="es"))

    assert (("Plácido Domingo",), "2025-11-12") == (article.authors, article.published)


_LEAD = "The deal gives crane drivers a pay rise of seven percent, but leaves the dispute over night shifts open."


@pytest.mark.parametrize("lang", _WORDS)
def test_a_byline_below_a_standfirst_is_read(lang: str) -> None:
    _, date, _, author = _WORDS[lang]
    name = author.removesuffix(" 기자") if lang in ("ja", "vi", "ko") else author.partition(" ")[2]
    for box in ("<div>{}</div><div>{}</div>", "<div><span>{}</span><span>{}</span></div>", "<p>{}<br>{}</p>"):
        above = f'<div class="a4">{_LEAD}</div>' + box.format(author, date)
        article = made(page(above=above, lang=lang))

        assert ((name,), _AT) == (article.authors, article.published), box
        # A name without a label in a line of its own may be the text's.
        assert author not in article.text or (lang in ("ja", "vi") and "span" not in box)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "By the sea"),
        ("en", "By Tuesday night it was over"),
        ("en", "By Popular Demand"),
        ("de", "Von wegen Stillstand"),
        ("es", "Por fin libres"),
        ("ja", "千葉県警"),
        ("ja", "山口大学"),
    ],
)
def test_a_subheading_below_the_first_paragraph_is_no_byline(lang: str, line: str) -> None:
    article = made(page(above=f"<p>{_LEAD}</p><h3>{line}</h3>", lang=lang))

    assert () == article.authors
    assert line in article.text


@pytest.mark.parametrize("lang", ["zh", "zh-Hant", "zh-TW"])
def test_a_year_of_taiwan_is_read_whatever_chinese_its_page_declares(lang: str) -> None:
    assert _AT == made(page(above="<div>發布時間：114年11月12日 14:35</div>", lang=lang)).published


def test_a_source_below_the_first_paragraph_credits_no_text() -> None:
    article = made(page(above=f"<p>{_LEAD}</p><p>Source: Reuters</p>"))

    assert None is article.credited_to


def test_what_a_reader_answered_is_signed_by_him_alone() -> None:
    article = made(page(below="<div><b>Jane Roe</b><span>3 March 2025</span></div><p>I was there, too.</p>"))

    assert () == article.authors


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Berlin - Anna Weber | 12.11.2025", ("Anna Weber",)),
        ("بيروت - ليلى حداد | 12.11.2025", ("ليلى حداد",)),
        ("Videointerview - Anna Weber | 12.11.2025", ()),
    ],
)
def test_a_place_before_a_name_is_told_from_a_kind_of_text(line: str, authors: tuple[str, ...]) -> None:
    assert authors == made(page(above=f"<div>{line}</div>", lang="de")).authors


def test_facts_of_a_book_below_the_first_paragraph_are_no_byline() -> None:
    facts = "<p>Author: H.G. Parry</p><p>Publisher: Harbour House</p><p>Pages: 320</p><p>Published: June 17, 2025</p>"

    assert () == made(page(above=f"<p>{_LEAD}</p>{facts}")).authors


@pytest.mark.parametrize(
    ("lang", "line", "authors"),
    [
        ("ko", "입력 2025.11.12. 오후 2:35 | 수정 2025.11.13. 오후 4:01 | 김민지 기자", ("김민지",)),
        ("ko", "입력 2025.11.12. 오후 2:35 | 수정 2025.11.13. 오후 4:01", ()),
        ("ja", "2025年11月12日 14:35 佐藤 美咲", ("佐藤 美咲",)),
        ("ja", "2025年11月12日 14:35 佐藤 美咲、田中 太郎", ("佐藤 美咲", "田中 太郎")),
        ("ja", "佐藤 美咲 2025年11月12日 14:35", ("佐藤 美咲",)),
        ("ja", "2025年11月12日 14:35 清水建設", ()),
        ("ja", "2025年11月12日 14:35 千葉 市川", ()),
        ("ja", "2025年11月12日 14:35 千葉県", ()),
        ("ja", "2025年11月12日 14:35 社会", ()),
        ("hi", "रिपोर्ट: मीरा शर्मा, नई दिल्ली | 12 नवंबर 2025, 02:35 PM", ("मीरा शर्मा",)),
    ],
)
def test_a_name_beside_dates_without_a_label_is_read(lang: str, line: str, authors: tuple[str, ...]) -> None:
    article = made(page(above=f"<div>{line}</div>", lang=lang))

    assert (authors, _AT) == (article.authors, article.published)


@pytest.mark.parametrize(
    ("lang", "tag"),
    [
        ("ja", tag)
        for tag in ("清水建設", "小林製薬", "村田製作所", "山口組", "千葉ロッテ", "宮崎空港", "大西洋", "田中角栄")
    ]
    + [("zh", "王国大选"), ("zh", "高考"), ("ko", "한강진"), ("zh-TW", "馬年")],
)
def test_what_begins_like_a_name_of_the_east_is_a_topic_beside_a_date(lang: str, tag: str) -> None:
    date = _WORDS[lang[:2]][1]
    for row in ("<span>{}</span> <span>{}</span>", "<b>{1}</b><i>{0}</i>", "<a href=/t>{}</a><span>{}</span>"):
        assert () == made(page(above=f"<div>{row.format(tag, date)}</div>", lang=lang)).authors, row
        assert () == made(page(above=f"<p>{tag}</p><p>{date}</p>", lang=lang)).authors


@pytest.mark.parametrize(
    ("lang", "author", "name"),
    [
        ("ja", "<span>佐藤 美咲</span>", "佐藤 美咲"),
        ("ja", "<span>記者 佐藤美咲</span>", "佐藤美咲"),
        ("ja", "<span>編集委員・佐藤美咲</span>", "佐藤美咲"),
        ("ja", "<span class=article-writer>佐藤美咲</span>", "佐藤美咲"),
        ("zh", "<span class=author>王芳</span>", "王芳"),
        ("ko", "<span class=byline-name>김민지</span>", "김민지"),
    ],
)
def test_a_name_of_the_east_beside_a_date_needs_a_label_a_mark_or_its_space(lang: str, author: str, name: str) -> None:
    row = f"<div>{author}<span>{_WORDS[lang][1]}</span></div>"

    assert (name,) == made(page(above=row, lang=lang)).authors


_PERSONS = {
    "en": "Donald Weber", "de": "Anna Weber", "fr": "Jeanne Weber", "es": "Julia Weber", "it": "Giulia Weber",
    "vi": "Nguyễn Thu Hà", "pl": "Maria Weber", "ja": "佐藤 美咲",
}  # fmt: skip


@pytest.mark.parametrize("lang", _PERSONS)
def test_a_person_of_whom_a_text_tells_is_no_author_for_standing_by_its_date(lang: str) -> None:
    name, date = _PERSONS[lang], _WORDS[lang][1]
    row = f"<div><span>{name}</span><span>{date}</span><span>3 min</span></div>"
    told = f"Harbour council votes for the plan of {name}"
    lead = f"The harbour of Northport belongs to {name} now, who paid for it with all that was left of the old fleet."

    assert (name,) == made(page(above=row, lang=lang)).authors
    assert () == made(page(above=row.replace("<span>", "<span class=article__kicker>", 1), lang=lang)).authors
    assert () == made(page(above=row, lang=lang, title=told)).authors
    assert () == made(page(above=row, lang=lang, body=(lead, *PARAGRAPHS))).authors
    tag = f'<meta property="article:tag" content="{name}">'
    assert () == made(page(above=row, lang=lang, head=tag)).authors
    linked = row.replace(name, f"<a href=/t>{name}</a>")
    assert () == made(page(above=linked, lang=lang)).authors
    over = page(lang=lang).replace(b"<h1>", f"{row}<h1>".encode())
    assert () == made(over).authors


def test_a_surname_alone_in_the_headline_tells_of_whom_a_text_is() -> None:
    row = "<div><span>Donald Weber</span><span>12 November 2025</span><span>3 min read</span></div>"

    assert () == made(page(above=row, title="Weber votes against the breakwater")).authors
