"""Imports of files: how far each has come, and what came of it so far, so that one that was stopped goes on there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.archive import rows
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none

_KEY = "name = ? AND size = ? AND digest = ? AND asked = ?"
_COLUMNS = "id, place, inside, counts, ended"


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What tells one file from another, wherever it lies: its name, its size and a digest of how it begins and ends."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class FileImport:
    """How far the import of a file has come."""

    id: int
    #: The byte at which to go on, and how many unpacked bytes from there to pass over.
    offset: int = 0
    inside: int = 0
    #: What came of the file up to there, as JSON has it.
    counts: Mapping[str, Any] = field(default_factory=dict)
    #: None while it is not done.
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far the import of a file has come, for people."""

    name: str
    size: int
    #: Bytes of it that were read.
    read: int
    #: What came of it so far, as JSON has it (importing.warc.WarcCounts).
    counts: Mapping[str, Any]
    begun: datetime
    #: When something of it was kept or passed over last.
    changed: datetime
    #: None while it is not done.
    ended: datetime | None


class Imports:
    """The imports of files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, file: FileIdentity, asked: str, now: datetime, *, anew: bool = False) -> FileImport:
        """Begin to import a file, or go on with it; ``anew`` forgets how far it came.

        ``asked`` is what of the file is wanted: where something else is, that is another import of it.
        """
        key = (rows.sound(file.name), file.size, file.digest, rows.sound(asked))
        with self._store.writing():
            if anew:
                self._store.execute(f"DELETE FROM imports WHERE {_KEY}", key)
            self._store.execute(
                "INSERT INTO imports (name, size, digest, asked, begun, changed) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (name, size, digest, asked) DO NOTHING",
                (*key, micros(now), micros(now)),
            )
            row = self._store.row(f"SELECT {_COLUMNS} FROM imports WHERE {_KEY}", key)
        assert row is not None
        return _import(row)

    def last(self, limit: int = 100) -> list[ImportProgress]:
        """List the imports that went on last, those first."""
        found = self._store.rows(
            "SELECT name, size, place, counts, begun, changed, ended FROM imports "
            "ORDER BY changed DESC, id DESC LIMIT ?",
            (limit,),
        )
        return [
            ImportProgress(
                name, size, size if ended is not None else place, json.loads(counts), moment(begun), moment(changed),
                moment_or_none(ended),
            )
            for name, size, place, counts, begun, changed, ended in found
        ]  # fmt: skip

    def note(self, one: FileImport, now: datetime) -> None:
        """Note how far an import has come: in the transaction that keeps what stands before that place."""
        self._store.execute(
            "UPDATE imports SET place = ?, inside = ?, counts = ?, changed = ?, ended = ? WHERE id = ?",
            (
                one.offset, one.inside, rows.sound(json.dumps(one.counts, ensure_ascii=False)), micros(now),
                micros_or_none(one.ended), one.id,
            ),
        )  # fmt: skip


def _import(row: tuple[Any, ...]) -> FileImport:
    id_, place, inside, counts, ended = row
    return FileImport(id_, place, inside, json.loads(counts), moment_or_none(ended))
