"""Whether the articles of a source come whole: refused and failing pages, and texts that are suddenly cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from crawler.archive.rows import packed
from crawler.archive.store import Store
from crawler.archive.times import micros, moment

_REFUSED = frozenset({"blocked", "robots", "region"})
_FAILED = frozenset({
    "server error", "too many requests", "http status", "timeout", "connection", "redirects", "not found", "soft 404",
    "empty", "extraction limit", "extraction failed", "robots unreachable",
    "workers died", "maintenance",
})  # fmt: skip
#: Of pages: that they were asked for.
_ASKED = "reason NOT IN ('too old', 'source removed', 'duplicate', 'forgotten')"
#: What is judged: the newest so many that came to an end of late, when they are at least so many ...
_RECENT, _LATE, _FEWEST = 20, timedelta(days=7), 8
#: ... against so many before them.
_HISTORY, _FEWEST_BEFORE = 100, 24
#: Most of the new ones, hardly any of the old ones.
_MOST, _HARDLY = 0.6, 0.2
#: A text is short when its source's usual one is more than twice as long.
_SHORT = 0.4


_OF_SOURCE = "FROM articles WHERE source = ? AND backfill = 0 ORDER BY position DESC LIMIT ?"


#: What was found of the articles of a source is looked for again when newer ones have come, or after so long.
_HOLDS = timedelta(minutes=10)


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


def suspects(store: Store, now: datetime) -> set[str]:
    """Name the sources of whose last pages so many were refused or failed that it may be most: one look at all."""
    found = store.rows(
        "SELECT s.key FROM sources s WHERE (SELECT coalesce(sum(reason IN (SELECT value FROM json_each(?))), 0) FROM "
        f"(SELECT reason FROM pages WHERE source = s.key AND closed_at >= ? AND {_ASKED} "
        "ORDER BY closed_at DESC LIMIT ?)) >= ?",
        (packed(sorted(_REFUSED | _FAILED)), micros(now - _LATE), _RECENT, _MOST * _FEWEST),
    )
    return {key for (key,) in found}


def pages(store: Store, key: str, now: datetime) -> Finding | None:
    """Tell when most of the pages that were asked for of late were refused or failed."""
    found = store.rows(
        f"SELECT reason, closed_at FROM pages WHERE source = ? AND closed_at >= ? AND {_ASKED} "
        "ORDER BY closed_at DESC LIMIT ?",
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


class KnownArticles:
    """What ``articles`` found of each source, for whoever asks again and again; it may be a few minutes old."""

    def __init__(self) -> None:
        #: Archive and source -> its newest article's position, when it was found, and what.
        self._found: dict[tuple[str, str], tuple[int | None, datetime, Finding | None]] = {}

    def articles(self, store: Store, key: str, now: datetime) -> Finding | None:
        """Tell what ``articles`` tells, anew where newer ones have come."""
        newest = store.value("SELECT max(position) FROM articles WHERE source = ?", (key,))
        position, at, found = self._found.get((store.name, key), (None, now - _HOLDS, None))
        if newest != position or not at <= now < at + _HOLDS:
            found = articles(store, key, now)
            self._found[store.name, key] = (newest, now, found)
        return found


def articles(store: Store, key: str, now: datetime) -> Finding | None:
    """Tell when a source that used to give whole texts gives leads only, or texts that are much shorter than before."""
    since = micros(now - _LATE)
    recent = [row for row in _newest(store, key, _RECENT) if row[2] >= since]
    if len(recent) < _FEWEST or not (_is_cut(recent) or _may_be_short(store, key, recent)):
        return None
    return judge(recent, _newest(store, key, _RECENT + _HISTORY)[len(recent) :])


def _newest(store: Store, key: str, most: int) -> list[tuple[int, int, int]]:
    """List the newest articles of a source: (whole, words, first seen)."""
    return store.rows(f"SELECT completeness = 'full', words, first_seen {_OF_SOURCE}", (key, most))


def _is_cut(recent: Sequence[tuple[int, int, int]]) -> bool:
    return sum(not whole for whole, _, _ in recent) >= _MOST * len(recent)


def _may_be_short(store: Store, key: str, recent: Sequence[tuple[int, int, int]]) -> bool:
    """Tell whether the long ones of late may be shorter than the short ones of before, without reading those."""
    lengths = [words for whole, words, _ in recent if whole]
    if len(lengths) < _FEWEST:
        return False
    long = quantiles(lengths, n=4)[2]
    shorter, all_ = store.row(
        f"SELECT coalesce(sum(words <= ?), 0), count(*) FROM (SELECT words, completeness {_OF_SOURCE}) "
        "WHERE completeness = 'full'",
        (long, key, _RECENT + _HISTORY),
    ) or (0, 0)
    before = all_ - len(lengths)
    return bool(shorter - sum(words <= long for words in lengths) < before / 2)


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
