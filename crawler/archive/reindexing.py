"""Making the index anew when the words of texts are cut in another way, while searches and crawls go on.

Part by part: a successor is filled beside each part, and takes its place when it holds all. What comes, changes or
goes meanwhile is written to both. Every step is a short transaction; what is interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable

from crawler.archive import fulltext, parts
from crawler.archive.store import WATCHES_WAIT, Store
from crawler.tokens import VERSION


def is_old(store: Store) -> bool:
    """Tell whether a part was cut by an older Presswatch, whose words may differ from those of today's queries.

    So it is, too, while watches have not been asked again since the index was made anew.
    """
    old = "SELECT EXISTS (SELECT 1 FROM index_parts WHERE replaces IS NULL AND version < ?)"
    return bool(store.value(old, (VERSION,))) or store.state(WATCHES_WAIT) is not None


def rebuild(store: Store, progress: Callable[[int, int], None] = lambda _done, _of: None) -> int:
    """Make every part anew that this program did not cut, or all of them if it cut all; give how many articles.

    ``progress`` is told how many articles are done, and of how many.
    """
    with store.writing():
        if not is_old(store):
            store.execute("UPDATE index_parts SET version = 0 WHERE replaces IS NULL")
        store.set_state(WATCHES_WAIT, 1)
    total = int(store.value("SELECT count(*) FROM articles"))
    # What is moved out of a part that holds too many is cut anew, too, and need not be cut twice.
    while (cut := fulltext.give_away(store) or _step(store)) is not None:
        if cut:
            progress(total - _left(store), total)
    return total


def _left(store: Store) -> int:
    """Count the articles that are not cut anew yet."""
    counted = "SELECT coalesce(sum(articles), 0) FROM index_parts WHERE"
    old = store.value(f"{counted} replaces IS NULL AND version < ?", (VERSION,))
    return max(0, int(old) - int(store.value(f"{counted} replaces IS NOT NULL")))


def _step(store: Store) -> int | None:
    """Cut the next articles of a part into its successor, or put that in its place; None when all parts are new."""
    with store.writing():
        old = store.row(
            "SELECT p.begins FROM index_parts p LEFT JOIN index_parts r ON r.replaces = p.id "
            "WHERE p.replaces IS NULL AND p.version < ? ORDER BY r.id IS NULL, p.begins DESC LIMIT 1",
            (VERSION,),
        )
        if old is None:
            return None
        part = parts.covering(store, old[0])
        if part.successor is None or part.done_to is None:
            parts.open_successor(store, part)
            return 0
        entries = fulltext.read(
            store,
            "position > ? AND position < ? ORDER BY position LIMIT ?",
            part.done_to, part.ends, fulltext.AT_ONCE,
        )  # fmt: skip
        if entries:
            fulltext.put(store, part.successor, entries)
            store.execute("UPDATE index_parts SET done_to = ? WHERE id = ?", (entries[-1].position, part.successor))
        else:
            parts.drop(store, part.id)
            store.execute("UPDATE index_parts SET replaces = NULL, done_to = NULL WHERE id = ?", (part.successor,))
        return len(entries)
