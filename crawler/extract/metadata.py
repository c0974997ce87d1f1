"""Reads what a page declares of itself: JSON-LD, microdata, meta elements and <time>, each value with its evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler import urls
from crawler.agencies import agency
from crawler.extract import jsonld, metas
from crawler.extract.dates import read, read_machine
from crawler.extract.declared import Declared, Elements, gather, is_masthead, is_walled, parts_of, split_tags, text_of
from crawler.extract.marked import read_marks
from crawler.extract.page import ParsedPage, letters, squeeze
from crawler.extract.scopes import Scopes
from crawler.extract.times import of_element

_MOST_ITEMS = 400
_LONGEST_TITLE = 500
#: An address that a template did not fill in.
_UNFILLED = re.compile(r"^$|(?:^|/)(?:undefined|null|none|nan|false)/?$|[{}<>]|%7[bB]|\[\w+\]")
_ITEMS = frozenset(("headline", "author", "creator", "datepublished", "datemodified", "datecreated", "description"))


def read_page(page: ParsedPage) -> Declared:
    """Collect what a page declares."""
    found = gather(page.elements)
    said = Declared()
    headings = [element for element in found.headings[:12] if not is_masthead(element)][:6]
    said.h1 = [text for text in map(text_of, headings) if text]
    scopes = Scopes(page.url, " ".join((found.title, *said.h1[:2])))
    told = metas.collect([element for element in found.metas if element.get("itemprop") is None or scopes.own(element)])
    said.h1_parts = [text for element in headings for text in parts_of(element)]
    said.h2 = [text for text in map(text_of, found.subheadings[:12]) if text]
    said.language = _language(page.tree, told)
    hint = " ".join((found.title, *told.get("og:title", ())[:1], *said.h1[:2]))
    said.nodes = jsonld.nodes(found.scripts)
    said.locale = next(iter(told.get("og:locale", ())), "")[:20]
    said.generator = next(iter(told.get("generator", ())), "")[:60]
    said.kind = next(iter(told.get("og:type", ())), "").lower()[:40]
    node = jsonld.article(list(said.nodes), hint, page.url)
    if node is not None:
        _from_jsonld(said, node)
    metas.tell(said, told)
    if not said.site_name and (publisher := _publisher(said.node, page.url)):
        said.site_name, said.where["site_name"] = publisher, "json-ld publisher"
    said.reservation = metas.reservation(told)
    _from_items(said, found.items, scopes)
    if found.title:
        said.titles.append((found.title, "title element"))
    # One that is longer is a text, and every place at which it could be cut would be looked at.
    said.titles = [(value[:_LONGEST_TITLE], where) for value, where in said.titles]
    _from_marks(said, found)
    said.canonical, said.where["canonical"] = _canonical(found.links, told, page.url)
    return said


def _from_jsonld(said: Declared, node: Mapping[str, Any]) -> None:
    said.node = node
    said.where = dict.fromkeys(("description", "image", "tags"), "json-ld")
    headline = jsonld.text_of(node.get("headline")) or jsonld.text_of(node.get("name"))
    if headline:
        said.titles.append((headline, "json-ld"))
    names = tuple(jsonld.names(node.get("author") or node.get("creator")))
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
    parts = [part for part in jsonld.listed(node.get("hasPart")) if isinstance(part, dict)]
    said.paywalled = is_walled(node.get("isAccessibleForFree"))
    if said.paywalled is None and any(is_walled(part.get("isAccessibleForFree")) for part in parts):
        said.paywalled = True
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
    said.tags = tuple(split_tags([item for item in listed if isinstance(item, str)]))
    said.language = said.language or jsonld.text_of(node.get("inLanguage"))


def _publisher(node: Mapping[str, Any], url: str) -> str:
    """Give the declared publisher, where it is the page's own house and not one that the text is taken from."""
    houses = jsonld.houses(node.get("publisher"), url)
    return next((name for name, _, elsewhere in houses if not elsewhere and not agency(name)), "")


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
        elif name == "description":
            if element.tag != "meta":
                said.described.add(letters(element.text_content()))
        elif name == "headline":
            value = squeeze(element.get("content") or element.text_content())
            if value and len(value) < 400:
                said.titles.append((value, "microdata"))
        else:
            printed = of_element(element, said.language)
            if printed:
                evidence = "microdata dateCreated" if name == "datecreated" else "microdata"
                (said.modified if name == "datemodified" else said.published).append((printed, evidence))


def _from_marks(said: Declared, found: Elements) -> None:
    marked = read_marks(found.marks, [value for value, _ in said.titles], found.articles, said.language)
    if marked.authors:
        said.authors.append((tuple(marked.authors), "author element"))
    said.published += [(printed, "time") for printed in marked.published]
    said.modified += [(printed, "time") for printed in marked.modified[:1]]


def _canonical(links: Sequence[HtmlElement], told: Mapping[str, Sequence[str]], url: str) -> tuple[str | None, str]:
    for element in links:
        if (element.get("rel") or "").lower() == "canonical" and (address := _page_at(element.get("href") or "", url)):
            return address, "link canonical"
    address = _page_at(told["og:url"][0], url) if told.get("og:url") else None
    return (address, "meta og:url") if address else (None, "")


def _page_at(href: str, url: str) -> str | None:
    """Give the address that a page calls its own, where it is no template's place and no home page of another page."""
    if _UNFILLED.search(href.strip()) or not (address := urls.join(url, href)):
        return None
    parts, here = urlsplit(address), urlsplit(url)
    if not parts.path.strip("/") and not parts.query and (here.path.strip("/") or here.query):
        return None
    return address


def _language(tree: HtmlElement, told: Mapping[str, Sequence[str]]) -> str:
    root = tree if tree.tag == "html" else tree.find(".//html")
    declared = ""
    if root is not None:
        declared = (
            root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
        )
    declared = declared or metas.first(told, "language") or ""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}))?", declared)
    return "-".join(filter(None, match.groups())).lower() if match else ""
