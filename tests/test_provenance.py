"""Every field that an article has says where its value was read; a zone, whose it is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields

import pytest

from crawler.archive import open_archive
from crawler.extract import EXTRACTOR_VERSION, extract, from_entry
from crawler.records import Article, Entry, Fetched, Source
from tests.archive_sample import keep

URL = "https://www.example.com/story"
SOURCE = Source("example", "The Example", "https://www.example.com/", timezone="Asia/Shanghai", language="en")
TEXT = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
)
#: Given by the crawl or the archive, or part of another field's evidence.
_NOT_READ = {
    "url", "source", "completeness", "carried_by", "published_precision", "published_evidence", "evidence",
    "extractor_version", "first_seen", "last_checked", "revision", "words", "text_sha256", "tdm_policy", "backfill",
}  # fmt: skip


def made(published: str = "2024-05-01T10:11:12+02:00", source: Source = SOURCE) -> Article:
    node = {
        "@type": "NewsArticle", "headline": "Harbour council votes", "datePublished": published,
        "dateModified": "2024-05-02T10:00:00+02:00", "author": {"name": "Jane Roe"}, "isAccessibleForFree": True,
    }  # fmt: skip
    head = (
        f'<script type="application/ld+json">{json.dumps(node)}</script><link rel=canonical href="{URL}">'
        '<meta property="og:site_name" content="The Example"><meta property="og:image" content="/i.jpg">'
        f'<meta name=keywords content="harbour, council"><meta name=description content="{TEXT[0]}">'
        '<meta name="tdm-reservation" content="1">'
    )
    body = "".join(f"<p>{line}</p>" for line in TEXT)
    markup = (
        f"<!doctype html><html lang=en><head><title>Harbour council votes</title>{head}</head><body><article>"
        f"<h1>Harbour council votes</h1><p>Source: Harbour Wire</p>{body}</article></body></html>"
    )
    return extract(Fetched(URL, URL, markup.encode(), "text/html"), source)


@pytest.mark.parametrize(
    "article",
    [
        made(),
        from_entry(
            Entry(URL, "T", TEXT[0], ("Jane Roe",), "2024-05-01T10:11:12Z", "2024-05-02", tags=("a",), image=URL),
            SOURCE,
            "paywalled",
        ),
    ],
    ids=["page", "feed"],
)  # fmt: skip
def test_every_value_says_where_it_was_read(article: Article) -> None:
    plain = Article("", "", "", "")
    told = [item.name for item in fields(Article) if getattr(article, item.name) != getattr(plain, item.name)]
    if article.evidence["text"] == "page":
        assert {"lead", "authors", "published", "modified", "canonical_url", "credited_to", "site_name", "image"} < set(
            told
        )
    silent = [name for name in told if name not in _NOT_READ and not article.evidence.get(name)]

    assert [] == silent
    assert EXTRACTOR_VERSION == article.extractor_version


@pytest.mark.parametrize(
    ("printed", "timezone", "zone", "utc"),
    [
        ("2024-05-01T10:11:12+02:00", "Asia/Shanghai", "page", "2024-05-01T08:11:12"),
        ("2024-05-01T10:11:12", "Asia/Shanghai", "source timezone", "2024-05-01T02:11:12"),
        ("2024-05-01T10:11:12", None, "none", None),
        ("2024-05-01", "Asia/Shanghai", "source timezone", "2024-04-30T16:00:00"),
    ],
)
def test_a_zone_is_the_pages_the_sources_or_nobodys(printed: str, timezone: str, zone: str, utc: str | None) -> None:
    article = made(printed, Source("example", "The Example", URL, timezone=timezone))

    assert zone == article.evidence["published_utc"]
    assert utc == (article.published_utc and article.published_utc.isoformat()[:19])


def test_what_is_kept_is_what_its_hash_says() -> None:
    with open_archive("sqlite://") as archive:
        (id_,) = keep(archive, made())
        kept = archive.articles.get(id_)

    assert kept is not None
    assert hashlib.sha256(kept.text.encode()).hexdigest() == kept.text_sha256
    assert (made().evidence, EXTRACTOR_VERSION) == (kept.evidence, kept.extractor_version)
