"""Names, passwords and secrets of those who may log in to the web page."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crawler import invisible
from crawler.errors import UsageError

#: In characters, after NFKC: what is typed on another keyboard or system is the same password.
SHORTEST, LONGEST = 12, 1_000
_FEWEST_KINDS = 5
_NAME = re.compile(r"\w[\w.@+-]{0,63}")
_LABEL = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,62}[^\s\x00-\x1f\x7f])?")
#: So that a token is known for what it is where it should not stand: in a log, in a mail, in a repository.
_BEGIN = "presswatch_"


def known_as(name: str) -> str:
    """Write a name as it is kept: capitals and the width of letters do not count; "" for what can be no name."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.strip()).casefold())
    return folded if _NAME.fullmatch(folded) else ""


def new_name(name: str) -> str:
    """Give the name of a user to be, or say what a name is."""
    found = known_as(name)
    if unfit := invisible.unfit(name):
        raise UsageError(f"{name[:80]!r} is no name of a user: it has {unfit}")
    if not found:
        raise UsageError(f"{name[:80]!r} is no name of a user: it has 1 to 64 letters, digits and . _ @ + -")
    return found


def label(text: str) -> str:
    """Give the label of a token to be, or say what one is."""
    if unfit := invisible.unfit(text):
        raise UsageError(f"{text[:80]!r} is no label: it has {unfit}")
    if not _LABEL.fullmatch(text):
        raise UsageError(f"{text[:80]!r} is no label: it has 1 to 64 characters on one line")
    return text


def new_password(password: str) -> str:
    """Hash a password that somebody chose, or say why it is none."""
    chosen = _composed(password)
    if len(chosen) < SHORTEST:
        raise UsageError(
            f"this password has {len(chosen)} characters, but must have {SHORTEST}; three or four words do"
        )
    if len(chosen) > LONGEST:
        raise UsageError(f"this password has more than {LONGEST:,} characters; shorten it")
    if len(set(chosen)) < _FEWEST_KINDS:
        raise UsageError("this password has hardly any different characters; three or four words are better")
    return hashed(password)


def hashed(password: str) -> str:
    """Hash a password with Argon2id, as RFC 9106 advises where memory is scarce: 64 MB, and 0.1 to 0.3 s of CPU."""
    return _hasher().hash(_composed(password))


def is_right(password: str, kept: str | None) -> bool:
    """Tell whether this is the password; it takes as long for a user who is not there (None)."""
    nobody = _nobody()
    fits = len(password) <= LONGEST
    try:
        _hasher().verify(kept or nobody, _composed(password) if fits else "")
    except (VerificationError, InvalidHashError):
        return False
    return fits and kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with other settings than today's."""
    return _hasher().check_needs_rehash(kept)


def new_secret() -> str:
    """Make the key of a session: 256 random bits."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """Make the secret of a token: 256 random bits."""
    return _BEGIN + secrets.token_urlsafe(32)


def _composed(password: str) -> str:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Give a hash that nobody has the password of; asked for by everybody, so that the first one waits for it too."""
    return _hasher().hash(secrets.token_bytes(32))
