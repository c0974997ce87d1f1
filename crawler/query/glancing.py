"""The first place in a long text where words of a query stand, found without cutting the whole text into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from crawler import tokens
from crawler.query.evaluating import phrase_of
from crawler.query.in_order import spelled
from crawler.query.tree import Node, Term, wanted_terms

#: Letters that are looked at together.
_PIECE = 200


def stretches(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """List [start, end) of stretches of a text that may hold words of a query, with what stands around them.

    The first one that does holds the first word. What is near it is in there, too; that two words are further apart
    than a few hundred letters is seen in the whole text only.
    """
    wanted = _words(node)
    if wanted is not None:
        pieces = list(tokens.sentences(text, _PIECE))
        for number, (start, end) in enumerate(pieces):
            if wanted.search(tokens.fold(text[start:end])):
                yield pieces[max(0, number - 1)][0], pieces[min(number + 1, len(pieces) - 1)][1]


@lru_cache(maxsize=256)
def _words(node: Node) -> re.Pattern[str] | None:
    terms = list(wanted_terms(node))
    return re.compile("|".join(map(_beginning, terms))) if terms else None


def _beginning(term: Term) -> str:
    first = phrase_of(term).tokens[0]
    return re.escape(first) if tokens.is_unspaced(first) else spelled(term)
