"""What workers do besides visits: imports of WARC files, raw pages read again, digests and stories."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from procrastinate.jobs import Job

from crawler.acts import Stopping
from crawler.archive import Archive, Kept, open_archive
from crawler.archive.away import PAUSE
from crawler.archive.runs import of_plan
from crawler.config import load
from crawler.enqueueing import CRAWL, DIGEST, enqueue_imports, enqueue_reextraction, take_back
from crawler.errors import ArchiveAway, ArchiveBusy, ArchiveFull
from crawler.importing import Wanted
from crawler.places import most_long
from crawler.raw import RawFolder, RawPage
from crawler.records import Article
from crawler.work import _LaterAgain
from digest import condition, incidents, working
from digest.plans import Slot
from digest.schedule import Service
from digest.web import application
from digest.web.call import Visitor
from tests import warm
from tests.commands import answer, presswatch
from tests.databases import Server
from tests.loopback import article
from tests.newsroom import Visit, words
from tests.service_sample import ALL_DAY, a_plan, configure, store_news
from tests.warc_sample import put, story

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Desk:
    """A folder with a configuration, an archive on PostgreSQL, and workers on it."""

    folder: Path
    url: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str, command: Sequence[str] = ("worker", "--silent", "2")) -> subprocess.Popen[bytes]:
        """Start a worker."""
        log = (self.folder / f"worker{len(self.workers)}.log").open("wb")
        command = ["--archive", self.url, *command, *arguments]
        with log:
            environment = {**os.environ, "NO_COLOR": "1"}
            self.workers.append(warm.module("digest.cli", *command, cwd=self.folder, env=environment, log=log))
        return self.workers[-1]

    def run(self, *arguments: str) -> str:
        return presswatch(self.folder, "--archive", self.url, *arguments).stdout

    def told(self) -> str:
        """Say what the workers wrote into their logs."""
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("worker*.log")))

    def wait(self, until: Callable[[Archive], bool], seconds: float = 60.0) -> None:
        """Wait until something is true of the archive."""

        def is_true() -> bool:
            with open_archive(self.url) as archive:
                return until(archive)

        self.until(is_true, seconds)

    def until(self, is_true: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until something is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if is_true():
                return
            time.sleep(0.1)
        raise AssertionError(f"it did not happen within {seconds:.0f} s: {self.told()}")


@pytest.fixture
def desk(tmp_path: Path, postgres: Server) -> Iterator[Desk]:
    url = postgres.new()
    configure(tmp_path, a_plan(**ALL_DAY), more="[crawl]\nby_workers = true\nworkers = 1\n")
    desk = Desk(tmp_path, url)
    yield desk
    for worker in desk.workers:
        if worker.poll() is None:
            worker.kill()
            worker.wait()
    postgres.drop(url)


@pytest.fixture
def away(desk: Desk) -> tuple[Desk, Callable[[], None]]:
    """Give a desk whose server is away, and what brings the server back: the folder of its socket."""
    folder, there = desk.url.partition("host=")[2], desk.folder / "there"
    return replace(desk, url=desk.url.replace(folder, str(there))), lambda: there.symlink_to(folder)


def all_imported(archive: Archive) -> bool:
    return not archive.work().queues and all(each.ended for each in archive.imports.last())


def test_workers_import_the_files_that_are_left_to_them(desk: Desk) -> None:
    for name in ("a", "b"):
        put(
            desk.folder,
            f"{name}.warc.gz",
            *(story(f"https://quay.example/{name}/{n}", f"{name} {n}") for n in range(3)),
        )
    left = ["import", "a.warc.gz", "b.warc.gz", "--by-workers", "--query", "b"]

    assert "2 files wait for workers;" in desk.run(*left)
    assert "2 files wait for workers, 2 of them already;" in desk.run(*left)

    desk.start("--queues", "warc")
    desk.wait(all_imported)
    told = answer(desk.folder, "--archive", desk.url, "status", "--json", schema="status")

    with open_archive(desk.url) as archive:
        assert {f"https://quay.example/b/{n}" for n in range(3)} == {
            each.url for each in archive.articles.many(range(1, 9))
        }
    assert {("a.warc.gz", 0), ("b.warc.gz", 3)} == {(each["name"], each["counts"]["kept"]) for each in told["imports"]}
    assert all(each["read"] == each["size"] for each in told["imports"])
    assert "a.warc.gz: done" in desk.run("status")
    assert "0 kept, 0 completed, 0 known already, 3 no article" in desk.told()


def test_a_file_of_which_something_else_is_wanted_waits_once_more(desk: Desk) -> None:
    put(desk.folder, "a.warc.gz", story("https://quay.example/1", "One"), story("https://quay.example/2", "Two"))
    left = ["import", "a.warc.gz", "--by-workers", "--query"]

    assert "1 file waits for workers;" in desk.run(*left, "one")
    assert "1 file waits for workers;" in desk.run(*left, "two")
    assert "1 file waits for workers, 1 of them already;" in desk.run(*left, "two")

    desk.start("--queues", "warc")
    desk.wait(all_imported)
    with open_archive(desk.url) as archive:
        assert 2 == archive.articles.count()


def test_news_goes_before_years_of_old_news(desk: Desk) -> None:
    with open_archive(desk.url) as archive:
        enqueue_imports(archive, [desk.folder / "a.warc.gz"], Wanted(), source="", again=False)
        enqueue_reextraction(archive, ["herald"], None)
        archive.jobs.add(CRAWL, {"herald": 0})
        first = archive._store.row("SELECT queue_name FROM procrastinate_fetch_job_v2(NULL, NULL)")

    assert ("crawl",) == first


def test_only_warc_files_are_left_to_workers(desk: Desk) -> None:
    (desk.folder / "lines.jsonl").write_text('{"title": "Eels", "text": "Eels are back."}\n')
    done = presswatch(desk.folder, "--archive", desk.url, "import", "lines.jsonl", "--by-workers", code=2)

    assert "--by-workers is for WARC files" in done.stderr


def test_a_file_whose_name_is_no_text_is_told_and_not_left_to_workers(desk: Desk) -> None:
    name = os.fsdecode(b"a\xff.warc.gz")
    put(desk.folder, name, story("https://quay.example/1", "One"))
    done = presswatch(desk.folder, "--archive", desk.url, "import", name, "--by-workers", code=2)

    assert "a?.warc.gz: its name is no UTF-8" in done.stderr


def test_workers_need_an_archive_that_they_can_share(tmp_path: Path) -> None:
    configure(tmp_path)
    file = put(tmp_path, "a.warc.gz", story("https://quay.example/1", "One"))
    done = presswatch(tmp_path, "import", file.name, "--by-workers", code=2)

    assert "workers need an archive on PostgreSQL" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_import_whose_worker_ends_is_gone_on_with_by_another(desk: Desk, number: signal.Signals) -> None:
    many = 150
    file = put(desk.folder, "a.warc.gz", *(story(f"https://quay.example/{n}", f"Title {n}") for n in range(many)))
    with open_archive(desk.url) as archive:
        assert 1 == enqueue_imports(archive, [file], Wanted(), source="", again=False)
    first = desk.start()
    desk.wait(lambda archive: archive.articles.count() > 0)
    first.send_signal(number)
    assert first.wait(30) == (0 if number == signal.SIGTERM else -number)
    with open_archive(desk.url) as archive:
        half = archive.articles.count()

    desk.start()
    desk.wait(all_imported)

    with open_archive(desk.url) as archive:
        (done,) = archive.imports.last()
        assert many == archive.articles.count()
    assert 0 < half < many
    assert (many, 0) == (done.counts["kept"], done.counts["known"])
    if number == signal.SIGTERM:
        assert "left to another worker" in desk.told()


def test_an_import_that_makes_no_way_is_given_up_when_three_workers_have_died_over_it(desk: Desk) -> None:
    pipe = desk.folder / "a.warc.gz"
    os.mkfifo(pipe)  # who opens it waits for ever
    with open_archive(desk.url) as archive:
        enqueue_imports(archive, [pipe], Wanted(), source="", again=False)
        archive.jobs.add(DIGEST, {"evening 2026-11-23": 0}, {"due": NOW.isoformat()})
    for _ in range(3):
        worker = desk.start("--queues", "warc")
        desk.wait(lambda archive: any(each.doing for each in archive.work().workers))
        worker.kill()
        desk.wait(lambda archive: bool(take_back(archive, NOW, timedelta(seconds=2))))

    with open_archive(desk.url) as archive:
        assert [("digest", "todo"), ("warc", "failed")] == [(each.queue, each.state) for each in archive.work().queues]


def test_a_crawl_is_begun_although_more_imports_wait_than_a_worker_does_at_once(desk: Desk) -> None:
    pipes = [desk.folder / f"{number}.warc.gz" for number in range(6)]
    for pipe in pipes:
        os.mkfifo(pipe)  # who opens it waits until somebody writes
    with open_archive(desk.url) as archive:
        enqueue_imports(archive, pipes, Wanted(), source="", again=False)
    desk.start("--at-once", "4")
    desk.wait(lambda archive: _under_way(archive) == {"warc": 2})
    with open_archive(desk.url) as archive:
        archive.jobs.add(CRAWL, {"herald": 0})
    desk.until(lambda: "crawl herald: has left the configuration" in desk.told())

    with open_archive(desk.url) as archive:
        assert {"warc": 2} == _under_way(archive)
    pipes[0].write_bytes(b"")
    desk.until(lambda: "warc" in desk.told())
    desk.wait(lambda archive: {doing.rpartition("/")[2][0] for doing in _doing(archive)} == {"1", "2"})


def test_a_worker_of_imports_alone_does_as_many_as_it_can() -> None:
    assert (4, 2, 1, 1) == (most_long(["warc", "extract"], 4), *(most_long(["warc", "crawl"], n) for n in (4, 3, 1)))


def _doing(archive: Archive) -> list[str]:
    return [doing for worker in archive.work().workers for doing in worker.doing]


def _under_way(archive: Archive) -> dict[str, int]:
    return dict(Counter(doing.partition(" ")[0] for doing in _doing(archive)))


def test_workers_that_die_over_an_import_that_makes_way_do_not_end_it(desk: Desk) -> None:
    many, file = 300, desk.folder / "a.warc.gz"
    put(desk.folder, file.name, *(story(f"https://quay.example/{n}", f"Title {n}") for n in range(many)))
    with open_archive(desk.url) as archive:
        enqueue_imports(archive, [file], Wanted(), source="", again=False)
        archive._store.execute("""UPDATE procrastinate_jobs SET args = args || '{"past": {"deaths": 2}}'""")
    first = desk.start("--queues", "warc")
    desk.wait(lambda archive: archive.articles.count() > 0)
    first.kill()

    desk.start("--queues", "warc")
    desk.wait(all_imported)
    with open_archive(desk.url) as archive:
        assert many == archive.articles.count()


def test_a_file_that_a_worker_cannot_see_is_tried_again_however_often_workers_were_stopped(desk: Desk) -> None:
    with open_archive(desk.url) as archive:
        enqueue_imports(archive, [desk.folder / "elsewhere.warc.gz"], Wanted(), source="", again=False)
        archive._store.execute("UPDATE procrastinate_jobs SET attempts = 7")
    desk.start()
    desk.wait(lambda _: "elsewhere.warc.gz: failed:" in desk.told())
    desk.wait(lambda archive: [("warc", "todo", 1)] == [(q.queue, q.state, q.jobs) for q in archive.work().queues])

    assert "cannot be read on this machine" in desk.told()


def test_what_failed_for_good_is_told_with_its_reason(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_archive(desk.url) as archive:
        enqueue_imports(archive, [desk.folder / "elsewhere.warc.gz"], Wanted(), source="", again=False)
        archive._store.execute("""UPDATE procrastinate_jobs SET args = args || '{"past": {"faults": 2}}'""")
    desk.start("--queues", "warc")
    desk.wait(lambda archive: archive.work().failed != ())
    (failed,) = answer(desk.folder, "--archive", desk.url, "status", "--json", schema="status")["job_failures"]
    job, why = (
        f"warc {desk.folder}/elsewhere.warc.gz",
        f"{desk.folder}/elsewhere.warc.gz: cannot be read on this machine",
    )

    assert (job, f"{why}: No such file or directory") == (failed["job"], failed["why"])
    assert datetime.now(UTC) - datetime.fromisoformat(failed["at"]) < timedelta(minutes=5)
    assert "cannot be read on this machine: No such file" in " ".join(desk.run("status").split())
    desk_page = Visit(desk.url, lambda: datetime.now(UTC), lambda: load(desk.folder / "config"))
    assert f"{why}: No such file or directory" in words(desk_page.page("/status"))
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))
    assert "elsewhere" not in desk_page.page("/status") + desk_page.page("/api/v1/status")


def test_only_what_an_act_does_wrong_itself_counts_as_one_of_its_three_tries() -> None:
    assert [True, True, False] == [_is_tried_again(faults, OSError()) for faults in range(3)]
    for error in (Stopping(), ArchiveAway("away"), ArchiveBusy("busy"), ArchiveFull("full")):
        assert _is_tried_again(99, error)


def test_a_visit_is_due_again_by_itself_and_tried_again_only_where_the_archive_was_away() -> None:
    assert not _is_tried_again(0, OSError(), tries=1)
    assert _is_tried_again(0, ArchiveAway("away"), tries=1)


def _is_tried_again(faults: int, error: BaseException, tries: int = 3) -> bool:
    job = Job(
        id=1, queue="warc", lock="warc a", queueing_lock=None, task_name="warc", attempts=9,
        task_kwargs={"thing": "a", "past": {"faults": faults}},
    )  # fmt: skip
    return _LaterAgain(tries).get_retry_decision(exception=error, job=job) is not None


def test_workers_read_raw_pages_again(desk: Desk) -> None:
    settings = desk.folder / "config" / "presswatch.toml"
    settings.write_text(f'{settings.read_text()}\n[raw]\nfolder = "{desk.folder / "raw"}"\n')
    url = "https://herald.test/1"
    body = article("Eels are back", "Eels came back to the quay. ").encode()
    (ref,) = RawFolder(desk.folder / "raw").append([RawPage(url, url, 200, {"content-type": "text/html"}, body, NOW)])
    with open_archive(desk.url) as archive:
        store_news(archive, NOW)
        old = Article(url, "herald", "Eels are back", "Donate now.", extractor_version="old", raw_ref=ref)
        archive.articles.keep([Kept(old)], NOW)

    assert "1 sources wait for workers" in desk.run("reextract", "herald", "--by-workers")

    desk.start("--queues", "extract")
    desk.wait(lambda archive: not archive.work().queues)
    with open_archive(desk.url) as archive:
        found = archive.articles.get(url)
    assert found is not None
    assert "Eels came back to the quay." in found.text
    assert "1 read again, 1 corrected" in desk.told()


def test_a_digest_is_made_by_a_worker(desk: Desk) -> None:
    with open_archive(desk.url) as archive:
        store_news(archive, datetime.now(UTC), "eastport")
    desk.start()
    desk.run("run", "--once")

    with open_archive(desk.url) as archive:
        (edition,) = archive.editions.list()
    assert "final" == edition.state
    assert f"digest morning {edition.slot}: morning {edition.slot}: made, edition {edition.id}" in desk.told()


def test_a_digest_that_no_worker_takes_is_made_by_the_service(desk: Desk) -> None:
    with open_archive(desk.url) as archive:
        store_news(archive, datetime.now(UTC), "eastport")
    config, said = load(desk.folder / "config"), list[str]()
    asyncio.run(Service(config.folder, desk.url, config, say=said.append, untaken=0.0).do_all())

    with open_archive(desk.url) as archive:
        assert 1 == len(archive.editions.list())
        assert "" == archive.jobs.state(DIGEST, f"morning {archive.editions.list()[0].slot}")
    assert any(line.startswith("morning") and ": made, edition 1" in line for line in said)


def test_a_digest_waits_for_no_crawl_where_workers_only_import(desk: Desk) -> None:
    _add_herald(desk)
    config, said = load(desk.folder / "config"), list[str]()
    desk.start("--queues", "warc")
    desk.wait(lambda archive: archive.work().workers != ())
    service = Service(config.folder, desk.url, config, say=said.append, untaken=2.0, patience=20.0)
    asyncio.run(service.do_all())

    assert [each for each in said if each.startswith("no worker visits sources")], said
    with open_archive(desk.url) as archive:
        assert 1 == len(archive.editions.list())


def _add_herald(desk: Desk) -> None:
    source = '[herald]\nname = "Herald"\nhomepage = "https://herald.test/"\nfeeds = ["https://herald.test/rss.xml"]\n'
    (desk.folder / "config" / "sources.toml").write_text(source)


def test_a_digest_waits_for_no_crawl_where_no_worker_is_at_work(desk: Desk) -> None:
    _add_herald(desk)
    config, said = load(desk.folder / "config"), list[str]()
    service = Service(config.folder, desk.url, config, say=said.append, untaken=0.0)
    asyncio.run(service.do_all())

    assert [each for each in said if each.startswith("no worker visits sources")]
    with open_archive(desk.url) as archive:
        assert 1 == len(archive.editions.list())
        later = datetime.now(UTC) + timedelta(hours=1)
        kinds = [each.kind for each in incidents.find(condition.read(archive, config, desk.url, later), config)]
    assert "workers" in kinds


@pytest.mark.parametrize("command", [("worker", "--silent", "2"), ("run",)])
def test_who_is_started_while_the_server_is_away_waits_for_it(
    desk: Desk, away: tuple[Desk, Callable[[], None]], command: Sequence[str]
) -> None:
    far, come_back = away
    put(desk.folder, "a.warc.gz", story("https://quay.example/1", "One"))
    with open_archive(desk.url) as archive:
        enqueue_imports(archive, [desk.folder / "a.warc.gz"], Wanted(), source="", again=False)
    started = far.start(command=command)
    desk.until(lambda: "the server does not answer" in desk.told())
    time.sleep(PAUSE + 1)  # it asks once more, and says nothing
    assert started.poll() is None
    come_back()

    if command == ("run",):
        desk.until(lambda: "presswatch runs" in desk.told())
    else:
        desk.wait(all_imported)
    started.terminate()
    assert 0 == started.wait(30)
    assert 1 == desk.told().count("the server does not answer"), desk.told()
    assert 1 == desk.told().count("it is asked again every 5 s")
    assert "the server answers again" in desk.told()
    assert "Traceback" not in desk.told()


def test_a_service_whose_server_is_away_tells_it_once_and_goes_on_when_it_is_back(
    desk: Desk, away: tuple[Desk, Callable[[], None]]
) -> None:
    far, come_back = away
    config, said = load(desk.folder / "config"), list[str]()
    service = Service(config.folder, far.url, config, say=said.append, untaken=0.0)

    async def beats() -> None:
        for _ in range(3):
            await service.do_all()
        assert 1 == len(said), said
        come_back()
        await service.do_all()

    asyncio.run(beats())
    assert "the server does not answer" in said[0]
    assert said[0].endswith("; waiting for it")
    assert 1 == said.count("the server answers again; going on")
    assert 1 == service.faults


def test_a_worker_that_waits_for_its_server_can_be_stopped(away: tuple[Desk, Callable[[], None]]) -> None:
    far, _ = away
    worker = far.start()
    far.until(lambda: "the server does not answer" in far.told())
    worker.terminate()

    assert 0 == worker.wait(10)
    assert "Traceback" not in far.told()


def test_a_worker_ends_at_once_where_waiting_cannot_help(desk: Desk, postgres: Server) -> None:
    wrong = postgres.user("otto", "right", desk.url).replace("right", "wrong")
    nowhere = desk.url.replace("/archive_", "/nowhere_")
    stranger = desk.url.replace("postgres:@", "stranger@")
    with open_archive(desk.url) as archive:
        archive._store.execute("UPDATE presswatch SET step = 9999")
    try:
        for url, told in (
            (wrong, "password authentication failed"),
            (nowhere, "there is no such database"),
            (stranger, 'role "stranger" does not exist'),
            (desk.url, "a newer Presswatch wrote this archive"),
        ):
            done = presswatch(desk.folder, "--archive", url, "worker", code=1)
            assert told in done.stderr
            assert "asked again" not in done.stderr
    finally:
        postgres.query("UPDATE presswatch SET step = 1", desk.url)


def test_a_digest_whose_worker_died_is_free_at_once(desk: Desk, postgres: Server) -> None:
    config = configure(desk.folder, a_plan(**ALL_DAY))
    plan, slot = config.plans["morning"], Slot("2026-11-23", NOW)
    with open_archive(desk.url) as archive:
        working.hand_out_digests(archive, [(plan, slot)])
        for _ in range(5):
            assert archive.runs.claim(of_plan("morning"), slot.key, NOW, timedelta(minutes=10)) is not None
            postgres.query("UPDATE procrastinate_jobs SET status = 'doing'", desk.url)

            assert {"digest morning 2026-11-23": True} == take_back(archive, NOW)
        run = archive.runs.get(of_plan("morning"), slot.key)
        assert run is not None
        assert "lost" == run.state
        assert archive.runs.claim(of_plan("morning"), slot.key, NOW, timedelta(minutes=10)) is not None


def test_who_is_not_patient_takes_back_what_no_worker_has_begun(desk: Desk) -> None:
    config = configure(desk.folder, a_plan(**ALL_DAY))
    plan, slot = config.plans["morning"], Slot("2026-11-23", NOW)
    with open_archive(desk.url) as archive:
        working.hand_out_digests(archive, [(plan, slot)])

        assert working.is_waited_for(archive, plan, slot, NOW, patient=True)
        assert not working.is_waited_for(archive, plan, slot, NOW, patient=False)
        assert not working.is_waited_for(archive, plan, slot, NOW, patient=True)


def test_stories_are_found_by_a_worker_or_if_none_takes_them_by_the_service(desk: Desk) -> None:
    with open_archive(desk.url) as archive:
        store_news(archive, datetime.now(UTC), "eastport")

        assert working.hand_out_grouping(archive)
        assert not working.hand_out_grouping(archive)
        assert working.hand_out_grouping(archive)
    desk.start("--queues", "group")
    desk.wait(lambda archive: not archive.work().queues)

    with open_archive(desk.url) as archive:
        assert 1 == archive.vitals.numbers(NOW).stories
