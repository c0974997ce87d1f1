"""robots.txt by RFC 9309: 4xx allows everything, 5xx or no answer forbids everything, kept for a day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from protego import Protego

from crawler.archive import Robots
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.errors import FetchRefused

#: The name by which robots.txt files may call us.
AGENT = "presswatch"
#: RFC 9309, 2.5: parsers read at least this much.
_LONGEST = 500 * 1024
_FRESH = timedelta(hours=24)
#: A failing robots.txt is asked for again sooner than a good one.
_FRESH_FAILURE = timedelta(hours=1)
#: In seconds. Whoever asks for more (a slip of the keyboard, mostly) is asked twice a day: robots.txt itself, which is
#: asked for once a day, must leave a turn for something else.
_LONGEST_DELAY = 43_200.0
_REMEMBERED = 2_000


@dataclass(frozen=True)
class Rules:
    """What a host's robots.txt says to us."""

    expires: datetime
    #: None: no rules, so ``allowed`` says it all.
    parsed: Protego | None = None
    allowed: bool = True
    #: Why everything is forbidden, for people.
    problem: str = ""

    def check(self, url: str) -> None:
        """Refuse an address that robots.txt forbids."""
        if not self.allowed:
            raise FetchRefused(url, "robots unreachable", self.problem, self.expires)
        if self.parsed is not None and not self.parsed.can_fetch(url, AGENT):
            raise FetchRefused(url, "robots")

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names, as it writes them."""
        return tuple(self.parsed.sitemaps) if self.parsed is not None else ()

    @property
    def delay(self) -> float:
        """Seconds between two requests, 0 when the file does not say."""
        if self.parsed is None:
            return 0.0
        delay = float(self.parsed.crawl_delay(AGENT) or 0.0)
        if (rate := self.parsed.request_rate(AGENT)) is not None and rate.requests:
            delay = max(delay, rate.seconds / rate.requests)
        return min(_LONGEST_DELAY, delay) if delay > 0 else 0.0  # some write "nan"


def read(robots: Robots) -> Rules:
    """Turn a kept robots.txt into rules. Its status is 0 when there was no answer."""
    if 200 <= robots.status < 300:
        text = (robots.body or b"")[:_LONGEST].decode("utf-8", "replace").removeprefix("\ufeff")
        return Rules(robots.expires, Protego.parse(text))
    if robots.status == 429 or not 300 <= robots.status < 500:
        seen = f"answered {robots.status}" if robots.status else "could not be reached"
        return Rules(robots.expires, None, allowed=False, problem=f"robots.txt of {robots.host} {seen}")
    # 3xx is left over only after too many redirects, which RFC 9309 counts as "unavailable".
    return Rules(robots.expires)


def record(host: str, status: int, body: bytes | None, now: datetime, before: Robots | None) -> Robots:
    """Decide what to keep of an answer: a file that was read once outlives an outage of its server."""
    if not read(Robots(host, body, status, now, now)).allowed:
        if before is not None and 200 <= before.status < 300:
            return Robots(host, before.body, before.status, before.fetched_at, now + _FRESH_FAILURE)
        return Robots(host, None, status, now, now + _FRESH_FAILURE)
    return Robots(host, body[:_LONGEST] if body is not None else None, status, now, now + _FRESH)


class RobotsFiles:
    """Gives the rules of hosts: from memory, from the archive, or from the host itself."""

    def __init__(self, archive: ArchiveThread, clock: Clock):
        self._archive = archive
        self._clock = clock
        self._rules: OrderedDict[str, Rules] = OrderedDict()

    async def rules(self, host: str, fetch: Callable[[], Awaitable[tuple[int, bytes | None]]]) -> Rules:
        """Give the rules of a host; ``fetch`` asks for the file (status 0: no answer) and is called when needed."""
        now = self._clock()
        known = self._rules.get(host)
        if known is not None and known.expires > now:
            self._rules.move_to_end(host)
            return known
        kept = await self._archive.run(lambda archive: archive.hosts.robots(host))
        if kept is None or kept.expires <= now:
            status, body = await fetch()
            kept = record(host, status, body, self._clock(), kept)
            fresh = kept
            await self._archive.run(lambda archive: archive.hosts.keep_robots(fresh))
        self._rules[host] = rules = read(kept)
        while len(self._rules) > _REMEMBERED:
            self._rules.popitem(last=False)
        return rules

    async def forget(self, host: str) -> None:
        """Ask a host for its file anew at the next request: it was asked by a scheme that it does not speak."""
        self._rules.pop(host, None)
        kept = await self._archive.run(lambda archive: archive.hosts.robots(host))
        if kept is not None:
            expired = replace(kept, expires=self._clock())
            await self._archive.run(lambda archive: archive.hosts.keep_robots(expired))
