"""How sources do, in words that people use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from crawler.archive import rows
from crawler.archive.positions import NUMBERS
from crawler.archive.sqlite import Store, moment, moment_or_none
from crawler.records import Channel, SourceHealth

#: A source is silent when it brought nothing for so long, or for three times its usual gap if that is longer.
_SILENT = timedelta(days=3)
_USUAL = 3
#: How many of its newest articles tell a source's rhythm.
_RHYTHM = 100
_MINUTES_A_DAY = 1_440
#: States of one channel that speak for its source, the worst first.
_WORST_FIRST = ("blocked", "failing", "gone", "overrun", "moved")


def read(store: Store, now: datetime) -> list[SourceHealth]:
    """Say how each source of the configuration does."""
    channels: dict[str, list[Channel]] = {}
    for row in store.rows(f"SELECT {rows.CHANNEL} FROM channels WHERE retired_at IS NULL ORDER BY id"):
        channel = rows.channel(row)
        channels.setdefault(channel.source, []).append(channel)
    pages = _page_counts(store)
    found = []
    for key, name, paused_at in store.rows(
        "SELECT key, name, paused_at FROM sources WHERE removed_at IS NULL ORDER BY key"
    ):
        ways, counted = channels.get(key, []), pages.get(key, {})
        newest = _newest(store, key, ways)
        state, note = judge(ways, moment_or_none(paused_at), newest, _usual_gap(store, key), now)
        found.append(
            SourceHealth(
                source=key,
                name=name,
                state=state,
                note=note,
                last_ok=max((way.last_ok for way in ways if way.last_ok), default=None),
                newest_entry=newest,
                next_poll=min((way.next_poll for way in ways if way.next_poll), default=None),
                queued=counted.pop("queued", 0) + counted.pop("leased", 0),
                stored=counted.pop("stored", 0),
                dropped=counted,
            )
        )
    return found


def judge(
    channels: Sequence[Channel],
    paused_at: datetime | None,
    newest: datetime | None,
    usual_gap: timedelta | None,
    now: datetime,
) -> tuple[str, str]:
    """Decide the state of a source and the sentence about it."""
    if paused_at is not None:
        return "paused", f"paused since {paused_at:%Y-%m-%d}"
    if not channels:
        return "new", "no feed, sitemap or section page is known yet"
    if all(channel.last_polled is None for channel in channels):
        return "new", "not polled yet"
    for state in _WORST_FIRST:
        troubled = [channel for channel in channels if channel.state == state]
        if troubled:
            part = f"{len(troubled)} of {len(channels)} channels: " if len(channels) > 1 else ""
            return state, part + (troubled[0].note or _since(troubled[0], now))
    if newest is not None and now - newest > max(_SILENT, _USUAL * (usual_gap or timedelta())):
        return "silent", f"no new items for {(now - newest).days} days"
    late = [channel for channel in channels if _is_late(channel, now)]
    if late:
        return "late", f"should have been polled {_ago(now - min(way.next_poll for way in late if way.next_poll))}"
    return "ok", ""


def _is_late(channel: Channel, now: datetime) -> bool:
    waits = channel.held_until is not None and channel.held_until > now
    grace = timedelta(seconds=max(channel.interval, 3_600))
    return not waits and channel.next_poll is not None and now - channel.next_poll > grace


def _since(channel: Channel, now: datetime) -> str:
    return "never answered" if channel.last_ok is None else f"last answered {_ago(now - channel.last_ok)}"


def _ago(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3_600)
    number, word = (span.days, "day") if hours >= 48 else (hours, "hour")
    return "within the last hour" if hours < 1 else f"{number} {word}{'' if number == 1 else 's'} ago"


def _newest(store: Store, key: str, channels: Sequence[Channel]) -> datetime | None:
    """Find the newest entry; where a channel gives no dates, the last poll that brought anything."""
    dates = [channel.newest_entry for channel in channels if channel.newest_entry is not None]
    if dates:
        return max(dates)
    query = "SELECT at FROM polls WHERE source = ? AND new > 0 ORDER BY at DESC LIMIT 1"
    at = store.value(query, (key,))
    return None if at is None else moment(at)


def _usual_gap(store: Store, key: str) -> timedelta | None:
    """Tell how many days usually lie between two days on which a source publishes; None when it cannot be told."""
    found = store.rows("SELECT position FROM articles WHERE source = ? ORDER BY position DESC LIMIT ?", (key, _RHYTHM))
    days = sorted({(position >> NUMBERS) // _MINUTES_A_DAY for (position,) in found})
    gaps = [later - earlier for earlier, later in pairwise(days)]
    return timedelta(days=median(gaps)) if gaps else None


def _page_counts(store: Store) -> Mapping[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for source, state, number in store.rows(
        "SELECT source, iif(state = 'dropped', reason, state), count(*) FROM pages GROUP BY 1, 2"
    ):
        counted.setdefault(source, {})[state] = number
    return counted
