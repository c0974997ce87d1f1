"""The folder of raw pages: every page as it came, one WARC file a day (UTC), each record a gzip member of its own.

All processes write to one file; each append holds the folder's lock for the few milliseconds of writing and syncing.
(A file for each process and day would need the lock all the same, for `forget` and `prune`, and would leave hundreds
of small files.) Whoever writes next cuts off what a killed process left unfinished at the end.
A forgotten page is blotted out in place: every other record keeps its offset, and its bytes are gone from the disk.
"""

from __future__ import annotations

import io
import os
import re
import sys
import time
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import responses
from pathlib import Path
from typing import IO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler import __version__, locking
from crawler.config import Config
from crawler.errors import PresswatchError, UsageError
from crawler.raw.members import LONGEST_HEADER, Member, address_hash, blot, member_at, pack, unpack, walk

_NAME = re.compile(r"presswatch-(\d{4}-\d\d-\d\d)(?:-(\d{1,4}))?\.warc\.gz", re.ASCII)
_REF = re.compile(r"([^#/\\]+)#(\d{1,18})", re.ASCII)
#: How long a write waits for another process, in seconds.
_PATIENCE = 10.0
#: No record is unpacked to more than this.
_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as the server sent it."""

    #: As asked for, and as answered after redirects.
    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    #: Packed as Content-Encoding says.
    body: bytes
    fetched_at: datetime
    #: Further addresses under which it is known, so that forgetting finds it.
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawSize:
    """What a raw folder holds."""

    files: int
    bytes: int
    first: date | None = None
    last: date | None = None

    def told(self) -> str:
        """Say it in a few words."""
        if not self.files:
            return "nothing"
        size = f"{self.bytes / 1e6:.1f} MB" if self.bytes >= 1e6 else f"{self.bytes / 1e3:.0f} kB"
        days = f"of {self.first}" if self.first == self.last else f"of {self.first} to {self.last}"
        return f"{size} {days}"


class RawError(PresswatchError):
    """A raw page cannot be written or read; no article is lost by it."""


def raw_folder(config: Config, archive: Path | None) -> RawFolder | None:
    """Name the folder of an archive's raw pages: as configured, else beside the archive; None where there is none."""
    if config.press.raw.folder:
        return RawFolder(Path(config.press.raw.folder).expanduser())
    return None if archive is None else RawFolder(archive.parent / f"{archive.stem}-raw")


def raw_to_keep(config: Config, archive: Path | None) -> RawFolder | None:
    """Give the folder to which raw pages are to be written; None when none are wanted."""
    if config.press.raw.keep is None:
        return None
    folder = raw_folder(config, archive)
    if folder is None:
        raise UsageError('presswatch.toml: raw.folder: found "", wanted a folder: the archive is no file to lie beside')
    return folder


class RawFolder:
    """The day files of an archive."""

    def __init__(self, folder: Path, *, patience: float = _PATIENCE):
        self.folder = folder
        self._patience = patience
        #: File -> (its identity, how far it is known to be sound).
        self._sound: dict[str, tuple[tuple[int, int], int]] = {}

    def append(self, pages: Sequence[RawPage]) -> list[str]:
        """Write pages to the files of their days, and give where each of them lies once it is safely on the disk."""
        records = [(f"{page.fetched_at.astimezone(UTC):%Y-%m-%d}", _record(page)) for page in pages]
        refs: dict[int, str] = {}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._locked():
                for day in sorted({day for day, _ in records}):
                    chosen = [number for number, (own, _) in enumerate(records) if own == day]
                    name, offsets = self._append(day, [records[number][1] for number in chosen])
                    refs |= {number: f"{name}#{offset}" for number, offset in zip(chosen, offsets, strict=True)}
        except OSError as error:
            raise RawError(f"{self.folder}: {error.strerror or error}") from error
        return [refs[number] for number in range(len(pages))]

    def read(self, ref: str) -> bytes:
        """Give a record, unpacked."""
        file, offset = self._place(ref)
        try:
            with file.open("rb", buffering=0) as stream:
                member = member_at(stream, offset)
                if member is None:
                    raise RawError(f"{ref}: no record is there in {self.folder}")
                stream.seek(offset)
                return unpack(stream.read(member.length), min(_LARGEST, member.unpacked))
        except FileNotFoundError as error:
            raise RawError(f"{ref}: there is no such file in {self.folder} (any more)") from error
        except OSError as error:
            raise RawError(f"{ref}: {error.strerror or error}") from error
        except (zlib.error, ValueError) as error:
            raise RawError(f"{ref}: the record is damaged: {error}") from error

    def erase(self, urls: Collection[str]) -> int:
        """Blot out every record of some addresses; tell how many there were."""
        wanted = {address_hash(url) for url in urls}
        count = 0
        if not self.files():
            return count
        try:
            with self._locked():
                for _, file in self.files():
                    with file.open("r+b", buffering=0) as stream:
                        count += _erase(stream, wanted)
        except OSError as error:
            raise RawError(f"{self.folder}: {error.strerror or error}; the raw pages are not forgotten") from error
        return count

    def take_back(self, ref: str) -> None:
        """Blot out one record."""
        file, offset = self._place(ref)
        try:
            with self._locked(), file.open("r+b", buffering=0) as stream:
                member = member_at(stream, offset)
                if member is not None:
                    _blot_out(stream, member)
        except OSError as error:
            raise RawError(f"{ref}: {error.strerror or error}") from error

    def prune(self, before: datetime, *, dry_run: bool = False) -> RawSize:
        """Remove the files of the days that were over at a time, or only tell which."""
        end = before.astimezone(UTC).date()
        gone = [(day, file) for day, file in self.files() if day < end]
        size = _size(gone)
        if gone and not dry_run:
            try:
                with self._locked():
                    for _, file in gone:
                        file.unlink(missing_ok=True)
            except OSError as error:
                raise RawError(f"{self.folder}: {error.strerror or error}") from error
        return size

    def size(self) -> RawSize:
        """Say how much there is."""
        return _size(self.files())

    def fault(self) -> str | None:
        """Say why nothing could be written here; None when it can. Nothing is made or changed."""
        place = self.folder
        while not place.exists() and place != place.parent:
            place = place.parent
        if not place.is_dir():
            return f"{place}: this is no folder"
        if not os.access(place, os.W_OK | os.X_OK):
            return f"{place}: it cannot be written to; check its rights"
        return None

    def files(self) -> list[tuple[date, Path]]:
        """List the files with their days, the oldest first."""
        try:
            matches = [(_NAME.fullmatch(file.name), file) for file in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        found = [
            (day, int(match[2] or 1), file) for match, file in matches if match and (day := _day(match[1])) is not None
        ]
        return [(day, file) for day, _, file in sorted(found)]

    def _append(self, day: str, records: Sequence[bytes]) -> tuple[str, list[int]]:
        """Write records to a day's file behind its last whole one, under the lock."""
        for number in range(1, 1000):
            file = self.folder / f"presswatch-{day}{'' if number == 1 else f'-{number}'}.warc.gz"
            file.touch()
            with file.open("r+b", buffering=0) as stream:
                end = self._sound_end(file.name, stream)
                if end is not None:
                    return file.name, self._write(file, stream, end, records)
        raise RawError(f"{self.folder}: the files of {day} are damaged")

    def _sound_end(self, name: str, stream: IO[bytes]) -> int | None:
        """Find where the last whole record of a file ends; None when something that is not ours follows it."""
        stat = os.fstat(stream.fileno())
        identity = (stat.st_dev, stat.st_ino)
        known, end = self._sound.get(name, (identity, 0))
        if known != identity or end > stat.st_size:
            end = 0
        for part in walk(stream, end):
            if isinstance(part, Member):
                end = part.offset + part.length
            elif part.end == stat.st_size:
                # The torn end is cut off only when it can be nothing but a write of ours that was cut short.
                return end if part.torn and end == part.offset else None
            else:
                end = part.end
        return end

    def _write(self, file: Path, stream: IO[bytes], end: int, records: Sequence[bytes]) -> list[int]:
        first = [_greeting(file.name)] if end == 0 else []
        offsets: list[int] = []
        at = end
        for record in [*first, *records]:
            offsets.append(at)
            at += len(record)
        try:
            stream.truncate(end)
            stream.seek(end)
            _write_all(stream, b"".join([*first, *records]))
            os.fsync(stream.fileno())
            if first:
                _sync_folder(file.parent)
        except OSError:
            # A full disk: what was half written goes, so that the next one begins where this one did.
            with suppress(OSError):
                stream.truncate(end)
            raise
        stat = os.fstat(stream.fileno())
        self._sound[file.name] = ((stat.st_dev, stat.st_ino), at)
        return offsets[len(first) :]

    def _place(self, ref: str) -> tuple[Path, int]:
        match = _REF.fullmatch(ref)
        if match is None or not _NAME.fullmatch(match[1]):  # so that no reference leads out of the folder
            raise RawError(f"{ref[:80]!r} names no raw page")
        return self.folder / match[1], int(match[2])

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Be the only one who writes to the folder; the system frees the lock when its holder dies."""
        with (self.folder / ".lock").open("ab") as handle:
            end = time.monotonic() + self._patience
            while not _taken(handle):
                if time.monotonic() > end:
                    raise RawError(f"{self.folder}: another process has held its lock for {self._patience:g} s")
                time.sleep(0.01)
            yield


def _taken(handle: IO[bytes]) -> bool:
    try:
        locking.take(handle)
    except OSError:
        return False
    return True


def _erase(stream: IO[bytes], wanted: Collection[bytes]) -> int:
    """Blot out the records of a file that hold a page of some addresses, given by their hashes."""
    count = 0
    for part in list(walk(stream)):
        if isinstance(part, Member):
            if not part.hashes.isdisjoint(wanted):
                _blot_out(stream, part)
                count += 1
        elif part.torn and part.end == os.fstat(stream.fileno()).st_size:
            stream.truncate(part.offset)  # nobody writes now, and whose page it was cannot be told
    return count


def _blot_out(stream: IO[bytes], member: Member) -> None:
    """Overwrite a record where it lies, its head last: after a crash in between it is still found and done again."""
    filler = blot(_content("metadata", b"erased: by command\r\n", {}), member.length)
    for begin, piece in ((LONGEST_HEADER, filler[LONGEST_HEADER:]), (0, filler[:LONGEST_HEADER])):
        stream.seek(member.offset + begin)
        _write_all(stream, piece)
        os.fsync(stream.fileno())


def _write_all(stream: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


def _sync_folder(folder: Path) -> None:
    """Make sure that a new file's name survives a power cut too."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _record(page: RawPage) -> bytes:
    """Write a page as a response record."""
    status = f"{page.status} {responses.get(page.status, '')}".strip()
    headers = {
        "WARC-Target-URI": page.final_url,
        "WARC-Date": f"{page.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
    }
    if page.url != page.final_url:
        headers["Presswatch-Asked-URI"] = page.url
    http = StatusAndHeaders(status, list(page.headers.items()), protocol="HTTP/1.1")
    return pack(_content("response", page.body, headers, http), (page.url, page.final_url, *page.names))


def _greeting(name: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    about = {"software": f"presswatch/{__version__}", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(name, about))
    return pack(out.getvalue())


def _content(kind: str, body: bytes, headers: dict[str, str], http: StatusAndHeaders | None = None) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        None, kind, payload=io.BytesIO(body), length=len(body), warc_headers_dict=headers, http_headers=http
    )
    writer.write_record(record)
    return out.getvalue()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _size(files: Sequence[tuple[date, Path]]) -> RawSize:
    total = 0
    for _, file in files:
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    days = [day for day, _ in files]
    return RawSize(len(files), total, min(days, default=None), max(days, default=None))


def cut_day(before: datetime) -> str:
    """Give a reference that sorts behind those of all days that were over at a time, and before the others."""
    return f"presswatch-{before.astimezone(UTC):%Y-%m-%d}"


def expiry(keep: float, now: datetime) -> datetime:
    """Say from before which time raw pages are too old."""
    return now - timedelta(seconds=keep)
