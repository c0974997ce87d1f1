"""Takes out of kept articles what their host was found, later, to repeat on its pages: a correction of each.

Pages that come after are read without it. The earlier text stays to be had, with the reason and the date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from crawler import copies, extract
from crawler.archive import Archive
from crawler.lookup import find_copies
from crawler.records import Article

#: So many are looked at in one go, each in a few milliseconds; the others wait for the next one.
_MOST = 500
_PARAGRAPHS = "\n\n"


def correct_earlier(
    archive: Archive, now: datetime, *, limit: int = _MOST, wanted: Callable[[], bool] = lambda: True
) -> Counter[str]:
    """Correct articles that were kept before their host's own blocks were known; count them by source.

    Each correction is a transaction that also notes that it was made: whoever is killed loses none and doubles none.
    """
    corrected: Counter[str] = Counter()
    for due in archive.blocks.due(limit):
        if not wanted():
            break
        article = archive.articles.get(due.article)
        if article is not None and _correct(archive, article, due.host, now):
            corrected[article.source] += 1
    return corrected


def _correct(archive: Archive, article: Article, host: str, now: datetime) -> bool:
    assert article.id is not None
    text = cleaned(article, archive.blocks.of(host))
    if text == article.text:
        archive.blocks.settle(article.id, article.revision)
        return False
    out = len(article.text.split(_PARAGRAPHS)) - len(text.split(_PARAGRAPHS))
    reason = f"{out} line{'s' if out > 1 else ''} taken out that {host} repeats on its pages"
    fingerprints = copies.fingerprint(text)
    apart = (
        article.copy_of is not None
        and find_copies(archive, replace(article, text=text), fingerprints, article.id).verdict.copy is None
    )
    with archive.writing():
        corrected = archive.articles.correct_text(
            article.id, text, reason, now, fingerprints=fingerprints, revision=article.revision
        )
        if corrected:
            archive.blocks.settle(article.id, article.revision + 1)
            if apart:
                archive.articles.fold(article.id, None, now)  # it shared nothing with the other but these lines
    return corrected


def cleaned(article: Article, blocks: Collection[int]) -> str:
    """Give the text that the page of an article would give today: without what its host repeats.

    What its publisher took away, what only a feed said and what others extracted stays as it is.
    """
    ours = article.extractor_version.startswith("presswatch")
    if article.withdrawn_at is not None or not ours or article.evidence.get("text", "").startswith("feed"):
        return article.text
    return _PARAGRAPHS.join(extract.without_repeats(article.text.split(_PARAGRAPHS), blocks, article.lead))
