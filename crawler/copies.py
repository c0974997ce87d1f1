"""Copies: whose text an article is, decided without reading anything but what is handed in.

A text's fingerprint is a FracMinHash (Irber et al., "Lightweight compositional analysis of metagenomes with FracMinHash
and minimum metagenome covers", 2022): of all its shingles the hashes divisible by 16. Sharing hashes therefore
estimates containment, however different the lengths, and any part of a text has a part of its fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from crawler.records import Article, CopyKind, CopyOf

#: Of all shingles one in so many stands in the fingerprint.
FRACTION = 16
WORDS_IN_A_SHINGLE = 5
#: In scripts without spaces a shingle is a run of characters of about the same meaning.
CHARACTERS_IN_A_SHINGLE = 8
#: Share of the smaller text that must stand in the other, and hashes that must be shared at the least.
CONTAINMENT = 0.3
LEAST_SHARED = 2
#: A copy that holds this much of its original, and hardly anything else, is a full one.
WHOLE = 0.7
#: Below this share of borrowed text an article quotes another rather than repeating it.
MOSTLY = 0.5

_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kept article that shares text with a new one."""

    article: Article
    #: Hashes that both have, and hashes that this one has.
    shared: int
    count: int


def fingerprint(text: str, language: str = "") -> frozenset[int]:
    """Make the fingerprint of a text: 63-bit numbers, about one for 16 words.

    The language is not needed: scripts tell whether words or characters are counted.
    """
    del language
    tokens = _TOKEN.findall(text.casefold())
    unspaced = sum(1 for token in tokens if _UNSPACED_CHARACTER.match(token))
    width = CHARACTERS_IN_A_SHINGLE if unspaced * 2 > len(tokens) else WORDS_IN_A_SHINGLE
    hashes = (_hash(" ".join(tokens[start : start + width])) for start in range(len(tokens) - width + 1))
    return frozenset(value >> 1 for value in hashes if value % FRACTION == 0)


def decide(article: Article, fingerprints: frozenset[int], candidates: Sequence[Candidate]) -> CopyOf | None:
    """Decide whose copy a new article is; None when it is its own, or when it is the origin of what is kept."""
    best: CopyOf | None = None
    for candidate in candidates:
        overlap = _overlap(fingerprints, candidate)
        if overlap is None or candidate.article.id is None or _precedes(article, candidate.article):
            continue
        if best is None or overlap[1] > best.score:
            kind, score = overlap
            # A copy of a copy is a copy of the text that both go back to.
            root = candidate.article.copy_of if candidate.article.copy_kind != "quoted-in" else None
            best = CopyOf(root or candidate.article.id, kind, score)
    return best


def claims(article: Article, fingerprints: frozenset[int], candidates: Sequence[Candidate]) -> dict[int, CopyOf]:
    """Find kept articles that turn out to be copies of a new one: it is credited by them, or is proven earlier.

    The copies name original 0, which stands for the new article until it has its id.
    """
    found: dict[int, CopyOf] = {}
    for candidate in candidates:
        other = candidate.article
        if other.id is None or other.copy_of is not None or not _precedes(article, other):
            continue
        overlap = _overlap(fingerprints, candidate, swapped=True)
        if overlap is not None:
            found[other.id] = CopyOf(0, *overlap)
    return found


def share_a_part(fingerprints: frozenset[int], candidate: Candidate) -> bool:
    """Tell whether two articles are less than half the same, either way: what they share is not what they tell."""
    return candidate.shared < MOSTLY * min(len(fingerprints), candidate.count)


def _overlap(
    fingerprints: frozenset[int], candidate: Candidate, *, swapped: bool = False
) -> tuple[CopyKind, float] | None:
    """Tell how much of the copy stands in the original, and what that makes it."""
    if candidate.shared < LEAST_SHARED or not fingerprints or not candidate.count:
        return None
    copy, original = candidate.shared / len(fingerprints), candidate.shared / candidate.count
    if swapped:
        copy, original = original, copy
    if max(copy, original) < CONTAINMENT:
        return None
    kind: CopyKind = "full" if min(copy, original) >= WHOLE else "partial" if copy >= MOSTLY else "quoted-in"
    return kind, round(min(1.0, copy), 4)


def _precedes(article: Article, other: Article) -> bool:
    """Tell whether it is proven that the first article is the origin of the second."""
    if names(other.credited_to, article.carried_by):
        return True
    if names(article.credited_to, other.carried_by):
        return False
    timed = {"second", "minute"}
    if {article.published_precision, other.published_precision} <= timed:
        return bool(article.published_utc and other.published_utc and article.published_utc < other.published_utc)
    return False


def names(credit: str | None, outlet: str) -> bool:
    """Tell whether a credit names an outlet: the same words but for case, articles and punctuation."""
    one, other = _plain(credit or ""), _plain(outlet)
    if not one or not other:
        return False
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 4 and f" {shorter} " in f" {longer} "


def _plain(name: str) -> str:
    words = re.findall(r"\w+", name.casefold())
    return " ".join(word for word in words if word != "the")


def _hash(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
