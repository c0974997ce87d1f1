"""Printed dates: read as ISO 8601, with an offset only where one was printed, or not at all."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_SPACES = re.compile(r"[\s\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_LONGEST = 100
_YEARS = range(1900, 2101)

_MONTH_NAMES = """
    jan january january. januar jänner jaenner janvier janv enero ene gennaio gen janeiro january января янв январь
    січня ocak styczeń stycznia januari ;
    feb february februar février fevrier févr fevr febrero febbraio fevereiro fev февраля фев февраль лютого şubat
    luty lutego februari ;
    mar march märz maerz mrz mär mars marzo março marco марта мар март березня mart marzec marca maart ;
    apr april avril avr abril abr aprile апреля апр апрель квітня nisan kwiecień kwietnia ;
    may mai mayo maggio mag maio мая май травня mayıs maj maja mei ;
    jun june juni juin junio giugno giu junho июня июн июнь червня haziran czerwiec czerwca ;
    jul july juli juillet juil julio luglio lug julho июля июл июль липня temmuz lipiec lipca ;
    aug august août aout agosto ago августа авг август серпня ağustos sierpień sierpnia augustus ;
    sep sept september septembre septiembre settembre set setembro сентября сен сент сентябрь вересня eylül
    wrzesień września ;
    oct october oktober okt octobre octubre ottobre ott outubro out октября окт октябрь жовтня ekim październik
    października ;
    nov november novembre noviembre novembro ноября ноя ноябрь листопада kasım listopad listopada ;
    dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro декабря дек декабрь грудня
    aralık grudzień grudnia ;
"""
_MONTHS = {
    name.rstrip("."): number for number, names in enumerate(_MONTH_NAMES.split(";"), 1) for name in names.split()
}
#: Hours of the zones that mean one thing only, and of those that RFC 822 defines. BST, IST ... mean several: no offset.
_ZONES: dict[str, float] = {
    "z": 0, "gmt": 0, "ut": 0, "utc": 0, "wet": 0,
    "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3,
    "мск": 3, "jst": 9, "kst": 9, "hkt": 8, "pkt": 5, "npt": 5.75, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
_CLOCK = r"(?P<h>\d{1,2})\s*[:.h時时点點]\s*(?P<m>\d{2})(?:\s*[:.分]\s*(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?\s*[分秒]?"
_AMPM = r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
_ZONE = r"(?:\s*\(?(?P<zone>[^\W\d_]{1,5}(?=$|\W)(?!\s*[+-]\d)|(?:gmt|utc|ut)?\s*[+\-−]\s*\d{1,2}:?(?:\d{2})?)\)?)?"
_TIME = rf"(?:{_CLOCK}{_AMPM}{_ZONE})"
_DAYNAME = r"(?:[^\W\d_]+(?:\.?,\s*|\.?\s+))?"
_YMD = re.compile(
    rf"(?P<Y>\d{{4}})\s*[-/.年]\s*(?P<M>\d{{1,2}})\s*[-/.月]\s*(?P<D>\d{{1,2}})\s*日?"
    rf"(?:\s*\(?(?:星期|周|週)?[一二三四五六日天月火水木金土]\)?)?"
    rf"(?:(?:T|,|\s)*{_TIME})?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<Y>\d{4})(?P<M>\d{2})(?P<D>\d{2})(?:[T ]?(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?(?P<f>)(?P<half>)"
    rf"{_ZONE})?",
    re.IGNORECASE,
)
_DMY = re.compile(
    rf"{_DAYNAME}(?P<D>\d{{1,2}})(?:st|nd|rd|th|º|er|\.)?(?:\s+de|\s+of)?[ \-]\s*(?P<N>[^\W\d_]{{3,12}})\.?"
    rf"(?:\s+de)?[ ,\-]\s*(?P<Y>\d{{4}}|\d{{2}})(?:\s*г(?:\.|ода)?)?"
    rf"(?:(?:\s*[,;|–—-]\s*|\s+)(?:at\s+|um\s+|à\s+|в\s+)?{_TIME})?(?:\s*uhr)?",
    re.IGNORECASE,
)
_MDY = re.compile(
    rf"{_DAYNAME}(?P<N>[^\W\d_]{{3,12}})\.?\s+(?P<D>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<Y>\d{{4}})"
    rf"(?:(?:\s*[,;|–—-]\s*|\s+)(?:at\s+)?{_TIME})?",
    re.IGNORECASE,
)
_ASCTIME = re.compile(
    r"[^\W\d_]{3,9},?\s+(?P<N>[^\W\d_]{3,9})\s+(?P<D>\d{1,2})\s+(?P<h>\d{2}):(?P<m>\d{2}):(?P<s>\d{2})(?P<f>)(?P<half>)"
    r"(?:\s+(?P<zone>[A-Z]{1,5}|(?:GMT)?[+-]\d{2}:?\d{2}))?\s+(?P<Y>\d{4})",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    rf"{_DAYNAME}(?P<a>\d{{1,2}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<Y>\d{{4}})"
    rf"(?:(?:\s*[,;|–—-]\s*|\s+){_TIME})?(?:\s*uhr)?",
    re.IGNORECASE,
)
_SECOND_ZONE = re.compile(
    r"([+-]\d{2}:?\d{2}|\dZ?)\s*(?:\([^()]{6,}\)|\[?[A-Z][a-z]+/[A-Z]\w+\]?|(?<=\d{4}) (?:UTC|GMT|MSK))$"
)
_EPOCH = re.compile(r"1\d{9}(\d{3})?")


def iso(printed: str | None) -> str | None:
    """Write a printed date as ISO 8601; None when it cannot be read for certain.

    A printed day stays a day. The offset is there only when a zone that means one thing was printed.
    """
    # "+0000 UTC" (Go) and "GMT+0800 (China Standard Time)" (JavaScript) name the zone twice, "[Asia/Seoul]" thrice.
    text = _SECOND_ZONE.sub(r"\1", _clean(printed or ""))
    if not text or len(text) > _LONGEST:
        return None
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return (datetime(1970, 1, 1) + timedelta(seconds=int(seconds))).isoformat() + "+00:00"  # noqa: DTZ001
    for form in (_YMD, _DMY, _ASCTIME, _MDY, _COMPACT, _NUMERIC):
        if found := form.fullmatch(text):
            return _written(found, java=form is _ASCTIME)
    return None


def find(text: str) -> str | None:
    """Find the first whole date (year, month, day) in a line of text, as ISO 8601."""
    text = _clean(text)[:500]
    best: tuple[int, str] | None = None
    for form in (_YMD, _DMY, _MDY, _NUMERIC):
        for found in form.finditer(text):
            before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
            if before.isdigit() or after.isdigit() or before in ("/", "-"):
                continue
            written = _written(found)
            if written and (best is None or found.start() < best[0]):
                best = (found.start(), written)
            break
    return best[1] if best else None


def _clean(text: str) -> str:
    text = _SPACES.sub(" ", text[: 2 * _LONGEST * 3]).strip()
    # Digits of other scripts (Arabic, Persian, Devanagari, full width) are digits.
    return text if text.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in text).replace("：", ":")


def _written(found: re.Match[str], *, java: bool = False) -> str | None:
    parts = found.groupdict()
    day = _day(parts)
    if day is None:
        return None
    if not parts.get("h"):
        return day.date().isoformat()
    hour, minute, second = int(parts["h"]), int(parts["m"]), int(parts["s"] or 0)
    if half := (parts.get("half") or "").lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour > 23 or minute > 59 or second > 60) and (hour, minute, second) != (24, 0, 0):
        return None
    time = day + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    precision = "seconds" if parts["s"] else "minutes"
    zone = (parts.get("zone") or "").lower()
    # Java prints CST for China and for Chicago alike; in RFC 822 it is defined.
    offset = None if java and zone == "cst" else _offset(zone)
    if offset is None:
        return time.isoformat(timespec=precision)
    return time.replace(tzinfo=timezone(offset)).isoformat(timespec=precision)


def _day(parts: dict[str, str | None]) -> datetime | None:
    year = int(parts["Y"] or 0)
    if len(parts["Y"] or "") == 2:
        year += 2000 if year < 70 else 1900
    if parts.get("a"):
        month, day = _which(int(parts["a"] or 0), int(parts["b"] or 0), parts["sep"] or "")
    else:
        named = (parts.get("N") or "").lower()
        month = _MONTHS.get(named, 0) if named else int(parts["M"] or 0)
        day = int(parts["D"] or 0)
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - the zone is told apart
    except ValueError:
        return None


def _which(a: int, b: int, separator: str) -> tuple[int, int]:
    """Tell month and day apart: with dots the day comes first; else only where just one reading is possible."""
    if separator == "." or a > 12 or a == b:
        return b, a
    return (a, b) if b > 12 else (0, 0)


def _offset(zone: str) -> timedelta | None:
    zone = re.sub(r"\s", "", zone).replace("−", "-")
    if zone in _ZONES:
        return timedelta(hours=_ZONES[zone])
    found = re.fullmatch(r"(?:gmt|utc|ut)?([+-])(\d{1,2}):?(\d{2})?", zone)
    if not found:
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if found[1] == "-" else offset
