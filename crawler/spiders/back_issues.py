"""Lists of older articles: sitemaps and their indexes, calendars, numbered archive pages, "next" links.

Runs in a worker process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree, html

from crawler.backfill.window import period_of
from crawler.polling import Contents
from crawler.spiders.section import links
from crawler.spiders.sitemap import parse_sitemap
from crawler.spiders.text import decode, squeeze, text_of
from crawler.urls import join, normalise, same_site

#: sitemap: one, or an index of them; calendar: the page of a day, month or year; paging: the next page of a list;
#: archive: a page that may lead to those; front: a page that is read for such links only.
Kind = Literal["sitemap", "calendar", "paging", "archive", "front"]

_MOST_ANCHORS = 5_000
_MOST_LEADS = 500
#: Of one index: the protocol's own limit.
_MOST_CHILDREN = 50_000
_NUMBERED = (
    re.compile(r"(?<=[?&])(?:page|paged|pg|p|seite|pagina|start_page|pn)=(\d{1,5})(?=&|$)", re.IGNORECASE),
    re.compile(r"(?<=/)(?:page|seite|pagina|p)[/_-](\d{1,5})(?=/?(?:\.\w{2,5})?(?:$|\?))", re.IGNORECASE),
    re.compile(r"(?<=/)(?:index|list|default)[_-]?(\d{1,5})(?=\.\w{2,5}(?:$|\?))", re.IGNORECASE),
)
_NEXT = re.compile(
    r"^\W*(?:next(?: page)?|older(?: posts| stories| articles| entries)?|weiter|nächste(?: seite)?|ältere \w+|"
    r"(?:page )?suivante?|siguiente|próxima|successiv[ao]|далее|следующая|вперед|下一页|下页|下一頁|次へ|次のページ|"
    r"다음|sonraki|التالي)\W*$",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    r"^(?:news-?|story-?)?(?:archives?|archiv|archivo|arquivo|archivio|arxiv|archief|arhiv|arsip|arsiv)(?:-?(?:news|list))?$|"
    r"^(?:all-?news|all-?stories|latest(?:-?news)?|newsarchive|sitemap)$",
    re.IGNORECASE,
)
#: Sitemaps of what is no article.
_NO_ARTICLES = re.compile(
    r"image|video|author|users?\b|tags?\b|tagx|categor|taxonom|page-sitemap|pages?\.xml|section|product|static|podcast",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListLead:
    """The address of another list."""

    url: str
    kind: Kind
    #: When it was changed, as its index prints it; "" when nothing says that.
    changed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Contents):
    """A list of articles, and the lists that it leads to."""

    leads: tuple[ListLead, ...] = ()


def read_listing(kind: Kind, body: bytes, content_type: str, url: str) -> Listing:
    """Read a list and find out where it leads."""
    if kind == "sitemap":
        page = parse_sitemap(body, content_type, url)
        dated = zip(page.children, page.changed, strict=True)
        wanted = ((at, changed) for child, changed in dated if (at := normalise(child)))
        leads = [
            ListLead(at, "sitemap", changed)
            for at, changed in wanted
            if not _NO_ARTICLES.search(urlsplit(at).path.rsplit("/", 1)[-1])
        ]
        return Listing(
            entries=page.entries + page.nameless,  # they are counted, too
            problem=page.problem,
            surplus=page.surplus,
            leads=tuple(leads[:_MOST_CHILDREN]),
        )
    found = links(body, content_type, url)
    leads = list(_leads(body, content_type, url))
    articles = () if kind == "front" else tuple(e for e in found.entries if period_of(e.url) is None)
    # A day without articles, or a page with nothing but months, is a good list too.
    problem = found.problem if not leads and not articles and kind != "front" else None
    return Listing(entries=articles, problem=problem, leads=tuple(leads[:_MOST_LEADS]))


def _leads(body: bytes, content_type: str, url: str) -> Iterator[ListLead]:
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(body, content_type)))
    except (etree.LxmlError, ValueError, AssertionError):
        return
    base = next((join(url, element.get("href") or "") for element in tree.iter("base")), None) or url
    here, seen = normalise(url), set[str]()
    anchors = list(_anchors(tree, base, url))
    following = next_page(url, (at for at, _ in anchors))
    for at, element in anchors:
        if at == here or at in seen:
            continue
        kind = _kind(at, element, following)
        if kind is not None:
            seen.add(at)
            yield ListLead(at, kind)


def _anchors(tree: etree._Element, base: str, url: str) -> Iterator[tuple[str, etree._Element]]:
    for count, element in enumerate(tree.iter("a", "link")):
        if count >= _MOST_ANCHORS:
            return
        reference = (element.get("href") or "").strip()
        if not reference or reference.startswith("#"):
            continue
        if element.tag == "link" and "next" not in (element.get("rel") or "").lower().split():
            continue
        at = join(base, reference)
        if at is not None and same_site(at, url):
            yield at, element


def _kind(at: str, element: etree._Element, following: str | None) -> Kind | None:
    # A calendar's "next" is a calendar still: its day decides.
    if period_of(at) is not None:
        return "calendar"
    if (
        at == following
        or "next" in (element.get("rel") or "").lower().split()
        or _NEXT.match(squeeze(text_of(element)))
    ):
        return "paging"
    last = urlsplit(at).path.rstrip("/").rsplit("/", 1)[-1]
    if _numbered(at)[1] is not None:
        return None  # page 7 is come to by page 6
    return "archive" if _ARCHIVE.match(re.sub(r"\.\w{2,5}$", "", last)) else None


def next_page(url: str, others: Iterable[str]) -> str | None:
    """Find the page that follows a numbered one, among the addresses that it links to."""
    base, number = _numbered(normalise(url) or url)
    best: tuple[int, str] | None = None
    for other in others:
        their_base, their_number = _numbered(other)
        if their_number is None or their_base != base:
            continue
        # The first page has no number; some count from nought, so the second one is 1 or 2.
        ahead = their_number == number + 1 if number is not None else their_number in (1, 2)
        if ahead and (best is None or their_number < best[0]):
            best = their_number, other
    return best[1] if best else None


def _numbered(url: str) -> tuple[str, int | None]:
    """Take the page number out of an address."""
    for form in _NUMBERED:
        if found := form.search(url):
            rest = f"{url[: found.start()].rstrip('?&/')}{url[found.end() :].lstrip('&')}"
            return re.sub(r"/?(?:\.\w{2,5})?$", "", rest), int(found[1])
    return re.sub(r"(?:/(?:index|default|list))?/?(?:\.\w{2,5})?$", "", url), None
