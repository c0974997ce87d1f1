"""Webhook: the edition as JSON to an address that the operator chose. No redirects, no proxy of the environment."""

from __future__ import annotations

import http.client
import json
import os
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.config import hooks, target_variable
from crawler.errors import DeliveryError
from crawler.records import Delivery, as_json
from digest.content import EditionContent

if TYPE_CHECKING:
    from crawler.config import Config
    from digest.render import Rendered

#: Begins the recipients of the outbox whose address is a secret, kept elsewhere under this name: webhook:desk.
PREFIX = "webhook:"
_TIMEOUT = 30.0
#: Answers after which a later try may succeed, beside all 5xx.
LATER = frozenset({408, 425, 429})


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


def recipient(target: str) -> str:
    """Name an address, or a web hook that has a name, as the outbox does."""
    return target if "://" in target else f"{PREFIX}{target}"


def address(recipient: str, config: Config) -> str:
    """Give the address of a recipient; of one that has a name it is read from where it is kept, and told to nobody."""
    if not recipient.startswith(PREFIX):
        return recipient
    name = recipient.removeprefix(PREFIX)
    found = config.press.target("webhook", name, os.environ)
    variable = target_variable("webhook", name)
    given = f"{variable} or {variable}_FILE, or url_file in presswatch.toml"
    if not found:
        raise DeliveryError(f"{recipient}: it has no http(s) address; set {given}, to one", True)
    try:
        hooks.asked(found)
    except ValueError as error:
        raise DeliveryError(f"{recipient}: set {given}, to {error}", True) from None
    return found


def deliver(delivery: Delivery, config: Config) -> None:
    """Post a delivery; its Message-ID as Idempotency-Key lets the receiver know a second try.

    Of the address only the host is told: the rest may be a secret, which other people's errors and answers may repeat.
    """
    try:
        parts = urlsplit(hooks.asked(address(delivery.recipient, config)))
    except ValueError as error:
        raise DeliveryError(f"a web hook needs {error}; mend it, or call it by a name", False) from None
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    # Of an IPv6 address without a port http.client would take the end for one.
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port or 443, timeout=_TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port or 80, timeout=_TIMEOUT)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": delivery.message_id.strip("<>")}
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, delivery.body, headers)
        with connection.getresponse() as answer:
            status = answer.status
    except OSError as error:
        raise DeliveryError(f"{host}: {error or type(error).__name__}", True) from error
    except (http.client.InvalidURL, ValueError) as error:
        raise DeliveryError(f"{host}: its address cannot be asked ({type(error).__name__})", False) from None
    except http.client.HTTPException as error:
        raise DeliveryError(f"{host}: it gave no answer of HTTP ({type(error).__name__})", True) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        reason = http.client.responses.get(status, "")
        raise DeliveryError(f"{host} answered {status} {reason}".rstrip(), status >= 500 or status in LATER)
