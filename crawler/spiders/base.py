"""The visit spider: turns channels and leased pages into requests, and answers into what becomes of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawler.archive import Leased
from crawler.errors import ArchiveError, FetchRefused
from crawler.net import Answer, Ask, HostBusy, Stopped
from crawler.pipelines import Got
from crawler.rechecks import headers
from crawler.records import Channel
from crawler.scheduler import Claimed
from crawler.urls import host_of

_log = logging.getLogger(__name__)


class VisitSpider(Spider):
    """Visits the sources of one visit."""

    name = "visit"

    def __init__(self, visit: Any, **kwargs: Any):
        super().__init__(**kwargs)
        self.visit = visit

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> VisitSpider:
        """Make the spider of a crawler, and let the visit's requests go out through it."""
        spider: VisitSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.visit.connect(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Work through the visit; Scrapy sends what the scheduler gives out meanwhile."""
        self.visit.begin()
        try:
            scheduler: Any = self.crawler.engine.scheduler
            await scheduler.run()
        except Exception as error:
            self.visit.failed(error)
            raise CloseSpider("failed") from error
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # makes it the iterator that Scrapy wants
            yield request
        raise CloseSpider(self.visit.stop.why or "finished")

    def poll(self, claimed: Claimed, done: asyncio.Future[bool]) -> Request:
        """Ask a channel that was claimed; ``done`` is told whether it served pages to fetch."""
        channel = claimed.channel
        source = self.visit.sources[channel.source]
        ask = self.visit.poller.ask(channel, self.visit.delay(source), claimed.turn)
        return self._request(ask, self.poll_answered, self.poll_failed, channel=channel, done=done)

    def page(self, leased: Leased) -> Request:
        """Ask for a page that was leased, with the turn at its host."""
        source = self.visit.sources[leased.page.source]
        again = leased.page.recheck
        asked = headers(again.etag, again.last_modified) if again else {}
        ask = Ask(
            leased.page.url, self.visit.delay(source), leased.turn, headers=asked, page=True, render=source.render
        )
        return self._request(ask, self.page_answered, self.page_failed, page=leased.page)

    @staticmethod
    def _request(ask: Ask, callback: Any, errback: Any, **what: Any) -> Request:
        meta = {"ask": ask, "started": time.monotonic(), **what}
        return Request(ask.url, callback=callback, errback=errback, meta=meta, dont_filter=True)

    async def poll_answered(self, response: Response) -> None:
        """Keep what a channel said."""
        meta = response.meta
        await self._polled(meta, meta["answer"])

    async def poll_failed(self, failure: Any) -> None:
        """Keep that a channel could not be asked, or give it back when the visit is ending."""
        await self._polled(failure.request.meta, failure.value)

    async def _polled(self, meta: dict[str, Any], result: Answer | BaseException) -> None:
        channel: Channel = meta["channel"]
        source = self.visit.sources[channel.source]
        served = False
        try:
            if isinstance(result, Answer):
                served = await self.visit.poller.answered(
                    channel,
                    source,
                    result,
                    started=meta["started"],
                    source_delay=self.visit.delay(source),
                    fetch=self.visit.fetch,
                    sitemaps=self.visit.sitemaps,
                )
            elif isinstance(result, Stopped):  # it was not asked, and stays due
                await self.visit.archive.run(lambda archive: archive.channels.release(channel))
            elif isinstance(result, HostBusy) and result.what == host_of(channel.url):
                now = self.visit.clock()
                await self.visit.archive.run(lambda archive: archive.channels.unasked(channel, now))
            elif isinstance(result, FetchRefused):
                # Also where it is led to may not be asked now: asked as usual it would only lead there again.
                await self.visit.poller.refused(channel, source, result, meta["started"])
            else:
                raise result
        except Stopped:  # in the midst of a sitemap's parts: it stays due
            await self.visit.archive.run(lambda archive: archive.channels.release(channel))
        except ArchiveError as error:  # it ends the visit, which says what it is
            self.visit.failed(error)
        except Exception as error:
            self.visit.failed(error)
            raise
        finally:
            if not meta["done"].done():
                meta["done"].set_result(served)

    def page_answered(self, response: Response) -> Got:
        """Hand an answered page to the pipeline."""
        page = response.meta["page"]
        self.visit.hand.answered(page)
        return Got(page, response.meta["answer"])

    def page_failed(self, failure: Any) -> Got | None:
        """Hand a page without an answer to the pipeline; when the visit is ending it is given back instead."""
        page, why = failure.request.meta["page"], failure.value
        self.visit.hand.answered(page)
        if isinstance(why, HostBusy):
            # Nobody asked for it: waiting for a host that is held is no try.
            page = replace(page, attempts=page.attempts - 1)
        if isinstance(why, FetchRefused):
            return Got(page, None, why.reason, why.detail, why.until)
        self.visit.hand.leave(page)
        if not isinstance(why, Stopped):
            self.visit.failed(why)
        return None
