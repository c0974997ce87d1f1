"""Gzip members that can be skipped, found and blotted out without unpacking them: what our raw files are made of.

Each member's header says how long the member is ("sl", as Heritrix writes it and every gzip reader overlooks it) and
whose page it holds ("pw", hashes of its addresses). So a file is walked through by its headers alone, a torn end is
seen at once, and a forgotten page is found also when nothing in the archive names it any more.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO

#: Deflate, an extra field, no time, no system.
MAGIC = b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff"
#: The same with a comment, which fills the room of what was blotted out.
_BLOT_MAGIC = b"\x1f\x8b\x08\x14\x00\x00\x00\x00\x00\xff"
_FIXED = struct.Struct("<10sH2sHII")
_SUBFIELD = struct.Struct("<2sH")
_HASH = 16
#: An asked and a final address, and room for more.
_MOST_HASHES = 64
#: No header is longer.
LONGEST_HEADER = _FIXED.size + _SUBFIELD.size + _HASH * _MOST_HASHES
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One whole member in a file, by its header."""

    offset: int
    length: int
    #: Length of its content when unpacked.
    unpacked: int
    hashes: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of a file that is no whole member."""

    offset: int
    end: int
    #: It begins as one of ours: a write that was cut off.
    torn: bool


def address_hash(url: str) -> bytes:
    """Hash an address for the header of its member."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:_HASH]


def pack(content: bytes, urls: Collection[str] = ()) -> bytes:
    """Make a member."""
    hashes = b"".join(sorted({address_hash(url) for url in urls})[:_MOST_HASHES])
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = packer.compress(content) + packer.flush() + _trailer(content)
    own = _SUBFIELD.pack(b"pw", len(hashes)) + hashes if hashes else b""
    length = _FIXED.size + len(own) + len(body)
    return _FIXED.pack(MAGIC, 12 + len(own), b"sl", 8, length, len(content)) + own + body


def blot(content: bytes, length: int) -> bytes:
    """Make a member of a given length that holds something else and names no address."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(content) + packer.flush() + _trailer(content)
    room = length - _FIXED.size - 1 - len(body)
    if room < 0:
        raise ValueError(f"{length} bytes do not hold {_FIXED.size + 1 + len(body)}")
    return _FIXED.pack(_BLOT_MAGIC, 12, b"sl", 8, length, len(content)) + b" " * room + b"\0" + body


def unpack(member: bytes, limit: int) -> bytes:
    """Give the content of a member; raise zlib.error or ValueError when it is not whole."""
    unpacker = zlib.decompressobj(31)
    content = unpacker.decompress(member, limit + 1)
    if len(content) > limit:
        raise ValueError(f"more than {limit} bytes when unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("its length is not what its header says")
    return content


def walk(file: IO[bytes], start: int = 0) -> Iterator[Member | Broken]:
    """Go through the members of an open file from an offset on; after damage it goes on with the next whole member."""
    size = os.fstat(file.fileno()).st_size
    offset = start
    while offset < size:
        member = _member(file, offset, size)
        if member is None:
            end = _following(file, offset + 1, size)
            head = _read(file, len(MAGIC), offset)
            yield Broken(offset, end, any(magic.startswith(head) for magic in (MAGIC, _BLOT_MAGIC)))
            offset = end
        else:
            yield member
            offset += member.length


def member_at(file: IO[bytes], offset: int) -> Member | None:
    """Read the header at an offset; None when no whole member is there."""
    return _member(file, offset, os.fstat(file.fileno()).st_size)


def _member(file: IO[bytes], offset: int, size: int) -> Member | None:
    head = _read(file, LONGEST_HEADER, offset)
    if len(head) < _FIXED.size:
        return None
    magic, extra, name, eight, length, unpacked = _FIXED.unpack_from(head)
    if magic not in (MAGIC, _BLOT_MAGIC) or name != b"sl" or eight != 8 or not _FIXED.size < length <= size - offset:
        return None
    own = head[_FIXED.size : 12 + extra]
    hashes = own[_SUBFIELD.size :] if own.startswith(b"pw") and len(own) == extra - 12 else b""
    return Member(
        offset,
        length,
        unpacked,
        frozenset(hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)),
    )


def _following(file: IO[bytes], offset: int, size: int) -> int:
    """Find the next whole member; the end of the file when there is none."""
    while offset < size:
        chunk = _read(file, _CHUNK + len(MAGIC) - 1, offset)
        at = -1
        while (at := chunk.find(MAGIC[:3], at + 1)) >= 0:
            if _member(file, offset + at, size) is not None:
                return offset + at
        offset += _CHUNK
    return size


def _read(file: IO[bytes], size: int, offset: int) -> bytes:
    file.seek(offset)
    return file.read(size)


def _trailer(content: bytes) -> bytes:
    return struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
