"""Scores the links between stories of several languages on invented events: `python -m tests.eval.links`.

An event has numbers, a country and sometimes a name in Latin letters; outlets of five languages tell some of it, in
their own way of writing numbers, among sentences of their own with other numbers. Weather, results and prices, all of
them numbers of two digits, are told on the same days and are never linked to anything.
"""

from __future__ import annotations

import random
import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from babel import Locale

from crawler.records import Article
from digest.gazetteer import gazetteer
from digest.links import Links, Told, anchors
from tests.eval.invented import LANGUAGES, Page

FLOORS = Path(__file__).with_name("floors_links.toml")
SENTENCES = tomllib.loads(Path(__file__).with_name("links.toml").read_text("utf-8"))
#: name -> events that are told in several languages, stories that are told in one, and archives that are made so.
SIZES = {"small": (6, 4, 20), "middling": (40, 120, 3), "large": (150, 2_500, 1)}
_COUNTRIES = ("CN", "FR", "EG", "RU", "DE", "BR", "JP", "KE", "PL", "MX", "VN", "CA", "IN", "TR", "CL", "NO")
_SYLLABLES = (
    "ka",
    "no",
    "ri",
    "ta",
    "mo",
    "lu",
    "ve",
    "sha",
    "ren",
    "del",
    "qui",
    "bor",
    "fa",
    "win",
    "tel",
    "os",
    "gu",
)
_MONEY = {"en": "{} million", "de": "{} Millionen", "ru": "{} млн", "ar": "{} مليون"}


@dataclass(frozen=True, slots=True)
class Scores:
    """Links that are right among those found, and those found among the pairs of tellings of one event."""

    precision: float
    recall: float
    links: int
    pairs: int


def stories(events: int, others: int, seed: int) -> tuple[list[Told], dict[int, int]]:
    """Invent stories of a few days, and say which event each tells of."""
    draw = random.Random(seed)
    made: list[tuple[str, int, str]] = []
    for event in range(events):
        kind, told = draw.randrange(3), _event(draw)
        made += [(language, event, _text(draw, language, kind, told)) for language in LANGUAGES if draw.random() < 0.7]
    for event in range(events, events + others):
        language = draw.choice(LANGUAGES)
        if draw.random() < 0.5:
            made.append((language, event, _text(draw, language, draw.randrange(3), _event(draw))))
        else:
            made.append((language, event, _daily(draw, language)))
    draw.shuffle(made)
    told_by = []
    for number, (language, _, text) in enumerate(made, 1):
        article = Article(f"http://a.example/{number}", "a", "", text, language=language, id=number)
        day = 10 + draw.random() * 3
        places = [found.text for found in gazetteer(language).find(text) if found.kind == "place"]
        told_by.append(Told(number, language, day, day, anchors([article], places)))
    return told_by, {number: event for number, (_, event, _) in enumerate(made, 1)}


def _event(draw: random.Random) -> dict[str, object]:
    """Invent an event: two numbers that are long more often than not, one of two digits, a sum, a country, a name."""
    first = draw.choice((draw.randint(101, 999), draw.randint(11, 99) * 100, draw.randint(1_001, 9_999)))
    second = draw.choice((draw.randint(12, 99), draw.randint(101, 900)))
    name = "".join(draw.choice(_SYLLABLES) for _ in range(3)).capitalize()
    money = draw.choice((draw.randint(11, 990) / 10, draw.randint(1, 9)))
    return {
        "a": first, "b": second, "d": draw.randint(3, 40), "m": money, "c": draw.choice(_COUNTRIES), "n": name,
    }  # fmt: skip


def _text(draw: random.Random, language: str, kind: int, told: dict[str, object]) -> str:
    sentences = [each for each in SENTENCES[language]["event"][kind]["sentences"] if draw.random() < 0.8]
    values = {key: _number(int(told[key]), language, draw) for key in "abd"}  # type: ignore[call-overload]
    values["c"] = Locale.parse(language).territories[str(told["c"])]
    # Other scripts write the name in their own letters more often than not.
    latin = language in {"en", "de"} or draw.random() < 0.3
    values["n"] = str(told["n"]) if latin else {"ru": "Завод", "ar": "المصنع", "zh": "工厂"}[language]
    values["m"] = _money(float(told["m"]), language)  # type: ignore[arg-type]
    own = Page(draw, language)
    lines = [each.format(**values) for each in sentences]
    lines += [own.sentence().rstrip(".。") for _ in range(draw.randint(1, 3))]
    return _joined(lines, language)


def _daily(draw: random.Random, language: str) -> str:
    own = Page(draw, language)
    (daily,) = SENTENCES[language]["daily"]
    lines = [
        re.sub("{([wh])}", lambda found: str(draw.randint(10, 30 if found[1] == "w" else 23)), sentence)
        for sentence in draw.sample(daily["sentences"], 3)
    ]
    return _joined([*lines, own.sentence().rstrip(".。")], language)


def _joined(lines: Sequence[str], language: str) -> str:
    return "。".join(lines) + "。" if language == "zh" else ". ".join(lines) + "."


def _number(number: int, language: str, draw: random.Random) -> str:
    if number < 1_000 or language == "zh" or draw.random() < 0.3:
        plain = str(number)
    else:
        plain = f"{number:,}".replace(",", {"en": ",", "de": ".", "ru": "\u00a0", "ar": ","}[language])
    return plain.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")) if language == "ar" and number % 2 else plain


def _money(millions: float, language: str) -> str:
    if language == "zh":
        return f"{round(millions * 100)}万"
    plain = f"{millions:g}"
    return _MONEY[language].format(plain.replace(".", ",") if language in {"de", "ru"} else plain)


def run(size: str) -> Scores:
    """Link the stories of archives of one size and score it."""
    events, others, archives = SIZES[size]
    right = links = pairs = 0
    for seed in range(archives):
        told, event_of = stories(events, others, seed)
        language = {one.story: one.language for one in told}
        linked = Links(told)
        found = {frozenset((story, link.story)) for story in event_of for link in linked.of(story)}
        same = {
            frozenset(pair)
            for pair in combinations(event_of, 2)
            if event_of[pair[0]] == event_of[pair[1]] and language[pair[0]] != language[pair[1]]
        }
        right, links, pairs = right + len(found & same), links + len(found), pairs + len(same)
    return Scores(right / links if links else 1.0, right / pairs, links, pairs)


def floors() -> dict[str, dict[str, float]]:
    """Read the pinned floors: size -> the least precision and recall that are accepted."""
    return tomllib.loads(FLOORS.read_text("utf-8"))


def main() -> int:
    """Print the table; exit with 1 when a size is below its floors."""
    short = False
    print("| archive | precision | recall | links | true pairs |")
    print("|---|---|---|---|---|")
    for size in SIZES:
        it = run(size)
        print(f"| {size} | {it.precision:.3f} | {it.recall:.3f} | {it.links} | {it.pairs} |")
        short |= it.precision < floors()[size]["precision"] or it.recall < floors()[size]["recall"]
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
