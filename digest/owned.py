"""Which changes an edition owns: what came since the last one ended, and what editions that nobody got would have told.

Pure. An edition ends for good when it is committed to the outbox, whatever becomes of its deliveries; only when all of
them have failed for good does what it owned return, in the next edition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from digest.plans import Window

if TYPE_CHECKING:
    from crawler.archive import Span

#: The states in which an edition has ended; drafts, and what became of those that nobody approved, have not.
_ENDED = frozenset({"final", "skipped"})


@dataclass(frozen=True, slots=True)
class Missed:
    """An edition that nobody got, of which changes return."""

    slot: str
    #: Stretches (after, to] of changes.
    stretches: tuple[tuple[int, int], ...]
    #: What its readers knew, they knew by then.
    since: datetime


@dataclass(frozen=True, slots=True)
class Owned:
    """What the next edition of a plan owns: what came after a change, and what returns."""

    from_seq: int
    window: Window
    #: The oldest first.
    missed: tuple[Missed, ...]
    #: The editions that readers may have got, the newest first.
    read: tuple[int, ...]

    def begins(self) -> int:
        """Give the number after which an edition's changes begin, with what returns in it."""
        return min((after for one in self.missed for after, _ in one.stretches), default=self.from_seq)


def owned(spans: Sequence[Span], now: datetime) -> Owned | None:
    """Tell what the next edition owns by what earlier ones own; None while none of them has ended."""
    ended = [span for span in spans if span.state in _ENDED]
    if not ended:
        return None
    last = max(ended, key=lambda span: span.to_seq)
    read = [span for span in ended if not span.unread]
    missed = [_missed(span, read) for span in ended if span.unread]
    told = sorted((span for span in read if span.state == "final"), key=lambda span: -span.to_seq)
    return Owned(
        last.to_seq,
        Window(min(last.made_at, now), now),
        tuple(sorted((one for one in missed if one.stretches), key=lambda one: one.stretches)),
        tuple(span.id for span in told),
    )


def _missed(span: Span, read: Sequence[Span]) -> Missed:
    stretches = [(span.from_seq, span.to_seq)]
    for other in read:
        stretches = [left for stretch in stretches for left in _without(stretch, other)]
    before = [other.made_at for other in read if other.to_seq <= span.from_seq]
    return Missed(span.slot, tuple(stretches), max(before, default=datetime.min.replace(tzinfo=span.made_at.tzinfo)))


def _without(stretch: tuple[int, int], other: Span) -> list[tuple[int, int]]:
    after, to = stretch
    parts = ((after, min(to, other.from_seq)), (max(after, other.to_seq), to))
    return [part for part in parts if part[0] < part[1]]
