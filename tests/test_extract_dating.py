"""Which of a page's dates is that of its publication, where it has several or says it in other ways."""

# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from crawler.records import Article
from tests.test_extract_dates import made, page


def declaring(published: str, modified: str | None = None) -> str:
    node = {"@type": "NewsArticle", "headline": "Harbour council votes for the breakwater", "datePublished": published}
    return f"<script type='application/ld+json'>{json.dumps(node | ({'dateModified': modified} if modified else {}))}</script>"


def told(article: Article) -> tuple[str | None, str | None]:
    return article.published, article.published_evidence


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        # The masthead's day is today's, not the text's.
        (
            page(head="<meta name='date' content='2021-05-01'>").replace(
                "<body>", "<body><div><time datetime='2022-02-02'>2 February 2022</time></div><p>One</p><p>Two</p><p>Three</p><p>Four</p><p>Five</p><p>Six</p>"
            ),
            ("2021-05-01", "meta date"),
        ),
        # Of two times, the one beside the headline.
        (
            page(under="<time datetime='2021-05-01'>1 May 2021</time>").replace("<body>", "<body><div><time datetime='2022-02-02'>2 February 2022</time></div>"),
            ("2021-05-01", "time"),
        ),
        # Teasers that the text of another article leads to.
        (
            page(under="<p>1 May 2021</p>").replace("</article>", "</article><div class='related'><article><a href='/x'>Fog</a><time datetime='2022-02-02'>2 February 2022</time></article></div>"),
            ("2021-05-01", "date line"),
        ),
        # A post of a network within the text has its own day.
        (
            page(head=declaring("2021-05-03T10:00:00Z"), below="<blockquote><p>A post shared by Jane (@jane) on Apr 21, 2019 at 4:47 PDT</p></blockquote>"),
            ("2021-05-03T10:00:00+00:00", "json-ld"),
        ),
        # The dateline tells when it was written, the page when it was published.
        (
            page(head=declaring("2021-05-03T10:00:00Z"), under="<p>NORTHPORT (May 1, 2021) — The harbour council of Northport voted after nine hours, and it passed by one voice.</p>"),
            ("2021-05-03T10:00:00+00:00", "json-ld"),
        ),
        # A book's, an event's or a member's day is not the text's.
        (page(under="<p>Erscheinungsdatum: 14.08.2017</p>", lang="de"), (None, None)),
        (page(under="<p>Termin: 21.02.2020, 19 Uhr</p>", lang="de"), (None, None)),
        (page(under="<p>VN:F [1.9.22_1171]</p>", lang="de"), (None, None)),
    ],
)  # fmt: skip
def test_other_texts_dates_are_not_taken(markup: str, expected: tuple[str | None, str | None]) -> None:
    assert expected == told(made(markup))


@pytest.mark.parametrize(
    ("head", "under", "expected"),
    [
        # Declared as published and changed at once: the system knows its last change only.
        (declaring("2021-06-24", "2021-06-24"), "<p>25 April 2020</p>", "2020-04-25"),
        (declaring("2021-06-24", "2021-06-24"), "<p>Published 25 April 2020</p>", "2020-04-25"),
        # Two are declared, and readers see one of them.
        (declaring("2020-04-03") + "<meta property='article:published_time' content='2021-06-24'>", "<p>24 June 2021</p>", "2021-06-24"),
        # The printed day is that of the last change, and the publication is declared.
        (declaring("2020-04-03", "2021-06-24"), "<p>24 June 2021</p>", "2020-04-03"),
        (declaring("2020-04-03", "2021-06-24"), "<p>Updated 24 June 2021</p>", "2020-04-03"),
        # Day and month in the other order are the same figures.
        (declaring("2021-01-11", "2021-01-11"), "<time datetime='2021-11-01'>1 Nov 2021</time>", "2021-01-11"),
        # Midnight by the clock of the place, told in UTC.
        (declaring("2021-11-04T23:00:00Z"), "<time datetime='2021-11-05'>5 November 2021</time>", "2021-11-05"),
        ("", "<time datetime='2021-02-24T04:13:00Z'>February 23, 2021</time>", "2021-02-23"),
    ],
)  # fmt: skip
def test_of_several_dates_the_publication_is_chosen(head: str, under: str, expected: str) -> None:
    assert expected == (made(page(head=head, under=under)).published or "")[:10]


def test_a_text_that_was_first_published_earlier_says_so() -> None:
    note = (
        "<p>This article was originally published on 26 Sep 2019 at 4:12pm but has been updated to keep it current.</p>"
    )
    elsewhere = "<p>This article was originally published on 26 Sep 2019 by The Other Paper.</p>"

    assert "2019-09-26T16:12" == made(page(under="<p>30 Sep 2022</p>", below=note)).published
    assert "2022-09-30" == made(page(under="<p>30 Sep 2022</p>", below=elsewhere)).published
    # A system that declares another day published it again then.
    assert "2022-09-30" == made(page(head=declaring("2022-09-30"), under="<p>30 Sep 2022</p>", below=note)).published


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (page(below="<p>Yours, Benni</p><p>10 September 2017</p>"), ("2017-09-10", "line below the text")),
        (
            page(below="<ul><li><a href='/harbour'>Harbour council votes for the breakwater</a> <span>2 December 2025</span></li><li><a href='/fog'>Fog</a> 3 December 2025</li></ul>"),
            ("2025-12-02", "card of the page"),
        ),
        (
            page(head='<script>var layer = {"first-publication":"2020-01-28 15:28"};</script>'),
            ("2020-01-28T15:28", "script"),
        ),
        (
            page(below="<div data-props='" + "x" * 300 + "&amp;quot;datePublished&amp;quot;:&amp;quot;2025-11-17T09:00:00-05:00&amp;quot;'></div>"),
            ("2025-11-17T09:00:00-05:00", "script"),
        ),
        # What only tells of a change is named so.
        (page(below="<p>Harbour (last edited 2019-11-10 13:28:18 by Jane)</p>"), ("2019-11-10T13:28:18", "last change (date line)")),
    ],
)  # fmt: skip
def test_a_date_is_found_where_it_is_not_told(markup: str, expected: tuple[str, str]) -> None:
    assert expected == told(made(markup))


@pytest.mark.parametrize(
    "href", ["/новости/мол", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D0%BC%D0%BE%D0%BB", "?from=list"]
)
def test_a_card_leads_to_the_page_in_whatever_way_its_address_is_written(href: str) -> None:
    card = f"<ul><li><a href='{href}'>Harbour council votes</a> <span>2 December 2025</span></li></ul>"
    url = "https://www.example.com/новости/мол"

    assert ("2025-12-02", "card of the page") == told(made(page(below=card), url=url))


def test_furniture_is_none_where_the_text_itself_stands_in_it() -> None:
    framed = (
        page(under="<p>Jane Roe / 22 April 2020 / 06:15 / Photo: The Example</p>")
        .replace("<article>", "<div class='recommended'>")
        .replace("</article>", "</div>")
    )

    assert "2020-04-22T06:15" == made(framed).published


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://www.example.com/blog/2023/october/03/how-many-wines/", "2023-10-03"),
        ("https://www.example.com/home/2017/7/12/harbour", "2017-07-12"),
        ("https://www.example.com/2017/7/harbour", None),
        ("https://www.example.com/2017/wine/12/harbour", None),
    ],
)
def test_an_address_may_name_its_month(url: str, day: str | None) -> None:
    assert day == made(page(), url=url).published


def body(inside: str) -> str:
    """Give a page without an article element, with something far below its text."""
    return page(below="<p>Notice</p>" * 30 + inside).replace("<article>", "<div>").replace("</article>", "</div>")


_CARD = "<a href='/fog'>{}<time datetime='2019-01-17'>17 January 2019</time><h3>Fog over the harbour closes it for a day and a night</h3></a>"
_COLUMN = "<div class='layout-sidebar'><div><h4>{}</h4><time datetime='2018-11-15'>15 November 2018</time></div></div>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        # A link that is a whole card leads to another text, however near to the headline it stands.
        (body(_CARD.format("")), (None, None)),
        (body(_CARD.format("<span>Published</span>") + _COLUMN.format("Published")), ("2018-11-15", "time")),
        # A link that holds nothing but the days of the text does not.
        (
            page(under="<a href='/harbour'><time class='published' datetime='2016-04-15T08:12:12+02:00'>Friday, 15 April 2016</time>"
                 "<time class='updated' datetime='2017-03-04T12:25:38+01:00'>Saturday, 4 March 2017</time></a>"),
            ("2016-04-15T08:12:12+02:00", "time"),
        ),
        # In a column beside the text, only what is labelled, and only one day.
        (body(_COLUMN.format("Opening night")), (None, None)),
        (body(_COLUMN.format("Published") + _COLUMN.format("Published").replace("2018", "2017")), (None, None)),
        (body(_COLUMN.format("Published").replace("layout-sidebar", "sidebar related")), (None, None)),
    ],
)  # fmt: skip
def test_a_date_on_a_card_is_another_texts(markup: str, expected: tuple[str | None, str | None]) -> None:
    assert expected == told(made(markup))


@pytest.mark.parametrize(
    "line",
    [
        "<time class='published-date' datetime='2025-04-10T06:00'><span>Updated April 10, 2025</span></time>",
        "<p><span>Last Updated</span> <span>on</span> <span class='date'>April 10, 2025</span></p>",
        "<div class='field--name-changed'>Changed on <time datetime='2025-04-10'>April 10, 2025</time></div>",
    ],
)
def test_what_readers_see_as_a_change_is_called_one(line: str) -> None:
    article = made(page(under=line))

    assert (article.published or "").startswith("2025-04-10")
    assert (article.published_evidence or "").startswith("last change (")


def test_each_time_has_its_own_label() -> None:
    both = "<p>Updated <time datetime='2025-04-10'>10 April 2025</time> <span>on</span> <time datetime='2024-01-02'>2 January 2024</time></p>"

    assert "2024-01-02" == made(page(under=both)).published


def test_a_weak_date_after_the_change_that_is_shown_is_no_publication() -> None:
    head = "<meta name='date' content='2020-04-29T11:52:23'>"

    assert ("2020-04-28T18:00", "last change (byline)") == told(
        made(page(head=head, under="<p>Last updated: 28.04.2020 18:00</p>"))
    )
    assert ("2020-04-29T11:52:23", "meta date") == told(
        made(page(head=head, under="<p>Last updated: 30.04.2020 18:00</p>"))
    )


def test_a_stroke_between_figures_parts_no_line() -> None:
    quoted = "<p>The letter of the harbour master, pages 5/6, 25 December 2005:</p>"

    assert ("2021-05-03T10:00:00+00:00", "json-ld") == told(
        made(page(head=declaring("2021-05-03T10:00:00Z"), under=quoted))
    )
    assert ("2021-05-01", "date line") == told(made(page(under="<p>Harbour / 1 May 2021 / 5 minutes</p>")))
