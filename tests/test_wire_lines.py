"""Lines of a terminal below a headline: in capitals, or a thing and its number, without a full stop."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/news/short"
TITLES = {
    "en": "Short news from Northport",
    "de": "Kurz aus Nordhafen",
    "fr": "En bref à Port-Nord",
    "es": "Breves de Puerto Norte",
    "pl": "Krótko z Nowego Portu",
    "ru": "Коротко из Северного порта",
    "uk": "Стисло з порту",
}
FLASHES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        ("HERRING RISES 2% TO $81.20 A BARREL", "HARBOUR BANK HOLDS RATES, SEES ONE CUT"),
        ("NORTHPORT MAYOR RESIGNS AFTER FERRY VOTE",),
        ("Herring: 2,412.30", "Cod: 29.10", "Sprat: 81.20"),
    ),
    "de": (
        ("NORDHAFEN HEBT HAFENGEBÜHR UM 2% AN", "FÄHRE FÄHRT WIEDER AB MAI"),
        ("Mühlenweg: 3. Mai, 9 bis 17 Uhr", "Kaigasse: 4. Mai, 8 bis 14 Uhr", "Altbrück: 5. Mai, ganztägig"),
    ),
    "uk": (("вулиця Млинна, 1–25: 3 травня з 9 до 17", "вулиця Портова: 4 травня з 8 до 14"),),
    "fr": (("LE MAIRE DE PORT-NORD DÉMISSIONNE APRÈS LE VOTE",),),
    "es": (("DIMITE EL ALCALDE DE PUERTO NORTE TRAS EL VOTO",),),
    "pl": (("ul. Młyńska: 3 maja w godz. 9-17", "ul. Portowa: 4 maja w godz. 8-14", "ul. Długa: 5 maja, cały dzień"),),
    "ru": (("МЭР СЕВЕРНОГО ПОРТА УХОДИТ В ОТСТАВКУ",),),
}
#: What stands below headlines where there is no text.
LABELS = (
    ("SHARE THIS", "BY JANE ROE", "12 NOVEMBER 2026"),
    ("Published: 12 November 2026", "Views: 1,204"),
    ("Published: 12 November 2026, 08:30", "Last updated: 13 November 2026, 09:15", "Reading time: 3 min"),
    ("SIGN UP FOR OUR DAILY NEWSLETTER TODAY",),
    ("PLEASE DISABLE YOUR AD BLOCKER TO CONTINUE",),
)


def read(lang: str, lines: Sequence[str], kind: str = "article") -> Article:
    told = "".join(f"<p>{line}</p>" for line in lines)
    page = (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{TITLES[lang]}</title><meta property='og:type' content='{kind}'>"
        f"</head><body><nav><a href='/a'>News</a><a href='/b'>Sport</a></nav><main><article><h1>{TITLES[lang]}</h1><p>By <a rel='author' href='/jane'>Jane Roe</a></p>"
        f"<div class='content'>{told}</div></article></main><footer><p>© Northport Courier</p></footer></body></html>"
    )
    return extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize("lang", FLASHES)
def test_lines_of_a_terminal_are_news_where_an_article_is_declared(lang: str) -> None:
    for lines in FLASHES[lang]:
        assert "\n\n".join(lines) == read(lang, lines).text
        if sum(map(len, lines)) < 60:
            with pytest.raises(NoArticle):
                read(lang, lines, "website")


@pytest.mark.parametrize("lines", LABELS)
def test_labels_below_a_headline_are_no_news(lines: tuple[str, ...]) -> None:
    with pytest.raises(NoArticle):
        read("en", lines)
