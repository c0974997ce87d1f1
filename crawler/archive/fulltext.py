"""The full-text index: one row for each article, numbered by its position, in the part that holds its position.

It keeps no text (``content=''``), so that what it says of an article is deleted by number. The text is cut before it
comes here (``crawler.tokens``), since FTS5 itself cannot tell words in Chinese, Japanese or Thai.

Beside the words stand tokens of what filters ask most, the source and the language: no word is like them. A word and
a filter that seldom meet are then found without looking at every article that has the word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from crawler.archive import parts
from crawler.archive.parts import END, Part
from crawler.archive.store import Entry, Store
from crawler.tokens import indexed, indexed_names

#: Parts have tokens of sources and languages since this version of the tokenizer.
FACTS_SINCE = 5
#: Private letters, which begin these tokens and stand in them for what the tokenizer of FTS5 parts at.
_SOURCE, _LANGUAGE, _OTHER = "\ue000", "\ue001", "\ue002"
_PARTING = re.compile(r"[^0-9A-Za-z\x80-\U0010ffff]")

#: A full part gives way to a new one if at most so many articles must move there.
_STRAYS = 64
#: So many articles move in one transaction: others wait some tenths of a second for it.
AT_ONCE = 500
#: So many leaves of four kilobytes are gathered in one transaction.
_GATHERED = 256


def cut(position: int, title: str, lead: str, text: str, authors: Iterable[str], source: str, language: str) -> Entry:
    """Cut an article for the index; this is the slow part and needs no transaction."""
    facts = f"{source_token(source)} {language_token(language)}"
    return Entry(position, indexed(title), indexed(lead), indexed(text), indexed_names(authors), facts)


def source_token(key: str) -> str:
    """Give the token of a source; seldom two have the same."""
    return _SOURCE + _PARTING.sub(_OTHER, key)


def language_token(code: str) -> str:
    """Give the token of a language, which all kinds of it have (zh: zh-Hant)."""
    return _LANGUAGE + _PARTING.split(code, maxsplit=1)[0]


def add(store: Store, entry: Entry) -> None:
    """Put an article into the index, inside a writing transaction."""
    part = parts.covering(store, entry.position)
    if part.articles >= parts.FULL and part.successor is None:
        part = _make_room(store, part, entry.position)
    put(store, part.id, [entry])
    if part.successor is not None and part.done_to is not None and entry.position <= part.done_to:
        put(store, part.successor, [entry])


def remove(store: Store, position: int) -> None:
    """Take an article out of the index, inside a writing transaction."""
    part = parts.covering(store, position)
    _take(store, part.id, [position])
    if part.successor is not None and part.done_to is not None and position <= part.done_to:
        _take(store, part.successor, [position])


def put(store: Store, part: int, entries: Sequence[Entry]) -> None:
    """Write rows into a part, inside a writing transaction."""
    facts = store.value("SELECT version FROM index_parts WHERE id = ?", (part,)) >= FACTS_SINCE
    columns = "rowid, title, lead, text, author, facts" if facts else "rowid, title, lead, text, author"
    store.many(
        f"INSERT INTO {parts.table(part)} ({columns}) VALUES ({', '.join('?' * (6 if facts else 5))})",
        entries if facts else (entry[:-1] for entry in entries),
    )
    # With RETURNING, SQLite might have to take the statement back, and FTS5 would write a piece for each article.
    store.execute(
        "UPDATE index_parts SET articles = articles + ?, loose = loose + ? WHERE id = ?",
        (len(entries), len(entries), part),
    )


def read(store: Store, where: str, *parameters: int) -> list[Entry]:
    """Cut articles that are kept, by a condition on their positions and in its order."""
    columns = "position, title, lead, text, authors, source, language"
    found = store.rows(f"SELECT {columns} FROM articles WHERE {where}", parameters)
    return [
        cut(position, title, lead, text, json.loads(authors), source, language)
        for position, title, lead, text, authors, source, language in found
    ]


def forget_removed(store: Store) -> None:
    """Drop the words of removed articles from the file: merge each part that has lost any into one piece."""
    while _merged(store, "removed > 0"):
        pass


def even_out(store: Store, most: int) -> int:
    """Drop parts that are empty, move articles out of those that hold too many, merge those written in many pieces.

    Old parts are emptied by ``prune`` and grow by late articles, and an archive of before had one part only. Each step
    is a short transaction after which the index is whole; it ends when about ``most`` articles were moved or merged.
    Give how many were.
    """
    _drop_empty(store)
    done = 0
    while done < most and (moved := give_away(store)):
        done += moved
    # Merged are those of which a quarter was written since they were merged last.
    while done < most and (merged := _merged(store, f"loose > {parts.FULL // 16} AND loose * 4 > articles")):
        done += merged
    if done < most:
        _gather(store)
    return done


def give_away(store: Store) -> int:
    """Move the newest articles of a part that holds too many into the one behind it, or a new one; give how many."""
    with store.writing():
        listed = parts.newest_first(store)
        for newer, part in zip([None, *listed], listed, strict=False):
            if not _holds_too_many(part, newer) or part.successor is not None:
                continue
            moving = [
                position
                for (position,) in store.rows(
                    "SELECT position FROM articles WHERE position >= ? AND position < ? ORDER BY position DESC LIMIT ?",
                    (part.begins, part.ends, min(AT_ONCE, part.articles - parts.FULL)),
                )
            ]
            if not moving or moving[-1] <= part.begins:
                continue
            if newer is None or newer.articles >= parts.FULL or newer.successor is not None:
                into = parts.open_one(store, moving[-1])
            else:
                into = newer.id
                store.execute("UPDATE index_parts SET begins = ? WHERE id = ?", (moving[-1], into))
            _move(store, part, into, moving)
            return len(moving)
    return 0


def _drop_empty(store: Store) -> None:
    """Drop parts without articles; their positions go to the part before them, those of the first one to the next."""
    with store.writing():
        *newer, oldest = parts.newest_first(store)
        for part in newer:
            if _is_empty(store, part):
                parts.drop(store, part.id)
        if newer and _is_empty(store, oldest):
            begins = store.value("SELECT min(begins) FROM index_parts WHERE begins > ?", (oldest.begins,))
            if begins is not None:
                parts.drop(store, oldest.id)
                store.execute("UPDATE index_parts SET begins = ? WHERE begins = ?", (oldest.begins, begins))


def _is_empty(store: Store, part: Part) -> bool:
    articles = "SELECT EXISTS (SELECT 1 FROM articles WHERE position >= ? AND position < ?)"
    return part.articles <= 0 and part.successor is None and not store.value(articles, (part.begins, part.ends))


def _holds_too_many(part: Part, newer: Part | None) -> bool:
    """Tell whether a part should give articles away, or go on with it until the part behind it is half full."""
    begun = newer is not None and newer.ends < END and newer.articles < parts.FULL // 2
    return part.articles > (parts.FULL if begun else parts.FULL * 3 // 2)


def _make_room(store: Store, part: Part, position: int) -> Part:
    """Begin a new part at this position where the newest or the oldest part is full, and give the one that holds it.

    Articles seldom come in the order of their dates, so that a few lie beyond: they move. If many do, the article is
    a late one and goes where its time is; ``even_out`` parts what grows too much.
    """
    if part.ends == END and position > part.begins:
        beyond = _positions(store, "position > ? AND position < ? ORDER BY position", position, part.ends)
        if len(beyond) <= _STRAYS:
            _move(store, part, parts.open_one(store, position), beyond)
    elif part.begins == parts.BEGIN:
        beyond = _positions(store, "position >= ? AND position < ? ORDER BY position DESC", part.begins, position)
        if len(beyond) <= _STRAYS:
            store.execute("UPDATE index_parts SET begins = ? WHERE id = ?", (position + 1, part.id))
            _move(store, part, parts.open_one(store, parts.BEGIN), beyond)
    return parts.covering(store, position)


def _positions(store: Store, where: str, *parameters: int) -> list[int]:
    """List positions of articles, no more than are needed to see that too many would move."""
    found = store.rows(f"SELECT position FROM articles WHERE {where} LIMIT {_STRAYS + 1}", parameters)
    return [position for (position,) in found]


def _move(store: Store, part: Part, into: int, positions: Sequence[int]) -> None:
    _take(store, part.id, positions)
    for first in range(0, len(positions), AT_ONCE):
        some = positions[first : first + AT_ONCE]
        put(store, into, read(store, f"position IN ({', '.join('?' * len(some))})", *some))


def _take(store: Store, part: int, positions: Sequence[int]) -> None:
    store.many(f"DELETE FROM {parts.table(part)} WHERE rowid = ?", ((position,) for position in positions))
    store.execute(
        "UPDATE index_parts SET articles = articles - ?, loose = loose + ?, removed = removed + ? WHERE id = ?",
        (len(positions), len(positions), len(positions), part),
    )


def _gather(store: Store) -> None:
    """Merge the small pieces in which a few articles came, for a search looks into each piece of a part."""
    for (id_,) in store.rows("SELECT id FROM index_parts WHERE loose > 0"):
        while _gathered(store, id_):
            pass


def _gathered(store: Store, id_: int) -> bool:
    """Merge some pieces of a part; tell whether there were any."""
    with store.writing():
        if not store.value("SELECT EXISTS (SELECT 1 FROM index_parts WHERE id = ?)", (id_,)):
            return False  # another process has put a new one in its place
        table, before = parts.table(id_), store.value("SELECT total_changes()")
        store.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {_GATHERED})")
        # FTS5 counts the statement itself as one change.
        return bool(store.value("SELECT total_changes()") - before > 1)


def _merged(store: Store, condition: str) -> int:
    """Merge a part of which this is true into one piece; give how many articles it holds, 0 if none is like that."""
    with store.writing():
        found = store.row(f"SELECT id, articles FROM index_parts WHERE {condition} LIMIT 1")
        if found is None:
            return 0
        id_, articles = found
        table = parts.table(id_)
        store.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        store.execute("UPDATE index_parts SET loose = 0, removed = 0 WHERE id = ?", (id_,))
    return max(1, int(articles))
