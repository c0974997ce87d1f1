"""The times that people give to commands, pages and the API, read one way everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crawler.errors import UsageError
from crawler.query import dates


def moment(text: str, now: datetime, *, end: bool = False, zone: str = "UTC") -> datetime:
    """Read a time that a person gave, as ``after:`` does: 2026, 2026-11, 2026-11-23, 2026-11-23T07:00, 7d, yesterday.

    A bare day, month or year means its beginning, with ``end`` the beginning of the next one; in UTC, or as the clocks
    of a zone have it.
    """
    word = text.strip().lower()
    if not dates.is_date(word):
        raise UsageError(
            f"{text!r} is no time: write 2026-11-23, 2026-11, 2026, 2026-11-23T07:00, 7d, today or yesterday"
        )
    if not 1600 < dates.moment(word, now).year < 9000:  # so that weeks can be added and taken away without a thought
        raise UsageError(f"{text!r} is a time when there was no press")
    if zone == "UTC" or dates.is_instant(word):
        return dates.ending(word, now) if end else dates.moment(word, now)
    local = ZoneInfo(zone)
    at = now.astimezone(local).replace(tzinfo=UTC)  # so that today is the one of the zone
    found = dates.ending(word, at) if end else dates.moment(word, at)
    return found.replace(tzinfo=local).astimezone(UTC)
