"""What a search finds on PostgreSQL is what it finds on SQLite: invented archives and queries in ten scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.archive import Archive, Kept
from crawler.archive.opening import open_store
from crawler.archive.postgres import conditions, search, vectors, words
from crawler.errors import QueryError
from crawler.query import And, Near, Node, Not, Or, Term, walk
from crawler.records import Article, CopyOf, Source, Watch
from crawler.tokens import FARTHEST_IN_NAME
from tests.archive_sample import HERALD, NOW, POST
from tests.databases import Server
from tests.test_query import TREES

#: Each test opens both by itself.
pytestmark = pytest.mark.sqlite_only

SPACED = (
    "spy", "agent", "spies", "Zürich", "O'Neill", "шпион", "п'ять", "ёлка", "κατάσκοπος", "Ήταν", "جاسوس", "السلطات",
    "מרגל", "जासूस", "क़लम", "গুপ্তচর", "agent-provocateur", "2019",
)  # fmt: skip
UNSPACED = ("中国", "國際", "间谍", "スパイ", "북한", "간첩", "สายลับ", "ข่าว")
POOL = st.sampled_from(SPACED + UNSPACED)
SIGNS = st.sampled_from((" ", " ", " ", "", ", ", ". ", "\n\n", "…"))
Words = st.SearchStrategy[str]
DAYS = st.sampled_from((None, *(datetime(2019, 11, 1, tzinfo=UTC) + timedelta(hours=7 * each) for each in range(9))))
SOURCES = (
    HERALD,
    POST,
    Source("tass", "TASS", "https://tass.test/", country="ru", kind="agency", control="state", owner="The State"),
)


def sayings(of: Words, most: int = 14) -> st.SearchStrategy[str]:
    """Invent texts of some words."""
    return st.lists(st.tuples(of, SIGNS), max_size=most).map(lambda said: "".join(word + sign for word, sign in said))


@st.composite
def articles(draw: st.DrawFn, of: Words) -> list[Kept]:
    """Invent what an archive keeps, some of it copies, from four hosts."""
    said = sayings(of)
    names = st.lists(sayings(of, 3), max_size=3).map(tuple)
    kept: list[Kept] = []
    for number in range(draw(st.integers(4, 10))):
        day = draw(DAYS)
        host = draw(st.sampled_from(("herald.test", "www.post.test", "news.tass.test:8080", "Nobody.test")))
        made = Article(
            f"https://{host}/{number}",
            draw(st.sampled_from(("herald", "post", "tass", "nobody", "Die Welt"))),
            draw(said),
            draw(said),
            lead=draw(st.just("") | said),
            authors=draw(names),
            published=day and day.isoformat(),
            published_utc=day,
            language=draw(st.sampled_from(("", "en", "en-GB", "zh-Hant", "unknown"))),
            credited_to=draw(st.sampled_from((None, "Reuters", "Xinhua", "新华社", "TASS news"))),
            tags=draw(st.lists(st.sampled_from(("Spies", "间谍", "a b")), max_size=2).map(tuple)),
            completeness=draw(st.sampled_from(("full", "lead"))),
            form=draw(st.sampled_from(("article", "live"))),
            paywalled=draw(st.sampled_from((None, True, False))),
        )
        of = draw(st.sampled_from((None, None, CopyOf(1, "full", 1.0), CopyOf(1, "quoted-in", 0.5))))
        kept.append(Kept(made, copy=of if number else None))
    return kept


FILTERS = st.sampled_from((
    "source:herald", 'source:"die welt"', "source:nobody", "kind:agency", "kind:unknown", "control:state",
    "control:unknown", "country:ru", "owner:state", "lang:en", "lang:zh", "lang:unknown", "credited:reuters",
    "credited:新华社", "site:herald.test", "site:tass.test", "site:test", "site:nobody.test",
    "url:https://herald.test/0", "after:2019-11-02", "before:2019-11-03", "after:2019-11", "seen-after:yesterday",
    "seen-before:2019-11-02", "copies:no", "copies:only", "copies:yes", "tag:spies", "tag:间谍", "completeness:lead",
    "form:live", "paywalled:yes", "paywalled:no", "story:1", "marked:irrelevant", "note:spy", "watch:spies",
))  # fmt: skip
DISTANCES = st.sampled_from(("NEAR/0", "NEAR/1", "NEAR/3", "NEAR/19", "NEAR/25", "W/0", "W/1", "W/2", "W/30"))


def queries(of: Words) -> st.SearchStrategy[str]:
    """Invent queries for some words, with every operator and filter."""
    beginnings = of.map(lambda word: word[: 1 if word in UNSPACED else 3] + "*")
    phrases = st.lists(of, min_size=2, max_size=3).map(lambda said: f'"{" ".join(said)}"')
    terms = st.one_of(of, of, beginnings, phrases, st.tuples(of, of).map("".join))
    groups = st.lists(terms, min_size=2, max_size=3).map(lambda made: f"({' OR '.join(made)})")
    rows = st.tuples(st.lists(terms | groups, min_size=2, max_size=3), DISTANCES)
    near = rows.map(lambda made: f"({f' {made[1]} '.join(made[0])})")
    fields = st.tuples(st.sampled_from(("title", "lead", "text", "author")), terms | near).map(":".join)
    unwanted = st.tuples(FILTERS, phrases | near).map(lambda made: f"({made[0]} -{made[1]})")
    return st.recursive(
        st.one_of(terms, near, near, fields, FILTERS, unwanted),
        lambda inside: st.one_of(
            st.lists(inside, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
            st.lists(inside, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
            st.tuples(inside, inside).map(lambda parts: f"({parts[0]} -{parts[1]})"),
        ),
        max_leaves=3,
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Kept], list[str]]:
    """Invent an archive of few words, and queries for them."""
    of = st.sampled_from(draw(st.lists(POOL, min_size=3, max_size=5, unique=True)))
    asked = st.lists(queries(of), min_size=30, max_size=30)
    return draw(articles(of)), [*draw(asked), *draw(st.lists(TREES.map(query.show), max_size=3))]


#: So many of the queries are watches, too.
MOST_WATCHED = 8
WATCHES = {"spies": "spy OR 间谍", "rows": "(spy W/3 agent) OR title:中国"}


class Both:
    """The same archive on both databases."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._url = server.new()
        self.archives = [Archive(open_store(url)) for url in ("sqlite://", self._url)]

    def close(self) -> None:
        for archive in self.archives:
            archive.close()
        self._server.drop(self._url)

    def fill(self, kept: list[Kept], watches: dict[str, str] = WATCHES) -> None:
        """Keep articles with what people say of them, and then some once more with other words."""
        self._watches = watches
        for archive in self.archives:
            archive.sources.sync(SOURCES, NOW)
            archive.watches.sync([Watch(name, text) for name, text in watches.items()], NOW)
            for first in range(0, len(kept), 5):
                archive.articles.keep(kept[first : first + 5], NOW + timedelta(minutes=first))
            archive.judgements.mark(1, "irrelevant", "anna", NOW)
            archive.judgements.note(len(kept), "a spy, they say", "anna", NOW)

    def same(self, what: str, *arguments: Any, **more: Any) -> Any:
        """Ask both; they must say the same."""
        on_sqlite, on_postgresql = (getattr(archive, what)(*arguments, **more) for archive in self.archives)
        assert on_postgresql == on_sqlite, (what, arguments, more)
        return on_sqlite

    def same_set(self, what: str, *arguments: Any) -> None:
        """Ask both; they must name the same articles."""
        on_sqlite, on_postgresql = (sorted(getattr(archive, what)(*arguments)) for archive in self.archives)
        assert on_postgresql == on_sqlite, (what, arguments)

    def mentions(self) -> list[Any]:
        """Give what watches matched, which must be the same."""
        on_sqlite, on_postgresql = (
            {text: archive.watches.mentions(name) for name, text in self._watches.items()} for archive in self.archives
        )
        assert on_postgresql == on_sqlite
        return on_sqlite


@contextmanager
def both(server: Server) -> Iterator[Both]:
    made = Both(server)
    try:
        yield made
    finally:
        made.close()


def ask(archives: Both, text: str, *, ranked: bool) -> None:
    """Ask a query in every way; ``ranked``: also for the same order by relevance."""
    archives.same("ids", text, NOW)
    archives.same("ids", text, NOW, 3, since=datetime(2019, 11, 1, 12, tzinfo=UTC), until=NOW)
    archives.same("count", text, NOW)
    archives.same("facets", text, NOW)
    for by in ("day", "source", "kind", "language"):
        archives.same("stats", text, by, now=NOW)
    for sort in ("published", "seen", "relevance") if ranked else ("published", "seen"):
        cursor = None
        while True:
            found = archives.same("search", text, sort=sort, limit=3, cursor=cursor, now=NOW)
            cursor = found.next
            if cursor is None:
                break
    archives.same_set("best", text, NOW, 100)


def has_an_order(node: Node) -> bool:
    """Tell whether relevance is held equal: without AND, NOT, NEAR or W/n beside alternatives, or NOT of a group.

    There FTS5 weighs words of a part of the query that need not be true of the article.
    """
    inside = [part for either in walk(node) if isinstance(either, Or) for part in walk(either)]
    negated = [part.part for part in walk(node) if isinstance(part, Not)]
    # A row with alternatives, or of words that are far apart, is written as several.
    rows = [part for part in walk(node) if isinstance(part, Near)]
    several = any(row.distance > FARTHEST_IN_NAME or any(isinstance(part, Or) for part in row.parts) for row in rows)
    mixed = several or any(isinstance(part, And | Not | Near) for part in inside)
    return not mixed and all(isinstance(part, Term) for part in negated)


def is_watchable(asked: tuple[int, str]) -> bool:
    """Tell whether a query can be a watch."""
    with suppress(QueryError):
        query.check_watch(asked[1])
        return True
    return False


LIMITS = {
    "whole": {},
    "torn": {"_MOST_PLACES": 1, "_ROOM": 12},
    "husks": {"_MOST_BYTES": 150},
    "long words": {"_LONGEST": 6, "_BEGINNING": 4},
}


@contextmanager
def narrow(limits: dict[str, int], ways: int) -> Iterator[None]:
    """Let vectors hold less, rows be written out in fewer ways, few texts be asked at a time, and few of the newest."""
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(vectors, name, limit)
        patch.setattr(words, "_MOST_WAYS", ways)
        patch.setattr(conditions, "_FIRST_ASKED", 1)
        patch.setattr(conditions, "_MOST_ASKED", 2)
        patch.setattr(search, "_LOOKS", ((1, 1), (1, 2)))
        yield


@pytest.mark.parametrize("limits", LIMITS)
def test_every_query_finds_the_same(postgres: Server, limits: str) -> None:
    # What differs is told by the query; to make all of it smaller would take minutes.
    @settings(max_examples=4, phases=(Phase.reuse, Phase.generate))
    @given(worlds(), st.sampled_from((0, 12, 256)))
    def finds_the_same(world: tuple[list[Kept], list[str]], ways: int) -> None:
        kept, asked = world
        with narrow(LIMITS[limits], ways), both(postgres) as archives:
            watched = dict(islice(filter(is_watchable, enumerate(asked)), MOST_WATCHED))
            archives.fill(kept, WATCHES | {f"watch {number}": text for number, text in watched.items()})
            archives.mentions()
            for text in asked:
                try:
                    node = query.expand(query.parse(text), WATCHES)
                except QueryError:
                    continue
                # How many articles have a phrase is not counted exactly where the index does not hold all of it.
                ask(archives, text, ranked=limits == "whole" and has_an_order(node))
            for archive in archives.archives:
                archive.watches.ask_again(NOW)
            archives.mentions()

    finds_the_same()
