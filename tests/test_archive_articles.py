from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, KeepResult, Kept, fingerprints, open_archive, opening, positions
from crawler.archive.positions import NUMBERS, bounds
from crawler.archive.sqlite import SqliteStore
from crawler.archive.store import Store
from crawler.archive.times import micros
from crawler.errors import UsageError
from crawler.records import Article, CopyOf, Mention, Watch
from tests import databases
from tests.archive_sample import DAY, HERALD, HOUR, LEASE, NOW, POST, article, entries, keep, lease

WATCH = Watch("harbours", "harbour")


@pytest.fixture
def store() -> Iterator[Store]:
    opened = opening.open_store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def archive(store: Store) -> Archive:
    opened = Archive(store)
    opened.sources.sync([HERALD, POST], NOW)
    return opened


def found(archive: Archive, query: str = "") -> list[int]:
    return [hit.article.id or 0 for hit in archive.search(query, limit=100, now=NOW).hits]


def kinds(archive: Archive) -> list[tuple[int, str, bool]]:
    return [(change.article, change.kind, change.backfill) for change in archive.changes.since(0)]


def test_an_article_is_kept_with_its_page_index_mentions_and_change(archive: Archive) -> None:
    archive.watches.sync([WATCH], NOW)
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
    page = lease(archive).page
    mention = Mention("harbours", 0, 1, ("harbour",))

    results = archive.articles.keep([Kept(article(), page, frozenset({1, 2}), mentions=(mention,))], NOW)

    assert [KeepResult(1, "new")] == results
    assert {"herald": {"stored": 1}} == archive.pages.counts()
    assert [1] == found(archive, "harbour")
    assert [replace(mention, article=1)] == archive.watches.mentions("harbours")
    assert [(1, "new", False)] == kinds(archive)
    assert {1: 2} == archive.articles.sharing({1, 2, 3})
    assert {1: 2, 9: 0} == archive.articles.fingerprint_count([1, 9])


def test_an_article_is_kept_once(archive: Archive) -> None:
    again = article(title=" Harbour  reopens after the storm", text=article().text.replace(" ", "\n"))

    assert ["new", "unchanged"] == [
        result.outcome for item in (article(), again) for result in archive.articles.keep([Kept(item)], NOW)
    ]
    assert [(1, "new", False)] == kinds(archive)
    assert [] == archive.articles.revisions(1)


def test_a_changed_text_becomes_a_revision(archive: Archive) -> None:
    keep(archive, article())
    later = article(text="The harbour of Eastport stays closed.")

    results = archive.articles.keep([Kept(later)], NOW + HOUR)

    assert [KeepResult(1, "revised")] == results
    now = archive.articles.get(1)
    assert now is not None
    assert (2, later.text, NOW, NOW + HOUR) == (now.revision, now.text, now.first_seen, now.last_checked)
    (before,) = archive.articles.revisions(1)
    assert (1, "revised", article().text, NOW + HOUR) == (before.revision, before.kind, before.text, before.at)
    assert [(1, "new", False), (1, "revised", False)] == kinds(archive)
    assert ([1], []) == (found(archive, "closed"), found(archive, "ships"))


def test_another_page_that_leads_to_a_known_article_is_a_duplicate(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a", "https://herald.test/short"), NOW)
    first = lease(archive)
    archive.hosts.done(first.turn, NOW, 0)
    second = lease(archive)

    results = archive.articles.keep([Kept(article(), first.page), Kept(article(), second.page)], NOW)

    assert [KeepResult(1, "new"), KeepResult(1, "duplicate")] == results
    assert {"herald": {"stored": 1, "duplicate": 1}} == archive.pages.counts()
    assert archive.articles.get("https://herald.test/short") == archive.articles.get(1)


def test_a_lost_lease_does_not_stop_the_others_of_the_batch(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a", "https://herald.test/b"), NOW)
    slow = lease(archive)
    quick = lease(archive, NOW + LEASE)
    assert slow.page.url == quick.page.url
    archive.hosts.done(quick.turn, NOW + LEASE, 0)
    other = lease(archive, NOW + LEASE)

    results = archive.articles.keep(
        [Kept(article(text="late"), slow.page), Kept(article(other.page.url), other.page)], NOW + LEASE
    )

    assert ["lease lost", "new"] == [result.outcome for result in results]
    assert archive.articles.get("https://herald.test/a") is None
    assert [KeepResult(2, "new")] == archive.articles.keep([Kept(article(), quick.page)], NOW + LEASE)


def test_a_page_that_went_behind_a_wall_keeps_its_text(archive: Archive) -> None:
    keep(archive, article())

    walled = article(text="The harbour …", completeness="lead", paywalled=True)
    assert "unchanged" == archive.articles.keep([Kept(walled)], NOW)[0].outcome

    kept = archive.articles.get(1)
    assert kept is not None
    assert (article().text, "full") == (kept.text, kept.completeness)


def test_a_lead_grows_into_a_full_article(archive: Archive) -> None:
    keep(archive, article(text="The harbour …", completeness="lead"))
    keep(archive, article())

    kept = archive.articles.get(1)
    assert kept is not None
    assert (article().text, "full", 2) == (kept.text, kept.completeness, kept.revision)


def test_a_page_that_forgets_its_date_or_source_does_not_take_it_away(archive: Archive) -> None:
    keep(archive, article(credited_to="Global Times"))
    keep(
        archive,
        article(text="Other", source="post", published=None, published_utc=None, published_precision="none"),
    )

    kept = archive.articles.get(1)
    assert kept is not None
    assert (article().published, article().published_utc, "second", "Global Times", "herald") == (
        kept.published, kept.published_utc, kept.published_precision, kept.credited_to, kept.source,
    )  # fmt: skip


def test_a_copy_is_recorded_as_one(archive: Archive) -> None:
    keep(archive, article())
    copied = Kept(article("https://post.test/a", source="post"), copy=CopyOf(1, "full", 0.93))

    archive.articles.keep([copied], NOW)

    kept = archive.articles.get(2)
    assert kept is not None
    assert (1, "full", 0.93) == (kept.copy_of, kept.copy_kind, kept.copy_score)
    assert [(1, "new", False), (2, "copy", False)] == kinds(archive)


def test_a_copy_that_was_seen_later_can_be_folded_and_unfolded(archive: Archive) -> None:
    keep(archive, article(), article("https://post.test/a"))

    archive.articles.fold(2, CopyOf(1, "partial", 0.5), NOW)
    archive.articles.fold(2, CopyOf(1, "partial", 0.6), NOW)
    folded = archive.articles.get(2)
    archive.articles.fold(2, None, NOW)
    free = archive.articles.get(2)

    assert folded is not None
    assert free is not None
    assert [(1, 0.6), (None, None)] == [(item.copy_of, item.copy_score) for item in (folded, free)]
    assert [(1, "new", False), (2, "new", False), (2, "copy", False), (2, "corrected", False)] == kinds(archive)


@pytest.mark.parametrize(
    ("published", "precision", "asked", "expected"),
    [
        (NOW - 47 * HOUR, "second", False, False),
        (NOW - 49 * HOUR, "second", False, True),
        (NOW - 60 * HOUR, "day", False, False),
        (NOW - 73 * HOUR, "day", False, True),
        (None, "none", False, False),
        (NOW - HOUR, "second", True, True),
    ],
)
def test_what_arrives_late_or_by_import_is_old_news(
    archive: Archive, published: datetime | None, precision: str, asked: bool, expected: bool
) -> None:
    keep(archive, article(published=None, published_utc=published, published_precision=precision, backfill=asked))

    kept = archive.articles.get(1)
    assert kept is not None
    assert expected == kept.backfill
    assert [(1, "new", expected)] == kinds(archive)


def test_articles_are_found_newest_published_first_whenever_they_came(archive: Archive) -> None:
    dates = [NOW - 3 * DAY, NOW - HOUR, NOW - 400 * DAY, datetime(1950, 1, 2, tzinfo=UTC), None, NOW - 2 * HOUR]

    keep(
        archive,
        *(
            article(f"https://herald.test/{number}", published=None, published_utc=at)
            for number, at in enumerate(dates)
        ),
    )

    assert [5, 2, 6, 1, 3, 4] == found(archive)


def test_a_date_without_a_zone_orders_by_what_is_printed(archive: Archive) -> None:
    keep(
        archive,
        article(published_utc=NOW - HOUR),
        article("https://herald.test/b", published="2019-11-06T19:13:40", published_utc=None),
        article("https://herald.test/c", published="2019-11-06", published_utc=None),
        article("https://herald.test/d", published="last week", published_utc=None),
    )

    assert [4, 1, 2, 3] == found(archive)


def test_a_corrected_date_moves_an_article_also_where_minutes_have_spilled(archive: Archive, store: Store) -> None:
    store.set_state("position_spill", 840)  # as in an archive of before, whose bare days began elsewhere
    keep(archive, article("https://herald.test/1"))
    keep(archive, article("https://herald.test/2", published_utc=NOW - timedelta(hours=3)))
    keep(archive, article("https://herald.test/1", text="Other", published_utc=NOW - timedelta(hours=5)))

    assert [2, 1] == archive.ids("", NOW)


def test_a_full_minute_spills_into_the_next_and_stays_findable(archive: Archive, store: Store) -> None:
    midnight = datetime(2020, 2, 3, tzinfo=UTC)
    keep(archive, *(article(f"https://herald.test/{n}", title="T", text="t", published_utc=midnight) for n in range(3)))
    last = (micros(midnight) // 60_000_000 << NUMBERS) + 4_095
    store.execute("UPDATE articles SET position = ? WHERE id = 3", (last,))
    store.execute("UPDATE articles SET position = ? WHERE id = 2", (last + 4_096,))

    keep(archive, article("https://herald.test/spilled", title="T", text="t", published_utc=midnight))

    (position,) = store.row("SELECT position FROM articles WHERE id = 4") or (0,)
    assert ((last >> NUMBERS) + 2) << NUMBERS == position
    assert 2 == store.state("position_spill")
    low, high = bounds(store, micros(midnight), micros(midnight + timedelta(minutes=1)))
    assert low is not None
    assert high is not None
    assert low <= position < high
    assert 4 == archive.search("after:2020-02-03 before:2020-02-04", now=NOW).total


def test_many_articles_of_one_minute_are_all_kept_and_ordered(
    archive: Archive, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, midnight = 4_096, datetime(2020, 2, 3, tzinfo=UTC)
    if not isinstance(store, SqliteStore):  # it numbers them by the same rules, and takes far longer for so many
        room = 100
        monkeypatch.setattr(positions, "_ROOM", room)
    many = [article(f"https://herald.test/{n}", title="T", text="t", published_utc=midnight) for n in range(room + 4)]

    keep(archive, *many)

    assert [(0, room), (1, 4)] == [
        (minute - micros(midnight) // 60_000_000, number)
        for minute, number in store.rows("SELECT position >> 12, count(*) FROM articles GROUP BY 1 ORDER BY 1")
    ]
    assert room + 4 == archive.count("t", NOW)


def test_a_changed_date_moves_the_article_in_the_index(archive: Archive) -> None:
    keep(archive, article(), article("https://herald.test/b", published_utc=NOW - 2 * HOUR))
    assert [1, 2] == found(archive, "harbour")

    keep(archive, article(published_utc=NOW - 3 * HOUR))

    assert [2, 1] == found(archive, "harbour")
    assert [(1, "new", False), (2, "new", False)] == kinds(archive)


def test_the_window_holds_what_was_published_since(archive: Archive) -> None:
    keep(
        archive,
        article(published_utc=NOW - 3 * DAY),
        article("https://herald.test/b", published_utc=NOW - DAY),
        article("https://herald.test/c", published=None, published_utc=None),
        article("https://herald.test/d", published_utc=NOW - 2 * DAY),
    )

    assert [4, 2, 3] == [item.id for item in archive.articles.window(NOW - 2 * DAY)]


def test_many_come_in_the_order_asked_for(archive: Archive) -> None:
    keep(archive, *(article(f"https://herald.test/{number}") for number in range(3)))

    assert [3, 1] == [item.id for item in archive.articles.many([3, 99, 1])]
    assert [] == archive.articles.many([])


def test_sharing_names_the_most_alike_first(archive: Archive) -> None:
    prints = [{1, 2, 3}, {2, 3, 4, 5}, {9}]
    archive.articles.keep(
        [Kept(article(f"https://herald.test/{n}"), fingerprints=frozenset(p)) for n, p in enumerate(prints)], NOW
    )

    assert [(2, 3), (1, 2)] == list(archive.articles.sharing({2, 3, 4, 2**62}).items())


def test_a_revision_brings_its_date_as_a_whole_or_none(archive: Archive) -> None:
    keep(archive, article())
    keep(archive, article(text="Other", published="2026-11-20T09:00", published_utc=None, published_precision="minute"))
    kept = archive.articles.many([1])[0]

    assert ("2026-11-20T09:00", None, "minute") == (kept.published, kept.published_utc, kept.published_precision)
    assert [1] == archive.ids("before:2026-11-21", NOW)

    keep(archive, article(text="Third", published="2026-02-30", published_utc=None, published_precision="day"))
    kept = archive.articles.many([1])[0]

    assert ("2026-11-20T09:00", None, "minute") == (kept.published, kept.published_utc, kept.published_precision)
    assert [1] == archive.ids("after:2026-11-20 before:2026-11-21", NOW)


def test_a_revision_brings_its_own_fingerprint(archive: Archive) -> None:
    archive.articles.keep([Kept(article(), fingerprints=frozenset({1, 2}))], NOW)
    archive.articles.keep([Kept(article(text="Other"), fingerprints=frozenset({3, 2**63 - 1}))], NOW)

    assert [{}, {1: 2}] == [archive.articles.sharing({1, 2}), archive.articles.sharing({3, 2**63 - 1})]


def test_a_watch_that_changed_since_the_batch_was_matched_is_asked_again(archive: Archive) -> None:
    archive.watches.sync([Watch("harbours", "volcano")], NOW)
    matched_at = archive.watches.version()
    archive.watches.sync([WATCH], NOW)

    archive.articles.keep([Kept(article(), watches_version=matched_at)], NOW)
    archive.articles.keep([Kept(article("https://herald.test/b"), watches_version=archive.watches.version())], NOW)

    assert [(1, 2)] == [(mention.article, mention.version) for mention in archive.watches.mentions("harbours")]


def test_a_better_cleaning_is_a_correction(archive: Archive) -> None:
    keep(archive, article(text="Subscribe now!\n\n" + article().text))

    assert archive.articles.correct(1, article(), "banner removed", NOW)
    assert not archive.articles.correct(1, article(), "banner removed", NOW)

    (before,) = archive.articles.revisions(1)
    assert ("corrected", "banner removed") == (before.kind, before.reason)
    assert [(1, "new", False), (1, "corrected", False)] == kinds(archive)
    assert [] == found(archive, "subscribe")


def test_of_many_articles_those_that_were_withdrawn_are_found(archive: Archive) -> None:
    keep(archive, article(), article("https://herald.test/other"))
    archive.articles.withdraw(2, NOW, "404")

    assert [1, 2] == [head.id for head in archive.articles.heads_of([1, 2])]
    assert [2] == [head.id for head in archive.articles.heads_of([1, 2], withdrawn=True)]


def test_a_withdrawn_article_stays_as_evidence(archive: Archive) -> None:
    keep(archive, article())
    archive.articles.withdraw(1, NOW, "404 since yesterday")
    archive.articles.withdraw(1, NOW + DAY, "404")

    kept = archive.articles.get(1)
    assert kept is not None
    assert (NOW, article().text) == (kept.withdrawn_at, kept.text)
    assert [(1, "new", False), (1, "withdrawn", False)] == kinds(archive)


def test_an_unknown_article_is_told(archive: Archive) -> None:
    for act in (
        lambda: archive.forget("https://herald.test/none", NOW),
        lambda: archive.articles.withdraw(7, NOW, ""),
        lambda: archive.articles.fold(7, None, NOW),
        lambda: archive.articles.correct(7, article(), "", NOW),
    ):
        with pytest.raises(UsageError, match="there is no such article"):
            act()


def test_a_broken_letter_costs_the_letter_and_not_the_batch(archive: Archive) -> None:
    keep(archive, article(title="A \ud83d title", authors=("B\udfff",)), article("https://herald.test/b"))

    first, second = archive.articles.many([1, 2])
    assert ("A ? title", ("B?",), article().title) == (first.title, first.authors, second.title)


def test_a_naive_time_is_refused(archive: Archive) -> None:
    with pytest.raises(TypeError):
        keep(archive, article(published_utc=datetime(2026, 1, 1)))


def moments(low: int = 1) -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime(low, 1, 3), datetime(9998, 1, 1), timezones=st.just(UTC))


words = st.text(max_size=60)
maybe = st.none() | words
ARTICLES = st.builds(
    Article,
    url=st.integers(0, 5).map("https://herald.test/{}".format),
    source=st.just("herald"),
    title=words,
    text=words,
    lead=words,
    canonical_url=maybe,
    completeness=st.sampled_from(["full", "lead", "headline"]),
    form=st.sampled_from(["article", "live", "gallery", "video", "several"]),
    authors=st.lists(words, max_size=3).map(tuple),
    published=maybe,
    published_utc=st.none() | moments(),
    published_precision=st.sampled_from(["second", "minute", "day", "none"]),
    published_evidence=maybe,
    modified=maybe,
    language=words,
    credited_to=maybe,
    carried_by=words,
    site_name=maybe,
    image=maybe,
    paywalled=st.none() | st.booleans(),
    tags=st.lists(words, max_size=3).map(tuple),
    evidence=st.dictionaries(words, words, max_size=3),
    extractor_version=words,
    raw_ref=maybe,
    backfill=st.just(True),
)


@settings(max_examples=150)
@given(ARTICLES)
def test_what_is_kept_is_read_back_the_same(made: Article) -> None:
    with open_archive("sqlite://") as archive:
        (result,) = archive.articles.keep([Kept(made)], NOW)
        kept = archive.articles.get(result.id)

        assert kept is not None
        if not isinstance(archive._store, SqliteStore):  # PostgreSQL takes no NUL
            texts = {name: value for name in Article.__slots__ if isinstance(value := getattr(made, name), str)}
            made = replace(made, **{name: text.replace("\0", "\ufffd") for name, text in texts.items()})  # type: ignore[arg-type]
        given_by_the_archive = {
            name: getattr(kept, name)
            for name in ("id", "first_seen", "last_checked", "revision", "words", "text_sha256")
        }
        assert replace(made, **given_by_the_archive) == kept
        assert [kept] == [hit.article for hit in archive.search("", now=NOW).hits] == archive.articles.many([result.id])


@settings(max_examples=60)
@given(st.lists(ARTICLES, max_size=25), st.integers(1, 9))
def test_whatever_comes_in_whatever_order_index_articles_and_changes_agree(made: list[Article], size: int) -> None:
    store = opening.open_store("sqlite://")
    archive = Archive(store)
    for first in range(0, len(made), size):
        keep(archive, *made[first : first + size], at=NOW + first * HOUR)

    urls = {item.url for item in made}
    assert len(urls) == archive.articles.count() == len(found(archive))
    assert databases.indexed(store) == {position for (position,) in store.rows("SELECT position FROM articles")}
    changes = archive.changes.since(0)
    assert len(urls) == len([change for change in changes if change.kind == "new"])
    revisions = store.value("SELECT count(*) FROM revisions")
    assert revisions == len(changes) - len(urls) == store.value("SELECT coalesce(sum(revision - 1), 0) FROM articles")
    store.close()


def test_a_time_in_another_zone_is_kept_as_the_same_instant(archive: Archive) -> None:
    east = timezone(timedelta(hours=8))
    keep(archive, article(published_utc=datetime(2026, 11, 23, 19, tzinfo=east)))

    kept = archive.articles.get(1)
    assert kept is not None
    assert datetime(2026, 11, 23, 11, tzinfo=UTC) == kept.published_utc


def test_a_fingerprint_of_boilerplate_is_not_followed_to_every_article(archive: Archive) -> None:
    chance = random.Random(1)
    archive.articles.keep(
        [
            Kept(
                article(f"https://herald.test/{n}", title="T", text="t"),
                fingerprints=frozenset({1, chance.getrandbits(63)}),
            )
            for n in range(300)
        ],
        NOW,
    )

    assert 50 == len(archive.articles.sharing({1}))


def fingerprinted(archive: Archive, count: int, seed: int) -> list[frozenset[int]]:
    chance = random.Random(seed)
    prints = [frozenset(chance.getrandbits(63) for _ in range(12)) for _ in range(count)]
    archive.articles.keep(
        [Kept(article(f"https://herald.test/{seed}/{n}"), fingerprints=each) for n, each in enumerate(prints)], NOW
    )
    return prints


def settle(archive: Archive, parts: int = 256) -> None:
    with archive.writing():
        for part in range(parts):
            fingerprints._settle(archive.articles._store, part)


def test_fingerprints_are_found_wherever_they_have_settled(archive: Archive) -> None:
    prints = fingerprinted(archive, 80, seed=1)
    settle(archive, parts=128)
    more = fingerprinted(archive, 1, seed=2)

    found = [archive.articles.sharing(each) for each in (*prints, *more)]

    assert [{number: 12} for number in range(1, 82)] == found
    assert 100 < archive.articles._store.value("SELECT count(*) FROM fingerprint_buckets")
    assert 100 < archive.articles._store.value("SELECT count(*) FROM fingerprints")


def test_every_sixty_four_articles_a_part_of_the_hashes_settles(archive: Archive) -> None:
    fingerprinted(archive, 64, seed=1)

    buckets = [bucket for (bucket,) in archive.articles._store.rows("SELECT bucket FROM fingerprint_buckets")]
    assert buckets
    assert all(256 <= bucket < 512 for bucket in buckets)
    assert not archive.articles._store.rows("SELECT hash FROM fingerprints WHERE hash >> 55 = 1")


def test_a_fingerprint_that_has_settled_goes_with_its_text(archive: Archive) -> None:
    prints = fingerprinted(archive, 3, seed=1)
    settle(archive)
    archive.articles.keep([Kept(article("https://herald.test/1/0", text="New"), fingerprints=frozenset({5}))], NOW)
    archive.articles.forget(2, NOW)

    assert [{}, {}, {3: 12}] == [archive.articles.sharing(each) for each in prints]
    assert {1: 1} == archive.articles.sharing({5})


def test_of_one_shared_hash_only_a_rare_one_tells_anything(archive: Archive) -> None:
    archive.articles.keep(
        [Kept(article(f"https://herald.test/{n}"), fingerprints=frozenset({1, 10 + n})) for n in range(8)], NOW
    )

    others = range(90, 100)
    assert {} == archive.articles.sharing({1, *others})
    assert {3: 1} == archive.articles.sharing({12, *others})


def test_one_shared_hash_of_a_short_text_tells_enough(archive: Archive) -> None:
    archive.articles.keep(
        [Kept(article(f"https://herald.test/{n}"), fingerprints=frozenset({1, 10 + n})) for n in range(8)], NOW
    )

    assert dict.fromkeys(range(1, 9), 1) == archive.articles.sharing({1, *range(92, 99)})


def test_a_settled_hash_of_boilerplate_keeps_its_newest_articles_only(archive: Archive) -> None:
    entries_ = [fingerprints._entry(1, number) for number in range(1, 501)] + [fingerprints._entry(2, 7)]

    merged = fingerprints._merged(entries_[:250], entries_[250:])

    assert entries_[300:] == list(merged)


def test_a_folded_article_takes_its_copies_along_to_the_earliest_original(archive: Archive) -> None:
    keep(archive, *(article(f"https://herald.test/{number}") for number in range(4)))
    archive.articles.fold(2, CopyOf(1, "full", 1.0), NOW)
    archive.articles.fold(1, CopyOf(3, "partial", 0.9), NOW)
    archive.articles.fold(4, CopyOf(2, "full", 1.0), NOW)
    archive.articles.fold(3, CopyOf(4, "full", 1.0), NOW)  # would be a circle

    assert [3, 3, None, 3] == [each.copy_of for each in archive.articles.many([1, 2, 3, 4])]


def test_the_copies_of_what_only_quotes_another_stay_with_it(archive: Archive) -> None:
    keep(archive, *(article(f"https://herald.test/{number}") for number in range(3)))
    archive.articles.fold(2, CopyOf(1, "full", 1.0), NOW)
    archive.articles.fold(1, CopyOf(3, "quoted-in", 0.2), NOW)

    assert [3, 1, None] == [each.copy_of for each in archive.articles.many([1, 2, 3])]
