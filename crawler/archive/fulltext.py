"""The full-text index: one row for each article, numbered by its position.

It keeps no text (``content=''``), so that what it says of an article is deleted by number. The text is cut before it
comes here (``crawler.tokens``), since FTS5 itself cannot tell words in Chinese, Japanese or Thai.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crawler.archive.sqlite import Store
from crawler.tokens import indexed


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
    store.many("INSERT INTO articles_fts (rowid, title, lead, text, author) VALUES (?, ?, ?, ?, ?)", entries)


def remove(store: Store, positions: Iterable[int]) -> None:
    """Take articles out of the index, inside a writing transaction."""
    store.many("DELETE FROM articles_fts WHERE rowid = ?", ((position,) for position in positions))


def optimise(store: Store) -> None:
    """Merge the index into one piece, which drops the words of deleted articles from the file."""
    with store.writing():
        store.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
