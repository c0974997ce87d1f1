"""Keeps the stories up with the archive: clustered anew before each digest and on a schedule, added to in between.

The window is clustered as a whole (``regroup``); between, what comes is put to the stories that are there
(``keep_up``). What is older than the window is put to the stories of its own time, or clustered there when much of it
came at once, as an import brings it, week by week: memory is bounded by the window, whatever is imported. Texts are
read only to make their bags, once, and to tell the stories that changed.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.archive import Bag, Bagged, Move
from crawler.query import published_at
from crawler.records import Article, Change, Story
from digest import clusters, grouping, judged, judging, marking, tagging
from digest.grouping import Told

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config

#: Articles further apart than this never tell of one event.
WINDOW = timedelta(days=7)
#: The window is clustered as a whole at least so often, digests or not.
EVERY = timedelta(hours=6)
#: Bags are kept so long: what comes up to three weeks late finds those that it is compared with made already.
_BAGS_KEPT = 4 * WINDOW
#: So few texts are always clustered: it takes a moment. Of more, when this share of them has just come.
_FEW, _MUCH = 500, 0.1
#: A time that is over is clustered anew only when this share of its texts has just come: its stories have been told.
_MUCH_OF_THE_PAST = 0.5
#: So many texts are read at a time, and so many doubted stories told anew in one pass.
_AT_ONCE, _DOUBTED_AT_ONCE = 200, 5_000
#: Somebody else may write stories meanwhile; then what was found out is not true any more, and is found out again, the
#: last time while nobody else can write.
_TRIES = 4


def ungrouped(archive: Archive) -> list[Change]:
    """List the changes that no grouping has seen yet."""
    return archive.changes.since(archive.changes.position("grouping"), archive.changes.last())


def regroup(archive: Archive, now: datetime, config: Config | None = None) -> int:
    """Cluster the window anew, when anything in it changed since the last time; count the stories written.

    The configuration says who finds the names; without one it is our own tagger.
    """
    return _at_last(archive, lambda: _Grouper(archive, now, config).run(whole=True))


def keep_up(archive: Archive, now: datetime, config: Config | None = None) -> int:
    """Put what was kept or changed since the last time to the stories; cluster the window when that is due.

    Counts the stories written.
    """
    return _at_last(archive, lambda: _Grouper(archive, now, config).run(whole=_is_due(archive, now)))


def _is_due(archive: Archive, now: datetime) -> bool:
    seq, at = archive.stories.clustered()
    return seq < archive.changes.last() and (at is None or not timedelta() <= now - at < EVERY)


class _OutrunError(Exception):
    """Somebody else wrote stories while we found out what to write."""


def _at_last(archive: Archive, act: Callable[[], int]) -> int:
    for _ in range(_TRIES):
        with suppress(_OutrunError):
            return act()
    with archive.writing():
        return act()


@dataclass(frozen=True, slots=True)
class _Span:
    """A time with what came in it."""

    since: datetime
    until: datetime
    articles: tuple[Article, ...]


class _Grouper:
    """One pass over what changed."""

    def __init__(self, archive: Archive, now: datetime, config: Config | None) -> None:
        self._archive = archive
        self._now = now
        # First of all: what comes, or is said, while the rest is read is seen to the next time.
        self._last = archive.changes.last()
        self._version = archive.stories.version()
        self._sources = {source.key: source for source in archive.sources.all()}
        self._tag = tagging.tagger(config, archive.watches.all())
        self._irrelevant = archive.judgements.irrelevant()
        self._constraints = archive.judgements.constraints()
        #: The articles that changed and whose stories were not told anew since.
        self._dirty: set[int] = set()
        self._written = 0

    def run(self, *, whole: bool) -> int:
        archive, last = self._archive, self._last
        position = archive.changes.position("grouping")
        whole = whole and archive.stories.clustered()[0] < last
        if whole or position < last:
            self._follow(archive.changes.articles(position, last), whole=whole)
        self._retell_doubted()
        if whole or position < last:
            with archive.writing():
                self._require_unchanged()
                archive.bags.drop_before(self._now - _BAGS_KEPT)
                archive.changes.move("grouping", last)
                if whole:
                    archive.stories.note_clustered(last, self._now)
        return self._written

    def _follow(self, changed: Set[int], *, whole: bool) -> None:
        self._dirty = {*changed}
        self._archive.bags.drop(changed)
        gone: list[int] = []
        weeks: dict[int, array[int]] = defaultdict(lambda: array("q"))
        recent = self._now - WINDOW
        for some in _some(sorted(changed)):
            for article in self._archive.articles.heads_of(some):
                if not self._counts(article):
                    gone.append(article.id or 0)
                elif not whole or self._time(article) < recent:
                    weeks[(self._time(article) - self._now) // WINDOW].append(article.id or 0)
        self._leave(gone)
        if whole:
            self._cluster(recent, None)
        done = -math.inf
        for week in sorted(weeks):
            if week > done and self._place(self._span(week, weeks[week])):
                done = week + 1

    def _counts(self, article: Article) -> bool:
        return article.id not in self._irrelevant and article.withdrawn_at is None

    def _time(self, article: Article) -> datetime:
        """Tell when an article was published, or else seen, as the archive orders them."""
        return published_at(article) or article.first_seen or self._now

    def _span(self, week: int, ids: Collection[int]) -> _Span:
        """Give a week, of those that are numbered from now on, with the weeks before and after it."""
        since, until = (_later(self._now, weeks * WINDOW) for weeks in (week - 1, week + 2))
        return _Span(since, until, tuple(each for each in self._archive.articles.heads_of(ids) if self._counts(each)))

    # How groups come about.

    def _place(self, span: _Span) -> bool:
        """Put what came in a time into stories, one by one, or all anew (True) where much of it came at once."""
        grouped, strange = self._archive.stories.grouped(span.since, span.until)
        past = span.until <= self._now
        few = not past and grouped + strange <= _FEW
        anew = few or strange >= (_MUCH_OF_THE_PAST if past else _MUCH) * (grouped + strange)
        if anew:
            self._cluster(span.since, span.until)
        else:
            self._assign(span)
        return anew

    def _cluster(self, since: datetime, until: datetime | None) -> None:
        """Cluster all texts of a time."""
        heads = [head for head in self._archive.articles.heads(since, until) if self._counts(head)]
        articles = [*heads, *self._family(heads)]
        homes = self._archive.stories.homes([article.id or 0 for article in articles])
        texts = grouping.fold(articles)
        # A copy of a text that is older goes where that is, and takes part in nothing.
        older = [text for text in texts if text.article.id in homes and not self._is_in(text.article, since, until)]
        bound = {text.article.id for text in older}
        own = [text for text in texts if text.article.id not in bound]
        groups = grouping.cluster(own, self._bags(own))
        members = [{article.id or 0 for text in group for article in text.carried} for group in groups]
        previous = self._archive.stories.many({*homes.values()})
        self._bind(members, older, {article: story.id for story in previous for article in story.articles})
        self._finish(members, previous, texts)

    def _is_in(self, article: Article, since: datetime, until: datetime | None) -> bool:
        at = self._time(article)
        return since <= at and (until is None or at < until)

    def _family(self, articles: Sequence[Article]) -> list[Article]:
        """Read the originals and the copies of articles that are not among them, and theirs."""
        found: dict[int, Article] = {}
        known = {article.id or 0 for article in articles}
        latest = articles
        while latest:
            originals = {one.copy_of for one in latest if one.copy_of and one.is_folded}
            read = self._archive.articles.heads_of(originals - known)
            read += self._archive.articles.copies_of([one.id or 0 for one in latest])
            more = {one.id or 0: one for one in read if one.id not in known and one.id not in self._irrelevant}
            found |= more
            known |= {*more}
            latest = list(more.values())
        return list(found.values())

    def _bind(self, groups: list[set[int]], texts: Sequence[Told], homes: Mapping[int, int]) -> None:
        """Put texts to the groups that go on from the stories of their originals."""
        shares = [Counter(homes[article] for article in group if article in homes) for group in groups]
        heirs: dict[int, set[int]] = {}
        for text in texts:
            home = homes[text.article.id or 0]
            if home not in heirs:
                best = max(range(len(groups)), key=lambda number: shares[number][home], default=None)
                if best is None or not shares[best][home]:
                    groups.append(set())
                    shares.append(Counter())
                    best = -1
                heirs[home] = groups[best]
            heirs[home].update(article.id or 0 for article in text.carried)

    def _assign(self, span: _Span) -> None:
        """Put what came to the stories that are there; a text that is like none of them begins one."""
        articles = [*span.articles, *self._family(span.articles)]
        before = self._archive.stories.homes([article.id or 0 for article in articles])
        texts = grouping.fold(articles)
        homes: dict[int, int] = {}
        for text in texts:
            if (home := _home(text, before)) is not None:
                homes[text.article.id or 0] = home
        homes |= self._find_homes([text for text in texts if text.article.id not in homes])
        previous = self._archive.stories.many({*before.values(), *homes.values()})
        groups = {story.id: set(story.articles) - self._irrelevant for story in previous}
        for text in texts:
            carried = {article.id or 0 for article in text.carried}
            for story in {before[article] for article in carried if article in before}:
                groups[story] -= carried
            groups.setdefault(homes[text.article.id or 0], set()).update(carried)
        self._finish([*groups.values()], previous, texts)

    def _find_homes(self, homeless: Sequence[Told]) -> dict[int, int]:
        """Find the story of each text; texts that begin one get numbers below 0."""
        found: dict[int, int] = {}
        begun: dict[tuple[str, int], int] = {}
        by_language: dict[str, list[Told]] = defaultdict(list)
        for text in sorted(homeless, key=lambda text: grouping.order(text.article)):
            by_language[grouping.language(text.article)].append(text)
        for code, texts in by_language.items():
            times = [self._time(text.article) for text in texts]
            near = self._near(code, _later(min(times), -WINDOW), _later(max(times), WINDOW))
            homes = self._homes(near)
            words = self._bags(texts)
            given = _assigned(near, homes, texts, words)
            if walled := self._walled(near, homes, texts, given):
                given = _assigned(near, homes, texts, words | walled)
            stories = {home: one.story or 0 for home, one in zip(homes, near, strict=True)}
            for text, number in zip(texts, given, strict=True):
                home = stories.get(number)
                if home is None:
                    home = begun.setdefault((code, number), -1 - len(begun))
                found[text.article.id or 0] = home
        return found

    def _walled(
        self, near: Sequence[Bagged], homes: Sequence[int], texts: Sequence[Told], given: Sequence[int]
    ) -> dict[int, Bag]:
        """Give the bags of texts that stand under several titles already where they would go: of their titles alone."""
        found = {*given}
        there = [one.article for one, home in zip(near, homes, strict=True) if home in found]
        walls = grouping.walls([*texts, *grouping.fold(self._archive.articles.heads_of(there))])
        return {
            text.article.id or 0: grouping.bag(text.article, wall=True) for text in texts if text.article.id in walls
        }

    def _homes(self, near: Sequence[Bagged]) -> list[int]:
        """Number the stories of texts; those that people put together are many homes, one for each event in them."""
        together = {article for pair in self._constraints.together for article in pair}
        joined = {one.story for one in near if one.article in together}
        home = {id(one): one.story or 0 for one in near}
        unused = max(home.values(), default=0) + 1
        for story in joined:
            members = [one for one in near if one.story == story]
            for group in clusters.cluster([clusters.Text(one.bag, _days(one)) for one in members]):
                home |= {id(members[number]): unused for number in group}
                unused += 1
        return [home[id(one)] for one in near]

    def _near(self, code: str, since: datetime, until: datetime) -> list[Bagged]:
        """Read the texts of a time and language that stand in stories, with their bags."""
        bags = self._archive.bags
        if missing := bags.missing(since, until, grouping.BAGS):
            self._bags(grouping.fold(self._archive.articles.heads_of(missing)))
        return bags.near(code, since, until, grouping.BAGS)

    def _bags(self, texts: Sequence[Told]) -> dict[int, Bag]:
        """Give the bags of texts; those that were never made, or whose texts have changed, are made and kept."""
        bags = self._archive.bags
        found = dict(bags.of([text.article.id or 0 for text in texts], grouping.BAGS))
        behind_walls = grouping.walls(texts)
        for some in _some([text.article.id or 0 for text in texts if text.article.id not in found]):
            made = []
            for article in self._archive.articles.many(some):
                words = grouping.bag(article)
                found[article.id or 0] = words
                at = self._time(article)
                made.append(Bagged(article.id or 0, grouping.language(article), at, published_at(article), words))
            bags.put(made, grouping.BAGS)
        if any(text.article.id not in found for text in texts):
            raise _OutrunError  # it was forgotten meanwhile
        walled = [text.article for text in texts if text.article.id in behind_walls]
        return found | {article.id or 0: grouping.bag(article, wall=True) for article in walled}

    # What becomes of them.

    def _leave(self, articles: Collection[int]) -> None:
        """Tell anew the stories of articles that do not count any more; irrelevant ones leave them."""
        previous = self._archive.stories.many({*self._archive.stories.homes(articles).values()})
        if previous:
            self._finish([set(story.articles) - self._irrelevant for story in previous], previous, ())

    def _retell_doubted(self) -> None:
        """Tell anew the stories whose articles were removed or whose sources turned out to be something else."""
        facts = {key: (one.name, one.kind, one.control, one.country, one.owner) for key, one in self._sources.items()}
        with self._archive.writing():
            self._require_unchanged()
            self._archive.stories.follow_sources(facts)
            self._version = self._archive.stories.version()
        doubted = self._archive.stories.stale(_DOUBTED_AT_ONCE)
        if doubted:
            self._dirty |= {article for story in doubted for article in story.articles}
            self._write(doubted, {story.id: story for story in doubted}, ())

    def _finish(self, groups: Sequence[set[int]], previous: Sequence[Story], texts: Sequence[Told]) -> None:
        """Name groups after the stories of the last time, lay over them what people said, tell and write them."""
        tied = self._tied(groups, previous)
        previous = [*previous, *tied]
        groups = [group for group in (*groups, *({*story.articles} - self._irrelevant for story in tied)) if group]
        relevant = self._without_moved(previous, texts)
        here = set().union(*groups)
        groups += [{*story.articles} for story in relevant if here.isdisjoint(story.articles)]
        next_id = self._archive.stories.next_id()
        named = grouping.Naming(groups, relevant, next_id)
        bare = [
            Story(identity, "", tuple(sorted(group | absent)))
            for group, identity, absent in zip(groups, named.ids, named.absent, strict=True)
        ]
        bare += [Story(identity, "", tuple(sorted(rest))) for identity, rest in named.staying.items()]
        constraints = judged.following(self._constraints, texts)
        laid = judged.apply(bare, constraints, next_id, relevant, named.moves)
        emptied = [replace(story, articles=()) for story in previous if self._irrelevant.issuperset(story.articles)]
        self._write([*laid.stories, *emptied], {story.id: story for story in previous}, laid.moves)

    def _without_moved(self, stories: Sequence[Story], texts: Sequence[Told]) -> list[Story]:
        """Leave out of stories what does not count, and copies that go elsewhere with their originals.

        A story of such copies alone keeps them: it goes where they go.
        """
        homes = {article: story.id for story in stories for article in story.articles}
        carried = ((article.id or 0, _home(text, homes)) for text in texts for article in text.carried)
        moved = {article for article, home in carried if article in homes and homes[article] != home}
        relevant = [story for story in judged.without(stories, self._irrelevant) if story.articles]
        return [
            rest if rest.articles else story
            for story, rest in zip(relevant, judged.without(relevant, moved), strict=True)
        ]

    def _tied(self, groups: Sequence[set[int]], previous: Sequence[Story]) -> list[Story]:
        """Read the other stories of articles that people put together with some of these."""
        tied = judged.tied(self._constraints, {article for group in groups for article in group})
        return self._archive.stories.many(
            {*self._archive.stories.homes(tied).values()} - {story.id for story in previous}
        )

    def _write(self, stories: Sequence[Story], before: Mapping[int, Story], moves: Sequence[Move]) -> None:
        """Tell the stories that have other articles than before, or changed ones, and write them."""
        changed = [story for story in stories if self._differs(story, before.get(story.id))]
        told = [self._tell(story, before.get(story.id)) for story in changed]
        self._written += sum(story != before.get(story.id) for story in told)
        if told or moves:
            marked = marking.find(self._archive, told)
            with self._archive.writing():
                self._require_unchanged()
                self._archive.stories.write(told, moves, self._now)
                self._archive.stories.mark(marked, marking.VERSION)
                self._version = self._archive.stories.version()
        self._dirty -= {article for story in told for article in story.articles}

    def _differs(self, story: Story, before: Story | None) -> bool:
        return before is None or {*story.articles} != {*before.articles} or not self._dirty.isdisjoint(story.articles)

    def _tell(self, story: Story, before: Story | None) -> Story:
        told = judging.retold(self._archive, story, self._sources, self._now, self._tag)
        return grouping.unless_changed(told, before)

    def _require_unchanged(self) -> None:
        if self._archive.stories.version() != self._version:
            raise _OutrunError


def _home(text: Told, homes: Mapping[int, int]) -> int | None:
    """Find the story of a text: that of its original, or of the first copy that is in one."""
    ids = (each.id or 0 for each in (text.article, *text.carried))
    return next((homes[id_] for id_ in ids if id_ in homes), None)


def _assigned(
    near: Sequence[Bagged], homes: Sequence[int], texts: Sequence[Told], words: Mapping[int, Bag]
) -> list[int]:
    """Give each text the number of the home where those that are most like it are."""
    space = [clusters.Text(one.bag, _days(one)) for one in near]
    space += [clusters.Text(words[text.article.id or 0], grouping.day(text.article)) for text in texts]
    return clusters.assign(space, [*homes, *[None] * len(texts)])[len(near) :]


def _later(at: datetime, time: timedelta) -> datetime:
    """Go on from a time, or back, no further than the calendar goes."""
    return at + max(min(time, datetime.max.replace(tzinfo=UTC) - at), datetime.min.replace(tzinfo=UTC) - at)


def _days(one: Bagged) -> float | None:
    return None if one.dated is None else grouping.days(one.dated)


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut ids into pieces whose articles may be in memory together."""
    for at in range(0, len(ids), _AT_ONCE):
        yield ids[at : at + _AT_ONCE]
