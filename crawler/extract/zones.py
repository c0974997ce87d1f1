"""Reads the zone that is printed beside a time of day: an offset, a short name, or "Moscow time" in many languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

#: A bare number is an offset only where it has all four figures: "+2" counts comments, too.
_OFFSET = re.compile(
    r"\b(?:UTC|GMT)\s?([+-]\d{1,2})(?::?(\d\d))?\b|(?<![\d-])([+-]\d\d):?(\d\d)\b|\b(?:UTC|GMT|ZULU)\b"
)
#: Behind a name of one or two letters, or one that is a word, too: the end, a bracket, a mark, a number or a day.
_ENDS = (
    r"(?=\s*(?:$|[|•·,;.()\[\]/–—-]|\d|(?:May|on|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\b))"
)
_ZULU = re.compile(rf"(?:(?<=\d)|[\s(]{{0,2}})Z\b{_ENDS}")
#: Zone names that mean one offset in the press that prints them. CST, AST and the like mean several.
_ZONES = {
    "EST": -300, "EDT": -240, "CDT": -300, "MDT": -360, "PST": -480, "PDT": -420, "CET": 60, "CEST": 120, "MEZ": 60,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "МСК": 180, "мск": 180, "JST": 540, "KST": 540, "HKT": 480,
    "WIB": 420, "WITA": 480, "WIT": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "PKT": 300, "GST": 240,
    "TRT": 180, "SGT": 480, "MYT": 480, "PHT": 480, "EAT": 180, "CAT": 120, "SAST": 120, "NPT": 345, "COT": -300,
}  # fmt: skip
#: What is a word or another short name, too.
_WORDS = ("WIT", "GST", "TRT", "SGT", "PHT", "EAT", "CAT", "NPT", "COT")
_SURE = "|".join(name for name in _ZONES if name not in _WORDS)
_ZONE = re.compile(rf"\b(?:({_SURE})\b(?!:)|({'|'.join(_WORDS)})\b{_ENDS})")
#: What means one zone only in the press of these languages: IST is Ireland's and Israel's time, too.
_OF_LANGUAGES = {
    "IST": (("hi", "bn", "mr", "ta", "te", "gu", "kn", "ml", "pa", "or", "as", "en-in"), "Asia/Kolkata"),
    "ET": (("en",), "America/New_York"),
    "CT": (("en",), "America/Chicago"),
    "MT": (("en",), "America/Denver"),
    "PT": (("en",), "America/Los_Angeles"),
}  # fmt: skip
#: So many characters behind a time a zone's short name ends.
_NEAR = 12
_OF_LANGUAGE = re.compile(rf"[\s,(]*\b({'|'.join(_OF_LANGUAGES)})\b{_ENDS}")
#: The place whose time it is said to be.
_PLACES = {
    "UTC": ("بتوقيت غرينتش", "توقيت غرينتش", "بتوقيت جرينتش", "توقيت جرينتش", "по гринвичу", "heure de greenwich"),
    "Europe/Moscow": (
        "moscow time", "по московскому времени", "по москве", "московского времени", "за московським часом",
        "hora de moscú", "heure de moscou", "moskauer zeit", "بتوقيت موسكو",
    ),
    "Asia/Shanghai": (
        "beijing time", "china standard time", "北京时间", "北京時間", "heure de pékin", "hora de beijing",
    ),
    "Asia/Taipei": ("taipei time", "taiwan time", "台北時間", "臺北時間"),
    "Asia/Hong_Kong": ("hong kong time", "香港時間"),
    "Asia/Tokyo": ("japan time", "日本時間"),
    "Asia/Seoul": ("korea time", "한국시간", "한국 시간"),
    "Asia/Riyadh": (
        "بتوقيت مكة المكرمة", "بتوقيت مكة", "توقيت مكة المكرمة", "توقيت مكة", "بتوقيت السعودية", "بتوقيت الرياض",
        "mecca time",
    ),
    "Asia/Dubai": ("بتوقيت الإمارات", "uae time"),
    "Asia/Tehran": ("به وقت تهران", "tehran time"),
    "Europe/Kyiv": ("kyiv time", "за києвом", "за київським часом"),
    "Europe/Istanbul": ("istanbul time", "tsi"),
    "Europe/Paris": ("paris time", "heure de paris", "heure française"),
    "Europe/London": ("london time", "uk time"),
    "America/New_York": ("new york time", "eastern time", "heure de new york"),
    "America/Sao_Paulo": ("horário de brasília", "hora de brasília", "de brasília"),
    "Asia/Kolkata": ("india time", "भारतीय समयानुसार"),
    "Asia/Jerusalem": ("israel time", "שעון ישראל"),
}  # fmt: skip
_PLACE_OF = {said: place for place, phrases in _PLACES.items() for said in phrases}
_SAID = "|".join(sorted(map(re.escape, _PLACE_OF), key=len, reverse=True))
_BEHIND = re.compile(rf"[\s,(（]{{0,3}}({_SAID})(?![^\W\d_])", re.IGNORECASE)
#: Chinese, Japanese and Korean press says it first.
_FIRST = "|".join(said for said in _PLACE_OF if said > "\u2e80")
_BEFORE = re.compile(rf"({_FIRST})\s?$")


def find_zone(text: str, language: str, moment: datetime) -> tuple[int | None, int]:
    """Find the zone that stands right after a time: minutes east of Greenwich at that moment, and where it ends."""
    match = _short_name(text)
    if match:
        return _ZONES[match[1] or match[2]], match.end()
    match = _BEHIND.match(text)
    if match:
        return _offset(_PLACE_OF[match[1].lower().replace("i\u0307", "i")], moment), match.end()
    match = _OF_LANGUAGE.match(text)
    if match and language.startswith(_OF_LANGUAGES[match[1]][0]):
        return _offset(_OF_LANGUAGES[match[1]][1], moment), match.end()
    match = _ZULU.match(text) or _OFFSET.search(text[:14])
    if not match:
        return None, 0
    hours = (match[1] or match[3]) if match.re is _OFFSET else ""
    if not hours:
        return 0, match.end()
    minutes = abs(int(hours)) * 60 + int(match[2] or match[4] or 0)
    return (minutes * (-1 if hours[0] == "-" else 1), match.end()) if minutes <= 14 * 60 else (None, 0)


def zone_before(text: str, moment: datetime) -> int | None:
    """Find the zone that is said at the end of a text, before a day or a time."""
    match = None if text.isascii() else _BEFORE.search(text)
    return _offset(_PLACE_OF[match[1]], moment) if match else None


def names_zone(text: str) -> bool:
    """Tell whether a text begins with the short name of a zone."""
    match = _short_name(text)
    return not text[: match.start()].strip(" (") if match else _OF_LANGUAGE.match(text) is not None


def _short_name(text: str) -> re.Match[str] | None:
    """Find a zone's short name close behind a time; what follows the name tells whether it is one."""
    match = _ZONE.search(text[: 2 * _NEAR])
    return match if match and match.end() <= _NEAR else None


def _offset(place: str, moment: datetime) -> int:
    return int((ZoneInfo(place).utcoffset(moment) or timedelta()).total_seconds()) // 60
