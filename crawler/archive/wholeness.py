"""Whether the articles of a source come whole: refused and failing pages, and texts that are suddenly cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from crawler.archive.sqlite import Store, micros, moment

_REFUSED = frozenset({"blocked", "robots", "region"})
_FAILED = frozenset({
    "server error", "too many requests", "http status", "timeout", "connection", "redirects", "not found", "soft 404",
    "empty", "extraction limit", "extraction failed", "robots unreachable",
    "workers died", "maintenance",
})  # fmt: skip
#: What is judged: the newest so many that came to an end of late, when they are at least so many ...
_RECENT, _LATE, _FEWEST = 20, timedelta(days=7), 8
#: ... against so many before them.
_HISTORY, _FEWEST_BEFORE = 100, 24
#: Most of the new ones, hardly any of the old ones.
_MOST, _HARDLY = 0.6, 0.2
#: A text is short when its source's usual one is more than twice as long.
_SHORT = 0.4


@dataclass(frozen=True, slots=True)
class Finding:
    """A state with what is told about it."""

    state: str
    note: str = ""
    since: datetime | None = None
    #: The address that the remedy is about; None takes that of the source.
    url: str | None = None
    #: What can be done about it, where that is not what can be done about its state.
    remedy: str = ""


def pages(store: Store, key: str, now: datetime) -> Finding | None:
    """Tell when most of the pages that were asked for of late were refused or failed."""
    found = store.rows(
        "SELECT reason, closed_at FROM pages WHERE source = ? AND closed_at >= ? AND reason NOT IN "
        "('too old', 'source removed', 'duplicate', 'forgotten') ORDER BY closed_at DESC LIMIT ?",
        (key, micros(now - _LATE), _RECENT),
    )
    if len(found) < _FEWEST:
        return None
    for state, reasons, told in (
        ("blocked", _REFUSED, "its articles are refused"),
        ("failing", _FAILED, "its articles cannot be read"),
    ):
        bad = [(reason, at) for reason, at in found if reason in reasons]
        if len(bad) >= _MOST * len(found):
            ((most, _),) = Counter(reason for reason, _ in bad).most_common(1)
            return Finding(state, f"{told}: {len(bad)} of the last {len(found)} ({most})", moment(bad[-1][1]))
    return None


def articles(store: Store, key: str, now: datetime) -> Finding | None:
    """Tell when a source that used to give whole texts gives leads only, or texts that are much shorter than before."""
    found = store.rows(
        "SELECT completeness = 'full', words, first_seen FROM articles WHERE source = ? AND backfill = 0 "
        "ORDER BY position DESC LIMIT ?",
        (key, _RECENT + _HISTORY),
    )
    since = micros(now - _LATE)
    recent = [row for row in found[:_RECENT] if row[2] >= since]
    return judge(recent, found[len(recent) :])


def judge(recent: Sequence[tuple[int, int, int]], before: Sequence[tuple[int, int, int]]) -> Finding | None:
    """Judge the newest articles of a source against those before them: (whole, words, first seen), newest first."""
    if len(recent) < _FEWEST or len(before) < _FEWEST_BEFORE:
        return None
    cut = [at for whole, _, at in recent if not whole]
    if len(cut) >= _MOST * len(recent) and sum(not whole for whole, _, _ in before) <= _HARDLY * len(before):
        told = f"{len(cut)} of the last {len(recent)} articles came as a lead or headline only; before, they came whole"
        return Finding("truncated", told, moment(cut[-1]))
    lengths = [words for whole, words, _ in recent if whole]
    usual = [words for whole, words, _ in before if whole]
    if len(lengths) < _FEWEST or len(usual) < _FEWEST_BEFORE:
        return None
    # The long ones of today are shorter than the short ones of before: no mere slow news day.
    shorter = quantiles(lengths, n=4)[2] < quantiles(usual, n=4)[0]
    if shorter and median(lengths) < _SHORT * median(usual):
        told = f"its texts have {median(lengths):.0f} words of late; before, they had {median(usual):.0f}"
        return Finding("truncated", told, moment(min(at for _, _, at in recent)))
    return None
