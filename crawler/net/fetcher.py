"""Ask for one address, by all the rules, and follow where it leads."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from crawler import __version__, urls
from crawler.archive import Turn
from crawler.errors import FetchRefused
from crawler.net import bodies, reservations
from crawler.net.gate import Gate, HostBusy, Passage, Stopped
from crawler.net.guard import Guard
from crawler.net.handler import failure
from crawler.net.hostfiles import HostFiles, Said
from crawler.net.reservations import Reserved
from crawler.net.robots import Rules
from crawler.records import Reservation
from crawler.verdicts import pause

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_ACCEPT_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

#: Of files that are about a whole host so much is read (RFC 9309, 2.5), however long they are.
_HEAD = 500 * 1024

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
    #: Sent to one address and no other: to ``headers_for``, where "" is the address itself.
    headers: Mapping[str, str] = field(default_factory=dict)
    headers_for: str = ""
    #: Whether a pause that is asked for (429, or Retry-After) is kept with the whole host, not with the address only.
    hold: bool = True
    #: Whether its publisher's tdmrep.json is asked for: that is about pages, not about feeds.
    page: bool = False
    #: Whether a browser draws it before it is read.
    render: bool = False


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
    #: The body as it was sent, packed as Content-Encoding says.
    sent: bytes = field(default=b"", repr=False)
    #: Nothing but the end of the connection tells where the body ends: no length was sent, and no chunks.
    open_ended: bool = False
    #: What the publisher says about text and data mining, in the header or in its tdmrep.json; None for nothing.
    reservation: Reservation | None = None

    def header(self, name: str) -> str:
        """Give a header, "" when it was not sent."""
        return self.headers.get(name.lower(), "")


class Fetcher:
    """The only way out to the network."""

    def __init__(
        self,
        download: Download,
        gate: Gate,
        robots: HostFiles[Rules] | None,
        guard: Guard,
        *,
        reserved: HostFiles[Reserved] | None = None,
        obey_tdm: bool = False,
        agent: str,
        max_size: int,
        proxy: str = "",
        parts: bool = False,
    ):
        self._download = download
        self._gate = gate
        self._robots = robots
        self._guard = guard
        self._reserved = reserved
        self._obey_tdm = obey_tdm
        self._agent = agent
        self._max_size = max_size
        self._proxy = proxy
        self._parts = parts

    async def get(self, ask: Ask) -> Answer:
        """Fetch an address: host gate, robots.txt, guard and size limits at every hop. Raise FetchRefused."""
        async with self._gate.passage(ask.delay, ask.turn) as passage:
            url, hops, told_to = ask.url, list[tuple[int, str]](), ask.headers_for or ask.url
            while True:
                self._check(url)
                await self._obey_robots(url, passage)
                told = await self._told(url, passage) if ask.page else None
                await passage.enter(urls.host_of(url))
                if hops or ask.turn is None:  # whoever has a turn was let through to its own address
                    await self._gate.check_address(url)
                answer = await self._hop(url, ask.accept, ask.headers if url == told_to else {}, passage)
                await self._hold(answer, passage, whole=ask.hold)
                following = self._following(answer)
                if following is None:
                    told = self._obeyed(url, reservations.of_headers(answer.headers) or told)
                    return replace(answer, url=ask.url, hops=tuple(hops), reservation=told)
                hops.append((answer.status, following))
                if len(hops) > _MOST_REDIRECTS or following in {ask.url, *(at for _, at in hops[:-1])}:
                    raise FetchRefused(ask.url, "redirects", f"{len(hops)} redirects, the last one to {following}")
                url = following

    async def rest(self, url: str, delay: float) -> None:
        """Let a host rest for its delay, after the parts of a page were asked for without it."""
        async with self._gate.passage(delay) as passage:
            await passage.enter(urls.host_of(url))
            if self._robots is not None:
                await self._rules(url, passage)
            passage.rest()

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

    async def _hold(self, answer: Answer, passage: Passage, *, whole: bool = True) -> datetime | None:
        """Keep everybody from asking the host that wants a pause, or only its address; say until when."""
        until = pause(answer.status, answer.headers, self._gate.clock())
        if until is not None and whole:
            await passage.hold(urls.host_of(answer.final_url), until, f"answered {answer.status}")
        elif until is not None:
            await self._gate.hold_address(answer.final_url, until)
        return until

    def _check(self, url: str) -> None:
        host = urls.host_of(url)
        if not host:
            raise FetchRefused(url, "address refused", f"{url[:200]!r} is no http(s) address")
        if "@" in urlsplit(url.strip()).netloc:
            # Sent to whoever answers there they would be given away, and they make addresses that look like others.
            raise FetchRefused(f"//{host}/", "address refused", f"it holds a user name or password for {host}")
        try:
            self._guard.check_literal(host)
        except FetchRefused as refused:
            raise FetchRefused(url, refused.reason, refused.detail) from None

    async def _obey_robots(self, url: str, passage: Passage) -> None:
        if self._robots is not None:
            (await self._rules(url, passage)).check(url)

    async def _told(self, url: str, passage: Passage) -> Reservation | None:
        """Read what the tdmrep.json of an address's host says of it; where it is reserved, it may not be asked for."""
        # A host that lets hardly anything be asked is asked for its pages, which say the same in their headers.
        if self._reserved is None or passage.delay > self._gate.patience:
            return None
        host = urls.host_of(url)
        await passage.enter(host)

        async def fetch() -> Said:
            at = self._beside(url, reservations.PATH)
            try:
                await self._obey_robots(at, passage)
            except HostBusy:
                raise
            except FetchRefused:
                return Said(403)
            return await self._host_file(at, "application/json,*/*;q=0.5", passage)

        return self._obeyed(url, (await self._reserved.of(host, fetch)).of(url))

    def _obeyed(self, url: str, told: Reservation | None) -> Reservation | None:
        """Refuse a reserved address where reservations are obeyed."""
        if told is not None and told.reserved and self._obey_tdm:
            raise FetchRefused(url, "tdm reserved", f"reserved by its {told.where} {told.policy}".strip())
        return told

    async def _rules(self, url: str, passage: Passage) -> Rules:
        assert self._robots is not None, "asked for only where robots.txt is obeyed"
        host = urls.host_of(url)
        # With the host's turn in hand no two of us ask for the same file.
        await passage.enter(host)

        async def fetch() -> Said:
            return await self._host_file(self._beside(url, "/robots.txt"), "text/plain,*/*;q=0.5", passage)

        rules = await self._robots.of(host, fetch)
        if not self._parts:
            passage.slow_down(rules.delay)
        elif rules.delay > self._gate.patience:
            told = f"robots.txt of {host} asks for {rules.delay:g} s between two requests: too long for a page's parts"
            raise FetchRefused(url, "robots", told)
        return rules

    @staticmethod
    def _beside(url: str, path: str) -> str:
        """Name a file of an address's host."""
        at = f"{urlsplit(url.strip()).scheme.lower()}://{urls.host_of(url)}{path}"
        return urls.normalise(at) or at

    async def _host_file(self, at: str, accept: str, passage: Passage) -> Said:
        """Fetch a file that is about a whole host, following redirects without asking for the rules of theirs.

        Whoever asks for a pause here asks for it at all: nothing else is asked there meanwhile.
        """
        own = urls.host_of(at)
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                self._check(at)
                if urls.host_of(at) == own:
                    answer = await self._hop(at, accept, {}, passage, head=True)
                    until = await self._hold(answer, passage)
                else:
                    async with self._gate.passage(passage.delay) as aside:
                        await self._slow_aside(urls.host_of(at), aside)
                        answer = await self._hop(at, accept, {}, aside, head=True)
                        until = await self._hold(answer, aside)
            except FetchRefused as refused:
                if refused.reason == "address refused" and urls.host_of(at) == own:
                    raise
                return Said(0, until=refused.until, detail=refused.detail)
            following = self._following(answer)
            if following is None:
                return Said(answer.status, answer.body, until)
            at = following
        return Said(310)

    async def _slow_aside(self, host: str, aside: Passage) -> None:
        """Keep the Crawl-delay that is known of a host to which another one's file redirects."""
        known = await self._robots.known(host) if self._robots is not None else None
        if known is not None:
            await aside.enter(host)  # whoever comes to another host begins with the least delay
            aside.slow_down(known.delay)

    def _following(self, answer: Answer) -> str | None:
        """Say where an answer redirects to; None when it is the last one."""
        if answer.status not in _REDIRECTS or not answer.header("location"):
            return None
        following = urls.follow(answer.url, answer.header("location"))
        if following is None:
            raise FetchRefused(answer.url, "address refused", f"redirects to {answer.header('location')[:200]!r}")
        return following

    async def _hop(
        self, url: str, accept: str, headers: Mapping[str, str], passage: Passage, *, head: bool = False
    ) -> Answer:
        return await passage.ask(urls.host_of(url), lambda: self._request(url, accept, headers, head=head))

    async def _request(self, url: str, accept: str, headers: Mapping[str, str], *, head: bool) -> Answer:
        """Make one plain request and unpack its body, or its ``head``; every failure becomes a FetchRefused."""
        request = self._scrapy_request(url, accept, headers)
        if head:
            request.meta.update(download_maxsize=0, head=_HEAD)
        try:
            response = await self._download(request)
            received = {
                name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            }
            body = bodies.unpack(
                response.body,
                received.get("content-encoding", ""),
                _HEAD if head else self._max_size,
                head=head,
                stopped="download_stopped" in response.flags,
            )
        except (FetchRefused, Stopped):
            raise
        except bodies.BodyError as error:
            raise FetchRefused(url, error.reason, error.detail) from error
        except Exception as error:  # Scrapy and Twisted raise what they like here
            reason, detail = failure(error)
            raise FetchRefused(url, reason, detail) from error
        open_ended = "partial" in response.flags  # Scrapy's word for Twisted's PotentialDataLoss
        return Answer(url, url, response.status, received, body, sent=response.body, open_ended=open_ended)

    def _scrapy_request(self, url: str, accept: str, headers: Mapping[str, str]) -> Request:
        sent = {"User-Agent": self._agent, "Accept": accept, "Accept-Encoding": bodies.ACCEPTED, **headers}
        meta: dict[str, Any] = {"download_timeout": self._gate.timeout, "download_slot": urls.host_of(url)}
        if self._proxy:
            meta["proxy"], credentials = split_proxy(self._proxy)
            if credentials:
                sent["Proxy-Authorization"] = credentials
        # As they were read: Scrapy would write UTF-8, and a validator must come back byte for byte.
        encoded = {name: value.encode("latin-1", "replace") for name, value in sent.items()}
        return Request(url, headers=encoded, meta=meta, dont_filter=True)


def stop_behind_head(data: bytes, request: Request) -> None:
    """End a download of which only the beginning is wanted; hears of all bytes that are received."""
    wanted = request.meta.get("head")
    if wanted is not None:
        request.meta["head"] = left = wanted - len(data)
        if left <= 0:
            raise StopDownload(fail=False)


def split_proxy(proxy: str) -> tuple[str, str]:
    """Take the credentials out of a proxy's address; give both."""
    parts = urlsplit(proxy)
    if parts.username is None:
        return proxy, ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}", "Basic " + base64.b64encode(pair).decode()
