"""The dates of a query: 2019, 2019-11, 2019-11-01, 2019-11-01T10:30, today, yesterday, 12h, 7d, 2w; all in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_AGO = re.compile(r"(\d{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}
_CALENDAR = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_WEEK = re.compile(r"\d{4}-?w\d{2}")
_SOONEST = datetime(1, 1, 2, tzinfo=UTC)


def is_relative(value: str) -> bool:
    """Tell whether a date means another day tomorrow."""
    return value in ("today", "yesterday") or _AGO.fullmatch(value) is not None


def ago(value: str) -> str:
    """Say a time that is counted back from now: 7d is "7 days ago"; "" for all others."""
    found = _AGO.fullmatch(value)
    if found is None:
        return ""
    unit = {"h": "hour", "d": "day", "w": "week"}[found[2]]
    return f"{int(found[1])} {unit}{'' if int(found[1]) == 1 else 's'} ago"


def is_date(value: str) -> bool:
    """Tell whether a query may use this as a date."""
    return is_relative(value) or _absolute(value) is not None


def is_instant(value: str) -> bool:
    """Tell whether a date is the same moment in all zones: counted back from now, or with its offset."""
    return _AGO.fullmatch(value) is not None or re.search(r"t.*(z|[+-]\d\d:?\d\d)$", value) is not None


def moment(value: str, now: datetime) -> datetime:
    """Read a date that ``is_date`` accepts: the moment at which it begins."""
    if value in ("today", "yesterday"):
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if value == "today" else midnight - timedelta(days=1)
    if ago := _AGO.fullmatch(value):
        return now.astimezone(UTC) - timedelta(hours=int(ago[1]) * _HOURS[ago[2]])
    found = _absolute(value)
    if found is None:
        raise ValueError(value)
    return found


def published(printed: str | None, utc: datetime | None) -> datetime | None:
    """Tell when an article was published, as queries and orders count; None when it is undated or beyond reading.

    A bare day is the day that is printed, though where its zone is known it began on another day in UTC. A printed time
    without a zone is read as if it were UTC: at most 14 hours off.
    """
    if not printed:
        return utc
    try:
        day = date.fromisoformat(printed[:10])
        if len(printed) == len("2019-11-01"):
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError:
        return utc
    if utc is not None:
        return utc
    try:
        read = datetime.fromisoformat(printed)
    except ValueError:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def ending(value: str, now: datetime) -> datetime:
    """Read such a date, too: the moment at which its year, month, week or day is over; a moment is over at once."""
    begin = moment(value, now)
    calendar = _CALENDAR.fullmatch(value)
    if calendar and calendar[2] is None:
        return begin.replace(year=begin.year + 1)
    if calendar and calendar[3] is None:
        return (begin + timedelta(days=31)).replace(day=1)
    if _WEEK.fullmatch(value):
        return begin + timedelta(weeks=1)
    is_day = value in ("today", "yesterday") or not (_AGO.fullmatch(value) or "t" in value or len(value) > 10)
    return begin + timedelta(days=is_day)


def _absolute(value: str) -> datetime | None:
    if not value.isascii():
        return None
    try:
        if day := _CALENDAR.fullmatch(value):
            return datetime(int(day[1]), int(day[2] or 1), int(day[3] or 1), tzinfo=UTC)
        found = datetime.fromisoformat(value.upper())
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC) if found.replace(tzinfo=UTC) > _SOONEST else None
    except (ValueError, OverflowError):
        return None
