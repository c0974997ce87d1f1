"""Runs what reads strangers' pages in processes that can be killed: a bad page costs that page and nothing else.

Each call may use so much processor time and memory; a process that takes more, hangs or dies is replaced.
What is called must be importable by its module's name: workers never load the script that started them.
"""

from __future__ import annotations

import asyncio
import ctypes
import math
import os
import pickle
import signal
import sys
import threading
import time
import types
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import context
from typing import Any

from pebble import ProcessExpired, ProcessPool

from crawler.errors import NoArticle, UsageError
from crawler.extract.crew import Call, Crew

if sys.platform != "win32":
    import resource

_PR_SET_PDEATHSIG = 1
#: A worker is replaced after so many calls: lxml keeps what it once took.
_CALLS_PER_WORKER = 500
#: ... and sooner when it has not given back so much, or half of what one page may use: pages of megabytes would else
#: add up to gigabytes, each of them within its own limit.
_MOST_KEPT = 192 * 2**20
#: So much of addresses a worker has before its first page, at most.
_OWN = 300_000_000
#: Ends a worker that is too large to begin another call; the call goes to its successor.
_TOO_LARGE = 77
_MOST_SUCCESSORS = 3
#: Seconds until a call is made again that was lost because others died, from the first time to the last.
_PAUSES = (0.0, 0.0, 0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
#: What is told of a worker when the process that it was forked from is gone, and of one that gave up waiting for the
#: lock that all share, as when another was killed that held it.
_UNKNOWN, _LOCKED_OUT = 255, 1
#: A call that fails after it took so much of its memory failed for want of memory, whatever the parser called it.
_SHORT = 0.6
#: Loaded once, by the process from which workers are forked: with all that the first page would load.
_READY = "crawler.ready"


@dataclass(frozen=True, slots=True)
class WorkerFault:
    """A call that gave no value; the reason is one of errors.REASONS."""

    reason: str
    detail: str = ""


class Workers:
    """A pool of processes that read pages."""

    def __init__(
        self,
        processes: int = 2,
        cpu_seconds: float = 10.0,
        memory_bytes: int = 512 * 2**20,
        *,
        wall_seconds: float | None = None,
        shared: object = None,
    ):
        """Make a pool; UsageError where the system does not let a process have so much memory."""
        _check_memory(memory_bytes)
        self._processes = max(1, processes)
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        #: What every worker gets once, when it starts; calls find it by ``shared()``.
        self._shared = shared
        # For calls that wait instead of computing; wide, because a busy machine must not fail a good page. Of many
        # workers on few cores each has its part of a core only.
        crowded = max(1.0, self._processes / (os.cpu_count() or 1))
        self._wall_seconds = wall_seconds if wall_seconds is not None else 6 * cpu_seconds * crowded + 10
        self._lock = threading.Lock()
        self._crew: Crew | None = None
        self._stopped = False

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run a function in a worker and give what it returns, or a WorkerFault; never raise for what it does."""
        tries = _Tries()
        while True:
            try:
                return self._read(await self._begun(function, args).result())
            except _ENDINGS as error:
                pause = tries.pause(error)
                if pause is None:
                    return self._fault(error)
            await asyncio.sleep(pause)

    def call_now(self, function: Callable[..., Any], *args: Any) -> Any:
        """Do as ``call`` does, and wait for it."""
        tries = _Tries()
        while True:
            try:
                return self._read(self._begun(function, args).result_now())
            except (*_ENDINGS, CancelledError) as error:
                pause = tries.pause(error)
                if pause is None:
                    return self._fault(error)
            time.sleep(pause)

    def stop(self) -> None:
        """End every worker, at once; calls that run give a WorkerFault or are cancelled."""
        with self._lock:
            self._stopped = True
            crew, self._crew = self._crew, None
        if crew is not None:
            crew.end_now()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _begun(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Call:
        try:
            payload = pickle.dumps((function, args))
        except (pickle.PicklingError, TypeError, AttributeError, MemoryError) as error:
            why = str(error) or type(error).__name__
            raise _NotCalled(f"{function!r} cannot be sent to a worker: {why}") from error
        with self._lock:
            if self._stopped:
                raise _NotCalled("the workers were stopped")
            if self._crew is not None and not self._crew.active:
                self._crew.end()
                self._crew = None
            crew = self._crew or self._start(function.__module__)
            try:
                call = crew.schedule(_run, (payload, self._cpu_seconds, self._memory_bytes))
            except (OSError, EOFError, RuntimeError) as error:
                crew.end()
                self._crew = None
                raise BrokenProcessPool(f"{type(error).__name__}: {error}") from error
            self._crew = crew
        return call

    def _start(self, module: str) -> Crew:
        pool = ProcessPool(
            max_workers=self._processes,
            max_tasks=_CALLS_PER_WORKER,
            initializer=_begin,
            initargs=(self._shared,),
            context=_context(module),
        )
        return Crew(pool, self._wall_seconds)

    def _read(self, result: bytes) -> Any:
        return pickle.loads(result)  # noqa: S301  # written by our own worker

    def _fault(self, error: BaseException) -> WorkerFault:
        if isinstance(error, _NotCalled):
            return WorkerFault("extraction failed", str(error))
        if _is_nobodys(error):
            return WorkerFault("workers died", f"{len(_PAUSES) + 1} times in a row ({error})")
        if isinstance(error, FutureTimeoutError):
            return WorkerFault("extraction limit", f"not done after {self._wall_seconds:g} s")
        if isinstance(error, ProcessExpired):
            code = error.exitcode
            if sys.platform != "win32" and code == -signal.SIGXCPU:
                return WorkerFault("extraction limit", f"more than {self._cpu_seconds:g} s of processor time")
            if _was_killed(error):
                return WorkerFault("extraction limit", "its worker was killed twice, as systems short of memory do")
            return WorkerFault("extraction failed", f"its worker died (exit code {code})")
        return WorkerFault("extraction failed", f"{type(error).__name__}: {error}")


class _NotCalled(Exception):
    """A call that no worker was asked for."""


#: How a call may end that gives no value; BrokenProcessPool is a RuntimeError.
_ENDINGS = (_NotCalled, ProcessExpired, FutureTimeoutError, OSError, RuntimeError)


class _Tries:
    """Counts how often a call ended without having been made, or was cut off, and decides whether it is made again."""

    def __init__(self) -> None:
        self._successors = iter([0.0] * _MOST_SUCCESSORS)
        self._killed = iter([0.0])
        self._pauses = iter(_PAUSES)

    def pause(self, error: BaseException) -> float | None:
        """Say after how many seconds a call is made again; None: it ended by what it did itself."""
        if isinstance(error, ProcessExpired) and error.exitcode == _TOO_LARGE:
            return next(self._successors, None)  # it had not begun
        if _was_killed(error):
            return next(self._killed, None)  # once by somebody else; twice is no accident
        return next(self._pauses, None) if _is_nobodys(error) else None


def _was_killed(error: BaseException) -> bool:
    return sys.platform != "win32" and isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGKILL


def _is_nobodys(error: BaseException) -> bool:
    """Tell whether a call was lost because others died: other workers, or the process that they are forked from."""
    if isinstance(error, ProcessExpired):
        return error.exitcode in (_UNKNOWN, _LOCKED_OUT)
    return isinstance(error, BrokenProcessPool)


def _run(payload: bytes, cpu_seconds: float, memory_bytes: int) -> bytes:
    """Run a call inside a worker, within its limits, and give its value or its fault as bytes.

    Nothing is raised: an error that does not survive pickling would end the whole pool.
    """
    used, peak = _address_space(), _peak()
    # Its peak, not what it has now: below, a call's own peak must be told from that of an earlier one.
    if max(used, peak) - _used_at_start > max(_MOST_KEPT, memory_bytes // 2):
        os._exit(_TOO_LARGE)
    fault = None
    try:
        _limit(cpu_seconds, used + memory_bytes)
        function, args = pickle.loads(payload)  # noqa: S301  # written by our own parent
        return pickle.dumps(function(*args))
    except NoArticle as error:
        fault = WorkerFault(error.reason, str(error))
    except MemoryError:
        fault = WorkerFault("extraction limit", f"more than {memory_bytes // 2**20} MB of memory")
    except RecursionError:
        fault = WorkerFault("extraction failed", "nested too deeply")
    except Exception as error:  # noqa: BLE001  # whatever a stranger's page does to a parser ends here, with its name
        fault = WorkerFault("extraction failed", f"{type(error).__name__}: {str(error)[:300]}")
    finally:
        _unlimit_memory()
        _give_back(used)
    if fault.reason != "extraction limit" and peak < _peak() > used + _SHORT * memory_bytes:
        # No figure of its own: that differs from worker to worker.
        detail = f"it failed after it had taken most of {memory_bytes // 2**20} MB of memory"
        fault = WorkerFault("extraction limit", f"{detail} ({fault.detail})")
    return pickle.dumps(fault)


def shared() -> object:
    """Give, inside a worker, what ``Workers`` was told to share."""
    return _shared


def _begin(given: object = None) -> None:
    """Make a new worker ignore Ctrl-C, which the parent handles, and die with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    global _used_at_start, _shared  # a worker is one process, and this is about the process
    _used_at_start, _shared = _address_space(), given
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)  # ends even a loop inside C
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == 1:  # the parent was gone before the call
            os._exit(1)


def _check_memory(memory_bytes: int) -> None:
    """Refuse to begin where every page would fail: it would look as if the pages were at fault, and be lost."""
    if sys.platform != "linux":
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY and most < _OWN + memory_bytes:
        raise UsageError(
            f"a process may have {most // 1_000_000} MB of memory here (ulimit -v), and one that reads pages needs "
            f"{(_OWN + memory_bytes) // 1_000_000}; raise that, or lower page_memory in [crawl] of presswatch.toml"
        )


def _limit(cpu_seconds: float, address_space: int) -> None:
    if sys.platform == "win32":
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + cpu_seconds), hard))
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = address_space if hard == resource.RLIM_INFINITY else min(address_space, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _unlimit_memory() -> None:
    # The fault itself must still fit.
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


_used_at_start = 0
_shared: object = None


def _give_back(before: int) -> None:
    """Give memory that is free again back to the system, where a call took much of it."""
    if sys.platform == "linux" and _address_space() - before > _MOST_KEPT // 3:
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)


def _peak() -> int:
    """Give the most bytes of addresses that this process ever had."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:  # noqa: PTH123
        return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmPeak")), 0)


def _address_space() -> int:
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123  # on every call: the shortest way
        return int(file.read().split()[0]) * resource.getpagesize()


_main_lock = threading.Lock()


class _WithoutMain:
    """A process that does not run its parent's main script again.

    multiprocessing loads it in each child, so that a script without ``if __name__ == "__main__"`` would start
    a crawl in every worker. Our calls never live there.
    """

    def start(self) -> None:
        """Start the process while there is no main script to be seen."""
        with _main_lock:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = types.ModuleType("__main__")
            try:
                super().start()  # type: ignore[misc]
            finally:
                sys.modules["__main__"] = main


class _SpawnProcess(_WithoutMain, context.SpawnProcess):
    pass


class _SpawnContext(context.SpawnContext):
    Process = _SpawnProcess


if sys.platform != "win32":

    class _ForkServerProcess(_WithoutMain, context.ForkServerProcess):
        pass

    class _ForkServerContext(context.ForkServerContext):
        Process = _ForkServerProcess


def _context(module: str) -> context.BaseContext:
    """Choose how workers start: forked from a clean process that has loaded what they need, where that exists.

    That is the extractor, and the module of what is called first: importing WARC files takes most of a second to load.
    """
    if sys.platform == "win32":
        return _SpawnContext()
    chosen = _ForkServerContext()
    chosen.set_forkserver_preload([module, _READY])  # it freezes what was loaded before it
    return chosen
