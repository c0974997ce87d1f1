"""Scores the extraction on the corpus, beside the other extractors that are installed, and holds the pinned floors.

Example: python -m tests.eval.extraction --set scrapinghub --set fundus_eval
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.records import Fetched, Source
from tests.eval import peers, reasons
from tests.eval.peers import Extractor
from tests.eval.score import Case, Found, Scores, cases, page_score, score

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "extraction"
FLOORS = Path(__file__).with_name("floors.toml")
SETS = ("scrapinghub", "fundus_eval", "wcxb_dev", "traf_eval", "htmldate_default")
_MEASURES = ("text", "title", "day", "authors")
#: A page is worse when precision and recall together lose more than this.
_CLEARLY = 0.1


def ours(case: Case, body: bytes) -> Found | None:
    """Extract a page as the crawl does, from the page alone."""
    try:
        article = extract(Fetched(case.url, case.url, body), Source("eval", "", case.url))
    except NoArticle:
        return None
    return Found(article.text, article.title, article.authors, (article.published or "")[:10] or None)


trafilatura_default = peers.of_trafilatura()
EXTRACTORS: dict[str, Extractor] = {"presswatch": ours, "trafilatura": trafilatura_default}


def run(name: str, sample: int | None, extractor: Extractor) -> Scores:
    """Score one extractor on one set."""
    return compare(name, sample, {"": extractor})[0][""]


def compare(
    name: str, sample: int | None, extractors: Mapping[str, Extractor], jobs: int = 1
) -> tuple[dict[str, Scores], dict[str, list[tuple[Case, Found | None]]]]:
    """Score extractors on one set, page by page in turn, so that a busy machine is as slow for each of them.

    With ``jobs`` processes at once; what is told is processor time, which they do not share.
    """
    for library in ("trafilatura", "htmldate", "newspaper", "readability"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    results: dict[str, list[tuple[Case, Found | None]]] = {extractor: [] for extractor in extractors}
    seconds = dict.fromkeys(extractors, 0.0)
    found = cases(CORPUS / name, sample)
    for case, answers in zip(found, _each(found, extractors, jobs), strict=True):
        for extractor, (answer, took) in answers.items():
            seconds[extractor] += took
            results[extractor].append((case, answer))
    return {extractor: score(results[extractor], seconds[extractor]) for extractor in extractors}, results


_Answers = dict[str, tuple[Found | None, float]]


def _each(found: Sequence[Case], extractors: Mapping[str, Extractor], jobs: int) -> Iterator[_Answers]:
    if jobs == 1:
        yield from (_ask(case, extractors) for case in found)
        return
    # Forked, for extractors cannot be sent to a process.
    with multiprocessing.get_context("fork").Pool(jobs, _remember, (extractors,)) as pool:
        yield from pool.imap(_ask, found, chunksize=4)


_remembered: Mapping[str, Extractor] = {}


def _remember(extractors: Mapping[str, Extractor]) -> None:
    global _remembered  # noqa: PLW0603  # what a process of the pool is for
    _remembered = extractors


def _ask(case: Case, extractors: Mapping[str, Extractor] | None = None) -> _Answers:
    """Ask each extractor for a page; tell what it found and its processor time."""
    body = case.body()
    answers: _Answers = {}
    for extractor, function in (extractors or _remembered).items():
        start = time.process_time()
        try:
            found = function(case, body)
        except Exception:  # others' crashes count as no article; ours are told
            if extractor in ("", "presswatch"):
                raise
            found = None
        answers[extractor] = (found, time.process_time() - start)
    return answers


def worse(ours_: Sequence[tuple[Case, Found | None]], theirs: Sequence[tuple[Case, Found | None]]) -> list[str]:
    """List the pages whose text trafilatura finds clearly better, the worst first, each with the rule that did it."""
    told = []
    for (case, one), (_, other) in zip(ours_, theirs, strict=True):
        wanted, got, better = case.gold.get("text"), one.text if one else "", other.text if other else ""
        if not wanted:
            continue
        precision, recall = page_score(wanted, got)
        their_precision, their_recall = page_score(wanted, better)
        lost = (their_precision or 0.0) + their_recall - (precision or 0.0) - recall
        if lost > _CLEARLY:
            told.append((lost, f"{case.url}: {reasons.fault(case, got, precision or 0.0, recall)}"))
    return [text for _, text in sorted(told, reverse=True)]


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
    parser.add_argument("--only-ours", action="store_true", help="run nothing beside it")
    parser.add_argument(
        "--only-trafilatura", action="store_true", help="run trafilatura's defaults beside it, no other"
    )
    parser.add_argument("--jobs", type=int, default=1, help="so many processes at once (default: 1)")
    parser.add_argument(
        "--worse",
        type=int,
        default=0,
        metavar="N",
        help="list N pages of each set that trafilatura reads better, with the rule that dropped or kept the line",
    )
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("the corpus of real pages is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    extractors = {"presswatch": ours} if options.only_ours else dict(EXTRACTORS)
    if not (options.only_ours or options.only_trafilatura):
        extractors |= peers.installed()
        for missing in peers.missing():
            print(f"not measured, for it is not installed: {missing} (pip install -e '.[eval]')", file=sys.stderr)
    rows: list[tuple[str, str, Scores]] = []
    faults, bad = [], []
    for name in options.sets or SETS:
        scores, results = compare(name, options.sample, extractors, options.jobs)
        rows += [(name, extractor, found) for extractor, found in scores.items()]
        if options.sample is None:
            faults += below(name, scores["presswatch"])
        if options.worse and "trafilatura" in results:
            bad += worse(results["presswatch"], results["trafilatura"])[: options.worse]
    print(table(rows))
    if not options.only_ours:
        print(f"\nCPU: {cpu_share(rows):.2f} of trafilatura's over these pages")
    for line in bad:
        print(f"worse: {line}")
    for fault in faults:
        print(f"below its floor: {fault}", file=sys.stderr)
    return 1 if faults else 0


def cpu_share(rows: Sequence[tuple[str, str, Scores]]) -> float:
    """Divide the processor time that ours took by trafilatura's."""
    whole = {name: sum(scores.seconds for _, extractor, scores in rows if extractor == name) for name in EXTRACTORS}
    return whole["presswatch"] / whole["trafilatura"]


if __name__ == "__main__":
    sys.exit(main())
