"""Visits the web page as a person does: keeps cookies, sends forms with their stamps, follows to the next page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any

import httpx

from crawler.config import Config
from digest.web import app
from digest.web.call import STAMP

BASE = "http://127.0.0.1:8765"


class Visit:
    """A browser without a network, at the page of one archive."""

    def __init__(
        self, archive_url: str, now: datetime, config: Callable[[], Config | None] = lambda: None, public_url: str = ""
    ) -> None:
        self._loop = asyncio.new_event_loop()
        transport = httpx.ASGITransport(app(archive_url, lambda: now, public_url, config), raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=BASE)

    def get(self, path: str, status: int = 200, **options: Any) -> httpx.Response:
        return self._answered(self.client.get(path, **options), status)

    def page(self, path: str) -> str:
        return self.get(path).text

    def words(self, path: str) -> str:
        """Give what a page says, in one line, without its tags."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.page(path)).split())

    def post(self, path: str, status: int = 303, /, **fields: Any) -> httpx.Response:
        """Send a form of ours."""
        if STAMP not in self.client.cookies:
            self.get("/digests")
        form = {"stamp": self.client.cookies[STAMP], **fields}
        return self._answered(self.client.post(path, data=form), status)

    def act(self, path: str, /, **fields: Any) -> str:
        """Send a form of ours, and give the page that comes next."""
        return self.page(self.post(path, **fields).headers["location"])

    def _answered(self, asked: Any, status: int) -> httpx.Response:
        response: httpx.Response = self._loop.run_until_complete(asked)
        assert response.status_code == status, response.text
        return response

    def __enter__(self) -> Visit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self.client.aclose())
        self._loop.close()
