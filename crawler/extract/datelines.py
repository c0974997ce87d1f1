"""Reads a printed line with a date: whether it is that of the text, of its change, or can be any."""

from __future__ import annotations

import re
from itertools import pairwise

from crawler.extract.captions import is_of_picture
from crawler.extract.dates import Printed, clean, find_spans, may_hold
from crawler.extract.datewords import (
    ANSWERED_BY,
    CHANGE_SAID,
    CHANGED,
    DEGREES,
    LASTS_TO,
    MODIFIED_BEFORE,
    NOT_THE_TEXT,
    NOT_YET,
    OF_SITE,
    ORIGINAL_BEFORE,
    PICTURE,
    PUBLISHED_AFTER,
    PUBLISHED_BEFORE,
    PUBLISHED_VERB,
    RETRIEVED,
    STARTS_AT,
    TAKES_PLACE,
    THIS_POST,
    is_credited,
    is_of_first_house,
)
from crawler.extract.months import weekdays
from crawler.extract.sameday import change_of

#: So far behind its day a verb may stand.
_BEHIND = 40
#: A stroke between figures parts nothing: "5/6, 25 December".
_CUT = r"[|•·⋅・‧–—\n()\[\]―»›<>]|(?<!\d)/|/(?!\d)"
#: Where "do" is no Thursday.
_DO_IS_UNTIL = ("pl", "cs", "sk", "sl", "hr", "sr", "bs")
#: The vowel signs of Indic scripts and their kin are no letters to \\w.
_WORDS = re.compile(r"(?:[^\W\d_\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]|[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff])+")
#: "3 mars" with a time behind it.
_NO_YEAR = re.compile(
    r"(?<![\w./-])\d{1,2}(?:er|\.)?\s(?:de\s)?[^\W\d_]{3,12}\.?(?=,?\s(?:[^\W\d_]{1,4}\.?\s){0,2}\d{1,2}[:h.]\d)"
)
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
    "feira", "от", "в", "года", "год", "р", "dated", "date", "ngày", "d", "dne", "dňa", "dana", "dnia", "op", "på",
    "στις", "г", "ч", "r", "u", "o", "ob", "ore", "ora", "alle", "uur", "hod", "godz", "kell", "pukul", "jam", "jst",
    "kst", "ist", "bst", "msk", "мск", "hkt", "sgt", "pkt", "wib", "wita",
    "北京时间", "北京時間", "日本時間", "الساعة", "ساعت", "בשעה", "เวลา", "น",
    "ទី", "ម៉ោង", "公開", "配信", "วัน", "วันที่",
))  # fmt: skip


def read_line(text: str, language: str, before_line: str, where: str) -> tuple[str, Printed] | None:
    """Read a line's date and its kind: labelled, plain, original or modified; None when it can be any date."""
    return next(iter(read_dates(text, language, before_line, where)), None)


def read_dates(text: str, language: str, before_line: str, where: str) -> list[tuple[str, Printed]]:
    """Read a line's date and its kind, and behind it those that have labels of their own."""
    if not may_hold(text) or (len(text) > 140 and where == "") or "(@" in text:
        return []  # posts of networks, shown within a text, have dates of their own
    text = clean(text[:200])
    spans = find_spans(text, language, short_years=True)
    if not spans or len(spans) > 3:
        return []
    kind = _kind(text, spans[0][0], spans[0][1], language, before_line, where)
    if kind == "plain" and len(spans) == 2 and LASTS_TO.fullmatch(text[spans[0][1] : spans[1][0]]):
        return []
    found = [(kind, spans[0][2])] if kind else []
    for (_, last, _), (start, _, printed) in pairwise(spans) if found else ():
        label = _label(text[last:start], language)
        if label:
            found.append((label, printed))
    if (
        len(spans) == len(found) == 1
        and kind != "modified"
        and (later := change_of(text[spans[0][1] :], spans[0][2], language))
    ):
        found.append(("modified", later))
    if found and kind == "modified" and (first := _without_year(text[: spans[0][0]], spans[0][2], language)):
        found.append(("labelled", first))
    return found


def _without_year(text: str, change: Printed, language: str) -> Printed | None:
    """Read the day of publication that a line gives without its year before that of a change: it is the last such day.

    "Publié le 3 mars à 08:12, mis à jour le 03/03/2026 à 11:40"
    """
    for match in _NO_YEAR.finditer(text):
        if not PUBLISHED_BEFORE.search(text[: match.start()].rstrip()):
            continue
        for year in (int(change.day[:4]), int(change.day[:4]) - 1):
            whole = find_spans(f"{match[0]} {year}{text[match.end() :]}", language)
            if whole and whole[0][2].day <= change.day:
                return whole[0][2]
    return None


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
        return "modified" if near and not (OF_SITE.search(before) or NOT_YET.search(before)) else ""
    if _is_changed(text, before, after):
        return "modified" if start < 160 else ""
    if before.endswith(("*", "†")) or DEGREES.search(text) or STARTS_AT.search(text):
        return ""  # a birth, a death, the weather, a match
    if where == "below" and ANSWERED_BY.match(text):
        return ""
    around = f"{before} {after[:40]}"
    looked_up = RETRIEVED.search(before) or after.lstrip().startswith(("閲覧", "アクセス"))
    if (
        is_credited(before)
        or is_of_first_house(before, after)
        or looked_up
        or NOT_THE_TEXT.search(around)
        or PICTURE.search(before)
        or TAKES_PLACE.search(before)
    ):
        return ""
    if ORIGINAL_BEFORE.search(before) or (not before and ORIGINAL_BEFORE.search(before_line[-40:])):
        return "original"
    labelled = PUBLISHED_BEFORE.search(before) and len(_WORDS.findall(before)) <= 8 and near
    if labelled or (not before and not _WORDS.search(after) and PUBLISHED_BEFORE.search(before_line[-40:])):
        return "labelled"
    if (PUBLISHED_AFTER.search(after) and start < 80) or (where == "below" and THIS_POST.search(text) and start < 160):
        return "labelled"
    if is_of_picture(before, after):
        return ""
    if len(text) > 100:
        return "opening" if where == "opening" and _opens(before, after) else ""
    lead = re.split(_CUT, before)[-1]
    rest = CHANGE_SAID.split(re.split(f"{_CUT}|\\s-\\s", after)[0], maxsplit=1)[0]
    small = (
        _SMALL | weekdays(language) if not language.startswith(_DO_IS_UNTIL) else _SMALL - {"do"} | weekdays(language)
    )
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
    if word in small or f"วัน{word.removesuffix('ที่')}" in small:
        return True
    return any(mark in word and word.replace(mark, "") in small | {""} for mark in _ON_WEEKDAYS)


def _leads(text: str, small: frozenset[str]) -> bool:
    """Tell whether what stands before a date leaves it alone: nothing, "Hamburg,", "Party,", "By Jane Roe on"."""
    words = _words_of(text, small)
    if not words or len(words) > 4:
        return not words
    if re.match(r"\s*(?:\w+ )?(?:by|von|par|por|di|door|av)(?:\s|(?=[A-ZÄÖÜ]))", text, re.IGNORECASE):
        return True
    return len(words) <= 3 and text.rstrip().endswith((",", "|", "-")) and not words[0][0].islower()


def _follows(text: str, under: bool, small: frozenset[str]) -> bool:
    """Tell whether what stands after a date leaves it alone: nothing, "by Jane Roe", "Category: news"."""
    words = _words_of(text, small)
    if not words:
        return True
    if re.match(r"\s*(?:(?:by|von|par|por|di|door|av)\s+\S+|[^\W\d_]+\s?:)", text, re.IGNORECASE):
        return len(words) <= 5
    return len(words) <= 3 and (under or text.lstrip().startswith((",", "-", ";")))
