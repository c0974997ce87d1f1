"""Judges which lines of a page are the article's text: many small decision trees over the signs of ``signs.py``.

The trees and the weights of block names lie in ``weights.json``. They were learnt from pages whose text people marked,
by ``python -m tests.eval.train_lines``, which also tells how well they do on hosts they have not seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: A line is text when its chance is above this.
CHANCE = 0.5
#: Most lines are clear after the first trees; asking all of them would cost three times as much.
_FIRST = 40
_CLEAR = 3.0


@dataclass(frozen=True, slots=True)
class Tree:
    """One decision tree: node n asks whether sign ``signs[n]`` is at most ``limits[n]``; below zero lie the leaves."""

    signs: tuple[int, ...]
    limits: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaves: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt."""

    #: The names of the signs, as they were when it was learnt.
    signs: tuple[str, ...]
    #: The weight of each word of which blocks' names are made.
    words: Mapping[str, float]
    trees: tuple[Tree, ...]


@cache
def weights() -> Weights:
    """Read what was learnt, once."""
    kept = json.loads(resources.files("crawler.extract").joinpath("weights.json").read_text("utf-8"))
    trees = tuple(Tree(*(tuple(part) for part in tree)) for tree in kept["trees"])
    return Weights(tuple(kept["signs"]), kept["words"], trees)


@cache
def _scores() -> tuple[Callable[..., float], Callable[..., float]]:
    """Give what adds up the answers of the first trees and of the rest, for the signs of a line."""
    trees = weights().trees
    return _compiled(trees[:_FIRST]), _compiled(trees[_FIRST:])


def _compiled(trees: Sequence[Tree]) -> Callable[..., float]:
    """Write trees as one Python expression of the signs and compile it: a quarter of the time of walking through them.

    It is to be called with numbers of one type: only for these does Python learn to compare them fast.
    """

    def written(tree: Tree, at: int) -> str:
        if at < 0:
            return repr(float(tree.leaves[~at]))
        sign, limit = int(tree.signs[at]), float(tree.limits[at])
        return f"({written(tree, tree.left[at])} if s{sign} <= {limit!r} else {written(tree, tree.right[at])})"

    given = ", ".join(f"s{at}" for at in range(len(weights().signs)))
    made: Callable[..., float] = eval(  # noqa: S307  # of nothing but numbers
        f"lambda {given}: {' + '.join(written(tree, 0) for tree in trees) or '0.0'}", {"__builtins__": {}}
    )
    return made


def chances(signs: Sequence[Sequence[float] | None]) -> list[float]:
    """Tell for each line, by its signs, the chance that it is text; a line without signs has none."""
    first, rest = _scores()
    found: list[float] = []
    for sign in signs:
        if sign is None:
            found.append(0.0)
            continue
        numbers = tuple(map(float, sign))
        score = first(*numbers)
        if -_CLEAR < score < _CLEAR:
            score += rest(*numbers)
        found.append(1 / (1 + math.exp(-score)))
    return found


def moved(chance: float, by: float) -> float:
    """Move a chance by so much in log odds."""
    return 1 / (1 + (1 - chance) / max(chance, 1e-9) * math.exp(-by))
