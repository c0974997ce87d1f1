"""How much a story weighs, and why: the reason is kept beside the number.

What several owners say who are apart from each other weighs most. All whom one state controls are one voice, however
many they are; that they speak in chorus is worth a little by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from digest.content import Statement, Status

_DAY = 86_400.0
#: The second voice says more than the tenth.
_VOICES = 1.2
_CHORUS, _LOUDEST = 0.2, 0.8
_MIXED, _KINDS, _MOST_KINDS = 0.6, 0.2, 3
_NEW, _UPDATED, _NOTHING_MORE = 1.0, 0.5, 0.1
#: Recency says why a story stands here when it is greater than that of a story so many hours old.
_RECENT = 12.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What importance is made of."""

    status: Status
    #: Sentences are told of it that readers do not know.
    says_more: bool
    #: Owners after folding copies, those outside state control, and those of whom it is not known.
    owners: int
    outside_state: int
    unknown: int
    #: Of outlets with a text of their own.
    kinds: int
    #: State-controlled and other outlets have texts of their own.
    mixed: bool
    #: The highest weight among the watches that it matches; 1 without watches.
    weight: float
    last: datetime | None


def weigh(facts: Facts, until: datetime) -> tuple[float, tuple[Statement, ...]]:
    """Give a story's weight and the reasons for it, the strongest first."""
    parts = [*_voices(facts), *_sides(facts), _novelty(facts)]
    total = 1.0 + sum(value for value, _ in parts)
    hours = _hours(facts.last, until)
    recency = _recency(hours)
    reasons = [(value * recency, reason) for value, reason in parts if reason is not None]
    if facts.weight > 1.0:
        reasons.append(
            (total * recency * (1.0 - 1.0 / facts.weight), Statement("why.weight", {"weight": facts.weight}))
        )
    if hours < _RECENT:
        gain = total * (recency - _recency(_RECENT))
        reasons.append((gain, Statement("why.recent", {"n": max(1, math.ceil(hours))})))
    reasons.sort(key=lambda part: -part[0])
    return round(total * facts.weight * recency, 4), tuple(reason for _, reason in reasons)


def _voices(facts: Facts) -> list[tuple[float, Statement | None]]:
    """Weigh who tells it: each owner by itself, but all that the state controls as one."""
    state = facts.owners - facts.outside_state - facts.unknown
    apart = facts.outside_state + facts.unknown + bool(state > 0)
    parts: list[tuple[float, Statement | None]] = []
    if apart > 1:
        parts.append((_VOICES * math.log2(apart), Statement("why.owners", {"n": facts.owners})))
    if state > 1:
        chorus = min(_LOUDEST, _CHORUS * math.log2(state))
        parts.append((chorus, Statement("why.state", {"n": state}) if apart == 1 else None))
    return parts


def _sides(facts: Facts) -> list[tuple[float, Statement | None]]:
    parts: list[tuple[float, Statement | None]] = []
    if facts.mixed:
        parts.append((_MIXED, Statement("why.mixed")))
    if facts.kinds > 1:
        parts.append((_KINDS * min(facts.kinds - 1, _MOST_KINDS), Statement("why.kinds", {"n": facts.kinds})))
    return parts


def _novelty(facts: Facts) -> tuple[float, Statement | None]:
    if facts.status == "NEW":
        return _NEW, Statement("why.new")
    if facts.says_more:
        return _UPDATED, Statement("why.updated")
    return _NOTHING_MORE, None


def _hours(last: datetime | None, until: datetime) -> float:
    """Give the age of a story's last article; of an unknown one a day."""
    return max(0.0, (until - last).total_seconds()) / 3_600 if last else _DAY / 3_600


def _recency(hours: float) -> float:
    """Fall from 1 to one half as the newest article of a story gets older."""
    return 0.5 + 0.5 * math.exp(-hours * 3_600 / _DAY)
