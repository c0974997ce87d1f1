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
_CHUNK = 64 * 1024
#: A zstd frame may ask for a window of gigabytes before its first byte; browsers stop at 8 MB.
_ZSTD_WINDOW_LOG = 23


class BodyError(Exception):
    """A body cannot be unpacked; ``reason`` is one of errors.REASONS."""

    def __init__(self, reason: str, detail: str):
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def unpack(body: bytes, content_encoding: str, limit: int) -> bytes:
    """Undo the Content-Encoding, at most ``limit`` bytes of it."""
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    for coding in reversed([coding for coding in codings if coding not in {"", "identity"}]):
        if coding not in _CODINGS:
            raise BodyError("not html", f"Content-Encoding {coding[:40]!r} is not one that was asked for")
        if body:
            body = _joined(_CODINGS[coding](body), coding, limit)
    return body


def _joined(chunks: Iterator[bytes], coding: str, limit: int) -> bytes:
    result = bytearray()
    try:
        for chunk in chunks:
            result += chunk
            if len(result) > limit:
                raise BodyError("too large", f"more than {limit} bytes when unpacked ({coding})")
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise BodyError("connection", f"the {coding} body is broken or ends early: {error}") from error
    return bytes(result)


def _inflated(body: bytes, wbits: int) -> Iterator[bytes]:
    unpacker: Any = zlib.decompressobj(wbits)
    while True:
        while body and not unpacker.eof:
            yield unpacker.decompress(body, _CHUNK)
            body = unpacker.unconsumed_tail
        if not unpacker.eof:
            yield (rest := unpacker.flush(_CHUNK))
            if not unpacker.eof and not rest:
                raise EOFError("it ends early")
            continue
        # A gzip body may have several members; anything else behind the end is padding of bad servers.
        body = unpacker.unused_data
        if wbits != 31 or not body.startswith(b"\x1f\x8b"):
            return
        unpacker = zlib.decompressobj(wbits)


def _gzip(body: bytes) -> Iterator[bytes]:
    return _inflated(body, 31)


def _deflate(body: bytes) -> Iterator[bytes]:
    # "deflate" means zlib, but some servers send it bare: a zlib stream says so in its first two bytes.
    zlib_head = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return _inflated(body, 15 if zlib_head else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    chunk = unpacker.process(body, output_buffer_limit=_CHUNK)
    while chunk:
        yield chunk
        if unpacker.is_finished():
            return
        chunk = unpacker.process(b"", output_buffer_limit=_CHUNK)
    if not unpacker.is_finished():
        raise EOFError("it ends early")


def _zstd(body: bytes) -> Iterator[bytes]:
    while body:
        unpacker = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
        yield unpacker.decompress(body, _CHUNK)
        while not unpacker.eof:
            if unpacker.needs_input:
                raise EOFError("it ends early")
            yield unpacker.decompress(b"", _CHUNK)
        body = unpacker.unused_data


_CODINGS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
