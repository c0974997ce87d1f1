"""A query tree as FTS5 and SQL conditions; the one room where the language of FTS5 is written.

Words become MATCH, with every token quoted; what is known of sources is asked of the few sources, not of the many
articles. Conditions are never NULL, so that NOT means the same as in Python. What SQL cannot say are functions written
in Python: the order of W/n, that NEAR of a word and itself wants it twice, folded comparison of names, and hosts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, Literal

from crawler import query
from crawler.archive import fulltext, parts, rows
from crawler.archive.parts import Part
from crawler.archive.positions import bounds
from crawler.archive.sqlite import SqliteStore
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none
from crawler.query import And, Document, Everything, Field, Filter, Near, Node, Not, Or, Term, dates, in_order
from crawler.query import filters as known
from crawler.records import Article, Source
from crawler.tokens import FARTHEST_IN_NAME, indexed

#: Tells in the state how often facts have changed of which watches that use such filters do not know yet.
FACTS_CHANGED = "facts_changed"
#: Filters that ask for facts of sources, not of articles.
OF_SOURCES = ("source", "kind", "control", "owner", "country")
_DATES = ("after", "before")
#: Articles of so few sources are looked up source by source.
_FEW = 2
#: So many tokens of sources and languages are asked of the index at most; more are no longer few articles.
_MOST_TOKENS = 64
#: So many conditions that Python decides are read once; a query with watches in it may have as many.
_READ = 1_024
#: Sources of articles that nobody has defined: from one to the next in the index, without reading what is between.
_UNDEFINED_SOURCES = (
    "WITH RECURSIVE found(key) AS (SELECT min(source) FROM articles UNION ALL "
    "SELECT (SELECT min(source) FROM articles WHERE source > key) FROM found WHERE key IS NOT NULL) "
    "SELECT key FROM found WHERE key IS NOT NULL AND key NOT IN (SELECT key FROM sources)"
)
#: Stands in a condition for the table of the part of the index that is asked.
_INDEX = "{index}"
#: All fields but the authors', each of whom stands alone.
_ELSEWHERE = "{title lead text}"

#: What is read of the articles of a query.
Asks = Literal["all", "id", "brief"]


@dataclass(slots=True)
class Conditions:
    """What finds the articles of a query: an index search to begin with where words allow it, and conditions."""

    #: FTS5 expression that every article of the query matches; None when words do not decide.
    match: str | None = None
    #: The words and phrases of it, each as such an expression.
    words: list[str] = field(default_factory=list)
    #: More such expressions that every article of the query matches: the tokens of sources and languages. Each stands
    #: as a condition, too, for a part may have been cut without them.
    facts: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)
    #: Python looks at each text, which takes a tenth of a millisecond.
    slow: bool = False
    #: So few articles pass its filters that they are looked up one by one.
    narrow: bool = False

    #: Positions outside [low, high) hold no article of the query.
    low: int | None = None
    high: int | None = None

    def add(self, condition: str, *parameters: Any) -> None:
        """Narrow it down by one more condition."""
        self.where.append(condition)
        self.parameters.extend(parameters)

    def parts(self, store: Store) -> list[Part] | list[None]:
        """List the parts of the index that must be asked, the newest first; [None] when no part need be."""
        if self.match is None and not any(_INDEX in condition for condition in self.where):
            return [None]
        return parts.newest_first(store, self.low, self.high)

    def tables(self, part: Part | None, asks: Asks = "all", *, in_order: bool = True) -> tuple[str, list[Any]]:
        """Write FROM and WHERE for a part; the article is ``a``. ``in_order``: of publication, or in none at all.

        What ``asks`` only for its id and position, or for its ``brief`` beside them, is answered from smaller rows.
        """
        articles, briefs = "articles a INDEXED BY articles_facts", ""
        if asks != "all" and not self.where and (part is None or self.match is not None):
            articles = "briefs a"
        elif asks == "brief":
            briefs = " CROSS JOIN briefs b ON b.position = a.position"
        if part is None or self.match is None:
            where, parameters = list(self.where), list(self.parameters)
            if part is not None:
                where = ["a.position >= ?", "a.position < ?", *(one.replace(_INDEX, part.table) for one in where)]
                parameters = [part.begins, part.ends, *parameters]
            if not in_order or self.narrow:
                # Elsewhere it is named: SQLite alone would read each article of a hundred sources from its page.
                articles = articles.removesuffix(" INDEXED BY articles_facts")
            return f"FROM {articles}{briefs} WHERE {balanced(where, 'AND') if where else '1'}", parameters
        where = [f"{part.table} MATCH ?", *(condition.replace(_INDEX, part.table) for condition in self.where)]
        # CROSS JOIN keeps the order: the index says which articles, newest first.
        # The named index holds what most conditions ask; without the name SQLite would read each article's page.
        joined = f"{part.table} f CROSS JOIN {articles} ON a.position = f.rowid{briefs}"
        return f"FROM {joined} WHERE {balanced(where, 'AND')}", [self._asked(part), *self.parameters]

    def counted(self, part: Part | None) -> tuple[str, list[Any]]:
        """Write FROM and WHERE for a part where only the number of articles is asked."""
        if part is not None and self.match is not None and not self.where:
            return f"FROM {part.table} WHERE {part.table} MATCH ?", [self.match]
        return self.tables(part)

    def _asked(self, part: Part) -> str:
        asked = self.facts if part.version >= fulltext.FACTS_SINCE else []
        return " AND ".join([f"({self.match})", *asked])

    def position(self) -> str:
        """Name the column that orders by publication."""
        return "a.position" if self.match is None else "f.rowid"


def note_facts(store: Store) -> None:
    """Count that what filters ask of many articles at once has changed, for ``Watches.follow_facts``."""
    store.set_state(FACTS_CHANGED, store.state(FACTS_CHANGED, 0) + 1)


def prepare(store: SqliteStore) -> None:
    """Teach a connection the functions that conditions call."""
    for name, arity, function in (
        ("presswatch_credited", 2, known.is_credited),
        ("presswatch_on_site", 2, lambda value, url: known.is_on_site(value, url or "")),
        ("presswatch_noted", 2, known.is_noted),
        ("presswatch_tagged", 2, lambda value, tags: known.is_tagged(value, _tags(tags))),
        ("presswatch_matches", 5, _matches),
    ):
        store.db.conn.create_function(name, arity, function, deterministic=True)


def compile_query(store: Store, node: Node, now: datetime) -> Conditions:
    """Write a query, in which no watch is named any more, as conditions."""
    compiler = Compiler(store, now)
    found = Conditions()
    wanted = node.parts if isinstance(node, And) else (node,)
    words = [part for part in wanted if query.is_textual(part)]
    if words and query.is_positive(query.all_of(tuple(words))):
        found.match = fts(query.all_of(tuple(widened(words))))
        found.words = [_phrase(term) for word in words for term in query.wanted_terms(word)]
    else:
        words = []
    for part in wanted:
        if words and query.is_textual(part):
            if is_beyond_index(part):
                found.add(*_in_python(part))
        elif not isinstance(part, Everything):
            found.add(*compiler.condition(part))
            found.facts += compiler.facts(part)
    found.slow = any(is_beyond_index(part) for part in wanted)
    found.narrow = any(compiler.is_narrow(part) for part in wanted)
    narrow_by_dates(store, found, wanted, now)
    return found


def narrow(store: Store, found: Conditions, since: datetime | None, until: datetime | None) -> None:
    """Keep only articles of a time: their publication, and the first sight of undated ones."""
    _between(found, *bounds(store, micros_or_none(since), micros_or_none(until)))
    for sign, moment in ((">=", since), ("<", until)):
        if moment is not None:
            found.add(f"coalesce(a.dated, a.first_seen) {sign} ?", micros(moment))


def leave_out_irrelevant(store: Store, found: Conditions) -> None:
    """Keep only articles that count."""
    if store.value(f"SELECT EXISTS ({rows.IRRELEVANT})"):
        found.add(f"a.id NOT IN ({rows.IRRELEVANT})")


def fts(node: Node) -> str:
    """Write a tree of words in the language of FTS5."""
    match node:
        case Term():
            return _phrase(node)
        case Field(name, part):
            return f"{{{name}}} : ({fts(part)})"
        case Near(parts, distance, ordered):
            if distance <= FARTHEST_IN_NAME or ordered:
                return _near(parts, distance)
            return f"({_ELSEWHERE} : {_near(parts, distance)} OR {{author}} : {_near(parts, FARTHEST_IN_NAME)})"
        case Or(parts):
            return "(" + " OR ".join(fts(part) for part in parts) + ")"
        case And(parts):
            wanted = " AND ".join(fts(part) for part in parts if not isinstance(part, Not))
            unwanted = " OR ".join(fts(part.part) for part in parts if isinstance(part, Not))
            return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"
        case _:
            raise AssertionError(f"no words: {node}")


def _near(parts: Iterable[Term | Or], distance: int) -> str:
    rows_ = [part.parts if isinstance(part, Or) else (part,) for part in parts]
    sets = (" ".join(_phrase(term) for term in found if isinstance(term, Term)) for found in product(*rows_))
    return "(" + " OR ".join(f"NEAR({found}, {distance})" for found in sets) + ")"


def _phrase(term: Term) -> str:
    phrase = query.phrase_of(term)
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.prefix else "")


class Compiler:
    """Writes conditions on the row ``a`` of an article."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now
        self._known: dict[Filter, list[str]] = {}
        self._tokens_left = _MOST_TOKENS

    def is_narrow(self, node: Node) -> bool:
        """Tell whether few articles can pass."""
        return isinstance(node, Filter) and (
            node.name == "url"
            or (node.name in OF_SOURCES and not _passes_unknown(node) and len(self._sources(node)) <= _FEW)
        )

    def facts(self, node: Node) -> list[str]:
        """Write a condition as tokens of sources or languages, of which each article of it has one; [] if none do."""
        tokens = self._tokens(node)
        if not tokens or len(tokens) > self._tokens_left:
            return []
        self._tokens_left -= len(tokens)
        return ["(" + " OR ".join(f'"{token}"' for token in tokens) + ")"]

    def _tokens(self, node: Node) -> list[str] | None:
        """List such tokens; None where articles without one pass."""
        if isinstance(node, Or):
            tokens: list[str] = []
            for part in node.parts:
                of_part = self._tokens(part)
                if of_part is None:
                    return None
                tokens += of_part
            return tokens
        if isinstance(node, Filter) and node.name == "lang" and node.value != known.UNKNOWN:
            return [fulltext.language_token(node.value)]
        if isinstance(node, Filter) and node.name in OF_SOURCES and not _passes_unknown(node):
            return [fulltext.source_token(key) for key in self._sources(node)]
        return None

    def condition(self, node: Node) -> tuple[Any, ...]:
        """Give the SQL of a condition, and its parameters."""
        if isinstance(node, Everything):
            return ("1 = 1",)
        if query.is_textual(node) and query.is_positive(node):
            return self._words(node)
        if isinstance(node, Not):
            condition, *parameters = self.condition(node.part)
            return (f"NOT {condition}", *parameters)
        if isinstance(node, And | Or):
            return self._joined(node)
        if isinstance(node, Filter):
            return self._filter(node)
        raise AssertionError(f"no condition: {node}")

    def _words(self, node: Node) -> tuple[Any, ...]:
        found = f"a.position IN (SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH ?)"
        expression = fts(query.all_of(tuple(widened([node]))))
        if not is_beyond_index(node):
            return found, expression
        condition, *parameters = _in_python(node)
        return (f"({found} AND {condition})", expression, *parameters)

    def _joined(self, node: And | Or) -> tuple[Any, ...]:
        conditions = [self.condition(part) for part in node.parts]
        sign = "AND" if isinstance(node, And) else "OR"
        joined = balanced([str(condition) for condition, *_ in conditions], sign)
        return (joined, *(value for _, *values in conditions for value in values))

    def _filter(self, node: Filter) -> tuple[Any, ...]:
        if node.name in OF_SOURCES:
            passing = "a.source IN (SELECT value FROM json_each(?))"
            if _passes_unknown(node):
                passing = f"({passing} OR a.source NOT IN (SELECT key FROM sources))"  # those that nobody has defined
            return passing, rows.packed(self._sources(node))
        value = node.value
        if node.name in ("after", "before", "seen-after", "seen-before"):
            column = "a.dated" if node.name in _DATES else "a.first_seen"
            sign = ">=" if node.name.endswith("after") else "<"
            return f"({column} IS NOT NULL AND {column} {sign} ?)", micros(dates.moment(value, self._now))
        if node.name == "lang":
            untold = "a.language = '' OR " if value == known.UNKNOWN else ""
            return f"({untold}lower(a.language) = ? OR lower(a.language) LIKE ?)", value, f"{value}-%"
        if node.name == "story":
            return "EXISTS (SELECT 1 FROM story_articles WHERE article = a.id AND story = ?)", int(value)
        plain = {
            "url": "a.url = ?",
            "completeness": "a.completeness = ?",
            "form": "a.form = ?",
            "credited": "(a.credited_to IS NOT NULL AND presswatch_credited(?, a.credited_to))",
            "site": "presswatch_on_site(?, a.url)",
            "tag": "(a.tags <> '[]' AND presswatch_tagged(?, a.tags))",
            "marked": "a.id IN (SELECT article FROM judgements WHERE kind = ? AND undone_at IS NULL)",
            "note": (
                "a.id IN (SELECT article FROM judgements WHERE kind = 'note' AND undone_at IS NULL "
                "AND presswatch_noted(?, value))"
            ),
        }
        if node.name in plain:
            return plain[node.name], value
        fixed = {
            ("copies", "yes"): "1 = 1",
            ("copies", "no"): rows.NOT_FOLDED,
            ("copies", "only"): f"NOT {rows.NOT_FOLDED}",
            ("paywalled", "yes"): "coalesce(a.paywalled, 0) = 1",
            ("paywalled", "no"): "coalesce(a.paywalled, 0) <> 1",
        }
        return (f"({fixed[node.name, value]})",)

    def _sources(self, node: Filter) -> list[str]:
        if node not in self._known:
            self._known[node] = self._sources_that_pass(node)
        return self._known[node]

    @cached_property
    def _stated(self) -> list[Source]:
        stated = "SELECT key, name, homepage, country, language, timezone, kind, control, owner FROM sources"
        return [Source(*row) for row in self._store.rows(stated)]

    @cached_property
    def _undefined(self) -> list[str]:
        """List the sources that nobody has defined, from which articles have come in imports."""
        return [key for (key,) in self._store.rows(_UNDEFINED_SOURCES)]

    def _sources_that_pass(self, node: Filter) -> list[str]:
        found = [
            source.key
            for source in self._stated
            if known.passes(node, Article(url="", source=source.key, title="", text=""), source, None)
        ]
        if node.name == "source":
            found += [key for key in self._undefined if known.is_source(node.value, key, "")]
        return found


def narrow_by_dates(store: Store, found: Conditions, nodes: Iterable[Node], now: datetime) -> None:
    """Let the dates of a query choose a range of the index; each row is checked by its condition all the same."""
    wanted = [part for part in nodes if isinstance(part, Filter) and part.name in _DATES]
    after = [micros(dates.moment(part.value, now)) for part in wanted if part.name == "after"]
    before = [micros(dates.moment(part.value, now)) for part in wanted if part.name == "before"]
    _between(found, *bounds(store, max(after, default=None), min(before, default=None)))


def _between(found: Conditions, low: int | None, high: int | None) -> None:
    """Choose a range of positions, [low, high)."""
    if low is not None:
        found.add(f"{found.position()} >= ?", low)
        found.low = low if found.low is None else max(found.low, low)
    if high is not None:
        found.add(f"{found.position()} < ?", high)
        found.high = high if found.high is None else min(found.high, high)


def _passes_unknown(node: Filter) -> bool:
    """Tell whether articles of sources that nobody has defined pass a filter."""
    return known.passes(node, Article(url="", source="", title="", text=""), None, None)


def balanced(conditions: Sequence[str], sign: str) -> str:
    """Join conditions half by half: in one row, SQLite would take no more than a thousand."""
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    return f"({balanced(conditions[:half], sign)} {sign} {balanced(conditions[half:], sign)})"


def is_beyond_index(node: Node) -> bool:
    """Tell whether FTS5 cannot say it: an order, or two words that it takes for one."""
    return any(isinstance(part, Near) and (part.ordered or query.may_coincide(part)) for part in query.walk(node))


def widened(parts: Iterable[Node]) -> Iterable[Node]:
    """Widen queries to what FTS5 can ask: W/n becomes NEAR/n, and what may not be widened below a NOT is left out.

    NEAR of a word and itself stays as it is: FTS5 takes one word for both.
    """
    for part in parts:
        match part:
            case Not(inner) if is_beyond_index(inner):
                continue
            case Near() if part.ordered:
                # Between the first and the last stand all the others, each as far from the next. It stays marked as
                # ordered: Python sees what reaches from one author to the next.
                middle = [max(len(query.phrase_of(term).tokens) for term in _terms(each)) for each in part.parts[1:-1]]
                yield Near(part.parts, part.distance * (len(part.parts) - 1) + sum(middle), ordered=True)
            case And(inner):
                yield query.all_of(tuple(widened(inner)))
            case Or(inner):
                yield query.any_of(tuple(widened(inner)))
            case Field(name, inner):
                yield Field(name, next(iter(widened([inner]))))
            case _:
                yield part


def _terms(part: Node) -> list[Term]:
    return [term for term in query.walk(part) if isinstance(term, Term)]


def _in_python(node: Node) -> tuple[str, str]:
    """Write a condition that Python decides; it reads the query as text, which cannot be only a negation."""
    if isinstance(node, Not):
        return "NOT presswatch_matches(?, a.title, a.lead, a.text, a.authors)", query.show(node.part)
    return "presswatch_matches(?, a.title, a.lead, a.text, a.authors)", query.show(node)


@lru_cache(maxsize=256)
def _tags(kept: str) -> tuple[str, ...]:
    return tuple(json.loads(kept))


def _matches(text: str, title: str, lead: str, body: str, authors: str) -> bool:
    return _question(text)(Asked(title, lead, body, authors))


class Asked:
    """An article that Python is asked of; it is cut when that is needed, however many parts of a query ask."""

    def __init__(self, title: str, lead: str, body: str, authors: str) -> None:
        self._texts = title, lead, body, authors
        self._waiting = self._in_turn()
        self._cut: list[str] = []

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether a pattern is in what the index gets of any field, and of any author alone."""
        return any(map(pattern.search, self._pieces()))

    @cached_property
    def document(self) -> Document:
        """Give the article as queries read it."""
        title, lead, text, authors = self._texts
        return Document(Article("", "", title, text, lead=lead, authors=tuple(json.loads(authors))))

    def _pieces(self) -> Iterator[str]:
        yield from self._cut
        for text in self._waiting:
            self._cut.append(indexed(text))
            yield self._cut[-1]

    def _in_turn(self) -> Iterator[str]:
        """List the fields; most matches stand in the text, and most articles have few words besides."""
        title, lead, body, authors = self._texts
        yield from (body, title, lead)
        yield from json.loads(authors)


Question = Callable[[Asked], bool]


@lru_cache(maxsize=_READ)
def _question(text: str) -> Question:
    return as_question(query.read_back(text))


def as_question(node: Node) -> Question:
    """Make a question of a query of words; of each W/n of two parts a pattern, which takes a tenth of the time."""
    match node:
        case And(parts):
            all_of = [as_question(part) for part in parts]
            return lambda asked: all(question(asked) for question in all_of)
        case Or(parts):
            any_of = [as_question(part) for part in parts]
            return lambda asked: any(question(asked) for question in any_of)
        case Not(part):
            question = as_question(part)
            return lambda asked: not question(asked)
        case _:
            pattern = in_order.pattern(node)
            if pattern is None:
                return lambda asked: query.is_match(node, asked.document)
            return lambda asked: asked.has(pattern)
