"""The parts of the full-text index: each holds the articles of one stretch of positions, and so of one time.

A search for the newest articles asks the newest part, and the one before it only when that did not give enough: what a
common word, a beginning of words or a filter costs no longer grows with the archive. FTS5 itself would gather every
article of a beginning of words before it gives the first one.

The parts stand side by side without gaps: each reaches from where it begins to where the next one does; the first one
begins at BEGIN, the last one ends at END. So the part of an article is known from its position, and may change by
moving a border. Where borders lie is read anew in every transaction, for another process may have moved them.
"""

from __future__ import annotations

from typing import NamedTuple

from crawler.archive import schema
from crawler.archive.store import Store
from crawler.tokens import VERSION

#: So many articles make a part full; then the next one begins (``fulltext.add``).
FULL = 16_384
#: Before and behind every position.
BEGIN, END = -(1 << 63), (1 << 63) - 1


class Part(NamedTuple):
    """One part of the index, and the positions that belong to it: [begins, ends)."""

    id: int
    begins: int
    ends: int
    articles: int
    #: Of the tokenizer that cut its texts; 0 when it is to be made anew in any case.
    version: int
    #: The table that is being made to take its place (``reindexing``) and the last position that it holds.
    successor: int | None
    done_to: int | None

    @property
    def table(self) -> str:
        """Name its FTS5 table."""
        return table(self.id)


def table(id_: int) -> str:
    """Name the FTS5 table of a part."""
    return f"articles_fts_{id_}"


def covering(store: Store, position: int) -> Part:
    """Find the part in which a position lies."""
    found = store.row(
        """
        SELECT p.id, p.begins,
            coalesce((SELECT min(n.begins) FROM index_parts n WHERE n.replaces IS NULL AND n.begins > p.begins), ?),
            p.articles, p.version, r.id, r.done_to
        FROM index_parts p LEFT JOIN index_parts r ON r.replaces = p.id
        WHERE p.replaces IS NULL AND p.begins <= ? ORDER BY p.begins DESC LIMIT 1
        """,
        (END, position),
    )
    assert found is not None, "the first part begins before every position"
    return Part(*found)


def newest_first(store: Store, low: int | None = None, high: int | None = None) -> list[Part]:
    """List the parts that hold positions of [low, high), the newest first."""
    rows = store.rows("SELECT id, begins, articles, version, replaces, done_to FROM index_parts ORDER BY begins DESC")
    successors = {replaces: (id_, done_to) for id_, *_, replaces, done_to in rows if replaces is not None}
    listed: list[Part] = []
    ends = END
    for id_, begins, articles, version, replaces, _ in rows:
        if replaces is None:
            if (low is None or ends > low) and (high is None or begins < high):
                listed.append(Part(id_, begins, ends, articles, version, *successors.get(id_, (None, None))))
            ends = begins
    return listed


def open_one(store: Store, begins: int) -> int:
    """Begin a part, empty yet, inside a writing transaction; give its number."""
    id_ = store.insert("INSERT INTO index_parts (begins, version) VALUES (?, ?)", (begins, VERSION))
    _create(store, id_)
    return id_


def open_successor(store: Store, part: Part) -> int:
    """Begin the table that will take the place of a part, inside a writing transaction; give its number."""
    id_ = store.insert(
        "INSERT INTO index_parts (begins, version, replaces, done_to) VALUES (?, ?, ?, ?)",
        (part.begins, VERSION, part.id, part.begins - 1 if part.begins > BEGIN else BEGIN),
    )
    _create(store, id_)
    return id_


def drop(store: Store, id_: int) -> None:
    """Remove a part with its table, inside a writing transaction."""
    store.execute(f"DROP TABLE {table(id_)}")
    store.execute("DELETE FROM index_parts WHERE id = ?", (id_,))


def _create(store: Store, id_: int) -> None:
    for statement in schema.index_part(table(id_)):
        store.execute(statement)
