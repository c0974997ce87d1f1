"""Reads what a page declares of itself: JSON-LD, microdata, meta elements and <time>, each value with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from crawler import urls
from crawler.extract import jsonld
from crawler.extract.byline import names_of
from crawler.extract.dates import Printed, read, read_machine
from crawler.extract.page import ParsedPage, squeeze

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
    "tags": ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords"),
    "section": ("article:section", "parsely-section"),
    "language": ("og:locale", "content-language", "dc.language", "dcterms.language", "language", "inlanguage"),
    "tier": ("article:content_tier",),
}  # fmt: skip
_ITEMS = frozenset(("headline", "author", "creator", "datepublished", "datemodified", "datecreated"))
_NOT_THE_PAGE = re.compile(r"comment|review|breadcrumb|listitem|imageobject|related|product|event", re.IGNORECASE)
_PUBLISHED_CLASS = re.compile(
    r"publish|entry-date|post-date|pubdate|article-date|dateline|posted|timestamp|created", re.IGNORECASE
)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|autor|auteur|writer)(?:[_-]*(?:name|link|url|title|info))?(?=$|\s|__)", re.IGNORECASE
)
_AUTHOR_LEAD = re.compile(
    r"^(?:(?:written |posted |published )?by|von|par|por|di|door|author|autor|автор|作者)\b[\s:：]*", re.IGNORECASE
)
_MODIFIED_CLASS = re.compile(r"modif|updat|upd-", re.IGNORECASE)


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
    paywalled: bool | None = None
    #: The plain text that JSON-LD or microdata gives as the body.
    article_body: str = ""
    #: The JSON-LD node of the page and every node.
    node: Mapping[str, Any] = field(default_factory=dict)
    h1: list[str] = field(default_factory=list)


def read_page(page: ParsedPage) -> Declared:
    """Collect what a page declares."""
    tree = page.tree
    said = Declared()
    metas = _metas(tree)
    title_tag = squeeze(next((element.text or "" for element in tree.iter("title")), ""))
    said.h1 = [text for text in (squeeze(element.text_content()) for element in tree.iter("h1")) if text][:6]
    said.language = _language(tree, metas)
    node = jsonld.article(jsonld.nodes(tree), title_tag or (said.h1[0] if said.h1 else ""))
    if node is not None:
        _from_jsonld(said, node)
    _from_metas(said, metas)
    _from_microdata(said, tree)
    _from_author_elements(said, tree)
    _from_times(said, tree)
    if title_tag:
        said.titles.append((title_tag, "title element"))
    said.canonical = _canonical(tree, metas, page.url)
    return said


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name:
                found.setdefault(name.strip().lower(), []).append(content.strip())
    return found


def _said(metas: Mapping[str, Sequence[str]], field_name: str) -> Iterator[Said]:
    for key in _META[field_name]:
        for value in metas.get(key, ()):
            yield value, f"meta {key}"


def _first(metas: Mapping[str, Sequence[str]], field_name: str) -> str | None:
    return next((squeeze(value) for value, _ in _said(metas, field_name)), None)


def _from_jsonld(said: Declared, node: Mapping[str, Any]) -> None:
    said.node = node
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
    ):
        printed = read_machine(jsonld.text_of(node.get(key))) or read(jsonld.text_of(node.get(key)), said.language)
        if printed:
            target.append((printed, "json-ld" if key != "dateCreated" else "json-ld dateCreated"))
    said.site_name = None
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
    keywords = node.get("keywords")
    said.tags = tuple(
        _split_tags(
            [keywords]
            if isinstance(keywords, str)
            else [item for item in jsonld.listed(keywords) if isinstance(item, str)]
        )
    )
    said.language = said.language or jsonld.text_of(node.get("inLanguage"))


def _from_metas(said: Declared, metas: Mapping[str, Sequence[str]]) -> None:
    said.titles += [(squeeze(value), evidence) for value, evidence in _said(metas, "title")]
    by_key: dict[str, list[str]] = {}
    for value, evidence in _said(metas, "author"):
        if not re.match(r"https?://|www\.|/", value):
            by_key.setdefault(evidence, []).append(value)
    said.authors += [(tuple(values), evidence) for evidence, values in by_key.items()]
    for name, target in (("published", said.published), ("modified", said.modified)):
        for value, evidence in _said(metas, name):
            printed = read_machine(value) or read(value, said.language)
            if printed:
                target.append((printed, evidence))
    said.site_name = _first(metas, "site")
    said.description = _first(metas, "description") or said.description
    said.image = _first(metas, "image") or said.image
    tags = [value for key in _META["tags"] for value in metas.get(key, ())] if not said.tags else []
    said.tags = said.tags or tuple(_split_tags(tags))
    if said.paywalled is None:
        tier = (_first(metas, "tier") or "").lower()
        said.paywalled = True if tier in ("locked", "metered") else False if tier == "free" else None
        free = metas.get("isaccessibleforfree")
        if free:
            said.paywalled = free[0].strip().lower() in ("false", "0", "no")


def _from_microdata(said: Declared, tree: HtmlElement) -> None:
    for element in tree.xpath("//*[@itemprop]"):
        name = (element.get("itemprop") or "").lower()
        if name not in _ITEMS or (element.tag == "meta" and not element.get("content")) or _foreign_scope(element):
            continue
        if name in ("author", "creator"):
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
            printed = _of_element(element, said.language)
            if printed:
                (said.modified if name == "datemodified" else said.published).append((printed, "microdata"))


def _from_author_elements(said: Declared, tree: HtmlElement) -> None:
    """Read the first element that is marked as the author's name, if a name is all that it holds."""
    for element in tree.iter("a", "span", "div", "p", "address", "li", "strong", "cite", "h3", "h4", "h5", "em"):
        marked = f"{element.get('rel') or ''} {element.get('class') or ''}"
        if len(marked) < 4 or not _AUTHOR_CLASS.search(marked) or _in_chrome(element):
            continue
        text = squeeze(element.text_content()[:300])
        names = names_of(_AUTHOR_LEAD.sub("", text)) if 4 < len(text) < 120 else ()
        if names:
            said.authors.append((names, "author element"))
            return


def _foreign_scope(element: HtmlElement) -> bool:
    scope = next((node for node in element.iterancestors() if node.get("itemscope") is not None), None)
    return (
        scope is not None
        and _NOT_THE_PAGE.search(f"{scope.get('itemtype') or ''} {scope.get('itemprop') or ''}") is not None
    )


def _from_times(said: Declared, tree: HtmlElement) -> None:
    found: list[tuple[Printed, str, bool]] = []
    for element in tree.iter("time", "abbr"):
        if (element.tag == "abbr" and "published" not in (element.get("class") or "")) or _in_chrome(element):
            continue
        printed = _of_element(element, said.language)
        if printed is None:
            continue
        names = " ".join(filter(None, (element.get("class"), element.get("itemprop"), _class_of_parent(element))))
        if _MODIFIED_CLASS.search(names) and not _PUBLISHED_CLASS.search(element.get("class") or ""):
            said.modified.append((printed, "time"))
        else:
            sure = element.get("pubdate") is not None or _PUBLISHED_CLASS.search(names) is not None
            found.append((printed, "time", sure))
    marked = [(printed, evidence) for printed, evidence, is_marked in found if is_marked]
    days = {printed.day for printed, _, _ in found}
    if marked and (len({printed.day for printed, _ in marked}) <= 3 or _in_article(tree)):
        said.published.append(marked[0])
    elif len(days) == 1 or (found and _in_article(tree)):
        said.published.append(found[0][:2])


def _in_article(tree: HtmlElement) -> bool:
    """Tell whether the page holds one article, so that its first time is that article's."""
    return len(tree.xpath("//article[not(ancestor::article)]")) == 1 or len(tree.xpath("//h1")) == 1


def _of_element(element: HtmlElement, language: str) -> Printed | None:
    for value in (
        element.get("content"),
        element.get("datetime"),
        element.get("title"),
        squeeze(element.text_content())[:120],
    ):
        if value:
            printed = read_machine(value) or read(value, language)
            if printed:
                return printed
    return None


def _class_of_parent(element: HtmlElement) -> str:
    parent = element.getparent()
    return (parent.get("class") or "") if parent is not None else ""


def _in_chrome(element: HtmlElement) -> bool:
    for node in element.iterancestors():
        if node.tag in ("aside", "footer", "nav"):
            return True
        if node.tag in ("article", "main", "body"):
            return False
        if re.search(
            r"comment|related|sidebar|widget|recommend|latest|popular",
            f"{node.get('class') or ''} {node.get('id') or ''}",
            re.IGNORECASE,
        ):
            return True
    return False


def _canonical(tree: HtmlElement, metas: Mapping[str, Sequence[str]], url: str) -> str | None:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            return urls.join(url, element.get("href") or "")
    return urls.join(url, metas["og:url"][0]) if metas.get("og:url") else None


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
