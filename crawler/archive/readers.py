"""Archives that stay open from one question to the next: what SQLite has read of the file need not be read again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer

from crawler.archive.face import Archive
from crawler.archive.opening import open_store
from crawler.archive.store import Store

#: So many stay open at most, each of which takes up to 16 MB.
_MOST = 4
#: After so many seconds without a question one is closed: who moves or restores the file finds nobody holding it.
_RESTS = 3.0


class Readers:
    """Lends read-only archives, each to one thread at a time; some stay open until nobody has asked for a while.

    They are of one process: no connection of SQLite may come along to another one that is forked from it.
    """

    def __init__(self, url: str, rests: float = _RESTS) -> None:
        self._url = url
        self._rests = rests
        #: Each with the time since when it rests, the longest first.
        self._idle: list[tuple[float, Store]] = []
        self._lock = Lock()
        self._sweeper: Timer | None = None

    @contextmanager
    def lend(self) -> Iterator[Archive]:
        """Open the archive, or take one that is open: it sees all that is committed by now.

        Files that have taken the place of the others are opened anew, as are tables that another program changed.
        """
        store = self._fresh() or open_store(self._url, create=False, read_only=True)
        try:
            yield Archive(store)
        except BaseException:
            store.close()
            raise
        store.stop_when(None)
        if not (store.follows and self._keep(store)):
            store.close()

    def close(self) -> None:
        """Close those that nobody has."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._sweeper is not None:
                self._sweeper.cancel()
                self._sweeper = None
        for _, store in idle:
            store.close()

    def _fresh(self) -> Store | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                _, store = self._idle.pop()
            if store.is_current():
                return store
            store.close()

    def _keep(self, store: Store) -> bool:
        with self._lock:
            if len(self._idle) == _MOST:
                return False
            self._idle.append((time.monotonic(), store))
            self._sweep_later()
            return True

    def _sweep_later(self) -> None:
        if self._sweeper is None and self._idle:
            self._sweeper = Timer(self._rests, self._sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _sweep(self) -> None:
        """Close those that have rested long enough."""
        until = time.monotonic() - self._rests
        with self._lock:
            rested = [store for since, store in self._idle if since <= until]
            self._idle = [(since, store) for since, store in self._idle if since > until]
            self._sweeper = None
            self._sweep_later()
        for store in rested:
            store.close()
