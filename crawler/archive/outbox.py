"""The outbox: what is made and waits to be delivered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from crawler.archive.rows import packed
from crawler.archive.store import NO_BYTES, Store
from crawler.archive.times import micros, micros_or_none, moment_or_none
from crawler.errors import LeaseLost
from crawler.records import Delivery

# Inside the class, list is the method.
Found = list[Delivery]
_COLUMNS = "id, edition, plan, slot, recipient, channel, message_id, body, state, attempts, next_try, last_error, token"
# Nothing of a draft goes out.
_FINAL = "edition IN (SELECT id FROM editions WHERE state = 'final')"
# A delivery that is being sent comes back when its lease ran out: its sender has died.
_OPEN = "state IN ('waiting', 'sending')"


class Outbox:
    """The deliveries of all editions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim(self, now: datetime, lease: timedelta, edition: int | None = None, limit: int = 10) -> Found:
        """Take deliveries that are due, for sending; each counts as one attempt."""
        values = {"now": micros(now), "until": micros(now + lease), "edition": edition, "limit": limit}
        with self._store.writing(durable=True):
            found = self._store.rows(
                "UPDATE outbox SET state = 'sending', token = token + 1, attempts = attempts + 1, lease_until = :until "
                f"WHERE id IN (SELECT id FROM outbox WHERE {_OPEN} AND {_FINAL} AND (state = 'waiting' "
                "AND coalesce(next_try, 0) <= :now OR state = 'sending' AND lease_until <= :now) "
                "AND (:edition IS NULL OR edition = :edition) ORDER BY coalesce(next_try, 0), id LIMIT :limit) "
                f"RETURNING {_COLUMNS}",
                values,
            )
        return sorted((_delivery(row) for row in found), key=lambda delivery: delivery.id)

    def states(self, editions: Collection[int]) -> dict[int, dict[str, int]]:
        """Count the deliveries of editions by state; an edition without any is left out."""
        counted: dict[int, dict[str, int]] = {}
        for edition, state, number in self._store.rows(
            "SELECT edition, state, count(*) FROM outbox WHERE edition "
            "IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
            "GROUP BY edition, state ORDER BY edition, state",
            (packed([*editions]),),
        ):
            counted.setdefault(edition, {})[state] = number
        return counted

    def take_back(self, now: datetime) -> int:
        """Make due again what a sender holds that has died, and count it: for who knows that nobody else sends."""
        with self._store.writing():
            return self._store.execute("UPDATE outbox SET lease_until = ? WHERE state = 'sending'", (micros(now),))

    def hasten(self, edition: int, now: datetime) -> int:
        """Make due now what waits of an edition for its next try, and count it."""
        with self._store.writing():
            return self._store.execute(
                "UPDATE outbox SET next_try = :now WHERE edition = :edition AND state = 'waiting' AND next_try > :now",
                {"now": micros(now), "edition": edition},
            )

    def sent(self, delivery: Delivery, now: datetime) -> None:
        """Record that a delivery went out; it is never sent again, whoever holds it now."""
        with self._store.writing(durable=True):
            self._store.execute(
                "UPDATE outbox SET state = 'sent', sent_at = coalesce(sent_at, ?), lease_until = NULL, "
                "next_try = NULL, last_error = '' WHERE id = ?",
                (micros(now), delivery.id),
            )

    def failed(self, delivery: Delivery, error: str, next_try: datetime | None, now: datetime) -> None:  # noqa: ARG002
        """Record that a delivery failed, to be tried again at a time, or (None) never."""
        with self._store.writing(durable=True):
            changed = self._store.execute(
                "UPDATE outbox SET state = ?, last_error = ?, next_try = ?, lease_until = NULL "
                "WHERE id = ? AND token = ? AND state = 'sending'",
                (
                    "dead" if next_try is None else "waiting", error, micros_or_none(next_try),
                    delivery.id, delivery.token,
                ),
            )  # fmt: skip
        if not changed:
            raise LeaseLost(f"{delivery.recipient}: somebody else took over this delivery meanwhile")

    def leave(self, delivery: Delivery, why: str) -> None:
        """Close a delivery whose recipient left before it went out."""
        with self._store.writing(durable=True):
            self._store.execute(
                "UPDATE outbox SET state = 'left', last_error = ?, next_try = NULL, lease_until = NULL "
                "WHERE id = ? AND token = ? AND state = 'sending'",
                (why, delivery.id, delivery.token),
            )

    def bounced(self, delivery: Delivery, why: str) -> None:
        """Record that a mail that was sent came back for good."""
        with self._store.writing():
            self._store.execute(
                "UPDATE outbox SET state = 'bounced', last_error = ? WHERE id = ? AND state = 'sent'",
                (why, delivery.id),
            )

    def of_message(self, message_id: str) -> Delivery | None:
        """Find the mail with this Message-ID."""
        found = self._select("message_id = ? AND channel = 'email'", (message_id,))
        return found[0] if found else None

    def mailed(self, since: datetime) -> Sequence[str]:
        """Name the addresses to which a mail went out since a time."""
        found = self._store.rows(
            "SELECT DISTINCT recipient FROM outbox WHERE channel = 'email' AND sent_at >= ?", (micros(since),)
        )
        return [recipient for (recipient,) in found]

    def list(self, edition: int | None = None) -> Found:
        """List the deliveries of an edition, or all."""
        return self._select("? IS NULL OR edition = ? ORDER BY id", (edition, edition))

    def heads(self, edition: int) -> Found:
        """List the deliveries of an edition without their bytes."""
        return self._select("edition = ? ORDER BY id", (edition,), _COLUMNS.replace("body", NO_BYTES))

    def waiting(self) -> int:
        """Count the deliveries that are to go out yet."""
        return int(self._store.value(f"SELECT count(*) FROM outbox WHERE {_OPEN} AND {_FINAL}"))

    def next_try(self) -> datetime | None:
        """Say when the next delivery is due; None when nothing waits."""
        found = self._store.value(
            f"SELECT min(iif(state = 'sending', lease_until, coalesce(next_try, 0))) FROM outbox WHERE {_OPEN} "
            f"AND {_FINAL}"
        )
        return moment_or_none(found)

    def _select(self, where: str, parameters: Sequence[Any], columns: str = _COLUMNS) -> Found:
        return [_delivery(row) for row in self._store.rows(f"SELECT {columns} FROM outbox WHERE {where}", parameters)]


def _delivery(row: tuple[Any, ...]) -> Delivery:
    id_, edition, plan, slot, recipient, channel, message_id, body, state, attempts, next_try, last_error, token = row
    return Delivery(
        id_, edition, plan, slot, recipient, channel, message_id, body, state, attempts, moment_or_none(next_try),
        last_error, token,
    )  # fmt: skip
