"""Looks up in the archive which articles share text with one, and lets ``copies`` decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler import copies
from crawler.archive import Archive
from crawler.records import Article, CopyOf
from crawler.shingles import words

#: An article is compared with the articles that share most with it, and at least this part of what the first does.
_MOST_CANDIDATES = 4
_NEAR = 3
#: So many copies of a rewritten article are compared with it anew.
_MOST_COPIES = 20
#: So many shared pieces are hardly there by chance.
_SHARED = 2
#: Who shares this much of an article's fingerprint has the same text, but for a number or a line.
_WHOLE = 0.75


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of an article."""

    verdict: copies.Verdict
    #: The articles that share more with it than chance would have it, copies or not.
    sharers: tuple[Article, ...]


def find_copies(archive: Archive, article: Article, fingerprints: frozenset[int], known: int | None) -> Found:
    """Look for the articles that share text with one, and decide which of them is whose copy.

    ``known`` is the id of the article itself where it is kept already.
    """
    shared = archive.articles.sharing(fingerprints)
    if not shared:
        return Found(copies.Verdict(None, {}), ())
    least = max(shared.values(), default=0) / _NEAR
    near = [id_ for id_, number in shared.items() if number >= least]
    others = _candidates(archive, article, near[:_MOST_CANDIDATES], known)
    verdict = copies.decide(article, others, known)
    if len(near) > _MOST_CANDIDATES and verdict == copies.Verdict(None, {}):
        whole = [id_ for id_ in near[_MOST_CANDIDATES:] if shared[id_] >= _WHOLE * len(fingerprints)]
        if whole and (alike := _titled_alike(archive, article, whole)):
            verdict = copies.decide(article, _candidates(archive, article, alike, known), known)
    sharers = tuple(other for other in others if shared.get(other.id or 0, 0) >= _SHARED)
    return Found(verdict, sharers)


def _candidates(archive: Archive, article: Article, ids: Sequence[int], known: int | None) -> list[Article]:
    """Read articles and the originals that they are copies of; never the article itself."""
    others = archive.articles.many(ids)
    here = {other.id for other in others}
    if roots := {other.copy_of for other in others if other.copy_of} - here:
        others += archive.articles.many(sorted(roots))
    return [other for other in others if other.url != article.url and other.id != known]


def _titled_alike(archive: Archive, article: Article, ids: Sequence[int]) -> list[int]:
    """Choose those whose titles have most words in common with an article's: one wall stands under many titles."""
    own = set(words(article.title))
    common = {head.id or 0: len(own.intersection(words(head.title))) for head in archive.articles.heads_of(ids)}
    return [id_ for id_ in sorted(common, key=lambda id_: -common[id_]) if common[id_]][:_MOST_CANDIDATES]


def check_copies(archive: Archive, known: Article, article: Article) -> dict[int, CopyOf | None]:
    """Compare the first copies of a kept article with its new text, and decide what becomes of them."""
    if known.id is None or known.text == article.text:
        return {}
    return copies.decide_again(article, archive.articles.copies(known.id, _MOST_COPIES))
