"""What a query very probably means otherwise than it says: signs that are searched as words.

Operators are words in capitals, so that "or" can be searched; whoever writes "spy or agent" finds few articles, and
should be told why.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from crawler.query.filters import is_source
from crawler.query.reading import of_one_keyboard
from crawler.query.tree import FIELDS, Node, filters_in

_REMEDIES = {
    "or": "write OR to find one of them",
    "and": "leave it out or write AND, both find all of them",
    "not": "write NOT, or - right before what to leave out",
}
_AT_AN_END = "leave it out, or put it into quotation marks"
_MOST_CLOSE = 5
_PHRASE = re.compile('"[^"]*"?')
#: Stands for a phrase, in which every word is meant as it is.
_QUOTED = '""'
_PIECE = re.compile(r"[()|]|[^\s()|]+")
#: NEAR and W, also as other search engines write them.
_PROXIMITY = re.compile(r"(near|within|w)(/?)([0-9]*)", re.IGNORECASE)
#: The grammar itself refuses unknown fields of ASCII letters.
_FIELD = re.compile(r"(?<![^\s(|])-?([^\W\d_][\w-]*):(?=[^\s)|])")


def doubts(text: str) -> list[str]:
    """Tell what of a query that can be read is searched as words and very probably was not meant so."""
    written = _PHRASE.sub(_QUOTED, of_one_keyboard(text))
    return list(dict.fromkeys((*_operators(written), *_fields(written))))


def unknown_sources(node: Node, names: Mapping[str, str]) -> dict[str, list[str]]:
    """List what ``source:`` names and is none of these sources (key -> name), each with the keys that are close."""
    named = dict.fromkeys(found.value for found in filters_in(node) if found.name == "source")
    return {
        value: [key for key, name in names.items() if _is_close(value, key) or _is_close(value, name)][:_MOST_CLOSE]
        for value in named
        if not any(is_source(value, key, name) for key, name in names.items())
    }


def _is_close(value: str, name: str) -> bool:
    value, name = value.lower(), name.lower()
    return (len(value) > 1 and value in name) or bool(difflib.get_close_matches(value, [name]))


def _operators(written: str) -> Iterator[str]:
    pieces = _PIECE.findall(written)
    for (before, piece), (_, behind) in pairwise(pairwise(["(", *pieces, ")"])):
        # What stands between words has something to find on both sides, of which a group is one.
        is_first, is_last = before in "(|", behind in ")|"
        if is_first and is_last:
            continue
        if (remedy := _REMEDIES.get(piece.lower())) and not piece.isupper():
            joins_nothing = is_last or (is_first and piece.lower() != "not")
            yield f'"{piece}" is searched as a word here; {_AT_AN_END if joins_nothing else remedy}'
        elif not (is_first or is_last) and (remedy := _proximity(piece)):
            words = "a word" if piece.isalnum() else "words"
            yield f'"{piece}" is searched as {words} here; {remedy}'


def _proximity(piece: str) -> str:
    """Tell how a sign is written that was meant as NEAR or W; "" for one that is right, and for words."""
    found = _PROXIMITY.fullmatch(piece)
    if found is None:
        return ""
    sign, slash, distance = found[1].upper(), found[2], found[3]
    # A small w is a word in Polish, W5 and "near" may be meant as they are.
    is_word = not slash and piece != "W" and (sign == "W" or not distance)
    if is_word or (slash and distance and piece.isupper() and sign != "WITHIN"):
        return ""
    near, in_order = f"NEAR/{distance or 5}", f"W/{distance or 5}"
    if sign == "WITHIN":
        return f"write {near}, or {in_order} for this order"
    if sign == "NEAR":
        return f"write {near}"
    return f"write {in_order}" + ("" if slash else ', or "W" for the letter')


def _fields(written: str) -> Iterator[str]:
    for name in _FIELD.findall(written):
        if not name.isascii():
            known = ", ".join(f"{field}:" for field in FIELDS)
            yield f'"{name}:" is searched as a word here, for there is no such field; there are {known} and filters'
