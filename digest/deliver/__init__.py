"""From the outbox to the reader: one delivery at a time, by its channel.

``prepare`` makes the rows of the outbox, ``deliver`` sends one of them or raises DeliveryError, which says whether a
later try may succeed; ``next_try`` says when.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest.content import EditionContent
from digest.deliver import email, files, signature, webhook
from digest.render import Rendered

if TYPE_CHECKING:
    from crawler.config import Config, PlanConfig
    from digest.leaving import Readers

__all__ = ["CHANNELS", "deliver", "next_try", "prepare"]

#: channel -> the function that sends a delivery or raises DeliveryError.
CHANNELS: dict[str, Callable[[Delivery, Config], None]] = {
    "email": email.deliver,
    "files": files.deliver,
    "webhook": webhook.deliver,
}

#: Minutes after each failure; two days in all, as mail servers wait.
_BACKOFF = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440)


def deliver(delivery: Delivery, config: Config) -> None:
    """Send one delivery by its channel."""
    send = CHANNELS.get(delivery.channel)
    if send is None:
        known = ", ".join(sorted(CHANNELS))
        raise DeliveryError(f"no channel {delivery.channel!r} for {delivery.recipient}; there are {known}", False)
    send(delivery, config)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Say when to try again after this many attempts; None when it is time to give up."""
    return now + timedelta(minutes=_BACKOFF[attempts - 1]) if attempts <= len(_BACKOFF) else None


def prepare(
    content: EditionContent, rendered: Rendered, plan: PlanConfig, config: Config, readers: Readers
) -> list[Delivery]:
    """Make the rows of the outbox: the files always, a mail for each recipient against whom nothing stands.

    The edition's number is 0 until the archive gives it.
    """
    slot = content.masthead.slot
    folder = str(plan.folder)
    key = email.message_id(plan.name, slot, folder, "")
    shared = readers.shared(rendered)
    rows = [Delivery(0, 0, plan.name, slot, folder, "files", key, files.body(content, shared))]
    for recipient in readers.recipients:
        channel = "webhook" if "://" in recipient else "email"
        key = email.message_id(plan.name, slot, recipient, config.press.mail.sender)
        if channel == "webhook":
            body = webhook.body(content, shared)
        else:
            body = email.message(
                readers.own(rendered, recipient),
                sender=config.press.mail.sender,
                recipient=recipient,
                plan=plan.name,
                title=content.masthead.title,
                slot=slot,
                made_at=content.masthead.data_until,
                unsubscribe=readers.unsubscribe(recipient),
            )
        rows.append(Delivery(0, 0, plan.name, slot, recipient, channel, key, body))
    return [signature.signed(row, config.press.mail) for row in rows]
