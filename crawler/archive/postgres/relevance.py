"""How relevant articles are to the words of a query: bm25 as FTS5 computes it, of what the index tells of their words.

What FTS5 calls a phrase is each word or phrase of the query as often as ``conditions.fts`` writes it; a row of NEAR or
W/n counts only what stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from crawler import query
from crawler.archive import fulltext
from crawler.archive.conditions import widened
from crawler.archive.postgres import words
from crawler.archive.postgres.vectors import WEIGHTS, held_as, tokens
from crawler.archive.relevance import COUNTING, rarity
from crawler.archive.store import Store
from crawler.query import And, Field, Near, Node, Not, Or, Term
from crawler.query.tree import FIELDS
from crawler.tokens import FARTHEST_IN_NAME, Phrase

#: As FTS5 has them.
_K1, _B = 1.2, 0.75
#: Of more words the vectors are taken apart (at ten both ways took as long).
_FEW = 6
#: A place is ``number of the field << _PLACES | number of the word``: no row reaches from one field to another.
_PLACES = 40
_NUMBERS = {weight: FIELDS.index(name) for name, weight in WEIGHTS.items()}
_EVERYWHERE = frozenset(FIELDS)
_NAMES = frozenset({"author"})

#: Word -> where it stands in an article.
_Words = Mapping[str, Collection[int]]
#: Number of a phrase -> where those begin that make a query true; None where it is not true.
_Finder = Callable[[_Words], "list[tuple[int, int]] | None"]


class _Asked(NamedTuple):
    """A phrase, and the fields in which it is looked for."""

    phrase: Phrase
    fields: frozenset[str]

    def literal(self) -> str:
        """Write it as PostgreSQL finds it."""
        weights = "" if self.fields == _EVERYWHERE else "".join(sorted(WEIGHTS[name] for name in self.fields))
        return words.phrase(self.phrase, weights) if self.fields else words.NOTHING

    def places(self, there: _Words) -> list[int]:
        """List where it begins."""
        *before, last = self.phrase.tokens
        ends = set(there.get(held_as(last), ()))
        if self.phrase.prefix:
            ends.update(place for word, places in there.items() if word.startswith(last) for place in places)
        wanted = {FIELDS.index(name) for name in self.fields}
        firsts = sorted(place - len(before) for place in ends if place >> _PLACES in wanted)
        whole = [set(there.get(held_as(token), ())) for token in before]
        return [first for first in firsts if all(first + step in at for step, at in enumerate(whole))]


class _Query:
    """The words of a query as FTS5 sees them."""

    def __init__(self, node: Node) -> None:
        self.phrases: list[_Asked] = []
        self.find = self._read(query.all_of(tuple(widened([node]))), _EVERYWHERE)

    def _read(self, node: Node, fields: frozenset[str]) -> _Finder:
        match node:
            case Term():
                return self._row([node], 0, fields)
            case Field(name, part):
                return self._read(part, fields & {name})
            case Near(_, distance, ordered):
                if distance <= FARTHEST_IN_NAME or ordered:
                    return self._rows(node, distance, fields)
                names = self._rows(node, FARTHEST_IN_NAME, fields & _NAMES)
                return _any_of([self._rows(node, distance, fields - _NAMES), names])
            case Or(parts):
                return _any_of([self._read(part, fields) for part in parts])
            case And(parts):
                return _all_of([self._read(part, fields) for part in parts if not isinstance(part, Not)])
        raise AssertionError(f"no words: {node}")

    def _rows(self, node: Near, distance: int, fields: frozenset[str]) -> _Finder:
        groups = [[term for term in query.walk(part) if isinstance(term, Term)] for part in node.parts]
        return _any_of([self._row(terms, distance, fields) for terms in product(*groups)])

    def _row(self, terms: Iterable[Term], distance: int, fields: frozenset[str]) -> _Finder:
        first = len(self.phrases)
        asked = [_Asked(query.phrase_of(term), fields) for term in terms]
        self.phrases += asked
        lengths = [len(each.phrase.tokens) for each in asked]

        def find(there: _Words) -> list[tuple[int, int]] | None:
            places = [each.places(there) for each in asked]
            if all(places) and len(places) > 1:
                places = _together(places, lengths, distance)
            if not all(places):
                return None
            return [(number, place) for number, row in enumerate(places, start=first) for place in row]

        return find


def _all_of(finders: Sequence[_Finder]) -> _Finder:
    def find(there: _Words) -> list[tuple[int, int]] | None:
        found = [finder(there) for finder in finders]
        return None if None in found else [place for places in found for place in places or ()]

    return find


def _any_of(finders: Sequence[_Finder]) -> _Finder:
    def find(there: _Words) -> list[tuple[int, int]] | None:
        found = [places for finder in finders if (places := finder(there)) is not None]
        return [place for places in found for place in places] if found else None

    return find


def _together(rows: Sequence[Sequence[int]], lengths: Sequence[int], distance: int) -> list[list[int]]:
    """Keep of the places of some phrases those that FTS5 takes for a NEAR, in the order in which it goes through them.

    Some places would do that are not kept: of those that are near each other, the earliest goes on first.
    """
    at = [0] * len(rows)
    kept: list[list[int]] = [[] for _ in rows]
    last = rows[0][0]
    while True:
        apart = True
        while apart:
            apart = False
            for number, row in enumerate(rows):
                least = last - lengths[number] - distance
                if not least <= row[at[number]] <= last:
                    apart = True
                    while row[at[number]] < least:
                        at[number] += 1
                        if at[number] == len(row):
                            return kept
                    last = max(last, row[at[number]])
        for number, row in enumerate(rows):
            if row[at[number]] not in kept[number][-1:]:
                kept[number].append(row[at[number]])
        following = [row[at[number] + 1] for number, row in enumerate(rows) if at[number] + 1 < len(row)]
        if not following:
            return kept
        first = min(following)
        number = next(n for n, row in enumerate(rows) if at[n] + 1 < len(row) and row[at[n] + 1] == first)
        at[number] += 1


def scores(store: Store, node: Node, positions: Sequence[int]) -> dict[int, float]:
    """Tell how relevant the articles at some positions are, the more the higher."""
    asked = _Query(node)
    articles, total = store.row("SELECT count(*), coalesce(sum(length), 0) FROM index_entries") or (0, 0)
    usual = total / max(1, articles)
    having = {literal: _having(store, literal) for literal in {each.literal() for each in asked.phrases}}
    rarities = [rarity(articles, having[each.literal()]) for each in asked.phrases]
    found: dict[int, float] = {}
    for position, length, there in _read(store, asked.phrases, positions):
        often = [0.0] * len(rarities)
        for number, place in asked.find(there) or ():
            often[number] += COUNTING[place >> _PLACES]
        score = 0.0  # added in this order, and not by sum(), which rounds otherwise
        for rare, counted in zip(rarities, often, strict=True):
            score += rare * ((counted * (_K1 + 1.0)) / (counted + _K1 * (1 - _B + _B * length / usual)))
        found[position] = score
    return found


def _having(store: Store, literal: str) -> int:
    return int(store.value("SELECT count(*) FROM index_entries WHERE words @@ CAST(? AS tsquery)", (literal,)))


def _read(
    store: Store, phrases: Iterable[_Asked], positions: Sequence[int]
) -> Iterator[tuple[int, int, dict[str, list[int]]]]:
    """Read of articles their position, how long they are, and where the words stand that are asked for."""
    wanted = {held_as(token) for each in phrases for token in each.phrase.tokens}
    begun = {each.phrase.tokens[-1] for each in phrases if each.phrase.prefix}
    torn = []
    there: dict[int, dict[str, list[int]]] = {}
    lengths: dict[int, int] = {}
    among = f"e.position = ANY('{{{','.join(map(str, positions))}}}'::bigint[])"
    for position, whole, length in store.rows(f"SELECT position, whole, length FROM index_entries e WHERE {among}"):
        lengths[position] = length
        there[position] = {}
        if whole < 1:
            torn.append(position)
    read = _places_of_few if len(wanted) + len(begun) <= _FEW else _places_of_many
    for position, word, places in read(store, among, wanted, begun):
        there[position][word] = places
    for entry in fulltext.read(store, f"position IN ({', '.join(map(str, torn)) or 'NULL'})"):
        for number, name in enumerate(FIELDS):
            for place, token in enumerate(tokens(entry, name)):
                there[entry.position].setdefault(held_as(token), []).append(number << _PLACES | place)
    for position, length in lengths.items():
        yield position, length, there[position]


def _places_of_few(
    store: Store, among: str, wanted: Collection[str], begun: Collection[str]
) -> Iterator[tuple[int, str, list[int]]]:
    """Cut what stands behind each word out of the vectors as they are written: 'word':1A,7B,9 'word2':3."""
    keys = {f" '{word}':": word for word in wanted} | {f" '{beginning}": None for beginning in begun}
    piece = "ARRAY(SELECT split_part(piece, ' ', 1) FROM unnest((string_to_array(w.text, ?))[2:]) piece)"
    for position, *cut in store.rows(
        f"SELECT e.position, {', '.join([piece] * len(keys))} FROM index_entries e, "
        f"LATERAL (SELECT ' ' || e.words::text AS text OFFSET 0) w WHERE {among} AND e.whole > 0",
        [*keys],
    ):
        for (key, word), pieces in zip(keys.items(), cut, strict=True):
            for each in pieces:
                rest, _, places = ("", "", each) if word is not None else each.partition("':")
                if places:
                    yield position, word or key[2:] + rest, [_place(place) for place in places.split(",")]


def _place(written: str) -> int:
    """Read a place of a vector as it is written, where the last weight is left out."""
    weight = written[-1] if written[-1] in _NUMBERS else "D"
    return _NUMBERS[weight] << _PLACES | int(written.rstrip("ABC"))


def _places_of_many(
    store: Store, among: str, wanted: Collection[str], begun: Collection[str]
) -> Iterator[tuple[int, str, list[int]]]:
    """Take the vectors apart, which takes as long for one word as for hundreds."""
    beginning = "".join(" OR starts_with(w.lexeme, ?)" for _ in begun)
    for position, word, places, weights in store.rows(
        "SELECT e.position, w.lexeme, w.positions, w.weights FROM index_entries e, unnest(e.words) w "
        f"WHERE {among} AND e.whole > 0 AND w.positions IS NOT NULL AND (w.lexeme = ANY(?){beginning})",
        [list(wanted), *begun],
    ):
        yield (
            position,
            word,
            [_NUMBERS[weight] << _PLACES | place for place, weight in zip(places, weights, strict=True)],
        )
