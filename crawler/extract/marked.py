"""Reads the elements that a page marks as the name of its author or as its date: by class, by rel, and <time>."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.extract.byline import is_name, names_of
from crawler.extract.dates import Printed, read, read_machine
from crawler.extract.page import squeeze

#: Classes and addresses that may mark a name or a date; what they do mark is looked at more closely.
_HINT = re.compile(r"uthor|yline|[dD]at[eu]|utor|uteur|ublish|vcard|riter|reator|\bfn\b|osted|imestamp|fullname")
_PERSON = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|profile|people|writers?|contributors?|journalist\w*|redakteure?)/[^/?#]+"
)
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:(?:document|article|post|entry|story|blog|content|news|small)?(?:authors?|bylines?|autor(?:en|in)?|"
    r"auteure?|writers?|creator)|vcard|by-?line|written-by|posted-by)"
    r"(?:[\s_-]+(?:full)?(?:names?|links?|urls?|titles?|info|meta|details?|box|by|text|block|wrap\w*|container|vcard|"
    r"item|inner|label|section|profile|content|top|header|credits?)\b|\d+|[\s_-]+\w{1,6}$)*(?=$|\s|__)",
    re.IGNORECASE,
)
_NOT_AUTHOR = re.compile(
    r"comment|avatar|\bbio|[_-]bio|descri|image|photo|social|twitter|follow|count|archive|related|latest|reviewer|"
    r"authority|editor-note|copyright|autoresize|autoplay|autocomplete|auto\b",
    re.IGNORECASE,
)
_SURE_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:author[\s_-]*(?:full)?name|creator-name|fn|author|documentauthor)(?=$|\s|_)", re.IGNORECASE
)
_PUBLISHED = re.compile(
    r"publish|entry-date|post-date|postdate|pubdate|article-?date|dateline|posted|timestamp|created", re.IGNORECASE
)
_MODIFIED = re.compile(
    r"modif|updat|upd-|revis|aktualis|geändert|mis à jour|aggiornat|actualizad|(?:^|[\s_-])changed(?=$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"comment|related|sidebar|widget|recommend|latest|popular|teaser|most-?read|more-|trending|promo|carousel|card-list",
    re.IGNORECASE,
)
_INLINE_TAGS = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|em|font|i|mark|small|span|strong|sup|sub|u|time)\b[^>]*>", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:.{0,40}?\b)?(?:by|von|par|por|di|door|przez|av|af|автор|作者|文|记者|記者)(?=[\s:：])\s*[:：]?\s*",
    re.IGNORECASE,
)
#: In the order of the page, so many elements are looked at.
_MOST = 400
_DEEPEST = 100
#: A link that says more than this beside a date leads to another text, whose date it is.
_CARD = 40
#: A label that says whose date follows.
_LABEL = re.compile(
    r"(?:date |first )?(?:published|publish date|publication date|posted|veröffentlicht|publié|publicado|pubblicato)"
    r"(?: on| am| le| el| il)?\s*:?",
    re.IGNORECASE,
)
#: Between a label and its date.
_SMALL = re.compile(r"(?:on|am|at|le|el|il|den|:)?", re.IGNORECASE)


@dataclass(slots=True)
class Marked:
    """What elements are marked to be."""

    authors: list[str] = field(default_factory=list)
    published: list[Printed] = field(default_factory=list)
    modified: list[Printed] = field(default_factory=list)


@lru_cache(maxsize=8_192)
def is_hint(names: str) -> bool:
    """Tell whether a class may mark a name or a date."""
    return _HINT.search(names) is not None


def is_person(link: HtmlElement) -> bool:
    """Tell whether a link leads to an author's page."""
    return "author" in link.get("rel", "") or _PERSON.search(link.get("href", "")) is not None


def read_marks(marks: Sequence[HtmlElement], titles: Iterable[str], articles: int, language: str) -> Marked:
    """Read the names and dates that are marked about the page's own headline."""
    elements = marks[:_MOST]
    heading = _heading([element for element in elements if element.tag == "h1"], titles)
    own = _Own(heading, articles)
    marked = Marked()
    marked.authors = _authors([element for element in elements if element.tag not in ("h1", "time")], elements, own)
    _times(elements, own, language, marked)
    return marked


class _Own:
    """Tells whether an element belongs to the page's own article."""

    def __init__(self, heading: HtmlElement | None, articles: int):
        self.heading = heading
        self.about = set() if heading is None else {id(node) for node in heading.iterancestors()}
        # lxml makes new proxies for nodes that nobody holds: hold them, or their ids are worth nothing.
        self._held = [] if heading is None else list(heading.iterancestors())
        self.articles = articles

        self._steps = {id(node): step for step, node in enumerate(self._held)}

    def steps(self, element: HtmlElement) -> int:
        """Tell how many steps lead from the headline up to what holds it and the element."""
        return next(
            (self._steps[id(node)] for node in islice(element.iterancestors(), _DEEPEST) if id(node) in self._steps), 0
        )

    def has(self, element: HtmlElement) -> bool:
        """Tell whether the element is no furniture and in no other article's box."""
        for node in islice(element.iterancestors(), _DEEPEST):
            if id(node) in self.about:
                return True
            if node.tag == "article" and self.articles > 1:
                return self.heading is None
            if node.tag == "a" and _is_card(node, element):
                return False
            if node.tag == "nav" or (node.tag == "aside" and self.articles != 1):
                return False
            names = f"{node.get('class') or ''} {node.get('id') or ''}"
            if len(names) > 4 and node.tag not in ("body", "main", "article") and _FURNITURE.search(names):
                return False
        return True

    def has_beside(self, element: HtmlElement) -> bool:
        """Tell whether an element stands in a column beside the article, labelled as its publication, on no card."""
        if not _LABEL.fullmatch(_text_before(element)):
            return False
        nodes = list(islice(element.iterancestors(), _DEEPEST))
        if any(node.tag in ("nav", "article") or (node.tag == "a" and _is_card(node, element)) for node in nodes):
            return False
        names = " ".join(f"{node.get('class') or ''} {node.get('id') or ''}" for node in nodes if node.tag != "body")
        return _FURNITURE.search(names.replace("sidebar", "")) is None


def _is_card(link: HtmlElement, element: HtmlElement) -> bool:
    """Tell whether a link is a whole card, with a headline beside the element: it leads to another text."""
    if not link.get("href"):
        return False
    own = {id(part): part for part in (element, *islice(link.iter("time"), 4))}
    return _length(link) - sum(map(_length, own.values())) > _CARD


def _length(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in islice(element.itertext(), 60))


def _heading(headings: Sequence[HtmlElement], titles: Iterable[str]) -> HtmlElement | None:
    """Find the element of the headline among the page's h1."""
    wanted = ["".join(filter(str.isalnum, title.casefold())) for title in titles]
    for heading in headings:
        found = "".join(filter(str.isalnum, heading.text_content().casefold()))
        if len(found) > 5 and any(found in title or title in found for title in wanted if len(title) > 5):
            return heading
    return headings[0] if len(headings) == 1 else None


def _authors(candidates: Sequence[HtmlElement], elements: Sequence[HtmlElement], own: _Own) -> list[str]:
    """Give the names of the first marked element after the headline, and of its neighbours; else of one before it."""
    at = next((place for place, element in enumerate(elements) if element is own.heading), -1)
    places = {id(element): place for place, element in enumerate(elements)}
    chosen: list[tuple[HtmlElement, list[str]]] = []
    boxes: list[HtmlElement] = []
    for element in sorted(candidates, key=lambda element: places[id(element)] < at):
        if chosen and not any(node in boxes for node in islice(element.iterancestors(), 3)):
            continue
        if not _is_author(element) or not own.has(element):
            continue
        names = _names(element)
        if names:
            boxes = boxes or _boxes(element)
            chosen.append((element, names))
    return list(dict.fromkeys(name for _, names in chosen for name in names))


def _is_author(element: HtmlElement) -> bool:
    if "author" in (element.get("rel") or ""):
        return True
    names = element.get("class") or ""
    if names and _NOT_AUTHOR.search(names):
        return False
    hinted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", names)
    if hinted and _AUTHOR.search(hinted):
        return True
    return element.tag == "a" and _PERSON.search(element.get("href") or "") is not None


def _boxes(first: HtmlElement) -> list[HtmlElement]:
    """Give the small boxes that the first marked name stands in; the names of its fellows stand there, too."""
    return [node for node in islice(first.iterancestors(), 3) if sum(map(len, islice(node.itertext(), 60))) < 300]


def _names(element: HtmlElement) -> list[str]:
    """Give the names of an element that is marked as an author's, or nothing when it holds more than that."""
    length = sum(map(len, islice(element.itertext(), 200)))
    if not 1 < length < 2_000:
        return []
    markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    text = re.sub(
        r"<(?:script|style|svg|noscript)\b.*?</(?:script|style|svg|noscript)>|<!--.*?-->", "", markup, flags=re.DOTALL
    )
    pieces = re.sub(r"<[^>]+>", "\n", _INLINE_TAGS.sub("", text)).split("\n")
    lines = [line for line in (squeeze(html.unescape(piece)) for piece in pieces) if line]
    if not lines or len(lines) > 12:
        return []
    hinted = f"{element.get('rel') or ''} {re.sub(r'(?<=[a-z])(?=[A-Z])', '-', element.get('class') or '')}"
    sure = _SURE_AUTHOR.search(hinted) is not None
    for line in lines[:4]:
        text = re.split(r"\s[|·•]\s|,?\s+(?:on|am|le|el)\s+(?=\d|[A-Z]\w+ \d)", line, maxsplit=1)[0]
        led = _LEAD.sub("", text)
        if not 2 <= len(led) <= 100 or _LEAD.fullmatch(f"{led}:") or led.endswith((" am", " on", ":")):
            continue
        if names_of(led) or is_name(led):
            return [led]
        words = len(led.split())
        plain = words == 1 or not re.search(r"\d{3}|[.!?]$", led)
        if (sure or led != text) and words <= 6 and plain and len(lines) < 4:
            return [led]
    return []


def _times(elements: Sequence[HtmlElement], own: _Own, language: str, marked: Marked) -> None:
    sure: list[tuple[int, Printed]] = []
    found: list[tuple[int, Printed]] = []
    beside: list[Printed] = []
    for element in elements:
        if element.tag == "h1" or (element.tag != "time" and not _is_dated(element)):
            continue
        if not own.has(element):
            if own.has_beside(element) and (printed := of_element(element, language)):
                beside.append(printed)
            continue
        printed = of_element(element, language)
        if printed is None:
            continue
        names = " ".join(filter(None, (element.get("class"), element.get("itemprop"), _class_of_parent(element))))
        if _is_change(element, names):
            marked.modified.append(printed)
        elif element.get("pubdate") is not None or _PUBLISHED.search(names):
            sure.append((own.steps(element), printed))
        else:
            found.append((own.steps(element), printed))
    # The nearest to the headline; of those equally near, the first.
    marked.published = [min(dates, key=lambda item: item[0])[1] for dates in (sure, found) if dates]
    if not marked.published and len({printed.day for printed in beside}) == 1:
        marked.published = beside[:1]


def _is_change(element: HtmlElement, names: str) -> bool:
    """Tell whether an element's date is that of a change: by what readers see in it, else by its names and label."""
    text = squeeze(element.text_content()[:80])
    if _PUBLISHED.search(text):
        return False
    if _MODIFIED.search(text):
        return True
    changed = _MODIFIED.search(f"{names} {_text_before(element)}") is not None
    return changed and not _PUBLISHED.search(element.get("class") or "")


def _text_before(element: HtmlElement) -> str:
    """Give the text right before an element, within its parent; a word such as "on" with what stands before it."""
    previous, said = element.getprevious(), ""
    while previous is not None and _SMALL.fullmatch(said):
        inner = squeeze("".join(islice(previous.itertext(), 20)))
        said = f"{squeeze(previous.tail or '') or inner[-40:]} {said}".strip()
        if any(map(str.isdigit, inner)):
            return said  # another date, with its own label
        previous = previous.getprevious()
    parent = element.getparent()
    if _SMALL.fullmatch(said) and parent is not None:
        said = f"{squeeze(parent.text or '')} {said}".strip()
    return said


def _is_dated(element: HtmlElement) -> bool:
    names = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", element.get("class") or "")
    return (
        re.search(
            r"(?:^|[\s_-])(?:date|datum|fecha|published?|publish(?:ed)?-?(?:date|time|on|at)?|entry-date|post-?date|pubdate|"
            r"article-?date|updated|dateline|timestamp|created|(?:post|entry|article|news|meta|item)[_-]?time)(?=$|[\s_])",
            names,
            re.IGNORECASE,
        )
        is not None
        and len(element.text_content()) < 90
    )


def of_element(element: HtmlElement, language: str) -> Printed | None:
    """Read the date of an element: what is written for machines, else what is printed."""
    text = squeeze(element.text_content())[:120]
    for value in (element.get("content"), element.get("datetime"), element.get("title"), text):
        if value:
            printed = read_machine(value) or read(value, language)
            if printed:
                return _as_shown(printed, text, language)
    return None


def _as_shown(machine: Printed, text: str, language: str) -> Printed:
    """Give the day that an element shows where it is one off, by the clock of the page's own place."""
    shown = read(text, language) if any(map(str.isdigit, text)) else None
    if shown is None or shown.day == machine.day:
        return machine
    apart = date.fromisoformat(shown.day) - date.fromisoformat(machine.day)
    return shown if abs(apart.days) == 1 else machine


def _class_of_parent(element: HtmlElement) -> str:
    parent = element.getparent()
    return (parent.get("class") or "") if parent is not None else ""
