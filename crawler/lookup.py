"""Looks up in the archive which articles share text with one, and lets ``copies`` decide."""

from __future__ import annotations

from dataclasses import dataclass

from crawler import copies
from crawler.archive import Archive
from crawler.records import Article, CopyOf

#: An article is compared with the articles that share most with it, and at least this part of what the first does.
_MOST_CANDIDATES = 4
_NEAR = 3
#: So many copies of a rewritten article are compared with it anew.
_MOST_COPIES = 20
#: So many shared pieces are hardly there by chance.
_SHARED = 2


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
    others = archive.articles.many([id_ for id_, number in shared.items() if number >= least][:_MOST_CANDIDATES])
    here = {other.id for other in others}
    if roots := {other.copy_of for other in others if other.copy_of} - here:
        others += archive.articles.many(sorted(roots))
    others = [other for other in others if other.url != article.url and other.id != known]
    sharers = tuple(other for other in others if shared.get(other.id or 0, 0) >= _SHARED)
    return Found(copies.decide(article, others, known), sharers)


def check_copies(archive: Archive, known: Article, article: Article) -> dict[int, CopyOf | None]:
    """Compare the first copies of a kept article with its new text, and decide what becomes of them."""
    if known.id is None or known.text == article.text:
        return {}
    return copies.decide_again(article, archive.articles.copies(known.id, _MOST_COPIES))
