from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import REASONS, NoArticle
from crawler.extract import EXTRACTOR_VERSION, block_hashes, extract, from_entry
from crawler.extract.body import of_article_body
from crawler.extract.page import parse
from crawler.extract.workers import WorkerFault, Workers
from crawler.records import Article, Entry, Fetched, Source

URL = "https://www.example.com/2020/story"
SOURCE = Source("example", "The Example", "https://www.example.com/", timezone="Europe/Berlin", language="en")
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
PARAGRAPHS = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
    "The engineers answered that model tests had shown no danger, and that work begins after the herring season only.",
    "A second vote on the costs is due in spring, when the province has said how much of the stone it will pay for.",
)


def page(
    *,
    head: str = "",
    title: str = "Harbour council votes for breakwater",
    above: str = "",
    below: str = "",
    body: tuple[str, ...] = PARAGRAPHS,
    lang: str = "en",
) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{above}{text}{below}</article>"
        "<footer><p>Copyright 2001-2024 Example Media. Page last modified: 01-02-2023 "
        "10:11:12</p></footer></body></html>"
    ).encode()


def bare(title: str, text: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><p>{text}</p></body></html>".encode()


def made(
    body: bytes,
    *,
    url: str = URL,
    source: Source = SOURCE,
    entry: Entry | None = None,
    content_type: str = "text/html",
    **more,
) -> Article:
    return extract(Fetched(url, url, body, content_type, fetched_at=NOW, entry=entry), source, **more)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


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


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","headline":"H","datePublished":"2025-03-04T05:06:07Z",}',
        '<!-- {"@type":"NewsArticle","datePublished":"2025-03-04T05:06:07Z"} -->',
        '{"@type":"NewsArticle","headline":"He said "no" today","datePublished":"2025-03-04T05:06:07Z"}',
        '{"@type":"NewsArticle","headline":"line\nbreak","datePublished":"2025-03-04T05:06:07Z"};',
        '{"@type":"NewsArticle","datePublished":"2025-03-04T05:06:07Z","author":{"@type":"Person","name":"Jane Roe"',
    ],
)
def test_broken_json_ld_still_gives_the_date(broken: str) -> None:
    article = made(page(head=f'<script type="application/ld+json">{broken}</script>'))

    assert ("2025-03-04T05:06:07+00:00", "json-ld") == (article.published, article.published_evidence)


def test_a_time_without_zone_is_read_in_the_zone_of_the_source() -> None:
    article = made(page(above="<p>By Jane Roe | Published: 4 July 2025, 15:30</p>"))

    assert ("2025-07-04T15:30", "minute", "byline") == (
        article.published,
        article.published_precision,
        article.published_evidence,
    )
    assert datetime(2025, 7, 4, 13, 30, tzinfo=UTC) == article.published_utc
    assert "source timezone" == article.evidence["published_utc"]
    assert "Jane Roe" not in article.text


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>12.345.678 views since 2014</p>",
        "<p>Only 19.99 instead of 24.12.20 while stocks last</p>",
        "<p>Tel. 2019/11/06-55</p>",
        "<footer>© 2001-2024 Example. Last modified: 3 May 2021</footer>",
        '<div class="comments"><time datetime="2021-05-03T10:00:00Z">3 May 2021</time></div>',
        '<img src="/img/20190405.jpg"><script>var built = "2022-02-02T10:00:00Z"</script>',
        "<p>Version 2020.11.3 build 20190405</p>",
    ],
)
def test_a_page_without_a_date_gets_none(furniture: str) -> None:
    article = made(page(below=furniture), url="https://www.example.com/story")

    assert (None, "none", None, None) == (
        article.published,
        article.published_precision,
        article.published_evidence,
        article.published_utc,
    )


def test_a_date_in_the_future_is_doubted() -> None:
    head = '<meta property="article:published_time" content="2031-01-01T10:00:00Z">'
    article = made(page(head=head, above="<p>Published 4 July 2025</p>"))

    assert ("2025-07-04", "day", "byline") == (
        article.published,
        article.published_precision,
        article.published_evidence,
    )


def test_midnight_is_a_day_and_a_finer_time_of_the_same_day_is_better() -> None:
    head = '<meta property="article:published_time" content="2025-07-04T00:00:00">'

    assert "day" == made(page(head=head)).published_precision
    assert "2025-07-04T15:30" == made(page(head=head, above="<p>Published 4 July 2025, 15:30</p>")).published


def test_the_feed_entry_helps_where_the_page_is_silent() -> None:
    entry = Entry(URL, "T", published="2025-07-04T15:30:00+00:00", authors=("Jane Roe",))
    article = made(page(), entry=entry)

    assert ("2025-07-04T15:30:00+00:00", "feed", ("Jane Roe",)) == (
        article.published,
        article.published_evidence,
        article.authors,
    )


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


def _ld(node: dict[str, object]) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


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
    house = made(page(head=_ld(node | {"publisher": {"name": "The Harbour Gazette"}})))
    agency = made(page(head=_ld(node | {"publisher": {"name": "Reuters"}})))

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


@pytest.mark.parametrize(
    ("charset", "declared", "text", "language"),
    [
        (
            "gb18030",
            "gb2312",
            "中国国家安全机关公布了三起间谍案件，提醒公众提高国家安全意识，防范境外情报机构的活动。" * 4,
            "zh",
        ),
        (
            "cp1251",
            "windows-1251",
            "Совет порта после девяти часов споров одним голосом решил строить новый мол, сообщили в мэрии. " * 4,
            "ru",
        ),
        (
            "cp1252",
            "iso-8859-1",
            "Le conseil du port a voté « à une voix près » la nouvelle digue – après neuf heures de débats, l’été "
            "dernier. " * 3,
            "fr",
        ),
        (
            "utf-8",
            "iso-8859-1",
            "Der Hafenrat stimmte nach neun Stunden für die neue Mole, und die Fischer kündigten schon größte "
            "Klagen an. " * 3,
            "de",
        ),
        (
            "shift_jis",
            "",
            "港湾評議会は九時間の議論の末、新しい防波堤の建設を一票差で可決した。漁師たちは裁判に訴えると述べた。" * 4,
            "ja",
        ),
        (
            "cp1256",
            "windows-1256",
            "صوت مجلس الميناء بعد تسع ساعات من النقاش لصالح بناء حاجز الأمواج الجديد بفارق صوت واحد فقط. " * 4,
            "ar",
        ),
    ],
)
def test_text_is_read_in_its_charset(charset: str, declared: str, text: str, language: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    body = f"<html><head>{meta}<title>T</title></head><body><article><h1>T</h1><p>{text}</p></article>".encode(charset)
    article = made(body, source=Source("x", "X", "https://x.example/"))

    assert " ".join(text.split()) == article.text
    assert language == article.language


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \n\0", "", "empty"),
        (b"%PDF-1.7 ...", "text/html", "not html"),
        (b'{"a": 1}', "application/json", "not html"),
        (b"plain words without any markup", "text/plain", "not html"),
        (
            bare("Page not found", "Sorry, we looked everywhere for this page."),
            "text/html",
            "soft 404",
        ),
        (
            bare("Just a moment...", "Checking your browser before accessing the site."),
            "text/html",
            "blocked",
        ),
        (
            bare("Before you continue", "We use cookies and other data to deliver our services."),
            "",
            "consent wall",
        ),
        (
            b"<html><head><title>Video</title></head><body><div id=player></div></body></html>",
            "text/html",
            "no article",
        ),
    ],
)
def test_what_is_no_article_says_why(body: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(NoArticle) as caught:
        made(body, content_type=content_type)

    assert reason == caught.value.reason
    assert reason in REASONS


def test_an_article_about_errors_is_still_an_article() -> None:
    assert made(page(title="Why error 404 became famous", body=PARAGRAPHS * 4)).text


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


HOSTILE = {
    "deep nesting": b"<div>" * 20_000 + b"text" + b"</div>" * 20_000,
    "unclosed tags": b"<html><body>" + b"<p><b><i>word " * 20_000,
    "nul bytes": page().replace(b"<p>", b"<p>\0\0"),
    "wrong xml declaration": b'<?xml version="1.0" encoding="utf-32"?>' + page(),
    "endless json-ld": page(head='<script type="application/ld+json">' + "[" * 50_000 + "</script>"),
    "one long line": b"<html><body><p>" + b"a" * 2_000_000 + b"</p></body></html>",
    "bad entities": page().replace(b"<p>", b"<p>&#0;&#xD800;&#99999999;"),
    "only markup": b"<" * 5_000,
    "many attributes": b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">x</p></body></html>",
}


@pytest.fixture(scope="module")
def workers():
    with Workers(2, cpu_seconds=3, memory_bytes=512 * 2**20) as pool:
        yield pool


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_as_an_article_or_with_a_reason(workers: Workers, name: str) -> None:
    result = workers.call_now(extract, Fetched(URL, URL, HOSTILE[name], "text/html"), SOURCE)

    assert isinstance(result, Article | WorkerFault)
    assert not isinstance(result, WorkerFault) or result.reason in REASONS
    assert isinstance(workers.call_now(extract, Fetched(URL, URL, page()), SOURCE), Article)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "x" * 14_980,
        "x" * 40_000,
        "<b>y</b>" * 3_000,
        "<script>" + "a<b;" * 9_000 + "</script>",
        "<br>" + "<" * 20_000,
    ],
)
@pytest.mark.parametrize("after", [">text", "", "<b>text"])
def test_a_tag_of_too_many_attributes_loses_them_wherever_it_stands(before: str, after: str) -> None:
    attributes = " ".join(f"a{number}=1" for number in range(3_000))

    found = parse(f"<html><body><div>{before}</div><p {attributes}{after}".encode(), "text/html", URL)

    assert 10 > max(len(element.attrib) for element in found.elements)


def test_entities_of_a_declared_body_are_read():
    lines = of_article_body("<p>The port&apos;s crane&nbsp;fell.</p><p>Nobody was hurt &amp; work went on.</p>")

    assert ["The port's crane fell.", "Nobody was hurt & work went on."] == lines
