"""Crawls that are interrupted, that meet another one, or that are the first in an archive."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from crawler.archive import Archive, open_archive
from tests import warm
from tests.loopback import Reply, Web, article, configure, outlet


def kept(folder: Path) -> Archive:
    return open_archive(f"sqlite:///{folder / 'presswatch.db'}")


def start_crawl(folder: Path) -> subprocess.Popen[bytes]:
    return warm.module("digest.cli", "crawl", "--json", cwd=folder)


def test_a_crawl_that_is_interrupted_reports_and_gives_back_its_leases(tmp_path: Path) -> None:
    pages = {f"/{number}": Reply(article(f"Page {number}")) for number in range(40)}
    with Web(calm=outlet("calm", pages)) as web:
        configure(tmp_path / "config", web, "calm", crawl='delay = "0.1s"')
        with start_crawl(tmp_path) as process:
            deadline = time.monotonic() + 60
            while len(web.asked("calm")) < 6 and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    with kept(tmp_path) as archive:
        counts = archive.pages.counts()

    assert process.returncode in (0, 130)
    assert b"Traceback" not in err
    assert json.loads(out)["outcome"] == "signal"
    assert counts["calm"]["stored"] + counts["calm"]["queued"] == 40


def test_two_crawls_at_once_in_a_new_archive_keep_each_page_once(tmp_path: Path) -> None:
    pages = {f"/{number}": Reply(article(f"Page {number}", f"Text {number}. ")) for number in range(6)}
    names = ("a", "b", "c")
    with Web(**{name: outlet(name, pages) for name in names}) as web:
        configure(tmp_path / "config", web, *names, crawl='delay = "0.02s"')
        processes = [start_crawl(tmp_path) for _ in range(2)]
        reports = []
        for process in processes:
            with process:
                out, err = process.communicate(timeout=60)
            assert process.returncode == 0, err
            reports.append(json.loads(out))
        asked = [(seen.host, seen.path) for seen in web.seen if seen.path[1:].isdigit()]
    with kept(tmp_path) as archive:
        counts = archive.pages.counts()

    assert counts == {name: {"stored": 6} for name in names}
    assert sum(report["totals"]["kept"] for report in reports) == 18
    assert len(asked) == len(set(asked)) == 18


def test_an_archive_is_made_in_the_development_mode_of_python(tmp_path: Path) -> None:
    with Web() as web:
        configure(tmp_path / "config", web)
    command = [sys.executable, "-X", "dev", "-P", "-m", "digest.cli", "watch", "list", "--json"]
    together = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    for process in together:
        with process:
            out, err = process.communicate(timeout=60)

        assert process.returncode == 0, err
        assert json.loads(out)["watches"][0]["name"] == "harbour"
