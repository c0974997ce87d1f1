"""Filters as links: a query with one filter more, or with one less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler import query
from crawler.query import And, Everything, Filter, Node
from digest.web import telling

#: Values that stand openly; the others are folded.
OPEN = 8
_MOST = 24


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet."""

    label: str
    count: int
    #: The query with this filter; "" when it is chosen already.
    query: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """What the articles that were found have in common, by one property."""

    title: str
    values: tuple[Value, ...] = field(default=())

    @property
    def open(self) -> tuple[Value, ...]:
        """The most frequent values."""
        return self.values[:OPEN]

    @property
    def folded(self) -> tuple[Value, ...]:
        """The others."""
        return self.values[OPEN:]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter of the query, and the query without it."""

    words: str
    query: str


def facet(title: str, name: str, node: Node, counts: Mapping[str, int], labels: Mapping[str, str]) -> Facet:
    """Make a facet out of the counts of its values."""
    chosen = {part.value for part in _parts(node) if isinstance(part, Filter) and part.name == name}
    written = _beginning(node)
    values = []
    for value, count in list(counts.items())[:_MOST]:
        narrowed = "" if value in chosen else written + query.show(Filter(name, value))
        values.append(Value(labels.get(value, value), count, narrowed))
    return Facet(title, tuple(values))


def with_filter(node: Node, name: str, value: str) -> str:
    """Write a query that also has this filter."""
    return _beginning(node) + query.show(Filter(name, value))


def between(node: Node, first: date | None, behind: date | None) -> str:
    """Write a query that finds only what was published from one day to another; earlier limits are replaced."""
    kept = [part for part in _parts(node) if not _is_limit(part)]
    limits = [Filter(name, day.isoformat()) for name, day in (("after", first), ("before", behind)) if day is not None]
    return query.show(query.all_of((*kept, *limits))) if kept or limits else ""


def days(node: Node) -> tuple[str, str]:
    """Tell from which day to which one a query looks, both included; "" where it has no such limit, or no plain one."""
    found = {part.name: part.value for part in _parts(node) if isinstance(part, Filter) and _is_limit(part)}
    first, behind = (_plain_day(found.get(name, "")) for name in ("after", "before"))
    last = behind - timedelta(days=1) if behind and behind > date.min else None
    return (first.isoformat() if first else "", last.isoformat() if last else "")


def _plain_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == len("2026-11-01") else None
    except ValueError:
        return None


def _is_limit(part: Node) -> bool:
    return isinstance(part, Filter) and part.name in {"after", "before"}


def _beginning(node: Node) -> str:
    """Write a query so that a filter can follow."""
    last = Filter("source", "x")
    return query.show(query.all_of((*_parts(node), last))).removesuffix(query.show(last))


def chosen(node: Node) -> list[Chosen]:
    """List the filters that hold for the whole query, each with the query without it."""
    parts = _parts(node)
    return [
        Chosen(_words(part), query.show(query.all_of(rest)) if (rest := parts[:at] + parts[at + 1 :]) else "")
        for at, part in enumerate(parts)
        if isinstance(part, Filter)
    ]


def labels_of(counts: Mapping[str, int], by: str) -> dict[str, str]:
    """Name languages or countries."""
    name = telling.language if by == "lang" else telling.country
    return {code: code if code == "unknown" else name(code) for code in counts}


def _words(part: Filter) -> str:
    return query.explain(part).removeprefix("articles ")


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Everything):
        return ()
    return node.parts if isinstance(node, And) else (node,)
