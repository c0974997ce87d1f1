"""Scores the extraction on the corpus, beside trafilatura's defaults, and holds the pinned floors.

Example: python -m tests.eval.extraction --set scrapinghub --set fundus_eval
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from trafilatura import bare_extraction
from trafilatura.settings import Document

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.records import Fetched, Source
from tests.eval.score import Case, Found, Scores, cases, page_score, score

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "extraction"
FLOORS = Path(__file__).with_name("floors.toml")
SETS = ("scrapinghub", "fundus_eval", "wcxb_dev", "traf_eval", "htmldate_default")
_MEASURES = ("text", "title", "day", "authors")
#: A page is worse when precision and recall together lose more than this.
_CLEARLY = 0.1

Extractor = Callable[[Case, bytes], Found | None]


def ours(case: Case, body: bytes) -> Found | None:
    """Extract a page as the crawl does, from the page alone."""
    try:
        article = extract(Fetched(case.url, case.url, body), Source("eval", "", case.url))
    except NoArticle:
        return None
    return Found(article.text, article.title, article.authors, (article.published or "")[:10] or None)


def _of_trafilatura(**options: bool) -> Extractor:
    def find(case: Case, body: bytes) -> Found | None:
        document = bare_extraction(body, url=case.url, with_metadata=True, include_comments=False, **options)
        if not isinstance(document, Document):
            return None
        names = tuple(document.author.split("; ")) if document.author else ()
        return Found(document.text or "", document.title, names, document.date)

    return find


def _newspaper(case: Case, body: bytes) -> Found | None:
    import newspaper  # only who compares has it

    article = newspaper.Article(case.url, fetch_images=False)
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    day = article.publish_date.date().isoformat() if article.publish_date else None
    return Found(article.text, article.title, tuple(article.authors), day)


def _readability(_: Case, body: bytes) -> Found | None:
    from lxml import html
    from readability import Document as Readable

    readable = Readable(body.decode("utf-8", "replace"))
    lines = [element.text_content() for element in html.fromstring(readable.summary()).iter("p", "li", "h2", "h3")]
    return Found("\n".join(lines), readable.title())


def _resiliparse(_: Case, body: bytes) -> Found | None:
    from resiliparse.extract.html2text import extract_plain_text

    return Found(extract_plain_text(body.decode("utf-8", "replace"), main_content=True, alt_texts=False))


trafilatura_default = _of_trafilatura()
EXTRACTORS: dict[str, Extractor] = {"presswatch": ours, "trafilatura": trafilatura_default}
#: With --peers: other settings, and other libraries where they are installed.
PEERS: dict[str, tuple[str, Extractor]] = {
    "trafilatura fast": ("trafilatura", _of_trafilatura(fast=True)),
    "trafilatura precision": ("trafilatura", _of_trafilatura(favor_precision=True)),
    "newspaper4k": ("newspaper", _newspaper),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
}


def run(name: str, sample: int | None, extractor: Extractor) -> Scores:
    """Score one extractor on one set."""
    return compare(name, sample, {"": extractor})[0][""]


def compare(
    name: str, sample: int | None, extractors: Mapping[str, Extractor]
) -> tuple[dict[str, Scores], dict[str, list[tuple[Case, Found | None]]]]:
    """Score extractors on one set, page by page in turn, so that a busy machine is as slow for each of them."""
    for library in ("trafilatura", "htmldate", "newspaper", "readability"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    results: dict[str, list[tuple[Case, Found | None]]] = {extractor: [] for extractor in extractors}
    seconds = dict.fromkeys(extractors, 0.0)
    for case in cases(CORPUS / name, sample):
        body = case.body()
        for extractor, function in extractors.items():
            start = time.process_time()
            try:
                found = function(case, body)
            except Exception:  # others' crashes count as no article; ours are told
                if extractor in ("", "presswatch"):
                    raise
                found = None
            seconds[extractor] += time.process_time() - start
            results[extractor].append((case, found))
    return {extractor: score(results[extractor], seconds[extractor]) for extractor in extractors}, results


def worse(ours_: Sequence[tuple[Case, Found | None]], theirs: Sequence[tuple[Case, Found | None]]) -> list[str]:
    """List the pages whose text trafilatura finds clearly better, the worst first, each with what is wrong."""
    told = []
    for (case, one), (_, other) in zip(ours_, theirs, strict=True):
        wanted, got, better = case.gold.get("text"), one.text if one else "", other.text if other else ""
        if not wanted:
            continue
        precision, recall = page_score(wanted, got)
        their_precision, their_recall = page_score(wanted, better)
        lost = (their_precision or 0.0) + their_recall - (precision or 0.0) - recall
        if lost > _CLEARLY:
            told.append((lost, f"{case.url}: {_fault(wanted, got, precision or 0.0, recall)}"))
    return [text for _, text in sorted(told, reverse=True)]


def _fault(wanted: str, got: str, precision: float, recall: float) -> str:
    if not got:
        return "no text"
    if precision < recall:
        lines = [line for line in got.split("\n") if (page_score(wanted, line)[0] or 0.0) < 0.5]
        kind = "foreign"
    else:
        lines = [line for line in wanted.split("\n") if (page_score(got, line)[0] or 0.0) < 0.5]
        kind = "missing"
    longest = max(lines, key=len, default="")
    return f"precision {precision:.2f}, recall {recall:.2f}; {len(lines)} lines {kind}, the longest: {longest[:70]!r}"


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
    parser.add_argument("--peers", action="store_true", help="run trafilatura's other modes and other libraries, too")
    parser.add_argument(
        "--worse", type=int, default=0, help="list so many pages of each set that trafilatura reads better"
    )
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("the corpus of real pages is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    extractors = {"presswatch": ours} if options.only_ours else dict(EXTRACTORS)
    if options.peers:
        extractors |= {name: peer for name, (module, peer) in PEERS.items() if importlib.util.find_spec(module)}
    rows: list[tuple[str, str, Scores]] = []
    faults, bad = [], []
    for name in options.sets or SETS:
        scores, results = compare(name, options.sample, extractors)
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
