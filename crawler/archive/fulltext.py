"""The full-text index: one row for each article, numbered by its position.

It keeps no text (``content=''``), so that what it says of an article is deleted by number. The text is cut before it
comes here (``crawler.tokens``), since FTS5 itself cannot tell words in Chinese, Japanese or Thai.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from crawler.archive import schema
from crawler.archive.sqlite import Store
from crawler.tokens import VERSION, indexed

INDEX = "articles_fts"
#: The index that is being made to take its place (``rebuild``).
NEXT = "articles_fts_next"
#: While that lasts, the state has under this key the last article that it holds.
_DONE_TO = "reindexed_to"
#: Articles for one transaction of it: others wait some tenths of a second for it.
_AT_ONCE = 500


class Entry(NamedTuple):
    """What the index gets of one article, cut already."""

    position: int
    title: str
    lead: str
    text: str
    author: str


def cut(position: int, title: str, lead: str, text: str, authors: Iterable[str]) -> Entry:
    """Cut an article for the index; this is the slow part and needs no transaction."""
    return Entry(position, indexed(title), indexed(lead), indexed(text), indexed("\n".join(authors)))


def add(store: Store, entries: Iterable[Entry]) -> None:
    """Put articles into the index, inside a writing transaction."""
    added = list(entries)
    for table in _tables(store):
        store.many(f"INSERT INTO {table} (rowid, title, lead, text, author) VALUES (?, ?, ?, ?, ?)", added)


def remove(store: Store, positions: Iterable[int]) -> None:
    """Take articles out of the index, inside a writing transaction."""
    removed = [(position,) for position in positions]
    for table in _tables(store):
        store.many(f"DELETE FROM {table} WHERE rowid = ?", removed)


def is_old(store: Store) -> bool:
    """Tell whether the index was cut by an older Presswatch, whose words may differ from those of today's queries."""
    return int(store.state("tokenizer_version", 0)) < VERSION


def rebuild(store: Store, progress: Callable[[int, int], None] = lambda _done, _of: None) -> int:
    """Make the index anew beside the old one and put it in its place; give the number of articles.

    Searches go on meanwhile in the old one, and articles may come, change and go: both are kept. When it is
    interrupted, it goes on where it was. ``progress`` is told how many articles are done, and of how many.
    """
    with store.writing():
        if store.state(_DONE_TO) is None:
            store.execute(f"DROP TABLE IF EXISTS {NEXT}")
            store.execute(schema.index_table(NEXT))
            store.set_state(_DONE_TO, 0)
    total = int(store.value("SELECT count(*) FROM articles"))
    done = int(store.value("SELECT count(*) FROM articles WHERE id <= ?", (store.state(_DONE_TO),)))
    while copied := _copy_some(store):
        done += copied
        progress(min(done, total), total)
    with store.writing():
        store.execute(f"DROP TABLE {INDEX}")
        store.execute(f"ALTER TABLE {NEXT} RENAME TO {INDEX}")
        store.execute("DELETE FROM state WHERE key = ?", (_DONE_TO,))
        store.set_state("tokenizer_version", VERSION)
    return total


def _copy_some(store: Store) -> int:
    """Cut the next articles into the new index; what came into it meanwhile is replaced by itself."""
    with store.writing():
        found = store.rows(
            "SELECT id, position, title, lead, text, authors FROM articles WHERE id > ? ORDER BY id LIMIT ?",
            (store.state(_DONE_TO), _AT_ONCE),
        )
        if found:
            entries = [
                cut(position, title, lead, text, json.loads(authors))
                for _, position, title, lead, text, authors in found
            ]
            store.many(f"DELETE FROM {NEXT} WHERE rowid = ?", ((entry.position,) for entry in entries))
            store.many(f"INSERT INTO {NEXT} (rowid, title, lead, text, author) VALUES (?, ?, ?, ?, ?)", entries)
            store.set_state(_DONE_TO, found[-1][0])
    return len(found)


def _tables(store: Store) -> tuple[str, ...]:
    return (INDEX,) if store.state(_DONE_TO) is None else (INDEX, NEXT)


def optimise(store: Store) -> None:
    """Merge the index into one piece, which drops the words of deleted articles from the file."""
    with store.writing():
        for table in _tables(store):
            store.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
