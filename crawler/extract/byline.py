"""Reads the byline line: "By X Source: Y Published: Z", and its forms in other languages.

A line is a byline only when nothing of it is left over: labels, names, dates and what may stand between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.agencies import agency
from crawler.extract.below import is_answer, others_at
from crawler.extract.dates import Printed, clean, find_spans
from crawler.extract.datewords import DATES, RETRIEVED
from crawler.extract.events import is_of_event
from crawler.extract.labels import LABELS
from crawler.extract.lines import of_picture
from crawler.extract.months import month_of, weekdays
from crawler.extract.page import Line

_KIND = {label: kind for kind, labels in LABELS.items() for label in labels}


def _either(labels: Iterable[str]) -> str:
    """Make a pattern of labels, the longest first."""
    return "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in sorted(labels, key=len, reverse=True))


_COLON = re.compile("[:：/]")
_LABEL = re.compile(rf"(?<![^\W\d_])({_either(_KIND)})\s*(?:[:：]|/(?=\S))\s*", re.IGNORECASE)
#: Everyday words: they count without a colon only where a line or a part of it begins.
_START = re.compile(
    r"(?:^|[|•·]\s*)(by|written by|words by|story by|von|ein beitrag von|par|por|di|door|av|af|przez|بقلم|كتب|كتبت|"
    r"oleh|από|โดย|מאת|本报记者|本報記者|记者|記者)\s+(?=\S)",
    re.IGNORECASE,
)
_DATELABELS = _either((*LABELS["published"], *LABELS["modified"]))
_DATED = re.compile(rf"(?<![^\W\d_])({_DATELABELS})\s*[:：]?\s*(?=[^|]{{0,16}}?\d)", re.IGNORECASE)
#: What credits a picture credits no text.
_PICTURE = re.compile(
    r"\b(?:photos?|photograph|pictures?|images?|foto|fotos|bild|bilder|grafik|fotografía|фото|credit)\b|图片|圖片|写真|사진|صورة|عکس",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:^|[\s,|(])(?:mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mo|di|mi|do|fr|sa|so|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)[.,]*\s*$",
    re.IGNORECASE,
)
_REPORTER = re.compile("기자|특파원|논설위원|記者|特派員|編集委員")
#: Korea and Japan put the word for reporter behind the name, Korea a mail address behind that.
_NAMED_REPORTER = re.compile(
    r"(?:[(（]?[가-힣]{2,8}\s?=\s?(?:연합뉴스[)）]\s?)?)?([가-힣]{2,4})\s?(?:기자|특파원|논설위원)"
    r"(?:\s*=)?(?:\s*[\w.+-]+@[\w.-]+)?|"
    "([\u4e00-\u9fff\u3040-\u30ff]{2,5}(?:[ \u3000][\u4e00-\u9fff\u3040-\u30ff]{1,5})?)"
    "[ \u3000]?(?:記者|特派員|編集委員)"
)
#: What Chinese sites print behind a source: the size of letters, printing, sharing.
_WIDGETS = re.compile(r"\s*[【\[［〔]|\s+(?:打印|关闭|分享|字体|字号|收藏|评论|我要评论|印刷|列印)")
_TRIM = " \t|•·,;-–—/"
_BETWEEN = re.compile(r"[\s|•·,;/()\[\]–—―-]+")
_NAMES = re.compile(
    r"\s*(?:,|;|/|、|，|&|\||\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\boch\b|\bи\b|\bта\b|\bі\b|\sو\s|\sو(?=\S)|"
    r"\bve\b|\s(?:with|avec|mit|con|com)\s|和|与|與)\s*",
    re.IGNORECASE,
)
_PARTICLES = frozenset((
    "de", "da", "do", "dos", "das", "del", "della", "der", "den", "di", "du", "la", "le", "van", "von", "zu",
    "zur", "zum", "ten", "ter", "bin", "bint", "ibn", "al", "el", "abu", "ben", "y", "e", "and", "d'", "o'",
    "st", "mc", "af", "av", "i", "آل", "بن", "ال",
))  # fmt: skip
#: "Tuesday Night" is written like a name.
_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:last|next|this)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"(\S+(?:\s\S+){1,3}?)\s+(?:in|for|from|für|aus|à|pour|en|para|desde|a|da|per|em|в|из|у|من|في)\s+"
    r"(?:the\s|der\s|die\s|das\s|le\s|la\s)?[^\W\d_a-zа-яё]\S*(?:\s[^\W\d_a-zа-яё]\S*){0,3}|"
    # A day behind an Arabic name.
    r"(\S+(?:\s\S+){1,3})\s(?:السبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)"
)
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]{2,80})[)）\]】]\s*(.*)")
_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Byline:
    """What byline lines say, and which lines they are."""

    authors: tuple[str, ...] = ()
    source: str | None = None
    published: Printed | None = None
    modified: Printed | None = None
    #: The source stands below the text, where pictures and figures are credited, too.
    source_below: bool = False
    #: The text of the lines, as they stand on the page.
    lines: tuple[str, ...] = ()


def parse_line(text: str, language: str = "") -> Byline | None:
    """Read one line as a byline; None when it is none, or has anything else in it."""
    if not 4 <= len(text) <= _LONGEST:
        return None
    printed, text = text, clean(text)
    if (behind := _reporter(text, language)) is not None:
        return Byline((behind[0],), published=behind[1], lines=(printed,))
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed and not bracketed[2]:
        text = bracketed[1]
    elif bracketed and agency(bracketed[1]):
        # (Xinhua) 09:12, March 14, 2024
        dated = parse_date_line(bracketed[2], language)
        return Byline(source=bracketed[1], published=dated, lines=(printed,)) if dated else None
    marks = _marks(text, language)
    if _PICTURE.search(text) or (marks and RETRIEVED.search(re.split(r"\d", text, maxsplit=1)[0])):
        return None
    if not marks:
        return _agency_and_date(text, printed, language)
    said = _Said(language)
    lead = text[: marks[0][0]]
    if _BETWEEN.sub("", lead) and not said.lead(lead):
        return None
    for (_, end, kind), following in zip(marks, [*marks[1:], (len(text), 0, "")], strict=True):
        if not said.labelled(kind, text[end : following[0]].strip(_TRIM)):
            return None
    if not (said.authors or said.source or said.dates):
        return None
    authors = tuple(dict.fromkeys(said.authors))
    return Byline(authors, said.source, said.dates.get("published"), said.dates.get("modified"), lines=(printed,))


def _reporter(text: str, language: str) -> tuple[str, Printed | None] | None:
    """Read a name with the word for reporter behind it, and the date that may stand beside it."""
    if _REPORTER.search(text) is None:
        return None
    dates = find_spans(text, language, short_years=True)[:1]
    start, end, found = dates[0] if dates else (len(text), len(text), None)
    named = _NAMED_REPORTER.fullmatch(f"{text[:start]} {text[end:]}".strip(f"{_TRIM}\u3000[]【】()（）"))
    return (named[1] or named[2], found) if named else None


def _agency_and_date(text: str, printed: str, language: str) -> Byline | None:
    """Read a line of nothing but an agency and a date: "Xinhua, March 14, 2024"."""
    if len(text) > 80 or not any(map(str.isdecimal, text)):
        return None
    left, found = _split_date(text, language)
    return Byline(source=left, published=found, lines=(printed,)) if found and agency(left) else None


class _Said:
    """Gathers what the parts of a line say; each method tells whether its part is what its label promises."""

    def __init__(self, language: str):
        self.language = language
        self.authors: list[str] = []
        self.source: str | None = None
        self.dates: dict[str, Printed] = {}

    def lead(self, text: str) -> bool:
        """Read what stands before the first label: only a date, or only names."""
        left, found = _split_date(text.strip(_TRIM), self.language)
        if found and not left:
            self.dates["published"] = found
            return True
        if not found and agency(left):
            self.source = left
            return True
        return not found and bool(names_of(left))

    def labelled(self, kind: str, value: str) -> bool:
        """Read what stands after a label."""
        if kind in ("published", "modified"):
            spans = find_spans(value, self.language, short_years=True)
            if not spans or len(_words_left(f"{value[: spans[0][0]]} {value[spans[0][1] :]}")) > 3:
                return False
            self.dates.setdefault(kind, spans[0][2])
            return True
        if kind == "editor":
            return len(value) <= 60
        left, found = _split_date(value, self.language)
        if found:
            self.dates.setdefault("published", found)
        if kind == "author":
            names = names_of(left)
            self.authors += names
            return bool(names)
        left = _WIDGETS.split(left, maxsplit=1)[0].strip(_TRIM)
        self.source = self.source or left
        return _is_publisher(left)


def parse_date_line(text: str, language: str = "") -> Printed | None:
    """Read a line that is nothing but one date, with its weekday and time."""
    if len(text) > 60:
        return None
    text = clean(text)
    spans = find_spans(text, language)
    if len(spans) != 1:
        return None
    start, end, printed = spans[0]
    rest = re.findall(r"[^\W\d_]+", f"{text[:start]} {text[end:]}")
    return (
        printed
        if len(rest) <= 3 and sum(map(len, rest)) <= 16 and not re.search("©|\\bcopyright", text, re.IGNORECASE)
        else None
    )


def read(lines: Sequence[Line], title_at: int | None, first_at: int, last_at: int, language: str) -> Byline:
    """Read the byline of a page, from the lines about its headline down to the text, and at the end of the text.

    ``title_at`` is the headline's line, ``first_at`` and ``last_at`` the first and last line of the text.
    """
    start = max(0, (title_at if title_at is not None else first_at) - 6)
    head = range(start, min(len(lines), max(first_at, (title_at or 0) + 1) + 1))
    head = head[-40:] if len(head) > 40 else head
    tail = range(max(last_at - 3, first_at + 1), min(others_at(lines, last_at), last_at + 3))
    merged = Byline()
    for at in (*head, *tail):
        line = lines[at]
        # A line that is all link, in furniture, is another text's; that of a picture names its photographer.
        if (line.chrome and (at in tail or line.linked)) or of_picture(line.block) or is_answer(line.block):
            continue
        found = parse_line(line.text, language)
        if found is None or (found.published and is_of_event(lines, at)):
            continue
        merged = Byline(
            merged.authors or found.authors,
            merged.source or found.source,
            merged.published or found.published,
            merged.modified or found.modified,
            at in tail if found.source and not merged.source else merged.source_below,
            merged.lines + found.lines,
        )
    return merged


def names_of(text: str) -> tuple[str, ...]:
    """Read a list of person names; () when anything in it does not look like a name."""
    text = text.strip(" \t.:|,;-–—")
    if not text or len(text) > 120 or any(map(str.isdigit, text)) or "@" in text:
        return ()
    names = tuple(without_place(part.strip(" .")) for part in _NAMES.split(text) if part.strip(" ."))
    return names if len(names) <= 8 and all(is_name(name) or agency(name) for name in names) else ()


def without_place(name: str) -> str:
    """Take off a name where its bearer is, or for whom, or when: "Jane Roe in Nairobi", "Jane Roe for The Example"."""
    match = _PLACE.fullmatch(name)
    return match[1] or match[2] if match else name


def is_name(text: str) -> bool:
    """Tell whether a text has the form of a person's name."""
    if re.fullmatch(r"[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af·・]{2,8}", text):
        return True
    words = text.split()
    if (
        not 1 < len(words) <= 5
        or _DAY.search(text)
        or not re.fullmatch(r"[^\W\d_][\w\s.'’`\u200c\u0900-\u0eff-]*", text)
    ):
        return False
    for word in words:
        if word.casefold() in _PARTICLES:
            continue
        letter = next((char for char in word if char.isalpha()), "")
        if not letter or (
            letter.lower() != letter.upper() and not letter.isupper() and "'" not in word and "’" not in word
        ):
            return False
    return True


def _marks(text: str, language: str) -> list[tuple[int, int, str]]:
    """Find the labels of a line: where each starts and ends, and its kind."""
    marks: list[tuple[int, int, str]] = []
    opening = _START.search(text)
    if opening:
        marks.append((opening.start(1), opening.end(), "author"))
    labelled = _COLON.search(text) is not None
    dated = any(map(str.isdecimal, text))
    for pattern, possible in ((_LABEL, labelled), (_DATED, dated)):
        for match in pattern.finditer(text) if possible else ():
            if pattern is _DATED and not _is_at_once(match, text, language):
                continue
            if all(match.end() <= start or match.start() >= end for start, end, _ in marks):
                kind = _KIND[" ".join(match[1].lower().split())]
                marks.append((match.start(), match.end(), kind))
    return sorted(marks)


def _is_at_once(label: re.Match[str], text: str, language: str) -> bool:
    """Tell whether a day follows a label: behind "date" or "on", which say little, it must do so at once."""
    if label[1].casefold() not in DATES | {"on", "le"}:
        return True
    word = re.match(r"[^\W\d_]+", text[label.end() :])
    if word is None:
        return True
    name = word[0].casefold()
    return bool(month_of(name, language)) or name in weekdays(language) | weekdays("en")


def _is_publisher(text: str) -> bool:
    """Tell whether a text after "Source:" can be a publisher's name and is no sentence."""
    words = len(text.split())
    if not 0 < len(text) <= 60 or words > 7 or re.search(r"[()/©:®]|\b(?:19|20)\d\d\b", text):
        return False
    return not (text.endswith((".", "。", "!", "?")) and words > 4)


def _split_date(text: str, language: str) -> tuple[str, Printed | None]:
    """Split a trailing or lone date off a value."""
    spans = find_spans(text, language, short_years=True)
    if not spans:
        return text, None
    start, end, printed = spans[0]
    if re.search(r"[^\W\d_]{5,}", text[end:]):
        return text, None
    left = re.sub(r"[\s,(]+(?:on|am|le|el|den|em|il|w dniu|в)?\s*$|^(?:on|am|le|el|den|em|il)\s*$", "", text[:start])
    left = (
        re.sub(r"(?:^|[\s,|(]+)(?:[^\W\d_]{2,3}|\w*day|\w*tag|\w*di)[.,]*\s*$", "", left)
        if _WEEKDAY.search(left)
        else left
    )
    return left.strip(" |•·,;/(–—-"), printed


def _words_left(text: str) -> list[str]:
    return [
        word
        for word in re.findall(r"[^\W\d_]{2,}", text)
        if word.lower() not in ("uhr", "gmt", "utc", "at", "um", "à", "am", "pm")
    ]
