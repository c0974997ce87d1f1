from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.archive import Archive, Kept, open_archive
from crawler.errors import QueryError
from crawler.query import Document, Node
from crawler.query.bundle import needs, rows_needed
from crawler.records import Article, CopyOf, Mention, Source, Watch
from tests.test_query import NOW, TREES

SOURCES = {
    key: Source(key=key, name=key.title(), homepage=f"https://{key}.example/", country=country, kind="agency")
    for key, country in {"tass": "ru", "echo": "gb", "stateless": ""}.items()
}
SPY = Watch("spies", "spy OR agent")


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as made:
        made.sources.sync(SOURCES.values(), NOW)
        yield made


def keep(archive: Archive, number: int, title: str, now: datetime = NOW) -> int:
    """Keep an article the way the crawl does: matched first, then written."""
    article = Article(url=f"https://tass.example/{number}", source="tass", title=title, text="")
    mentions = archive.watches.match(article, SOURCES["tass"], now)
    return archive.articles.keep([Kept(article, mentions=mentions)], now)[0].id


def mentioned(archive: Archive, name: str = "spies") -> set[int]:
    return {mention.article for mention in archive.watches.mentions(name)}


def test_a_new_watch_finds_what_is_kept_already(archive: Archive) -> None:
    one, two = keep(archive, 1, "A SPY and a spy"), keep(archive, 2, "An agent")
    keep(archive, 3, "Sport")

    archive.watches.sync([SPY], NOW)

    assert [Mention("spies", two, 1, ("agent",)), Mention("spies", one, 1, ("SPY",))] == archive.watches.mentions(
        "spies"
    )


def test_a_watch_follows_what_is_said_of_sources(archive: Archive) -> None:
    one = keep(archive, 1, "A spy")
    state = [Watch("state", "control:state spy"), Watch("unknown", "control:unknown spy"), SPY]
    archive.watches.sync(state, NOW)
    assert (set(), {one}) == (mentioned(archive, "state"), mentioned(archive, "unknown"))

    archive.sources.sync([replace(source, control="state") for source in SOURCES.values()], NOW)
    archive.watches.follow_facts(NOW)

    assert ({one}, set()) == (mentioned(archive, "state"), mentioned(archive, "unknown"))
    assert {one} == mentioned(archive)
    with archive.writing():
        archive.watches.follow_facts(NOW)  # nothing is left to do


def test_a_watch_follows_what_is_said_of_sources_while_another_process_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive, open_archive(url) as other:
        one = keep(archive, 1, "A spy")
        archive.watches.sync([Watch("state", "control:state spy")], NOW)
        archive.sources.sync(SOURCES.values(), NOW)
        owned = [replace(source, control="state") for source in SOURCES.values()]
        # Just when this one has asked the watches, the other takes over another configuration.
        ask_again = archive.watches.ask_again

        def beside_another(*arguments: Any) -> None:
            ask_again(*arguments)
            other.sources.sync(owned, NOW)

        with monkeypatch.context() as patch:
            patch.setattr(archive.watches, "ask_again", beside_another)
            archive.watches.follow_facts(NOW)

        other.watches.follow_facts(NOW)

        assert {one} == mentioned(other, "state")


def test_a_watch_follows_when_the_first_sources_are_defined() -> None:
    with open_archive("sqlite://") as archive:
        archive.watches.sync([Watch("unknown", "kind:unknown spy")], NOW)
        one = keep(archive, 1, "A spy")
        archive.watches.sync([Watch("unknown", "kind:unknown spy"), SPY], NOW)

        archive.sources.sync(SOURCES.values(), NOW)
        archive.watches.follow_facts(NOW)

        assert (set(), {one}) == (mentioned(archive, "unknown"), mentioned(archive))


def test_a_watch_follows_what_a_page_says_of_itself_when_it_is_read_again(archive: Archive) -> None:
    archive.watches.sync([Watch("tagged", "spy tag:court"), Watch("russian", "spy lang:ru")], NOW)
    made = Article("https://echo.test/1", "echo", "A spy", "The spy was seen.", language="ru")
    (kept,) = archive.articles.keep([Kept(made, mentions=archive.watches.match(made, None, NOW))], NOW)
    assert (set(), {kept.id}) == (mentioned(archive, "tagged"), mentioned(archive, "russian"))

    again = archive.articles.keep([Kept(replace(made, language="uk", tags=("Court",)))], NOW)

    assert ["unchanged"] == [result.outcome for result in again]
    assert ({kept.id}, set()) == (mentioned(archive, "tagged"), mentioned(archive, "russian"))


def test_a_watch_follows_what_becomes_a_copy(archive: Archive) -> None:
    archive.watches.sync([Watch("first", "spy copies:no"), Watch("copied", "spy copies:only")], NOW)
    one, two = keep(archive, 1, "A spy"), keep(archive, 2, "A spy")

    archive.articles.fold(two, CopyOf(one, "full", 1.0), NOW)
    assert ({one}, {two}) == (mentioned(archive, "first"), mentioned(archive, "copied"))

    archive.articles.fold(two, None, NOW)
    assert ({one, two}, set()) == (mentioned(archive, "first"), mentioned(archive, "copied"))


def test_an_old_article_is_mentioned_at_its_own_time(archive: Archive) -> None:
    keep(archive, 1, "A spy", NOW - timedelta(days=9))

    archive.watches.sync([SPY], NOW)

    assert [] == archive.watches.mentions("spies", since=NOW - timedelta(days=1))
    assert 1 == len(archive.watches.mentions("spies", since=NOW - timedelta(days=10)))


def test_an_article_is_matched_before_it_is_kept(archive: Archive) -> None:
    archive.watches.sync([SPY, Watch("sports", "sport")], NOW)
    article = Article(url="https://tass.example/1", source="tass", title="The Agent’s agent", text="No sports")

    assert (Mention("spies", 0, 1, ("Agent",)),) == archive.watches.match(article, SOURCES["tass"])


def test_only_another_meaning_makes_another_version(archive: Archive) -> None:
    archive.watches.sync([SPY], NOW)
    version = archive.watches.version()
    archive.watches.sync([SPY], NOW)

    assert version == archive.watches.version()

    archive.watches.sync([replace(SPY, query=" (spy)  |  agent", weight=2.0)], NOW)
    (watch,) = archive.watches.all()

    assert (1, 2.0, " (spy)  |  agent") == (watch.version, watch.weight, watch.query)

    archive.watches.sync([replace(SPY, query="spy")], NOW)

    assert 2 == archive.watches.all()[0].version


def test_what_watches_matched_is_counted_by_when_it_came(archive: Archive) -> None:
    day = timedelta(days=1)
    keep(archive, 1, "A spy", NOW - 2 * day)
    archive.watches.sync([SPY, Watch("sport", "sport")], NOW - day)
    for number, at in ((2, NOW - day), (3, NOW), (4, NOW)):
        keep(archive, number, "An agent", at)
    spans = [(NOW - 2 * day, NOW - day), (NOW - day, NOW), (NOW, NOW + day), (NOW + day, NOW + 2 * day)]

    assert {"spies": [1, 1, 2, 0], "sport": [0, 0, 0, 0]} == archive.watches.came(spans)


def test_a_changed_query_drops_and_adds_mentions(archive: Archive) -> None:
    one, two, three = keep(archive, 1, "spy"), keep(archive, 2, "agent"), keep(archive, 3, "mole")
    archive.watches.sync([SPY], NOW)

    assert {one, two} == mentioned(archive)

    archive.watches.sync([replace(SPY, query="spy OR mole")], NOW)

    assert {one, three} == mentioned(archive)
    assert {2} == {mention.version for mention in archive.watches.mentions("spies")}


def test_a_watch_that_left_and_came_back_knows_what_came_between(archive: Archive) -> None:
    archive.watches.sync([SPY], NOW)
    archive.watches.sync([], NOW)
    missed = keep(archive, 1, "spy")

    assert [] == archive.watches.all()
    assert {} == archive.watches.of([missed])

    archive.watches.sync([SPY], NOW)

    assert {missed} == mentioned(archive)
    assert [missed] == list(archive.watches.of([missed, 99]))


def test_a_changed_watch_changes_those_that_use_it(archive: Archive) -> None:
    kept = keep(archive, 1, "A mole in China")
    user = Watch("chinese", "watch:spies china")
    archive.watches.sync([SPY, user], NOW)

    assert set() == mentioned(archive, "chinese")

    archive.watches.sync([replace(SPY, query="mole"), user], NOW)

    assert {kept} == mentioned(archive, "chinese")
    assert [2, 2] == [watch.version for watch in archive.watches.all()]


@pytest.mark.parametrize(
    "queries",
    [{"a": "watch:b", "b": "watch:a"}, {"a": "spy", "b": "after:7d"}, {"a": "spy", "b": '"open'}, {"a": "watch:z"}],
)
def test_one_bad_query_changes_nothing(archive: Archive, queries: dict[str, str]) -> None:
    archive.watches.sync([SPY], NOW)
    with pytest.raises(QueryError):
        archive.watches.sync([Watch(name, text) for name, text in queries.items()], NOW)

    assert ["spies"] == [watch.name for watch in archive.watches.all()]


def test_an_article_kept_while_watches_change_is_matched_again(archive: Archive) -> None:
    article = Article(url="https://tass.example/1", source="tass", title="spy", text="")
    before = archive.watches.version()
    mentions = archive.watches.match(article, SOURCES["tass"], NOW)
    archive.watches.sync([SPY], NOW)
    (result,) = archive.articles.keep([Kept(article, mentions=mentions, watches_version=before)], NOW)

    assert {result.id} == mentioned(archive)


def test_another_process_sees_a_new_watch_at_once(tmp_path: object) -> None:
    with open_archive(f"sqlite:///{tmp_path}/a.db") as one, open_archive(f"sqlite:///{tmp_path}/a.db") as other:
        article = Article(url="https://tass.example/1", source="tass", title="spy", text="")
        assert () == other.watches.match(article, None)
        one.watches.sync([SPY], NOW)

        assert 1 == len(other.watches.match(article, None))


def test_hundreds_of_watches_cost_little(archive: Archive) -> None:
    watches = [
        Watch(f"w{number}", f'(name{number} OR "other{number} person") NEAR/9 (arrest* OR trial) -sport{number}')
        for number in range(500)
    ]
    archive.watches.sync(watches, NOW)
    text = " ".join(f"word{number % 700}" for number in range(1_000)) + " name7 on trial"
    article = Article(url="https://tass.example/1", source="tass", title="A title", text=text)
    archive.watches.match(article, SOURCES["tass"])
    times = []
    for _ in range(20):
        started = time.process_time()
        (mention,) = archive.watches.match(article, SOURCES["tass"])
        times.append(time.process_time() - started)

    assert "w7" == mention.watch
    assert min(times) < 0.02


# One language for three: the index, the watches and Python.

SCRAPS_OF_TEXT = st.lists(
    st.sampled_from(
        ["spy", "Spies", "ÉTAT", "état", "Spione", "中国", "人", "国人", "中", "中國", "ข่าว", "ข่าวสาร",
         "جاسوس", "جَاسُوس", "جاسوسی", "می‌رود", "шпион", "сім’ю", "U.S.", "don't", "and", "near", "5", "۵", "arrest",
         "arrested", "arrests,", "state tv", "state-TV", "tv", "한국은", "한국", "スパイ", "ｽﾊﾟｲの", "מְרַגֵּל",
         "Κατάσκοπος", "İstanbul", "ນັກສືບ", "ចារកម្ម", "သူလျှို", "gián điệp", "."]
    ),
    max_size=9,
)  # fmt: skip
PARTS = st.tuples(SCRAPS_OF_TEXT, st.sampled_from([" ", "", "\n"])).map(lambda drawn: drawn[1].join(drawn[0]))
ARTICLES = st.builds(
    Article,
    url=st.just(""),
    source=st.sampled_from(["tass", "echo", "stateless", "nobody"]),
    title=PARTS,
    text=PARTS,
    lead=PARTS,
    authors=st.lists(st.sampled_from(["Liu Xin", "spy", "中国 人", "state", "tv arrest", "人"]), max_size=3).map(tuple),
    language=st.sampled_from(["", "zh", "zh-Hant", "en"]),
    credited_to=st.sampled_from([None, "Global Times", "The Global Times (Beijing)", "Times Global"]),
    published=st.sampled_from(
        [None, "2019-11-01", "2019-11-01T10:29:59", "2019-11-01T12:30:00+02:00", "2019-10-31T23:59:59Z"]
    ),
)
QUERIES = TREES.filter(lambda node: not any(part.name == "watch" for part in query.filters_in(node)))


@pytest.mark.sqlite_only  # test_archive_both.py asks PostgreSQL the same
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(ARTICLES, min_size=1, max_size=4), st.lists(QUERIES, min_size=1, max_size=4))
def test_search_watch_and_python_find_the_same(articles: list[Article], nodes: list[Node]) -> None:
    with open_archive("sqlite://") as archive:
        archive.sources.sync(SOURCES.values(), NOW)
        archive.watches.sync([Watch(f"w{number}", query.show(node)) for number, node in enumerate(nodes)], NOW)
        drawn = [replace(article, url=f"https://echo.example/{number}") for number, article in enumerate(articles)]
        drawn = [replace(article, published_utc=_zoned(article.published)) for article in drawn]
        kept = [
            Kept(article, mentions=archive.watches.match(article, SOURCES.get(article.source), NOW))
            for article in drawn
        ]
        ids = [result.id for result in archive.articles.keep(kept, NOW)]
        documents = [Document(article, SOURCES.get(article.source)) for article in archive.articles.many(ids)]

        for number, node in enumerate(nodes):
            searched = {hit.article.id for hit in archive.search(node, now=NOW).hits}
            watched = {mention.article for mention in archive.watches.mentions(f"w{number}")}
            evaluated = {document.article.id for document in documents if query.is_match(node, document, NOW)}
            assert searched == watched == evaluated, query.show(node)
            for document in documents:
                if document.article.id in evaluated:
                    assert all(group & document.vocabulary for group in needs(node))
                    assert all(any(needle.is_in(document) for needle in group) for group in rows_needed(node))


def _zoned(published: str | None) -> datetime | None:
    moment = datetime.fromisoformat(published) if published else None
    return moment.astimezone(UTC) if moment and moment.tzinfo else None


def test_what_only_quotes_another_article_is_no_copy_to_searches_and_watches(archive: Archive) -> None:
    archive.watches.sync([Watch("own", "harbour copies:no")], NOW)
    original, quoting, reprint = (keep(archive, number, f"Harbour news {number}") for number in (1, 2, 3))
    archive.articles.fold(quoting, CopyOf(original, "quoted-in", 0.4), NOW)
    archive.articles.fold(reprint, CopyOf(original, "full", 1.0), NOW)

    assert {original, quoting} == set(archive.ids("harbour copies:no", NOW))
    assert {reprint} == set(archive.ids("harbour copies:only", NOW))
    assert {original, quoting} == set(archive.watches.of([original, quoting, reprint]))
    assert ["new", "new", "new", "corrected", "copy"] == [change.kind for change in archive.changes.since(0)]


def test_a_watch_is_counted_by_what_was_published_in_a_week_and_since_and_by_what_came_in_a_day(
    archive: Archive,
) -> None:
    archive.watches.sync([SPY, Watch("quiet", "harbour")], NOW)
    for number, hours in enumerate((1, 30, 24 * 6, 24 * 20, 24 * 40)):
        published = NOW - timedelta(hours=hours)
        said = {"published": published.isoformat(), "published_utc": published, "published_precision": "second"}
        article = replace(Article(f"https://tass.example/{number}", "tass", "A spy", ""), **said)
        came = NOW - timedelta(hours=0 if number < 2 else 25)
        archive.articles.keep([Kept(article, mentions=archive.watches.match(article, None, came))], came)

    paces = archive.watches.paces(NOW - timedelta(days=30), NOW)

    spies, quiet = paces["spies"], paces["quiet"]
    assert (2, 3, 4) == (spies.came, spies.last_week, spies.total)
    assert 4 == sum(spies.days.values())
    assert 1 == spies.days[(NOW - timedelta(days=20)).date().isoformat()]
    assert NOW == spies.latest
    assert (0, {}, None) == (quiet.total, quiet.days, quiet.latest)


def test_one_watch_is_counted_as_among_all(archive: Archive) -> None:
    archive.watches.sync([SPY, Watch("agents", "agent")], NOW)
    for number, title in enumerate(("A spy", "An agent", "Agent and spy")):
        keep(archive, number, title)

    all_of_them = archive.watches.paces(NOW - timedelta(days=30), NOW)

    assert 3 == all_of_them["spies"].total
    for name in ("spies", "agents"):
        assert {name: all_of_them[name]} == archive.watches.paces(NOW - timedelta(days=30), NOW, name)
    assert {} == archive.watches.paces(NOW, NOW, "none")
