"""What is kept of a page: its text, what it says of itself, and where each came from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import NoArticle
from crawler.extract import EXTRACTOR_VERSION, block_hashes, extract, from_entry
from crawler.extract.body import of_article_body
from crawler.records import Entry, Fetched, Source
from tests.extracting import PARAGRAPHS, SOURCE, ld, made, page


@pytest.mark.parametrize("name", ["pageA.html", "pageB.html"])
def test_a_republished_report_says_who_wrote_it_who_published_it_and_when(corpus: Path, name: str) -> None:
    carrier = Source("carrier", "GlobalSecurity.org", "https://www.globalsecurity.org/", timezone="America/New_York")
    article = made(
        (corpus / "sample" / name).read_bytes(),
        url="https://www.globalsecurity.org/intell/library/news/x.htm",
        source=carrier,
    )
    lines = article.text.split("\n\n")

    assert "State TV unveils espionage cases, alerting people to watch out for foreign spies" == article.title
    assert ("Liu Xin",) == article.authors
    assert ("Global Times", "GlobalSecurity.org") == (article.credited_to, article.carried_by)
    assert ("2019-11-06T19:13:40", "second", "byline") == (
        article.published,
        article.published_precision,
        article.published_evidence,
    )
    assert article.published_utc is None  # the credited paper's clock is not the carrier's
    assert lines[0].startswith("Three cases of foreign spies")
    assert lines[-1].startswith("Various activities")
    assert "Increase national security awareness" in lines
    assert 19 == len(lines)
    assert ("en", "full", EXTRACTOR_VERSION) == (article.language, article.completeness, article.extractor_version)


def test_metadata_of_the_page_comes_first_and_each_field_says_from_where() -> None:
    node = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "The Example"},
            {"@type": "Person", "@id": "#jane", "name": "Jane Roe"},
            {
                "@type": ["NewsArticle"],
                "headline": "Harbour council votes for breakwater",
                "datePublished": "2025-03-04T05:06:07+02:00",
                "dateModified": "2025-03-05T05:06:07+02:00",
                "author": [{"@id": "#jane"}, {"@type": "Person", "name": "By John Doe, Staff Writer"}],
                "isAccessibleForFree": False,
                "keywords": ["harbour", "council"],
                "image": {"url": "/i/breakwater.jpg"},
            },
        ],
    }
    article = made(
        page(
            head=ld(node)
            + '<meta property="og:site_name" content="The Example"><link rel="canonical" href="/2020/story?a=1">'
        )
    )

    assert ("Jane Roe", "John Doe") == article.authors
    assert ("2025-03-04T05:06:07+02:00", "second", "json-ld") == (
        article.published,
        article.published_precision,
        article.published_evidence,
    )
    assert datetime(2025, 3, 4, 3, 6, 7, tzinfo=UTC) == article.published_utc
    assert "2025-03-05T05:06:07+02:00" == article.modified
    assert article.paywalled is True
    assert ("harbour", "council") == article.tags
    assert "https://www.example.com/i/breakwater.jpg" == article.image
    assert "https://www.example.com/2020/story?a=1" == article.canonical_url
    assert {
        "title": "h1",
        "authors": "json-ld",
        "published": "json-ld",
        "published_utc": "page",
    }.items() <= article.evidence.items()
    assert article.credited_to is None


def test_links_breadcrumbs_and_names_around_the_text_are_no_text() -> None:
    above = '<p><a href="/">News</a> / <a href="/h">Harbours</a></p><p>Example Wire</p><p>Source: Example Wire</p>'
    below = '<p><a href="/join">Join our mailing list</a></p>'
    article = made(page(above=above, below=below))

    assert "\n\n".join(PARAGRAPHS) == article.text
    assert ("Example Wire", "credit line") == (article.credited_to, article.evidence["credited_to"])


def test_what_repeats_over_a_host_is_dropped_once_it_is_known() -> None:
    furniture = "Our reporters need your help: write to the newsroom if you have seen something today."
    body = page(body=(*PARAGRAPHS[:2], furniture, *PARAGRAPHS[2:]))
    known = frozenset(block_hashes(furniture))

    assert furniture in made(body).text
    assert "\n\n".join(PARAGRAPHS) == made(body, host_blocks=known).text
    # A page whose every line is known is a copy, not furniture.
    assert furniture in made(body, host_blocks=frozenset(block_hashes(made(body).text))).text


def test_the_declared_body_decides_when_the_found_text_is_another() -> None:
    node = {
        "@type": "NewsArticle",
        "headline": "Harbour council votes for breakwater",
        "articleBody": "\n".join(PARAGRAPHS),
    }
    other = "This page needs a newer browser than the one that you are using now, so please update it now."
    article = made(page(head=ld(node), body=(other,)))

    assert "\n\n".join(PARAGRAPHS) == article.text
    assert "json-ld articleBody" == article.evidence["text"]


def test_a_declared_body_that_is_shown_in_pieces_is_no_other_text() -> None:
    # A run of the page's own sentences, begun with a word that it shows elsewhere.
    node = {"@type": "NewsArticle", "headline": "Harbour council", "articleBody": "Best Overall" + "".join(PARAGRAPHS)}
    article = made(page(head=ld(node), body=PARAGRAPHS))

    assert "\n\n".join(PARAGRAPHS) == article.text
    assert "page" == article.evidence["text"]


def test_an_entry_alone_gives_a_lead_or_a_headline() -> None:
    entry = Entry(
        "https://www.example.com/a?utm_source=rss",
        "Council votes",
        "The council voted by a single voice.",
        ("Jane Roe",),
        "2025-07-04T15:30",
    )
    lead = from_entry(entry, SOURCE, "paywalled")
    headline = from_entry(Entry(entry.url, "Council votes"), SOURCE, "robots")

    assert ("lead", "The council voted by a single voice.", ("Jane Roe",)) == (
        lead.completeness,
        lead.lead,
        lead.authors,
    )
    assert ("https://www.example.com/a", True, "feed (paywalled)") == (lead.url, lead.paywalled, lead.evidence["text"])
    assert ("2025-07-04T15:30", "minute", "feed") == (lead.published, lead.published_precision, lead.published_evidence)
    assert ("headline", "", None) == (headline.completeness, headline.text, headline.published)
    with pytest.raises(NoArticle):
        from_entry(Entry(entry.url), SOURCE, "blocked")


def test_a_stub_behind_a_paywall_is_a_lead() -> None:
    node = {"@type": "NewsArticle", "headline": "Harbour council votes for breakwater", "isAccessibleForFree": "False"}
    article = made(page(head=ld(node), body=PARAGRAPHS[:1]))

    assert (True, "lead") == (article.paywalled, article.completeness)


def test_the_address_after_redirects_is_the_article_and_a_canonical_elsewhere_is_only_a_credit() -> None:
    body = page(head='<link rel="canonical" href="https://www.other-paper.org/story">')
    article = extract(Fetched("http://t.example/x", "https://WWW.example.com/story?utm_source=x#top", body), SOURCE)

    assert ("https://www.example.com/story", None) == (article.url, article.canonical_url)
    assert ("other-paper.org", "canonical") == (article.credited_to, article.evidence["credited_to"])


def test_entities_of_a_declared_body_are_read():
    lines = of_article_body("<p>The port&apos;s crane&nbsp;fell.</p><p>Nobody was hurt &amp; work went on.</p>")

    assert ["The port's crane fell.", "Nobody was hurt & work went on."] == lines
