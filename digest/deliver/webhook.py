"""Webhook: the edition as JSON to an address that the operator chose. No redirects, no proxy of the environment."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.errors import DeliveryError
from crawler.records import Delivery, as_json
from crawler.urls import is_fetchable
from digest.content import EditionContent, clean

if TYPE_CHECKING:
    from crawler.config import Config
    from digest.render import Rendered

_TIMEOUT = 30.0
#: Answers after which a later try may succeed, beside all 5xx.
_LATER = frozenset({408, 425, 429})


def body(content: EditionContent, rendered: Rendered) -> bytes:
    """Write what is posted: subject, text and the whole content."""
    head = content.masthead
    whole = {
        "plan": head.plan,
        "slot": head.slot,
        "subject": rendered.subject,
        "text": rendered.text.decode(),
        "content": as_json(content),
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def deliver(delivery: Delivery, config: Config) -> None:  # noqa: ARG001  (the face of every channel)
    """Post a delivery; its Message-ID as Idempotency-Key lets the receiver know a second try."""
    if not is_fetchable(delivery.recipient):
        raise DeliveryError(f"{delivery.recipient!r} is no http(s) address", False)
    parts = urlsplit(delivery.recipient)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=_TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=_TIMEOUT)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": delivery.message_id.strip("<>")}
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, delivery.body, headers)
        with connection.getresponse() as answer:
            status, reason = answer.status, clean(answer.reason)
    except (OSError, http.client.HTTPException) as error:
        raise DeliveryError(f"{host}: {error or type(error).__name__}", True) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        # The path may be a secret: it is not told.
        raise DeliveryError(f"{host} answered {status} {reason}", status >= 500 or status in _LATER)
