from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from crawler.archive import Archive, open_archive, schema, sqlite
from crawler.archive.sqlite import _check_version, open_store
from crawler.copies import fingerprint
from crawler.errors import ArchiveError, ArchiveFull
from tests import warm
from tests.archive_sample import NOW, article, keep
from tests.commands import presswatch

ROOT = Path(__file__).parents[1]


pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "press.db"


@pytest.fixture
def archive(file: Path) -> Iterator[Archive]:
    with open_archive(f"sqlite:///{file}") as opened:
        yield opened


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    return warm.script(code, *map(str, arguments), env=os.environ, path=ROOT)


def test_a_new_archive_is_a_file_of_large_pages_with_a_write_ahead_log(file: Path) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        assert [16384, "wal", 1, 1, schema.APPLICATION_ID] == [
            store.value(f"PRAGMA {name}")
            for name in ("page_size", "journal_mode", "foreign_keys", "synchronous", "application_id")
        ]


def test_every_migration_is_named_in_order() -> None:
    assert schema.NAMES == tuple(migration.name for migration in schema.migrations.pending(Database(memory=True)))


def test_an_archive_from_before_forms_knows_those_that_were_marked(file: Path) -> None:
    marks = {"a": "live blog", "b": "video", "c": ""}
    with open_archive(f"sqlite:///{file}") as archive:
        kept = (article(f"https://herald.test/{name}", evidence={"form": mark}) for name, mark in marks.items())
        ids = keep(archive, *kept)
    with closing(open_store(f"sqlite:///{file}")) as store:
        for statement in (
            "DROP VIEW v_articles",
            "ALTER TABLE articles DROP COLUMN form",
            "CREATE VIEW v_articles AS SELECT id FROM articles",
            "DELETE FROM _sqlite_migrations WHERE name = 'm0015_forms'",
            f"PRAGMA user_version = {len(schema.NAMES) - 1}",
        ):
            store.execute(statement)

    with open_archive(f"sqlite:///{file}", create=False) as archive:
        assert ["live", "video", "article"] == [found.form for found in archive.articles.many(ids)]
        assert [("live",)] == archive._store.rows("SELECT form FROM v_articles WHERE id = ?", ids[:1])


# The last one began at noon, and five hours of full minutes had spilled.
@pytest.mark.parametrize(
    "began", ["2019-11-04T10:00:00+00:00", "2019-11-05T11:00:00+00:00", "2019-11-05T17:00:00+00:00"]
)
def test_an_archive_from_before_dates_bare_days_by_the_day_that_they_print(file: Path, began: str) -> None:
    with open_archive(f"sqlite:///{file}") as archive:
        moment = datetime.fromisoformat(began)
        (id_,) = keep(archive, article(published=began, published_utc=moment, published_precision="minute"))
    with closing(open_store(f"sqlite:///{file}")) as store:
        for statement in (
            "UPDATE articles SET published = '2019-11-05', published_precision = 'day'",
            "INSERT INTO state VALUES ('position_spill', 300)",
            "DELETE FROM _sqlite_migrations WHERE name = 'm0024_days'",
            f"PRAGMA user_version = {len(schema.NAMES) - 1}",
        ):
            store.execute(statement)

    with open_archive(f"sqlite:///{file}", create=False) as archive:
        for asked in ("", "harbour "):
            assert [id_] == archive.ids(f"{asked}after:2019-11-05 before:2019-11-06", NOW)
            assert [id_] == archive.ids(f"{asked}before:2019-11-05T00:01", NOW)
            assert [] == archive.ids(f"{asked}before:2019-11-05", NOW) == archive.ids(f"{asked}after:2019-11-06", NOW)
        assert {"2019-11-05": 1} == archive.stats("harbour", "day", now=NOW)


def test_an_archive_that_is_there_opens_fast(file: Path) -> None:
    open_archive(f"sqlite:///{file}").close()

    times = []
    for _ in range(5):
        started = time.process_time()
        open_archive(f"sqlite:///{file}").close()
        times.append(time.process_time() - started)

    assert min(times) < 0.05


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://localhost/press", "it must be like sqlite:///presswatch.db"),
        ("presswatch.db", "it must be like sqlite:///presswatch.db"),
        ("sqlite:///", "it must be like sqlite:///presswatch.db"),
    ],
)
def test_an_address_of_another_form_is_refused(address: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        open_archive(address)


def test_a_missing_archive_is_only_made_when_asked_to(file: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no archive here"):
        open_archive(f"sqlite:///{file}", create=False)
    with pytest.raises(ArchiveError, match="there is no archive here"):
        open_archive(f"sqlite:///{file}", read_only=True)

    assert not file.exists()


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="this is a folder"):
        open_archive(f"sqlite:///{tmp_path}")


def test_an_archive_in_a_missing_folder_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"the folder .*nowhere does not exist"):
        open_archive(f"sqlite:///{tmp_path}/nowhere/press.db")


def test_a_text_file_is_no_archive(file: Path) -> None:
    file.write_text("# not a database\n" * 100)

    with pytest.raises(ArchiveError, match="no Presswatch archive"):
        open_archive(f"sqlite:///{file}")

    assert file.read_text().startswith("# not a database")


def test_somebody_elses_database_is_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(str(file))) as other:
        other.execute("CREATE TABLE recipes (name)")

    with pytest.raises(ArchiveError, match="no Presswatch archive"):
        open_archive(f"sqlite:///{file}")

    with closing(sqlite3.connect(str(file))) as other:
        assert [("recipes",)] == other.execute("SELECT name FROM sqlite_master").fetchall()


def test_an_archive_of_a_newer_program_is_not_touched(file: Path) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        store.execute("PRAGMA user_version = 99")

    with pytest.raises(ArchiveError, match="a newer Presswatch"):
        open_archive(f"sqlite:///{file}")


def test_a_damaged_archive_is_told_with_the_remedy(file: Path) -> None:
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, *(article(f"https://herald.test/{number}", text="Word " * 2_000) for number in range(50)))
        archive.prune(NOW)  # empties the log into the file
    with file.open("r+b") as raw:
        raw.seek(16_384 * 2)
        raw.write(b"\xde\xad" * 16_384 * 20)

    with pytest.raises(ArchiveError, match=r"the file is damaged.*presswatch backup"):
        read_all(f"sqlite:///{file}")


def read_all(address: str) -> None:
    with open_archive(address) as archive:
        archive.articles.window(NOW.replace(year=2000))
        archive.search("harbour", now=NOW)


def test_an_old_sqlite_is_refused_with_the_remedy() -> None:
    _check_version((3, 51, 3))
    with pytest.raises(ArchiveError, match=r"SQLite is 3\.40\.1, but an archive needs 3\.51\.3.*install pysqlite3"):
        _check_version((3, 40, 1))


def as_nobody(act: Callable[[], list[str]]) -> list[str]:
    """Do something in a process that is not root and has no rights; give the lines it says."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException), os.fdopen(writing, "w") as out:
            os.setuid(65534)
            try:
                out.write("\n".join(act()))
            except Exception as error:  # noqa: BLE001 the parent shows it
                out.write(repr(error))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        lines = said.read().splitlines()
    os.waitpid(child, 0)
    return lines


def told(act: Callable[[], object]) -> str:
    """Give the error of something as text."""
    with pytest.raises(ArchiveError) as error:
        act()
    return str(error.value)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can play somebody else")
def test_an_unwritable_archive_can_be_searched_and_says_why_it_cannot_be_written() -> None:
    def act() -> list[str]:
        refused = told(lambda: open_archive(f"sqlite:///{file}"))
        missing = told(lambda: open_archive(f"sqlite:///{file}.new"))
        with open_archive(f"sqlite:///{file}", read_only=True) as archive:
            found = f"{archive.search('harbour', now=NOW).total} {archive.articles.count()}"
            return [refused, missing, found, told(lambda: archive.changes.move("me", 1))]

    with TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        Path(folder).chmod(0o755)
        file = Path(folder) / "press.db"
        with open_archive(f"sqlite:///{file}") as archive:
            keep(archive, article())
            archive.search("harbour", now=NOW)  # whatever is imported late is imported now

        assert [
            f"{file}: it cannot be written to (the file or its folder is read-only); check the rights",
            f"{file}.new: nothing can be written to the folder {folder}; check its rights",
            "1 1",
            (
                f"{file}: it cannot be written to (attempt to write a readonly database); "
                "check the rights of the file and of its folder"
            ),
        ] == as_nobody(act)


def test_the_log_stays_short_though_somebody_reads_all_the_time(
    archive: Archive, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive._store, "_longest_log", 1_000_000)
    monkeypatch.setattr(sqlite, "LONGEST_LOG", 1_000_000)
    over = Event()

    def read() -> None:
        with open_archive(f"sqlite:///{file}", read_only=True) as reader:
            while not over.is_set():
                with reader._store.reading():
                    reader.articles.count()
                    over.wait(0.02)

    with ThreadPoolExecutor(4) as readers:
        reading = [readers.submit(read) for _ in range(4)]
        sizes = []
        for number in range(60):
            keep(archive, article(f"https://herald.test/{number}", text=f"{number} " * 30_000))
            sizes.append(file.with_name(f"{file.name}-wal").stat().st_size)
        over.set()
        for each in reading:
            each.result()

    assert max(sizes) < 4_000_000


def test_a_full_disk_loses_nothing_and_work_resumes_when_there_is_room(file: Path) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        archive = Archive(store)
        keep(archive, article())
        store.row(f"PRAGMA max_page_count = {store.value('PRAGMA page_count')}")
        big = article("https://herald.test/big", text="A long text. " * 50_000)

        with pytest.raises(ArchiveFull, match=r"no room left.*everything committed is safe"):
            keep(archive, big)
        assert [1, None] == [archive.articles.count(), archive.articles.get(big.url)]

        store.row("PRAGMA max_page_count = 1000000")
        keep(archive, big)
        assert 2 == archive.articles.count()


_WRITER = """
import sys
sys.path.insert(0, ".")
from crawler.archive import open_archive
from tests import warm
from tests.archive_sample import NOW, article, entries, keep
from tests.commands import presswatch
file, name = sys.argv[1:]
with open_archive(f"sqlite:///{file}") as archive:
    for number in range(60):
        keep(archive, article(f"https://{name}.test/{number}", source=name))
        archive.pages.queue(name, entries(f"https://{name}.test/page/{number}"), NOW)
"""


def test_four_processes_that_begin_a_new_archive_at_once_lose_nothing(file: Path) -> None:
    processes = [run(_WRITER, file, f"writer{number}") for number in range(4)]
    problems = [process.communicate(timeout=100)[1] for process in processes]

    assert ["", "", "", ""] == problems
    with open_archive(f"sqlite:///{file}", create=False) as archive:
        changes = archive.changes.since(0)
        assert 240 == archive.articles.count() == archive.count("harbour", NOW) == len(changes)
        assert list(range(1, 241)) == [change.seq for change in changes]
        assert [60] * 4 == [counted["queued"] for counted in archive.pages.counts().values()]


_KILLED = """
import os, signal, sys
sys.path.insert(0, ".")
from crawler.archive import open_archive
from tests.archive_sample import NOW, article, keep
archive = open_archive(f"sqlite:///{sys.argv[1]}")
for number in range(30):
    keep(archive, article(f"https://herald.test/{number}"))
    print(number, flush=True)
with archive.writing():
    keep(archive, article("https://herald.test/half", text="half " * 100_000))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_inside_a_batch_loses_nothing_that_was_committed(file: Path) -> None:
    process = run(_KILLED, file)
    said, problem = process.communicate(timeout=60)

    assert -signal.SIGKILL == process.returncode, problem
    with open_archive(f"sqlite:///{file}") as archive:
        assert 30 == len(said.split()) == archive.articles.count() == archive.count("harbour", NOW)
        assert archive.articles.get("https://herald.test/half") is None
        keep(archive, article("https://herald.test/half"))


def test_an_older_archive_is_brought_up_to_date_also_by_a_reader(file: Path) -> None:
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, article())
    with closing(sqlite3.connect(str(file))) as older:
        older.executescript(
            "DROP VIEW v_judgements; DROP TABLE judgements; DROP TABLE page_says; PRAGMA user_version = 1;"
            "DELETE FROM _sqlite_migrations WHERE name = 'm0002_judgements'"
        )

    with open_archive(f"sqlite:///{file}", read_only=True) as archive:
        assert 1 == archive.articles.count()
        assert 1 == archive.count("harbour", NOW)


def test_texts_of_an_older_archive_are_fingerprinted_anew(file: Path) -> None:
    text = " ".join(f"lantern{number} rope{number * 7 % 50}" for number in range(90))
    with open_archive(f"sqlite:///{file}") as archive:
        keep(archive, article(text=text))
    with closing(sqlite3.connect(str(file))) as older:
        older.executescript(
            "DROP TABLE fingerprint_buckets; INSERT INTO fingerprints VALUES (1, 1); PRAGMA user_version = 15;"
            "INSERT INTO article_fingerprints VALUES (1, x'0100000000000000');"
            "DELETE FROM _sqlite_migrations WHERE name = 'm0017_fingerprints'"
        )
    prints = fingerprint(text)

    with open_archive(f"sqlite:///{file}") as archive:
        assert {1: len(prints)} == archive.articles.sharing(prints)
        assert {} == archive.articles.sharing({1})
        archive.articles.forget(1, NOW)
        assert {} == archive.articles.sharing(prints)


@pytest.mark.skipif(os.name != "posix", reason="rights as on Unix")
def test_a_new_archive_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text('{"title": "A", "text": "Ships wait."}\n')
    presswatch(tmp_path, "--archive", "sqlite:///own.db", "import", "more.jsonl")
    with open_archive(f"sqlite:///{tmp_path / 'own.db'}") as archive:
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("own.db*")}

        assert 1 == archive.articles.count()
    assert modes["own.db"] == modes["own.db-wal"] == 0o600
