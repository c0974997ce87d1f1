"""What is due while the archive cannot be used waits; that is told once and not at every beat."""

from __future__ import annotations

from collections.abc import Callable

from crawler.errors import ArchiveAway, ArchiveFull

#: What passes by itself -> what is waited for, and what is told when it is over.
_WAITS: dict[type[Exception], tuple[str, str]] = {
    ArchiveFull: ("waiting for room", "there is room again; going on"),
    ArchiveAway: ("waiting for it", "the server answers again; going on"),
}
#: The same as ``except`` has it.
PASSING = (ArchiveFull, ArchiveAway)


class HeldUp:
    """Tells of acts for which the archive's disk has no room, or its server does not answer, and when all go on."""

    def __init__(self, complain: Callable[[str], None], say: Callable[[str], None]) -> None:
        self._complain, self._say = complain, say
        #: What waits -> why.
        self._acts: dict[str, type[Exception]] = {}

    def waits(self, act: str, error: ArchiveFull | ArchiveAway) -> None:
        """An act could not be done."""
        why = type(error)
        if why not in self._acts.values():
            self._complain(f"{error}; {_WAITS[why][0]}")
        self._acts[act] = why

    def goes_on(self, act: str) -> None:
        """An act was done, or failed for another reason."""
        why = self._acts.pop(act, None)
        if why is not None and why not in self._acts.values():
            self._say(_WAITS[why][1])
