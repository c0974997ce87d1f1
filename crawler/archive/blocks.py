"""Blocks of text that repeat over the articles of a host: banners, mailing-list lines, "read also".

A block is known as its host's own when, since it was first met, the articles that have it outnumber those that have it
not by ``_LEAD``: what stands on every page at the fifth article, what stands on every fifth page in one of 256 cases
ever (a walk that goes up by one with chance p reaches n with chance (p / (1 - p)) ** n, and the first meeting is its
start). A host of which less was seen is not warm. Which kept articles have a block is remembered until that is sure;
when it becomes known they are due for a correction.

The same sentence of background may stand in five articles in a row. So a block that is known is counted on, and is
the host's for good only when its lead is far larger (``_SURE``) and not of one week's news. When its lead is used up
before that, it is known no longer: the articles are due once more, to get it back, and the next time it needs twice
the lead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.archive import rows
from crawler.archive.store import Store
from crawler.archive.times import micros

#: By so many the articles with a block must outnumber those without, for it to be known.
_LEAD = 5
#: By so many for it to be known for good, if that took a week at least; and by so many if it did not.
_SURE = 20
_SURE_AT_ONCE = 100
_WEEK = timedelta(days=7)
#: A host keeps so many blocks; beyond, those of the fewest articles that were met longest ago are let go.
_MOST = 5_000
#: The numbers of the articles that have a block are remembered up to so many letters, some hundreds.
_MOST_PLACES = 4_000


class Due(NamedTuple):
    """A kept article that may hold blocks which were found since to be its host's own."""

    article: int
    host: str


class Blocks:
    """What each host repeats on its pages."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def learn(
        self,
        host: str,
        hashes: Iterable[int],
        article: int,
        now: datetime,
        *,
        taken: Iterable[int] = (),
        count: bool = True,
    ) -> None:
        """Count the blocks of a kept article for its host; each article counts once, whatever its revisions.

        ``taken`` are those of its page that its text was kept without. Without ``count`` it is only remembered that
        the article has them, should they become known. Articles are due whose text has a block that is known, or lacks
        one that is not.
        """
        found, out = set(hashes), set(taken)
        with self._store.writing():
            new = int(count and self._is_new(article))
            if new:
                self._store.execute(
                    "INSERT INTO block_hosts VALUES (?, 1) "
                    "ON CONFLICT (host) DO UPDATE SET articles = block_hosts.articles + 1",
                    (host,),
                )
            learnt = self._store.value("SELECT articles FROM block_hosts WHERE host = ?", (host,)) or 0
            self._store.many(
                "INSERT INTO blocks (host, hash, articles, last, since, places) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (host, hash) DO UPDATE SET articles = blocks.articles + excluded.articles, "
                f"last = excluded.last, places = iif(length(blocks.places) < {_MOST_PLACES}, "
                "blocks.places || ' ' || excluded.places, blocks.places)",
                ((host, hash_, new, article, learnt - new, str(article)) for hash_ in found | out),
            )
            if new:
                self._tell_apart(host, learnt, now)
                self._doubt(host, learnt, now)
            self._note_due(host, found, out, article, now)
            self._bound(host)

    def of(self, host: str) -> frozenset[int]:
        """Give the blocks that are known to be a host's own."""
        found = self._store.rows("SELECT hash FROM blocks WHERE host = ? AND known IS NOT NULL", (host,))
        return frozenset(hash_ for (hash_,) in found)

    def due(self, limit: int) -> list[Due]:
        """List articles that are due for a correction, the longest waiting first."""
        found = self._store.rows("SELECT article, host FROM blocks_due ORDER BY at, article LIMIT ?", (limit,))
        return [Due(*row) for row in found]

    def settle(self, article: int, revision: int) -> None:
        """Note that this revision of an article was looked at: it is due no longer."""
        with self._store.writing():
            self._store.execute(
                "DELETE FROM blocks_due WHERE article = :id "
                "AND EXISTS (SELECT 1 FROM articles WHERE id = :id AND revision = :revision)",
                {"id": article, "revision": revision},
            )

    def _is_new(self, article: int) -> bool:
        changed = "UPDATE articles SET blocks_learned = 1 WHERE id = ? AND blocks_learned = 0"
        return bool(self._store.execute(changed, (article,)))

    def _tell_apart(self, host: str, learnt: int, now: datetime) -> None:
        """Find which blocks are the host's own by now; the articles that have them are due."""
        known = self._store.rows(
            "UPDATE blocks INDEXED BY blocks_candidates SET known = :now WHERE host = :host AND known IS NULL "
            f"AND articles >= {_LEAD} AND 2 * articles - (:learnt - since) >= {_LEAD} << CAST(doubted AS INTEGER) "
            "RETURNING places",
            {"host": host, "learnt": learnt, "now": micros(now)},
        )
        self._are_due(host, known, now)

    def _doubt(self, host: str, learnt: int, now: datetime) -> None:
        """Find which known blocks are so for good by now, and which no longer; the articles of those are due."""
        about = {"host": host, "learnt": learnt, "now": micros(now), "week": micros(now - _WEEK)}
        unsure = "host = :host AND known IS NOT NULL AND places IS NOT NULL"
        lead = "2 * articles - (:learnt - since)"
        self._store.execute(
            f"UPDATE blocks INDEXED BY blocks_unsure SET places = NULL WHERE {unsure} "
            f"AND ({lead} >= {_SURE_AT_ONCE} OR ({lead} >= {_SURE} AND known <= :week))",
            about,
        )
        lost = self._store.rows(
            f"SELECT hash, places FROM blocks INDEXED BY blocks_unsure WHERE {unsure} AND {lead} <= 0", about
        )
        self._store.many(
            "UPDATE blocks SET known = NULL, articles = 0, since = ?, places = '', doubted = min(doubted + 1, 20) "
            "WHERE host = ? AND hash = ?",
            ((learnt, host, hash_) for hash_, _ in lost),
        )
        self._are_due(host, [(places,) for _, places in lost], now)

    def _are_due(self, host: str, places: Iterable[tuple[str]], now: datetime) -> None:
        for (found,) in places:
            self._store.many(
                "INSERT INTO blocks_due SELECT id, ?, ? FROM articles WHERE id = ? ON CONFLICT DO NOTHING",
                ((host, micros(now), int(place)) for place in set(found.split())),
            )

    def _note_due(self, host: str, hashes: set[int], taken: set[int], article: int, now: datetime) -> None:
        """Note an article that was read before a block of it was known, or before it was so no longer."""
        self._store.execute(
            "INSERT INTO blocks_due SELECT :article, :host, :now WHERE EXISTS (SELECT 1 FROM blocks "
            "WHERE host = :host AND known IS NOT NULL AND hash "
            "IN (SELECT CAST(value AS BIGINT) FROM json_each(:hashes))) "
            "OR EXISTS (SELECT 1 FROM blocks "
            "WHERE host = :host AND known IS NULL AND hash IN (SELECT CAST(value AS BIGINT) FROM json_each(:taken))) "
            "ON CONFLICT DO NOTHING",
            {
                "article": article,
                "host": host,
                "now": micros(now),
                "hashes": rows.packed(list(hashes)),
                "taken": rows.packed(list(taken)),
            },
        )

    def _bound(self, host: str) -> None:
        if self._store.value("SELECT count(*) FROM blocks WHERE host = ?", (host,)) > _MOST:
            self._store.execute(
                "DELETE FROM blocks WHERE host = :host AND hash IN (SELECT hash FROM blocks "
                "WHERE host = :host AND known IS NULL ORDER BY articles, last LIMIT :many)",
                {"host": host, "many": _MOST // 2},
            )
