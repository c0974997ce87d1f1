"""Titles, authors and the name of the site, as the head of a page tells them."""

from __future__ import annotations

import pytest

from tests.extracting import ld, made, page


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Council votes - The Example", "Council votes", "Council votes"),
        ("The Example | Council votes", "", "Council votes"),
        ("Council votes | Politics", "", "Council votes | Politics"),
        ("Council &amp; court", "Latest from The Example", "Council & court"),
    ],
)
def test_a_title_carries_no_site_name(title: str, heading: str, expected: str) -> None:
    body = page().decode().replace("<h1>Harbour council votes for breakwater</h1>", f"<h1>{heading}</h1>")

    assert (
        expected == made(body.replace("<title>Harbour council votes for breakwater", f"<title>{title}").encode()).title
    )


_VOTES = "Harbour council votes for breakwater"


@pytest.mark.parametrize("end", ["", " | The Example", " - Quay and Sea"])
@pytest.mark.parametrize(
    "heading",
    [
        '<span class="label">LIVE</span> %s',
        "<span>Exclusive</span>%s",
        "%s<button>Share</button>",
        "%s<small>Islanders are glad of it</small>",
        "%s <span>12</span>",
    ],
)
def test_a_heading_with_a_label_a_button_or_a_count_is_the_part_that_the_page_declares(heading: str, end: str) -> None:
    body = page().decode().replace(f"<h1>{_VOTES}", f"<h1>{heading % _VOTES}")

    assert _VOTES == made(body.replace("<title>" + _VOTES, f"<title>{_VOTES}{end}").encode()).title


def test_a_label_in_the_heading_is_not_the_title() -> None:
    body = page().decode().replace(f"<h1>{_VOTES}", f"<h1><span>Breakwater news</span> {_VOTES}")

    assert _VOTES in made(body.replace("<title>", "<title>Breakwater news | ").encode()).title


@pytest.mark.parametrize(
    ("end", "shown", "expected"),
    [
        (" - Quay and Sea", f"<div class='t'>{_VOTES}</div>", _VOTES),
        (" - Quay and Sea", f"<a href='/1'>{_VOTES}</a>", f"{_VOTES} - Quay and Sea"),
        (" - Quay and Sea", "", f"{_VOTES} - Quay and Sea"),
        (" - Quay and Sea", "</article><p>© 2019-2026 Quay and Sea. All rights reserved.</p>", _VOTES),
        (" - Quay and Sea", "</article><p>Copyright © 2026 by The Quay</p>", f"{_VOTES} - Quay and Sea"),
        (" | Harbour Post", "", _VOTES),
        (" | The Harbour Post", "", _VOTES),
        (" | 東港新聞", "", _VOTES),
        (" - صحيفة الميناء", "", _VOTES),
    ],
)
def test_a_title_without_a_heading_ends_where_the_page_tells_whose_it_is(end: str, shown: str, expected: str) -> None:
    body = page(below=shown).decode().replace(f"<h1>{_VOTES}</h1>", "")

    article = made(
        body.replace("<title>" + _VOTES, f"<title>{_VOTES}{end}").encode(),
        url="https://www.harbourpost.example/2020/story",
    )
    assert expected == article.title


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("By JANE ROE and John Doe", ("Jane Roe", "John Doe")),
        ("View all posts by Jane Roe", ("Jane Roe",)),
        ("Jane Roe, Chief Correspondent", ("Jane Roe",)),
        ("jane@example.com", ()),
        ("The Example", ()),
        ("admin", ()),
        ("Jane Roe (jane@example.com)", ("Jane Roe",)),
        ("Roe, Jane", ("Roe", "Jane")),
        ("https://www.example.com/jane", ()),
        ("刘欣、王伟", ("刘欣", "王伟")),
        ("Rebecca Lake, CFP®", ("Rebecca Lake",)),
        ("Landesanstalt für Wald und Forst", ("Landesanstalt für Wald und Forst",)),
        ("Ministry of Trade and Industry; Jane Roe", ("Ministry of Trade and Industry", "Jane Roe")),
        ("The Harbour Courier Limited", ()),
        ("Jane Roe for The Example Outlet", ("Jane Roe",)),
        ("Our Correspondent", ()),
        ("Agencies", ()),
        ("中国港口大学教授", ()),
        ("Фото из архива Ивана Петрова", ()),
        ("page.head.extra.author", ()),
        ("%author_name%", ()),
        ("{{ author.name }}", ()),
        ("Roe Pages, www.roe-pages.example", ()),
    ],
)
def test_authors_are_names_of_persons_only(said: str, names: tuple[str, ...]) -> None:
    expected = ("Jane Roe",) if said == "Roe, Jane" else names

    assert expected == made(page(head=f'<meta name="author" content="{said}">')).authors


def test_the_publisher_names_the_site_and_the_section_is_a_tag() -> None:
    node = {"@type": "NewsArticle", "headline": "Harbour", "articleSection": "Ports", "keywords": "stone, boats"}
    house = made(page(head=ld(node | {"publisher": {"name": "The Harbour Gazette"}})))
    agency = made(page(head=ld(node | {"publisher": {"name": "Reuters"}})))

    assert ("The Harbour Gazette", "json-ld publisher") == (house.site_name, house.evidence["site_name"])
    assert ("Ports", "stone", "boats") == house.tags
    assert agency.site_name is None


def test_a_title_that_is_not_closed_does_not_hold_the_page() -> None:
    broken = made(page().replace(b"</title>", b""))
    whole = made(page())

    assert (whole.title, whole.text) == (broken.title, broken.text)


def test_of_a_title_as_long_as_a_book_only_the_beginning_is_looked_at() -> None:
    long = f'<meta property="og:title" content="{" | ".join(["Harbour council votes"] * 100)}">'
    bare = page().replace(b"<title>Harbour council votes for breakwater</title>", long.encode()).replace(b"h1>", b"b>")

    assert len(made(bare).title) <= 500


def test_whose_a_picture_is_and_the_name_of_the_site_are_no_authors() -> None:
    site = "News of the Coast - The Example | Read what matters"
    head = f'<meta property="og:site_name" content="{site}"><meta name="author" content="{site}">'
    picture = '<figure><figcaption><span itemprop="creator">John Doe/Agency files</span></figcaption></figure>'

    assert () == made(page(head=head).replace(b"</h1>", f"</h1>{picture}".encode())).authors


_STANDFIRST = "The vote ends a quarrel of nine years between the fishermen and the province."
_ELSE = "Boats of the neighbouring port may use the winter quay until the work is done."


@pytest.mark.parametrize(
    "shown",
    [
        f'<p class="lead">{_STANDFIRST}</p>',
        f'<p class="article__standfirst">{_STANDFIRST}</p>',
        f'<div class="chapo"><p>{_STANDFIRST}</p></div>',
        f'<h2 class="subtitle">{_STANDFIRST}</h2>',
        f'<p class="teaser-text">{_STANDFIRST}</p>',
        f'<p itemprop="description">{_STANDFIRST}</p>',
        f'<p class="byline">By Jane Roe</p><div class="article-vorspann">{_STANDFIRST}</div>',
    ],
)
def test_a_paragraph_marked_as_standfirst_is_the_lead(shown: str) -> None:
    article = made(page(above=shown))

    assert (_STANDFIRST, "page, marked") == (article.lead, article.evidence["lead"])


@pytest.mark.parametrize(
    "shown",
    [
        f"<h2>{_STANDFIRST}</h2>",
        f'<p class="lead-caption">{_STANDFIRST}</p>',
        f'<div class="intro"><p>{_STANDFIRST}</p><p>{_ELSE}</p></div>',
        f'<h2 class="subtitle">{_STANDFIRST}</h2><p class="lead">{_ELSE}</p>',
        f'<ul class="summary"><li>{_STANDFIRST}</li></ul>',
        f'<aside><p class="lead">{_STANDFIRST}</p></aside>',
        f'<p class="lead"><a href="/2">{_STANDFIRST}</a></p>',
        '<p class="lead">Picture: Jane Roe, Northport</p>',
        f'<p class="lead">{_STANDFIRST * 8}</p>',
    ],
)
def test_what_may_be_something_else_is_no_lead(shown: str) -> None:
    article = made(page(above=shown))

    assert ("", False) == (article.lead, "lead" in article.evidence)


def test_a_kicker_in_the_heading_does_not_move_the_headline_to_a_teaser() -> None:
    teaser = f"</article><div class='teasers'><h3>{_VOTES}</h3><p>26.02.2020</p></div>"
    body = page(below=teaser, above="<p>4 March 2019</p>").decode()

    body = body.replace(f"<h1>{_VOTES}", f"<h1><span>Northport</span> {_VOTES}")
    article = made(body.encode())
    assert (_VOTES, "2019-03-04") == (article.title, article.published)
