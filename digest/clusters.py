"""Which texts tell of one event: average-link clustering over a sparse graph of likenesses. Pure.

A text is compared as a bag of words (``bag``), which is made once. Of all pairs only those are compared that share
enough words which few texts have; the work grows with the texts, not with their square.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from zlib import crc32

from crawler.archive import Bag

#: Texts whose mean likeness is at least this tell of one event (measured: tests/eval/stories.py).
CUT = 0.16
#: The first words of a text, title and all, count in full, later ones as this much of a word; a word that comes again
#: adds the less the more often it did (as in BM25).
_FIRST, _LATER = 150, 0.6
_SATURATION = 1.2
#: A long text has many words beside those of the event: its vector is made as short as this much of its own length and
#: for the rest that of a usual text (pivoted length normalisation), which has so many words of a rarity of 1.
_SLOPE, _PIVOT = 0.85, 7.2
#: Where no spaces are written half the pairs of letters are of two words: as many again are kept, one that no other
#: text has counts this much, and what two texts share is worth more (tests/eval/stories.py, sets without spaces).
_ALONE, _UNSPACED = 0.6, 1.2
#: Likenesses below this are not counted at all.
_FAINT = 0.05
#: Standard deviation, in days, of the time between two articles about one event.
_SIGMA = 5.0
_WORDS_OF_A_TEXT = 150
#: No story is larger: what looks like one is a day's whole paper about nothing.
LARGEST = 300
#: A word that more of the texts have than this is everybody's: it counts nothing.
_COMMON = 2 * LARGEST
#: Pairs are found by words that no more texts have than this, and by a text's heaviest of the commoner ones: those of a
#: great event stand in many. Two are compared when what finds them would make this much of a likeness if it stood in
#: both as it does in one.
_TELLING, _HEAVIEST, _PROMISING = 64, 10, 0.03
#: Texts that are so much alike may be two fillings of one form. They are when what is filled in, names and numbers, is
#: less alike than all their words, together with the title's words hardly more, or less where numbers alone are known,
#: and their titles do not tell the same (measured: 80 % of 228 events in 19 forms are told apart; of 24 that are told
#: again with other titles and figures 19 stay one story; of 4,300 pairs of real texts about one event that are so much
#: alike 16 are taken for fillings, and no set loses by it; tests/eval/stories.py).
_MAY_BE_FILLED, _OF_NAMES, _WITH_TITLES, _NUMBERS_ONLY, _OF_TITLES = 0.2, 1.0, 1.2, 0.9, 0.9
#: Where so much of what is filled in is the same, it is one event. Where of so many names and numbers nothing is, and
#: the days are others, it is not, although the title is the same: "Shares close lower".
_SAME = 0.7
_NOTHING, _MANY, _ANOTHER_DAY = 0.05, 3, 0.5
#: A text of fewer different words tells no event: "Live updates" is many.
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Text:
    """One text to be clustered."""

    bag: Bag
    #: Days since any fixed moment; None where nothing is known.
    day: float | None = None


def bag(
    words: Sequence[str],
    names: Set[str] = frozenset(),
    numbers: Set[str] = frozenset(),
    titled: Set[str] = frozenset(),
    *,
    unspaced: bool = False,
) -> Bag:
    """Weigh the words of a text by how often and how early they stand.

    ``names`` and ``numbers`` are those that are such, ``titled`` those that stand in the title and in the text;
    ``unspaced`` says that they are mostly pairs of letters.
    """
    counts: dict[str, float] = defaultdict(float)
    for word in words[:_FIRST]:
        counts[word] += 1.0
    for word in words[_FIRST:]:
        counts[word] += _LATER
    filled = names | numbers
    told = [word for part in (filled - titled, filled & titled, titled - filled) for word in sorted(part)]
    ordered = dict.fromkeys(told, 0.0) | counts
    weights = (count * (_SATURATION + 1) / (count + _SATURATION) for count in ordered.values())
    hashes = (crc32(word.encode("utf-8", "replace")) for word in ordered)
    titles = len(filled - titled), len(told)
    return Bag(array("I", hashes), array("f", weights), len(filled), titles, bool(names), unspaced)


def cluster(texts: Sequence[Text]) -> list[list[int]]:
    """Group texts by event: lists of their numbers, each text in one list, all in order."""
    space = Space(texts)
    likenesses: dict[tuple[int, int], float] = {}
    for number in range(len(texts)):
        for other, likeness in space.alike(number):
            likenesses[other, number] = likeness
        space.add(number)
    return _average_link(len(texts), likenesses)


def assign(texts: Sequence[Text], homes: Sequence[int | None]) -> list[int]:
    """Give each text a home: those that have none go, in order, where the others are most like them on average.

    A text that is like none of them enough gets a home of its own, with a number that no other has.
    """
    space = Space(texts)
    homeless = [number for number, home in enumerate(homes) if home is None]
    asked = frozenset(word for number in homeless for word in space.asked(number))
    for number, home in enumerate(homes):
        if home is not None:
            space.add(number, asked)
    given: dict[int, int] = {number: home for number, home in enumerate(homes) if home is not None}
    sizes = Counter(given.values())
    unused = max(sizes, default=0) + 1
    for number in homeless:
        sums: dict[int, float] = defaultdict(float)
        for other, likeness in space.alike(number):
            sums[given[other]] += likeness
        means = [(total / sizes[home], -home) for home, total in sums.items() if sizes[home] < LARGEST]
        mean, found = max(means, default=(0.0, 0))
        given[number] = -found if mean >= CUT else unused
        unused += given[number] == unused
        sizes[given[number]] += 1
        space.add(number, asked)
    return [given[number] for number in range(len(texts))]


class Space:
    """Texts that may be compared: as cosines of their words weighed by rarity, less the further apart in time."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._texts = texts
        self._frequency = Counter(chain.from_iterable(text.bag.words for text in texts))
        #: How rare a word is that so many texts have.
        self._rarity = {number: math.log(1 + len(texts) / number) for number in {*self._frequency.values()}}
        self._usual = _PIVOT * math.log(1 + len(texts))
        self._vectors: dict[int, dict[int, float]] = {}
        self._lengths: dict[int, float] = {}
        self._having: dict[int, list[int]] = defaultdict(list)

    def add(self, number: int, asked: frozenset[int] | None = None) -> None:
        """Let a text be found by its words, or by those that are asked for at all."""
        words = self._texts[number].bag.words
        if len(words) < _FEWEST:
            return
        for word in words if asked is None else asked.intersection(words):
            if 1 < self._frequency[word] <= _COMMON:
                self._having[word].append(number)

    def asked(self, number: int) -> Iterator[int]:
        """Give the words by which a text finds others."""
        commoner = 0
        for word in self._vector(number):
            commoner += self._frequency[word] > _TELLING
            if commoner <= _HEAVIEST or self._frequency[word] <= _TELLING:
                yield word

    def alike(self, number: int) -> Iterator[tuple[int, float]]:
        """Give the texts that were added and are like this one, each with how much."""
        own = self._vector(number)
        shared: dict[int, float] = defaultdict(float)
        for word in self.asked(number):
            square = own[word] * own[word]
            for other in self._having.get(word, ()):
                shared[other] += square
        for other, promise in shared.items():
            if promise >= _PROMISING and (likeness := self.likeness(number, other)) >= _FAINT:
                yield other, likeness

    def likeness(self, one: int, other: int) -> float:
        """Tell how alike two texts are: from 0 to about 1, which the same text has."""
        nearness = _nearness(self._texts[one].day, self._texts[other].day)
        if nearness < _FAINT:
            return 0.0
        less, more = sorted((self._vector(one), self._vector(other)), key=len)
        alike = sum([value * more.get(word, 0.0) for word, value in less.items()])
        if alike >= _MAY_BE_FILLED and self._are_fillings(one, other, alike):
            return 0.0
        both_unspaced = self._texts[one].bag.unspaced and self._texts[other].bag.unspaced
        return nearness * alike * (_UNSPACED if both_unspaced else 1.0)

    def _are_fillings(self, one: int, other: int, alike: float) -> bool:
        """Tell whether two texts are so much alike because both are filled into one form, with different events."""
        alike = min(alike, _SAME)
        names = self._agreement(one, other, _names)
        if names >= _OF_NAMES * alike:
            return False
        if self._agreement(one, other, _titled) >= _OF_TITLES:
            is_daily = self._have_titles_and_many_names(one, other) and self._are_of_two_days(one, other)
            return is_daily and names < _NOTHING
        with_titles = _WITH_TITLES if self._texts[one].bag.named and self._texts[other].bag.named else _NUMBERS_ONLY
        return self._agreement(one, other, _names_and_titled) < with_titles * alike

    def _have_titles_and_many_names(self, one: int, other: int) -> bool:
        bags = self._texts[one].bag, self._texts[other].bag
        return all(bag.names_end >= _MANY and bag.titled[0] < bag.titled[1] for bag in bags)

    def _are_of_two_days(self, one: int, other: int) -> bool:
        first, second = self._texts[one].day, self._texts[other].day
        return first is not None and second is not None and abs(first - second) >= _ANOTHER_DAY

    def _agreement(self, one: int, other: int, telling: Callable[[Bag], slice]) -> float:
        """Compare two texts by the words that tell in either what it is about; 1 where one of them has none."""
        first, second = self._told(one, telling), self._told(other, telling)
        its, theirs = self._vector(one), self._vector(other)
        first, second = (
            first | {word: its[word] for word in second if word in its},
            second | {word: theirs[word] for word in first if word in theirs},
        )
        if not first or not second:
            return 1.0
        lengths = math.hypot(*first.values()) * math.hypot(*second.values())
        return sum(value * second.get(word, 0.0) for word, value in first.items()) / lengths

    def _told(self, number: int, telling: Callable[[Bag], slice]) -> dict[int, float]:
        """Weigh the words of a text that tell what it is about, those that no other has among them."""
        bag, length = self._texts[number].bag, self._lengths[number]
        words, weights = bag.words[telling(bag)], bag.weights[telling(bag)]
        return {
            word: weight * self._rarity[self._frequency[word]] / length
            for word, weight in zip(words, weights, strict=True)
        }

    def _vector(self, number: int) -> dict[int, float]:
        """Weigh the words of a text by rarity and keep the heaviest, in order; of them those that others may share."""
        if number not in self._vectors:
            self._vectors[number], self._lengths[number] = self._weigh(self._texts[number].bag)
        return self._vectors[number]

    def _weigh(self, words: Bag) -> tuple[dict[int, float], float]:
        if len(words.words) < _FEWEST:
            return {}, 1.0
        rarity, frequency, most = self._rarity, self._frequency, _WORDS_OF_A_TEXT
        if words.unspaced:
            rarity, most = rarity | {1: _ALONE * rarity.get(1, 0.0)}, 2 * most
        raw = [
            (weight * rarity[frequency[word]], word) for word, weight in zip(words.words, words.weights, strict=True)
        ]
        raw.sort(reverse=True)
        kept = raw[:most]
        length = (1 - _SLOPE) * self._usual + _SLOPE * math.sqrt(sum([value * value for value, _ in kept]))
        return {word: value / length for value, word in kept if 1 < self._frequency[word] <= _COMMON}, length


def _names(bag: Bag) -> slice:
    return slice(bag.names_end)


def _titled(bag: Bag) -> slice:
    return slice(*bag.titled)


def _names_and_titled(bag: Bag) -> slice:
    return slice(bag.titled[1])


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
