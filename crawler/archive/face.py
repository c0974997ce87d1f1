"""The face of an archive: its rooms, each opened when it is first entered, and what concerns them all.

A search needs none of the code that crawls and keeps, and starting a program is mostly reading its code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from crawler.archive import ahead
from crawler.archive.opening import open_store
from crawler.archive.search import By, Found, Hit, Sort
from crawler.archive.store import COPY_OF, EVENED_OUT, PATIENCE, WATCHES_WAIT, Store
from crawler.errors import ArchiveError
from crawler.query import Node
from crawler.records import Work

if TYPE_CHECKING:
    from crawler.archive.arrivals import Arrivals
    from crawler.archive.articles import Articles
    from crawler.archive.backfills import Backfills
    from crawler.archive.bags import Bags
    from crawler.archive.blocks import Blocks
    from crawler.archive.changes import Changes
    from crawler.archive.channels import Channels
    from crawler.archive.editions import Editions
    from crawler.archive.explorations import Explorations
    from crawler.archive.forgetting import Pruned
    from crawler.archive.hosts import Hosts
    from crawler.archive.imports import Imports
    from crawler.archive.judgements import Judgements
    from crawler.archive.outbox import Outbox
    from crawler.archive.pages import Pages
    from crawler.archive.postgres.jobs import Jobs
    from crawler.archive.rechecks import Rechecks
    from crawler.archive.recipients import Recipients
    from crawler.archive.reviews import Reviews
    from crawler.archive.runs import Runs
    from crawler.archive.sources import Sources
    from crawler.archive.stories import Stories
    from crawler.archive.tidying import Tidied
    from crawler.archive.users import Users
    from crawler.archive.vitals import Vitals
    from crawler.archive.watches import Watches


def open_archive(url: str, *, create: bool = True, read_only: bool = False, patience: float = PATIENCE) -> Archive:
    """Open the archive at an address such as sqlite:///presswatch.db; ``sqlite://`` is one in memory.

    A read-only archive can be searched where nothing can be written. ``patience`` is how many seconds a write waits
    for another process before it is ArchiveBusy. A copy that was not finished is refused (ArchiveError).
    """
    store = open_store(url, create=create, read_only=read_only, patience=patience)
    if (begun := store.state(COPY_OF)) is not None:
        store.close()
        raise ArchiveError(
            f"{store.name}: a copy of {begun} that was not finished, or is not equal to it; "
            f'go on with "presswatch migrate", from and to the same addresses'
        )
    return Archive(store)


class Archive:
    """Everything that is kept, room by room."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._search = store.search()

    @cached_property
    def watches(self) -> Watches:  # noqa: D102 (see the class)
        from crawler.archive.watches import Watches

        return Watches(self._store, self._search)

    @cached_property
    def arrivals(self) -> Arrivals:  # noqa: D102 (see the class)
        from crawler.archive.arrivals import Arrivals

        return Arrivals(self._store)

    @cached_property
    def sources(self) -> Sources:  # noqa: D102 (see the class)
        from crawler.archive.sources import Sources

        return Sources(self._store)

    @cached_property
    def channels(self) -> Channels:  # noqa: D102 (see the class)
        from crawler.archive.channels import Channels

        return Channels(self._store)

    @cached_property
    def pages(self) -> Pages:  # noqa: D102 (see the class)
        from crawler.archive.pages import Pages

        return Pages(self._store)

    @cached_property
    def rechecks(self) -> Rechecks:  # noqa: D102 (see the class)
        from crawler.archive.rechecks import Rechecks

        return Rechecks(self._store)

    @cached_property
    def hosts(self) -> Hosts:  # noqa: D102 (see the class)
        from crawler.archive.hosts import Hosts

        return Hosts(self._store)

    @cached_property
    def backfills(self) -> Backfills:  # noqa: D102 (see the class)
        from crawler.archive.backfills import Backfills

        return Backfills(self._store)

    @cached_property
    def articles(self) -> Articles:  # noqa: D102 (see the class)
        from crawler.archive.articles import Articles

        return Articles(self._store, self.watches.rematch)

    @cached_property
    def blocks(self) -> Blocks:  # noqa: D102 (see the class)
        from crawler.archive.blocks import Blocks

        return Blocks(self._store)

    @cached_property
    def changes(self) -> Changes:  # noqa: D102 (see the class)
        from crawler.archive.changes import Changes

        return Changes(self._store)

    @cached_property
    def stories(self) -> Stories:  # noqa: D102 (see the class)
        from crawler.archive.stories import Stories

        return Stories(self._store)

    @cached_property
    def bags(self) -> Bags:  # noqa: D102 (see the class)
        from crawler.archive.bags import Bags

        return Bags(self._store)

    @cached_property
    def judgements(self) -> Judgements:  # noqa: D102 (see the class)
        from crawler.archive.judgements import Judgements

        return Judgements(self._store, self.articles, self.watches.rematch)

    @cached_property
    def editions(self) -> Editions:  # noqa: D102 (see the class)
        from crawler.archive.editions import Editions

        return Editions(self._store)

    @cached_property
    def imports(self) -> Imports:  # noqa: D102 (see the class)
        from crawler.archive.imports import Imports

        return Imports(self._store)

    @cached_property
    def explorations(self) -> Explorations:  # noqa: D102 (see the class)
        from crawler.archive.explorations import Explorations

        return Explorations(self._store)

    @cached_property
    def reviews(self) -> Reviews:  # noqa: D102 (see the class)
        from crawler.archive.reviews import Reviews

        return Reviews(self._store)

    @cached_property
    def outbox(self) -> Outbox:  # noqa: D102 (see the class)
        from crawler.archive.outbox import Outbox

        return Outbox(self._store)

    @cached_property
    def recipients(self) -> Recipients:  # noqa: D102 (see the class)
        from crawler.archive.recipients import Recipients

        return Recipients(self._store)

    @cached_property
    def users(self) -> Users:  # noqa: D102 (see the class)
        from crawler.archive.users import Users

        return Users(self._store)

    @cached_property
    def runs(self) -> Runs:  # noqa: D102 (see the class)
        from crawler.archive.runs import Runs

        return Runs(self._store)

    @cached_property
    def vitals(self) -> Vitals:  # noqa: D102 (see the class)
        from crawler.archive.vitals import Vitals

        return Vitals(self._store)

    @cached_property
    def jobs(self) -> Jobs:
        """What workers are to do; UsageError where there can be none."""
        return self._store.jobs()

    def work(self) -> Work:
        """Tell what workers do."""
        return self._store.work()

    @property
    def server(self) -> str | None:
        """The address of the database on a server, which may hold a password; None in a file or in memory."""
        return self._store.server

    @property
    def engine(self) -> str:
        """What keeps it, for people: "SQLite 3.53.0 (pysqlite3)"."""
        return self._store.engine()

    @property
    def path(self) -> Path | None:
        """The file of the archive; None in memory and on a server."""
        return self._store.path

    @property
    def marks(self) -> object:
        """Give what another value of says that something was written since, by whomever; None if nothing does."""
        return self._store.marks()

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

    def overview(
        self,
        query: str | Node,
        *,
        sort: Sort = "published",
        limit: int = 20,
        cursor: str | None = None,
        now: datetime,
    ) -> tuple[Found, Mapping[By, Mapping[str, int]]]:
        """Find articles as ``search`` does, with what ``facets`` counts: both in the time that the longer one takes."""
        return self._search.overview(query, sort=sort, limit=limit, cursor=cursor, now=now)

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

    def hits(self, query: str | Node, ids: Iterable[int]) -> list[Hit]:
        """Read articles with the words of a query marked in them; what is not there any more is left out."""
        return self._search.hits(query, ids)

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

    def source_labels(self) -> dict[str, tuple[str, str]]:
        """Give the name and the country of each source by its key; of those that are only in articles there is none."""
        found = self._store.rows("SELECT key, name, country FROM sources")
        return {key: (name, country) for key, name, country in found}

    def source_names(self) -> dict[str, str]:
        """Give the name of each source by its key; of those that are only in articles there is none."""
        return dict(self._store.rows("SELECT key, name FROM sources"))

    def index_is_old(self) -> bool:
        """Tell whether an older Presswatch cut the words of the index, so that some queries miss some articles."""
        return self._store.index().is_old()

    def stop_when(self, over: Callable[[], bool] | None) -> None:
        """End every question as soon as this says so, which is asked all the while: whoever asked gets TooLong.

        None ends none any more.
        """
        self._store.stop_when(over)

    def reindex(self, now: datetime, progress: Callable[[int, int], None] = lambda _done, _of: None) -> int:
        """Make the index anew, while searches and crawls go on, and ask all watches again; give how many articles.

        ``progress`` is told how many articles are done, and of how many. What is interrupted goes on where it was.
        """
        indexed = self._store.index().rebuild(progress)
        self.watches.ask_again(now)
        self._store.execute("DELETE FROM state WHERE key = ?", (WATCHES_WAIT,))
        return indexed

    def even_out(self, most: int = EVENED_OUT) -> int:
        """Move articles out of parts of the index that hold too many, and merge those that are written in many pieces.

        It keeps searches quick after late articles, imports and updates; it ends when about ``most`` articles were
        moved or merged. Give how many were.
        """
        return self._store.index().even_out(most)

    def faults(self) -> list[str]:
        """Read the whole archive and list what is wrong with it, each with the remedy."""
        return list(self._store.faults())

    def backup(self, file: Path) -> None:
        """Write a whole copy of the archive while it is in use; copying its file would not do."""
        self._store.backup(file)

    def prune(self, before: datetime, *, dry_run: bool = False) -> Pruned:
        """Remove the articles first seen before a time, and the log of polls from before it."""
        from crawler.archive import forgetting

        return forgetting.prune(self._store, before, dry_run=dry_run)

    def tidy(
        self,
        *,
        digests: datetime | None = None,
        mails: datetime | None = None,
        log: datetime | None = None,
        dry_run: bool = False,
    ) -> Tidied:
        """Remove digests, the bytes of what was delivered, and the log of polls and runs, each from before a time."""
        from crawler.archive import tidying

        return tidying.tidy(self._store, digests=digests, mails=mails, log=log, dry_run=dry_run)

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
