"""Poll one channel: what came of asking is read in a worker, decided by ``polling`` and kept in short transactions."""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from crawler import challenges, discovery, reading, urls
from crawler.archive import Archive, Poll, Queued, Sifted, Turn
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.counts import Tally
from crawler.errors import FetchRefused, LeaseLost
from crawler.leads import Lead
from crawler.net import Answer, Ask, HostBusy, Stopped, list_ends_early, page_ends_early
from crawler.pipelines import Readers
from crawler.polling import answers, deciding, pace, parts
from crawler.records import Channel, ChannelKind, Entry, SitemapPart, Source
from crawler.spiders.sitemap import SitemapPage

_log = logging.getLogger(__name__)
#: A sitemap may name what went by unseen; so long before the last good poll it may be dated.
_OVERLAP = timedelta(hours=1)
Fetch = Callable[[Ask], Awaitable[Answer]]
#: Lists the sitemaps that the robots.txt of an address's host names, keeping a delay.
Sitemaps = Callable[[str, float], Awaitable[tuple[str, ...]]]


class Poller:
    """Brings channels from "claimed" to "polled"."""

    def __init__(
        self,
        archive: ArchiveThread,
        workers: Readers,
        clock: Clock,
        tally: Tally,
        *,
        every: float,
        leads: tuple[Lead, ...] = (),
    ):
        self._archive = archive
        self._workers = workers
        self._clock = clock
        self._tally = tally
        self._every = every
        self._leads = leads
        #: Channels that were asked without validators: "not modified" is no answer to that.
        self._whole: set[int] = set()

    def ask(self, channel: Channel, delay: float, turn: Turn | None = None) -> Ask:
        """Write the request of a poll; ``turn`` is its host's, where it is held already."""
        headers = deciding.headers(channel, self._clock())
        accept = headers.pop("Accept", "*/*")
        (self._whole.discard if headers else self._whole.add)(channel.id)
        gave = channel.validators_url or ""
        return Ask(channel.url, delay, turn, accept=accept, headers=headers, headers_for=gave, hold=False)

    async def answered(
        self,
        channel: Channel,
        source: Source,
        answer: Answer,
        *,
        started: float,
        source_delay: float,
        fetch: Fetch,
        sitemaps: Sitemaps,
    ) -> bool:
        """Keep what a channel answered and tell whether it served pages.

        ``fetch`` gets what it only points to, ``sitemaps`` tells where to look for what went by unseen.
        """
        challenge = challenges.told(answer.status, answer.headers, answer.body)
        contents = None if challenge else await self._read(channel.kind, answer)
        body_hash, headers, status, at = hashlib.sha256(answer.body), answer.headers, answer.status, answer.final_url
        read: Sequence[SitemapPart] = ()
        if isinstance(contents, SitemapPage) and contents.children:
            # An index stays as it is while its sitemaps change: its own validators say nothing.
            headers = {name: value for name, value in headers.items() if name not in ("etag", "last-modified")}
            index_cut = contents.cut
            contents, pause, read = await self._children(channel, source, contents, source_delay, body_hash, fetch)
            contents = replace(contents, cut=contents.cut or index_cut)
            if pause is not None:  # who asks for a pause at one of them asks for it at all
                headers, status, at = pause.headers, pause.status, pause.final_url
                challenge = challenges.told(status, headers, pause.body)
        seen = answers.Answer(
            status,
            headers,
            body_hash.hexdigest() if answer.body else None,
            contents,
            # A channel moves to the one form of an address, as it would be written into the configuration.
            [(status, urls.normalise(led) or led) for status, led in answer.hops],
            conditional=channel.id not in self._whole and answer.final_url == (channel.validators_url or channel.url),
            url=at,
            reason="blocked" if challenge else "",
            detail=challenge,
        )
        decision = await self._decided(channel, source, seen, started, read)
        if decision is not None and decision.outcome == "overrun":
            await self._search_gap(channel, source, source_delay, fetch, sitemaps)
        return decision is not None and bool(decision.entries)

    async def _read(self, kind: ChannelKind, answer: Answer) -> answers.Contents | None:
        if not 200 <= answer.status < 300 or answer.status == 206:
            return None
        result = await self._workers.call(
            reading.read_channel, kind, answer.body, answer.header("content-type"), answer.final_url
        )
        if isinstance(result, answers.Contents):
            cut = (
                answer.open_ended and page_ends_early(answer.body)
                if kind == "section"
                else list_ends_early(answer.body)
            )
            return replace(result, cut=True) if cut else result
        return answers.Contents(problem=f"it could not be read: {result.detail or result.reason}")

    async def _children(
        self, channel: Channel, source: Source, index: SitemapPage, delay: float, body_hash: Any, fetch: Fetch
    ) -> tuple[answers.Contents, Answer | None, Sequence[SitemapPart]]:
        """Read some sitemaps of an index as if they were one, as ``parts`` chooses them.

        Gives the answer that asked for a pause, if any, and what is to be remembered of those that were asked for.
        """
        known = await self._archive.run(lambda archive: archive.channels.parts(channel.id))
        now, settings = self._clock(), self._settings(source)
        taken: list[answers.Contents] = []
        lacking: list[str] = []
        failed: list[str] = []
        asked: dict[str, SitemapPart] = {}
        pause: Answer | None = None
        changed = dict(zip(index.children, index.changed, strict=True))
        choice = parts.choose(list(changed.items()), known, now)
        waiting, later, old = deque(choice.chosen), choice.waiting, choice.old
        #: How many indexes each was found within.
        depths = dict.fromkeys(index.children, 1)
        while waiting and len(asked) < parts.MOST and pause is None:
            url = waiting.popleft()
            asked[url] = replace(known.get(url) or SitemapPart(url, "", now), changed=changed[url], tried_at=now)
            try:
                answer = await fetch(Ask(url, delay, accept="application/xml, */*;q=0.1", hold=False))
            except FetchRefused as why:
                failed.append(f"{url}: {why.detail or why.reason}")
                continue
            if challenge := challenges.told(answer.status, answer.headers, answer.body):
                failed.append(f"{url}: {challenge}")
                pause = None if taken else answer
                break  # the next would be answered so, too
            if answer.status in (429, 503):
                pause = answer
                del asked[url]  # it has its turn when the pause is over
                continue
            contents = await self._read("sitemap", answer)
            if contents is None or contents.problem:
                failed.append(f"{url}: {contents.problem if contents else f'the server answered ({answer.status})'}")
                continue
            body_hash.update(answer.body)
            taken.append(contents)
            if contents.lacking:
                lacking.append(f"{url}: {contents.lacking}")
            newest = max(pace.times(contents.entries, settings, now), default=None)
            asked[url] = replace(asked[url], read_at=None if contents.cut else now, newest=newest)
            if isinstance(contents, SitemapPage) and contents.children:  # an index within the index
                if depths[url] >= parts.DEEPEST:
                    lacking.append(parts.too_deep(url))
                    continue
                depths = dict.fromkeys(contents.children, depths[url] + 1) | depths
                inner = dict(zip(contents.children, contents.changed, strict=True))
                changed = inner | changed
                choice = parts.choose(list(inner.items()), known, now)
                waiting.extendleft(reversed([each for each in choice.chosen if each not in asked]))
                later, old = later + choice.waiting, old + choice.old
        later += len(waiting)
        found = answers.Contents(
            entries=tuple(entry for each in taken for entry in each.entries),
            nameless=tuple(entry for each in taken for entry in each.nameless),
            problem=failed[-1] if failed and not taken else None,
            cut=any(each.cut for each in taken),
            lacking="; ".join([*_unread(failed, len(asked)), *(lacking or _only_indexes(taken))]),
            surplus=tuple(surplus for each in taken for surplus in each.surplus),
            left=_left(len(taken), later, old),
            partial=len(taken) < len(changed),
            fresh=channel.last_ok is not None and any(url not in known or not known[url].read_at for url in asked),
        )
        return found, pause, list(asked.values())

    async def _search_gap(
        self, channel: Channel, source: Source, delay: float, fetch: Fetch, sitemaps: Sitemaps
    ) -> None:
        """Look into the sitemaps for what went by unseen since the last good poll."""
        try:
            entries = await self._mapped(channel, source, delay, fetch, sitemaps)
        except (FetchRefused, Stopped) as why:
            _log.info("%s: its sitemaps were not tried: %s", channel.url, why)
            return
        now = self._clock()
        queued = await self._archive.run(lambda archive: archive.channels.found(channel, entries, now))
        if queued.new:
            self._tally.add(source.key, "queued", queued.new)

    async def _mapped(
        self, channel: Channel, source: Source, delay: float, fetch: Fetch, sitemaps: Sitemaps
    ) -> list[Entry]:
        """List what the sitemaps of a source date after the last good poll of a channel."""
        waiting = list(source.sitemaps)
        if not waiting:
            declared = await sitemaps(channel.url, delay)
            waiting = [lead.url for lead in discovery.robots_sitemaps(declared, channel.url)]
        since = channel.last_ok - _OVERLAP if channel.last_ok else self._clock()
        settings = self._settings(source)
        found: list[Entry] = []
        for _ in range(parts.MOST):
            if not waiting:
                break
            answer = await fetch(Ask(waiting.pop(0), delay, accept="application/xml, */*;q=0.1"))
            contents = await self._read("sitemap", answer)
            if isinstance(contents, SitemapPage) and contents.children:
                news = {lead.url for lead in discovery.children(contents)}
                listed = [each for each in zip(contents.children, contents.changed, strict=True) if each[0] in news]
                waiting = [*parts.choose(listed, {}, self._clock()).chosen, *waiting]
            elif contents is not None:
                found += [each for each in contents.entries if pace.times([each], settings, self._clock()) >= [since]]
        return found

    async def refused(self, channel: Channel, source: Source, why: FetchRefused, started: float) -> None:
        """Keep that a channel could not be asked."""
        until = why.until if isinstance(why, HostBusy) else None
        answer = answers.Answer(None, reason=why.reason, detail=why.detail, until=until)
        await self._decided(channel, source, answer, started)

    def _settings(self, source: Source) -> pace.Settings:
        return pace.Settings(
            source.every or self._every,
            fixed=source.every is not None,
            timezone=source.timezone,
            leads=self._leads,
        )

    async def _decided(
        self,
        channel: Channel,
        source: Source,
        answer: answers.Answer,
        started: float,
        read: Sequence[SitemapPart] = (),
    ) -> deciding.Decision | None:
        """Decide what an answer means and keep that; None when somebody else polled the channel meanwhile."""
        at = answer.url or channel.url
        settings = self._settings(source)
        asked_to_wait = answer.status in (429, 503) and not answer.reason

        new, sifted = None, Sifted(source.key)
        contents = answer.contents
        if contents is not None and contents.entries and answer.body_sha256 != channel.body_sha256:
            sifted = await self._sifted(source, contents.entries)
            new = sifted.served_new
        now = self._clock()
        limited = 0
        if asked_to_wait:
            limited = await self._archive.run(lambda archive: archive.hosts.limited(at, now))
        decision = deciding.decide(channel, answer, settings, now, random.random(), new=new, limited=limited)
        if decision.entries and new is None:
            sifted = await self._sifted(source, decision.entries)
        elif not decision.entries:
            sifted = Sifted(source.key)
        nameless = contents.nameless if contents is not None and decision.outcome in ("ok", "overrun") else ()
        if nameless:
            # What names no page is dropped with its title, and counted.
            sifted += await self._sifted(source, nameless)
        poll = Poll(
            now,
            decision.outcome,
            answer.status,
            decision.detail,
            entries=len(decision.entries) + len(nameless),
            newest=decision.channel.newest_entry,
            seconds=time.monotonic() - started,
            surplus=contents.surplus if contents is not None and not contents.problem else (),
        )
        try:
            queued = await self._kept(decision, poll, sifted, urls.host_of(at), read)
        except LeaseLost:
            return None  # whoever polled it kept what they found
        self._tally.add(source.key, "polled")
        if queued.new:
            self._tally.add(source.key, "queued", queued.new)
        if decision.outcome in ("failed", "blocked", "gone"):
            self._tally.channel_failed(source.key, channel.url, decision.detail)
        return decision

    async def _sifted(self, source: Source, entries: Sequence[Entry]) -> Sifted:
        return await self._archive.run(lambda archive: archive.pages.sift(source.key, entries))

    async def _kept(
        self, decision: deciding.Decision, poll: Poll, sifted: Sifted, host: str, read: Sequence[SitemapPart]
    ) -> Queued:
        """Queue what was served, in portions; the validators are kept with the last, so that none is lost by a kill."""
        channel, now = decision.channel, poll.at
        *ahead, last = sifted.portions()
        served = 0
        for portion in ahead:
            queued = await self._archive.run(lambda archive, part=portion: archive.channels.serve(channel, part, now))
            served += queued.new

        def act(archive: Archive) -> Queued:
            with archive.writing():
                queued = archive.channels.polled(channel, poll, last, now, served=served, parts=read)
                if decision.hold is not None:
                    archive.hosts.hold(host, decision.hold, decision.detail)
            return queued

        return await self._archive.run(act)


def _unread(failed: Sequence[str], asked: int) -> list[str]:
    """Say which sitemaps of an index could not be read."""
    return [f"{len(failed)} of {asked} sitemaps of this index cannot be read ({failed[0]})"] if failed else []


def _only_indexes(taken: Sequence[answers.Contents]) -> list[str]:
    """Tell of an index that leads to indexes only, such as in a circle: it is no good channel without news."""
    indexes = [each for each in taken if isinstance(each, SitemapPage) and each.children and not each.entries]
    return [parts.only_indexes(len(taken))] if taken and len(indexes) == len(taken) else []


def _left(read: int, later: int, old: int) -> str:
    """Say what of an index was not read at a poll; "" when all was."""
    told = [f"{later} follow at the next polls"] if later else []
    told += [f"{old} older ones are left to a backfill"] if old else []
    return f"{read} sitemaps of this index were read; {', '.join(told)}" if told else ""
