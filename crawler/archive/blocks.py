"""Blocks of text that repeat over the articles of a host: banners, mailing-list lines, "read also"."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.archive.sqlite import Store

#: A host keeps so many blocks; beyond, the oldest that were seen in one article only are let go.
_MOST = 5_000


def learn(store: Store, host: str, hashes: Iterable[int], article: int) -> None:
    """Count the blocks of an article for its host; each article counts once, whatever its revisions."""
    with store.writing():
        if not store.execute("UPDATE articles SET blocks_learned = 1 WHERE id = ? AND blocks_learned = 0", (article,)):
            return
        store.many(
            "INSERT INTO blocks VALUES (?, ?, 1, ?) ON CONFLICT (host, hash) DO UPDATE SET "
            "articles = articles + 1, last = excluded.last",
            ((host, hash_, article) for hash_ in set(hashes)),
        )
        if store.value("SELECT count(*) FROM blocks WHERE host = ?", (host,)) > _MOST:
            store.execute(
                "DELETE FROM blocks WHERE host = :host AND hash IN (SELECT hash FROM blocks "
                "WHERE host = :host AND articles = 1 ORDER BY last LIMIT :many)",
                {"host": host, "many": _MOST // 2},
            )


def of(store: Store, host: str) -> dict[int, int]:
    """Give the blocks of a host, each with the number of articles that had it."""
    return dict(store.rows("SELECT hash, articles FROM blocks WHERE host = ?", (host,)))
