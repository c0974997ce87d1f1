"""Alerts about volumes on simulated streams with known events: `python -m tests.eval.alerts` prints the table.

A stream has the rhythm of days and of the week, days that are livelier than others, and counts that scatter (Poisson).
Into each one rise and one absence are put; what is told is judged as the service does it, hour by hour.
"""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from digest import alerts
from digest.alerts import Finding, Stream

#: A Monday, in hours since 1970.
BEGIN = 96
DAY, WEEK = 24, 168
WEEKS = 9
#: The first four weeks are history.
FIRST = BEGIN + 4 * WEEK
END = BEGIN + WEEKS * WEEK
#: Share of a day's articles by hour: quiet nights, busy noons.
_SHAPE = [0.15] * 6 + [0.6] * 2 + [1.6] * 10 + [0.8] * 6
#: Articles a day.
VOLUMES = (3, 10, 40, 150)
#: How different days are (standard deviation of the logarithm), and the part of weekends.
LIVELY, WEEKEND = 0.25, 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """What came of the streams of one volume."""

    per_day: int
    streams: int
    #: Of the events that were put in, how many were told within a day of their end (rise) or while they lasted.
    rises: int
    absences: int
    #: Hours until the absence was told (mean).
    delay: float
    #: Alerts beyond one for each event, in all streams, and over how many weeks.
    false_rises: int
    false_absences: int
    weeks: int


def stream(
    chance: random.Random, per_day: float, *, lively: float = LIVELY, weekend: float = WEEKEND
) -> dict[int, int]:
    """Invent how much comes, hour by hour."""
    counts, level = {}, 1.0
    for hour in range(BEGIN, END):
        if hour % DAY == 0:
            level = math.exp(chance.gauss(0, lively))
        weekday = (hour - BEGIN) // DAY % 7
        mean = per_day * _SHAPE[hour % DAY] / sum(_SHAPE) * (weekend if weekday >= 5 else 1) * level
        counts[hour] = poisson(chance, mean)
    return counts


def poisson(chance: random.Random, mean: float) -> int:
    """Draw a count."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    end, number, left = math.exp(-mean), 0, chance.random()
    while left > end:
        left *= chance.random()
        number += 1
    return number


def told(counts: dict[int, int], kind: str, step: int) -> list[tuple[int, Finding]]:
    """List when something is told, and what."""
    line = Stream(counts, BEGIN)
    judge = alerts.rise if kind == "spike" else alerts.absence
    found: list[tuple[int, Finding]] = []
    for hour in range(FIRST, END, step):
        finding = judge(line, hour)
        before = [alerts.moment(at) for at, _ in found]
        if finding and alerts.fresh(finding, before, alerts.moment(hour), timedelta(hours=1)):
            found.append((hour, finding))
    return found


def measure(volumes: Sequence[int] = VOLUMES, streams: int = 3, seed: int = 5) -> list[Row]:
    """Judge streams of some volumes."""
    chance = random.Random(seed)
    return [_judged(chance, volume, streams) for volume in volumes]


def _judged(chance: random.Random, per_day: int, streams: int) -> Row:
    rises = absences = false_rises = false_absences = 0
    delays: list[int] = []
    for number in range(streams):
        counts = stream(chance, per_day)
        begin = FIRST + chance.randrange(DAY, 4 * WEEK)
        length = 3 if number % 2 else 18
        # A burst of a whole day's articles, or a day with three times as much.
        for _ in range(10 + per_day * (1 if number % 2 else 2)):
            hour = begin + chance.randrange(length)
            counts[hour] = counts.get(hour, 0) + 1
        hits = [begin <= at < begin + length + DAY for at, _ in told(counts, "spike", 2)]
        rises += any(hits)
        false_rises += len(hits) - any(hits)

        counts = stream(chance, per_day)
        begin = FIRST + chance.randrange(DAY, 3 * WEEK)
        length = 4 * DAY if per_day >= 10 else 9 * DAY
        counts.update(dict.fromkeys(range(begin, begin + length), 0))
        heard = [at for at, _ in told(counts, "silence", 6)]
        hits = [begin <= at < begin + length + DAY for at in heard]
        absences += any(hits)
        false_absences += len(hits) - any(hits)
        delays += [at - begin for at, hit in zip(heard, hits, strict=True) if hit][:1]
    delay = sum(delays) / len(delays) if delays else math.nan
    return Row(per_day, streams, rises, absences, delay, false_rises, false_absences, streams * (WEEKS - 4))


def undisturbed(streams: int = 4, seed: int = 9) -> tuple[int, int, int]:
    """Count the rises and absences that are told of streams without any event, and the weeks that were watched."""
    chance = random.Random(seed)
    lines = [stream(chance, per_day) for per_day in VOLUMES for _ in range(streams)]
    rises = sum(len(told(counts, "spike", 2)) for counts in lines)
    absences = sum(len(told(counts, "silence", 6)) for counts in lines)
    return rises, absences, len(lines) * (WEEKS - 4)


def floors() -> dict[str, float]:
    """Read what is accepted at least (recall) and at most (alerts a week without an event)."""
    found: dict[str, float] = tomllib.loads((Path(__file__).parent / "floors_alerts.toml").read_text())
    return found


def main() -> None:
    """Print the table."""
    print("| articles a day | rises told | false | absences told | after hours | false | weeks watched |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in measure(streams=10):
        print(
            f"| {row.per_day} | {row.rises} of {row.streams} | {row.false_rises} | {row.absences} of {row.streams} "
            f"| {row.delay:.0f} | {row.false_absences} | {row.weeks} |"
        )
    rises, absences, weeks = undisturbed(10)
    print(f"\nWithout any event: {rises} rises and {absences} absences told in {weeks} weeks.")


if __name__ == "__main__":
    main()
