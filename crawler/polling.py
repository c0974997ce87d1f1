"""Polls of channels: what to send, what an answer means, what to remember, and when to ask again.

Everything here is pure: the clock and the dice are handed in, nothing is fetched and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from crawler.errors import REASONS
from crawler.records import Channel, ChannelKind, Entry
from crawler.wishes import Wishes, awake, cache_floor, retry_after

Outcome = Literal["ok", "not modified", "failed", "blocked", "gone", "overrun"]

#: A server's wish for rarer polls (max-age, ttl ...) is kept up to here, and nothing waits longer without Retry-After.
DAY = 86_400.0
#: Reasons of errors.REASONS that mean "we may not", not "it did not work".
_REFUSED = frozenset({"robots", "robots unreachable", "address refused", "blocked"})
_ACCEPT: dict[ChannelKind, str] = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1",
    "sitemap": "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1",
    "section": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "warc": "*/*",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the body of a channel's answer holds; feeds, sitemaps and section pages add to it."""

    entries: tuple[Entry, ...] = ()
    #: One sentence why this is not what it should be; None when it is.
    problem: str | None = None
    #: What the publisher asks for; hours 0-23 in UTC, days "monday" ...
    ttl_seconds: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for a channel."""

    #: None when there was no answer at all.
    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body_sha256: str | None = None
    #: What the body holds; None when there was no body to read.
    contents: Contents | None = None
    #: The redirects on the way, in order: (301, where it led).
    hops: Sequence[tuple[int, str]] = ()
    #: One of errors.REASONS when no answer came or the request was refused, and what was seen.
    reason: str = ""
    detail: str = ""


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

    @property
    def cap(self) -> float:
        """The longest wait that is ever chosen, save for Retry-After."""
        return max(self.longest, self.every) if self.fixed else self.longest


@dataclass(frozen=True, slots=True)
class Decision:
    """What is remembered of a poll, and what follows from it."""

    #: With new validators, interval, next_poll, state, note, health and, after a move, address.
    channel: Channel
    outcome: Outcome
    #: For the poll log: what was seen, as a sentence or "".
    detail: str = ""
    #: Ask nothing of the whole host before this time; None when only this channel waits.
    hold: datetime | None = None
    #: Entries that were served and are to be queued; none when the body is what it was.
    entries: tuple[Entry, ...] = ()
    #: The address that the channel left for good.
    moved_from: str | None = None


def headers(channel: Channel) -> dict[str, str]:
    """Write the request headers of a poll: the validators as they came, byte for byte."""
    result = {"Accept": _ACCEPT[channel.kind]}
    if channel.etag:
        result["If-None-Match"] = channel.etag
    if channel.last_modified:
        result["If-Modified-Since"] = channel.last_modified
    return result


def decide(
    channel: Channel,
    answer: Answer,
    settings: Settings,
    now: datetime,
    luck: float,
    *,
    known: int | None = None,
    limited: int = 0,
) -> Decision:
    """Decide what an answer means for a channel.

    luck is a random number from 0 to 1, for the jitter. known is how many of the served entries had been seen
    before (None: nobody looked, the entries' dates decide). limited is how many other channels of this host were
    asked to wait just now: with one or more of them, a Retry-After holds the whole host.
    """
    channel = replace(channel, last_polled=now)
    lower = {name.lower(): value for name, value in answer.headers.items()}
    turn = _Turn(channel, answer, lower, settings, now, luck)
    if answer.status == 410:
        return _gone(turn)
    if answer.status in (429, 503) and not answer.reason:
        return _paused(turn, limited)
    if answer.status == 304 and channel.last_ok is not None:
        return _unmodified(turn, "")
    contents = answer.contents
    if answer.status is None or not 200 <= answer.status < 300 or contents is None or contents.problem or answer.reason:
        return _failed(turn)
    if channel.last_ok is not None and answer.body_sha256 and answer.body_sha256 == channel.body_sha256:
        return _unmodified(turn, "answered 200 with the same bytes as last time")
    return _read(turn, contents, known)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One call of decide, as its parts need it."""

    channel: Channel
    answer: Answer
    headers: Mapping[str, str]
    settings: Settings
    now: datetime
    luck: float

    def after(self, seconds: float, *, not_before: datetime | None = None) -> datetime:
        """Name the time of the next poll: jitter only adds, the cap holds, Retry-After is stronger than the cap."""
        settings = self.settings
        wait = min(max(seconds, settings.shortest) * (1 + settings.jitter * self.luck), settings.cap)
        time = self.now + timedelta(seconds=wait)
        if not_before is not None and time < not_before:
            time = not_before + timedelta(seconds=settings.shortest * settings.jitter * self.luck)
        return time


# What an answer can mean


def _gone(turn: _Turn) -> Decision:
    note = "the server says that this address was taken away for good (410); it is not asked again"
    channel = replace(turn.channel, state="gone", note=note, next_poll=None, failures=turn.channel.failures + 1)
    return Decision(channel, "gone", note)


def _paused(turn: _Turn, limited: int) -> Decision:
    """Wait as long as the server asks, and not less than after any failure."""
    until = retry_after(turn.headers.get("retry-after"), turn.headers.get("date"), turn.now)
    asked = f"asks for a pause until {_show(until)}" if until else "asks for a pause"
    note = f"the server {asked} ({turn.answer.status})"
    failures = turn.channel.failures + 1
    next_poll = turn.after(backoff(turn.channel.interval, failures, turn.settings), not_before=until)
    channel = replace(
        turn.channel, state="failing", note=note, failures=failures, next_poll=next_poll, held_until=until
    )
    return Decision(channel, "failed", note, hold=until if limited else None)


def _failed(turn: _Turn) -> Decision:
    """Back off and keep everything that is known: a failing channel is asked again, rarer, never dropped."""
    outcome: Outcome = "blocked" if _is_refusal(turn.answer) else "failed"
    note = _failure(turn.answer)
    failures = turn.channel.failures + 1
    until = retry_after(turn.headers.get("retry-after"), turn.headers.get("date"), turn.now)
    channel = replace(
        turn.channel,
        state="blocked" if outcome == "blocked" else "failing",
        note=note,
        failures=failures,
        next_poll=turn.after(backoff(turn.channel.interval, failures, turn.settings), not_before=until),
    )
    return Decision(channel, outcome, note)


def _unmodified(turn: _Turn, detail: str) -> Decision:
    """Nothing new: health and validators are refreshed, the rhythm slows only with a long silence."""
    interval = _quiet_interval(turn.channel, turn.settings, turn.now)
    channel = replace(_well(turn), interval=interval)
    floor = cache_floor(turn.headers, turn.now)
    return Decision(_scheduled(turn, channel, max(interval, floor)), "not modified", detail)


def _read(turn: _Turn, contents: Contents, known: int | None) -> Decision:
    """A body with news in it: remember it, learn the rhythm, tell a gap."""
    settings, before = turn.settings, turn.channel
    times = _times(contents.entries, settings, turn.now)
    gap = _overrun(before, contents.entries, times, known)
    wishes = Wishes(contents.ttl_seconds, contents.skip_hours, contents.skip_days).written()
    news = None if known is None else known < len(contents.entries)
    interval = _interval(before, settings, _rate(times, turn.now), news=news, gap=gap)
    newest = max([*times, *([before.newest_entry] if before.newest_entry else [])], default=None)
    channel = replace(
        _well(turn),
        body_sha256=turn.answer.body_sha256 or before.body_sha256,
        interval=interval,
        newest_entry=newest,
        wishes=wishes,
    )
    detail = ""
    if gap:
        detail = (
            f"none of the {len(contents.entries)} entries was known from the poll before "
            f"({_show(before.last_ok)}): older ones may have been missed"
        )
        channel = replace(channel, state="overrun", note=detail)
    moved_from = None
    address = permanent_address(before.url, turn.answer.hops)
    if address != before.url:
        moved_from = before.url
        note = f"moved for good from {before.url} to {address}"
        channel = replace(channel, url=address, state="overrun" if gap else "moved", note=detail or note)
        detail = detail or note
    floor = max(contents.ttl_seconds or 0.0, cache_floor(turn.headers, turn.now))
    channel = _scheduled(turn, channel, max(interval, floor))
    return Decision(channel, "overrun" if gap else "ok", detail, entries=contents.entries, moved_from=moved_from)


def _well(turn: _Turn) -> Channel:
    """The channel after an answer that counts: revived, with the validators that came; none is ever blanked."""
    return replace(
        turn.channel,
        etag=turn.headers.get("etag") or turn.channel.etag,
        last_modified=turn.headers.get("last-modified") or turn.channel.last_modified,
        last_ok=turn.now,
        held_until=None,
        failures=0,
        state="ok",
        note="",
    )


def _scheduled(turn: _Turn, channel: Channel, seconds: float) -> Channel:
    wishes = Wishes.read(channel.wishes)
    seconds = max(seconds, wishes.ttl_seconds or 0.0)
    latest = turn.now + timedelta(seconds=turn.settings.cap)
    return replace(channel, next_poll=awake(turn.after(seconds), wishes, latest))


# How often


def backoff(interval: float, failures: int, settings: Settings) -> float:
    """Double the wait with every failure in a row, up to the cap."""
    interval = max(interval, settings.shortest)
    return min(interval * 2.0 ** min(failures - 1, 20), settings.cap)


def _interval(before: Channel, settings: Settings, rate: _Rate | None, *, news: bool | None, gap: bool) -> float:
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
    return _clamp(interval, settings)


@dataclass(frozen=True, slots=True)
class _Rate:
    #: Seconds between entries of late, the present silence included, and from the oldest to the newest entry.
    gap: float
    span: float


def _rate(times: list[datetime], now: datetime) -> _Rate | None:
    """Measure how fast a feed fills; None when fewer than three moments are known."""
    moments = sorted(set(times))
    if len(moments) < 3:
        return None
    recent = moments[-10:]
    gap = max((now - recent[0]).total_seconds(), (recent[-1] - recent[0]).total_seconds()) / len(recent)
    return _Rate(gap, (moments[-1] - moments[0]).total_seconds())


def _quiet_interval(channel: Channel, settings: Settings, now: datetime) -> float:
    """Slow down little by little: after a day without news every two hours, after twelve days once a day."""
    if settings.fixed:
        return settings.every
    silent_since = channel.newest_entry or channel.last_ok or now
    wanted = max(channel.interval, (now - silent_since).total_seconds() / 12)
    return _clamp(min(wanted, channel.interval * 1.25), settings)


def _clamp(interval: float, settings: Settings) -> float:
    return min(max(interval, settings.shortest), settings.longest)


def _times(entries: Sequence[Entry], settings: Settings, now: datetime) -> list[datetime]:
    """Read the entries' dates; what lies more than an hour ahead is a mistake and teaches nothing."""
    zone: tzinfo = ZoneInfo(settings.timezone) if settings.timezone else UTC
    found = (_moment(entry.published or entry.updated, zone) for entry in entries)
    return [time for time in found if time is not None and time <= now + timedelta(hours=1)]


def _moment(printed: str | None, zone: tzinfo) -> datetime | None:
    # A day without a time of day says too little about a rhythm of minutes.
    if printed is None or len(printed) <= 10:
        return None
    try:
        time = datetime.fromisoformat(printed)
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _overrun(before: Channel, entries: Sequence[Entry], times: list[datetime], known: int | None) -> bool:
    """Tell whether a feed rolled over since it was read last: nothing in it is known."""
    if before.last_ok is None or before.body_sha256 is None or len(entries) < 2:
        return False
    if known is not None:
        return known == 0
    newest = before.newest_entry
    return newest is not None and len(times) == len(entries) and min(times) > newest


def permanent_address(url: str, hops: Sequence[tuple[int, str]]) -> str:
    """Follow the redirects that are for good (301, 308) up to the first that is not."""
    for status, target in hops:
        if status not in (301, 308):
            break
        url = target
    return url


# How it is told


def _is_refusal(answer: Answer) -> bool:
    return answer.reason in _REFUSED or (not answer.reason and answer.status in (401, 403, 407, 451))


def _failure(answer: Answer) -> str:
    if answer.reason:
        return answer.detail or REASONS.get(answer.reason, answer.reason)
    if answer.status is None:
        return answer.detail or "no answer"
    if 200 <= answer.status < 300:
        problem = answer.contents.problem if answer.contents else None
        return problem or answer.detail or f"the answer ({answer.status}) has no body"
    told = {
        304: "the server says 'not modified' (304) although nothing was known of it",
        401: "the server wants a password (401)",
        403: "the server refuses us (403)",
        404: "there is nothing at this address (404)",
        451: "the server may not show it here for legal reasons (451)",
    }
    if answer.status in told:
        return told[answer.status]
    kind = "failed" if answer.status >= 500 else "answered"
    return f"the server {kind} ({answer.status})"


def _show(time: datetime | None) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if time else "never"
