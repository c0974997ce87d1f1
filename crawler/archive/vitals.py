"""How an archive stands in a handful of numbers, each asked so that it costs little in an archive of any size."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.archive import rows
from crawler.archive.forgetting import EMPTIED
from crawler.archive.recipients import SETTLED
from crawler.archive.store import Store
from crawler.archive.times import micros, moment, moment_or_none

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
#: How far back a delivery that died is still told.
_DEAD_TOLD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Queue:
    """The pages on their way."""

    queued: int
    #: In the hands of a crawl.
    leased: int
    #: Of the queued: ready (they may be fetched now), host pause, source paused, later, or "retry: " with the reason.
    waiting: Mapping[str, int]
    #: When the page came into the queue that has waited longest; None when nothing waits.
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Head:
    """An edition without its content."""

    id: int
    plan: str
    slot: str
    #: draft, final or skipped.
    state: str
    made_at: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that waits for another try, or died, without its body."""

    id: int
    plan: str
    slot: str
    recipient: str
    channel: str
    attempts: int
    next_try: datetime | None
    last_error: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The outbox."""

    #: waiting, sending, sent, dead -> deliveries; nothing of a draft counts.
    states: Mapping[str, int]
    #: What waits, or is being sent: those that failed before first, then by age.
    waiting: tuple[Parcel, ...]
    #: The last one for each recipient that died in the last two weeks, where nothing reached the recipient since and
    #: the recipient was not restored.
    dead: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an archive holds and what came of late."""

    articles: int
    #: Ever kept, with those that were removed since.
    articles_ever: int
    #: Editions ever made, alerts and drafts included.
    editions_ever: int
    articles_last_day: int
    articles_last_week: int
    #: When the first article that is still there was seen; None in an empty archive.
    first_seen: datetime | None
    stories: int
    #: queued, leased, stored -> pages; dropped ones by reason.
    pages: Mapping[str, int]
    dropped: Mapping[str, int]
    dropped_last_day: Mapping[str, int]
    #: outcome -> polls of the last day.
    polls_last_day: Mapping[str, int]
    #: Bytes in use in the file, and those that are free in it for what comes.
    used: int
    unused: int


class Vitals:
    """The state of an archive, for who looks after it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def numbers(self, now: datetime) -> Numbers:
        """Count what is there."""
        store, day, week = self._store, micros(now - _DAY), micros(now - _WEEK)
        pages = store.rows("SELECT state, reason, sum(pages) FROM (SELECT state, reason, count(*) AS pages FROM pages "
                           "GROUP BY source, state, reason) GROUP BY 1, 2 ORDER BY 1, 2")  # fmt: skip
        states: dict[str, int] = {}
        for state, _, number in pages:
            if state != "dropped":
                states[state] = states.get(state, 0) + number
        size, free = store.size()
        # By source, for which there are indexes: a look through all polls would be long after a year.
        polls = store.rows(
            "SELECT p.outcome, count(*) FROM (SELECT DISTINCT source FROM channels) c "
            "CROSS JOIN polls p ON p.source = c.source AND p.at > ? GROUP BY 1 ORDER BY 1",
            (day,),
        )
        lately = store.rows(
            "SELECT p.reason, count(*) FROM sources s CROSS JOIN pages p ON p.source = s.key "
            "AND p.closed_at > ? AND p.state = 'dropped' WHERE p.closed_at IS NOT NULL GROUP BY 1 ORDER BY 1",
            (day,),
        )
        return Numbers(
            articles=store.value("SELECT count(*) FROM articles"),
            articles_ever=store.last_number("articles"),
            editions_ever=store.last_number("editions"),
            articles_last_day=store.value("SELECT count(*) FROM articles WHERE first_seen > ?", (day,)),
            articles_last_week=store.value("SELECT count(*) FROM articles WHERE first_seen > ?", (week,)),
            first_seen=moment_or_none(store.value("SELECT min(first_seen) FROM articles")),
            stories=store.value("SELECT count(DISTINCT story) FROM story_articles"),
            pages=states,
            dropped={reason: number for state, reason, number in pages if state == "dropped"},
            dropped_last_day=dict(lately),
            polls_last_day=dict(polls),
            used=size - free,
            unused=free,
        )

    def queue(self, now: datetime) -> Queue:
        """Tell what the queued pages wait for."""
        found = self._store.rows(
            "SELECT CASE WHEN s.paused_at IS NOT NULL THEN 'source paused' "
            "WHEN p.due > :now AND p.reason != '' THEN 'retry: ' || p.reason WHEN p.due > :now THEN 'later' "
            "WHEN h.held_until > :now THEN 'host pause' ELSE 'ready' END AS why, count(*), min(p.queued_at) "
            "FROM pages p INDEXED BY pages_queued LEFT JOIN hosts h ON h.host = p.host "
            "LEFT JOIN sources s ON s.key = p.source WHERE p.state = 'queued' GROUP BY 1 ORDER BY 2 DESC, 1",
            {"now": micros(now)},
        )
        return Queue(
            queued=sum(number for _, number, _ in found),
            leased=self._store.value("SELECT count(*) FROM pages INDEXED BY pages_leased WHERE state = 'leased'"),
            waiting={why: number for why, number, _ in found},
            oldest=moment_or_none(min((oldest for _, _, oldest in found), default=None)),
        )

    def heads(self, plans: Collection[str]) -> list[Head]:
        """Give of each plan the newest edition, and the newest that is no draft, in the order of their ids."""
        found = self._store.rows(
            "SELECT id, plan, slot, state, made_at, subject FROM editions WHERE id IN ("
            "SELECT max(id) FROM editions WHERE plan IN (SELECT value FROM json_each(:plans)) GROUP BY plan UNION "
            "SELECT max(id) FROM editions WHERE plan IN (SELECT value FROM json_each(:plans)) AND state != 'draft' "
            "GROUP BY plan) ORDER BY id",
            {"plans": rows.packed(sorted(plans))},
        )
        return [Head(id_, plan, slot, state, moment(at), subject) for id_, plan, slot, state, at, subject in found]

    def dispatch(self, now: datetime, most: int = 50) -> Dispatch:
        """Tell how the outbox stands."""
        final = "FROM outbox o JOIN editions e ON e.id = o.edition AND e.state != 'draft'"
        columns = (
            "o.id, o.plan, o.slot, o.recipient, o.channel, o.attempts, o.next_try, substr(o.last_error, 1, 500), "
            "e.made_at"
        )
        states = dict(self._store.rows(f"SELECT o.state, count(*) {final} GROUP BY 1 ORDER BY 1"))
        waiting = self._store.rows(
            f"SELECT {columns} {final} WHERE o.state IN ('waiting', 'sending') "
            "ORDER BY o.last_error = '', o.id LIMIT ?",
            (most,),
        )
        lately = self._store.rows(
            f"SELECT o.state, {columns} {final} WHERE o.state IN ('dead', 'sent') AND o.last_error != ? "
            "AND e.made_at > ? ORDER BY o.id DESC",
            (EMPTIED, micros(now - _DEAD_TOLD)),
        )
        noted = self._store.rows("SELECT why FROM bounces WHERE code = ?", (SETTLED,))
        forgiven = {int(id_) for (ids,) in noted for id_ in ids.split()}
        settled: set[tuple[str, str]] = set()
        dead: list[Parcel] = []
        for state, *values in lately:
            parcel = _parcel(values)
            who = parcel.recipient, parcel.channel
            if state == "dead" and who not in settled and parcel.id not in forgiven:
                dead.append(parcel)
            settled.add(who)
        return Dispatch(states, tuple(map(_parcel, waiting)), tuple(dead[:most]))


def _parcel(values: list[object] | tuple[object, ...]) -> Parcel:
    id_, plan, slot, recipient, channel, attempts, next_try, error, made_at = values
    assert isinstance(id_, int)
    assert isinstance(attempts, int)
    assert isinstance(made_at, int)
    tried = moment(next_try) if isinstance(next_try, int) else None
    return Parcel(id_, str(plan), str(slot), str(recipient), str(channel), attempts, tried, str(error), moment(made_at))
