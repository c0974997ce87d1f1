"""Unpack a body as it was sent, with a cap, and refuse one that is broken or ends early."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from typing import Any

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Sent as Accept-Encoding.
ACCEPTED = "gzip, deflate, br, zstd"
#: Bytes that are put in at once, and taken out at once. What is put in is small because unpackers copy what they
#: leave over: ten megabytes of empty gzip members would be copied half a million times.
_PIECE = 16 * 1024
_CHUNK = 64 * 1024
#: A zstd frame may ask for a window of gigabytes before its first byte; browsers stop at 8 MB.
_ZSTD_WINDOW_LOG = 23
#: Nobody packs a page more than twice; each layer costs a whole turn.
_MOST_CODINGS = 3
#: Members of a gzip body and frames of a zstd body; servers send one, parallel packers one for each 128 kB.
_MOST_MEMBERS = 10_000


class BodyError(Exception):
    """A body cannot be unpacked; ``reason`` is one of errors.REASONS."""

    def __init__(self, reason: str, detail: str):
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def unpack(body: bytes, content_encoding: str, limit: int, *, head: bool = False, stopped: bool = False) -> bytes:
    """Undo the Content-Encoding; refuse more than ``limit`` bytes, or with ``head`` give so many and leave the rest.

    ``stopped``: we ourselves have cut the body off.
    """
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if len(codings) > _MOST_CODINGS:
        raise BodyError("too large", f"packed {len(codings)} times over, more than {_MOST_CODINGS} is not unpacked")
    for coding in reversed(codings):
        if coding not in _CODINGS:
            raise BodyError("not html", f"Content-Encoding {coding[:40]!r} is not one that was asked for")
        if body:
            body = _joined(_CODINGS[coding](body), coding, limit, head=head, stopped=stopped)
    return body[:limit] if head else body


def _joined(chunks: Iterator[bytes], coding: str, limit: int, *, head: bool, stopped: bool) -> bytes:
    result = bytearray()
    try:
        for chunk in chunks:
            result += chunk
            if len(result) > limit and head:
                break
            if len(result) > limit:
                raise BodyError(
                    "too large", f"more than {limit} bytes when unpacked ({coding}), which is [crawl] max_size"
                )
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        if stopped and isinstance(error, EOFError):
            return bytes(result)
        raise BodyError("connection", f"the {coding} body is broken or ends early: {error}") from error
    return bytes(result)


class _Pieces:
    """Gives a body piece by piece, and takes back what was left over of the last one."""

    def __init__(self, body: bytes):
        self._body = memoryview(body)
        self._at = 0

    def next(self) -> bytes:
        """Give the next piece, b"" at the end."""
        piece = bytes(self._body[self._at : self._at + _PIECE])
        self._at += len(piece)
        return piece

    def take_back(self, rest: bytes) -> None:
        """Put back the end of the last piece."""
        self._at -= len(rest)

    def begins(self, magic: bytes) -> bool:
        """Tell whether what is left begins with some bytes."""
        return bytes(self._body[self._at : self._at + len(magic)]) == magic

    def __bool__(self) -> bool:
        return self._at < len(self._body)


def _inflated(body: bytes, wbits: int) -> Iterator[bytes]:
    pieces = _Pieces(body)
    for _ in range(_MOST_MEMBERS):
        unpacker: Any = zlib.decompressobj(wbits)
        while not unpacker.eof:
            waiting = unpacker.unconsumed_tail or pieces.next()
            yield (chunk := unpacker.decompress(waiting, _CHUNK))
            if not waiting and not chunk and not unpacker.eof:
                raise EOFError("it ends early")
        pieces.take_back(unpacker.unused_data)
        # A gzip body may have several members; anything else behind the end is padding of bad servers.
        if wbits != 31 or not pieces.begins(b"\x1f\x8b"):
            return
    raise BodyError("too large", f"more than {_MOST_MEMBERS} gzip members")


def _gzip(body: bytes) -> Iterator[bytes]:
    return _inflated(body, 31)


def _deflate(body: bytes) -> Iterator[bytes]:
    # "deflate" means zlib, but some servers send it bare: a zlib stream says so in its first two bytes.
    zlib_head = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return _inflated(body, 15 if zlib_head else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    pieces, unpacker = _Pieces(body), brotli.Decompressor()
    while not unpacker.is_finished():
        piece = pieces.next() if unpacker.can_accept_more_data() else b""
        yield (chunk := unpacker.process(piece, output_buffer_limit=_CHUNK))
        if not piece and not chunk and not pieces and not unpacker.is_finished():
            raise EOFError("it ends early")


def _zstd(body: bytes) -> Iterator[bytes]:
    pieces = _Pieces(body)
    for _ in range(_MOST_MEMBERS):
        unpacker = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
        while not unpacker.eof:
            piece = pieces.next() if unpacker.needs_input else b""
            if unpacker.needs_input and not piece:
                raise EOFError("it ends early")
            yield unpacker.decompress(piece, _CHUNK)
        pieces.take_back(unpacker.unused_data)
        if not pieces:
            return
    raise BodyError("too large", f"more than {_MOST_MEMBERS} zstd frames")


_CODINGS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
