"""Fingerprints: which articles share pieces of text."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection

from crawler.archive import rows
from crawler.archive.sqlite import Store

#: A hash that more articles have is boilerplate; only the newest of them are looked at.
_PER_HASH = 200
#: How many candidates are given.
_CANDIDATES = 50


def put(store: Store, article: int, hashes: Collection[int]) -> None:
    """Keep the fingerprint of an article in place of an earlier one, inside a writing transaction."""
    remove(store, article)
    if hashes:
        store.many("INSERT INTO fingerprints VALUES (?, ?)", ((hash_, article) for hash_ in sorted(hashes)))
        store.execute("INSERT INTO article_fingerprints VALUES (?, ?)", (article, array("q", hashes).tobytes()))


def remove(store: Store, article: int) -> None:
    """Take away the fingerprint of an article, inside a writing transaction."""
    packed = store.value("SELECT hashes FROM article_fingerprints WHERE article = ?", (article,))
    if packed is None:
        return
    hashes = array("q")
    hashes.frombytes(packed)
    store.many("DELETE FROM fingerprints WHERE hash = ? AND article = ?", ((hash_, article) for hash_ in hashes))
    store.execute("DELETE FROM article_fingerprints WHERE article = ?", (article,))


def sharing(store: Store, hashes: Collection[int]) -> dict[int, int]:
    """Find the articles that share hashes, with how many, the most first."""
    shared: Counter[int] = Counter()
    for hash_ in hashes:
        for (article,) in store.rows(
            "SELECT article FROM fingerprints WHERE hash = ? ORDER BY article DESC LIMIT ?", (hash_, _PER_HASH)
        ):
            shared[article] += 1
    return dict(shared.most_common(_CANDIDATES))


def counts(store: Store, ids: Collection[int]) -> dict[int, int]:
    """Count the hashes of articles; one without a fingerprint has 0."""
    found = dict(
        store.rows(
            "SELECT article, length(hashes) / 8 FROM article_fingerprints "
            "WHERE article IN (SELECT value FROM json_each(?))",
            (rows.packed(list(ids)),),
        )
    )
    return {id_: found.get(id_, 0) for id_ in ids}
