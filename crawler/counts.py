"""What a visit did, counted per source while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.archive import Standing


@dataclass(slots=True)
class SourceCounts:
    """What happened to one source's channels and pages in one visit."""

    source: str
    #: Channels that were asked, and those that failed: (address, what was seen).
    polled: int = 0
    failed_channels: list[tuple[str, str]] = field(default_factory=list)
    #: Pages that its channels named and that were not known before.
    queued: int = 0
    #: Pages that were answered, with whatever.
    fetched: int = 0
    kept: int = 0
    revised: int = 0
    unchanged: int = 0
    #: Earlier articles out of which lines were taken that their host was found to repeat.
    corrected: int = 0
    #: Articles whose publisher took them back.
    withdrawn: int = 0
    #: reason -> articles that were kept from their feed entry only; they are counted in ``kept`` too.
    from_entry: dict[str, int] = field(default_factory=dict)
    #: key -> pages on which the selectors of an override gave nothing for it, so that it was found the general way.
    override_missed: dict[str, int] = field(default_factory=dict)
    #: reason -> pages.
    dropped: dict[str, int] = field(default_factory=dict)
    #: reason -> pages that are tried again in a later visit.
    waiting: dict[str, int] = field(default_factory=dict)
    #: Of a backfill: "whole" or "in part", "" without one; the sitemaps and archive pages that were read, and by reason
    #: those that were not, and the pages named there that were not queued.
    backfilled: str = ""
    lists: int = 0
    lists_left: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a visit, for whoever watches it: one source, with its numbers so far."""

    source: str
    polled: int
    queued: int
    fetched: int
    kept: int
    dropped: int
    waiting: int


@dataclass(frozen=True, slots=True)
class VisitReport:
    """What a whole visit did."""

    started: datetime
    ended: datetime
    #: finished, limit (its time was over) or signal (it was told to stop).
    outcome: str
    sources: Mapping[str, SourceCounts]
    #: What else should be known of it, a sentence each.
    remarks: tuple[str, ...] = ()
    #: Why others of its channels were not asked, and when the next is.
    standing: Standing = field(default_factory=Standing)

    def total(self, name: str) -> int:
        """Add up one of the numbers of SourceCounts over all sources; of a table, all its numbers."""
        values = [getattr(counts, name) for counts in self.sources.values()]
        return sum(value if isinstance(value, int) else _size(value) for value in values)

    def by_reason(self, name: str = "dropped") -> dict[str, int]:
        """Add up ``dropped``, ``waiting`` or ``from_entry`` over all sources, most frequent first."""
        totals: dict[str, int] = {}
        for counts in self.sources.values():
            for reason, number in getattr(counts, name).items():
                totals[reason] = totals.get(reason, 0) + number
        return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


class Tally:
    """Counts, and tells whoever watches."""

    def __init__(self, sources: Iterable[str], tell: Callable[[Progress], None] | None = None):
        self.sources = {key: SourceCounts(key) for key in sources}
        self._tell = tell

    def of(self, source: str) -> SourceCounts:
        """Give the counts of a source."""
        return self.sources.setdefault(source, SourceCounts(source))

    def add(self, source: str, name: str, number: int = 1) -> None:
        """Count something."""
        counts = self.of(source)
        setattr(counts, name, getattr(counts, name) + number)
        self._told(counts)

    def add_reason(self, source: str, name: str, reason: str, number: int = 1) -> None:
        """Count a page by its reason."""
        counts = self.of(source)
        table: dict[str, int] = getattr(counts, name)
        table[reason] = table.get(reason, 0) + number
        self._told(counts)

    def channel_failed(self, source: str, url: str, detail: str) -> None:
        """Note a channel that could not be read."""
        counts = self.of(source)
        counts.failed_channels.append((url, detail))
        self._told(counts)

    def _told(self, counts: SourceCounts) -> None:
        if self._tell is not None:
            self._tell(
                Progress(
                    counts.source,
                    counts.polled,
                    counts.queued,
                    counts.fetched,
                    counts.kept,
                    _size(counts.dropped),
                    _size(counts.waiting),
                )
            )


def _size(table: Mapping[str, int] | list[tuple[str, str]]) -> int:
    return len(table) if isinstance(table, list) else sum(table.values())
