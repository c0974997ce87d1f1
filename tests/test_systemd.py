"""What systemd hears from the service, through a real socket, and what it is told of a service that hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from digest.pulse import Jumps, Pulse, give_back_memory
from digest.schedule import Service
from digest.systemd import Notifier
from tests.service_sample import a_plan, address, configure


class Manager:
    """Hears what a service says to systemd, at once: its queue would hold ten messages."""

    def __init__(self, name: str, address: str):
        self.address = address
        self._heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(name)
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        while message := self._socket.recv(4096).decode():
            self._heard.append(message)

    def heard(self) -> list[str]:
        """List what was said since the last time."""
        time.sleep(0.05)
        found, self._heard = self._heard, []
        return found

    def close(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._listener.join()
        self._socket.close()


@contextmanager
def manager(folder: Path, *, abstract: bool = False) -> Iterator[Manager]:
    path = str(folder / "notify")
    found = Manager(f"\0{path}", f"@{path}") if abstract else Manager(path, path)
    try:
        yield found
    finally:
        found.close()


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_each_word_in_one_message(tmp_path: Path, abstract: bool) -> None:
    with manager(tmp_path, abstract=abstract) as systemd:
        notifier = Notifier(systemd.address)
        notifier.ready("3 sources\nWATCHDOG=1")
        notifier.alive()
        notifier.stopping()
        ready, alive, stopping = systemd.heard()

    assert "READY=1\nSTATUS=3 sources WATCHDOG=1" == ready
    assert "WATCHDOG=1" == alive
    assert stopping.startswith("STOPPING=1\n")


def test_a_reload_says_when_it_began(tmp_path: Path) -> None:
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    with manager(tmp_path) as systemd:
        Notifier(systemd.address).reloading()
        (told,) = systemd.heard()

    kind, moment = told.split("\n")
    assert "RELOADING=1" == kind
    assert before <= int(moment.removeprefix("MONOTONIC_USEC=")) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


@pytest.mark.parametrize(
    ("environ", "address", "watchdog"),
    [
        ({}, "", None),
        ({"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "30000000"}, "/run/n", 30.0),
        ({"NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, "@n", None),
        ({"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, "/run/n", 30.0),
        ({"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "soon"}, "/run/n", None),
        ({"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "0"}, "/run/n", None),
    ],
)
def test_who_listens_stands_in_the_environment(environ: dict[str, str], address: str, watchdog: float | None) -> None:
    assert Notifier(address, watchdog) == Notifier.found_in(environ)


@pytest.mark.parametrize("address", ["", "relative", "vsock:2:1234", "/nowhere/notify", "@nobody"])
def test_nobody_who_listens_is_no_fault(address: str) -> None:
    Notifier(address).ready("")


def serve(folder: Path, systemd: Manager, acts: list[object]) -> list[str]:
    """Run a service that is watched; the acts are done a moment after each other, then it is stopped."""
    said: list[str] = []

    async def inside() -> None:
        service = Service(
            folder / "config", address(folder), configure(folder, a_plan(recipients="[]")), say=said.append
        )
        service.notifier = Notifier(systemd.address, 0.2)
        running = asyncio.create_task(service.run())
        for act in acts:
            await asyncio.sleep(0.5)
            act(service)  # type: ignore[operator]
        await asyncio.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        await running

    asyncio.run(inside())
    return said


def test_a_service_tells_that_it_is_ready_lives_reloads_and_stops(tmp_path: Path) -> None:
    with manager(tmp_path) as systemd:
        serve(tmp_path, systemd, [lambda _: os.kill(os.getpid(), signal.SIGHUP)])
        heard = systemd.heard()

    kinds = [message.partition("\n")[0] for message in heard]
    assert "READY=1" == kinds[0]
    assert "0 sources, 1 digests; next: morning, " in heard[0]
    assert ["RELOADING=1", "READY=1"] == [kind for kind in kinds[1:] if kind in ("RELOADING=1", "READY=1")]
    assert 3 <= kinds.count("WATCHDOG=1")
    assert "STOPPING=1" == kinds[-1]


def test_a_hanging_act_is_told_and_the_watchdog_hears_no_more(tmp_path: Path) -> None:
    with manager(tmp_path) as systemd, ExitStack() as hanging:

        def hang(service: Service) -> None:
            systemd.heard()
            hanging.enter_context(service._pulse.at_work("group", 0.0))

        said = serve(tmp_path, systemd, [hang])
        after = systemd.heard()

    assert 1 >= after.count("WATCHDOG=1")
    assert 1 == sum("no sign of life from: group" in text for text in said)


def test_what_makes_progress_does_not_hang() -> None:
    now = [0.0]
    pulse = Pulse(lambda: now[0])
    with pulse.at_work("send", 60):
        now[0] = 50
        pulse.goes_on()
        now[0] = 100
        lively = pulse.hangs()
        now[0] = 111
        hung = pulse.hangs()

    assert ([], ["send"], []) == (lively, hung, pulse.hangs())


@pytest.mark.parametrize(
    ("wall", "steady", "jump"),
    [(20, 20, 0), (45, 20, 0), (3 * 3600, 20, 3 * 3600 - 20), (-3600, 20, -3620), (7, 20, 0)],
)
def test_a_jump_is_what_the_wall_clock_went_beside_the_steady_one(wall: int, steady: int, jump: int) -> None:
    clocks = [datetime(2026, 11, 23, tzinfo=UTC), 0.0]
    jumps = Jumps(lambda: clocks[0], lambda: clocks[1])  # type: ignore[arg-type, return-value]
    clocks[:] = [clocks[0] + timedelta(seconds=wall), float(steady)]  # type: ignore[operator]

    assert timedelta(seconds=jump) == jumps.look()
    assert timedelta() == jumps.look()


def test_memory_that_was_freed_goes_back_to_the_system() -> None:
    process = psutil.Process()
    pieces = [bytearray(4_000) for _ in range(20_000)]
    held = process.memory_info().rss
    del pieces[::2], pieces[:-1]
    give_back_memory()

    assert held - process.memory_info().rss > 40e6
