"""Texts of other stories that may tell of a story's event, although grouping left them apart. Pure.

Grouping joins only what is alike enough to be shown as one event. What is less alike is shown apart, but it keeps us
from saying that nobody told the event before, or that an outlet did not carry it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from crawler.archive import Bag, Bagged
from digest import clusters, grouping

#: Texts are looked at from so long before the day on which a story began until so long after it.
WINDOW = timedelta(days=4)
#: A text may be an earlier report when it is, on average, so much like a story's first texts and has so many words with
#: them of those that tell what a text is about, or half of its own. (Measured on the three sets of
#: tests/eval/stories.py in an invented order: of 36 wrong claims of a first report 3 are left, of 324 right ones 231.)
_EARLIER, _SHARED = 0.095, 4
#: A text may tell the event at all, as one that an outlet carried, when it is so much like them.
_CARRIED = 0.05
#: A story is compared by so many of its texts.
_READ = 12


class Nearby:
    """The texts of a language that stand in stories in the days around one on which stories began."""

    def __init__(self, texts: Sequence[Bagged]) -> None:
        """Take them, the oldest first."""
        self._texts = texts
        self._numbers = {one.article: number for number, one in enumerate(texts)}
        self._telling = [_telling(one.bag) for one in texts]

    @cached_property
    def _space(self) -> clusters.Space:
        """All of them as they are compared, which takes longest; nobody asks where no two share enough."""
        dated = (None if one.dated is None else grouping.days(one.dated) for one in self._texts)
        return clusters.Space([clusters.Text(one.bag, day) for one, day in zip(self._texts, dated, strict=True)])

    def has_earlier(self, articles: Collection[int], first: datetime | None) -> bool:
        """Tell whether a text of another story may tell the same event and may have come before a time.

        One of which nobody knows when it was published may have come before any time.
        """
        earlier = (
            number
            for number, text in enumerate(self._texts)
            if first is None or text.dated is None or text.dated <= first
        )
        return any(likeness >= _EARLIER for _, likeness in self._alike(articles, earlier, _SHARED))

    def carrying(self, articles: Collection[int], since: datetime) -> list[int]:
        """List the articles of other stories, published since a time or nobody knows when, that may tell the same."""
        lately = (number for number, text in enumerate(self._texts) if text.dated is None or text.dated >= since)
        found = self._alike(articles, lately, 1)
        return [self._texts[number].article for number, likeness in found if likeness >= _CARRIED]

    def _alike(self, articles: Collection[int], numbers: Iterable[int], least: int) -> Iterator[tuple[int, float]]:
        """Compare texts of other stories with a story's own, on average."""
        own = [self._numbers[article] for article in articles if article in self._numbers][:_READ]
        told = frozenset[int]().union(*(self._telling[number] for number in own))
        ours = {*articles}
        for number in numbers if own else ():
            telling = self._telling[number]
            if self._texts[number].article not in ours and len(told & telling) >= min(least, (len(telling) + 1) // 2):
                yield number, sum(self._space.likeness(number, other) for other in own) / len(own)


def _telling(bag: Bag) -> frozenset[int]:
    """Give the words of a text that tell what it is about: names, numbers and those of its title."""
    return frozenset(bag.words[: bag.titled[1]])
