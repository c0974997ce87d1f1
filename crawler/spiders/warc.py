"""Reads the web pages out of WARC files, however they are packed, cut off or broken; nothing is fetched.

A file may be plain, packed record by record, or packed as a whole. What is damaged is told, and reading goes on with
the next record that can be found. Nothing here believes a length, a header or a promise of the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO

from warcio.statusandheaders import StatusAndHeadersParser

from crawler.errors import NoArticle
from crawler.net import bodies
from crawler.net.reservations import of_headers
from crawler.records import Fetched
from crawler.spiders.unpacking import BEGINNING, BadPacking, Cut, Place, Unpacked
from crawler.verdicts import fault

#: More than this is no header.
_LONGEST_HEAD = 256 * 1024
#: What HTTP headers may add to the largest body.
_SLACK = 256 * 1024
#: A file with more damaged places than this is not worth more time.
_MOST_DAMAGES = 1000
_PARSER = StatusAndHeadersParser([], verify=False)
_HTML = re.compile(r"\s*(text/html|application/xhtml\+xml)\s*(;|$)", re.IGNORECASE)
_LOOKS_HTML = re.compile(rb"<\s*(html\b|!doctype\s+html)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(;[^\r\n]{0,1000})?\r?\n")


@dataclass(frozen=True, slots=True)
class Capture:
    """One response as a WARC file holds it."""

    #: The address that answered, and the one that was asked for when it is another.
    url: str
    asked: str = ""
    date: datetime | None = None
    #: HTTP status line, headers and body; None when it is too large to be read.
    block: bytes | None = b""
    #: What the file says of the block.
    content_type: str = ""
    #: Why the capture itself says that it is not whole; "" when it is.
    truncated: str = ""
    #: It only says that its content was the same as that of another capture.
    revisit: bool = False
    #: Where the file goes on behind it.
    after: Place = field(default=BEGINNING, compare=False)


@dataclass(frozen=True, slots=True)
class Damage:
    """A place at which a file cannot be read, and what was done about it."""

    offset: int
    text: str
    #: Where the file goes on behind it.
    after: Place = field(default=BEGINNING, compare=False)

    def __str__(self) -> str:
        return f"byte {self.offset}: {self.text}"


def read_warc(file: IO[bytes], max_size: int, place: Place = BEGINNING) -> Iterator[Capture | Damage]:
    """Go through the responses of a WARC file; damage is told where it is met.

    What comes tells where it ends: from that ``place`` on, the same is read later that is read now.
    """
    stream = Unpacked(file, place)
    ahead = place.inside
    damages = 0
    while True:
        try:
            stream.skip(ahead)
            ahead = 0
            capture = _next(stream, max_size + _SLACK)
            if capture is None:
                return
            if capture.url:
                yield replace(capture, after=stream.place)
            continue
        except Cut:
            damage = Damage(stream.offset, "a record ends before its length is reached; it is left out")
        except BadPacking as error:
            damage = Damage(stream.offset, str(error))
            stream.resume()
        except _NoRecord as error:
            damage = Damage(stream.offset, str(error) + _seek_record(stream))
        ahead = 0
        damages += 1
        yield replace(damage, after=stream.place)
        if damages >= _MOST_DAMAGES:
            yield Damage(stream.offset, f"{damages} damaged places; what follows is not read", stream.place)
            return


#: How a record begins behind another one; a page may quote what only looks so.
_RECORD = re.compile(rb"\n\r?\n(WARC/1\.[01]\r?\n(?:[\w-]{1,60}:[^\n]{0,2000}\n){0,30}?WARC-Type:)", re.IGNORECASE)


class _NoRecord(Exception):
    """What stands here is no record; the message says what was found."""


def _next(stream: Unpacked, limit: int) -> Capture | None:
    """Read one record; None at the end of the file, a capture without address for a record that is no response."""
    if not _skip_blank(stream):
        return None
    inside = stream.at_start
    head = _head(stream, inside=inside)
    fields = _fields(head)
    length = _length(fields)
    if stream.left is not None and length > stream.left:
        raise _NoRecord("a record is longer than what is left of the file; looked for the next one")
    kind, begin = fields.get("warc-type", "").lower(), stream.offset
    block: bytes | None = None
    if kind == "response" and length <= limit:
        block = stream.take(length, inside=inside)
    else:
        stream.skip(length, inside=inside)
    if stream.left is not None:
        _check_length(stream, begin, length)
    if kind not in ("response", "revisit"):
        return Capture("")
    if kind == "revisit":
        return Capture(_address(fields.get("warc-target-uri", "")) or "(none)", revisit=True)
    return Capture(
        _address(fields.get("warc-target-uri", "")) or "(none)",
        _address(fields.get("presswatch-asked-uri", "")),
        _date(fields.get("warc-date", "")),
        block,
        fields.get("content-type", ""),
        fields.get("warc-truncated", ""),
    )


def _check_length(stream: Unpacked, begin: int, length: int) -> None:
    """Refuse the length of a record in a plain file that leads into another one: all up to there would be lost."""
    if not _skip_blank(stream):
        return
    while len(stream.data) < 5 and stream.grow():
        pass
    if stream.data.startswith(b"WARC/"):
        return
    within = stream.find_again(_RECORD, begin, begin + length)
    if within is None:
        raise _NoRecord("no record follows one, and too often was looked why; it is left out")
    if within >= 0:
        stream.go_to(within - 2)  # from where it is found
        raise _NoRecord(f"the length of the record at byte {begin} leads into another one; looked for the next one")


def _skip_blank(stream: Unpacked) -> bool:
    """Go to the next byte that is no line end; tell whether there is one."""
    while True:
        for at, byte in enumerate(stream.data):
            if byte not in b"\r\n":
                stream.drop(at)
                return True
        stream.drop(len(stream.data))
        if not stream.grow():
            return False


def _head(stream: Unpacked, *, inside: bool) -> bytes:
    """Take the head of a record up to its empty line."""
    while len(stream.data) < 5 and stream.grow(inside=inside):
        pass
    if not stream.data.startswith(b"WARC/"):
        found = bytes(stream.data[:20])
        raise _NoRecord(f"no record begins here (found {found!r}); looked for the next one")
    start = 0
    while True:
        ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := stream.data.find(mark, start)) >= 0]
        if ends:
            at, size = min(ends)
            return stream.take(at + size, inside=inside)
        start = max(0, len(stream.data) - 3)
        if len(stream.data) > _LONGEST_HEAD:
            raise _NoRecord(f"the head of a record is longer than {_LONGEST_HEAD} bytes; looked for the next one")
        if not stream.grow(inside=inside):
            stream.drop(len(stream.data))
            raise Cut


def _seek_record(stream: Unpacked) -> str:
    """Go to the next line that begins as a record does; tell what else was met on the way."""
    stream.drop(1)
    while True:
        at = stream.data.find(b"\nWARC/")
        if at >= 0:
            stream.drop(at + 1)
            return ""
        stream.drop(max(0, len(stream.data) - 5))
        try:
            if not stream.grow(inside=True):
                stream.drop(len(stream.data))
                return ""
        except BadPacking as error:
            stream.resume()
            return f"; {error}"
        except Cut:  # the next member begins with one
            return ""


def _fields(head: bytes) -> dict[str, str]:
    parsed = _PARSER.parse(io.BytesIO(head))
    return {name.strip().lower(): value.strip() for name, value in reversed(parsed.headers)}


def _length(fields: dict[str, str]) -> int:
    found = fields.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,15}", found, re.ASCII):
        raise _NoRecord(f"a record without a length (found {found[:40]!r}); looked for the next one")
    return int(found)


def _address(found: str) -> str:
    # wget 1.19 wrote <http://...>
    return found.removeprefix("<").removesuffix(">").strip()


def _date(found: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(found)
    except ValueError:
        return None
    return date.astimezone(UTC) if date.tzinfo and 1990 < date.year < 9000 else None


def page_of(capture: Capture, url: str, max_size: int, now: datetime) -> Fetched:
    """Undo how a page was sent; raise NoArticle with the reason when it is none that could hold an article."""
    if capture.revisit:
        raise NoArticle("duplicate", "its content is in another capture, to which it only points")
    if capture.block is None:
        raise NoArticle("too large", f"more than {max_size} bytes")
    if capture.truncated:
        raise NoArticle("connection", f"the capture was cut short ({capture.truncated[:40]})")
    status, fields, body = _http(capture)
    body = _unchunked(body) if "chunked" in fields.get("transfer-encoding", "").lower() else body
    kind = fields.get("content-type", "")
    packed = fields.get("content-encoding", "")
    if status == 200 and not packed and len(body) < _promised(fields):
        raise NoArticle("connection", "the body ends early")
    try:
        body = bodies.unpack(body, packed, max_size)
    except bodies.BodyError as error:
        # Some tools write the body unpacked and leave the header as it was.
        if not _LOOKS_HTML.search(body[:2048]):
            raise NoArticle(error.reason, error.detail) from error
    if len(body) > max_size:
        raise NoArticle("too large", f"more than {max_size} bytes")
    if why := fault(status, fields, body) or _no_html(kind, body):
        raise NoArticle(*why)
    asked, at = capture.asked or url, min(capture.date or now, now)
    return Fetched(asked, url, body, kind, status, at, reservation=of_headers(fields))


def _no_html(kind: str, body: bytes) -> tuple[str, str] | None:
    if _HTML.match(kind) or _LOOKS_HTML.search(body[:2048]):
        return None
    return "not html", f"declared as {kind[:80] or 'nothing'}"


def _http(capture: Capture) -> tuple[int, dict[str, str], bytes]:
    """Take an answer apart: status, headers by their names in lower case, body."""
    block = capture.block or b""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark, 0, _LONGEST_HEAD)) >= 0]
    if not block.startswith(b"HTTP/") or not ends:
        if _HTML.match(capture.content_type):
            return 200, {"content-type": capture.content_type}, block
        raise NoArticle("not html", "no HTTP answer")
    at, size = min(ends)
    status = re.match(rb"HTTP/[0-9.]{1,5} +([0-9]{3})\b", block)
    if status is None:
        raise NoArticle("http status", "no status")
    return int(status[1]), _fields(block[: at + size]), block[at + size :]


def _promised(fields: dict[str, str]) -> int:
    found = fields.get("content-length", "")
    return int(found) if re.fullmatch(r"[0-9]{1,15}", found, re.ASCII) else 0


def _unchunked(body: bytes) -> bytes:
    """Undo chunks; a body that has none in spite of its header is left as it is, one that ends early refused."""
    whole = bytearray()
    at = 0
    while match := _CHUNK_SIZE.match(body, at):
        size = int(match[1], 16)
        at = match.end()
        if not size:
            return bytes(whole)
        if at + size > len(body):
            break
        whole += body[at : at + size]
        at += size
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    if not at:
        return body
    raise NoArticle("connection", "the chunks of its body end early")
