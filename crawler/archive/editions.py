"""Editions: the digests that were made, with the outbox rows that they were made with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crawler.archive import forgetting, runs
from crawler.archive.rows import packed
from crawler.archive.store import NO_BYTES, Store
from crawler.archive.times import micros, micros_or_none, moment
from crawler.errors import ArchiveError
from crawler.records import Article, Delivery, Edition, Run

# Inside the class, list is the method.
Found = list[Edition]
#: Begins the plans of alerts, which no plan of the configuration can be called: alert:espionage.
ALERTS = "alert:"
#: Begins those of the mails that show a draft to its reviewers: review:morning.
REVIEWS = "review:"
_COLUMNS = "id, plan, slot, from_seq, to_seq, made_at, state, subject, html, text, content"
_HEAD = f"id, plan, slot, from_seq, to_seq, made_at, state, subject, {NO_BYTES}, {NO_BYTES}, '{{}}'"


_ENDED = "('final', 'skipped')"
#: Editions of which every delivery to a reader is dead. Files are read where nobody else is sent anything.
_UNREAD = (
    "SELECT o.edition FROM outbox o WHERE o.plan = :plan AND (o.channel <> 'files' OR NOT EXISTS ("
    "SELECT 1 FROM outbox r WHERE r.edition = o.edition AND r.channel <> 'files')) GROUP BY o.edition "
    "HAVING sum(o.state = 'dead') > 0 AND sum(o.state IN ('waiting', 'sending', 'sent')) = 0"
)


@dataclass(frozen=True, slots=True)
class Span:
    """What an edition owns, and whether it may have been read."""

    id: int
    slot: str
    #: draft, final or skipped.
    state: str
    #: It owns the changes (from_seq, to_seq].
    from_seq: int
    to_seq: int
    made_at: datetime
    #: All its deliveries to readers have failed for good.
    unread: bool


class Editions:
    """The digests that were made."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def commit(
        self,
        edition: Edition,
        deliveries: Sequence[Delivery],
        run: Run | None,
        now: datetime,
        *,
        stories: Collection[int] = (),
    ) -> Edition:
        """Keep an edition, its deliveries and the end of its run, all or nothing, and give it with its id.

        Drafts of the plan that nobody approved are replaced by it, and what was rejected for the same slot. A slot has
        one final edition: a second one is refused. ``stories`` are those that stand in it, for ``shown``.
        """
        store = self._store
        with store.writing(durable=True):
            made = store.row("SELECT state FROM editions WHERE plan = ? AND slot = ?", (edition.plan, edition.slot))
            if made is not None and made[0] == "final":
                raise ArchiveError(
                    f"{edition.plan}: the digest for {edition.slot} was made already; see `presswatch digest list`"
                )
            store.execute(
                "DELETE FROM editions WHERE plan = ? AND (state = 'draft' OR state = 'rejected' AND slot = ?)",
                (edition.plan, edition.slot),
            )
            kept = replace(edition, id=store.insert(_INSERT, _values(edition)))
            fill(store, kept, deliveries, stories)
            if run is not None:
                runs.finish(store, run, "done", f"edition {kept.id}", now)
        return kept

    def last(self, plan: str, *, state: str | None = None) -> Edition | None:
        """Find the newest edition of a plan: any, or the newest that is "draft" or "final"."""
        found = self._select(
            "plan = ? AND (? IS NULL OR state = ?) ORDER BY to_seq DESC, id DESC LIMIT 1", (plan, state, state)
        )
        return found[0] if found else None

    def get(self, id: int) -> Edition | None:  # noqa: A002
        """Find an edition."""
        found = self._select("id = ?", (id,))
        return found[0] if found else None

    def latest(self) -> Edition | None:
        """Give the newest edition of all plans that is no draft, without its content: its texts are empty."""
        found = self._store.row(
            "SELECT id, plan, slot, from_seq, to_seq, made_at, state, subject FROM editions WHERE state = 'final' "
            f"AND plan NOT LIKE '{ALERTS}%' AND plan NOT LIKE '{REVIEWS}%' ORDER BY id DESC LIMIT 1"
        )
        if found is None:
            return None
        id_, plan, slot, first, last, made_at, state, subject = found
        return Edition(id_, plan, slot, first, last, moment(made_at), state, subject)

    def find(self, plan: str, slot: str) -> Edition | None:
        """Find the edition of a plan for a slot."""
        found = self._select("plan = ? AND slot = ?", (plan, slot))
        return found[0] if found else None

    def list(self, plan: str | None = None, limit: int = 50) -> Found:
        """List the editions of a plan, or of all plans without alerts and mails to reviewers, the newest first."""
        return self._select(
            f"iif(? IS NULL, plan NOT LIKE '{ALERTS}%' AND plan NOT LIKE '{REVIEWS}%', plan = ?) "
            "ORDER BY made_at DESC, id DESC LIMIT ?",
            (plan, plan, limit),
        )

    def heads(self, plan: str | None = None, limit: int = 50, before: int | None = None) -> Found:
        """List editions, the last made first, or those made before one; without what stands in them."""
        return self._select(
            f"iif(? IS NULL, plan NOT LIKE '{ALERTS}%' AND plan NOT LIKE '{REVIEWS}%', plan = ?) "
            "AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?",
            (plan, plan, before, before, limit),
            _HEAD,
        )

    def slots(self, plan: str, limit: int = 50) -> Sequence[tuple[str, datetime]]:
        """List what was made of a plan, without its content: slots and when they were made, the newest first."""
        return [
            (slot, moment(made_at))
            for slot, made_at in self._store.rows(
                "SELECT slot, made_at FROM editions WHERE plan = ? ORDER BY made_at DESC, id DESC LIMIT ?",
                (plan, limit),
            )
        ]

    def spans(self, plan: str, since: datetime) -> Sequence[Span]:
        """List what the editions of a plan own, the newest first: those since a time, unfinished ones and the last."""
        found = self._store.rows(
            f"SELECT id, slot, state, from_seq, to_seq, made_at, id IN ({_UNREAD}) FROM editions "
            f"WHERE plan = :plan AND (made_at > :since OR state NOT IN {_ENDED} OR id = (SELECT id FROM editions "
            f"WHERE plan = :plan AND state IN {_ENDED} ORDER BY to_seq DESC, id DESC LIMIT 1)) "
            "ORDER BY to_seq DESC, id DESC",
            {"plan": plan, "since": micros(since)},
        )
        return [
            Span(id_, slot, state, from_seq, to_seq, moment(made_at), bool(unread))
            for id_, slot, state, from_seq, to_seq, made_at, unread in found
        ]

    def contents(self, ids: Collection[int]) -> dict[int, str]:
        """Read the contents of editions, without the pages that were made of them."""
        return dict(
            self._store.rows(
                "SELECT id, content FROM editions WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
                (packed([*ids]),),
            )
        )

    def shown(self, plan: str) -> dict[int, int]:
        """Tell which stories a plan's readers have seen, each with the last edition that had it."""
        return dict(
            self._store.rows(
                "SELECT s.story, max(s.edition) FROM edition_stories s JOIN editions e ON e.id = s.edition "
                "WHERE e.plan = ? AND e.state = 'final' GROUP BY s.story",
                (plan,),
            )
        )

    def showing(self, story: int) -> Edition | None:
        """Find the newest edition with a story that was sent or is to be."""
        found = self._select(
            "id = (SELECT max(s.edition) FROM edition_stories s JOIN editions e ON e.id = s.edition "
            "WHERE s.story = ? AND e.state = 'final')",
            (story,),
        )
        return found[0] if found else None

    def carrying(self, article: Article) -> Found:
        """List the editions that carry an article."""
        return [edition for id_ in forgetting.printed(self._store, article) if (edition := self.get(id_)) is not None]

    def _select(self, where: str, parameters: Sequence[Any], columns: str = _COLUMNS) -> Found:
        found = self._store.rows(f"SELECT {columns} FROM editions WHERE {where}", parameters)
        return [_edition(row) for row in found]


def fill(store: Store, edition: Edition, deliveries: Sequence[Delivery], stories: Collection[int]) -> None:
    """Write what belongs to an edition: its deliveries, and the stories that stand in it."""
    store.many(
        "INSERT INTO edition_stories VALUES (?, ?) ON CONFLICT DO NOTHING", ((edition.id, story) for story in stories)
    )
    store.many(_INSERT_DELIVERY, (_delivery_values(delivery, edition) for delivery in deliveries))


def _edition(row: tuple[Any, ...]) -> Edition:
    id_, plan, slot, from_seq, to_seq, made_at, state, subject, html, text, content = row
    return Edition(id_, plan, slot, from_seq, to_seq, moment(made_at), state, subject, html, text, content)


_INSERT = (
    "INSERT INTO editions (plan, slot, from_seq, to_seq, made_at, state, subject, html, text, content) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_DELIVERY = (
    "INSERT INTO outbox (edition, plan, slot, recipient, channel, message_id, state, attempts, next_try, last_error, "
    "token, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)"
)


def _values(edition: Edition) -> tuple[Any, ...]:
    return (
        edition.plan, edition.slot, edition.from_seq, edition.to_seq, micros(edition.made_at), edition.state,
        edition.subject, edition.html, edition.text, edition.content,
    )  # fmt: skip


def _delivery_values(delivery: Delivery, edition: Edition) -> tuple[Any, ...]:
    return (
        edition.id, edition.plan, edition.slot, delivery.recipient, delivery.channel, delivery.message_id,
        delivery.state, delivery.attempts, micros_or_none(delivery.next_try), delivery.last_error, delivery.body,
    )  # fmt: skip
