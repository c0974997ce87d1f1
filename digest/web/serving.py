"""Serving the page until somebody stops it."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import uvicorn

from crawler.config import Config
from crawler.errors import PresswatchError, UsageError
from digest.reach import check_address, in_the_clear
from digest.web.application import app
from digest.web.connections import Prompt
from digest.web.door import Door

#: Seconds that open requests have to end when the server is stopped.
_GRACE = 3
_log = logging.getLogger(__name__)


def serve(
    archive_url: str,
    host: str,
    port: int,
    clock: Callable[[], datetime],
    public_url: str = "",
    config: Callable[[], Config | None] = lambda: None,
    *,
    hosts: Sequence[str] = (),
    proxies: Sequence[str] = (),
    say: Callable[[str], None] = lambda _text: None,
) -> None:
    """Serve the archive as a web page until SIGINT or SIGTERM.

    Without users only this machine reaches it. ``hosts`` are further names of the page, ``proxies`` those that are
    believed whom they ask for; ``say`` is told the address, and what is not as safe as it could be.
    """
    has_users = Door(archive_url).has_users
    address = check_address(host, has_users)
    settings = uvicorn.Config(
        app(archive_url, clock, public_url, config, hosts=hosts, address=address),
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        http=Prompt,
        ws="none",
        timeout_graceful_shutdown=_GRACE,
    )
    with _listen(address, port) as listening, suppress(KeyboardInterrupt):
        if has_users() and (warning := in_the_clear(address, public_url)):
            _log.warning(warning)
        place = f"[{address}]" if ":" in address else address
        say(f"http://{place}:{port}/")
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
        if isinstance(error, OSError) and error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(f"this machine does not have the address {address}; choose another --host") from error
        raise PresswatchError(f"cannot listen on port {port} of {address}: {error}; choose another --port") from error
