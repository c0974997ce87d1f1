"""Scores the extraction on the corpus, beside trafilatura's defaults, and holds the pinned floors.

Example: python -m tests.eval.extraction --set scrapinghub --set fundus_eval
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from trafilatura import bare_extraction

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.records import Fetched, Source
from tests.eval.score import Case, Found, Scores, cases, score

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "extraction"
FLOORS = Path(__file__).with_name("floors.toml")
SETS = ("scrapinghub", "fundus_eval", "wcxb_dev", "traf_eval", "htmldate_default")
_MEASURES = ("text", "title", "day", "authors")


def ours(case: Case, body: bytes) -> Found | None:
    """Extract a page as the crawl does, from the page alone."""
    try:
        article = extract(Fetched(case.url, case.url, body), Source("eval", "", case.url))
    except NoArticle:
        return None
    return Found(article.text, article.title, article.authors, (article.published or "")[:10] or None)


def trafilatura_default(case: Case, body: bytes) -> Found | None:
    """Extract a page with trafilatura as it comes."""
    document = bare_extraction(body, url=case.url, with_metadata=True, include_comments=False)
    if document is None:
        return None
    names = tuple(document.author.split("; ")) if document.author else ()
    return Found(document.text or "", document.title, names, document.date)


EXTRACTORS: dict[str, Callable[[Case, bytes], Found | None]] = {
    "presswatch": ours,
    "trafilatura": trafilatura_default,
}


def run(name: str, sample: int | None, extractor: Callable[[Case, bytes], Found | None]) -> Scores:
    """Score one extractor on one set."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    results: list[tuple[Case, Found | None]] = []
    seconds = 0.0
    for case in cases(CORPUS / name, sample):
        body = case.body()
        start = time.process_time()
        results.append((case, extractor(case, body)))
        seconds += time.process_time() - start
    return score(results, seconds)


def floors() -> dict[str, dict[str, float]]:
    """Read the pinned floors: set -> measure -> the least score that is accepted."""
    return tomllib.loads(FLOORS.read_text("utf-8"))


def below(name: str, scores: Scores) -> list[str]:
    """Say which measures of a set are below their floor."""
    least = floors().get(name, {})
    found = scores.measures()
    return [f"{name} {key}: {found[key]:.4f}, floor {floor:.4f}" for key, floor in least.items() if found[key] < floor]


def table(rows: Sequence[tuple[str, str, Scores]]) -> str:
    """Draw the scores as a Markdown table."""
    lines = [
        "| set | extractor | text F1 | title | day | authors | pages | none | CPU ms/page |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, extractor, scores in rows:
        found = scores.measures()
        cells = [f"{found[key]:.4f}" if key in found else "-" for key in _MEASURES]
        speed = f"{1_000 * scores.seconds / max(1, scores.pages):.1f}"
        lines.append(f"| {name} | {extractor} | {' | '.join(cells)} | {scores.pages} | {scores.failed} | {speed} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit with 1 when a whole set is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, help="a set of the corpus (default: all)")
    parser.add_argument("--sample", type=int, help="so many pages of each set; floors are not held then")
    parser.add_argument("--only-ours", action="store_true", help="do not run trafilatura beside it")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("the corpus of real pages is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    rows, faults = [], []
    for name in options.sets or SETS:
        for extractor, function in EXTRACTORS.items():
            if options.only_ours and extractor != "presswatch":
                continue
            scores = run(name, options.sample, function)
            rows.append((name, extractor, scores))
            if extractor == "presswatch" and options.sample is None:
                faults += below(name, scores)
    print(table(rows))
    for fault in faults:
        print(f"below its floor: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
