"""Share of voice: what kinds of outlet speak in the articles of an edition, and under whose control. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from crawler.records import Article, Source
from digest.content import Share, Voice

#: Of fewer articles no shares are told.
FEWEST = 10


def voice(articles: Iterable[Article], sources: Mapping[str, Source]) -> Voice | None:
    """Count the texts of their own by kind and control of their sources; None where there are too few of them."""
    articles = list(articles)
    own = [article for article in articles if not article.is_folded]
    if len(own) < FEWEST:
        return None
    known = [sources.get(article.source) or Source(article.source, article.source, "") for article in own]
    return Voice(
        articles=len(own),
        copies=len(articles) - len(own),
        kinds=_shares(source.kind for source in known),
        controls=_shares(source.control for source in known),
    )


def _shares(found: Iterable[str]) -> tuple[Share, ...]:
    counts = Counter(found)
    return tuple(Share(of, counts[of]) for of in sorted(counts, key=lambda of: (-counts[of], of)))
