"""Scores the names on invented news in fifteen languages (names.toml): a name is right with its text and its kind.

Example: python -m tests.eval.names --show
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.records import Name
from digest.names import names

HERE = Path(__file__).parent
KINDS = ("person", "organisation", "place")
#: Right, found, wanted.
Counts = tuple[int, int, int]


def texts(*, unseen: bool) -> list[dict[str, object]]:
    """Read the texts with their names: those by which the rules were mended, or those that they never saw."""
    found: list[dict[str, object]] = tomllib.loads((HERE / "names.toml").read_text("utf-8"))["texts"]
    return [row for row in found if bool(row.get("unseen")) == unseen]


def floors() -> dict[str, dict[str, list[float]]]:
    """Read the pinned floors: part -> kind -> precision and recall that are accepted."""
    return tomllib.loads((HERE / "floors_names.toml").read_text("utf-8"))


def run(find: Callable[[str, str], Sequence[Name]], *, unseen: bool, show: bool = False) -> dict[str, Counts]:
    """Count for each kind, and for each language over all kinds, what is right, found and wanted."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in texts(unseen=unseen):
        language, text = str(row["language"]), str(row["text"])
        found = {(name.text, name.kind) for name in find(text, language) if name.kind != "other"}
        wanted = {(name, kind) for kind in KINDS for name in row[kind]}  # type: ignore[attr-defined]
        if show and found != wanted:
            print(language, "missed:", sorted(wanted - found), "too much:", sorted(found - wanted))
        for label in (*KINDS, language):
            ours = {pair for pair in found if label in {pair[1], language}}
            theirs = {pair for pair in wanted if label in {pair[1], language}}
            counts[label].update(right=len(ours & theirs), found=len(ours), wanted=len(theirs))
    return {label: (count["right"], count["found"], count["wanted"]) for label, count in counts.items()}


def precision_and_recall(counts: Counts) -> tuple[float, float]:
    """Give the share of what was found that is right, and of what was wanted that was found."""
    right, found, wanted = counts
    return right / (found or 1), right / (wanted or 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit with 1 when a kind is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="show what is missed and what is too much")
    options = parser.parse_args(arguments)
    faults = []
    for unseen in (False, True):
        given = texts(unseen=unseen)
        for row in given:
            names("", str(row["language"]))
        start = time.process_time()
        found = run(names, unseen=unseen, show=options.show)
        seconds = time.process_time() - start
        part = "unseen" if unseen else "seen"
        print(f"| names, {part} | precision | recall | wanted |\n|---|---|---|---|")
        for label, counts in found.items():
            precision, recall = precision_and_recall(counts)
            print(f"| {label} | {precision:.3f} | {recall:.3f} | {counts[2]} |")
            least = floors()[part].get(label, (0.0, 0.0))
            if precision < least[0] or recall < least[1]:
                faults.append(f"{label}, {part}")
        print(f"\n{1000 * seconds / len(given):.2f} CPU ms a text, known names read in\n")
    for fault in faults:
        print(f"below its floor: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
