"""`presswatch run` as the system runs it: in a process of its own, stopped, doubled and killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from crawler.archive import open_archive
from crawler.config import load
from digest import sample
from tests import warm
from tests.bench import mail_kills
from tests.commands import presswatch
from tests.service_sample import MailBox, a_plan, configure, mail_box, news

pytestmark = pytest.mark.timeout(120)


def just_past() -> str:
    """Give the time of a slot that is due since a moment, in TOML."""
    return f'"{datetime.now(UTC) - timedelta(minutes=2):%H:%M}"'


@contextmanager
def running(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Start the service; nothing of it outlives the test."""
    command = ("digest.cli", "--config", str(folder / "config"), "run", *options)
    with (folder / "log").open("a") as log:
        process = warm.module(*command, cwd=folder, text=True, log=log)
    family = psutil.Process(process.pid)
    try:
        yield process
    finally:
        for member in [*children(family), family]:
            with_luck(member.kill)
        process.wait()


def with_luck(act: Callable[[], object]) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return


def children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def alive(processes: list[psutil.Process]) -> list[str]:
    left = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                left.append(" ".join(process.cmdline()))
        except psutil.NoSuchProcess:
            continue
    return left


def until(true: Callable[[], object], seconds: float, folder: Path) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, (folder / "log").read_text()
        time.sleep(0.05)


def stop(process: subprocess.Popen[str]) -> float:
    """End the service in order; tell how long it took."""
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    return time.monotonic() - begin


def a_demo(folder: Path, port: int, box: MailBox) -> None:
    """Write the demo's configuration with one plan that has just become due."""
    sample.demo_config(folder / "config", port, folder)
    with (folder / "config" / "presswatch.toml").open("a") as file:
        file.write(f'\n[mail]\nfrom = "desk@press.test"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n')
    (folder / "config" / "digests.toml").write_text(a_plan(at=just_past(), empty='"send"'))


def test_the_service_crawls_makes_the_digest_and_sends_it(tmp_path: Path) -> None:
    press = sample.demo_press(datetime.now(UTC))
    with mail_box() as box, sample.serve(press) as server:
        a_demo(tmp_path, server.port, box)
        with running(tmp_path) as process:
            until(lambda: box.taken, 60, tmp_path)
            family = children(psutil.Process(process.pid))
            seconds = stop(process)

    assert seconds < 5
    assert [] == alive(family)
    assert ["ann@reader.test"] == [recipient for recipient, _ in box.taken]
    assert (tmp_path / "digests" / "morning" / "index.html").is_file()
    with open_archive(load(tmp_path / "config").press.archive) as archive:
        (edition,) = archive.editions.list()
        runs = {run.job.partition(":")[0]: run.state for run in archive.runs.list()}
        assert archive.articles.count() > 30
    assert {"crawl": "done", "digest": "done"} == runs
    assert "stories" in edition.content
    log = (tmp_path / "log").read_text()
    assert "crawl: " in log
    assert log.endswith("stopped\n")


@pytest.mark.parametrize("options", [(), ("--once",)])
def test_a_stop_during_a_crawl_leaves_no_process(tmp_path: Path, options: tuple[str, ...]) -> None:
    press = sample.demo_press(datetime.now(UTC))
    with mail_box() as box, sample.serve(press) as server:
        a_demo(tmp_path, server.port, box)
        server.rule("*", delay=30.0)
        server.rule("*", "/robots.txt")
        with running(tmp_path, *options) as process:
            until(lambda: server.log, 30, tmp_path)
            family = children(psutil.Process(process.pid))
            seconds = stop(process)
            time.sleep(0.2)

    assert family
    assert seconds < 15
    assert [] == alive(family)


def test_a_mail_server_that_hangs_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        configure(tmp_path, a_plan(at=just_past()), mail=silent.getsockname()[1])
        news(tmp_path)
        with running(tmp_path) as process:
            silent.settimeout(30)
            connection, _ = silent.accept()
            seconds = stop(process)
            connection.close()

    assert seconds < 12


def test_a_second_instance_ends_with_4_and_a_killed_one_is_in_nobodys_way(tmp_path: Path) -> None:
    configure(tmp_path)
    with running(tmp_path) as process:
        until(lambda: "presswatch runs" in (tmp_path / "log").read_text(), 20, tmp_path)
        second = presswatch(tmp_path, "run", code=4)
        once = presswatch(tmp_path, "run", "--once", code=4)
        process.kill()
        process.wait()
    presswatch(tmp_path, "run", "--once")

    assert f"process {process.pid}) runs on this archive already" in second.stderr
    assert second.stderr == once.stderr


def test_once_twice_does_nothing_twice(tmp_path: Path) -> None:
    with mail_box() as box:
        configure(tmp_path, a_plan(at=just_past()), mail=box.port)
        news(tmp_path)
        first = presswatch(tmp_path, "run", "--once")
        second = presswatch(tmp_path, "run", "--once")

    assert "made, edition 1" in first.stderr
    assert "2 deliveries sent" in first.stderr
    assert "" == second.stderr
    assert ["ann@reader.test"] == [recipient for recipient, _ in box.taken]


def test_once_ends_with_3_when_a_delivery_failed(tmp_path: Path) -> None:
    with mail_box() as box:
        box.refused = {"ann@reader.test": "550 unknown"}
        configure(tmp_path, a_plan(at=just_past()), mail=box.port)
        news(tmp_path)
        done = presswatch(tmp_path, "run", "--once", code=3)

    assert "ann@reader.test (email): ann@reader.test: 127.0.0.1 answered 550 unknown; given up" in done.stderr


@pytest.mark.timeout(400)
@pytest.mark.parametrize("way", ["run --once", "digest make, digest send"])
def test_killed_at_any_point_no_mail_is_lost_no_edition_doubled_and_what_comes_twice_is_the_same(way: str) -> None:
    """The first twenty of the two hundred of ``python -m tests.bench.mail_kills``, half of them each way."""
    deaths = mail_kills.many(10, [way], random.Random(20261123), real=False)

    assert [] == [death for death in deaths if not death.sound]
    assert {death.place for death in deaths} & {"between mails", "before the first mail"}
    assert 10 == len(deaths)


def test_a_mail_whose_sender_was_killed_before_he_heard_of_it_comes_again_the_same(tmp_path: Path) -> None:
    with mail_box() as box:
        configure(tmp_path, a_plan(at=just_past()), mail=box.port)
        news(tmp_path)
        with running(tmp_path, "--once") as process:
            box.when_taken = process.kill
            process.wait(30)
        box.when_taken = lambda: None
        presswatch(tmp_path, "run", "--once")

    assert 2 == len(box.taken)
    assert 1 == len(set(box.taken))
    assert 1 == len(set(box.bodies))


def test_hup_reads_the_configuration_again(tmp_path: Path) -> None:
    configure(tmp_path)
    plans = tmp_path / "config" / "digests.toml"
    log = tmp_path / "log"
    with running(tmp_path) as process:
        until(lambda: "presswatch runs" in log.read_text(), 20, tmp_path)
        time.sleep(0.3)
        plans.write_text('[morning]\nat = "noon"\n')
        os.kill(process.pid, signal.SIGHUP)
        until(lambda: "the old one stays" in log.read_text(), 10, tmp_path)
        plans.write_text(a_plan(at=just_past(), recipients="[]", empty='"send"'))
        os.kill(process.pid, signal.SIGHUP)
        until(lambda: "made, edition 1" in log.read_text(), 10, tmp_path)
        stop(process)

    assert "morning.at" in log.read_text()


def test_modules_of_the_folder_of_a_user_stay_out_of_the_service(tmp_path: Path) -> None:
    press = sample.demo_press(datetime.now(UTC))
    for name in ("digest", "crawler", "lxml", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    with mail_box() as box, sample.serve(press) as server:
        a_demo(tmp_path, server.port, box)
        server.fail("*", status=503)
        done = presswatch(tmp_path, "run", "--once", cold=True)

    assert "crawl: 0 kept of 0 fetched" in done.stderr
