"""One feed in two sources: who was led to another source's channel for good is not asked while that one is.

Nothing of the folded channel is moved or lost: its pages and polls stay with it, and it is asked at its own address
again as soon as nobody asks in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.archive import rows
from crawler.archive.store import Store
from crawler.archive.times import micros
from crawler.records import STRAYED, Channel

#: A channel f with its source s that is asked; who is gone, or led elsewhere, has no next poll.
_ASKED = "f.retired_at IS NULL AND f.next_poll IS NOT NULL AND s.paused_at IS NULL"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the entries of a channel are queued."""

    channel: int
    source: str


def home(store: Store, channel: Channel) -> Home:
    """Say where the entries of a folded channel belong; those of every other are its own."""
    found = store.row(
        "SELECT f.id, f.source FROM channels c JOIN channels f ON f.id = c.folded_into WHERE c.id = ?", (channel.id,)
    )
    return Home(*found) if found else Home(channel.id, channel.source)


def first(store: Store, channel: Channel) -> Home | None:
    """Find the channel of another source whose address this one was led to for good; None: it is its own."""
    if channel.defined in ("", channel.url) or channel.failures or channel.next_poll is None:
        return None
    # Whose own address it is goes before whoever was led there; one that fails is not relied upon.
    found = store.row(
        "SELECT f.id, f.source FROM channels f JOIN sources s ON s.key = f.source "
        f"WHERE f.url = ? AND f.kind = ? AND f.source != ? AND f.failures = 0 AND {_ASKED} "
        "ORDER BY f.defined != f.url, f.id LIMIT 1",
        (channel.url, channel.kind, channel.source),
    )
    return Home(*found) if found else None


def fold(store: Store, channel: Channel, now: datetime) -> Home | None:
    """Ask a channel no more that was led to one of another source, and name that one; None: it is its own."""
    into = first(store, channel)
    if into is not None:
        told = f' leads for good to {channel.url}, a feed of the source "{into.source}", which is asked in its place'
        store.execute(
            "UPDATE channels SET folded_into = ?, state = 'moved', note = defined || ?, since = ?, next_poll = NULL "
            "WHERE id = ?",
            (into.channel, told, micros(now), channel.id),
        )
    return into


def unfold(store: Store, now: datetime) -> None:
    """Ask those again, at their own addresses, in whose place nobody is asked any more.

    The one that was may have retired, may be paused or gone, may have moved on, or fails so often that its address is
    given up. What was merged into a channel because both led to the address that it leaves is asked again, too.
    """
    found = store.rows(
        "SELECT id FROM channels c WHERE folded_into IS NOT NULL AND (retired_at IS NOT NULL OR NOT EXISTS ("
        "SELECT 1 FROM channels f JOIN sources s ON s.key = f.source "
        f"WHERE f.id = c.folded_into AND f.url = c.url AND f.failures < ? AND {_ASKED}))",
        (STRAYED,),
    )
    if not found:
        return
    ids = rows.packed([id_ for (id_,) in found])
    left = store.rows(
        "SELECT m.id FROM channels m JOIN channels c ON c.id = m.merged_into "
        "WHERE c.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND m.url != c.defined",
        (ids,),
    )
    _ask_again(store, [id_ for (id_,) in [*found, *left]], now)


def unmerge(store: Store, channel: Channel, asked: str, now: datetime) -> None:
    """Ask those again, at their own addresses, that were merged into a channel which answers for them no more.

    It was asked at ``asked``; it may have returned from there to its own address, be gone, or fail so often that the
    address is given up. What it leads to by a further redirect it still answers for.
    """
    returned = channel.url not in ("", asked) and channel.url == channel.defined
    if not (returned or channel.state == "gone" or channel.failures >= STRAYED):
        return
    found = store.rows(
        "SELECT id FROM channels WHERE merged_into = ? AND retired_at IS NULL AND (? = 1 OR url != ?)",
        (channel.id, not returned, channel.url),
    )
    _ask_again(store, [id_ for (id_,) in found], now)


def _ask_again(store: Store, ids: Sequence[int], now: datetime) -> None:
    store.execute(
        "UPDATE channels SET folded_into = NULL, merged_into = NULL, url = defined, moved_at = NULL, etag = NULL, "
        "last_modified = NULL, validators_url = NULL, body_sha256 = NULL, body_seen = NULL, body_newest = NULL, "
        "distrusted = NULL, failures = 0, state = 'new', note = '', since = :now, "
        "next_poll = max(:now, coalesce(held_until, 0)) WHERE id "
        "IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))",
        {"now": micros(now), "ids": rows.packed(list(ids))},
    )
