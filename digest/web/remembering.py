"""What pages need not find out again: the configuration while its files, findings while the archive stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from crawler.archive import Archive
from crawler.config import Config, Marks, file_marks

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


class Remembered:
    """Reads the configuration, and gives what it read last for as long as the files stay as they were."""

    def __init__(self, read: Callable[[], Config | None]) -> None:
        self._read = read
        self._folder: Path | None = None
        #: One value, so that requests that come at once see marks and configuration of one time.
        self._known: tuple[Marks, Config] | None = None

    def __call__(self) -> Config | None:
        """Give the configuration as it is now; what is wrong with it is told each time."""
        marks = file_marks(self._folder) if self._folder is not None else None
        if self._known is not None and self._known[0] == marks:
            return self._known[1]
        config = self._read()
        if config is not None:
            # What is written while it is read is read the next time.
            self._known = (marks, config) if marks is not None and marks == file_marks(config.folder) else None
            self._folder = config.folder
        return config
