"""The transaction that keeps articles: page, article, index, fingerprint, mentions and change, all or nothing.

Everything that takes time (cutting words, hashing) is done before it begins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from crawler.archive import fingerprints, fulltext, overlay, pages, rows
from crawler.archive.positions import Positions, dated
from crawler.archive.sqlite import Store, micros, moment_or_none
from crawler.errors import LeaseLost
from crawler.records import Article, CopyOf, Mention, Page
from crawler.urls import normalise

Outcome = Literal["new", "revised", "unchanged", "duplicate", "forgotten", "lease lost"]
#: Evaluates all watches on an article again; for a watch that was changed since the batch was matched.
Rematch = Callable[[Article], Sequence[Mention]]

#: What arrives later than this after its publication is old news.
_LATE = 48 * 3600 * 1_000_000
_DAY = 24 * 3600 * 1_000_000
_FULLNESS = {"headline": 0, "lead": 1, "full": 2}
#: What a page that no longer says it does not take away.
_STAYS = (
    "published", "published_utc", "published_evidence", "canonical_url", "credited_to", "site_name", "image",
    "raw_ref",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """One article to keep, with all that was computed of it."""

    article: Article
    #: The leased page it was made from; None for imports and single pages.
    page: Page | None = None
    fingerprints: frozenset[int] = frozenset()
    copy: CopyOf | None = None
    mentions: tuple[Mention, ...] = ()
    #: ``watches.version()`` when the mentions were computed; with it, mentions of watches that have changed since are
    #: computed again. None: the mentions are taken as they are.
    watches_version: int | None = None


@dataclass(frozen=True, slots=True)
class KeepResult:
    """What became of an article that was to be kept."""

    #: The article that is kept under this address; 0 when none is (forgotten, lease lost).
    id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Prepared:
    """What of an article is computed before the transaction."""

    kept: Kept
    url: str
    dated: int | None
    columns: Mapping[str, Any]
    cut: fulltext.Entry


def prepare(kept: Kept) -> Prepared:
    """Compute what needs no transaction."""
    article = kept.article
    columns = {
        name: rows.sound(value) if isinstance(value, str) else value
        for name, value in rows.article_columns(article).items()
    }
    cut = fulltext.cut(0, columns["title"], columns["lead"], columns["text"], map(rows.sound, article.authors))
    columns |= {
        "words": article.words or (cut.text.count(" ") + 1 if cut.text else 0),
        "text_sha256": hashlib.sha256(columns["text"].encode()).hexdigest(),
    }
    url = normalise(rows.sound(article.url)) or rows.sound(article.url)
    return Prepared(kept, url, dated(article.published, article.published_utc), columns, cut)


class Keeper:
    """Keeps articles, inside a writing transaction."""

    def __init__(self, store: Store, rematch: Rematch) -> None:
        self._store = store
        self._rematch = rematch
        self._positions = Positions(store)

    def keep(self, item: Prepared, now: datetime) -> KeepResult:
        """Keep one article; what somebody else has taken over meanwhile does not stop the others."""
        page = item.kept.page
        try:
            if page is not None:
                pages.hold(self._store, page)
        except LeaseLost:
            return KeepResult(0, "lease lost")
        if pages.is_forgotten(self._store, item.url):
            self._end_page(page, "dropped", now, "forgotten", None)
            return KeepResult(0, "forgotten")
        known = self._store.row("SELECT id FROM articles WHERE url = ?", (item.url,))
        if known is None:
            id_ = self._add(item, now)
            self._end_page(page, "stored", now, "", id_)
            return KeepResult(id_, "new")
        id_ = known[0]
        if page is not None and page.url != item.url and page.article != id_:
            self._end_page(page, "dropped", now, "duplicate", id_)
            return KeepResult(id_, "duplicate")
        outcome: Outcome = "revised" if self._revise(id_, item, now) else "unchanged"
        self._end_page(page, "stored", now, "", id_)
        return KeepResult(id_, outcome)

    def _end_page(self, page: Page | None, state: str, now: datetime, reason: str, article: int | None) -> None:
        if page is not None:
            # A stored page may say why only its feed entry was kept.
            told, detail = (reason, "") if reason else (page.reason, page.detail)
            pages.close(self._store, page.id, state, now, reason=told, detail=detail, article=article)

    def _add(self, item: Prepared, now: datetime) -> int:
        at, copy = micros(now), item.kept.copy
        first_seen = at if item.kept.article.first_seen is None else micros(item.kept.article.first_seen)
        position = self._positions.take(first_seen if item.dated is None else item.dated)
        backfill = item.kept.article.backfill or _is_late(item, first_seen)
        columns = {
            **item.columns,
            "position": position,
            "url": item.url,
            "dated": item.dated,
            "first_seen": first_seen,
            "last_checked": at,
            "revision": 1,
            "copy_of": copy.original if copy else None,
            "copy_kind": copy.kind if copy else None,
            "copy_score": copy.score if copy else None,
            "backfill": int(backfill),
        }
        id_ = self._store.insert(_INSERT, columns)
        fulltext.add(self._store, [item.cut._replace(position=position)])
        fingerprints.put(self._store, id_, item.kept.fingerprints)
        self._mention(id_, item, at, historic=backfill)
        self.note(id_, "copy" if copy else "new", now, backfill=backfill)
        return id_

    def _revise(self, id_: int, item: Prepared, now: datetime) -> bool:
        """Put a newer text in place of the kept one; tell whether it was another text."""
        old = rows.articles(self._store, [id_])[0]
        new = item.kept.article
        if _FULLNESS[new.completeness] < _FULLNESS[old.completeness]:
            # The page has gone behind a wall; what was kept of it stays.
            self._store.execute("UPDATE articles SET last_checked = ? WHERE id = ?", (micros(now), id_))
            return False
        changed = (_folded(old.title), _folded(old.text)) != (
            _folded(item.columns["title"]),
            _folded(item.columns["text"]),
        )
        if changed:
            self.replace(id_, old, item, now, kind="revised", reason="the publisher changed it")
            backfill = old.backfill
            self._mention(id_, item, micros(now), historic=backfill)
            self.note(id_, "revised", now, backfill=backfill)
        else:
            self._update(id_, old, item, now, {})
        return changed

    def replace(self, id_: int, old: Article, item: Prepared, now: datetime, *, kind: str, reason: str) -> None:
        """Move the text as it was into the revisions, and put the new one in its place."""
        self._store.execute(
            "INSERT INTO revisions (article, revision, kind, reason, at, title, lead, text) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (id_, old.revision, kind, reason, micros(now), old.title, old.lead, old.text),
        )
        self._update(id_, old, item, now, {"revision": old.revision + 1})
        if item.kept.fingerprints:
            fingerprints.put(self._store, id_, item.kept.fingerprints)

    def _update(self, id_: int, old: Article, item: Prepared, now: datetime, more: Mapping[str, Any]) -> None:
        before = rows.article_columns(old) | overlay.page_says(self._store, id_)
        columns = {**item.columns, **more, "last_checked": micros(now)}
        columns |= {"source": old.source, "carried_by": old.carried_by}  # whoever had it first
        for name in _STAYS:
            if columns[name] is None:
                columns[name] = before[name]
        if columns["published_precision"] == "none":
            columns["published_precision"] = before["published_precision"]
        if (copy := item.kept.copy) is not None and not overlay.never_a_copy(self._store, id_):
            columns |= {"copy_of": copy.original, "copy_kind": copy.kind, "copy_score": copy.score}
        if said := overlay.lay_over(self._store, id_, columns):
            self._write(id_, columns | said, _cut(columns | said), _dated(said))
        else:
            day = self._store.value("SELECT dated FROM articles WHERE id = ?", (id_,))
            self._write(id_, columns, item.cut, day if item.dated is None else item.dated)

    def judge(self, id_: int, now: datetime) -> None:
        """Lay what people say of an article over what its page says, in its columns, the index and its mentions."""
        old = rows.articles(self._store, [id_])[0]
        before = rows.article_columns(old)
        page = {name: before[name] for name in overlay.COLUMNS} | overlay.page_says(self._store, id_)
        columns = page | overlay.lay_over(self._store, id_, page)
        watched = {mention.watch for mention in self._rematch(old)}
        self._write(id_, columns, _cut(before | columns), _dated(columns))
        mentions = self._rematch(rows.articles(self._store, [id_])[0])
        # What a search does not find any more is no mention; what only an earlier text had stays one.
        self._store.many(
            "DELETE FROM mentions WHERE article = ? AND watch = (SELECT id FROM watches WHERE name = ?)",
            ((id_, watch) for watch in watched - {mention.watch for mention in mentions}),
        )
        self._write_mentions(id_, mentions, micros(now), historic=old.backfill)

    def _write(self, id_: int, columns: Mapping[str, Any], cut: fulltext.Entry, day: int | None) -> None:
        """Write columns of an article, and its index row at the place of its date."""
        found = self._store.row("SELECT position, first_seen FROM articles WHERE id = ?", (id_,))
        position, first_seen = found or (0, 0)
        shown = first_seen if day is None else day
        place = position if self._positions.holds(position, shown) else self._positions.take(shown)
        written = {**columns, "dated": day, "position": place}
        setting = ", ".join(f"{name} = :{name}" for name in written)
        self._store.execute(f"UPDATE articles SET {setting} WHERE id = :id", written | {"id": id_})
        fulltext.remove(self._store, [position])
        fulltext.add(self._store, [cut._replace(position=place)])

    def _mention(self, id_: int, item: Prepared, at: int, *, historic: bool) -> None:
        mentions: Sequence[Mention] = item.kept.mentions
        matched_at = item.kept.watches_version
        if matched_at is not None and matched_at != self._store.state("watches_version", 0):
            mentions = self._rematch(rows.articles(self._store, [id_])[0])
        self._write_mentions(id_, mentions, at, historic=historic)

    def _write_mentions(self, id_: int, mentions: Sequence[Mention], at: int, *, historic: bool) -> None:
        if mentions:
            self._store.many(
                "INSERT INTO mentions (watch, article, version, words, at, historic) "
                "SELECT id, ?, ?, ?, ?, ? FROM watches WHERE name = ? AND removed_at IS NULL "
                "ON CONFLICT (watch, article) DO UPDATE SET version = excluded.version, words = excluded.words",
                ((id_, m.version, rows.packed(m.words), at, int(historic), m.watch) for m in mentions),
            )

    def note(self, id_: int, kind: str, now: datetime, *, backfill: bool = False, note: str = "") -> None:
        """Number a change."""
        self._store.execute(
            "INSERT INTO changes (article, kind, at, backfill, note) VALUES (?, ?, ?, ?, ?)",
            (id_, kind, micros(now), int(backfill), note),
        )


_COLUMNS = (
    "position", "url", "source", "dated", "first_seen", "last_checked", "revision", "language", "completeness",
    "copy_of", "copy_kind", "copy_score", "backfill", "words", "published", "published_utc", "published_precision",
    "published_evidence", "modified", "canonical_url", "credited_to", "carried_by", "site_name", "image", "paywalled",
    "authors", "tags", "extractor_version", "text_sha256", "raw_ref", "evidence", "title", "lead", "text",
)  # fmt: skip
_INSERT = f"INSERT INTO articles ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"


def _cut(columns: Mapping[str, Any]) -> fulltext.Entry:
    return fulltext.cut(0, columns["title"], columns["lead"], columns["text"], json.loads(columns["authors"]))


def _dated(columns: Mapping[str, Any]) -> int | None:
    return dated(columns["published"], moment_or_none(columns["published_utc"]))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _is_late(item: Prepared, first_seen: int) -> bool:
    if item.dated is None:
        return False
    # A date without an hour may mean the end of that day.
    published = item.dated + (_DAY if item.kept.article.published_precision == "day" else 0)
    return first_seen - published > _LATE
