"""Recipients: who is not mailed and why, what came back, and whose the links are by which they leave.

The configuration says who gets what; what stands here is a veto. Addresses are known as ``mailboxes.mailbox`` writes
them. Of whoever was forgotten only a keyed hash is left, which keeps them from being mailed again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from crawler.archive.store import NO_BYTES, Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none
from crawler.mailboxes import mailbox
from crawler.records import Bounce, Veto

_COLUMNS = "recipient, plan, state, at, until, how, code, why"
_ORDER = "CASE state WHEN 'bounced' THEN 0 WHEN 'unsubscribed' THEN 1 ELSE 2 END, plan"
#: A pause that is over is none.
_HOLDS = "(until IS NULL OR until > :now)"

#: The code of what is no bounce but a note of deliveries that are nobody's trouble any more.
SETTLED = "settled"


class Recipients:
    """What is known of the people who get mail."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def secret(self) -> bytes:
        """Give the key that links are signed with; it is made when it is asked for first, and leaves no other way."""
        if not (found := self._store.state("secret")):
            with self._store.writing(durable=True):
                found = self._store.state("secret")
                if not found:
                    found = secrets.token_bytes(32)
                    self._store.set_state("secret", found)
        return bytes(found)

    def keep_links(self, links: Iterable[tuple[str, str, str, str]]) -> None:
        """Remember links: token, purpose, plan and recipient of each."""
        rows = [(token, purpose, plan, mailbox(recipient)) for token, purpose, plan, recipient in links]
        known = {token for token, *_ in rows if self._store.row("SELECT 1 FROM leave_links WHERE token = ?", (token,))}
        if fresh := [row for row in rows if row[0] not in known]:
            with self._store.writing(durable=True):
                self._store.many("INSERT INTO leave_links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", fresh)

    def link(self, token: str, purpose: str) -> tuple[str, str] | None:
        """Tell the plan and the recipient of a link; None when there is none like it."""
        found = self._store.row(
            "SELECT plan, recipient FROM leave_links WHERE token = ? AND purpose = ?", (token, purpose)
        )
        return (found[0], found[1]) if found else None

    def plans(self, recipient: str) -> list[str]:
        """List the plans whose mails somebody was ever given a link of."""
        found = self._store.rows(
            "SELECT DISTINCT plan FROM leave_links WHERE recipient = ? ORDER BY plan", (mailbox(recipient),)
        )
        return [plan for (plan,) in found]

    def veto(self, recipient: str, plan: str, now: datetime) -> Veto | None:
        """Tell why somebody does not get a plan now; None when nothing stands against it."""
        return next(iter(self.against(recipient, plan, now)), None)

    def against(self, recipient: str, plan: str, now: datetime) -> Sequence[Veto]:
        """List all that stands against somebody's getting a plan, what holds longest first."""
        own, forgotten = self._keys(recipient)
        found = self._store.rows(
            f"SELECT {_COLUMNS} FROM vetoes WHERE recipient IN (:own, :forgotten) AND plan IN (:plan, '') AND {_HOLDS} "
            f"ORDER BY {_ORDER}",
            {"own": own, "forgotten": forgotten, "plan": plan, "now": micros(now)},
        )
        return [_veto(row) for row in found]

    def vetoes(self, now: datetime) -> Sequence[Veto]:
        """List all that holds now."""
        found = self._store.rows(
            f"SELECT {_COLUMNS} FROM vetoes WHERE {_HOLDS} ORDER BY recipient, {_ORDER}", {"now": micros(now)}
        )
        return [_veto(row) for row in found]

    def leave(self, recipient: str, plan: str, now: datetime, *, how: str, why: str = "") -> bool:
        """Let somebody leave a plan, or all ("" is all); False when they had left it already."""
        return self._put(Veto(mailbox(recipient), plan, "unsubscribed", now, None, how, "", why), anew=False)

    def pause(self, recipient: str, plan: str, until: datetime, now: datetime, *, how: str) -> None:
        """Send somebody nothing of a plan, or of all, until a time."""
        self._put(Veto(mailbox(recipient), plan, "paused", now, until, how), anew=True)

    def suppress(self, bounce: Bounce, *, how: str) -> bool:
        """Send somebody nothing more who cannot be reached; False when that was known."""
        veto = Veto(mailbox(bounce.recipient), "", "bounced", bounce.at, None, how, bounce.code, bounce.why)
        return self._put(veto, anew=False)

    def restore(self, recipient: str, plan: str = "", others: Iterable[str] = (), *, now: datetime) -> list[Veto]:
        """Let somebody have a plan, or all, again; give what stood against it. What died before is settled.

        ``others`` are plans for which that stays in force which stood against all of them.
        """
        own, forgotten = self._keys(recipient)
        values = {"own": own, "forgotten": forgotten, "plan": plan}
        where = "recipient IN (:own, :forgotten) AND (:plan = '' OR plan IN (:plan, ''))"
        with self._store.writing(durable=True):
            gone = [_veto(row) for row in self._store.rows(f"SELECT {_COLUMNS} FROM vetoes WHERE {where}", values)]
            self._store.execute(f"DELETE FROM vetoes WHERE {where}", values)
            for veto in gone:
                if plan and not veto.plan and veto.state != "bounced":
                    self._store.many(_INSERT, (_values(veto, other) for other in others if other != plan))
            # Who is mailed again is counted anew.
            self._store.execute("UPDATE bounces SET counts = 0 WHERE recipient = :own", values)
            self._settle(own, now)
        return gone

    def _settle(self, own: str, now: datetime) -> None:
        """Note which deliveries had died by now; whoever is restored is no incident for them any more."""
        dead = self._store.rows("SELECT id, recipient FROM outbox WHERE state = 'dead' AND channel = 'email'")
        if ids := [str(id_) for id_, recipient in dead if mailbox(recipient) == own]:
            mark = f"{SETTLED} {' '.join(ids)}"
            self._store.execute(
                "INSERT INTO bounces (recipient, at, code, why, mark, counts) VALUES (?, ?, ?, ?, ?, 0) "
                "ON CONFLICT DO NOTHING",
                (own, micros(now), SETTLED, " ".join(ids), mark),
            )

    def resume(self, recipient: str, *, keep: str) -> None:
        """End the pauses of somebody, but not those that were made in this way."""
        with self._store.writing(durable=True):
            self._store.execute(
                "DELETE FROM vetoes WHERE recipient = ? AND state = 'paused' AND how <> ?", (mailbox(recipient), keep)
            )

    def record(self, bounce: Bounce) -> bool:
        """Remember that a mail came back; False when this very report was read before."""
        with self._store.writing():
            if self._store.row("SELECT 1 FROM bounces WHERE mark = ?", (bounce.mark,)):
                return False
            self._store.execute(
                "INSERT INTO bounces (recipient, at, code, why, mark) VALUES (?, ?, ?, ?, ?)",
                (mailbox(bounce.recipient), micros(bounce.at), bounce.code, bounce.why, bounce.mark),
            )
        return True

    def bounces(self, recipient: str | None = None) -> Sequence[Bounce]:
        """List what came back of somebody, or of all, since they were restored last; the oldest first."""
        found = self._store.rows(
            "SELECT recipient, at, code, why, mark FROM bounces WHERE counts = 1 "
            "AND (:own IS NULL OR recipient = :own) ORDER BY at, id",
            {"own": None if recipient is None else mailbox(recipient)},
        )
        return [Bounce(own, moment(at), code, why, mark) for own, at, code, why, mark in found]

    def forget(self, recipient: str, now: datetime) -> int:
        """Remove somebody's address and mails, and count those; a keyed hash keeps them from being mailed again."""
        self.secret()
        own, forgotten = self._keys(recipient)
        with self._store.writing(durable=True):
            for table in ("vetoes", "bounces", "leave_links"):
                self._store.execute(f"DELETE FROM {table} WHERE recipient = ?", (own,))
            kept = Veto(forgotten, "", "unsubscribed", now, None, "by hand", "", "forgotten")
            self._store.execute(_INSERT, _values(kept, ""))
            mails = self._store.rows("SELECT id, recipient FROM outbox WHERE channel = 'email'")
            theirs = [id_ for id_, address in mails if mailbox(address) == own]
            self._store.many(
                f"UPDATE outbox SET recipient = ? || ':' || id, message_id = '', body = {NO_BYTES}, "
                "last_error = 'forgotten', state = iif(state IN ('waiting', 'sending'), 'left', state) WHERE id = ?",
                ((forgotten, id_) for id_ in theirs),
            )
        self._store.shrink_log()
        return len(theirs)

    def _put(self, veto: Veto, *, anew: bool) -> bool:
        with self._store.writing(durable=True):
            there = self._store.row(
                "SELECT 1 FROM vetoes WHERE recipient = ? AND plan = ? AND state = ?",
                (veto.recipient, veto.plan, veto.state),
            )
            if anew or not there:
                self._store.execute(_INSERT, _values(veto, veto.plan))
        return not there

    def _keys(self, recipient: str) -> tuple[str, str]:
        """Give the two names under which somebody may stand: their own, and what is left of a forgotten one."""
        own, secret = mailbox(recipient), self._store.state("secret")
        if not secret:
            return own, own
        return own, "forgotten:" + hmac.digest(bytes(secret), f"forgotten\0{own}".encode(), hashlib.sha256).hex()[:40]


# A pause that was over may still lie there.
_INSERT = (
    f"INSERT INTO vetoes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (recipient, plan, state) DO UPDATE "
    "SET at = excluded.at, until = excluded.until, how = excluded.how, code = excluded.code, why = excluded.why"
)


def _values(veto: Veto, plan: str) -> tuple[Any, ...]:
    return (
        veto.recipient, plan, veto.state, micros(veto.at), micros_or_none(veto.until), veto.how, veto.code, veto.why,
    )  # fmt: skip


def _veto(row: tuple[Any, ...]) -> Veto:
    recipient, plan, state, at, until, how, code, why = row
    return Veto(recipient, plan, state, moment(at), moment_or_none(until), how, code, why)
