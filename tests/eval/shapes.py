"""Scores which lines of texts are lost, and which of the furniture are kept, on invented pages of hard shapes.

Example: python -m tests.eval.shapes
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.extract.lines import letters
from crawler.records import Fetched, Source
from tests.eval import shape_pages

FLOORS = Path(__file__).with_name("floors_shapes.toml")
PAGES = 10
_URL = "https://ostby.test/2024/a-text"


@dataclass(frozen=True, slots=True)
class Shares:
    """Which share of the text's lines is lost, and of the furniture's kept, over the pages of a shape."""

    lost: float
    kept: float


def measure(shape: shape_pages.Shape, pages: int = PAGES) -> Shares:
    """Read pages of one shape."""
    own = foreign = lost = kept = 0
    for number in range(pages):
        page, body = shape_pages.make(shape, number)
        try:
            text = extract(Fetched(_URL, _URL, body), Source("eval", "Ostby Post", _URL)).text
        except NoArticle:
            text = ""
        whole, lines = letters(text), {letters(line) for line in text.split("\n")}
        texts = set(map(letters, page.text))
        furniture = {letters(line) for line in page.furniture} - texts
        own += len(page.text)
        foreign += len(furniture)
        lost += sum(letters(line) not in whole for line in page.text)
        kept += len(furniture & lines)
    return Shares(lost / own, kept / foreign if foreign else 0.0)


def run(names: Iterable[str] = shape_pages.SHAPES, pages: int = PAGES) -> dict[str, Shares]:
    """Read pages of all shapes, or of some."""
    return {name: measure(shape_pages.SHAPES[name], pages) for name in names}


def below(found: Mapping[str, Shares]) -> list[str]:
    """Say which shapes lose or keep more than is accepted."""
    most = tomllib.loads(FLOORS.read_text("utf-8"))
    return [
        f"{name}: {what} {value:.3f}, accepted {most[name][what]:.3f}"
        for name, shares in found.items()
        for what, value in (("lost", shares.lost), ("kept", shares.kept))
        if value > most[name][what]
    ]


def table(found: Mapping[str, Shares]) -> str:
    """Draw the shares as a Markdown table."""
    rows = [f"| {name} | {100 * each.lost:.1f} % | {100 * each.kept:.1f} % |" for name, each in found.items()]
    return "\n".join(("| shape | lines of the text lost | lines of furniture kept |", "|---|---|---|", *rows))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit with 1 when more is lost or kept than accepted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=PAGES, help="so many pages of each shape")
    options = parser.parse_args(arguments)
    found = run(pages=options.pages)
    print(table(found))
    faults = below(found) if options.pages == PAGES else []
    for fault in faults:
        print(f"more than accepted: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
