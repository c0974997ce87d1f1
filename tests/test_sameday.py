"""A day that is printed twice: of the original and of the carrier, by two calendars, with the time of a change."""

from __future__ import annotations

import pytest

from crawler.extract.dates import find
from crawler.extract.sameday import change_below, change_of
from tests.extracting import PARAGRAPHS, made, page

META = "<meta property='article:published_time' content='2024-06-10T08:00:00Z'>"
ORIGINAL = [
    ("en", "Originally published: 3 May 2024"),
    ("en", "This article was originally published on 3 May 2024."),
    ("en", "Original publication date: 3 May 2024"),
    ("de", "Ursprünglich veröffentlicht: 3. Mai 2024"),
    ("fr", "Publié initialement le 3 mai 2024"),
    ("es", "Publicado originalmente el 3 de mayo de 2024"),
    ("pt", "Publicado originalmente em 3 de maio de 2024"),
    ("it", "Pubblicato originariamente il 3 maggio 2024"),
    ("nl", "Oorspronkelijk gepubliceerd op 3 mei 2024"),
]
OF_THE_CARRIER = [
    {"above": "<p>2024-06-10</p>"},
    {"above": "<p>Published: 2024-06-10</p>"},
    {"above": "<time datetime='2024-06-10'>2024-06-10</time>"},
    {"above": "<p>By Jane Roe | 2024-06-10</p>"},
    {"head": META},
]


@pytest.mark.parametrize(("language", "line"), ORIGINAL)
@pytest.mark.parametrize("where", ["above", "below"])
def test_the_first_publication_of_the_original_dates_no_carrier_that_has_a_day_of_its_own(
    language: str, line: str, where: str
) -> None:
    note = {where: f"<p>{line}</p>"}
    for own in OF_THE_CARRIER:
        each = {**note, **own, "above": own.get("above", "") + note.get("above", "")}

        assert "2024-06-10" == (made(page(lang=language, **each)).published or "")[:10]


@pytest.mark.parametrize(("language", "line"), ORIGINAL)
def test_it_dates_a_page_that_has_no_other_day_and_names_no_other_house(language: str, line: str) -> None:
    for where in ("above", "below"):
        note = {where: f"<p>{line}</p>"}
        credited = {"below": note.get("below", "") + "<p>Source: Harbour Gazette</p>"}

        assert "2024-05-03" == made(page(lang=language, **note)).published
        assert made(page(lang=language, **{**note, **credited})).published is None
        assert "Harbour Gazette" == made(page(lang=language, **{**note, **credited})).credited_to


@pytest.mark.parametrize(
    "above",
    [
        "<p>Originally published: 3 May 2024 | Updated: 10 June 2024</p>",
        "<p>Updated: 10 June 2024</p><p>Originally published: 3 May 2024</p>",
        "<p>10 June 2024</p><p>This article was originally published on 3 May 2024 and has been updated since.</p>",
        "<p>First published: 3 May 2024</p><p>10 June 2024</p>",
    ],
)
def test_where_the_page_was_changed_later_it_is_the_pages_own(above: str) -> None:
    assert "2024-05-03" == made(page(above=above)).published


CALENDARS = [
    ("ar", "الثلاثاء 3 رمضان 1446 هـ - 4 مارس 2025", "2025-03-04"),
    ("ar", "الثلاثاء 4 رمضان 1446هـ 4 مارس 2025م", "2025-03-04"),
    ("ar", "الثلاثاء - 4 رمضان 1446 هـ - 04 مارس 2025 م", "2025-03-04"),
    ("ar", "4 مارس 2025 - 5 رمضان 1446 هـ", "2025-03-04"),
    ("ar", "الثلاثاء 4 مارس 2025 الموافق 4 رمضان 1446", "2025-03-04"),
    ("ar", "3 رمضان 1446 هـ / 4 مارس 2025 م 10:35", "2025-03-04T10:35"),
    ("ar", "الثلاثاء 5 رمضان 1446 هـ", "2025-03-05"),
    ("fa", "سه شنبه ۱۴ اسفند ۱۴۰۳ - 4 March 2025", "2025-03-04"),
]


@pytest.mark.parametrize(("language", "line", "day"), CALENDARS)
def test_of_a_day_by_two_calendars_ours_counts(language: str, line: str, day: str) -> None:
    assert [day] == [printed.iso for printed in find(line, language)]
    assert day == made(page(lang=language, title="إغلاق الميناء الشمالي", above=f"<p>{line}</p>")).published


def test_days_that_only_stand_beside_each_other_stay_two() -> None:
    assert 2 == len(find("3 رمضان 1446 هـ - 14 مارس 2025", "ar"))
    assert 2 == len(find("4 March 2025 - 5 March 2025", "en"))
    assert 2 == len(find("3 رمضان 1446 هـ، أعلنت إدارة الميناء الشمالي في 4 مارس 2025", "ar"))


CHANGES = [
    ("es", "Lunes, 4 de marzo de 2024 | Última actualización: 10:35", "2024-03-04", "2024-03-04T10:35"),
    ("es", "4 de marzo de 2024 · Actualizado a las 10:35 h", "2024-03-04", "2024-03-04T10:35"),
    ("en", "4 March 2024 | Updated: 10:35 am", "2024-03-04", "2024-03-04T10:35"),
    ("en", "By Jane Roe | 4 March 2024 | Updated 14:35", "2024-03-04", "2024-03-04T14:35"),
    ("en", "Published: 4 March 2024, 09:00 (Updated: 10:35)", "2024-03-04T09:00", "2024-03-04T10:35"),
    ("de", "4. März 2024 | Aktualisiert: 10:35 Uhr", "2024-03-04", "2024-03-04T10:35"),
    ("de", "4. März 2024, 9.15 Uhr | Aktualisiert um 10.35 Uhr", "2024-03-04T09:15", "2024-03-04T10:35"),
    ("fr", "4 mars 2024 - Mis à jour à 10h35", "2024-03-04", "2024-03-04T10:35"),
    ("it", "4 marzo 2024, 9:15 | Aggiornato alle 10:35", "2024-03-04T09:15", "2024-03-04T10:35"),
    ("pt", "4 de março de 2024 | Atualizado às 10h35", "2024-03-04", "2024-03-04T10:35"),
    ("pl", "4 marca 2024 | Aktualizacja: 10:35", "2024-03-04", "2024-03-04T10:35"),
    ("ru", "4 марта 2024, 09:15 (обновлено: 10:35)", "2024-03-04T09:15", "2024-03-04T10:35"),
    # No time of a change: past midnight, another day, none at all.
    ("en", "4 March 2024, 23:50 | Updated: 00:20", "2024-03-04T23:50", None),
    ("en", "4 March 2024 | Updated: 5 March 2024 10:35", "2024-03-04", "2024-03-05T10:35"),
    ("en", "4 March 2024 | 10:35", "2024-03-04T10:35", None),
    ("en", "4 March 2024 | Updated 3 hours ago", "2024-03-04", None),
    ("en", "4 March 2024 | Updated 6 March, 10:35", "2024-03-04", None),
    ("en", "4 March 2024 | Updated 10:35 on 6 March", "2024-03-04", None),
    ("en", "4 March 2024 | Last updated yesterday at 10:35", "2024-03-04", None),
    ("de", "04.03.2024 | Aktualisiert: 05.03. 10:35 Uhr", "2024-03-04", None),
    ("fr", "4 mars 2024 | Mis à jour hier à 10h35", "2024-03-04", None),
    ("ru", "4 марта 2024, обновлено 5 марта в 10:35", "2024-03-04", None),
    ("es", "04/03/2024 - Actualizado: 06/03 10:35", "2024-03-04", None),
    ("zh", "2024-03-04 09:35 更新：03-05 11:02", "2024-03-04T09:35", None),
]


@pytest.mark.parametrize(("language", "line", "published", "modified"), CHANGES)
def test_a_change_without_its_day_was_on_the_day_of_publication(
    language: str, line: str, published: str, modified: str | None
) -> None:
    article = made(page(lang=language, above=f"<p>{line}</p>"))

    assert (published, modified) == (article.published, article.modified)


def test_a_change_on_a_line_of_its_own_is_read_right_below_the_day() -> None:
    lines = "<p>Lunes, 4 de marzo de 2024</p><p>Última actualización: 10:35</p>"
    apart = "<p>Lunes, 4 de marzo de 2024</p><p>El Puerto</p><p>Última actualización: 10:35</p>"
    told = "<p>4 March 2024</p><p>The timetable was updated at 10:35 in the morning by the harbour office.</p>"

    assert ("2024-03-04", "2024-03-04T10:35") == _days(page(lang="es", above=lines))
    assert ("2024-03-04", None) == _days(page(lang="es", above=apart))
    assert ("2024-03-04", None) == _days(page(above=told))
    day = find("4 March 2024 09:00 +0100", "en")[0]
    assert "2024-03-04T10:35+01:00" == change_below("Updated 10:35", day, "en").iso
    assert change_of(" in the port, which was Updated: 10:35", day, "en") is None


def _days(body: bytes) -> tuple[str | None, str | None]:
    article = made(body)
    return article.published, article.modified


@pytest.mark.parametrize(
    "picture",
    ["<p>(AP)</p><img src=a.jpg>", "<img src=a.jpg><p>(AP)</p>", "<div><img src=a.jpg><span>(AP)</span></div>"],
)
@pytest.mark.parametrize("name", ["AP", "Reuters", "Xinhua", "dpa"])
def test_an_agency_in_brackets_beside_a_picture_is_credited_with_no_text(picture: str, name: str) -> None:
    for where in ("above", "below"):
        article = made(page(**{where: picture.replace("AP", name)}))

        assert article.credited_to is None
        assert f"({name})" not in article.text


@pytest.mark.parametrize("line", ["<p>(AP)</p>", "<p>AP</p>", "<p>Reuters</p><img src=a.jpg>"])
def test_without_a_picture_or_brackets_it_is(line: str) -> None:
    assert made(page(above=line)).credited_to in ("AP", "Reuters")
    assert PARAGRAPHS[-1] in made(page(above=line)).text
