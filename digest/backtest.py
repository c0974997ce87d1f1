"""What a query would have found, and what another one would have found instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.errors import UsageError
from crawler.query import Node, check_watch, expand, filters_in, parse
from crawler.records import Article, WatchVersion
from digest.days import LONGEST_GAP, filled, whole_span

if TYPE_CHECKING:
    from crawler.archive import Archive

#: Sources that are named.
_TOP = 10
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Candidate:
    """A query that is to be tried."""

    #: Such as "version 2" or "the new query".
    name: str
    query: str
    #: With the queries of the watches that it uses.
    node: Node
    #: The watches that it uses, or that those use -> the version that is taken: of an earlier version of the watch the
    #: one that was in force when that was made, else today's.
    uses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """What one query would have found since a time."""

    #: As in ``Candidate``.
    name: str
    query: str
    uses: Mapping[str, int]
    total: int
    #: Articles a day, on the average.
    per_day: float
    #: day -> articles, the oldest first, "undated" last.
    days: Mapping[str, int]
    #: The most frequent first.
    sources: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Only:
    """What only one of two queries finds."""

    total: int
    #: The newest of them.
    examples: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two queries side by side."""

    old: Tried
    new: Tried
    both: int
    only_old: Only
    only_new: Only


def candidates(archive: Archive, watch: str, version: int | None, query: str | None) -> list[Candidate]:
    """Name what is to be tried: the watch as it is, or two queries, the old one first.

    Another version or a new query is compared with the watch as it is, both with each other.
    """
    today = {each.name: WatchVersion(each.version, each.query) for each in archive.watches.all()}
    current = today.get(watch)
    if current is None:
        raise UsageError(f'there is no watch "{watch}"; presswatch watch list shows what there is')
    tried = [_candidate(watch, f"version {current.version}", current.query, today)]
    if version is not None:
        earlier = _version(archive, watch, version)
        known = today if version == current.version else archive.watches.in_force(earlier.since)
        tried = [_candidate(watch, f"version {version}", earlier.query, known), *tried]
    if query is not None:
        check_watch(query)
        tried = [tried[0], _candidate(watch, "the new query", query, today)]
    return tried


def fresh(archive: Archive, watch: str, query: str) -> Candidate:
    """Name a query that is to be tried before there is a watch that has it."""
    check_watch(query)
    today = {each.name: WatchVersion(each.version, each.query) for each in archive.watches.all()}
    return _candidate(watch, "the query", query, today)


def attempt(archive: Archive, tried: Candidate, since: datetime, now: datetime) -> Tried:
    """Count what a query finds since a time."""
    found = archive.stats(tried.node, "day", since, now=now)
    days = filled(found, whole_span(found, since, None, now, longest_gap=LONGEST_GAP))
    sources = archive.stats(tried.node, "source", since, now=now)
    total = sum(days.values())
    span = max((now - since).total_seconds() / _DAY, 1.0)
    per_day = round(total / span, 2)
    return Tried(tried.name, tried.query, tried.uses, total, per_day, days, dict(list(sources.items())[:_TOP]))


def compare(
    archive: Archive, old: Candidate, new: Candidate, since: datetime, now: datetime, examples: int
) -> Difference:
    """Say what only one of two queries finds."""
    first, second = (archive.ids(tried.node, now, since=since) for tried in (old, new))
    before, after = set(first), set(second)

    def only(ids: list[int], other: set[int]) -> Only:
        found = [id_ for id_ in ids if id_ not in other]
        known = {article.id: article for article in archive.articles.many(found[:examples])}
        return Only(len(found), tuple(known[id_] for id_ in found[:examples] if id_ in known))

    return Difference(
        old=attempt(archive, old, since, now),
        new=attempt(archive, new, since, now),
        both=len(before & after),
        only_old=only(first, after),
        only_new=only(second, before),
    )


def _candidate(watch: str, name: str, query: str, known: Mapping[str, WatchVersion]) -> Candidate:
    node = expand(parse(query), {other: each.query for other, each in known.items()}, within=(watch,))
    return Candidate(name, query, node, _used(query, known))


def _used(query: str, known: Mapping[str, WatchVersion]) -> dict[str, int]:
    """List the watches that a query uses, and those that they use, in the order of their names."""
    used: dict[str, int] = {}
    waiting = [query]
    while waiting:
        names = {found.value for found in filters_in(parse(waiting.pop())) if found.name == "watch"}
        waiting += [known[name].query for name in names - used.keys()]
        used |= {name: known[name].version for name in names}
    return dict(sorted(used.items()))


def _version(archive: Archive, watch: str, version: int) -> WatchVersion:
    known = {each.version: each for each in archive.watches.versions(watch)}
    if version not in known:
        told = "; ".join(f"{each.version}: {each.query}" for each in known.values()) or "none"
        raise UsageError(f"there is no version {version} of {watch}; kept are {told}")
    return known[version]
