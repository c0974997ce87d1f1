"""How sources and their channels do, in words that people use, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crawler import rhythm
from crawler.archive import overriding, rows, wholeness
from crawler.archive.ahead import SLACK
from crawler.archive.positions import NUMBERS
from crawler.archive.standing import closed_hosts, held_addresses
from crawler.archive.store import Store
from crawler.archive.times import MINUTE, micros, moment, moment_or_none
from crawler.archive.wholeness import Finding
from crawler.records import Channel, ChannelHealth, SourceHealth
from crawler.urls import host_of

#: The states that ask for somebody's attention, the worst first.
WORST_FIRST = ("gone", "blocked", "failing", "overrun", "truncated", "silent", "late", "moved")
#: How far back the rare articles of a source tell how rare they are.
_YEAR = timedelta(days=366)
#: A host that is free again so soon needs no word.
_SOON = timedelta(minutes=2)
#: A gap is told for as long as somebody may read of that day.
_GAP_TOLD = timedelta(hours=24)
_REMEDIES = {
    "gone": 'find its new address ("presswatch source test {url}") and write it into sources.toml, or take it out; '
    '"presswatch source resume {key}" asks the old one again',
    "blocked": "see that [crawl] contact says who you are, and ask the publisher to let the crawl in; "
    "it is tried again by itself",
    "failing": 'it is tried again by itself; if it lasts, "presswatch source test {url}" shows what is answered',
    "overrun": 'it is asked more often now; a sitemap, or a shorter "every", for {key} in sources.toml closes gaps',
    "truncated": "open its channels and its newest articles in a browser: a wall, a new layout or a fault cuts them",
    "silent": "open {url} in a browser: if there is news, the address in sources.toml is no longer the right one",
    "late": 'start the service ("presswatch run"), or crawl by hand ("presswatch crawl {key}")',
    "moved": "write the new address, {url}, into sources.toml",
    "paused": '"presswatch source resume {key}" polls it again',
    "new": '"presswatch crawl {key}" polls it now',
}
_CUT_LIST = '"presswatch source test {url}" shows what is answered; its news sitemap alone, in sources.toml, is shorter'
_FOLDED = (
    'it is the same feed as {url} of the source "%s": take it out of {key} in sources.toml, or that one out of %s '
    "if its articles are to be those of {key}"
)
_WAITS = "it is asked again by itself when the pause is over"
_CIRCLE = (
    'it is read all the same; "presswatch source test {url}" shows what is answered: write the address that lasts into '
    "sources.toml, or tell the publisher"
)
_AHEAD = 'this machine\'s clock is behind, or was ahead: "presswatch doctor" says what to do'
_NO_CHANNEL = '"presswatch source test {url}" looks for its feeds; write one into sources.toml'


def read(
    store: Store, now: datetime, *, full: bool = True, known: wholeness.KnownArticles | None = None
) -> list[SourceHealth]:
    """Say how each source of the configuration does; when not in full, no page is counted and no override told.

    ``known`` remembers what was found of their articles.
    """
    channels: dict[str, list[Channel]] = {}
    query = f"SELECT {rows.CHANNEL} FROM channels WHERE retired_at IS NULL AND merged_into IS NULL ORDER BY id"
    for row in store.rows(query):
        channel = rows.channel(row)
        channels.setdefault(channel.source, []).append(channel)
    pages, gaps = _page_counts(store) if full else {}, _gaps(store, now)
    suspects = wholeness.suspects(store, now)
    closed = _Closed(closed_hosts(store, now), held_addresses(store, now))
    found = []
    for key, name, homepage, paused_at, definition in store.rows(
        "SELECT key, name, homepage, paused_at, definition FROM sources WHERE removed_at IS NULL ORDER BY key"
    ):
        ways, of_pages = channels.get(key, []), pages.get(key, _Counted({}, {}))
        seen = _Seen(store, key, homepage, ways, gaps, closed, now, known, is_suspect=key in suspects)
        judged = [(way, seen.channel(way)) for way in ways]
        finding = seen.source(judged, moment_or_none(paused_at))
        states = dict(of_pages.states)
        found.append(
            SourceHealth(
                source=key,
                name=name,
                state=finding.state,
                note=finding.note,
                since=finding.since,
                remedy=_remedy(finding, key, homepage, ways),
                last_ok=max((way.last_ok for way in ways if way.last_ok), default=None),
                newest_entry=seen.newest,
                next_poll=min(filter(None, map(seen.next_poll, ways)), default=None) if paused_at is None else None,
                queued=states.pop("queued", 0) + states.pop("leased", 0),
                stored=states.pop("stored", 0),
                dropped=states,
                from_entry=of_pages.from_entry,
                channels=tuple(_channel_health(way, each, key, seen.next_poll(way)) for way, each in judged),
                overrides=overriding.read(store, rows.source(definition), now.date()) if full else (),
            )
        )
    return found


def _channel_health(channel: Channel, finding: Finding, key: str, next_poll: datetime | None) -> ChannelHealth:
    return ChannelHealth(
        kind=channel.kind,
        url=channel.url,
        state=finding.state,
        note=finding.note,
        since=finding.since,
        remedy=_remedy(finding, key, channel.url, [channel]),
        last_ok=channel.last_ok,
        newest_entry=channel.newest_entry,
        next_poll=next_poll,
    )


def _remedy(finding: Finding, key: str, url: str, channels: Sequence[Channel]) -> str:
    if finding.remedy:
        return finding.remedy.format(key=key, url=finding.url or url)
    text = _REMEDIES.get(finding.state, "") if channels or finding.state == "paused" else _NO_CHANNEL
    return text.format(key=key, url=finding.url or url)


@dataclass(frozen=True, slots=True)
class _Closed:
    """What is not to be asked now: hosts with the reason, and addresses alone."""

    hosts: Mapping[str, tuple[datetime, str]]
    addresses: Mapping[str, datetime]

    def until(self, channel: Channel) -> tuple[datetime | None, str, str]:
        """Say until when a channel is not to be asked, who said so, and why."""
        alone = max(filter(None, (channel.held_until, self.addresses.get(channel.url))), default=None)
        if alone is None and not self.hosts:
            return None, "", ""
        host = host_of(channel.url)
        until, why = self.hosts.get(host) or (None, "")
        if until is None or (alone is not None and alone > until):
            return alone, channel.url if channel.url in self.addresses else host, "asked for a pause"
        return until, host, why


class _Seen:
    """What is known of one source, asked of the archive only where it decides something."""

    def __init__(
        self,
        store: Store,
        key: str,
        homepage: str,
        channels: Sequence[Channel],
        gaps: Mapping[int, tuple[int, datetime]],
        closed: _Closed,
        now: datetime,
        known: wholeness.KnownArticles | None,
        *,
        is_suspect: bool,
    ):
        self._is_suspect = is_suspect
        self._articles = wholeness.articles if known is None else known.articles
        self._store, self._key, self._homepage = store, key, homepage
        self._channels, self._gaps, self._closed, self._now = channels, gaps, closed, now
        self.newest = _newest(store, key, channels)

    def channel(self, channel: Channel) -> Finding:
        """Decide the state of one way in."""
        url = channel.url
        waits = self._waits(channel)
        if channel.last_polled is None:
            return Finding("new", waits or "not polled yet", url=url, remedy=_WAITS if waits else "")
        if channel.last_polled > self._now + SLACK:
            return Finding("late", "it was last asked at a time to come", None, url, _AHEAD)
        if channel.folded_into is not None:
            return Finding("moved", channel.note, channel.since, url, _same_feed(self._store, channel.folded_into))
        if channel.state in ("gone", "blocked", "failing", "truncated"):
            return Finding(
                channel.state,
                channel.note or _since(channel, self._now),
                channel.since,
                url,
                _CUT_LIST if channel.state == "truncated" else "",
            )
        if (gap := self._gaps.get(channel.id)) is not None or channel.state == "overrun":
            times, first = gap or (1, channel.since)
            note = channel.note if channel.state == "overrun" else "entries may have gone by between two polls"
            return Finding("overrun", f"{note} ({times} times in a day)" if times > 1 else note, first, url)
        if (silence := self._channel_silence(channel)) is not None:
            return silence
        if _is_late(channel, self._now) and channel.next_poll is not None:
            if waits:
                return Finding("late", waits, channel.next_poll, url, _WAITS)
            return Finding("late", f"should have been polled {_ago(self._now - channel.next_poll)}", channel.next_poll)
        if channel.moved_at is not None:
            note = channel.note if channel.state == "moved" else f"it has moved for good to {url}"
            return Finding("moved", note, channel.moved_at, url)
        if channel.state == "moved":
            return Finding("moved", channel.note, channel.since, url, _CIRCLE)
        return Finding("ok", waits or channel.note)

    def source(self, judged: Sequence[tuple[Channel, Finding]], paused_at: datetime | None) -> Finding:
        """Decide the state of the source: the worst of its channels, its pages and its rhythm."""
        if paused_at is not None:
            return Finding("paused", f"paused since {paused_at:%Y-%m-%d}", paused_at)
        if not judged:
            return Finding("new", "no feed, sitemap or section page is known yet")
        if all(finding.state == "new" for _, finding in judged):
            return judged[0][1]
        findings = [_of_channels(state, [each for _, each in judged]) for state in WORST_FIRST]
        if self._is_suspect:
            findings.append(wholeness.pages(self._store, self._key, self._now))
        findings.append(self._articles(self._store, self._key, self._now))
        findings.append(self._silence())
        told = [each for each in findings if each is not None]
        well = Finding("ok", next((finding.note for _, finding in judged if finding.note), ""))
        return min(told, key=lambda finding: WORST_FIRST.index(finding.state), default=well)

    def next_poll(self, channel: Channel) -> datetime | None:
        """Say when a channel can be asked next: when it is due, but not before its server and its host let it."""
        if channel.next_poll is None:
            return None
        until, _, _ = self._closed.until(channel)
        return max(channel.next_poll, until or channel.next_poll)

    def _waits(self, channel: Channel) -> str:
        """Say why a channel that is due is not asked: its host may not be; "" when it may, or is not due."""
        if channel.next_poll is None or channel.next_poll > self._now:
            return ""
        until, who, why = self._closed.until(channel)
        if until is None or until - self._now < _SOON:
            return ""
        return f"not asked before {until:%Y-%m-%d %H:%M} UTC: {who} {why}"

    def _silence(self) -> Finding | None:
        """Judge the silence of the whole source by the hours at which its articles came out."""
        until = max((way.last_ok for way in self._channels if way.last_ok), default=None)
        if self.newest is None or until is None or until - self.newest < rhythm.SHORTEST:
            return None
        hours = self._hours(self.newest - rhythm.WINDOW)
        if len(hours) < rhythm.LEAST_HOURS:
            hours = self._hours(self._now - _YEAR)
        return _silent(hours, self.newest, until, self._homepage)

    def _hours(self, since: datetime) -> list[int]:
        """List the hours in which articles came out."""
        found = self._store.rows(
            f"SELECT DISTINCT (position >> {NUMBERS}) / 60 FROM articles WHERE source = ? AND position >= ?",
            (self._key, micros(since) // MINUTE << NUMBERS),
        )
        return [hour for (hour,) in found]

    def _channel_silence(self, channel: Channel) -> Finding | None:
        """Judge the silence of one of several channels by what its own polls brought."""
        newest, until = channel.newest_entry, channel.last_ok
        if len(self._channels) == 1 or newest is None or until is None or until - newest < timedelta(days=1):
            return None
        found = self._store.rows(
            "SELECT DISTINCT newest / ? FROM polls WHERE channel = ? AND newest >= ?",
            (60 * MINUTE, channel.id, micros(newest - rhythm.WINDOW)),
        )
        hours = [hour for (hour,) in found]
        # What its polls do not tell yet nobody knows: entries are counted for the source, not for the channel.
        if rhythm.hour(newest) - min(hours, default=rhythm.hour(newest)) < rhythm.LEAST_KNOWN // timedelta(hours=1):
            return None
        return _silent(hours, newest, until, channel.url)


def _silent(hours: Sequence[int], newest: datetime, until: datetime, url: str) -> Finding | None:
    silence = rhythm.judge(hours, newest, until)
    if not silence.too_long:
        return None
    usual = f"; usual is one every {_span(silence.usual)}" if silence.usual else ""
    return Finding("silent", f"no new items for {_span(until - newest)}{usual}", newest, url)


def _of_channels(state: str, findings: Sequence[Finding]) -> Finding | None:
    troubled = [finding for finding in findings if finding.state == state]
    if not troubled:
        return None
    part = f"{len(troubled)} of {len(findings)} channels: " if len(findings) > 1 else ""
    since = min((finding.since for finding in troubled if finding.since), default=None)
    return replace(troubled[0], note=part + troubled[0].note, since=since)


def _is_late(channel: Channel, now: datetime) -> bool:
    grace = timedelta(seconds=max(channel.interval, 3_600))
    return channel.next_poll is not None and now - channel.next_poll > grace


def _since(channel: Channel, now: datetime) -> str:
    return "never answered" if channel.last_ok is None else f"last answered {_ago(now - channel.last_ok)}"


def _ago(span: timedelta) -> str:
    return "within the last hour" if span < timedelta(hours=1) else f"{_span(span)} ago"


def _span(span: timedelta) -> str:
    hours = max(int(span.total_seconds() // 3_600), 1)
    number, word = (span.days, "day") if hours >= 48 else (hours, "hour")
    return f"{number} {word}{'' if number == 1 else 's'}"


def _same_feed(store: Store, first: int) -> str:
    source = store.value("SELECT source FROM channels WHERE id = ?", (first,))
    return _FOLDED % (source, source)


def _newest(store: Store, key: str, channels: Sequence[Channel]) -> datetime | None:
    """Find the newest entry; where a channel gives no dates, the last poll that brought anything."""
    dates = [channel.newest_entry for channel in channels if channel.newest_entry is not None]
    if dates:
        return max(dates)
    query = "SELECT at FROM polls WHERE source = ? AND new > 0 ORDER BY at DESC LIMIT 1"
    at = store.value(query, (key,))
    return None if at is None else moment(at)


def _gaps(store: Store, now: datetime) -> dict[int, tuple[int, datetime]]:
    """Count the overruns of the last day, by channel, with the first of them."""
    found = store.rows(
        "SELECT channel, count(*), min(at) FROM polls INDEXED BY polls_gaps WHERE outcome = 'overrun' AND at > ? "
        "GROUP BY 1",
        (micros(now - _GAP_TOLD),),
    )
    return {channel: (number, moment(at)) for channel, number, at in found}


@dataclass(frozen=True, slots=True)
class _Counted:
    states: dict[str, int]
    from_entry: dict[str, int]


def _page_counts(store: Store) -> dict[str, _Counted]:
    """Count the pages of each source by state, dropped ones by reason, and what was kept from entries only."""
    counted: dict[str, _Counted] = {}
    row: tuple[Any, ...]
    for row in store.rows("SELECT source, state, reason, count(*) FROM pages GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"):
        source, state, reason, number = row
        of = counted.setdefault(source, _Counted({}, {}))
        name = reason if state == "dropped" else state
        of.states[name] = of.states.get(name, 0) + number
        if state == "stored" and reason:
            of.from_entry[reason] = number
    return counted
