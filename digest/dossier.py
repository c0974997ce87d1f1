"""What is known of a story beside what its record says: put together from the archive when somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from crawler.archive import Archive
from crawler.records import Article, Source, Story
from digest import absence, framing, items, links
from digest.absence import Absent
from digest.framing import Framing
from digest.grouping import FOLDED
from digest.links import Link

#: What may be said of control; "" where it is not known well enough.
Control = Literal["", "state-controlled only", "no state media yet"]
#: Stories further from this one than this are not looked at for links; of each the first articles.
_NEAR = timedelta(days=4)
_READ = 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    #: In UTC: published where that is known, else first seen.
    at: datetime | None
    published: bool
    copies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """A story's timeline, first report, control, links to other languages, framing and absences."""

    timeline: tuple[Step, ...]
    first_report: First | None
    control: Control
    also_in: tuple[Link, ...]
    framing: tuple[Framing, ...]
    did_not_carry: tuple[Absent, ...]


def dossier(archive: Archive, story: Story, now: datetime) -> Dossier:
    """Put together what is known of a story."""
    articles = archive.articles.many(story.articles)
    sources = {source.key: source for source in archive.sources.all()}
    here = {article.id for article in articles}
    own = [each for each in articles if each.copy_of not in here or each.copy_kind not in FOLDED]
    first = items.first_report(story, articles, sources, now)
    return Dossier(
        timeline=_timeline(articles),
        first_report=None if first is None else First(first.article, first.source, first.name),
        control=control(story, sources),
        also_in=_links(archive, story),
        framing=framing.framing(own, sources),
        did_not_carry=_absent(archive, story, articles, sources, now),
    )


def control(story: Story, sources: Mapping[str, Source]) -> Control:
    """Say whether only state-controlled outlets told a story, or none did although such outlets are watched."""
    if story.separate_owners and not story.outside_state_control:
        return "state-controlled only"
    known = {outlet.control for outlet in story.outlets} <= {"public", "private"}
    watched = any(source.control == "state" for source in sources.values())
    all_outside = story.separate_owners == story.outside_state_control > 0
    return "no state media yet" if known and watched and all_outside else ""


def _timeline(articles: Sequence[Article]) -> tuple[Step, ...]:
    ids = {article.id for article in articles}
    ordered = sorted(articles, key=lambda each: (_time(each) or datetime.max.replace(tzinfo=UTC), each.id or 0))
    copies: dict[int, list[int]] = {}
    for article in ordered:
        if article.copy_of in ids and article.copy_of is not None and article.copy_of != article.id:
            copies.setdefault(article.copy_of, []).append(article.id or 0)
    below = {copy for those in copies.values() for copy in those}
    return tuple(
        Step(
            article.id or 0,
            article.source,
            _time(article),
            article.published_utc is not None,
            tuple(copies.get(article.id or 0, ())),
        )
        for article in ordered
        if article.id not in below
    )


def _time(article: Article) -> datetime | None:
    return article.published_utc or article.first_seen


def _links(archive: Archive, story: Story) -> tuple[Link, ...]:
    if story.first is None or story.last is None or len(story.languages) != 1:
        return ()
    near = [
        each
        for each in archive.stories.window(story.first - _NEAR)
        if each.first is not None and each.first <= story.last + _NEAR and len(each.languages) == 1
    ]
    wanted = {number for each in near for number in each.articles[:_READ]}
    articles = {article.id or 0: article for article in archive.articles.many(sorted(wanted))}
    told = [_told(each, articles) for each in near]
    return links.Links(told).of(story.id)


def _told(story: Story, articles: Mapping[int, Article]) -> links.Told:
    read = [articles[number] for number in story.articles[:_READ] if number in articles]
    times = [time or _EPOCH for time in (story.first, story.last)]
    first, last = ((time - _EPOCH).total_seconds() / 86_400 for time in times)
    return links.Told(
        story.id,
        story.languages[0].partition("-")[0].lower(),
        first,
        last,
        links.anchors(read, (*story.places, *story.organisations)),
    )


def _absent(
    archive: Archive, story: Story, articles: Sequence[Article], sources: Mapping[str, Source], now: datetime
) -> tuple[Absent, ...]:
    """Read how usually each outlet carries the topic of the story's watches, and how well each was seen."""
    muted = {watch.name for watch in archive.watches.all() if watch.muted}
    mentions = archive.watches.of([article.id or 0 for article in articles])
    watches = sorted({mention.watch for those in mentions.values() for mention in those} - muted)
    if story.first is None or not watches:
        return ()
    days = absence.days_before(story)
    carried: dict[str, dict[date, set[str]]] = {}
    for watch in watches:
        carried[watch] = {day: set(_sources_of(archive, watch, day, now)) for day in days}
    start = datetime.combine(days[0], datetime.min.time(), UTC)
    healthy: dict[str, set[date]] = {}
    for row in archive.sources.coverage(None, start, now):
        if row.polls and row.failed_polls * 10 <= row.polls and not row.gaps:
            healthy.setdefault(row.source, set()).add(row.day)
    return absence.absent(story, carried, healthy, list(sources.values()), now)


def _sources_of(archive: Archive, watch: str, day: date, now: datetime) -> Mapping[str, int]:
    since = datetime.combine(day, datetime.min.time(), UTC)
    return archive.stats(f"watch:{watch}", "source", since, since + timedelta(days=1), now=now)
