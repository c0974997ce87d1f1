"""Outlets on loopback whose feeds and pages say hostile texts in every field: RSS, Atom and JSON Feed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from tests.loopback import Host, Reply, Seen

#: Each feed has so many entries.
ENTRIES = 3
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BODY = (
    "The harbour board of Lower Wexcombe met on day {0} to speak about crane {0}. Nineteen members were present, and "
    "the chair of meeting {0} read the minutes aloud before the ferries, the pilots and the dredger were discussed. "
)
_RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>{0}</title><link>{1}</link><description>{2}</description><language>{3}</language><generator>{4}</generator>
<copyright>{5}</copyright><managingEditor>{6}</managingEditor><webMaster>{7}</webMaster><category>{8}</category>
<image><title>{9}</title><url>{10}</url><link>{11}</link></image><pubDate>{12}</pubDate><docs>{13}</docs>"""
_ITEM = """<item><title>{0}</title><link>{link}</link><description>{1}</description>
<content:encoded>{2}</content:encoded><author>{3}</author><dc:creator>{4}</dc:creator>
<category domain={5!attribute}>{6}</category><guid isPermaLink="false">{7}</guid>{date}<dc:language>{8}</dc:language>
<comments>{9}</comments><source url={10!attribute}>{11}</source><enclosure url={12!attribute} type={13!attribute}
 length={14!attribute}/><media:thumbnail url={15!attribute}/><media:title>{16}</media:title>
<media:credit>{17}</media:credit></item>"""
_ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang={0!attribute}>
<title type="html">{1}</title><subtitle>{2}</subtitle><id>{3}</id><link href={4!attribute}/><icon>{5}</icon>
<logo>{6}</logo><rights>{7}</rights><generator uri={8!attribute} version={9!attribute}>{10}</generator>
<author><name>{11}</name><uri>{12}</uri><email>{13}</email></author><updated>{14}</updated>"""
_ENTRY = """<entry xml:lang={0!attribute}><title type="html">{1}</title><link href={link!attribute}/>
<link rel="enclosure" href={2!attribute} type={3!attribute}/><id>{4}</id><summary type="html">{5}</summary>
<content type="html">{6}</content><author><name>{7}</name><uri>{8}</uri><email>{9}</email></author>
<contributor><name>{10}</name></contributor><category term={11!attribute} label={12!attribute}
 scheme={13!attribute}/><rights>{14}</rights>{date}<source><title>{15}</title></source></entry>"""
_PAGE = """<!doctype html><html lang={0!attribute}><head><title>{1}</title>
<meta name="description" content={2!attribute}>
<meta property="og:title" content={3!attribute}><meta property="og:site_name" content={4!attribute}>
<meta property="og:image" content={5!attribute}><meta name="author" content={6!attribute}>
<meta name="keywords" content={7!attribute}><meta property="article:section" content={8!attribute}>
<meta property="article:tag" content={9!attribute}><meta property="article:published_time" content={10!attribute}>
<meta property="og:url" content={11!attribute}><link rel="canonical" href={12!attribute}>
<script type="application/ld+json">{data}</script></head><body><article><h1>{13}</h1><p class="byline">By {14}</p>
<time datetime={15!attribute}>{16}</time><p>{body}</p><p>{17}</p><img src={18!attribute} alt={19!attribute}>
<p>{body}</p><blockquote>{20}</blockquote><p><a href={21!attribute}>{22}</a></p><p>{body}</p></article>{raw}</body>"""


class Spread:
    """Gives out hostile texts, some at a time, until each was in some field; then from the beginning again."""

    def __init__(self, texts: Sequence[str], at_once: int) -> None:
        groups = [" ".join(texts[start : start + at_once]) for start in range(0, len(texts), at_once)]
        self.number = len(groups)
        #: So many fields were filled.
        self.given = 0
        self._next: Iterator[str] = cycle(groups)

    def __call__(self) -> str:
        self.given += 1
        return _NO_XML.sub("", next(self._next))

    def fill(self, form: str, **known: str) -> str:
        """Fill each field of a form with the next texts, as its text or as an attribute; some are known."""

        def field(found: re.Match[str]) -> str:
            text = known[found[1]] if found[1] in known else self()
            return quoteattr(text) if found[2] else escape(text)

        written = form
        for name in ("date", "data", "body", "raw"):
            written = written.replace(f"{{{name}}}", "" if name not in known else f"\0{name}\0")
        written = re.sub(r"\{(\w+)(!attribute)?\}", field, written)
        for name, text in known.items():
            written = written.replace(f"\0{name}\0", text)
        return written


def outlets(spread: Spread) -> dict[str, Host]:
    """Make an outlet for each kind of feed; of each the pages are hostile, too."""
    return {
        name: _outlet(name, write, spread) for name, write in (("rss", _rss), ("atom", _atom), ("json", _json_feed))
    }


def _outlet(name: str, write: Callable[[Sequence[str], Spread], Reply], spread: Spread) -> Host:
    links = [f"http://{name}.example/{number}?q={quote(spread()[:300], safe='')}" for number in range(ENTRIES)]
    feed = write(links, spread)
    pages = [Reply(_page(number, spread)) for number in range(ENTRIES)]

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/feed":
            return feed
        number = seen.path[1:2]
        return pages[int(number)] if number.isdecimal() and seen.path != "/robots.txt" else None

    return host


def _rss(links: Sequence[str], spread: Spread) -> Reply:
    # The last entries have no address but a hostile one: each must be left out, and cost the others nothing.
    items = [spread.fill(_ITEM, link=link, date=_date(at, "pubDate", spread)) for at, link in enumerate(links)]
    items += [spread.fill(_ITEM, link=text, date="") for text in _LINKS]
    return Reply(f"{spread.fill(_RSS)}{''.join(items)}</channel></rss>", kind="application/rss+xml")


def _atom(links: Sequence[str], spread: Spread) -> Reply:
    entries = [spread.fill(_ENTRY, link=link, date=_date(at, "published", spread)) for at, link in enumerate(links)]
    entries += [spread.fill(_ENTRY, link=text, date="") for text in _LINKS]
    return Reply(f"{spread.fill(_ATOM)}{''.join(entries)}</feed>", kind="application/atom+xml")


def _json_feed(links: Sequence[str], spread: Spread) -> Reply:
    names = (
        "id", "title", "content_html", "content_text", "summary", "image", "banner_image", "date_modified", "language",
        "external_url",
    )  # fmt: skip
    items = [
        {name: spread() for name in names}
        | {"url": link, "date_published": spread() if at % 2 else "", "tags": [spread(), spread()]}
        | {"authors": [{"name": spread(), "url": spread(), "avatar": spread()}]}
        | {"attachments": [{"url": spread(), "mime_type": spread(), "title": spread()}]}
        for at, link in enumerate([*links, *_LINKS])
    ]
    channel = {name: spread() for name in ("title", "home_page_url", "description", "user_comment", "icon", "favicon")}
    feed = {"version": "https://jsonfeed.org/version/1.1", **channel, "language": spread(), "items": items}
    return Reply(json.dumps(feed | {"authors": [{"name": spread()}]}), kind="application/feed+json")


def _date(number: int, tag: str, spread: Spread) -> str:
    return f"<{tag}>{escape(spread())}</{tag}>" if number % 2 else ""


def _page(number: int, spread: Spread) -> str:
    said = {name: spread() for name in ("headline", "description", "dateModified", "articleSection", "inLanguage")}
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **said, "keywords": [spread(), spread()]}
    data |= {"author": {"@type": "Person", "name": spread(), "url": spread()}, "image": {"url": spread()}}
    data |= {"publisher": {"@type": "Organization", "name": spread(), "logo": spread()}, "url": spread()}
    # What would end the element of the page that it stands in would hide the rest of it.
    written = json.dumps(data).replace("<", "\\u003c")
    return spread.fill(_PAGE, data=written, body=html.escape(_BODY.format(number) * 2), raw=spread())


_LINKS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "\">'><svg onload=alert(1)>",
)
