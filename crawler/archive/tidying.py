"""Taking away what was done long ago: digests, the bytes of what was delivered, the log of polls and runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.archive.store import NO_BYTES, Store
from crawler.archive.times import DAY, micros

#: Rows per transaction: writers in other processes get their turn in between. Bodies are large.
_BATCH, _BODIES = 5_000, 100

# The last edition of a plan stays: the next one begins where it ended. So do drafts, and what waits to be delivered.
_DIGESTS = (
    "FROM editions WHERE made_at < ? AND state != 'draft' "
    "AND id NOT IN (SELECT max(id) FROM editions WHERE state != 'draft' GROUP BY plan) "
    "AND id NOT IN (SELECT edition FROM outbox WHERE state IN ('waiting', 'sending'))"
)
_MAILS = (
    "FROM outbox WHERE edition IN (SELECT id FROM editions WHERE made_at < ?) AND state IN ('sent', 'dead') "
    "AND length(body) > 0"
)
_POLLS = "FROM polls WHERE at < ?"
# The first and the last run of a job say since when it is done, and when it was done.
_RUNS = (
    "FROM runs WHERE started < ? AND state != 'running' "
    "AND id NOT IN (SELECT max(id) FROM runs GROUP BY job UNION SELECT min(id) FROM runs GROUP BY job)"
)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was taken away, or would be."""

    digests: int = 0
    #: Deliveries that lost their bytes, and how many these were.
    mails: int = 0
    mail_bytes: int = 0
    polls: int = 0
    runs: int = 0


def tidy(
    store: Store, *, digests: datetime | None, mails: datetime | None, log: datetime | None, dry_run: bool
) -> Tidied:
    """Take away what is from before these times (None: nothing of that kind), in short transactions."""
    found = Tidied(
        digests=_count(store, _DIGESTS, digests),
        mails=_count(store, _MAILS, mails),
        mail_bytes=_count(store, _MAILS, mails, "sum(length(body))"),
        polls=_count(store, _POLLS, log),
        runs=_count(store, _RUNS, log),
    )
    if dry_run:
        return found
    if mails is not None:
        _repeat(store, f"UPDATE outbox SET body = {NO_BYTES} WHERE id IN (SELECT id {_MAILS} LIMIT ?)", mails, _BODIES)
    if digests is not None:
        _repeat(store, f"DELETE FROM editions WHERE id IN (SELECT id {_DIGESTS} LIMIT ?)", digests, _BODIES)
    if log is not None:
        _repeat(store, f"DELETE FROM polls WHERE id IN (SELECT id {_POLLS} LIMIT ?)", log, _BATCH)
        _repeat(store, f"DELETE FROM runs WHERE id IN (SELECT id {_RUNS} LIMIT ?)", log, _BATCH)
        _drop_days(store, ("surplus", "backfill_left"), micros(log))
    return found


def _count(store: Store, what: str, before: datetime | None, value: str = "count(*)") -> int:
    return 0 if before is None else int(store.value(f"SELECT {value} {what}", (micros(before),)) or 0)


def _repeat(store: Store, statement: str, before: datetime, batch: int) -> None:
    values: tuple[Any, ...] = (micros(before), batch)
    more = True
    while more:
        with store.writing():
            more = store.execute(statement, values) == batch


def _drop_days(store: Store, tables: Sequence[str], at: int) -> None:
    with store.writing():
        for table in tables:
            store.execute(f"DELETE FROM {table} WHERE (day + 1) * ? <= ?", (DAY, at))
