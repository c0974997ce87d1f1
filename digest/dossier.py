"""What is known of a story beside what its record says: put together from the archive when somebody looks at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from crawler.archive import Archive, CoverageRow, Move
from crawler.query import Filter, published_at
from crawler.records import Article, Control, Source, Story
from digest import absence, followups, framing, items, links, marking
from digest.absence import Absent
from digest.apart import Apart
from digest.content import Carrier, ControlMark
from digest.framing import Framing
from digest.links import Link
from digest.relations import is_open
from digest.timeline import Moment, timeline, told_at

#: Links are looked for among the stories of so many days around.
_NEAR = timedelta(days=4)
#: However long the stories that are asked for lasted: among so many days at most, and among so many stories; for one
#: story alone, at which somebody looks and waits, among fewer (0.5 ms each).
_LONGEST, _MOST, _FOR_ONE = timedelta(days=21), 20_000, 4_000


@dataclass(frozen=True, slots=True)
class First:
    """Who reported first, where that is proven among the sources that are watched."""

    article: int
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """An article in a story's timeline with the copies folded under it."""

    article: int
    source: str
    #: In UTC: published where that is known (a bare day is its beginning, as printed), else first seen.
    at: datetime | None
    published: bool
    copies: tuple[int, ...] = ()
    #: Those of the copies of which nothing tells whether they or the text that they have was first.
    same_text: tuple[int, ...] = ()
    #: Those of the article and its copies that their publishers withdrew.
    withdrawn: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """A story's timeline, first report, control, links to other languages, framing and absences."""

    timeline: tuple[Step, ...]
    first_report: First | None
    control: ControlMark
    also_in: tuple[Link, ...]
    framing: tuple[Framing, ...]
    did_not_carry: tuple[Absent, ...]
    #: What was merged into it, split from it, or from what it was split, the earliest first.
    moves: tuple[Move, ...]
    #: No other story seems to tell of the same event, none that may follow it up, either; and nobody who may be outside
    #: state control told it and withdrew it.
    stands_alone: bool


def dossier(archive: Archive, story: Story, now: datetime) -> Dossier:
    """Put together what is known of a story."""
    return Dossiers(archive, [story], now, most=_FOR_ONE).of(story)


class Dossiers:
    """The dossiers of several stories, for which the archive is read once."""

    def __init__(self, archive: Archive, stories: Sequence[Story], now: datetime, *, most: int = _MOST) -> None:
        """Take the stories that will be asked for; links are looked for among so many stories nearest in time."""
        self._archive = archive
        self._stories = stories
        self._now = now
        self._most = most
        self._known = {story.id: story for story in stories}
        self._near: dict[int, list[Story]] = {}
        self._gone: dict[int, set[Control]] = {}
        self._carried: dict[tuple[str, date], frozenset[str]] = {}
        self._apart = Apart(archive, now)

    def of(self, story: Story) -> Dossier:
        """Put together what is known of one of them."""
        articles = self.articles(story)
        origins = {article.id or 0: article for article in articles}
        first = self.first_report(story, items.first_report(story, articles, self.sources, self._now))
        return Dossier(
            timeline=tuple(_step(moment, origins) for moment in timeline(articles)),
            first_report=None if first is None else First(first.article, first.source, first.name),
            control=self.control(story),
            also_in=self.also_in(story),
            framing=self.framing(articles),
            did_not_carry=self.absent(story, articles),
            moves=tuple(dict.fromkeys(self._archive.stories.moves(story.id))),
            stands_alone=self.stands_alone(story),
        )

    def first_report(self, story: Story, first: Carrier | None) -> Carrier | None:
        """Keep the one who was first in a story only where that is proven over the event in all languages.

        It is not while a text that stands apart from the event may tell it and may be earlier, nor by the time of
        a text that was edited after others had been seen.
        """
        if first is None:
            return None
        event = self._event(story)
        revised = [each.at for each in self._archive.changes.of(first.article) if each.kind == "revised"]
        if len(event) > 1 or revised:  # then others may be first after all, or it is not known
            whole = replace(story, articles=tuple(number for each in event for number in each.articles))
            articles = self.articles(whole)
            others = [each.first_seen for each in articles if each.source != first.source and each.first_seen]
            edited = bool(revised and others) and max(revised) >= min(others)
            found = items.first_report(whole, articles, self.sources, self._now, edited=edited)
            if found is None or found.article != first.article:
                return None
        return None if self._apart.has_earlier(event, first.article) else first

    def articles(self, story: Story) -> Sequence[Article]:
        """Read the articles of a story."""
        return self._archive.articles.many(story.articles)

    def framing(self, articles: Sequence[Article]) -> tuple[Framing, ...]:
        """Compare the words of state media and the others in the texts of their own."""
        here = {article.id for article in articles}
        own = [each for each in articles if each.copy_of not in here or not each.is_folded]
        return framing.framing(own, self.sources)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources of the configuration by their keys."""
        return {source.key: source for source in self._archive.sources.all()}

    def also_in(self, story: Story) -> tuple[Link, ...]:
        """Find the stories of other languages that seem to tell of the same event."""
        return self._links.of(story.id)

    def control(self, story: Story) -> ControlMark:
        """Say what may be said of control over those who told the event, in whatever language."""
        around = self._around(story)
        return control(around, self.sources, self._controls_gone(story))

    def stands_alone(self, story: Story) -> bool:
        """Tell whether nobody else seems to tell, or to have told, of the same event outside of state control."""
        return len(self._around(story)) == 1 and self._controls_gone(story) <= {"state"}

    def _controls_gone(self, story: Story) -> set[Control]:
        """Tell who controls those who withdrew what they told of the event."""
        if story.id not in self._gone:
            self._gone[story.id] = self._controls_of(self._withdrawn(self._around(story)))
        return self._gone[story.id]

    def _withdrawn(self, stories: Sequence[Story]) -> list[Article]:
        """List the articles of stories that their publishers withdrew: nothing is told of them, but they were told."""
        numbers = [number for story in stories for number in story.articles]
        return self._archive.articles.heads_of(numbers, withdrawn=True)

    def _controls_of(self, articles: Iterable[Article]) -> set[Control]:
        known = (self.sources.get(article.source) for article in articles)
        return {"unknown" if source is None else source.control for source in known}

    def _event(self, story: Story) -> list[Story]:
        """List the story and all that links lead to."""
        linked = self._links.event(story.id) - {story.id}
        return [story, *self._read(linked)]

    def _around(self, story: Story) -> list[Story]:
        """List the stories of the event and those that may follow one of them up in its language."""
        if story.id not in self._near:
            event = self._event(story)
            more = {number for each in event for number in self._followups.of(each.id)} - {each.id for each in event}
            self._near[story.id] = [*event, *self._read(more)]
        return self._near[story.id]

    def story(self, number: int) -> Story | None:
        """Give a story that a link leads to."""
        return next(iter(self._read([number])), None)

    def _read(self, numbers: Collection[int]) -> list[Story]:
        """Read stories that links lead to, each once, by id."""
        missing = [number for number in numbers if number not in self._known]
        if missing:
            self._known |= {story.id: story for story in self._archive.stories.many(missing)}
        return [self._known[number] for number in sorted(numbers) if number in self._known]

    @cached_property
    def _links(self) -> links.Links:
        return links.Links(self._told)

    @cached_property
    def _followups(self) -> followups.Followups:
        return followups.Followups(self._told, {story.id for story in self._stories})

    @cached_property
    def _told(self) -> Sequence[links.Told]:
        """The stories of the days around those that are asked for, the nearest in time, as links compare them.

        The work is bounded by the days of an edition, not by the archive.
        """
        asked = [story for story in self._stories if len(story.languages) == 1]
        firsts = [story.first for story in asked if story.first is not None]
        lasts = [story.last for story in asked if story.last is not None]
        if not firsts or not lasts:
            return ()
        first, last = min(firsts), max(lasts)
        return marking.around(self._archive, asked, max(first, last - _LONGEST), last, days=_NEAR, most=self._most)

    def absent(self, story: Story, articles: Sequence[Article]) -> tuple[Absent, ...]:
        """Read how usually each outlet carries the topic of the story's watches, and how well each was seen."""
        if not absence.is_old_enough(story, self._now):
            return ()
        mentions = self._archive.watches.of([article.id or 0 for article in articles])
        watches = sorted({mention.watch for those in mentions.values() for mention in those} - self._muted)
        if story.first is None or not watches:
            return ()
        began = story.first.date()
        origins = {article.copy_of for article in articles if article.copy_of is not None} - set(story.articles)
        around = self._around(story)
        also = {outlet.key for each in around for outlet in each.outlets}
        also |= {article.source for article in self._withdrawn(around)}
        also |= {article.source for article in self._archive.articles.many(sorted(origins))}
        lost = {source for source, days in self._lossy.items() if any(day >= began for day in days)}
        found = absence.absent(
            story,
            {watch: {day: self._carriers(watch, day) for day in absence.days_before(story)} for watch in watches},
            self._healthy,
            list(self.sources.values()),
            self._now,
            also=also,
            credited={article.credited_to for article in articles if article.credited_to},
            unseen=lost,
        )
        waiting = self._archive.pages.counts([one.source for one in found]) if found else {}
        found = tuple(one for one in found if not waiting.get(one.source, {}).keys() & {"queued", "leased"})
        may_have = self._apart.carriers(story, [one.source for one in found], watches)
        return tuple(one for one in found if one.source not in may_have)

    @cached_property
    def _muted(self) -> set[str]:
        return {watch.name for watch in self._archive.watches.all() if watch.muted}

    def _carriers(self, watch: str, day: date) -> frozenset[str]:
        """Name the sources that carried a watch's topic on a day; many stories ask for the same days."""
        asked = (watch, day)
        if asked not in self._carried:
            since = datetime.combine(day, datetime.min.time(), UTC)
            until = since + timedelta(days=1)
            found = self._archive.stats(Filter("watch", watch), "source", since, until, now=self._now)
            self._carried[asked] = frozenset(found)
        return self._carried[asked]

    @cached_property
    def _coverage(self) -> Sequence[CoverageRow]:
        days = [day for story in self._stories if story.first is not None for day in absence.days_before(story)]
        start = datetime.combine(min(days), datetime.min.time(), UTC)
        return self._archive.sources.coverage(None, start, self._now)

    @cached_property
    def _healthy(self) -> Mapping[str, set[date]]:
        """The days on which each source was seen as it should be."""
        healthy: dict[str, set[date]] = {}
        for row in self._coverage:
            if row.polls and row.failed_polls * 10 <= row.polls and not row.gaps:
                healthy.setdefault(row.source, set()).add(row.day)
        return healthy

    @cached_property
    def _lossy(self) -> Mapping[str, set[date]]:
        """The days on which pages of each source were lost that may have told of anything."""
        lossy: dict[str, set[date]] = {}
        for row in self._coverage:
            if row.dropped.keys() - absence.HARMLESS:
                lossy.setdefault(row.source, set()).add(row.day)
        return lossy


def control(
    stories: Sequence[Story], sources: Mapping[str, Source], withdrawn: Collection[Control] = ()
) -> ControlMark:
    """Say whether only state-controlled outlets told an event, or none did although such outlets are watched.

    The stories are the event's: the one that is asked for, those in other languages that it is linked with, and those
    that may follow one of them up. ``withdrawn``: who controls the outlets that told it and withdrew that.
    """
    only_state = all(story.separate_owners == story.under_state_control > 0 for story in stories)
    if only_state and {*withdrawn} <= {"state"}:
        return "state-controlled only"
    known = all(outlet.control in {"public", "private"} for story in stories for outlet in story.outlets)
    watched = any(source.control == "state" for source in sources.values())
    all_outside = all(story.separate_owners == story.outside_state_control > 0 for story in stories)
    all_outside = all_outside and {*withdrawn} <= {"public", "private"}
    return "no state media yet" if known and watched and all_outside else ""


def history(story: int, moves: Iterable[Move]) -> list[str]:
    """Say what a story was merged with and split from."""
    said = []
    for move in moves:
        if move.into == story:
            said.append(
                f"story {move.story} was merged into it" if move.kind == "merge" else f"split from {move.story}"
            )
        else:
            said.append(f"story {move.into} was split from it" if move.kind == "split" else f"was part of {move.into}")
    return said


def _step(moment: Moment, origins: Mapping[int, Article]) -> Step:
    article = moment.article
    return Step(
        article=article.id or 0,
        source=article.source,
        at=told_at(article),
        published=published_at(article) is not None,
        copies=tuple(copy.id or 0 for copy in moment.copies),
        same_text=tuple(copy.id or 0 for copy in moment.copies if is_open(copy, origins.get(copy.copy_of or 0))),
        withdrawn=tuple(each.id or 0 for each in (article, *moment.copies) if each.withdrawn_at is not None),
    )
