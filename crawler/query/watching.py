"""Queries that use watches, and queries that are watches."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from crawler.errors import QueryError
from crawler.query import dates, limits
from crawler.query.reading import of_one_keyboard, parse
from crawler.query.tree import Filter, Node, filters_in, is_positive, replace_filters, walk
from crawler.query.writing import show

#: Watches that use watches could grow without end; a query is refused that holds more than so many parts.
_MOST_PARTS = 5_000
#: So many watches may use one another in a row.
_DEEPEST = 50


def expand(node: Node, watches: Mapping[str, str], *, within: tuple[str, ...] = ()) -> Node:
    """Put the queries of watches in place of their names; refuse circles and names that nobody has.

    ``within`` names the watches that the query is part of already.
    """
    return _Expansion(watches).of(node, within)


def expand_all(watches: Mapping[str, str], known: dict[str, Node] | None = None) -> dict[str, Node]:
    """Read the queries of watches, each with those of the watches that it uses.

    ``known``: queries that were read before, which is what takes time; new ones are put in.
    """
    known = {} if known is None else known
    for text in watches.values():
        if text not in known:
            known[text] = check_watch(text)
    expansion = _Expansion(watches, {name: known[text] for name, text in watches.items()})
    return {name: expansion.named(name) for name in watches}


class _Expansion:
    """Reads and expands each watch once, however many use it, and counts before it builds."""

    def __init__(self, watches: Mapping[str, str], read: Mapping[str, Node] | None = None) -> None:
        self._watches = watches
        self._read = read or {}
        #: Watches that are expanded already, each with the number of its parts.
        self._done: dict[str, tuple[Node, int]] = {}

    def named(self, name: str, within: tuple[str, ...] = ()) -> Node:
        """Give the expanded query of a watch."""
        if name not in self._done:
            node = self._read[name] if name in self._read else parse(self._watches[name])
            expanded = self.of(node, (*within, name))
            self._done[name] = expanded, sum(1 for _ in walk(expanded))
        return self._done[name][0]

    def of(self, node: Node, within: tuple[str, ...]) -> Node:
        """Expand a query that is part of these watches."""
        used = [found for found in filters_in(node) if found.name == "watch"]
        if not used:
            return node
        parts = sum(1 for _ in walk(node))
        for found in used:
            self._check(node, found, within)
            self.named(found.value, within)
            parts += self._done[found.value][1]
            if parts > _MOST_PARTS:
                problem = f"with its watches this query has more than {_MOST_PARTS:,} parts"
                raise QueryError(show(node), 0, problem, "use fewer")
        expanded = replace_filters(node, lambda found: self._done[found.value][0] if found.name == "watch" else found)
        if too_much := limits.fault_of_all(expanded):
            raise QueryError(show(node), 0, f"with its watches, {too_much[0]}", too_much[1])
        if not is_positive(expanded):
            raise QueryError(show(node), 0, "this says only what to leave out", "write something to look for before it")
        return expanded

    def _check(self, node: Node, found: Filter, within: tuple[str, ...]) -> None:
        name = found.value
        if name in within:
            circle = " -> ".join((*within[within.index(name) :], name))
            raise _fault(node, found, f"these watches use one another in a circle: {circle}", "take one of them out")
        if len(within) > _DEEPEST:
            raise _fault(node, found, f"watches use one another more than {_DEEPEST} deep", "use fewer")
        if name not in self._watches:
            close = difflib.get_close_matches(name, self._watches, n=1)
            known = f"did you mean watch:{close[0]}?" if close else "`presswatch watch list` shows all"
            raise _fault(node, found, f"there is no watch {name}", known)


def check_watch(text: str) -> Node:
    """Read the query of a watch; what means something else tomorrow has no place in it."""
    node = parse(text)
    for found in filters_in(node):
        if found.name == "story":
            raise _fault_in(text, found, "a watch cannot use story:, whose articles come and go", "use words instead")
        if found.name in ("note", "marked"):
            problem = f"a watch cannot use {found.name}:, which people say of articles that are kept already"
            raise _fault_in(text, found, problem, "give the articles a tag, and use tag:")
        if found.name in ("after", "before", "seen-after", "seen-before") and dates.is_relative(found.value):
            raise _fault_in(
                text, found, f"a watch cannot use a date that moves ({found.value})", "write a day, such as 2019-11-01"
            )
    return node


def _fault_in(text: str, found: Filter, problem: str, remedy: str) -> QueryError:
    """Mark a filter in a query as it was typed."""
    written = of_one_keyboard(text)
    place = re.search(rf'{found.name}:\s*"?\s*0*{re.escape(found.value)}', written, re.IGNORECASE)
    return QueryError(written, place.start() if place else 0, problem, remedy)


def _fault(node: Node, found: Filter, problem: str, remedy: str) -> QueryError:
    written = show(node)
    return QueryError(written, max(0, written.find(show(found))), problem, remedy)
