"""Channels: when each is due, who polls it now, and what its last poll brought."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.archive import rows
from crawler.archive.pages import Queued, queue
from crawler.archive.sqlite import Store, micros, micros_or_none, moment
from crawler.errors import LeaseLost
from crawler.records import Channel, Entry


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of a channel, as the log keeps it."""

    at: datetime
    #: ok, not modified, failed, blocked, gone or overrun.
    outcome: str
    status: int | None = None
    detail: str = ""
    #: How many entries it served.
    entries: int = 0
    #: How many of them were new; the archive counts that itself.
    new: int = 0
    seconds: float = 0.0


class Channels:
    """The ways into the sources."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, source: str) -> list[Channel]:
        """List the channels of a source."""
        return self._select("source = ? AND retired_at IS NULL ORDER BY id", (source,))

    def get(self, id: int) -> Channel | None:  # noqa: A002
        """Find a channel, also a retired one."""
        found = self._select("id = ?", (id,))
        return found[0] if found else None

    def due(self, now: datetime, keys: Collection[str] | None = None, *, everything: bool = False) -> list[Channel]:
        """List what is to be polled now, the longest waiting first; everything: also what is not due yet.

        Never what is paused, gone, retired, being polled by somebody, or asked by its server to wait.
        """
        return self._select(
            "retired_at IS NULL AND state != 'gone' AND next_poll IS NOT NULL AND (:everything OR next_poll <= :now) "
            "AND coalesce(held_until, 0) <= :now AND coalesce(lease_until, 0) <= :now "
            "AND (:keys IS NULL OR source IN (SELECT value FROM json_each(:keys))) AND EXISTS "
            "(SELECT 1 FROM sources WHERE key = channels.source AND paused_at IS NULL AND removed_at IS NULL) "
            "ORDER BY next_poll, id",
            {
                "now": micros(now),
                "everything": everything,
                "keys": None if keys is None else rows.packed(list(keys)),
            },
        )

    def claim(self, id: int, now: datetime, lease: timedelta) -> Channel | None:  # noqa: A002
        """Take a channel for one poll; None when somebody else has it or it has left."""
        at = micros(now)
        with self._store.writing():
            found = self._store.rows(
                "UPDATE channels SET token = token + 1, lease_until = ? WHERE id = ? AND retired_at IS NULL "
                f"AND coalesce(lease_until, 0) <= ? RETURNING {rows.CHANNEL}",
                (micros(now + lease), id, at),
            )
        return rows.channel(found[0]) if found else None

    def release(self, channel: Channel) -> None:
        """Give a channel back without having polled it."""
        with self._store.writing():
            self._store.execute(
                "UPDATE channels SET lease_until = NULL WHERE id = ? AND token = ?", (channel.id, channel.token)
            )

    def polled(self, channel: Channel, poll: Poll, entries: Sequence[Entry], now: datetime) -> Queued:
        """Keep what a poll brought: validators, health, log and queued entries, all or nothing."""
        with self._store.writing():
            self._put(self._merged(channel))
            queued = queue(self._store, channel.source, entries, now, channel.id)
            self._store.execute(
                "INSERT INTO polls (channel, source, at, outcome, status, detail, entries, new, seconds) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    channel.id, channel.source, micros(poll.at), poll.outcome, poll.status, poll.detail,
                    poll.entries or len(entries), queued.new, poll.seconds,
                ),
            )  # fmt: skip
        return queued

    def polls(self, id: int, limit: int = 20) -> list[Poll]:  # noqa: A002
        """List the last polls of a channel, the newest first."""
        found = self._store.rows(
            "SELECT at, outcome, status, detail, entries, new, seconds FROM polls WHERE channel = ? "
            "ORDER BY id DESC LIMIT ?",
            (id, limit),
        )
        return [Poll(moment(at), *said) for at, *said in found]

    def _merged(self, channel: Channel) -> dict[str, Any]:
        """Write the columns of a polled channel; one that has moved to the address of another is not polled again."""
        columns = {
            "url": channel.url,
            "etag": channel.etag,
            "last_modified": channel.last_modified,
            "body_sha256": channel.body_sha256,
            "interval": channel.interval,
            "next_poll": micros_or_none(channel.next_poll),
            "held_until": micros_or_none(channel.held_until),
            "last_polled": micros_or_none(channel.last_polled),
            "last_ok": micros_or_none(channel.last_ok),
            "newest_entry": micros_or_none(channel.newest_entry),
            "failures": channel.failures,
            "state": channel.state,
            "note": channel.note,
            "wishes": channel.wishes,
        }
        same = self._store.value(
            "SELECT min(id) FROM channels WHERE source = ? AND url = ? AND id != ? AND retired_at IS NULL "
            "AND next_poll IS NOT NULL",
            (channel.source, channel.url, channel.id),
        )
        if same is not None:
            columns |= {"state": "moved", "note": "it leads to another channel of this source", "next_poll": None}
        return columns | {"id": channel.id, "token": channel.token}

    def _put(self, columns: dict[str, Any]) -> None:
        setting = ", ".join(f"{name} = :{name}" for name in columns if name not in ("id", "token"))
        changed = self._store.execute(
            f"UPDATE channels SET {setting}, lease_until = NULL WHERE id = :id AND token = :token", columns
        )
        if not changed:
            raise LeaseLost(f"channel {columns['id']}: somebody else polled it meanwhile; this result is not kept")

    def _select(self, where: str, parameters: Sequence[Any] | dict[str, Any]) -> list[Channel]:
        found = self._store.rows(f"SELECT {rows.CHANNEL} FROM channels WHERE {where}", parameters)
        return [rows.channel(row) for row in found]
