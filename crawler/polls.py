"""Poll one channel: what came of asking is read in a worker, decided by ``polling`` and kept in one transaction."""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from crawler import polling, reading, urls
from crawler.archive import Archive, Poll, Queued
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.counts import Tally
from crawler.errors import FetchRefused, LeaseLost
from crawler.net import Answer, Ask
from crawler.pipelines import Readers
from crawler.records import Channel, ChannelKind, Entry, Source
from crawler.spiders.sitemap import SitemapPage

#: How many sitemaps of an index are read at a poll, those that changed last first.
_MOST_CHILDREN = 5
Fetch = Callable[[Ask], Awaitable[Answer]]


class Poller:
    """Brings channels from "claimed" to "polled"."""

    def __init__(self, archive: ArchiveThread, workers: Readers, clock: Clock, tally: Tally, *, every: float):
        self._archive = archive
        self._workers = workers
        self._clock = clock
        self._tally = tally
        self._every = every
        #: host -> channels that were asked to wait in this visit.
        self._limited: Counter[str] = Counter()

    def ask(self, channel: Channel, delay: float) -> Ask:
        """Write the request of a poll."""
        headers = polling.headers(channel)
        accept = headers.pop("Accept", "*/*")
        return Ask(channel.url, delay, accept=accept, headers=headers, hold=False)

    async def answered(
        self, channel: Channel, source: Source, answer: Answer, *, started: float, source_delay: float, fetch: Fetch
    ) -> None:
        """Keep what a channel answered; ``fetch`` gets what it only points to."""
        contents = await self._read(channel.kind, answer)
        body_hash, headers = hashlib.sha256(answer.body), answer.headers
        if isinstance(contents, SitemapPage) and contents.children:
            # An index stays as it is while its sitemaps change: its own validators say nothing.
            headers = {name: value for name, value in headers.items() if name not in ("etag", "last-modified")}
            contents = await self._children(contents, source_delay, body_hash, fetch)
        seen = polling.Answer(
            answer.status, headers, body_hash.hexdigest() if answer.body else None, contents, answer.hops
        )
        await self._decided(channel, source, seen, started)

    async def _read(self, kind: ChannelKind, answer: Answer) -> polling.Contents | None:
        if not 200 <= answer.status < 300:
            return None
        result = await self._workers.call(
            reading.read_channel, kind, answer.body, answer.header("content-type"), answer.final_url
        )
        if isinstance(result, polling.Contents):
            return result
        return polling.Contents(problem=f"it could not be read: {result.detail or result.reason}")

    async def _children(self, index: SitemapPage, delay: float, body_hash: Any, fetch: Fetch) -> polling.Contents:
        """Read the newest sitemaps of an index as if they were one."""
        entries: list[Entry] = []
        problem: str | None = "none of the sitemaps of this index could be read"
        for url in index.children[:_MOST_CHILDREN]:
            try:
                answer = await fetch(Ask(url, delay, accept="application/xml, */*;q=0.1", hold=False))
            except FetchRefused as why:
                problem = problem and str(why)
                continue
            contents = await self._read("sitemap", answer)
            if contents is None or contents.problem:
                problem = problem and f"{url}: {contents.problem if contents else answer.status}"
                continue
            problem = None
            body_hash.update(answer.body)
            entries += contents.entries
        return polling.Contents(entries=tuple(entries), problem=problem)

    async def refused(self, channel: Channel, source: Source, why: FetchRefused, started: float) -> None:
        """Keep that a channel could not be asked."""
        await self._decided(channel, source, polling.Answer(None, reason=why.reason, detail=why.detail), started)

    async def _decided(self, channel: Channel, source: Source, answer: polling.Answer, started: float) -> None:
        host = urls.host_of(channel.url)
        settings = polling.Settings(
            source.every or self._every, fixed=source.every is not None, timezone=source.timezone
        )
        limited = self._limited[host]
        if answer.status in (429, 503):
            self._limited[host] += 1

        def act(archive: Archive) -> tuple[polling.Decision, Queued]:
            now = self._clock()
            with archive.writing():
                known = _known(archive, answer.contents)
                decision = polling.decide(channel, answer, settings, now, random.random(), known=known, limited=limited)
                poll = Poll(
                    now,
                    decision.outcome,
                    answer.status,
                    decision.detail,
                    entries=len(decision.entries),
                    seconds=time.monotonic() - started,
                )
                queued = archive.channels.polled(decision.channel, poll, decision.entries, now)
                if decision.hold is not None:
                    archive.hosts.hold(host, decision.hold, decision.detail)
            return decision, queued

        try:
            decision, queued = await self._archive.run(act)
        except LeaseLost:
            return  # somebody else polled it meanwhile, and kept what they found
        self._tally.add(source.key, "polled")
        if queued.new:
            self._tally.add(source.key, "queued", queued.new)
        if decision.outcome in ("failed", "blocked", "gone"):
            self._tally.channel_failed(source.key, channel.url, decision.detail)


def _known(archive: Archive, contents: polling.Contents | None) -> int | None:
    """Count the served entries that were seen before; None when there is nothing to look at."""
    if contents is None or not contents.entries:
        return None
    return sum(archive.pages.find(entry.url) is not None for entry in contents.entries)
