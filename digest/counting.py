"""How many articles, of whom, and whose share: what stats tells on the command line and the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from digest.days import filled, whole_span

if TYPE_CHECKING:
    from crawler.archive import Archive, By

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of several queries in the same groups."""

    #: query -> group -> articles.
    counts: Mapping[str, Counts]
    #: group -> all articles that were collected.
    everything: Counts

    def groups(self, *, by_day: bool) -> list[str]:
        """List the groups: days in order, anything else the most frequent first; what is not known stands last."""
        found = dict.fromkeys(group for counts in self.counts.values() for group in counts)
        number = self.named()
        return sorted(
            found, key=lambda group: (group in {"undated", "unknown"}, 0 if by_day else -number[group], group)
        )

    def named(self) -> dict[str, int]:
        """Add the counts of all queries up, group by group; an article that two of them find counts twice."""
        groups = dict.fromkeys(group for counts in self.counts.values() for group in counts)
        return {group: sum(counts.get(group, 0) for counts in self.counts.values()) for group in groups}

    def shares(self, of: Counts) -> dict[str, dict[str, float]]:
        """Give each query's share of other counts, in each group."""
        return {
            query: {group: counts.get(group, 0) / of[group] for group in of if of[group] and group in self.named()}
            for query, counts in self.counts.items()
        }


def count(
    archive: Archive,
    queries: Sequence[str],
    by: By,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    *,
    fold: bool = False,
    share: bool = False,
    longest_gap: int | None = None,
) -> Table:
    """Count what queries, or watches by name, find; by day also the days on which that is nothing.

    ``fold`` counts a text once, without copies; ``share`` counts all that was collected, too; of more empty days in a
    row than ``longest_gap`` none is told.
    """
    from crawler.query import all_of, parse

    saved = {watch.name: watch.query for watch in archive.watches.all()}

    def counted(query: str) -> Counts:
        node = parse(query)
        wanted = all_of((node, parse("copies:no"))) if fold else node
        return archive.stats(wanted, by, since, until, now=now)

    counts = {name: counted(saved.get(name, name)) for name in dict.fromkeys(map(str.strip, queries))}
    everything = counted("") if share else {}
    if by == "day":
        days = whole_span(
            {day for found in counts.values() for day in found}, since, until, now, longest_gap=longest_gap
        )
        counts = {name: filled(found, days) for name, found in counts.items()}
        everything = filled(everything, days) if share else everything
    return Table(counts, everything)


def document(
    table: Table, by: By, since: datetime | None, until: datetime | None, *, fold: bool, share: bool
) -> dict[str, object]:
    """Write counts as programs get them."""
    told: dict[str, object] = {"by": by, "since": since, "until": until, "copies": not fold}
    told |= {
        "counts": table.counts,
        "totals": {name: sum(counts.values()) for name, counts in table.counts.items()},
    }
    if share:
        told |= {"share": table.shares(table.named()), "all": table.everything}
        told |= {"share_of_all": table.shares(table.everything)}
    return told
