"""What no reader sees, and the time at which a page is read, dates no text."""

from __future__ import annotations

import time

import pytest

from tests.test_date_lines import made
from tests.test_date_owners import LD
from tests.test_extract_dates import page

NOT_SEEN = [
    "<span style='display:none'>2024-03-09 11:00:00</span>",
    "<span class='date' style='display:none'>2024-03-09 11:00:00</span>",
    "<p hidden>2024-03-09 11:00:00</p>",
    "<p hidden>Published: 9 March 2024</p>",
    "<div class='hidden'><p>By Jane Roe, 9 March 2024</p></div>",
    "<p><span class='hidden'>2024-03-09 11:00:00</span></p>",
    "<p aria-hidden='true'>2024-03-09 11:00:00</p>",
    "<p><b><i aria-hidden='true'>2024-03-09 11:00:00</i></b></p>",
    "<div class='clock'>Saturday, March 9, 2024 12:00</div>",
    "<span id='servertime'>2024-03-09 11:00:00</span>",
    "<p><time class='current-time' datetime='2024-03-09'>9 March 2024</time></p>",
    "<div class='today'>9 March 2024</div>",
]
SEEN = [
    "<div class='hidden md:block'>9 March 2024</div>",
    "<div class='d-none d-md-block'>By Jane Roe, 9 March 2024</div>",
    "<p><span style='display: inline'>9 March 2024</span></p>",
    "<p><i class='icon-clock'></i>9 March 2024</p>",
    "<div class='post-clock'>9 March 2024</div>",
    "<p><span class='hidden'>Shared 2024 times</span> 9 March 2024</p>",
]


@pytest.mark.parametrize("markup", NOT_SEEN)
def test_what_is_not_drawn_and_a_clock_date_nothing(markup: str) -> None:
    pages = [{"under": markup}, {"below": markup}, {"above": markup}]

    assert ["2024-03-14T09:35:11+00:00"] * 3 == [made(page(head=LD, **each)).published for each in pages]
    assert [None] * 3 == [made(page(**each)).published for each in pages]


@pytest.mark.parametrize("markup", SEEN)
def test_what_is_drawn_somewhere_dates_the_text(markup: str) -> None:
    assert "2024-03-09" == made(page(under=markup)).published


def test_a_page_that_waits_for_its_script_to_be_drawn_is_dated() -> None:
    waiting = page(under="<p>9 March 2024</p>").replace("<body>", "<body style='visibility: hidden'>")

    assert "2024-03-09" == made(waiting).published


def test_a_line_that_waits_to_be_unfolded_keeps_the_day_that_is_drawn_beside_it() -> None:
    both = "<div>Harbour 9 March 2024</div><div style='display: none'>By Jane Roe, 9 March 2024</div>"
    article = made(page(under=both))

    assert ("2024-03-09", ("Jane Roe",)) == (article.published, article.authors)


ELSEWHERE = [
    "<p hidden>This article was originally published on 9 March 2024.</p>",
    "<div style='display:none'><p>This article was first published on 9 March 2024.</p></div>",
    "<div aria-hidden=true><p>This post was published on 9 March 2024</p></div>",
    "<div class=hidden><p>This article was updated on 9 March 2024</p></div>",
    "<p>This article was first published on <span style='display:none'>9 March 2024</span> in spring.</p>",
    "<div class=d-none><p>Dieser Artikel wurde am 9. März 2024 veröffentlicht.</p></div>",
]


@pytest.mark.parametrize("markup", ELSEWHERE)
def test_a_sentence_that_is_not_drawn_dates_nothing_wherever_it_stands(markup: str) -> None:
    lines = "".join(f"<p>Line {letter} of the harbour page.</p>" for letter in "abcdefghijklmnopqrstuvwxyz" * 3)
    language = "de" if "März" in markup else "en"
    bare = page(lang=language)
    pages = [
        page(below=lines + markup, lang=language),
        bare.replace("</body>", f"<div>{lines}</div>{markup}</body>"),
        bare.replace("<body>", f"<body><div>{lines}</div>{markup}<div>{lines}</div>"),
    ]

    assert [(None, None)] * 3 == [(made(each).published, made(each).modified) for each in pages]
    if "span" not in markup:
        drawn = markup.replace(" hidden", "").replace("hidden", "x").replace("display:none", "").replace("d-none", "x")
        shown = [made(each.replace(markup, drawn)) for each in pages]
        assert ["2024-03-09"] * 3 == [article.published or article.modified for article in shown]


BARS = [
    ("en", "Monday, March 10, 2025"),
    ("de", "Montag, 10. März 2025"),
    ("ru", "понедельник, 10 марта 2025"),
    ("zh", "2025年3月10日 星期一"),
]


@pytest.mark.parametrize(("language", "line"), BARS)
def test_a_day_in_a_bar_of_the_site_below_the_text_dates_nothing(language: str, line: str) -> None:
    bar = f"<div class='bottom'><div>{line}</div><a href='/'>Home</a></div>"
    markup = page(below=bar, lang=language)

    assert [None, None] == [made(each).published for each in (markup, markup.replace(bar, "") + bar)]
    assert "2025-03-10" == made(page(below=f"<div>{line}</div>", lang=language)).published


@pytest.mark.parametrize(
    ("lang", "line", "expected"),
    [
        ("en", "Monday, 1 June 2026", None),
        ("en", "Northport, 1 June 2026", "2026-06-01"),
        ("pt", "Segunda-feira, 1 de junho de 2026", None),
        ("uk", "П'ятниця, 1 червня 2026", None),
        ("uk", "Північноморськ, 1 червня 2026", "2026-06-01"),
        ("ja", "2026年6月1日（月）", None),
        ("ko", "2026년 6월 1일 (월)", None),
        ("ko", "2026년 6월 1일", "2026-06-01"),
    ],
)
def test_the_day_of_reading_with_its_weekday_signs_no_text(lang: str, line: str, expected: str | None) -> None:
    assert expected == made(page(below=f"<p>{line}</p>", lang=lang)).published


IMPRINTS = [
    ("ko", "등록일: 2011년 5월 3일 발행일: 2011년 6월 1일"),
    ("de", "Eingetragen am 04.03.2015 beim Amtsgericht Nordhafen"),
]


@pytest.mark.parametrize(("language", "line"), IMPRINTS)
def test_since_when_a_paper_is_registered_dates_no_text(language: str, line: str) -> None:
    foot = f"<footer><p>{line}</p></footer>"

    assert made(page(lang=language).replace("</body>", f"{foot}</body>")).published is None


def test_a_day_in_the_foot_of_a_text_is_its_own() -> None:
    foot = "<footer{}><p>Published on 10 March 2025</p></footer>"

    assert "2025-03-10" == made(page(below=foot.format(""))).published
    apart = page().replace("</body>", foot.format(" class='entry-footer'") + "</body>")
    assert "2025-03-10" == made(apart).published


def test_a_day_beside_what_a_market_showed_dates_nothing() -> None:
    assert made(page(under="<div>上证指数 3241.12 2025-03-10 15:00</div>", lang="zh")).published is None


def test_thousands_of_lines_that_are_not_drawn_are_read_at_once() -> None:
    lines = "".join(f"<p hidden>{number} March 2024 {number}</p>" for number in range(1, 3_000))
    started = time.process_time()

    assert "2024-03-14T09:35:11+00:00" == made(page(head=LD, below=lines)).published
    assert time.process_time() - started < 5
