"""Scrapy's downloader with a cap on what may stand before the body, and its errors in words of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.web._newclient import ParseError, ResponseFailed, ResponseNeverReceived

from crawler.errors import FetchRefused

#: Lines before the body, and their bytes, over all "1xx" answers before the real one. Browsers take 256 kB; of real
#: publishers' pages the longest head that was seen had some 20 kB, most of it one Content-Security-Policy.
MOST_LINES = 256
MOST_BYTES = 128 * 1024

#: Seconds for which a connection is kept for the next request to its host: a visit asks thousands of hosts, and each
#: idle connection costs memory and one of the files that the system lets a process open.
KEPT_OPEN = 5


class HeadTooLarge(Exception):
    """A server sends headers without end."""


class _Parser(_LenientHTTPClientParser):
    # No line may be longer than all of them together.
    MAX_LENGTH = MOST_BYTES
    #: The parser's class is set on an object that exists (see Scrapy's request), so these begin on the class.
    lines = 0
    taken = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 (Twisted's name)
        """Count a line of the head before it is read."""
        self.lines += 1
        self.taken += len(line)
        if self.lines > MOST_LINES:
            raise HeadTooLarge(f"more than {MOST_LINES} header lines")
        if self.taken > MOST_BYTES:
            raise HeadTooLarge(f"more than {MOST_BYTES // 1024} kB of headers")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802
        """Refuse a line that does not end."""
        raise HeadTooLarge(f"a header line of more than {MOST_BYTES // 1024} kB")


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        """Send a request, and read its answer with our parser."""
        result = super().request(request)
        self._parser.__class__ = _Parser
        return result


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: ARG002, N802
        """Make the protocol of a connection."""
        protocol: _Protocol = _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        return protocol


class Handler(HTTP11DownloadHandler):
    """Makes the requests of http and https."""

    def __init__(self, crawler: Any):
        super().__init__(crawler)
        self._pool._factory = _Factory
        self._pool.cachedConnectionTimeout = KEPT_OPEN


def failure(error: BaseException) -> tuple[str, str]:
    """Name the reason for an error of the downloader, and what is told about it."""
    told = str(error).strip() or type(error).__name__
    if isinstance(error, DownloadTimeoutError):
        return "timeout", told
    if isinstance(error, DownloadCancelledError):
        larger = "the body is larger than [crawl] max_size"
        return "too large", larger if told == type(error).__name__ else f"{larger}: {told}"
    if isinstance(error, CannotResolveHostError):
        return "connection", "its name does not resolve"
    if isinstance(error, DownloadConnectionRefusedError):
        return "connection", "connection refused"
    if isinstance(error, ResponseDataLossError):
        return "connection", "the body ended early"
    for cause in _causes(error):
        if isinstance(cause, FetchRefused):
            return cause.reason, cause.detail
        if isinstance(cause, HeadTooLarge):
            return "too large", str(cause)
        if isinstance(cause, ParseError):
            return "connection", f"the answer is no HTTP ({cause.args[0]})"
        if type(cause).__module__.startswith("OpenSSL") or "VerificationError" in type(cause).__name__:
            return "connection", f"TLS failed: {_tls(cause)}"
        if isinstance(cause, ConnectionDone | ConnectionLost):
            return "connection", "the server closed the connection before it had answered"
        if isinstance(cause, ConnectError):
            return "connection", f"no connection: {str(cause).rstrip('.')}"
    return "connection", f"{type(error).__name__}: {told}"[:300]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """List an error's causes, those first that say most: Twisted wraps them in lists of failures."""
    waiting, seen, late = [error], set[int](), list[BaseException]()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, ResponseFailed | ResponseNeverReceived):
            waiting += [reason.value for reason in each.reasons or ()]
        if each.__cause__ is not None:
            waiting.append(each.__cause__)
        if isinstance(each, ConnectionDone | ConnectionLost):
            late.append(each)
        else:
            yield each
    yield from late


def _tls(error: BaseException) -> str:
    """Say what TLS disliked: pyOpenSSL gives a list of (library, function, reason)."""
    first = error.args[0] if error.args else ""
    if isinstance(first, list) and first and isinstance(first[0], tuple):
        return str(first[0][-1]) or type(error).__name__
    return str(error)[:200] or type(error).__name__
