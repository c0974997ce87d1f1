"""Days as small bars without words: how much came on each, and where something failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.web import telling

WIDTH, HEIGHT = 1000, 72
_GAP = 0.2


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, in the units of the drawing."""

    x: float
    width: float
    height: float
    #: Something failed on it.
    failed: bool = False
    #: Of two things that are drawn side by side: which of them.
    second: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """The days, the oldest first."""

    bars: tuple[Bar, ...]
    #: What can be seen, in words: it takes the place of the drawing for who does not see it.
    told: str

    @property
    def paths(self) -> dict[str, str]:
        """Draw the bars of each kind in one line: of many drawings on one page each is to be short."""
        drawn: dict[str, str] = {}
        for bar in self.bars:
            kind = "failed" if bar.failed else "second" if bar.second else "plain"
            width, height = round(bar.width), round(bar.height)
            drawn[kind] = drawn.get(kind, "") + f"M{round(bar.x)} {HEIGHT}v-{height}h{width}v{height}z"
        return drawn


def days_until(now: datetime, number: int) -> list[date]:
    """List the last days, the oldest first, today included."""
    return [now.date() - timedelta(days=ago) for ago in range(number - 1, -1, -1)]


def draw(days: Sequence[date], counts: Mapping[str, int], failed: Mapping[str, str] | None = None) -> Bars:
    """Draw a count for each day; ``failed`` says what failed on which."""
    troubled = failed or {}
    most = max((counts.get(day.isoformat(), 0) for day in days), default=0)
    step = WIDTH / max(len(days), 1)
    bars = []
    for at, day in enumerate(days):
        name = day.isoformat()
        count, trouble = counts.get(name, 0), troubled.get(name, "")
        label = f"{telling.day(day)}: {telling.count(count, 'article')}" + (f", {trouble}" if trouble else "")
        bars.append(_bar(at * step, step, count, most, failed=bool(trouble), label=label))
    total = sum(counts.get(day.isoformat(), 0) for day in days)
    told = f"{telling.count(total, 'article')} in {telling.count(len(days), 'day')}, at most {most:,} a day"
    if troubled:
        told += f"; asking failed on {telling.count(len(troubled), 'day')}"
    return Bars(tuple(bars), told)


def draw_pairs(days: Sequence[date], old: Mapping[str, int], new: Mapping[str, int]) -> Bars:
    """Draw two counts side by side for each day."""
    most = max((max(old.get(day.isoformat(), 0), new.get(day.isoformat(), 0)) for day in days), default=0)
    step = WIDTH / max(len(days), 1)
    half = step / 2
    bars = []
    for at, day in enumerate(days):
        name = day.isoformat()
        before, after = old.get(name, 0), new.get(name, 0)
        label = f"{telling.day(day)}: {before:,} before, {after:,} now"
        bars.append(_bar(at * step, half, before, most, label=label))
        bars.append(_bar(at * step + half, half, after, most, second=True, label=label))
    return Bars(tuple(bars), f"at most {most:,} a day")


def _bar(
    x: float, step: float, count: int, most: int, *, failed: bool = False, second: bool = False, label: str
) -> Bar:
    # A bar that counts something is seen, however small beside the highest; a day without anything is a line,
    # and one on which something failed stands out.
    least = 16.0 if failed else 4.0 if count else 2.0
    height = max(least, HEIGHT * count / most if count else 0.0)
    gap = _GAP * step
    return Bar(round(x + gap / 2, 2), round(step - gap, 2), round(height, 2), failed, second, label)
