"""What was said before: sentences that were told, and the earlier texts of articles. Pure, in every script."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from digest.sentences import split
from digest.vectors import Vector, stems

#: Sentences as alike as this say the same.
SAME = 0.5
#: Words as alike as this are one with a slip of the pen.
_SLIP = 0.75


class Known:
    """Sentences that were told before."""

    def __init__(self, vectors: Sequence[Vector], texts: Sequence[str]) -> None:
        self._vectors = vectors
        self._numbers = [numbers(text) for text in texts]
        self._texts = [plain(text) for text in texts]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, own in enumerate(vectors):
            for word in own:
                self._by_word[word].append(number)

    def has(self, text: str, own: Vector, earlier: Earlier | None = None) -> bool:
        """Tell whether a sentence says what one of them says.

        Of those that stand in an earlier text of its article it may be a changed one; they do not count.
        """
        if plain(text) in self._texts:
            return True
        alike: dict[int, float] = defaultdict(float)
        for word, value in own.items():
            for number in self._by_word.get(word, ()):
                alike[number] += value * self._vectors[number][word]
        said = numbers(text)
        return any(
            likeness >= SAME and said <= self._numbers[number]
            for number, likeness in alike.items()
            if earlier is None or not earlier.has(self._texts[number])
        )


class Earlier:
    """A text of an article that has another one by now."""

    def __init__(self, text: str, language: str) -> None:
        self._text = f" {plain(text)} "
        self._sentences = [Counter(stems(sentence, language)) for sentence in split(text, language)]

    def has(self, plain_sentence: str) -> bool:
        """Tell whether a sentence stands in it."""
        return f" {plain_sentence} " in self._text

    def says(self, sentence: str, words: Collection[str]) -> bool:
        """Tell whether a sentence stands in it, word for word but for slips of the pen."""
        if self.has(plain(sentence)):
            return True
        own = Counter(words)
        nearest = max(self._sentences, key=lambda other: (own & other).total(), default=Counter[str]())
        come, gone = [*(own - nearest)], [*(nearest - own)]
        return len(come) == len(gone) and all(map(_is_slip, come, [gone] * len(come)))


def _is_slip(word: str, others: Sequence[str]) -> bool:
    return word.isalpha() and bool(get_close_matches(word, others, 1, _SLIP))


def numbers(text: str) -> frozenset[str]:
    """List the numbers of a text."""
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*", text))


def plain(text: str) -> str:
    """Write a text as its words alone."""
    return " ".join(re.findall(r"\w+", text.casefold()))
