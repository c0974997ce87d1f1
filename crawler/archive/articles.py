"""Articles: keeping them, reading them, taking them back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crawler.archive import fingerprints, forgetting, overlay, rechecks, rows
from crawler.archive.keeping import Keeper, KeepResult, Kept, prepare
from crawler.archive.positions import bounds
from crawler.archive.store import Store
from crawler.archive.times import DAY, micros, micros_or_none, moment
from crawler.errors import UsageError
from crawler.records import FOLDED, Article, CopyOf, Mention, Revision
from crawler.urls import normalise

_ANOTHER = "a copy of another article than was thought"


def _why(old: Article, copy: CopyOf | None) -> str:
    """Say what was learnt of whose copy an article is."""
    if copy is None:
        return "no copy any more"
    return _ANOTHER if old.copy_of is not None else "it quotes another article"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is counted of an article: where and when it was published."""

    article: int
    #: As queries compare it: published, a bare day at its beginning in UTC; of undated ones first seen.
    at: datetime
    #: Nothing but the day is printed.
    is_day: bool
    is_dated: bool
    source: str
    language: str
    #: Another's text, and no text of its own.
    is_copy: bool


class Articles:
    """The articles that are kept."""

    def __init__(self, store: Store, rematch: Callable[[Article], Sequence[Mention]] = lambda _: ()) -> None:
        self._store = store
        self._keeper = Keeper(store, rematch)

    def keep(self, batch: Sequence[Kept], now: datetime) -> list[KeepResult]:
        """Keep what is new, with page, index, fingerprints, mentions and change in one short transaction.

        A known address with another title or text becomes a revision. Where another page leads to an article that is
        known, that page is dropped as a duplicate. A page whose lease has gone to somebody else is "lease lost".
        """
        prepared = [prepare(kept) for kept in batch]
        with self._store.writing():
            return [self._keeper.keep(item, now) for item in prepared]

    def get(self, id: int | str) -> Article | None:  # noqa: A002
        """Find an article by its id or address, also by an address that leads to it."""
        if isinstance(id, str):
            url = normalise(id) or id
            found = self._store.value("SELECT id FROM articles WHERE url = ?", (url,))
            id = found or self._store.value("SELECT article FROM pages WHERE url = ?", (url,)) or 0  # noqa: A001
        articles = rows.articles(self._store, [id]) if id else []
        return articles[0] if articles else None

    def many(self, ids: Iterable[int]) -> list[Article]:
        """Read articles in the order of their ids as given; what is not there is left out."""
        return rows.articles(self._store, ids)

    def count(self) -> int:
        """Count the articles."""
        return int(self._store.value("SELECT count(*) FROM articles"))

    def window(self, since: datetime) -> list[Article]:
        """List the articles published since a time (undated ones: first seen since then), the oldest first."""
        return self._between(rows.ARTICLE, since, None)

    def heads(self, since: datetime, until: datetime | None = None) -> list[Article]:
        """List the articles between two times as ``window`` does, without their texts and what goes with them."""
        return self._between(rows.HEAD, since, until)

    def sightings(self, since: datetime, until: datetime) -> list[Sighting]:
        """List what is counted of the articles between two times, as ``window`` takes them, the oldest first."""
        # Only of what stands at midnight is the whole row read: the index tells the rest.
        is_day = "CASE WHEN a.dated % :day = 0 THEN (SELECT length(published) = 10 FROM articles WHERE id = a.id) END"
        columns = (
            f"a.id, coalesce(a.dated, a.first_seen), {is_day}, a.dated IS NOT NULL, a.source, a.language, "
            f"NOT {rows.NOT_FOLDED}"
        )
        return [
            Sighting(id_, moment(at), bool(is_day), bool(is_dated), source, language or "", bool(is_copy))
            for id_, at, is_day, is_dated, source, language, is_copy in self._rows_between(columns, since, until)
        ]

    def heads_of(self, ids: Collection[int], *, withdrawn: bool = False) -> list[Article]:
        """Read articles without their texts, by id: all that are there, or those alone that were withdrawn."""
        found = self._store.rows(
            f"SELECT {rows.HEAD} FROM articles a WHERE a.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
            "AND (? = 0 OR a.withdrawn_at IS NOT NULL) ORDER BY a.id",
            (rows.packed([*ids]), withdrawn),
        )
        return [rows.article(row) for row in found]

    def copies_of(self, ids: Collection[int]) -> list[Article]:
        """Read the copies of articles, but those that only quote them, without their texts, by id."""
        found = self._store.rows(
            f"SELECT {rows.HEAD} FROM articles a WHERE a.copy_of IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
            "AND a.copy_kind <> 'quoted-in' ORDER BY a.id",
            (rows.packed([*ids]),),
        )
        return [rows.article(row) for row in found]

    def _between(self, columns: str, since: datetime, until: datetime | None) -> list[Article]:
        return [rows.article(row) for row in self._rows_between(columns, since, until)]

    def _rows_between(self, columns: str, since: datetime, until: datetime | None) -> list[tuple[Any, ...]]:
        after, before = micros(since), micros_or_none(until)
        low, high = bounds(self._store, after, before)
        return self._store.rows(
            f"SELECT {columns} FROM articles a WHERE a.position >= :low AND (:high IS NULL OR a.position < :high) "
            "AND coalesce(a.dated, a.first_seen) >= :after "
            "AND (:before IS NULL OR coalesce(a.dated, a.first_seen) < :before) ORDER BY a.position",
            {"low": low, "high": high, "after": after, "before": before, "day": DAY},
        )

    def revisions(self, id: int) -> list[Revision]:  # noqa: A002
        """List the earlier texts of an article, the oldest first."""
        found = self._store.rows(
            "SELECT article, revision, kind, reason, title, lead, text, at FROM revisions WHERE article = ? "
            "ORDER BY revision",
            (id,),
        )
        return [_revision(row) for row in found]

    def correct(
        self,
        id: int,  # noqa: A002
        article: Article,
        reason: str,
        now: datetime,
        *,
        fingerprints: frozenset[int] = frozenset(),
        revision: int | None = None,
    ) -> bool:
        """Put a better reading of the same page in place of the kept one; tell whether it is another.

        What people said of the article stays. ``revision`` is the one that was read again: of a later one nothing is
        changed.
        """
        item = prepare(Kept(article, fingerprints=fingerprints))
        with self._store.writing():
            old = self._known(id)
            if revision not in (None, old.revision):
                return False
            return self._keeper.correct(id, old, item, now, reason)

    def correct_text(
        self,
        id: int,  # noqa: A002
        better: Article,
        reason: str,
        now: datetime,
        *,
        fingerprints: frozenset[int],
        revision: int,
    ) -> bool:
        """Put a better text in place of the kept one, with what was taken out of it and the evidence for both.

        All else stays as it is; otherwise as ``correct``.
        """
        with self._store.writing():
            old = self._known(id)
            if revision != old.revision or better.text == old.text:
                return False
            page = overlay.taken_off(self._store, old)
            said = {name: better.evidence[name] for name in ("text", "taken_out") if name in better.evidence}
            evidence = {name: why for name, why in page.evidence.items() if name != "taken_out"} | said
            new = replace(page, text=better.text, taken_out=better.taken_out, evidence=evidence, words=0)
            return self._keeper.correct(id, old, prepare(Kept(new, fingerprints=fingerprints)), now, reason)

    def with_raw(
        self,
        sources: Collection[str] | None = None,
        since: datetime | None = None,
        *,
        after: str = "",
        limit: int = 100,
    ) -> list[Article]:
        """List articles whose raw page is kept, file by file; ``after`` is the raw_ref with which the last list ended."""  # noqa: E501
        found = self._store.rows(
            f"SELECT {rows.ARTICLE} FROM articles a WHERE a.raw_ref > :after "
            "AND (:sources IS NULL OR a.source IN (SELECT value FROM json_each(:sources))) "
            "AND (:since IS NULL OR a.first_seen >= :since) ORDER BY a.raw_ref LIMIT :limit",
            {
                "after": after,
                "sources": None if sources is None else rows.packed(list(sources)),
                "since": None if since is None else micros(since),
                "limit": limit,
            },
        )
        return [rows.article(row) for row in found]

    def drop_raw(self, before: str) -> int:
        """Forget where the raw pages of articles lay, up to a reference; tell of how many."""
        with self._store.writing():
            return self._store.execute("UPDATE articles SET raw_ref = NULL WHERE raw_ref < ?", (before,))

    def addresses(self, id: int) -> list[str]:  # noqa: A002
        """List all addresses that lead to an article."""
        found = self._store.rows(
            "SELECT url FROM articles WHERE id = :id UNION SELECT url FROM pages WHERE article = :id", {"id": id}
        )
        return [url for (url,) in found]

    def copies(self, id: int, limit: int, after: int = 0) -> list[Article]:  # noqa: A002
        """List the first copies of an article, or of those that came after one."""
        found = self._store.rows(
            f"SELECT {rows.ARTICLE} FROM articles a WHERE a.copy_of = ? AND a.id > ? ORDER BY a.id LIMIT ?",
            (id, after, limit),
        )
        return [rows.article(row) for row in found]

    def fold(self, id: int, copy: CopyOf | None, now: datetime, why: str = "") -> None:  # noqa: A002
        """Record that an article that is kept already is a copy of another, or (None) that it is not, and why.

        Its own copies go with it to the text that all of them go back to. What a person said is no copy is not folded.
        """
        with self._store.writing():
            old = self._known(id)
            if copy is not None:
                copy = replace(copy, original=self._root(copy.original))
                if copy.original == id or overlay.never_a_copy(self._store, id):
                    return
            self._store.execute(
                "UPDATE articles SET copy_of = ?, copy_kind = ?, copy_score = ? WHERE id = ?",
                (copy.original, copy.kind, copy.score, id) if copy else (None, None, None, id),
            )
            self._keeper.follow_copy(id, old, now)
            if copy is not None and copy.kind in FOLDED:
                for follower, backfill in self._store.rows(
                    "SELECT id, backfill FROM articles WHERE copy_of = ?", (id,)
                ):
                    self._keeper.note(follower, "corrected", now, backfill=bool(backfill), note=_ANOTHER)
                self._store.execute("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (copy.original, id))
            if copy is not None and copy.kind in FOLDED and not old.is_folded:
                self._keeper.note(id, "copy", now, backfill=old.backfill)
            elif (old.copy_of, old.copy_kind) != ((copy.original, copy.kind) if copy else (None, None)):
                why = why or _why(old, copy)
                self._keeper.note(id, "corrected", now, backfill=old.backfill, note=why)

    def _root(self, id_: int) -> int:
        """Follow a copy to the text that it goes back to; a damaged archive may hold a circle, which ends."""
        for _ in range(10):
            found = self._store.value("SELECT copy_of FROM articles WHERE id = ? AND copy_kind <> 'quoted-in'", (id_,))
            if found is None:
                break
            id_ = found
        return id_

    def withdraw(self, id: int, now: datetime, note: str) -> None:  # noqa: A002
        """Record that the publisher took an article away; its text stays as evidence."""
        with self._store.writing():
            old = self._known(id)
            if old.withdrawn_at is None:
                rechecks.withdraw(self._store, id, now, note, backfill=old.backfill)

    def forget(self, id: int | str, now: datetime) -> None:  # noqa: A002
        """Remove every trace of an article and never fetch it again."""
        article = self.get(id)
        if article is None or article.id is None:
            raise UsageError(f"{id}: there is no such article in the archive")
        forgetting.forget(self._store, article, now)

    def sharing(self, fingerprint: Collection[int]) -> dict[int, int]:
        """Find the articles that share hashes with a fingerprint, with how many, the most first (at most 50)."""
        return fingerprints.sharing(self._store, fingerprint)

    def fingerprint_count(self, ids: Collection[int]) -> dict[int, int]:
        """Count the hashes of articles' fingerprints."""
        return fingerprints.counts(self._store, ids)

    def _known(self, id_: int) -> Article:
        articles = rows.articles(self._store, [id_])
        if not articles:
            raise UsageError(f"{id_}: there is no such article in the archive")
        return articles[0]


def _revision(row: tuple[Any, ...]) -> Revision:
    article, number, kind, reason, title, lead, text, at = row
    return Revision(article, number, kind, reason, title, lead, text, moment(at))
