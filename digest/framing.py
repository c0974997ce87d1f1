"""Framing: the words that set the state media in a story apart from the others. Pure.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin' Words", 2008): how much likelier a
word is on one side than on the other, shrunk by how common it is in all, and counted in standard errors. These are
wider where a few texts have most of it: texts differ in their words by more than chance, also on one side. What texts
of both sides have anyway sets neither apart.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from crawler import agencies, tokens
from crawler.languages import primary
from crawler.records import Article, Source
from digest.function_words import function_words
from digest.vectors import stems_of

#: Nothing is said of fewer texts or words than this on either side.
LEAST_TEXTS, LEAST_WORDS = 2, 300
#: A word must stand in so many texts of its side, so often, and so many standard errors apart.
_TEXTS, _COUNT, _ERRORS = 2, 4, 2.58
#: A word that stands in more than this share of the texts on either side is one that texts have anyway.
_ANYWAY = 1 / 3
#: The prior weighs so much of what all words weigh: with less or more, what one side alone says stands out less.
_PRIOR = 1 / 6
_SHOWN = 8
#: Pairs of letters are shown as a run of at most so many when it occurs this share as often as they do.
_LONGEST, _AS_OFTEN = 14, 0.8
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
            sides[primary(article.language)][source.control != "state"].append(article)
    found = (_compare(language, state, others) for language, (state, others) in sorted(sides.items()))
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True)
class _Text:
    """A text as its words; in scripts without spaces as pairs of letters, each of which overlaps the next."""

    whole: str
    stems: tuple[str, ...]
    #: The number of each among the tokens of the text.
    numbers: tuple[int, ...]

    @cached_property
    def _tokens(self) -> tokens.Places:
        """Where the words stand: only of those that are told of does anybody ask."""
        return tokens.Places(self.whole)

    def start(self, word: int) -> int:
        """Tell where a word begins."""
        return self._tokens[self.numbers[word]].start

    def end(self, word: int) -> int:
        """Tell where a word ends."""
        return self._tokens[self.numbers[word]].end


@dataclass(frozen=True, slots=True)
class _Side:
    texts: tuple[_Text, ...]
    #: How often each word stands there, and in how many texts.
    counts: Counter[str]
    spread: Counter[str]
    each: tuple[Counter[str], ...]
    words: int

    def has_anyway(self, stem: str) -> bool:
        """Tell whether many of its texts have a word."""
        return self.spread[stem] > _ANYWAY * len(self.texts)

    def unevenness(self, stem: str) -> float:
        """Tell how far the texts are from having a word evenly: the sum of Pearson's chi squared."""
        share = self.counts[stem] / self.words
        wanted = [share * len(text.stems) for text in self.texts]
        return sum((counts[stem] - mean) ** 2 / mean for counts, mean in zip(self.each, wanted, strict=True) if mean)


def _side(articles: Sequence[Article]) -> _Side:
    texts = tuple(map(_cut, articles))
    each = tuple(Counter(text.stems) for text in texts)
    counts = Counter(stem for text in texts for stem in text.stems)
    return _Side(texts, counts, Counter(chain.from_iterable(each)), each, counts.total())


def _cut(article: Article) -> _Text:
    whole = f"{article.lead}\n{article.text}"[:_CHARACTERS]
    words = tokens.words(whole)
    plain = [number for number, word in enumerate(words) if len(word) > 1 or not word.isascii()]
    pairs = list(zip(plain, stems_of(words, article.language), strict=True))
    # The last letter of each run of pairs stands alone once more and is no word.
    kept = [(number, stem) for number, stem in pairs if len(words[number]) > 1 or not tokens.is_unspaced(words[number])]
    return _Text(whole, tuple(stem for _, stem in kept), tuple(number for number, _ in kept))


def _compare(language: str, state: Sequence[Article], others: Sequence[Article]) -> Framing | None:
    if min(len(state), len(others)) < LEAST_TEXTS:
        return None
    ours, theirs = _side(state), _side(others)
    if min(ours.words, theirs.words) < LEAST_WORDS:
        return None
    errors = _errors(ours, theirs, function_words(language))
    ranked = sorted(errors, key=lambda stem: (-abs(errors[stem]), stem))

    def told(side: _Side, other: _Side, sign: int) -> list[tuple[str, int, int]]:
        chosen = [
            stem
            for stem in ranked
            if sign * errors[stem] >= _ERRORS and side.counts[stem] >= _COUNT and side.spread[stem] >= _TEXTS
        ]
        return _spelled(chosen, side, other)

    sizes = (len(state), ours.words, len(others), theirs.words)
    by_state = tuple(Word(word, here, there) for word, here, there in told(ours, theirs, 1))
    by_others = tuple(Word(word, there, here) for word, here, there in told(theirs, ours, -1))
    return Framing(language, *sizes, by_state, by_others)


def _spelled(chosen: Sequence[str], side: _Side, other: _Side) -> list[tuple[str, int, int]]:
    """Write stems as their side writes them; pairs of letters as the longest runs that occur about as often."""
    telling = frozenset(chosen)
    runs, elsewhere = _runs(side, telling), _runs(other, telling)
    shown: dict[str, tuple[str, int, int]] = {}
    for stem in chosen:
        alike = [
            run for run, found in runs.items()
            if stem in found.stems and found.count >= _AS_OFTEN * side.counts[stem] and len(found.texts) >= _TEXTS
        ]  # fmt: skip
        run = max(alike, key=lambda run: (len(run), runs[run].count, run), default="")
        if run:
            there = elsewhere[run].count if run in elsewhere else 0
            shown[run] = (runs[run].spelled.most_common(1)[0][0], runs[run].count, there)
    longest = [run for run in shown if not any(run in other and run != other for other in shown)]
    return [shown[run] for run in longest][:_SHOWN]


@dataclass(slots=True)
class _Run:
    """A word, or letters in a row of a script without spaces: as it is written, how often, and in which texts."""

    stems: frozenset[str]
    count: int = 0
    texts: set[int] = field(default_factory=set)
    spelled: Counter[str] = field(default_factory=Counter)


def _runs(side: _Side, telling: frozenset[str]) -> dict[str, _Run]:
    """Find the telling words, and the runs that telling pairs of letters make where each overlaps the next."""
    found: dict[str, _Run] = {}
    for number, text in enumerate(side.texts):
        for first, stem in enumerate(text.stems):
            if stem not in telling:
                continue
            name, last = stem, first
            while True:
                run = found.setdefault(name, _Run(frozenset(text.stems[first : last + 1])))
                run.count += 1
                run.texts.add(number)
                run.spelled[text.whole[text.start(first) : text.end(last)]] += 1
                last += 1
                if (
                    last == len(text.stems) or last - first >= _LONGEST or text.stems[last] not in telling
                    or text.start(last) >= text.end(last - 1)
                ):  # fmt: skip
                    break
                name += text.stems[last][-1]
    return found


def _errors(ours: _Side, theirs: _Side, never: Collection[str]) -> dict[str, float]:
    """Give for words that may set a side apart how many standard errors they are likelier on ours than on theirs."""
    both = ours.counts + theirs.counts
    prior = _PRIOR * both.total()
    here, there = ours.words + prior, theirs.words + prior
    found = {}
    for stem, count in both.items():
        if count < _COUNT or stem in never or (ours.has_anyway(stem) and theirs.has_anyway(stem)):
            continue
        one, other = ours.counts[stem] + _PRIOR * count, theirs.counts[stem] + _PRIOR * count
        odds = math.log(one / (here - one)) - math.log(other / (there - other))
        errors = odds / math.sqrt(1 / one + 1 / other)
        if abs(errors) >= _ERRORS:
            found[stem] = errors / math.sqrt(_dispersion(stem, ours, theirs))
    return found


def _dispersion(stem: str, ours: _Side, theirs: _Side) -> float:
    """Tell how much more than by chance a word's number differs from text to text of one side; 1 where it does not."""
    free = len(ours.texts) + len(theirs.texts) - 2
    return max(1.0, (ours.unevenness(stem) + theirs.unevenness(stem)) / free)
