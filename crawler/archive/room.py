"""Waiting for room on a full disk: nothing of what failed there was written, so it is done again."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from typing import TypeVar

from crawler.errors import ArchiveFull

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: Seconds between looks whether a full disk has room again; the last one is repeated.
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)


def when_there_is_room(
    act: Callable[[], T], wait: Callable[[float], None], say: Callable[[str], None] = _log.warning
) -> T:
    """Do something as soon as its disk has room for it; tell once that it waits, and once that it goes on."""
    waited = False
    for seconds in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
        try:
            done = act()
        except ArchiveFull as error:
            if not waited:
                say(f"{error}; waiting for room")
            waited = True
            wait(seconds)
        else:
            break
    if waited:
        say("there is room again; going on")
    return done
