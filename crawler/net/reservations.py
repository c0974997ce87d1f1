"""Reservations of text and data mining by TDMRep: what a publisher says of an address, and where it says it.

It may say so in three places: /.well-known/tdmrep.json for parts of its site, the header ``tdm-reservation`` of an
answer, and a meta element of a page (read in extract/metas.py). The place that is nearest to the page counts. Its
policy is recorded as an address and not asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.archive import Robots
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.net.hostfiles import HostFiles, Said, is_whole
from crawler.net.rules import Pattern, path_of, pattern
from crawler.records import Reservation

PATH = "/.well-known/tdmrep.json"
_LONGEST = 500 * 1024
_MOST_RULES = 2_000
_FRESH = timedelta(hours=24)
_FRESH_FAILURE = timedelta(hours=1)


@dataclass(frozen=True)
class Reserved:
    """What a host's tdmrep.json says."""

    expires: datetime
    #: Location, whether it is reserved, and the policy.
    rules: tuple[tuple[Pattern, bool, str], ...] = ()
    #: Why it is not known what it says, for people; "" when it was read, or is not there.
    problem: str = ""

    def of(self, url: str) -> Reservation | None:
        """Say what is told of an address: by the longest location that matches, as in robots.txt; None for nothing."""
        path = path_of(url)
        found = [(where.weight, reserved, policy) for where, reserved, policy in self.rules if where.matches(path)]
        if not found:
            return None
        _, reserved, policy = max(found)
        return Reservation(reserved, policy, "tdmrep.json")


def of_headers(headers: Mapping[str, str]) -> Reservation | None:
    """Read the reservation of an answer; names of headers are in lower case."""
    return Reservation.read(headers.get("tdm-reservation"), headers.get("tdm-policy"), "header")


def read(kept: Robots) -> Reserved:
    """Read a kept tdmrep.json; one that cannot be read says nothing, and what one says of which a part came is told."""
    if kept.status == 206:
        seen = f"tdmrep.json of {kept.host} answered 206, a part only, which nobody had asked for"
        return Reserved(kept.expires, problem=f"{seen}: what it reserves is not known")
    if not is_whole(kept.status) or not kept.body:
        return Reserved(kept.expires)
    try:
        said = json.loads(kept.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return Reserved(kept.expires)
    rules = []
    for item in (said if isinstance(said, list) else [said])[:_MOST_RULES]:
        if not isinstance(item, dict) or not isinstance(item.get("location"), str):
            continue
        told = Reservation.read(item.get("tdm-reservation"), item.get("tdm-policy"), "tdmrep.json")
        if told is not None:
            location = item["location"]
            location = location if location.startswith(("/", "*")) else f"/{location}"
            rules.append((pattern(location, allow=not told.reserved), told.reserved, told.policy))
    return Reserved(kept.expires, tuple(rules))


def record(host: str, said: Said, now: datetime, before: Robots | None) -> Robots:
    """Decide what to keep of an answer: a file that was read once outlives an outage of its server."""
    body, status = said.body, said.status
    if status in {0, 206, 429} or status >= 500:
        again = max(now + _FRESH_FAILURE, said.until or now)
        if before is not None and is_whole(before.status):
            return Robots(host, before.body, before.status, before.fetched_at, again)
        return Robots(host, None, status, now, again, said.detail)
    keep = body if body is not None and is_whole(status) and len(body) <= _LONGEST else None
    return Robots(host, keep, status, now, now + _FRESH)


def files(archive: ArchiveThread, clock: Clock) -> HostFiles[Reserved]:
    """Make what gives the reservations of hosts."""
    return HostFiles(
        archive,
        clock,
        load=lambda kept, host: kept.hosts.reservations(host),
        keep=lambda kept, file: kept.hosts.keep_reservations(file),
        read=read,
        record=record,
    )
