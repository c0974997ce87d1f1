"""Plug-ins: what a name in the configuration stands for, of ours and of anybody's.

A plug-in is an entry point in one of the groups below; ours are registered in pyproject.toml in the same way. Each
names a function that gets the settings of its table in presswatch.toml and gives what the group's face asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, Protocol

from crawler.errors import PresswatchError, UsageError
from crawler.records import Article, Name

Group = Literal["taggers", "summarisers", "translators"]
#: What is given to a plug-in's function, and what it must give: see the faces below.
GROUPS: dict[Group, str] = {
    "taggers": "[names] -> Tagger",
    "summarisers": "[summary] -> Summariser",
    "translators": "[translation] -> Translator",
}


class Tagger(Protocol):
    """Finds the names in a text, the most frequent first."""

    def __call__(self, text: str, language: str) -> Sequence[Name]:
        """Find the names in a text."""


class Summariser(Protocol):
    """Tells in a few sentences of its own what articles say together; raises PluginError when it cannot."""

    def __call__(self, articles: Sequence[Article], language: str) -> str:
        """Summarise articles in a language."""


class Translator(Protocol):
    """Translates texts; raises PluginError when it cannot."""

    def __call__(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
        """Translate each text from the source language into the target language."""


def known(group: Group) -> list[str]:
    """List the names of a group's plug-ins that are installed."""
    return sorted(_entries(group))


def load(group: Group, name: str, settings: object) -> Any:
    """Make the plug-in of a name; an unknown one is refused with the known ones.

    Whatever a plug-in raises comes out as an error of ours, so that what can go on without it does.
    """
    entry = _entries(group).get(name)
    if entry is None:
        raise UsageError(f"there is no {group[:-1]} {name!r}; installed are: {', '.join(known(group)) or 'none'}")
    what = f"the {group[:-1]} {name!r} ({entry.value})"
    try:
        make: Callable[[object], Any] = entry.load()
    except Exception as error:
        raise UsageError(f"{what} cannot be loaded: {error!r}") from error
    try:
        return make(settings)
    except PresswatchError:
        raise
    except Exception as error:
        raise UsageError(f"{what} cannot be made: {error!r}") from error


def _entries(group: Group) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=f"presswatch.{group}")}
