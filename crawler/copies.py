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
from datetime import datetime
from functools import lru_cache
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
#: What parts the names of a credit, and what may also stand within one.
_LISTED, _AND = re.compile(r"[/,;|+、，；／·]"), re.compile(r"\s+(?:and|und|et|y|e|и|та|i|és|ve|with|via)\s+|\s*&\s*")
#: What is added to a name: "Xinhua (English)", "example.org".
_ADDED = re.compile(r"\s*[(（\[][^)）\]]*[)）\]]|(?<=\w)\.(?:com|org|net|info|co\.\w\w|\w\w)$", re.IGNORECASE)
#: What stands behind a name and makes no other of it.
_TELL_NOTHING = frozenset(
    ("news", "agency", "newswire", "staff", "desk", "online", "website", "international", "агентство", "новости",
    "english", "arabic", "chinese", "french", "german", "japanese", "korean", "persian", "portuguese", "russian",
    "spanish", "turkish", "ukrainian")
)  # fmt: skip
#: Words of a title that may tell what it is about.
_LONG = 4


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
        return sum(self._covered(other, width)) / len(self._tokens)

    def _own(self, other: Shingles) -> float:
        """Tell how many of the words stand in stretches of which hardly anything is in another text."""
        covered = self._covered(other, self._width)
        stretch = _STRETCH_OF_CHARACTERS if self._unspaced else _STRETCH_OF_WORDS
        parts = (covered[at : at + stretch] for at in range(0, len(covered), stretch))
        return sum(len(part) for part in parts if sum(part) < _HARDLY * len(part)) / len(covered)

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
    #: What becomes of kept articles, in this order: None for what turns out to be the origin of the text that it was
    #: folded under; copies of another article, or of original 0: the new article, until it has its id.
    claims: dict[int, CopyOf | None]


#: What a new article is called until it has its id.
_NEW = 0
#: A text that is another's belongs to whomever that one belongs to; one that quotes another has copies of its own.
_REPEATS = frozenset({"full", "partial"})
#: What shares text with the new article, and how much of the new one stands there.
_Shared = Mapping[int, tuple[Article, Overlap]]


def decide(article: Article, candidates: Sequence[Article], known: int | None = None) -> Verdict:
    """Decide whose copy an article is, and which kept articles are copies of it.

    ``known`` is the article's own id where it is kept already: it is never a copy of itself, nor of its own copies.
    A copy of a copy is a copy of the text that both go back to.
    """
    own = Shingles(article.text) if candidates else None
    shared: dict[int, tuple[Article, Overlap]] = {}
    for other in candidates:
        if own is None or other.id is None or (known is not None and known in (other.id, other.copy_of)):
            continue
        overlap = own.overlap(Shingles(other.text))
        if overlap is not None and not _boilerplate(article, other):
            shared[other.id] = other, overlap
    if not shared:
        return Verdict(None, {})
    order = Order({_NEW: article, **{id_: other for id_, (other, _) in shared.items()}})
    claims = _claims(shared, order)
    firsts = {root: order.first(root) for root in {_root(other) for other, _ in shared.values()}}
    # The copies of what is claimed will be copies of this article.
    near = [each for id_, each in shared.items() if not order.before(_NEW, id_) and firsts[_root(each[0])] != _NEW]
    if not near:
        return Verdict(None, {**claims})
    # Among texts that hold it alike the one that holds least beside it, then the earliest.
    best, overlap = max(near, key=lambda each: (each[1].first + each[1].second, -(each[0].id or 0)))
    root = _root(best)
    turned = _turned(root, firsts[root], shared)
    original, overlap = (firsts[root], shared[firsts[root]][1]) if turned else _origin(best, overlap, shared)
    # What it repeats is somebody else's, so others can only have from it what it did not repeat.
    own_claims = claims if overlap.kind not in _REPEATS else {}
    return Verdict(CopyOf(original, overlap.kind, round(overlap.first, 4)), {**turned, **own_claims})


def _claims(shared: _Shared, order: Order) -> dict[int, CopyOf]:
    """Find the kept articles that are proven to be copies of the new one, unless they hold more of another."""
    claims: dict[int, CopyOf] = {}
    # Originals come before their copies, which go along with them.
    for id_, (other, overlap) in sorted(shared.items(), key=lambda each: each[1][0].copy_of is not None):
        root = claims.get(_root(other))
        goes_along = root is not None and root.kind in _REPEATS
        if not order.before(_NEW, id_) or goes_along:
            continue
        swapped = overlap.swapped
        if other.copy_of is None or swapped.first > (other.copy_score or 0):
            claims[id_] = CopyOf(_NEW, swapped.kind, round(swapped.first, 4))
    return claims


def _turned(root: int, first: int, shared: _Shared) -> dict[int, CopyOf | None]:
    """Turn round what was folded under ``root`` before it was known that ``first`` was there before it."""
    if first == root:
        return {}
    overlap = Shingles(shared[root][0].text).overlap(Shingles(shared[first][0].text))
    if overlap is None:
        return {}
    return {first: None, root: CopyOf(first, overlap.kind, round(overlap.first, 4))}


def _root(article: Article) -> int:
    """Name the article whose text it is, as far as is known by now."""
    return article.copy_of if article.copy_of and article.copy_kind in _REPEATS else article.id or 0


def _origin(best: Article, overlap: Overlap, shared: _Shared) -> tuple[int, Overlap]:
    """Go back from a copy to its own original, unless what was taken from the copy is not from there."""
    root = _root(best)
    if root in shared:
        return root, shared[root][1]
    if best.copy_kind == "full":
        return root, overlap
    return best.id or 0, overlap


class Order:
    """Which of some articles that share text were there before which, as far as it is proven, whoever arrived first.

    What is credited was there before what credits it, whatever its own time says; and so before all that was published
    later than that.
    """

    def __init__(self, articles: Mapping[int, Article]) -> None:
        self._articles = articles
        credited = [
            (copy, original)
            for copy in articles
            for original in articles
            if copy != original and proof(articles[copy], articles[original]) == "credit"
        ]
        #: The moment at which each was there at the latest, and the one before which it was not.
        latest = {id_: _moment(article) for id_, article in articles.items()}
        for _ in articles:
            for copy, original in credited:
                latest[original] = min(filter(None, (latest[original], latest[copy])), default=None)
        self._later: dict[int, set[int]] = {id_: set() for id_ in articles}
        for copy, original in credited:
            self._later[original].add(copy)
        for one, there in latest.items():
            for other, article in articles.items():
                moment = _moment(article)
                if there and moment and moment == latest[other] and there < moment:
                    self._later[one].add(other)
        for middle in articles:
            for later in self._later.values():
                if middle in later:
                    later.update(self._later[middle])

    def before(self, one: int, other: int) -> bool:
        """Tell whether one is proven to have been there before another."""
        return other in self._later[one] and one not in self._later[other]

    def first(self, root: int) -> int:
        """Name the first of those to which a text that is folded under ``root`` goes back; mostly that is ``root``."""
        if root not in self._articles:
            return root
        earlier = [
            id_
            for id_, article in self._articles.items()
            if self.before(id_, root) and (id_ == _NEW or _root(article) == root)
        ]
        first = [id_ for id_ in earlier if not any(self.before(other, id_) for other in earlier)]
        return min(first, key=lambda id_: (id_ == _NEW, id_), default=root)


def _moment(article: Article) -> datetime | None:
    return article.published_utc if article.published_precision in ("second", "minute") else None


def share_a_part(article: Article, other: Article) -> bool:
    """Tell whether two articles have more beside what they share, either way: that is not what they tell."""
    overlap = Shingles(article.text).overlap(Shingles(other.text))
    return overlap is None or max(overlap.first, overlap.second) < _APART


def proof(copy: Article, original: Article) -> Direction:
    """Tell what proves that one article is the origin of another: its credit, else the times where both are known."""
    there, back = _credits(copy, original), _credits(original, copy)
    if there or back:
        return "open" if back else "credit"  # an outlet that names itself in all its articles proves nothing
    before, after = _moment(original), _moment(copy)
    return "time" if before and after and before < after else "open"


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
    """Tell whether a credit names an outlet, alone or among others ("Xinhua/Reuters", "Xinhua, agencies").

    The names are one but for case, articles, punctuation and what tells nothing apart ("Reuters news agency", "Xinhua
    (English)"), or are those of one agency; a paper is not named by a part of its name ("The Times", "Global Times").
    """
    return bool(credit and outlet) and not _identities(credit or "").isdisjoint({_identity(outlet)} - {""})


@lru_cache(maxsize=4096)
def _identities(credit: str) -> frozenset[str]:
    """Give what the name of a credit, and each name in it, has in common with all other ways to write it."""
    parts = _LISTED.split(credit)
    coupled = [half for part in parts for half in _AND.split(part)]
    agents = [half for half in coupled if agencies.agency(half)]  # "Xinhua and TASS", but not "Post and Courier"
    return frozenset(map(_identity, (credit, *parts, *agents)))


@lru_cache(maxsize=4096)
def _identity(name: str) -> str:
    """Give what all ways to write the name of an outlet have in common; "" where nothing is left."""
    bare = _ADDED.sub("", name).strip()
    agency = agencies.agency(bare) or agencies.known(bare)
    if agency is not None:
        return agency.casefold()
    words = [word for word in re.findall(r"\w+", bare.casefold()) if word != "the"]
    while len(words) > 1 and words[-1] in _TELL_NOTHING and not all(map(agencies.is_medium, words[:-1])):
        words.pop()
    # "Reuters International" is an agency only now.
    return (agencies.known(" ".join(words)) or " ".join(words)).casefold()


def _plain_letters(text: str) -> str:
    """Undo how a text is set: capitals, ligatures, wide letters, what is not seen."""
    if text.isascii():
        return text.lower()
    return _INVISIBLE.sub("", normalize("NFKC", text).casefold())


def _is_unspaced(token: str) -> bool:
    return _UNSPACED_CHARACTER.match(token) is not None


def _named(shingle: bytes) -> int:
    return int.from_bytes(blake2b(shingle, digest_size=8).digest(), "big") >> 1
