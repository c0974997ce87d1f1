"""What a clock that was ahead has planned: it would wait for a time that may be years away.

An archive that was written at a time to come can mean either that the clock was ahead then, or that it is behind now.
Nobody but a person can know: it is told, and taken back when they say that the clock is right.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crawler.archive.store import Store
from crawler.archive.times import micros, moment

#: Clocks differ, and are put right, by so little.
SLACK = timedelta(minutes=5)
#: What one poll writes is written within so long a time.
_POLL = timedelta(hours=1)
#: No lease is as long.
_LONGEST_LEASE = timedelta(days=1)
# When something was written that tells its time: polls, and what was in hand when a crawl was killed.
_WRITTEN = """
SELECT min(at), max(at) FROM (
    SELECT last_polled AS at FROM channels
    UNION ALL SELECT lease_until - :lease FROM channels
    UNION ALL SELECT lease_until - :lease FROM hosts
    UNION ALL SELECT lease_until - :lease FROM pages WHERE state = 'leased'
) WHERE at > :slack
"""
# Pauses that were asked for keep their length.
_TAKE_BACK = """
UPDATE channels SET next_poll = min(next_poll, :now), since = min(since, :now), last_polled = :now,
    last_ok = min(last_ok, :now), body_seen = min(body_seen, :now), moved_at = min(moved_at, :now),
    distrusted = iif(distrusted >= :since, distrusted - :lead, distrusted),
    held_until = iif(held_until >= :since, held_until - :lead, held_until)
    WHERE last_polled >= :since;
UPDATE channels SET lease_until = NULL WHERE lease_until >= :since;
UPDATE hosts SET lease_until = iif(lease_until >= :since, 0, lease_until),
    next_at = iif(next_at >= :since, next_at - :lead, next_at),
    held_until = iif(held_until >= :since, held_until - :lead, held_until)
    WHERE max(lease_until, next_at, held_until) >= :since;
UPDATE held SET until = until - :lead WHERE until >= :since;
UPDATE pages SET due = due - :lead WHERE state IN ('queued', 'leased') AND due >= :since;
UPDATE pages SET lease_until = :now WHERE state = 'leased' AND lease_until >= :since;
UPDATE rechecks SET due = due - :lead WHERE leased IS NULL AND due >= :since;
UPDATE rechecks SET leased = leased - :lead WHERE leased >= :since;
UPDATE robots SET expires = :now WHERE fetched_at >= :since;
UPDATE reservations SET expires = :now WHERE fetched_at >= :since;
UPDATE sitemap_parts SET tried_at = :now, read_at = min(read_at, :now) WHERE tried_at >= :since;
UPDATE blocks_due SET at = at - :lead WHERE at >= :since;
UPDATE outbox SET next_try = iif(next_try >= :since, next_try - :lead, next_try),
    lease_until = iif(lease_until >= :since, :now, lease_until)
    WHERE next_try >= :since OR lease_until >= :since;
UPDATE runs SET lease_until = :now WHERE state = 'running' AND lease_until >= :since
"""


def written(store: Store, now: datetime) -> datetime | None:
    """Tell when the archive was last written, if that is a time to come."""
    values = _values(store, now)
    return moment(values["until"]) if values else None


def take_back(store: Store, now: datetime) -> bool:
    """Plan anew what a clock planned that was ahead; False when there is nothing of the kind.

    Articles and polls keep the times at which they were written.
    """
    with store.writing():
        values = _values(store, now)
        if not values:
            return False
        for statement in _TAKE_BACK.split(";"):
            store.execute(statement, values)
    return True


def told(until: datetime, now: datetime) -> str:
    """Say what is wrong, and what to do."""
    ahead = until - now
    lead = f"{ahead.days} days" if ahead.days > 1 else f"{ahead.total_seconds() / 3600:.1f} hours"
    return (
        f"the archive was last written at {until:%Y-%m-%d %H:%M} UTC, {lead} ahead of this machine's clock, and what "
        'was planned then waits. If the clock is behind now, set it; if it was ahead then, "presswatch doctor '
        '--clock-is-right" plans anew'
    )


def _values(store: Store, now: datetime) -> dict[str, Any]:
    lease = _LONGEST_LEASE // timedelta(microseconds=1)
    since, until = store.rows(_WRITTEN, {"lease": lease, "slack": micros(now + SLACK)})[0]
    if since is None:
        return {}
    began = max(micros(now + SLACK), since - _POLL // timedelta(microseconds=1))
    return {"now": micros(now), "since": began, "until": until, "lead": until - micros(now)}
