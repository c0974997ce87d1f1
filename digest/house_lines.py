"""Tells lines that a house puts around a text (offers, notes, captions, teasers) from what tells of events. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from crawler.extract.pointers import points_elsewhere
from crawler.extract.telling import own_voice, reports
from crawler.languages import primary

#: A place and whose text it is, before the first sentence: "DUNMERE (Island Wire). -"
_DATELINE = re.compile(r"[^()（）]{0,40}[(（][^()（）]{1,60}[)）]\W*")
#: So much of a line is read: lines of houses are short.
_READ = 1_000
#: The kind of words that those who are quoted use, too.
_TO_READER = "to_reader"
_EVENTS = "events"


def knows(language: str) -> bool:
    """Tell whether the words of such lines are known in a language."""
    return primary(language) in _known()


def is_of_house(line: str, language: str) -> bool:
    """Tell whether a line is of the house that carries a text, by what it says in its own voice."""
    line = line[:_READ]
    if points_elsewhere(line) or _DATELINE.fullmatch(line):
        return True
    code, own = primary(language), own_voice(line)
    if code not in _known():
        return False
    to_reader, others, _ = _words(code)
    return others.search(own) is not None or (to_reader.search(own) is not None and not reports(own))


def tells_event(line: str, language: str) -> bool:
    """Tell whether a line has a word of what is told of stories later: casualties, arrests, denials, returns."""
    code = primary(language)
    return code in _known() and _words(code)[2].search(line[:_READ]) is not None


@cache
def _known() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("digest").joinpath("house_lines.toml").read_text("utf-8"))


@cache
def _words(code: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Give the words to the reader, all others of the house, and those of events."""
    kinds = _known()[code]
    others = [words for kind, each in kinds.items() if kind not in {_TO_READER, _EVENTS} for words in each]
    return _either(kinds[_TO_READER]), _either(others), _either(kinds[_EVENTS])


def _either(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)
