"""What a page says of itself, and the elements of it in which it may say that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler.extract.dates import Printed
from crawler.extract.marked import is_hint, is_person
from crawler.extract.page import squeeze
from crawler.records import Reservation

#: A value and where it was read.
Said = tuple[str, str]


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
    #: The letters of what the page shows and microdata calls its description.
    described: set[str] = field(default_factory=set)
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
    #: The system that it was made with, such as "Hugo 0.92".
    generator: str = ""
    #: Its og:type, such as "article" or "video.other".
    kind: str = ""
    #: Where the fields of a single value were read: canonical, site_name, description, image, tags.
    where: dict[str, str] = field(default_factory=dict)
    h1: list[str] = field(default_factory=list)
    h2: list[str] = field(default_factory=list)
    #: The texts of the elements inside the h1.
    h1_parts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Elements:
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


def gather(held: Sequence[HtmlElement]) -> Elements:
    """Sort the elements of a page by what they may tell."""
    found = Elements()
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


def is_masthead(heading: HtmlElement) -> bool:
    """Tell whether a heading is the site's name: a link to the front page, or marked as its logo."""
    names = f"{heading.get('class') or ''} {heading.get('id') or ''}"
    if re.search(r"\blogo\b|site-?(?:title|name)|blog-?(?:title|name)|brand|masthead", names, re.IGNORECASE):
        return True
    link = heading.find(".//a")
    address = (link.get("href") or "x") if link is not None else "x"
    return re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", address) is not None


def parts_of(heading: HtmlElement) -> list[str]:
    """Give the texts within a heading that its elements part from each other."""
    parts = [child.text_content() for child in heading]
    tails = [child.tail or "" for child in heading]
    return [text for text in map(squeeze, (heading.text or "", *parts, *tails, "".join(tails))) if text]


def text_of(element: HtmlElement) -> str:
    """Give the visible text of a heading."""
    parts = [element.text or ""]
    for child in element.iterdescendants(etree.Element):
        if child.tag in ("style", "script", "svg"):
            parts.append(child.tail or "")
        else:
            parts += [" " if child.tag in ("br", "div", "p") else "", child.text or ""]
            parts.append(child.tail or "")
    return squeeze("".join(parts))


def split_tags(values: Sequence[str]) -> list[str]:
    """Part lists of tags that are written in one; each once, in whatever case, twenty at most."""
    found: dict[str, str] = {}
    for tag in (squeeze(part) for value in values for part in re.split(r"[,;،、，；]", value)):
        if 1 < len(tag) <= 60:
            found.setdefault(tag.casefold(), tag)
    return list(found.values())[:20]


def is_walled(free: object) -> bool | None:
    """Tell from "isAccessibleForFree" whether a text is behind a wall; its values may be addresses of schema.org."""
    if not isinstance(free, bool | str):
        return None
    return str(free).strip().lower().rpartition("/")[2] in ("false", "0", "no")
