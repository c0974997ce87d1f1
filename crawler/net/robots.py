"""robots.txt by RFC 9309: 4xx allows everything, 5xx or no answer forbids everything, kept for a day, or a turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.archive import Robots
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.errors import FetchRefused
from crawler.net.hostfiles import HostFiles, Said, is_whole
from crawler.net.rules import RobotsText

#: The name by which robots.txt files may call us.
AGENT = "presswatch"
#: RFC 9309, 2.5: parsers read at least this much.
_LONGEST = 500 * 1024
_FRESH = timedelta(hours=24)
#: A failing robots.txt is asked for again sooner than a good one.
_FRESH_FAILURE = timedelta(hours=1)
#: In seconds. As with Retry-After, whoever asks for more is asked once in 30 days.
_LONGEST_DELAY = 30 * 86_400.0
#: In delays. Where one request is made in days, robots.txt is kept until another has had its turn.
_TURNS = 2.5


@dataclass(frozen=True)
class Rules:
    """What a host's robots.txt says to us."""

    expires: datetime
    #: None: no rules, so ``allowed`` says it all.
    parsed: RobotsText | None = None
    allowed: bool = True
    #: Why everything is forbidden, for people.
    problem: str = ""

    def check(self, url: str) -> None:
        """Refuse an address that robots.txt forbids."""
        if not self.allowed:
            raise FetchRefused(url, "robots unreachable", self.problem, self.expires)
        if self.parsed is not None and not self.parsed.allows(url):
            raise FetchRefused(url, "robots")

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names, as it writes them."""
        return tuple(self.parsed.sitemaps) if self.parsed is not None else ()

    @property
    def delay(self) -> float:
        """Seconds between two requests, 0 when the file does not say."""
        return min(_LONGEST_DELAY, self.parsed.delay) if self.parsed is not None else 0.0


def decode(body: bytes) -> str:
    """Read the bytes of a robots.txt as far as parsers must: UTF-8, or what a byte order mark says."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body[:_LONGEST].decode("utf-16", "replace")
    return body[:_LONGEST].decode("utf-8", "replace").removeprefix("\ufeff")


def read(robots: Robots) -> Rules:
    """Turn a kept robots.txt into rules. Its status is 0 when there was no answer."""
    if is_whole(robots.status):
        return Rules(robots.expires, RobotsText(decode(robots.body or b""), AGENT))
    if robots.status == 429 or not 300 <= robots.status < 500:
        seen = f"answered {robots.status}" if robots.status else "could not be reached"
        seen += f" ({robots.detail})" if robots.detail else ""
        seen += ", a part only, which nobody had asked for" if robots.status == 206 else ""
        return Rules(robots.expires, None, allowed=False, problem=f"robots.txt of {robots.host} {seen}")
    # 3xx is left over only after too many redirects, which RFC 9309 counts as "unavailable".
    return Rules(robots.expires)


def record(host: str, said: Said, now: datetime, before: Robots | None) -> Robots:
    """Decide what to keep of an answer: a file that was read once outlives an outage of its server."""
    body, status = said.body, said.status
    if not read(Robots(host, body, status, now, now)).allowed:
        again = max(now + _FRESH_FAILURE, said.until or now)
        if before is not None and is_whole(before.status):
            return Robots(host, before.body, before.status, before.fetched_at, max(again, now + _turn(read(before))))
        return Robots(host, None, status, now, again, said.detail)
    kept = Robots(host, body[:_LONGEST] if body is not None else None, status, now, now + _FRESH)
    return replace(kept, expires=now + max(_FRESH, _turn(read(kept))))


def _turn(rules: Rules) -> timedelta:
    return timedelta(seconds=_TURNS * rules.delay)


def files(archive: ArchiveThread, clock: Clock) -> HostFiles[Rules]:
    """Make what gives the rules of hosts."""
    return HostFiles(
        archive,
        clock,
        load=lambda kept, host: kept.hosts.robots(host),
        keep=lambda kept, file: kept.hosts.keep_robots(file),
        read=read,
        record=record,
    )
