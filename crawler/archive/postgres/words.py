"""A query of words as ``tsquery``: one that every article of it matches, and one that no other does.

Mostly the two are one. They differ where a row of NEAR or W/n is longer than can be written out, and of articles of
which the index does not hold everything (``vectors``): what lies between them Python decides by the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from crawler import query
from crawler.archive.conditions import balanced
from crawler.archive.postgres.vectors import HUSK, TORN, WEIGHTS, beginning, held_as, quoted
from crawler.query import And, Field, Near, Node, Not, Or, Term
from crawler.tokens import FARTHEST_IN_NAME, Phrase

#: So many ways in which the words of a row may stand are written out; of all rows of a query, so many.
_MOST_WAYS, _MOST_WAYS_IN_ALL = 256, 2_048
#: PostgreSQL takes no query whose words are longer than a megabyte.
_LONGEST = 900_000
#: Is in no article.
NOTHING = quoted("\ue005")
#: Every field but the authors', where words of a row may be farther apart.
_ELSEWHERE = "".join(weight for name, weight in WEIGHTS.items() if name != "author")


def written(node: Node, whole: int) -> tuple[str | None, str]:
    """Write what every article of a query matches, None for nothing, and what none but these do.

    ``whole`` is the least of what rows of the index say of themselves: only where some do not hold everything is that
    asked for.
    """
    may, must = _Writer(whole).write(node, "", sure=False), _Writer(whole).write(node, "", sure=True)
    return (None, NOTHING) if len(may.encode()) > _LONGEST else (may, must)


def phrase(phrase: Phrase, weights: str = "") -> str:
    """Write tokens in a row, in fields of some weights ("": in any)."""
    *before, last = (f"{quoted(held_as(token))}:{weights}".removesuffix(":") for token in phrase.tokens)
    if phrase.prefix:
        last = f"{quoted(beginning(phrase.tokens[-1]))}:*{weights}"
    return f"({' <-> '.join((*before, last))})"


class _Writer:
    def __init__(self, whole: int) -> None:
        self._whole = whole
        self._ways = _MOST_WAYS_IN_ALL

    def write(self, node: Node, weights: str, *, sure: bool) -> str:
        """Write a node, in fields of some weights, for articles that match for sure, or that may match."""
        match node:
            case Term():
                return self._term(query.phrase_of(node), weights, sure=sure)
            case Field(name, part):
                return self.write(part, WEIGHTS[name], sure=sure)
            case Near():
                return self._row(node, weights, sure=sure)
            case Not(part):
                return f"!({self.write(part, weights, sure=not sure)})"
            case And(parts) | Or(parts):
                each = [self.write(part, weights, sure=sure) for part in parts]
                return balanced(each, "&" if isinstance(node, And) else "|")
        raise AssertionError(f"no words: {node}")

    def _term(self, wanted: Phrase, weights: str, *, sure: bool) -> str:
        exact = phrase(wanted, weights)
        cut_short = wanted.prefix and beginning(wanted.tokens[-1]) != wanted.tokens[-1]
        if sure:
            return NOTHING if cut_short else exact
        if len(wanted.tokens) > 1:
            exact = self._or_torn(exact, [_apart(wanted, weights)])
        return self._or_husk(exact)

    def _row(self, node: Near, weights: str, *, sure: bool) -> str:
        rows = [[query.phrase_of(term) for term in _alternatives(part)] for part in node.parts]
        farther = node.distance > FARTHEST_IN_NAME
        if farther and not weights:
            ways = self._ways_of(node, rows, _ELSEWHERE) + self._ways_of(node, rows, WEIGHTS["author"])
        else:
            ways = self._ways_of(node, rows, weights)
        if not ways:
            return NOTHING if sure else self._or_husk(_all_of(rows, weights))
        exact = balanced(ways, "|")
        return exact if sure else self._or_husk(self._or_torn(exact, [_all_of(rows, weights)]))

    def _ways_of(self, node: Near, rows: Sequence[Sequence[Phrase]], weights: str) -> list[str]:
        """Write every way in which the words of a row may stand; none where these are too many, or not in a line."""
        distance = min(node.distance, FARTHEST_IN_NAME) if weights == WEIGHTS["author"] else node.distance
        orders = [rows] if node.ordered else [rows, rows[::-1]]
        number = len(orders) * (distance + 1) ** (len(rows) - 1)
        for row in rows:
            number *= len(row)
        if (not node.ordered and len(rows) > 2) or number > min(_MOST_WAYS, self._ways):
            return []
        self._ways -= number
        steps = range(1, distance + 2)
        ways: list[str] = []
        for phrases in (each for order in orders for each in product(*order)):
            first, *more = (phrase(each, weights) for each in phrases)
            for taken in product(steps, repeat=len(more)):
                then = (f" <{step}> {each}" for step, each in zip(taken, more, strict=True))
                ways.append(f"({first}{''.join(then)})")
        return ways

    def _or_torn(self, exact: str, all_of: Sequence[str]) -> str:
        return exact if self._whole > 0 else f"({exact} | ({' & '.join([*all_of, quoted(TORN)])}))"

    def _or_husk(self, exact: str) -> str:
        return exact if self._whole >= 0 else f"({exact} | {quoted(HUSK)})"


def _alternatives(part: Term | Or) -> list[Term]:
    return [term for term in query.walk(part) if isinstance(term, Term)]


def _apart(wanted: Phrase, weights: str) -> str:
    """Write the tokens of a phrase, wherever they stand."""
    whole = [phrase(Phrase((token,)), weights) for token in wanted.tokens[:-1]]
    return f"({' & '.join([*whole, phrase(Phrase(wanted.tokens[-1:], wanted.prefix), weights)])})"


def _all_of(rows: Sequence[Sequence[Phrase]], weights: str) -> str:
    each = [balanced([_apart(one, weights) for one in row], "|") for row in rows]
    return f"({' & '.join(each)})"
