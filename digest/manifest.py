"""What an export was made of, so that a collection can be cited, checked and made again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler import __version__, query
from crawler.archive import Archive, CoverageRow
from crawler.query import Filter, Node, dates
from crawler.records import Article, as_json
from crawler.tokens import VERSION

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Tally:
    """What a manifest tells of an export, gathered while its articles and its bytes pass."""

    def __init__(self, *, detailed: bool = True) -> None:
        self.number = 0
        self._detailed = detailed
        self.articles: list[dict[str, Any]] = []
        self.versions: Counter[str] = Counter()
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of the bytes that have passed."""
        return self._hash.hexdigest()

    def count(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Let articles pass; only a ``detailed`` tally remembers which."""
        for each in articles:
            self.number += 1
            if self._detailed:
                self._remember(each)
            yield each

    def _remember(self, article: Article) -> None:
        told = {"id": article.id, "url": article.url, "revision": article.revision, "text_sha256": article.text_sha256}
        self.articles.append(told)
        self.versions[article.extractor_version] += 1
        if article.first_seen:
            self.first = min(self.first or article.first_seen, article.first_seen)
            self.last = max(self.last or article.first_seen, article.first_seen)

    def hash(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Let the bytes of the file pass."""
        for piece in pieces:
            self._hash.update(piece)
            yield piece


def manifest(archive: Archive, written: str, tally: Tally, *, config: Path, now: datetime) -> dict[str, Any]:
    """Tell how an export was made: the query, every version that matters, each article, and what went by unseen.

    Gaps are told of every source, from the day on which the first of the articles was seen until now: what a source
    that failed would have brought is missing, though none of the articles is from there.
    """
    node = query.parse(written)
    coverage = archive.sources.coverage(None, tally.first or _EVER, now)
    return {
        "query": query.show(node),
        "query_at_that_time": query.show(dated(node, now)),
        "explanation": query.explain(node),
        "watches": _watches(archive, node),
        "made_at": as_json(now),
        "presswatch": __version__,
        "tokenizer_version": VERSION,
        "extractor_versions": dict(tally.versions),
        "config_sha256": config_hash(config),
        "last_change": archive.changes.last(),
        "file_sha256": tally.sha256,
        "articles": tally.articles,
        "seen_from": as_json(tally.first),
        "seen_until": as_json(tally.last),
        "gaps": [_gap(row) for row in coverage if row.gaps or row.failed_polls or row.dropped],
    }


def dated(node: Node, now: datetime) -> Node:
    """Put the moments in place of dates that mean another one tomorrow (7d, yesterday)."""

    def at_that_time(part: Filter) -> Node:
        if not (part.name.endswith(("after", "before")) and dates.is_relative(part.value)):
            return part
        at = dates.moment(part.value, now).replace(tzinfo=None)
        return Filter(part.name, at.isoformat(timespec="seconds").lower())  # also before 1000 with four digits

    return query.replace_filters(node, at_that_time)


def _watches(archive: Archive, node: Node) -> list[dict[str, Any]]:
    """Tell what each watch that the query uses looks for today, and those that these use."""
    known = {watch.name: watch for watch in archive.watches.all()}
    used: dict[str, dict[str, Any]] = {}
    open_ = [node]
    while open_:
        for found in query.filters_in(open_.pop()):
            if found.name == "watch" and found.value in known and found.value not in used:
                watch = known[found.value]
                used[watch.name] = {"name": watch.name, "version": watch.version, "query": watch.query}
                open_.append(query.parse(watch.query))
    return list(used.values())


def config_hash(folder: Path) -> str | None:
    """Hash the configuration: its files' names and bytes in order; None where there is none."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        return None
    whole = hashlib.sha256()
    for part in _parts(files):
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def _parts(files: Iterable[Path]) -> Iterable[bytes]:
    for file in files:
        yield file.name.encode()
        yield file.read_bytes()


def _gap(row: CoverageRow) -> dict[str, Any]:
    return {
        "source": row.source,
        "day": row.day.isoformat(),
        "polls": row.polls,
        "failed_polls": row.failed_polls,
        "overruns": row.gaps,
        "dropped": dict(row.dropped),
    }
