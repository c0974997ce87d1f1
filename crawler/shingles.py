"""Texts in pieces that can be counted: what two of them share, and the fingerprints by which sharers are found.

Candidates are found by fingerprints, a FracMinHash (Irber et al., "Lightweight compositional analysis of metagenomes
with FracMinHash and minimum metagenome covers", 2022): of all shingles of a text one in 16, chosen by their hashes, so
that any part of a text has a part of its fingerprint. What a fingerprint only estimates is then counted in the texts:
shingles of three words survive edits that leave hardly one of five whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest
from unicodedata import normalize
from zlib import crc32

from crawler.records import CopyKind
from crawler.tokens import simplify

#: Of all shingles one in so many stands in the fingerprint, of short texts more, of endless ones fewer.
FRACTION = 16
_CHOSEN = 2**32 // FRACTION
_LEAST_HASHES, _MOST_HASHES = 8, 512
_MOST_CHARACTERS = 2_000_000
#: Parts of a shorter text stand everywhere: it is found as a whole, and one of hardly a line not at all.
_FEWEST_SHINGLES = 16
_FEWEST_WORDS, _FEWEST_CHARACTERS = 8, 12
WORDS_IN_A_SHINGLE = 5
#: In scripts without spaces a shingle is a run of characters of about the same meaning.
CHARACTERS_IN_A_SHINGLE = 8
#: The shingles in which texts are compared.
_WORDS_COMPARED, _CHARACTERS_COMPARED = 3, 5
#: Share of the smaller text that must stand in the other, in number at least as many (measured: tests/eval/copies.py).
CONTAINMENT = 0.35
_LEAST_SHARED = 12
#: A copy that holds this much of its original, and hardly anything else, is a full one.
WHOLE = 0.7
#: An article with more of its own than this has something to tell: it quotes the other rather than repeating it.
OWN = 0.25
#: What is its own is told by stretches, of which hardly anything stands in the other. Words that an editor changed here
#: and there leave no such stretches (of 20 % word edits at most a fifth, mostly nothing), new sentences are of them.
_STRETCH_OF_WORDS, _STRETCH_OF_CHARACTERS = 16, 32
_HARDLY = 1 / 3

_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_WORD, _ASCII_WORD = re.compile(r"\w+"), re.compile(rb"\w+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")
#: What is not seen: soft hyphens, joiners, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of two texts is the same text."""

    #: Share of the first one's words that stand in the second, in runs of five at least, and the other way round.
    first: float
    second: float
    #: Share of each one's words that stand in stretches of its own.
    first_own: float = 0.0
    second_own: float = 0.0

    @property
    def kind(self) -> CopyKind:
        """What the first is when it is the copy."""
        if self.first_own > OWN:
            return "quoted-in"
        return "full" if min(self.first, self.second) >= WHOLE else "partial"

    @property
    def swapped(self) -> Overlap:
        """The same, told of the second."""
        return Overlap(self.second, self.first, self.second_own, self.first_own)


class Shingles:
    """A text in pieces that can be counted."""

    def __init__(self, text: str) -> None:
        plain = plain_letters(text[:_MOST_CHARACTERS])
        self._unspaced = False
        if plain.isascii():
            self._tokens = _ASCII_WORD.findall(plain.encode())
        else:
            mixed = _UNSPACED_CHARACTER.search(plain) is not None
            tokens = (_TOKEN if mixed else _WORD).findall(plain)
            self._unspaced = mixed and sum(map(is_unspaced, tokens)) * 2 > len(tokens)
            self._tokens = " ".join(tokens).encode("utf-8", "replace").split()
        self._cut: dict[int, frozenset[tuple[bytes, ...]]] = {}

    def _of(self, width: int) -> Iterator[tuple[bytes, ...]]:
        return zip(*(self._tokens[at:] for at in range(width)), strict=False)

    @property
    def _width(self) -> int:
        return _CHARACTERS_COMPARED if self._unspaced else _WORDS_COMPARED

    def _pieces(self, width: int) -> frozenset[tuple[bytes, ...]]:
        if width not in self._cut:
            self._cut[width] = frozenset(self._of(width))
        return self._cut[width]

    @property
    def is_short(self) -> bool:
        """Tell whether it is so short that others share it only as a whole."""
        width = CHARACTERS_IN_A_SHINGLE if self._unspaced else WORDS_IN_A_SHINGLE
        return len(self._tokens) < _FEWEST_SHINGLES + width

    @property
    def _tells(self) -> bool:
        return len(self._tokens) >= (_FEWEST_CHARACTERS if self._unspaced else _FEWEST_WORDS)

    def fingerprint(self) -> frozenset[int]:
        """Choose shingles by one hash, so that of every text the same are chosen, and name them by another."""
        width = CHARACTERS_IN_A_SHINGLE if self._unspaced else WORDS_IN_A_SHINGLE
        if self.is_short:
            return frozenset({_named(b" ".join(self._tokens))} if self._tells else ())
        shingles = list(map(b" ".join, self._of(width)))
        chosen = {shingle for shingle in shingles if crc32(shingle) < _CHOSEN}
        if not _LEAST_HASHES <= len(chosen) <= _MOST_HASHES:
            number = _LEAST_HASHES if len(chosen) < _LEAST_HASHES else _MOST_HASHES
            chosen = set(nsmallest(number, set(shingles), key=crc32))
        return frozenset(map(_named, chosen))

    def overlap(self, other: Shingles) -> Overlap | None:
        """Compare with another text; None when they do not share enough for one to be a copy of the other."""
        if self._tokens == other._tokens:
            return Overlap(1.0, 1.0) if self._tells else None
        own, its = self._pieces(self._width), other._pieces(other._width)
        shared = len(own & its)
        if shared < _LEAST_SHARED or shared < CONTAINMENT * min(len(own), len(its)):
            return None
        return self.compared(other)

    def compared(self, other: Shingles) -> Overlap:
        """Tell how much this text and another have in common, however little it is."""
        return Overlap(self._share(other), other._share(self), self._own(other), other._own(self))

    def _covered(self, other: Shingles, width: int) -> bytearray:
        """Mark the words that stand in another text in runs of so many."""
        pieces, covered = other._pieces(width), bytearray(len(self._tokens))
        mark = b"\1" * width
        for at, piece in enumerate(self._of(width)):
            if piece in pieces:
                covered[at : at + width] = mark
        return covered

    def _share(self, other: Shingles) -> float:
        """Tell how many of the words stand in another text in runs that are hardly there by chance."""
        width = CHARACTERS_IN_A_SHINGLE if self._unspaced else WORDS_IN_A_SHINGLE
        return sum(self._covered(other, width)) / (len(self._tokens) or 1)

    def _own(self, other: Shingles) -> float:
        """Tell how many of the words stand in stretches of which hardly anything is in another text."""
        return 1 - sum(map(len, self._taken(other))) / (len(self._tokens) or 1)

    def _taken(self, other: Shingles) -> Iterator[list[bytes]]:
        """Give the words of the stretches of which something is in another text."""
        covered = self._covered(other, self._width)
        stretch = _STRETCH_OF_CHARACTERS if self._unspaced else _STRETCH_OF_WORDS
        for at in range(0, len(covered), stretch):
            part = covered[at : at + stretch]
            if sum(part) >= _HARDLY * len(part):
                yield self._tokens[at : at + stretch]

    def held(self, pieces: Iterable[str], other: Shingles) -> list[bool]:
        """Tell of each piece that stands where this text shares another's whether it is somewhere in that one, too."""
        own, its = _row(token for part in self._taken(other) for token in part), _row(other._tokens)
        rows = {_row(word.encode("utf-8", "replace") for word in words(piece)) for piece in pieces}
        return [row in its for row in rows if len(row) > 2 and row in own]

    def inside(self, other: Shingles) -> float:
        """Tell how much of this text stands in another; one of hardly a word stands everywhere."""
        own = self._pieces(self._width)
        return len(own & other._pieces(self._width)) / len(own) if own else 1.0


def plain_letters(text: str) -> str:
    """Undo how a text is set: capitals, ligatures, wide letters, traditional characters, what is not seen."""
    if text.isascii():
        return text.lower()
    return simplify(_INVISIBLE.sub("", normalize("NFKC", text).casefold()))


def _row(tokens: Iterable[bytes]) -> bytes:
    return b" %b " % b" ".join(tokens)


def words(text: str) -> list[str]:
    """Cut a text into words, and letters where no spaces are written."""
    return _TOKEN.findall(plain_letters(text))


def is_unspaced(token: str) -> bool:
    """Tell whether a token is of a script that is written without spaces."""
    return _UNSPACED_CHARACTER.match(token) is not None


def _named(shingle: bytes) -> int:
    return int.from_bytes(blake2b(shingle, digest_size=8).digest(), "big") >> 1
