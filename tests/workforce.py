"""A press, an archive on PostgreSQL, one service and some workers, each a process as an operator starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from crawler.archive import Archive, open_archive
from crawler.urls import normalise
from digest.sample.server import Request, Server
from tests import warm
from tests.press import Press, serve, write_config

#: Seconds after which a worker without a heartbeat is taken for dead.
SILENT = 2.0


def used_by(pid: int) -> float:
    """Give the processor seconds of a process with all that it has started."""
    whole = 0.0
    for each in (parent := psutil.Process(pid), *parent.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            whole += times.user + times.system + times.children_user + times.children_system
    return whole


class Workforce:
    """Processes that share an archive; all of them end with the `with` block."""

    def __init__(
        self,
        folder: Path,
        press: Press,
        archive_url: str,
        *,
        crawl: str = "",
        cold: bool = False,
        commands: Mapping[str, Sequence[str]] | None = None,
    ):
        """Begin nothing yet; ``commands`` are those of service and worker ("run", "worker") with all their options."""
        self.folder, self.press, self.url = folder, press, archive_url
        self.server: Server = serve(press)
        self._crawl, self._cold = crawl, cold
        usual = ("--archive", archive_url)
        self._commands = commands or {"run": (*usual, "run"), "worker": (*usual, "worker", "--silent", str(SILENT))}
        self.service: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self._ended: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.server.__enter__()
        write_config(self.folder / "config", self.press, self.server.port, crawl=f"by_workers = true\n{self._crawl}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self.service, *self.workers, *self._ended):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        self.server.__exit__(kind, error, trace)

    def start_service(self, inside: Sequence[str] = ()) -> None:
        """Start `presswatch run`, by another command perhaps that lets it run elsewhere."""
        self.service = self._process("run", inside)

    def start_worker(self, inside: Sequence[str] = ()) -> None:
        """Start a `presswatch worker`, by another command perhaps that lets it run elsewhere."""
        self.workers.append(self._process("worker", inside))

    def kill_worker(self, number: int) -> None:
        """Kill a worker as a machine does that loses its power: nothing of it can clean up."""
        process = self.workers.pop(number)
        os.kill(process.pid, signal.SIGKILL)
        self._ended.append(process)
        process.wait()

    def stop(self) -> list[int]:
        """End service and workers as an operator does; give their exit codes."""
        processes = [process for process in (self.service, *self.workers) if process is not None]
        for process in processes:
            process.terminate()
        return [process.wait(timeout=60) for process in processes]

    def wait(self, until: Callable[[Archive], bool], seconds: float = 100.0) -> None:
        """Wait until something is true of the archive."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with open_archive(self.url) as archive:
                if until(archive):
                    return
            time.sleep(0.2)
        raise AssertionError(f"it did not happen within {seconds:.0f} s: {self.told()}")

    def told(self) -> str:
        """Say what the processes wrote into their logs."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def used(self) -> float:
        """Give the processor seconds of all processes that run, with all that they have started."""
        return sum(used_by(process.pid) for process in (self.service, *self.workers) if process is not None)

    def asked(self) -> Counter[str]:
        """Count how often each article page was asked for, by its address."""
        pages = self.press.by_url()
        urls = (normalise(f"http://{request.host}{request.target}") or "" for request in list(self.server.log))
        return Counter(url for url in urls if url in pages)

    def beside_each_other(self) -> list[tuple[Request, Request]]:
        """List pairs of requests to one host of which the second came before the first was answered."""
        hosts: dict[str, list[Request]] = {}
        for request in sorted(self.server.log, key=lambda each: each.begun):
            hosts.setdefault(request.host, []).append(request)
        return [(one, other) for each in hosts.values() for one, other in pairwise(each) if other.begun < one.at]

    def _process(self, name: str, inside: Sequence[str]) -> subprocess.Popen[bytes]:
        number = len(list(self.folder.glob("*.log")))
        log = (self.folder / f"{number:02}-{name}.log").open("wb")
        environment, command = {**os.environ, "NO_COLOR": "1"}, self._commands[name]
        with log:
            if self._cold or inside:
                whole = [*inside, sys.executable, "-P", "-m", "digest.cli", *command]
                return subprocess.Popen(whole, cwd=self.folder, env=environment, stderr=log)
            return warm.module("digest.cli", *command, cwd=self.folder, env=environment, log=log)


def all_done(press: Press) -> Callable[[Archive], bool]:
    """Tell whether every page of a press has come to its end."""

    def done(archive: Archive) -> bool:
        counts = archive.pages.counts()
        ended = sum(number for states in counts.values() for state, number in states.items() if state != "queued")
        left = sum(states.get("queued", 0) + states.get("leased", 0) for states in counts.values())
        return not left and ended >= len(press.pages)

    return done
