"""What the archive knows of users: who may log in, where they are logged in, and the tokens of their programs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.records import ApiToken
from tests import databases
from tests.archive_sample import DAY, HOUR, NOW


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.users.add("ann", "editor", "$hash$1", NOW)
        yield opened


def token(role: str = "reader", label: str = "desk", user: str = "ann", **more: object) -> ApiToken:
    return ApiToken(label, user, role, NOW, **more)  # type: ignore[arg-type]


def test_an_archive_begins_without_users() -> None:
    with open_archive("sqlite://") as archive:
        assert not archive.users.any()
        assert [] == archive.users.list(NOW)


def test_a_name_is_taken_once(archive: Archive) -> None:
    assert not archive.users.add("ann", "reader", "$hash$2", NOW + DAY)

    assert archive.users.any()
    assert [("ann", "editor", NOW, NOW, None)] == [
        (user.name, user.role, user.created, user.changed, user.seen) for user in archive.users.list(NOW)
    ]
    assert "$hash$1" == archive.users.password("ann")


def test_who_is_not_there_has_no_password_and_cannot_be_changed(archive: Archive) -> None:
    users = archive.users

    assert (None, None) == (users.get("bob", NOW), users.password("bob"))
    assert [False] * 4 == [
        users.set_password("bob", "x", NOW), users.set_role("bob", "editor", NOW), users.remove("bob"),
        users.open_session("key", "bob", NOW, NOW + DAY),
    ]  # fmt: skip


def test_a_session_lasts_until_its_end_and_longer_when_it_is_renewed(archive: Archive) -> None:
    archive.users.open_session("key", "ann", NOW, NOW + DAY)

    assert archive.users.session("other", NOW) is None
    assert archive.users.session("key", NOW + DAY) is None
    archive.users.renew("key", NOW + HOUR, NOW + 2 * DAY)
    (found,) = archive.users.sessions("ann", NOW + DAY)
    assert found == archive.users.session("key", NOW + DAY)
    assert ("ann", "editor", NOW, NOW + HOUR, NOW + 2 * DAY) == (
        found.user, found.role, found.created, found.seen, found.ends,
    )  # fmt: skip
    assert NOW + HOUR == archive.users.list(NOW)[0].seen


def test_sessions_that_have_ended_are_removed_when_another_begins(archive: Archive) -> None:
    archive.users.open_session("old", "ann", NOW, NOW + HOUR)
    archive.users.open_session("new", "ann", NOW + DAY, NOW + 2 * DAY)

    assert 1 == len(archive.users.sessions("ann", NOW))


def test_a_session_is_ended_alone_or_with_all_of_its_user(archive: Archive) -> None:
    archive.users.add("bob", "reader", "$hash$", NOW)
    for key, name in (("1", "ann"), ("2", "ann"), ("3", "ann"), ("4", "bob")):
        archive.users.open_session(key, name, NOW, NOW + DAY)

    archive.users.end_session("1")
    assert 2 == len(archive.users.sessions("ann", NOW))
    assert 2 == archive.users.log_out("ann")
    assert (0, 1) == (len(archive.users.sessions("ann", NOW)), len(archive.users.sessions("bob", NOW)))


def test_another_password_ends_all_sessions_and_a_better_hash_none(archive: Archive) -> None:
    archive.users.open_session("key", "ann", NOW, NOW + DAY)
    archive.users.rehash("ann", "$hash$1", "$hash$2")
    archive.users.rehash("ann", "$hash$1", "$hash$3")  # it came too late

    assert "$hash$2" == archive.users.password("ann")
    assert archive.users.session("key", NOW) is not None
    assert archive.users.set_password("ann", "$hash$4", NOW + HOUR)
    assert archive.users.session("key", NOW) is None
    assert NOW + HOUR == archive.users.list(NOW)[0].changed


def test_a_role_is_changed_in_sessions_and_tokens_at_once(archive: Archive) -> None:
    archive.users.open_session("key", "ann", NOW, NOW + DAY)
    archive.users.add_token("secret", token("editor"))
    archive.users.set_role("ann", "reader", NOW)

    session, found = archive.users.session("key", NOW), archive.users.token("secret", NOW)
    assert session is not None
    assert found is not None
    assert ("reader", "reader") == (session.role, found.role)


@pytest.mark.parametrize(
    ("role", "own", "least"),
    [
        ("feeds", "editor", "feeds"), ("reader", "editor", "reader"), ("editor", "editor", "editor"),
        ("editor", "reader", "reader"), ("feeds", "reader", "feeds"),
    ],
)  # fmt: skip
def test_a_token_may_never_more_than_its_user(archive: Archive, role: str, own: str, least: str) -> None:
    archive.users.set_role("ann", own, NOW)
    archive.users.add_token("secret", token(role))

    found = archive.users.token("secret", NOW)
    assert found is not None
    assert least == found.role
    assert [least] == [each.role for each in archive.users.tokens()]


def test_a_token_has_a_label_of_its_own_and_a_user(archive: Archive) -> None:
    assert archive.users.add_token("1", token())
    assert not archive.users.add_token("2", token())
    assert not archive.users.add_token("3", token(label="other", user="bob"))

    assert ["desk"] == [each.label for each in archive.users.tokens()]
    assert archive.users.token("2", NOW) is None
    assert archive.users.remove_token("desk")
    assert not archive.users.remove_token("desk")
    assert archive.users.token("1", NOW) is None


def test_a_token_ends_and_its_use_is_remembered(archive: Archive) -> None:
    archive.users.add_token("secret", token(ends=NOW + DAY))
    archive.users.note_use("desk", NOW + HOUR)

    found = archive.users.token("secret", NOW + DAY - HOUR)
    assert found is not None
    assert (NOW + HOUR, NOW + DAY) == (found.used, found.ends)
    assert archive.users.token("secret", NOW + DAY) is None
    assert 1 == len(archive.users.tokens())


def test_a_user_goes_with_sessions_and_tokens(archive: Archive) -> None:
    archive.users.open_session("key", "ann", NOW, NOW + DAY)
    archive.users.add_token("secret", token())

    assert archive.users.remove("ann")
    assert (None, None) == (archive.users.session("key", NOW), archive.users.token("secret", NOW))
    archive.users.add("ann", "reader", "$hash$", NOW)
    assert ([], []) == (archive.users.sessions("ann", NOW), archive.users.tokens())


def test_no_secret_stands_in_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_archive(f"sqlite:///{path}") as archive:
        archive.users.add("ann", "editor", "$hash$", NOW)
        archive.users.open_session("key-of-a-session", "ann", NOW, NOW + DAY)
        archive.users.add_token("secret-of-a-token", token())
    content = databases.content(f"sqlite:///{path}")

    assert b"key-of-a-session" not in content
    assert b"secret-of-a-token" not in content
    assert hashlib.sha256(b"secret-of-a-token").digest() in content


@pytest.mark.parametrize("strange", ["", "\ud800", "a\x00b", "й" * 10_000])
def test_what_is_no_key_finds_nothing(archive: Archive, strange: str) -> None:
    assert archive.users.session(strange, NOW) is None
    assert archive.users.token(strange, NOW) is None
