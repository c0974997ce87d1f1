"""The scoring of the corpus: text by 4-gram shingles, title, day and authors by equality.

The rules are those of the corpus' README, which follow scrapinghub's article-extraction-benchmark.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: A run of word characters, or one character of the scripts that put no spaces between words.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|\w+?(?=[\u3040-\u9fff]|\b)")
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Case:
    """One page of the corpus and what is expected of it."""

    id: str
    url: str
    path: Path
    gold: Mapping[str, Any]

    def body(self) -> bytes:
        """Read the page as it was received."""
        return gzip.decompress(self.path.read_bytes())


@dataclass(frozen=True, slots=True)
class Found:
    """What an extractor found on one page."""

    text: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    #: The calendar day as written, YYYY-MM-DD.
    day: str | None = None


def cases(folder: Path, sample: int | None = None) -> list[Case]:
    """List the pages of one set; ``sample`` takes that many, spread evenly over the set."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:  # not splitlines(), which breaks at U+2028, too
        items = [json.loads(line) for line in lines]
    found = [Case(item["id"], item["url"], folder / item["page"], item["gold"]) for item in items]
    if sample is None or sample >= len(found):
        return found
    return [found[index * len(found) // sample] for index in range(sample)]


def tokens(text: str) -> list[str]:
    """Cut a text into its words, and into characters where a script puts no spaces."""
    return _TOKEN.findall(text)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four tokens of a text; a shorter text is one run."""
    words = tokens(text or "")
    if not words:
        return Counter()
    if len(words) < _SHINGLE:
        return Counter({tuple(words): 1})
    return Counter(tuple(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1))


def page_score(gold: str, found: str) -> tuple[float | None, float]:
    """Tell precision (None without output) and recall of one page."""
    wanted, got = shingles(gold), shingles(found)
    common = sum((wanted & got).values())
    precision = common / sum(got.values()) if got else None
    recall = common / sum(wanted.values()) if wanted else 1.0
    return precision, recall


def text_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Give the F1 of mean precision (over pages with output) and mean recall, of (gold, found) pairs."""
    scores = [page_score(gold, found) for gold, found in pairs]
    precisions = [precision for precision, _ in scores if precision is not None]
    precision = sum(precisions) / len(precisions) if precisions else 0.0
    recall = sum(recall for _, recall in scores) / len(scores) if scores else 0.0
    return _f1(precision, recall)


def snippet_f1(pairs: Sequence[tuple[Mapping[str, Any], str]]) -> float:
    """Give the F1 over snippets that must be in the text (positives) and must not (negatives)."""
    hit = missed = foreign = 0
    for gold, found in pairs:
        for snippet in gold.get("snip_with", ()):
            hit += snippet in found
            missed += snippet not in found
        foreign += sum(snippet in found for snippet in gold.get("snip_without", ()))
    precision = hit / (hit + foreign) if hit + foreign else 0.0
    return _f1(precision, hit / (hit + missed) if hit + missed else 0.0)


def plain(text: str) -> str:
    """Bring a title or a name into the form in which two of them are compared."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(" " if unicodedata.category(char)[0] in "PS" else char for char in folded)
    return " ".join(kept.split())


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one extractor on one set; None where the set has no gold for it."""

    text: float | None
    title: float | None
    day: float | None
    authors: float | None
    pages: int
    failed: int
    seconds: float

    def measures(self) -> dict[str, float]:
        """List the measures that the set has."""
        named = {"text": self.text, "title": self.title, "day": self.day, "authors": self.authors}
        return {name: value for name, value in named.items() if value is not None}


def score(results: Sequence[tuple[Case, Found | None]], seconds: float) -> Scores:
    """Score the results of one extractor; None stands for a page that gave no article."""
    filled = [(case.gold, found or Found()) for case, found in results]
    texts = [(gold["text"], found.text) for gold, found in filled if gold.get("text")]
    snippets = [(gold, found.text) for gold, found in filled if "snip_with" in gold]
    text = text_f1(texts) if texts else snippet_f1(snippets) if snippets else None
    return Scores(
        text=text,
        title=_share(filled, "title", lambda gold, found: plain(gold) == plain(found.title or "")),
        day=_share(filled, "date", lambda gold, found: gold[:10] == (found.day or "")),
        authors=_share(
            filled, "authors", lambda gold, found: {plain(name) for name in gold} == set(map(plain, found.authors))
        ),
        pages=len(results),
        failed=sum(found is None for _, found in results),
        seconds=seconds,
    )


def _share(
    filled: Iterable[tuple[Mapping[str, Any], Found]], key: str, equal: Callable[[Any, Found], bool]
) -> float | None:
    judged = list(_judged(filled, key, equal))
    return sum(judged) / len(judged) if judged else None


def _judged(
    filled: Iterable[tuple[Mapping[str, Any], Found]], key: str, equal: Callable[[Any, Found], bool]
) -> Iterator[bool]:
    for gold, found in filled:
        if gold.get(key):
            yield equal(gold[key], found)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
