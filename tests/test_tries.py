"""Which slots may be worked on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.records import Run
from digest.tries import is_open

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "attempt", "after", "wanted"),
    [
        ("done", 1, DAY, False),
        ("failed", 1, timedelta(seconds=59), False),
        ("failed", 1, MINUTE, True),
        ("failed", 2, 4 * MINUTE, False),
        ("failed", 2, 5 * MINUTE, True),
        ("failed", 99, 3 * HOUR, False),
        ("failed", 99, 4 * HOUR, True),
        ("lost", 1, timedelta(), True),
        ("lost", 12, HOUR, False),
    ],
)
def test_a_slot_is_taken_up_again_by_its_history(state: str, attempt: int, after: timedelta, wanted: bool) -> None:
    run = Run(1, "digest:morning", "2026-11-23", state, attempt, attempt, SEVEN - MINUTE, SEVEN)

    assert wanted is is_open(run, SEVEN + after)
