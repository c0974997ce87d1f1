"""Waiting for the server of a database that is away: it is told at once, and then now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from crawler.errors import ArchiveAway

T = TypeVar("T")
#: Seconds after which a server that was away is asked again.
PAUSE = 5.0
#: Seconds after which it is told again that it is.
_AGAIN = 600.0


class Absence:
    """Tells that a server is away, however often it is asked, and that it is there again."""

    def __init__(self, say: Callable[[str], None]):
        self._say = say
        self._told: float | None = None

    def tell(self, why: object) -> None:
        """Say that it is away, if that was not said just now."""
        now = time.monotonic()
        if self._told is None or now - self._told >= _AGAIN:
            self._say(f"{why}; it is asked again every {PAUSE:.0f} s")
            self._told = now

    def is_over(self) -> None:
        """Say that it is there again, if it was away."""
        if self._told is not None:
            self._say("the server answers again; going on")
        self._told = None


def when_it_answers(act: Callable[[], T], wait: Callable[[float], None], say: Callable[[str], None]) -> T:
    """Do something as soon as the server of the archive's database answers; ``wait`` waits so many seconds."""
    absence = Absence(say)
    while True:
        try:
            done = act()
        except ArchiveAway as error:
            absence.tell(error)
            wait(PAUSE)
        else:
            absence.is_over()
            return done
