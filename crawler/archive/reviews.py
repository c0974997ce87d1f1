"""Reviews: what editors do with drafts, until one of them approves or rejects it.

The draft's bytes and its deliveries are written anew with each act, in one transaction; nothing of a draft can be
claimed by a sender, and nothing of an approved edition can be changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.archive import rows
from crawler.archive.editions import Editions, fill
from crawler.archive.store import Store
from crawler.archive.times import micros, moment, moment_or_none
from crawler.errors import Outdated, UsageError
from crawler.records import Delivery, Edition, ReviewAct

_ACT = "kind, who, at, story, articles, title, place, text, story_order, carried, id, edition, undone_at, undone_by"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that nobody has approved yet."""

    edition: int
    plan: str
    slot: str
    made_at: datetime
    subject: str
    #: Since then nobody approved any: it, or a draft whose place it took, was made then.
    since: datetime


class Reviews:
    """The drafts, and what was done with them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._editions = Editions(store)

    def begin(self, edition: Edition, made: str, acts: Sequence[ReviewAct], since: datetime) -> None:
        """Keep what was chosen for a draft, what is carried over, and since when no draft of the plan was approved."""
        with self._store.writing():
            self._store.execute(
                "INSERT INTO reviews (edition, made, begun) VALUES (?, ?, ?)", (edition.id, made, micros(since))
            )
            self._add(edition, acts)

    def made(self, edition: int) -> tuple[str, int] | None:
        """Give what was chosen for a draft, and how often it was changed since; None when it is not known (any more).

        An empty text says that an article in it was forgotten.
        """
        found = self._store.row("SELECT made, revision FROM reviews WHERE edition = ?", (edition,))
        return None if found is None else (found[0], found[1])

    def acts(self, edition: int, *, undone: bool = False) -> list[ReviewAct]:
        """List what holds, or with ``undone`` all that was ever done with an edition, the earliest first."""
        return self._select("edition = ? AND (? = 1 OR undone_at IS NULL)", (edition, int(undone)))

    def latest(self, plan: str) -> list[ReviewAct]:
        """List what holds of the plan's last draft that somebody worked on, unless it became an edition."""
        return self._select(
            "undone_at IS NULL AND edition = (SELECT max(edition) FROM review_acts WHERE plan = ?) "
            "AND edition NOT IN (SELECT id FROM editions WHERE state = 'final')",
            (plan,),
        )

    def dropped(self, plan: str, since: datetime) -> list[ReviewAct]:
        """List the stories that were left out of the plan's editions since a time."""
        return self._select(
            "plan = ? AND kind = 'drop' AND undone_at IS NULL AND at >= ? "
            "AND edition IN (SELECT id FROM editions WHERE state = 'final')",
            (plan, micros(since)),
        )

    def waiting(self) -> list[Waiting]:
        """List the drafts that nobody has approved yet, the oldest first."""
        found = self._store.rows(
            "SELECT id, plan, slot, made_at, subject, coalesce(begun, made_at) FROM editions "
            "LEFT JOIN reviews ON edition = id WHERE state = 'draft' ORDER BY made_at, id"
        )
        return [
            Waiting(id_, plan, slot, moment(at), subject, moment(begun))
            for id_, plan, slot, at, subject, begun in found
        ]

    def change(
        self,
        edition: Edition,
        revision: int,
        deliveries: Sequence[Delivery],
        stories: Collection[int],
        *,
        acts: Sequence[ReviewAct] = (),
        undone: Sequence[int] = (),
        who: str = "",
        now: datetime,
    ) -> bool:
        """Write a draft anew with what was done; False when somebody else changed it since this revision."""
        store = self._store
        with store.writing(durable=True):
            self._require_draft(edition.id)
            changed = store.execute(
                "UPDATE reviews SET revision = revision + 1 WHERE edition = ? AND revision = ?", (edition.id, revision)
            )
            if not changed:
                return False
            store.execute(
                "UPDATE editions SET subject = ?, html = ?, text = ?, content = ? WHERE id = ?",
                (edition.subject, edition.html, edition.text, edition.content, edition.id),
            )
            store.execute("DELETE FROM outbox WHERE edition = ?", (edition.id,))
            store.execute("DELETE FROM edition_stories WHERE edition = ?", (edition.id,))
            fill(store, edition, deliveries, stories)
            store.many(
                "UPDATE review_acts SET undone_at = ?, undone_by = ? WHERE id = ? AND edition = ?",
                ((micros(now), who, id_, edition.id) for id_ in undone),
            )
            self._add(edition, acts)
        return True

    def approve(self, edition: int, who: str, now: datetime, revision: int | None = None) -> Edition:
        """Make a draft final as it is: from now on its deliveries may go out; a final edition stays as it is.

        With ``revision`` it is refused when somebody changed the draft since the approver looked at it.
        """
        with self._store.writing(durable=True):
            found = self._editions.get(edition)
            if found is not None and found.state == "final":
                return found
            draft = self._require_draft(edition)
            self._require_as_seen(edition, revision, "approve")
            self._end(draft, "final", ReviewAct("approve", who, now))
            return self._require(edition)

    def reject(self, edition: int, who: str, now: datetime, reason: str = "", revision: int | None = None) -> Edition:
        """End a draft without sending it; its stories come back in the plan's next edition.

        ``revision`` as in ``approve``.
        """
        with self._store.writing(durable=True):
            draft = self._require_draft(edition)
            self._require_as_seen(edition, revision, "reject")
            self._end(draft, "rejected", ReviewAct("reject", who, now, text=reason))
            self._store.execute("DELETE FROM outbox WHERE edition = ?", (edition,))
            return self._require(edition)

    def _require_as_seen(self, edition: int, revision: int | None, what: str) -> None:
        kept = self.made(edition)
        if revision is not None and kept is not None and kept[1] != revision:
            raise Outdated(f"draft {edition} was changed meanwhile; look at it again, then {what} it")

    def _end(self, draft: Edition, state: str, act: ReviewAct) -> None:
        at = micros(act.at) if state == "final" else None
        self._store.execute("UPDATE editions SET state = ?, approved_at = ? WHERE id = ?", (state, at, draft.id))
        self._add(draft, [act])

    def _require(self, edition: int) -> Edition:
        found = self._editions.get(edition)
        if found is None:
            remedy = "a newer draft may have taken its place; see `presswatch digest list`"
            raise UsageError(f"there is no edition {edition}: {remedy}")
        return found

    def _require_draft(self, edition: int) -> Edition:
        found = self._require(edition)
        if found.state == "rejected":
            remedy = f"presswatch digest make {found.plan} --slot {found.slot!r} makes another one"
            raise UsageError(f"draft {edition} was rejected; {remedy}")
        if found.state != "draft":
            raise UsageError(f"edition {edition} is {found.state}, no draft: what was approved cannot be changed")
        return found

    def _add(self, edition: Edition, acts: Sequence[ReviewAct]) -> None:
        self._store.many(
            "INSERT INTO review_acts (edition, plan, kind, story, articles, title, place, text, story_order, carried, "
            "who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    edition.id, edition.plan, act.kind, act.story, rows.packed(list(act.articles)), act.title,
                    act.place, rows.sound(act.text), rows.packed(list(act.order)), act.carried, rows.sound(act.who),
                    micros(act.at),
                )
                for act in acts
            ),
        )  # fmt: skip

    def _select(self, where: str, parameters: Sequence[Any]) -> list[ReviewAct]:
        found = self._store.rows(f"SELECT {_ACT} FROM review_acts WHERE {where} ORDER BY id", parameters)
        return [_act(row) for row in found]


def _act(row: tuple[Any, ...]) -> ReviewAct:
    kind, who, at, story, articles, title, place, text, order, carried, id_, edition, undone_at, undone_by = row
    return ReviewAct(
        kind, who, moment(at), story, tuple(json.loads(articles)), title, place, text, tuple(json.loads(order)),
        carried, id_, edition, moment_or_none(undone_at), undone_by,
    )  # fmt: skip
