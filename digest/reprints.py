"""What a reprint made of its original: what it cut, added and changed, and under which title. Pure.

Reprints break lines as they like, so paragraphs are not compared as lines: a sentence is there when all its words are,
in a row, wherever they stand. What is not there word for word is told: whole paragraphs, or sentences of one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.precedence import Direction, proof
from crawler.records import Article, CopyKind
from crawler.shingles import words
from digest.content import clean
from digest.sentences import split

#: Share of the words of two pieces that both must have for one to have become the other.
_ALIKE = 0.5
#: So few words stand in a text by chance: they are there as often as they are counted.
_FEW = 3
#: What stands more often is not looked for further on.
_MOST_PLACES = 100
#: Of more pieces it is not told which became which.
_MOST_PAIRED = 300


@dataclass(frozen=True, slots=True)
class Changed:
    """A piece of the original, and what it became."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reprint:
    """A copy beside its original."""

    of: int
    kind: CopyKind
    #: Share of the copy that stands in the original.
    score: float
    #: What proves that the original was first: its credit, the times, or nothing ("open").
    direction: Direction
    #: Both titles; None when they are the same.
    retitled: Changed | None
    cut: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[Changed, ...]


def compare(copy: Article, original: Article) -> Reprint:
    """Tell a copy from the article that it is a copy of."""
    gone, came = list(_without(original, copy)), list(_without(copy, original))
    changed = _pairs(gone, came) if max(len(gone), len(came)) <= _MOST_PAIRED else []
    retitled = words(copy.title) != words(original.title)
    return Reprint(
        of=original.id or 0,
        kind=copy.copy_kind or "partial",
        score=copy.copy_score or 0.0,
        direction=proof(copy, original),
        retitled=Changed(original.title, copy.title) if retitled else None,
        cut=tuple(text for text in gone if text not in {pair.before for pair in changed}),
        added=tuple(text for text in came if text not in {pair.after for pair in changed}),
        changed=tuple(changed),
    )


def _without(article: Article, other: Article) -> Iterator[str]:
    """Give the pieces of a text that another one does not have, word for word and in a row."""
    own, its = _Words(article.text), _Words(other.text)
    for line in map(clean, article.text.splitlines()):
        if not _is_there(line, own, its):
            sentences = list(split(line, article.language))
            missing = [sentence for sentence in sentences if not _is_there(sentence, own, its)]
            yield from missing if len(missing) < len(sentences) else [line]


def _is_there(text: str, own: _Words, its: _Words) -> bool:
    row = words(text)
    here, there = own.count(row), its.count(row)
    return not row or there >= (here if len(row) <= _FEW else 1)


class _Words:
    """The words of a text, and where they stand."""

    def __init__(self, text: str) -> None:
        self._words = words(text)
        self._places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for width in range(1, _FEW + 1):
            for at, run in enumerate(zip(*(self._words[at:] for at in range(width)), strict=False)):
                if len(places := self._places[run]) < _MOST_PLACES:
                    places.append(at)

    def count(self, row: Sequence[str]) -> int:
        """Tell how often some words stand in a row."""
        places = self._places.get(tuple(row[:_FEW]), ())
        return sum(self._words[at : at + len(row)] == row for at in places) if len(row) > _FEW else len(places)


def _pairs(gone: Sequence[str], came: Sequence[str]) -> list[Changed]:
    """Put what went beside what came in its place, in order; both share enough to be one piece."""
    left = {text: Counter(words(text)) for text in came}
    pairs = []
    for text in gone:
        own = Counter(words(text))
        likeness = {other: 2 * (own & its).total() / (own.total() + its.total()) for other, its in left.items()}
        best = max(likeness, key=likeness.__getitem__, default=None)
        if best is not None and likeness[best] >= _ALIKE:
            pairs.append(Changed(text, best))
            del left[best]
    return pairs
