"""The page that opens first: top stories, watches, and the sources that need attention."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from starlette.responses import Response

from crawler.archive import Archive
from crawler.query import Filter
from crawler.records import Story
from digest.web import histogram, reading
from digest.web.call import Call, Page

_RECENT = timedelta(days=3)
_TOP = 10
_ALL = 200
_SPARK_DAYS = 14


def today(call: Call) -> Response:
    """Show what is told most, what the watches found, and which sources need attention."""
    archive, now = call.archive, call.now
    recent = archive.stories.list(now - _RECENT)
    ranked = sorted(recent, key=lambda story: (-story.separate_owners, -len(story.articles), -story.id))
    health = archive.sources.health(now)
    shown = ranked[: _ALL if "all" in call.query else _TOP]
    newest = archive.search("", sort="seen", limit=1, now=now)
    return call.render(
        "today.html.j2",
        stories=[(story, _languages(archive, [story])) for story in shown],
        more=len(ranked) - len(shown),
        days=_RECENT.days,
        watches=_watches(archive, now),
        spark_days=_SPARK_DAYS,
        health=health,
        troubled=[source for source in health if source.state not in reading.WELL],
        newest=newest.hits[0].article if newest.hits else None,
    )


def _languages(archive: Archive, stories: Iterable[Story]) -> dict[int | None, str]:
    ids = {said.article for story in stories for said in story.summary}
    return {article.id: article.language for article in archive.articles.many(sorted(ids))}


def _watches(archive: Archive, now: datetime) -> list[reading.Watched]:
    since = (now - timedelta(days=_SPARK_DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for watch in archive.watches.all():
        node = Filter("watch", watch.name)
        days = dict(archive.stats(node, "day", since, now, now=now))
        last_day = archive.stats(node, "source", now - timedelta(days=1), now, now=now)
        for ago in range(_SPARK_DAYS):  # days without a match are bars of no height
            days.setdefault((now - timedelta(days=ago)).date().isoformat(), 0)
        chart = histogram.draw(days, fewest=_SPARK_DAYS)
        total = sum(days.values())
        found.append(reading.Watched(watch, reading.watch_query(watch.name), total, sum(last_day.values()), chart))
    return found


PAGES = (Page("/", today),)
