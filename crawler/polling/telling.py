"""How answers are told to people. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.errors import REASONS
from crawler.polling.answers import Answer

#: Reasons of errors.REASONS that mean "we may not", not "it did not work".
_REFUSED = frozenset({"robots", "address refused", "blocked"})


def is_refusal(answer: Answer) -> bool:
    """Tell "we may not" from "it did not work"."""
    return answer.reason in _REFUSED or (not answer.reason and answer.status in (401, 403, 407, 451))


def failure(answer: Answer) -> str:
    """Say why an answer is none that counts."""
    if answer.reason:
        return answer.detail or REASONS.get(answer.reason, answer.reason)
    if answer.status is None:
        return answer.detail or "no answer"
    if 200 <= answer.status < 300 and answer.status != 206:
        problem = answer.contents.problem if answer.contents else None
        return problem or answer.detail or f"the answer ({answer.status}) has no body"
    told = {
        206: "the server sent a part only (206), which nobody had asked for",
        304: "the server says 'not modified' (304) although it was asked for the whole",
        401: "the server wants a password (401)",
        403: "the server refuses us (403)",
        404: "there is nothing at this address (404)",
        410: "a temporary redirect leads to an address that was taken away (410)",
        451: "the server may not show it here for legal reasons (451)",
    }
    if answer.status in told:
        return told[answer.status]
    kind = "failed" if answer.status >= 500 else "answered"
    return f"the server {kind} ({answer.status})"


def show(time: datetime | None) -> str:
    """Write a time for people."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if time else "never"
