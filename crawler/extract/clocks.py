"""Reads times of day as the press prints them, with the half of the day that stands beside them."""

from __future__ import annotations

import re
from datetime import time
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from crawler.extract.zones import names_zone

_CLOCK = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-4])(?:[:：h٫]| [hH] |Uhr )([0-5]\d)(?:[:：]([0-5]\d))?(?![\d:])"
    r"(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
#: 17.05 is a price or a version, too: it is a time where a word says so, or behind a day where that is the custom.
_DOTTED = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-4])\.([0-5]\d)(?:\.([0-5]\d))?(?![\d:%€$£]|[.,]\d|\s[%€$£])"
    r"(?:\s?([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_TIME_COMES = re.compile(
    r"(?<![^\W\d_])(?:kl|klo|kello|uhr|ore|alle|pukul|jam|kell|ob|godz|godzinie|ora|om|at|las|às|u|o|เวลา)\.?\s?:?\s?$",
    re.IGNORECASE,
)
_TIME_WAS = re.compile(r"\s?(?:Uhr|uur|h|hrs|hod|ч|น|p\.\s?m|a\.\s?m)(?![^\W\d_])|\s?\(?(?:GMT|UTC)\b", re.IGNORECASE)
_DOTTED_CUSTOM = (
    "da", "nb", "no", "nn", "sv", "fi", "is", "fo", "it", "id", "et", "lt", "lv", "pl", "cs", "sk", "sl", "hr", "bs",
    "sr", "mk", "bg", "ro", "hu", "de", "tr", "el",
)  # fmt: skip
#: Between a day and the time behind it; what follows such a time is no unit.
_BESIDE_DAY = re.compile(r"[\s,|•·–—:-]*")
_NO_UNIT = re.compile(r"\s*(?:$|[|•·,;:()/–—-]|[A-ZÄÖÅÆØ][a-zäöåæø]{3})")
_CJK_CLOCK = re.compile(r"(\d{1,2})\s*[時时시点點]\s*(\d{1,2})\s*[分분]?(?:\s*(\d{1,2})\s*[秒초])?")
_HOUR_ONLY = re.compile(r"(?<![\d:.])(1[0-2]|0?[1-9])\s*([ap])\.?\s?m\b", re.IGNORECASE)
#: "PM 5:05"; written small, "am" is a word of German.
_LATIN_BEFORE = re.compile(r"(?<![^\W_])([AP])\.?M\.?\s*$|(?<![^\W_])([ap])\.\s?m\.\s*$")
#: CLDR's names of the parts of a day; "am" and "pm" come first, for others may share their words.
_PARTS = {
    "am": "am", "pm": "pm", "morning": "am", "afternoon": "pm", "evening": "pm", "noon": "noon", "midnight": "night",
    "night": "night",
}  # fmt: skip
_NOON = 12 * 3600
#: A word for a half of the day before a time is no longer than this.
_LONGEST_HALF = 24
#: Whose words for the halves of a day are known on every page: languages of scripts that few others use, for which
#: pages often declare no language or a wrong one.
_EVERYWHERE = ("ar", "fa", "ur", "el", "hi", "bn", "th", "ja", "ko", "zh")
#: What CLDR lacks, or gives another sense than the press.
_MORE = {
    "ar": {
        "صباح": "am", "صباحا": "am", "فجرا": "am", "مساء": "pm", "مساءا": "pm", "في المساء": "evening", "عصرا": "pm",
        "ظهرا": "noon", "ظهرًا": "noon", "ليلا": "night",
    },
    "fa": {
        "ق.ظ": "am", "ب.ظ": "pm", "قبل از ظهر": "am", "بعد از ظهر": "pm", "بعدازظهر": "pm", "ظهر": "noon", "ق": "",
        "ب": "",
    },
    "hi": {"पूर्वाह्न": "am", "अपराह्न": "pm"},
    "bn": {"এএম": "am", "পিএম": "pm", "রাত": "night", "ভোররাত": "am", "বিকেল": "pm"},
    "el": {
        "πμ": "am", "μμ": "pm", "π.μ": "am", "μ.μ": "pm", "μεσημ.": "noon", "μεσημέρι": "noon", "το μεσημέρι": "noon",
    },
    "zh": {"中午": "noon", "清晨": "am", "早晨": "am", "凌晨": "am", "傍晚": "pm"},
    "ja": {"朝": "am", "未明": "am", "夕方": "pm"},
    "ko": {"낮": "noon", "새벽": "am"},
}  # fmt: skip


@lru_cache(maxsize=64)
def _halves(language: str) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """Make what finds the half of a day after and before a time: the words of CLDR for a language and for some more."""
    known: dict[str, str] = {}
    for tongue in dict.fromkeys((language.split("-", maxsplit=1)[0], *_EVERYWHERE)):
        for word, half in (_of_cldr(tongue) | _MORE.get(tongue, {})).items():
            known.setdefault(word, half)
    known = {word: half for word, half in known.items() if half}
    words = sorted(known, key=len, reverse=True)
    either = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words)
    # One letter before a time is no half of a day: م after an Arab year means our calendar.
    before = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words if len(word) > 1)
    return (
        re.compile(rf"\s*({either})(?![^\W\d_])", re.IGNORECASE),
        re.compile(rf"(?<![^\W\d_])({before})\s*$", re.IGNORECASE),
        known,
    )


@lru_cache(maxsize=64)
def _of_cldr(language: str) -> dict[str, str]:
    """List a language's words for the parts of a day: am, pm, noon or night."""
    try:
        locale = Locale.parse(language or "en")
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    rules = locale.day_period_rules.get(None, {})
    found: dict[str, str] = {}
    named = [item for widths in locale.day_periods.values() for names in widths.values() for item in names.items()]
    for kind, half in _PARTS.items():
        for key, word in named:
            if key.rstrip("12") != kind or (len(word) == 1 and word.isascii()):
                continue
            # What lasts from midnight on is of the first half, whatever it is called: 凌晨.
            ends = [span["before"] for span in rules.get(key, ()) if span.get("from", 1) < span.get("before", 0)]
            early = half == "night" and ends and max(ends) <= _NOON
            found.setdefault(word.casefold(), "am" if early else half)
    return found


def find_clock(text: str, language: str, *, beside_day: bool = False) -> tuple[time, bool, int, int] | None:
    """Find a time of day: the time, whether it has seconds, and its span.

    ``beside_day`` tells that a day ends where the text begins.
    """
    match = _CJK_CLOCK.search(text) if not text.isascii() else None
    mark = None
    if match is None:
        match = _earlier(_CLOCK.search(text), _dotted(text, language, beside_day) if "." in text else None)
        mark = match[4] if match else None
    if match is None:
        match = _HOUR_ONLY.search(text)
        if match is None:
            return None
        return _time(_hour(int(match[1]), f"{match[2]}m".lower()), 0, None, match.span())
    start, end = match.span()
    hour: int | None = int(match[1])
    half = f"{mark}m".lower() if mark else ""
    if not half and int(match[1]) <= 12:
        half, start, end = _half_beside(text, start, end, language)
    if half:
        hour = _hour(int(match[1]), half)
    return _time(hour, int(match[2]), match[3], (start, end))


def _earlier(one: re.Match[str] | None, other: re.Match[str] | None) -> re.Match[str] | None:
    return other if one is None or (other is not None and other.start() < one.start()) else one


def _dotted(text: str, language: str, beside_day: bool) -> re.Match[str] | None:
    """Find a time that is written with a point, where something tells that it is one."""
    for match in _DOTTED.finditer(text):
        lead, rest = text[: match.start()], text[match.end() : match.end() + 14]
        if match[4] or _TIME_COMES.search(lead) or _TIME_WAS.match(rest) or names_zone(rest):
            return match
        custom = beside_day and language.startswith(_DOTTED_CUSTOM)
        if custom and _BESIDE_DAY.fullmatch(lead) and _NO_UNIT.match(rest):
            return match
    return None


def _half_beside(text: str, start: int, end: int, language: str) -> tuple[str, int, int]:
    """Read the half of the day that a word after or before a time tells; give the span with that word, too."""
    lead = text[max(0, start - _LONGEST_HALF) : start]
    if latin := _LATIN_BEFORE.search(lead):
        return f"{latin[1] or latin[2]}m".lower(), start - len(lead) + latin.start(), end
    after, before, known = _halves(language)
    if match := after.match(text, end):
        return known[" ".join(match[1].casefold().split())], start, match.end()
    if match := before.search(lead):
        return known[" ".join(match[1].casefold().split())], start - len(lead) + match.start(), end
    return "", start, end


def _hour(hour: int, half: str) -> int | None:
    """Give the hour of 24 that an hour of 12 means; None where that is not sure."""
    if hour > 12:
        return hour
    if half == "am":
        return hour % 12
    if half == "pm":
        return hour % 12 + 12
    if half == "noon":
        return hour if hour >= 11 else hour + 12 if hour <= 4 else None
    if half == "evening" and hour <= 5:
        return hour + 12 if hour == 5 else None
    return hour % 12 + (12 if 6 <= hour < 12 else 0)


def _time(
    hour: int | None, minute: int, second: str | None, span: tuple[int, int]
) -> tuple[time, bool, int, int] | None:
    if hour is None or hour > 23 or minute > 59 or int(second or 0) > 59:
        return None
    return time(hour, minute, int(second or 0)), second is not None, *span
