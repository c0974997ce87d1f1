"""What Presswatch keeps, and the whole public face of it.

``open_archive(url)`` gives an Archive. Its rooms are small objects, each in a file of its own: ``sources``,
``channels``, ``pages``, ``rechecks``, ``hosts``, ``backfills``, ``articles``, ``blocks``, ``changes``, ``watches``, ``arrivals``, ``stories``, ``bags``, ``judgements``,
``editions``, ``reviews``, ``outbox``, ``recipients``, ``users``, ``explorations``, ``imports``, ``runs`` and ``vitals``. Everything takes and gives the records of ``crawler.records``; no row and no
dict leaves.

An Archive is used by one thread at a time. Every method that writes is one short transaction; several writes are
made one with ``with archive.writing():`` (BEGIN IMMEDIATE). Times are handed in: the archive reads no clock.
"""  # noqa: E501

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.archive.addresses import is_postgres, path_of, shown
    from crawler.archive.arrivals import Arrivals, Volume
    from crawler.archive.articles import Sighting
    from crawler.archive.away import when_it_answers
    from crawler.archive.backfills import Backfills, Offer, OpenList
    from crawler.archive.bags import Bag, Bagged
    from crawler.archive.blocks import Due
    from crawler.archive.channels import Poll
    from crawler.archive.editions import ALERTS, REVIEWS, Span
    from crawler.archive.explorations import Exploration
    from crawler.archive.face import Archive, open_archive
    from crawler.archive.forgetting import Pruned
    from crawler.archive.health import WORST_FIRST
    from crawler.archive.hosts import Robots, Turn, Wait
    from crawler.archive.imports import FileIdentity, FileImport, ImportProgress
    from crawler.archive.judgements import Constraints
    from crawler.archive.keeping import KeepResult, Kept
    from crawler.archive.migrating import Migrated, migrate
    from crawler.archive.pages import Leased
    from crawler.archive.postgres.locks import ServerLock
    from crawler.archive.queueing import Queued, Sifted
    from crawler.archive.readers import Readers
    from crawler.archive.reviews import Waiting
    from crawler.archive.room import PAUSES, when_there_is_room
    from crawler.archive.search import By, Found, Hit
    from crawler.archive.sources import CoverageRow, SourceDay
    from crawler.archive.standing import Held, Standing
    from crawler.archive.stories import Marked, Move
    from crawler.archive.tidying import Tidied
    from crawler.archive.vitals import Dispatch, Head, Numbers, Parcel, Queue
    from crawler.archive.watches import Pace
    from crawler.archive.wholeness import KnownArticles
    from crawler.archive.writable import NO_ROOM, has_room, takes_bytes, write_fault

__all__ = [
    "ALERTS",
    "NO_ROOM",
    "PAUSES",
    "REVIEWS",
    "WORST_FIRST",
    "Archive",
    "Arrivals",
    "Backfills",
    "Bag",
    "Bagged",
    "By",
    "Constraints",
    "CoverageRow",
    "Dispatch",
    "Due",
    "Exploration",
    "FileIdentity",
    "FileImport",
    "Found",
    "Head",
    "Held",
    "Hit",
    "ImportProgress",
    "KeepResult",
    "Kept",
    "KnownArticles",
    "Leased",
    "Marked",
    "Migrated",
    "Move",
    "Numbers",
    "Offer",
    "OpenList",
    "Pace",
    "Parcel",
    "Poll",
    "Pruned",
    "Queue",
    "Queued",
    "Readers",
    "Robots",
    "ServerLock",
    "Sifted",
    "Sighting",
    "SourceDay",
    "Span",
    "Standing",
    "Tidied",
    "Turn",
    "Volume",
    "Wait",
    "Waiting",
    "has_room",
    "is_postgres",
    "migrate",
    "open_archive",
    "path_of",
    "shown",
    "takes_bytes",
    "when_it_answers",
    "when_there_is_room",
    "write_fault",
]

#: The module of each name, which is read when somebody asks for the name.
_HOMES = {
    "Arrivals": "arrivals",
    "Volume": "arrivals",
    "when_it_answers": "away",
    "Sighting": "articles",
    "Backfills": "backfills",
    "Offer": "backfills",
    "OpenList": "backfills",
    "Bag": "bags",
    "Bagged": "bags",
    "Due": "blocks",
    "Poll": "channels",
    "ALERTS": "editions",
    "REVIEWS": "editions",
    "Exploration": "explorations",
    "Archive": "face",
    "open_archive": "face",
    "Pruned": "forgetting",
    "WORST_FIRST": "health",
    "Robots": "hosts",
    "Turn": "hosts",
    "Wait": "hosts",
    "FileIdentity": "imports",
    "FileImport": "imports",
    "ImportProgress": "imports",
    "Constraints": "judgements",
    "KeepResult": "keeping",
    "Kept": "keeping",
    "Migrated": "migrating",
    "migrate": "migrating",
    "Leased": "pages",
    "Queued": "queueing",
    "Sifted": "queueing",
    "Readers": "readers",
    "ServerLock": "postgres.locks",
    "PAUSES": "room",
    "when_there_is_room": "room",
    "Waiting": "reviews",
    "By": "search",
    "Found": "search",
    "Hit": "search",
    "CoverageRow": "sources",
    "SourceDay": "sources",
    "path_of": "addresses",
    "Held": "standing",
    "Span": "editions",
    "Standing": "standing",
    "Marked": "stories",
    "Move": "stories",
    "Tidied": "tidying",
    "Dispatch": "vitals",
    "Head": "vitals",
    "Numbers": "vitals",
    "Parcel": "vitals",
    "Queue": "vitals",
    "Pace": "watches",
    "KnownArticles": "wholeness",
    "NO_ROOM": "writable",
    "is_postgres": "addresses",
    "shown": "addresses",
    "has_room": "writable",
    "takes_bytes": "writable",
    "write_fault": "writable",
}


def __getattr__(name: str) -> Any:
    """Read the module of a public name (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
