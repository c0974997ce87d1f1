"""Reads the dates that a page prints about its headline and below its text, outside byline lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.extract.below import is_answer, is_of_others
from crawler.extract.dates import Printed, clean, find_spans, may_hold
from crawler.extract.datewords import (
    ANSWERED_BY,
    CHANGE_NAMES,
    CHANGED,
    DEGREES,
    ELSEWHERE,
    FIRST_BEFORE,
    FIRST_WORDS,
    HEAD_NAMES,
    MODIFIED_BEFORE,
    NOT_THE_TEXT,
    OF_SITE,
    PICTURE,
    PUBLISHED_AFTER,
    PUBLISHED_BEFORE,
    PUBLISHED_VERB,
    RETRIEVED,
    STARTS_AT,
    TAKES_PLACE,
    THIS_POST,
    TODAY,
)
from crawler.extract.events import is_of_data, is_of_event
from crawler.extract.lines import HEADER, NAV, TEXT, Block
from crawler.extract.months import weekdays
from crawler.extract.page import Line

#: So far behind its day a verb may stand.
_BEHIND = 40
#: So many lines that are links are a navigation.
_NAVIGATION = 3
#: A masthead's day stands among so many lines of a page.
_FIRST_LINES = 6
#: A stroke between figures parts nothing: "5/6, 25 December".
_CUT = r"[|•·⋅・‧–—\n()\[\]―»›<>]|(?<!\d)/|/(?!\d)"
#: The vowel signs of Indic scripts and their kin are no letters to \\w.
_WORDS = re.compile(r"(?:[^\W\d_\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]|[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff])+")
_LAST_WORD = re.compile(r"([^\W\d_][\w\u200c\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]{0,30})[.,]?\s*$")
#: "The 3rd": Thai, Lao and Khmer write it, and the word for "day", on the weekday.
_ON_WEEKDAYS = ("ที่", "ທີ", "ថ្ងៃ")
_SMALL = frozenset((
    "on", "am", "vom", "den", "der", "le", "el", "du", "de", "del", "dei", "il", "em", "at", "um", "à", "uhr",
    "h", "hrs", "gmt", "utc", "est", "edt", "pst", "pdt", "cet", "cest", "mez", "kl", "klo", "mon", "tue",
    "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
    "dimanche", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "lunedì", "martedì",
    "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "segunda", "terça", "quarta", "quinta", "sexta",
    "feira", "от", "в", "года", "год", "р", "dated", "date", "ngày", "d", "dne", "dňa", "dana", "dnia", "op", "på", "στις",
    "г", "ч", "r", "u", "o", "ob", "ore", "ora", "alle", "uur", "hod", "godz", "kell", "pukul", "jam", "jst", "kst", "ist",
    "bst", "msk", "мск", "hkt", "sgt", "pkt", "wib", "wita", "北京时间", "北京時間", "日本時間", "الساعة", "ساعت", "בשעה", "เวลา", "น",
    "ទី", "ម៉ោង",
))  # fmt: skip


@dataclass(slots=True)
class Loose:
    """The dates that a page prints about its headline and below its text, outside byline lines."""

    #: With words that say that the text was first published then.
    first: list[Printed] = field(default_factory=list)
    #: Under the headline, the best first.
    under: list[Printed] = field(default_factory=list)
    #: Of these and those above, the days with a word that says that the text was published then.
    labelled: set[str] = field(default_factory=set)
    #: At the start of a paragraph, as in "Hamburg, 3. März 2021 -": the day on which it was written.
    opening: list[Printed] = field(default_factory=list)
    #: Above the headline.
    above: list[Printed] = field(default_factory=list)
    #: Below the text, with a word that says that it was published then.
    below: list[Printed] = field(default_factory=list)
    modified: list[Printed] = field(default_factory=list)
    #: The lines that are nothing but a date.
    lines: list[str] = field(default_factory=list)
    #: The last line of the text.
    last_at: int = 0
    #: Where the dates under the headline stand.
    places: list[int] = field(default_factory=list)


def read_loose(lines: Sequence[Line], title_at: int | None, first_at: int, last_at: int, language: str) -> Loose:
    """Read the dates that stand alone in a line, or alone between the marks of a line, about the headline and text."""
    loose = Loose(last_at=last_at)
    title = title_at if title_at is not None and title_at <= first_at + 5 else first_at
    end = min(len(lines), max(first_at, title + 1) + 7, max(last_at, title + 1) + 1)
    head = range(max(0, title - (5 if title_at is not None else 10)), min(end, title + 41))
    # Where the text itself stands in what looks like furniture, that tells nothing.
    framed = first_at < len(lines) and lines[first_at].chrome
    furniture: list[tuple[int, Printed]] = []
    for at in (*head, *range(max(head.stop, first_at - 8), end)):
        line = lines[at]
        chrome = line.chrome and not framed
        beside = at == title - 1 and title < len(lines) and line.block.parent is lines[title].block.parent
        inside = not chrome or beside or title < at < max(first_at, title + 4)
        if at == title_at or (line.linked and at < title) or (not inside and at > first_at + 3):
            continue
        opening = first_at <= at <= first_at + 3
        where = "under" if title < at <= title + 2 and at != first_at else "opening" if opening else ""
        signed = _signer(line) if where == "under" else ""
        said = read_dates(line.text[len(signed) :], language, lines[at - 1].text if at else "", where)
        if not said or (not inside and said[0][0] != "labelled") or is_of_event(lines, at):
            continue
        if said[0][0] == "plain" and is_of_data(lines, at):
            continue
        if said[0][0] == "plain" and not CHANGE_NAMES.isdisjoint(line.block.names):
            said = [("modified", said[0][1]), *said[1:]]
        loose.modified += [printed for kind, printed in said if kind == "modified"]
        kind, printed = next((item for item in said if item[0] != "modified"), said[0])
        if kind == "plain" and at < title and title_at is not None and _is_masthead(lines, at, title, first_at):
            continue
        if kind == "modified":
            continue
        if kind == "labelled":
            loose.labelled.add(printed.day)
        elif kind == "opening":
            loose.opening.append(printed)
            continue
        elif chrome and at > title + 3:
            furniture.append((at, printed))
            continue
        (loose.under if at > title else loose.above).append(printed)
        if at > title:
            loose.places.append(at)
        if len(line.text) <= 60:
            loose.lines.append(line.text)
    if not loose.under:
        loose.under += [printed for _, printed in furniture]
        loose.places += [at for at, _ in furniture]
    _read_anywhere(lines, language, loose)
    for at in range(max(last_at + 1, end), min(len(lines), last_at + 21)):
        said = read_line(lines[at].text, language, lines[at - 1].text, "below")
        if said and (is_answer(lines[at].block) or is_of_others(lines, at, last_at) or is_of_event(lines, at)):
            continue
        if said and said[0] == "labelled":
            loose.below.append(said[1])
        elif said and said[0] == "modified" and (framed or not lines[at].chrome):
            loose.modified.append(said[1])
    return loose


def _signer(line: Line) -> str:
    """Give the name at the start of a line whose only link it is, as writers are shown before a date."""
    lead = re.match(r"\D{4,60}(?=\d)", line.text) if line.links == 1 else None
    shown = lead[0].rstrip() if lead else ""
    return shown if len(shown) == line.link_chars > 0 and len(shown.split()) <= 4 else ""


def _is_masthead(lines: Sequence[Line], at: int, title: int, first_at: int) -> bool:
    """Tell whether a date above the headline is that of today: in the head of the site, or before its navigation.

    The first lines of a page that stand outside of what holds the headline and the text are not of the text.
    """
    if shows_today(lines[at], bool(lines[title].block.inside & HEADER)):
        return True
    if lines[title].block.inside & TEXT and not lines[at].block.inside & TEXT:
        return True
    if at < _FIRST_LINES and first_at < len(lines):
        about = _around(lines[title].block)
        whole = _shared(about, lines[first_at].block)
        shared = _shared(about, lines[at].block)
        if whole not in _around(lines[at].block) and (shared is None or shared.tag in ("body", "html")):
            return True
    between = lines[at + 1 : title]
    return any(line.block.inside & NAV for line in between) or sum(line.linked for line in between) >= _NAVIGATION


def _around(block: Block) -> list[Block]:
    """List a block and those around it, from the inside out."""
    found = [block]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def _shared(about: Sequence[Block], other: Block) -> Block | None:
    """Give the smallest block that holds another one, too."""
    held = _around(other)
    return next((block for block in about if block in held), None)


def shows_today(line: Line, title_in_head: bool) -> bool:
    """Tell whether a line's date is today's: it says so, is named so, or stands in the head of the site."""
    if line.block.inside & HEADER and not (line.block.inside & TEXT or title_in_head):
        return True
    return not HEAD_NAMES.isdisjoint(line.block.names) or TODAY.match(line.text) is not None


def _read_anywhere(lines: Sequence[Line], language: str, loose: Loose) -> None:
    """Read sentences that tell when this very text was published, wherever they stand."""
    for line in lines:
        if len(line.text) >= 300 or not may_hold(line.text):
            continue
        if THIS_POST.search(line.text[:120]):
            said = read_line(line.text, language, "", "below")
            loose.below += [said[1]] if said and said[0] == "labelled" else []
            loose.modified += [said[1]] if said and said[0] == "modified" else []
        small = line.text.lower()
        if any(word in small for word in FIRST_WORDS):
            text = clean(line.text)
            for start, end, printed in find_spans(text, language):
                if FIRST_BEFORE.search(text[:start]) and not ELSEWHERE.match(text[end:]):
                    loose.first.append(printed)


def read_line(text: str, language: str, before_line: str, where: str) -> tuple[str, Printed] | None:
    """Read a line's date and its kind: labelled, plain or modified; None when it can be any date."""
    return next(iter(read_dates(text, language, before_line, where)), None)


def read_dates(text: str, language: str, before_line: str, where: str) -> list[tuple[str, Printed]]:
    """Read a line's date and its kind, and behind it those that have labels of their own."""
    if (len(text) > 140 and where == "") or "(@" in text:
        return []  # posts of networks, shown within a text, have dates of their own
    text = clean(text[:200])
    spans = find_spans(text, language, short_years=True)
    if not spans or len(spans) > 3:
        return []
    kind = _kind(text, spans[0][0], spans[0][1], language, before_line, where)
    found = [(kind, spans[0][2])] if kind else []
    for (_, last, _), (start, _, printed) in pairwise(spans) if found else ():
        label = _label(text[last:start], language)
        if label:
            found.append((label, printed))
    return found


def _label(before: str, language: str) -> str:
    """Tell what the word right before a date says of it."""
    before = _without_weekday(before.rstrip(), language)
    if MODIFIED_BEFORE.search(before):
        return "modified"
    return "labelled" if PUBLISHED_BEFORE.search(before) else ""


def _without_weekday(before: str, language: str) -> str:
    """Take the weekday off the end of what stands before a date: "Updated Tue,"."""
    last = _LAST_WORD.search(before)
    if last and last[1].replace("\u200c", "").casefold() in weekdays(language) | weekdays("en"):
        return before[: last.start()].rstrip()
    return before


def _kind(text: str, start: int, end: int, language: str, before_line: str, where: str) -> str:
    before, after = _without_weekday(text[:start].rstrip(), language), text[end:]
    near = start < 40 or where != "opening"
    if MODIFIED_BEFORE.search(before) or (not before and MODIFIED_BEFORE.search(before_line[-40:])):
        return "modified" if near and not OF_SITE.search(before) else ""
    if _is_changed(text, before, after):
        return "modified" if start < 160 else ""
    if before.endswith(("*", "†")) or DEGREES.search(text) or STARTS_AT.search(text):
        return ""  # a birth, a death, the weather, a match
    if where == "below" and ANSWERED_BY.match(text):
        return ""
    around = f"{before} {after[:40]}"
    looked_up = RETRIEVED.search(before) or after.lstrip().startswith(("閲覧", "アクセス"))
    if looked_up or NOT_THE_TEXT.search(around) or PICTURE.search(before) or TAKES_PLACE.search(before):
        return ""
    labelled = PUBLISHED_BEFORE.search(before) and len(_WORDS.findall(before)) <= 8 and near
    if labelled or (not before and not _WORDS.search(after) and PUBLISHED_BEFORE.search(before_line[-40:])):
        return "labelled"
    if (PUBLISHED_AFTER.search(after) and start < 80) or (where == "below" and THIS_POST.search(text) and start < 160):
        return "labelled"
    if len(text) > 100:
        return "opening" if where == "opening" and _opens(before, after) else ""
    lead = re.split(_CUT, before)[-1]
    rest = re.split(f"{_CUT}|\\s-\\s", after)[0]
    small = _SMALL | weekdays(language)
    return "plain" if _leads(lead, small) and _follows(rest, where == "under", small) else ""


def _is_changed(text: str, before: str, after: str) -> bool:
    """Tell whether a sentence about this very text tells when it was changed: "was amended, to name X, on 3 May"."""
    if not (THIS_POST.search(text) and (CHANGED.search(before) or CHANGED.search(after[:_BEHIND]))):
        return False
    if CHANGED.search(after[:_BEHIND]):
        return PUBLISHED_AFTER.search(after) is None and PUBLISHED_VERB.search(before) is None
    return PUBLISHED_BEFORE.search(before) is None


def is_signed(text: str, language: str) -> bool:
    """Tell whether a line is a day as a letter is signed with it: alone, or behind a place; not "Jim 1 April 2024"."""
    said = read_line(text, language, "", "below")
    if said is None or said[0] == "modified":
        return False
    start = find_spans(clean(text), language, short_years=True)[0][0]
    words = _words_of(clean(text)[:start], _SMALL | weekdays(language))
    return (
        not words
        or said[0] == "labelled"
        or re.search(r"[,:]\s*(?:den|le|el|am|on|,)?\s*$", clean(text)[:start]) is not None
    )


def _opens(before: str, after: str) -> bool:
    """Tell whether a date opens a paragraph: "Hamburg, 3. März 2021 - ...", "31. Oktober 2023. ..."."""
    if not re.search(r"[^\W\d_]", before):
        return re.match(r"^\.?\s*(?:[-–—:)|„“”\"]|$)|^\.\s+[^\W\d_a-z]", after) is not None
    place = re.fullmatch(r"[^\W\d_][\w .'’-]{1,30}[,/(]?\s?(?:\(|den|le)?", before)
    return bool(place) and len(before) < 45 and re.match(r"^\.?\s*(?:[-–—:)|„“”\"]|$)", after) is not None


def _words_of(text: str, small: frozenset[str]) -> list[str]:
    """List the words that are neither weekdays nor small; Persian joins the parts of one without a space."""
    return [word for word in _WORDS.findall(text.replace("\u200c", "")) if not _is_small(word.casefold(), small)]


def _is_small(word: str, small: frozenset[str]) -> bool:
    if word in small:
        return True
    return any(mark in word and word.replace(mark, "") in small | {""} for mark in _ON_WEEKDAYS)


def _leads(text: str, small: frozenset[str]) -> bool:
    """Tell whether what stands before a date leaves it alone: nothing, "Hamburg,", "Party,", "By Jane Roe on"."""
    words = _words_of(text, small)
    if not words or len(words) > 4:
        return not words
    if re.match(r"\s*(?:\w+ )?(?:by|von|par|por|di|door|av)(?:\s|(?=[A-ZÄÖÜ]))", text, re.IGNORECASE):
        return True
    return len(words) <= 3 and text.rstrip().endswith((",", "|", "-")) and words[0][0].isupper()


def _follows(text: str, under: bool, small: frozenset[str]) -> bool:
    """Tell whether what stands after a date leaves it alone: nothing, "by Jane Roe", "Category: news"."""
    words = _words_of(text, small)
    if not words:
        return True
    if re.match(r"\s*(?:(?:by|von|par|por|di|door|av)\s+\S+|[^\W\d_]+\s?:)", text, re.IGNORECASE):
        return len(words) <= 5
    return len(words) <= 3 and (under or text.lstrip().startswith((",", "-", ";")))
