"""Whether a silence is longer than it ever is, by the weekdays and hours at which somebody publishes. Pure.

Each hour of the week gets the share of weeks in which something came in it. A silence weighs as much as the shares of
its hours add up to: a night or a weekend on which nothing ever comes weighs nothing, however long it is. It is too
long when it weighs clearly more than the silences before it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from statistics import median

#: So much of it must be known before a rhythm is believed.
LEAST_KNOWN = timedelta(days=14)
#: What lies further back than this tells nothing about the hours of today.
WINDOW = timedelta(weeks=8)
LEAST_HOURS = 4
_WEEK = 168
#: A silence is told when it weighs more than so many times the longest one, and more than so many missed hours ...
_TIMES = 1.5
_LEAST_WEIGHT = 3.0
#: ... and lasts as long as this: what is shorter nobody can do anything about.
SHORTEST = timedelta(hours=6)
#: Where no rhythm is known: so long, or for three times the usual gap if that is longer.
_UNKNOWN = timedelta(days=7)
_USUAL = 3
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Silence:
    """What may be said of the time since something came last."""

    too_long: bool
    #: The usual time between two hours with news; None where no rhythm is known.
    usual: timedelta | None = None


def judge(hours: Iterable[int], newest: datetime, until: datetime) -> Silence:
    """Judge the silence after the newest item, up to a time at which nothing newer was seen for certain.

    ``hours`` are those in which something came (as ``hour`` numbers them).
    """
    quiet = until - newest
    if quiet < SHORTEST:
        return Silence(too_long=False)
    last = hour(newest)
    known = sorted({last, *(each for each in hours if each <= last)})
    recent = [each for each in known if last - each <= WINDOW // _HOUR]
    if len(recent) < LEAST_HOURS or last - recent[0] < LEAST_KNOWN // _HOUR:
        return Silence(quiet > max(_UNKNOWN, _USUAL * _usual_days(known)))
    week = _Week(recent)
    weights = sorted(week.weight(earlier, later) for earlier, later in pairwise(recent))
    # One outage of long ago must not hide the next one.
    longest = weights[-2] if len(weights) >= 20 else weights[-1]
    too_long = week.weight(last, hour(until)) > max(_TIMES * longest, _LEAST_WEIGHT)
    return Silence(too_long, _HOUR * median(later - earlier for earlier, later in pairwise(recent)))


def hour(moment: datetime) -> int:
    """Number an hour: those since 1970 in UTC."""
    return (moment - _EPOCH) // _HOUR


def _usual_days(hours: Sequence[int]) -> timedelta:
    days = sorted({each // 24 for each in hours})
    return (
        timedelta(days=median(later - earlier for earlier, later in pairwise(days))) if len(days) > 1 else timedelta()
    )


class _Week:
    """The shares of weeks in which something came, for each of the hours of a week."""

    def __init__(self, hours: Sequence[int]):
        first, span = hours[0], hours[-1] - hours[0]
        came = Counter(hour % _WEEK for hour in hours)
        shares = []
        for slot in range(_WEEK):
            weeks = span // _WEEK + ((slot - first) % _WEEK <= span % _WEEK)
            shares.append(came[slot] / weeks)
        self._sums = [0.0, *accumulate(shares)]

    def weight(self, earlier: int, later: int) -> float:
        """Add up the shares of the hours between two hours, both left out."""
        return self._until(later) - self._until(earlier + 1)

    def _until(self, hour: int) -> float:
        weeks, slot = divmod(hour, _WEEK)
        return weeks * self._sums[-1] + self._sums[slot]
