"""Taking articles away, one for good (forget) or the old ones (prune), and the copy for a bad day (backup)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.archive import fingerprints, fulltext, rows, stories
from crawler.archive.conditions import note_facts
from crawler.archive.queueing import url_hash
from crawler.archive.sqlite import DAY, Store, micros
from crawler.errors import ArchiveError
from crawler.records import Article

#: Articles per transaction when pruning: writers in other processes get their turn in between.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a prune took away, or would."""

    articles: int
    polls: int


def forget(store: Store, article: Article, now: datetime) -> None:
    """Remove every trace of an article; what stays is a hash that keeps it from being fetched again."""
    id_ = article.id or 0
    with store.writing(durable=True):
        urls = {article.url, *(url for (url,) in store.rows("SELECT url FROM pages WHERE article = ?", (id_,)))}
        store.many("INSERT OR IGNORE INTO forgotten VALUES (?, ?)", ((url_hash(url), micros(now)) for url in urls))
        store.many("DELETE FROM pages WHERE url = ?", ((url,) for url in urls))
        _blank_editions(store, article)
        _remove(store, [id_])
    fulltext.forget_removed(store)
    checkpoint(store)


def prune(store: Store, before: datetime, *, dry_run: bool = False) -> Pruned:
    """Remove the articles first seen before a time, and the log of polls from before it."""
    at = micros(before)
    counted = Pruned(
        store.value("SELECT count(*) FROM articles WHERE first_seen < ?", (at,)),
        store.value("SELECT count(*) FROM polls WHERE at < ?", (at,)),
    )
    if dry_run:
        return counted
    while ids := store.rows("SELECT id FROM articles WHERE first_seen < ? LIMIT ?", (at, _BATCH)):
        with store.writing():
            gone = [id_ for (id_,) in ids]
            # Their addresses stay known: what is pruned is not fetched again from a feed that still has it.
            store.many(
                "UPDATE pages SET state = 'dropped', reason = 'too old', entry = NULL, article = NULL "
                "WHERE article = ?",
                ((id_,) for id_ in gone),
            )
            _remove(store, gone)
    with store.writing():
        store.execute("DELETE FROM polls WHERE at < ?", (at,))
        store.execute("DELETE FROM surplus WHERE (day + 1) * ? <= ?", (DAY, at))
        store.execute("DELETE FROM backfill_left WHERE (day + 1) * ? <= ?", (DAY, at))
    checkpoint(store)
    return counted


def backup(store: Store, file: Path) -> None:
    """Write a whole and compact copy of the archive while it is in use; copying its file would not do."""
    if file.exists():
        raise ArchiveError(f"{file}: there is a file already; give another name or remove it")
    if not file.parent.is_dir():
        raise ArchiveError(f"{file}: the folder {file.parent} does not exist; make it first")
    try:
        store.execute("PRAGMA query_only = OFF")  # on, on a full disk, it forbids writing elsewhere, too
        store.execute("VACUUM INTO ?", (str(file),))
    except ArchiveError as error:
        file.unlink(missing_ok=True)  # a part of a copy must not be taken for one
        raise type(error)(f"{file}: the copy was not made: {error}") from error


def checkpoint(store: Store) -> None:
    """Bring the write-ahead log into the file and empty it, as far as readers let us."""
    store.row("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(store: Store, ids: Sequence[int]) -> None:
    """Delete articles with all that hangs on them, inside a writing transaction."""
    for id_ in ids:
        position = store.value("SELECT position FROM articles WHERE id = ?", (id_,))
        fulltext.remove(store, position)
        fingerprints.remove(store, id_)
    store.execute(
        "UPDATE stories SET stale = 1 WHERE id IN (SELECT s.story FROM articles a JOIN story_articles s "
        "ON s.article = a.id WHERE a.copy_of IN (SELECT value FROM json_each(?)))",
        (rows.packed(list(ids)),),
    )
    _release_copies(store, ids)
    # What their stories say of them goes at once; what stays is told anew.
    store.execute(
        "UPDATE stories SET title = '', summary = '[]', outlets = '[]', names = '[]', people = '[]', "
        "organisations = '[]', places = '[]', anchors = '', marks = '', stale = 1 "
        "WHERE id IN (SELECT story FROM story_articles WHERE article IN (SELECT value FROM json_each(?)))",
        (rows.packed(list(ids)),),
    )
    stories.doubt(store)
    # Revisions, changes, mentions, bags and places in stories go with it (ON DELETE CASCADE).
    store.many("DELETE FROM articles WHERE id = ?", ((id_,) for id_ in ids))
    store.execute("DELETE FROM stories WHERE merged_into IS NULL AND id NOT IN (SELECT story FROM story_articles)")


def _release_copies(store: Store, gone: Sequence[int]) -> None:
    """Let the earliest whole copy of an article that goes stand for it; without one, each copy stands for itself."""
    leaving = rows.packed(list(gone))
    for (original,) in store.rows(
        "SELECT DISTINCT copy_of FROM articles WHERE copy_of IN (SELECT value FROM json_each(:gone)) "
        "AND id NOT IN (SELECT value FROM json_each(:gone))",
        {"gone": leaving},
    ):
        heir = store.value(
            "SELECT id FROM articles WHERE copy_of = ? AND copy_kind = 'full' "
            "AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY coalesce(dated, first_seen), id LIMIT 1",
            (original, leaving),
        )
        store.execute(
            "UPDATE articles SET copy_of = NULL, copy_kind = NULL, copy_score = NULL "
            "WHERE copy_of = :original AND (:heir IS NULL OR id = :heir)",
            {"original": original, "heir": heir},
        )
        store.execute("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (heir, original))
        note_facts(store)


def _blank_editions(store: Store, article: Article) -> None:
    """Empty the digests that carried an article: it cannot be cut out of rendered bytes."""
    forms = {form for said in (article.url, article.title) if said for form in (said, html.escape(said))}
    for form in forms:
        for (id_,) in store.rows(
            "SELECT id FROM editions WHERE instr(html, CAST(:form AS BLOB)) OR instr(text, CAST(:form AS BLOB)) "
            "OR instr(content, :form)",
            {"form": form},
        ):
            store.execute(
                "UPDATE outbox SET body = x'', last_error = 'an article in it was forgotten', "
                "state = iif(state = 'sent', 'sent', 'dead') WHERE edition = ?",
                (id_,),
            )
            store.execute("UPDATE editions SET html = x'', text = x'', content = '{}' WHERE id = ?", (id_,))
        store.execute("UPDATE reviews SET made = '' WHERE instr(made, ?)", (form,))
        store.execute("UPDATE review_acts SET title = '' WHERE title = ?", (form,))
