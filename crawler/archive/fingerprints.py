"""Fingerprints: which articles share pieces of text.

Hashes are as good as random, so each new article touches as many pages of an index as it has hashes. New ones
therefore go to a small table first (``fingerprints``); every few articles a part of it is settled: moved, in the order
of the hashes, into packed buckets (``fingerprint_buckets``), which also take a third of the room.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from crawler.archive import arrays, rows
from crawler.archive.store import Store

#: A hash that more articles have is boilerplate; only the newest of them are looked at.
_PER_HASH = 200
#: One shared hash makes a candidate only when no more articles than this have it, or when it is one of so few: of a
#: short text each is a good part.
_RARE, _FEW = 4, 8
#: How many candidates are given.
_CANDIDATES = 50
#: A hash of 63 bits belongs to the bucket of its first 16; of the others the last 32 are kept, above the article's id.
_BUCKET, _LOW = 47, 2**32 - 1
_BUCKETS = 2**16
#: Every so many articles the next one of so many parts is settled.
_EVERY, _PARTS = 64, 256


def put(store: Store, article: int, hashes: Collection[int]) -> None:
    """Keep the fingerprint of an article in place of an earlier one, inside a writing transaction."""
    remove(store, article)
    add(store, article, hashes)


def add(store: Store, article: int, hashes: Collection[int]) -> None:
    """Keep the fingerprint of an article that has none yet, inside a writing transaction."""
    if hashes:
        in_order = sorted(hashes)
        store.later("INSERT INTO fingerprints VALUES (?, ?)", ((hash_, article) for hash_ in in_order))
        store.later("INSERT INTO article_fingerprints VALUES (?, ?)", [(article, arrays.packed(array("Q", in_order)))])
    if article % _EVERY == 0:
        _settle(store, article // _EVERY % _PARTS)


def remove(store: Store, article: int) -> None:
    """Take away the fingerprint of an article, inside a writing transaction."""
    packed = store.value("SELECT hashes FROM article_fingerprints WHERE article = ?", (article,))
    if packed is None:
        return
    hashes = arrays.unpacked("Q", packed)
    store.many("DELETE FROM fingerprints WHERE hash = ? AND article = ?", ((hash_, article) for hash_ in hashes))
    gone = {_entry(hash_, article) for hash_ in hashes}
    for bucket, entries in _buckets(store, hashes):
        left = array("Q", (entry for entry in entries if entry not in gone))
        if len(left) < len(entries):
            store.execute("UPDATE fingerprint_buckets SET entries = ? WHERE bucket = ?", (arrays.packed(left), bucket))
    store.execute("DELETE FROM article_fingerprints WHERE article = ?", (article,))


def sharing(store: Store, hashes: Collection[int]) -> dict[int, int]:
    """Find the articles that share hashes, with how many, the most first; one that many have tells of a short text."""
    shared: Counter[int] = Counter()
    rare: set[int] = set()
    for articles in _holders(store, hashes):
        shared.update(articles if len(articles) <= _PER_HASH else sorted(articles)[-_PER_HASH:])
        if len(articles) <= _RARE or len(hashes) <= _FEW:
            rare.update(articles)
    found = [(number, article) for article, number in shared.items() if number > 1 or article in rare]
    found.sort(key=lambda each: (-each[0], each[1]))
    return {article: number for number, article in found[:_CANDIDATES]}


def _holders(store: Store, hashes: Collection[int]) -> Collection[set[int]]:
    """Give for each hash that anybody has the articles that have it."""
    found: dict[int, set[int]] = defaultdict(set)
    asked = list(hashes)
    if not asked:
        return ()
    # Bound one by one they are found in half the time; SQLite takes 32,766 of them.
    marks = ",".join("?" * len(asked))
    for hash_, article in store.rows(f"SELECT hash, article FROM fingerprints WHERE hash IN ({marks})", asked):
        found[hash_].add(article)
    buckets = dict(_buckets(store, hashes))
    for hash_ in hashes:
        entries = buckets.get(hash_ >> _BUCKET)
        if entries is not None:
            first = _entry(hash_, 0)
            at = bisect_left(entries, first)
            if at < len(entries) and entries[at] <= first | _LOW:
                behind = bisect_right(entries, first | _LOW, at)
                found[hash_].update(entry & _LOW for entry in entries[at:behind])
    return found.values()


def counts(store: Store, ids: Collection[int]) -> dict[int, int]:
    """Count the hashes of articles; one without a fingerprint has 0."""
    found = dict(
        store.rows(
            "SELECT article, length(hashes) / 8 FROM article_fingerprints "
            "WHERE article IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (rows.packed(list(ids)),),
        )
    )
    return {id_: found.get(id_, 0) for id_ in ids}


def _settle(store: Store, part: int) -> None:
    """Move the hashes of a part into their buckets; of a hash that is boilerplate only the newest articles stay."""
    first, behind = (_BUCKETS // _PARTS * at << _BUCKET for at in (part, part + 1))
    fresh: dict[int, list[int]] = defaultdict(list)
    for hash_, article in store.rows(
        "SELECT hash, article FROM fingerprints WHERE hash BETWEEN ? AND ?", (first, behind - 1)
    ):
        fresh[hash_ >> _BUCKET].append(_entry(hash_, article))
    kept = dict(_buckets(store, [bucket << _BUCKET for bucket in fresh]))
    store.many(
        "INSERT INTO fingerprint_buckets VALUES (?, ?) ON CONFLICT (bucket) DO UPDATE SET entries = excluded.entries",
        ((bucket, arrays.packed(_merged(kept.get(bucket, ()), new))) for bucket, new in fresh.items()),
    )
    store.execute("DELETE FROM fingerprints WHERE hash BETWEEN ? AND ?", (first, behind - 1))


def _merged(old: Iterable[int], new: Iterable[int]) -> array[int]:
    entries = array("Q", sorted((*old, *sorted(new))))  # two sorted runs are merged in one go
    if len(entries) <= _PER_HASH:
        return entries
    newest = array("Q")
    for at, entry in enumerate(entries):
        # So many places further on stands the same hash: this article is not among its newest.
        if at + _PER_HASH >= len(entries) or entries[at + _PER_HASH] >> 32 != entry >> 32:
            newest.append(entry)
    return newest


def _entry(hash_: int, article: int) -> int:
    return (hash_ & _LOW) << 32 | article


def _buckets(store: Store, hashes: Iterable[int]) -> Iterator[tuple[int, array[int]]]:
    asked = list({hash_ >> _BUCKET for hash_ in hashes})
    if not asked:
        return iter(())
    marks = ",".join("?" * len(asked))
    found = store.rows(f"SELECT bucket, entries FROM fingerprint_buckets WHERE bucket IN ({marks})", asked)
    return ((bucket, arrays.unpacked("Q", entries)) for bucket, entries in found)
