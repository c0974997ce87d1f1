"""Counts of days as bars: how many days each bar stands for, and how high it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digest.web import telling

WIDTH, HEIGHT = 1000, 72
_MOST_BARS = 60
_FEWEST_BARS = 30
#: Days of one bar: a day, a week, four weeks, a quarter, a year, ten years, a century, a millennium.
_UNITS = (1, 7, 28, 91, 364, 3_640, 36_400, 364_000)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the drawing."""

    #: Its days, both included.
    first: date
    last: date
    count: int
    x: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """The bars, oldest first, without gaps."""

    bars: tuple[Bar, ...]
    #: Of the highest bar.
    most: int
    #: Articles without a date, which stand in no bar.
    undated: int
    #: "day", "week" or "91 days": what one bar stands for.
    unit: str
    #: All bars as one path.
    drawn: str


def draw(days: Mapping[str, int], *, fewest: int = _FEWEST_BARS) -> Histogram | None:
    """Lay counts by ISO day out as bars; None when no article has a date."""
    dated = {date.fromisoformat(name): count for name, count in days.items() if name != "undated"}
    if not dated:
        return None
    first, last = min(dated), max(dated)
    unit = next((unit for unit in _UNITS if (last - first).days < unit * _MOST_BARS), _UNITS[-1])
    number = max((last - first).days // unit + 1, fewest)
    # The last bar ends with the last day; what is left of room stands before the first one.
    number = min(number, last.toordinal() // unit)
    begin = last.toordinal() + 1 - number * unit
    counts = [0] * number
    for day, count in dated.items():
        counts[(day.toordinal() - begin) // unit] += count
    most = max(counts)
    step = WIDTH / number
    bars = tuple(_bar(begin + at * unit, unit, count, most, at * step, step) for at, count in enumerate(counts))
    return Histogram(
        bars,
        most,
        days.get("undated", 0),
        {1: "day", 7: "week"}.get(unit, f"{unit:,} days"),
        "".join(f"M{bar.x:g} {HEIGHT}v-{bar.height:g}h{bar.width:g}v{bar.height:g}z" for bar in bars if bar.count),
    )


def spark(counts: Sequence[int]) -> str:
    """Draw counts as one path of small bars, each 10 wide, 30 high at most."""
    most = max(counts, default=0)
    heights = [max(2, round(28 * count / most)) if count else 1 for count in counts]
    return "".join(f"M{10 * at} 30v-{height}h8v{height}z" for at, height in enumerate(heights))


def _bar(ordinal: int, unit: int, count: int, most: int, x: float, step: float) -> Bar:
    first, last = date.fromordinal(ordinal), date.fromordinal(ordinal + unit - 1)
    span = telling.day(first) if unit == 1 else f"{telling.day(first)} to {telling.day(last)}"
    # A bar that counts something is seen, however small beside the highest.
    height = max(3.0, (HEIGHT - 2) * count / most) if count else 0.0
    gap = 0.12 * step
    return Bar(
        first,
        last,
        count,
        round(x + gap / 2, 1),
        round(step - gap, 1),
        round(height, 1),
        f"{span}: {telling.count(count, 'article')}",
    )
