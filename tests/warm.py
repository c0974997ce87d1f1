"""Starts processes that need not load the program: each is forked from one that has, which saves most of their time.

What such a process runs finds all as in a new one: module ``__main__``, arguments, folder, environment, streams, and
its own end. What a command makes once when it first needs it (the models of the configuration, the grammar of queries,
templates) is there, too. Whoever wants to see how the program is loaded starts a new one.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import thread
from functools import cache
from multiprocessing import util
from pathlib import Path
from typing import IO, Any

#: Elsewhere processes that have threads are not to be forked, and every one loads the program.
_FORKS = sys.platform == "linux"
_NUMBER = 8
#: What is loaded when a crawl begins, by names that Scrapy reads.
_BESIDE = (
    "twisted.internet.asyncioreactor", "scrapy.crawler", "scrapy.core.engine", "scrapy.core.downloader",
    "scrapy.core.scheduler", "scrapy.core.scraper", "scrapy.spidermiddlewares.httperror", "feedparser",
    "fastfeedparser", "rich.table", "rich.progress", "tomlkit", "pydantic", "jinja2", "css_inline", "babel.dates",
    "uvicorn", "starlette",
)  # fmt: skip


class Forked(subprocess.Popen[Any]):
    """A process that was forked from the warm one, with the face of Popen."""

    def __init__(self, what: Mapping[str, object], *, text: bool, log: IO[Any] | None = None):
        # Popen's own beginning would start another process.
        self.args = what["arguments"]
        self.returncode = None
        self.text_mode = text
        self.encoding = self.errors = None
        self.pipesize = -1
        self._waitpid_lock = threading.Lock()
        self._input = None
        self._communication_started = self._closed_child_pipe_fds = False
        self._sigint_wait_secs = 0.25
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.connect(_server())
        self.stdin = self.stdout = self.stderr = None
        if log is None:
            (given, own_in), (own_out, out), (own_err, err) = os.pipe(), os.pipe(), os.pipe()
            self.stdin = open(own_in, "w" if text else "wb")  # noqa: SIM115, PTH123
            self.stdout = open(own_out, "r" if text else "rb")  # noqa: SIM115, PTH123
            self.stderr = open(own_err, "r" if text else "rb")  # noqa: SIM115, PTH123
        else:
            given, out, err = os.open(os.devnull, os.O_RDWR), os.open(os.devnull, os.O_RDWR), os.dup(log.fileno())
        socket.send_fds(self._line, [b"!"], [given, out, err])
        for descriptor in (given, out, err):
            os.close(descriptor)
        told = json.dumps(what).encode()
        self._line.sendall(len(told).to_bytes(_NUMBER, "big") + told)
        self.pid = _number(self._line)
        self._child_created = True

    def _internal_poll(self, _deadstate: object = None) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._wait(0)
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        # Without the lock: what one thread waits for another may kill.
        if self.returncode is None and not select.select([self._line], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        with self._waitpid_lock:
            if self.returncode is None:
                self.returncode = os.waitstatus_to_exitcode(_number(self._line))
                self._line.close()
        return self.returncode


def module(
    name: str,
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    text: bool = False,
    log: IO[Any] | None = None,
) -> subprocess.Popen[Any]:
    """Do as ``python -P -m NAME ARGUMENTS`` would; with a log, that is where its errors go, and all else is lost."""
    if not _FORKS:
        return _cold("-P", "-m", name, *arguments, cwd=cwd, env=env, text=text, log=log)
    what = {"module": name, "arguments": arguments, "cwd": str(cwd), "env": dict(env or os.environ), "path": ""}
    return Forked(what, text=text, log=log)


def script(code: str, *arguments: str, env: Mapping[str, str], path: Path) -> subprocess.Popen[Any]:
    """Do as ``python -c CODE ARGUMENTS`` would, with a folder in front of the path."""
    if not _FORKS:
        return _cold("-c", code, *arguments, cwd=Path.cwd(), env={**env, "PYTHONPATH": str(path)}, text=True)
    what = {"code": code, "arguments": arguments, "cwd": str(Path.cwd()), "env": dict(env), "path": str(path)}
    return Forked(what, text=True)


def _cold(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None, text: bool, log: IO[Any] | None = None
) -> subprocess.Popen[Any]:
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    given, out, err = (pipe, pipe, pipe) if log is None else (nothing, nothing, log)
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, cwd=cwd, env=env, text=text, stdin=given, stdout=out, stderr=err)


def _number(line: socket.socket) -> int:
    return int.from_bytes(_read(line, _NUMBER), "big")


def _read(line: socket.socket, wanted: int) -> bytes:
    found = b""
    while len(found) < wanted:
        more = line.recv(wanted - len(found))
        if not more:
            raise EOFError("the warm process is gone")
        found += more
    return found


@cache
def _server() -> str:
    """Start the warm process, once for each process of tests; it ends with it."""
    folder = tempfile.mkdtemp()
    place = f"{folder}/line"
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONWARNINGS": "error::ResourceWarning"}
    command = [sys.executable, "-P", __file__, place]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)

    @atexit.register
    def end() -> None:
        process.communicate()
        Path(folder).rmdir()

    assert process.stdout is not None
    assert process.stdout.readline() == b"warm\n"
    return place


def _load() -> None:
    for package in ("crawler", "digest"):
        found = importlib.import_module(package)
        for each in pkgutil.walk_packages(found.__path__, f"{package}."):
            if not each.name.endswith("__main__"):
                with contextlib.suppress(ImportError):  # of extras
                    importlib.import_module(each.name)
    for name in _BESIDE:
        importlib.import_module(name)
    _make_ready(Path(__file__).parents[1])
    assert threading.active_count() == 1
    assert "twisted.internet.reactor" not in sys.modules


def _make_ready(root: Path) -> None:
    """Let be made what commands make once: the models of the configuration, the grammar of queries, templates."""
    sys.modules["crawler.config"].load(root / "config")
    sys.modules["crawler.query"].parse("harbour")
    sys.path.append(str(root))
    sample = importlib.import_module("tests.edition_sample")
    sys.modules["digest.web.templating"].make_all()
    sys.modules["digest.render"].everything(sys.modules["digest.edition"].choose(sample.a_morning()))
    sys.path.remove(str(root))
    for name in [each for each in sys.modules if each.partition(".")[0] == "tests"]:
        del sys.modules[name]


def _serve(place: str) -> tuple[dict[str, Any], list[int]]:
    """Wait for requests and tell how each ended; in each process that is to be something, give what was asked for."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(place)
    listener.listen()
    ended, end = os.pipe()  # has a byte for each child that ended
    os.set_blocking(ended, False)
    os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(end, warn_on_full_buffer=False)
    lines: dict[int, socket.socket] = {}
    print("warm", flush=True)
    while True:
        ready = select.select([listener, sys.stdin, ended], [], [])[0]
        if ended in ready:
            os.read(ended, 4096)
            _tell_ends(lines)
        if sys.stdin in ready:
            Path(place).unlink()
            listener.close()
            os._exit(0)
        if listener not in ready:
            continue
        line = listener.accept()[0]
        _, descriptors, _, _ = socket.recv_fds(line, 1, 3)
        told = _read(line, _number(line))
        made = os.fork()
        if made == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for one in (line, listener, *lines.values()):
                one.close()
            os.close(ended)
            os.close(end)
            return json.loads(told), descriptors
        for descriptor in descriptors:
            os.close(descriptor)
        lines[made] = line
        line.sendall(made.to_bytes(_NUMBER, "big"))


def _tell_ends(lines: dict[int, socket.socket]) -> None:
    """Tell each who started a process that has ended how it did."""
    while lines:
        made, status = os.waitpid(-1, os.WNOHANG)
        if not made:
            return
        with lines.pop(made) as line, contextlib.suppress(OSError):
            line.sendall(status.to_bytes(_NUMBER, "big"))


def _become(what: Mapping[str, Any], descriptors: Sequence[int]) -> None:
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(open(0, "rb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.__stdout__ = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.__stderr__ = io.TextIOWrapper(
        open(2, "wb", closefd=False), encoding="utf-8", errors="backslashreplace", line_buffering=True  # noqa: SIM115
    )  # fmt: skip
    os.chdir(what["cwd"])
    os.environ.clear()
    os.environ.update(what["env"])
    time.tzset()
    sys.path[:0] = [what["path"]] if what["path"] else []
    sys.argv = ["-c", *what["arguments"]]
    util.spawnv_passfds = forked_helper
    code = 0
    own: dict[str, Any] = {}
    try:
        if name := what.get("module"):
            runpy.run_module(name, run_name="__main__", alter_sys=True)
        else:
            main = sys.modules["__main__"] = types.ModuleType("__main__")
            own = vars(main)
            exec(compile(what["code"], "<string>", "exec"), own)
    except SystemExit as wanted:
        if not isinstance(wanted.code, int | None):
            raise
        code = wanted.code or 0
    _end(code, own)


def _end(code: int, own: dict[str, Any]) -> None:
    """End as a process does, but leave what all share to the system: taking it apart would be half of a command."""
    threading._shutdown()
    atexit._run_exitfuncs()
    own.clear()
    gc.collect()
    # Taking apart tells of what is still open, but for what a thread has.
    for left in gc.get_objects() if threading.active_count() == 1 else ():
        if _is_open(left):
            _tell_open(left)
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code & 0xFF)


def _is_open(left: Any) -> bool:
    """Tell whether a thing is an open file or connection; the loop of all events keeps two pipes, which are neither."""
    kind = type(left)  # what stands for another is not to be woken
    if not issubclass(kind, (io.FileIO, socket.socket)) or (kind is socket.socket and left.family == socket.AF_UNIX):
        return False
    return bool(left.fileno() > 2)


def _tell_open(left: object) -> None:
    try:
        warnings.warn(f"unclosed {left!r}", ResourceWarning, stacklevel=1, source=left)
    except ResourceWarning as told:
        sys.stderr.write(f"ResourceWarning: {told}\n")


def forked_helper(_: bytes, arguments: Sequence[Any], passed: Sequence[int]) -> int:
    """Start a process of multiprocessing's own, from which workers are forked; it need not load the program either."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the new process goes on without its parent's threads
        pid = os.fork()
    if pid:
        return pid
    gc.freeze()  # nothing that its parent had open is closed by what is collected
    thread._threads_queues.clear()  # at its end it would wait for them; it has none of its parent's threads
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in [each.name for each in Path("/proc/self/fd").iterdir()]:
        if int(name) > 2 and int(name) not in passed:
            with contextlib.suppress(OSError):
                os.close(int(name))
    try:
        exec(arguments[-1], {})
    finally:
        os._exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _load()
    gc.collect()
    gc.freeze()  # what is forked need not look through it, also not at its end
    _become(*_serve(sys.argv[1]))
