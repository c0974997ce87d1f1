"""What people said of stories, laid over what the grouping found. Pure.

A story in which articles must not meet is taken into parts; parts that must be together are joined. What nobody
spoke of stays with the part that nobody took out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from crawler.archive import Constraints, Move
from crawler.records import Story
from digest.grouping import Told


@dataclass(frozen=True, slots=True)
class Judged:
    """The stories as people want them."""

    stories: tuple[Story, ...]
    #: Those of them with other articles than the grouping gave them: what is told of them must be told anew.
    changed: frozenset[int]
    moves: tuple[Move, ...]


def apply(
    stories: Sequence[Story],
    constraints: Constraints,
    next_id: int,
    previous: Sequence[Story] = (),
    moves: Sequence[Move] = (),
) -> Judged:
    """Take stories apart and put them together as people said; every article stays in exactly one story.

    The greatest overlap with a story of the last time keeps its id, as in the grouping.
    """
    bonds = _Bonds(constraints)
    spoken = _spoken(constraints)
    touched = [story for story in stories if not spoken.isdisjoint(story.articles)]
    groups = bonds.join([part for story in touched for part in bonds.parts(story.articles)])
    found = {frozenset(story.articles) for story in touched}
    others = [group for group in groups if frozenset(group) not in found]
    broken = {article for group in others for article in group}
    same = [story for story in stories if broken.isdisjoint(story.articles)]
    if not others:
        return Judged(tuple(stories), frozenset(), tuple(moves))
    taken = {story.id for story in same}
    unused = max([next_id, *(story.id + 1 for story in (*stories, *previous))])
    named = _names(others, previous, stories, taken, unused)
    home = {article: story for story in stories for article in story.articles}
    made = [replace(home[group[0]], id=id_, articles=tuple(group)) for id_, group in named.items()]
    final = tuple(sorted([*same, *made], key=lambda story: story.id))
    return Judged(final, frozenset(named), tuple(_moves(final, previous)))


def without(stories: Iterable[Story], irrelevant: Set[int]) -> list[Story]:
    """Leave out of stories the articles that do not count; a story may be left empty."""
    return [
        replace(story, articles=tuple(article for article in story.articles if article not in irrelevant))
        if not irrelevant.isdisjoint(story.articles)
        else story
        for story in stories
    ]


def following(constraints: Constraints, texts: Iterable[Told]) -> Constraints:
    """Let copies go where people put the article that they are copies of, unless people put them apart."""
    spoken = _spoken(constraints)
    copies = [
        (article.copy_of, article.id)
        for text in texts
        if not spoken.isdisjoint(id_ for article in text.carried for id_ in (article.id, article.copy_of))
        for article in text.carried
        if article.is_folded and article.copy_of is not None and article.id is not None
    ]
    return Constraints(constraints.apart, [*constraints.together, *copies])


def tied(constraints: Constraints, articles: Set[int]) -> set[int]:
    """Find the articles that people put together with some of these, and those themselves."""
    bonds = _Bonds(constraints)
    return {other for article in articles & _spoken(constraints) for other in bonds.with_(article)}


def _spoken(constraints: Constraints) -> set[int]:
    return {article for pair in (*constraints.apart, *constraints.together) for article in pair}


class _Bonds:
    """Which articles go together, which do not, each through all those that it is together with."""

    def __init__(self, constraints: Constraints) -> None:
        self._members: dict[int, set[int]] = {}
        self._against: dict[int, set[int]] = defaultdict(set)
        #: Articles that were taken out, each with those whose story they left.
        self._left: dict[int, set[int]] = defaultdict(set)
        for out, rest in constraints.apart:
            if out != rest:
                self._against[out].add(rest)
                self._against[rest].add(out)
                self._left[out].add(rest)
        for one, other in constraints.together:
            ours, theirs = self.with_(one), self.with_(other)
            if ours is not theirs and not self.clash(ours, theirs):
                united = ours | theirs
                self._members.update(dict.fromkeys(united, united))

    def with_(self, article: int) -> set[int]:
        """Give the articles that go with this one, itself among them."""
        return self._members.setdefault(article, {article})

    def clash(self, some: Collection[int], others: Collection[int]) -> bool:
        """Tell whether articles must not be in one story, or what goes with them."""
        here = {member for article in some for member in self.with_(article)}
        there = {member for article in others for member in self.with_(article)}
        return any(not self._against[member].isdisjoint(there) for member in here if member in self._against)

    def parts(self, articles: Sequence[int]) -> list[list[int]]:
        """Take a story into as few parts as people allow; the first of them is what nobody took out."""
        units: dict[int, list[int]] = {}
        for article in articles:
            units.setdefault(id(self.with_(article)), []).append(article)
        if len(units) < 2 or not any(
            article in self._against for unit in units.values() for article in self._all(unit)
        ):
            return [list(articles)]
        here = {member for unit in units.values() for member in self._all(unit)}
        parts: list[list[int]] = []
        for unit in sorted(units.values(), key=lambda unit: self._has_left(unit, here)):
            part = next((part for part in parts if not self.clash(part, unit)), None)
            if part is None:
                parts.append(list(unit))
            else:
                part.extend(unit)
        return parts

    def _all(self, unit: Iterable[int]) -> set[int]:
        return {member for article in unit for member in self.with_(article)}

    def _has_left(self, unit: Sequence[int], here: set[int]) -> bool:
        return any(not self._left[member].isdisjoint(here) for member in self._all(unit) if member in self._left)

    def join(self, parts: Sequence[list[int]]) -> list[list[int]]:
        """Join the parts that hold articles which must be together; where parts clash, only those articles move."""
        groups: list[list[int]] = []
        for part in sorted(parts, key=len, reverse=True):
            current = part
            for group in [group for group in groups if not self._all(group).isdisjoint(part)]:
                if self.clash(group, current):
                    bound = self._all(group)
                    group.extend(article for article in current if article in bound)
                    current = [article for article in current if article not in bound]
                else:
                    groups.remove(group)
                    current = [*group, *current]
            if current:
                groups.append(current)
        return groups


def _names(
    groups: Sequence[Sequence[int]],
    previous: Sequence[Story],
    stories: Sequence[Story],
    taken: Collection[int],
    unused: int,
) -> dict[int, list[int]]:
    """Give each group the id of the story that most of it was in; what was in none, that which the grouping gave it."""
    given: dict[int, int] = {}
    used = {*taken, *(story.id for story in previous)}
    old = {article: story.id for story in previous for article in story.articles}
    _give(groups, old, given, {*taken})
    _give(groups, {article: story.id for story in stories for article in story.articles}, given, used)
    for number in range(len(groups)):
        if number not in given:
            given[number] = unused
            unused += 1
    return {given[number]: list(group) for number, group in enumerate(groups)}


def _give(groups: Sequence[Sequence[int]], home: Mapping[int, int], given: dict[int, int], used: set[int]) -> None:
    """Give groups the ids of the homes of most of their articles, the largest shares first, each id once."""
    shares = [Counter(home[article] for article in group if article in home) for group in groups]
    ranked = sorted((-shared, id_, number) for number, share in enumerate(shares) for id_, shared in share.items())
    for _, id_, number in ranked:
        if number not in given and id_ not in used:
            given[number] = id_
            used.add(id_)


def _moves(stories: Iterable[Story], previous: Iterable[Story]) -> Iterable[Move]:
    """Tell what became of each story of the last time."""
    now: Mapping[int, int] = {article: story.id for story in stories for article in story.articles}
    known = {story.id for story in previous}
    for story in previous:
        shares = Counter(now[article] for article in story.articles if article in now)
        if not shares:
            continue
        if story.id not in shares and story.id not in set(now.values()):
            yield Move("merge", story.id, max(shares, key=lambda id_: (shares[id_], -id_)))
        else:
            yield from (Move("split", story.id, id_) for id_ in sorted(shares) if id_ not in known)
