"""Serving the page until somebody stops it."""

from __future__ import annotations

import errno
import logging
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from types import FrameType

import uvicorn

from crawler.config import Config
from crawler.errors import PresswatchError, UsageError
from digest.reach import check_address, in_the_clear
from digest.web import templating
from digest.web.application import app
from digest.web.connections import Prompt
from digest.web.courtesy import Courteous, Parting
from digest.web.door import Door
from digest.web.processes import Keeper, end_with
from digest.web.throttle import Shared, Throttle

#: Seconds that open requests have to end when the server is stopped, and how much longer a process is waited for.
_GRACE, _SLACK = 3, 2
_log = logging.getLogger(__name__)


class _Kept(Courteous):
    """A server that its keeper ends: Ctrl-C in a terminal comes to it, too, and must not cut off open requests."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Hear SIGTERM alone."""
        if sig == signal.SIGTERM:
            super().handle_exit(sig, frame)


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
    processes: int = 1,
    lifeline: int | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> None:
    """Serve the archive as a web page until SIGINT or SIGTERM.

    Without users only this machine reaches it. ``hosts`` are further names of the page, ``proxies`` those that are
    believed whom they ask for. With several ``processes`` this one keeps them, and serves nothing itself; it ends with
    whoever holds the other end of ``lifeline``. ``say`` is told the address.
    """
    door = Door(archive_url)
    address = check_address(host, door.has_users)
    shared = Shared()
    tries = Throttle() if processes == 1 else shared
    page = app(archive_url, clock, public_url, config, hosts=hosts, address=address, tries=tries, processes=processes)
    settings = uvicorn.Config(
        page if processes == 1 else Parting(page),
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
        if door.has_users() and (warning := in_the_clear(address, public_url)):
            _log.warning(warning)
        place = f"[{address}]" if ":" in address else address
        say(f"http://{place}:{port}/")
        door.readers.close()  # before other processes are forked
        if processes == 1:
            _serve_alone(settings, listening, lifeline)
        else:
            _serve_together(settings, listening, lifeline, processes, shared)


def _serve_alone(settings: uvicorn.Config, listening: socket.socket, lifeline: int | None) -> None:
    if lifeline is not None:
        end_with(lifeline)
    uvicorn.Server(settings).run(sockets=[listening])


def _serve_together(
    settings: uvicorn.Config, listening: socket.socket, lifeline: int | None, processes: int, shared: Shared
) -> None:
    def work(line: Connection) -> None:
        shared.line = line
        _Kept(settings).run(sockets=[listening])

    # What all need is there before they are forked, and a fault in it is told once.
    settings.load()
    templating.make_all()
    Keeper(processes, work, listening, Throttle(), _GRACE + _SLACK).keep(lifeline)


def _listen(address: str, port: int) -> socket.socket:
    """Take the port; uvicorn itself would end the process with a line of log."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        listening = socket.create_server((address, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} of {address} is in use, perhaps by another `presswatch serve`; choose another --port"
            ) from error
        if isinstance(error, OSError) and error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(f"this machine does not have the address {address}; choose another --host") from error
        raise PresswatchError(f"cannot listen on port {port} of {address}: {error}; choose another --port") from error
    # What is accepted inherits it; asyncio sets it only where the protocol is named. Without it, each answer but the
    # first of a connection is 40 ms late: its second packet waits until the first is acknowledged.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
