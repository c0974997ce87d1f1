"""The frame's own words, all in one place, and dates and numbers as the reader writes them.

A language is one file in frames/. A text with a count is a table of plural forms, chosen by the language's own rules
(Babel). Readers of Persian get the days of Iran's calendar and Persian digits, as their press prints them; readers of
Arabic the digits that most newsrooms of the region use on the web (0-9) and Gregorian months.
"""

from __future__ import annotations

import logging
import tomllib
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal

from crawler.config.fields import FRAME_LANGUAGES, is_frame_language
from crawler.errors import UsageError
from crawler.extract.calendars import JALALI_MONTHS, to_jalali
from digest.content import Statement, When, direction

_log = logging.getLogger(__name__)

Text = str | dict[str, str]

_FOLDER = Path(__file__).parent / "frames"
#: Day before month, 24 hours: the way most readers of English outside one country write.
_LOCALES = {"en": "en_GB"}
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
#: First strong isolate, and its end: what stands between them turns nothing around it.
FSI, PDI = "\u2068", "\u2069"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Languages in which the frame can speak.
LANGUAGES = FRAME_LANGUAGES


class Words:
    """The frame's words, dates and numbers in one language and zone."""

    def __init__(self, language: str, zone: str):
        if not is_frame_language(language):
            raise UsageError(f"digests cannot speak {language!r} yet; language may be one of {', '.join(LANGUAGES)}")
        base = language.split("-", maxsplit=1)[0].lower()
        self.language = base
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self._table = table(base)
        self._locale = _locale(language)
        #: The way in which the frame is written.
        self.direction: Literal["ltr", "rtl"] = direction("", base)

    @property
    def start(self) -> Literal["left", "right"]:
        """The side at which lines of the frame begin."""
        return "right" if self.direction == "rtl" else "left"

    def __call__(self, key: str, count: float | None = None, **values: object) -> str:
        """Say a text; numbers are written as the reader writes them, a count chooses the plural form."""
        if count is None and isinstance(number := values.get("n"), int | float):
            count = number
        text = self._text(key)
        if isinstance(text, dict):
            counted = count if count is not None else 0
            exact = text.get(f"={counted:g}")
            text = exact if exact is not None else text.get(self._locale.plural_form(counted), text["other"])
        if count is not None:
            values.setdefault("n", count)
        return text.format_map({name: _Said(self, value) for name, value in values.items()}) if "{" in text else text

    def say(self, statement: Statement) -> str:
        """Say a statement of the edition."""
        values = dict(statement.values)
        key = statement.key
        if key == "schedule.every" and int(values["minutes"]) % 60 == 0:
            key, values = "schedule.every.hours", {"hours": int(values["minutes"]) // 60}
        if "times" in values and key.startswith("schedule."):
            values["times"] = self._times(str(values["times"]))
        if key == "schedule.days":
            values["days"] = self._days(str(values["days"]))
        counted = next(
            (name for name in ("n", "new", "updated", "collected", "minutes", "hours") if name in values), None
        )
        if key == "lead.updated":
            counted = "updated"
        count = float(values[counted]) if counted else None
        return self(key, count, **{"n": count, **values} if count is not None else values)

    def number(self, value: float) -> str:
        """Write a number."""
        system = "arabext" if self.language == "fa" else "latn"
        return self._digits(_number(value, self._locale, system))

    def isolate(self, outside: str) -> str:
        """Keep a text of the other direction from turning what stands around it."""
        return isolate(outside, self.direction)

    def long_date(self, iso: str) -> str:
        """Write a date in full; in Persian by both calendars."""
        day = date.fromisoformat(iso)
        if self.language != "fa":
            return format_date(day, "full", locale=self._locale)
        ours = self._digits(f"{format_date(day, 'd MMMM y', locale=self._locale)}")
        return f"{format_date(day, 'EEEE', locale=self._locale)} {self._day(day, year=True)} ({ours})"

    def short_date(self, at: datetime) -> str:
        """Write day and month."""
        return self._day(at.astimezone(self._zone).date())

    def moment(self, at: datetime, beside: datetime | None = None) -> str:
        """Write a moment with its day, and with its year where that is another one than of what stands beside it."""
        day = at.astimezone(self._zone).date()
        other = beside.astimezone(self._zone).date() if beside else day
        return self._joined(self._weekday(day, year=day.year != other.year), self.time(at))

    def whole_moment(self, at: datetime) -> str:
        """Write a moment with its day and year."""
        return self._joined(self.day(at), self.time(at))

    def day(self, at: datetime) -> str:
        """Write a day with its year."""
        return self._day(at.astimezone(self._zone).date(), year=True)

    def monday(self, at: datetime) -> datetime:
        """Give the Monday of a week, at noon."""
        local = at.astimezone(self._zone)
        return (local - timedelta(days=local.weekday())).replace(hour=12)

    def month(self, at: datetime) -> str:
        """Write a month with its year."""
        return format_skeleton("yMMM", at.astimezone(self._zone), tzinfo=self._zone, locale=self._locale)

    def year(self, at: datetime) -> str:
        """Write a year."""
        return format_skeleton("y", at.astimezone(self._zone), tzinfo=self._zone, locale=self._locale)

    def time(self, at: datetime) -> str:
        """Write the time of day, by 24 hours."""
        return self._clock(at.astimezone(self._zone).time())

    def slot(self, key: str) -> str:
        """Write the slot of an edition: its day, and its time where a day has several."""
        try:
            at = datetime.fromisoformat(key)
        except ValueError:  # of a report or a preview
            return key
        if len(key) == len("2026-11-23"):
            return self._day(at.date(), year=True)
        at = at.astimezone(self._zone) if at.tzinfo else at.replace(tzinfo=self._zone)
        return self.moment(at)

    def when(self, when: When, until: datetime) -> str:
        """Write an article's time as short as it stays clear beside the end of the window."""
        if when.kind == "day":  # noon UTC stands for the day as printed
            return self._weekday(when.at.date())
        local, end = when.at.astimezone(self._zone), until.astimezone(self._zone)
        age = (end.date() - local.date()).days
        if age == 0:
            text = self.time(when.at)
        elif 0 < age < 7:
            text = f"{format_datetime(local, 'EEE', locale=self._locale)} {self.time(when.at)}"
        else:
            text = self._joined(self._day(local.date(), year=True), self.time(when.at))
        return self("seen", time=text) if when.kind == "seen" else text

    def zone_name(self, at: datetime) -> str:
        """Name the zone with its offset at that moment: Kyiv, UTC+2."""
        offset = at.astimezone(self._zone).strftime("%z")
        hours, minutes = int(offset[1:3]), offset[3:5]
        shift = (
            "UTC"
            if offset in {"+0000", "-0000"}
            else f"UTC{offset[0]}{hours}" + ("" if minutes == "00" else f":{minutes}")
        )
        city = self.zone.rpartition("/")[2].replace("_", " ")
        if city in {"UTC", "Etc", "GMT"} or self.zone.startswith("Etc/"):
            return shift
        if self.language != "en":
            city = _city(self.zone, self._locale) or city
        return f"{city}{self('comma')}{shift}"

    def language_name(self, language: str) -> str:
        """Name a language in the frame's language; "" for the frame's own and for unknown ones."""
        base = language.split("-", maxsplit=1)[0].lower()
        return "" if base == self.language else _language_name(base, self._locale)

    def any_language(self, language: str) -> str:
        """Name a language, the frame's own too; an unknown one by its code."""
        base = language.split("-", maxsplit=1)[0].lower()
        return str(self._locale.languages.get(base, base))

    def country_name(self, country: str) -> str:
        """Name a country; an unknown one by its code."""
        return str(self._locale.territories.get(country.upper(), country))

    def reason(self, reason: str) -> str:
        """Name the reason why a page was not kept whole."""
        key = f"reason.{reason.replace(' ', '_')}"
        return self(key) if key in self._table else reason

    def show(self, value: object) -> str:
        """Write what stands in a text: a number as the reader does, outside text so that it turns nothing."""
        return self.number(value) if isinstance(value, int | float) else self.isolate(str(value))

    def _text(self, key: str) -> Text:
        """Find a text. One that is missing must not cost a digest: English stands in, and the log says so."""
        text = self._table.get(key)
        if text is None:
            _log.error("frames/%s.toml has no text for %s", self.language, key)
            text = table("en").get(key, key.rpartition(".")[2])
        return text

    def _weekday(self, day: date, *, year: bool = False) -> str:
        if self.language == "fa":
            return f"{format_date(day, 'EEEE', locale=self._locale)} {self._day(day, year=year)}"
        return format_skeleton("yMMMEd" if year else "MMMEd", _noon(day), locale=self._locale)

    def _day(self, day: date, *, year: bool = False) -> str:
        if self.language == "fa":
            number, month, of_month = to_jalali(day)
            named = f"{of_month} {JALALI_MONTHS[month - 1]}"
            return self._digits(f"{named} {number}" if year else named)
        return format_skeleton("yMMMd" if year else "MMMd", _noon(day), locale=self._locale)

    def _clock(self, at: clock_time) -> str:
        return self._digits(format_time(at, "HH:mm", locale=self._locale))

    def _joined(self, day: str, clock: str) -> str:
        """Put a day and a time together; in English and Chinese without a comma."""
        between = " " if self.language in {"en", "zh", "fa"} else self("comma")
        return f"{day}{between}{clock}"

    def _times(self, times: str) -> str:
        clocks = [self._clock(clock_time.fromisoformat(each)) for each in times.split(", ")]
        return _listed(clocks, self._locale)

    def _days(self, days: str) -> str:
        names = get_day_names("wide", context="stand-alone", locale=self._locale)
        if self.language in {"en", "zh"}:
            names = get_day_names("abbreviated", locale=self._locale)
        return _listed([names[_DAYS.index(day)] for day in days.split()], self._locale)

    def _digits(self, text: str) -> str:
        return text.translate(_PERSIAN_DIGITS) if self.language == "fa" else text


def isolate(outside: str, frame: Literal["ltr", "rtl"] = "ltr") -> str:
    """Keep a text of the other direction than the frame's from turning what stands around it."""
    if outside.isascii() and frame == "ltr":
        return outside
    # Signs and digits alone run as the frame does.
    turned = direction(outside, "ar" if frame == "rtl" else "en") != frame
    return f"{FSI}{outside}{PDI}" if turned and not outside.startswith(FSI) else outside


def capitalise(text: str) -> str:
    """Make the first letter a capital and leave the others."""
    return text[:1].upper() + text[1:]


class _Said:
    """A value in a text: {name}, or {name:key} for a number that another text says."""

    __slots__ = ("_value", "_words")

    def __init__(self, words: Words, value: object):
        self._words, self._value = words, value

    def __format__(self, key: str) -> str:
        if key and isinstance(self._value, int | float):
            return self._words(key, self._value)
        return self._words.show(self._value)


def _city(zone: str, locale: Locale) -> str:
    """Name the city of a zone in a language; "" when it is not known.

    Babel's own function asks by the zone's newest name only, and its data may have an older one: Kiev, Calcutta.
    """
    aliases = get_global("zone_aliases")
    newest = aliases.get(zone, zone)
    names = [zone, newest, *(old for old, new in aliases.items() if new == newest)]
    return next((str(found["city"]) for name in names if "city" in (found := locale.time_zones.get(name, {}))), "")


def _listed(parts: list[str], locale: Locale) -> str:
    """Write a list; right-to-left marks of the locale are left out, as they would stand beside isolates of ours."""
    return format_list(parts, locale=locale).replace("\u200f", "")


def _noon(day: date) -> datetime:
    return datetime.combine(day, clock_time(12))


@lru_cache(10_000)
def _number(value: float, locale: Locale, system: str) -> str:
    return format_decimal(value, format="#,##0.#", locale=locale, numbering_system=system)


@lru_cache(10_000)
def _language_name(language: str, locale: Locale) -> str:
    return str(locale.languages.get(language, ""))


@cache
def table(language: str) -> dict[str, Text]:
    """Read the texts of a language."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _locale(language: str) -> Locale:
    """Find the rules for dates and numbers: those of the region, where it is named and known."""
    base, *rest = language.split("-")
    if rest and base != "fa":  # Afghanistan has other names of months than ours
        try:
            return Locale.parse(f"{base}_{rest[-1].upper()}")
        except (UnknownLocaleError, ValueError):
            pass
    return Locale.parse(_LOCALES.get(base.lower(), base.lower()))
