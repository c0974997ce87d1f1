"""Times as an archive keeps them: whole microseconds since 1970 in UTC, exact and small to compare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MINUTE = 60_000_000
DAY = 86_400_000_000
#: A worker without a heartbeat for so long is taken for dead, and what it had in hand is done by another.
SILENT = timedelta(seconds=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Write an aware time as the archive keeps it: whole microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(kept: int) -> datetime:
    """Read a time as the archive keeps it."""
    return _EPOCH + timedelta(microseconds=kept)


def micros_or_none(value: datetime | None) -> int | None:
    """Write a time that may be missing."""
    return None if value is None else (value - _EPOCH) // _MICROSECOND


def moment_or_none(kept: int | None) -> datetime | None:
    """Read a time that may be missing."""
    return None if kept is None else _EPOCH + timedelta(microseconds=kept)
