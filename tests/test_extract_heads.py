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
