"""Which texts tell of one event: average-link clustering over a sparse graph of likenesses. Pure."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.vectors import rarity

#: Texts whose mean likeness is at least this tell of one event (measured: tests/eval/stories.py).
CUT = 0.16
#: The first words of a text, title and all, count in full, later ones as this much of a word; a word that comes again
#: adds the less the more often it did (as in BM25).
_FIRST, _LATER = 150, 0.6
_SATURATION = 1.2
#: A long text has many words beside those of the event: its vector is made as short as this much of its own length and
#: for the rest that of a usual text (pivoted length normalisation), which has so many words of a rarity of 1.
_SLOPE, _PIVOT = 0.85, 7.2
#: Likenesses below this are not counted at all.
_FAINT = 0.05
#: Standard deviation, in days, of the time between two articles about one event.
_SIGMA = 3.0
_WORDS_OF_A_TEXT = 150
#: No story is larger: what looks like one is a day's whole paper about nothing.
LARGEST = 300
#: A word that more of the texts have than this, as a share or in number, finds no pairs; it still counts in those that
#: other words found. The number bounds the work: it grows with the texts, not with their square.
_COMMON = 0.25
_LEAST_COMMON = 60
_MOST_COMMON = LARGEST
#: A text of fewer different words tells no event: "Live updates" is many.
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Text:
    """One text to be clustered."""

    words: Sequence[str]
    #: Days since any fixed moment; None where nothing is known.
    day: float | None = None


def cluster(texts: Sequence[Text]) -> list[list[int]]:
    """Group texts by event: lists of their numbers, each text in one list, all in order."""
    likenesses = _likenesses(texts)
    return _average_link(len(texts), likenesses)


def _likenesses(texts: Sequence[Text]) -> dict[tuple[int, int], float]:
    """Compare texts that share words which not everybody has: as cosines of TF-IDF, less the further apart in time."""
    weights = rarity((text.words for text in texts), len(texts))
    usual = _PIVOT * math.log(1 + len(texts))
    vectors = [_vector(text.words, weights, usual) for text in texts]
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    common = min(_MOST_COMMON, max(_LEAST_COMMON, _COMMON * len(texts)))
    found: dict[tuple[int, int], float] = {}
    for number, own in enumerate(vectors):
        if len(own) < _FEWEST:
            continue
        sums: dict[int, float] = defaultdict(float)
        for word, value in own.items():
            others = postings[word]
            if len(others) <= common:
                for other, its in others:
                    sums[other] += value * its
            others.append((number, value))
        for other, likeness in sums.items():
            score = likeness * _nearness(texts[number].day, texts[other].day)
            if score >= _FAINT:
                found[other, number] = score
    return found


def _vector(words: Sequence[str], weights: Mapping[str, float], usual: float) -> dict[str, float]:
    """Weigh the words of a text by how often and how early they stand and by their rarity, and keep the heaviest."""
    counts: dict[str, float] = defaultdict(float)
    for word in words[:_FIRST]:
        counts[word] += 1.0
    for word in words[_FIRST:]:
        counts[word] += _LATER
    raw = {word: (count * (_SATURATION + 1) / (count + _SATURATION)) * weights[word] for word, count in counts.items()}
    kept = sorted(raw.items(), key=lambda item: (-item[1], item[0]))[:_WORDS_OF_A_TEXT]
    length = (1 - _SLOPE) * usual + _SLOPE * math.sqrt(sum(value * value for _, value in kept))
    return {word: value / length for word, value in kept}


def _nearness(one: float | None, other: float | None) -> float:
    if one is None or other is None:
        return 1.0
    return math.exp(-((one - other) ** 2) / (2 * _SIGMA**2))


def _average_link(count: int, likenesses: dict[tuple[int, int], float]) -> list[list[int]]:
    """Join the two clusters with the highest mean likeness until it falls below the cut."""
    members = {number: [number] for number in range(count)}
    links: dict[int, dict[int, float]] = defaultdict(dict)
    heap: list[tuple[float, int, int]] = []
    for (one, other), likeness in likenesses.items():
        links[one][other] = links[other][one] = likeness
        if likeness >= CUT:
            heap.append((-likeness, one, other))
    heapq.heapify(heap)
    following = count
    while heap:
        _, one, other = heapq.heappop(heap)
        if one not in members or other not in members:
            continue
        if len(members[one]) + len(members[other]) > LARGEST:
            continue
        joined = links.pop(one)
        joined.pop(other)
        theirs = links.pop(other)
        theirs.pop(one)
        for neighbour, total in theirs.items():
            joined[neighbour] = joined.get(neighbour, 0.0) + total
        members[following] = members.pop(one) + members.pop(other)
        links[following] = joined
        size = len(members[following])
        for neighbour, total in joined.items():
            links[neighbour].pop(one, None)
            links[neighbour].pop(other, None)
            links[neighbour][following] = total
            mean = total / (size * len(members[neighbour]))
            if mean >= CUT:
                heapq.heappush(heap, (-mean, neighbour, following))
        following += 1
    return sorted(sorted(numbers) for numbers in members.values())
