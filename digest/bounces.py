"""What a mail to our sender says: that a digest came back, that somebody complains, wants to leave, or is away.

Reads delivery reports of RFC 3464 and 6533, complaints of RFC 5965, and the plain texts of mail servers that write
neither (qmail, Exim, OpenSMTPD and others). Nothing is believed here: ``bouncing`` asks the archive whose mail it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import Literal

from crawler.mailboxes import mailbox
from crawler.records import Bounce
from digest.content import clean, clip
from digest.leaving import TOKEN

Kind = Literal["bounce", "delay", "complaint", "unsubscribe", "auto-reply", "report", "other"]

#: Nobody is there, or the address cannot be one: no second mail is needed to know.
_AT_ONCE = frozenset({"5.1.1", "5.1.3", "5.1.6", "5.1.10"})
#: Other reasons may pass: on so many days, each at most _APART after the one before.
_DAYS, _APART = 3, timedelta(days=10)
#: A refusal by policy is mostly about the sender: all readers of a server would be lost by one bad week of ours.
_POLICY, _POLICY_DAYS = "5.7.", 7

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\d|\.\d)")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?![\d.])")
_NOBODY = re.compile(
    r"(?:user|mailbox|recipient|account|address|inbox)\b.{0,60}?\b(?:unknown|not (?:found|exist)|does(?: not|n.t) "
    r"exist|disabled|no longer)|unknown (?:user|recipient|mailbox|account|local)|no (?:such |mailbox)|"
    r"invalid (?:recipient|mailbox|user)|not a valid mailbox",
    re.IGNORECASE | re.DOTALL,
)
_FULL = re.compile(r"(?:mailbox|inbox|quota|storage).{0,30}(?:full|exceed)|(?:over|exceed).{0,20}quota", re.IGNORECASE)
_REFUSED = re.compile(r"\b(?:spam|blocked|blacklist|block ?list|policy|dmarc|spf|reputation)\b", re.IGNORECASE)

_DAEMON = re.compile(r"mailer-?daemon|postmaster|mail-?daemon|mdaemon|mail delivery", re.IGNORECASE)
_QMAIL = "This is the qmail-send program"
#: The line behind which the returned mail begins.
_RETURNED = re.compile(
    r"^\s*-{2,}.*(?:copy of|below this line|returned message|original message|undelivered message)|"
    r"^\s*below is a copy of the original message",
    re.IGNORECASE | re.MULTILINE,
)
_LATE = re.compile(
    r"temporary failure|delayed for|will be retried|still being (?:re)?tried|not been delivered yet",
    re.IGNORECASE,
)
_FOR_GOOD = re.compile(
    r"permanent|given up|giving up|could not be delivered|undeliverable|failure notice", re.IGNORECASE
)
_ADDRESS_LINE = re.compile(
    r"\s*(?:Recipient:\s*)?<?([^\s<>,;:()\"]+@[^\s<>,;:()\"]+)>?(?:\s*[:(].*|\s*)$", re.IGNORECASE
)
_OURS = re.compile(rb"<[0-9a-f]{40}@[A-Za-z0-9.-]+>")
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
_LONGEST = 300
#: What says what happened stands before the mail that comes back.
_MOST = 2_000_000


@dataclass(frozen=True, slots=True)
class Failure:
    """What a report says of one recipient."""

    #: The addresses that it names, ours perhaps among them: as it was asked for, and where it ended.
    addresses: tuple[str, ...]
    status: str
    why: str

    @property
    def permanent(self) -> bool:
        """Whether no later try will succeed."""
        return self.status.startswith("5.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail says."""

    kind: Kind
    failures: tuple[Failure, ...] = ()
    #: Message-IDs in the form of ours that stand in it.
    message_ids: tuple[str, ...] = ()
    #: The Message-ID of the mail that it returns, whoever sent that; "" when it returns none.
    returned_id: str = ""
    #: Who wrote it, by its own words.
    sender: str = ""
    #: What signs that somebody wants to leave; "" when nothing does.
    token: str = ""
    subject: str = ""
    #: When it was written; None when it does not say.
    at: datetime | None = None
    #: Its own Message-ID; "" when it has none.
    own_id: str = ""


def _returned_id(parts: Mapping[str, Message]) -> str:
    """Read the Message-ID of the mail that a report returns, whole or its header alone."""
    whole, head = parts.get("message/rfc822"), parts.get("text/rfc822-headers")
    if whole is not None and whole.is_multipart():
        returned = whole.get_payload(0)
    elif head is not None:
        returned = message_from_bytes(bytes(head.get_payload(decode=True) or b""))
    else:
        return ""
    return clip(clean(str(returned.get("Message-ID", ""))), _LONGEST) if isinstance(returned, Message) else ""


def read(raw: bytes) -> Reading:
    """Read a mail; whatever is wrong with it, it is at worst "other"."""
    try:
        return _read(raw[:_MOST])
    except Exception:  # noqa: BLE001  (anybody may send anything; Python's own reader raises many things)
        return Reading("other")


def status_of(text: str, code: int = 0) -> str:
    """Tell the status of a refusal (RFC 3463) from what a server said, if need be from its words; "" if it is none."""
    found = _STATUS.search(text)
    if found and not found[1].endswith(".0.0"):
        return found[1]
    reply = str(code)[0] if code else found[1][0] if found else m[1] if (m := _REPLY.search(text)) else ""
    for words, status in ((_FULL, ".2.2"), (_NOBODY, ".1.1"), (_REFUSED, ".7.1")):
        if words.search(text):
            return (reply or "5") + status
    return f"{reply}.0.0" if reply else ""


def hopeless(bounces: Sequence[Bounce]) -> bool:
    """Decide from what came back of somebody, the oldest first, whether to mail them no more."""
    permanent = [bounce for bounce in bounces if bounce.code.startswith("5.")]
    if any(bounce.code in _AT_ONCE for bounce in permanent):
        return True
    others = [bounce.at for bounce in permanent if not bounce.code.startswith(_POLICY)]
    return _in_a_row(others) >= _DAYS or _in_a_row([bounce.at for bounce in permanent]) >= _POLICY_DAYS


def counts_at_once(status: str) -> bool:
    """Tell whether a status says something about the recipient, whoever says it."""
    return status in _AT_ONCE or status.startswith("5.2.")


def _in_a_row(times: Sequence[datetime]) -> int:
    """Count the last days of which each lies close to the one before."""
    days: list[date] = sorted({at.astimezone(UTC).date() for at in times})
    row = 0
    for number, day in enumerate(days):
        row = row + 1 if number and day - days[number - 1] <= _APART else 1
    return row


def _read(raw: bytes) -> Reading:
    mail = message_from_bytes(raw)
    sender = mailbox(parseaddr(_header(mail, "From"))[1])
    reading = Reading(
        "other",
        message_ids=tuple(dict.fromkeys(found.decode() for found in _OURS.findall(raw))),
        sender=sender,
        subject=clip(clean(_header(mail, "Subject")), _LONGEST),
        at=_date(mail),
        own_id=clip(clean(str(mail.get("Message-ID", ""))), _LONGEST),
    )
    parts = {part.get_content_type(): part for part in reversed(list(mail.walk()))}
    reading = replace(reading, returned_id=_returned_id(parts))
    if (complaint := parts.get("message/feedback-report")) is not None:
        return _complaint(reading, complaint)
    report = parts.get("message/delivery-status") or parts.get("message/global-delivery-status")
    if report is not None:
        return _of_failures(reading, tuple(_reported(report)))
    if "message/disposition-notification" in parts:
        return _as(reading, "report")
    if leaves := _leaves(reading):
        return leaves
    if failures := tuple(_told(mail)):
        return _of_failures(reading, failures)
    return _as(reading, "auto-reply") if _is_automatic(mail) else reading


def _as(reading: Reading, kind: Kind, failures: tuple[Failure, ...] = (), token: str = "") -> Reading:
    return replace(reading, kind=kind, failures=failures, token=token)


def _of_failures(reading: Reading, failures: tuple[Failure, ...]) -> Reading:
    if not failures:
        return _as(reading, "report")
    return _as(reading, "bounce" if any(each.permanent for each in failures) else "delay", failures)


def _complaint(reading: Reading, part: Message) -> Reading:
    fields = next(_blocks(part), None)
    if fields is None or str(fields.get("Feedback-Type", "")).strip().lower() not in _COMPLAINTS:
        return _as(reading, "report")
    named = [str(value) for key in ("Original-Rcpt-To", "Removal-Recipient") for value in fields.get_all(key, [])]
    addresses = tuple(filter(None, (mailbox(_typed(value)) for value in named)))
    return _as(reading, "complaint", (Failure(addresses, "", "complained of it as spam"),))


def _reported(part: Message) -> Iterator[Failure]:
    """Read the recipients of a delivery report of whom it says that they failed or are late."""
    for fields in _blocks(part):
        action = str(fields.get("Action", "")).split("(")[0].strip().lower()
        named = (fields.get("Original-Recipient"), fields.get("Final-Recipient"))
        addresses = tuple(dict.fromkeys(filter(None, (mailbox(_typed(str(value))) for value in named if value))))
        if action not in {"failed", "delayed"} or not any(named):
            continue
        why = _line(_typed(str(fields.get("Diagnostic-Code", ""))))
        status = status_of(str(fields.get("Status", "")))
        if not status or status.endswith(".0.0"):
            status = status_of(why) or status
        kind = "5" if action == "failed" else "4"
        # A time that ran out is 4.4.7 to some servers, though nobody tries again.
        yield Failure(addresses, kind + (status or "5.0.0")[1:], why)


def _blocks(part: Message) -> Iterator[Message]:
    """Read the groups of fields in a part of a report, however Python took it apart."""
    payload = part.get_payload()
    if isinstance(payload, list):
        text = "\n\n".join(each.as_string() for each in payload if isinstance(each, Message))
    else:
        text = str(payload)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() in {"base64", "quoted-printable"}:
        whole = Message()
        whole["Content-Transfer-Encoding"] = str(part["Content-Transfer-Encoding"])
        whole.set_payload(text.strip())
        decoded = whole.get_payload(decode=True)
        text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else text
    for block in re.split(r"\r?\n[ \t]*\r?\n", text):
        if block.strip():
            yield HeaderParser().parsestr(block.strip() + "\n\n")


def _typed(value: str) -> str:
    """Take the type off a field, such as "rfc822; ana@example.org"."""
    kind, mark, rest = value.partition(";")
    bare = rest.strip() if mark and re.fullmatch(r"[\w-]+", kind.strip()) else value.strip()
    if mark and kind.strip().lower() == "utf-8":  # RFC 6533 writes letters beyond ASCII as \x{430}
        bare = re.sub(r"\\x\{([0-9A-Fa-f]{2,6})\}", lambda found: _letter(found[1]), bare)
    return bare


def _letter(number: str) -> str:
    return chr(int(number, 16)) if int(number, 16) < 0xD800 or 0xDFFF < int(number, 16) < 0x110000 else ""


def _leaves(reading: Reading) -> Reading | None:
    """Find the wish to leave: our own link writes it into the subject, with a signature."""
    if not re.search(r"\bunsubscribe\b", reading.subject, re.IGNORECASE):
        return None
    found = TOKEN.findall(reading.subject)
    return _as(reading, "unsubscribe", token=found[-1] if found else "")


def _told(mail: Message) -> Iterator[Failure]:
    """Read the failures out of a plain text, if a mail server wrote it."""
    text = _text(mail)
    failed = [mailbox(each) for each in re.split(r"[\s,]+", _header(mail, "X-Failed-Recipients"))]
    if not (any(failed) or _QMAIL in text or _DAEMON.search(_header(mail, "From"))):
        return
    returned = _RETURNED.search(text)
    notice = text[: returned.start()] if returned else text
    whole = f"{_header(mail, 'Subject')}\n{notice}"
    # What was tried in vain for too long is told with the last answer, which was "later".
    grade = "5" if _FOR_GOOD.search(whole) else "4" if _LATE.search(whole) else ""
    found = [Failure((address,), status, why) for address, why in _paragraphs(notice) if (status := status_of(why))]
    if not found and (status := status_of(notice)):
        found = [Failure((address,), status, _line(notice)) for address in failed if address]
    for each in found:
        yield Failure(each.addresses, (grade or each.status[0]) + each.status[1:], each.why)


def _paragraphs(notice: str) -> Iterator[tuple[str, str]]:
    """Give each address that begins a line, with what is said of it."""
    address, said = "", ""
    for line in [*notice.splitlines(), "<end@of.notice>"]:
        begins = _ADDRESS_LINE.match(line)
        if begins and mailbox(begins[1]):
            if address and said.strip():
                yield address, _line(said)
            address = mailbox(begins[1])
            said = line[begins.end(1) :].lstrip(">: \t")
        elif not line.strip() and said.strip():
            if address:
                yield address, _line(said)
            address, said = "", ""
        else:
            said += " " + line


def _text(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return ""


def _is_automatic(mail: Message) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    marked = any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return submitted != "no" or marked or precedence in {"auto_reply", "auto-reply"}


def _header(mail: Message, name: str) -> str:
    value = mail.get(name, "")
    try:
        return clean(str(make_header(decode_header(value))))
    except (LookupError, ValueError):  # a charset that there is not, bytes that are none of it
        return clean(str(value))


def _date(mail: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(mail.get("Date", "")))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _line(text: str) -> str:
    return clip(clean(text), _LONGEST)
