"""How often a channel is asked, by what it was seen to publish. Pure, as ``polling`` is, which decides with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from crawler.leads import Lead
from crawler.records import Channel, Entry

#: A server's wish for rarer polls (max-age, ttl ...) is kept up to here, and nothing waits longer without Retry-After.
DAY = 86_400.0
#: Entries come into a feed somewhat later than they are dated.
LATE = timedelta(hours=1)
#: A burst that does not come back is forgotten by half in so many seconds.
_FORGET = 14 * DAY
#: An interval of our own choice is stretched or shortened so far that a poll falls before a digest. Without the second,
#: what is asked once a day would be asked a little later every day, and at last always after the digest.
_STRETCHED, _SHORTENED = 1.25, 0.8
#: From one digest's lead to the next one it can be 25 hours and a bit, on the day on which the clocks go back.
_LONG_DAY = 25.5 / 24


@dataclass(frozen=True, slots=True)
class Settings:
    """How often a channel may be asked; in seconds."""

    every: float = 3_600.0
    #: The user named the interval of this source: it is not adapted.
    fixed: bool = False
    shortest: float = 600.0
    longest: float = DAY
    #: Up to this share of the wait is added, so that not everything is asked at once.
    jitter: float = 0.1
    #: The zone of dates that are printed without one; UTC when not known. For the rhythm only.
    timezone: str | None = None
    #: The times before digests in which a poll is wanted, the next one first.
    leads: tuple[Lead, ...] = ()

    @property
    def cap(self) -> float:
        """The longest wait that is ever chosen, save for Retry-After."""
        return max(self.longest, self.every) if self.fixed else self.longest


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a channel fills, in seconds."""

    #: Between entries of late, the present silence included, and from the oldest to the newest entry.
    gap: float
    span: float
    #: The shortest time in which half of it was filled; None when too little is known.
    half: float | None


def backoff(interval: float, failures: int, settings: Settings) -> float:
    """Double the wait with every failure in a row, up to the cap."""
    interval = max(interval, settings.shortest)
    return min(interval * 2.0 ** min(failures - 1, 20), settings.cap)


def after_news(before: Channel, settings: Settings, rate: Rate | None, *, news: bool | None, gap: bool) -> float:
    """Choose the interval after a body was read; news: something in it was not known (None: nobody looked)."""
    if settings.fixed:
        return settings.every
    interval = before.interval if before.last_ok else settings.every
    if rate is not None:
        # Two entries a poll; a feed is read three times before it has rolled over, for days have busy hours.
        interval = min(2 * rate.gap, rate.span / 3)
    elif news is not None and before.last_ok:
        # Nothing is dated: slow down while visits find nothing, and come back to the usual while they do.
        interval = max(interval * 0.8, min(interval, settings.every)) if news else interval * 1.25
    if gap:
        interval = min(interval, before.interval / 2)
    return clamp(interval, settings)


def after_silence(channel: Channel, settings: Settings, now: datetime) -> float:
    """Slow down little by little: after a day without news every two hours, after twelve days once a day."""
    if settings.fixed:
        return settings.every
    silent_since = channel.newest_entry or channel.last_ok or now
    wanted = max(channel.interval, (now - silent_since).total_seconds() / 12)
    # A quiet week says nothing about the morning on which everything comes at once.
    return clamp(min(wanted, channel.interval * 1.25, channel.ceiling or wanted), settings)


def ceiling(before: Channel, rate: Rate | None, now: datetime) -> float | None:
    """Remember the fastest that half of a channel was ever filled, fading over weeks."""
    old = before.ceiling
    if old is not None and before.last_ok is not None:
        old *= 2.0 ** min(max((now - before.last_ok).total_seconds(), 0.0) / _FORGET, 100.0)
    known = [half for half in (old, rate.half if rate else None) if half is not None]
    return min(known, default=None)


def clamp(interval: float, settings: Settings) -> float:
    """Keep an interval between the shortest and the longest."""
    return min(max(interval, settings.shortest), settings.longest)


def before_digest(now: datetime, wait: float, asked: float, settings: Settings, luck: float) -> datetime | None:
    """Time the next poll so that one falls into the lead before the next digest; None leaves it to the rhythm.

    wait is how long it would be by the channel's rhythm, asked is how long its publisher wants. What the publisher or
    the user has named is never shortened, and a feed that is stretched is still read before it has rolled over.
    """
    least = max(asked, settings.shortest, wait if settings.fixed else wait * _SHORTENED)
    soonest = now + timedelta(seconds=least)
    lead = next((each for each in settings.leads if each.end > soonest), None)
    if lead is None:
        return None
    ahead = (lead.moment(luck) - now).total_seconds()
    if ahead <= least:
        return soonest
    # Spread over the time until then: with many polls the stretch is a few percent.
    step = ahead / math.ceil(ahead / (wait * _STRETCHED))
    if least <= step <= settings.cap * _LONG_DAY:
        return now + timedelta(seconds=step)
    # What is asked once a day comes nearer to the digest's hour from day to day.
    return soonest if least < wait else None


def measure(times: list[datetime], now: datetime) -> Rate | None:
    """Measure how fast a channel fills; None when fewer than three moments are known."""
    moments = sorted(set(times))
    if len(moments) < 3:
        return None
    recent = moments[-10:]
    gap = max((now - recent[0]).total_seconds(), (recent[-1] - recent[0]).total_seconds()) / len(recent)
    half = len(moments) // 2
    fills = [(later - sooner).total_seconds() for sooner, later in zip(moments, moments[half:], strict=False)]
    return Rate(gap, (moments[-1] - moments[0]).total_seconds(), min(fills) if half > 1 else None)


def times(entries: Sequence[Entry], settings: Settings, now: datetime) -> list[datetime]:
    """Read the entries' dates; what lies more than an hour ahead is a mistake and teaches nothing."""
    zone: tzinfo = ZoneInfo(settings.timezone) if settings.timezone else UTC
    found = (moment(entry.published or entry.updated, zone) for entry in entries)
    return [time for time in found if time is not None and time <= now + timedelta(hours=1)]


def moment(printed: str | None, zone: tzinfo = UTC) -> datetime | None:
    """Read a printed time; None for a day without a time, which says too little about a rhythm of minutes."""
    if printed is None or len(printed) <= 10:
        return None
    try:
        time = datetime.fromisoformat(printed)
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
