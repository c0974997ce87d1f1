from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.clusters import LARGEST, Text, cluster
from digest.vectors import stems

STORM = ["storm", "hits", "coast", "brest", "harbour", "flooded", "rescue", "workers", "three", "dead"]
STORM_TOO = ["harbour", "brest", "flooded", "after", "storm", "three", "people", "dead", "rescue"]
BANK = ["central", "bank", "raises", "interest", "rate", "inflation", "governor", "meeting", "decision"]


def noise(seed: int, count: int = 30) -> list[str]:
    dice = random.Random(seed)
    return [f"word{dice.randrange(100_000)}" for _ in range(count)]


def test_texts_about_one_event_are_put_together():
    texts = [Text(STORM), Text(BANK), Text(STORM_TOO), Text(noise(1))]

    assert cluster(texts) == [[0, 2], [1], [3]]


def test_the_same_words_weeks_apart_are_two_events():
    texts = [Text(STORM, 100.0), Text(STORM_TOO, 121.0), Text(BANK, 100.0)]

    assert cluster(texts) == [[0], [1], [2]]


def test_an_undated_text_is_not_kept_apart_by_time():
    texts = [Text(STORM, 100.0), Text(STORM_TOO, None), Text(BANK, 100.0)]

    assert cluster(texts) == [[0, 1], [2]]


def test_texts_of_hardly_any_words_tell_no_event():
    texts = [Text(["live", "live"]), Text(["live", "live"]), Text([]), Text([])]

    assert cluster(texts) == [[0], [1], [2], [3]]


def test_no_cluster_swallows_the_day():
    texts = [Text(STORM) for _ in range(LARGEST + 200)] + [Text(noise(seed)) for seed in range(500)]

    groups = cluster(texts)

    assert max(map(len, groups)) <= LARGEST
    assert sum(map(len, groups)) == len(texts)


def test_what_goes_on_and_on_alike_is_cut_into_clusters_of_the_largest_size():
    dice = random.Random(7)
    pool = noise(7, 40)
    texts = [Text(dice.sample(pool, 30)) for _ in range(LARGEST + 100)] + [Text(noise(seed)) for seed in range(1200)]

    assert LARGEST // 2 < max(map(len, cluster(texts))) <= LARGEST


WORDS = st.lists(st.sampled_from([*STORM, *BANK, *"abcdefgh"]), max_size=20)
TEXTS = st.lists(st.builds(Text, WORDS, st.none() | st.floats(0, 60)), max_size=30)


@settings(max_examples=80)
@given(TEXTS)
def test_every_text_is_in_one_cluster(texts: list[Text]):
    groups = cluster(texts)

    assert sorted(number for group in groups for number in group) == list(range(len(texts)))
    assert cluster(texts) == groups


def test_words_are_stemmed_by_their_language():
    assert stems("Elections electing", "en") == ["elect", "elect"]
    assert stems("выборы выборов", "ru-RU") == ["выбор", "выбор"]
    assert stems("Elections", "xx") == ["elections"]
    assert stems("北京会议", "zh") == ["北京", "京会", "会议", "议"]


def test_only_so_many_words_are_read():
    assert len(stems("one two three four five", "en", 3)) == 3
