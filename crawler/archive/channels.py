"""Channels: when each is due, who polls it now, and what its last poll brought."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crawler.archive import folding, rows, standing
from crawler.archive.queueing import Queued, Sifted, count_surplus, queue, sift
from crawler.archive.standing import Standing
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none
from crawler.errors import LeaseLost
from crawler.records import Channel, Entry, SitemapPart
from crawler.urls import host_of

_FORGET_PARTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of a channel, as the log keeps it."""

    at: datetime
    #: ok, not modified, failed, blocked, gone or overrun; held: it was not asked, which is no poll, and counts as none.
    outcome: str
    status: int | None = None
    detail: str = ""
    #: How many entries it served, doubles and those that name no page included.
    entries: int = 0
    #: How many of them were new; the archive counts that itself.
    new: int = 0
    seconds: float = 0.0
    #: The newest entry of the channel that is known after it.
    newest: datetime | None = None
    #: Lists of it that name more pages than a list may, and how many of each were not taken.
    surplus: Sequence[tuple[str, int]] = ()


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
            "retired_at IS NULL AND state != 'gone' AND next_poll IS NOT NULL "
            "AND (:everything = 1 OR next_poll <= :now) AND coalesce(held_until, 0) <= :now "
            "AND coalesce(lease_until, 0) <= :now "
            "AND (:keys IS NULL OR source IN (SELECT value FROM json_each(:keys))) "
            "AND EXISTS (SELECT 1 FROM sources "
            "WHERE key = channels.source AND paused_at IS NULL AND removed_at IS NULL) "
            "ORDER BY next_poll, id",
            {
                "now": micros(now),
                "everything": everything,
                "keys": None if keys is None else rows.packed(list(keys)),
            },
        )

    def hasten(self, source: str, now: datetime) -> int:
        """Make the channels of a source due now, and count them; what its server asked for, a pause, still holds."""
        with self._store.writing():
            return self._store.execute(
                "UPDATE channels SET next_poll = ? WHERE source = ? AND retired_at IS NULL AND state != 'gone' "
                "AND merged_into IS NULL AND folded_into IS NULL AND next_poll IS NOT NULL",
                (micros(now), source),
            )

    def claim(self, id: int, now: datetime, lease: timedelta, *, seen: int | None = None) -> Channel | None:  # noqa: A002
        """Take a channel for one poll; None when somebody has it, it has left, is asked elsewhere or is held.

        It may be held, by its server's Retry-After, since it was found to be due.
        ``seen`` is the token that it had when it was found to be due: None, too, when somebody has had it since.
        """
        at = micros(now)
        with self._store.writing():
            found = self._store.rows(
                "UPDATE channels SET token = token + 1, lease_until = ? WHERE id = ? AND retired_at IS NULL "
                "AND folded_into IS NULL AND coalesce(lease_until, 0) <= ? AND coalesce(held_until, 0) <= ? "
                f"AND token = coalesce(?, token) RETURNING {rows.CHANNEL}",
                (micros(now + lease), id, at, at, seen),
            )
        return rows.channel(found[0]) if found else None

    def standing(
        self, now: datetime, keys: Collection[str] | None = None, *, asked_since: datetime | None = None
    ) -> Standing:
        """Say why channels are not asked now, and when the next is; leave out who was held by a poll since a time."""
        return standing.read(self._store, now, keys, asked_since)

    def unasked(self, channel: Channel, now: datetime) -> None:
        """Give a channel back whose host may not be asked now.

        A pause that the host asked for holds the channel, too, and stands once in its log; a delay of its own does not.
        """
        host = host_of(channel.url)
        with self._store.writing():
            row = self._store.row("SELECT held_until, held_why FROM hosts WHERE host = ?", (host,))
            if row is None or row[0] <= micros(now):
                self.release(channel)
                return
            until, why = row
            changed = self._store.execute(
                "UPDATE channels SET lease_until = NULL, held_until = max(coalesce(held_until, 0), ?) "
                "WHERE id = ? AND token = ?",
                (until, channel.id, channel.token),
            )
            if changed:
                detail = f"not asked: {host} {why}, and is not to be asked before {moment(until):%Y-%m-%d %H:%M} UTC"
                self._store.execute(
                    "INSERT INTO polls (channel, source, at, outcome, detail, entries, new, seconds) "
                    "VALUES (?, ?, ?, 'held', ?, 0, 0, 0)",
                    (channel.id, channel.source, micros(now), detail),
                )

    def abandon(self, source: str, now: datetime) -> None:
        """Let the leases of a source's channels run out: whoever had them is known to be dead."""
        self._store.execute(
            "UPDATE channels SET lease_until = :now WHERE source = :source AND lease_until > :now",
            {"now": micros(now), "source": source},
        )

    def release(self, channel: Channel) -> None:
        """Give a channel back without having polled it."""
        with self._store.writing():
            self._store.execute(
                "UPDATE channels SET lease_until = NULL WHERE id = ? AND token = ?", (channel.id, channel.token)
            )

    def serve(self, channel: Channel, portion: Sifted, now: datetime) -> Queued:
        """Queue a part of what a poll brought ahead of ``polled``, which keeps the rest and the validators with it.

        Whoever is killed between them has kept no validator: the next poll gets the whole again.
        """
        with self._store.writing():
            if (
                self._store.row("SELECT 1 FROM channels WHERE id = ? AND token = ?", (channel.id, channel.token))
                is None
            ):
                raise LeaseLost(_lost(channel))
            into = folding.first(self._store, channel) or folding.Home(channel.id, channel.source)
            return queue(self._store, replace(portion, source=into.source), now, into.channel)

    def parts(self, id: int) -> dict[str, SitemapPart]:  # noqa: A002
        """Say what is known of the sitemaps of an index, by their addresses."""
        found = self._store.rows(
            "SELECT url, changed, tried_at, read_at, newest FROM sitemap_parts WHERE channel = ?", (id,)
        )
        return {
            url: SitemapPart(url, changed, moment(tried), moment_or_none(read), moment_or_none(newest))
            for url, changed, tried, read, newest in found
        }

    def polled(
        self,
        channel: Channel,
        poll: Poll,
        entries: Sequence[Entry] | Sifted,
        now: datetime,
        *,
        served: int = 0,
        parts: Sequence[SitemapPart] = (),
    ) -> Queued:
        """Keep what a poll brought: validators, health, log and queued entries, all or nothing.

        ``served`` of them were new and queued ahead, by ``serve``; ``parts`` are the sitemaps they came from.
        """
        sifted = entries if isinstance(entries, Sifted) else sift(self._store, channel.source, entries)
        with self._store.writing():
            asked = self._store.value("SELECT url FROM channels WHERE id = ?", (channel.id,))
            self._put(channel, now)
            folding.unmerge(self._store, channel, asked, now)
            owner = self._merge(channel, now)
            into = folding.fold(self._store, channel, now) if owner == channel.id else None
            folding.unfold(self._store, now)
            if into is not None:
                sifted = replace(sifted, source=into.source)
            queued = queue(self._store, sifted, now, into.channel if into else owner)
            queued = Queued(queued.new + served, queued.known)
            self._remember(owner, parts, now)
            count_surplus(self._store, channel.source, poll.surplus, poll.at)
            self._store.execute(
                "INSERT INTO polls (channel, source, at, outcome, status, detail, entries, new, seconds, newest) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    owner, channel.source, micros(poll.at), poll.outcome, poll.status, poll.detail,
                    poll.entries or queued.new + queued.known, queued.new, poll.seconds, micros_or_none(poll.newest),
                ),
            )  # fmt: skip
        return queued

    def found(self, channel: Channel, entries: Sequence[Entry], now: datetime) -> Queued:
        """Queue what was found elsewhere after an overrun, and add it to the last poll and to what is told of it."""
        sifted = sift(self._store, channel.source, entries)
        with self._store.writing():
            into = folding.home(self._store, channel)
            queued = queue(self._store, replace(sifted, source=into.source), now, into.channel)
            told = f"; the sitemaps named {queued.new} more" if entries else "; the sitemaps name nothing of that time"
            self._store.execute(
                "UPDATE channels SET note = note || ? WHERE id = ? AND folded_into IS NULL", (told, channel.id)
            )
            self._store.execute(
                "UPDATE polls SET detail = detail || ?, entries = entries + ?, new = new + ? "
                "WHERE id = (SELECT max(id) FROM polls WHERE channel = ?)",
                (told, len(entries), queued.new, channel.id),
            )
        return queued

    def polls(self, id: int, limit: int = 20) -> list[Poll]:  # noqa: A002
        """List the last polls of a channel, the newest first."""
        found = self._store.rows(
            "SELECT at, outcome, status, detail, entries, new, seconds, newest FROM polls WHERE channel = ? "
            "ORDER BY id DESC LIMIT ?",
            (id, limit),
        )
        return [replace(Poll(moment(at), *said), newest=moment_or_none(newest)) for at, *said, newest in found]

    def _remember(self, channel: int, parts: Sequence[SitemapPart], now: datetime) -> None:
        if not parts:
            return
        self._store.many(
            "INSERT INTO sitemap_parts (channel, url, changed, tried_at, read_at, newest) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (channel, url) DO UPDATE SET changed = excluded.changed, tried_at = excluded.tried_at, "
            "read_at = excluded.read_at, newest = excluded.newest",
            (
                (channel, rows.sound(part.url), rows.sound(part.changed), micros(part.tried_at),
                 micros_or_none(part.read_at), micros_or_none(part.newest))
                for part in parts
            ),
        )  # fmt: skip
        # What its index names no more; what it does name is asked for again before that.
        self._store.execute(
            "DELETE FROM sitemap_parts WHERE channel = ? AND tried_at < ?", (channel, micros(now - _FORGET_PARTS))
        )

    def _put(self, channel: Channel, now: datetime) -> None:
        columns = _columns(channel)
        setting = ", ".join(f"{name} = :{name}" for name in columns)
        changed = self._store.execute(
            f"UPDATE channels SET {setting}, since = iif(state = :state, coalesce(since, :now), :now), "
            "lease_until = NULL WHERE id = :id AND token = :token",
            columns | {"id": channel.id, "token": channel.token, "now": micros(now)},
        )
        if not changed:
            raise LeaseLost(_lost(channel))

    def _merge(self, channel: Channel, now: datetime) -> int:
        """Make one channel of two that lead to the same address; give the one that is polled from now on."""
        same = self._store.rows(
            "SELECT id, next_poll FROM channels WHERE source = ? AND url = ? AND id != ? AND retired_at IS NULL "
            "AND merged_into IS NULL AND folded_into IS NULL ORDER BY id",
            (channel.source, channel.url, channel.id),
        )
        if not same or channel.next_poll is None:
            return channel.id
        polled = next((other for other, next_poll in same if next_poll is not None), channel.id)
        for other in {channel.id, *(id_ for id_, _ in same)} - {polled}:
            self._fold(other, polled, now)
        if polled != channel.id:
            # This answer is the latest that the shared address gave; a pause that was asked for there still holds.
            kept = ("url", "left_behind", "moved_at", "state", "note", "next_poll", "held_until", "newest_entry")
            columns = _columns(channel)
            setting = ", ".join(f"{name} = :{name}" for name in columns if name not in kept)
            self._store.execute(
                f"UPDATE channels SET {setting}, state = iif(:state = 'moved', 'ok', :state), "
                "note = iif(:state = 'moved', '', :note), since = :now, "
                "next_poll = max(:next_poll, coalesce(held_until, 0)), "
                "newest_entry = nullif(max(coalesce(newest_entry, 0), coalesce(:newest_entry, 0)), 0) WHERE id = :id",
                columns | {"id": polled, "now": micros(now)},
            )
        return polled

    def _fold(self, other: int, polled: int, now: datetime) -> None:
        """Let a channel be polled no more, and hand its pages and its history to the one that is."""
        note = "it leads to another channel of this source, which is polled in its place"
        self._store.execute(
            "UPDATE channels SET merged_into = ?, state = 'moved', note = ?, since = ?, next_poll = NULL WHERE id = ?",
            (polled, note, micros(now), other),
        )
        for table in ("pages", "polls"):
            self._store.execute(f"UPDATE {table} SET channel = ? WHERE channel = ?", (polled, other))
        # Who was merged into it before is now led on.
        self._store.execute("UPDATE channels SET merged_into = ? WHERE merged_into = ?", (polled, other))

    def _select(self, where: str, parameters: Sequence[Any] | dict[str, Any]) -> list[Channel]:
        found = self._store.rows(f"SELECT {rows.CHANNEL} FROM channels WHERE {where}", parameters)
        return [rows.channel(row) for row in found]


def _lost(channel: Channel) -> str:
    return f"channel {channel.id}: somebody else polled it meanwhile; this result is not kept"


def _columns(channel: Channel) -> dict[str, Any]:
    """Write the columns that a poll changes."""
    return {
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
        "body_seen": micros_or_none(channel.body_seen),
        "distrusted": micros_or_none(channel.distrusted),
        "ceiling": channel.ceiling,
        "moved_at": micros_or_none(channel.moved_at),
        "validators_url": channel.validators_url,
        "body_newest": micros_or_none(channel.body_newest),
        "left_behind": rows.packed(list(channel.left)),
    }
