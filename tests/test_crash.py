"""What must not cost an article: kill -9 at any moment, a full disk, other crawls and writers at the same time."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from crawler.archive import Archive, Kept, open_archive
from crawler.archive.sqlite import open_store
from crawler.config import load
from crawler.errors import ArchiveError, ArchiveFull, Locked
from crawler.records import Source
from digest.checkup import _room as examine_room
from digest.locks import only_instance, only_sender
from digest.sample.press import Item, Outlet
from digest.schedule import Service
from tests.archive_sample import NOW, article, entries
from tests.bench import writers
from tests.bench.kills import Nursery, play
from tests.desk import invoke
from tests.loopback import Reply, Web, address, configure, end_visit, outlet, start_visit
from tests.loopback import article as page
from tests.press import Press
from tests.service_sample import address as service_address
from tests.service_sample import configure as configure_service

HOSTS = ("a", "b", "c", "d")


def small_press(hosts: int, pages: int) -> Press:
    """Make invented outlets whose pages are quick to read."""
    outlets = []
    for number in range(hosts):
        host = f"outlet{number}.example"
        items = tuple(
            Item(f"/news/{each}", f"Report {each}", page=page(f"{host} {each}", f"Text {each} of {host}. ").encode())
            for each in range(pages)
        )
        homepage = f"http://{host}/"
        source = Source(key=f"outlet{number}", name=host, homepage=homepage, feeds=(f"{homepage}rss.xml",))
        outlets.append(Outlet(source, items))
    press = Press(outlets)
    press.pages = []
    return press


def served(press: Press) -> list[str]:
    return [each.url(item.target) for each in press.outlets for item in each.items]


def test_killed_crawls_lose_nothing_and_keep_nothing_twice(tmp_path: Path) -> None:
    """Kill -9 at random moments; the time is moved on between the crawls, past the leases of the dead."""
    kills = int(os.environ.get("PRESSWATCH_KILLS", "20"))
    press = small_press(hosts=4, pages=4 * kills)
    with Nursery() as nursery:
        played = play(nursery, tmp_path / "press", press, kills, random.Random(7), 12, addresses=served(press))

    assert played.kills == kills
    assert played.counts == {"stored": 4 * 4 * kills}
    assert played.lost == []
    assert played.twice == 0
    assert played.again <= played.in_flight
    assert played.integrity == "ok"


def test_two_crawls_never_ask_a_host_at_once_or_too_soon(tmp_path: Path) -> None:
    """As the server saw it: from the end of an answer to the next request of whichever crawl."""
    pages = {f"/{number}": Reply(page(f"Page {number}", f"Page {number}. ")) for number in range(20)}
    with Web(**{host: outlet(host, pages) for host in HOSTS}) as web:
        folder = configure(tmp_path, web, *HOSTS, crawl='delay = "0.25s"')
        with open_archive(address(folder)) as archive:
            archive.sources.sync(load(folder).sources.values(), NOW)
            for host in HOSTS:
                archive.pages.queue(host, entries(*(f"http://{host}.example{path}" for path in pages)), NOW)
        reports = [end_visit(visit) for visit in [start_visit(folder), start_visit(folder)]]
        asked = {host: [seen for seen in web.seen if seen.host == f"{host}.example"] for host in HOSTS}
    fetched = {(host, path): [1 for seen in asked[host] if seen.path == path] for host in HOSTS for path in pages}
    gaps = [after.began - before.ended for seen in asked.values() for before, after in pairwise(seen)]

    assert sum(report[host]["kept"] for report in reports for host in HOSTS) == 80
    assert all(any(report[host]["fetched"] for host in HOSTS) for report in reports)
    assert all(len(times) == 1 for times in fetched.values())
    # The server notes the end of an answer a little after the crawl has it.
    assert min(gaps) > 0.24


def test_four_writers_at_once_never_lock_each_other_out(tmp_path: Path) -> None:
    """Each keeps articles one by one, and queues a long list."""
    errors, kept, queued, _ = writers.run(tmp_path, 60)

    assert (errors, kept, queued) == (0, 240, 20_000)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a small disk, or skip with the reason."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small disk to fill can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_crawl_on_a_full_disk_waits_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    pages = {f"/{number}": Reply(page(f"Page {number}", f"Page {number}. ")) for number in range(40)}
    with small_disk(tmp_path / "disk", "12m") as disk, Web(a=outlet("a", pages), b=outlet("b", pages)) as web:
        folder = configure(disk, web, "a", "b", crawl='delay = "0.02s"')
        open_archive(address(folder)).close()
        ballast = disk / "ballast"
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        ballast.write_bytes(b"\0" * (free - 1_500_000))
        visit = start_visit(folder)
        assert visit.stderr is not None
        told = visit.stderr.readline()
        with open_archive(address(folder), read_only=True) as archive:
            before = archive.articles.many(range(1, 100))
        alive = visit.poll() is None
        ballast.unlink()
        report = end_visit(visit)
        with closing(open_store(address(folder))) as store:
            integrity = store.value("PRAGMA integrity_check")
        with open_archive(address(folder)) as archive:
            after = archive.articles.many(range(1, 100))
            counts = archive.pages.counts()

    assert "no room left on its disk" in told
    assert "everything committed is safe" in told
    assert "waiting for room" in told
    assert alive
    assert report["outcome"] == "finished"
    assert counts == {"a": {"stored": 40}, "b": {"stored": 40}}
    assert [each.url for each in before] == [each.url for each in after[: len(before)]]
    assert len(after) == 80
    assert integrity == "ok"


def test_an_archive_on_a_full_disk_can_be_backed_up_to_another(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        with open_archive(address(disk)) as archive:
            archive.articles.keep([Kept(article())], NOW)
        (disk / "ballast").write_bytes(b"\0" * (os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize))
        with open_archive(address(disk), read_only=True) as archive:
            archive.backup(tmp_path / "archive.db")

    with open_archive(address(tmp_path), read_only=True) as archive:
        assert archive.articles.count() == 1


def test_a_full_disk_leaves_what_is_committed_and_takes_more_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk, open_archive(address(disk)) as archive:
        kept = fill(archive)
        found = archive.articles.count()
        archive.shrink_log()
        subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
        archive.articles.keep([Kept(article("https://herald.test/more", text="more"))], NOW)

        assert found == kept > 0
        assert archive.articles.count() == kept + 1


def fill(archive: Archive) -> int:
    """Keep articles until the disk is full, and tell how many were kept."""
    for number in range(1000):
        text = "".join(random.Random(number).choices("abcdefghij \n", k=60_000))
        try:
            archive.articles.keep([Kept(article(f"https://herald.test/{number}", text=text))], NOW)
        except ArchiveError as error:
            assert "no room left on its disk" in str(error)  # noqa: PT017
            return number
    raise AssertionError("the disk was never full")


def fill_up(disk: Path) -> Path:
    """Leave no byte free on a disk, and give the file that takes them."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    assert os.statvfs(disk).f_bavail == 0
    return ballast


@pytest.mark.parametrize("merged", [True, False])
def test_an_archive_on_a_full_disk_is_read(tmp_path: Path, merged: bool) -> None:
    """Also what a killed crawl left in the log beside it, without which the last articles would be missing."""
    long = "harbour " + "".join(random.Random(1).choices("abcdefghij \n", k=200_000))  # has no room in the file itself
    with small_disk(tmp_path / "disk", "8m") as disk:
        with open_archive(address(tmp_path)) as archive:
            archive.articles.keep([Kept(article("https://herald.test/a", text=long))], NOW)
            if merged:
                archive.shrink_log()
            else:
                shutil.copy(tmp_path / "archive.db-wal", disk / "archive.db-wal")
            shutil.copy(tmp_path / "archive.db", disk / "archive.db")
        ballast = fill_up(disk)
        for _ in range(2):
            with open_archive(address(disk), read_only=True) as archive:
                found = archive.search("harbour", now=NOW).hits
                with pytest.raises(ArchiveError, match="cannot be written to"):
                    archive.sources.pause("herald", NOW)

            assert len(found) == 1
            for command in ("status", "story list", "search harbour"):
                done = invoke("--archive", address(disk), *command.split())

                assert done.exit_code == 0, (command, done.output)
        with pytest.raises(ArchiveFull, match="no room left on its disk"):
            open_archive(address(disk))
        ballast.unlink()
        with open_archive(address(disk)) as archive:
            assert archive.articles.count() == 1


def test_a_disk_that_takes_no_file_more_is_full(tmp_path: Path) -> None:
    """It has bytes enough, and is read as a full one is."""
    with small_disk(tmp_path / "disk", "8m,nr_inodes=3") as disk:
        with open_archive(address(tmp_path)) as archive:
            archive.articles.keep([Kept(article("https://herald.test/a", text="harbour"))], NOW)
        shutil.copy(tmp_path / "archive.db", disk / "archive.db")
        ballast = disk / "ballast"
        ballast.touch()
        with pytest.raises(ArchiveFull, match="no room left on its disk"):
            open_archive(address(disk))
        with open_archive(address(disk), read_only=True) as archive:
            found = archive.search("harbour", now=NOW).hits
            with pytest.raises(ArchiveFull), only_sender(archive, 0):
                pass
        told = [finding for finding in examine_room(disk / "archive.db") if finding.grade == "error"]
        ballast.unlink()

        assert len(found) == 1
        assert ["disk"] == [finding.subject for finding in told]


def test_a_quota_that_is_used_up_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite calls it a failed disk, and the disk itself has room for others."""
    with open_archive(address(tmp_path)) as archive:
        fault = sqlite3.OperationalError("disk I/O error")
        fault.sqlite_errorcode = sqlite3.SQLITE_IOERR | 3 << 8
        assert type(archive._store.explain(fault)) is ArchiveError

        monkeypatch.setattr(tempfile, "TemporaryFile", QuotaFile)
        assert type(archive._store.explain(fault)) is ArchiveFull
    assert ["disk"] == [finding.subject for finding in examine_room(tmp_path / "archive.db")]


class QuotaFile(BytesIO):
    """A file whose owner may write no more."""

    def __init__(self, **_options: object) -> None:
        super().__init__()

    def write(self, _data: object) -> int:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")


def test_a_crawl_that_begins_on_a_full_disk_waits_for_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "12m") as disk, Web(a=outlet("a", {"/1": Reply(page("One", "One. "))})) as web:
        folder = configure(disk, web, "a", crawl='delay = "0.02s"')
        open_archive(address(folder)).close()
        ballast = fill_up(disk)
        visit = start_visit(folder)
        assert visit.stderr is not None
        told = visit.stderr.readline()
        with open_archive(address(folder), read_only=True) as archive:
            read = archive.articles.count()
        alive = visit.poll() is None
        ballast.unlink()
        report = end_visit(visit)
        with open_archive(address(folder)) as archive:
            counts = archive.pages.counts()

    assert "no room left on its disk" in told
    assert "waiting for room" in told
    assert (read, alive) == (0, True)
    assert report["outcome"] == "finished"
    assert counts == {"a": {"stored": 1}}


def test_a_service_that_begins_on_a_full_disk_waits_for_room_and_tells_it_once(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        open_archive(address(disk)).close()
        ballast = fill_up(disk)
        with pytest.raises(ArchiveFull):
            only_instance(address(disk)).__enter__()
        said: list[str] = []
        waits: list[float] = []

        def wait(seconds: float) -> None:
            with pytest.raises(Locked):  # nobody else begins to wait
                only_instance(address(disk), wait=waits.append).__enter__()
            waits.append(seconds)
            if len(waits) == 3:
                ballast.unlink()

        with only_instance(address(disk), wait=wait, say=said.append), open_archive(address(disk)) as archive:
            counts = archive.pages.counts()

    assert counts == {}
    assert len(waits) == 3
    assert len(said) == 2
    assert "no room left on its disk" in said[0]
    assert "waiting for room" in said[0]
    assert "there is room again" in said[1]


def test_a_service_whose_disk_fills_tells_it_once_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        config = configure_service(disk)
        said: list[str] = []
        noticed: list[str] = []

        def say(line: str) -> None:
            (noticed if "MB are free beside the archive" in line else said).append(line)

        service = Service(disk / "config", service_address(disk), config, lambda: NOW, say, beat=0.01)
        open_archive(service_address(disk)).close()
        ballast = fill_up(disk)

        async def beats() -> None:
            begun = asyncio.create_task(service.once())
            while not said:
                await asyncio.sleep(0.01)
            ballast.unlink()
            await begun
            at_first = len(said)
            fill_up(disk)
            for _ in range(3):
                await service.do_all()
            ballast.unlink()
            await service.do_all()
            assert at_first == 2

        asyncio.run(beats())

    assert len(noticed) == 1  # a disk of 8 MB never has enough
    assert len(said) == 4
    for full, going_on in (said[:2], said[2:]):
        assert "waiting for room" in full
        assert going_on == "there is room again; going on"


def test_leases_in_hand_are_renewed_before_work_goes_on(tmp_path: Path) -> None:
    """Whoever waited for room longer than its leases last still owns its pages."""
    lease = timedelta(seconds=90)
    with open_archive(address(tmp_path)) as archive:
        archive.pages.queue("herald", entries("https://herald.test/a"), NOW)
        leased = archive.pages.lease(NOW, lease)
        assert leased is not None
        late = NOW + timedelta(seconds=200)
        archive.pages.renew([leased.page], late + lease)

        assert archive.pages.lease(late, lease) is None
