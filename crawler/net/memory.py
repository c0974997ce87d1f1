"""How much memory a process takes with all its descendants, and an end for those that take too much.

For the browser: it is not one process, it starts new ones for its pages, and no limit of its own or of the system's
holds what a script may put into one of them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

#: Seconds between two looks; a script fills some 200 MB meanwhile.
_PAUSE = 0.1
#: What is a process's own; files that it has mapped are the system's to give and take.
_OWN = ("RssAnon:", "RssShmem:")


def of_tree(root: int) -> Mapping[int, int]:
    """Say how many bytes a process and each of its descendants take; {} where the system does not tell."""
    with contextlib.suppress(OSError):
        return _by_proc(root)
    return _by_ps(root)


def _by_proc(root: int) -> dict[int, int]:
    if not Path(f"/proc/{root}/task/{root}/children").exists():
        raise FileNotFoundError(root)
    found: dict[int, int] = {}
    waiting = [root]
    while waiting:
        process = waiting.pop()
        with contextlib.suppress(OSError):  # it ended meanwhile
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            found[process] = sum(int(line.split()[1]) << 10 for line in lines if line.startswith(_OWN))
            for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 (Path objects for each cost three times)
                with open(f"/proc/{process}/task/{thread}/children") as children:  # noqa: PTH123
                    waiting += map(int, children.read().split())
    return found


def _by_ps(root: int) -> dict[int, int]:
    try:
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found: dict[int, int] = {}
    waiting = {root}
    while waiting:
        found |= {process: size << 10 for process, _, size in rows if process in waiting}
        waiting = {process for process, parent, _ in rows if parent in waiting}
    return found


class Watch:
    """Kills a process and its descendants as soon as together they take more than so many bytes."""

    def __init__(self, root: int, most: int):
        self._root, self._most = root, most
        self._ended = threading.Event()
        # Not a task: the event loop may be busy for longer than a script needs to fill the machine.
        self._thread = threading.Thread(target=self._look, name="memory", daemon=True)
        #: Whether it has killed them.
        self.exceeded = False

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_PAUSE):
            found = of_tree(self._root)
            if sum(found.values()) > self._most:
                self.exceeded = True
                for process in sorted(found, key=found.__getitem__, reverse=True):
                    with contextlib.suppress(OSError):
                        os.kill(process, signal.SIGKILL)
                return
