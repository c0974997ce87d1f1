"""Templated news: reports of different events in the same words, as agencies, offices and machines write them.

Earthquakes, results, weather, rates: two of one template share most of their words and are no copies. All are made
here, with invented names, from fixed seeds.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.eval.edits import SEED, Text

#: So many are made of each template.
EACH = 12
_FILE = Path(__file__).with_name("templates.toml")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """What reports of one kind have in common."""

    language: str
    title: str
    text: str


def templates() -> list[Template]:
    """List the templates."""
    return [Template(**each) for each in _told()["template"]]


def filled(template: Template, seed: int = SEED, revised: float = 0.0) -> list[Text]:
    """Fill a template a few times, always with another event; or with the same, and a part of the numbers revised."""
    chance, revision = random.Random(f"{seed}{template.title}"), random.Random(f"{seed}{template.title}{revised}")
    names = _words("names", template.language)
    chosen = chance.sample(names, min(EACH, len(names)))

    def number(least: int, most: int) -> str:
        first, second = chance.randint(least, most), revision.randint(least, most)
        return str(second if revision.random() < revised else first)

    return list(_fillings(template, chosen, chance, number))


def _fillings(
    template: Template, chosen: list[str], chance: random.Random, number: Callable[[int, int], str]
) -> Iterator[Text]:
    for name in chosen:
        fixed = {
            "A": name,
            "B": chance.choice([other for other in chosen if other != name]),
            "m": str(chance.randint(3, 9)),
            "d": number(1, 9),
        }
        yield Text(*(_fill(text, template.language, fixed, chance, number) for text in (template.title, template.text)))


def _fill(
    text: str, language: str, fixed: Mapping[str, str], chance: random.Random, number: Callable[[int, int], str]
) -> str:
    def fill(found: re.Match[str]) -> str:
        slot = found[1]
        if slot == "n":
            return number(10, 99)
        words = {"name": ("names", language), "day": ("days", language)}.get(slot, ("words", slot))
        return fixed.get(slot) or chance.choice(_words(*words))

    return _SLOT.sub(fill, text)


def _words(kind: str, key: str) -> list[str]:
    return str(_told()[kind][key]).split("|")


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))
