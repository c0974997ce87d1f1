"""Courtesy: which of several processes takes a connection, and when a process lets one go.

All wait at one socket. asyncio would take as many connections at each wake-up as wait there, also in a process that is
full, and whoever asks again by the same connection stays with that process. So each takes one or a few at a time, and
the more it has to do, the longer it first leaves them to the others. It takes them then: perhaps all have much to do.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import time
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)
#: Seconds for which a connection is left to others, for each that is open here and each request that is worked at, as
#: far as they count. Who has nothing to do needs less than a thousandth to take it.
_EACH_OPEN, _MOST_OPEN, _EACH_ASKED, _MOST_ASKED = 0.001, 10, 0.01, 3
#: For each so many seconds one more is taken then: a crowd that says nothing must not keep others waiting.
_FOR_ONE_MORE = 0.005
#: Somebody else was quicker, or whoever connected has left.
_NONE_LEFT = (errno.EAGAIN, errno.EINTR, errno.ECONNABORTED)
#: Seconds until it is tried again where the system cannot give a connection: it has no more files, or no memory.
_RECOVERY = 1.0
#: A process that works so many seconds at one page is better left.
_LONG = 1.0


class Courteous(uvicorn.Server):
    """A server that shares its one listening socket with other processes."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        assert sockets is not None
        await super().startup(sockets=[])  # which takes none
        (self._listening,) = sockets
        self._listening.setblocking(False)
        #: Taken, and not yet among the open ones.
        self._coming: set[asyncio.Task[object]] = set()
        self._listen()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, and end what is open."""
        if self._listening.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._listening)
        self._listening.close()
        await super().shutdown(sockets)

    def _listen(self) -> None:
        if self._listening.fileno() >= 0:
            asyncio.get_running_loop().add_reader(self._listening, self._leave)

    def _leave(self) -> None:
        """Leave who waits to the others for as long as is right, then take them."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listening)
        seconds = self._courtesy()
        loop.call_later(seconds, self._take, 1 + int(seconds / _FOR_ONE_MORE))

    def _courtesy(self) -> float:
        state = self.server_state
        is_open = len(state.connections) + len(self._coming)
        return _EACH_OPEN * min(is_open, _MOST_OPEN) + _EACH_ASKED * min(len(state.tasks), _MOST_ASKED)

    def _take(self, most: int) -> None:
        """Take so many connections, if they still wait."""
        loop = asyncio.get_running_loop()
        if self._listening.fileno() < 0:
            return
        try:
            for _ in range(most):
                connection, _address = self._listening.accept()
                coming = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
                self._coming.add(coming)
                coming.add_done_callback(self._coming.discard)
        except OSError as error:
            if error.errno not in _NONE_LEFT:
                _log.warning("no connection can be taken (%s); it is tried again", error.strerror)
                loop.call_later(_RECOVERY, self._listen)
                return
        self._listen()

    def _protocol(self) -> asyncio.Protocol:
        make: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


class Parting:
    """Ends connections with their answer while the process works long at something: the next may find one more free.

    A new connection goes to whoever has least to do; one that stays open is tied to its process.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        #: When each request began that is not yet answered, the oldest first.
        self._begun: dict[object, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and self._is_long_at_it():
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        asked = object()
        self._begun[asked] = time.monotonic()
        try:
            await self._app(scope, receive, send_on)
        finally:
            del self._begun[asked]

    def _is_long_at_it(self) -> bool:
        return time.monotonic() - next(iter(self._begun.values())) > _LONG
