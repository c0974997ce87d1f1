"""The mails in a file, an mbox, a Maildir, a folder or on stdin, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from crawler.errors import PresswatchError, UsageError

#: With the time, so that "From the harbour ..." at the begin of a paragraph is none.
_BEGIN = re.compile(rb"^From [^\r\n]*\d:\d\d[^\r\n]*\d{4}[^\r\n]*\r?\n", re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def mails_of(path: str, stdin: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Give each mail with a name for it: "-" is stdin."""
    if path == "-":
        yield from _parted("stdin", stdin.read())
        return
    place = Path(path)
    if not place.exists():
        raise UsageError(f"{path}: there is no such file or folder; give a mail, an mbox, a Maildir, or - for stdin")
    try:
        for file in _files(place):
            yield from _parted(str(file), file.read_bytes())
    except OSError as error:
        raise PresswatchError(f"{error.filename or path}: cannot be read: {error.strerror or error}") from error


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    folders = [place / "new", place / "cur"] if (place / "cur").is_dir() else [place]
    found = [file for folder in folders if folder.is_dir() for file in folder.iterdir() if file.is_file()]
    return sorted(file for file in found if not file.name.startswith("."))


def _parted(name: str, whole: bytes) -> Iterator[tuple[str, bytes]]:
    """Part an mbox into its mails; a mail that a server put "From " above is one of them."""
    if not whole.strip():
        return
    begins = [
        found
        for found in _BEGIN.finditer(whole)
        if found.start() == 0 or whole[max(0, found.start() - 4) : found.start()].endswith((b"\n\n", b"\r\n\r\n"))
    ]
    if not begins or begins[0].start() != 0:
        yield name, whole
        return
    ends = [*(found.start() for found in begins[1:]), len(whole)]
    for number, (found, end) in enumerate(zip(begins, ends, strict=True), 1):
        yield f"{name} {number}" if len(begins) > 1 else name, _QUOTED.sub(rb"\1", whole[found.end() : end])
