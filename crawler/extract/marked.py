"""Reads the elements that a page marks as the name of its author, by class and by rel, and gathers its marked dates."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.extract import origins
from crawler.extract.byline import parse_line
from crawler.extract.dates import Printed
from crawler.extract.names import is_name
from crawler.extract.own import Own, find_heading, text_before
from crawler.extract.page import squeeze
from crawler.extract.reporters import reporter
from crawler.extract.signing import names_of
from crawler.extract.times import read_times

#: Classes and addresses that may mark a name or a date; what they do mark is looked at more closely.
#: Each of them begins with a letter, for which re looks first.
_HINT = re.compile(
    r"uthor|yline|dat[eu]|Dat[eu]|utor|uteur|ublish|vcard|riter|reator|fn(?<=\bfn)\b|osted|imestamp|fullname|tit-name"
)
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
#: In a box of authors, what holds one's name and nothing else; "tit-name" is a Korean agency's, without a box, too.
_NAME = re.compile(
    r"(?:^|\s)(?:(?:tit|txt|author|writer|reporter|journalist|byline|person|user)[-_]?)?name\d?(?=$|\s)", re.IGNORECASE
)
_KOREAN_NAME = re.compile(r"[가-힣]{2,4}(?:\s?(?:기자|특파원|논설위원))?")
_INLINE_TAGS = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|em|font|i|mark|small|span|strong|sup|sub|u|time)\b[^>]*>", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:.{0,40}?\b)?(?:by|von|par|por|di|door|przez|av|af|oprac\.|opracował[ao]?|เขียนโดย|โดย|автор|作者|文|记者|記者)(?=[\s:：])\s*[:：]?\s*",
    re.IGNORECASE,
)
_CHECKED = re.compile(
    r"(?:^|\b(?:expert|medically|clinically|legally) )(?:reviewed|fact[ -]?checked|verified|approved|edited) by\b|"
    r"^(?:(?:expert|medical) )?(?:reviewer|fact[ -]?checker)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"(?:^|[\s_-])(?:pull|block)?-?quotes?(?=$|[\s_-])", re.IGNORECASE)
#: In the order of the page, so many elements are looked at.
_MOST = 400


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
    heading = find_heading([element for element in elements if element.tag == "h1"], titles)
    own = Own(heading, articles)
    marked = Marked()
    marked.authors = _authors([element for element in elements if element.tag not in ("h1", "time")], elements, own)
    marked.published, marked.modified = read_times(elements, own, language)
    return marked


def _authors(candidates: Sequence[HtmlElement], elements: Sequence[HtmlElement], own: Own) -> list[str]:
    """Give the names of the first marked element after the headline, and of its neighbours; else of one before it."""
    at = next((place for place, element in enumerate(elements) if element is own.heading), -1)
    places = {id(element): place for place, element in enumerate(elements)}
    found: list[str] = []
    checkers: list[str] = []
    boxes: list[HtmlElement] = []
    for element in sorted(candidates, key=lambda element: places[id(element)] < at):
        if found and not any(node in boxes for node in islice(element.iterancestors(), 3)):
            continue
        if not _is_author(element) or not own.has(element) or _is_quoted(element) or _is_on_card(element, own):
            continue
        names = _names(element)
        if names and _is_checker(element):
            checkers = checkers or names
        elif names:
            boxes = boxes or _boxes(element)
            found += names
    # Who checked a text is its author only where nobody else is named, as with reviews of books.
    return list(dict.fromkeys(found or checkers))


def _is_author(element: HtmlElement) -> bool:
    if "author" in (element.get("rel") or ""):
        return True
    names = element.get("class") or ""
    if names == "tit-name":
        return _KOREAN_NAME.fullmatch(squeeze("".join(islice(element.itertext(), 6)))) is not None
    if names and _NOT_AUTHOR.search(names):
        return False
    hinted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", names)
    if hinted and _AUTHOR.search(hinted):
        return True
    return element.tag == "a" and _PERSON.search(element.get("href") or "") is not None


def _is_quoted(element: HtmlElement) -> bool:
    """Tell whether an element stands in what is quoted: it names who said it."""
    for node in islice(element.iterancestors(), 4):
        if node.tag == "blockquote" or _QUOTE.search(node.get("class") or ""):
            return True
    return False


def _is_on_card(element: HtmlElement, own: Own) -> bool:
    """Tell whether an element stands beside a headline in a box of other texts: it names that text's author."""
    for node in islice(element.iterancestors(), 3):
        if id(node) in own.about:
            return False
        if next(node.iter("h2", "h3", "h4", "h5"), None) is not None:
            return own.is_of_others(element)
    return False


def _is_checker(element: HtmlElement) -> bool:
    """Tell whether an element names who reviewed or checked the text, by its own words or those right before it."""
    own = squeeze("".join(islice(element.itertext(), 12)))[:60]
    return _CHECKED.match(own) is not None or _CHECKED.search(text_before(element)[-40:]) is not None


def _boxes(first: HtmlElement) -> list[HtmlElement]:
    """Give the small boxes that the first marked name stands in; the names of its fellows stand there, too."""
    return [node for node in islice(first.iterancestors(), 3) if sum(map(len, islice(node.itertext(), 60))) < 300]


def _named(element: HtmlElement) -> list[str]:
    """Give the names that elements of a box hold, each alone: beside them other words may stand without a space."""
    found: list[str] = []
    for node in islice(element.iterdescendants(etree.Element), 40):
        if _NAME.search(node.get("class") or "") is None:
            continue
        text = squeeze("".join(islice(node.itertext(), 6)))
        said = reporter(text, "zh")
        if said is None and not (_KOREAN_NAME.fullmatch(text) or is_name(text)):
            return []
        found += said[0] if said else (text,)
    return found


def _names(element: HtmlElement) -> list[str]:
    """Give the names of an element that is marked as an author's, or nothing when it holds more than that."""
    length = sum(map(len, islice(element.itertext(), 200)))
    if not 1 < length < 2_000:
        return []
    if alone := _named(element):
        return alone
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
        if (named := reporter(text, "zh")) is not None:
            return list(named[0])
        if origins.told(text) or ((said := parse_line(text)) and said.source and not said.authors):
            continue  # "Theo Reuters", "Źródło: PAP"
        if is_name(led) or names_of(led):
            return [led]
        words = len(led.split())
        plain = words == 1 or not re.search(r"\d{3}|[.!?]$", led)
        if (sure or led != text) and words <= 6 and plain and len(lines) < 4:
            return [led]
    return []
