"""The archives on PostgreSQL that tests share are to each of them as new."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import opening
from crawler.archive.opening import open_store
from crawler.archive.postgres.index import TsvectorIndex
from tests import databases
from tests.databases import Server
from tests.test_archive_migrating import fill


def everything(url: str) -> tuple[list[bytes], dict[str, int]]:
    """Read the rows of all tables, and the numbers that were given out."""
    with closing(open_store(url)) as store:
        return sorted(databases.content(url).splitlines()), store.last_numbers()


def given_again(postgres: Server, url: str) -> bool:
    """Give an archive back; tell whether the next one who asks gets it."""
    postgres.drop(url)
    following = postgres.new()
    postgres.drop(following)
    return following == url


def test_an_archive_that_was_given_back_is_as_new(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TsvectorIndex, "forget_removed", lambda _: None)  # VACUUM tells the planner something
    url = postgres.new()
    new = everything(url)
    with closing(open_store(url)) as store:
        fill(store)
    filled = everything(url)

    assert given_again(postgres, url)
    assert new == everything(url) != filled


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id bigint)",
        "ALTER TABLE followers ADD more bigint",
        "GRANT SELECT ON articles TO PUBLIC",
        "VACUUM articles",
    ],
)
def test_an_archive_of_which_more_than_rows_has_changed_is_not_given_again(postgres: Server, change: str) -> None:
    url = postgres.new()
    with closing(open_store(url)) as store:
        store.execute(change)

    assert not given_again(postgres, url)


def test_an_archive_that_somebody_still_has_open_is_not_given_again(postgres: Server) -> None:
    url = postgres.new()
    with closing(open_store(url)) as store:
        store.execute("DELETE FROM followers")

        assert not given_again(postgres, url)


def test_what_is_in_memory_or_in_a_folder_is_gone_with_it(postgres: Server, tmp_path: Path) -> None:
    with databases.in_place_of_files(postgres):
        servers = []
        for number in range(3):
            folder = tmp_path / str(number)
            folder.mkdir()
            for address in ("sqlite://", f"sqlite:///{folder}/press.db"):
                with closing(opening.open_store(address)) as store:
                    servers.append(store.server)
            folder.rmdir()
        with closing(opening.open_store("sqlite://")) as one, closing(opening.open_store("sqlite://")) as other:
            both = {one.server, other.server}

    assert 2 == len(set(servers)) == len(both)
