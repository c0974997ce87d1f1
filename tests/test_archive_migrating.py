"""A whole archive copied into another database: nothing is missing, nothing is another."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.archive.addresses import shown
from crawler.archive.migrating import migrate, tables
from crawler.archive.opening import open_store
from crawler.archive.store import Store
from crawler.errors import ArchiveBusy, ArchiveError, UsageError
from crawler.records import Watch
from tests import warm
from tests.archive_sample import DAY, HERALD, NOW, POST, article, keep
from tests.databases import Server
from tests.desk import invoke

Make = Callable[[], str]

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.sqlite_only  # each test names its databases
_ODD = "Hafen 港 ميناء \U0001f6a2 '\"\\ %s ? :name"
_OF_TYPE = {
    "INTEGER": lambda number: number,
    "REAL": lambda number: number + 0.1,
    "BLOB": lambda number: bytes([0, number, 92, 255]),
    "TEXT": lambda number: f"{_ODD} {number}",
}


def fill(store: Store, articles: int = 5) -> None:
    """Put something into every table: articles as they are kept, and rows of their own kind into what is left."""
    archive = Archive(store)
    archive.sources.sync([HERALD, POST], NOW)
    archive.watches.sync([Watch("harbours", "harbour"), Watch("ports", "port")], NOW)
    keep(archive, *(article(f"https://herald.test/{n}", text=f"Harbour {_ODD} {n}. " * 30) for n in range(articles)))
    keep(archive, article("https://herald.test/0", text="Revised, and otherwise altogether."), at=NOW + DAY)
    archive.forget(articles, NOW)  # its number stays used
    archive.judgements.note(1, _ODD, "ann", NOW)
    archive.judgements.split(1, [1], [2], "ann", NOW)
    archive.recipients.secret()
    sources = [key for (key,) in store.rows("SELECT key FROM sources ORDER BY key")]
    with closing(open_store("sqlite://")) as empty, store.writing():
        for table in tables():
            if store.row(f"SELECT 1 FROM {table.name}") is not None:
                continue
            types = dict(empty.rows("SELECT name, type FROM pragma_table_info(?)", (table.name,)))
            parents = dict(empty.rows('SELECT "from", "table" FROM pragma_foreign_key_list(?)', (table.name,)))
            for number in (1, 2):
                row = [
                    {"sources": sources[number - 1], "users": f"{_ODD} {number}"}.get(parents.get(name, ""))
                    or _OF_TYPE[types[name]](number)
                    for name in table.columns
                ]
                columns = ", ".join(f'"{name}"' for name in table.columns)
                store.execute(f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(row))})", row)
        store.execute("UPDATE outbox SET state = 'dead'")


@pytest.fixture
def make(tmp_path: Path, postgres: Server) -> Iterator[Callable[[str], str]]:
    """Give addresses of databases in which nothing is yet."""
    made: list[str] = []

    def of(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'{time.monotonic_ns()}.db'}"
        made.append(postgres.empty())
        return made[-1]

    yield of
    for url in made:
        postgres.drop(url)


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_store(url, create=False)) as store:
        found = {
            table.name: sorted(store.rows(f"SELECT {', '.join(f'{chr(34)}{name}{chr(34)}' for name in table.columns)} "
                                          f"FROM {table.name}"), key=repr)
            for table in tables()
        }  # fmt: skip
        keys = [key for (key,) in store.rows("SELECT key FROM state ORDER BY key")]
        return found | {"state": [(key, store.state(key)) for key in keys]}


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite")])
def test_an_archive_is_copied_whole(make: Callable[[str], str], kinds: tuple[str, str]) -> None:
    source, target = (make(kind) for kind in kinds)
    with closing(open_store(source)) as store:
        fill(store)
    before = contents(source)
    told: list[tuple[str, str, int, int]] = []
    done = migrate(source, target, lambda *step: told.append(step))

    assert () == done.faults
    assert [] == [name for name, rows in before.items() if not rows]
    assert before == contents(target) == contents(source)
    assert {name: len(rows) for name, rows in before.items() if name != "state"} == done.rows
    assert ("copied", "articles", 4, 4) in told
    with open_archive(source) as old, open_archive(target) as new:
        for query in ("harbour", "港", "source:herald -revised", "harbour AND otherwise"):
            assert old.ids(query, NOW) == new.ids(query, NOW)
        assert [6] == keep(new, article("https://herald.test/next")) == keep(old, article("https://herald.test/next"))
        assert old.changes.last() == new.changes.last()
        said = [each.judgements.note(6, "noted", "ann", NOW).id for each in (old, new)]
        assert said[0] == said[1]
        assert [] == [*new.faults()]


def test_all_that_postgresql_keeps_is_copied(make: Callable[[str], str]) -> None:
    """What a later version adds to the tables is copied, too, or made anew by the index."""
    with closing(open_store(make("postgresql"))) as store:
        there = {name for (name,) in store.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}

    made_anew = {name for name in there if name.startswith("index_")}
    assert there - made_anew - {"presswatch", "numbers", "state"} == {table.name for table in tables()}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_archive_that_workers_have_used_is_copied_without_their_queue(make: Callable[[str], str], kind: str) -> None:
    source, target = make("postgresql"), make(kind)
    with open_archive(source) as archive, closing(open_store(source)) as store:
        archive.jobs.prepare()
        fill(store)
        archive.jobs.add("crawl", {"herald": 1})
        store.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")

    assert () == migrate(source, target).faults
    assert contents(source) == contents(target)


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_what_is_killed_goes_on_where_it_was(make: Callable[[str], str], kinds: tuple[str, str]) -> None:
    source, target = (make(kind) for kind in kinds)
    with closing(open_store(source)) as store:
        fill(store, 40)
    script = (
        "import crawler.archive.migrating as m, os, signal, sys\n"
        "m._BATCH = 3\n"
        "left = [int(sys.argv[3])]\n"
        "def told(*_):\n"
        "    left[0] -= 1\n"
        "    if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "m.migrate(sys.argv[1], sys.argv[2], told)\n"
    )
    for steps in (3, 14, 20, 4):
        killed = warm.script(script, source, target, str(steps), env=os.environ, path=ROOT)
        killed.communicate(timeout=60)
        assert -signal.SIGKILL == killed.returncode

    with pytest.raises(ArchiveError, match=r'a copy of .* that was not finished.*; go on with "presswatch migrate"'):
        open_archive(target)
    assert () == migrate(source, target).faults
    assert contents(source) == contents(target)
    open_archive(target).close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET title = 'Another' WHERE id = 2",
        "DELETE FROM polls WHERE id = 1",
        "UPDATE channels SET interval = interval + 0.5 WHERE id = 1",
        "DELETE FROM state WHERE key = 'secret'",
    ],
)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_damaged_copy_is_found(
    make: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, kind: str, damage: str
) -> None:
    """Something changes the copy after it was written, and before it is compared."""
    from crawler.archive import migrating

    source, target = make("sqlite"), make(kind)
    with closing(open_store(source)) as store:
        fill(store)
    compare = migrating._compare

    def after_damage(old: Store, new: Store, *rest: object) -> migrating.Migrated:
        new.execute(damage)
        return compare(old, new, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(migrating, "_compare", after_damage)
    (fault,) = migrate(source, target).faults

    assert fault.startswith(damage.replace("DELETE FROM", "UPDATE").split()[1] + ": the copy has ")
    assert "and copy again" in fault


def test_nothing_is_overwritten_and_nothing_copied_that_is_written(make: Callable[[str], str]) -> None:
    source, other, target = make("sqlite"), make("sqlite"), make("sqlite")
    for url in (source, other):
        with closing(open_store(url)) as store:
            fill(store)
    kept = contents(other)

    with pytest.raises(UsageError, match="there is an archive already"):
        migrate(source, other)
    with pytest.raises(UsageError, match="this is the archive that is to be copied"):
        migrate(source, source)
    with closing(open_store(source)) as store, store.writing(), pytest.raises(ArchiveBusy, match="stop the service"):
        migrate(source, target)
    assert kept == contents(other)


def test_a_copy_of_another_archive_is_not_gone_on_with(make: Callable[[str], str]) -> None:
    source, other, target = make("sqlite"), make("sqlite"), make("sqlite")
    for url in (source, other):
        open_store(url).close()
    with closing(open_store(target)) as store:
        store.set_state("copy_of", other.removeprefix("sqlite:///"))

    with pytest.raises(UsageError, match=r"a copy of .* was begun there"):
        migrate(source, target)
    assert () == migrate(other, target).faults


def test_the_command_says_what_comes_next(make: Callable[[str], str]) -> None:
    source, target = make("sqlite"), make("postgresql")
    with closing(open_store(source)) as store:
        fill(store)
    done = invoke("migrate", source, target)
    again = invoke("migrate", source, target)

    assert 0 == done.exit_code, done.output
    assert "both sides are equal" in done.output
    assert f'write archive = "{shown(target)}" into presswatch.toml' in " ".join(done.output.split())
    assert "copied articles: 4 of 4" in done.stderr
    assert isinstance(again.exception, UsageError)


def test_the_command_ends_with_a_fault_where_the_copy_is_not_equal(make: Callable[[str], str]) -> None:
    source, target = make("sqlite"), make("sqlite")
    with closing(open_store(source)) as store:
        fill(store)
    path = source.removeprefix("sqlite:///")
    with closing(open_store(target)) as store, store.writing():
        store.set_state("copy_of", path)
        store.execute("INSERT INTO forgotten VALUES (?, 1)", ("~",))
    done = invoke("migrate", source, target, "--json")

    assert 1 == done.exit_code
    (fault,) = json.loads(done.stdout)["faults"]
    assert fault.startswith("forgotten: the copy has ")
