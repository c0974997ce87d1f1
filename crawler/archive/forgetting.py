"""Taking articles away, one for good (forget) or the old ones (prune)."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.archive import fingerprints, rows, stories
from crawler.archive.conditions import note_facts
from crawler.archive.queueing import url_hash
from crawler.archive.store import NO_BYTES, Store
from crawler.archive.times import DAY, micros
from crawler.records import Article

#: What the outbox says of a delivery whose digest was emptied.
EMPTIED = "an article in it was forgotten"
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
        store.many(
            "INSERT INTO forgotten VALUES (?, ?) ON CONFLICT DO NOTHING", ((url_hash(url), micros(now)) for url in urls)
        )
        store.many("DELETE FROM pages WHERE url = ?", ((url,) for url in urls))
        _blank_editions(store, article)
        _remove(store, [id_])
    store.index().forget_removed()
    store.checkpoint()


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
    store.checkpoint()
    return counted


def _remove(store: Store, ids: Sequence[int]) -> None:
    """Delete articles with all that hangs on them, inside a writing transaction."""
    for id_ in ids:
        position = store.value("SELECT position FROM articles WHERE id = ?", (id_,))
        store.index().remove(position)
        fingerprints.remove(store, id_)
    store.execute(
        "UPDATE stories SET stale = 1 WHERE id IN (SELECT s.story FROM articles a JOIN story_articles s "
        "ON s.article = a.id WHERE a.copy_of IN (SELECT CAST(value AS BIGINT) FROM json_each(?)))",
        (rows.packed(list(ids)),),
    )
    _release_copies(store, ids)
    # What their stories say of them goes at once; what stays is told anew.
    store.execute(
        "UPDATE stories SET title = '', summary = '[]', outlets = '[]', names = '[]', people = '[]', "
        "organisations = '[]', places = '[]', anchors = '', marks = '', stale = 1 "
        "WHERE id IN (SELECT story FROM story_articles WHERE article "
        "IN (SELECT CAST(value AS BIGINT) FROM json_each(?)))",
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
        "SELECT DISTINCT copy_of FROM articles WHERE copy_of IN (SELECT CAST(value AS BIGINT) FROM json_each(:gone)) "
        "AND id NOT IN (SELECT CAST(value AS BIGINT) FROM json_each(:gone))",
        {"gone": leaving},
    ):
        heir = store.value(
            "SELECT id FROM articles WHERE copy_of = ? AND copy_kind = 'full' "
            "AND id NOT "
            "IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY coalesce(dated, first_seen), id LIMIT 1",
            (original, leaving),
        )
        store.execute(
            "UPDATE articles SET copy_of = NULL, copy_kind = NULL, copy_score = NULL "
            "WHERE copy_of = :original AND (:heir IS NULL OR id = :heir)",
            {"original": original, "heir": heir},
        )
        store.execute("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (heir, original))
        note_facts(store)


def printed(store: Store, article: Article) -> list[int]:
    """List the editions that carry an article: by its number in what they are made of, by its address or its title."""
    numbered = store.rows("SELECT id FROM editions WHERE instr(content, ?) > 0", (str(article.id),))
    found = {id_ for (id_,) in numbered if _names(_content(store, id_), article.id or 0)}
    for form in _forms(article):
        found |= {
            id_
            for (id_,) in store.rows(
                "SELECT id FROM editions WHERE instr(html, :bytes) > 0 OR instr(text, :bytes) > 0 "
                "OR instr(content, :form) > 0",
                {"form": form, "bytes": form.encode()},
            )
        }
    return sorted(found)


def _content(store: Store, edition: int) -> Any:
    return json.loads(store.value("SELECT content FROM editions WHERE id = ?", (edition,)))


def _names(value: Any, article: int) -> bool:
    """Tell whether an article is named anywhere in what an edition is made of."""
    if isinstance(value, list):
        return any(_names(item, article) for item in value)
    return isinstance(value, dict) and (_is_of(value, article) or _names([*value.values()], article))


def _is_of(value: dict[str, Any], article: int) -> bool:
    articles = value.get("articles")
    return value.get("article") == article or (isinstance(articles, list) and article in articles)


def _forms(article: Article) -> set[str]:
    """Write an address and a title as digests may hold them."""
    said = {text for text in (article.url, article.title) if text}
    escaped = {html.escape(text) for text in said} | {_as_templates_do(text) for text in said}
    return said | escaped | {json.dumps(text, ensure_ascii=False)[1:-1] for text in said}


def _as_templates_do(text: str) -> str:
    return html.escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")


def _blank_editions(store: Store, article: Article) -> None:
    """Empty the digests that carried an article, for it cannot be cut out of rendered bytes; drafts go whole.

    What readers were told of other stories stays, or the next digest would tell them as new again.
    """
    for id_ in printed(store, article):
        state, content = store.row("SELECT state, content FROM editions WHERE id = ?", (id_,)) or ("", "{}")
        if state == "draft":
            store.execute("DELETE FROM editions WHERE id = ?", (id_,))
            continue
        store.execute(
            f"UPDATE outbox SET body = {NO_BYTES}, last_error = ?, state = iif(state = 'sent', 'sent', 'dead') "
            "WHERE edition = ?",
            (EMPTIED, id_),
        )
        store.execute(
            f"UPDATE editions SET subject = '', html = {NO_BYTES}, text = {NO_BYTES}, content = ? WHERE id = ?",
            (_without(content, article), id_),
        )
    for form in _forms(article):
        store.execute("UPDATE reviews SET made = '' WHERE instr(made, ?) > 0", (form,))
        store.execute("UPDATE review_acts SET title = '' WHERE title = ?", (form,))


def _without(content: str, article: Article) -> str:
    """Take what carries an article out of an edition's content; all of it where something else still tells of it."""
    left = json.dumps(_pruned(json.loads(content), article.id or 0), ensure_ascii=False)
    return "{}" if any(form in left for form in _forms(article)) else left


def _pruned(value: Any, article: int) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item, article) for key, item in value.items()}
    if isinstance(value, list):
        return [_pruned(item, article) for item in value if not (isinstance(item, dict) and _carries(item, article))]
    return value


def _carries(value: Any, article: int) -> bool:
    """Tell whether an item of an edition has something of an article; sections are looked into, item by item."""
    if isinstance(value, list):
        return any(_carries(item, article) for item in value)
    if not isinstance(value, dict):
        return False
    return _is_of(value, article) or ("items" not in value and any(_carries(item, article) for item in value.values()))
