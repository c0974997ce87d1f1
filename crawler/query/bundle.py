"""Many queries asked of one article: which of them can match at all.

A query cannot match an article that lacks what the query needs, so each is filed under the rarest group of tokens of
which it needs one; of the queries under the article's own tokens, those are left out that need a further token that is
not there, or words side by side that stand apart. What is left is asked in full. (The idea is that of "percolators",
as in Lucene's Monitor.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from crawler.query.evaluating import Document, phrase_of
from crawler.query.reading import SHORTEST_PREFIX
from crawler.query.tree import And, Field, Near, Node, Or, Term
from crawler.records import Watch


class Needle(NamedTuple):
    """Tokens in a row that must stand in a field, or in any ("")."""

    field: str
    #: As ``Document.rows`` writes them.
    row: str

    def is_in(self, document: Document) -> bool:
        """Tell whether they stand there."""
        return self.row in document.rows[self.field]


class _Filed(NamedTuple):
    """A watch with what an article must have for it."""

    watch: Watch
    node: Node
    #: Tokens that all must be there.
    all_of: frozenset[str]
    #: Groups of tokens of which one must be there.
    one_of: tuple[frozenset[str], ...]
    #: The same of what is more than a token somewhere: phrases, beginnings, words of one field.
    rows: tuple[tuple[Needle, ...], ...]

    def may_match(self, document: Document) -> bool:
        """Tell whether an article has all this."""
        vocabulary = document.vocabulary
        return (
            self.all_of <= vocabulary
            and not any(group.isdisjoint(vocabulary) for group in self.one_of)
            and all(any(needle.is_in(document) for needle in group) for group in self.rows)
        )


class Bundle:
    """All watches, filed by the tokens that they need."""

    def __init__(self, watches: Sequence[tuple[Watch, Node]], common: Mapping[str, int]) -> None:
        """``common``: in how many articles of a sample a token stands; what is missing is rare."""
        self._by_token: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._filed: list[_Filed] = []
        for number, (watch, node) in enumerate(watches):
            groups = needs(node)
            self._filed.append(
                _Filed(
                    watch,
                    node,
                    frozenset(token for group in groups if len(group) == 1 for token in group),
                    tuple(group for group in groups if len(group) > 1),
                    tuple(group for group in rows_needed(node) if any(map(_is_more_than_a_token, group))),
                )
            )
            self._file(number, node, groups, common)

    def _file(self, number: int, node: Node, groups: Sequence[frozenset[str]], common: Mapping[str, int]) -> None:
        if groups:
            rarest = min(groups, key=lambda group: (sum(common.get(token, 0) for token in group), len(group)))
            for token in rarest:
                self._by_token.setdefault(token, []).append(number)
        elif beginnings := _beginnings(node):
            for beginning in beginnings:
                self._by_beginning.setdefault(beginning, []).append(number)
        else:
            self._always.append(number)

    def candidates(self, document: Document) -> Iterator[tuple[Watch, Node]]:
        """Give the watches that may match an article, in the order in which they were handed in."""
        if not self._filed:
            return iter(())  # without cutting the article into words
        vocabulary = document.vocabulary
        asked = set(self._always)
        for token in vocabulary & self._by_token.keys():
            asked.update(self._by_token[token])
        if self._by_beginning:
            for beginning in {token[:SHORTEST_PREFIX] for token in vocabulary} & self._by_beginning.keys():
                asked.update(self._by_beginning[beginning])
        may_match = [number for number in asked if self._filed[number].may_match(document)]
        return ((self._filed[number].watch, self._filed[number].node) for number in sorted(may_match))


def needs(node: Node) -> list[frozenset[str]]:
    """List groups of tokens: of each at least one is in every article that a query matches."""
    match node:
        case Term():
            phrase = phrase_of(node)
            whole = phrase.tokens[:-1] if phrase.prefix else phrase.tokens
            return [frozenset((token,)) for token in dict.fromkeys(whole)]
        case Field(_, part):
            return needs(part)
        case Or(parts):
            each = [needs(part) for part in parts]
            # One group for all: whichever part is true, one of these tokens is there.
            return [frozenset().union(*(min(groups, key=len) for groups in each))] if all(each) else []
        case And(parts) | Near(parts):
            return [group for part in parts for group in needs(part)]
        case _:
            return []


def rows_needed(node: Node, field: str = "") -> list[tuple[Needle, ...]]:
    """List groups of rows of tokens: of each at least one stands in every article that a query matches."""
    match node:
        case Term():
            phrase = phrase_of(node)
            return [(Needle(field, f" {' '.join(phrase.tokens)}{'' if phrase.prefix else ' '}"),)]
        case Field(name, part):
            return rows_needed(part, name)
        case Or(parts):
            each = [rows_needed(part, field) for part in parts]
            return [tuple(needle for groups in each for needle in max(groups, key=_rarity))] if all(each) else []
        case And(parts) | Near(parts):
            return [group for part in parts for group in rows_needed(part, field)]
        case _:
            return []


def _rarity(group: tuple[Needle, ...]) -> tuple[int, int]:
    """Guess which of some groups is met least: few rows, and long ones."""
    return -len(group), min(len(needle.row) for needle in group)


def _is_more_than_a_token(needle: Needle) -> bool:
    return bool(needle.field) or not needle.row.endswith(" ") or " " in needle.row.strip()


def _beginnings(node: Node) -> frozenset[str]:
    """Give beginnings, of SHORTEST_PREFIX letters, of which every article that a query matches has one; or none."""
    match node:
        case Term():
            last = phrase_of(node).tokens[-1]
            return frozenset((last[:SHORTEST_PREFIX],)) if len(last) >= SHORTEST_PREFIX else frozenset()
        case Field(_, part):
            return _beginnings(part)
        case Or(parts):
            each = [_beginnings(part) for part in parts]
            return frozenset().union(*each) if all(each) else frozenset()
        case And(parts) | Near(parts):
            return min(filter(None, map(_beginnings, parts)), key=len, default=frozenset())
        case _:
            return frozenset()
