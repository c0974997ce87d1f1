"""The pages for reading: today, an article, a story, the digests, the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler import query
from crawler.archive import Archive
from crawler.query import Filter
from crawler.records import SourceHealth, Story
from digest import feeds
from digest.deliver.files import file_name
from digest.dossier import dossier, history
from digest.relations import relations
from digest.timeline import timeline
from digest.web import histogram, reading
from digest.web.guard import EDITION_POLICY
from digest.web.templating import render

_RECENT = timedelta(days=3)
_TOP = 10
_ALL = 200
_SPARK_DAYS = 14
#: States of a source that need nobody.
_WELL = frozenset({"ok", "new", "paused"})
_DROPPED = 50
_EDITIONS = 100
_FEEDS = {"xml": "application/atom+xml", "json": "application/feed+json"}


def today(archive: Archive, request: Request, now: datetime) -> Response:
    """Show what is told most, what the watches found, and which sources need attention."""
    recent = archive.stories.list(now - _RECENT)
    ranked = sorted(recent, key=lambda story: (-story.separate_owners, -len(story.articles), -story.id))
    health = archive.sources.health(now)
    shown = ranked[: _ALL if "all" in request.query_params else _TOP]
    newest = archive.search("", sort="seen", limit=1, now=now)
    return render(
        "today.html.j2",
        now=now,
        stories=[(story, _languages(archive, [story])) for story in shown],
        more=len(ranked) - len(shown),
        days=_RECENT.days,
        watches=_watches(archive, now),
        spark_days=_SPARK_DAYS,
        health=health,
        troubled=[source for source in health if source.state not in _WELL],
        newest=newest.hits[0].article if newest.hits else None,
    )


def article(archive: Archive, request: Request, _: datetime) -> Response:
    """Show an article with its evidence, origin, copies and revisions."""
    found = archive.articles.get(_number(request, "article"))
    if found is None or found.id is None:
        raise HTTPException(404, f"There is no article {request.path_params['id']} in the archive.")
    family = reading.family(archive, found)
    return render(
        "article.html.j2",
        article=found,
        source=archive.sources.get(found.source),
        facts=reading.facts(found),
        forms=reading.FORMS,
        family=family,
        relations=relations(archive, [found, *family.copies]),
        revisions=reading.revisions(found, archive.articles.revisions(found.id)),
        mentions=archive.watches.of([found.id]).get(found.id, []),
        watch_query=_watch_query,
        paragraphs=found.text.splitlines(),
    )


def story(archive: Archive, request: Request, now: datetime) -> Response:
    """Show a story: summary, timeline, outlets, and what is known beside: other languages, framing, who is absent."""
    asked = _number(request, "story")
    found = archive.stories.get(asked)
    if found is None:
        raise HTTPException(404, f"There is no story {request.path_params['id']} in the archive.")
    articles = archive.articles.many(found.articles)
    known = dossier(archive, found, now)
    linked = ((link, archive.stories.get(link.story)) for link in known.also_in)
    return render(
        "story.html.j2",
        story=found,
        asked=asked,
        languages={article.id: article.language for article in articles},
        timeline=timeline(articles),
        relations=relations(archive, articles),
        names=archive.source_names(),
        known=known,
        linked=[(link, other) for link, other in linked if other is not None],
        history=history(found.id, known.moves),
    )


def digests(archive: Archive, _: Request, __: datetime) -> Response:
    """List the editions."""
    return render("digests.html.j2", editions=archive.editions.list(limit=_EDITIONS))


def edition(archive: Archive, request: Request, _: datetime) -> Response:
    """Show an edition, byte for byte as it was made."""
    found = archive.editions.get(_number(request, "edition"))
    if found is None:
        raise HTTPException(404, f"There is no edition {request.path_params['id']} in the archive.")
    headers = {"Content-Security-Policy": EDITION_POLICY}
    return Response(found.html, media_type="text/html; charset=utf-8", headers=headers)


def feed(archive: Archive, request: Request, _: datetime) -> Response:
    """Give what a watch matched last as Atom or JSON Feed, byte for byte as the file that is kept of it."""
    name, ending = request.path_params["name"], request.path_params["ending"]
    found = next((watch.name for watch in archive.watches.all() if file_name(watch.name) == name), None)
    if found is None or ending not in _FEEDS:
        raise HTTPException(404, f"There is no feed of a watch {name}.{ending}.")
    content = feeds.content(archive, found, ending, request.app.state.public_url)
    return Response(content, media_type=_FEEDS[ending])


def sources(archive: Archive, _: Request, now: datetime) -> Response:
    """Show how each source does."""
    health = sorted(archive.sources.health(now), key=lambda source: (source.state in _WELL, source.name.casefold()))
    return render(
        "sources.html.j2",
        health=health,
        well=sum(source.state == "ok" for source in health),
        sources={source.key: source for source in archive.sources.all()},
        dropped=_added_up(health),
    )


def source(archive: Archive, request: Request, now: datetime) -> Response:
    """Show one source: its ways in and the pages that were not kept."""
    key = request.path_params["key"]
    found = archive.sources.get(key)
    if found is None:
        raise HTTPException(404, f"There is no source {key!r} in the archive.")
    return render(
        "source.html.j2",
        source=found,
        health=next((each for each in archive.sources.health(now) if each.source == key), None),
        channels=archive.channels.of(key),
        dropped=archive.pages.dropped(key, _DROPPED),
        most=_DROPPED,
        query=query.show(Filter("source", key)),
    )


def _number(request: Request, what: str) -> int:
    """Read the number of an address; what SQLite cannot count to is no number of ours."""
    text = request.path_params["id"]
    if not re.fullmatch("[0-9]{1,18}", text):
        raise HTTPException(404, f"{text!r} is not the number of any {what}.")
    return int(text)


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
        found.append(reading.Watched(watch, _watch_query(watch.name), total, sum(last_day.values()), chart))
    return found


def _watch_query(name: str) -> str:
    return query.show(Filter("watch", name))


def _added_up(health: Iterable[SourceHealth]) -> dict[str, int]:
    """Add up the reasons of all sources, the most frequent first."""
    counted: dict[str, int] = {}
    for each in health:
        for reason, number in each.dropped.items():
            counted[reason] = counted.get(reason, 0) + number
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
