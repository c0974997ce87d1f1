"""Serving the page until somebody stops it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import uvicorn

from crawler.config import Config
from crawler.errors import PresswatchError, UsageError
from digest.web.application import app
from digest.web.guard import check_address

if TYPE_CHECKING:
    from crawler.config import Config

#: Seconds that open requests have to end when the server is stopped.
_GRACE = 3


def serve(
    archive_url: str,
    host: str,
    port: int,
    clock: Callable[[], datetime],
    public_url: str = "",
    config: Callable[[], Config | None] = lambda: None,
) -> None:
    """Serve the archive as a web page, on this machine only, until SIGINT or SIGTERM."""
    settings = uvicorn.Config(
        app(archive_url, clock, public_url, config),
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_GRACE,
    )
    with _listen(check_address(host, lambda: False), port) as listening, suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run(sockets=[listening])


def _listen(address: str, port: int) -> socket.socket:
    """Take the port; uvicorn itself would end the process with a line of log."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} of {address} is in use, perhaps by another `presswatch serve`; choose another --port"
            ) from error
        raise PresswatchError(f"cannot listen on port {port} of {address}: {error}; choose another --port") from error
