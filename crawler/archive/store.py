"""What the rooms of an archive ask of the database behind it: statements with our errors, and transactions.

Rooms write SQL that both databases know; each teaches its connection what the other one has by itself. Hints for
SQLite's planner (``INDEXED BY``, and CROSS JOIN for an order) are left out where they mean nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.errors import ArchiveError, UsageError
from crawler.records import Work

if TYPE_CHECKING:
    from crawler.archive.postgres.jobs import Jobs
    from crawler.archive.search import Search

#: How long a writer waits for another one, in seconds.
PATIENCE = 30.0
#: So many articles are moved or merged in the index after a crawl, which takes some seconds.
EVENED_OUT = 20_000
#: Is in the state from when the index begins to be made anew until all watches have been asked again.
WATCHES_WAIT = "watches_wait"
#: In the state of a database from the first row of a copy until it was found equal: what it is a copy of.
COPY_OF = "copy_of"
#: A LIMIT that leaves nothing out.
ALL = 1 << 62
#: No bytes, in a statement.
NO_BYTES = "CAST('' AS BLOB)"

Parameters = Sequence[Any] | dict[str, Any]


class Entry(NamedTuple):
    """An article as the index takes it: its words cut, with a space between any two."""

    position: int
    title: str
    lead: str
    text: str
    author: str
    facts: str


class Index(ABC):
    """The full-text index of an archive; one entry for each article, numbered by its position."""

    @abstractmethod
    def add(self, entry: Entry) -> None:
        """Index an article, inside a writing transaction."""

    @abstractmethod
    def remove(self, position: int) -> None:
        """Take an article out of the index, inside a writing transaction."""

    @abstractmethod
    def forget_removed(self) -> None:
        """Leave nothing of what was removed in the files of the database."""

    @abstractmethod
    def even_out(self, most: int) -> int:
        """Keep searches quick after late articles, imports and updates; give how many articles were moved."""

    @abstractmethod
    def is_old(self) -> bool:
        """Tell whether an older Presswatch cut the words, so that some queries miss some articles."""

    @abstractmethod
    def rebuild(self, progress: Callable[[int, int], None]) -> int:
        """Cut all articles anew while searches and writers go on; give how many articles there are."""


class Store(ABC):
    """An open archive: statements, transactions, and what differs between databases."""

    #: The file of the archive; None in memory and on PostgreSQL.
    path: Path | None = None
    #: Its address on a server; None in a file or in memory.
    server: str | None = None
    read_only: bool = False
    #: It sees what others commit, and keeps nobody from it.
    follows: bool = True
    #: How people know it, for messages.
    name: str

    @abstractmethod
    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement and give the number of rows that it changed."""

    @abstractmethod
    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row; give the number of rows that they changed."""

    def later(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row, before the next statement or the end of the transaction.

        Of a server that spares waiting for what nobody asks for.
        """
        listed = list(rows)
        if len(listed) == 1:
            self.execute(sql, listed[0])
        else:
            self.many(sql, listed)

    @abstractmethod
    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Read all rows of a query."""

    @abstractmethod
    def row(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """Read the first row of a query."""

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Read the first value of the first row; None when there is none."""
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one INSERT into a table with ids and give the id of the new row."""
        return int(self.value(f"{sql} RETURNING id", parameters))

    def state(self, key: str, default: Any = None) -> Any:
        """Read one of the archive's small values."""
        found = self.row("SELECT value FROM state WHERE key = ?", (key,))
        return default if found is None else found[0]

    def set_state(self, key: str, value: Any) -> None:
        """Write one of the archive's small values."""
        self.execute(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )

    @abstractmethod
    def writing(self, *, durable: bool = False) -> AbstractContextManager[None]:
        """Make everything inside one transaction, alone among all writers; inside another one, be part of it.

        A durable transaction survives a power cut as well as a kill: for what has left the house, such as a sent mail.
        """

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Let several questions see the archive as it is at one time, whatever other processes write meanwhile."""

    @abstractmethod
    def index(self) -> Index:
        """Give the full-text index."""

    @abstractmethod
    def search(self) -> Search:
        """Give what finds articles."""

    def jobs(self) -> Jobs:
        """Give the queue of workers; UsageError where there cannot be one."""
        raise UsageError(f"{self.name}: workers need an archive on PostgreSQL; see `presswatch migrate`")

    def work(self) -> Work:
        """Tell what workers do."""
        return Work()

    @abstractmethod
    def last_number(self, table: str) -> int:
        """Give the greatest number that a row of a table has had, be it gone; 0 when there was none.

        Of changes, articles and editions: it counts what has ever been there.
        """

    @abstractmethod
    def last_numbers(self) -> dict[str, int]:
        """Give the greatest number that was given out in each table that numbers its rows; 0 where there was none."""

    @abstractmethod
    def set_last_numbers(self, numbers: Mapping[str, int]) -> None:
        """Go on behind these numbers, inside a writing transaction: after rows were written with numbers of theirs."""

    @abstractmethod
    def marks(self) -> object:
        """Give what another value of says that something was written since, by whomever; None in memory."""

    @abstractmethod
    def stop_when(self, over: Callable[[], bool] | None) -> None:
        """End every question as soon as this says so, which is asked all the while: whoever asked gets TooLong.

        None ends none any more.
        """

    @abstractmethod
    def is_current(self) -> bool:
        """Tell whether it still is the archive at its place, with the tables that this program knows."""

    @abstractmethod
    def size(self) -> tuple[int, int]:
        """Give the bytes that the archive takes, and how many of them are free for what comes."""

    @abstractmethod
    def engine(self) -> str:
        """Name the database and its version."""

    @abstractmethod
    def faults(self) -> Iterable[str]:
        """Read the whole archive and tell what is wrong with it, each with the remedy."""

    @abstractmethod
    def backup(self, file: Path) -> None:
        """Write a whole copy of the archive while it is in use."""

    @abstractmethod
    def checkpoint(self) -> None:
        """Give back the room that what was written takes beside the archive, as far as readers let us."""

    def shrink_log(self) -> None:
        """Do so where it can be done; never an error."""
        with suppress(ArchiveError):  # what is committed is safe where it is
            self.checkpoint()

    @abstractmethod
    def close(self) -> None:
        """Close it; statements after that are refused."""
