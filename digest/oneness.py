"""Which texts readers take for one event, by what they were told last, and what of it people found otherwise. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, product

from crawler.records import Article
from digest.content import EditionContent, Erratum


@dataclass(frozen=True, slots=True)
class Ruling:
    """A split or a merge: people said of these articles that they tell of one event, or that they do not."""

    at: datetime
    #: The articles that went out and those that stayed; or those that each story brought, of the one that stayed first.
    parts: tuple[frozenset[int], ...]

    def parted(self, one: int, other: int) -> bool:
        """Tell whether it speaks of two articles: they stand in different parts."""
        sides = self.side(one), self.side(other)
        return None not in sides and sides[0] != sides[1]

    def side(self, article: int) -> int | None:
        """Give the number of the part that has an article."""
        return next((number for number, part in enumerate(self.parts) if article in part), None)


@dataclass(frozen=True, slots=True)
class Events:
    """What people ruled, and what is so now of the articles of which editions told."""

    rulings: tuple[Ruling, ...] = ()
    #: Those that are in the stories of which people ruled.
    articles: Mapping[int, Article] = field(default_factory=dict)
    #: article -> the story that it is in; the titles of these stories.
    homes: Mapping[int, int] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Untrue:
    """Texts that readers take for one event or for two, and that are the contrary."""

    #: As it is now.
    are_one: bool
    at: datetime
    #: Slot of the edition that told it last.
    slot: str
    #: The article whose headline stands for the one event.
    article: int
    #: The title of the other one.
    other: str
    #: The articles of the one and of the other.
    parts: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Saying:
    """What an edition told of two articles."""

    are_one: bool
    slot: str
    #: How many editions came since.
    age: int
    #: The article beneath whose headline it was told; 0 where each had a headline of its own, and no more was said.
    headline: int


@dataclass(frozen=True, slots=True)
class _Edition:
    slot: str
    age: int
    #: article -> the article of the headline beneath which its story was told.
    shown: Mapping[int, int]
    #: The errata of splits and merges, each with what it says.
    errata: Sequence[tuple[Ruling, Erratum]]

    @classmethod
    def of(cls, content: EditionContent, age: int) -> _Edition:
        return cls(
            content.masthead.slot,
            age,
            {article: item.carrier.article for item in content.items for article in item.articles},
            [(Ruling(one.at, tuple(map(frozenset, one.parts))), one) for one in content.errata if one.parts],
        )

    def says(self, one: int, other: int) -> _Saying | None:
        """Tell what it says of both in one breath: an erratum before an item, for it is what people said."""
        for ruling, erratum in self.errata:
            if ruling.parted(one, other):
                return _Saying(erratum.kind == "merged", self.slot, self.age, erratum.article)
        headline = self.shown.get(one)
        if headline is not None and headline == self.shown.get(other):
            return _Saying(True, self.slot, self.age, headline)
        return None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two groups of articles; of all in a group the same was told and ruled throughout."""

    one: tuple[int, ...]
    other: tuple[int, ...]
    said: _Saying
    #: When people said last whether they are one.
    at: datetime

    @property
    def articles(self) -> tuple[int, ...]:
        """All articles of both."""
        return (*self.one, *self.other)

    def joins(self, some: Collection[int], others: Collection[int]) -> bool:
        """Tell whether one group is among some articles and the other one among others."""
        one, other = self.one[0], self.other[0]
        return (one in some and other in others) or (one in others and other in some)


def articles_told(earlier: Iterable[EditionContent]) -> set[int]:
    """Gather all articles of which editions told, in items or in errata."""
    told: set[int] = set()
    for content in earlier:
        told.update(*(item.articles for item in content.items))
        told.update(*(part for erratum in content.errata for part in erratum.parts))
        told.update(erratum.article for erratum in content.errata)
    return told


def untrue(earlier: Sequence[EditionContent], events: Events) -> Iterator[Untrue]:
    """Find what readers of these editions, the newest first, take for one event or for two, and is otherwise now."""
    if not events.rulings:
        return
    editions = [_Edition.of(content, age) for age, content in enumerate(earlier)]
    apart: list[_Pair] = []
    together: list[_Pair] = []
    ruled = _ruled_apart(events)
    for one, other in combinations(_alike(editions, events), 2):
        stories = frozenset((events.homes[one[0]], events.homes[other[0]]))
        are_one = len(stories) == 1
        at = _ruled_together(events, one[0], other[0]) if are_one else ruled.get(stories)
        said = None if at is None else _said(editions, one[0], other[0])
        if at is not None and said is not None and said.are_one != are_one:
            (together if are_one else apart).append(_Pair(one, other, said, at))
    yield from _apart(apart, editions, events)
    yield from _together(together, editions, events)


def _ruled_apart(events: Events) -> Mapping[frozenset[int], datetime]:
    """Tell of which stories people said that they are two, and when last: of some texts of the one and of the other."""
    found: dict[frozenset[int], datetime] = {}
    for ruling in events.rulings:
        homes = [{events.homes[article] for article in part if article in events.homes} for part in ruling.parts]
        for one, other in combinations(homes, 2):
            for stories in map(frozenset, product(one, other)):
                found[stories] = max(ruling.at, found.get(stories, ruling.at))
    return found


def _ruled_together(events: Events, one: int, other: int) -> datetime | None:
    return max((ruling.at for ruling in events.rulings if ruling.parted(one, other)), default=None)


def _alike(editions: Sequence[_Edition], events: Events) -> list[tuple[int, ...]]:
    """Group articles that people and editions always named together: a story of a thousand is looked at as one."""
    named: dict[int, list[tuple[object, ...]]] = {article: [] for article in events.articles}
    errata = (ruling for each in editions for ruling, _ in each.errata)
    for number, ruling in enumerate((*events.rulings, *errata)):
        for side, part in enumerate(ruling.parts):
            for article in part & named.keys():
                named[article].append((number, side))
    for each in editions:
        for article in each.shown.keys() & named.keys():
            named[article].append(("shown", each.age, each.shown[article]))
    groups: dict[object, list[int]] = {}
    for article, names in sorted(named.items()):
        groups.setdefault((events.homes[article], *names), []).append(article)
    return [tuple(group) for group in groups.values()]


def _said(editions: Sequence[_Edition], one: int, other: int) -> _Saying | None:
    """Find what was told last of two articles; two headlines of their own tell of two events."""
    seen: set[int] = set()
    for edition in editions:
        saying = edition.says(one, other)
        if saying is not None:
            return saying
        seen |= {one, other} & edition.shown.keys()
        if len(seen) == 2:
            return _Saying(False, edition.slot, edition.age, 0)
    return None


def _apart(pairs: Sequence[_Pair], editions: Sequence[_Edition], events: Events) -> Iterator[Untrue]:
    """Tell of what was told as one event and is two or more, beneath a headline under which it was told."""
    homes = events.homes
    for those in _connected(pairs, homes):
        articles = {article for pair in those for article in pair.articles}
        stories = sorted({homes[article] for article in articles})
        stays = homes.get(_newest(those).headline)
        base = stays if stays in stories else stories[0]
        for story in stories:
            if story == base:
                continue
            between = [pair for pair in those if {homes[pair.one[0]], homes[pair.other[0]]} == {base, story}] or those
            out = {article for article in articles if homes[article] == story}
            headline = _newest(between).headline
            if homes.get(headline) not in {base, story}:  # it is of neither of the two any more
                headline = _headline(editions, {article for article in articles if homes[article] == base})
            other = events.titles.get(base if homes[headline] == story else story, "")
            yield _untrue(False, between, headline, other, articles - out, out)


def _connected(pairs: Iterable[_Pair], homes: Mapping[int, int]) -> list[list[_Pair]]:
    """Group pairs that speak of the same stories, as they are now."""
    found: list[tuple[set[int], list[_Pair]]] = []
    for pair in pairs:
        stories = {homes[pair.one[0]], homes[pair.other[0]]}
        touched = [each for each in found if not stories.isdisjoint(each[0])]
        found = [each for each in found if stories.isdisjoint(each[0])]
        found.append((stories.union(*(each[0] for each in touched)), [*(p for each in touched for p in each[1]), pair]))
    return [those for _, those in found]


def _together(pairs: Sequence[_Pair], editions: Sequence[_Edition], events: Events) -> Iterator[Untrue]:
    """Tell of what was told as two events or more and is one, each but the one that stays beneath its headline."""
    stories: dict[int, list[_Pair]] = {}
    for pair in pairs:
        stories.setdefault(events.homes[pair.one[0]], []).append(pair)
    for those in stories.values():
        stays, *others = _told_apart(those, events)
        same = events.articles[_headline(editions, stays)].title
        for other in others:
            between = [pair for pair in those if pair.joins(stays, other)]
            yield _untrue(True, between, _headline(editions, other), same, stays, other)
            stays = stays | other


def _told_apart(pairs: Sequence[_Pair], events: Events) -> list[frozenset[int]]:
    """Group the articles of a story by the events of which they were told, the event that stays first."""
    last = max(pair.at for pair in pairs)
    ruling = next(ruling for ruling in events.rulings if ruling.at == last)
    sides = {group: ruling.side(group[0]) for pair in pairs for group in (pair.one, pair.other)}
    apart = {frozenset((pair.one, pair.other)) for pair in pairs}
    parted = {frozenset((pair.one, pair.other)) for pair in pairs if pair.said.headline}
    found: list[list[tuple[int, ...]]] = []
    for group in sorted(
        sides, key=lambda group: (len(ruling.parts) if (side := sides[group]) is None else side, group)
    ):
        # What follows from all that was said need not be said, but where the contrary was.
        event = next(
            (
                each
                for each in found
                if any(frozenset((group, one)) not in apart for one in each)
                and all(frozenset((group, one)) not in parted for one in each)
            ),
            None,
        )
        if event is None:
            found.append([group])
        else:
            event.append(group)
    return [frozenset(article for group in event for article in group) for event in found]


def _headline(editions: Sequence[_Edition], articles: Collection[int]) -> int:
    """Choose the article whose headline stands for some: the one that readers saw last as a headline."""
    told = (headline for edition in editions for headline in edition.shown.values() if headline in articles)
    return next(told, min(articles))


def _newest(pairs: Sequence[_Pair]) -> _Saying:
    return min((pair.said for pair in pairs), key=lambda said: said.age)


def _untrue(
    are_one: bool,
    pairs: Sequence[_Pair],
    headline: int,
    other: str,
    one_part: Collection[int],
    other_part: Collection[int],
) -> Untrue:
    parts = tuple(sorted(one_part)), tuple(sorted(other_part))
    return Untrue(are_one, max(pair.at for pair in pairs), _newest(pairs).slot, headline, other, parts)
