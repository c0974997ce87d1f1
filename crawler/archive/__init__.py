"""What Presswatch keeps, and the whole public face of it.

``open_archive(url)`` gives an Archive. Its rooms are small objects, each in a file of its own: ``sources``,
``channels``, ``pages``, ``rechecks``, ``hosts``, ``backfills``, ``articles``, ``blocks``, ``changes``, ``watches``, ``arrivals``, ``stories``, ``judgements``,
``editions``, ``outbox`` and ``runs``. Everything takes and gives the records of ``crawler.records``; no row and no
dict leaves.

An Archive is used by one thread at a time. Every method that writes is one short transaction; several writes are
made one with ``with archive.writing():`` (BEGIN IMMEDIATE). Times are handed in: the archive reads no clock.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType

from crawler.archive import ahead, forgetting, fulltext, reindexing
from crawler.archive.arrivals import Arrivals, Volume
from crawler.archive.articles import Articles
from crawler.archive.backfills import Backfills, Offer, OpenList
from crawler.archive.blocks import Blocks, Due
from crawler.archive.changes import Changes
from crawler.archive.channels import Channels, Poll
from crawler.archive.editions import ALERTS, Editions
from crawler.archive.forgetting import Pruned
from crawler.archive.fulltext import EVENED_OUT
from crawler.archive.hosts import Hosts, Robots, Turn, Wait
from crawler.archive.judgements import Constraints, Judgements
from crawler.archive.keeping import KeepResult, Kept
from crawler.archive.outbox import Outbox
from crawler.archive.pages import Leased, Pages
from crawler.archive.queueing import Queued, Sifted
from crawler.archive.rechecks import Rechecks
from crawler.archive.room import PAUSES, when_there_is_room
from crawler.archive.runs import Runs
from crawler.archive.search import By, Found, Hit, Search, Sort
from crawler.archive.sources import CoverageRow, Sources
from crawler.archive.sqlite import PATIENCE, Store, open_store, path_of
from crawler.archive.standing import Held, Standing
from crawler.archive.stories import Move, Stories
from crawler.archive.watches import Watches
from crawler.archive.writable import NO_ROOM, has_room, takes_bytes, write_fault
from crawler.query import Node

__all__ = [
    "ALERTS",
    "NO_ROOM",
    "PAUSES",
    "Archive",
    "Arrivals",
    "Backfills",
    "By",
    "Constraints",
    "CoverageRow",
    "Due",
    "Found",
    "Held",
    "Hit",
    "KeepResult",
    "Kept",
    "Leased",
    "Move",
    "Offer",
    "OpenList",
    "Poll",
    "Pruned",
    "Queued",
    "Robots",
    "Sifted",
    "Standing",
    "Turn",
    "Volume",
    "Wait",
    "has_room",
    "open_archive",
    "path_of",
    "takes_bytes",
    "when_there_is_room",
    "write_fault",
]


def open_archive(url: str, *, create: bool = True, read_only: bool = False, patience: float = PATIENCE) -> Archive:
    """Open the archive at an address such as sqlite:///presswatch.db; ``sqlite://`` is one in memory.

    A read-only archive can be searched where nothing can be written. ``patience`` is how many seconds a write waits
    for another process before it is ArchiveBusy.
    """
    return Archive(open_store(url, create=create, read_only=read_only, patience=patience))


class Archive:
    """Everything that is kept, room by room."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._search = Search(store)
        self.watches = Watches(store, self._search)
        self.arrivals = Arrivals(store)
        self.sources = Sources(store)
        self.channels = Channels(store)
        self.pages = Pages(store)
        self.rechecks = Rechecks(store)
        self.hosts = Hosts(store)
        self.backfills = Backfills(store)
        self.articles = Articles(store, self.watches.rematch)
        self.blocks = Blocks(store)
        self.changes = Changes(store)
        self.stories = Stories(store)
        self.judgements = Judgements(store, self.articles, self.watches.rematch)
        self.editions = Editions(store)
        self.outbox = Outbox(store)
        self.runs = Runs(store)

    @property
    def path(self) -> Path | None:
        """The file of the archive; None in memory."""
        return self._store.path

    @property
    def read_only(self) -> bool:
        """Tell whether it was opened for reading only."""
        return self._store.read_only

    def ahead(self, now: datetime) -> str:
        """Tell that the archive was written at a time to come, and what to do; "" when it was not."""
        until = ahead.written(self._store, now)
        return ahead.told(until, now) if until else ""

    def take_back(self, now: datetime) -> bool:
        """Plan anew what a clock planned that was ahead; False when there is nothing of the kind."""
        return ahead.take_back(self._store, now)

    def writing(self) -> AbstractContextManager[None]:
        """Make several writes one transaction; inside another one, be part of it."""
        return self._store.writing()

    def search(
        self,
        query: str | Node,
        *,
        sort: Sort = "published",
        limit: int = 20,
        cursor: str | None = None,
        now: datetime,
    ) -> Found:
        """Find articles; the empty query finds all. ``cursor`` is what the page before gave as ``next``."""
        return self._search(query, sort=sort, limit=limit, cursor=cursor, now=now)

    def ids(
        self,
        query: str | Node,
        now: datetime,
        limit: int | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[int]:
        """List the ids of the articles that match, or of so many, newest published first; times as in ``stats``."""
        return self._search.ids(query, now, limit, since=since, until=until)

    def best(self, query: str | Node, now: datetime, limit: int) -> list[int]:
        """List the ids of the most relevant articles; of filters alone, of the newest."""
        return self._search.best(query, now, limit)

    def count(self, query: str | Node, now: datetime) -> int:
        """Count all articles that match, however many."""
        return self._search.count(query, now)

    def total(self, query: str | Node, now: datetime) -> tuple[int, bool]:
        """Count what matches, up to 10,000 (1,000 with W/n); and tell whether there is more."""
        return self._search.total(query, now)

    def stats(
        self,
        query: str | Node,
        by: By,
        since: datetime | None = None,
        until: datetime | None = None,
        *,
        now: datetime,
    ) -> Mapping[str, int]:
        """Count what matches by day, source, kind, control, country or language."""
        return self._search.stats(query, by, since, until, now=now)

    def facets(self, query: str | Node, now: datetime) -> Mapping[By, Mapping[str, int]]:
        """Count the newest of what matches by source, kind, control, country, language and day, in one scan."""
        return self._search.facets(query, now)

    def index_is_old(self) -> bool:
        """Tell whether an older Presswatch cut the words of the index, so that some queries miss some articles."""
        return reindexing.is_old(self._store)

    def reindex(self, now: datetime, progress: Callable[[int, int], None] = lambda _done, _of: None) -> int:
        """Make the index anew, while searches and crawls go on, and ask all watches again; give how many articles.

        ``progress`` is told how many articles are done, and of how many. What is interrupted goes on where it was.
        """
        indexed = reindexing.rebuild(self._store, progress)
        self.watches.ask_again(now)
        return indexed

    def even_out(self, most: int = EVENED_OUT) -> int:
        """Move articles out of parts of the index that hold too many, and merge those that are written in many pieces.

        It keeps searches quick after late articles, imports and updates; it ends when about ``most`` articles were
        moved or merged. Give how many were.
        """
        return fulltext.even_out(self._store, most)

    def backup(self, file: Path) -> None:
        """Write a whole copy of the archive while it is in use; copying its file would not do."""
        forgetting.backup(self._store, file)

    def prune(self, before: datetime, *, dry_run: bool = False) -> Pruned:
        """Remove the articles first seen before a time, and the log of polls from before it."""
        return forgetting.prune(self._store, before, dry_run=dry_run)

    def forget(self, id: int | str, now: datetime) -> None:  # noqa: A002
        """Remove every trace of an article and never fetch it again."""
        self.articles.forget(id, now)

    def shrink_log(self) -> None:
        """Give back the room that the write-ahead log takes beside the archive; never an error."""
        self._store.shrink_log()

    def close(self) -> None:
        """Close the archive."""
        self._store.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
