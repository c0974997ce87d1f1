"""Scores the stories on the corpus: clusters by BCubed beside plain baselines, then summaries; holds the floors.

Example: python -m tests.eval.stories --set neus_val
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.records import Article
from digest import clusters, grouping
from digest.grouping import group
from tests.eval import days, summaries, templates
from tests.eval.unspaced import unspaced

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "stories"
FLOORS = Path(__file__).with_name("floors_stories.toml")
SETS = ("ecb_topics_1_35", "neus_val", "wikinews_medium")
#: Sets of our own, by language: reports of one day, many of one kind.
DAYS = {"day_zh": "zh", "day_ja": "ja", "day_ko": "ko", "day_de": "de"}
#: Languages of the pairs, which are too few to hold anything by them.
PAIRS = ("en", "ru")
#: Baseline: titles that share at least this of their words are one story.
_JACCARD = 0.3
#: Reports by a form: so much of the numbers is revised, and so many texts of other things stand among them.
_REVISED, _OTHERS = 0.3, 100
_BEGIN = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scores:
    """BCubed precision, recall and F1 over all articles, and what they cost."""

    precision: float
    recall: float
    f1: float
    articles: int
    largest: int
    seconds: float


def articles(name: str) -> tuple[list[Article], list[str]]:
    """Read the articles of a set, undated as they are, and the event that each tells of."""
    if name in DAYS:
        reports, told = days.articles(DAYS[name])
        return _numbered(reports), told
    found, events = [], []
    with gzip.open(CORPUS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            title, text = row.get("title") or "", row.get("text") or ""
            language = row.get("lang") or "en"
            found.append(Article(f"http://eval.example/{number}", "eval", title, text, language=language, id=number))
            events.append(str(row["event"]))
    return found, events


def _numbered(given: Sequence[Article]) -> list[Article]:
    """Give articles the ids and addresses that tell them apart."""
    return [replace(one, id=number, url=f"{one.url}{number}") for number, one in enumerate(given, 1)]


def ours(given: Sequence[Article]) -> list[list[int]]:
    """Group articles as the digest does; give lists of their numbers."""
    found = group(given, {}, [], datetime(2026, 11, 23, tzinfo=UTC), 1)
    return [[number - 1 for number in story.articles] for story in found.stories]


def without_spaces(given: Sequence[Article]) -> list[list[int]]:
    """Group the articles in a script without spaces, of which the corpus has no set."""
    return ours([replace(one, title=unspaced(one.title), text=unspaced(one.text), language="zh") for one in given])


def by_title(given: Sequence[Article]) -> list[list[int]]:
    """Put articles together whose titles share words: what feed readers do."""
    words = [frozenset(re.findall(r"\w+", article.title.lower())) for article in given]
    home = list(range(len(given)))
    for number, own in enumerate(words):
        for other in range(number):
            if own and len(own & words[other]) >= _JACCARD * len(own | words[other]):
                old, new = home[number], home[other]
                home = [new if one == old else one for one in home]
    groups: dict[int, list[int]] = defaultdict(list)
    for number, first in enumerate(home):
        groups[first].append(number)
    return list(groups.values())


GROUPERS: dict[str, Callable[[Sequence[Article]], list[list[int]]]] = {
    "presswatch": ours,
    "presswatch, without spaces": without_spaces,
    "title Jaccard": by_title,
}
#: The floors of those that have one.
HELD = {"presswatch": "bcubed_f1", "presswatch, without spaces": "without_spaces"}


def bcubed(groups: Sequence[Sequence[int]], events: Sequence[str]) -> tuple[float, float, float]:
    """Score groups: for each article, how much of its group is its event, and of its event is in its group."""
    sizes = Counter(events)
    precision = recall = 0.0
    for numbers in groups:
        inside = Counter(events[number] for number in numbers)
        precision += sum(count * count for count in inside.values()) / len(numbers)
        recall += sum(count * count / sizes[event] for event, count in inside.items())
    precision, recall = precision / len(events), recall / len(events)
    return precision, recall, 2 * precision * recall / (precision + recall)


def run(name: str, grouper: Callable[[Sequence[Article]], list[list[int]]]) -> Scores:
    """Score one way of grouping on one set."""
    given, events = articles(name)
    start = time.process_time()
    groups = grouper(given)
    seconds = time.process_time() - start
    return Scores(*bcubed(groups, events), len(given), max(map(len, groups)), seconds)


def pairs(language: str) -> tuple[list[Article], list[bool]]:
    """Read pairs of articles, one after the other, and whether people say of each pair that it tells of one event."""
    found, same = [], []
    with gzip.open(CORPUS / f"telegram_pairs_{language}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for which in ("first", "second"):
                title, text = row[f"INPUT:{which}_title"], row[f"INPUT:{which}_text"]
                number = len(found) + 1
                made = Article(row[f"INPUT:{which}_url"], "eval", title, text, language=language, id=number)
                found.append(made)
            same.append(row["GOLDEN:quality"] == "OK")
    return found, same


def auc(language: str) -> float:
    """Tell how often a pair of one event is more alike than a pair of two."""
    given, same = pairs(language)
    space = clusters.Space([clusters.Text(grouping.bag(article)) for article in given])
    likenesses = [space.likeness(2 * number, 2 * number + 1) for number in range(len(same))]
    right = [one for one, is_same in zip(likenesses, same, strict=True) if is_same]
    wrong = [one for one, is_same in zip(likenesses, same, strict=True) if not is_same]
    return sum((one > other) + (one == other) / 2 for one in right for other in wrong) / (len(right) * len(wrong))


@dataclass(frozen=True, slots=True)
class Forms:
    """What becomes of reports that fill one form: earthquakes, results, the weather."""

    #: Share of the events that are in no story with another event of their form.
    apart: float
    #: Share of the events whose two reports, a third of the numbers revised, are one story.
    together: float


def forms() -> Forms:
    """Group reports of a form, each told twice, language by language, among news of other things."""
    others, _ = articles("neus_val")
    apart, together = [], []
    by_language: dict[str, list[tuple[tuple[int, int], Article]]] = defaultdict(list)
    for number, template in enumerate(templates.templates()):
        for revised in (0.0, _REVISED):
            for event, text in enumerate(templates.filled(template, revised=revised)):
                article = Article("http://eval.example/", "eval", text.title, text.text, language=template.language)
                by_language[template.language].append(((number, event), article))
    for language, told in by_language.items():
        given = [article for _, article in told] + [replace(one, language=language) for one in others[:_OTHERS]]
        groups = ours([replace(article, id=number) for number, article in enumerate(given, 1)])
        homes = {number: home for home, numbers in enumerate(groups) for number in numbers}
        stories_of: dict[tuple[int, int], set[int]] = defaultdict(set)
        for number, (event, _) in enumerate(told):
            stories_of[event].add(homes[number])
        for event, own in stories_of.items():
            together.append(len(own) == 1)
            rest = (its for other, its in stories_of.items() if other[0] == event[0] and other != event)
            apart.append(own.isdisjoint(set().union(*rest)))
    return Forms(sum(apart) / len(apart), sum(together) / len(together))


def followed() -> float:
    """Tell what share of events, told again a day later with other titles and figures, is one story among others."""
    others, _ = articles("neus_val")
    kept = []
    for told in days.told_later():
        given = [replace(one, published_utc=_BEGIN + timedelta(days=day)) for day, one in enumerate(told)]
        given += [replace(one, language=told[0].language) for one in others[:_OTHERS]]
        kept.append([0, 1] in ours(_numbered(given)))
    return sum(kept) / len(kept)


def floors() -> dict[str, dict[str, float]]:
    """Read the pinned floors: set -> measure -> the least score that is accepted."""
    return tomllib.loads(FLOORS.read_text("utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; exit with 1 when a set is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", dest="sets", action="append", choices=(*SETS, *DAYS), help="a set (default: all)")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("the corpus of stories is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    faults = []
    print("| set | grouped by | precision | recall | BCubed F1 | largest | articles | CPU ms/article |")
    print("|---|---|---|---|---|---|---|---|")
    for name in options.sets or (*SETS, *DAYS):
        for label, grouper in GROUPERS.items():
            if name in DAYS and grouper is without_spaces:
                continue
            it = run(name, grouper)
            speed = f"{1000 * it.seconds / it.articles:.2f}"
            values = f"{it.precision:.4f} | {it.recall:.4f} | {it.f1:.4f} | {it.largest} | {it.articles} | {speed}"
            print(f"| {name} | {label} | {values} |")
            floor = floors()[name][HELD[label]] if label in HELD else 0.0
            if it.f1 < floor:
                faults.append(f"{name}, {label}: {it.f1:.4f}, floor {floor:.4f}")
    print()
    for language in PAIRS:
        count = len(pairs(language)[1])
        print(f"Pairs of headlines and texts, {language}: AUC {auc(language):.3f} over {count} pairs (no floor)")
    found = forms()
    print(f"Events in one form: {found.apart:.3f} told apart, {found.together:.3f} one story when told again\n")
    for label, share in (("apart", found.apart), ("together", found.together)):
        if share < floors()["forms"][label]:
            faults.append(f"forms {label}: {share:.3f}, floor {floors()['forms'][label]:.3f}")
    share, least = followed(), floors()["later"]["one_story"]
    print(f"Events told again later, with other titles and figures: {share:.3f} one story\n")
    if share < least:
        faults.append(f"told later: {share:.3f}, floor {least:.3f}")
    short = summaries.main()
    for fault in faults:
        print(f"below its floor: {fault}", file=sys.stderr)
    return 1 if faults or short else 0


if __name__ == "__main__":
    sys.exit(main())
