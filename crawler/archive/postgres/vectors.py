"""Articles as PostgreSQL's full-text search has them, as a ``tsvector``; and what that cannot hold.

A vector knows 255 places of a word, places up to 16,383, words of 2,046 bytes, and a megabyte in all. Of a longer text
it holds every word with the fields in which it stands, but not every place: then it is torn, bears a word that says so,
and whether its words stand side by side is asked of its text. Of words that do not fit into a megabyte none are held:
then it is a husk, of which everything is asked.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

from crawler.archive.store import Entry
from crawler.tokens import BETWEEN, LETTER

#: Fields in the order of their places, each with the weight that marks it.
WEIGHTS = {"title": "A", "lead": "B", "author": "D", "text": "C"}
#: So many places are between two fields: no NEAR or W/n reaches so far.
_APART = 128
_LAST_PLACE = 16_383
#: Where words of a field stand whose places are not held.
_SOMEWHERE = {name: _LAST_PLACE - _APART * number for number, name in enumerate(WEIGHTS)}
#: Before all these.
_ROOM = _LAST_PLACE - _APART * len(WEIGHTS)
#: A word has at most 255 places; of these, one for each field is kept free.
_MOST_PLACES = 255 - len(WEIGHTS)
#: Of a longer word the beginning is held, with a hash of all.
_LONGEST, _BEGINNING = 2_000, 1_000
_MOST_BYTES = 1_000_000
#: A word of one letter takes so many: four of its own, and six of its place and its entry.
_MOST_BYTES_OF_LETTER = 10
#: Words of so many letters are surely held whole.
_SURELY_HELD = _LONGEST // 4
#: Private letters like those before the facts (``fulltext``): words that mark what is torn, and husks.
TORN, HUSK = "\ue003", "\ue004"
_TOKEN = re.compile(f"{LETTER}+")


class Vector(NamedTuple):
    """An article as a row of the index has it."""

    #: 1 with all places of all words, 0 when it is torn, -1 for a husk.
    whole: int
    #: Words of the article, as often as they stand there.
    length: int
    #: As PostgreSQL reads it.
    words: str


def vector(entry: Entry) -> Vector:
    """Write the vector of an article."""
    places: dict[str, list[str]] = {}
    length, place, torn = 0, 0, False
    for name, weight in WEIGHTS.items():
        somewhere = f"{_SOMEWHERE[name]}{weight}"
        for token in tokens(entry, name):
            length += 1
            place += 1
            if token == BETWEEN:
                continue
            known = places.get(token)
            if known is None:
                known = places[token] = []
            if place < _ROOM and len(known) < _MOST_PLACES:
                known.append(f"{place}{weight}")
            else:
                torn = True
                if known[-1:] != [somewhere]:
                    known.append(somewhere)
        place += _APART
    facts = entry.facts.split(" ")
    length += len(facts)
    bare = [*facts, TORN] if torn else facts
    letters = sum(len(getattr(entry, name)) for name in WEIGHTS)
    if letters * _MOST_BYTES_OF_LETTER > _MOST_BYTES and _bytes(places) > _MOST_BYTES:
        return Vector(-1, length, " ".join(map(quoted, [*facts, TORN, HUSK])))
    # A token has no sign that would have to be doubled.
    held = [
        f"'{token if len(token) <= _SURELY_HELD else held_as(token)}':{','.join(known)}"
        for token, known in places.items()
    ]
    return Vector(0 if torn else 1, length, " ".join((*held, *map(quoted, bare))))


def tokens(entry: Entry, name: str) -> list[str]:
    """List the tokens of a field, with what stands between names."""
    return _TOKEN.findall(getattr(entry, name))


def _bytes(places: dict[str, list[str]]) -> int:
    return sum(len(held_as(token).encode()) + 2 * len(known) + 4 for token, known in places.items())


def held_as(token: str) -> str:
    """Give the word that stands in vectors for a token."""
    if len(token) <= _SURELY_HELD or len(token.encode()) <= _LONGEST:
        return token
    return beginning(token) + sha256(token.encode()).hexdigest()


def beginning(token: str) -> str:
    """Give as much of a token as vectors hold of every token."""
    return token if len(token) * 4 <= _BEGINNING else token.encode()[:_BEGINNING].decode(errors="ignore")


def quoted(token: str) -> str:
    """Write a word in a vector or a query."""
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
