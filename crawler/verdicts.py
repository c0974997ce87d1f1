"""Decide what becomes of a page by how it was answered. Nothing here asks anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler import challenges
from crawler.polling.wishes import retry_after
from crawler.records import Page

#: Their page was not to be had, but its feed entry says enough to know that there is an article.
KEPT_FROM_ENTRY = frozenset({
    "robots", "robots unreachable", "tdm reserved", "blocked", "paywalled", "no article", "consent wall",
    "needs javascript", "extraction limit", "workers died", "maintenance", "region",
})  # fmt: skip
#: They may pass by themselves.
TEMPORARY = frozenset({
    "robots unreachable", "server error", "too many requests", "timeout", "connection", "workers died", "maintenance",
    "region",
})  # fmt: skip
#: Of these, what is over in hours rather than in minutes.
_SLOW = frozenset({"maintenance", "region"})
#: A Retry-After of years would be a server's mistake.
_LONGEST_WAIT = timedelta(days=30)
_BACK_OFF = timedelta(minutes=5)
_SLOW_BACK_OFF = timedelta(hours=1)
_BACK_OFF_FACTOR = 5

_BY_STATUS = {
    401: "blocked",
    402: "paywalled",
    403: "blocked",
    404: "not found",
    410: "gone",
    429: "too many requests",
    451: "blocked",
}
_TEXT = re.compile(r"text/(html|plain)|application/(xhtml\+xml|xml)|text/xml", re.IGNORECASE)
_NO_TEXT = re.compile(
    rb"%PDF-|\x89PNG|GIF8|\xff\xd8\xff|PK\x03\x04|RIFF|\x1f\x8b|\x00\x00\x00.ftyp|OggS|ID3|BM.{4}\0\0\0\0"
)
_MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|head|body|article|meta|title|div|p)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a page that gave no article."""

    act: str  # "retry", "entry" or "drop"
    reason: str
    detail: str = ""
    #: For a retry: when.
    at: datetime | None = None


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> tuple[str, str] | None:
    """Say why a server did not give what it was asked for, as a reason and a detail; None when it did.

    Names of headers are in lower case.
    """
    if why := challenges.told(status, headers, body):
        return "blocked", why
    if status >= 500:
        return "server error", f"the server answered {status}"
    if status == 206:
        return "connection", "the server sent a part only (206), which nobody had asked for"
    if status != 200 and not 200 < status < 204:
        return _BY_STATUS.get(status, "http status"), f"the server answered {status}"
    return None


def fault(status: int, headers: Mapping[str, str], body: bytes) -> tuple[str, str] | None:
    """Say why an answer is no page that could be read, as a reason and a detail; None when it is one."""
    if refused := refusal(status, headers, body):
        return refused
    if not body.strip():
        return "empty", "the answer has no bytes"
    declared = headers.get("content-type", "").split(";", 1)[0].strip()
    if _NO_TEXT.match(body):
        return "not html", f"the body is no text (declared as {declared or 'nothing'})"
    # Pages without a type, or with a wrong one, are read when they look like HTML.
    if declared and not _TEXT.match(declared) and not _MARKUP.search(body[:2048]):
        return "not html", f"the server calls it {declared[:80]}"
    return None


def judge(page: Page, reason: str, detail: str, *, until: datetime | None, now: datetime, tries: int) -> Verdict:
    """Decide about a page that gave no article.

    ``until`` is when somebody allowed the next try (Retry-After, a held host). ``page.attempts`` counts this try too.
    """
    if reason in TEMPORARY and page.attempts < tries:
        at = until or now
        if until is None or reason == "robots unreachable":
            first = _SLOW_BACK_OFF if reason in _SLOW else _BACK_OFF
            at = max(at, now + first * _BACK_OFF_FACTOR ** max(page.attempts - 1, 0))
        return Verdict("retry", reason, detail, min(at, now + _LONGEST_WAIT))
    if reason in KEPT_FROM_ENTRY and page.entry is not None and page.entry.title.strip():
        return Verdict("entry", reason, detail)
    return Verdict("drop", reason, detail)


def pause(status: int, headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Say until when a server wants to be left alone; None when it does not ask for that.

    Names of headers are in lower case. A 429 that names no time is taken for a short one.
    """
    if status not in (429, 503):
        return None
    until = retry_after(headers.get("retry-after"), headers.get("date"), now)
    if until is None:
        return now + _BACK_OFF if status == 429 else None
    return min(until, now + _LONGEST_WAIT)
