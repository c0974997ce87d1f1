"""What an archive on PostgreSQL alone can do wrong: tables, the order of changes, opening, connections, statements."""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from crawler.archive import Archive, open_archive, path_of, shown, sqlite
from crawler.archive.opening import open_store
from crawler.archive.postgres import schema
from crawler.archive.postgres.connections import OLDEST_SERVER
from crawler.archive.postgres.locks import ServerLock
from crawler.archive.postgres.sql import of_many_rows, translated
from crawler.archive.postgres.store import PostgresStore, _bring_up_to_date
from crawler.archive.store import Store
from crawler.errors import ArchiveAway, ArchiveBusy, ArchiveError, ArchiveOld, ArchiveReadOnly, TooLong, UsageError
from tests import warm
from tests.archive_sample import NOW, article, keep
from tests.databases import Server

ROOT = Path(__file__).parents[1]
SECRET = "pa:ss/w@rd?"


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    made = postgres.new()
    yield made
    postgres.drop(made)


@pytest.fixture
def bare(postgres: Server) -> Iterator[str]:
    """Give a database without any tables."""
    made = postgres.empty()
    yield made
    postgres.drop(made)


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    with open_archive(url) as opened:
        yield opened


# -- tables --

#: What each database makes for itself, and its full-text index.
_OF_SQLITE = ("sqlite_", "_sqlite_", "articles_fts", "index_", "brief")
_OF_POSTGRESQL = {"numbers", "presswatch", "index_entries"}
_TYPES = {"INTEGER": "bigint", "REAL": "double precision", "TEXT": "text", "BLOB": "bytea", "": "jsonb"}
Tables = dict[str, list[tuple[str, str, bool]]]
Indexes = set[tuple[str, tuple[str, ...], bool, bool]]
References = set[tuple[str, tuple[str, ...], str, str]]


@pytest.fixture
def lite() -> Iterator[Store]:
    with closing(sqlite.open_store("sqlite://")) as store:
        yield store


@pytest.fixture
def post(url: str) -> Iterator[Store]:
    with closing(open_store(url)) as store:
        yield store


def names(lite: Store) -> list[str]:
    found = lite.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in found if not name.startswith(_OF_SQLITE)]


def columns_of_sqlite(lite: Store, names: list[str]) -> Tables:
    return {
        name: [
            (column, _TYPES[kind], bool(never or key))
            for _, column, kind, never, _, key in lite.rows(f"PRAGMA table_info('{name}')")
        ]
        for name in names
    }


def columns_of_postgresql(post: Store, kind: str) -> Tables:
    found: Tables = {}
    for table, column, type_, nullable in post.rows(
        "SELECT c.table_name, column_name, data_type, is_nullable FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE table_schema = current_schema() AND table_type = ? ORDER BY 1, c.ordinal_position",
        (kind,),
    ):
        if table not in _OF_POSTGRESQL:
            found.setdefault(table, []).append((column, type_, nullable == "NO"))
    return found


def test_both_databases_have_the_same_tables_with_the_same_columns(lite: Store, post: Store) -> None:
    assert columns_of_sqlite(lite, names(lite)) == columns_of_postgresql(post, "BASE TABLE")


def test_both_databases_have_the_same_views_for_people(lite: Store, post: Store) -> None:
    views = [name for (name,) in lite.rows("SELECT name FROM sqlite_master WHERE type = 'view'")]
    shown_by_sqlite = {view: [row[1] for row in lite.rows(f"PRAGMA table_info('{view}')")] for view in views}

    assert shown_by_sqlite == {
        view: [column for column, *_ in columns] for view, columns in columns_of_postgresql(post, "VIEW").items()
    }


def indexes_of_sqlite(lite: Store, names: list[str]) -> Indexes:
    found: Indexes = set()
    for table in names:
        for _, index, unique, _, partial in lite.rows(f"PRAGMA index_list('{table}')"):
            columns = tuple(row[2] for row in lite.rows(f"PRAGMA index_info('{index}')"))
            found.add((table, columns, bool(unique), bool(partial)))
        key = sorted((place, column) for _, column, _, _, _, place in lite.rows(f"PRAGMA table_info('{table}')"))
        if columns := tuple(column for place, column in key if place):
            found.add((table, columns, True, False))
    return found


def indexes_of_postgresql(post: Store) -> Indexes:
    found = post.rows(
        "SELECT t.relname, ARRAY(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY k(number, place) "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY place), "
        "x.indisunique, x.indpred IS NOT NULL FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid "
        "WHERE t.relnamespace = current_schema()::regnamespace"
    )
    return {
        (table, tuple(columns), unique, partial)
        for table, columns, unique, partial in found
        if table not in _OF_POSTGRESQL
    }


def test_both_databases_have_the_same_keys_and_indexes(lite: Store, post: Store) -> None:
    assert indexes_of_sqlite(lite, names(lite)) == indexes_of_postgresql(post)


def references_of_sqlite(lite: Store, names: list[str]) -> References:
    return {
        (table, (column,), into, gone)
        for table in names
        for _, _, into, column, _, _, gone, _ in lite.rows(f"PRAGMA foreign_key_list('{table}')")
    }


def references_of_postgresql(post: Store) -> References:
    found = post.rows(
        "SELECT conrelid::regclass::text, ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid "
        "AND attnum = ANY (conkey)), confrelid::regclass::text, iif(confdeltype = 'c', 'CASCADE', 'NO ACTION') "
        "FROM pg_constraint WHERE contype = 'f'"
    )
    return {(table, tuple(columns), into, gone) for table, columns, into, gone in found}


def test_both_databases_remove_the_same_with_a_row(lite: Store, post: Store) -> None:
    assert references_of_sqlite(lite, names(lite)) == references_of_postgresql(post)


# -- the order of changes --


class Follower:
    """Reads changes all the while, as the makers of digests do, and asks each time what follows the last one."""

    def __init__(self, url: str) -> None:
        self.seen: list[int] = []
        self._url = url
        self._over = Event()

    def follow(self) -> list[int]:
        with open_archive(self._url, read_only=True) as archive:
            while True:
                over = self._over.is_set()
                self.seen += [change.seq for change in archive.changes.since(self.seen[-1] if self.seen else 0)]
                if over:
                    return self.seen

    def end(self) -> None:
        self._over.set()


def test_a_follower_sees_no_change_before_those_with_lower_numbers(url: str) -> None:
    numbered, follower = Event(), Follower(url)
    commit, told = Event(), Event()

    def slow() -> None:
        with open_archive(url) as archive, archive.writing():
            keep(archive, article("https://herald.test/slow"))
            numbered.set()
            commit.wait(30)

    def quick() -> None:
        with open_archive(url) as archive:
            keep(archive, article("https://herald.test/quick"))
            told.set()

    with ThreadPoolExecutor(3) as writers:
        first, following = writers.submit(slow), writers.submit(follower.follow)
        numbered.wait(30)
        second = writers.submit(quick)
        overtook = told.wait(0.5)
        seen_before = list(follower.seen)
        commit.set()
        wait([first, second])
        follower.end()

        assert (False, []) == (overtook, seen_before)
        assert [None, None] == [first.result(), second.result()]
        assert [1, 2] == following.result()


def test_what_is_undone_leaves_no_gap_in_the_numbers(archive: Archive) -> None:
    keep(archive, article("https://herald.test/first"))
    with suppress(RuntimeError), archive.writing():
        keep(archive, article("https://herald.test/undone"))
        raise RuntimeError
    keep(archive, article("https://herald.test/second"))

    assert [1, 2] == [change.seq for change in archive.changes.since(0)]
    assert 2 == archive.changes.last()


@pytest.mark.parametrize("seed", range(3))
def test_many_writers_give_a_follower_every_change_once_and_in_order(url: str, seed: int) -> None:
    follower, writers, times = Follower(url), 6, 15

    def write(name: int) -> int:
        chance, kept = random.Random(seed * 100 + name), 0
        with open_archive(url) as archive:
            for number in range(times):
                with suppress(RuntimeError), archive.writing():
                    many = chance.randint(1, 3)
                    keep(archive, *(article(f"https://{name}.test/{number}/{each}") for each in range(many)))
                    time.sleep(chance.choice((0, 0, 0.005)))
                    if chance.random() < 0.3:
                        raise RuntimeError
                    kept += many
        return kept

    with ThreadPoolExecutor(writers + 1) as threads:
        following = threads.submit(follower.follow)
        try:
            kept = sum(threads.map(write, range(writers)))
        finally:
            follower.end()

        assert list(range(1, kept + 1)) == following.result()


# -- opening --


def told(act: Callable[[], object]) -> str:
    """Give the error of something as text."""
    with pytest.raises(ArchiveError) as error:
        act()
    return str(error.value)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql://anna:secret@db.test/press", "postgresql://anna@db.test/press"),
        ("postgres://anna:sec:ret/w@rd@db.test/press", "postgres://anna@db.test/press"),
        ("postgresql:///press?user=anna&password=secret&host=db.test", "postgresql:///press?user=anna&password=…&host=db.test"),
        ("postgresql://db.test/press?sslpassword=secret", "postgresql://db.test/press?sslpassword=…"),
        ("postgresql://db.test/press?passwd=secret", "postgresql://db.test/press?passwd=…"),
        ("postgresql://db.test:5432/press", "postgresql://db.test:5432/press"),
        ("postgresql:///press", "postgresql:///press"),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_its_password(address: str, name: str) -> None:
    assert name == shown(address)
    assert path_of(address) is None


@pytest.mark.parametrize("wrong", ["[db.test/press", "db.test/press?colour=red", "db.test/press?connect_timeout"])
def test_what_is_no_address_is_told_without_the_password(wrong: str) -> None:
    said = told(lambda: open_archive(f"postgresql://anna:secret@{wrong}"))

    assert "it must be like postgresql://user:password@host:5432/presswatch" in said
    assert "secret" not in said


@pytest.mark.parametrize("password", ["se@cret", "se/cret", "5432/cret", "se@/cret"])
def test_signs_that_end_a_password_are_refused_before_anybody_is_asked(password: str) -> None:
    address = f"postgresql://anna:{password}@127.0.0.1:1/press"
    for act in (lambda: open_archive(address), lambda: ServerLock(address, "service").take(0)):
        said = told(act)

        assert said.startswith("postgresql://anna@127.0.0.1:1/press: a @ or / in a user's name or password")
        assert all(part not in said for part in ("cret", "5432"))


@pytest.mark.parametrize(
    "address",
    ["Postgresql://anna:secret@db.test/press", "postgresql:anna:secret@db.test/press", "mysql://anna:secret@db.test/press",
     "postgresql:/anna:secret@db.test/press", "postgresql//anna:secret@db.test/press"],
)  # fmt: skip
def test_an_address_of_something_else_is_told_without_its_password(address: str) -> None:
    said = told(lambda: open_archive(address))

    assert "not an archive's address" in said
    assert "secret" not in said


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    began = time.monotonic()
    said = told(lambda: open_archive("postgresql://anna:secret@127.0.0.1:1/press"))

    assert said.startswith("postgresql://anna@127.0.0.1:1/press: the server does not answer (")
    assert "refused" in said
    assert "secret" not in said
    assert time.monotonic() - began < 5


def test_a_wrong_password_is_told_at_once_and_shown_nowhere(postgres: Server, url: str) -> None:
    right = postgres.user("anna", SECRET, url)
    wrong = right.replace("%40rd", "%40rds")
    said = told(lambda: open_archive(wrong))

    assert 'password authentication failed for user "anna"' in said
    assert "check the address, the user and the password" in said
    assert all(part not in said for part in ("%40rd", "w@rd", "pa%3A", "pa:ss"))
    assert "pa%3A" not in told(lambda: open_archive(right).watches.add("a", "b", NOW))


def test_a_database_that_is_not_there_is_told_with_the_remedy(url: str) -> None:
    assert "createdb makes one" in told(lambda: open_archive(url.replace("/archive_", "/nothing_")))


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        ("ALTER ROLE anna NOLOGIN", 'role "anna" is not permitted to log in'),
        ("REVOKE CONNECT ON DATABASE {database} FROM PUBLIC", "permission denied for database"),
        ("ALTER DATABASE {database} ALLOW_CONNECTIONS false", "is not currently accepting connections"),
    ],
)
def test_a_server_that_lets_nobody_in_is_not_waited_for(postgres: Server, refusal: str, why: str) -> None:
    url = postgres.empty()
    anna = postgres.user("anna", SECRET, url)
    postgres.query(refusal.format(database=name_of(url)))
    fault = fault_of(anna)
    postgres.drop(url)

    assert_final(fault, "the server turns us away (", why)


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("options=-c%20nosuch%3D1", 'unrecognized configuration parameter "nosuch"'),
        ("replication=nosuch", 'invalid value for parameter "replication"'),
        ("target_session_attrs=standby", "server is not in hot standby mode"),
        ("require_auth=md5", 'authentication method requirement "md5" failed'),
        ("channel_binding=require", "channel binding required"),
    ],
)
def test_a_server_that_is_not_what_an_address_wants_is_not_waited_for(url: str, setting: str, why: str) -> None:
    assert_final(fault_of(f"{url}&{setting}"), "the server turns us away (", why)


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("port=secret", 'invalid integer value "…"'),
        ("port=99999", 'invalid port number: "…"'),
        ("service=nosuch", 'definition of service "…" not found'),
        ("sslmode=nosuch", 'invalid sslmode value: "…"'),
        ("target_session_attrs=nosuch", 'invalid target_session_attrs value: "…"'),
        ("hostaddr=nosuch", 'could not parse network address "…"'),
        ("options=-c%20nosuch=1", ""),
        ("nosuch=1", ""),
        ("keepalives_idle=nosuch", ""),
    ],
)
def test_an_address_that_nobody_could_connect_to_is_not_waited_for(url: str, setting: str, why: str) -> None:
    assert_final(fault_of(f"{url}&{setting}"), "not an archive's address", why)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"N", "server does not support SSL, but SSL was required"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "SSL negotiation"),
    ],
)
def test_who_answers_without_tls_or_as_something_else_is_not_waited_for(answer: bytes, why: str) -> None:
    fault = fault_of_one_that(lambda line: line.sendall(answer))

    assert not isinstance(fault, ArchiveAway)
    assert "the server turns us away (" in str(fault)
    assert why in str(fault)


@pytest.mark.parametrize(
    "said",
    [
        "the database system is starting up",
        "the database system is shutting down",
        "the database system is in recovery mode",
        "the database system is not yet accepting connections",
        "sorry, too many clients already",
        'too many connections for role "anna"',
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
        "terminating connection due to administrator command",
    ],
)
def test_a_server_that_lets_nobody_in_for_now_is_waited_for(said: str) -> None:
    """A server says so for moments only; here another one says it in its words."""
    body = b"SFATAL\0VFATAL\0C57P03\0M" + said.encode() + b"\0\0"
    message = b"E" + (len(body) + 4).to_bytes(4) + body
    fault = fault_of_one_that(lambda line: line.sendall(message), "disable")

    assert isinstance(fault, ArchiveAway)
    assert said in str(fault)


def test_a_server_that_hangs_up_or_has_no_socket_is_waited_for(tmp_path: Path) -> None:
    assert isinstance(fault_of_one_that(lambda _: None), ArchiveAway)
    assert isinstance(fault_of(f"postgresql://anna@/press?host={tmp_path}"), ArchiveAway)


def test_who_has_no_connection_left_is_waited_for(postgres: Server, url: str) -> None:
    anna = postgres.user("anna", SECRET, url)
    postgres.query("ALTER ROLE anna CONNECTION LIMIT 0")

    assert isinstance(fault_of(anna), ArchiveAway)


def test_one_server_of_several_that_is_away_is_waited_for(url: str) -> None:
    folder = url.rpartition("host=")[2]
    several = f"postgresql://postgres@/{name_of(url)}?host=127.0.0.1,{folder}&port=1,5432&target_session_attrs=standby"

    assert isinstance(fault_of(several), ArchiveAway)


def name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def fault_of(address: str) -> ArchiveError:
    with pytest.raises(ArchiveError) as caught:
        open_archive(address)
    return caught.value


def assert_final(fault: ArchiveError, said: str, why: str) -> None:
    """Assert that somebody is told why, and that nobody waits for it to pass."""
    assert not isinstance(fault, ArchiveAway)
    assert said in str(fault)
    assert why in str(fault)


def fault_of_one_that(answer: Callable[[socket.socket], None], sslmode: str = "require") -> ArchiveError:
    """Give what is said of a server that answers in its own way, and hangs up."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _ = server.accept()
                with line:
                    line.recv(1000)
                    answer(line)

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=serve, daemon=True).start()
        fault = fault_of(f"postgresql://anna@127.0.0.1:{server.getsockname()[1]}/press?sslmode={sslmode}")
        server.shutdown(socket.SHUT_RDWR)
    return fault


def test_an_empty_database_becomes_an_archive_only_when_asked_to(bare: str, postgres: Server) -> None:
    for options in ({"create": False}, {"read_only": True}):
        assert "there is no archive here" in told(lambda options=options: open_archive(bare, **options))
    assert [] == postgres.query("SELECT * FROM pg_tables WHERE schemaname = 'public'", bare)

    with open_archive(bare) as archive:
        assert [1] == keep(archive, article())


def test_somebody_elses_database_is_left_alone(bare: str, postgres: Server) -> None:
    postgres.query("CREATE TABLE recipes (name text)", bare)

    assert "holds tables of something else; give Presswatch one of its own" in told(lambda: open_archive(bare))
    assert [("recipes",)] == postgres.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", bare)


def test_a_database_of_another_encoding_is_refused_with_the_remedy(postgres: Server) -> None:
    postgres.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    address = postgres.new().rpartition("/archive_")[0]
    latin = f"{address}/latin?{postgres.new().partition('?')[2]}"
    try:
        assert "is LATIN1, but an archive needs UTF8" in told(lambda: open_archive(latin))
    finally:
        postgres.drop(latin)


def test_an_old_server_is_one_that_does_not_know_what_rooms_say(archive: Archive) -> None:
    (version,) = archive._store.rows("SHOW server_version_num")[0]

    assert int(version) // 10_000 >= OLDEST_SERVER


def test_an_archive_of_a_newer_program_is_not_touched(url: str, postgres: Server) -> None:
    postgres.query("UPDATE presswatch SET step = 99", url)

    for read_only in (False, True):
        assert "a newer Presswatch wrote this archive" in told(lambda by=read_only: open_archive(url, read_only=by))
    assert [(99,)] == postgres.query("SELECT step FROM presswatch", url)


def test_an_older_archive_is_brought_up_to_date_by_whoever_writes(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with open_archive(url) as archive:
        keep(archive, article())
    (tmp_path / "more.sql").write_text("CREATE TABLE more (id bigint);")
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("more.sql",)))
    monkeypatch.setattr(schema, "files", lambda _package: tmp_path)

    with pytest.raises(ArchiveOld, match="any command that writes brings it up to date"):
        open_archive(url, read_only=True)
    with open_archive(url) as archive:
        assert [0, 1] == [archive._store.value("SELECT count(*) FROM more"), archive.articles.count()]
    with open_archive(url, read_only=True) as archive:
        assert 1 == archive.articles.count()


def test_who_may_only_read_reads_and_is_told_why_nothing_is_written(url: str, postgres: Server) -> None:
    with open_archive(url) as archive:
        keep(archive, article())
    reader = postgres.user("reader", SECRET, url)
    postgres.query("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", url)

    try:
        with open_archive(reader, read_only=True) as archive:
            assert [1, 1, []] == [archive.articles.count(), archive.changes.last(), archive.sources.health(NOW)]
        with open_archive(reader) as archive, pytest.raises(ArchiveReadOnly, match="check the rights") as error:
            keep(archive, article("https://herald.test/b"))
        assert "pa%3A" not in str(error.value)
    finally:
        postgres.query("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM reader", url)


def test_who_opens_to_read_writes_nothing(url: str) -> None:
    with open_archive(url, read_only=True) as archive, pytest.raises(ArchiveReadOnly, match="cannot be written to"):
        keep(archive, article())


_WRITER = """
import sys
sys.path.insert(0, ".")
from crawler.archive import open_archive
from tests.archive_sample import NOW, article, entries, keep
url, name = sys.argv[1:]
with open_archive(url) as archive:
    for number in range(20):
        keep(archive, article(f"https://{name}.test/{number}", source=name))
        archive.pages.queue(name, entries(f"https://{name}.test/page/{number}"), NOW)
"""


def test_four_processes_that_begin_a_new_archive_at_once_lose_nothing(bare: str) -> None:
    processes = [warm.script(_WRITER, bare, f"writer{number}", env=os.environ, path=ROOT) for number in range(4)]
    problems = [process.communicate(timeout=100)[1] for process in processes]

    assert ["", "", "", ""] == problems
    with open_archive(bare, create=False) as archive:
        changes = archive.changes.since(0)
        assert 80 == archive.articles.count() == len(changes)
        assert list(range(1, 81)) == [change.seq for change in changes]
        assert [20] * 4 == [counted["queued"] for counted in archive.pages.counts().values()]


# -- connections --


def end_connections(postgres: Server, url: str) -> None:
    postgres.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        url,
    )


def test_a_connection_that_is_lost_is_told_and_the_next_one_works(postgres: Server, url: str) -> None:
    with open_archive(url) as archive:
        keep(archive, article())
        end_connections(postgres, url)

        assert "the server does not answer (" in told(archive.articles.count)
    with open_archive(url) as archive:
        assert 1 == archive.articles.count()


def test_what_a_lost_connection_was_writing_is_undone(postgres: Server, url: str) -> None:
    def lose() -> None:
        with open_archive(url) as archive, archive.writing():
            keep(archive, article())
            end_connections(postgres, url)
            keep(archive, article("https://herald.test/b"))

    assert "the server does not answer (" in told(lose)
    with open_archive(url) as archive:
        assert 0 == archive.articles.count()
        assert [1] == [change.seq for _ in keep(archive, article()) for change in archive.changes.since(0)]


def test_connections_that_rest_are_not_asked_again_once_the_server_has_ended_them(postgres: Server, url: str) -> None:
    open_archive(url).close()
    end_connections(postgres, url)

    with open_archive(url) as archive:
        assert 0 == archive.articles.count()


def pid(archive: Archive) -> int:
    return int(archive._store.value("SELECT pg_backend_pid()"))


def test_a_connection_is_used_again_without_what_was_set_for_another(url: str) -> None:
    with open_archive(url, read_only=True, patience=0.05) as archive:
        first = pid(archive)
        archive._store.execute("SET enable_seqscan = off")
    with open_archive(url, patience=7) as archive:
        again = pid(archive)
        found = archive._store.rows(
            "SELECT current_setting('lock_timeout'), current_setting('default_transaction_read_only'), "
            "current_setting('enable_seqscan')"
        )

    assert first == again
    assert [("7s", "off", "on")] == found


def test_two_that_are_open_at_a_time_have_a_connection_each(url: str) -> None:
    with open_archive(url) as one, open_archive(url) as other:
        assert pid(one) != pid(other)


def test_a_closed_archive_says_so(url: str) -> None:
    archive = open_archive(url)
    archive.close()
    archive.close()

    assert "the archive is closed" in told(archive.articles.count)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_forked_process_has_connections_of_its_own(url: str) -> None:
    with open_archive(url) as archive:
        before = pid(archive)
    child = os.fork()
    if not child:
        with suppress(BaseException), open_archive(url) as archive:
            keep(archive, article())
            os._exit(0 if pid(archive) != before else 1)
        os._exit(2)
    _, status = os.waitpid(child, 0)

    with open_archive(url) as archive:
        assert (0, before, 1) == (os.waitstatus_to_exitcode(status), pid(archive), archive.articles.count())


@pytest.mark.parametrize("patience", [0.0, 0.3])
def test_a_writer_waits_for_another_one_as_long_as_its_patience_lasts(url: str, patience: float) -> None:
    with open_archive(url) as archive, open_archive(url, patience=patience) as impatient, archive.writing():
        began = time.monotonic()
        with pytest.raises(ArchiveBusy, match="another process is writing to it and did not finish in time"):
            keep(impatient, article())
        waited = time.monotonic() - began

        assert patience <= waited < patience + 5
        assert 0 == impatient.articles.count()


def test_a_question_that_takes_too_long_is_ended_and_the_next_one_is_not(archive: Archive) -> None:
    began = time.monotonic()
    archive.stop_when(lambda: time.monotonic() > began + 0.2)
    with pytest.raises(TooLong):
        archive._store.rows("SELECT pg_sleep(60)")
    archive.stop_when(None)

    assert 0 == archive.articles.count()
    assert time.monotonic() - began < 10


def test_a_number_that_no_column_could_hold_is_refused(archive: Archive) -> None:
    with pytest.raises(UsageError, match="larger than any in the archive"):
        archive.changes.move("digests", 1 << 70)


def test_it_is_copied_by_the_servers_own_means(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pg_dump"):
        archive.backup(tmp_path / "copy.db")

    assert [] == list(tmp_path.iterdir())


# -- texts --


def test_a_nul_in_a_text_is_kept_as_the_sign_for_what_cannot_be_shown(archive: Archive) -> None:
    (id_,) = keep(archive, article(title="A\0B", text="C\0D", authors=("E\0F",), tags=("g\0h",)))
    archive.pages.queue("herald", [*map(_entry, ("https://herald.test/x", "https://herald.test/y\0"))], NOW)
    kept = archive.articles.get(id_)

    assert kept is not None
    assert ("A\ufffdB", "C\ufffdD") == (kept.title, kept.text)
    assert archive.pages.sift("herald", [_entry("https://herald.test/x")]).known == 1
    assert {"herald"} == archive.pages.counts(["herald", "a\0b"]).keys()


def _entry(url: str) -> object:
    from crawler.records import Entry

    return Entry(url, title="A\0B", updated="2026\0")


def test_lone_surrogates_are_kept_as_on_sqlite(archive: Archive) -> None:
    with open_archive("sqlite://") as other:
        kept = []
        for each in (archive, other):
            each.pages.queue("herald", [_entry("https://herald.test/\ud800")], NOW)
            (id_,) = keep(each, article(title="A \ud83d B", text="C \udfff D"))
            found = each.articles.get(id_)
            assert found is not None
            kept.append((found.title, found.text, each.pages.counts()))

    assert kept[0] == kept[1]


# -- statements --


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SELECT ? + ?", "SELECT %s + %s"),
        ("SELECT :a, :long_name2", "SELECT %(a)s, %(long_name2)s"),
        ("SELECT '?', ':a', '100 %', 'it''s ?', ?", "SELECT '?', ':a', '100 %%', 'it''s ?', %s"),
        ('SELECT "a?b:c" FROM t', 'SELECT "a?b:c" FROM t'),
        ("SELECT a::text, :b::bigint", "SELECT a::text, %(b)s::bigint"),
        ("SELECT a % 7", "SELECT a %% 7"),
        ("SELECT a FROM t INDEXED BY i WHERE b = ?", "SELECT a FROM t WHERE b = %s"),
        ("UPDATE t INDEXED BY i SET a = 1", "UPDATE t SET a = 1"),
        ("SELECT 1 FROM a CROSS JOIN b ON b.x = a.x", "SELECT 1 FROM a JOIN b ON b.x = a.x"),
        ("SELECT 1 FROM a CROSS JOIN b t ON t.x = a.x", "SELECT 1 FROM a JOIN b t ON t.x = a.x"),
        ("SELECT 1 FROM a CROSS JOIN b AS t WHERE t.x = a.x", "SELECT 1 FROM a CROSS JOIN b AS t WHERE t.x = a.x"),
        ("SELECT 1 FROM a CROSS JOIN (SELECT 2) b ON true", "SELECT 1 FROM a JOIN (SELECT 2) b ON true"),
    ],
)
def test_a_statement_is_written_as_the_driver_wants_it(written: str, meant: str) -> None:
    assert meant == translated(written).decode()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("INSERT INTO t VALUES (?, ?)", "INSERT INTO t VALUES (%s, %s), (%s, %s)"),
        ("INSERT INTO t (a) VALUES (?)", "INSERT INTO t (a) VALUES (%s), (%s)"),
        (
            "INSERT INTO t VALUES (?) ON CONFLICT DO NOTHING",
            "INSERT INTO t VALUES (%s), (%s) ON CONFLICT DO NOTHING",
        ),
        # Of these a second row may need what the first one did, or is more than values.
        ("INSERT INTO t VALUES (?) ON CONFLICT (a) DO UPDATE SET a = excluded.a", None),
        ("INSERT INTO t SELECT ? FROM u", None),
        ("INSERT INTO t VALUES (?, 1)", None),
        ("DELETE FROM t WHERE a = ?", None),
    ],
)
def test_rows_are_inserted_by_one_statement_where_that_means_the_same(written: str, meant: str | None) -> None:
    found = of_many_rows(translated(written), 2)

    assert meant == (found and found.decode())


def test_many_rows_are_written_and_counted_as_on_sqlite(post: Store, lite: Store) -> None:
    for store in (post, lite):
        assert 1_203 == store.many("INSERT INTO fingerprints VALUES (?, ?)", ((n, 7) for n in range(1_203)))
        assert 2 == store.many(
            "INSERT INTO forgotten VALUES (?, ?) ON CONFLICT DO NOTHING", [("a", 1), ("b", 2), ("a", 3)]
        )
        assert 2 == store.many("UPDATE forgotten SET at = ? WHERE at > ?", [(5, 1), (6, 9)] * 2)
        assert 0 == store.many("DELETE FROM forgotten WHERE at = ?", [])
        assert (1_203, 1_202) == store.row("SELECT count(*), max(hash) FROM fingerprints")


def test_what_waits_for_the_next_statement_is_done_in_order(post: Store, lite: Store) -> None:
    write, read = "INSERT INTO held (url, host, until) VALUES (?, ?, ?)", "SELECT url, until FROM held ORDER BY url"
    for store in (post, lite):
        store.later(write, [("a", "100 %s", 1)])

        assert [("a", 1)] == store.rows(read)
        with store.writing():
            store.later(write, [("b", "", 1), ("c", "", 1)])
            store.later("UPDATE held SET until = until + ?", [(1,)])
            assert 2 == store.execute("DELETE FROM held WHERE url < ?", ("c",))
            store.later(write, [("d", "", 1)])
            assert (2,) == store.row("SELECT count(*) FROM held")
            store.later(write, [("e", "", 1)])
            assert 1 == store.many("UPDATE held SET until = ? WHERE url = ?", [(9, "e")])
            store.later(write, [("f", "", 1)])
        assert [("c", 2), ("d", 1), ("e", 9), ("f", 1)] == store.rows(read)


def test_what_waits_is_undone_with_its_part_of_a_transaction_alone(post: Store, lite: Store) -> None:
    write = "INSERT INTO held (url, host, until) VALUES (?, '', 0)"
    for store in (post, lite):
        with store.writing():
            store.later(write, [("kept",)])
            with suppress(RuntimeError), store.writing():
                store.later(write, [("undone",)])
                raise RuntimeError
            with store.writing():
                store.later(write, [("kept, too",)])
            store.later(write, [("and the last",)])
        with suppress(RuntimeError), store.writing():
            store.later(write, [("undone with all",)])
            raise RuntimeError

        assert [("and the last",), ("kept",), ("kept, too",)] == store.rows("SELECT url FROM held ORDER BY url")


@pytest.mark.parametrize("then", ["SELECT 1", None])
def test_a_fault_of_what_waits_is_told_and_undoes_its_transaction(post: Store, then: str | None) -> None:
    def write() -> None:
        with post.writing():
            post.later("INSERT INTO held (url, host, until) VALUES (?, '', 0)", [("twice",)] * 2)
            if then is not None:
                post.row(then)

    with pytest.raises(ArchiveError, match="duplicate key"):
        write()

    assert (0,) == post.row("SELECT count(*) FROM held")


def test_what_statements_hold_comes_back_as_it_was(post: Store) -> None:
    values = ("100 %s", 'it\'s ? :a \\ "x"', -5, 1.5, None, b"\x00\xff", 1 << 62)
    marks = post.rows(f"SELECT {', '.join('?' * len(values))}, '50 %', ':b'", values)
    named = post.rows("SELECT :a, :b, :a, '%(a)s'", {"a": values[0], "b": values[1], "unused": 1})

    assert [(*values, "50 %", ":b")] == marks
    assert [(values[0], values[1], values[0], "%(a)s")] == named


def test_truth_is_a_number_as_on_sqlite(post: Store, lite: Store) -> None:
    for store in (post, lite):
        assert [(1, 2, 1)] == store.rows(
            "SELECT ?, count(*), iif(? = 1, 1, 0) FROM (SELECT 1 UNION SELECT 2) AS a", (True, True)
        )
        assert (3, None, 2) == store.row("SELECT max(1, 3), max(1, NULL), min(2, 3)")
        assert ("b", "2") == store.row(
            "SELECT json_extract(?, '$.a'), json_extract(?, '$.c') || ''", ('{"a":"b"}', '{"c":2}')
        )


def test_the_stores_answer_as_the_driver_does(post: Store) -> None:
    assert isinstance(post, PostgresStore)
    assert [(6, 2.5)] == post.rows("SELECT sum(a), avg(b) FROM (VALUES (1, 2.0), (5, 3.0)) AS t(a, b)")
    assert (None, None) == (post.row("SELECT 1 WHERE false"), post.value("SELECT NULL"))


def test_who_waits_while_another_makes_the_tables_finds_them_made(bare: str, postgres: Server) -> None:
    """What a connection has been told is not there, it remembers while it waits for a writer."""

    def waits() -> bool:
        return bool(postgres.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))

    with closing(PostgresStore(bare, read_only=False, patience=20)) as one, ThreadPoolExecutor(1) as pool:
        with one.writing():
            opened = pool.submit(open_store, bare)
            while not waits():
                time.sleep(0.01)
            _bring_up_to_date(one, None, create=True)
        with closing(opened.result()) as other:
            one.jobs().are_prepared()
            with other.writing():
                prepared = pool.submit(one.jobs().prepare)
                while not waits():
                    time.sleep(0.01)
                other.jobs().prepare()
            prepared.result()
            assert one.jobs().are_prepared()
