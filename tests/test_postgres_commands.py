"""What a user does with an archive on PostgreSQL, command by command; the password of its address is shown nowhere."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import open_archive
from crawler.config import load
from crawler.errors import Locked
from digest import locks
from digest.unit import Installation, write_unit
from tests import commands
from tests.databases import Server
from tests.loopback import Reply, Web, article, configure, outlet
from tests.test_web import Browser

pytestmark = pytest.mark.timeout(300)
SECRET = "sesame-opens-nothing"
PLAN = '[morning]\nat = "07:00"\nwatches = ["harbour"]\n'


@dataclass
class Desk:
    """A folder with a configuration, and an archive on a server."""

    folder: Path
    url: str

    def do(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        options = ("--config", str(self.folder / "config"), "--archive", self.url)
        done = commands.presswatch(self.folder, *options, *arguments, code=code)
        assert SECRET not in done.stdout + done.stderr, done
        return done


@pytest.fixture(scope="module")
def desk(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a desk whose archive has crawled two outlets."""
    folder, bare = tmp_path_factory.mktemp("desk"), postgres.empty()
    url = postgres.user("owner_of_it", SECRET, bare)
    postgres.query(f"ALTER DATABASE {bare.partition('?')[0].rpartition('/')[2]} OWNER TO owner_of_it")
    pages = {f"/{number}": Reply(article(f"Harbour news {number}")) for number in range(3)}
    with Web(a=outlet("a", pages, *pages), b=outlet("b", pages, "/1")) as web:
        (configure(folder / "config", web, "a", "b", crawl='delay = "0s"') / "digests.toml").write_text(PLAN)
        found = Desk(folder, url)
        found.do("crawl", "--all")
        yield found
    postgres.drop(bare)


def test_what_was_crawled_is_found_shown_and_counted(desk: Desk) -> None:
    found = json.loads(desk.do("search", "harbour", "--json").stdout)
    shown = desk.do("show", str(found["articles"][0]["id"])).stdout

    assert found["total"] == len(found["articles"]) >= 3
    assert "Harbour news" in shown
    assert "a" in desk.do("stats", "harbour", "--by", "source").stdout
    assert json.loads(desk.do("story", "list", "--json").stdout)["stories"]
    assert "harbour" in desk.do("watch", "list").stdout


def test_status_and_doctor_tell_of_the_server(desk: Desk) -> None:
    assert "a" in desk.do("status").stdout
    told = desk.do("doctor", code=None).stdout

    assert "PostgreSQL 1" in told
    assert "postgresql://owner_of_it@/" in told


def test_articles_are_exported_and_pruned(desk: Desk) -> None:
    desk.do("export", "harbour", "--format", "jsonl", "-o", "out.jsonl")

    assert len((desk.folder / "out.jsonl").read_text().splitlines()) >= 3
    desk.do("prune", "--dry-run")


def test_a_backup_is_refused_with_the_remedy(desk: Desk) -> None:
    assert "pg_dump" in desk.do("backup", "copy.db", code=2).stderr
    assert not (desk.folder / "copy.db").exists()


def test_a_source_is_paused_and_resumed(desk: Desk) -> None:
    desk.do("source", "pause", "a")
    assert "paused" in desk.do("source", "list").stdout
    desk.do("source", "resume", "a")


def test_a_digest_is_made_and_shown(desk: Desk) -> None:
    desk.do("digest", "preview", "morning", "-o", "morning.html")
    desk.do("digest", "make", "morning")

    assert "Harbour news" in (desk.folder / "morning.html").read_text()
    assert "morning" in desk.do("digest", "list").stdout


def test_an_article_is_forgotten(desk: Desk) -> None:
    before = json.loads(desk.do("search", "", "--json").stdout)
    gone = before["articles"][-1]
    desk.do("forget", str(gone["id"]))

    assert before["total"] - 1 == json.loads(desk.do("search", "", "--json").stdout)["total"]
    assert "there is no such article" in desk.do("show", str(gone["id"]), code=2).stderr


@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/article/2", "/sources", "/watches", "/digests"])
def test_pages_are_served(desk: Desk, path: str) -> None:
    page = Browser(desk.url, datetime.now(UTC)).page(path)

    assert SECRET not in page
    assert "<main" in page


def test_one_service_leads_on_all_machines(desk: Desk) -> None:
    assert locks.holder(desk.url) is None
    with locks.only_instance(desk.url):
        held = locks.holder(desk.url)
        with pytest.raises(Locked, match=r"presswatch \(process \d+ on .* runs on this archive already") as error:
            locks.only_instance(desk.url).__enter__()
        locks.beat(desk.url)
        beating = locks.holder(desk.url)

        assert held is not None
        assert beating is not None
        assert held.beat < beating.beat
        assert SECRET not in str(error.value)
        assert 4 == desk.do("run", "--once", code=4).returncode
    assert locks.holder(desk.url) is None


def test_a_leader_whose_connection_was_ended_takes_the_lock_again_or_stops(desk: Desk, postgres: Server) -> None:
    ended = "SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE locktype = 'advisory' AND objsubid = 2"
    with locks.only_instance(desk.url):
        postgres.query(ended, desk.url)
        assert locks.holder(desk.url) is None
        locks.beat(desk.url)
        assert locks.holder(desk.url) is not None

        first = locks._leading.pop(desk.url)
        postgres.query(ended, desk.url)
        with locks.only_instance(desk.url):
            assert not first.beat()
        locks._leading[desk.url] = first


def test_one_sends_at_a_time(desk: Desk) -> None:
    with (
        open_archive(desk.url) as archive,
        locks.only_sender(archive, 0),
        pytest.raises(Locked, match="is sending from this archive now"),
    ):
        locks.only_sender(archive, 0.2).__enter__()


def test_a_unit_names_the_archive_without_its_password(desk: Desk) -> None:
    unit = write_unit(Installation(["presswatch"], desk.folder, desk.url, "press"), load(desk.folder / "config"))

    assert "--archive postgresql://owner_of_it@" in unit.replace('"', "")
    assert SECRET not in unit
