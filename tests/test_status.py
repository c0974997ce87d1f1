"""How everything stands, as people, programs and Prometheus are told it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.archive import Archive, FileIdentity, open_archive
from crawler.config import Config, load
from crawler.enqueueing import CRAWL
from crawler.records import Delivery, Edition, FailedJob, QueueState, Work
from digest import condition, incidents, locks, metrics
from digest.web import app
from tests.archive_sample import HERALD, POST, entries
from tests.commands import validate
from tests.conftest import ROOT
from tests.desk import Desk, invoke
from tests.service_sample import a_plan, address, configure, store_news

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SOURCES = """
[herald]
name = "The Herald"
homepage = "https://herald.test/"
feeds = ["https://herald.test/rss"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with news, an edition, and deliveries in every state."""
    configure(tmp_path, a_plan(timezone='"Europe/Kyiv"'), mail=9)
    (tmp_path / "config" / "sources.toml").write_text(SOURCES)
    now = datetime.now(UTC)
    with open_archive(address(tmp_path)) as archive:
        store_news(archive, now - 3 * HOUR, "eastport", "westport")
        archive.pages.queue("herald", entries("https://herald.test/1", "https://herald.test/2"), now - HOUR)
        edition = Edition(0, "morning", f"{now:%Y-%m-%d}", 0, 2, now - HOUR, "final", "News", b"", b"", "{}")
        rows = [
            Delivery(
                0, 0, "morning", edition.slot, f"{state}@r.test", "email", f"<{state}>", b"mail", state, 2, None, said
            )
            for state, said in (("sent", ""), ("waiting", "451 greylisted"), ("dead", "550 no such user"))
        ]
        archive.editions.commit(edition, rows, None, now - HOUR)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_everything_is_told_in_groups_that_fit_the_screen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (80, 120):
        monkeypatch.setattr("digest.cli.output.width", lambda columns=columns: columns)
        monkeypatch.setattr("digest.cli.status.width", lambda columns=columns: columns)
        shown = invoke("status").output

        groups = [line.split()[0] for line in shown.splitlines() if line[:1].isalpha()][:9]
        assert ["service", "crawl", "sources", "articles", "queue", "digests", "outbox", "disk", "attention"] == groups
        assert [] == [line for line in shown.splitlines() if len(line) > columns]
        assert "2 pages wait (2 ready)" in " ".join(shown.split())
        assert "451 greylisted" in " ".join(shown.split())
        assert "07:00 Europe/Kyiv" in " ".join(shown.split())


def test_where_an_imported_file_is_damaged_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.cli.output.width", lambda: 200)
    counts = {
        "kept": 3,
        "known": 0,
        "dropped": {"damaged": 7},
        "faults": [f"/a.warc.gz: byte {n}: cut" for n in range(7)],
    }
    with open_archive(address(folder)) as archive:
        begun = archive.imports.begin(FileIdentity("a.warc.gz", 9, "x"), "all", datetime.now(UTC))
        archive.imports.note(replace(begun, counts=counts), datetime.now(UTC))
    shown = " ".join(invoke("status").output.split())

    assert "a.warc.gz: 0 % read; 3 kept, 0 known already, no article: 7 damaged /a.warc.gz: byte 0: cut" in shown
    assert "byte 4: cut and 2 more faults of a.warc.gz: presswatch status --json lists them" in shown
    assert "byte 5: cut" not in shown


def test_a_program_gets_it_by_a_schema(folder: Path) -> None:
    document = json.loads(invoke("status", "--json").output)
    validate(document, "status")

    assert {"sent": 1, "waiting": 1, "dead": 1} == document["outbox"]["states"]
    assert (2, 1, False) == (document["articles"], document["deliveries_waiting"], document["service"]["running"])


def test_a_check_is_silent_and_0_when_all_is_well_and_says_what_is_not(folder: Path) -> None:
    ill = invoke("status", "--check")
    with open_archive(address(folder)) as archive:
        (dead,) = archive.vitals.dispatch(datetime.now(UTC)).dead
        archive.outbox.sent(replace(archive.outbox.list()[2], id=dead.id), datetime.now(UTC))
    well = invoke("status", "--check")

    assert (1, 1) == (ill.exit_code, ill.output.count("\n"))
    assert "dead email dead@r.test: The digest morning of" in ill.output
    assert (0, "") == (well.exit_code, well.output)


def test_a_check_with_json_ends_with_the_same_code(folder: Path) -> None:
    done = invoke("status", "--check", "--json")

    assert (1, ["dead email dead@r.test"]) == (
        done.exit_code,
        [each["kind"] for each in json.loads(done.output)["attention"]],
    )


def test_of_many_sources_only_those_are_listed_that_need_a_look(folder: Path, desk: Desk) -> None:
    now = datetime.now(UTC)
    many = [replace(POST, key=f"post{number}", feeds=(f"https://p{number}.test/",)) for number in range(40)]
    with open_archive(address(folder)) as archive:
        archive.sources.sync([HERALD, *many], now)
        for channel in archive.channels.due(now, [each.key for each in many]):
            claimed = archive.channels.claim(channel.id, now, HOUR)
            assert claimed is not None
            ill = channel.source == "post7"
            state = {"state": "blocked", "note": "refuses us (403)"} if ill else {"state": "ok", "last_ok": now}
            after = replace(claimed, last_polled=now, next_poll=now + HOUR, **state)
            archive.channels.polled(after, poll(now), [], now)
    shown = desk.run(folder, "status").stdout
    everything = desk.run(folder, "status", "--all").stdout

    assert "41: 1 blocked, 1 new, 39 ok" in shown
    assert '39 sources are well; "presswatch status --all" lists them' in shown
    assert shown.index("post7  ") < shown.index("herald  ")
    assert ("post8  " in shown, "post8  " in everything) == (False, True)


def test_what_workers_or_commands_crawled_is_not_said_to_have_never_been_crawled(folder: Path, desk: Desk) -> None:
    before = " ".join(desk.run(folder, "status").stdout.split())
    now = datetime.now(UTC)
    with open_archive(address(folder)) as archive:
        channel = archive.channels.due(now, ["herald"])[0]
        archive.channels.polled(replace(channel, state="ok", last_ok=now, next_poll=now + HOUR), poll(now), [], now)
    after = " ".join(desk.run(folder, "status").stdout.split())

    assert "crawl the service never crawled" in before
    assert 'crawl by workers or "presswatch crawl" alone; the service itself never crawled' in after


def poll(at: datetime) -> object:
    from crawler.archive import Poll

    return Poll(at, "ok", 200)


def test_a_service_that_runs_is_seen_and_one_that_hangs_is_told(folder: Path) -> None:
    url = address(folder)
    assert locks.holder(url) is None
    with locks.only_instance(url):
        held = locks.holder(url)
        config = load(folder / "config")
        with open_archive(url) as archive:
            fresh = incidents.find(condition.read(archive, config, url, datetime.now(UTC)), config)
            os.utime(f"{folder / 'press.db'}.lock", (0, 0))
            hanging = incidents.find(condition.read(archive, config, url, datetime.now(UTC)), config)
        locks.beat(url)

        assert held is not None
        assert f"presswatch (process {os.getpid()})" == held.who
        assert "service" not in {each.kind for each in fresh}
        assert any("gave no sign of life since 1970-01-01" in each.text for each in hanging)
        beating = locks.holder(url)
        assert beating is not None
        assert datetime.now(UTC) - beating.beat < timedelta(minutes=1)
    assert locks.holder(url) is None


def test_looking_at_the_lock_turns_no_service_away(folder: Path) -> None:
    """Whoever looks holds it for an instant; here for longer than that."""
    import fcntl
    import threading

    lock = Path(f"{folder / 'press.db'}.lock")
    lock.touch()
    with lock.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        threading.Timer(0.1, lambda: fcntl.flock(looking, fcntl.LOCK_UN)).start()
        with locks.only_instance(address(folder)):
            pass


def test_that_no_service_runs_matters_when_something_is_due(folder: Path) -> None:
    config, url = load(folder / "config"), address(folder)
    now = datetime.now(UTC)
    with open_archive(url) as archive:
        later = condition.read(archive, config, url, now + 2 * DAY)
        soon = condition.read(archive, config, url, now)

    assert [False, True] == [
        any(each.kind == "service" for each in incidents.find(found, config)) for found in (soon, later)
    ]


def test_that_workers_gave_something_up_matters_for_a_day(folder: Path) -> None:
    config, url = load(folder / "config"), address(folder)
    with open_archive(url) as archive:
        found = condition.read(archive, config, url, datetime.now(UTC))
    failed = tuple(FailedJob(f"warc /{hours}.warc.gz", "no such file", found.at - hours * HOUR) for hours in (1, 2, 30))
    seen = [
        [each.text for each in incidents.find(replace(found, work=Work(failed=jobs)), config) if each.kind == "jobs"]
        for jobs in (failed, failed[1:], failed[2:])
    ]

    assert [
        ["2 jobs of the workers failed for good within a day; the last was warc /1.warc.gz (no such file)"],
        ["A job of the workers failed for good within a day; it was warc /2.warc.gz (no such file)"],
        [],
    ] == [[text.rpartition("; mend")[0] for text in texts] for texts in seen]

    many = Work(queues=(QueueState("warc", "failed", 9),), failed=failed[:2])
    (told,) = [each.text for each in incidents.find(replace(found, work=many), config) if each.kind == "jobs"]
    assert told.startswith("2 or more jobs of the workers failed for good within a day; the last was warc /1.warc.gz")


def test_that_no_worker_takes_what_the_service_leaves_to_them_matters(folder: Path) -> None:
    settings = folder / "config" / "presswatch.toml"
    settings.write_text(f"{settings.read_text()}\n[crawl]\nby_workers = true\n")
    config, url = load(folder / "config"), address(folder)
    with open_archive(url) as archive:
        found = condition.read(archive, config, url, datetime.now(UTC))
    late = replace(found.crawl, overdue=found.at - 2 * HOUR)
    found = replace(found, service=condition.ServiceState(True, "presswatch", found.at), crawl=late)
    taken = replace(found, work=Work(queues=(QueueState(CRAWL, "doing", 1), QueueState(CRAWL, "todo", 9))))
    seen, quiet = (
        [one.text for one in incidents.find(each, config) if one.kind == "workers"] for each in (found, taken)
    )

    assert ["No worker visits sources"] == [text.partition(",")[0] for text in seen]
    assert [] == quiet


def test_many_sources_that_fail_at_once_are_this_machine_s_fault(folder: Path) -> None:
    config, url = load(folder / "config"), address(folder)
    with open_archive(url) as archive:
        found = condition.read(archive, config, url, datetime.now(UTC))
    shares = [{"failing": 2, "ok": 1}, {"failing": 3, "ok": 4}, {"failing": 3, "ok": 3}, {"blocked": 9, "paused": 40}]
    seen = [incidents.find(replace(found, states=states), config) for states in shares]

    assert [False, False, True, True] == [any(each.kind == "network" for each in each_) for each_ in seen]


def test_the_disk_is_told_with_what_comes_a_day(folder: Path) -> None:
    config, url = load(folder / "config"), address(folder)
    with open_archive(url) as archive:
        young = condition.read(archive, config, url, datetime.now(UTC)).disk
        old = condition.read(archive, config, url, datetime.now(UTC) + 4 * DAY).disk

    assert (None, None) == (young.per_day, young.days_left)
    assert old.per_day is not None
    assert old.days_left is not None
    assert old.archive > 0 < old.per_day


def ask(folder: Path, config: Config | None) -> httpx.Response:
    """Ask the web page for /metrics."""
    transport = httpx.ASGITransport(app(address(folder), lambda: datetime.now(UTC), config=lambda: config))

    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
            return await client.get("/metrics")

    return asyncio.run(answer())


def test_prometheus_reads_our_metrics(folder: Path) -> None:
    invoke("metrics", "-o", "presswatch.prom")
    answered = ask(folder, load(folder / "config"))
    assert metrics.CONTENT_TYPE == answered.headers["content-type"]
    for text in ((folder / "presswatch.prom").read_text(), answered.text, invoke("metrics").output):
        families = {each.name: each for each in text_string_to_metric_families(text)}
        samples = {
            (sample.name, *sample.labels.values()): sample.value
            for each in families.values()
            for sample in each.samples
        }

        assert all(each.documentation and each.type in {"gauge", "counter"} for each in families.values())
        assert [] == [
            sample.name
            for each in families.values()
            for sample in each.samples
            if not sample.name.startswith("presswatch_") or (each.type == "counter") != sample.name.endswith("_total")
        ]
        assert (2, 2, 1, 0) == (
            samples["presswatch_articles",],
            samples["presswatch_articles_stored_total",],
            samples["presswatch_deliveries", "dead"],
            samples["presswatch_service_up",],
        )
        assert 2 == samples["presswatch_queue_pages", "ready"]
        assert 1 == samples["presswatch_incidents", "dead"]
        assert samples["presswatch_digest_next_timestamp_seconds", "morning"] > datetime.now(UTC).timestamp()


def test_the_alerts_of_the_readme_ask_for_metrics_that_are_there(folder: Path) -> None:
    rules = (ROOT / "README.md").read_text().split("```yaml\n")[1].split("```")[0]
    config, url = load(folder / "config"), address(folder)
    with open_archive(url) as archive:
        run = archive.runs.claim("crawl", "now", datetime.now(UTC), HOUR)
        assert run is not None
        archive.runs.finish(run, "done", "", datetime.now(UTC))
        found = condition.read(archive, config, url, datetime.now(UTC) + 4 * DAY)
    running = replace(found, service=condition.ServiceState(True, "presswatch", datetime.now(UTC)))
    known = {each.name for each in text_string_to_metric_families(metrics.write(running, config))}

    named = set(re.findall(r"presswatch_\w+", rules))
    assert named
    assert named <= known


def test_names_in_labels_can_break_nothing(folder: Path) -> None:
    config, url = load(folder / "config"), address(folder)
    with open_archive(url) as archive:
        found = condition.read(archive, config, url, datetime.now(UTC))
    hostile = 'a"} 1\nb\\'
    text = metrics.write(replace(found, plans=(replace(found.plans[0], plan=hostile),)), config)

    labels = [sample.labels for each in text_string_to_metric_families(text) for sample in each.samples]
    assert hostile in {each.get("plan") for each in labels}


def test_without_a_configuration_the_page_has_no_metrics(folder: Path) -> None:
    assert 404 == ask(folder, None).status_code


def test_an_empty_archive_has_a_status_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tmp_path, mail=0)
    archive: Archive = open_archive(address(tmp_path))
    archive.close()
    monkeypatch.chdir(tmp_path)
    validate(json.loads(invoke("status", "--json").output), "status")

    assert "nothing needs any" in invoke("status").output
