"""The text of a robots.txt, read by RFC 9309: whose group counts, and which of its lines decides an address.

Beside the RFC it reads what site owners write for everybody: Crawl-delay, Request-rate, Sitemap, a missing colon and
the usual misspellings. protego, which Scrapy uses, takes "press" for a name of "presswatch" and overlooks
"Presswatch 1.0" (6 of Google's 71 cases); here it is as the RFC says: the product token, whole, in any case.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

Key = Literal["agent", "allow", "disallow", "delay", "rate", "sitemap"]

#: Google's parser cuts lines there: eight times the longest address that old browsers took.
_LONGEST_LINE = 2083 * 8
_MOST_RULES = 20_000
_KEYS: dict[str, Key] = {
    "user-agent": "agent", "useragent": "agent", "user agent": "agent",
    "allow": "allow",
    "disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow",
    "diasllow": "disallow", "disallaw": "disallow",
    "crawl-delay": "delay", "crawldelay": "delay", "crawl delay": "delay",
    "request-rate": "rate", "request rate": "rate",
    "sitemap": "sitemap", "sitemaps": "sitemap", "site-map": "sitemap",
}  # fmt: skip
_WORDS = "|".join(sorted(map(re.escape, _KEYS), key=len, reverse=True))
_LINE = re.compile(rf"({_WORDS})[ \t]*(?::|[ \t])(.*)", re.IGNORECASE)
#: What a product token may hold; what stands behind it ("/1.0", "*", a comment) is not compared.
_TOKEN = re.compile(r"[A-Za-z_-]+")
_RATE = re.compile(r"(\d+)\s*/\s*(\d+)\s*([smhd]?)", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
#: A number, and what stands behind it.
_SPAN = re.compile(r"\s*\+?(\d+(?:[.,]\d*)?(?:e\d+)?|[.,]\d+)\s*([a-z]*)", re.IGNORECASE)
#: By their first two letters; what is not known is seconds.
_UNITS = {"ms": 0.001, "mi": 60, "m": 60, "ho": 3600, "hr": 3600, "h": 3600, "da": 86_400, "d": 86_400}
_LETTERS = re.compile(r"[A-Za-z0-9._~-]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A path of an Allow or Disallow line, with "*" for anything and "$" for the end."""

    parts: tuple[str, ...]
    anchored: bool
    allow: bool
    #: Its length as written, in octets: the longest one that matches decides.
    weight: int

    def matches(self, path: str) -> bool:
        """Tell whether a path begins as the pattern says; takes no longer than the path is long."""
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        if not rest:
            return not self.anchored or len(path) == len(first)
        at = len(first)
        for part in rest[:-1]:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        last = rest[-1]
        if self.anchored:
            return len(path) - len(last) >= at and path.endswith(last)
        return path.find(last, at) >= 0


@dataclass(slots=True)
class _Group:
    patterns: list[Pattern] = field(default_factory=list)
    #: Seconds between two requests.
    delay: float = 0.0


class RobotsText:
    """What a robots.txt says to one crawler."""

    def __init__(self, text: str, agent: str):
        own, common = _Group(), _Group()
        named = False
        #: The groups that the lines at hand belong to, and whether their list of names is still being read.
        current: list[_Group] = []
        naming = False
        self.sitemaps: list[str] = []
        for key, value in _lines(text):
            if key == "sitemap":
                if value:
                    self.sitemaps.append(value)
                continue
            if key == "agent":
                current = current if naming else []
                naming = True
                group = _named(value, agent, own, common)
                named = named or group is own
                if group is not None and group not in current:
                    current.append(group)
                continue
            naming = False
            for group in current:
                _add(group, key, value)
        self._group = own if named else common

    @property
    def delay(self) -> float:
        """Seconds between two requests; 0 when nothing is asked for."""
        return self._group.delay

    def allows(self, url: str) -> bool:
        """Tell whether an address may be asked for: the longest matching line decides, Allow where two are as long."""
        path = path_of(url)
        if path == "/robots.txt":
            return True
        best, allowed = -1, True
        for pattern in self._group.patterns:
            if (pattern.weight, pattern.allow) > (best, allowed and best >= 0) and pattern.matches(path):
                best, allowed = pattern.weight, pattern.allow
        return allowed


def path_of(url: str) -> str:
    """Give the part of an address that rules are about, path and query, in the form in which it is compared."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    query = f"?{parts.query}" if "?" in url.partition("#")[0] else ""
    return _comparable((parts.path or "/") + query)


def pattern(text: str, *, allow: bool) -> Pattern:
    """Read a path pattern; tdmrep.json writes its locations in the same way."""
    anchored = text.endswith("$")
    written = _comparable(text[:-1] if anchored else text)
    parts = tuple(re.sub(r"\*+", "*", written).split("*"))
    return Pattern(parts, anchored, allow, len(written) + anchored)


def _lines(text: str) -> Iterator[tuple[Key, str]]:
    for line in re.split(r"\r\n|\r|\n", text):
        found = _LINE.match(line[:_LONGEST_LINE].partition("#")[0].strip())
        if found:
            yield _KEYS[found[1].lower()], found[2].strip()


def _named(value: str, agent: str, own: _Group, common: _Group) -> _Group | None:
    if value == "*" or re.match(r"\*\s", value):
        return common
    token = _TOKEN.match(value)
    return own if token and token[0].lower() == agent.lower() else None


def _add(group: _Group, key: Key, value: str) -> None:
    if key == "delay":
        group.delay = max(group.delay, _number(value))
    elif key == "rate" and (rate := _RATE.match(value)) and int(rate[1]):
        group.delay = max(group.delay, int(rate[2]) * _SECONDS[rate[3].lower()] / int(rate[1]))
    elif key in ("allow", "disallow") and value and len(group.patterns) < _MOST_RULES:
        # A rule that is a whole address is about the path of that address.
        path = path_of(value) if re.match(r"https?://", value, re.IGNORECASE) else value
        path = path if path.startswith(("/", "*")) else f"/{path}"
        group.patterns.append(pattern(path, allow=key == "allow"))
        if key == "allow" and path.endswith("/index.html"):
            group.patterns.append(pattern(path.removesuffix("index.html") + "$", allow=True))


def _number(text: str) -> float:
    """Read a count of seconds, also one that names them ("10s", "10 seconds", "2 min"); 0 for what is none."""
    found = _SPAN.match(text)
    if found is None:
        return 0.0
    number = float(found[1].replace(",", ".")) * _UNITS.get(found[2].lower()[:2], 1)
    return number if math.isfinite(number) and number > 0 else 0.0


def _comparable(path: str) -> str:
    """Write a path as RFC 9309, 2.2.2 compares it: plain ASCII letters as such, all else escaped, in upper case."""
    path = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    path = re.sub(r"%[0-9A-Fa-f]{2}", lambda m: m[0].upper(), path)
    path = re.sub(r"%([2-7][0-9A-F])", lambda m: c if _LETTERS.fullmatch(c := chr(int(m[1], 16))) else m[0], path)
    return quote(path, safe="/%:?#[]@!$&'()*+,;=-._~|")
