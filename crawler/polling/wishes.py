"""What servers and feeds ask of those who poll them: Retry-After, max-age, Expires, ttl, skipHours, skipDays.

Pure, as ``polling`` is, which weighs these wishes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Retry-After is a demand, not a wish; only a mistake asks for more than a month.
LONGEST_PAUSE = timedelta(days=30)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a feed itself asks for."""

    #: Not sooner than after so many seconds.
    ttl_seconds: float | None = None
    #: 0-23 in UTC, and "monday" ...
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()

    def written(self) -> str:
        """Write them as a channel remembers them."""
        parts = [f"ttl={self.ttl_seconds:.0f}"] if self.ttl_seconds else []
        if self.skip_hours:
            parts.append("hours=" + ",".join(str(hour) for hour in sorted(self.skip_hours)))
        if self.skip_days:
            parts.append("days=" + ",".join(sorted(self.skip_days)))
        return " ".join(parts)

    @classmethod
    def read(cls, written: str) -> Wishes:
        """Read what ``written`` wrote."""
        parts = dict(part.split("=", 1) for part in written.split())
        return cls(
            float(parts["ttl"]) if "ttl" in parts else None,
            frozenset(int(hour) for hour in parts["hours"].split(",")) if "hours" in parts else frozenset(),
            frozenset(parts["days"].split(",")) if "days" in parts else frozenset(),
        )


def retry_after(value: str | None, date: str | None, now: datetime) -> datetime | None:
    """Read a Retry-After header, seconds or an HTTP date; None when there is none or it cannot be read.

    A date is taken relative to the server's own clock where its Date header tells that.
    """
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        # Nines by the dozen mean "never": the longest pause, not the usual one.
        return now + timedelta(seconds=min(float(value), LONGEST_PAUSE.total_seconds()))
    time = _http_date(value)
    if time is None:
        return None
    clock = _http_date(date) or now
    # The later of both readings: a wrong clock, theirs or ours, must not make us come too soon.
    return min(max(now + min(time - clock, LONGEST_PAUSE), time, now), now + LONGEST_PAUSE)


def cache_floor(lower: Mapping[str, str], now: datetime) -> float:
    """Read how long the answer stays fresh, in seconds: max-age, else Expires; 0 when it does not say."""
    control = lower.get("cache-control", "").lower()
    if re.search(r"\bno-(cache|store)\b", control):
        return 0.0
    if found := re.search(r"(?<![\w-])max-age\s*=\s*\"?(\d{1,12})", control):
        age = lower.get("age", "").strip()
        spent = float(age) if re.fullmatch(r"\d{1,12}", age) else 0.0
        return max(float(found[1]) - spent, 0.0)
    expires = _http_date(lower.get("expires"))
    if expires is None:
        return 0.0
    return max((expires - (_http_date(lower.get("date")) or now)).total_seconds(), 0.0)


def _http_date(value: str | None) -> datetime | None:
    try:
        time = parsedate_to_datetime((value or "").strip())
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def awake(time: datetime, wishes: Wishes, latest: datetime) -> datetime:
    """Move a poll out of the hours and days that the feed asks to skip, as far as the cap allows."""
    moved = time.astimezone(UTC)
    while moved < latest:
        if moved.hour not in wishes.skip_hours and _DAYS[moved.weekday()] not in wishes.skip_days:
            return moved
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return max(time, latest)
