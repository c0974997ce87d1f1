"""What a query would have found, and what another one would have found instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.errors import UsageError
from crawler.query import check_watch
from crawler.records import Article

if TYPE_CHECKING:
    from crawler.archive import Archive

#: Sources that are named.
_TOP = 10
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Tried:
    """What one query would have found since a time."""

    #: Such as "version 2" or "the new query".
    name: str
    query: str
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


def queries(archive: Archive, watch: str, version: int | None, query: str | None) -> list[tuple[str, str]]:
    """Name what is to be tried: the watch as it is, or two queries, the old one first.

    Another version or a new query is compared with the watch as it is, both with each other.
    """
    current = next((each for each in archive.watches.all() if each.name == watch), None)
    if current is None:
        raise UsageError(f'there is no watch "{watch}"; presswatch watch list shows what there is')
    tried = [(f"version {current.version}", current.query)]
    if version is not None:
        tried = [(f"version {version}", _text_of(archive, watch, version)), *tried]
    if query is not None:
        check_watch(query)
        tried = [tried[0], ("the new query", query)]
    return tried


def attempt(archive: Archive, name: str, query: str, since: datetime, now: datetime) -> Tried:
    """Count what a query finds since a time."""
    days = dict(archive.stats(query, "day", since, now=now))
    sources = archive.stats(query, "source", since, now=now)
    total = sum(days.values())
    span = max((now - since).total_seconds() / _DAY, 1.0)
    return Tried(name, query, total, round(total / span, 2), days, dict(list(sources.items())[:_TOP]))


def compare(
    archive: Archive, old: tuple[str, str], new: tuple[str, str], since: datetime, now: datetime, examples: int
) -> Difference:
    """Say what only one of two queries finds."""
    first, second = (archive.ids(query, now, since=since) for _, query in (old, new))
    before, after = set(first), set(second)

    def only(ids: list[int], other: set[int]) -> Only:
        found = [id_ for id_ in ids if id_ not in other]
        known = {article.id: article for article in archive.articles.many(found[:examples])}
        return Only(len(found), tuple(known[id_] for id_ in found[:examples] if id_ in known))

    return Difference(
        old=attempt(archive, *old, since, now),
        new=attempt(archive, *new, since, now),
        both=len(before & after),
        only_old=only(first, after),
        only_new=only(second, before),
    )


def _text_of(archive: Archive, watch: str, version: int) -> str:
    known = {each.version: each for each in archive.watches.versions(watch)}
    if version not in known:
        told = "; ".join(f"{each.version}: {each.query}" for each in known.values()) or "none"
        raise UsageError(f"there is no version {version} of {watch}; kept are {told}")
    return known[version].query
