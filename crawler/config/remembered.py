"""The configuration, read again only when its files have changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from crawler.config.read import Config, Marks, file_marks

_Read = TypeVar("_Read", bound=Config | None)


class Remembered(Generic[_Read]):
    """Reads the configuration, and gives what it read last for as long as the files stay as they were."""

    def __init__(self, read: Callable[[], _Read]) -> None:
        self._read = read
        self._folder: Path | None = None
        #: One value, so that threads that ask at once see marks and configuration of one time.
        self._known: tuple[Marks, _Read] | None = None

    def __call__(self) -> _Read:
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
