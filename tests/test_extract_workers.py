from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from pebble import ProcessExpired

from crawler.errors import REASONS, NoArticle
from crawler.extract import crew
from crawler.extract.workers import WorkerFault, Workers, _Tries, shared
from crawler.records import Page
from crawler.verdicts import judge
from tests.warc_sample import put, story

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PAGE = Page(id=1, url="http://one.example/a", source="one", host="one.example", entry=None, attempts=1)
ROOT = Path(__file__).parents[1]


def double(number: int) -> int:
    return 2 * number


def own_pid() -> int:
    return os.getpid()


def spin() -> None:
    while True:
        pass


def sleep_long() -> None:
    time.sleep(60)


def hog() -> int:
    return len(bytearray(2_000_000_000))


def take_much_and_give_it_back() -> int:
    bytearray(245 * 2**20)
    return os.getpid()


_kept: list[bytearray] = []


def keep_much() -> int:
    """Take memory and never give it back, as lxml's heap may."""
    _kept.append(bytearray(220 * 2**20))
    return os.getpid()


def fail_short_of_memory() -> None:
    """Fail as libxml2 does when it gets no memory: with an error that says nothing."""
    taken = bytearray(230 * 2**20)
    raise ValueError(f"unknown error {len(taken) > 0}")


def crash() -> None:
    os._exit(7)


class Unpicklable(Exception):
    def __init__(self, one: str, two: str):
        super().__init__(f"{one} {two}")


def raise_unpicklable() -> None:
    raise Unpicklable("a", "b")


def give_unpicklable() -> object:
    return lambda: None


def refuse() -> None:
    raise NoArticle("soft 404", "the page says so")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers(2, cpu_seconds=1, memory_bytes=256 * 2**20, wall_seconds=60)
    yield pool
    pool.stop()


def test_a_call_gives_what_the_function_returns(workers: Workers) -> None:
    assert 42 == workers.call_now(double, 21)


def test_calls_run_beside_each_other_and_are_awaited(workers: Workers) -> None:
    async def all_of_them() -> list[int]:
        return list(await asyncio.gather(*(workers.call(double, number) for number in range(20))))

    assert [2 * number for number in range(20)] == asyncio.run(all_of_them())


def test_a_call_that_waits_instead_of_computing_is_ended_too() -> None:
    with Workers(1, wall_seconds=2) as few:
        fault = few.call_now(sleep_long)

    assert fault == WorkerFault("extraction limit", "not done after 2 s")


@pytest.mark.parametrize(
    ("bad", "reason", "said"),
    [
        (spin, "extraction limit", "processor time"),
        (hog, "extraction limit", "256 MB"),
        (fail_short_of_memory, "extraction limit", "taken most of 256 MB of memory (ValueError: unknown error"),
        (crash, "extraction failed", "exit code 7"),
        (raise_unpicklable, "extraction failed", "Unpicklable: a b"),
        (give_unpicklable, "extraction failed", "pickle"),
        (refuse, "soft 404", "says so"),
    ],
)
def test_a_bad_page_costs_that_page_only(workers: Workers, bad, reason: str, said: str) -> None:
    async def among_good_ones() -> list[object]:
        return list(
            await asyncio.gather(
                workers.call(double, 1), workers.call(bad), *(workers.call(double, n) for n in range(6))
            )
        )

    first, fault, *rest = asyncio.run(among_good_ones())

    assert isinstance(fault, WorkerFault)
    assert reason == fault.reason
    assert fault.reason in REASONS
    assert said in fault.detail
    assert [2, 0, 2, 4, 6, 8, 10] == [first, *rest]


@pytest.mark.parametrize(
    ("error", "said"), [(MemoryError(), "MemoryError"), (TypeError("no such thing"), "no such thing")]
)
def test_what_cannot_be_sent_to_a_worker_costs_that_call_only(workers: Workers, error: Exception, said: str) -> None:
    class Unsendable:
        def __reduce__(self) -> str:
            raise error

    fault = workers.call_now(double, Unsendable())

    assert "extraction failed" == fault.reason
    assert fault.detail.endswith(f"cannot be sent to a worker: {said}")
    assert 2 == workers.call_now(double, 1)


def test_processor_time_is_counted_for_each_call_alone() -> None:
    with Workers(1, cpu_seconds=2) as pool:
        spent = [pool.call_now(burn, 0.8) for _ in range(4)]

    assert not [fault for fault in spent if isinstance(fault, WorkerFault)]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_worker_that_keeps_its_memory_is_replaced_before_the_next_call() -> None:
    """Else pages within their limit add up: 1.5 GB were seen after ten pages of nine megabytes."""
    with Workers(1, memory_bytes=256 * 2**20) as pool:
        pids = [pool.call_now(keep_much) for _ in range(3)]

    assert not [fault for fault in pids if isinstance(fault, WorkerFault)]
    assert len(set(pids)) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_worker_that_once_took_much_is_replaced_before_the_next_call() -> None:
    """Else its peak would hide that of a later page, which would end for another reason than in another worker."""
    with Workers(1, memory_bytes=256 * 2**20) as pool:
        first, second = pool.call_now(take_much_and_give_it_back), pool.call_now(fail_short_of_memory)

    assert isinstance(first, int)
    assert second.reason == "extraction limit"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_where_a_process_may_have_too_little_memory_for_any_page_none_is_lost(tmp_path: Path) -> None:
    put(tmp_path, "a.warc.gz", story("https://quay.example/1", "One"))

    def import_within(megabytes: int) -> subprocess.CompletedProcess[str]:
        limit = f"ulimit -v {megabytes * 1_000_000 // 1024}"
        command = f"{limit}; exec {sys.executable} -m digest.cli import a.warc.gz --query eels"
        return subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )

    refused, done = import_within(600), import_within(820)

    assert (2, 0) == (refused.returncode, done.returncode), done.stderr
    assert "a process may have 599 MB of memory here (ulimit -v), and one that reads pages needs 812;" in refused.stderr
    assert done.stdout.startswith("1 kept")


def test_workers_share_what_they_were_given_with_all_their_calls() -> None:
    with Workers(1, shared={"a": 1}) as pool:
        assert {"a": 1} == pool.call_now(shared)


def test_workers_that_are_many_for_the_cores_are_given_more_time_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its part of a core only, and whether a page is read must not depend on how many there are."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    assert [70, 70, 490] == [Workers(processes, 10)._wall_seconds for processes in (1, 2, 16)]


def burn(seconds: float) -> float:
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass
    return seconds


def be_killed(once: str) -> str:
    """Be killed, as a system does that is short of memory; with a file to tell by, only the first time."""
    if not once or not Path(once).exists():
        if once:
            Path(once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def test_a_page_whose_worker_is_killed_has_another_try_and_no_third(tmp_path: Path) -> None:
    with Workers(1, 10.0, 512 * 2**20) as workers:
        assert workers.call_now(be_killed, str(tmp_path / "once")) == "done"
        fault = workers.call_now(be_killed, "")

    assert fault == WorkerFault("extraction limit", "its worker was killed twice, as systems short of memory do")


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_costs_no_page() -> None:
    with Workers(1) as workers:
        for number in range(4):
            idle = psutil.Process(workers.call_now(own_pid))
            family = [idle, idle.parent()]  # and the process that new ones are forked from
            for process in family[: 1 + number % 2]:
                assert process is not None
                process.kill()

            assert [0, 2, 4] == [workers.call_now(double, each) for each in range(3)]


def test_calls_that_a_pool_left_behind_when_it_broke_down_are_made_again() -> None:
    """Idle workers are killed while more is asked than the pipe to them holds."""
    page = b"x" * 200_000

    async def work(workers: Workers) -> list[object]:
        await asyncio.gather(*(workers.call(double, 1) for _ in range(2)))
        idle = [worker for worker in psutil.Process().children(recursive=True) if is_worker(worker)]
        for worker in idle:
            worker.suspend()
        calls = [asyncio.ensure_future(workers.call(len, page)) for _ in range(6)]
        await asyncio.sleep(0)
        for worker in idle:
            worker.kill()
        async with asyncio.timeout(20):
            return await asyncio.gather(*calls)

    with Workers(2) as workers:
        found = asyncio.run(work(workers))

    assert found == [len(page)] * 6


def test_a_pool_that_answers_nothing_any_more_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a worker was killed that held the lock of all: those that are there wait for it."""
    monkeypatch.setattr(crew, "_LOOK", 0.01)

    async def work(workers: Workers) -> list[object]:
        pid = await workers.call(own_pid)
        psutil.Process(pid).suspend()
        monkeypatch.setattr(crew, "_SPARE", -59.9)
        start = workers._start

        def with_time_again(module: str) -> crew.Crew:
            monkeypatch.setattr(crew, "_SPARE", 20.0)
            return start(module)

        monkeypatch.setattr(workers, "_start", with_time_again)
        async with asyncio.timeout(20):
            return await asyncio.gather(workers.call(double, 1), workers.call(double, 2))

    with Workers(1, wall_seconds=60) as workers:
        assert asyncio.run(work(workers)) == [2, 4]


def run_script(script: Path) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, script.parent)))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout, done.stderr


def is_worker(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is not None and parent.pid != os.getpid()


def test_whoever_is_killed_with_a_worker_or_its_fork_server_charges_no_page() -> None:
    ended = [ProcessExpired("Abnormal termination", code=code) for code in (255, 1)]  # 1: waited for a dead one's lock
    for error in (BrokenProcessPool("all workers expired"), *ended):
        tries, pauses = _Tries(), list[float]()
        while (pause := tries.pause(error)) is not None:
            pauses.append(pause)
        fault = Workers()._fault(error)
        verdict = judge(PAGE, fault.reason, fault.detail, until=None, now=NOW, tries=5)

        assert pauses[:3] == [0, 0, 0], "at once, as it is mostly over"
        assert len(pauses) == 8 <= sum(pauses) < 20
        assert (fault.reason, verdict.act) == ("workers died", "retry")


def test_a_page_that_ends_its_own_worker_is_charged() -> None:
    assert _Tries().pause(ProcessExpired("Abnormal termination", code=7)) is None


def test_stop_ends_the_workers() -> None:
    pool = Workers(1)
    pid = pool.call_now(own_pid)
    pool.stop()

    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert WorkerFault("extraction failed", "the workers were stopped") == pool.call_now(double, 1)


def test_a_script_without_a_main_guard_can_use_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
            import math
            from crawler.extract.workers import Workers
            print("started")
            pool = Workers(2)
            print([pool.call_now(math.factorial, n) for n in range(5)])
            pool.stop()
        """)
    )

    assert ("started\n[1, 1, 2, 6, 24]\n", "") == run_script(script)


@pytest.mark.skipif(sys.platform == "win32", reason="workers are forked")
def test_the_module_of_what_is_called_is_loaded_once_for_all_workers(tmp_path: Path) -> None:
    (tmp_path / "called.py").write_text(
        "import os\nloaded_in = os.getpid()\ndef pids():\n    return loaded_in, os.getpid()\n"
    )
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
            import called
            from crawler.extract.workers import Workers
            with Workers(1) as one, Workers(1) as another:
                print(*one.call_now(called.pids), *another.call_now(called.pids))
        """)
    )
    loaded_in, worker, loaded_for_another, another = run_script(script)[0].split()

    assert loaded_in == loaded_for_another
    assert len({loaded_in, worker, another}) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is of Linux")
def test_workers_die_with_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os, signal\nfrom crawler.extract.workers import Workers\npool = Workers(1)\n"
        "print(pool.call_now(os.getpid), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    pid = int(run_script(script)[0])
    deadline = time.monotonic() + 10
    while (
        time.monotonic() < deadline and psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    ):
        time.sleep(0.05)

    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
