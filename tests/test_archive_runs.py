from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.archive import Archive, open_archive
from crawler.errors import LeaseLost
from crawler.records import Run
from tests.archive_sample import DAY, HOUR, LEASE, NOW


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        yield opened


def claim(archive: Archive, slot: str = "2026-11-23") -> Run:
    run = archive.runs.claim("digest morning", slot, NOW, LEASE)
    assert run is not None
    return run


def test_a_slot_is_run_once(archive: Archive) -> None:
    run = claim(archive)
    assert ("running", 1, NOW, None) == (run.state, run.attempt, run.started, run.finished)
    assert archive.runs.claim("digest morning", "2026-11-23", NOW, LEASE) is None

    archive.runs.finish(run, "done", "3 stories", NOW + HOUR)

    assert archive.runs.claim("digest morning", "2026-11-23", NOW + DAY, LEASE) is None
    done = archive.runs.get("digest morning", "2026-11-23")
    assert done is not None
    assert ("done", "3 stories", NOW + HOUR) == (done.state, done.note, done.finished)


def test_a_slot_whose_runner_died_is_run_again_by_one(archive: Archive) -> None:
    dead = claim(archive)

    second = archive.runs.claim("digest morning", "2026-11-23", NOW + LEASE, LEASE)

    assert second is not None
    assert 2 == second.attempt
    for act in (
        lambda: archive.runs.finish(dead, "done", "", NOW + LEASE),
        lambda: archive.runs.renew(dead, NOW + DAY),
    ):
        with pytest.raises(LeaseLost, match="digest morning 2026-11-23"):
            act()
    archive.runs.finish(second, "done", "", NOW + LEASE)


def test_a_renewed_run_is_left_alone(archive: Archive) -> None:
    archive.runs.renew(claim(archive), NOW + DAY)

    assert archive.runs.claim("digest morning", "2026-11-23", NOW + 2 * LEASE, LEASE) is None


def test_a_failed_slot_may_be_tried_again(archive: Archive) -> None:
    archive.runs.finish(claim(archive), "failed", "no disk", NOW)

    assert 2 == claim(archive).attempt


def test_the_last_run_of_a_job_is_known(archive: Archive) -> None:
    assert archive.runs.last("digest morning") is None
    for slot in ("2026-11-22", "2026-11-23"):
        claim(archive, slot)
    archive.runs.claim("crawl", "2026-11-23T12:00:00Z", NOW, LEASE)

    last = archive.runs.last("digest morning")
    assert last is not None
    assert "2026-11-23" == last.slot
    assert ["crawl", "digest morning"] == [run.job for run in archive.runs.list(limit=2)]


def test_runs_without_an_end_are_given_up_and_can_be_taken_again(archive: Archive) -> None:
    dead = claim(archive)
    archive.runs.finish(claim(archive, "2026-11-22"), "done", "", NOW)

    assert [1, 0] == [archive.runs.lose(NOW + HOUR), archive.runs.lose(NOW + HOUR)]
    lost = archive.runs.get("digest morning", "2026-11-23")
    assert lost is not None
    assert ("lost", NOW + HOUR, "its process died") == (lost.state, lost.finished, lost.note)
    with pytest.raises(LeaseLost):
        archive.runs.finish(dead, "done", "", NOW + HOUR)
    assert 2 == claim(archive).attempt


def test_old_runs_of_a_job_are_trimmed(archive: Archive) -> None:
    claim(archive)
    archive.runs.claim("crawl", "1", NOW, LEASE)
    archive.runs.claim("crawl", "2", NOW + HOUR, LEASE)

    first = archive.runs.first("crawl")
    assert first is not None
    assert "1" == first.slot
    assert 1 == archive.runs.trim("crawl", NOW + HOUR)
    assert {"2", "2026-11-23"} == {run.slot for run in archive.runs.list()}
    assert archive.runs.first("other") is None
