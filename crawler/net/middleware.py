"""Where Scrapy's downloader hands a request to the Fetcher, and the Fetcher hands single hops back to it."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response

#: A request that is under way when the visit is told to stop may take this many seconds more.
GRACE = 5.0


class FetchMiddleware:
    """The only downloader middleware: everything of Scrapy's that would ask on its own is switched off."""

    def __init__(self, crawler: Any):
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> FetchMiddleware:
        """Make the middleware of a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer a request with what the Fetcher got; let the Fetcher's own hops pass to the network."""
        ask = request.meta.get("ask")
        if ask is None:
            return None
        visit = self._crawler.spider.visit
        request.meta["answer"] = await visit.stop.bound(visit.get(ask), GRACE)
        return Response(request.url, request=request)
