"""What hosts repeat on their pages: from when a block is known as the host's own, and which articles are due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.archive.sqlite import open_store
from tests.archive_sample import HOUR, NOW, article, entries, keep, lease

HOST = "herald.test"


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        yield opened


def learn(archive: Archive, *lists: Sequence[int], host: str = HOST, count: bool = True) -> list[int]:
    """Keep an article of a host for each list of blocks, and learn from them one after another."""
    ids = []
    for blocks in lists:
        number = archive.articles.count()
        ids += keep(archive, article(f"https://{host}/{number}", title=f"T {number}", text=f"t {number}"))
        archive.blocks.learn(host, blocks, ids[-1], NOW + number * HOUR, count=count)
    return ids


def test_a_block_of_every_page_is_known_at_the_fifth(archive: Archive) -> None:
    ids = learn(archive, [1, 10], [1, 11], [1, 12], [1, 13])
    assert (frozenset(), []) == (archive.blocks.of(HOST), archive.blocks.due(9))

    ids += learn(archive, [1, 14])

    assert frozenset({1}) == archive.blocks.of(HOST)
    assert [(id_, HOST) for id_ in ids] == archive.blocks.due(9)
    assert frozenset() == archive.blocks.of("post.test")


def test_a_block_that_some_pages_lack_is_known_later(archive: Archive) -> None:
    ids = learn(archive, [1], [1], [10], [1], [11], [1], [1], [1], [1], [1])
    assert frozenset({1}) == archive.blocks.of(HOST)
    assert [id_ for at, id_ in enumerate(ids) if at not in (2, 4)] == [due.article for due in archive.blocks.due(99)]


@pytest.mark.parametrize("every", [2, 3, 5])
def test_what_recurs_on_some_pages_only_is_never_its_own(archive: Archive, every: int) -> None:
    """A disclaimer under the opinion pieces, a background paragraph while a war lasts, a newsletter of one section."""
    learn(archive, *([1, number] if number % every == 0 else [number] for number in range(100, 160)))
    learn(archive, [2], [2], [2], *([number] for number in range(200, 230)), [2], [2], [2])

    assert frozenset() == archive.blocks.of(HOST)
    assert [] == archive.blocks.due(9)


def test_what_begins_late_is_measured_by_what_came_since(archive: Archive) -> None:
    learn(archive, *([n] for n in range(100, 140)))
    ids = learn(archive, *([1, n] for n in range(200, 205)))

    assert frozenset({1}) == archive.blocks.of(HOST)
    assert ids == [due.article for due in archive.blocks.due(9)]


def test_what_was_known_too_early_is_known_no_longer_and_then_later(archive: Archive) -> None:
    ids = learn(archive, *([[1]] * 5))
    for due in archive.blocks.due(9):
        archive.blocks.settle(due.article, 1)
    learn(archive, *([n] for n in range(100, 105)))

    assert frozenset() == archive.blocks.of(HOST)
    assert ids == [due.article for due in archive.blocks.due(9)], "they are to have it back"

    learn(archive, *([[1]] * 9))
    assert frozenset() == archive.blocks.of(HOST), "it needs twice the lead"
    learn(archive, [1])
    assert frozenset({1}) == archive.blocks.of(HOST)


@pytest.mark.parametrize(("articles", "known"), [(20, False), (24 * 7 + 1, True)])
def test_what_a_host_repeated_for_long_stays_its_own_when_it_ends(archive: Archive, articles: int, known: bool) -> None:
    """An article an hour: twenty in a row are a day's news, a week of them is a campaign."""
    learn(archive, *([[1]] * articles))
    learn(archive, *([n] for n in range(1000, 1000 + articles)))

    assert known == (frozenset({1}) == archive.blocks.of(HOST))


def test_what_was_taken_out_is_counted_on(archive: Archive) -> None:
    learn(archive, *([[1]] * 5))
    for number in range(5, 200):
        (id_,) = keep(archive, article(f"https://{HOST}/{number}", title=f"T {number}", text=f"t {number}"))
        archive.blocks.learn(HOST, [number], id_, NOW + number * HOUR, taken=[1])
    learn(archive, *([n] for n in range(1000, 1250)))

    assert frozenset({1}) == archive.blocks.of(HOST)


def test_who_was_read_without_a_block_that_is_known_no_longer_is_due(archive: Archive) -> None:
    learn(archive, *([[1]] * 5), *([n] for n in range(100, 105)))
    for due in archive.blocks.due(9):
        archive.blocks.settle(due.article, 1)
    (late,) = keep(archive, article(f"https://{HOST}/late", title="Late", text="late"))
    archive.blocks.learn(HOST, [7], late, NOW, taken=[1])

    assert [late] == [due.article for due in archive.blocks.due(9)]


def test_copies_teach_nothing_but_are_due(archive: Archive) -> None:
    copies = learn(archive, *([[1, 2]] * 9), count=False)
    assert frozenset() == archive.blocks.of(HOST)

    own = learn(archive, *([[1, n] for n in range(100, 105)]))

    assert frozenset({1}) == archive.blocks.of(HOST), "what only copies repeat is somebody's text"
    assert sorted(copies + own) == sorted(due.article for due in archive.blocks.due(99))


def test_an_article_teaches_once_whatever_its_revisions(archive: Archive) -> None:
    (id_,) = learn(archive, [1, 1])
    for _ in range(8):
        archive.blocks.learn(HOST, [1], id_, NOW)

    learn(archive, [2], [3], [4])
    assert frozenset() == archive.blocks.of(HOST)


def test_who_was_read_before_a_block_was_known_is_due_too(archive: Archive) -> None:
    learn(archive, *([[1]] * 5))
    for due in archive.blocks.due(9):
        archive.blocks.settle(due.article, 1)
    late, _ = learn(archive, [1, 9], [8])

    assert [late] == [due.article for due in archive.blocks.due(9)]


def test_what_was_looked_at_is_due_no_longer_but_another_revision_is(archive: Archive) -> None:
    ids = learn(archive, *([[1]] * 5))
    archive.blocks.settle(ids[0], 1)
    archive.blocks.settle(ids[1], 2)
    archive.articles.forget(ids[2], NOW)

    assert [ids[1], ids[3], ids[4]] == [due.article for due in archive.blocks.due(9)]
    assert [ids[1]] == [due.article for due in archive.blocks.due(1)]


def test_a_host_keeps_what_it_repeats_and_not_every_single_block(archive: Archive) -> None:
    learn(archive, *([1, 2, *range(number * 1_000, number * 1_000 + 900)] for number in range(1, 8)))

    assert frozenset({1, 2}) == archive.blocks.of(HOST)
    assert 5_000 >= archive._store.value("SELECT count(*) FROM blocks")


@pytest.mark.sqlite_only
def test_an_archive_from_before_keeps_what_it_dropped_and_corrects_its_first_articles(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.db'}"
    with open_archive(address) as new:
        new.pages.queue("herald", entries(f"https://{HOST}/0", f"https://{HOST}/1", f"https://{HOST}/2"), NOW)
        pages = []
        for _ in range(3):
            leased = lease(new)
            new.hosts.done(leased.turn, NOW, 0)
            pages.append(leased.page)
        ids = keep(new, *(article(page.url, title=page.url, extractor_version="presswatch-2") for page in pages))
        for page, id_ in zip(pages, ids, strict=True):
            new._store.execute("UPDATE pages SET article = ?, state = 'stored' WHERE id = ?", (id_, page.id))
            new._store.execute("UPDATE articles SET blocks_learned = 1")
    store = open_store(address)
    blocks = "host TEXT NOT NULL, hash INTEGER NOT NULL, articles INTEGER NOT NULL, last INTEGER NOT NULL"
    for statement in (
        *(f"DROP TABLE {name}" for name in ("blocks", "block_hosts", "blocks_due")),
        f"CREATE TABLE blocks ({blocks}, PRIMARY KEY (host, hash)) WITHOUT ROWID",
        f"INSERT INTO blocks VALUES ('{HOST}', 1, 3, {ids[1]}), ('{HOST}', 2, 2, {ids[2]})",
        "ALTER TABLE articles DROP COLUMN taken_out",
        "DELETE FROM _sqlite_migrations WHERE name IN ('m0014_furniture', 'm0022_taken_out')",
        "PRAGMA user_version = 9",
    ):
        store.execute(statement)
    store.close()

    with open_archive(address, create=False) as archive:
        assert frozenset({1}) == archive.blocks.of(HOST)
        assert ids[:2] == [due.article for due in archive.blocks.due(9)]
        learn(archive, [5], [6], [7])
        assert frozenset({1}) == archive.blocks.of(HOST)
