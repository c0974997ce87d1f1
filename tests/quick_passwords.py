"""Passwords that are hashed in no time, for tests that judge many; how long it takes is tested in test_accounts.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from digest import accounts

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True, scope="module")
def quickly() -> Iterator[None]:
    """Hash and judge passwords with settings that take no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", lambda: QUICK)
        accounts._nobody.cache_clear()
        yield
    accounts._nobody.cache_clear()
