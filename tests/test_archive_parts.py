from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from crawler.archive import Archive, Kept, fulltext, open_archive, parts, reindexing, schema
from crawler.archive.sqlite import open_store
from crawler.archive.store import Store
from crawler.records import Article
from tests.archive_sample import NOW

#: PostgreSQL's index has no parts; test_archive_both.py holds what is found there equal to this.
pytestmark = pytest.mark.sqlite_only

DAY = timedelta(days=1)
WORDS = ("storm", "harbour", "vote", "报告", "发展中国家", "سلام")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FULL", 8)
    monkeypatch.setattr(fulltext, "_STRAYS", 2)
    monkeypatch.setattr(fulltext, "AT_ONCE", 3)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


def item(number: int, day: float, text: str = "storm") -> Kept:
    published = datetime(2020, 1, 1, tzinfo=UTC) + day * DAY
    url = f"https://a.test/{number}"
    return Kept(Article(url=url, source="a", title="", text=text, published_utc=published, language="en-GB"))


def keep(archive: Archive, *items: Kept) -> None:
    archive.articles.keep(items, NOW)


def sizes(store: Store) -> list[int]:
    """Count the articles of each part, the oldest first."""
    return [store.value(f"SELECT count(*) FROM {part.table}") for part in reversed(parts.newest_first(store))]


def check(store: Store) -> None:
    """See that each article stands in the index once, in the part of its position, and that nothing else does."""
    listed = parts.newest_first(store)
    assert listed[-1].begins == parts.BEGIN
    assert listed[0].ends == parts.END
    for part in listed:
        held = store.rows(f"SELECT rowid FROM {part.table} ORDER BY rowid")
        wanted = "SELECT position FROM articles WHERE position >= ? AND position < ? ORDER BY position"
        assert held == store.rows(wanted, (part.begins, part.ends))
        assert part.articles == len(held)


def test_a_full_part_gives_way_to_a_new_one_at_both_ends(store: Store) -> None:
    archive = Archive(store)
    keep(archive, *(item(number, number) for number in range(20)))
    assert sizes(store) == [8, 8, 4]

    keep(archive, *(item(100 + number, -number) for number in range(1, 13)))

    check(store)
    assert sizes(store) == [4, 8, 8, 8, 4]


def test_a_few_articles_from_the_future_do_not_keep_a_new_part_from_beginning(store: Store) -> None:
    archive = Archive(store)
    keep(archive, item(1, 9_000), item(2, 9_001), *(item(number, number) for number in range(3, 20)))

    check(store)
    assert max(sizes(store)) <= 8


def test_late_articles_go_where_their_time_is_and_are_evened_out(store: Store) -> None:
    archive = Archive(store)
    keep(archive, *(item(number, number) for number in range(20)))
    keep(archive, *(item(100 + number, 3 + number / 100) for number in range(40)))
    assert sizes(store) == [48, 8, 4]

    while archive.even_out(5):
        check(store)

    assert max(sizes(store)) <= 12
    assert archive.count("storm", NOW) == 60


def test_evening_out_ends_when_it_has_moved_enough(store: Store) -> None:
    archive = Archive(store)
    keep(archive, *(item(number, number % 7) for number in range(40)))

    assert 5 <= archive.even_out(5) <= 8
    check(store)


def test_parts_that_are_written_in_pieces_are_merged(store: Store) -> None:
    archive = Archive(store)
    for number in range(20):
        keep(archive, item(number, number))

    archive.even_out(1_000)

    loose = [row[0] for row in store.rows("SELECT loose FROM index_parts ORDER BY begins")]
    assert loose == [0, 0, 0]
    assert archive.even_out(1_000) == 0


@pytest.mark.parametrize(("first", "behind"), [(0, 8), (0, 17), (8, 20), (0, 20), (8, 16)])
def test_parts_that_were_emptied_are_dropped(store: Store, first: int, behind: int) -> None:
    archive = Archive(store)
    keep(archive, *(item(number, number) for number in range(20)))
    for number in range(first, behind):
        archive.forget(f"https://a.test/{number}", NOW)

    archive.even_out(1_000)

    check(store)
    assert 0 not in sizes(store) or sizes(store) == [0]
    keep(
        archive, *(item(number, number) for number in range(100, 110)), *(item(-number, -number) for number in range(9))
    )
    check(store)


def test_a_changed_date_moves_an_article_to_another_part(store: Store) -> None:
    archive = Archive(store)
    keep(archive, *(item(number, number) for number in range(20)))

    keep(archive, item(1, 19.5, "storm again"))

    check(store)
    assert archive.search("storm", limit=1, now=NOW).hits[0].article.url == "https://a.test/1"


def test_what_is_forgotten_leaves_no_word_in_any_part_that_it_was_in(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, *(item(number, number, "zebrafinch" if number == 8 else "storm") for number in range(9)))
        keep(archive, item(8, 3, "zebrafinch"))  # into another part
        while archive.even_out(1_000):
            pass

        archive.forget("https://a.test/8", NOW)

    assert b"zebrafinch" not in file.read_bytes()


def test_reading_sees_the_archive_at_one_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        keep(archive, *(item(number, number % 7) for number in range(40)))
        reader = open_store(url, read_only=True)
        with reader.reading():
            before = sizes(reader)
            archive.even_out(1_000)
            assert sizes(reader) == before
        assert sizes(reader) != before
        reader.close()


def test_parts_that_another_process_makes_anew_are_no_fault_of_evening_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "FULL", 1_000)
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        for number in range(20):
            keep(archive, item(number, number))  # in a piece of its own
    store, other, asked = open_store(url), open_store(url), [""]

    def work_beside(statement: str) -> None:
        if statement.startswith("BEGIN") and asked[-1].startswith("SELECT id FROM index_parts"):
            reindexing.rebuild(other)
        asked.append(statement)

    store.db.conn.set_trace_callback(work_beside)
    fulltext.even_out(store, 1_000)

    check(store)
    assert Archive(store).count("storm", NOW) == 20
    store.close()
    other.close()


def test_an_index_of_one_piece_becomes_the_first_part(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, *(item(number, number) for number in range(8)))
    before = Database(str(file))
    for statement in (
        "DROP TABLE index_parts",
        "DROP TABLE articles_fts_1",
        (
            "CREATE VIRTUAL TABLE articles_fts USING fts5("
            "title, lead, text, author, content='', contentless_delete=1, tokenize='ascii')"
        ),
        "INSERT INTO articles_fts (rowid, text) SELECT position, text FROM articles",
        "INSERT INTO state VALUES ('tokenizer_version', 3)",
        "DELETE FROM _sqlite_migrations WHERE name = 'm0023_index_parts'",
        f"PRAGMA user_version = {len(schema.NAMES) - 1}",
    ):
        before.conn.execute(statement)
    before.conn.commit()
    before.conn.close()

    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, *(item(number, number) for number in range(20, 30)))
        assert archive.count("storm", NOW) == archive.count("storm source:a lang:en", NOW) == 18
        assert archive.count("storm lang:de", NOW) == archive.count("storm source:b", NOW) == 0
    store = open_store(f"sqlite:///{file}")
    check(store)
    assert sizes(store) == [8, 8, 2]
    assert reindexing.rebuild(store) == 18
    check(store)
    assert Archive(store).count("storm source:a lang:en", NOW) == 18
    store.close()


def test_articles_that_came_together_are_one_piece(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FULL", 1_000)
    keep(Archive(store), *(item(number, number) for number in range(50)))

    assert store.value("SELECT count(DISTINCT segid) FROM articles_fts_1_idx") == 1


def test_articles_that_came_one_by_one_do_not_stay_in_as_many_pieces(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "FULL", 1_000)
    archive = Archive(store)
    for number in range(15):
        keep(archive, item(number, number))
    pieces = "SELECT count(DISTINCT segid) FROM articles_fts_1_idx"
    assert store.value(pieces) == 15

    archive.even_out()

    assert store.value(pieces) == 1
    assert archive.count("storm", NOW) == 15
    check(store)


def test_a_word_is_as_rare_in_a_part_that_has_just_begun_as_in_the_others(store: Store) -> None:
    archive = Archive(store)
    keep(archive, *(item(number, number, "storm" if number == 3 else "rain") for number in range(8)))
    keep(archive, item(8, 8, "storm"), item(9, 9, "rain"), item(10, 10, "rain"))

    found = archive.search("storm", sort="relevance", now=NOW).hits

    assert [hit.article.url for hit in found] == ["https://a.test/8", "https://a.test/3"]


def test_what_came_last_is_found_also_when_only_some_of_it_is_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.archive.search._RECENT", (3, 12))
    archive = Archive(store)
    keep(archive, *(item(number, number * 7 % 30, "storm" if number % 5 else "storm vote") for number in range(60)))

    assert paged(archive, "storm", "seen") == list(range(60, 0, -1))
    assert paged(archive, "vote", "seen") == list(range(56, 0, -5))
    assert paged(archive, "vote W/2 storm OR storm W/2 vote", "seen") == list(range(56, 0, -5))
    assert paged(archive, "storm after:2020-01-15", "seen") == [
        id_ for id_ in range(60, 0, -1) if (id_ - 1) * 7 % 30 >= 14
    ]


ITEMS = st.lists(
    st.builds(
        item,
        st.integers(0, 40),
        st.sampled_from([-20_000, 0, 1, 2, 3, 4, 5, 6, 9_000]) | st.floats(0, 30),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    ),
    max_size=60,
)
QUERIES = (
    "storm", "sto*", "报", "发展 OR vote", "-storm vote", "source:a -storm", '"storm vote"', "storm W/2 vote", "",
    "storm after:2020-01-04", "vote before:2020-01-10 -storm", "storm OR source:b",
)  # fmt: skip


@settings(max_examples=25)
@given(ITEMS, st.integers(1, 9), st.lists(st.sampled_from(["even out", "reindex", "forget"]), max_size=3))
def test_an_index_in_parts_finds_what_one_in_one_piece_finds(made: list[Kept], size: int, then: list[str]) -> None:
    many, one = open_store("sqlite://"), open_store("sqlite://")
    in_parts, whole = Archive(many), Archive(one)
    for first in range(0, len(made), size):
        keep(in_parts, *made[first : first + size])
    parts.FULL, small = 1_000, parts.FULL
    for first in range(0, len(made), size):
        keep(whole, *made[first : first + size])
    parts.FULL = small
    for what in then:
        if what == "even out":
            in_parts.even_out(7)
        elif what == "reindex":
            in_parts.reindex(NOW)
        elif made:
            for archive in (in_parts, whole):
                archive.forget(1, NOW) if archive.articles.get(1) else None

    check(many)
    assert len(parts.newest_first(one)) == 1
    for query in QUERIES:
        assert in_parts.ids(query, NOW) == whole.ids(query, NOW)
        assert in_parts.count(query, NOW) == whole.count(query, NOW)
        assert in_parts.stats(query, "day", now=NOW) == whole.stats(query, "day", now=NOW)
        assert in_parts.facets(query, NOW) == whole.facets(query, NOW)
        for sort in ("published", "seen"):
            assert paged(in_parts, query, sort) == paged(whole, query, sort)
        assert sorted(paged(in_parts, query, "relevance")) == sorted(paged(whole, query, "relevance"))
    many.close()
    one.close()


def paged(archive: Archive, query: str, sort: str) -> list[int | None]:
    """Read all ids, three on a page."""
    ids: list[int | None] = []
    cursor = None
    while True:
        found = archive.search(query, sort=sort, limit=3, cursor=cursor, now=NOW)  # type: ignore[arg-type]
        ids += [hit.article.id for hit in found.hits]
        cursor = found.next
        if cursor is None:
            return ids
