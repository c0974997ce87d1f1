"""A query tree as SQL conditions of PostgreSQL; beside ``words``, what differs from those of SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler import query
from crawler.archive import rows
from crawler.archive.conditions import (
    Asked,
    Compiler,
    Conditions,
    as_question,
    balanced,
    is_beyond_index,
    narrow_by_dates,
)
from crawler.archive.postgres import words
from crawler.archive.store import Store
from crawler.query import And, Everything, Filter, Node, Not
from crawler.query import filters as known

#: So many articles of which the index does not decide are asked at first, and at most, before some are given.
_FIRST_ASKED, _MOST_ASKED = 100, 1_600
#: Stands in a condition for the words of a leaf: the one that must not be missed, or where it is negated.
_LEAF = re.compile(r"\{(?P<number>[0-9]+)(?P<sign>[+-])\}")
_JOINED = "articles a JOIN index_entries e ON e.position = a.position"
#: Of so many conditions with a query of their own PostgreSQL may choose the order.
_MOST_JOINED = 8
#: Scheme and host of an address, which tell its site.
_PLACE = "substring(a.url FROM '^[^/]*//[^/?#]*')"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a query that only words decide."""

    node: Node
    #: Every article of it matches this, and no other than its articles match that.
    may: str
    must: str

    @property
    def is_decided(self) -> bool:
        """Tell whether the index decides alone."""
        return self.may == self.must


@dataclass(slots=True)
class TsConditions(Conditions):
    """What finds the articles of a query on PostgreSQL."""

    leaves: list[Leaf] = field(default_factory=list)
    #: The words by which articles are more or less relevant.
    relevant: Node | None = None

    def position(self) -> str:
        """Name the column that orders by publication."""
        return "a.position"

    @property
    def is_decided(self) -> bool:
        """Tell whether it asks for words, and the index decides about all of them."""
        return bool(self.leaves) and all(leaf.is_decided for leaf in self.leaves)

    def stretches(self, store: Store) -> Iterator[tuple[str, list[Any]]]:
        """Write FROM and WHERE, all at once or for one stretch of positions after the other, the newest first.

        What the index does not decide is asked of the texts before the stretch is given in which they lie.
        """
        undecided = [leaf for leaf in self.leaves if not leaf.is_decided]
        if not undecided:
            yield self._tables(lambda leaf, _: leaf.must)
            return
        open_ = balanced([f"({leaf.may} AND NOT {leaf.must})" for leaf in undecided], "OR")
        tables, parameters = self._tables(lambda leaf, sign: leaf.may if sign == "+" else leaf.must)
        high, number = (1 << 63) - 1, _FIRST_ASKED
        while True:
            asked = store.rows(
                f"SELECT a.position, a.title, a.lead, a.text, a.authors {tables} AND {open_} AND a.position < ? "
                "ORDER BY a.position DESC LIMIT ?",
                [*parameters, high, number],
            )
            low = asked[-1][0] if len(asked) == number else -(1 << 63)
            found = _asked(undecided, asked)
            within, values = self._tables(lambda leaf, _: found.get(leaf, leaf.must))  # noqa: B023 (used at once)
            yield f"{within} AND a.position >= ? AND a.position < ?", [*values, low, high]
            if len(asked) < number:
                return
            high, number = low, min(2 * number, _MOST_ASKED)

    def _tables(self, words_of: Callable[[Leaf, str], str]) -> tuple[str, list[Any]]:
        tables = _JOINED if self.leaves else "articles a"
        where = balanced(self.where, "AND") if self.where else "true"
        filled = _LEAF.sub(lambda place: words_of(self.leaves[int(place["number"])], place["sign"]), where)
        return f"FROM {tables} WHERE {filled}", self.parameters


def _asked(leaves: Iterable[Leaf], articles: Iterable[tuple[Any, ...]]) -> dict[Leaf, str]:
    """Ask articles of leaves; give for each a condition that is true of those that match, and of no other."""
    questions = [(leaf, as_question(leaf.node)) for leaf in leaves]
    found: dict[Leaf, list[int]] = {leaf: [] for leaf in leaves}
    for position, *texts in articles:
        asked = Asked(*texts)
        for leaf, question in questions:
            if question(asked):
                found[leaf].append(position)
    return {
        leaf: f"({leaf.must} OR e.position = ANY('{{{','.join(map(str, positions))}}}'::bigint[]))"
        for leaf, positions in found.items()
    }


def compile_query(store: Store, node: Node, now: datetime) -> TsConditions:
    """Write a query, in which no watch is named any more, as conditions."""
    compiler = TsCompiler(store, now, len(list(query.filters_in(node))))
    found = TsConditions(leaves=compiler.leaves)
    wanted = node.parts if isinstance(node, And) else (node,)
    textual = [part for part in wanted if query.is_textual(part)]
    if textual and query.is_positive(query.all_of(tuple(textual))):
        found.relevant = query.all_of(tuple(textual))
        found.match = query.show(found.relevant)
        found.add(*compiler.condition(found.relevant))
    for part in wanted:
        if not (isinstance(part, Everything) or (found.match is not None and query.is_textual(part))):
            found.add(*compiler.condition(part))
    found.slow = any(is_beyond_index(part) for part in wanted)
    narrow_by_dates(store, found, wanted, now)
    return found


class TsCompiler(Compiler):
    """Writes conditions on the row ``a`` of an article, and ``e`` of the index."""

    def __init__(self, store: Store, now: datetime, filters: int) -> None:
        super().__init__(store, now)
        # Each would be a join, and the planner weighs all orders of them: of five hundred for half a minute.
        self._are_many = filters > _MOST_JOINED
        self.leaves: list[Leaf] = []
        self._negated = False
        self._whole = int(store.value("SELECT coalesce(min(whole), 1) FROM index_entries WHERE whole < 1"))

    def condition(self, node: Node) -> tuple[Any, ...]:
        """Give the SQL of a condition, and its parameters."""
        if not isinstance(node, Not):
            return super().condition(node)
        self._negated = not self._negated
        try:
            return super().condition(node)
        finally:
            self._negated = not self._negated

    def _words(self, node: Node) -> tuple[Any, ...]:
        may, must = words.written(node, self._whole)
        self.leaves.append(Leaf(node, "true" if may is None else _matching(may), _matching(must)))
        return (f"{{{len(self.leaves) - 1}{'-' if self._negated else '+'}}}",)

    def _filter(self, node: Filter) -> tuple[Any, ...]:
        condition, *parameters = self._asked_of_few(node)
        if self._are_many and "SELECT" in condition:
            condition = f"({condition}) IS TRUE"
        return (condition, *parameters)

    def _asked_of_few(self, node: Filter) -> tuple[Any, ...]:
        """Ask the few different values of what only Python can tell, not the many articles."""
        value = node.value
        match node.name:
            case "credited":
                origins = self._values("SELECT DISTINCT credited_to FROM articles WHERE credited_to IS NOT NULL")
                passing = [origin for origin in origins if known.is_credited(value, origin)]
                return f"(a.credited_to IS NOT NULL AND {_one_of('a.credited_to')})", rows.packed(passing)
            case "site":
                places = self._values(f"SELECT DISTINCT coalesce({_PLACE}, '') FROM articles a")
                passing = [place for place in places if known.is_on_site(value, place)]
                return _one_of(f"coalesce({_PLACE}, '')"), rows.packed(passing)
            case "tag":
                tags = self._values("SELECT DISTINCT t.value FROM articles, json_each(tags) t WHERE tags <> '[]'")
                passing = [tag for tag in tags if known.is_tagged(value, (tag,))]
                tagged = f"EXISTS (SELECT 1 FROM json_each(a.tags) t WHERE {_one_of('t.value')})"
                return f"(a.tags <> '[]' AND {tagged})", rows.packed(passing)
            case "note":
                of_notes = "FROM judgements WHERE kind = 'note' AND undone_at IS NULL"
                passing = [note for note in self._values(f"SELECT value {of_notes}") if known.is_noted(value, note)]
                # Of a story, which has no article.
                noted = f"SELECT article {of_notes} AND article IS NOT NULL AND {_one_of('value')}"
                return f"a.id IN ({noted})", rows.packed(passing)
        return super()._filter(node)

    def _values(self, statement: str) -> list[str]:
        return [value for (value,) in self._store.rows(statement)]


def _matching(words_: str) -> str:
    doubled = words_.replace("'", "''")
    return f"e.words @@ '{doubled}'::tsquery"


def _one_of(column: str) -> str:
    return f"{column} IN (SELECT value FROM json_each(?))"
