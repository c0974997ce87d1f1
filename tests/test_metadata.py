"""What a page says of itself: title, authors and the rest, each with where it was read."""

# ruff: noqa: E501

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from crawler.extract import extract
from crawler.extract.authors import clean
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/harbour"
TITLE = "Harbour council votes for the breakwater"
_TEXT = (
    "<p>The harbour council of Northport voted for the new breakwater after nine hours, and it passed by one voice.</p>"
    "<p>Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for the boats.</p>"
)


def made(body: str) -> Article:
    return extract(
        Fetched(URL, URL, body.encode(), "text/html"), Source("example", "The Example", "https://www.example.com/")
    )


def page(
    *, head: str = "", title: str = TITLE, h1: str = TITLE, under: str = "", lang: str = "en", above: str = ""
) -> str:
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{above}"
        f"<article><h1>{h1}</h1>{under}{_TEXT}</article></body></html>"
    )


def ld(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    ("head", "h1", "title", "expected"),
    [
        ("", f"<span class='kicker'>Northport</span> <span>{TITLE}</span>", f"{TITLE} | The Example", TITLE),
        ("", f"<time>4 March 2025</time> <span>{TITLE}</span>", f"{TITLE} | The Example", TITLE),
        ("", f"<style>.a{{color:red}}</style>{TITLE}", TITLE, TITLE),
        ("", "Har\u00adbour coun\u00adcil votes for the break\u00adwater", TITLE, TITLE),
        ("<meta property='og:title' content='Breakwater: how the harbour council voted'>", TITLE, "Breakwater", TITLE),
        ("", "<a href='/'>The Example</a>", f"{TITLE} - Harbours - The Example", f"{TITLE} - Harbours"),
        ("", "<a href='/'>Sea and Port</a>", f"{TITLE} | Example Media", TITLE),
        (f"<meta property='og:title' content='{TITLE}'>", "Welcome to our pages", "Welcome", TITLE),
    ],
)
def test_the_title_is_the_headline_and_nothing_else(head: str, h1: str, title: str, expected: str) -> None:
    assert expected == made(page(head=head, h1=h1, title=title)).title


def test_of_several_declared_articles_the_one_of_this_address_counts() -> None:
    nodes = [
        {
            "@type": "NewsArticle",
            "headline": "Ferry sails again",
            "url": "https://www.example.com/ferry",
            "author": "Tom Poe",
        },
        {"@type": "NewsArticle", "headline": "Vote", "mainEntityOfPage": {"@id": f"{URL}?x=1"}, "author": "Jane Roe"},
        {"@type": "NewsArticle", "headline": "Fog", "url": "https://www.example.com/fog", "author": "Ann Doe"},
    ]
    article = made(page(head=ld(nodes)))

    assert (("Jane Roe",), "json-ld") == (article.authors, article.evidence["authors"])


def _link(name: str) -> str:
    return f"<a class='author-link' href='/about/{name[:4].lower()}'>{name}</a>"


@pytest.mark.parametrize(
    ("under", "names", "evidence"),
    [
        ("<p class='byline'>By <b>Jane Roe</b> and John Doe</p>", ("Jane Roe", "John Doe"), "byline"),
        ("<a rel='author' href='/u/7'>freeman1984</a>", ("freeman1984",), "author element"),
        ("<div class='postAuthorName'>Jane Roe</div><div>Senior Editor</div>", ("Jane Roe",), "author element"),
        ("<span itemprop='author' itemscope><span itemprop='name'>Jane Roe</span></span>", ("Jane Roe",), "microdata"),
        ("<a href='/authors/jane-roe'>Jane Roe</a>", ("Jane Roe",), "author element"),
        ("<img alt='Jane Roe'><p>Jane Roe</p><p>4 March 2025</p>", ("Jane Roe",), "line beside the date"),
        ("<p>Jane Roe</p><p>4 March 2025</p><p>Jane Roe writes of ports.</p>", ("Jane Roe",), "line beside the date"),
        ("<p>ByJane Roe</p><p>4 March 2025</p>", ("Jane Roe",), "line beside the date"),
        ("<p>Quick Insight</p><p>4 March 2025</p>", (), None),
        ("<p>Jane Roe | Senior Writer | July 2, 2025</p>", ("Jane Roe",), "byline"),
        ("<p>Breaking News</p><p>4 March 2025</p>", (), None),
        ("<div class='comment-author'>Tom Poe</div>", (), None),
        ("<div class='author'>By The Example Team</div>", ("The Example Team",), "byline"),
        # Who checked a text did not write it, where somebody else did; a book's reviewer did.
        (f"<div>Reviewed by {_link('John Poe')}</div><div>{_link('Jane Roe')}</div>", ("Jane Roe",), "author element"),
        (
            f"<p>{_link('Jane Roe')} <span>Fact checked by</span> {_link('Ann Low')}</p>",
            ("Jane Roe",),
            "author element",
        ),
        (f"<div>Reviewed by {_link('Jane Roe')}</div>", ("Jane Roe",), "author element"),
        # The author of what a card leads to.
        (
            "<a href='/fog'><h3>Fog over the harbour closes it for a day and a night</h3><b class='author'>Tom Poe</b></a>",
            (),
            None,
        ),
    ],
)
def test_authors_are_read_where_they_are_marked_or_printed(
    under: str, names: tuple[str, ...], evidence: str | None
) -> None:
    article = made(page(under=under))

    assert (names, evidence) == (article.authors, article.evidence.get("authors"))


@pytest.mark.parametrize("left", ["page.head.extra.author", "{{ author }}", "%author%", "<%= author %>", "${name}"])
def test_what_a_template_did_not_fill_in_is_no_author(left: str) -> None:
    head = f"<meta name='author' content='{html.escape(left)}'>"

    assert () == made(page(head=head)).authors
    assert ("Jane Roe",) == made(page(head=head, under="<p class='author'>Jane Roe</p>")).authors
    assert ("jane.b.roe",) == made(page(under="<a rel='author' href='/u/7'>jane.b.roe</a>")).authors


def test_a_desk_that_is_only_declared_is_no_author() -> None:
    assert () == made(page(head="<meta name='author' content='Newsroom'>")).authors
    assert () == made(page(head="<meta name='author' content='The Example'>")).authors


@pytest.mark.parametrize(
    ("value", "language", "names"),
    [
        ("By JANE ROE and John Doe", "en", ("Jane Roe", "John Doe")),
        ("Von Anna Müller und Max Groß", "de", ("Anna Müller", "Max Groß")),
        ("Par Jean Dupont et Anne Petit", "fr", ("Jean Dupont", "Anne Petit")),
        ("Por Ana Ruiz y Luis Gil", "es", ("Ana Ruiz", "Luis Gil")),
        ("Ana Silva e João Costa", "pt", ("Ana Silva", "João Costa")),
        ("di Mario Rossi e Anna Bianchi", "it", ("Mario Rossi", "Anna Bianchi")),
        ("Автор: Иван Петров и Анна Котова", "ru", ("Иван Петров", "Анна Котова")),
        ("Іван Петренко та Анна Коваль", "uk", ("Іван Петренко", "Анна Коваль")),
        ("记者：刘欣、王伟", "zh", ("刘欣", "王伟")),
        ("刘欣 王伟", "zh", ("刘欣", "王伟")),
        ("山田 太郎", "ja", ("山田 太郎",)),
        ("山田太郎・佐藤花子", "ja", ("山田太郎", "佐藤花子")),
        ("ジョン・スミス", "ja", ("ジョン・スミス",)),
        ("홍길동·김철수 기자", "ko", ("홍길동", "김철수")),
        ("بقلم: أحمد محمود وعلي حسن", "ar", ("أحمد محمود", "علي حسن")),
        ("أحمد وليد", "ar", ("أحمد وليد",)),
        ("Jane Roe, Chief Correspondent", "en", ("Jane Roe",)),
        ("Jane Roe Senior Reporter", "en", ("Jane Roe",)),
        ("Jane Roe, dpa und Max Groß", "de", ("Jane Roe", "Max Groß")),
        ("Jane Roe (CNX), PhD", "en", ("Jane Roe",)),
        ("Veröffentlicht von HansG", "de", ("HansG",)),
        ("View all posts by Jane Roe", "en", ("Jane Roe",)),
        ("Md Najmul Hossain, Jaeeun Lee", "en", ("Md Najmul Hossain", "Jaeeun Lee")),
        ("Jane Roe Jane Roe", "en", ("Jane Roe",)),
        ("Luxury Travel Expert", "en", ()),
        ("NOC Admin", "en", ()),
        ("example.de, Frankfurt, Germany", "en", ()),
        ("Reuters Staff", "en", ()),
        ("von", "de", ()),
    ],
)
def test_names_are_split_and_cleaned(value: str, language: str, names: tuple[str, ...]) -> None:
    assert names == clean([value], ["Luxury Travel Expert", "The Example"], language)


@pytest.mark.parametrize(
    ("said", "walled"),
    [
        ({"isAccessibleForFree": "http://schema.org/False"}, True),
        ({"isAccessibleForFree": "https://schema.org/True"}, False),
        ({"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False}}, True),
        ({"hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": "True"}]}, None),
        ({"isAccessibleForFree": True, "hasPart": {"isAccessibleForFree": False}}, False),
    ],
)
def test_a_wall_is_read_in_each_form(said: dict[str, Any], walled: bool | None) -> None:
    assert walled is made(page(head=ld({"@type": "NewsArticle", "headline": TITLE, **said}))).paywalled


def test_tags_are_parted_at_every_comma_and_told_once() -> None:
    tags = made(page(head='<meta name="keywords" content="港口，防波堤、渔民；Harbour, harbour">')).tags

    assert ("港口", "防波堤", "渔民", "Harbour") == tags


@pytest.mark.parametrize(
    "href", ["undefined", "/news/null", "{{slug}}", "/news/%7B%7Bslug%7D%7D", "/", "https://www.example.com"]
)
def test_a_placeholder_and_the_home_page_are_no_canonical_address(href: str) -> None:
    assert made(page(head=f'<link rel="canonical" href="{href}">')).canonical_url is None


@pytest.mark.parametrize(
    "href",
    [
        "https://www-example-com.cdn.ampproject.org/c/news/1",
        "https://www.example-cms.net/news/1",
        "https://staging.example.org/news/1",
        "https://dev.harbour.net/news/1",
    ],
)
def test_a_cache_and_a_staging_host_are_credited_with_nothing(href: str) -> None:
    assert made(page(head=f'<link rel="canonical" href="{href}">')).credited_to is None


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("本报记者 王 伟 李小明", ("王伟", "李小明")),
        ("作者：王 伟", ("王伟",)),
        ("王小明 李 华", ("王小明", "李华")),
        ("(TTXVN/Vietnam+)", ("TTXVN",)),
    ],
)
def test_spaced_names_are_joined_and_houses_in_brackets_parted(value: str, names: tuple[str, ...]) -> None:
    assert names == clean([value], [], "zh")


@pytest.mark.parametrize("name", ["РИА Новости", "Xinhua"])
def test_an_agency_is_no_author_of_its_own_pages(name: str) -> None:
    marked = f"<div itemprop='author' itemscope><span itemprop='name'>{name}</span></div><p>By {name}</p>"
    source = Source("own", name, "https://www.example.com/")

    assert () == extract(Fetched(URL, URL, page(under=marked).encode(), "text/html"), source).authors
