"""Make 200 hostile pages by 25 recipes of 8 seeds each, and read each in the real workers with the limits of a crawl.

    python -m tests.bench.hostile [FAMILY...]

What is told of each family: how its pages ended, and the most processor time and memory that one of them took. A page
that used up its limit ended for that reason; a crash is a worker that died otherwise, or an error of our own.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from crawler.extract.workers import Workers
from tests.bench.report import write
from tests.hostile_pages import CPU_SECONDS, FAMILIES, MEGABYTES, Outcome, recipes, run


def main() -> int:
    """Print the table; fail when anything crashed or took more than it may."""
    chosen = sys.argv[1:] or list(FAMILIES)
    asked = [recipe for recipe in recipes() if recipe.family in chosen]
    found: dict[str, list[Outcome]] = {}
    bad = []
    with Workers(2, CPU_SECONDS, MEGABYTES << 20, wall_seconds=900) as workers, ThreadPoolExecutor(2) as threads:
        for recipe, outcome in zip(asked, threads.map(partial(run, workers), asked), strict=True):
            found.setdefault(recipe.family, []).append(outcome)
            if outcome.crashed or outcome.cpu > CPU_SECONDS + 1 or outcome.megabytes > MEGABYTES:
                bad.append(f"{recipe.name}: {outcome}")
            print(f"{recipe.name}: {outcome}", file=sys.stderr)
    rows = [_row(family, outcomes) for family, outcomes in found.items()]
    limits = f"{CPU_SECONDS} s of processor time and {MEGABYTES} MB each"
    about = f"{len(asked)} hostile pages, read in the workers of a crawl with {limits}. Crashed or beyond: {len(bad)}."
    if not sys.argv[1:]:
        write("hostile", about, ("recipe", "pages", "ended as", "most CPU s", "most MB"), rows)
    print("\n".join(bad), file=sys.stderr)
    return 1 if bad else 0


def _row(family: str, outcomes: list[Outcome]) -> tuple[str, int, str, str, int]:
    ended = Counter(outcome.reason for outcome in outcomes).most_common()
    told = ", ".join(f"{number} {reason}" for reason, number in ended)
    cpu, megabytes = max(each.cpu for each in outcomes), max(each.megabytes for each in outcomes)
    return family, len(outcomes), told, f"{cpu:.1f}", megabytes


if __name__ == "__main__":
    sys.exit(main())
