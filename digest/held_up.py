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
        #: What was told and is not over -> all that waited for it since.
        self._told: dict[type[Exception], set[str]] = {}

    def waits(self, act: str, error: ArchiveFull | ArchiveAway) -> None:
        """An act could not be done."""
        why = type(error)
        if why not in self._told:
            self._complain(f"{error}; {_WAITS[why][0]}")
        self._told.setdefault(why, set()).add(act)
        self._acts[act] = why

    def failed(self, act: str) -> None:
        """An act failed for another reason, be it before it came to the archive: nobody knows whether that is over."""
        self._acts.pop(act, None)

    def goes_on(self, act: str) -> None:
        """An act was done."""
        self._acts.pop(act, None)
        for why in [why for why, acts in self._told.items() if act in acts and why not in self._acts.values()]:
            del self._told[why]
            self._say(_WAITS[why][1])
