"""Asking again for the page of an article: when, what an answer means, what is a revision and what only noise."""

from crawler.rechecks.deciding import (
    LATE,
    MOST_MISSES,
    STALE,
    Again,
    Neighbours,
    believed,
    headers,
    led_home,
    next_after_miss,
    next_due,
)

__all__ = [
    "LATE",
    "MOST_MISSES",
    "STALE",
    "Again",
    "Neighbours",
    "believed",
    "headers",
    "led_home",
    "next_after_miss",
    "next_due",
]
