"""How often a log-in may be tried: after each failure one waits twice as long as after the one before.

Failures are counted by name, by address and by both. A crowd of machines that guesses at one name is slowed down by
that name; so that it cannot keep out whom the name belongs to, a wait by name alone is never longer than a minute, and
a browser in which they logged in before is counted apart. Nothing is kept: a new start of the page begins anew.

Processes that serve the page together ask the one that keeps them, which counts for all. Where it does not answer,
nobody may try: no guess goes uncounted.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from multiprocessing.connection import Connection
from typing import Protocol

#: Failures are forgotten after so many seconds without another one, the oldest when there are too many to remember.
_FORGOTTEN = 3600.0
_REMEMBERED = 50_000
#: Seconds for which the process that counts is asked.
_PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Rule:
    """So many failures are free; then the wait begins with a second and doubles."""

    free: int
    #: Seconds.
    longest: float


#: A shared address, or a proxy that hides all addresses, has many users.
_RULES = {"both": Rule(3, 900.0), "browser": Rule(5, 900.0), "name": Rule(10, 60.0), "address": Rule(20, 900.0)}


@dataclass(frozen=True, slots=True)
class Count:
    """The failures of one name, address, both or browser."""

    failures: int
    last: float

    def wait(self, rule: Rule, now: float) -> float:
        """Tell how many seconds are left to wait."""
        over = self.failures - rule.free
        return max(0.0, self.last + min(2.0 ** min(over, 30), rule.longest) - now) if over >= 0 else 0.0


#: What failures are counted by: which rule, and whose.
Key = tuple[str, str]


class Tries(Protocol):
    """Says who may try now, to any thread; whoever counts elsewhere may be waited for."""

    def enter(self, keys: Sequence[Key]) -> float:
        """Begin a try: give the seconds to wait for it, or 0 and count it as failed until ``succeed`` tells otherwise.

        It is counted before it is judged, so that many at once are not all the first one. A TimeoutError tells that
        nobody counts just now: the try is not to be judged.
        """
        ...

    def succeed(self, keys: Sequence[Key]) -> None:
        """Take a try back that was no failure; whoever knows the password begins anew there."""
        ...


class Throttle:
    """Counts failures."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._one_at_a_time = threading.Lock()
        self._counts: OrderedDict[Key, Count] = OrderedDict()

    def enter(self, keys: Sequence[Key]) -> float:
        """Give the seconds to wait, or 0 and count the try as failed."""
        now = self._steady()
        with self._one_at_a_time:
            wait = max((self._of(key, now).wait(_RULES[key[0]], now) for key in keys), default=0.0)
            if not wait:
                for key in keys:
                    self._put(key, Count(self._of(key, now).failures + 1, now))
        return wait

    def succeed(self, keys: Sequence[Key]) -> None:
        """Take the try back."""
        now = self._steady()
        with self._one_at_a_time:
            for key in keys:
                found = self._of(key, now)
                # Of the name and the address others may be guessing.
                left = found.failures - 1 if key[0] in ("name", "address") else 0
                self._put(key, Count(max(0, left), found.last))

    def _of(self, key: Key, now: float) -> Count:
        found = self._counts.get(key)
        return found if found is not None and now - found.last < _FORGOTTEN else Count(0, now)

    def _put(self, key: Key, count: Count) -> None:
        self._counts[key] = count
        self._counts.move_to_end(key)
        if not count.failures:
            del self._counts[key]
        while len(self._counts) > _REMEMBERED:
            self._counts.popitem(last=False)


class Shared:
    """Asks a throttle in another process, one question at a time."""

    #: Leads to the process that counts. Without it nobody may try.
    line: Connection | None = None

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._one_at_a_time = threading.Lock()
        #: A question was not answered in time: its answer comes first.
        self._is_owed = False

    def enter(self, keys: Sequence[Key]) -> float:
        """Let the other process count the try, and give what it says; a TimeoutError if it does not in time."""
        until = time.monotonic() + self._patience
        if not self._one_at_a_time.acquire(timeout=self._patience):
            raise TimeoutError
        try:
            if self._is_owed:
                self._answer(until)
            self._tell("enter", keys, until)
            self._is_owed = True
            wait = self._answer(until)
        except (EOFError, OSError) as error:
            raise TimeoutError from error
        finally:
            self._one_at_a_time.release()
        if wait is None:
            raise TimeoutError
        return wait

    def succeed(self, keys: Sequence[Key]) -> None:
        """Let the other process take the try back; if it has ended, so do we."""
        with self._one_at_a_time, suppress(OSError):
            self._tell("succeed", keys, 0.0)

    def _tell(self, act: str, keys: Sequence[Key], until: float) -> None:
        assert self.line is not None
        self.line.send((act, keys, until))

    def _answer(self, until: float) -> float | None:
        assert self.line is not None
        if not self.line.poll(max(0.0, until - time.monotonic())):
            raise TimeoutError
        wait: float | None = self.line.recv()
        self._is_owed = False
        return wait


def answer(line: Connection, tries: Tries) -> None:
    """Answer what a ``Shared`` asks at the other end; None to who waits no longer, which is no try."""
    act, about, until = line.recv()
    if act == "succeed":
        tries.succeed(about)
    else:
        line.send(tries.enter(about) if time.monotonic() < until else None)


def keys(name: str, address: str, browser: str = "") -> list[Key]:
    """Tell what a try is counted by; in a ``browser`` that is known, by that alone."""
    if browser:
        return [("browser", browser)]
    network = _network(address)
    return [("both", f"{network} {name}"), ("name", name), ("address", network)]


def _network(address: str) -> str:
    """Give what one customer of a provider has: an IPv4 address, or a /64 of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
