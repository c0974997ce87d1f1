"""What is wrong with what somebody typed: the place of it, where it has one, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.errors import ConfigError, ConfigErrors, PresswatchError, QueryError

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


def told_of(error: PresswatchError, key: str, called: str) -> str:
    """Tell what is wrong with what a form would have written under a key, without the line of a file not written."""
    if isinstance(error, ConfigErrors):
        return "\n".join(told_of(fault, key, called) for fault in error.faults)
    if not isinstance(error, ConfigError):
        return str(error)
    _, _, place, found, wanted = error.args
    if place != key and not place.startswith(f"{key}."):
        return str(error)
    return f"{called if place == key else place.removeprefix(f'{key}.')}: found {found!r}, wanted {wanted}"
