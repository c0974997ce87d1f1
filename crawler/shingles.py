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
from functools import cached_property
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
#: What is its own is told by sentences, of which hardly anything stands in the other. Words that an editor changed here
#: and there leave hardly a whole sentence so (of 3,008 texts with 20 % word edits six have more than OWN of such), and
#: an item of a round-up is one, however short and in whatever script.
_HARDLY = 1 / 3
#: A sentence of fewer words goes with the next one; one of more, as where no stops are written, is cut into stretches.
_FEWEST_IN_A_SENTENCE, _MOST_IN_A_SENTENCE, _STRETCH = 8, 64, 16
#: So many letters of a script without spaces are about as long as a word.
_LETTERS = 2
#: What ends a sentence beside the end of a line, and what of that stands in other scripts.
_ENDS, _OTHER_ENDS = (b". ", b"! ", b"? "), ("\u3002", "\u061f", "\u06d4", "\u0964", "\u104b", "\u17d4")

#: Not what ``tokens`` calls so: Korean is searched for in pairs of letters, but its words have spaces between them.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
#: Runs of letters, and what ends sentences.
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W{_UNSPACED}]+|[!?\n]|\. ")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")
#: What begins the letters of these scripts in UTF-8 (and of some others).
_FIRST_BYTES = b"\xe0\xe1\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xef\xf0"
#: What is between words: outside ASCII it is made a space, in ASCII all but letters, digits and _ is. Runs of it are
#: not asked for: a single character is searched for three times as fast.
_BETWEEN = re.compile(r"[^\x00-\x7f\w]")
_SPACED = bytes(code if code > 127 or chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(256))
_LINES = _SPACED[:10] + b"\n" + _SPACED[11:]
#: What is not seen: soft hyphens, joiners, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of two texts is the same text."""

    #: Share of the first one's words that stand in the second, in runs of five at least, and the other way round.
    first: float
    second: float
    #: Share of each one's words that stand in sentences of its own.
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


def _set_apart(text: str) -> tuple[bytes, int]:
    """Put something between all words of a text, and count the letters that are words alone."""
    plain, may_be_unspaced = _plain(text)
    alone = 0
    if not plain.isascii():
        for end in _OTHER_ENDS:
            plain = plain.replace(end, "\n")
        if may_be_unspaced:
            runs = _RUN.findall(plain)
            alone = sum(len(run) for run in runs if is_unspaced(run))
            plain = " ".join(" ".join(run) if is_unspaced(run) else run for run in runs)
        else:
            plain = _BETWEEN.sub(" ", plain)
    return plain.encode("utf-8", "replace"), alone


class Shingles:
    """A text in pieces that can be counted."""

    def __init__(self, text: str) -> None:
        self._plain, alone = _set_apart(text[:_MOST_CHARACTERS])
        self.tokens = self._plain.translate(_SPACED).split()
        #: Whether it is mostly of scripts without spaces: these are cut into letters.
        self.unspaced = alone * 2 > len(self.tokens)

    @cached_property
    def sentences(self) -> list[int]:
        """Of how many words its sentences are."""
        letters = _LETTERS if self.unspaced else 1
        plain = self._plain
        for end in _ENDS:
            plain = plain.replace(end, b"\n")
        found, waiting = [], 0
        for line in plain.translate(_LINES).split(b"\n"):
            waiting += len(line.split())
            if waiting > _MOST_IN_A_SENTENCE * letters:
                found += [_STRETCH * letters] * (waiting // (_STRETCH * letters))
                waiting %= _STRETCH * letters
            if waiting >= _FEWEST_IN_A_SENTENCE * letters:
                found.append(waiting)
                waiting = 0
        return [*found, waiting] if waiting else found

    def of(self, width: int) -> Iterator[tuple[bytes, ...]]:
        """Give the runs of so many words."""
        return zip(*(self.tokens[at:] for at in range(width)), strict=False)

    @cached_property
    def pieces(self) -> frozenset[tuple[bytes, ...]]:
        """The shingles in which it is compared."""
        return frozenset(self.of(self.width))

    @property
    def width(self) -> int:
        """Of how many words these are."""
        return _CHARACTERS_COMPARED if self.unspaced else _WORDS_COMPARED

    @property
    def long_width(self) -> int:
        """Of how many words the runs are that are hardly in another text by chance."""
        return CHARACTERS_IN_A_SHINGLE if self.unspaced else WORDS_IN_A_SHINGLE

    @property
    def is_short(self) -> bool:
        """Tell whether it is so short that others share it only as a whole."""
        return len(self.tokens) < _FEWEST_SHINGLES + self.long_width

    @property
    def _tells(self) -> bool:
        return len(self.tokens) >= (_FEWEST_CHARACTERS if self.unspaced else _FEWEST_WORDS)

    def holds_one_of(self, some: Iterable[str]) -> bool:
        """Tell whether at least one of some words stands in the text."""
        return not set(_encoded(some)).isdisjoint(self.tokens)

    def fingerprint(self) -> frozenset[int]:
        """Choose shingles by one hash, so that of every text the same are chosen, and name them by another."""
        if self.is_short:
            return frozenset({_named(b" ".join(self.tokens))} if self._tells else ())
        shingles = list(map(b" ".join, self.of(self.long_width)))
        chosen = {shingle for shingle in shingles if crc32(shingle) < _CHOSEN}
        if not _LEAST_HASHES <= len(chosen) <= _MOST_HASHES:
            number = _LEAST_HASHES if len(chosen) < _LEAST_HASHES else _MOST_HASHES
            chosen = set(nsmallest(number, set(shingles), key=crc32))
        return frozenset(map(_named, chosen))

    def beside(self, other: Shingles) -> Beside | None:
        """Compare with another text; None when they do not share enough for one to be a copy of the other."""
        if self.tokens == other.tokens:
            return Beside(self, other) if self._tells else None
        shared, least = len(self.pieces & other.pieces), min(len(self.pieces), len(other.pieces))
        return None if shared < _LEAST_SHARED or shared < CONTAINMENT * least else Beside(self, other)


class Beside:
    """Two texts beside each other."""

    def __init__(self, first: Shingles, second: Shingles) -> None:
        self._first, self._second = _Taken(first, second), _Taken(second, first)
        self.overlap = Overlap(self._first.share, self._second.share, self._first.own, self._second.own)

    def common(self, of_first: Iterable[str], of_second: Iterable[str]) -> list[bool]:
        """Tell of words that stand where each of the texts shares the other's whether they are in that one, too."""
        return [*self._first.held(of_first), *self._second.held(of_second)]


class _Taken:
    """What of one text stands in another."""

    def __init__(self, text: Shingles, other: Shingles) -> None:
        tokens = text.tokens
        # A byte for each word, in one long number: they are shifted over one another in no time.
        begins = int.from_bytes(bytes(map(other.pieces.__contains__, text.of(text.width))), "little")
        long = begins
        for at in range(1, text.long_width - text.width + 1):
            long &= begins >> 8 * at
        covered = _spread(begins, text.width).to_bytes(len(tokens), "little")
        self._tokens = _repeated(text, covered) if 0 in covered else tokens
        self._other = other
        #: Share of the words in runs that are hardly there by chance, and of those in sentences of its own.
        self.share = _spread(long, text.long_width).bit_count() / (len(tokens) or 1)
        self.own = 1 - len(self._tokens) / (len(tokens) or 1)

    def held(self, pieces: Iterable[str]) -> list[bool]:
        """Tell of each piece that is among what is taken whether it is somewhere in the other text."""
        own, its = _row(self._tokens), _row(self._other.tokens)
        rows = {_row(_encoded(words(piece))) for piece in pieces}
        return [row in its for row in rows if len(row) > 2 and row in own]


def _repeated(text: Shingles, covered: bytes) -> list[bytes]:
    """Give the words of the sentences of which more than hardly anything is covered."""
    found: list[bytes] = []
    begin = 0
    for length in text.sentences:
        end = begin + length
        if covered.count(1, begin, end) >= _HARDLY * length:
            found += text.tokens[begin:end]
        begin = end
    return found


def _spread(begins: int, width: int) -> int:
    """Mark all words of the runs that begin at the marks."""
    covered = begins
    for at in range(1, width):
        covered |= begins << 8 * at
    return covered


def plain_letters(text: str) -> str:
    """Undo how a text is set: capitals, ligatures, wide letters, traditional characters, what is not seen."""
    return _plain(text)[0]


def _plain(text: str) -> tuple[str, bool]:
    """Undo how a text is set, and tell whether it may have letters of scripts without spaces."""
    if text.isascii():
        return text.lower(), False
    plain = _INVISIBLE.sub("", normalize("NFKC", text).casefold())
    # Whether their first bytes are there is seen more quickly than whether their letters are.
    encoded = plain.encode("utf-8", "replace")
    may_be_unspaced = encoded.translate(None, _FIRST_BYTES) != encoded
    return (simplify(plain) if may_be_unspaced else plain), may_be_unspaced


def _encoded(found: Iterable[str]) -> Iterator[bytes]:
    return (word.encode("utf-8", "replace") for word in found)


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
