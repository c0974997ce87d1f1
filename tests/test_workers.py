from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from tests.bench.kills import corpus_press
from tests.bench.workers import Shared
from tests.commands import answer, presswatch
from tests.databases import Server
from tests.press import Press
from tests.service_sample import ALL_DAY, a_plan
from tests.workforce import Workforce, all_done

HOSTS, PAGES_OF_A_HOST = 10, 6


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    url = postgres.new()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="module")
def press(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Press:
    folder = tmp_path_factory.mktemp("press")
    return corpus_press(folder, HOSTS * PAGES_OF_A_HOST, sets=("traf_eval",), outlet=PAGES_OF_A_HOST)


def test_three_workers_share_a_crawl_and_visit_no_host_at_once(tmp_path: Path, press: Press, url: str) -> None:
    with Workforce(tmp_path, press, url) as force:
        force.start_service()
        for _ in range(3):
            force.start_worker()
        force.wait(all_done(press))
        told = answer(tmp_path, "--archive", url, "status", "--json", schema="status")
        said = presswatch(tmp_path, "--archive", url, "status").stdout

        assert [0, 0, 0, 0] == force.stop(), force.told()
        assert {1} == set(force.asked().values())
        assert len(press.pages) == len(force.asked())
        assert [] == force.beside_each_other()
        assert 3 == len(told["workers"])
        assert "3 workers; jobs: " in said
        assert [] == [job for job in told["jobs"] if job["state"] == "failed"]


def test_a_digest_is_made_after_the_polls_that_workers_do(tmp_path: Path, press: Press, url: str) -> None:
    with Workforce(tmp_path, press, url) as force:
        (tmp_path / "config" / "digests.toml").write_text(a_plan(**ALL_DAY))
        force.start_worker()
        force.wait(lambda archive: len(archive.work().workers) == 1)
        presswatch(tmp_path, "--archive", url, "run", "--once")

        with open_archive(url) as archive:
            (edition,) = archive.editions.list()
            assert all_done(press)(archive)
        force.wait(lambda archive: not archive.work().queues)  # nothing waits for the stories of what came last
        assert "no worker" not in force.told()
        assert f"made, edition {edition.id}" in force.told()
        assert max(request.at for request in force.server.log) < edition.made_at


def test_workers_that_are_killed_lose_nothing_and_keep_nothing_twice(tmp_path: Path, press: Press, url: str) -> None:
    luck, kills = random.Random(4), 2
    # A host that a dead worker was asking waits for as long as two requests may take, and ten seconds more.
    with Workforce(tmp_path, press, url, crawl='timeout = "3s"') as force:
        force.start_service()
        for _ in range(2):
            force.start_worker()
        for _ in range(kills):
            wanted = len(force.server.log) + luck.randint(5, 20)
            force.wait(lambda archive, wanted=wanted: len(force.server.log) >= wanted or all_done(press)(archive))  # type: ignore[misc]
            force.kill_worker(luck.randrange(len(force.workers)))
            force.start_worker()
        force.wait(all_done(press))
        force.stop()

    with open_archive(url) as archive:
        states = archive.pages.counts()
        work = archive.work()
    assert len(press.pages) == len(force.asked())
    assert max(force.asked().values()) <= 1 + kills
    assert set() == {state for each in states.values() for state in each} & {"queued", "leased"}
    assert [] == list(work.queues)


def test_a_worker_goes_on_when_its_server_has_ended_all_connections(
    tmp_path: Path, press: Press, url: str, postgres: Server
) -> None:
    with Workforce(tmp_path, press, url) as force:
        force.start_service()
        force.start_worker()
        force.wait(lambda _: len(force.server.log) > 20)
        postgres.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            url,
        )
        asked = len(force.asked())
        force.wait(lambda archive: len(force.asked()) > asked + PAGES_OF_A_HOST and len(archive.work().workers) == 1)
        told = force.told()

        assert [0, 0] == force.stop(), told
    assert "the server does not answer" in told
    assert "Traceback" not in told


def test_who_was_taken_for_dead_cannot_end_what_another_one_does_now(url: str) -> None:
    with open_archive(url) as archive:
        archive.jobs.prepare()
        archive.jobs.add("crawl", {"herald": 0})
        worker, job = (
            archive._store.value(f"SELECT {asked}")
            for asked in ("procrastinate_register_worker_v1()", "id FROM procrastinate_jobs")
        )
        archive._store.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = ?", (worker,))

        assert archive.jobs.knows(worker)
        assert {"crawl herald": True} == archive.jobs.take_back(timedelta())
        assert not archive.jobs.knows(worker)
        assert [(True, "todo", 1)] == archive._store.rows(
            "SELECT id <> ?, status::text, attempts FROM procrastinate_jobs", (job,)
        )


def test_what_workers_die_over_three_times_with_nothing_done_between_is_given_up(url: str) -> None:
    def die(archive: Archive) -> dict[str, bool]:
        archive._store.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        return archive.jobs.take_back(timedelta(), immortal=["crawl"])

    with open_archive(url) as archive:
        archive.jobs.prepare()
        archive.jobs.add("warc", {"a": 0})
        archive.jobs.add("crawl", {"herald": 0})
        died = [die(archive)["warc a"] for _ in range(2)]
        for (job,) in archive._store.rows("SELECT id FROM procrastinate_jobs"):
            archive.jobs.remember(job, {"deaths": 0})
        died += [die(archive)["warc a"] for _ in range(2)]

        assert [True] * 4 == died
        assert {"warc a": False, "crawl herald": True} == die(archive)
        assert ["3 workers died over it, one after the other"] == [each.why for each in archive.work().failed]
        assert [("crawl", "todo"), ("warc", "failed")] == [(each.queue, each.state) for each in archive.work().queues]


def test_what_failed_is_named_until_it_is_to_be_done_again(url: str) -> None:
    with open_archive(url) as archive:
        archive.jobs.prepare()
        archive.jobs.add("crawl", {"herald": 0, "post": 0})
        archive._store.execute("UPDATE procrastinate_jobs SET status = 'failed'")

        assert ["crawl post", "crawl herald"] == [each.job for each in archive.work().failed]
        assert 1 == archive.jobs.add("crawl", {"herald": 0})
        assert ["crawl post"] == [each.job for each in archive.work().failed]


@pytest.mark.parametrize("wrong", ["lost", "twice", "beside", "jobs", "again"])
def test_the_bench_of_workers_fails_where_something_is_lost_or_done_twice_or_left(wrong: str) -> None:
    well = Shared(
        workers=3, kills=0, seconds=1, cpu=1, database=1, stored=9, dropped=0, lost=0, twice=0, again=0, beside=0,
        jobs=0,
    )  # fmt: skip
    ill = replace(well, **{wrong: 1})

    assert well.is_well()
    assert not ill.is_well()
    assert (wrong == "again") == replace(ill, kills=1).is_well()


def test_a_worker_needs_an_archive_on_postgresql(tmp_path: Path) -> None:
    presswatch(tmp_path, "init", "config")
    done = presswatch(tmp_path, "worker", code=2)

    assert "workers share an archive on PostgreSQL" in done.stderr


def test_a_worker_takes_only_queues_that_there_are(tmp_path: Path, url: str) -> None:
    presswatch(tmp_path, "init", "config")
    done = presswatch(tmp_path, "--archive", url, "worker", "--queues", "tea", code=2)

    assert "there is no queue tea; there are crawl" in done.stderr
