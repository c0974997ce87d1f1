"""Galleries whose text is the short captions of their pictures."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/news/story"
CAPTIONS = (
    "Boats leave the harbour of Northport at dawn on Tuesday.",
    "Children watch the tugs from the old quay.",
    "A baker brings bread to the crews, as every year.",
)


def made(title: str, pictures: int = 3, last: str = "") -> Article:
    shown = "".join(
        f'<figure><img src="/{at}.jpg">{f"<figcaption>{caption}</figcaption>" if at < pictures else ""}</figure>'
        for at, caption in enumerate(CAPTIONS)
    )
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><article><h1>{title}</h1>{shown}{last}</article></main></body></html>"
    )
    return extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize("title", ["In pictures: the boats", "Bilderstrecke: Die Boote"])
def test_each_caption_is_a_paragraph_of_its_own(title: str) -> None:
    article = made(title)

    assert ("gallery", list(CAPTIONS)) == (article.form, article.text.split("\n\n"))


def test_lines_that_a_break_parts_stay_one_paragraph() -> None:
    article = made("In pictures: the boats", last="<p>The Ida comes home<br>late at night.</p>")

    assert [*CAPTIONS, "The Ida comes home late at night."] == article.text.split("\n\n")


@pytest.mark.parametrize(("title", "pictures"), [("The boats of Northport", 3), ("In pictures: the boats", 2)])
def test_few_pictures_make_no_gallery(title: str, pictures: int) -> None:
    assert "article" == made(title, pictures).form


def test_a_page_that_declares_nothing_but_a_gallery_is_one() -> None:
    script = '<script type="application/ld+json">{"@type": "ImageGallery", "name": "The boats of Northport"}</script>'
    intro = "<p>Our photographer spent a week with those who live from the port of Northport.</p>"
    shown = '<figure><img src="/9.jpg"><figcaption>Herring is landed at the northern quay.</figcaption></figure>'
    article = made("The boats of Northport", last=f"{shown}{intro}{script}")

    assert "gallery" == article.form
    assert {*CAPTIONS, "Herring is landed at the northern quay."} < set(article.text.split("\n\n"))
    assert "article" == made("The boats of Northport", 3, script).form
