"""Learns crawler/extract/weights.json from the corpus, and tells how well it does on hosts that it has not seen.

Needs lightgbm and numpy, which nothing else here needs: pip install -e '.[eval]'

Example: python -m tests.eval.train_lines --halves     (learns on half of the hosts, scores the others, both ways)
Example: python -m tests.eval.train_lines --write      (learns on all of them and writes the file)
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler import urls
from crawler.errors import NoArticle
from crawler.extract import body, metadata, signs, weigh
from crawler.extract.page import parse
from tests.eval import long_pages, made_pages
from tests.eval.extraction import CORPUS
from tests.eval.score import Case, cases, snippet_f1, text_f1, tokens

#: The set of the pages that were made, and what they weigh beside real ones.
MADE, MADE_WEIGHT = "made", 0.3
SETS = ("scrapinghub", "fundus_eval", "wcxb_dev", "traf_eval")
WEIGHTS = Path(body.__file__).with_name("weights.json")
#: Trees, their leaves, and how much each adds.
TREES, LEAVES, RATE = 150, 31, 0.08
#: A word of a block's name counts when so many hosts use it.
_HOSTS = 10
_PARAMETERS = {
    "objective": "cross_entropy", "learning_rate": RATE, "num_leaves": LEAVES, "min_data_in_leaf": 100,
    "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5, "max_bin": 127,
    "verbose": -1, "seed": 1, "deterministic": True,
}  # fmt: skip
_NAME_SIGNS = 5


@dataclass(slots=True)
class Sample:
    """One page as the trees see it."""

    set: str
    id: str
    host: str
    gold: Mapping[str, Any]
    texts: list[str]
    #: Signs of the lines that have some, and which lines these are.
    signs: list[list[float]]
    places: list[int]
    #: The words of the blocks around each of these lines, the innermost first.
    names: list[list[tuple[str, ...]]]
    #: For each line how much of it is in the gold text (None: not known) and its tokens.
    marks: list[tuple[float | None, int]]
    #: Tokens of the gold text; 0 where only snippets are marked.
    size: int


def sample(name: str, case: Case) -> Sample | None:
    """Read one page of the corpus; None when it is no page."""
    try:
        page = parse(case.body(), "", case.url)
    except NoArticle:
        return None
    found = body.signs_of(page, metadata.read_page(page), {})
    places = [at for at, sign in enumerate(found) if sign is not None]
    names: list[list[tuple[str, ...]]] = []
    for at in places:
        around, block = [], page.lines[at].block
        while True:
            around.append(block.names)
            if block.parent is None:
                break
            block = block.parent
        names.append(around)
    texts = [line.text for line in page.lines]
    marks, size = mark(texts, case.gold)
    return Sample(
        name, case.id, urls.site_of(case.url), case.gold, texts, [sign for sign in found if sign is not None],
        places, names, marks, size,
    )  # fmt: skip


def mark(texts: Sequence[str], gold: Mapping[str, Any]) -> tuple[list[tuple[float | None, int]], int]:
    """Tell of each line which share of it is in the gold text."""
    cut = [tokens(text) for text in texts]
    if not gold.get("text"):
        return [(_marked(text, gold), len(words)) for text, words in zip(texts, cut, strict=True)], 0
    wanted = tokens(gold["text"])
    runs = {n: {tuple(wanted[at : at + n]) for at in range(len(wanted) - n + 1)} for n in (1, 2, 3, 4)}
    marks: list[tuple[float | None, int]] = []
    for words in cut:
        n = min(4, len(words))
        share = None
        if n:
            shingles = [tuple(words[at : at + n]) for at in range(len(words) - n + 1)]
            share = sum(shingle in runs[n] for shingle in shingles) / len(shingles)
        marks.append((share, len(words)))
    # A word alone is part of the text only among lines that are.
    sure = [at for at, (share, n) in enumerate(marks) if share is not None and share >= 0.5 and n >= 6]
    first, last = (sure[0], sure[-1] + 1) if sure else (0, -1)
    return [
        (0.0 if share and n < 4 and not first <= at <= last else share, n) for at, (share, n) in enumerate(marks)
    ], len(wanted)


def _marked(text: str, gold: Mapping[str, Any]) -> float | None:
    if any(snippet in text for snippet in gold.get("snip_with", ())):
        return 1.0
    return 0.0 if any(snippet in text for snippet in gold.get("snip_without", ())) else None


def learn_words(samples: Iterable[Sample]) -> dict[str, float]:
    """Weigh the words of blocks' names: the log odds that what stands in such a block is text."""
    good: dict[str, float] = defaultdict(float)
    bad: dict[str, float] = defaultdict(float)
    hosts: dict[str, set[str]] = defaultdict(set)
    for item in samples:
        if item.set == MADE:
            continue  # their names were drawn
        for at, around in zip(item.places, item.names, strict=True):
            share, n = item.marks[at]
            if share is None or n < 3:
                continue
            weight = min(n / (item.size or 400), 0.2)
            for word in {word for names in around[:6] for word in names}:
                (good if share >= 0.5 else bad)[word] += weight
                hosts[word].add(item.host)
    return {
        word: round(math.log((good[word] + 1) / (bad[word] + 1)), 2)
        for word in sorted(hosts)
        if len(hosts[word]) >= _HOSTS
    }


def rows(item: Sample, words: Mapping[str, float]) -> list[list[float]]:
    """Give the signs of a page's lines, with the names weighed."""
    return [[*sign[:-_NAME_SIGNS], *_weigh(around, words)] for sign, around in zip(item.signs, item.names, strict=True)]


def _weigh(around: Sequence[Sequence[str]], words: Mapping[str, float]) -> tuple[float, ...]:
    each = [[words.get(word, 0.0) for word in names] for names in around]
    sums = [sum(weights) for weights in each]
    least = min(min(weights, default=0.0) for weights in each)
    most = max(max(weights, default=0.0) for weights in each)
    return sums[0], sums[1] if len(sums) > 1 else 0.0, sum(sums) - sums[0], least, most


def fit(samples: Sequence[Sample], words: Mapping[str, float]) -> Any:
    """Learn the trees; a page weighs as much as any other, a line as much as its share of it."""
    import lightgbm  # only who trains has it
    import numpy as np

    found: list[Any] = []
    wanted: list[float] = []
    weights: list[float] = []
    for item in samples:
        scale = MADE_WEIGHT if item.set == MADE else 1.0
        known = [place for place, at in enumerate(item.places) if item.marks[at][0] is not None]
        if not known:
            continue
        found.append(np.array(rows(item, words), dtype=np.float32)[known])
        shares = [item.marks[item.places[place]][0] or 0.0 for place in known]
        sizes = [item.marks[item.places[place]][1] for place in known]
        wanted += shares
        weighed = [scale * (min(n / max(item.size, 60), 0.5) * 100 if item.size else 3.0) for n in sizes]
        if item.set == MADE:
            weighed = _evened(weighed, shares, 100 * scale)
        weights += weighed
    data = lightgbm.Dataset(np.vstack(found), np.array(wanted), weight=np.array(weights))
    return lightgbm.train(_PARAMETERS, data, TREES)


def _evened(weights: Sequence[float], shares: Sequence[float], most: float) -> list[float]:
    """Let furniture weigh no more than a text, however much of it was put beside a short one."""
    foreign = sum(weight for weight, share in zip(weights, shares, strict=True) if share < 0.5)
    by = min(1.0, most / foreign) if foreign else 1.0
    return [weight if share >= 0.5 else weight * by for weight, share in zip(weights, shares, strict=True)]


def export(model: Any, words: Mapping[str, float]) -> dict[str, Any]:
    """Write the trees as crawler/extract/weigh.py reads them."""
    return {
        "signs": signs.NAMES,
        "words": dict(words),
        "trees": [_tree(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]],
    }


def _tree(root: Mapping[str, Any]) -> list[list[float]]:
    asked: list[float] = []
    limits: list[float] = []
    left: list[float] = []
    right: list[float] = []
    leaves: list[float] = []

    def add(node: Mapping[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(round(node["leaf_value"], 5))
            return -len(leaves)
        at = len(asked)
        asked.append(node["split_feature"])
        limits.append(float(f"{node['threshold']:.6g}"))
        left.append(0)
        right.append(0)
        left[at], right[at] = add(node["left_child"]), add(node["right_child"])
        return at

    add(root)
    return [asked, limits, left, right, leaves]


def scores(samples: Sequence[Sample], texts: Mapping[tuple[str, str], str]) -> dict[str, float]:
    """Score the texts that were found, set by set."""
    found: dict[str, float] = {}
    for name in SETS:
        pairs = [(item.gold, texts[item.set, item.id]) for item in samples if item.set == name]
        if name == "traf_eval":
            found[name] = snippet_f1(pairs)
        else:
            found[name] = text_f1([(gold["text"], text) for gold, text in pairs if gold.get("text")])
    return found


def halves(samples: Sequence[Sample], seed: int = 3) -> dict[str, float]:
    """Learn on half of the hosts and read the other half, both ways; score all pages so read."""
    import numpy as np

    hosts = sorted({item.host for item in samples})
    random.Random(seed).shuffle(hosts)  # a draw, no secret
    half = set(hosts[: len(hosts) // 2])
    texts: dict[tuple[str, str], str] = {}
    of = {(name, case.id): case for name in SETS for case in cases(CORPUS / name)}
    for known in (True, False):
        learnt_from = [item for item in samples if (item.host in half) is known]
        words = learn_words(learnt_from)
        model = fit(learnt_from, words)
        for item in samples:
            if (item.host in half) is not known and item.set in SETS:
                found = model.predict(np.array(rows(item, words), dtype=np.float32)) if item.places else []
                chances = [0.0] * len(item.texts)
                for at, chance in zip(item.places, found, strict=True):
                    chances[at] = float(chance)
                case = of[item.set, item.id]
                chances, _ = body.settle(parse(case.body(), "", case.url), chances)
                chosen = [text for text, chance in zip(item.texts, chances, strict=True) if chance > weigh.CHANCE]
                texts[item.set, item.id] = "\n".join(chosen)
    return scores(samples, texts)


def read_all() -> list[Sample]:
    """Read the pages of all sets, and those that are made of them: only learnt from, never scored."""
    found = [sample(name, case) for name in SETS for case in cases(CORPUS / name)]
    marked = [cases(CORPUS / name) for name in SETS[:3]]
    found += [sample("long", case) for each in marked for case in long_pages.all_of(each, 3)]
    others = made_pages.lines_of([case for each in marked for case in each])
    found += [sample(MADE, case) for each in marked for case in made_pages.all_of(each, others)]
    return [item for item in found if item is not None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, and print the scores on unseen hosts or write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--halves", action="store_true", help="score on hosts that were not learnt from")
    parser.add_argument("--write", action="store_true", help=f"learn from all hosts and write {WEIGHTS.name}")
    options = parser.parse_args(arguments)
    samples = read_all()
    if options.halves:
        for name, value in halves(samples).items():
            print(f"{name} {value:.4f}")
    if options.write:
        words = learn_words(samples)
        WEIGHTS.write_text(json.dumps(export(fit(samples, words), words), separators=(",", ":")) + "\n", "utf-8")
        print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size // 1000} kB, {len(words)} words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
