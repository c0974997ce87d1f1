"""Stories in other languages that seem to tell of the same event: numbers and names agree. Pure.

Translations share hardly a word, but "2,300 files" stays 2300, and a name in Latin letters stays one in a Chinese text.
What agrees weighs the more, the fewer stories have it. A link is shown as such ("also in Chinese"); stories are never
merged by it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.records import Article
from crawler.tokens import fold

#: So much of what the two have to agree by must agree, and so many anchors, one of them a number or name that few have.
_AGREEMENT, _LEAST, _TELLING = 0.3, 3, 2.5
#: Only the beginning of a text tells of its event; no more than so many anchors of a story are compared.
_READ, _ANCHORS = 4_000, 40
_DAYS_APART = 4.0
_LETTER = r"A-Za-z\u00c0-\u052f"
_NUMBER = re.compile(
    rf"(?<![{_LETTER}\d.,])(?:\d{{1,3}}(?:[,.\u00a0\u202f ]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?)(?![{_LETTER}])"
)
_GROUPS = re.compile(r"[,.\u00a0\u202f ](?=\d{3}(?!\d))")
#: Capitalised Latin words inside a sentence, and any Latin word in another script.
_NAME = re.compile(r"(?<=[^.!?:\n\"“”»«] )[A-ZÀ-ÖØ-Þ][\w’'-]{3,}")
_LATIN = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}(?![A-Za-z])")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Told:
    """A story as it is compared: its language, its day, and by what it may agree with another."""

    story: int
    language: str
    #: Days since any fixed moment, of its first and last article.
    first: float
    last: float
    anchors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """A story in another language that seems to tell of the same event."""

    story: int
    language: str
    #: The numbers and names that agree, those that fewest stories have first.
    agree: tuple[str, ...]


def anchors(articles: Sequence[Article]) -> frozenset[str]:
    """Find the numbers and names by which a story's texts may agree with texts in other languages."""
    found: Counter[str] = Counter()
    for article in articles:
        text = f"{article.title}\n{article.text or article.lead}"[:_READ]
        names = _LATIN if len(_OTHER_SCRIPT.findall(text)) * 2 > len(text) - text.count(" ") else _NAME
        found.update({fold(name).strip("'’-") for name in names.findall(text)} | _numbers(text))
    return frozenset(anchor for anchor, _ in found.most_common(_ANCHORS))


def _numbers(text: str) -> set[str]:
    """Write numbers in one way; years and single digits are everybody's."""
    found = {_GROUPS.sub("", fold(number)).replace(",", ".") for number in _NUMBER.findall(text)}
    return {number for number in found if len(number) > 1 and not re.fullmatch(r"(19|20)\d\d", number)}


def links(story: int, told: Sequence[Told]) -> tuple[Link, ...]:
    """Find for a story the best one of each other language, where each is the other's best."""
    known = {one.story: one for one in told}
    counts = Counter(anchor for one in told for anchor in one.anchors)
    weights = {anchor: math.log(1 + len(told) / count) for anchor, count in counts.items()}
    own = known[story]
    found = []
    for language in sorted({one.language for one in told} - {own.language, ""}):
        best = _best(own, language, told, weights)
        back = None if best is None else _best(best, own.language, told, weights)
        if best is not None and back is own:
            agree = sorted(own.anchors & best.anchors, key=lambda anchor: (-weights[anchor], anchor))
            found.append(Link(best.story, language, tuple(agree)))
    return tuple(found)


def _best(own: Told, language: str, told: Sequence[Told], weights: Mapping[str, float]) -> Told | None:
    found = [
        (score, len(own.anchors & other.anchors), -other.story, other)
        for other in told
        if other.language == language and _near(own, other) and (score := _agreement(own, other, weights)) > 0
    ]
    return max(found)[-1] if found else None


def _near(one: Told, other: Told) -> bool:
    return one.first - _DAYS_APART <= other.last and other.first - _DAYS_APART <= one.last


def _agreement(one: Told, other: Told, weights: Mapping[str, float]) -> float:
    """Weigh what agrees against what the one with less to say has; 0 where it proves nothing."""
    shared = one.anchors & other.anchors
    if len(shared) < _LEAST or max(weights[anchor] for anchor in shared) < _TELLING:
        return 0.0
    total = min(sum(weights[anchor] for anchor in each.anchors) for each in (one, other))
    share = sum(weights[anchor] for anchor in shared) / total
    return share if share >= _AGREEMENT else 0.0
