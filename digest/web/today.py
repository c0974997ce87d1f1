"""The page that opens first: what is told most, what is new, watches, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from crawler.archive import Archive, KnownArticles
from crawler.records import Story, Watch
from digest.web import histogram, reading
from digest.web.call import Call, Page
from digest.web.remembering import Finding

_RECENT = timedelta(days=3)
#: What came in this time is new: a day has the same length for the early and the late desk.
_NEW = timedelta(days=1)
_TOP = 10
_ALL = 200
_SPARK_DAYS = 14
#: So many watches, and sources that need attention, stand openly.
_OPEN = 12


@dataclass(frozen=True, slots=True)
class Watched:
    """A watch with what it found lately, by the time at which it came."""

    watch: Watch
    query: str
    #: In the days of the chart, and in the last 24 hours.
    total: int
    last_day: int
    #: The days as a drawing (histogram.spark); "" when there was nothing.
    spark: str


_known = KnownArticles()
_states = Finding(lambda archive, now: archive.sources.states(now, _known))


def today(call: Call) -> Response:
    """Show what is told most, what the watches found, and what needs attention."""
    archive, now = call.archive, call.now
    stories, number = archive.stories.top(now - _RECENT, _ALL if "all" in call.query else _TOP)
    states = _states(archive, now)
    newest = archive.search("", sort="seen", limit=1, now=now)
    languages = _languages(archive, stories)
    watches = _watches(archive, now)
    return call.render(
        "today.html.j2",
        stories=stories,
        languages=languages,
        grown=archive.stories.grown([story.id for story in stories], now - _NEW),
        more=number - len(stories),
        days=_RECENT.days,
        came=archive.arrivals.number(now - _NEW),
        begun=archive.stories.begun(now - _NEW),
        open_watches=watches[:_OPEN],
        more_watches=len(watches[_OPEN:]),
        spark_days=_SPARK_DAYS,
        sources=len(states),
        troubled=[source for source in states if source.state not in reading.WELL],
        open=_OPEN,
        newest=newest.hits[0].article if newest.hits else None,
        drafts=archive.reviews.waiting(),
        edition=archive.editions.latest(),
    )


def _languages(archive: Archive, stories: Iterable[Story]) -> dict[int | None, str]:
    ids = {said.article for story in stories for said in story.summary}
    return {article.id: article.language for article in archive.articles.heads_of(ids)}


def _watches(archive: Archive, now: datetime) -> list[Watched]:
    """List the watches, those that found most in the last 24 hours first."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    days = [(midnight - timedelta(days=ago + 1), midnight - timedelta(days=ago)) for ago in range(_SPARK_DAYS)]
    came = archive.watches.came([(now - _NEW, midnight), *reversed(days)])
    found = []
    for watch in archive.watches.all():
        last_day, *counts = came.get(watch.name, [0])  # one that was saved just now has none yet
        spark = histogram.spark(counts) if any(counts) else ""
        found.append(Watched(watch, reading.watch_query(watch.name), sum(counts), last_day, spark))
    return sorted(found, key=lambda each: (-each.last_day, -each.total, each.watch.name))


PAGES = (Page("/", today),)
