"""A hundred invented pages that say nothing of when they were published, each with numbers that look as if."""

# ruff: noqa: E501, ISC004 (markup is judged more easily in one piece)

from __future__ import annotations

from itertools import product

#: Each with the place where it stands: above, between headline and text, in the text, below, or in the head.
TRAPS: dict[str, tuple[str, str]] = {
    "visitor counter": ("below", "<p>12.345.678 visitors since 2014</p>"),
    "counter of eight digits": ("below", "<p>Page views: 20190405</p>"),
    "price": ("below", "<p>Only 19.99 instead of 24.12.20 while stocks last</p>"),
    "price with thousands": ("under", "<p>From 2.019,11 EUR a month</p>"),
    "copyright years": ("below", "<footer><p>© 2001-2024 The Example Ltd. All rights reserved.</p></footer>"),
    "copyright date": ("below", "<p>Copyright 12 May 2019 by The Example</p>"),
    "phone number": ("below", "<p>Tel. 2019/11/06-55, fax 0611-20191106</p>"),
    "another phone number": ("under", "<p>Call us: +49 20 19 11 06</p>"),
    "related articles": (
        "below",
        "<aside class='related'><h3>More</h3><ul><li><a href='/a'>Ferry again</a> <time datetime='2021-05-03'>3 May 2021"
        "</time></li><li><a href='/b'>Harbour crane</a> <time datetime='2021-06-04'>4 June 2021</time></li></ul></aside>",
    ),
    "cards of other articles": (
        "below",
        "<section><article><h3><a href='/a'>Ferry again</a></h3><time datetime='2021-05-03T10:00:00Z'>3 May 2021</time>"
        "</article><article><h3><a href='/b'>Crane</a></h3><time datetime='2021-06-04T10:00:00Z'>4 June 2021</time>"
        "</article></section>",
    ),
    "one card of another article": (
        "below",
        "<div class='teaser-list'><article><a href='/a'>Ferry again</a><span class='date'>3 May 2021</span></article></div>",
    ),
    "comments": (
        "below",
        "<div class='comments'><p>Tom, <time datetime='2021-05-03T10:00:00Z'>3 May 2021, 10:00</time></p><p>Nonsense.</p>"
        "</div>",
    ),
    "comments with microdata": (
        "below",
        "<ol id='comments'><li itemscope itemtype='https://schema.org/Comment'><meta itemprop='dateCreated' "
        "content='2021-05-03T10:00:00Z'><span itemprop='author'>Tom Poe</span> 3 May 2021</li></ol>",
    ),
    "archive widget": (
        "above",
        "<div class='widget sidebar'><h3>Archive</h3><ul><li><a href='/2021/05/'>May 2021 (12)</a></li><li>"
        "<a href='/2021/04/'>April 2021 (7)</a></li><li><a href='/2021/05/03/'>3 May 2021</a></li></ul></div>",
    ),
    "calendar widget": ("above", "<table class='calendar widget'><caption>May 2021</caption><tr><td>3</td></tr></table>"),
    "event in the text": ("text", "<p>The fair opens on 12 May 2024 at 10:00 in the town hall, and tickets cost 5 euros.</p>"),
    "event under the headline": ("under", "<p>The fair runs from 12 May 2024 until 19 May 2024.</p>"),
    "deadline": ("under", "<p>Register until 12 May 2024 at the harbour office</p>"),
    "birth date in the text": ("text", "<p>The engineer, born on 3 April 1961 in Northport, built four breakwaters before.</p>"),
    "history in the text": ("text", "<p>On 14 February 1953 a storm surge broke the old mole, and 40 boats were lost.</p>"),
    "law number": ("text", "<p>The rules follow regulation 2016/679 and the decree No. 11/06/2019-7 of the province.</p>"),
    "version": ("below", "<p>Version 2020.11.3 build 20190405</p>"),
    "last change in the footer": ("below", "<footer><p>Page last modified: 01-02-2023 10:11:12</p></footer>"),
    "last change in another footer": ("below", "<div id='footer'><p>Stand: 3. Mai 2021</p></div>"),
    "date of today in the masthead": ("above", "<header class='nav'><p>Monday, 3 May 2021</p></header>"),
    "picture names": ("below", "<p><img src='/img/20190405.jpg' alt='DSC 2019-04-05'></p>"),
    "script": ("head", "<script>var built = '2022-02-02T10:00:00Z'; var pageDate = '2022-02-02';</script>"),
    "cache comment": ("below", "<!-- cached on 2021-05-03 10:11:12 by example cache -->"),
    "generator": ("head", "<meta name='generator' content='Example CMS 2021.05.03'>"),
    "verification": ("head", "<meta name='verify' content='20210503'><link rel='stylesheet' href='/s.css?v=20210503'>"),
    "expiry": ("head", "<meta http-equiv='expires' content='Mon, 03 May 2021 10:00:00 GMT'>"),
    "json-ld of a site": (
        "head",
        "<script type='application/ld+json'>{\"@type\":\"Organization\",\"name\":\"The Example\",\"foundingDate\":"
        "\"1998-05-03\"}</script>",
    ),
    "json-ld of an event": (
        "head",
        "<script type='application/ld+json'>{\"@type\":\"Event\",\"name\":\"Fair\",\"startDate\":\"2024-05-12\"}</script>",
    ),
    "json-ld of a product": (
        "head",
        "<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Rope\",\"offers\":{\"priceValidUntil\":"
        "\"2024-05-12\"}}</script>",
    ),
    "json-ld list of other articles": (
        "head",
        "<script type='application/ld+json'>[{\"@type\":\"NewsArticle\",\"headline\":\"Ferry sails again\",\"url\":"
        "\"https://www.example.com/a\",\"datePublished\":\"2021-05-03\"},{\"@type\":\"NewsArticle\",\"headline\":"
        "\"Crane falls\",\"url\":\"https://www.example.com/b\",\"datePublished\":\"2021-06-04\"},{\"@type\":"
        "\"NewsArticle\",\"headline\":\"Fog\",\"url\":\"https://www.example.com/c\",\"datePublished\":\"2021-06-05\"}]</script>",
    ),
    "a year alone": ("under", "<p>Summer 2021</p>"),
    "a month alone": ("under", "<p>May 2021</p>"),
    "score": ("text", "<p>The home side won the regatta 3-1 and led the table with 21.05 points, ahead of 20-12-3.</p>"),
    "address": ("below", "<p>Harbour Road 3, 2021 AB Northport, room 05.03.21B</p>"),
    "bank account": ("below", "<p>IBAN DE20 1911 0620 2105 0300 00, BIC 20210503XXX</p>"),
    "file list": ("below", "<ul><li>report_2021-05-03.pdf (2.019 kB)</li><li>map_20190405.png (11.06 MB)</li></ul>"),
    "opening hours": ("below", "<p>Open 10:00-18:00, closed 24.12. and 31.12.</p>"),
    "related by name": ("below", "<p><a href='/2021/05/03/ferry'>Ferry sails again</a></p><p><a href='/x'>Fog</a></p>"),
    "member since": ("below", "<p>Jane Roe, member since 3 May 2021</p>"),
    "photo credit": ("text", "<figure><img src='/a.jpg'><figcaption>Photo: Jane Roe, 3 May 2021</figcaption></figure>"),
    "list of talks": (
        "below",
        "<ul><li>3 May 2021: Ropes</li><li>4 June 2021: Knots</li><li>5 July 2021: Sails</li><li>6 August 2021: Oars</li></ul>",
    ),
    "newsletter box": ("below", "<form><p>Newsletter of 3 May 2021: read it again</p><input name='mail'></form>"),
    "ambiguous figures": ("under", "<p>Issue 03/04-2019</p>"),
    "ratio": ("text", "<p>Of the boats, 11/06 were built of wood and 20/19 of steel, said the office in its list.</p>"),
    "month in the address": ("head", "<link rel='canonical' href='https://www.example.com/2021/05/harbour'>"),
}  # fmt: skip
_TEXTS = {
    "en": (
        "Harbour council votes for the breakwater",
        (
            "The harbour council of Northport voted for the new breakwater after nine hours, and it passed by one voice.",
            "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for boats.",
            "The engineers answered that model tests had shown no danger, and that work begins after the herring season.",
        ),
    ),
    "de": (
        "Hafenrat stimmt für den Wellenbrecher",
        (
            "Der Hafenrat von Nordhafen hat nach neun Stunden mit einer Stimme Mehrheit für die neue Mole gestimmt.",
            "Fischer, die seit dem Morgen draußen warteten, wollen klagen, weil die Einfahrt für ihre Boote eng wird.",
            "Die Ingenieure antworteten, Versuche am Modell hätten keine Gefahr gezeigt, und nach der Saison beginne der Bau.",
        ),
    ),
}


def dateless_pages() -> dict[str, bytes]:
    """Make the pages, by name: each trap in a page of two languages and makes."""
    return {f"{name} ({language})": _page(name, language) for name, language in product(TRAPS, _TEXTS)}


def _page(name: str, language: str) -> bytes:
    where, trap = TRAPS[name]
    title, paragraphs = _TEXTS[language]
    put = dict.fromkeys(("head", "above", "under", "text", "below"), "") | {where: trap}
    body = f"<p>{paragraphs[0]}</p>{put['text']}" + "".join(f"<p>{text}</p>" for text in paragraphs[1:])
    if language == "en":
        middle = f"{put['above']}<article><h1>{title}</h1>{put['under']}{body}</article>{put['below']}"
    else:
        middle = f"<div id='c'>{put['above']}<h1>{title}</h1><div>{put['under']}{body}{put['below']}</div></div>"
    return (
        f"<!DOCTYPE html><html lang='{language}'><head><meta charset='utf-8'><title>{title}</title>{put['head']}</head>"
        f"<body>{middle}</body></html>"
    ).encode()
