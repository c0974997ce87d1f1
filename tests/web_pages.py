"""Serves the web page on loopback and opens it in a real Chromium, as a reader's browser does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Thread
from typing import Any

import uvicorn

from digest.web import app
from tests.browser import CHROMIUM, QUIET


@contextmanager
def served(archive_url: str, now: datetime) -> Iterator[str]:
    """Serve an archive at a free port of this machine; give the address."""
    settings = uvicorn.Config(app(archive_url, lambda: now), log_level="warning", lifespan="off", port=0, ws="none")
    server = uvicorn.Server(settings)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def chromium() -> Iterator[Callable[..., Any]]:
    """Start a Chromium; what is given opens a page in a window of its own, whose faults stand in ``page.faults``."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET[1:]))

        def opened(width: int = 1280, **options: Any) -> Any:
            context = browser.new_context(viewport={"width": width, "height": 900}, **options)
            page = context.new_page()
            page.faults = []
            page.on(
                "console", lambda said: page.faults.append(said.text) if said.type in {"error", "warning"} else None
            )
            page.on("pageerror", lambda error: page.faults.append(str(error)))
            return page

        try:
            yield opened
        finally:
            browser.close()
