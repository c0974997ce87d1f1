"""Which outlets may have told a story's event in texts that stand apart from it, read from the archive.

What is found proves nothing: it only keeps us from saying who was first, or who did not carry the event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from crawler.archive import Archive, Bagged
from crawler.languages import primary
from crawler.query import Filter, Not, all_of, any_of, published_at
from crawler.records import Article, Story
from digest import grouping, links
from digest.nearby import WINDOW, Nearby
from digest.timeline import told_at

#: Of old stories the words of texts are not kept any more: of so many, and no more, they are read again.
_READ_AGAIN = 1_000
#: In more texts around a day, in one language, nobody looks: half a second is spent on so many.
_MOST = 12_000
#: A story is looked around on so many of its days, WINDOW apart.
_DAYS = 5
#: A text was carried in the time of a story when it appeared no longer than this before its first or, in another
#: language, after its last; so many of those are read for names and numbers, and so many of the story's own.
_AROUND, _READ_FOREIGN, _READ_OWN = timedelta(days=1), 1_000, 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Apart:
    """The texts that stand apart from stories and may tell the same; what is read once serves several stories."""

    def __init__(self, archive: Archive, now: datetime) -> None:
        self._archive = archive
        self._now = now
        self._nearby: dict[tuple[str, date], Nearby | None] = {}
        self._without_bags: dict[date, Sequence[int]] = {}

    def has_earlier(self, event: Sequence[Story], article: int) -> bool:
        """Tell whether a text that stands apart from an event may tell it and may have come before one of its articles.

        It may where there are too many texts to be looked through.
        """
        claimed = self._archive.articles.get(article)
        at = None if claimed is None else published_at(claimed)
        return any(
            nearby is None or nearby.has_earlier(story.articles, at)
            for story in event
            if story.first is not None
            for nearby in self._around(story, [story.first.date()])
        )

    def carriers(self, story: Story, sources: Collection[str], watches: Collection[str]) -> set[str]:
        """Name those of some outlets that may have told a story's event in a text that stands apart from it.

        In the story's language that is one that is like it; in another language, where words cannot be compared, any
        that matches one of its watches or has a name or number of it.
        """
        if not sources or story.first is None or story.last is None:
            return set()
        days = min(_DAYS, 1 + (story.last - story.first) // WINDOW)
        around = self._around(story, [(story.first + number * WINDOW).date() for number in range(days)])
        found: set[str] = set()
        for nearby in around:
            if nearby is None:
                return {*sources}
            found |= self._sources(nearby.carrying(story.articles, story.first - _AROUND))
        return found & {*sources} | self._foreign(story, {*sources} - found, watches)

    def _sources(self, articles: Collection[int]) -> set[str]:
        """Name who carried texts, as their own or as copies."""
        heads = self._archive.articles.heads_of(articles), self._archive.articles.copies_of(articles)
        return {article.source for those in heads for article in those}

    # Texts in other languages.

    def _foreign(self, story: Story, sources: Collection[str], watches: Collection[str]) -> set[str]:
        """Name the outlets that have a text in another language that may tell a story."""
        if not sources or story.first is None or story.last is None:
            return set()
        codes = _codes(story)
        if not all(codes):
            return {*sources}
        others = Not(any_of(tuple(Filter("lang", code) for code in codes)))
        asked = all_of((any_of(tuple(Filter("source", key) for key in sorted(sources))), others))
        ids = self._archive.ids(asked, self._now, since=story.first - _AROUND, until=story.last + _AROUND)
        matched = self._archive.watches.of(ids)
        matching = [number for number, those in matched.items() if any(one.watch in watches for one in those)]
        heads = self._archive.articles.heads_of(ids)
        found = {article.source for article in heads if article.id in {*matching}}
        unread = [article for article in heads if article.source not in found]
        if len(unread) > _READ_FOREIGN:
            return found | {article.source for article in unread}
        return found | self._agreeing(story, [article.id or 0 for article in unread])

    def _agreeing(self, story: Story, articles: Sequence[int]) -> set[str]:
        """Name the outlets of articles that have a name or a number of a story."""
        own = self._archive.articles.many(story.articles[:_READ_OWN])
        wanted = {anchor for anchor in links.anchors(own, _places(story)) if links.may_tell(anchor)}
        homes = self._archive.stories.homes(articles)
        stories = {one.id: one for one in self._archive.stories.many({*homes.values()})}
        found = set()
        for article in self._archive.articles.many(articles):
            home = stories.get(homes.get(article.id or 0, 0))
            if not wanted.isdisjoint(links.anchors([article], _places(home) if home else ())):
                found.add(article.source)
        return found

    # Texts in the same language.

    def _around(self, story: Story, days: Sequence[date]) -> list[Nearby | None]:
        """Give the texts around days, of each of a story's languages; None where they are too many to be read."""
        return [self._texts(code, day) for code in _codes(story) for day in days]

    def _texts(self, code: str, day: date) -> Nearby | None:
        asked = (code, day)
        if asked not in self._nearby:
            since, until = _around_noon(day)
            is_too_much = self._archive.bags.count(code, since, until, grouping.BAGS) > _MOST
            if is_too_much or len(self._missing(day)) > _READ_AGAIN:
                self._nearby[asked] = None
            else:
                kept = self._archive.bags.near(code, since, until, grouping.BAGS)
                missing = self._archive.articles.many(self._missing(day))
                self._nearby[asked] = Nearby([*kept, *self._bagged(missing, code)])
        return self._nearby[asked]

    def _missing(self, day: date) -> Sequence[int]:
        """List the texts around a day of which no bags are kept, in whatever language."""
        if day not in self._without_bags:
            self._without_bags[day] = self._archive.bags.missing(*_around_noon(day), grouping.BAGS)
        return self._without_bags[day]

    @staticmethod
    def _bagged(articles: Sequence[Article], code: str) -> Iterator[Bagged]:
        """Make the bags of texts of which none are kept."""
        texts = grouping.fold(articles)
        words = grouping.bags(texts)
        for article in (text.article for text in texts):
            if grouping.language(article) == code:
                at = told_at(article) or _EPOCH
                yield Bagged(article.id or 0, code, at, published_at(article), words[article.id or 0])


def _around_noon(day: date) -> tuple[datetime, datetime]:
    """Tell from when until when texts are looked at around a day."""
    noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
    return noon - WINDOW, noon + WINDOW


def _codes(story: Story) -> list[str]:
    """Name the languages of a story; "" stands for one that nobody knows."""
    return sorted({primary(language) for language in story.languages or ("",)})


def _places(story: Story) -> tuple[str, ...]:
    return (*story.places, *story.organisations)
