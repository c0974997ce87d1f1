"""What one of each thing costs, read out of the tables in tests/bench/results; no figure stands here.

Each figure names the table that it was read from. What was measured at two sizes of an archive is read as a curve, by
the logarithm of the size; what lies beyond the larger one goes on along it, and is no measurement any more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.report import RESULTS

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_MS = 1e-3


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that was measured."""

    value: float
    #: The table, and what of it.
    source: str


@dataclass(frozen=True, slots=True)
class Curve:
    """What was measured at two sizes."""

    points: tuple[tuple[float, float], tuple[float, float]]
    source: str

    def at(self, size: float) -> float:
        """Read it at a size, by its logarithm; below the smaller one it is as there."""
        (low, first), (high, last) = self.points
        share = math.log10(max(size, low) / low) / math.log10(high / low)
        return first + (last - first) * share

    def along(self, number: float) -> float:
        """Read it where it begins with nothing at none, and goes on straight from point to point."""
        (low, first), (high, last) = self.points
        if number <= low:
            return first * number / low
        return first + (last - first) * (number - low) / (high - low)


@dataclass(frozen=True, slots=True)
class Costs:
    """What things cost: seconds of processor time, megabytes, bytes."""

    #: A page: asked for, extracted, kept with its dates and copies, indexed; and a poll that finds nothing.
    page: Figure
    poll: Figure
    #: A page as it was on a small machine, one core of which others used, in crawls that each began anew.
    page_small: Figure
    #: Writing an article, by the size of the archive: the writer's part of the page's.
    keep: Curve
    #: The same on PostgreSQL, on the wall; None as long as it was not measured.
    keep_postgresql: Figure | None
    #: Asking all watches of an article, by their number.
    watches: Curve
    #: An article that comes, put to the stories; clustering the window anew, each article of it; memory for it, in MB.
    group: Figure
    cluster: Figure
    cluster_memory: Figure
    #: An edition, for each article that it may tell of.
    edition: Figure
    #: A page of results: by the size of the archive, usual and of 100 the 95th; in seconds.
    search: Curve
    search_slow: Curve
    #: Bytes of the archive for an article, with all that is known of it.
    disk: Figure
    #: Memory in MB: the service, a crawl, its two extractors, a process of the page.
    service: Figure
    crawl: Figure
    extractors: Figure
    web: Figure
    #: CPU s of PostgreSQL a page beside workers, and how many times the disk of SQLite it takes; None: not measured.
    page_postgresql: Figure | None
    disk_postgresql: Figure | None
    #: How many times as fast two workers are as one, and at how many times the CPU; None: not measured yet.
    two_workers: Figure | None
    two_dearer: Figure | None
    #: Of a record from WARC: one that is extracted, and one that the words of a query rule out; None the same.
    warc: Figure | None
    warc_passed_over: Figure | None


def read(folder: Path = RESULTS) -> Costs:
    """Read all of them."""

    def cell(name: str, row: str, column: str, scale: float = 1.0) -> Figure:
        for each in table(folder / f"{name}.md"):
            if next(iter(each.values())).replace("*", "").startswith(row):
                return Figure(number(each[column]) * scale, f"{name}.md: {row}, {column}")
        raise LookupError(f"{name}.md has no row {row}")

    def told(name: str, pattern: str, turn: Callable[[float], float] = float) -> Figure:
        found = re.search(pattern, (folder / f"{name}.md").read_text(encoding="utf-8"))
        if found is None:
            raise LookupError(f"{name}.md does not tell {pattern}")
        return Figure(turn(number(found[1])), f"{name}.md: {found[0]}")

    def later(make: Callable[[], Figure]) -> Figure | None:
        try:
            return make()
        except FileNotFoundError:
            return None

    keep = [told(name, r"keep\(\), everything: ([\d.]+) CPU ms") for name in ("search", "search-1000000")]
    shown = [
        cell(name, "words", "page of 20, shown").value + cell(name, "words", "facets").value
        for name in ("search", "search-1000000")
    ]
    growth = shown[1] / shown[0]
    usual, slow = (cell("web", "Search: all of these", column, _MS) for column in ("median", "p95"))
    grown = "search.md and search-1000000.md: words, page of 20 and facets"
    watches = [table(folder / "watches.md")[row] for row in (0, 2)]
    window = cell("stories", "memory for the window", "articles").value
    small = "small_machine"
    kept = told(small, r"([\d,]+) kept").value
    return Costs(
        page=told("speed-outlets", r"\| Presswatch \| ([\d.]+)", lambda pages: 1 / pages),
        poll=cell("not_modified", "10,000", "CPU ms a feed", _MS),
        page_small=told(small, r"\| 24 crawls of all sources \| ([\d.]+)", lambda seconds: seconds / kept),
        keep=Curve(((1e5, keep[0].value * _MS), (1e6, keep[1].value * _MS)), f"{keep[0].source}; {keep[1].source}"),
        keep_postgresql=later(
            lambda: told("postgresql", r"by PostgreSQL: .*?([\d,]+) a second on the wall", lambda kept: 1 / kept)
        ),
        watches=Curve(
            tuple((number(row["watches"]), 1 / number(row["articles per CPU s"])) for row in watches),  # type: ignore[arg-type]
            "watches.md: articles per CPU s",
        ),
        group=cell("stories", "what comes", "ms", _MS),
        cluster=cell("stories", "the window again", "ms", _MS),
        cluster_memory=cell("stories", "memory for the window", "ms", 1 / window),
        edition=cell("edition", "watches: made", "median", 1 / told("edition", r"over ([\d,]+) articles").value),
        search=Curve(((1e5, usual.value), (1e6, usual.value * growth)), f"{usual.source}; grown as {grown}"),
        search_slow=Curve(((1e5, slow.value), (1e6, slow.value * growth)), f"{slow.source}; grown as {grown}"),
        disk=told(small, r"([\d,]+) MB of archive", lambda size: size * 1e6 / kept),
        service=cell("soak", "service", "4th"),
        crawl=cell("memory", "crawl", "4th"),
        extractors=cell("memory", "its workers", "4th"),
        web=told("web", r"served by 1 process: memory \(PSS\) .*?after all that (\d+) MB"),
        page_postgresql=later(lambda: cell("workers", "2", "of PostgreSQL", 1 / cell("workers", "2", "stored").value)),
        disk_postgresql=later(lambda: told("postgresql", r"of disk where SQLite takes [\d,]+: ([\d.]+) times as much")),
        two_workers=later(lambda: told("workers", r"two workers are ([\d.]+) times as fast")),
        two_dearer=later(lambda: told("workers", r"at ([\d.]+) times the CPU")),
        warc=later(lambda: cell("warc", "import", "CPU ms a record", _MS)),
        warc_passed_over=later(lambda: cell("warc", "import --query", "CPU ms a record", _MS)),
    )


def table(file: Path) -> list[dict[str, str]]:
    """Read the rows of a table by the names of its columns."""
    rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    header, _, *body = rows
    return [dict(zip(header, row, strict=False)) for row in body]


def number(text: str) -> float:
    """Read the first number of a text."""
    found = _NUMBER.search(text)
    if found is None:
        raise ValueError(f"{text!r} holds no number")
    return float(found[0].replace(",", ""))
