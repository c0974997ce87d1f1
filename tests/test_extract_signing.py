"""Who signs in one line, and the lines with which agencies end a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import signature, tails
from crawler.extract.byline import parse_line
from crawler.extract.names import evenly, is_certain, without_place
from crawler.extract.reporters import of_dateline
from crawler.extract.signing import signed
from tests.extracting import PARAGRAPHS
from tests.test_extract_dates import made, page


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("Jane Roe, New Delhi", ("Jane Roe",)),
        ("Jane Roe, Rotterdam", ("Jane Roe",)),
        ("Jane Roe (Rotterdam, correspondante)", ("Jane Roe",)),
        ("Jane Roe, ARD-Studio Brüssel", ("Jane Roe",)),
        ("Jane Roe, John Doe and Ann Low, CNN", ("Jane Roe", "John Doe", "Ann Low")),
        ("JANE ROE FOR THE HARBOUR WIRE", ("JANE ROE",)),
        ("Jane Roe For The Harbour Wire", ("Jane Roe",)),
        ("Jane RoeEnvironment correspondent, Rotterdam", ("Jane Roe",)),
        ("Jane Roe Staff Writer", ("Jane Roe",)),
        ("Jane Roe Fox News", ("Jane Roe",)),
        ("Jane Roe | Indoor Plants", ("Jane Roe",)),
        ("Le Figaro avec AFP", ()),
        ("JANE ROE IN NORTHPORT", ("JANE ROE",)),
        ("Xinhua writers Wang Xiaoming, Li Hua", ("Wang Xiaoming", "Li Hua")),
        ("GT staff reporters Wang Xiaoming and Li Hua", ("Wang Xiaoming", "Li Hua")),
        ("People's Daily reporters Wang Xiaoming, Li Hua", ("Wang Xiaoming", "Li Hua")),
        ("AFP correspondents Jane Roe, John Doe", ("Jane Roe", "John Doe")),
        ("Yonhap reporter Jane Roe", ("Jane Roe",)),
        ("CGTN's Jane Roe", ("Jane Roe",)),
        ("刘欣、王伟", ("刘欣", "王伟")),
        ("أحمد وليد وسمير الحداد", ("أحمد وليد", "سمير الحداد")),
        ("Abu Bakr al-Masri", ("Abu Bakr al-Masri",)),
        ("Ana Maria da Silva", ("Ana Maria da Silva",)),
        ("Maria Rossi da Roma", ("Maria Rossi",)),
    ],
)
def test_persons_are_told_from_places_roles_and_houses(text: str, persons: tuple[str, ...]) -> None:
    found = signed(text)

    assert found is not None
    assert persons == found.persons


@pytest.mark.parametrize(
    "text",
    ["a harbour in the north", "Popular Demand", "12 Angry Men", "New Delhi", "Jane Roe said that it rains", ""],
)
def test_what_leaves_anything_over_is_signed_by_nobody(text: str) -> None:
    assert signed(text) is None


def test_a_name_is_kept_whole_where_its_little_words_lead_to_no_place() -> None:
    assert "Ana Maria da Silva" == without_place("Ana Maria da Silva")
    assert "Antoni Puig i Cadafalch" == without_place("Antoni Puig i Cadafalch")
    assert "Maria Rossi" == without_place("Maria Rossi a Bruxelles")
    assert "Kari Berg" == without_place("Kari Berg i Oslo")


@pytest.mark.parametrize(
    ("name", "language", "even"),
    [
        ("JANE ROE", "en", "Jane Roe"),
        ("Jane ROHE", "fr", "Jane Rohe"),
        ("AYŞE YILMAZ", "tr", "Ayşe Yılmaz"),
        ("İSMAİL KAYA", "", "İsmail Kaya"),
        ("FlowGuard EMEA", "en", "FlowGuard EMEA"),
        ("Jane Roe III", "en", "Jane Roe III"),
    ],
)
def test_capitals_are_written_as_other_names_are(name: str, language: str, even: str) -> None:
    assert even == evenly(name, language)


@pytest.mark.parametrize("text", ["Local News", "Real Estate", "Tel Aviv", "Paris Match", "Jane Roe Editor", "Jane"])
def test_a_name_alone_is_certain_only_with_a_given_name_and_nothing_of_a_section(text: str) -> None:
    assert not is_certain(text)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Reporting by Jane Roe in Rotterdam and John Doe in Lagos; Editing by Ann Low", ("Jane Roe", "John Doe")),
        ("(Reporting by Jane Roe; editing by Ann Low)", ("Jane Roe",)),
        ("Reporting by Jane Roe, additional reporting by Ann Low, writing by John Doe", ("Jane Roe", "John Doe")),
        ("Reporting by Jane Roe Writing by John Doe Editing by Ann Low", ("Jane Roe", "John Doe")),
        ("Editing by Ann Low", ()),
        ("Associated Press writers Jane Roe in London and John Doe in Berlin contributed to this report.", ()),
        ("Jane Roe reported from Rotterdam, and John Doe from Lagos.", ()),
        ("Материал подготовила Анна Рогова", ("Анна Рогова",)),
    ],
)
def test_those_who_reported_a_text_are_named_below_it_and_who_edited_it_is_not(
    line: str, names: tuple[str, ...]
) -> None:
    found = tails.read(line)

    assert found is not None
    assert (names, True) == (found.names, found.names_people)


_ENDS = (
    "Our Standards: The Thomson Reuters Trust Principles.",
    "4354**2050",
    "© dpa-infocom, dpa:260303-99-123456/2",
    "ab/cd/ef",
    "EFE ab/cde",
    "abc@yna.co.kr (END)",
    "(END)",
    "(끝)",
    "Enditem",
    "■",
    "【责任编辑：王小明】",
    "责任编辑：王小明",
    "انتهای پیام/ ۱۲۳",
    "(PAP)",
    "abc/ def/",
    "/ritzau/",
    "(©NTB)",
    "Lusa/Fim",
    "PTI ABC XYZ",
    "MNA/PR",
    "TT",
    "Riproduzione riservata © Copyright ANSA",
    "(This story has not been edited by The Gazette's staff and is auto-generated from a syndicated feed.)",
)


@pytest.mark.parametrize("line", _ENDS)
def test_what_only_ends_a_text_is_taken_off_its_end_and_nowhere_else(line: str) -> None:
    lines = [line, "The council voted.", "It met for nine hours.", "Then it went home.", "So it was.", "And so on."]

    assert lines == tails.without(lines)
    assert lines[1:] == tails.without([*lines[1:], line])


@pytest.mark.parametrize(
    "line",
    [
        "The end of the harbour is near.",
        "He was driving at 80 km/h",
        "km/h",
        "and/or",
        "Jane Roe contributed to this victory.",
        "Reporting by the council shows that it rains; the mayor denies it and everybody else does not know it at all.",
        "The reporter Jane Roe reported from the front that all is quiet.",
        "editors",
        "Ships",
        "A/B",
        "AFP journalists were there.",
    ],
)
def test_a_sentence_ends_no_text(line: str) -> None:
    assert tails.read(line) is None


def test_the_mark_behind_the_last_sentence_goes() -> None:
    assert ["One.", "It voted."] == tails.without(["One.", "It voted. ■"])
    assert ["One.", "他们回家了。"] == tails.without(["One.", "他们回家了。（完）"])
    assert ["(END)"] == tails.without(["(END)"])


def test_who_reported_for_an_agency_is_the_author_and_the_agency_is_credited() -> None:
    below = "<p>Reporting by Jane Roe in Rotterdam; Editing by Ann Low</p>"
    article = made(page(under="<p>By Reuters</p>", below=below))

    assert (("Jane Roe",), "Reuters") == (article.authors, article.credited_to)


def test_an_agency_in_brackets_below_a_text_is_credited() -> None:
    article = made(page(below="<p>(AFP)</p>"))

    assert ("AFP", False) == (article.credited_to, "(AFP)" in article.text)


@pytest.mark.parametrize(
    "line",
    [
        "— Jane Roe (@jane) February 28, 2024",
        "- Jane Roe, 1984",
        "Jane Roe/Getty 3 March 2024",
        "Editor in chief: Jane Roe",
    ],
)
def test_a_quotation_a_picture_and_a_masthead_sign_nothing(line: str) -> None:
    assert signature.parse_unlabelled(line, "en") is None


def test_who_is_quoted_or_wrote_another_text_is_no_author() -> None:
    quote = "<div class='quote'><p>The quay is a shame.</p><span class='author'>Jane Roe</span></div>"
    card = (
        "<section><h3>More from the harbour</h3><div class='card'><a href='/1'><h4>Old quay closes</h4></a>"
        "<div class='byline'><a rel='author' href='/author/jane'>Jane Roe</a></div></div></section>"
    )

    assert () == made(page(below=quote)).authors
    assert () == made(page(below=card)).authors


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('{"@type": "Person", "name": ["Jane Roe", "John Doe"]}', ("Jane Roe", "John Doe")),
        ('{"@type": "Person", "givenName": "Jane", "familyName": "Roe"}', ("Jane Roe",)),
        ('"jane@example.com (Jane Roe)"', ("Jane Roe",)),
        ('["Jane Roe, BBC News, Washington"]', ("Jane Roe",)),
        ('"New Delhi"', ()),
        ('"ChatGPT"', ()),
        ('"Daily Harbour Gazette"', ()),
    ],
)
def test_declared_authors_are_read_in_their_forms(author: str, names: tuple[str, ...]) -> None:
    ld = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {author}}}</script>'

    assert names == made(page(head=ld)).authors


@given(st.text(max_size=300), st.sampled_from(["", "en", "tr", "zh", "vi"]))
def test_no_text_breaks_these_readers(text: str, language: str) -> None:
    signed(text)
    tails.read(text)
    tails.without([text, text])
    signature.parse_unlabelled(text, language)
    evenly(text, language)


@pytest.mark.parametrize(
    "byline",
    [
        "By News Desk",
        "By Web Desk",
        "By Staff Reporter",
        "By Staff Writers",
        "By Our Correspondent",
        "Por Redacción Puerto",
        "Autor: Redakcja",
        "By The Editorial Board",
        "By Harbour Post Newsroom",
    ],
)
def test_a_desk_in_a_byline_is_nobody(byline: str) -> None:
    assert () == made(page(under=f"<div>{byline}</div>")).authors


def test_a_team_signs_where_nobody_is_named() -> None:
    assert ("Marketing Team",) == made(page(under="<div>By Marketing Team</div>")).authors


@pytest.mark.parametrize(
    ("marked", "authors", "credited"),
    [
        ("Le Quai avec AFP", (), "AFP"),
        ("La rédaction avec AFP", (), "AFP"),
        ("Jane Roe avec AFP", ("Jane Roe",), "AFP"),
        ("EFE / Redacción", (), "EFE"),
        ("EFE", (), "EFE"),
        ("Reuters and AFP", (), "Reuters"),
        ("Reuters Staff", (), "Reuters"),
        ("Subscribe to our newsletter", (), None),
        ("聯合報／ 記者王小明／東港即時報導", ("王小明",), None),
    ],
)
def test_an_agency_marked_as_author_is_credited_and_no_author(
    marked: str, authors: tuple[str, ...], credited: str | None
) -> None:
    article = made(page(under=f"<span class='author'>{marked}</span>"))

    assert (authors, credited) == (article.authors, article.credited_to)


@pytest.mark.parametrize(
    ("opening", "authors"),
    [
        ("(동항=연합뉴스) 김민서 기자 = ", ("김민서",)),
        ("[동항=뉴시스] 김민서·이서연 기자 = ", ("김민서", "이서연")),
        ("新华社东港3月14日电（记者李明、张华）", ("李明", "张华")),
        ("中新网东港3月14日电 (记者 李明)", ("李明",)),
        ("（中央社記者王小明台北14日電）", ("王小明",)),
        # Where the name ends is open.
        ("（中央社記者王明台北14日電）", ()),
        ("(동항=연합뉴스) 시의회는 ", ()),
        ("新华社记者采访了渔民。", ()),
    ],
)
def test_who_reported_is_read_from_the_dateline(opening: str, authors: tuple[str, ...]) -> None:
    assert authors == of_dateline(f"{opening}港口委员会投票通过新防波堤")


def test_a_dateline_names_the_author_where_nobody_else_does() -> None:
    body = page(lang="ko").replace("<p>", "<p>(동항=연합뉴스) 김민서 기자 = ", 1)

    assert (("김민서",), "dateline") == ((found := made(body)).authors, found.evidence.get("authors"))
    assert ("Jane Roe",) == made(body.replace("<p>", "<p>By Jane Roe</p><p>", 1)).authors


def test_a_dateline_in_a_line_of_its_own_names_both() -> None:
    article = made(page(under="<div>（中央社記者王小明台北14日電）</div>", lang="zh-tw"))

    assert (("王小明",), "中央社") == (article.authors, article.credited_to)


def test_papers_of_vietnam_sign_below_the_text() -> None:
    assert ("Nguyễn Mai Lan",) == made(page(lang="vi", below="<p>Nguyễn Mai Lan</p>")).authors
    assert ((), "TTXVN") == ((only := made(page(lang="vi", below="<p>Theo TTXVN</p>"))).authors, only.credited_to)
    told = made(page(lang="vi", below="<p><b>Mai Lan</b> (Theo Reuters)</p>"))
    assert (("Mai Lan",), "Reuters") == (told.authors, told.credited_to)


def test_a_name_behind_its_place_is_read() -> None:
    found = signed("Aus Berlin Jane Roe")

    assert found is not None
    assert (("Jane Roe",), True) == (found.persons, found.placed)
    assert ("مريم كيلر",) == made(page(under="<div>كتبت ـ مريم كيلر:</div>", lang="ar")).authors


@pytest.mark.parametrize(
    ("line", "language", "authors"),
    [
        ("文/王小明 图/李华", "zh", ("王小明",)),
        ("记者 王小明 摄影 李华", "zh", ("王小明",)),
        ("记者 王小明 编辑 李华", "zh", ("王小明",)),
        ("사진=김철수 기자", "ko", ()),
        ("그래픽=김철수 기자", "ko", ()),
        ("By Our Special Correspondent", "en", ()),
        ("By Our Diplomatic Correspondent", "en", ()),
    ],
)
def test_who_took_the_pictures_or_edited_a_text_is_no_author(
    line: str, language: str, authors: tuple[str, ...]
) -> None:
    found = parse_line(line, language)

    assert authors == (found.authors if found else ())


_SIGNED_BELOW = {
    "en": ("Jane Roe", "Source: Reuters", "Reuters"),
    "de": ("Anna Weber", "Quelle: dpa", "dpa"),
    "fr": ("Claire Petit", "Source : AFP", "AFP"),
    "es": ("Julia Núñez", "Fuente: EFE", "EFE"),
    "it": ("Maria Rossi", "Fonte: ANSA", "ANSA"),
    "pt": ("Maria Silva", "Fonte: Agência Brasil", "Agência Brasil"),
    "ru": ("Анна Котова", "Источник: ТАСС", "ТАСС"),
    "uk": ("Анна Коваль", "Джерело: Укрінформ", "Укрінформ"),
    "zh": ("王芳", "来源：新华社", "新华社"),
    "ja": ("佐藤美咲", "提供：共同通信", "共同通信"),
    "ko": ("김민지", "출처: 연합뉴스", "연합뉴스"),
    "ar": ("ليلى حداد", "المصدر: سانا", "سانا"),
    "fa": ("مریم رضایی", "منبع: ایرنا", "ایرنا"),
    "tr": ("Zeynep Kaya", "Kaynak: Anadolu", "Anadolu"),
    "vi": ("Nguyễn Minh Anh", "Nguồn: TTXVN", "TTXVN"),
    "id": ("Dewi Lestari", "Sumber: ANTARA", "ANTARA"),
    "he": ("יעל כהן", "מקור: רויטרס", "רויטרס"),
    "pl": ("Maria Nowak", "Źródło: PAP", "PAP"),
}


@pytest.mark.parametrize(
    "name",
    ["Mireille Faure", "Míriam Falcão", "Марія Соколенко", "Meryem Şahin", "मीरा शर्मा", "สมชาย ใจดี", "Maya Lestari"],
)
def test_who_signs_at_the_side_above_the_source_needs_no_known_name(name: str) -> None:
    def signed_at(style: str) -> str:
        return page().replace("</article>", f"<p{style}><b>{name}</b></p><p>Source: Reuters</p></article>", 1)

    assert ((name,), "Reuters") == ((found := made(signed_at(" style='text-align:right'"))).authors, found.credited_to)
    assert name not in found.text
    assert "Key Figures" in made(signed_at("").replace(name, "Key Figures")).text


@pytest.mark.parametrize("lang", _SIGNED_BELOW)
def test_who_signs_above_the_source_at_the_end_is_read(lang: str) -> None:
    name, source, credited = _SIGNED_BELOW[lang]
    body = page(lang=lang).replace("</article>", f"<p>Short.</p><p><b>{name}</b></p><p>{source}</p></article>", 1)
    article = made(body)

    assert ((name,), credited) == (article.authors, article.credited_to)
    assert name not in article.text


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Harbour Bridge"),
        ("en", "Key Figures"),
        ("zh", "全文完"),
        ("ja", "千葉県警"),
        ("ko", "관련기사"),
        ("en", "Wind in harbour"),
    ],
)
def test_what_is_no_name_above_a_source_signs_nothing(lang: str, line: str) -> None:
    article = made(page(lang=lang).replace("</article>", f"<p>{line}</p><p>Source: Reuters</p></article>", 1))

    assert ((), "Reuters") == (article.authors, article.credited_to)


_LEAD = (
    "The council of Northport voted late on Monday to close the old bridge for repairs that will last until spring. "
    "Engineers found cracks in two of the main girders during an inspection in October, the works department said."
)


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("", "<p>By Jane Roe</p>", (None, ("Jane Roe",))),
        ("<p>12 November 2025</p>", "<p>Published 5 June 2025</p>", ("2025-11-12", ())),
        ("<time datetime='2025-11-12'>12 November 2025</time>", "<p>Released: 5 June 2025</p>", ("2025-11-12", ())),
        ("<p>By Jane Roe</p><p>12 November 2025</p>", "<p>By Anna Berg</p>", ("2025-11-12", ("Jane Roe",))),
        ("<p>12 November 2025</p>", "<h2>The Silent Harbour</h2><p>By Anna Berg</p>", ("2025-11-12", ())),
        ("", "<p>By Jane Roe</p><h2>The Silent Harbour</h2>", (None, ("Jane Roe",))),
        ("", "<h5>12 November 2025</h5><p>By Jane Roe</p>", ("2025-11-12", ("Jane Roe",))),
        ("<p>12 November 2025</p>", "<h2>The Silent Harbour</h2><p>Published 5 June 2025</p>", ("2025-11-12", ())),
    ],
)
def test_below_a_first_paragraph_stands_only_what_is_not_told_above_it(
    above: str, below: str, expected: tuple[str | None, tuple[str, ...]]
) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    title = "Three books for the winter"
    shown = f"<h1>{title}</h1>{above}<p>{_LEAD}</p>{below}{text}"
    markup = f"<html lang='en'><head><title>{title}</title></head><body><main>{shown}</main></body></html>"
    article = made(markup)

    assert expected == (article.published, article.authors)
