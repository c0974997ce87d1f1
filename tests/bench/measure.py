"""What a command costs: processor time of it and all its descendants, wall time, and peak memory of all of them.

Linux only: the bench becomes the reaper of orphans, so that worker processes that outlive their parent are counted.
"""

from __future__ import annotations

import compileall
import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Moment:
    """The memory of a command's processes at one time."""

    seconds: float
    #: Resident bytes of the command itself, and of all its descendants together.
    own: int
    others: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command used."""

    cpu: float
    wall: float
    code: int
    out: str
    err: str
    moments: tuple[Moment, ...] = field(repr=False, default=())
    #: Of ``cpu``, what the command itself used, without the descendants that it did not wait for.
    own_cpu: float = 0.0

    @property
    def peak(self) -> int:
        """The most resident bytes of all processes together."""
        return max((moment.own + moment.others for moment in self.moments), default=0)

    @property
    def own_peak(self) -> int:
        """The most resident bytes of the command itself."""
        return max((moment.own for moment in self.moments), default=0)


def run(
    command: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    every: float = 0.25,
    meanwhile: Callable[[], None] | None = None,
) -> Cost:
    """Run a command to its end; ``meanwhile`` is called at every look at its memory."""
    become_reaper()
    _compile()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    out, err = folder / "bench.out", folder / "bench.err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        )
    moments: list[Moment] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(every):
            moments.append(Moment(time.monotonic() - began, *memory(process.pid)))
            if meanwhile is not None:
                meanwhile()

    watching = threading.Thread(target=look, daemon=True)
    watching.start()
    code = process.wait()
    wall = time.monotonic() - began
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    over.set()
    watching.join()
    reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu, own_cpu = (usage.ru_utime + usage.ru_stime - before.ru_utime - before.ru_stime for usage in (after, own))
    said, told = (file.read_text("utf-8", "replace") for file in (out, err))
    return Cost(cpu, wall, code, said, told, tuple(moments), own_cpu)


@cache
def _compile() -> None:
    """Compile our packages, as pip did with everybody else's: no command may pay for that at its start."""
    for package in ("crawler", "digest", "tests/bench"):
        compileall.compile_dir(ROOT / package, quiet=1)


def python(script: str, *arguments: str) -> list[str]:
    """Write the command that runs a script with this Python."""
    return [sys.executable, "-c", script, *arguments]


def become_reaper() -> None:
    """Make orphaned descendants ours."""
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError("the benches need Linux, where a process can become the reaper of its descendants")


def reap(seconds: float = 20.0) -> None:
    """Wait for every descendant that is left, so that its time is counted."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not found:
            time.sleep(0.01)
    raise TimeoutError("a descendant of the command still runs")


def memory(pid: int) -> tuple[int, int]:
    """Give the resident bytes of a process and of all its descendants."""
    parents: dict[int, int] = {}
    resident: dict[int, int] = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            fields = (each / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents[int(each.name)] = int(fields[1])
        resident[int(each.name)] = int(fields[21]) * resource.getpagesize()
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return resident.get(pid, 0), sum(resident.get(each, 0) for each in family - {pid})
