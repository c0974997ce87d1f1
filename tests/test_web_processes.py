"""Several processes that serve the page together: they count log-ins as one, are replaced, and end in order."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from crawler.archive import open_archive
from crawler.errors import UsageError
from digest.web import processes
from tests import warm
from tests.archive_sample import NOW
from tests.conftest import ROOT
from tests.quick_passwords import QUICK
from tests.service_sample import a_free_port

WORDS = "correct horse battery"


@dataclass
class Served:
    """The page, served by several processes."""

    port: int
    keeper: subprocess.Popen[str]

    def workers(self) -> list[psutil.Process]:
        return [each for each in psutil.Process(self.keeper.pid).children() if lives(each)]

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def health(self) -> int:
        """Ask by a connection of its own."""
        line = self.connect()
        line.request("GET", "/healthz")
        status = line.getresponse().status
        line.close()
        return status

    def server_of(self, line: HTTPConnection) -> int:
        """Tell which of the processes serves a connection, so that all that is asked by it is asked of that one."""
        assert line.sock is not None
        own = line.sock.getsockname()
        found = [each for each in self.workers() if any(link.raddr == own for link in each.net_connections())]
        return int(found[0].pid)

    def line_to_each(self) -> dict[int, HTTPConnection]:
        """Connect until there is a connection to each of two processes."""
        lines: dict[int, HTTPConnection] = {}
        kept = []  # or the same one would be free again
        until(lambda: len(self.workers()) == 2)
        while len(lines) < 2:
            line = self.connect()
            line.request("GET", "/healthz")
            line.getresponse().read()
            lines.setdefault(self.server_of(line), line)
            kept.append(line)
        for line in kept:
            if line not in lines.values():
                line.close()
        return lines


def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def gone(workers: list[psutil.Process]) -> bool:
    return not any(lives(each) for each in workers)


@contextmanager
def serving(folder: Path, *options: str, processes: int = 2) -> Iterator[Served]:
    """Serve a page with one user by so many processes, as it is configured."""
    (folder / "config").mkdir()
    (folder / "config" / "presswatch.toml").write_text(f"[web]\nprocesses = {processes}\n")
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        archive.users.add("ann", "editor", QUICK.hash(WORDS), NOW)
    port = a_free_port()
    command = ("digest.cli", "serve", "--port", str(port), *options)
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    with warm.module(*command, cwd=folder, env=environment, text=True) as process:
        served = Served(port, process)
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        until(lambda: len(served.workers()) == (processes if processes > 1 else 0))
        workers = served.workers()
        try:
            yield served
        finally:
            process.kill()
            process.wait(10)
            until(lambda: gone(workers))


def answer_to(line: HTTPConnection, password: str) -> HTTPResponse:
    """Try to log in by one connection."""
    line.request("GET", "/login")
    form = line.getresponse()
    stamp = re.findall(r'name="stamp" value="([^"]+)"', form.read().decode())[0]
    crumb = (form.getheader("set-cookie") or "").partition(";")[0]
    headers = {"cookie": crumb, "content-type": "application/x-www-form-urlencoded"}
    line.request("POST", "/login", urlencode({"name": "ann", "password": password, "stamp": stamp}), headers)
    answer = line.getresponse()
    answer.read()
    return answer


def test_guesses_at_a_password_are_counted_by_all_processes_together(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        lines = served.line_to_each()
        answers = [answer_to(line, f"guess {n}") for n, line in enumerate((*lines.values(), *lines.values()))]
        for line in lines.values():
            line.close()
        lost = served.workers()
        for worker in lost:
            worker.kill()
        until(lambda: len(served.workers()) == 2 and gone(lost))
        time.sleep(1.1)  # what has to be waited for by now
        with closing(served.connect()) as line:
            right = answer_to(line, WORDS)
        with closing(served.connect()) as line:
            wrong = answer_to(line, "guess")

    assert [403, 403, 403, 429] == [each.status for each in answers]
    assert "1" == answers[-1].getheader("retry-after")
    assert 303 == right.status
    assert 403 == wrong.status, "whoever knows the password begins anew, in all processes"


def test_who_counts_and_does_not_answer_lets_nobody_in_and_holds_up_nothing_else(tmp_path: Path) -> None:
    def tried(password: str) -> tuple[int, str | None]:
        with closing(served.connect()) as line:
            answer = answer_to(line, password)
            return answer.status, answer.getheader("retry-after")

    with serving(tmp_path) as served, ThreadPoolExecutor() as trying:
        lines = served.line_to_each().values()
        served.keeper.send_signal(signal.SIGSTOP)
        tries = [trying.submit(tried, "guess") for _ in range(8)]
        time.sleep(0.5)
        health = []
        for line in lines:
            line.request("GET", "/healthz")
            health.append(line.getresponse().read())
            line.close()
        are_refused_yet = [each.done() for each in tries]
        refused = {each.result() for each in tries}
        served.keeper.send_signal(signal.SIGCONT)
        judged = [tried(password)[0] for password in ("guess", "guess", WORDS)]

    assert [b"ok", b"ok"] == health
    assert not any(are_refused_yet)
    assert {(503, "5")} == refused
    assert [403, 403, 303] == judged, "what was refused is not counted"


@contextmanager
def at_work(served: Served, pid: int) -> Iterator[HTTPConnection]:
    """Give one process three requests that it cannot end yet, and a connection beside them."""
    with ExitStack() as opened:
        lines = list[HTTPConnection]()
        with ExitStack() as elsewhere:
            while len(lines) < 4:
                line = served.connect()
                line.request("GET", "/healthz")
                line.getresponse().read()
                is_there = served.server_of(line) == pid
                (opened if is_there else elsewhere).callback(line.close)
                lines += [line] if is_there else []
        spare, *asking = lines
        for line in asking:
            assert line.sock is not None
            line.sock.sendall(b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")
        yield spare


def test_what_one_process_did_and_what_somebody_wrote_all_know(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        one, other = served.line_to_each().values()
        answer = answer_to(one, WORDS)
        crumbs = [each.partition(";")[0] for each in answer.headers.get_all("set-cookie") or ()]

        def watches() -> list[bool]:
            found = []
            for line in (one, other):
                line.request("GET", "/watches", headers={"cookie": "; ".join(crumbs)})
                page = line.getresponse().read().decode()
                assert "Logged in as" in page
                found.append("matched from the next crawl on" in page)
            return found

        before = watches()
        (tmp_path / "config" / "watches.toml").write_text('[strike]\nquery = "harbour"\n')
        after = watches()
        one.close()
        other.close()

    assert [False, False] == before
    assert [True, True] == after


def test_connections_that_wait_together_are_shared_out(tmp_path: Path) -> None:
    """asyncio by itself lets whoever wakes first take them all."""
    with serving(tmp_path) as served:
        for line in served.line_to_each().values():
            line.close()
        for each in served.workers():
            each.suspend()
        lines = [served.connect() for _ in range(8)]
        for line in lines:
            line.request("GET", "/healthz")
        for each in served.workers():
            each.resume()
        answers = [line.getresponse().read() for line in lines]
        shares = Counter(served.server_of(line) for line in lines)
        for line in lines:
            line.close()

    assert [b"ok"] * 8 == answers
    assert 2 == len(shares)
    assert min(shares.values()) >= 2


def test_whoever_has_much_to_do_leaves_what_comes_to_others(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        shares = []
        for busy in [each.pid for each in served.workers()]:
            taken = Counter[int]()
            with at_work(served, busy):
                for _ in range(10):
                    with closing(served.connect()) as line:
                        line.request("GET", "/healthz")
                        line.getresponse().read()
                        taken[served.server_of(line)] += 1
            shares.append(taken[busy])

    assert max(shares) <= 2, "of ten"


def test_where_all_have_much_to_do_they_still_take_what_comes(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        one, other = (each.pid for each in served.workers())
        with at_work(served, one), at_work(served, other):
            answers = [served.health() for _ in range(10)]

    assert [200] * 10 == answers


def test_a_crowd_that_says_nothing_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Were its connections taken one by one, and each late, it would take six seconds."""
    with serving(tmp_path) as served, ExitStack() as opened:
        for _ in range(300):
            opened.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=20))
        begun = time.monotonic()
        health = served.health()
        waited = time.monotonic() - begun

    assert 200 == health
    assert waited < 3


def test_whoever_is_long_at_something_sends_away_who_would_ask_again(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        busy = served.workers()[0].pid

        def ends(line: HTTPConnection) -> bool:
            line.request("GET", "/healthz")
            answer = line.getresponse()
            answer.read()
            return answer.getheader("connection") == "close"

        with at_work(served, busy) as line:
            at_first = ends(line)
            time.sleep(1.2)
            later = ends(line)
            with closing(served.connect()) as free:
                elsewhere = [ends(free), ends(free)]

    assert [False, True] == [at_first, later]
    assert [False, False] == elsewhere


def test_a_process_that_is_killed_is_replaced_and_no_request_fails(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        first = served.workers()
        answers = [served.health() for _ in range(10)]
        first[0].kill()
        until(lambda: gone(first[:1]))
        answers += [served.health() for _ in range(40)]
        until(lambda: len(served.workers()) == 2)
        answers += [served.health() for _ in range(10)]
        now = {each.pid for each in served.workers()}
        served.keeper.terminate()
        _, said = served.keeper.communicate(timeout=20)

    assert {200} == set(answers)
    assert first[1].pid in now
    assert first[0].pid not in now
    assert [f"process {first[0].pid} of the web page was ended by SIGKILL; another takes its place"] == [
        line.partition(": ")[2] or line for line in said.splitlines()
    ]


@pytest.mark.parametrize("by", ["SIGTERM", "SIGINT to all, as Ctrl-C sends it"])
def test_all_end_when_told_and_answer_what_was_asked_before(tmp_path: Path, by: str) -> None:
    with serving(tmp_path) as served:
        workers = served.workers()
        form = urlencode({"name": "ann", "password": "guess", "stamp": "none"})
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as asking:
            head = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(form)}\r\n\r\n"
            asking.sendall(head.encode() + form[:5].encode())
            until(lambda: any(each.net_connections("tcp4")[1:] for each in workers))
            if by == "SIGTERM":
                served.keeper.terminate()
            else:
                for each in (*workers, psutil.Process(served.keeper.pid)):
                    each.send_signal(2)
            time.sleep(0.5)
            asking.sendall(form[5:].encode())
            answer = asking.recv(1000)
        served.keeper.wait(10)

        assert answer.startswith(b"HTTP/1.1 403")
        assert gone(workers)
        with pytest.raises(ConnectionRefusedError):
            served.health()
        assert served.keeper.stderr is not None
        assert "" == served.keeper.stderr.read()


def test_processes_whose_keeper_is_killed_end_by_themselves(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        workers = served.workers()
        served.keeper.kill()

        until(lambda: gone(workers))


@pytest.mark.parametrize("number", [1, 2])
def test_all_end_with_whoever_started_them(tmp_path: Path, number: int) -> None:
    with serving(tmp_path, "--beside", processes=number) as served:
        workers = served.workers()
        assert served.keeper.stdin is not None
        served.keeper.stdin.close()
        served.keeper.wait(20)

        assert gone(workers)


def test_what_is_wrong_at_the_start_is_told_once(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        again = ("digest.cli", "serve", "--port", str(served.port), "--processes", "3")
        with warm.module(*again, cwd=tmp_path, text=True) as other:
            said, told = other.communicate(timeout=20)

    assert (2, "", 1) == (other.returncode, said, told.count("\n"))
    assert f"port {served.port} of 127.0.0.1 is in use" in told


def test_processes_that_end_at_once_are_replaced_ever_later() -> None:
    program = """if True:
        import socket, sys
        from digest.web.processes import Keeper
        from digest.web.throttle import Throttle
        with socket.create_server(("127.0.0.1", 0)) as listening:
            Keeper(1, lambda line: sys.exit(3), listening, Throttle(), 1).keep()
    """
    with warm.script(program, env=os.environ, path=ROOT) as keeper:
        assert keeper.stderr is not None
        told = [keeper.stderr.readline() for _ in range(3)]
        keeper.terminate()
        keeper.wait(10)

    ends = [line.partition(" of the web page ")[2].strip() for line in told]
    assert ["", " in 1 s", " in 2 s"] == [
        end.partition("ended with code 3; another takes its place")[2] for end in ends
    ]


def test_each_core_has_a_process_and_none_more_than_four(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for cores in (1, 2, 4, 64):
        monkeypatch.setattr(processes, "_cores", lambda cores=cores: cores)
        counts.append(processes.number_of(0))

    assert [1, 2, 4, 4] == counts
    assert 12 == processes.number_of(12)


def test_where_no_process_can_be_forked_one_serves_and_more_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")

    assert 1 == processes.number_of(0)
    with pytest.raises(UsageError, match="processes = 1"):
        processes.number_of(2)
