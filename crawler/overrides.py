"""Overrides, by which people say where the pages of a source have their parts: which one is whose, and until when.

An override is used for pages that were fetched up to its last day: a kept page that is read again later is read as it
was then, and comes out the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from crawler.records import Article, Override, Source
from crawler.urls import host_of

#: The keys of an override that point at something.
POINTERS = ("title", "body", "date", "author", "remove")
#: Those whose selectors give a field, so that one that gives nothing is amiss.
GIVING = ("title", "body", "date", "author")
#: It is told so many days before an override ends.
SOON = 14


@dataclass(frozen=True, slots=True)
class Ending:
    """An override whose last day is over, or near."""

    source: str
    override: Override
    days: int

    @property
    def is_over(self) -> bool:
        """Whether it is used no longer."""
        return self.days < 0

    def __str__(self) -> str:
        where = shown(self.override)
        if self.is_over:
            return (
                f"{self.source}: the override of {where} ended on {self.override.valid_until}: it is used no longer; "
                f'compare with "presswatch source test {self.source}", then set a new valid_until, or take it out'
            )
        left = "ends today" if self.days == 0 else f"ends in {self.days} day{'' if self.days == 1 else 's'}"
        return (
            f"{self.source}: the override of {where} {left} ({self.override.valid_until}); "
            f'compare with "presswatch source test {self.source}" and set a new valid_until'
        )


def identity(override: Override) -> str:
    """Name an override by what it points at; its last day may be moved without making it another."""
    parts = [getattr(override, name) for name in (*POINTERS, "hosts", "paths")]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=4).hexdigest()


def covers(override: Override, url: str) -> bool:
    """Tell whether an override speaks of an address: of its host (or one under it), and of its path."""
    host = host_of(url)
    bare = host if host.endswith("]") else host.rsplit(":", 1)[0]
    if override.hosts and not any(bare == name or bare.endswith(f".{name}") for name in override.hosts):
        return False
    path = urlsplit(url).path or "/"
    return not override.paths or any(fnmatchcase(path, pattern) for pattern in override.paths)


def covering(source: Source, url: str) -> list[Override]:
    """List the overrides of a source that speak of an address, ended or not, in the order of the file."""
    return [override for override in source.overrides if covers(override, url)]


def choose(source: Source, url: str, fetched: datetime | None) -> Override | None:
    """Choose the override for a page: the first that speaks of its address and had not ended when it was fetched.

    Of a page of which nobody knows when it was fetched, no override has ended.
    """
    found = covering(source, url)
    return next((each for each in found if fetched is None or fetched.date() <= each.valid_until), None)


def current(source: Source, today: date) -> Source:
    """Give a source without the overrides that have ended, for pages that nobody dated."""
    left = tuple(override for override in source.overrides if today <= override.valid_until)
    return source if len(left) == len(source.overrides) else replace(source, overrides=left)


def endings(sources: Iterable[Source], today: date, soon: int = SOON) -> list[Ending]:
    """List the overrides that have ended, or end within so many days, those first that ended first."""
    found = [
        Ending(source.key, override, (override.valid_until - today).days)
        for source in sources
        for override in source.overrides
    ]
    return sorted((each for each in found if each.days <= soon), key=lambda each: (each.days, each.source))


def shown(override: Override) -> str:
    """Write of which pages an override speaks, and for which of their parts."""
    parts = ", ".join(name for name in POINTERS if getattr(override, name))
    places = " ".join((*override.hosts, *override.paths))
    return f"{parts} on {places}" if places else parts


def missed(article: Article) -> tuple[str, ...]:
    """Name the keys of the override whose selectors gave nothing on an article's page."""
    return tuple(filter(None, article.evidence.get("override_missed", "").split(", ")))


def told(article: Article) -> str:
    """Say which override an article was read with, and what that did not give; "" when it was read without one."""
    said = article.evidence
    if "override" not in said:
        return ""
    pieces = [said["override"]]
    pieces += [f"removed {said['override_removed']}"] if "override_removed" in said else []
    pieces += [f"nothing found for {said['override_missed']}"] if "override_missed" in said else []
    pieces += [f"not used: {said['override_stopped']}"] if "override_stopped" in said else []
    return "; ".join(pieces)
