"""W/n of two words or phrases as one regular expression, for asking thousands of texts.

It is searched in what the index gets of a text (``tokens.indexed``), so that it sees the same words as ``matches``,
which tells where they stand and takes ten times as long (tests/test_query_in_order.py holds them equal).
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler import tokens
from crawler.query.evaluating import phrase_of
from crawler.query.tree import Near, Node, Or, Term


@lru_cache(maxsize=1_024)
def pattern(node: Node) -> re.Pattern[str] | None:
    """Write a W/n of two parts as an expression; None for any other query."""
    if not (isinstance(node, Near) and node.ordered and len(node.parts) == 2):
        return None
    first, then = ([spelled(term) for term in _terms(part)] for part in node.parts)
    begun, ended = ("|".join(phrases) if len(phrases) == 1 else f"(?:{'|'.join(phrases)})" for phrases in (first, then))
    between = f"{tokens.APART}(?:{tokens.LETTER}+{tokens.APART}){{0,{node.distance}}}?"
    return re.compile(begun + between + ended)


def _terms(part: Node) -> list[Term]:
    return [term for term in (part.parts if isinstance(part, Or) else (part,)) if isinstance(term, Term)]


def spelled(term: Term) -> str:
    """Write a word or phrase as an expression that finds it in what the index gets of a text."""
    phrase = phrase_of(term)
    first, *more = map(re.escape, phrase.tokens)
    # That it begins a word is looked up behind it: what begins with letters is searched for ten times as fast.
    begun = f"{first}(?<!{tokens.LETTER}{first})"
    return tokens.APART.join((begun, *more)) + (f"{tokens.LETTER}*" if phrase.prefix else f"(?!{tokens.LETTER})")
