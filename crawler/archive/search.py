"""Search: which articles, in which order, with which of their words marked."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, islice, pairwise
from typing import Any, Literal

from crawler import query
from crawler.archive import conditions, parts, relevance, rows
from crawler.archive.conditions import Conditions
from crawler.archive.parts import Part
from crawler.archive.sqlite import SqliteStore
from crawler.archive.store import ALL, Store
from crawler.errors import UsageError
from crawler.query import Document, Node, Spans
from crawler.query.filters import UNKNOWN
from crawler.records import Article

Sort = Literal["published", "seen", "relevance"]
By = Literal["day", "source", "kind", "control", "country", "language"]

#: What is counted by -> its values -> how many articles.
Facets = dict[By, dict[str, int]]
#: How many articles there are, and how many of each day since 1970 (None: undated), source and language.
Facts = tuple[int, Mapping[int | None, int], Counter[str | None], Counter[str | None]]

#: Counting ends here, and the answer says so.
MOST_COUNTED = 10_000
#: Relevance looks at so many of the newest articles that match.
MOST_RANKED = 1_000
#: The same two for queries with W/n, or NEAR of a word and itself, which Python checks text by text.
MOST_COUNTED_SLOWLY, MOST_RANKED_SLOWLY = 1_000, 200
SNIPPET = 200
#: In so many stretches of a text the first word that matches is looked for, before it is looked at as a whole.
_TRIES = 3
#: Of the last articles that came, so many are asked before all are.
_RECENT = (100, 400, 2_000)
_DAY = 86_400_000_000
#: The day of undated articles in briefs, and the bits that tell the source and the language (``schema``).
_UNDATED, _KIND = 1 << 22, (1 << 24) - 1
#: A word that is longer is cut.
_LONGEST_WORD = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found."""

    article: Article
    #: field -> places of the words of the query in its original text; of authors in their names joined by line breaks.
    highlights: Spans = field(default_factory=dict)
    #: About 200 characters around the first of them.
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found."""

    #: In its canonical form.
    query: str
    #: All articles that match, up to MOST_COUNTED (MOST_COUNTED_SLOWLY with W/n).
    total: int
    #: There are more than ``total`` says.
    capped: bool
    hits: tuple[Hit, ...]
    #: The cursor of the next page; None on the last one.
    next: str | None = None
    #: Relevance has looked at so many of them, the newest; None where it was asked of all, or not at all.
    ranked: int | None = None


class Search:
    """Finds articles by queries."""

    def __init__(self, store: SqliteStore) -> None:
        self._store: Store = store
        conditions.prepare(store)

    def __call__(
        self,
        text: str | Node,
        *,
        sort: Sort = "published",
        limit: int = 20,
        cursor: str | None = None,
        now: datetime,
    ) -> Found:
        """Find articles; the empty query finds all. ``cursor`` is what the page before gave as ``next``.

        No page repeats or skips an article because others come meanwhile: by relevance and by arrival they stand on no
        later page, by publication where their date says.
        """
        return self._page(text, sort, limit, cursor, now)[0]

    def overview(
        self, text: str | Node, *, sort: Sort = "published", limit: int = 20, cursor: str | None = None, now: datetime
    ) -> tuple[Found, Facets]:
        """Find articles as a call does, with the facets of all that match: one look at the index counts for both.

        Of a long text only the words around the snippet are marked, which takes half of the time.
        """
        return self._page(text, sort, limit, cursor, now, faceted=True)

    def hits(self, text: str | Node, ids: Iterable[int]) -> list[Hit]:
        """Read articles with the words of a query marked in them; what is not there any more is left out."""
        node = self._read(text)[1]
        return [_hit(article, node) for article in rows.articles(self._store, ids)]

    def facets(self, text: str | Node, now: datetime) -> Facets:
        """Count the newest articles that match by everything that ``stats`` knows, in one scan.

        At most MOST_COUNTED of them (MOST_COUNTED_SLOWLY with W/n): for narrowing a search down; ``stats`` is exact.
        """
        found = self._compile(self._read(text)[1], now)
        with self._store.reading():
            return self._surveyed(found)[1]

    def _page(
        self, text: str | Node, sort: Sort, limit: int, cursor: str | None, now: datetime, *, faceted: bool = False
    ) -> tuple[Found, Facets]:
        if limit < 1:
            raise UsageError(f"a search cannot give {limit} articles; the limit must be 1 or more")
        written, node = self._read(text)
        found = self._compile(node, now)
        if sort == "relevance" and found.match is None:
            sort = "published"  # filters alone make no article more relevant than another
        at = _read_cursor(cursor, sort)
        facets: Facets = {}
        with self._store.reading():
            if sort == "relevance":
                ids, following = self._ranked(found, limit, at)
            else:
                ids, following = self._ordered(found, sort, limit, at)
            most = most_ranked(found) if sort == "relevance" else None
            if faceted:
                (total, capped), facets = self._surveyed(found)
            elif cursor is None and following is None and len(ids) != most:
                total, capped = len(ids), False
            else:
                total, capped = self._total(found)
            articles = rows.articles(self._store, ids)
        marked = _briefly if faceted else _hit
        hits = tuple(marked(article, node) for article in articles)
        ranked = most if most is not None and (capped or total > most) else None
        return Found(query.show(written), total, capped, hits, following, ranked), facets

    def _surveyed(self, found: Conditions) -> tuple[tuple[int, bool], Facets]:
        """Count the newest articles that match; tell how many they are, whether there are more, and of what kinds."""
        most = MOST_COUNTED_SLOWLY if found.slow else MOST_COUNTED
        number, days, sources, languages = self._facts(found, most)
        known = {row[0]: row[1:] for row in self._store.rows("SELECT key, kind, control, country FROM sources")}
        of_source: dict[By, Counter[str | None]] = {"kind": Counter(), "control": Counter(), "country": Counter()}
        for key, count in sources.items():
            for counts, value in zip(of_source.values(), known.get(str(key), (None, None, None)), strict=True):
                counts[value] += count
        named: dict[By, Counter[str | None]] = {"source": sources, **of_source, "language": languages}
        facets: Facets = {"day": _by_day(days.items())}
        facets |= {by: _by_number(counts.items()) for by, counts in named.items()}
        return (min(number, most), number > most), facets

    def _facts(self, found: Conditions, most: int) -> Facts:
        """Count the newest articles that match, one more than so many at most, and what so many of them are."""
        briefs = self._briefs(found, most + 1)
        days: dict[int | None, int] = {**Counter([brief >> 24 for brief in briefs[:most]])}
        kinds = Counter([brief & _KIND for brief in briefs[:most]])
        if _UNDATED in days:
            days[None] = days.pop(_UNDATED)
        sources: Counter[str | None] = Counter()
        languages: Counter[str | None] = Counter()
        for kind, source, language in self._store.rows("SELECT id, source, language FROM brief_kinds"):
            if kind in kinds:
                sources[source] += kinds[kind]
                languages[language] += kinds[kind]
        return len(briefs), days, sources, languages

    def _briefs(self, found: Conditions, limit: int) -> list[int]:
        """Read the briefs of the newest articles, as one text: rows would take half as long again."""
        briefs: list[int] = []
        at = found.position()
        for part in found.parts(self._store):
            tables, parameters = found.tables(part, "brief")
            newest = f"SELECT brief {tables} ORDER BY {at} DESC LIMIT ?"
            read = self._store.value(f"SELECT group_concat(brief) FROM ({newest})", [*parameters, limit - len(briefs)])
            briefs += map(int, read.split(",")) if read else ()
            if len(briefs) == limit:
                break
        return briefs

    def count(self, text: str | Node, now: datetime) -> int:
        """Count all articles that match, however many."""
        return self._count(self._compile(self._read(text)[1], now), None)

    def total(self, text: str | Node, now: datetime) -> tuple[int, bool]:
        """Count what matches as a page of results does, up to MOST_COUNTED; and tell whether there is more."""
        found = self._compile(self._read(text)[1], now)
        return self._total(found)

    def ids(
        self,
        text: str | Node,
        now: datetime,
        limit: int | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[int]:
        """List the ids of the articles that match, or of so many, newest published first; times as in ``stats``."""
        found = self._compile(self._read(text)[1], now)
        conditions.narrow(self._store, found, since, until)
        with self._store.reading():
            return [id_ for (id_,) in self._newest(found, "a.id", limit)]

    def best(self, text: str | Node, now: datetime, limit: int) -> list[int]:
        """List the ids of the most relevant articles; of filters alone, of the newest."""
        found = self._compile(self._read(text)[1], now)
        with self._store.reading():
            return (
                self._ranked(found, limit, None)[0]
                if found.match
                else self._ordered(found, "published", limit, None)[0]
            )

    def stats(
        self, text: str | Node, by: By, since: datetime | None = None, until: datetime | None = None, *, now: datetime
    ) -> dict[str, int]:
        """Count exactly: by day in order of time ("undated" last), by anything else the most frequent first.

        ``since`` and ``until`` limit the publication, of undated articles the first sight; what is not known of an
        article is counted as "unknown". What people marked irrelevant is found by searches, but counts nowhere.
        """
        found = self._compile(self._read(text)[1], now)
        conditions.narrow(self._store, found, since, until)
        conditions.leave_out_irrelevant(self._store, found)
        column = GROUPS.get(by)
        if column is None:
            raise UsageError(f"there are no counts by {by!r}; there are {', '.join(GROUPS)}")
        with self._store.reading():
            counts = self._counts(found, column)
        return _by_day(counts.items()) if by == "day" else _by_number(counts.items())

    def expanded(self, text: str | Node) -> Node:
        """Read a query and put the queries of watches in place of their names."""
        return self._read(text)[1]

    def _read(self, text: str | Node) -> tuple[Node, Node]:
        written = query.parse(text) if isinstance(text, str) else text
        if not any(part.name == "watch" for part in query.filters_in(written)):
            return written, written
        watches = dict(self._store.rows("SELECT name, query FROM watches WHERE removed_at IS NULL"))
        return written, query.expand(written, watches)

    def _compile(self, node: Node, now: datetime) -> Conditions:
        return conditions.compile_query(self._store, node, now)

    def _counts(self, found: Conditions, column: str) -> Counter[Any]:
        """Count all articles that match by a column."""
        counts: Counter[Any] = Counter()
        for part in found.parts(self._store):
            tables, parameters = found.tables(part)
            counted = self._store.rows(f"SELECT {column} AS of, count(*) {tables} GROUP BY of", parameters)
            counts.update(dict(counted))
        return counts

    def _total(self, found: Conditions) -> tuple[int, bool]:
        most = MOST_COUNTED_SLOWLY if found.slow else MOST_COUNTED
        counted = self._count(found, most + 1)
        return min(counted, most), counted > most

    def _count(self, found: Conditions, limit: int | None) -> int:
        """Count what matches, up to a limit."""
        counted = 0
        with self._store.reading():
            for part in found.parts(self._store):
                tables, parameters = found.counted(part)
                most = ALL if limit is None else limit - counted
                counted += int(self._store.value(f"SELECT count(*) FROM (SELECT 1 {tables} LIMIT {most})", parameters))
                if counted == limit:
                    break
        return counted

    def _newest(
        self, found: Conditions, columns: str, limit: int | None, before: int | None = None
    ) -> list[tuple[Any, ...]]:
        """Read id, or position, too, of the newest articles, or of those before a position, until it is enough."""
        read: list[tuple[Any, ...]] = []
        at = found.position()
        below, places = ("", []) if before is None else (f" AND {at} < ?", [before])
        for part in found.parts(self._store):
            tables, parameters = found.tables(part, "id")
            most = ALL if limit is None else limit - len(read)
            asked = f"SELECT {columns} {tables}{below} ORDER BY {at} DESC LIMIT ?"
            read += self._store.rows(asked, [*parameters, *places, most])
            if len(read) == limit:
                break
        return read

    def _latest(self, found: Conditions, limit: int, before: int | None) -> list[tuple[Any, ...]]:
        """Read ids, twice each, of the articles that came last: any part may hold them.

        Where enough of the last that came match, no others are looked at: mostly one part holds them all.
        """
        listed = found.parts(self._store)
        if found.match is not None:
            for number in _RECENT:
                recent = self._recent(found, [part for part in listed if part is not None], limit, before, number)
                if len(recent) == limit:
                    return recent
        read: list[tuple[Any, ...]] = []
        below, ids = ("", []) if before is None else (" AND a.id < ?", [before])
        for part in listed:
            tables, parameters = found.tables(part, "id", in_order=False)
            asked = f"SELECT a.id, a.id {tables}{below} ORDER BY a.id DESC LIMIT ?"
            read += self._store.rows(asked, [*parameters, *ids, limit])
        return sorted(read, reverse=True)[:limit]

    def _recent(
        self, found: Conditions, listed: list[Part], limit: int, before: int | None, number: int
    ) -> list[tuple[Any, ...]]:
        """Do the same among so many articles that came last."""
        last = "SELECT id, position FROM briefs WHERE id < ? ORDER BY id DESC LIMIT ?"
        came = self._store.rows(last, (parts.END if before is None else before, number))
        positions = sorted(position for _, position in came)
        read: list[tuple[Any, ...]] = []
        for part in listed:
            here = positions[bisect_left(positions, part.begins) : bisect_left(positions, part.ends)]
            if here:
                tables, parameters = found.tables(part, "id")
                among = "f.rowid BETWEEN ? AND ? AND a.id BETWEEN ? AND ?"
                asked = f"SELECT a.id, a.id {tables} AND {among} ORDER BY a.id DESC LIMIT ?"
                read += self._store.rows(asked, [*parameters, here[0], here[-1], came[-1][0], came[0][0], limit])
        return sorted(read, reverse=True)[:limit]

    def _ordered(
        self, found: Conditions, sort: Sort, limit: int, at: tuple[int, ...] | None
    ) -> tuple[list[int], str | None]:
        before = None if at is None else at[0]
        if sort == "seen":
            page = self._latest(found, limit + 1, before)
        else:
            page = self._newest(found, f"a.id, {found.position()}", limit + 1, before)
        following = f"{sort[0]}{page[limit - 1][1]}" if len(page) > limit else None
        return [id_ for id_, _ in page[:limit]], following

    def _ranked(self, found: Conditions, limit: int, at: tuple[int, ...] | None) -> tuple[list[int], str | None]:
        """Order the newest hits by bm25; later pages rank the same articles, though others may have come.

        What comes changes how rare words and how long articles are, and so the order. A cursor is therefore the last
        article that had come when the first page was made, and all that were given.
        """
        most = most_ranked(found)
        listed = [part for part in found.parts(self._store) if part is not None]
        factors = relevance.factors(self._store, listed, found.words)
        scored: list[tuple[int, int, float]] = []
        for part in listed:
            tables, parameters = found.tables(part, "id")
            if at is not None:
                tables, parameters = f"{tables} AND a.id <= ?", [*parameters, at[0]]
            asked = f"SELECT a.id, f.rowid, {relevance.score(part)} * {factors.get(part.id, 1.0)!r} {tables} "
            scored += self._store.rows(f"{asked} ORDER BY f.rowid DESC LIMIT {most - len(scored)}", parameters)
            if len(scored) == most:
                break
        ranked = [id_ for id_, _, _ in sorted(scored, key=lambda row: (row[2], -row[1]))]
        return page_of_ranked(ranked, limit, at)


def page_of_ranked(ranked: list[int], limit: int, at: tuple[int, ...] | None) -> tuple[list[int], str | None]:
    """Give the first ids of a ranking that no page before gave, and the cursor of those that follow."""
    last_to_come, *given = at or (max(ranked, default=0),)
    told = set(given)
    left = [id_ for id_ in ranked if id_ not in told]
    page = left[:limit]
    return page, _cursor(last_to_come, [*given, *page]) if len(left) > limit else None


def most_ranked(found: Conditions) -> int:
    """Tell of how many articles relevance is computed at most."""
    return MOST_RANKED_SLOWLY if found.slow else MOST_RANKED


#: What to count by -> the column; sources are few, so they are asked row by row.
GROUPS: dict[str, str] = {
    # Days before 1970 are negative, and SQLite divides towards zero.
    "day": f"(a.dated - (a.dated % {_DAY} + {_DAY}) % {_DAY}) / {_DAY}",
    "source": "a.source",
    "language": "a.language",
    **{name: f"(SELECT s.{name} FROM sources s WHERE s.key = a.source)" for name in ("kind", "control", "country")},
}


def _by_day(counted: Iterable[tuple[int | None, int]]) -> dict[str, int]:
    """Order counts by day; the undated stand last."""
    ordered = sorted(counted, key=lambda row: (row[0] is None, row[0]))
    return {"undated" if number is None else _day(number): count for number, count in ordered}


def _by_number(counted: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    """Order counts, the greatest first; what is told as "unknown" in several ways is counted together."""
    named: Counter[str] = Counter()
    for name, count in counted:
        named[name or UNKNOWN] += count
    return dict(sorted(named.items(), key=lambda row: (-row[1], row[0])))


def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def _cursor(last_to_come: int, given: Iterable[int]) -> str:
    """Write a cursor by relevance: how far each article that was given stands before the next one that came."""
    ordered = [last_to_come, *sorted(given, reverse=True)]
    return f"r{last_to_come:x}" + "".join(f"-{later - earlier:x}" for later, earlier in pairwise(ordered))


def _read_cursor(cursor: str | None, sort: Sort) -> tuple[int, ...] | None:
    """Read the place before which a page begins, or what ``_cursor`` has written."""
    if cursor is None:
        return None
    if sort == "relevance" and re.fullmatch(r"r[0-9a-f]{1,15}(-[0-9a-f]{1,15})+", cursor):
        last_to_come, *steps = (int(number, 16) for number in cursor[1:].split("-"))
        return last_to_come, *(last_to_come - gone for gone in accumulate(steps))
    if sort != "relevance" and (found := re.fullmatch(rf"{sort[0]}(-?[0-9]{{1,18}})", cursor)):
        return (int(found[1]),)
    raise UsageError(f"{cursor!r} is no cursor of a search sorted by {sort}; use the one that the page before gave")


def _hit(article: Article, node: Node) -> Hit:
    document = Document(article)
    marked = query.highlights(node, document)
    return Hit(article, marked, _snippet(document, marked))


def _briefly(article: Article, node: Node) -> Hit:
    """Mark the words of a query around the first of them in the text."""
    for start, end in islice(query.stretches(node, article.text), _TRIES):
        marked = query.highlights_in_part(node, Document(replace(article, text=article.text[start:end])))
        if "text" in marked:
            marked["text"] = [(first + start, behind + start) for first, behind in marked["text"]]
            return Hit(article, marked, _snippet(Document(article), marked))
    return _hit(article, node)


def _snippet(document: Document, marked: Spans) -> str:
    """Cut out what stands around the first marked word: of the text, else of the standfirst."""
    name = next((name for name in ("text", "lead") if name in marked), "")
    text = document.texts[name or ("lead" if document.texts["lead"] else "text")]
    place = marked[name][0] if name else (0, 0)
    return cut_out(text, place)


def cut_out(text: str, place: tuple[int, int], width: int = SNIPPET) -> str:
    """Give about so many letters around a place, in whole words, on one line, with … where something is left out."""
    first = max(0, min(place[0] - width // 3, len(text) - width))
    behind = min(len(text), max(first + width, place[1]))
    if first > 0:
        space = re.compile(r"\s").search(text, first, min(first + _LONGEST_WORD, place[0]))
        first = space.end() if space else first
        while first < place[0] and unicodedata.combining(text[first]):
            first += 1
    if behind < len(text) and not text[behind].isspace():
        spaces = list(re.compile(r"\s").finditer(text, max(place[1], behind - _LONGEST_WORD), behind))
        behind = spaces[-1].start() if spaces else behind
    inside = " ".join(text[first:behind].split())
    left_out = " …" if inside.endswith((".", "!", "?")) else "…"
    return ("…" if first > 0 else "") + inside + (left_out if behind < len(text) else "")
