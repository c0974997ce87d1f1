"""Reads printed dates: ISO, RFC 822, and the forms of many languages and calendars. It never guesses.

A form that two readers would read as two days (3/4/2019 on a page of unknown country) is no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from crawler.extract.calendars import ERAS, HIJRI_MONTHS, from_hijri, from_jalali, han_number
from crawler.extract.clocks import find_clock
from crawler.extract.datewords import CHANGE_SAID
from crawler.extract.months import month_of
from crawler.extract.zones import find_zone, zone_before
from crawler.records import Precision

_EARLIEST = 1900
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|"
    r"[+-]\d\d)?)?(?!\d)",
    re.IGNORECASE,
)
#: With the zones that the standard names; people print others.
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s)?\s*\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)?"
    r"(?:\s(?:[+-]\d{4}|GMT|UTC|UT|Z|[ECMP][SD]T))?(?:\s\([^()]{1,40}\))?"
)
_CJK_DAY = re.compile(r"(\d{2,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?")
_ROC_DAY = re.compile(r"(?:中華民國|民國|民国)\s*(\d{2,3})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ROC_NUMERIC = re.compile(r"(?<![\d./-])(1\d\d)([/.-])(\d{1,2})\2(\d{1,2})(?![\d-]|[./]\d)")
_ERA_DAY = re.compile(r"(令和|平成|昭和)\s*(元|\d{1,2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
#: 114年3月4日: nobody writes our years so; 中華民國一百一十四年三月四日 anywhere.
_ROC_BARE = re.compile(r"(?<![\d.])(1\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ROC_HAN = re.compile(
    r"(?:中華民國|民國|民国)([一二三四五六七八九十百零〇]{1,6})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
#: 二〇一九年十一月六日
_HAN_DAY = re.compile(r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
#: Juche 108 (2019). 11. 6. and 주체108(2019)년 11월 6일: the year in our calendar stands beside it.
_INVISIBLE = re.compile("[\xad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_EAST_ASIAN = re.compile("[\u2e81-\ud7a3]")
_DIGIT = re.compile(r"[\d年]")
_A_YEAR = re.compile(r"\d{4}")
_JUCHE = re.compile(r"(?:주체|Juche\s)\s?\d{2,3}\s?\((\d{4})\)")
_SPACED_WEEKDAY = re.compile(r"(?<![^\W\d_])(یک|دو|سه|چهار|پنج)\sشنبه")
_MONTH_WORD = re.compile(r"\s?ماه(?=[\s،,]\s?1[34]\d\d(?!\d))")
#: The head of a page that shows the year, the day and the time in boxes of their own: 2025 03/04 10:11:12.
_YEAR_APART = re.compile(r"(20\d\d)\s?(0[1-9]|1[0-2])\s?/\s?(0[1-9]|[12]\d|3[01])\s?(?=[0-2]\d:[0-5]\d)")
_BENGALI_CLOCK = re.compile(r"([০-৯]): ([০-৯]{2}(?![০-৯]))")
_THAI_DOTS = re.compile(r"([\u0e01-\u0e4e]{1,3})\.\s?([\u0e01-\u0e4e])\.")
_VIETNAMESE_DAY = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:,|\s+năm)\s+(\d{4})", re.IGNORECASE)
#: 28.01.22, read only where a byline or a date is expected; $12.03.24 and CHF 12.03.24 are prices, and 05.03. 10:35 and
#: 5.3. 14 Uhr end with the time of day.
_SHORT_YEAR = re.compile(
    r"(?<![\w.,/$€£¥₹₩₽₺₴-])(?<![$€£¥₹₩₽₺₴]\s)(?<!(?:EUR|USD|GBP|CHF|PLN|CZK|SEK|NOK|DKK|RUB|Rs\.)\s)(\d{1,2})"
    r"(?:\.\s?(\d{1,2})\.\s?|/(\d{1,2})/)(\d{2})"
    r"(?![\d.,%:]\d|[\w%]|\s?(?:Uhr\b|[€$£¥₹₩₽₺₴]|(?:EUR|USD|GBP|CHF|PLN|CZK|SEK|NOK|DKK|RUB|zł|kr|Kč|Ft|lei|лв|руб|грн)\b))"
)
#: Where 24/03/14 is a day of March.
_YEAR_FIRST_LANGUAGES = ("fa", "ja", "ko", "zh", "hu", "mn")
_YEAR_FIRST = re.compile(
    r"(?<![\d./_A-Za-z-])(\d{4})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?:\.(?=\s|$))?(?![\d-]|[./]\d|\.[a-z])"
)
_YEAR_LAST = re.compile(r"(?<![\d./-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})(?![\d-]|[./]\d)")
# Indic, Thai, Burmese and Khmer vowel signs are no letters to \\w. The two sets must have no letter in common: a text
# without spaces could else be read in 2^n ways.
_LETTER = r"(?:[^\W\d_\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]|[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff])"
_WORD = rf"{_LETTER}{{1,30}}(?:[\u200c'’]{_LETTER}{{1,30}})?(?:\s(?:الثاني|الأول))?"
_DAY_NAME_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:\.|º|°|er|st|nd|rd|th|-?(?:го|е|ое))?,?\s*(?:de\s|of\s|"
    rf"d['’]|[-/](?=\w))?\s*({_WORD})\.?[,،]?\s*(?:de[l]?\s|[-/](?=\d)|(?:พศ|คศ|ឆ្នាំ)\s?)?\s*(\d{{4}})(?!\d)"
)
_NAME_DAY_YEAR = re.compile(
    rf"(?<![^\W\d_])({_WORD})(?:\.?\s+|\.|-)(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+|,|-)(\d{{4}})(?!\d)"
)
_YEAR_NAME_DAY = re.compile(
    rf"(?<!\d)(\d{{4}})(?:\.?[-,]?\s*|\sm\.\s|\(?e?\)?ko\s)({_WORD})\.?\s*(\d{{1,2}})(?!\d)(?:\.(?=\s|$)|\sd\b\.?)?"
)
#: "2026. gada 3. marts", "2026 жылғы 3 наурыз", "2026-yil 3-mart".
_YEAR_DAY_NAME = re.compile(
    rf"(?<!\d)(\d{{4}})(?:\.?\sgada|\sжылғы|\sжылы|\sжыл|\s?-?yil|\s?-?йил)\s(?:ning\s)?(\d{{1,2}})(?:\.\s?|-|\s)({_WORD})"
)
#: "2026 оны 3 сарын 3", "2026 оны 3 дугаар сарын 3-ны өдөр"
_MONGOLIAN_DAY = re.compile(r"(\d{4}) оны (\d{1,2}) ?(?:-?р |дугаар |дүгээр )?сарын (\d{1,2})\.?")
#: 3 มี.ค. 69 and 3-Mar-26, read only where a byline or a date is expected.
_SHORT_YEAR_NAMED = re.compile(
    rf"(?<![\w.])(\d{{1,2}})(?:\s|-|\.\s?)({_WORD})\.?(?:\s?['’]|-|\s)(\d{{2}})(?![\w:.]|\s?(?:Uhr|h)\b)"
)
_DIGITS = {
    ord(char): str(value)
    for zero in "٠۰०๐০੦૦୦௦౦೦൦໐၀០"
    for value, char in enumerate(chr(ord(zero) + n) for n in range(10))
}
_HIJRI_DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})[\s-]+({'|'.join(sorted(HIJRI_MONTHS, key=len, reverse=True))})[\s,،-]+(1[34]\d\d)(?!\d)"
)
#: With a point behind them they end no sentence between a day and its time: "3 март 2026 г. в 08:12".
_BETWEEN = frozenset((
    "г", "год", "года", "р", "року", "ж", "r", "d", "god", "godz", "kl", "klo", "u", "o", "ob", "ora", "ore", "в", "о",
    "um", "at", "à", "m", "st", "kell", "plkst",
))  # fmt: skip
_MONTH_FIRST_LANGUAGES = ("en-us", "en-ph")
#: A day of the moon's calendar may be so many days off, and its like in ours stands so near to it.
_APART, _BESIDE = 2, 20
#: Where a day begins and ends, the day, and whether it is by another calendar than ours.
_Found = tuple[int, int, date, bool]


@dataclass(frozen=True, slots=True)
class Printed:
    """A date as a page prints it."""

    #: ISO 8601, with an offset only where one is printed.
    iso: str
    precision: Precision

    @property
    def day(self) -> str:
        """The calendar day as written."""
        return self.iso[:10]


def in_utc(printed: Printed, zone: str | None) -> datetime | None:
    """Place a printed date in UTC, by its own offset or by the zone of its source; None when neither is known."""
    value = datetime.fromisoformat(printed.iso)
    if value.tzinfo is None:
        if not zone:
            return None
        value = value.replace(tzinfo=ZoneInfo(zone))
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None


def read_machine(value: str) -> Printed | None:
    """Read a date that was written for machines: ISO 8601, RFC 822, or seconds since 1970."""
    value = value.strip().translate(_DIGITS)
    match = _ISO.match(value)
    if match and (match[4] or not re.match(r"\s*[T ]?\d", value[match.end() :])):
        return _from_iso(match)
    if re.fullmatch(r"1\d{9}(\d{3})?", value):
        moment = datetime.fromtimestamp(int(value[:10]), UTC)
        return Printed(moment.isoformat(), "second")
    match = _RFC_822.fullmatch(value)
    if match:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        seconds = match[1] is not None
        iso = moment.isoformat(timespec="seconds" if seconds else "minutes")
        return Printed(iso, _precision(moment.time(), seconds)) if moment.year >= _EARLIEST else None
    return None


def read(text: str, language: str = "") -> Printed | None:
    """Read the first date that a text prints, in the language of its page; None when there is none that is sure."""
    found = find(text, language)
    return found[0] if found else None


def find(text: str, language: str = "") -> list[Printed]:
    """Read all the dates that a short text prints, in their order."""
    return [printed for _, _, printed in find_spans(clean(text), language)]


def clean(text: str) -> str:
    """Write digits of other scripts as 0-9 and drop invisible marks: the text to which the spans of dates belong."""
    text = text[:1_000]
    if text.startswith("20") and (parted := _YEAR_APART.match(text)) is not None:
        text = f"{parted[1]}/{parted[2]}/{parted[3]} {text[parted.end() :]}"
    if not text.isascii():
        if ": " in text:
            text = _BENGALI_CLOCK.sub(r"\1:\2", text)
        text = _INVISIBLE.sub("", text).translate(_DIGITS).replace("\xa0", " ").replace("\u202f", " ")
        text = _THAI_DOTS.sub(r"\1\2", text)  # พ.ย. is one word
        if "شنبه" in text:
            text = _SPACED_WEEKDAY.sub(r"\1شنبه", text)  # سه شنبه is one word, too
        if "ماه" in text:
            text = _MONTH_WORD.sub("", text)  # اسفند ماه ۱۴۰۳
    return _JUCHE.sub(r"\1", text) if "주체" in text or "Juche" in text else text


def may_hold(text: str) -> bool:
    """Tell whether a text can print a date at all: that has digits, or is written in Chinese numerals."""
    return _DIGIT.search(text) is not None


def find_spans(text: str, language: str = "", *, short_years: bool = False) -> list[tuple[int, int, Printed]]:
    """Read the dates of a cleaned text, each with where it starts and ends, its time of day included.

    ``short_years`` reads 28.01.22, too, which elsewhere may be a version or a price.
    """
    if not may_hold(text):
        return []
    days = _by_one_calendar(text, sorted(_days(text, language.lower(), short_years), key=lambda item: item[0]))
    found: list[tuple[int, int, Printed]] = []
    end = 0
    for index, (start, stop, day, _) in enumerate(days):
        if start < end:
            continue
        limit = days[index + 1][0] if index + 1 < len(days) and days[index + 1][0] >= stop else len(text)
        after = text[stop : min(limit, stop + 45)]
        before = text[max(end, start - 22) : start]
        printed, used_after, used_before = _with_clock(day, after, before, language)
        end = stop + used_after
        found.append((start - used_before, end, printed))
    return found


def _by_one_calendar(text: str, days: list[_Found]) -> list[_Found]:
    """Take of a day that is printed by two calendars ours: by the moon's, countries are a day apart."""
    found: list[_Found] = []
    for item in days:
        before = found[-1] if found else None
        if (
            before is not None
            and before[3] != item[3]
            and abs((before[2] - item[2]).days) <= _APART
            and before[1] <= item[0] <= before[1] + _BESIDE
            and not any(map(str.isdigit, text[before[1] : item[0]]))
        ):
            found[-1] = (before[0], item[1], item[2] if before[3] else before[2], False)
        else:
            found.append(item)
    return found


def _from_iso(match: re.Match[str]) -> Printed | None:
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        clock = time(int(hour or 0), int(minute or 0), int(second or 0))
        moment = datetime.combine(date(int(year), int(month), int(day)), clock)
    except ValueError:
        return None
    if moment.year < _EARLIEST:
        return None
    if hour is None:
        return Printed(moment.date().isoformat(), "day")
    offset = _offset_minutes(zone) if zone else None
    if offset is not None and abs(offset) < 24 * 60:
        moment = moment.replace(tzinfo=UTC if offset == 0 else timezone(timedelta(minutes=offset)))
    return Printed(
        moment.isoformat(timespec="seconds" if second else "minutes"), _precision(moment.time(), bool(second))
    )


def _offset_minutes(zone: str) -> int:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (-1 if zone[0] == "-" else 1) * (int(digits[:2]) * 60 + int(digits[2:4]))


def _precision(clock: time, seconds: bool) -> Precision:
    # Systems that know only the day write midnight.
    if clock.hour == clock.minute == clock.second == 0:
        return "day"
    return "second" if seconds else "minute"


def _days(text: str, language: str, short_years: bool) -> list[_Found]:
    found: list[_Found] = []

    def note(match: re.Match[str], year: int, month: int, day: int) -> None:
        value = _day(year, month, day, language)
        if value is not None:
            found.append((match.start(), match.end(), value, month > 100 or year < _EARLIEST))

    if not text.isascii() and _ARABIC.search(text):
        for match in _HIJRI_DAY.finditer(text):
            note(match, int(match[3]), HIJRI_MONTHS[match[2]] + 200, int(match[1]))
    elif not text.isascii() and _EAST_ASIAN.search(text):
        _days_of_east_asia(text, note)
    if language.startswith("zh-tw"):
        for match in _ROC_NUMERIC.finditer(text):
            note(match, int(match[1]) + 1911, int(match[3]), int(match[4]))
    if language.startswith("zh") and "年" in text:  # pages of Taiwan often say "zh" only
        for match in _ROC_BARE.finditer(text):
            note(match, int(match[1]) + 1911, int(match[2]), int(match[3]))
    if "tháng" in text:
        for match in _VIETNAMESE_DAY.finditer(text):
            note(match, int(match[3]), int(match[2]), int(match[1]))
    if "сарын" in text:
        for match in _MONGOLIAN_DAY.finditer(text):
            note(match, int(match[1]), int(match[2]), int(match[3]))
    if short_years:
        _short_days(text, language, note)
        for match in _SHORT_YEAR.finditer(text):
            figures = (int(match[1]), int(match[2] or match[3]), int(match[4]))
            if language.startswith(_YEAR_FIRST_LANGUAGES):
                note(match, _century(figures[0], language), *figures[1:])
            elif order := _order(*figures[:2], "." if match[2] else "/", language):
                note(match, 2000 + figures[2], *order)
    if _A_YEAR.search(text) is None:
        return found
    for match in _YEAR_FIRST.finditer(text):
        note(match, int(match[1]), int(match[3]), int(match[4]))
    for match in _YEAR_LAST.finditer(text):
        order = _order(int(match[1]), int(match[3]), match[2], language)
        if order:
            note(match, int(match[4]), *order)
    for pattern, (day, name, year) in (
        (_DAY_NAME_YEAR, (1, 2, 3)),
        (_NAME_DAY_YEAR, (2, 1, 3)),
        (_YEAR_NAME_DAY, (3, 2, 1)),
        (_YEAR_DAY_NAME, (2, 3, 1)),
    ):
        for match in pattern.finditer(text):
            month = month_of(match[name], language)
            if month:
                note(match, int(match[year]), month, int(match[day]))
    return found


def _short_days(text: str, language: str, note: Callable[[re.Match[str], int, int, int], None]) -> None:
    """Read days with a named month and a year of two figures: Thai ones, and those with the mark of a year."""
    thai = language.startswith("th")
    if not (thai or "-" in text or "'" in text or "’" in text):
        return
    for match in _SHORT_YEAR_NAMED.finditer(text):
        month = month_of(match[2], language)
        if month and (thai or match[0][-3] in "-'’"):
            note(match, (2500 if thai and int(match[3]) >= 40 else 2000) + int(match[3]), month, int(match[1]))


def _days_of_east_asia(text: str, note: Callable[[re.Match[str], int, int, int], None]) -> None:
    for match in _ROC_DAY.finditer(text):
        note(match, int(match[1]) + 1911, int(match[2]), int(match[3]))
    for match in _ROC_HAN.finditer(text):
        note(match, han_number(match[1]) + 1911, han_number(match[2]), han_number(match[3]))
    for match in _ERA_DAY.finditer(text):
        year = 1 if match[2] == "元" else int(match[2])
        note(match, ERAS[match[1]] + year, int(match[3]), int(match[4]))
    for match in _HAN_DAY.finditer(text):
        year = int("".join(str("〇一二三四五六七八九".index(char)) for char in match[1].replace("零", "〇")))
        note(match, year, han_number(match[2]), han_number(match[3]))
    for match in _CJK_DAY.finditer(text):
        if len(match[1]) == 4:
            note(match, int(match[1]), int(match[2]), int(match[3]))


def _century(year: int, language: str) -> int:
    """Add the century to a year of two figures; Iran's calendar was in its 1300s when the web began."""
    return 2000 + year if not language.startswith("fa") else 1300 + year if year >= 60 else 1400 + year


def _day(year: int, month: int, day: int, language: str) -> date | None:
    """Make a day of our calendar of a Gregorian, Buddhist, Hijri or Jalali one."""
    try:
        if month > 200 or (1400 <= year <= 1460 and language.startswith("ar")):
            return from_hijri(year, month % 200, day)
        if month > 100:
            return from_jalali(year, month - 100, day)
        if 1300 <= year <= 1450:
            return from_jalali(year, month, day)
        if 2440 <= year <= 2640:
            year -= 543
        return date(year, month, day) if year >= _EARLIEST else None
    except ValueError:
        return None


def _order(first: int, second: int, separator: str, language: str) -> tuple[int, int] | None:
    """Tell month and day of 06/11/2019, or None when the page gives no way to know."""
    if first > 12 >= second:
        return second, first
    if second > 12 >= first:
        return first, second
    if first == second:
        return first, second
    if separator == ".":
        return second, first
    if language.startswith(_MONTH_FIRST_LANGUAGES):
        return first, second
    if language and language != "en":
        return second, first
    return None


def _with_clock(day: date, after: str, before: str, language: str) -> tuple[Printed, int, int]:
    """Add the time of day that stands beside a day; tell how many characters it takes after and before."""
    for text in (after, before):
        found = find_clock(text, language, beside_day=text is after)
        if found is None:
            continue
        value, seconds, start, end = found
        between = text[:start] if text is after else text[end:]
        if _parts(between):
            continue
        moment = datetime.combine(day, value)
        offset, zone_end = find_zone(text[end:], language, moment)
        if text is before:
            beside, zone_end = find_zone(after, language, moment)
            offset = beside if offset is None else offset
        if offset is None:
            offset = zone_before(text[:start], moment)
        if offset is None:
            offset = zone_before(before, moment)
        if offset is not None:
            moment = moment.replace(tzinfo=UTC if offset == 0 else timezone(timedelta(minutes=offset)))
        printed = Printed(
            moment.isoformat(timespec="seconds" if seconds else "minutes"), "second" if seconds else "minute"
        )
        return (printed, end + zone_end, 0) if text is after else (printed, zone_end, len(before) - start)
    return Printed(day.isoformat(), "day"), 0, 0


def _parts(between: str) -> bool:
    """Tell whether what stands between a day and a time makes the time another's: a sentence ends there, or it is said
    that something changed."""
    if re.search(r"[|]\s*\S+\s\S+\s\S+\s", between) or CHANGE_SAID.search(between):
        return True
    if re.search(r"[.!?]\s", between) is None:
        return False
    return any(word.casefold() not in _BETWEEN for word in re.findall(r"[^\W\d_]+", between))
