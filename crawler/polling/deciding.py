"""Polls of channels: what to send, what an answer means, what to remember, and when to ask again.

Everything here is pure: the clock and the dice are handed in, nothing is fetched and nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from crawler.polling import pace
from crawler.polling.answers import Answer, Contents
from crawler.polling.gaps import told_gap
from crawler.polling.pace import DAY, LATE, Settings, backoff
from crawler.polling.telling import failure, is_refusal, show
from crawler.polling.wishes import Wishes, awake, cache_floor, retry_after
from crawler.records import STRAYED, Channel, ChannelKind, Entry

Outcome = Literal["ok", "not modified", "failed", "blocked", "gone", "overrun"]

#: A server that says "not modified" is asked for the body itself after so many intervals, in a day at the soonest ...
_WHOLE_AFTER = 24
#: ... and in a week at the latest; and so long it is not believed when the body shows that it was wrong.
_WEEK = 7 * DAY
#: A pause that names no time ("429 Too Many Requests" and nothing more) is a short one.
_SHORT_PAUSE = timedelta(minutes=5)
_EMPTY = "it is well-formed, but names nothing"
_FOR_GOOD = frozenset({301, 308})
#: A channel whose addresses lead back to earlier ones so often, or that moved so often, is asked at its own for good.
_MOST_RETURNS, _MOST_MOVES = 2, 10
_ACCEPT: dict[ChannelKind, str] = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1",
    "sitemap": "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1",
    "section": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "warc": "*/*",
}


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


def headers(channel: Channel, now: datetime) -> dict[str, str]:
    """Write the request headers of a poll: the validators as they came, byte for byte, or none to get the body."""
    result = {"Accept": _ACCEPT[channel.kind]}
    if wants_body(channel, now):
        return result
    if channel.etag:
        result["If-None-Match"] = channel.etag
    if channel.last_modified:
        result["If-Modified-Since"] = channel.last_modified
    return result


def wants_body(channel: Channel, now: datetime) -> bool:
    """Tell whether to ask without validators: at first, of a server that lied, and now and then of every other."""
    if channel.body_seen is None or (channel.distrusted is not None and now < channel.distrusted):
        return True
    return (now - channel.body_seen).total_seconds() >= min(max(_WHOLE_AFTER * channel.interval, DAY), _WEEK)


def decide(
    channel: Channel,
    answer: Answer,
    settings: Settings,
    now: datetime,
    luck: float,
    *,
    new: Collection[str] | None = None,
    limited: int = 0,
) -> Decision:
    """Decide what an answer means for a channel.

    luck is a random number from 0 to 1, for the jitter. new are the addresses of those served entries that had not
    been seen before (None: nobody looked, the entries' dates decide). limited is how many other addresses of the host
    that answered asked for a pause just now: with one or more of them, a Retry-After holds the whole host.
    """
    channel = replace(channel, last_polled=now)
    lower = {name.lower(): value for name, value in answer.headers.items()}
    turn = _Turn(channel, answer, lower, settings, now, luck)
    if answer.status == 410 and all(status in _FOR_GOOD for status, _ in answer.hops):
        return _gone(turn)
    if answer.status in (429, 503) and not answer.reason:
        return _paused(turn, limited)
    if answer.status == 304 and channel.last_ok is not None and answer.conditional:
        return _unmodified(turn, "")
    contents = answer.contents
    good = answer.status is not None and 200 <= answer.status < 300 and answer.status != 206 and not answer.reason
    if not good or contents is None or contents.problem:
        return _failed(turn)
    if contents.cut:
        return _read(_without_validators(turn), contents, new)
    if channel.last_ok is not None and answer.body_sha256 and answer.body_sha256 == channel.body_sha256:
        return _unmodified(turn, "answered 200 with the same bytes as last time", body=True)
    return _read(turn, contents, new)


def _without_validators(turn: _Turn) -> _Turn:
    """A body that ends early must be had again: a server that is told what it was would say "not modified" to that."""
    headers = {name: value for name, value in turn.headers.items() if name not in ("etag", "last-modified")}
    # Not the hash of anything that is whole, so that the same beginning is never taken for it.
    answer = replace(turn.answer, body_sha256=f"cut {turn.answer.body_sha256}")
    return replace(turn, headers=headers, answer=answer)


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
    if _has_moved(turn.channel):
        return _returned(turn, "the address to which it had moved was taken away (410)")
    note = "the server says that this address was taken away for good (410); it is not asked again"
    channel = replace(turn.channel, state="gone", note=note, next_poll=None, failures=turn.channel.failures + 1)
    return Decision(channel, "gone", note)


def _paused(turn: _Turn, limited: int) -> Decision:
    """Wait as long as the server asks, and not less than after any failure."""
    until = retry_after(turn.headers.get("retry-after"), turn.headers.get("date"), turn.now)
    asked = f"asks for a pause until {show(until)}" if until else "asks for a pause"
    note = f"the server {asked} ({turn.answer.status})"
    if until is None and turn.answer.status == 429:
        until = turn.now + _SHORT_PAUSE
    channel = _backed_off(turn, "failing", note, until)
    # A part of a sitemap may have been read before the server had enough: what was received is not lost.
    contents = turn.answer.contents
    entries = contents.entries if contents and not contents.problem else ()
    return Decision(channel, "failed", note, hold=until if limited else None, entries=entries)


def _backed_off(turn: _Turn, state: str, note: str, until: datetime | None) -> Channel:
    failures = turn.channel.failures + 1
    wait = backoff(turn.channel.interval, failures, turn.settings)
    return replace(
        turn.channel,
        state=state,
        note=note,
        failures=failures,
        next_poll=turn.after(wait, not_before=until),
        held_until=until,
    )


def _failed(turn: _Turn) -> Decision:
    """Back off and keep everything that is known: a failing channel is asked again, rarer, never dropped."""
    refused = is_refusal(turn.answer)
    note = failure(turn.answer)
    if _has_moved(turn.channel) and turn.channel.failures + 1 >= STRAYED:
        return _returned(turn, f"the address to which it had moved fails: {note}")
    until = retry_after(turn.headers.get("retry-after"), turn.headers.get("date"), turn.now) or turn.answer.until
    return Decision(
        _backed_off(turn, "blocked" if refused else "failing", note, until), "blocked" if refused else "failed", note
    )


def _has_moved(channel: Channel) -> bool:
    return channel.defined not in ("", channel.url)


def _returned(turn: _Turn, why: str) -> Decision:
    """Ask at the address in the configuration again, without validators that another address gave."""
    note = f"{why}; {turn.channel.defined} is asked again"
    until = retry_after(turn.headers.get("retry-after"), turn.headers.get("date"), turn.now)
    channel = replace(
        _backed_off(turn, "failing", note, until),
        url=turn.channel.defined,
        moved_at=None,
        etag=None,
        last_modified=None,
        validators_url=None,
        body_sha256=None,
        body_seen=None,
        failures=0,
    )
    return Decision(channel, "failed", note)


def _unmodified(turn: _Turn, detail: str, *, body: bool = False) -> Decision:
    """Nothing new: health and validators are refreshed, the rhythm slows only with a long silence."""
    interval = pace.after_silence(turn.channel, turn.settings, turn.now)
    channel = replace(_well(turn), interval=interval)
    moved_from = None
    if body:
        channel, moved_from = _moved(turn, replace(channel, body_seen=turn.now))
    floor = cache_floor(turn.headers, turn.now)
    channel = _scheduled(turn, channel, interval, floor)
    told = [channel.note if body and channel.state == "moved" else detail, *_wholeness(turn.answer.contents)]
    return Decision(channel, "not modified", "; ".join(filter(None, told)), moved_from=moved_from)


def _read(turn: _Turn, contents: Contents, new: Collection[str] | None) -> Decision:
    """A body with news in it: remember it, learn the rhythm, tell a gap."""
    settings, before, now = turn.settings, turn.channel, turn.now
    times = pace.times(contents.entries, settings, now)
    gap = told_gap(before, contents, new, settings, now)
    rate = pace.measure(times, now)
    news = None if new is None else bool(new)
    ceiling = pace.ceiling(before, rate, now)
    interval = pace.after_news(before, settings, rate, news=news, gap=bool(gap))
    if ceiling is not None and not settings.fixed:
        interval = pace.clamp(min(interval, ceiling), settings)
    channel, moved_from = _moved(
        turn,
        replace(
            _well(turn),
            body_sha256=turn.answer.body_sha256 or before.body_sha256,
            body_seen=now,
            interval=interval,
            ceiling=ceiling,
            newest_entry=max([*times, *([before.newest_entry] if before.newest_entry else [])], default=None),
            body_newest=max(times, default=None),
            wishes=Wishes(contents.ttl_seconds, contents.skip_hours, contents.skip_days).written(),
        ),
    )
    detail = channel.note if channel.state == "moved" else ""
    if _lied(turn, times, news=bool(news)):
        channel = replace(channel, distrusted=now + timedelta(seconds=_WEEK))
        detail = "the server had said 'not modified', but the body had changed: it is asked for the body for a week"
    if not contents.entries and not contents.nameless:
        detail = "; ".join(filter(None, [detail, _EMPTY]))
        channel = replace(channel, note="; ".join(filter(None, [channel.note, _EMPTY])))
    detail = "; ".join(filter(None, [detail, *_wholeness(contents)]))
    if contents.cut:
        told = f"the answer ends early: of a list that is not closed {len(contents.entries)} entries were received"
        detail = f"{told}; {detail}" if detail else told
        channel = replace(channel, state="truncated", note=detail)
    if gap:
        detail = f"{gap}; {detail}" if detail else gap
        channel = replace(channel, state="overrun", note=detail)
    floor = max(contents.ttl_seconds or 0.0, cache_floor(turn.headers, now))
    channel = _scheduled(turn, channel, interval, floor)
    return Decision(channel, "overrun" if gap else "ok", detail, entries=contents.entries, moved_from=moved_from)


def _moved(turn: _Turn, channel: Channel) -> tuple[Channel, str | None]:
    """Take over the address to which a valid answer was redirected for good; give the one that was left."""
    before = turn.channel.url
    address = permanent_address(before, turn.answer.hops)
    if address == before:
        return channel, None
    left = turn.channel.left
    way = (*left, before, address)
    if _returns(way) >= _MOST_RETURNS or len(left) >= _MOST_MOVES:
        return _stayed(turn, channel, way), None
    note = f"moved for good from {before} to {address}"
    return replace(channel, url=address, state="moved", note=note, moved_at=turn.now, left=(*left, before)), before


def _stayed(turn: _Turn, channel: Channel, way: Sequence[str]) -> Channel:
    """Ask at the address in the configuration, whose redirects never come to an end from poll to poll."""
    at = turn.channel.defined or turn.channel.url
    again = "in a circle" if _returns(way) >= _MOST_RETURNS else "ever further"
    named = ", ".join(list(dict.fromkeys(way))[:3])
    note = f"its redirects for good lead {again} from poll to poll ({named}); it stays at {at}"
    return replace(channel, url=at, state="moved", note=note, moved_at=None)


def _returns(way: Sequence[str]) -> int:
    """Count how often a way comes back to where it was before."""
    return len(way) - len(set(way))


def _is_led_on(turn: _Turn) -> bool:
    """Tell whether a channel that stays where it is for its endless redirects was redirected for good once more."""
    before = turn.channel
    waits = before.state == "moved" and before.moved_at is None
    return waits and permanent_address(before.url, turn.answer.hops) != before.url


def _lied(turn: _Turn, times: Sequence[datetime], *, news: bool) -> bool:
    """Tell whether a body that was asked for without validators shows that "not modified" was wrong before."""
    before = turn.channel
    if turn.answer.conditional or not news or before.last_ok is None or before.body_seen is None:
        return False
    if (turn.answer.url or before.url) != (before.validators_url or before.url):
        return False  # another address than the one that had said so
    if before.last_ok <= before.body_seen or not (before.etag or before.last_modified):
        return False
    name, value = ("etag", before.etag) if before.etag else ("last-modified", before.last_modified)
    if turn.headers.get(name) == value:
        return True
    # Other validators, but entries from before the last "not modified" that it did not let us see.
    seen = before.newest_entry or before.body_seen
    return sum(seen < time < before.last_ok - LATE for time in times) >= 2


def _well(turn: _Turn) -> Channel:
    """The channel after an answer that counts: revived, with the validators that came."""
    contents, before = turn.answer.contents, turn.channel
    state, note = "ok", ""
    if contents is not None:
        state, note = "truncated" if contents.lacking else "ok", "; ".join(filter(None, _wholeness(contents)))
    elif before.state == "truncated" or _is_led_on(turn):  # and it is as it was
        state, note = before.state, before.note
    return replace(
        _validated(turn),
        last_ok=turn.now,
        held_until=None,
        failures=0,
        state=state,
        note=note,
    )


def _validated(turn: _Turn) -> Channel:
    """The channel with the validators of this answer; none is ever blanked, and those of two addresses never mixed."""
    channel = turn.channel
    etag, modified = turn.headers.get("etag"), turn.headers.get("last-modified")
    at, gave = turn.answer.url or channel.url, channel.validators_url or channel.url
    if not (etag or modified):
        return replace(channel, validators_url=gave)
    if at == gave:
        etag, modified = etag or channel.etag, modified or channel.last_modified
    return replace(channel, etag=etag, last_modified=modified, validators_url=at)


def _wholeness(contents: Contents | None) -> tuple[str, ...]:
    return (contents.lacking, contents.left) if contents else ()


def _scheduled(turn: _Turn, channel: Channel, interval: float, floor: float) -> Channel:
    wishes, settings = Wishes.read(channel.wishes), turn.settings
    asked = min(max(floor, wishes.ttl_seconds or 0.0), settings.cap)
    wait = min(max(interval, asked, settings.shortest), settings.cap)
    time = pace.before_digest(turn.now, wait, asked, settings, turn.luck) or turn.after(wait)
    return replace(channel, next_poll=awake(time, wishes, turn.now + timedelta(seconds=settings.cap)))


def permanent_address(url: str, hops: Sequence[tuple[int, str]]) -> str:
    """Follow the redirects that are for good (301, 308) up to the first that is not."""
    for status, target in hops:
        if status not in _FOR_GOOD:
            break
        url = target
    return url
