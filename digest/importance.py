"""How much a story weighs, and why: the reason is kept beside the number."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from crawler.records import Control, Kind
from digest.content import Statement, Status

#: A story that is a day older weighs this much less of its recent half.
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What importance is made of."""

    status: Status
    #: Owners after folding copies, and those outside state control.
    owners: int
    outside_state: int
    controls: Collection[Control]
    kinds: Collection[Kind]
    #: The highest weight among the watches that it matches; 1 without watches.
    weight: float
    last: datetime | None


def weigh(facts: Facts, until: datetime) -> tuple[float, tuple[Statement, ...]]:
    """Give a story's weight and the reasons for it, the strongest first."""
    parts: list[tuple[float, Statement]] = []
    if facts.owners > 1:
        # The second voice says more than the tenth.
        parts.append((1.2 * math.log2(facts.owners), Statement("why.owners", {"n": facts.owners})))
    if facts.outside_state and "state" in facts.controls:
        parts.append((0.6, Statement("why.mixed")))
    kinds = len(set(facts.kinds))
    if kinds > 1:
        parts.append((0.2 * min(kinds - 1, 3), Statement("why.kinds", {"n": kinds})))
    parts.append((1.0, Statement("why.new")) if facts.status == "NEW" else (0.4, Statement("why.updated")))
    total = 1.0 + sum(value for value, _ in parts)
    if facts.weight != 1.0:
        parts.append((abs(facts.weight - 1.0), Statement("why.weight", {"weight": facts.weight})))
    parts.sort(key=lambda part: -part[0])
    return round(total * facts.weight * _recency(facts.last, until), 4), tuple(reason for _, reason in parts)


def _recency(last: datetime | None, until: datetime) -> float:
    """Fall from 1 to one half as the newest article of a story gets older."""
    age = max(0.0, (until - last).total_seconds()) if last else _DAY
    return 0.5 + 0.5 * math.exp(-age / _DAY)
