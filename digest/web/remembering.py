"""What pages need not find out again while the archive stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from crawler.archive import Archive

_Found = TypeVar("_Found")
#: A finding may say how long ago something was: after so much time it is found anew.
_HOLDS = timedelta(minutes=1)


class Finding(Generic[_Found]):
    """Something that is found out of an archive, and dear; the last of it holds until somebody writes there."""

    def __init__(self, find: Callable[[Archive, datetime], _Found]) -> None:
        self._find = find
        #: Of which archive it was found, how its files were before, and when; one value, as requests come at once.
        self._known: tuple[Path | None, object, datetime, _Found] | None = None

    def __call__(self, archive: Archive, now: datetime) -> _Found:
        """Give it as it is now."""
        marks = archive.marks
        if self._known is not None and marks is not None:
            path, before, at, found = self._known
            if path == archive.path and before == marks and at <= now < at + _HOLDS:
                return found
        found = self._find(archive, now)
        self._known = (archive.path, marks, now, found)
        return found
