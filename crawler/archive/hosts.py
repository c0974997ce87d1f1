"""The host gate: who may ask a host now. Crawls of other processes and machines share it through the archive."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.archive.standing import held_addresses
from crawler.archive.store import Store
from crawler.archive.times import micros, moment, moment_or_none
from crawler.urls import host_of

#: While somebody has a turn, it is worth looking again after this long: turns are given back far before they expire.
LOOK_AGAIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to ask a host once."""

    host: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now; look again at this time."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host said at /robots.txt, or in another file that is about the whole host."""

    host: str
    #: None when there was no answer to read.
    body: bytes | None
    #: The HTTP status; 0 when the host could not be reached.
    status: int
    fetched_at: datetime
    expires: datetime
    #: Why there was no answer, for people.
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A host that pages wait for."""

    host: str
    until: datetime
    #: What it answered when it asked for a pause; "" when it is its own delay that is kept.
    why: str
    pages: int


class Hosts:
    """The hosts that are asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, host: str, now: datetime, lease: timedelta) -> Turn | Wait:
        """Take the next turn at a host, or be told when to look again."""
        with self._store.writing():
            return take(self._store, host, now, lease)

    def done(self, turn: Turn, now: datetime, delay: float) -> None:
        """Give a turn back; nobody asks the host for so many seconds."""
        with self._store.writing():
            self._store.execute(
                "UPDATE hosts SET next_at = max(next_at, ?), lease_until = 0 WHERE host = ? AND token = ?",
                (micros(now + timedelta(seconds=delay)), turn.host, turn.token),
            )

    def hold(self, host: str, until: datetime, why: str) -> None:
        """Let nobody ask a host before a time: it said so."""
        with self._store.writing():
            self._store.execute(
                "INSERT INTO hosts (host, held_until, held_why) VALUES (?, ?, ?) ON CONFLICT (host) DO UPDATE SET "
                "held_why = iif(excluded.held_until >= hosts.held_until, excluded.held_why, hosts.held_why), "
                "held_until = max(hosts.held_until, excluded.held_until)",
                (host, micros(until), why),
            )

    def hold_address(self, url: str, until: datetime, now: datetime) -> None:
        """Let nobody ask one address before a time, whoever is led to it; its host is asked for other things."""
        with self._store.writing():
            self._store.execute("DELETE FROM held WHERE until <= ?", (micros(now),))
            self._store.execute(
                "INSERT INTO held (url, host, until) VALUES (?, ?, ?) "
                "ON CONFLICT (url) DO UPDATE SET until = max(held.until, excluded.until)",
                (url, host_of(url), micros(until)),
            )

    def address_held(self, url: str, now: datetime) -> datetime | None:
        """Say until when an address is not to be asked; None when it may be."""
        return moment_or_none(
            self._store.value("SELECT until FROM held WHERE url = ? AND until > ?", (url, micros(now)))
        )

    def held_addresses(self, now: datetime) -> dict[str, datetime]:
        """Name the addresses that asked for a pause alone, and until when."""
        return held_addresses(self._store, now)

    def limited(self, url: str, now: datetime) -> int:
        """Count the other addresses of an address's host that asked for a pause."""
        counted: int = self._store.value(
            "SELECT count(*) FROM held WHERE host = ? AND until > ? AND url != ?", (host_of(url), micros(now), url)
        )
        return counted

    def held(self, now: datetime) -> dict[str, tuple[datetime, str]]:
        """Name the hosts that asked for a pause, until when and why."""
        found = self._store.rows("SELECT host, held_until, held_why FROM hosts WHERE held_until > ?", (micros(now),))
        return {host: (moment(until), why) for host, until, why in found}

    def closed(self, after: datetime, sources: Collection[str] | None = None) -> list[Closed]:
        """List the hosts that may not be asked before a time though pages wait for them, of these sources or of all."""
        wanted = None if sources is None else json.dumps(sorted(sources))
        found = self._store.rows(
            "SELECT h.host, max(h.next_at, h.held_until), iif(h.held_until > h.next_at, h.held_why, ''), count(*) "
            "FROM hosts h JOIN pages p ON p.host = h.host AND p.state = 'queued' "
            "WHERE max(h.next_at, h.held_until) > ? AND (? IS NULL OR p.source IN (SELECT value FROM json_each(?))) GROUP BY h.host ORDER BY h.host",  # noqa: E501
            (micros(after), wanted, wanted),
        )
        return [Closed(host, moment(until), why, pages) for host, until, why, pages in found]

    def robots(self, host: str) -> Robots | None:
        """Read what a host said at /robots.txt; None when it was never asked. The caller looks at ``expires``."""
        return self._file("robots", host)

    def keep_robots(self, robots: Robots) -> None:
        """Keep what a host said at /robots.txt."""
        self._keep_file("robots", robots)

    def reservations(self, host: str) -> Robots | None:
        """Read what a host said at /.well-known/tdmrep.json, as ``robots`` does."""
        return self._file("reservations", host)

    def keep_reservations(self, file: Robots) -> None:
        """Keep what a host said at /.well-known/tdmrep.json."""
        self._keep_file("reservations", file)

    def reservations_in_part(self, since: datetime) -> list[Robots]:
        """List the hosts that gave a part only of their tdmrep.json (206) since a time."""
        found = self._store.rows(
            "SELECT host, body, status, fetched_at, expires FROM reservations WHERE status = 206 AND fetched_at >= ? "
            "ORDER BY host",
            (micros(since),),
        )
        return [Robots(host, body, status, moment(at), moment(expires)) for host, body, status, at, expires in found]

    def _file(self, table: str, host: str) -> Robots | None:
        row = self._store.row(f"SELECT body, status, fetched_at, expires, detail FROM {table} WHERE host = ?", (host,))
        return None if row is None else Robots(host, row[0], row[1], moment(row[2]), moment(row[3]), row[4])

    def _keep_file(self, table: str, file: Robots) -> None:
        with self._store.writing():
            self._store.execute(
                f"INSERT INTO {table} (host, body, status, fetched_at, expires, detail) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (host) DO UPDATE SET body = excluded.body, status = excluded.status, "
                "fetched_at = excluded.fetched_at, expires = excluded.expires, detail = excluded.detail",
                (file.host, file.body, file.status, micros(file.fetched_at), micros(file.expires), file.detail),
            )


def take(store: Store, host: str, now: datetime, lease: timedelta) -> Turn | Wait:
    """Take the next turn at a host, inside a writing transaction."""
    at, until = micros(now), now + lease
    row = store.row("SELECT next_at, held_until, lease_until FROM hosts WHERE host = ?", (host,))
    if row is not None and max(row) > at:
        next_at, held_until, lease_until = row
        free = max(next_at, held_until)
        if lease_until > at:
            free = max(free, min(lease_until, micros(now + LOOK_AGAIN)))
        return Wait(moment(free))
    ((token,),) = store.rows(
        "INSERT INTO hosts (host, token, lease_until) VALUES (?, 1, ?) ON CONFLICT (host) DO UPDATE SET "
        "token = hosts.token + 1, lease_until = excluded.lease_until RETURNING token",
        (host, micros(until)),
    )
    return Turn(host, token, until)
