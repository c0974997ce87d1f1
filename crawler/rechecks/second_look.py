"""What becomes of a page that gave an article before: unchanged, read again, withdrawn, or left for another time."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from crawler.archive import Archive
from crawler.clock import Clock
from crawler.counts import Tally
from crawler.net import Answer
from crawler.rechecks.deciding import Again, led_home
from crawler.rechecks.noise import fold
from crawler.records import Page, Source
from crawler.verdicts import fault, pause

#: Puts an act into the next batch and gives what it gave; ``lost`` when somebody else has the page.
Put = Callable[[Callable[[Archive], Any]], Awaitable[Any]]
_NOT_FOUND = {404: "its page was not found (404)", 410: "its page is gone (410)"}


class SecondLook:
    """Settles the answers of known pages that are no new reading of them."""

    def __init__(
        self,
        put: Put,
        sources: Mapping[str, Source],
        clock: Clock,
        tally: Tally,
        *,
        delays: tuple[float, ...],
        tries: int,
        lost: object,
    ):
        self._put = put
        self._sources = sources
        self._clock = clock
        self._tally = tally
        self._delays = delays
        self._tries = tries
        self._lost = lost

    def again(self, page: Page, answer: Answer | None = None) -> Again:
        """Say how a page is to be asked for again after this answer."""
        source = self._sources[page.source]
        delays = source.recheck
        etag = modified = None
        # What a server says of a page before its scripts have written it says nothing of its text.
        if answer is not None and not answer.hops and not source.render:
            # Of another address they would be sent to one that never gave them.
            etag, modified = answer.header("etag") or None, answer.header("last-modified") or None
        return Again(self._delays if delays is None else delays, random.random(), etag, modified)

    async def settled(self, page: Page, answer: Answer | None, until: datetime | None) -> bool:
        """Settle a known page by how it was answered; tell whether there is nothing to read."""
        if answer is None:
            return await self._missed(page, until)
        if answer.status == 304 and page.recheck is not None:
            again = Again(self.again(page).delays, random.random(), page.recheck.etag, page.recheck.last_modified)
            now = self._clock()
            if await self._put(lambda archive: archive.rechecks.unchanged(page, again, now)) is not self._lost:
                self._tally.add(page.source, "unchanged")
            return True
        if answer.status in _NOT_FOUND:
            return await self.missing(page, _NOT_FOUND[answer.status], at_once=answer.status == 410)
        if fault(answer.status, answer.headers, answer.body) is not None:
            return await self._missed(page, pause(answer.status, answer.headers, self._clock()))
        if led_home(page.url, answer.final_url, self._sources[page.source].homepage):
            return await self.missing(page, "its page leads to the front page")
        return False

    async def unread(self, page: Page, reason: str, detail: str) -> bool:
        """Settle a known page in which no article was found; tell whether that is the end of it."""
        if reason == "soft 404":
            return await self.missing(page, f"its page says that it does not exist ({detail})")
        return await self._missed(page, None)

    async def missing(self, page: Page, note: str, *, at_once: bool = False) -> bool:
        """Note that a page is not there, and count its article as withdrawn when that is sure."""
        again, now = self.again(page), self._clock()
        outcome = await self._put(lambda archive: archive.rechecks.missing(page, again, note, now, at_once=at_once))
        if outcome is not self._lost:
            self._tally.add(page.source, "withdrawn" if outcome == "withdrawn" else "unchanged")
        return True

    async def taken_back(self, page: Page, note: str) -> bool:
        """Withdraw an article whose page says so; tell whether it does, and did not from the first."""
        now, again = self._clock(), self.again(page)

        def act(archive: Archive) -> bool:
            old = archive.articles.get(page.article or 0)
            if old is None or fold(note) in fold(f"{old.title} {old.text}"):
                return False
            archive.rechecks.missing(page, again, f"its page says: {note}", now, at_once=True)
            return True

        outcome = await self._put(act)
        if outcome is True:
            self._tally.add(page.source, "withdrawn")
        return outcome is True or outcome is self._lost

    async def _missed(self, page: Page, until: datetime | None) -> bool:
        """Let a second look pass that taught nothing; a page that its feed sent us to is tried as any other."""
        if page.recheck is None:
            return False
        again, now, tries = self.again(page), self._clock(), self._tries
        await self._put(lambda archive: archive.rechecks.missed(page, again, now, until, tries))
        return True
