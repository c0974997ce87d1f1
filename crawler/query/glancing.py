"""The first place in a long text where words of a query stand, found without cutting the whole text into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from crawler import tokens
from crawler.query.in_order import spelled
from crawler.query.tree import And, Node, Not, Or, walk, wanted_terms

#: Letters that are looked at together.
_PIECE = 200


def stretches(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """List [start, end) of stretches of a text that may hold words of a query, with what stands around them.

    The first one that does holds the first word. What is near it is in there, too; what is further apart than a few
    hundred letters is seen in the whole text only. None are listed where a part of the text does not tell what of the
    query is true.
    """
    wanted = _words(node)
    if wanted is not None:
        pieces = list(tokens.sentences(text, _PIECE))
        for number, (start, end) in enumerate(pieces):
            if wanted.search(tokens.indexed(text[start:end])):
                yield pieces[max(0, number - 1)][0], pieces[min(number + 1, len(pieces) - 1)][1]


@lru_cache(maxsize=256)
def _words(node: Node) -> re.Pattern[str] | None:
    terms = list(wanted_terms(node))
    return re.compile("|".join(map(spelled, terms))) if terms and not _is_conditional(node) else None


def _is_conditional(node: Node) -> bool:
    """Tell whether words count only where others are, or are not: all that is asked together below an OR."""
    return any(isinstance(below, And | Not) for part in walk(node) if isinstance(part, Or) for below in walk(part))
