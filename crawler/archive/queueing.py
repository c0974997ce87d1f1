"""Queueing what a channel served: looking up what is known of it before any transaction, and writing in portions.

A list of fifty thousand entries must not keep other writers waiting while it is looked through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.archive import rows
from crawler.archive.store import Store
from crawler.archive.times import DAY, micros
from crawler.records import Entry
from crawler.urls import host_of, normalise, refusal

#: So many entries of a feed may say at once that they were changed, however short it is.
_FEW_CHANGES = 3
#: Of an address that can never be fetched so much is its name, and so much is kept.
_LONGEST_NAME, _LONGEST_SERVED = 1_900, 10_000
#: So many pages are looked up by one statement, and written by one transaction.
PORTION = 2_000


@dataclass(frozen=True, slots=True)
class Queued:
    """How many of the entries of a poll were new, and how many known."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class Sifted:
    """The entries of a source against what the archive knows of them."""

    source: str
    #: Rows of pages that are not known: (url, host, state, reason, detail, entry).
    new: tuple[tuple[str, str, str, str, str, str], ...] = ()
    #: Stored pages whose entries say that they were changed since: (entry, id).
    changed: tuple[tuple[str, int], ...] = ()
    known: int = 0
    #: The addresses of the new ones as they were served; what was forgotten by command is not new.
    served_new: frozenset[str] = frozenset()

    def __add__(self, other: Sifted) -> Sifted:
        """Put the entries of two lists of one source together."""
        return Sifted(
            self.source,
            self.new + other.new,
            self.changed + other.changed,
            self.known + other.known,
            self.served_new | other.served_new,
        )

    def portions(self, size: int = PORTION) -> list[Sifted]:
        """Cut it into what is written by one transaction each; at least one, the last with the changes."""
        cut = [replace(self, new=self.new[at : at + size], changed=(), known=0) for at in range(0, len(self.new), size)]
        last = cut.pop() if cut else replace(self, new=())
        return [*cut, replace(last, changed=self.changed, known=self.known)]


def sift(store: Store, source: str, entries: Sequence[Entry]) -> Sifted:
    """Look up what is known of entries; everything that takes time is done here, outside of any transaction."""
    served: dict[str, tuple[Entry, tuple[str, str, str, str, str, str]]] = {}
    names: dict[str, list[str]] = {}
    for entry in entries:
        row = _row(source, entry)
        served.setdefault(row[0], (entry, row))
        names.setdefault(row[0], []).append(entry.url)
    known: set[str] = set()
    changed: dict[int, str] = {}
    for urls in _portions(list(served)):
        for url, id_, state, updated, published in store.rows(
            "SELECT url, id, state, iif(state = 'stored', json_extract(entry, '$.updated'), NULL), "
            "iif(state = 'stored', json_extract(entry, '$.published'), NULL) "
            "FROM pages WHERE url IN (SELECT value FROM json_each(?))",
            (rows.packed(urls),),
        ):
            known.add(url)
            entry, row = served[url]
            if state == "stored" and entry.updated not in (updated, None) and entry.updated != (updated or published):
                changed[id_] = row[-1]
    # A feed in which most known entries change at once writes its own clock into them: that tells nothing.
    if len(changed) > max(_FEW_CHANGES, len(known) // 2):
        changed.clear()
    forgotten = _forgotten(store, [url for url in served if url not in known])
    new = tuple(row for url, (_, row) in served.items() if url not in known and url not in forgotten)
    served_new = frozenset(name for url, *_ in new for name in names[url])
    return Sifted(source, new, tuple((said, id_) for id_, said in changed.items()), len(known), served_new)


def queue(store: Store, sifted: Sifted, now: datetime, channel: int | None) -> Queued:
    """Queue the pages of sifted entries, inside a writing transaction."""
    at, source = micros(now), sifted.source
    # What a channel serves is fetched before what a backfill found, however long that has waited.
    oldest = store.value(
        "SELECT min(due) FROM pages INDEXED BY pages_backfill WHERE source = ? AND state = 'queued' "
        "AND since IS NOT NULL",
        (source,),
    )
    due = at if oldest is None else min(at, oldest - 1)
    left = store.row("SELECT 1 FROM sources WHERE key = ? AND removed_at IS NOT NULL", (source,)) is not None
    new = store.many(
        "INSERT INTO pages (url, source, host, channel, state, reason, detail, due, queued_at, closed_at, entry) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            (url, source, host, channel, *_fate(state, reason, detail, left=left), due, at,
             at if left or state == "dropped" else None, said)
            for url, host, state, reason, detail, said in sifted.new
        ),
    )  # fmt: skip
    new = max(new, 0)
    if not left:
        store.many(
            "UPDATE pages SET state = 'queued', reason = '', detail = '', attempts = 0, due = ?, entry = ? "
            "WHERE id = ? AND state = 'stored'",
            ((at, said, id_) for said, id_ in sifted.changed),
        )
    return Queued(new, sifted.known + len(sifted.new) - new)


def count_surplus(store: Store, source: str, surplus: Iterable[tuple[str, int]], at: datetime) -> None:
    """Note lists that name more pages than a list may, each once a day with the most that it had beyond."""
    store.many(
        "INSERT INTO surplus (source, day, url, pages) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (source, day, url) DO UPDATE SET pages = max(surplus.pages, excluded.pages)",
        ((source, micros(at) // DAY, rows.sound(url), pages) for url, pages in surplus),
    )


def _fate(state: str, reason: str, detail: str, *, left: bool) -> tuple[str, str, str]:
    """Say what becomes of a new page; of a source that left meanwhile nobody would fetch it."""
    return ("dropped", "source removed", "") if left and state == "queued" else (state, reason, detail)


def _row(source: str, entry: Entry) -> tuple[str, str, str, str, str, str]:
    served = rows.sound(entry.url)
    url = normalise(served)
    said = rows.sound(rows.packed_entry(replace(entry, url=url or served[:_LONGEST_SERVED])))
    if url is not None:
        return (url, host_of(url), "queued", "", "", said)
    # Everything that a channel served is accounted for, also what can never be fetched.
    if served.strip():
        return (_refused(served), "", "dropped", "address refused", refusal(served), said)
    return (_no_address(source, entry), "", "dropped", "no address", rows.sound(entry.title), said)


def _refused(served: str) -> str:
    """Name an address that can never be fetched by itself; of those too long for that, no two are one."""
    if len(served) <= _LONGEST_NAME:
        return served
    return f"{served[:_LONGEST_NAME]}… (sha256 {hashlib.sha256(served.encode()).hexdigest()[:24]})"


def _no_address(source: str, entry: Entry) -> str:
    """Name an entry that names no page, so that it is counted once and not at every poll."""
    told = hashlib.sha256(f"{entry.guid}\n{entry.title}\n{entry.summary}".encode("utf-8", "replace")).hexdigest()
    return f"urn:presswatch:no-address:{source}:{told[:24]}"


def _forgotten(store: Store, urls: Sequence[str]) -> set[str]:
    """Find out which addresses were forgotten by command."""
    if store.row("SELECT 1 FROM forgotten LIMIT 1") is None:
        return set()
    hashes = {url_hash(url): url for url in urls}
    return {
        hashes[found]
        for part in _portions(list(hashes))
        for (found,) in store.rows(
            "SELECT url_sha256 FROM forgotten WHERE url_sha256 IN (SELECT value FROM json_each(?))",
            (rows.packed(part),),
        )
    }


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + PORTION] for at in range(0, len(items), PORTION))


def url_hash(url: str) -> str:
    """Hash an address for the tombstones: what is forgotten is not even named."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def is_forgotten(store: Store, url: str) -> bool:
    """Tell whether an address was forgotten by command."""
    return store.row("SELECT 1 FROM forgotten WHERE url_sha256 = ?", (url_hash(url),)) is not None
