"""Scores what the lines cost that hosts repeat on their pages: texts as they were kept, and after their correction.

The pages of each host of a set go into an archive in the order of the set, as a crawl brings them; then the articles
that are due are corrected. Beside our own extraction, which learnt from these pages what their furniture looks like,
stands trafilatura's, which did not: it shows what is gained where furniture gets through.

Example: python -m tests.eval.furniture --set fundus_eval
"""

from __future__ import annotations

import argparse
import logging
import sys
import tomllib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler import urls
from crawler.archive import Archive, open_archive
from crawler.drafts import Draft, keep_drafts
from crawler.errors import NoArticle
from crawler.extract import without_repeats
from crawler.furniture import correct_earlier
from crawler.reading import Reading, read_page, reading
from crawler.records import Fetched, Source
from tests.eval.extraction import CORPUS, trafilatura_default
from tests.eval.score import Case, cases, page_score, text_f1

FLOORS = Path(__file__).with_name("floors_furniture.toml")
_NOW = datetime(2026, 11, 1, tzinfo=UTC)

Reader = Callable[[Case, frozenset[int]], Reading]


@dataclass(frozen=True, slots=True)
class Gain:
    """What the corrections of a set did."""

    pages: int
    corrected: int
    #: Text F1 of the texts as first kept, and of the same articles at the end.
    before: float
    after: float
    #: The page that lost most: precision and recall together, 0 when none lost anything.
    worst: float
    worst_url: str = ""


def ours(case: Case, blocks: frozenset[int]) -> Reading:
    """Read a page as the crawl does."""
    return read_page(Fetched(case.url, case.url, case.body()), Source("eval", "", case.url), blocks)


def of_trafilatura(case: Case, blocks: frozenset[int]) -> Reading:
    """Read a page as the crawl does, with the lines that trafilatura finds for its text."""
    found = trafilatura_default(case, case.body())
    lines = [line for line in (found.text if found else "").split("\n") if line.strip()]
    kept, taken = without_repeats(lines, blocks)
    article = replace(ours(case, frozenset()).article, text="\n\n".join(kept), taken_out=taken)
    return reading(article)


READERS: dict[str, Reader] = {"presswatch": ours, "trafilatura": of_trafilatura}


def measure(name: str, reader: Reader, hosts: Collection[str] | None = None) -> Gain:
    """Keep and correct the pages of a set, of all or of some hosts."""
    kept: list[tuple[Case, int, str]] = []
    with open_archive("sqlite://") as archive:
        for case in cases(CORPUS / name):
            if case.gold.get("text") and (hosts is None or urls.host_of(case.url) in hosts):
                kept += _keep(archive, case, reader)
        corrected = correct_earlier(archive, _NOW, limit=len(kept)).total()
        after = [(case, text, archive.articles.many([id_])[0].text) for case, id_, text in kept]
    changes = [(_points(case, new) - _points(case, old), case.url) for case, old, new in after]
    worst = min((change for change in changes if change[0] < 0), default=(0.0, ""))
    old_f1 = text_f1([(case.gold["text"], old) for case, old, _ in after])
    new_f1 = text_f1([(case.gold["text"], new) for case, _, new in after])
    return Gain(len(kept), corrected, old_f1, new_f1, *worst)


def _keep(archive: Archive, case: Case, reader: Reader) -> list[tuple[Case, int, str]]:
    try:
        found = reader(case, archive.blocks.of(urls.host_of(case.url)))
    except NoArticle:
        return []
    (result,) = keep_drafts(archive, [Draft(found, Source("eval", "", case.url))], _NOW)
    return [(case, result.id, found.article.text)] if result.outcome == "new" else []


def _points(case: Case, text: str) -> float:
    precision, recall = page_score(case.gold["text"], text)
    return (precision or 0.0) + recall


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a floor is not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", dest="sets", help="default: fundus_eval, of five pages a host")
    chosen = parser.parse_args(arguments)
    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    floors = tomllib.loads(FLOORS.read_text("utf-8"))
    failed = []
    print("| set | text of | pages | corrected | F1 as kept | F1 corrected | worst page |")
    print("|---|---|---|---|---|---|---|")
    for name in chosen.sets or ["fundus_eval"]:
        for reader, function in READERS.items():
            gain = measure(name, function)
            worst = f"{gain.worst:+.4f} {gain.worst_url}" if gain.worst else "none"
            scores = f"{gain.before:.4f} | {gain.after:.4f}"
            print(f"| {name} | {reader} | {gain.pages} | {gain.corrected} | {scores} | {worst} |")
            floor = floors.get(name, {}).get(reader, {})
            if gain.after - gain.before < floor.get("gain", 0) or gain.worst < floor.get("worst", 0):
                failed.append(f"{name}, {reader}: below its floor {floor}")
    print("\n".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
