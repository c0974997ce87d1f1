"""What a query very probably means otherwise than it says: signs that are searched as words.

Operators are words in capitals, so that "or" can be searched; whoever writes "spy or agent" finds few articles, and
should be told why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from crawler.query.reading import of_one_keyboard
from crawler.query.tree import FIELDS

_REMEDIES = {
    "or": "write OR to find one of them",
    "and": "leave it out or write AND, both find all of them",
    "not": "write NOT, or - right before what to leave out",
}
_PHRASE = re.compile('"[^"]*"?')
#: Stands for a phrase, in which every word is meant as it is.
_QUOTED = '""'
_PIECE = re.compile(r"[()|]|[^\s()|]+")
_PROXIMITY = re.compile(r"(near|w)/[0-9]+", re.IGNORECASE)
#: The grammar itself refuses unknown fields of ASCII letters.
_FIELD = re.compile(r"(?<![^\s(|])-?([^\W\d_][\w-]*):(?=[^\s)|])")


def doubts(text: str) -> list[str]:
    """Tell what of a query that can be read is searched as words and very probably was not meant so."""
    written = _PHRASE.sub(_QUOTED, of_one_keyboard(text))
    return list(dict.fromkeys((*_operators(written), *_fields(written))))


def _operators(written: str) -> Iterator[str]:
    pieces = _PIECE.findall(written)
    # Between words: with something to find on both sides, of which a group is one.
    for (before, piece), (_, behind) in pairwise(pairwise(["(", *pieces, ")"])):
        if piece.isupper() or before in "(|" or behind in ")|":
            continue
        if remedy := _REMEDIES.get(piece.lower()):
            yield f'"{piece}" is searched as a word here; {remedy}'
        elif _PROXIMITY.fullmatch(piece):
            yield f'"{piece}" is searched as words here; write {piece.upper()}'


def _fields(written: str) -> Iterator[str]:
    for name in _FIELD.findall(written):
        if not name.isascii():
            known = ", ".join(f"{field}:" for field in FIELDS)
            yield f'"{name}:" is searched as a word here, for there is no such field; there are {known} and filters'
