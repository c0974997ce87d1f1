"""The sources: how each does, its ways in, what was fetched, and what was not kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler import overrides, query
from crawler.archive import WORST_FIRST, Archive, Poll, SourceDay
from crawler.errors import UsageError
from crawler.query import Filter
from crawler.records import Channel, Override, Source, SourceHealth
from crawler.records import Page as Fetchable
from digest.web import bars, telling
from digest.web.call import Call, Page
from digest.web.templating import link
from digest.web.turning import turn

#: Days of the bars.
DAYS = 30
#: Sources of one page: the bars of each are counted in the archive.
_A_PAGE = 40
_DROPPED, _EXAMPLES = 200, 5
_POLLS, _LATEST = 20, 6
_ORDER = (*WORST_FIRST, "new", "paused", "ok")


@dataclass(frozen=True, slots=True)
class Row:
    """A source as it is listed."""

    health: SourceHealth
    source: Source | None
    chart: bars.Bars
    #: Articles of the days of the bars.
    came: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One time that a channel was asked."""

    poll: Poll
    channel: Channel


@dataclass(frozen=True, slots=True)
class Way:
    """A channel, with what is said of how it is asked."""

    channel: Channel
    interval: str
    #: By what its server tells that nothing is new.
    validators: str


@dataclass(frozen=True, slots=True)
class Left:
    """A reason for which pages were not kept, with the last of them."""

    reason: str
    number: int
    examples: tuple[Fetchable, ...]


def sources(call: Call) -> Response:
    """Show how each source does, those that need attention first; of one state only, when asked."""
    archive, now = call.archive, call.now
    health = sorted(archive.sources.health(now), key=lambda each: (_badness(each.state), each.name.casefold()))
    states = _added_up({each.state: 1} for each in health)
    state = call.query.get("state", "")
    wanted = [each for each in health if not state or each.state == state]
    page = turn(wanted, call.query.get("from", ""), _A_PAGE, lambda begin: _listed(state, begin))
    return call.render(
        "sources.html.j2",
        rows=_rows(archive, page.shown, now),
        page=page,
        health=health,
        well=states.get("ok", 0),
        resting=_resting(states),
        ill=sum(states.values()) > sum(states.get(state, 0) for state in ("ok", "new", "paused")),
        states=dict(sorted(states.items(), key=lambda item: _badness(item[0]))),
        state=state,
        days=DAYS,
        listed=_listed,
        dropped=_added_up(each.dropped for each in health),
    )


def _resting(states: Mapping[str, int]) -> list[str]:
    """Say how many sources cannot answer because nobody asks them."""
    words = (("new", "was not asked yet", "were not asked yet"), ("paused", "is paused", "are paused"))
    return [f"{states[state]:,} {one if states[state] == 1 else more}" for state, one, more in words if state in states]


def _badness(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else 0


def _listed(state: str, begin: int = 0) -> str:
    return link("/sources", state=state, **{"from": str(begin) if begin > 0 else ""})


def _rows(archive: Archive, health: Iterable[SourceHealth], now: datetime) -> list[Row]:
    shown = list(health)
    known = {source.key: source for source in archive.sources.all()}
    days = archive.sources.days([each.source for each in shown], _since(now))
    rows = []
    for each in shown:
        chart, came = _chart(days[each.source], now)
        rows.append(Row(each, known.get(each.source), chart, came))
    return rows


def _since(now: datetime) -> datetime:
    return (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _chart(days: Mapping[date, SourceDay], now: datetime) -> tuple[bars.Bars, int]:
    counts = {day.isoformat(): of.articles for day, of in days.items()}
    failed = {
        day.isoformat(): f"{of.failed_polls:,} of {telling.count(of.polls, 'poll')} failed"
        for day, of in days.items()
        if of.failed_polls
    }
    return bars.draw(bars.days_until(now, DAYS), counts, failed), sum(counts.values())


def source(call: Call) -> Response:
    """Show one source: its ways in, when it was asked, what came, and the pages that were not kept."""
    archive, now, key = call.archive, call.now, call.path["key"]
    found = archive.sources.get(key)
    if found is None:
        raise HTTPException(404, f"There is no source {key!r} in the archive.")
    health = next((each for each in archive.sources.health(now) if each.source == key), None)
    channels = archive.channels.of(key)
    chart, came = _chart(archive.sources.days([key], _since(now))[key], now)
    own = Filter("source", key)
    kept = archive.search(own, sort="seen", limit=_LATEST, now=now)
    return call.render(
        "source.html.j2",
        source=found,
        health=health,
        paused=key in archive.sources.paused(),
        ways=[_way(channel) for channel in channels],
        asked=_asked(archive, channels),
        left=_left(health, archive.pages.dropped(key, _DROPPED)),
        most=_DROPPED,
        latest=[hit.article for hit in kept.hits],
        kept=kept,
        chart=chart,
        came=came,
        days=DAYS,
        overrides=[_override(each, now.date()) for each in found.overrides],
        search=link("/search", q=query.show(own)),
    )


def _way(channel: Channel) -> Way:
    kept = [name for name, value in (("ETag", channel.etag), ("Last-Modified", channel.last_modified)) if value]
    validators = " and ".join(kept) or ("its bytes are compared" if channel.body_sha256 else "")
    return Way(channel, telling.span(timedelta(seconds=channel.interval)), validators)


def _asked(archive: Archive, channels: Iterable[Channel]) -> list[Asked]:
    """List when the channels of a source were asked last, the newest first."""
    found = [Asked(poll, channel) for channel in channels for poll in archive.channels.polls(channel.id, _POLLS)]
    return sorted(found, key=lambda asked: asked.poll.at, reverse=True)[:_POLLS]


def _left(health: SourceHealth | None, dropped: Iterable[Fetchable]) -> list[Left]:
    """Give each reason its last pages; of reasons that none of the last pages has, the number only."""
    pages = list(dropped)
    counts = dict(health.dropped) if health is not None else _added_up({page.reason: 1} for page in pages)
    return [
        Left(reason, number, tuple(page for page in pages if page.reason == reason)[:_EXAMPLES])
        for reason, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _override(override: Override, today: date) -> tuple[str, str]:
    """Say of what an override speaks, and until when."""
    ended = override.valid_until < today
    return overrides.shown(override), f"{'ended' if ended else 'valid until'} {telling.day(override.valid_until)}"


def pause(call: Call) -> Response:
    """Poll a source no more until it is resumed."""
    key = _configured_key(call)
    call.archive.sources.pause(key, call.now)
    return call.to(f"/sources/{key}", f"{key} is paused; its queued pages wait until it is resumed.")


def resume(call: Call) -> Response:
    """Poll a paused source again."""
    key = _configured_key(call)
    call.archive.sources.resume(key, call.now)
    ahead = call.archive.ahead(call.now)
    return call.to(f"/sources/{key}", f"{key} is polled again." + (f" Note: {ahead}" if ahead else ""))


def poll(call: Call) -> Response:
    """Make the channels of a source due; asking them is the service's work."""
    key = _configured_key(call)
    if key in call.archive.sources.paused():
        raise UsageError(f"{key} is paused, so it is not asked; resume it first.")
    number = call.archive.channels.hasten(key, call.now)
    if not number:
        raise UsageError(f"{key} has no channel that is asked; its page says why.")
    said = f"{telling.count(number, 'channel')} of {key} {'is' if number == 1 else 'are'} due now"
    return call.to(
        f"/sources/{key}",
        f"{said}: the service asks with its next crawl, within minutes; a pause that a server asked for still holds.",
    )


def _configured_key(call: Call) -> str:
    key = call.path["key"]
    if all(source.key != key for source in call.archive.sources.all()):
        raise HTTPException(404, f"There is no source {key!r} in the configuration.")
    return key


def _added_up(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up counts by name, the most frequent first."""
    counted: dict[str, int] = {}
    for each in counts:
        for name, number in each.items():
            counted[name] = counted.get(name, 0) + number
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


PAGES: tuple[Page, ...] = (
    Page("/sources", sources),
    Page("/sources/{key}", source),
    Page("/sources/{key}/pause", pause, "editor", writes=True),
    Page("/sources/{key}/resume", resume, "editor", writes=True),
    Page("/sources/{key}/poll", poll, "editor", writes=True),
)
