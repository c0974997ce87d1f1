"""Reads the meta elements of a page: OpenGraph, Dublin Core, Parsely, Sailthru, and what houses call their own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from crawler.extract import jsonld
from crawler.extract.dates import Printed, read, read_machine
from crawler.extract.declared import Declared, Said, is_walled, split_tags
from crawler.extract.page import squeeze
from crawler.records import Reservation

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


def collect(elements: Sequence[HtmlElement]) -> dict[str, list[str]]:
    """Give the values of each name that the elements bear, in small letters."""
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


def reservation(metas: Mapping[str, Sequence[str]]) -> Reservation | None:
    """Read what a page says about text and data mining of itself; where it says both, it is reserved."""
    policy = next(iter(metas.get("tdm-policy", ())), None)
    told = [Reservation.read(value, policy, "meta") for value in metas.get("tdm-reservation", ())]
    return max(filter(None, told), key=lambda each: each.reserved, default=None)


def _said(metas: Mapping[str, Sequence[str]], field_name: str) -> Iterator[Said]:
    for key in _META[field_name]:
        for value in metas.get(key, ()):
            yield value, f"meta {key}"


def first(metas: Mapping[str, Sequence[str]], field_name: str) -> str | None:
    """Give the best value of a field."""
    return next((squeeze(value) for value, _ in _said(metas, field_name)), None)


def tell(said: Declared, metas: Mapping[str, Sequence[str]]) -> None:
    """Add what the elements say; of fields with one value, what JSON-LD says of its tags and wall counts more."""
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
        said.tags = tuple(split_tags([value for value, _ in listed]))
        said.where["tags"] = ", ".join(dict.fromkeys(where for _, where in listed))
    if said.paywalled is None:
        tier = (first(metas, "tier") or "").lower()
        said.paywalled = True if tier in ("locked", "metered") else False if tier == "free" else None
        free = metas.get("isaccessibleforfree")
        if free:
            said.paywalled = is_walled(free[0])


def _read_date(value: str, language: str) -> Printed | None:
    # Systems write 11/01/2023 in their own order, whatever the language of their pages.
    return read_machine(value) or read(value, "" if re.match(r"\d{1,2}/\d{1,2}/\d{4}", value) else language)
