"""Who is to get what, by the configuration and by what people said since: for the commands and the page of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.archive import ALERTS
from crawler.mailboxes import mailbox
from crawler.records import Veto

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config


@dataclass(frozen=True, slots=True)
class Plan:
    """Something that is mailed: a digest, or the alerts of a watch."""

    #: As deliveries know it: morning, alert:espionage.
    name: str
    title: str
    recipients: tuple[str, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to a plan."""

    recipient: str
    #: "" where it is about all plans, of somebody whom the configuration names no more.
    plan: str
    #: active, or that of the veto.
    state: str
    #: Whether the configuration names them.
    wanted: bool
    veto: Veto | None = None
    #: How often mail came back, for good or for a while, since they were restored last.
    bounces: int = 0


def plans(config: Config) -> list[Plan]:
    """List what is mailed to people."""
    digests = [
        Plan(plan.name, plan.title or plan.name, _mailboxes(plan.recipients), plan.language)
        for plan in config.plans.values()
    ]
    alerts = [
        Plan(f"{ALERTS}{rules.name}", f"Alert {rules.name}", _mailboxes(rules.recipients))
        for rules in config.rules.values()
        if rules.alerts
    ]
    return digests + alerts


def of(config: Config, recipient: str) -> list[Plan]:
    """List the plans of which the configuration names somebody."""
    return [plan for plan in plans(config) if mailbox(recipient) in plan.recipients]


def standings(archive: Archive, config: Config, now: datetime) -> list[Standing]:
    """Tell of everybody whom the configuration names, and of everybody else of whom something is known."""
    came_back: dict[str, int] = {}
    for bounce in archive.recipients.bounces():
        came_back[bounce.recipient] = came_back.get(bounce.recipient, 0) + 1
    wanted = [(recipient, plan.name) for plan in plans(config) for recipient in plan.recipients]
    found, told = [], set()
    for recipient, plan in wanted:
        veto = archive.recipients.veto(recipient, plan, now)
        if veto is not None:
            told.add((veto.recipient, veto.plan, veto.state))
        state = veto.state if veto else "active"
        found.append(Standing(recipient, plan, state, True, veto, came_back.get(recipient, 0)))
    people = {recipient for recipient, _ in wanted}
    for veto in archive.recipients.vetoes(now):
        if (veto.recipient, veto.plan, veto.state) in told or veto.recipient.startswith("forgotten:"):
            continue
        if veto.recipient not in people or ((veto.recipient, veto.plan) not in wanted and veto.plan):
            bounces = came_back.get(veto.recipient, 0)
            found.append(Standing(veto.recipient, veto.plan, veto.state, False, veto, bounces))
    return sorted(found, key=lambda each: (each.recipient.rpartition("@")[::-1], not each.wanted, each.plan))


def _mailboxes(recipients: Sequence[str]) -> tuple[str, ...]:
    """Write each address in its one form, once."""
    return tuple(dict.fromkeys(filter(None, map(mailbox, recipients))))
