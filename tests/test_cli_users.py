"""The commands for users and tokens: passwords never stand in a command, secrets are shown once."""

from __future__ import annotations

import getpass
import io
import json
import os
import pty
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.archive import open_archive
from digest import accounts
from tests.commands import validate
from tests.desk import Desk
from tests.quick_passwords import quickly  # noqa: F401

WORDS = "correct horse battery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "word").write_text(f"{WORDS}\n")
    return tmp_path


def add(desk: Desk, folder: Path, name: str = "ann", role: str = "editor") -> None:
    desk.run(folder, "user", "add", name, "--role", role, "--password-file", "word")


def listed(desk: Desk, folder: Path, what: str) -> Any:
    document = json.loads(desk.run(folder, what, "list", "--json").stdout)
    validate(document, f"{what}s")
    return document[f"{what}s"]


def kept(folder: Path, name: str = "ann") -> str | None:
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        return archive.users.password(name)


def test_the_first_user_is_told_what_changes(desk: Desk, folder: Path) -> None:
    first = desk.run(folder, "user", "add", "Ann", "--role", "editor", "--password-file", "word")
    second = desk.run(folder, "user", "add", "bob", "--password-file", "word")

    assert "ann may log in, as editor\n" == first.stdout
    assert "from now on everybody has to log in" in first.stderr
    assert ("bob may log in, as reader\n", "") == (second.stdout, second.stderr)
    assert [("ann", "editor"), ("bob", "reader")] == [
        (each["name"], each["role"]) for each in listed(desk, folder, "user")
    ]
    assert "not logged in" in desk.run(folder, "user", "list").stdout


def test_a_password_is_kept_as_a_hash_alone(desk: Desk, folder: Path) -> None:
    add(desk, folder)
    found = kept(folder) or ""

    assert found.startswith("$argon2id$")
    assert accounts.is_right(WORDS, found)
    assert not accounts.is_right(f"{WORDS}\n", found)
    assert WORDS.encode() not in (folder / "presswatch.db").read_bytes()


def test_a_password_comes_from_stdin(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f" {WORDS}ü \r\n".encode())))
    desk.run(folder, "user", "add", "ann", "--password-file", "-")

    assert accounts.is_right(f" {WORDS}u\u0308 ", kept(folder))  # composed or not, it is one password


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"short", "has 5 characters, but must have 12"),
        ("пароль".encode(), "has 6 characters"),
        (b"", "has 0 characters"),
        (b"aaaaaaaaaaaaaaaa", "hardly any different characters"),
        (b"x" * 9 + b"yzabc" * 300, "more than 1,000 characters"),
        (b"\xff\xfe\xfd" * 9, "no text in UTF-8"),
        (b"wholly secret words\nwholly other words\n", "found 2 lines, wanted the password alone, on one line"),
        (b"wholly secret words\n\n", "found 2 lines"),
    ],
)
def test_a_password_that_is_none_is_refused_with_the_reason(
    desk: Desk, folder: Path, content: bytes, said: str
) -> None:
    (folder / "word").write_bytes(content)

    assert said in desk.run(folder, "user", "add", "ann", "--password-file", "word", code=2).stderr
    assert [] == listed(desk, folder, "user")


def test_without_a_terminal_and_a_file_nobody_is_asked(desk: Desk, folder: Path) -> None:
    assert "give --password-file" in desk.run(folder, "user", "add", "ann", code=2).stderr
    assert "cannot be read" in desk.run(folder, "user", "add", "ann", "--password-file", "none", code=2).stderr


def test_a_terminal_is_asked_twice_without_showing_what_is_typed(folder: Path) -> None:
    child, terminal = pty.fork()
    if not child:
        os.chdir(folder)
        os.execv(sys.executable, [sys.executable, "-P", "-m", "digest.cli", "user", "add", "ann"])
    shown = b""
    for question in (b"Password: ", b"The same again: "):
        while question not in shown:
            shown += os.read(terminal, 1000)
        time.sleep(0.05)
        os.write(terminal, f"{WORDS}\n".encode())
    try:
        while piece := os.read(terminal, 1000):
            shown += piece
    except OSError:  # the terminal is gone with who used it
        pass
    os.waitpid(child, 0)
    os.close(terminal)

    assert "ann may log in, as reader" in shown.decode()
    assert WORDS not in shown.decode()


def test_two_passwords_that_differ_are_none(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([WORDS, "another one!"])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(getpass, "getpass", lambda _question: next(typed))

    assert "the two passwords differ; nothing was changed" in desk.run(folder, "user", "add", "ann", code=2).stderr
    assert [] == listed(desk, folder, "user")


@pytest.mark.parametrize("name", ["", " ", "a b", "a" * 65, "<b>", "-x", "a\nb", "a/b"])
def test_what_is_no_name_is_refused(desk: Desk, folder: Path, name: str) -> None:
    done = desk.run(folder, "user", "add", "--password-file", "word", "--", name, code=2)

    assert "is no name of a user" in done.stderr


def test_a_name_is_one_whatever_its_capitals(desk: Desk, folder: Path) -> None:
    add(desk, folder, "Анна.Ivanova@press.test")
    done = desk.run(folder, "user", "add", "АННА.ivanova@PRESS.test", "--password-file", "word", code=2)

    assert "there is a user анна.ivanova@press.test already" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("user", "password", "bob", "--password-file", "word"), ("user", "role", "bob", "reader"),
        ("user", "logout", "bob"), ("user", "remove", "bob"), ("token", "add", "desk", "--user", "bob"),
    ],
)  # fmt: skip
def test_who_is_not_there_is_told_with_those_who_are(desk: Desk, folder: Path, command: tuple[str, ...]) -> None:
    add(desk, folder)

    assert 'there is no user "bob"; there is: ann' in desk.run(folder, *command, code=2).stderr


def test_another_password_and_a_logout_end_sessions_and_tell_of_tokens(desk: Desk, folder: Path) -> None:
    add(desk, folder)
    desk.run(folder, "token", "add", "dashboard", "--user", "ann")
    (folder / "word").write_text("wholly other words")
    done = desk.run(folder, "user", "password", "ann", "--password-file", "word")

    assert accounts.is_right("wholly other words", kept(folder))
    assert "logged out everywhere" in done.stdout
    assert "go on working: dashboard" in done.stderr
    assert "ann was logged in nowhere\n" == desk.run(folder, "user", "logout", "ann").stdout


def test_roles_are_changed_and_it_is_told_when_nobody_may_edit(desk: Desk, folder: Path) -> None:
    add(desk, folder)
    done = desk.run(folder, "user", "role", "ann", "reader")

    assert "ann is reader\n" == done.stdout
    assert "presswatch user role ann editor" in done.stderr
    assert "was reader already" in desk.run(folder, "user", "role", "ann", "reader").stdout
    assert 2 == desk.run(folder, "user", "role", "ann", "owner", code=2).returncode


def test_the_last_user_goes_with_a_word_of_what_that_means(desk: Desk, folder: Path) -> None:
    add(desk, folder)
    desk.run(folder, "token", "add", "dashboard", "--user", "ann")
    done = desk.run(folder, "user", "remove", "ann")

    assert "ann is removed, with all sessions and tokens\n" == done.stdout
    assert "whoever sits at this machine may do all" in done.stderr
    assert ([], []) == (listed(desk, folder, "user"), listed(desk, folder, "token"))
    assert "presswatch user add makes the first one" in desk.run(folder, "user", "list").stdout


def test_a_token_is_shown_once_and_alone(desk: Desk, folder: Path) -> None:
    add(desk, folder)
    done = desk.run(folder, "token", "add", "dash board", "--user", "ANN", "--ends", "90d")
    secret = done.stdout.strip()

    assert secret.startswith("presswatch_")
    assert len(secret) > 50
    assert "it is shown this once" in done.stderr
    (found,) = listed(desk, folder, "token")
    assert ("dash board", "ann", "reader", None) == (found["label"], found["user"], found["role"], found["used"])
    assert found["ends"] is not None
    assert secret not in desk.run(folder, "token", "list").stdout
    assert secret.encode() not in (folder / "presswatch.db").read_bytes()
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        assert archive.users.token(secret, archive.users.tokens()[0].created) is not None
    desk.run(folder, "token", "remove", "dash board")
    assert [] == listed(desk, folder, "token")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("desk", "--user", "bob", "--role", "editor"), "bob is reader, so that a token of theirs cannot be editor"),
        (("taken", "--user", "bob"), 'there is a token "taken" already'),
        (("", "--user", "bob"), "is no label"),
        (("a\nb", "--user", "bob"), "is no label"),
        (("desk", "--user", "bob", "--ends", "2020-01-01"), "must be a time to come"),
        (("desk", "--user", "bob", "--ends", "soon"), "is no time"),
        (("desk", "--user", "bob", "--ends", "0d"), "must be a time to come"),
    ],
)
def test_a_token_that_cannot_be_is_refused(desk: Desk, folder: Path, arguments: tuple[str, ...], said: str) -> None:
    add(desk, folder, "bob", "reader")
    desk.run(folder, "token", "add", "taken", "--user", "bob")

    assert said in desk.run(folder, "token", "add", *arguments, code=2).stderr
    assert "there is no token" in desk.run(folder, "token", "remove", "none", code=2).stderr
    assert 1 == len(listed(desk, folder, "token"))


def test_lists_need_no_archive_and_make_none(desk: Desk, folder: Path) -> None:
    assert "There are no users" in desk.run(folder, "user", "list").stdout
    assert "There are no tokens" in desk.run(folder, "token", "list").stdout
    assert not (folder / "presswatch.db").exists()
