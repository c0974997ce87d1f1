"""What time it is, for everything that a visit does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time in UTC, shifted when a visit was told to begin at another time than now."""

    shift: timedelta = timedelta()

    @classmethod
    def starting(cls, now: datetime | None) -> Clock:
        """Make a clock that shows ``now`` at this moment and goes on from there."""
        return cls() if now is None else cls(now - datetime.now(UTC))

    def __call__(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC) + self.shift
