"""Archives that stay open from one question to the next: what SQLite has read of the file need not be read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from crawler.archive.face import Archive
from crawler.archive.sqlite import Store, open_store


class Readers:
    """Lends read-only archives, each to one thread at a time; as many stay open as were lent at once.

    They are of one process: no connection of SQLite may come along to another one that is forked from it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[Store] = []
        self._lock = Lock()

    @contextmanager
    def lend(self) -> Iterator[Archive]:
        """Open the archive, or take one that is open: it sees all that is committed by now.

        A file that has taken the place of the other one is opened anew, as are tables that another program changed.
        """
        store = self._fresh() or open_store(self._url, create=False, read_only=True)
        try:
            yield Archive(store)
        except BaseException:
            store.close()
            raise
        if store.follows:
            store.stop_when(None)
            with self._lock:
                self._idle.append(store)
        else:
            store.close()

    def close(self) -> None:
        """Close those that nobody has."""
        with self._lock:
            idle, self._idle = self._idle, []
        for store in idle:
            store.close()

    def _fresh(self) -> Store | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                store = self._idle.pop()
            if store.is_current():
                return store
            store.close()
