"""The addresses of archives."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.errors import ArchiveError

# A password may hold any sign, and stand in the query, too.
_PASSWORD = re.compile(r"(//[^:/@]*|^\w+:/?[^:/@]*):.*@")
_SAID = re.compile(r"(passw\w*=)[^&\s]*", re.IGNORECASE)


def is_postgres(url: str) -> bool:
    """Tell whether an archive's address is one of PostgreSQL."""
    return url.startswith(("postgresql://", "postgres://"))


def shown(url: str) -> str:
    """Write an address without its password."""
    return _SAID.sub(r"\1…", _PASSWORD.sub(r"\1@", url))


def check(url: str) -> None:
    """Refuse signs in a user or a password that end it: else what stands behind them is taken for a host, and named."""
    user, at, _ = url.partition("//")[2].partition("?")[0].rpartition("@")
    if at and ("@" in user or "/" in user):
        raise ArchiveError(
            f"{shown(url)}: a @ or / in a user's name or password must be written as %40 or %2F (and % as %25)"
        )


def path_of(url: str) -> Path | None:
    """Read the file out of an archive's address; None for one in memory, and on PostgreSQL."""
    if url in ("sqlite://", "sqlite:///:memory:") or is_postgres(url):
        return None
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return Path(url.removeprefix("sqlite:///"))
    raise ArchiveError(
        f"{shown(url)}: not an archive's address; it must be like sqlite:///presswatch.db or sqlite:////abs/path.db, "
        "or like postgresql://user@host/presswatch"
    )
