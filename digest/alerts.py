"""When a watch calls: something urgent came, much more came than usual, or the usual did not come. Pure.

Volumes are compared with the same weekday and hour of the four weeks before, so that nights, weekends and Mondays are
no news. Counts are compared by their square roots, which makes the noise of large and of small counts alike (Anscombe),
with the median as what is usual and the median deviation (MAD) as its noise: one event among the four weeks moves
neither. Days on which the sources could not be seen are left out; where too little is left, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from crawler.records import Arrival
from crawler.slots import instant

Kind = Literal["urgent", "spike", "silence"]

_DAY, _WEEK = 24, 168
_WEEKS = 4
#: How much of the past is looked at, in all.
MEMORY = timedelta(weeks=_WEEKS, days=9)
#: An arrival that could not be told for so long (beyond the cool-down) is not told as urgent any more.
STALE = timedelta(hours=36)
#: Two alerts about the volume of one watch are at least so far apart, whatever its cool-down.
LEAST_APART = timedelta(hours=12)

#: A rise is looked for in the last 3 and the last 24 hours ...
_RISE_SPANS = (3, 24)
#: ... of at least so many articles, and so many times the usual.
LEAST_RISE = 8
_TIMES = 2.5
#: So far above the usual, in units of the noise that every count has (Poisson's) ...
_RISE, _ABSENCE = 4.5, 5.0
#: ... and of the noise beyond it, which is only estimated; from less than the four weeks worse.
_BEYOND, _BEYOND_YOUNG = 5.5, 7.0
#: A rise is judged from so many days of history on, an absence from so many.
RISE_HISTORY, ABSENCE_HISTORY = 14, 28
#: An absence is looked for over a day, three days, a week; it is there when at most this part of the usual came.
_ABSENCE_SPANS = (24, 72, 168)
_PART = 0.25
#: Weeks that must be known of the four for an absence.
_ABSENCE_WEEKS = 3
#: Poisson's noise of square roots.
_LEAST_NOISE = 0.5
#: Hours count as busy alike when (the roots of) what comes in them are at least this part of each other.
_ALIKE = 0.7
#: Hours after which what is going on has ended; a night is no end.
_LULL = 12
#: How far back the begin of what is going on is looked for, in hours.
_LONGEST_EVENT = 14 * _DAY


@dataclass(frozen=True)
class Stream:
    """How many articles a watch matched, hour by hour."""

    #: Hours since 1970 in UTC -> articles; an hour that is not there had none.
    counts: Mapping[int, int]
    #: The first hour of which all is known.
    begun: int
    #: Days since 1970 on which its sources could not be seen as usual.
    ill: Collection[int] = ()
    _sums: list[int] = field(default_factory=list, repr=False, compare=False)

    def came(self, end: int, span: int) -> int:
        """Count the articles of so many hours before the end of which."""
        if not self._sums:
            at = 0
            for hour in range(self.begun, max(self.counts, default=self.begun) + 1):
                self._sums.append(at)
                at += self.counts.get(hour, 0)
            self._sums.append(at)
        return self._until(end) - self._until(end - span)

    def seen(self, end: int, span: int) -> bool:
        """Tell whether all of these hours could be seen."""
        first, last = (end - span) // _DAY, (end - 1) // _DAY
        return end - span >= self.begun and not any(day in self.ill for day in range(first, last + 1))

    def _until(self, hour: int) -> int:
        return self._sums[min(max(hour - self.begun, 0), len(self._sums) - 1)]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rise or an absence, and what it was measured by."""

    kind: Kind
    #: The hours [end - span, end), since 1970 in UTC.
    end: int
    span: int
    came: int
    #: What came at the same weekday and hour of the weeks before (median).
    usual: float
    #: How far off it is, in units of the usual noise.
    score: float
    #: When what is going on began, as far as it can be told: the same however often it is looked at.
    began: int


@dataclass(frozen=True, slots=True)
class _Usual:
    """What comes at one weekday and hour, as square roots."""

    middle: float
    noise: float
    count: float
    weeks: int


def rise(stream: Stream, hour: int) -> Finding | None:
    """Tell whether much more came than usual up to and with this hour, which need not be over."""
    return _going_on("spike", hour, lambda at: _rise(stream, at))


def absence(stream: Stream, hour: int) -> Finding | None:
    """Tell whether what usually comes stayed out up to this hour, the first one that is not wholly seen yet."""
    return _going_on("silence", hour, lambda at: _absence(stream, at))


def fresh(finding: Finding, told: Sequence[datetime], now: datetime, cool_down: timedelta) -> bool:
    """Tell whether a finding is another than what was told already (at these times, of this kind)."""
    last = max(told, default=None)
    if last is None:
        return True
    # Late arrivals may move the begin of what is going on by some hours; and hours of which it was told are told.
    same = last >= min(moment(finding.began) - timedelta(hours=6), moment(finding.end - finding.span))
    return not same and now - last >= max(cool_down, LEAST_APART)


def waits_until(
    last: datetime | None, now: datetime, cool_down: timedelta, quiet: tuple[time, time] | None, zone: str
) -> datetime:
    """Say when something urgent may go out: now, or when the cool-down and the quiet hours are over."""
    at = now if last is None else max(now, last + cool_down)
    return quiet_until(at, quiet, zone) or at


def quiet_until(at: datetime, quiet: tuple[time, time] | None, zone: str) -> datetime | None:
    """Give the end of the quiet hours in which a moment lies; None when it lies in none."""
    if quiet is None:
        return None
    begin, end = quiet
    local = at.astimezone(ZoneInfo(zone))
    here = local.time()
    inside = begin <= here < end if begin < end else here >= begin or here < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if begin > end and here >= begin else 0)
    # An end that the clocks show twice may lie before the moment itself.
    return max(instant(day, end, ZoneInfo(zone)), at.astimezone(UTC))


def news(arrivals: Sequence[Arrival], ignored: Collection[int]) -> dict[Arrival, int]:
    """Choose what is worth an alert: each text once, with the number of its copies that came with it.

    A copy of what the watch matched before is no news.
    """
    heard = [arrival for arrival in arrivals if arrival.article not in ignored]
    chosen = {arrival.article: arrival for arrival in heard if arrival.copy_of is None}
    copies = dict.fromkeys(chosen, 0)
    for arrival in heard:
        if arrival.copy_of in copies:
            copies[arrival.copy_of] += 1
    return {arrival: copies[article] for article, arrival in chosen.items()}


def moment(hour: int) -> datetime:
    """Give the beginning of an hour."""
    return datetime.fromtimestamp(hour * 3_600, UTC)


def hour_of(at: datetime) -> int:
    """Give the hour in which a moment lies."""
    return int(at.timestamp() // 3_600)


def _going_on(
    kind: Kind, hour: int, judge: Callable[[int], tuple[int, int, int, float, float] | None]
) -> Finding | None:
    """Judge an hour, and look back to where what is going on began; a lull of some hours does not end it."""
    found = judge(hour)
    if found is None:
        return None
    end, span, came, usual, score = found
    began = hour
    for at in range(hour - 1, hour - _LONGEST_EVENT, -1):
        if judge(at) is not None:
            began = at
        elif began - at > _LULL:
            break
    return Finding(kind, end, span, came, usual, score, began)


def _rise(stream: Stream, hour: int) -> tuple[int, int, int, float, float] | None:
    end = hour + 1
    if end - stream.begun < RISE_HISTORY * _DAY:
        return None
    for span in _RISE_SPANS:
        came = stream.came(end, span)
        if came < LEAST_RISE:
            continue
        usual = _usual(stream, end, span)
        if usual is None or usual.weeks < 2 or came < _TIMES * usual.count:
            continue
        score = _score(stream, usual, _root(came) - usual.middle, _RISE, end, span)
        if score is not None:
            return end, span, came, usual.count, score
    return None


def _absence(stream: Stream, end: int) -> tuple[int, int, int, float, float] | None:
    if end - stream.begun < ABSENCE_HISTORY * _DAY:
        return None
    for span in _ABSENCE_SPANS:
        if not stream.seen(end, span):
            return None
        usual = _usual(stream, end, span)
        if usual is None or usual.weeks < _ABSENCE_WEEKS:
            continue
        came = stream.came(end, span)
        if came > _PART * usual.count:
            return None  # it is coming again, whatever the days before it were
        score = _score(stream, usual, usual.middle - _root(came), _ABSENCE, end, span)
        if score is not None:
            return end, span, came, usual.count, score
    return None


def _score(stream: Stream, usual: _Usual, off: float, wanted: float, end: int, span: int) -> float | None:
    """Say how far off the usual something is, in units of its noise; None when that is not enough."""
    beyond = _BEYOND if usual.weeks == _WEEKS else _BEYOND_YOUNG

    def enough(noise: float) -> bool:
        return off >= wanted * _LEAST_NOISE + beyond * (noise - _LEAST_NOISE)

    if not enough(usual.noise):  # the general noise takes longer, and only makes it less
        return None
    noise = max(usual.noise, _general_noise(stream, usual.middle, end, span))
    return off / noise if enough(noise) else None


def _usual(stream: Stream, end: int, span: int) -> _Usual | None:
    """Say what comes at a weekday and hour, by the four weeks before."""
    weeks = [
        [stream.came(at, span) for at in (before - 1, before, before + 1) if stream.seen(at, span)]
        for before in (end - number * _WEEK for number in range(1, _WEEKS + 1))
    ]
    known = [count for week in weeks for count in week]
    if not known:
        return None
    roots = [_root(count) for count in known]
    middle = median(roots)
    own = _deviation([root - middle for root in roots])
    return _Usual(middle, max(own, _LEAST_NOISE), median(known), sum(map(bool, weeks)))


def _general_noise(stream: Stream, middle: float, end: int, span: int) -> float:
    """Say how far a watch usually is off its own usual: four weeks of one hour say too little about that.

    Busy hours are the ones that a lively week makes busier, so nights say nothing about noons.
    """
    step = max(span, 6)
    off = []
    for at in range(end - span, end - _WEEKS * _WEEK, -step):
        others = [at + number * _WEEK for number in range(-_WEEKS, _WEEKS + 1)]
        # The hours that are judged now are no part of what is usual.
        kept = [_root(stream.came(other, span)) for other in others if other <= end - span and stream.seen(other, span)]
        if len(kept) >= 2 and stream.seen(at, span) and median(kept) >= _ALIKE * middle:
            off.append(_root(stream.came(at, span)) - median(kept))
    return _deviation(off) if len(off) >= 8 else 0.0


def _deviation(values: Sequence[float]) -> float:
    """Give the standard deviation that belongs to a median deviation."""
    return 1.4826 * median(map(abs, values)) if values else 0.0


def _root(count: float) -> float:
    return math.sqrt(count + 0.375)
