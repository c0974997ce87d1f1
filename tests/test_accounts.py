"""Names, passwords and secrets of users."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import UsageError
from digest import accounts


def test_a_password_is_right_however_its_letters_are_composed() -> None:
    kept = accounts.hashed("Zo\u00eb’s ﬁfth caf\u00e9")

    assert accounts.is_right("Zoe\u0308’s fifth cafe\u0301", kept)
    assert not accounts.is_right("Zoe’s fifth cafe", kept)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not accounts.is_outdated(kept)
    assert accounts.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$8d5mTVmv")


def test_it_takes_as_long_for_who_is_not_there() -> None:
    kept = accounts.hashed("correct horse battery")

    def cost(kept: str | None, password: str) -> float:
        begun = time.process_time()
        assert not accounts.is_right(password, kept)
        return time.process_time() - begun

    accounts.is_right("", None)  # the hash of nobody is made once
    wrong, nobody, endless = cost(kept, "guess"), cost(None, "guess"), cost(kept, "x" * 100_000)
    assert wrong / 3 < nobody < wrong * 3
    assert wrong / 3 < endless < wrong * 3


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_what_is_no_hash_lets_nobody_in(kept: str) -> None:
    assert not accounts.is_right("", kept)
    assert not accounts.is_right(kept, kept)


@given(st.text(max_size=80))
def test_a_name_is_known_by_one_form(name: str) -> None:
    known = accounts.known_as(name)

    assert known == accounts.known_as(known)
    assert known == accounts.known_as(f" {known} ")
    assert len(known.split()) <= 1


def test_a_password_has_letters_enough() -> None:
    with pytest.raises(UsageError, match="has 11 characters, but must have 12"):
        accounts.new_password("пароль слон")
    with pytest.raises(UsageError, match="hardly any different"):
        accounts.new_password("ababababababab")
    assert accounts.is_right("слон и пароль", accounts.new_password("слон и пароль"))


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {make() for make in (accounts.new_secret, accounts.new_token) for _ in range(100)}

    assert 200 == len(secrets)
    assert all(len(each.removeprefix("presswatch_")) == 43 for each in secrets)
