"""Serves the web page of an archive on loopback, from a thread of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn

from crawler.config import Config
from digest.web import app
from digest.web.connections import Prompt
from digest.web.serving import _listen


@contextmanager
def web_page(
    archive_url: str,
    now: datetime | None,
    config: Callable[[], Config | None] = lambda: None,
    public_url: str = "",
    port: int = 0,
    hosts: Sequence[str] = (),
) -> Iterator[str]:
    """Serve it, always at one time or as time goes; give its address."""
    made = app(archive_url, lambda: now or datetime.now(UTC), public_url, config, hosts=hosts)
    server = uvicorn.Server(
        uvicorn.Config(made, log_level="critical", lifespan="off", timeout_graceful_shutdown=1, http=Prompt)
    )
    with _listen("127.0.0.1", port) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
