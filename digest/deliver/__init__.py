"""From the outbox to the reader: one delivery at a time, by its channel.

``prepare`` makes the rows of the outbox, ``deliver`` sends one of them or raises DeliveryError, which says whether a
later try may succeed; ``next_try`` says when.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest.content import EditionContent
from digest.deliver import chat, email, files, signature, webhook
from digest.render import Rendered

if TYPE_CHECKING:
    from crawler.config import Config, PlanConfig
    from digest.leaving import Readers

__all__ = ["CHANNELS", "deliver", "horizon", "next_try", "prepare", "shown"]

#: channel -> the function that sends a delivery or raises DeliveryError.
CHANNELS: dict[str, Callable[[Delivery, Config], None]] = {
    "email": email.deliver,
    "files": files.deliver,
    "webhook": webhook.deliver,
    "chat": chat.deliver,
}

#: Minutes after each failure; then once a day.
_BACKOFF = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440)
#: For how long what has no plan is tried, as mail servers do.
HORIZON = timedelta(days=2)


def deliver(delivery: Delivery, config: Config) -> None:
    """Send one delivery by its channel."""
    send = CHANNELS.get(delivery.channel)
    if send is None:
        known = ", ".join(sorted(CHANNELS))
        raise DeliveryError(f"no channel {delivery.channel!r} for {delivery.recipient}; there are {known}", False)
    send(delivery, config)


def next_try(attempts: int, now: datetime, horizon: timedelta = HORIZON) -> datetime | None:
    """Say when to try again after this many attempts, the last time when the horizon is reached; None to give up."""
    waits = [timedelta(minutes=_BACKOFF[min(number, len(_BACKOFF) - 1)]) for number in range(attempts)]
    left = horizon - sum(waits[:-1], timedelta())
    return now + min(waits[-1], left) if left > timedelta() else None


def horizon(plan: str, config: Config) -> timedelta:
    """Say for how long deliveries of a plan are tried; alerts and plans that are gone as mail servers do."""
    known = config.plans.get(plan)
    return HORIZON if known is None else timedelta(seconds=known.give_up)


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
        key = email.message_id(plan.name, slot, recipient, config.press.mail.sender)
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
        rows.append(Delivery(0, 0, plan.name, slot, recipient, "email", key, body))
    return [*(signature.signed(row, config.press.mail) for row in rows), *_posted(content, shared, plan)]


def _posted(content: EditionContent, rendered: Rendered, plan: PlanConfig) -> list[Delivery]:
    """Make the rows of webhooks and chats, of which the outbox knows no secret address."""
    slot = content.masthead.slot
    wanted = [(webhook.recipient(one), "webhook", webhook.body) for one in plan.webhooks]
    wanted += [(f"{chat.PREFIX}{one}", "chat", chat.body) for one in plan.chat]
    return [
        Delivery(0, 0, plan.name, slot, to, channel, email.message_id(plan.name, slot, to, ""), body(content, rendered))
        for to, channel, body in wanted
    ]


def shown(recipient: str) -> str:
    """Name a recipient for logs and people: of an address of the web the host only, as its path may be a secret."""
    if "://" not in recipient:
        return recipient
    try:
        parts = urlsplit(recipient)
    except ValueError:
        return "a web hook"
    return f"{parts.scheme}://{parts.hostname}/…"
