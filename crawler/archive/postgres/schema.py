"""The tables of an archive on PostgreSQL, as numbered steps that run by themselves when an archive is opened."""

from __future__ import annotations

from importlib.resources import files

#: What each step runs; how many of them have run stands in the table ``presswatch``.
STEPS: tuple[tuple[str, ...], ...] = (("words.sql", "tables.sql"),)

#: Tells an archive from another database, and in which step its tables are.
VERSION_TABLE = "CREATE TABLE presswatch (step bigint NOT NULL)"


def statements(step: int) -> str:
    """Read what a step runs, numbered from 0."""
    return "\n".join(files(__package__).joinpath(name).read_text(encoding="utf-8") for name in STEPS[step])
