"""Unpacks a file of any size piece by piece: plain, one gzip member, or many, with a way on after damage."""

from __future__ import annotations

import io
import re
import zlib
from collections import deque
from typing import IO, Any, NamedTuple, cast

from isal import isal_zlib

#: Small, because unpackers copy what they leave over.
_CHUNK = 16 * 1024
#: Of a file that begins with damage so much is looked at to tell whether it is packed.
_LOOKED_AT = 1024 * 1024
_MAGIC = b"\x1f\x8b\x08"
#: Where the header of a member has a checksum of its own, which ISA-L takes for damage when it reads it in two parts.
_CHECKED = 2
_BROKEN = (zlib.error, cast("type[Exception]", isal_zlib.error))  # declared there as one error, not as their class
#: A member that unpacks to more than this and to so many times its size is a bomb.
_BOMB_SIZE = 64 * 1024 * 1024
_BOMB_RATIO = 200
#: Bytes that may be read a second time when looking for a way on, beside the file's own size.
_READ_AGAIN = 16 * 1024 * 1024
#: So many times the size of a plain file may be looked through again for records that wrong lengths swallow.
_TIMES_AGAIN = 4


class BadPacking(Exception):
    """The packed bytes are damaged; ``resume`` finds a way on."""


class Cut(Exception):
    """The member ended inside something that began with it, and the next one begins another record."""


class Place(NamedTuple):
    """Where in a file to go on: the byte at which to begin, and how many unpacked bytes from there to pass over."""

    offset: int = 0
    inside: int = 0


#: The beginning of a file.
BEGINNING = Place()


class Unpacked:
    """The unpacked bytes of a file from a place on; ``data`` is what was read and not yet taken.

    Whoever begins elsewhere than at the beginning passes over ``place.inside`` bytes with ``skip``.
    """

    def __init__(self, file: IO[bytes], place: Place = BEGINNING):
        self._file = file
        self._size = file.seek(0, io.SEEK_END)
        file.seek(0)
        self._raw = file.read(_CHUNK)
        #: Offset in the file of what comes after ``_raw``.
        self._read = len(self._raw)
        self._packed = self._raw.startswith(_MAGIC[:2]) or _lost_its_beginning(self._raw, file)
        if place.offset:
            file.seek(place.offset)
            self._raw = file.read(_CHUNK)
            self._read = place.offset + len(self._raw)
        file.seek(self._read)
        self._unpacker = _unpacker(self._raw) if self._packed and self._raw else None
        self._start = place.offset
        self._member_out = 0
        #: All that was unpacked, and how much of it when each member began of which something may be in ``data``.
        self._out = 0
        self._members = deque([(0, self._start)])
        self._again = 0
        self._fresh = b""
        #: True while nothing of the current member was taken.
        self.at_start = True
        self.data = bytearray()

    @property
    def offset(self) -> int:
        """Where in the file we are: the beginning of the member, or the byte of a plain file."""
        return self._start if self._packed else max(0, self._read - len(self._raw) - len(self.data))

    @property
    def place(self) -> Place:
        """Where ``data`` begins."""
        if not self._packed:
            return Place(self.offset)
        taken = self._out - len(self.data) - len(self._fresh)
        while len(self._members) > 1 and self._members[1][0] <= taken:
            self._members.popleft()
        before, start = self._members[0]
        return Place(start, taken - before)

    @property
    def left(self) -> int | None:
        """How many bytes a plain file still has; None for a packed one, which does not tell."""
        return None if self._packed else self._size - self.offset

    def grow(self, *, inside: bool = False) -> bool:
        """Read some more; False at the end of the file. ``inside``: a record that began with the member ends with it.

        Where the next member begins with another record while ``inside`` one, Cut is raised and that record is next.
        """
        while not self._more():
            if not self._following():
                return False
            if inside and self._fresh.startswith(b"WARC/"):
                self.data.clear()
                self.at_start = True
                self._settle()
                raise Cut
            self.at_start = not self.data
            self._settle()
            if self.data:
                return True
        return True

    def take(self, size: int, *, inside: bool = False) -> bytes:
        """Take so many bytes; raise Cut when there are not as many."""
        while len(self.data) < size:
            if not self.grow(inside=inside):
                self.data.clear()
                raise Cut
        taken = bytes(self.data[:size])
        self.drop(size)
        return taken

    def skip(self, size: int, *, inside: bool = False) -> None:
        """Pass over so many bytes; raise Cut when there are not as many."""
        while size > len(self.data):
            size -= len(self.data)
            self.drop(len(self.data))
            if not self.grow(inside=inside):
                raise Cut
        self.drop(size)

    def drop(self, size: int) -> None:
        """Forget the first bytes."""
        if size:
            del self.data[:size]
            self.at_start = False

    def find_again(self, pattern: re.Pattern[bytes], begin: int, end: int) -> int | None:
        """Find where the first group of a pattern begins in bytes of a plain file that were passed over.

        -1 where it is not there, None where too much was read again already.
        """
        if self._again > _TIMES_AGAIN * self._size + _READ_AGAIN:
            return None
        self._again += end - begin
        self._file.seek(begin)
        kept, at = b"", begin
        while at < end and (chunk := self._file.read(min(_LOOKED_AT, end - at))):
            at += len(chunk)
            kept += chunk
            if found := pattern.search(kept):
                break
            kept = kept[-_CHUNK:]
        else:
            found = None
        self._file.seek(self._read)
        return -1 if found is None else at - len(kept) + found.start(1)

    def go_to(self, offset: int) -> None:
        """Go to a byte of a plain file."""
        self._file.seek(offset)
        self._read, self._raw = offset, b""
        self.data.clear()

    def resume(self) -> None:
        """Go on with the next member that can be found behind damage."""
        self.data.clear()
        self.at_start = True
        begin = self._start + 1
        if self._again > self._read + _READ_AGAIN:
            begin = max(begin, self._read - len(self._raw))  # never read a hostile file over and over
        self._again += max(0, self._read - begin)
        self._file.seek(begin)
        self._read, self._raw = begin, b""
        while True:
            chunk = self._file.read(_CHUNK)
            self._read += len(chunk)
            self._raw += chunk
            at = self._raw.find(_MAGIC)
            if at >= 0:
                self._begin(self._read - len(self._raw) + at, self._raw[at:])
                return
            if not chunk:
                self._raw, self._unpacker = b"", None
                self._members = deque([(self._out, self._read)])
                return
            self._raw = self._raw[-(len(_MAGIC) - 1) :]

    def _more(self) -> bool:
        """Put some bytes of the current member into ``data``; False when it has none left."""
        if self._unpacker is None:
            if not self._raw and not self._packed:
                self._raw = self._file.read(_CHUNK)
                self._read += len(self._raw)
            self.data += self._raw
            found, self._raw = bool(self._raw), b""
            return found
        piece = self._piece()
        self.data += piece
        return bool(piece)

    def _piece(self) -> bytes:
        """Unpack some bytes; none when the member has ended."""
        piece: bytes
        unpacker = self._unpacker
        while unpacker is not None and not unpacker.eof:
            if not self._raw:
                self._raw = self._file.read(_CHUNK)
                self._read += len(self._raw)
            ended = not self._raw
            try:
                piece = unpacker.decompress(self._raw, _CHUNK)  # at the end it may still hold some
            except _BROKEN as error:
                raise BadPacking(f"the gzip data are broken ({error}); looked for the next record") from error
            if ended and not piece and not unpacker.eof:
                self._unpacker = None
                raise BadPacking("the gzip data end early; what came before is read")
            self._raw = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            self._member_out += len(piece)
            self._out += len(piece)
            read = self._read - len(self._raw) - self._start
            if self._member_out > _BOMB_SIZE and self._member_out > _BOMB_RATIO * read:
                raise BadPacking(f"{read} bytes unpack to {self._member_out} and more: a bomb; looked for what follows")
            if piece:
                return piece
        return b""

    def _following(self) -> bool:
        """Begin the next member with its first bytes in ``_fresh``; False when there is none."""
        if not self._packed or self._unpacker is None:
            return False
        while True:
            self._raw = self._raw.lstrip(b"\0")  # padding, as tapes leave it
            if len(self._raw) > len(_MAGIC):
                break
            chunk = self._file.read(_CHUNK)
            self._read += len(chunk)
            self._raw += chunk
            if not chunk:
                break
        if not self._raw:
            self._unpacker = None
            return False
        self._begin(self._read - len(self._raw), self._raw)
        while len(self._fresh) < 5 and (piece := self._piece()):
            self._fresh += piece
        return True

    def _begin(self, start: int, raw: bytes) -> None:
        self._start, self._raw = start, raw
        self._members.append((self._out, start))
        self._unpacker = _unpacker(raw)
        self._member_out = 0
        self._fresh = b""

    def _settle(self) -> None:
        self.data += self._fresh
        self._fresh = b""


def _unpacker(raw: bytes) -> Any:
    """Begin to unpack a member that begins so."""
    checked = len(raw) > len(_MAGIC) and raw[len(_MAGIC)] & _CHECKED
    return zlib.decompressobj(31) if checked else isal_zlib.decompressobj(31)


def _lost_its_beginning(raw: bytes, file: IO[bytes]) -> bool:
    """Tell whether a file that does not begin as a packed one is one all the same: packed, it shows no record."""
    if raw.lstrip(b"\r\n").startswith(b"WARC/"):
        return False
    raw += file.read(_LOOKED_AT)
    return _MAGIC in raw and b"WARC/1." not in raw
