"""The sources: how each does, its ways in, and what was not kept."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler import query
from crawler.query import Filter
from crawler.records import SourceHealth
from digest.web import reading
from digest.web.call import Call, Page

_DROPPED = 50


def sources(call: Call) -> Response:
    """Show how each source does."""
    health = sorted(
        call.archive.sources.health(call.now), key=lambda source: (source.state in reading.WELL, source.name.casefold())
    )
    return call.render(
        "sources.html.j2",
        health=health,
        well=sum(source.state == "ok" for source in health),
        sources={source.key: source for source in call.archive.sources.all()},
        dropped=_added_up(health),
    )


def source(call: Call) -> Response:
    """Show one source: its ways in and the pages that were not kept."""
    key = call.path["key"]
    found = call.archive.sources.get(key)
    if found is None:
        raise HTTPException(404, f"There is no source {key!r} in the archive.")
    return call.render(
        "source.html.j2",
        source=found,
        health=next((each for each in call.archive.sources.health(call.now) if each.source == key), None),
        channels=call.archive.channels.of(key),
        dropped=call.archive.pages.dropped(key, _DROPPED),
        most=_DROPPED,
        query=query.show(Filter("source", key)),
    )


def _added_up(health: Iterable[SourceHealth]) -> dict[str, int]:
    """Add up the reasons of all sources, the most frequent first."""
    counted: dict[str, int] = {}
    for each in health:
        for reason, number in each.dropped.items():
            counted[reason] = counted.get(reason, 0) + number
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


PAGES = (Page("/sources", sources), Page("/sources/{key}", source))
