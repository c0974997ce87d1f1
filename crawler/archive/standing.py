"""Why channels are not asked now, and when the next one is: what a crawl says that found nothing to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from crawler.archive import rows
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none
from crawler.urls import host_of

#: What a host says, by our words, that lets itself be asked seldom.
SELDOM = "has a long delay between two requests, by its robots.txt or as configured"


@dataclass(frozen=True, slots=True)
class Held:
    """A host, or the address of a channel, that nobody may ask before a time."""

    what: str
    until: datetime
    #: What it did, such as "answered 429", or the channel's own note.
    why: str
    channels: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the channels of some sources stand at a moment."""

    #: The first to be free comes first.
    held: tuple[Held, ...] = ()
    #: Keys of sources that somebody paused, and of those without any channel.
    paused: tuple[str, ...] = ()
    without_channel: tuple[str, ...] = ()
    #: Channels whose server said that they are gone for good, that failed and are asked more seldom, and that somebody
    #: else polls now.
    gone: int = 0
    failing: int = 0
    being_polled: int = 0
    #: Sources that left the configuration, and channels of others that did.
    removed: int = 0
    retired: int = 0
    #: When the next poll is due and may be made, and of what.
    next_poll: datetime | None = None
    next_url: str = ""
    next_source: str = ""
    #: Pages that wait in the queue, and when the next of them is due.
    pages: int = 0
    next_page: datetime | None = None


def closed_hosts(store: Store, now: datetime) -> dict[str, tuple[datetime, str]]:
    """Name the hosts that are not to be asked now, until when and why: for a pause, or for their own delay."""
    found = store.rows(
        "SELECT host, max(next_at, held_until), iif(held_until > ?, held_why, '') FROM hosts "
        "WHERE max(next_at, held_until) > ?",
        (micros(now), micros(now)),
    )
    return {host: (moment(until), why or SELDOM) for host, until, why in found}


def held_addresses(store: Store, now: datetime) -> dict[str, datetime]:
    """Name the addresses that asked for a pause alone, and until when."""
    found = store.rows("SELECT url, until FROM held WHERE until > ?", (micros(now),))
    return {url: moment(until) for url, until in found}


def read(store: Store, now: datetime, keys: Collection[str] | None, asked_since: datetime | None) -> Standing:
    """Say how the channels of sources (None: all) stand; what was polled since a time is not counted as held."""
    hosts = closed_hosts(store, now)
    addresses = held_addresses(store, now)
    scope = {"keys": None if keys is None else rows.packed(list(keys)), "asked": micros_or_none(asked_since)}
    wanted = "(:keys IS NULL OR source IN (SELECT value FROM json_each(:keys)))"
    sources = store.rows(
        "SELECT key, paused_at, removed_at, (SELECT count(*) FROM channels c WHERE c.source = key AND retired_at IS "
        f"NULL) FROM (SELECT *, key AS source FROM sources) WHERE {wanted} ORDER BY key",
        scope,
    )
    polled = {key for key, paused, removed, _ in sources if paused is None and removed is None}
    counted: Counter[str] = Counter()
    held: dict[str, Held] = {}
    following: tuple[datetime, str, str] | None = None
    for source, url, state, note, next_poll, until, lease, failures, asked, retired in store.rows(
        "SELECT source, url, state, note, next_poll, held_until, lease_until, failures, "
        "last_polled >= coalesce(:asked, last_polled + 1), retired_at FROM channels "
        f"WHERE {wanted} AND merged_into IS NULL ORDER BY id",
        scope,
    ):
        if source not in polled:
            continue
        counted["retired"] += retired is not None
        counted["gone"] += retired is None and state == "gone"
        if retired is not None or next_poll is None:
            continue
        counted["failing"] += failures > 0
        counted["being polled"] += (lease or 0) > micros(now)
        own, host = moment_or_none(until), host_of(url) if hosts else ""
        at = max(filter(None, (own, addresses.get(url))), default=None)
        what, why = url, note or "it asked for a pause"
        if host in hosts and (at is None or hosts[host][0] >= at):
            what, (at, why) = host, hosts[host]
        if at is not None and at > now and not asked:
            before = held.get(what)
            held[what] = Held(what, at, why, 1 + (before.channels if before else 0))
        due = max(moment(next_poll), at or now)
        if following is None or due < following[0]:
            following = due, url, source
    pages, next_page = store.rows(f"SELECT count(*), min(due) FROM pages WHERE state = 'queued' AND {wanted}", scope)[0]
    return Standing(
        held=tuple(sorted(held.values(), key=lambda each: (each.until, each.what))),
        paused=tuple(key for key, paused, removed, _ in sources if paused is not None and removed is None),
        without_channel=tuple(key for key, _, _, channels in sources if key in polled and not channels),
        gone=counted["gone"],
        failing=counted["failing"],
        being_polled=counted["being polled"],
        removed=sum(removed is not None for _, _, removed, _ in sources),
        retired=counted["retired"],
        next_poll=following[0] if following else None,
        next_url=following[1] if following else "",
        next_source=following[2] if following else "",
        pages=pages,
        next_page=moment_or_none(next_page),
    )
