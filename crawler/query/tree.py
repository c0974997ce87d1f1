"""The tree that every query becomes, whatever is done with it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: The parts of an article in which words are looked for.
FIELDS = ("title", "lead", "text", "author")


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty query."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, as it was written (cut into tokens only where it is used)."""

    text: str
    #: Written with a star: the last word may go on.
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Terms, or groups of alternatives, with at most ``distance`` words between the first and the last of them."""

    parts: tuple[Term | Or, ...]
    distance: int
    #: In the order given, each at most ``distance`` words behind the one before it.
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A query on one part of the article."""

    name: str
    part: Node


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on what is known of the article, such as its source or its date."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be so."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of these; made by ``all_of``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these; made by ``any_of``."""

    parts: tuple[Node, ...]


Node = Everything | Term | Near | Field | Filter | Not | And | Or


def all_of(parts: tuple[Node, ...]) -> Node:
    """Join parts by AND; an AND inside becomes part of it, and one part stays itself."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat)


def any_of(parts: tuple[Node, ...]) -> Node:
    """Join parts by OR; an OR inside becomes part of it, and one part stays itself."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
    return flat[0] if len(flat) == 1 else Or(flat)


def none_of(part: Node) -> Node:
    """Negate a part; what is negated twice is itself."""
    return part.part if isinstance(part, Not) else Not(part)


def children(node: Node) -> tuple[Node, ...]:
    """List the nodes right below this one."""
    if isinstance(node, And | Or | Near):
        return node.parts
    return (node.part,) if isinstance(node, Not | Field) else ()


def walk(node: Node) -> Iterator[Node]:
    """Go through a node and all that is below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def filters_in(node: Node) -> Iterator[Filter]:
    """List every filter of a query."""
    return (part for part in walk(node) if isinstance(part, Filter))


def wanted_terms(node: Node) -> Iterator[Term]:
    """List the words and phrases that a query looks for, without those that it leaves out."""
    if isinstance(node, Term):
        yield node
    elif not isinstance(node, Not):
        for child in children(node):
            yield from wanted_terms(child)


def replace_filters(node: Node, change: Callable[[Filter], Node]) -> Node:
    """Give the tree with each filter replaced."""
    if isinstance(node, Filter):
        return change(node)
    if isinstance(node, And):
        return all_of(tuple(replace_filters(part, change) for part in node.parts))
    if isinstance(node, Or):
        return any_of(tuple(replace_filters(part, change) for part in node.parts))
    if isinstance(node, Not):
        return none_of(replace_filters(node.part, change))
    return node


def is_textual(node: Node) -> bool:
    """Tell whether only words decide, so that a full-text index can answer."""
    return not any(isinstance(part, Filter | Everything) for part in walk(node))


def is_positive(node: Node) -> bool:
    """Tell whether a query says what to look for, not only what to leave out."""
    if isinstance(node, Not):
        return not any(isinstance(part, Term) for part in walk(node.part))
    if isinstance(node, And):
        return any(is_positive(part) for part in node.parts)
    if isinstance(node, Or):
        return all(is_positive(part) for part in node.parts)
    return True
