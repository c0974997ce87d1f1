from __future__ import annotations

from pathlib import Path

import pytest

from crawler.archive import Archive, Kept, open_archive, opening
from crawler.archive.sqlite import SqliteStore
from crawler.records import Watch
from tests.archive_sample import HERALD, NOW, article, keep
from tests.commands import presswatch


def url_of(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a.db'}"


def make_old(url: str) -> None:
    """Leave an archive as a Presswatch of before would have: traditional characters stand in its index as they are."""
    store = opening.open_store(url)
    with store.writing():
        if isinstance(store, SqliteStore):
            store.execute("DELETE FROM articles_fts_1")
            store.many(
                "INSERT INTO articles_fts_1 (rowid, title, lead, text, author) VALUES (?, ?, '', '', '')",
                [(position, "國際 際新 新聞 聞") for (position,) in store.rows("SELECT position FROM articles")],
            )
            store.execute("UPDATE index_parts SET version = 1")
        else:
            store.execute("UPDATE index_entries SET version = 1, words = '國際:1A 際新:2A 新聞:3A 聞:4A'")
    store.close()


def found(archive: Archive, query: str) -> set[int | None]:
    return {hit.article.id for hit in archive.search(query, limit=1000, now=NOW).hits}


def test_traditional_finds_simplified_and_back() -> None:
    with open_archive("sqlite://") as archive:
        keep(
            archive,
            article("https://herald.test/t", title="國際新聞"),
            article("https://herald.test/s", title="国际新闻"),
        )

        assert found(archive, "国际") == found(archive, "國際") == {1, 2}
        hits = archive.search("新闻", now=NOW).hits
        assert {hit.article.title[slice(*hit.highlights["title"][0])] for hit in hits} == {"新聞", "新闻"}


def test_an_old_index_is_told_of_and_made_anew(tmp_path: Path) -> None:
    url = url_of(tmp_path)
    with open_archive(url) as archive:
        archive.sources.sync([HERALD], NOW)
        archive.watches.sync([Watch("news", "新闻")], NOW)
        archive.articles.keep([Kept(article(title="國際新聞"))], NOW)
    make_old(url)

    with open_archive(url) as archive:
        assert archive.index_is_old()
        assert found(archive, "国际") == set()
        assert archive.reindex(NOW) == 1
        assert not archive.index_is_old()
        assert found(archive, "国际") == {1}
        assert [mention.words for mention in archive.watches.mentions("news")] == [("新聞",)]


def test_searches_and_crawls_go_on_while_the_index_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.archive.fulltext.AT_ONCE", 10)
    url = url_of(tmp_path)
    with open_archive(url) as archive, open_archive(url) as crawl:
        keep(archive, *(article(f"https://herald.test/{number}", title=f"Storm {number}") for number in range(40)))
        seen: list[set[int | None]] = []

        def others_work(done: int, of: int) -> None:
            seen.append(found(crawl, "storm"))
            if done == 20:
                keep(crawl, article("https://herald.test/late", title="Storm late"))
                keep(crawl, article("https://herald.test/3", title="Calm 3"))  # revised, before and behind
                keep(crawl, article("https://herald.test/35", title="Calm 35"))
                crawl.forget("https://herald.test/5", NOW)
                crawl.forget("https://herald.test/36", NOW)

        archive.reindex(NOW, others_work)

        assert all(len(ids) >= 37 for ids in seen)
        for one in (archive, crawl):
            assert found(one, "storm") == set(range(1, 42)) - {4, 36, 6, 37}
            assert found(one, "calm") == {4, 36}
            assert found(one, "title:late") == {41}


def test_an_index_whose_making_was_interrupted_is_made_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.archive.fulltext.AT_ONCE", 10)
    with open_archive(url_of(tmp_path)) as archive:
        keep(archive, *(article(f"https://herald.test/{number}") for number in range(40)))
        with pytest.raises(KeyboardInterrupt):
            archive.reindex(NOW, interrupt)
        assert len(found(archive, "harbour")) == 40

        told: list[int] = []
        archive.reindex(NOW, lambda done, of: told.append(done))

        assert told == [30, 40]
        assert found(archive, "harbour") == set(range(1, 41))


def test_watches_that_were_not_asked_again_when_it_was_interrupted_are_asked_later(tmp_path: Path) -> None:
    url = url_of(tmp_path)
    with open_archive(url) as archive:
        archive.watches.sync([Watch("news", "新闻")], NOW)
        archive.articles.keep([Kept(article(title="國際新聞"))], NOW)
    make_old(url)
    store = opening.open_store(url)
    store.index().rebuild(lambda _done, _of: None)  # and no further
    store.close()

    with open_archive(url) as archive:
        assert archive.index_is_old()
        told: list[int] = []
        archive.reindex(NOW, lambda done, of: told.append(done))

        assert [] == told  # only the watches were left
        assert not archive.index_is_old()
        assert [1] == [mention.article for mention in archive.watches.mentions("news")]


def interrupt(done: int, of: int) -> None:
    if done == 20:
        raise KeyboardInterrupt


@pytest.mark.sqlite_only  # its commands open the file by themselves
def test_doctor_tells_of_an_old_index_and_mends_it(tmp_path: Path) -> None:
    presswatch(tmp_path, "init", "config")
    url = f"sqlite:///{tmp_path / 'presswatch.db'}"
    with open_archive(url) as archive:
        keep(archive, article(title="國際新聞"))
    make_old(url)

    assert "run doctor --reindex" in presswatch(tmp_path, "doctor").stdout
    mended = presswatch(tmp_path, "doctor", "--reindex")

    assert "1 articles are indexed anew" in mended.stderr
    assert "reindex" not in mended.stdout
    assert "國際新聞" in presswatch(tmp_path, "search", "国际").stdout
