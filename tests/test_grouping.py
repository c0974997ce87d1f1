from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Move
from crawler.records import Article, Source, Story
from digest.clusters import LARGEST
from digest.grouping import Grouping, bag, group

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORM = "A storm hit the coast of Brittany and flooded the harbour of Brest. Rescue workers found three people dead."
STORM_TOO = (
    "Rescue workers in Brest found three dead after the storm flooded the harbour. The coast of Brittany is closed."
)
BANK = (
    "The central bank raised its interest rate again. The governor said that inflation is still too high for comfort."
)
BANK_TOO = "Inflation is too high, the governor said, as the central bank raised the interest rate for the third time."
FILM = "The festival opened with a silent film about lighthouse keepers. Critics praised its camera and its slow music."

SOURCES = {
    source.key: source
    for source in (
        Source("gazette", "The Gazette", "", kind="newspaper", control="private", owner="Holding"),
        Source("evening", "Evening Gazette", "", kind="newspaper", control="private", owner="Holding"),
        Source("post", "The Post", "", kind="newspaper", control="private"),
        Source("agency", "State Agency", "", kind="agency", control="state", owner="Ministry"),
        Source("mirror", "The Mirror", "", kind="republisher", control="private"),
    )
}


def article(id_: int, text: str, source: str = "gazette", hours: float = 1, **fields: object) -> Article:
    made = Article(f"http://{source}.example/{id_}", source, text.partition(".")[0], text, language="en", id=id_)
    return replace(made, published_utc=NOW - timedelta(hours=hours), first_seen=NOW, **fields)  # type: ignore[arg-type]


def grouped(*articles: Article, previous: Grouping | None = None, next_id: int = 1) -> Grouping:
    return group(articles, SOURCES, previous.stories if previous else (), NOW, next_id)


def members(found: Grouping) -> dict[int, set[int]]:
    return {story.id: set(story.articles) for story in found.stories}


def only(found: Grouping) -> Story:
    (story,) = found.stories
    return story


def test_articles_about_one_event_are_one_story_and_the_rest_stands_alone():
    found = grouped(article(1, STORM), article(2, BANK), article(3, STORM_TOO, "post"), article(4, FILM))

    assert sorted(map(sorted, members(found).values())) == [[1, 3], [2], [4]]


def test_texts_are_weighed_as_unspaced_where_words_have_no_spaces_between_them_and_korean_ones_have():
    told = {
        "zh": "中央气象台发布寒潮黄色预警，北方多地降温。",
        "ja": "気象庁は北日本に暴風雪の警戒を呼びかけた。",
        "th": "กรมอุตุนิยมวิทยาเตือนพายุฝนในภาคเหนือ",
        "ko": "기상청은 서울에 올겨울 첫 대설주의보를 내렸다.",
        "en": STORM,
    }

    unspaced = {language for language, text in told.items() if bag(article(1, text, language=language)).unspaced}

    assert unspaced == {"zh", "ja", "th"}


def test_languages_are_not_mixed():
    found = grouped(article(1, STORM), article(2, STORM_TOO, "post", language="fr"))

    assert sorted(map(sorted, members(found).values())) == [[1], [2]]


def test_a_copy_goes_where_its_original_goes_whatever_it_says():
    found = grouped(
        article(1, STORM), article(2, FILM, "mirror", copy_of=1, copy_kind="partial"), article(3, STORM_TOO, "post")
    )

    assert set(only(found).articles) == {1, 2, 3}


def test_a_copy_of_a_copy_goes_with_the_first_original():
    found = grouped(
        article(1, STORM),
        article(2, FILM, "mirror", copy_of=1, copy_kind="full"),
        article(3, BANK, "post", copy_of=2, copy_kind="full"),
    )

    assert set(only(found).articles) == {1, 2, 3}


def test_copies_that_name_one_another_are_one_text():
    found = grouped(
        article(1, STORM, copy_of=2, copy_kind="full"), article(2, BANK, "post", copy_of=1, copy_kind="full")
    )

    assert set(only(found).articles) == {1, 2}


def test_copies_of_an_original_that_is_not_here_stand_together_for_one_voice():
    found = grouped(
        article(2, STORM, "mirror", copy_of=1, copy_kind="full"), article(3, STORM, "post", copy_of=1, copy_kind="full")
    )

    story = only(found)
    assert (set(story.articles), story.separate_owners) == ({2, 3}, 1)


def test_an_article_that_only_quotes_another_has_a_text_of_its_own():
    found = grouped(article(1, STORM), article(2, BANK, "post", copy_of=1, copy_kind="quoted-in"))

    assert len(found.stories) == 2


def test_owners_are_counted_after_folding_copies_and_families():
    found = grouped(
        article(1, STORM, "gazette", 5),
        article(2, STORM_TOO, "evening", 4),
        article(3, STORM, "mirror", 3, copy_of=1, copy_kind="full"),
        article(4, STORM_TOO + " It is cold.", "agency", 2),
    )

    story = only(found)
    assert [outlet.key for outlet in story.outlets] == ["gazette", "evening", "agency", "mirror"]
    assert (story.separate_owners, story.outside_state_control) == (2, 1)


def test_a_text_that_names_its_origin_is_the_voice_of_its_origin():
    found = grouped(
        article(1, STORM, "agency", 5),
        article(2, STORM_TOO, "mirror", 4, credited_to="State Agency"),
    )

    story = only(found)
    assert (story.separate_owners, story.outside_state_control) == (1, 0)


def test_an_outlet_that_is_not_configured_counts_by_its_key():
    story = only(grouped(article(1, STORM, "unknown", carried_by="The Unknown")))

    assert [(outlet.key, outlet.name) for outlet in story.outlets] == [("unknown", "The Unknown")]
    # Nobody knows who controls it: nothing is claimed.
    assert (story.separate_owners, story.outside_state_control, story.under_state_control) == (1, 0, 0)


def test_the_title_is_that_of_the_earliest_full_text_of_who_wrote_it():
    found = grouped(
        article(1, STORM, "gazette", 9, title="A lead only", completeness="lead"),
        article(2, STORM_TOO, "mirror", 8, title="Republished"),
        article(3, STORM, "evening", 7, title="A copy", copy_of=4, copy_kind="full"),
        article(4, STORM, "post", 6, title="The first whole text"),
        article(5, STORM_TOO, "agency", 5, title="A later text"),
    )

    assert only(found).title == "The first whole text"


def test_a_story_says_when_in_which_languages_and_about_whom():
    found = grouped(article(1, STORM, hours=5), article(2, STORM_TOO, "post", 2))

    story = only(found)
    assert (story.first, story.last) == (NOW - timedelta(hours=5), NOW - timedelta(hours=2))
    assert (story.languages, story.articles, story.updated) == (("en",), (1, 2), NOW)
    assert set(story.names) == {"Brest", "Brittany"}
    assert {sentence.article for sentence in story.summary} <= {1, 2}
    assert story.summary


def test_a_date_without_a_zone_tells_days_apart_and_no_date_separates_nothing():
    old = article(1, STORM, published="2026-10-20T08:00:00")
    new, undated = article(2, STORM_TOO, "post", published="2026-11-20"), article(3, STORM, "agency")
    old, new, undated = (replace(each, published_utc=None) for each in (old, new, undated))

    assert len(grouped(old, new).stories) == 2
    assert len(grouped(old, undated).stories) == 1
    assert len(grouped(old, replace(new, published="yesterday")).stories) == 1


def test_grouping_an_unchanged_window_again_gives_the_same_stories():
    articles = [article(1, STORM), article(2, BANK), article(3, STORM_TOO, "post"), article(4, FILM)]
    first = grouped(*articles)

    again = group(list(reversed(articles)), SOURCES, first.stories, NOW + timedelta(hours=1), 99)

    # A story of which nothing is handed in is not told of.
    here = {each.id for each in articles}
    assert again == Grouping(tuple(story for story in first.stories if not here.isdisjoint(story.articles)), ())


def test_a_story_keeps_its_id_when_articles_come_and_its_time_of_change_moves():
    first = grouped(article(1, STORM), article(2, BANK))
    storm = next(story.id for story in first.stories if 1 in story.articles)

    later = NOW + timedelta(hours=1)
    found = group(
        [article(1, STORM), article(2, BANK), article(3, STORM_TOO, "post")], SOURCES, first.stories, later, 3
    )

    assert members(found) == {storm: {1, 3}, 3 - storm: {2}}
    assert {story.id: story.updated for story in found.stories} == {storm: later, 3 - storm: NOW}
    assert found.moves == ()


def made(id_: int, *articles: int, **fields: object) -> Story:
    return Story(id_, "before", articles, first=NOW, last=NOW, **fields)  # type: ignore[arg-type]


def test_two_stories_that_become_one_are_reported_as_a_merge():
    previous = Grouping((made(4, 1), made(5, 2, 3)), ())

    found = grouped(
        article(1, STORM),
        article(2, STORM_TOO, "post"),
        article(3, STORM, "agency"),
        previous=previous,
        next_id=6,
    )

    assert members(found) == {5: {1, 2, 3}}
    assert found.moves == (Move("merge", 4, 5),)


def test_a_story_that_falls_apart_is_reported_as_a_split():
    previous = Grouping((made(4, 1, 2, 3),), ())

    found = grouped(
        article(1, STORM), article(2, STORM_TOO, "post"), article(3, BANK, "agency"), previous=previous, next_id=6
    )

    assert members(found) == {4: {1, 2}, 6: {3}}
    assert found.moves == (Move("split", 4, 6),)


def test_articles_that_are_older_than_the_window_stay_in_their_story():
    found = grouped(article(1, STORM), previous=Grouping((made(4, 90, 1),), ()), next_id=6)

    story = only(found)
    assert (story.id, set(story.articles)) == (4, {1, 90})
    assert only(grouped(article(1, STORM), previous=found)) == story


def test_the_old_articles_of_a_merged_story_go_where_it_goes():
    previous = Grouping((made(4, 1, 90), made(5, 2, 3)), ())

    found = grouped(
        article(1, STORM), article(2, STORM_TOO, "post"), article(3, STORM, "agency"), previous=previous, next_id=6
    )

    assert members(found) == {5: {1, 2, 3, 90}}


def test_a_story_of_which_nothing_is_handed_in_is_left_alone():
    found = grouped(article(1, STORM), previous=Grouping((made(4, 90),), ()), next_id=6)

    assert members(found) == {6: {1}}


def test_many_alike_articles_do_not_make_a_story_that_swallows_the_day():
    found = grouped(*(article(number, STORM, f"s{number}") for number in range(1, LARGEST + 101)))

    assert max(len(story.articles) for story in found.stories) <= LARGEST


def test_texts_of_one_word_and_of_a_megabyte_are_grouped():
    long = " ".join(f"{FILM[:-1]} {number}." for number in range(10_000))

    found = grouped(article(1, "Live"), article(2, "Live", "post"), article(3, long), article(4, ""), article(5, ""))

    assert sorted(map(sorted, members(found).values())) == [[1], [2], [3], [4], [5]]


@st.composite
def windows(draw: st.DrawFn) -> list[Article]:
    texts = st.sampled_from([STORM, STORM_TOO, BANK, BANK_TOO, FILM, "Live", ""])
    found = []
    for id_ in range(1, draw(st.integers(0, 12)) + 1):
        copy_of = draw(st.none() | st.integers(1, 14))
        kind = None if copy_of is None else draw(st.sampled_from(["full", "partial", "quoted-in"]))
        made_ = article(id_, draw(texts), draw(st.sampled_from([*SOURCES, "unknown"])), draw(st.integers(0, 400)))
        found.append(replace(made_, copy_of=copy_of, copy_kind=kind, language=draw(st.sampled_from(["en", "de", ""]))))
    return found


@settings(max_examples=60)
@given(windows(), st.lists(st.lists(st.integers(1, 20), unique=True, min_size=1), max_size=4))
def test_every_article_is_in_exactly_one_story_and_a_second_time_changes_nothing(
    articles: list[Article], before: list[list[int]]
):
    taken: set[int] = set()
    previous = []
    for id_, numbers in enumerate(before, 1):
        left = [number for number in numbers if number not in taken]
        taken.update(left)
        if left:
            previous.append(made(id_, *left))

    first = group(articles, SOURCES, previous, NOW, 10)
    again = group(articles, SOURCES, first.stories, NOW + timedelta(days=1), 50)

    told = [number for story in first.stories for number in story.articles]
    assert len(told) == len(set(told))
    assert {each.id for each in articles} <= set(told)
    assert len({story.id for story in first.stories}) == len(first.stories)
    # A story of which nothing is handed in is not told of.
    here = {each.id for each in articles}
    assert again == Grouping(tuple(story for story in first.stories if not here.isdisjoint(story.articles)), ())


def noise(number: int, words: int) -> str:
    dice = random.Random(number)
    return " ".join("".join(dice.choices("abcdeilnorstu", k=dice.randint(3, 9))) for _ in range(words))


WALL = (
    "We value your privacy. Accept all cookies or manage your choices to go on reading this page for free today. "
    "Our partners store information on your device, measure audiences, develop products and personalise everything. "
    "Withdraw consent whenever you like through the settings link below; subscribers browse without tracking instead."
)


def earthquake(id_: int, place: str, magnitude: str, depth: int) -> Article:
    text = (
        f"An earthquake of magnitude {magnitude} struck near {place} at a depth of {depth} km, the geological survey "
        f"said. There were no immediate reports of damage or casualties. Residents of {place} felt it for seconds."
    )
    return replace(article(id_, text), title=f"Magnitude {magnitude} earthquake strikes near {place}")


def test_earthquakes_that_are_told_by_one_form_are_stories_of_their_own():
    places = [f"{first}{last}" for first in ("Kel", "Ost", "Bren", "Tar", "Vel") for last in ("haven", "port", "mark")]
    quakes = [
        earthquake(number, place, f"{4 + number % 3}.{number % 10}", 10 + number)
        for number, place in enumerate(places, 1)
    ]

    found = grouped(*quakes, article(100, STORM), article(101, BANK), article(102, FILM))

    assert all(len(story.articles) == 1 for story in found.stories)


def test_an_earthquake_whose_magnitude_is_revised_is_still_the_same_one():
    found = grouped(
        earthquake(1, "Kelhaven", "4.8", 10),
        earthquake(2, "Ostport", "5.6", 31),
        earthquake(3, "Kelhaven", "5.1", 12),
        article(4, STORM),
    )

    assert sorted(map(sorted, members(found).values())) == [[1, 3], [2], [4]]


def test_the_same_report_of_every_day_is_a_story_of_each_day():
    def closing(id_: int, day: int) -> Article:
        text = (
            f"The main index closed {day}.{3 * day % 10} percent lower at {4210 + 37 * day} points. Banks and miners "
            f"weighed on the market, while gold fell {day + 4}.{day} percent. Traders wait for the central bank."
        )
        return replace(article(id_, text, hours=24 * day), title="Shares close lower")

    found = grouped(closing(1, 1), closing(2, 2), closing(3, 3), article(4, STORM))

    assert sorted(map(sorted, members(found).values())) == [[1], [2], [3], [4]]


def test_the_weather_of_two_towns_is_two_stories_in_chinese_too():
    def weather(id_: int, town: str, low: int, high: int) -> Article:
        text = (
            f"{town}市气象台今天发布天气预报，预计今天白天多云转晴，最高气温{high}度，"
            f"夜间最低气温{low}度，北风三级。市民注意防寒保暖。"
        )
        return replace(article(id_, text), title=f"{town}市今日天气：最高{high}度", language="zh")

    found = grouped(weather(1, "海云", 12, 25), weather(2, "石桥", 3, 17), weather(3, "金河", 8, 21))

    assert sorted(map(sorted, members(found).values())) == [[1], [2], [3]]


def test_pages_that_hold_only_a_wall_do_not_become_one_story_because_of_it():
    walls = [
        article(number, WALL, f"s{number}", title=f"{noise(number, 6)}", completeness="full")
        for number in range(1, 121)
    ]
    others = [article(number, noise(number, 20), "post") for number in range(200, 900)]

    found = grouped(*walls, *others)

    assert max(len(story.articles) for story in found.stories) <= 3


def test_five_hundred_identical_articles_swallow_nothing_else():
    copies = [article(number, STORM, f"s{number}", copy_of=1, copy_kind="full") for number in range(2, 501)]
    others = [article(600 + number, noise(number, 60), "post") for number in range(50)]

    found = grouped(article(1, STORM), *copies, article(700, BANK), *others)

    assert set(range(1, 501)) in members(found).values()
    assert len(found.stories) == 52


def test_texts_of_mixed_scripts_are_grouped_by_what_they_say():
    mixed = "海云 TV: three spies, 2300 files, 11 years. Лу Вэньхао أدين في هايون"
    found = grouped(
        article(1, f"{mixed} {STORM}"),
        article(2, f"{STORM_TOO} {mixed}", "post"),
        article(3, f"{BANK} 北京 会议", "agency"),
    )

    assert sorted(map(sorted, members(found).values())) == [[1, 2], [3]]
