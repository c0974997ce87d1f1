"""What a reprint made of its original: which paragraphs it cut, added and changed, and under which title. Pure.

Reprints break lines as they like, so paragraphs are not compared as lines: one is there when its words are, in runs of
three, wherever they stand. A paragraph that is too long to tell anything is taken sentence by sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.precedence import Direction, proof
from crawler.records import Article, CopyKind
from crawler.shingles import Shingles
from crawler.tokens import words
from digest.content import clean
from digest.summary import split

#: A paragraph of which this much stands in the other text is there; below the second it is not there at all.
_THERE, _GONE = 0.85, 0.4
_LONG = 700


@dataclass(frozen=True, slots=True)
class Changed:
    """A paragraph of the original, and what it became."""

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
    old, new = list(_paragraphs(original)), list(_paragraphs(copy))
    there, here = Shingles(copy.text), Shingles(original.text)
    gone = [text for text in old if Shingles(text).inside(there) < _THERE]
    came = [text for text in new if Shingles(text).inside(here) < _THERE]
    changed = _pairs(gone, came)
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


def _paragraphs(article: Article) -> Iterator[str]:
    for line in map(clean, article.text.splitlines()):
        if len(line) > _LONG:
            yield from split(line, article.language)
        elif line:
            yield line


def _pairs(gone: Sequence[str], came: Sequence[str]) -> list[Changed]:
    """Put what went beside what came in its place, in order; both share enough to be one paragraph."""
    left = {text: Shingles(text) for text in came}
    pairs = []
    for text in gone:
        own = Shingles(text)
        best = max(left, key=lambda other: own.inside(left[other]), default=None)
        if best is not None and own.inside(left[best]) >= _GONE:
            pairs.append(Changed(text, best))
            del left[best]
    return pairs
