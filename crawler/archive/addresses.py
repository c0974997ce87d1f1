"""The addresses of archives."""

from __future__ import annotations

import re

_PASSWORD = re.compile(r"(//[^:/@]*):[^@/]*@")


def is_postgres(url: str) -> bool:
    """Tell whether an archive's address is one of PostgreSQL."""
    return url.startswith(("postgresql://", "postgres://"))


def shown(url: str) -> str:
    """Write an address without its password."""
    return _PASSWORD.sub(r"\1@", url)
