"""Stories keep up with a real archive: clustered as a whole, added to in between, and old news goes to old stories."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive, Kept, open_archive
from crawler.records import Article, CopyOf, Source, Story
from digest import judging
from digest.regrouping import EVERY, keep_up, regroup

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCES = (
    Source("gazette", "The Gazette", "", kind="newspaper", control="private", owner="Holding"),
    Source("post", "The Post", "", kind="newspaper", control="private"),
    Source("courier", "The Courier", "", kind="newspaper", control="public"),
    Source("agency", "State Agency", "", kind="agency", control="state", owner="Ministry"),
)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync(SOURCES, NOW)
        yield opened


def words(seed: str, count: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices("abcdeilnorstu", k=chance.randint(4, 9))) for _ in range(count)]


def report(event: str, teller: str = "", noise: int = 25) -> str:
    """Tell of an event: its words in another order, with some of the teller's own."""
    told = words(event, 25) + words(event + teller, noise)
    random.Random(teller).shuffle(told)
    return " ".join(told).capitalize() + "."


def article(event: str, source: str, at: datetime, **fields: object) -> Article:
    title = " ".join(words(event, 4)).capitalize()
    number = f"{event}-{source}-{at:%Y%m%dT%H%M}"
    made = Article(f"http://{source}.example/{number}", source, title, report(event, source), language="en")
    return replace(
        made, published=at.isoformat(), published_utc=at, published_precision="minute", carried_by=source, **fields
    )  # type: ignore[arg-type]


def keep(archive: Archive, *articles: Article, now: datetime = NOW, copy: CopyOf | None = None) -> list[int]:
    return [result.id for result in archive.articles.keep([Kept(each, copy=copy) for each in articles], now)]


def stories(archive: Archive) -> dict[int, set[int]]:
    return {story.id: set(story.articles) for story in archive.stories.list()}


def of(archive: Archive, number: int) -> Story:
    home = archive.stories.of(number)
    assert home is not None
    found = archive.stories.get(home)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def kept_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep so many articles that not all of them are clustered for each one that comes; once for all tests."""
    file = tmp_path_factory.mktemp("week") / "archive.db"
    with open_archive(f"sqlite:///{file}") as archive:
        archive.sources.sync(SOURCES, NOW)
        every = (article(f"event {number}", "post", NOW - number % 100 * timedelta(hours=1)) for number in range(600))
        keep(archive, *every)
        keep_up(archive, NOW)
    return file


@pytest.fixture
def busy_week(kept_week: Path, tmp_path: Path) -> Iterator[Archive]:
    """Give a copy of it."""
    file = shutil.copy(kept_week, tmp_path)
    with open_archive(f"sqlite:///{file}") as opened:
        yield opened


def test_what_comes_is_put_to_the_stories_that_are_there_and_begins_new_ones(busy_week: Archive) -> None:
    archive = busy_week
    before, clustered = stories(archive), archive.stories.clustered()
    (told,) = keep(archive, article("event 7", "gazette", NOW))
    (new,) = keep(archive, article("another", "gazette", NOW))

    written = keep_up(archive, NOW + timedelta(minutes=5))

    assert written == 2
    assert "event-7" in archive.articles.many(of(archive, told).articles)[0].url.replace("%20", "-")
    assert of(archive, new).articles == (new,)
    assert {id_: ids - {told} for id_, ids in stories(archive).items() if ids != {new}} == before
    assert archive.stories.clustered() == clustered


def test_two_that_come_together_and_tell_of_one_new_event_are_one_story(busy_week: Archive) -> None:
    archive = busy_week
    both = keep(archive, article("another", "gazette", NOW), article("another", "agency", NOW))
    keep_up(archive, NOW + timedelta(minutes=5))

    assert set(of(archive, both[0]).articles) == {*both}


def test_after_some_hours_and_before_each_digest_the_window_is_clustered_as_a_whole(busy_week: Archive) -> None:
    archive = busy_week
    keep(archive, article("another", "gazette", NOW))
    keep_up(archive, NOW + EVERY)
    keep(archive, article("a third", "gazette", NOW))
    regroup(archive, NOW + EVERY + timedelta(minutes=5))

    assert archive.stories.clustered() == (archive.changes.last(), NOW + EVERY + timedelta(minutes=5))


def test_a_copy_that_comes_weeks_later_goes_to_the_story_of_its_original(archive: Archive) -> None:
    first, other = keep(
        archive, article("strike", "gazette", NOW - 20 * DAY), article("strike", "post", NOW - 19 * DAY)
    )
    regroup(archive, NOW - 18 * DAY)
    told = of(archive, first)
    (late,) = keep(archive, article("strike", "agency", NOW), copy=CopyOf(first, "full", 1.0))

    for group in (keep_up, regroup):
        group(archive, NOW)
        assert set(of(archive, late).articles) == {first, other, late}
        assert of(archive, late).id == told.id
        keep(archive, article(group.__name__, "gazette", NOW))


def test_a_copy_that_is_recognised_later_leaves_its_own_story_for_that_of_its_original(busy_week: Archive) -> None:
    archive = busy_week
    first, copy = keep(archive, article("strike", "gazette", NOW), article("parade", "agency", NOW))
    keep_up(archive, NOW)
    home, left = of(archive, first), of(archive, copy)
    archive.articles.fold(copy, CopyOf(first, "full", 1.0), NOW)
    keep_up(archive, NOW)

    assert set(of(archive, first).articles) == {first, copy}
    found = archive.stories.get(left.id)
    assert found is not None
    assert found.id == home.id


def test_old_news_joins_the_story_of_its_day_and_leaves_the_others_as_they_were(archive: Archive) -> None:
    then = NOW - 100 * DAY
    keep(archive, *(article(f"event {number}", "post", then + number % 5 * DAY) for number in range(40)))
    (told,) = keep(archive, article("event 7", "courier", then + 2 * DAY))
    regroup(archive, then + 6 * DAY)
    before = {story.id: story for story in archive.stories.list()}
    (late,) = keep(archive, article("event 7", "agency", then + 3 * DAY))

    assert keep_up(archive, NOW) == 1
    assert {told, late} < set(of(archive, late).articles)
    changed = {story.id for story in archive.stories.list() if before.get(story.id) != story}
    assert changed == {of(archive, late).id}


def test_years_that_are_imported_at_once_are_grouped_week_by_week(archive: Archive) -> None:
    begin = NOW - 700 * DAY
    told = [
        (event, article(f"event {event}", source, begin + event * 5 * DAY + late * DAY))
        for event in range(140)
        for late, source in enumerate(("gazette", "post", "agency"))
    ]
    ids = keep(archive, *(each for _, each in told))

    keep_up(archive, NOW)

    events: dict[int, set[int]] = {}
    for (event, _), id_ in zip(told, ids, strict=True):
        events.setdefault(event, set()).add(id_)
    assert sorted(map(sorted, stories(archive).values())) == sorted(map(sorted, events.values()))
    assert keep_up(archive, NOW) == 0


def test_bags_are_kept_as_long_as_something_may_come_late_that_is_compared_with_them(archive: Archive) -> None:
    keep(archive, *(article(f"event {days}", "gazette", NOW - days * DAY) for days in (0, 20, 30)))
    keep_up(archive, NOW)

    assert archive.articles._store.value("SELECT count(*) FROM bags") == 2


def test_owners_are_counted_though_their_articles_are_older_than_the_window(archive: Archive) -> None:
    ids = []
    for number, source in enumerate(source.key for source in SOURCES):
        at = NOW + number * 2.5 * DAY
        keep(archive, *(article(f"{source} {other}", "gazette", at) for other in range(40)), now=at)
        ids += keep(archive, article("siege", source, at), now=at)
        regroup(archive, at)

    story = of(archive, ids[-1])
    assert set(story.articles) == {*ids}
    assert (story.separate_owners, story.outside_state_control, story.under_state_control) == (4, 3, 1)


def test_a_story_is_dated_by_the_days_that_are_printed_not_by_when_they_came(archive: Archive) -> None:
    made = replace(article("strike", "gazette", NOW), published="2019-11-06", published_utc=None)
    (old,) = keep(archive, replace(made, published_precision="day"))
    keep_up(archive, NOW)

    story = of(archive, old)
    assert story.first == story.last == datetime(2019, 11, 6, tzinfo=UTC)


def test_nothing_of_a_forgotten_article_is_left_in_its_story(archive: Archive) -> None:
    first, other = keep(
        archive, article("strike", "gazette", NOW - DAY, lead="Secret"), article("strike", "agency", NOW)
    )
    keep_up(archive, NOW)
    archive.articles.forget(first, NOW)
    found = of(archive, other)
    assert ("", (), (), ()) == (found.title, found.summary, found.outlets, found.names)

    keep_up(archive, NOW)

    story = of(archive, other)
    assert story.articles == (other,)
    assert {line.article for line in story.summary} == {other}
    assert [outlet.key for outlet in story.outlets] == ["agency"]
    assert (story.separate_owners, story.outside_state_control, story.under_state_control) == (1, 0, 1)


def test_what_is_learnt_of_a_source_is_said_of_the_stories_that_are_there(archive: Archive) -> None:
    (only,) = keep(archive, article("strike", "xinhua", NOW, credited_to=None))
    keep_up(archive, NOW)
    assert of(archive, only).under_state_control == 0

    archive.sources.sync([*SOURCES, Source("xinhua", "Xinhua", "", control="state")], NOW)
    keep_up(archive, NOW)

    story = of(archive, only)
    assert story.under_state_control == 1
    assert [outlet.control for outlet in story.outlets] == ["state"]


def test_a_text_that_its_outlet_withdrew_is_told_by_its_copies_and_stays_that_outlets_voice(archive: Archive) -> None:
    (first,) = keep(archive, article("strike", "agency", NOW - DAY))
    (copy,) = keep(archive, article("strike", "post", NOW), copy=CopyOf(first, "full", 1.0))
    regroup(archive, NOW)
    archive.articles.withdraw(first, NOW, "404")
    keep_up(archive, NOW)

    story = of(archive, copy)
    assert set(story.articles) == {first, copy}
    assert [outlet.key for outlet in story.outlets] == ["post"]
    assert {line.article for line in story.summary} <= {copy}
    assert (story.separate_owners, story.outside_state_control, story.under_state_control) == (1, 0, 1)


def test_an_article_that_does_not_count_leaves_its_story_and_the_last_one_leaves_it_empty(archive: Archive) -> None:
    first, other = keep(archive, article("strike", "gazette", NOW - DAY), article("strike", "agency", NOW))
    keep_up(archive, NOW)
    home = of(archive, first).id
    archive.judgements.mark(first, "irrelevant", "ann", NOW)
    keep_up(archive, NOW)
    assert stories(archive) == {home: {other}}

    archive.judgements.mark(other, "irrelevant", "ann", NOW)
    keep_up(archive, NOW)
    assert stories(archive) == {}

    archive.judgements.unmark(first, "irrelevant", "ann", NOW)
    keep_up(archive, NOW)
    assert [{first}] == list(stories(archive).values())


def test_processes_that_group_at_the_same_time_never_give_one_id_twice(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(address) as archive:
        archive.sources.sync(SOURCES, NOW)
    faults: list[Exception] = []

    def work(name: str) -> None:
        try:
            with open_archive(address) as archive:
                for number in range(8):
                    keep(archive, article(f"{name} {number}", "gazette", NOW), article(f"{name} {number}", "post", NOW))
                    keep_up(archive, NOW)
        except Exception as error:  # noqa: BLE001  (told below)
            faults.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("north", "south", "east")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with open_archive(address) as archive:
        keep_up(archive, NOW)
        found = stories(archive)
        assert len(found) == 24
        assert all(len({each.title for each in archive.articles.many(sorted(ids))}) == 1 for ids in found.values())


def test_what_comes_this_very_moment_is_grouped_also_when_old_news_comes_with_it(archive: Archive) -> None:
    keep(archive, article("siege", "gazette", NOW))
    keep_up(archive, NOW)
    _, latest = keep(archive, article("strike", "gazette", NOW - 9 * DAY), article("parade", "post", NOW))
    keep_up(archive, NOW)

    assert archive.stories.of(latest) is not None


def test_copies_go_along_when_their_original_goes_to_another_story(busy_week: Archive) -> None:
    archive = busy_week
    first, other = keep(archive, article("strike", "gazette", NOW), article("parade", "agency", NOW - 40 * DAY))
    (copy,) = keep(archive, article("siege", "post", NOW - 40 * DAY), copy=CopyOf(other, "full", 1.0))
    keep_up(archive, NOW)
    archive.articles.fold(other, CopyOf(first, "full", 1.0), NOW)
    keep_up(archive, NOW)

    assert set(of(archive, first).articles) == {first, other, copy}


def test_a_copy_of_another_article_than_was_thought_goes_to_the_story_of_that(archive: Archive) -> None:
    one, other = keep(archive, article("strike", "gazette", NOW), article("parade", "agency", NOW))
    (copy,) = keep(archive, article("strike", "post", NOW), copy=CopyOf(one, "full", 1.0))
    keep_up(archive, NOW)
    archive.articles.fold(copy, CopyOf(other, "full", 1.0), NOW)
    keep_up(archive, NOW)

    assert copy in of(archive, other).articles


def test_an_original_that_comes_later_joins_the_story_of_its_copies(busy_week: Archive) -> None:
    archive = busy_week
    copy, _ = keep(archive, article("strike", "post", NOW), article("strike", "agency", NOW))
    keep_up(archive, NOW)
    home = archive.stories.of(copy)
    (first,) = keep(archive, article("the first of all", "gazette", NOW - DAY))
    archive.articles.fold(copy, CopyOf(first, "full", 1.0), NOW)
    keep_up(archive, NOW)

    assert archive.stories.of(first) == archive.stories.of(copy) == home


def test_an_edit_is_told_also_when_much_comes_that_is_a_week_older(archive: Archive) -> None:
    (edited,) = keep(archive, article("strike", "gazette", NOW - 9 * DAY))
    keep_up(archive, NOW)
    text = report("siege", "later")
    keep(archive, replace(article("strike", "gazette", NOW - 9 * DAY), text=text))
    keep(archive, *(article(f"event {number}", "post", NOW - 20 * DAY) for number in range(5)))
    keep_up(archive, NOW)

    assert [line.text for line in of(archive, edited).summary] == [text]


def test_what_people_put_together_is_together_again_when_it_counts_again(busy_week: Archive) -> None:
    archive = busy_week
    one, other = keep(archive, article("strike", "gazette", NOW), article("parade", "post", NOW - 40 * DAY))
    keep_up(archive, NOW)
    judging.merge(archive, [of(archive, one).id, of(archive, other).id], "ann", NOW)
    for act in (archive.judgements.mark, archive.judgements.unmark):
        act(one, "irrelevant", "ann", NOW)
        keep_up(archive, NOW)

    assert set(of(archive, one).articles) == {one, other}


def test_stories_that_were_clustered_by_a_clock_that_was_ahead_are_clustered_now(busy_week: Archive) -> None:
    archive = busy_week
    keep(archive, article("another", "gazette", NOW))
    regroup(archive, NOW + 400 * DAY)
    keep(archive, article("a third", "gazette", NOW))
    keep_up(archive, NOW)

    assert archive.stories.clustered() == (archive.changes.last(), NOW)


def test_who_read_an_article_before_it_was_forgotten_must_read_its_story_again(archive: Archive) -> None:
    first, _ = keep(archive, article("strike", "gazette", NOW - DAY), article("strike", "agency", NOW))
    keep_up(archive, NOW)
    before = archive.stories.version()
    archive.articles.forget(first, NOW)

    assert archive.stories.version() > before


def test_dates_at_the_ends_of_the_calendar_keep_nothing_from_being_grouped(archive: Archive) -> None:
    days = ("0001-01-01", "0001-01-05", "9999-12-20", "9999-12-31")
    made = [replace(article(day, "gazette", NOW), published=day, published_precision="day") for day in days]
    ids = keep(archive, *made, article("strike", "post", NOW))
    keep_up(archive, NOW)

    assert all(archive.stories.of(id_) is not None for id_ in ids)


def test_one_text_under_many_titles_that_come_one_after_another_is_no_story(busy_week: Archive) -> None:
    archive = busy_week
    wall = report("sign in")
    walled = []
    for number in range(12):
        walled += keep(archive, replace(article(f"behind the wall {number}", "post", NOW), text=wall))
        keep_up(archive, NOW)

    assert max(len(of(archive, number).articles) for number in walled) <= 2


def test_an_article_may_be_forgotten_while_its_stories_are_made(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = keep(archive, article("strike", "gazette", NOW - DAY), article("strike", "agency", NOW))
    read = archive.articles.heads

    def read_and_forget(since: datetime, until: datetime | None = None) -> list[Article]:
        found = read(since, until)
        if archive.articles.get(first) is not None:
            archive.articles.forget(first, NOW)
        return found

    monkeypatch.setattr(archive.articles, "heads", read_and_forget)
    keep_up(archive, NOW)

    assert stories(archive) == {of(archive, other).id: {other}}


def test_a_copy_that_leaves_its_story_takes_nothing_else_with_it(archive: Archive) -> None:
    (first,) = keep(archive, article("strike", "gazette", NOW))
    left = keep(archive, *(article("parade", "post", NOW - days * DAY) for days in (9, 8, 6)))
    keep_up(archive, NOW)
    home = of(archive, left[0])
    assert set(home.articles) == {*left}
    archive.articles.fold(left[2], CopyOf(first, "full", 1.0), NOW)
    regroup(archive, NOW)

    assert stories(archive) == {home.id: {*left[:2]}, of(archive, first).id: {first, left[2]}}
    assert archive.stories.moves(home.id) == []


def test_a_story_that_is_mostly_over_is_not_lost_in_the_one_that_its_last_article_turns_to(archive: Archive) -> None:
    siege = keep(archive, *(article("siege", "post", NOW - days * DAY) for days in (9, 8.5, 8, 7.5)))
    (last,) = keep(archive, article("siege", "agency", NOW - 6 * DAY))
    regroup(archive, NOW - 6 * DAY)
    strike = keep(archive, *(article("strike", source.key, NOW - 5 * DAY) for source in SOURCES))
    keep_up(archive, NOW)
    home = of(archive, siege[0])
    assert set(home.articles) == {*siege, last}
    keep(archive, replace(article("siege", "agency", NOW - 6 * DAY), text=report("strike", "agency") * 3))
    regroup(archive, NOW)

    assert stories(archive)[home.id] == {*siege}
    assert not {*strike}.isdisjoint(of(archive, last).articles)
