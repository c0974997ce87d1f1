"""Texts as weighted words, for everything that compares texts: stories and summaries."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from threading import Lock

import Stemmer

from crawler import tokens
from crawler.languages import primary

Vector = Mapping[str, float]

#: BCP 47 -> Snowball algorithm; other languages are compared by their words as they stand.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


#: Words whose stems are remembered, for each language: a language's news has some 100,000 different ones in a month.
_REMEMBERED = 100_000


class _Stems(dict[str, str]):
    """Word -> stem; filled when a word is first met, for words come again."""

    def __init__(self, algorithm: str) -> None:
        super().__init__()
        self._stem: Callable[[str], str] = Stemmer.Stemmer(algorithm).stemWord
        # A stemmer holds the word that it is at: two threads would get parts of one another's.
        self._one_at_a_time = Lock()

    def __missing__(self, word: str) -> str:
        with self._one_at_a_time:
            if len(self) >= _REMEMBERED:
                self.clear()
            stem = self[word] = self._stem(word)
        return stem


@cache
def _stems(algorithm: str) -> _Stems | None:
    return _Stems(algorithm) if algorithm in Stemmer.algorithms() else None


def stems(text: str, language: str, most: int | None = None) -> list[str]:
    """Cut a text into word stems: bigrams in scripts without spaces, single letters left out."""
    return stems_of(tokens.words(text)[:most], language)


def stems_of(words: Sequence[str], language: str) -> list[str]:
    """Give the stems of words that were cut already."""
    known = _stems(_STEMMERS.get(primary(language), ""))
    if known is None:
        return [word for word in words if len(word) > 1 or not word.isascii()]
    return [known[word] for word in words if len(word) > 1 or not word.isascii()]


def rarity(documents: Iterable[Iterable[str]], count: int) -> dict[str, float]:
    """Weigh words by how few of the documents have them (inverse document frequency)."""
    frequency = Counter(chain.from_iterable(map(set, documents)))
    weights = {number: math.log(1 + count / number) for number in set(frequency.values())}
    return {word: weights[number] for word, number in frequency.items()}


def vector(words: Sequence[str], weights: Mapping[str, float], most: int | None = None) -> dict[str, float]:
    """Weigh the words of a text (1 + log of their number, times rarity), keep the heaviest, make its length 1."""
    raw = {word: (1 + math.log(number)) * weights.get(word, 0.0) for word, number in Counter(words).items()}
    kept = sorted(raw.items(), key=lambda item: (-item[1], item[0]))[:most]
    length = math.sqrt(sum(value * value for _, value in kept)) or 1.0
    return {word: value / length for word, value in kept if value}


def cosine(one: Vector, other: Vector) -> float:
    """Tell how alike two vectors of length 1 are, 0..1."""
    shorter, longer = (one, other) if len(one) < len(other) else (other, one)
    return sum(value * longer.get(word, 0.0) for word, value in shorter.items())
