"""Copies: whose text an article is, decided without reading anything but what is handed in.

Candidates are found by fingerprints, a FracMinHash (Irber et al., "Lightweight compositional analysis of metagenomes
with FracMinHash and minimum metagenome covers", 2022): of all shingles of a text one in 16, chosen by their hashes, so
that any part of a text has a part of its fingerprint. What a fingerprint only estimates is then counted in the texts:
shingles of three words survive edits that leave hardly one of five whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest
from typing import Literal
from unicodedata import normalize
from zlib import crc32

from crawler import agencies
from crawler.records import Article, CopyKind, CopyOf

#: How it is known which of two texts was there first; "open" when nothing tells.
Direction = Literal["credit", "time", "open"]

#: Of all shingles one in so many stands in the fingerprint, of short texts more, of endless ones fewer.
FRACTION = 16
_CHOSEN = 2**32 // FRACTION
_LEAST_HASHES, _MOST_HASHES = 8, 512
_MOST_CHARACTERS = 2_000_000
#: A shorter text has none: "Follow us for all the news" stands everywhere.
_FEWEST_SHINGLES = 16
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
#: Pages of one host that share less than this may share only what is their host's own.
_APART = 0.6
#: Below this share of borrowed text an article quotes another rather than repeating it.
MOSTLY = 0.4

_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_WORD, _ASCII_WORD = re.compile(r"\w+"), re.compile(rb"\w+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")
#: What is not seen: soft hyphens, joiners, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
#: Words of a title that may tell what it is about.
_LONG = 4


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of two texts is the same text."""

    #: Share of the first one's words that stand in the second, in runs of five at least, and the other way round.
    first: float
    second: float

    @property
    def kind(self) -> CopyKind:
        """What the first is when it is the copy."""
        if min(self.first, self.second) >= WHOLE:
            return "full"
        return "partial" if self.first >= MOSTLY else "quoted-in"

    @property
    def swapped(self) -> Overlap:
        """The same, told of the second."""
        return Overlap(self.second, self.first)


class Shingles:
    """A text in pieces that can be counted."""

    def __init__(self, text: str) -> None:
        plain = _plain_letters(text[:_MOST_CHARACTERS])
        self._unspaced = False
        if plain.isascii():
            self._tokens = _ASCII_WORD.findall(plain.encode())
        else:
            mixed = _UNSPACED_CHARACTER.search(plain) is not None
            tokens = (_TOKEN if mixed else _WORD).findall(plain)
            self._unspaced = mixed and sum(map(_is_unspaced, tokens)) * 2 > len(tokens)
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

    def fingerprint(self) -> frozenset[int]:
        """Choose shingles by one hash, so that of every text the same are chosen, and name them by another."""
        width = CHARACTERS_IN_A_SHINGLE if self._unspaced else WORDS_IN_A_SHINGLE
        if len(self._tokens) < _FEWEST_SHINGLES + width:
            return frozenset()
        shingles = list(map(b" ".join, self._of(width)))
        chosen = {shingle for shingle in shingles if crc32(shingle) < _CHOSEN}
        if not _LEAST_HASHES <= len(chosen) <= _MOST_HASHES:
            number = _LEAST_HASHES if len(chosen) < _LEAST_HASHES else _MOST_HASHES
            chosen = set(nsmallest(number, set(shingles), key=crc32))
        return frozenset(map(_named, chosen))

    def overlap(self, other: Shingles) -> Overlap | None:
        """Compare with another text; None when they do not share enough for one to be a copy of the other."""
        own, its = self._pieces(self._width), other._pieces(other._width)
        shared = len(own & its)
        if shared < _LEAST_SHARED or shared < CONTAINMENT * min(len(own), len(its)):
            return None
        return Overlap(self._covered(other), other._covered(self))

    def _covered(self, other: Shingles) -> float:
        """Tell how many of the words stand in another text in runs that are hardly there by chance."""
        width = CHARACTERS_IN_A_SHINGLE if self._unspaced else WORDS_IN_A_SHINGLE
        pieces, covered, behind = other._pieces(width), 0, 0
        for at, piece in enumerate(self._of(width)):
            if piece in pieces:
                covered += at + width - max(at, behind)
                behind = at + width
        return covered / len(self._tokens)

    def inside(self, other: Shingles) -> float:
        """Tell how much of this text stands in another; one of hardly a word stands everywhere."""
        own = self._pieces(self._width)
        return len(own & other._pieces(self._width)) / len(own) if own else 1.0


def fingerprint(text: str) -> frozenset[int]:
    """Make the fingerprint of a text: 63-bit numbers, about one for 16 words."""
    return Shingles(text).fingerprint()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an article shares with those that were there before it."""

    #: Whose copy it is; None when it is its own, or the origin of what is kept.
    copy: CopyOf | None
    #: Kept articles that turn out to be copies of it: it is credited by them, or proven earlier. They name original 0,
    #: which stands for the new article until it has its id.
    claims: dict[int, CopyOf]


def decide(article: Article, candidates: Sequence[Article], known: int | None = None) -> Verdict:
    """Decide whose copy an article is, and which kept articles are copies of it.

    ``known`` is the article's own id where it is kept already: it is never a copy of itself, nor of its own copies.
    A copy of a copy is a copy of the text that both go back to.
    """
    own = Shingles(article.text) if candidates else None
    before: dict[int, tuple[Article, Overlap]] = {}
    claims: dict[int, CopyOf] = {}
    for other in candidates:
        if own is None or other.id is None or (known is not None and known in (other.id, other.copy_of)):
            continue
        overlap = own.overlap(Shingles(other.text))
        if overlap is None or _boilerplate(article, other):
            continue
        if proof(other, article) == "open":
            before[other.id] = other, overlap
        elif other.copy_of is None:
            swapped = overlap.swapped
            claims[other.id] = CopyOf(0, swapped.kind, round(swapped.first, 4))
    # The copies of what is claimed will be copies of this article.
    near = [each for each in before.values() if each[0].copy_of not in claims]
    if not near:
        return Verdict(None, claims)
    # Among texts that hold it alike the one that holds least beside it, then the earliest.
    best, overlap = max(near, key=lambda each: (each[1].first + each[1].second, -(each[0].id or 0)))
    original, overlap = _origin(best, overlap, before)
    return Verdict(CopyOf(original, overlap.kind, round(overlap.first, 4)), {})


def _origin(best: Article, overlap: Overlap, before: Mapping[int, tuple[Article, Overlap]]) -> tuple[int, Overlap]:
    """Go back from a copy to its own original, unless what was taken from the copy is not from there."""
    root = best.copy_of
    if root is not None and best.copy_kind != "quoted-in":
        if root in before:
            return root, before[root][1]
        if best.copy_kind == "full":
            return root, overlap
    return best.id or 0, overlap


def share_a_part(article: Article, other: Article) -> bool:
    """Tell whether two articles have more beside what they share, either way: that is not what they tell."""
    overlap = Shingles(article.text).overlap(Shingles(other.text))
    return overlap is None or max(overlap.first, overlap.second) < _APART


def proof(copy: Article, original: Article) -> Direction:
    """Tell what proves that one article is the origin of another: its credit, else the times where both are known."""
    there, back = _credits(copy, original), _credits(original, copy)
    if there or back:
        return "open" if back else "credit"  # an outlet that names itself in all its articles proves nothing
    timed = {"second", "minute"}
    if {copy.published_precision, original.published_precision} <= timed:
        known = copy.published_utc and original.published_utc
        return "time" if known and original.published_utc < copy.published_utc else "open"  # type: ignore[operator]
    return "open"


def _credits(article: Article, other: Article) -> bool:
    if article.canonical_url and article.canonical_url == other.url != article.url:
        return True
    return names(article.credited_to, other.carried_by)


def _boilerplate(article: Article, other: Article) -> bool:
    """Tell whether what two articles share is a wall or a notice: neither's text tells of its own title."""
    one, two = _telling(article.title), _telling(other.title)
    if not one or not two or one & two:
        return False
    return one.isdisjoint(_words(article.text)) and two.isdisjoint(_words(other.text))


def _telling(title: str) -> set[str]:
    return {word for word in _words(title) if len(word) >= _LONG or _is_unspaced(word)}


def _words(text: str) -> list[str]:
    return _TOKEN.findall(_plain_letters(text))


def names(credit: str | None, outlet: str) -> bool:
    """Tell whether a credit names an outlet: the same words but for case, articles and punctuation, or one agency."""
    one, other = _plain(credit or ""), _plain(outlet)
    if not one or not other:
        return False
    if one == other or agencies.identity(credit or "") == agencies.identity(outlet):
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 4 and f" {shorter} " in f" {longer} "


def _plain(name: str) -> str:
    words = re.findall(r"\w+", name.casefold())
    return " ".join(word for word in words if word != "the")


def _plain_letters(text: str) -> str:
    """Undo how a text is set: capitals, ligatures, wide letters, what is not seen."""
    if text.isascii():
        return text.lower()
    return _INVISIBLE.sub("", normalize("NFKC", text).casefold())


def _is_unspaced(token: str) -> bool:
    return _UNSPACED_CHARACTER.match(token) is not None


def _named(shingle: bytes) -> int:
    return int.from_bytes(blake2b(shingle, digest_size=8).digest(), "big") >> 1
