"""Statements as rooms write them, for SQLite, in the words of PostgreSQL.

Only what no function could teach PostgreSQL is put otherwise: how parameters are marked, and hints for the planner.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(
    r"(?P<text>'(?:[^']|'')*'|\"[^\"]*\")|(?P<hint>\s+INDEXED BY \w+|\s+OR FAIL\b)"
    r"|(?P<cross>CROSS JOIN(?= (?:\w+|\([^()]*\))(?: \w+)? ON\b))"
    r"|(?P<place>\?)|(?<![:\w]):(?P<name>[a-z_]\w*)|(?P<percent>%)",
)

#: An INSERT of one row that may as well bear many: nothing in it stops at a row that is there twice.
_ONE_ROW = re.compile(
    rb"(?P<before>INSERT INTO [^()]*(?:\([^()]*\) )?VALUES )(?P<row>\((?:%s, )*%s\))"
    rb"(?P<behind>(?: ON CONFLICT DO NOTHING)?)"
)


@lru_cache(maxsize=2_048)
def translated(statement: str) -> bytes:
    """Write a statement for psycopg."""
    return _WORDS.sub(_word, statement).encode()


def _word(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "text":
            return found[0].replace("%", "%%")
        case "hint":
            return ""
        case "cross":
            return "JOIN"
        case "place":
            return "%s"
        case "name":
            return f"%({found['name']})s"
        case _:
            return "%%"


def of_many_rows(statement: bytes, rows: int) -> bytes | None:
    """Write a translated INSERT of one row for so many of them; None where each needs a statement of its own."""
    found = _ONE_ROW.fullmatch(statement)
    return found and found["before"] + b", ".join([found["row"]] * rows) + found["behind"]
