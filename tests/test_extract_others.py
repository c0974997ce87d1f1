"""Dates and names that a page holds of other things: comments, lists, events, other texts, the site, today."""

# ruff: noqa: E501

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.records import Article
from tests.test_extract_dates import made, page

TITLE = "Harbour council votes for the breakwater"


def saying(*nodes: dict[str, Any]) -> str:
    return "".join(f"<script type='application/ld+json'>{json.dumps(node)}</script>" for node in nodes)


def told(article: Article) -> tuple[str | None, tuple[str, ...]]:
    return article.published, article.authors


_TROLL = {"@type": "Comment", "datePublished": "2024-04-01T10:00:00", "author": {"name": "Tom Poe"}}
_CATS = {
    "@type": "NewsArticle",
    "headline": "Other thing entirely about cats",
    "datePublished": "2022-01-01",
    "author": {"name": "Peter Falk"},
}


@pytest.mark.parametrize(
    "nodes",
    [
        [{"@type": "NewsArticle", "headline": TITLE, "comment": [_TROLL]}],
        [_TROLL],
        [{"@type": "ItemList", "itemListElement": [_CATS]}],
        [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": _CATS}]}],
        [{"@type": "WebSite", "name": "X", "datePublished": "2010-01-01", "dateModified": "2025-11-28T00:00:00Z"}],
        [{"@type": "Product", "name": "Rope", "review": [{"@type": "Review", "datePublished": "2022-01-01"}]}],
        [{"@type": "Review", "datePublished": day, "author": {"name": "Tom Poe"}} for day in ("2022-01-01", "2022-01-02")],
        [_CATS | {"url": "https://www.example.com/cats"}],
        [_CATS | {"mainEntityOfPage": {"@type": "WebPage", "@id": "/2022/01/cats.html"}}],
        [_CATS | {"headline": "猫についての全く別の話題、港とは無関係", "url": "https://www.example.com/cats"}],
        [_CATS | {"headline": "Совсем другое о кошках", "url": "https://www.example.com/cats"}],
    ],
)  # fmt: skip
def test_json_ld_of_something_else_gives_no_date_and_no_author(nodes: list[dict[str, Any]]) -> None:
    assert (None, ()) == told(made(page(head=saying(*nodes))))


@pytest.mark.parametrize(
    "node",
    [
        # Under another address, but with the page's headline; or with another headline, but of this address; or of none.
        {"@type": "NewsArticle", "headline": TITLE, "url": "https://amp.example.com/x/harbour"},
        {"@type": "NewsArticle", "headline": "Mole gets its money", "url": "https://www.example.com/harbour?amp=1"},
        {"@type": "NewsArticle", "headline": "Mole gets its money", "mainEntityOfPage": "/harbour"},
        {"@type": "NewsArticle", "headline": "Mole gets its money", "url": "https://www.example.com/"},
        {"@type": "NewsArticle", "headline": "Mole gets its money"},
        {"@type": "NewsArticle", "headline": "Harbour: council votes for breakwater after nine hours", "url": "https://www.example.com/y"},
        {"@type": "Review", "name": TITLE},
        # Of a rare kind, but with the address of the page.
        {"@type": "HowTo", "name": "A breakwater", "mainEntityOfPage": "https://www.example.com/harbour"},
    ],
)  # fmt: skip
def test_json_ld_of_the_page_itself_does(node: dict[str, Any]) -> None:
    article = made(page(head=saying(node | {"datePublished": "2022-01-01", "author": {"name": "Jane Roe"}})))

    assert ("2022-01-01", ("Jane Roe",)) == told(article)


def test_broken_json_ld_is_read_where_it_names_a_text() -> None:
    broken = (
        '<script type=\'application/ld+json\'>{{"@type": "{}", \'x": , "headline": \''
        + TITLE
        + "', \"datePublished\": '2022-01-01'</script>"
    )

    assert "2022-01-01" == made(page(head=broken.format("NewsArticle"))).published
    assert made(page(head=broken.format("ItemList"))).published is None


_ITEM = (
    "<div itemscope itemtype='http://schema.org/{}'><a itemprop='url' href='{}'><span itemprop='headline'>{}</span></a>"
    "<meta itemprop='datePublished' content='2022-01-01'><span itemprop='author'>Peter Falk</span></div>"
)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (_ITEM.format("NewsArticle", "/cats", "Other thing about cats"), (None, ())),
        (_ITEM.format("BlogPosting", "https://www.example.com/katzen", "Ganz andere Katzen"), (None, ())),
        (_ITEM.format("Comment", "/harbour#c1", TITLE), (None, ())),
        (_ITEM.format("Review", "/harbour#r1", TITLE), (None, ())),
        (_ITEM.format("NewsArticle", "/harbour", "Mole gets its money"), ("2022-01-01", ("Peter Falk",))),
        (_ITEM.format("NewsArticle", "/amp/x", TITLE), ("2022-01-01", ("Peter Falk",))),
    ],
)
def test_microdata_of_another_text_gives_no_date_and_no_author(
    item: str, expected: tuple[str | None, tuple[str, ...]]
) -> None:
    assert expected == told(made(page(below=item)))


_TODAY = "<header><div>{}</div><nav><a href='/'>Home</a> <a href='/world'>World</a></nav></header>"


@pytest.mark.parametrize(
    ("lang", "above"),
    [
        ("en", _TODAY.format("Saturday, November 28, 2025")),
        ("en", _TODAY.format("<time datetime='2025-11-28'>Saturday, November 28, 2025</time>")),
        ("en", _TODAY.format("<span class='date'>Saturday, November 28, 2025</span>")),
        ("en", "<div>Saturday, November 28, 2025</div><nav><a href='/'>Home</a></nav>"),
        ("en", "<p>Today is Saturday, November 28, 2025</p>"),
        ("en", "<div class='today'>Saturday, November 28, 2025</div>"),
        ("de", _TODAY.format("Samstag, 28. November 2025")),
        ("fr", _TODAY.format("samedi 28 novembre 2025")),
        ("es", "<p>Hoy es sábado, 28 de noviembre de 2025</p>"),
        ("ru", "<p>Сегодня 28 ноября 2025 года</p>"),
        ("zh", "<p>今天是2025年11月28日 星期六</p>"),
        ("ar", "<p>اليوم السبت 28 نوفمبر 2025</p>"),
        ("fa", _TODAY.format("شنبه ۷ آذر ۱۴۰۴")),
    ],
)
def test_the_day_in_the_masthead_is_todays(lang: str, above: str) -> None:
    assert made(page(lang=lang).replace("<body>", f"<body>{above}")).published is None


_BAR = "<header>{}</header>".format(
    "".join(f"<div><a href='/{number}'>Rubric {number}</a></div>" for number in range(8))
)


@pytest.mark.parametrize(
    "row",
    [
        "<div class='row'><div>{}</div><div>12°C Northport</div></div>",
        "<table width='100%'><tr><td><b>The Example</b></td><td align='right'>{} 10:22</td></tr></table>",
    ],
)
@pytest.mark.parametrize(
    ("lang", "today"),
    [
        ("en", "Saturday, January 10, 2026"),
        ("ar", "السبت 10 يناير 2026"),
        ("zh", "2026年1月10日 星期六"),
        ("de", "10. Januar 2026"),
    ],
)
def test_a_row_below_the_navigation_shows_what_day_it_is(row: str, lang: str, today: str) -> None:
    above = f"<body>{_BAR}{row.format(today)}<div>"
    whole = page(lang=lang).replace("<article>", "").replace("</article>", "").replace("<body>", above)

    assert made(whole).published is None
    assert "2025-03-10" == made(whole.replace("</h1>", "</h1><div class='x'>2025-03-10</div>")).published


@pytest.mark.parametrize(
    "markup",
    [
        # A head of the text itself, and a line right above the headline, are its own.
        page(above="<p>Saturday, November 28, 2025</p>"),
        page().replace("<h1>", "<header><p>Saturday, November 28, 2025</p><h1>").replace("</h1>", "</h1></header>"),
        page(under="<header><time datetime='2025-11-28'>28 November 2025</time></header>"),
    ],
)
def test_a_day_above_the_headline_may_be_the_texts(markup: str) -> None:
    assert "2025-11-28" == made(markup).published


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "<p>The concert takes place on <time datetime='2025-06-14T19:00'>14 June, 7 pm</time> in the hall.</p>"),
        (
            "de",
            "<p>Das Konzert beginnt am <time datetime='2025-06-14T19:00'>14. Juni um 19 Uhr</time> in der Halle.</p>",
        ),
        ("fr", "<p>Le concert aura lieu le <time datetime='2025-06-14T19:00'>14 juin à 19 h</time> dans la salle.</p>"),
        ("hi", "<p>यह संगीत कार्यक्रम सभागार में <time datetime='2025-06-14T19:00'>14 जून</time> को शाम सात बजे होगा।</p>"),
        ("en", "<div class='event-date'><time datetime='2025-06-14T19:00'>14 June, 7 pm</time></div>"),
        ("de", "<div class='termin'><time datetime='2025-06-14T19:00'>14. Juni</time></div>"),
    ],
)
def test_the_time_of_an_event_is_no_publication(lang: str, line: str) -> None:
    assert made(page(under=line, lang=lang)).published is None


def test_a_time_beside_a_name_or_a_label_is_one() -> None:
    for line in (
        "<p>By Jane Roe, correspondent in Northport <time datetime='2025-06-14T19:00'>14 June</time></p>",
        "<p>Published on <time datetime='2025-06-14T19:00'>14 June</time> by our correspondent at the harbour.</p>",
    ):
        assert "2025-06-14T19:00" == made(page(under=line)).published


@pytest.mark.parametrize(
    "below",
    [
        "<div class='responses'><div><b>Jim</b> 1 April 2024 at 10:00<p>This is nonsense, and the mayor should go away.</p></div></div>",
        "<div><b>Jim</b> 1 April 2024 at 10:00<p>This is nonsense, and the mayor should go away, said nobody ever.</p></div>",
        "<ul class='replies'><li>Jim, 1 April 2024</li><li>Nonsense.</li></ul>",
        "<div class='reactions'><p>Jim Poe 1 April 2024</p><p>Nonsense.</p></div>",
        "<div class='discussion'><p>1 April 2024</p><p>Nonsense.</p></div>",
        "<h3>Latest</h3><p>Posted on 14 June 2023</p><p><a href='/z'>Something else happened in the town hall today</a></p>",
        "<h4>Mehr zum Thema</h4><p>Veröffentlicht am 14.06.2023</p><p><a href='/z'>Etwas anderes im Rathaus</a></p>",
        "<p><b>Más noticias</b></p><p>14 de junio de 2023</p><p><a href='/z'>Otra cosa ha pasado hoy</a></p>",
        "<h3>最新</h3><p>2023年6月14日</p><p><a href='/z'>今日、市役所で別の出来事</a></p>",
        "<h3>آخر الأخبار</h3><p>14/06/2023</p><p><a href='/z'>خبر آخر من البلدية</a></p>",
        "<p>Retrieved 14 March 2024</p>",
        "<p>Accessed on 14 March 2024.</p>",
        "<p>Abgerufen am 14. März 2024</p>",
        "<p>Consulté le 14 mars 2024</p>",
        "<p>Дата обращения: 14.03.2024</p>",
        "<p>閲覧日 2024年3月14日</p>",
    ],
)  # fmt: skip
def test_what_stands_below_the_text_of_others_dates_no_page(below: str) -> None:
    assert made(page(below=below)).published is None


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "This article was amended on 15 March 2024 to correct the name of the quay."),
        ("en", "This article was corrected, for it named the wrong quay, on 15 March 2024."),
        ("en", "Correction, 15 March 2024: the quay is the old one."),
        ("en", "Editor's note (15 March 2024): the quay is the old one."),
        ("de", "Dieser Artikel wurde am 15. März 2024 korrigiert."),
        ("de", "Korrektur vom 15. März 2024: Der Kai ist der alte."),
        ("fr", "Cet article a été modifié le 15 mars 2024 pour corriger un nom."),
        ("es", "Este artículo fue corregido el 15 de marzo de 2024."),
        ("it", "Questo articolo è stato aggiornato il 15 marzo 2024."),
    ],
)
def test_a_correction_is_a_change_and_no_publication(lang: str, line: str) -> None:
    alone, dated = (made(page(below=f"<p>{line}</p>", under=under, lang=lang)) for under in ("", "<p>14/03/2024</p>"))

    assert ("2024-03-15", "2024-03-15") == (alone.modified, dated.modified)
    assert "last change (date line)" == alone.published_evidence
    assert lang == "en" or "2024-03-14" == dated.published


_CHANGED = "<meta property='article:modified_time' content='2025-03-10T10:00:00Z'>"


@pytest.mark.parametrize(
    ("under", "below", "expected"),
    [
        # What is a day or less apart may be the same moment by another clock.
        ("<p>12 May 2025</p>", "", ("2025-03-10T10:00:00+00:00", "last change (meta article:modified_time)")),
        ("<p>11 March 2025</p>", "", ("2025-03-11", "date line")),
        ("<p>12. Mai 2025</p>", "", ("2025-03-10T10:00:00+00:00", "last change (meta article:modified_time)")),
        ("<div><time datetime='2025-05-12'>12 May</time></div>", "", ("2025-03-10T10:00:00+00:00", "last change (meta article:modified_time)")),
        # Another date that the change still allows.
        ("<p>12 May 2025</p>", "<p>This article was originally published on 3 March 2025.</p>", ("2025-03-03", "date line")),
        ("<div><time datetime='2025-05-12'>12 May</time></div><p>3 March 2025</p>", "", ("2025-03-03", "date line")),
        # What is called the publication is it: systems that plan ahead write the change first.
        ("<p>Published 12 May 2025</p>", "", ("2025-05-12", "byline")),
    ],
)  # fmt: skip
def test_a_day_after_the_declared_change_is_an_events_or_another_texts(
    under: str, below: str, expected: tuple[str, str]
) -> None:
    article = made(page(head=_CHANGED, under=under, below=below, lang="de" if "Mai" in under else "en"))

    assert expected == (article.published, article.published_evidence)


def test_a_day_after_the_printed_change_is_an_events() -> None:
    event = "<p>12 May 2025, 11:00</p><p>Last updated: 10 March 2025</p>"

    assert ("2025-03-10", "2025-03-10") == (made(page(under=event)).published, made(page(under=event)).modified)


def test_a_declared_publication_may_be_later_than_the_change() -> None:
    planned = "<meta property='article:published_time' content='2025-03-14T06:00:00Z'>"

    assert "2025-03-14T06:00:00+00:00" == made(page(head=_CHANGED + planned)).published


def test_a_change_of_the_site_is_none_of_the_text() -> None:
    for line in ("Site last updated: 14 March 2024", "Webseite zuletzt aktualisiert: 14.03.2024"):
        article = made(page(below=f"<div id='bottom'><p>{line}</p></div>"))

        assert (None, None) == (article.published, article.modified)


def test_a_planned_publication_is_told_by_the_clock_that_the_page_prints() -> None:
    planned = "<meta property='article:published_time' content='2025-03-14T23:00:00Z'>"
    article = made(page(head=_CHANGED + planned, under="<p>15 March 2025, 01:00</p>"))

    assert "2025-03-15T01:00:00+02:00" == article.published


_TIME = "<time datetime='2024-04-01T10:00'>1 April 2024</time>"


@pytest.mark.parametrize(
    "markup",
    [
        page(below=f"<div class='replies'><p><b>Jim</b> {_TIME}</p><p>Nonsense, the mayor should go away now.</p></div>"),
        page(below=f"<section id='responses'><p>Jim {_TIME}</p><p>Nonsense.</p></section>"),
        page(lang="de").replace("</article>", f"</article><section class='kommentare'><div>Jim {_TIME}</div><p>Nein.</p></section>"),
        page(below=f"<h3>Latest</h3><ul><li><a href='/z'>Something else happened in the town hall</a> {_TIME}</li></ul>"),
        page(below="<div><h3>Up next: more news</h3></div>") .replace("</article>", "</article><div><h3>Latest news</h3><div><a href='/z'>Something else</a> <span class='date'>1 April 2024</span></div></div>"),
        page(head='<script>window.s={"comments":[{"text":"x","publishedAt":"2024-04-01T10:00:00Z"}]}</script>'),
        page(head='<script>window.s={"relatedArticles":[{"title":"Cats","publishedAt":"2024-04-01T10:00:00Z"}]}</script>'),
        page(below="<div itemscope itemtype='http://schema.org/VideoObject'><meta itemprop='name' content='Cats on tape'><meta itemprop='datePublished' content='2024-04-01'></div>"),
        page(head=saying({"@type": "PodcastEpisode", "name": "Cats", "datePublished": "2024-04-01", "url": "https://www.example.com/pod/1"})),
        page(head=saying({"@type": "WebPage", "name": "The Example", "datePublished": "2010-04-01", "url": "https://www.example.com/"})),
        page().replace("<body>", "<body><div>Monday, 1 April 2024</div><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li><li><a href='/s'>Sport</a></li></ul>"),
        page().replace("<body>", "<body><div class='current-date'>Monday, 1 April 2024</div>"),
        page().replace("<body>", "<body><div>Monday, 1 April 2024 | 12°C Northport</div>"),
        page(under="<p>* 14 June 1995 in Northport</p>"),
    ],
)  # fmt: skip
def test_boxes_of_other_things_date_no_page(markup: str) -> None:
    assert made(markup).published is None


@pytest.mark.parametrize(
    "markup",
    [
        page(head='<script>window.s={"comments":[],"story":{"publishedAt":"2024-04-01T10:00:00Z"}}</script>'),
        page(below="<div itemscope itemtype='http://schema.org/VideoObject'><meta itemprop='name' content='Council votes for the breakwater'><meta itemprop='datePublished' content='2024-04-01'></div>"),
        page(head=saying({"@type": "WebPage", "name": TITLE, "datePublished": "2024-04-01", "url": "https://www.example.com/"})),
        page(under=_TIME).replace("<h1>", "<h3>Latest</h3><h1>"),
    ],
)  # fmt: skip
def test_what_only_stands_near_them_is_the_pages(markup: str) -> None:
    assert (made(markup).published or "").startswith("2024-04-01")


def test_a_sentence_that_tells_of_both_dates_tells_the_publication_first() -> None:
    both = "<p>This article was first published on 14 March 2024 and amended on 15 March 2024.</p>"
    article = made(page(below=both))

    assert ("2024-03-14", "date line", None) == (article.published, article.published_evidence, article.modified)
