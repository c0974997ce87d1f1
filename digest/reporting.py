"""Reads from the archive what a report is made of: counts of everything, and only the stories that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.errors import UsageError
from crawler.query import Filter
from crawler.records import Story, Watch
from digest import machine, report
from digest.plans import Window
from digest.regrouping import regroup
from digest.report import ReportContent

if TYPE_CHECKING:
    from crawler.archive import Archive, Sighting
    from crawler.config import Config, PlanConfig

#: Sightings are read so many days at a time: a year of a large archive is never in memory as a whole.
_PIECE = timedelta(days=14)
#: Days as printed may lie so far from those of a zone.
_AROUND = timedelta(days=1)


def make(
    archive: Archive,
    config: Config,
    plan: PlanConfig,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> ReportContent:
    """Make a report of what was published between two times, the day until now by default.

    Nothing is kept but stories, and those not where nothing can be written.
    """
    window = _window(now, since, until)
    if not archive.read_only:
        regroup(archive, now, config)
    material = _material(archive, plan, window, now)
    counted = report.count(material)
    homes = archive.stories.homes([one.article for one, _ in counted.matched])
    shown = _shown(archive, report.greatest(material, counted, homes))
    content = report.compose(material, counted, homes, shown)
    top, faults = machine.enrich_top(content.top, plan.language, shown.articles, config)
    return replace(content, top=top, machine=faults)


def _window(now: datetime, since: datetime | None, until: datetime | None) -> Window:
    end = min(until or now, now)
    begin = since or end - timedelta(days=1)
    if begin < end:
        return Window(begin, end)
    if begin >= now:
        raise UsageError(f"--since {begin:%Y-%m-%d %H:%M} lies ahead: a report is made of what was published")
    raise UsageError(f"--since {begin:%Y-%m-%d %H:%M} must be before --until {end:%Y-%m-%d %H:%M}")


def _material(archive: Archive, plan: PlanConfig, window: Window, now: datetime) -> report.Material:
    watches = _watches(archive, plan)
    first = archive.changes.since(0, limit=1)
    since, until = window.since - _AROUND, window.until + _AROUND
    matching = {name: frozenset(archive.ids(Filter("watch", name), now, since=since, until=until)) for name in watches}
    return report.Material(
        plan=plan,
        window=window,
        now=now,
        began=first[0].at if first else now,
        sightings=_sightings(archive, since, until),
        watches=watches,
        matching=matching,
        irrelevant=archive.judgements.irrelevant(),
        sources={source.key: source for source in archive.sources.all()},
        coverage=archive.sources.coverage(None, window.since, window.until),
    )


def _watches(archive: Archive, plan: PlanConfig) -> Mapping[str, Watch]:
    known = {watch.name: watch for watch in archive.watches.all() if not watch.muted}
    return {name: known[name] for name in plan.watches or known if name in known}


def _sightings(archive: Archive, since: datetime, until: datetime) -> Iterator[Sighting]:
    while since < until:
        end = min(since + _PIECE, until)
        yield from archive.articles.sightings(since, end)
        since = end


def _shown(archive: Archive, numbers: list[int]) -> report.Shown:
    """Read the stories that may be shown, with their articles; an article that is in no story stands alone."""
    known = {story.id: story for story in archive.stories.many([number for number in numbers if number > 0])}
    alone = {-article.id: article for article in archive.articles.many([-n for n in numbers if n < 0]) if article.id}
    stories = [
        known.get(number) or Story(id=number, title=alone[number].title, articles=(-number,))
        for number in numbers
        if number in known or number in alone
    ]
    members = sorted({number for story in stories for number in story.articles})
    # A report tells of its time as of news, also where the archive got it later.
    articles = {article.id or 0: replace(article, backfill=False) for article in archive.articles.many(members)}
    return report.Shown(stories, articles, archive.watches.of(articles.keys()))
