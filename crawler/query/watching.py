"""Queries that use watches, and queries that are watches."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from crawler.errors import QueryError
from crawler.query import dates
from crawler.query.reading import parse
from crawler.query.tree import Filter, Node, filters_in, is_positive, replace_filters, walk
from crawler.query.writing import show

#: Watches that use watches could grow without end; a query is refused that holds more than so many parts.
_MOST_PARTS = 5_000


def expand(node: Node, watches: Mapping[str, str], *, within: tuple[str, ...] = ()) -> Node:
    """Put the queries of watches in place of their names; refuse circles and names that nobody has.

    ``within`` names the watches that the query is part of already.
    """

    def put(found: Filter) -> Node:
        if found.name != "watch":
            return found
        name = found.value
        if name in within:
            circle = " -> ".join((*within[within.index(name) :], name))
            raise _fault(node, found, f"these watches use one another in a circle: {circle}", "take one of them out")
        if name not in watches:
            close = difflib.get_close_matches(name, watches, n=1)
            known = f"did you mean watch:{close[0]}?" if close else "`presswatch watch list` shows all"
            raise _fault(node, found, f"there is no watch {name}", known)
        return expand(parse(watches[name]), watches, within=(*within, name))

    if not any(found.name == "watch" for found in filters_in(node)):
        return node
    expanded = replace_filters(node, put)
    if sum(1 for _ in walk(expanded)) > _MOST_PARTS:
        raise QueryError(show(node), 0, f"with its watches this query has more than {_MOST_PARTS:,} parts", "use fewer")
    if not is_positive(expanded):
        raise QueryError(show(node), 0, "this says only what to leave out", "write something to look for before it")
    return expanded


def check_watch(text: str) -> Node:
    """Read the query of a watch; what means something else tomorrow has no place in it."""
    node = parse(text)
    for found in filters_in(node):
        if found.name == "story":
            raise _fault(node, found, "a watch cannot use story:, whose articles come and go", "use words instead")
        if found.name in ("after", "before", "seen-after", "seen-before") and dates.is_relative(found.value):
            raise _fault(
                node, found, f"a watch cannot use a date that moves ({found.value})", "write a day, such as 2019-11-01"
            )
    return node


def _fault(node: Node, found: Filter, problem: str, remedy: str) -> QueryError:
    written = show(node)
    return QueryError(written, max(0, written.find(show(found))), problem, remedy)
