"""Ask for one address, by all the rules, and follow where it leads."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler import __version__, urls
from crawler.archive import Turn
from crawler.errors import FetchRefused
from crawler.net import bodies
from crawler.net.gate import Gate, Passage, Stopped
from crawler.net.guard import Guard
from crawler.net.robots import RobotsFiles, Rules
from crawler.verdicts import pause

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_ACCEPT_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

#: Makes one plain request and gives its answer as Scrapy's downloader does.
Download = Callable[[Request], Awaitable[Response]]


def user_agent(contact: str) -> str:
    """Say who asks, and where to complain."""
    return f"presswatch/{__version__} (+{contact})" if contact else f"presswatch/{__version__}"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that somebody wants made."""

    url: str
    #: Seconds between requests to its host; Crawl-delay may make it longer.
    delay: float = 2.0
    #: The host's turn, where it is held already.
    turn: Turn | None = None
    accept: str = _ACCEPT_PAGE
    #: Sent to the address itself and never to where it redirects.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Whether a host that asks for a pause (429, or Retry-After) is left alone by everybody; a channel decides itself.
    hold: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back in the end."""

    url: str
    final_url: str
    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes
    #: Status of each redirect and the address that it led to.
    hops: tuple[tuple[int, str], ...] = ()

    def header(self, name: str) -> str:
        """Give a header, "" when it was not sent."""
        return self.headers.get(name.lower(), "")


class Fetcher:
    """The only way out to the network."""

    def __init__(
        self,
        download: Download,
        gate: Gate,
        robots: RobotsFiles | None,
        guard: Guard,
        *,
        agent: str,
        max_size: int,
        proxy: str = "",
    ):
        self._download = download
        self._gate = gate
        self._robots = robots
        self._guard = guard
        self._agent = agent
        self._max_size = max_size
        self._proxy = proxy

    async def get(self, ask: Ask) -> Answer:
        """Fetch an address: host gate, robots.txt, guard and size limits at every hop. Raise FetchRefused."""
        async with self._gate.passage(ask.delay, ask.turn) as passage:
            url, hops, headers = ask.url, list[tuple[int, str]](), dict(ask.headers)
            while True:
                self._check(url)
                await self._obey_robots(url, passage)
                answer = await self._hop(url, ask.accept, headers, passage)
                if ask.hold:
                    await self._hold(answer)
                following = self._following(answer)
                if following is None:
                    return Answer(ask.url, url, answer.status, answer.headers, answer.body, tuple(hops))
                hops.append((answer.status, following))
                if len(hops) > _MOST_REDIRECTS or following in {ask.url, *(at for _, at in hops[:-1])}:
                    raise FetchRefused(ask.url, "redirects", f"{len(hops)} redirects, the last one to {following}")
                url, headers = following, {}

    async def sitemaps(self, url: str, delay: float) -> tuple[str, ...]:
        """List the sitemaps that the robots.txt of an address's host names; nothing where robots.txt is not asked."""
        if self._robots is None:
            return ()
        self._check(url)
        async with self._gate.passage(delay) as passage:
            return (await self._rules(url, passage)).sitemaps

    async def forget_robots(self, url: str) -> None:
        """Ask for the robots.txt of an address's host anew: by https it may be there where it is not by http."""
        if self._robots is not None:
            await self._robots.forget(urls.host_of(url))

    async def _hold(self, answer: Answer) -> None:
        """Leave a host alone that asks for a pause, before its turn is given back and somebody else gets it."""
        until = pause(answer.status, answer.headers, self._gate.clock())
        if until is not None:
            await self._gate.hold(urls.host_of(answer.final_url), until, f"answered {answer.status}")

    def _check(self, url: str) -> None:
        host = urls.host_of(url)
        if not host:
            raise FetchRefused(url, "address refused", f"{url[:200]!r} is no http(s) address")
        try:
            self._guard.check_literal(host)
        except FetchRefused as refused:
            raise FetchRefused(url, refused.reason, refused.detail) from None

    async def _obey_robots(self, url: str, passage: Passage) -> None:
        if self._robots is not None:
            (await self._rules(url, passage)).check(url)

    async def _rules(self, url: str, passage: Passage) -> Rules:
        assert self._robots is not None, "asked for only where robots.txt is obeyed"
        host = urls.host_of(url)
        # With the host's turn in hand no two of us ask for the same file.
        await passage.enter(host)

        async def fetch() -> tuple[int, bytes | None]:
            return await self._robots_txt(url, passage)

        rules: Rules = await self._robots.rules(host, fetch)
        passage.slow_down(rules.delay)
        return rules

    async def _robots_txt(self, url: str, passage: Passage) -> tuple[int, bytes | None]:
        """Fetch the robots.txt of an address's host, following redirects without asking for theirs."""
        parts = urlsplit(url)
        at = urls.normalise(f"{parts.scheme}://{urls.host_of(url)}/robots.txt") or url
        own = urls.host_of(at)
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                self._check(at)
                if urls.host_of(at) == own:
                    answer = await self._hop(at, "text/plain,*/*;q=0.5", {}, passage)
                else:
                    async with self._gate.passage(passage.delay) as aside:
                        answer = await self._hop(at, "text/plain,*/*;q=0.5", {}, aside)
            except FetchRefused as refused:
                if refused.reason == "address refused" and urls.host_of(at) == own:
                    raise
                return 0, None
            following = self._following(answer)
            if following is None:
                return answer.status, answer.body
            at = following
        return 310, None

    def _following(self, answer: Answer) -> str | None:
        """Say where an answer redirects to; None when it is the last one."""
        if answer.status not in _REDIRECTS or not answer.header("location"):
            return None
        following = urls.join(answer.url, answer.header("location"))
        if following is None:
            raise FetchRefused(answer.url, "address refused", f"redirects to {answer.header('location')[:200]!r}")
        return following

    async def _hop(self, url: str, accept: str, headers: Mapping[str, str], passage: Passage) -> Answer:
        return await passage.ask(urls.host_of(url), lambda: self._request(url, accept, headers))

    async def _request(self, url: str, accept: str, headers: Mapping[str, str]) -> Answer:
        """Make one plain request and unpack its body; every failure becomes a FetchRefused with its reason."""
        try:
            response = await self._download(self._scrapy_request(url, accept, headers))
            received = {
                name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            }
            body = bodies.unpack(response.body, received.get("content-encoding", ""), self._max_size)
        except (FetchRefused, Stopped):
            raise
        except bodies.BodyError as error:
            raise FetchRefused(url, error.reason, error.detail) from error
        except Exception as error:  # Scrapy and Twisted raise what they like here
            reason, detail = failure(error)
            raise FetchRefused(url, reason, detail) from error
        return Answer(url, url, response.status, received, body)

    def _scrapy_request(self, url: str, accept: str, headers: Mapping[str, str]) -> Request:
        sent = {"User-Agent": self._agent, "Accept": accept, "Accept-Encoding": bodies.ACCEPTED, **headers}
        meta: dict[str, Any] = {"download_timeout": self._gate.timeout, "download_slot": urls.host_of(url)}
        if self._proxy:
            meta["proxy"], credentials = split_proxy(self._proxy)
            if credentials:
                sent["Proxy-Authorization"] = credentials
        return Request(url, headers=sent, meta=meta, dont_filter=True)


def failure(error: BaseException) -> tuple[str, str]:
    """Name the reason for an error of the downloader, and what is told about it."""
    told = str(error).strip() or type(error).__name__
    if isinstance(error, DownloadTimeoutError):
        return "timeout", told
    if isinstance(error, DownloadCancelledError):
        return "too large", told
    if isinstance(error, CannotResolveHostError):
        return "connection", "its name does not resolve"
    if isinstance(error, DownloadConnectionRefusedError):
        return "connection", "connection refused"
    if isinstance(error, ResponseDataLossError):
        return "connection", "the body ended early"
    return "connection", f"{type(error).__name__}: {told}"[:300]


def split_proxy(proxy: str) -> tuple[str, str]:
    """Take the credentials out of a proxy's address; give both."""
    parts = urlsplit(proxy)
    if parts.username is None:
        return proxy, ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}", "Basic " + base64.b64encode(pair).decode()
