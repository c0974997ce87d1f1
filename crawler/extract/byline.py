"""Reads the byline line: "By X Source: Y Published: Z", and its forms in other languages.

A line is a byline only when nothing of it is left over: labels, names, dates and what may stand between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.agencies import agency
from crawler.extract import origins
from crawler.extract.captions import sells_pictures
from crawler.extract.dates import Printed, clean, find_spans
from crawler.extract.datewords import DATES, RETRIEVED, THEIRS
from crawler.extract.labels import LABELS
from crawler.extract.months import month_of, weekdays
from crawler.extract.names import is_certain
from crawler.extract.reporters import reporter, without_others
from crawler.extract.roles import OFFICE, WIRES
from crawler.extract.sameday import change_of
from crawler.extract.signing import signed

KIND = {label: kind for kind, labels in LABELS.items() for label in labels}


def _either(labels: Iterable[str]) -> str:
    """Make a pattern of labels, the longest first."""
    return "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in sorted(labels, key=len, reverse=True))


_COLON = re.compile("[:：/／]")
_LABEL = re.compile(rf"(?<![^\W\d_])({_either(KIND)})\s*(?:[:：]|[/／](?=\S))\s*", re.IGNORECASE)
#: Before the time of a change whose label is read.
_UPDATED = "updated: "
_PARTED = re.compile("[|•·]")
#: Everyday words: they count without a colon only where a line or a part of it begins.
_START = re.compile(
    r"(?:^|[|•·]\s*)(by|written by|words by|story by|von|ein beitrag von|par|por|di|door|av|af|przez|بقلم|كتب|كتبت|"
    r"oleh|από|โดย|מאת|автор|авторы|szerző|yazan|penulis|reported by|skrevet av|"
    r"skriven av|(?:opinion|analysis|comment|commentary|review|interview|perspective|column|(?:guest )?essay|text) by|"
    r"(?:eine? )?(?:(?:gast)?(?:beitrag|kommentar)|essay|interview|bericht|reportage|kolumne|analyse) von|"
    r"(?:une )?(?:tribune|chronique|analyse) de|propos recueillis par|dal nostro (?:inviato|corrispondente)|"
    r"teksti|tekst|"
    r"oprac\.|opracowanie|opracował[ao]?|เขียนโดย|รายงานโดย|"
    r"本报记者|本報記者|记者|記者)\s+(?=\S)",
    re.IGNORECASE,
)
_DATELABELS = _either((*LABELS["published"], *LABELS["modified"]))
_DATED = re.compile(rf"(?<![^\W\d_])({_DATELABELS})\s*[:：]?\s*(?=[^|]{{0,16}}?\d)", re.IGNORECASE)
#: What credits a picture credits no text.
PICTURE = re.compile(
    r"\b(?:photos?|photograph|pictures?|images?|foto|fotos|bild|bilder|grafik|fotografía|фото|credit)\b|图片|圖片|写真|사진|صورة|عکس",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:^|[\s,|(])(?:mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mo|di|mi|do|fr|sa|so|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)[.,]*\s*$",
    re.IGNORECASE,
)
#: What Chinese sites print behind a source: the size of letters, printing, sharing.
_WIDGETS = re.compile(r"\s*[【\[［〔]|\s+(?:打印|关闭|分享|字体|字号|收藏|评论|我要评论|印刷|列印)")
_TRIM = " \t|•·,;-–—/"
_BETWEEN = re.compile(r"[\s|•·,;/()\[\]–—―-]+")
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]{2,80})[)）\]】]\s*(.*)")
_LONGEST = 220
#: Which desk of an agency wrote a text: "時事通信 外信部".
_DESK = re.compile(r"\s[\u3041-\u9fff]{1,6}部$")
#: How long it takes to read.
_READING = re.compile(
    r"\b\d{1,2}[ -]?(?:min(?:ut[a-zæøå]{1,4})?\.?)(?: (?:read|di lettura|de lectura|de leitura|de lecture|lesezeit|"
    r"leestijd|"
    r"czytania|lesetid|läsning|läsa|okuma))\b|\b(?:lesezeit|lesedauer|temps de lecture|tempo de leitura|reading time|"
    r"leestijd|czas czytania|время чтения)\s?:?\s?(?:ca\. )?\d{1,2}\s?min\w*\.?",
    re.IGNORECASE,
)
#: Whose the picture is, behind who wrote the text: "Av Jane Roe (foto: John Doe)", "Text: Jane Roe, Foto: John Doe".
_AND_PICTURE = re.compile(
    r"(?<=[^\W\d_]{3})\s*(?:[(,|/·–-]|\sund|\s)\s*(?:fotos?|photos?|bild|bilder|photography)\s?(?::|\sby\s|\sav\s|\svon\s)"
    r"[^:()]{3,50}\)?$",
    re.IGNORECASE,
)
#: What stands in elements beside each other is read without a space: "By Jane Roe6 November 2019, 19:132 min read".
_GLUED = re.compile(
    r"(?<=[a-zà-ÿ]{2})(?=[A-ZÀ-Þ][a-zà-ÿ]{2,9}\.? \d{1,2},? (?:19|20)\d\d)|"
    r"(?<=[^\W\d_]{3})(?=\d{1,2}[./ -])|(?<=[^\W\d_]{3})(?=(?:19|20)\d\d-)|(?<=\d:\d\d)(?=\d|[^\W\d_]{3})"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What byline lines say, and which lines they are."""

    authors: tuple[str, ...] = ()
    source: str | None = None
    published: Printed | None = None
    modified: Printed | None = None
    #: The date beside whom a line credits, or of a line below the text: it dates where nothing else does.
    aside: Printed | None = None
    #: The text of the lines, as they stand on the page.
    lines: tuple[str, ...] = ()
    #: The source is named in words that leave no doubt that the text is meant.
    told: bool = False
    #: The source is a bare name, which a label below it outdoes.
    bare: bool = False
    #: Where a link in the line of the source leads.
    home: str = ""
    #: The agency whose rights a line below the text tells.
    owner: str | None = None


def parse_line(text: str, language: str = "") -> Byline | None:
    """Read one line as a byline; None when it is none, or has anything else in it."""
    if not 4 <= len(text) <= _LONGEST:
        return None
    printed, text = text, without_others(clean(unglued(text)))
    if (behind := reporter(text, language)) is not None:
        return Byline(behind[0], published=behind[1], lines=(printed,))
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed and not bracketed[2]:
        text = bracketed[1]
    elif bracketed and agency(bracketed[1]):
        # (Xinhua) 09:12, March 14, 2024
        dated = parse_date_line(bracketed[2], language)
        return Byline(source=bracketed[1], published=dated, lines=(printed,)) if dated else None
    marks = _marks(text, language)
    if PICTURE.search(text) or (marks and RETRIEVED.search(re.split(r"\d", text, maxsplit=1)[0])):
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
    # An office tells more than who signs: that line may count to the text.
    lines = () if OFFICE.search(text) else (printed,)
    dates = said.dates
    return Byline(
        authors, said.source, dates.get("published"), dates.get("modified"), aside=dates.get("aside"), lines=lines
    )


def unglued(text: str) -> str:
    """Part what stood in elements of its own, and leave out how long it takes to read."""
    if any(map(str.isdecimal, text)):
        text = _READING.sub(" ", _GLUED.sub(" ", text))
    return _AND_PICTURE.sub("", text) if ("oto" in text or "OTO" in text or "ild" in text) else text


def _agency_and_date(text: str, printed: str, language: str) -> Byline | None:
    """Read a line of nothing but an agency and a date: "Xinhua, March 14, 2024"."""
    if len(text) > 80 or not any(map(str.isdecimal, text)):
        return None
    left, found = split_date(text, language)
    if (not left or found is None) and (spans := find_spans(text, language, short_years=True)) and spans[0][0] == 0:
        left, found = text[spans[0][1] :].strip(_TRIM), spans[0][2]  # "2026-11-12 14:35:12 Xinhua"
    house = _DESK.sub("", left)
    return Byline(source=house, aside=found, lines=(printed,)) if found and agency(house) else None


class _Said:
    """Gathers what the parts of a line say; each method tells whether its part is what its label promises."""

    def __init__(self, language: str):
        self.language = language
        self.authors: list[str] = []
        self.source: str | None = None
        self.dates: dict[str, Printed] = {}

    def lead(self, text: str) -> bool:
        """Read what stands before the first label: only a date, or only names."""
        left, found = split_date(text.strip(_TRIM), self.language)
        if found and not left:
            self.dates["published"] = found
            return True
        if not found and agency(left):
            self.source = left
            return True
        said = None if found else signed(left)
        if said and said.persons and all(map(is_certain, said.persons)):
            self.authors += said.signing
        return said is not None and bool(said.persons or any(map(agency, said.houses)))

    def labelled(self, kind: str, value: str) -> bool:
        """Read what stands after a label."""
        if kind in ("published", "modified"):
            spans = find_spans(value, self.language, short_years=True)
            published = self.dates.get("published")
            if not spans and kind == "modified" and published:
                last = change_of(f"{_UPDATED}{value}", published, self.language)
                self.dates |= {kind: last} if last else {}
                return last is not None
            if not spans or len(_words_left(f"{value[: spans[0][0]]} {value[spans[0][1] :]}")) > 3:
                return False
            self.dates.setdefault(kind, spans[0][2])
            if (behind := reporter(value[spans[0][1] :].strip(_TRIM), self.language)) is not None:
                self.authors += behind[0]  # "수정 2026.11.12 16:01 | 김민지 기자"
            return True
        if kind == "editor":
            return len(value) <= 60
        left, found = split_date(value, self.language)
        if found and kind == "source":
            # "Source: Norland Tribune, 2 March 2024": on that day the text stood there.
            self.dates.setdefault("credited" if THEIRS.match(value, len(left)) else "aside", found)
        elif found:
            self.dates.setdefault("published", found)
        if kind == "author":
            said = signed(left)
            self.authors += said.signing if said else ()
            return said is not None
        left = origins.plain(_WIDGETS.split(left, maxsplit=1)[0].strip(_TRIM))
        named = (
            ""
            if WIRES.fullmatch(left) or sells_pictures(left)
            else origins.first(left) or (left if _is_publisher(left) else None)
        )
        self.source = self.source or named
        return named is not None


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


def _marks(text: str, language: str) -> list[tuple[int, int, str]]:
    """Find the labels of a line: where each starts and ends, and its kind."""
    marks: list[tuple[int, int, str]] = []
    # Looked for at the beginning only, unless the line has parts: most have none.
    opening = _START.search(text) if _PARTED.search(text) else _START.match(text)
    if opening:
        marks.append((opening.start(1), opening.end(), "author"))
    labelled = _COLON.search(text) is not None
    dated = any(map(str.isdecimal, text))
    for pattern, possible in ((_LABEL, labelled), (_DATED, dated)):
        for match in pattern.finditer(text) if possible else ():
            if pattern is _DATED and not _is_at_once(match, text, language):
                continue
            if all(match.end() <= start or match.start() >= end for start, end, _ in marks):
                kind = KIND[" ".join(match[1].lower().split())]
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


def split_date(text: str, language: str) -> tuple[str, Printed | None]:
    """Split a trailing or lone date off a value."""
    spans = find_spans(text, language, short_years=True)
    if not spans:
        return text, None
    start, end, printed = spans[0]
    if re.search(r"[^\W\d_]{5,}", text[end:]):
        return text, None
    before = _without_weekday(text[:start], language)
    left = re.sub(r"[\s,(]+(?:on|am|le|el|den|em|il|w dniu|в)?\s*$|^(?:on|am|le|el|den|em|il)\s*$", "", before)
    left = (
        re.sub(r"(?:^|[\s,|(]+)(?:[^\W\d_]{2,3}|\w*day|\w*tag|\w*di)[.,]*\s*$", "", left)
        if _WEEKDAY.search(left)
        else left
    )
    return left.strip(" |•·,;/(–—-"), printed


def _without_weekday(text: str, language: str) -> str:
    """Take a weekday off the end, in any language; "Plácido Domingo" keeps his name."""
    words = text.split()
    known = weekdays(language) | weekdays("en")
    at = len(words)
    while at and words[at - 1].strip(",.|(").replace("\u200c", "").casefold() in known:
        at -= 1
    day, left = words[at:], words[:at]
    if not day or (language[:2] == "vi" and day[0].casefold() not in ("thứ", "chủ", "cn")):
        return text
    apart = day[-1].endswith((",", ".", "|")) or not left or left[-1].endswith((",", "|", ".", "-"))
    return " ".join(left) if apart or agency(" ".join(left)) else text


def _words_left(text: str) -> list[str]:
    return [
        word
        for word in re.findall(r"[^\W\d_]{2,}", text)
        if word.lower() not in ("uhr", "gmt", "utc", "at", "um", "à", "am", "pm")
    ]
