"""Section pages: which links of a page lead to articles and which are the site's furniture, without rules per site.

Every link is weighed by its words, by the shape of its address, and by the company it keeps: articles stand in
lists of links that look alike. Runs in a worker process.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

from crawler.polling import Contents
from crawler.records import Entry
from crawler.spiders import dates
from crawler.spiders.text import decode, squeeze, text_of
from crawler.urls import join, normalise, same_site

#: A link with this weight is an article; see _weigh for what adds up to it.
_ENOUGH = 3.0
#: What standing in a menu or footer takes off a link.
_IN_MENU = 4.0
_SHOWN_OFF = 2.0
#: What an address adds that is certainly none of an article.
_MINOR = -3.0
#: So many words in an address are a headline.
_HEADLINE_WORDS = 6
#: A link text longer than this is a whole card.
_LONG_HEADLINE = 160
_MOST_LINKS = 5_000
_FURNITURE_TAGS = frozenset({"nav", "footer", "form", "button", "select", "label"})
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|sub-?menu|foot(?:er)?\w*|bread-?crumbs?|crumbs?|"
    r"pag(?:er|ination|inator)|pages?-?nav|"
    r"social|shar(?:e|ing)|login|topbar|toolbar|lang(?:uage)?s?|sitemap|"
    r"friend-?links?|links?-?friend|copyright|cookie\w*|"
    r"tags?(?:-?(?:list|cloud|links))?|weibo|skip(?:-\w+)?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|pdf|docx?|xlsx?|pptx?|zip|rar|gz|"
    r"exe|apk|mp3|mp4|m3u8|wav|avi)$",
    re.IGNORECASE,
)
_FURNITURE_WORD = re.compile(
    r"^(?:tags?|topics?|categor(?:y|ies)|sections?|authors?|writers?|users?|profile|people|search|login|"
    r"log-in|signin|sign-in|"
    r"signup|register|subscri\w+|newsletters?|about(?:-?us)?|contacts?(?:-?us)?|"
    r"privacy\S*|terms\S*|legal|imprint|impressum|"
    r"datenschutz|cookies?\S*|advertis\w+|jobs|careers|help|faq|rss|feeds?|sitemap|account|my|shop|store|donate|apps?|"
    r"mobile|archives?|page|print|share|email|index|default|home|main|list|more|live|"
    r"video|videos|photo|photos|gallery|podcasts?)$",
    re.IGNORECASE,
)
_FURNITURE_PATHS = frozenset({
    "tag", "tags", "author", "authors", "category", "page", "user", "search", "writers", "profile", "topic", "topics",
})  # fmt: skip
_DAY_IN_PATH = re.compile(
    r"(?:^|/)(?:19|20)\d\d[/_-]?(?:0?[1-9]|1[0-2])(?:[/_-]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/_.-]|$)|"
    r"(?:^|[/_-])(?:19|20)\d{6}(?=\D|\d{2,}|$)"
)
_LONG_NUMBER = re.compile(r"\d{5,}|(?:^|[/_-])[a-f0-9]{12,}(?=[/._-]|$)", re.IGNORECASE)
_NUMBER_PAGE = re.compile(r"/[a-z]{0,3}_?\d{2,}\.(?:s?html?|php|aspx?|jsp)$|/\d{3,}/?$", re.IGNORECASE)
_ID_QUERY = re.compile(r"(?:^|&)(?:\w*id|p|a|article|story|news|no|aid|nid|sid|idx\w*)=\d{2,}(?:&|$)", re.IGNORECASE)
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_MORE = re.compile(
    r"^\W*(?:read|learn|view|see|show|load)?\s*(?:more|full story|the full story|all|on|article)?\s*\W*$|"
    r"^(?:continue reading|weiterlesen|mehr(?: lesen)?|"
    r"lire la suite|leer más|ler mais|leggi tutto|подробнее|читать далее|далее|devamı|"
    r"المزيد|اقرأ المزيد|ادامه|بیشتر|更多|详细|详情|全文|阅读全文|[«‹›»>…\d\s]+|"
    r"\d+ comments?|comments?|photos?|videos?|watch|listen|评论(?:\(\d+\))?|続きを読む|もっと見る|더보기)\W*$",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Contents):
    """The articles that a section page links to."""


@dataclass(slots=True)
class _Link:
    """One address and all its anchors."""

    url: str
    anchors: list[etree._Element] = field(default_factory=list)
    title: str = ""
    #: Names the element that holds this link beside others.
    among: str = ""
    headed: bool = False
    dated: str | None = None
    furniture: bool = False
    #: By its address alone.
    minor: bool = False
    weight: float = 0.0


def links(body: bytes, content_type: str, url: str) -> Section:
    """Find the articles of a section page, in the page's order."""
    text = decode(body, content_type)
    if not text.strip():
        return Section(problem="the answer is empty")
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.LxmlError, ValueError, AssertionError):
        return Section(problem="the answer cannot be read as a web page")
    found = _links(tree, url)
    if not found:
        return Section(problem="the page has no links to pages of its own site; it may need JavaScript")
    by_anchor = {anchor: link for link in found for anchor in link.anchors}
    for link in found:
        _describe(link, by_anchor)
    shapes = _company(found)
    articles = [link for link in found if link.weight + shapes[link.url] >= _ENOUGH and link.title]
    if not articles:
        return Section(problem=f"none of the page's {len(found)} links looks like an article")
    return Section(entries=tuple(_entry(link, tree) for link in articles), lacking=_beyond(tree))


def _beyond(tree: etree._Element) -> str:
    """Say how many of a page's links were not looked at; "" when all were."""
    links = sum(1 for _ in tree.iter("a"))
    return f"the page has {links} links, of which the first {_MOST_LINKS} were looked at" if links > _MOST_LINKS else ""


def _links(tree: etree._Element, url: str) -> list[_Link]:
    """Gather the links to other pages of the same site, each address once."""
    base = url
    for element in tree.iter("base"):
        base = _joined(url, element.get("href") or "") or url
        break
    here = _bare(normalise(url) or url)
    found: dict[str, _Link] = {}
    for anchor in islice(tree.iter("a"), _MOST_LINKS):
        reference = (anchor.get("href") or "").strip()
        if not reference or reference.startswith("#"):
            continue
        address = join(base, reference)
        if address is None or _bare(address) == here or not same_site(address, url):
            continue
        path = urlsplit(address)
        if (path.path == "/" and not path.query) or _FILES.search(path.path):
            continue
        bare = _bare(address)
        if bare not in found:
            # Links that stand in a card beside its headline: tags, authors, comments.
            found[bare] = _Link(address, minor=is_furniture_address(address))
        found[bare].anchors.append(anchor)
    return list(found.values())


def _joined(base: str, reference: str) -> str | None:
    try:
        return urljoin(base, reference.strip()) or None
    except ValueError:
        return None


def _bare(address: str) -> str:
    """An address without its scheme: http and https lead to one page."""
    return address.split("://", 1)[-1]


# One link


def _describe(link: _Link, by_anchor: dict[etree._Element, _Link]) -> None:
    holder = _holder(link, by_anchor)
    said = [(text, anchor) for anchor in link.anchors if (text := _said(anchor)) and not _MORE.match(text)]
    headings = [text for text, anchor in said if _in_heading(anchor)]
    inner = [text for anchor in link.anchors for text in _inner_headings(anchor)]
    near = [text_of(heading) for heading in holder.iter("h1", "h2", "h3", "h4")] if holder is not None else []
    pictured = [squeeze(image.get("alt") or "") for anchor in link.anchors for image in anchor.iter("img")]
    # A card that is one big link says everything in it; its heading alone is the title.
    candidates = inner or headings or [text for text, _ in said] or near[:1] or pictured
    link.among = _list_of(holder)
    link.headed = bool(headings or inner or near)
    link.title = _undated(max(candidates, key=len, default=""))
    link.dated = _date(link, holder)
    link.furniture = all(_is_furniture(anchor) for anchor in link.anchors)
    link.weight = _weigh(link)


def _said(anchor: etree._Element) -> str:
    text = text_of(anchor)
    title = squeeze(anchor.get("title") or "")
    # A cut headline has its whole self in the title attribute.
    if title and (not text or (text.endswith(("…", "...")) and len(title) > len(text))):
        return title
    if len(text) > _LONG_HEADLINE:
        blocks = (text_of(child) for child in anchor.iterdescendants("div", "p", "span", "strong", "b"))
        return next((block for block in blocks if 15 <= len(block) <= _LONG_HEADLINE), text)
    return text


def _inner_headings(anchor: etree._Element) -> list[str]:
    found = [text_of(heading) for heading in anchor.iter("h1", "h2", "h3", "h4", "h5")]
    if not found:
        marked = (e for e in anchor.iterdescendants() if re.search(r"title|headline", (e.get("class") or "").lower()))
        found = [text_of(element) for element in marked]
    return [text for text in found if text]


def _in_heading(anchor: etree._Element) -> bool:
    parents = (parent.tag for parent, _ in zip(anchor.iterancestors(), range(3), strict=False))
    return any(tag in ("h1", "h2", "h3", "h4", "h5") for tag in parents)


def _holder(link: _Link, by_anchor: dict[etree._Element, _Link]) -> etree._Element | None:
    """Find the list item or card of a link: the largest element around it with no other page's link in it."""
    if not link.anchors:
        return None
    holder = None
    element: etree._Element | None = link.anchors[0]
    for _ in range(6):
        if element is None or element.tag in ("body", "html"):
            break
        # Links that lead nowhere of interest (other sites, "#") do not count, but an author's page does.
        others = (by_anchor.get(anchor) for anchor in element.iter("a"))
        if any(other is not None and other is not link and not other.minor for other in others):
            break
        holder = element
        element = element.getparent()
    return holder


def _list_of(holder: etree._Element | None) -> str:
    """Name the list around an item: table rows and tbody are no lists of their own."""
    parent = holder.getparent() if holder is not None else None
    return parent.getroottree().getpath(parent) if parent is not None else ""


def _date(link: _Link, holder: etree._Element | None) -> str | None:
    if holder is None:
        return None
    for time in holder.iter("time"):
        written = dates.iso(time.get("datetime")) or dates.iso(text_of(time))
        if written:
            return written
    text = text_of(holder)
    if link.title:
        text = text.replace(link.title, " | ")  # a date in the headline is not the article's
    date = dates.find(text) if len(text) < 2_000 else None
    if date is None and holder.tag in ("dt", "td"):
        beside = holder.getnext()
        if beside is not None and beside.tag in ("dd", "td") and len(text_of(beside)) < 40:
            date = dates.find(text_of(beside))
    return date


def _undated(title: str) -> str:
    """Take a date off the ends of a headline: old layouts print it inside the link."""
    cleaned = re.sub(
        r"^[\[(（【]?\s*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])）】]?\s*", "", title
    )
    cleaned = re.sub(
        r"\s*[\[(（【]?\s*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])）】]?$",
        "",
        cleaned,
    )
    return cleaned.lstrip("·•●■▪‣►▶- ") or title


def _is_furniture(anchor: etree._Element) -> bool:
    for depth, element in enumerate(anchor.iterancestors()):
        if element.tag in _FURNITURE_TAGS or element.get("role") in ("navigation", "contentinfo", "menu", "search"):
            return True
        if element.tag in ("body", "html", "main", "article"):
            return False
        # Far up, class names speak of the page ("has-menu"), not of the link.
        if depth < 6 and _FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
    return False


# The weights


def _weigh(link: _Link) -> float:
    weight = _words(link.title) + (_MINOR if link.minor else _path(link.url))
    weight += 1.0 * link.headed + 1.5 * (link.dated is not None)
    # Menus show off an article now and then; its address says so.
    return weight - (_SHOWN_OFF if is_headline_address(link.url) else _IN_MENU) * link.furniture


def _words(title: str) -> float:
    """Weigh a link text: headlines are sentences, navigation is a word or two."""
    wide = len(_WIDE.findall(title))
    # A character of Chinese says about what half a word says.
    size = wide / 2 + len(_WIDE.sub(" ", title).split())
    if size < 2:
        return -2.0
    if size < 3.5:
        return -0.5
    return 1.0 if size < 5 else 2.0


def _path(url: str) -> float:
    """Weigh an address: articles carry days, numbers or sentences; sections carry a word."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    weight = 0.0
    last = path.rstrip("/").rsplit("/", 1)[-1]
    if _DAY_IN_PATH.search(path):
        weight += 1.5
    if _LONG_NUMBER.search(last) or _NUMBER_PAGE.search(path) or _ID_QUERY.search(parts.query):
        weight += 1.5
    words = _slug_words(last)
    if words >= _HEADLINE_WORDS:
        weight += 2.5
    elif words >= 4:
        weight += 1.5
    elif words == 3:
        weight += 0.5
    if weight == 0.0:
        weight -= 0.5 if path.count("/") > 2 else 1.0
    return weight


def _slug_words(last: str) -> int:
    """Count the words of the last piece of a path."""
    words = re.split(r"[-_+ ]", re.sub(r"\.\w{2,5}$", "", last))
    return sum(re.search(r"[^\W\d_]{2}", word) is not None for word in words)


def is_headline_address(url: str) -> bool:
    """Tell whether an address is made of a headline."""
    last = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    return _slug_words(last) >= _HEADLINE_WORDS and not is_furniture_address(url)


def is_furniture_address(url: str) -> bool:
    """Tell whether an address is certainly none of an article: a tag, an author, a search, the site's own pages."""
    parts = urlsplit(url)
    pieces = [piece for piece in parts.path.split("/") if piece]
    first, last = (pieces[0], re.sub(r"\.\w{2,5}$", "", pieces[-1])) if pieces else ("", "")
    if last and _FURNITURE_WORD.match(last) and not _ID_QUERY.search(parts.query):
        return True
    if re.search(r"(?:^|&)(?:page|paged|start|offset|share|replytocom|lang|sort|print)=", parts.query):
        return True
    return first.lower() in _FURNITURE_PATHS or any(piece.lower() in _FURNITURE_PATHS for piece in pieces[:-1])


# The company


def _company(found: Sequence[_Link]) -> dict[str, float]:
    """Weigh links by those that stand in the same place or have the same shape of address: alike are alike."""
    bonus: dict[str, float] = defaultdict(float)
    for groups, strength in ((_lists(found), 1.5), (_grouped(found, _shape), 1.0)):
        for group in groups:
            # Two alone show a habit only where both are set as headlines.
            if len(group) < 2 or (len(group) == 2 and not all(link.headed for link in group)):
                continue
            typical = median(link.weight for link in group)
            # A list of headlines lifts its short ones, a list of sections sinks its long ones.
            lift = strength if typical >= _ENOUGH - 1 else -strength if typical < 0 else 0.0
            for link in group:
                bonus[link.url] += lift
    return bonus


def _grouped(found: Sequence[_Link], key: Callable[[_Link], str]) -> Iterable[list[_Link]]:
    groups: dict[str, list[_Link]] = defaultdict(list)
    for link in found:
        groups[key(link)].append(link)
    return groups.values()


def _lists(found: Sequence[_Link]) -> Iterable[list[_Link]]:
    """Group links by the list that they stand in; those in lists of their own (rows of two cards) by their looks."""
    loners: list[_Link] = []
    for group in _grouped(found, lambda link: link.among):
        if len(group) < 3:
            loners += group
        else:
            yield group
    yield from _grouped(loners, _place)


def _place(link: _Link) -> str:
    """Name the place of a link: the tags and classes around it."""
    names = []
    for element, _ in zip(link.anchors[0].iterancestors(), range(5), strict=False):
        classes = sorted(re.sub(r"\d+", "", element.get("class") or "").split())
        names.append(f"{_tag(element)}.{'.'.join(classes[:2])}")
    return ">".join(names)


def _tag(element: etree._Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _shape(link: _Link) -> str:
    """Write an address with its numbers and sentences taken out: /news/2019/a-b-c.html as /news/N/S.html."""
    parts = urlsplit(link.url)
    pieces = []
    for piece in parts.path.split("/"):
        piece = re.sub(r"\d+", "N", piece)  # noqa: PLW2901
        pieces.append(re.sub(r"^[^.]*[-_][^.]*[-_][^.]*", "S", piece))
    query = re.sub(r"=[^&]*", "", parts.query)
    return f"{parts.netloc}{'/'.join(pieces)}?{query}"


def _entry(link: _Link, tree: etree._Element) -> Entry:
    return Entry(url=link.url, title=link.title, published=link.dated, language=squeeze(tree.get("lang") or ""))
