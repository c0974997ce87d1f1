"""Explorations: looks at sites that may become sources, from when each began to what it found.

They stand among the archive's small values, so that nobody who asks later is told wrongly how one goes: a process that
died has left a time by which it would have ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.archive import rows
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none

_KEY = "exploration:"
#: What was found is shown for so long.
_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Exploration:
    """One look at a site."""

    id: str
    #: As it was asked for.
    address: str
    who: str
    began: datetime
    #: It ends by then, whatever happens.
    until: datetime
    ended: datetime | None = None
    #: Why nothing was found, and one of REASONS where it is one; "" while it runs, and when something was.
    fault: str = ""
    reason: str = ""
    #: What was found, as JSON has it.
    found: Mapping[str, Any] = field(default_factory=dict)

    def state(self, now: datetime) -> str:
        """Tell how it goes: running, lost (its process died), failed or found."""
        if self.ended is None:
            return "running" if now < self.until else "lost"
        return "failed" if self.fault else "found"


class Explorations:
    """The looks at sites of the last days."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, id: str, address: str, who: str, now: datetime, limit: timedelta) -> Exploration:  # noqa: A002
        """Begin to look at an address; where somebody looks at it already, give theirs."""
        begun = Exploration(id, rows.sound(address), who, now, now + limit)
        with self._store.writing():
            known = self.list()
            for each in known:
                if each.began < now - _KEPT:
                    self._store.execute("DELETE FROM state WHERE key = ?", (_KEY + each.id,))
            for each in known:
                if each.address == begun.address and each.state(now) == "running":
                    return each
            self._write(begun)
        return begun

    def end(
        self,
        id: str,  # noqa: A002
        now: datetime,
        *,
        found: Mapping[str, Any] | None = None,
        fault: str = "",
        reason: str = "",
    ) -> None:
        """Keep what an exploration found, or why it did not; the first word counts."""
        with self._store.writing():
            known = self.get(id)
            if known is not None and known.ended is None:
                self._write(
                    Exploration(
                        known.id, known.address, known.who, known.began, known.until, now, fault, reason, found or {}
                    )
                )

    def get(self, id: str) -> Exploration | None:  # noqa: A002
        """Find an exploration."""
        found = self._store.state(_KEY + id)
        return None if found is None else _exploration(id, found)

    def list(self) -> list[Exploration]:
        """List what was begun in the last days, the last first."""
        found = self._store.rows("SELECT key, value FROM state WHERE key >= ? AND key < ?", (_KEY, _KEY[:-1] + ";"))
        known = [_exploration(key.removeprefix(_KEY), value) for key, value in found]
        return sorted(known, key=lambda each: each.began, reverse=True)

    def _write(self, one: Exploration) -> None:
        value = {
            "address": one.address,
            "who": one.who,
            "began": micros(one.began),
            "until": micros(one.until),
            "ended": micros_or_none(one.ended),
            "fault": one.fault,
            "reason": one.reason,
            "found": one.found,
        }
        self._store.set_state(_KEY + one.id, rows.sound(json.dumps(value, ensure_ascii=False)))


def _exploration(id_: str, text: str) -> Exploration:
    value = json.loads(text)
    return Exploration(
        id_, value["address"], value["who"], moment(value["began"]), moment(value["until"]),
        moment_or_none(value["ended"]), value["fault"], value["reason"], value["found"],
    )  # fmt: skip
