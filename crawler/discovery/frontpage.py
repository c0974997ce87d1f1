"""What a web page tells of its site: its name, its language, and the feeds that it names or links to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from crawler import languages
from crawler.spiders.text import decode, squeeze, text_of
from crawler.urls import join, normalise, same_site, site_of

#: declared: by <link rel=alternate>; linked: by an <a>; usual: a guess; robots: by robots.txt; index: by a sitemap
#: index; given: by the user.
How = Literal["declared", "linked", "usual", "robots", "index", "given"]

_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)", re.IGNORECASE)
#: Types that feeds share with much else.
_LOOSE_TYPES = frozenset({"text/xml", "application/xml", "application/json", "text/rss", "application/rss"})
_FEED_ADDRESS = re.compile(
    r"(?:^|[/._-])rss|(?:^|/)(?:feeds?|atom|rdf)(?:[/.]|$)|\.(?:rss|atom|rdf)$|(?:^|&)(?:feed|format|type)=(?:rss|atom)",
    re.IGNORECASE,
)
_FEED_HOST = re.compile(r"^(?:rss|feeds?)\d?\.", re.IGNORECASE)
#: Their "feed" is one that the reader is to be written into.
_SHARING = re.compile(r"(?:^|\.)(?:facebook|twitter|x|feedly|inoreader|netvibes|newsblur|yahoo)\.com$", re.IGNORECASE)
_FEED_WORDS = re.compile(r"^\W*(?:rss|atom|xml|news|web)?[\s-]*(?:rss|feeds?|rss[\s-]*feeds?|atom)\W*$", re.IGNORECASE)
_NO_FEED = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|css|js|pdf|zip|mp3|mp4)$|(?:^|/)(?:wp-json|oembed|xmlrpc|feedback)|"
    r"sitemap|opensearch|manifest|/author/|/tag/",
    re.IGNORECASE,
)
#: WordPress and others declare a feed of readers' comments beside that of the articles, in the site's language.
#: A bare "comment", "Kommentar" or "评论" is an opinion section and no reason.
_COMMENTS = re.compile(
    r"\bcomments\b|/comments/|kommentar(?:e\b|-feed|er\b)|commentaires|comentários|comentarios|\bcommenti\b|"
    r"комментари[ей]|коментарів|komentarz|yorum beslemesi|评论\s*feed|コメントのフィード|التعليقات",
    re.IGNORECASE,
)
_PODCAST = re.compile(r"podcasts?\b", re.IGNORECASE)
_TITLE_ENDS = re.compile(
    r"^(?:rss|atom|feed)\s*[|:–—-]\s*|\s+\(?(?:rss(?:\s*\d(?:\.\d)?)?|atom|json)(?:[\s-]*feed)?\)?$|"
    r"\s*[|»·–—:-]\s*(?:rss|atom|json)?[\s-]*(?:news)?feed$",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s+[|·•»«›–—-]+\s+|\s*\|\s*|:\s+")
_EMPTY_TITLES = frozenset(
    re.findall(
        r"\w+", "home homepage startseite accueil inicio início главная головна 首页 首頁 anasayfa الرئيسية latest"
    )
)
_LONGEST_NAME = 100
_MOST_LINKS = 5_000
_MOST_LEADS = 30


@dataclass(frozen=True, slots=True)
class Lead:
    """An address at which something may be found."""

    url: str
    how: How
    #: What the page calls it; "" for nothing.
    title: str = ""

    @property
    def unwanted(self) -> str:
        """Say why this is left out before it is asked for; "" when it is not."""
        told = f"{self.title} {unquote(urlsplit(self.url).path)}"
        if _COMMENTS.search(told):
            return "it is a feed of readers' comments"
        if _PODCAST.search(told):
            return "it is a feed of podcasts"
        return ""


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What a page says of itself and of its site."""

    #: What it calls the site; "" when it does not say.
    site_name: str = ""
    title: str = ""
    #: BCP 47; "" when it does not say.
    language: str = ""
    #: It calls itself one article: it is no list of them.
    is_article: bool = False
    #: Feeds: the declared ones first.
    leads: tuple[Lead, ...] = ()


def read_front_page(body: bytes, content_type: str, url: str) -> FrontPage | None:
    """Read what a page tells; None when it is none."""
    text = decode(body, content_type)
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    told = _meta(tree)
    title = next((text_of(element) for element in tree.iter("title")), "")
    base = next((join(url, element.get("href") or "") for element in tree.iter("base")), None) or url
    leads: dict[str, Lead] = {}
    for lead in (*_declared(tree, base), *_linked(tree, base)):
        leads.setdefault(lead.url, lead)
    return FrontPage(
        site_name=(told.get("og:site_name") or told.get("application-name") or "")[:_LONGEST_NAME],
        title=title,
        language=languages.code(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""),
        is_article=told.get("og:type", "").lower() == "article",
        leads=tuple(leads.values())[:_MOST_LEADS],
    )


def feed_name(title: str) -> str:
    """Take off a feed's title what says only that it is a feed: "Herald » Feed" -> "Herald"."""
    return (_TITLE_ENDS.sub("", squeeze(title)) or squeeze(title)).strip(" |»·–—:-")[:_LONGEST_NAME]


def title_name(title: str, url: str) -> str:
    """Find the site's name in a page's title: the piece that its host name resembles, else the first that says much."""
    pieces = [piece for piece in _SEPARATORS.split(squeeze(title)) if piece and piece.lower() not in _EMPTY_TITLES]
    site = site_of(url)
    domain, label = _letters(site), _letters(site.split(".")[0])
    # "Northgate Courier" of northgatecourier.com, "BBC News" of bbc.co.uk
    alike = [
        piece
        for piece in pieces
        if (letters := _letters(piece)) and (letters in domain or (len(label) > 2 and label in letters))
    ]
    return (max(alike, key=len) if alike else pieces[0] if pieces else "")[:_LONGEST_NAME]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _meta(tree: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        content = squeeze(meta.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    return found


def _declared(tree: etree._Element, base: str) -> Iterable[Lead]:
    for link in tree.iter("link"):
        relations = set((link.get("rel") or "").lower().split())
        address = join(base, link.get("href") or "") if link.get("href") else None
        if address is None or not relations & {"alternate", "feed"} or "stylesheet" in relations:
            continue
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        title = squeeze(link.get("title") or "")
        loose = kind in _LOOSE_TYPES or (not kind and "feed" in relations)
        if _FEED_TYPES.fullmatch(kind) or (loose and _looks_like_feed(address, title)):
            yield Lead(address, "declared", title)


def _linked(tree: etree._Element, base: str) -> Iterable[Lead]:
    for count, anchor in enumerate(tree.iter("a")):
        if count >= _MOST_LINKS:
            return
        reference = (anchor.get("href") or "").strip()
        if not reference or reference.startswith("#"):
            continue
        address = join(base, reference)
        if address is None or address == normalise(base):
            continue
        title = squeeze(anchor.get("title") or text_of(anchor) or "")
        # Feed readers are linked as well ("add to ..."): elsewhere an address must be a feed's by its own shape.
        if _looks_like_feed(address, title if same_site(address, base) else ""):
            yield Lead(address, "linked", title)


def _looks_like_feed(address: str, title: str) -> bool:
    parts = urlsplit(address)
    if _NO_FEED.search(parts.path) or _SHARING.search(parts.netloc):
        return False
    shaped = _FEED_ADDRESS.search(parts.path) or _FEED_ADDRESS.search(parts.query) or _FEED_HOST.match(parts.netloc)
    return bool(shaped or _FEED_WORDS.match(title))
