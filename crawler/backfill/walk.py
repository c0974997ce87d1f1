"""Backfill: walk a source's sitemaps and archive pages for what it published in a window, within a budget per host.

What was asked for and what was found is kept in the archive list by list, in one transaction with the pages that it
queued: a run that is killed goes on where it was. ``window`` decides what is wanted; here it is asked for.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from crawler import urls
from crawler.archive import Archive, Offer, OpenList
from crawler.archive_thread import ArchiveThread
from crawler.backfill.days import Days
from crawler.backfill.window import Sifted, Window, period_of
from crawler.clock import Clock
from crawler.counts import Tally
from crawler.errors import FetchRefused
from crawler.extract.workers import WorkerFault
from crawler.net import Answer, Ask, HostBusy, Stopped
from crawler.pipelines import Readers
from crawler.reading import read_list
from crawler.records import Source
from crawler.spiders.back_issues import Kind, Listing, ListLead
from crawler.verdicts import TEMPORARY, refusal

Fetch = Callable[[Ask], Awaitable[Answer]]
Sitemaps = Callable[[str, float], Awaitable[tuple[str, ...]]]

#: Of a host's budget only this part goes into lists: a calendar without end leaves room for what was found.
_LISTS_SHARE = 4
_FEWEST_LISTS = 10
#: A list that so many others led to is no publisher's own.
_DEEPEST = {"sitemap": 4, "archive": 2, "calendar": 100_000, "paging": 100_000, "front": 0}
#: So many pages of a numbered list in a row without anything new end it.
_BARREN = 2
_NOTHING_NEW = "it named nothing new"
_TRIES = 3
_ACCEPT = "application/xml, text/xml;q=0.9, text/html;q=0.8, application/gzip;q=0.7, */*;q=0.1"
_ORDER = {"sitemap": 0, "front": 1, "calendar": 2, "archive": 3, "paging": 4}
_USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
#: Sitemaps that reach back this close to the window's start, with so many articles, make archive pages needless.
_REACHED = timedelta(days=2)
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """What a user set for a backfill."""

    since: datetime
    #: Requests to one host in one run, lists and pages together.
    budget: int


@dataclass(slots=True)
class _Walk:
    """One source's backfill while it goes on."""

    source: Source
    window: Window
    waiting: list[tuple[int, int, int, int, OpenList]] = field(default_factory=list)
    days: Days = field(default_factory=Days)
    #: What its lists named, in this run.
    seen: set[str] = field(default_factory=set)
    #: What sitemaps gave of the window, and since when.
    mapped: int = 0
    oldest: datetime | None = None

    def push(self, each: OpenList) -> None:
        """Put a list into its place: sitemaps first, then the newest days, each in its turn."""
        period = period_of(each.url, anywhere=each.kind == "sitemap")
        age = (self.window.now.date() - period.last).days if period else 0
        turn = self.days.turn(each.url) if each.kind == "calendar" else 0
        heapq.heappush(self.waiting, (_ORDER.get(each.kind, 9), turn, age, each.id, each))

    @property
    def is_mapped(self) -> bool:
        """Tell whether the sitemaps gave the whole window."""
        early = self.oldest is not None and self.oldest <= self.window.since + _REACHED
        return early and self.mapped >= _ENOUGH


class Backfill:
    """Fills the queue with what sources published before they were watched."""

    def __init__(
        self,
        archive: ArchiveThread,
        workers: Readers,
        clock: Clock,
        tally: Tally,
        rules: Rules,
        *,
        fetch: Fetch,
        sitemaps: Sitemaps,
        delay: Callable[[Source], float],
        concurrency: int,
    ):
        self._archive, self._workers, self._clock, self._tally, self._rules = archive, workers, clock, tally, rules
        self._fetch, self._sitemaps, self._delay = fetch, sitemaps, delay
        self._turns = asyncio.Semaphore(concurrency)
        #: host -> requests that were made or promised to pages; host -> requests for lists.
        self._spent: Counter[str] = Counter()
        self._lists: Counter[str] = Counter()

    async def run(self, sources: Mapping[str, Source]) -> None:
        """Walk the lists of all sources."""
        paused = await self._archive.run(lambda archive: archive.sources.paused())
        await asyncio.gather(*(self._bounded(source) for key, source in sources.items() if key not in paused))

    async def _bounded(self, source: Source) -> None:
        async with self._turns:
            await self._walk(source)

    async def _walk(self, source: Source) -> None:
        walk = _Walk(source, Window(self._rules.since, self._clock()))
        key, since, now = source.key, self._rules.since, walk.window.now
        try:
            goes_on = await self._archive.run(lambda archive: archive.backfills.begin(key, since, now))
            done = await self._archive.run(lambda archive: archive.backfills.calendars(key))
            walk.days.recall((url, detail != _NOTHING_NEW) for url, detail in done)
            for each in await self._archive.run(lambda archive: archive.backfills.open(key)):
                walk.push(each)
            if not goes_on or not walk.waiting:
                await self._offer(walk, await self._roots(source))
            while walk.waiting:
                await self._ask(walk, heapq.heappop(walk.waiting)[-1])
            ended = await self._archive.run(lambda archive: archive.backfills.end(key, self._clock()))
        except Stopped:
            ended = False
        self._tally.of(key).backfilled = "whole" if ended else "in part"

    async def _roots(self, source: Source) -> list[Offer]:
        """Name the lists to begin with: sitemaps that somebody names, the section pages, the home page."""
        offers = [Offer(url, "sitemap") for url in source.sitemaps]
        try:
            declared = await self._sitemaps(source.homepage, self._delay(source))
        except FetchRefused as why:
            self._tally.add_reason(source.key, "lists_left", why.reason)
            declared = ()
        offers += [Offer(at, "sitemap") for each in declared if (at := urls.join(source.homepage, each))]
        if not offers and (at := urls.join(source.homepage, _USUAL_SITEMAPS[0])):
            offers.append(Offer(at, "sitemap"))
        offers += [Offer(url, "archive") for url in source.sections]
        return [*offers, *([] if source.homepage in source.sections else [Offer(source.homepage, "front")])]

    async def _offer(self, walk: _Walk, offers: Collection[Offer]) -> None:
        sound = [
            Offer(at, each.kind, each.depth, each.barren, each.changed)
            for each in offers
            if (at := urls.normalise(each.url))
        ]
        found = await self._archive.run(lambda archive: archive.backfills.offer(walk.source.key, sound))
        for each in found:
            walk.push(each)

    async def _ask(self, walk: _Walk, each: OpenList) -> None:
        """Ask for one list, and keep what it says."""
        key, host = walk.source.key, urls.host_of(each.url)
        if each.kind in ("calendar", "archive", "paging", "front") and walk.is_mapped:
            await self._close(each, "read", "the sitemaps cover the window")
            return
        if each.kind == "calendar" and walk.days.is_over(each.url):
            self._tally.add_reason(key, "lists_left", "repetition")
            await self._close(each, "read", _NOTHING_NEW)
            return
        most = max(self._rules.budget // _LISTS_SHARE, min(_FEWEST_LISTS, self._rules.budget))
        if self._lists[host] >= most or self._spent[host] >= self._rules.budget:
            self._tally.add_reason(key, "lists_left", "over budget")
            return
        self._lists[host] += 1
        self._spent[host] += 1
        try:
            listing, sifted = await self._listing(each, walk)
        except FetchRefused as why:
            await self._missed(walk, each, why)
            return
        await self._found(walk, each, listing, sifted)

    async def _listing(self, each: OpenList, walk: _Walk) -> tuple[Listing, Sifted]:
        """Fetch and read a list; a FetchRefused says why it cannot be had."""
        source = walk.source
        answer = await self._fetch(Ask(each.url, self._delay(source), accept=_ACCEPT))
        self._tally.add(source.key, "lists")
        bad = refusal(answer.status, answer.headers, answer.body)
        if bad is not None:
            raise FetchRefused(each.url, *bad)
        kind = cast(Kind, each.kind)
        content_type = answer.header("content-type")
        read = await self._workers.call(
            read_list, kind, answer.body, content_type, answer.final_url, walk.window, source.homepage
        )
        if isinstance(read, WorkerFault):
            raise FetchRefused(each.url, read.reason, read.detail)
        if read[0].problem:
            raise FetchRefused(each.url, "no list", read[0].problem)
        return read

    async def _missed(self, walk: _Walk, each: OpenList, why: FetchRefused) -> None:
        """Note a list that could not be had; what may pass is asked for again in a later run."""
        again = (why.reason in TEMPORARY or isinstance(why, HostBusy)) and each.attempts + 1 < _TRIES
        self._tally.add_reason(walk.source.key, "lists_left", why.reason)
        path = urlsplit(each.url).path
        if not again and path in _USUAL_SITEMAPS[:-1]:
            following = _USUAL_SITEMAPS[_USUAL_SITEMAPS.index(path) + 1]
            await self._offer(walk, [Offer(urls.join(each.url, following) or each.url, "sitemap")])
        await self._close(each, "open" if again else "failed", f"{why.reason}: {why.detail}")

    async def _close(self, each: OpenList, state: str, detail: str) -> None:
        now = self._clock()
        await self._archive.run(lambda archive: archive.backfills.read(each, state, detail, now))

    async def _found(self, walk: _Walk, each: OpenList, listing: Listing, sifted: Sifted) -> None:
        """Queue the pages that a list names and take in the lists that it leads to, in one transaction."""
        source, window, host = walk.source, walk.window, urls.host_of(each.url)
        fresh = [entry for entry in sifted.wanted if entry.url not in walk.seen]
        walk.seen.update(entry.url for entry in fresh)
        offers, outside = _offers(each, listing, sifted, bool(fresh), window)
        room = max(self._rules.budget - self._spent[host], 0)
        period = period_of(each.url, anywhere=each.kind == "sitemap")
        final = period is not None and period.last < (window.now - timedelta(days=2)).date()

        def act(archive: Archive) -> tuple[int, int, int, list[OpenList]]:
            with archive.writing():
                filled = archive.backfills.fill(source.key, fresh, window.since, window.now, room)
                opened = archive.backfills.offer(source.key, offers)
                # What there was no room for is asked for by the next run.
                state = "open" if filled.over else "read"
                detail = "" if filled.new or filled.over else _NOTHING_NEW
                archive.backfills.read(each, state, detail, window.now, final=final and not filled.over)
                left = sifted.left + Counter({"over budget": filled.over})
                archive.backfills.leave(each, left, window.now, surplus=listing.surplus)
            return filled.new, filled.known, filled.over, opened

        new, known, over, opened = await self._archive.run(act)
        for found in opened:
            walk.push(found)
        self._spent[host] += new
        if each.kind == "calendar":
            walk.days.note(each.url, brought=bool(new or over))
        if each.kind == "sitemap" and not over:
            walk.mapped += len(fresh)
            walk.oldest = min(filter(None, (walk.oldest, sifted.oldest)), default=None)
        beyond = sum(pages for _, pages in listing.surplus)
        left = Counter({"over budget": over, "known already": known, "list too long": beyond})
        self._count(source.key, new, sifted.left + left, outside)

    def _count(self, key: str, new: int, left: Counter[str], outside: int) -> None:
        if new:
            self._tally.add(key, "queued", new)
        for reason, number in left.items():
            self._tally.add_reason(key, "left", reason, number)
        if outside:
            self._tally.add_reason(key, "lists_left", "outside the window", outside)


def _offers(each: OpenList, listing: Listing, sifted: Sifted, fresh: bool, window: Window) -> tuple[list[Offer], int]:
    """Choose among the lists that a list leads to; count those of days that are not wanted."""
    barren = 0 if fresh else each.barren + 1
    # The next page of a list that has come to what is too old only holds older ones.
    over = barren >= _BARREN or (bool(sifted.left["too old"]) and not sifted.wanted)
    offers, outside = [], 0
    for lead in listing.leads:
        if lead.kind == "paging" and (over and each.kind != "front"):
            continue
        if not _is_wanted(lead, window):
            outside += 1
        elif each.depth < _DEEPEST[lead.kind]:
            kept = barren if lead.kind == "paging" and each.kind != "front" else 0
            offers.append(Offer(lead.url, lead.kind, each.depth + 1, kept, lead.changed))
    return offers, outside


def _is_wanted(lead: ListLead, window: Window) -> bool:
    period = period_of(lead.url, anywhere=lead.kind == "sitemap")
    if period is not None and not window.holds(period):
        return False
    return lead.kind != "sitemap" or not window.is_older(lead.changed)
