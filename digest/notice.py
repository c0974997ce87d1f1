"""The notice to the operator of what does not mend itself, and of its end. One mail an incident.

The ledger remembers it: an incident is a slot of the job "notice", its kind and when it began; the same slot of the
job "all-clear" is its end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from crawler.errors import PresswatchError
from crawler.records import Delivery, Run
from digest import condition, deliver, incidents, transfer
from digest.incidents import Incident

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config

_NOTICE, _CLEAR = "notice", "all-clear"
_LEASE = timedelta(minutes=10)
_AGAIN = timedelta(hours=1)
#: What is older is over, whether anybody was told so or not.
_REMEMBERED = timedelta(days=90)
_BEGAN, _TIME = " @ ", "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class _Word:
    """One thing that the operator is told, with its run in the ledger."""

    run: Run
    text: str


def give(archive: Archive, config: Config, url: str, now: datetime) -> list[str]:
    """Mail the operator what is new among the incidents and what is over; tell what was done.

    Without an address, or while no mail goes out, it is told here all the same, once.
    """
    seen = incidents.find(condition.read(archive, config, url, now), config)
    # Whoever tells it runs: that nobody does can only be seen from outside.
    found = {each.kind: each for each in seen if each.kind != "service"}
    known = _known(archive, now)
    fresh = [word for each in found.values() if (word := _begin(archive, each, known.get(each.kind), now))]
    over = [word for kind, run in known.items() if kind not in found for word in _end(archive, run, now)]
    archive.runs.trim(_NOTICE, now - _REMEMBERED)
    archive.runs.trim(_CLEAR, now - _REMEMBERED)
    return _tell(archive, config, fresh, over, now) if fresh or over else []


def begun(archive: Archive, now: datetime) -> dict[str, datetime]:
    """Tell when each incident that lasts was noticed, by its kind."""
    return {
        kind: datetime.strptime(run.slot.rpartition(_BEGAN)[2], _TIME).replace(tzinfo=UTC)
        for kind, run in _known(archive, now).items()
    }


def _known(archive: Archive, now: datetime) -> dict[str, Run]:
    """Give the incidents that were noticed and have no end yet, by kind."""
    over = {run.slot for run in archive.runs.of(_CLEAR) if run.state == "done"}
    runs = [run for run in archive.runs.of(_NOTICE) if run.slot not in over and now - run.started < _REMEMBERED]
    return {run.slot.rpartition(_BEGAN)[0]: run for run in reversed(runs) if _BEGAN in run.slot}


def _begin(archive: Archive, incident: Incident, known: Run | None, now: datetime) -> _Word | None:
    """Take the run of an incident that nobody was told of; None when somebody was, or it is not time to try again."""
    if known is not None and (known.state == "done" or now < known.started + _AGAIN):
        return None
    slot = known.slot if known is not None else f"{incident.kind}{_BEGAN}{now:{_TIME}}"
    run = archive.runs.claim(_NOTICE, slot, now, _LEASE)
    return None if run is None else _Word(run, incident.text)


def _end(archive: Archive, noticed: Run, now: datetime) -> list[_Word]:
    """Take the run of the end of an incident; of one that nobody was told of the end is no news either."""
    before = archive.runs.get(_CLEAR, noticed.slot)
    if before is not None and now < before.started + _AGAIN:
        return []
    run = archive.runs.claim(_CLEAR, noticed.slot, now, _LEASE)
    if run is None:
        return []
    if noticed.state != "done":
        archive.runs.finish(run, "done", "", now)
        return []
    return [_Word(run, f"Over: {noticed.note}")]


def _tell(archive: Archive, config: Config, fresh: Sequence[_Word], over: Sequence[_Word], now: datetime) -> list[str]:
    operator, words = config.press.operator.mail, [*fresh, *over]
    failure = ""
    if operator:
        try:
            deliver.deliver(_mail(config, fresh, over, now), config)
        except PresswatchError as error:
            failure = str(error)
    for word in words:
        if failure:
            archive.runs.finish(word.run, "failed", failure, now)
        else:  # the note of an incident is what its end will quote
            archive.runs.finish(word.run, "done", word.text, now)
    whom = f"notice to {operator}: " if operator and not failure else ""
    said = [f"{whom}{word.text}" for word in words]
    return [*said, f"The notice to {operator} failed: {failure}"] if failure else said


def _mail(config: Config, fresh: Sequence[_Word], over: Sequence[_Word], now: datetime) -> Delivery:
    sender, operator = config.press.mail.sender, config.press.operator.mail
    key = "\n".join(f"{word.run.job} {word.run.slot}" for word in (*fresh, *over))
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = deliver.email.sender_of(sender)
    mail["To"] = operator
    mail["Subject"] = "Presswatch needs you" if fresh else "Presswatch is well again"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = deliver.email.message_id("notice", key, operator, sender)
    mail["Auto-Submitted"] = "auto-generated"
    transfer.fill(mail, "\n\n".join(word.text for word in (*fresh, *over)) + "\n")
    slot = hashlib.sha256(key.encode()).hexdigest()
    row = Delivery(0, 0, "notice", slot, operator, "email", mail["Message-ID"], mail.as_bytes())
    return deliver.signature.signed(row, config.press.mail)
