"""Reads the zone that is printed beside a time of day: an offset, a short name, or "Moscow time" in many languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:\b(?:UTC|GMT)\s*)?(?<![\d-])([+-])(\d{1,2}):?(\d\d)?\b|\b(UTC|GMT|Z|ZULU)\b|(?<=\d)(Z)\b")
#: Zone names that mean one offset in the press that prints them. CST, AST and the like mean several.
_ZONES = {
    "EST": -300, "EDT": -240, "CDT": -300, "MDT": -360, "PST": -480, "PDT": -420, "CET": 60, "CEST": 120, "MEZ": 60,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "МСК": 180, "мск": 180, "JST": 540, "KST": 540, "HKT": 480,
    "WIB": 420, "WITA": 480, "WIT": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "PKT": 300, "GST": 240,
    "TRT": 180, "SGT": 480, "MYT": 480, "PHT": 480, "EAT": 180, "CAT": 120, "SAST": 120, "NPT": 345, "COT": -300,
}  # fmt: skip
_ZONE = re.compile(r"\b(" + "|".join(_ZONES) + r")\b")
#: What means one zone only in the press of these languages: IST is Ireland's and Israel's time, too.
_OF_LANGUAGES = {
    "IST": (("hi", "bn", "mr", "ta", "te", "gu", "kn", "ml", "pa", "or", "as", "en-in"), "Asia/Kolkata"),
    "ET": (("en",), "America/New_York"),
    "CT": (("en",), "America/Chicago"),
    "MT": (("en",), "America/Denver"),
    "PT": (("en",), "America/Los_Angeles"),
}  # fmt: skip
_OF_LANGUAGE = re.compile(rf"[\s,(]*\b({'|'.join(_OF_LANGUAGES)})\b")
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
    match = _ZONE.search(text[:12])
    if match:
        return _ZONES[match[1]], match.end()
    match = _BEHIND.match(text)
    if match:
        return _offset(_PLACE_OF[match[1].lower().replace("i\u0307", "i")], moment), match.end()
    match = _OF_LANGUAGE.match(text)
    if match and language.startswith(_OF_LANGUAGES[match[1]][0]):
        return _offset(_OF_LANGUAGES[match[1]][1], moment), match.end()
    match = _OFFSET.search(text[:14])
    if not match:
        return None, 0
    if not match[1]:
        return 0, match.end()
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return (minutes * (-1 if match[1] == "-" else 1), match.end()) if minutes <= 14 * 60 else (None, 0)


def zone_before(text: str, moment: datetime) -> int | None:
    """Find the zone that is said at the end of a text, before a day or a time."""
    match = None if text.isascii() else _BEFORE.search(text)
    return _offset(_PLACE_OF[match[1]], moment) if match else None


def names_zone(text: str) -> bool:
    """Tell whether a text begins with the short name of a zone."""
    match = _ZONE.search(text[:12]) or _OF_LANGUAGE.match(text)
    return match is not None and not text[: match.start(1)].strip(" (")


def _offset(place: str, moment: datetime) -> int:
    return int((ZoneInfo(place).utcoffset(moment) or timedelta()).total_seconds()) // 60
