"""Whose a printed date is: the text's, that of who is credited, or that of another text beside it."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from crawler.extract.dates import read
from tests.test_date_lines import made
from tests.test_extract_dates import page

LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour council votes for the breakwater", "datePublished": "2024-03-14T09:35:11Z"}</script>'
META = '<meta property="article:published_time" content="2024-03-14T09:35:11Z">'
CARD = "<div class='box'><h3><a href='/c'>Crane falls into a basin</a></h3><p>{}</p></div>"

CREDITS = [
    ("en", "Source: Eurostat, 2 March 2019"),
    ("en", "Source: Norland Tribune (2 April 2024)"),
    ("en", "Source: Eurostat 2019-03-02"),
    ("en", "Reuters, 2 March 2024"),
    ("de", "Quelle: Nordland Kurier vom 2. März 2024"),
    ("fr", "Source : Le Courrier de Norlande, 2 mars 2024"),
    ("es", "Fuente: El Correo, 2 de marzo de 2024"),
    ("ru", "Источник: Вестник Норланда, 2 марта 2024"),
    ("zh", "来源：东港日报 2024-03-02"),
]


@pytest.mark.parametrize(("language", "line"), CREDITS)
def test_a_credited_day_dates_no_page_that_has_another(language: str, line: str) -> None:
    """The publisher that is credited printed the text then, not the carrier."""
    place = f"<p>{line}</p>"
    own = "<div>2024-03-14 09:35</div>"
    pages = [
        page(head=head, lang=language, under=under, below=below)
        for head in (LD, META)
        for under, below in ((place, ""), ("", place))
    ]

    assert ["2024-03-14T09:35:11+00:00"] * 4 == [made(each).published for each in pages]
    assert "2024-03-14T09:35" == made(page(under=own + place, lang=language)).published
    assert "2024-03-14T09:35" == made(page(under=own, below=place, lang=language)).published


def test_a_credited_day_dates_nothing_where_it_is_the_only_one() -> None:
    line = "<p>Source: Norland Tribune, 2 March 2024</p>"

    assert [None, None] == [made(each).published for each in (page(under=line), page(below=line))]
    assert "2024-03-02T09:35" == made(page(under="<p>来源：新华社 2024-03-02 09:35</p>", lang="zh")).published
    labelled = made(page(under="<p>By Jane Roe Source: Norland Tribune Published: 2024/3/14 9:35:40</p>"))
    assert ("2024-03-14T09:35:40", "Norland Tribune") == (labelled.published, labelled.credited_to)


@pytest.mark.parametrize(
    "line", ["By Zoe Wrong, 15 March 2024", "Published: 15 March 2024 10:00", "15 March 2024 | Source: Reuters"]
)
def test_the_line_of_a_card_below_the_text_is_of_that_card(line: str) -> None:
    cards = [CARD.format(line), CARD.format(line).replace("h3", "span")]
    pages = [page(head=head).replace("</article>", f"</article>{card}") for head in (LD, "") for card in cards]
    articles = [made(each) for each in pages]

    assert ["2024-03-14T09:35:11+00:00"] * 2 + [None] * 2 == [each.published for each in articles]
    assert {((), None)} == {(each.authors, each.credited_to) for each in articles}


def test_a_byline_below_the_text_dates_it_where_nothing_else_does() -> None:
    line = "<p>By Jane Roe, 15 March 2024</p>"

    assert "2024-03-15" == made(page(below=line)).published
    assert "2024-03-14T09:35:11+00:00" == made(page(head=LD, below=line)).published
    assert "2024-03-14" == made(page(under="<p>14 March 2024</p>", below=line)).published
    assert ("Jane Roe",) == made(page(head=LD, below=line)).authors


@pytest.mark.parametrize(
    ("behind", "language"),
    [
        ("| Z kraju", "pl"),
        ("Z domova", "cs"),
        ("-3 Kommentare", "de"),
        ("(+1 Video)", "de"),
        ("+2", "de"),
        ("CAT: Islands", "en"),
        ("CT scans", "en"),
        ("MT Norland sails", "en"),
        ("ET phones home", "en"),
    ],
)
def test_a_word_or_a_count_behind_a_time_is_no_zone(behind: str, language: str) -> None:
    printed = read(f"14.03.2024 09:35 {behind}", language)

    assert printed is not None
    assert "2024-03-14T09:35" == printed.iso


@pytest.mark.parametrize(
    ("behind", "offset"),
    [
        ("Z", "+00:00"), ("(GMT)", "+00:00"), ("ZULU", "+00:00"), ("+0200", "+02:00"), ("(+02:00)", "+02:00"),
        ("GMT+5:30", "+05:30"), ("UTC-3", "-03:00"), ("UTC +1", "+01:00"), ("ET", "-04:00"), ("ET | News", "-04:00"),
        ("ET Thursday", "-04:00"), ("CAT", "+02:00"), ("(CAT)", "+02:00"), ("EST Published", "-05:00"),
    ],
)  # fmt: skip
def test_a_zone_behind_a_time_is_read(behind: str, offset: str) -> None:
    printed = read(f"14 March 2024 09:35 {behind}", "en")

    assert printed is not None
    assert f"2024-03-14T09:35{offset}" == printed.iso


PUBLISHED = '<time class="entry-date published" datetime="2024-03-14T09:35:11+00:00">14 March 2024</time>'
UPDATED = '<time class="updated" datetime="2024-03-15T10:00:00+00:00">15 March 2024</time>'


@pytest.mark.parametrize(
    "markup",
    [
        f"<span class='posted-on'>{PUBLISHED}{UPDATED}</span>",
        f"<span class='posted-on'>{UPDATED}{PUBLISHED}</span>",
        f"<span class='posted-on'>{UPDATED} {PUBLISHED}</span>",
        f"<span class='author vcard'>Jane Roe</span><span class='posted-on'>{UPDATED} {PUBLISHED}</span>",
        (
            '<span itemprop="dateModified" content="2024-03-15T10:00:00+00:00">15 March 2024</span>'
            ' <span itemprop="datePublished" content="2024-03-14T09:35:11+00:00">14 March 2024</span>'
        ),
    ],
)
def test_the_class_of_an_element_tells_the_publication_from_the_change(markup: str) -> None:
    article = made(page(under=f"<div class='entry-meta'>{markup}</div>"))

    assert ("2024-03-14T09:35:11+00:00", "2024-03-15T10:00:00+00:00") == (article.published, article.modified)


def test_a_label_that_readers_see_tells_more_than_a_class() -> None:
    markup = f"<div>Published: <time class='updated'>15 March 2024</time></div><div>{PUBLISHED}</div>"

    assert "2024-03-15" == made(page(under=markup)).published


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Published: {}", "en"),
        ("By Jane Roe {}", "en"),
        ("Von Jana Weber, {} Uhr", "de"),
        ("{} Quelle: Nordland Kurier", "de"),
        ("{} 来源：新华社", "zh"),
    ],
)
def test_the_offset_of_a_time_element_in_a_line_with_a_label_is_kept(line: str, language: str) -> None:
    element = '<time datetime="2024-03-14T09:35:11+02:00">2024-03-14 09:35</time>'
    article = made(page(under=f"<div>{line.format(element)}</div>", lang=language))

    assert "2024-03-14T09:35:11+02:00" == article.published


def test_the_offset_of_another_time_is_not_taken() -> None:
    element = '<time datetime="2024-03-14T11:05:00+02:00">14 March 2024, 11:05</time>'

    assert "2024-03-14T09:35" == made(page(under=f"<p>Published: 14 March 2024, 09:35</p>{element}")).published


def test_who_signs_right_above_a_box_of_other_texts_signs_the_text() -> None:
    box = "<div><p>Written by Jane Roe</p><h5>More from Jane Roe</h5><h6><a href='/c'>Crane falls into a basin</a></h6></div>"

    assert ("Jane Roe",) == made(page(head=LD).replace("</article>", f"</article>{box}")).authors


TODAY = [
    ("de", "<div class='date'>Donnerstag, 18. April 2024</div>"),
    ("ru", "<div class='date'>18 апреля 2024, четверг</div>"),
    ("ko", "<div class='header'>2024.04.18(목)</div>"),
    ("fa", "<div class='top-date'>پنجشنبه ۳۰ فروردین ۱۴۰۳ - Apr 18 2024</div>"),
    ("en", "<div class='td_data_time'>Thursday, April 18, 2024</div>"),
    ("en", "<div id='date'>Thursday, April 18, 2024</div>"),
]


@pytest.mark.parametrize(("language", "markup"), TODAY)
def test_the_day_above_the_box_of_headline_and_text_is_todays(language: str, markup: str) -> None:
    whole = page(lang=language).replace("<article>", "<div class='main'>").replace("</article>", "</div>")
    pages = [whole.replace("<body>", f"<body>{each}") for each in (markup, f"{markup}<a href='/'>Home</a>")]

    assert [None, None] == [made(each).published for each in pages]


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src=a.jpg><figcaption>The pier, 14 March 2019 (Nils Holm)</figcaption></figure>",
        "<div>Read more: <a href='/a'>Crane falls into the basin</a> (14 March 2024)</div>",
        "<ul><li><a href=/a>Crane falls</a> 14 March 2024</li></ul>",
    ],
)
def test_what_stands_under_the_headline_and_tells_of_something_else_dates_no_text(markup: str) -> None:
    assert made(page(under=markup)).published is None


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>14.03.2024</td><td>Easthaven - Norland</td><td>3:1</td></tr></table>",
        "<h3>References</h3><ol><li>Keller M. (2019-03-14). Piers.</li><li>Roe J. (2001).</li></ol>",
        "<ol class=references><li>Norland Gazette, 14 March 1999.</li><li>Keller, M. (2001).</li></ol>",
        "<p>Cookie policy last updated: 14 March 2024</p>",
        "<p>Datenschutzerklärung, Stand: 14.03.2024</p>",
    ],
)
def test_what_stands_at_the_end_of_a_text_and_tells_of_something_else_does_not_date_it(markup: str) -> None:
    assert made(page(below=markup)).published is None


CAPTIONS = [
    ("en", "Northport, February 3, 2019. REUTERS/Jane Roe"),
    ("en", "Northport, 3 February 2019. AP Photo/Jane Roe"),
    ("en", "Northport, Norland, 3 February 2019. Photo: Jane Roe"),
    ("en", "Northport, 3 February 2019. Getty Images"),
    ("en", "Northport, 3 February 2019. Jane Roe/AFP via Getty Images"),
    ("en", "Northport, 3 February 2019. (Xinhua/Li Hua)"),
    ("de", "Nordhafen, 3. Februar 2019. dpa"),
    ("fr", "Port-Nord, 3 février 2019. AFP"),
    ("it", "Porto, 3 febbraio 2019. ANSA"),
    ("pt", "Porto, 3 de fevereiro de 2019. LUSA"),
    ("tr", "Liman, 3 Şubat 2019. AA"),
    ("uk", "Порт, 3 лютого 2019 року. Фото: Укрінформ"),
    ("ru", "Порт, 3 февраля 2019 года. Фото: РИА Новости"),
    ("el", "Λιμάνι, 3 Φεβρουαρίου 2019. ΑΠΕ-ΜΠΕ"),
    ("id", "Pelabuhan, 3 Februari 2019. ANTARA/Budi"),
]
PICTURES = [
    "<p>{}</p>",
    "<div class='image'><img src='a.jpg'><span>{}</span></div>",
    "<table><tr><td><img src='a.jpg'></td></tr><tr><td>{}</td></tr></table>",
]


@pytest.mark.parametrize(("language", "line"), CAPTIONS)
def test_a_picture_that_is_credited_behind_its_day_dates_no_text(language: str, line: str) -> None:
    wrapped = [picture.format(line) for picture in PICTURES]
    own = "<div>2024-03-14 09:35</div>"

    for head in (LD, META):
        declared = {made(page(head=head, lang=language, under=each)).published for each in wrapped}
        assert {"2024-03-14T09:35:11+00:00"} == declared
    assert {None} == {made(page(lang=language, under=each)).published for each in wrapped}
    assert {"2024-03-14T09:35"} == {made(page(lang=language, under=each + own)).published for each in wrapped}


@pytest.mark.parametrize(
    "line",
    ["Northport, February 3, 2019", "Northport, February 3, 2019 (AP)", "By Jane Roe, 3 February 2019. Photo: AP"],
)
def test_a_place_before_a_day_makes_no_picture_of_a_line(line: str) -> None:
    assert "2019-02-03" == made(page(under=f"<p>{line}</p>")).published


ELSEWHERE_FIRST = [
    ("en", "This article was originally published on March 2, 2024 by Harbour Gazette.", "Harbour Gazette"),
    ("en", "This story first appeared in The Harbour Gazette on March 2, 2024.", "The Harbour Gazette"),
    ("de", "Zuerst erschienen am 2. März 2024 im Nordhafener Kurier.", "Nordhafener Kurier"),
    ("it", "Pubblicato originariamente il 2 marzo 2024 su Il Porto", "Il Porto"),
    ("es", "Publicado originalmente el 2 de marzo de 2024 en El Correo", "El Correo"),
    ("fr", "Publié initialement le 2 mars 2024 dans Le Courrier", None),
    ("ru", "Впервые опубликовано 2 марта 2024 в газете «Вестник»", None),
]


@pytest.mark.parametrize(("language", "line", "house"), ELSEWHERE_FIRST)
def test_the_day_on_which_another_house_published_first_dates_no_reprint(
    language: str, line: str, house: str | None
) -> None:
    note, own = f"<p>{line}</p>", "<p>2024-03-14</p>"
    places = [{"under": note}, {"below": note}]

    assert {"2024-03-14T09:35:11+00:00"} == {made(page(head=LD, lang=language, **each)).published for each in places}
    assert {None} == {made(page(lang=language, **each)).published for each in places}
    assert {"2024-03-14"} == {made(page(lang=language, above=own, **each)).published for each in places}
    if house:
        assert house == made(page(lang=language, below=note)).credited_to
