"""Reads what a page declares of itself: JSON-LD, microdata, meta elements and <time>, each value with its evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler import urls
from crawler.agencies import agency
from crawler.extract import jsonld
from crawler.extract.dates import Printed, read, read_machine
from crawler.extract.marked import is_hint, is_person, read_marks
from crawler.extract.page import ParsedPage, squeeze
from crawler.extract.scopes import Scopes
from crawler.extract.times import of_element
from crawler.records import Reservation

#: A value and where it was read.
Said = tuple[str, str]

_META = {
    "title": (
        "og:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "citation_title", "headline",
        "twitter:title", "title",
    ),
    "author": (
        "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.creator.name", "citation_author",
        "author", "article:author_name",
        "article:author", "byl", "creator", "cxenseparse:author", "article.author", "og:article:author",
        "article_author",
    ),
    "published": (
        "article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "og:article:published_time",
        "article.published",
        "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date",
        "citation_publication_date",
        "citation_date", "cxenseparse:recs:publishtime", "publishdate", "publish-date", "publish_date",
        "publication_date", "publicationdate",
        "published_date", "published-date", "pubdate", "pub_date", "ptime", "published", "publishtime", "displaydate",
        "originalpublicationdate",
        "article_date_original", "article:post_date", "rnews:datepublished", "bt:pubdate", "og:pubdate",
        "og:published_time", "timestamp", "date",
    ),
    "modified": (
        "article:modified_time", "datemodified", "og:updated_time", "og:modified_time", "dcterms.modified",
        "dc.date.modified", "lastmod", "last-modified", "revised",
    ),
    "site": (
        "og:site_name", "application-name", "citation_journal_title", "dc.publisher", "apple-mobile-web-app-title",
        "twitter:app:name:iphone",
    ),
    "description": (
        "og:description", "description", "dc.description", "dcterms.abstract", "twitter:description",
        "sailthru.description",
    ),
    "image": (
        "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "parsely-image-url",
        "sailthru.image.full",
    ),
    "tags": (
        "article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords", "dc.subject", "dcterms.subject",
    ),
    "section": ("article:section", "parsely-section"),
    "language": ("og:locale", "content-language", "dc.language", "dcterms.language", "language", "inlanguage"),
    "tier": ("article:content_tier",),
}  # fmt: skip
#: Names that a house made for itself: "w-published-date".
_PUBLISH_NAME = re.compile(r"publi(?:sh(?:ed|ing)?|cation)[._-]?(?:date|time|on)|pub[._-]?date|date[._-]?publish")
_MOST_ITEMS = 400
_LONGEST_TITLE = 500
_ITEMS = frozenset(("headline", "author", "creator", "datepublished", "datemodified", "datecreated"))


@dataclass(slots=True)
class Declared:
    """What a page says of itself; of each list, the first is the best evidence."""

    titles: list[Said] = field(default_factory=list)
    #: Each with the evidence; names as the page gives them.
    authors: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    published: list[tuple[Printed, str]] = field(default_factory=list)
    modified: list[tuple[Printed, str]] = field(default_factory=list)
    canonical: str | None = None
    site_name: str | None = None
    description: str = ""
    image: str | None = None
    tags: tuple[str, ...] = ()
    language: str = ""
    #: Its og:locale, such as "en_US".
    locale: str = ""
    paywalled: bool | None = None
    reservation: Reservation | None = None
    #: The plain text that JSON-LD or microdata gives as the body.
    article_body: str = ""
    #: The JSON-LD node of the page and every node.
    node: Mapping[str, Any] = field(default_factory=dict)
    nodes: Sequence[dict[str, Any]] = ()
    #: Its og:type, such as "article" or "video.other".
    kind: str = ""
    #: Where the fields of a single value were read: canonical, site_name, description, image, tags.
    where: dict[str, str] = field(default_factory=dict)
    h1: list[str] = field(default_factory=list)
    h2: list[str] = field(default_factory=list)
    #: The texts of the elements inside the h1.
    h1_parts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Elements:
    """The elements of a page that may tell something of it, found in one walk, in their order."""

    metas: list[HtmlElement] = field(default_factory=list)
    links: list[HtmlElement] = field(default_factory=list)
    scripts: list[HtmlElement] = field(default_factory=list)
    headings: list[HtmlElement] = field(default_factory=list)
    subheadings: list[HtmlElement] = field(default_factory=list)
    #: With itemprop or RDFa's property, outside meta.
    items: list[HtmlElement] = field(default_factory=list)
    marks: list[HtmlElement] = field(default_factory=list)
    title: str = ""
    articles: int = 0


def read_page(page: ParsedPage) -> Declared:
    """Collect what a page declares."""
    found = _gather(page.elements)
    said = Declared()
    headings = [element for element in found.headings[:12] if not _is_masthead(element)][:6]
    said.h1 = [text for text in map(_text_of, headings) if text]
    scopes = Scopes(page.url, " ".join((found.title, *said.h1[:2])))
    metas = _metas([element for element in found.metas if element.get("itemprop") is None or scopes.own(element)])
    said.h1_parts = [text for element in headings for text in _parts_of(element)]
    said.h2 = [text for text in map(_text_of, found.subheadings[:12]) if text]
    said.language = _language(page.tree, metas)
    hint = " ".join((found.title, *metas.get("og:title", ())[:1], *said.h1[:2]))
    said.nodes = jsonld.nodes(found.scripts)
    said.locale = next(iter(metas.get("og:locale", ())), "")[:20]
    said.kind = next(iter(metas.get("og:type", ())), "").lower()[:40]
    node = jsonld.article(list(said.nodes), hint, page.url)
    if node is not None:
        _from_jsonld(said, node)
    _from_metas(said, metas)
    if not said.site_name and (publisher := _publisher(said.node, page.url)):
        said.site_name, said.where["site_name"] = publisher, "json-ld publisher"
    said.reservation = _reservation(metas)
    _from_items(said, found.items, scopes)
    if found.title:
        said.titles.append((found.title, "title element"))
    # One that is longer is a text, and every place at which it could be cut would be looked at.
    said.titles = [(value[:_LONGEST_TITLE], where) for value, where in said.titles]
    _from_marks(said, found)
    said.canonical, said.where["canonical"] = _canonical(found.links, metas, page.url)
    return said


def _gather(held: Sequence[HtmlElement]) -> _Elements:
    found = _Elements()
    by_tag: dict[object, list[HtmlElement]] = {
        "meta": found.metas,
        "link": found.links,
        "script": found.scripts,
        "h1": found.headings,
        "h2": found.subheadings,
    }
    for element in held:
        tag = element.tag
        same = by_tag.get(tag)
        if same is not None:
            same.append(element)
            if tag in ("link", "script"):
                continue
        elif tag == "title":
            found.title = found.title or squeeze(element.text or "")
        elif tag == "article":
            found.articles += 1
        names = element.get("class")
        if (names is not None and is_hint(names)) or tag in ("h1", "time") or (tag == "a" and is_person(element)):
            found.marks.append(element)
        if element.get("itemprop") is not None or (tag != "meta" and element.get("property") is not None):
            found.items.append(element)
    return found


def _is_masthead(heading: HtmlElement) -> bool:
    """Tell whether a heading is the site's name: a link to the front page, or marked as its logo."""
    names = f"{heading.get('class') or ''} {heading.get('id') or ''}"
    if re.search(r"\blogo\b|site-?(?:title|name)|blog-?(?:title|name)|brand|masthead", names, re.IGNORECASE):
        return True
    link = heading.find(".//a")
    address = (link.get("href") or "x") if link is not None else "x"
    return re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", address) is not None


def _parts_of(heading: HtmlElement) -> list[str]:
    """Give the texts within a heading that its elements part from each other."""
    parts = [child.text_content() for child in heading]
    tails = [child.tail or "" for child in heading]
    return [text for text in map(squeeze, (heading.text or "", *parts, *tails, "".join(tails))) if text]


def _text_of(element: HtmlElement) -> str:
    """Give the visible text of a heading."""
    parts = [element.text or ""]
    for child in element.iterdescendants(etree.Element):
        if child.tag in ("style", "script", "svg"):
            parts.append(child.tail or "")
        else:
            parts += [" " if child.tag in ("br", "div", "p") else "", child.text or ""]
            parts.append(child.tail or "")
    return squeeze("".join(parts))


def _metas(elements: Sequence[HtmlElement]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        content = element.get("content")
        if not content or not content.strip():
            continue
        if element.get("name") == "parsely-page":
            found |= {key: [value] for key, value in _parsely(content).items() if key not in found}
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name:
                found.setdefault(name.strip().lower(), []).append(content.strip())
    return found


def _parsely(content: str) -> dict[str, str]:
    """Read Parsely's older form, all in one meta as JSON."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    names = {"title": "parsely-title", "author": "parsely-author", "pub_date": "parsely-pub-date"}
    return {name: text for key, name in names.items() if (text := jsonld.text_of(said.get(key)))}


def _reservation(metas: Mapping[str, Sequence[str]]) -> Reservation | None:
    """Read what a page says about text and data mining of itself; where it says both, it is reserved."""
    policy = next(iter(metas.get("tdm-policy", ())), None)
    told = [Reservation.read(value, policy, "meta") for value in metas.get("tdm-reservation", ())]
    return max(filter(None, told), key=lambda each: each.reserved, default=None)


def _said(metas: Mapping[str, Sequence[str]], field_name: str) -> Iterator[Said]:
    for key in _META[field_name]:
        for value in metas.get(key, ()):
            yield value, f"meta {key}"


def _first(metas: Mapping[str, Sequence[str]], field_name: str) -> str | None:
    return next((squeeze(value) for value, _ in _said(metas, field_name)), None)


def _from_jsonld(said: Declared, node: Mapping[str, Any]) -> None:
    said.node = node
    said.where = dict.fromkeys(("description", "image", "tags"), "json-ld")
    headline = jsonld.text_of(node.get("headline")) or jsonld.text_of(node.get("name"))
    if headline:
        said.titles.append((headline, "json-ld"))
    names = tuple(
        filter(None, (jsonld.text_of(item) for item in jsonld.listed(node.get("author") or node.get("creator"))))
    )
    if names:
        said.authors.append((names, "json-ld"))
    for key, target in (
        ("datePublished", said.published),
        ("dateCreated", said.published),
        ("dateModified", said.modified),
        ("uploadDate", said.published),
    ):
        printed = read_machine(jsonld.text_of(node.get(key))) or read(jsonld.text_of(node.get(key)), said.language)
        if printed:
            target.append((printed, f"json-ld {key}" if key in ("dateCreated", "uploadDate") else "json-ld"))
    said.description = jsonld.text_of(node.get("description"))
    free = node.get("isAccessibleForFree")
    if isinstance(free, bool | str):
        said.paywalled = str(free).strip().lower() in ("false", "0", "no")
    said.article_body = node["articleBody"] if isinstance(node.get("articleBody"), str) else ""
    image = jsonld.listed(node.get("image"))
    if image:
        said.image = (
            image[0]
            if isinstance(image[0], str)
            else jsonld.text_of(image[0].get("url"))
            if isinstance(image[0], dict)
            else None
        )
    listed = (item for key in ("articleSection", "keywords") for item in jsonld.listed(node.get(key)))
    said.tags = tuple(_split_tags([item for item in listed if isinstance(item, str)]))
    said.language = said.language or jsonld.text_of(node.get("inLanguage"))


def _publisher(node: Mapping[str, Any], url: str) -> str:
    """Give the declared publisher, where it is the page's own house and not one that the text is taken from."""
    houses = jsonld.houses(node.get("publisher"), url)
    return next((name for name, _, elsewhere in houses if not elsewhere and not agency(name)), "")


def _from_metas(said: Declared, metas: Mapping[str, Sequence[str]]) -> None:
    said.titles += [(squeeze(value), evidence) for value, evidence in _said(metas, "title")]
    by_key: dict[str, list[str]] = {}
    for value, evidence in _said(metas, "author"):
        if not re.match(r"https?://|www\.|/", value):
            by_key.setdefault(evidence, []).append(value)
    said.authors += [(tuple(values), evidence) for evidence, values in by_key.items()]
    for name, target in (("published", said.published), ("modified", said.modified)):
        for value, evidence in _said(metas, name):
            printed = _read_date(value, said.language)
            if printed:
                target.append((printed, evidence))
    if not said.published:
        for key in filter(_PUBLISH_NAME.search, metas):
            printed = _read_date(metas[key][0], said.language)
            if printed:
                said.published.append((printed, f"meta {key}"))
    for name, attribute in (("site", "site_name"), ("description", "description"), ("image", "image")):
        value, where = next(((squeeze(value), where) for value, where in _said(metas, name)), ("", ""))
        if value:
            setattr(said, attribute, value)
            said.where[attribute] = where
    if not said.tags:
        listed = [*_said(metas, "section"), *_said(metas, "tags")]
        said.tags = tuple(_split_tags([value for value, _ in listed]))
        said.where["tags"] = ", ".join(dict.fromkeys(where for _, where in listed))
    if said.paywalled is None:
        tier = (_first(metas, "tier") or "").lower()
        said.paywalled = True if tier in ("locked", "metered") else False if tier == "free" else None
        free = metas.get("isaccessibleforfree")
        if free:
            said.paywalled = free[0].strip().lower() in ("false", "0", "no")


def _read_date(value: str, language: str) -> Printed | None:
    # Systems write 11/01/2023 in their own order, whatever the language of their pages.
    return read_machine(value) or read(value, "" if re.match(r"\d{1,2}/\d{1,2}/\d{4}", value) else language)


def _from_items(said: Declared, items: Sequence[HtmlElement], scopes: Scopes) -> None:
    """Read microdata and RDFa."""
    for element in items[:_MOST_ITEMS]:
        name = (element.get("itemprop") or element.get("property") or "").lower().rpartition(":")[2]
        if name not in _ITEMS or (element.tag == "meta" and not element.get("content")) or not scopes.own(element):
            continue
        if name in ("author", "creator"):
            if next(element.iterancestors("figure", "figcaption"), None) is not None:
                continue  # of the picture
            inner = element.xpath(".//*[@itemprop='name']")
            value = squeeze(
                (inner[0] if inner else element).get("content") or (inner[0] if inner else element).text_content()
            )
            if value and len(value) < 100:
                said.authors.append(((value,), "microdata"))
        elif name == "headline":
            value = squeeze(element.get("content") or element.text_content())
            if value and len(value) < 400:
                said.titles.append((value, "microdata"))
        else:
            printed = of_element(element, said.language)
            if printed:
                evidence = "microdata dateCreated" if name == "datecreated" else "microdata"
                (said.modified if name == "datemodified" else said.published).append((printed, evidence))


def _from_marks(said: Declared, found: _Elements) -> None:
    marked = read_marks(found.marks, [value for value, _ in said.titles], found.articles, said.language)
    if marked.authors:
        said.authors.append((tuple(marked.authors), "author element"))
    said.published += [(printed, "time") for printed in marked.published]
    said.modified += [(printed, "time") for printed in marked.modified[:1]]


def _canonical(links: Sequence[HtmlElement], metas: Mapping[str, Sequence[str]], url: str) -> tuple[str | None, str]:
    for element in links:
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            return urls.join(url, element.get("href") or ""), "link canonical"
    return (urls.join(url, metas["og:url"][0]), "meta og:url") if metas.get("og:url") else (None, "")


def _language(tree: HtmlElement, metas: Mapping[str, Sequence[str]]) -> str:
    root = tree if tree.tag == "html" else tree.find(".//html")
    declared = ""
    if root is not None:
        declared = (
            root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
        )
    declared = declared or _first(metas, "language") or ""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}))?", declared)
    return "-".join(filter(None, match.groups())).lower() if match else ""


def _split_tags(values: Sequence[str]) -> list[str]:
    found = [squeeze(part) for value in values for part in re.split(r"[,;،、]", value)]
    return [tag for tag in dict.fromkeys(found) if 1 < len(tag) <= 60][:20]
