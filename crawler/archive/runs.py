"""The ledger of runs: which slot of which job was done, and who does it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from crawler.archive.store import Store
from crawler.archive.times import micros, moment, moment_or_none
from crawler.errors import LeaseLost
from crawler.records import Run

# Inside the class, list is the method.
Found = list[Run]
_COLUMNS = "id, job, slot, state, attempt, token, started, finished, note"
_LOSE = (
    "UPDATE runs SET state = 'lost', finished = ?, lease_until = NULL, note = 'its process died' "
    "WHERE state = 'running'"
)


def of_plan(plan: str) -> str:
    """Name the job of a plan of digests."""
    return f"digest:{plan}"


class Runs:
    """The slots of all jobs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim(self, job: str, slot: str, now: datetime, lease: timedelta) -> Run | None:
        """Take a slot; None when it is done or somebody is at it. One whose holder died or failed is tried again."""
        with self._store.writing(durable=True):
            found = self._store.rows(
                "INSERT INTO runs (job, slot, state, attempt, token, started, lease_until, note) "
                "VALUES (:job, :slot, 'running', 1, 1, :now, :until, '') ON CONFLICT (job, slot) DO UPDATE SET "
                "state = 'running', attempt = runs.attempt + 1, token = runs.token + 1, started = :now, "
                "finished = NULL, lease_until = :until, note = '' "
                "WHERE runs.state IN ('failed', 'lost') OR (runs.state = 'running' AND runs.lease_until <= :now) "
                f"RETURNING {_COLUMNS}",
                {"job": job, "slot": slot, "now": micros(now), "until": micros(now + lease)},
            )
        return _run(found[0]) if found else None

    def renew(self, run: Run, until: datetime) -> None:
        """Keep a slot for longer."""
        with self._store.writing():
            changed = self._store.execute(
                "UPDATE runs SET lease_until = ? WHERE id = ? AND token = ? AND state = 'running'",
                (micros(until), run.id, run.token),
            )
            _check(run, changed)

    def abandon(self, job: str, slot: str, now: datetime) -> None:
        """Give up the run of a slot that has no end, for its process is known to have died."""
        with self._store.writing():
            self._store.execute(f"{_LOSE} AND job = ? AND slot = ?", (micros(now), job, slot))

    def lose(self, now: datetime) -> int:
        """Give up every run that has no end, and count them: for who knows that nobody else runs anything."""
        with self._store.writing():
            return self._store.execute(_LOSE, (micros(now),))

    def trim(self, job: str, before: datetime) -> int:
        """Remove the runs of a job that started before a time, and count them."""
        with self._store.writing():
            return self._store.execute("DELETE FROM runs WHERE job = ? AND started < ?", (job, micros(before)))

    def finish(self, run: Run, state: Literal["done", "failed"], note: str, now: datetime) -> None:
        """Record the end of a run."""
        with self._store.writing(durable=True):
            finish(self._store, run, state, note, now)

    def last(self, job: str) -> Run | None:
        """Find the run of a job that started last."""
        found = self._select("job = ? ORDER BY started DESC, id DESC LIMIT 1", (job,))
        return found[0] if found else None

    def first(self, job: str) -> Run | None:
        """Find the run of a job that started first."""
        found = self._select("job = ? ORDER BY started, id LIMIT 1", (job,))
        return found[0] if found else None

    def get(self, job: str, slot: str) -> Run | None:
        """Find the run of a slot."""
        found = self._select("job = ? AND slot = ?", (job, slot))
        return found[0] if found else None

    def of(self, job: str, limit: int = 1000) -> Found:
        """List the runs of a job, those that started last first."""
        return self._select("job = ? ORDER BY started DESC, id DESC LIMIT ?", (job, limit))

    def list(self, limit: int = 50) -> Found:
        """List runs, those that started last first."""
        return self._select("true ORDER BY started DESC, id DESC LIMIT ?", (limit,))

    def _select(self, where: str, parameters: Sequence[Any]) -> Found:
        return [_run(row) for row in self._store.rows(f"SELECT {_COLUMNS} FROM runs WHERE {where}", parameters)]


def finish(store: Store, run: Run, state: str, note: str, now: datetime) -> None:
    """Record the end of a run, inside a writing transaction."""
    changed = store.execute(
        "UPDATE runs SET state = ?, note = ?, finished = ?, lease_until = NULL "
        "WHERE id = ? AND token = ? AND state = 'running'",
        (state, note, micros(now), run.id, run.token),
    )
    _check(run, changed)


def _check(run: Run, changed: int) -> None:
    if not changed:
        raise LeaseLost(f"{run.job} {run.slot}: the lease of this run ran out and somebody else took the slot over")


def _run(row: tuple[Any, ...]) -> Run:
    id_, job, slot, state, attempt, token, started, finished, note = row
    return Run(id_, job, slot, state, attempt, token, moment(started), moment_or_none(finished), note)
