"""The queue of an archive on PostgreSQL: what is to be done by workers, on whatever machine, and who is doing it.

The tables are Procrastinate's, in the same database: a job and what it is about are written in one transaction. Of
each thing that is to be done, one job waits at most, and one is done at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from crawler.archive.times import SILENT
from crawler.errors import UsageError
from crawler.records import FailedJob, QueueState, Work, WorkerState

if TYPE_CHECKING:
    from crawler.archive.postgres.store import PostgresStore

#: How long a job that failed, and what was told of it, can be looked at.
_KEPT = timedelta(days=7)
#: So many jobs that failed are named.
_NAMED = 20
#: A job is given up when so many workers have died over it, one after the other.
_DEATHS = 3
_OF_DEATHS = f"{_DEATHS} workers died over it, one after the other"
#: Puts something into what a job remembers of those who tried it before, which goes to its task with what else it says.
_REMEMBERING = "args || jsonb_build_object('past', COALESCE(args->'past', '{}') || ?)"
#: With a number of its own: who was taken for dead and comes back must not end what another one does now.
_ANEW = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, attempts) "
    f"SELECT queue_name, task_name, priority, lock, queueing_lock, {_REMEMBERING}, attempts + 1 "
    "FROM procrastinate_jobs WHERE id = ? RETURNING id"
)


class Jobs:
    """What workers are to do."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def prepare(self) -> None:
        """Make Procrastinate's tables where they are not there yet."""
        if self.are_prepared():
            return
        try:
            schema = files("procrastinate").joinpath("sql", "schema.sql").read_text(encoding="utf-8")
        except ModuleNotFoundError as error:
            raise UsageError("this needs an extra that is not installed: pip install 'presswatch[workers]'") from error
        with self._store.writing():
            if not self.are_prepared():
                self._store.run(schema)

    def are_prepared(self) -> bool:
        """Tell whether there is a queue at all."""
        return self._store.has_table("procrastinate_jobs")

    def add(self, queue: str, wanted: Mapping[str, int], more: Mapping[str, Any] | None = None, apart: str = "") -> int:
        """Let things be done that are not waiting or under way already; give how many are added.

        What failed of them before is not named any more.

        ``wanted`` gives each thing's priority, the highest first; the queue's task takes it as ``thing``, and what
        ``more`` says by name. Of one thing different jobs may wait, one after the other, where ``apart`` differs.
        """
        with self._store.writing():
            there = {
                lock
                for (lock,) in self._store.rows(
                    "SELECT queueing_lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = ?",
                    (queue,),
                )
            }
            fresh = {thing: priority for thing, priority in wanted.items() if f"{queue} {thing}{apart}" not in there}
            for thing, priority in sorted(fresh.items(), key=lambda item: (-item[1], item[0])):
                lock = f"{queue} {thing}"
                self._store.execute(
                    "DELETE FROM procrastinate_jobs WHERE status = 'failed' AND queueing_lock = ?", (f"{lock}{apart}",)
                )
                self._store.execute(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (queue, queue, priority, lock, f"{lock}{apart}", Jsonb({"thing": thing, **(more or {})})),
                )
        return len(fresh)

    def state(self, queue: str, thing: str) -> str:
        """Tell whether a thing waits ("todo") or is under way ("doing"); "" when neither."""
        found = self._store.value(
            "SELECT status::text FROM procrastinate_jobs WHERE lock = ? AND status IN ('todo', 'doing') "
            "ORDER BY status LIMIT 1",
            (f"{queue} {thing}",),
        )
        return str(found or "")

    def withdraw(self, queue: str, thing: str) -> bool:
        """Take back a job that nobody has begun; False where there is none."""
        with self._store.writing():
            return bool(
                self._store.execute(
                    "DELETE FROM procrastinate_jobs WHERE lock = ? AND status = 'todo'", (f"{queue} {thing}",)
                )
            )

    def remember(self, job: int, past: Mapping[str, Any]) -> None:
        """Let a job remember something of those who tried it, which goes to its task as ``past``, by name.

        "faults": how often it failed; "deaths": how many workers have died over it since something of it was done;
        "why": what it failed by last.
        """
        with self._store.writing():
            self._store.execute(
                f"UPDATE procrastinate_jobs SET args = {_REMEMBERING} WHERE id = ?", (Jsonb(dict(past)), job)
            )

    def take_back(self, silent: timedelta = SILENT, *, immortal: Collection[str] = ()) -> dict[str, bool]:
        """Give what dead workers had in hand to others; forget what failed long ago.

        Gives what it was ("crawl herald"), each with whether others do it: what workers die over again and again fails,
        save in the queues that are ``immortal``. Dead is who has had no heartbeat for so long. A thing that waits again
        already is not waited for twice.
        """
        with self._store.writing():
            self._store.execute(
                "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => ?)",
                (silent.total_seconds(),),
            )
            lost = self._store.rows(
                "SELECT id, queue_name, lock, queueing_lock, COALESCE((args->'past'->>'deaths')::integer, 0) + 1 "
                "FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL"
            )
            given = {}
            for id_, queue, lock, waits, deaths in lost:
                again = self._store.value(
                    "SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ?", (waits,)
                )
                given[lock] = bool(again) or deaths < _DEATHS or queue in immortal
                if not again:
                    anew = self._store.value(_ANEW, (Jsonb({"deaths": deaths}), id_))
                    if not given[lock]:
                        self._fail(anew)
                self._store.execute("DELETE FROM procrastinate_jobs WHERE id = ?", (id_,))
            self._store.execute(
                "DELETE FROM procrastinate_jobs j WHERE status = 'failed' "
                "AND (SELECT max(at) FROM procrastinate_events WHERE job_id = j.id) < now() - make_interval(secs => ?)",
                (_KEPT.total_seconds(),),
            )
        return given

    def _fail(self, job: int) -> None:
        self.remember(job, {"why": _OF_DEATHS})
        self._store.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = ?", (job,))

    def knows(self, worker: int) -> bool:
        """Tell whether a worker is among those that are at work."""
        return self._store.row("SELECT 1 FROM procrastinate_workers WHERE id = ?", (worker,)) is not None

    def work(self) -> Work:
        """Tell which workers there are, and how many jobs wait, are under way or have failed."""
        if not self.are_prepared():
            return Work()
        doing: dict[int, list[str]] = {}
        for worker, lock in self._store.rows(
            "SELECT worker_id, lock FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NOT NULL "
            "ORDER BY lock"
        ):
            doing.setdefault(worker, []).append(lock)
        workers = self._store.rows(
            "SELECT id, last_heartbeat FROM procrastinate_workers "
            "WHERE last_heartbeat >= now() - make_interval(secs => ?) ORDER BY id",
            (SILENT.total_seconds(),),
        )
        jobs = self._store.rows(
            "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs "
            "WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2 ORDER BY 1, 2"
        )
        failed = self._store.rows(
            "SELECT lock, COALESCE(args->'past'->>'why', ''), "
            "(SELECT max(at) FROM procrastinate_events WHERE job_id = j.id) AS at FROM procrastinate_jobs j "
            "WHERE status = 'failed' ORDER BY at DESC, id DESC LIMIT ?",
            (_NAMED,),
        )
        return Work(
            tuple(WorkerState(id_, heartbeat, tuple(doing.get(id_, ()))) for id_, heartbeat in workers),
            tuple(QueueState(queue, state, number) for queue, state, number in jobs),
            tuple(FailedJob(*each) for each in failed),
            self._store.value(
                "SELECT min(e.at) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id "
                "WHERE j.status = 'todo'"
            ),
        )
