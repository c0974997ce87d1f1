"""Facets are counted from ``briefs``; they must be what the articles themselves say, whatever happens to them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, Kept, open_archive, schema
from crawler.archive.search import Facets
from crawler.archive.sqlite import Store, open_store
from tests.archive_sample import DAY, HERALD, NOW, POST, article, keep

#: Without words, with one that all articles have, with one and a filter, and as a filter alone.
QUERIES = ("", "harbour", "harbour -lang:xx", "-lang:xx")
DATES = (None, "1969-12-31T23:30:00+00:00", "1970-01-01T00:00:00+00:00", "2026-11-22T11:00:00+00:00")


def counted(store: Store) -> Facets:
    """Count what facets count, article by article."""
    sources = {key: facts for key, *facts in store.rows("SELECT key, kind, control, country FROM sources")}
    days: Counter[str] = Counter()
    named: dict[Any, Counter[str]] = {by: Counter() for by in ("source", "kind", "control", "country", "language")}
    for source, language, dated in store.rows("SELECT source, language, dated FROM articles"):
        at = None if dated is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=dated)
        days["undated" if at is None else at.date().isoformat()] += 1
        for by, value in zip(named, (source, *sources.get(source, (None, None, None)), language), strict=True):
            named[by][value or "unknown"] += 1
    return {"day": dict(days), **{by: dict(counts) for by, counts in named.items()}}


def made(number: int, source: str, language: str, published: str | None) -> Kept:
    at = None if published is None else datetime.fromisoformat(published)
    precision = "second" if published else "none"
    dated = {"published": published, "published_utc": at, "published_precision": precision}
    return Kept(article(f"https://herald.test/{number}", source=source, language=language, **dated))


def kept(archive: Archive, number: int, source: str, language: str, published: str | None) -> None:
    archive.articles.keep([made(number, source, language, published)], NOW - (number % 3) * DAY)


def read_again(archive: Archive, number: int, source: str, language: str, published: str | None) -> None:
    if (old := archive.articles.get(f"https://herald.test/{number}")) is not None:
        archive.articles.correct(old.id or 0, made(number, source, language, published).article, "read anew", NOW)


def dated_by_hand(archive: Archive, number: int, _source: str, _language: str, published: str | None) -> None:
    if (old := archive.articles.get(f"https://herald.test/{number}")) is not None:
        archive.judgements.correct_date(old.id or 0, published or "2026-11-20", "ann", NOW)


def date_taken_back(archive: Archive, number: int, *_: str | None) -> None:
    if (old := archive.articles.get(f"https://herald.test/{number}")) is not None:
        archive.judgements.uncorrect(old.id or 0, "date", "ann", NOW)


def forgotten(archive: Archive, number: int, *_: str | None) -> None:
    if archive.articles.get(f"https://herald.test/{number}") is not None:
        archive.forget(f"https://herald.test/{number}", NOW)


def pruned(archive: Archive, number: int, *_: str | None) -> None:
    archive.prune(NOW - (number % 3) * DAY)


def given_up(archive: Archive, number: int, source: str, language: str, published: str | None) -> None:
    with suppress(ZeroDivisionError), archive._store.writing():
        kept(archive, number, source, language, published)
        raise ZeroDivisionError


def renamed(archive: Archive, number: int, source: str, language: str, _published: str | None) -> None:
    """Change articles as a migration does."""
    archive._store.execute(
        "UPDATE articles SET source = ?, language = ?, dated = dated - 86400000000 WHERE id % 3 = ?",
        (source, language, number % 3),
    )


DOES: tuple[Callable[..., None], ...] = (
    kept, kept, kept, read_again, dated_by_hand, date_taken_back, forgotten, pruned, given_up, renamed,
)  # fmt: skip

STEPS = st.lists(
    st.tuples(
        st.sampled_from(DOES),
        st.integers(0, 5),
        st.sampled_from(["herald", "post", "nobody"]),
        st.sampled_from(["en", "zh-Hant", ""]),
        st.sampled_from(DATES),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_facets_are_what_the_articles_say_whatever_happened_to_them(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/press.db"
        with open_archive(url) as writer:
            writer.sources.sync([HERALD, POST], NOW)
            with open_archive(url, create=False, read_only=True) as reader:
                for does, *given_ in steps:
                    does(writer, *given_)
                    for query in QUERIES:
                        assert counted(writer._store) == reader.facets(query, NOW), (does, query)


@pytest.mark.sqlite_only
def test_an_article_that_moves_is_counted_once(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path}/press.db") as archive:
        for number in (1, 2):
            kept(archive, number, "herald", "en", DATES[-1])
        archive._store.execute("UPDATE articles SET position = position + 7 WHERE id = 2")
        standing, told = (archive._store.rows(f"SELECT position, id FROM {name}") for name in ("articles", "briefs"))
        assert sorted(standing) == sorted(told)


def test_facets_and_hits_are_of_one_moment_though_another_process_writes_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/press.db"
    with open_archive(url, patience=0.1) as writer, open_archive(url, create=False, read_only=True) as reader:
        keep(writer, *(made(number, "herald", "en", DATES[-1]).article for number in range(3)))
        survey = reader._search._surveyed

        def late(found: Any) -> Any:
            writer.forget("https://herald.test/1", NOW)
            keep(writer, made(7, "post", "ru", None).article)
            return survey(found)

        with monkeypatch.context() as patch:
            patch.setattr(reader._search, "_surveyed", late)
            found, facets = reader.overview("harbour", now=NOW)

        assert 3 == found.total == len(found.hits)
        assert {"herald": 3} == facets["source"]
        assert {"herald": 2, "post": 1} == reader.facets("harbour", NOW)["source"]


def test_an_archive_from_before_learns_what_its_articles_are_counted_by(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/press.db"
    with open_archive(url) as archive:
        for number, published in enumerate(DATES):
            kept(archive, number, ("herald", "nobody")[number % 2], "en", published)
    with closing(open_store(url)) as store:
        for name in ("come", "change", "go"):
            store.execute(f"DROP TRIGGER briefs_{name}")
        for table in ("briefs", "brief_kinds"):
            store.execute(f"DROP TABLE {table}")
        store.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0033_briefs'")
        store.execute(f"PRAGMA user_version = {len(schema.NAMES) - 1}")

    with open_archive(url, create=False, read_only=True) as archive:
        for query in QUERIES:
            assert counted(archive._store) == archive.facets(query, NOW)
