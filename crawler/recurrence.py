"""When something comes again, as people write it: "07:00 on weekdays", "first monday at 09:00", "30 6 * * mon-fri".

Cron expressions mean what cron(5) says: 0 and 7 are Sunday, and where both the day of the month and the weekday are
restricted, either will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FULL_MONTHS = tuple(
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_MONTHS = tuple(name[:3] for name in _FULL_MONTHS)
#: Weekdays as cron counts them.
_CRON_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
#: Stands for the last one of a month.
LAST = -1
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
#: The calendar repeats its weekdays after so many years, also where one leap year is left out.
_YEARS = 40
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * sun",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
TIME_WANTED = 'a time of day, such as "07:00", or a list of them'
_DAYS_WANTED = (
    'days after "on", such as "mon, wed", "monday to friday", "weekdays", "weekends", "the first monday", '
    '"the 15th" or "the last day"'
)
_PHRASE_WANTED = 'times, "on" and days, such as "07:00 and 17:30 on weekdays", or the five fields of cron'
_CRON_WANTED = 'the five fields of cron: minute, hour, day of month, month and weekday, such as "30 6 * * mon-fri"'


@dataclass(frozen=True, slots=True)
class Days:
    """Which days of a calendar."""

    #: 1 to 12; None: all.
    months: frozenset[int] | None = None
    #: 1 to 31, or LAST; None: all.
    dates: frozenset[int] | None = None
    #: (weekday, 0 is Monday; which one in its month, LAST, or 0 for all of them); None: all.
    weekdays: frozenset[tuple[int, int]] | None = None
    #: A date or a weekday is enough, as in cron when both are given.
    either: bool = False

    def has(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        if self.months is not None and day.month not in self.months:
            return False
        if self.either:
            return self._has_date(day) or self._has_weekday(day)
        return (self.dates is None or self._has_date(day)) and (self.weekdays is None or self._has_weekday(day))

    def ever(self) -> bool:
        """Tell whether there is such a day at all: there is no 30 February."""
        return self.dates is None or any(self.has(date(2024, 1, 1) + timedelta(days=n)) for n in range(366 * _YEARS))

    def _has_date(self, day: date) -> bool:
        dates = self.dates or frozenset()
        return day.day in dates or (LAST in dates and _is_last(day))

    def _has_weekday(self, day: date) -> bool:
        weekdays, own = self.weekdays or frozenset(), day.weekday()
        number = (day.day - 1) // 7 + 1
        is_last = (day + timedelta(days=7)).month != day.month
        return (own, 0) in weekdays or (own, number) in weekdays or (is_last and (own, LAST) in weekdays)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Times of day on certain days, as they were written."""

    text: str
    #: In their order.
    times: tuple[time, ...]
    days: Days
    #: Cron's "*" in the field of hours: it goes by the hours that pass, so an hour that comes twice has its own twice.
    hourly: bool = False

    def weekdays(self) -> tuple[str, ...] | None:
        """Name the weekdays when they say all of it; None when it is not so simple."""
        days = self.days
        numbers = sorted(number for number, which in days.weekdays or () if which == 0)
        if self.hourly or days.months is not None or days.dates is not None:
            return None
        if days.weekdays is None:
            return WEEKDAYS
        return tuple(WEEKDAYS[number] for number in numbers) if len(numbers) == len(days.weekdays) else None


def read_recurrence(text: str) -> time | Recurrence:
    """Read a time of day, a phrase or a cron expression; a ValueError says what is wanted."""
    words = " ".join(text.lower().split())
    if _TIME.fullmatch(text):
        return time.fromisoformat(text)
    if words.startswith("@"):
        return _cron(text, _expression(words))
    if re.search(r"\b(on|at)\b|:", words):
        return _phrase(text, words)
    if " " in words:
        return _cron(text, words)
    raise ValueError(TIME_WANTED)


def _is_last(day: date) -> bool:
    return (day + timedelta(days=1)).month != day.month


# Phrases


def _phrase(text: str, words: str) -> Recurrence:
    """Read "07:00 and 17:30 on mon, wed", or "first monday at 09:00"."""
    if " on " in words:
        times, _, days = words.partition(" on ")
    elif " at " in words:
        days, _, times = words.partition(" at ")
        days = days.removeprefix("on ")
    else:
        raise ValueError(TIME_WANTED if " " not in words or _are_times(words) else _PHRASE_WANTED)
    if not _are_times(times):
        raise ValueError(_PHRASE_WANTED)
    found = sorted({time.fromisoformat(each) for each in _items(times)})
    return Recurrence(text, tuple(found), _days(days))


def _are_times(words: str) -> bool:
    return bool(_items(words)) and all(_TIME.fullmatch(each) for each in _items(words))


def _items(words: str) -> list[str]:
    return re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", words.strip())


def _days(words: str) -> Days:
    words = re.sub(r"\s+of (the|each|every) month$", "", words.strip())
    weekdays: set[tuple[int, int]] = set()
    dates: set[int] = set()
    for item in _items(words):
        kind, found = _day(re.sub(r"^(the|every|each) ", "", item))
        (weekdays if kind == "weekday" else dates).update(found)  # type: ignore[arg-type]
    if weekdays and dates:
        raise ValueError("either weekdays or days of the month in one phrase; a list takes several phrases")
    if len(weekdays) == 7 and all(which == 0 for _, which in weekdays):
        return Days()
    return Days(
        dates=frozenset(dates) if dates else None,
        weekdays=frozenset(weekdays) if weekdays else None,
    )


def _day(item: str) -> tuple[str, set[tuple[int, int]] | set[int]]:
    """Read one item of a list of days."""
    if item in ("weekdays", "weekday"):
        return "weekday", {(number, 0) for number in range(5)}
    if item in ("weekends", "weekend"):
        return "weekday", {(5, 0), (6, 0)}
    if item in ("day", "days"):
        return "weekday", {(number, 0) for number in range(7)}
    if item == "last day":
        return "date", {LAST}
    if (found := re.fullmatch(r"([1-9]|[12][0-9]|3[01])(st|nd|rd|th)", item)) and item == _ordinal(int(found[1])):
        return "date", {int(found[1])}
    if found := re.fullmatch(r"(\w+) ([a-z]+)", item):
        which, weekday = _ORDINALS.get(found[1]), _weekday(found[2])
        if which is not None and weekday is not None:
            return "weekday", {(weekday, which)}
    if found := re.fullmatch(r"([a-z]+)(?: to | through | ?- ?|\u2013)([a-z]+)", item):
        first, last = _weekday(found[1]), _weekday(found[2])
        if first is not None and last is not None:
            return "weekday", {((first + ahead) % 7, 0) for ahead in range((last - first) % 7 + 1)}
    weekday = _weekday(item)
    if weekday is None:
        raise ValueError(_DAYS_WANTED)
    return "weekday", {(weekday, 0)}


def _weekday(word: str) -> int | None:
    """Find a weekday by its name: mon, monday, mondays, tues, thurs ..."""
    name = word.removesuffix("s") if word.endswith("days") else word
    fitting = [number for number, whole in enumerate(_WEEKDAYS) if len(name) >= 3 and whole.startswith(name)]
    whole = fitting and (name == _WEEKDAYS[fitting[0]] or len(name) <= 5)
    return fitting[0] if len(fitting) == 1 and whole else None


def _ordinal(number: int) -> str:
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


# Cron


def _expression(nickname: str) -> str:
    if nickname in _NICKNAMES:
        return _NICKNAMES[nickname]
    raise ValueError("one of " + ", ".join(f'"{each}"' for each in _NICKNAMES) + ", or the five fields of cron")


def _cron(text: str, words: str) -> Recurrence:
    fields = words.split()
    if len(fields) != 5:
        raise ValueError(f"{_CRON_WANTED}; these are {len(fields)}" if len(fields) > 2 else _PHRASE_WANTED)
    minutes = sorted(_numbers(fields[0], "minute", 0, 59))
    hours = sorted(_numbers(fields[1], "hour", 0, 23))
    days = _cron_days(fields[2], fields[3], fields[4])
    if not days.ever():
        raise ValueError(_never(fields))
    times = tuple(time(hour, minute) for hour in hours for minute in minutes)
    return Recurrence(text, times, days, hourly=len(hours) == 24)


def _never(fields: list[str]) -> str:
    return f"days that there are: none of the months {fields[3]} has a day {fields[2]}, so this is never due"


def _cron_days(dates: str, months: str, weekdays: str) -> Days:
    wanted_dates = None if dates in ("*", "?") else frozenset(_dates(dates))
    wanted_weekdays = None if weekdays in ("*", "?") else frozenset(_cron_weekdays(weekdays))
    return Days(
        months=None if months == "*" else frozenset(_numbers(months, "month", 1, 12, _MONTHS, 1)),
        dates=wanted_dates,
        weekdays=wanted_weekdays,
        # As cron does it: a field that begins with a star restricts nothing in this sense, even with a step.
        either=None not in (wanted_dates, wanted_weekdays) and "*" not in (dates[0], weekdays[0]),
    )


def _dates(field: str) -> Iterator[int]:
    for part in field.split(","):
        if part == "l":
            yield LAST
        else:
            yield from _numbers(part, "day of month", 1, 31)


def _cron_weekdays(field: str) -> Iterator[tuple[int, int]]:
    """Read the weekdays of cron: numbers, names, "mon#1" for the first and "fril" or "5l" for the last of a month."""
    for part in field.split(","):
        if found := re.fullmatch(r"(\w+)(?:#([1-5])|(?<=[0-7a-z])l)", part):
            try:
                (number,) = _numbers(found[1], "weekday", 0, 7, _CRON_WEEKDAYS)
            except ValueError:
                number = -1
            if number >= 0:
                yield (number - 1) % 7, int(found[2]) if found[2] else LAST
                continue
        for number in _numbers(part, "weekday", 0, 7, _CRON_WEEKDAYS):
            yield (number - 1) % 7, 0


def _numbers(
    field: str, what: str, least: int, most: int, names: tuple[str, ...] = (), first: int = 0
) -> Iterator[int]:
    """Read a field: "*", numbers, names, ranges, steps and lists of them."""
    for part in field.split(","):
        base, slash, step_text = part.partition("/")
        low_text, dash, high_text = base.partition("-")
        if base == "*":
            low, high = least, min(most, 6) if what == "weekday" else most
        else:
            low = _number(low_text, what, least, most, names, first)
            high = _number(high_text, what, least, most, names, first) if dash else low
            if what == "weekday" and dash and high == 0 < low:
                high = 7  # sat-sun
        if slash and base != "*" and not dash:
            raise ValueError(f'a range before the step in the field of the {what}, such as "{base}-{most}/{step_text}"')
        if slash and not re.fullmatch("[1-9][0-9]?", step_text):
            raise ValueError(f'a step from 1 on in the field of the {what}, such as "*/2"')
        if low > high:
            raise ValueError(
                f'a range that goes up in the field of the {what}; write "{low_text}-{most},{least}-{high_text}"'
            )
        yield from range(low, high + 1, int(step_text) if slash else 1)


def _number(text: str, what: str, least: int, most: int, names: tuple[str, ...], first: int) -> int:
    if text in names:
        return names.index(text) + first
    whole = [number for number, name in enumerate(_full(what)) if name == text]
    if whole and names:
        return whole[0] + first
    if re.fullmatch("[0-9]{1,2}", text) and least <= int(text) <= most:
        return int(text)
    named = f' or a name such as "{names[1]}"' if names else ""
    raise ValueError(f"{least} to {most}{named} in the field of the {what}, where {text!r} stands; {_CRON_WANTED}")


def _full(what: str) -> tuple[str, ...]:
    if what == "month":
        return _FULL_MONTHS
    return tuple(_WEEKDAYS[(number - 1) % 7] for number in range(7))
