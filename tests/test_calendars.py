"""Days of other calendars, there and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crawler.extract.calendars import from_jalali, to_jalali


@pytest.mark.parametrize(
    ("day", "jalali"),
    [
        (date(2026, 3, 20), (1404, 12, 29)), (date(2026, 3, 21), (1405, 1, 1)), (date(2026, 11, 23), (1405, 9, 2)),
        (date(2025, 3, 20), (1403, 12, 30)), (date(2026, 9, 22), (1405, 6, 31)), (date(2026, 9, 23), (1405, 7, 1)),
        (date(2027, 1, 1), (1405, 10, 11)),
    ],
)  # fmt: skip
def test_a_day_of_ours_is_one_of_irans(day: date, jalali: tuple[int, int, int]):
    assert jalali == to_jalali(day)


def test_every_day_of_forty_years_comes_back():
    days = [date(2000, 1, 1) + timedelta(days=number) for number in range(40 * 365)]

    assert days == [from_jalali(*to_jalali(day)) for day in days]
