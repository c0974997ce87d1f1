from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crawler.archive import Archive, Kept, Poll, Pruned, open_archive
from crawler.errors import ArchiveError
from crawler.records import CopyKind, CopyOf, Delivery, Edition, Mention, Watch
from tests.archive_sample import DAY, HERALD, HOUR, LEASE, NOW, article, entries, keep, lease


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "press.db"


@pytest.fixture
def archive(file: Path) -> Iterator[Archive]:
    with open_archive(f"sqlite:///{file}") as opened:
        opened.sources.sync([HERALD], NOW)
        yield opened


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_nothing_is_left_of_a_forgotten_article(archive: Archive, file: Path) -> None:
    archive.watches.sync([Watch("names", "zebulon")], NOW)
    archive.pages.queue("herald", entries("https://herald.test/zebulon"), NOW)
    secret = article("https://herald.test/zebulon", title="Zebulonia", text="Zebulon lives here. " * 300)
    mention = Mention("names", 0, 1, ("zebulon",))
    archive.articles.keep([Kept(secret, lease(archive).page, frozenset({1, 2}), mentions=(mention,))], NOW)
    keep(archive, article(secret.url, title="Zebulonia", text="Zebulon moved. " * 300), article())
    edition = Edition(0, "morning", "x", 0, 1, NOW, "final", "s", b"<a href='https://herald.test/zebulon'>", b"")
    archive.editions.commit(
        edition, [Delivery(0, 0, "morning", "x", "a@b.test", "email", "<1>", b"zebulon")], None, NOW
    )
    assert b"ebulon" in everything_in(file.parent)

    archive.forget("https://herald.test/zebulon", NOW)

    assert archive.articles.get("https://herald.test/zebulon") is None
    assert 1 == archive.articles.count() == archive.search("", now=NOW).total
    assert [{}, [], []] == [
        archive.articles.sharing({1, 2}),
        archive.watches.mentions("names"),
        archive.outbox.claim(NOW, LEASE),
    ]
    archive.watches.sync([], NOW)
    left = everything_in(file.parent).lower()
    assert b"zebulon lives" not in left
    assert b"zebulonia" not in left
    assert b"herald.test/zebulon" not in left


def test_a_forgotten_article_does_not_come_back(archive: Archive) -> None:
    keep(archive, article())
    archive.forget(1, NOW)
    archive.pages.queue("herald", entries("https://herald.test/short"), NOW)

    results = archive.articles.keep([Kept(article(), lease(archive).page), Kept(article())], NOW)

    assert ["forgotten", "forgotten"] == [result.outcome for result in results]
    assert {"herald": {"forgotten": 1}} == archive.pages.counts()


def test_the_earliest_whole_copy_stands_for_an_article_that_is_forgotten(archive: Archive) -> None:
    archive.watches.sync([Watch("own", "harbour copies:no")], NOW)
    (original,) = keep(archive, article())

    def keep_copy(name: str, kind: CopyKind, published: datetime, of: int = original) -> int:
        made = article(f"https://herald.test/{name}", published_utc=published)
        return archive.articles.keep([Kept(made, copy=CopyOf(of, kind, 0.9))], NOW)[0].id

    partial = keep_copy("partial", "partial", NOW - 3 * HOUR)
    late, early = keep_copy("late", "full", NOW), keep_copy("early", "full", NOW - HOUR)

    archive.forget(original, NOW)

    assert [(None, None), (early, "full"), (early, "partial")] == [
        (each.copy_of, each.copy_kind) for each in archive.articles.many([early, late, partial])
    ]
    assert [early] == archive.ids("harbour copies:no", NOW)
    archive.watches.follow_facts(NOW)
    assert [early] == [mention.article for mention in archive.watches.mentions("own")]
    archive.forget(early, NOW)
    archive.forget(late, NOW)
    assert [partial] == archive.ids("harbour copies:no", NOW)


def test_old_articles_are_pruned_and_not_fetched_again(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW - 40 * DAY)
    archive.articles.keep([Kept(article(), lease(archive, NOW - 40 * DAY).page)], NOW - 40 * DAY)
    keep(archive, article("https://herald.test/b"))
    channel = archive.channels.claim(1, NOW, LEASE)
    assert channel is not None
    archive.channels.polled(channel, Poll(NOW - 40 * DAY, "ok"), [], NOW)

    assert Pruned(1, 1) == archive.prune(NOW - 30 * DAY, dry_run=True)
    assert 2 == archive.articles.count()
    assert Pruned(1, 1) == archive.prune(NOW - 30 * DAY)

    assert ["https://herald.test/b"] == [hit.article.url for hit in archive.search("", now=NOW).hits]
    assert 0 == archive.pages.queue("herald", entries("https://herald.test/a"), NOW).new
    assert {"herald": {"too old": 1}} == archive.pages.counts()
    assert Pruned(0, 0) == archive.prune(NOW - 30 * DAY)


def test_a_backup_holds_everything_while_the_archive_is_written(archive: Archive, file: Path, tmp_path: Path) -> None:
    keep(archive, article())
    copy = tmp_path / "copy.db"

    with open_archive(f"sqlite:///{file}") as other, other.writing():
        keep(other, article("https://herald.test/b"), at=NOW + HOUR)
        archive.backup(copy)

    with open_archive(f"sqlite:///{copy}", create=False) as kept:
        assert 1 == kept.articles.count() == kept.search("harbour", now=NOW).total
        assert [2] == keep(kept, article("https://herald.test/c"))
    assert 2 == archive.articles.count()


def test_a_backup_overwrites_nothing(archive: Archive, tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("dear")

    with pytest.raises(ArchiveError, match="there is a file already"):
        archive.backup(other)
    with pytest.raises(ArchiveError, match="does not exist"):
        archive.backup(tmp_path / "nowhere" / "copy.db")

    assert "dear" == other.read_text()
