"""What was said before: sentences that were told, and the earlier texts of articles. Pure, in every script."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby, islice

from digest.sentences import split
from digest.vectors import Vector, cosine, stems

#: Sentences as alike as this say the same.
SAME = 0.5
#: So much of a short sentence stands in a longer one that says the same.
_CONTAINED = 0.4
#: So many sentences of an earlier text are compared with each that is not in it.
_COMPARED = 200


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
        self._text, self._language = text, language
        self._plain = f" {plain(text)} "

    def has(self, plain_sentence: str) -> bool:
        """Tell whether a sentence stands in it."""
        return f" {plain_sentence} " in self._plain

    def changed(self, text: str) -> Iterator[str]:
        """List the sentences of the later text that do not stand in it word for word but for slips of the pen."""
        for sentence in split(text, self._language):
            if not self.has(plain(sentence)) and not self._has_with_slips(sentence):
                yield sentence

    def _has_with_slips(self, sentence: str) -> bool:
        own = Counter(stems(sentence, self._language))
        nearest = max(self._sentences, key=lambda other: len(own.keys() & other.keys()), default=Counter[str]())
        come, gone = [*(own - nearest)], [*(nearest - own)]
        return len(come) == len(gone) and sorted(map(_letters, come)) == sorted(map(_letters, gone))

    @cached_property
    def _sentences(self) -> list[Counter[str]]:
        found = islice(split(self._text, self._language), _COMPARED)
        return [Counter(stems(sentence, self._language)) for sentence in found]


def repeats(one: Vector, other: Vector) -> bool:
    """Tell whether one of two sentences says most of what the other says."""
    return cosine(one, other) >= SAME or any(
        sum(value for word, value in short.items() if word in long) >= _CONTAINED * sum(short.values())
        for short, long in ((one, other), (other, one))
    )


def _letters(word: str) -> list[str]:
    """List a word's letters without order and doubling: what a slip of the pen leaves as it is, and no other word has.

    Looser likeness would take a billion for a million.
    """
    return sorted(letter for letter, _ in groupby(word)) if word.isalpha() else [word]


def numbers(text: str) -> frozenset[str]:
    """List the numbers of a text."""
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*", text))


def plain(text: str) -> str:
    """Write a text as its words alone."""
    return " ".join(re.findall(r"\w+", text.casefold()))
