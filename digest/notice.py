"""The notice to the operator: nothing was stored, or a digest was not made, for too long. One mail an incident.

The ledger remembers it: an incident is a slot of the job "notice", named by what was last well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from crawler.errors import PresswatchError
from crawler.records import Delivery
from digest import deliver, plans

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config

_LEASE = timedelta(minutes=10)
_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that has stood still for too long."""

    #: The same for as long as it lasts.
    key: str
    text: str


def give(archive: Archive, config: Config, now: datetime) -> list[str]:
    """Mail what stands still to the operator, each incident once; tell what was done."""
    if not config.press.operator.mail:
        return []
    fresh = [incident for incident in find(archive, config, now) if _is_new(archive, incident, now)]
    return [_tell(archive, config, incident, now) for incident in fresh]


def find(archive: Archive, config: Config, now: datetime) -> list[Incident]:
    """Look for what has stood still for longer than notice_after."""
    before = now - timedelta(seconds=config.press.operator.notice_after)
    stands = [*_nothing_stored(archive, config, before), *_not_made(archive, config, now, before)]
    return [*stands, *_not_reviewed(archive, before)]


def _nothing_stored(archive: Archive, config: Config, before: datetime) -> Iterator[Incident]:
    changes = archive.changes.since(max(archive.changes.last() - 1, 0))
    first = archive.runs.first("crawl")
    # An archive in which nothing was ever stored counts from the first crawl that the ledger knows.
    last = changes[-1].at if changes else first.started if first else None
    if config.sources and last is not None and last < before:
        text = f"No article was stored since {last:%Y-%m-%d %H:%M} UTC; presswatch status says how each source does."
        yield Incident(f"stored {last:%Y-%m-%dT%H:%M:%SZ}", text)


def _not_made(archive: Archive, config: Config, now: datetime, before: datetime) -> Iterator[Incident]:
    for plan in config.plans.values():
        job = f"digest:{plan.name}"
        edition, first = archive.editions.last(plan.name), archive.runs.first(job)
        if edition is not None:
            missed = next((slot.due for slot in plans.slots(plan, edition.made_at, now)), None)
        else:  # a plan that the service never tried to make is new
            missed = first.started if first else None
        if missed is None or missed > before:
            continue
        run = archive.runs.last(job)
        why = f" ({run.note})" if run is not None and run.state == "failed" else ""
        text = f"No digest {plan.name} was made since {missed:%Y-%m-%d %H:%M} UTC{why}; presswatch doctor may say more."
        yield Incident(f"{plan.name} {missed:%Y-%m-%dT%H:%M:%SZ}", text)


def _not_reviewed(archive: Archive, before: datetime) -> Iterator[Incident]:
    """Find drafts that nobody looks at: no reader has their news."""
    for draft in archive.reviews.waiting():
        if draft.since < before:
            text = (
                f"No draft of {draft.plan} was approved since {draft.since:%Y-%m-%d %H:%M} UTC, "
                f"so nobody got its news. Draft {draft.edition} ({draft.slot}) waits: {draft.subject}\n"
                f"presswatch digest review {draft.edition} shows it; with --approve it goes out."
            )
            yield Incident(f"draft {draft.plan} {draft.since:%Y-%m-%dT%H:%M:%SZ}", text)


def _is_new(archive: Archive, incident: Incident, now: datetime) -> bool:
    run = archive.runs.get("notice", incident.key)
    return run is None or (run.state != "done" and now >= run.started + _AGAIN)


def _tell(archive: Archive, config: Config, incident: Incident, now: datetime) -> str:
    run = archive.runs.claim("notice", incident.key, now, _LEASE)
    operator = config.press.operator.mail
    if run is None:
        return f"notice to {operator}: under way"
    try:
        deliver.deliver(_mail(config, incident, now), config)
    except PresswatchError as error:
        archive.runs.finish(run, "failed", str(error), now)
        return f"{incident.text} The notice to {operator} failed: {error}"
    archive.runs.finish(run, "done", operator, now)
    return f"notice to {operator}: {incident.text}"


def _mail(config: Config, incident: Incident, now: datetime) -> Delivery:
    sender, operator = config.press.mail.sender, config.press.operator.mail
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = sender or "presswatch@localhost"
    mail["To"] = operator
    mail["Subject"] = "Presswatch stands still"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = deliver.email.message_id("notice", incident.key, operator, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{incident.text}\n")
    key = hashlib.sha256(incident.key.encode()).hexdigest()
    row = Delivery(0, 0, "notice", key, operator, "email", mail["Message-ID"], mail.as_bytes())
    return deliver.signature.signed(row, config.press.mail)
