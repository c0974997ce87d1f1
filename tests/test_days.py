"""Which lists of a calendar are asked for, and in which turn."""

from __future__ import annotations

from crawler.backfill.days import Days

DAY = "https://press.example/2026/11/27/"


def test_the_lists_of_a_day_wait_for_other_days_after_a_few() -> None:
    days = Days()

    assert [0, 0, 0, 1, 1, 1, 2] == [days.turn(f"{DAY}?v={number}") for number in range(7)]
    assert 0 == days.turn("https://press.example/2026/11/26/?v=9")
    assert 2 == days.turn("https://press.example/sport/2026/11/27/")


def test_what_earlier_runs_asked_for_counts() -> None:
    days = Days()
    days.recall([(f"{DAY}?v={number}", False) for number in range(9)])

    assert not days.is_over(f"{DAY}?v=10")
    assert 3 == days.turn(f"{DAY}?v=10")
    days.note(f"{DAY}?v=10", brought=False)
    assert days.is_over(f"{DAY}?v=11")


def test_only_lists_of_one_shape_and_day_that_bring_nothing_in_a_row_are_over() -> None:
    days = Days()
    for number in range(9):
        days.note(f"{DAY}?v={number}", brought=False)
    days.note(f"{DAY}?v=9", brought=True)
    for number in range(10, 19):
        days.note(f"{DAY}?v={number}", brought=False)

    assert not days.is_over(f"{DAY}?v=20")
    days.note(f"{DAY}?v=21", brought=False)
    assert days.is_over(f"{DAY}?v=22")
    others = [DAY, f"{DAY}?page=2", f"{DAY}?page=2&v=1", "https://press.example/2026/11/26/?v=1"]
    assert [False] * 4 == [days.is_over(url) for url in others]
