"""Framing: the words that set the state media in a story apart from the others. Pure.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin' Words", 2008): how much likelier a
word is on one side than on the other, shrunk by how common it is in all, and counted in standard errors.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler import agencies
from crawler.records import Article, Source
from digest.vectors import stems

#: Nothing is said of fewer texts or words than this on either side.
LEAST_TEXTS, LEAST_WORDS = 2, 300
#: A word must stand in so many texts of its side, so often, and so many standard errors apart.
_TEXTS, _COUNT, _ERRORS = 2, 4, 1.96
#: The prior weighs as much as so many words.
_PRIOR = 500.0
_SHOWN = 8
_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and how often each side says it."""

    word: str
    state: int
    others: int


@dataclass(frozen=True, slots=True)
class Framing:
    """What each side says more than the other, in one language."""

    language: str
    #: Texts and words that were compared on either side.
    state_texts: int
    state_words: int
    other_texts: int
    other_words: int
    state: tuple[Word, ...]
    others: tuple[Word, ...]


def framing(articles: Iterable[Article], sources: Mapping[str, Source]) -> tuple[Framing, ...]:
    """Compare the sides, language by language; a language without enough text on both sides is left out.

    The articles are those with a text of their own: a copy says nothing of the choice of words of whoever carried it.
    What outlets of unknown control say is on no side.
    """
    sides: dict[str, tuple[list[Article], list[Article]]] = defaultdict(lambda: ([], []))
    by_name = {agencies.identity(source.name): source for source in sources.values() if source.name}
    for article in articles:
        source = by_name.get(agencies.identity(article.credited_to or "")) or sources.get(article.source)
        if source is not None and source.control != "unknown":
            sides[article.language.partition("-")[0].lower()][source.control != "state"].append(article)
    found = (_compare(language, state, others) for language, (state, others) in sorted(sides.items()))
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class _Side:
    counts: Counter[str]
    texts: Counter[str]

    @property
    def words(self) -> int:
        return sum(self.counts.values())


def _side(articles: Sequence[Article], spelled: dict[str, Counter[str]]) -> _Side:
    counts: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for article in articles:
        text = f"{article.lead}\n{article.text}"[:_CHARACTERS]
        plain, stemmed = stems(text, ""), stems(text, article.language)
        for word, stem in zip(plain, stemmed, strict=True):
            spelled[stem][word] += 1
        counts.update(stemmed)
        texts.update(set(stemmed))
    return _Side(counts, texts)


def _compare(language: str, state: Sequence[Article], others: Sequence[Article]) -> Framing | None:
    if min(len(state), len(others)) < LEAST_TEXTS:
        return None
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    ours, theirs = _side(state, spelled), _side(others, spelled)
    if min(ours.words, theirs.words) < LEAST_WORDS:
        return None
    errors = _errors(ours, theirs)
    ranked = sorted(errors, key=lambda stem: (-abs(errors[stem]), stem))

    def told(side: _Side, sign: int) -> tuple[Word, ...]:
        chosen = [
            stem
            for stem in ranked
            if sign * errors[stem] >= _ERRORS and side.counts[stem] >= _COUNT and side.texts[stem] >= _TEXTS
        ]
        words = (Word(spelled[stem].most_common(1)[0][0], ours.counts[stem], theirs.counts[stem]) for stem in chosen)
        return tuple(words)[:_SHOWN]

    sizes = (len(state), ours.words, len(others), theirs.words)
    return Framing(language, *sizes, told(ours, 1), told(theirs, -1))


def _errors(ours: _Side, theirs: _Side) -> dict[str, float]:
    """Give for each word how many standard errors it is likelier on our side than on theirs."""
    both = ours.counts + theirs.counts
    scale = _PRIOR / sum(both.values())
    here, there = ours.words + _PRIOR, theirs.words + _PRIOR
    found = {}
    for stem, count in both.items():
        one, other = ours.counts[stem] + scale * count, theirs.counts[stem] + scale * count
        odds = math.log(one / (here - one)) - math.log(other / (there - other))
        found[stem] = odds / math.sqrt(1 / one + 1 / other)
    return found
