from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import Stemmer
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.clusters import LARGEST, Text, assign, bag, cluster
from digest.vectors import stems

STORM = ["storm", "hits", "coast", "brest", "harbour", "flooded", "rescue", "workers", "three", "dead"]
STORM_TOO = ["harbour", "brest", "flooded", "after", "storm", "three", "people", "dead", "rescue"]
BANK = ["central", "bank", "raises", "interest", "rate", "inflation", "governor", "meeting", "decision"]


def text(words: list[str], day: float | None = None) -> Text:
    return Text(bag(words), day)


def noise(seed: int, count: int = 30) -> list[str]:
    dice = random.Random(seed)
    return [f"word{dice.randrange(100_000)}" for _ in range(count)]


def test_texts_about_one_event_are_put_together():
    texts = [text(STORM), text(BANK), text(STORM_TOO), text(noise(1))]

    assert cluster(texts) == [[0, 2], [1], [3]]


def test_the_same_words_weeks_apart_are_two_events():
    texts = [text(STORM, 100.0), text(STORM_TOO, 121.0), text(BANK, 100.0)]

    assert cluster(texts) == [[0], [1], [2]]


def test_an_undated_text_is_not_kept_apart_by_time():
    texts = [text(STORM, 100.0), text(STORM_TOO, None), text(BANK, 100.0)]

    assert cluster(texts) == [[0, 1], [2]]


def test_texts_of_hardly_any_words_tell_no_event():
    texts = [text(["live", "live"]), text(["live", "live"]), text([]), text([])]

    assert cluster(texts) == [[0], [1], [2], [3]]


def test_no_cluster_swallows_the_day():
    texts = [text(STORM) for _ in range(LARGEST + 200)] + [text(noise(seed)) for seed in range(500)]

    groups = cluster(texts)

    assert max(map(len, groups)) <= LARGEST
    assert sum(map(len, groups)) == len(texts)


def test_what_goes_on_and_on_alike_is_cut_into_clusters_of_the_largest_size():
    dice = random.Random(7)
    pool = noise(7, 40)
    texts = [text(dice.sample(pool, 30)) for _ in range(LARGEST + 100)] + [text(noise(seed)) for seed in range(1200)]

    assert LARGEST // 2 < max(map(len, cluster(texts))) <= LARGEST


def test_a_great_event_is_one_story_though_each_of_its_words_is_common():
    event = noise(1, 40)
    texts = [text([*event, *noise(100 + number, 10)]) for number in range(200)]
    others = [text(noise(number, 60)) for number in range(1_000, 3_000)]

    assert 200 == max(map(len, cluster([*texts, *others])))


def test_what_comes_goes_where_it_is_most_alike_and_begins_a_home_where_it_is_like_nothing():
    texts = [text(STORM), text(BANK), text(STORM_TOO), text(noise(1)), text(noise(1)), text(BANK[:-1])]

    assert [5, 9, 5, 10, 10, 9] == assign(texts, [5, 9, None, None, None, None])


def test_what_comes_weeks_later_begins_a_home():
    texts = [text(STORM, 100.0), text(BANK, 100.0), text(STORM_TOO, 121.0), text(STORM, None)]

    assert [1, 2, 3, 1] == assign(texts, [1, 2, None, None])


def test_a_home_grows_no_larger_than_a_story_may():
    texts = [text(STORM)] * (LARGEST + 2) + [text(noise(seed)) for seed in range(3_000)]
    homes: list[int | None] = [*[1] * LARGEST, None, None, *range(2, 3_002)]

    assert [3_002, 3_002] == assign(texts, homes)[LARGEST : LARGEST + 2]


WORDS = st.lists(st.sampled_from([*STORM, *BANK, *"abcdefgh"]), max_size=20)
TEXTS = st.lists(st.builds(text, WORDS, st.none() | st.floats(0, 60)), max_size=30)


@settings(max_examples=80)
@given(TEXTS)
def test_every_text_is_in_one_cluster(texts: list[Text]):
    groups = cluster(texts)

    assert sorted(number for group in groups for number in group) == list(range(len(texts)))
    assert cluster(texts) == groups


@settings(max_examples=80)
@given(TEXTS, st.data())
def test_who_has_a_home_keeps_it_and_everybody_gets_one(texts: list[Text], data: st.DataObject):
    homes = [data.draw(st.none() | st.integers(1, 5)) for _ in texts]
    given_ = assign(texts, homes)

    assert len(given_) == len(texts)
    assert all(found == home for found, home in zip(given_, homes, strict=True) if home is not None)
    assert all(found > 0 for found in given_)


def test_words_are_stemmed_by_their_language():
    assert stems("Elections electing", "en") == ["elect", "elect"]
    assert stems("выборы выборов", "ru-RU") == ["выбор", "выбор"]
    assert stems("volby volbami", "cs") == ["volb", "volb"]
    assert len({*stems("کتاب کتاب‌ها", "fa")}) == 1
    assert stems("Elections", "xx") == ["elections"]
    assert stems("北京会议", "zh") == ["北京", "京会", "会议", "议"]


def test_threads_that_stem_at_the_same_time_get_the_stems_of_their_own_words():
    lists = [[f"{word}{end}" for word in noise(seed, 3_000) for end in ("ing", "ed")] for seed in range(4)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda words: stems(" ".join(words), "en"), lists))

    one = Stemmer.Stemmer("english")
    assert found == [one.stemWords(words) for words in lists]


def test_only_so_many_words_are_read():
    assert len(stems("one two three four five", "en", 3)) == 3
