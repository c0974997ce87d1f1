"""The query asked of one article in Python: for highlights, for the words of a mention, and for watches.

It finds exactly what the archive's index finds (tests/test_archive_watches.py holds the two together).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import accumulate, combinations, islice, takewhile
from typing import NamedTuple

from crawler import tokens
from crawler.query.filters import passes
from crawler.query.tree import FIELDS, And, Everything, Field, Filter, Near, Node, Not, Or, Term, is_textual
from crawler.records import Article, Source
from crawler.tokens import Phrase

#: Between two authors where their places are told.
_AUTHORS_APART = "\n"
#: So many different words of a match are told.
_MOST_WORDS = 20
#: So many tokens of a field are looked up one by one; for more it is gone through once.
_ONE_BY_ONE = 24

Spans = dict[str, list[tuple[int, int]]]


class Spot(NamedTuple):
    """Where in a field a phrase stands, counted in tokens."""

    field: str
    first: int
    phrase: Phrase

    @property
    def behind(self) -> int:
        """The number of the token behind the phrase."""
        return self.first + len(self.phrase.tokens)


@dataclass(frozen=True, slots=True)
class Match:
    """What of an article a query matched."""

    #: field -> places in its original text, in order and apart; of authors in their names joined by line breaks.
    spans: Spans
    #: The words as they stand in the article, each once.
    words: tuple[str, ...] = ()


class Document:
    """An article cut into tokens, each field when it is first asked for."""

    def __init__(self, article: Article, source: Source | None = None) -> None:
        self.article = article
        self.source = source
        self.texts: dict[str, str] = {
            "title": article.title,
            "lead": article.lead,
            "text": article.text,
            "author": _AUTHORS_APART.join(article.authors),
        }
        self._words: dict[str, list[str]] = {}
        self._different: dict[str, frozenset[str]] = {}
        self._places: dict[str, dict[str, list[int]]] = {}
        self._cut: dict[str, tokens.Places] = {}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every token of the article."""
        return frozenset().union(*map(self._different_in, FIELDS))

    @cached_property
    def rows(self) -> dict[str, str]:
        """The tokens of each field in a row, a space before and behind each; under "" those of all fields."""
        rows = {name: f" {' '.join(self._words_in(name))} " for name in FIELDS}
        return rows | {"": "\n".join(rows.values())}

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self.vocabulary)

    def find(self, phrase: Phrase, names: Sequence[str]) -> list[Spot]:
        """List the spots of a phrase in these fields."""
        return [Spot(name, first, phrase) for name in names for first in self._firsts(phrase, name)]

    def place(self, name: str, number: int) -> tokens.Token:
        """Tell where in a field a token stands."""
        if name not in self._cut:
            self._cut[name] = tokens.Places(self.texts[name])
        if name == "author":
            number -= self._words_in(name)[:number].count(tokens.BETWEEN)
        return self._cut[name][number]

    def _words_in(self, name: str) -> list[str]:
        words = self._words.get(name)
        if words is None:
            names = self.article.authors
            words = tokens.words_of_names(names) if name == "author" else tokens.words(self.texts[name])
            self._words[name] = words
        return words

    def _different_in(self, name: str) -> frozenset[str]:
        different = self._different.get(name)
        if different is None:
            different = self._different[name] = frozenset(self._words_in(name))
        return different

    def _numbers(self, token: str, name: str) -> list[int]:
        """List where a token stands; each is looked up when it is asked for, all together when many are."""
        if token not in self._different_in(name):
            return []
        places = self._places.setdefault(name, {})
        if token not in places:
            words = self._words_in(name)
            if len(places) == _ONE_BY_ONE:
                places.clear()
                for number, word in enumerate(words):
                    places.setdefault(word, []).append(number)
            else:
                places[token] = _all_of(token, words)
        return places[token]

    def _firsts(self, phrase: Phrase, name: str) -> list[int]:
        *whole, last = phrase.tokens
        if not whole:
            return self._beginning_with(last, name) if phrase.prefix else self._numbers(last, name)
        different = self._different_in(name)
        if not all(token in different for token in whole):
            return []
        ends = self._beginning_with(last, name) if phrase.prefix else self._numbers(last, name)
        if not ends:
            return []
        columns = [self._numbers(token, name) for token in whole]
        sets = [set(column) for column in (*columns[1:], ends)]
        return [at for at in columns[0] if all(at + step in found for step, found in enumerate(sets, start=1))]

    def _beginning_with(self, beginning: str, name: str) -> list[int]:
        first = bisect_left(self._in_order, beginning)
        same = takewhile(lambda token: token.startswith(beginning), islice(self._in_order, first, None))
        return sorted(at for token in same for at in self._numbers(token, name))


def _all_of(token: str, words: list[str]) -> list[int]:
    """List where in a list a token stands that stands there."""
    found, at = [], -1
    with suppress(ValueError):
        while True:
            at = words.index(token, at + 1)
            found.append(at)
    return found


@lru_cache(maxsize=4096)
def phrase_of(term: Term) -> Phrase:
    """Cut a term into its tokens."""
    return tokens.phrase(term.text, term.prefix)


@lru_cache(maxsize=4096)
def may_coincide(node: Near) -> bool:
    """Tell whether one word of a text could be two parts of a NEAR, which then wants two such words."""
    phrases = [[phrase_of(term) for term in _alternatives(part)] for part in node.parts]
    whole = [{token for phrase in part for token in phrase.tokens} for part in phrases]
    begun = [tuple(phrase.tokens[-1] for phrase in part if phrase.prefix) for part in phrases]
    return any(
        not whole[one].isdisjoint(whole[other])
        or any(token.startswith(begun[one]) for token in whole[other])
        or any(token.startswith(begun[other]) for token in whole[one])
        for one, other in combinations(range(len(phrases)), 2)
    )


def matches(node: Node, document: Document, now: datetime | None = None) -> Match | None:
    """Ask a query of an article; None when it does not match."""
    spots = _ask(node, document, FIELDS, now)
    return None if spots is None else _match(document, spots)


def is_match(node: Node, document: Document, now: datetime | None = None) -> bool:
    """Tell only whether a query matches."""
    return _ask(node, document, FIELDS, now) is not None


def highlights(node: Node, document: Document) -> Spans:
    """Find the places of a query's words in an article that is known to match, whatever its filters say."""
    return _spans(document, _ask(node, document, FIELDS, None, unfiltered=True) or [])


def highlights_in_part(node: Node, document: Document) -> Spans:
    """Do the same where the document holds only a part of such an article: what of the query is true is seen in all."""
    return _spans(document, _known(node, document, FIELDS))


def words_of(node: Node, document: Document) -> tuple[str, ...]:
    """Find the words of a query in an article that is known to match, whatever its filters say."""
    return _match(document, _ask(node, document, FIELDS, None, unfiltered=True) or []).words


def _known(node: Node, document: Document, names: Sequence[str]) -> list[Spot]:
    """Give the spots of a query that is known to be true, and so every part of an AND."""
    match node:
        case And(parts):
            return [spot for part in parts for spot in _known(part, document, names)]
        case Field(name, part):
            return _known(part, document, (name,))
        case _:
            return _ask(node, document, names, None, unfiltered=True) or []


def _ask(
    node: Node, document: Document, names: Sequence[str], now: datetime | None, *, unfiltered: bool = False
) -> list[Spot] | None:
    """Give the spots that make the query true, or None when it is not."""
    match node:
        case Everything():
            return []
        case Term():
            return document.find(phrase_of(node), names) or None
        case Near():
            return _near(node, document, names) or None
        case Field(name, part):
            return _ask(part, document, (name,), now, unfiltered=unfiltered)
        case Filter():
            return [] if unfiltered or passes(node, document.article, document.source, now) else None
        case Not(part):
            if unfiltered and not is_textual(part):
                return []
            return [] if _ask(part, document, names, now, unfiltered=unfiltered) is None else None
        case And(parts):
            found: list[Spot] = []
            # Filters first: they cost least.
            for part in sorted(parts, key=lambda part: not isinstance(part, Filter)):
                spots = _ask(part, document, names, now, unfiltered=unfiltered)
                if spots is None:
                    return None
                found += spots
            return found
        case Or(parts):
            asked = [_ask(part, document, names, now, unfiltered=unfiltered) for part in parts]
            true = [spots for spots in asked if spots is not None]
            return [spot for spots in true for spot in spots] if true else None


def _near(node: Near, document: Document, names: Sequence[str]) -> list[Spot]:
    found: list[Spot] = []
    for name in names:
        rows = [
            sorted(spot for term in _alternatives(part) for spot in document.find(phrase_of(term), (name,)))
            for part in node.parts
        ]
        if all(rows):
            distance = min(node.distance, tokens.FARTHEST_IN_NAME) if name == "author" else node.distance
            if node.ordered:
                found += _in_order(rows, distance)
            else:
                found += _together(rows, distance, apart=may_coincide(node))
    return found


def _alternatives(part: Term | Or) -> list[Term]:
    return [part] if isinstance(part, Term) else [term for term in part.parts if isinstance(term, Term)]


def _together(rows: list[list[Spot]], distance: int, *, apart: bool) -> list[Spot]:
    """List the spots that stand together with one of each row, as FTS5's NEAR has it.

    All begin at or before the last one, and at most ``distance`` words are between the end of each and that one. In
    FTS5 one word may be two of them; where they must be ``apart``, it may not.
    """
    lasts = _lasts_apart(rows, distance) if apart else _lasts(rows, distance)
    return sorted({spot for row in rows for spot in row if _any_within(lasts, spot.first, spot.behind + distance)})


def _lasts(rows: list[list[Spot]], distance: int) -> list[int]:
    """List where the last ones of such spots begin."""
    lasts = sorted({spot.first for row in rows for spot in row})
    for row in rows:
        # How far the spots reach that begin at or before each of them: one of them is near when one reaches so far.
        firsts, reaches = [spot.first for spot in row], list(accumulate((spot.behind for spot in row), max))
        begun = ((last, bisect_right(firsts, last)) for last in lasts)
        lasts = [last for last, number in begun if number and last <= reaches[number - 1] + distance]
    return lasts


def _lasts_apart(rows: list[list[Spot]], distance: int) -> list[int]:
    """List where the last ones of such spots begin that have no word in common.

    The text is gone through once. Of each set of rows is known for every place up to which it could be had, a spot of
    each, and where the first of them ends if all stand as far back in the text as they can.
    """
    whole = (1 << len(rows)) - 1
    had: list[list[tuple[int, int]]] = [[] for _ in range(whole + 1)]
    lasts: set[int] = set()
    ended = sorted((spot.behind, spot.first, 1 << number) for number, row in enumerate(rows) for spot in row)
    for behind, first, row_ in ended:
        if (begun := _had(had[whole ^ row_], first)) is not None and begun >= first - distance:
            lasts.add(first)
        for others in range(whole):
            if others & row_ == 0:
                begun = _had(had[others], first) if others else behind
                known = had[others | row_]
                if begun is not None and (not known or begun > known[-1][1]):
                    known.append((behind, begun))
    return sorted(lasts)


def _had(known: list[tuple[int, int]], place: int) -> int | None:
    number = bisect_left(known, (place + 1,))
    return known[number - 1][1] if number else None


def _in_order(rows: list[list[Spot]], distance: int) -> list[Spot]:
    """List the spots of chains in which each part begins at most ``distance`` words behind the one before it."""
    chains = [rows[0]]
    for row in rows[1:]:
        behinds = sorted({spot.behind for spot in chains[-1]})
        chains.append([spot for spot in row if _any_within(behinds, spot.first - distance, spot.first)])
    kept = [chains[-1]]
    for row in reversed(chains[:-1]):
        firsts = sorted({spot.first for spot in kept[-1]})
        kept.append([spot for spot in row if _any_within(firsts, spot.behind, spot.behind + distance)])
    return sorted({spot for row in kept for spot in row}) if kept[0] else []


def _any_within(numbers: list[int], low: int, high: int) -> bool:
    return bisect_left(numbers, low) < bisect_right(numbers, high)


def _match(document: Document, spots: list[Spot]) -> Match:
    spans = _spans(document, spots)
    told: dict[str, str] = {}
    for name, places in spans.items():
        for start, end in places:
            word = document.texts[name][start:end]
            told.setdefault(tokens.fold(word), word)
    return Match(spans, tuple(told.values())[:_MOST_WORDS])


def _spans(document: Document, spots: list[Spot]) -> Spans:
    spans: Spans = {}
    for name in FIELDS:
        here = [spot for spot in spots if spot.field == name]
        if here:
            spans[name] = _joined([_span(spot, document) for spot in here])
    return spans


def _span(spot: Spot, document: Document) -> tuple[int, int]:
    last = document.place(spot.field, spot.behind - 1)
    end = last.end
    if spot.phrase.prefix and tokens.is_unspaced(last.text) and len(last.text) > len(spot.phrase.tokens[-1]):
        # Of a pair only the first letter was asked for; the next token begins behind it.
        end = document.place(spot.field, spot.behind).start
    return document.place(spot.field, spot.first).start, max(end, last.start + 1)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what overlaps."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
