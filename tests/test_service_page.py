"""The web page beside the service: served when it is asked for, again when it ends, and never in the way."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import psutil

from digest.page_process import PageProcess
from tests.service_sample import a_free_port, configure
from tests.test_service_process import alive, children, running, stop, until


def ask(port: int, path: str = "/healthz") -> int:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False, timeout=20).status_code
    except httpx.TransportError:
        return 0


def pages(process: psutil.Process) -> list[psutil.Process]:
    return [each for each in children(process) if "--beside" in each.cmdline()]


def test_the_service_serves_the_page_again_when_it_ends_and_ends_it_with_itself(tmp_path: Path) -> None:
    port, other = a_free_port(), a_free_port()
    configure(tmp_path, more=f"[web]\nserve = true\nport = {port}")
    with running(tmp_path) as process:
        family = psutil.Process(process.pid)
        until(lambda: ask(port) == 200, 60, tmp_path)
        (page,) = pages(family)
        page.kill()
        until(lambda: ask(port) == 200 and page not in pages(family), 60, tmp_path)
        (tmp_path / "config" / "presswatch.toml").write_text(
            (tmp_path / "config" / "presswatch.toml").read_text().replace(f"port = {port}", f"port = {other}")
        )
        process.send_signal(signal.SIGHUP)
        until(lambda: ask(other) == 200, 60, tmp_path)
        assert 0 == ask(port)
        left = pages(family)
        stop(process)

    assert [] == alive(left)
    log = (tmp_path / "log").read_text()
    assert f"web page: http://127.0.0.1:{port}/" in log
    assert f"web page: http://127.0.0.1:{other}/" in log
    assert "the web page ended with code -9" in log
    assert log.endswith("stopped\n")


def test_the_page_ends_with_a_service_that_is_killed(tmp_path: Path) -> None:
    port = a_free_port()
    configure(tmp_path, more=f"[web]\nport = {port}")
    with running(tmp_path, "--web") as process:
        until(lambda: ask(port) == 200, 60, tmp_path)
        left = pages(psutil.Process(process.pid))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        until(lambda: not alive(left), 20, tmp_path)

    assert 1 == len(left)


def test_a_service_serves_no_page_unasked(tmp_path: Path) -> None:
    configure(tmp_path, more="[web]\nserve = true")
    with running(tmp_path, "--no-web") as process:
        until(lambda: "presswatch runs" in (tmp_path / "log").read_text(), 60, tmp_path)
        stop(process)

    assert "web page" not in (tmp_path / "log").read_text()


def test_a_page_that_cannot_be_served_is_told_and_tried_again_ever_later() -> None:
    told: list[str] = []

    async def serve() -> None:
        page = PageProcess([sys.executable, "-c", "raise SystemExit(2)"], told.append, told.append, pause=0.01)
        page.serve_as("somehow")
        while len(told) < 4:
            await asyncio.sleep(0.01)
        await page.stop()

    asyncio.run(serve())
    assert "the web page ended with code 2; what it said stands in the log; it is served again in 0 s" == told[0]


def test_a_page_that_is_wanted_otherwise_again_and_again_is_served_as_wanted_last() -> None:
    told: list[str] = []
    program = "import sys; print('here', flush=True); sys.stdin.read()"

    async def serve() -> None:
        page = PageProcess([sys.executable, "-c", program], told.append, told.append)
        for settings in ("a", "b", "", "c", "c", "d"):
            page.serve_as(settings)
            await asyncio.sleep(0)
        while not told:
            await asyncio.sleep(0.01)
        await asyncio.wait_for(page.stop(), 20)

    asyncio.run(serve())
    assert ["web page: here"] == told


def test_a_program_that_is_not_there_is_told() -> None:
    told: list[str] = []

    async def serve() -> None:
        page = PageProcess(["/nowhere/presswatch"], told.append, told.append)
        page.serve_as("somehow")
        while not told:
            await asyncio.sleep(0.01)
        await page.stop()

    asyncio.run(serve())
    assert "cannot be started: No such file or directory" in told[0]
