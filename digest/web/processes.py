"""Several processes that serve the page together, and the one that keeps them.

Python works at one page at a time in each process, so that one alone cannot use more than a core. All take connections
from one socket, each the later the more it has to do (``courtesy``), and one that ends loses none that still waits.
Their keeper serves nothing; it counts the log-ins of all, and puts another process in the place of one that ended by
itself. They are forked: what they have in common is in memory once, and is there at once.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from crawler.errors import PresswatchError, UsageError
from digest.web.throttle import Tries, answer

_log = logging.getLogger(__name__)
#: More would only take memory in most houses; one with many readers says how many it should be.
_MOST_UNASKED = 4
_ENDINGS = (signal.SIGTERM, signal.SIGINT)
#: One that lasted so many seconds is replaced at once, and so is the first that did not; then pauses begin, and double.
_LASTED, _LONGEST_PAUSE = 60.0, 60.0


def number_of(wanted: int) -> int:
    """Tell how many processes serve the page: as many as are wanted; for 0 one for each core, and four at most."""
    can_fork = hasattr(os, "fork")
    if wanted > 1 and not can_fork:
        raise UsageError("this system cannot fork: one process serves the web page; set [web] processes = 1")
    return wanted or (min(_cores(), _MOST_UNASKED) if can_fork else 1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def end_with(lifeline: int) -> None:
    """End in order when whoever holds the other end of a pipe is gone, however that came."""

    def listen() -> None:
        while os.read(lifeline, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=listen, name="lifeline", daemon=True).start()


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """A process that serves the page, as its keeper knows it."""

    process: BaseProcess
    #: By it the process asks who may try to log in.
    line: Connection
    began: float


class Keeper:
    """Keeps processes that serve the page, in a process that has no other thread.

    ``serve`` is what each of them does, with a line to the throttle of all; ``grace`` are the seconds that they have to
    end in order.
    """

    def __init__(
        self, number: int, serve: Callable[[Connection], None], listening: socket.socket, tries: Tries, grace: float
    ) -> None:
        self._number, self._serve, self._listening, self._tries, self._grace = number, serve, listening, tries, grace
        self._workers: list[_Worker] = []
        #: By which signals we are to end; a byte in the bell for each wakes who waits for something else.
        self._told: list[int] = []
        self._bell, self._hammer = socket.socketpair()
        #: Its other end nobody but we have, so that the processes see us end.
        self._lifeline, self._life = os.pipe()
        self._has_begun = self._is_ending = False
        #: Seconds to wait before a process is replaced, and until when none is.
        self._pause, self._not_before = 0.0, 0.0

    def keep(self, parent: int | None = None) -> None:
        """Keep them until SIGTERM, SIGINT, or the end of a pipe that whoever started us holds; let them end then."""
        gc.collect()
        gc.freeze()  # what nobody sweeps is not written to, and stays in memory once
        with self._hearing():
            try:
                while not self._told:
                    self._fill()
                    self._attend(self._left_to_wait(), parent)
            finally:
                self._end()
        signal.raise_signal(self._told[0])  # we end by it, as a page of one process does

    @contextmanager
    def _hearing(self) -> Iterator[None]:
        """Hear the signals by which we are to end."""

        def hear(number: int, _: object) -> None:
            self._told.append(number)
            self._hammer.send(b"!")

        before = {number: signal.signal(number, hear) for number in _ENDINGS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._bell.close()
            self._hammer.close()
            os.close(self._lifeline)
            os.close(self._life)

    def _fill(self) -> None:
        """Start the processes that are missing."""
        while len(self._workers) < self._number and not self._left_to_wait():
            self._start()

    def _left_to_wait(self) -> float | None:
        """Tell how long nothing is to be started; None when nothing is missing."""
        missing = len(self._workers) < self._number
        return max(0.0, self._not_before - time.monotonic()) if missing else None

    def _start(self) -> None:
        line, its_line = Pipe()
        process = get_context("fork").Process(target=self._work, args=(its_line, line))
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)  # until it has let go of our ears
        try:
            process.start()
        except OSError as error:
            line.close()
            self._cannot_start(error)
        else:
            self._workers.append(_Worker(process, line, time.monotonic()))
            self._has_begun = True
        finally:
            its_line.close()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)

    def _cannot_start(self, error: OSError) -> None:
        told = (
            f"process {len(self._workers) + 1} of {self._number} of the web page cannot be started ({error.strerror})"
        )
        if not self._has_begun:
            raise PresswatchError(f"{told}; perhaps one alone can be: set [web] processes = 1") from error
        _log.warning("%s; it is tried again%s", told, self._put_off())

    def _work(self, line: Connection, other_end: Connection) -> None:
        """Serve the page, in a process of its own, until SIGTERM comes, or the end of its keeper."""
        # Ctrl-C is for all that run in a terminal; the keeper passes it on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self._bell.close()
        self._hammer.close()
        for end in (other_end, *(each.line for each in self._workers)):
            end.close()
        os.close(self._life)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
        end_with(self._lifeline)
        self._serve(line)

    def _attend(self, seconds: float | None, parent: int | None = None) -> None:
        """Wait for so long at most until something happens, and do what is to be done then."""
        lines = {each.line: each for each in self._workers if not each.line.closed}
        ends = {each.process.sentinel: each for each in self._workers}
        others = [self._bell] if parent is None else [self._bell, parent]
        for ready in wait([*lines, *ends, *others], seconds):
            if isinstance(ready, Connection):
                self._answer(lines[ready])
            elif isinstance(ready, int) and ready in ends:
                self._bury(ends[ready])
            elif ready == parent:
                self._told += [] if os.read(parent, 4096) else [signal.SIGTERM]
            else:
                self._bell.recv(1)

    def _answer(self, worker: _Worker) -> None:
        try:
            answer(worker.line, self._tries)
        except (EOFError, OSError):
            worker.line.close()  # it ends

    def _bury(self, worker: _Worker) -> None:
        """Forget a process that has ended, and say so where nobody wanted it."""
        worker.process.join()
        worker.line.close()
        self._workers.remove(worker)
        if self._is_ending:
            return
        if time.monotonic() - worker.began > _LASTED:
            self._pause = 0.0
        told = "process %d of the web page %s; another takes its place%s"
        _log.warning(told, worker.process.pid, _how(worker.process.exitcode or 0), self._put_off())

    def _put_off(self) -> str:
        """Put off what is to be started next; say for how long, "" when it is now."""
        said = f" in {self._pause:.0f} s" if self._pause else ""
        self._not_before = time.monotonic() + self._pause
        self._pause = min(max(1.0, 2 * self._pause), _LONGEST_PAUSE)
        return said

    def _end(self) -> None:
        """Let them end what they have begun, and nobody begin anything; then end what is left."""
        self._is_ending = True
        self._listening.close()
        for worker in self._workers:
            worker.process.terminate()
        until = time.monotonic() + self._grace
        while self._workers and (left := until - time.monotonic()) > 0 and signal.SIGINT not in self._told[1:]:
            self._attend(left)
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()


def _how(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
