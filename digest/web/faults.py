"""What is wrong with what somebody typed: the place of it, where it has one, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.errors import PresswatchError, QueryError

#: So much of a faulty query is shown on each side of the fault.
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a query cannot be answered, with the place in it."""

    problem: str
    remedy: str = ""
    before: str = ""
    at: str = ""
    behind: str = ""


def fault_of(error: PresswatchError) -> Fault:
    """Tell an error; that of a query by the place in it."""
    if not isinstance(error, QueryError):
        return Fault(str(error))
    text, position, problem, remedy = error.args
    line = str(text).replace("\n", " ").replace("\t", " ")
    place = min(max(int(position), 0), len(line))
    before, behind = line[max(0, place - _AROUND) : place], line[place + 1 : place + 1 + _AROUND]
    return Fault(
        str(problem),
        str(remedy),
        ("…" if place > _AROUND else "") + before,
        line[place : place + 1] or " ",
        behind + ("…" if place + 1 + _AROUND < len(line) else ""),
    )
