"""A small HTTP server on loopback that answers for many host names at once.

It is asyncio in a thread of its own: a delay or a hanging answer costs no thread, the log is in the order of the
answers, and stopping it closes every connection. It does what a crawler has to be tested against: virtual hosts,
keep-alive, gzip, ETag and Last-Modified with 304, and, set by rules, delays, other statuses and bodies cut short.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

_LONGEST_HEAD = 64 * 1024
_SMALLEST_GZIP = 200
#: Seconds in which connections that the system has accepted reach us, and closed ones are let go.
_ACCEPTED = 0.02


@dataclass(frozen=True, slots=True)
class Reply:
    """What a site answers to one request."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    #: In UTC; None sends no Last-Modified.
    modified: datetime | None = None
    #: Further headers, such as Location, Retry-After or Cache-Control.
    headers: Mapping[str, str] = field(default_factory=dict)


class Site(Protocol):
    """Whatever can answer for the host names."""

    def reply(self, host: str, target: str) -> Reply | None:
        """Answer a request for path and query; None when nothing is there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done to the answers of a host or a path."""

    #: Seconds before the answer begins.
    delay: float = 0.0
    #: Sent instead of the site's own answer.
    reply: Reply | None = None
    #: Promise the whole body, send half of it and close.
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was answered."""

    at: datetime
    #: When it had arrived.
    begun: datetime
    method: str
    host: str
    #: Path and query, byte for byte as asked for.
    target: str
    status: int
    #: The request's headers, names in lower case.
    headers: Mapping[str, str]
    #: Bytes of body that were sent.
    sent: int

    @property
    def path(self) -> str:
        """Give the target without its query."""
        return self.target.partition("?")[0]


class Server:
    """Serves a site on 127.0.0.1 while its `with` block runs."""

    def __init__(self, site: Site):
        self.site = site
        #: Chosen by the system when the server starts.
        self.port = 0
        self.log: list[Request] = []
        self._rules: dict[tuple[str, str], Rule] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    def rule(
        self, host: str = "*", path: str = "*", *, delay: float = 0.0, reply: Reply | None = None, cut: bool = False
    ) -> None:
        """Change the answers of a host ("*": of all hosts) and a path with or without its query ("*": all of it)."""
        self._rules[host, path] = Rule(delay, reply, cut)

    def fail(self, host: str, path: str = "*", *, status: int, headers: Mapping[str, str] | None = None) -> None:
        """Answer a host or a path with this status."""
        body = f"{status} {HTTPStatus(status).phrase}\n".encode()
        self.rule(host, path, reply=Reply(body, "text/plain", status, headers=headers or {}))

    def mend(self, host: str = "*", path: str = "*") -> None:
        """Take a rule away."""
        self._rules.pop((host, path), None)

    def requests(self, host: str | None = None, path: str | None = None) -> list[Request]:
        """List what was asked of a host, a path or both, in the order of the answers."""
        return [item for item in list(self.log) if host in (None, item.host) and path in (None, item.path, item.target)]

    def __enter__(self) -> Self:
        ready: Future[int] = Future()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), name="press", daemon=True)
        self._thread.start()
        self.port = ready.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    async def _serve(self, ready: Future[int]) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=_LONGEST_HEAD)
        except OSError as error:
            ready.set_exception(error)
            return
        ready.set_result(server.sockets[0].getsockname()[1])
        await self._stopping.wait()
        # Python 3.11 leaks a connection that is being accepted while its server closes: let those arrive first.
        await asyncio.sleep(_ACCEPTED)
        server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await asyncio.sleep(_ACCEPTED)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A plain callback: a task that is cancelled before its first step would never close its connection.
        task = asyncio.get_running_loop().create_task(self._talk(reader, writer))
        self._connections.add(task)
        task.add_done_callback(lambda _: self._hang_up(task, writer))

    def _hang_up(self, task: asyncio.Task[None], writer: asyncio.StreamWriter) -> None:
        self._connections.discard(task)
        if self._stopping.is_set():
            writer.transport.abort()
        else:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # the client went away or sent no HTTP: nobody is left to tell

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read a request and answer it; tell whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        begun = datetime.now(UTC)
        method, _, rest = head[0].partition(" ")
        headers = dict(_header(line) for line in head[1:] if line)
        host, target = _address(rest.rpartition(" ")[0], headers)
        rule = self._rule(host, target)
        if rule.delay:
            await asyncio.sleep(rule.delay)
        reply = self._reply(method, host, target, rule)
        status, lines, body = _answer(reply, headers)
        shown = b"" if method == "HEAD" else body[: len(body) // 2] if rule.cut else body
        self.log.append(Request(datetime.now(UTC), begun, method, host, target, status, headers, len(shown)))
        stays = method in ("GET", "HEAD") and not rule.cut and headers.get("connection", "").lower() != "close"
        lines.append(f"Connection: {'keep-alive' if stays else 'close'}")
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + shown)
        await writer.drain()
        return stays

    def _rule(self, host: str, target: str) -> Rule:
        path = target.partition("?")[0]
        for key in ((host, target), (host, path), (host, "*"), ("*", target), ("*", path), ("*", "*")):
            if key in self._rules:
                return self._rules[key]
        return Rule()

    def _reply(self, method: str, host: str, target: str, rule: Rule) -> Reply:
        if method not in ("GET", "HEAD"):
            return Reply(b"only GET and HEAD are answered\n", "text/plain", 405, headers={"Allow": "GET, HEAD"})
        if rule.reply is not None:
            return rule.reply
        found = self.site.reply(host, target)
        return found if found is not None else Reply(b"<h1>404 Not Found</h1>\n", "text/html", 404)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _address(target: str, headers: Mapping[str, str]) -> tuple[str, str]:
    """Tell the host without its port, and path with query; a proxy's request names both in its first line."""
    if not target.startswith(("http://", "https://")):
        return headers.get("host", "").rsplit(":", 1)[0].lower(), target
    parts = urlsplit(target)
    return parts.hostname or "", target[target.index(parts.netloc) + len(parts.netloc) :] or "/"


def _answer(reply: Reply, asked: Mapping[str, str]) -> tuple[int, list[str], bytes]:
    """Decide on status, header lines and body: not modified, compressed or plain."""
    body, headers = reply.body, {"Content-Type": reply.content_type, **reply.headers}
    if reply.status == HTTPStatus.OK:
        tag = hashlib.sha256(body).hexdigest()[:20]
        zipped = "gzip" in asked.get("accept-encoding", "") and len(body) >= _SMALLEST_GZIP
        # As Apache does: two encodings are two things to a strong ETag.
        headers |= {"ETag": f'"{tag}-gzip"' if zipped else f'"{tag}"', "Vary": "Accept-Encoding"}
        if reply.modified is not None:
            headers["Last-Modified"] = format_datetime(reply.modified.astimezone(UTC), usegmt=True)
        if _known(tag, reply.modified, asked):
            del headers["Content-Type"]
            return 304, _head(304, headers), b""
        if zipped:
            body = gzip.compress(body, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    return reply.status, _head(reply.status, headers), body


def _known(tag: str, modified: datetime | None, asked: Mapping[str, str]) -> bool:
    if "if-none-match" in asked:  # RFC 9110: it alone decides when it is there
        tags = {item.strip().removeprefix("W/") for item in asked["if-none-match"].split(",")}
        return not tags.isdisjoint({"*", f'"{tag}"', f'"{tag}-gzip"'})
    if modified is None or "if-modified-since" not in asked:
        return False
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
    except ValueError:
        return False
    return modified.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def _head(status: int, headers: Mapping[str, str]) -> list[str]:
    date = format_datetime(datetime.now(UTC), usegmt=True)
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    return [first, f"Date: {date}", *(f"{name}: {value}" for name, value in headers.items())]
