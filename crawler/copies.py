"""Copies: whose text an article is, decided without reading anything but what is handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from crawler.precedence import Order
from crawler.records import Article, CopyOf
from crawler.shingles import Beside, Overlap, Shingles, is_unspaced, words
from crawler.templates import same_form

#: Pages of one host that share less than this may share only what is their host's own.
_APART = 0.6
#: An original that holds nearly as much of a text as its copy does is where it comes from.
_AS_MUCH = 0.9
#: Words of a title that may tell what it is about.
_LONG = 4


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
    if not candidates:
        return Verdict(None, {})
    own = Shingles(article.text)
    shared: dict[int, tuple[Article, Overlap]] = {}
    for other in candidates:
        if other.id is None or (known is not None and known in (other.id, other.copy_of)):
            continue
        overlap = _common(article, other, own)
        if overlap is not None:
            shared[other.id] = other, overlap
    if not shared:
        return Verdict(None, {})
    order = Order({_NEW: article, **{id_: other for id_, (other, _) in shared.items()}})
    claims = _claims(shared, order)
    groups: dict[int, list[int]] = defaultdict(list)
    for id_ in sorted(shared):
        groups[_root(shared[id_][0])].append(id_)
    firsts = {root: order.first(root, [*group, _NEW]) for root, group in groups.items()}
    # The copies of what is claimed will be copies of this article.
    near = [
        (other, overlap)
        for id_, (other, overlap) in shared.items()
        if not order.before(_NEW, id_) and firsts[_root(other)] != _NEW and not _quotes_one_of(claims, other)
    ]
    if not near:
        return Verdict(None, {**claims})
    # Among texts that hold it alike the one that holds least beside it, then the earliest.
    best, overlap = max(near, key=lambda each: (each[1].first + each[1].second, -(each[0].id or 0)))
    root = _root(best)
    earlier = [other for other in candidates if other.id not in claims]
    turned = _turned(root, firsts[root], shared)
    original, overlap = (firsts[root], shared[firsts[root]][1]) if turned else _origin(best, overlap, own, earlier)
    # What it repeats is somebody else's, so others can only have from it what it did not repeat.
    own_claims = claims if overlap.kind not in _REPEATS else _passed_on(claims, original, shared, order)
    return Verdict(CopyOf(original, overlap.kind, round(overlap.first, 4)), {**turned, **own_claims})


def _common(article: Article, other: Article, own: Shingles) -> Overlap | None:
    """Compare two articles; None when neither has anything from the other."""
    theirs = Shingles(other.text)
    beside = own.beside(theirs)
    if beside is None or _boilerplate(article, own, other, theirs) or same_form(article, other, beside):
        return None
    return beside.overlap


def decide_again(original: Article, copies: Sequence[Article]) -> dict[int, CopyOf | None]:
    """Decide what becomes of the copies of an article (original 0) that was rewritten.

    Of those that have nothing from the new text the first is the original of the others: of what was there before.
    """
    decided: dict[int, CopyOf | None] = {}
    heir: Article | None = None
    for copy in copies:
        found = _copy_of(copy, original, _NEW)
        if found is None and heir is not None:
            found = _copy_of(copy, heir, heir.id or 0)
        elif found is None:
            heir = copy
        if found is None or (found.original, found.kind, found.score) != (_NEW, copy.copy_kind, copy.copy_score):
            decided[copy.id or 0] = found
    return decided


def _copy_of(copy: Article, original: Article, number: int) -> CopyOf | None:
    overlap = _common(copy, original, Shingles(copy.text))
    return None if overlap is None else CopyOf(number, overlap.kind, round(overlap.first, 4))


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


def _passed_on(claims: Collection[int], original: int, shared: _Shared, order: Order) -> dict[int, CopyOf]:
    """Find among those that have something from a copy the ones that have it from its original."""
    if original not in shared:
        return {}
    found = {
        id_: _copy_of(shared[id_][0], shared[original][0], original)
        for id_ in claims
        if id_ != original and shared[id_][0].copy_of is None and order.before(original, id_)
    }
    return {id_: copy for id_, copy in found.items() if copy is not None}


def _quotes_one_of(claims: Collection[int], other: Article) -> bool:
    return other.copy_kind == "quoted-in" and other.copy_of in claims


def _turned(root: int, first: int, shared: _Shared) -> dict[int, CopyOf | None]:
    """Turn round what was folded under ``root`` before it was known that ``first`` was there before it."""
    if first == root:
        return {}
    copy = _copy_of(shared[root][0], shared[first][0], first)
    return {first: None, root: copy} if copy is not None else {}


def _root(article: Article) -> int:
    """Name the article whose text it is, as far as is known by now."""
    return article.copy_of if article.copy_of and article.copy_kind in _REPEATS else article.id or 0


def _origin(best: Article, overlap: Overlap, own: Shingles, candidates: Sequence[Article]) -> tuple[int, Overlap]:
    """Go back from a copy to its own original, unless what was taken from the copy is not from there."""
    original = next((other for other in candidates if other.id == best.copy_of), None)
    if original is None:
        return (_root(best) if best.copy_kind == "full" else best.id or 0), overlap
    further = Beside(own, Shingles(original.text)).overlap
    if best.copy_kind == "full" or further.first >= _AS_MUCH * overlap.first:
        return original.id or 0, further
    return best.id or 0, overlap


def share_a_part(article: Article, other: Article) -> bool:
    """Tell whether two articles have more beside what they share, either way: that is not what they tell."""
    beside = Shingles(article.text).beside(Shingles(other.text))
    return beside is None or max(beside.overlap.first, beside.overlap.second) < _APART


def _boilerplate(article: Article, own: Shingles, other: Article, theirs: Shingles) -> bool:
    """Tell whether what two articles share is a wall or a notice: neither's text tells of its own title.

    Titles about one thing are enough for longer texts; with a line alone they must be the same.
    """
    one, two = _telling(article.title), _telling(other.title)
    if not one or not two or (one == two if own.is_short else one & two):
        return False
    return not own.holds_one_of(one) and not theirs.holds_one_of(two)


def _telling(title: str) -> set[str]:
    return {word for word in words(title) if len(word) >= _LONG or is_unspaced(word)}
