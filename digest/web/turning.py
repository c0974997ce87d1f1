"""Lists that are too long for one page, turned over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turned(Generic[T]):
    """One page of a list."""

    shown: Sequence[T]
    #: Of the first that is shown, from 0; and of all.
    begin: int
    total: int
    #: Where the pages before and behind stand; "" where there is none.
    before: str
    behind: str


def turn(items: Sequence[T], begin: str, size: int, address: Callable[[int], str]) -> Turned[T]:
    """Give the page that begins at a place, as an address has it; what is no place is the first one."""
    place = int(begin) if begin.isascii() and begin.isdecimal() and len(begin) < 9 else 0
    place = place if place < len(items) else 0
    end = place + size
    before = address(max(place - size, 0)) if place else ""
    return Turned(items[place:end], place, len(items), before, address(end) if end < len(items) else "")
