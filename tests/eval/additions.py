"""Scores what digests tell of copies on invented ones in fifteen languages: `python -m tests.eval.additions`.

A story is told, and the next day another outlet carries its text with one sentence more, or another one. Where that
sentence tells something, the next edition must have it; where it is a note of the house, a caption, a teaser or the
same in other words, it must not have the story at all.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from digest import edition
from tests.edition_sample import SINCE, Press

FLOORS = Path(__file__).with_name("floors_additions.toml")
STORIES = tomllib.loads(Path(__file__).with_name("additions.toml").read_text("utf-8"))["story"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a story's text, and what became of it."""

    language: str
    kind: str
    line: str
    #: Its line tells what the story did not.
    is_news: bool
    is_told: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """The part of the copies with news whose news is told, and of the others that are told as news."""

    told: float
    false: float


def run(*, aside: bool) -> list[Copy]:
    """Tell of the copies of one half of the stories."""
    return [
        Copy(story["language"], copy["kind"], copy["line"], name == "news", _is_told(story, copy, name == "news"))
        for story in STORIES
        if story["aside"] is aside
        for name in ("news", "noise")
        for copy in story[name]
    ]


def scores(copies: Sequence[Copy]) -> Scores:
    """Count what is told of each kind."""
    return Scores(*(_part(copy.is_told for copy in copies if copy.is_news is is_news) for is_news in (True, False)))


def _part(told: Iterable[bool]) -> float:
    each = list(told)
    return sum(each) / len(each)


def _is_told(story: Mapping[str, Any], copy: Mapping[str, Any], is_news: bool) -> bool:
    """Tell of a story in one edition, and see what the next has of its copy: the line, or anything at all."""
    press = Press()
    text, language = "\n".join(story["text"]), story["language"]
    old = press.article("island", story["title"], 3, text=text, language=language)
    press.story(old, sentences=((story["text"][0], old),))
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    title = copy.get("title", story["title"])
    again = press.article(
        "mirror", title, 2, text="\n".join(_lines(story, copy)), language=language, copy_of=old, copy_kind="full"
    )
    press.stories[0] = replace(press.stories[0], articles=(old, again))
    told = [
        quote.text
        for item in edition.choose(press.material(watches=(), earlier=[yesterday])).items
        for quote in item.quotes
    ]
    return copy["line"] in told if is_news else bool(told)


def _lines(story: Mapping[str, Any], copy: Mapping[str, Any]) -> list[str]:
    lines, at = [*story["text"]], copy.get("at", 0)
    lines[at : at + copy.get("instead", False)] = [copy["line"]]
    return lines


def floors() -> dict[str, dict[str, float]]:
    """Read the pinned floors: half of the stories -> the least that is told, and the most that is told falsely."""
    return tomllib.loads(FLOORS.read_text("utf-8"))


def main() -> int:
    """Print the table, with what is lost or false; exit with 1 when a half is below its floors."""
    short = False
    print("| stories | copies with news | told | others | told falsely |")
    print("|---|---|---|---|---|")
    wrong: list[Copy] = []
    for name, aside in (("known", False), ("aside", True)):
        copies = run(aside=aside)
        it, news = scores(copies), sum(copy.is_news for copy in copies)
        print(f"| {name} | {news} | {it.told:.3f} | {len(copies) - news} | {it.false:.3f} |")
        short |= it.told < floors()[name]["told"] or it.false > floors()[name]["false"]
        wrong += [copy for copy in copies if copy.is_told is not copy.is_news]
    for copy in wrong:
        print(f"{'lost' if copy.is_news else 'false'}: {copy.language}, {copy.kind}: {copy.line}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
