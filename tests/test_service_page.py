"""The web page beside the service: served when it is asked for, again when it ends, and never in the way."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from digest.page_process import PageProcess
from digest.schedule import Service
from tests.service_sample import a_free_port, configure
from tests.test_service_process import alive, children, running, until


def ask(port: int) -> int:
    """Ask the page how it is; 0 when nobody answers."""
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        line.close()


def pages(process: psutil.Process) -> list[psutil.Process]:
    return [each for each in children(process) if any("--beside" in command for command in alive([each]))]


def test_the_service_serves_the_page_as_configured_now_and_it_ends_even_with_a_service_that_is_killed(
    tmp_path: Path,
) -> None:
    port, other = a_free_port(), a_free_port()
    configure(tmp_path, more=f"[web]\nserve = true\nprocesses = 1\nport = {port}")
    with running(tmp_path) as process:
        until(lambda: ask(port) == 200, 60, tmp_path)
        configure(tmp_path, more=f"[web]\nserve = true\nprocesses = 2\nport = {other}")
        process.send_signal(signal.SIGHUP)
        until(lambda: ask(other) == 200, 60, tmp_path)
        assert 0 == ask(port)
        until(lambda: len(pages(psutil.Process(process.pid))) == 3, 60, tmp_path)  # two, and the one that keeps them
        left = pages(psutil.Process(process.pid))
        process.kill()
        process.wait()
        until(lambda: not alive(left), 20, tmp_path)

    log = (tmp_path / "log").read_text()
    assert f"web page: http://127.0.0.1:{port}/" in log
    assert f"web page: http://127.0.0.1:{other}/" in log


def test_a_service_that_is_told_so_serves_no_page(tmp_path: Path) -> None:
    config = configure(tmp_path, more="[web]\nserve = true\nprocesses = 1")

    async def run(web: bool | None) -> list[psutil.Process]:
        service = Service(config.folder, config.press.archive, config, web=web)
        task = asyncio.create_task(service.run())
        await asyncio.sleep(0.3)
        left = pages(psutil.Process())
        os.kill(os.getpid(), signal.SIGTERM)
        await task
        return left

    assert [0, 1] == [len(asyncio.run(run(web))) for web in (False, None)]
    assert [] == pages(psutil.Process())


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


def test_a_page_that_is_killed_is_served_again() -> None:
    said: list[str] = []
    complained: list[str] = []
    program = "import os; print(os.getpid(), flush=True); input()"

    async def serve() -> None:
        page = PageProcess([sys.executable, "-c", program], said.append, complained.append, pause=0.01)
        page.serve_as("somehow")
        while not said:
            await asyncio.sleep(0.01)
        psutil.Process(int(said[0].split()[-1])).kill()
        while len(said) < 2:
            await asyncio.sleep(0.01)
        await page.stop()

    asyncio.run(serve())
    assert ["the web page ended with code -9"] == [each.partition(";")[0] for each in complained]
    assert not psutil.pid_exists(int(said[1].split()[-1]))


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
