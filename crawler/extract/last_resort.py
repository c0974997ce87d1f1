"""Reads a date where nothing declares or prints one: in scripts, on cards, at the end of the text, by htmldate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from htmldate import find_date
from lxml.html import HtmlElement

from crawler import urls
from crawler.extract import eyes
from crawler.extract.below import is_answer, is_beside_link, others_at
from crawler.extract.byline import parse_date_line
from crawler.extract.captions import is_of_picture
from crawler.extract.datelines import is_signed, read_line
from crawler.extract.dates import Printed, clean, find, find_spans, may_hold, read, read_machine
from crawler.extract.datewords import NOT_THE_TEXT, RETRIEVED, is_credited, is_of_first_house
from crawler.extract.events import is_of_data, is_of_event, is_of_row, is_reference
from crawler.extract.lines import HEADER
from crawler.extract.loose import Loose
from crawler.extract.mastheads import is_masthead, shows_today
from crawler.extract.months import weekdays
from crawler.extract.page import ParsedPage, squeeze

#: A page that prints more days than these outside its furniture lists other texts or events.
_MANY_DAYS = 3
#: "publishedAt":"2019-..." in the state that a page gives to its scripts, escaped or not.
_IN_SCRIPT = re.compile(
    r"(?:date_?published|published_?(?:at|on|date|time|first)|publish_?(?:date|time)|first-?publi(?:cation|shed)|"
    r"publication_?(?:date|time))"
    r"(?:\\*[\"']|&quot;)?\s*[:=]\s*(?:\\*[\"']|&quot;)(\d{4}-\d\d-\d\d[^\"'\\&]{0,30}|\d\d\.\d\d\.\d{4}(?!\d))",
    re.IGNORECASE,
)
#: In a script, within a list of comments or of other texts.
_OF_OTHERS = re.compile(
    r"(?:comments?|reviews?|related\w*|replies|responses|latest\w*|recommend\w*|popular\w*|trending\w*|most_?read)"
    r"(?:\\*[\"']|&quot;)?\s*:\s*[\[{][^\]]*$",
    re.IGNORECASE,
)
#: So far before a date such a list is looked for.
_BEFORE = 400
_SCRIPT = 500_000
#: Attributes that hold a page's state are as long as this.
_STATE = 300
#: So many links of a page are looked at, and so many that lead to itself.
_MOST_LINKS = 3_000
_MOST_CARDS = 12
#: What a market or a thermometer showed.
_QUOTED = re.compile(r"(?<![\d.])\d[\d,]*\.\d{1,2}(?![\d.:])|\d\s?%")
#: The words of a line; a day of the week may be one letter in brackets: "2026年11月13日（金）".
_WORDS = re.compile(r"(?<=[(（])[^\W\d_](?=[)）])|[^\W\d_]+(?:['’ʼ-]?[^\W\d_]+)+")
#: A line below the text that is longer than this says something.
_SENTENCE = 50


def guess(page: ParsedPage, language: str, loose: Loose, now: datetime | None = None) -> tuple[Printed, str] | None:
    """Give the date that a page gives away without saying it, with where it was read."""
    page = replace(page, lines=list(eyes.seen(page.lines, loose.first_at, loose.title_at, language)))
    return (
        in_scripts(page)
        or on_own_card(page, language)
        or at_the_end(page, language, loose, now)
        or by_htmldate(page, language, loose)
    )


def in_scripts(page: ParsedPage) -> tuple[Printed, str] | None:
    """Read the date that a page hands to its own scripts, where they hold one day and so one text."""
    found: list[Printed] = []
    for text in _states(page.tree):
        if "ubl" not in text and "UBL" not in text:
            continue
        found += [
            printed
            for match in _IN_SCRIPT.finditer(text)
            if not _OF_OTHERS.search(text, max(0, match.start() - _BEFORE), match.start())
            and (printed := read_machine(match[1]) or read(match[1]))
        ]
    return (found[0], "script") if len({printed.day for printed in found}) == 1 else None


def _states(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter():
        if element.tag == "script":
            # What JSON-LD says of the page is known; the rest of it speaks of comments, lists and other texts.
            if "ld+json" not in (element.get("type") or "").lower():
                yield (element.text or "")[:_SCRIPT]
        elif isinstance(element.tag, str):
            for value in element.attrib.values():
                if len(value) > _STATE:
                    yield value[:_SCRIPT]


def on_own_card(page: ParsedPage, language: str) -> tuple[Printed, str] | None:
    """Read the date on a card that leads to the very page, as lists of the newest texts have it."""
    here = _place(page.url)
    if "/" not in here:
        return None
    last = here.rpartition("/")[2]
    own = (
        link
        for link in islice(page.tree.iter("a"), _MOST_LINKS)
        if _may_lead_to(link, last) and _leads_to(link, page.url) == here
    )
    days: dict[str, Printed] = {}
    for link in islice(own, _MOST_CARDS):
        card = link
        for _ in range(3):
            printed = find(squeeze(" ".join(islice(card.itertext(), 40)))[:400], language)
            days |= {each.day: each for each in printed}
            parent = card.getparent()
            if printed or parent is None:
                break
            links = list(islice(parent.iter("a"), _MOST_CARDS))
            if len(links) == _MOST_CARDS or any(_leads_to(each, page.url) != here for each in links):
                break
            card = parent
    return (next(iter(days.values())), "card of the page") if len(days) == 1 else None


def _may_lead_to(link: HtmlElement, last: str) -> bool:
    """Tell, without resolving it, whether a link may lead to an address with this last part, which few links have."""
    address = link.get("href") or ""
    # What is escaped may be written in letters, and what is relative to the page itself has no part of it.
    return "%" in last or address.startswith(("?", ".")) or last in address.lower()


def _leads_to(link: HtmlElement, base: str) -> str:
    address = link.get("href") or ""
    return "" if not address or address.startswith("#") else _place(urls.join(base, address) or "")


def _place(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", address).rstrip("/").lower()


def at_the_end(
    page: ParsedPage, language: str, loose: Loose, now: datetime | None = None
) -> tuple[Printed, str] | None:
    """Read a date that stands alone under the text, as letters and notices are signed."""
    last_at = loose.last_at
    for at in range(max(0, last_at - 1), min(others_at(page.lines, last_at), last_at + 4)):
        line = page.lines[at]
        if is_of_row(page.lines, at) or is_reference(page.lines, at):
            continue
        if line.chrome or line.links or len(line.text) > 40 or is_answer(line.block) or is_of_event(page.lines, at):
            continue
        if at > last_at + 1 and page.lines[at - 1].linked:
            continue  # the day of the text to which that leads
        following = page.lines[at + 1] if at + 1 < len(page.lines) else None
        if at > last_at and following and not following.chrome and len(following.text) > _SENTENCE:
            continue  # who wrote that has a day of his own
        if not is_signed(line.text, language) or is_beside_link(page.lines, at, loose.first_at):
            continue
        printed = parse_date_line(line.text, language)
        if printed and _is_clock(line.text, printed, language, now):
            continue
        if printed and not NOT_THE_TEXT.search(line.text) and _days(page, language) == {printed.day}:
            return printed, "line below the text"
    return None


def _is_clock(text: str, printed: Printed, language: str, now: datetime | None) -> bool:
    """Tell whether a line tells the day on which the page was read, with its weekday: no letter is signed so."""
    if now is None or abs((date.fromisoformat(printed.day) - now.date()).days) > 1:
        return False
    names = weekdays(language)
    return any(re.sub("['’]", "ʼ", word.casefold()) in names for word in _WORDS.findall(clean(text)))


def _days(page: ParsedPage, language: str) -> set[str]:
    return {
        printed.day
        for line in page.lines
        if not line.chrome and may_hold(line.text)
        for _, _, printed in find_spans(clean(line.text), language)
    }


def by_htmldate(page: ParsedPage, language: str, loose: Loose) -> tuple[Printed, str] | None:
    """Ask htmldate, and believe it only where the page prints that day in a short line that is not another text's.

    Without this guard it makes dates of counters, prices and copyright years, and of the boxes of other texts.
    """
    days: dict[str, int] = {}
    title, last_at = loose.title_at or 0, loose.last_at
    title_in_head = any(line.tag == "h1" and line.block.inside & HEADER for line in page.lines)
    for at, line in enumerate(page.lines[: others_at(page.lines, last_at)]):
        if line.chrome or len(line.text.split()) > 12 or not may_hold(line.text):
            continue
        # Below the text, a date beside a link is that of another text.
        beside = page.lines[max(0, at - 1) : at + 2]
        if (
            (
                at > last_at
                and (
                    is_answer(line.block)
                    or any(each.linked for each in beside)
                    or not read_line(line.text, language, "", "below")
                )
            )
            or is_of_event(page.lines, at)
            or is_of_data(page.lines, at)
        ):
            continue
        sure = not (
            shows_today(line, title_in_head)
            or NOT_THE_TEXT.search(line.text)
            or RETRIEVED.search(line.text)
            or is_reference(page.lines, at)
            or (at < title and is_masthead(page.lines, at, title, loose.first_at))
            or (at > last_at and is_of_row(page.lines, at))
        )
        text = clean(line.text)
        for start, end, printed in find_spans(text, language):
            if _QUOTED.search(f"{text[:start]} {text[end:]}"):
                days.setdefault(printed.day, 0)  # of prices and of the weather
                continue
            another = is_credited(text[:start].rstrip()) or is_of_picture(text[:start], text[end:])
            another = another or is_of_first_house(text[:start], text[end:])
            days[printed.day] = days.get(printed.day, 0) + (sure and not another)
    if not days or len(days) > _MANY_DAYS:
        return None
    value = find_date(page.tree, extensive_search=False, original_date=True, url=page.url)
    return (Printed(value, "day"), "htmldate") if value and days.get(value) else None
