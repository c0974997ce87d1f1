"""How relevant an article is to a query: bm25, with a word as rare as it is in the archive, not in a small part of it.

FTS5 weighs each word by how many articles of its table have it. The parts of the index are like great samples of one
archive, so that what they give can be compared, but for a part that has only just begun.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from crawler.archive import parts
from crawler.archive.parts import Part
from crawler.archive.store import Store

#: So much of a title, a standfirst, a text, the authors' names and what filters ask counts for relevance.
COUNTING = (8.0, 3.0, 1.0, 1.0, 0.0)
#: What FTS5 gives to a word that half of all articles have, or more.
_LEAST = 1e-6


def score(part: Part) -> str:
    """Write the expression that FTS5 orders by: the lower, the more relevant."""
    return f"bm25({part.table}, {', '.join(map(str, COUNTING))})"


def factors(store: Store, listed: Sequence[Part], words: Sequence[str]) -> dict[int, float]:
    """Give for small parts by what their scores must be multiplied, so that they compare with those of full ones.

    ``words`` are the words and phrases of the query in the language of FTS5.
    """
    full = next((part for part in listed if not _is_small(part)), None)
    if full is None:
        return {}
    wanted = sum(_rarity(store, full, word) for word in words)
    return {
        part.id: wanted / sum(_rarity(store, part, word) for word in words)
        for part in listed
        if _is_small(part) and words
    }


def _is_small(part: Part) -> bool:
    return part.articles < parts.FULL // 2


def _rarity(store: Store, part: Part, word: str) -> float:
    return rarity(
        part.articles, int(store.value(f"SELECT count(*) FROM {part.table} WHERE {part.table} MATCH ?", (word,)))
    )


def rarity(articles: int, having: int) -> float:
    """Compute the inverse document frequency as FTS5's bm25 does (Robertson and Sparck Jones)."""
    return max(_LEAST, math.log((articles - having + 0.5) / (having + 0.5)) if articles > having else _LEAST)
