"""The frame's own words, all in one place, and dates and numbers as the reader writes them.

A language is one file in frames/. A text with a count is a table of plural forms, chosen by the language's own rules
(Babel).
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_day_names
from babel.numbers import format_decimal

from crawler.errors import UsageError
from digest.content import Statement, When

Text = str | dict[str, str]

_FOLDER = Path(__file__).parent / "frames"
#: Day before month, 24 hours: the way most readers of English outside one country write.
_LOCALES = {"en": "en_GB"}
#: Languages in which the frame can speak.
LANGUAGES = ("en", *sorted(path.stem for path in _FOLDER.glob("*.toml") if path.stem != "en"))


class Words:
    """The frame's words, dates and numbers in one language and zone."""

    def __init__(self, language: str, zone: str):
        base = language.split("-", maxsplit=1)[0].lower()
        if base not in LANGUAGES:
            raise UsageError(f"digests cannot speak {language!r} yet; language may be one of {', '.join(LANGUAGES)}")
        self.language = base
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self._table = _table(base)
        self._locale = _locale(base)

    def __call__(self, key: str, count: float | None = None, **values: object) -> str:
        """Say a text; numbers are written as the reader writes them, a count chooses the plural form."""
        text = self._table[key]
        if isinstance(text, dict):
            text = text.get(self._locale.plural_form(count if count is not None else 0), text["other"])
        if count is not None:
            values.setdefault("n", count)
        return text.format(**{name: self._show(value) for name, value in values.items()})

    def has(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self._table

    def say(self, statement: Statement) -> str:
        """Say a statement of the edition."""
        values = dict(statement.values)
        key = statement.key
        if key == "schedule.every" and int(values["minutes"]) % 60 == 0:
            key, values = "schedule.every.hours", {"hours": int(values["minutes"]) // 60}
        if key == "schedule.days":
            names = get_day_names("abbreviated", locale=self._locale)
            order = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            values["days"] = ", ".join(names[order.index(day)] for day in str(values["days"]).split())
        counted = next(
            (name for name in ("n", "new", "updated", "collected", "minutes", "hours") if name in values), None
        )
        if key == "lead.updated":
            counted = "updated"
        count = float(values[counted]) if counted else None
        return self(key, count, **{"n": count, **values} if count is not None else values)

    def number(self, value: float) -> str:
        """Write a number."""
        return format_decimal(value, format="#,##0.#", locale=self._locale)

    def long_date(self, iso: str) -> str:
        """Write a date in full."""
        return format_date(date.fromisoformat(iso), "full", locale=self._locale)

    def short_date(self, at: datetime) -> str:
        """Write day and month."""
        return format_skeleton("MMMd", at.astimezone(self._zone), tzinfo=self._zone, locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Write a moment with its day."""
        return format_datetime(at, "EEE d MMM HH:mm", tzinfo=self._zone, locale=self._locale)

    def whole_moment(self, at: datetime) -> str:
        """Write a moment with its day and year."""
        return format_datetime(at, "d MMM y HH:mm", tzinfo=self._zone, locale=self._locale)

    def day(self, at: datetime) -> str:
        """Write a day with its year."""
        return format_datetime(at, "d MMM y", tzinfo=self._zone, locale=self._locale)

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
        """Write the time of day."""
        return format_time(at, "HH:mm", tzinfo=self._zone, locale=self._locale)

    def when(self, when: When, until: datetime) -> str:
        """Write an article's time as short as it stays clear beside the end of the window."""
        if when.kind == "day":  # noon UTC stands for the day as printed
            return format_skeleton("MMMEd", when.at, locale=self._locale)
        local, end = when.at.astimezone(self._zone), until.astimezone(self._zone)
        age = (end.date() - local.date()).days
        if age == 0:
            text = self.time(when.at)
        elif 0 < age < 7:
            text = format_datetime(when.at, "EEE HH:mm", tzinfo=self._zone, locale=self._locale)
        else:
            text = format_datetime(when.at, "d MMM y HH:mm", tzinfo=self._zone, locale=self._locale)
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
        return shift if city in {"UTC", "Etc", "GMT"} else f"{city}, {shift}"

    def language_name(self, language: str) -> str:
        """Name a language in the frame's language; "" for the frame's own and for unknown ones."""
        base = language.split("-", maxsplit=1)[0].lower()
        return "" if base == self.language else str(self._locale.languages.get(base, ""))

    def any_language(self, language: str) -> str:
        """Name a language, the frame's own too; an unknown one by its code."""
        base = language.split("-", maxsplit=1)[0].lower()
        return str(self._locale.languages.get(base, base))

    def country_name(self, country: str) -> str:
        """Name a country; an unknown one by its code."""
        return str(self._locale.territories.get(country.upper(), country))

    def _show(self, value: object) -> str:
        return self.number(value) if isinstance(value, int | float) else str(value)


@cache
def _table(language: str) -> dict[str, Text]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))
