"""Mails to our sender are read (digest/bounces.py), laid beside what was sent, and what follows is written.

Nobody is believed: a report counts only for a mail that stands in the outbox, or for an address to which one went out
lately; a wish to leave only with its signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from crawler.mailboxes import mailbox
from crawler.records import Bounce, Delivery
from digest import leaving
from digest.bounces import Failure, Kind, Reading, counts_at_once, hopeless, read
from digest.content import clean, clip

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.errors import DeliveryError

Outcome = Literal["suppressed", "unsubscribed", "recorded", "known", "nothing"]
#: Mail servers give up after five days; some a little later.
_LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a mail, for one recipient."""

    kind: Kind
    outcome: Outcome
    text: str
    recipient: str = ""
    #: "" for all.
    plan: str = ""
    status: str = ""


def take(archive: Archive, raw: bytes, now: datetime) -> list[Taken]:
    """Read a mail and do what follows from it; tell it for each recipient whom it concerns."""
    reading = read(raw)
    if reading.kind in {"bounce", "delay"}:
        return list(_failed(archive, reading, _mark_of(reading, raw), now))
    if reading.kind == "complaint":
        return list(_complained(archive, reading, now))
    if reading.kind == "unsubscribe":
        return [_leaves(archive, reading, now)]
    said = {
        "auto-reply": "an automatic reply; no mail came back",
        "report": "a report that nothing failed of",
    }.get(reading.kind, "no report of a mail server and no wish to leave")
    about = f" ({clip(reading.subject, 60)})" if reading.subject else ""
    return [Taken(reading.kind, "nothing", said + about, reading.sender)]


def refused(archive: Archive, delivery: Delivery, error: DeliveryError, now: datetime) -> None:
    """Remember that the mail server itself does not take a recipient; what it says of us is not counted."""
    if error.temporary or not counts_at_once(error.status):
        return
    mark = _mark(f"{delivery.message_id} {delivery.attempts}".encode())
    _record(archive, Bounce(delivery.recipient, now, error.status, clip(clean(str(error)), 300), mark), "mail server")


def _failed(archive: Archive, reading: Reading, mark: str, now: datetime) -> Iterator[Taken]:
    concerned = list(_concerned(archive, reading, now))
    if not concerned:
        named = ", ".join(dict.fromkeys(address for each in reading.failures for address in each.addresses[:1]))
        yield Taken(reading.kind, "nothing", f"no mail of ours came back: {named or 'it names nobody'}", named)
    for recipient, delivery, failure in concerned:
        # Days count, so a report that waited in a folder has the day on which it was written.
        at = reading.at if reading.at and now - _LATELY <= reading.at <= now else now
        bounce = Bounce(recipient, at, failure.status, failure.why, _mark(f"{mark} {recipient}".encode()))
        if delivery is not None and failure.permanent:
            archive.outbox.bounced(delivery, f"bounced {failure.status} {failure.why}".strip())
        outcome = _record(archive, bounce, "delivery report")
        said = f"{failure.status} {failure.why}".strip()
        text = {
            "suppressed": f"bounced ({said}); nothing more is sent there: presswatch recipient restore {recipient}",
            "known": f"this report was read before ({said})",
        }.get(outcome, f"{'bounced' if failure.permanent else 'late'} ({said}); remembered")
        yield Taken(reading.kind, outcome, text, recipient, delivery.plan if delivery else "", failure.status)


def _record(archive: Archive, bounce: Bounce, how: str) -> Outcome:
    with archive.writing():
        if not archive.recipients.record(bounce):
            return "known"
        if hopeless(archive.recipients.bounces(bounce.recipient)) and archive.recipients.suppress(bounce, how=how):
            return "suppressed"
    return "recorded"


def _concerned(archive: Archive, reading: Reading, now: datetime) -> Iterator[tuple[str, Delivery | None, Failure]]:
    """Find whose mail came back: by its Message-ID, else by the addresses that are named."""
    for message_id in reading.message_ids:
        if (delivery := archive.outbox.of_message(message_id)) is not None:
            worst = max(reading.failures, key=lambda each: each.permanent)
            own = mailbox(delivery.recipient)
            yield own, delivery, next((each for each in reading.failures if own in each.addresses), worst)
            return
    if reading.message_ids or reading.returned_id:  # of another mail, or forged
        return
    ours = {mailbox(address) for address in archive.outbox.mailed(now - _LATELY)}
    for failure in reading.failures:
        found = next((own for address in failure.addresses if (own := _among(address, ours))), "")
        if found:
            yield found, None, failure


def _among(address: str, ours: set[str]) -> str:
    """Find an address among ours; some servers write it all in small letters."""
    if address in ours:
        return address
    alike = [each for each in ours if each.lower() == address.lower()]
    return alike[0] if len(alike) == 1 else ""


def _complained(archive: Archive, reading: Reading, now: datetime) -> Iterator[Taken]:
    concerned = list(_concerned(archive, reading, now))
    if not concerned:
        yield Taken("complaint", "nothing", "a complaint, but of no mail of ours")
    for recipient, delivery, _ in concerned:
        plan = delivery.plan if delivery else ""
        fresh = archive.recipients.leave(recipient, plan, now, how="complaint")
        what = plan or "all that we send"
        yield Taken(
            "complaint",
            "unsubscribed" if fresh else "known",
            f"complained; {'has left' if fresh else 'had left'} {what}",
            recipient,
            plan,
        )


def _leaves(archive: Archive, reading: Reading, now: datetime) -> Taken:
    found = leaving.find(archive, reading.token, "mail") if reading.token else None
    if found is None:
        why = "the signature in its subject is none of ours" if reading.token else "its subject has no signature"
        hint = f"presswatch recipient remove {reading.sender or 'ADDRESS'}"
        text = f"wants to leave, but {why}; if it is true: {hint}"
        return Taken("unsubscribe", "nothing", text, reading.sender)
    plan, recipient = found
    asked = "" if reading.sender == recipient else f"asked by {reading.sender}"
    fresh = archive.recipients.leave(recipient, plan, now, how="mail", why=asked)
    text = f"{'has left' if fresh else 'had left'} {plan}{f', {asked}' if asked else ''}"
    return Taken("unsubscribe", "unsubscribed" if fresh else "known", text, recipient, plan)


def _mark_of(reading: Reading, raw: bytes) -> str:
    """Tell a mail from all others, whatever stores of mail do to its lines."""
    return _mark(reading.own_id.encode() or b"\n".join(raw.split()))


def _mark(what: bytes) -> str:
    return hashlib.sha256(what).hexdigest()
