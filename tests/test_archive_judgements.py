from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from crawler.archive import Archive, Kept, open_archive, schema
from crawler.archive.judgements import settle
from crawler.archive.sqlite import open_store
from crawler.errors import ArchiveBusy, UsageError
from crawler.records import Article, CopyOf, Judgement, Watch
from tests.archive_sample import DAY, HERALD, HOUR, NOW, article, keep

LATER = NOW + HOUR


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD], NOW)
        yield opened


@pytest.fixture
def one(archive: Archive) -> int:
    (id_,) = keep(archive, article(tags=("Harbour",), authors=("Ann Editor",)))
    return id_


def get(archive: Archive, id_: int) -> Article:
    found = archive.articles.get(id_)
    assert found is not None
    return found


def found(archive: Archive, query: str) -> list[int]:
    return [hit.article.id or 0 for hit in archive.search(query, now=LATER).hits]


def revise(archive: Archive, **changes: object) -> None:
    """Read the page again, with another text."""
    archive.articles.keep([Kept(article(text="The harbour was closed again.", **changes))], LATER)


def kinds(archive: Archive) -> list[str]:
    return [change.kind for change in archive.changes.since(0)]


def test_a_note_is_kept_with_who_and_when(archive: Archive, one: int) -> None:
    made = archive.judgements.note(one, " Compare with the Post. ", "mei", LATER)

    assert Judgement(1, "note", "Compare with the Post.", "mei", LATER, article=one) == made
    assert [made] == archive.judgements.of(one)


def test_an_empty_note_and_an_unknown_article_are_refused(archive: Archive, one: int) -> None:
    with pytest.raises(UsageError, match="must say something"):
        archive.judgements.note(one, " \n", "mei", NOW)
    with pytest.raises(UsageError, match="77: there is no such article"):
        archive.judgements.note(77, "x", "mei", NOW)


def test_a_note_is_found_by_its_words_in_every_script_until_it_is_taken_back(archive: Archive, one: int) -> None:
    (other,) = keep(archive, article("https://post.test/b"))
    said = archive.judgements.note(one, "Compare with the Post: 国家安全部 says more.", "mei", LATER)
    archive.judgements.note(other, "Compared.", "mei", LATER)
    revise(archive)

    assert [one] == found(archive, 'note:"with the post"') == found(archive, "harbour note:国家安全")
    assert [] == found(archive, "note:herald")
    assert [other] == found(archive, "harbour -note:post")
    assert [other, one] == found(archive, "note:compare OR note:compared")
    assert archive.judgements.take_back(said.id, "tom", LATER) == said
    assert [] == found(archive, "note:post")
    assert archive.judgements.take_back(said.id, "ann", LATER) is None
    (kept,) = archive.judgements.of(one, undone=True)
    assert ("tom", LATER) == (kept.undone_by, kept.undone_at)


def test_only_public_notes_are_given_out(archive: Archive, one: int) -> None:
    archive.judgements.note(one, "Inside.", "mei", LATER)
    said = archive.judgements.note(one, "Confirmed.", "mei", LATER, public=True)

    assert {one: ["Confirmed."]} == archive.judgements.notes([one, 77])
    assert [False, True] == [each.public for each in archive.judgements.of(one)]
    archive.judgements.take_back(said.id, "mei", LATER)
    assert {} == archive.judgements.notes([one])


@pytest.mark.parametrize("kind", ["tag", "untag", "date", "authors", "irrelevant"])
def test_each_judgement_of_an_article_is_taken_back_alone(archive: Archive, one: int, kind: str) -> None:
    before = get(archive, one)
    acts: dict[str, Callable[[], object]] = {
        "tag": lambda: archive.judgements.tag(one, ["spies"], "mei", NOW),
        "untag": lambda: archive.judgements.untag(one, ["harbour"], "mei", NOW),
        "date": lambda: archive.judgements.correct_date(one, "2026-11-05", "mei", NOW),
        "authors": lambda: archive.judgements.correct_authors(one, ["Liu Xin"], "mei", NOW),
        "irrelevant": lambda: archive.judgements.mark(one, "irrelevant", "mei", NOW),
    }
    acts[kind]()
    (said,) = archive.judgements.of(one)
    archive.judgements.take_back(said.id, "tom", LATER)

    assert before == get(archive, one)
    assert ([], set()) == (archive.judgements.of(one), archive.judgements.irrelevant())


def test_a_correction_taken_back_lets_the_one_before_it_stand_again(archive: Archive, one: int) -> None:
    archive.judgements.correct_date(one, "2026-11-05", "mei", NOW)
    later = archive.judgements.correct_date(one, "2026-11-06", "tom", LATER)
    archive.judgements.take_back(later.id, "tom", LATER)

    assert ("2026-11-05", "corrected by mei") == (get(archive, one).published, get(archive, one).published_evidence)


def test_what_is_no_judgement_of_an_article_is_not_taken_back(archive: Archive, one: int) -> None:
    said = archive.judgements.split(7, [one], [2], "mei", NOW)

    with pytest.raises(UsageError, match="no such judgement"):
        archive.judgements.take_back(77, "mei", NOW)
    with pytest.raises(UsageError, match="by a merge"):
        archive.judgements.take_back(said.id, "mei", NOW)


def test_all_that_was_said_is_listed_the_latest_first(archive: Archive, one: int) -> None:
    note = archive.judgements.note(one, "One.", "mei", NOW)
    split = archive.judgements.split(7, [4], [5], "mei", NOW)
    archive.judgements.take_back(note.id, "mei", LATER)

    assert [split.id, note.id] == [said.id for said in archive.judgements.list()]
    assert [note.id] == [said.id for said in archive.judgements.list(before=split.id)]
    assert [split.id] == [said.id for said in archive.judgements.list(limit=1)]


def test_what_was_said_is_listed_by_kind_by_person_and_by_article(archive: Archive, one: int) -> None:
    note = archive.judgements.note(one, "One.", "mei", NOW)
    (tag,) = archive.judgements.tag(one, ["spies"], "tom", NOW)
    split = archive.judgements.split(7, [4], [5], "mei", NOW)
    said = archive.judgements

    assert [note.id] == [each.id for each in said.list(kind="note")]
    assert [split.id, note.id] == [each.id for each in said.list(who="mei")]
    assert [tag.id, note.id] == [each.id for each in said.list(article=one)]
    assert [note.id] == [each.id for each in said.list(who="mei", article=one, before=split.id)]
    assert ["mei", "tom"] == [*said.people()]


def test_what_holds_of_articles_is_read_at_once(archive: Archive, one: int) -> None:
    note = archive.judgements.note(one, "One.", "mei", NOW)
    archive.judgements.tag(one, ["spies", "exclusive"], "tom", NOW)
    archive.judgements.take_back(note.id, "tom", NOW)

    assert [(one, "tag", "spies"), (one, "tag", "exclusive")] == archive.judgements.holding([one, 99])


def test_what_each_story_brought_to_a_merge_is_known(archive: Archive) -> None:
    merge = archive.judgements.merge([8, 9], [10, 11, 12], "mei", NOW, [[10], [11, 12]])
    split = archive.judgements.split(7, [4, 5], [1], "mei", NOW)
    old = archive.judgements.merge([1, 2], [20, 21], "mei", NOW)

    assert [[10], [11, 12]] == archive.judgements.parts(merge.id)
    assert [[4, 5], [1]] == archive.judgements.parts(split.id)
    assert [] == archive.judgements.parts(old.id)
    assert [(4, 5), (10, 11), (11, 12), (20, 21)] == sorted(archive.judgements.constraints().together)


@pytest.mark.parametrize("gone", ["prune", "forget"])
def test_what_was_said_goes_with_its_article(archive: Archive, one: int, gone: str) -> None:
    """Whoever has an article removed means what people wrote of it, too."""
    (other,) = keep(archive, article("https://post.test/b"), at=LATER)
    for id_ in (one, other):
        archive.judgements.note(id_, "Noted.", "mei", LATER)
        archive.judgements.tag(id_, ["spies"], "mei", LATER)
        archive.judgements.correct_date(id_, "2026-11-05", "mei", LATER)
        archive.judgements.mark(id_, "irrelevant", "mei", LATER)
    if gone == "prune":
        archive.prune(LATER)
    else:
        archive.forget(one, LATER)

    assert {other} == {said.article for said in archive.judgements.list()} == archive.judgements.irrelevant()
    assert ([other], [other]) == (found(archive, "note:noted"), found(archive, "tag:spies"))


def test_a_tag_is_found_and_survives_a_revision(archive: Archive, one: int) -> None:
    archive.judgements.tag(one, ["Follow up"], "mei", LATER)
    revise(archive, tags=("Harbour", "Storm"))

    assert ("Harbour", "Storm", "Follow up") == get(archive, one).tags
    assert [one] == found(archive, 'tag:"follow up"')
    assert 2 == get(archive, one).revision


def test_a_tag_survives_a_better_extraction(archive: Archive, one: int) -> None:
    archive.judgements.tag(one, ["Follow up"], "mei", LATER)
    archive.articles.correct(one, article(text="Cleaner.", tags=()), "cleaner", LATER)

    assert ("Cleaner.", ("Follow up",)) == (get(archive, one).text, get(archive, one).tags)


def test_a_tag_twice_is_one_tag(archive: Archive, one: int) -> None:
    archive.judgements.tag(one, ["spies", "Spies"], "mei", LATER)
    archive.judgements.tag(one, ["SPIES"], "tom", LATER)

    assert ("Harbour", "spies") == get(archive, one).tags


def test_a_tag_that_no_search_could_find_is_refused(archive: Archive, one: int) -> None:
    with pytest.raises(UsageError, match="no tag"):
        archive.judgements.tag(one, ["fine", "!?"], "mei", LATER)

    assert ("Harbour",) == get(archive, one).tags


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (["x" * 81], "a tag has 81 characters: 'xxx.*xxx…', and may have at most 80"),
        ([f"t{number}" for number in range(51)], "51 tags at once, and at most 50 may be given; give them in parts"),
    ],
)
def test_more_than_a_tag_or_an_act_can_hold_is_refused(archive: Archive, one: int, tags: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        archive.judgements.tag(one, tags, "mei", LATER)

    assert [] == archive.judgements.of(one)
    archive.judgements.tag(one, ["x" * 80, *(f"t{number}" for number in range(49))], "mei", LATER)
    assert 50 == len(archive.judgements.of(one))


def test_a_long_tag_of_the_page_can_be_taken_away(archive: Archive) -> None:
    (id_,) = keep(archive, article(tags=("x" * 120,)))

    archive.judgements.untag(id_, ["x" * 120], "mei", LATER)

    assert () == get(archive, id_).tags


def test_a_note_has_an_end(archive: Archive, one: int) -> None:
    archive.judgements.note(one, "x\r\n" * 5_000, "mei", LATER)  # as a browser sends 10,000 characters

    with pytest.raises(UsageError, match="the note has 10,001 characters, and may have at most 10,000"):
        archive.judgements.note(one, "x" * 10_001, "mei", LATER)
    assert 1 == len(archive.judgements.of(one))


def test_a_tag_is_taken_back(archive: Archive, one: int) -> None:
    archive.judgements.tag(one, ["spies"], "mei", NOW)
    archive.judgements.untag(one, ["Spies"], "tom", LATER)

    assert ("Harbour",) == get(archive, one).tags
    assert [] == archive.judgements.of(one)
    (said,) = archive.judgements.of(one, undone=True)
    assert ("mei", NOW, "tom", LATER) == (said.who, said.at, said.undone_by, said.undone_at)


def test_a_tag_of_the_page_stays_away_once_it_was_taken_away(archive: Archive, one: int) -> None:
    archive.judgements.untag(one, ["harbour"], "mei", LATER)
    revise(archive, tags=("Harbour", "Storm"))

    assert ("Storm",) == get(archive, one).tags
    archive.judgements.tag(one, ["harbour"], "mei", LATER)
    assert ("Harbour", "Storm") == get(archive, one).tags


def test_a_watch_for_a_tag_mentions_what_is_tagged(archive: Archive, one: int) -> None:
    archive.watches.sync([Watch("marked", "tag:spies"), Watch("harbour", "harbour")], NOW)
    archive.judgements.tag(one, ["spies"], "mei", LATER)

    assert [one] == [mention.article for mention in archive.watches.mentions("marked")]
    archive.judgements.untag(one, ["spies"], "mei", LATER)
    assert [] == archive.watches.mentions("marked")
    assert [one] == [mention.article for mention in archive.watches.mentions("harbour")]


@pytest.mark.parametrize(
    "query",
    [
        "copies:no", "copies:only", "Copies：no", "ｃｏｐｉｅｓ:only", "tag:spies", "-tag:harbour", "author:bob",
        "author:ann", "after:2026-11-20", "before:2026-11-20",
    ],
)  # fmt: skip
def test_watches_find_what_a_search_finds_after_each_judgement(archive: Archive, one: int, query: str) -> None:
    archive.watches.sync([Watch("w", f"harbour {query}"), Watch("others", "harbour -watch:w")], NOW)
    page = article("https://post.test/b", tags=("Harbour",), authors=("Ann Editor",))
    (copy,) = keep(archive, page)
    said = archive.judgements
    acts: list[Callable[[], object]] = [
        lambda: archive.articles.fold(copy, CopyOf(one, "full", 0.9), NOW),
        lambda: said.mark(copy, "not-a-copy", "mei", LATER),
        lambda: archive.articles.keep([Kept(page, copy=CopyOf(one, "full", 0.9))], LATER),
        lambda: said.unmark(copy, "not-a-copy", "mei", LATER),
        lambda: said.tag(copy, ["spies"], "mei", LATER),
        lambda: said.untag(copy, ["spies", "harbour"], "mei", LATER),
        lambda: said.correct_date(copy, "2026-11-05", "mei", LATER),
        lambda: said.correct_authors(copy, ["Bob"], "mei", LATER),
        lambda: archive.articles.keep([Kept(replace(page, text="Another harbour."))], LATER),
        lambda: said.uncorrect(copy, "date", "mei", LATER),
        lambda: said.uncorrect(copy, "authors", "mei", LATER),
    ]
    archive.watches.ask_again(NOW)
    for act in acts:
        act()

        for name in ("w", "others"):
            mentioned = {mention.article for mention in archive.watches.mentions(name)}
            assert set(found(archive, f"watch:{name}")) == mentioned


@pytest.mark.parametrize(
    ("given_", "published", "utc", "precision"),
    [
        (
            "2026-11-05T19:13:40+08:00",
            "2026-11-05T19:13:40+08:00",
            datetime(2026, 11, 5, 11, 13, 40, tzinfo=UTC),
            "second",
        ),
        ("2026-11-05 19:13", "2026-11-05T19:13", datetime(2026, 11, 5, 19, 13, tzinfo=UTC), "minute"),
        ("2026-11-05T19:00:00-05:00", "2026-11-05T19:00:00-05:00", datetime(2026, 11, 6, tzinfo=UTC), "second"),
        ("2026-07-05", "2026-07-05", datetime(2026, 7, 4, 23, tzinfo=UTC), "day"),
    ],
)
def test_a_corrected_date_is_as_exact_as_it_was_given(
    archive: Archive, one: int, given_: str, published: str, utc: datetime, precision: str
) -> None:
    archive.judgements.correct_date(one, given_, "mei", LATER)

    now = get(archive, one)
    assert (published, utc, precision) == (now.published, now.published_utc, now.published_precision)
    assert "corrected by mei" == now.published_evidence == now.evidence["published"]


def test_without_a_zone_no_time_in_utc_is_invented(archive: Archive) -> None:
    (id_,) = keep(archive, article(source="nobody", published=None, published_utc=None))
    archive.judgements.correct_date(id_, "2026-11-05T19:13", "mei", LATER)

    assert get(archive, id_).published_utc is None


def test_a_corrected_date_moves_the_article_in_time_and_tells_followers(archive: Archive, one: int) -> None:
    (other,) = keep(archive, article("https://herald.test/b", published_utc=NOW - DAY, published=None))
    archive.judgements.correct_date(one, "2026-11-05T19:13:40Z", "mei", LATER)

    assert [other, one] == found(archive, "harbour")
    assert [one] == found(archive, "harbour before:2026-11-06")
    assert [other] == found(archive, "after:2026-11-20")
    assert [other] == [each.id for each in archive.articles.window(NOW - 2 * DAY)]
    assert ["new", "new", "corrected"] == kinds(archive)


def test_a_corrected_date_survives_a_revision(archive: Archive, one: int) -> None:
    archive.judgements.correct_date(one, "2026-11-05T19:13:40Z", "mei", LATER)
    revise(archive)

    assert "2026-11-05T19:13:40+00:00" == get(archive, one).published
    assert [one] == found(archive, "closed before:2026-11-06")
    assert [] == found(archive, "closed after:2026-11-06")


def test_a_correction_taken_back_gives_what_the_page_says_by_now(archive: Archive, one: int) -> None:
    archive.judgements.correct_date(one, "2026-11-05", "mei", LATER)
    archive.judgements.correct_date(one, "2026-11-04", "tom", LATER)
    revise(archive, published="2026-11-23T10:30:00+00:00", published_utc=NOW - 1.5 * HOUR, published_evidence="byline")
    assert "2026-11-04" == get(archive, one).published

    assert archive.judgements.uncorrect(one, "date", "mei", LATER)
    assert not archive.judgements.uncorrect(one, "date", "mei", LATER)
    now = get(archive, one)
    assert ("2026-11-23T10:30:00+00:00", NOW - 1.5 * HOUR, "byline") == (
        now.published,
        now.published_utc,
        now.published_evidence,
    )
    assert [one] == found(archive, "closed after:2026-11-23")


def test_a_date_given_to_an_undated_article_is_taken_back(archive: Archive) -> None:
    (id_,) = keep(archive, article(published=None, published_utc=None, published_precision="none"))
    archive.judgements.correct_date(id_, "2026-11-05", "mei", LATER)
    archive.judgements.uncorrect(id_, "date", "mei", LATER)

    assert get(archive, id_).published is None
    assert [] == found(archive, "before:2027-01-01")
    assert [id_] == [each.id for each in archive.articles.window(NOW - HOUR)]


@pytest.mark.parametrize("wrong", ["yesterday", "2026-13-01", "", "2027-05-01", "2026-11-05T25:00"])
def test_no_date_and_a_date_to_come_are_refused(archive: Archive, one: int, wrong: str) -> None:
    with pytest.raises(UsageError, match="date"):
        archive.judgements.correct_date(one, wrong, "mei", LATER)

    assert [] == archive.judgements.of(one)
    assert "2026-11-23T11:00:00+00:00" == get(archive, one).published


def test_corrected_authors_are_found_and_survive_a_revision(archive: Archive, one: int) -> None:
    archive.judgements.correct_authors(one, ["Liu  Xin", " "], "mei", LATER)
    revise(archive, authors=("Ann Editor",))

    assert ("Liu Xin",) == get(archive, one).authors
    assert "corrected by mei" == get(archive, one).evidence["authors"]
    assert [one] == found(archive, 'author:"liu xin"')
    assert [] == found(archive, "author:ann")
    archive.judgements.uncorrect(one, "authors", "mei", LATER)
    assert [one] == found(archive, "author:ann")


def test_an_author_without_a_name_is_refused(archive: Archive, one: int) -> None:
    with pytest.raises(UsageError, match="name"):
        archive.judgements.correct_authors(one, [" "], "mei", LATER)


def test_more_authors_than_an_article_may_have_are_refused(archive: Archive, one: int) -> None:
    with pytest.raises(UsageError, match="these are 51 authors, and an article may have at most 50"):
        archive.judgements.correct_authors(one, [f"Liu {number}" for number in range(51)], "mei", LATER)


def test_what_is_no_copy_is_never_folded_again(archive: Archive, one: int) -> None:
    (copy,) = keep(archive, article("https://post.test/b"))
    archive.articles.fold(copy, CopyOf(one, "full", 0.9), NOW)
    archive.judgements.mark(copy, "not-a-copy", "mei", LATER)

    assert get(archive, copy).copy_of is None
    archive.articles.fold(copy, CopyOf(one, "full", 0.9), LATER)
    archive.articles.keep([Kept(article("https://post.test/b", text="Else."), copy=CopyOf(one, "full", 0.9))], LATER)
    assert (None, "Else.") == (get(archive, copy).copy_of, get(archive, copy).text)
    assert [copy, one] == found(archive, "copies:no")


def test_not_a_copy_taken_back_folds_it_as_before(archive: Archive, one: int) -> None:
    (copy,) = keep(archive, article("https://post.test/b"))
    archive.articles.fold(copy, CopyOf(one, "partial", 0.6), NOW)
    archive.judgements.mark(copy, "not-a-copy", "mei", LATER)

    assert archive.judgements.unmark(copy, "not-a-copy", "tom", LATER)
    assert (one, "partial", 0.6) == (
        get(archive, copy).copy_of,
        get(archive, copy).copy_kind,
        get(archive, copy).copy_score,
    )
    assert not archive.judgements.unmark(copy, "not-a-copy", "tom", LATER)


def test_what_is_not_folded_cannot_be_marked_as_no_copy(archive: Archive, one: int) -> None:
    with pytest.raises(UsageError, match="not folded"):
        archive.judgements.mark(one, "not-a-copy", "mei", LATER)


def test_irrelevant_articles_are_listed_until_it_is_taken_back(archive: Archive, one: int) -> None:
    assert archive.judgements.mark(one, "irrelevant", "mei", LATER)
    assert archive.judgements.mark(one, "irrelevant", "mei", LATER) is None

    assert {one} == archive.judgements.irrelevant()
    assert ([one], [], [one]) == (
        found(archive, "marked:irrelevant"),
        found(archive, "harbour -marked:irrelevant"),
        found(archive, "harbour"),
    )
    assert {} == archive.stats("harbour", "source", now=LATER)
    assert archive.judgements.unmark(one, "irrelevant", "mei", LATER)
    assert set() == archive.judgements.irrelevant()
    assert {"herald": 1} == archive.stats("harbour", "source", now=LATER)
    assert ["new", "corrected", "corrected"] == kinds(archive)


def test_forgetting_an_article_forgets_what_was_said_of_it(archive: Archive, one: int) -> None:
    archive.judgements.note(one, "secret", "mei", LATER)
    archive.judgements.correct_date(one, "2026-11-05", "mei", LATER)
    archive.forget(one, LATER)

    assert [] == archive.judgements.of(one, undone=True)


@pytest.mark.sqlite_only
def test_an_archive_of_first_light_gets_the_tables(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    old = open_store(f"sqlite:///{file}")
    for statement in ("DROP VIEW v_judgements", "DROP TABLE page_says", "DROP TABLE judgements"):
        old.execute(statement)
    old.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0002_judgements'")
    old.execute("PRAGMA user_version = 1")
    old.close()

    with open_archive(f"sqlite:///{file}", create=False) as archive:
        (id_,) = keep(archive, article())
        archive.judgements.note(id_, "noted", "mei", NOW)
        assert ["noted"] == [said.value for said in archive.judgements.of(id_)]
    assert len(schema.NAMES) == Database(str(file)).conn.execute("PRAGMA user_version").fetchone()[0]


def test_a_locked_archive_is_told_and_nothing_is_half_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as other, open_archive(url, patience=0.05) as archive:
        (id_,) = keep(archive, article())
        with other.writing(), pytest.raises(ArchiveBusy):
            archive.judgements.correct_date(id_, "2026-11-05", "mei", NOW)

        assert [] == archive.judgements.of(id_, undone=True)
        assert "2026-11-23T11:00:00+00:00" == get(archive, id_).published


def test_a_split_and_a_merge_are_constraints(archive: Archive) -> None:
    archive.judgements.split(7, [4, 5], [1, 2], "mei", NOW)
    archive.judgements.merge([8, 9], [10, 11], "mei", NOW)

    apart, together = archive.judgements.constraints()
    assert [(4, 1), (4, 2), (5, 1), (5, 2)] == apart
    assert [(4, 5), (10, 11)] == sorted(together)
    assert ["4, 5 out of story 7"] == [said.value for said in archive.judgements.of_story(7)]
    assert ["9 into story 8"] == [said.value for said in archive.judgements.of_story(8)]


def test_of_two_contrary_words_the_later_one_counts() -> None:
    assert ([], [(1, 2), (2, 3)]) == settle([("split", [[3], [1, 2]]), ("merge", [1, 2, 3])])
    assert ([(1, 2), (1, 3)], [(2, 3)]) == settle([("merge", [1, 2, 3]), ("split", [[1], [2, 3]])])


ARTICLES = st.lists(st.integers(1, 6), max_size=4, unique=True)
SAID = st.lists(
    st.tuples(st.just("split"), st.tuples(ARTICLES, ARTICLES)) | st.tuples(st.just("merge"), ARTICLES), max_size=8
)


@given(SAID)
def test_what_holds_never_contradicts_itself(said: list[tuple[str, object]]) -> None:
    apart, together = settle(said)
    group = {number: number for number in range(1, 7)}
    for one, other in together:
        old, new = group[other], group[one]
        group = {number: new if at == old else at for number, at in group.items()}

    assert [] == [pair for pair in apart if group[pair[0]] == group[pair[1]]]


@given(st.lists(st.sampled_from(["date", "authors", "tag", "untag", "revise", "uncorrect"]), max_size=8))
def test_what_people_said_stands_and_the_rest_is_the_page(acts: list[str]) -> None:
    """Whatever comes between them, articles say what the last person said, else what the page said last."""
    with open_archive("sqlite://") as archive:
        (id_,) = keep(archive, article(tags=("page",)))
        page, date, authors, tagged = article(tags=("page",)), None, None, False
        for number, act in enumerate(acts):
            match act:
                case "date":
                    date = (NOW - number * DAY).date().isoformat()
                    archive.judgements.correct_date(id_, date, "mei", NOW)
                case "authors":
                    authors = (f"Author {number}",)
                    archive.judgements.correct_authors(id_, authors, "mei", NOW)
                case "tag" | "untag":
                    tagged = act == "tag"
                    getattr(archive.judgements, act)(id_, ["mine"], "mei", NOW)
                case "uncorrect":
                    date = None
                    archive.judgements.uncorrect(id_, "date", "mei", NOW)
                case _:
                    at = NOW - timedelta(minutes=number)
                    page = replace(page, text=f"Text {number}.", published=at.isoformat(), published_utc=at)
                    archive.articles.keep([Kept(page)], NOW)
        now = get(archive, id_)

        assert (date or page.published, authors or page.authors) == (now.published, now.authors)
        assert ("page", "mine")[: 1 + tagged] == now.tags
        assert [id_] == found(archive, f'"{page.text}" after:{(now.published or "")[:10]}')
