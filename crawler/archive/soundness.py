"""Whether an archive is sound: the file itself, its index, what hangs together, and what waits to go out."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.archive.store import Store

#: So many faults of one kind are told.
_MOST = 5


def faults(store: Store) -> Iterator[str]:
    """Read the whole archive and tell what is wrong with it; this takes as long as reading its file."""
    said = [str(text) for (text,) in store.rows(f"PRAGMA quick_check({_MOST})")]
    if said != ["ok"]:
        yield f"the file is damaged ({'; '.join(said)}); restore a backup, or save what can be read with .recover"
        return  # what is asked of damaged pages says nothing
    broken = store.rows('SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2')
    for table, parent, number in broken[:_MOST]:
        yield f"{number} rows of {table} belong to nothing in {parent}; restore a backup, and please report it"
    yield from _index(store)
    yield from of_outbox(store)


def _index(store: Store) -> Iterator[str]:
    indexed = store.value("SELECT coalesce(sum(articles), 0) FROM index_parts WHERE replaces IS NULL")
    articles = store.value("SELECT count(*) FROM articles")
    if indexed != articles:
        yield f"the index counts {indexed} of {articles} articles; run doctor --reindex"


def of_outbox(store: Store) -> Iterator[str]:
    """Tell what is wrong with deliveries."""
    empty = store.value("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending') AND length(body) = 0")
    if empty:
        yield f"{empty} deliveries wait without anything to deliver; please report it"
    known = "('waiting', 'sending', 'sent', 'dead')"
    odd = store.value(f"SELECT count(*) FROM outbox WHERE state NOT IN {known}")
    if odd:
        yield f"{odd} deliveries are in a state that this program does not know; a newer one may have made them"
