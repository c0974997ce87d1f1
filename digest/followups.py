"""Stories of one language that may tell of the same event, although grouping left them apart. Pure.

A follow-up in other words ("survivors tell of the explosion") is like no report of the event, but says early on of
what it tells: it names the mine. Nothing is merged or shown by that; it only keeps us from saying that nobody else
tells an event.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from crawler import agencies
from crawler.languages import primary
from crawler.records import Article
from digest import links
from digest.gazetteer import gazetteer
from digest.links import Told
from digest.vectors import stems

#: So many letters of a text tell what it is about, headline and all; in Chinese and Japanese fewer do.
_BEGINNING, _UNSPACED_BEGINNING = 400, 140
#: Chinese characters and katakana in a row; so many of them are hardly a common word.
_RUN = re.compile("[\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff]{5,}")
_LONG = 5
#: A language counts as having so many stories at least; what two have in common must weigh as much as something that
#: so many stories have, and each part of it as much as this.
_FEWEST, _FEW, _TELLING = 50, 3, 2.5


def marks(articles: Iterable[Article], names: Iterable[str], outlets: Iterable[str]) -> frozenset[str]:
    """Find the rare names and exact numbers at the beginning of a story's texts; outlets name themselves everywhere."""
    own, names = [outlet for outlet in outlets if outlet], [*dict.fromkeys(names)]
    found: set[str] = set()
    for article in articles:
        text = f"{article.title}\n{article.text or article.lead}"[:_BEGINNING]
        for outlet in own:
            text = text.replace(outlet, "\n")
        for run in _RUN.findall(text[:_UNSPACED_BEGINNING]):
            found.update(run[start : start + _LONG] for start in range(len(run) - _LONG + 1))
        for name in names:
            if name in text and not _is_known(name, article.language):
                found.add(" ".join(stems(name, article.language)))
        found.update(links.exact_numbers(text))
    return frozenset(mark for mark in found if len(mark) > 1)


def _is_known(name: str, language: str) -> bool:
    known = gazetteer(primary(language))
    return agencies.known(name) is not None or any(known.find(name))


class Followups:
    """The stories of some days, each with those of its language that may tell of the same event."""

    def __init__(self, told: Sequence[Told], asked: Collection[int] | None = None) -> None:
        """Take all stories that may be compared, and those that are asked of (None: of any); others take longer."""
        self._known = {one.story: one for one in told}
        self._of_language: dict[str, list[Told]] = defaultdict(list)
        for one in told:
            self._of_language[one.language].append(one)
        self._asked = self._known.keys() if asked is None else self._known.keys() & set(asked)
        wanted = {mark for story in self._asked for mark in self._known[story].marks}
        self._having: dict[tuple[str, str], list[Told]] = defaultdict(list)
        for one in told:
            for mark in wanted & one.marks:
                self._having[one.language, mark].append(one)

    def of(self, story: int) -> set[int]:
        """Name the stories that may tell of the same event as one of them."""
        own = self._known.get(story)
        if own is None or not own.language:
            return set()
        alike = self._of_language[own.language]
        size = max(_FEWEST, len(alike))
        weights: dict[int, float] = defaultdict(float)
        for mark in own.marks:
            having = (
                self._having[own.language, mark]
                if story in self._asked
                else [one for one in alike if mark in one.marks]
            )
            weight = math.log(1 + size / len(having))
            if weight >= _TELLING:
                for other in having:
                    if links.near(own, other):
                        weights[other.story] += weight
        return {other for other, weight in weights.items() if weight >= math.log(1 + size / _FEW)} - {story}
