"""Users of the web page: who they are, where they are logged in, and the tokens of their programs.

Of the secret of a session or a token only its SHA-256 is kept: it is random and long, so that nobody finds it from
that. Names are those of ``digest.accounts``; passwords come here hashed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none
from crawler.records import ROLES, ApiToken, LogIn, User

# In PostgreSQL, user without quotation marks is whoever has connected.
_SEEN = '(SELECT max(seen) FROM sessions WHERE "user" = u.name AND ends > :now)'
_USER = f"u.name, u.role, u.created, u.changed, {_SEEN}"
_OPEN_SESSIONS = 's."user", u.role, s.created, s.seen, s.ends FROM sessions s JOIN users u ON u.name = s."user"'
_GIVEN_TOKENS = (
    't.label, t."user", t.role, u.role, t.created, t.used, t.ends FROM tokens t JOIN users u ON u.name = t."user"'
)


class Users:
    """Who may log in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def any(self) -> bool:
        """Tell whether there is any user: without one, whoever sits at the machine may do all."""
        return self._store.row("SELECT 1 FROM users LIMIT 1") is not None

    def add(self, name: str, role: str, password: str, now: datetime) -> bool:
        """Add a user with the hash of their password; False when there is one of this name."""
        with self._store.writing(durable=True):
            at = micros(now)
            return bool(
                self._store.execute(
                    "INSERT INTO users VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", (name, role, password, at, at)
                )
            )

    def get(self, name: str, now: datetime) -> User | None:
        """Give a user; None when there is none of this name."""
        found = self._store.row(f"SELECT {_USER} FROM users u WHERE name = :name", {"name": name, "now": micros(now)})
        return _user(found) if found else None

    def list(self, now: datetime) -> Sequence[User]:
        """List all users by name."""
        return [
            _user(row) for row in self._store.rows(f"SELECT {_USER} FROM users u ORDER BY name", {"now": micros(now)})
        ]

    def password(self, name: str) -> str | None:
        """Give the hash of a user's password."""
        found = self._store.row("SELECT password FROM users WHERE name = ?", (name,))
        return str(found[0]) if found else None

    def set_password(self, name: str, password: str, now: datetime) -> bool:
        """Keep the hash of another password, and end all sessions of the user; False when there is no such user."""
        with self._store.writing(durable=True):
            self._store.execute('DELETE FROM sessions WHERE "user" = ?', (name,))
            values = (password, micros(now), name)
            return bool(self._store.execute("UPDATE users SET password = ?, changed = ? WHERE name = ?", values))

    def rehash(self, name: str, old: str, new: str) -> None:
        """Keep a better hash of the same password, unless another was set meanwhile."""
        with self._store.writing(durable=True):
            self._store.execute("UPDATE users SET password = ? WHERE name = ? AND password = ?", (new, name, old))

    def set_role(self, name: str, role: str, now: datetime) -> bool:
        """Let a user have another role, at once; False when there is no such user."""
        with self._store.writing(durable=True):
            values = (role, micros(now), name)
            return bool(self._store.execute("UPDATE users SET role = ?, changed = ? WHERE name = ?", values))

    def remove(self, name: str) -> bool:
        """Remove a user with their sessions and tokens; False when there is no such user."""
        with self._store.writing(durable=True):
            return bool(self._store.execute("DELETE FROM users WHERE name = ?", (name,)))

    def open_session(self, key: str, name: str, now: datetime, ends: datetime) -> bool:
        """Begin a session, and remove those that have ended; False when the user is not there any more."""
        with self._store.writing(durable=True):
            self._store.execute("DELETE FROM sessions WHERE ends <= ?", (micros(now),))
            at = micros(now)
            return bool(
                self._store.execute(
                    "INSERT INTO sessions SELECT ?, name, ?, ?, ? FROM users WHERE name = ?",
                    (_hashed(key), at, at, micros(ends), name),
                )
            )

    def session(self, key: str, now: datetime) -> LogIn | None:
        """Find a session that has not ended."""
        found = self._store.row(
            f"SELECT {_OPEN_SESSIONS} WHERE s.key = ? AND s.ends > ?",
            (_hashed(key), micros(now)),
        )
        return _session(found) if found else None

    def sessions(self, name: str, now: datetime) -> Sequence[LogIn]:
        """List the sessions of a user that have not ended, the one seen last first."""
        found = self._store.rows(
            f'SELECT {_OPEN_SESSIONS} WHERE s."user" = ? AND s.ends > ? ORDER BY s.seen DESC',
            (name, micros(now)),
        )
        return [_session(row) for row in found]

    def renew(self, key: str, now: datetime, ends: datetime) -> None:
        """Let a session that is used end later."""
        with self._store.writing():
            values = (micros(now), micros(ends), _hashed(key))
            self._store.execute("UPDATE sessions SET seen = ?, ends = ? WHERE key = ?", values)

    def end_session(self, key: str) -> None:
        """End a session."""
        with self._store.writing(durable=True):
            self._store.execute("DELETE FROM sessions WHERE key = ?", (_hashed(key),))

    def log_out(self, name: str) -> int:
        """End all sessions of a user, and count them."""
        with self._store.writing(durable=True):
            return self._store.execute('DELETE FROM sessions WHERE "user" = ?', (name,))

    def add_token(self, secret: str, token: ApiToken) -> bool:
        """Keep a token by its secret; False when there is one of this label, or no such user."""
        values = (
            _hashed(secret), token.label, token.role, micros(token.created), micros_or_none(token.ends), token.user,
        )  # fmt: skip
        with self._store.writing(durable=True):
            return bool(
                self._store.execute(
                    "INSERT INTO tokens SELECT ?, ?, name, ?, ?, NULL, ? FROM users WHERE name = ? "
                    "ON CONFLICT DO NOTHING",
                    values,
                )
            )

    def token(self, secret: str, now: datetime) -> ApiToken | None:
        """Find a token that has not ended, with the role that it has now: never more than its user's."""
        found = self._store.row(
            f"SELECT {_GIVEN_TOKENS} WHERE t.key = ? AND (t.ends IS NULL OR t.ends > ?)",
            (_hashed(secret), micros(now)),
        )
        return _token(found) if found else None

    def tokens(self) -> Sequence[ApiToken]:
        """List all tokens, also those that have ended, by label."""
        found = self._store.rows(f"SELECT {_GIVEN_TOKENS} ORDER BY t.label")
        return [_token(row) for row in found]

    def note_use(self, label: str, now: datetime) -> None:
        """Remember when a token was used last."""
        with self._store.writing():
            self._store.execute("UPDATE tokens SET used = ? WHERE label = ?", (micros(now), label))

    def remove_token(self, label: str) -> bool:
        """Remove a token; False when there is none of this label."""
        with self._store.writing(durable=True):
            return bool(self._store.execute("DELETE FROM tokens WHERE label = ?", (label,)))


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _user(row: tuple[Any, ...]) -> User:
    name, role, created, changed, seen = row
    return User(name, role, moment(created), moment(changed), moment_or_none(seen))


def _session(row: tuple[Any, ...]) -> LogIn:
    user, role, created, seen, ends = row
    return LogIn(user, role, moment(created), moment(seen), moment(ends))


def _token(row: tuple[Any, ...]) -> ApiToken:
    label, user, role, own, created, used, ends = row
    least = min(role, own, key=ROLES.index)
    return ApiToken(label, user, least, moment(created), moment_or_none(used), moment_or_none(ends))
