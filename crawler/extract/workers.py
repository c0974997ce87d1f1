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
import types
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import context
from typing import Any

from pebble import ProcessExpired, ProcessPool

from crawler.errors import NoArticle

if sys.platform != "win32":
    import resource

_PR_SET_PDEATHSIG = 1
#: A worker is replaced after so many calls: lxml keeps what it once took.
_CALLS_PER_WORKER = 500
#: ... and sooner when it has not given back so much, or half of what one page may use: pages of megabytes would else
#: add up to gigabytes, each of them within its own limit.
_MOST_KEPT = 192 * 2**20
#: Ends a worker that is too large to begin another call; the call goes to its successor.
_TOO_LARGE = 77
_MOST_SUCCESSORS = 3
#: What is told of a worker when the process that it was forked from is gone.
_UNKNOWN = 255
#: A call that fails after it took so much of its memory failed for want of memory, whatever the parser called it.
_SHORT = 0.6
#: Loaded once, by the process from which workers are forked: with all that the first page would load.
_PRELOAD = ("crawler.ready",)


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
    ):
        self._processes = max(1, processes)
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        # For calls that wait instead of computing; wide, because a busy machine must not fail a good page.
        self._wall_seconds = wall_seconds if wall_seconds is not None else 6 * cpu_seconds + 10
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._stopped = False

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run a function in a worker and give what it returns, or a WorkerFault; never raise for what it does."""
        for last in range(_MOST_SUCCESSORS, -1, -1):
            future = self._schedule(function, args)
            if isinstance(future, WorkerFault):
                return future
            try:
                return self._read(await asyncio.wrap_future(future))
            except (ProcessExpired, FutureTimeoutError, OSError, RuntimeError) as error:
                if not last or not _may_be_made_again(error):
                    return self._fault(error)
        return None

    def call_now(self, function: Callable[..., Any], *args: Any) -> Any:
        """Do as ``call`` does, and wait for it."""
        for last in range(_MOST_SUCCESSORS, -1, -1):
            future = self._schedule(function, args)
            if isinstance(future, WorkerFault):
                return future
            try:
                return self._read(future.result())
            except (ProcessExpired, FutureTimeoutError, CancelledError, OSError, RuntimeError) as error:
                if not last or not _may_be_made_again(error):
                    return self._fault(error)
        return None

    def stop(self) -> None:
        """End every worker, at once; calls that run give a WorkerFault or are cancelled."""
        with self._lock:
            self._stopped = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _schedule(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        try:
            payload = pickle.dumps((function, args))
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            return WorkerFault("extraction failed", f"{function!r} cannot be sent to a worker: {error}")
        with self._lock:
            if self._stopped:
                return WorkerFault("extraction failed", "the workers were stopped")
            for last in range(_MOST_SUCCESSORS, -1, -1):
                if self._pool is None or not self._pool.active:
                    self._pool = self._start()
                try:
                    return self._pool.schedule(
                        _run, args=(payload, self._cpu_seconds, self._memory_bytes), timeout=self._wall_seconds
                    )
                except (BrokenProcessPool, OSError, EOFError, RuntimeError) as error:
                    self._pool = None  # it broke down just now, or could not be started
                    if not last:
                        return self._fault(error)
        return None

    def _start(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._processes, max_tasks=_CALLS_PER_WORKER, initializer=_begin, context=_context()
        )

    def _read(self, result: bytes) -> Any:
        return pickle.loads(result)  # noqa: S301  # written by our own worker

    def _fault(self, error: BaseException) -> WorkerFault:
        if isinstance(error, FutureTimeoutError):
            return WorkerFault("extraction limit", f"not done after {self._wall_seconds:g} s")
        if isinstance(error, ProcessExpired):
            code = error.exitcode
            if sys.platform != "win32" and code == -signal.SIGXCPU:
                return WorkerFault("extraction limit", f"more than {self._cpu_seconds:g} s of processor time")
            if sys.platform != "win32" and code == -signal.SIGKILL:
                return WorkerFault("extraction limit", "its worker was killed, as systems short of memory do")
            return WorkerFault("extraction failed", f"its worker died (exit code {code})")
        return WorkerFault("extraction failed", f"{type(error).__name__}: {error}")


def _may_be_made_again(error: BaseException) -> bool:
    """Tell whether a call ended its worker before it had begun, or all ended because the pool broke down."""
    if isinstance(error, ProcessExpired):
        return error.exitcode in (_TOO_LARGE, _UNKNOWN)
    return isinstance(error, BrokenProcessPool)


def _run(payload: bytes, cpu_seconds: float, memory_bytes: int) -> bytes:
    """Run a call inside a worker, within its limits, and give its value or its fault as bytes.

    Nothing is raised: an error that does not survive pickling would end the whole pool.
    """
    used = _address_space()
    if used - _used_at_start > max(_MOST_KEPT, memory_bytes // 2):
        os._exit(_TOO_LARGE)
    peak = _peak()
    fault = None
    try:
        _limit(cpu_seconds, memory_bytes)
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
        detail = f"it failed after it had taken {(_peak() - used) // 2**20} of {memory_bytes // 2**20} MB of memory"
        fault = WorkerFault("extraction limit", f"{detail} ({fault.detail})")
    return pickle.dumps(fault)


def _begin() -> None:
    """Make a new worker ignore Ctrl-C, which the parent handles, and die with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    global _used_at_start  # noqa: PLW0603  # a worker is one process, and this is about the process
    _used_at_start = _address_space()
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)  # ends even a loop inside C
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == 1:  # the parent was gone before the call
            os._exit(1)


def _limit(cpu_seconds: float, memory_bytes: int) -> None:
    if sys.platform == "win32":
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + cpu_seconds), hard))
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory_bytes, hard))


def _unlimit_memory() -> None:
    # The fault itself must still fit.
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


_used_at_start = 0


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
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # on every call: the shortest way
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


def _context() -> context.BaseContext:
    """Choose how workers start: forked from a clean process that has loaded the extractor, where that exists."""
    if sys.platform == "win32":
        return _SpawnContext()
    chosen = _ForkServerContext()
    chosen.set_forkserver_preload(list(_PRELOAD))
    return chosen
