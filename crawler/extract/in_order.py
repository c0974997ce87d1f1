"""Answers lines beside each other and gives the answers in the order of the lines, in bounded memory.

A slow line holds up the answers after it, never the work on them: lines are taken as long as the answers that wait are
few bytes, however many they are. What no reader takes in the end stops the taking.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

#: Bytes of lines that are being answered, and of answers that wait for an earlier one; each may be passed once.
_MOST_IN_HAND = 32 * 2**20
_MOST_WAITING = 64 * 2**20
_CHUNK = 2**18
_LONGEST_WAIT = 0.5


class InOrder:
    """Answers lines in so many threads at once."""

    def __init__(self, lines: Iterator[bytes], answer: Callable[[int, bytes], bytes], at_once: int) -> None:
        self._lines, self._answer, self._at_once = lines, answer, at_once
        self._taking = threading.Lock()
        self._changed = threading.Condition()
        #: By the number of its line; an error stands where its answer would.
        self._answers: dict[int, bytes | BaseException] = {}
        self._taken = self._in_hand = self._waiting = 0
        self._ended = self._stopped = False

    def __iter__(self) -> Iterator[bytes]:
        """Give the answers as they come, all that are ready at once; raise what reading or answering raised there."""
        for _ in range(self._at_once):
            # Nobody waits for them: one may be waiting for a line that never comes.
            threading.Thread(target=self._carry, name="lines", daemon=True).start()
        number = 1
        try:
            while True:
                ready, error = self._next(number)
                if ready:
                    yield b"".join(ready)
                if error is not None:
                    raise error
                if not ready:
                    return
                number += len(ready)
        finally:
            with self._changed:
                self._stopped = True
                self._changed.notify_all()

    def _next(self, number: int) -> tuple[list[bytes], BaseException | None]:
        """Wait for the answer to a line; give it with those that follow, none at the end, and the error after them."""
        ready: list[bytes] = []
        with self._changed:
            # With a timeout: a signal that comes the moment before a wait begins is noticed at its end only.
            while not self._changed.wait_for(
                lambda: number in self._answers or (self._ended and number > self._taken), timeout=_LONGEST_WAIT
            ):
                pass
            while isinstance(answer := self._answers.pop(number + len(ready), None), bytes):
                ready.append(answer)
            self._waiting -= sum(map(len, ready))
            self._changed.notify_all()
        return ready, answer

    def _carry(self) -> None:
        while (taken := self._take()) is not None:
            number, line = taken
            answer: bytes | BaseException
            try:
                answer = self._answer(number, line)
            except BaseException as error:  # noqa: BLE001  # whoever waits for the answer raises it
                answer = error
            with self._changed:
                self._in_hand -= len(line)
                self._keep(number, answer)

    def _take(self) -> tuple[int, bytes] | None:
        """Take the next line when there is room for it; None at the end."""
        with self._taking:
            with self._changed:
                self._changed.wait_for(self._has_room)
                if self._stopped or self._ended:
                    return None
            line: bytes | BaseException | None
            try:
                line = next(self._lines, None)
            except Exception as error:  # noqa: BLE001  # told after the answers to the lines before
                line = error
            with self._changed:
                if isinstance(line, bytes):
                    self._taken += 1
                    self._in_hand += len(line)
                    return self._taken, line
                self._ended = True
                if line is not None:
                    self._taken += 1
                    self._keep(self._taken, line)
                self._changed.notify_all()
                return None

    def _has_room(self) -> bool:
        return self._stopped or self._ended or (self._in_hand < _MOST_IN_HAND and self._waiting < _MOST_WAITING)

    def _keep(self, number: int, answer: bytes | BaseException) -> None:
        self._answers[number] = answer
        if isinstance(answer, bytes):
            self._waiting += len(answer)
        self._changed.notify_all()


def cut(read: Callable[[int], bytes], longest: int) -> Iterator[bytes]:
    """Cut what is read into lines without their ends; of one that is longer, give a byte more than may be, no rest."""
    held: list[bytes] = []
    size = 0
    while chunk := read(_CHUNK):
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            held.append(piece[: longest + 1 - size])
            yield b"".join(held)
            held, size = [], 0
        if rest := rest[: longest + 1 - size]:
            held.append(rest)
            size += len(rest)
    if held:
        yield b"".join(held)
