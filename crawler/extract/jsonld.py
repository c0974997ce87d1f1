"""Reads JSON-LD as the press writes it: in @graph, in lists, and broken."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml.html import HtmlElement

from crawler import urls
from crawler.extract.page import squeeze

Node = dict[str, Any]

_ARTICLE = re.compile(
    r"(?:^|/|:)(?:\w*NewsArticle|Article|ScholarlyArticle|TechArticle|SatiricalArticle|BlogPosting|LiveBlogPosting|"
    r"Report|"
    r"SocialMediaPosting|OpinionNewsArticle|AdvertiserContentArticle|MedicalScholarlyArticle|Review|Recipe)$"
)
_PAGE = re.compile(r"(?:^|/|:)(?:WebPage|ItemPage|VideoObject|PodcastEpisode|NewsVideo|ImageGallery|MediaGallery)$")
#: What a site says of itself on each of its pages.
_WHOLE = re.compile(r"(?:^|/|:)(?:WebSite|Organization|NewsMediaOrganization|Person|BreadcrumbList|ItemList|Comment)$")
_VIDEO = re.compile(r"(?:^|/|:)(?:VideoObject|NewsVideo)$")
_NEWS = re.compile(r"NewsArticle$")
_ORGANISED = re.compile(r"Organization$")
_REVIEW = re.compile(r"(?:^|/|:)Review$")
#: The types that broken JSON-LD names; where none is a text's or a page's, it is not read further.
_NAMED_TYPE = re.compile(r"""["']@type["']\s*:\s*\[?\s*["']([\w:/.]{1,60})["']""")
_DEEPEST = 12
#: A headline that shares less of its letters, four by four, with all titles of the page is another text's.
_LEAST_SHARED = 0.3
_LOOSE = {
    key: re.compile(rf'"{key}"\s*:\s*(?:"((?:[^"\\]|\\.){{1,1000}})"|\'([^\'\\\n]{{1,1000}})\')')
    for key in ("headline", "datePublished", "dateModified", "articleBody", "description")
}


def nodes(scripts: Sequence[HtmlElement]) -> list[Node]:
    """List every object of a page's JSON-LD, with references by @id followed one step."""
    found: list[Node] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower():
            for value in _load(script.text_content() or ""):
                found.extend(_walk(value, 0))
    known = {node["@id"]: node for node in found if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in found:
        for key in ("author", "creator", "publisher", "sourceOrganization"):
            if key in node:
                node[key] = _follow(node[key], known)
    return found


def article(found: list[Node], title: str, url: str = "") -> Node | None:
    """Choose the node that describes the page itself, by its address or its headline, or None."""
    here, wanted = _path(url), _letters(title)
    articles = [node for node in found if is_type(node, _ARTICLE) and not is_of_another(node, title, url)]
    if sum(is_type(node, _REVIEW) for node in articles) > 1:
        articles = [node for node in articles if not is_type(node, _REVIEW) or here in map(_path, _addresses(node))]
    if len(articles) > 1:
        same = [node for node in articles if here and here in map(_path, _addresses(node))]
        if len(same) == 1 and len({id(node) for node in articles if _addresses(node)}) > 1:
            return same[0]
        for node in articles:
            headline = _letters(headline_of(node))
            if headline and wanted and (headline in wanted or wanted in headline):
                return node
        dated = [node for node in articles if node.get("datePublished")]
        # Several articles and none with the page's title: a list of other pages, unless one stands out.
        articles = dated if len(dated) == 1 else articles if len(articles) == 2 else []
    if articles:
        return articles[0]
    pages = [node for node in found if is_type(node, _PAGE) and node.get("datePublished")]
    pages = [node for node in pages if not is_of_another(node, title, url, front=True)]
    if len(pages) == 1:
        return pages[0]
    # An article may have videos of other things beside it; a page with one of its own name is that video's.
    videos = [
        node
        for node in found
        if is_type(node, _VIDEO) and len(name := _letters(text_of(node.get("name")))) > 8 and name in wanted
    ]
    if len(videos) == 1:
        return videos[0]
    # Instructions, lessons and the like, that say that the page is theirs.
    others = [
        node for node in found if node.get("datePublished") and "/" in here and here in map(_path, _addresses(node))
    ]
    return others[0] if len(others) == 1 and not is_type(others[0], _WHOLE) else None


def is_of_another(node: Node, title: str, url: str, *, front: bool = False) -> bool:
    """Tell whether a node has both the address of another page and a headline that is none of this page's titles.

    With ``front``, the address of the front page is one of another page, too; many articles name it as theirs.
    """
    headline = headline_of(node)
    places = {_place(urls.join(url, address) or "") for address in _addresses(node)} - ({""} if not front else set())
    return bool(headline and title and places) and _place(url) not in places and not is_alike(headline, title)


def is_alike(headline: str, title: str) -> bool:
    """Tell whether a headline shares enough with the titles of a page to be the same text's."""
    headline, wanted = _letters(headline), _letters(title)
    parts = _fours(headline)
    return headline in wanted or len(parts & _fours(wanted)) >= _LEAST_SHARED * len(parts)


def headline_of(node: Node) -> str:
    """Give the headline of a node, or its name."""
    return text_of(node.get("headline")) or text_of(node.get("name"))


def _fours(letters: str) -> set[str]:
    return {letters[at : at + 4] for at in range(max(1, len(letters) - 3))}


def _place(address: str) -> str:
    """Give the path of an address; "" for a front page, which many name instead of the page."""
    return _path(address).partition("/")[2]


def _addresses(node: Node) -> list[str]:
    values = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    values += [value.get("@id") or value.get("url") for value in values if isinstance(value, dict)]
    return [value for value in values if isinstance(value, str)]


def _path(address: str) -> str:
    """Give an address without scheme, query and fragment."""
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", address).rstrip("/").lower()


def is_type(node: Mapping[str, Any], pattern: re.Pattern[str]) -> bool:
    """Tell whether a node is of a type, which may be one of a list of types."""
    return any(isinstance(kind, str) and pattern.search(kind) for kind in listed(node.get("@type")))


def is_news(node: Mapping[str, Any]) -> bool:
    """Tell whether a page's node calls its text news, and no post or page of a company."""
    return is_type(node, _NEWS)


def organisations(node: Mapping[str, Any]) -> Iterator[str]:
    """Give the names of those about a text that are no persons: its publisher, and authors that say so."""
    for key in ("author", "creator", "publisher"):
        for value in listed(node.get(key)):
            if isinstance(value, dict) and (key == "publisher" or is_type(value, _ORGANISED)):
                yield text_of(value.get("name"))


def listed(value: Any) -> list[Any]:
    """Give a value as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def houses(value: Any, url: str) -> Iterator[tuple[str, bool, bool]]:
    """Give the organisations that a value names, whether they have an address, and whether that is elsewhere."""
    for house in listed(value):
        name = text_of(house)
        address = house.get("url") if isinstance(house, dict) else None
        elsewhere = isinstance(address, str) and urls.is_fetchable(address) and not urls.same_site(address, url)
        if 0 < len(name) <= 60 and not name.startswith("http"):
            yield name, bool(address), elsewhere


def names(value: Any) -> Iterator[str]:
    """Give the names of those that a value tells of: texts, nodes with one name or several, or with its parts."""
    for item in listed(value):
        inner = item.get("name") if isinstance(item, dict) else None
        if isinstance(inner, list):
            yield from filter(None, map(text_of, inner))
        elif (name := text_of(item)) or (
            isinstance(item, dict)
            and (name := f"{text_of(item.get('givenName'))} {text_of(item.get('familyName'))}".strip())
        ):
            yield name


def text_of(value: Any) -> str:
    """Give the text of a value that may be text, a node with a name, or a list of them."""
    for item in listed(value):
        if isinstance(item, str):
            return squeeze(html.unescape(item))
        if isinstance(item, dict):
            named = text_of(item.get("name") or item.get("@value") or item.get("headline"))
            if named:
                return named
    return ""


def _follow(value: Any, known: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_follow(item, known) for item in value]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
        return known.get(value["@id"], value)
    return value


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "@id" in value or "headline" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "author", "publisher", "subjectOf"):
            if isinstance(value.get(key), list | dict):
                yield from _walk(value[key], depth + 1)


def _load(text: str) -> list[Any]:
    text = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", "", text.strip()
    ).strip()
    if not text:
        return []
    # Each repair costs more truth than the one before; the first that reads wins.
    for repair in (str, _without_commas, _requoted):
        values = _values(repair(text))
        if values:
            return values
    if "&quot;" in text:
        return _values(html.unescape(text))
    kinds = _NAMED_TYPE.findall(text)
    if kinds and not any(_ARTICLE.search(kind) or _PAGE.search(kind) for kind in kinds):
        return []
    loose = {key: match[1] or match[2] for key, pattern in _LOOSE.items() if (match := pattern.search(text))}
    if not loose:
        return []
    author = re.search(r'"author"\s*:\s*(?:\[\s*)?\{[^{}]*?"name"\s*:\s*"([^"\\]{2,80})"', text)
    return [{"@type": "Article", **loose, **({"author": author[1]} if author else {})}]


def _values(text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False)
    values, at = [], 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        values.append(value)
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n;,"))
    return values


def _without_commas(text: str) -> str:
    """Drop commas that nothing follows."""
    return re.sub(r",\s*(?=[}\]])", "", text)


def _requoted(text: str) -> str:
    """Escape quotation marks that stand inside a value."""
    return _without_commas(re.sub(r'(?<=[^\s:\[{,\\])"(?=[^\s:,}\]])', r"\\" + '"', text))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
