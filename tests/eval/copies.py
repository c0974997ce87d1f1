"""Scores copies on edits of real articles, nine kinds of them, with MinHash-LSH (datasketch) beside; holds the floors.

Originals go into an archive; then each edit and each other real article of the corpus is looked up, as a crawl does
before it keeps it. An edit is found when it is called a copy of its original, or of a text that shares its words with
the original; a decision is wrong when the two texts share hardly any run of eight words. Then come texts of different
events that are filled into the same forms, in ten languages: none of them is a copy; and edits of short texts in eight
languages, each of which is to be found and called what it is.

Example: python -m tests.eval.copies --most 100
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler import copies
from crawler.archive import open_archive
from crawler.drafts import Draft, keep_drafts
from crawler.lookup import find_copies
from crawler.reading import reading
from crawler.records import Article, Source
from tests.eval import templates, tongues
from tests.eval.edits import CORPUS, EDITS, Material, Text, material

FLOORS = Path(__file__).with_name("floors_copies.toml")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
#: So many edits in other languages come at once.
_BATCH = 20
#: Two texts share text when this much of the shorter one stands in the other in runs of eight words.
_RUN, _SHARED = 8, 0.05
#: datasketch's usual way: shingles of five words, 128 permutations, Jaccard of one half.
_PERMUTATIONS, _JACCARD = 128, 0.5

#: Gives for each text the number of the original that it is a copy of, or None; and CPU ms a text.
Finder = Callable[[Sequence[Text], Sequence[Text]], tuple[list[int | None], float]]


@dataclass(frozen=True, slots=True)
class Scores:
    """How many decisions were right, and of each kind how many edits were found."""

    precision: float
    recalls: dict[str, float]
    decisions: int
    #: Other real articles that were called copies, and share text indeed.
    wild: int
    milliseconds: float

    @property
    def recall(self) -> float:
        """Of all edits the share that was found."""
        return sum(self.recalls.values()) / len(self.recalls)


def ours(originals: Sequence[Text], asked: Sequence[Text]) -> tuple[list[int | None], float]:
    """Keep the originals in an archive and look for copies as a crawl does."""
    source = Source("eval", "Eval", "http://eval.example/")
    with open_archive("sqlite:///:memory:") as archive:
        drafts = [Draft(reading(_article(text, number)), source) for number, text in enumerate(originals)]
        numbers = [result.id for result in keep_drafts(archive, drafts, NOW)]
        # Some originals are copies of one another: those who find either have found the text.
        home = {id_: number for number, id_ in enumerate(numbers)}
        start = time.process_time()
        found: list[int | None] = []
        for number, text in enumerate(asked):
            article = _article(text, len(originals) + number)
            copy = find_copies(archive, article, copies.fingerprint(article.text), None).verdict.copy
            found.append(None if copy is None else home[copy.original])
        return found, 1000 * (time.process_time() - start) / len(asked)


def _article(text: Text, number: int) -> Article:
    return Article(f"http://eval.example/{number}", f"outlet{number}", text.title, text.text, language="en")


def apart() -> float:
    """Give of texts that are filled into the same forms the share that is told apart, each from all before it."""
    source, told = Source("eval", "Eval", "http://eval.example/"), []
    for template in templates.templates():
        with open_archive("sqlite:///:memory:") as archive:
            for number, text in enumerate(templates.filled(template)):
                article = replace(_article(text, number), language=template.language)
                (kept,) = keep_drafts(archive, [Draft(reading(article), source)], NOW)
                told.append(archive.articles.many([kept.id])[0].copy_of is None)
    return sum(told) / len(told)


def by_minhash(originals: Sequence[Text], asked: Sequence[Text]) -> tuple[list[int | None], float]:
    """Look for copies as datasketch's documentation shows."""
    from datasketch import MinHash, MinHashLSH  # of the group `eval` only

    index = MinHashLSH(threshold=_JACCARD, num_perm=_PERMUTATIONS)
    prints = []
    for number, text in enumerate(originals):
        prints.append(MinHash.bulk([_shingles(text.text)], num_perm=_PERMUTATIONS)[0])
        index.insert(str(number), prints[-1])
    start = time.process_time()
    found: list[int | None] = []
    for text in asked:
        own = MinHash.bulk([_shingles(text.text)], num_perm=_PERMUTATIONS)[0]
        near = [int(key) for key in index.query(own)]
        found.append(max(near, key=lambda number: own.jaccard(prints[number])) if near else None)
    return found, 1000 * (time.process_time() - start) / len(asked)


def _shingles(text: str) -> list[bytes]:
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[at : at + 5]).encode() for at in range(len(words) - 4)] or [b""]


def run(given: Material, finder: Finder) -> Scores:
    """Score one way of finding copies."""
    asked = [edit.made for edit in given.edits] + list(given.others)
    found, milliseconds = finder(given.originals, asked)
    runs = [_runs(text.text) for text in given.originals]
    hits: Counter[str] = Counter()
    wrong = wild = 0
    for edit, number in zip(given.edits, found, strict=False):
        if number is None:
            continue
        if number == edit.original or _same(runs[number], runs[edit.original]):
            hits[edit.kind] += 1
        elif not _same(runs[number], _runs(edit.made.text)):
            wrong += 1
    for text, number in zip(given.others, found[len(given.edits) :], strict=True):
        if number is not None:
            alike = _same(runs[number], _runs(text.text))
            wild, wrong = wild + alike, wrong + (not alike)
    decisions = sum(number is not None for number in found)
    recalls = {kind: hits[kind] / len(given.originals) for kind in EDITS}
    return Scores(1 - wrong / (decisions or 1), recalls, decisions, wild, milliseconds)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower().replace("\u00ad", ""))
    return frozenset(zip(*(words[at:] for at in range(_RUN)), strict=False))


def _same(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    return len(one & other) >= _SHARED * min(len(one), len(other)) > 0


def floors() -> dict[str, float]:
    """Read the pinned floors: measure -> the least score that is accepted."""
    return {name: float(value) for name, value in tomllib.loads(FLOORS.read_text("utf-8")).items()}


def faults(scores: Scores, filled_in: float) -> list[str]:
    """List the measures that are below their floors."""
    measured = {
        "filled_in": filled_in,
        "precision": scores.precision,
        "recall": scores.recall,
        "first_quarter": scores.recalls["first quarter"],
    }
    least = floors()
    return [f"{name}: {value:.4f}, floor {least[name]}" for name, value in measured.items() if value < least[name]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit with 1 when something is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, help="so many originals at most (default: all)")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("the corpus of stories is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    given = material(options.most)
    finders: dict[str, Finder] = {"presswatch": ours}
    try:
        import datasketch  # noqa: F401
    except ImportError:
        print("datasketch is not here to be measured beside (pip install -e '.[eval]')", file=sys.stderr)
    else:
        finders["MinHash-LSH"] = by_minhash
    scores = {label: run(given, finder) for label, finder in finders.items()}
    count = f"{len(given.originals)} originals, {len(given.edits)} edits, {len(given.others)} others"
    print(f"| {count} | {' | '.join(scores)} |\n|---|{'---|' * len(scores)}")
    table: dict[str, list[str]] = defaultdict(list)
    for it in scores.values():
        table["precision"].append(f"{it.precision:.4f}")
        table["recall"].append(f"{it.recall:.4f}")
        for kind, recall in it.recalls.items():
            table[kind].append(f"{recall:.4f}")
        table["copies found among the others"].append(str(it.wild))
        table["CPU ms an article"].append(f"{it.milliseconds:.2f}")
    for label, values in table.items():
        print(f"| {label} | {' | '.join(values)} |")
    filled_in = apart()
    print(f"\nTold apart of {templates.EACH} texts of each of {len(templates.templates())} forms: {filled_in:.4f}")
    below = [f"below its floor: {fault}" for fault in faults(scores["presswatch"], filled_in)] + _in_tongues()
    for fault in below:
        print(fault, file=sys.stderr)
    return 1 if below else 0


def _in_tongues() -> list[str]:
    """Print how many edits of short texts in other languages are called what they are; list those that are not."""
    called = tongues.found(_BATCH)
    count, wrong = sum(map(len, called.values())), tongues.faults(called)
    languages = len(tongues.tongues())
    print(f"Of nine edits of a short text in {languages} languages found, and called what they are: ", end="")
    print(f"{count - len(wrong)} of {count}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
