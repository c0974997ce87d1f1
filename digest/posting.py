"""Posts JSON to another machine's programming interface and reads its JSON answer; for plug-ins.

No redirects, no proxy of the environment, no answer that is too long or takes too long. What goes wrong is a
PluginError that names the host and never the key.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import PluginError
from crawler.urls import is_fetchable
from digest.content import clean, clip

#: An answer is a few sentences.
_LONGEST = 1_000_000


def post(url: str, question: object, *, timeout: float, key: str = "") -> Any:
    """Post a question and give the answer, or raise PluginError."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_fetchable(url):
        raise PluginError(f"{url!r} is no http(s) address")
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if not (key.isascii() and key.isprintable()):
        raise PluginError("the key has letters that no key has; it is one line of ASCII")  # and is told to nobody
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        status, body = _exchange(url, json.dumps(question).encode(), headers, timeout)
    except (OSError, ValueError, http.client.HTTPException) as error:
        why = "no answer in time" if isinstance(error, TimeoutError) else error or type(error).__name__
        raise PluginError(f"{host}: {why}") from error
    if status != 200:
        raise PluginError(f"{host} answered {status}: {_problem(body)}")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PluginError(f"{host} answered what is no JSON") from error


def _exchange(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, bytes]:
    parts = urlsplit(url)
    until = time.monotonic() + timeout
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        with connection.getresponse() as answer:
            received = b""
            # A server that sends a byte now and then would never run into the timeout of a single read.
            while part := answer.read1(65536):
                received += part
                if len(received) > _LONGEST:
                    raise ValueError("the answer is too long")
                if time.monotonic() > until:
                    raise TimeoutError
            return answer.status, received
    finally:
        connection.close()


def _problem(body: bytes) -> str:
    """Give what an error's answer says, in one short line."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)["error"]
        text = found if isinstance(found, str) else str(found["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return clip(clean(text), 200) or "nothing"
